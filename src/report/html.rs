//! One self-contained HTML page over all files. For several products it begins with totals and a table. It has no scripts
//! and fetches nothing, and user input is always escaped.

use std::cell::RefCell;
use std::vec;

use askama::Template;

use super::content::{Content, FitContent, content, fit_words, headline_or_error, problems, read_error};
use super::templates::{PROGRAM, as_html, class};
use super::{Checked, Totals, Verdict};
use crate::intake::tally::{Chart, Tally};
use crate::problem::Problem;
use crate::question::Section;
use crate::rulebook::{Outcome, Rulebook, numbered};
use crate::style::Tone;
use crate::wording::sentence;

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage<'a> {
    title: String,
    rows: &'a [ProductRow],
    charts: Vec<Chart>,
    reports: ReportQueue,
    totals: &'a Totals<'a>,
}

impl ReportPage<'_> {
    fn has_scenarios(&self) -> bool {
        self.totals.rulebook.is_some_and(|rulebook| !rulebook.scenarios.is_empty())
    }

    fn has_findings(&self) -> bool {
        self.totals.rulebook.is_some_and(|rulebook| !rulebook.findings.is_empty())
    }
}

/// Reports in the order of their rows. Each is freed once it is on the page.
struct ReportQueue(RefCell<vec::IntoIter<String>>);

impl ReportQueue {
    fn next(&self) -> String {
        self.0.borrow_mut().next().unwrap_or_default()
    }
}

pub(super) struct HtmlWriter {
    tally: Option<Tally>,
    rows: Vec<ProductRow>,
    /// The report on each product, with headings for a page of several.
    reports: Vec<String>,
    /// The first report, with headings for a page of its own.
    only: Option<String>,
}

impl HtmlWriter {
    pub(super) fn new(rulebook: Option<&Rulebook>) -> Self {
        Self { tally: rulebook.map(Tally::new), rows: Vec::new(), reports: Vec::new(), only: None }
    }
}

impl super::FormatWriter for HtmlWriter {
    fn add(&mut self, file: &Checked<'_>) {
        if let Some(tally) = &mut self.tally {
            count(tally, file);
        }
        let content = file.report().map(|report| content(report, file.exit_code));
        let row = ProductRow::new(file, content.as_ref());
        if self.rows.is_empty() {
            self.only = Some(product(file, content.as_ref(), &row, 2));
        }
        let mut report = product(file, content.as_ref(), &row, 3);
        report.shrink_to_fit();
        self.reports.push(report);
        self.rows.push(row);
    }

    fn finish(self: Box<Self>, totals: &Totals<'_>) -> String {
        let many = self.rows.len() > 1;
        let title = match self.rows.as_slice() {
            [only] => format!("{}: {}", only.name, only.result),
            rows => format!("{} {}", rows.len(), totals.summary.unit),
        };
        let reports = if many { self.reports } else { self.only.into_iter().collect() };
        as_html(&ReportPage {
            title,
            charts: match (totals.rulebook, &self.tally) {
                (Some(rulebook), Some(tally)) if many => charts(tally, rulebook),
                _ => Vec::new(),
            },
            rows: &self.rows,
            reports: ReportQueue(RefCell::new(reports.into_iter())),
            totals,
        })
    }
}

/// A row of the table of products.
struct ProductRow {
    /// The product with its organisation, or the file if that could not be assessed.
    name: String,
    result: String,
    class: &'static str,
    scenario: String,
    /// The criteria that are not met, with their status.
    in_the_way: Vec<String>,
    fit: String,
}

impl ProductRow {
    fn new(file: &Checked<'_>, content: Option<&Content<'_>>) -> Self {
        let scenario = content.and_then(|content| content.scenario.as_ref()).map(|scenario| {
            scenario.decided.map_or_else(|| "Not decided".to_owned(), |it| numbered(it.number, &it.title))
        });
        let criteria = content.iter().flat_map(|content| &content.criteria);
        let in_the_way = criteria.filter(|check| check.tone != Tone::Good);
        let fit = content.and_then(|content| content.fit.as_ref()).map(FitContent::with_blockers);
        Self {
            name: content.map_or_else(|| file.input.name.clone(), Content::product),
            result: headline_or_error(file),
            class: class(content.map_or(Tone::Bad, |content| content.tone)),
            scenario: scenario.unwrap_or_default(),
            in_the_way: in_the_way.map(|check| format!("{}: {}", check.status, check.heading())).collect(),
            fit: fit.unwrap_or_default(),
        }
    }
}

/// The whole report on one product.
#[derive(Template)]
#[template(path = "product.html")]
struct ProductReport<'a> {
    row: &'a ProductRow,
    level: u8,
    content: Option<&'a Content<'a>>,
    file: &'a str,
    problems: Vec<(String, &'a Problem)>,
    reason: Option<&'a str>,
}

fn product(file: &Checked<'_>, content: Option<&Content<'_>>, row: &ProductRow, level: u8) -> String {
    let (file, problems, reason) = (&file.input.name, problems(file), read_error(file));
    ProductReport { row, level, content, file, problems, reason }.render().unwrap_or_default()
}

fn count(tally: &mut Tally, file: &Checked<'_>) {
    let report = match &file.verdict {
        Verdict::Assessed(report) => report,
        Verdict::Invalid => return tally.invalid += 1,
        Verdict::Unreadable(_) => return tally.unreadable += 1,
    };
    let (rulebook, assessment) = (report.rulebook, &report.assessment);
    let index = |id: &str| rulebook.scenarios.iter().position(|scenario| scenario.id == id);
    let scenario = assessment.scenario.as_ref().and_then(|result| index(&result.scenario.id));
    let missing = assessment.missing.iter().map(|question| question.index);
    tally.count(assessment.outcome, assessment.fit.outcome, scenario, missing, file.exit_code);
}

/// The number of products with each result, without empty bars and charts.
fn charts(tally: &Tally, rulebook: &Rulebook) -> Vec<Chart> {
    let fit = |outcome| sentence(&fit_words(rulebook, outcome));
    let mut charts = tally.charts(rulebook, fit, |question| &question.prompt);
    let unread = [("Not valid".to_owned(), tally.invalid), ("Could not be read".to_owned(), tally.unreadable)];
    charts[0].1.extend(unread);
    for (_, bars) in &mut charts {
        bars.retain(|(_, count)| *count > 0);
    }
    charts.retain(|(_, bars)| !bars.is_empty());
    charts
}

/// The length of a bar in per cent of the longest.
fn length(count: u64, bars: &[(String, u64)]) -> u64 {
    let most = bars.iter().map(|(_, count)| *count).max().unwrap_or(count);
    (count * 100).div_ceil(most)
}
