//! What a rule tests: `all`, `any`, `not`, and tests of one answer.
//!
//! A condition is only a shape. It is worked out in one way alone, by turning it into a
//! [`diagram`](crate::diagram).

use std::collections::BTreeSet;

use crate::outcome::{FitOutcome, Status};
use crate::problem::Place;
use crate::question::OptionSet;

/// A condition over the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// The answer is one of these options, or, where several can be chosen, has at least one of them.
    Is {
        /// The index of the question in the rulebook.
        question: usize,
        /// The options that satisfy it.
        options: OptionSet,
        /// Where it stands in the rule files.
        place: Place,
    },
    /// What the rules make of the answers is one of these.
    Result {
        test: ResultTest,
        /// Where it stands in the rule files.
        place: Place,
    },
}

/// A test of a result. Criteria, scenarios, topics and obligations are indexes in the rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultTest {
    /// A criterion has one of these statuses.
    Criterion(usize, Vec<Status>),
    /// The product is in one of these scenarios.
    Scenario(Vec<usize>),
    /// The fit is one of these.
    Fit(Vec<FitOutcome>),
    /// A topic is prepared.
    Prepared(usize),
    /// An obligation has one of these statuses.
    Obligation(usize, Vec<Status>),
}

/// What is left of a condition once it is known whether some results hold.
#[derive(Clone, Copy)]
pub enum Once<'c> {
    Decided(bool),
    /// Answers decide it, and the scenario, which is one for each way of reading them.
    Answers,
    /// It depends on this result, of which it is not known.
    Result(&'c ResultTest),
}

impl Condition {
    /// Every part of it, itself first, in reading order.
    pub fn parts(&self) -> Vec<&Self> {
        let inner = match self {
            Self::All(parts) | Self::Any(parts) => parts.as_slice(),
            Self::Not(part) => std::slice::from_ref(part.as_ref()),
            Self::Is { .. } | Self::Result { .. } => &[],
        };
        std::iter::once(self).chain(inner.iter().flat_map(Self::parts)).collect()
    }

    /// The same condition with another in place of one of its parts.
    #[must_use]
    pub fn with(&self, part: &Self, by: &Self) -> Self {
        let all = |parts: &[Self]| parts.iter().map(|inner| inner.with(part, by)).collect();
        match self {
            _ if std::ptr::eq(self, part) => by.clone(),
            Self::All(parts) => Self::All(all(parts)),
            Self::Any(parts) => Self::Any(all(parts)),
            Self::Not(inner) => Self::Not(Box::new(inner.with(part, by))),
            Self::Is { .. } | Self::Result { .. } => self.clone(),
        }
    }

    /// Calls `visit` with the question and options of each test, in reading order.
    pub fn tests(&self, visit: &mut impl FnMut(usize, OptionSet)) {
        for part in self.parts() {
            if let Self::Is { question, options, .. } = part {
                visit(*question, *options);
            }
        }
    }

    /// The questions that it tests, in the order of asking.
    pub fn questions(&self) -> BTreeSet<usize> {
        let tested = |part: &Self| if let Self::Is { question, .. } = part { Some(*question) } else { None };
        self.parts().into_iter().filter_map(tested).collect()
    }

    /// Each test of a result, in reading order.
    pub fn result_tests(&self) -> impl Iterator<Item = &ResultTest> {
        self.parts().into_iter().filter_map(|part| if let Self::Result { test, .. } = part { Some(test) } else { None })
    }

    /// Whether it tests answers alone.
    pub fn tests_answers_only(&self) -> bool {
        self.result_tests().next().is_none()
    }

    /// Where its first test stands in the rule files, if it has one.
    pub fn place(&self) -> Option<&Place> {
        self.parts().into_iter().find_map(|part| match part {
            Self::Is { place, .. } | Self::Result { place, .. } => Some(place),
            Self::All(_) | Self::Any(_) | Self::Not(_) => None,
        })
    }

    /// Whether the condition holds once it is known whether some results hold, or the first test of another result on
    /// which that depends.
    pub fn once<'c>(&'c self, known: &[(&ResultTest, bool)]) -> Once<'c> {
        // A part that decides stands for the whole, and one that does not is left out.
        let group = |parts: &'c [Self], decides: bool| {
            let mut whole = Once::Decided(!decides);
            for part in parts.iter().map(|part| part.once(known)) {
                match (&whole, part) {
                    (_, Once::Decided(holds)) if holds == decides => return part,
                    (_, Once::Decided(_)) | (Once::Result(_), _) | (Once::Answers, Once::Answers) => {}
                    _ => whole = part,
                }
            }
            whole
        };
        match self {
            Self::All(parts) => group(parts, false),
            Self::Any(parts) => group(parts, true),
            Self::Not(part) => match part.once(known) {
                Once::Decided(holds) => Once::Decided(!holds),
                open => open,
            },
            Self::Is { .. } | Self::Result { test: ResultTest::Scenario(_), .. } => Once::Answers,
            Self::Result { test, .. } => known
                .iter()
                .find(|(result, _)| *result == test)
                .map_or(Once::Result(test), |(_, holds)| Once::Decided(*holds)),
        }
    }
}
