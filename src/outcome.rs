//! Everything that answers can come to.

use crate::named::named;

named! {
    /// The status of a criterion or an obligation.
    pub enum Status {
        /// It is met.
        Met = "met",
        /// It has to be talked through.
        ToDiscuss = "to_discuss",
        /// It is not met.
        NotMet = "not_met",
        /// Missing answers can still change it.
        Unknown = "unknown",
    }
}

named! {
    /// What the criteria come to.
    pub enum Outcome {
        /// Every criterion is met.
        MeetsCriteria = "meets_criteria",
        /// None is unmet, but at least one has to be talked through.
        NeedsDiscussion = "needs_discussion",
        /// At least one is not met.
        DoesNotMeet = "does_not_meet",
        /// Missing answers can still change it.
        Incomplete = "incomplete",
    }
}

named! {
    /// Whether the service fits the product.
    pub enum FitOutcome {
        /// Nothing speaks against it.
        Fits = "fits",
        /// It fits if something is done.
        FitsWithConditions = "fits_with_conditions",
        /// It does not.
        DoesNotFit = "does_not_fit",
        /// Missing answers can still change it.
        Unknown = "unknown",
    }
}

named! {
    /// How much a finding weighs.
    pub enum FindingKind {
        /// The service does not fit.
        Blocker = "blocker",
        /// It fits, if something is done.
        Condition = "condition",
        /// Worth knowing.
        Note = "note",
    }
}

named! {
    /// Whether a finding holds.
    pub enum FindingState {
        /// It does not.
        DoesNotHold = "does_not_hold",
        /// It does.
        Holds = "holds",
        /// An answer that can be read in several ways leaves it open.
        Open = "open",
        /// A missing answer leaves it open.
        Unknown = "unknown",
    }
}

named! {
    /// Whether a topic is prepared.
    pub enum Preparation {
        /// All its questions are answered, and nothing speaks against the answers.
        Prepared = "prepared",
        /// An answer is missing or not sure.
        Lacking = "not_prepared",
        /// The answers say that it is not so.
        Absent = "absent",
    }
}

impl From<Status> for Outcome {
    /// The outcome that the worst status of all criteria leads to.
    fn from(worst: Status) -> Self {
        match worst {
            Status::Met => Self::MeetsCriteria,
            Status::ToDiscuss => Self::NeedsDiscussion,
            Status::NotMet => Self::DoesNotMeet,
            Status::Unknown => Self::Incomplete,
        }
    }
}
