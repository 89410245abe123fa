//! Conditions in the words of the rules: `season is summer and (garden is yes or not (shed is none))`.

use super::{Rulebook, Status};
use crate::condition::{Condition, ResultTest};
use crate::question::Kind;

/// A condition in words.
#[must_use]
pub fn in_words(rulebook: &Rulebook, condition: &Condition) -> String {
    let joined = |parts: &[Condition], between: &str| {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => {
                    format!("({})", in_words(rulebook, part))
                }
                _ => in_words(rulebook, part),
            })
            .collect();
        parts.join(between)
    };
    match condition {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(part) => format!("not ({})", in_words(rulebook, part)),
        Condition::Is { question, options, .. } => {
            let question = &rulebook.questions[*question];
            let values: Vec<&str> = question.chosen(*options).map(|(_, option)| option.value.as_str()).collect();
            let verb = if question.kind == Kind::Choices { "includes" } else { "is" };
            format!("{} {verb} {}", question.id, values.join(" or "))
        }
        Condition::Result { test, .. } => result_in_words(rulebook, test),
    }
}

/// A test of a result in words: `criterion.open_to_all is met or to_discuss`.
fn result_in_words(rulebook: &Rulebook, test: &ResultTest) -> String {
    let any = |words: Vec<&str>| words.join(" or ");
    let statuses = |all: &[Status]| any(all.iter().map(|status| status.id()).collect());
    match test {
        ResultTest::Criterion(index, all) => format!("criterion.{} is {}", rulebook.criteria[*index].id, statuses(all)),
        ResultTest::Scenario(all) => {
            format!("scenario is {}", any(all.iter().map(|index| rulebook.scenarios[*index].id.as_str()).collect()))
        }
        ResultTest::Fit(all) => format!("fit is {}", any(all.iter().map(|fit| fit.id()).collect())),
        ResultTest::Prepared(index) => format!("topic.{} is prepared", rulebook.topics[*index].id),
        ResultTest::Obligation(index, all) => {
            format!("obligation.{} is {}", rulebook.obligations[*index].id, statuses(all))
        }
    }
}
