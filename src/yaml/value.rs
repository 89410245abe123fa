//! Values, each with where it stands in its file.

use std::borrow::Cow;
use std::ops::Range;

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Value {
    /// The key in front of it, if it stands in a mapping.
    pub(super) key: Option<Range<usize>>,
    /// The value itself; empty where nothing is written.
    pub(super) span: Range<usize>,
    pub(super) content: Content,
}

/// What a value is.
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
    /// Keys with values, in the order of the file, no key twice.
    Mapping(Vec<(Cow<'static, str>, Value)>),
}
