//! A problem with a file that a person wrote: what, where, and what to do about it.
//!
//! Problems are data: they are collected, so that a person sees all of them in one run. If the environment is at fault
//! (a full disk, a missing file), that is an error, not a problem.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

mod code;
pub use code::{CODES, Code, Severity};

/// The name of standard input in messages.
pub const STANDARD_INPUT: &str = "standard input";

/// A text with its name: a path as given, or `standard input`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    /// The number of its first line in the file, from 1. More for a record among others.
    pub first_line: usize,
    /// The whole text, without a byte order mark. Built-in text is borrowed.
    pub text: Cow<'static, str>,
}

impl Source {
    /// The line and column of a byte offset, both from 1, columns in characters. As in editors and YAML, lines end with
    /// LF, CRLF or CR.
    pub(crate) fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let bytes = self.text.as_bytes();
        let count = |wanted: u8| memchr::memchr_iter(wanted, &bytes[..offset]).count();
        let both = |(cr, lf): &(&u8, &u8)| **cr == b'\r' && **lf == b'\n';
        let pairs = bytes[..offset].iter().zip(bytes.iter().skip(1)).filter(both).count();
        // A CRLF was counted twice, or once if the offset is inside it.
        let breaks = count(b'\n') + count(b'\r') - pairs;
        (breaks + self.first_line, self.text[self.line_start(offset)..offset].chars().count() + 1)
    }

    /// The line that a byte offset lies in, without its line break.
    pub(crate) fn line_around(&self, offset: usize) -> Range<usize> {
        let start = self.line_start(self.text.floor_char_boundary(offset));
        let end = self.text[start..].find(['\n', '\r']).map_or(self.text.len(), |length| start + length);
        start..end
    }

    fn line_start(&self, offset: usize) -> usize {
        let offset = offset - usize::from(self.is_between(offset));
        self.text[..offset].rfind(['\n', '\r']).map_or(0, |newline| newline + 1)
    }

    /// Whether an offset is inside a CRLF.
    fn is_between(&self, offset: usize) -> bool {
        self.text[..offset].ends_with('\r') && self.text[offset..].starts_with('\n')
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub source: Arc<Source>,
    /// A range of bytes inside the text, on character boundaries.
    pub span: Range<usize>,
}

impl Place {
    /// The span is moved onto character boundaries inside the text.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        let start = source.text.floor_char_boundary(span.start);
        let end = source.text.floor_char_boundary(span.end.max(start));
        Self { source: Arc::clone(source), span: start..end }
    }

    /// From 1.
    pub fn line(&self) -> usize {
        self.start().0
    }

    /// The line and column of its first character, both from 1.
    pub fn start(&self) -> (usize, usize) {
        self.source.line_column(self.span.start)
    }

    /// The line and column after its last character, both from 1.
    pub fn end(&self) -> (usize, usize) {
        self.source.line_column(self.span.end)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.start();
        write!(f, "{}:{line}:{column}", self.source.name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    pub code: Code,
    /// The severity of the code, unless a person chose another one.
    pub severity: Severity,
    /// What is wrong, in one line, lower case, without a full stop.
    pub message: String,
    pub place: Option<Place>,
    pub hint: Option<String>,
    /// Other places, each with a remark.
    pub related: Vec<(Place, String)>,
    /// Answers that show it.
    pub witness: Option<Witness>,
}

/// The most problems reported of one file. A file with more is probably something else.
pub const MAX_PROBLEMS: usize = 1000;
/// The most characters of a message or a hint.
const MAX_MESSAGE: usize = 2000;
/// The longest word for which to suggest a similar one.
const MAX_WORD: usize = 100;

/// Cuts a message, which may repeat a very long word.
fn shortened(mut message: String) -> String {
    if let Some((cut, _)) = message.char_indices().nth(MAX_MESSAGE) {
        message.truncate(cut);
        message.push('…');
    }
    message
}

/// Answers that show something: question ids with values as in an answers file.
pub type Witness = Vec<(String, String)>;

/// "shown by season: summer, open: yes"
pub(crate) fn shown_by(witness: &Witness) -> String {
    let answers: Vec<String> = witness.iter().map(|(id, value)| format!("{id}: {value}")).collect();
    format!("shown by {}", if answers.is_empty() { "any answers".to_owned() } else { answers.join(", ") })
}

impl fmt::Display for Problem {
    /// One line, as a compiler would put it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        write!(f, "{}[{}]: {}", self.severity, self.code, self.in_a_line())
    }
}

impl std::error::Error for Problem {}

impl Problem {
    pub(crate) fn at(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self { place: Some(place), ..Self::anywhere(code, message) }
    }

    pub(crate) fn maybe_at(code: Code, place: Option<Place>, message: impl Into<String>) -> Self {
        Self { place, ..Self::anywhere(code, message) }
    }

    /// A problem without a place.
    pub(crate) fn anywhere(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: shortened(message.into()),
            place: None,
            hint: None,
            related: Vec::new(),
            witness: None,
        }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(shortened(hint.into())), ..self }
    }

    pub(crate) fn related(mut self, place: Place, remark: impl Into<String>) -> Self {
        self.related.push((place, remark.into()));
        self
    }

    pub(crate) fn witness(self, witness: Witness) -> Self {
        Self { witness: Some(witness), ..self }
    }

    pub(crate) fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// The message with the hint, in one line.
    pub fn in_a_line(&self) -> String {
        let hint = self.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
        format!("{}{hint}", self.message)
    }

    pub fn any_error(problems: &[Self]) -> bool {
        problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Sorts by file, then by place.
    pub fn sort(problems: &mut [Self]) {
        problems.sort_by(|a, b| a.position().cmp(&b.position()));
    }

    /// Sorts problems and drops those beyond the limit. That is an error, so that no file can hide its errors behind
    /// warnings.
    pub fn sort_and_bound(problems: &mut Vec<Self>) {
        Self::sort(problems);
        if problems.len() > MAX_PROBLEMS {
            let place = problems[MAX_PROBLEMS].place.clone();
            problems.truncate(MAX_PROBLEMS);
            let message = format!("more than {MAX_PROBLEMS} problems: the rest is left out");
            problems.push(Self { place, ..Self::anywhere(Code::TooComplex, message) });
        }
    }

    fn position(&self) -> (Option<&str>, usize, Code) {
        (
            self.place.as_ref().map(|place| place.source.name.as_str()),
            self.place.as_ref().map_or(0, |place| place.span.start),
            self.code,
        )
    }
}

/// The candidate most similar to a mistyped word, if one is similar enough to suggest.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR_ENOUGH: f64 = 0.8;
    // How many times longer a candidate may be: nobody who types `no` means `not_sure`.
    const LONGER: usize = 3;
    if word.len() > MAX_WORD {
        return None;
    }
    // All files of rules end alike, which makes none of them similar.
    let bare = |name: &str| name.to_lowercase().trim_end_matches(".yaml").to_owned();
    let word = bare(word);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGER * word.len())
        .map(|candidate| (strsim::jaro_winkler(&word, &bare(candidate)), candidate))
        .filter(|(likeness, _)| *likeness >= NEAR_ENOUGH)
        .fold(None, |best: Option<(f64, &str)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, candidate)| candidate)
}

/// "did you mean …?", and how the word differs if it looks the same.
pub(crate) fn did_you_mean(word: &str, near: &str) -> String {
    let odd = if word.contains(['\u{a0}', '\u{202f}']) { " A no-break space stands in it." } else { "" };
    format!("did you mean `{near}`?{odd}")
}

/// "did you mean …?" with a similar candidate, or the list of all.
pub(crate) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(word, candidates.clone()) {
        return did_you_mean(word, near);
    }
    let all: Vec<String> = candidates.into_iter().map(|candidate| format!("`{candidate}`")).collect();
    match all.as_slice() {
        [] => "nothing can stand here".to_owned(),
        [only] => format!("write {only}"),
        [first @ .., last] => format!("write one of {} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_spans_never_split_one() {
        let source = Arc::new(Source { name: "a.yaml".into(), first_line: 1, text: "é: ü\nx".into() });
        assert_eq!(source.line_column(4), (1, 4));
        assert_eq!(Place::new(&source, 5..99).span, 4..8);
        assert_eq!(Place::new(&source, 7..8).to_string(), "a.yaml:2:1");
    }

    #[test]
    fn lines_end_with_lf_crlf_and_cr() {
        let source = Source { name: "a".into(), first_line: 1, text: "ab\rc\r\nd\n\r\r\n\ne".into() };
        let places = (0..=source.text.len()).map(|offset| source.line_column(offset));
        let places: Vec<String> = places.map(|(line, column)| format!("{line}:{column}")).collect();
        assert_eq!(places.join(" "), "1:1 1:2 1:3 2:1 2:2 2:3 3:1 3:2 4:1 5:1 5:2 6:1 7:1 7:2");
        let lines = [0, 3, 4, 6, 8, 9, 11, 12].map(|offset| &source.text[source.line_around(offset)]);
        assert_eq!(lines, ["ab", "c", "c", "d", "", "", "", "e"]);
    }
}
