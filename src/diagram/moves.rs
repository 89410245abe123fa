//! Which moves lead to a result: answers that are found out, and answers that are changed.

use rustc_hash::FxHashMap;

use super::budget::minimal;
use super::variables::{Value, ValueSet, Var, values};
use super::{Budget, Decision, Diagrams, Leaf, PartialAssignment, Ref, TooIntricate};

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
