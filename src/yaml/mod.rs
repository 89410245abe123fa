//! Text → values with places. The only module that names the YAML crates.
//!
//! `events` scans a text; `reader` builds the values, limits what a hostile file can cost, and refuses what would make
//! a file mean something other than what it shows. `shape` checks keys and kinds of values; `syntax` explains what does
//! not parse.

use std::fmt;
use std::io::{self, Read as _};
use std::ops::Range;
use std::sync::Arc;

use crate::named::same;
use crate::problem::{Code, Place, Problem, Source};

mod beginnings;
mod events;
mod json;
mod lines;
mod reader;
pub(crate) mod shape;
mod syntax;
mod value;

pub(crate) use json::{in_json, is_in_braces};
pub(crate) use lines::{CURLY, in_quotes};
pub use reader::{MAX_BYTES, MAX_DEPTH, MAX_NODES};
pub(crate) use value::{Content, Value};

/// A parsed file.
#[derive(Debug)]
pub struct Document {
    source: Arc<Source>,
    root: Value,
}

/// The bytes of one file, up to just past the limit: enough for the parser to see that it is too large.
pub fn bounded(from: impl io::Read) -> io::Result<Vec<u8>> {
    // A byte order mark does not count.
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(4);
    let mut bytes = Vec::new();
    from.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Parses one file. There may be a document beside errors such as a duplicate key, so that the rest can be checked in
/// the same run.
pub fn parse(name: &str, bytes: &[u8]) -> (Option<Document>, Vec<Problem>) {
    parse_from(name, 1, bytes)
}

/// Parses a record of a file, which begins on this line.
pub fn parse_from(name: &str, first_line: usize, bytes: &[u8]) -> (Option<Document>, Vec<Problem>) {
    let source = match source(name, first_line, bytes) {
        Ok(source) => source,
        Err(problem) => return (None, vec![problem]),
    };
    let (root, problems) = reader::values(&source, events::scan(&source.text));
    (root.map(|root| Document { source, root }), problems)
}

/// Parses a built-in file from the events that the build script stored. `None` if anything is wrong with it, which
/// [`parse`] then reports.
pub fn parse_builtin(name: &str, text: &'static str, events: &'static [u8]) -> Option<Document> {
    let source = Arc::new(Source { name: name.to_owned(), first_line: 1, text: text.into() });
    let (root, problems) = reader::values(&source, events::decode(text, events));
    root.filter(|_| problems.is_empty()).map(|root| Document { source, root })
}

/// The text of a file, without a byte order mark.
fn source(name: &str, first_line: usize, bytes: &[u8]) -> Result<Arc<Source>, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let named = |text: &str| Arc::new(Source { name: name.to_owned(), first_line, text: text.to_owned().into() });
    if bytes.len() > MAX_BYTES {
        let message = format!("`{name}` is larger than {} MiB", MAX_BYTES >> 20);
        return Err(Problem::anywhere(Code::TooLarge, message));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(named(text)),
        Err(error) => {
            let good = error.valid_up_to();
            let readable = named(&String::from_utf8_lossy(bytes));
            let message = format!("byte {} is not UTF-8: 0x{:02X}", good + 1, bytes[good]);
            Err(Problem::at(Code::NotUtf8, Place::new(&readable, good..good + 1), message)
                .hint("save the file again with the encoding UTF-8"))
        }
    }
}

impl Document {
    pub fn root(&self) -> Node<'_> {
        Node { document: self, value: &self.root }
    }

    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    value: &'d Value,
}

impl<'d> Node<'d> {
    pub(crate) fn content(self) -> &'d Content {
        &self.value.content
    }

    /// The items of a list, or the values of a mapping.
    pub(crate) fn parts(self) -> impl Iterator<Item = Self> {
        let parts: &[_] = if let Content::List(all) | Content::Mapping(all) = self.content() { all } else { &[] };
        parts.iter().map(move |value| Self { value, ..self })
    }

    /// The value of a key, if this is a mapping that has it.
    pub fn get(self, key: &str) -> Option<Self> {
        let mut entries = self.entries();
        let found = self.entries().find(|(known, _)| *known == key);
        found.or_else(|| entries.find(|(known, _)| same(known, key))).map(|(_, value)| value)
    }

    /// The value of a key, unless it is null.
    pub fn non_null(self, key: &str) -> Option<Self> {
        self.get(key).filter(|value| !value.is_null())
    }

    /// The value of a key that the shape of the file requires.
    #[must_use]
    pub fn required(self, key: &str) -> Self {
        self.get(key).unwrap_or(self)
    }

    /// The keys of a mapping as written, each with its value.
    pub(crate) fn entries(self) -> impl Iterator<Item = (&'d str, Self)> {
        let is_mapping = matches!(self.content(), Content::Mapping(_));
        self.parts().filter(move |_| is_mapping).map(|part| (part.value.name(), part))
    }

    pub fn items(self) -> impl Iterator<Item = Self> {
        let is_list = matches!(self.content(), Content::List(_));
        self.parts().filter(move |_| is_list)
    }

    /// The items of the list under a key, if there is one.
    pub(crate) fn list(self, key: &str) -> impl Iterator<Item = Self> + use<'d> {
        self.get(key).into_iter().flat_map(Self::items)
    }

    pub fn text(self) -> Option<&'d str> {
        if let Content::Text(text) = self.content() { Some(text) } else { None }
    }

    pub(crate) fn flag(self) -> Option<bool> {
        if let Content::Bool(truth) = self.content() { Some(*truth) } else { None }
    }

    pub(crate) fn number(self) -> Option<u64> {
        if let Content::Number(number) = self.content() { *number } else { None }
    }

    pub(crate) fn is_null(self) -> bool {
        matches!(self.content(), Content::Null)
    }

    fn is(self, other: Self) -> bool {
        std::ptr::eq(self.value, other.value)
    }

    /// Where the value is or, where nothing is written, its key.
    pub fn place(self) -> Place {
        let span = if self.value.span.is_empty() { self.value.key_span() } else { &self.value.span };
        Place::new(&self.document.source, span.clone())
    }

    /// Where its key is or, without a key, the value.
    pub fn key_place(self) -> Place {
        Place::new(&self.document.source, self.value.key_span().clone())
    }

    /// A warning of a comment that looks like a part of this text.
    pub fn trailing_comment(self) -> Option<Problem> {
        let source = &self.document.source;
        let at = syntax::trailing_comment(&source.text, &self.value.span, self.value.key_span())?;
        let message = "what follows is a comment, and no part of the text before it";
        let start = if self.value.span.is_empty() { at } else { self.value.span.start };
        let text = &source.text[start..source.line_around(at).end];
        // Curly quotation marks are meant as quotation marks, not as part of the text.
        let inside = text.trim().strip_prefix(CURLY).and_then(|text| text.strip_suffix(CURLY));
        let whole = in_quotes(&lines::abridged(inside.unwrap_or(text)));
        let hint = format!("write `{whole}`, or put two blanks before the comment");
        Some(Problem::at(Code::CommentInText, Place::new(source, at..at + 1), message).hint(hint))
    }

    /// What to write where text is needed.
    pub(crate) fn hint_for_text(self) -> String {
        let part = |part: Self| {
            let text = part.text().or(self.document.source.text.get(part.span())).unwrap_or_default();
            let key = part.value.name();
            // Such a key names what follows it; any other is a part of a text with a colon.
            let is_name = key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            if is_name { text.to_owned() } else { format!("{key}: {text}") }
        };
        let parts: Vec<String> = self.parts().map(part).collect();
        match in_quotes(&lines::abridged(&parts.join("; "))) {
            _ if parts.is_empty() => "put it in quotation marks".to_owned(),
            text => format!("write one text in its place: `{text}`"),
        }
    }

    /// Empty where nothing is written.
    pub fn span(self) -> Range<usize> {
        self.value.span.clone()
    }

    /// Its kind, for messages.
    pub fn kind(self) -> &'static str {
        match self.content() {
            Content::Null => "nothing",
            Content::Bool(_) => "true or false",
            Content::Number(_) => "a number",
            Content::Text(_) => "text",
            Content::List(_) => "a list",
            Content::Mapping(_) => "a mapping",
        }
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.kind(), self.place())
    }
}
