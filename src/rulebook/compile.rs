//! Conditions → decisions, once, when the rules are read.

use super::{Decided, FindingKind, Rulebook, Status};
use crate::condition::{Condition, Once, ResultTest};
use crate::diagram::{Decision, Diagrams, InScenario, PartialAssignment, TooIntricate, Truth, Variables};
use crate::outcome::{FitOutcome, Outcome};

/// The most branches looked at to assess one product.
const MAX_LOOKING: usize = 20_000_000;

/// Fills in every decision of a rulebook.
pub(super) fn compile(rulebook: &mut Rulebook) -> Result<(), TooIntricate> {
    rulebook.diagrams = Diagrams::new(Variables::new(&rulebook.questions, &rulebook.conditions()));
    decide(rulebook)?;
    affordable(rulebook)
}

/// The same for one product, whose sure answers are fixed.
pub(super) fn compile_for(rulebook: &mut Rulebook, given: PartialAssignment) -> Result<(), TooIntricate> {
    let variables = rulebook.diagrams.variables().clone();
    rulebook.diagrams = Diagrams::for_product(variables, given);
    decide(rulebook)
}

/// Fills in every decision of a rulebook, in the diagrams it has.
///
/// # Errors
/// If one would grow past the limit.
pub fn decide(rulebook: &mut Rulebook) -> Result<(), TooIntricate> {
    let Rulebook { diagrams, criteria, scenarios, findings, obligations, ask_when, .. } = rulebook;

    let mut picked = Diagrams::constant(InScenario::Nowhere);
    for (index, scenario) in (0..).zip(scenarios.iter()) {
        let when = diagrams.condition(&scenario.when)?;
        // The first that matches counts. That no other does is checked on its own.
        picked = diagrams.combine(picked, when, |picked, holds| match picked {
            InScenario::Nowhere if holds => InScenario::In(index),
            picked => picked,
        })?;
    }

    let mut outcome = Diagrams::constant(Outcome::MeetsCriteria);
    for criterion in criteria.iter_mut() {
        let sure = match &criterion.decided {
            Decided::ByScenarios { .. } => diagrams.map(picked, |scenario| match scenario {
                InScenario::In(index) => scenarios.get(usize::from(index)).map_or(Status::ToDiscuss, |s| s.criterion),
                InScenario::Nowhere | InScenario::Open => Status::ToDiscuss,
            })?,
            Decided::ByConditions { met_when, discuss_when, otherwise } => {
                let met = diagrams.condition(met_when)?;
                let discuss = match discuss_when {
                    Some(when) => diagrams.condition(when)?,
                    None => Diagrams::constant(false),
                };
                status(diagrams, met, discuss, *otherwise)?
            }
        };
        criterion.status = diagrams.over_readings(sure, Status::ToDiscuss)?;
        // Both are ordered from best to worst, and the worst status of all is the outcome.
        outcome = diagrams.combine(outcome, criterion.status, |outcome, status| outcome.max(status.into()))?;
    }

    let mut fit = Diagrams::constant(FitOutcome::Fits);
    for finding in findings.iter_mut() {
        finding.state = holds(diagrams, &finding.when)?;
        let kind = finding.kind;
        fit = diagrams.combine(fit, finding.state, |fit, state| fit.max(weight(kind, state)))?;
    }

    for obligation in obligations.iter_mut() {
        let met = diagrams.condition(&obligation.met_when)?;
        let otherwise = obligation.otherwise;
        let sure = diagrams.map(met, |met| if met { Status::Met } else { otherwise })?;
        obligation.status = diagrams.over_readings(sure, Status::ToDiscuss)?;
    }
    for (condition, asked) in ask_when.iter_mut().flatten() {
        let holds = holds(diagrams, condition)?;
        *asked = diagrams.map(holds, |truth| truth != Truth::No)?;
    }
    rulebook.scenario = None;
    if !rulebook.scenarios.is_empty() {
        rulebook.scenario = Some(rulebook.diagrams.over_readings(picked, InScenario::Open)?);
    }
    for (index, scenario) in (0..).zip(&mut rulebook.scenarios) {
        let within = rulebook.diagrams.map(picked, |picked| picked == InScenario::In(index))?;
        scenario.within = rulebook.diagrams.truth(within)?;
    }
    rulebook.picked = rulebook.diagrams.over_answers(picked)?;
    rulebook.outcome = outcome;
    rulebook.fit = fit;
    told(rulebook)
}

/// What is told beside the results, which may depend on them.
fn told(rulebook: &mut Rulebook) -> Result<(), TooIntricate> {
    let mut diagrams = std::mem::take(&mut rulebook.diagrams);
    let told = told_in(rulebook, &mut diagrams);
    rulebook.diagrams = diagrams;
    told
}

/// Where a condition that may test results holds.
///
/// # Errors
/// If it would grow past the limit.
pub fn when(
    rulebook: &Rulebook,
    diagrams: &mut Diagrams,
    condition: &Condition,
) -> Result<Decision<Truth>, TooIntricate> {
    Results::of(rulebook, diagrams).when(condition)
}

fn told_in(rulebook: &mut Rulebook, diagrams: &mut Diagrams) -> Result<(), TooIntricate> {
    let mut results = Results::of(rulebook, diagrams);
    let owned = rulebook.criteria.iter_mut().flat_map(|criterion| &mut criterion.notes);
    for note in owned.chain(rulebook.obligations.iter_mut().flat_map(|obligation| &mut obligation.notes)) {
        note.told = results.certainly(Some(&note.when))?;
    }
    for (index, scenario) in (0..).zip(&mut rulebook.scenarios) {
        for note in &mut scenario.notes {
            let told = results.certainly(Some(&note.when))?;
            // It is told of products in the scenario only.
            note.told = match rulebook.scenario {
                Some(decided) => {
                    results.diagrams.combine(decided, told, |decided, told| decided == InScenario::In(index) && told)?
                }
                None => told,
            };
        }
    }
    for topic in &mut rulebook.topics {
        topic.fine = match &topic.prepared_when {
            Some(when) => results.when(when)?,
            None => Diagrams::constant(Truth::Yes),
        };
    }
    for contradiction in &mut rulebook.contradictions {
        contradiction.holds = results.certainly(Some(&contradiction.when))?;
    }
    for step in rulebook.outcomes.iter_mut().flat_map(|outcome| &mut outcome.next_steps) {
        step.shown = results.perhaps(step.when.as_ref())?;
    }
    for fact in &mut rulebook.facts {
        fact.shown = results.certainly(fact.when.as_ref())?;
    }
    Ok(())
}

/// What conditions over results test.
struct Results<'r> {
    diagrams: &'r mut Diagrams,
    picked: Decision<InScenario>,
    fit: Decision<FitOutcome>,
    criteria: Vec<Decision<Status>>,
    obligations: Vec<Decision<Status>>,
}

impl<'d> Results<'d> {
    fn of(rulebook: &Rulebook, diagrams: &'d mut Diagrams) -> Self {
        Self {
            picked: rulebook.picked,
            fit: rulebook.fit,
            criteria: rulebook.criteria.iter().map(|criterion| criterion.status).collect(),
            obligations: rulebook.obligations.iter().map(|obligation| obligation.status).collect(),
            diagrams,
        }
    }

    /// Where a condition holds, however the answers are read.
    fn certainly(&mut self, when: Option<&Condition>) -> Result<Decision<bool>, TooIntricate> {
        let Some(when) = when else { return Ok(Diagrams::constant(true)) };
        let holds = self.when(when)?;
        self.diagrams.map(holds, |truth| truth == Truth::Yes)
    }

    /// Where a condition holds for some way of reading the answers.
    fn perhaps(&mut self, when: Option<&Condition>) -> Result<Decision<bool>, TooIntricate> {
        let Some(when) = when else { return Ok(Diagrams::constant(true)) };
        let holds = self.when(when)?;
        self.diagrams.map(holds, |truth| truth != Truth::No)
    }

    /// Where a condition holds. Each result it tests either holds or does not, whatever the answers are read as; the
    /// scenario alone is one for each way of reading them.
    fn when(&mut self, when: &Condition) -> Result<Decision<Truth>, TooIntricate> {
        self.once(when, &mut Vec::new())
    }

    fn once<'c>(
        &mut self,
        when: &'c Condition,
        known: &mut Vec<(&'c ResultTest, bool)>,
    ) -> Result<Decision<Truth>, TooIntricate> {
        let test = match when.once(known) {
            Once::Decided(holds) => return Ok(Diagrams::constant(Truth::from(holds))),
            Once::Answers => return self.for_each_reading(when, known),
            Once::Result(test) => test,
        };
        let holds = self.result(test)?;
        let mut assuming = |holds: bool| {
            known.push((test, holds));
            let told = self.once(when, known);
            known.pop();
            told
        };
        if let Some(holds) = Diagrams::constant_result(holds) {
            return assuming(holds);
        }
        let (no, yes) = (assuming(false)?, assuming(true)?);
        let yes = self.diagrams.combine(holds, yes, bool::then_some)?;
        self.diagrams.combine(yes, no, Option::unwrap_or)
    }

    /// Where a condition holds that tests no result but the scenario and those that are known.
    fn for_each_reading(
        &mut self,
        when: &Condition,
        known: &[(&ResultTest, bool)],
    ) -> Result<Decision<Truth>, TooIntricate> {
        let picked = self.picked;
        let sure = self.diagrams.condition_with(when, &|diagrams, test| match test {
            ResultTest::Scenario(all) => diagrams.map(picked, |scenario| match scenario {
                InScenario::In(index) => all.contains(&usize::from(index)),
                InScenario::Nowhere | InScenario::Open => false,
            }),
            _ => Ok(Diagrams::constant(known.iter().any(|(result, holds)| *result == test && *holds))),
        })?;
        self.diagrams.truth(sure)
    }

    fn result(&mut self, test: &ResultTest) -> Result<Decision<bool>, TooIntricate> {
        match test {
            ResultTest::Criterion(index, all) => {
                self.diagrams.map(self.criteria[*index], |status| all.contains(&status))
            }
            ResultTest::Obligation(index, all) => {
                self.diagrams.map(self.obligations[*index], |status| all.contains(&status))
            }
            ResultTest::Fit(all) => self.diagrams.map(self.fit, |fit| all.contains(&fit)),
            ResultTest::Prepared(topic) => self.diagrams.prepared(*topic),
            ResultTest::Scenario(_) => Ok(Diagrams::constant(false)),
        }
    }
}

/// Where a condition over answers holds, for unsure answers too.
fn holds(diagrams: &mut Diagrams, condition: &Condition) -> Result<Decision<Truth>, TooIntricate> {
    let surely = diagrams.condition(condition)?;
    diagrams.truth(surely)
}

/// Whether any product can be assessed in good time: every decision is looked through once for each question that is
/// not always asked, and the outcome once for each answer to each question.
fn affordable(rulebook: &Rulebook) -> Result<(), TooIntricate> {
    let diagrams = &rulebook.diagrams;
    let looks = 1 + rulebook.ask_when.iter().flatten().count();
    let answers: usize = diagrams.variables().all().iter().map(|variable| usize::from(variable.values)).sum();
    let all = [rulebook.outcome.root()].into_iter().chain(rulebook.decisions());
    let times = [answers].into_iter().chain(std::iter::repeat(looks));
    let mut work = 0usize;
    for (size, times) in diagrams.sizes(all).zip(times) {
        work = work.saturating_add(times.saturating_mul(size));
        if work > MAX_LOOKING {
            return Err(TooIntricate);
        }
    }
    Ok(())
}

/// What a finding makes of the fit.
pub fn weight(kind: FindingKind, state: Truth) -> FitOutcome {
    match (kind, state) {
        (FindingKind::Note, _) | (_, Truth::No) => FitOutcome::Fits,
        (FindingKind::Blocker, Truth::Yes) => FitOutcome::DoesNotFit,
        (FindingKind::Blocker | FindingKind::Condition, Truth::Yes | Truth::Open) => FitOutcome::FitsWithConditions,
    }
}

/// The status for all sure answers, from where a criterion is met and where it is otherwise to be discussed.
///
/// # Errors
/// If it would grow past the limit.
pub fn status(
    diagrams: &mut Diagrams,
    met: Decision<bool>,
    discuss: Decision<bool>,
    otherwise: Status,
) -> Result<Decision<Status>, TooIntricate> {
    let unmet = diagrams.map(discuss, |holds| if holds { Status::ToDiscuss } else { otherwise })?;
    diagrams.combine(met, unmet, |met, unmet| if met { Status::Met } else { unmet })
}
