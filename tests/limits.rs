//! Every limit of `SECURITY.md`: what lies at it is taken, what lies past it is refused with its code, and soon.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]
#![allow(clippy::format_collect, reason = "what is collected is short beside what the test does")]

mod support;

use std::fs;
use std::time::Duration;

use eligibility::answers::{self, MAX_NAME};
use eligibility::diagram::MAX_QUESTIONS;
use eligibility::problem::MAX_PROBLEMS;
use eligibility::prove::{self, MAX_CASES};
use eligibility::publish::graph::Graph;
use eligibility::rulebook::{self, RuleFiles};
use eligibility::triage::MAX_RULES;
use eligibility::yaml::{MAX_BYTES, MAX_DEPTH, MAX_NODES};
use support::{folder, listed, run, soon, sound};

/// The problems of an answers file, as lines.
fn problems(text: &str) -> String {
    let _soon = soon();
    let rulebook = sound(&folder("tests/packs/allotment"));
    let found = match answers::parse("answers.yaml", text.as_bytes(), &rulebook) {
        Ok((_, problems)) | Err(problems) => problems,
    };
    listed(&found)
}

/// The allotment with some of its files replaced.
fn rules(replaced: &[(&str, String)]) -> RuleFiles {
    let mut files = folder("tests/packs/allotment");
    for (name, text) in replaced {
        files.files.insert((*name).to_owned(), text.clone().into_bytes().into());
    }
    files
}

const GROUNDS: &str = "source: {page: guide, section: S, item: i}, basis: published";

/// Rules with so many questions of a kind, and the conditions of one criterion.
fn asking(questions: usize, kind: &str, condition: &str) -> RuleFiles {
    let ask = |at| format!("  - {{id: q{at}, section: eligibility, kind: {kind}, prompt: p{at}, {GROUNDS}}}\n");
    let questions: String = (0..questions).map(ask).collect();
    let says = "says: {met: m, to_discuss: d, not_met: n, unknown: u}";
    rules(&[
        ("questions.yaml", format!("questions:\n{questions}")),
        (
            "criteria.yaml",
            format!(
                "criteria:\n  - {{id: c0, title: t, met_when: {condition}, otherwise: not_met, {says}, {GROUNDS}}}\n"
            ),
        ),
        ("scenarios.yaml", "scenarios: []\n".to_owned()),
        ("fit.yaml", "findings: []\n".to_owned()),
        ("application.yaml", "topics: []\n".to_owned()),
        ("go_live.yaml", "obligations: []\n".to_owned()),
    ])
}

/// The problems of rules, as lines.
fn wrong(files: &RuleFiles) -> String {
    let _soon = soon();
    let (_, found) = rulebook::read(files);
    listed(&found)
}

/// The condition that one of each pair of questions is answered yes.
fn one_of_each_pair(questions: usize) -> String {
    let pairs: Vec<String> =
        (0..questions / 2).map(|at| format!("{{any: [{{q{}: yes}}, {{q{}: yes}}]}}", 2 * at, 2 * at + 1)).collect();
    format!("{{all: [{}]}}", pairs.join(", "))
}

#[test]
fn the_size_of_a_file() {
    let start = "product: Example\nanswers: {}\n# ";
    let full = format!("{start}{}", "x".repeat(MAX_BYTES - start.len()));
    assert_eq!(problems(&full), "");
    assert_eq!(problems(&format!("\u{feff}{full}")), "", "a byte order mark does not count");
    assert!(problems(&format!("{full}x")).contains("F002"));
}

#[test]
fn the_nesting_of_a_file() {
    // One level is the file itself.
    let nested = |depth: usize| format!("product: {}{}\nanswers: {{}}\n", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert!(!problems(&nested(MAX_DEPTH)).contains("F008"));
    assert!(problems(&nested(MAX_DEPTH + 1)).contains("F008"));
    assert!(problems(&"[".repeat(MAX_BYTES)).contains("F008"));
    assert!(problems(&"- ".repeat(100_000)).contains("F008"));
}

#[test]
fn the_values_in_a_file() {
    // The file, the keys, the name and the list make six.
    let list = |values: usize| format!("product: x\nanswers: {{shared_things: [{}]}}\n", "x,".repeat(values - 7));
    assert!(!problems(&list(MAX_NODES)).contains("200000 values"));
    assert!(problems(&list(MAX_NODES + 1)).contains("more than 200000 values in one file"));
}

#[test]
fn the_problems_of_a_file() {
    let wrong = |count: usize| {
        let lines: String = (0..count).map(|at| format!("  unknown_{at}: x\n")).collect();
        problems(&format!("product: x\nanswers:\n{lines}"))
    };
    assert_eq!(wrong(MAX_PROBLEMS).lines().count(), MAX_PROBLEMS);
    for many in [MAX_PROBLEMS + 1, 60_000] {
        let lines = wrong(many);
        assert_eq!(lines.lines().count(), MAX_PROBLEMS + 1);
        assert!(lines.lines().last().unwrap().contains("F008: more than 1000 problems: the rest is left out"));
    }
    let values: String = (0..60_000).map(|at| format!("v{at}, ")).collect();
    let lines = problems(&format!("product: x\nanswers: {{shared_things: [{values}]}}\n"));
    assert_eq!(lines.lines().count(), MAX_PROBLEMS + 1);
    // In other places, and in every format, as soon.
    let keys: String = (0..60_000).map(|at| format!("unknown_{at}: x\n")).collect();
    let repeated = "  pesticides: nothing\n".repeat(60_000);
    // Hyphens are looked at, and blanks behind the last text: each once, and not once for each key.
    let hyphens = keys.replace('_', "-");
    let blocks = keys.replace("x\n", "|\n    x\n  ") + &"\n".repeat(2_000_000);
    for text in [
        format!("product: x\nanswers: {{}}\n{keys}"),
        format!("product: x\nanswers:\n{repeated}"),
        format!("product: x\nanswers: {{}}\n{hyphens}"),
        format!("product: x\nanswers:\n  {blocks}"),
    ] {
        for format in ["text", "sarif"] {
            let _soon = soon();
            let ran = run(&["check", "-", "--rules", "tests/packs/allotment", "--format", format], &text);
            assert_eq!(ran.code, 2);
            // A hundred are shown to people.
            assert!(ran.err.contains("… and 901 more"), "{}", ran.err.lines().last().unwrap());
        }
    }
}

#[test]
fn the_length_of_a_line_and_of_a_message() {
    let shown = |length: usize| {
        let text = format!("product: x\nanswers: {{zz: x}} # {}\n", "x".repeat(length - 19));
        run(&["check", "-", "--rules", "tests/packs/allotment"], &text).err
    };
    assert!(!shown(400).contains("very long line"));
    assert!(shown(401).contains("(a very long line)"));
    let long = |length: usize| problems(&format!("product: x\nanswers: {{? {} : x}}\n", "z".repeat(length)));
    assert!(!long(1000).contains('…'));
    assert!(long(3000).contains('…') && long(3000).len() < 2200);
}

#[test]
fn the_files_of_a_rules_folder() {
    let place = tempfile::tempdir().unwrap();
    for at in 0..200 {
        fs::write(place.path().join(format!("{at}.yaml")), "x: y\n").unwrap();
    }
    let check = || run(&["rules", "check", "--rules", place.path().to_str().unwrap()], "");
    assert_eq!(check().code, 2, "each is read, and is not a rule file");
    fs::write(place.path().join("one_more.yaml"), "x: y\n").unwrap();
    let refused = check();
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("has more than 200 files, so it is not a rules folder"), "{}", refused.err);
}

#[test]
fn the_cases_of_rules() {
    let problems = |count: usize| {
        let all: String =
            (0..count).map(|at| format!("  - {{name: c{at}, expect: {{outcome: incomplete}}}}\n")).collect();
        let files = rules(&[("tests/cases.yaml", format!("cases:\n{all}"))]);
        listed(&prove::cases(&files, &sound(&files)).problems)
    };
    assert_eq!(problems(MAX_CASES), "");
    assert!(problems(MAX_CASES + 1).contains("R014: more than 10000 cases: this one and the rest are not run"));
}

#[test]
fn the_questions_options_and_letters_of_rules() {
    assert_eq!(wrong(&asking(MAX_QUESTIONS, "yes_no", "{q0: yes}")), "");
    assert!(wrong(&asking(MAX_QUESTIONS + 1, "yes_no", "{q0: yes}")).contains("between 1 and 128 questions, not 129"));
    let options = |count: usize, tested: usize| {
        let offers: Vec<String> = (0..count).map(|at| format!("{{value: v{at}, label: l{at}}}")).collect();
        let any: Vec<String> = (0..tested).map(|at| format!("{{q0: v{at}}}")).collect();
        let kind = format!("choices, options: [{}]", offers.join(", "));
        wrong(&asking(1, &kind, &format!("{{any: [{}]}}", any.join(", "))))
    };
    assert_eq!(options(64, 2), "");
    assert!(options(65, 2).contains("between 2 and 64 options, not 65"));
    // Each tested option is one more thing to branch on, and no more than that.
    assert_eq!(options(64, 64), "");
}

/// Rules with so many scenarios are like others: what they may be is told apart by two questions.
#[test]
fn the_scenarios_of_rules() {
    const EACH: usize = 20;
    let offers: Vec<String> = (0..EACH).map(|at| format!("{{value: v{at}, label: l{at}}}")).collect();
    let all: String = (0..EACH * EACH)
        .map(|at| {
            let when = format!("{{q0: v{}, q1: v{}}}", at / EACH, at % EACH);
            format!("  - {{id: s{at}, title: t, when: {when}, criterion: met, says: s, {GROUNDS}}}\n")
        })
        .collect();
    let mut files = asking(2, &format!("choice, options: [{}]", offers.join(", ")), "{q0: v0}");
    let says = "says: {met: m, to_discuss: d, not_met: n}";
    let criteria = format!("criteria:\n  - {{id: c0, title: t, decided_by: scenarios, {says}, {GROUNDS}}}\n");
    files.files.insert("criteria.yaml".to_owned(), criteria.into_bytes().into());
    files.files.insert("scenarios.yaml".to_owned(), format!("scenarios:\n{all}").into_bytes().into());
    assert_eq!(wrong(&files), "");
}

#[test]
fn the_intricacy_of_rules() {
    // Each question of one half is paired with many of the other, so that no order puts what belongs together side by
    // side: the diagram doubles with each question.
    let tangled = |half: usize| {
        let pair = |at: usize, far: usize| format!("{{q{at}: yes, q{}: yes}}", half + (at * 7 + far * far) % half);
        let parts: Vec<String> = (0..half).flat_map(|at| (0..5).map(move |far| pair(at, far))).collect();
        wrong(&asking(2 * half, "yes_no", &format!("{{any: [{}]}}", parts.join(", "))))
    };
    assert_eq!(tangled(6), "");
    assert!(tangled(60).contains("R014: there are too many ways to answer to work all of them out exactly"));
    // A condition that is long but says little costs its steps as well.
    let long = format!("{{any: [{}]}}", vec!["{q0: yes}, {q1: no}"; 30_000].join(", "));
    let _soon = soon();
    let (rulebook, _) = rulebook::read(&asking(2, "yes_no", &long));
    assert!(rulebook.is_none_or(|rulebook| prove::prove(&rulebook).is_err()));
}

#[test]
fn the_reasons_and_changes_of_one_product() {
    let check = |questions: usize, answer: &str| {
        let place = tempfile::tempdir().unwrap();
        for (name, text) in &asking(questions, "yes_no", &one_of_each_pair(questions)).files {
            fs::write(place.path().join(name), text).unwrap();
        }
        let given: String = (0..questions).map(|at| format!("  q{at}: {answer}\n")).collect();
        let text = format!("product: x\nanswers:\n{given}");
        let _soon = soon();

        run(&["check", "-", "--rules", place.path().to_str().unwrap(), "--format", "json"], &text)
    };
    // Every way to change one of each of eight pairs.
    let report: serde_json::Value = serde_json::from_str(&check(16, "no").out).unwrap();
    assert_eq!(report["changes"].as_array().unwrap().len(), 256);
    // With forty questions there are a million ways to change, and a million reasons: none rather than a part of them.
    for (answer, code) in [("no", 4), ("yes", 0)] {
        let ran = check(40, answer);
        assert_eq!(ran.code, code, "the outcome decides, {}", ran.err);
        assert_eq!(ran.err.matches("R014").count(), 1, "{}", ran.err);
        assert!(ran.err.contains("more reasons, or more ways to change"), "{}", ran.err);
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let warnings = report["problems"].as_array().unwrap();
        assert_eq!(warnings.iter().filter(|problem| problem["code"] == "R014").count(), 1);
        assert_eq!(report["changes"].is_null(), answer == "no", "{}", ran.out);
        let because = &report["criteria"][0]["because"];
        // That all are no is forced by one pair, of which there are twenty.
        assert_eq!(because.is_null(), answer == "yes", "{because}");
    }
}

#[test]
fn triage_leaves_reasons_out_where_there_are_too_many_and_says_so() {
    // The first criterion has one reason, which is found, and the second has a million.
    let mut files = asking(41, "yes_no", &one_of_each_pair(40));
    let says = "says: {met: m, to_discuss: d, not_met: n}";
    let first = format!("{{id: first, title: t, met_when: {{q40: yes}}, otherwise: not_met, {says}, {GROUNDS}}}");
    support::replace(&mut files, "criteria.yaml", "criteria:\n", &format!("criteria:\n  - {first}\n"));
    let place = tempfile::tempdir().unwrap();
    for (name, text) in &files.files {
        fs::write(place.path().join(name), text).unwrap();
    }
    let answer = |at: usize| if at == 40 { "no" } else { "yes" };
    let given: Vec<String> = (0..41).map(|at| format!("\"q{at}\":\"{}\"", answer(at))).collect();
    let line = format!("{{\"product\":\"x\",\"answers\":{{{}}}}}\n", given.join(","));
    let (rules, sarif) = (place.path().to_str().unwrap(), place.path().join("out.sarif"));
    let args = ["triage", "-", "--input-format", "jsonl", "--rules", rules, "--format", "jsonl"];
    // The outcome is exact whatever the number of reasons, so the exit code is the same in every format.
    let lines = run(&args, &line);
    assert!(lines.out.contains("\"outcome\":\"does_not_meet\""), "{}", lines.out);
    assert!(!lines.err.contains("R014"), "a line tells no reasons, so none are left out: {}", lines.err);
    let report = format!("sarif={}", sarif.display());
    let ran = run(&[&args[..], &["--report", &report]].concat(), &line);
    assert_eq!((ran.code, ran.out), (lines.code, lines.out));
    assert!(ran.err.contains("standard input:1: warning[R014]: there are more reasons"), "{}", ran.err);
    let log: serde_json::Value = serde_json::from_str(&fs::read_to_string(sarif).unwrap()).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["ruleId"] == "R014" && result["level"] == "warning"));
    let told = |rule: &str| {
        results.iter().filter(|result| result["ruleId"] == rule).map(ToString::to_string).collect::<String>()
    };
    assert!(told("first").contains("Because you answered"), "{}", told("first"));
    assert!(!told("c0").contains("Because"), "no part of the reasons for the whole: {}", told("c0"));
}

/// Combinations grow with the power of the questions, and what is written does not.
#[test]
fn the_findings_that_triage_tells_apart() {
    for count in [MAX_RULES, MAX_RULES + 1] {
        let place = tempfile::tempdir().unwrap();
        let note = |at| {
            format!("  - {{id: f{at}, kind: note, title: t, when: {{q0: yes}}, says: s, not_sure: s, {GROUNDS}}}\n")
        };
        let mut files = asking(2, "yes_no", "{q1: yes}");
        files.files.insert(
            "fit.yaml".into(),
            format!("findings:\n{}", (0..count).map(note).collect::<String>()).into_bytes().into(),
        );
        for (name, bytes) in &files.files {
            fs::write(place.path().join(name), &**bytes).unwrap();
        }
        let line = r#"{"product":"p","answers":{"q0":"yes","q1":"yes"}}"#;
        let rules = ["--rules", place.path().to_str().unwrap()];
        let ran = run(&[&["triage", "-", "--input-format", "jsonl", "--format", "jsonl"][..], &rules].concat(), line);
        let told = ran.out.contains(&format!("\"f{}\"", MAX_RULES - 1));
        assert_eq!((told, ran.code), if count > MAX_RULES { (false, 2) } else { (true, 0) }, "{} {}", ran.out, ran.err);
        assert_eq!(ran.err.contains("more than 128 rules of the kind finding"), count > MAX_RULES, "{}", ran.err);
    }
}

#[test]
fn the_length_of_exported_rules() {
    use eligibility::publish::sql::{Dialect, select};
    for (questions, most) in [(4, 10_000), (40, 60_000)] {
        let _soon = soon();
        let rulebook = sound(&asking(questions, "yes_no", &one_of_each_pair(questions)));
        let text = select(&rulebook, Dialect::Duckdb, "answers").expect("rules that can be written");
        assert!(text.len() < most, "{}", text.len());
    }
}

#[test]
fn the_interview_takes_no_endless_line() {
    for (length, taken) in [(64 * 1024, true), (64 * 1024 + 1, false), (200_000, false)] {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("answers.yaml");
        let args = ["interview", "--plain", "--rules", "tests/packs/allotment", file.to_str().unwrap()];
        let ran = run(&args, &format!("{}\n1\n", "x".repeat(length)));
        assert_eq!(ran.code, if taken { 2 } else { 1 }, "{}", ran.err.len());
        assert_eq!(ran.err.contains("a line is too long"), !taken);
        // What is taken is a name that is too long, and another is asked for.
        assert_eq!(ran.err.contains("That name is too long. Write one of at most 500 characters."), taken);
        assert_eq!(file.exists(), taken);
    }
}

/// What triage makes of records in a pack's own words.
#[test]
fn the_interview_ends_where_nothing_is_ever_an_answer() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("answers.yaml");
    let args = ["interview", "--plain", "--rules", "tests/packs/allotment", file.to_str().unwrap()];
    for (blank, code) in [(99, 2), (100, 1), (5_000, 1)] {
        let ran = run(&args, &"\n".repeat(blank));
        assert_eq!((ran.code, ran.err.matches("Type an answer.").count()), (code, blank.min(100)), "{}", ran.err);
        assert_eq!(ran.err.contains("none of the last 100 replies were answers"), code == 1, "{}", ran.err);
    }
}

fn triaged(shape: &str, text: &str) -> support::Ran {
    let rules = ["--rules", "tests/packs/allotment"];
    let args = ["triage", "-", "--input-format", shape, "--format", "csv", "--fields", "product", "--no-summary"];
    run(&[&args[..], &rules[..]].concat(), text)
}

#[test]
fn the_length_of_names() {
    let named = |length: usize| {
        problems(&format!("product: {}\norganisation: {}\nanswers: {{}}\n", "é".repeat(length), "x".repeat(length)))
    };
    assert_eq!(named(MAX_NAME), "");
    let said = format!("A014: this name has {} characters, and can have at most {MAX_NAME}", MAX_NAME + 1);
    assert_eq!(named(MAX_NAME + 1).matches(&said).count(), 2, "{}", named(MAX_NAME + 1));
    // However a record comes.
    for (length, code) in [(MAX_NAME, 0), (MAX_NAME + 1, 2)] {
        let name = "é".repeat(length);
        for (shape, text) in [
            ("csv", format!("product,pesticides\n{name},nothing\n")),
            ("jsonl", format!("{{\"product\": \"{name}\", \"answers\": {{\"pesticides\": \"nothing\"}}}}\n")),
            ("jsonl", format!("{{\"product\": \"A\", \"organisation\": \"{name}\", \"answers\": {{}}}}\n")),
        ] {
            let ran = triaged(shape, &text);
            assert_eq!(
                ran.out.contains("A014") || ran.err.contains("A014"),
                code == 2,
                "{shape}: {}{}",
                ran.out,
                ran.err
            );
        }
    }
}

#[test]
fn the_length_of_the_texts_and_ids_of_rules() {
    let with = |from: &str, to: &str| {
        let mut files = asking(2, "yes_no", "{q0: yes}");
        let text = String::from_utf8(files.files["questions.yaml"].to_vec()).unwrap().replace(from, to);
        files.files.insert("questions.yaml".to_owned(), text.into_bytes().into());
        wrong(&files)
    };
    for (from, most) in [("prompt: p1", 2_000), ("id: q1", 200)] {
        let said = format!("R029: this text has {} characters, and there is room for {most}", most + 1);
        let (key, _) = from.split_once(' ').unwrap();
        assert!(!with(from, &format!("{key} {}", "x".repeat(most))).contains("R029"), "{from}");
        assert!(with(from, &format!("{key} {}", "x".repeat(most + 1))).contains(&said), "{from}");
    }
}

/// A report repeats the questions and answers that a rule depends on, for each rule anew.
#[test]
fn what_a_report_repeats() {
    let _soon = soon();
    let topics = |count: usize, label: usize| {
        let mut files = asking(
            2,
            &format!("choice, options: [{{value: a, label: {}}}, {{value: b, label: b}}]", "x".repeat(label)),
            "{q0: a}",
        );
        let topic = |at| format!("  - {{id: t{at}, title: t, prepare: p, questions: [q1], {GROUNDS}}}\n");
        let all: String = (0..count).map(topic).collect();
        files.files.insert("application.yaml".to_owned(), format!("topics:\n{all}").into_bytes().into());
        files
    };
    // Each of the topics repeats the id, the prompt and the longest label of a question, and the criterion another's.
    let most = 8 << 20;
    let (count, label) = (most / 2_000 - 1, 1_996);
    assert!(count * 2_000 + 2_000 == most - most % 2_000, "the room that is left is less than one more takes");
    assert_eq!(wrong(&topics(count, label)), "");
    let said = format!(
        "R029: what a report on one product repeats of questions and answers can fill {} bytes, and there \
                        is room for {most}",
        (count + 2) * 2_000
    );
    assert!(wrong(&topics(count + 1, label)).contains(&said), "{}", wrong(&topics(count + 1, label)));
    // A text may be as long as the file.
    let texts = |count: usize| {
        let mut files = asking(2, "yes_no", "{q0: yes}");
        let questions = String::from_utf8(files.files["questions.yaml"].to_vec()).unwrap();
        let questions =
            questions.replace("q1, section: eligibility, kind: yes_no", "q1, section: eligibility, kind: text");
        let topic = |at| format!("  - {{id: t{at}, title: t, prepare: p, questions: [q1], {GROUNDS}}}\n");
        let all: String = (0..count).map(topic).collect();
        files.files.insert("questions.yaml".to_owned(), questions.into_bytes().into());
        files.files.insert("application.yaml".to_owned(), format!("topics:\n{all}").into_bytes().into());
        wrong(&files)
    };
    assert_eq!(texts(7), "");
    assert!(texts(8).contains("R029: what a report on one product repeats"), "{}", texts(8));
}

/// Reasons and changes say labels as often as there are sets of them.
#[test]
fn what_reasons_and_changes_say() {
    let report = |prompt: usize| {
        let place = tempfile::tempdir().unwrap();
        for (name, text) in &asking(16, "yes_no", &one_of_each_pair(16)).files {
            let text = String::from_utf8(text.to_vec()).unwrap();
            let text =
                text.replace("prompt: p", &format!("prompt: {}{}", "é".repeat(prompt / 2), "x".repeat(prompt % 2)));
            fs::write(place.path().join(name), text).unwrap();
        }
        let given: String = (0..16).map(|at| format!("  q{at}: no\n")).collect();
        let text = format!("product: x\nanswers:\n{given}");
        let ran = run(&["check", "-", "--rules", place.path().to_str().unwrap(), "--format", "json"], &text);
        assert_eq!(ran.code, 4, "the outcome stands, {}", ran.err);
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(report["changes"].is_null(), ran.err.contains("R014"), "{}", ran.err);
        report["changes"].as_array().map(Vec::len)
    };
    let _soon = soon();
    // There are 256 changes of 8 answers each, told with what they are and become; and why the criterion is not met, and
    // the outcome what it is, is told of each answer once. Beside prompts that is 27,864 bytes.
    let most = ((8 << 20) - 1 - 27_864) / (256 * 8 * 2 + 2 * 16);
    assert_eq!(report(most), Some(256));
    assert_eq!(report(most + 1), None);
}

/// A drawing of a few questions whose many options have long labels, half of which lead one way and half another.
#[test]
fn the_length_of_a_graph() {
    let drawn = |label: &str| {
        let offers: Vec<String> = (0..64).map(|at| format!("{{value: v{at}, label: {label}{at}}}")).collect();
        let half: Vec<String> = (0..32).map(|at| format!("v{at}")).collect();
        let all: Vec<String> = (0..20).map(|at| format!("{{q{at}: [{}]}}", half.join(", "))).collect();
        let kind = format!("choice, options: [{}]", offers.join(", "));
        let files = asking(20, &kind, &format!("{{all: [{}]}}", all.join(", ")));
        Graph::of(&sound(&files), None).map(|graph| graph.dot().len())
    };
    assert!(drawn("short").unwrap() < 100_000);
    let most = most(1..1_990, |length| drawn(&"x".repeat(length)).is_ok());
    let longest = drawn(&"x".repeat(most)).unwrap();
    assert!((2 << 20..3 << 20).contains(&longest), "{longest}");
}

/// The most for which something holds, which holds of the first and not of the last.
fn most(range: std::ops::Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    assert!(holds(range.start) && !holds(range.end));
    let (mut most, mut past) = (range.start, range.end);
    while past - most > 1 {
        let middle = most.midpoint(past);
        *if holds(middle) { &mut most } else { &mut past } = middle;
    }
    most
}

/// Findings that each depend on five questions of their own, so that each is looked up in a text of 1,024 characters.
#[test]
fn the_length_of_a_decision_as_sql() {
    use eligibility::publish::sql::{Dialect, select};
    let written = |count: usize| {
        let mut files = asking(60, "yes_no", "{q0: yes}");
        let finding = |at: usize| {
            let tests: Vec<String> =
                (0..5).map(|part| format!("{{q{}: yes}}", (at + part * (1 + at / 60)) % 60)).collect();
            let when = tests.join(", ");
            format!("  - {{id: f{at}, kind: note, title: t, when: {{any: [{when}]}}, says: s, {GROUNDS}}}\n")
        };
        let all: String = (0..count).map(finding).collect();
        files.files.insert("fit.yaml".to_owned(), format!("findings:\n{all}").into_bytes().into());
        select(&sound(&files), Dialect::Duckdb, "answers").map(|text| text.len())
    };
    let length = written(1_068).unwrap();
    assert!((1 << 20..8 << 20).contains(&length), "{length}");
    assert!(written(1_069).is_err());
}

#[test]
fn the_length_of_a_record() {
    let line = |length: usize| {
        let start = "{\"product\":\"A\",\"answers\":{\"garden_story\":\"";
        let end = "\"}}";
        let long = format!("{start}{}{end}", "x".repeat(length - start.len() - end.len()));
        // Before it and after it, to see that the others are read, and that its place in the file makes no difference.
        let short = "{\"product\":\"B\",\"answers\":{}}\n";
        triaged("jsonl", &format!("{short}{long}\n{short}"))
    };
    let taken = line(MAX_BYTES);
    assert_eq!((taken.out.as_str(), taken.code), ("product,error\nB,\nA,\nB,\n", 5), "{}", taken.err);
    for length in [MAX_BYTES + 1, 3 * MAX_BYTES] {
        let refused = line(length);
        assert_eq!(refused.out, "product,error\nB,\n,F002: a line longer than 4 MiB\nB,\n");
        assert_eq!(
            (refused.err.as_str(), refused.code),
            ("standard input:2: error[F002]: a line longer than 4 MiB\n", 2)
        );
    }
    // A line without an end is not looked at for ever: see tests/faults.rs for one that has none at all.
    let line =
        |length: usize| triaged("jsonl", &format!("{}\n{{\"product\":\"B\",\"answers\":{{}}}}\n", "x".repeat(length)));
    assert_eq!(line(64 << 20).out, "product,error\n,F002: a line longer than 4 MiB\nB,\n");
    let rest = "F002: still no end of this line after 64 MiB: the rest is not read";
    assert_eq!(line(80 << 20).out, format!("product,error\n,F002: a line longer than 4 MiB\n,{rest}\n"));
    let row = |length: usize| triaged("csv", &format!("product,garden_story\nA,{}\nB,x\n", "x".repeat(length - 2)));
    let taken = row(MAX_BYTES);
    assert_eq!((taken.out.as_str(), taken.code), ("product,error\nA,\nB,\n", 5), "{}", taken.err);
    let refused = row(MAX_BYTES + 1);
    assert!(refused.out.contains("F002: a row longer than 4 MiB"), "{}", refused.out);
    assert_eq!(refused.code, 2);
}

#[test]
fn the_lines_triage_says_about_what_is_wrong() {
    let wrong = |count: usize| triaged("jsonl", &"nonsense\n".repeat(count)).err;
    assert_eq!(wrong(20).lines().count(), 20);
    let more = wrong(5000);
    assert_eq!(more.lines().count(), 21);
    assert!(more.ends_with("… and 4980 more lines like these: all stand in --report html=FILE\n"), "{more}");
}

#[test]
fn the_folders_inside_each_other() {
    let place = tempfile::tempdir().unwrap();
    let inside = |depth: usize| {
        let root = place.path().join(depth.to_string());
        let deepest = root.join("d/".repeat(depth));
        fs::create_dir_all(&deepest).unwrap();
        fs::write(deepest.join("a.yaml"), "product: A\nanswers: {}\n").unwrap();
        let rules = ["--rules", "tests/packs/allotment", "--no-summary"];
        run(&[&["triage", root.to_str().unwrap(), "--format", "csv"], &rules[..]].concat(), "")
    };
    let taken = inside(63);
    assert_eq!((taken.out.lines().count(), taken.code), (2, 5), "{}", taken.err);
    let refused = inside(64);
    assert!(refused.err.contains("is inside more than 64 folders"), "{}", refused.err);
    assert_eq!(refused.code, 1);
}

/// What the tests above would do with something that never ends.
#[test]
#[ignore = "never ends by itself: the test below runs it"]
fn without_end() {
    let _soon = support::within(Duration::from_millis(50));
    loop {
        std::thread::park();
    }
}

#[test]
fn what_does_not_end_fails() {
    let this = std::env::current_exe().unwrap();
    let ran = std::process::Command::new(this).args(["--ignored", "--exact", "without_end"]).output().unwrap();
    assert!(!ran.status.success());
    assert!(String::from_utf8_lossy(&ran.stderr).contains("not done within 50ms"));
}
