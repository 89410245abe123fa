//! Describes the moves that would lead to a better result.

use rustc_hash::FxHashMap;

use super::Report;
use crate::assessment::{Change, ChangeKind, ChangeSet, Found};
use crate::question::{Answer, OptionSet, Question};

/// Ways to a result: at most two that are shown, and how many more there are.
#[derive(Default)]
pub(super) struct Suggestions {
    /// Each with a lead, such as "What you can do".
    pub(super) shown: Vec<(&'static str, String)>,
    pub(super) more: usize,
}

/// The sets without those that lead to the same answers as another one. The set with the fewest options is kept, as it
/// says most plainly what is to change.
pub(super) fn distinct<'s, 'a>(sets: &'s [ChangeSet<'a>]) -> Vec<&'s ChangeSet<'a>> {
    let options = |set: &ChangeSet<'_>| {
        set.changes.iter().map(|change| (change.options.0 | change.options.1).count_ones()).sum::<u32>()
    };
    let mut kept: Vec<&ChangeSet<'_>> = Vec::new();
    let mut places: FxHashMap<Vec<(usize, &Answer)>, usize> = FxHashMap::default();
    for set in sets {
        let place = *places.entry(leads_to(set)).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(known) if options(set) < options(known) => *known = set,
            Some(_) => {}
            None => kept.push(set),
        }
    }
    kept
}

fn leads_to<'s>(set: &'s ChangeSet<'_>) -> Vec<(usize, &'s Answer)> {
    set.changes.iter().map(|change| (change.question.index, &change.to)).collect()
}

/// The first set that needs only changes, the first with something to find out, and the number of other sets.
pub(super) fn suggestions<'a>(report: &'a Report<'a>, found: &Found<ChangeSet<'a>>) -> Suggestions {
    let sets = distinct(found.known());
    let to_find_out =
        |set: &&ChangeSet<'_>| set.changes.iter().any(|it| it.kind == ChangeKind::FindOut && it.from.is_some());
    let (changes, found_out) =
        (sets.iter().copied().find(|set| !to_find_out(set)), sets.iter().copied().find(to_find_out));
    // If the set also has changes, finding out is one of several things to do.
    let is_change = |it: &Change<'_>| it.kind == ChangeKind::Change;
    let mixed = found_out.is_some_and(|set| set.changes.iter().any(is_change));
    let leads = [
        "What you can do",
        match (changes.is_some(), mixed) {
            (true, true) => "Or",
            (true, false) => "Or find out",
            (false, true) => "What you can do",
            (false, false) => "Find out",
        },
    ];
    let decided = report.assessment.scenario.as_ref().map(|result| &result.scenario.id);
    let mut shown: Vec<(&'static str, String)> = Vec::new();
    let mut left = sets;
    for (lead, set) in leads.into_iter().zip([changes, found_out]) {
        let Some(set) = set else { continue };
        let (alike, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|other| are_alike(set, other));
        left = others;
        let number = |set: &ChangeSet<'_>| set.scenario.filter(|it| Some(&it.id) != decided).and_then(|it| it.number);
        let number = number(set).filter(|own| alike.iter().all(|other| number(other) == Some(*own)));
        let leads_to = number.map_or_else(String::new, |number| format!(" (scenario\u{a0}{number})"));
        shown.push((lead, format!("{}{leads_to}", words(&alike, mixed))));
    }
    Suggestions { shown, more: left.len() }
}

/// The moves of given answers. Those of missing answers are described together.
fn given<'s, 'a>(set: &'s ChangeSet<'a>) -> Vec<&'s Change<'a>> {
    set.changes.iter().filter(|change| change.from.is_some()).collect()
}

fn hangs_on_missing(set: &ChangeSet<'_>) -> bool {
    set.changes.iter().any(|change| change.from.is_none())
}

/// Whether two sets move the same given answers in the same way, except that one answer may end up with another value.
fn are_alike(one: &ChangeSet<'_>, other: &ChangeSet<'_>) -> bool {
    let (ours, theirs) = (given(one), given(other));
    let pairs = || ours.iter().zip(&theirs);
    hangs_on_missing(one) == hangs_on_missing(other)
        && ours.len() == theirs.len()
        && pairs().all(|(one, other)| std::ptr::eq(one.question, other.question) && one.kind == other.kind)
        && pairs().filter(|(one, other)| one.to != other.to || one.options != other.options).count() <= 1
}

/// Describes similar sets together, with "or" between their values. If a set is mixed, it says which moves are to find out.
fn words(alike: &[&ChangeSet<'_>], mixed: bool) -> String {
    let Some(first) = alike.first() else { return String::new() };
    let moves = (0..given(first).len()).map(|index| {
        let Change { kind, question, .. } = given(first)[index];
        let lead = if mixed && *kind == ChangeKind::FindOut { "find out " } else { "" };
        let mut ways: Vec<String> = Vec::new();
        for set in alike {
            let words = format!("{lead}{}", change(given(set)[index]));
            if !ways.contains(&words) {
                ways.push(words);
            }
        }
        // A question is named once for all its answers.
        ways.join(", or ").replace(&format!(", or {lead}{}", asked(question)), ", or ")
    });
    let moves = moves.collect::<Vec<_>>().join("; and ");
    match hangs_on_missing(first) {
        false => moves,
        true if moves.is_empty() => "whether the answers still missing allow it".to_owned(),
        true => format!("{moves}, if the answers still missing allow it"),
    }
}

/// Describes one move.
fn change(change: &Change<'_>) -> String {
    let question = change.question;
    let labels = |options: OptionSet| {
        let labels: Vec<String> = question.chosen(options).map(|(_, option)| format!("\"{}\"", option.label)).collect();
        labels.join(" and ")
    };
    let (comes_in, goes_out) = change.options;
    let parts = |wanted: [(&str, OptionSet); 2]| {
        let parts = wanted.into_iter().filter(|(_, options)| *options != 0);
        parts.map(|(word, options)| format!("{word} {}", labels(options))).collect::<Vec<_>>().join(", ")
    };
    match (change.kind, &change.from, &change.to) {
        (ChangeKind::FindOut, Some(Answer::One(from)), Answer::One(to)) => {
            let words = question.options[*from].turns_out.iter().find(|(option, _)| option == to);
            words.map_or_else(|| turns_out(change), |(_, words)| format!("whether {words}"))
        }
        (ChangeKind::FindOut, _, Answer::Many(_)) => {
            let parts = parts([("with", comes_in), ("without", goes_out)]);
            let parts = if parts.is_empty() { "any answer will do" } else { &parts };
            format!("the answer to \"{}\" ({parts})", question.prompt)
        }
        (ChangeKind::FindOut, ..) => turns_out(change),
        (ChangeKind::Change, _, Answer::One(to)) => match &question.options[*to].action {
            Some(action) => action.trim_end_matches('.').to_owned(),
            None => format!("answer \"{}\" to \"{}\"", question.options[*to].label, question.prompt),
        },
        (ChangeKind::Change, ..) => parts([("leave out", goes_out), ("add", comes_in)]),
    }
}

/// Describes an answer that turns out to be another, without advice to make it so.
fn turns_out(change: &Change<'_>) -> String {
    format!("{}\"{}\"", asked(change.question), change.question.label(&change.to))
}

fn asked(question: &Question) -> String {
    format!("whether the answer to \"{}\" is ", question.prompt)
}
