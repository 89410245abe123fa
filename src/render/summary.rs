//! How much was checked, so that a pass that checked nothing can be told from one that checked all.

use std::fmt;

use super::{Run, Verdict};
use crate::rulebook::Status;

/// How many criteria and files were assessed, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Criteria with a status.
    pub assessed_criteria: usize,
    /// All criteria, once for each file.
    pub criteria: usize,
    /// Files assessed.
    pub assessed_files: usize,
    /// All files named.
    pub files: usize,
}

impl Summary {
    /// The summary of a run.
    #[must_use]
    pub fn of(run: &Run<'_>) -> Self {
        let criteria = run.rulebook.map_or(0, |rulebook| rulebook.criteria.len());
        let mut summary = Self { criteria: criteria * run.files.len(), files: run.files.len(), ..Self::default() };
        for file in &run.files {
            if let Verdict::Assessed(report) = &file.verdict {
                summary.assessed_files += 1;
                let results = report.assessment.criteria.iter();
                summary.assessed_criteria += results.filter(|result| result.status != Status::Unknown).count();
            }
        }
        summary
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} criteria assessed, {} of {} files",
            self.assessed_criteria, self.criteria, self.assessed_files, self.files
        )
    }
}
