//! The one form in which everything that depends on answers is worked out: reduced decision diagrams.
//!
//! A diagram is a function from one *value* per [`Variable`] to a result. Diagrams are reduced and shared, so two functions
//! are equal exactly if their [`Ref`]s are, and a function depends on a variable exactly if the variable occurs in its
//! diagram. That makes partial answers exact, however often a question occurs in the rules. What the results mean is the
//! type of a [`Decision`].
//!
//! A diagram over *sure* answers gives an unsure value the result of the first answer it can be read as; [`unsure`]
//! makes of it one that is right for unsure values too.
//!
//! [`unsure`]: Diagrams::unsure

use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

mod answers;
mod conditions;
mod decision;
mod order;
mod search;
mod sets;
mod unsure;
mod variables;

pub use decision::{AnyResult, Decision, InScenario, Leaf, Ref, Truth};
pub use sets::{Budget, MAX_QUESTIONS, MAX_STEPS, Move, Moves, QuestionSet, TooIntricate};
pub use variables::{Of, PartialAssignment, Value, ValueSet, Var, Variable, Variables, values};

/// How many results a type can have at the end of diagrams.
const LEAVES: usize = 1 << 16;
/// The most scenarios that a diagram can tell apart, beside those that are no scenario.
pub const MAX_SCENARIOS: usize = LEAVES / 2;
/// The most nodes kept before the rules are called too intricate.
const MAX_NODES: usize = 200_000;
/// The most branches of all nodes together: a node has one for each value.
const MAX_BRANCHES: usize = 2_000_000;
/// How many combinations by `any` and by `all` are remembered before they are forgotten.
const MAX_ALL_OR_ANY: usize = 100_000;
/// The room of the largest map that is kept, emptied, for combining the next two diagrams.
const MAX_KEPT: usize = 256;
/// The most steps of working out diagrams, for one reading or one proof.
const MAX_WORK: usize = 30_000_000;

/// The parts of a node, one for each value of its variable. Most variables have a few, which take no allocation.
type Children = SmallVec<[Ref; 8]>;

#[derive(Clone, Debug)]
struct Node {
    var: Var,
    /// Where its parts stand in the store.
    children: std::ops::Range<usize>,
}

/// What `op` does with results, done with their numbers.
fn over_indexes<A: Leaf, B: Leaf, C: Leaf>(op: impl Fn(A, B) -> C) -> impl Fn(usize, usize) -> usize {
    move |a, b| match (A::from_index(a), B::from_index(b)) {
        (Some(a), Some(b)) => op(a, b).to_index(),
        // Not reached: every leaf of a decision is a result of its type.
        _ => 0,
    }
}

impl<T> Default for Decision<T> {
    /// One that is not worked out yet: it has no result.
    fn default() -> Self {
        Self::at(Diagrams::leaf(LEAVES))
    }
}

/// A store of diagrams over the same variables.
#[derive(Clone, Debug, Default)]
pub struct Diagrams {
    variables: Arc<Variables>,
    /// Answers that are the same for all diagrams made from now on: those of one product.
    product: Option<PartialAssignment>,
    nodes: Vec<Node>,
    /// The parts of all nodes, one node's after another's.
    children: Vec<Ref>,
    /// The node with each hash, or with the first number behind it that was free.
    known: FxHashMap<u64, Ref>,
    /// What `any` and `all` made of two diagrams: the conditions of rules, and the same conditions with a part left out,
    /// have most of their parts in common.
    all_or_any: [FxHashMap<(Ref, Ref), Ref>; 2],
    /// An empty map for combining two diagrams: hundreds of them are combined, and most are small.
    combined: FxHashMap<(Ref, Ref), Ref>,
    work: usize,
}

impl Diagrams {
    /// An empty store over these variables.
    pub fn new(variables: impl Into<Arc<Variables>>) -> Self {
        Self { variables: variables.into(), ..Self::default() }
    }

    /// An empty store in which these answers are fixed, as far as they are sure. What is made in it holds for them alone.
    pub fn fixing(variables: impl Into<Arc<Variables>>, given: PartialAssignment) -> Self {
        Self { product: Some(given), ..Self::new(variables) }
    }

    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// From now on, answers are read as these variables say. They are the same variables otherwise.
    pub fn read_as(&mut self, variables: impl Into<Arc<Variables>>) {
        self.variables = variables.into();
    }

    /// The decision that is the same for all answers.
    pub fn constant<T: Leaf>(result: T) -> Decision<T> {
        Decision::at(Self::leaf(result.to_index()))
    }

    fn leaf(index: usize) -> Ref {
        // Only scenarios are so many that their number is limited, and that is checked when rules are read.
        Ref(u32::try_from(index.min(LEAVES - 1)).unwrap_or(0))
    }

    /// The result of a decision that is the same for all answers.
    pub fn result<T: Leaf>(decision: Decision<T>) -> Option<T> {
        Self::index(decision.root).and_then(T::from_index)
    }

    fn index(diagram: Ref) -> Option<usize> {
        Some(diagram.0 as usize).filter(|index| *index < LEAVES)
    }

    /// The first variable of a diagram and its part for each value, or `None` for a constant.
    pub fn branch(&self, diagram: Ref) -> Option<(Var, &[Ref])> {
        let node = self.nodes.get((diagram.0 as usize).checked_sub(LEAVES)?)?;
        Some((node.var, &self.children[node.children.clone()]))
    }

    /// A copy that may take as many steps as a new store.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { work: 0, ..self.clone() }
    }

    fn spend(&mut self, steps: usize) -> Result<(), TooIntricate> {
        self.work += steps;
        if self.work > MAX_WORK { Err(TooIntricate) } else { Ok(()) }
    }

    /// The diagram that goes on with the part of the variable's value.
    fn branching(&mut self, var: Var, children: &[Ref]) -> Result<Ref, TooIntricate> {
        self.spend(children.len())?;
        if let [first, rest @ ..] = children
            && rest.iter().all(|child| child == first)
        {
            return Ok(*first);
        }
        // Most nodes are known, and none is made to find that out.
        let mut hash = FxBuildHasher.hash_one((var, children));
        while let Some(known) = self.known.get(&hash) {
            if self.branch(*known) == Some((var, children)) {
                return Ok(*known);
            }
            hash = hash.wrapping_add(1);
        }
        let first = self.children.len();
        if self.nodes.len() >= MAX_NODES || first + children.len() > MAX_BRANCHES {
            return Err(TooIntricate);
        }
        let fresh = Ref(u32::try_from(LEAVES + self.nodes.len()).map_err(|_| TooIntricate)?);
        self.children.extend_from_slice(children);
        self.nodes.push(Node { var, children: first..self.children.len() });
        self.known.insert(hash, fresh);
        Ok(fresh)
    }

    /// The decision whose result is `op` of the results of two, for all answers.
    pub fn combine<A: Leaf, B: Leaf, C: Leaf>(
        &mut self,
        a: Decision<A>,
        b: Decision<B>,
        op: impl Fn(A, B) -> C,
    ) -> Result<Decision<C>, TooIntricate> {
        self.combined(a.root, b.root, &over_indexes(op)).map(Decision::at)
    }

    fn combined(&mut self, a: Ref, b: Ref, op: &dyn Fn(usize, usize) -> usize) -> Result<Ref, TooIntricate> {
        let mut known = std::mem::take(&mut self.combined);
        let done = self.combine_known(a, b, op, &mut known);
        if known.capacity() <= MAX_KEPT {
            known.clear();
            self.combined = known;
        }
        done
    }

    /// Where one of two decisions holds, or where both do.
    fn all_or_any(&mut self, a: Decision<bool>, b: Decision<bool>, all: bool) -> Result<Decision<bool>, TooIntricate> {
        let mut known = std::mem::take(&mut self.all_or_any[usize::from(all)]);
        if known.len() > MAX_ALL_OR_ANY {
            known.clear();
        }
        let op = if all { |a, b| a && b } else { |a, b| a || b };
        let done = self.combine_known(a.root, b.root, &over_indexes(op), &mut known);
        self.all_or_any[usize::from(all)] = known;
        done.map(Decision::at)
    }

    fn combine_known(
        &mut self,
        a: Ref,
        b: Ref,
        op: &dyn Fn(usize, usize) -> usize,
        known: &mut FxHashMap<(Ref, Ref), Ref>,
    ) -> Result<Ref, TooIntricate> {
        self.spend(1)?;
        if let (Some(a), Some(b)) = (Self::index(a), Self::index(b)) {
            return Ok(Self::leaf(op(a, b)));
        }
        if let Some(done) = known.get(&(a, b)) {
            return Ok(*done);
        }
        let var = [a, b].into_iter().filter_map(|part| Some(self.branch(part)?.0)).min().ok_or(TooIntricate)?;
        // A diagram that does not begin with this variable is the same for each of its values.
        let begins = [a, b].map(|part| self.branch(part).filter(|(at, _)| *at == var).map(|(_, parts)| parts));
        let pairs: SmallVec<[(Ref, Ref); 8]> = match begins.into() {
            (Some(of_a), Some(of_b)) => of_a.iter().copied().zip(of_b.iter().copied()).collect(),
            (Some(of_a), None) => of_a.iter().map(|a| (*a, b)).collect(),
            (None, of_b) => of_b.into_iter().flatten().map(|b| (a, *b)).collect(),
        };
        let mut children = Children::with_capacity(pairs.len());
        for (a, b) in pairs {
            children.push(self.combine_known(a, b, op, known)?);
        }
        let done = self.branching(var, &children)?;
        known.insert((a, b), done);
        Ok(done)
    }

    /// The decision with other results in place of its own.
    pub fn map<A: Leaf, B: Leaf>(
        &mut self,
        decision: Decision<A>,
        name: impl Fn(A) -> B,
    ) -> Result<Decision<B>, TooIntricate> {
        self.combine(decision, Self::constant(true), |result, _: bool| name(result))
    }

    /// The decision once some answers are given.
    pub fn with<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        given: &PartialAssignment,
    ) -> Result<Decision<T>, TooIntricate> {
        self.fixed(None, decision.root, given, &mut FxHashMap::default()).map(Decision::at)
    }

    /// The decision for one value of a variable.
    pub fn at<T: Leaf>(&mut self, decision: Decision<T>, var: Var, value: Value) -> Result<Decision<T>, TooIntricate> {
        let mut given = self.variables.nothing();
        given[var] = Some(value);
        self.with(decision, &given)
    }

    /// A diagram of this store, or of another over the same variables, once some answers are given.
    fn fixed(
        &mut self,
        other: Option<&Self>,
        diagram: Ref,
        given: &PartialAssignment,
        known: &mut FxHashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        let Some((var, parts)) = other.unwrap_or(self).branch(diagram) else { return Ok(diagram) };
        if let Some(value) = given[var] {
            let part = parts[usize::from(value)];
            return self.fixed(other, part, given, known);
        }
        if let Some(done) = known.get(&diagram) {
            return Ok(*done);
        }
        let mut children = Children::from(parts);
        for child in &mut children {
            *child = self.fixed(other, *child, given, known)?;
        }
        let done = self.branching(var, &children)?;
        known.insert(diagram, done);
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_up_to_the_limit_and_never_past_it() {
        let mut diagrams = Diagrams::new(Variables::new(&[], &[]));
        assert_eq!(diagrams.spend(MAX_WORK), Ok(()));
        assert_eq!(diagrams.spend(1), Err(TooIntricate));
        assert_eq!(diagrams.spend(1), Err(TooIntricate), "what is used up stays so");
        assert_eq!(diagrams.afresh().spend(MAX_WORK), Ok(()));
    }

    #[test]
    fn nodes_and_branches_are_made_up_to_the_limit_and_never_past_it() {
        // Each has the one before it among its parts, so that none is like another.
        let made = |values: usize, count: usize| {
            let mut diagrams = Diagrams::new(Variables::new(&[], &[]));
            (0..count).try_fold(Diagrams::leaf(0), |last, _| {
                let mut parts = vec![Diagrams::leaf(1); values];
                parts[0] = last;
                diagrams.branching(0, &parts)
            })
        };
        assert!(made(2, MAX_NODES).is_ok());
        assert_eq!(made(2, MAX_NODES + 1), Err(TooIntricate));
        assert!(made(1000, MAX_BRANCHES / 1000).is_ok());
        assert_eq!(made(1000, MAX_BRANCHES / 1000 + 1), Err(TooIntricate));
    }
}
