//! `rules show`: the rule book as Markdown.

use anyhow::Result;

use crate::commands::{INVALID, Session};
use crate::publish::rule_book;

pub(super) fn run(session: &mut Session<'_>) -> Result<u8> {
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    session.result(&rule_book::render(&rulebook))?;
    Ok(0)
}
