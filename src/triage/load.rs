//! What files are cut into, and what keeps them from being read.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use super::rows::Row;
use crate::intake::kind;
use crate::intake::table::{CellWords, Header, Mapping};
use crate::problem::{Code, Problem};
use crate::rulebook::Rulebook;

/// About as many bytes as a batch of lines has.
pub(super) const BATCH: usize = 128 << 10;
/// The most rows of a batch, and elements of an array.
pub(super) const ROWS: usize = 512;

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

#[derive(Debug)]
pub(super) struct Table {
    pub(super) header: Header,
    /// The sheet, with the others beside it, if it is that of a workbook.
    pub(super) sheet: Option<(String, Vec<String>)>,
}

impl Table {
    /// What its rows are said to come from.
    pub(super) fn name(&self, file: &str) -> String {
        self.sheet.as_ref().map_or_else(|| file.to_owned(), |(sheet, _)| format!("{file}:{sheet}"))
    }

    /// What nothing is read from, for people.
    pub(super) fn unused(&self, file: &str) -> Vec<String> {
        let columns = self.header.unused().map(|name| format!("column `{name}`"));
        let sheets = self.sheet.iter().flat_map(|(_, others)| others);
        columns.chain(sheets.map(|sheet| format!("sheet `{sheet}` of `{file}`"))).collect()
    }
}

/// Reads so many bytes more, or to the end.
pub(super) fn read(from: &mut impl Read, limit: usize, into: &mut Vec<u8>) -> Result<(), Trouble> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    from.take(limit).read_to_end(into).map(drop).map_err(|error| Trouble::io(&error))
}

/// A file that is something else.
pub(super) fn foreign(what: &str, hint: &str) -> Trouble {
    Trouble::of(None, vec![kind::foreign(what, hint)])
}
