//! Rows of tables cut into batches, whether they come from text or from a workbook.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use super::load::{BATCH, Load, ROWS, Reading, Table, Trouble};
use super::quotes::Torn;
use super::rows::{Row, RowReader, Step};
use crate::intake::table::suggest::Sample;
use crate::intake::table::text::separator;
#[cfg(feature = "workbooks")]
use crate::intake::table::workbook::{self, Sheet};
use crate::intake::table::{Header, Mapping};
use crate::problem::{Code, Problem};
use crate::yaml::MAX_BYTES;

const TOO_LONG: &str = "a row longer than 4 MiB; is a quotation mark not closed?";
const _: () = assert!(MAX_BYTES == 4 << 20, "as the message says");

/// The rows of a table.
pub(super) struct Rows<'a> {
    from: From<'a>,
    table: Arc<Table>,
    skip: &'a [u64],
    begun: bool,
    ended: bool,
    found: bool,
    /// What kept the rest from being read.
    failed: Option<Trouble>,
}

/// A table that is cut into rows, with the sheet it is and the others beside it if it is that of a workbook.
pub(super) type Cut<'a> = (From<'a>, Option<(String, Vec<String>)>);

/// Where rows come from.
pub(super) enum From<'a> {
    Text(Box<RowReader<Box<dyn Read + Send + 'a>>>),
    /// A sheet, and the next of its rows.
    #[cfg(feature = "workbooks")]
    Sheet(Box<Sheet>, usize),
}

impl From<'_> {
    fn read(&mut self, row: &mut Row) -> io::Result<Step> {
        match self {
            Self::Text(reader) => reader.read(row),
            #[cfg(feature = "workbooks")]
            Self::Sheet(sheet, next) => Ok(sheet.row(*next).map_or(Step::End, |(number, cells)| {
                row.fill(number, cells);
                *next += 1;
                Step::Row
            })),
        }
    }

    /// How many bytes were read.
    fn count(&self) -> u64 {
        match self {
            Self::Text(reader) => reader.count,
            #[cfg(feature = "workbooks")]
            Self::Sheet(..) => 0,
        }
    }
}

/// Cuts a text that begins so into rows.
pub(super) fn of_text<'a>(reader: Box<dyn Read + Send + 'a>, mut head: Vec<u8>, mapping: &Mapping) -> Cut<'a> {
    let (separator, line) = separator(&head);
    head.drain(..line);
    let separator = mapping.separator.unwrap_or(separator);
    let text: Box<dyn Read + Send + 'a> = Box::new(Cursor::new(head).chain(reader));
    (From::Text(Box::new(RowReader::new(text, separator, u64::from(line > 0)))), None)
}

/// Cuts a workbook, of which the beginning was read, into rows.
#[cfg(feature = "workbooks")]
pub(super) fn of_workbook<'a>(
    mut reader: Box<dyn Read + Send + 'a>,
    mut bytes: Vec<u8>,
    mapping: &Mapping,
) -> Result<Cut<'a>, Trouble> {
    super::load::read(&mut reader, workbook::MAX_FILE + 1, &mut bytes)?;
    let sheet = workbook::read(&bytes, mapping.sheet.as_deref());
    let mut sheet = sheet.map_err(|problem| Trouble::of(None, vec![problem]))?;
    let names = (std::mem::take(&mut sheet.name), std::mem::take(&mut sheet.others));
    Ok((From::Sheet(Box::new(sheet), 0), Some(names)))
}

/// Without the library that reads them.
#[cfg(not(feature = "workbooks"))]
pub(super) fn of_workbook<'a>(_: Box<dyn Read + Send + 'a>, _: Vec<u8>, _: &Mapping) -> Result<Cut<'a>, Trouble> {
    Err(super::load::foreign("an archive or a workbook, and this program was built without them", "save it as CSV"))
}

/// The header of a table, with its line.
fn names(from: &mut From<'_>, mapping: &Mapping) -> Result<(Vec<String>, u64), Trouble> {
    let mut names = Row::default();
    let wanted = mapping.header_row;
    loop {
        match from.read(&mut names) {
            Ok(Step::Row) if wanted.is_some_and(|wanted| names.number < wanted) => {}
            Ok(Step::Row) if wanted.is_some_and(|wanted| names.number > wanted) => {
                let message = format!("row {} has nothing in it, so it is no header", wanted.unwrap_or_default());
                return Err(Trouble::file(Code::Empty, message));
            }
            Ok(Step::Row) => break,
            Ok(Step::End) => return Err(Trouble::file(Code::Empty, "there is nothing in this file")),
            Ok(Step::TooLong(line)) => return Err(Trouble::record(Code::TooLarge, line, TOO_LONG)),
            Err(error) => return Err(Trouble::io(&error)),
        }
    }
    if let Some(torn) = names.torn {
        let problem = Problem::anywhere(Code::Syntax, torn.to_string()).hint(Torn::HINT);
        return Err(Trouble::of(Some(names.line), vec![problem]));
    }
    let mut problems = Vec::new();
    let texts = names.cells().enumerate().map(|(index, cell)| match std::str::from_utf8(cell) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let message = format!("the header of column {} is not UTF-8", index + 1);
            problems.push(Problem::anywhere(Code::NotUtf8, message).hint(NOT_UTF8));
            String::new()
        }
    });
    let texts = texts.collect();
    if problems.is_empty() { Ok((texts, names.line)) } else { Err(Trouble::of(Some(names.line), problems)) }
}

/// A table as it is.
pub(super) fn sample((mut from, _): Cut<'_>, mapping: &Mapping) -> Result<Sample, Trouble> {
    let (names, _) = names(&mut from, mapping)?;
    let mut sample = Sample { names, cells: Vec::new() };
    let mut row = Row::default();
    while let Step::Row = from.read(&mut row).map_err(|error| Trouble::io(&error))? {
        if !mapping.skip_rows.contains(&row.number) && row.torn.is_none() {
            sample.add(row.cells().map(|cell| String::from_utf8_lossy(cell).into_owned()));
        }
    }
    Ok(sample)
}

impl<'a> Rows<'a> {
    pub(super) fn new((mut from, sheet): Cut<'a>, reading: Reading<'a>) -> Result<Self, Trouble> {
        let (names, line) = names(&mut from, reading.mapping)?;
        let header = Header::new(names, reading.mapping, reading.words, reading.rulebook);
        let header = header.map_err(|problems| Trouble::of(Some(line), problems))?;
        let table = Arc::new(Table { header, sheet });
        let skip = reading.mapping.skip_rows.as_slice();
        Ok(Self { from, table, skip, begun: false, ended: false, found: false, failed: None })
    }

    pub(super) fn next(&mut self, mut records: Vec<Row>) -> Option<(Load, u64)> {
        if !self.begun {
            self.begun = true;
            return Some((Load::Table(Arc::clone(&self.table)), 0));
        }
        if self.ended {
            if let Some(trouble) = self.failed.take() {
                self.found = true;
                return Some((Load::Trouble(trouble), 0));
            }
            if self.found {
                return None;
            }
            self.found = true;
            return Some((Load::Trouble(Trouble::file(Code::Empty, "there are no products under the header")), 0));
        }
        let before = self.from.count();
        // Room that a very long row left behind is given back.
        records.retain(|record| record.room() < BATCH);
        let (mut count, mut size) = (0, 0);
        while count < ROWS && size < BATCH {
            if records.len() == count {
                records.push(Row::default());
            }
            let record = &mut records[count];
            let step = self.from.read(record);
            match step {
                Ok(Step::Row) if self.skip.contains(&record.number) => continue,
                Ok(Step::Row) if record.torn.is_some() || record.cells().any(|cell| !cell.trim_ascii().is_empty()) => {
                    size += record.size();
                    count += 1;
                    continue;
                }
                // A spreadsheet often ends with rows that have nothing in them.
                Ok(Step::Row) => continue,
                Ok(Step::End) => {}
                Ok(Step::TooLong(line)) => self.failed = Some(Trouble::record(Code::TooLarge, line, TOO_LONG)),
                Err(error) => self.failed = Some(Trouble::io(&error)),
            }
            self.ended = true;
            break;
        }
        if count == 0 {
            return self.next(records);
        }
        self.found = true;
        let bytes = self.from.count() - before;
        Some((Load::Rows { table: Arc::clone(&self.table), records, count }, bytes))
    }
}

/// What to do about text that is something else.
pub(super) const NOT_UTF8: &str =
    "save the file as \"CSV UTF-8\", or say --encoding windows-1252 if that is how it was written";
