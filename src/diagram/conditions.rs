//! Conditions → decisions over sure answers.

use super::variables::{Value, ValueSet, values};
use super::{Children, Decision, Diagrams, Leaf, TooIntricate, Var, VarKind};
use crate::condition::{Condition, ResultTest};
use crate::question::OptionSet;

/// Turns a test of a result into a decision over sure answers.
pub(super) type CompileTest<'f> = &'f dyn Fn(&mut Diagrams, &ResultTest) -> Result<Decision<bool>, TooIntricate>;

impl Diagrams {
    /// Where a condition over answers holds, for all sure answers. A test of a result holds nowhere.
    pub fn condition(&mut self, condition: &Condition) -> Result<Decision<bool>, TooIntricate> {
        self.condition_with(condition, &|_, _| Ok(Self::constant(false)))
    }

    /// The same, with `result` for tests of results.
    pub(crate) fn condition_with(
        &mut self,
        condition: &Condition,
        result: CompileTest<'_>,
    ) -> Result<Decision<bool>, TooIntricate> {
        match condition {
            Condition::All(parts) => self.all_or_any_of(parts, result, true),
            Condition::Any(parts) => self.all_or_any_of(parts, result, false),
            Condition::Not(part) => {
                let part = self.condition_with(part, result)?;
                self.map(part, |holds: bool| !holds)
            }
            Condition::Is { question, options, .. } => self.test(*question, *options),
            Condition::Result { test, .. } => result(self, test),
        }
    }

    fn all_or_any_of(
        &mut self,
        parts: &[Condition],
        result: CompileTest<'_>,
        all: bool,
    ) -> Result<Decision<bool>, TooIntricate> {
        let mut decided = Vec::with_capacity(parts.len());
        for part in parts {
            let part = self.condition_with(part, result)?;
            // The answers of one product may decide it here, however intricate the rest is.
            if part == Self::constant(!all) {
                return Ok(part);
            }
            decided.push(part);
        }
        // From the last to the first, so that diagrams grow at their root.
        decided.into_iter().rev().try_fold(Self::constant(all), |whole, part| self.all_or_any(part, whole, all))
    }

    /// Where the answer is, or includes, one of these options.
    fn test(&mut self, question: usize, options: OptionSet) -> Result<Decision<bool>, TooIntricate> {
        let variables = std::sync::Arc::clone(&self.variables);
        let mut holds = Self::constant(false);
        let none = variables.none_option(question);
        for var in variables.of_question(question).iter().rev() {
            let of = match variables.all()[*var].kind {
                VarKind::Question(_) => options,
                VarKind::Chosen(_, option) if options & (1 << option) != 0 && Some(option) != none => 0b10,
                VarKind::Chosen(..) | VarKind::Known(_) | VarKind::Prepared(_) => continue,
            };
            let here = self.is(*var, of)?;
            holds = self.all_or_any(here, holds, false)?;
        }
        if none.is_some_and(|none| options & (1 << none) != 0) {
            let empty = self.none_chosen(&variables.chosen(question))?;
            holds = self.all_or_any(holds, empty, false)?;
        }
        Ok(holds)
    }

    /// Where a variable has one of these values. An unsure value stands for the first of its readings.
    fn is(&mut self, var: Var, wanted: u64) -> Result<Decision<bool>, TooIntricate> {
        let variables = std::sync::Arc::clone(&self.variables);
        let variable = &variables.all()[var];
        let holds = |value: Value| {
            let read = values(variable.readings(value)).next().unwrap_or(value);
            // Only "not sure" can come after 64 options, and it is never a reading.
            read < 64 && wanted & (1 << read) != 0
        };
        if let Some(value) = self.product.as_ref().and_then(|given| given[var])
            && variable.sure() & (1 << value) != 0
        {
            return Ok(Self::constant(holds(value)));
        }
        let children: Children = (0..variable.values).map(|value| Self::leaf(holds(value).to_index())).collect();
        self.node(var, &children).map(Decision::at)
    }

    /// Where none of these options is chosen.
    pub(crate) fn none_chosen(&mut self, vars: &[Var]) -> Result<Decision<bool>, TooIntricate> {
        let mut empty = Self::constant(true);
        for var in vars.iter().rev() {
            let here = self.is(*var, 0b01)?;
            empty = self.all_or_any(here, empty, true)?;
        }
        Ok(empty)
    }

    /// Where the answers are possible: a question without an empty list has at least one option chosen.
    pub fn possible_answers(&mut self, questions: &[usize]) -> Result<Decision<bool>, TooIntricate> {
        let variables = std::sync::Arc::clone(&self.variables);
        let mut possible = Self::constant(true);
        for chosen in questions.iter().filter_map(|question| variables.at_least_one(*question)) {
            let empty = self.none_chosen(&chosen)?;
            possible = self.combine(empty, possible, |empty, possible| !empty && possible)?;
        }
        Ok(possible)
    }

    /// Where a decision holds and a variable has one of these values.
    pub fn narrowed(
        &mut self,
        decision: Decision<bool>,
        var: Var,
        wanted: ValueSet,
    ) -> Result<Decision<bool>, TooIntricate> {
        let values = self.variables.all()[var].values;
        let children: Children = (0..values).map(|value| Self::leaf((wanted & (1 << value) != 0).to_index())).collect();
        let here = self.node(var, &children).map(Decision::at)?;
        self.all_or_any(here, decision, true)
    }

    /// The decision in which the other values of a variable count as the first of these.
    pub fn ignoring_other_values<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        var: Var,
        kept: ValueSet,
    ) -> Result<Decision<T>, TooIntricate> {
        let all = (1 << self.variables.all()[var].values) - 1;
        let Some(first) = values(kept & all).next().filter(|_| kept & all != all) else { return Ok(decision) };
        let outside = self.cofactor(decision, var, first)?;
        let inside = self.narrowed(Self::constant(true), var, kept)?;
        let inside = self.combine(inside, decision, bool::then_some)?;
        self.combine(inside, outside, Option::unwrap_or)
    }

    pub fn prepared(&mut self, topic: usize) -> Result<Decision<bool>, TooIntricate> {
        match self.variables.of_topic(topic) {
            Some(var) => self.is(var, 0b10),
            None => Ok(Self::constant(false)),
        }
    }
}
