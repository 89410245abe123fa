//! The places of answers in a report.

use std::cell::RefCell;

use crate::problem::Place;

/// Writes the places of answers, with the path of the file only where it differs from the last one.
#[derive(Default)]
pub(super) struct AnswerPlaces(RefCell<Option<String>>);

impl AnswerPlaces {
    /// ` (answers.yaml:16)`, then ` (:12)`; nothing for an answer that is in no file.
    pub(super) fn of(&self, place: Option<&Place>) -> String {
        let Some(place) = place else { return String::new() };
        let name = &place.source.name;
        let last = self.0.replace(Some(name.clone()));
        format!(" ({}:{})", if last.as_ref() == Some(name) { "" } else { name }, place.line())
    }
}

/// The lines of a problem as the end of its code: ", line 16", ", lines 16 and 24", or nothing for what is in no file.
pub(super) fn at_lines(lines: &str) -> String {
    match lines {
        "" => String::new(),
        several if several.contains(' ') => format!(", lines {several}"),
        one => format!(", line {one}"),
    }
}
