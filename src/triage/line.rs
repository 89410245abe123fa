//! A product with all that a line of the result shows, kept until it is written.

use super::facts::Facts;
use super::label::{KeptCells, Label, RecordName, RecordSource};
use super::writer::LineWriter;

/// One product, or what could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductLine {
    /// The file, and the line in it.
    pub source: String,
    /// The name of the product, if it is known.
    pub product: Option<String>,
    pub organisation: Option<String>,
    /// The carried cells.
    pub kept: Vec<String>,
    /// Its facts, or why it could not be read.
    pub result: Result<Facts, String>,
}

impl ProductLine {
    fn label(&self) -> Label<'_> {
        Label {
            source: RecordSource { name: &self.source, line: None },
            product: self.product.as_deref().map(RecordName::Plain),
            organisation: self.organisation.as_deref().map(RecordName::Plain),
            kept: KeptCells::Texts(&self.kept),
        }
    }

    /// All names in one text: the product, its organisation, and the kept cells.
    pub fn title(&self) -> String {
        let mut title = self.product.clone().unwrap_or_default();
        if let Some(organisation) = self.organisation.as_deref().filter(|text| !text.is_empty()) {
            title = format!("{title} ({organisation})");
        }
        self.kept.iter().filter(|text| !text.is_empty()).fold(title, |title, kept| format!("{title}; {kept}"))
    }

    /// A title and the error for a record that could not be read. One of the two has its source.
    pub(super) fn title_and_error(&self, error: &str) -> (String, String) {
        match self.title() {
            title if title.is_empty() => (self.source.clone(), error.to_owned()),
            title => (title, format!("{}: {error}", self.source)),
        }
    }

    /// The line in JSON, without a line break.
    pub fn json(&self, writer: &mut LineWriter) -> Vec<u8> {
        let mut out = Vec::new();
        writer.json(&mut out, self.label(), self.result.as_ref().map_err(String::as_str));
        out
    }

    /// The line as a row of CSV, with a group in front if it is in one.
    pub fn csv(&self, writer: &mut LineWriter, group: Option<&str>) -> Vec<u8> {
        let mut out = Vec::new();
        writer.csv(&mut out, group, self.label(), self.result.as_ref().map_err(String::as_str));
        out
    }
}
