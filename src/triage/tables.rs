//! Rows of tables cut into batches, whether they come from text or from a workbook.

use std::io::{Cursor, Read};
use std::sync::Arc;

use super::batch::{BATCH, BatchContent, InputTable, ROWS, SHEETS};
use super::input_error::InputError;
use super::job::Job;
use super::rows::{InputRow, RowReader};
use crate::intake::kind;
use crate::intake::table::header::count_known_headers;
use crate::intake::table::suggest::Sample;
use crate::intake::table::text::{SEPARATORS, detect_separator};
#[cfg(feature = "workbooks")]
use crate::intake::table::workbook;
use crate::intake::table::{CellWords, Header, Mapping, SheetFacts, TableFormat};
use crate::problem::{Code, Problem};

/// The number of rows searched for a likelier header.
const SEARCHED: usize = 20;

/// A table before its header is read.
pub(super) struct OpenTable<'a> {
    next_row: NextRow<'a>,
    sheet: Option<SheetFacts>,
}

/// Replaces a row by the next one. Returns whether there was one.
type NextRow<'a> = Box<dyn FnMut(&mut InputRow) -> Result<bool, InputError> + Send + 'a>;

/// Cuts a text that begins with `head` into rows.
pub(super) fn of_text<'a>(
    reader: Box<dyn Read + Send + 'a>,
    mut head: Vec<u8>,
    TableFormat { mapping, words, .. }: &TableFormat,
) -> OpenTable<'a> {
    let (likeliest, line) = detect_separator(&head);
    head.drain(..line);
    // Prompts have commas and semicolons in them. So what cuts the header into known ones goes before what is frequent.
    let known = |separator: &u8| {
        let header = cut(Cursor::new(head.as_slice()), *separator, 0).header(mapping);
        header.map_or(0, |(names, _)| count_known_headers(&names, mapping, words))
    };
    let guessed = || SEPARATORS.into_iter().max_by_key(|separator| (known(separator), *separator == likeliest));
    let stated = mapping.separator.or((line > 0).then_some(likeliest));
    let separator = stated.or_else(guessed).unwrap_or(likeliest);
    cut(Cursor::new(head).chain(reader), separator, u64::from(line > 0))
}

/// Cuts a text into rows.
fn cut<'a>(text: impl Read + Send + 'a, separator: u8, lines_before: u64) -> OpenTable<'a> {
    let mut reader = RowReader::new(text, separator, lines_before);
    OpenTable { next_row: Box::new(move |row| reader.read(row)), sheet: None }
}

/// Cuts a workbook that begins with `bytes` into rows.
#[cfg(feature = "workbooks")]
pub(super) fn of_workbook<'a>(
    mut reader: Box<dyn Read + Send + 'a>,
    mut bytes: Vec<u8>,
    mapping: &Mapping,
) -> Result<OpenTable<'a>, InputError> {
    super::input_error::read(&mut reader, workbook::MAX_FILE + 1, &mut bytes)?;
    let mut sheet = workbook::read(&bytes, mapping.sheet.as_deref())?;
    let facts = std::mem::take(&mut sheet.facts);
    let mut index = 0;
    let next_row = move |row: &mut InputRow| {
        let Some((number, cells)) = sheet.row(index) else { return Ok(false) };
        row.fill(number, cells, sheet.formula_faults(index));
        index += 1;
        Ok(true)
    };
    Ok(OpenTable { next_row: Box::new(next_row), sheet: Some(facts) })
}

/// Refuses it, without the library that reads workbooks.
#[cfg(not(feature = "workbooks"))]
pub(super) fn of_workbook<'a>(
    _: Box<dyn Read + Send + 'a>,
    _: Vec<u8>,
    _: &Mapping,
) -> Result<OpenTable<'a>, InputError> {
    Err(kind::unsupported("an archive or a workbook, and this program was built without them", "save it as CSV").into())
}

impl OpenTable<'_> {
    fn header(&mut self, mapping: &Mapping) -> Result<(Vec<String>, u64), InputError> {
        let mut row = InputRow::default();
        let wanted = mapping.header_row.unwrap_or(0);
        while row.number < wanted || row.number == 0 {
            if !(self.next_row)(&mut row)? {
                if wanted == 0 {
                    return Err(InputError::file(Code::Empty, "there is nothing in this file"));
                }
                let problem = Problem::anywhere(Code::Empty, format!("there is no row {wanted}"));
                let hint = "name the row of the header in `header_row`, or with --header-row";
                return Err(problem.hint(hint).into());
            }
        }
        if wanted > 0 && row.number > wanted {
            let message = format!("row {wanted} has nothing in it, so it is no header");
            return Err(InputError::file(Code::Empty, message));
        }
        if let Some(fault) = row.quote_fault {
            return Err(InputError::of(Some(row.line), vec![fault.problem()]));
        }
        let mut problems = Vec::new();
        let texts = row.cells().enumerate().map(|(index, cell)| {
            let text = std::str::from_utf8(cell);
            if text.is_err() {
                let message = format!("the header of column {} is not UTF-8", index + 1);
                problems.push(Problem::anywhere(Code::NotUtf8, message).hint(NOT_UTF8));
            }
            text.unwrap_or_default().to_owned()
        });
        let texts = texts.collect();
        if problems.is_empty() { Ok((texts, row.line)) } else { Err(InputError::of(Some(row.line), problems)) }
    }

    /// A later row that looks more like the header, as a problem that says how to have it read as one.
    fn likelier_header(&mut self, names: &[String], mapping: &Mapping, words: &CellWords) -> Option<Problem> {
        let (mut row, mut likeliest, mut most) =
            (InputRow::default(), None, count_known_headers(names, mapping, words).max(1));
        for _ in 0..SEARCHED {
            if !matches!((self.next_row)(&mut row), Ok(true)) {
                break;
            }
            let cells: Vec<String> = row.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            let count = count_known_headers(&cells, mapping, words);
            if count > most {
                (most, likeliest) = (count, Some(row.number));
            }
        }
        let row = likeliest?;
        let message = format!("row {row} looks more like the header than this one");
        Some(Problem::anywhere(Code::MissingKey, message).hint(format!("use --header-row {row}")))
    }

    pub(super) fn sample(mut self, mapping: &Mapping) -> Result<Sample, InputError> {
        let (names, _) = self.header(mapping)?;
        let mut sample = Sample::new(names);
        let mut row = InputRow::default();
        while (self.next_row)(&mut row)? {
            if row.cells().any(|cell| std::str::from_utf8(cell).is_err()) {
                let problem = Problem::anywhere(Code::NotUtf8, "a cell is not UTF-8").hint(NOT_UTF8);
                return Err(InputError::of(Some(row.line), vec![problem]));
            }
            if !mapping.skip_rows.contains(&row.number) && row.quote_fault.is_none() {
                // An error of a formula is not a word to map.
                let cells = row.cells().enumerate().map(|(column, cell)| {
                    let text = String::from_utf8_lossy(cell);
                    if row.formula_faults.contains(&column) { String::new() } else { text.into_owned() }
                });
                sample.add(row.number, cells.collect());
            }
        }
        Ok(sample)
    }
}

pub(super) struct Rows<'a> {
    table: Arc<InputTable>,
    next_row: NextRow<'a>,
    skip: &'a [u64],
    /// Content to hand out before the next rows.
    before: Option<BatchContent>,
    ended: bool,
    /// Whether any row or error was found.
    found: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn new(mut table: OpenTable<'a>, format: usize, job: &Job<'a>) -> Result<Self, InputError> {
        let table_format = &job.table_formats[format];
        let TableFormat { mapping, words, .. } = table_format;
        let (names, line) = table.header(mapping)?;
        let is_result = ["source", "outcome", "error"].iter().all(|field| names.iter().any(|name| name == field));
        let is_ours = |sheet: &SheetFacts| sheet.name == SHEETS[0] && sheet.others == SHEETS[1..];
        if is_result || mapping.sheet.is_none() && table.sheet.as_ref().is_some_and(is_ours) {
            return Err(kind::result_problem().into());
        }
        let header = Header::new(names.clone(), job.carried, table_format, job.compiled.rulebook);
        // Problems with a row that is not the header would only confuse.
        let header = header.map_err(|problems| {
            let other = table.likelier_header(&names, mapping, words);
            InputError::of(Some(line), other.map_or(problems, |other| vec![other]))
        })?;
        let OpenTable { next_row, sheet } = table;
        let table = Arc::new(InputTable { format, header, line, skipped: mapping.skip_rows.clone(), sheet });
        let before = Some(BatchContent::Table(Arc::clone(&table)));
        Ok(Self { table, next_row, skip: &mapping.skip_rows, before, ended: false, found: false })
    }

    pub(super) fn sheet_name(&self) -> Option<&str> {
        self.table.sheet.as_ref().map(|sheet| sheet.name.as_str())
    }

    /// The same, with these sheets of the workbook no longer among those that are not read.
    pub(super) fn beside(mut self, read: &[String]) -> Self {
        // It shares the table, which can be changed only while nothing else has it.
        self.before = None;
        if let Some(sheet) = Arc::get_mut(&mut self.table).and_then(|table| table.sheet.as_mut()) {
            sheet.others.retain(|other| !read.contains(other));
            sheet.hidden_sheets.retain(|other| !read.contains(other));
        }
        self.before = Some(BatchContent::Table(Arc::clone(&self.table)));
        self
    }

    /// The next batch. It reuses the rows of an earlier one.
    pub(super) fn next(&mut self, mut rows: Vec<InputRow>) -> Option<BatchContent> {
        if self.ended || self.before.is_some() {
            return self.before.take();
        }
        // Room that a very long row left behind is given back.
        rows.retain(|row| row.room() < BATCH);
        let (mut count, mut size) = (0, 0);
        while count < ROWS && size < BATCH && !self.ended {
            if rows.len() == count {
                rows.push(InputRow::default());
            }
            let row = &mut rows[count];
            match (self.next_row)(row) {
                Ok(true) if self.skip.contains(&row.number) || row.is_blank(&self.table.header) => {}
                Ok(true) => {
                    size += row.size();
                    count += 1;
                }
                Ok(false) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    self.before = Some(BatchContent::Error(error));
                }
            }
        }
        self.found |= count > 0 || self.before.is_some();
        if !self.found {
            self.before =
                Some(BatchContent::Error(InputError::file(Code::Empty, "there are no products under the header")));
        }
        if count == 0 {
            return self.before.take();
        }
        rows.truncate(count);
        Some(BatchContent::Rows { table: Arc::clone(&self.table), rows })
    }
}

pub(super) const NOT_UTF8: &str =
    "save the file as \"CSV UTF-8\", or use --encoding windows-1252 if that is how it was written";
