//! What a rule tests: `all`, `any`, `not`, and tests of one answer.
//!
//! A condition is only a shape. It is worked out in one way alone, by turning it into a
//! [`diagram`](crate::diagram).

use crate::problem::Place;
use crate::question::OptionSet;

/// A condition over the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Every one holds.
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
}

impl Condition {
    /// Calls `visit` with the question and options of each test, in reading order.
    pub fn tests(&self, visit: &mut impl FnMut(usize, OptionSet)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.tests(visit)),
            Self::Not(part) => part.tests(visit),
            Self::Is { question, options, .. } => visit(*question, *options),
        }
    }
}
