//! The rule book as the page has it, for whoever has no script: what the Markdown says, in the same order.

use super::super::phrases::{heading, phrases};
use super::super::rule_book::{chapters, grounds};
use crate::rulebook::{Rule, Rulebook, numbered};
use crate::style::clean;

/// Rules of a kind, under their heading.
pub(super) struct Chapter {
    pub(super) title: String,
    pub(super) rules: Vec<Told>,
}

/// One rule in words, with the rules inside it.
pub(super) struct Told {
    pub(super) title: String,
    pub(super) id: String,
    /// The page it is, where that has an address.
    pub(super) link: Option<String>,
    pub(super) says: Vec<(Option<String>, String)>,
    pub(super) inner: Vec<Told>,
    pub(super) grounds: Vec<String>,
}

pub(super) fn book(rulebook: &Rulebook) -> Vec<Chapter> {
    let told = |(rule, inner): (Rule<'_>, &[Rule<'_>])| Told {
        inner: inner.iter().map(|rule| self::told(rulebook, *rule, heading(rulebook, *rule))).collect(),
        ..self::told(rulebook, rule, numbered(rule.number(), rule.title().unwrap_or(&rule.id())))
    };
    let chapter = |(title, rules): (String, Vec<_>)| Chapter { title, rules: rules.into_iter().map(told).collect() };
    chapters(&rulebook.rules()).into_iter().map(chapter).collect()
}

fn told(rulebook: &Rulebook, rule: Rule<'_>, title: String) -> Told {
    let link = match rule {
        Rule::Source(page) => page.link(),
        _ => None,
    };
    let words = |text: String| clean(&text).into_owned();
    // The link says the address.
    let says = phrases(rulebook, rule).into_iter().filter(|phrase| link != Some(&phrase.text));
    Told {
        title: words(title),
        id: rule.id().into_owned(),
        says: says.map(|phrase| (phrase.lead.map(words), words(phrase.text))).collect(),
        inner: Vec::new(),
        grounds: rule.grounds().map(grounds).into_iter().flatten().map(words).collect(),
        link: link.map(str::to_owned),
    }
}
