//! Records → letters: the plain ones in the short way, all others as any answers file is read.

use std::borrow::Cow;
use std::ops::Range;

use super::facts::{Slots, missing_letters};
use super::input::{Column, Header};
use super::rows::{Row, Torn};
use super::scan::{Said, Scanner};
use crate::answers::{Answers, Entry};
use crate::diagram::Letter;
use crate::problem::{Code, Problem};
use crate::question::Kind;
use crate::rulebook::Rulebook;
use crate::yaml::MAX_BYTES;

/// The name of a product, as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name<'l> {
    /// As it stands between quotation marks in JSON.
    Json(&'l [u8]),
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

/// Reads records one after another into letters, as long as they are as plain as can be.
pub(super) struct Reader<'r> {
    rulebook: &'r Rulebook,
    scanner: Scanner<'r>,
    missing: Vec<Letter>,
}

impl<'r> Reader<'r> {
    pub(super) fn new(rulebook: &'r Rulebook) -> Self {
        Self { rulebook, scanner: Scanner::new(rulebook), missing: missing_letters(rulebook) }
    }

    /// The letters and the name of a line of JSON that is as plain as can be.
    #[inline]
    pub(super) fn line<'s>(&mut self, line: &'s [u8], slots: &mut Slots) -> Option<Name<'s>> {
        if line.len() > MAX_BYTES {
            return None;
        }
        self.scanner.scan(line, slots).map(Name::Json)
    }

    /// The letters and the name of a row of CSV, if nothing is wrong with it.
    #[inline]
    pub(super) fn row<'s>(&self, row: &'s Row, header: &Header, slots: &mut Slots) -> Option<&'s str> {
        slots.copy_from_slice(&self.missing);
        if row.torn.is_some() || row.len() != header.columns.len() {
            return None;
        }
        let mut product = "";
        for (cell, column) in row.cells().zip(&header.columns) {
            let Column::Question(number) = *column else {
                if *column == Column::Product {
                    product = std::str::from_utf8(cell).ok()?.trim();
                }
                continue;
            };
            let cell = std::str::from_utf8(cell).ok()?.trim();
            let question = &self.rulebook.questions[number];
            if cell.is_empty() || question.kind == Kind::Text {
                continue;
            }
            let said = match self.scanner.word(number, cell.as_bytes()) {
                Some(said) => said,
                None => Said::of(&question.answer(cell).ok()?),
            };
            self.scanner.put(number, said, slots);
        }
        (!product.is_empty()).then_some(product)
    }

    /// The answers of a row of CSV.
    #[cold]
    pub(super) fn row_whole(&self, row: &Row, header: &Header) -> Result<Answers, Vec<Problem>> {
        let mut answers = Answers::blank(self.rulebook, "");
        let mut faults = Vec::new();
        let mut fault = |code, message: String, hint: Option<String>| {
            faults.push(Problem::anywhere(code, message).maybe_hint(hint));
        };
        if let Some(torn) = row.torn {
            fault(Code::Syntax, torn.to_string(), Some(Torn::HINT.to_owned()));
            return Err(faults);
        }
        let beyond = header.columns.len();
        if row.len() < header.columns.len() || row.cells().skip(beyond).any(|cell| !cell.trim_ascii().is_empty()) {
            let message = format!("the header has {} columns, and this row {}", header.columns.len(), row.len());
            fault(Code::Syntax, message, None);
        }
        for (index, (cell, column)) in row.cells().zip(&header.columns).enumerate() {
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
                Column::Product => cell.clone_into(&mut answers.product),
                Column::Question(number) if !cell.is_empty() => match self.rulebook.questions[*number].answer(cell) {
                    Ok(answer) => answers.entries[*number] = Some(Entry::bare(answer)),
                    Err(refusals) => {
                        for refusal in refusals {
                            let message = format!("column {}: {}", index + 1, refusal.message);
                            fault(refusal.code, message, Some(refusal.hint));
                        }
                    }
                },
                Column::Question(_) | Column::Ignored => {}
            }
        }
        if answers.product.is_empty() {
            fault(Code::EmptyText, "the product has no name".to_owned(), Some("write its name".to_owned()));
        }
        if faults.is_empty() { Ok(answers) } else { Err(faults) }
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
