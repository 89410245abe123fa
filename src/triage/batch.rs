//! What files are cut into, and what keeps them from being read.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use super::rows::Row;
use crate::intake::kind;
use crate::intake::table::Header;
use crate::problem::{Code, Problem};

/// About as many bytes as a batch of lines has.
pub(super) const BATCH: usize = 128 << 10;
/// The most rows of a batch, and elements of an array.
pub(super) const ROWS: usize = 512;

/// What one worker works on at a time.
#[derive(Debug)]
pub(super) struct Batch {
    /// Which of the inputs it comes from.
    pub(super) input: usize,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
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
        rows: Vec<Row>,
    },
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

    /// A file that is something else.
    pub(super) fn foreign(what: &str, hint: &str) -> Self {
        Self::of(None, vec![kind::foreign(what, hint)])
    }
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
        let [first, others @ ..] = super::SHEETS;
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

/// Reads so many bytes more, or to the end.
pub(super) fn read(from: &mut impl Read, limit: usize, into: &mut Vec<u8>) -> Result<(), Trouble> {
    from.take(limit as u64).read_to_end(into).map(drop).map_err(|error| Trouble::io(&error))
}
