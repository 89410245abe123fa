//! Answers → values, and values → answers.

use super::variables::{Of, Value, Var, Variables};
use crate::question::{Answer, OptionSet};

impl Variables {
    /// Writes the values of an answer; none where it is missing.
    pub fn give(&self, given: &mut [Option<Value>], question: usize, answer: Option<&Answer>) {
        for var in self.of_question(question) {
            given[*var] = match (self.all()[*var].of, answer) {
                (Of::Question(_), Some(Answer::One(option))) => Value::try_from(*option).ok(),
                (Of::Question(_), Some(Answer::NotSure)) => {
                    Value::try_from(self.asked[question].options).ok().filter(|_| self.asked[question].not_sure)
                }
                (Of::Known(_), Some(Answer::Many(_))) => Some(0),
                (Of::Known(_), Some(Answer::NotSure)) => Some(1),
                (Of::Chosen(_, option), Some(Answer::Many(chosen))) => Some(Value::from(chosen & (1 << option) != 0)),
                _ => None,
            };
        }
    }

    /// Answers with these values, by question. What is left open in an answer with several options is not chosen,
    /// unless it would be empty and cannot be: then it has the first option that makes no difference.
    pub fn answers(&self, values: &[(Var, Value)]) -> Vec<(usize, Answer)> {
        let answer = |question: usize| {
            let asked = &self.asked[question];
            let mut chosen: OptionSet = 0;
            let mut refused: OptionSet = 0;
            for (var, value) in values.iter().filter(|(var, _)| self.all()[*var].question() == Some(question)) {
                match self.all()[*var].of {
                    Of::Question(_) if usize::from(*value) == asked.options => return Answer::NotSure,
                    Of::Question(_) => return Answer::One(usize::from(*value)),
                    Of::Known(_) if *value == 1 => return Answer::NotSure,
                    Of::Chosen(_, option) if *value == 1 => chosen |= 1 << option,
                    Of::Chosen(_, option) => refused |= 1 << option,
                    Of::Known(_) | Of::Prepared(_) => {}
                }
            }
            Answer::Many(if chosen == 0 { self.something(question, refused) } else { chosen })
        };
        self.questions(values.iter().map(|(var, _)| *var))
            .into_iter()
            .map(|question| (question, answer(question)))
            .collect()
    }

    /// An answer that chooses none of these options: the empty list, or the first option that nobody tests, or the first
    /// of the others. A question of which all are refused cannot be: diagrams take it for its last variable's option.
    pub fn something(&self, question: usize, refused: OptionSet) -> OptionSet {
        let asked = &self.asked[question];
        if asked.none.is_some() {
            return 0;
        }
        let tested = self.tested(question);
        let options = 0..asked.options;
        let free = options.clone().find(|option| tested & (1 << option) == 0);
        let free = free.or_else(|| options.clone().find(|option| refused & (1 << option) == 0));
        let last = || {
            self.chosen(question).last().and_then(|var| match self.all()[*var].of {
                Of::Chosen(_, option) => Some(option),
                _ => None,
            })
        };
        free.or_else(last).map_or(0, |option| 1 << option)
    }
}
