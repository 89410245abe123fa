//! Reduced decision diagrams: the one form of everything that depends on answers.
//!
//! A diagram is a function from one *value* per [`Variable`] to a result. Diagrams are reduced and shared, so two
//! functions are equal exactly if their [`Ref`]s are, and a function depends on a variable exactly if its diagram has
//! it. So partial answers are exact, however often a question occurs in the rules. The type of a [`Decision`] says what
//! its results mean.
//!
//! A diagram over *sure* answers gives an unsure value the result of its first reading;
//! [`over_readings`](Diagrams::over_readings) makes it right for unsure values too.

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
use variables::given_or_all;
pub use variables::{PartialAssignment, Value, ValueSet, Var, VarKind, Variable, Variables, values};

/// The most results that a type can have.
const LEAVES: usize = 1 << 16;
pub const MAX_SCENARIOS: usize = LEAVES / 2;
const MAX_NODES: usize = 200_000;
/// The most branches of all nodes together; a node has one for each value.
const MAX_BRANCHES: usize = 2_000_000;
/// When the memo of `any` or of `all` is cleared.
const MAX_MEMO: usize = 100_000;
/// The capacity up to which the map for combining diagrams is reused.
const MAX_REUSED: usize = 256;
/// The most steps of building diagrams, for reading rules once or for one proof.
const MAX_WORK: usize = 30_000_000;

/// The children of a node, one for each value of its variable. Few enough need no allocation.
type Children = SmallVec<[Ref; 8]>;

#[derive(Clone, Debug)]
struct Node {
    var: Var,
    /// Its range in the children of the store.
    children: std::ops::Range<usize>,
}

/// `op` on the indexes of results.
fn over_indexes<A: Leaf, B: Leaf, C: Leaf>(op: impl Fn(A, B) -> C) -> impl Fn(usize, usize) -> usize {
    move |a, b| match (A::from_index(a), B::from_index(b)) {
        (Some(a), Some(b)) => op(a, b).to_index(),
        // Unreachable: every leaf of a decision is a result of its type.
        _ => 0,
    }
}

impl<T> Default for Decision<T> {
    /// A decision that has not been compiled: it has no result.
    fn default() -> Self {
        Self::at(Diagrams::leaf(LEAVES))
    }
}

/// A store of diagrams over the same variables.
#[derive(Clone, Debug, Default)]
pub struct Diagrams {
    variables: Arc<Variables>,
    /// The sure answers of one product, which are built into all diagrams.
    product: Option<PartialAssignment>,
    nodes: Vec<Node>,
    /// The children of all nodes, node by node.
    children: Vec<Ref>,
    /// Nodes by hash, with linear probing.
    by_hash: FxHashMap<u64, Ref>,
    /// Memos of `any` and `all`, because the conditions of rules have much in common.
    all_or_any: [FxHashMap<(Ref, Ref), Ref>; 2],
    /// An empty map to reuse for combining diagrams, most of which are small.
    reused_memo: FxHashMap<(Ref, Ref), Ref>,
    work: usize,
}

impl Diagrams {
    pub fn new(variables: impl Into<Arc<Variables>>) -> Self {
        Self { variables: variables.into(), ..Self::default() }
    }

    /// A store for one product, with its sure answers built into every diagram.
    pub fn for_product(variables: impl Into<Arc<Variables>>, given: PartialAssignment) -> Self {
        Self { product: Some(given), ..Self::new(variables) }
    }

    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// Replaces the variables by the same ones with other readings.
    pub fn set_variables(&mut self, variables: impl Into<Arc<Variables>>) {
        self.variables = variables.into();
    }

    pub fn constant<T: Leaf>(result: T) -> Decision<T> {
        Decision::at(Self::leaf(result.to_index()))
    }

    fn leaf(index: usize) -> Ref {
        // Only scenarios can be so many, and their number is checked when rules are read.
        Ref(u32::try_from(index.min(LEAVES - 1)).unwrap_or(0))
    }

    /// The result of a constant decision.
    pub fn constant_result<T: Leaf>(decision: Decision<T>) -> Option<T> {
        Self::index(decision.root).and_then(T::from_index)
    }

    fn index(diagram: Ref) -> Option<usize> {
        Some(diagram.0 as usize).filter(|index| *index < LEAVES)
    }

    /// The root variable of a diagram and its child for each value; `None` for a constant.
    pub fn branch(&self, diagram: Ref) -> Option<(Var, &[Ref])> {
        let node = self.nodes.get((diagram.0 as usize).checked_sub(LEAVES)?)?;
        Some((node.var, &self.children[node.children.clone()]))
    }

    /// A copy that may take as many steps as a new store.
    #[must_use]
    pub fn with_fresh_budget(&self) -> Self {
        Self { work: 0, ..self.clone() }
    }

    fn spend(&mut self, steps: usize) -> Result<(), TooIntricate> {
        self.work += steps;
        if self.work > MAX_WORK { Err(TooIntricate) } else { Ok(()) }
    }

    /// The node with these children, or their only one if they are all the same.
    fn node(&mut self, var: Var, children: &[Ref]) -> Result<Ref, TooIntricate> {
        self.spend(children.len())?;
        if let [first, rest @ ..] = children
            && rest.iter().all(|child| child == first)
        {
            return Ok(*first);
        }
        // Most nodes exist already, so they are looked up without building a key.
        let mut hash = FxBuildHasher.hash_one((var, children));
        while let Some(known) = self.by_hash.get(&hash) {
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
        self.by_hash.insert(hash, fresh);
        Ok(fresh)
    }

    /// The decision whose result is `op` of the results of two.
    pub fn combine<A: Leaf, B: Leaf, C: Leaf>(
        &mut self,
        a: Decision<A>,
        b: Decision<B>,
        op: impl Fn(A, B) -> C,
    ) -> Result<Decision<C>, TooIntricate> {
        self.combined(a.root, b.root, &over_indexes(op)).map(Decision::at)
    }

    fn combined(&mut self, a: Ref, b: Ref, op: &dyn Fn(usize, usize) -> usize) -> Result<Ref, TooIntricate> {
        let mut memo = std::mem::take(&mut self.reused_memo);
        let combined = self.combine_memo(a, b, op, &mut memo);
        if memo.capacity() <= MAX_REUSED {
            memo.clear();
            self.reused_memo = memo;
        }
        combined
    }

    /// The conjunction or disjunction of two decisions.
    fn all_or_any(&mut self, a: Decision<bool>, b: Decision<bool>, all: bool) -> Result<Decision<bool>, TooIntricate> {
        let mut memo = std::mem::take(&mut self.all_or_any[usize::from(all)]);
        if memo.len() > MAX_MEMO {
            memo.clear();
        }
        let op = if all { |a, b| a && b } else { |a, b| a || b };
        let combined = self.combine_memo(a.root, b.root, &over_indexes(op), &mut memo);
        self.all_or_any[usize::from(all)] = memo;
        combined.map(Decision::at)
    }

    fn combine_memo(
        &mut self,
        a: Ref,
        b: Ref,
        op: &dyn Fn(usize, usize) -> usize,
        memo: &mut FxHashMap<(Ref, Ref), Ref>,
    ) -> Result<Ref, TooIntricate> {
        self.spend(1)?;
        if let (Some(a), Some(b)) = (Self::index(a), Self::index(b)) {
            return Ok(Self::leaf(op(a, b)));
        }
        if let Some(done) = memo.get(&(a, b)) {
            return Ok(*done);
        }
        let [of_a, of_b] = [a, b].map(|part| self.branch(part));
        let var = of_a.iter().chain(&of_b).map(|(var, _)| *var).min().ok_or(TooIntricate)?;
        // A diagram whose root is another variable is the same for each value of this one.
        let pairs: SmallVec<[(Ref, Ref); 8]> = match [of_a, of_b].map(|part| part.filter(|(at, _)| *at == var)) {
            [Some((_, of_a)), Some((_, of_b))] => of_a.iter().copied().zip(of_b.iter().copied()).collect(),
            [Some((_, of_a)), None] => of_a.iter().map(|a| (*a, b)).collect(),
            [None, of_b] => of_b.into_iter().flat_map(|(_, of_b)| of_b).map(|b| (a, *b)).collect(),
        };
        let mut children = Children::with_capacity(pairs.len());
        for (a, b) in pairs {
            children.push(self.combine_memo(a, b, op, memo)?);
        }
        let done = self.node(var, &children)?;
        memo.insert((a, b), done);
        Ok(done)
    }

    /// The decision with each result replaced.
    pub fn map<A: Leaf, B: Leaf>(
        &mut self,
        decision: Decision<A>,
        replace: impl Fn(A) -> B,
    ) -> Result<Decision<B>, TooIntricate> {
        self.combine(decision, Self::constant(true), |result, _: bool| replace(result))
    }

    /// The decision once some variables have values.
    pub fn restrict<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        given: &PartialAssignment,
    ) -> Result<Decision<T>, TooIntricate> {
        self.restrict_memo(None, decision.root, &given_or_all(given), &mut FxHashMap::default()).map(Decision::at)
    }

    /// The decision for one value of a variable.
    pub fn cofactor<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        var: Var,
        value: Value,
    ) -> Result<Decision<T>, TooIntricate> {
        let mut assignment = self.variables.unassigned();
        assignment[var] = Some(value);
        self.restrict(decision, &assignment)
    }

    /// Restricts a diagram of this store, or of another over the same variables, to the allowed values of each
    /// variable. `allowed` also gets the number of its values.
    fn restrict_memo(
        &mut self,
        other: Option<&Self>,
        diagram: Ref,
        allowed: &dyn Fn(Var, usize) -> ValueSet,
        memo: &mut FxHashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        let Some((var, parts)) = other.unwrap_or(self).branch(diagram) else { return Ok(diagram) };
        let ways = allowed(var, parts.len());
        let first = parts[ways.trailing_zeros() as usize];
        if ways.is_power_of_two() {
            return self.restrict_memo(other, first, allowed, memo);
        }
        if let Some(done) = memo.get(&diagram) {
            return Ok(*done);
        }
        let mut children = Children::from(parts);
        for (value, child) in children.iter_mut().enumerate() {
            // A value that is not allowed counts as the first that is, so that it makes no difference.
            let part = if ways & (1 << value) == 0 { first } else { *child };
            *child = self.restrict_memo(other, part, allowed, memo)?;
        }
        let done = self.node(var, &children)?;
        memo.insert(diagram, done);
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_limited() {
        let mut diagrams = Diagrams::new(Variables::new(&[], &[]));
        assert_eq!(diagrams.spend(MAX_WORK), Ok(()));
        assert_eq!(diagrams.spend(1), Err(TooIntricate));
        assert_eq!(diagrams.spend(1), Err(TooIntricate), "what is used up stays so");
        assert_eq!(diagrams.with_fresh_budget().spend(MAX_WORK), Ok(()));
    }

    #[test]
    fn nodes_and_branches_are_limited() {
        // Each has the one before it as a child, so that all are different.
        let made = |values: usize, count: usize| {
            let mut diagrams = Diagrams::new(Variables::new(&[], &[]));
            (0..count).try_fold(Diagrams::leaf(0), |last, _| {
                let mut parts = vec![Diagrams::leaf(1); values];
                parts[0] = last;
                diagrams.node(0, &parts)
            })
        };
        assert!(made(2, MAX_NODES).is_ok());
        assert_eq!(made(2, MAX_NODES + 1), Err(TooIntricate));
        assert!(made(1000, MAX_BRANCHES / 1000).is_ok());
        assert_eq!(made(1000, MAX_BRANCHES / 1000 + 1), Err(TooIntricate));
    }
}
