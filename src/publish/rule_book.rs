//! The rule book as Markdown, for a policy owner to read and to keep: every key of every rule.

use std::fmt::Write as _;

use super::phrases::{Phrase, heading, phrases, whole};
use crate::question::{Basis, Grounds};
use crate::rulebook::{Rule, RuleKind, Rulebook, numbered};
use crate::style::markdown as escape;
use crate::wording::sentence;

/// What people look things up in stands behind what they read, in this order.
const LOOKED_UP: [RuleKind; 4] = [RuleKind::Term, RuleKind::Section, RuleKind::Question, RuleKind::Source];

/// The rules that stand by themselves with those inside them, chapter by chapter, each under its heading.
pub(super) fn chapters<'a, 'r>(all: &'a [Rule<'r>]) -> Vec<(String, Vec<(Rule<'r>, &'a [Rule<'r>])>)> {
    let mut rules: Vec<(Rule<'r>, &'a [Rule<'r>])> = whole(all).collect();
    rules.sort_by_key(|(rule, _)| LOOKED_UP.iter().position(|kind| *kind == rule.kind()).map_or(0, |at| at + 1));
    let chapters = rules.chunk_by(|(one, _), (other, _)| one.kind() == other.kind());
    chapters.map(|chapter| (several(chapter[0].0.kind()), chapter.to_vec())).collect()
}

/// The whole rule book.
#[must_use]
pub fn render(rulebook: &Rulebook) -> String {
    let mut book = Book { rulebook, out: String::new(), in_list: false };
    for (title, rules) in chapters(&rulebook.rules()) {
        // What the rules are called is the title of the book.
        if rules[0].0.kind() != RuleKind::Manifest {
            book.heading(2, &escaped(&title));
        }
        for (rule, inner) in rules {
            book.rule(rule, inner);
        }
    }
    book.end_of_list();
    book.out.truncate(book.out.trim_end().len());
    book.out.push('\n');
    book.out
}

struct Book<'r> {
    rulebook: &'r Rulebook,
    out: String,
    in_list: bool,
}

impl Book<'_> {
    fn end_of_list(&mut self) {
        if std::mem::take(&mut self.in_list) {
            self.out.push('\n');
        }
    }

    /// A heading of text that is Markdown.
    fn heading(&mut self, level: usize, text: &str) {
        self.end_of_list();
        let _ = writeln!(self.out, "{} {text}\n", "#".repeat(level));
    }

    /// A paragraph of text that is Markdown.
    fn paragraph(&mut self, text: &str) {
        self.end_of_list();
        let _ = writeln!(self.out, "{text}\n");
    }

    /// An item of text that is Markdown.
    fn item(&mut self, indent: &str, text: &str) {
        self.in_list = true;
        let _ = writeln!(self.out, "{indent}- {text}");
    }

    fn rule(&mut self, rule: Rule<'_>, inner: &[Rule<'_>]) {
        let level = if rule.kind() == RuleKind::Manifest { 1 } else { 3 };
        let title = rule.title().map_or_else(|| rule.id().into_owned(), escaped);
        self.heading(level, &numbered(rule.number(), &title));
        self.paragraph(&format!("`{}`", rule.id()));
        for phrase in phrases(self.rulebook, rule) {
            match (&phrase.lead, rule) {
                (Some(_), _) => self.item("", &told(&phrase)),
                (None, Rule::Source(page)) if phrase.text == page.url => {
                    let address = page.link().map_or_else(|| escaped(&page.url), |link| format!("<{link}>"));
                    self.paragraph(&address);
                }
                (None, _) => self.paragraph(&told(&phrase)),
            }
        }
        for rule in inner {
            self.inner(*rule);
        }
        for words in rule.grounds().map(grounds).into_iter().flatten() {
            self.paragraph(&escaped(&words));
        }
    }

    /// A rule inside another, as an item of a list.
    fn inner(&mut self, rule: Rule<'_>) {
        let mut phrases = phrases(self.rulebook, rule).into_iter().peekable();
        let head = match rule {
            Rule::Option(_, option) => format!("`{}`: {}", option.value, escaped(&option.label)),
            _ => {
                let says = phrases.next_if(|phrase| phrase.lead.is_none());
                let says = says.map_or_else(String::new, |says| format!(": {}", told(&says)));
                let id = if rule.title().is_some() { format!(" (`{}`)", rule.id()) } else { String::new() };
                format!("**{}**{id}{says}", escaped(&heading(self.rulebook, rule)))
            }
        };
        self.item("", &head);
        for phrase in phrases {
            self.item("  ", &told(&phrase));
        }
        for words in rule.grounds().map(grounds).into_iter().flatten() {
            self.item("  ", &escaped(&words));
        }
    }
}

/// What vouches for a rule.
pub(super) fn grounds(grounds: &Grounds) -> Vec<String> {
    let basis = match grounds.basis {
        Basis::Published => "published",
        Basis::Interpretation => "our interpretation",
    };
    let reasoning = grounds.reasoning.as_ref().map(|reasoning| format!("Reasoning: {reasoning}"));
    std::iter::once(format!("Source: {} ({basis}).", grounds.source)).chain(reasoning).collect()
}

/// A phrase as Markdown.
fn told(phrase: &Phrase) -> String {
    let text = escaped(&phrase.text);
    phrase.lead.as_ref().map_or_else(|| text.clone(), |lead| format!("**{}**: {text}", escaped(lead)))
}

/// The heading over all rules of a kind.
fn several(kind: RuleKind) -> String {
    match kind {
        RuleKind::Criterion => "Criteria".to_owned(),
        RuleKind::Term => "Words".to_owned(),
        kind => format!("{}s", sentence(&kind.words())),
    }
}

/// Text as text. Underscores inside words are no markup, and ids are easier to read without a backslash.
fn escaped(text: &str) -> String {
    let escaped = escape(text);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut readable = String::with_capacity(escaped.len());
    for (at, part) in escaped.split("\\_").enumerate() {
        if at > 0 {
            let inside = word(readable.chars().next_back()) && word(part.chars().next());
            readable.push_str(if inside { "_" } else { "\\_" });
        }
        readable.push_str(part);
    }
    readable
}
