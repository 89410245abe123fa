//! A column of the result: what is decided, for missing answers too.

use crate::diagram::{Decision, Diagrams, Leaf, Ref, TooIntricate};
use crate::rulebook::Status;

/// The statuses that are still possible: 1 for met, 2 for to discuss, 4 for not met, added up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Statuses(pub(super) u8);

impl Statuses {
    pub(super) fn only(status: Status) -> Self {
        Self(1 << status.to_index())
    }
}

impl Leaf for Statuses {
    fn to_index(self) -> usize {
        usize::from(self.0)
    }

    fn from_index(index: usize) -> Option<Self> {
        u8::try_from(index).ok().map(Self)
    }
}

/// A column of the result: what is decided, for missing answers too.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) root: Ref,
    /// What each result is in SQL.
    pub(super) results: Vec<(Ref, String)>,
}

impl Column {
    pub(super) fn of<T: Leaf>(
        diagrams: &Diagrams,
        name: String,
        decision: Decision<T>,
        words: impl Fn(T) -> String,
    ) -> Self {
        let ends = diagrams.ends(decision.root()).into_iter();
        let results = ends.filter_map(|end| Some((end, words(Diagrams::result(Decision::at(end))?)))).collect();
        Self { name, root: decision.root(), results }
    }

    /// A result only where all ways to fill in what is missing agree on it.
    pub(super) fn settled<T: Leaf>(
        diagrams: &mut Diagrams,
        name: String,
        decision: Decision<T>,
        words: impl Fn(Option<T>) -> String,
    ) -> Result<Self, TooIntricate> {
        let known = diagrams.map(decision, Some)?;
        let settled = diagrams.with_missing(known, |a, b| if a == b { a } else { None })?;
        Ok(Self::of(diagrams, name, settled, words))
    }

    /// The number of a result, as many digits as the largest has.
    pub(super) fn code(&self, end: Ref) -> String {
        let number = self.results.iter().position(|(result, _)| *result == end).unwrap_or_default();
        format!("{number:0width$}", width = self.width())
    }

    pub(super) fn width(&self) -> usize {
        self.results.len().saturating_sub(1).to_string().len()
    }
}
