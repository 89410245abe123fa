//! The steps of a conversation, and how it ends.

use crate::prompter::Stop;

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person wants the report.
    Finished,
    Quit,
}

/// Why a conversation broke off. Everything answered before has been saved.
#[derive(Debug)]
pub enum Halt<E> {
    /// Nothing more can be asked.
    Stopped(Stop),
    /// An answer could not be saved.
    NotSaved(E),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Product,
    Question(usize),
    Evidence(usize),
    /// What to go on with.
    Offers,
}

/// Where a way through steps leads.
pub(super) enum Way {
    On(Step),
    ToReview,
    Out(End),
}

/// The steps that "back" goes through.
#[derive(Default)]
pub(super) struct Trail {
    pub(super) passed: Vec<Step>,
    /// The steps gone back over, nearest last.
    pub(super) ahead: Vec<Step>,
    /// What is put right, if the person came from the review and goes back to it.
    pub(super) corrects: Option<Step>,
}
