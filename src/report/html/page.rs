//! What every page has.

use askama::Template;

use crate::style::{Tone, clean};

/// What every page says it was made by.
pub(crate) const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// A page as text. What must not be shown becomes a visible escape here, wherever it came from; what could be markup was
/// escaped by the template.
pub(crate) fn page(template: &impl Template) -> String {
    // Writing to a string cannot fail.
    let page = template.render().unwrap_or_default();
    page.lines().map(|line| clean(line.trim_end()) + "\n").collect()
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
