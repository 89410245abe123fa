//! What to work on, how to go about it, and what comes of it.

use std::ops::ControlFlow;

use super::batch::TableStart;
use super::compiled::Compiled;
use super::fields::Field;
use super::input::{InputFile, OpenFile};
use super::line::ProductLine;
use super::writer::Form;
use crate::intake::table::TableFormat;
use crate::intake::{Checked, Judging};
use crate::rulebook::Outcome;

/// The most records whose errors are reported, and the most whose warnings are. An input with more is likely to be
/// something else altogether.
pub const MAX_REPORTED: usize = 20;

/// How to go about it.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many threads work.
    pub threads: usize,
    /// How each product is written, `None` if the products are handed over as they are.
    pub form: Option<Form>,
    /// What is told of each product.
    pub fields: Vec<Field>,
    /// The outcomes that are shown, `None` for all. What cannot be read is shown if all are.
    pub only: Option<Vec<Outcome>>,
    /// Whether records are handed over, for what tells more of them than a line.
    pub records: bool,
    /// The finding that has to hold of what is shown, if one is chosen.
    pub finding: Option<usize>,
    /// Whether something is told that only a record that is judged whole tells.
    pub whole: bool,
}

/// What to work on.
pub struct Job<'a> {
    pub compiled: &'a Compiled<'a>,
    /// What every record is judged by.
    pub judging: &'a Judging<'a>,
    pub inputs: &'a [InputFile],
    /// How they are opened.
    pub open: &'a OpenFile<'a>,
    /// How tables are read, one for each form: each table in the one that fits its columns.
    pub table_formats: &'a [TableFormat],
    /// The headers of the columns that are carried into the result, whichever form has them.
    pub carried: &'a [String],
    /// How to go about it.
    pub options: &'a Options,
}

/// A record that was judged whole.
#[derive(Debug)]
pub struct JudgedRecord<'r> {
    /// What became of it.
    pub checked: Checked<'r>,
    /// Whether it is among those that are shown.
    pub shown: bool,
}

/// What is wrong with a record, or worth knowing about it.
#[derive(Debug)]
pub struct Fault {
    /// A line for each of it.
    pub text: String,
    /// Whether it keeps the record from being assessed.
    pub is_error: bool,
}

/// What came of one batch.
#[derive(Debug, Default)]
pub struct BatchResult<'r> {
    /// The lines, in the form asked for.
    pub bytes: Vec<u8>,
    /// The products, if they are handed over.
    pub lines: Vec<ProductLine>,
    /// What is to be told of records.
    pub faults: Vec<Fault>,
    /// How many more lines there would be, of records that are not reported.
    pub omitted: usize,
    /// The table that begins, if one does.
    pub table: Option<TableStart>,
    /// The records, if they are handed over.
    pub records: Vec<JudgedRecord<'r>>,
    /// How many products there were.
    pub products: u64,
}

/// Takes what came of each batch, in the order of the input, and says whether to go on.
pub type Sink<'a, 'r> = dyn FnMut(&mut BatchResult<'r>) -> ControlFlow<()> + Send + 'a;
