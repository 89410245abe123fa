//! The full report: the outcome, the reasons, what is missing, what would change it, what to prepare and what to do next.

use askama::Template;

use super::places::{AnswerPlaces, at_lines};
use crate::problem::Problem;
use crate::question::Section;
use crate::report::content::{Content, content, problems};
use crate::report::templates::{as_text, class};
use crate::report::{Checked, Report};
use crate::rulebook::{Outcome, numbered};
use crate::style::Style;

#[derive(Template)]
#[template(path = "full.txt", config = "templates/askama.toml")]
struct FullReport<'a> {
    content: Content<'a>,
    problems: Vec<(String, &'a Problem)>,
    exit_code: u8,
    places: AnswerPlaces,
}

pub(super) fn render(report: &Report<'_>, file: &Checked<'_>, style: Style) -> String {
    let (exit_code, problems) = (file.exit_code, problems(file));
    let content = content(report, exit_code);
    as_text(&FullReport { content, problems, exit_code, places: AnswerPlaces::default() }, style)
}

/// The start of a list item: its number or a dash.
fn lead(number: Option<usize>) -> String {
    number.map_or_else(|| "-  ".to_owned(), |number| format!("{:<3}", format!("{number}.")))
}
