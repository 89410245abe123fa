//! The report for people, either in full or short enough to be read in ten seconds.

use std::fmt::Write as _;

use super::{Checked, Extent, Totals};
use crate::style::Style;

mod full;
mod places;
mod short;

/// Full reports one after another; or short ones: a screen for one record, a few rows each for several.
pub(super) struct TextWriter {
    style: Style,
    extent: Extent,
    full: String,
    short: short::ShortReports,
}

impl TextWriter {
    pub(super) fn new(extent: Extent, style: Style) -> Self {
        Self { style, extent, full: String::new(), short: short::ShortReports::default() }
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
                self.full.push_str(&full::render(report, file, self.style));
            }
        }
    }

    fn finish(self: Box<Self>, totals: &Totals<'_>) -> String {
        match self.extent {
            Extent::Short => self.short.finish(totals, self.style),
            Extent::Full => self.full,
        }
    }
}
