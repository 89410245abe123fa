//! The full report: the outcome, the reasons, what is missing, what would change it, what to prepare and what to do next.

use askama::Template;

use super::places::AnswerPlaces;
use crate::question::Section;
use crate::report::Report;
use crate::report::content::{Content, content};
use crate::report::templates::{as_text, class};
use crate::rulebook::{Outcome, numbered};
use crate::style::Style;

#[derive(Template)]
#[template(path = "full.txt", config = "templates/askama.toml")]
struct FullReport<'a> {
    content: Content<'a>,
    exit_code: u8,
    places: AnswerPlaces,
}

pub(super) fn render(report: &Report<'_>, exit_code: u8, style: Style) -> String {
    as_text(&FullReport { content: content(report, exit_code), exit_code, places: AnswerPlaces::default() }, style)
}

/// The start of a list item: its number or a dash.
fn lead(number: Option<usize>) -> String {
    number.map_or_else(|| "-  ".to_owned(), |number| format!("{:<3}", format!("{number}.")))
}
