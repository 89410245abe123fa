//! How much was checked, so that a pass that checked nothing can be told from one that checked all.

use std::fmt;

use super::{Checked, Verdict};
use crate::rulebook::{Rulebook, Status};

/// What a summary counts, unless it counts records of files.
pub const FILES: &str = "files";

/// How many criteria and files were assessed, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// What files are called.
    pub unit: &'static str,
    /// Criteria with a status.
    pub assessed_criteria: usize,
    /// All criteria, once for each file.
    pub criteria: usize,
    pub assessed_files: usize,
    pub files: usize,
}

impl Summary {
    pub(super) fn new(unit: &'static str) -> Self {
        Self { unit, assessed_criteria: 0, criteria: 0, assessed_files: 0, files: 0 }
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
