//! A rules folder as it lies on disk: which files it has, and their bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::digest::sha256;

/// The files of a rules folder, in the order a person would read them.
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
/// The files that no rules folder can do without.
pub(super) const NEEDED: [&str; 4] = ["manifest.yaml", "questions.yaml", "criteria.yaml", "outcomes.yaml"];

/// The folder, inside a rules folder, that holds the cases the rules are tested with.
pub const CASES_FOLDER: &str = "tests";

/// A rules folder as read: the name of each file inside the folder, and its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFiles {
    /// What the folder is called in messages.
    pub folder: String,
    /// `criteria.yaml`, `tests/cases.yaml` and so on, with their bytes.
    pub files: BTreeMap<String, Cow<'static, [u8]>>,
    /// The names of files beside them and their cases that are not read, since their names do not end in `.yaml`, or they
    /// lie deeper.
    pub unread: Vec<String>,
}

impl RuleFiles {
    /// The name of a file as a person knows it.
    pub fn display_name(&self, file: &str) -> String {
        format!("{}/{file}", self.folder.trim_end_matches('/'))
    }

    /// SHA-256 of the rule files one after another in the order of their names, as `cat *.yaml | sha256sum` prints it.
    /// The cases do not count: they say nothing about a product.
    pub fn digest(&self) -> String {
        let counted = self.files.iter().filter(|(name, _)| !name.contains('/'));
        sha256(counted.map(|(_, bytes)| bytes.as_ref()))
    }
}
