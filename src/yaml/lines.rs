//! The lines of a text that cannot be read, and what was begun in it and not ended.

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
    pub(super) fn with(text: &'t str, at: usize) -> Self {
        let start = text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
        Self { start, text: &text[start..end] }
    }

    /// The lines before it that hold more than a comment, the nearest first.
    pub(super) fn above(self, text: &'t str) -> impl Iterator<Item = Self> {
        let mut end = self.start;
        std::iter::from_fn(move || {
            end = text[..end].rfind(['\n', '\r'])?;
            Some(Self::with(text, end))
        })
        .filter(|line| !line.text.trim_start().is_empty() && !line.text.trim_start().starts_with('#'))
    }

    /// How many bytes stand before its first word or hyphen.
    pub(super) fn indent(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// Its words, without the hyphens of a list.
    pub(super) fn words(self) -> &'t str {
        self.text.trim_start_matches([' ', '-', '\t'])
    }

    /// The column that its words begin in, counted from 1.
    pub(super) fn column(self) -> usize {
        self.text.len() - self.words().len() + 1
    }

    pub(super) fn is_item(self) -> bool {
        self.text.trim_start().starts_with("- ")
    }

    /// Its key, and what stands behind the colon.
    pub(super) fn entry(self) -> Option<(&'t str, &'t str)> {
        let (key, value) = self.words().split_once(':')?;
        let key = key.trim_end().trim_matches(['"', '\'']);
        (is_key(key) && (value.is_empty() || value.starts_with([' ', '\t']))).then(|| (key, value.trim()))
    }
}

pub(super) fn is_key(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

/// What was begun in a text up to a byte: the last text in quotation marks, and the brackets that are open.
pub(super) struct OpenMarks {
    pub(super) quoted: Option<(usize, Option<usize>)>,
    pub(super) brackets: Vec<(usize, char)>,
}

impl OpenMarks {
    pub(super) fn up_to(text: &str, at: usize) -> Self {
        let mut read = Self { quoted: None, brackets: Vec::new() };
        // The indentation of the line whose value is a block text, while that lasts.
        let mut block: Option<usize> = None;
        let mut start = 0;
        while start <= at {
            let line = Line::with(text, start);
            let end = start + line.text.len();
            let begins =
                !read.is_open() && block.is_some_and(|block| line.indent() > block || line.text.trim().is_empty());
            if !begins {
                block = None;
                read.line(text, start, end.min(text.floor_char_boundary(at + 1)));
                let value = line.text.rsplit(": ").next().unwrap_or_default().trim_end();
                if !read.is_open() && is_block(value) {
                    block = Some(line.indent());
                }
            }
            start = end + 1;
        }
        read
    }

    fn is_open(&self) -> bool {
        matches!(self.quoted, Some((_, None)))
    }

    fn line(&mut self, text: &str, start: usize, end: usize) {
        let mut signs = text[start..end].char_indices().map(|(at, c)| (start + at, c)).peekable();
        // Whether a value may begin here, so that a quotation mark opens one.
        let mut fresh = true;
        while let Some((at, c)) = signs.next() {
            match (self.quoted, c) {
                (Some((open, None)), _) => {
                    let mark = if text[open..].starts_with('"') { '"' } else { '\'' };
                    match c {
                        '\\' if mark == '"' => drop(signs.next()),
                        '\'' if mark == '\'' && signs.next_if(|(_, next)| *next == '\'').is_some() => {}
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

/// Whether this, behind a colon, begins a text in the lines below.
pub(super) fn is_block(value: &str) -> bool {
    [">", ">-", "|", "|-", ">+", "|+"].contains(&value)
}
