//! Records → letters: the plain ones in the short way, all others as any answers file is read.

use std::borrow::Cow;
use std::ops::Range;

use super::facts::{Slots, fill, missing_letters};
use super::fields::Source;
use super::input::{Column, Header};
use super::scan::{Said, Scanner};
use crate::answers::{self, Answers, Entry};
use crate::problem::{Code, Problem};
use crate::question::Kind;
use crate::rulebook::Rulebook;
use crate::yaml::MAX_BYTES;

/// The name of a product, as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name<'l> {
    /// As it stands between quotation marks in JSON.
    Json(&'l [u8]),
    /// As it is.
    Plain(&'l str),
}

impl<'l> Name<'l> {
    /// The name as it is.
    pub(super) fn text(self) -> Cow<'l, str> {
        match self {
            Self::Plain(name) => Cow::Borrowed(name),
            Self::Json(raw) if !raw.contains(&b'\\') => String::from_utf8_lossy(raw),
            Self::Json(raw) => {
                let quoted = [b"\"", raw, b"\""].concat();
                // The scanner lets nothing pass that is not JSON.
                serde_json::from_slice(&quoted).map_or_else(|_| String::from_utf8_lossy(raw), Cow::Owned)
            }
        }
    }
}

/// A record whose letters have been filled in.
pub(super) struct Found<'l> {
    pub(super) name: Name<'l>,
    /// The answers, where they were read whole.
    pub(super) answers: Option<Box<Answers>>,
}

/// Reads records one after another.
pub(super) struct Reader<'r> {
    rulebook: &'r Rulebook,
    scanner: Scanner<'r>,
    missing: Vec<u16>,
    /// The name of the product, where it is not part of what was read.
    product: String,
    /// Whether answers are to be read whole.
    whole: bool,
}

impl<'r> Reader<'r> {
    pub(super) fn new(rulebook: &'r Rulebook, whole: bool) -> Self {
        let missing = missing_letters(rulebook);
        Self { rulebook, scanner: Scanner::new(rulebook), missing, product: String::new(), whole }
    }

    /// Reads one line of JSON.
    #[inline]
    pub(super) fn line<'s>(
        &'s mut self,
        source: Source<'_>,
        line: &'s [u8],
        slots: &mut Slots,
        faults: &mut Vec<Problem>,
    ) -> Option<Found<'s>> {
        if !self.whole
            && line.len() <= MAX_BYTES
            && let Some(raw) = self.scanner.scan(line, slots)
        {
            return Some(Found { name: Name::Json(raw), answers: None });
        }
        self.document(source, line, slots, faults)
    }

    /// Reads one answers file, or one line as if it were a file.
    #[cold]
    pub(super) fn document(
        &mut self,
        source: Source<'_>,
        bytes: &[u8],
        slots: &mut Slots,
        faults: &mut Vec<Problem>,
    ) -> Option<Found<'_>> {
        let first_line = source.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
        let (answers, problems) = match answers::parse_from(source.name, first_line, bytes, self.rulebook) {
            Ok((answers, warnings)) => (Some(answers), warnings),
            Err(mut problems) => {
                // The name of the file stands in front of what is said of a record.
                let what = if source.line.is_some() { "a line longer" } else { "larger" };
                for problem in problems.iter_mut().filter(|problem| problem.code == Code::TooLarge) {
                    problem.message = format!("{what} than {} MiB", MAX_BYTES >> 20);
                }
                (None, problems)
            }
        };
        faults.extend(problems);
        let answers = answers?;
        fill(slots, &answers, self.rulebook);
        self.product.clone_from(&answers.product);
        let answers = self.whole.then(|| Box::new(answers));
        Some(Found { name: Name::Plain(&self.product), answers })
    }

    /// Reads one row of CSV.
    pub(super) fn row<'s>(
        &self,
        row: &'s csv::ByteRecord,
        header: &Header,
        slots: &mut Slots,
        faults: &mut Vec<Problem>,
    ) -> Option<Found<'s>> {
        slots.copy_from_slice(&self.missing);
        let mut answers = self.whole.then(|| Answers::blank(self.rulebook, ""));
        let before = faults.len();
        let mut fault = |code, message: String, hint: Option<String>| {
            faults.push(Problem::anywhere(code, message).maybe_hint(hint));
        };
        let beyond = header.columns.len()..row.len();
        if row.len() < header.columns.len() || beyond.clone().any(|cell| !row[cell].trim_ascii().is_empty()) {
            let message = format!("the header has {} columns, and this row {}", header.columns.len(), row.len());
            fault(Code::Syntax, message, None);
        }
        let mut product = "";
        for (index, (cell, column)) in row.iter().zip(&header.columns).enumerate() {
            if *column == Column::Ignored {
                continue;
            }
            let cell = match std::str::from_utf8(cell) {
                Ok(cell) => cell.trim(),
                Err(_) => {
                    let hint = "save the file as \"CSV UTF-8\"".to_owned();
                    fault(Code::NotUtf8, format!("column {}: this is not UTF-8", index + 1), Some(hint));
                    continue;
                }
            };
            match column {
                Column::Product => product = cell,
                Column::Question(_) if cell.is_empty() => {}
                Column::Question(number) => {
                    let question = &self.rulebook.questions[*number];
                    // Text is not kept unless it is asked for, so nothing is set aside for it.
                    if question.kind == Kind::Text && answers.is_none() {
                        continue;
                    }
                    if answers.is_none()
                        && let Some(said) = self.scanner.word(*number, cell.as_bytes())
                    {
                        self.scanner.put(*number, said, slots);
                        continue;
                    }
                    match question.answer(cell) {
                        Ok(answer) => {
                            self.scanner.put(*number, Said::of(&answer), slots);
                            if let Some(answers) = &mut answers {
                                answers.entries[*number] = Some(Entry::bare(answer));
                            }
                        }
                        Err(refusals) => {
                            for refusal in refusals {
                                let message = format!("column {}: {}", index + 1, refusal.message);
                                fault(refusal.code, message, Some(refusal.hint));
                            }
                        }
                    }
                }
                Column::Ignored => {}
            }
        }
        if product.is_empty() {
            fault(Code::EmptyText, "the product has no name".to_owned(), Some("write its name".to_owned()));
        }
        if faults.len() > before {
            return None;
        }
        if let Some(answers) = &mut answers {
            product.clone_into(&mut answers.product);
        }
        Some(Found { name: Name::Plain(product), answers: answers.map(Box::new) })
    }
}

/// The lines of some bytes, each with how far it is from the first, without what breaks them, blank ones left out.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut at: Range<usize> = 0..0;
    let mut number = 0;
    std::iter::from_fn(move || {
        loop {
            if at.start >= bytes.len() {
                return None;
            }
            at.end = memchr::memchr(b'\n', &bytes[at.start..]).map_or(bytes.len(), |length| at.start + length);
            let line = &bytes[at.clone()];
            at.start = at.end + 1;
            number += 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.first() == Some(&b'{') || !line.trim_ascii().is_empty() {
                return Some((number - 1, line));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_and_blank_ones_are_left_out() {
        let long = "x".repeat(200);
        let text = format!("a\r\n\n{long}\n \t\nb");
        let found: Vec<(u64, usize)> = lines(text.as_bytes()).map(|(number, line)| (number, line.len())).collect();
        assert_eq!(found, [(0, 1), (2, 200), (4, 1)]);
    }
}
