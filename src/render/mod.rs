//! Results → text. One file for each format; none of them writes to a stream.

use crate::answers::Answers;
use crate::assessment::Assessment;
use crate::gate::{Judgement, worst};
use crate::named::named;
use crate::problem::{Place, Problem};
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

pub use summary::{FILES, Summary};

/// Everything a report on one product is made from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The rules.
    pub rulebook: &'a Rulebook,
    /// What was answered.
    pub answers: &'a Answers,
    /// What the rules say about it.
    pub assessment: &'a Assessment<'a>,
    /// What the gate says about it.
    pub judgement: &'a Judgement,
    /// Whether to give every smallest reason, and not only the first.
    pub all_reasons: bool,
}

/// Everything one run found out, in the order in which it was asked.
#[derive(Debug)]
pub struct Run<'a> {
    /// The rules, unless they are what is wrong.
    pub rulebook: Option<&'a Rulebook>,
    /// What became of each file.
    pub files: Vec<Checked<'a>>,
}

impl Run<'_> {
    /// The exit code: the worst of its files, in any order of them.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        worst(self.files.iter().map(|file| file.exit_code))
    }
}

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

/// What became of one file.
#[derive(Debug)]
pub struct Checked<'a> {
    /// Where the answers came from.
    pub input: Input,
    /// What is wrong with the file, or worth knowing about it.
    pub problems: &'a [Problem],
    /// What came of it.
    pub verdict: Verdict<'a>,
    /// The exit code it calls for.
    pub exit_code: u8,
}

impl Checked<'_> {
    /// Where something is shown: in its own place, or in that of the record it was found in.
    fn at<'p>(&'p self, place: Option<&'p Place>) -> Option<&'p Place> {
        place.or(self.input.place.as_ref())
    }
}

/// Where answers came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// What it is called in messages.
    pub name: String,
    /// Its path as it was given, if it is a file.
    pub path: Option<String>,
    /// SHA-256 of its bytes, if they could be read.
    pub digest: Option<String>,
    /// What was answered on the command line over what the file says.
    pub set: Vec<(String, String)>,
    /// Where it stands, if it is one record of a file that holds many.
    pub place: Option<Place>,
}

/// What came of one file.
#[derive(Debug)]
pub enum Verdict<'a> {
    /// The product was assessed.
    Assessed(Report<'a>),
    /// The file is not valid; its problems say why.
    Invalid,
    /// The file could not be read, for this reason.
    Unreadable(String),
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
    /// The whole run in this format, ending in a line break. Text says nothing of files that are not valid: people are
    /// told on standard error.
    #[must_use]
    pub fn run(self, run: &Run<'_>, style: Style) -> String {
        let mut document = Document::new(self, run.rulebook, style, FILES);
        run.files.iter().for_each(|file| document.add(file));
        document.finish(run.exit_code())
    }

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

    /// The report on one product in this format.
    #[must_use]
    pub fn render(self, report: &Report<'_>, style: Style) -> String {
        let exit_code = report.judgement.passage.exit_code();
        let file = Checked { input: Input::default(), problems: &[], verdict: Verdict::Assessed(*report), exit_code };
        self.run(&Run { rulebook: Some(report.rulebook), files: vec![file] }, style)
    }
}
