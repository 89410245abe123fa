//! What files are cut into.

use std::ops::Range;
use std::sync::Arc;

use super::rows::InputRow;
use super::trouble::Trouble;
use crate::intake::table::Header;

/// About as many bytes as a batch of lines has.
pub(super) const BATCH: usize = 128 << 10;
/// The most rows of a batch, and elements of an array.
pub(super) const ROWS: usize = 512;

/// The sheets of a workbook that is a result.
pub(super) const SHEETS: [&str; 3] = ["Totals", "Products", "To do"];

/// What one worker works on at a time.
#[derive(Debug)]
pub(super) struct Batch {
    /// Which of the inputs it comes from.
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
    /// A table begins.
    Table(Arc<InputTable>),
    Rows {
        table: Arc<InputTable>,
        rows: Vec<InputRow>,
    },
    /// Whole files, by their indexes.
    Files(Range<usize>),
    /// What keeps a file, or the rest of it, from being read.
    Trouble(Trouble),
}

#[derive(Debug)]
pub(super) struct InputTable {
    pub(super) header: Header,
    pub(super) sheet: Option<SheetNames>,
}

/// What the sheet of a workbook is called, and the others beside it.
#[derive(Debug)]
pub(super) struct SheetNames {
    pub(super) name: String,
    pub(super) others: Vec<String>,
}

impl SheetNames {
    /// Whether they are those of a workbook that `triage` wrote.
    pub(super) fn are_a_result(&self) -> bool {
        let [first, others @ ..] = SHEETS;
        self.name == first && self.others == others
    }
}

/// What is told of a table before its rows.
#[derive(Debug)]
pub struct TableStart {
    pub name: String,
    /// What nothing is read from.
    pub unused: Vec<String>,
    /// The headers to keep or to leave out that it does not have, each with the one that may be meant.
    pub absent: Vec<(String, Option<String>)>,
}

impl InputTable {
    /// What its rows are said to come from.
    pub(super) fn name(&self, file: &str) -> String {
        self.sheet.as_ref().map_or_else(|| file.to_owned(), |sheet| format!("{file}:{}", sheet.name))
    }

    /// What is told of it before its rows.
    pub(super) fn start(&self, file: &str) -> TableStart {
        let columns = self.header.unused().map(|name| format!("column `{name}`"));
        let sheets = self.sheet.iter().flat_map(|sheet| &sheet.others);
        let unused = columns.chain(sheets.map(|sheet| format!("sheet `{sheet}` of `{file}`"))).collect();
        TableStart { name: self.name(file), unused, absent: self.header.absent.clone() }
    }
}
