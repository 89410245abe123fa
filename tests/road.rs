//! `check` and `triage` say the same of every record, whatever is asked of them, with no option to make them equal.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use eligibility::gate::Gate;
use eligibility::lint::LINTS;
use eligibility::question::Kind;
use eligibility::rulebook::Rulebook;
use serde_json::Value;
use support::invent::Tape;
use support::{Ran, crate_path, run};

/// How many records are invented.
const RECORDS: u64 = 500;
/// The formats of both that tell everything of a record.
const DOCUMENTS: [&str; 5] = ["junit", "sarif", "github", "gitlab", "tap"];

/// One record: whole or in parts, with evidence, answers nobody asks for, contradictions, and now and then a mistake.
fn record(rulebook: &Rulebook, tape: &mut Tape<'_>, number: u64) -> String {
    let mut text = format!("product: Product {number}\n");
    if tape.once_in(3) {
        let version = if tape.once_in(2) { &rulebook.version } else { "0.0.1" };
        let _ = writeln!(text, "rules: {{id: {}, version: {version}}}", rulebook.id);
    }
    text.push_str("answers:\n");
    let missing_in = 2 + tape.pick(9);
    let mistake_in = if tape.once_in(6) { 8 } else { 100_000 };
    for question in &rulebook.questions {
        if tape.once_in(missing_in) {
            continue;
        }
        let options: Vec<&str> = question.values().collect();
        let value = match question.kind {
            kind if tape.once_in(mistake_in) => if kind == Kind::Text { "not_sure" } else { "nonsense" }.to_owned(),
            _ if tape.once_in(9) && question.takes_not_sure() => "not_sure".to_owned(),
            Kind::Text => "Words about it.".to_owned(),
            Kind::YesNo | Kind::Choice => options[tape.pick(options.len())].to_owned(),
            Kind::Choices => {
                let mut chosen: Vec<&str> = options.iter().copied().filter(|_| tape.once_in(3)).collect();
                chosen.retain(|value| chosen_alone(rulebook, &question.id) != Some(*value));
                if chosen.is_empty() {
                    chosen.push(options[tape.pick(options.len())]);
                }
                format!("[{}]", chosen.join(", "))
            }
        };
        let _ = if tape.once_in(4) {
            writeln!(text, "  {}: {{answer: {value}, evidence: A letter}}", question.id)
        } else {
            writeln!(text, "  {}: {value}", question.id)
        };
    }
    if text.ends_with("answers:\n") {
        text = text.replace("answers:\n", "answers: {}\n");
    }
    text
}

/// The value of a question that cannot be combined with others.
fn chosen_alone<'r>(rulebook: &'r Rulebook, id: &str) -> Option<&'r str> {
    let (_, question) = rulebook.question(id)?;
    question.none().map(|none| question.options[none].value.as_str())
}

/// What both say of some files, apart from what they count.
fn same(files: &[String], format: &str, options: &[&str]) -> (Ran, Ran) {
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let of = |command: &str| {
        let mut ran = run(&[&[command, "--format", format], options, files.as_slice()].concat(), "");
        ran.out = ran.out.replace(&format!("of {} products", files.len()), &format!("of {} files", files.len()));
        ran
    };
    (of("check"), of("triage"))
}

fn every_option() -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> =
        Gate::ALL.iter().map(|gate| vec!["--gate".to_owned(), gate.id().to_owned()]).collect();
    for (code, _) in LINTS {
        all.extend(["--deny", "--warn", "--allow"].map(|level| vec![level.to_owned(), code.to_string()]));
    }
    all.push(vec!["--locked".to_owned()]);
    all.push(vec!["--fail-on".to_owned(), "does_not_meet".to_owned()]);
    all.push(vec!["--set".to_owned(), "patient_charges=free".to_owned()]);
    all
}

/// Compares both in every format, with these options.
fn compare(files: &[String], options: &[String]) {
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    // Options change what is said, not how it is written, so one document stands for all where there are many options.
    let documents = if options.is_empty() { &DOCUMENTS[..] } else { &DOCUMENTS[1..2] };
    for format in documents {
        let (check, triage) = same(files, format, &options);
        assert_eq!(check.code, triage.code, "{format} {options:?}");
        assert!(check.out == triage.out, "{format} {options:?}\n{}\n{}", check.out, triage.out);
    }
    let (check, _) = same(files, "json", &options);
    let reports: Vec<Value> = serde_json::Deserializer::from_str(&check.out).into_iter().map(Result::unwrap).collect();
    let (_, lines) = same(files, "jsonl", &options);
    assert_eq!(check.code, lines.code, "{options:?}");
    let lines: Vec<Value> = lines.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(reports.len(), lines.len());
    for (report, line) in reports.iter().zip(&lines) {
        let Some(outcome) = report.get("outcome") else {
            assert!(line.get("error").is_some(), "{options:?}: {line}\n{report}");
            continue;
        };
        assert_eq!(line.get("outcome"), Some(outcome), "{options:?}: {line}\n{report}");
        for key in ["product", "possible_outcomes", "missing"] {
            assert_eq!(line[key], report[key], "{key} {options:?}: {line}\n{report}");
        }
        assert_eq!(line["scenario"], report["scenario"]["number"]);
        assert_eq!(line["fit"], report["fit"]["outcome"]);
        for (key, status) in [("not_met", "not_met"), ("to_discuss", "to_discuss")] {
            let criteria = report["criteria"].as_array().expect("a list").iter();
            let with: Vec<&Value> = criteria.filter(|it| it["status"] == status).map(|it| &it["id"]).collect();
            assert_eq!(line[key].as_array().expect("a list").iter().collect::<Vec<_>>(), with, "{key} {options:?}");
        }
    }
}

#[test]
fn both_say_the_same_of_the_examples() {
    let mut files: Vec<String> = fs::read_dir(crate_path("examples"))
        .expect("the examples")
        .map(|entry| entry.expect("a readable entry").path().display().to_string())
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending != "md"))
        .collect();
    files.sort();
    compare(&files, &[]);
    for options in every_option() {
        compare(&files, &options);
    }
}

#[test]
fn both_say_the_same_of_invented_records() {
    let rulebook = support::builtin();
    let folder = tempfile::tempdir().expect("a folder");
    let mut tape = Tape::endless(1);
    let files: Vec<String> = (0..RECORDS)
        .map(|number| {
            let path = folder.path().join(format!("{number:03}.yaml"));
            fs::write(&path, record(&rulebook, &mut tape, number)).expect("a file");
            path.display().to_string()
        })
        .collect();
    // All options over all records would take minutes: each option has its own tenth of them.
    let options = every_option();
    compare(&files, &[]);
    for (number, options) in options.iter().enumerate() {
        let some: Vec<String> = files.iter().skip(number % 10).step_by(10).cloned().collect();
        compare(&some, options);
    }
}

/// A line or file is judged in the quick way only where judging it whole says the same: one answer more is missed by
/// nobody, but makes the quick way impossible.
#[test]
fn what_is_judged_quickly_comes_to_what_it_comes_to_judged_whole() {
    let rulebook = support::builtin();
    let folder = tempfile::tempdir().expect("a folder");
    let mut tape = Tape::endless(2);
    let mut lines = String::new();
    for number in 0..RECORDS {
        let text = record(&rulebook, &mut tape, number).replace("Product ", "Line ");
        lines.push_str(&json_line(&text));
        lines.push('\n');
        fs::write(folder.path().join(format!("{number:03}.yaml")), text).expect("a file");
    }
    let path = folder.path().join("all.jsonl");
    fs::write(&path, lines).expect("a file");
    let options = [&[][..], &["--threads", "1"], &["--allow", "A008"], &["--allow", "A012"], &["--deny", "A012"]];
    for (options, path) in options.iter().flat_map(|options| [(*options, path.as_path()), (*options, folder.path())]) {
        let path = path.display().to_string();
        let triage = ["triage", &path, "--format", "jsonl"];
        let quick = run(&[&triage, options].concat(), "");
        let whole = run(&[&triage, options, &["--set", "why_nhs_login=Because."]].concat(), "");
        assert_eq!(quick.out, whole.out, "{options:?}");
        let err: String =
            whole.err.split_inclusive('\n').filter(|line| !line.starts_with("Given with --set")).collect();
        assert_eq!(quick.err, err, "{options:?}");
        assert_eq!(quick.code, whole.code, "{options:?}");
        assert_eq!(quick.err.contains("[A008]"), !options.contains(&"A008"), "{options:?}: {}", quick.err);
    }
}

/// Whoever is not sure has not written what is asked for. In files that is a mistake, in a table an answer that is missing.
#[test]
fn not_sure_is_no_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    for words in ["not_sure", "Not sure", " NOT-SURE "] {
        for answer in [format!("{words:?}"), format!("{{\"answer\":{words:?},\"note\":\"A note\"}}")] {
            let text = format!("{{\"product\":\"P\",\"answers\":{{\"product_overview\":{answer}}}}}\n");
            for path in [written("a.yaml", &text), written("a.json", &text), written("a.jsonl", &text)] {
                let ran = run(&["triage", &path, "--format", "jsonl"], "");
                assert_eq!(ran.code, 2, "{path} {text}: {}", ran.out);
                assert!(
                    ran.out.contains("A003") && ran.out.contains("is no answer to `product_overview`"),
                    "{}",
                    ran.out
                );
            }
        }
        let set = format!("product_overview={words}");
        assert_eq!(run(&["check", "examples/live_and_commissioned.yaml", "--set", &set], "").code, 2, "{set}");
        let table = format!(
            "product,why_nhs_login,product_overview,product_overview.note\nP,Because.,{words},\nQ,Because.,{words},A note\n\
             R,Because.,It helps.,\n"
        );
        let ran = run(&["triage", "-", "--input-format", "csv", "--fields", "topics", "--format", "jsonl"], &table);
        let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(lines[0]["topics"], Value::Array(Vec::new()), "{}", ran.out);
        assert!(
            lines[1]["error"].to_string().contains("a note for `product_overview` without an answer"),
            "{}",
            ran.out
        );
        assert_ne!(lines[2]["topics"], lines[0]["topics"], "{}", ran.out);
    }
}

/// A record of [`record`] as one line of JSON, which is simple enough to be taken apart by its lines.
fn json_line(text: &str) -> String {
    let mut lines = text.lines();
    let product = lines.next().and_then(|line| line.strip_prefix("product: ")).expect("a product");
    let mut out = format!("{{\"product\":\"{product}\"");
    let value = |text: &str| match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(list) => format!("[{}]", list.split(", ").map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(",")),
        None => format!("\"{text}\""),
    };
    let mut answers = Vec::new();
    for line in lines {
        if let Some(rules) = line.strip_prefix("rules: {id: ") {
            let (id, version) = rules.trim_end_matches('}').split_once(", version: ").expect("both");
            let _ = write!(out, ",\"rules\":{{\"id\":\"{id}\",\"version\":\"{version}\"}}");
        } else if let Some((id, answer)) = line.strip_prefix("  ").and_then(|line| line.split_once(": ")) {
            let answer =
                match answer.strip_prefix("{answer: ").and_then(|text| text.strip_suffix(", evidence: A letter}")) {
                    Some(answer) => format!("{{\"answer\":{},\"evidence\":\"A letter\"}}", value(answer)),
                    None => value(answer),
                };
            answers.push(format!("\"{id}\":{answer}"));
        }
    }
    format!("{out},\"answers\":{{{}}}}}", answers.join(","))
}
