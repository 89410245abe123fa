//! Events → values with places. Bounds the cost of a stranger's file and refuses what would mislead a reader.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle};

use super::{Content, Value};
use crate::problem::{Code, Place, Problem, Source};

/// The most bytes a file may have.
pub const MAX_BYTES: usize = 4 << 20;
/// The most levels of lists and mappings inside each other.
pub const MAX_DEPTH: usize = 64;
/// The most values, lists and mappings in all.
pub const MAX_NODES: usize = 200_000;

/// The values of a text, if any could be read, and everything wrong with it up to what makes the rest unreadable.
pub(super) fn values(source: &Arc<Source>) -> (Option<Value>, Vec<Problem>) {
    let mut guard = Guard { source, open: Vec::new(), root: None, nodes: 0, problems: Vec::new() };
    match guard.read() {
        Ok(()) => (guard.root, guard.problems),
        Err(last) => {
            guard.problems.push(last);
            (None, guard.problems)
        }
    }
}

/// A list or mapping whose end has not come yet.
struct Open {
    start: Range<usize>,
    parts: Parts,
}

enum Parts {
    List(Vec<Value>),
    Mapping {
        entries: Vec<(String, Value)>,
        /// Every key so far, with its place.
        keys: BTreeMap<String, Range<usize>>,
        /// The key that waits for its value. A key that stands twice keeps its first value, so the second has no name.
        pending: Option<(Option<String>, Range<usize>)>,
    },
}

struct Guard<'s> {
    source: &'s Arc<Source>,
    open: Vec<Open>,
    root: Option<Value>,
    nodes: usize,
    problems: Vec<Problem>,
}

impl Guard<'_> {
    fn read(&mut self) -> Result<(), Problem> {
        let mut options = Options::default();
        // More than allowed, so that the limit is reported as ours, with its place. In brackets the parser looks up to
        // 1024 characters ahead for the colon of a key.
        options.flow_nesting_limit = MAX_DEPTH + 1024;
        options.block_nesting_limit = MAX_DEPTH + 1;
        let source = Arc::clone(self.source);
        let mut documents = 0;
        for next in Parser::new_from_str_with_options(&source.text, options) {
            let (event, span) = next.map_err(|error| {
                let at = error.marker().byte_offset().unwrap_or(0);
                let place = Place::new(self.source, at..at + 1);
                // Brackets that are never closed run into the parser's own limit before any event comes.
                if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
                    let message = format!("more than {MAX_DEPTH} levels inside each other");
                    return Problem::at(Code::TooComplex, place, message);
                }
                Problem::at(Code::Syntax, place, error.info())
            })?;
            let range = span.byte_range().unwrap_or(0..0);
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(self.problem(Code::SecondDocument, range, "a second document starts here"));
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.refuse_properties(anchor, tag.is_some(), &range);
                    self.scalar(&text, style, range)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.refuse_properties(anchor, tag.is_some(), &range);
                    self.begin(self.with_hyphen(range), Parts::List(Vec::new()))?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.refuse_properties(anchor, tag.is_some(), &range);
                    let parts = Parts::Mapping { entries: Vec::new(), keys: BTreeMap::new(), pending: None };
                    self.begin(range, parts)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(range.end),
                Event::Alias(_) | Event::UnresolvedAlias(_) => {
                    return Err(self.problem(Code::Unsupported, range, "an alias stands here"));
                }
                _ => {}
            }
        }
        let written = |root: &Value| !root.span.is_empty() || !matches!(root.content, Content::Null);
        match &self.root {
            Some(root) if written(root) => Ok(()),
            _ => Err(self.problem(Code::Empty, 0..0, "there is nothing in this file")),
        }
    }

    fn problem(&self, code: Code, range: Range<usize>, message: &str) -> Problem {
        Problem::at(code, Place::new(self.source, range), message)
    }

    /// Refuses anchors and tags.
    fn refuse_properties(&mut self, anchor: usize, tagged: bool, range: &Range<usize>) {
        if anchor != 0 || tagged {
            let what = if tagged { "a tag" } else { "an anchor" };
            let problem = self
                .problem(Code::Unsupported, range.clone(), &format!("{what} stands in front of this"))
                .hint("write the value out, or put text in quotation marks");
            self.problems.push(problem);
        }
    }

    /// A list that is not indented begins, for the parser, behind its first hyphen.
    fn with_hyphen(&self, range: Range<usize>) -> Range<usize> {
        let (before, after) = self.source.text.split_at(self.source.text.floor_char_boundary(range.start));
        match before.trim_end().strip_suffix('-') {
            Some(before) if !after.starts_with(['-', '[']) => before.len()..range.end,
            _ => range,
        }
    }

    fn count(&mut self, range: &Range<usize>) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values in one file");
            return Err(self.problem(Code::TooComplex, range.clone(), &message));
        }
        Ok(())
    }

    fn begin(&mut self, start: Range<usize>, parts: Parts) -> Result<(), Problem> {
        self.count(&start)?;
        if self.open.len() >= MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} levels inside each other");
            return Err(self.problem(Code::TooComplex, start, &message));
        }
        if let Some(Open { parts: Parts::Mapping { pending: None, .. }, .. }) = self.open.last() {
            return Err(self.problem(Code::KeyNotText, start, "a list or mapping stands as a key"));
        }
        self.open.push(Open { start, parts });
        Ok(())
    }

    fn end(&mut self, closed: usize) {
        let Some(Open { start, parts }) = self.open.pop() else { return };
        let (content, last) = match parts {
            Parts::List(items) => {
                let last = items.last().map(end_of);
                (Content::List(items), last)
            }
            Parts::Mapping { entries, .. } => {
                let last = entries.last().map(|(_, value)| end_of(value));
                (Content::Mapping(entries), last)
            }
        };
        // A block ends with its last part, not where the next key begins; brackets end where they close.
        let end = match self.source.text.as_bytes().get(closed.wrapping_sub(1)) {
            Some(b']' | b'}') => closed,
            _ => last.unwrap_or(start.end),
        };
        self.add(start.start..end.max(start.start), content);
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, range: Range<usize>) -> Result<(), Problem> {
        self.count(&range)?;
        let content = if style == ScalarStyle::Plain { plain(text) } else { Content::Text(text.to_owned()) };
        if matches!(self.open.last(), Some(Open { parts: Parts::Mapping { pending: None, .. }, .. })) {
            self.key(text, &content, range);
        } else {
            self.add(self.with_indicator(style, range), content);
        }
        Ok(())
    }

    /// A block text begins, for the parser, behind its `|` or `>`.
    fn with_indicator(&self, style: ScalarStyle, range: Range<usize>) -> Range<usize> {
        let pending = match self.open.last() {
            Some(Open { parts: Parts::Mapping { pending: Some((_, key)), .. }, .. }) => key.end,
            _ => return range,
        };
        match self.source.text.get(pending..range.start).and_then(|between| between.find(['|', '>'])) {
            Some(at) if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) => pending + at..range.end,
            _ => range,
        }
    }

    fn key(&mut self, text: &str, content: &Content, range: Range<usize>) {
        if !matches!(content, Content::Text(_)) {
            let problem =
                self.problem(Code::KeyNotText, range.clone(), "this key is not text").hint("put it in quotation marks");
            self.problems.push(problem);
        }
        let Some(Open { parts: Parts::Mapping { keys, pending, .. }, .. }) = self.open.last_mut() else { return };
        let first = keys.get(text).cloned();
        let name = first.is_none().then(|| text.to_owned());
        *pending = Some((name, range.clone()));
        match first {
            None => {
                keys.insert(text.to_owned(), range);
            }
            Some(first) => {
                let first = Place::new(self.source, first);
                let problem = self
                    .problem(Code::DuplicateKey, range, &format!("`{text}` stands here a second time"))
                    .related(first, "first here")
                    .hint("delete one of the two");
                self.problems.push(problem);
            }
        }
    }

    /// Hands a finished value to what is open around it.
    fn add(&mut self, span: Range<usize>, content: Content) {
        let value = |key| Value { key, span, content };
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.root = Some(value(None)),
            Some(Parts::List(items)) => items.push(value(None)),
            Some(Parts::Mapping { entries, pending, .. }) => {
                if let Some((Some(name), key)) = pending.take() {
                    entries.push((name, value(Some(key))));
                }
            }
        }
    }
}

/// Where a value ends in the text; where nothing is written, where its key does.
fn end_of(value: &Value) -> usize {
    value.span.end.max(value.key.as_ref().map_or(0, |key| key.end))
}

/// What a scalar without quotation marks is, which is for the value parser to say.
fn plain(text: &str) -> Content {
    // Almost all begin with a letter, and of those only these are anything but text.
    let word = text.starts_with(|c: char| c.is_alphabetic());
    if word && !["null", "true", "false"].iter().any(|known| known.eq_ignore_ascii_case(text)) {
        return Content::Text(text.to_owned());
    }
    // By itself, such a text would mark the beginning or end of a document.
    if text.starts_with("---") || text.starts_with("...") || text.contains('\n') {
        return Content::Text(text.to_owned());
    }
    match serde_yaml::from_str(text) {
        Ok(serde_yaml::Value::Null) => Content::Null,
        Ok(serde_yaml::Value::Bool(truth)) => Content::Bool(truth),
        Ok(serde_yaml::Value::Number(number)) => Content::Number(number.as_u64()),
        _ => Content::Text(text.to_owned()),
    }
}
