//! What a person most likely meant where a text cannot be read: the mistakes that YAML invites, each told at its own place
//! and not where the parser stumbles over it.

use std::ops::Range;

use crate::problem::Code;

pub(super) const ALIAS: &str = "an alias takes over what stands elsewhere, and these files are read as they stand";

pub(super) struct SyntaxMistake {
    pub(super) code: Code,
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) hint: String,
}

fn mistake(at: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> SyntaxMistake {
    SyntaxMistake { code: Code::Syntax, at, message: message.into(), hint: hint.into() }
}

/// The mistake that explains why a text cannot be read from this byte on, if it is one of the common ones.
pub(super) fn explain(text: &str, at: usize) -> Option<SyntaxMistake> {
    let at = text.floor_char_boundary(at);
    let line = Line::with(text, at);
    let read = OpenMarks::up_to(text, at);
    control(text, at)
        .or_else(|| tab(text, line))
        .or_else(|| other_blank(text, line))
        .or_else(|| quotation(text, at, &read))
        .or_else(|| alias(text, at, line))
        .or_else(|| bracket(&read, text, at))
        .or_else(|| sign(text, at))
        .or_else(|| colon(text, at, line))
        .or_else(|| colon_further_down(text, at, line))
        .or_else(|| hyphen(line).or_else(|| hyphen(line.above(text)?)))
        .or_else(|| no_blank_behind_colon(line))
        .or_else(|| indentation(text, line))
}

/// A character that YAML allows nowhere, as texts copied from a terminal or an old document bring along. Nobody can see it,
/// and the parser takes some of them for the end of the text.
fn control(text: &str, at: usize) -> Option<SyntaxMistake> {
    let forbidden = |c: char| (c.is_control() && !"\t\n\r\u{85}".contains(c)) || matches!(c, '\u{fffe}' | '\u{ffff}');
    let (start, c) = text.char_indices().find(|(_, c)| forbidden(*c)).filter(|(start, _)| *start <= at)?;
    let message = format!("the control character U+{:04X} stands here, and cannot be seen", u32::from(c));
    Some(mistake(start..start + c.len_utf8(), message, "delete it"))
}

/// A tab where blanks are needed: YAML reads none before the first word of a line. The parser may stumble over it on the
/// line before.
fn tab(text: &str, line: Line<'_>) -> Option<SyntaxMistake> {
    let next = Line::with(text, (line.start + line.text.len() + 1).min(text.len()));
    let (line, tab) = [line, next].into_iter().find_map(|line| Some((line, line.text[..line.indent()].find('\t')?)))?;
    let at = line.start + tab;
    let hint = "indent with blanks, which YAML reads everywhere";
    Some(mistake(at..at + 1, "a tab stands at the beginning of this line", hint))
}

/// A blank that looks like a space and is none, as texts copied from pages bring along. YAML takes it for a letter, and
/// stumbles over what follows, some lines further down.
fn other_blank(text: &str, line: Line<'_>) -> Option<SyntaxMistake> {
    let mut lines = std::iter::successors(Some(line), |line| line.above(text)).take(3);
    lines.find_map(|line| blank_before(text, line.start..line.start + line.indent()))
}

/// The first blank of a range that indents nothing.
pub(super) fn blank_before(text: &str, indent: Range<usize>) -> Option<SyntaxMistake> {
    let (at, blank) = text[indent.clone()].char_indices().find(|(_, c)| c.is_whitespace() && !c.is_ascii())?;
    let name = if blank == '\u{a0}' { "a no-break space" } else { "a blank that is no space" };
    let start = indent.start + at;
    let hint = "delete it, and indent with the space bar";
    Some(mistake(start..start + blank.len_utf8(), format!("{name} stands at the beginning of this line"), hint))
}

/// A quotation mark that is not closed, or one that closes too early.
fn quotation(text: &str, at: usize, read: &OpenMarks) -> Option<SyntaxMistake> {
    let (open, closed) = read.quoted?;
    let mark = text[open..].chars().next()?;
    let Some(closed) = closed else {
        // What stands inside the text may be wrong as well.
        let rest = Line::with(text, open);
        if at < rest.start + rest.text.len()
            && text[at..rest.start + rest.text.len()].trim_start_matches(mark).contains(mark)
        {
            return None;
        }
        let hint = format!("write `{mark}` at the end of the text, too");
        return Some(mistake(open..open + 1, "a quotation mark is opened here and never closed", hint));
    };
    let behind = text.get(closed + 1..)?;
    let goes_on = at >= closed
        && at <= closed + 2
        && !behind.trim_start_matches(' ').starts_with(['\n', '\r', ':', ',', ']', '}']);
    let apostrophe = mark == '\'' && behind.starts_with(char::is_alphanumeric);
    let (message, hint) = if apostrophe {
        ("the apostrophe here ends the text", "write it twice, as in `'It''s free'`, or put the text between `\"`")
    } else {
        (
            "the text goes on behind its quotation mark",
            "put all of it in quotation marks; write `\\\"` for one inside the text",
        )
    };
    (goes_on && !behind.is_empty()).then(|| mistake(closed..closed + 1, message, hint))
}

/// What takes over what stands elsewhere, as YAML elsewhere can.
fn alias(text: &str, at: usize, line: Line<'_>) -> Option<SyntaxMistake> {
    if !text[at..].starts_with('*') {
        return None;
    }
    let end = at + text[at..].find(|c: char| c.is_whitespace() || ",]}".contains(c)).unwrap_or(text.len() - at);
    let merges = line.text.trim_start().starts_with("<<");
    let hint = if merges { "write the lines out here" } else { "write the value out, or put text in quotation marks" };
    Some(SyntaxMistake { code: Code::Unsupported, at: at..end, message: ALIAS.to_owned(), hint: hint.to_owned() })
}

/// A bracket that is not closed.
fn bracket(read: &OpenMarks, text: &str, at: usize) -> Option<SyntaxMistake> {
    // The parser points at what is not closed, or goes on to where it cannot go on.
    let here = read.brackets.iter().find(|(open, _)| *open == at);
    let (open, close) = *here.or(read.brackets.last())?;
    // In a list or mapping of several lines, what is wrong may be anything; on one line it is this.
    let ends = text[open..].find('\n').map_or(text.len(), |end| open + end);
    let what = &text[open..=open];
    (at > ends || at == open).then(|| {
        mistake(
            open..open + 1,
            format!("`{what}` is opened here and never closed"),
            format!("write `{close}` where it ends"),
        )
    })
}

/// A text that begins with a sign which means something to YAML.
fn sign(text: &str, at: usize) -> Option<SyntaxMistake> {
    let sign = text[at..].chars().next().filter(|c| "%@`".contains(*c))?;
    Some(mistake(at..at + 1, format!("a text cannot begin with {sign}"), "put the text in quotation marks"))
}

/// A text with a colon and a blank in it, which makes it look like a key with its value.
fn colon(text: &str, at: usize, line: Line<'_>) -> Option<SyntaxMistake> {
    let before = &text[line.start..at];
    let value = before.find(": ")? + 2;
    if !text[at..].starts_with(':') || before[value..].starts_with(['"', '\'', '[', '{', '|', '>']) {
        return None;
    }
    let hint = "put the text in quotation marks, because it holds `: `";
    Some(mistake(at..at + 1, "a colon and a blank stand inside this text", hint))
}

/// The same where the text has gone on in a line of its own.
fn colon_further_down(text: &str, at: usize, line: Line<'_>) -> Option<SyntaxMistake> {
    let before = text[line.start..at].trim_start();
    if !text[at..].starts_with(':') || is_key(before) {
        return None;
    }
    let mut first = line;
    let goes_on = loop {
        first = first.above(text)?;
        match first.words().split_once(": ") {
            Some((key, value)) if is_key(key) => {
                break first.column() < line.column() && !value.starts_with(['"', '\'', '[', '{', '|', '>']);
            }
            _ if first.text.trim_start().starts_with("- ") => break first.indent() < line.indent(),
            _ => {}
        }
    };
    let hint = "put all of the text in quotation marks, because it holds `: `";
    goes_on.then(|| mistake(at..at + 1, "a colon and a blank stand inside this text, which begins further up", hint))
}

/// An item of a list without a blank behind its hyphen.
fn hyphen(line: Line<'_>) -> Option<SyntaxMistake> {
    let item = line.text.trim_start().strip_prefix('-')?;
    let start = line.start + line.indent();
    item.starts_with(|c: char| c.is_alphanumeric() || c == '"').then(|| {
        mistake(start..start + 1, "a blank is missing behind this hyphen", format!("write `- {}`", first_words(item)))
    })
}

/// A key without a blank behind its colon, or a line without any colon.
fn no_blank_behind_colon(line: Line<'_>) -> Option<SyntaxMistake> {
    let words = line.words();
    let (key, value) = words.split_once(':')?;
    let start = line.start + line.text.find(':')?;
    (is_key(key) && value.starts_with(|c: char| !c.is_whitespace())).then(|| {
        mistake(
            start..start + 1,
            "a blank is missing behind this colon",
            format!("write `{key}: {}`", first_words(value)),
        )
    })
}

/// A line that does not begin where the lines it belongs to begin.
fn indentation(text: &str, line: Line<'_>) -> Option<SyntaxMistake> {
    let (key, _) = line.words().split_once(':').filter(|(key, _)| is_key(key))?;
    let own = line.column();
    let mut above = text[..line.start].lines().rev().filter(|line| {
        let words = line.trim_start();
        !words.is_empty() && !words.starts_with('#')
    });
    // The first line above that has a key of its own; what a folded text says is passed over.
    let (other, column, prose) = above.find_map(|line| {
        let line = Line { start: 0, text: line };
        let (key, value) = line.words().split_once(':').filter(|(key, _)| is_key(key))?;
        let prose = value.split_whitespace().nth(1).is_some() && !value.trim_start().starts_with(['"', '\'', '[', '{']);
        Some((key.to_owned(), line.column(), prose))
    })?;
    if own == column {
        return None;
    }
    let start = line.start + own - 1;
    Some(mistake(
        start..start + key.len(),
        format!("`{key}` begins in column {own}, and `{other}` above it in column {column}"),
        if prose && own > column {
            format!(
                "begin it in column {column} if it stands beside `{other}`; if the text of `{other}` goes on here, put \
                 all of it in quotation marks"
            )
        } else {
            format!("begin it in column {column} if it stands beside `{other}`")
        },
    ))
}

/// Whether what stands in braces as a key without a value is the rest of the text before it, cut off by a comma: an id
/// alone may as well be a key whose value is missing.
pub(super) fn is_rest_of_text(text: &str, key: &Range<usize>, value: &Range<usize>) -> bool {
    let behind = text[key.end..].trim_start();
    value.is_empty() && behind.starts_with([',', '}']) && !is_key(&text[key.clone()])
}

/// Whether there may be a comment behind anything in its line, as there is in few files.
pub(super) fn any_comment_behind(text: &str) -> bool {
    memchr::memchr_iter(b'#', text.as_bytes()).any(|at| {
        let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
        !text[start..at].trim_start().is_empty()
    })
}

/// The hash behind a text that is not in quotation marks. With one blank before it, it looks like a part of the text,
/// and begins a comment.
pub(super) fn comment_behind(text: &str, value: &Range<usize>) -> Option<usize> {
    let written = &text[value.clone()];
    let plain = !written.is_empty() && !written.starts_with(['"', '\'', '|', '>']);
    (plain && text[value.end..].starts_with(" #")).then_some(value.end + 1)
}

fn is_key(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

fn first_words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(3).collect();
    if text.split_whitespace().nth(3).is_some() { format!("{} …", words.join(" ")) } else { words.join(" ") }
}

#[derive(Clone, Copy)]
struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl<'t> Line<'t> {
    fn with(text: &'t str, at: usize) -> Self {
        let start = text[..at].rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
        Self { start, text: &text[start..end] }
    }

    /// The line before it that is not blank.
    fn above(self, text: &'t str) -> Option<Self> {
        let mut end = self.start;
        loop {
            end = text[..end].rfind(['\n', '\r'])?;
            let line = Self::with(text, end);
            if !line.text.trim().is_empty() {
                return Some(line);
            }
        }
    }

    /// How many bytes stand before its first word or hyphen.
    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// Its words, without the hyphens of a list.
    fn words(self) -> &'t str {
        self.text.trim_start_matches([' ', '-', '\t'])
    }

    /// The column that its words begin in, counted from 1.
    fn column(self) -> usize {
        self.text.len() - self.words().len() + 1
    }
}

/// What was begun in a text up to a byte: the last text in quotation marks, and the brackets that are open.
struct OpenMarks {
    quoted: Option<(usize, Option<usize>)>,
    brackets: Vec<(usize, char)>,
}

impl OpenMarks {
    fn up_to(text: &str, at: usize) -> Self {
        let mut read = Self { quoted: None, brackets: Vec::new() };
        // The indentation of the line whose value is a block text, while that lasts.
        let mut block: Option<usize> = None;
        let mut start = 0;
        while start < at {
            let line = Line::with(text, start);
            let end = start + line.text.len();
            let begins =
                !read.is_open() && block.is_some_and(|block| line.indent() > block || line.text.trim().is_empty());
            if !begins {
                block = None;
                read.line(text, start, end.min(text.floor_char_boundary(at + 1)));
                let value = line.text.rsplit(": ").next().unwrap_or_default().trim_end();
                if !read.is_open() && [">", ">-", "|", "|-", ">+", "|+"].contains(&value) {
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
