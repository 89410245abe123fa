//! Events → values with places. Limits what a hostile file can cost and refuses what would mislead a reader.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, ScanError};

use super::events::{self, Event, PlacedEvent, Style};
use super::lines::SyntaxMistake;
use super::value::Key;
use super::{Content, Value, syntax};
use crate::problem::{Code, MAX_PROBLEMS, Place, Problem, Source};

pub const MAX_BYTES: usize = 4 << 20;
pub const MAX_DEPTH: usize = events::MAX_DEPTH;
/// The limit for keys, values, lists and mappings together.
pub const MAX_NODES: usize = 200_000;

/// The value that the events make, if they can be read to the end, and every problem found on the way.
pub(super) fn values(
    source: &Arc<Source>,
    events: impl Iterator<Item = Result<PlacedEvent, ScanError>>,
) -> (Option<Value>, Vec<Problem>) {
    let mut builder =
        ValueBuilder { source, open: Vec::new(), values: Vec::new(), root: None, nodes: 0, problems: Vec::new() };
    match builder.read(events) {
        Ok(()) => (builder.root, builder.problems),
        Err(last) => {
            while let Some(open) = builder.open.pop() {
                let values = builder.values.split_off(open.first);
                if !open.is_list {
                    builder.without_duplicates(values, false);
                }
            }
            // All tabs that indent are told at once. Of a wrong space before a key it may have been told already.
            let tabs = syntax::tabs(&source.text).take(MAX_PROBLEMS + 1).map(|tab| builder.mistake(tab));
            let tabs: Vec<Problem> = tabs.collect();
            builder.problems.retain(|known| *known != last);
            builder.problems.extend(if tabs.contains(&last) { tabs } else { vec![last] });
            (None, builder.problems)
        }
    }
}

type ScalarText = Cow<'static, str>;

struct OpenCollection {
    start: Range<usize>,
    is_list: bool,
    /// In a mapping, the key whose value comes next.
    pending: Option<Key>,
    /// The index of its first value.
    first: usize,
}

struct ValueBuilder<'s> {
    source: &'s Arc<Source>,
    open: Vec<OpenCollection>,
    /// The values of all open collections, outermost first.
    values: Vec<Value>,
    root: Option<Value>,
    nodes: usize,
    problems: Vec<Problem>,
}

impl ValueBuilder<'_> {
    fn read(&mut self, events: impl Iterator<Item = Result<PlacedEvent, ScanError>>) -> Result<(), Problem> {
        let mut documents = 0;
        for next in events {
            let PlacedEvent { event, range, reserved } = next.map_err(|error| {
                let mut at = error.marker().byte_offset().unwrap_or(0);
                // For a block text the parser names its start.
                if let ErrorKind::UnexpectedCharacter { character } = error.kind() {
                    at += self.source.text.get(at..).and_then(|rest| rest.find(*character)).unwrap_or(0);
                }
                // Brackets that are never closed reach the parser's own limit before any event comes.
                if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
                    return self.too_deep(at..at + 1);
                }
                self.mistake(syntax::explain(&self.source.text, at, Some(error.kind())))
            })?;
            if let Some(first_char) = reserved {
                let before = self.source.text[..range.start].trim_end();
                let marks = before.rsplit(|c: char| c.is_whitespace() || "[{,".contains(c)).next().unwrap_or_default();
                self.problems.push(self.mistake(syntax::reserved(before.len() - marks.len(), first_char)));
            }
            match event {
                Event::Document => {
                    documents += 1;
                    if documents > 1 {
                        let hint = "delete what ends the first, or put this one into a file of its own";
                        let problem = self.problem(Code::SecondDocument, range, "a second document starts here");
                        return Err(problem.hint(hint));
                    }
                }
                Event::Scalar(text, style) => self.scalar(text, style, range)?,
                Event::List => self.begin(self.with_hyphen(range), true)?,
                Event::Mapping => self.begin(range, false)?,
                Event::End => self.end(range.end),
                Event::Alias => return Err(self.mistake(syntax::explain(&self.source.text, range.start, None))),
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

    fn mistake(&self, mistake: SyntaxMistake) -> Problem {
        self.problem(mistake.code, mistake.at, &mistake.message).hint(mistake.hint)
    }

    /// The parser begins a list that is not indented behind its first hyphen.
    fn with_hyphen(&self, range: Range<usize>) -> Range<usize> {
        let (before, after) = self.source.text.split_at(self.source.text.floor_char_boundary(range.start));
        match before.trim_end().strip_suffix('-') {
            Some(before) if !after.starts_with(['-', '[']) => before.len()..range.end,
            _ => range,
        }
    }

    fn too_deep(&self, range: Range<usize>) -> Problem {
        self.problem(Code::TooComplex, range, &format!("more than {MAX_DEPTH} levels inside each other"))
    }

    fn count(&mut self, range: &Range<usize>) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        Err(self.problem(Code::TooComplex, range.clone(), &format!("more than {MAX_NODES} values in one file")))
    }

    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| !open.is_list && open.pending.is_none())
    }

    fn begin(&mut self, start: Range<usize>, is_list: bool) -> Result<(), Problem> {
        self.count(&start)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(start));
        }
        if self.expects_key() {
            return Err(self.problem(Code::KeyNotText, start, "a list or mapping stands as a key"));
        }
        self.open.push(OpenCollection { start, is_list, pending: None, first: self.values.len() });
        Ok(())
    }

    fn end(&mut self, closed: usize) {
        let Some(OpenCollection { start, is_list, first, .. }) = self.open.pop() else { return };
        let mut parts = self.values.split_off(first);
        if !is_list {
            parts = self.join_split_texts(parts);
        }
        let last = parts.last().map(end_of);
        let content = if is_list {
            Content::List(parts)
        } else {
            let in_list = self.open.last().is_some_and(|around| around.is_list);
            Content::Mapping(self.without_duplicates(parts, in_list))
        };
        // A block ends with its last value, not where the next key begins; brackets end where they close.
        let end = match self.source.text.as_bytes().get(closed.wrapping_sub(1)) {
            Some(b']' | b'}') => closed,
            _ => last.unwrap_or(start.end),
        };
        self.add(start.start..end.max(start.start), content);
    }

    fn scalar(&mut self, text: ScalarText, style: Style, range: Range<usize>) -> Result<(), Problem> {
        self.count(&range)?;
        let non_text = if style == Style::Plain { parse_non_text(&text) } else { None };
        if self.expects_key() {
            let is_comment = style == Style::Plain && text.starts_with('/');
            if let Some(comment) = is_comment.then(|| syntax::foreign(&text, range.start)).flatten() {
                return Err(self.mistake(comment));
            }
            self.key(text, non_text.is_none(), range);
        } else {
            self.add(self.with_indicator(style, range), non_text.unwrap_or(Content::Text(text)));
        }
        Ok(())
    }

    /// The parser begins a block text behind its `|` or `>`.
    fn with_indicator(&self, style: Style, range: Range<usize>) -> Range<usize> {
        let key = self.open.last().and_then(|open| open.pending.as_ref()).filter(|_| style == Style::Block);
        let Some((_, Range { end: pending, .. })) = key else { return range };
        match self.source.text.get(*pending..range.start).and_then(|between| between.find(['|', '>'])) {
            Some(at) => pending + at..range.end,
            None => range,
        }
    }

    fn key(&mut self, mut text: ScalarText, is_text: bool, mut range: Range<usize>) {
        // After a space of another kind the key would be unknown, though it looks right.
        if self.source.text[range.start..].starts_with(char::is_whitespace) {
            let words = text.trim_start().to_owned();
            let start = range.start + text.len() - words.len();
            if let Some(mistake) = syntax::blank_before(&self.source.text, range.start..start) {
                self.problems.push(self.mistake(mistake));
                (text, range.start) = (words.into(), start);
            }
        }
        if !is_text {
            let problem =
                self.problem(Code::KeyNotText, range.clone(), "this key is not text").hint("put it in quotation marks");
            self.problems.push(problem);
        }
        if let Some(open) = self.open.last_mut() {
            open.pending = Some((text, range));
        }
    }

    /// In braces a comma ends a value, so that the rest of a text becomes a key. Reports it and joins the text again.
    fn join_split_texts(&mut self, entries: Vec<Value>) -> Vec<Value> {
        let text = &self.source.text;
        let is_rest = |value: &Value| syntax::is_rest_of_text(text, value.key_span(), &value.span);
        if !entries.iter().any(is_rest) {
            return entries;
        }
        let mut whole: Vec<Value> = Vec::with_capacity(entries.len());
        for value in entries {
            let Some(start) = whole.last_mut().filter(|_| is_rest(&value)) else {
                whole.push(value);
                continue;
            };
            let comma = start.span.end + text[start.span.end..].find(',').unwrap_or(0);
            let (before, rest) = (start.name().to_owned(), value.name());
            let message = format!("the comma here ends what `{before}` says, and `{rest}` stands there as a key");
            start.span.end = value.key_span().end;
            start.content = Content::Text(text[start.span.clone()].to_owned().into());
            let hint = format!("put it in quotation marks: `{before}: \"{}\"`", &text[start.span.clone()]);
            self.problems.push(self.problem(Code::UnknownKey, comma..comma + 1, &message).hint(hint));
        }
        whole
    }

    /// Reports each duplicate key and keeps the first. If the first key of a list item comes again, a hyphen is
    /// missing.
    fn without_duplicates(&mut self, mut entries: Vec<Value>, in_list: bool) -> Vec<Value> {
        // The common case: few keys, no duplicates.
        let new = |at: usize| entries[..at].iter().all(|entry| entry.name() != entries[at].name());
        if entries.len() <= 12 && (1..entries.len()).all(new) {
            return entries;
        }
        let twice = |first: &Value, again: &Value, as_if: &str, hint: &str| {
            let place = |value: &Value| Place::new(self.source, value.key_span().clone());
            let message = format!("`{}` stands here a second time{as_if}", again.name());
            Problem::at(Code::DuplicateKey, place(again), message).related(place(first), "first here").hint(hint)
        };
        let again = (1..entries.len()).find(|again| in_list && entries[0].name() == entries[*again].name());
        if let Some(again) = again {
            let hint = "put `- ` in front of it to begin a new item, or delete it";
            self.problems.push(twice(&entries[0], &entries[again], ", as if a new item began", hint));
            entries.truncate(again);
        }
        let mut sorted: Vec<usize> = (0..entries.len()).collect();
        sorted.sort_by_key(|index| entries[*index].name());
        let mut repeated = BTreeSet::new();
        for same in sorted.chunk_by(|a, b| entries[*a].name() == entries[*b].name()) {
            for again in &same[1..] {
                self.problems.push(twice(&entries[same[0]], &entries[*again], "", "delete one of the two"));
                repeated.insert(*again);
            }
        }
        let mut index = 0..;
        entries.retain(|_| index.next().is_some_and(|index| !repeated.contains(&index)));
        entries
    }

    /// Adds a finished value to the collection around it.
    fn add(&mut self, span: Range<usize>, content: Content) {
        let Some(around) = self.open.last_mut() else {
            self.root = Some(Value { key: None, span, content });
            return;
        };
        self.values.push(Value { key: around.pending.take(), span, content });
    }
}

/// The end of a value or, where nothing is written, of its key.
fn end_of(value: &Value) -> usize {
    value.span.end.max(value.key.as_ref().map_or(0, |(_, key)| key.end))
}

/// What an unquoted scalar is, if not text, as the value parser has it.
fn parse_non_text(text: &str) -> Option<Content> {
    // The value parser takes longer than everything else here. Of the scalars that begin with a letter, as almost all
    // do, only these are not text.
    match text {
        "null" => return Some(Content::Null),
        "true" => return Some(Content::Bool(true)),
        "false" => return Some(Content::Bool(false)),
        _ => {}
    }
    let word = text.starts_with(|c: char| c.is_alphabetic());
    if word && !["null", "true", "false"].iter().any(|known| known.eq_ignore_ascii_case(text)) {
        return None;
    }
    // By itself, such a text would begin or end a document.
    if text.starts_with("---") || text.starts_with("...") || text.contains('\n') {
        return None;
    }
    // A day in words or a version is no number.
    if text.contains(' ') || text.bytes().filter(|byte| *byte == b'.').count() > 1 {
        return None;
    }
    // The value parser takes a number with a leading 0 for text; other parsers disagree about its value.
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        if digits.len() > 1 && digits.starts_with('0') {
            return Some(Content::Number(None));
        }
        // Rules have many short numbers, on which the value parser would spend most of its time.
        if let Some(number) = text.parse().ok().filter(|_| digits.len() == text.len()) {
            return Some(Content::Number(Some(number)));
        }
    }
    match serde_yaml::from_str(text) {
        Ok(serde_yaml::Value::Null) => Some(Content::Null),
        Ok(serde_yaml::Value::Bool(truth)) => Some(Content::Bool(truth)),
        Ok(serde_yaml::Value::Number(number)) => Some(Content::Number(number.as_u64())),
        // The value parser takes a number that is too large for it for text.
        _ if digits.starts_with(|c: char| c.is_ascii_digit()) && text.parse().is_ok_and(|it: f64| it.abs() > 9e18) => {
            Some(Content::Number(None))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, parse_non_text};

    #[test]
    fn shortcuts_agree_with_the_value_parser() {
        let texts = "true false null True NULL trues 0 7 10 18446744073709551615 +7 -7 1.5 1e3 0x1f 0o17 .inf ~ \
                     2026-11-26 1_000 + - yes no a 2.0.0 ..1 1..2 -.1.";
        for text in texts.split_whitespace().chain(["8 January 2024", "1 000", "- 1", "~ ~"]) {
            let found = parse_non_text(text);
            let same = match serde_yaml::from_str(text) {
                Ok(serde_yaml::Value::Null) => matches!(found, Some(Content::Null)),
                Ok(serde_yaml::Value::Bool(truth)) => matches!(found, Some(Content::Bool(same)) if same == truth),
                Ok(serde_yaml::Value::Number(number)) => {
                    matches!(found, Some(Content::Number(same)) if same == number.as_u64())
                }
                _ => found.is_none(),
            };
            assert!(same, "{text}: {found:?}");
        }
        for number in ["18446744073709551616", "99999999999999999999", "-9223372036854775809", "1e400", "-1.5E+999"] {
            assert!(matches!(parse_non_text(number), Some(Content::Number(None))), "{number}");
        }
    }
}
