//! Colour, width and wrapping of output, and the cleaning and escaping that make text from strangers safe to show.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The meaning of a text, which decides its colour. Colour is never the only sign of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    /// Needs a person's attention.
    Caution,
    Bad,
    /// Less important: sources, ids.
    Quiet,
    Strong,
}

/// Colour and width for one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub colour: bool,
    /// The number of columns to fill.
    pub width: usize,
    /// Whether the terminal supports hyperlinks (OSC 8).
    pub links: bool,
}

impl Style {
    /// No colour, 80 columns: for files and pipes.
    pub const PLAIN: Self = Self { colour: false, width: 80, links: false };

    /// The text in the colour of its tone, or as it is.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
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

    /// A cleaned address, as a hyperlink if those are supported.
    pub(crate) fn link(self, address: &str) -> String {
        if self.links { format!("\u{1b}]8;;{address}\u{1b}\\{address}\u{1b}]8;;\u{1b}\\") } else { address.to_owned() }
    }

    /// Wraps cleaned text. The first line begins with `first`, the others with as many spaces.
    pub(crate) fn wrap(self, first: &str, text: &str) -> String {
        self.wrap_with(first, &" ".repeat(console::measure_text_width(first)), text)
    }

    /// Wraps cleaned text, with one lead for the first line and another for the rest.
    pub(crate) fn wrap_with(self, first: &str, rest: &str, text: &str) -> String {
        let options = textwrap::Options::new(self.width.max(20))
            .initial_indent(first)
            .subsequent_indent(rest)
            // A broken link or id could not be copied.
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::fill(text.trim_end(), options)
    }
}

/// Builds text for a terminal: cleaned, wrapped and coloured.
#[derive(Debug)]
pub(crate) struct WrappedLines {
    pub(crate) style: Style,
    pub(crate) out: String,
}

impl WrappedLines {
    pub(crate) fn new(style: Style) -> Self {
        Self { style, out: String::new() }
    }

    /// Ends a line, or leaves one empty.
    pub(crate) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A text after a lead, its further lines indented by the same width.
    pub(crate) fn text(&mut self, lead: &str, text: &str) {
        self.text_with(lead, &" ".repeat(console::measure_text_width(lead)), text);
    }

    /// A text with one lead for the first line and another for the rest.
    pub(crate) fn text_with(&mut self, first: &str, rest: &str, text: &str) {
        self.out.push_str(&self.style.wrap_with(first, rest, &clean(text)));
        self.out.push('\n');
    }

    /// A text in a tone. Each line is coloured by itself, so that no colour runs on.
    pub(crate) fn toned(&mut self, tone: Tone, lead: &str, text: &str) {
        for line in self.style.wrap(lead, &clean(text)).lines() {
            self.out.push_str(&self.style.paint(tone, line));
            self.out.push('\n');
        }
    }

    /// A heading, after an empty line unless it comes first.
    pub(crate) fn heading(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.blank();
        }
        self.toned(Tone::Strong, "", text);
    }

    /// An address on a line of its own, unbroken, so that it can be clicked and copied.
    pub(crate) fn address(&mut self, address: &str) {
        self.out.push_str(&self.style.link(&clean(address)));
        self.out.push('\n');
    }
}

/// A file name as an argument in a shell: quoted if needed, with double quotes where they suffice because most shells know
/// them, and with `./` in front if it would look like an option.
pub(crate) fn typed(name: &str) -> String {
    let here = if name.len() > 1 && name.starts_with('-') { "./" } else { "" };
    let name = format!("{here}{}", clean(name));
    if name.chars().all(|c| c.is_alphanumeric() || "._-/\\:@%+=,".contains(c)) && !name.is_empty() {
        name
    } else if name.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", name.replace('\'', r"'\''"))
    } else {
        format!("\"{name}\"")
    }
}

/// Makes text safe for a terminal, a log or a page. Control characters, bidirectional overrides and invisible characters
/// become visible escapes such as `\u{1b}`, and so does the first character of anything that a CI server would take for a
/// command. Line breaks and tabs become spaces.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_visible = has_none(bytes, |byte| u8::from(!(0x20..0x7f).contains(&byte))) || !text.chars().any(is_unsafe);
    // A command begins with the same character twice.
    let sign = |byte: u8| matches!(byte, b':' | b'#' | b'-' | b'+' | b'~' | b'^');
    let twice = |found: bool, (a, b): (&u8, &u8)| found | ((a == b) & sign(*a));
    if is_visible && !bytes.iter().zip(bytes.get(1..).unwrap_or_default()).fold(false, twice) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        match c {
            '\n' | '\t' => cleaned.push(' '),
            '\r' if rest.starts_with("\r\n") => {}
            c if is_unsafe(c) || begins_command(before, rest) => {
                let _ = write!(cleaned, "\\u{{{:x}}}", u32::from(c));
            }
            c => cleaned.push(c),
        }
        before = c;
    }
    Cow::Owned(cleaned)
}

/// Escapes unsafe characters and CI commands in JSON, so that it can be shown in a terminal or a log. Apart from line breaks,
/// they can only occur inside strings.
pub(crate) fn escaped_json(json: &str) -> Cow<'_, str> {
    if is_plain_json(json.as_bytes()) {
        return Cow::Borrowed(json);
    }
    Cow::Owned(json_without(json, |c, rest| c != '\n' && (is_unsafe(c) || begins_command('"', rest))))
}

/// Escapes JSON for a script element, so that [`clean`] has nothing left to change.
pub(crate) fn embedded_json(json: &str) -> String {
    json_without(json, |c, rest| c == '<' || is_unsafe(c) || begins_command(' ', rest))
}

/// JSON with `unwanted` characters as escapes. They must be inside strings. The predicate also gets the rest of the text.
fn json_without(json: &str, unwanted: impl Fn(char, &str) -> bool) -> String {
    let mut escaped = String::with_capacity(json.len());
    for (at, c) in json.char_indices() {
        if unwanted(c, &json[at..]) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Whether [`escaped_json`] certainly has nothing to change.
pub(crate) fn is_plain_json(json: &[u8]) -> bool {
    has_none(json, |byte| u8::from(!(0x20..0x7f).contains(&byte)) | u8::from(byte == b'#'))
}

/// Whether a text needs no escapes in JSON.
pub(crate) fn is_itself_in_json(text: &str) -> bool {
    let unsafe_or_quoted =
        |byte| u8::from(!(0x20..0x7f).contains(&byte)) | u8::from(matches!(byte, b'#' | b'"' | b'\\'));
    has_none(text.as_bytes(), unsafe_or_quoted)
}

/// Whether no byte is odd. It runs for each of millions of records, so it takes sixteen bytes in one step, and the last
/// sixteen once more.
fn has_none(bytes: &[u8], odd: impl Fn(u8) -> u8) -> bool {
    let any = |found: u8, byte: &u8| found | odd(*byte);
    match bytes.last_chunk::<16>() {
        None => bytes.iter().fold(0, any) == 0,
        Some(last) => bytes.as_chunks::<16>().0.iter().chain([last]).all(|chunk| chunk.iter().fold(0, any) == 0),
    }
}

/// Whether a CI server would take the rest of a text for a command: `::error::` or `+++ ` at the beginning of a word, which
/// may be that of a line, and `##[error]`, `##vso[` and `##teamcity[` anywhere.
pub(crate) fn begins_command(before: char, rest: &str) -> bool {
    let named = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
    let folds = |sign: &str| rest.strip_prefix(sign).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    (before.is_whitespace() && rest.strip_prefix("::").is_some_and(named))
        || (before.is_whitespace() && ["---", "+++", "~~~", "^^^"].into_iter().any(folds))
        || rest.strip_prefix("##").is_some_and(|rest| {
            ["[", "vso[", "teamcity["]
                .iter()
                .any(|word| rest.get(..word.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(word)))
        })
}

/// Whether a character must not be shown as it is.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || is_deceptive(c)
}

/// Characters that are invisible, or that change how the text around them looks.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}'
        | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        // The last two code points of each plane are not characters, and XML forbids those of the first plane.
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Escapes text for Markdown: nothing in it is markup, a table cell, an HTML tag, a list or a link.
pub(crate) fn markdown(text: &str) -> String {
    let cleaned = clean(text.trim());
    let mut escaped = String::with_capacity(cleaned.len());
    let mut chars = cleaned.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' => escaped.push_str("&lt;"),
            // Without a semicolon after the word it is no character reference.
            '&' if chars.clone().find(|c| !c.is_ascii_alphanumeric()) == Some(';') => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '>' | '|' | '#' | '~' | '!' | '$' | '@' => {
                escaped.push('\\');
                escaped.push(c);
                // Servers look for mentions of people and issues after they have removed the escapes. An invisible comment
                // prevents that.
                let refers = matches!(c, '@' | '#' | '!' | '$' | '~');
                if refers && chars.peek().is_some_and(char::is_ascii_alphanumeric) {
                    escaped.push_str(APART);
                }
            }
            // The same for an issue such as GH-12.
            '-' if ends_with_gh(&escaped) && chars.peek().is_some_and(char::is_ascii_digit) => {
                escaped.push('-');
                escaped.push_str(APART);
            }
            c => escaped.push(c),
        }
    }
    let mut escaped = without_commits(&escaped);
    // Bare addresses would become links.
    escaped = escaped.replace("://", "\\://").replace("www.", "www\\.").replace("WWW.", "WWW\\.");
    // A dash, a plus sign or a number may begin a list, but a version number does not.
    let digits = escaped.len() - escaped.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let list = |rest: &str| matches!(rest.as_bytes(), [b'.' | b')'] | [b'.' | b')', b' ', ..]);
    if escaped.starts_with(['-', '+', '=']) {
        escaped.insert(0, '\\');
    } else if digits > 0 && list(&escaped[digits..]) {
        escaped.insert(digits, '\\');
    }
    escaped
}

/// Separates two parts of a Markdown text without being visible.
const APART: &str = "<!-- -->";

fn ends_with_gh(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
    word.is_some_and(|word| word.eq_ignore_ascii_case("gh"))
}

/// Splits what could be a commit id, of which servers make links.
fn without_commits(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let id = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        // Commit ids are in lower case; `ABC1234` may be the name of a standard.
        if (7..=40).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            apart.extend([&word[..1], APART, &word[1..]]);
        } else {
            apart.push_str(word);
        }
    }
    apart
}

/// A number with a comma after each group of three digits.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_overrides_become_visible() {
        assert_eq!(clean("a\u{1b}[31mb\r\n\u{202e}c"), "a\\u{1b}[31mb \\u{202e}c");
        assert!(matches!(clean("plain é 医"), Cow::Borrowed(_)));
        assert_eq!(clean("\u{fffe}\u{3164}"), "\\u{fffe}\\u{3164}");
        assert_eq!(clean("\u{6dd}\u{70f}\u{110bd}\u{13437}\u{1d173}").matches('\\').count(), 5);
    }

    #[test]
    fn nothing_in_markdown_is_markup_or_refers_to_an_issue_a_person_or_a_commit() {
        assert_eq!(markdown("GH-12 a1b2c3d @me !7"), "GH-<!-- -->12 a<!-- -->1b2c3d \\@<!-- -->me \\!<!-- -->7");
        for (text, escaped) in [
            ("a | `b` *c* __d__", "a \\| \\`b\\` \\*c\\* \\_\\_d\\_\\_"),
            ("[<b>](https://example.org)", "\\[&lt;b\\>\\](https\\://example.org)"),
            ("- www.example.org &amp;", "\\- www\\.example.org &amp;amp;"),
            ("Smith & Nephew, R&D; AT&T &#38;", "Smith & Nephew, R&amp;D; AT&T &\\#<!-- -->38;"),
            ("12. high-5 abcdef 2026-11-22", "12\\. high-5 abcdef 2026-11-22"),
        ] {
            assert_eq!(markdown(text), escaped);
        }
    }

    #[test]
    fn plain_text_is_told_from_any_other_wherever_the_odd_byte_stands() {
        for length in 0..70 {
            let plain = "a".repeat(length);
            assert!(is_plain_json(plain.as_bytes()) && is_itself_in_json(&plain));
            for (at, odd) in (0..length).flat_map(|at| ["#", "\u{7f}", "\u{1f}", "é"].map(|odd| (at, odd))) {
                let text = format!("{}{odd}{}", &plain[..at], &plain[at + 1..]);
                assert!(!is_plain_json(text.as_bytes()) && !is_itself_in_json(&text), "{text}");
            }
        }
        assert!(is_plain_json(b"\\u00e9\"") && !is_itself_in_json("\\") && !is_itself_in_json("a\""));
    }

    #[test]
    fn nothing_is_a_command_to_a_ci_server() {
        assert_eq!(clean("::error::a\n::b"), "\\u{3a}:error::a \\u{3a}:b");
        assert_eq!(clean("a##[error]b ##VSO[c"), "a\\u{23}#[error]b \\u{23}#VSO[c");
        assert_eq!(clean("std::env, ::1 and ## heading"), "std::env, ::1 and ## heading");
        assert_eq!(clean("##TeamCity[a"), "\\u{23}#TeamCity[a");
        assert_eq!(clean("--- a\n+++ b ~~~\n^^^ +++"), "\\u{2d}-- a \\u{2b}++ b \\u{7e}~~ \\u{5e}^^ +++");
        assert_eq!(clean("a--- b ---c ----"), "a--- b ---c ----");
    }

    #[test]
    fn a_name_in_a_command_is_one_argument_and_no_option() {
        for (name, argument) in [
            ("products/a_b-1.yaml", "products/a_b-1.yaml"),
            ("my answers.yaml", "\"my answers.yaml\""),
            ("it's.yaml", "\"it's.yaml\""),
            ("a;b.yaml", "\"a;b.yaml\""),
            ("$HOME.yaml", "'$HOME.yaml'"),
            ("it's `x`.yaml", r"'it'\''s `x`.yaml'"),
            ("-x.yaml", "./-x.yaml"),
            ("--format x.yaml", "\"./--format x.yaml\""),
            ("-", "-"),
            ("", "\"\""),
        ] {
            assert_eq!(typed(name), argument);
        }
    }

    #[test]
    fn wrapping_never_cuts_a_long_word() {
        let style = Style { width: 20, ..Style::PLAIN };
        let wrapped = style.wrap("- ", "see https://example.org/a/very/long/link now");
        assert_eq!(wrapped, "- see\n  https://example.org/a/very/long/link\n  now");
    }
}
