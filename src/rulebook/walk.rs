//! Queries over all rules of a rulebook.

use std::borrow::Cow;

use super::book::{Reach, Rulebook};
use super::compile::compile_for;
use super::model::{Decided, StatusTexts, Step};
use super::rules::Rule;
use super::words::written;
use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, Leaf, PartialAssignment, Ref, TooIntricate, Value, Var};
use crate::outcome::Status;
use crate::problem::{Place, Witness};

#[doc(hidden)]
impl Rulebook {
    pub fn decisions(&self) -> Vec<Ref> {
        let results = [self.outcome.root(), self.fit.root()].into_iter();
        let results = results.chain(self.scenarios.iter().map(|scenario| scenario.applies.root()));
        results.chain(self.rules().into_iter().filter_map(Rule::decision).map(Decision::root)).collect()
    }

    /// Criteria and obligations alike: id, status, texts and place.
    pub(crate) fn statuses(&self) -> impl Iterator<Item = (&str, Decision<Status>, &StatusTexts, &Place)> {
        let criteria = self.criteria.iter().map(|it| (it.id.as_str(), it.status, &it.says, &it.place));
        criteria.chain(self.obligations.iter().map(|it| (it.id.as_str(), it.status, &it.says, &it.place)))
    }

    /// Every next step, in the order of the outcomes.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.outcomes.iter().flat_map(|outcome| &outcome.next_steps)
    }

    pub fn conditions(&self) -> Vec<&Condition> {
        let conditions = self.rules().into_iter().flat_map(Rule::conditions);
        conditions.map(|(_, condition)| condition).collect()
    }

    pub fn conditions_mut(&mut self) -> Vec<&mut Condition> {
        let mut all: Vec<&mut Condition> = self.ask_when.iter_mut().flatten().map(|(when, _)| when).collect();
        for criterion in &mut self.criteria {
            match &mut criterion.decided {
                Decided::ByConditions { met_when, discuss_when, .. } => {
                    all.push(met_when);
                    all.extend(discuss_when);
                }
                Decided::ByScenarios { words_met_when } => all.extend(words_met_when),
            }
            all.extend(criterion.notes.iter_mut().map(|note| &mut note.when));
        }
        for scenario in &mut self.scenarios {
            all.push(&mut scenario.when);
            all.extend(scenario.notes.iter_mut().map(|note| &mut note.when));
        }
        for obligation in &mut self.obligations {
            all.push(&mut obligation.met_when);
            all.extend(obligation.notes.iter_mut().map(|note| &mut note.when));
        }
        all.extend(self.findings.iter_mut().map(|finding| &mut finding.when));
        all.extend(self.topics.iter_mut().filter_map(|topic| topic.prepared_when.as_mut()));
        all.extend(self.contradictions.iter_mut().map(|contradiction| &mut contradiction.when));
        let steps = self.outcomes.iter_mut().flat_map(|outcome| &mut outcome.next_steps);
        all.extend(steps.filter_map(|step| step.when.as_mut()));
        all.extend(self.facts.iter_mut().filter_map(|fact| fact.when.as_mut()));
        all
    }

    /// Rules that are too intricate to be compiled for everyone, compiled for these answers alone. Reasons and changes
    /// are about other answers as well, so there are none then.
    pub fn for_product(&self, given: &PartialAssignment) -> Result<Cow<'_, Self>, TooIntricate> {
        if self.reach != Reach::TooIntricate {
            return Ok(Cow::Borrowed(self));
        }
        let mut own = Self { reach: Reach::OneProduct, ..self.clone() };
        compile_for(&mut own, given.clone())?;
        Ok(Cow::Owned(own))
    }

    /// Answers as an answers file has them, with the ids of their questions.
    pub fn written(&self, values: &[(Var, Value)]) -> Witness {
        written(&self.questions, self.diagrams.variables().answers(values))
    }

    /// A few answers that alone force a result, as an answers file has them.
    pub fn witness<T: Leaf>(&self, diagrams: &Diagrams, decision: Decision<T>, result: T) -> Witness {
        diagrams.shortest_path(decision, result).map(|values| self.written(&values)).unwrap_or_default()
    }
}
