//! GitHub-flavoured Markdown: one document over all files, for pull requests and job pages.

use askama::Template;

use super::checks::{Check, Standing, checks};
use super::content::{Content, content, headline_or_error, problems, read_error};
use super::templates::as_markdown;
use super::{Checked, Totals};
use crate::problem::Problem;
use crate::question::Section;
use crate::rulebook::Outcome;

#[derive(Default)]
pub(super) struct MarkdownWriter {
    /// Each product with its result, for a table if there are several.
    rows: Vec<(String, String)>,
    products: String,
}

#[derive(Template)]
#[template(path = "report.md", config = "templates/askama.toml")]
struct MarkdownReport<'a> {
    rows: &'a [(String, String)],
    products: &'a str,
    totals: &'a Totals<'a>,
}

#[derive(Template)]
#[template(path = "product.md", config = "templates/askama.toml")]
struct MarkdownProduct<'a> {
    /// The product with its organisation, or the file if that could not be assessed.
    name: String,
    result: &'a str,
    reason: Option<&'a str>,
    content: Option<Content<'a>>,
    /// The checks that the gate asks for and the findings that apply.
    checks: Vec<Check<'a>>,
    /// Whether `--fail-on` lets it pass.
    tolerated: bool,
    problems: Vec<(String, &'a Problem)>,
}

impl super::FormatWriter for MarkdownWriter {
    fn add(&mut self, file: &Checked<'_>) {
        let (result, tolerated) = (headline_or_error(file), file.exit_code == 0);
        let content = file.report().map(|report| content(report, file.exit_code));
        let name = content.as_ref().map_or_else(|| file.input.name.clone(), Content::product);
        let applies = |check: &Check<'_>| {
            check.section != Section::Fit || !matches!(check.standing, Standing::Passes | Standing::NotRequired)
        };
        let checks = file.report().map(|report| checks(report, tolerated));
        self.products.push_str(&as_markdown(&MarkdownProduct {
            name: name.clone(),
            result: &result,
            reason: read_error(file),
            content,
            checks: checks.into_iter().flatten().filter(applies).collect(),
            tolerated,
            problems: problems(file),
        }));
        self.products.push('\n');
        self.rows.push((name, result));
    }

    fn finish(self: Box<Self>, totals: &Totals<'_>) -> String {
        as_markdown(&MarkdownReport { rows: &self.rows, products: &self.products, totals })
    }
}
