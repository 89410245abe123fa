//! Proves that questions which are not asked do not matter.

use super::soundness::Prover;
use super::{name, some_answer};
use crate::diagram::{AnyResult, Decision, TooIntricate, Truth, Value, Var, VarKind, values};
use crate::problem::{Code, Witness};
use crate::question::Answer;
use crate::rulebook::{RuleKind, in_words, written};

/// Something that a report says of a product.
struct Conclusion {
    name: String,
    /// For complete answers.
    decision: Decision<AnyResult>,
    /// The topics that it tests.
    topics: Vec<usize>,
}

impl Prover<'_> {
    /// Reports each question that can matter although it is not asked, with answers that show it.
    pub(super) fn hidden_questions(&mut self) -> Result<(), TooIntricate> {
        let rulebook = self.rulebook;
        let conclusions = self.conclusions()?;
        for (index, (question, asked)) in rulebook.questions.iter().zip(&rulebook.ask_when).enumerate() {
            let Some((when, asked)) = asked else { continue };
            let mut matters: Vec<String> = Vec::new();
            let mut witness = None;
            for Conclusion { name, decision, topics } in &conclusions {
                // One of the scenarios is enough.
                if matters.last() == Some(name) {
                    continue;
                }
                // Only where the question is not asked.
                let hidden = self.diagrams.combine(*decision, *asked, |result, asked| (!asked).then_some(result))?;
                if let Some(found) = self.differing(hidden, index)? {
                    matters.push(name.clone());
                    witness = witness.or_else(|| Some(self.complete_witness(&found, topics)));
                }
            }
            let hidden = self.diagrams.shortest_path(*asked, false);
            for topic in rulebook.topics.iter().filter(|topic| topic.questions.contains(&index)) {
                if let Some(hidden) = &hidden {
                    matters.push(format!("`{}`", topic.id));
                    witness = witness.or_else(|| Some(rulebook.written(hidden)));
                }
            }
            if let Some(witness) = witness {
                let matters = match matters.split_last() {
                    Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
                    _ => matters.concat(),
                };
                let message = format!("`{}` can decide {matters} even where it is not asked", question.id);
                let when = in_words(rulebook, when);
                let hint = format!(
                    "where it is tested, say what counts if it is not asked: `all` with \"{when}\" keeps those answers out, \
                     `any` with the opposite lets them in; or widen its `ask_when`"
                );
                self.report(Code::HiddenQuestion, &question.place, message, hint).witness = Some(witness);
            }
        }
        Ok(())
    }

    /// Everything that a question could matter for, except contradictions: they may well be about an answer to a
    /// question that is not asked.
    fn conclusions(&mut self) -> Result<Vec<Conclusion>, TooIntricate> {
        let rulebook = self.rulebook;
        let rules = rulebook.rules().into_iter().filter(|rule| rule.kind() != RuleKind::Contradiction);
        let decided = rules.filter_map(|rule| Some((format!("`{}`", name(rule)), rule.decision()?)));
        // Where the scenario is open, a question can still decide which ones are possible.
        let scenarios = rulebook.scenarios.iter();
        let scenarios = scenarios.map(|scenario| ("the scenario".to_owned(), scenario.applies.any()));
        let mut all = Vec::new();
        for (name, mut decision) in decided.chain(scenarios) {
            let mut topics = Vec::new();
            for var in self.diagrams.support(decision.root()) {
                if let VarKind::Prepared(topic) = self.diagrams.variables().all()[var].kind {
                    topics.push(topic);
                    let prepared = self.prepared(topic)?;
                    let no = self.diagrams.cofactor(decision, var, 0)?;
                    // Diagrams do not know whether such a list is "not sure", so both are possible.
                    let either = self.untested(topic).next().is_some();
                    let yes = if either { decision } else { self.diagrams.cofactor(decision, var, 1)? };
                    let yes = self.diagrams.combine(prepared, yes, bool::then_some)?;
                    decision = self.diagrams.combine(yes, no, Option::unwrap_or)?;
                }
            }
            all.push(Conclusion { name, decision, topics });
        }
        Ok(all)
    }

    /// The lists that a topic needs, that can be "not sure", and that no condition tests.
    fn untested(&self, topic: usize) -> impl Iterator<Item = usize> {
        let untested = |question: &usize| {
            let asked = &self.rulebook.questions[*question];
            asked.takes_not_sure() && self.diagrams.variables().of_question(*question).is_empty()
        };
        self.rulebook.topics[topic].questions.iter().copied().filter(untested)
    }

    /// Where a topic is prepared, if everything is answered.
    fn prepared(&mut self, topic: usize) -> Result<Decision<bool>, TooIntricate> {
        let topic = &self.rulebook.topics[topic];
        let mut prepared = self.diagrams.map(topic.satisfied, |fine| fine == Truth::Yes)?;
        let unsure = |question: &&usize| self.rulebook.questions[**question].takes_not_sure();
        for question in topic.questions.iter().filter(unsure) {
            for var in self.diagrams.variables().of_question(*question).to_vec() {
                prepared = self.diagrams.narrowed(prepared, var, self.diagrams.answers_of(var))?;
            }
        }
        Ok(prepared)
    }

    /// Answers as an answers file has them, with answers to everything that the topics need.
    fn complete_witness(&self, path: &[(Var, Value)], topics: &[usize]) -> Witness {
        let questions = &self.rulebook.questions;
        let mut answers = self.diagrams.variables().answers(path);
        for (var, value) in path {
            if let (VarKind::Prepared(topic), 0) = (self.diagrams.variables().all()[*var].kind, value) {
                answers.extend(self.untested(topic).map(|question| (question, Answer::NotSure)));
            }
        }
        for question in topics.iter().flat_map(|topic| &self.rulebook.topics[*topic].questions) {
            if answers.iter().all(|(known, _)| known != question) {
                answers.push((*question, some_answer(&questions[*question])));
            }
        }
        answers.sort_by_key(|(question, _)| *question);
        written(questions, answers)
    }

    /// Answers, including one to the question, for which another answer to it would give another result. Sure answers
    /// are tried first.
    fn differing(
        &mut self,
        decision: Decision<Option<AnyResult>>,
        question: usize,
    ) -> Result<Option<Vec<(Var, Value)>>, TooIntricate> {
        if !self.diagrams.questions(decision.root()).contains(&question) {
            return Ok(None);
        }
        let all = self.diagrams.variables().all();
        let mut pairs: Vec<(bool, Var, Value, Value)> = Vec::new();
        for var in self.diagrams.variables().of_question(question) {
            let Some(one) = values(all[*var].sure()).next() else { continue };
            let others = (0..all[*var].values).filter(|value| *value != one);
            pairs.extend(others.map(|other| (all[*var].sure() & (1 << other) == 0, *var, one, other)));
        }
        pairs.sort_by_key(|(unsure, ..)| *unsure);
        for (_, var, one, other) in pairs {
            let (a, b) = (self.diagrams.cofactor(decision, var, one)?, self.diagrams.cofactor(decision, var, other)?);
            let differ = self.diagrams.combine(a, b, |a, b| a.is_some() && b.is_some() && a != b)?;
            if let Some(mut path) = self.diagrams.shortest_path(differ, true) {
                path.push((var, other));
                return Ok(Some(path));
            }
        }
        Ok(None)
    }
}
