//! Values and their spans.

use std::borrow::Cow;
use std::ops::Range;

pub(super) type Key = (Cow<'static, str>, Range<usize>);

#[derive(Debug)]
pub(crate) struct Value {
    /// Its key, if it is an entry of a mapping.
    pub(super) key: Option<Key>,
    /// Empty where nothing is written.
    pub(super) span: Range<usize>,
    pub(super) content: Content,
}

impl Value {
    /// Its key, or an empty text: no key is empty.
    pub(super) fn name(&self) -> &str {
        self.key.as_ref().map_or("", |(name, _)| name)
    }

    /// The span of its key or, without a key, its own.
    pub(super) fn key_span(&self) -> &Range<usize> {
        self.key.as_ref().map_or(&self.span, |(_, span)| span)
    }
}

#[derive(Debug)]
pub(crate) enum Content {
    /// Nothing after the colon.
    Null,
    Bool(bool),
    /// A number; its value only if that is whole and not negative, since no other is used.
    Number(Option<u64>),
    /// Built-in text is borrowed.
    Text(Cow<'static, str>),
    List(Vec<Value>),
    /// In the order of the file, no key twice.
    Mapping(Vec<Value>),
}
