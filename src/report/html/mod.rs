//! One page over all files that needs nothing else: of one product all there is to tell, of several the totals and a
//! table first. Nothing in it runs or is fetched, and what strangers wrote is text.

use std::cell::RefCell;
use std::vec;

use askama::Template;

use self::charts::Chart;
use self::rows::Row;
use super::content::content;
use super::{Checked, Totals};
use crate::intake::tally::Tally;
use crate::rulebook::Rulebook;

mod charts;
mod page;
mod product;
mod rows;

pub(crate) use page::{PROGRAM, page};

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    title: String,
    rows: &'a [Row],
    charts: Vec<Chart>,
    /// The report on each, or on the only one.
    reports: Reports,
    summary: String,
    exit_code: u8,
    rulebook: Option<&'a Rulebook>,
    program: &'static str,
}

/// Reports in the order of their rows, each let go of once it is on the page.
struct Reports(RefCell<vec::IntoIter<String>>);

impl Reports {
    fn next(&self) -> String {
        self.0.borrow_mut().next().unwrap_or_default()
    }
}

pub(super) struct Pages<'a> {
    rulebook: Option<&'a Rulebook>,
    tally: Option<Tally>,
    rows: Vec<Row>,
    /// The report on each, below a heading.
    reports: Vec<String>,
    /// The first, if it should be the only one.
    only: Option<String>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(rulebook: Option<&'a Rulebook>) -> Self {
        let tally = rulebook.map(Tally::new);
        Self { rulebook, tally, rows: Vec::new(), reports: Vec::new(), only: None }
    }
}

impl super::Pages for Pages<'_> {
    fn add(&mut self, file: &Checked<'_>) {
        if let Some(tally) = &mut self.tally {
            charts::count(tally, file);
        }
        let content = file.report().map(|report| content(report, file.exit_code));
        let row = Row::new(file, content.as_ref());
        if self.rows.is_empty() {
            self.only = Some(product::render(file, content.as_ref(), &row, 2));
        }
        let mut report = product::render(file, content.as_ref(), &row, 3);
        report.shrink_to_fit();
        self.reports.push(report);
        self.rows.push(row);
    }

    fn finish(self: Box<Self>, totals: &Totals) -> String {
        let many = self.rows.len() > 1;
        let title = match self.rows.as_slice() {
            [only] => format!("{}: {}", only.name, only.result),
            rows => format!("{} {}", rows.len(), totals.summary.unit),
        };
        page(&Page {
            title,
            charts: match (self.rulebook, &self.tally) {
                (Some(rulebook), Some(tally)) if many => charts::charts(tally, rulebook),
                _ => Vec::new(),
            },
            rows: &self.rows,
            reports: Reports(RefCell::new(
                if many { self.reports } else { self.only.into_iter().collect() }.into_iter(),
            )),
            summary: totals.summary.to_string(),
            exit_code: totals.exit_code,
            rulebook: self.rulebook,
            program: PROGRAM,
        })
    }
}
