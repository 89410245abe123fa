//! Conditions → diagrams, once, when the rules are read. Also finds scenarios that overlap or leave a gap.

use super::{Criterion, Decision, FindingKind, Note, Rulebook, Status};
use crate::condition::Condition;
use crate::diagram::{Alphabet, Diagrams, LEAVES, Leaf, Ref, TooIntricate};
use crate::question::{Kind, OptionSet, Question};

/// A finding does not hold, holds, or is left open by a "not sure".
pub const FINDING_HOLDS: Leaf = 1;
/// See [`FINDING_HOLDS`].
pub const FINDING_OPEN: Leaf = 2;
/// A "not sure" leaves the scenario open.
pub const SCENARIO_OPEN: Leaf = 61;
/// No scenario matches.
const SCENARIO_NONE: Leaf = 62;
/// The most branches looked at to assess one product.
const MAX_LOOKING: usize = 20_000_000;
/// The most scenarios that leaves can tell apart.
pub(super) const MAX_SCENARIOS: usize = LEAVES - 3;

/// The letters of every question, given the options that conditions test.
///
/// # Errors
/// The question that has too many of them.
pub(super) fn alphabets<'q>(questions: &'q [Question], tested: &[OptionSet]) -> Result<Vec<Alphabet>, &'q Question> {
    questions
        .iter()
        .zip(tested)
        .map(|(question, tested)| match question.kind {
            Kind::YesNo | Kind::Choice => Ok(Alphabet::one_of(question.options.len())),
            Kind::Text => Ok(Alphabet::one_of(1)),
            Kind::Choices => Alphabet::any_of(*tested, |chosen| {
                chosen.count_ones() > 1 && question.chosen(chosen).any(|(_, option)| option.none)
            })
            .map_err(|TooIntricate| question),
        })
        .collect()
}

/// Fills in every diagram of a rulebook.
pub(super) fn compile(rulebook: &mut Rulebook) -> Result<(), TooIntricate> {
    let Rulebook { diagrams, criteria, scenarios, findings, obligations, ask_when, .. } = rulebook;

    let mut picked = Diagrams::constant(SCENARIO_NONE);
    for (index, scenario) in scenarios.iter().enumerate() {
        let index = Leaf::try_from(index).map_err(|_| TooIntricate)?;
        let when = diagrams.condition(&scenario.when)?;
        // The first that matches counts. That no other does is checked on its own.
        picked = diagrams.combine(picked, when, &|picked, holds| {
            if picked == SCENARIO_NONE && holds == 1 { index } else { picked }
        })?;
    }

    let mut outcome = Diagrams::constant(Status::Met as Leaf);
    for criterion in criteria.iter_mut() {
        let sure = match criterion.decision {
            Decision::Scenarios { .. } => diagrams.relabel(picked, &|index| {
                scenarios.get(usize::from(index)).map_or(Status::ToDiscuss, |scenario| scenario.criterion) as Leaf
            })?,
            Decision::Conditions { .. } => own_status(diagrams, criterion)?,
        };
        criterion.status = diagrams.unsure(sure, Status::ToDiscuss as Leaf)?;
        // Statuses are ordered from met to not met, so the worst of them is the outcome.
        outcome = diagrams.combine(outcome, criterion.status, &std::cmp::Ord::max)?;
        notes(diagrams, &mut criterion.notes)?;
    }

    let mut fit = Diagrams::constant(0);
    for finding in findings.iter_mut() {
        let sure = diagrams.condition(&finding.when)?;
        finding.state = diagrams.unsure(sure, FINDING_OPEN)?;
        let kind = finding.kind;
        fit = diagrams.combine(fit, finding.state, &|fit, state| fit.max(weight(kind, state)))?;
    }

    for obligation in obligations.iter_mut() {
        let met = diagrams.condition(&obligation.met_when)?;
        let otherwise = obligation.otherwise;
        let sure = diagrams.relabel(met, &|met| (if met == 1 { Status::Met } else { otherwise }) as Leaf)?;
        obligation.status = diagrams.unsure(sure, Status::ToDiscuss as Leaf)?;
        notes(diagrams, &mut obligation.notes)?;
    }
    for scenario in scenarios.iter_mut() {
        notes(diagrams, &mut scenario.notes)?;
    }
    for (condition, holds) in ask_when.iter_mut().flatten() {
        *holds = possible(diagrams, condition)?;
    }

    let scenario = if scenarios.is_empty() { None } else { Some(diagrams.unsure(picked, SCENARIO_OPEN)?) };
    rulebook.outcome = outcome;
    rulebook.scenario = scenario;
    rulebook.fit = fit;
    affordable(rulebook)
}

/// Whether any product can be assessed in good time: every function is looked through once for each question that is
/// not always asked, and the outcome once for each answer to each question.
fn affordable(rulebook: &Rulebook) -> Result<(), TooIntricate> {
    let diagrams = &rulebook.diagrams;
    let looks = 1 + rulebook.ask_when.iter().flatten().count();
    let answers: usize = diagrams.alphabets().iter().map(|alphabet| alphabet.letters().len() + 1).sum();
    let mut work = answers.saturating_mul(diagrams.size(rulebook.outcome));
    for function in rulebook.functions() {
        work = work.saturating_add(looks.saturating_mul(diagrams.size(function)));
        if work > MAX_LOOKING {
            return Err(TooIntricate);
        }
    }
    Ok(())
}

/// What a finding makes of the fit: 0 fits, 1 fits with conditions, 2 does not fit.
fn weight(kind: FindingKind, state: Leaf) -> Leaf {
    match (kind, state) {
        (FindingKind::Blocker, FINDING_HOLDS) => 2,
        (FindingKind::Blocker | FindingKind::Condition, FINDING_HOLDS | FINDING_OPEN) => 1,
        _ => 0,
    }
}

/// The status that a criterion's own conditions give it, over sure answers.
fn own_status(diagrams: &mut Diagrams, criterion: &Criterion) -> Result<Ref, TooIntricate> {
    let Decision::Conditions { met_when, discuss_when, otherwise } = &criterion.decision else {
        return Ok(Diagrams::constant(Status::ToDiscuss as Leaf));
    };
    let met = diagrams.condition(met_when)?;
    let discuss = match discuss_when {
        Some(condition) => diagrams.condition(condition)?,
        None => Diagrams::constant(0),
    };
    status(diagrams, met, discuss, *otherwise)
}

/// The status for all sure answers, from where a criterion is met and where it is otherwise to be discussed.
///
/// # Errors
/// If it would grow past the limit.
pub fn status(diagrams: &mut Diagrams, met: Ref, discuss: Ref, otherwise: Status) -> Result<Ref, TooIntricate> {
    let unmet = diagrams.relabel(discuss, &|holds| (if holds == 1 { Status::ToDiscuss } else { otherwise }) as Leaf)?;
    diagrams.combine(met, unmet, &|met, unmet| if met == 1 { Status::Met as Leaf } else { unmet })
}

fn notes(diagrams: &mut Diagrams, notes: &mut [Note]) -> Result<(), TooIntricate> {
    for note in notes {
        let sure = diagrams.condition(&note.when)?;
        note.holds = diagrams.unsure(sure, FINDING_OPEN)?;
    }
    Ok(())
}

/// A condition that counts as holding when a "not sure" leaves it open: 1 unless it certainly does not hold.
fn possible(diagrams: &mut Diagrams, condition: &Condition) -> Result<Ref, TooIntricate> {
    let sure = diagrams.condition(condition)?;
    diagrams.unsure(sure, 1)
}

/// Two scenarios that match the same product, as `(first, second, answers that match both)`.
pub(super) fn overlaps(rulebook: &mut Rulebook) -> Result<Vec<(usize, usize, Ref)>, TooIntricate> {
    let mut found = Vec::new();
    let mut whens = Vec::new();
    for scenario in &rulebook.scenarios {
        whens.push(rulebook.diagrams.condition(&scenario.when)?);
    }
    for (second, b) in whens.iter().enumerate() {
        for (first, a) in whens[..second].iter().enumerate() {
            let both = rulebook.diagrams.combine(*a, *b, &|a, b| a & b)?;
            if both != Diagrams::constant(0) {
                found.push((first, second, both));
            }
        }
    }
    Ok(found)
}

/// The products that no scenario matches: 1 where there is a gap.
pub(super) fn gap(rulebook: &mut Rulebook) -> Result<Ref, TooIntricate> {
    let mut covered = Diagrams::constant(0);
    for scenario in &rulebook.scenarios {
        let when = rulebook.diagrams.condition(&scenario.when)?;
        covered = rulebook.diagrams.combine(covered, when, &|a, b| a | b)?;
    }
    rulebook.diagrams.relabel(covered, &|covered| 1 - covered)
}
