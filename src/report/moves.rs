//! What an applicant can do about the answers, in words.

use crate::assessment::{Change, ChangeKind, ChangeSet};
use crate::question::{Answer, OptionSet};

/// Whether two sets move the same answers in the same way, but for one that comes to have another value.
pub(super) fn serve_alike(one: &ChangeSet<'_>, other: &ChangeSet<'_>) -> bool {
    let pairs = || one.changes.iter().zip(&other.changes);
    one.changes.len() == other.changes.len()
        && pairs().all(|(one, other)| std::ptr::eq(one.question, other.question) && one.kind == other.kind)
        && pairs().filter(|(one, other)| one.to != other.to || one.options != other.options).count() <= 1
}

/// Sets that serve alike, as one sentence part: their moves, the values that serve alike joined by "or".
pub(super) fn words(alike: &[&ChangeSet<'_>]) -> String {
    let Some(first) = alike.first() else { return String::new() };
    let moves = first.changes.iter().enumerate().map(|(index, _)| {
        let mut ways: Vec<String> = Vec::new();
        for set in alike {
            let words = change(&set.changes[index]);
            if !ways.contains(&words) {
                ways.push(words);
            }
        }
        ways.join(", or ")
    });
    moves.collect::<Vec<_>>().join("; and ")
}

/// One move: to find out that something is so, or to do something.
fn change(change: &Change<'_>) -> String {
    let question = change.question;
    let labels = |options: OptionSet| {
        let labels: Vec<String> = question.chosen(options).map(|(_, option)| format!("\"{}\"", option.label)).collect();
        labels.join(" and ")
    };
    let (comes_in, goes_out) = change.options;
    match (change.kind, &change.from, &change.to) {
        (ChangeKind::FindOut, Some(Answer::One(from)), Answer::One(to)) => {
            let told = question.options[*from].turns_out.iter().find(|(option, _)| option == to);
            told.map_or_else(|| turns_out(change), |(_, words)| format!("whether {words}"))
        }
        (ChangeKind::FindOut, _, Answer::Many(_)) => {
            let wanted = [("with", comes_in), ("without", goes_out)];
            let parts: Vec<String> = wanted
                .into_iter()
                .filter(|(_, options)| *options != 0)
                .map(|(word, options)| format!("{word} {}", labels(options)))
                .collect();
            let parts = if parts.is_empty() { "any answer will do".to_owned() } else { parts.join(", ") };
            format!("the answer to \"{}\" ({parts})", question.prompt)
        }
        (ChangeKind::FindOut, ..) => turns_out(change),
        (ChangeKind::Change, _, Answer::One(to)) => match &question.options[*to].action {
            Some(action) => action.trim_end_matches('.').to_owned(),
            None => format!("answer \"{}\" to \"{}\"", question.options[*to].label, question.prompt),
        },
        (ChangeKind::Change, ..) => {
            let wanted = [("leave out", goes_out), ("add", comes_in)];
            let parts = wanted.into_iter().filter(|(_, options)| *options != 0);
            parts.map(|(word, options)| format!("{word} {}", labels(options))).collect::<Vec<_>>().join(", ")
        }
    }
}

/// An answer that turns out to be another. Nobody is advised to become so.
fn turns_out(change: &Change<'_>) -> String {
    let question = change.question;
    format!("whether the answer to \"{}\" is \"{}\"", question.prompt, question.label(&change.to))
}
