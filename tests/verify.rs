//! A stored report is a receipt: it can be tied to the files it came from.

mod support;

use std::fs;
use std::path::PathBuf;

use support::run;

const FILE: &str = "examples/optional_extras.yaml";

/// A folder with a report of one file, and the path of the report.
fn stored(args: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    let ran = run(&[&["check", "--format", "json"], args].concat(), "");
    fs::write(&path, ran.out).expect("the report");
    (folder, path)
}

fn verify(path: &std::path::Path, args: &[&str]) -> support::Ran {
    run(&[&["check", "--verify", path.to_str().expect("UTF-8")], args].concat(), "")
}

#[test]
fn a_report_follows_from_the_files_it_was_made_from() {
    for args in [
        vec![FILE],
        vec![FILE, "examples/subscription.yaml", "tests/awkward/hostile.yaml", "nothing here"],
        vec![FILE, "--gate", "go-live", "--set", "patient_charges=free"],
    ] {
        let (_folder, path) = stored(&args);
        let ran = verify(&path, &args);
        assert!(ran.out.contains("` follows from"), "{}", ran.out);
        assert_eq!(ran.code, run(&[&["check"], &args[..]].concat(), "").code, "{args:?}");
    }
}

/// What the program writes it reads back, however long.
#[test]
fn a_report_of_a_long_file_follows_from_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("answers.yaml");
    let note = "a b ".repeat(1_040_000);
    fs::write(&file, format!("product: X\nanswers:\n  sponsor: {{answer: none, note: {note}x}}\n")).expect("written");
    let args = [file.to_str().expect("UTF-8")];
    let (_folder, path) = stored(&args);
    assert!(fs::metadata(&path).expect("a report").len() > 4 << 20);
    let ran = verify(&path, &args);
    assert!(ran.out.contains("` follows from"), "{}{}", ran.out, ran.err);
    fs::File::create(&path).expect("a file").set_len((64 << 20) + 1).expect("a longer one");
    let ran = verify(&path, &args);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("it is larger than 64 MiB"), "{}", ran.err);
}

#[test]
fn a_report_of_anything_else_does_not_follow() {
    let (_folder, path) = stored(&[FILE]);
    for (args, said) in [
        (vec!["examples/subscription.yaml"], "input.digest"),
        (vec![FILE, "--set", "patient_charges=free"], "input.set"),
        (vec![FILE, "--gate", "go-live"], "gate.name: the report says \"eligibility\", the files say \"go-live\""),
        (vec![FILE, "examples/subscription.yaml"], "it holds 1 report, and the command names 2 files"),
        (vec!["tests/packs/allotment_answers.yaml", "--rules", "tests/packs/allotment"], "rules.digest"),
    ] {
        let ran = verify(&path, &args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.out.contains("does not follow") && ran.out.contains(said), "{}", ran.out);
    }
}

#[test]
fn a_report_that_was_changed_does_not_follow() {
    let (_folder, path) = stored(&[FILE]);
    let text = fs::read_to_string(&path).expect("the report");
    let changed = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("the report");
        verify(&path, &[FILE])
    };
    let outcome = "\"outcome\": \"needs_discussion\"";
    let ran = changed(outcome, "\"outcome\": \"meets_criteria\"");
    assert_eq!((ran.code, ran.out.contains("- outcome: the report says \"meets_criteria\"")), (2, true), "{}", ran.out);
    let ran = changed(outcome, &format!("\"outcome\": \"meets_criteria\",\n  {outcome}"));
    assert_eq!((ran.code, ran.err.contains("a key stands twice")), (2, true), "{}", ran.err);
    let ran = changed("\"disclaimer\"", "\"approved\": true, \"disclaimer\"");
    assert_eq!((ran.code, ran.out.contains("- approved: only the report has it")), (2, true), "{}", ran.out);
    // Another version of the program, another layout and another folder are no difference.
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(changed(&version, "\"version\": \"99.0.0\"").code, 3);
    assert_eq!(changed("  \"product\"", "\n\n\"product\"").code, 3);
    assert_eq!(changed(FILE, "elsewhere.yaml").code, 3);
    for (text, code) in [("", 2), ("[", 2), ("no report", 2)] {
        fs::write(&path, text).expect("the report");
        assert_eq!(verify(&path, &[FILE]).code, code, "{text:?}");
    }
    assert_eq!(verify(&path.with_file_name("nothing.json"), &[FILE]).code, 1);
}
