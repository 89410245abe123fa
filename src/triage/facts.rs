//! The facts that triage shows of a product.

use crate::answers::Answers;
use crate::assessment::{Assessment, FindingState, TopicResult};
use crate::diagram::{Leaf, QuestionSet, Value};
use crate::intake::Report;
use crate::outcome::FitOutcome;
use crate::question::Question;
use crate::rulebook::{Contradiction, Finding, FindingKind, Outcome, RuleKind, Rulebook, Status};
use crate::style::Tone;

/// A set of criteria: bit `i` is criterion `i` of the rules.
pub type CriterionSet = u128;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Facts {
    /// The outcomes still reachable: bit `i` is [`Outcome::DECIDED`]`[i]`.
    pub possible: u8,
    /// The index of the scenario, once decided.
    pub scenario: Option<u16>,
    pub met: CriterionSet,
    pub not_met: CriterionSet,
    pub to_discuss: CriterionSet,
    /// The missing answers that can still change the outcome.
    pub missing: QuestionSet,
    pub fit: FitOutcome,
    /// The findings that hold: bit `i` is finding `i` of the rules.
    pub findings: u128,
    pub possible_scenarios: u128,
    /// The missing answers that can still change something else of eligibility.
    pub also_missing: QuestionSet,
    /// The topics that are prepared, and the obligations that are met. Only of a record that was assessed in full.
    pub topics: u128,
    pub obligations: u128,
    /// The contradictions that certainly hold.
    pub contradictions: u128,
    /// What the gate asks for and the record lacks, in the order of `gated`. Only of a record that was assessed in full.
    pub lacking: u128,
}

/// The most rules of a kind that a set of them can hold.
pub const MAX_RULES: usize = CriterionSet::BITS as usize;

/// The kind of rule of which there are more than [`MAX_RULES`], if there is one.
pub fn too_many(rulebook: &Rulebook) -> Option<RuleKind> {
    let kinds = [
        (RuleKind::Criterion, rulebook.criteria.len()),
        (RuleKind::Scenario, rulebook.scenarios.len()),
        (RuleKind::Finding, rulebook.findings.len()),
        (RuleKind::Topic, rulebook.topics.len()),
        (RuleKind::Obligation, gated(rulebook).count()),
        (RuleKind::Contradiction, rulebook.contradictions.len()),
    ];
    kinds.into_iter().find(|(_, count)| *count > MAX_RULES).map(|(kind, _)| kind)
}

impl Facts {
    /// The facts by rules without any decision.
    pub(super) const NOTHING: Self = Self {
        possible: 0b001,
        scenario: None,
        met: 0,
        not_met: 0,
        to_discuss: 0,
        missing: 0,
        fit: FitOutcome::Fits,
        findings: 0,
        possible_scenarios: 0,
        also_missing: 0,
        topics: 0,
        obligations: 0,
        contradictions: 0,
        lacking: 0,
    };

    pub fn outcome(&self) -> Outcome {
        if self.possible.is_power_of_two() {
            Outcome::DECIDED[self.possible.trailing_zeros() as usize]
        } else {
            Outcome::Incomplete
        }
    }

    pub fn of(assessment: &Assessment<'_>, answers: &Answers, rulebook: &Rulebook) -> Self {
        let with = |status: Status| set(assessment.criteria.iter().map(|result| result.status == status));
        let questions = |found: &[&Question]| {
            set(rulebook.questions.iter().map(|own| found.iter().any(|question| std::ptr::eq(own, *question))))
        };
        let scenario = assessment.scenario.as_ref();
        let scenario =
            scenario.and_then(|found| rulebook.scenarios.iter().position(|own| std::ptr::eq(own, found.scenario)));
        let possible = &assessment.possible_scenarios;
        let possible = rulebook.scenarios.iter().map(|own| possible.iter().any(|found| std::ptr::eq(own, *found)));
        let given = answers.assignment(rulebook);
        let holds = |found: &Contradiction| rulebook.diagrams.settled(found.holds, &given) == Some(true);
        Self {
            possible: results(assessment.possible_outcomes.clone()),
            scenario: scenario.and_then(|index| u16::try_from(index).ok()),
            met: with(Status::Met),
            not_met: with(Status::NotMet),
            to_discuss: with(Status::ToDiscuss),
            missing: questions(&assessment.missing),
            fit: assessment.fit.outcome,
            findings: set(assessment.fit.findings.iter().map(|result| result.state == FindingState::Holds)),
            possible_scenarios: set(possible),
            also_missing: questions(&assessment.also_missing),
            topics: set(assessment.application.iter().map(TopicResult::prepared)),
            obligations: set(assessment.go_live.iter().map(|result| result.status == Status::Met)),
            contradictions: set(rulebook.contradictions.iter().map(holds)),
            lacking: 0,
        }
    }

    /// The facts of a report, with what its gate found lacking.
    pub(super) fn of_report(report: &Report<'_>) -> Self {
        let lacking = &report.judgement.lacking;
        let is_lacking = |wanted: &str| lacking.iter().any(|(id, _)| id == wanted);
        let facts = Self::of(&report.assessment, &report.answers, report.rulebook);
        Self { lacking: set(gated(report.rulebook).map(|(id, _)| is_lacking(id))), ..facts }
    }
}

/// Everything a gate can ask for: its id in a judgement, and its name.
pub(super) fn gated(rulebook: &Rulebook) -> impl Iterator<Item = (&str, &str)> {
    let topics = rulebook.topics.iter().map(|topic| (topic.id.as_str(), topic.title.as_str()));
    let owed = rulebook.obligations.iter().map(|owed| (owed.id.as_str(), owed.title.as_str()));
    [("outcome", "outcome"), ("fit", "an answer on fit")].into_iter().chain(topics).chain(owed)
}

/// What the gate asks for and a product lacks, without what its outcome and its fit say already.
pub(super) fn lacking<'r>(facts: &Facts, rulebook: &'r Rulebook) -> impl Iterator<Item = (&'r str, &'r str)> {
    let said = if facts.fit == FitOutcome::DoesNotFit { 2 } else { 1 };
    let all: Vec<_> = gated(rulebook).collect();
    members(facts.lacking).filter(move |index| *index >= said).map(move |index| all[index])
}

pub(super) fn blockers<'r>(facts: &Facts, rulebook: &'r Rulebook) -> impl Iterator<Item = &'r Finding> {
    members(facts.findings).map(|index| &rulebook.findings[index]).filter(|it| it.kind == FindingKind::Blocker)
}

/// How good the result is, blockers included.
pub(super) fn tone(facts: &Facts, rulebook: &Rulebook) -> Tone {
    match facts.outcome() {
        Outcome::DoesNotMeet => Tone::Bad,
        Outcome::MeetsCriteria if blockers(facts, rulebook).next().is_none() => Tone::Good,
        Outcome::MeetsCriteria | Outcome::NeedsDiscussion | Outcome::Incomplete => Tone::Caution,
    }
}

pub(super) fn set_of(members: impl IntoIterator<Item = usize>) -> u128 {
    members.into_iter().fold(0, |set, member| set | 1 << member)
}

/// A set: bit `i` is set where member `i` is in it.
pub(super) fn set(members: impl Iterator<Item = bool>) -> u128 {
    members.enumerate().fold(0, |set, (index, is_in)| set | u128::from(is_in) << index)
}

/// The members of a set, in order.
pub fn members(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = set.trailing_zeros() as usize;
        (set != 0).then(|| {
            set &= set - 1;
            next
        })
    })
}

/// The rules that are in a set, by these names.
pub(super) fn named<R>(set: u128, rules: &[R], name: impl Fn(&R) -> String, between: &str) -> String {
    members(set).map(|index| name(&rules[index])).collect::<Vec<_>>().join(between)
}

/// The values of one product, one for each variable. A missing answer has the value past the last.
pub type Assignment = [Value];

/// The value that stands for a missing answer, for each variable.
pub fn missing_values(rulebook: &Rulebook) -> Vec<Value> {
    rulebook.diagrams.variables().all().iter().map(|variable| variable.values).collect()
}

pub fn fill(values: &mut Assignment, answers: &Answers, rulebook: &Rulebook) {
    let given = answers.assignment(rulebook);
    for ((slot, value), variable) in values.iter_mut().zip(given).zip(rulebook.diagrams.variables().all()) {
        *slot = value.unwrap_or(variable.values);
    }
}

/// A set of results: bit `i` is result `i` of its type.
pub(super) fn results<T: Leaf>(possible: Vec<T>) -> u8 {
    possible.into_iter().fold(0, |set, result| set | 1u8.wrapping_shl(u32::try_from(result.to_index()).unwrap_or(0)))
}
