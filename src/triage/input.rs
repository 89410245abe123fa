//! Files to read, and how each holds products.

use std::io::Read;
use std::path::{Path, PathBuf};

/// How a file holds products, by its name. Its bytes may say something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputShape {
    /// One product: an answers file.
    Document,
    /// One product or an array of them, in JSON.
    Json,
    /// One product a line, in JSON.
    Lines,
    /// One product a row: CSV, or a workbook.
    Rows,
}

impl InputShape {
    /// The shape that a file has by its name.
    pub fn named(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "yaml" | "yml" => Some(Self::Document),
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Lines),
            // What cannot be read of these says what it is, and what to save it as.
            "csv" | "tsv" | "tab" | "xlsx" | "xlsm" | "xltx" | "xls" | "xlsb" | "ods" | "numbers" => Some(Self::Rows),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct InputFile {
    pub path: PathBuf,
    /// What it is called in messages and results.
    pub name: String,
    pub shape: InputShape,
}

impl InputFile {
    /// Whether it is read whole, and not bit by bit.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.shape, InputShape::Document | InputShape::Json)
    }
}

/// How files are opened. The error is one line for a person.
pub type OpenFile<'a> = dyn Fn(&Path) -> Result<Box<dyn Read + Send + 'a>, String> + Sync + 'a;
