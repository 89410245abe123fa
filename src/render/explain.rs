//! One thing of the rules, or one problem code, explained.

use std::fmt::Write as _;

use super::phrases::{Phrase, capitalised, heading, phrases, whole};
use crate::condition::Condition;
use crate::problem::Code;
use crate::question::Basis;
use crate::rulebook::{Rule, RuleKind, Rulebook};
use crate::style::{Style, Tone, clean};

/// What there is to know about an id or a code, or `None` if there is no such thing.
#[must_use]
pub fn render(rulebook: &Rulebook, id: &str, style: Style) -> Option<String> {
    let mut entry = Entry { rulebook, style, out: String::new() };
    if let Some(code) = Code::named(id) {
        entry.code(code);
        return Some(entry.out);
    }
    let rules = rulebook.rules();
    let named = |rule: &Rule<'_>| rule.id() == id;
    let (rule, inner) = whole(&rules)
        .find(|(rule, _)| named(rule))
        .or_else(|| rules.iter().find(|rule| named(rule)).map(|rule| (*rule, &[][..])))
        .or_else(|| whole(&rules).find(|(rule, _)| is_called(*rule, id)))?;
    entry.rule(rule, inner);
    Some(entry.out)
}

/// Whether people call a word so.
fn is_called(rule: Rule<'_>, name: &str) -> bool {
    let Rule::Term(term) = rule else { return false };
    term.also.iter().chain([&term.term]).any(|known| known.eq_ignore_ascii_case(name))
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

    fn rule(&mut self, rule: Rule<'_>, inner: &[Rule<'_>]) {
        let number = rule.number().map_or_else(String::new, |number| format!(" {number}"));
        let kind = format!("{}{number}", capitalised(&rule.kind().words()));
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
        let Some((index, _)) = self.rulebook.question(&rule.id()).filter(|_| rule.kind() == RuleKind::Question) else {
            return Vec::new();
        };
        let tests = |condition: &Condition| {
            let mut tested = false;
            condition.tests(&mut |question, _| tested |= question == index);
            tested
        };
        let depends = |rule: &Rule<'_>| match rule {
            Rule::Topic(topic, _) if topic.questions.contains(&index) => true,
            rule => rule.conditions().into_iter().any(|(_, condition)| tests(condition)),
        };
        self.rulebook.rules().into_iter().filter(depends).map(|rule| rule.id().into_owned()).collect()
    }
}

fn told(phrase: &Phrase) -> String {
    phrase.lead.as_ref().map_or_else(|| phrase.text.clone(), |lead| format!("{}: {}", capitalised(lead), phrase.text))
}
