//! Tables: what stands in their columns and cells, however people and forms have written it.

use std::ops::RangeInclusive;

pub mod header;
pub mod mapping;
pub mod suggest;
pub mod text;
pub mod words;
#[cfg(feature = "workbooks")]
pub mod workbook;

pub use header::{Column, Header};
pub use mapping::{ColumnMeaning, Mapping};
pub use suggest::suggestion;
pub use words::CellWords;

/// What a sheet of a workbook is called, what stands beside it, and what a spreadsheet does not show of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetFacts {
    pub name: String,
    /// The other sheets that can be seen.
    pub others: Vec<String>,
    /// The rows that hold something and are hidden.
    pub hidden_rows: Vec<u64>,
    /// The columns that are hidden, counted from 1, neighbours together.
    pub hidden_columns: Vec<RangeInclusive<usize>>,
    /// The rows in which a table has its totals, which are left out.
    pub totals: Vec<u64>,
    /// The last row of each cell that was merged from several.
    pub merged: Vec<u64>,
}
