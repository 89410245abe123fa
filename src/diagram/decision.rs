//! What answers decide, as a result of a type: no number has a meaning outside it.

use std::marker::PhantomData;

use crate::outcome::{FitOutcome, Outcome, Status};

/// A diagram in a store of them, whatever its results mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref(pub(super) u32);

/// A type with few results, each of which can stand at the end of a diagram.
pub trait Leaf: Copy + Eq {
    fn to_index(self) -> usize;
    fn from_index(index: usize) -> Option<Self>;
}

/// What answers decide: a result of type `T` for each way to answer all questions. Two are equal exactly if they give the
/// same result for all answers.
#[derive(Debug)]
pub struct Decision<T> {
    pub(super) root: Ref,
    of: PhantomData<fn() -> T>,
}

impl<T> Decision<T> {
    /// The diagram, for what is the same whatever the results mean.
    pub fn root(self) -> Ref {
        self.root
    }

    /// The decision whose diagram, or part of whose diagram, this is.
    pub(crate) fn at(root: Ref) -> Self {
        Self { root, of: PhantomData }
    }

    /// The same decision, of whose results only order and equality are known.
    pub fn any(self) -> Decision<AnyResult> {
        Decision::at(self.root)
    }
}

/// A result of any type, where all that counts is whether two are equal, and which comes first.
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

// Derived, these would ask the same of `T`.
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

/// Whether something holds, where an answer that can be read in several ways may leave it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    No,
    Yes,
    /// It depends on how an answer is read.
    Open,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// The scenario that products are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InScenario {
    /// The one with this index in the rulebook.
    In(u16),
    /// None of them.
    Nowhere,
    /// It depends on how an answer is read.
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

/// Enums of which these results, and no others, are decided.
macro_rules! leaves {
    ($($name:ident: $($variant:ident)+;)+) => {$(
        impl $name {
            /// The results that answers decide, from best to worst where they are ordered.
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

/// A result, or nothing where none can be given.
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
