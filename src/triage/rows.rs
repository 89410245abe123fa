//! Rows of CSV, each with the line it begins in, and none of them lost inside another.
//!
//! Cells are cut by `csv-core`, which takes any bytes for a table and says neither where a row begins nor that a quotation
//! mark was never closed. Both are followed here, over the same bytes.

use std::io::{self, Read};
use std::ops::Range;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::quotes::{At, Place, Torn};
use crate::yaml::MAX_BYTES;

/// How many bytes are read at once.
const BUFFER: usize = 64 << 10;

#[derive(Debug, Default)]
pub(super) struct Row {
    /// The cells, one behind the other.
    bytes: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    cells: usize,
    /// How many bytes stand between two cells.
    gap: usize,
    /// The line it begins in. Where it is torn, the line of the quotation mark.
    pub(super) line: u64,
    /// The number a spreadsheet gives it.
    pub(super) number: u64,
    /// Whether it comes from a workbook, where empty cells at the end of a row are left out.
    pub(super) of_workbook: bool,
    /// What is wrong with its quotation marks. Its cells then mean nothing.
    pub(super) torn: Option<Torn>,
}

impl Row {
    pub(super) fn len(&self) -> usize {
        self.cells
    }

    /// Where each cell stands.
    fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.ends[..self.cells].iter().map(move |&end| {
            let range = start..end;
            start = end + self.gap;
            range
        })
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.ranges().map(|range| &self.bytes[range])
    }

    /// The cells as text, if all of them are. Each is nothing that is not text by itself.
    #[inline]
    pub(super) fn texts(&self) -> Option<impl Iterator<Item = Option<&str>>> {
        let all = std::str::from_utf8(&self.bytes[..self.size()]).ok()?;
        Some(self.ranges().map(|range| all.get(range)))
    }

    /// A cell, if the row has so many.
    pub(super) fn get(&self, index: usize) -> Option<&[u8]> {
        let ends = &self.ends[..self.cells];
        let start = index.checked_sub(1).map_or(Some(0), |before| ends.get(before).map(|end| end + self.gap))?;
        self.bytes.get(start..*ends.get(index)?)
    }

    /// Puts a row of a workbook in the place of what it held before.
    #[cfg(feature = "workbooks")]
    pub(super) fn fill<'c>(&mut self, number: u64, cells: impl Iterator<Item = &'c str>) {
        self.bytes.clear();
        self.ends.clear();
        for cell in cells {
            self.bytes.extend_from_slice(cell.as_bytes());
            self.ends.push(self.bytes.len());
        }
        (self.cells, self.gap, self.line, self.number, self.torn) = (self.ends.len(), 0, number, number, None);
        self.of_workbook = true;
    }

    /// Whether there are quotation marks around whole cells only, and no mark and no line break in any of those. Almost any
    /// row is so, which is told by what was left out of its bytes.
    fn is_regular(&self, raw: &[u8]) -> bool {
        let cells = &self.bytes[..self.size()];
        if raw.len() == cells.len() + self.cells {
            return true;
        }
        if memchr::memchr3(b'"', b'\r', b'\n', cells).is_some() {
            return false;
        }
        let mut rest = raw;
        self.cells().all(|cell| {
            let quoted = rest.first() == Some(&b'"');
            let regular = !quoted || rest.get(cell.len() + 1) == Some(&b'"');
            rest = rest.get(cell.len() + if quoted { 3 } else { 1 }..).unwrap_or_default();
            regular
        })
    }

    /// How many bytes its cells have.
    pub(super) fn size(&self) -> usize {
        self.cells.checked_sub(1).map_or(0, |last| self.ends[last])
    }

    /// How many bytes there is room for.
    pub(super) fn room(&self) -> usize {
        self.bytes.len()
    }
}

/// What came of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Row,
    /// There are no more.
    End,
    /// A row that is longer than it may be, which begins, or has a quotation mark open, in this line.
    TooLong(u64),
}

/// Cuts a table into rows.
pub(super) struct RowReader<R> {
    reader: R,
    buffer: Vec<u8>,
    /// How much of it was read, and how much of that was cut.
    filled: usize,
    next: usize,
    core: Reader,
    place: Place,
    /// How many rows there were, blank lines among them.
    rows: u64,
    /// How many bytes were read.
    pub(super) count: u64,
}

impl<R: Read> RowReader<R> {
    /// A reader of what follows so many lines of a file.
    pub(super) fn new(reader: R, separator: u8, lines: u64) -> Self {
        let core = ReaderBuilder::new().delimiter(separator).build();
        let place = Place { separator, line: lines + 1, after_cr: false, at: At::Start, torn: None };
        Self { reader, buffer: vec![0; BUFFER], filled: 0, next: 0, core, place, rows: lines, count: 0 }
    }

    /// Reads the next row in the place of what the row held before.
    pub(super) fn read(&mut self, row: &mut Row) -> io::Result<Step> {
        let before = self.place.line;
        self.pass_blank_lines()?;
        self.rows += self.place.line - before + 1;
        (row.cells, row.gap, row.line, row.number, row.torn) = (0, 0, self.place.line, self.rows, None);
        if self.read_plain(row) {
            return Ok(Step::Row);
        }
        let (mut size, mut filled) = (0, 0);
        loop {
            self.fill()?;
            let input = &self.buffer[self.next..self.filled];
            if input.is_empty()
                && let At::Quoted(line) = self.place.at
            {
                self.place.torn.get_or_insert((line, Torn::Open));
            }
            let (result, read, written, ended) =
                self.core.read_record(input, &mut row.bytes[filled..], &mut row.ends[row.cells..]);
            let whole = result == ReadRecordResult::Record && size == 0;
            size += read;
            filled += written;
            row.cells += ended;
            match &input[..read] {
                raw @ [.., before, last] if whole && row.is_regular(raw) => self.place.count(&[*before, *last]),
                raw => self.place.pass(raw),
            }
            self.next += read;
            // The line break that ends it does not count.
            if size > MAX_BYTES + 1 {
                return Ok(Step::TooLong(if let At::Quoted(line) = self.place.at { line } else { row.line }));
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => row.bytes.resize((2 * filled).max(256), 0),
                ReadRecordResult::OutputEndsFull => row.ends.resize((2 * row.cells).max(16), 0),
                ReadRecordResult::End => return Ok(Step::End),
                ReadRecordResult::Record => break,
            }
        }
        self.place.at = At::Start;
        if let Some((line, torn)) = self.place.torn.take() {
            (row.line, row.torn) = (line, Some(torn));
        }
        Ok(Step::Row)
    }

    /// Reads a row that has no quotation mark and ends in what is at hand, as almost all do, if one comes next. Finding
    /// what separates its cells is all that there is to do.
    fn read_plain(&mut self, row: &mut Row) -> bool {
        let rest = &self.buffer[self.next..self.filled];
        let separator = self.place.separator;
        // No further than the line goes: a table whose lines end with CR alone has many in what is at hand.
        let Some(end) = memchr::memchr2(b'\r', b'\n', rest) else { return false };
        let line = &rest[..end];
        let breaks = if rest[end] == b'\n' { 1 } else { 2 };
        if breaks == 2 && rest.get(end + 1) != Some(&b'\n') {
            return false;
        }
        row.ends.clear();
        for at in memchr::memchr2_iter(separator, b'"', line) {
            if line[at] == b'"' {
                return false;
            }
            row.ends.push(at);
        }
        row.bytes.clear();
        row.bytes.extend_from_slice(line);
        row.ends.push(line.len());
        (row.cells, row.gap) = (row.ends.len(), 1);
        // Something stands in it, and the last of that is no part of a line break.
        self.place.count(&rest[end.saturating_sub(1)..end + breaks]);
        self.next += end + breaks;
        true
    }

    /// Reads more, if nothing is left.
    fn fill(&mut self) -> io::Result<()> {
        if self.next < self.filled {
            return Ok(());
        }
        (self.next, self.filled) = (0, 0);
        self.filled = loop {
            match self.reader.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.count += self.filled as u64;
        Ok(())
    }

    /// Line breaks between rows are no rows, but count.
    fn pass_blank_lines(&mut self) -> io::Result<()> {
        loop {
            self.fill()?;
            let rest = &self.buffer[self.next..self.filled];
            let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.place.count(&rest[..breaks]);
            self.next += breaks;
            if breaks == 0 || self.next < self.filled {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out so many bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let limit = self.1.min(buffer.len());
            self.0.read(&mut buffer[..limit])
        }
    }

    type Told = (u64, Option<Torn>, Vec<Vec<u8>>);

    fn rows(text: &[u8], at_once: usize) -> Vec<Told> {
        let mut reader = RowReader::new(Drops(text, at_once), b',', 0);
        let mut row = Row::default();
        std::iter::from_fn(|| match reader.read(&mut row).expect("nothing keeps it from being read") {
            Step::Row => Some((row.line, row.torn, row.cells().map(<[u8]>::to_vec).collect())),
            Step::End => None,
            Step::TooLong(line) => panic!("line {line} is not long"),
        })
        .collect()
    }

    /// The same, byte by byte, as slowly as can be.
    fn slowly(text: &[u8]) -> Vec<Told> {
        let mut found: Vec<Told> = Vec::new();
        let (mut at, mut line) = (0, 1);
        let (mut state, mut row, mut opened, mut torn) = ('n', Vec::new(), 0, None);
        let close = |found: &mut Vec<Told>, row: &mut Vec<Vec<u8>>, begun: u64, torn: &mut Option<(u64, Torn)>| {
            let (line, torn) = torn.take().map_or((begun, None), |(line, torn)| (line, Some(torn)));
            found.push((line, torn, std::mem::take(row)));
        };
        let mut begun = 1;
        while at < text.len() {
            let crlf = text[at..].starts_with(b"\r\n");
            let (byte, ends) = (text[at], matches!(text[at], b'\r' | b'\n'));
            if state == 'n' && !ends {
                (state, begun) = ('s', line);
                row.push(Vec::new());
            }
            let cell = row.last_mut();
            match (state, byte) {
                ('n', _) => {}
                ('s', b'"') => (state, opened) = ('q', line),
                ('q', b'"') => state = 'c',
                ('c', b'"') => {
                    state = 'q';
                    cell.expect("a cell").push(b'"');
                }
                ('q', _) => cell.expect("a cell").extend(&text[at..=at + usize::from(crlf)]),
                (_, b',') => {
                    state = 's';
                    row.push(Vec::new());
                }
                _ if ends => {
                    state = 'n';
                    close(&mut found, &mut row, begun, &mut torn);
                }
                (before, _) => {
                    // A blank that another mark follows is more behind it, too.
                    let blank = matches!(byte, b' ' | b'\t');
                    if before == 'b' && byte == b'"' || matches!(before, 'c' | 'b') && !blank {
                        torn.get_or_insert((opened, Torn::More(line)));
                    }
                    state = if matches!(before, 'c' | 'b') && blank { 'b' } else { 'p' };
                    cell.expect("a cell").push(byte);
                }
            }
            line += u64::from(ends);
            at += 1 + usize::from(crlf);
        }
        if state != 'n' {
            if state == 'q' {
                torn.get_or_insert((opened, Torn::Open));
            }
            close(&mut found, &mut row, begun, &mut torn);
        }
        found
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

        #[test]
        fn any_text_is_cut_as_it_is_byte_by_byte(
            words in proptest::collection::vec(
                proptest::sample::select(vec!["\"", "\"", ",", "\n", "\r", "\r\n", "a", " ", "\"b\"", "\"\"", ",\"c\n\","]), 0..24),
            at_once in 1..9_usize,
        ) {
            let text = words.concat();
            let found = rows(text.as_bytes(), at_once);
            proptest::prop_assert_eq!(&found, &slowly(text.as_bytes()), "{:?}", text);
            let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
            let theirs: Vec<Vec<Vec<u8>>> = (reader.byte_records())
                .map(|row| row.expect("any text is a table to it").iter().map(<[u8]>::to_vec).collect())
                .collect();
            proptest::prop_assert_eq!(found.into_iter().map(|(.., cells)| cells).collect::<Vec<_>>(), theirs);
        }
    }
}
