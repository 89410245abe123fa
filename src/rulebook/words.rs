//! Conditions as text: in ids, for those who edit rules (`season is summer and (garden is yes or not (shed is none))`),
//! or in the words of the questions (`“Which season is it?” is “Summer”`).

use super::{Rulebook, Status};
use crate::condition::{Condition, ResultTest};
use crate::problem::Witness;
use crate::question::{Answer, Kind, OptionSet, Question};

pub fn in_words(rulebook: &Rulebook, condition: &Condition) -> String {
    Words { rulebook, asked: false }.condition(condition)
}

/// A condition in the words of the questions.
pub fn as_asked(rulebook: &Rulebook, condition: &Condition) -> String {
    Words { rulebook, asked: true }.condition(condition)
}

/// A condition that also holds for answers one of whose readings satisfies it.
pub fn widened(rulebook: &Rulebook, when: &Condition) -> Condition {
    let all = |parts: &[Condition]| parts.iter().map(|part| widened(rulebook, part)).collect();
    match when {
        Condition::All(parts) => Condition::All(all(parts)),
        Condition::Any(parts) => Condition::Any(all(parts)),
        Condition::Is { question, options, place } => {
            let offers = rulebook.questions[*question].options.iter().enumerate();
            let may_count = offers.filter(|(_, offer)| offer.reads_as & options != 0);
            let options = may_count.fold(*options, |options, (index, _)| options | 1 << index);
            Condition::Is { question: *question, options, place: place.clone() }
        }
        Condition::Not(_) | Condition::Result { .. } => when.clone(),
    }
}

/// Options of a question by their labels: any of them, or all but a few among these.
pub fn labels(question: &Question, options: OptionSet, among: OptionSet) -> String {
    let quoted = |set: OptionSet| {
        question.chosen(set).map(|(_, option)| format!("“{}”", option.label)).collect::<Vec<_>>().join(", ")
    };
    let others = among & !options;
    match (options.count_ones(), others.count_ones()) {
        (1, _) => quoted(options),
        // A long list is easier to read by the few values that it leaves out.
        (many, few) if many > 3 && few > 0 && few * 2 < many => format!("anything but {}", quoted(others)),
        _ => format!("any of: {}", quoted(options)),
    }
}

struct Words<'r> {
    rulebook: &'r Rulebook,
    /// Whether to use the words of the questions.
    asked: bool,
}

impl Words<'_> {
    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::All(parts) => self.joined(parts, " and "),
            Condition::Any(parts) => self.joined(parts, " or "),
            Condition::Not(part) => match part.as_ref() {
                Condition::Is { question, options, .. } if self.asked => self.test(*question, *options, false),
                Condition::Result { test, .. } if self.asked => self.result(test, " is not"),
                part => format!("not ({})", self.condition(part)),
            },
            Condition::Is { question, options, .. } => self.test(*question, *options, true),
            Condition::Result { test, .. } => self.result(test, " is"),
        }
    }

    fn joined(&self, parts: &[Condition], between: &str) -> String {
        let part = |part: &Condition| match part {
            Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => format!("({})", self.condition(part)),
            _ => self.condition(part),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(between)
    }

    fn test(&self, question: usize, options: OptionSet, holds: bool) -> String {
        let question = &self.rulebook.questions[question];
        let several = question.kind == Kind::Choices;
        if self.asked {
            let verb = match (several, holds) {
                (true, true) => "includes",
                (true, false) => "does not include",
                (false, true) => "is",
                (false, false) => "is not",
            };
            return format!("“{}” {verb} {}", question.prompt, labels(question, options, question.sure()));
        }
        let values: Vec<&str> = question.chosen(options).map(|(_, option)| option.value.as_str()).collect();
        format!("{} {} {}", question.id, if several { "includes" } else { "is" }, values.join(" or "))
    }

    /// A test of a result: `criterion.open_to_all is met or to_discuss`, `“Is open to all” is met or to discuss`.
    fn result(&self, test: &ResultTest, is: &str) -> String {
        let rules = self.rulebook;
        let quoted = |words: String| if self.asked { format!("“{words}”") } else { words };
        let any = |ids: Vec<&str>| {
            let ids = ids.join(" or ");
            quoted(if self.asked { ids.replace('_', " ") } else { ids })
        };
        let statuses = |all: &[Status]| any(all.iter().map(|status| status.id()).collect());
        let of = |kind: &str, id: &str, title: &str| {
            if self.asked { format!("“{title}”") } else { format!("{kind}.{id}") }
        };
        let whole = |kind: &str| if self.asked { format!("the {kind}") } else { kind.to_owned() };
        let (of, results) = match test {
            ResultTest::Criterion(index, all) => {
                let it = &rules.criteria[*index];
                (of("criterion", &it.id, &it.title), statuses(all))
            }
            ResultTest::Obligation(index, all) => {
                let it = &rules.obligations[*index];
                (of("obligation", &it.id, &it.title), statuses(all))
            }
            ResultTest::Prepared(index) => {
                let it = &rules.topics[*index];
                (of("topic", &it.id, &it.title), "prepared".to_owned())
            }
            ResultTest::Scenario(all) => {
                let all = all.iter().map(|index| &rules.scenarios[*index]);
                let named = all.map(|it| quoted(if self.asked { &it.title } else { &it.id }.clone()));
                (whole("scenario"), named.collect::<Vec<_>>().join(" or "))
            }
            ResultTest::Fit(all) => (whole("fit"), any(all.iter().map(|fit| fit.id()).collect())),
        };
        format!("{of}{is} {results}")
    }
}

/// Answers as an answers file has them, with the ids of their questions.
pub fn written(questions: &[Question], answers: Vec<(usize, Answer)>) -> Witness {
    let written = |(question, answer): (usize, Answer)| {
        let asked = &questions[question];
        (asked.id.clone(), asked.written(&answer))
    };
    answers.into_iter().map(written).collect()
}

/// A title with its number in the source, as in "4. Long lease".
pub fn numbered(number: Option<u8>, title: &str) -> String {
    number.map_or_else(|| title.to_owned(), |number| format!("{number}. {title}"))
}

/// A version such as 1.2.0 as numbers, to compare it.
pub fn version_numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}
