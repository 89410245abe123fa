//! What became of a file, as a row of a table.

use super::page::class;
use crate::problem::Severity;
use crate::report::content::Content;
use crate::report::{Checked, Verdict};
use crate::rulebook::numbered;
use crate::style::Tone;
use crate::wording::sentence;

pub(super) struct Row {
    /// The product with who makes it, or the file if there is no product to be had.
    pub(super) name: String,
    pub(super) result: String,
    pub(super) class: &'static str,
    pub(super) scenario: String,
    /// The criteria that are not met yet, each with how it stands.
    pub(super) way: Vec<String>,
    pub(super) fit: String,
}

impl Row {
    pub(super) fn new(file: &Checked<'_>, content: Option<&Content<'_>>) -> Self {
        let Some(content) = content else {
            return Self {
                name: file.input.name.clone(),
                result: match &file.verdict {
                    Verdict::Unreadable(_) => "Could not be read".to_owned(),
                    Verdict::Assessed(_) | Verdict::Invalid => invalid(file),
                },
                class: class(Tone::Bad),
                scenario: String::new(),
                way: Vec::new(),
                fit: String::new(),
            };
        };
        let open = content.criteria.iter().filter(|check| check.tone != Tone::Good);
        Self {
            name: content.product(),
            result: content.headline.clone(),
            class: class(content.tone),
            scenario: content.scenario.as_ref().map_or_else(String::new, |scenario| {
                scenario.title.map_or_else(|| "Not decided".to_owned(), |title| numbered(scenario.number, title))
            }),
            way: open.map(|check| format!("{}: {}", check.words, numbered(check.number, check.title))).collect(),
            fit: content.fit.as_ref().map_or_else(String::new, |fit| sentence(&fit.words)),
        }
    }
}

fn invalid(file: &Checked<'_>) -> String {
    let errors = file.problems.iter().filter(|problem| problem.severity() == Severity::Error).count();
    format!("Not valid: {errors} {}", if errors == 1 { "problem" } else { "problems" })
}
