//! A table in Markdown.

use std::fmt::Write as _;

use super::line::Line;
use super::summary::fit_words;
use super::table::{in_the_way, scenario};
use crate::rulebook::Rulebook;
use crate::style::markdown as escaped;

/// The head of the table.
pub(super) const HEAD: &str =
    "| Product | Outcome | Scenario | What stands in the way | Fit |\n|---|---|---|---|---|\n";

/// One row of the table.
#[must_use]
pub fn row(line: &Line, rulebook: &Rulebook) -> String {
    let mut out = String::new();
    let _ = match &line.result {
        Ok(facts) => writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            escaped(&line.title()),
            escaped(&rulebook.outcome_text(facts.outcome()).title),
            scenario(facts, rulebook),
            in_the_way(facts, rulebook).iter().map(|part| escaped(part)).collect::<Vec<_>>().join("<br>"),
            fit_words(facts.fit),
        ),
        Err(error) => {
            let (name, why) = line.name_and_why(error);
            writeln!(out, "| {} | Could not be read | | {} | |", escaped(&name), escaped(&why))
        }
    };
    out
}
