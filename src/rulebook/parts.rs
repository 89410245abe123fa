//! What rules say, key by key: each key of a rule file with its value, whatever the kind of rule.

use std::borrow::Cow;

use super::{Outcome, Rulebook, Status, StatusTexts, as_asked, in_words};
use crate::condition::Condition;
use crate::question::Grounds;
use crate::wording::Text;

/// One key of a rule and its value. A key that is left out in the rule files is no part, a flag excepted.
#[derive(Clone, Debug)]
pub struct Part<'r> {
    /// The key as it stands in the rule files, with those around it: `met_when`, `says.met`, `source.page`.
    pub key: Cow<'static, str>,
    pub value: PartValue<'r>,
}

#[derive(Clone, Debug)]
pub enum PartValue<'r> {
    /// A text for people, in which our reading is marked.
    Text(&'r Text),
    Words(&'r str),
    /// An id, a word of a fixed list, an address, a version: nothing that a person would word differently.
    Name(&'r str),
    Names(Vec<&'r str>),
    Number(u8),
    Flag {
        set: bool,
        /// Which of the two where the rules do not say.
        usual: bool,
    },
    Condition(&'r Condition),
    /// The ids of rules that stand here one after another, each a rule of its own.
    Members(Vec<&'r str>),
}

impl Part<'_> {
    /// Whether it says what would hold without it.
    pub fn is_usual(&self) -> bool {
        matches!(self.value, PartValue::Flag { set, usual } if set == usual)
    }

    pub fn is_title(&self) -> bool {
        is_title(&self.key)
    }
}

/// Whether people know rules by what stands under a key.
pub fn is_title(key: &str) -> bool {
    ["title", "prompt", "label", "term"].contains(&key)
}

impl PartValue<'_> {
    /// The value as a person reads it.
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

    /// The value in the words that people are asked in, for whoever does not know the ids.
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
            _ => self.in_words(rulebook),
        }
    }
}

/// Parts being listed, in the order of the rule files.
pub(super) struct Parts<'r> {
    pub(super) listed: Vec<Part<'r>>,
    /// Whether all are wanted, or conditions only.
    pub(super) all: bool,
}

impl<'r> Parts<'r> {
    fn with(mut self, key: impl Into<Cow<'static, str>>, value: Option<PartValue<'r>>) -> Self {
        let value = value.filter(|value| self.all || matches!(value, PartValue::Condition(_)));
        self.listed.extend(value.map(|value| Part { key: key.into(), value }));
        self
    }

    pub(super) fn text(self, key: impl Into<Cow<'static, str>>, text: impl Into<Option<&'r Text>>) -> Self {
        self.with(key, text.into().map(PartValue::Text))
    }

    pub(super) fn words(self, key: impl Into<Cow<'static, str>>, words: impl Into<Option<&'r str>>) -> Self {
        self.with(key, words.into().map(PartValue::Words))
    }

    pub(super) fn name(self, key: impl Into<Cow<'static, str>>, name: impl Into<Option<&'r str>>) -> Self {
        self.with(key, name.into().map(PartValue::Name))
    }

    /// A list; an empty one is left out.
    pub(super) fn names(self, key: &'static str, names: impl Iterator<Item = &'r str>) -> Self {
        let names: Vec<&str> = names.collect();
        self.with(key, (!names.is_empty()).then_some(PartValue::Names(names)))
    }

    pub(super) fn members<T>(self, key: &'static str, rules: &'r [T], id: fn(&'r T) -> &'r String) -> Self {
        let ids: Vec<&str> = rules.iter().map(|rule| id(rule).as_str()).collect();
        self.with(key, (!ids.is_empty()).then_some(PartValue::Members(ids)))
    }

    pub(super) fn number(self, key: &'static str, number: Option<u8>) -> Self {
        self.with(key, number.map(PartValue::Number))
    }

    pub(super) fn flag(self, key: &'static str, set: bool, usual: bool) -> Self {
        self.with(key, Some(PartValue::Flag { set, usual }))
    }

    pub(super) fn condition(self, key: &'static str, condition: impl Into<Option<&'r Condition>>) -> Self {
        self.with(key, condition.into().map(PartValue::Condition))
    }

    /// What is said for each status, and the same in a few words.
    pub(super) fn says(self, says: &'r StatusTexts) -> Self {
        if !self.all {
            return self;
        }
        let told =
            Status::ALL.into_iter().fold(self, |parts, status| parts.text(format!("says.{status}"), says.text(status)));
        Status::ALL.into_iter().fold(told, |parts, status| parts.words(format!("short.{status}"), says.short(status)))
    }

    pub(super) fn grounds(self, grounds: &'r Grounds) -> Self {
        self.name("source.page", grounds.source.id.as_str())
            .words("source.section", grounds.source.section.as_str())
            .words("source.item", grounds.source.item.as_deref())
            .name("basis", grounds.basis.id())
            .words("reasoning", grounds.reasoning.as_deref())
    }
}
