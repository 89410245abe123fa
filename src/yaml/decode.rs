//! Values → the types of the rules and answers, every mistake in one pass.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::ControlFlow;
use std::slice;

use deserr::{
    DeserializeError, Deserr, ErrorKind, IntoValue, Map, MergeWithError, Sequence, ValueKind, ValuePointerRef,
};

use rustc_hash::FxHashSet;

use super::{Content, Document, Node, Value};
use crate::problem::{Code, MAX_PROBLEMS, Problem, suggestion};

/// Decodes a whole document.
///
/// # Errors
/// Every mistake of shape: unknown and missing keys, values of the wrong kind, words that are not allowed.
pub(crate) fn decode<T: Deserr<Mistakes>>(document: &Document) -> Result<T, Vec<Problem>> {
    deserr::deserialize::<T, Node<'_>, Mistakes>(document.root())
        .map_err(|mistakes| mistakes.0.into_iter().map(|mistake| mistake.problem(document)).collect())
}

thread_local! {
    /// The number of the value that was taken apart last. deserr hands on only what a value has in it, and a JSON pointer
    /// that takes ten times as long to follow; but it takes each value apart right before it reads what shape it has.
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// Where a value stands, kept until the document is at hand to show it. Accepts anything: what stands there is read later.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At(u32);

impl At {
    /// The value that stands there.
    pub(crate) fn node(self, document: &Document) -> Node<'_> {
        document.numbered(self.0)
    }
}

impl Deserr<Mistakes> for At {
    fn deserialize_from_value<V: IntoValue>(_: deserr::Value<V>, _: ValuePointerRef<'_>) -> Result<Self, Mistakes> {
        Ok(Self(LAST.get()))
    }
}

/// The place of a mistake: a JSON pointer. Its keys are names of fields, so none needs an escape: no shape has a map with
/// keys of its own, whose mistakes deserr would lose.
#[derive(Debug)]
struct Pointer(String);

impl From<ValuePointerRef<'_>> for Pointer {
    fn from(pointer: ValuePointerRef<'_>) -> Self {
        match pointer {
            ValuePointerRef::Origin => Self(String::new()),
            ValuePointerRef::Key { key, prev } => Self(format!("{}/{key}", Self::from(*prev).0)),
            ValuePointerRef::Index { index, prev } => Self(format!("{}/{index}", Self::from(*prev).0)),
        }
    }
}

impl Pointer {
    /// The value that stands there, or the nearest one around it.
    fn node<'d>(&self, document: &'d Document) -> Node<'d> {
        let mut node = document.root();
        for step in self.0.split('/').skip(1) {
            let next = match node.content() {
                Content::List(_) => step.parse().ok().and_then(|index| node.item(index)),
                _ => node.get(step),
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }
}

/// Mistakes of shape, all of them.
#[derive(Debug)]
pub(crate) struct Mistakes(Vec<Mistake>);

#[derive(Debug)]
struct Mistake {
    code: Code,
    at: Pointer,
    /// The key that is wrong, where the mistake is a key and not a value.
    key: Option<String>,
    message: String,
    hint: Option<String>,
}

impl Mistake {
    fn problem(self, document: &Document) -> Problem {
        let node = self.at.node(document);
        let (place, message) = match self.key.and_then(|key| node.entry(&key)) {
            Some((key, value)) => (value.key_place(), format!("unknown key `{key}`")),
            None => (node.place(), self.message),
        };
        Problem::at(self.code, place, message).maybe_hint(self.hint)
    }
}

impl MergeWithError<Self> for Mistakes {
    fn merge(this: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut all = this.map_or_else(Vec::new, |mistakes| mistakes.0);
        all.extend(other.0);
        if all.len() > MAX_PROBLEMS { ControlFlow::Break(Self(all)) } else { ControlFlow::Continue(Self(all)) }
    }
}

impl DeserializeError for Mistakes {
    fn error<V: IntoValue>(
        this: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let (code, key, message, hint) = match error {
            ErrorKind::IncorrectValueKind { actual, accepted } => (
                Code::WrongKind,
                None,
                format!("{} stands where {} is needed", kind(actual.kind()), kinds(accepted)),
                match actual.kind() {
                    ValueKind::Null => {
                        location.last_field().map(|_| "write it after the colon, or delete the line".to_owned())
                    }
                    ValueKind::Sequence | ValueKind::Map => None,
                    _ => (accepted == [ValueKind::String]).then(|| "put text in quotation marks".to_owned()),
                },
            ),
            ErrorKind::MissingField { field } => {
                (Code::MissingKey, None, format!("the key `{field}` is missing"), Some(format!("add `{field}: …`")))
            }
            ErrorKind::UnknownKey { key, accepted } => {
                (Code::UnknownKey, Some(key.to_owned()), String::new(), Some(suggestion(key, accepted.iter().copied())))
            }
            ErrorKind::UnknownValue { value, accepted } => (
                Code::UnknownWord,
                None,
                format!("`{value}` is not known here"),
                Some(suggestion(value, accepted.iter().copied())),
            ),
            ErrorKind::BadSequenceLen { expected, .. } => {
                (Code::WrongKind, None, format!("the list needs {expected} items"), None)
            }
            // Numbers are the only values with limits of their own.
            ErrorKind::Unexpected { .. } => {
                (Code::WrongKind, None, "this number is too small or too large".to_owned(), None)
            }
        };
        let mut all = this.map_or_else(Vec::new, |mistakes| mistakes.0);
        all.push(Mistake { code, at: location.into(), key, message, hint });
        // Problems past the limit are not reported, and locating each of them in the text takes time.
        if all.len() > MAX_PROBLEMS { ControlFlow::Break(Self(all)) } else { ControlFlow::Continue(Self(all)) }
    }
}

fn kind(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Null => "nothing",
        ValueKind::Boolean => "true or false",
        ValueKind::Integer | ValueKind::NegativeInteger | ValueKind::Float => "a number",
        ValueKind::String => "text",
        ValueKind::Sequence => "a list",
        ValueKind::Map => "a mapping",
    }
}

fn kinds(accepted: &[ValueKind]) -> String {
    // What is given as -1 or 1.5 is a number too, so what is needed is named more closely.
    let name = |needed: &ValueKind| if *needed == ValueKind::Integer { "a whole number" } else { kind(*needed) };
    let mut names: Vec<&str> = accepted.iter().map(name).collect();
    names.dedup();
    names.join(" or ")
}

/// The entries of a mapping, as the decoder wants them.
pub struct Entries<'d> {
    mapping: Node<'d>,
    rest: slice::Iter<'d, (Cow<'static, str>, Value)>,
    /// The keys that fields are called by, if one is written with hyphens.
    called: Option<FxHashSet<String>>,
}

impl<'d> Entries<'d> {
    fn new(mapping: Node<'d>, entries: &'d [(Cow<'static, str>, Value)]) -> Self {
        let hyphens = entries.iter().any(|(key, _)| memchr::memchr(b'-', key.as_bytes()).is_some());
        let called = hyphens.then(|| entries.iter().map(|(key, _)| key.clone().into_owned()).collect());
        Self { mapping, rest: entries.iter(), called }
    }
}

impl<'d> Iterator for Entries<'d> {
    type Item = (String, Node<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = self.rest.next()?;
        // A field is found with `-` or `_` between its words, unless it is there as it is called.
        let called = self.called.as_mut().and_then(|there| {
            let called = key.replace('-', "_");
            there.insert(called.clone()).then_some(called)
        });
        Some((called.unwrap_or_else(|| key.clone().into_owned()), self.mapping.inside(value)))
    }
}

impl<'d> Map for Entries<'d> {
    type Value = Node<'d>;
    type Iter = Self;

    fn len(&self) -> usize {
        self.rest.len()
    }

    /// Only enums with a tag need it, of which no shape has one.
    fn remove(&mut self, _: &str) -> Option<Self::Value> {
        None
    }

    fn into_iter(self) -> Self::Iter {
        self
    }
}

/// The items of a list, as the decoder wants them.
pub struct Items<'d> {
    list: Node<'d>,
    rest: slice::Iter<'d, Value>,
}

impl<'d> Iterator for Items<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest.next().map(|item| self.list.inside(item))
    }
}

impl<'d> Sequence for Items<'d> {
    type Value = Node<'d>;
    type Iter = Self;

    fn len(&self) -> usize {
        self.rest.len()
    }

    fn into_iter(self) -> Self::Iter {
        self
    }
}

impl<'d> IntoValue for Node<'d> {
    type Sequence = Items<'d>;
    type Map = Entries<'d>;

    fn kind(&self) -> ValueKind {
        self.into_value().kind()
    }

    fn into_value(self) -> deserr::Value<Self> {
        LAST.set(self.value.number);
        match self.content() {
            Content::Null => deserr::Value::Null,
            Content::Bool(truth) => deserr::Value::Boolean(*truth),
            Content::Number(whole) => whole.map_or(deserr::Value::Float(f64::NAN), deserr::Value::Integer),
            Content::Text(text) => deserr::Value::String(text.clone().into_owned()),
            Content::List(items) => deserr::Value::Sequence(Items { list: self, rest: items.iter() }),
            Content::Mapping(entries) => deserr::Value::Map(Entries::new(self, entries)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{At, Deserr, Mistakes, decode};

    /// A shape with everything that a shape can ask for.
    #[derive(Debug, Deserr)]
    #[deserr(error = Mistakes, deny_unknown_fields)]
    #[allow(dead_code, reason = "only what is wrong is looked at")]
    struct Shape {
        word: Option<Word>,
        pair: Option<(u8, u8)>,
        small: Option<u8>,
        inner: Option<Inner>,
        anything: Option<At>,
    }

    #[derive(Debug, Deserr)]
    #[deserr(error = Mistakes, deny_unknown_fields)]
    #[allow(dead_code, reason = "only what is wrong is looked at")]
    struct Inner {
        list: Vec<bool>,
    }

    #[derive(Debug, Deserr)]
    #[deserr(error = Mistakes, rename_all = lowercase)]
    enum Word {
        Yes,
        No,
    }

    fn problems(text: &str) -> Vec<String> {
        let document = crate::yaml::parse("f", text.as_bytes()).0.expect("sound YAML");
        let found = decode::<Shape>(&document).err().unwrap_or_default();
        let line = |problem: &crate::problem::Problem| {
            let place = problem.place.as_ref().expect("a place");
            format!("{place} {}: {}", problem.code, problem.message)
        };
        found.iter().map(line).collect()
    }

    #[test]
    fn every_mistake_of_shape_is_told_where_it_stands() {
        let text = "word: maybe\npair: [1]\nsmall: 300\ninner:\n  list: [true, x, {}, 1.5, ~]\nodd: 1\n";
        assert_eq!(
            problems(text),
            [
                "f:1:7 F013: `maybe` is not known here",
                "f:2:7 F011: the list needs 2 items",
                "f:3:8 F011: this number is too small or too large",
                "f:5:16 F011: text stands where true or false is needed",
                "f:5:19 F011: a mapping stands where true or false is needed",
                "f:5:23 F011: a number stands where true or false is needed",
                "f:5:28 F011: nothing stands where true or false is needed",
                "f:6:1 F010: unknown key `odd`",
                "f:1:1 F012: the key `anything` is missing",
            ]
        );
        let text = "word: yes\npair: [1, 2]\nsmall: 3\ninner: {list: []}\nanything: [1]\n";
        assert_eq!(problems(text), [""; 0]);
    }

    /// Values at every kind of place.
    #[derive(Debug, Deserr)]
    #[deserr(error = Mistakes, deny_unknown_fields)]
    struct Places {
        one: At,
        #[deserr(default)]
        more: Vec<At>,
        #[deserr(default)]
        maybe: Option<At>,
        #[deserr(default)]
        inside: Vec<Places>,
        #[deserr(default)]
        last: Option<At>,
    }

    impl Places {
        fn all(&self) -> Vec<At> {
            let own = [self.one].into_iter().chain(self.more.iter().copied()).chain(self.maybe);
            own.chain(self.inside.iter().flat_map(Self::all)).chain(self.last).collect()
        }
    }

    #[test]
    fn every_value_is_found_again_where_it_stands() {
        let text = "one: a\nmore: [b, {x: [1, 2], y: z}, [], d]\nmaybe:\n  - e\n  - f\ninside:\n- one: g\n  more: [h]\n\
                    - {one: {i: j}, inside: [{one: k, last: l}, {one: m}], last: n}\nlast: o\n";
        let document = crate::yaml::parse("f", text.as_bytes()).0.expect("sound YAML");
        let places = decode::<Places>(&document).expect("places");
        let found: Vec<&str> = places.all().iter().map(|at| &text[at.node(&document).span()]).collect();
        let wanted = "a|b|{x: [1, 2], y: z}|[]|d|- e\n  - f|g|h|{i: j}|k|l|m|n|o";
        assert_eq!(found, wanted.split('|').collect::<Vec<_>>());
        assert_eq!(document.numbered(0).span(), document.root().span(), "what is left out stands where all does");
    }
}
