//! The exit code is the same in every format and any order, and no format passes what the exit code fails.

mod support;

use std::fs;

use eligibility::report::Format;
use quick_junit::Report;
use support::{Ran, run};

const GATES: [&str; 3] = ["eligibility", "application", "go-live"];
const FAIL_ON: [(&str, u8); 3] = [("needs_discussion", 3), ("does_not_meet", 4), ("incomplete", 5)];

/// Answers that would pass every gate, changed in one way: the exit code that their outcome calls for, which `--fail-on`
/// may leave out, and the one that each gate calls for whatever the outcome, which it may not.
const TABLE: [(&str, &str, u8, [u8; 3]); 13] = [
    (READY, "", 0, [0, 0, 0]),
    (READY, "garden_story=", 0, [0, 5, 5]),
    (READY, "water_tested=no", 0, [0, 0, 4]),
    (READY, "water_tested=", 0, [0, 0, 5]),
    (READY, "water_tested=not_sure", 0, [0, 0, 5]),
    // A condition, and a blocker that is only possible, are printed and pass; but a topic is then not prepared.
    (READY, "shared_things=tools", 0, [0, 0, 0]),
    (READY, "shared_things=not_sure", 0, [0, 5, 5]),
    (READY, "pesticides=soap_only", 3, [0, 0, 0]),
    (READY, "open_to_neighbours=not_sure", 3, [0, 0, 0]),
    (READY, "pesticides=garden_chemicals", 4, [0, 0, 0]),
    (READY, "shared_things=nothing_shared", 0, [4, 4, 4]),
    (READY, "open_to_neighbours=", 5, [0, 0, 0]),
    ("tests/awkward/invalid, 50%.yaml", "", 0, [2, 2, 2]),
];
const READY: &str = "tests/packs/allotment_answers.yaml";

/// Files, from worst to best.
const FILES: [(&str, u8); 7] = [
    ("examples/not there.yaml", 1),
    ("tests/awkward/hostile.yaml", 2),
    ("examples/subscription.yaml", 4),
    ("examples/one_off_gp_credentials.yaml", 4),
    ("examples/optional_extras.yaml", 3),
    ("examples/incomplete.yaml", 5),
    ("examples/live_and_commissioned.yaml", 0),
];

#[test]
fn each_outcome_in_each_format_at_each_gate_with_each_fail_on() {
    for (file, set, outcome, codes) in TABLE {
        for (gate, code) in GATES.iter().zip(codes) {
            // All subsets; the empty one leaves the option out.
            for subset in 0..8_u8 {
                let named: Vec<_> = (0..3).filter(|at| subset & (1 << at) != 0).map(|at| FAIL_ON[at]).collect();
                let code = code.max(if fails(&named, outcome) { outcome } else { 0 });
                for format in Format::supported(Format::is_for_one) {
                    let list = named.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
                    let mut args = vec![
                        "check",
                        "--rules",
                        "tests/packs/allotment",
                        file,
                        "--gate",
                        gate,
                        "--format",
                        format.id(),
                    ];
                    if !set.is_empty() {
                        args.extend(["--set", set]);
                    }
                    if !named.is_empty() {
                        args.extend(["--fail-on", &list]);
                    }
                    let ran = run(&args, "");
                    assert_eq!(ran.code, code, "{args:?}\n{}", ran.err);
                    assert_agrees(format, &ran, &args);
                }
            }
        }
    }
}

/// Whether an outcome fails where these are chosen to, or all if none is.
fn fails(named: &[(&str, u8)], outcome: u8) -> bool {
    named.is_empty() || named.iter().any(|(_, failing)| *failing == outcome)
}

/// The text of a file with one answer changed, as `--set` would.
fn changed(file: &str, set: &str) -> String {
    let text = fs::read_to_string(support::crate_path(file)).expect("an answers file");
    let Some((id, value)) = set.split_once('=') else { return text };
    let line = |line: &str| match line.strip_prefix("  ").and_then(|line| line.split_once(':')) {
        Some((found, _)) if found == id && id == "shared_things" && value != "not_sure" => {
            format!("  {id}: [{value}]\n")
        }
        Some((found, _)) if found == id => format!("  {id}: {value}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// Triage has one gate, the first.
#[test]
fn triage_exits_as_check_does_in_each_format_with_each_fail_on() {
    for (file, set, outcome, [code, ..]) in TABLE {
        let text = changed(file, set);
        for subset in 0..8_u8 {
            let named: Vec<_> = (0..3).filter(|at| subset & (1 << at) != 0).map(|at| FAIL_ON[at]).collect();
            let code = code.max(if fails(&named, outcome) { outcome } else { 0 });
            let list = named.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
            for format in Format::supported(Format::is_for_many) {
                let rules = ["--rules", "tests/packs/allotment"];
                let mut args =
                    [&["triage", "-", "--input-format", "yaml", "--format", format.id()], &rules[..]].concat();
                if !named.is_empty() {
                    args.extend(["--fail-on", &list]);
                }
                let ran = run(&args, &text);
                assert_eq!(ran.code, code, "{args:?} {set}\n{}", ran.err);
                if !matches!(format, Format::Text | Format::Json | Format::Jsonl | Format::Csv | Format::Markdown) {
                    assert_agrees(format, &ran, &args);
                }
            }
        }
    }
}

#[test]
fn the_worst_product_counts_in_any_order_and_format_of_triage() {
    for (better, (first, first_code)) in FILES.iter().enumerate() {
        for (second, _) in &FILES[better..] {
            for files in [[first, second], [second, first]] {
                for format in ["csv", "sarif"] {
                    let ran = run(&["triage", files[0], files[1], "--format", format], "");
                    assert_eq!(ran.code, *first_code, "{files:?}");
                }
            }
        }
    }
}

#[test]
fn the_worse_of_two_files_counts_in_either_order() {
    for (better, (first, first_code)) in FILES.iter().enumerate() {
        for (second, _) in &FILES[better..] {
            for files in [[first, second], [second, first]] {
                let ran = run(&["check", files[0], files[1], "--format", "tap"], "");
                assert_eq!(ran.code, *first_code, "{files:?}");
                assert_agrees(Format::Tap, &ran, &[]);
            }
        }
    }
}

#[test]
fn reports_that_cannot_be_made_fail_in_every_format() {
    for format in Format::supported(Format::is_for_one) {
        for args in [
            vec!["check", "examples/not there.yaml"],
            vec!["check", "--rules", "examples/not there", "examples/incomplete.yaml"],
        ] {
            let args = [&args[..], &["--format", format.id()]].concat();
            let ran = run(&args, "");
            assert_eq!(ran.code, 1, "{args:?}");
            assert_agrees(format, &ran, &args);
        }
    }
}

/// What a reader of the format would make of it is what the exit code says.
fn assert_agrees(format: Format, ran: &Ran, args: &[&str]) {
    let fails = match format {
        Format::Text | Format::Jsonl | Format::Csv | Format::Xlsx => return,
        Format::Json => {
            let report: serde_json::Value = serde_json::from_str(&ran.out).expect("valid JSON");
            let code = report["exit_code"].as_u64().or(report["gate"]["exit_code"].as_u64()).expect("a code");
            // What --fail-on leaves out is no part of the report.
            if ran.code == 0 && args.contains(&"--fail-on") {
                return;
            }
            code != 0
        }
        Format::Junit => {
            let report = Report::deserialize_from_str(&ran.out).expect("valid JUnit");
            assert!(report.tests > 0, "{args:?}");
            report.failures + report.errors > 0
        }
        Format::Sarif => {
            let log: serde_json::Value = serde_json::from_str(&ran.out).expect("valid JSON");
            let (results, invocation) = (&log["runs"][0]["results"], &log["runs"][0]["invocations"][0]);
            assert_eq!(invocation["exitCode"], ran.code, "{args:?}");
            assert_eq!(invocation["executionSuccessful"], !matches!(ran.code, 1 | 2), "{args:?}");
            results.as_array().expect("results").iter().any(|result| result["level"] != "note")
                || invocation["executionSuccessful"] == false
        }
        Format::Gitlab => {
            let log: serde_json::Value = serde_json::from_str(&ran.out).expect("valid JSON");
            log.as_array().expect("entries").iter().any(|entry| entry["severity"] != "info")
        }
        Format::Github => ran.out.lines().any(|line| line.starts_with("::error") || line.starts_with("::warning")),
        Format::Markdown => {
            assert!(ran.out.contains("of 1 files."), "{args:?}");
            ran.out.contains("not passed. In the way")
                || ran.out.contains("**Not valid")
                || ran.out.contains("**Could not be read")
        }
        Format::Html => {
            assert!(["of 1 files.", "of 1 products."].iter().any(|all| ran.out.contains(all)), "{args:?}");
            !ran.out.contains(" Exit code 0.</p>")
        }
        Format::Tap => {
            let tests = ran.out.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count();
            assert!(tests > 0 && ran.out.contains(&format!("\n1..{tests}\n")), "{args:?}");
            ran.out.lines().any(|line| line.starts_with("not ok ") && !line.contains(" # TODO "))
        }
    };
    assert_eq!(fails, ran.code != 0, "{args:?}\n{}", ran.out);
}
