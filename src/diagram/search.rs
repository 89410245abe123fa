//! Queries on decisions under partial answers: which results are possible, which questions still matter, which answers
//! lead to a result, and how many do. All are exact.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::variables::{Value, ValueSet, given_or_all, values};
use super::{Budget, Decision, Diagrams, LEAVES, Leaf, PartialAssignment, Ref, TooIntricate, Var, VarKind};

impl Diagrams {
    /// The results that are possible however the missing answers are filled in, in the order of the type.
    pub fn possible<T: Leaf>(&self, decision: Decision<T>, given: &PartialAssignment) -> Vec<T> {
        self.results(decision, given_or_all(given))
    }

    /// The results of a decision over sure answers that are possible however missing answers are filled in and unsure
    /// ones read.
    pub fn possible_readings<T: Leaf>(&self, decision: Decision<T>, given: &PartialAssignment) -> Vec<T> {
        let all = self.variables().all();
        // The options of a question answered "not sure" are as open as those of a missing answer.
        self.results(decision, |var, count| given[var].map_or((1 << count) - 1, |value| all[var].readings(value)))
    }

    /// The results that sure answers lead to.
    pub fn possible_surely<T: Leaf>(&self, decision: Decision<T>) -> Vec<T> {
        self.results(decision, |var, _| self.variables().all()[var].sure())
    }

    /// The results that any answers but "not sure" lead to.
    pub fn possible_answered<T: Leaf>(&self, decision: Decision<T>) -> Vec<T> {
        self.results(decision, |var, _| self.answers_of(var))
    }

    fn results<T: Leaf>(&self, decision: Decision<T>, allowed: impl Fn(Var, usize) -> ValueSet) -> Vec<T> {
        let found: BTreeSet<usize> = self.reached(decision.root, allowed).filter_map(Self::index).collect();
        found.into_iter().filter_map(T::from_index).collect()
    }

    /// The nodes and leaves that can be reached along the allowed values of each variable. `allowed` also gets the
    /// number of its values.
    fn reached(&self, diagram: Ref, allowed: impl Fn(Var, usize) -> ValueSet) -> impl Iterator<Item = Ref> {
        let (mut open, mut seen) = (vec![diagram], FxHashSet::default());
        std::iter::from_fn(move || {
            loop {
                let next = open.pop()?;
                let Some((var, children)) = self.branch(next) else { return Some(next) };
                let ways = allowed(var, children.len());
                // Following a single branch again is as quick as looking up whether it was followed.
                if ways.is_power_of_two() || seen.insert(next) {
                    open.extend(values(ways).map(|value| children[usize::from(value)]));
                    return Some(next);
                }
            }
        })
    }

    /// Whether a decision has this result for all allowed values.
    pub(crate) fn is_constant<T: Leaf>(
        &self,
        decision: Decision<T>,
        result: T,
        allowed: impl Fn(Var) -> ValueSet,
    ) -> bool {
        self.reached(decision.root, |var, _| allowed(var)).filter_map(Self::index).all(|leaf| leaf == result.to_index())
    }

    /// The result, if the missing answers cannot change it.
    pub fn settled<T: Leaf>(&self, decision: Decision<T>, given: &PartialAssignment) -> Option<T> {
        let mut leaves = self.reached(decision.root, given_or_all(given)).filter_map(Self::index);
        let first = leaves.next()?;
        leaves.all(|leaf| leaf == first).then(|| T::from_index(first))?
    }

    /// Whether the given answers force a result, whatever the missing ones are. Each node visited is a step.
    pub fn forces<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        given: &PartialAssignment,
        result: T,
    ) -> Result<bool, TooIntricate> {
        let mut steps = 0;
        let parts = self.reached(decision.root, given_or_all(given)).inspect(|_| steps += 1);
        let forced = parts.filter_map(Self::index).all(|leaf| leaf == result.to_index());
        self.spend(steps)?;
        Ok(forced)
    }

    /// The questions with missing answers that can still change the result, in the order of asking.
    pub fn relevant(&self, diagram: Ref, given: &PartialAssignment) -> Vec<usize> {
        let vars = self.mattering(diagram, &given_or_all(given)).into_iter();
        self.variables().questions(vars.filter(|var| given[*var].is_none()))
    }

    /// The questions with an unsure answer of which another reading would give another result, for some readings of the
    /// other unsure answers and some missing answers.
    pub fn left_open_by(&self, diagram: Ref, given: &PartialAssignment) -> Vec<usize> {
        let all = self.variables().all();
        let read = |var: Var, _| match (all[var].kind, given[var]) {
            // Where "not sure" is said of several options, each may be among them.
            (VarKind::Known(_), _) | (_, None) => all[var].sure(),
            (_, Some(value)) => all[var].readings(value),
        };
        let vars = self.mattering(diagram, &read).into_iter();
        self.variables().questions(vars.filter(|var| given[*var].is_some()))
    }

    /// The variables whose allowed values make a difference.
    fn mattering(&self, diagram: Ref, allowed: &dyn Fn(Var, usize) -> ValueSet) -> BTreeSet<Var> {
        let mut scratch = Diagrams::new(std::sync::Arc::clone(&self.variables));
        // A restricted diagram is never larger, so the limits cannot be reached.
        let rest = scratch.restrict_memo(Some(self), diagram, allowed, &mut FxHashMap::default());
        rest.map_or_else(|_| self.support(diagram), |rest| scratch.support(rest))
    }

    /// The values along the shortest path to a result, with as few unsure ones as possible; of equally short paths the
    /// one with the first values. They alone force the result. `None` if nothing leads to it.
    pub fn shortest_path<T: Leaf>(&self, decision: Decision<T>, result: T) -> Option<Vec<(Var, Value)>> {
        self.shortest_memo(decision.root, result.to_index(), &mut FxHashMap::default()).map(|(_, path)| path)
    }

    fn shortest_memo(&self, diagram: Ref, leaf: usize, memo: &mut FxHashMap<Ref, Option<Path>>) -> Option<Path> {
        let Some((var, children)) = self.branch(diagram) else {
            return (Self::index(diagram) == Some(leaf)).then(|| ((0, 0), Vec::new()));
        };
        if let Some(done) = memo.get(&diagram) {
            return done.clone();
        }
        let variable = &self.variables().all()[var];
        let mut best: Option<Path> = None;
        for (value, child) in (0..).zip(children) {
            let Some(((unsure, length), path)) = self.shortest_memo(*child, leaf, memo) else { continue };
            let unsure = unsure + usize::from(variable.sure() & (1 << value) == 0);
            let cost = (unsure, length + 1);
            if best.as_ref().is_none_or(|(best, _)| cost < *best) {
                best = Some((cost, std::iter::once((var, value)).chain(path).collect()));
            }
        }
        memo.insert(diagram, best.clone());
        best
    }

    /// How many ways to answer these questions, "not sure" aside, lead to a result. Options that no condition tests are
    /// not told apart. The decision must depend on no other question.
    pub fn count<T: Leaf>(&self, decision: Decision<T>, result: T, questions: &[usize]) -> u128 {
        let vars: Vec<Var> = (0..self.variables().all().len())
            .filter(|var| self.variables().all()[*var].question().is_some_and(|question| questions.contains(&question)))
            .filter(|var| !matches!(self.variables().all()[*var].kind, VarKind::Known(_)))
            .collect();
        self.count_memo(decision.root, result.to_index(), &vars, &mut FxHashMap::default())
    }

    fn count_memo(&self, diagram: Ref, leaf: usize, vars: &[Var], memo: &mut FxHashMap<(Ref, usize), u128>) -> u128 {
        if let Some((var, children)) = self.branch(diagram)
            && let VarKind::Known(_) = self.variables().all()[var].kind
        {
            return self.count_memo(children[0], leaf, vars, memo);
        }
        let Some((next, rest)) = vars.split_first() else {
            return u128::from(Self::index(diagram) == Some(leaf));
        };
        if let Some(done) = memo.get(&(diagram, vars.len())) {
            return *done;
        }
        let ways = self.answers_of(*next);
        let total = match self.branch(diagram) {
            Some((var, children)) if var == *next => {
                values(ways).map(|value| self.count_memo(children[usize::from(value)], leaf, rest, memo)).sum()
            }
            _ => u128::from(ways.count_ones()).saturating_mul(self.count_memo(diagram, leaf, rest, memo)),
        };
        memo.insert((diagram, vars.len()), total);
        total
    }

    /// The values of a variable but "not sure".
    pub fn answers_of(&self, var: Var) -> ValueSet {
        let variable = &self.variables().all()[var];
        match variable.kind {
            VarKind::Question(question) if self.variables().takes_not_sure(question) => {
                (1 << (variable.values - 1)) - 1
            }
            VarKind::Known(_) => 1,
            _ => (1 << variable.values) - 1,
        }
    }

    /// How many branches a diagram has, each node counted once.
    pub fn size(&self, diagram: Ref) -> usize {
        self.sizes([diagram]).next().unwrap_or(0)
    }

    /// How many branches each of some diagrams has.
    pub fn sizes(&self, diagrams: impl IntoIterator<Item = Ref>) -> impl Iterator<Item = usize> {
        // For each node, the number of the last diagram that counted it.
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

    /// The leaves of a diagram, in order.
    pub fn leaves(&self, diagram: Ref) -> BTreeSet<Ref> {
        self.reached(diagram, ALL_VALUES).filter(|part| Self::index(*part).is_some()).collect()
    }

    /// The variables a diagram depends on.
    pub fn support(&self, diagram: Ref) -> BTreeSet<Var> {
        self.reached(diagram, ALL_VALUES).filter_map(|part| Some(self.branch(part)?.0)).collect()
    }

    /// The questions a diagram depends on, in the order of asking.
    pub fn questions(&self, diagram: Ref) -> Vec<usize> {
        self.variables().questions(self.support(diagram))
    }

    /// The most questions that an interview can still ask, if it asks each that can still change one of these diagrams,
    /// in order. Those asked `before` them in any case may be answered anyhow, and do not count. Where that takes too long
    /// to compute, the number of all such questions.
    pub fn most_questions(&self, diagrams: &[Ref], given: &PartialAssignment, before: &BTreeSet<usize>) -> usize {
        let mut scratch = Diagrams::new(std::sync::Arc::clone(&self.variables));
        let mut memo = FxHashMap::default();
        let rest: Result<Vec<Ref>, TooIntricate> = diagrams
            .iter()
            .map(|diagram| scratch.restrict_memo(Some(self), *diagram, &given_or_all(given), &mut memo))
            .collect();
        let relevant = || diagrams.iter().flat_map(|diagram| self.relevant(*diagram, given));
        let all = || relevant().filter(|question| !before.contains(question)).collect::<BTreeSet<_>>().len();
        match rest {
            Ok(rest) => scratch
                .most_questions_memo(rest, before, &Budget::of(MAX_LOOKING_AHEAD), &mut FxHashMap::default())
                .unwrap_or_else(|_| all()),
            Err(TooIntricate) => all(),
        }
    }

    fn most_questions_memo(
        &mut self,
        mut open: Vec<Ref>,
        before: &BTreeSet<usize>,
        budget: &Budget,
        memo: &mut FxHashMap<Vec<Ref>, usize>,
    ) -> Result<usize, TooIntricate> {
        open.retain(|diagram| self.branch(*diagram).is_some());
        open.sort_unstable();
        open.dedup();
        if let Some(done) = memo.get(&open) {
            return Ok(*done);
        }
        let mut vars = BTreeSet::new();
        for diagram in &open {
            budget.spend(1 + self.size(*diagram))?;
            vars.extend(self.support(*diagram));
        }
        let questions = self.variables().questions(vars);
        let first = questions.iter().find(|question| before.contains(question)).or(questions.first());
        let Some(question) = first.copied() else { return Ok(0) };
        let counts = usize::from(!before.contains(&question));
        let mut ways = BTreeSet::from([open.clone()]);
        for var in self.variables.of_question(question).to_vec() {
            let mut further = BTreeSet::new();
            for way in ways {
                for value in 0..self.variables.all()[var].values {
                    budget.spend(way.len())?;
                    let mut given = self.variables.unassigned();
                    given[var] = Some(value);
                    let mut restricted = FxHashMap::default();
                    let answered = |part: &Ref| self.restrict_memo(None, *part, &given_or_all(&given), &mut restricted);
                    let answered: Result<Vec<Ref>, TooIntricate> = way.iter().map(answered).collect();
                    further.insert(answered?);
                }
            }
            ways = further;
        }
        let mut longest = 0;
        for way in ways {
            longest = longest.max(counts + self.most_questions_memo(way, before, budget, memo)?);
        }
        memo.insert(open, longest);
        Ok(longest)
    }
}

/// The most steps of [`Diagrams::most_questions`].
const MAX_LOOKING_AHEAD: usize = 400_000;

/// A path through a diagram with its cost: how many unsure values and how many values it has.
type Path = ((usize, usize), Vec<(Var, Value)>);

const ALL_VALUES: fn(Var, usize) -> ValueSet = |_, count| (1 << count) - 1;
