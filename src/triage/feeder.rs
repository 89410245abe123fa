//! Files cut into batches: lines and elements of JSON, rows of tables, and whole files, in the order they were named. No
//! more than a batch is held at a time, and no record may be longer than a file of its own could be, so that memory does
//! not grow with the input.

use std::collections::VecDeque;
use std::io::{Cursor, Read};
use std::ops::Range;
use std::sync::Arc;

use super::batch::{Batch, BatchContent, ROWS};
use super::input::{InputFile, InputShape};
use super::input_error::{ErrorCause, InputError, read};
use super::job::Job;
use super::lines::LineReader;
use super::reader::lines;
use super::tables::{OpenTable, Rows, of_text, of_workbook};
use crate::intake::json;
use crate::intake::kind::{FileKind, HEAD, file_kind, own_file_problem, unsupported};
use crate::intake::table::TableFormat;
use crate::intake::table::suggest::Sample;
use crate::intake::table::text::{Encoding, decode};
use crate::problem::{Code, Problem};

/// The most whole files of a batch.
const FILES: usize = 16;
/// The most bytes of an array, which is read whole to know that it is one.
const MAX_ARRAY: usize = 64 << 20;

pub(super) struct Feeder<'a> {
    job: &'a Job<'a>,
    next: usize,
    current: Option<Current<'a>>,
    /// The other sheets to read of the same workbook.
    sheets: VecDeque<Rows<'a>>,
}

/// A file that is read bit by bit.
enum Current<'a> {
    Lines(LineReader<'a>),
    Rows(Rows<'a>),
    Elements(Arc<Vec<u8>>, std::vec::IntoIter<(Range<usize>, u64)>),
}

impl<'a> Feeder<'a> {
    pub(super) fn new(job: &'a Job<'a>) -> Self {
        Self { job, next: 0, current: None, sheets: VecDeque::new() }
    }

    /// The next batch, in the buffers of one that is no longer needed.
    pub(super) fn next(&mut self, mut spent: Option<BatchContent>) -> Option<Batch> {
        loop {
            let content = match &mut self.current {
                Some(Current::Lines(lines)) => lines.next(match spent.take() {
                    Some(BatchContent::Lines { bytes, .. }) => bytes,
                    _ => Vec::new(),
                }),
                Some(Current::Rows(table)) => table.next(match spent.take() {
                    Some(BatchContent::Rows { rows, .. }) => rows,
                    _ => Vec::new(),
                }),
                Some(Current::Elements(bytes, rest)) => {
                    let found: Vec<_> = rest.by_ref().take(ROWS).collect();
                    (!found.is_empty()).then(|| BatchContent::Elements { bytes: Arc::clone(bytes), found })
                }
                None => None,
            };
            if let Some(content) = content {
                return Some(Batch { input: self.next - 1, content });
            }
            self.current = self.sheets.pop_front().map(Current::Rows);
            if self.current.is_some() {
                continue;
            }
            let first = self.next;
            let inputs = self.job.inputs;
            let input = inputs.get(first)?;
            self.next += 1;
            if input.is_whole() {
                self.next += inputs[self.next..].iter().take(FILES - 1).take_while(|input| input.is_whole()).count();
                return Some(Batch { input: first, content: BatchContent::Files(first..self.next) });
            }
            match self.begin(input) {
                Ok(current) => self.current = Some(current),
                Err(error) => return Some(Batch { input: first, content: BatchContent::Error(error) }),
            }
        }
    }

    /// Looks at what a file is, and begins to read it: a table, or each sheet of a workbook, as the one form that fits it.
    fn begin(&mut self, input: &InputFile) -> Result<Current<'a>, InputError> {
        let formats = self.job.table_formats;
        let [_, _, ..] = formats else { return self.begin_as(input, 0) };
        let (mut fitting, mut errors) = (Vec::new(), Vec::new());
        for (index, format) in formats.iter().enumerate() {
            let name = format.name.as_deref().unwrap_or_default();
            match self.begin_as(input, index) {
                Ok(Current::Rows(table)) => fitting.push((name, table)),
                Ok(other) => return Ok(other),
                Err(error) => errors.push((name, error)),
            }
        }
        let twice = fitting.iter().enumerate().find_map(|(index, (one, table))| {
            let other = fitting[..index].iter().find(|(_, other)| other.sheet_name() == table.sheet_name())?;
            Some((other.0, one))
        });
        if let Some((one, other)) = twice {
            let message = format!("both `{one}` and `{other}` fit this table");
            let hint =
                "map a column in each that the other form does not have, or triage this file in a run of its own";
            return Err(Problem::anywhere(Code::DuplicateKey, message).hint(hint).into());
        }
        let read: Vec<String> = fitting.iter().filter_map(|(_, table)| table.sheet_name().map(str::to_owned)).collect();
        self.sheets.extend(fitting.into_iter().map(|(_, table)| table.beside(&read)));
        if let Some(table) = self.sheets.pop_front() {
            return Ok(Current::Rows(table));
        }
        // What is wrong in every form is not about the form.
        if let Some((_, first)) = errors.first().filter(|(_, first)| errors.iter().all(|(_, other)| other == first)) {
            return Err(first.clone());
        }
        let hint = "if this is another form, give its mapping with one more --mapping";
        let none =
            |more: &str| Problem::anywhere(Code::MissingKey, format!("no mapping fits this table{more}")).hint(hint);
        let columns = |format: usize| formats[format].mapping.columns.len();
        let lacking = errors.into_iter().enumerate().map(|(format, (name, error))| {
            (error.lacking_columns().filter(|lacking| *lacking <= columns(format)), name, error)
        });
        match lacking.min_by_key(|(lacking, ..)| lacking.unwrap_or(usize::MAX)) {
            Some((Some(_), name, InputError { line, cause: ErrorCause::Problems(mut problems) })) => {
                problems.insert(0, none(&format!("; `{name}` fits best, but for what follows")));
                Err(InputError::of(line, problems))
            }
            _ => Err(none(" or comes near").into()),
        }
    }

    /// Begins to read a file, if it is a table one of this form.
    fn begin_as(&self, input: &InputFile, format: usize) -> Result<Current<'a>, InputError> {
        let reader = (self.job.open)(&input.path).map_err(InputError::io)?;
        Ok(match opened(input.shape, reader, &self.job.table_formats[format])? {
            Opened::Lines(reader) => Current::Lines(LineReader::new(reader)),
            Opened::Array(bytes) => {
                let found = array(&input.name, &bytes)?;
                Current::Elements(Arc::new(bytes), found.into_iter())
            }
            Opened::Table(table) => Current::Rows(Rows::new(table, format, self.job)?),
        })
    }
}

enum Opened<'a> {
    Lines(Box<dyn Read + Send + 'a>),
    Array(Vec<u8>),
    Table(OpenTable<'a>),
}

/// Looks at what a file is that is read bit by bit.
fn opened<'a>(
    shape: InputShape,
    mut reader: Box<dyn Read + Send + 'a>,
    format: &TableFormat,
) -> Result<Opened<'a>, InputError> {
    let mapping = &format.mapping;
    let mut head = Vec::new();
    read(&mut reader, HEAD, &mut head)?;
    let encoding = match file_kind(&head) {
        // A mark says more than a person who speaks of many files at once.
        FileKind::Text(Encoding::Utf8) if !head.starts_with(b"\xef\xbb\xbf") => {
            mapping.encoding.unwrap_or(Encoding::Utf8)
        }
        FileKind::Text(encoding) => encoding,
        FileKind::Archive => return of_workbook(reader, head, mapping).map(Opened::Table),
        FileKind::Unsupported(what, hint) => return Err(unsupported(what, hint).into()),
    };
    let mut reader: Box<dyn Read + Send + 'a> = decode(Cursor::new(head).chain(reader), encoding);
    let mut head = Vec::new();
    read(&mut reader, HEAD, &mut head)?;
    while head.starts_with(b"\xef\xbb\xbf") {
        head.drain(..3);
    }
    if json::starts_array(&head) {
        read(&mut reader, MAX_ARRAY + 1, &mut head)?;
        return Ok(Opened::Array(head));
    }
    if shape == InputShape::Lines || head.trim_ascii_start().starts_with(b"{") {
        if let Some(problem) = lines(&head).next().and_then(|(_, first)| own_file_problem(first)) {
            return Err(problem.into());
        }
        return Ok(Opened::Lines(Box::new(Cursor::new(head).chain(reader))));
    }
    Ok(Opened::Table(of_text(reader, head, format)))
}

/// A table as it is.
///
/// # Errors
/// What keeps the file from being read as one, in lines for a person.
pub fn sample(input: &InputFile, from: impl Read + Send, format: &TableFormat) -> Result<Sample, Vec<String>> {
    let sample = match opened(input.shape, Box::new(from), format) {
        Ok(Opened::Table(table)) => table.sample(&format.mapping),
        Ok(_) => Err(unsupported("JSON, and no table", "it takes ids and values as they are").into()),
        Err(error) => Err(error),
    };
    sample.map_err(|error| match error.cause {
        ErrorCause::Io(reason) => vec![reason],
        ErrorCause::Problems(problems) => {
            problems.iter().map(|problem| format!("{}: {}", input.name, problem.in_a_line())).collect()
        }
    })
}

/// The elements of a file that begins as an array does.
pub(super) fn array(name: &str, bytes: &[u8]) -> Result<Vec<(Range<usize>, u64)>, InputError> {
    if bytes.len() > MAX_ARRAY {
        let problem = Problem::anywhere(Code::TooLarge, format!("an array larger than {} MiB", MAX_ARRAY >> 20));
        return Err(problem.hint("write one product on each line of a `.jsonl` file").into());
    }
    if let Some(problem) = json::syntax_error(name, 1, bytes) {
        return Err(problem.into());
    }
    let found = json::array_elements(bytes);
    let Some((first, _)) = found.first() else {
        return Err(InputError::file(Code::Empty, "there are no products in this array"));
    };
    own_file_problem(&bytes[first.clone()]).map_or(Ok(found), |problem| Err(problem.into()))
}
