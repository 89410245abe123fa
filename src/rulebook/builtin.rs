//! The rules that come with the program.

use std::borrow::Cow;

use super::RuleFiles;

/// A rule file: its name, its text, and the events it was scanned into when the program was built.
struct Scanned(&'static str, &'static str, &'static [u8]);

macro_rules! embed {
    (rules: $($rules:literal)* cases: $($cases:literal)*) => {
        static RULES: &[Scanned] = &[$(Scanned(
            concat!($rules, ".yaml"),
            include_str!(concat!("../../rules/", $rules, ".yaml")),
            include_bytes!(concat!(env!("OUT_DIR"), "/", $rules, ".events")),
        ),)*];
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

/// The files of `rules/`, built into the program. A test compares the list with the folder.
#[must_use]
pub fn builtin() -> RuleFiles {
    let rules = RULES.iter().map(|Scanned(name, text, _)| (*name, text.as_bytes()));
    let files = rules.chain(CASES.iter().copied());
    RuleFiles {
        folder: "rules".to_owned(),
        files: files.map(|(name, bytes)| (name.to_owned(), Cow::Borrowed(bytes))).collect(),
    }
}

/// The text and the events of a rule file that is, byte for byte, one of those built in and could be scanned.
pub(super) fn scanned(bytes: &[u8]) -> Option<(&'static str, &'static [u8])> {
    let Scanned(_, text, events) = RULES.iter().find(|rule| rule.1.as_bytes() == bytes)?;
    (!events.is_empty()).then_some((text, events))
}

/// The digest of the rules that are built in, if these files are they, byte for byte.
pub(super) fn digest(files: &RuleFiles) -> Option<&'static str> {
    let counted = files.files.iter().filter(|(name, _)| !name.contains('/'));
    let mut built_in =
        counted.map(|(name, bytes)| RULES.iter().any(|rule| rule.0 == name && rule.1.as_bytes() == bytes.as_ref()));
    let all = files.files.keys().filter(|name| !name.contains('/')).count() == RULES.len();
    (all && built_in.all(|same| same)).then_some(include_str!(concat!(env!("OUT_DIR"), "/digest")))
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_digest_that_was_made_when_the_program_was_built_is_the_digest_of_the_rules() {
        let mut files = super::builtin();
        let counted = files.files.iter().filter(|(name, _)| !name.contains('/'));
        let now = crate::digest::sha256(counted.map(|(_, bytes)| bytes.as_ref()));
        assert_eq!(super::digest(&files), Some(now.as_str()));
        files.files.insert("fit.yaml".to_owned(), b"findings: []\n".as_slice().into());
        assert_eq!(super::digest(&files), None);
        assert_ne!(files.digest(), now);
    }

    #[test]
    fn every_rule_file_was_scanned_when_the_program_was_built() {
        for super::Scanned(name, _, events) in RULES {
            assert!(!events.is_empty(), "{name}");
        }
    }
}
