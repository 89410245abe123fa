//! One thing of the rules, or one problem code, explained.

use std::fmt::Write as _;

use super::phrases::{heading, phrases, whole};
use crate::condition::Condition;
use crate::outcome::{FitOutcome, Status};
use crate::problem::{CODES, Code};
use crate::question::Basis;
use crate::rulebook::{Rule, RuleKind, Rulebook};
use crate::style::{Style, WrappedLines, clean};
use crate::wording::sentence;

/// What there is to know about an id, a code or a word, or `None` if there is no such thing. A word that means several
/// things is explained in all of them.
pub fn render(rulebook: &Rulebook, wanted: &str, style: Style) -> Option<String> {
    let mut explanation = Explanation { rulebook, lines: WrappedLines::new(style) };
    if let Ok(code) = wanted.parse::<Code>() {
        explanation.code(code);
        return Some(explanation.lines.out);
    }
    let rules = rulebook.rules();
    let all = rules.iter().map(|rule| {
        let whole = whole(&rules).find(|(owner, _)| owner.id() == rule.id());
        (*rule, whole.map_or(&[][..], |(_, inner)| inner))
    });
    let all: Vec<(Rule<'_>, &[Rule<'_>])> = all.collect();
    let is_id = all.iter().any(|(rule, _)| rule.id() == wanted);
    // A question and the word it asks about are often called the same, and whoever types a word asks what it means.
    let is_meant =
        |rule: Rule<'_>| rule.id() == wanted || ((!is_id || rule.kind() == RuleKind::Term) && is_called(rule, wanted));
    let mut found: Vec<_> = all.iter().filter(|(rule, _)| is_meant(*rule)).collect();
    found.sort_by_key(|(rule, _)| rule.kind() != RuleKind::Term);
    for (rule, inner) in found {
        explanation.rule(*rule, inner);
    }
    if explanation.lines.out.is_empty() {
        explanation.status(wanted);
    }
    Some(explanation.lines.out).filter(|out| !out.is_empty())
}

/// The ids of what speaks of these words: questions with their options, and words that are explained.
pub fn mentions(rulebook: &Rulebook, wanted: &str) -> Vec<String> {
    let wanted = plain(wanted);
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let rules = rulebook.rules();
    let spoken_of = |rule: Rule<'_>, inner: &[Rule<'_>]| {
        let all = std::iter::once(&rule).chain(inner);
        let texts = all.flat_map(|rule| {
            let said = phrases(rulebook, *rule).into_iter().map(|phrase| phrase.whole());
            said.chain(rule.title().map(str::to_owned))
        });
        let text = plain(&texts.collect::<Vec<_>>().join(" "));
        let has = |word: &&str| text.split(|c: char| !c.is_alphanumeric()).any(|said| said == *word);
        !words.is_empty() && words.iter().all(has)
    };
    whole(&rules)
        .filter(|(rule, inner)| matches!(rule.kind(), RuleKind::Question | RuleKind::Term) && spoken_of(*rule, inner))
        .map(|(rule, _)| rule.id().into_owned())
        .collect()
}

/// Every id, code and word that can be explained, each with what it is.
pub(crate) fn list(rulebook: &Rulebook, style: Style) -> String {
    let mut lines = WrappedLines::new(style);
    // Options and notes are told with what they belong to.
    for kind in RuleKind::ALL.into_iter().filter(|kind| !matches!(kind, RuleKind::Option | RuleKind::Note)) {
        let rules: Vec<Rule<'_>> = rulebook.rules().into_iter().filter(|rule| rule.kind() == kind).collect();
        if !rules.is_empty() {
            lines.text("", &format!("{}:", sentence(&kind.words())));
        }
        for rule in rules {
            let title = rule.title().map_or_else(String::new, |title| format!(": {title}"));
            lines.text("  ", &format!("{}{title}", rule.id()));
        }
    }
    lines.text("", "Problem codes:");
    for code in CODES {
        lines.text("  ", &format!("{}: {}", code.as_str(), code.title()));
    }
    lines.out
}

/// Whether people call a rule so: by the last part of its id, by its title, by its number, or by another word for it.
fn is_called(rule: Rule<'_>, name: &str) -> bool {
    let name = plain(name);
    let id = rule.id();
    let number = rule.number().map(|number| format!("{} {number}", rule.kind().words()));
    let also = match rule {
        Rule::Term(term) => term.also.as_slice(),
        _ => &[],
    };
    let last = id.rsplit('.').next().filter(|_| rule.kind() != RuleKind::Note);
    let names = [last, rule.title(), number.as_deref()].into_iter().flatten().chain(also.iter().map(String::as_str));
    names.map(plain).any(|known| known == name)
}

/// A name without what people leave out or write otherwise: "What is a lease?" asks for "lease".
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace(['_', '-'], " ");
    let mut name = name.trim().trim_end_matches('?').trim_end();
    for lead in ["what is ", "what's ", "what are ", "a ", "an ", "the "] {
        name = name.strip_prefix(lead).map_or(name, str::trim_start);
    }
    name.to_owned()
}

struct Explanation<'r> {
    rulebook: &'r Rulebook,
    lines: WrappedLines,
}

impl Explanation<'_> {
    fn block(&mut self, title: &str, text: &str) {
        let _ = write!(self.lines.out, "\n{title}\n");
        for line in text.lines() {
            let _ = writeln!(self.lines.out, "    {}", clean(line));
        }
    }

    fn code(&mut self, code: Code) {
        self.lines.heading(&format!("{code}: {}", code.title()));
        self.lines.text("", code.explanation());
        self.block("Wrong", code.wrong());
        self.block("Right", code.right());
    }

    /// What a status means, if no rule is called so.
    fn status(&mut self, name: &str) {
        let name = plain(name).replace(' ', "_");
        if let Some(fit) = FitOutcome::named(&name) {
            self.lines.heading(&format!("Fit: {}", sentence(&fit.id().replace('_', " "))));
            self.lines.text("", &format!("{}.", fit.about()));
        }
        if let Some(status) = Status::named(&name) {
            self.lines.heading(&format!("Status of a criterion: {}", sentence(&status.id().replace('_', " "))));
            self.lines.text("", &format!("{}.", status.about()));
        }
    }

    fn rule(&mut self, rule: Rule<'_>, inner: &[Rule<'_>]) {
        let number = rule.number().map_or_else(String::new, |number| format!(" {number}"));
        let kind = sentence(&rule.kind().words());
        let title =
            rule.title().filter(|_| !rule.is_inner()).map_or_else(|| heading(self.rulebook, rule), str::to_owned);
        self.lines.heading(&format!("{kind}{number}: {title}"));
        for phrase in phrases(self.rulebook, rule) {
            self.lines.text("", &phrase.in_a_line());
        }
        for rule in inner {
            self.lines.text("  - ", &heading(self.rulebook, *rule));
            for phrase in phrases(self.rulebook, *rule) {
                self.lines.text("    ", &phrase.in_a_line());
            }
        }
        let used = self.used_by(rule);
        if !used.is_empty() {
            self.lines.text("", &format!("Used by: {}.", used.join(", ")));
        }
        self.grounds(rule);
    }

    fn grounds(&mut self, rule: Rule<'_>) {
        let Some(grounds) = rule.grounds() else { return };
        let basis = match grounds.basis {
            Basis::Published => "published: the source says so",
            Basis::Interpretation => "interpretation: our reading, because the source is silent or unclear",
        };
        self.lines.blank();
        self.lines.text("", &format!("Source: {}", grounds.source));
        if let Some(page) = self.rulebook.page(&grounds.source) {
            let edited = page.last_edited.as_ref().map_or_else(String::new, |date| format!(" (last edited: {date})"));
            self.lines.text("", &format!("{}{edited}", page.url));
        }
        self.lines.text("", &format!("Basis: {basis}."));
        if let Some(reasoning) = &grounds.reasoning {
            self.lines.text("", &format!("Reasoning: {reasoning}"));
        }
    }

    /// The ids of what depends on a question.
    fn used_by(&self, rule: Rule<'_>) -> Vec<String> {
        let Rule::Question(asked, _) = rule else { return Vec::new() };
        let tests = |condition: &Condition| {
            let mut tested = false;
            condition.tests(&mut |question, _| tested |= question == asked.index);
            tested
        };
        let depends = |rule: &Rule<'_>| match rule {
            Rule::Topic(topic, _) if topic.questions.contains(&asked.index) => true,
            rule => rule.conditions().into_iter().any(|(_, condition)| tests(condition)),
        };
        self.rulebook.rules().into_iter().filter(depends).map(|rule| rule.id().into_owned()).collect()
    }
}
