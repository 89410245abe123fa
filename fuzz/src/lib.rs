//! What must hold of every input a stranger can write. Each target hands its bytes to the function of its name, which
//! panics where something does not hold.

#[path = "../../tests/support/record.rs"]
mod record;

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use eligibility::answers::{self, Answers, Edit, quoted};
use eligibility::assess::assess;
use eligibility::commands::{self, Io, Terminal};
use eligibility::gate::Gate;
use eligibility::intake::json;
use eligibility::intake::kind::{FileKind, file_kind, own_file_problem};
use eligibility::intake::table::text::Encoding;
use eligibility::intake::table::{CellWords, Mapping, TableFormat, suggested_mapping};
use eligibility::intake::{Input, Judging};
use eligibility::problem::Problem;
use eligibility::prove;
use eligibility::publish::{explain, graph, rule_book, template};
use eligibility::question::{Answer, Kind};
use eligibility::report::{Extent, Format, problems};
use eligibility::rulebook::{self, RuleFiles, Rulebook};
use eligibility::style::{Style, is_unsafe};
use eligibility::triage;
use eligibility::yaml;
use record::by_check;
use serde_json::Value;

/// The second rule pack: it has every kind of question and is small.
const PACK: [(&str, &str); 10] = [
    ("application.yaml", include_str!("../../tests/packs/allotment/application.yaml")),
    ("criteria.yaml", include_str!("../../tests/packs/allotment/criteria.yaml")),
    ("fit.yaml", include_str!("../../tests/packs/allotment/fit.yaml")),
    ("glossary.yaml", include_str!("../../tests/packs/allotment/glossary.yaml")),
    ("go_live.yaml", include_str!("../../tests/packs/allotment/go_live.yaml")),
    ("manifest.yaml", include_str!("../../tests/packs/allotment/manifest.yaml")),
    ("outcomes.yaml", include_str!("../../tests/packs/allotment/outcomes.yaml")),
    ("questions.yaml", include_str!("../../tests/packs/allotment/questions.yaml")),
    ("scenarios.yaml", include_str!("../../tests/packs/allotment/scenarios.yaml")),
    ("tests/cases.yaml", include_str!("../../tests/packs/allotment/tests/cases.yaml")),
];

fn pack() -> RuleFiles {
    let bytes = |text: &'static str| Cow::Borrowed(text.as_bytes());
    let files = PACK.iter().map(|(name, text)| ((*name).to_owned(), bytes(text))).collect();
    RuleFiles { folder: "pack".to_owned(), files, ..RuleFiles::default() }
}

static RULES: LazyLock<Rulebook> = LazyLock::new(|| rulebook::read(&pack()).0.expect("a sound pack"));
static BUILT_IN: LazyLock<Rulebook> = LazyLock::new(|| rulebook::read(&rulebook::builtin()).0.expect("sound rules"));
static COMPILED: LazyLock<triage::Compiled<'static>> =
    LazyLock::new(|| triage::Compiled::new(&RULES).expect("small rules"));

/// Nothing is shown that a terminal obeys, that turns text around or that cannot be seen.
fn harmless(what: &str, text: &str) {
    let found = text.chars().find(|c| *c != '\n' && is_unsafe(*c));
    assert!(found.is_none(), "{what} shows {found:?}: {text:?}");
}

/// Every place lies in its text, on the boundaries of characters, and what is said of the problems is harmless.
fn well_placed(found: &[Problem]) {
    let places = found.iter().flat_map(|problem| problem.place.iter().chain(problem.related.iter().map(|(at, _)| at)));
    for place in places {
        let (text, span) = (&place.source.text, &place.span);
        assert!(span.start <= span.end && text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        let (line, column) = place.start();
        assert!(line >= 1 && column >= 1 && line <= text.replace("\r\n", "\n").split(['\n', '\r']).count(), "{place}");
    }
    harmless("problems", &problems::render(found, Style::PLAIN));
}

/// What an answers file says, or `None` if it is refused.
fn read(name: &str, bytes: &[u8]) -> Option<Answers> {
    match answers::parse(name, bytes, &RULES) {
        Ok((answers, warnings)) => {
            assert!(!Problem::any_error(&warnings));
            well_placed(&warnings);
            reports(&answers, &warnings);
            Some(answers)
        }
        Err(found) => {
            assert!(Problem::any_error(&found), "refused without an error");
            well_placed(&found);
            None
        }
    }
}

/// Every report on these answers is harmless, and those that are data are whole.
fn reports(answers: &Answers, found: &[Problem]) {
    let judging = Judging { gate: Gate::GoLive, ..Judging::new(&RULES) };
    let input = Input { name: "answers.yaml".to_owned(), ..Input::default() };
    let record = judging.check_answers(input, answers.clone(), found.to_vec());
    for format in Format::supported(Format::is_for_one) {
        let text = format.render(Extent::Full, &record, Style::PLAIN);
        harmless(format.id(), &text);
        if matches!(format, Format::Json | Format::Sarif) {
            serde_json::from_str::<Value>(&text).expect("JSON");
        }
    }
}

/// The same answers, wherever they stand.
fn bare(answers: &Answers) -> Answers {
    let mut answers = answers.clone();
    answers.place = None;
    answers.entries.iter_mut().flatten().for_each(|entry| entry.place = None);
    answers
}

/// An answers file in YAML.
pub fn answers_yaml(bytes: &[u8]) {
    let Some(answers) = read("answers.yaml", bytes) else { return };
    let text = std::str::from_utf8(bytes).expect("what is accepted is text");
    value_parser_agrees(text, &answers);
    round_trip(&answers);
    edits(text, &answers);
}

/// Where the whole text means something to the value parser as well, it means the same.
fn value_parser_agrees(text: &str, answers: &Answers) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The older YAML that the value parser reads breaks lines at these too.
    if text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        return;
    }
    // How many blanks of a last line that has nothing else belong to a block text depends on its indentation, which the
    // parser does not tell.
    if text.rsplit(['\n', '\r']).next().is_some_and(|last| !last.is_empty() && last.trim().is_empty()) {
        return;
    }
    let value = match serde_yaml::from_str::<serde_yaml::Value>(text) {
        Ok(value) => value,
        Err(error) => return assert!(!error.to_string().contains("duplicate"), "a key stands twice: {error}"),
    };
    assert_eq!(value["product"].as_str(), Some(answers.product.as_str()));
    assert_eq!(value["organisation"].as_str(), answers.organisation.as_deref());
    let (document, _) = yaml::parse("answers.yaml", text.as_bytes());
    agrees(document.expect("it was read before").root(), &value);
    let given = value["answers"].as_mapping().expect("the answers");
    for (key, value) in given {
        let (index, _) = RULES.question(key.as_str().expect("a key is text")).expect("a known question");
        let entry = answers.get(index);
        let part = |name: &str| value.get(name).and_then(serde_yaml::Value::as_str);
        let bare = if value.is_mapping() { value.get("answer").expect("an answer") } else { value };
        assert_eq!(entry.is_none(), bare.is_null(), "{key:?}");
        let Some(entry) = entry else { continue };
        assert_eq!(entry.evidence.as_deref(), part("evidence"));
        assert_eq!(entry.note.as_deref(), part("note"));
        if let Answer::Text(text) = &entry.answer {
            assert_eq!(Some(text.as_str()), bare.as_str());
        }
    }
    let given = given.values().filter(|value| !value.is_null() && value.get("answer").is_none_or(|it| !it.is_null()));
    assert_eq!(given.count(), answers.entries.iter().flatten().count());
}

/// The same kinds of values in the same places, each where it lies on the boundaries of characters.
fn agrees(node: yaml::Node<'_>, value: &serde_yaml::Value) {
    let kind = match value {
        serde_yaml::Value::Null => "nothing",
        serde_yaml::Value::Bool(_) => "true or false",
        serde_yaml::Value::Number(_) => "a number",
        serde_yaml::Value::String(_) => "text",
        serde_yaml::Value::Sequence(items) => {
            assert_eq!(node.items().count(), items.len(), "{node:?}");
            node.items().zip(items).for_each(|(node, item)| agrees(node, item));
            "a list"
        }
        serde_yaml::Value::Mapping(entries) => {
            for (key, value) in entries {
                agrees(node.get(key.as_str().expect("a key is text")).expect("the same key"), value);
            }
            "a mapping"
        }
        serde_yaml::Value::Tagged(_) => panic!("a tag was let through"),
    };
    assert_eq!(node.kind(), kind, "{node:?}");
    let text = &node.place().source.text;
    assert!(text.get(node.span()).is_some() && text.get(node.key_place().span).is_some(), "{node:?}");
}

/// Answers written down, in what is both YAML and JSON, are the same answers again.
fn round_trip(answers: &Answers) {
    let pair =
        |key: &str, value: &Option<String>| value.as_ref().map(|text| format!(", {}: {}", quoted(key), quoted(text)));
    let mut given = Vec::new();
    for (question, entry) in RULES.questions.iter().zip(&answers.entries) {
        let Some(entry) = entry else { continue };
        let value = match &entry.answer {
            Answer::Many(chosen) => {
                let values: Vec<String> = question.chosen(*chosen).map(|(_, option)| quoted(&option.value)).collect();
                format!("[{}]", values.join(", "))
            }
            answer => quoted(&question.words(answer)),
        };
        let beside = [pair("evidence", &entry.evidence), pair("note", &entry.note)];
        let beside: String = beside.into_iter().flatten().collect();
        given.push(format!("{}: {{\"answer\": {value}{beside}}}", quoted(&question.id)));
    }
    let rules = answers.rules.as_ref().map(|named| {
        let digest = pair("digest", &named.digest).unwrap_or_default();
        format!(", \"rules\": {{\"id\": {}, \"version\": {}{digest}}}", quoted(&named.id), quoted(&named.version))
    });
    let text = format!(
        "{{\"product\": {}{}{}, \"answers\": {{{}}}}}",
        quoted(&answers.product),
        pair("organisation", &answers.organisation).unwrap_or_default(),
        rules.unwrap_or_default(),
        given.join(", ")
    );
    let (again, _) = answers::parse("again.json", text.as_bytes(), &RULES).unwrap_or_else(|found| {
        panic!("written down it is refused: {}\n{text}", problems::render(&found, Style::PLAIN))
    });
    assert_eq!(bare(answers), bare(&again), "{text}");
    // A few characters can be written in YAML and in JSON, but not in the same way in both.
    if serde_json::from_str::<Value>(&text).is_err() {
        assert!(text.contains(|c: char| c > '\u{ffff}' || c.is_control()), "{text}");
    }
}

/// One thing changed in a file leaves every byte of the rest as it was.
fn edits(text: &str, answers: &Answers) {
    for (index, question) in RULES.questions.iter().enumerate() {
        let answer = match question.kind {
            Kind::Text => Answer::Text("It's \"new\": # \\ ü\n".to_owned()),
            Kind::YesNo | Kind::Choice => Answer::One(1),
            Kind::Choices => Answer::Many(0b11),
        };
        let targets = [
            Edit::Answer(index, Some(&answer)),
            Edit::Answer(index, None),
            Edit::Evidence(index, Some("E: 1")),
            Edit::Evidence(index, None),
        ];
        for target in targets {
            // An odd layout may be refused, but never be edited wrongly.
            let Ok(edited) = answers::set(text, &RULES, target) else { continue };
            let (after, _) = answers::parse("edited.yaml", edited.as_bytes(), &RULES).expect("an edit keeps it valid");
            let mut expected = bare(answers);
            let mut found = bare(&after);
            (expected.entries[index], found.entries[index]) = (None, None);
            assert_eq!(expected, found, "{edited}");
            if let Edit::Answer(_, answer) = target {
                assert_eq!(after.get(index).map(|entry| &entry.answer), answer, "{edited}");
            }
            only_there(text, &edited, &question.id);
            let twice = answers::set(&edited, &RULES, target);
            assert_eq!(twice.as_deref(), Ok(edited.as_str()), "an edit that is made twice is made once");
        }
    }
    if let Ok(edited) = answers::set(text, &RULES, Edit::Product("N \"1\"")) {
        only_there(text, &edited, "product");
    }
    if let Ok(edited) = answers::set(text, &RULES, Edit::Organisation(Some("N \"1\""))) {
        only_there(text, &edited, "organisation");
    }
}

/// Whether nothing outside the lines of an entry differs between two texts, so that what is in front of its key and
/// what is behind its last line is the same. An entry that was not there is text put in between.
fn only_there(before: &str, after: &str, key: &str) {
    let body = before.strip_prefix('\u{feff}').unwrap_or(before);
    let after = after.strip_prefix('\u{feff}').unwrap_or(after);
    let (document, _) = yaml::parse("answers.yaml", before.as_bytes());
    let document = document.expect("it was read before");
    let root = document.root();
    let entry = root.get(key).or_else(|| root.get("answers").and_then(|answers| answers.get(key)));
    let (start, end) = match entry {
        Some(entry) => (entry.key_place().span.start, entry.span().end.max(entry.key_place().span.end)),
        None => {
            let same = body.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
            let same_behind = body.bytes().rev().zip(after.bytes().rev()).take_while(|(a, b)| a == b).count();
            // `answers: {}` makes way for a block.
            let gone = body.len().saturating_sub(same + same_behind);
            assert!(gone == 0 || body[same..].trim_start().starts_with('{'), "{key}: {before:?} {after:?}");
            return;
        }
    };
    let line_end = body[end..].find('\n').map_or(body.len(), |newline| end + newline);
    assert!(after.starts_with(&body[..start]), "{key}: {before:?} {after:?}");
    assert!(after.ends_with(body[line_end..].trim_start_matches('\n')), "{key}: {before:?} {after:?}");
}

/// Answers in JSON: a whole file, and lines of them for triage.
pub fn answers_json(bytes: &[u8]) {
    if let Some(answers) = read("answers.json", bytes)
        && let Ok(value) = serde_json::from_slice::<Value>(bytes)
    {
        assert_eq!(value["product"].as_str(), Some(answers.product.as_str()));
        assert_eq!(value["organisation"].as_str(), answers.organisation.as_deref());
        for (question, entry) in RULES.questions.iter().zip(&answers.entries) {
            let value = &value["answers"][&question.id];
            let value = value.get("answer").unwrap_or(value);
            match entry.as_ref().map(|entry| &entry.answer) {
                None => assert!(value.is_null()),
                Some(Answer::Text(text)) => assert_eq!(value.as_str(), Some(text.as_str())),
                Some(Answer::Many(chosen)) => {
                    assert_eq!(value.as_array().map(Vec::len), usize::try_from(chosen.count_ones()).ok());
                }
                Some(answer) => {
                    let words = match value {
                        Value::Bool(truth) => truth.to_string(),
                        value => value.as_str().expect("an answer is text").to_owned(),
                    };
                    assert_eq!(question.answer(&words).as_ref(), Ok(answer));
                }
            }
        }
    }
    lines(bytes);
}

/// Triage says of each line what `check` says of it as a file.
fn lines(bytes: &[u8]) {
    let mut body = bytes;
    while let Some(rest) = body.strip_prefix(b"\xef\xbb\xbf") {
        body = rest;
    }
    match file_kind(bytes) {
        FileKind::Text(Encoding::Utf8) if !json::starts_array(body) => {}
        // An array is one text, and UTF-16 is another text.
        FileKind::Text(_) => return,
        FileKind::Archive | FileKind::Unsupported(..) => {
            let (found, _) =
                triaged((bytes, triage::InputShape::Lines, &Mapping::default()), Some(triage::Form::Jsonl), 1, false);
            let found: Value = serde_json::from_str(&found).expect("one line");
            assert!(found["error"].is_string(), "{found}");
            return;
        }
    }
    let records = body.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let expected: Vec<Option<Value>> =
        records.filter(|line| !line.trim_ascii().is_empty()).map(|line| by_check(&RULES, line)).collect();
    let records = (bytes, triage::InputShape::Lines, &Mapping::default());
    let found = triaged(records, Some(triage::Form::Jsonl), 1, false).0;
    let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let first = body.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty());
    if first.is_none_or(|first| own_file_problem(first).is_some()) {
        assert!(found.len() == 1 && found[0]["error"].is_string(), "{found:?}");
        return;
    }
    assert_eq!(found.len(), expected.len());
    for (mut found, expected) in found.into_iter().zip(expected) {
        match expected {
            None => assert!(found["error"].is_string(), "check refuses it, triage says {found}"),
            Some(mut expected) => {
                let found = found.as_object_mut().expect("an object");
                found.remove("source");
                expected.as_object_mut().expect("an object").retain(|key, _| found.contains_key(key));
                assert_eq!(Some(&*found), expected.as_object());
            }
        }
    }
    same_in_every_form(records);
}

/// A file of records, and what is said of it from outside.
type Records<'a> = (&'a [u8], triage::InputShape, &'a Mapping);

/// What triage writes, and the products it hands over if it reads records whole.
fn triaged(
    (bytes, shape, mapping): Records<'_>,
    form: Option<triage::Form>,
    threads: usize,
    whole: bool,
) -> (String, Vec<Answers>) {
    let open = |_: &Path| -> Result<Box<dyn Read + Send>, String> { Ok(Box::new(Cursor::new(bytes.to_vec()))) };
    let inputs = [triage::InputFile { path: PathBuf::new(), name: "input".to_owned(), shape }];
    let fields = [&triage::Field::USUAL[..], &[triage::Field::Met]].concat();
    let words = CellWords::new(&RULES, mapping);
    let format = TableFormat { name: None, mapping: mapping.clone(), words };
    let judging = Judging::new(&RULES);
    let job = triage::Job {
        compiled: &COMPILED,
        judging: &judging,
        inputs: &inputs,
        open: &open,
        table_formats: &[format],
        carried: &mapping.keep,
        threads,
        form,
        fields: &fields,
        only: None,
        finding: None,
        records: whole,
        whole: false,
    };
    let (mut text, mut kept) = (Vec::new(), Vec::new());
    triage::run(&job, &mut |done| {
        text.extend_from_slice(&done.bytes);
        kept.extend(done.records.drain(..).filter_map(|record| Some(record.checked.report()?.answers.clone())));
        for fault in &done.faults {
            harmless("triage", &fault.text);
        }
        ControlFlow::Continue(())
    });
    (String::from_utf8(text).expect("text"), kept)
}

/// What is written does not depend on threads, nor on whether answers are kept; every form of it is harmless.
fn same_in_every_form(records: Records<'_>) {
    let (jsonl, _) = triaged(records, Some(triage::Form::Jsonl), 1, false);
    let (kept_jsonl, kept) = triaged(records, Some(triage::Form::Jsonl), 2, true);
    let values =
        |text: &str| text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect::<Vec<Value>>();
    assert_eq!(values(&jsonl), values(&kept_jsonl));
    let mut kept = kept.iter();
    for line in values(&jsonl) {
        if line["error"].is_string() {
            continue;
        }
        let assessment = assess(&RULES, kept.next().expect("every product is handed over"));
        let told = (line["outcome"].as_str(), line["fit"].as_str());
        assert_eq!(told, (Some(assessment.outcome.id()), Some(assessment.fit.outcome.id())));
    }
    assert!(kept.next().is_none());
    for form in [triage::Form::Csv, triage::Form::Markdown] {
        harmless("a form of triage", &triaged(records, Some(form), 1, false).0);
    }
}

/// A CSV file for triage.
pub fn csv(bytes: &[u8]) {
    same_in_every_form((bytes, triage::InputShape::Rows, &Mapping::default()));
}

/// A mapping file, a line of four hyphens, and the table that it is about.
pub fn mapping(bytes: &[u8]) {
    let Some(at) = bytes.windows(SEPARATOR.len()).position(|here| here == SEPARATOR) else { return };
    let (file, table) = (&bytes[..at + 1], &bytes[at + SEPARATOR.len()..]);
    let given = match Mapping::read("mapping.yaml", file, &RULES) {
        Ok(mapping) => mapping,
        Err(found) => {
            assert!(Problem::any_error(&found), "refused without an error");
            return well_placed(&found);
        }
    };
    same_in_every_form((table, triage::InputShape::Rows, &given));
    let input = triage::InputFile { path: PathBuf::new(), name: "input".to_owned(), shape: triage::InputShape::Rows };
    let format = TableFormat { name: None, words: CellWords::new(&RULES, &given), mapping: given };
    let Ok(sample) = triage::sample(&input, table, &format) else { return };
    // The mapping that is suggested can be read, and suggests itself.
    let suggested = |mapping: &Mapping| suggested_mapping(&sample, mapping, &CellWords::new(&RULES, mapping), &RULES);
    let first = suggested(&format.mapping);
    harmless("a mapping", &first);
    let read = |text: &str| {
        Mapping::read("suggested.yaml", text.as_bytes(), &RULES)
            .unwrap_or_else(|found| panic!("{}\n{text}", problems::render(&found, Style::PLAIN)))
    };
    let first = read(&first);
    assert_eq!(read(&suggested(&first)), first);
}

/// What stands between a mapping and a table.
const SEPARATOR: &[u8] = b"\n----\n";

/// A file of rules in the place of one of a sound pack: the first byte says of which.
pub fn rules(bytes: &[u8]) {
    let Some((which, text)) = bytes.split_first() else { return };
    let mut files = pack();
    let name = PACK[usize::from(*which) % PACK.len()].0;
    files.files.insert(name.to_owned(), Cow::Owned(text.to_vec()));
    let (rulebook, found) = rulebook::read(&files);
    well_placed(&found);
    assert!(rulebook.is_some() || Problem::any_error(&found));
    let Some(rulebook) = rulebook.filter(|_| !Problem::any_error(&found)) else { return };
    if let Ok(proof) = prove::prove(&rulebook) {
        well_placed(&proof.problems);
        for problem in proof.problems.iter().filter(|problem| problem.witness.is_some()) {
            let witness = template::witness(&rulebook, problem);
            assert!(answers::parse("witness.yaml", witness.as_bytes(), &rulebook).is_ok(), "{witness}");
        }
    }
    let cases = prove::cases(&files, &rulebook);
    well_placed(&cases.problems);
    for case in &cases.all {
        well_placed(&prove::failures(&[prove::run_case(case, &rulebook)]));
    }
    // What is written to be filled in can be read.
    let blank = template::render(&rulebook, "Example");
    harmless("a template", &blank);
    let answers = answers::parse("blank.yaml", blank.as_bytes(), &rulebook).expect("a valid template").0;
    let judging = Judging { gate: Gate::GoLive, ..Judging::new(&rulebook) };
    let record = judging.check_answers(Input::default(), answers, Vec::new());
    for format in Format::supported(Format::is_for_one) {
        harmless(format.id(), &format.render(Extent::Full, &record, Style::PLAIN));
    }
    for format in [Format::Text, Format::Markdown, Format::Html] {
        harmless("the rule book", &rule_book::render(&rulebook, format, Style::PLAIN));
    }
    for id in rulebook.ids() {
        harmless("explain", &explain::render(&rulebook, &id, Style::PLAIN).expect("every id is explained"));
    }
    if let Ok(graph) = graph::Graph::of(&rulebook, None) {
        harmless("mermaid", &graph.mermaid());
        harmless("dot", &graph.dot());
    }
}

/// Answers on the command line, against the rules that come with the program: one to a line.
pub fn set(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let rules = &*BUILT_IN;
    let given: Vec<&str> = text.split('\n').take(8).collect();
    for (id, words) in given.iter().filter_map(|one| one.split_once('=')) {
        let Some((index, question)) = rules.question(id) else { continue };
        let Ok(answer) = question.answer(words) else { continue };
        // As it is written, it is the same answer again.
        assert_eq!(question.answer(&question.words(&answer)), Ok(answer.clone()));
        // In a file it is the same answer, if it is one there: an empty text is none.
        if let (Answer::NotSure | Answer::One(_) | Answer::Text(_), false) = (&answer, words.trim().is_empty()) {
            let file = format!("product: X\nanswers: {{{id}: {}}}\n", quoted(words.trim()));
            let (read, _) = answers::parse("set.yaml", file.as_bytes(), rules).expect("the same answer");
            assert_eq!(read.get(index).map(|entry| &entry.answer), Some(&answer));
        }
    }
    let flags = given.iter().flat_map(|one| ["--set", one]);
    let args = ["eligibility", "check", "--format", "json"].into_iter().chain(flags).map(Into::into);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let terminal = Terminal { stdin: false, stdout: None, stderr: None, no_colour: true, links: false, plain: true };
    let io = Io { stdin: &mut std::io::empty(), stdout: &mut out, stderr: &mut err, terminal };
    let code = commands::run(args, io);
    let (out, err) = (String::from_utf8(out).expect("text"), String::from_utf8(err).expect("text"));
    harmless("standard output", &out);
    harmless("standard error", &err);
    assert!([0, 2, 3, 4, 5].contains(&code), "{code}: {err}");
    assert_eq!(code == 2, out.is_empty(), "{code}: {out}");
    assert_eq!(code == 2, !err.is_empty(), "{code}: {err}");
}
