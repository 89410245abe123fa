//! How text looks on the way out: colour and width, decided once by the caller, and the cleaning that makes a
//! stranger's text safe to show. Knows no streams.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What a piece of text is, so that colour follows meaning. The words always carry the meaning by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good news.
    Good,
    /// Needs a person's attention.
    Caution,
    /// Bad news.
    Bad,
    /// Of less weight: sources, ids.
    Quiet,
    /// A heading.
    Strong,
}

/// Colour and width for one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether escape codes may be written.
    pub colour: bool,
    /// The number of columns to fill.
    pub width: usize,
}

impl Style {
    /// No colour, 80 columns: for files and pipes.
    pub const PLAIN: Self = Self { colour: false, width: 80 };

    /// The text in the colour of its tone, or as it is.
    #[must_use]
    pub fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let style = console::Style::new().force_styling(true);
        let style = match tone {
            Tone::Good => style.green().bold(),
            Tone::Caution => style.yellow().bold(),
            Tone::Bad => style.red().bold(),
            Tone::Quiet => style.dim(),
            Tone::Strong => style.bold(),
        };
        style.apply_to(text).to_string()
    }

    /// Wraps cleaned text to the width. The first line is led by `first`, the others by as many spaces.
    #[must_use]
    pub fn wrap(self, first: &str, text: &str) -> String {
        self.wrap_with(first, &" ".repeat(console::measure_text_width(first)), text)
    }

    /// Wraps cleaned text to the width with a lead for the first line and one for those that follow.
    #[must_use]
    pub fn wrap_with(self, first: &str, rest: &str, text: &str) -> String {
        let options = textwrap::Options::new(self.width.max(20))
            .initial_indent(first)
            .subsequent_indent(rest)
            // A link or an id that is cut can no longer be copied.
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::fill(text.trim_end(), options)
    }
}

/// Text that a terminal, a log or a page can be given: control characters, bidirectional overrides and invisible
/// characters become visible escapes such as `\u{1b}`, line breaks and tabs become spaces.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => cleaned.push(' '),
            '\r' if chars.peek() == Some(&'\n') => {}
            c if is_unsafe(c) => {
                let _ = write!(cleaned, "\\u{{{:x}}}", u32::from(c));
            }
            c => cleaned.push(c),
        }
    }
    Cow::Owned(cleaned)
}

/// Whether a character must not be shown as it is.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || is_deceptive(c)
}

/// Characters that change what the characters around them seem to say, or that cannot be seen at all.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Text as text: nothing in it begins markup, a table cell, an HTML tag, a list or a link.
#[must_use]
pub fn markdown(text: &str) -> String {
    let cleaned = clean(text.trim());
    let mut escaped = String::with_capacity(cleaned.len());
    for c in cleaned.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '>' | '|' | '#' | '~' | '!' | '$' | '@' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    // Addresses become links by themselves, unless they are broken up.
    let mut escaped = escaped.replace("://", "\\://").replace("www.", "www\\.").replace("WWW.", "WWW\\.");
    // A list would begin with a dash, a plus sign or a number.
    let digits = escaped.len() - escaped.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if escaped.starts_with(['-', '+', '=']) {
        escaped.insert(0, '\\');
    } else if digits > 0 && escaped[digits..].starts_with(['.', ')']) {
        escaped.insert(digits, '\\');
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_overrides_become_visible() {
        assert_eq!(clean("a\u{1b}[31mb\r\n\u{202e}c"), "a\\u{1b}[31mb \\u{202e}c");
        assert!(matches!(clean("plain é 医"), Cow::Borrowed(_)));
    }

    #[test]
    fn wrapping_never_cuts_a_long_word() {
        let style = Style { colour: false, width: 20 };
        let wrapped = style.wrap("- ", "see https://example.org/a/very/long/link now");
        assert_eq!(wrapped, "- see\n  https://example.org/a/very/long/link\n  now");
    }
}
