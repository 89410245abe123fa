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

/// How much people are told. Programs are told everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What is read in ten seconds.
    Short,
    Full,
}

impl Extent {
    /// Everything where that is asked for.
    #[must_use]
    pub fn asked(full: bool) -> Self {
        if full { Self::Full } else { Self::Short }
    }
}
