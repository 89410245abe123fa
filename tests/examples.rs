//! Every file in `examples/` runs, and does what the table in `examples/README.md` says of it.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The rows of the table: file, outcome in words, exit code.
fn table() -> Vec<(String, String, i32)> {
    let text = include_str!("../examples/README.md");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        (cells[0].trim_matches('`').to_owned(), cells[2].to_owned(), cells[3].parse().unwrap())
    })
    .collect()
}

fn check(file: &str) -> (i32, serde_json::Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"))
        .args(["check", "--format", "json"])
        .arg(format!("examples/{file}"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{file}");
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn each_example_has_the_outcome_and_exit_code_of_its_row() {
    for (file, words, code) in table() {
        let (found, report) = check(&file);
        assert_eq!(found, code, "{file}");
        let outcome = report["outcome"].as_str().unwrap();
        let expected = match words.split(',').next().unwrap() {
            "meets the criteria" => "meets_criteria",
            "needs discussion" => "needs_discussion",
            "does not meet" => "does_not_meet",
            "incomplete" => "incomplete",
            other => panic!("{file}: the outcome `{other}` is none of the four"),
        };
        assert_eq!(outcome, expected, "{file}");
        let fit = report["fit"]["outcome"].as_str().unwrap();
        assert_eq!(words.contains("does not fit"), fit == "does_not_fit", "{file}");
        assert_eq!(words.contains("fits with a condition"), fit == "fits_with_conditions", "{file}");
    }
}

#[test]
fn the_table_names_every_example_and_the_examples_cover_every_outcome() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let on_disk: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    let named: BTreeSet<String> = table().into_iter().map(|(file, ..)| file).collect();
    assert_eq!(named, on_disk);
    assert!(named.len() >= 8);
    let codes: BTreeSet<i32> = table().into_iter().map(|(.., code)| code).collect();
    assert_eq!(codes, BTreeSet::from([0, 3, 4, 5]));
}

/// No file passes for a real product by mistake.
#[test]
fn every_example_says_that_it_is_invented() {
    for (file, ..) in table() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(&file);
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains("invented"), "{file}");
    }
}
