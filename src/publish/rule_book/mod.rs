//! The rule book for policy owners: every key of every rule, in several formats.

use std::fmt::{self, Write};

use askama::Template;
use askama::filters::Escaper;

use crate::report::{Format, PROGRAM, as_html, as_markdown, as_text};
use crate::rulebook::{Page, Rulebook, numbered};
use crate::style::{Style, markdown};

mod book;
mod table;

pub(super) use book::{Chapter, book};
pub(super) use table::When;

pub fn render(rulebook: &Rulebook, format: Format, style: Style) -> String {
    let chapters = book(rulebook);
    match format {
        Format::Markdown => as_markdown(&MarkdownBook { chapters, pages: &rulebook.pages }),
        Format::Html => as_html(&BookPage { title: &rulebook.title, chapters, digest: &rulebook.digest }),
        _ => as_text(&TextBook { chapters }, style),
    }
}

/// The rule book as a self-contained page.
#[derive(Template)]
#[template(path = "rules.html")]
struct BookPage<'r> {
    title: &'r str,
    chapters: Vec<Chapter<'r>>,
    digest: &'r str,
}

#[derive(Template)]
#[template(path = "rules.md", escape = "book", config = "templates/askama.toml")]
struct MarkdownBook<'r> {
    chapters: Vec<Chapter<'r>>,
    pages: &'r [Page],
}

/// The rule book for a terminal.
#[derive(Template)]
#[template(path = "rules.txt", config = "templates/askama.toml")]
struct TextBook<'r> {
    chapters: Vec<Chapter<'r>>,
}

/// Escapes Markdown, except underscores inside words: they are no markup, and ids are easier to read without backslashes.
#[derive(Clone, Copy, Default)]
pub(crate) struct IdsAsTheyAre;

impl Escaper for IdsAsTheyAre {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        let escaped = markdown(text);
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let mut before = None;
        for (at, part) in escaped.split("\\_").enumerate() {
            if at > 0 {
                let inside = is_word(before) && is_word(part.chars().next());
                to.write_str(if inside { "_" } else { "\\_" })?;
                before = Some('_');
            }
            to.write_str(part)?;
            before = part.chars().next_back().or(before);
        }
        Ok(())
    }
}
