//! `explain`: one thing of the rules, or a problem code.

use anyhow::Result;

use super::Session;
use crate::cli::Explain;
use crate::problem::{CODES, nearest};
use crate::publish::explain;

/// How many things that speak of a word are named after the first.
const MAX_MENTIONS: usize = 4;

pub(super) fn run(args: &Explain, session: &mut Session<'_>) -> Result<u8> {
    let rulebook = session.rulebook()?;
    let wanted = args.id.join(" ");
    if wanted.trim().is_empty() {
        session.result(&explain::list(&rulebook, session.out))?;
        return Ok(0);
    }
    if let Some(text) = explain::render(&rulebook, wanted.trim(), session.out) {
        session.result(&text)?;
        return Ok(0);
    }
    let mut known = rulebook.ids();
    known.extend(CODES.iter().map(|code| code.as_str().into()));
    known.extend(rulebook.terms.iter().map(|term| term.term.as_str().into()));
    let mentions = explain::mentions(&rulebook, &wanted);
    let hint = match (nearest(&wanted, known.iter().map(AsRef::as_ref)), mentions.as_slice()) {
        (_, [first, others @ ..]) => {
            let others = others.iter().take(MAX_MENTIONS).fold(String::new(), |all, id| format!("{all}, {id}"));
            format!("these speak of it: {first}{others}")
        }
        (Some(near), []) => format!("did you mean `{near}`?"),
        (None, []) => "`explain` by itself lists everything there is".to_owned(),
    };
    Ok(session.wrong_usage(&format!("there is nothing called `{wanted}`"), &hint))
}
