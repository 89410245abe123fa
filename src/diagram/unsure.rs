//! From sure answers to all answers: an answer that can be read in several ways stands for each of them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::variables::letters;
use super::{Decision, Diagrams, Leaf, Of, Ref, TooIntricate, Var};

/// What the values for several readings come to together.
type Join<'j> = &'j dyn Fn(usize, usize) -> usize;

impl Diagrams {
    /// A decision over sure answers, made right for unsure ones: its value is the one that every way of reading the
    /// answers agrees on, and `differ` where they do not agree.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn unsure<T: Leaf>(&mut self, decision: Decision<T>, differ: T) -> Result<Decision<T>, TooIntricate> {
        let differ = differ.to_index();
        let agree = |a: usize, b: usize| if a == b { a } else { differ };
        let variables = Arc::clone(&self.variables);
        let mut root = self.over_answers(decision)?.root;
        root = self.one_answer(root, &agree, &mut FxHashMap::default())?;
        let unsure = self.questions(root).into_iter().filter(|question| variables.takes_not_sure(*question));
        for question in unsure.collect::<Vec<_>>() {
            let chosen = variables.chosen(question);
            let known = variables.of_question(question).iter().copied();
            if let Some(known) = known.into_iter().find(|var| matches!(variables.all()[*var].of, Of::Known(_))) {
                root = self.known(root, known, &chosen, &agree, &mut FxHashMap::default())?;
            }
        }
        Ok(Decision::new(root))
    }

    /// A decision over sure answers in which every way to set the variables stands for an answer.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn over_answers<T: Leaf>(&mut self, decision: Decision<T>) -> Result<Decision<T>, TooIntricate> {
        let variables = Arc::clone(&self.variables);
        if !variables.any_at_least_one() {
            return Ok(decision);
        }
        let mut root = decision.root;
        for vars in self.questions(root).into_iter().filter_map(|question| variables.at_least_one(question)) {
            root = self.never_empty(root, &vars)?;
        }
        Ok(Decision::new(root))
    }

    /// A decision with one letter more for each variable, for a missing answer: its value is what `join` makes of the
    /// values of all the letters before it.
    ///
    /// # Errors
    /// If it would grow past the limit.
    pub fn with_missing<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        join: impl Fn(T, T) -> T,
    ) -> Result<Decision<T>, TooIntricate> {
        let of_indexes = |a: usize, b: usize| match (T::from_index(a), T::from_index(b)) {
            (Some(a), Some(b)) => join(a, b).to_index(),
            // No decision has a leaf that is no value of its type.
            _ => 0,
        };
        self.missing(decision.root, &of_indexes, &mut FxHashMap::default()).map(Decision::new)
    }

    fn missing(&mut self, diagram: Ref, join: Join<'_>, done: &mut FxHashMap<Ref, Ref>) -> Result<Ref, TooIntricate> {
        let Some(node) = self.node(diagram).cloned() else { return Ok(diagram) };
        if let Some(done) = done.get(&diagram) {
            return Ok(*done);
        }
        let mut children = Vec::with_capacity(node.children.len() + 1);
        for child in &node.children {
            children.push(self.missing(*child, join, done)?);
        }
        let mut joined = children[0];
        for child in &children[1..] {
            joined = self.combine_known(joined, *child, join, &mut FxHashMap::default())?;
        }
        children.push(joined);
        let made = self.branching(node.var, children)?;
        done.insert(diagram, made);
        Ok(made)
    }

    /// The diagram in which choosing nothing, which is no answer, is the same as choosing the last of these options.
    /// Then every way to set the variables stands for an answer, and every answer has one.
    fn never_empty(&mut self, diagram: Ref, vars: &[Var]) -> Result<Ref, TooIntricate> {
        let Some(last) = vars.last() else { return Ok(diagram) };
        let empty = self.all_out(vars)?;
        let mut given = self.variables.nothing();
        given[*last] = Some(1);
        let instead = self.fixed(diagram, &given, &mut FxHashMap::default())?;
        // One more than the leaf stands for a leaf that replaces the other, nought for none.
        let instead =
            self.combine_known(empty.root, instead, &|empty, leaf| empty * (leaf + 1), &mut FxHashMap::default())?;
        let pick = |instead: usize, leaf: usize| instead.checked_sub(1).unwrap_or(leaf);
        self.combine_known(instead, diagram, &pick, &mut FxHashMap::default())
    }

    /// Unsure letters of questions with one answer.
    fn one_answer(
        &mut self,
        diagram: Ref,
        join: Join<'_>,
        done: &mut FxHashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        let Some(node) = self.node(diagram).cloned() else { return Ok(diagram) };
        if let Some(done) = done.get(&diagram) {
            return Ok(*done);
        }
        let mut children = Vec::with_capacity(node.children.len());
        for child in &node.children {
            children.push(self.one_answer(*child, join, done)?);
        }
        let variables = Arc::clone(&self.variables);
        for (letter, readings) in &variables.all()[node.var].unsure {
            let mut read = letters(*readings).map(|letter| children[usize::from(letter)]);
            let mut joined = read.next().unwrap_or(diagram);
            for other in read.collect::<Vec<_>>() {
                joined = self.combine_known(joined, other, join, &mut FxHashMap::default())?;
            }
            children[usize::from(*letter)] = joined;
        }
        let made = self.branching(node.var, children)?;
        done.insert(diagram, made);
        Ok(made)
    }

    /// "Not sure" of a question with several answers, whose variable stands before those of its options.
    fn known(
        &mut self,
        diagram: Ref,
        known: Var,
        chosen: &[Var],
        join: Join<'_>,
        done: &mut FxHashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        if let Some(done) = done.get(&diagram) {
            return Ok(*done);
        }
        let made = match self.node(diagram).cloned().filter(|node| node.var < known) {
            Some(node) => {
                let mut children = Vec::with_capacity(node.children.len());
                for child in &node.children {
                    children.push(self.known(*child, known, chosen, join, done)?);
                }
                self.branching(node.var, children)?
            }
            None => {
                let whatever = self.whatever(diagram, chosen, join, &mut FxHashMap::default())?;
                self.branching(known, vec![diagram, whatever])?
            }
        };
        done.insert(diagram, made);
        Ok(made)
    }

    /// What all choices of these options come to together.
    fn whatever(
        &mut self,
        diagram: Ref,
        chosen: &[Var],
        join: Join<'_>,
        done: &mut FxHashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        let Some(node) = self.node(diagram).cloned() else { return Ok(diagram) };
        if let Some(done) = done.get(&diagram) {
            return Ok(*done);
        }
        let mut children = Vec::with_capacity(node.children.len());
        for child in &node.children {
            children.push(self.whatever(*child, chosen, join, done)?);
        }
        let made = match (children.as_slice(), chosen.contains(&node.var)) {
            ([out, chosen], true) => self.combine_known(*out, *chosen, join, &mut FxHashMap::default())?,
            _ => self.branching(node.var, children)?,
        };
        done.insert(diagram, made);
        Ok(made)
    }
}
