//! `rules show`: the rule book.

use std::path::Path;

use anyhow::Result;

use crate::commands::{INVALID, Session};
use crate::files;
use crate::publish::rule_book;
use crate::report::Format;
use crate::style::Style;

pub(super) fn run(format: Option<Format>, output: Option<&Path>, session: &mut Session<'_>) -> Result<u8> {
    let format = match session.format(format, output, Format::is_of_rules) {
        Ok(format) => format,
        Err(code) => return Ok(code),
    };
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    let Some(path) = output else {
        session.result(&rule_book::render(&rulebook, format, session.out))?;
        return Ok(0);
    };
    if session.refuses(None::<&Path>, &[path]) {
        return Ok(INVALID);
    }
    files::write_report(path, rule_book::render(&rulebook, format, Style::PLAIN).as_bytes(), &session.kept)?;
    Ok(0)
}
