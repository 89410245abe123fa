//! `explain`: explains a rule, a word or a problem code.

use anyhow::Result;

use super::Session;
use crate::cli::Explain;
use crate::problem::{CODES, nearest};
use crate::publish::explain;

/// The most ids that are suggested after the first.
const MAX_MENTIONS: usize = 4;

pub(super) fn run(args: &Explain, session: &mut Session<'_>) -> Result<u8> {
    let rulebook = session.rulebook()?;
    let wanted = args.id.join(" ");
    if wanted.trim().is_empty() {
        session.print(&explain::list(&rulebook, session.out))?;
        return Ok(0);
    }
    if let Some(text) = explain::render(&rulebook, wanted.trim(), session.out) {
        session.print(&text)?;
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
    Err(session.usage_error(&format!("there is nothing called `{wanted}`"), &hint))
}
