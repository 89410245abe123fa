//! Files cut into batches: lines and elements of JSON, rows of tables, and whole files, in the order they were named. No
//! more than a batch is held at a time, and no record may be longer than a file of its own could be, so that memory does
//! not grow with the input.

use std::io::{self, Cursor, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::lines::Lines;
use super::rows::Row;
use super::tables::{Cut, Rows, Table, of_text, of_workbook};
use crate::intake::json;
use crate::intake::kind::{FileKind, HEAD, kind};
use crate::intake::table::suggest::Sample;
use crate::intake::table::text::{Encoding, decoded};
use crate::intake::table::{CellWords, Mapping};
use crate::problem::{Code, Problem};
use crate::rulebook::Rulebook;

/// About as many bytes as a batch of lines has.
pub(super) const BATCH: usize = 128 << 10;
/// The most rows of a batch, and elements of an array.
pub(super) const ROWS: usize = 512;
/// The most whole files of a batch.
const FILES: usize = 16;
/// The most bytes of an array, which is read whole to know that it is one.
const MAX_ARRAY: usize = 64 << 20;

/// How a file holds products, by its name. Its bytes may say something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One product: an answers file.
    Document,
    /// One product or an array of them, in JSON.
    Json,
    /// One product a line, in JSON.
    Lines,
    /// One product a row: CSV, or a workbook.
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

/// How files are opened. The error is one line for a person.
pub type Open<'a> = dyn Fn(&Path) -> Result<Box<dyn Read + Send + 'a>, String> + Sync + 'a;

/// Something to work on.
#[derive(Debug)]
pub(super) enum Load {
    /// Lines, the first of which has this number.
    Lines { bytes: Vec<u8>, first: u64 },
    /// Elements of an array, each with the line it begins in.
    Elements { bytes: Arc<Vec<u8>>, found: Vec<(Range<usize>, u64)> },
    /// A table begins.
    Table(Arc<Table>),
    /// The first so many of these are rows of one table.
    Rows { table: Arc<Table>, records: Vec<Row>, count: usize },
    /// Whole files, by their indexes.
    Files(Range<usize>),
    /// What keeps a file, or the rest of it, from being read.
    Trouble(Trouble),
}

/// Something wrong that is not an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// The line, if it is that of one record or of a header.
    pub(super) line: Option<u64>,
    /// What is wrong with the file, or why the world does not let it be read.
    pub(super) why: Result<Vec<Problem>, String>,
}

impl Trouble {
    pub(super) fn file(code: Code, message: impl Into<String>) -> Self {
        Self::of(None, vec![Problem::anywhere(code, message)])
    }

    pub(super) fn record(code: Code, line: u64, message: impl Into<String>) -> Self {
        Self::of(Some(line), vec![Problem::anywhere(code, message)])
    }

    pub(super) fn of(line: Option<u64>, problems: Vec<Problem>) -> Self {
        Self { line, why: Ok(problems) }
    }

    pub(super) fn world(message: impl Into<String>) -> Self {
        Self { line: None, why: Err(message.into()) }
    }

    /// What a reader says: the world, or text that is not what it was taken for.
    pub(super) fn io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::file(Code::NotUtf8, error.to_string()),
            _ => Self::world(error.to_string()),
        }
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

/// What tables are read by.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) words: &'a CellWords,
    pub(super) rulebook: &'a Rulebook,
}

/// Cuts inputs into batches.
pub(super) struct Feeder<'a> {
    inputs: &'a [Input],
    next: usize,
    open: &'a Open<'a>,
    reading: Reading<'a>,
    current: Option<Current<'a>>,
}

enum Current<'a> {
    Lines(Lines<'a>),
    Rows(Box<Rows<'a>>),
    Elements(Arc<Vec<u8>>, std::vec::IntoIter<(Range<usize>, u64)>),
}

impl<'a> Feeder<'a> {
    pub(super) fn new(inputs: &'a [Input], open: &'a Open<'a>, reading: Reading<'a>) -> Self {
        Self { inputs, next: 0, open, reading, current: None }
    }

    /// The next batch.
    pub(super) fn next(&mut self, mut spent: Spent) -> Option<Batch> {
        loop {
            let found = match &mut self.current {
                Some(Current::Lines(lines)) => lines.next(std::mem::take(&mut spent.bytes)),
                Some(Current::Rows(rows)) => rows.next(std::mem::take(&mut spent.records)),
                Some(Current::Elements(bytes, rest)) => {
                    let found: Vec<_> = rest.by_ref().take(ROWS).collect();
                    (!found.is_empty()).then(|| (Load::Elements { bytes: Arc::clone(bytes), found }, 0))
                }
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
        let whole = |input: &Input| matches!(input.shape, Shape::Document | Shape::Json);
        if whole(input) {
            let more = self.inputs[self.next..].iter().take(FILES - 1);
            self.next += more.take_while(|input| whole(input)).count();
            return Some(Ok(Batch { input: first, load: Load::Files(first..self.next), bytes: 0 }));
        }
        let begun = self.begin(input);
        let trouble = |trouble| Batch { input: first, load: Load::Trouble(trouble), bytes: 0 };
        Some(begun.map_or_else(|why| Ok(trouble(why)), Err))
    }

    /// Looks at what a file is, and begins to read it.
    fn begin(&self, input: &Input) -> Result<Current<'a>, Trouble> {
        let reader = (self.open)(&input.path).map_err(Trouble::world)?;
        Ok(match opened(input.shape, reader, self.reading.mapping)? {
            Opened::Lines(reader) => Current::Lines(Lines::new(reader)),
            Opened::Array(bytes) => {
                let found = array(&input.name, &bytes)?;
                Current::Elements(Arc::new(bytes), found.into_iter())
            }
            Opened::Table(cut) => Current::Rows(Box::new(Rows::new(cut, self.reading)?)),
        })
    }
}

/// What a file turned out to be.
enum Opened<'a> {
    Lines(Box<dyn Read + Send + 'a>),
    Array(Vec<u8>),
    Table(Cut<'a>),
}

/// Looks at what a file is that is read bit by bit.
fn opened<'a>(shape: Shape, mut reader: Box<dyn Read + Send + 'a>, mapping: &Mapping) -> Result<Opened<'a>, Trouble> {
    let mut head = Vec::new();
    read(&mut reader, HEAD, &mut head)?;
    let encoding = match kind(&head) {
        FileKind::Text(Encoding::Utf8) => mapping.encoding.unwrap_or(Encoding::Utf8),
        FileKind::Text(encoding) => encoding,
        FileKind::Archive => return of_workbook(reader, head, mapping).map(Opened::Table),
        FileKind::Foreign(what, hint) => return Err(foreign(what, hint)),
    };
    let mut reader: Box<dyn Read + Send + 'a> = decoded(Cursor::new(head).chain(reader), encoding);
    let mut head = Vec::new();
    read(&mut reader, HEAD, &mut head)?;
    while head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    if json::is_array(&head) {
        read(&mut reader, MAX_ARRAY + 1, &mut head)?;
        return Ok(Opened::Array(head));
    }
    if shape == Shape::Lines || head.trim_ascii_start().starts_with(b"{") {
        return Ok(Opened::Lines(Box::new(Cursor::new(head).chain(reader))));
    }
    Ok(Opened::Table(of_text(reader, head, mapping)))
}

/// A table as it is.
///
/// # Errors
/// What keeps the file from being read as one, in lines for a person.
pub fn sample(input: &Input, from: impl Read + Send, mapping: &Mapping) -> Result<Sample, Vec<String>> {
    let sample = match opened(input.shape, Box::new(from), mapping) {
        Ok(Opened::Table(cut)) => super::tables::sample(cut, mapping),
        Ok(_) => Err(foreign("JSON, and no table", "it takes ids and values as they are")),
        Err(trouble) => Err(trouble),
    };
    sample.map_err(|trouble| match trouble.why {
        Err(world) => vec![world],
        Ok(problems) => problems.iter().map(|problem| format!("{}: {}", input.name, problem.in_a_line())).collect(),
    })
}

/// Reads so many bytes more, or to the end.
pub(super) fn read(from: &mut impl Read, limit: usize, into: &mut Vec<u8>) -> Result<(), Trouble> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    from.take(limit).read_to_end(into).map(drop).map_err(|error| Trouble::io(&error))
}

/// A file that is something else.
pub(super) fn foreign(what: &str, hint: &str) -> Trouble {
    Trouble::of(None, vec![Problem::anywhere(Code::Unsupported, format!("this is {what}")).hint(hint)])
}

/// The elements of a file that begins as an array does.
pub(super) fn array(name: &str, bytes: &[u8]) -> Result<Vec<(Range<usize>, u64)>, Trouble> {
    if bytes.len() > MAX_ARRAY {
        let problem = Problem::anywhere(Code::TooLarge, format!("an array larger than {} MiB", MAX_ARRAY >> 20));
        return Err(Trouble::of(None, vec![problem.hint("write one product on each line of a `.jsonl` file")]));
    }
    if let Some(problem) = json::fault(name, 1, bytes) {
        return Err(Trouble::of(None, vec![problem]));
    }
    let found = json::elements(bytes);
    if found.is_empty() { Err(Trouble::file(Code::Empty, "there are no products in this array")) } else { Ok(found) }
}
