//! A rules folder on disk: its files and their bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::digest::sha256;

/// The files of a rules folder, in reading order.
pub const FILES: [&str; 10] = [
    "manifest.yaml",
    "questions.yaml",
    "criteria.yaml",
    "scenarios.yaml",
    "fit.yaml",
    "application.yaml",
    "go_live.yaml",
    "contradictions.yaml",
    "outcomes.yaml",
    "glossary.yaml",
];
/// The files that every rules folder must have.
pub(super) const NEEDED: [&str; 4] = ["manifest.yaml", "questions.yaml", "criteria.yaml", "outcomes.yaml"];

/// The folder inside a rules folder with the cases that test the rules.
pub const CASES_FOLDER: &str = "tests";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFiles {
    /// The name of the folder in messages.
    pub folder: String,
    /// The bytes of `criteria.yaml`, `tests/cases.yaml` and so on.
    pub files: BTreeMap<String, Cow<'static, [u8]>>,
    /// The names of other files, which are not read because they do not end in `.yaml` or are in deeper folders.
    pub unread: Vec<String>,
}

impl RuleFiles {
    /// The name of a file in messages.
    pub fn display_name(&self, file: &str) -> String {
        format!("{}/{file}", self.folder.trim_end_matches('/'))
    }

    /// The SHA-256 of the rule files in the order of their names, as `cat *.yaml | sha256sum` prints it. Cases do not
    /// count, because no result depends on them.
    pub fn digest(&self) -> String {
        let counted = self.files.iter().filter(|(name, _)| !name.contains('/'));
        sha256(counted.map(|(_, bytes)| bytes.as_ref()))
    }
}
