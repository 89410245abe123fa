//! Conditions → decisions, when rules are read.

use super::{Decided, FindingKind, Rulebook, Status};
use crate::condition::{Condition, Once, ResultTest};
use crate::diagram::{Decision, Diagrams, InScenario, PartialAssignment, TooIntricate, Truth, Variables};
use crate::outcome::{FitOutcome, Outcome};

/// The most branches visited to assess one product.
const MAX_VISITS: usize = 20_000_000;

pub(super) fn compile(rulebook: &mut Rulebook) -> Result<(), TooIntricate> {
    rulebook.diagrams = Diagrams::new(Variables::new(&rulebook.questions, &rulebook.conditions()));
    decide(rulebook)?;
    check_cost(rulebook)
}

/// The same for one product alone, whose sure answers are built in.
pub(super) fn compile_for(rulebook: &mut Rulebook, given: PartialAssignment) -> Result<(), TooIntricate> {
    let variables = rulebook.diagrams.variables().clone();
    rulebook.diagrams = Diagrams::for_product(variables, given);
    decide(rulebook)
}

/// Fills in every decision of a rulebook, in the diagrams it has.
pub fn decide(rulebook: &mut Rulebook) -> Result<(), TooIntricate> {
    let Rulebook { diagrams, criteria, scenarios, findings, obligations, ask_when, .. } = rulebook;

    let mut sure_scenario = Diagrams::constant(InScenario::Nowhere);
    for (index, scenario) in (0..).zip(scenarios.iter()) {
        let when = diagrams.condition(&scenario.when)?;
        // The first match counts; `check` reports any other.
        sure_scenario = diagrams.combine(sure_scenario, when, |scenario, holds| match scenario {
            InScenario::Nowhere if holds => InScenario::In(index),
            scenario => scenario,
        })?;
    }

    let mut outcome = Diagrams::constant(Outcome::MeetsCriteria);
    for criterion in criteria.iter_mut() {
        let sure = match &criterion.decided {
            Decided::ByScenarios { .. } => diagrams.map(sure_scenario, |scenario| match scenario {
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
        // Both are ordered from best to worst: the worst status decides the outcome.
        outcome = diagrams.combine(outcome, criterion.status, |outcome, status| outcome.max(status.into()))?;
    }

    let mut fit = Diagrams::constant(FitOutcome::Fits);
    for finding in findings.iter_mut() {
        finding.state = holds(diagrams, &finding.when)?;
        let kind = finding.kind;
        fit = diagrams.combine(fit, finding.state, |fit, state| fit.max(fit_of_finding(kind, state)))?;
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
    rulebook.scenario = match rulebook.scenarios.as_slice() {
        [] => None,
        _ => Some(rulebook.diagrams.over_readings(sure_scenario, InScenario::Open)?),
    };
    for (index, scenario) in (0..).zip(&mut rulebook.scenarios) {
        let applies = rulebook.diagrams.map(sure_scenario, |scenario| scenario == InScenario::In(index))?;
        scenario.applies = rulebook.diagrams.truth(applies)?;
    }
    rulebook.sure_scenario = rulebook.diagrams.over_answers(sure_scenario)?;
    rulebook.outcome = outcome;
    rulebook.fit = fit;
    let mut diagrams = std::mem::take(&mut rulebook.diagrams);
    let decided = decide_texts(rulebook, &mut diagrams);
    rulebook.diagrams = diagrams;
    decided
}

/// Where a condition that may test results holds.
pub fn when(
    rulebook: &Rulebook,
    diagrams: &mut Diagrams,
    condition: &Condition,
) -> Result<Decision<Truth>, TooIntricate> {
    Results::of(rulebook, diagrams).when(condition)
}

/// When notes, next steps and facts are shown, topics prepared and contradictions found, which may depend on results.
fn decide_texts(rulebook: &mut Rulebook, diagrams: &mut Diagrams) -> Result<(), TooIntricate> {
    let mut results = Results::of(rulebook, diagrams);
    let owned = rulebook.criteria.iter_mut().flat_map(|criterion| &mut criterion.notes);
    for note in owned.chain(rulebook.obligations.iter_mut().flat_map(|obligation| &mut obligation.notes)) {
        note.shown = results.certainly(Some(&note.when))?;
    }
    for (index, scenario) in (0..).zip(&mut rulebook.scenarios) {
        for note in &mut scenario.notes {
            let shown = results.certainly(Some(&note.when))?;
            // It is shown for products in the scenario only.
            note.shown = match rulebook.scenario {
                Some(decided) => results
                    .diagrams
                    .combine(decided, shown, |decided, shown| decided == InScenario::In(index) && shown)?,
                None => shown,
            };
        }
    }
    for topic in &mut rulebook.topics {
        topic.satisfied = match &topic.prepared_when {
            Some(when) => results.when(when)?,
            None => Diagrams::constant(Truth::Yes),
        };
    }
    for contradiction in &mut rulebook.contradictions {
        contradiction.holds = results.certainly(Some(&contradiction.when))?;
    }
    for step in rulebook.outcomes.iter_mut().flat_map(|outcome| &mut outcome.next_steps) {
        step.shown = results.possibly(step.when.as_ref())?;
    }
    for fact in &mut rulebook.facts {
        fact.shown = results.certainly(fact.when.as_ref())?;
    }
    Ok(())
}

/// The results that conditions can test.
struct Results<'r> {
    diagrams: &'r mut Diagrams,
    sure_scenario: Decision<InScenario>,
    fit: Decision<FitOutcome>,
    criteria: Vec<Decision<Status>>,
    obligations: Vec<Decision<Status>>,
}

impl<'d> Results<'d> {
    fn of(rulebook: &Rulebook, diagrams: &'d mut Diagrams) -> Self {
        Self {
            sure_scenario: rulebook.sure_scenario,
            fit: rulebook.fit,
            criteria: rulebook.criteria.iter().map(|criterion| criterion.status).collect(),
            obligations: rulebook.obligations.iter().map(|obligation| obligation.status).collect(),
            diagrams,
        }
    }

    /// Where a condition holds for every reading of the answers.
    fn certainly(&mut self, when: Option<&Condition>) -> Result<Decision<bool>, TooIntricate> {
        let Some(when) = when else { return Ok(Diagrams::constant(true)) };
        let holds = self.when(when)?;
        self.diagrams.map(holds, |truth| truth == Truth::Yes)
    }

    /// Where a condition holds for some reading of the answers.
    fn possibly(&mut self, when: Option<&Condition>) -> Result<Decision<bool>, TooIntricate> {
        let Some(when) = when else { return Ok(Diagrams::constant(true)) };
        let holds = self.when(when)?;
        self.diagrams.map(holds, |truth| truth != Truth::No)
    }

    /// Where a condition holds. The results that it tests are the same for every reading of the answers, except the
    /// scenario.
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
            let decided = self.once(when, known);
            known.pop();
            decided
        };
        if let Some(holds) = Diagrams::constant_result(holds) {
            return assuming(holds);
        }
        let (no, yes) = (assuming(false)?, assuming(true)?);
        let yes = self.diagrams.combine(holds, yes, bool::then_some)?;
        self.diagrams.combine(yes, no, Option::unwrap_or)
    }

    /// Where a condition holds that tests no results but the scenario and known ones.
    fn for_each_reading(
        &mut self,
        when: &Condition,
        known: &[(&ResultTest, bool)],
    ) -> Result<Decision<Truth>, TooIntricate> {
        let sure_scenario = self.sure_scenario;
        let sure = self.diagrams.condition_with(when, &|diagrams, test| match test {
            ResultTest::Scenario(all) => diagrams.map(sure_scenario, |scenario| match scenario {
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

/// Where a condition over answers holds, including unsure ones.
fn holds(diagrams: &mut Diagrams, condition: &Condition) -> Result<Decision<Truth>, TooIntricate> {
    let surely = diagrams.condition(condition)?;
    diagrams.truth(surely)
}

/// An error if to assess a product could take too long: every decision is visited once for each question that is not
/// always asked, and the outcome once for each answer to each question.
fn check_cost(rulebook: &Rulebook) -> Result<(), TooIntricate> {
    let diagrams = &rulebook.diagrams;
    let looks = 1 + rulebook.ask_when.iter().flatten().count();
    let answers: usize = diagrams.variables().all().iter().map(|variable| usize::from(variable.values)).sum();
    let all = [rulebook.outcome.root()].into_iter().chain(rulebook.decisions());
    let times = [answers].into_iter().chain(std::iter::repeat(looks));
    let mut work = 0usize;
    for (size, times) in diagrams.sizes(all).zip(times) {
        work = work.saturating_add(times.saturating_mul(size));
        if work > MAX_VISITS {
            return Err(TooIntricate);
        }
    }
    Ok(())
}

/// The best fit that a finding allows.
pub fn fit_of_finding(kind: FindingKind, state: Truth) -> FitOutcome {
    match (kind, state) {
        (FindingKind::Note, _) | (_, Truth::No) => FitOutcome::Fits,
        (FindingKind::Blocker, Truth::Yes) => FitOutcome::DoesNotFit,
        (FindingKind::Blocker | FindingKind::Condition, Truth::Yes | Truth::Open) => FitOutcome::FitsWithConditions,
    }
}

/// The status for all sure answers, from where a criterion is met and where, if not, it is to be discussed.
pub fn status(
    diagrams: &mut Diagrams,
    met: Decision<bool>,
    discuss: Decision<bool>,
    otherwise: Status,
) -> Result<Decision<Status>, TooIntricate> {
    let unmet = diagrams.map(discuss, |holds| if holds { Status::ToDiscuss } else { otherwise })?;
    diagrams.combine(met, unmet, |met, unmet| if met { Status::Met } else { unmet })
}
