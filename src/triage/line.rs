//! What is told of one product, kept until it is written.

use super::facts::{Compiled, Facts};
use super::fields::{self, Field, JsonLines, Source};
use super::read::Name;

/// One product, or what could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file, and the line in it.
    pub source: String,
    /// The name of the product.
    pub product: String,
    /// What is told of it, or why it could not be read.
    pub result: Result<Facts, String>,
}

impl Line {
    /// The line in JSON, without a line break.
    #[must_use]
    pub fn json(&self, writer: &Writer) -> Vec<u8> {
        let mut out = Vec::new();
        let source = Source { name: &self.source, line: None };
        match &self.result {
            Ok(facts) => writer.json.record(&mut out, source, Name::Plain(&self.product), facts),
            Err(error) => fields::json_error(&mut out, source, error),
        }
        out
    }

    /// The line as a row of CSV, with a group in front if it is in one.
    #[must_use]
    pub fn csv(&self, writer: &Writer, compiled: &Compiled<'_>, group: Option<&str>) -> Vec<u8> {
        let mut out = Vec::new();
        let source = Source { name: &self.source, line: None };
        let result = self.result.as_ref().map(|facts| (self.product.as_str(), facts)).map_err(String::as_str);
        fields::csv_record(&mut out, &writer.fields, group, source, result, compiled.rulebook);
        out
    }
}

/// Writes lines in one form after another.
#[derive(Debug)]
pub struct Writer {
    pub(super) json: JsonLines,
    pub(super) fields: Vec<Field>,
}

impl Writer {
    /// A writer of these fields.
    #[must_use]
    pub fn new(compiled: &Compiled<'_>, fields: &[Field]) -> Self {
        Self { json: JsonLines::new(compiled.rulebook, fields), fields: fields.to_vec() }
    }
}
