//! Renders templates. Values come from strangers and are escaped: in HTML by askama, elsewhere by the escapers that
//! `templates/askama.toml` names.

use std::fmt::{self, Write};

use askama::Template;
use askama::filters::Escaper;

use crate::style::{Style, Tone, WrappedLines, clean, markdown};

/// The program and its version, for the foot of pages.
pub(crate) const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// Renders HTML. The template escapes markup; unsafe characters from any source become visible escapes here.
pub(crate) fn as_html(template: &impl Template) -> String {
    let mut lines = CleanedLines::default();
    // Writing to a string cannot fail.
    let _ = template.render_into(&mut lines);
    lines.end();
    lines.page
}

/// Cleans a page line by line while it is rendered, so that it is not in memory twice.
#[derive(Default)]
struct CleanedLines {
    page: String,
    /// The current, incomplete line.
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

impl Write for CleanedLines {
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

fn rendered(template: &impl Template) -> String {
    template.render().expect("a template can be written to memory")
}

/// Renders a template as it is, with the line break at its end.
pub(crate) fn as_it_is(template: &impl Template) -> String {
    rendered(template) + "\n"
}

/// Renders Markdown, with runs of empty lines reduced to one.
pub(crate) fn as_markdown(template: &impl Template) -> String {
    let mut page = String::new();
    for line in rendered(template).lines().map(str::trim_end) {
        if !line.is_empty() || !(page.is_empty() || page.ends_with("\n\n")) {
            page.push_str(line);
            page.push('\n');
        }
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// Renders text for a terminal, wrapped and coloured. Each line of the template is `KIND:LEAD~REST|TEXT`, and all but `|TEXT`
/// may be left out. The first line of the text begins with LEAD, further lines with REST, or else with spaces of the same
/// width. KIND is `heading`, `address`, `as it is` (not wrapped), a [tone](class), or a tone `at the end`, which colours what
/// follows the last colon of the text. Empty lines are ignored.
pub(crate) fn as_text(template: &impl Template, style: Style) -> String {
    let mut lines = WrappedLines::new(style);
    for line in rendered(template).lines() {
        let Some((margin, text)) = line.split_once('|') else {
            debug_assert!(line.trim().is_empty(), "a line without a margin: {line}");
            continue;
        };
        let (kind, lead) = margin.split_once(':').unwrap_or(("", margin));
        match (kind, lead.split_once('~'), kind.strip_suffix(" at the end")) {
            ("", Some((first, rest)), _) => lines.text_with(first, rest, text),
            ("", None, _) => lines.text(lead, text),
            ("address", ..) => lines.address(text),
            ("heading", ..) => lines.heading(text),
            ("as it is", ..) => lines.out.extend([text, "\n"]),
            (_, _, None) => lines.toned(tone(kind), lead, text),
            (_, _, Some(end)) => {
                let wrapped = style.wrap(lead, &clean(text));
                // Words that wrap onto the next line are not coloured.
                let words = text.rsplit(": ").next().unwrap_or_default();
                let painted =
                    wrapped.strip_suffix(words).map(|before| before.to_owned() + &style.paint(tone(end), words));
                lines.out.push_str(&painted.unwrap_or(wrapped));
                lines.blank();
            }
        }
    }
    lines.out
}

/// A text cut to one row.
pub(super) fn cut(text: &str, width: usize) -> String {
    console::truncate_str(&clean(text), width, "…").into_owned()
}

/// The name of a tone in templates, and its CSS class.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Caution => "fair",
        Tone::Bad => "bad",
        Tone::Quiet | Tone::Strong => "plain",
    }
}

fn tone(name: &str) -> Tone {
    let all = [Tone::Good, Tone::Caution, Tone::Bad];
    all.into_iter().find(|tone| class(*tone) == name).unwrap_or(Tone::Quiet)
}

/// Puts a value on one line, so that no part of it can be taken for a line of the template.
#[derive(Clone, Copy, Default)]
pub(crate) struct LineEscaper;

impl Escaper for LineEscaper {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        to.write_str(&text.replace("\r\n", " ").replace('\n', " "))
    }
}

/// Escapes Markdown.
#[derive(Clone, Copy, Default)]
pub(crate) struct MarkdownEscaper;

impl Escaper for MarkdownEscaper {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        to.write_str(&markdown(text))
    }
}
