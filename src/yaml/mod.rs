//! Text → values with places. The only module that names the YAML crates.
//!
//! A file is read twice. First as events, by [`guard`], which bounds what a stranger's file may cost, refuses what
//! would make a file mean something other than what it shows, and notes where everything stands. Then as values.
//! [`decode`] turns values into the types of the rules and answers and reports every mistake, not only the first.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde_yaml::Value;

use crate::problem::{Code, Place, Problem, Source};

mod decode;
mod guard;

pub(crate) use decode::{At, Mistakes, decode};
pub use guard::{MAX_BYTES, MAX_DEPTH, MAX_NODES};

/// A file that was read: its values and where each of them stands.
#[derive(Debug)]
pub struct Document {
    source: Arc<Source>,
    value: Value,
    spans: Spans,
}

/// Where a value stands, and where its parts stand, in the order in which the values hold them.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    /// The key in front of the value, if it stands in a mapping.
    key: Option<Range<usize>>,
    value: Range<usize>,
    children: Vec<Spans>,
}

/// Reads one file.
///
/// # Errors
/// Everything that keeps the text from being read as values: encoding, size, syntax, duplicate keys and the like.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    let source = source(name, bytes).map_err(|problem| vec![problem])?;
    let spans = guard::spans(&source)?;
    let value = value(&source).map_err(|problem| vec![problem])?;
    Ok(Document { source, value, spans })
}

/// The bytes as text without a byte order mark, or what keeps them from being text.
fn source(name: &str, bytes: &[u8]) -> Result<Arc<Source>, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let named = |text: &str| Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
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

/// The values of a text that the guard has let through.
fn value(source: &Arc<Source>) -> Result<Value, Problem> {
    // YAML has no surrogate pairs, which JSON writers use for emoji, so JSON is read as JSON.
    if source.text.trim_start().starts_with('{')
        && let Ok(value) = serde_json::from_str(&source.text)
    {
        return Ok(value);
    }
    serde_yaml::from_str(&source.text).map_err(|error| {
        let at = error.location().map_or(0, |location| location.index());
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
        Problem::at(Code::Syntax, Place::new(source, at..at + 1), message)
    })
}

impl Document {
    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { document: self, value: &self.value, spans: &self.spans }
    }

    /// The text it was read from.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    value: &'d Value,
    spans: &'d Spans,
}

/// What a value is.
pub enum Content<'d> {
    /// Nothing after the colon.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number,
    /// Text, in quotation marks or not.
    Text(&'d str),
    /// A list.
    List(Vec<Node<'d>>),
    /// Keys with values, in the order of the file.
    Mapping(Vec<(&'d str, Node<'d>)>),
}

impl<'d> Node<'d> {
    /// What it is.
    #[must_use]
    pub fn content(&self) -> Content<'d> {
        match self.value {
            Value::Null => Content::Null,
            Value::Bool(truth) => Content::Bool(*truth),
            Value::Number(_) => Content::Number,
            Value::String(text) => Content::Text(text),
            Value::Sequence(items) => Content::List(
                items.iter().zip(&self.spans.children).map(|(value, spans)| self.with(value, spans)).collect(),
            ),
            Value::Mapping(entries) => Content::Mapping(
                entries
                    .iter()
                    .zip(&self.spans.children)
                    .map(|((key, value), spans)| (key.as_str().unwrap_or_default(), self.with(value, spans)))
                    .collect(),
            ),
            // The guard refuses tags.
            Value::Tagged(tagged) => self.with(&tagged.value, self.spans).content(),
        }
    }

    fn with(&self, value: &'d Value, spans: &'d Spans) -> Self {
        Self { document: self.document, value, spans }
    }

    /// The value of a key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Self> {
        match self.content() {
            Content::Mapping(entries) => entries.into_iter().find(|(k, _)| *k == key).map(|(_, node)| node),
            Content::Null | Content::Bool(_) | Content::Number | Content::Text(_) | Content::List(_) => None,
        }
    }

    /// Where the value stands; where there is nothing, where its key stands.
    #[must_use]
    pub fn place(&self) -> Place {
        let span = match &self.spans.key {
            Some(key) if self.spans.value.is_empty() => key,
            _ => &self.spans.value,
        };
        Place::new(&self.document.source, span.clone())
    }

    /// Where its key stands, or the value itself where it has none.
    #[must_use]
    pub fn key_place(&self) -> Place {
        match &self.spans.key {
            Some(key) => Place::new(&self.document.source, key.clone()),
            None => self.place(),
        }
    }

    /// The bytes of the value in the text, empty where nothing is written.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.spans.value.clone()
    }

    /// What it is called in a message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.content() {
            Content::Null => "nothing",
            Content::Bool(_) => "true or false",
            Content::Number => "a number",
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
