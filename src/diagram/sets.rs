//! Smallest sets: of given answers that alone force a result, and of moves that lead to one. There can be as many as there
//! are subsets of half the questions, so every search spends from a budget.

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

/// How much there may still be: how many steps a search may take, or how many bytes what it finds may fill. One assessment
/// has one budget for all that it looks for, because a few lines of rules are enough for more smallest sets than could
/// ever be listed.
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

    /// Takes so much of it.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), TooIntricate> {
        // Once it is used up it stays so: what comes later is not looked for either.
        self.0.set(self.0.get().saturating_sub(steps));
        if self.0.get() == 0 { Err(TooIntricate) } else { Ok(()) }
    }
}

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

/// A variable and the value it comes to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    pub var: Var,
    pub value: Value,
}

/// What may be moved, and where to: for each variable the values that it can come to have.
pub type Moves = Vec<ValueSet>;

/// A decision whose result is `None` for answers that nobody can give, with its diagrams.
type Among<T> = (Diagrams, Decision<Option<T>>);

struct MoveSearch<'g> {
    given: &'g PartialAssignment,
    allowed: &'g Moves,
    /// The result to reach, and the one that marks impossible answers.
    leaf: Ref,
    impossible: Option<Ref>,
    budget: &'g Budget,
    known: FxHashMap<Vec<Ref>, Vec<Vec<Move>>>,
}

impl Diagrams {
    /// The smallest sets of moves that reach a result: with any one move less, none does. An answer that stays missing can
    /// be anything, so the result must be reached whatever it turns out to be.
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
            known: FxHashMap::default(),
        };
        let Some((diagrams, among)) = self.among_answers(decision)? else {
            return self.leading(vec![decision.root], &mut search);
        };
        search.leaf = Self::leaf(Some(result).to_index());
        search.impossible = Some(Self::leaf(None::<T>.to_index()));
        diagrams.leading(vec![among.root], &mut search)
    }

    /// The only result that is still possible, where of several options some are given and some are left open.
    pub fn settled_among<T: Leaf>(&self, decision: Decision<T>, given: &PartialAssignment) -> Option<T> {
        let settled = self.settled(decision, given);
        let (None, Ok(Some((diagrams, among)))) = (settled, self.among_answers(decision)) else { return settled };
        let mut possible = diagrams.possible(among, given).into_iter().flatten();
        possible.next().filter(|_| possible.next().is_none())
    }

    /// The decision with no result where a list that cannot be empty is, in diagrams of its own; nothing if it depends on
    /// no such list.
    fn among_answers<T: Leaf>(&self, decision: Decision<T>) -> Result<Option<Among<T>>, TooIntricate> {
        let questions = self.questions(decision.root);
        if questions.iter().all(|question| self.variables.at_least_one(*question).is_none()) {
            return Ok(None);
        }
        let mut diagrams = self.afresh();
        let possible = diagrams.possible_answers(&questions)?;
        let among = diagrams.combine(decision, possible, |result, possible| possible.then_some(result))?;
        Ok(Some((diagrams, among)))
    }

    /// The moves that make every one of several diagrams reach the leaf. There are several as soon as an answer stays
    /// missing.
    fn leading(&self, mut all: Vec<Ref>, search: &mut MoveSearch<'_>) -> Result<Vec<Vec<Move>>, TooIntricate> {
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
        if let Some(done) = search.known.get(&all) {
            return Ok(done.clone());
        }
        let kept = search.given[var];
        let mut sets = self.leading(self.parts(&all, var, kept), search)?;
        for value in values(search.allowed[var]) {
            let moved = Move { var, value };
            let rest = self.leading(self.parts(&all, var, Some(value)), search)?;
            sets.extend(rest.into_iter().map(|rest| std::iter::once(moved).chain(rest).collect::<Vec<_>>()));
        }
        // Each is in order, as the variables are.
        sets.sort_by_key(Vec::len);
        let sets = minimal(sets, search.budget, |small, set| small.iter().all(|one| set.binary_search(one).is_ok()))?;
        search.known.insert(all, sets.clone());
        Ok(sets)
    }

    /// The parts of several diagrams for one value of a variable, or for all its values.
    fn parts(&self, all: &[Ref], var: Var, value: Option<Value>) -> Vec<Ref> {
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

/// The sets, the smallest first, that have no other of them inside.
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
