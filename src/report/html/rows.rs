//! What became of a file, as a row of a table.

use super::page::class;
use crate::problem::Severity;
use crate::report::checks::fit_words;
use crate::report::{Checked, Report, Verdict};
use crate::rulebook::{Outcome, numbered};
use crate::style::Tone;

pub(super) struct Row {
    /// The product, or the file if there is none to be had.
    pub(super) name: String,
    pub(super) organisation: Option<String>,
    pub(super) result: String,
    pub(super) class: &'static str,
    pub(super) scenario: Option<String>,
    /// The criteria that are not met yet, each with how it stands.
    pub(super) way: Vec<String>,
    pub(super) fit: Option<&'static str>,
}

impl Row {
    pub(super) fn new(file: &Checked<'_>) -> Self {
        let bare = |result: String| Self {
            name: file.input.name.clone(),
            organisation: None,
            result,
            class: class(Tone::Bad),
            scenario: None,
            way: Vec::new(),
            fit: None,
        };
        match &file.verdict {
            Verdict::Assessed(report) => Self::of(report),
            Verdict::Invalid => {
                let errors = file.problems.iter().filter(|problem| problem.severity() == Severity::Error).count();
                bare(format!("Not valid: {errors} {}", if errors == 1 { "problem" } else { "problems" }))
            }
            Verdict::Unreadable(_) => bare("Could not be read".to_owned()),
        }
    }

    fn of(report: &Report<'_>) -> Self {
        let assessment = &report.assessment;
        let tone = match assessment.outcome {
            Outcome::MeetsCriteria => Tone::Good,
            Outcome::NeedsDiscussion | Outcome::Incomplete => Tone::Caution,
            Outcome::DoesNotMeet => Tone::Bad,
        };
        let scenario =
            assessment.scenario.as_ref().map(|result| numbered(result.scenario.number, &result.scenario.title));
        Self {
            name: report.answers.product.clone(),
            organisation: report.answers.organisation.clone(),
            result: report.rulebook.outcome_text(assessment.outcome).title.clone(),
            class: class(tone),
            scenario,
            way: Vec::new(),
            fit: Some(fit_words(assessment.fit.outcome)),
        }
    }
}
