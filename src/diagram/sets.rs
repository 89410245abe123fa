//! Minimal sets of given answers that force a result, and of moves that reach one (docs/design.md, "Reasons and
//! changes"). There can be as many as subsets of half the questions, so every search spends from a budget.

use std::cell::Cell;
use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::variables::{Value, ValueSet, Var, values};
use super::{Decision, Diagrams, Leaf, PartialAssignment, Ref};

/// The work would go past the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooIntricate;

impl std::fmt::Display for TooIntricate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("there is more to work out than the limit allows")
    }
}

impl std::error::Error for TooIntricate {}

/// The most steps of the searches of one assessment.
pub const MAX_STEPS: usize = 60_000_000;

/// How many more steps searches may take, or how many bytes their results may fill. One assessment has one budget for
/// all its searches, because a few lines of rules can have more minimal sets than could ever be listed.
#[derive(Debug)]
pub struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self::of(MAX_STEPS)
    }
}

impl Budget {
    pub fn of(steps: usize) -> Self {
        Self(Cell::new(steps))
    }

    pub(crate) fn spend(&self, steps: usize) -> Result<(), TooIntricate> {
        // Once it is used up, later searches fail too.
        self.0.set(self.0.get().saturating_sub(steps));
        if self.0.get() == 0 { Err(TooIntricate) } else { Ok(()) }
    }
}

/// A set of questions: bit `i` is question `i`.
pub type QuestionSet = u128;
pub const MAX_QUESTIONS: usize = QuestionSet::BITS as usize;

struct ReasonSearch<'g> {
    given: &'g PartialAssignment,
    leaf: usize,
    budget: &'g Budget,
    memo: FxHashMap<Ref, Vec<QuestionSet>>,
}

impl Diagrams {
    /// The minimal sets of given answers that force a result, whatever the other answers are, by size and then by the
    /// order of the questions. Empty if the given answers do not force it.
    pub fn reasons<T: Leaf>(
        &self,
        decision: Decision<T>,
        given: &PartialAssignment,
        result: T,
        budget: &Budget,
    ) -> Result<Vec<QuestionSet>, TooIntricate> {
        let mut search = ReasonSearch { given, leaf: result.to_index(), budget, memo: FxHashMap::default() };
        let mut sets = self.forcing(decision.root, &mut search)?;
        sets.sort_by_key(|set| (set.count_ones(), Reverse(set.reverse_bits())));
        Ok(sets)
    }

    /// A question with several variables is in a set as soon as one of them is needed: to use its other variables as
    /// well does not make the set larger.
    fn forcing(&self, diagram: Ref, search: &mut ReasonSearch<'_>) -> Result<Vec<QuestionSet>, TooIntricate> {
        let Some((var, children)) = self.branch(diagram) else {
            return Ok(if Self::index(diagram) == Some(search.leaf) { vec![0] } else { vec![] });
        };
        if let Some(done) = search.memo.get(&diagram) {
            return Ok(done.clone());
        }
        // Without this answer, the set must force the result for every value.
        let mut sets = vec![0];
        for child in children {
            if sets.is_empty() {
                break;
            }
            let forced = self.forcing(*child, search)?;
            search.budget.spend(sets.len().saturating_mul(forced.len()).saturating_add(1))?;
            let both = sets.iter().flat_map(|a| forced.iter().map(move |b| a | b)).collect();
            sets = minimal_question_sets(both, search.budget)?;
        }
        if let (Some(value), Some(question)) = (search.given[var], self.variables().all()[var].question()) {
            let forced = self.forcing(children[usize::from(value)], search)?;
            sets.extend(forced.iter().map(|set| set | 1 << question));
            sets = minimal_question_sets(sets, search.budget)?;
        }
        search.memo.insert(diagram, sets.clone());
        Ok(sets)
    }
}

fn minimal_question_sets(mut sets: Vec<QuestionSet>, budget: &Budget) -> Result<Vec<QuestionSet>, TooIntricate> {
    sets.sort_unstable_by_key(|set| (set.count_ones(), *set));
    minimal(sets, budget, |small, set| small & set == *small)
}

/// A variable and its new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    pub var: Var,
    pub value: Value,
}

/// For each variable the values that it may be moved to.
pub type Moves = Vec<ValueSet>;

/// A decision whose result is `None` for impossible answers, with its diagrams.
type Possible<T> = (Diagrams, Decision<Option<T>>);

struct MoveSearch<'g> {
    given: &'g PartialAssignment,
    allowed: &'g Moves,
    /// The result to reach.
    leaf: Ref,
    /// The result of impossible answers.
    impossible: Option<Ref>,
    budget: &'g Budget,
    memo: FxHashMap<Vec<Ref>, Vec<Vec<Move>>>,
}

impl Diagrams {
    /// The minimal sets of moves that reach a result. An answer that stays missing can be anything, so they must reach
    /// it whatever it turns out to be.
    pub fn moves<T: Leaf>(
        &self,
        decision: Decision<T>,
        given: &PartialAssignment,
        result: T,
        allowed: &Moves,
        budget: &Budget,
    ) -> Result<Vec<Vec<Move>>, TooIntricate> {
        let mut search = MoveSearch {
            given,
            allowed,
            leaf: Self::leaf(result.to_index()),
            impossible: None,
            budget,
            memo: FxHashMap::default(),
        };
        let Some((diagrams, possible)) = self.among_possible_answers(decision)? else {
            return self.move_sets(vec![decision.root], &mut search);
        };
        search.leaf = Self::leaf(Some(result).to_index());
        search.impossible = Some(Self::leaf(None::<T>.to_index()));
        diagrams.move_sets(vec![possible.root], &mut search)
    }

    /// As [`settled`](Self::settled), where only some options of a question may be given.
    pub fn settled_among<T: Leaf>(&self, decision: Decision<T>, given: &PartialAssignment) -> Option<T> {
        let settled = self.settled(decision, given);
        let (None, Ok(Some((diagrams, possible)))) = (settled, self.among_possible_answers(decision)) else {
            return settled;
        };
        let mut results = diagrams.possible(possible, given).into_iter().flatten();
        results.next().filter(|_| results.next().is_none())
    }

    /// The decision without a result where a list is empty that must not be; `None` if it depends on no such list.
    fn among_possible_answers<T: Leaf>(&self, decision: Decision<T>) -> Result<Option<Possible<T>>, TooIntricate> {
        let questions = self.questions(decision.root);
        if questions.iter().all(|question| self.variables.at_least_one(*question).is_none()) {
            return Ok(None);
        }
        let mut diagrams = self.with_fresh_budget();
        let possible = diagrams.possible_answers(&questions)?;
        let decision = diagrams.combine(decision, possible, |result, possible| possible.then_some(result))?;
        Ok(Some((diagrams, decision)))
    }

    /// The minimal sets of moves with which all of these diagrams reach the leaf. There are several diagrams as soon as
    /// an answer stays missing.
    fn move_sets(&self, mut all: Vec<Ref>, search: &mut MoveSearch<'_>) -> Result<Vec<Vec<Move>>, TooIntricate> {
        search.budget.spend(all.len() + 1)?;
        all.retain(|diagram| Some(*diagram) != search.impossible);
        all.sort_unstable();
        all.dedup();
        if all.is_empty() || all.iter().any(|diagram| *diagram != search.leaf && Self::index(*diagram).is_some()) {
            return Ok(vec![]);
        }
        let Some(var) = all.iter().filter_map(|diagram| self.branch(*diagram)).map(|(var, _)| var).min() else {
            return Ok(vec![vec![]]);
        };
        if let Some(done) = search.memo.get(&all) {
            return Ok(done.clone());
        }
        let kept = search.given[var];
        let mut sets = self.move_sets(self.cofactors(&all, var, kept), search)?;
        for value in values(search.allowed[var]) {
            let moved = Move { var, value };
            let rest = self.move_sets(self.cofactors(&all, var, Some(value)), search)?;
            sets.extend(rest.into_iter().map(|rest| std::iter::once(moved).chain(rest).collect::<Vec<_>>()));
        }
        // Each set is sorted, because variables come in order.
        sets.sort_by_key(Vec::len);
        let sets = minimal(sets, search.budget, |small, set| small.iter().all(|one| set.binary_search(one).is_ok()))?;
        search.memo.insert(all, sets.clone());
        Ok(sets)
    }

    /// The diagrams for one value of a variable, or for all its values.
    fn cofactors(&self, all: &[Ref], var: Var, value: Option<Value>) -> Vec<Ref> {
        let mut parts = Vec::new();
        for diagram in all {
            match (self.branch(*diagram), value) {
                (Some((at, children)), Some(value)) if at == var => parts.push(children[usize::from(value)]),
                (Some((at, children)), None) if at == var => parts.extend(children),
                _ => parts.push(*diagram),
            }
        }
        parts
    }
}

/// The sets, sorted by size, that contain no other of them.
fn minimal<S>(sets: Vec<S>, budget: &Budget, inside: impl Fn(&S, &S) -> bool) -> Result<Vec<S>, TooIntricate> {
    let mut kept: Vec<S> = Vec::new();
    for set in sets {
        budget.spend(kept.len() + 1)?;
        if !kept.iter().any(|small| inside(small, &set)) {
            kept.push(set);
        }
    }
    Ok(kept)
}
