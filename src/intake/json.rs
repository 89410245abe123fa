//! What is JSON and what is not, and arrays of records. A file whose name says JSON is JSON (RFC 8259), and not YAML.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde::de::IgnoredAny;

use crate::problem::{Code, Place, Problem, Source};

/// Whether the name of a file says that it is JSON.
pub fn is_named_so(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ["json", "jsonl", "ndjson"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// What keeps a text from being JSON, which begins with this line of its file.
pub fn fault(name: &str, first_line: usize, bytes: &[u8]) -> Option<Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).ok()?;
    // That a file is blank is told as of any other.
    let error = serde_json::from_str::<IgnoredAny>(text).err().filter(|_| !text.trim().is_empty())?;
    // The library counts lines by LF, and columns in bytes.
    let line: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = text.floor_char_boundary(line + error.column().saturating_sub(1));
    let source = Arc::new(Source { name: name.to_owned(), first_line, text: text.to_owned().into() });
    let said = error.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said).to_owned();
    let (before, rest) = text.split_at(at.min(text.len()));
    // Advice only where it is sure.
    let hint = match rest.chars().next() {
        _ if said.starts_with("EOF") => {
            "something is not closed: look for a `}`, a `]` or a quotation mark that is missing"
        }
        _ if said.starts_with("trailing characters") && rest.trim_start().starts_with('{') => {
            "name a file of several records `.jsonl`, with one on each line, or put them in an array"
        }
        Some('#' | '/') => "JSON has no comments: delete it, or name the file `.yaml`",
        Some('}' | ']') if before.trim_end().ends_with(',') => "take the comma before it away",
        Some(c) if c.is_alphabetic() && !before.trim().is_empty() => {
            "put keys and texts in quotation marks, or name the file `.yaml`"
        }
        _ if before.trim_start().starts_with(['{', '[']) => "look at what stands there and just before it",
        _ => "a file that is called so holds JSON; YAML goes by the name `.yaml`",
    };
    let next = rest.chars().next().map_or(0, char::len_utf8);
    Some(Problem::at(Code::Syntax, Place::new(&source, at..at + next), format!("this is not JSON: {said}")).hint(hint))
}

/// JSON as text that the reader of YAML takes for the same: characters that JSON may have raw in its texts and YAML may
/// not are written as escapes.
pub fn readable(bytes: &[u8]) -> Cow<'_, [u8]> {
    let odd = |c: char| c.is_control() && c > '~';
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains(odd) => {
            let escape = |c: char| if odd(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
            Cow::Owned(text.chars().map(escape).collect::<String>().into_bytes())
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// The elements of an array of JSON, each with the line it begins in. Of a text that is no whole array, those at its
/// beginning.
pub fn elements(bytes: &[u8]) -> Vec<(Range<usize>, u64)> {
    let (mut found, mut line, mut counted) = (Vec::new(), 1, 0);
    let mut start = memchr::memchr(b'[', bytes).map_or(bytes.len(), |bracket| bracket + 1);
    loop {
        let between = bytes[start..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',');
        start += between.count();
        let mut rest = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<IgnoredAny>();
        let Some(Ok(_)) = rest.next() else { return found };
        let end = start + rest.byte_offset();
        line += memchr::memchr_iter(b'\n', &bytes[counted..start]).count() as u64;
        found.push((start..end, line));
        (counted, start) = (start, end);
    }
}

/// Whether a text begins as an array does.
pub fn is_array(head: &[u8]) -> bool {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().starts_with(b"[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_cut_where_they_end() {
        let text = "[ {\"a\": \"]},\\\"[\"} ,\n\n [1, [2]],\"x\"\n, 3 ]";
        let found: Vec<(&str, u64)> =
            elements(text.as_bytes()).into_iter().map(|(range, line)| (&text[range], line)).collect();
        assert_eq!(found, [("{\"a\": \"]},\\\"[\"}", 1), ("[1, [2]]", 3), ("\"x\"", 3), ("3", 4)]);
        assert!(elements(b"[]").is_empty() && elements(b" [ \n ] ").is_empty());
    }
}
