//! Many products at once: hundreds for a table on a terminal, millions in a pipe, with the meaning that `assess` gives
//! each of them.
//!
//! `feeder` cuts files into batches, `run` spreads them over threads and keeps their order, `scan` and `reader` turn records
//! into values, `lookup` says what the rules make of those, and `writer`, `line`, `table`, `summary` and `workbook` are the
//! forms of the result. Touches no file itself: it is handed a way to open them.

mod batch;
mod compiled;
mod csv_cell;
mod cursor;
mod facts;
mod feeder;
mod fields;
mod input;
mod input_error;
mod job;
mod label;
mod line;
mod lines;
mod literal;
mod lookup;
mod reader;
mod rows;
mod run;
mod scan;
mod space;
mod summary;
mod table;
mod tables;
#[cfg(feature = "workbooks")]
mod workbook;
mod worker;
mod writer;

pub use batch::{NOTICES, TableStart};
pub use compiled::Compiled;
pub use facts::{Assignment, CriterionSet, Facts, MAX_RULES, fill, members, missing_values, too_many};
pub use feeder::sample;
pub use fields::Field;
pub use input::{InputFile, InputShape, OpenFile};
pub use job::{BatchResult, Fault, Job, JudgedRecord, MAX_REPORTED, Sink};
pub use line::ProductLine;
pub use lookup::Lookup;
pub use run::run;
pub use summary::summary;
pub use table::{key, table};
#[cfg(feature = "workbooks")]
pub use workbook::workbook;
pub use writer::{BETWEEN, Form, LineWriter, write_json};
