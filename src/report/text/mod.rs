//! The report for people: short, so that it is read in ten seconds, or with everything there is to tell.

use std::fmt::Write as _;

use super::checks::{Check, Given};
use super::{Checked, Extent, Totals};
use crate::problem::Place;
use crate::style::{Style, Tone, clean};

mod full;
mod short;

/// One report after another in full, or in short: one as a screen, several as a few rows each.
pub(super) struct Pages {
    style: Style,
    extent: Extent,
    full: String,
    short: short::Several,
}

impl Pages {
    pub(super) fn new(extent: Extent, style: Style) -> Self {
        Self { style, extent, full: String::new(), short: short::Several::default() }
    }
}

impl super::Pages for Pages {
    fn add(&mut self, file: &Checked<'_>) {
        match (self.extent, file.report()) {
            (Extent::Short, _) => self.short.add(file, self.style),
            (Extent::Full, None) => {}
            (Extent::Full, Some(report)) => {
                if !self.full.is_empty() {
                    let _ = write!(self.full, "\n{}\n\n", "=".repeat(self.style.width.min(80)));
                }
                self.full.push_str(&full::render(report, file.exit_code, self.style));
            }
        }
    }

    fn finish(self: Box<Self>, totals: &Totals) -> String {
        match self.extent {
            Extent::Short => self.short.finish(totals, self.style),
            Extent::Full => self.full,
        }
    }
}

/// Lines of text, wrapped and cleaned.
struct Lines {
    style: Style,
    out: String,
}

impl Lines {
    fn new(style: Style) -> Self {
        Self { style, out: String::new() }
    }

    fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A text behind what leads it; the lines that follow the first stand under its beginning.
    fn text(&mut self, lead: &str, text: &str) {
        self.out.push_str(&self.style.wrap(lead, &clean(text)));
        self.out.push('\n');
    }

    /// The same in a tone, each line by itself so that no colour runs past it.
    fn toned(&mut self, tone: Tone, lead: &str, text: &str) {
        for line in self.style.wrap(lead, &clean(text)).lines() {
            self.out.push_str(&self.style.paint(tone, line));
            self.out.push('\n');
        }
    }

    /// An address, whole and without anything before it, so that it can be clicked and copied.
    fn address(&mut self, address: &str) {
        let address = clean(address);
        self.out.push_str(&self.style.link(&address));
        self.out.push('\n');
    }
}

/// Where an answer stands: the path of its file once, then the line alone.
#[derive(Default)]
struct Places(Option<String>);

impl Places {
    /// ` (answers.yaml:16)`, then ` (:12)`; nothing for an answer that stands in no file.
    fn of(&mut self, place: Option<&Place>) -> String {
        let Some(place) = place else { return String::new() };
        let name = &place.source.name;
        let path = if self.0.as_ref() == Some(name) { "" } else { name.as_str() };
        let told = format!(" ({path}:{})", place.line());
        self.0 = Some(name.clone());
        told
    }
}

/// `You said "Nobody" (answers.yaml:16) and "No" (:12).`: the answers that decide a check.
fn you_said(check: &Check<'_>, places: &mut Places) -> Option<String> {
    let words = |given: &Given<'_>, places: &mut Places| format!("\"{}\"{}", given.label(), places.of(given.place()));
    let said: Vec<String> = check.deciding().iter().map(|given| words(given, places)).collect();
    (!said.is_empty()).then(|| format!("You said {}.", said.join(" and ")))
}
