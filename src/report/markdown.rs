//! GitHub-flavoured Markdown: one document over all files, for pull requests and job pages.

use askama::Template;

use super::checks::{Check, Standing, checks};
use super::content::{Content, content, headline_or_error, name, problems, read_error};
use super::templates::as_markdown;
use super::{Checked, Totals};
use crate::problem::Problem;
use crate::question::Section;
use crate::rulebook::{Outcome, Rulebook};

pub(super) struct MarkdownWriter<'a> {
    rulebook: Option<&'a Rulebook>,
    /// Each product with its result, for a table if there are several.
    rows: Vec<(String, String)>,
    products: String,
}

impl<'a> MarkdownWriter<'a> {
    pub(super) fn new(rulebook: Option<&'a Rulebook>) -> Self {
        Self { rulebook, rows: Vec::new(), products: String::new() }
    }
}

#[derive(Template)]
#[template(path = "report.md", config = "templates/askama.toml")]
struct MarkdownReport<'a> {
    rows: &'a [(String, String)],
    products: &'a str,
    summary: String,
    rulebook: Option<&'a Rulebook>,
    exit_code: u8,
}

#[derive(Template)]
#[template(path = "product.md", config = "templates/askama.toml")]
struct MarkdownProduct<'a> {
    /// The product with its organisation, or the file if that could not be assessed.
    name: String,
    result: &'a str,
    reason: Option<&'a str>,
    content: Option<Content<'a>>,
    /// The checks that the gate asks for and the findings that apply, by section.
    sections: Vec<(Section, Vec<Check<'a>>)>,
    /// Whether `--fail-on` lets it pass.
    tolerated: bool,
    problems: Vec<(String, &'a Problem)>,
}

impl super::FormatWriter for MarkdownWriter<'_> {
    fn add(&mut self, file: &Checked<'_>) {
        let (result, tolerated) = (headline_or_error(file), file.exit_code == 0);
        let mut product = MarkdownProduct {
            name: name(file).to_owned(),
            result: &result,
            reason: read_error(file),
            content: None,
            sections: Vec::new(),
            tolerated,
            problems: problems(file),
        };
        if let Some(report) = file.report() {
            let mut checks = checks(report, tolerated);
            checks.retain(|check| {
                check.section != Section::Fit || !matches!(check.standing, Standing::Passes | Standing::NotRequired)
            });
            for check in checks {
                match product.sections.last_mut() {
                    Some((section, checks)) if *section == check.section => checks.push(check),
                    _ => product.sections.push((check.section, vec![check])),
                }
            }
            let content = content(report, file.exit_code);
            product.name = content.product();
            product.content = Some(content);
        }
        self.products.push_str(&as_markdown(&product));
        self.products.push('\n');
        self.rows.push((product.name, result.clone()));
    }

    fn finish(self: Box<Self>, totals: &Totals<'_>) -> String {
        let Self { rulebook, rows, products } = *self;
        let (products, summary, exit_code) = (&products, totals.summary.to_string(), totals.exit_code);
        as_markdown(&MarkdownReport { rows: &rows, products, summary, rulebook, exit_code })
    }
}
