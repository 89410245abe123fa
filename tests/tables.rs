//! Tables as forms and spreadsheets write them: they are read, and nothing in them is dropped silently.
#![cfg(feature = "workbooks")]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod support;

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use eligibility::commands::{self, Io, Terminal};
use eligibility::intake::json::array_elements;
use eligibility::intake::kind::{FileKind, file_kind};
use eligibility::intake::table::text::{Encoding, decode, detect_separator};
use eligibility::rulebook::Rulebook;
use serde_json::Value;
use support::{Ran, crate_path, run};

/// Runs triage over one table on standard input, as JSON Lines.
fn triage(table: &[u8], more: &[&str]) -> (Ran, Vec<Value>) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let terminal = Terminal { stdin: false, stdout: None, stderr: None, no_colour: true, plain: true, links: false };
    let args = ["x", "triage", "-", "--input-format", "csv", "--format", "jsonl", "--no-summary"];
    let args = args.iter().chain(more).map(Into::into);
    let io = Io { stdin: &mut Cursor::new(table), stdout: &mut out, stderr: &mut err, terminal };
    let code = commands::run(args, io);
    let (out, err) = (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap());
    let lines = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (Ran { code, out, err }, lines)
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(crate_path(&format!("tests/findings/{name}"))).unwrap()
}

/// The outcome of each record, or its error.
fn outcomes(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["outcome"].as_str().or(line["error"].as_str()).unwrap_or_default()).collect()
}

#[test]
fn unusual_tables_are_read() {
    for (file, outcome) in [
        ("csv/case.csv", "meets_criteria"),
        ("csv/sep.csv", "needs_discussion"),
        ("csv/utf16nobom.csv", "meets_criteria"),
    ] {
        let (ran, lines) = triage(&fixture(file), &[]);
        assert_eq!(outcomes(&lines), [outcome], "{file}: {}", ran.err);
    }
    for (file, sources) in [("csv/bl.csv", vec!["2", "6", "7"]), ("csv/textarea.csv", vec!["2", "4"])] {
        let (_, lines) = triage(&fixture(file), &["--ignore-other-columns"]);
        let found: Vec<&str> = lines.iter().filter_map(|line| line["source"].as_str()?.rsplit(':').next()).collect();
        assert_eq!(found, sources, "{file}");
    }
    // What a quotation mark that is never closed swallows is no row that was read.
    let (ran, lines) = triage(&fixture("csv/unclosed.csv"), &[]);
    assert!(ran.code == 2 && lines.len() == 1 && lines[0]["source"] == "standard input:2", "{}", ran.out);
    assert!(
        lines[0]["error"].as_str().unwrap().contains("the quotation mark opened here is not closed"),
        "{}",
        ran.out
    );
    // In UTF-16 in any way, and as an old program writes it, if that is said.
    let text = "product,stage,organisation\nCafé £1,Live,É\n";
    let units = |mark: &str, le: bool| -> Vec<u8> {
        let units: Vec<u16> = format!("{mark}{text}").encode_utf16().collect();
        units.into_iter().flat_map(|unit| if le { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    for table in [units("\u{feff}", true), units("\u{feff}", false), units("", true), units("", false)] {
        let (ran, lines) = triage(&table, &[]);
        assert_eq!((&lines[0]["product"], &lines[0]["organisation"]), (&"Café £1".into(), &"É".into()), "{}", ran.err);
    }
    let (old, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let (ran, _) = triage(&old, &[]);
    assert!(ran.code == 2 && ran.err.contains("--encoding windows-1252"), "{}", ran.err);
    let (_, lines) = triage(&old, &["--encoding", "windows-1252"]);
    assert_eq!(lines[0]["product"], "Café £1");
    // A file that says itself that it is UTF-8 is.
    let (_, lines) = triage(format!("\u{feff}{text}").as_bytes(), &["--encoding", "windows-1252"]);
    assert_eq!(lines[0]["product"], "Café £1");
    // What stands between columns can be said.
    let (_, lines) = triage(b"product|stage\nA, B, C|live\n", &["--separator", "|"]);
    assert_eq!(lines[0]["product"], "A, B, C");
}

#[test]
fn headers_and_cells_are_recognised_in_any_spelling() {
    let rulebook = support::builtin();
    let prompt = |id: &str| rulebook.question(id).unwrap().1.prompt.clone();
    let (stage, commission) = (prompt("stage"), prompt("commission"));
    for header in [
        stage.clone(),
        stage.to_uppercase(),
        format!(" 3.\u{a0}{} *", stage.replace(' ', "\u{a0}")),
        stage.replace('?', " ?:"),
        "Stage".to_owned(),
    ] {
        let table = format!(
            "Product,Organisation,\"{header}\",\"{commission}\",Commission.Evidence,commission.note\nA,O,\"live,  people use it NOW\",nobody,,\n"
        );
        let (ran, lines) = triage(table.as_bytes(), &[]);
        assert_eq!(lines[0]["organisation"], "O", "{header}: {}", ran.err);
        assert_eq!(
            lines[0]["possible_outcomes"],
            serde_json::json!(["needs_discussion", "does_not_meet"]),
            "{}",
            ran.out
        );
    }
    for words in ["not sure", "Not-Sure", "notsure", "Don’t know", "UNSURE", "not_sure"] {
        let (ran, lines) = triage(format!("product,stage\nA,{words}\n").as_bytes(), &[]);
        assert!(ran.code == 5 && lines[0]["error"].is_null(), "{words}: {}", ran.err);
    }
    // A full stop makes no difference.
    let (ran, lines) = triage(b"product,stage,deployment_area\nA,Live.,England.\n", &[]);
    assert!(lines[0]["error"].is_null(), "{}", ran.err);
}

#[test]
fn no_guess_means_the_opposite_or_half_of_a_cell() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv").display().to_string();
    for (question, cell, guess) in [
        ("stage", "livee", Some("live")),
        ("stage", "Development", Some("in_development")),
        ("login_use", "Repeat", Some("repeat_sign_in")),
        ("scopes", "NHS number", Some("profile")),
        ("stage", "Nearly live", None),
        ("stage", "Was live", None),
        ("stage", "Will be live", None),
        ("stage", "Live?", None),
        ("deployment_area", "England, later Wales", None),
        ("patient_charges", "Free at point of use", None),
        ("patient_charges", "Free trial", None),
        ("patient_charges", "Free, with a subscription", None),
        ("sponsor", "Yes, an NHS organisation or a council, verbally", None),
        ("commission", "An NHS organisation or a council (expired)", None),
        ("deployment_area", "Ireland", None),
        ("im1_status", "Live", None),
        ("scopes", "Surname and date of birth", None),
        ("health_or_care_benefit", "Not yet", None),
        ("gp_registered_patients", "No idea", None),
        ("gp_registered_patients", "Yes - but only Wales", None),
        ("stage", "Not live", None),
        ("stage", "Live soon", None),
        ("stage", "Pre-live", None),
        ("stage", "Not yet live, in development", None),
        ("stage", "Live pilot", None),
        ("stage", "No longer live", None),
        ("patient_facing", "Not patients", None),
        ("patient_facing", "No patients", None),
        ("patient_facing", "Staff and patients", None),
        ("patient_charges", "Not free", None),
        ("patient_charges", "Free, but optional extras", None),
        ("commission", "No NHS organisation or council", None),
        ("commission", "NHS organisation (letter of intent)", None),
        ("commission_evidence", "Contract pending with an NHS organisation", None),
        ("deployment_area", "UK", None),
        ("deployment_area", "England and Wales", None),
        ("deployment_area", "Outside England", None),
        ("deployment_area", "Wales only", None),
        ("deployment_area", "North East England", None),
        ("data_location", "Only outside the UK", None),
        ("data_location", "Not only in the UK", None),
        ("identity_level", "Not high", None),
        ("identity_level", "Low or medium", None),
    ] {
        fs::write(&path, format!("product,{question}\nA,\"{cell}\"\n")).unwrap();
        let told = run(&["triage", &path], "").err;
        let suggested = run(&["triage", &path, "--suggest-mapping"], "").out;
        let expected =
            guess.map(|guess| (format!("did you mean `{guess}`?"), format!("\"{cell}\": {guess} # a guess")));
        match expected {
            Some((hint, line)) => assert!(told.contains(&hint) && suggested.contains(&line), "{told}\n{suggested}"),
            None => assert!(
                !told.contains("did you mean") && suggested.contains(&format!("# \"{cell}\":")),
                "{told}\n{suggested}"
            ),
        }
    }
}

#[test]
fn errors_are_reported_however_many_warnings_precede_them() {
    let mut table = "product,commission,commission_evidence\n".to_owned();
    table += &"A,none,nhs_or_local_authority_contract\n".repeat(30);
    table += &"B,nonsense,\n".repeat(22);
    let (ran, _) = triage(table.as_bytes(), &[]);
    let count = |what: &str| ran.err.lines().filter(|line| line.contains(what)).count();
    assert_eq!((count("warning[A012]"), count("error[A002]")), (20, 20), "{}", ran.err);
    assert!(ran.err.contains("… and 12 more lines like these: all stand in --report html=FILE"), "{}", ran.err);
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("all.html").display().to_string();
    triage(table.as_bytes(), &["--report", &format!("html={page}")]);
    let page = fs::read_to_string(page).unwrap();
    assert_eq!((page.matches(">A012<").count(), page.matches(">A002<").count()), (30, 22));
}

#[test]
fn a_kept_column_with_the_name_of_an_output_column_is_renamed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("t.csv"), "product,outcome,source,Fit,Ref\nA,approved,web,good,1\n").unwrap();
    let keep = ["triage", &at("t.csv"), "--keep", "outcome", "--keep", "source", "--keep", "Fit", "--keep", "Ref"];
    let csv = run(&[&keep[..], &["--format", "csv", "--fields", "source,outcome,fit"]].concat(), "").out;
    assert!(csv.starts_with("source,outcome,fit,outcome (kept),source (kept),Fit (kept),Ref,error\n"), "{csv}");
    run(&[&keep[..], &["--output", &at("o.xlsx")]].concat(), "");
    let sheet = eligibility::intake::table::workbook::read(&fs::read(at("o.xlsx")).unwrap(), Some("Products")).unwrap();
    let head: Vec<&str> = sheet.row(0).unwrap().1.collect();
    assert_eq!(head[2..9], ["outcome (kept)", "source (kept)", "Fit (kept)", "Ref", "Outcome", "Scenario", "Fit"]);
}

#[test]
fn a_row_that_looks_more_like_the_header_is_suggested_but_never_used() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("t.csv"), "Enquiries,,\n\nproduct,Stage,What is your product?\nA,live,x\n").unwrap();
    let common = ["triage", &at("t.csv"), "--ignore-other-columns"];
    let ran = run(&common, "");
    let told = ":1: error[F012]: row 3 looks more like the header than this one (use --header-row 3)\n";
    assert!(ran.code == 2 && ran.err.contains(told), "{}", ran.err);
    let ran = run(&[&common[..], &["--header-row", "3"]].concat(), "");
    assert!(ran.code == 5 && ran.out.contains("A  "), "{}", ran.err);
    // What a mapping says of a header is known as well; where nothing else is, what is wrong is told as it is.
    fs::write(at("m.yaml"), "columns: {Name: product, Phase: stage}\n").unwrap();
    fs::write(at("own.csv"), "Enquiries,\nName,Phase\nA,live\n").unwrap();
    let own = |more: &[&str]| run(&[&["triage", &at("own.csv")], more].concat(), "").err;
    assert!(own(&["--mapping", &at("m.yaml")]).contains("row 2 looks more like"), "{}", own(&[]));
    assert!(own(&[]).contains("unknown column `Enquiries`") && own(&[]).contains("--header-row or --sheet"));
}

#[test]
fn every_format_lists_what_a_gate_requires_and_products_lack() {
    let table = "product,organisation,stage,gp_registered_patients,nhs_services_in_england,patient_facing,\
                 health_or_care_benefit,patient_charges,native_verification,commission,login_use,deployment_area\n\
                 A,O,live,yes,yes,patients,yes,free,yes,nhs_or_local_authority,repeat_sign_in,england\n";
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("t.csv"), table).unwrap();
    let rulebook = support::builtin();
    let (owed, topics) = (&rulebook.obligations[0], rulebook.topics.len());
    let with = |gate: &str, more: &[&str]| {
        run(&[&["triage", &at("t.csv"), "--no-summary", "--width", "200", "--gate", gate], more].concat(), "")
    };
    for format in ["text", "markdown"] {
        assert!(!with("eligibility", &["--format", format]).out.contains("gate"), "{format}");
        let ran = with("go-live", &["--format", format]);
        let told = format!("Lacking for the gate: {} of {topics} topics, {}", topics - 1, owed.title);
        assert!(ran.code == 5 && ran.out.replace("\\-", "-").contains(&told), "{told}\n{}", ran.out);
    }
    // In JSON and CSV as ids, the same that `check` tells.
    let answers: Vec<String> = (table.lines().next().unwrap().split(',').zip(table.lines().nth(1).unwrap().split(',')))
        .filter(|(id, _)| !["product", "organisation"].contains(id))
        .map(|(id, value)| if id == "deployment_area" { format!("{id}: [{value}]") } else { format!("{id}: {value}") })
        .collect();
    let yaml = format!("product: A\norganisation: O\nanswers: {{{}}}\n", answers.join(", "));
    for gate in ["eligibility", "application", "go-live"] {
        let report: Value =
            serde_json::from_str(&run(&["check", "-", "--gate", gate, "--format", "json"], &yaml).out).unwrap();
        let line = |more: &[&str]| with(gate, &[&["--format", "jsonl"], more].concat()).out;
        let told: Value = serde_json::from_str(&line(&["--fields", "lacking"])).unwrap();
        assert_eq!(told["lacking"], report["gate"]["lacking"], "{gate}");
        assert_eq!(line(&[]).contains("\"lacking\":["), gate != "eligibility");
        assert_eq!(with(gate, &["--format", "csv"]).out.contains(",lacking,error\n"), gate != "eligibility");
    }
    with("go-live", &["--output", &at("r.xlsx")]);
    let sheet = eligibility::intake::table::workbook::read(&fs::read(at("r.xlsx")).unwrap(), Some("To do")).unwrap();
    let rows = (0..).map_while(|row| sheet.row(row)).map(|(_, cells)| cells.collect::<Vec<_>>());
    let lacking: Vec<Vec<&str>> = rows.filter(|cells| cells[2] == "Lacking for the gate").collect();
    assert_eq!(lacking.len(), topics, "{lacking:?}");
    assert_eq!(lacking[0][3..5], [rulebook.topics[0].title.as_str(), rulebook.topics[0].id.as_str()]);
    assert_eq!(lacking[topics - 1][3..5], [owed.title.as_str(), owed.id.as_str()]);
}

/// The export of a Microsoft 365 list has such cells.
#[test]
fn a_cell_may_hold_a_json_list_of_values() {
    let table = "product,deployment_area\nA,\"[\"\"England\"\",\"\"Wales\"\"]\"\nB,\"[\"\"Mars\"\"]\"\n";
    let (_, lines) = triage(table.as_bytes(), &[]);
    assert_eq!(outcomes(&lines)[0], "incomplete");
    assert_eq!(lines[0]["findings"].as_array().unwrap().len(), 1, "beyond England: {lines:?}");
    assert!(lines[1]["error"].as_str().unwrap().contains("`Mars` is not an answer"), "{lines:?}");
}

#[test]
fn values_in_a_cell_are_split_by_the_longest_label() {
    let rulebook = support::builtin();
    let (_, apis) = rulebook.question("other_nhs_apis").unwrap();
    let label = |index: usize| apis.options[index].label.clone();
    assert!(label(0).contains(", ") && label(1).contains(", "), "labels hold commas");
    let both = serde_json::json!(["im1_pfs", "pds_fhir"]);
    for cell in [
        format!("{}, {}", label(0), label(1)),
        format!("{};{};", label(1), label(0)),
        format!("{}\n{}", label(0), label(1)),
        format!("{},pds_fhir", label(0).to_uppercase()),
        "im1_pfs; PDS FHIR".to_owned(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("r.json").display().to_string();
        let table = format!("product,other_nhs_apis\nA,\"{cell}\"\n");
        let (ran, _) = triage(table.as_bytes(), &["--report", &format!("sarif={report}.sarif")]);
        assert_eq!(ran.code, 5, "{cell}: {}", ran.err);
        let words =
            eligibility::intake::table::CellWords::new(&rulebook, &eligibility::intake::table::Mapping::default());
        let (_, question) = rulebook.question("other_nhs_apis").unwrap();
        let answer = words.read(question, &cell).unwrap().unwrap();
        assert_eq!(serde_json::json!(question.words(&answer).split("; ").collect::<Vec<_>>()), both, "{cell}");
    }
    let (ran, _) = triage(format!("product,other_nhs_apis\nA,\"{}, nonsense\"\n", label(0)).as_bytes(), &[]);
    assert!(ran.code == 2 && ran.err.contains("`nonsense` is not an answer"), "{}", ran.err);
    // The choice that is none of the others stands alone.
    let (ran, _) = triage(b"product,other_nhs_apis\nA,\"none;im1_pfs\"\n", &[]);
    assert!(ran.err.contains("A004"), "{}", ran.err);
}

#[test]
fn in_an_answers_file_only_the_id_not_sure_is_read_and_suggested() {
    let ran = run(&["check", "tests/findings/yaml/notsure.yaml"], "");
    assert_eq!(ran.code, 2);
    assert!(!ran.err.contains("not-sure"), "`not-sure` is read: {}", ran.err);
    assert_eq!(ran.err.matches("error[A002]").count(), 3, "{}", ran.err);
    assert_eq!(ran.err.matches("did you mean `not_sure`?").count(), 3, "{}", ran.err);
}

#[test]
fn an_ambiguous_cell_is_an_error_that_names_both_meanings() {
    let mut files = support::folder("tests/packs/market_stall");
    support::replace(&mut files, "questions.yaml", "label: Fruit}", "label: \"Bread, Cheese\"}");
    let rulebook = support::sound(&files);
    let words = eligibility::intake::table::CellWords::new(&rulebook, &eligibility::intake::table::Mapping::default());
    let (_, question) = rulebook.question("goods").unwrap();
    let refusals = words.read(question, "Eggs, bread, cheese").unwrap_err();
    assert!(refusals[0].message.contains("`bread, cheese`") && refusals[0].message.contains("`bread`"), "{refusals:?}");
    assert!(words.read(question, "Eggs; cheese, bread").is_ok());
}

#[test]
fn rules_with_ambiguous_words_are_refused() {
    for (from, to) in [
        ("prompt: On which day would it come?", "prompt: \"what does the  stall sell:\""),
        ("label: Vegetables}", "label: \"3. fruit *\"}"),
        ("label: Vegetables}", "label: flowers}"),
        ("label: Sunday}", "label: Don't know}"),
    ] {
        let mut files = support::folder("tests/packs/market_stall");
        support::replace(&mut files, "questions.yaml", from, to);
        let (_, problems) = eligibility::rulebook::read(&files);
        let found = support::listed(&problems);
        assert!(found.contains("R031: ") && found.contains("reads the same as another"), "{to}: {found}");
    }
}

#[test]
fn evidence_and_notes_come_with_an_answer_and_never_alone() {
    let folder = tempfile::tempdir().unwrap();
    let table = "product,commission,commission.evidence,commission.note\n\
                 A,nhs_or_local_authority,https://example.org/c,signed\nB,,,a note\n";
    fs::write(folder.path().join("t.csv"), table).unwrap();
    let path = folder.path().join("t.csv").display().to_string();
    let ran = run(&["triage", &path, "--warn", "A009", "--format", "jsonl"], "");
    assert!(!ran.err.contains(":2: warning[A009]: `commission`"), "{}", ran.err);
    assert!(ran.err.contains(":3: error[F012]: a note for `commission` without an answer"), "{}", ran.err);
}

#[test]
fn an_unnamed_column_is_reported_if_it_is_not_empty() {
    let (ran, lines) = triage(&fixture("csv/emptyhd2.csv"), &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("column 3 has no header"), "{}", ran.err);
    assert_eq!(lines[0]["product"], "A", "what cannot be read keeps its name");
    // Each way out that is named is one.
    for more in [["--ignore-column", "#3"], ["--keep", "#3"], ["--column", "product_overview=#3"]] {
        let (ran, lines) = triage(&fixture("csv/emptyhd2.csv"), &more);
        assert!(lines[0]["error"].is_null(), "{more:?} {}", ran.err);
    }
    let (_, lines) = triage(&fixture("csv/emptyhd2.csv"), &["--keep", "#3"]);
    assert_eq!(lines[0]["kept"]["#3"], "URGENT: patient safety issue");
}

#[test]
fn an_unknown_header_is_reported_once_with_advice_that_works() {
    let (ran, lines) = triage(&fixture("csv/nbsph.csv"), &[]);
    assert_eq!((ran.code, lines.len()), (2, 1), "{}", ran.err);
    assert_eq!(ran.err.matches("error[").count(), 1, "{}", ran.err);
    assert!(ran.err.contains("--column QUESTION=\"#2\""), "{}", ran.err);
    let (ran, lines) = triage(&fixture("csv/nbsph.csv"), &["--column", "stage=#2"]);
    assert!(lines[0]["error"].is_null(), "{}", ran.err);
    // Typed with a plain space it is the same header.
    let (ran, lines) = triage(&fixture("csv/nbsph.csv"), &["--column", "stage=is it LIVE"]);
    assert!(lines[0]["error"].is_null(), "{}", ran.err);
    let (ran, _) = triage(b"product,stage,stage\nA,live,live\n", &[]);
    assert!(ran.err.contains("columns 2 and 3 are both `stage`"), "{}", ran.err);
    let (ran, lines) = triage(b"product,stage,stage\nA,live,pilot\n", &["--ignore-column", "#3"]);
    assert!(lines[0]["error"].is_null() && ran.err.contains("Not used: column `stage`."), "{}", ran.err);
    // One that is near to a question is an error, whatever is left out.
    let (ran, _) = triage(b"product,stagee,Shoe size\nA,live,1\n", &["--ignore-other-columns"]);
    assert!(ran.code == 2 && ran.err.contains("did you mean `stage`?") && !ran.err.contains("Shoe"), "{}", ran.err);
    // However many columns are wrong, it is one fault of the file, and all of them are told.
    let many: Vec<String> = (0..60).map(|number| format!("column number {number}")).collect();
    let (ran, lines) = triage(format!("product,{}\nA\nB\n", many.join(",")).as_bytes(), &[]);
    assert_eq!((lines.len(), ran.err.lines().count()), (1, 60), "{}", ran.err);
    assert_eq!(ran.err.matches("--suggest-mapping").count(), 1, "where options would be much work: {}", ran.err);
}

#[test]
fn unused_columns_are_reported_and_kept_ones_are_in_every_output() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir(at("in")).unwrap();
    fs::write(
        at("in/a.csv"),
        "Ref,product,organisation,health_or_care_benefit,Colour\n=Q-1,A,O,maybe,red\nQ-2,B,P,no,blue\n",
    )
    .unwrap();
    fs::write(at("in/b.yml.txt"), "x").unwrap();
    let common = ["triage", &at("in"), "--keep", "Ref", "--ignore-other-columns"];
    let with = |more: &[&str]| run(&[&common, more].concat(), "");
    let ran = with(&["--format", "jsonl"]);
    assert!(ran.err.contains(&format!("Not used: `{}`, column `Colour`.", at("in/b.yml.txt"))), "{}", ran.err);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["product"], &lines[0]["organisation"]), (&"A".into(), &"O".into()));
    assert_eq!((&lines[0]["kept"]["Ref"], &lines[1]["kept"]["Ref"]), (&"=Q-1".into(), &"Q-2".into()));
    let csv = with(&["--format", "csv", "--fields", "product,organisation,outcome"]).out;
    assert_eq!(csv.lines().next(), Some("product,organisation,outcome,Ref,error"));
    assert!(csv.contains("\nA,O,error,'=Q-1,\"A002: ") && csv.ends_with("\nB,P,does_not_meet,Q-2,\n"), "{csv}");
    for format in ["text", "markdown"] {
        let out = with(&["--format", format, "--width", "200"]).out;
        assert!(out.contains("B (P); Q-2") || out.contains("B \\(P\\); Q-2"), "{out}");
    }
    // What is carried along may be for staff alone, and so may what their folders are called.
    with(&["--format", "jsonl", "--follow-up", &at("letters")]);
    let letter = fs::read_to_string(at("letters/b-p.md")).unwrap();
    assert!(!letter.contains("Q-2") && letter.ends_with("\n\nOur reference: a.csv:3\n"), "{letter}");
}

#[test]
fn no_letter_ascribes_answers_of_staff_to_applicants() {
    let folder = tempfile::tempdir().unwrap();
    let letters = folder.path().join("letters").display().to_string();
    let ran = run(&["triage", "examples", "--set", "commission=none", "--follow-up", &letters], "");
    assert!(ran.code == 2 && ran.err.contains("--follow-up does not go with --set"), "{}", ran.err);
    assert!(!Path::new(&letters).exists());
}

#[test]
fn contradictions_are_reported_wherever_staff_look() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let table = "product,commission,commission_evidence\nA,none,nhs_or_local_authority_contract\nB,none,none\n";
    fs::write(at("t.csv"), table).unwrap();
    let id = "no_contract_but_evidence";
    for more in [&[][..], &["--warn", "A009"]] {
        let triage = |args: &[&str]| {
            run(&[&["triage", &at("t.csv"), "--fields", "product,contradictions"], more, args].concat(), "")
        };
        let csv = triage(&["--format", "csv"]).out;
        assert_eq!(csv, format!("product,contradictions,error\nA,{id},\nB,,\n"), "{more:?}");
    }
    let ran =
        run(&["triage", &at("t.csv"), "--width", "160", "--follow-up", &at("letters"), "--output", &at("o.xlsx")], "");
    assert_eq!(ran.code, 5, "{}", ran.err);
    let says = support::builtin().contradictions.iter().find(|found| found.id == id).unwrap().says.to_string();
    let book = fs::read(at("o.xlsx")).unwrap();
    let sheet = eligibility::intake::table::workbook::read(&book, Some("To do")).unwrap();
    let mut cells = (0..).map_while(|row| sheet.row(row)).flat_map(|(_, cells)| cells);
    assert!(cells.any(|cell| cell == says));
    assert!(run(&["triage", &at("t.csv"), "--width", "160"], "").out.contains(&format!("Contradictory: {id}.")));
    let letter = fs::read_to_string(at("letters/a.md")).unwrap();
    assert!(letter.contains("## What cannot all be true\n\n- You answered “Nobody” to “Who has"), "{letter}");
    assert!(letter.contains(&says), "{letter}");
    assert!(!fs::read_to_string(at("letters/b.md")).unwrap().contains("cannot all be true"));
}

#[test]
fn choices_in_separate_columns_are_combined() {
    let table = b"product,scopes,,,data_location\nA,profile,,email,uk_only\nB,,,email,\nC,profile; email,,email,\n";
    let fields = ["--fields", "product"];
    // Nobody says what the columns without a header are.
    for more in [&[][..], &["--ignore-other-columns"]] {
        let (ran, lines) = triage(table, &[&fields, more].concat());
        assert!(ran.code == 2 && lines.iter().all(|line| !line["error"].is_null()), "{more:?}: {}", ran.out);
        assert!(ran.err.contains("--column scopes=\"#2\" --column scopes=\"#4\""), "{more:?}: {}", ran.err);
    }
    let columns = ["--column", "scopes=#2", "--column", "scopes=#4"];
    let (ran, lines) = triage(table, &[&fields[..], &columns].concat());
    assert!(lines.len() == 3 && lines.iter().all(|line| line["error"].is_null()), "{}", ran.err);
    // What cannot stand together is told, and of other questions there is one column.
    let two = b"product,other_nhs_apis,,stage,\nA,none,im1_pfs,live,live\n";
    let (ran, _) =
        triage(two, &["--column", "other_nhs_apis=#2", "--column", "other_nhs_apis=#3", "--ignore-column", "#5"]);
    assert!(ran.err.contains("column 3: `im1_pfs` cannot be combined with `none`"), "{}", ran.err);
    let (ran, _) = triage(two, &["--column", "stage=#4", "--column", "stage=#5", "--ignore-column", "#3"]);
    assert!(ran.code == 2 && ran.err.contains("columns 4 and 5 are both `stage`"), "{}", ran.err);
}

#[test]
fn rows_can_be_skipped_by_their_numbers() {
    let table = "Our survey,,\n\nproduct,stage,\"two\nlines\"\n{\"ImportId\":\"x\"},,\nA,live,x\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.yaml").display().to_string();
    fs::write(&path, "header_row: 3\nskip_rows: [4]\nignore: ['two lines']\n").unwrap();
    let (ran, lines) = triage(table.as_bytes(), &["--mapping", &path]);
    assert_eq!((lines.len(), &lines[0]["product"]), (1, &"A".into()), "{}", ran.err);
    fs::write(&path, "header_row: 2\n").unwrap();
    let (ran, _) = triage(table.as_bytes(), &["--mapping", &path]);
    assert!(ran.code == 2 && ran.err.contains("row 2 has nothing in it"), "{}", ran.err);
}

#[test]
fn every_mistake_in_a_mapping_is_reported_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.yaml").display().to_string();
    let text = "columns: {A: stagee, B: [x], C: commission.evidence}\nvalues:\n  stage: {On: livee, Off: }\n  nope: {a: b}\n\
                separator: x\nencoding: latin\nkeeep: [A]\n";
    fs::write(&path, text).unwrap();
    let (ran, _) = triage(b"product\nA\n", &["--mapping", &path]);
    assert_eq!(ran.code, 2);
    for told in [
        "unknown question `stagee`",
        "the meaning of `B` is missing",
        "`livee` is not an answer to `stage`",
        "unknown question `nope`",
        "`x` is not known here",
        "`latin` is not known here",
        "keeep",
    ] {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
    // Every key that the schema knows is one that is read.
    let schema: Value = serde_json::from_str(&run(&["schema", "mapping"], "").out).unwrap();
    let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert!(keys.len() > 5);
    for key in keys {
        fs::write(&path, format!("{key}: 1\n")).unwrap();
        let (ran, _) = triage(b"product\nA\n", &["--mapping", &path]);
        assert!(!ran.err.contains("unknown key"), "{key}: {}", ran.err);
    }
}

#[test]
fn a_mapping_gives_cells_a_meaning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.yaml").display().to_string();
    fs::write(
        &path,
        "columns: {Name: product, 'State?': stage, APIs: other_nhs_apis}\nignore_others: true\nkeep: [Ref]\n\
         values:\n  stage: {Up and running: live, n/a: , perhaps: not_sure}\n  other_nhs_apis: {'the lot, really': [im1_pfs, pds_fhir]}\n",
    )
    .unwrap();
    let table =
        "Ref,Name,State,APIs,Shoe size\n1,A,up and  RUNNING,\"The lot, really\",9\n2,B,N/A,,9\n3,C,Perhaps,other,9\n";
    let (ran, lines) = triage(table.as_bytes(), &["--mapping", &path, "--fields", "product,outcome,missing"]);
    assert!(ran.code == 5 && lines.iter().all(|line| line["error"].is_null()), "{}", ran.err);
    let missing = |line: &Value| line["missing"].as_array().unwrap().contains(&"stage".into());
    assert_eq!(lines.iter().map(missing).collect::<Vec<_>>(), [false, true, false], "{}", ran.out);
}

#[test]
fn each_table_is_read_by_the_mapping_that_fits_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir(at("in")).unwrap();
    for (name, text) in [
        ("in/1.csv", "What is it called?,How far is it?,Ref\nA,Up and running,7\n"),
        ("in/2.csv", "Sent by Form B\nTitle;Stage now;Cost;REF\nB;in the works;free;secret\n"),
        ("in/3.jsonl", "{\"product\":\"C\",\"answers\":{\"stage\":\"live\"}}\n"),
        (
            "a.yaml",
            "columns: {What is it called?: product, How far is it?: stage}\nvalues: {stage: {up and running: live}}\nkeep: [Ref]\n",
        ),
        (
            "b.yaml",
            "columns: {Title: product, Stage now: stage}\nvalues: {stage: {in the works: in_development}}\nkeep: [Cost]\nignore: [Ref]\nheader_row: 2\nseparator: ;\n",
        ),
    ] {
        fs::write(at(name), text).unwrap();
    }
    let triage = |mappings: &[&str], more: &[&str]| {
        let (input, mappings) = (at("in"), mappings.iter().flat_map(|name| ["--mapping".to_owned(), at(name)]));
        let args =
            ["triage".to_owned(), input].into_iter().chain(mappings).chain(more.iter().map(|&arg| arg.to_owned()));
        run(&args.collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>(), "")
    };
    let as_lines = ["--format", "jsonl", "--no-summary", "--fields", "product,missing"];
    let of = |ran: &Ran| ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    let ran = triage(&["a.yaml", "b.yaml"], &as_lines);
    let lines = of(&ran);
    let missing = |line: &Value| line["missing"].as_array().is_some_and(|missing| missing.contains(&"stage".into()));
    assert_eq!(lines.iter().map(|line| line["product"].as_str().unwrap()).collect::<String>(), "ABC", "{}", ran.err);
    assert!(lines.iter().all(|line| line["error"].is_null() && !missing(line)), "{}", ran.out);
    // Every product has the columns to keep of every form, and nothing in those that its own form does not keep.
    assert_eq!(lines[0]["kept"], serde_json::json!({"Ref": "7", "Cost": ""}));
    assert_eq!(lines[1]["kept"], serde_json::json!({"Ref": "", "Cost": "free"}));
    let read = |mapping: &str, file: &str| format!("Read with `{}`: `{}`.\n", at(mapping), at(file));
    let expected = [&read("a.yaml", "in/1.csv"), &read("b.yaml", "in/2.csv"), "Not used: column `REF`.\n"].concat();
    assert_eq!(ran.err, expected, "a column to keep of another form is neither missed nor kept");
    let ran = triage(&["a.yaml", "b.yaml"], &[&as_lines[..], &["--ignore-column", "ref"]].concat());
    assert_eq!(of(&ran)[0]["kept"], serde_json::json!({"Cost": ""}), "the command line wins: {}", ran.err);
    // One form more than mappings: the nearest mapping is named with what it lacks, and no product is passed over.
    let ran = triage(&["a.yaml"], &as_lines);
    assert!(
        ran.code == 2 && ran.err.contains("in/2.csv:1: error[F012]: there is no column `What is it called?`"),
        "{}",
        ran.err
    );
    fs::write(at("in/4.csv"), "What is it called?,How far is it now?,Ref\nD,Up and running,7\n").unwrap();
    let ran = triage(&["b.yaml", "a.yaml"], &as_lines);
    let expected = format!("no mapping fits this table; `{}` fits best", at("a.yaml"));
    assert!(ran.code == 2 && ran.err.contains(&expected), "{}", ran.err);
    assert!(
        ran.err.contains("there is no column `How far is it?` for `stage` (did you mean `How far is it now?`?)"),
        "{}",
        ran.err
    );
    assert_eq!(of(&ran).len(), 4, "{}", ran.out);
    // What nothing comes near is not likened to the form that has the fewest columns.
    fs::write(at("in/4.csv"), "Shoe size\n9\n").unwrap();
    let ran = triage(&["b.yaml", "a.yaml"], &as_lines);
    assert!(ran.code == 2 && ran.err.contains("no mapping fits this table or comes near (if"), "{}", ran.err);
    fs::remove_file(at("in/4.csv")).unwrap();
    // A table that two mappings fit is not read by the first of them.
    fs::write(at("c.yaml"), "columns: {What is it called?: product}\nignore_others: true\n").unwrap();
    let ran = triage(&["a.yaml", "c.yaml", "b.yaml"], &as_lines);
    let expected = format!("both `{}` and `{}` fit this table", at("a.yaml"), at("c.yaml"));
    assert!(ran.code == 2 && ran.err.contains(&expected), "{}", ran.err);
    for (more, told) in [
        (["--suggest-mapping"], "--suggest-mapping takes one --mapping"),
        (["-"], "standard input is read once, so it takes one --mapping"),
    ] {
        let ran = triage(&["a.yaml", "b.yaml"], &more);
        assert!(ran.code == 2 && ran.err.contains(told), "{}", ran.err);
    }
}

#[test]
fn a_typed_column_is_needed_in_one_of_several_tables() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    for (name, text) in [
        ("a.csv", "product,Is it out?\nA,live\n"),
        ("b.csv", "product,stage\nB,live\n"),
        ("form.yaml", "columns: {Title: product, Phase: stage}\n"),
    ] {
        fs::write(at(name), text).unwrap();
    }
    let triage = |second: &str, more: &[&str]| {
        run(
            &[&["triage", &at("a.csv"), &at(second), "--format", "csv", "--fields", "product,missing"], more].concat(),
            "",
        )
    };
    let ran = triage("b.csv", &["--column", "stage=Is it out?"]);
    assert!(ran.code == 5 && !ran.out.contains("stage"), "{} {}", ran.out, ran.err);
    let expected = format!("note: there is no column `Is it out?` for `stage` in `{}`\n", at("b.csv"));
    assert!(ran.err.starts_with(&expected), "{}", ran.err);
    // One that no table has is an error, and so is an unknown column that is not covered.
    let ran = triage("b.csv", &["--column", "stage=Is it out?", "--column", "sponsor=Sponsored by"]);
    let expected = "error: no table has a column `Sponsored by` for `sponsor`";
    assert!(ran.code == 2 && ran.err.contains(expected), "{}", ran.err);
    let ran = triage("b.csv", &["--column", "sponsor=Is it on?"]);
    assert!(ran.code == 2 && ran.err.contains("unknown column `Is it out?`"), "{}", ran.err);
    // What a mapping says holds in the tables without the typed column.
    fs::write(at("c.csv"), "Title,Phase\nC,live\n").unwrap();
    let ran = triage(
        "c.csv",
        &["--mapping", &at("form.yaml"), "--column", "product=product", "--column", "stage=Is it out?"],
    );
    assert!(ran.code == 5 && !ran.out.contains("stage") && ran.out.contains("\nC,"), "{} {}", ran.out, ran.err);
}

#[test]
fn sheets_of_one_workbook_are_read_as_forms_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, cells) in [("Old", ["Title", "A"]), ("New", ["What is it called?", "B"]), ("Help", ["Read me", ""])] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_column(0, 0, cells).unwrap();
    }
    book.save(at("in.xlsx")).unwrap();
    fs::write(at("old.yaml"), "columns: {Title: product}\nsheet: Old\n").unwrap();
    fs::write(at("new.yaml"), "columns: {What is it called?: product}\nsheet: New\n").unwrap();
    fs::write(at("other.yaml"), "columns: {Name: product}\nsheet: Help\n").unwrap();
    let mappings = ["new.yaml", "other.yaml", "old.yaml"].map(|name| ["--mapping".to_owned(), at(name)]).concat();
    let mut args = vec!["triage".to_owned(), at("in.xlsx"), "--format=csv".to_owned(), "--fields=source".to_owned()];
    args.extend(mappings.into_iter().chain(["--no-summary".to_owned()]));
    let ran = run(&args.iter().map(String::as_str).collect::<Vec<_>>(), "");
    let book = at("in.xlsx");
    assert_eq!(ran.out, format!("source,error\n{book}:New:2,\n{book}:Old:2,\n"), "{}", ran.err);
    let read = |mapping: &str, tables: &str| format!("Read with `{}`: {tables}.\n", at(mapping));
    let expected = [
        read("new.yaml", &format!("`{book}:New`")),
        read("other.yaml", "no table"),
        read("old.yaml", &format!("`{book}:Old`")),
        format!("Not used: sheet `Help` of `{book}`.\n"),
    ];
    assert_eq!(ran.err, expected.concat());
}

#[test]
fn json_is_not_read_as_yaml_and_an_array_of_products_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("arr.json"), fixture("yaml/arr.json")).unwrap();
    let ran = run(&["triage", &at("arr.json"), "--format", "jsonl"], "");
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["product"], "A");
    assert!(lines[1]["error"].as_str().unwrap().contains("`Yes ` is not an answer"), "{}", ran.out);
    // An array is told by its bytes, whatever the file is called; where one product is taken, it is said who takes many.
    let array = String::from_utf8(fixture("yaml/arr.json")).unwrap();
    fs::write(at("arr.yaml"), &array).unwrap();
    assert_eq!(run(&["triage", &at("arr.yaml"), "--format", "jsonl"], "").out, ran.out.replace("arr.json", "arr.yaml"));
    for (path, typed) in [(at("arr.json"), ""), (at("arr.yaml"), ""), ("-".to_owned(), " --input-format json")] {
        let ran = run(&["check", &path], &array);
        let hint = format!("use `triage {path}{typed}`");
        assert!(ran.code == 2 && ran.err.contains("an array") && ran.err.contains(&hint), "{}", ran.err);
        assert_eq!(run(&["triage", &path, "--input-format", "json", "--format", "csv"], &array).out.lines().count(), 3);
    }
    // A list in YAML is neither.
    fs::write(at("list.yaml"), "[product: A]\n").unwrap();
    assert!(run(&["triage", &at("list.yaml")], "").err.contains("there is a list here, but a mapping is needed"));
    for (text, told) in [
        ("{\"product\":\"A\",\"answers\":{}} # no", "no comments"),
        ("{\"product\":\"A\",\"answers\":{},}", "delete the comma before it"),
        ("{\"product\":\"A\",\"answers\":{}", "something is not closed"),
        ("{\"product\":\"A\",\"answers\":{}}}", "delete what follows the last bracket"),
        ("{\"product\":\"A\" \"answers\":{}}", "write a comma in front of it"),
        ("{product: A, answers: {}}", "put keys and texts in quotation marks"),
        ("product: A\nanswers: {}\n", "if it holds YAML, name it"),
        ("{\"product\":\"A\",\"answers\":{}}\n{\"product\":\"B\",\"answers\":{}}", "`.jsonl`"),
        ("[{\"product\":\"A\",\"answers\":{}}", "this is not JSON"),
        ("[]", "no products"),
    ] {
        fs::write(at("x.json"), text).unwrap();
        let ran = run(&["triage", &at("x.json"), "--format", "jsonl"], "");
        assert!(ran.code == 2 && ran.err.contains(told), "{text}: {}", ran.err);
        if !text.starts_with('[') {
            assert_eq!(run(&["check", &at("x.json")], "").code, 2, "{text}");
        }
    }
    for name in ["x.json", "x.jsonl"] {
        fs::write(at(name), "{\"product\":\"a\u{7f}b\",\"answers\":{}}").unwrap();
        let ran = run(&["triage", &at(name), "--format", "jsonl"], "");
        assert_eq!(ran.code, 5, "{name}: {}", ran.err);
    }
    let many = r#"[{"product":"A","answers":{"stage":"live"}},
        {"product":"B","answers":{"health_or_care_benefit":"no"}}]"#;
    for shape in ["json", "jsonl", "csv"] {
        let ran =
            run(&["triage", "-", "--input-format", shape, "--format", "jsonl", "--fields", "source,product"], many);
        assert!(
            ran.out.ends_with("{\"source\":\"standard input:2\",\"product\":\"B\"}\n"),
            "{shape}: {} {}",
            ran.out,
            ran.err
        );
    }
}

#[test]
fn kinds_of_files_are_recognised_by_their_bytes_and_named() {
    let zip = fixture("workbooks/forms.xlsx");
    for (bytes, told) in [
        (b"<!doctype html><table>".to_vec(), "a web page (HTML)"),
        (b"%PDF-1.7 x".to_vec(), "a PDF"),
        (b"\x1f\x8b\x08".to_vec(), "gzip"),
        (b"a\0b\0\0\0c".to_vec(), "neither text"),
        (fixture("workbooks/locked.xlsx"), "protected by a password"),
        (fixture("workbooks/fat.ods"), "OpenDocument"),
        (fixture("workbooks/mid.ods"), "OpenDocument"),
        (fixture("workbooks/locked.ods"), "OpenDocument"),
        (zip[..zip.len() / 2].to_vec(), "broken"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for name in ["x.csv", "x.xlsx", "x.jsonl", "x.yaml", "x.json"] {
            let path = folder.path().join(name).display().to_string();
            fs::write(&path, &bytes).unwrap();
            let ran = run(&["triage", &path, "--format", "jsonl"], "");
            let whole = name.ends_with("yaml") || name.ends_with("json");
            let told = if bytes.starts_with(b"PK") && whole { "a workbook" } else { told };
            assert!(ran.code == 2 && ran.err.contains(told), "{name} {told}: {}", ran.err);
            assert_eq!(ran.err.lines().filter(|line| line.contains("error[")).count(), 1, "{}", ran.err);
            if whole {
                let ran = run(&["check", &path], "");
                assert!(
                    ran.code == 2 && ran.err.contains(told) && ran.err.ends_with(&format!("1 problem in {path}\n")),
                    "{}",
                    ran.err
                );
            }
        }
    }
}

#[test]
fn products_can_be_filtered_and_grouped_by_their_results() {
    let table = "product,deployment_area,im1_status,scopes,dcb3051_read\nA,england,not_live,gp_integration_credentials,yes\n\
                 B,england,live_direct,gp_integration_credentials,no\n";
    let (ran, lines) = triage(table.as_bytes(), &["--only-finding", "im1_not_live", "--fields", "product,findings"]);
    assert_eq!(lines, [serde_json::json!({"product": "A", "findings": ["im1_not_live"]})], "{} {}", ran.out, ran.err);
    let (ran, _) = triage(table.as_bytes(), &["--only-finding", "im1_not_liv"]);
    assert!(ran.code == 2 && ran.err.contains("did you mean `im1_not_live`?"), "{}", ran.err);
    for by in ["finding", "topic", "obligation"] {
        let (ran, lines) = triage(table.as_bytes(), &["--group-by", by, "--fields", "product,topics,obligations"]);
        assert!(lines.iter().all(|line| line["group"].is_string()), "{by}: {}", ran.out);
        assert!(lines.iter().any(|line| line["product"] == "A") && lines.iter().any(|line| line["product"] == "B"));
    }
}

#[path = "support/exports.rs"]
mod exports;

/// Suggests a mapping, changes it, and runs triage with it.
fn run_with_suggested_mapping(path: &Path, rules: &[&str], change: &dyn Fn(String) -> String) -> (Ran, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let (path, mapping) = (path.display().to_string(), folder.path().join("m.yaml").display().to_string());
    let suggested = run(&[&["triage", &path, "--suggest-mapping"], rules].concat(), "");
    assert_eq!(suggested.code, 0, "{}", suggested.err);
    fs::write(&mapping, change(suggested.out)).unwrap();
    let ran = run(&[&["triage", &path, "--mapping", &mapping, "--format", "jsonl"], rules].concat(), "");
    let lines = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (ran, lines)
}

#[test]
fn exported_forms_give_the_results_of_check_with_the_suggested_mapping() {
    let packs: [(Rulebook, &[&str]); 2] = [
        (support::builtin(), &[]),
        (support::sound(&support::folder("tests/packs/market_stall")), &["--rules", "tests/packs/market_stall"]),
    ];
    for (rulebook, rules) in &packs {
        let products = exports::products(rulebook, 12);
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in exports::all(rulebook, &products) {
            let path = folder.path().join(&name);
            fs::write(&path, bytes).unwrap();
            let (ran, lines) = run_with_suggested_mapping(&path, rules, &|mapping| mapping);
            assert_eq!(lines.len(), products.len(), "{name}: {}", ran.err);
            for (line, product) in lines.iter().zip(&products) {
                let outcome = eligibility::assess::assess(rulebook, &product.answers).outcome.id();
                assert_eq!(
                    (line["product"].as_str(), line["outcome"].as_str()),
                    (Some(product.name.as_str()), Some(outcome)),
                    "{name}: {line}\n{}",
                    ran.err
                );
            }
        }
    }
}

#[test]
fn a_suggested_mapping_keeps_what_the_user_gave() {
    let folder = tempfile::tempdir().unwrap();
    let (table, mapping) = (folder.path().join("a.csv"), folder.path().join("m.yaml"));
    // Without the mapping the third column is nothing, the fourth a guess and the fifth a question.
    fs::write(&table, "product,stage,,Which sponsor?,commission,Time\nA,live,a letter,none,none,now\n").unwrap();
    let given = "columns:\n  \"#3\": stage.evidence\n  Team: organisation\nvalues:\n  \
                 patient_facing:\n    Alle: patients\nkeep: [which SPONSOR]\nignore: [commission, \"#6\"]\n";
    fs::write(&mapping, given).unwrap();
    let suggested = |mapping: &Path| {
        let (table, mapping) = (table.display().to_string(), mapping.display().to_string());
        run(&["triage", &table, "--mapping", &mapping, "--suggest-mapping"], "").out
    };
    let first = suggested(&mapping);
    for line in [
        "  \"#3\": stage.evidence\n",
        "  # There is no such column: \"Team\": organisation\n",
        "    \"Alle\": patients\n",
        "keep:\n  - \"which SPONSOR\"\nignore:\n  - \"commission\"\n  - \"#6\" # \"Time\"\n",
    ] {
        assert!(first.contains(line), "{line}\n{first}");
    }
    fs::write(&mapping, &first).unwrap();
    assert_eq!(suggested(&mapping), first.replace("  # There is no such column: \"Team\": organisation\n", ""));
    fs::write(&mapping, "ignore_others: true\n").unwrap();
    let others = suggested(&mapping);
    assert!(others.contains("\nignore_others: true\n") && !others.contains("keep:"), "{others}");
}

#[test]
fn guesses_respect_negations_and_one_shared_word_is_not_enough_for_a_text() {
    let table = "product,Is it live?,When live?,patient_facing,patient_charges,commission,im1_status,scopes\n\
                 A,Up and running,2027,Not patients,Not free,No NHS organisation or a council,Started,NHS number\n\
                 B,Up and running,,No patiants,,No contract yet with an NHS organisation,,No email\n";
    let ran = run(&["triage", "-", "--input-format", "csv", "--suggest-mapping"], table);
    assert!(ran.out.contains("    \"NHS number\": profile # a guess\n"), "{}", ran.out);
    assert_eq!(ran.out.matches("# a guess").count(), 1, "{}", ran.out);
    for cell in ["Not patients", "No patiants", "Not free", "Started", "No email"] {
        assert!(ran.out.contains(&format!("    # \"{cell}\":\n")), "{cell}\n{}", ran.out);
    }
    for header in ["Is it for people NOT registered with a GP surgery in England?", "Who pays for your product?"] {
        let table = format!("product,{header}\nA,No\nB,Nothing\n");
        let ran = run(&["triage", "-", "--input-format", "csv", "--suggest-mapping"], &table);
        assert!(ran.out.contains(&format!("keep:\n  - \"{header}\"\n")), "{}", ran.out);
    }
}

#[test]
fn a_comma_separates_values_on_the_command_line_as_in_a_cell() {
    for set in ["scopes=email,phone", "scopes=email; phone"] {
        let ran = run(&["check", "examples/live_and_commissioned.yaml", "--set", set, "--format", "json"], "");
        let report: Value = serde_json::from_str(&ran.out).expect("a report");
        let answers = report["answers"].as_array().expect("a list");
        let scopes = answers.iter().find(|answer| answer["question"] == "scopes").expect("an answer");
        assert_eq!(scopes["answer"], serde_json::json!(["email", "phone"]), "{scopes}");
    }
}

#[test]
fn an_answer_with_a_question_mark_is_not_one() {
    let (ran, _) = triage(b"product,stage,gp_registered_patients,sponsor\nA,Live?,Yes?,Not sure?\n", &[]);
    assert!(ran.code == 2 && ran.err.contains("`Live?` is not") && ran.err.contains("`Yes?` is not"), "{}", ran.err);
    assert!(!ran.err.contains("Not sure?"), "{}", ran.err);
}

#[test]
fn a_suggested_mapping_can_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    for table in ["product,stage,Stage?\nP,live,pilot\n", "product,stage,stage\nP,live,pilot\n", "product,#1\nP,x\n"] {
        fs::write(&path, table).unwrap();
        let (ran, lines) = run_with_suggested_mapping(&path, &[], &|mapping| mapping);
        assert_eq!(lines.len(), 1, "{table}{}", ran.err);
        assert!(lines[0]["error"].is_null() && lines[0]["kept"].is_object(), "{table}{}{}", ran.out, ran.err);
    }
}

#[test]
fn conflicting_options_for_a_column_are_resolved_or_reported() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mapping) = (folder.path().join("t.csv"), folder.path().join("m.yaml"));
    let (path, mapping) = (path.display().to_string(), mapping.display().to_string());
    let with = |text: &str, args: &[&str]| {
        fs::write(&mapping, text).unwrap();
        run(&[&["triage", &path, "--mapping", &mapping, "--format", "jsonl"], args].concat(), "")
    };
    fs::write(&path, "product,Facts,,Notes,Notes\nP,email,IMPORTANT,n,m\n").unwrap();
    // The command line comes before the file.
    let ran = with("columns: {Facts: scopes}\nignore_others: true\n", &["--ignore-column", "facts"]);
    assert!(ran.err.contains("Not used: column `Facts`, column `#3`, column `Notes`"), "{}", ran.err);
    let ran = with("columns: {Facts: scopes}\nignore: [\"#2\"]\nignore_others: true\n", &[]);
    assert!(ran.code == 2 && ran.err.contains("`#2` is both left out and read as `scopes`"), "{}", ran.err);
    // What to do can be done.
    let ran = with("columns: {Facts: scopes}\n", &["--ignore-column", "#3"]);
    assert!(ran.err.contains("--keep \"#4\"") && ran.err.contains("--keep \"#5\""), "{}", ran.err);
    fs::write(&path, "product,stage,Is it live?\nP,live,yes\n").unwrap();
    let ran = with("columns: {\"Is it live?\": stage}\n", &[]);
    assert!(ran.err.contains("--ignore-column \"#2\""), "{}", ran.err);
    let ran = with("columns: {\"Is it live?\": stage}\n", &["--ignore-column", "#2"]);
    assert!(!ran.err.contains("F006"), "{}", ran.err);
    let ran = with("values: {stage: {\"Up and running\": live, \"up and  running\": pilot}}\n", &[]);
    assert!(ran.code == 2 && ran.err.contains("reads the same as `Up and running`"), "{}", ran.err);
}

#[test]
fn forms_for_older_rules_need_few_changes_by_hand() {
    for name in ["ms_forms", "google_forms", "google_sheets"] {
        let path = crate_path(&format!("tests/findings/forms/{name}.csv"));
        let changes = [
            // What is not known, and what became a choice.
            ("    # \"No IM1 connection, and none started\":", "    \"No IM1 connection, and none started\": none"),
            (
                "    # \"To prove who patients are, and sign them in each time\":",
                "    \"To prove who patients are, and sign them in each time\": repeat_sign_in",
            ),
            // What denies something is not guessed, nor what has a word that is not accounted for.
            (
                "    # \"In development, not yet used by patients\":",
                "    \"In development, not yet used by patients\": in_development",
            ),
            ("    # \"Mobile number\":", "    \"Mobile number\": phone"),
            (
                "    # \"Once, to get GP credentials, then our own login\":",
                "    \"Once, to get GP credentials, then our own login\": one_off_gp_credentials",
            ),
            ("    # \"Live, patients use it now\":", "    \"Live, patients use it now\": live"),
            (
                "    # \"IM1 PFS, patients' access to their GP system\":",
                "    \"IM1 PFS, patients' access to their GP system\": im1_pfs",
            ),
            (
                "    # \"PDS FHIR, patients' details held by the NHS\":",
                "    \"PDS FHIR, patients' details held by the NHS\": pds_fhir",
            ),
            (
                "    # \"Low, a working email address and mobile number\":",
                "    \"Low, a working email address and mobile number\": low",
            ),
            (
                "    # \"With another social care organisation\":",
                "    \"With another social care organisation\": social_care_contract",
            ),
            ("columns:\n", "columns:\n  Do patients use your product themselves?: patient_facing\n"),
            ("values:\n", "values:\n  patient_facing: {Yes: patients, No: staff_only}\n"),
            ("  - \"Do patients use your product themselves?\"\n", ""),
        ];
        let (ran, lines) = run_with_suggested_mapping(&path, &[], &|mapping| {
            changes.iter().fold(mapping, |mapping, (from, to)| {
                assert!(mapping.contains(from), "{from}\n{mapping}");
                mapping.replacen(from, to, 1)
            })
        });
        assert_eq!(lines.len(), 5, "{}", ran.err);
        assert!(lines.iter().all(|line| line["error"].is_null()), "{name}: {}", ran.err);
        assert_eq!(lines[2]["outcome"], "does_not_meet");
    }
}

#[test]
fn a_folder_of_enquiries_is_read_as_staff_leave_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("form.csv"), "Name,stage,Ref\nA,live,1\n").unwrap();
    fs::write(at("form.yaml"), "columns: {Name: product}\nkeep: [Ref]\n").unwrap();
    fs::write(at("~$form.xlsx"), "\u{5}A. Person").unwrap();
    fs::write(at("letter.pdf"), "%PDF-1.7").unwrap();
    fs::write(at("a.txt"), "").unwrap();
    let triage = || run(&["triage", &at(""), "--mapping", &at("form.yaml"), "--format", "csv", "--no-summary"], "");
    let ran = triage();
    assert_eq!((ran.code, ran.out.lines().count()), (5, 2), "{}", ran.err);
    // What may be an enquiry comes first.
    let first = format!("Not used: `{}`, ", Path::new(&at("letter.pdf")).display());
    assert!(ran.err.starts_with(&first) && ran.err.contains("a.txt`"), "{}", ran.err);
    assert!(ran.err.contains("~$form.xlsx`") && ran.err.lines().count() == 1, "{}", ran.err);
    // What does not belong there says what it is.
    fs::write(at("old.yaml"), "columns: {Name: product}\n").unwrap();
    run(&["triage", &at("form.csv"), "--mapping", &at("form.yaml"), "--output", &at("result.xlsx")], "");
    fs::write(at("result.csv"), ran.out).unwrap();
    // A result in JSON is one problem, however many lines it has and whichever fields they tell.
    for (format, more) in
        [("jsonl", &["--fields", "product,outcome"][..]), ("json", &[]), ("json", &["--group-by", "outcome"])]
    {
        let name = at(&format!("result{}.{format}", more.len()));
        let ran =
            run(&[&["triage", "examples", "--no-summary", "--format", format, "--output", &name], more].concat(), "");
        assert!(ran.code == 4, "{}", ran.err);
        let ran = run(&["triage", &name, "--no-summary", "--format", "jsonl"], "");
        assert_eq!((ran.code, ran.out.lines().count(), ran.err.lines().count()), (2, 1, 1), "{}", ran.err);
        assert!(ran.err.contains("this is a result of `check` or `triage`"), "{}", ran.err);
        fs::remove_file(name).unwrap();
    }
    // What somebody else calls so is no result of ours.
    fs::write(at("other.jsonl"), "{\"product\": \"A\", \"outcome\": \"won\", \"error\": 1}\n").unwrap();
    let ran = run(&["triage", &at("other.jsonl"), "--no-summary"], "");
    assert!(ran.err.contains("unknown key `outcome`") && !ran.err.contains("a result"), "{}", ran.err);
    fs::remove_file(at("other.jsonl")).unwrap();
    fs::write(at("report.json"), run(&["check", "examples/no_sponsor.yaml", "--format", "json"], "").out).unwrap();
    assert_eq!(run(&["check", &at("report.json")], "").err.matches("error[F007]").count(), 1);
    let ran = triage();
    assert!(ran.code == 2 && ran.err.contains("this is a mapping file"), "{}", ran.err);
    assert_eq!(ran.err.matches("this is a result of `check` or `triage`").count(), 3, "{}", ran.err);
}

#[test]
fn a_missing_column_to_keep_or_ignore_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("a.csv"), "product,Ref\nA,7\n").unwrap();
    fs::write(at("b.csv"), "product\nB\n").unwrap();
    let triage = |path: &str, more: &[&str]| run(&[&["triage", &at(path), "--format", "csv"], more].concat(), "");
    let ran = triage("", &["--keep", "Ref"]);
    assert!(ran.code == 5 && ran.out.contains(",7,") && ran.out.contains(",B,"), "{} {}", ran.out, ran.err);
    assert!(
        ran.err.contains("note: there is no column `Ref` to keep in `") && ran.err.contains("b.csv`"),
        "{}",
        ran.err
    );
    let ran = triage("", &["--keep", "Reff", "--ignore-column", "Ref"]);
    assert!(ran.code == 2 && ran.err.contains("no table has a column `Reff` to keep"), "{}", ran.err);
    assert!(ran.err.contains("did you mean `Ref`?") && !ran.err.contains("leave out"), "{}", ran.err);
    let ran = triage("b.csv", &["--ignore-column", "Ref"]);
    assert!(ran.code == 5 && ran.err.contains("no table has a column `Ref` to leave out"), "{}", ran.err);
    // In a workbook what is kept keeps its lines.
    fs::write(at("c.csv"), "product,Ref\nC,\"7\n8\"\n").unwrap();
    run(&["triage", &at("c.csv"), "--keep", "Ref", "--output", &at("o.xlsx")], "");
    let book = fs::read(at("o.xlsx")).unwrap();
    let sheet = eligibility::intake::table::workbook::read(&book, Some("Products")).unwrap();
    assert!(sheet.row(1).unwrap().1.any(|cell| cell == "7\n8"));
    let ran = triage("a.csv", &["--keep", "Reff"]);
    assert!(ran.code == 2 && ran.err.contains("there is no column `Reff` to keep"), "{}", ran.err);
}

#[test]
fn a_suggested_mapping_is_written_to_the_output_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("form.csv"), "Product name,stage\nA,live\n").unwrap();
    let suggest = ["triage", &at("form.csv"), "--suggest-mapping"];
    let ran = run(&[&suggest[..], &["--output", &at("m.yaml")]].concat(), "");
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    assert_eq!(run(&["triage", &at("form.csv"), "--mapping", &at("m.yaml")], "").code, 5);
    // What is there may have been changed by hand.
    let edited = fs::read_to_string(at("m.yaml")).unwrap() + "# mine\n";
    fs::write(at("m.yaml"), &edited).unwrap();
    let ran = run(&[&suggest[..], &["--output", &at("m.yaml")]].concat(), "");
    assert!(ran.code == 2 && ran.err.contains("already exists") && ran.err.contains("--mapping "), "{}", ran.err);
    assert_eq!(fs::read_to_string(at("m.yaml")).unwrap(), edited);
    // Nothing is assessed, so an option that says how is refused.
    for option in [
        &["--report", "csv=r.csv"][..],
        &["--follow-up", "letters"],
        &["--gate", "go-live"],
        &["--sort", "product"],
        &["--set", "stage=live"],
        &["--deny", "A007"],
        &["--no-summary"],
        &["--threads", "2"],
    ] {
        let ran = run(&[&suggest[..], option].concat(), "");
        assert!(ran.code == 2 && ran.err.contains("'--suggest-mapping' cannot be used with"), "{}", ran.err);
    }
    let ran = run(&[&suggest[..], &["--follow-links", "--separator", ",", "--ignore-other-columns"]].concat(), "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    fs::write(at("m.yaml"), "header_row: 99\n").unwrap();
    let ran = run(&["triage", &at("form.csv"), "--mapping", &at("m.yaml")], "");
    assert!(ran.code == 2 && ran.err.contains("there is no row 99") && ran.err.contains("`header_row`"), "{}", ran.err);
}

#[test]
fn input_that_is_recognised_by_its_beginning_needs_no_telling_name() {
    let one = "{\"product\":\"A\",\"answers\":{\"stage\":\"live\"}}";
    let pretty = one.replace('{', "{\n");
    for text in [one, &format!("{one}\n{one}"), &format!("[{one},\n {one}]"), &pretty, &format!(" \n{one}")] {
        let ran = run(&["triage", "-", "--format", "csv", "--no-summary"], text);
        assert!(ran.code == 5 && ran.err.is_empty(), "{text}: {}", ran.err);
        assert_eq!(ran.out.lines().count(), 1 + text.matches("product").count(), "{text}");
    }
    for text in ["", "product: A\n", "product,stage\nA,live\n", "{product: A}\n"] {
        let ran = run(&["triage", "-"], text);
        assert!(ran.code == 2 && ran.err.contains("it is not known what standard input holds"), "{text}: {}", ran.err);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("enquiry.pdf").display().to_string();
    fs::write(&path, "%PDF-1.7").unwrap();
    let ran = run(&["triage", &path], "");
    assert!(ran.code == 2 && ran.err.contains("this is a PDF"), "{}", ran.err);
}

#[test]
fn encodings_are_recognised_by_their_first_bytes() {
    let utf16 = |text: &str, le: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if le { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    for (head, expected) in [
        (b"product,stage\nA,live".to_vec(), Some(Encoding::Utf8)),
        (b"".to_vec(), Some(Encoding::Utf8)),
        (b"a".to_vec(), Some(Encoding::Utf8)),
        ("é,医".as_bytes().to_vec(), Some(Encoding::Utf8)),
        (utf16("product,stage\n", true), Some(Encoding::Utf16Le)),
        (utf16("product,stage\n", false), Some(Encoding::Utf16Be)),
        (utf16("\u{feff}医", true), Some(Encoding::Utf16Le)),
        (b"a\0b\0\0c\0d".to_vec(), None),
        (b"\0".to_vec(), None),
    ] {
        let found = match file_kind(&head) {
            FileKind::Text(encoding) => Some(encoding),
            _ => None,
        };
        assert_eq!(found, expected, "{head:?}");
    }
    for (head, what) in [("<!DOCTYPE HTML><p>", "HTML"), (" \n<table><tr>", "HTML"), ("%PDF-1.7", "PDF")] {
        assert!(
            matches!(file_kind(head.as_bytes()), FileKind::Unsupported(found, _) if found.contains(what)),
            "{head}"
        );
    }
    assert_eq!(file_kind(b"<script> is a product,x"), FileKind::Text(Encoding::Utf8));
}

#[test]
fn elements_end_where_their_value_ends() {
    let text = "[ {\"a\": \"]},\\\"[\"} ,\n\n [1, [2]],\"x\"\n, 3 ]";
    let found: Vec<(&str, u64)> =
        array_elements(text.as_bytes()).into_iter().map(|(range, line)| (&text[range], line)).collect();
    assert_eq!(found, [("{\"a\": \"]},\\\"[\"}", 1), ("[1, [2]]", 3), ("\"x\"", 3), ("3", 4)]);
    assert!(array_elements(b"[]").is_empty() && array_elements(b" [ \n ] ").is_empty());
}

#[test]
fn the_separator_is_the_declared_or_the_most_frequent_one() {
    for (head, found) in [
        ("a,b,c\n1;2;3;4", (b',', 0)),
        ("a;b;c", (b';', 0)),
        ("a\tb", (b'\t', 0)),
        ("a|b", (b'|', 0)),
        ("\"a,b,c\";d", (b';', 0)),
        ("a", (b',', 0)),
        ("", (b',', 0)),
        ("a,b;c", (b',', 0)),
        ("\r\n\na;b\n1,2,3,4", (b';', 0)),
        ("a;b\r1,2,3,4", (b';', 0)),
        ("sep=;\na,b", (b';', 6)),
        ("SEP=|\r\na", (b'|', 7)),
        ("sep=;x\na,b,c", (b';', 0)),
    ] {
        assert_eq!(detect_separator(head.as_bytes()), found, "{head:?}");
    }
}

#[test]
fn every_encoding_is_decoded_across_the_bounds_of_buffers() {
    let text = "product;é ü 😀\n".repeat(5000);
    let units = |le: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if le { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    for (bytes, encoding) in [(units(true), Encoding::Utf16Le), (units(false), Encoding::Utf16Be)] {
        let mut out = String::new();
        decode(bytes.as_slice(), encoding).read_to_string(&mut out).unwrap();
        assert!(out == text, "{encoding}");
        let odd = &bytes[..bytes.len() - 1];
        assert!(decode(odd, encoding).read_to_end(&mut Vec::new()).is_err(), "{encoding}");
    }
    let mut out = String::new();
    decode(b"\xa3 caf\xe9".as_slice(), Encoding::Windows1252).read_to_string(&mut out).unwrap();
    assert_eq!(out, "£ café");
}
