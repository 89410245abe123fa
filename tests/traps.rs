//! Nothing that was not checked may pass: ways in which a CI job could end up checking nothing, each caught with its own
//! message.

mod support;

use std::fs;
use std::io::{self, Read};

use eligibility::commands::{self, COULD_NOT_RUN, Io, Terminal};
use support::run;

const GOOD: &str = "examples/ready_for_everything.yaml";

/// A command line, or the text of an answers file, with the exit code and what is said.
fn trapped(args: &[&str], stdin: &str, code: u8, said: &str) {
    let ran = run(&[&["check"], args].concat(), stdin);
    assert_eq!(ran.code, code, "{args:?} {stdin:?}\n{}{}", ran.out, ran.err);
    assert!(ran.err.contains(said), "{args:?} {stdin:?}\n{}", ran.err);
}

#[test]
fn a_typo_anywhere_in_an_answers_file_is_an_error() {
    let good = "product: P\nanswers:\n  health_or_care_benefit: yes\n";
    assert_eq!(run(&["check", "-"], good).code, 5, "the file that is spoilt below");
    for (spoilt, said) in [
        (good.replace("health_or_care_benefit", "health_or_care_benfit"), "A001"),
        (good.replace("yes", "yess"), "A002"),
        (good.replace("yes", "[yes]"), "A003"),
        (good.replace("answers", "answer"), "F010"),
        (good.replace("answers:\n  health_or_care_benefit: yes", "answers:"), "A005"),
        (good.replace("answers:\n  health_or_care_benefit: yes", "answers: []"), "F011"),
        (good.replace("answers:\n  health_or_care_benefit: yes", ""), "F012"),
        (good.replace("product: P", "product:"), "F011"),
        (good.replace("product: P", "product: \" \""), "A006"),
        (good.replace("answers:\n  ", ""), "under `answers:`"),
        (format!("{good}---\n{good}"), "F005"),
        (format!("{good}  health_or_care_benefit: no\n"), "F006"),
        (format!("- {}", good.replace('\n', "\n  ")), "F011"),
        (String::new(), "F003"),
        ("# only a comment\n".to_owned(), "F003"),
        ("[]\n".to_owned(), "F011"),
        ("{}\n".to_owned(), "F012"),
        ("product,health_or_care_benefit\nP,yes\n".to_owned(), "F0"),
    ] {
        trapped(&["-"], &spoilt, 2, said);
    }
}

/// The same of `triage`, in a format for people, one for programs and one for CI servers.
fn trapped_in_triage(args: &[&str], stdin: &str, code: u8, said: &str) {
    for format in ["text", "jsonl", "junit"] {
        let ran = run(&[&["triage", "--format", format], args].concat(), stdin);
        assert_eq!(ran.code, code, "{format} {args:?} {stdin:?}\n{}{}", ran.out, ran.err);
        assert!(ran.err.contains(said), "{format} {args:?} {stdin:?}\n{}", ran.err);
    }
}

#[test]
fn a_typo_anywhere_in_a_record_is_an_error() {
    let good = "{\"product\":\"P\",\"answers\":{\"health_or_care_benefit\":\"yes\"}}\n";
    let jsonl = ["-", "--input-format", "jsonl"];
    trapped_in_triage(&jsonl, good, 5, "1 product");
    for (spoilt, said) in [
        (good.replace("health_or_care_benefit", "health_or_care_benfit"), "A001"),
        (good.replace("yes", "yess"), "A002"),
        (good.replace("\"yes\"", "[\"yes\"]"), "A003"),
        (good.replace("\"yes\"", "{\"answer\":\"yes\",\"evidnce\":\"x\"}"), "A011"),
        (good.replace("answers", "answer"), "F010"),
        (good.replace("{\"health_or_care_benefit\":\"yes\"}", "null"), "A005"),
        (good.replace("{\"health_or_care_benefit\":\"yes\"}", "[]"), "F011"),
        (good.replace("\"P\"", "\" \""), "A006"),
        (good.replace("\"yes\"}", "\"yes\",\"health_or_care_benefit\":\"no\"}"), "F006"),
        (good.replace("}}", "}"), "F004"),
        ("[1]\n".to_owned(), "F011"),
        ("{}\n".to_owned(), "F012"),
        ("\n\n".to_owned(), "F003"),
        (String::new(), "F003"),
    ] {
        trapped_in_triage(&jsonl, &spoilt, 2, said);
        // A good record does not make up for it. An empty line beside one is nothing at all.
        if !spoilt.trim().is_empty() {
            trapped_in_triage(&jsonl, &format!("{good}{spoilt}"), 2, said);
        }
    }
    let csv = ["-", "--input-format", "csv"];
    trapped_in_triage(&csv, "product,health_or_care_benefit\nP,yes\n", 5, "1 product");
    for (spoilt, said) in [
        ("product,health_or_care_benfit\nP,yes\n", "unknown column `health_or_care_benfit`"),
        ("product;health_or_care_benfit\nP;yes\n", "unknown column `health_or_care_benfit`"),
        ("prodct,health_or_care_benefit\nP,yes\n", "there is no column `product`"),
        ("P,yes\n", "there is no column `product`"),
        (
            "product,health_or_care_benefit,health_or_care_benefit\nP,yes,no\n",
            "columns 2 and 3 are both `health_or_care_benefit`",
        ),
        ("product,health_or_care_benefit\nP,yess\n", "A002"),
        ("product,health_or_care_benefit\nP\n", "F004"),
        ("product,health_or_care_benefit\nP,yes,no\n", "F004"),
        ("product,health_or_care_benefit\n", "F003"),
    ] {
        trapped_in_triage(&csv, spoilt, 2, said);
    }
}

#[test]
fn nothing_to_triage_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    fs::create_dir(path("empty")).expect("a folder");
    fs::create_dir(path("rules")).expect("a folder");
    trapped_in_triage(&[], "", 2, "there is nothing to triage");
    trapped_in_triage(&[""], "", 2, "a value is required");
    trapped_in_triage(&[&path("empty")], "", 2, "there are no answers in these folders");
    trapped_in_triage(&[GOOD, &path("empty")], "", 2, &format!("there are no answers in `{}`", path("empty")));
    trapped_in_triage(&[&path("*.yaml")], "", 2, "no file matches");
    trapped_in_triage(&[&path("anwsers.yaml")], "", 1, "cannot read");
    trapped_in_triage(&[GOOD, &path("anwsers.yaml")], "", 1, "cannot read");
    trapped_in_triage(&[GOOD, "-"], "", 2, "it is not known what standard input holds");
    trapped_in_triage(&[&path("answers.yml.bak")], "", 1, "cannot read");
    fs::write(path("answers.yml.bak"), "product: A\n").expect("a file");
    trapped_in_triage(&[&path("answers.yml.bak")], "", 2, "does not say what it is");
    trapped_in_triage(&["--rules", &path("rules"), GOOD], "", 2, "R001");
    trapped_in_triage(&["--rules=ruels", GOOD], "", 1, "cannot read the folder `ruels`");
    for (option, said) in [
        ("--fail-on=does_not_met", "invalid value 'does_not_met'"),
        ("--fail-on=", "a value is required"),
        ("--only=meets", "invalid value 'meets'"),
        ("--report=junt=x.xml", "did you mean `junit`?"),
        ("--report=junit=-", "name a file"),
        ("--column=stge=Stage", "did you mean `stage`?"),
        ("--failon=incomplete", "unexpected argument"),
    ] {
        trapped_in_triage(&[option, GOOD], "", 2, said);
    }
}

#[test]
fn triage_never_writes_over_what_it_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (answers, inside) = (path("answers.yaml"), folder.path().to_str().expect("UTF-8"));
    fs::copy(support::crate_path(GOOD), &answers).expect("a copy");
    let before = fs::read(&answers).expect("the answers");
    let report = format!("json={answers}");
    for paths in [answers.as_str(), inside] {
        trapped_in_triage(&[paths, "--report", &report], "", 2, "cannot be both read and written");
        trapped_in_triage(&[paths, "--output", &answers], "", 2, "cannot be both read and written");
        trapped_in_triage(&[paths, "--report=tap=x", "--report=junit=./x"], "", 2, "cannot be written twice");
    }
    assert_eq!(fs::read(&answers).expect("the answers"), before);
}

#[test]
fn nothing_to_check_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    fs::create_dir(path("empty")).expect("a folder");
    fs::create_dir(path("full")).expect("a folder");
    fs::copy(support::crate_path(GOOD), path("full/answers.yaml")).expect("a copy");
    trapped(&[], "", 2, "there is nothing to check");
    trapped(&[""], "", 2, "a value is required");
    trapped(&[&path("empty")], "", 2, "there is no answers.yaml, answers.yml or answers.json in");
    trapped(&[&path("*.yaml")], "", 2, "no file matches");
    trapped(&[&path("*/answers.json")], "", 2, "no file matches");
    trapped(&[GOOD, &path("*.yaml")], "", 2, "5 of 10 criteria assessed, 1 of 2 files.");
    trapped(&[&path("full/all.csv")], "", 2, "use `triage ");
    trapped(&[&path("anwsers.yaml")], "", 1, "cannot read");
    // One good file does not make up for another.
    trapped(&[GOOD, &path("anwsers.yaml")], "", 1, "5 of 10 criteria assessed, 1 of 2 files.");
}

#[test]
fn a_typo_in_an_option_is_an_error() {
    for (option, said) in [
        ("--fail-on=does_not_met", "invalid value 'does_not_met'"),
        ("--fail-on=", "a value is required"),
        ("--fail-on=incomplete,", "a value is required"),
        ("--gate=golive", "invalid value 'golive'"),
        ("--format=junt", "invalid value 'junt'"),
        ("--report=junt=x.xml", "did you mean `junit`?"),
        ("--report=junit", "write it as FORMAT=FILE"),
        ("--report=junit=", "name a file"),
        ("--set=health_or_care_benfit=yes", "did you mean `health_or_care_benefit`?"),
        ("--set=health_or_care_benefit=yess", "did you mean `yes`?"),
        ("--set=health_or_care_benefit", "write it as ID=VALUE"),
        ("--failon=incomplete", "unexpected argument"),
    ] {
        trapped(&[option, GOOD], "", 2, said);
    }
    trapped(&["--rules=ruels", GOOD], "", 1, "cannot read the folder `ruels`");
    trapped(&["--rules=Cargo.toml", GOOD], "", 1, "cannot read the folder");
}

#[test]
fn rules_that_decide_nothing_are_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = folder.path().to_str().expect("UTF-8");
    trapped(&["--rules", rules, GOOD], "", 2, "R001");
    for entry in fs::read_dir(support::crate_path("rules")).expect("the rules") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            fs::copy(&path, folder.path().join(path.file_name().expect("a name"))).expect("a copy");
        }
    }
    assert_eq!(run(&["check", "--rules", rules, GOOD], "").code, 0);
    fs::write(folder.path().join("criteria.yaml"), "criteria: []\n").expect("a file");
    trapped(&["--rules", rules, GOOD], "", 2, "there are no criteria");
    fs::remove_file(folder.path().join("criteria.yaml")).expect("it was there");
    fs::write(folder.path().join("criterion.yaml"), "criteria: []\n").expect("a file");
    trapped(&["--rules", rules, GOOD], "", 2, "R002");
}

#[test]
fn a_report_is_never_written_over_what_it_is_about() {
    let folder = tempfile::tempdir().expect("a folder");
    let answers = folder.path().join("answers.yaml");
    fs::copy(support::crate_path(GOOD), &answers).expect("a copy");
    let answers = answers.to_str().expect("UTF-8");
    let before = fs::read(answers).expect("the answers");
    let report = format!("json={answers}");
    trapped(&[answers, "--report", &report], "", 2, "cannot be both read and written");
    trapped(&[answers, "--format=text", "--output", answers], "", 2, "cannot be both read and written");
    trapped(&[answers, "--report=tap=x", "--report=junit=./x"], "", 2, "cannot be written twice");
    assert_eq!(fs::read(answers).expect("the answers"), before);
}

#[test]
fn a_panic_is_never_a_verdict() {
    struct Panics;
    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("a fault planted by the test")
        }
    }
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let terminal = Terminal { stdin: false, stdout: None, stderr: None, no_colour: true, links: false, plain: true };
    let io = Io { stdin: &mut Panics, stdout: &mut out, stderr: &mut err, terminal };
    let code = commands::run(["eligibility", "check", "-"].map(Into::into), io);
    assert_eq!(code, COULD_NOT_RUN);
    assert!(out.is_empty());
    let said = String::from_utf8(err).expect("text");
    assert!(said.contains("internal error") && said.contains("a fault planted by the test"), "{said}");
}
