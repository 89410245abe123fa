//! What rules are made of, each kind with its texts, its conditions and what they decide. What a key of the rule files
//! means, [`keys`](super::keys) says; `place` is where the rule stands in them.

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
    /// Where it is, if that is a safe address that can be made a link as it stands.
    pub fn link(&self) -> Option<&str> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
        (self.url.starts_with("https://") && self.url.chars().all(plain)).then_some(self.url.as_str())
    }
}

/// What introduces a section of the interview.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SectionText {
    pub title: String,
    pub intro: Text,
    pub place: Place,
}

/// What is said for each status that can happen.
#[derive(Clone, Debug, Default)]
pub struct StatusTexts {
    pub(super) texts: [Option<Text>; 4],
    pub(super) short: [Option<String>; 4],
}

impl StatusTexts {
    pub fn text(&self, status: Status) -> Option<&Text> {
        self.texts[status as usize].as_ref()
    }

    /// The text for a status as a person reads it.
    pub fn for_status(&self, status: Status) -> Option<&str> {
        self.text(status).map(Text::as_str)
    }

    /// The same in a few words, if the rules have them.
    pub fn short(&self, status: Status) -> Option<&str> {
        self.short[status as usize].as_deref()
    }
}

/// An extra sentence, shown where its condition certainly holds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Note {
    #[doc(hidden)]
    pub when: Condition,
    /// Whether it is certainly to be told.
    #[doc(hidden)]
    pub told: Decision<bool>,
    pub says: Text,
    pub place: Place,
}

/// What decides a criterion.
#[derive(Clone, Debug)]
pub enum Decided {
    ByConditions {
        met_when: Condition,
        /// Otherwise to be discussed when this holds.
        discuss_when: Option<Condition>,
        otherwise: Status,
    },
    /// The scenario the product is in.
    ByScenarios {
        /// When the criterion's own words are met. The scenarios may say otherwise, but not without a reason.
        words_met_when: Option<Condition>,
    },
}

/// What a product has to meet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Criterion {
    pub id: String,
    /// Its number in the source, in reading order.
    pub number: Option<u8>,
    pub title: String,
    #[doc(hidden)]
    pub decided: Decided,
    #[doc(hidden)]
    pub status: Decision<Status>,
    pub says: StatusTexts,
    pub notes: Vec<Note>,
    pub grounds: Grounds,
    pub place: Place,
}

/// A case in which the source decides one of the criteria.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scenario {
    pub id: String,
    /// Its number in the source; an interpretation has none.
    pub number: Option<u8>,
    pub title: String,
    #[doc(hidden)]
    pub when: Condition,
    /// Whether it is the scenario, for all answers: open where only some ways of reading them lead to it.
    #[doc(hidden)]
    pub within: Decision<Truth>,
    /// Whether those are all that the scenarios before it leave, so that it has no condition of its own.
    pub otherwise: bool,
    /// What it makes of the criterion that the scenarios decide.
    pub criterion: Status,
    pub says: Text,
    pub short: Option<String>,
    pub notes: Vec<Note>,
    /// Why it departs from the words of the criterion it decides, if it does so although it is published.
    pub departs_because: Option<Text>,
    pub grounds: Grounds,
    pub place: Place,
}

/// Something about whether the service fits the product.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    pub id: String,
    pub kind: FindingKind,
    pub title: String,
    #[doc(hidden)]
    pub when: Condition,
    #[doc(hidden)]
    pub state: Decision<Truth>,
    pub says: Text,
    /// What is said when a "not sure" leaves it open.
    pub not_sure: Option<Text>,
    pub grounds: Grounds,
    pub place: Place,
}

impl Finding {
    /// What is said of it in this state, if anything.
    pub fn said(&self, state: FindingState) -> Option<&Text> {
        match state {
            FindingState::Holds => Some(&self.says),
            FindingState::Open => Some(self.not_sure.as_ref().unwrap_or(&self.says)),
            FindingState::DoesNotHold | FindingState::Unknown => None,
        }
    }
}

/// Something the applicant will be asked about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Topic {
    pub id: String,
    pub number: Option<u8>,
    pub title: String,
    pub prepare: Text,
    /// The questions that prepare it, as indexes.
    pub questions: Vec<usize>,
    /// What their answers have to be, if not any will do.
    #[doc(hidden)]
    pub prepared_when: Option<Condition>,
    /// The same, worked out.
    #[doc(hidden)]
    pub fine: Decision<Truth>,
    pub grounds: Grounds,
    pub place: Place,
}

/// Something owed before going live.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Obligation {
    pub id: String,
    pub title: String,
    #[doc(hidden)]
    pub met_when: Condition,
    /// What it is when that does not hold.
    pub otherwise: Status,
    #[doc(hidden)]
    pub status: Decision<Status>,
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
    /// Whether they certainly do.
    #[doc(hidden)]
    pub holds: Decision<bool>,
    /// What is said of it, and how to mend it.
    pub says: Text,
    pub grounds: Grounds,
    pub place: Place,
}

/// What is assessed, in words.
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

/// What letters to applicants say beside the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterTexts {
    /// Who writes, and what about.
    pub opening: String,
    pub reply: String,
}

/// Something to do next.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step {
    pub id: String,
    pub title: String,
    pub says: Text,
    /// For whom it is, if not for everybody.
    #[doc(hidden)]
    pub when: Option<Condition>,
    /// Whether it may be for the applicant.
    #[doc(hidden)]
    pub shown: Decision<bool>,
    pub grounds: Grounds,
    pub place: Place,
}

/// What is said about an outcome.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct OutcomeText {
    pub title: String,
    pub meaning: Text,
    pub next_steps: Vec<Step>,
    pub place: Place,
}

/// Something an applicant wants to know.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fact {
    pub id: String,
    pub title: String,
    pub says: Text,
    pub outcomes: Vec<Outcome>,
    /// For whom it is, if not for everybody.
    #[doc(hidden)]
    pub when: Option<Condition>,
    /// Whether it certainly is for the applicant.
    #[doc(hidden)]
    pub shown: Decision<bool>,
    pub grounds: Grounds,
    pub place: Place,
}

/// A word explained.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Term {
    pub id: String,
    pub term: String,
    /// What else people call it.
    pub also: Vec<String>,
    pub meaning: Text,
    pub grounds: Grounds,
    pub place: Place,
}
