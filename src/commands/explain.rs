//! `explain`: explains a rule, a word or a problem code.

use anyhow::Result;

use super::Session;
use crate::cli::EXIT_CODES;
use crate::gate::Gate;
use crate::problem::{CODES, nearest};
use crate::publish::explain;
use crate::rulebook::Rulebook;
use crate::style::WrappedLines;

const NOT_SURE: &str = "Not sure: an answer to a question, written not_sure. It stands for every answer that could be \
                        the right one. What they all lead to holds. Where they differ, it is to be discussed.";

/// The most ids that are suggested after the first.
const MAX_MENTIONS: usize = 4;

pub(super) fn run(wanted: &str, session: &mut Session<'_>) -> Result<u8> {
    let rulebook = session.rulebook()?;
    if wanted.trim().is_empty() {
        session.print(&explain::list(&rulebook, session.out))?;
        return Ok(0);
    }
    if let Some(text) = explain::render(&rulebook, wanted.trim(), session.out) {
        session.print(&text)?;
        return Ok(0);
    }
    if let Some(text) = own_word(&explain::plain(wanted), &rulebook) {
        let mut lines = WrappedLines::new(session.out);
        for line in text.lines() {
            lines.text(if line.starts_with(' ') { "  " } else { "" }, line.trim());
        }
        session.print(&lines.out)?;
        return Ok(0);
    }
    let mut known = rulebook.ids();
    known.extend(CODES.iter().map(|code| code.as_str().into()));
    known.extend(rulebook.terms.iter().map(|term| term.term.as_str().into()));
    let mentions = explain::mentions(&rulebook, wanted);
    let hint = match (nearest(wanted, known.iter().map(AsRef::as_ref)), mentions.as_slice()) {
        (_, [first, others @ ..]) => {
            let others = others.iter().take(MAX_MENTIONS).fold(String::new(), |all, id| format!("{all}, {id}"));
            format!("these speak of it: {first}{others}")
        }
        (Some(near), []) => format!("did you mean `{near}`?"),
        (None, []) => "`explain` by itself lists everything there is".to_owned(),
    };
    Err(session.usage_error(&format!("there is nothing called `{wanted}`"), &hint))
}

/// What a word of the program means, which no rules explain.
fn own_word(word: &str, rulebook: &Rulebook) -> Option<String> {
    match word.trim_end_matches('s') {
        "not sure" | "unsure" => Some(NOT_SURE.to_owned()),
        "exit code" => Some(EXIT_CODES.to_owned()),
        "glossary" | "term" | "word" if !rulebook.terms.is_empty() => {
            let terms = rulebook.terms.iter().map(|term| format!("\n  {}", term.term));
            Some(format!("Glossary: the terms that `explain TERM` explains.{}", terms.collect::<String>()))
        }
        "gate" => {
            let gates = Gate::ALL.into_iter().filter(|gate| gate.exists(rulebook));
            let gates = gates.map(|gate| format!("\n  {gate}: {}", gate.about()));
            Some(format!("Gate: how far a product must have got, given with --gate.{}", gates.collect::<String>()))
        }
        _ => None,
    }
}
