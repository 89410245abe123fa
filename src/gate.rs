//! Gates: how far a product must have got, whether it has, and the exit code for that.

use crate::assessment::{Assessment, FindingResult, FindingState, FitOutcome, FitResult, Preparation};
use crate::named::named;
use crate::outcome::{FindingKind, Outcome, Status};
use crate::rulebook::Rulebook;

/// Exit codes from worst to best: of several products the worst counts.
const WORST_FIRST: [u8; 6] = [1, 2, 4, 3, 5, 0];

/// The worst of several exit codes. If there are none, nothing was checked, which is never a pass.
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
        /// Everything needed before going live is there.
        GoLive = "go-live",
    }
}

named! {
    /// The result of a gate, from best to worst.
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
    /// Whether the rules have anything that this gate asks for and earlier gates do not.
    pub fn exists(self, rulebook: &Rulebook) -> bool {
        match self {
            Self::Eligibility => true,
            Self::Application => {
                let blocks = rulebook.findings.iter().any(|finding| finding.kind == FindingKind::Blocker);
                blocks || !rulebook.topics.is_empty()
            }
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

    /// The outcome that corresponds to this result.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Passes => Outcome::MeetsCriteria,
            Self::NeedsDiscussion => Outcome::NeedsDiscussion,
            Self::Fails => Outcome::DoesNotMeet,
            Self::Incomplete => Outcome::Incomplete,
        }
    }
}

/// An outcome passes if `--fail-on` names others only.
fn unless_tolerated(passage: Passage, fail_on: Option<&[Outcome]>) -> Passage {
    if fail_on.is_none_or(|outcomes| outcomes.contains(&passage.outcome())) { passage } else { Passage::Passes }
}

/// The exit code at the first gate, which asks for nothing but the outcome and the fit.
pub fn exit_code(outcome: Outcome, fit: FitOutcome, fail_on: Option<&[Outcome]>) -> u8 {
    unless_tolerated(of_outcome(outcome), fail_on).max(blocked(fit)).exit_code()
}

impl Judgement {
    /// The exit code. `--fail-on` applies to the outcome only: a blocker, and whatever else a gate asks for, always fail.
    pub fn exit_code(&self, fail_on: Option<&[Outcome]>) -> u8 {
        let left = self.lacking.iter().map(|(id, passage)| match id.as_str() {
            OUTCOME => unless_tolerated(*passage, fail_on),
            _ => *passage,
        });
        left.max().unwrap_or(Passage::Passes).exit_code()
    }
}

/// The id of the outcome in [`Judgement::lacking`].
const OUTCOME: &str = "outcome";

/// The result of a gate, with everything that keeps a product from passing it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Judgement {
    pub gate: Gate,
    /// The worst of what is lacking.
    pub passage: Passage,
    /// What keeps the product from passing, by id: `outcome`, `fit`, topics, obligations.
    pub lacking: Vec<(String, Passage)>,
}

/// The result of the first gate, which asks for nothing but the outcome and the fit.
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

/// The result of the last gate for one obligation. Not to be sure of it counts as not having it.
pub fn of_obligation(status: Status) -> Passage {
    match status {
        Status::Met => Passage::Passes,
        Status::NotMet => Passage::Fails,
        Status::ToDiscuss | Status::Unknown => Passage::Incomplete,
    }
}

/// A known blocker fails every gate. Later gates also require that no blocker is open.
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
