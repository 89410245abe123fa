//! Files cut into batches: lines of JSON, rows of CSV, and whole files, in the order they were named. No more than a
//! batch is held at a time, and no record may be longer than a file of its own could be ([`MAX_BYTES`]), so that memory
//! does not grow with the input.

use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::rows::{Row, RowReader, Step, Torn};
use crate::problem::{Code, nearest, suggestion};
use crate::question::Question;
use crate::rulebook::Rulebook;
use crate::yaml::MAX_BYTES;

/// About as many bytes as a batch of lines has.
const BATCH: usize = 128 << 10;
/// How much of a line that is too long is passed over to find its end, which a device of zeros does not have.
const MAX_PASSED: usize = 64 << 20;
/// The most rows of a batch.
const ROWS: usize = 512;
/// The most whole files of a batch.
const FILES: usize = 16;
/// How much of a CSV file is looked at to find out what separates its columns.
const HEAD: usize = 64 << 10;

/// How a file holds products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One product: an answers file.
    Document,
    /// One product a line, in JSON.
    Lines,
    /// One product a row, in CSV.
    Rows,
}

/// A file to read.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called in messages and results.
    pub name: String,
    /// How it holds products.
    pub shape: Shape,
}

/// What the columns of a CSV file are, where their headers do not say it.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Question ids, `product` or `organisation`, each with the header that stands for it.
    pub named: Vec<(String, String)>,
    /// Headers of columns to leave out.
    pub ignored: Vec<String>,
}

/// How files are opened. The error is one line for a person.
pub type Open<'a> = dyn Fn(&Path) -> Result<Box<dyn Read + Send + 'a>, String> + Sync + 'a;

/// What a column of a CSV file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Product,
    Ignored,
    Question(usize),
}

/// The columns of one CSV file.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) columns: Vec<Column>,
}

/// Something to work on.
#[derive(Debug)]
pub(super) enum Load {
    /// Lines, the first of which has this number.
    Lines { bytes: Vec<u8>, first: u64 },
    /// The first so many of these are rows of one file.
    Rows { header: Arc<Header>, records: Vec<Row>, count: usize },
    /// Whole files, by their indexes.
    Files(std::ops::Range<usize>),
    /// What keeps a file, or the rest of it, from being read.
    Trouble(Vec<Trouble>),
}

/// Something wrong that is not an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// The line, if it is that of one record.
    pub(super) line: Option<u64>,
    /// What kind of problem, unless it is none that a file can have.
    pub(super) code: Option<Code>,
    pub(super) message: String,
    /// Whether the world is at fault, and not the file.
    pub(super) world: bool,
}

impl Trouble {
    fn file(code: Code, message: impl Into<String>) -> Self {
        Self { line: None, code: Some(code), message: message.into(), world: false }
    }

    fn record(code: Code, line: u64, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::file(code, message) }
    }

    pub(super) fn world(message: impl Into<String>) -> Self {
        Self { line: None, code: None, message: message.into(), world: true }
    }
}

/// A load, which of the inputs it comes from, and how many bytes were read for it.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) input: usize,
    pub(super) load: Load,
    pub(super) bytes: u64,
}

/// Buffers that are no longer needed, to be filled again.
#[derive(Debug, Default)]
pub(super) struct Spent {
    pub(super) bytes: Vec<u8>,
    pub(super) records: Vec<Row>,
}

/// Cuts inputs into batches.
pub(super) struct Feeder<'a> {
    inputs: &'a [Input],
    next: usize,
    open: &'a Open<'a>,
    columns: &'a Columns,
    rulebook: &'a Rulebook,
    current: Option<Current<'a>>,
}

enum Current<'a> {
    Lines(Lines<'a>),
    Rows(Box<Rows<'a>>),
}

impl<'a> Feeder<'a> {
    pub(super) fn new(inputs: &'a [Input], open: &'a Open<'a>, columns: &'a Columns, rulebook: &'a Rulebook) -> Self {
        Self { inputs, next: 0, open, columns, rulebook, current: None }
    }

    /// The next batch.
    pub(super) fn next(&mut self, mut spent: Spent) -> Option<Batch> {
        loop {
            let found = match &mut self.current {
                Some(Current::Lines(lines)) => lines.next(std::mem::take(&mut spent.bytes)),
                Some(Current::Rows(rows)) => rows.next(std::mem::take(&mut spent.records)),
                None => match self.start() {
                    Some(Ok(batch)) => return Some(batch),
                    Some(Err(current)) => {
                        self.current = Some(current);
                        continue;
                    }
                    None => return None,
                },
            };
            let Some((load, bytes)) = found else {
                self.current = None;
                continue;
            };
            return Some(Batch { input: self.next - 1, load, bytes });
        }
    }

    /// Begins the next input: whole files are a batch at once, others are read bit by bit.
    fn start(&mut self) -> Option<Result<Batch, Current<'a>>> {
        let first = self.next;
        let input = self.inputs.get(first)?;
        self.next += 1;
        if input.shape == Shape::Document {
            let more = self.inputs[self.next..].iter().take(FILES - 1);
            self.next += more.take_while(|input| input.shape == Shape::Document).count();
            return Some(Ok(Batch { input: first, load: Load::Files(first..self.next), bytes: 0 }));
        }
        let trouble = |trouble| Ok(Batch { input: first, load: Load::Trouble(vec![trouble]), bytes: 0 });
        Some(match ((self.open)(&input.path), input.shape) {
            (Err(error), _) => trouble(Trouble::world(error)),
            (Ok(reader), Shape::Rows) => match Rows::new(reader, self.columns, self.rulebook) {
                Ok(rows) => Err(Current::Rows(Box::new(rows))),
                Err(troubles) => Ok(Batch { input: first, load: Load::Trouble(troubles), bytes: 0 }),
            },
            (Ok(reader), Shape::Lines | Shape::Document) => Err(Current::Lines(Lines::new(reader))),
        })
    }
}

/// A file of lines.
struct Lines<'a> {
    reader: Box<dyn Read + Send + 'a>,
    /// The beginning of a line whose end has not been read yet.
    rest: Vec<u8>,
    /// The number of the next line.
    line: u64,
    /// How much of a line that is too long has been passed over.
    passing: Option<usize>,
    ended: bool,
    begun: bool,
    /// Whether there was anything in the file.
    found: bool,
}

impl<'a> Lines<'a> {
    fn new(reader: Box<dyn Read + Send + 'a>) -> Self {
        Self { reader, rest: Vec::new(), line: 1, passing: None, ended: false, begun: false, found: false }
    }

    fn next(&mut self, mut bytes: Vec<u8>) -> Option<(Load, u64)> {
        let mut count = 0;
        loop {
            bytes.clear();
            bytes.append(&mut self.rest);
            let mut wanted = BATCH;
            // As many bytes as a batch has, and more only while not even one line is whole.
            let end = loop {
                if let Err(error) = self.read(&mut bytes, wanted, &mut count) {
                    self.ended = true;
                    self.found = true;
                    return Some((Load::Trouble(vec![Trouble::world(error.to_string())]), count));
                }
                match memchr::memrchr(b'\n', &bytes) {
                    _ if self.ended => break Some(bytes.len()),
                    Some(newline) => break Some(newline + 1),
                    None if bytes.len() > MAX_BYTES => break None,
                    None => wanted = bytes.len() + BATCH,
                }
            };
            if let Some(passed) = self.passing.take() {
                // What is left of a line that is too long ends with the first line break.
                match memchr::memchr(b'\n', &bytes) {
                    Some(newline) => {
                        self.rest.extend_from_slice(&bytes[newline + 1..]);
                        self.line += 1;
                    }
                    None if self.ended => {}
                    None if passed > MAX_PASSED => {
                        self.ended = true;
                        let message =
                            format!("still no end of this line after {} MiB: the rest is not read", MAX_PASSED >> 20);
                        return Some((Load::Trouble(vec![Trouble::record(Code::TooLarge, self.line, message)]), count));
                    }
                    None => self.passing = Some(passed + bytes.len()),
                }
                if self.ended && self.rest.is_empty() {
                    return None;
                }
                continue;
            }
            let Some(end) = end else {
                self.passing = Some(bytes.len());
                self.found = true;
                let message = format!("a line longer than {} MiB", MAX_BYTES >> 20);
                return Some((Load::Trouble(vec![Trouble::record(Code::TooLarge, self.line, message)]), count));
            };
            self.rest.extend_from_slice(&bytes[end..]);
            bytes.truncate(end);
            if bytes.iter().all(u8::is_ascii_whitespace) {
                self.line += breaks(&bytes);
                if !self.ended {
                    continue;
                }
                if self.found {
                    return None;
                }
                self.found = true;
                return Some((Load::Trouble(vec![Trouble::file(Code::Empty, "there is nothing in this file")]), count));
            }
            self.found = true;
            let first = self.line;
            self.line += breaks(&bytes);
            return Some((Load::Lines { bytes, first }, count));
        }
    }

    fn read(&mut self, bytes: &mut Vec<u8>, wanted: usize, count: &mut u64) -> io::Result<()> {
        while bytes.len() < wanted && !self.ended {
            let limit = u64::try_from(wanted - bytes.len()).unwrap_or(u64::MAX);
            let read = (&mut self.reader).take(limit).read_to_end(bytes)?;
            *count += read as u64;
            self.ended = read == 0;
        }
        if !self.begun && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        self.begun = true;
        Ok(())
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

const TOO_LONG: &str = "a row longer than 4 MiB; is a quotation mark not closed?";
const _: () = assert!(MAX_BYTES == 4 << 20, "as the message says");

/// A file of rows.
struct Rows<'a> {
    reader: RowReader<Box<dyn Read + Send + 'a>>,
    header: Arc<Header>,
    ended: bool,
    found: bool,
    /// What kept the rest from being read.
    failed: Option<Trouble>,
}

impl<'a> Rows<'a> {
    fn new(
        mut reader: Box<dyn Read + Send + 'a>,
        columns: &Columns,
        rulebook: &Rulebook,
    ) -> Result<Self, Vec<Trouble>> {
        let mut head = Vec::new();
        let limit = u64::try_from(HEAD).unwrap_or(u64::MAX);
        (&mut reader).take(limit).read_to_end(&mut head).map_err(|error| vec![Trouble::world(error.to_string())])?;
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(vec![Trouble::file(Code::NotUtf8, "this is UTF-16; save the file again as \"CSV UTF-8\"")]);
        }
        while head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        let separator = separator(&head);
        let mut reader: RowReader<Box<dyn Read + Send + 'a>> =
            RowReader::new(Box::new(Cursor::new(head).chain(reader)), separator);
        let mut names = Row::default();
        match reader.read(&mut names) {
            Ok(Step::Row) => {}
            Ok(Step::End) => return Err(vec![Trouble::file(Code::Empty, "there is nothing in this file")]),
            Ok(Step::TooLong(line)) => return Err(vec![Trouble::record(Code::TooLarge, line, TOO_LONG)]),
            Err(error) => return Err(vec![Trouble::world(error.to_string())]),
        }
        if let Some(torn) = names.torn {
            return Err(vec![Trouble::record(Code::Syntax, names.line, format!("{torn} ({})", Torn::HINT))]);
        }
        let header = Arc::new(Header { columns: header(&names, columns, rulebook)? });
        Ok(Self { reader, header, ended: false, found: false, failed: None })
    }

    fn next(&mut self, mut records: Vec<Row>) -> Option<(Load, u64)> {
        if self.ended {
            if let Some(trouble) = self.failed.take() {
                self.found = true;
                return Some((Load::Trouble(vec![trouble]), 0));
            }
            if self.found {
                return None;
            }
            self.found = true;
            return Some((
                Load::Trouble(vec![Trouble::file(Code::Empty, "there are no products under the header")]),
                0,
            ));
        }
        let before = self.reader.count;
        // Room that a very long row left behind is given back.
        records.retain(|record| record.room() < BATCH);
        let (mut count, mut size) = (0, 0);
        while count < ROWS && size < BATCH {
            if records.len() == count {
                records.push(Row::default());
            }
            let record = &mut records[count];
            let step = self.reader.read(record);
            match step {
                Ok(Step::Row) if record.torn.is_some() || record.cells().any(|cell| !cell.trim_ascii().is_empty()) => {
                    size += record.size();
                    count += 1;
                    continue;
                }
                // A spreadsheet often ends with rows that have nothing in them.
                Ok(Step::Row) => continue,
                Ok(Step::End) => {}
                Ok(Step::TooLong(line)) => self.failed = Some(Trouble::record(Code::TooLarge, line, TOO_LONG)),
                Err(error) => self.failed = Some(Trouble::world(error.to_string())),
            }
            self.ended = true;
            break;
        }
        if count == 0 {
            return self.next(records);
        }
        self.found = true;
        let bytes = self.reader.count - before;
        Some((Load::Rows { header: Arc::clone(&self.header), records, count }, bytes))
    }
}

/// What separates the columns: whichever of the three stands most often in the first line, outside quotation marks.
fn separator(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    let blank = head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    for byte in &head[blank..] {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            byte if !quoted => {
                counts.iter_mut().filter(|(separator, _)| separator == byte).for_each(|(_, count)| *count += 1);
            }
            _ => {}
        }
    }
    // Among equals the last is taken, and a comma is the most likely.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}

/// What each column holds, or everything that is wrong with the header.
fn header(names: &Row, wanted: &Columns, rulebook: &Rulebook) -> Result<Vec<Column>, Vec<Trouble>> {
    let mut troubles = Vec::new();
    let mut columns = Vec::new();
    let mut trouble = |code, message: String| troubles.push(Trouble::record(code, names.line, message));
    let mut seen: Vec<&str> = Vec::new();
    for (index, name) in names.cells().enumerate() {
        let Ok(name) = std::str::from_utf8(name).map(str::trim) else {
            trouble(
                Code::NotUtf8,
                format!("the header of column {} is not UTF-8; save the file as \"CSV UTF-8\"", index + 1),
            );
            continue;
        };
        let same = |header: &str| header.trim() == name;
        let mapped = wanted.named.iter().find(|(_, header)| same(header)).map(|(id, _)| id.as_str());
        let id = mapped.unwrap_or(name);
        let column = match id {
            _ if mapped.is_none() && wanted.ignored.iter().any(|header| same(header)) => Column::Ignored,
            "product" => Column::Product,
            "organisation" => Column::Ignored,
            id => match rulebook.question(id) {
                Some((question, _)) => Column::Question(question),
                // Without a header there must not be anything in the column either.
                None if name.is_empty() => Column::Ignored,
                None => {
                    let ids = rulebook.questions.iter().map(|question: &Question| question.id.as_str());
                    let hint = match nearest(name, ids.clone()) {
                        Some(_) => suggestion(name, ids),
                        None => format!("say --column ID=\"{name}\" or --ignore-column \"{name}\""),
                    };
                    trouble(Code::UnknownQuestion, format!("unknown column `{name}` ({hint})"));
                    continue;
                }
            },
        };
        if column != Column::Ignored && seen.contains(&id) {
            let message = format!("`{id}` stands over two columns (leave one out with --ignore-column)");
            trouble(Code::DuplicateKey, message);
        }
        seen.push(id);
        columns.push(column);
    }
    if !columns.contains(&Column::Product) {
        let message = "there is no column `product` (say --column product=\"HEADER\")";
        trouble(Code::MissingKey, message.to_owned());
    }
    for (id, header) in &wanted.named {
        if !names.cells().any(|name| name.trim_ascii() == header.trim().as_bytes()) {
            trouble(Code::MissingKey, format!("there is no column `{header}` to stand for `{id}`"));
        }
    }
    if troubles.is_empty() { Ok(columns) } else { Err(troubles) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<Load> {
        let mut lines = Lines::new(Box::new(Cursor::new(text.to_vec())));
        std::iter::from_fn(|| lines.next(Vec::new()).map(|(load, _)| load)).collect()
    }

    #[test]
    fn lines_longer_than_a_batch_come_whole_and_numbers_go_on() {
        let long = "x".repeat(3 * BATCH);
        let text = format!("\u{feff}\n\n{long}\nb\n\nc");
        let mut found = Vec::new();
        for load in all(text.as_bytes()) {
            let Load::Lines { bytes, first } = load else { panic!("{load:?}") };
            for (line, text) in (first..).zip(bytes.split(|byte| *byte == b'\n')) {
                if !text.is_empty() {
                    found.push((line, text.len()));
                }
            }
        }
        assert_eq!(found, [(3, 3 * BATCH), (4, 1), (6, 1)]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_the_next_is_read() {
        let text = format!("a\n{}\nb\n", "x".repeat(3 * MAX_BYTES));
        let loads = all(text.as_bytes());
        assert!(matches!(&loads[0], Load::Lines { bytes, first: 1 } if bytes == b"a\n"), "{:?}", loads[0]);
        assert!(matches!(&loads[1], Load::Trouble(t) if t[0].line == Some(2)), "{:?}", loads[1]);
        assert!(matches!(&loads[2], Load::Lines { bytes, first: 3 } if bytes == b"b\n"));
        assert_eq!(loads.len(), 3);
    }

    #[test]
    fn nothing_but_blank_lines_is_an_error() {
        for text in ["", "\n\n", "\u{feff}", "  \r\n"] {
            let loads = all(text.as_bytes());
            assert!(matches!(loads.as_slice(), [Load::Trouble(_)]), "{text:?} {loads:?}");
        }
    }

    #[test]
    fn the_separator_is_what_stands_most_often_in_the_first_line() {
        for (head, found) in [
            ("a,b,c\n1;2;3;4", b','),
            ("a;b;c", b';'),
            ("a\tb", b'\t'),
            ("\"a,b,c\";d", b';'),
            ("a", b','),
            ("", b','),
            ("a,b;c", b','),
            ("\r\n\na;b\n1,2,3,4", b';'),
            ("a;b\r1,2,3,4", b';'),
        ] {
            assert_eq!(separator(head.as_bytes()), found, "{head:?}");
        }
    }
}
