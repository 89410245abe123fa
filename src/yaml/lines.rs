//! The lines of a text that does not parse, and which quotation marks and brackets are open in it.

use std::ops::Range;

use crate::problem::Code;

/// What a person most likely meant, and where.
pub(super) struct SyntaxMistake {
    pub(super) code: Code,
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) hint: String,
}

pub(super) fn mistake(at: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> SyntaxMistake {
    SyntaxMistake { code: Code::Syntax, at, message: message.into(), hint: hint.into() }
}

#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
}

impl<'t> Line<'t> {
    /// The line that a byte lies in.
    pub(super) fn at(text: &'t str, at: usize) -> Self {
        let start = text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
        Self { start, text: &text[start..end] }
    }

    /// The lines before it that are neither blank nor a comment, nearest first.
    pub(super) fn above(self, text: &'t str) -> impl Iterator<Item = Self> {
        let mut end = self.start;
        std::iter::from_fn(move || {
            end = text[..end].rfind(['\n', '\r'])?;
            Some(Self::at(text, end))
        })
        .filter(|line| !line.text.trim_start().is_empty() && !line.text.trim_start().starts_with('#'))
    }

    pub(super) fn below(self, text: &'t str) -> Self {
        Self::at(text, (self.start + self.text.len() + 1).min(text.len()))
    }

    /// The number of bytes before its first word or hyphen.
    pub(super) fn indent(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// Its text without indentation and hyphens.
    pub(super) fn words(self) -> &'t str {
        self.text.trim_start_matches([' ', '-', '\t'])
    }

    /// The column of its first word, counted from 1.
    pub(super) fn column(self) -> usize {
        self.text.len() - self.words().len() + 1
    }

    pub(super) fn is_item(self) -> bool {
        self.text.trim_start().starts_with("- ")
    }

    /// Its key and the value after the colon.
    pub(super) fn entry(self) -> Option<(&'t str, &'t str)> {
        let (key, value) = self.words().split_once(':')?;
        let key = key.trim_end().trim_matches(['"', '\'']);
        (is_key(key) && (value.is_empty() || value.starts_with([' ', '\t']))).then(|| (key, value.trim()))
    }
}

pub(super) fn is_key(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

/// What is open at a byte of a text.
pub(super) struct OpenMarks {
    /// Where the last quoted text begins and, unless it is still open, ends.
    pub(super) quoted: Option<(usize, Option<usize>)>,
    /// The open brackets, each with the one that closes it.
    pub(super) brackets: Vec<(usize, char)>,
}

impl OpenMarks {
    pub(super) fn up_to(text: &str, at: usize) -> Self {
        let mut marks = Self { quoted: None, brackets: Vec::new() };
        // The indentation of the key of the current block text.
        let mut block: Option<usize> = None;
        let mut start = 0;
        while start <= at {
            let line = Line::at(text, start);
            let end = start + line.text.len();
            let in_block =
                !marks.in_quotes() && block.is_some_and(|block| line.indent() > block || line.text.trim().is_empty());
            if !in_block {
                block = None;
                marks.scan_line(text, start, end.min(text.floor_char_boundary(at + 1)));
                let value = line.text.rsplit(": ").next().unwrap_or_default().trim_end();
                if !marks.in_quotes() && is_block(value) {
                    block = Some(line.indent());
                }
            }
            start = end + 1;
        }
        marks
    }

    fn in_quotes(&self) -> bool {
        matches!(self.quoted, Some((_, None)))
    }

    fn scan_line(&mut self, text: &str, start: usize, end: usize) {
        let mut chars = text[start..end].char_indices().map(|(at, c)| (start + at, c)).peekable();
        // Whether a value may begin here, so that a quotation mark would open it.
        let mut fresh = true;
        while let Some((at, c)) = chars.next() {
            match (self.quoted, c) {
                (Some((open, None)), _) => {
                    let mark = if text[open..].starts_with('"') { '"' } else { '\'' };
                    match c {
                        '\\' if mark == '"' => drop(chars.next()),
                        '\'' if mark == '\'' && chars.next_if(|(_, next)| *next == '\'').is_some() => {}
                        c if c == mark => self.quoted = Some((open, Some(at))),
                        _ => {}
                    }
                }
                (_, '"' | '\'') if fresh => self.quoted = Some((at, None)),
                (_, '#') if fresh => return,
                (_, '{') if fresh => self.brackets.push((at, '}')),
                (_, '[') if fresh => self.brackets.push((at, ']')),
                (_, '}' | ']') => drop(self.brackets.pop_if(|(_, close)| *close == c)),
                _ => {}
            }
            fresh = matches!(c, ' ' | '\t' | '{' | '[' | ',')
                && (c != ' '
                    || fresh
                    || text[start..at].ends_with([':', '-', ',', '{', '['])
                    || text[at + 1..].starts_with('#'));
        }
    }
}

/// Quotation marks that word processors make of straight ones.
pub(crate) const CURLY: [char; 5] = ['“', '”', '„', '‘', '’'];

/// A text between quotation marks that change nothing in it.
pub(crate) fn in_quotes(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// A text in one line, of which a long one is cut in the middle.
pub(super) fn abridged(text: &str) -> String {
    match text.split_whitespace().collect::<Vec<_>>().as_slice() {
        [one, two, three, _, _, _, .., before, last] => format!("{one} {two} {three} … {before} {last}"),
        words => words.join(" "),
    }
}

/// The same as a value, in the quotation marks that it needs.
pub(super) fn as_value(text: &str) -> String {
    let text = abridged(text);
    let needs = text.starts_with(['%', '@', '`', '*', '&', '!', '|', '>', '?', ',', '-', '#']);
    if needs || text.contains(": ") || text.contains(" #") || text.ends_with(':') { in_quotes(&text) } else { text }
}

/// Whether this value introduces a block text in the lines below.
pub(super) fn is_block(value: &str) -> bool {
    [">", ">-", "|", "|-", ">+", "|+"].contains(&value)
}
