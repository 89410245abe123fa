//! Results → text. One file for each format; none of them writes to a stream.

pub use crate::intake::{Checked, Input, Report, Verdict};
use crate::named::named;
use crate::rulebook::Rulebook;
use crate::style::Style;

mod checks;
pub mod difference;
pub mod explain;
mod github;
pub mod graph;
mod json;
mod junit;
pub mod letter;
mod markdown;
mod moves;
mod phrases;
pub mod problems;
pub mod rule_book;
mod sarif;
pub mod schema;
pub mod sql;
mod summary;
mod tap;
pub mod template;
mod text;

pub use json::value;
pub use summary::{FILES, Summary};

/// One document over many files, made file by file: no more is kept of a file than what the document says of it.
pub struct Document<'a> {
    rulebook: Option<&'a Rulebook>,
    summary: Summary,
    pages: Box<dyn Pages + Send + 'a>,
}

impl<'a> Document<'a> {
    /// A document about no file yet. `unit` is what files are called in its summary.
    #[must_use]
    pub fn new(format: Format, rulebook: Option<&'a Rulebook>, style: Style, unit: &'static str) -> Self {
        Self { rulebook, summary: Summary::new(unit), pages: format.pages(rulebook, style) }
    }

    /// Adds what became of the next file.
    pub fn add(&mut self, file: &Checked<'_>) {
        self.summary.count(self.rulebook, file);
        self.pages.add(file);
    }

    /// How much was checked so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// The whole document, ending in a line break.
    #[must_use]
    pub fn finish(self, exit_code: u8) -> String {
        self.pages.finish(&Totals { summary: self.summary, exit_code })
    }
}

/// How one format writes a document.
trait Pages {
    /// Adds what became of the next file.
    fn add(&mut self, file: &Checked<'_>);

    /// The whole document, ending in a line break.
    fn finish(self: Box<Self>, totals: &Totals) -> String;
}

/// What is only known at the end.
struct Totals {
    summary: Summary,
    exit_code: u8,
}

named! {
    /// How a report is written.
    #[derive(clap::ValueEnum)]
    pub enum Format {
        /// For people
        Text = "text",
        /// For programs: one JSON object for each file
        Json = "json",
        /// Test results, for CI servers
        Junit = "junit",
        /// SARIF 2.1.0, for code scanning and editors
        Sarif = "sarif",
        /// Annotations in the log of a GitHub workflow
        Github = "github",
        /// A summary for a pull request or a job page
        Markdown = "markdown",
        /// Test Anything Protocol 13
        Tap = "tap",
    }
}

impl Format {
    fn pages<'a>(self, rulebook: Option<&'a Rulebook>, style: Style) -> Box<dyn Pages + Send + 'a> {
        match self {
            Self::Text => Box::new(text::Pages::new(style)),
            Self::Json => Box::new(json::Pages::default()),
            Self::Junit => Box::new(junit::Pages::new(rulebook)),
            Self::Sarif => Box::new(sarif::Pages::new(rulebook)),
            Self::Github => Box::new(github::Pages::default()),
            Self::Markdown => Box::new(markdown::Pages::new(rulebook)),
            Self::Tap => Box::new(tap::Pages::default()),
        }
    }

    /// The report on one record in this format, ending in a line break. Text says nothing of one that is not valid:
    /// people are told on standard error.
    #[must_use]
    pub fn render(self, record: &Checked<'_>, style: Style) -> String {
        let rulebook = record.report().map(|report| report.rulebook);
        let mut document = Document::new(self, rulebook, style, FILES);
        document.add(record);
        document.finish(record.exit_code)
    }
}
