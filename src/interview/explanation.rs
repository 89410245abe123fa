//! Why a question is asked, what its answers mean, and what each of them would do.

use super::Interview;
use super::messages::{fit, status, title};
use super::prompts::question;
use crate::assess::assess;
use crate::assessment::TopicResult;
use crate::prompter::Message;
use crate::question::{Answer, Takes};
use crate::rulebook::{Rule, RuleKind, Rulebook};
use crate::wording::{NAME, counted};

/// From this many answers with the same effect, they are summed up as "any other answer".
const MANY: usize = 3;

/// The messages that explain a question.
pub(super) fn explanation(interview: &Interview<'_>, index: usize) -> Vec<Message> {
    let rulebook = interview.rulebook;
    let question = &rulebook.questions[index];
    let mut messages =
        vec![Message::List("We ask this because it counts towards:".to_owned(), counts_for(rulebook, index))];
    messages.extend(question.more.as_ref().map(|more| Message::Plain(more.to_string())));
    let hints =
        question.options.iter().filter_map(|option| Some(format!("{}: {}", option.label, option.hint.as_ref()?)));
    let hints: Vec<String> = hints.collect();
    if !hints.is_empty() {
        messages.push(Message::List("About the answers:".to_owned(), hints));
    }
    if question.kind.takes() != Takes::Own {
        messages.push(Message::List("What each answer would do:".to_owned(), effects(interview, index)));
    }
    let grounds = &question.grounds;
    messages.push(Message::Plain(format!("Source: {}.", grounds.source)));
    if let Some(reasoning) = &grounds.reasoning {
        messages.push(Message::Plain(format!("How we read it: {reasoning}")));
    }
    if !rulebook.terms.is_empty() {
        messages.push(Message::Plain(format!("To look up a word in another window: {NAME} explain WORD")));
    }
    messages
}

/// What each answer would do. Answers with the same effect share a line.
fn effects(interview: &Interview<'_>, index: usize) -> Vec<String> {
    let prompt = question(interview, index, None);
    let items = prompt.items.iter().enumerate().map(|(at, item)| (prompt.choosing(at), item.label.to_string()));
    let unsure = prompt.not_sure.then(|| (Answer::NotSure, "Not sure".to_owned()));
    let mut effects: Vec<(String, Vec<String>)> = Vec::new();
    for (answer, label) in items.chain(unsure) {
        let mut then = interview.clone();
        then.answer(index, answer);
        let effect = effect_of(interview, &then, index);
        match effects.iter_mut().find(|(known, _)| *known == effect) {
            Some((_, labels)) => labels.push(label),
            None => effects.push((effect, vec![label])),
        }
    }
    if let [(effect, _)] = effects.as_slice() {
        return vec![format!("Any answer: {effect}.")];
    }
    // The longest list of answers is told last, and without them.
    let most = effects.iter().map(|(_, labels)| labels.len()).max().unwrap_or(0);
    let others = effects.iter().position(|(_, labels)| labels.len() == most && most >= MANY);
    let others = others.map(|at| format!("Any other answer: {}.", effects.remove(at).0));
    let told = effects.iter().map(|(effect, labels)| format!("{}: {effect}.", one_of(labels)));
    told.chain(others).collect()
}

fn one_of(labels: &[String]) -> String {
    let quoted: Vec<String> = labels.iter().map(|label| format!("\"{label}\"")).collect();
    match quoted.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => quoted.concat(),
    }
}

/// The criteria, findings, topics and obligations that depend on a question.
fn counts_for(rulebook: &Rulebook, index: usize) -> Vec<String> {
    let counts = |rule: &Rule<'_>| match rule {
        Rule::Topic(topic, _) => topic.questions.contains(&index),
        Rule::Criterion(_) | Rule::Finding(_) | Rule::Obligation(_) => {
            rule.decision().is_some_and(|it| rulebook.diagrams.questions(it.root()).contains(&index))
        }
        _ => false,
    };
    let named = |rule: Rule<'_>| {
        let (kind, title) = (rule.kind(), rule.title().unwrap_or_default());
        let has_number = matches!(kind, RuleKind::Criterion | RuleKind::Topic);
        if has_number { format!("{}, {title}", numbered(&kind.words(), rule.number())) } else { title.to_owned() }
    };
    let mut all: Vec<String> = rulebook.rules().into_iter().filter(counts).map(named).collect();
    if all.is_empty() {
        all.push("a full record; it changes no result".to_owned());
    }
    all
}

/// What an answer would do to everything that depends on its question.
fn effect_of(now: &Interview<'_>, then: &Interview<'_>, index: usize) -> String {
    let rulebook = now.rulebook;
    let after = assess(rulebook, &then.answers);
    let mut effects = Vec::new();
    let has = |decision| rulebook.diagrams.questions(decision).contains(&index);
    if has(rulebook.outcome.root()) {
        for result in after.criteria.iter().filter(|result| has(result.criterion.status.root())) {
            effects.push(format!("{} is {}", numbered("criterion", result.criterion.number), status(result.status)));
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
        effects.push(format!("{}: {}", owed.obligation.title, status(owed.status)));
    }
    for topic in after.application.iter().filter(|result| result.topic.questions.contains(&index)) {
        let prepared = if TopicResult::prepared(topic) { "is prepared" } else { "is not prepared yet" };
        effects.push(format!("{} {prepared}", numbered("topic", topic.topic.number)));
    }
    // Once a criterion is not met, nothing is asked unless the person wants it.
    match then.at_most(&then.asked()) {
        0 => {}
        _ if then.is_enough() && then.plan.offers => {}
        left => effects.push(format!("at most {} left", counted(left, "question"))),
    }
    if effects.is_empty() { "changes no result".to_owned() } else { effects.join("; ") }
}

/// A noun with its number, if it has one.
fn numbered(what: &str, number: Option<u8>) -> String {
    number.map_or_else(|| what.to_owned(), |number| format!("{what} {number}"))
}
