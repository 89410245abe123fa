//! The content of the rule book, the same in every format.

use super::table::{self, DecisionTable};
use crate::publish::phrases::{Phrase, basis, heading, phrases, whole};
use crate::question::Grounds;
use crate::rulebook::{Page, Rule, RuleKind, Rulebook, numbered};
use crate::wording::sentence;

/// Kinds of rule for reference. They come last, in this order.
const LOOKED_UP: [RuleKind; 4] = [RuleKind::Term, RuleKind::Section, RuleKind::Question, RuleKind::Source];

/// All rules of a kind.
pub(in crate::publish) struct Chapter<'r> {
    pub(in crate::publish) title: String,
    /// A decision table, for the scenarios.
    pub(in crate::publish) table: Option<DecisionTable>,
    pub(in crate::publish) rules: Vec<RuleEntry<'r>>,
}

/// One rule in words, with the rules nested in it.
pub(in crate::publish) struct RuleEntry<'r> {
    pub(in crate::publish) kind: RuleKind,
    pub(in crate::publish) number: Option<u8>,
    pub(in crate::publish) title: String,
    pub(in crate::publish) id: Option<String>,
    /// The page, if the rule is a source.
    pub(in crate::publish) page: Option<&'r Page>,
    pub(in crate::publish) says: Vec<Phrase>,
    pub(in crate::publish) inner: Vec<RuleEntry<'r>>,
    pub(in crate::publish) source: Option<CitedSource<'r>>,
}

/// The source of a rule.
pub(in crate::publish) struct CitedSource<'r> {
    pub(in crate::publish) grounds: &'r Grounds,
    pub(in crate::publish) link: Option<&'r str>,
    pub(in crate::publish) basis: &'static str,
}

pub(in crate::publish) fn book<'r>(rulebook: &'r Rulebook) -> Vec<Chapter<'r>> {
    let all = rulebook.rules();
    let mut rules: Vec<(Rule<'r>, &[Rule<'r>])> = whole(&all).collect();
    rules.sort_by_key(|(rule, _)| LOOKED_UP.iter().position(|kind| *kind == rule.kind()).map_or(0, |at| at + 1));
    let chapters = rules.chunk_by(|(one, _), (other, _)| one.kind() == other.kind());
    let chapter = |rules: &[(Rule<'r>, &[Rule<'r>])]| {
        let kind = rules[0].0.kind();
        let whole = |(rule, inner): &(Rule<'r>, &[Rule<'r>])| RuleEntry {
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

impl Chapter<'_> {
    /// Whether it is the manifest, whose title is that of the book.
    pub(in crate::publish) fn is_manifest(&self) -> bool {
        self.rules.iter().any(|rule| rule.kind == RuleKind::Manifest)
    }

    /// Its fragment in a URL.
    pub(in crate::publish) fn anchor(&self) -> String {
        self.title.to_lowercase().replace(' ', "-")
    }
}

impl RuleEntry<'_> {
    pub(super) fn is_option(&self) -> bool {
        self.kind == RuleKind::Option
    }

    /// The phrase beside the title of a nested rule: the first one, if it has no lead.
    pub(super) fn beside_title(&self) -> Option<&Phrase> {
        self.says.first().filter(|phrase| phrase.lead.is_none() && !self.is_option())
    }

    /// All other phrases.
    pub(super) fn below_title(&self) -> &[Phrase] {
        &self.says[usize::from(self.beside_title().is_some())..]
    }

    /// "4. Long lease"
    pub(in crate::publish) fn heading(&self) -> String {
        numbered(self.number, &self.title)
    }
}

fn entry<'r>(rulebook: &'r Rulebook, rule: Rule<'r>) -> RuleEntry<'r> {
    let (title, id) = match rule {
        Rule::Note(..) => (heading(rulebook, rule), None),
        Rule::Option(_, option) => (option.label.clone(), Some(option.value.clone())),
        _ => (rule.title().unwrap_or(&rule.id()).to_owned(), Some(rule.id().into_owned())),
    };
    let page = match rule {
        Rule::Source(page) => Some(page),
        _ => None,
    };
    let is_said = |phrase: &Phrase| page.is_some_and(|page| page.url == phrase.text);
    RuleEntry {
        kind: rule.kind(),
        number: rule.number(),
        title,
        id,
        says: phrases(rulebook, rule).into_iter().filter(|phrase| !is_said(phrase)).collect(),
        page,
        inner: Vec::new(),
        source: rule.grounds().map(|grounds| CitedSource {
            grounds,
            link: rulebook.page(&grounds.source.id).and_then(Page::link),
            basis: basis(grounds.basis),
        }),
    }
}

/// The heading of a chapter.
fn several(kind: RuleKind) -> String {
    match kind {
        RuleKind::Criterion => "Criteria".to_owned(),
        RuleKind::Term => "Glossary".to_owned(),
        kind => format!("{}s", sentence(&kind.words())),
    }
}
