//! A run: its inputs, what becomes of them, and the result of each batch.

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

/// A run: its inputs, how they are read and judged, and what is shown of them.
pub struct Job<'a> {
    pub compiled: &'a Compiled<'a>,
    pub judging: &'a Judging<'a>,
    pub inputs: &'a [InputFile],
    pub open: &'a OpenFile<'a>,
    /// How tables are read, one for each form. A table is read by the one that fits its columns.
    pub table_formats: &'a [TableFormat],
    /// The headers of the columns that are carried into the result, whichever form has them.
    pub carried: &'a [String],
    pub threads: usize,
    /// The form in which the threads write each product, or `None` if they hand over its [`ProductLine`].
    pub form: Option<Form>,
    pub fields: &'a [Field],
    /// The only outcomes to show. Without any, all are shown, and what cannot be read too.
    pub only: Option<&'a [Outcome]>,
    /// Show only products of which this finding holds.
    pub finding: Option<usize>,
    /// Whether to hand over whole records, which documents and letters are made from.
    pub records: bool,
    /// Whether the result shows something that values alone do not decide.
    pub whole: bool,
}

/// A record that was assessed in full.
#[derive(Debug)]
pub struct JudgedRecord<'r> {
    pub checked: Checked<'r>,
    /// Whether `--only` and `--only-finding` let it through.
    pub shown: bool,
}

/// The errors of a record, or its warnings.
#[derive(Debug)]
pub struct Fault {
    /// A line for each.
    pub text: String,
    /// Whether they keep the record from being assessed.
    pub is_error: bool,
}

#[derive(Debug, Default)]
pub struct BatchResult<'r> {
    /// The lines, in the form of [`Job::form`].
    pub bytes: Vec<u8>,
    /// The products, if there is no such form.
    pub lines: Vec<ProductLine>,
    /// Errors and warnings to report.
    pub faults: Vec<Fault>,
    /// How many more lines of them there would be, past [`MAX_REPORTED`].
    pub omitted: usize,
    /// The table that begins with this batch.
    pub table: Option<TableStart>,
    /// The records, with [`Job::records`].
    pub records: Vec<JudgedRecord<'r>>,
    pub products: u64,
}

/// Takes the result of each batch, in the order of the input, and says whether to go on.
pub type Sink<'a, 'r> = dyn FnMut(&mut BatchResult<'r>) -> ControlFlow<()> + Send + 'a;
