//! Where answers stand.

use crate::problem::Place;

/// Where an answer stands: the path of its file once, then the line alone.
#[derive(Default)]
pub(super) struct AnswerPlaces(Option<String>);

impl AnswerPlaces {
    /// ` (answers.yaml:16)`, then ` (:12)`; nothing for an answer that stands in no file.
    pub(super) fn of(&mut self, place: Option<&Place>) -> String {
        let Some(place) = place else { return String::new() };
        let name = &place.source.name;
        let path = if self.0.as_ref() == Some(name) { "" } else { name.as_str() };
        let shown = format!(" ({path}:{})", place.line());
        self.0 = Some(name.clone());
        shown
    }
}
