//! The rules that come with the program.

use std::borrow::Cow;

use super::RuleFiles;

macro_rules! embed {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!("../../rules/", $name)).as_slice()),)*]
    };
}

/// The files of `rules/`, built into the program. A test compares the list with the folder.
#[must_use]
pub fn builtin() -> RuleFiles {
    let files = embed! {
        "manifest.yaml"
        "questions.yaml"
        "criteria.yaml"
        "scenarios.yaml"
        "fit.yaml"
        "application.yaml"
        "go_live.yaml"
        "outcomes.yaml"
        "glossary.yaml"
        "tests/each_condition.yaml"
        "tests/fit_and_go_live.yaml"
        "tests/not_sure.yaml"
        "tests/page_cases.yaml"
        "tests/partial_answers.yaml"
        "tests/traps.yaml"
    };
    RuleFiles {
        folder: "rules".to_owned(),
        files: files.into_iter().map(|(name, bytes)| (name.to_owned(), Cow::Borrowed(bytes))).collect(),
    }
}
