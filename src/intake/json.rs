//! Tells JSON from YAML, and finds the records in an array. A file with a JSON name must be JSON (RFC 8259), not YAML.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::de::IgnoredAny;

use crate::problem::{Code, Place, Problem, Source};
use crate::yaml::CURLY;

pub fn has_json_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("json" | "jsonl" | "ndjson"))
}

/// The first syntax error in JSON that begins on this line of its file.
pub fn syntax_error(name: &str, first_line: usize, bytes: &[u8]) -> Option<Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).ok()?;
    // A blank file is reported as in any other format.
    let error = serde_json::from_str::<IgnoredAny>(text).err().filter(|_| !text.trim().is_empty())?;
    // serde_json counts lines by LF, and columns in bytes.
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = text.floor_char_boundary(line_start + error.column().saturating_sub(1));
    let source = Arc::new(Source { name: name.to_owned(), first_line, text: text.to_owned().into() });
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let (before, rest) = text.split_at(at.min(text.len()));
    let begun = before.trim_start().starts_with(['{', '[']);
    let hint = match rest.chars().next() {
        _ if message.starts_with("EOF") => "something is not closed: look for a missing `}`, `]` or quotation mark",
        Some('#' | '/') if begun => "JSON has no comments: delete it",
        _ if message.starts_with("trailing characters") && rest.trim_start().starts_with('{') => {
            "name a file of several records `.jsonl`, with one on each line, or put them in an array"
        }
        _ if message.starts_with("trailing characters") => "delete what follows the last bracket",
        _ if message.starts_with("control character") => {
            "end the text with a quotation mark in its line; in a text, write `\\n` for a new line and `\\t` for a tab"
        }
        _ if message.starts_with("invalid escape") => "write `\\\\` for each `\\`",
        _ if !begun => "a file with this name must hold JSON; if it holds YAML, name it `.yaml`",
        Some(c) if c == '\'' || CURLY.contains(&c) => "write `\"` where a key or a text begins and where it ends",
        Some('}' | ']') if before.trim_end().ends_with(',') => "delete the comma before it",
        Some(';') => "write `,` in its place",
        Some('=') => "write `:` in its place",
        Some('"') if message.starts_with("expected `,`") => "write a comma in front of it, behind the value before",
        Some('"') if message.starts_with("expected `:`") => "write a colon in front of it",
        Some(c) if c.is_alphabetic() => {
            "put keys and texts in quotation marks; only `true`, `false` and `null` have none"
        }
        Some(c) if c.is_whitespace() || !c.is_ascii() => "delete it",
        _ => "look at this place, and just before it",
    };
    let next = rest.chars().next().map_or(0, char::len_utf8);
    Some(
        Problem::at(Code::Syntax, Place::new(&source, at..at + next), format!("this is not JSON: {message}"))
            .hint(hint),
    )
}

/// JSON that a YAML parser reads in the same way: characters that only JSON allows in a string are escaped.
pub fn escaped_for_yaml(bytes: &[u8]) -> Cow<'_, [u8]> {
    let needs_escape = |c: char| c.is_control() && c > '~';
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains(needs_escape) => {
            let escape = |c: char| if needs_escape(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
            Cow::Owned(text.chars().map(escape).collect::<String>().into_bytes())
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// The elements of a JSON array, each with the line it begins on. If the array is broken, those before the error.
pub fn array_elements(bytes: &[u8]) -> Vec<(Range<usize>, u64)> {
    let (mut found, mut line, mut counted) = (Vec::new(), 1, 0);
    let mut start = memchr::memchr(b'[', bytes).map_or(bytes.len(), |bracket| bracket + 1);
    loop {
        let gap = bytes[start..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',');
        start += gap.count();
        let mut rest = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<IgnoredAny>();
        let Some(Ok(_)) = rest.next() else { return found };
        let end = start + rest.byte_offset();
        line += memchr::memchr_iter(b'\n', &bytes[counted..start]).count() as u64;
        found.push((start..end, line));
        (counted, start) = (start, end);
    }
}

pub fn starts_array(head: &[u8]) -> bool {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().starts_with(b"[")
}
