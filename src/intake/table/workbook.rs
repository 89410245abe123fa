//! Workbooks (XLSX) → rows of text, behind a guard.
//!
//! The library that reads them trusts the sizes that a file claims, and a few bytes can claim more memory than there is. So
//! every part is unpacked and inspected before the library sees the file, and cells are read one by one.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::io::{Cursor, Read};
use std::ops::{Range, RangeInclusive};
use std::panic::{self, AssertUnwindSafe};
use std::str::FromStr;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use rust_xlsxwriter::utility::row_col_to_cell;
use zip::ZipArchive;
use zip::result::ZipError;

use super::SheetFacts;
use crate::intake::kind::{SAVE_AS_XLSX, WORD_DOCUMENT, unsupported};
use crate::problem::{Code, Problem, suggestion};

/// The most bytes of a workbook.
pub const MAX_FILE: usize = 8 << 20;
/// The most bytes of a workbook when it is unpacked, and of the texts in one sheet.
const MAX_UNPACKED: usize = 64 << 20;
const MAX_PARTS: usize = 1000;
/// The fewest bytes that a shared text takes.
const MIN_SHARED_TEXT: usize = 5;
const MAX_ROWS: u32 = 20_000;
const MAX_COLUMNS: u32 = 512;
const MAX_CELLS: usize = 2_000_000;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

#[derive(Debug, Default)]
pub struct Sheet {
    pub facts: SheetFacts,
    /// The texts of all cells in one string: to allocate one for each cell takes as long as to read them.
    texts: String,
    /// Where the text of each cell ends.
    ends: Vec<usize>,
    /// Each row that holds something: its number, and the index of its first cell.
    rows: Vec<(u64, usize)>,
    /// The cells whose formula resulted in an error, or has no result in the file, in order.
    formula_faults: Vec<usize>,
}

/// Reads one sheet: the one with this name, or the first that is visible.
pub fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Sheet, Problem> {
    let parts = guard(bytes)?;
    // The library may panic on a broken file.
    panic::catch_unwind(AssertUnwindSafe(|| read_sheet(bytes, &parts, wanted)))
        .unwrap_or_else(|_| Err(broken("its cells cannot be read")))
}

fn read_sheet(bytes: &[u8], parts: &Parts, wanted: Option<&str>) -> Result<Sheet, Problem> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| library_problem(&error))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let all: Vec<(String, bool)> =
        sheets.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect();
    let found = match wanted {
        Some(wanted) => all.iter().find(|(name, _)| name == wanted),
        None => all.iter().find(|(_, visible)| *visible),
    };
    let Some((name, _)) = found else {
        let names = all.iter().map(|(name, _)| name.as_str());
        return Err(match wanted {
            Some(wanted) => {
                let message = format!("there is no sheet `{wanted}`");
                Problem::anywhere(Code::MissingKey, message).hint(suggestion(wanted, names))
            }
            None => Problem::anywhere(Code::Empty, "every sheet is hidden").hint("name the one to read with --sheet"),
        });
    };
    let (others, hidden): (Vec<_>, Vec<_>) =
        all.iter().filter(|(other, _)| other != name).partition(|(_, visible)| *visible);
    let [others, hidden_sheets] = [others, hidden].map(|some| some.into_iter().map(|(name, _)| name.clone()).collect());
    let facts = SheetFacts { name: name.clone(), others, hidden_sheets, ..SheetFacts::default() };
    let mut sheet = Sheet { facts, ..Sheet::default() };
    let totals = totals_rows(&mut book, parts, name);
    sheet.read_cells(&mut book, &totals)?;
    let position = book.sheets_metadata().iter().position(|known| known.name == *name);
    if let Some(xml) = position.and_then(|position| sheet_xml(parts, position)) {
        sheet.read_layout(xml);
    }
    Ok(sheet)
}

fn broken(why: impl Display) -> Problem {
    let hint = "open it in a spreadsheet and save it again as XLSX, or as CSV";
    Problem::anywhere(Code::Syntax, format!("the workbook is broken: {why}")).hint(hint)
}

fn library_problem(error: &XlsxError) -> Problem {
    if let XlsxError::Password = error { password_protected() } else { broken(error) }
}

fn password_protected() -> Problem {
    let hint = "remove the password and save it again, or save it as CSV";
    Problem::anywhere(Code::Unsupported, "the workbook is protected by a password").hint(hint)
}

fn too_large(message: String) -> Problem {
    Problem::anywhere(Code::TooLarge, message).hint("save the sheet as CSV, or split it")
}

/// The parts of a workbook that mention anything hidden or merged, or totals, and those that are needed to find them, by
/// their lower-case names.
type Parts = BTreeMap<String, String>;

/// Marks in the XML of merged cells, of a table with totals, and of a hidden row or column.
const MERGED: &str = "<mergeCell ";
const TOTALS: &str = " totalsRowCount=\"";
const HIDDEN: [&str; 2] = [" hidden=\"1\"", " hidden=\"true\""];

/// Refuses files that are not workbooks, or too large when unpacked.
fn guard(bytes: &[u8]) -> Result<Parts, Problem> {
    if bytes.len() > MAX_FILE {
        return Err(too_large(format!("the workbook is larger than {} MiB", MAX_FILE >> 20)));
    }
    let zip_problem = |error: &ZipError| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => password_protected(),
        error => broken(error),
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| zip_problem(&error))?;
    if archive.len() > MAX_PARTS {
        return Err(too_large(format!("the workbook has more than {MAX_PARTS} parts")));
    }
    let normalised = |name: &str| name.to_ascii_lowercase().replace('\\', "/");
    refuse_other_archives(&archive.file_names().filter_map(|name| Some(normalised(&name.ok()?))).collect())?;
    let (mut left, mut parts, mut text) = (MAX_UNPACKED, Parts::new(), Vec::new());
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| zip_problem(&error))?;
        let name = normalised(&part.name().unwrap_or_default());
        text.clear();
        let read = (&mut part).take(left as u64 + 1).read_to_end(&mut text);
        if text.len() > left {
            return Err(too_large(format!(
                "the workbook is larger than {} MiB when it is unpacked",
                MAX_UNPACKED >> 20
            )));
        }
        read.map_err(broken)?;
        left -= text.len();
        if name.ends_with("sharedstrings.xml")
            && claimed_texts(&text).is_some_and(|count| count > text.len() / MIN_SHARED_TEXT)
        {
            let message = "the workbook claims to have more texts than it can hold";
            return Err(Problem::anywhere(Code::TooComplex, message).hint("save it again"));
        }
        let has = |words: &str| memchr::memmem::find(&text, words.as_bytes()).is_some();
        if name.contains("workbook.xml") || has(MERGED) || has(TOTALS) || HIDDEN.into_iter().any(has) {
            parts.insert(name, String::from_utf8_lossy(&text).into_owned());
        }
    }
    Ok(parts)
}

/// The number of texts that the part with the shared texts claims to have; the largest, if there are several claims.
fn claimed_texts(part: &[u8]) -> Option<usize> {
    let claims = memchr::memmem::find_iter(part, b"uniqueCount").map(|at| {
        let rest = &part[at + b"uniqueCount".len()..];
        let sign = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'+');
        let start = rest.iter().take_while(|byte| sign(byte)).count();
        let digits = rest[start..].iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(0usize, |number, digit| number.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
    });
    claims.max()
}

/// Refuses archives other than XLSX workbooks. They are told apart by the names of their parts.
fn refuse_other_archives(names: &BTreeSet<String>) -> Result<(), Problem> {
    let has = |end: &str| names.iter().any(|name| name.ends_with(end));
    if has("workbook.xml") {
        return Ok(());
    }
    let kinds = [
        (names.iter().any(|name| name.starts_with("word/")), WORD_DOCUMENT),
        (
            has("content.xml") && names.contains("mimetype"),
            ("an OpenDocument file, such as a spreadsheet (.ods)", SAVE_AS_XLSX),
        ),
        (has("workbook.bin"), ("a binary workbook (.xlsb)", SAVE_AS_XLSX)),
        (names.iter().any(|name| name.starts_with("index/")), ("a Numbers spreadsheet", SAVE_AS_XLSX)),
        (true, ("an archive, but not a workbook", "unpack it, and name the files in it")),
    ];
    let (kind, hint) = kinds.into_iter().find(|(is_kind, _)| *is_kind).map(|(_, kind)| kind).unwrap_or_default();
    Err(unsupported(kind, hint))
}

/// The XML of the sheet at this position among all sheets, if it mentions anything hidden or merged. Only spreadsheet
/// programs write that, and they write tags in the form that is looked for here.
fn sheet_xml(parts: &Parts, position: usize) -> Option<&str> {
    let part = |end: &str| parts.iter().find(|(name, _)| name.ends_with(end)).map(|(_, text)| text.as_str());
    let id = attribute(tags(part("workbook.xml")?, "sheet").nth(position)?, "r:id")?;
    let mut relations = tags(part("workbook.xml.rels")?, "Relationship");
    let target = attribute(relations.find(|tag| attribute(tag, "Id") == Some(id))?, "Target")?;
    part(&target.trim_start_matches('/').to_ascii_lowercase())
}

/// The row with the totals of each table in a sheet, with the columns of the table.
fn totals_rows(book: &mut Book<'_>, parts: &Parts, sheet: &str) -> Vec<(u32, RangeInclusive<u32>)> {
    let names = book.load_tables().map(|()| book.table_names_in_sheet(sheet)).unwrap_or_default();
    let of_sheet = parts.values().filter_map(|part| tags(part, "table").next()).filter(|tag| {
        let has_totals = last_number(tag, "totalsRowCount").is_some_and(|count: u32| count > 0);
        has_totals && attribute(tag, "displayName").is_some_and(|name| names.iter().any(|known| *known == name))
    });
    let ends = of_sheet.filter_map(|tag| {
        let (first, last) = attribute(tag, "ref")?.split_once(':')?;
        let ((_, first), (row, last)) = (parse_cell_name(first)?, parse_cell_name(last)?);
        Some((row, first..=last))
    });
    ends.collect()
}

/// The row and the column, both from 0, of a cell such as `B7`.
fn parse_cell_name(cell: &str) -> Option<(u32, u32)> {
    let (letters, row) = cell.split_at(cell.find(|c: char| c.is_ascii_digit())?);
    let number = |letter: u8| u32::from(letter).checked_sub(u32::from(b'@'));
    let column =
        letters.bytes().try_fold(0u32, |column, letter| column.checked_mul(26)?.checked_add(number(letter)?))?;
    Some((row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// The tags of this name, each with all that follows up to the next tag.
fn tags<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    text.split('<').filter_map(move |tag| tag.strip_prefix(name)).filter(|rest| rest.starts_with(' '))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// The number at the end of an attribute, such as the last row of `A1:C3`.
fn last_number<N: FromStr>(tag: &str, name: &str) -> Option<N> {
    attribute(tag, name)?.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

impl Sheet {
    fn range(&self, index: usize) -> Option<Range<usize>> {
        let end = self.rows.get(index + 1).map_or(self.ends.len(), |(_, next)| *next);
        Some(self.rows.get(index)?.1..end)
    }

    /// The columns of a row whose formula resulted in an error, which is then the text of the cell, or has no result.
    pub fn formula_faults(&self, index: usize) -> impl Iterator<Item = usize> {
        let Range { start, end } = self.range(index).unwrap_or_default();
        let first = self.formula_faults.partition_point(|cell| *cell < start);
        self.formula_faults[first..].iter().take_while(move |cell| **cell < end).map(move |cell| cell - start)
    }

    /// A row that holds something: its number and its cells.
    pub fn row(&self, index: usize) -> Option<(u64, impl Iterator<Item = &str>)> {
        let cells = self.range(index)?;
        let start = |cell: usize| cell.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some((self.rows[index].0, cells.map(move |cell| &self.texts[start(cell)..self.ends[cell]])))
    }

    fn read_layout(&mut self, xml: &str) {
        let is_hidden = |tag: &&str| matches!(attribute(tag, "hidden"), Some("1" | "true"));
        let rows: BTreeSet<u64> = tags(xml, "row").filter(is_hidden).filter_map(|tag| last_number(tag, "r")).collect();
        self.facts.hidden_rows = self.rows.iter().map(|(row, _)| *row).filter(|row| rows.contains(row)).collect();
        let columns = tags(xml, "col").filter(is_hidden);
        self.facts.hidden_columns =
            columns.filter_map(|tag| Some(last_number(tag, "min")?..=last_number(tag, "max")?)).collect();
        self.facts.merged = tags(xml, "mergeCell").filter_map(|tag| last_number(tag, "ref")).collect();
    }

    fn read_cells(&mut self, book: &mut Book<'_>, totals: &[(u32, RangeInclusive<u32>)]) -> Result<(), Problem> {
        let mut cells = book.worksheet_cells_reader(&self.facts.name).map_err(|error| library_problem(&error))?;
        let (mut last, mut count, mut first) = (None, 0usize, 0usize);
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| library_problem(&error))? {
            let (row, column) = cell.pos;
            if last.is_some_and(|last| last >= cell.pos) {
                return Err(broken("its cells are not in order"));
            }
            last = Some(cell.pos);
            let is_empty = cell.value == DataRef::Empty;
            if is_empty && cell.formula.is_none() {
                continue;
            }
            let number = u64::from(row) + 1;
            if totals.iter().any(|(last, columns)| *last == row && columns.contains(&column)) {
                if self.facts.totals.last() != Some(&number) {
                    self.facts.totals.push(number);
                }
                continue;
            }
            count += 1;
            if row >= MAX_ROWS || column >= MAX_COLUMNS || count > MAX_CELLS {
                return Err(too_large(format!(
                    "{} of sheet `{}` is beyond {MAX_ROWS} rows, {MAX_COLUMNS} columns or {MAX_CELLS} cells",
                    cell_name(row, column),
                    self.facts.name
                )));
            }
            let text = cell_text(&cell.value);
            if self.texts.len() + text.len() > MAX_UNPACKED {
                let most = MAX_UNPACKED >> 20;
                return Err(too_large(format!("the texts of sheet `{}` are larger than {most} MiB", self.facts.name)));
            }
            if self.rows.last().is_none_or(|(last, _)| *last != number) {
                first = self.ends.len();
                self.rows.push((number, first));
            }
            self.ends.resize(first + column as usize, self.texts.len());
            if is_empty || matches!(cell.value, DataRef::Error(_)) {
                self.formula_faults.push(self.ends.len());
            }
            self.texts.push_str(&text);
            self.ends.push(self.texts.len());
        }
        Ok(())
    }
}

/// The name of a cell in a spreadsheet, such as `B7`.
fn cell_name(row: u32, column: u32) -> String {
    row_col_to_cell(row.min(u32::MAX - 1), u16::try_from(column).unwrap_or(u16::MAX))
}

/// A value as a spreadsheet displays it.
fn cell_text<'v>(value: &'v DataRef<'_>) -> Cow<'v, str> {
    match value {
        DataRef::Empty => "".into(),
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) => format_number(*number).into(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.into(),
        DataRef::DateTime(when) => format_time(*when).into(),
        DataRef::Error(error) => error.to_string().into(),
    }
}

/// With the 15 digits that spreadsheets keep. More are rounding errors of binary fractions.
fn format_number(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn format_time(when: ExcelDateTime) -> String {
    const DAY: f64 = 86_400.0;
    let days = when.as_f64();
    let (year, month, day, hour, minute, second, _) = when.to_ymd_hms_milli();
    let seconds = (days * DAY).round();
    if when.is_duration() {
        let sign = if seconds < 0.0 { "-" } else { "" };
        let total = seconds.abs();
        return format!(
            "{sign}{:02}:{:02}:{:02}",
            (total / 3600.0).floor(),
            (total / 60.0).floor() % 60.0,
            total % 60.0
        );
    }
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (0.0..1.0).contains(&days) {
        time
    } else if seconds % DAY == 0.0 {
        date
    } else {
        format!("{date} {time}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_are_displayed_as_in_a_spreadsheet() {
        let when = |days: f64| format_time(ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, false));
        assert_eq!(when(45_964.0), "2025-11-03");
        assert_eq!(when(45_964.382_199_074_07), "2025-11-03 09:10:22");
        assert_eq!(when(0.5), "12:00:00");
        assert_eq!(format_time(ExcelDateTime::new(1.25, calamine::ExcelDateTimeType::TimeDelta, false)), "30:00:00");
        for (number, text) in [(3.0, "3"), (0.1 + 0.2, "0.3"), (-2.5, "-2.5"), (1e15, "1000000000000000")] {
            assert_eq!(format_number(number), text);
        }
    }
}
