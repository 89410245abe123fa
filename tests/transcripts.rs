//! Three whole interviews by the rules that are built in, as they stand on a terminal of 80 columns, to be read for
//! whether the person can answer each question truthfully.

mod support;

use eligibility::commands::Terminal;
use support::{PIPES, run_on};

/// What is said of the call: the same for everybody.
const CALL: [&str; 9] = [
    "An app to order repeat medicines.",
    "People forget passwords.",
    "Autumn 2027",
    "1",
    "Talking to two ICBs.",
    "4",
    "2",
    "y",
    "",
];

/// What stands on the terminal once these answers were typed, and the exit code.
fn interview(name: &str, typed: &[&str]) -> (String, u8) {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, report] = ["answers.yaml", "report.txt"].map(|file| folder.path().join(file).display().to_string());
    let wide = Terminal { stderr: Some(80), ..PIPES };
    let stdin = format!("{name}\n\n{}\n", typed.join("\n"));
    let ran = run_on(wide, &["interview", &file, "--plain", "--output", &report], &stdin);
    // What is typed is shown by the terminal.
    let mut parts = ran.err.split("\n> ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut asked = 0;
    for (part, answer) in parts.zip(stdin.lines()) {
        text.extend(["\n> ", answer, "\n", part]);
        asked += 1;
    }
    assert_eq!(asked, typed.len() + 2, "{text}");
    let widest = text.lines().map(|line| line.chars().count()).max();
    let text = text.replace(&folder.path().display().to_string(), ".");
    assert!(widest.is_some_and(|widest| widest <= 80), "{text}");
    (text, ran.code)
}

#[test]
fn live_without_a_login_of_its_own_and_the_contract_signed() {
    let about = ["1", "y", "1", "y", "1", "n", "1", "C-2026-14, until 31 March 2029"];
    let fit = ["2", "1", "n", "1;2", "1", "1;2"];
    let (text, code) = interview(
        "Ashfield Medicines",
        &[&about[..], &fit, &["2"], &CALL, &["2", "1", "C-2026-14", "1", "1"]].concat(),
    );
    assert_eq!(code, 3);
    insta::assert_snapshot!("live_with_a_contract", text);
}

#[test]
fn a_pilot_with_a_sponsor() {
    let about = ["2", "y", "1", "y", "1", "y", "1", "A letter of 3 March 2026", "6"];
    let fit = ["2", "1", "n", "3", "1", "2"];
    let (text, code) = interview("Birch Recovery", &[&about[..], &fit, &["2"], &CALL, &["2", "3", "1", "1"]].concat());
    assert_eq!(code, 3);
    insta::assert_snapshot!("a_pilot_with_a_sponsor", text);
}

#[test]
fn in_development_with_a_sponsor() {
    let about = ["3", "n", "y", "1", "y", "2", "1", "", "6"];
    let fit = ["2", "1", "n", "2", "1", "3"];
    let (text, code) = interview("Clover Care", &[&about[..], &fit, &["2"], &CALL, &["2", "3", "1"]].concat());
    assert_eq!(code, 0);
    insta::assert_snapshot!("in_development_with_a_sponsor", text);
}
