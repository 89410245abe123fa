//! Answers → values, and values → answers.

use super::variables::{Value, Var, VarKind, Variables};
use crate::question::{Answer, OptionSet};

impl Variables {
    /// Sets the values of an answer, or unsets them where it is missing.
    pub fn assign(&self, assignment: &mut [Option<Value>], question: usize, answer: Option<&Answer>) {
        for var in self.of_question(question) {
            assignment[*var] = match (self.all()[*var].kind, answer) {
                (VarKind::Question(_), Some(Answer::One(option))) => Value::try_from(*option).ok(),
                (VarKind::Question(_), Some(Answer::NotSure)) => {
                    Value::try_from(self.asked[question].options).ok().filter(|_| self.asked[question].not_sure)
                }
                (VarKind::Known(_), Some(Answer::Many(_))) => Some(0),
                (VarKind::Known(_), Some(Answer::NotSure)) => Some(1),
                (VarKind::Chosen(_, option), Some(Answer::Many(chosen))) => {
                    Some(Value::from(chosen & (1 << option) != 0))
                }
                _ => None,
            };
        }
    }

    /// The answers with these values, by question. Options left open are not chosen, unless nothing would be chosen and
    /// the question does not allow that: then it is the first option that makes no difference.
    pub fn answers(&self, values: &[(Var, Value)]) -> Vec<(usize, Answer)> {
        let answer = |question: usize| {
            let asked = &self.asked[question];
            let mut chosen: OptionSet = 0;
            let mut excluded: OptionSet = 0;
            for (var, value) in values.iter().filter(|(var, _)| self.all()[*var].question() == Some(question)) {
                match self.all()[*var].kind {
                    VarKind::Question(_) if usize::from(*value) == asked.options => return Answer::NotSure,
                    VarKind::Question(_) => return Answer::One(usize::from(*value)),
                    VarKind::Known(_) if *value == 1 => return Answer::NotSure,
                    VarKind::Chosen(_, option) if *value == 1 => chosen |= 1 << option,
                    VarKind::Chosen(_, option) => excluded |= 1 << option,
                    VarKind::Known(_) | VarKind::Prepared(_) => {}
                }
            }
            Answer::Many(if chosen == 0 { self.choice_without(question, excluded) } else { chosen })
        };
        self.questions(values.iter().map(|(var, _)| *var))
            .into_iter()
            .map(|question| (question, answer(question)))
            .collect()
    }

    /// A choice of none of these options: the empty list, else the first option that no condition tests, else the first
    /// of the others. Where all are excluded it is the option of the last variable, as diagrams have it.
    pub fn choice_without(&self, question: usize, excluded: OptionSet) -> OptionSet {
        let asked = &self.asked[question];
        if asked.none.is_some() {
            return 0;
        }
        let tested = self.tested(question);
        let options = 0..asked.options;
        let free = options.clone().find(|option| tested & (1 << option) == 0);
        let free = free.or_else(|| options.clone().find(|option| excluded & (1 << option) == 0));
        let last = || {
            self.chosen(question).last().and_then(|var| match self.all()[*var].kind {
                VarKind::Chosen(_, option) => Some(option),
                _ => None,
            })
        };
        free.or_else(last).map_or(0, |option| 1 << option)
    }
}
