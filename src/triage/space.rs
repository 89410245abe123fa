//! Combinations of letters, numbered, and what is known of one.

use std::collections::BTreeSet;

use crate::diagram::{Diagrams, QuestionSet, Var};

/// The most combinations of letters that a table has room for from the start.
const MAX_DENSE: u128 = 1 << 16;

/// A set of criteria: bit `i` is criterion `i` of the rules.
pub type CriterionSet = u128;

/// Every combination of letters of some variables, missing answers included, numbered.
#[derive(Debug)]
pub(super) struct Space {
    /// Each variable with what one letter more adds to the number.
    pub(super) strides: Vec<(Var, u128)>,
    /// How many combinations there are; `None` if that is more than can be numbered.
    pub(super) size: Option<u128>,
}

impl Space {
    pub(super) fn new(diagrams: &Diagrams, vars: BTreeSet<Var>) -> Self {
        let mut size = Some(1u128);
        let mut strides = Vec::new();
        for var in vars {
            strides.push((var, size.unwrap_or(0)));
            let letters = u128::from(diagrams.variables().all()[var].letters) + 1;
            size = size.and_then(|size| size.checked_mul(letters));
        }
        Self { strides, size }
    }

    pub(super) fn dense(&self) -> bool {
        self.size.is_some_and(|size| size <= MAX_DENSE)
    }
}

/// What is known about one combination of letters of a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// What the worst status can still be.
    pub(super) statuses: u8,
    /// The missing answers that matter while the rest of the outcome is at least met, to discuss, or not met.
    pub(super) missing: [QuestionSet; 3],
    pub(super) met: CriterionSet,
    pub(super) not_met: CriterionSet,
    pub(super) to_discuss: CriterionSet,
}
