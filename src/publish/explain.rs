//! One thing of the rules, or one problem code, explained.

use std::fmt::Write as _;

use super::phrases::{Phrase, heading, phrases, whole};
use crate::condition::Condition;
use crate::outcome::{FitOutcome, Status};
use crate::problem::{CODES, Code};
use crate::question::Basis;
use crate::rulebook::{Rule, RuleKind, Rulebook};
use crate::style::{Style, Tone, clean};
use crate::wording::sentence;

/// What there is to know about an id, a code or a word, or `None` if there is no such thing. A word that means several
/// things is explained in all of them.
#[must_use]
pub fn render(rulebook: &Rulebook, wanted: &str, style: Style) -> Option<String> {
    let mut entry = Entry { rulebook, style, out: String::new() };
    if let Some(code) = Code::named(wanted) {
        entry.code(code);
        return Some(entry.out);
    }
    let rules = rulebook.rules();
    let all = rules.iter().map(|rule| {
        let whole = whole(&rules).find(|(owner, _)| owner.id() == rule.id());
        (*rule, whole.map_or(&[][..], |(_, inner)| inner))
    });
    let all: Vec<(Rule<'_>, &[Rule<'_>])> = all.collect();
    let exact = all.iter().filter(|(rule, _)| rule.id() == wanted);
    let mut found: Vec<_> = exact.collect();
    if found.is_empty() {
        found.extend(all.iter().filter(|(rule, _)| is_called(*rule, wanted)));
        // Whoever types words asks what they mean.
        found.sort_by_key(|(rule, _)| rule.kind() != RuleKind::Term);
    } else {
        // A question and the word it asks about are often called the same.
        found.extend(
            all.iter()
                .filter(|(rule, _)| rule.kind() == RuleKind::Term && is_called(*rule, wanted) && rule.id() != wanted),
        );
    }
    for (rule, inner) in found {
        if !entry.out.is_empty() {
            entry.out.push('\n');
        }
        entry.rule(*rule, inner);
    }
    if entry.out.is_empty() {
        entry.status(wanted);
    }
    Some(entry.out).filter(|out| !out.is_empty())
}

/// Every id, code and word that can be explained, each with what it is.
#[must_use]
pub fn list(rulebook: &Rulebook, style: Style) -> String {
    let mut entry = Entry { rulebook, style, out: String::new() };
    // Options and notes are told with what they belong to.
    for kind in RuleKind::ALL.into_iter().filter(|kind| !matches!(kind, RuleKind::Option | RuleKind::Note)) {
        let rules: Vec<Rule<'_>> = rulebook.rules().into_iter().filter(|rule| rule.kind() == kind).collect();
        if !rules.is_empty() {
            entry.paragraph("", &format!("{}:", sentence(&kind.words())));
        }
        for rule in rules {
            let title = rule.title().map_or_else(String::new, |title| format!(": {title}"));
            entry.paragraph("  ", &format!("{}{title}", rule.id()));
        }
    }
    entry.paragraph("", "Problem codes:");
    for code in CODES {
        entry.paragraph("  ", &format!("{}: {}", code.as_str(), code.title()));
    }
    entry.out
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

/// A name without what people leave out or write otherwise.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['_', '-'], " ").trim().to_owned()
}

struct Entry<'r> {
    rulebook: &'r Rulebook,
    style: Style,
    out: String,
}

impl Entry<'_> {
    fn heading(&mut self, kind: &str, title: &str) {
        let wrapped = self.style.wrap("", &clean(&format!("{kind}: {title}")));
        for line in wrapped.lines() {
            self.out.push_str(&self.style.paint(Tone::Strong, line));
            self.out.push('\n');
        }
    }

    fn paragraph(&mut self, lead: &str, text: &str) {
        let wrapped = self.style.wrap(lead, &clean(text));
        self.out.push_str(&wrapped);
        self.out.push('\n');
    }

    fn block(&mut self, title: &str, text: &str) {
        let _ = write!(self.out, "\n{title}\n");
        for line in text.lines() {
            let _ = writeln!(self.out, "    {}", clean(line));
        }
    }

    fn code(&mut self, code: Code) {
        self.heading(code.as_str(), code.title());
        self.paragraph("", code.explanation());
        self.block("Wrong", code.wrong());
        self.block("Right", code.right());
    }

    /// What a status means, if no rule is called so.
    fn status(&mut self, name: &str) {
        let name = plain(name).replace(' ', "_");
        if let Some(fit) = FitOutcome::named(&name) {
            self.heading("Fit", &sentence(&fit.id().replace('_', " ")));
            self.paragraph("", &format!("{}.", fit.about()));
        }
        if let Some(status) = Status::named(&name) {
            self.heading("Status of a criterion", &sentence(&status.id().replace('_', " ")));
            self.paragraph("", &format!("{}.", status.about()));
        }
    }

    fn rule(&mut self, rule: Rule<'_>, inner: &[Rule<'_>]) {
        let number = rule.number().map_or_else(String::new, |number| format!(" {number}"));
        let kind = format!("{}{number}", sentence(&rule.kind().words()));
        match rule.title().filter(|_| !rule.is_inner()) {
            Some(title) => self.heading(&kind, title),
            None => self.heading(&kind, &heading(self.rulebook, rule)),
        }
        for phrase in phrases(self.rulebook, rule) {
            self.paragraph("", &told(&phrase));
        }
        for rule in inner {
            self.paragraph("  - ", &heading(self.rulebook, *rule));
            for phrase in phrases(self.rulebook, *rule) {
                self.paragraph("    ", &told(&phrase));
            }
        }
        let used = self.used_by(rule);
        if !used.is_empty() {
            self.paragraph("", &format!("Used by: {}.", used.join(", ")));
        }
        self.grounds(rule);
    }

    fn grounds(&mut self, rule: Rule<'_>) {
        let Some(grounds) = rule.grounds() else { return };
        let basis = match grounds.basis {
            Basis::Published => "published: the source says so",
            Basis::Interpretation => "interpretation: our reading, because the source is silent or unclear",
        };
        self.out.push('\n');
        self.paragraph("", &format!("Source: {}", grounds.source));
        if let Some(page) = self.rulebook.page(&grounds.source) {
            let edited = page.last_edited.as_ref().map_or_else(String::new, |date| format!(" (last edited: {date})"));
            self.paragraph("", &format!("{}{edited}", page.url));
        }
        self.paragraph("", &format!("Basis: {basis}."));
        if let Some(reasoning) = &grounds.reasoning {
            self.paragraph("", &format!("Reasoning: {reasoning}"));
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

fn told(phrase: &Phrase) -> String {
    let text = phrase.whole();
    phrase.lead.as_ref().map_or_else(|| text.clone(), |lead| format!("{}: {text}", sentence(lead)))
}
