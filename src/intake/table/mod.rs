//! Understands the columns and cells of tables, however people and forms have written them.

use std::ops::RangeInclusive;

pub mod header;
pub mod mapping;
pub mod suggest;
pub mod text;
pub mod words;
#[cfg(feature = "workbooks")]
pub mod workbook;

pub use header::{AbsentColumn, Column, Header};
pub use mapping::{ColumnMeaning, Mapping};
pub use suggest::suggested_mapping;
pub use words::CellWords;

/// How the tables of one form are read.
#[derive(Debug)]
pub struct TableFormat {
    /// The name of its mapping file, if it has one.
    pub name: Option<String>,
    pub mapping: Mapping,
    pub words: CellWords,
}

/// What there is to say about a sheet of a workbook besides its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetFacts {
    pub name: String,
    /// The other visible sheets.
    pub others: Vec<String>,
    pub hidden_sheets: Vec<String>,
    /// The hidden rows that hold something.
    pub hidden_rows: Vec<u64>,
    /// The hidden columns, counted from 1, in ranges.
    pub hidden_columns: Vec<RangeInclusive<usize>>,
    /// The rows with the totals of a table, which are left out.
    pub totals: Vec<u64>,
    /// The last row of each merged cell.
    pub merged: Vec<u64>,
}
