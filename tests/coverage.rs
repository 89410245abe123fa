//! What cases show besides what conditions decide, and what is written for what they do not show.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use support::run;

const PACKS: [&str; 5] = ["allotment", "every_key", "market_stall", "bike_check", "odd_names"];

/// A pack in a folder of its own, with these cases and no others.
fn pack(name: &str, folder: &Path, cases: &str) -> String {
    let from = support::crate_path("tests/packs").join(name);
    for entry in fs::read_dir(from).expect("a pack").map(|entry| entry.expect("an entry").path()) {
        if entry.is_file() {
            fs::copy(&entry, folder.join(entry.file_name().expect("a name"))).expect("a copy");
        }
    }
    fs::create_dir_all(folder.join("tests")).expect("a folder");
    if !cases.is_empty() {
        fs::write(folder.join("tests/cases.yaml"), cases).expect("the cases");
    }
    folder.to_str().expect("UTF-8").to_owned()
}

#[test]
fn options_readings_notes_and_topics_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = pack(
        "market_stall",
        folder.path(),
        "cases:\n  - name: a\n    given: {weekday: either, goods: [bread], about_the_stall: B., where_from: O.}\n    expect: {fit: unknown}\n",
    );
    let said = run(&["rules", "test", "--rules", &rules], "").out;
    for shown in ["reading either of weekday", "answer bread of goods", "topic_stall prepared"] {
        assert!(!said.contains(shown), "{shown}: {said}");
    }
    for lacking in [
        "answer friday of weekday",
        "answer eggs of goods",
        "answer nothing_else of extras",
        "note 1 of neighbour told",
        "topic_stall not prepared",
        "topic_day prepared",
        "insured met",
    ] {
        assert!(said.contains(&format!("not shown: {lacking}")), "{lacking}: {said}");
    }
}

/// Written into a file, the cases have names of their own, are read, pass, and show all there is.
#[test]
fn the_cases_that_are_written_are_read_and_show_everything() {
    for name in PACKS {
        let folder = tempfile::tempdir().expect("a folder");
        let rules = pack(name, folder.path(), "");
        let file = folder.path().join("tests/more.yaml").display().to_string();
        let generate = ["rules", "test", "--rules", &rules, "--generate-missing", "--output", &file];
        let ran = run(&generate, "");
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{name}: {}", ran.err);
        let text = fs::read_to_string(&file).expect("the cases");
        let names: Vec<&str> = text.lines().filter_map(|line| line.trim_start().strip_prefix("- name: ")).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{name}: {names:?}");
        let ran = run(&["rules", "test", "--rules", &rules, "--min-coverage", "100"], "");
        assert_eq!(ran.code, 0, "{name}: {}{}", ran.err, ran.out);
        // What was written is not written over, and there is nothing more to write.
        assert_eq!(run(&generate, "").code, 0, "{name}");
        assert_eq!(fs::read_to_string(&file).expect("the cases"), text, "{name}");
    }
}

#[test]
fn what_is_expected_is_rewritten_with_comments_kept_once_it_has_been_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let cases = "# Of the market.\ncases:\n  - name: a   # the first\n    given: {goods: [bread], weekday: sunday}\n    \
                 expect:\n      outcome: incomplete   # why?\n      missing:\n        - weekday\n        # and so on\n      \
                 scenario:\n      possible_outcomes: [meets_criteria] # one\n      criteria: {day_free: met, goods_allowed: met}\n  \
                 - name: b\n    based_on: a\n    expect: {gates: {go-live: passes}, moves: [{weekday: friday}]}\n";
    let rules = pack("market_stall", folder.path(), cases);
    let ran = run(&["rules", "test", "--rules", &rules, "--accept"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    insta::assert_snapshot!("accepted", {
        let text = fs::read_to_string(folder.path().join("tests/cases.yaml")).expect("the cases");
        format!("{}------\n{text}", ran.out.replace(&rules, "market"))
    });
    let ran = run(&["rules", "test", "--rules", &rules], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn cases_that_fail_for_one_cause_are_told_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let case = |name: &str, given: &str, expect: &str| {
        format!("  - {{name: {name}, given: {{{given}}}, expect: {{{expect}}}}}\n")
    };
    let cases: String = ["a", "b", "c", "d", "e", "f"]
        .map(|name| case(name, "goods: [bread], weekday: sunday", "outcome: meets_criteria"))
        .concat()
        + &["g", "h"].map(|name| case(name, "goods: [bread]", "outcome: meets_criteria")).concat();
    let rules = pack("market_stall", folder.path(), &format!("cases:\n{cases}"));
    let ran = run(&["rules", "test", "--rules", &rules], "");
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!("grouped", ran.err.replace(&rules, "market"));
}
