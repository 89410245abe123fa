//! The entry of a question in an answers file.

use crate::problem::{Code, MAX_PROBLEMS, Place, Problem, suggestion};
use crate::question::likeness::likely_option;
use crate::question::{Answer, Kind, NOT_SURE, Question, Refusal};
use crate::yaml::{Content, Node, in_quotes};

/// An answer with its evidence and note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub answer: Answer,
    /// A link or reference.
    pub evidence: Option<String>,
    pub note: Option<String>,
    /// Its place in the file, unless it came from the command line or a prompt.
    pub place: Option<Place>,
}

impl Entry {
    pub fn bare(answer: Answer) -> Self {
        Self { answer, evidence: None, note: None, place: None }
    }
}

/// The keys of an entry.
pub(super) const KEYS: [&str; 3] = ["answer", "evidence", "note"];

/// Reads an entry: a bare value, or a mapping with evidence and note. Null is a missing answer.
pub(super) fn read_entry(question: &Question, node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Entry> {
    let Content::Mapping(_) = node.content() else {
        return Some(Entry { place: Some(node.place()), ..Entry::bare(answer(question, node, problems)?) });
    };
    for (key, part) in node.entries() {
        if !KEYS.contains(&key) {
            let problem = Problem::at(Code::UnknownDetail, part.key_place(), format!("unknown key `{key}`"));
            problems.push(problem.hint(suggestion(key, KEYS)));
        }
    }
    let evidence = text(node.get("evidence"), problems);
    let note = text(node.get("note"), problems);
    let Some(value) = node.get("answer") else {
        let problem = Problem::at(Code::MissingKey, node.place(), "the key `answer` is missing");
        problems.push(problem.hint("add `answer: …`"));
        return None;
    };
    if value.is_null() && (evidence.is_some() || note.is_some()) {
        let problem = Problem::at(Code::MissingKey, value.place(), "there is evidence or a note, but no answer");
        problems.push(problem.hint("write the answer it belongs to, or delete the evidence and note"));
    }
    Some(Entry { answer: answer(question, value, problems)?, evidence, note, place: Some(value.place()) })
}

/// Reads evidence or a note.
fn text(node: Option<Node<'_>>, problems: &mut Vec<Problem>) -> Option<String> {
    let node = node?;
    problems.extend(node.trailing_comment());
    match node.content() {
        Content::Text(text) => Some(text.to_string()),
        Content::Null => None,
        Content::Bool(_) | Content::Number(_) | Content::List(_) | Content::Mapping(_) => {
            let message = format!("there is {} here, but text is needed", node.kind());
            problems.push(Problem::at(Code::WrongKind, node.place(), message).hint(node.hint_for_text()));
            None
        }
    }
}

/// Reads an answer.
fn answer(question: &Question, node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Answer> {
    problems.extend(node.trailing_comment().filter(|_| question.kind == Kind::Text));
    let answer = match (question.kind, node.content()) {
        (_, Content::Null) => return None,
        (_, Content::Text(words)) if question.is_not_sure(words) => Ok(Answer::NotSure),
        (Kind::Text, Content::Text(text)) => question.text(text).map(Answer::Text),
        (Kind::YesNo, Content::Bool(truth)) => Ok(Answer::One(usize::from(!*truth))),
        (Kind::YesNo | Kind::Choice, Content::Text(text)) => question
            .option(text)
            .map(Answer::One)
            .map_err(|refusal| Refusal { hint: with_note(question, text).unwrap_or(refusal.hint), ..refusal }),
        (Kind::Choices, Content::List(_)) => return choices(question, node, problems),
        _ => Err(wrong_kind(question, node)),
    };
    answer.map_err(|refusal| problems.push(refusal.at(node.place()))).ok()
}

/// The hint about a text that begins with an answer and goes on.
fn with_note(question: &Question, text: &str) -> Option<String> {
    let ends = [", ", "; ", ": ", ". ", " - ", " – ", " — ", " (", " /", " #"];
    let (end, mark) = ends.iter().filter_map(|mark| Some((text.find(mark)?, mark))).min()?;
    let (first, rest) = (&text[..end], text[end + mark.len()..].trim_matches([' ', '/', '#', '(', ')']));
    let option = likely_option(question, first).map(|option| question.options[option].value.as_str());
    let value = option.or(question.is_not_sure(first).then_some(NOT_SURE[0]))?;
    // "Yes, no" is two answers, and "yes, or not?" none.
    let is_note = !rest.is_empty() && !text.contains('?') && likely_option(question, rest).is_none();
    let note = in_quotes(rest);
    is_note.then(|| {
        format!("write `answer: {value}` and `note: {note}` below `{}:`, each in a line of its own", question.id)
    })
}

/// Reads a list of values. Each mistake is reported at its own place.
fn choices(question: &Question, list: Node<'_>, problems: &mut Vec<Problem>) -> Option<Answer> {
    let mut words = Vec::new();
    let mut all_known = true;
    for item in list.items() {
        let refusal = match item.text().map(|word| (word, question.option(word))) {
            Some((word, Ok(_))) => {
                words.push(word);
                continue;
            }
            Some((word, Err(refusal))) if question.is_not_sure(word) => {
                Refusal { hint: "write `not_sure` in place of the whole list".to_owned(), ..refusal }
            }
            Some((_, Err(refusal))) => refusal,
            None => Refusal { hint: suggestion("", question.values()), ..wrong_kind(question, item) },
        };
        all_known = false;
        problems.push(refusal.at(item.place()));
        if problems.len() > MAX_PROBLEMS {
            break;
        }
    }
    match question.option_set(words) {
        Ok(set) => all_known.then_some(Answer::Many(set)),
        Err(refusals) => {
            // Unknown values have been reported, and are why nothing is chosen.
            let new = refusals.into_iter().filter(|refusal| all_known || refusal.code != Code::NothingChosen);
            problems.extend(new.map(|refusal| refusal.at(list.place())));
            None
        }
    }
}

fn wrong_kind(question: &Question, node: Node<'_>) -> Refusal {
    let first = node.items().find_map(Node::text).filter(|word| question.option(word).is_ok());
    let hint = match question.kind {
        Kind::YesNo | Kind::Choice if let Some(first) = first => format!("write one answer alone, such as `{first}`"),
        Kind::YesNo | Kind::Choice => question.hint_for(""),
        Kind::Choices => {
            let or_not = if question.takes_not_sure() { ", or `not_sure`" } else { "" };
            let two = || question.values().take(2).collect::<Vec<_>>().join(", ");
            let example = node.text().and_then(|text| question.listed(text)).unwrap_or_else(two);
            format!("write a list in square brackets, such as `[{example}]`{or_not}")
        }
        Kind::Text => node.hint_for_text(),
    };
    Refusal {
        code: Code::WrongAnswerKind,
        message: format!("{} is not an answer to `{}`", node.kind(), question.id),
        hint,
    }
}
