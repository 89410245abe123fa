//! Which answers alone force what was decided.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::budget::minimal;
use super::{Budget, Decision, Diagrams, Leaf, PartialAssignment, Ref, TooIntricate};

/// A set of questions: bit `i` is question `i`.
pub type QuestionSet = u128;
/// The most questions a set of them can hold.
pub const MAX_QUESTIONS: usize = QuestionSet::BITS as usize;

struct ReasonSearch<'g> {
    given: &'g PartialAssignment,
    leaf: usize,
    budget: &'g Budget,
    known: FxHashMap<Ref, Vec<QuestionSet>>,
}

impl Diagrams {
    /// The smallest sets of given answers that alone force a result, whatever the other answers are: none of them can
    /// do without any of its members. Ordered by size, then by the order of the questions. Empty if the given answers
    /// do not force it.
    pub fn reasons<T: Leaf>(
        &self,
        decision: Decision<T>,
        given: &PartialAssignment,
        result: T,
        budget: &Budget,
    ) -> Result<Vec<QuestionSet>, TooIntricate> {
        let mut search = ReasonSearch { given, leaf: result.to_index(), budget, known: FxHashMap::default() };
        let mut sets = self.forcing(decision.root, &mut search)?;
        sets.sort_by_key(|set| (set.count_ones(), Reverse(set.reverse_bits())));
        Ok(sets)
    }

    /// A question with several variables is counted once it has to be given for one of them: where another of its
    /// variables is left free on the way there, giving that one too is no larger a set and forces no less.
    fn forcing(&self, diagram: Ref, search: &mut ReasonSearch<'_>) -> Result<Vec<QuestionSet>, TooIntricate> {
        let Some((var, children)) = self.branch(diagram) else {
            return Ok(if Self::index(diagram) == Some(search.leaf) { vec![0] } else { vec![] });
        };
        if let Some(done) = search.known.get(&diagram) {
            return Ok(done.clone());
        }
        // Without this answer, every value must be forced by the same set.
        let mut sets = vec![0];
        for child in children {
            if sets.is_empty() {
                break;
            }
            let forced = self.forcing(*child, search)?;
            search.budget.spend(sets.len().saturating_mul(forced.len()).saturating_add(1))?;
            let both = sets.iter().flat_map(|a| forced.iter().map(move |b| a | b)).collect();
            sets = smallest(both, search.budget)?;
        }
        if let (Some(value), Some(question)) = (search.given[var], self.variables().all()[var].question()) {
            let forced = self.forcing(children[usize::from(value)], search)?;
            sets.extend(forced.iter().map(|set| set | 1 << question));
            sets = smallest(sets, search.budget)?;
        }
        search.known.insert(diagram, sets.clone());
        Ok(sets)
    }
}

fn smallest(mut sets: Vec<QuestionSet>, budget: &Budget) -> Result<Vec<QuestionSet>, TooIntricate> {
    sets.sort_unstable_by_key(|set| (set.count_ones(), *set));
    minimal(sets, budget, |small, set| small & set == *small)
}
