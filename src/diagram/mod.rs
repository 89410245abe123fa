//! The one form in which everything that depends on answers is worked out: reduced decision diagrams.
//!
//! A diagram is a function from one *letter* per question to a small number, its *leaf*. The letters of a question are
//! the answers that rules can tell apart, and after them one more for "not sure". Diagrams are reduced and shared, so
//! two functions are equal exactly if their [`Ref`]s are, and a function depends on a question exactly if the question
//! occurs in its diagram. That makes partial answers exact, however often a question occurs in the rules.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::condition::Condition;
use crate::question::OptionSet;

mod search;
pub use search::{Budget, Change, MAX_STEPS, QuestionSet};

/// A diagram in [`Diagrams`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref(u32);

/// The value of a diagram once every question in it is answered. Below [`LEAVES`].
pub type Leaf = u8;
/// How many leaves there are; a set of them fits in a [`LeafSet`].
pub const LEAVES: usize = 64;
/// A set of leaves: bit `i` is leaf `i`.
pub type LeafSet = u64;
/// The most questions a set of them can hold.
pub const MAX_QUESTIONS: usize = 128;
/// The most letters of one question, "not sure" aside.
pub const MAX_LETTERS: usize = 1024;
/// The most nodes kept before the rules are called too intricate.
const MAX_NODES: usize = 200_000;
/// The most branches of all nodes together: a node has one for each letter.
const MAX_BRANCHES: usize = 2_000_000;
/// The most steps of working out diagrams, for one reading or one proof.
const MAX_WORK: usize = 30_000_000;

/// One letter for each question, `None` where the answer is missing.
pub type Given = [Option<u16>];

/// The work would go past the limit on nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooIntricate;

/// The answers to one question that the rules can tell apart, each as the set of options chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alphabet {
    letters: Vec<OptionSet>,
    /// The options that tell letters apart.
    told_apart: OptionSet,
}

impl Alphabet {
    /// One letter for each option.
    #[must_use]
    pub fn one_of(options: usize) -> Self {
        Self { letters: (0..options).map(|option| 1 << option).collect(), told_apart: OptionSet::MAX }
    }

    /// One letter for each way to choose among the options that some condition tests, leaving out what `excluded` says
    /// cannot be chosen together.
    ///
    /// # Errors
    /// If that makes more than [`MAX_LETTERS`].
    pub fn any_of(tested: OptionSet, excluded: impl Fn(OptionSet) -> bool) -> Result<Self, TooIntricate> {
        if tested.count_ones() > MAX_LETTERS.ilog2() {
            return Err(TooIntricate);
        }
        let mut letters = Vec::new();
        let mut subset: OptionSet = 0;
        loop {
            if !excluded(subset) {
                letters.push(subset);
            }
            // The next subset of `tested`, in increasing order.
            subset = subset.wrapping_sub(tested) & tested;
            if subset == 0 {
                break;
            }
        }
        Ok(Self { letters, told_apart: tested })
    }

    /// The options each letter stands for.
    #[must_use]
    pub fn letters(&self) -> &[OptionSet] {
        &self.letters
    }

    /// The letter of a set of chosen options.
    #[must_use]
    pub fn letter(&self, chosen: OptionSet) -> Option<u16> {
        let chosen = chosen & self.told_apart;
        let index = self.letters.iter().position(|letter| *letter == chosen)?;
        u16::try_from(index).ok()
    }

    /// The options that conditions test. What else is chosen makes no difference.
    #[must_use]
    pub fn told_apart(&self) -> OptionSet {
        self.told_apart
    }

    /// The letter of "not sure".
    #[must_use]
    pub fn not_sure(&self) -> u16 {
        u16::try_from(self.letters.len()).unwrap_or(u16::MAX)
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Node {
    question: u16,
    children: Box<[Ref]>,
}

/// A store of diagrams over the same questions.
#[derive(Clone, Debug)]
pub struct Diagrams {
    alphabets: Arc<[Alphabet]>,
    nodes: Vec<Arc<Node>>,
    known: FxHashMap<Arc<Node>, Ref>,
    branches: usize,
    work: usize,
}

impl Diagrams {
    /// An empty store over questions with these letters.
    #[must_use]
    pub fn new(alphabets: impl Into<Arc<[Alphabet]>>) -> Self {
        Self { alphabets: alphabets.into(), nodes: Vec::new(), known: FxHashMap::default(), branches: 0, work: 0 }
    }

    /// The letters of each question.
    #[must_use]
    pub fn alphabets(&self) -> &[Alphabet] {
        &self.alphabets
    }

    /// The diagram that is the same for all answers.
    #[must_use]
    pub fn constant(leaf: Leaf) -> Ref {
        Ref(u32::from(leaf))
    }

    /// The leaf of a diagram that is the same for all answers.
    #[must_use]
    pub fn leaf(diagram: Ref) -> Option<Leaf> {
        Leaf::try_from(diagram.0).ok().filter(|leaf| usize::from(*leaf) < LEAVES)
    }

    fn node(&self, diagram: Ref) -> Option<&Arc<Node>> {
        let index = (diagram.0 as usize).checked_sub(LEAVES)?;
        self.nodes.get(index)
    }

    /// The first question of a diagram and its part for each letter, or `None` for a constant.
    #[must_use]
    pub fn branch(&self, diagram: Ref) -> Option<(usize, &[Ref])> {
        self.node(diagram).map(|node| (usize::from(node.question), &*node.children))
    }

    /// The same diagrams, with all the steps there are to take for something new.
    #[must_use]
    pub fn afresh(&self) -> Self {
        Self { work: 0, ..self.clone() }
    }

    fn spend(&mut self, steps: usize) -> Result<(), TooIntricate> {
        self.work += steps;
        if self.work > MAX_WORK { Err(TooIntricate) } else { Ok(()) }
    }

    /// The diagram that goes on with the part of the question's letter.
    fn branching(&mut self, question: usize, children: Vec<Ref>) -> Result<Ref, TooIntricate> {
        self.spend(children.len())?;
        if let [first, rest @ ..] = children.as_slice()
            && rest.iter().all(|child| child == first)
        {
            return Ok(*first);
        }
        let node =
            Arc::new(Node { question: u16::try_from(question).map_err(|_| TooIntricate)?, children: children.into() });
        if let Some(known) = self.known.get(&node) {
            return Ok(*known);
        }
        self.branches += node.children.len();
        if self.nodes.len() >= MAX_NODES || self.branches > MAX_BRANCHES {
            return Err(TooIntricate);
        }
        let fresh = Ref(u32::try_from(LEAVES + self.nodes.len()).map_err(|_| TooIntricate)?);
        self.nodes.push(Arc::clone(&node));
        self.known.insert(node, fresh);
        Ok(fresh)
    }

    /// The diagram of a condition over sure answers: 1 where it holds, 0 where it does not.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn condition(&mut self, condition: &Condition) -> Result<Ref, TooIntricate> {
        match condition {
            Condition::All(parts) => self.fold(parts, 1, |a, b| a & b),
            Condition::Any(parts) => self.fold(parts, 0, |a, b| a | b),
            Condition::Not(part) => {
                let part = self.condition(part)?;
                self.combine(part, Self::constant(1), &|a, b| a ^ b)
            }
            Condition::Is { question, options, .. } => {
                let children = self.alphabets[*question]
                    .letters
                    .iter()
                    .map(|letter| Self::constant(Leaf::from(letter & options != 0)))
                    .collect();
                self.branching(*question, children)
            }
            Condition::Result { .. } => Err(TooIntricate),
        }
    }

    fn fold(&mut self, parts: &[Condition], empty: Leaf, op: fn(Leaf, Leaf) -> Leaf) -> Result<Ref, TooIntricate> {
        parts.iter().try_fold(Self::constant(empty), |all, part| {
            let part = self.condition(part)?;
            self.combine(all, part, &op)
        })
    }

    /// The diagram whose leaf is `op` of the leaves of two, for all answers.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn combine(&mut self, a: Ref, b: Ref, op: &dyn Fn(Leaf, Leaf) -> Leaf) -> Result<Ref, TooIntricate> {
        self.combine_known(a, b, op, &mut FxHashMap::default())
    }

    fn combine_known(
        &mut self,
        a: Ref,
        b: Ref,
        op: &dyn Fn(Leaf, Leaf) -> Leaf,
        known: &mut FxHashMap<(Ref, Ref), Ref>,
    ) -> Result<Ref, TooIntricate> {
        self.spend(1)?;
        if let (Some(a), Some(b)) = (Self::leaf(a), Self::leaf(b)) {
            return Ok(Self::constant(op(a, b)));
        }
        if let Some(done) = known.get(&(a, b)) {
            return Ok(*done);
        }
        let question = [a, b]
            .iter()
            .filter_map(|diagram| self.branch(*diagram).map(|(question, _)| question))
            .min()
            .ok_or(TooIntricate)?;
        let parts =
            [a, b].map(|diagram| self.node(diagram).cloned().filter(|node| usize::from(node.question) == question));
        let width = parts.iter().flatten().map(|node| node.children.len()).max().unwrap_or(0);
        let mut children = Vec::with_capacity(width);
        for letter in 0..width {
            // A diagram that does not begin with this question is the same for each of its letters.
            let part = |node: &Option<Arc<Node>>, whole| node.as_ref().map_or(whole, |node| node.children[letter]);
            children.push(self.combine_known(part(&parts[0], a), part(&parts[1], b), op, known)?);
        }
        let done = self.branching(question, children)?;
        known.insert((a, b), done);
        Ok(done)
    }

    /// The diagram that goes on with one part for each letter of a question, "not sure" last if it is among them. The
    /// parts may depend on any question, whatever its order.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn select(&mut self, question: usize, parts: &[Ref]) -> Result<Ref, TooIntricate> {
        const UNSET: Leaf = 63;
        let mut selected = Self::constant(UNSET);
        for (letter, part) in parts.iter().enumerate() {
            let here = (0..parts.len()).map(|other| Self::constant(Leaf::from(other == letter))).collect();
            let here = self.branching(question, here)?;
            let part = self.combine(here, *part, &|here, leaf| if here == 1 { leaf } else { UNSET })?;
            selected = self.combine(selected, part, &|done, leaf| if done == UNSET { leaf } else { done })?;
        }
        Ok(selected)
    }

    /// The diagram with its leaves renamed.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn relabel(&mut self, diagram: Ref, name: &dyn Fn(Leaf) -> Leaf) -> Result<Ref, TooIntricate> {
        self.combine(diagram, Self::constant(0), &|leaf, _| name(leaf))
    }

    /// The diagram with one question answered.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn with(&mut self, diagram: Ref, question: usize, letter: u16) -> Result<Ref, TooIntricate> {
        let mut given = vec![None; self.alphabets.len()];
        given[question] = Some(letter);
        self.fixed(diagram, &given, &mut FxHashMap::default())
    }

    fn fixed(&mut self, diagram: Ref, given: &Given, known: &mut FxHashMap<Ref, Ref>) -> Result<Ref, TooIntricate> {
        let Some((question, children)) = self.branch(diagram) else { return Ok(diagram) };
        if let Some(letter) = given[question] {
            let child = children[usize::from(letter)];
            return self.fixed(child, given, known);
        }
        if let Some(done) = known.get(&diagram) {
            return Ok(*done);
        }
        let children = children.to_vec();
        let mut parts = Vec::with_capacity(children.len());
        for child in children {
            parts.push(self.fixed(child, given, known)?);
        }
        let done = self.branching(question, parts)?;
        known.insert(diagram, done);
        Ok(done)
    }

    /// A diagram over sure answers, given the letter "not sure" as well: its leaf is the one that every way of filling
    /// the unsure answers in agrees on, and `differ` where they do not agree.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn unsure(&mut self, diagram: Ref, differ: Leaf) -> Result<Ref, TooIntricate> {
        self.extended(diagram, &|a, b| if a == b { a } else { differ })
    }

    /// The diagram with one letter more for each question in it, whose leaf is what `join` makes of the leaves of all
    /// the letters before it.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn extended(&mut self, diagram: Ref, join: &dyn Fn(Leaf, Leaf) -> Leaf) -> Result<Ref, TooIntricate> {
        self.extended_known(diagram, join, &mut FxHashMap::default())
    }

    fn extended_known(
        &mut self,
        diagram: Ref,
        join: &dyn Fn(Leaf, Leaf) -> Leaf,
        known: &mut FxHashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        let Some((question, letters)) = self.branch(diagram) else {
            return Ok(diagram);
        };
        if let Some(done) = known.get(&diagram) {
            return Ok(*done);
        }
        let letters = letters.to_vec();
        let mut children = Vec::with_capacity(letters.len() + 1);
        for child in letters {
            children.push(self.extended_known(child, join, known)?);
        }
        let mut joined = children[0];
        for child in &children[1..] {
            joined = self.combine(joined, *child, join)?;
        }
        children.push(joined);
        let done = self.branching(question, children)?;
        known.insert(diagram, done);
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_up_to_the_limit_and_never_past_it() {
        let mut diagrams = Diagrams::new(Vec::new());
        assert_eq!(diagrams.spend(MAX_WORK), Ok(()));
        assert_eq!(diagrams.spend(1), Err(TooIntricate));
        assert_eq!(diagrams.spend(1), Err(TooIntricate), "what is used up stays so");
        assert_eq!(diagrams.afresh().spend(MAX_WORK), Ok(()));
    }

    #[test]
    fn nodes_and_branches_are_made_up_to_the_limit_and_never_past_it() {
        // Each has the one before it among its parts, so that none is like another.
        let made = |letters: usize, count: usize| {
            let mut diagrams = Diagrams::new(Vec::new());
            (0..count).try_fold(Diagrams::constant(0), |last, _| {
                let mut parts = vec![Diagrams::constant(1); letters];
                parts[0] = last;
                diagrams.branching(0, parts)
            })
        };
        assert!(made(2, MAX_NODES).is_ok());
        assert_eq!(made(2, MAX_NODES + 1), Err(TooIntricate));
        assert!(made(1000, MAX_BRANCHES / 1000).is_ok());
        assert_eq!(made(1000, MAX_BRANCHES / 1000 + 1), Err(TooIntricate));
    }
}
