//! Rules key by key: each key of a rule file with its value, whatever the kind of rule.

use std::borrow::Cow;

use super::{Outcome, Rulebook, Status, StatusTexts, as_asked, in_words};
use crate::condition::Condition;
use crate::question::Grounds;
use crate::wording::Text;

/// One key of a rule and its value. Keys that are left out in the rule files are no parts, flags excepted.
#[derive(Clone, Debug)]
pub struct Part<'r> {
    /// The path of the key in the rule: `met_when`, `says.met`, `source.page`.
    pub key: Cow<'static, str>,
    pub value: PartValue<'r>,
}

#[derive(Clone, Debug)]
pub enum PartValue<'r> {
    /// A text that marks our reading.
    Text(&'r Text),
    Words(&'r str),
    /// An id, a word of a fixed list, an address, a version: anything that has only one wording.
    Name(&'r str),
    Names(Vec<&'r str>),
    Number(u8),
    Flag {
        set: bool,
        default: bool,
    },
    Condition(&'r Condition),
    /// The ids of the rules listed here.
    Members(Vec<&'r str>),
}

impl Part<'_> {
    /// Whether it could be left out.
    pub fn is_default(&self) -> bool {
        matches!(self.value, PartValue::Flag { set, default } if set == default)
    }

    pub fn is_title(&self) -> bool {
        is_title(&self.key)
    }
}

/// Whether a key holds the name by which people know a rule.
pub fn is_title(key: &str) -> bool {
    ["title", "prompt", "label", "term"].contains(&key)
}

impl PartValue<'_> {
    /// The value as text.
    pub fn in_words(&self, rulebook: &Rulebook) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Words(words) | Self::Name(words) => (*words).to_owned(),
            Self::Names(names) | Self::Members(names) => names.join(", "),
            Self::Number(number) => number.to_string(),
            Self::Flag { set, .. } => set.to_string(),
            Self::Condition(condition) => in_words(rulebook, condition),
        }
    }

    /// The value in the words of the questions, for readers who do not know the ids.
    pub fn as_asked(&self, rulebook: &Rulebook, key: &str) -> String {
        let titles = |names: &[&str], title: &dyn Fn(&str) -> Option<String>| {
            let titled = names.iter().map(|name| title(name).unwrap_or_else(|| (*name).to_owned()));
            titled.map(|title| format!("“{title}”")).collect::<Vec<_>>().join(", ")
        };
        match (self, key) {
            (Self::Condition(condition), _) => as_asked(rulebook, condition),
            (Self::Names(names), "questions") => {
                titles(names, &|id| rulebook.question(id).map(|(_, question)| question.prompt.clone()))
            }
            (Self::Names(names), "outcomes") => {
                titles(names, &|id| Outcome::named(id).map(|outcome| rulebook.outcome_text(outcome).title.clone()))
            }
            (Self::Name(id), "go_to") => titles(&[id], &|id| rulebook.page(id).map(|page| page.title.clone())),
            _ => self.in_words(rulebook),
        }
    }
}

/// Collects parts in the order of the rule files.
pub(super) struct Parts<'r> {
    pub(super) listed: Vec<Part<'r>>,
    /// Whether to list all parts, or conditions only.
    pub(super) all: bool,
}

impl<'r> Parts<'r> {
    fn part(mut self, key: impl Into<Cow<'static, str>>, value: Option<PartValue<'r>>) -> Self {
        let value = value.filter(|value| self.all || matches!(value, PartValue::Condition(_)));
        self.listed.extend(value.map(|value| Part { key: key.into(), value }));
        self
    }

    pub(super) fn text(self, key: impl Into<Cow<'static, str>>, text: impl Into<Option<&'r Text>>) -> Self {
        self.part(key, text.into().map(PartValue::Text))
    }

    pub(super) fn words(self, key: impl Into<Cow<'static, str>>, words: impl Into<Option<&'r str>>) -> Self {
        self.part(key, words.into().map(PartValue::Words))
    }

    pub(super) fn name(self, key: impl Into<Cow<'static, str>>, name: impl Into<Option<&'r str>>) -> Self {
        self.part(key, name.into().map(PartValue::Name))
    }

    /// A list; an empty one is left out.
    pub(super) fn names(self, key: &'static str, names: impl Iterator<Item = &'r str>) -> Self {
        let names: Vec<&str> = names.collect();
        self.part(key, (!names.is_empty()).then_some(PartValue::Names(names)))
    }

    pub(super) fn members<T>(self, key: &'static str, rules: &'r [T], id: fn(&'r T) -> &'r String) -> Self {
        let ids: Vec<&str> = rules.iter().map(|rule| id(rule).as_str()).collect();
        self.part(key, (!ids.is_empty()).then_some(PartValue::Members(ids)))
    }

    pub(super) fn number(self, key: &'static str, number: Option<u8>) -> Self {
        self.part(key, number.map(PartValue::Number))
    }

    pub(super) fn flag(self, key: &'static str, set: bool, default: bool) -> Self {
        self.part(key, Some(PartValue::Flag { set, default }))
    }

    pub(super) fn condition(self, key: &'static str, condition: impl Into<Option<&'r Condition>>) -> Self {
        self.part(key, condition.into().map(PartValue::Condition))
    }

    pub(super) fn status_texts(self, says: &'r StatusTexts) -> Self {
        if !self.all {
            return self;
        }
        let parts =
            Status::ALL.into_iter().fold(self, |parts, status| parts.text(format!("says.{status}"), says.text(status)));
        Status::ALL.into_iter().fold(parts, |parts, status| parts.words(format!("short.{status}"), says.short(status)))
    }

    pub(super) fn grounds(self, grounds: &'r Grounds) -> Self {
        self.name("source.page", grounds.source.id.as_str())
            .words("source.section", grounds.source.section.as_str())
            .words("source.item", grounds.source.item.as_deref())
            .name("basis", grounds.basis.id())
            .words("reasoning", grounds.reasoning.as_deref())
    }
}
