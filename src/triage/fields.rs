//! One line for each product, in JSON or CSV. What the rules' own words look like in JSON is worked out once.

use std::io::Write as _;
use std::sync::Arc;

use super::facts::{CriterionSet, Facts, members};
use super::read::Name;
use crate::assessment::FitOutcome;
use crate::diagram::Leaf as _;
use crate::intake::Input;
use crate::named::named;
use crate::problem::{self, Place, STANDARD_INPUT};
use crate::rulebook::{Outcome, Rulebook};
use crate::style::{clean, escaped_json, is_itself_in_json, is_plain_json};

named! {
    /// What can be told of a product: the key in JSON and the header in CSV.
    pub enum Field {
        /// The file, and the line in it
        Source = "source",
        /// The name of the product
        Product = "product",
        /// The outcome
        Outcome = "outcome",
        /// The outcomes that missing answers still allow
        PossibleOutcomes = "possible_outcomes",
        /// The number of the scenario
        Scenario = "scenario",
        /// The id of the scenario, which every scenario has
        ScenarioId = "scenario_id",
        /// The criteria that are met. Those that no field names are not decided
        Met = "met",
        /// The criteria that are not met
        NotMet = "not_met",
        /// The criteria to be discussed
        ToDiscuss = "to_discuss",
        /// The missing answers that can still change the outcome
        Missing = "missing",
        /// Whether the service fits
        Fit = "fit",
    }
}

impl Field {
    /// Those written if none are chosen.
    pub const USUAL: [Self; 9] = [
        Self::Source,
        Self::Product,
        Self::Outcome,
        Self::PossibleOutcomes,
        Self::Scenario,
        Self::NotMet,
        Self::ToDiscuss,
        Self::Missing,
        Self::Fit,
    ];
}

/// Where a product was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
    /// The line, if the file holds more than one product.
    pub(super) line: Option<u64>,
}

impl Source<'_> {
    /// Where the record came from, for what tells everything of it.
    pub(super) fn input(self) -> Input {
        let first_line = self.line.and_then(|line| usize::try_from(line).ok());
        let place = first_line.map(|first_line| {
            let file = problem::Source { name: self.name.to_owned(), first_line, text: String::new() };
            Place::new(&Arc::new(file), 0..0)
        });
        let path = (self.name != STANDARD_INPUT).then(|| self.name.to_owned());
        Input { name: self.text(), path, place, ..Input::default() }
    }

    pub(super) fn text(self) -> String {
        self.line.map_or_else(|| self.name.to_owned(), |line| format!("{}:{line}", self.name))
    }
}

/// The rules' words as they stand in JSON, each list with a comma in front that its first member does without.
#[derive(Debug)]
struct Words {
    questions: Vec<Vec<u8>>,
    criteria: Vec<Vec<u8>>,
    outcomes: [Vec<u8>; 8],
    numbers: Vec<Vec<u8>>,
    ids: Vec<Vec<u8>>,
}

/// Writes lines of JSON.
#[derive(Debug)]
pub(super) struct JsonLines {
    fields: Vec<(Field, Vec<u8>)>,
    words: Words,
}

impl JsonLines {
    pub(super) fn new(rulebook: &Rulebook, fields: &[Field]) -> Self {
        let listed = |id: &str| [b",".as_slice(), json(id).as_slice()].concat();
        let mut outcomes: [Vec<u8>; 8] = Default::default();
        for (possible, list) in (0u8..).zip(&mut outcomes) {
            let reached = Outcome::DECIDED.iter().filter(|outcome| possible & (1 << outcome.to_index()) != 0);
            let ids: Vec<String> = reached.map(|outcome| format!("\"{outcome}\"")).collect();
            *list = format!("[{}]", ids.join(",")).into_bytes();
        }
        let number = |number: Option<u8>| number.map_or_else(|| "null".to_owned(), |number| number.to_string());
        let words = Words {
            questions: rulebook.questions.iter().map(|question| listed(&question.id)).collect(),
            criteria: rulebook.criteria.iter().map(|criterion| listed(&criterion.id)).collect(),
            outcomes,
            numbers: rulebook.scenarios.iter().map(|scenario| number(scenario.number).into_bytes()).collect(),
            ids: rulebook.scenarios.iter().map(|scenario| json(&scenario.id)).collect(),
        };
        let key = |(index, field): (usize, &Field)| {
            let before = if index == 0 { "{" } else { "," };
            (*field, format!("{before}\"{}\":", field.id()).into_bytes())
        };
        Self { fields: fields.iter().enumerate().map(key).collect(), words }
    }

    /// One object, without a line break.
    pub(super) fn record(&self, out: &mut Vec<u8>, source: Source<'_>, name: Name<'_>, facts: &Facts) {
        for (field, key) in &self.fields {
            out.extend_from_slice(key);
            match field {
                Field::Source => write_source(out, source),
                Field::Product => match name {
                    Name::Json(raw) => {
                        out.push(b'"');
                        if is_plain_json(raw) {
                            out.extend_from_slice(raw);
                        } else {
                            out.extend_from_slice(escaped_json(&String::from_utf8_lossy(raw)).as_bytes());
                        }
                        out.push(b'"');
                    }
                    Name::Plain(name) => write_json(out, name),
                },
                Field::Outcome => {
                    out.push(b'"');
                    out.extend_from_slice(facts.outcome().id().as_bytes());
                    out.push(b'"');
                }
                Field::PossibleOutcomes => out.extend_from_slice(&self.words.outcomes[usize::from(facts.possible & 7)]),
                Field::Scenario => out.extend_from_slice(scenario(facts, &self.words.numbers)),
                Field::ScenarioId => out.extend_from_slice(scenario(facts, &self.words.ids)),
                Field::Met => list(out, facts.met, &self.words.criteria),
                Field::NotMet => list(out, facts.not_met, &self.words.criteria),
                Field::ToDiscuss => list(out, facts.to_discuss, &self.words.criteria),
                Field::Missing => list(out, facts.missing, &self.words.questions),
                Field::Fit => {
                    out.push(b'"');
                    out.extend_from_slice(facts.fit.id().as_bytes());
                    out.push(b'"');
                }
            }
        }
        out.push(b'}');
    }
}

/// An object for a record that cannot be read.
pub(super) fn json_error(out: &mut Vec<u8>, source: Source<'_>, error: &str) {
    out.extend_from_slice(b"{\"source\":");
    write_source(out, source);
    out.extend_from_slice(b",\"error\":");
    write_json(out, error);
    out.push(b'}');
}

fn scenario<'w>(facts: &Facts, words: &'w [Vec<u8>]) -> &'w [u8] {
    facts.scenario.and_then(|index| words.get(usize::from(index))).map_or(b"null", Vec::as_slice)
}

fn list(out: &mut Vec<u8>, set: CriterionSet, words: &[Vec<u8>]) {
    out.push(b'[');
    let mut skip = 1;
    for member in members(set) {
        out.extend_from_slice(&words[member][skip..]);
        skip = 0;
    }
    out.push(b']');
}

fn write_source(out: &mut Vec<u8>, source: Source<'_>) {
    write_json(out, source.name);
    if let Some(line) = source.line {
        out.pop();
        out.push(b':');
        decimal(out, line);
        out.push(b'"');
    }
}

fn decimal(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Text as a JSON string.
pub fn write_json(out: &mut Vec<u8>, text: &str) {
    if is_itself_in_json(text) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(escaped_json(&serde_json::Value::from(text).to_string()).as_bytes());
    }
}

fn json(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    write_json(&mut out, text);
    out
}

/// The header of CSV.
pub(super) fn csv_header(out: &mut Vec<u8>, fields: &[Field], grouped: bool) {
    let group = grouped.then_some("group");
    row(out, group.into_iter().chain(fields.iter().map(|field| field.id())).chain(["error"]));
}

/// One row of CSV for a product, or for what could not be read.
pub(super) fn csv_record(
    out: &mut Vec<u8>,
    fields: &[Field],
    group: Option<&str>,
    source: Source<'_>,
    result: Result<(&str, &Facts), &str>,
    rulebook: &Rulebook,
) {
    if let Some(group) = group {
        cell(out, group);
        out.push(b',');
    }
    for field in fields {
        match result {
            Ok((product, facts)) => csv_field(out, *field, source, product, facts, rulebook),
            Err(_) if *field == Field::Source => csv_source(out, source),
            Err(_) if *field == Field::Outcome => out.extend_from_slice(b"error"),
            Err(_) => {}
        }
        out.push(b',');
    }
    cell(out, result.err().unwrap_or_default());
    out.push(b'\n');
}

fn csv_field(out: &mut Vec<u8>, field: Field, source: Source<'_>, product: &str, facts: &Facts, rulebook: &Rulebook) {
    let scenario = facts.scenario.and_then(|index| rulebook.scenarios.get(usize::from(index)));
    let criteria = |out, set| csv_list(out, members(set).map(|index| rulebook.criteria[index].id.as_str()));
    match field {
        Field::Source => csv_source(out, source),
        Field::Product => cell(out, product),
        Field::Outcome => out.extend_from_slice(facts.outcome().id().as_bytes()),
        Field::PossibleOutcomes => csv_list(out, facts.possible_outcomes().map(Outcome::id)),
        Field::Scenario => {
            if let Some(number) = scenario.and_then(|found| found.number) {
                decimal(out, u64::from(number));
            }
        }
        Field::ScenarioId => cell(out, scenario.map_or("", |found| &found.id)),
        Field::Met => criteria(out, facts.met),
        Field::NotMet => criteria(out, facts.not_met),
        Field::ToDiscuss => criteria(out, facts.to_discuss),
        Field::Missing => csv_list(out, members(facts.missing).map(|index| rulebook.questions[index].id.as_str())),
        Field::Fit => out.extend_from_slice(FitOutcome::id(facts.fit).as_bytes()),
    }
}

fn csv_source(out: &mut Vec<u8>, source: Source<'_>) {
    match source.line {
        Some(line) if is_cell(source.name) => {
            out.extend_from_slice(source.name.as_bytes());
            out.push(b':');
            decimal(out, line);
        }
        _ => cell(out, &source.text()),
    }
}

/// Ids in one cell, quoted where a spreadsheet could take what joins them for a separator.
fn csv_list<'a>(out: &mut Vec<u8>, ids: impl Iterator<Item = &'a str>) {
    let start = out.len();
    for id in ids {
        if out.len() > start {
            out.extend_from_slice(b"; ");
        }
        out.extend_from_slice(id.as_bytes());
    }
    if out[start..].contains(&b';') {
        out.insert(start, b'"');
        out.push(b'"');
    }
}

/// Whether text is certainly a cell as it stands.
fn is_cell(text: &str) -> bool {
    let plain =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'.' | b'/' | b'-' | b'(' | b')');
    let bytes = text.as_bytes();
    bytes.iter().all(plain)
        && bytes.first().is_none_or(|first| first.is_ascii_alphanumeric() || matches!(first, b'/' | b'.' | b'_'))
        && bytes.last() != Some(&b' ')
}

/// One row of CSV.
pub(super) fn row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = &'a str>) {
    for (index, text) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        cell(out, text);
    }
    out.push(b'\n');
}

/// One cell, cleaned as for a terminal, where CSV is looked at too. Text that a spreadsheet would take for a formula has
/// an apostrophe put in front of it.
fn cell(out: &mut Vec<u8>, text: &str) {
    if is_cell(text) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let text = &*clean(text);
    let formula = text.trim_start().starts_with(['=', '+', '-', '@']);
    let quote = text.contains(['"', ',', ';', '\n', '\r', '\t']) || text.trim() != text;
    let guard = if formula { "'" } else { "" };
    // Writing to memory does not fail.
    let _ = if quote { write!(out, "\"{guard}{}\"", text.replace('"', "\"\"")) } else { write!(out, "{guard}{text}") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cleaned_and_guarded_against_formulas_and_all_come_back() {
        let texts = [
            "plain",
            "\u{1b}[31m",
            "\u{202e}x",
            "=1+1",
            "+a",
            "-a",
            "@a",
            "\ta",
            "\ra",
            "a,b",
            "a\"b",
            "a\nb",
            "",
            " a",
            "é;医",
        ];
        let mut out = Vec::new();
        row(&mut out, texts);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
        let read = reader.records().next().unwrap().unwrap();
        for (text, cell) in texts.iter().zip(&read) {
            let text = clean(text);
            let guarded = text.trim_start().starts_with(['=', '+', '-', '@']);
            assert_eq!(cell, if guarded { format!("'{text}") } else { text.into_owned() });
        }
        assert_eq!(read.len(), texts.len());
    }

    #[test]
    fn what_is_plain_is_written_as_anything_else_is() {
        for text in ["", "a", "A b_c.d/e-f (g)", "a:1", "-a", " a", "a ", "a;b", "é", "=a", "/x/y.csv", "../x"] {
            let quoted =
                |text: &str| text.contains(['"', ',', ';']) || text.trim() != text || text.starts_with(['=', '-']);
            assert!(!is_cell(text) || (clean(text) == text && !quoted(text)), "{text}");
        }
        assert!(is_cell("Fernhollow Video Visits 12") && is_cell("/x/y.csv") && is_cell(""));
    }

    #[test]
    fn numbers_and_text_are_written_as_the_library_writes_them() {
        for number in [0, 7, 10, 999, u64::MAX] {
            let mut out = Vec::new();
            decimal(&mut out, number);
            assert_eq!(out, number.to_string().into_bytes());
        }
        for text in ["", "a", "a\"b\\c", "a\u{1}\n", "é 医 #"] {
            assert_eq!(json(text), serde_json::to_vec(text).unwrap());
        }
    }

    #[test]
    fn what_must_not_be_shown_is_escaped_and_comes_back() {
        for text in ["\u{7f}\u{202e}\u{e0041}x", "##[error]x", "\u{9b}1m", "\r\n::error::x"] {
            let written = String::from_utf8(json(text)).unwrap();
            assert!(!written.contains(crate::style::is_unsafe) && !written.contains("##["), "{written}");
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
