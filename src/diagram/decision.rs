//! Decisions: diagrams with results of a type.

use std::marker::PhantomData;

use crate::outcome::{FitOutcome, Outcome, Status};

/// A diagram in a store, whatever its results mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref(pub(super) u32);

/// A result that can be a leaf of a diagram.
pub trait Leaf: Copy + Eq {
    fn to_index(self) -> usize;
    fn from_index(index: usize) -> Option<Self>;
}

/// A result of type `T` for each way to answer all questions. Two decisions of a store are equal exactly if they give
/// the same results.
#[derive(Debug)]
pub struct Decision<T> {
    pub(super) root: Ref,
    of: PhantomData<fn() -> T>,
}

impl<T> Decision<T> {
    pub fn root(self) -> Ref {
        self.root
    }

    pub(crate) fn at(root: Ref) -> Self {
        Self { root, of: PhantomData }
    }

    pub fn any(self) -> Decision<AnyResult> {
        Decision::at(self.root)
    }
}

/// A result of any type: only order and equality count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnyResult(usize);

impl Leaf for AnyResult {
    fn to_index(self) -> usize {
        self.0
    }

    fn from_index(index: usize) -> Option<Self> {
        Some(Self(index))
    }
}

// Derived, these would have the same bounds on `T`.
impl<T> Clone for Decision<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Decision<T> {}
impl<T> PartialEq for Decision<T> {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}
impl<T> Eq for Decision<T> {}

/// Whether something holds, which an answer with several readings may leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    No,
    Yes,
    /// It depends on the reading of an answer.
    Open,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InScenario {
    /// The one with this index in the rulebook.
    In(u16),
    /// None of them.
    Nowhere,
    /// It depends on the reading of an answer.
    Open,
}

impl Leaf for bool {
    fn to_index(self) -> usize {
        usize::from(self)
    }

    fn from_index(index: usize) -> Option<Self> {
        [false, true].get(index).copied()
    }
}

/// Declares which variants of an enum are results, from best to worst where they are ordered.
macro_rules! leaves {
    ($($name:ident: $($variant:ident)+;)+) => {$(
        impl $name {
            pub const DECIDED: &[Self] = &[$(Self::$variant),+];
        }

        impl Leaf for $name {
            fn to_index(self) -> usize {
                Self::DECIDED.iter().position(|result| *result == self).unwrap_or(Self::DECIDED.len())
            }

            fn from_index(index: usize) -> Option<Self> {
                Self::DECIDED.get(index).copied()
            }
        }
    )+};
}

leaves! {
    Truth: No Yes Open;
    Status: Met ToDiscuss NotMet;
    Outcome: MeetsCriteria NeedsDiscussion DoesNotMeet;
    FitOutcome: Fits FitsWithConditions DoesNotFit;
}

impl Leaf for InScenario {
    fn to_index(self) -> usize {
        match self {
            Self::Nowhere => 0,
            Self::Open => 1,
            Self::In(index) => 2 + usize::from(index),
        }
    }

    fn from_index(index: usize) -> Option<Self> {
        match index {
            0 => Some(Self::Nowhere),
            1 => Some(Self::Open),
            index => u16::try_from(index - 2).ok().map(Self::In),
        }
    }
}

impl<T: Leaf> Leaf for Option<T> {
    fn to_index(self) -> usize {
        self.map_or(0, |result| 1 + result.to_index())
    }

    fn from_index(index: usize) -> Option<Self> {
        match index.checked_sub(1) {
            None => Some(None),
            Some(index) => T::from_index(index).map(Some),
        }
    }
}
