//! Lines of the report, and where an answer stands.

use crate::problem::Place;
use crate::report::checks::{Check, Given};
use crate::style::{Style, Tone, clean};

/// Lines of text, wrapped and cleaned.
pub(super) struct Lines {
    pub(super) style: Style,
    pub(super) out: String,
}

impl Lines {
    pub(super) fn new(style: Style) -> Self {
        Self { style, out: String::new() }
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A text behind a lead. Its other lines are indented to where it begins.
    pub(super) fn text(&mut self, lead: &str, text: &str) {
        self.out.push_str(&self.style.wrap(lead, &clean(text)));
        self.out.push('\n');
    }

    /// The same in a tone, each line by itself so that no colour runs past it.
    pub(super) fn toned(&mut self, tone: Tone, lead: &str, text: &str) {
        for line in self.style.wrap(lead, &clean(text)).lines() {
            self.out.push_str(&self.style.paint(tone, line));
            self.out.push('\n');
        }
    }

    /// An address, whole and without anything before it, so that it can be clicked and copied.
    pub(super) fn address(&mut self, address: &str) {
        let address = clean(address);
        self.out.push_str(&self.style.link(&address));
        self.out.push('\n');
    }
}

/// Where an answer stands: the path of its file once, then the line alone.
#[derive(Default)]
pub(super) struct Places(Option<String>);

impl Places {
    /// ` (answers.yaml:16)`, then ` (:12)`; nothing for an answer that stands in no file.
    pub(super) fn of(&mut self, place: Option<&Place>) -> String {
        let Some(place) = place else { return String::new() };
        let name = &place.source.name;
        let path = if self.0.as_ref() == Some(name) { "" } else { name.as_str() };
        let told = format!(" ({path}:{})", place.line());
        self.0 = Some(name.clone());
        told
    }
}

/// `You said "Nobody" (answers.yaml:16) and "No" (:12).`: the answers that decide a check.
pub(super) fn you_said(check: &Check<'_>, places: &mut Places) -> Option<String> {
    let words = |given: &Given<'_>, places: &mut Places| format!("\"{}\"{}", given.label(), places.of(given.place()));
    let said: Vec<String> = check.deciding().iter().map(|given| words(given, places)).collect();
    (!said.is_empty()).then(|| format!("You said {}.", said.join(" and ")))
}
