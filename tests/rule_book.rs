//! The rule book and the drawings of the built-in rules, kept as they are printed, so that a change of the rules shows
//! up in review as a change of what people read.

mod support;

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
