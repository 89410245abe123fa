//! What becomes of the text of a template. What is put into one was written by strangers: HTML escapes it as askama
//! does, and `templates/askama.toml` names what does it elsewhere.

use std::fmt::{self, Write};

use askama::Template;
use askama::filters::Escaper;

use crate::style::{Style, Tone, WrappedLines, clean, markdown};

/// What every page says it was made by.
pub(crate) const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// A page as HTML. What must not be shown becomes a visible escape here, wherever it came from; what could be markup was
/// escaped by the template.
pub(crate) fn as_html(template: &impl Template) -> String {
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

/// Markdown. Between two blocks is one empty line, however many the template leaves.
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

/// Text for a terminal, wrapped and painted. A line of the template is a margin, `|` and a text; empty lines are there
/// for the eye. In the margin stands what leads the text, and every other line it fills is indented by as much, unless
/// its own lead stands behind `~`. Before it a colon may end what the text is: `heading`, `address`, `as it is` for
/// what is not wrapped, a [tone](class), or a tone `at the end` for what stands behind the last colon of the text.
pub(crate) fn as_text(template: &impl Template, style: Style) -> String {
    let mut lines = WrappedLines::new(style);
    for line in rendered(template).lines() {
        let Some((margin, text)) = line.split_once('|') else {
            debug_assert!(line.trim().is_empty(), "a line without a margin: {line}");
            continue;
        };
        let (what, lead) = margin.split_once(':').unwrap_or(("", margin));
        match (what, lead.split_once('~'), what.strip_suffix(" at the end")) {
            ("", Some((first, rest)), _) => lines.text_with(first, rest, text),
            ("", None, _) => lines.text(lead, text),
            ("address", ..) => lines.address(text),
            ("heading", ..) => lines.heading(text),
            ("as it is", ..) => lines.out.extend([text, "\n"]),
            (_, _, None) => lines.toned(tone(what), lead, text),
            (_, _, Some(end)) => {
                let wrapped = style.wrap(lead, &clean(text));
                // What is broken across lines is not painted.
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

/// What a tone is called in templates, and as a class of CSS.
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

/// Keeps what is put into a text on one line, so that nothing in it begins a line of the template.
#[derive(Clone, Copy, Default)]
pub(crate) struct LineEscaper;

impl Escaper for LineEscaper {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        to.write_str(&text.replace("\r\n", " ").replace('\n', " "))
    }
}

/// Keeps what is put into Markdown from being markup.
#[derive(Clone, Copy, Default)]
pub(crate) struct MarkdownEscaper;

impl Escaper for MarkdownEscaper {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        to.write_str(&markdown(text))
    }
}
