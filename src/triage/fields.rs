//! One line for each product, in JSON or CSV. What the rules' own words look like in JSON is worked out once.

use std::io::Write as _;
use std::sync::Arc;

use super::facts::{CriterionSet, Facts, members};
use super::read::{Kept, Name, Who};
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
        /// Who makes it
        Organisation = "organisation",
        /// The outcome
        Outcome = "outcome",
        /// The outcomes that missing answers still allow
        PossibleOutcomes = "possible_outcomes",
        /// The number of the scenario
        Scenario = "scenario",
        /// The id of the scenario, which every scenario has
        ScenarioId = "scenario_id",
        /// The ids of the scenarios that are still possible
        PossibleScenarios = "possible_scenarios",
        /// The criteria that are met. Those that no field names are not decided
        Met = "met",
        /// The criteria that are not met
        NotMet = "not_met",
        /// The criteria to be discussed
        ToDiscuss = "to_discuss",
        /// The missing answers that can still change the outcome
        Missing = "missing",
        /// The missing answers that can still change something else of eligibility
        AlsoMissing = "also_missing",
        /// Whether the service fits
        Fit = "fit",
        /// The findings that hold
        Findings = "findings",
        /// The topics that are prepared
        Topics = "topics",
        /// The obligations that are met
        Obligations = "obligations",
    }
}

impl Field {
    /// Those written if none are chosen.
    pub const USUAL: [Self; 14] = [
        Self::Source,
        Self::Product,
        Self::Organisation,
        Self::Outcome,
        Self::PossibleOutcomes,
        Self::Scenario,
        Self::ScenarioId,
        Self::PossibleScenarios,
        Self::NotMet,
        Self::ToDiscuss,
        Self::Missing,
        Self::AlsoMissing,
        Self::Fit,
        Self::Findings,
    ];

    /// Whether only a record that was judged whole tells it.
    #[must_use]
    pub fn needs_whole(self) -> bool {
        matches!(self, Self::Topics | Self::Obligations)
    }
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
    scenarios: Vec<Vec<u8>>,
    findings: Vec<Vec<u8>>,
    topics: Vec<Vec<u8>>,
    obligations: Vec<Vec<u8>>,
}

/// Writes lines of JSON.
#[derive(Debug)]
pub(super) struct JsonLines {
    fields: Vec<(Field, Vec<u8>)>,
    words: Words,
    /// The columns that are carried along, each as a key.
    kept: Vec<Vec<u8>>,
}

impl JsonLines {
    pub(super) fn new(rulebook: &Rulebook, fields: &[Field], kept: &[String]) -> Self {
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
            scenarios: rulebook.scenarios.iter().map(|scenario| listed(&scenario.id)).collect(),
            findings: rulebook.findings.iter().map(|finding| listed(&finding.id)).collect(),
            topics: rulebook.topics.iter().map(|topic| listed(&topic.id)).collect(),
            obligations: rulebook.obligations.iter().map(|obligation| listed(&obligation.id)).collect(),
        };
        let key = |(index, field): (usize, &Field)| {
            let before = if index == 0 { "{" } else { "," };
            (*field, format!("{before}\"{}\":", field.id()).into_bytes())
        };
        let kept = kept.iter().map(|title| [json(title), b":".to_vec()].concat()).collect();
        Self { fields: fields.iter().enumerate().map(key).collect(), words, kept }
    }

    /// One object, without a line break.
    pub(super) fn record(&self, out: &mut Vec<u8>, source: Source<'_>, who: Who<'_>, facts: &Facts) {
        let words = &self.words;
        for (field, key) in &self.fields {
            out.extend_from_slice(key);
            match field {
                Field::Source => write_source(out, source),
                Field::Product => write_name(out, who.product),
                Field::Organisation => write_name(out, who.organisation),
                Field::Outcome => word(out, facts.outcome().id()),
                Field::PossibleOutcomes => out.extend_from_slice(&words.outcomes[usize::from(facts.possible & 7)]),
                Field::Scenario => out.extend_from_slice(scenario(facts, &words.numbers)),
                Field::ScenarioId => match scenario(facts, &words.scenarios) {
                    b"null" => out.extend_from_slice(b"null"),
                    listed => out.extend_from_slice(&listed[1..]),
                },
                Field::PossibleScenarios => list(out, facts.possible_scenarios, &words.scenarios),
                Field::Met => list(out, facts.met, &words.criteria),
                Field::NotMet => list(out, facts.not_met, &words.criteria),
                Field::ToDiscuss => list(out, facts.to_discuss, &words.criteria),
                Field::Missing => list(out, facts.missing, &words.questions),
                Field::AlsoMissing => list(out, facts.also_missing, &words.questions),
                Field::Fit => word(out, facts.fit.id()),
                Field::Findings => list(out, facts.findings, &words.findings),
                Field::Topics => list(out, facts.whole.topics, &words.topics),
                Field::Obligations => list(out, facts.whole.obligations, &words.obligations),
            }
        }
        self.kept(out, who.kept);
        out.push(b'}');
    }

    /// An object for a record that cannot be read.
    pub(super) fn error(&self, out: &mut Vec<u8>, source: Source<'_>, who: Who<'_>, error: &str) {
        out.extend_from_slice(b"{\"source\":");
        write_source(out, source);
        let known = [("product", who.product), ("organisation", who.organisation)];
        for (key, name) in known.into_iter().filter(|(_, name)| name.is_some()) {
            out.extend_from_slice(format!(",\"{key}\":").as_bytes());
            write_name(out, name);
        }
        self.kept(out, who.kept);
        out.extend_from_slice(b",\"error\":");
        write_json(out, error);
        out.push(b'}');
    }

    /// The cells that are carried along, in an object of their own.
    fn kept(&self, out: &mut Vec<u8>, kept: Kept<'_>) {
        if self.kept.is_empty() {
            return;
        }
        for (index, key) in self.kept.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b",\"kept\":{" } else { b"," });
            out.extend_from_slice(key);
            write_json(out, &kept.get(index));
        }
        out.push(b'}');
    }
}

fn word(out: &mut Vec<u8>, word: &str) {
    out.push(b'"');
    out.extend_from_slice(word.as_bytes());
    out.push(b'"');
}

fn write_name(out: &mut Vec<u8>, name: Option<Name<'_>>) {
    match name {
        None => out.extend_from_slice(b"null"),
        Some(Name::Json(raw)) if is_plain_json(raw) => {
            out.push(b'"');
            out.extend_from_slice(raw);
            out.push(b'"');
        }
        Some(Name::Json(raw)) => word(out, &escaped_json(&String::from_utf8_lossy(raw))),
        Some(Name::Plain(name)) => write_json(out, name),
    }
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
pub(super) fn csv_header(out: &mut Vec<u8>, fields: &[Field], kept: &[String], grouped: bool) {
    let group = grouped.then_some("group");
    let fields = fields.iter().map(|field| field.id());
    row(out, group.into_iter().chain(fields).chain(kept.iter().map(String::as_str)).chain(["error"]));
}

/// One row of CSV for a product, or for what could not be read.
pub(super) fn csv_record(
    out: &mut Vec<u8>,
    (fields, kept): (&[Field], usize),
    group: Option<&str>,
    source: Source<'_>,
    who: Who<'_>,
    result: Result<&Facts, &str>,
    rulebook: &Rulebook,
) {
    if let Some(group) = group {
        cell(out, group);
        out.push(b',');
    }
    for field in fields {
        match (field, result) {
            (Field::Source, _) => csv_source(out, source),
            (Field::Product, _) => cell(out, &who.product.map(Name::text).unwrap_or_default()),
            (Field::Organisation, _) => cell(out, &who.organisation.map(Name::text).unwrap_or_default()),
            (_, Ok(facts)) => csv_field(out, *field, facts, rulebook),
            (Field::Outcome, Err(_)) => out.extend_from_slice(b"error"),
            (_, Err(_)) => {}
        }
        out.push(b',');
    }
    for index in 0..kept {
        cell(out, &who.kept.get(index));
        out.push(b',');
    }
    cell(out, result.err().unwrap_or_default());
    out.push(b'\n');
}

fn csv_field(out: &mut Vec<u8>, field: Field, facts: &Facts, rulebook: &Rulebook) {
    if let Some(set) = field.set(facts) {
        return csv_list(out, members(set).map(|index| field.member(index, rulebook)));
    }
    let scenario = facts.scenario.and_then(|index| rulebook.scenarios.get(usize::from(index)));
    match field {
        Field::Outcome => out.extend_from_slice(facts.outcome().id().as_bytes()),
        Field::Fit => out.extend_from_slice(facts.fit.id().as_bytes()),
        Field::ScenarioId => cell(out, scenario.map_or("", |found| &found.id)),
        _ => {
            if let Some(number) = scenario.and_then(|found| found.number) {
                decimal(out, u64::from(number));
            }
        }
    }
}

impl Field {
    /// What it lists, if it is a list.
    fn set(self, facts: &Facts) -> Option<u128> {
        match self {
            Self::PossibleOutcomes => Some(u128::from(facts.possible)),
            Self::PossibleScenarios => Some(facts.possible_scenarios),
            Self::Met => Some(facts.met),
            Self::NotMet => Some(facts.not_met),
            Self::ToDiscuss => Some(facts.to_discuss),
            Self::Missing => Some(facts.missing),
            Self::AlsoMissing => Some(facts.also_missing),
            Self::Findings => Some(facts.findings),
            Self::Topics => Some(facts.whole.topics),
            Self::Obligations => Some(facts.whole.obligations),
            Self::Source
            | Self::Product
            | Self::Organisation
            | Self::Outcome
            | Self::Scenario
            | Self::ScenarioId
            | Self::Fit => None,
        }
    }

    /// The id of what it lists.
    fn member(self, index: usize, rulebook: &Rulebook) -> &str {
        match self {
            Self::PossibleOutcomes => Outcome::DECIDED[index].id(),
            Self::Met | Self::NotMet | Self::ToDiscuss => &rulebook.criteria[index].id,
            Self::Missing | Self::AlsoMissing => &rulebook.questions[index].id,
            Self::Findings => &rulebook.findings[index].id,
            Self::Topics => &rulebook.topics[index].id,
            Self::Obligations => &rulebook.obligations[index].id,
            _ => &rulebook.scenarios[index].id,
        }
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
    let quote = text.contains(['"', ',', ';', '\n', '\r', '\t']) || text.trim() != text;
    let text = guarded(text);
    // Writing to memory does not fail.
    let _ = if quote { write!(out, "\"{}\"", text.replace('"', "\"\"")) } else { write!(out, "{text}") };
}

/// Where one country's spreadsheet cuts at commas another's cuts at semicolons, whatever quotation marks say. Some take
/// full-width signs for the others.
fn guarded(text: &str) -> String {
    let formula = |part: &str| part.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let parts = text.split(';').map(|part| format!("{}{part}", if formula(part) { "'" } else { "" }));
    parts.collect::<Vec<_>>().join(";")
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
            "＝1+1",
            "a; =1+1;b",
        ];
        let mut out = Vec::new();
        row(&mut out, texts);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
        let read = reader.records().next().unwrap().unwrap();
        for (text, cell) in texts.iter().zip(&read) {
            let text = clean(text);
            let guarded = text.trim_start().starts_with(['=', '+', '-', '@', '＝']);
            let text = text.replace("; =", ";' =");
            assert_eq!(cell, if guarded { format!("'{text}") } else { text });
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
