//! The differences between two versions of the rules, for people.

use std::collections::BTreeSet;

use askama::Template;

use crate::problem::shown_by;
use crate::prove::{Difference, Edited, Effect, KeyChange, Need, Pattern, RuleChange, When};
use crate::report::as_text;
use crate::rulebook::{RuleKind, is_title};
use crate::style::{Style, WrappedLines, grouped};

/// The most groups of answers shown for one effect.
const MAX_PATTERNS: usize = 8;

/// The most groups shown that only one version accepts.
const MAX_ONE_SIDED: usize = 2;
/// How many words of context are kept on either side of a difference.
const AROUND: usize = 3;

/// Where the compared versions come from.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    pub old: &'a str,
    pub new: &'a str,
    /// The ids of new options that occur in no case.
    pub unshown: &'a BTreeSet<String>,
}

#[derive(Template)]
#[template(path = "difference.txt", config = "templates/askama.toml")]
struct DifferenceReport<'a> {
    difference: &'a Difference,
    compared: Compared<'a>,
}

/// The whole difference, or the statement that there is none.
pub(crate) fn render(difference: &Difference, compared: Compared<'_>, style: Style) -> String {
    as_text(&DifferenceReport { difference, compared }, style)
}

impl DifferenceReport<'_> {
    fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.difference.effects.iter().chain(&self.difference.gates)
    }
}

/// The groups of answers of one effect.
struct Groups<'a> {
    shown: Vec<&'a Pattern>,
    more: Vec<&'a Pattern>,
    /// Whether only one version accepts some answers. They are not shown: almost every question matters to some gate, so an
    /// example would say nothing.
    is_one_sided: bool,
}

fn groups(effect: &Effect) -> Groups<'_> {
    let (candidates, one_sided): (Vec<_>, Vec<_>) =
        effect.patterns.iter().partition(|it| it.when.is_some() || (it.from.is_some() && it.to.is_some()));
    let mut left = [MAX_PATTERNS, MAX_ONE_SIDED, MAX_ONE_SIDED];
    let (mut shown, mut more): (Vec<&Pattern>, Vec<&Pattern>) = candidates.into_iter().partition(|pattern| {
        let left = &mut left[usize::from(pattern.from.is_none()) + 2 * usize::from(pattern.to.is_none())];
        let shown = *left > 0;
        *left = left.saturating_sub(1);
        shown
    });
    // A single group takes no more room than the line that would say so.
    if more.len() == 1 {
        shown.append(&mut more);
    }
    Groups { shown, more, is_one_sided: !one_sided.is_empty() }
}

impl Groups<'_> {
    /// The number of combinations of answers in groups that are not shown.
    fn left_out(&self) -> String {
        grouped(self.more.iter().map(|pattern| pattern.count).sum())
    }
}

/// The title of a rule that is new or gone.
fn title(rule: &RuleChange) -> Option<&String> {
    let title = rule.keys.iter().find(|key| is_title(&key.key)).filter(|_| rule.change != Edited::Changed)?;
    title.new.as_ref().or(title.old.as_ref())
}

/// The changes to show of a rule, key by key.
fn changed_keys(rule: &RuleChange) -> Vec<KeyChange> {
    match rule.change {
        Edited::Changed => moved(&rule.keys),
        Edited::Added => {
            let (source, others): (Vec<KeyChange>, Vec<_>) =
                rule.keys.iter().cloned().partition(|key| key.key.starts_with("source."));
            let source: Vec<String> = source.into_iter().filter_map(|key| key.new).collect();
            let source = KeyChange { key: "source".to_owned(), old: None, new: Some(source.join(", ")) };
            let has_source = source.new.as_ref().is_some_and(|source| !source.is_empty());
            others.into_iter().filter(|key| !is_title(&key.key)).chain(has_source.then_some(source)).collect()
        }
        // The old rules still say what it said.
        Edited::Removed => Vec::new(),
    }
}

/// The number of new, removed and changed rules of each kind.
fn counted(rules: &[RuleChange]) -> Vec<String> {
    let of = |kind| {
        let count = |change| rules.iter().filter(|rule| rule.kind == kind && rule.change == change).count();
        let counts =
            Edited::ALL.map(|change| (count(change), words(change))).into_iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, what)| format!("{count} {what}")).collect();
        (!counts.is_empty()).then(|| format!("{}: {}", kind.words(), counts.join(", ")))
    };
    RuleKind::ALL.into_iter().filter_map(of).collect()
}

/// The keys that differ. A text that has become our reading, or a reasoning that has moved to another text, is one change
/// and not two.
fn moved(keys: &[KeyChange]) -> Vec<KeyChange> {
    let mut left: Vec<&KeyChange> = keys.iter().collect();
    let mut all = Vec::new();
    for gone in keys.iter().filter(|key| key.new.is_none()) {
        let end = if gone.key == "reasoning" { ".reasoning" } else { ".reading" };
        let is_there = |key: &&&KeyChange| {
            let stem = key.key.strip_suffix(end);
            key.old.is_none() && stem.is_some_and(|stem| end == ".reasoning" || stem == gone.key)
        };
        let mut found = left.iter().filter(is_there);
        if let (Some(now), None) = (found.next().copied(), found.next()) {
            left.retain(|key| ![&gone.key, &now.key].contains(&&key.key));
            let key = format!("{} → {}", gone.key, now.key);
            all.push(KeyChange { key, old: gone.old.clone(), new: now.new.clone() });
        }
    }
    left.into_iter().cloned().chain(all).collect()
}

fn words(change: Edited) -> &'static str {
    match change {
        Edited::Added => "new",
        Edited::Removed => "gone",
        Edited::Changed => "changed",
    }
}

/// A group of answers with its old and new result.
fn group(pattern: &Pattern) -> String {
    let place = pattern.when.as_ref().map_or_else(String::new, |when| format!(" where {}", place(when)));
    match (&pattern.from, &pattern.to) {
        (Some(from), Some(to)) => format!("{from} → {to}{place}"),
        (None, Some(to)) => format!("new answers: {to}{place}"),
        (Some(from), None) => format!("answers no longer taken, which were {from}{place}"),
        (None, None) => place,
    }
}

fn asks(need: &Need) -> String {
    let list = |ids: &[String]| ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    let more = format!("asks for an answer to {}, and did not", list(&need.more));
    let less = format!("no longer asks for an answer to {}", list(&need.less));
    let parts = [(&need.more, more), (&need.less, less)];
    let parts: Vec<String> = parts.into_iter().filter(|(ids, _)| !ids.is_empty()).map(|(_, words)| words).collect();
    format!("{}: {}", need.name, parts.join("; "))
}

/// A key with its old and new value.
fn key_change(change: &KeyChange) -> String {
    let key = &change.key;
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            let [was, is] = differing_parts(old, new);
            format!("{key}: {was} → {is}{}", consequence(key, new))
        }
        (None, Some(new)) => format!("{key}, new: {new}"),
        (Some(old), None) => format!("{key}, gone: {old}"),
        (None, None) => key.clone(),
    }
}

/// Two texts cut to what differs, with a few words of context.
fn differing_parts(old: &str, new: &str) -> [String; 2] {
    let [was, is]: [Vec<&str>; 2] = [old, new].map(|text| text.split_whitespace().collect());
    let shorter = was.len().min(is.len());
    let before = was.iter().zip(&is).take_while(|(a, b)| a == b).count();
    let behind = was.iter().rev().zip(is.iter().rev()).take(shorter - before).take_while(|(a, b)| a == b).count();
    let [skipped, left_out] = [before, behind].map(|same| if same > AROUND + 1 { same - AROUND } else { 0 });
    [was, is].map(|words| {
        let mut kept = words[skipped..words.len() - left_out].to_vec();
        kept.splice(0..0, (skipped > 0).then_some("…"));
        kept.extend((left_out > 0).then_some("…"));
        kept.join(" ")
    })
}

/// What the change of a flag means.
fn consequence(key: &str, new: &str) -> &'static str {
    match (key, new) {
        ("changeable", "true") => " (reports may propose to change it now)",
        ("changeable", "false") => " (reports no longer propose to change it)",
        ("none", "true") => " (it is the empty list now, and excludes the others)",
        ("none", "false") => " (an empty list is no answer any more)",
        ("not_sure", "false") => " (\"not sure\" is no answer any more)",
        _ => "",
    }
}

fn place(when: &When) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut last = "";
    for (id, values) in when {
        let values = values.join(" or ");
        match values.split_once(' ') {
            Some(("with" | "without", _)) if last == id => parts.push(values),
            _ => parts.push(format!("{id} is {values}")),
        }
        last = id;
    }
    if parts.is_empty() { "anything".to_owned() } else { parts.join(" and ") }
}

/// The results of one answers file that change, with the old and the new value of each.
pub(crate) fn file(name: &str, moves: &[(String, String, String)], style: Style) -> String {
    let moves: Vec<String> = moves.iter().map(|(what, was, is)| format!("{what} {was} → {is}")).collect();
    let mut lines = WrappedLines::new(style);
    lines.text("", &format!("{name}: {}", moves.join("; ")));
    lines.out
}
