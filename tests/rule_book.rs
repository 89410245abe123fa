//! The rule book and the drawings of the built-in rules, kept as they are printed, so that a change of the rules shows
//! up in review as a change of what people read.

mod support;

use eligibility::rulebook::{Rule, RuleKind, Value};
use support::run;

fn printed(args: &[&str]) -> String {
    let ran = run(args, "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    ran.out
}

#[test]
fn the_rule_book_changes_only_on_purpose() {
    insta::assert_snapshot!("rule_book", printed(&["rules", "show"]));
}

/// A copy of the allotment with every key that a rule file can have.
const EVERY_KEY: &str = "tests/packs/every_key";

/// Words without line breaks, and without what Markdown puts before signs.
fn plain(text: &str) -> String {
    text.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_rule_book_leaves_nothing_out() {
    let rulebook = support::sound(&support::folder(EVERY_KEY));
    let book = plain(&printed(&["rules", "show", "--rules", EVERY_KEY]));
    for rule in rulebook.rules() {
        assert!(rule.kind() == RuleKind::Note || book.contains(&format!("`{}`", shown_as(rule))), "{}", rule.id());
        for part in rule.parts() {
            let said = plain(&part.value.as_asked(&rulebook, &part.key).replace('_', " "));
            let told = match part.value {
                // Flags are told in a sentence, and the kind of an answer by what it can be.
                Value::Flag { .. } | Value::Members(_) => continue,
                Value::Name(_) if ["decided_by", "kind", "basis", "source.page"].contains(&part.key.as_ref()) => {
                    continue;
                }
                _ => book.replace('_', " ").contains(&said),
            };
            assert!(told, "{} {}: {said}\n{book}", rule.id(), part.key);
        }
    }
    for flag in ["no report proposes", "the best first", "with not_sure", "Excludes the others"] {
        assert!(book.contains(flag), "{flag}");
    }
}

fn shown_as(rule: Rule<'_>) -> String {
    match rule {
        Rule::Option(_, option) => option.value.clone(),
        _ => rule.id().into_owned(),
    }
}

#[test]
fn everything_can_be_explained_by_its_id() {
    let rulebook = support::sound(&support::folder(EVERY_KEY));
    for rule in rulebook.rules() {
        let told = plain(&printed(&["explain", &rule.id(), "--rules", EVERY_KEY]));
        for text in rule.texts() {
            assert!(told.to_lowercase().contains(&plain(text).to_lowercase()), "{}: {text}\n{told}", rule.id());
        }
    }
    assert_eq!(
        printed(&["explain", "tenancy", "--rules", EVERY_KEY]),
        printed(&["explain", "lease_term", "--rules", EVERY_KEY])
    );
}

#[test]
fn the_drawings_change_only_on_purpose() {
    insta::assert_snapshot!("drawing_mermaid", printed(&["rules", "graph"]));
    let answers = ["rules", "graph", "--format", "dot", "--answers", "examples/framework_only.yaml"];
    insta::assert_snapshot!("drawing_dot_with_answers", printed(&answers));
}

/// The same rules give the same bytes, whatever order a hash map may have.
#[test]
fn drawings_and_exports_are_the_same_every_time() {
    let sql = ["rules", "export", "--to", "sql", "--dialect", "postgres"];
    for args in [&["rules", "show"][..], &["rules", "graph"], &["rules", "graph", "--format", "dot"], &sql] {
        let first = printed(args);
        assert!((0..3).all(|_| printed(args) == first), "{args:?}");
    }
}
