//! The kinds of rules, each with its texts, its conditions and the decisions compiled from them. [`keys`](super::keys)
//! says what each key of the rule files means; `place` is where the rule is in them.

use crate::condition::Condition;
use crate::diagram::{Decision, Truth};
use crate::outcome::{FindingKind, FindingState, Outcome, Status};
use crate::problem::Place;
use crate::question::Grounds;
use crate::wording::Text;

/// A page that rules cite.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    pub id: String,
    pub title: String,
    pub publisher: Option<String>,
    pub url: String,
    /// When it was last changed, as the page says it.
    pub last_edited: Option<String>,
    pub place: Place,
}

impl Page {
    /// Its address, if that is safe to link to as it is.
    pub fn link(&self) -> Option<&str> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
        (self.url.starts_with("https://") && self.url.chars().all(plain)).then_some(self.url.as_str())
    }
}

#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SectionText {
    pub title: String,
    pub intro: Text,
    pub place: Place,
}

/// The texts for each status, in the order of [`Status::ALL`].
#[derive(Clone, Debug, Default)]
pub struct StatusTexts {
    pub(super) texts: [Option<Text>; 4],
    pub(super) short: [Option<String>; 4],
}

impl StatusTexts {
    pub fn text(&self, status: Status) -> Option<&Text> {
        self.texts[status as usize].as_ref()
    }

    pub fn short(&self, status: Status) -> Option<&str> {
        self.short[status as usize].as_deref()
    }
}

#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Note {
    #[doc(hidden)]
    pub when: Condition,
    pub(crate) shown: Decision<bool>,
    pub says: Text,
    pub place: Place,
}

/// What decides a criterion.
#[derive(Clone, Debug)]
pub enum Decided {
    ByConditions {
        met_when: Condition,
        /// If not met, it is to be discussed when this holds.
        discuss_when: Option<Condition>,
        otherwise: Status,
    },
    /// The scenario the product is in.
    ByScenarios {
        /// When the criterion's own words are met. A scenario that says otherwise has to give a reason.
        words_met_when: Option<Condition>,
    },
}

#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Criterion {
    pub id: String,
    /// Its number in the source.
    pub number: Option<u8>,
    pub title: String,
    #[doc(hidden)]
    pub decided: Decided,
    pub(crate) status: Decision<Status>,
    pub says: StatusTexts,
    pub notes: Vec<Note>,
    pub grounds: Grounds,
    pub place: Place,
}

#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scenario {
    pub id: String,
    /// Its number in the source; an interpretation has none.
    pub number: Option<u8>,
    pub title: String,
    #[doc(hidden)]
    pub when: Condition,
    /// Whether the product is in it; open where only some readings lead to it.
    pub(crate) applies: Decision<Truth>,
    /// Whether it takes all products that the scenarios before it leave, and has no condition of its own.
    pub otherwise: bool,
    /// The status of the criterion that the scenarios decide.
    pub criterion: Status,
    pub says: Text,
    pub short: Option<String>,
    pub notes: Vec<Note>,
    /// Why it departs from the words of that criterion, if it does so although it is published.
    pub departs_because: Option<Text>,
    pub grounds: Grounds,
    pub place: Place,
}

#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    pub id: String,
    pub kind: FindingKind,
    pub title: String,
    #[doc(hidden)]
    pub when: Condition,
    pub(crate) state: Decision<Truth>,
    pub says: Text,
    /// The text where an unsure answer leaves it open.
    pub not_sure: Option<Text>,
    pub grounds: Grounds,
    pub place: Place,
}

impl Finding {
    pub fn text_for(&self, state: FindingState) -> Option<&Text> {
        match state {
            FindingState::Holds => Some(&self.says),
            FindingState::Open => Some(self.not_sure.as_ref().unwrap_or(&self.says)),
            FindingState::DoesNotHold | FindingState::Unknown => None,
        }
    }
}

/// A topic of the application.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Topic {
    pub id: String,
    pub number: Option<u8>,
    pub title: String,
    pub prepare: Text,
    /// The questions that prepare it, as indexes.
    pub questions: Vec<usize>,
    /// Which answers prepare it, if not all do.
    #[doc(hidden)]
    pub prepared_when: Option<Condition>,
    /// Whether the answers satisfy `prepared_when`.
    pub(crate) satisfied: Decision<Truth>,
    pub grounds: Grounds,
    pub place: Place,
}

/// Something required before going live.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Obligation {
    pub id: String,
    pub title: String,
    #[doc(hidden)]
    pub met_when: Condition,
    /// Its status when that does not hold.
    pub otherwise: Status,
    pub(crate) status: Decision<Status>,
    pub says: StatusTexts,
    pub notes: Vec<Note>,
    pub grounds: Grounds,
    pub place: Place,
}

/// Answers that cannot all be true.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Contradiction {
    pub id: String,
    #[doc(hidden)]
    pub when: Condition,
    pub(crate) holds: Decision<bool>,
    pub says: Text,
    pub grounds: Grounds,
    pub place: Place,
}

/// The words for whatever is assessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub one: String,
    pub many: String,
}

impl Default for Subject {
    fn default() -> Self {
        Self { one: "product".to_owned(), many: "products".to_owned() }
    }
}

/// What letters to applicants say besides the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterTexts {
    /// Who writes, and what about.
    pub opening: String,
    pub reply: String,
}

/// A next step.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step {
    pub id: String,
    pub title: String,
    pub says: Text,
    /// The id of the page that it sends people to, if that is not the one it comes from.
    pub go_to: Option<String>,
    #[doc(hidden)]
    pub when: Option<Condition>,
    /// Where `when` does not certainly fail.
    pub(crate) shown: Decision<bool>,
    pub grounds: Grounds,
    pub place: Place,
}

#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct OutcomeText {
    pub title: String,
    pub meaning: Text,
    pub next_steps: Vec<Step>,
    pub place: Place,
}

#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fact {
    pub id: String,
    pub title: String,
    pub says: Text,
    pub outcomes: Vec<Outcome>,
    #[doc(hidden)]
    pub when: Option<Condition>,
    /// Where `when` certainly holds.
    pub(crate) shown: Decision<bool>,
    pub grounds: Grounds,
    pub place: Place,
}

#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Term {
    pub id: String,
    pub term: String,
    /// Synonyms.
    pub also: Vec<String>,
    pub meaning: Text,
    pub grounds: Grounds,
    pub place: Place,
}
