//! Where answers stand.

use std::cell::RefCell;

use crate::problem::Place;

/// Where an answer stands: the path of its file once, then the line alone.
#[derive(Default)]
pub(super) struct AnswerPlaces(RefCell<Option<String>>);

impl AnswerPlaces {
    /// ` (answers.yaml:16)`, then ` (:12)`; nothing for an answer that stands in no file.
    pub(super) fn of(&self, place: Option<&Place>) -> String {
        let Some(place) = place else { return String::new() };
        let name = &place.source.name;
        let last = self.0.replace(Some(name.clone()));
        format!(" ({}:{})", if last.as_ref() == Some(name) { "" } else { name }, place.line())
    }
}
