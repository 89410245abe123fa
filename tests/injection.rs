//! Hostile text in every place a stranger can put it, and every output shown safe by the rules of its own format.
//!
//! Each payload is set against a harmless word in the same place: what a format means must not depend on which it is.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod support;

use std::fs;
use std::path::Path;

use eligibility::triage::Field;
use serde_json::Value;
use support::forms::{assert_is_github, assert_is_tap, assert_no_mention, elements, outside_quotes, tags};
use support::hostile::{HARMLESS, World, assert_harmless, each, one_not_there, triage_formats, without_colour};
use support::run;

#[test]
fn rules_and_answers_are_what_they_are_meant_to_be() {
    each(|payload, world, _| {
        for (rules, codes) in [("rules", &["R023"][..]), ("broken", &["R004", "F010"]), ("unsound", &["R012"])] {
            let ran = run(&["rules", "check", "--rules", &world.at(rules)], "");
            // What stands in backticks in a text of the rules must be an id of theirs.
            // Those are then so many that no other problem is shown.
            let ids = payload.contains('`');
            let sound = rules == "rules" && !ids;
            assert_eq!(ran.code, if sound { 0 } else { 2 }, "{payload:?} {rules}: {}", ran.err);
            for code in codes {
                assert!(
                    sound || ids || ran.err.contains(&format!("error[{code}]")),
                    "{payload:?} {rules}: {}",
                    ran.err
                );
            }
        }
        let ran = run(&["check", "--rules", &world.at("rules"), &world.at("answers.yaml")], "");
        assert_eq!(ran.code, 4, "{payload:?}: {}", ran.err);
    });
}

#[test]
fn text_and_diagnostics_are_harmless_with_and_without_colour() {
    each(|payload, world, _| {
        let plain = world.check("text", &["--color", "never"]);
        let coloured = world.check("text", &["--color", "always"]);
        assert_eq!(plain.code, one_not_there(payload), "{payload:?}");
        assert_eq!(without_colour(&coloured.out), plain.out, "{payload:?}");
        assert!(without_colour(&coloured.err).split_whitespace().count() > 100);
        for line in without_colour(&coloured.err).lines() {
            assert_harmless(payload, line);
        }
        let plain = without_colour(&plain.out);
        assert_harmless(payload, &plain);
    });
}

#[test]
fn triage_is_harmless_in_every_format_in_any_order_and_at_any_width() {
    each(|payload, world, _| {
        let reports: Vec<String> = (triage_formats().into_iter())
            .flat_map(|format| ["--report".to_owned(), format!("{format}={}", world.at(&format!("report.{format}")))])
            .collect();
        let ran = world.triage("csv", &reports.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, one_not_there(payload), "{payload:?}: {}", ran.err);
        assert_harmless(&format!("{payload:?} stderr"), &ran.err);
        // A workbook is no text: `workbooks.rs` reads it.
        for format in triage_formats().into_iter().filter(|format| format != "xlsx") {
            let report = fs::read_to_string(world.at(&format!("report.{format}"))).unwrap();
            assert!(report.len() > 200, "{payload:?} {format}");
            // Commands of ours are looked at by themselves, below.
            if format != "github" {
                assert_harmless(&format!("{payload:?} {format}"), &report);
            }
        }
        for (format, by) in [
            ("text", "criterion"),
            ("text", "missing"),
            ("csv", "scenario"),
            ("json", "criterion"),
            ("jsonl", "outcome"),
            ("markdown", "scenario"),
        ] {
            let ran = world.triage(format, &["--group-by", by, "--sort", "product"]);
            assert_harmless(&format!("{payload:?} {format} {by}"), &(ran.out + &ran.err));
        }
        for width in ["40", "60"] {
            assert_harmless(payload, &world.triage("text", &["--width", width]).out);
        }
        let (header, unknown) = (format!("pesticides={payload}"), format!("{}=x", payload.replace('=', " ")));
        for more in [["--column", &header], ["--column", &unknown], ["--ignore-column", payload], ["--format", payload]]
        {
            let ran = world.triage_of(&[&world.at("header.csv")], "csv", &more);
            assert_harmless(&format!("{payload:?} {more:?}"), &(ran.out + &ran.err));
        }
    });
}

#[test]
fn triage_in_json_gives_the_text_back_exactly() {
    each(|payload, world, _| {
        let lines = world.triage_of_valid("jsonl", &[]).out;
        let of_lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let array: Vec<Value> = serde_json::from_str(&world.triage_of_valid("json", &[]).out).expect("JSON");
        assert_eq!(of_lines, array);
        // A cell of CSV begins and ends with what can be seen.
        let cell = payload.replace('\0', "");
        for (product, wanted) in array.iter().zip([payload, payload, cell.trim()]) {
            assert_eq!(product["product"], wanted);
        }
        let grouped = world.triage_of_valid("json", &["--group-by", "outcome"]).out;
        let grouped: Vec<Value> = serde_json::from_str(&grouped).expect("JSON");
        // Titles end with a number, so that they differ.
        let (group, number) = grouped[0]["group"].as_str().unwrap().rsplit_once(' ').expect("a number");
        assert!(group == payload && number.parse::<u8>().is_ok(), "{group:?} {number}: {payload:?}");
    });
}

#[test]
fn triage_in_csv_has_the_same_cells_and_no_formula() {
    each(|payload, world, _| {
        let out = world.triage("csv", &[]).out;
        let mut reader = csv::Reader::from_reader(out.as_bytes());
        // The rules know no contradictions, and there is a column for errors.
        assert_eq!(reader.headers().unwrap().len(), Field::USUAL.len());
        for row in reader.records() {
            // Rows of another length are an error to the reader.
            for cell in &row.unwrap_or_else(|error| panic!("{payload:?}: {error}\n{out}")) {
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{payload:?}: {cell}");
            }
        }
    });
}

#[test]
fn letters_are_harmless_and_have_the_same_elements_whatever_the_text() {
    each(|payload, world, harmless| {
        let letters = |world: &World| {
            let folder = world.at("letters");
            let ran = world.triage_of_valid("csv", &["--follow-up", &folder]);
            assert_harmless(payload, &ran.err);
            let paths = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            let mut letters: Vec<String> = paths.map(|path| fs::read_to_string(path).unwrap()).collect();
            // Their names begin with what is hostile, so that they are told apart by where the answers stand.
            let source = |letter: &String| {
                let line = letter.lines().find(|line| line.starts_with("Our reference: ")).unwrap();
                line.to_owned()
            };
            letters.sort_by_key(source);
            assert_eq!(letters.len(), 3);
            letters
        };
        let plain = letters(harmless);
        for (index, letter) in letters(world).into_iter().enumerate() {
            assert_harmless(payload, &letter);
            assert_no_mention(&letter);
            assert_eq!(elements(&letter).len(), elements(&plain[index]).len(), "{payload:?}\n{letter}");
        }
        for path in fs::read_dir(world.at("letters")).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{name}");
            fs::remove_file(path).unwrap();
        }
    });
}

#[test]
fn an_interview_by_lines_is_harmless() {
    each(|payload, world, _| {
        let talk = format!("{payload}\n1\n{payload}\n2\nback\n?\n");
        for file in ["answers.yaml", "new.yaml"] {
            let ran = run(&["interview", "--plain", "--rules", &world.at("rules"), &world.at(file)], &talk);
            assert_harmless(&format!("{payload:?} {}", ran.code), &(ran.out + &ran.err));
        }
    });
}

#[test]
fn json_gives_the_text_back_exactly() {
    each(|payload, world, _| {
        let out = world.check("json", &[]).out;
        assert_harmless(payload, &out);
        let files: Vec<Value> =
            serde_json::Deserializer::from_str(&out).into_iter().collect::<Result<_, _>>().expect("JSON");
        assert_eq!(files.len(), 5);
        assert_eq!(files[0]["product"], payload);
        assert_eq!(files[0]["organisation"], payload);
        assert_eq!(files[0]["disclaimer"], payload.trim_end());
        let error = files[4]["error"].as_str().unwrap();
        assert!(error.starts_with("cannot read") || error.starts_with("no file matches"), "{error}");
    });
}

/// The keys and the kinds of values of a document, with what is not text.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::from("text"),
        // A longer text has other columns.
        Value::Number(_) => Value::from("number"),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), shape(value))).collect()),
        other => other.clone(),
    }
}

#[test]
fn code_quality_keeps_its_shape() {
    each(|payload, world, harmless| {
        let parse = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let triage = |world: &World| world.triage_of_valid("gitlab", &[]).out;
        assert_eq!(shape(&parse(&triage(world))), shape(&parse(&triage(harmless))), "{payload:?}");
        for out in [triage(world), world.check("gitlab", &[]).out, world.triage("gitlab", &[]).out] {
            assert_harmless(payload, &out);
            assert!(parse(&out).is_array(), "{out}");
        }
    });
}

#[test]
fn sarif_keeps_its_shape_and_has_no_link_of_a_stranger() {
    each(|payload, world, harmless| {
        let files = |world: &World| {
            let (rules, answers) = (world.at("rules"), world.at("answers.yaml"));
            run(&["check", "--rules", &rules, &answers, "--format", "sarif"], "").out
        };
        let out = files(world);
        let parse = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(shape(&parse(&out)), shape(&parse(&files(harmless))), "{payload:?}");
        let triage = |world: &World| world.triage_of_valid("sarif", &[]).out;
        assert_eq!(shape(&parse(&triage(world))), shape(&parse(&triage(harmless))), "{payload:?}");
        for out in [out, world.check("sarif", &[]).out, world.triage("sarif", &[]).out] {
            assert_harmless(payload, &out);
            let log = parse(&out);
            for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
                assert!(rule.get("helpUri").is_none(), "{rule}");
                for key in ["shortDescription", "fullDescription", "help"] {
                    assert_no_sarif_link(&rule[key]["text"]);
                }
            }
            for result in log["runs"][0]["results"].as_array().unwrap() {
                assert_no_sarif_link(&result["message"]["text"]);
                for location in result["locations"].as_array().unwrap() {
                    let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
                    assert!(uri.starts_with("file:///"), "{uri}");
                    assert!(uri.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/:%".contains(c)), "{uri}");
                }
            }
        }
    });
}

/// In the messages of the format, `[text](target)` is a link.
fn assert_no_sarif_link(text: &Value) {
    assert!(!text.as_str().unwrap().contains("]("), "{text}");
}

#[test]
fn junit_is_xml_with_the_same_elements() {
    each(|payload, world, harmless| {
        let elements = |xml: &str| {
            let report = quick_junit::Report::deserialize_from_str(xml).expect("JUnit");
            let suites = report.test_suites.iter();
            suites.map(|suite| (suite.test_cases.len(), suite.properties.len())).collect::<Vec<_>>()
        };
        let valid = |world: &World| {
            let (rules, answers) = (world.at("rules"), world.at("answers.yaml"));
            run(&["check", "--rules", &rules, &answers, "--format", "junit"], "").out
        };
        assert_eq!(elements(&valid(world)), elements(&valid(harmless)), "{payload:?}");
        let triage = |world: &World| world.triage_of_valid("junit", &[]).out;
        assert_eq!(elements(&triage(world)), elements(&triage(harmless)), "{payload:?}");
        let out = world.check("junit", &[]).out + &world.triage("junit", &[]).out;
        assert_harmless(payload, &out);
        elements(&world.triage("junit", &[]).out);
        // What XML 1.0 allows, less what is not shown.
        assert!(out.chars().all(|c| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)));
        // Every `<` opens an element that is ours; inside texts there is none.
        let ours = [
            "testsuites",
            "testsuite",
            "testcase",
            "properties",
            "property",
            "failure",
            "error",
            "skipped",
            "system-out",
        ];
        for tag in out.split('<').skip(1).map(|tag| tag.trim_start_matches('/')) {
            let name: String = tag.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            assert!(tag.starts_with("?xml ") || ours.contains(&name.as_str()), "{payload:?}: {tag}");
        }
        assert!(!out.contains("]]>"), "{payload:?}");
    });
}

#[test]
fn a_github_log_has_only_commands_that_are_ours() {
    each(|payload, world, harmless| {
        let commands = |world: &World| {
            let (rules, answers) = (world.at("rules"), world.at("answers.yaml"));
            run(&["check", "--rules", &rules, &answers, "--format", "github", "--gate", "go-live"], "").out
        };
        let starts = |out: &str| {
            let start = |line: &str| line.split_once(' ').unwrap().0.to_owned();
            out.lines().map(start).collect::<Vec<_>>()
        };
        assert_eq!(starts(&commands(world)), starts(&commands(harmless)), "{payload:?}");
        let triage = |world: &World| world.triage_of_valid("github", &[]).out;
        assert_eq!(starts(&triage(world)), starts(&triage(harmless)), "{payload:?}");
        let all = world.check("github", &[]).out + &world.triage("github", &[]).out;
        assert_is_github(payload, &all);
    });
}

#[test]
fn tap_has_only_lines_that_are_ours() {
    each(|payload, world, _| {
        for out in [world.check("tap", &[]).out, world.triage("tap", &[]).out] {
            assert_is_tap(payload, &out);
        }
    });
}

#[test]
fn markdown_has_the_same_elements_whatever_the_text() {
    each(|payload, world, harmless| {
        let report = |world: &World| {
            let (rules, answers) = (world.at("rules"), world.at("answers.yaml"));
            run(&["check", "--rules", &rules, &answers, "--format", "markdown", "--gate", "go-live"], "").out
        };
        let book =
            |world: &World| run(&["rules", "show", "--rules", &world.at("rules"), "--format", "markdown"], "").out;
        let triage = |world: &World| world.triage_of_valid("markdown", &["--group-by", "criterion"]).out;
        for (out, plain) in
            [(report(world), report(harmless)), (book(world), book(harmless)), (triage(world), triage(harmless))]
        {
            assert_harmless(payload, &out);
            assert_no_mention(&out);
            assert_eq!(elements(&out), elements(&plain), "{payload:?}\n{out}");
        }
        let all = world.check("markdown", &[]).out + "\n" + &world.triage("markdown", &[]).out;
        assert_harmless(payload, &all);
        assert_no_mention(&all);
        for element in elements(&all) {
            let name = element.trim_start_matches('/').split(' ').next().unwrap();
            let ours = [
                "h2", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "ol", "li", "code", "br",
            ];
            assert!(ours.contains(&name), "{payload:?}: <{element}>\n{all}");
        }
    });
}

/// What each page says is also kept, for `.ci/pages` to open it in a browser.
#[test]
fn a_page_has_the_same_tags_whatever_the_text() {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile-pages");
    let _ = fs::remove_dir_all(&kept);
    fs::create_dir_all(&kept).unwrap();
    let number = std::cell::Cell::new(0);
    each(|payload, world, harmless| {
        let rules = |world: &World| world.at("rules");
        let report = |world: &World| {
            let args = ["check", "--rules", &rules(world), &world.at("answers.yaml"), "--gate", "go-live"];
            run(&[&args[..], &["--format", "html"]].concat(), "").out
        };
        let book = |world: &World| run(&["rules", "show", "--rules", &rules(world), "--format", "html"], "").out;
        let triage = |world: &World| world.triage_of_valid("html", &[]).out;
        for (out, plain) in
            [(report(world), report(harmless)), (book(world), book(harmless)), (triage(world), triage(harmless))]
        {
            assert_harmless(payload, &out);
            assert_eq!(tags(&out), tags(&plain), "{payload:?}\n{out}");
        }
        number.set(number.get() + 1);
        for (name, page) in
            [("check", world.check("html", &[]).out), ("triage", world.triage("html", &[]).out), ("rules", book(world))]
        {
            assert_harmless(payload, &page);
            assert!(tags(&page).len() > 50, "{payload:?}\n{page}");
            fs::write(kept.join(format!("{name}-{:02}.html", number.get())), page).unwrap();
        }
    });
}

#[test]
fn a_drawing_has_the_same_nodes_whatever_the_text() {
    each(|payload, world, harmless| {
        for format in ["mermaid", "dot"] {
            let draw = |world: &World| {
                let (rules, answers) = (world.at("rules"), world.at("answers.yaml"));
                run(&["rules", "graph", "--rules", &rules, "--format", format, "--answers", &answers], "").out
            };
            let out = draw(world);
            assert_harmless(payload, &out);
            assert_eq!(outside_quotes(&out), outside_quotes(&draw(harmless)), "{payload:?}\n{out}");
            if format == "mermaid" {
                // Mermaid has no escape for a quotation mark but an entity, and looks for directives anywhere.
                let body = out.split_once("flowchart TD").unwrap().1;
                assert!(!body.contains(['\\', '`', '%']) && !out.contains("%%"), "{payload:?}\n{out}");
            }
        }
    });
}

#[test]
fn a_template_and_witnesses_are_valid_answers_files() {
    each(|payload, world, harmless| {
        let init = |world: &World, product: &str| {
            run(&["init", "-", "--rules", &world.at("rules"), "--product", product], "").out
        };
        let out = init(world, payload);
        let keys = |text: &str| {
            let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'));
            lines.map(|line| line.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(keys(&out), keys(&init(harmless, HARMLESS)), "{payload:?}\n{out}");
        let read = run(&["check", "-", "--rules", &world.at("rules"), "--format", "json"], &out);
        assert_eq!(read.code, 5, "{payload:?}\n{}", read.err);
        assert_eq!(serde_json::from_str::<Value>(&read.out).unwrap()["product"], payload);

        let folder = world.at("witnesses");
        let ran = run(&["rules", "check", "--rules", &world.at("unsound"), "--witness", &folder], "");
        assert_harmless(payload, &(ran.out + &ran.err));
        let witnesses: Vec<_> = fs::read_dir(Path::new(&folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!witnesses.is_empty());
        for witness in witnesses {
            assert_harmless(payload, &fs::read_to_string(&witness).unwrap());
            let read = run(&["check", "--rules", &world.at("rules"), witness.to_str().unwrap()], "");
            assert!([0, 3, 4, 5].contains(&read.code), "{payload:?}\n{}", read.err);
        }
    });
}
