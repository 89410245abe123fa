//! Tables: what stands in their columns and cells, however people and forms have written it.

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
