//! Why a question is asked, and what each of its answers would do.

use super::Interview;
use super::phrases::{fit, questions, title};
use crate::assess::assess;
use crate::assessment::TopicResult;
use crate::prompter::Words;
use crate::question::{Answer, Kind};
use crate::rulebook::{Rulebook, Status};

/// Why a question is asked, and what each of its answers would do.
pub(super) fn explanation(interview: &Interview<'_>, index: usize) -> Vec<Words> {
    let rulebook = interview.rulebook;
    let question = &rulebook.questions[index];
    let mut words = vec![Words::List("We ask this because it counts for:".to_owned(), counts_for(rulebook, index))];
    let mut effects: Vec<String> = Vec::new();
    let mut effect = |answer: Answer, label: String| {
        let mut then = interview.clone();
        then.answer(index, answer);
        effects.push(format!("{label}: {}.", effect_of(interview, &then, index)));
    };
    match question.kind {
        Kind::Text => {}
        Kind::YesNo | Kind::Choice => {
            for (option, offer) in question.options.iter().enumerate() {
                effect(Answer::One(option), offer.label.clone());
            }
        }
        Kind::Choices => {
            for (option, offer) in question.options.iter().enumerate() {
                effect(Answer::Many(1 << option), offer.label.clone());
            }
        }
    }
    if question.takes_not_sure() {
        effect(Answer::NotSure, "Not sure".to_owned());
        words.push(Words::List("What each answer would do:".to_owned(), effects));
    }
    let grounds = &question.grounds;
    words.push(Words::Plain(format!("Source: {}.", grounds.source)));
    if let Some(reasoning) = &grounds.reasoning {
        words.push(Words::Plain(format!("How we read it: {reasoning}")));
    }
    words
}

/// What a question has a part in: criteria, findings, topics, obligations.
fn counts_for(rulebook: &Rulebook, index: usize) -> Vec<String> {
    let has = |decision| rulebook.diagrams.questions(decision).contains(&index);
    let criteria = rulebook
        .criteria
        .iter()
        .filter(|criterion| has(criterion.status.root()))
        .map(|criterion| format!("{}, {}", numbered("criterion", criterion.number), criterion.title));
    let findings = rulebook.findings.iter().filter(|finding| has(finding.state.root()));
    let topics = rulebook
        .topics
        .iter()
        .filter(|topic| topic.questions.contains(&index))
        .map(|topic| format!("{}, {}", numbered("topic", topic.number), topic.title));
    let owed = rulebook.obligations.iter().filter(|owed| has(owed.status.root())).map(|owed| owed.title.clone());
    let mut all: Vec<String> =
        criteria.chain(findings.map(|finding| finding.title.clone())).chain(topics).chain(owed).collect();
    if all.is_empty() {
        all.push("a full record; it changes no result".to_owned());
    }
    all
}

/// What an answer would do to what the question counts for.
fn effect_of(now: &Interview<'_>, then: &Interview<'_>, index: usize) -> String {
    let rulebook = now.rulebook;
    let after = assess(rulebook, &then.answers);
    let mut effects = Vec::new();
    let has = |decision| rulebook.diagrams.questions(decision).contains(&index);
    if has(rulebook.outcome.root()) {
        for result in after.criteria.iter().filter(|result| has(result.criterion.status.root())) {
            effects.push(format!("{} {}", numbered("criterion", result.criterion.number), status(result.status)));
        }
        let possible: Vec<String> = after.possible_outcomes.iter().map(|outcome| title(rulebook, *outcome)).collect();
        effects.push(match possible.as_slice() {
            [one, other] => format!("outcome: {one}, or {other}"),
            [only] => format!("outcome: {only}"),
            _ => "any outcome is still possible".to_owned(),
        });
    }
    if has(rulebook.fit.root()) {
        effects.push(format!("fit: {}", fit(after.fit.outcome)));
    }
    for owed in after.go_live.iter().filter(|owed| has(owed.obligation.status.root())) {
        effects.push(match owed.status {
            Status::Met => "nothing more is owed".to_owned(),
            Status::ToDiscuss | Status::NotMet | Status::Unknown => "it is still owed".to_owned(),
        });
    }
    for topic in after.application.iter().filter(|result| result.topic.questions.contains(&index)) {
        let prepared = if TopicResult::prepared(topic) { "is prepared" } else { "is not prepared yet" };
        effects.push(format!("{} {prepared}", numbered("topic", topic.topic.number)));
    }
    match then.at_most(&then.plan.sections) {
        0 => {}
        left => effects.push(format!("at most {} left", questions(left))),
    }
    if effects.is_empty() { "changes no result".to_owned() } else { effects.join("; ") }
}

/// What something is, with its number if it has one.
fn numbered(what: &str, number: Option<u8>) -> String {
    number.map_or_else(|| what.to_owned(), |number| format!("{what} {number}"))
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "is met",
        Status::ToDiscuss => "is to be discussed",
        Status::NotMet => "is not met",
        Status::Unknown => "is still open",
    }
}
