//! Renders results as text: one file for each format. None of them writes to a stream.

use std::path::Path;

pub use crate::intake::{Checked, Input, Report, Verdict};
use crate::named::named;
use crate::rulebook::Rulebook;
use crate::style::Style;

mod alerts;
pub(crate) mod checks;
pub(crate) mod content;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
pub mod letter;
mod markdown;
mod moves;
pub mod problems;
mod sarif;
mod sources;
mod tap;
mod templates;
mod text;
mod writer;

pub(crate) use content::headline;
pub(crate) use json::{schema, value};
pub(crate) use templates::{LineEscaper, MarkdownEscaper, PROGRAM, as_html, as_it_is, as_markdown, as_text};
pub use writer::{Extent, FILES, Summary};
pub(in crate::report) use writer::{FormatWriter, Totals};

/// One document over many files, built file by file. Of each file it keeps only what it will print.
pub(crate) struct Document<'a> {
    rulebook: Option<&'a Rulebook>,
    summary: Summary,
    /// What `--set` gave over the files.
    set: Option<String>,
    writer: Box<dyn FormatWriter + Send + 'a>,
}

impl<'a> Document<'a> {
    /// An empty document. `unit` is the word for a file in its summary.
    pub(crate) fn new(
        format: Format,
        extent: Extent,
        rulebook: Option<&'a Rulebook>,
        style: Style,
        unit: &str,
    ) -> Self {
        let writer = format.writer(extent, rulebook, style).expect("a format for one product");
        Self { rulebook, summary: Summary::new(unit), set: None, writer }
    }

    /// Adds the result for the next file.
    pub(crate) fn add(&mut self, file: &Checked<'_>) {
        self.summary.count(self.rulebook, file);
        self.set = self.set.take().or_else(|| file.report()?.set.clone());
        self.writer.add(file);
    }

    /// How much was checked so far.
    pub(crate) fn summary(&self) -> Summary {
        self.summary.clone()
    }

    /// The whole document, ending in a line break.
    pub(crate) fn finish(self, exit_code: u8) -> String {
        let Self { rulebook, summary, set, writer } = self;
        writer.finish(&Totals { summary, exit_code, set, rulebook })
    }
}

named! {
    /// How results are written.
    pub enum Format {
        /// For people; of many products a table
        Text = "text",
        /// For programs: one JSON object for each file, or an array of products
        Json = "json",
        /// For programs: one JSON object for each line
        Jsonl = "jsonl",
        /// For spreadsheets
        Csv = "csv",
        /// A workbook
        Xlsx = "xlsx",
        /// A summary for a pull request or a job page
        Markdown = "markdown",
        /// One page for people, to be opened in a browser, sent and printed
        Html = "html",
        /// Test results, for CI servers
        Junit = "junit",
        /// SARIF 2.1.0, for code scanning and editors
        Sarif = "sarif",
        /// Annotations in the log of a GitHub workflow
        Github = "github",
        /// Code Quality, for the merge requests of GitLab
        Gitlab = "gitlab",
        /// Test Anything Protocol 13
        Tap = "tap",
    }
}

impl Format {
    /// Whether it holds the whole result for one product.
    pub fn is_for_one(self) -> bool {
        !matches!(self, Self::Jsonl | Self::Csv | Self::Xlsx)
    }

    /// Whether it can hold many products: any format that the program was built with.
    pub fn is_for_many(self) -> bool {
        self != Self::Xlsx || cfg!(feature = "workbooks")
    }

    /// Whether the rule book is written in it.
    pub fn is_for_rules(self) -> bool {
        matches!(self, Self::Text | Self::Markdown | Self::Html)
    }

    /// The formats that a command supports.
    pub fn supported(supports: fn(Self) -> bool) -> impl Iterator<Item = Self> + Clone {
        Self::ALL.into_iter().filter(move |format| supports(*format))
    }

    /// The ending of file names that means this format: its name, unless another is usual. GitHub and GitLab read files of
    /// any name, so those formats have none and must be named.
    pub fn ending(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("txt"),
            Self::Markdown => Some("md"),
            Self::Junit => Some("xml"),
            Self::Github | Self::Gitlab => None,
            _ => Some(self.id()),
        }
    }

    /// The supported format that the name of a file ends in; text if the name has no ending. The error says which endings
    /// there are.
    pub(crate) fn of_path(path: &Path, supports: fn(Self) -> bool) -> Result<Self, String> {
        let Some(ending) = path.extension() else { return Ok(Self::Text) };
        let mut supported = Self::supported(supports);
        let found = supported.find(|format| format.ending().is_some_and(|known| ending.eq_ignore_ascii_case(known)));
        found.ok_or_else(|| {
            let endings = Self::supported(supports).filter_map(Self::ending);
            let endings: Vec<String> = endings.map(|known| format!(".{known}")).collect();
            format!("end it in {}", endings.join(", "))
        })
    }

    /// The writer of this format; `None` if it is for many products only.
    fn writer<'a>(
        self,
        extent: Extent,
        rulebook: Option<&'a Rulebook>,
        style: Style,
    ) -> Option<Box<dyn FormatWriter + Send + 'a>> {
        Some(match self {
            Self::Text => Box::new(text::TextWriter::new(extent, style)),
            Self::Json => Box::new(json::JsonWriter::default()),
            Self::Junit => Box::new(junit::JunitWriter::new(rulebook)),
            Self::Sarif => Box::new(sarif::SarifWriter::new(rulebook)),
            Self::Github => Box::new(github::GithubWriter::default()),
            Self::Gitlab => Box::new(gitlab::GitlabWriter::default()),
            Self::Markdown => Box::new(markdown::MarkdownWriter::default()),
            Self::Html => Box::new(html::HtmlWriter::new(rulebook)),
            Self::Tap => Box::new(tap::TapWriter::default()),
            Self::Jsonl | Self::Csv | Self::Xlsx => return None,
        })
    }

    /// The report on one record, ending in a line break. As text it is empty if the record is not valid: people get its
    /// problems on standard error.
    pub fn render(self, extent: Extent, record: &Checked<'_>, style: Style) -> String {
        let rulebook = record.report().map(|report| report.rulebook);
        let mut document = Document::new(self, extent, rulebook, style, FILES);
        document.add(record);
        document.finish(record.exit_code)
    }
}
