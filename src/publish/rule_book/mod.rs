//! The rule book, for a policy owner to read and to keep: every key of every rule, in each format.

use askama::Template;

use crate::report::{self, Format, PROGRAM};
use crate::rulebook::{Rulebook, numbered};
use crate::style::{Style, Tone, WrappedLines};

mod book;
mod markdown;
mod table;

use book::RuleEntry;
pub(super) use book::{Chapter, book};
pub(super) use table::When;

/// The whole rule book, in one of the formats that rules are written in.
pub fn render(rulebook: &Rulebook, format: Format, style: Style) -> String {
    match format {
        Format::Markdown => markdown::render(rulebook),
        Format::Html => report::page(&RuleBookPage {
            title: &rulebook.title,
            chapters: book(rulebook),
            program: PROGRAM,
            digest: &rulebook.digest,
        }),
        _ => text(rulebook, style),
    }
}

/// The rule book as one page that needs nothing else.
#[derive(Template)]
#[template(path = "rules.html")]
struct RuleBookPage<'r> {
    title: &'r str,
    chapters: Vec<Chapter>,
    program: &'static str,
    digest: &'r str,
}

/// The rule book for a terminal.
fn text(rulebook: &Rulebook, style: Style) -> String {
    let mut lines = WrappedLines::new(style);
    for (index, chapter) in book(rulebook).iter().enumerate() {
        if index > 0 {
            lines.heading(&chapter.title.to_uppercase());
        }
        for rule in &chapter.rules {
            lines.heading(&rule.heading());
            text_of(&mut lines, rule, "");
        }
    }
    lines.out
}

fn text_of(lines: &mut WrappedLines, rule: &RuleEntry, indent: &str) {
    if let Some(id) = &rule.id {
        lines.toned(Tone::Quiet, indent, id);
    }
    for phrase in &rule.says {
        lines.text(indent, &phrase.in_a_line());
    }
    if let Some(address) = &rule.address {
        lines.text(indent, &address.words);
    }
    for inner in &rule.inner {
        lines.text(&format!("{indent}- "), &inner.title);
        text_of(lines, inner, &format!("{indent}  "));
    }
    if let Some(source) = &rule.source {
        let link = source.link.as_ref().map_or_else(String::new, |link| format!(" {link}"));
        let source_line = format!("Source: {}, {} ({}).{link}", source.page, source.at, source.basis);
        lines.toned(Tone::Quiet, indent, &source_line);
        if let Some(reasoning) = &source.reasoning {
            lines.text(indent, &format!("Reasoning: {reasoning}"));
        }
    }
}
