//! The answers for which a decision holds, in a few groups (docs/design.md, "Boxes of `rules diff`").

use std::collections::BTreeMap;

use super::comparison::Comparison;
use crate::diagram::{Decision, Diagrams, Ref, TooIntricate, ValueSet, Var, VarKind, values};
use crate::problem::Witness;

/// The most paths considered. Beyond it every pattern is true, but some answers may be in none.
const MAX_BOXES: usize = 2_000;

/// Question ids with their values in the pattern. Other questions can have any answer.
pub type When = Vec<(String, Vec<String>)>;

/// The values that some variables may have.
type ValueBox = BTreeMap<Var, ValueSet>;

impl Comparison {
    /// A few boxes whose possible answers together are exactly those for which a decision holds, each with a witness and
    /// the number of answers that are in no earlier one.
    pub(super) fn boxes(
        &mut self,
        decision: Decision<bool>,
        possible: Decision<bool>,
        depends: &[usize],
    ) -> Result<Vec<(Option<When>, Witness, u128)>, TooIntricate> {
        // What nobody can answer needs no words to be kept out of a box.
        let allowed = self.diagrams.combine(decision, possible, |holds, possible| holds || !possible)?;
        let mut paths = Vec::new();
        self.paths(decision.root(), &mut BTreeMap::new(), &mut paths);
        let mut widest: Vec<(ValueBox, Decision<bool>)> = Vec::new();
        for path in paths {
            let path = self.widened(path, allowed);
            if !widest.iter().any(|(known, _)| *known == path) {
                let inside = self.inside(&path)?;
                widest.push((path, inside));
            }
        }
        let mut chosen = Vec::new();
        let mut left = decision;
        // Repeatedly the box that covers most of the rest.
        while !widest.is_empty() {
            let mut best = (0, 0, Diagrams::constant(false));
            for (index, (_, inside)) in widest.iter().enumerate() {
                let covered = self.diagrams.combine(left, *inside, |left, inside| left && inside)?;
                let count = self.diagrams.count(covered, true, depends);
                if count > best.1 {
                    best = (index, count, covered);
                }
            }
            let (index, count, covered) = best;
            if count == 0 {
                break;
            }
            left = self.diagrams.combine(left, covered, |left, covered| left && !covered)?;
            chosen.push((Some(self.describe(&widest.remove(index).0)), self.witness(covered), count));
        }
        Ok(chosen)
    }

    /// The paths of a diagram to `true`, with values that lead to the same child merged.
    fn paths(&self, diagram: Ref, taken: &mut ValueBox, found: &mut Vec<ValueBox>) {
        if found.len() >= MAX_BOXES {
            return;
        }
        let Some((var, children)) = self.diagrams.branch(diagram) else {
            if Diagrams::constant_result(Decision::<bool>::at(diagram)) == Some(true) {
                found.push(taken.clone());
            }
            return;
        };
        let mut ways: Vec<(Ref, ValueSet)> = Vec::new();
        for value in values(self.diagrams.answers_of(var)) {
            let child = children[usize::from(value)];
            match ways.iter_mut().find(|(known, _)| *known == child) {
                Some((_, values)) => *values |= 1 << value,
                None => ways.push((child, 1 << value)),
            }
        }
        for (child, values) in ways {
            taken.insert(var, values);
            self.paths(child, taken, found);
            taken.remove(&var);
        }
    }

    /// The box widened as far as the decision holds.
    fn widened(&self, mut path: ValueBox, decision: Decision<bool>) -> ValueBox {
        for var in path.keys().copied().collect::<Vec<_>>() {
            let narrow = path.remove(&var).unwrap_or_default();
            if self.holds_in(decision, &path) {
                continue;
            }
            let mut wide = narrow;
            for value in values(self.diagrams.answers_of(var) & !narrow) {
                path.insert(var, wide | 1 << value);
                if self.holds_in(decision, &path) {
                    wide |= 1 << value;
                }
            }
            path.insert(var, wide);
        }
        path
    }

    /// Whether a decision holds for all answers in a box.
    fn holds_in(&self, decision: Decision<bool>, path: &ValueBox) -> bool {
        let ways = |var: Var| path.get(&var).copied().unwrap_or_else(|| self.diagrams.answers_of(var));
        self.diagrams.is_constant(decision, true, ways)
    }

    /// Where answers are inside a box.
    fn inside(&mut self, path: &ValueBox) -> Result<Decision<bool>, TooIntricate> {
        path.iter()
            .rev()
            .try_fold(Diagrams::constant(true), |inside, (var, values)| self.diagrams.narrowed(inside, *var, *values))
    }

    /// A box in words.
    fn describe(&self, path: &ValueBox) -> When {
        let mut when: Vec<(usize, Vec<String>)> = Vec::new();
        for (var, set) in path {
            let (question, values) = match self.diagrams.variables().all()[*var].kind {
                VarKind::Question(question) => {
                    let options =
                        values(*set).filter_map(|value| self.questions[question].options.get(usize::from(value)));
                    (question, options.map(|option| option.value.clone()).collect())
                }
                VarKind::Chosen(question, option) => {
                    let value = &self.questions[question].options[option].value;
                    let with = if *set == 0b10 { "with" } else { "without" };
                    (question, vec![format!("{with} {value}")])
                }
                VarKind::Known(_) | VarKind::Prepared(_) => continue,
            };
            when.push((question, values));
        }
        when.sort_by_key(|(question, _)| *question);
        when.into_iter().map(|(question, values)| (self.questions[question].id.clone(), values)).collect()
    }
}
