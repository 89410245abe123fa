//! Values, each with where it stands in its file.

use std::borrow::Cow;
use std::ops::Range;

pub(super) type Key = (Cow<'static, str>, Range<usize>);

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Value {
    /// The key in front of it, if it stands in a mapping.
    pub(super) key: Option<Key>,
    /// The value itself; empty where nothing is written.
    pub(super) span: Range<usize>,
    pub(super) content: Content,
}

impl Value {
    /// The key in front of it; none is blank.
    pub(super) fn name(&self) -> &str {
        self.key.as_ref().map_or("", |(name, _)| name)
    }

    /// Where its key stands, or the value itself where it has none.
    pub(super) fn key_span(&self) -> &Range<usize> {
        self.key.as_ref().map_or(&self.span, |(_, span)| span)
    }
}

#[derive(Debug)]
pub(crate) enum Content {
    /// Nothing after the colon.
    Null,
    Bool(bool),
    /// A number, with its value if that is whole and not negative. No other number has a use.
    Number(Option<u64>),
    /// Text, in quotation marks or not: what is built in is not copied.
    Text(Cow<'static, str>),
    List(Vec<Value>),
    /// Values with their keys, in the order of the file, no key twice.
    Mapping(Vec<Value>),
}
