//! Texts → answers.

use std::fmt;

use super::likeness::likely_option;
use super::{Answer, Kind, NOT_SURE, OptionSet, Question, folded, is_unsure, says_not_sure};
use crate::problem::{Code, Place, Problem, did_you_mean, suggestion};

/// Why a text is not an answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
    pub hint: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.hint)
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// The refusal as a problem.
    pub(crate) fn at(self, place: Place) -> Problem {
        Problem::at(self.code, place, self.message).hint(self.hint)
    }
}

impl Question {
    /// Whether this text answers "not sure" to this question.
    pub fn is_not_sure(&self, words: &str) -> bool {
        self.takes_not_sure() && says_not_sure(words)
    }

    /// The option with this value. A refusal suggests the most similar one, or all of them.
    pub fn option(&self, word: &str) -> Result<usize, Refusal> {
        let same = |value: &str| match (self.kind, value) {
            (Kind::YesNo, "yes") => ["yes", "true"].iter().any(|w| w.eq_ignore_ascii_case(word)),
            (Kind::YesNo, _) => ["no", "false"].iter().any(|w| w.eq_ignore_ascii_case(word)),
            _ => value == word,
        };
        self.values().position(same).ok_or_else(|| Refusal {
            code: Code::UnknownValue,
            message: format!("`{word}` is not an answer to `{}`", self.id),
            hint: self.hint_for(word),
        })
    }

    /// The values that a text joins in another way, as a list has them.
    pub(crate) fn listed(&self, text: &str) -> Option<String> {
        let words: Vec<&str> = text.split([';', ',', ' ', '/']).filter(|word| !["", "and"].contains(word)).collect();
        let all = self.kind == Kind::Choices && words.iter().all(|word| self.values().any(|value| value == *word));
        (all && !words.is_empty()).then(|| words.join(", "))
    }

    /// A hint about a text that is no answer.
    pub(crate) fn hint_for(&self, text: &str) -> String {
        if let Some(listed) = self.listed(text).filter(|listed| listed.contains(' ')) {
            return did_you_mean(text, &listed);
        }
        match likely_option(self, text) {
            Some(option) => did_you_mean(text, &self.options[option].value),
            None if self.takes_not_sure() && is_unsure(&folded(text)) => did_you_mean(text, NOT_SURE[0]),
            None => suggestion("", self.values().chain(self.takes_not_sure().then_some(NOT_SURE[0]))),
        }
    }

    /// An answer in the person's own words.
    pub fn text(&self, words: &str) -> Result<String, Refusal> {
        let (code, fault) = match words.trim() {
            "" => (Code::EmptyText, format!("the answer to `{}` is empty", self.id)),
            text if says_not_sure(text) => (Code::WrongAnswerKind, format!("`{text}` is no answer to `{}`", self.id)),
            _ => return Ok(words.to_owned()),
        };
        let hint = "write the answer, or nothing after the colon if it is missing".to_owned();
        Err(Refusal { code, message: fault, hint })
    }

    /// The options with these values. Each that is unknown or repeated is refused, and those that exclude each other.
    pub fn option_set<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Result<OptionSet, Vec<Refusal>> {
        let (mut set, mut refusals): (OptionSet, _) = (0, Vec::new());
        for word in words {
            match self.option(word) {
                Ok(index) if set & (1 << index) != 0 => refusals.push(Refusal {
                    code: Code::ConflictingValues,
                    message: format!("`{word}` stands twice"),
                    hint: "delete one of the two".to_owned(),
                }),
                Ok(index) => set |= 1 << index,
                Err(refusal) => refusals.push(refusal),
            }
        }
        match self.none() {
            Some(none) if set & (1 << none) == 0 => {}
            Some(none) if set.count_ones() > 1 => {
                let none = &self.options[none].value;
                refusals.push(Refusal {
                    code: Code::ConflictingValues,
                    message: format!("`{none}` cannot be combined with other values"),
                    hint: format!("keep `{none}` alone, or delete it"),
                });
            }
            Some(_) => set = 0,
            None if set == 0 && refusals.is_empty() => refusals.push(Refusal {
                code: Code::NothingChosen,
                message: format!("this list is empty, and `{}` needs at least one value", self.id),
                hint: "write a value, or nothing at all if the answer is missing".to_owned(),
            }),
            None => {}
        }
        if refusals.is_empty() { Ok(set) } else { Err(refusals) }
    }

    /// An answer as on a command line or in a CSV cell, with `;` or `,` between several values.
    pub fn answer(&self, words: &str) -> Result<Answer, Vec<Refusal>> {
        let words = words.trim();
        if self.is_not_sure(words) {
            return Ok(Answer::NotSure);
        }
        match self.kind {
            Kind::Text => self.text(words).map(Answer::Text).map_err(|refusal| vec![refusal]),
            Kind::YesNo | Kind::Choice => self.option(words).map(Answer::One).map_err(|refusal| vec![refusal]),
            Kind::Choices => self
                .option_set(words.split([';', ',']).map(str::trim).filter(|word| !word.is_empty()))
                .map(Answer::Many),
        }
    }
}
