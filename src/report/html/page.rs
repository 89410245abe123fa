//! What every page has.

use std::fmt;

use askama::Template;

use crate::style::{Tone, clean};

/// What every page says it was made by.
pub(crate) const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// A page as text. What must not be shown becomes a visible escape here, wherever it came from; what could be markup was
/// escaped by the template.
pub(crate) fn page(template: &impl Template) -> String {
    let mut lines = CleanedLines::default();
    // Writing to a string cannot fail.
    let _ = template.render_into(&mut lines);
    lines.end();
    lines.page
}

/// A page that is cleaned line by line, so that it is not in memory twice.
#[derive(Default)]
struct CleanedLines {
    page: String,
    /// The line whose end has not come yet.
    line: String,
}

impl CleanedLines {
    fn end(&mut self) {
        if !self.line.is_empty() {
            self.page.push_str(&clean(self.line.trim_end()));
            self.page.push('\n');
            self.line.clear();
        }
    }
}

impl fmt::Write for CleanedLines {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive('\n') {
            self.line.push_str(part);
            if part.ends_with('\n') {
                self.end();
            }
        }
        Ok(())
    }
}

/// The CSS class of a tone.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Caution => "fair",
        Tone::Bad => "bad",
        Tone::Quiet | Tone::Strong => "plain",
    }
}
