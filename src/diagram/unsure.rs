//! From sure answers to all answers: an unsure answer stands for each of its readings.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::variables::values;
use super::{AnyResult, Children, Decision, Diagrams, Leaf, Ref, TooIntricate, Truth, Var, VarKind, over_indexes};

/// Combines the results of several readings.
type Join<'j> = &'j dyn Fn(usize, usize) -> usize;

/// Builds the replacement of a node from its variable and the replacements of its children.
type Rebuild<'m> = dyn FnMut(&mut Diagrams, Var, Children) -> Result<Ref, TooIntricate> + 'm;

impl Diagrams {
    /// A decision over sure answers, made right for unsure ones: the result on which all readings agree, else `differ`.
    pub fn over_readings<T: Leaf>(&mut self, decision: Decision<T>, differ: T) -> Result<Decision<T>, TooIntricate> {
        let differ = differ.to_index();
        let agree = |a: usize, b: usize| if a == b { a } else { differ };
        let variables = Arc::clone(&self.variables);
        let mut root = self.over_answers(decision)?.root;
        root = self.join_readings(root, &agree)?;
        let unsure = self.questions(root).into_iter().filter(|question| variables.takes_not_sure(*question));
        for question in unsure.collect::<Vec<_>>() {
            let chosen = variables.chosen(question);
            let known = variables.of_question(question).iter().copied();
            if let Some(known) = known.into_iter().find(|var| matches!(variables.all()[*var].kind, VarKind::Known(_))) {
                root = self.insert_known(root, known, &chosen, &agree, &mut FxHashMap::default())?;
            }
        }
        Ok(Decision::at(root))
    }

    /// Where something holds, from where it holds for sure answers.
    pub fn truth(&mut self, surely: Decision<bool>) -> Result<Decision<Truth>, TooIntricate> {
        let sure = self.map(surely, Truth::from)?;
        self.over_readings(sure, Truth::Open)
    }

    /// A decision over sure answers, made right for assignments that choose nothing where that is no answer.
    pub fn over_answers<T: Leaf>(&mut self, decision: Decision<T>) -> Result<Decision<T>, TooIntricate> {
        let variables = Arc::clone(&self.variables);
        if !variables.any_at_least_one() {
            return Ok(decision);
        }
        let mut root = decision.root;
        for vars in self.questions(root).into_iter().filter_map(|question| variables.at_least_one(question)) {
            root = self.replace_empty(root, &vars)?;
        }
        Ok(Decision::at(root))
    }

    /// A decision with one more value for each variable, for a missing answer: `join` combines the results of all
    /// others.
    pub fn with_missing<T: Leaf>(
        &mut self,
        decision: Decision<T>,
        join: impl Fn(T, T) -> T,
    ) -> Result<Decision<T>, TooIntricate> {
        let join = over_indexes(join);
        let root = self.rebuild(decision.root, &mut FxHashMap::default(), &mut |diagrams, var, mut children| {
            let joined = diagrams.joined(&children, &join)?;
            children.push(joined);
            diagrams.node(var, &children)
        })?;
        Ok(Decision::at(root))
    }

    /// Rebuilds a diagram bottom-up.
    fn rebuild(
        &mut self,
        diagram: Ref,
        memo: &mut FxHashMap<Ref, Ref>,
        make: &mut Rebuild<'_>,
    ) -> Result<Ref, TooIntricate> {
        let Some((var, parts)) = self.branch(diagram) else { return Ok(diagram) };
        if let Some(done) = memo.get(&diagram) {
            return Ok(*done);
        }
        let mut children = Children::from(parts);
        for child in &mut children {
            *child = self.rebuild(*child, memo, make)?;
        }
        let made = make(self, var, children)?;
        memo.insert(diagram, made);
        Ok(made)
    }

    /// The join of several diagrams, at least one.
    fn joined(&mut self, all: &[Ref], join: Join<'_>) -> Result<Ref, TooIntricate> {
        all[1..].iter().try_fold(all[0], |joined, other| self.combined(joined, *other, join))
    }

    /// The diagram in which choosing nothing, which is no answer, counts as choosing the last of these options. So
    /// every assignment stands for an answer.
    fn replace_empty(&mut self, diagram: Ref, vars: &[Var]) -> Result<Ref, TooIntricate> {
        let Some(last) = vars.last() else { return Ok(diagram) };
        let empty = self.none_chosen(vars)?;
        let instead = self.cofactor(Decision::<AnyResult>::at(diagram), *last, 1)?.root;
        // 0 keeps the other leaf; any other number is the leaf to replace it with, plus one.
        let instead = self.combined(empty.root, instead, &|empty, leaf| empty * (leaf + 1))?;
        let pick = |instead: usize, leaf: usize| instead.checked_sub(1).unwrap_or(leaf);
        self.combined(instead, diagram, &pick)
    }

    /// Joins the readings of unsure values, for questions with one answer.
    fn join_readings(&mut self, diagram: Ref, join: Join<'_>) -> Result<Ref, TooIntricate> {
        let variables = Arc::clone(&self.variables);
        self.rebuild(diagram, &mut FxHashMap::default(), &mut |diagrams, var, mut children| {
            for (value, readings) in &variables.all()[var].unsure {
                let read: Vec<Ref> = values(*readings).map(|value| children[usize::from(value)]).collect();
                if !read.is_empty() {
                    children[usize::from(*value)] = diagrams.joined(&read, join)?;
                }
            }
            diagrams.node(var, &children)
        })
    }

    /// Inserts the variable for "not sure" of a question with several answers in front of those of its options.
    fn insert_known(
        &mut self,
        diagram: Ref,
        known: Var,
        chosen: &[Var],
        join: Join<'_>,
        memo: &mut FxHashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        if let Some(done) = memo.get(&diagram) {
            return Ok(*done);
        }
        let made = match self.branch(diagram).filter(|(var, _)| *var < known) {
            Some((var, parts)) => {
                let mut children = Children::from(parts);
                for child in &mut children {
                    *child = self.insert_known(*child, known, chosen, join, memo)?;
                }
                self.node(var, &children)?
            }
            None => {
                let not_sure = self.join_choices(diagram, chosen, join)?;
                self.node(known, &[diagram, not_sure])?
            }
        };
        memo.insert(diagram, made);
        Ok(made)
    }

    /// Joins the results of all choices of these options.
    fn join_choices(&mut self, diagram: Ref, chosen: &[Var], join: Join<'_>) -> Result<Ref, TooIntricate> {
        self.rebuild(diagram, &mut FxHashMap::default(), &mut |diagrams, var, children| {
            if chosen.contains(&var) { diagrams.joined(&children, join) } else { diagrams.node(var, &children) }
        })
    }
}
