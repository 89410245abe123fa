//! `rules show`: prints the rule book.

use std::path::Path;

use anyhow::Result;

use crate::commands::Session;
use crate::publish::rule_book;
use crate::report::Format;
use crate::style::Style;

pub(super) fn run(format: Option<Format>, output: Option<&Path>, session: &mut Session<'_>) -> Result<u8> {
    let format = session.output_format(format, output, Format::is_for_rules)?;
    let rulebook = session.rulebook()?;
    let style = if output.is_some() { Style::PLAIN } else { session.out };
    session.write(output, &rule_book::render(&rulebook, format, style))?;
    Ok(0)
}
