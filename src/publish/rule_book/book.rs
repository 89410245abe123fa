//! What the rule book says, chapter by chapter, whatever the format.

use super::table::{self, DecisionTable};
use crate::publish::phrases::{Phrase, basis, heading, phrases, whole};
use crate::question::Grounds;
use crate::rulebook::{Rule, RuleKind, Rulebook, numbered};
use crate::wording::sentence;

/// Kinds of rule that people look things up in. They come last, in this order.
const LOOKED_UP: [RuleKind; 4] = [RuleKind::Term, RuleKind::Section, RuleKind::Question, RuleKind::Source];

/// Rules of a kind, under their heading.
pub(in crate::publish) struct Chapter {
    pub(in crate::publish) title: String,
    /// What decides what is in it, at one glance.
    pub(in crate::publish) table: Option<DecisionTable>,
    pub(in crate::publish) rules: Vec<RuleEntry>,
}

/// One rule in words, with the rules inside it.
pub(in crate::publish) struct RuleEntry {
    pub(in crate::publish) kind: RuleKind,
    pub(in crate::publish) number: Option<u8>,
    pub(in crate::publish) title: String,
    pub(in crate::publish) id: Option<String>,
    /// Where it is, for a page.
    pub(in crate::publish) address: Option<Address>,
    pub(in crate::publish) says: Vec<Phrase>,
    pub(in crate::publish) inner: Vec<RuleEntry>,
    pub(in crate::publish) source: Option<CitedSource>,
}

/// An address as it is written, and as a link, if it can be one.
pub(in crate::publish) struct Address {
    pub(in crate::publish) words: String,
    pub(in crate::publish) link: Option<String>,
}

/// What vouches for a rule.
pub(in crate::publish) struct CitedSource {
    pub(in crate::publish) id: String,
    pub(in crate::publish) page: String,
    pub(in crate::publish) link: Option<String>,
    /// Where on the page.
    pub(in crate::publish) at: String,
    pub(in crate::publish) basis: &'static str,
    pub(in crate::publish) reasoning: Option<String>,
}

/// The whole book, chapter by chapter.
pub(in crate::publish) fn book(rulebook: &Rulebook) -> Vec<Chapter> {
    let all = rulebook.rules();
    let mut rules: Vec<(Rule<'_>, &[Rule<'_>])> = whole(&all).collect();
    rules.sort_by_key(|(rule, _)| LOOKED_UP.iter().position(|kind| *kind == rule.kind()).map_or(0, |at| at + 1));
    let chapters = rules.chunk_by(|(one, _), (other, _)| one.kind() == other.kind());
    let chapter = |rules: &[(Rule<'_>, &[Rule<'_>])]| {
        let kind = rules[0].0.kind();
        let whole = |(rule, inner): &(Rule<'_>, &[Rule<'_>])| RuleEntry {
            inner: inner.iter().map(|rule| entry(rulebook, *rule)).collect(),
            ..entry(rulebook, *rule)
        };
        Chapter {
            title: several(kind),
            table: (kind == RuleKind::Scenario).then(|| table::table(rulebook)).flatten(),
            rules: rules.iter().map(whole).collect(),
        }
    };
    chapters.map(chapter).collect()
}

impl Chapter {
    /// Whether it is the manifest, whose title is that of the book.
    pub(in crate::publish) fn is_manifest(&self) -> bool {
        self.rules.iter().any(|rule| rule.kind == RuleKind::Manifest)
    }

    /// What it is called in an address.
    pub(in crate::publish) fn anchor(&self) -> String {
        self.title.to_lowercase().replace(' ', "-")
    }
}

impl RuleEntry {
    pub(super) fn is_option(&self) -> bool {
        self.kind == RuleKind::Option
    }

    /// Of a rule inside another, what stands beside its title: the first that needs no words before it.
    pub(super) fn beside_title(&self) -> Option<&Phrase> {
        self.says.first().filter(|phrase| phrase.lead.is_none() && !self.is_option())
    }

    /// The rest of what it says.
    pub(super) fn below_title(&self) -> &[Phrase] {
        &self.says[usize::from(self.beside_title().is_some())..]
    }

    /// "4. Long lease"
    pub(in crate::publish) fn heading(&self) -> String {
        numbered(self.number, &self.title)
    }
}

fn entry(rulebook: &Rulebook, rule: Rule<'_>) -> RuleEntry {
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
    RuleEntry {
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

fn source(rulebook: &Rulebook, grounds: &Grounds) -> CitedSource {
    let cited = &grounds.source;
    let item = cited.item.as_ref().map_or_else(String::new, |item| format!(", {item}"));
    CitedSource {
        id: cited.id.clone(),
        page: cited.page.clone(),
        link: rulebook.page(cited).and_then(|page| page.link()).map(str::to_owned),
        at: format!("{}{item}", cited.section),
        basis: basis(grounds.basis),
        reasoning: grounds.reasoning.clone(),
    }
}

/// The heading over all rules of a kind.
fn several(kind: RuleKind) -> String {
    match kind {
        RuleKind::Criterion => "Criteria".to_owned(),
        RuleKind::Term => "Words".to_owned(),
        kind => format!("{}s", sentence(&kind.words())),
    }
}
