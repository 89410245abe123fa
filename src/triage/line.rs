//! A product with all that a line of the result shows, kept until it is written.

use super::facts::Facts;
use super::label::{KeptCells, Label, RecordName, RecordSource};

/// One product, or what could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductLine {
    /// The file, and the line in it.
    pub source: String,
    pub product: Option<String>,
    pub organisation: Option<String>,
    pub kept: Vec<String>,
    /// Its facts, or why it could not be read.
    pub result: Result<Facts, String>,
}

impl ProductLine {
    /// What such a line shows, with this many carried cells.
    pub(super) fn new(label: Label<'_>, kept: usize, result: Result<&Facts, &str>) -> Self {
        let text = |name: Option<RecordName<'_>>| name.map(|name| name.text().into_owned());
        Self {
            source: label.source.text(),
            product: text(label.product),
            organisation: text(label.organisation),
            kept: (0..kept).map(|index| label.kept.get(index).into_owned()).collect(),
            result: result.copied().map_err(str::to_owned),
        }
    }

    pub(super) fn label(&self) -> Label<'_> {
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
}
