//! How far a product must have got, and whether it has: what an assessment means for a script.

use crate::assessment::{Assessment, FindingResult, FindingState, FitOutcome, FitResult, Preparation};
use crate::named::named;
use crate::outcome::{FindingKind, Outcome, Status};
use crate::rulebook::Rulebook;

/// Exit codes from worst to best, as they weigh against each other when several products are checked.
const WORST_FIRST: [u8; 6] = [1, 2, 4, 3, 5, 0];

/// The worst of several exit codes. Without any nothing was checked, which is never a pass.
pub fn worst(codes: impl IntoIterator<Item = u8>) -> u8 {
    let rank = |code: &u8| WORST_FIRST.iter().position(|known| known == code).unwrap_or(0);
    codes.into_iter().min_by_key(rank).unwrap_or(WORST_FIRST[0])
}

named! {
    /// How far the product must have got. Each gate asks for all that those before it ask for.
    #[non_exhaustive]
    pub enum Gate {
        /// The criteria are met, and nothing blocks the fit.
        Eligibility = "eligibility",
        /// The fit is known and every topic of the application is prepared.
        Application = "application",
        /// Everything owed before going live is there.
        GoLive = "go-live",
    }
}

named! {
    /// What a gate makes of a product, from best to worst.
    pub enum Passage {
        /// It passes.
        Passes = "passes",
        /// Something the gate asks for is missing.
        Incomplete = "incomplete",
        /// Something has to be talked through.
        NeedsDiscussion = "needs_discussion",
        /// Something the gate asks for is not so.
        Fails = "fails",
    }
}

impl Gate {
    /// Whether rules have anything that this gate asks for and those before it do not.
    pub fn is_there(self, rulebook: &Rulebook) -> bool {
        match self {
            Self::Eligibility => true,
            Self::Application => !rulebook.topics.is_empty(),
            Self::GoLive => !rulebook.obligations.is_empty(),
        }
    }
}

impl Passage {
    /// The exit code, the same in every format.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Passes => 0,
            Self::NeedsDiscussion => 3,
            Self::Fails => 4,
            Self::Incomplete => 5,
        }
    }

    /// The outcome whose name stands for this result, on the command line and in reports.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Passes => Outcome::MeetsCriteria,
            Self::NeedsDiscussion => Outcome::NeedsDiscussion,
            Self::Fails => Outcome::DoesNotMeet,
            Self::Incomplete => Outcome::Incomplete,
        }
    }
}

named! {
    /// The outcomes that can be failed on.
    pub enum FailOn {
        /// Exit code 3
        NeedsDiscussion = "needs_discussion",
        /// Exit code 4
        DoesNotMeet = "does_not_meet",
        /// Exit code 5
        Incomplete = "incomplete",
    }
}

impl FailOn {
    /// What is left of an outcome where some are chosen to fail: a pass, if it is none of them.
    pub fn left(chosen: Option<&[Self]>, outcome: Passage) -> Passage {
        let fails = |chosen: &[Self]| chosen.iter().any(|fail| fail.id() == outcome.outcome().id());
        if chosen.is_none_or(fails) { outcome } else { Passage::Passes }
    }
}

/// The exit code of a product that has nothing but its outcome and its fit to answer for.
pub fn exit_code(outcome: Outcome, fit: FitOutcome, fail_on: Option<&[FailOn]>) -> u8 {
    FailOn::left(fail_on, of_outcome(outcome)).max(blocked(fit)).exit_code()
}

impl Judgement {
    /// The exit code. `--fail-on` picks among outcomes: a blocker, and what a gate asks for, fail all the same.
    pub fn exit_code(&self, fail_on: Option<&[FailOn]>) -> u8 {
        let left = self.lacking.iter().map(|(id, passage)| match id.as_str() {
            OUTCOME => FailOn::left(fail_on, *passage),
            _ => *passage,
        });
        left.max().unwrap_or(Passage::Passes).exit_code()
    }
}

/// What stands for the outcome among what is lacking.
const OUTCOME: &str = "outcome";

/// What a gate says, with everything that keeps a product from passing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Judgement {
    pub gate: Gate,
    /// The worst of what stands in the way.
    pub passage: Passage,
    /// What stands in the way, by id: `outcome`, `fit`, topics, obligations.
    pub lacking: Vec<(String, Passage)>,
}

/// What the first gate makes of a product, which asks for nothing but its outcome and its fit.
pub fn at_eligibility(outcome: Outcome, fit: FitOutcome) -> Passage {
    of_outcome(outcome).max(blocked(fit))
}

/// A known blocker fails every gate.
fn blocked(fit: FitOutcome) -> Passage {
    if fit == FitOutcome::DoesNotFit { Passage::Fails } else { Passage::Passes }
}

fn of_outcome(outcome: Outcome) -> Passage {
    match outcome {
        Outcome::MeetsCriteria => Passage::Passes,
        Outcome::NeedsDiscussion => Passage::NeedsDiscussion,
        Outcome::DoesNotMeet => Passage::Fails,
        Outcome::Incomplete => Passage::Incomplete,
    }
}

/// What the last gate makes of an obligation. Not being sure of it is not having it.
pub fn of_obligation(status: Status) -> Passage {
    match status {
        Status::Met => Passage::Passes,
        Status::NotMet => Passage::Fails,
        Status::ToDiscuss | Status::Unknown => Passage::Incomplete,
    }
}

/// A known blocker fails every gate. Those after the first ask that every blocker is known.
fn of_fit(gate: Gate, fit: &FitResult<'_>) -> Passage {
    let open = |result: &FindingResult<'_>| {
        result.finding.kind == FindingKind::Blocker
            && matches!(result.state, FindingState::Open | FindingState::Unknown)
    };
    match fit.outcome {
        FitOutcome::DoesNotFit => Passage::Fails,
        _ if gate >= Gate::Application && fit.findings.iter().any(open) => Passage::Incomplete,
        FitOutcome::Fits | FitOutcome::FitsWithConditions | FitOutcome::Unknown => Passage::Passes,
    }
}

/// Whether a product passes a gate.
pub fn judge(gate: Gate, assessment: &Assessment<'_>) -> Judgement {
    let mut lacking = Vec::new();
    let mut lacks = |id: &str, passage: Passage| {
        if passage != Passage::Passes {
            lacking.push((id.to_owned(), passage));
        }
    };
    lacks(OUTCOME, of_outcome(assessment.outcome));
    lacks("fit", of_fit(gate, &assessment.fit));
    if gate >= Gate::Application {
        for topic in &assessment.application {
            lacks(
                &topic.topic.id,
                match topic.preparation {
                    Preparation::Prepared => Passage::Passes,
                    Preparation::Lacking => Passage::Incomplete,
                    Preparation::Absent => Passage::Fails,
                },
            );
        }
    }
    if gate >= Gate::GoLive {
        for owed in &assessment.go_live {
            lacks(&owed.obligation.id, of_obligation(owed.status));
        }
    }
    let passage = lacking.iter().map(|(_, passage)| *passage).max().unwrap_or(Passage::Passes);
    Judgement { gate, passage, lacking }
}
