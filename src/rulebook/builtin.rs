//! The built-in rules.

use std::borrow::Cow;

use super::RuleFiles;
use crate::yaml::{self, Document};

struct BuiltInFile {
    name: &'static str,
    text: &'static str,
    /// Its events, which the build script has scanned.
    events: &'static [u8],
}

macro_rules! embed {
    (rules: $($rules:literal)* cases: $($cases:literal)*) => {
        static RULES: [BuiltInFile; [$($rules),*].len()] = [$(BuiltInFile {
            name: concat!($rules, ".yaml"),
            text: include_str!(concat!("../../rules/", $rules, ".yaml")),
            events: include_bytes!(concat!(env!("OUT_DIR"), "/", $rules, ".events")),
        },)*];
        static CASES: &[(&str, &[u8])] = &[$((
            concat!("tests/", $cases, ".yaml"),
            include_bytes!(concat!("../../rules/tests/", $cases, ".yaml")),
        ),)*];
    };
}

embed! {
    rules: "manifest" "questions" "criteria" "scenarios" "contradictions" "fit" "application" "go_live" "outcomes" "glossary"
    cases: "each_condition" "fit_and_go_live" "not_sure" "page_cases" "partial_answers" "readings" "topics" "traps"
}

/// The folder of the built-in rules in messages.
pub(crate) const FOLDER: &str = "rules";

/// The files of `rules/`, built into the program. A test compares the list with the folder.
pub fn builtin() -> RuleFiles {
    let rules = RULES.iter().map(|rule| (rule.name, rule.text.as_bytes()));
    let files = rules.chain(CASES.iter().copied());
    RuleFiles {
        folder: FOLDER.to_owned(),
        files: files.map(|(name, bytes)| (name.to_owned(), Cow::Borrowed(bytes))).collect(),
        unread: Vec::new(),
    }
}

impl BuiltInFile {
    fn is(&self, name: &str, bytes: &[u8]) -> bool {
        let own = self.text.as_bytes();
        self.name == name && (std::ptr::eq(own, bytes) || own == bytes)
    }
}

/// The document of a rule file that is, byte for byte, a built-in one.
pub(super) fn document(files: &RuleFiles, name: &str, bytes: &[u8]) -> Option<Document> {
    let rule = RULES.iter().find(|rule| files.folder == FOLDER && rule.is(name, bytes))?;
    yaml::parse_builtin(&files.display_name(name), rule.text, rule.events)
}

/// The digest of the built-in rules, if these files are, byte for byte, the same.
pub(super) fn digest(files: &RuleFiles) -> Option<&'static str> {
    let mut counted = files.files.iter().filter(|(name, _)| !name.contains('/'));
    let all = counted.clone().count() == RULES.len();
    let same = |(name, bytes): (&String, &Cow<'_, [u8]>)| RULES.iter().any(|rule| rule.is(name, bytes));
    (all && counted.all(same)).then_some(include_str!(concat!(env!("OUT_DIR"), "/digest")))
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_digest_of_the_build_script_is_that_of_the_rules() {
        let mut files = super::builtin();
        let counted = files.files.iter().filter(|(name, _)| !name.contains('/'));
        let now = crate::digest::sha256(counted.map(|(_, bytes)| bytes.as_ref()));
        assert_eq!(super::digest(&files), Some(now.as_str()));
        files.files.insert("fit.yaml".to_owned(), b"findings: []\n".as_slice().into());
        assert_eq!(super::digest(&files), None);
        assert_ne!(files.digest(), now);
    }

    #[test]
    fn the_build_script_scans_every_rule_file() {
        let files = super::builtin();
        for rule in &RULES {
            let document = super::document(&files, rule.name, rule.text.as_bytes());
            assert!(document.is_some(), "{}", rule.name);
        }
    }
}
