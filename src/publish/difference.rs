//! What changes between two versions of the rules, as a person reads it.

use std::collections::BTreeSet;

use askama::Template;

use crate::problem::shown_by;
use crate::prove::{Difference, Edited, Effect, KeyChange, Need, Pattern, RuleChange, When};
use crate::report::as_text;
use crate::rulebook::{RuleKind, is_title};
use crate::style::{Style, WrappedLines, grouped};

/// The most groups of answers shown for one effect.
const MAX_PATTERNS: usize = 8;

/// The most groups shown of those that only one version takes.
const MAX_ONE_SIDED: usize = 2;
/// How many words are kept on either side of those that differ.
const AROUND: usize = 3;

/// What is compared, where each version comes from.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    pub old: &'a str,
    pub new: &'a str,
    /// The ids of new options that no case beside the rules shows.
    pub unshown: &'a BTreeSet<String>,
}

#[derive(Template)]
#[template(path = "difference.txt", config = "templates/askama.toml")]
struct DifferenceReport<'a> {
    difference: &'a Difference,
    compared: Compared<'a>,
}

/// The whole difference, or that there is none.
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
    /// Whether there are some that only one version takes, of which no more is told: almost every question plays a part
    /// at a gate, so an example of them says nothing.
    is_one_sided: bool,
}

fn groups(effect: &Effect) -> Groups<'_> {
    let (told, one_sided): (Vec<_>, Vec<_>) =
        effect.patterns.iter().partition(|pattern| pattern.when.is_some() || is_two_sided(pattern));
    let mut left = [MAX_PATTERNS, MAX_ONE_SIDED, MAX_ONE_SIDED];
    let (mut shown, mut more): (Vec<&Pattern>, Vec<&Pattern>) = told.into_iter().partition(|pattern| {
        let left = &mut left[usize::from(pattern.from.is_none()) + 2 * usize::from(pattern.to.is_none())];
        let shown = *left > 0;
        *left = left.saturating_sub(1);
        shown
    });
    // One group takes no more room than to say that there is one.
    if more.len() == 1 {
        shown.append(&mut more);
    }
    Groups { shown, more, is_one_sided: !one_sided.is_empty() }
}

impl Groups<'_> {
    /// How many combinations of answers are in no group that is shown.
    fn left_out(&self) -> String {
        grouped(self.more.iter().map(|pattern| pattern.count).sum())
    }
}

/// The title of a rule that is new or gone.
fn title(rule: &RuleChange) -> Option<&String> {
    let title = rule.keys.iter().find(|key| is_title(&key.key)).filter(|_| rule.change != Edited::Changed)?;
    title.new.as_ref().or(title.old.as_ref())
}

/// What is told of a rule, key by key.
fn changed_keys(rule: &RuleChange) -> Vec<KeyChange> {
    // Where it comes from is as new as the rest.
    let is_told = |key: &&KeyChange| !is_title(&key.key) && key.key != "basis" && !key.key.starts_with("source.");
    match rule.change {
        Edited::Changed => moved(&rule.keys),
        Edited::Added => rule.keys.iter().filter(is_told).cloned().collect(),
        // Who wants to know what it said has it in the rules before.
        Edited::Removed => Vec::new(),
    }
}

/// How many rules of each kind are new, gone and changed.
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

/// The keys that differ, where a text that was the source's and is our reading now, or a reason that stands beside another
/// text now, is one change.
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

fn is_two_sided(pattern: &Pattern) -> bool {
    pattern.from.is_some() && pattern.to.is_some()
}

fn words(change: Edited) -> &'static str {
    match change {
        Edited::Added => "new",
        Edited::Removed => "gone",
        Edited::Changed => "changed",
    }
}

/// A group of answers, with what they led to and what they lead to now.
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

/// A key with what it said and what it says.
fn said(change: &KeyChange) -> String {
    let key = &change.key;
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            let [was, is] = apart(old, new);
            format!("{key}: {was} → {is}{}", consequence(key, new))
        }
        (None, Some(new)) => format!("{key}, new: {new}"),
        (Some(old), None) => format!("{key}, gone: {old}"),
        (None, None) => key.clone(),
    }
}

/// Two texts without what both begin and end with, but for a few words around what differs.
fn apart(old: &str, new: &str) -> [String; 2] {
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

/// What it means that a flag was switched.
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

/// What becomes of one answers file: what moves, each with what it was and what it is.
pub(crate) fn file(name: &str, moves: &[(String, String, String)], style: Style) -> String {
    let moves: Vec<String> = moves.iter().map(|(what, was, is)| format!("{what} {was} → {is}")).collect();
    let mut lines = WrappedLines::new(style);
    lines.text("", &format!("{name}: {}", moves.join("; ")));
    lines.out
}
