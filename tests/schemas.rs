//! The schema that editors read beside an answers file. What the schemas accept and refuse is tried by an independent
//! validator, in `.ci/formats`.

mod support;

use std::fs;

use support::run;

#[test]
fn init_writes_the_schema_that_its_first_line_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("my answers.yaml");
    let ran = run(&["init", file.to_str().expect("UTF-8")], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = fs::read_to_string(&file).expect("the answers file");
    let name = text.lines().next().and_then(|line| line.strip_prefix("# yaml-language-server: $schema="));
    let schema = fs::read_to_string(folder.path().join(name.expect("the line"))).expect("the schema");
    assert_eq!(schema, run(&["schema", "answers"], "").out);
}

#[test]
fn init_writes_no_yaml_into_a_file_that_would_not_be_read_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["answers.json", "answers.JSON", "answers.docx"] {
        let file = folder.path().join(name);
        let ran = run(&["init", file.to_str().expect("UTF-8")], "");
        assert_eq!(ran.code, 2, "{name}: {}", ran.err);
        assert!(ran.err.contains("does not end in .yaml") && !file.exists(), "{name}: {}", ran.err);
    }
}

#[test]
fn only_a_file_with_a_schema_beside_it_names_one() {
    let line = "# yaml-language-server: ";
    assert!(!run(&["init", "-"], "").out.contains(line));
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let saved = |name: &str| {
        run(&["interview", &path(name), "--plain"], "Example\nquit\n");
        fs::read_to_string(path(name)).expect("the answers file")
    };
    assert!(!saved("a.yaml").contains(line));
    fs::write(path(".answers.schema.json"), "{}").expect("a schema of other rules");
    assert!(!saved("b.yaml").contains(line));
    fs::write(path(".answers.schema.json"), run(&["schema", "answers"], "").out).expect("the schema");
    assert!(saved("c.yaml").starts_with(line));
}

#[test]
fn a_blank_file_explains_as_much_as_the_interview() {
    let blank = run(&["init", "-"], "").out;
    let words = |text: &str| text.replace('#', "").split_whitespace().collect::<Vec<_>>().join(" ");
    let blank = words(&blank);
    let rulebook = support::builtin();
    for question in &rulebook.questions {
        let texts = [&question.hint, &question.more].into_iter().flatten().map(ToString::to_string);
        let options = question.options.iter().flat_map(|option| {
            let hint = option.hint.as_ref().map(ToString::to_string);
            hint.into_iter().chain(option.evidence.clone())
        });
        for text in std::iter::once(question.prompt.clone()).chain(texts).chain(options) {
            assert!(blank.contains(&words(&text)), "{}: {text}", question.id);
        }
    }
    assert!(
        blank.contains("Under organisation, write who makes your product. Reports show it beside the name. product:")
    );
    // An answer that may count as what is asked about is among them.
    assert!(blank.contains("Leave it empty unless stage is live or pilot."), "{blank}");
    assert!(blank.contains("Answer: yes or no. dcb3051_read:"), "{blank}");
}

#[test]
fn the_schema_of_answers_knows_the_questions_of_the_rules_in_use() {
    let rules = ["--rules", "tests/packs/allotment"];
    let schema = run(&[&["schema", "answers"], &rules[..]].concat(), "").out;
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("valid JSON");
    let questions = schema["properties"]["answers"]["properties"].as_object().expect("the questions");
    let rulebook = support::sound(&support::folder("tests/packs/allotment"));
    assert_eq!(questions.len(), rulebook.questions.len());
    for question in &rulebook.questions {
        assert_eq!(questions[&question.id]["title"], question.prompt.as_str());
        let written = questions[&question.id].to_string();
        assert!(question.values().all(|value| written.contains(&format!("\"const\":\"{value}\""))), "{written}");
    }
}

#[test]
fn every_schema_is_the_same_each_time() {
    for subject in ["answers", "rules", "cases", "report"] {
        assert_eq!(run(&["schema", subject], "").out, run(&["schema", subject], "").out);
    }
}

#[test]
fn the_schema_of_reports_changes_only_on_purpose() {
    insta::assert_snapshot!("report", run(&["schema", "report"], "").out);
}

/// Every rule file begins with the line that makes editors read the schema beside it, which is that of the rules as they
/// are. With `INSTA_UPDATE=always`, as for any other snapshot, it is written again.
#[test]
fn editors_find_the_schemas_of_the_rules_beside_them() {
    for (folder, subject) in [("rules", "rules"), ("rules/tests", "cases")] {
        let folder = support::crate_path(folder);
        let schema = folder.join(format!(".{subject}.schema.json"));
        let wanted = run(&["schema", subject], "").out;
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            fs::write(&schema, &wanted).expect("the schema is written");
        }
        let is = fs::read_to_string(&schema).expect("the schema");
        assert!(is == wanted, "{} is not what `schema {subject}` prints", schema.display());
        let line = format!("# yaml-language-server: $schema=.{subject}.schema.json\n");
        for entry in fs::read_dir(&folder).expect("the rules").map(|entry| entry.expect("a file").path()) {
            if entry.extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read_to_string(&entry).expect("a rule file");
                assert!(text.starts_with(&line), "{} does not begin with {line}", entry.display());
            }
        }
    }
}

#[test]
fn every_key_of_a_report_is_described() {
    fn bare(at: &str, schema: &serde_json::Value, found: &mut Vec<String>) {
        for (key, value) in schema["properties"].as_object().into_iter().flatten() {
            if value["description"].as_str().is_none_or(str::is_empty) {
                found.push(format!("{at}.{key}"));
            }
        }
        for (key, value) in schema.as_object().into_iter().flatten() {
            bare(&format!("{at}.{key}"), value, found);
        }
    }
    let schema: serde_json::Value = serde_json::from_str(&run(&["schema", "report"], "").out).expect("valid JSON");
    let mut found = Vec::new();
    bare("", &schema, &mut found);
    assert!(found.is_empty() && schema.to_string().contains("all_reasons"), "{found:#?}");
}
