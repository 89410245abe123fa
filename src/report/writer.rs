//! What all formats have in common, and the totals at the end of every document.

use std::fmt;

use crate::intake::{Checked, Verdict};
use crate::rulebook::{Rulebook, Status};

/// Writes a document in one format.
pub(super) trait FormatWriter {
    /// Adds the result for the next file.
    fn add(&mut self, file: &Checked<'_>);

    /// The whole document, ending in a line break.
    fn finish(self: Box<Self>, totals: &Totals<'_>) -> String;
}

/// What is said once of all files, and is only known at the end.
pub(super) struct Totals<'a> {
    pub(super) summary: Summary,
    pub(super) exit_code: u8,
    /// What `--set` gave over the files.
    pub(super) set: Option<String>,
    pub(super) rulebook: Option<&'a Rulebook>,
}

impl Totals<'_> {
    /// What `--set` gave, as a sentence.
    pub(super) fn set(&self) -> Option<String> {
        let files = if self.summary.files == 1 { "file" } else { "files" };
        self.set.as_ref().map(|set| format!("Given with --set, not in the {files}: {set}."))
    }

    /// What a reader must know of all results: whose answers they rest on, and that none is a decision.
    pub(super) fn remarks(&self) -> impl Iterator<Item = String> {
        self.set().into_iter().chain(self.rulebook.map(|rulebook| rulebook.disclaimer.clone()))
    }
}

/// How much a report for people says. Reports for programs say everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// As much as can be read in ten seconds.
    Short,
    Full,
}

impl Extent {
    /// The extent that `--full` asks for.
    pub(crate) fn of_flag(full: bool) -> Self {
        if full { Self::Full } else { Self::Short }
    }
}

/// What a summary calls files, as opposed to products.
pub const FILES: &str = "files";

/// How many of the criteria and files were assessed: a pass that checked everything must look different from one that
/// checked nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub unit: String,
    /// Criteria with a status.
    pub assessed_criteria: usize,
    /// All criteria of all files.
    pub criteria: usize,
    pub assessed_files: usize,
    pub files: usize,
}

impl Summary {
    pub(super) fn new(unit: &str) -> Self {
        Self { unit: unit.to_owned(), assessed_criteria: 0, criteria: 0, assessed_files: 0, files: 0 }
    }

    pub(super) fn count(&mut self, rulebook: Option<&Rulebook>, file: &Checked<'_>) {
        self.files += 1;
        self.criteria += rulebook.map_or(0, |rulebook| rulebook.criteria.len());
        if let Verdict::Assessed(report) = &file.verdict {
            self.assessed_files += 1;
            let results = report.assessment.criteria.iter();
            self.assessed_criteria += results.filter(|result| result.status != Status::Unknown).count();
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} criteria assessed, {} of {} {}",
            self.assessed_criteria, self.criteria, self.assessed_files, self.files, self.unit
        )
    }
}
