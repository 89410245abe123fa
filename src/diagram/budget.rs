//! How much is looked for at most.

use std::cell::Cell;

/// The work would go past the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooIntricate;

impl std::fmt::Display for TooIntricate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("there is more to work out than the limit allows")
    }
}

impl std::error::Error for TooIntricate {}

/// The most steps of the searches of one assessment.
pub const MAX_STEPS: usize = 60_000_000;

/// How much there may still be: how many steps a search may take, or how many bytes what it finds may fill. One assessment
/// has one budget for all that it looks for, because a few lines of rules are enough for more smallest sets than could
/// ever be listed.
#[derive(Debug)]
pub struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self::of(MAX_STEPS)
    }
}

impl Budget {
    pub fn of(steps: usize) -> Self {
        Self(Cell::new(steps))
    }

    /// Takes so much of it.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), TooIntricate> {
        // Once it is used up it stays so: what comes later is not looked for either.
        self.0.set(self.0.get().saturating_sub(steps));
        if self.0.get() == 0 { Err(TooIntricate) } else { Ok(()) }
    }
}

/// The sets, the smallest first, that have no other of them inside.
pub(super) fn minimal<S>(
    sets: Vec<S>,
    budget: &Budget,
    inside: impl Fn(&S, &S) -> bool,
) -> Result<Vec<S>, TooIntricate> {
    let mut kept: Vec<S> = Vec::new();
    for set in sets {
        budget.spend(kept.len() + 1)?;
        if !kept.iter().any(|small| inside(small, &set)) {
            kept.push(set);
        }
    }
    Ok(kept)
}
