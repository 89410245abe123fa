//! What every format does.

use super::summary::Summary;
use crate::intake::Checked;

/// How one format writes a document.
pub(super) trait Pages {
    /// Adds what became of the next file.
    fn add(&mut self, file: &Checked<'_>);

    /// The whole document, ending in a line break.
    fn finish(self: Box<Self>, totals: &Totals) -> String;
}

/// What is only known at the end.
pub(super) struct Totals {
    pub(super) summary: Summary,
    pub(super) exit_code: u8,
}
