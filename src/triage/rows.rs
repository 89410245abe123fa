//! Rows of CSV, each with the line it begins on. A quotation mark that is not closed, or is closed in the middle of a
//! cell, is reported, so that no row is lost inside another.

use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr, memchr2, memchr2_iter, memchr3};

use super::input_error::InputError;
use crate::intake::table::Header;
use crate::problem::{Code, Problem};
use crate::yaml::MAX_BYTES;

const BUFFER: usize = 64 << 10;

/// A quotation mark that probably encloses more than was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteFault {
    /// It is not closed, so the rest of the file is in its cell.
    NotClosed,
    /// More text follows the closing mark, which is on this line, in the same cell.
    TextAfter(u64),
}

impl QuoteFault {
    pub(super) fn problem(self) -> Problem {
        let what = match self {
            Self::NotClosed => "not closed: all that follows is in one cell".to_owned(),
            Self::TextAfter(line) => format!("closed in line {line}, and there is more behind it in the same cell"),
        };
        Problem::anywhere(Code::Syntax, format!("the quotation mark opened here is {what}"))
            .hint("close it, or write two where the cell itself has one")
    }
}

#[derive(Debug, Default)]
pub(super) struct InputRow {
    /// The cells, one byte apart.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The line it begins on or, with a faulty quotation mark, the line of that mark.
    pub(super) line: u64,
    /// The number a spreadsheet gives it.
    pub(super) number: u64,
    /// Whether it is from a workbook, where empty cells at the end of a row are left out.
    pub(super) of_workbook: bool,
    /// What is wrong with its quotation marks. If anything is, its cells mean nothing.
    pub(super) quote_fault: Option<QuoteFault>,
    /// The columns of a workbook whose formula has an error or no result.
    pub(super) formula_faults: Vec<usize>,
}

impl InputRow {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.ends.iter().map(move |&end| std::mem::replace(&mut start, end + 1)..end)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.ranges().map(|range| &self.bytes[range])
    }

    /// The cells as text, if the row is UTF-8. A cell that is not UTF-8 by itself is `None`.
    #[inline]
    pub(super) fn texts(&self) -> Option<impl Iterator<Item = Option<&str>>> {
        let all = std::str::from_utf8(&self.bytes).ok()?;
        Some(self.ranges().map(|range| all.get(range)))
    }

    /// Whether there is nothing in it, as in the rows with which a spreadsheet often ends.
    pub(super) fn is_blank(&self, header: &Header) -> bool {
        self.quote_fault.is_none()
            && !self.formula_faults.iter().any(|column| header.is_used(*column))
            && self.cells().all(|cell| cell.trim_ascii().is_empty())
    }

    /// Replaces its contents by a row of a workbook.
    #[cfg(feature = "workbooks")]
    pub(super) fn fill<'c>(
        &mut self,
        number: u64,
        cells: impl Iterator<Item = &'c str>,
        faults: impl Iterator<Item = usize>,
    ) {
        self.bytes.clear();
        self.ends.clear();
        self.formula_faults.clear();
        self.formula_faults.extend(faults);
        for cell in cells {
            if !self.ends.is_empty() {
                self.bytes.push(b',');
            }
            self.bytes.extend_from_slice(cell.as_bytes());
            self.ends.push(self.bytes.len());
        }
        (self.line, self.number, self.quote_fault, self.of_workbook) = (number, number, None, true);
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn room(&self) -> usize {
        self.bytes.capacity()
    }

    /// Cuts the first row of a text that begins on line `self.line`. Returns the number of its bytes and of the line breaks
    /// in it. If the row does not end in this text and the text goes on, the error is the line of what is still open.
    fn cut(&mut self, text: &[u8], separator: u8, is_all: bool) -> Result<(usize, u64), u64> {
        self.bytes.clear();
        self.ends.clear();
        self.formula_faults.clear();
        (self.quote_fault, self.of_workbook) = (None, false);
        let begun = self.line;
        let or_all = |found: Option<usize>| found.or(is_all.then_some(text.len())).ok_or(begun);
        let end = or_all(memchr2(b'\r', b'\n', text))?;
        // Almost no row has a quotation mark. Then its separators are all there is to find.
        let is_plain = memchr2_iter(separator, b'"', &text[..end]).all(|at| {
            self.ends.push(at);
            text[at] != b'"'
        });
        if is_plain {
            self.bytes.extend_from_slice(&text[..end]);
            self.ends.push(end);
            return Ok((text.len().min(end + 1), 1));
        }
        self.ends.clear();
        let line = |at: usize| begun + breaks(&text[..at]);
        let mut at = 0;
        loop {
            let quoted = (text.get(at) == Some(&b'"')).then_some(at);
            at += usize::from(quoted.is_some());
            while let Some(opened) = quoted {
                let Some(length) = memchr(b'"', &text[at..]) else {
                    if !is_all {
                        return Err(line(opened));
                    }
                    self.fault(line(opened), QuoteFault::NotClosed);
                    self.bytes.extend_from_slice(&text[at..]);
                    at = text.len();
                    break;
                };
                self.bytes.extend_from_slice(&text[at..at + length]);
                at += length + 1;
                match text.get(at) {
                    Some(b'"') => self.bytes.push(b'"'),
                    None if !is_all => return Err(begun),
                    _ => break,
                }
                at += 1;
            }
            let end = or_all(memchr3(separator, b'\r', b'\n', &text[at..]).map(|length| at + length))?;
            let rest = &text[at..end];
            if let Some(opened) = quoted.filter(|_| rest.iter().any(|byte| !matches!(byte, b' ' | b'\t'))) {
                self.fault(line(opened), QuoteFault::TextAfter(line(at)));
            }
            self.bytes.extend_from_slice(rest);
            self.ends.push(self.bytes.len());
            at = end + 1;
            if text.get(end) != Some(&separator) {
                let length = text.len().min(at);
                return Ok((length, breaks(&text[..length])));
            }
            self.bytes.push(separator);
        }
    }

    /// Reports the first faulty mark only. Its line takes the place of that of the row.
    fn fault(&mut self, line: u64, fault: QuoteFault) {
        if self.quote_fault.is_none() {
            (self.line, self.quote_fault) = (line, Some(fault));
        }
    }
}

/// The number of line breaks as editors count them: LF, CRLF or CR.
fn breaks(bytes: &[u8]) -> u64 {
    let breaks = memchr2_iter(b'\r', b'\n', bytes);
    breaks.filter(|&at| bytes[at] == b'\r' || at.checked_sub(1).is_none_or(|at| bytes[at] != b'\r')).count() as u64
}

pub(super) struct RowReader<R> {
    reader: R,
    separator: u8,
    /// What was read, and the start of what is not cut yet.
    buffer: Vec<u8>,
    next: usize,
    is_all: bool,
    failed: Option<io::Error>,
    /// The number of the next line, and whether it follows a CR, to which an LF would belong.
    line: u64,
    after_cr: bool,
    /// The number of rows so far, blank lines included.
    rows: u64,
}

impl<R: Read> RowReader<R> {
    /// A reader of what follows this many lines of a file.
    pub(super) fn new(reader: R, separator: u8, lines: u64) -> Self {
        let (buffer, line) = (Vec::new(), lines + 1);
        Self { reader, separator, buffer, next: 0, is_all: false, failed: None, line, after_cr: false, rows: lines }
    }

    /// Replaces the row by the next one. Returns whether there was one.
    pub(super) fn read(&mut self, row: &mut InputRow) -> Result<bool, InputError> {
        // Line breaks between rows are not rows, but they count.
        while let byte @ (None | Some(b'\r' | b'\n')) = self.buffer.get(self.next).copied() {
            match byte {
                None if self.is_all => return Ok(false),
                None => self.fill()?,
                Some(byte) => {
                    let ends = u64::from(byte == b'\r' || !self.after_cr);
                    self.line += ends;
                    self.rows += ends;
                    self.after_cr = byte == b'\r';
                    self.next += 1;
                }
            }
        }
        self.rows += 1;
        row.number = self.rows;
        loop {
            row.line = self.line;
            let rest = &self.buffer[self.next..];
            // Its line break does not count.
            let is_long = |length: usize| length > MAX_BYTES + 1;
            match row.cut(rest, self.separator, self.is_all) {
                Ok((length, _)) if is_long(length) => return Err(too_long(row.line)),
                Err(open) if is_long(rest.len()) => return Err(too_long(open)),
                Err(_) => self.fill()?,
                Ok((length, breaks)) => {
                    self.after_cr = rest[length - 1] == b'\r';
                    self.line += breaks;
                    self.next += length;
                    return Ok(true);
                }
            }
        }
    }

    /// Reads more. A row that does not fit is cut again from its start, so each time more is read.
    fn fill(&mut self) -> Result<(), InputError> {
        if let Some(error) = self.failed.take() {
            return Err(error.into());
        }
        self.buffer.drain(..self.next);
        self.next = 0;
        let more = self.buffer.len().clamp(BUFFER, MAX_BYTES / 4);
        self.buffer.reserve(more);
        match (&mut self.reader).take(more as u64).read_to_end(&mut self.buffer) {
            Ok(read) => self.is_all = read == 0,
            Err(error) => self.failed = Some(error),
        }
        Ok(())
    }
}

fn too_long(line: u64) -> InputError {
    let message = format!("a row longer than {} MiB; is a quotation mark not closed?", MAX_BYTES >> 20);
    InputError::record(Code::TooLarge, line, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Cut = (u64, Option<QuoteFault>, Vec<Vec<u8>>);

    fn rows(text: &[u8], first_drop: usize) -> Vec<Cut> {
        let mut reader = RowReader::new(text, b',', 0);
        reader.buffer = text[..first_drop.min(text.len())].to_vec();
        reader.reader = &text[reader.buffer.len()..];
        let mut row = InputRow::default();
        std::iter::from_fn(|| {
            let found = reader.read(&mut row).expect("nothing keeps it from being read");
            found.then(|| (row.line, row.quote_fault, row.cells().map(<[u8]>::to_vec).collect()))
        })
        .collect()
    }
    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

        /// Cells are those that the crate `csv` finds, and whatever is at hand first changes nothing.
        #[test]
        fn any_text_is_cut_as_others_cut_it(
            words in proptest::collection::vec(
                proptest::sample::select(vec!["\"", "\"", ",", "\n", "\r", "\r\n", "a", " ", "\"b\"", "\"\"", ",\"c\n\","]), 0..24),
            first_drop in 1..9_usize,
        ) {
            let text = words.concat();
            let found = rows(text.as_bytes(), first_drop);
            proptest::prop_assert_eq!(&found, &rows(text.as_bytes(), text.len()), "{:?}", text);
            let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
            let theirs: Vec<Vec<Vec<u8>>> = (reader.byte_records())
                .map(|row| row.expect("any text is a table to it").iter().map(<[u8]>::to_vec).collect())
                .collect();
            proptest::prop_assert_eq!(found.into_iter().map(|(.., cells)| cells).collect::<Vec<_>>(), theirs);
        }
    }
}
