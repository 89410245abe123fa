//! `triage` says of each product what `check` says, in the order of the input, whatever the threads and the form.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use eligibility::answers;
use eligibility::assess::assess;
use eligibility::gate::{Gate, at_eligibility, judge};
use eligibility::question::Kind;
use eligibility::rulebook::Rulebook;
use eligibility::triage::{Facts, Field};
use serde_json::Value;
use support::invent::Tape;
use support::run;

/// One record in JSON, in any of the ways people and programs write it. One in `odd` parts is not as it should be.
fn record(tape: &mut Tape<'_>, rulebook: &Rulebook, odd: usize) -> String {
    let space = tape.of(&["", "", " ", "  "]).to_owned();
    let mut answers = Vec::new();
    for question in &rulebook.questions {
        if tape.pick(8) == 0 {
            continue;
        }
        let word = |tape: &mut Tape<'_>| {
            let values: Vec<&str> = question.values().collect();
            match tape.pick(odd) {
                0 => tape
                    .of(&["", " ", "yess", "not_sure ", "Not Sure", "none", "\\u0079es", "é", "\u{feff}"])
                    .to_owned(),
                _ => tape.of(&values).to_owned(),
            }
        };
        let value = match (question.kind, tape.pick(12)) {
            (_, 0) => "null".to_owned(),
            (Kind::Text, _) => {
                let text = match tape.pick(odd) {
                    0 => tape.of(&["", "a\\/b", "\u{7f}", "\\u00e9", "\\n", "\u{2028}"]),
                    _ => tape.of(&["plain", "with \\\"marks\\\"", "a\\nb", "é 医", "a/b", "-", ": #"]),
                };
                format!("\"{text}\"")
            }
            (_, 1) if question.takes_not_sure() || tape.pick(odd) == 0 => {
                format!("\"{}\"", tape.of(&["not_sure", "not sure", "NOT_SURE"]))
            }
            (Kind::YesNo, 2) => tape.of(&["true", "false", "\"YES\"", "\"No\"", "\"True\""]).to_owned(),
            (Kind::YesNo | Kind::Choice, _) => format!("\"{}\"", word(tape)),
            (Kind::Choices, _) => {
                let as_it_should_be = tape.pick(odd) > 0;
                // A list may be empty only where an option says what that means.
                let least = usize::from(as_it_should_be && question.none().is_none());
                let mut words: Vec<String> =
                    (0..tape.pick(4).max(least)).map(|_| format!("\"{}\"", word(tape))).collect();
                if as_it_should_be {
                    words.sort_unstable();
                    words.dedup();
                    let none = question.none().map(|none| format!("\"{}\"", question.options[none].value));
                    if words.len() > 1 {
                        words.retain(|word| Some(word) != none.as_ref());
                    }
                }
                format!("[{}]", words.join(&format!(",{space}")))
            }
        };
        let value = match tape.pick(10) {
            // Evidence without an answer is a mistake.
            0 | 1 if value == "null" && tape.pick(odd) > 0 => value,
            0 => format!("{{\"answer\":{space}{value},\"evidence\":\"https://example.org\"}}"),
            1 => format!("{{\"note\":null,\"answer\":{value}}}"),
            _ => value,
        };
        answers.push(format!("\"{}\":{space}{value}", question.id));
    }
    if tape.pick(4) == 0 && answers.len() > 1 {
        let (a, b) = (tape.pick(answers.len()), tape.pick(answers.len()));
        answers.swap(a, b);
    }
    if tape.pick(odd) == 0 && tape.pick(8) == 0 {
        answers.push(tape.of(&["\"x\":\"y\"", "1:2", "\"product\":\"p\""]).to_owned());
    }
    if tape.pick(odd) == 0 && tape.pick(8) == 0 && !answers.is_empty() {
        answers.push(answers[0].clone());
    }
    // A comma too many, too early or too late.
    let commas = if tape.pick(25) == 0 { [tape.of(&["", ","]), tape.of(&["", ",", " ,"])] } else { [""; 2] };
    let answers = format!("\"answers\":{space}{{{}{}{}}}", commas[0], answers.join(&format!("{space},")), commas[1]);
    let name = match tape.pick(odd) {
        0 => tape.of(&["", " ", "a\\tb", "\\\"", "\u{85}", "\\ud83d\\ude00", "\u{2028}"]),
        _ => tape.of(&["Plain", "Quoted \\\"name\\\"", "Ünïcode 医", "back\\\\slash", "=1+1"]),
    };
    let mut parts = vec![format!("\"product\":{space}\"{name}\""), answers];
    if tape.pick(3) == 0 {
        parts.push(tape.of(&["\"organisation\":\"O\"", "\"organisation\":null"]).to_owned());
    }
    if tape.pick(8) == 0 {
        let version = tape.of(&[rulebook.version.as_str(), rulebook.version.as_str(), "0.0.1"]);
        parts.push(format!("\"rules\":{{\"id\":\"{}\",\"version\":\"{version}\"}}", rulebook.id));
    }
    let first = tape.pick(parts.len());
    parts.swap(0, first);
    let end = if tape.pick(odd) == 0 { tape.of(&["", "}", " x", ","]) } else { "" };
    format!("{{{}}}{end}", parts.join(","))
}

/// The fields that values alone tell, and all of them.
fn fields() -> [String; 2] {
    let fields = Field::ALL.into_iter().filter(|field| *field != Field::Source);
    let quick = fields.clone().filter(|field| !field.needs_whole());
    [quick.map(Field::id).collect::<Vec<_>>().join(","), fields.map(Field::id).collect::<Vec<_>>().join(",")]
}

#[test]
fn ten_thousand_products_come_to_what_check_makes_of_them() {
    let rulebook = support::builtin();
    let mut tape = Tape::endless(1);
    let lines: Vec<String> =
        (0..14_000).map(|index| record(&mut tape, &rulebook, if index % 8 == 0 { 8 } else { 2000 })).collect();
    let [quick, all] = fields();
    compare(&lines, &rulebook, &quick);
    compare(&lines[..2000], &rulebook, &all);
}

/// Compares these fields of each record with what `check` makes of it.
fn compare(lines: &[String], rulebook: &Rulebook, fields: &str) {
    let args = ["triage", "-", "--input-format", "jsonl", "--format", "jsonl", "--fields", fields];
    let ran = run(&args, &lines.join("\n"));
    let found: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(found.len(), lines.len());
    let (mut right, mut wrong) = (0, 0);
    for (number, (line, found)) in lines.iter().zip(&found).enumerate() {
        match support::record::by_check(rulebook, line.as_bytes()) {
            Some(mut expected) => {
                let told: Vec<&str> = fields.split(',').collect();
                expected.as_object_mut().expect("an object").retain(|key, _| told.contains(&key.as_str()));
                assert_eq!(*found, expected, "{line}");
                right += 1;
            }
            None => {
                assert_eq!(found["source"], format!("standard input:{}", number + 1));
                assert!(found["error"].is_string(), "{line}\n{found}");
                wrong += 1;
            }
        }
    }
    assert!(right > lines.len() / 2 && wrong > lines.len() / 20, "{right} right, {wrong} wrong");
}

#[test]
fn invented_rules_come_to_the_same_too() {
    let mut tape = Tape::endless(2);
    let mut several_blocks = 0;
    for _ in 0..60 {
        let numbers: Vec<u32> = (0..400).map(|_| u32::try_from(tape.pick(1 << 30)).expect("30 bits")).collect();
        let (rulebook, _) = eligibility::rulebook::read(&support::invent::rules(&mut Tape::new(&numbers)));
        let rulebook = rulebook.expect("invented rules are valid");
        let compiled = eligibility::triage::Compiled::new(&rulebook).expect("small rules");
        let mut lookup = eligibility::triage::Lookup::new(&compiled);
        several_blocks += usize::from(rulebook.criteria.len() > 1);
        let mut slots = eligibility::triage::missing_values(&rulebook);
        for _ in 0..200 {
            let Ok((answers, _)) = answers::parse("", record(&mut tape, &rulebook, 1000).as_bytes(), &rulebook) else {
                continue;
            };
            eligibility::triage::fill(&mut slots, &answers, &rulebook);
            let (facts, assessment) = (lookup.facts(&slots).0, assess(&rulebook, &answers));
            assert_eq!(facts, Facts { topics: 0, obligations: 0, ..Facts::of(&assessment, &answers, &rulebook) });
            assert_eq!(at_eligibility(facts.outcome(), facts.fit), judge(Gate::Eligibility, &assessment).passage);
        }
    }
    assert!(several_blocks > 20, "{several_blocks}");
}

/// What values tell of records, which is what they come to judged whole, messages included.
fn by_values(rules: &[(&str, String)], records: &str, more: &[&str]) -> support::Ran {
    let folder = tempfile::tempdir().expect("a folder");
    for file in fs::read_dir(support::crate_path("tests/packs/bike_check")).expect("a pack") {
        let file = file.expect("a file");
        fs::copy(file.path(), folder.path().join(file.file_name())).expect("copied");
    }
    for (name, text) in rules {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let path = folder.path().display().to_string();
    let [quick, all] = fields();
    let of = |fields: &str| {
        let args =
            ["triage", "-", "--input-format", "jsonl", "--format", "jsonl", "--fields", fields, "--rules", &path];
        run(&[&args, more].concat(), records)
    };
    let (values, whole) = (of(&quick), of(&all));
    assert_eq!((values.code, &values.err), (whole.code, &whole.err));
    for (values, whole) in values.out.lines().zip(whole.out.lines()) {
        let values: Value = serde_json::from_str(values).expect("JSON");
        let mut whole: Value = serde_json::from_str(whole).expect("JSON");
        whole.as_object_mut().expect("an object").retain(|key, _| values.get(key).is_some());
        assert_eq!(values, whole);
    }
    values
}

#[test]
fn values_tell_the_same_however_many_options_are_tested() {
    let grounds = "source: {page: notice, section: Size}, basis: published";
    for count in [15, 16, 17, 30, 31, 32, 33, 61, 62, 63, 64] {
        let values: Vec<String> = (0..count).map(|value| format!("v{value}")).collect();
        let options: Vec<String> = values.iter().map(|value| format!("{{value: {value}, label: L {value}}}")).collect();
        let questions = format!(
            "questions:\n  - {{id: wheels, section: eligibility, kind: choice, prompt: How many?, options: [{{value: two, \
             label: Two}}, {{value: three, label: Three}}], {grounds}}}\n  - {{id: parts, section: eligibility, kind: \
             choices, prompt: Which?, options: [{}], {grounds}}}\n",
            options.join(", ")
        );
        let says = "says: {met: A., to_discuss: B., not_met: C., unknown: D.}";
        let criteria = format!(
            "criteria:\n  - {{id: narrow, title: A, met_when: {{any: [{{wheels: two}}, {{parts: [{}]}}]}}, otherwise: \
             not_met, {says}, {grounds}}}\n  - {{id: last, title: B, met_when: {{not: {{parts: {}}}}}, otherwise: not_met, \
             {says}, {grounds}}}\n",
            values[..count - 1].join(", "),
            values[count - 1]
        );
        let mut tape = Tape::endless(4);
        let mut records = String::new();
        for _ in 0..60 {
            // The same few options again and again, first and last among them.
            let few = [&values[0], &values[count / 2], &values[count - 2], &values[count - 1]];
            let mut chosen: Vec<&String> = few.into_iter().filter(|_| tape.pick(2) == 0).collect();
            chosen.dedup();
            let chosen = if chosen.is_empty() { vec![&values[count - 1]] } else { chosen };
            let wheels = tape.of(&["\"wheels\":\"two\",", "\"wheels\":\"three\",", ""]);
            let _ = writeln!(records, "{{\"product\":\"p\",\"answers\":{{{wheels}\"parts\":{chosen:?}}}}}");
        }
        let rules = [("questions.yaml", questions), ("criteria.yaml", criteria)];
        let ran = by_values(&rules, &records, &["--no-summary"]);
        assert!(ran.out.lines().count() == 60 && !ran.out.contains("error"), "{count} {}{}", ran.out, ran.err);
    }
}

#[test]
fn values_give_way_where_they_do_not_tell_everything() {
    let grounds = "source: {page: notice, section: Size}, basis: published";
    let questions = format!(
        "questions:\n  - {{id: wheels, section: eligibility, kind: choice, prompt: How many?, options: [{{value: two, label: \
         Two}}, {{value: three, label: Three}}], {grounds}}}\n  - {{id: bell, section: eligibility, kind: yes_no, prompt: \
         Does it ring?, options: [{{value: yes, label: Yes}}, {{value: no, label: No}}], {grounds}}}\n  - {{id: bags, \
         section: eligibility, kind: choices, prompt: Which bags?, ask_when: {{wheels: three}}, options: [{{value: front, \
         label: Front}}, {{value: back, label: Back}}], {grounds}}}\n  - {{id: colour, section: application, kind: text, \
         prompt: Which colour?, {grounds}}}\n"
    );
    let criteria = format!(
        "criteria:\n  - {{id: narrow, title: A, met_when: {{wheels: two}}, otherwise: not_met, says: {{met: A., to_discuss: B., not_met: C., \
         unknown: D.}}, notes: [{{when: {{topic.paint: prepared, bell: no}}, says: N.}}], {grounds}}}\n"
    );
    let application =
        format!("topics:\n  - {{id: paint, title: T, prepare: Say it., questions: [colour], {grounds}}}\n");
    let rules = [("questions.yaml", questions), ("criteria.yaml", criteria), ("application.yaml", application)];
    let records = "{\"product\":\"p\",\"answers\":{\"wheels\":\"two\"}}\n\
                   {\"product\":\"p\",\"answers\":{\"wheels\":\"two\",\"colour\":\"red\"}}\n\
                   {\"product\":\"p\",\"answers\":{\"wheels\":\"two\",\"bags\":[\"front\"]}}\n";
    let ran = by_values(&rules, records, &["--no-summary"]);
    assert_eq!(ran.out.matches("\"also_missing\":[\"bell\"]").count(), 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("A008"), "{}", ran.err);
    by_values(&rules, records, &["--no-summary", "--deny", "A008"]);
    // Far from its colon a key is none to YAML, and so to nobody.
    let far = format!("{{\"product\"{}:\"p\",\"answers\":{{}}}}\n", " ".repeat(2000));
    by_values(&rules, &far, &["--no-summary"]);
}

#[test]
fn the_bytes_are_the_same_for_any_number_of_threads_and_in_the_order_of_the_input() {
    let rulebook = support::builtin();
    let folder = tempfile::tempdir().expect("a folder");
    let mut tape = Tape::endless(3);
    let mut text = String::new();
    for _ in 0..500 {
        let _ = writeln!(text, "{}", record(&mut tape, &rulebook, 200));
    }
    fs::write(folder.path().join("a.jsonl"), &text).expect("a file");
    fs::write(folder.path().join("c.jsonl"), &text).expect("a file");
    for number in 0..40 {
        let name = format!("b{number:02}.json");
        fs::write(folder.path().join(name), record(&mut tape, &rulebook, 40)).expect("a file");
    }
    let path = folder.path().to_str().expect("a plain path");
    for format in ["jsonl", "json", "csv", "markdown", "text"] {
        let one = run(&["triage", path, "--format", format, "--threads", "1"], "");
        for threads in ["2", "4", "7"] {
            let more = run(&["triage", path, "--format", format, "--threads", threads], "");
            assert!(one.out == more.out && one.err == more.err && one.code == more.code, "{format} {threads}");
        }
        if format == "json" {
            let all: Vec<Value> = serde_json::from_str(&one.out).expect("an array");
            assert_eq!(all.len(), 1040);
        }
        if format == "jsonl" {
            let sources =
                one.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["source"].to_string());
            let files: Vec<String> =
                sources.map(|source| source.split(".json").next().unwrap_or_default().to_owned()).collect();
            assert!(files.is_sorted(), "{files:?}");
        }
    }
}

fn csv(text: &str, more: &[&str]) -> support::Ran {
    let args = [&["triage", "-", "--input-format", "csv", "--format", "csv", "--no-summary"], more].concat();
    run(&args, text)
}

#[test]
fn csv_is_read_in_any_order_of_columns_and_with_any_separator() {
    for (text, more) in [
        ("product,health_or_care_benefit,stage\nA,no,live\n", &[][..]),
        ("\u{feff}stage,product,health_or_care_benefit\nlive,A,no\n", &[]),
        ("stage;product;health_or_care_benefit\nlive;A;no\n", &[]),
        ("stage\tproduct\thealth_or_care_benefit\r\nlive\tA\tNO\r\n", &[]),
        ("stage,\"product\",health_or_care_benefit,,\nlive,A,no,,\n,,,,\n", &[]),
        (
            "When,Name,\"Do patients,\nuse it?\",stage\n1 May,A,No,live\n",
            &[
                "--column",
                "product=Name",
                "--column",
                "health_or_care_benefit=Do patients,\nuse it?",
                "--ignore-column",
                "When",
            ],
        ),
    ] {
        let ran = csv(text, &[more, &["--fields", "source,product,organisation,outcome,not_met,missing,fit"]].concat());
        let line = if text.contains(",\nuse") { 3 } else { 2 };
        let expected = format!(
            "source,product,organisation,outcome,not_met,missing,fit,error\n\
             standard input:{line},A,,does_not_meet,benefit_to_health_or_care,,unknown,\n"
        );
        assert_eq!((ran.out.as_str(), ran.code), (expected.as_str(), 4), "{text}\n{}", ran.err);
    }
}

#[test]
fn csv_cells_hold_several_values_line_breaks_and_mistakes() {
    let text = "product,scopes,health_or_care_benefit,product_overview\n\
                \"A\nb\",profile; email,yes,\"two\nlines\"\n\
                C,profile;nonsense,maybe,\n\
                ,,yes,\n\
                D,,not sure,x,too much\n\
                E,,,\n";
    let ran = csv(text, &[]);
    assert_eq!(ran.code, 2);
    let outcomes: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("standard")).collect();
    assert!(outcomes[0].starts_with("standard input:2,A b,"), "{}", ran.out);
    for (line, code, message) in [
        (5, "A002", "`nonsense` is not an answer to `scopes`"),
        (5, "A002", "`maybe` is not an answer to `health_or_care_benefit`"),
        (6, "A006", "the product has no name"),
        (7, "F004", "the header has 4 columns, and this row 5"),
    ] {
        let told = ran
            .err
            .lines()
            .any(|l| l.starts_with(&format!("standard input:{line}:")) && l.contains(code) && l.contains(message));
        assert!(told, "{line} {code} {message}\n{}", ran.err);
    }
    assert!(ran.out.contains("standard input:8,E,,incomplete"), "{}", ran.out);
}

#[test]
fn a_header_that_is_wrong_is_said_whole_and_nothing_is_dropped_silently() {
    let ran = csv("When,health_or_care_benefi,stage,stage\n1,yes,live,live\n", &["--column", "sponsor=Sponsor?"]);
    assert_eq!(ran.code, 2);
    for told in [
        "unknown column `When` (use --column QUESTION=\"When\", --keep \"When\" or --ignore-column \"When\")",
        "unknown column `health_or_care_benefi` (did you mean `health_or_care_benefit`?",
        "columns 3 and 4 are both `stage`",
        "there is no column `product`",
        "there is no column `Sponsor?` for `sponsor`",
    ] {
        assert!(ran.err.contains(told), "{told}\n{}", ran.err);
    }
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_bounded_and_what_came_before_is_kept() {
    let text = format!("product,stage\nA,live\nB,\"{}", "live\n".repeat(1_000_000));
    let ran = csv(&text, &["--fields", "product,outcome"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.out.starts_with("product,outcome,error\nA,incomplete,\n"), "{}", ran.out);
    assert!(ran.err.contains("F002"), "{}", ran.err);
}

#[test]
fn hostile_names_are_harmless_in_every_form() {
    let name = "=HYPERLINK(1)\\u001b[31m|<b>\u{202e}\\n# x";
    let line = format!("{{\"product\":\"{name}\",\"answers\":{{\"health_or_care_benefit\":\"no\"}}}}\n");
    let ran = |format: &str| run(&["triage", "-", "--input-format", "jsonl", "--format", format], &line).out;
    let lines = ran("jsonl");
    let product = serde_json::from_str::<Value>(&lines).expect("JSON")["product"].clone();
    assert_eq!(product, "=HYPERLINK(1)\u{1b}[31m|<b>\u{202e}\n# x");
    assert!(ran("csv").contains("'=HYPERLINK(1)\\u{1b}[31m|<b>\\u{202e} # x"), "{}", ran("csv"));
    let wide = ["triage", "-", "--input-format", "jsonl", "--width", "200"];
    for text in [ran("markdown"), ran("csv"), run(&wide, &line).out] {
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("\n# x"), "{text}");
    }
    assert!(ran("markdown").contains("\\|&lt;b"), "{}", ran("markdown"));
}

#[test]
fn bad_records_and_files_are_told_and_do_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("deep/er")).expect("a folder");
    fs::create_dir_all(path(".hidden")).expect("a folder");
    fs::write(path("a.jsonl"), "{\"product\":\"A\",\"answers\":{}}\nnot json\n\n{\"product\":\"B\",\"answers\":{}}")
        .expect("a file");
    fs::write(path("deep/b.yaml"), "product: C\nanswers: {health_or_care_benefit: maybe}\n").expect("a file");
    fs::write(path("deep/er/c.YML"), "product: D\nanswers: {health_or_care_benefit: no}\n").expect("a file");
    fs::write(path("empty.csv"), "product,stage\n").expect("a file");
    fs::write(path("empty.jsonl"), "\n").expect("a file");
    fs::write(path("notes.txt"), "not for us").expect("a file");
    fs::write(path(".hidden/x.yaml"), "not for us").expect("a file");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path(), path("deep/loop")).expect("a link");
        std::os::unix::fs::symlink("nowhere", path("gone.yaml")).expect("a link");
    }
    let root = folder.path().to_str().expect("a plain path");
    let ran = run(&["triage", root, "--format", "jsonl", "--fields", "product,outcome"], "");
    let short = ran.out.replace(&format!("{root}/"), "");
    let lines: Vec<&str> = short.lines().collect();
    assert_eq!(lines[0], "{\"product\":\"A\",\"outcome\":\"incomplete\"}");
    assert!(lines[1].starts_with("{\"source\":\"a.jsonl:2\",\"error\":\"F"), "{}", lines[1]);
    assert_eq!(lines[2], "{\"product\":\"B\",\"outcome\":\"incomplete\"}");
    assert!(lines[3].starts_with("{\"source\":\"deep/b.yaml\",\"product\":\"C\",\"error\":\"A002"), "{}", lines[3]);
    assert_eq!(lines[4], "{\"product\":\"D\",\"outcome\":\"does_not_meet\"}");
    assert_eq!(lines[5], "{\"source\":\"empty.csv\",\"error\":\"F003: there are no products under the header\"}");
    assert_eq!(lines[6], "{\"source\":\"empty.jsonl\",\"error\":\"F003: there is nothing in this file\"}");
    if cfg!(unix) {
        assert!(lines[7].starts_with("{\"source\":\"gone.yaml\",\"error\":\"cannot read"), "{}", lines[7]);
        assert_eq!((lines.len(), ran.code), (8, 1));
    }
    assert!(ran.err.contains("deep/b.yaml:2:35: error[A002]"), "{}", ran.err);
}

#[test]
fn nothing_checked_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().to_str().expect("a plain path");
    for (args, stdin) in [
        (&["triage"][..], ""),
        (&["triage", root], ""),
        (&["triage", "-"], ""),
        (&["triage", "-", "--input-format", "jsonl"], ""),
        (&["triage", "-", "--input-format", "jsonl"], "\n\n"),
        (&["triage", "-", "--input-format", "csv"], ""),
        (&["triage", "-", "--input-format", "csv"], "product,stage\n"),
        (&["triage", "-", "--input-format", "yaml"], ""),
        (&["triage", "Cargo.lock"], ""),
    ] {
        let ran = run(args, stdin);
        assert_eq!(ran.code, 2, "{args:?} {stdin:?}\n{}{}", ran.out, ran.err);
    }
    assert_eq!(run(&["triage", "no-such-file.yaml"], "").code, 1);
}

#[test]
fn the_exit_code_is_the_worst_of_all_products() {
    let product = |answers: &str| format!("{{\"product\":\"P\",\"answers\":{{{answers}}}}}\n");
    let meets = fs::read_to_string(support::crate_path("examples/ready_for_everything.yaml")).expect("an example");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("meets.yaml");
    fs::write(&path, meets).expect("a file");
    let path = path.to_str().expect("a plain path");
    let incomplete = product("");
    let fails = product("\"health_or_care_benefit\":\"no\"");
    let misfit = product("\"login_use\":\"other\"");
    for (lines, fail_on, code) in [
        (String::new(), None, 0),
        (incomplete.clone(), None, 5),
        (format!("{incomplete}{fails}"), None, 4),
        (format!("{incomplete}{misfit}"), None, 4),
        (format!("{fails}nonsense"), None, 2),
        (format!("{incomplete}{fails}"), Some("incomplete"), 5),
        (fails.clone(), Some("incomplete"), 0),
        (format!("{fails}nonsense"), Some("incomplete"), 2),
    ] {
        let mut args = vec!["triage", path];
        if !lines.is_empty() {
            args.extend(["-", "--input-format", "jsonl"]);
        }
        args.extend(fail_on.iter().flat_map(|outcomes| ["--fail-on", outcomes]));
        let ran = run(&args, &lines);
        assert_eq!(ran.code, code, "{lines} {fail_on:?}\n{}", ran.err);
    }
}

#[test]
fn products_are_chosen_sorted_grouped_and_limited_but_all_count() {
    let lines = [
        ("b", "\"health_or_care_benefit\":\"no\""),
        ("C", ""),
        ("a", "\"health_or_care_benefit\":\"no\""),
        ("d", "\"stage\":\"live\""),
    ];
    let line = |(name, answers): &(&str, &str)| format!("{{\"product\":\"{name}\",\"answers\":{{{answers}}}}}");
    let text = lines.iter().map(line).collect::<Vec<_>>().join("\n");
    let shown = |more: &[&str]| {
        let args =
            [&["triage", "-", "--input-format", "jsonl", "--format", "csv", "--fields", "product"], more].concat();
        let ran = run(&args, &text);
        assert_eq!(ran.code, 4);
        assert!(ran.err.starts_with("4 products\n"), "{}", ran.err);
        ran.out.lines().skip(1).map(|line| line.trim_end_matches(',').to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(shown(&[]), "b C a d");
    assert_eq!(shown(&["--sort", "product"]), "a b C d");
    assert_eq!(shown(&["--sort", "outcome"]), "b a C d");
    assert_eq!(shown(&["--only", "incomplete"]), "C d");
    assert_eq!(shown(&["--limit", "3"]), "b C a");
    assert_eq!(shown(&["--limit", "1", "--only", "incomplete"]), "C");
    assert_eq!(shown(&["--limit", "0"]), "");
    assert_eq!(shown(&["--limit", "2", "--sort", "product"]), "a b");
    assert_eq!(
        shown(&["--group-by", "criterion"]),
        "3. Benefits health or social care,b 3. Benefits health or social care,a No criterion is in the way,C No criterion is in the way,d"
    );
    let grouped = shown(&["--group-by", "missing", "--only", "does_not_meet"]);
    assert_eq!(grouped, "Nothing that matters is missing,b Nothing that matters is missing,a");
}

#[test]
fn the_result_can_go_to_a_file_but_not_over_its_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (folder.path().join("in.jsonl"), folder.path().join("out.csv"));
    fs::write(&input, "{\"product\":\"A\",\"answers\":{}}\n").expect("a file");
    let (input, output) = (input.to_str().expect("plain"), output.to_str().expect("plain"));
    let ran = run(&["triage", input, "--format", "csv", "--fields", "product", "--output", output], "");
    assert_eq!((ran.code, ran.out.as_str()), (5, ""));
    assert_eq!(fs::read_to_string(output).expect("written"), "product,error\nA,\n");
    assert_eq!(run(&["triage", input, "--output", input], "").code, 2);
    assert!(Path::new(input).exists());
}

#[test]
fn the_table_fits_any_width_in_two_or_three_lines_a_product() {
    let long = "A name that goes on and on, ".repeat(12);
    let stdin = format!(
        "{{\"product\":\"{long}\",\"answers\":{{}}}}\n{{\"product\":\"\\u001b[31m医院\",\"answers\":{{\"health_or_care_benefit\":\"maybe\"}}}}\n"
    );
    for width in ["40", "80", "120"] {
        let ran =
            run(&["triage", "examples", "-", "--input-format", "jsonl", "--no-summary", "--width", width], &stdin);
        let widest = ran.out.lines().map(console::measure_text_width).max();
        assert!(widest <= width.parse().ok(), "{}", ran.out);
        // Two lines of heading, the examples and the two records above, and what stands under them.
        let lines = ran.out.lines().count();
        assert!(width == "40" || lines <= 2 + (16 + 2) * 3 + 1, "{lines} lines");
        insta::assert_snapshot!(format!("table_{width}"), ran.out);
    }
}

#[test]
fn the_table_says_once_what_its_numbers_stand_for_and_that_it_is_unofficial() {
    let unofficial = "Unofficial self-check of the page of 8 January 2024. The Board decides.\n";
    let ran = run(&["triage", "examples", "--group-by", "outcome", "--no-summary"], "");
    assert_eq!(ran.out.matches("Criteria: ").count(), 1, "{}", ran.out);
    assert!(ran.out.ends_with(&format!("Is free to patients.\n{unofficial}")), "{}", ran.out);
    assert_eq!(ran.out.matches(unofficial).count(), 1, "{}", ran.out);
    let ran = run(&["triage", "examples/ready_for_everything.yaml", "--no-summary"], "");
    assert!(!ran.out.contains("Criteria") && ran.out.ends_with(&format!("\n\n{unofficial}")), "{}", ran.out);
}

/// The groups that products stand under, each with how many.
fn grouped(by: &str) -> Vec<(String, usize)> {
    let args = ["triage", "examples", "-", "--input-format", "jsonl", "--format", "json", "--group-by", by];
    let groups: Value = serde_json::from_str(&run(&args, "nonsense\n").out).expect("JSON");
    let count = |group: &Value| group["products"].as_array().expect("products").len();
    let name = |group: &Value| group["group"].as_str().expect("a name").to_owned();
    groups.as_array().expect("groups").iter().map(|group| (name(group), count(group))).collect()
}

#[test]
fn products_stand_under_headings_in_the_order_of_the_rules() {
    let expected =
        |groups: &[(&str, usize)]| groups.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect::<Vec<_>>();
    assert_eq!(
        grouped("outcome"),
        expected(&[
            ("Meets the published criteria", 6),
            ("Needs further discussion", 7),
            ("Does not meet the published criteria", 2),
            ("Not enough answers yet", 1),
            ("Could not be read", 1),
        ])
    );
    assert_eq!(
        grouped("scenario"),
        expected(&[
            ("1. Live, full login of its own, commissioned", 7),
            ("2. Live, full login of its own, not commissioned", 1),
            ("3. In development, with a sponsor", 2),
            ("4. In development, without a sponsor", 1),
            ("Live, no full login of its own, commissioned", 1),
            ("Not decided", 4),
            ("Could not be read", 1),
        ])
    );
    // One product misses two answers, and stands under each.
    assert_eq!(
        grouped("missing"),
        expected(&[
            ("patient_charges", 1),
            ("commission", 1),
            ("Nothing that matters is missing", 15),
            ("Could not be read", 1),
        ])
    );
}

/// The letters in a folder, by name.
fn letters(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(path).expect("a letter"))
    };
    let mut letters: Vec<_> = entries.map(read).collect();
    letters.sort();
    letters
}

#[test]
fn a_letter_says_what_is_missing_what_to_talk_about_and_what_to_bring() {
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().to_str().expect("a plain path");
    let wanted =
        ["incomplete", "framework_only", "not_sure", "staff_only", "one_off_gp_credentials", "ready_for_everything"];
    let paths: Vec<String> = wanted.iter().map(|name| format!("examples/{name}.yaml")).collect();
    let args: Vec<&str> = ["triage", "--follow-up", to].into_iter().chain(paths.iter().map(String::as_str)).collect();
    let ran = run(&args, "");
    assert!(ran.err.contains(&format!("5 letters in `{to}`\n")), "{}", ran.err);
    let pages: Vec<String> =
        letters(folder.path()).into_iter().map(|(name, text)| format!("{name}\n\n{text}")).collect();
    insta::assert_snapshot!("letters", pages.join("\n---\n\n"));
}

/// A scenario that is ours decides a criterion that the source has.
#[test]
fn what_is_our_interpretation_is_marked_in_every_form() {
    const FILE: &str = "examples/live_password_only.yaml";
    let folder = tempfile::tempdir().expect("a folder");
    run(&["triage", FILE, "--follow-up", folder.path().to_str().expect("a plain path")], "");
    let mut told: Vec<(&str, String)> =
        letters(folder.path()).into_iter().map(|(_, text)| ("a letter", text)).collect();
    told.push(("--full", run(&["check", FILE, "--full"], "").out));
    for format in ["markdown", "html", "junit", "tap", "github", "gitlab", "sarif"] {
        told.push((format, run(&["check", FILE, "--format", format], "").out));
    }
    for (form, text) in told {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(". Our interpretation."), "{form}: {text}");
    }
    let report = run(&["check", FILE, "--format", "json"], "").out;
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let criterion = &report["criteria"][3];
    assert_eq!(
        (&criterion["basis"], &criterion["source"]["item"]),
        (&"interpretation".into(), &"scenarios 1 to 4".into())
    );
}

#[test]
fn letters_to_products_with_hostile_names_stay_in_their_folder_and_replace_nothing_in_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let into = folder.path().join("letters");
    let to = into.to_str().expect("a plain path");
    let long = "x".repeat(300);
    let names = [
        "../../up",
        "/etc/passwd",
        "CON",
        "nul.txt",
        "A b",
        "a-B",
        &long,
        &format!("{long}y"),
        "..",
        "\\u0000",
        "[a](javascript:1)",
    ];
    let line = |name: &&str| format!("{{\"product\":\"{name}\",\"answers\":{{\"stage\":\"live\"}}}}");
    let lines: Vec<String> = names.iter().map(line).collect();
    let args = ["triage", "-", "--input-format", "jsonl", "--follow-up", to];
    let ran = run(&args, &lines.join("\n"));
    assert!(ran.err.contains(&format!("{} letters in `{to}`\n", names.len())), "{}", ran.err);
    let written = letters(&into);
    let found: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(found.len(), names.len(), "{found:?}");
    for name in
        ["a-b.md", "a-b-2.md", "etc-passwd.md", "nul-txt.md", "product-con.md", "product.md", "product-2.md", "up.md"]
    {
        assert!(found.contains(&name), "{name} {found:?}");
    }
    assert!(written.iter().all(|(name, text)| name.len() < 80 && !text.contains("[a](")), "{found:?}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);

    // Nor is anything else written over, in the folder or behind a link, whatever a product is called.
    let mine = into.join("release.md");
    let release = "{\"product\":\"Release\",\"answers\":{\"stage\":\"live\"}}";
    for (content, kind) in [
        ("# How we release\n", "another file has this name"),
        ("victim", if cfg!(unix) { "it is a link" } else { "another file" }),
    ] {
        fs::write(&mine, content).expect("a file of the user");
        #[cfg(unix)]
        if content == "victim" {
            fs::rename(&mine, folder.path().join("victim")).expect("a file elsewhere");
            std::os::unix::fs::symlink("../victim", &mine).expect("a link");
        }
        let ran = run(&args, release);
        assert!(ran.code == 1 && ran.err.contains(kind), "{}", ran.err);
        assert_eq!(fs::read_to_string(&mine).expect("the file"), content);
        fs::remove_file(&mine).expect("the file goes");
    }
    assert!(run(&args, release).err.contains("1 letter in"));
    let again = run(&args, &release.replace("live", "pilot"));
    assert!(again.err.contains(", 1 in place of an older one"), "{}", again.err);
    fs::remove_file(&mine).expect("the letter goes");

    // What is not shown gets no letter.
    let few = tempfile::tempdir().expect("a folder");
    let limited = [&args[..4], &["--follow-up", few.path().to_str().expect("a plain path"), "--limit", "2"]].concat();
    run(&limited, &lines.join("\n"));
    assert_eq!(letters(few.path()).len(), 2);
    let ran = run(&[&limited[..], &["--sort", "product"]].concat(), "");
    assert!(ran.code == 2 && ran.err.contains("--limit cannot choose"), "{}", ran.err);

    // The same again changes nothing; an edited letter is replaced, and that is said.
    assert!(run(&args, &lines.join("\n")).err.contains(&format!("{} letters in `{to}`\n", names.len())));
    let letter = fs::read_to_string(into.join("up.md")).expect("a letter");
    fs::write(into.join("up.md"), format!("Edited.\n\n{letter}")).expect("a letter");
    let ran = run(&args, &lines.join("\n"));
    assert!(ran.err.contains(", 1 in place of an older one\n"), "{}", ran.err);
    // Letters of an earlier run are there still, and are not sent again unseen.
    let ran = run(&args, &lines[0]);
    let older = format!("1 letter in `{to}`; not from this run: {} other .md files there\n", names.len() - 1);
    assert!(ran.err.contains(&older), "{}", ran.err);
}

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_nhs-login-eligibility")
}

/// What a terminal is shown that is the standard error of a shell.
#[cfg(unix)]
fn on_a_terminal(folder: &Path, script: &str) -> String {
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};
    use std::io::Read as _;
    let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, ..PtySize::default() }).expect("a terminal");
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", script]);
    command.env("BIN", program());
    command.env("TERM", "xterm");
    command.cwd(folder);
    let mut child = pty.slave.spawn_command(command).expect("a shell");
    drop(pty.slave);
    let (mut shown, mut chunk) = (Vec::new(), [0; 4096]);
    let mut reader = pty.master.try_clone_reader().expect("a reader");
    while let Ok(length @ 1..) = reader.read(&mut chunk) {
        shown.extend_from_slice(&chunk[..length]);
    }
    child.wait().expect("an end");
    String::from_utf8_lossy(&shown).into_owned()
}

#[cfg(unix)]
#[test]
fn a_bar_is_shown_on_a_terminal_for_work_over_a_second_and_never_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = "{\"product\":\"A\",\"answers\":{}}\n";
    fs::write(folder.path().join("a.jsonl"), line.repeat(10_000)).expect("a file");
    let triage = "\"$BIN\" triage - --input-format jsonl --format jsonl --no-summary";
    let slow = "(cat a.jsonl; sleep 1.5; cat a.jsonl; cat a.jsonl)";
    let shown = on_a_terminal(folder.path(), &format!("{slow} | {triage} > out.jsonl"));
    assert!(shown.contains("products in"), "{shown}");
    // It is wiped away in the end.
    let mut screen = vt100::Parser::default();
    screen.process(shown.as_bytes());
    assert_eq!(screen.screen().contents().trim(), "", "{shown}");
    assert_eq!(on_a_terminal(folder.path(), &format!("{triage} < a.jsonl > out.jsonl")), "");
    assert_eq!(on_a_terminal(folder.path(), &format!("{slow} | {triage} > out.jsonl 2> err")), "");
    assert_eq!(fs::read_to_string(folder.path().join("err")).expect("a file"), "");
    // Where lines go to the terminal themselves, a bar would stand among them.
    let shown = on_a_terminal(folder.path(), &format!("{slow} | {triage} --fields outcome --limit 1"));
    assert_eq!(shown, "{\"outcome\":\"incomplete\"}\r\n");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_it_quietly_with_the_exit_code_of_what_was_read() {
    let script = "(yes '{\"product\":\"A\",\"answers\":{}}' | head -n 200000 | \"$BIN\" triage - --input-format jsonl --format jsonl --no-summary; echo $? >&2) | head -n 1";
    let done = Command::new("sh").args(["-c", script]).env("BIN", program()).output().expect("a shell");
    assert_eq!(String::from_utf8_lossy(&done.stdout).lines().count(), 1);
    assert_eq!(String::from_utf8_lossy(&done.stderr), "5\n");
}

/// The most memory, in KiB, that it takes to triage this many records, the last of them still to come.
#[cfg(target_os = "linux")]
fn most_memory(format: &str, head: &str, record: &str, count: usize) -> u64 {
    use std::io::{BufRead as _, BufReader, Write as _};
    let args = ["triage", "-", "--input-format", format, "--format", format, "--no-summary", "--threads", "2"];
    let mut command = Command::new(program());
    let mut child = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("a pipe");
    let (head, records) = (head.to_owned(), record.repeat(1000));
    let (go_on, over) = std::sync::mpsc::channel::<()>();
    let writing = std::thread::spawn(move || {
        stdin.write_all(head.as_bytes()).expect("written");
        for _ in 0..count / 1000 {
            stdin.write_all(records.as_bytes()).expect("written");
        }
        let _ = over.recv();
    });
    // Batches that are not full are waited for; all others have come out.
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let before_the_last = count - 4 * (128 << 10) / record.len();
    assert_eq!(lines.by_ref().take(before_the_last).count(), before_the_last);
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("a status");
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a high-water mark");
    drop(go_on);
    assert_eq!(lines.count(), count + usize::from(format == "csv") - before_the_last);
    writing.join().expect("written");
    child.wait().expect("an end");
    most.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_input_and_stays_under_16_mb() {
    let text = "Lets people order their repeat medicines. ".repeat(10);
    let json =
        format!("{{\"product\":\"A product\",\"answers\":{{\"stage\":\"live\",\"product_overview\":\"{text}\"}}}}\n");
    let row = format!("A product,live,\"{text}\"\n");
    for (format, head, record) in [("jsonl", "", &json), ("csv", "product,stage,product_overview\n", &row)] {
        let [few, many] = [10_000, 100_000].map(|count| most_memory(format, head, record, count));
        assert!(many < few + 1_000, "{format}: {few} KiB for few, {many} KiB for many");
        // Without optimisation the program alone is large.
        assert!(many < if cfg!(debug_assertions) { 24_000 } else { 16_000 }, "{format}: {many} KiB");
    }
}
