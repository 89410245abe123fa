//! The batches that files are cut into.

use std::ops::Range;
use std::sync::Arc;

use super::input_error::InputError;
use super::rows::InputRow;
use crate::intake::table::{AbsentColumn, Header, SheetFacts};
use crate::wording::counted;

/// The size of a batch of lines, roughly, in bytes.
pub(super) const BATCH: usize = 128 << 10;
/// The most rows of a batch, and elements of an array.
pub(super) const ROWS: usize = 512;

/// The sheets of a workbook that triage wrote.
pub(super) const SHEETS: [&str; 3] = ["Totals", "Products", "To do"];

/// What a worker takes at a time.
#[derive(Debug)]
pub(super) struct Batch {
    /// The index of its input; of several files, of the first.
    pub(super) input: usize,
    pub(super) content: BatchContent,
}

#[derive(Debug)]
pub(super) enum BatchContent {
    /// Lines, the first of which has this number.
    Lines {
        bytes: Vec<u8>,
        first: u64,
    },
    /// Elements of an array, each with the line it begins in.
    Elements {
        bytes: Arc<Vec<u8>>,
        found: Vec<(Range<usize>, u64)>,
    },
    Table(Arc<InputTable>),
    Rows {
        table: Arc<InputTable>,
        rows: Vec<InputRow>,
    },
    /// Whole files, by their indexes.
    Files(Range<usize>),
    /// The file, or the rest of it, cannot be read.
    Error(InputError),
}

#[derive(Debug)]
pub(super) struct InputTable {
    /// The index of its form in [`Job::table_formats`](super::job::Job::table_formats).
    pub(super) format: usize,
    pub(super) header: Header,
    /// The line of the header.
    pub(super) line: u64,
    /// The rows that the mapping leaves out.
    pub(super) skipped: Vec<u64>,
    pub(super) sheet: Option<SheetFacts>,
}

/// The headings of the notices on tables, which are printed at the end.
pub const NOTICES: [&str; 3] =
    ["Not used", "Hidden, and read like the rest", "Merged, with the value in the first cell alone"];

/// What to report on a table as a whole.
#[derive(Debug)]
pub struct TableStart {
    pub name: String,
    /// The index of its form among those of the run.
    pub format: usize,
    /// The notices under each heading.
    pub notices: [Vec<String>; NOTICES.len()],
    pub absent: Vec<AbsentColumn>,
}

impl InputTable {
    /// The file, and the sheet in it.
    pub(super) fn name(&self, file: &str) -> String {
        self.sheet.as_ref().map_or_else(|| file.to_owned(), |sheet| format!("{file}:{}", sheet.name))
    }

    pub(super) fn start(&self, file: &str) -> TableStart {
        let (name, no_sheet) = (self.name(file), SheetFacts::default());
        let sheet = self.sheet.as_ref().unwrap_or(&no_sheet);
        let columns = self.header.unused().map(|name| format!("column `{name}`"));
        let totals = sheet.totals.iter().map(|row| format!("the totals in row {row} of `{name}`"));
        let others = sheet.others.iter().map(|sheet| format!("sheet `{sheet}` of `{file}`"));
        let hidden = sheet.hidden_sheets.iter().map(|sheet| format!("hidden sheet `{sheet}` of `{file}`"));
        let skipped = self.skipped.iter().map(|row| format!("row {row} of `{name}`, as the mapping says"));
        let unused = columns.chain(skipped).chain(totals).chain(others).chain(hidden).collect();
        // Only rows and columns that are read count.
        let below = |rows: &[u64]| rows.iter().filter(|row| **row > self.line).count();
        let is_hidden = |column: &usize| sheet.hidden_columns.iter().any(|hidden| hidden.contains(&(column + 1)));
        let columns = (0..self.header.names.len()).filter(|column| self.header.is_used(*column)).filter(is_hidden);
        let notice = |counts: &[(usize, &str)]| {
            let parts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, one)| counted(*count, one));
            let parts = parts.collect::<Vec<_>>().join(" and ");
            if parts.is_empty() { Vec::new() } else { vec![format!("{parts} in `{name}`")] }
        };
        let hidden = notice(&[(below(&sheet.hidden_rows), "row"), (columns.count(), "column")]);
        let merged = notice(&[(below(&sheet.merged), "place")]);
        TableStart { notices: [unused, hidden, merged], absent: self.header.absent.clone(), name, format: self.format }
    }
}
