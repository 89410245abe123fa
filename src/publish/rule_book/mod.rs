//! The rule book, for a policy owner to read and to keep: every key of every rule, in each format.

use super::phrases::{Phrase, capitalised, heading, phrases, whole};
use crate::question::{Basis, Grounds};
use crate::report::Format;
use crate::rulebook::{Rule, RuleKind, Rulebook, numbered};
use crate::style::Style;
use table::Table;

mod html;
mod markdown;
mod table;
mod text;

/// What people look things up in stands behind what they read, in this order.
const LOOKED_UP: [RuleKind; 4] = [RuleKind::Term, RuleKind::Section, RuleKind::Question, RuleKind::Source];

/// The whole rule book, in one of the formats that rules are written in.
#[must_use]
pub fn render(rulebook: &Rulebook, format: Format, style: Style) -> String {
    match format {
        Format::Markdown => markdown::render(rulebook),
        Format::Html => html::render(rulebook),
        _ => text::render(rulebook, style),
    }
}

/// Rules of a kind, under their heading.
pub(super) struct Chapter {
    pub(super) title: String,
    /// What decides what is in it, at one glance.
    pub(super) table: Option<Table>,
    pub(super) rules: Vec<Told>,
}

/// One rule in words, with the rules inside it.
pub(super) struct Told {
    pub(super) kind: RuleKind,
    /// Its number in the source.
    pub(super) number: Option<u8>,
    pub(super) title: String,
    /// What it is called in files, if anything.
    pub(super) id: Option<String>,
    /// Where it is, for a page.
    pub(super) address: Option<Address>,
    pub(super) says: Vec<Phrase>,
    pub(super) inner: Vec<Told>,
    pub(super) source: Option<Source>,
}

/// An address as it is written, and as a link, if it can be one.
pub(super) struct Address {
    pub(super) words: String,
    pub(super) link: Option<String>,
}

/// What vouches for a rule.
pub(super) struct Source {
    pub(super) id: String,
    pub(super) page: String,
    pub(super) link: Option<String>,
    /// Where on the page.
    pub(super) at: String,
    pub(super) basis: &'static str,
    pub(super) reasoning: Option<String>,
}

/// The whole book, chapter by chapter.
pub(super) fn book(rulebook: &Rulebook) -> Vec<Chapter> {
    let all = rulebook.rules();
    let mut rules: Vec<(Rule<'_>, &[Rule<'_>])> = whole(&all).collect();
    rules.sort_by_key(|(rule, _)| LOOKED_UP.iter().position(|kind| *kind == rule.kind()).map_or(0, |at| at + 1));
    let chapters = rules.chunk_by(|(one, _), (other, _)| one.kind() == other.kind());
    let chapter = |rules: &[(Rule<'_>, &[Rule<'_>])]| {
        let kind = rules[0].0.kind();
        let told = |(rule, inner): &(Rule<'_>, &[Rule<'_>])| Told {
            inner: inner.iter().map(|rule| told(rulebook, *rule)).collect(),
            ..told(rulebook, *rule)
        };
        Chapter {
            title: several(kind),
            table: (kind == RuleKind::Scenario).then(|| table::table(rulebook)).flatten(),
            rules: rules.iter().map(told).collect(),
        }
    };
    chapters.map(chapter).collect()
}

impl Told {
    /// "4. Long lease"
    pub(super) fn heading(&self) -> String {
        numbered(self.number, &self.title)
    }
}

fn told(rulebook: &Rulebook, rule: Rule<'_>) -> Told {
    let (title, id) = match rule {
        Rule::Note(..) => (heading(rulebook, rule), None),
        Rule::Option(_, option) => (option.label.clone(), Some(option.value.clone())),
        _ => (rule.title().unwrap_or(&rule.id()).to_owned(), Some(rule.id().into_owned())),
    };
    let address = match rule {
        Rule::Source(page) => Some(Address { words: page.url.clone(), link: page.link().map(str::to_owned) }),
        _ => None,
    };
    let said_already = |phrase: &Phrase| address.as_ref().is_some_and(|address| address.words == phrase.text);
    Told {
        kind: rule.kind(),
        number: rule.number(),
        title,
        id,
        says: phrases(rulebook, rule).into_iter().filter(|phrase| !said_already(phrase)).collect(),
        address,
        inner: Vec::new(),
        source: rule.grounds().map(|grounds| source(rulebook, grounds)),
    }
}

fn source(rulebook: &Rulebook, grounds: &Grounds) -> Source {
    let cited = &grounds.source;
    let item = cited.item.as_ref().map_or_else(String::new, |item| format!(", {item}"));
    Source {
        id: cited.id.clone(),
        page: cited.page.clone(),
        link: rulebook.page(cited).and_then(|page| page.link()).map(str::to_owned),
        at: format!("{}{item}", cited.section),
        basis: match grounds.basis {
            Basis::Published => "published",
            Basis::Interpretation => "our interpretation",
        },
        reasoning: grounds.reasoning.clone(),
    }
}

/// The heading over all rules of a kind.
fn several(kind: RuleKind) -> String {
    match kind {
        RuleKind::Criterion => "Criteria".to_owned(),
        RuleKind::Term => "Words".to_owned(),
        kind => format!("{}s", capitalised(&kind.words())),
    }
}
