//! Results → text. One file for each format; none of them writes to a stream.

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
mod tap;
mod templates;
mod text;
mod writer;

pub(crate) use content::headline;
pub(crate) use json::{schema, value};
pub(crate) use templates::{LineEscaper, MarkdownEscaper, PROGRAM, as_html, as_markdown, as_text};
pub use writer::{Extent, FILES, Summary};
pub(in crate::report) use writer::{FormatWriter, Totals};

/// One document over many files, made file by file: no more is kept of a file than what the document says of it.
pub(crate) struct Document<'a> {
    rulebook: Option<&'a Rulebook>,
    summary: Summary,
    writer: Box<dyn FormatWriter + Send + 'a>,
}

impl<'a> Document<'a> {
    /// A document about no file yet, for people of this extent. `unit` is what files are called in its summary.
    pub(crate) fn new(
        format: Format,
        extent: Extent,
        rulebook: Option<&'a Rulebook>,
        style: Style,
        unit: &'static str,
    ) -> Self {
        let writer = format.writer(extent, rulebook, style).expect("a format of one product");
        Self { rulebook, summary: Summary::new(unit), writer }
    }

    /// Adds what became of the next file.
    pub(crate) fn add(&mut self, file: &Checked<'_>) {
        self.summary.count(self.rulebook, file);
        self.writer.add(file);
    }

    /// How much was checked so far.
    pub(crate) fn summary(&self) -> Summary {
        self.summary
    }

    /// The whole document, ending in a line break.
    pub(crate) fn finish(self, exit_code: u8) -> String {
        self.writer.finish(&Totals { summary: self.summary, exit_code })
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
    /// Whether one product is written so, with everything there is to tell of it.
    pub fn is_of_one(self) -> bool {
        !matches!(self, Self::Jsonl | Self::Csv | Self::Xlsx)
    }

    /// Whether many products are written so: every format there is, as far as the program was built with it.
    pub fn is_of_many(self) -> bool {
        self != Self::Xlsx || cfg!(feature = "workbooks")
    }

    /// Whether rules are written so.
    pub fn is_of_rules(self) -> bool {
        matches!(self, Self::Text | Self::Markdown | Self::Html)
    }

    /// Those that a command writes.
    pub fn taken(takes: fn(Self) -> bool) -> impl Iterator<Item = Self> + Clone {
        Self::ALL.into_iter().filter(move |format| takes(*format))
    }

    /// The endings of file names that mean this format. A format without one is taken by name only.
    pub fn ending(self) -> Option<&'static str> {
        match self {
            Self::Text => Some("txt"),
            Self::Json => Some("json"),
            Self::Jsonl => Some("jsonl"),
            Self::Csv => Some("csv"),
            Self::Xlsx => Some("xlsx"),
            Self::Markdown => Some("md"),
            Self::Html => Some("html"),
            Self::Junit => Some("xml"),
            Self::Sarif => Some("sarif"),
            Self::Github | Self::Gitlab => None,
            Self::Tap => Some("tap"),
        }
    }

    /// The format to offer to whoever wants to keep a report or send it: a page that opens by itself, if there is one.
    pub(crate) fn to_send() -> Self {
        Self::named("html").unwrap_or(Self::Text)
    }

    /// The format that a file of this name is to hold, of those that are taken: text if its name has no ending.
    /// What to do is the error where the name has another ending.
    pub(crate) fn of_file(path: &Path, takes: fn(Self) -> bool) -> Result<Self, String> {
        let Some(ending) = path.extension() else { return Ok(Self::Text) };
        let mut taken = Self::taken(takes);
        let known = taken.find(|format| format.ending().is_some_and(|known| ending.eq_ignore_ascii_case(known)));
        known.ok_or_else(|| {
            let endings = Self::taken(takes).filter_map(Self::ending);
            let endings: Vec<String> = endings.map(|known| format!(".{known}")).collect();
            format!("end it in {}", endings.join(", "))
        })
    }

    /// How it is written. `None` for a format of many products alone.
    fn writer<'a>(
        self,
        extent: Extent,
        rulebook: Option<&'a Rulebook>,
        style: Style,
    ) -> Option<Box<dyn FormatWriter + Send + 'a>> {
        Some(match self {
            Self::Text => Box::new(text::TextWriter::new(extent, style, Self::to_send().ending().unwrap_or_default())),
            Self::Json => Box::new(json::JsonWriter::default()),
            Self::Junit => Box::new(junit::JunitWriter::new(rulebook)),
            Self::Sarif => Box::new(sarif::SarifWriter::new(rulebook)),
            Self::Github => Box::new(github::GithubWriter::default()),
            Self::Gitlab => Box::new(gitlab::GitlabWriter::default()),
            Self::Markdown => Box::new(markdown::MarkdownWriter::new(rulebook)),
            Self::Html => Box::new(html::HtmlWriter::new(rulebook)),
            Self::Tap => Box::new(tap::TapWriter::default()),
            Self::Jsonl | Self::Csv | Self::Xlsx => return None,
        })
    }

    /// The report on one record in this format, ending in a line break. Text says nothing of one that is not valid:
    /// people are told on standard error.
    pub fn render(self, extent: Extent, record: &Checked<'_>, style: Style) -> String {
        let rulebook = record.report().map(|report| report.rulebook);
        let mut document = Document::new(self, extent, rulebook, style, FILES);
        document.add(record);
        document.finish(record.exit_code)
    }
}
