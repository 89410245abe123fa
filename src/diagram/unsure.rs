//! From sure answers to all answers: an answer that can be read in several ways stands for each of them.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::variables::values;
use super::{AnyResult, Children, Decision, Diagrams, Leaf, Of, Ref, TooIntricate, Truth, Var, over_indexes};

/// What the results for several readings come to together.
type Join<'j> = &'j dyn Fn(usize, usize) -> usize;

/// Makes a node anew, of its variable and of its branches made anew.
type Make<'m> = dyn FnMut(&mut Diagrams, Var, Children) -> Result<Ref, TooIntricate> + 'm;

impl Diagrams {
    /// A decision over sure answers, made right for unsure ones: its result is the one that every way of reading the
    /// answers agrees on, and `differ` where they do not agree.
    pub fn unsure<T: Leaf>(&mut self, decision: Decision<T>, differ: T) -> Result<Decision<T>, TooIntricate> {
        let differ = differ.to_index();
        let agree = |a: usize, b: usize| if a == b { a } else { differ };
        let variables = Arc::clone(&self.variables);
        let mut root = self.over_answers(decision)?.root;
        root = self.one_answer(root, &agree)?;
        let unsure = self.questions(root).into_iter().filter(|question| variables.takes_not_sure(*question));
        for question in unsure.collect::<Vec<_>>() {
            let chosen = variables.chosen(question);
            let known = variables.of_question(question).iter().copied();
            if let Some(known) = known.into_iter().find(|var| matches!(variables.all()[*var].of, Of::Known(_))) {
                root = self.known(root, known, &chosen, &agree, &mut FxHashMap::default())?;
            }
        }
        Ok(Decision::at(root))
    }

    /// Where something holds, given where it does for sure answers.
    pub fn truth(&mut self, surely: Decision<bool>) -> Result<Decision<Truth>, TooIntricate> {
        let sure = self.map(surely, Truth::from)?;
        self.unsure(sure, Truth::Open)
    }

    /// A decision over sure answers in which every way to set the variables stands for an answer.
    pub fn over_answers<T: Leaf>(&mut self, decision: Decision<T>) -> Result<Decision<T>, TooIntricate> {
        let variables = Arc::clone(&self.variables);
        if !variables.any_at_least_one() {
            return Ok(decision);
        }
        let mut root = decision.root;
        for vars in self.questions(root).into_iter().filter_map(|question| variables.at_least_one(question)) {
            root = self.never_empty(root, &vars)?;
        }
        Ok(Decision::at(root))
    }

    /// A decision with one value more for each variable, for a missing answer: its result is what `join` makes of the
    /// results of all the values before it.
    pub fn with_missing<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        join: impl Fn(T, T) -> T,
    ) -> Result<Decision<T>, TooIntricate> {
        let join = over_indexes(join);
        let root = self.rebuilt(decision.root, &mut FxHashMap::default(), &mut |diagrams, var, mut children| {
            let joined = diagrams.joined(&children, &join)?;
            children.push(joined);
            diagrams.branching(var, &children)
        })?;
        Ok(Decision::at(root))
    }

    /// A diagram made anew from its ends up, each node by `make` of what became of its children.
    fn rebuilt(
        &mut self,
        diagram: Ref,
        done: &mut FxHashMap<Ref, Ref>,
        make: &mut Make<'_>,
    ) -> Result<Ref, TooIntricate> {
        let Some((var, parts)) = self.branch(diagram) else { return Ok(diagram) };
        if let Some(done) = done.get(&diagram) {
            return Ok(*done);
        }
        let mut children = Children::from(parts);
        for child in &mut children {
            *child = self.rebuilt(*child, done, make)?;
        }
        let made = make(self, var, children)?;
        done.insert(diagram, made);
        Ok(made)
    }

    /// What several diagrams, at least one, come to together.
    fn joined(&mut self, all: &[Ref], join: Join<'_>) -> Result<Ref, TooIntricate> {
        all[1..].iter().try_fold(all[0], |joined, other| self.combined(joined, *other, join))
    }

    /// The diagram in which choosing nothing, which is no answer, is the same as choosing the last of these options.
    /// Then every way to set the variables stands for an answer, and every answer has one.
    fn never_empty(&mut self, diagram: Ref, vars: &[Var]) -> Result<Ref, TooIntricate> {
        let Some(last) = vars.last() else { return Ok(diagram) };
        let empty = self.all_out(vars)?;
        let instead = self.at(Decision::<AnyResult>::at(diagram), *last, 1)?.root;
        // 0 means "keep the other leaf"; any other number is the leaf to put in its place, plus one.
        let instead = self.combined(empty.root, instead, &|empty, leaf| empty * (leaf + 1))?;
        let pick = |instead: usize, leaf: usize| instead.checked_sub(1).unwrap_or(leaf);
        self.combined(instead, diagram, &pick)
    }

    /// Unsure values of questions with one answer.
    fn one_answer(&mut self, diagram: Ref, join: Join<'_>) -> Result<Ref, TooIntricate> {
        let variables = Arc::clone(&self.variables);
        self.rebuilt(diagram, &mut FxHashMap::default(), &mut |diagrams, var, mut children| {
            for (value, readings) in &variables.all()[var].unsure {
                let read: Vec<Ref> = values(*readings).map(|value| children[usize::from(value)]).collect();
                if !read.is_empty() {
                    children[usize::from(*value)] = diagrams.joined(&read, join)?;
                }
            }
            diagrams.branching(var, &children)
        })
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
        let made = match self.branch(diagram).filter(|(var, _)| *var < known) {
            Some((var, parts)) => {
                let mut children = Children::from(parts);
                for child in &mut children {
                    *child = self.known(*child, known, chosen, join, done)?;
                }
                self.branching(var, &children)?
            }
            None => {
                let whatever = self.whatever(diagram, chosen, join)?;
                self.branching(known, &[diagram, whatever])?
            }
        };
        done.insert(diagram, made);
        Ok(made)
    }

    /// What all choices of these options come to together.
    fn whatever(&mut self, diagram: Ref, chosen: &[Var], join: Join<'_>) -> Result<Ref, TooIntricate> {
        self.rebuilt(diagram, &mut FxHashMap::default(), &mut |diagrams, var, children| {
            if chosen.contains(&var) { diagrams.joined(&children, join) } else { diagrams.branching(var, &children) }
        })
    }
}
