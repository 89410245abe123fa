//! What a person most likely meant where a text cannot be read: the mistakes that YAML invites, each told at its own place
//! and not where the parser stumbles over it.

use std::ops::Range;

use super::beginnings::{beginning, colon, indentation};
use super::lines::{Line, OpenMarks, SyntaxMistake, is_key, mistake};
use crate::problem::Code;

/// What keeps a text from being read from this byte on. What the parser says of it is for programmers.
pub(super) fn explain(text: &str, at: usize) -> SyntaxMistake {
    let at = text.floor_char_boundary(at);
    let line = Line::with(text, at);
    let read = OpenMarks::up_to(text, at);
    let above = line.above(text).next();
    control(text, at)
        .or_else(|| other_blank(text, line))
        .or_else(|| quotation(text, at, &read))
        .or_else(|| escape(text, line, at))
        .or_else(|| beginning(text, line, &read))
        .or_else(|| bracket(&read, text, at))
        .or_else(|| sign(text, at))
        .or_else(|| colon(text, at, line, &read))
        .or_else(|| beginning(text, above?, &read))
        .or_else(|| indentation(text, line))
        .unwrap_or_else(|| {
            let hint =
                "look for a colon, a bracket or a quotation mark too many or too few, here and in the line above";
            mistake(at..at + 1, "from here on this cannot be read", hint)
        })
}

/// A character that YAML allows nowhere, as texts copied from a terminal or an old document bring along. Nobody can see it,
/// and the parser takes some of them for the end of the text.
fn control(text: &str, at: usize) -> Option<SyntaxMistake> {
    let forbidden = |c: char| (c.is_control() && !"\t\n\r\u{85}".contains(c)) || "\u{feff}\u{fffe}\u{ffff}".contains(c);
    let (start, c) = text.char_indices().find(|(_, c)| forbidden(*c)).filter(|(start, _)| *start <= at)?;
    let message = format!("the control character U+{:04X} stands here, and cannot be seen", u32::from(c));
    Some(mistake(start..start + c.len_utf8(), message, "delete it"))
}

/// A tab where blanks are needed, which YAML reads none of before the first word of a line, or a blank that looks like a
/// space and is none, as texts copied from pages bring along: YAML takes it for a letter. It stumbles over either of them
/// some lines further down, or on the line before.
fn other_blank(text: &str, line: Line<'_>) -> Option<SyntaxMistake> {
    let below = Line::with(text, (line.start + line.text.len() + 1).min(text.len()));
    let mut lines = [line, below].into_iter().chain(line.above(text).take(2));
    lines.find_map(|line| {
        let words = line.text.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
        let value = words.split_once(':').filter(|(key, _)| is_key(key)).map_or(words, |(_, value)| value);
        let value = value.trim_start_matches(|c: char| c.is_whitespace() && c != '\t');
        blank_before(text, line.start..line.start + line.text.len() - value.len())
    })
}

/// The first blank of a range that YAML does not take for one.
pub(super) fn blank_before(text: &str, range: Range<usize>) -> Option<SyntaxMistake> {
    let (at, blank) = text[range.clone()].char_indices().find(|(_, c)| c.is_whitespace() && *c != ' ')?;
    let name = match blank {
        '\t' => "a tab",
        '\u{a0}' => "a no-break space",
        _ => "a blank that is no space",
    };
    let start = range.start + at;
    let message = format!("{name} stands where a blank is needed");
    Some(mistake(start..start + blank.len_utf8(), message, "delete it, and press the space bar"))
}

/// A `\` with which the parser can do nothing, as in the paths of Windows. It points at where the text begins.
fn escape(text: &str, line: Line<'_>, at: usize) -> Option<SyntaxMistake> {
    let message = "a `\\` in this text means nothing between double quotation marks";
    let found = text[at..].starts_with('"') && text[at..line.start + line.text.len()].contains('\\');
    found.then(|| mistake(at..at + 1, message, "write `\\\\` for each `\\`, or `/` in its place"))
}

/// A quotation mark that is not closed, or one that closes too early.
fn quotation(text: &str, at: usize, read: &OpenMarks) -> Option<SyntaxMistake> {
    let (open, closed) = read.quoted?;
    let mark = text[open..].chars().next()?;
    let Some(closed) = closed else {
        // What stands inside the text may be wrong as well.
        let rest = Line::with(text, open);
        let end = rest.start + rest.text.len();
        if at < end && text[at..end].trim_start_matches(mark).contains(mark) {
            return None;
        }
        let hint = match rest.text.trim_end().chars().next_back() {
            Some(curly @ ('“' | '”' | '‘' | '’')) => format!("write `{mark}` in place of `{curly}`"),
            _ => format!("write `{mark}` where it ends; begin all lines of the text further to the right than its key"),
        };
        return Some(mistake(open..open + 1, "a quotation mark is opened here and never closed", hint));
    };
    let behind = text.get(closed + 1..).filter(|_| at >= closed && at <= closed + 2)?;
    let next = behind.trim_start_matches(' ');
    let inside = !read.brackets.is_empty();
    let (message, hint) = if next.is_empty() || next.starts_with(['\n', '\r', ':', ']', '}']) {
        return None;
    } else if mark == '\'' && behind.starts_with(char::is_alphanumeric) {
        ("the apostrophe here ends the text", "write it twice, as in `'It''s free'`, or put the text between `\"`")
    } else if next.starts_with(',') && inside {
        return None;
    } else if next.starts_with(',') {
        ("a comma stands behind this text", "delete the comma: every key has a line of its own")
    } else if next.starts_with('"') && inside {
        ("a comma is missing behind this text", "write a comma between the two texts")
    } else {
        let hint = "put all of it in quotation marks; write `\\\"` for one inside the text";
        ("the text goes on behind its quotation mark", hint)
    };
    Some(mistake(closed..closed + 1, message, hint))
}

/// A bracket that is closed and not opened, or opened and not closed, or that ends a value too early.
fn bracket(read: &OpenMarks, text: &str, at: usize) -> Option<SyntaxMistake> {
    let brackets = [']', '}'];
    let goes_on = text[..at].trim_end_matches(' ').ends_with(brackets) && !text[at..].starts_with(['\n', '\r']);
    if read.brackets.is_empty() && (text[at..].starts_with(brackets) || goes_on) {
        let message = "a bracket is closed that was never opened, or the text goes on behind one";
        let hint = "delete the bracket; if it is part of a text, put all of that in quotation marks";
        return Some(mistake(at..at + 1, message, hint));
    }
    // The parser points at what is not closed, or goes on to where it cannot go on.
    let here = read.brackets.iter().find(|(open, _)| *open == at);
    let (open, close) = *here.or(read.brackets.last())?;
    // In a list or mapping of several lines, what is wrong may be anything; on one line it is this.
    let line = &text[open..text[open..].find('\n').map_or(text.len(), |end| open + end)];
    let what = &text[open..=open];
    let comment = if line.contains(" #") { ", in front of `#`, which begins a comment" } else { "" };
    let (message, hint) =
        (format!("`{what}` is opened here and never closed"), format!("write `{close}` where it ends{comment}"));
    (at > open + line.len() || at == open).then(|| mistake(open..open + 1, message, hint))
}

/// A text that begins with a sign which means something to YAML.
fn sign(text: &str, at: usize) -> Option<SyntaxMistake> {
    let sign = text[at..].chars().next().filter(|c| "%@`*&!|>-?,".contains(*c))?;
    let before = text[..at].trim_end_matches(' ');
    let begins_line = before.is_empty() || before.ends_with(['\n', '\r']);
    let begins_text =
        if begins_line { !"|>-?,".contains(sign) } else { before.ends_with([':', '-', ',', '[', '{', '\t']) };
    begins_text.then(|| reserved(at, sign))
}

pub(super) fn reserved(at: usize, sign: char) -> SyntaxMistake {
    let (code, or) = match sign {
        '*' => (Code::Unsupported, "; if an alias of YAML is meant, write the value out"),
        '&' => (Code::Unsupported, "; if an anchor of YAML is meant, take it away"),
        '!' => (Code::Unsupported, "; if a tag of YAML is meant, take it away"),
        '|' | '>' | '-' => (Code::Syntax, ", or begin it in the next line, further to the right"),
        ',' => (Code::Syntax, ", or delete the comma"),
        _ => (Code::Syntax, ""),
    };
    let (message, hint) = (format!("a text cannot begin with {sign}"), format!("put the text in quotation marks{or}"));
    SyntaxMistake { code, at: at..at + 1, message, hint }
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
/// and begins a comment. So does one that begins all that stands behind a colon, as a number with a hash does.
pub(super) fn comment_behind(text: &str, value: &Range<usize>, key: &Range<usize>) -> Option<usize> {
    let written = &text[value.clone()];
    if written.is_empty() {
        let number = text[key.end..].strip_prefix(": #").is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        return number.then_some(key.end + 2);
    }
    let plain = !written.starts_with(['"', '\'', '|', '>']);
    (plain && text[value.end..].starts_with(" #")).then_some(value.end + 1)
}
