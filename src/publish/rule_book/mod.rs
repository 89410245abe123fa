//! The rule book, for a policy owner to read and to keep: every key of every rule, in each format.

use crate::report::Format;
use crate::rulebook::Rulebook;
use crate::style::Style;

mod book;
mod html;
mod markdown;
mod table;
mod text;

pub(super) use book::{Chapter, book};
pub(super) use table::When;

/// The whole rule book, in one of the formats that rules are written in.
#[must_use]
pub fn render(rulebook: &Rulebook, format: Format, style: Style) -> String {
    match format {
        Format::Markdown => markdown::render(rulebook),
        Format::Html => html::render(rulebook),
        _ => text::render(rulebook, style),
    }
}
