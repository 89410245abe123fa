//! The codes of problems, and how much those that can be chosen weigh.

mod support;

use eligibility::problem::{CODES, Severity};
use eligibility::prove::WARNINGS;
use support::run;

const PACK: [&str; 3] = ["check", "--rules", "tests/packs/allotment"];
const HEAD: &str = "product: P\nrules: {id: green_plots, version: VERSION}\n";
const BODY: &str = "answers:\n  open_to_neighbours: yes\n  pesticides: nothing\n";

/// Runs the check on a file that names the rules in use, unless the head is left out.
fn check(head: &str, answers: &str, options: &[&str]) -> support::Ran {
    let version = support::sound(&support::folder("tests/packs/allotment")).version;
    let text = format!("{}{BODY}{answers}", head.replace("VERSION", &version));
    run(&[&PACK[..], &["-"], options].concat(), &text)
}

#[test]
fn the_codes_never_change() {
    let list: Vec<String> = CODES
        .iter()
        .map(|code| {
            let severity = if code.severity() == Severity::Error { "error" } else { "warning" };
            format!("{code} {severity}: {}", code.title())
        })
        .collect();
    insta::assert_snapshot!("codes", list.join("\n"));
}

#[test]
fn every_code_is_explained_with_an_example_of_wrong_and_right() {
    for code in CODES {
        let ran = run(&["explain", code.as_str()], "");
        assert_eq!(ran.code, 0, "{code}");
        for part in [code.title(), "Wrong", "Right"] {
            assert!(ran.out.contains(part), "{code}: {part}\n{}", ran.out);
        }
    }
}

#[test]
fn each_lint_can_be_an_error_a_warning_or_nothing() {
    let unneeded = "  land_held_by: owned\n  long_lease: yes\n";
    let unproved = "  land_held_by: leased\n  long_lease: yes\n";
    let sound = "  land_held_by: owned\n";
    let other = HEAD.replace("VERSION", "0.0.1");
    let unnamed = "product: P\n";
    for (code, head, answers, by_default) in [
        ("A007", other.as_str(), sound, true),
        ("A008", HEAD, unneeded, true),
        ("A009", HEAD, unproved, false),
        ("A010", unnamed, sound, false),
    ] {
        let ran = check(head, answers, &[]);
        assert_eq!((ran.code, ran.err.contains(&format!("warning[{code}]"))), (0, by_default), "{}", ran.err);
        let ran = check(head, answers, &["--warn", code]);
        assert_eq!((ran.code, ran.err.contains(&format!("warning[{code}]"))), (0, true), "{}", ran.err);
        let ran = check(head, answers, &["--allow", code]);
        assert_eq!((ran.code, ran.err.contains(code)), (0, false), "{}", ran.err);
        for format in ["text", "json", "junit", "sarif", "github", "markdown", "tap"] {
            let ran = check(head, answers, &["--deny", code, "--format", format]);
            assert_eq!((ran.code, ran.err.contains(&format!("error[{code}]"))), (2, true), "{}", ran.err);
            assert_eq!(ran.out.contains(code), format != "text", "{format}: {}", ran.out);
        }
    }
}

#[test]
fn an_unknown_key_beside_an_answer_is_an_error_unless_it_is_chosen_otherwise() {
    let answers = "  land_held_by: leased\n  long_lease: {answer: yes, signed: 2 February}\n";
    let ran = check(HEAD, answers, &[]);
    assert_eq!((ran.code, ran.err.contains("error[A011]: unknown key `signed`")), (2, true), "{}", ran.err);
    let ran = check(HEAD, answers, &["--warn", "A011"]);
    assert_eq!((ran.code, ran.err.contains("warning[A011]")), (0, true), "{}", ran.err);
    let ran = check(HEAD, answers, &["--allow", "A011"]);
    assert_eq!((ran.code, ran.err.contains("A011")), (0, false), "{}", ran.err);
    for format in ["json", "junit", "sarif", "github", "markdown", "tap"] {
        let ran = check(HEAD, answers, &["--format", format]);
        assert_eq!((ran.code, ran.out.contains("A011")), (2, true), "{format}: {}", ran.out);
    }
    // A key that is unknown anywhere else is always an error.
    let ran = check(&format!("signed: yes\n{HEAD}"), "  land_held_by: owned\n", &["--allow", "A011"]);
    assert_eq!((ran.code, ran.err.contains("error[F010]")), (2, true), "{}", ran.err);
}

#[test]
fn what_is_said_of_a_file_that_is_not_valid_can_be_chosen_too() {
    let other = HEAD.replace("VERSION", "0.0.1");
    let wrong = "  pesticide: nothing\n";
    assert!(check(&other, wrong, &[]).err.contains("warning[A007]"));
    assert!(!check(&other, wrong, &["--allow", "A007"]).err.contains("A007"));
    assert!(check(&other, wrong, &["--deny", "A007"]).err.contains("error[A007]"));
}

#[test]
fn locked_refuses_all_answers_that_were_not_given_against_these_rules() {
    let sound = "  land_held_by: owned\n";
    assert_eq!(check(HEAD, sound, &["--locked"]).code, 0);
    assert_eq!(check("product: P\n", sound, &["--locked"]).code, 2);
    assert_eq!(check(&HEAD.replace("VERSION", "0.0.1"), sound, &["--locked"]).code, 2);
    assert_eq!(check(&HEAD.replace("green_plots", "grey_plots"), sound, &["--locked"]).code, 2);
    let digest = HEAD.replace("VERSION", "VERSION, digest: 0000");
    assert_eq!(check(&digest, sound, &["--locked"]).code, 2, "the same version with other files");
}

/// Whoever keeps rules can have a job fail on what they are warned of.
#[test]
fn a_warning_about_rules_can_be_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut files = support::folder("tests/packs/allotment");
    let twice = "{all: [{open_to_neighbours: yes}, {open_to_neighbours: yes}]}";
    support::replace(&mut files, "criteria.yaml", "met_when: {open_to_neighbours: yes}", &format!("met_when: {twice}"));
    for (name, bytes) in &files.files {
        std::fs::write(folder.path().join(name), bytes).expect("a rule file");
    }
    let rules = folder.path().to_str().expect("a path");
    let check = |more: &[&str]| run(&[&["rules", "check", "--rules", rules][..], more].concat(), "");
    let ran = check(&[]);
    assert_eq!((ran.code, ran.err.contains("warning[R017]"), ran.out.starts_with("Sound")), (0, true, true), "{ran:?}");
    assert_eq!(check(&["--deny", "R032,f014"]).code, 0);
    for denied in ["warnings", "R017", "R032,r017"] {
        let ran = check(&["--deny", denied]);
        assert_eq!((ran.code, ran.err.contains("error[R017]")), (2, true), "{ran:?}");
        assert!(ran.out.starts_with("Not sound: 2 problems"), "{ran:?}");
    }
    for (denied, said) in [("warning", "did you mean `warnings`?"), ("R012", "`rules check` gives no warning `R012`")] {
        let ran = check(&["--deny", denied]);
        assert_eq!((ran.code, ran.err.contains(said)), (2, true), "{}", ran.err);
    }
    for code in CODES.iter().filter(|code| code.severity() == Severity::Warning && !code.as_str().starts_with('A')) {
        assert!(WARNINGS.contains(code), "{code}");
    }
}

#[test]
fn what_is_an_error_stays_one() {
    for (option, said) in [
        (["--allow", "A001"], "A001 is always an error"),
        (["--deny", "R034"], "only `rules check --deny` takes R034"),
        (["--deny", "A0O7"], "did you mean `A007`?"),
        (["--warn", "typo"], "there is no code `typo`"),
    ] {
        let ran = check(HEAD, "", &option);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    for options in [["--deny=A008", "--allow=A008"], ["--locked", "--allow=A007"]] {
        let ran = check(HEAD, "", &options);
        assert_eq!((ran.code, ran.err.contains("is given two levels")), (2, true), "{}", ran.err);
    }
}
