//! The report on one product.

use askama::Template;

use super::rows::Row;
use crate::problem::{Place, Problem};
use crate::report::{Checked, Verdict};

#[derive(Template)]
#[template(path = "product.html")]
struct Product<'a> {
    row: &'a Row,
    /// The level of its headings.
    level: u8,
    problems: Vec<Trouble<'a>>,
    /// Why it could not be read.
    reason: Option<&'a str>,
}

struct Trouble<'a> {
    line: Option<usize>,
    problem: &'a Problem,
}

pub(super) fn render(file: &Checked<'_>, row: &Row, level: u8) -> String {
    let line = |problem: &Problem| file.at(problem.place.as_ref()).map(Place::line);
    let product = Product {
        row,
        level,
        problems: file.problems.iter().map(|problem| Trouble { line: line(problem), problem }).collect(),
        reason: match &file.verdict {
            Verdict::Unreadable(reason) => Some(reason),
            Verdict::Assessed(_) | Verdict::Invalid => None,
        },
    };
    product.render().unwrap_or_default()
}
