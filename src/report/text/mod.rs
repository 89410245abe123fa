//! The report for people: short, so that it is read in ten seconds, or with everything there is to tell.

use std::fmt::Write as _;

use super::{Checked, Extent, Totals};
use crate::style::Style;

mod full;
mod places;
mod short;

/// One report after another in full, or in short: one as a screen, several as a few rows each.
pub(super) struct TextWriter {
    style: Style,
    extent: Extent,
    full: String,
    short: short::ShortReports,
}

impl TextWriter {
    pub(super) fn new(extent: Extent, style: Style, to_send: &'static str) -> Self {
        Self { style, extent, full: String::new(), short: short::ShortReports::new(to_send) }
    }
}

impl super::FormatWriter for TextWriter {
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
