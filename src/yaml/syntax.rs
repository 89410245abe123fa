//! Why a text is not YAML: the mistakes that people commonly make, each reported where it is made and not where the
//! parser stumbles over it.

use std::ops::Range;

use granit_parser::ErrorKind;

pub(super) use super::beginnings::foreign;
use super::beginnings::{beginning, colon, indentation};
use super::lines::{CURLY, Line, OpenMarks, SyntaxMistake, in_quotes, is_key, mistake};
use crate::problem::Code;

/// The most likely reason why the parser fails at this byte. The parser's own message is for programmers.
pub(super) fn explain(text: &str, at: usize, kind: Option<&ErrorKind>) -> SyntaxMistake {
    let at = text.floor_char_boundary(at);
    let line = Line::at(text, at);
    let open = OpenMarks::up_to(text, at);
    let above = line.above(text).next();
    control(text, at)
        .or_else(|| other_blank(text, line))
        .or_else(|| escape(text, line, at, kind?))
        .or_else(|| long_key(text))
        .or_else(|| quotation(text, at, &open))
        .or_else(|| beginning(text, line, &open))
        .or_else(|| bracket(text, at, &open))
        .or_else(|| reserved_first_char(text, at))
        .or_else(|| colon(text, at, line, &open))
        .or_else(|| beginning(text, above?, &open))
        .or_else(|| indentation(text, line))
        .unwrap_or_else(|| {
            let hint =
                "look for a colon, a bracket or a quotation mark too many or too few, here and in the line above";
            mistake(at..at + 1, "nothing can be read beyond this point", hint)
        })
}

/// An invisible character that YAML forbids, often copied from a terminal or an old document. The parser takes some of
/// them for the end of the text.
fn control(text: &str, at: usize) -> Option<SyntaxMistake> {
    let forbidden = |c: char| (c.is_control() && !"\t\n\r\u{85}".contains(c)) || "\u{feff}\u{fffe}\u{ffff}".contains(c);
    let (start, c) = text.char_indices().find(|(_, c)| forbidden(*c)).filter(|(start, _)| *start <= at)?;
    let message = format!("the control character U+{:04X} stands here, and cannot be seen", u32::from(c));
    Some(mistake(start..start + c.len_utf8(), message, "delete it"))
}

/// A tab used as indentation, or a character that looks like a space, often copied from a web page: YAML takes it for a
/// letter. The parser may fail some lines further down, or on the line before.
fn other_blank(text: &str, line: Line<'_>) -> Option<SyntaxMistake> {
    let mut lines = [line, line.below(text)].into_iter().chain(line.above(text).take(2));
    lines.find_map(|line| {
        let words = line.text.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
        let value = words.split_once(':').filter(|(key, _)| is_key(key)).map_or(words, |(_, value)| value);
        let value = value.trim_start_matches(|c: char| c.is_whitespace() && c != '\t');
        blank_before(text, line.start..line.start + line.text.len() - value.len())
    })
}

/// The first whitespace of a range that is not a space.
pub(super) fn blank_before(text: &str, range: Range<usize>) -> Option<SyntaxMistake> {
    let (at, blank) = text[range.clone()].char_indices().find(|(_, c)| c.is_whitespace() && *c != ' ')?;
    let name = match blank {
        '\t' => "a tab",
        '\u{a0}' => "a no-break space",
        _ => "a blank that is no space",
    };
    let start = range.start + at;
    let message = format!("there is {name} where a blank is needed");
    let line = Line::at(text, start);
    let hint = if blank == '\t' && start < line.start + line.indent() {
        "write two blanks in place of each tab, or as many as the lines beside this one have"
    } else {
        "delete it, and press the space bar"
    };
    Some(mistake(start..start + blank.len_utf8(), message, hint))
}

/// The first tab of each line that tabs indent.
pub(super) fn tabs(text: &str) -> impl Iterator<Item = SyntaxMistake> {
    let begins = |at: &usize| {
        let before = text[..*at].trim_end_matches(' ');
        before.is_empty() || before.ends_with(['\n', '\r'])
    };
    let has_words = |at: &usize| !text[*at..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
    let tabs = text.match_indices('\t').map(|(at, _)| at).filter(begins).filter(has_words);
    tabs.filter_map(|at| blank_before(text, at..at + 1))
}

/// A backslash that is no escape, as in a Windows path. The parser points to the start of the text.
fn escape(text: &str, line: Line<'_>, at: usize, kind: &ErrorKind) -> Option<SyntaxMistake> {
    match kind {
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => {}
        ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate => {
            let hint = "write both halves, as in `\\ud83d\\ude00`, or the character itself; or `\\\\` for each `\\`";
            return Some(mistake(at..at + 1, "an escape in this text stands for half a character", hint));
        }
        _ => return None,
    }
    let rest = text.get(at + 1..line.start + line.text.len())?.trim_end();
    let mut escaped = false;
    let end = rest.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    // A path may end with `\`, which the parser takes for an escape of the quotation mark.
    let whole = end.or(rest.rfind('"')).map(|end| in_quotes(&rest[..end].replace("\\\"", "\"").replace("\\'", "'")));
    let instead = whole.map_or_else(String::new, |whole| format!("write `{whole}`, or "));
    let message = "a `\\` in this text means nothing between double quotation marks";
    Some(mistake(at..at + 1, message, format!("{instead}write `\\\\` for each `\\`")))
}

/// A key in quotation marks that is too long for the parser, which counts the marks.
fn long_key(text: &str) -> Option<SyntaxMistake> {
    let marks = || text.match_indices('"').map(|(at, _)| at);
    let is_long = |(open, close): &(usize, usize)| text[*open..=*close].chars().nth(1024).is_some();
    let is_key = |(_, close): &(usize, usize)| text[close + 1..].trim_start_matches(' ').starts_with(':');
    let (open, _) = marks().zip(marks().skip(1)).filter(is_long).find(is_key)?;
    let mistake =
        mistake(open..open + 1, "this key is longer than 1024 characters", "delete it, or write what is meant");
    Some(SyntaxMistake { code: Code::TooComplex, ..mistake })
}

/// A quotation mark that is never closed, or that closes too early.
fn quotation(text: &str, at: usize, marks: &OpenMarks) -> Option<SyntaxMistake> {
    let (open, closed) = marks.quoted?;
    let mark = text[open..].chars().next()?;
    let Some(closed) = closed else {
        // The mistake may lie inside the text.
        let rest = Line::at(text, open);
        let end = rest.start + rest.text.len();
        if at < end && text[at..end].trim_start_matches(mark).contains(mark) {
            return None;
        }
        let here = Line::at(text, at);
        if at > end && here.entry().is_none() && !here.is_item() && text[at..].contains(mark) {
            let key = rest.entry().map_or("the text", |(key, _)| key);
            let hint = format!("begin it, and what follows of the text, further to the right than `{key}`");
            return Some(mistake(at..at + 1, "a text in quotation marks goes on here, too far to the left", hint));
        }
        let hint = match rest.text.trim_end().chars().next_back() {
            Some(curly) if CURLY.contains(&curly) => format!("write `{mark}` in place of `{curly}`"),
            _ => format!("write `{mark}` where it ends; begin all lines of the text further to the right than its key"),
        };
        return Some(mistake(open..open + 1, "a quotation mark is opened here and never closed", hint));
    };
    let behind = text.get(closed + 1..).filter(|_| at >= closed && at <= closed + 2)?;
    let next = behind.trim_start_matches(' ');
    let in_brackets = !marks.brackets.is_empty();
    let (message, hint) = if next.is_empty() || next.starts_with(['\n', '\r', ':', ']', '}']) {
        return None;
    } else if mark == '\'' && behind.starts_with(char::is_alphanumeric) {
        ("the apostrophe here ends the text", "write it twice, as in `'It''s free'`, or put the text between `\"`")
    } else if next.starts_with(',') && in_brackets {
        return None;
    } else if next.starts_with(',') {
        ("a comma stands behind this text", "delete the comma: every key has a line of its own")
    } else if next.starts_with(';') {
        ("a semicolon stands behind this text", if in_brackets { "write a comma in its place" } else { "delete it" })
    } else if next.starts_with(['"', '\'']) && in_brackets {
        ("a comma is missing behind this text", "write a comma between the two, or a colon if the first is a key")
    } else if next.starts_with("//") {
        ("only what stands behind a blank and `#` is a comment", "write `#` in place of `//`, or delete the comment")
    } else {
        let hint = match mark {
            '"' => "put all of it in quotation marks; write `\\\"` for one inside the text",
            _ => "put all of it in quotation marks; write `''` for an apostrophe inside the text",
        };
        ("the text goes on behind its quotation mark", hint)
    };
    Some(mistake(closed..closed + 1, message, hint))
}

/// A bracket without its counterpart, or one that ends a value too early.
fn bracket(text: &str, at: usize, marks: &OpenMarks) -> Option<SyntaxMistake> {
    let brackets = [']', '}'];
    let goes_on = text[..at].trim_end_matches(' ').ends_with(brackets) && !text[at..].starts_with(['\n', '\r']);
    if marks.brackets.is_empty() && (text[at..].starts_with(brackets) || goes_on) {
        let message = "a bracket is closed that was never opened, or the text goes on behind one";
        let hint = "delete the bracket; if it is part of a text, put all of that in quotation marks";
        return Some(mistake(at..at + 1, message, hint));
    }
    let before = text[..at].trim_end();
    if text[at..].starts_with(['"', '\'']) && before.ends_with(['"', '\'', ']', '}']) {
        let last = before.len() - 1;
        return Some(mistake(last..last + 1, "a comma is missing here", "write a comma behind this"));
    }
    // The parser points to the open bracket, or to where it gave up.
    let here = marks.brackets.iter().find(|(open, _)| *open == at);
    let (open, close) = *here.or(marks.brackets.last())?;
    // Within one line the bracket is to blame; over several lines it may be anything.
    let line = &text[open..text[open..].find('\n').map_or(text.len(), |end| open + end)];
    let bracket = &text[open..=open];
    let comment = if line.contains(" #") { ", in front of `#`, which begins a comment" } else { "" };
    let (message, hint) =
        (format!("`{bracket}` is opened here and never closed"), format!("write `{close}` where it ends{comment}"));
    (at > open + line.len() || at == open).then(|| mistake(open..open + 1, message, hint))
}

/// A text that begins with a character that YAML reserves.
fn reserved_first_char(text: &str, at: usize) -> Option<SyntaxMistake> {
    let sign = text[at..].chars().next().filter(|c| "%@`*&!|>-?,".contains(*c))?;
    let before = text[..at].trim_end_matches(' ');
    if sign == '*' && before.ends_with("<<:") {
        let (message, hint) =
            ("`<<` would take keys over from elsewhere, which is not read here", "write those keys out");
        return Some(SyntaxMistake { code: Code::Unsupported, ..mistake(at..at + 1, message, hint) });
    }
    let begins_line = before.is_empty() || before.ends_with(['\n', '\r']);
    let begins_text =
        if begins_line { !"|>-?,".contains(sign) } else { before.ends_with([':', '-', ',', '[', '{', '\t']) };
    begins_text.then(|| reserved(at, sign))
}

pub(super) fn reserved(at: usize, sign: char) -> SyntaxMistake {
    let (code, or) = match sign {
        '*' => (Code::Unsupported, "; if an alias of YAML is meant, write the value out"),
        '&' => (Code::Unsupported, "; if an anchor of YAML is meant, delete it"),
        '!' => (Code::Unsupported, "; if a tag of YAML is meant, delete it"),
        '|' | '>' | '-' => (Code::Syntax, ", or begin it in the next line, further to the right"),
        ',' => (Code::Syntax, ", or delete the comma"),
        _ => (Code::Syntax, ""),
    };
    let (message, hint) = (format!("a text cannot begin with {sign}"), format!("put the text in quotation marks{or}"));
    SyntaxMistake { code, at: at..at + 1, message, hint }
}

/// Whether a key without a value in braces is the rest of a text that a comma cut off. A single id is not: it may be a
/// key whose value is missing.
pub(super) fn is_rest_of_text(text: &str, key: &Range<usize>, value: &Range<usize>) -> bool {
    value.is_empty() && text[key.end..].trim_start().starts_with([',', '}']) && !is_key(&text[key.clone()])
}

/// A `#` that looks like a part of the unquoted text before it but begins a comment, because a single space precedes
/// it; or one such as in `key: #12`.
pub(super) fn trailing_comment(text: &str, value: &Range<usize>, key: &Range<usize>) -> Option<usize> {
    let written = &text[value.clone()];
    if written.is_empty() {
        let number = text[key.end..].strip_prefix(": #").is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        return number.then_some(key.end + 2);
    }
    let plain = !written.starts_with(['"', '\'', '|', '>']);
    (plain && text[value.end..].starts_with(" #")).then_some(value.end + 1)
}
