//! What can be read from a decision with some answers given: what is still possible, what still matters, few answers
//! that lead to a result, and how many do. All of it exact.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::variables::{Value, ValueSet, values};
use super::{Budget, Decision, Diagrams, LEAVES, Leaf, Of, PartialAssignment, Ref, TooIntricate, Var};

impl Diagrams {
    /// The results that some way of filling in the missing answers reaches, in the order of the type.
    pub fn possible<T: Leaf>(&self, decision: Decision<T>, given: &PartialAssignment) -> Vec<T> {
        self.results(decision, ways_on(given))
    }

    /// The results that some way of filling in the missing answers and reading the unsure ones reaches, of a decision
    /// over sure answers.
    pub fn possible_readings<T: Leaf>(&self, decision: Decision<T>, given: &PartialAssignment) -> Vec<T> {
        let all = self.variables().all();
        // The options of a question that is "not sure" are open as those of a missing one.
        self.results(decision, |var, count| given[var].map_or((1 << count) - 1, |value| all[var].readings(value)))
    }

    /// The results that sure answers reach.
    pub fn possible_surely<T: Leaf>(&self, decision: Decision<T>) -> Vec<T> {
        self.results(decision, |var, _| self.variables().all()[var].sure())
    }

    /// The results that answers reach, "not sure" aside.
    pub fn possible_answered<T: Leaf>(&self, decision: Decision<T>) -> Vec<T> {
        self.results(decision, |var, _| self.answers_of(var))
    }

    fn results<T: Leaf>(&self, decision: Decision<T>, ways: impl Fn(Var, usize) -> ValueSet) -> Vec<T> {
        let found: BTreeSet<usize> = self.reached(decision.root, ways).filter_map(Self::index).collect();
        found.into_iter().filter_map(T::from_index).collect()
    }

    /// The parts of a diagram that are reached by going on along these values of each variable, which has so many.
    fn reached(&self, diagram: Ref, ways: impl Fn(Var, usize) -> ValueSet) -> impl Iterator<Item = Ref> {
        let (mut open, mut seen) = (vec![diagram], FxHashSet::default());
        std::iter::from_fn(move || {
            loop {
                let next = open.pop()?;
                let Some((var, children)) = self.branch(next) else { return Some(next) };
                let ways = ways(var, children.len());
                // To go on along the only way takes no longer than to find out that it was gone before.
                if ways.is_power_of_two() || seen.insert(next) {
                    open.extend(values(ways).map(|value| children[usize::from(value)]));
                    return Some(next);
                }
            }
        })
    }

    /// Whether a decision comes to nothing but this result along these values of each variable.
    pub(crate) fn comes_to_only<T: Leaf>(
        &self,
        decision: Decision<T>,
        result: T,
        ways: impl Fn(Var) -> ValueSet,
    ) -> bool {
        self.reached(decision.root, |var, _| ways(var)).filter_map(Self::index).all(|end| end == result.to_index())
    }

    /// The only result that is still possible, if there is only one.
    pub fn settled<T: Leaf>(&self, decision: Decision<T>, given: &PartialAssignment) -> Option<T> {
        let mut ends = self.reached(decision.root, ways_on(given)).filter_map(Self::index);
        let first = ends.next()?;
        ends.all(|end| end == first).then(|| T::from_index(first))?
    }

    /// Whether the given answers alone force a result, whatever the missing ones are. Each part looked at is a step.
    pub fn forces<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        given: &PartialAssignment,
        result: T,
    ) -> Result<bool, TooIntricate> {
        let mut steps = 0;
        let parts = self.reached(decision.root, ways_on(given)).inspect(|_| steps += 1);
        let forced = parts.filter_map(Self::index).all(|end| end == result.to_index());
        self.spend(steps)?;
        Ok(forced)
    }

    /// The questions with missing answers that can still change the result, in the order of asking.
    pub fn relevant(&self, diagram: Ref, given: &PartialAssignment) -> Vec<usize> {
        let mut scratch = Diagrams::new(std::sync::Arc::clone(&self.variables));
        // Fixing answers never makes a diagram larger, so there is no limit to run into.
        let rest = scratch.fixed(Some(self), diagram, given, &mut FxHashMap::default());
        let vars = rest.map_or_else(|_| self.support(diagram), |rest| scratch.support(rest));
        self.variables().questions(vars.into_iter().filter(|var| given[*var].is_none()))
    }

    /// Values along the shortest way through a decision to a result, which alone reach it, whatever the others are; among
    /// equally short ways the one with the first values. Unsure ones only where no sure answer gets there. `None` if
    /// nothing reaches the result.
    pub fn shortest<T: Leaf>(&self, decision: Decision<T>, result: T) -> Option<Vec<(Var, Value)>> {
        self.shortest_known(decision.root, result.to_index(), &mut FxHashMap::default()).map(|(_, path)| path)
    }

    fn shortest_known(&self, diagram: Ref, leaf: usize, known: &mut FxHashMap<Ref, Option<Path>>) -> Option<Path> {
        let Some((var, children)) = self.branch(diagram) else {
            return (Self::index(diagram) == Some(leaf)).then(|| ((0, 0), Vec::new()));
        };
        if let Some(done) = known.get(&diagram) {
            return done.clone();
        }
        let variable = &self.variables().all()[var];
        let mut best: Option<Path> = None;
        for (value, child) in (0..).zip(children) {
            let Some(((unsure, length), path)) = self.shortest_known(*child, leaf, known) else { continue };
            let unsure = unsure + usize::from(variable.sure() & (1 << value) == 0);
            let cost = (unsure, length + 1);
            if best.as_ref().is_none_or(|(best, _)| cost < *best) {
                best = Some((cost, std::iter::once((var, value)).chain(path).collect()));
            }
        }
        known.insert(diagram, best.clone());
        best
    }

    /// How many ways to answer these questions surely reach a result. An answer that can be read as others counts as one;
    /// options that no condition tests are not counted apart. The decision must depend on no other question.
    pub fn count<T: Leaf>(&self, decision: Decision<T>, result: T, questions: &[usize]) -> u128 {
        let vars: Vec<Var> = (0..self.variables().all().len())
            .filter(|var| self.variables().all()[*var].question().is_some_and(|question| questions.contains(&question)))
            .filter(|var| !matches!(self.variables().all()[*var].of, Of::Known(_)))
            .collect();
        self.count_known(decision.root, result.to_index(), &vars, &mut FxHashMap::default())
    }

    fn count_known(&self, diagram: Ref, leaf: usize, vars: &[Var], known: &mut FxHashMap<(Ref, usize), u128>) -> u128 {
        if let Some((var, children)) = self.branch(diagram)
            && let Of::Known(_) = self.variables().all()[var].of
        {
            return self.count_known(children[0], leaf, vars, known);
        }
        let Some((next, rest)) = vars.split_first() else {
            return u128::from(Self::index(diagram) == Some(leaf));
        };
        if let Some(done) = known.get(&(diagram, vars.len())) {
            return *done;
        }
        let ways = self.answers_of(*next);
        let total = match self.branch(diagram) {
            Some((var, children)) if var == *next => {
                values(ways).map(|value| self.count_known(children[usize::from(value)], leaf, rest, known)).sum()
            }
            _ => u128::from(ways.count_ones()).saturating_mul(self.count_known(diagram, leaf, rest, known)),
        };
        known.insert((diagram, vars.len()), total);
        total
    }

    /// The values of a variable that are answers, "not sure" aside.
    pub fn answers_of(&self, var: Var) -> ValueSet {
        let variable = &self.variables().all()[var];
        match variable.of {
            Of::Question(question) if self.variables().takes_not_sure(question) => (1 << (variable.values - 1)) - 1,
            Of::Known(_) => 1,
            _ => (1 << variable.values) - 1,
        }
    }

    /// How many branches a diagram has, each part counted once.
    pub fn size(&self, diagram: Ref) -> usize {
        self.sizes([diagram]).next().unwrap_or(0)
    }

    /// How many branches each of some diagrams has.
    pub fn sizes(&self, diagrams: impl IntoIterator<Item = Ref>) -> impl Iterator<Item = usize> {
        // For each node the number of the last diagram in which it was counted.
        let (mut counted, mut open) = (vec![0; self.nodes.len()], Vec::new());
        (1..).zip(diagrams).map(move |(number, diagram)| {
            let mut size = 0;
            open.push(diagram);
            while let Some(next) = open.pop() {
                if let Some((_, children)) = self.branch(next) {
                    let last = &mut counted[next.0 as usize - LEAVES];
                    if *last != number {
                        *last = number;
                        size += children.len();
                        open.extend(children);
                    }
                }
            }
            size
        })
    }

    /// The constants at the ends of a diagram, in order.
    pub fn ends(&self, diagram: Ref) -> BTreeSet<Ref> {
        self.reached(diagram, ALL_WAYS).filter(|part| Self::index(*part).is_some()).collect()
    }

    /// The variables a diagram depends on.
    pub fn support(&self, diagram: Ref) -> BTreeSet<Var> {
        self.reached(diagram, ALL_WAYS).filter_map(|part| Some(self.branch(part)?.0)).collect()
    }

    /// The questions a diagram depends on, in the order of asking.
    pub fn questions(&self, diagram: Ref) -> Vec<usize> {
        self.variables().questions(self.support(diagram))
    }

    /// The most questions that can still come, in the order of asking, if each is asked that can still change one of
    /// these diagrams. Where that takes too long to work out, all that can.
    pub fn longest(&self, diagrams: &[Ref], given: &PartialAssignment) -> usize {
        let mut scratch = Diagrams::new(std::sync::Arc::clone(&self.variables));
        let mut known = FxHashMap::default();
        let rest: Result<Vec<Ref>, TooIntricate> =
            diagrams.iter().map(|diagram| scratch.fixed(Some(self), *diagram, given, &mut known)).collect();
        let all = || diagrams.iter().flat_map(|diagram| self.relevant(*diagram, given)).collect::<BTreeSet<_>>().len();
        match rest {
            Ok(rest) => scratch
                .longest_known(rest, &Budget::of(MAX_LOOKING_AHEAD), &mut FxHashMap::default())
                .unwrap_or_else(|_| all()),
            Err(TooIntricate) => all(),
        }
    }

    fn longest_known(
        &mut self,
        mut open: Vec<Ref>,
        budget: &Budget,
        known: &mut FxHashMap<Vec<Ref>, usize>,
    ) -> Result<usize, TooIntricate> {
        open.retain(|diagram| self.branch(*diagram).is_some());
        open.sort_unstable();
        open.dedup();
        if let Some(done) = known.get(&open) {
            return Ok(*done);
        }
        let mut vars = BTreeSet::new();
        for diagram in &open {
            budget.spend(1 + self.size(*diagram))?;
            vars.extend(self.support(*diagram));
        }
        let Some(question) = self.variables().questions(vars).first().copied() else { return Ok(0) };
        let mut ways = BTreeSet::from([open.clone()]);
        for var in self.variables.of_question(question).to_vec() {
            let mut further = BTreeSet::new();
            for way in ways {
                for value in 0..self.variables.all()[var].values {
                    budget.spend(way.len())?;
                    let mut given = self.variables.nothing();
                    given[var] = Some(value);
                    let mut done = FxHashMap::default();
                    let answered: Result<Vec<Ref>, TooIntricate> =
                        way.iter().map(|diagram| self.fixed(None, *diagram, &given, &mut done)).collect();
                    further.insert(answered?);
                }
            }
            ways = further;
        }
        let mut longest = 0;
        for way in ways {
            longest = longest.max(1 + self.longest_known(way, budget, known)?);
        }
        known.insert(open, longest);
        Ok(longest)
    }
}

/// The most steps of looking ahead for the questions that can still come.
const MAX_LOOKING_AHEAD: usize = 400_000;

/// A path through a diagram with its cost: how many unsure values and how many values there are on it.
type Path = ((usize, usize), Vec<(Var, Value)>);

const ALL_WAYS: fn(Var, usize) -> ValueSet = |_, count| (1 << count) - 1;

/// On from a variable along its given value, or along all.
fn ways_on(given: &PartialAssignment) -> impl Fn(Var, usize) -> ValueSet {
    move |var, count| given[var].map_or((1 << count) - 1, |value| 1 << value)
}
