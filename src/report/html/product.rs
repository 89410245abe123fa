//! The report on one product: all there is to tell of it.

use askama::Template;

use super::page::class;
use super::rows::Row;
use crate::problem::{Place, Problem};
use crate::question::{Basis, Section};
use crate::report::checks::Standing;
use crate::report::content::Content;
use crate::report::{Checked, Verdict};
use crate::rulebook::{Outcome, numbered};
use crate::wording::sentence;

#[derive(Template)]
#[template(path = "product.html")]
struct Product<'a> {
    row: &'a Row,
    /// The level of its headings.
    level: u8,
    content: Option<&'a Content<'a>>,
    /// How many topics are prepared.
    prepared: usize,
    file: &'a str,
    problems: Vec<(Option<usize>, &'a Problem)>,
    /// Why it could not be read.
    reason: Option<&'a str>,
}

pub(super) fn render(file: &Checked<'_>, content: Option<&Content<'_>>, row: &Row, level: u8) -> String {
    let line = |problem: &Problem| file.at(problem.place.as_ref()).map(Place::line);
    let topics = content.iter().flat_map(|content| &content.topics);
    let product = Product {
        row,
        level,
        content,
        prepared: topics.filter(|check| check.standing == Standing::Passes).count(),
        file: &file.input.name,
        problems: file.problems.iter().map(|problem| (line(problem), problem)).collect(),
        reason: match &file.verdict {
            Verdict::Unreadable(reason) => Some(reason),
            Verdict::Assessed(_) | Verdict::Invalid => None,
        },
    };
    product.render().unwrap_or_default()
}
