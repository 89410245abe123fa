//! The first reading of a file: events only, no values. Bounds its cost, refuses what would mislead a reader, and
//! notes where every value stands.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::Spans;
use crate::problem::{Code, Place, Problem, Source};

/// The most bytes a file may have.
pub const MAX_BYTES: usize = 4 << 20;
/// The most levels of lists and mappings inside each other.
pub const MAX_DEPTH: usize = 64;
/// The most values, lists and mappings in all.
pub const MAX_NODES: usize = 200_000;

/// A list or mapping that is still open.
struct Open {
    spans: Spans,
    /// For a mapping, the keys so far.
    keys: Option<HashMap<String, std::ops::Range<usize>>>,
    /// The key that waits for its value.
    pending: Option<std::ops::Range<usize>>,
}

/// Where every value of the text stands.
///
/// # Errors
/// Every problem up to the first that makes the rest unreadable.
pub(super) fn spans(source: &Arc<Source>) -> Result<Spans, Vec<Problem>> {
    let mut guard = Guard { source, open: Vec::new(), root: None, nodes: 0, problems: Vec::new() };
    let outcome = guard.read();
    let Guard { root, mut problems, .. } = guard;
    if let Err(last) = outcome {
        problems.push(last);
    }
    match root {
        Some(root) if problems.is_empty() => Ok(root),
        _ => Err(problems),
    }
}

struct Guard<'s> {
    source: &'s Arc<Source>,
    open: Vec<Open>,
    root: Option<Spans>,
    nodes: usize,
    problems: Vec<Problem>,
}

impl Guard<'_> {
    fn read(&mut self) -> Result<(), Problem> {
        let mut options = Options::default();
        // One more than allowed, so that the limit is reported as ours, with its place.
        options.flow_nesting_limit = MAX_DEPTH + 1;
        options.block_nesting_limit = MAX_DEPTH + 1;
        let source = Arc::clone(self.source);
        let mut documents = 0;
        for next in Parser::new_from_str_with_options(&source.text, options) {
            let (event, span) = next.map_err(|error| {
                let at = error.marker().byte_offset().unwrap_or(0);
                Problem::at(Code::Syntax, Place::new(self.source, at..at + 1), error.info())
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
                    self.plain(anchor, tag.is_some(), &range);
                    self.scalar(&text, style, range)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.plain(anchor, tag.is_some(), &range);
                    self.begin(range, None)?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.plain(anchor, tag.is_some(), &range);
                    self.begin(range, Some(HashMap::new()))?;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    if let Some(mut done) = self.open.pop() {
                        done.spans.value.end = self.end(&done.spans, range.end);
                        self.add(done.spans);
                    }
                }
                Event::Alias(_) | Event::UnresolvedAlias(_) => {
                    return Err(self.problem(Code::Unsupported, range, "an alias stands here"));
                }
                _ => {}
            }
        }
        match &self.root {
            Some(root) if !root.value.is_empty() => Ok(()),
            _ => Err(self.problem(Code::Empty, 0..0, "there is nothing in this file")),
        }
    }

    /// Where a list or mapping ends: a block ends with its last part, not where the next key begins.
    fn end(&self, done: &Spans, closed: usize) -> usize {
        let last = done.children.last().map_or(done.value.start, |last| {
            let key = last.key.as_ref().map_or(0, |key| key.end);
            last.value.end.max(key)
        });
        match self.source.text.as_bytes().get(closed.wrapping_sub(1)) {
            Some(b']' | b'}') => closed,
            _ => last.max(done.value.start),
        }
    }

    fn problem(&self, code: Code, range: std::ops::Range<usize>, message: &str) -> Problem {
        Problem::at(code, Place::new(self.source, range), message)
    }

    /// Refuses anchors and tags.
    fn plain(&mut self, anchor: usize, tagged: bool, range: &std::ops::Range<usize>) {
        if anchor != 0 || tagged {
            let what = if tagged { "a tag" } else { "an anchor" };
            let problem = self
                .problem(Code::Unsupported, range.clone(), &format!("{what} stands in front of this"))
                .hint("write the value out, or put text in quotation marks");
            self.problems.push(problem);
        }
    }

    fn count(&mut self, range: &std::ops::Range<usize>) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values in one file");
            return Err(self.problem(Code::TooComplex, range.clone(), &message));
        }
        Ok(())
    }

    fn begin(
        &mut self,
        range: std::ops::Range<usize>,
        keys: Option<HashMap<String, std::ops::Range<usize>>>,
    ) -> Result<(), Problem> {
        self.count(&range)?;
        if self.open.len() >= MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} levels inside each other");
            return Err(self.problem(Code::TooComplex, range, &message));
        }
        if self.waits_for_key() {
            return Err(self.problem(Code::KeyNotText, range, "a list or mapping stands as a key"));
        }
        self.open.push(Open { spans: Spans { key: None, value: range, children: Vec::new() }, keys, pending: None });
        Ok(())
    }

    fn waits_for_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.keys.is_some() && open.pending.is_none())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, range: std::ops::Range<usize>) -> Result<(), Problem> {
        self.count(&range)?;
        if !self.waits_for_key() {
            self.add(Spans { key: None, value: range, children: Vec::new() });
            return Ok(());
        }
        if style == ScalarStyle::Plain && !is_text(text) {
            let problem =
                self.problem(Code::KeyNotText, range.clone(), "this key is not text").hint("put it in quotation marks");
            self.problems.push(problem);
        }
        let Some(open) = self.open.last_mut() else {
            return Ok(());
        };
        open.pending = Some(range.clone());
        let Some(keys) = open.keys.as_mut() else {
            return Ok(());
        };
        if let Some(first) = keys.insert(text.to_owned(), range.clone()) {
            let first = Place::new(self.source, first);
            let problem = self
                .problem(Code::DuplicateKey, range, &format!("`{text}` stands here a second time"))
                .related(first, "first here")
                .hint("delete one of the two");
            self.problems.push(problem);
        }
        Ok(())
    }

    /// Hands a finished value to what is open around it.
    fn add(&mut self, mut spans: Spans) {
        match self.open.last_mut() {
            None => self.root = Some(spans),
            Some(open) => {
                spans.key = open.pending.take();
                open.spans.children.push(spans);
            }
        }
    }
}

/// Whether a key without quotation marks is text, and not a number, a truth value or nothing.
fn is_text(key: &str) -> bool {
    // Almost every key begins with a letter, and of those only these are anything but text.
    if key.starts_with(|c: char| c.is_alphabetic()) {
        return !["null", "true", "false"].contains(&key.to_lowercase().as_str());
    }
    matches!(serde_yaml::from_str(key), Ok(serde_yaml::Value::String(_)))
}
