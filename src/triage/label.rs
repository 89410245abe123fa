//! The place of a record, its names, and the cells that are carried into the result.

use std::borrow::Cow;
use std::sync::Arc;

use super::rows::InputRow;
use crate::intake::Input;
use crate::problem::{self, Place, STANDARD_INPUT};

/// What a line shows of a record besides its facts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label<'l> {
    pub(super) source: RecordSource<'l>,
    pub(super) product: Option<RecordName<'l>>,
    pub(super) organisation: Option<RecordName<'l>>,
    pub(super) kept: KeptCells<'l>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct RecordSource<'l> {
    pub(super) name: &'l str,
    /// The line, if the file holds more than one product.
    pub(super) line: Option<u64>,
}

impl RecordSource<'_> {
    /// The source as the input of a full report.
    pub(super) fn input(self) -> Input {
        let first_line = self.line.and_then(|line| usize::try_from(line).ok());
        let place = first_line.map(|first_line| {
            let file = problem::Source { name: self.name.to_owned(), first_line, text: "".into() };
            Place::new(&Arc::new(file), 0..0)
        });
        let path = (self.name != STANDARD_INPUT).then(|| self.name.to_owned());
        Input { name: self.text(), path, place, ..Input::default() }
    }

    pub(super) fn text(self) -> String {
        self.line.map_or_else(|| self.name.to_owned(), |line| format!("{}:{line}", self.name))
    }
}

/// The name of a product or an organisation, as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordName<'l> {
    /// As it stands between quotation marks in JSON.
    Json(&'l [u8]),
    Plain(&'l str),
}

impl<'l> RecordName<'l> {
    pub(super) fn text(self) -> Cow<'l, str> {
        match self {
            Self::Plain(name) => Cow::Borrowed(name),
            Self::Json(raw) if !raw.contains(&b'\\') => String::from_utf8_lossy(raw),
            Self::Json(raw) => {
                let quoted = [b"\"", raw, b"\""].concat();
                // The scanner lets nothing pass that is not JSON.
                serde_json::from_slice(&quoted).map_or_else(|_| String::from_utf8_lossy(raw), Cow::Owned)
            }
        }
    }
}

/// Cells that are carried into the result as they are.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeptCells<'l> {
    /// These cells of a row.
    Cells(&'l InputRow, &'l [Option<usize>]),
    Texts(&'l [String]),
}

impl<'l> KeptCells<'l> {
    /// The cell of this carried column.
    pub(super) fn get(self, index: usize) -> Cow<'l, str> {
        match self {
            Self::Cells(row, columns) => {
                let cell = columns.get(index).and_then(|column| row.cells().nth((*column)?)).unwrap_or_default();
                match String::from_utf8_lossy(cell) {
                    Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                    Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
                }
            }
            Self::Texts(texts) => Cow::Borrowed(texts.get(index).map_or("", String::as_str)),
        }
    }
}

/// The name of a carried column beside ours: nobody could tell two columns of one name apart.
pub(super) fn kept_title<'o>(title: &str, mut ours: impl Iterator<Item = &'o &'o str>) -> String {
    let is_taken = ours.any(|own| own.eq_ignore_ascii_case(title.trim()));
    if is_taken { format!("{} (kept)", title.trim()) } else { title.to_owned() }
}
