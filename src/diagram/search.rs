//! What can be read from a diagram with some answers given: what is still possible, what still matters, which answers
//! alone force it, and which changes reach a leaf. All of it exact.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Diagrams, Given, Leaf, LeafSet, Ref, TooIntricate};

/// The most steps of the searches of one assessment.
pub const MAX_STEPS: usize = 60_000_000;

/// A set of questions: bit `i` is question `i`.
pub type QuestionSet = u128;

/// A change of one answer: the question and the letter it should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The index of the question.
    pub question: usize,
    /// The letter to change to, never "not sure".
    pub letter: u16,
}

impl Diagrams {
    /// The leaves that some way of filling in the missing answers reaches.
    #[must_use]
    pub fn reachable(&self, diagram: Ref, given: &Given) -> LeafSet {
        self.reachable_known(diagram, given, &mut HashMap::new())
    }

    fn reachable_known(&self, diagram: Ref, given: &Given, known: &mut HashMap<Ref, LeafSet>) -> LeafSet {
        if let Some(leaf) = Self::leaf(diagram) {
            return 1 << leaf;
        }
        let Some((question, children)) = self.branch(diagram) else {
            return 0;
        };
        if let Some(letter) = given[question] {
            return self.reachable_known(children[usize::from(letter)], given, known);
        }
        if let Some(done) = known.get(&diagram) {
            return *done;
        }
        let mut leaves = 0;
        for child in children {
            leaves |= self.reachable_known(*child, given, known);
        }
        known.insert(diagram, leaves);
        leaves
    }

    /// The leaves that sure answers reach.
    #[must_use]
    pub fn reachable_surely(&self, diagram: Ref) -> LeafSet {
        let mut seen = BTreeSet::new();
        let (mut open, mut leaves) = (vec![diagram], 0);
        while let Some(next) = open.pop() {
            match (Self::leaf(next), self.sure_parts(next)) {
                (Some(leaf), _) => leaves |= 1 << leaf,
                (None, Some((_, parts))) if seen.insert(next) => open.extend(parts),
                _ => {}
            }
        }
        leaves
    }

    /// The only leaf that is reachable, if there is only one.
    #[must_use]
    pub fn settled(&self, diagram: Ref, given: &Given) -> Option<Leaf> {
        let leaves = self.reachable(diagram, given);
        leaves.is_power_of_two().then(|| Leaf::try_from(leaves.trailing_zeros()).unwrap_or(Leaf::MAX))
    }

    /// Whether the given answers alone force a leaf, whatever the missing ones are. Each part looked at is a step.
    ///
    /// # Errors
    /// If the steps are used up.
    pub fn forces(&mut self, diagram: Ref, given: &Given, leaf: Leaf) -> Result<bool, TooIntricate> {
        let (mut open, mut seen, mut steps) = (vec![diagram], HashSet::new(), 0);
        let mut forced = true;
        while let Some(next) = open.pop()
            && forced
        {
            steps += 1;
            match self.branch(next) {
                None => forced = Self::leaf(next) == Some(leaf),
                Some((question, children)) => match given[question] {
                    Some(letter) => open.push(children[usize::from(letter)]),
                    None if seen.insert(next) => open.extend(children),
                    None => {}
                },
            }
        }
        self.spend(steps)?;
        Ok(forced)
    }

    /// The missing answers that can still change the leaf, in the order of the questions.
    #[must_use]
    pub fn relevant(&self, diagram: Ref, given: &Given) -> Vec<usize> {
        let mut scratch = Diagrams::new(self.alphabets.clone());
        // Fixing answers never makes a diagram larger, so there is no limit to run into.
        match self.restrict(diagram, given, &mut scratch, &mut HashMap::new()) {
            Ok(rest) => scratch.questions(rest),
            Err(TooIntricate) => self.questions(diagram).into_iter().filter(|q| given[*q].is_none()).collect(),
        }
    }

    /// The most questions that can still come before the leaf is settled, when only those that can still change it are
    /// asked, in order.
    #[must_use]
    pub fn longest(&self, diagram: Ref, given: &Given) -> usize {
        let mut scratch = Diagrams::new(self.alphabets.clone());
        match self.restrict(diagram, given, &mut scratch, &mut HashMap::new()) {
            Ok(rest) => scratch.longest_known(rest, &mut HashMap::new()),
            Err(TooIntricate) => self.relevant(diagram, given).len(),
        }
    }

    fn longest_known(&self, diagram: Ref, known: &mut HashMap<Ref, usize>) -> usize {
        let Some((_, children)) = self.branch(diagram) else {
            return 0;
        };
        if let Some(done) = known.get(&diagram) {
            return *done;
        }
        let longest = 1 + children.iter().map(|child| self.longest_known(*child, known)).max().unwrap_or(0);
        known.insert(diagram, longest);
        longest
    }

    /// Copies a diagram into another store with the given answers fixed.
    fn restrict(
        &self,
        diagram: Ref,
        given: &Given,
        into: &mut Diagrams,
        known: &mut HashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        let Some((question, children)) = self.branch(diagram) else {
            return Ok(diagram);
        };
        if let Some(letter) = given[question] {
            return self.restrict(children[usize::from(letter)], given, into, known);
        }
        if let Some(done) = known.get(&diagram) {
            return Ok(*done);
        }
        let mut rest = Vec::with_capacity(children.len());
        for child in children {
            rest.push(self.restrict(*child, given, into, known)?);
        }
        let done = into.branching(question, rest)?;
        known.insert(diagram, done);
        Ok(done)
    }

    /// The answers along the shortest way through a diagram to a leaf, which alone reach it, whatever the others are;
    /// among equally short ways the one with the first letters. "Not sure" only where no sure answer gets there. `None`
    /// if nothing reaches the leaf.
    #[must_use]
    pub fn shortest(&self, diagram: Ref, leaf: Leaf) -> Option<Vec<(usize, u16)>> {
        self.shortest_known(diagram, leaf, &mut HashMap::new())
    }

    fn shortest_known(
        &self,
        diagram: Ref,
        leaf: Leaf,
        known: &mut HashMap<Ref, Option<Vec<(usize, u16)>>>,
    ) -> Option<Vec<(usize, u16)>> {
        let Some((question, children)) = self.branch(diagram) else {
            return (Self::leaf(diagram) == Some(leaf)).then(Vec::new);
        };
        if let Some(done) = known.get(&diagram) {
            return done.clone();
        }
        let mut best: Option<Vec<(usize, u16)>> = None;
        for (letter, child) in (0u16..).zip(children) {
            let unsure = letter == self.alphabets[question].not_sure();
            let path = self.shortest_known(*child, leaf, known);
            if let Some(path) = path
                && best.as_ref().is_none_or(|best| path.len() + 1 < best.len() && !unsure)
            {
                best = Some(std::iter::once((question, letter)).chain(path).collect());
            }
        }
        known.insert(diagram, best.clone());
        best
    }

    /// How many combinations of sure answers to these questions reach a leaf. Each letter counts once. The diagram must
    /// depend on no other question.
    #[must_use]
    pub fn count(&self, diagram: Ref, leaf: Leaf, questions: &[usize]) -> u128 {
        self.count_known(diagram, leaf, questions, &mut HashMap::new())
    }

    fn count_known(
        &self,
        diagram: Ref,
        leaf: Leaf,
        questions: &[usize],
        known: &mut HashMap<(Ref, usize), u128>,
    ) -> u128 {
        let Some((next, rest)) = questions.split_first() else {
            return u128::from(Self::leaf(diagram) == Some(leaf));
        };
        if let Some(done) = known.get(&(diagram, questions.len())) {
            return *done;
        }
        let total = match self.sure_parts(diagram) {
            Some((question, parts)) if question == *next => {
                parts.iter().map(|part| self.count_known(*part, leaf, rest, known)).sum()
            }
            _ => {
                let width = self.alphabets[*next].letters().len() as u128;
                width.saturating_mul(self.count_known(diagram, leaf, rest, known))
            }
        };
        known.insert((diagram, questions.len()), total);
        total
    }

    /// The first question of a diagram and its part for each sure answer, or `None` for a constant.
    #[must_use]
    pub fn sure_parts(&self, diagram: Ref) -> Option<(usize, &[Ref])> {
        let (question, parts) = self.branch(diagram)?;
        Some((question, &parts[..self.alphabets[question].letters().len()]))
    }

    /// How many branches a diagram has, each part counted once.
    #[must_use]
    pub fn size(&self, diagram: Ref) -> usize {
        let mut seen = HashSet::new();
        let (mut open, mut size) = (vec![diagram], 0);
        while let Some(next) = open.pop() {
            if seen.insert(next)
                && let Some((_, children)) = self.branch(next)
            {
                size += children.len();
                open.extend(children.iter().filter(|child| self.branch(**child).is_some()));
            }
        }
        size
    }

    /// The questions a diagram depends on, in order.
    #[must_use]
    pub fn questions(&self, diagram: Ref) -> Vec<usize> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![diagram];
        while let Some(next) = open.pop() {
            if seen.insert(next)
                && let Some((question, children)) = self.branch(next)
            {
                found.insert(question);
                open.extend(children);
            }
        }
        found.into_iter().collect()
    }

    /// The smallest sets of given answers that alone force the leaf, whatever the other answers are: none of them can
    /// do without any of its members. Ordered by size, then by the order of the questions. Empty if the given answers
    /// do not force it.
    ///
    /// # Errors
    /// If there are so many that the budget is used up.
    pub fn reasons(
        &self,
        diagram: Ref,
        given: &Given,
        leaf: Leaf,
        budget: &Budget,
    ) -> Result<Vec<QuestionSet>, TooIntricate> {
        let mut sets = self.reasons_known(diagram, given, leaf, &mut HashMap::new(), budget)?;
        sets.sort_by_key(|set| (set.count_ones(), Reverse(set.reverse_bits())));
        Ok(sets)
    }

    fn reasons_known(
        &self,
        diagram: Ref,
        given: &Given,
        leaf: Leaf,
        known: &mut HashMap<Ref, Vec<QuestionSet>>,
        budget: &Budget,
    ) -> Result<Vec<QuestionSet>, TooIntricate> {
        let Some((question, children)) = self.branch(diagram) else {
            return Ok(if Self::leaf(diagram) == Some(leaf) { vec![0] } else { vec![] });
        };
        if let Some(done) = known.get(&diagram) {
            return Ok(done.clone());
        }
        // Without this answer, every letter must be forced by the same set.
        let mut sets = vec![0];
        for child in children {
            if sets.is_empty() {
                break;
            }
            let forced = self.reasons_known(*child, given, leaf, known, budget)?;
            budget.spend(sets.len().saturating_mul(forced.len()).saturating_add(1))?;
            let both = sets.iter().flat_map(|a| forced.iter().map(move |b| a | b)).collect();
            sets = smallest(both, budget)?;
        }
        if let Some(letter) = given[question] {
            let forced = self.reasons_known(children[usize::from(letter)], given, leaf, known, budget)?;
            sets.extend(forced.iter().map(|set| set | 1 << question));
            sets = smallest(sets, budget)?;
        }
        known.insert(diagram, sets.clone());
        Ok(sets)
    }

    /// The smallest sets of changes that reach a leaf: with any one change less, none does. A missing answer that is
    /// filled in counts as a change; "not sure" is never changed to; questions outside `changeable` stay as they are.
    /// Ordered by the number of changes, then by the order of the questions, then of their letters.
    ///
    /// # Errors
    /// If there are so many that the budget is used up.
    pub fn changes(
        &self,
        diagram: Ref,
        given: &Given,
        leaf: Leaf,
        changeable: QuestionSet,
        budget: &Budget,
    ) -> Result<Vec<Vec<Change>>, TooIntricate> {
        let wanted = Wanted { given, leaf, changeable, budget };
        let mut sets = self.changes_known(vec![diagram], &wanted, &mut HashMap::new())?;
        sets.sort_by_cached_key(|set| {
            let (questions, letters): (Vec<usize>, Vec<u16>) =
                set.iter().map(|change| (change.question, change.letter)).unzip();
            (set.len(), questions, letters)
        });
        Ok(sets)
    }

    /// The changes that make every one of several diagrams reach the leaf. There are several as soon as an answer stays
    /// missing, because then the leaf must be reached whatever that answer turns out to be.
    fn changes_known(
        &self,
        mut all: Vec<Ref>,
        wanted: &Wanted<'_>,
        known: &mut HashMap<Vec<Ref>, Vec<Vec<Change>>>,
    ) -> Result<Vec<Vec<Change>>, TooIntricate> {
        wanted.budget.spend(all.len() + 1)?;
        all.retain(|diagram| Self::leaf(*diagram) != Some(wanted.leaf));
        all.sort_unstable();
        all.dedup();
        if all.iter().any(|diagram| Self::leaf(*diagram).is_some()) {
            return Ok(vec![]);
        }
        let Some(question) = all.iter().filter_map(|diagram| self.branch(*diagram)).map(|(q, _)| q).min() else {
            return Ok(vec![vec![]]);
        };
        if let Some(done) = known.get(&all) {
            return Ok(done.clone());
        }
        let kept = wanted.given[question];
        let mut sets = self.changes_known(self.parts(&all, question, kept), wanted, known)?;
        if wanted.changeable & (1 << question) != 0 {
            for letter in (0..self.alphabets[question].not_sure()).filter(|letter| Some(*letter) != kept) {
                let change = Change { question, letter };
                let rest = self.changes_known(self.parts(&all, question, Some(letter)), wanted, known)?;
                sets.extend(rest.into_iter().map(|rest| std::iter::once(change).chain(rest).collect::<Vec<_>>()));
            }
        }
        let sets = minimal(sets, wanted.budget)?;
        known.insert(all, sets.clone());
        Ok(sets)
    }

    /// The parts of several diagrams for one letter of a question, or for all its letters.
    fn parts(&self, all: &[Ref], question: usize, letter: Option<u16>) -> Vec<Ref> {
        let mut parts = Vec::new();
        for diagram in all {
            match (self.branch(*diagram), letter) {
                (Some((q, children)), Some(letter)) if q == question => parts.push(children[usize::from(letter)]),
                (Some((q, children)), None) if q == question => parts.extend(children),
                _ => parts.push(*diagram),
            }
        }
        parts
    }
}

/// What a search for changes starts from and looks for.
struct Wanted<'g> {
    given: &'g Given,
    leaf: Leaf,
    changeable: QuestionSet,
    budget: &'g Budget,
}

/// How many steps a search may still take. One assessment has one budget for all that it looks for, because a few
/// lines of rules are enough for more smallest sets than could ever be listed.
#[derive(Debug)]
pub struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(MAX_STEPS))
    }
}

impl Budget {
    fn spend(&self, steps: usize) -> Result<(), TooIntricate> {
        // Once it is used up it stays so: what comes later is not looked for either.
        self.0.set(self.0.get().saturating_sub(steps));
        if self.0.get() == 0 { Err(TooIntricate) } else { Ok(()) }
    }

    /// Whether something was left out.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        self.0.get() == 0
    }
}

/// The sets that have no other of the sets inside them.
fn smallest(mut sets: Vec<QuestionSet>, budget: &Budget) -> Result<Vec<QuestionSet>, TooIntricate> {
    sets.sort_unstable_by_key(|set| (set.count_ones(), *set));
    let mut kept: Vec<QuestionSet> = Vec::new();
    for set in sets {
        budget.spend(kept.len() + 1)?;
        if !kept.iter().any(|small| small & set == *small) {
            kept.push(set);
        }
    }
    Ok(kept)
}

/// The same for sets of changes, each in order.
fn minimal(mut sets: Vec<Vec<Change>>, budget: &Budget) -> Result<Vec<Vec<Change>>, TooIntricate> {
    sets.sort_by_key(Vec::len);
    let mut kept: Vec<Vec<Change>> = Vec::new();
    for set in sets {
        budget.spend(kept.len() + set.len() + 1)?;
        if !kept.iter().any(|small| small.iter().all(|change| set.binary_search(change).is_ok())) {
            kept.push(set);
        }
    }
    Ok(kept)
}
