//! Many products at once: hundreds for a table on a terminal, millions in a pipe, with the meaning that `assess` gives
//! each of them.
//!
//! `input` cuts files into batches, `run` spreads them over threads and keeps their order, `scan` and `read` turn records
//! into values, `lookup` says what the rules make of those, and `fields`, `table`, `markdown` and `summary` are the forms
//! of the result. Touches no file itself: it is handed a way to open them.

mod batch;
mod compiled;
mod csv_line;
mod cursor;
mod facts;
mod fields;
mod input;
mod job;
mod json_line;
mod line;
mod lines;
mod literal;
mod lookup;
mod markdown;
mod read;
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

pub use compiled::Compiled;
pub use facts::{CriterionSet, Facts, MAX_RULES, Slots, Whole, fill, members, missing_values, too_many};
pub use fields::{Field, Writer};
pub use input::{InputFile, OpenFile, Shape, sample};
pub use job::{BatchResult, Form, Job, MAX_TOLD, Options, Record, Sink};
pub use json_line::write_json;
pub use line::Line;
pub use lookup::Lookup;
pub use markdown::row as markdown_row;
pub use run::run;
pub use summary::summary;
pub use table::{key, table};
#[cfg(feature = "workbooks")]
pub use workbook::workbook;
pub use worker::{BETWEEN, head};
