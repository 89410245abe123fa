//! Edits of the text of an answers file that keep its comments, order, quotation marks and layout.
//!
//! The result is parsed again: an edit that does not have exactly the intended effect is refused, so no odd layout can
//! lose an answer.

use std::fmt::Write as _;

use super::layout::{end_of_value, line_start, newline_of, replaced, with_item_after, with_items, with_line_below};
use super::{Answers, Entry, parse};
use crate::question::{Answer, Question};
use crate::rulebook::Rulebook;
use crate::style::is_unsafe;
use crate::yaml::{self, Content, Node};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit<'a> {
    Product(&'a str),
    /// `None` removes it.
    Organisation(Option<&'a str>),
    /// The answer to the question with this index; `None` removes it.
    Answer(usize, Option<&'a Answer>),
    /// The evidence for the question with this index, which must have an answer; `None` removes it.
    Evidence(usize, Option<&'a str>),
    /// The current rules as those that were answered. Only if the file names rules.
    Rules,
}

/// The layout of the file does not allow the edit without touching other parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotEditable;

/// The text of an answers file with one edit.
pub fn set(text: &str, rulebook: &Rulebook, edit: Edit<'_>) -> Result<String, NotEditable> {
    let name = "answers";
    let document = yaml::parse(name, text.as_bytes()).0.ok_or(NotEditable)?;
    let (mut expected, _) = parse(name, text.as_bytes(), rulebook).map_err(|_| NotEditable)?;
    let root = document.root();
    // Without a byte order mark, as places have it.
    let body = &document.source().text;
    let json = body.trim_start().starts_with('{');
    let nothing = if json { "null" } else { "" };
    let edited = match edit {
        Edit::Product(product) => {
            product.clone_into(&mut expected.product);
            let node = root.get("product").ok_or(NotEditable)?;
            replaced(body, node, &quoted(product))
        }
        Edit::Organisation(name) => {
            expected.organisation = name.map(str::to_owned);
            match (root.get("organisation"), name) {
                (Some(node), name) => replaced(body, node, &name.map_or(nothing.to_owned(), quoted)),
                (None, Some(name)) => with_entry(body, root, root.get("product"), "organisation", &quoted(name), json),
                (None, None) => body.to_string(),
            }
        }
        Edit::Answer(index, answer) => {
            let question = &rulebook.questions[index];
            expected.entries[index] = answer.map(|answer| Entry {
                answer: answer.clone(),
                ..expected.entries[index].clone().unwrap_or_else(|| Entry::bare(answer.clone()))
            });
            let answers = root.get("answers").ok_or(NotEditable)?;
            match (answers.get(&question.id), answer) {
                (Some(entry), Some(answer)) => with_answer(body, entry, question, answer, json),
                // Evidence cannot stand without an answer, so the whole entry goes.
                (Some(entry), None) => replaced(body, entry, nothing),
                (None, None) => body.to_string(),
                // After the nearest question that comes before it in the rules.
                (None, Some(answer)) if matches!(answers.content(), Content::Mapping(_)) => {
                    let mut before = rulebook.questions[..index].iter().rev();
                    let before = before.find_map(|question| answers.get(&question.id));
                    with_entry(body, answers, before, &question.id, &written(question, answer, json), json)
                }
                (None, Some(_)) => return Err(NotEditable),
            }
        }
        Edit::Rules => {
            let mut edited = body.to_string();
            for (key, value) in [("id", &rulebook.id), ("version", &rulebook.version), ("digest", &rulebook.digest)] {
                let document = yaml::parse(name, edited.as_bytes()).0.ok_or(NotEditable)?;
                let rules = document.root().get("rules").ok_or(NotEditable)?;
                edited = match rules.get(key) {
                    Some(part) => replaced(&edited, part, &quoted(value)),
                    None => with_entry(&edited, rules, rules.get("version"), key, &quoted(value), json),
                };
            }
            let named = expected.rules.as_mut().ok_or(NotEditable)?;
            (named.id, named.version) = (rulebook.id.clone(), rulebook.version.clone());
            named.digest = Some(rulebook.digest.clone());
            edited
        }
        Edit::Evidence(index, evidence) => {
            expected.entries[index].as_mut().ok_or(NotEditable)?.evidence = evidence.map(str::to_owned);
            let entry = root.get("answers").and_then(|answers| answers.get(&rulebook.questions[index].id));
            let entry = entry.ok_or(NotEditable)?;
            match (evidence, entry.get("evidence")) {
                (Some(evidence), _) => with_evidence(body, entry, &quoted(evidence), json),
                (None, Some(noted)) => replaced(body, noted, nothing),
                (None, None) => body.to_string(),
            }
        }
    };
    let edited = if text.starts_with('\u{feff}') { format!("\u{feff}{edited}") } else { edited };
    let (found, _) = parse(name, edited.as_bytes(), rulebook).map_err(|_| NotEditable)?;
    if same(&found, &expected) { Ok(edited) } else { Err(NotEditable) }
}

/// Whether two sets of answers are the same but for their places.
fn same(a: &Answers, b: &Answers) -> bool {
    let without_places = |answers: &Answers| {
        let mut answers = Answers { place: None, ..answers.clone() };
        answers.entries.iter_mut().flatten().for_each(|entry| entry.place = None);
        answers
    };
    without_places(a) == without_places(b)
}

/// The text with another answer in an entry. Items of a list that stay are not touched.
fn with_answer(text: &str, entry: Node<'_>, question: &Question, answer: &Answer, json: bool) -> String {
    let in_place = items(question, answer, json).and_then(|items| with_items(text, &question.id, &items));
    in_place.unwrap_or_else(|| replaced(text, entry.get("answer").unwrap_or(entry), &written(question, answer, json)))
}

/// The text with evidence for an answer. A bare value becomes a mapping, with the value as it is written.
fn with_evidence(text: &str, entry: Node<'_>, evidence: &str, json: bool) -> String {
    let Some(value) = entry.get("answer") else {
        let bare = &text[entry.span()];
        if bare.starts_with("- ") {
            return with_evidence_below_list(text, entry, evidence);
        }
        let both = if json {
            format!("{{\"answer\": {bare}, \"evidence\": {evidence}}}")
        } else {
            format!("{{answer: {bare}, evidence: {evidence}}}")
        };
        return if bare.starts_with('[') {
            format!("{}{both}{}", &text[..entry.span().start], &text[entry.span().end..])
        } else {
            replaced(text, entry, &both)
        };
    };
    match entry.get("evidence") {
        Some(noted) => replaced(text, noted, evidence),
        None => with_entry(text, entry, Some(value), "evidence", evidence, json),
    }
}

/// The text with evidence below a block list, and `answer:` above it. A list that is not indented becomes so.
fn with_evidence_below_list(text: &str, list: Node<'_>, evidence: &str) -> String {
    let key = list.key_place().span.start;
    let (start, end) = (line_start(text, list.span().start), end_of_value(text, list));
    let extra = if list.span().start - start > key - line_start(text, key) { "" } else { "  " };
    let indent = format!("{extra}{}", &text[start..list.span().start]);
    let line = format!("{indent}evidence: {evidence}");
    let lines: Vec<String> = text[start..end].lines().map(|line| format!("{extra}{line}")).collect();
    let (newline, rest) = (newline_of(text), &text[end..]);
    let (beside, below) = rest.split_at(rest.find(['\r', '\n']).unwrap_or(rest.len()));
    let lines = lines.join(newline);
    format!("{}{indent}answer:{newline}{lines}{beside}{newline}{line}{below}", &text[..start])
}

/// The text with a new entry in a mapping, after another or before all.
fn with_entry(text: &str, mapping: Node<'_>, after: Option<Node<'_>>, key: &str, value: &str, json: bool) -> String {
    let line = if json { format!("\"{key}\": {value}") } else { format!("{key}: {value}") };
    let Some((_, first)) = mapping.entries().next() else {
        // `answers: {}` becomes a block, except in JSON.
        let span = mapping.span();
        return if json {
            replaced(text, mapping, &format!("{{{line}}}"))
        } else {
            format!("{}{}  {line}{}", text[..span.start].trim_end(), newline_of(text), &text[span.end..])
        };
    };
    let first_key = first.key_place().span.start;
    let indent = &text[line_start(text, first_key)..first_key];
    let own_line = indent.trim().is_empty() && text[mapping.span()].contains('\n');
    let next_line = format!("{}{indent}", newline_of(text));
    let (head, tail) = text.split_at(first_key);
    match (after, text[mapping.span()].starts_with('{')) {
        (Some(node), true) => with_item_after(text, node, &line),
        (Some(node), false) => with_line_below(text, node, &format!("{indent}{line}")),
        (None, true) if own_line => format!("{head}{line},{next_line}{tail}"),
        (None, true) => format!("{head}{line}, {tail}"),
        (None, false) => format!("{head}{line}{next_line}{tail}"),
    }
}

/// The items of a list as written in an answers file. `None` if the answer is not a list.
fn items(question: &Question, answer: &Answer, json: bool) -> Option<Vec<String>> {
    let Answer::Many(options) = answer else { return None };
    let none = question.none().filter(|_| *options == 0);
    let chosen = question.chosen(none.map_or(*options, |none| 1 << none));
    // Values are plain ids, which need no quotation marks in YAML.
    Some(chosen.map(|(_, option)| if json { quoted(&option.value) } else { option.value.clone() }).collect())
}

/// An answer as written in an answers file.
fn written(question: &Question, answer: &Answer, json: bool) -> String {
    let word = |word: &str| if json { quoted(word) } else { word.to_owned() };
    match answer {
        Answer::NotSure => word("not_sure"),
        Answer::One(option) => word(&question.options[*option].value),
        Answer::Many(_) => format!("[{}]", items(question, answer, json).unwrap_or_default().join(", ")),
        Answer::Text(text) => quoted(text),
    }
}

/// Text in quotation marks, for YAML and JSON alike.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // YAML refuses some of these, and editors and terminals hide or obey them. Beyond the first plane the two
            // languages have no escape in common.
            c if is_unsafe(c) && u32::from(c) <= 0xffff => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
