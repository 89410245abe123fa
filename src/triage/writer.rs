//! The line of a product, in JSON and in CSV.

use super::csv_cell::{csv_cell, csv_row};
use super::facts::{Facts, members};
use super::fields::Field;
use super::line::ProductLine;
use super::table::markdown_row;
use crate::rulebook::Rulebook;
use crate::style::{escaped_json, is_itself_in_json};

/// How products are written one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line of JSON.
    Jsonl,
    /// An element of a JSON array, with what separates it from the one before in front.
    Json,
    /// A row of CSV.
    Csv,
    /// A row of a table in Markdown.
    Markdown,
}

/// The head of a table in Markdown.
const MARKDOWN_HEAD: &str = "| Product | Outcome | Scenario | What stands in the way | Fit |\n|---|---|---|---|---|\n";

/// What stands between two elements of a JSON array, and must not stand before the first.
pub const BETWEEN: &[u8] = b",\n";

/// What stands in front of the lines.
pub fn head(form: Form, fields: &[Field], kept: &[String], grouped: bool) -> Vec<u8> {
    let mut out = Vec::new();
    match form {
        Form::Csv => {
            let group = grouped.then_some("group");
            let fields = fields.iter().map(|field| field.id());
            let ours: Vec<&str> = group.into_iter().chain(fields).collect();
            let kept: Vec<String> = kept.iter().map(|title| kept_title(title, ours.iter().chain(&["error"]))).collect();
            csv_row(&mut out, ours.iter().copied().chain(kept.iter().map(String::as_str)).chain(["error"]));
        }
        Form::Markdown => out.extend_from_slice(MARKDOWN_HEAD.as_bytes()),
        Form::Json => out.push(b'['),
        Form::Jsonl => {}
    }
    out
}

/// What a column that is carried along is called beside ours: of two columns of one name nobody knows which is which.
pub(super) fn kept_title<'o>(title: &str, mut ours: impl Iterator<Item = &'o &'o str>) -> String {
    let is_taken = ours.any(|own| own.eq_ignore_ascii_case(title.trim()));
    if is_taken { format!("{} (kept)", title.trim()) } else { title.to_owned() }
}

/// What lines are written with.
#[derive(Debug)]
pub struct LineWriter<'r> {
    rulebook: &'r Rulebook,
    json: Vec<OutputColumn>,
    csv: Vec<OutputColumn>,
    /// The numbers of the scenarios.
    scenarios: Vec<Option<u8>>,
    /// The columns that are carried along.
    kept: Vec<String>,
}

/// A field to write.
#[derive(Debug)]
struct OutputColumn {
    field: Field,
    /// The ids of all that it can list, as they are written.
    ids: Vec<String>,
    /// What is written in front of it.
    lead: String,
}

#[derive(Clone, Copy, Debug)]
enum Syntax {
    Json,
    Csv,
}

impl Syntax {
    fn id(self, id: Option<&str>) -> String {
        match (self, id) {
            (Self::Json, Some(id)) => format!("\"{id}\""),
            (Self::Json, None) => "null".to_owned(),
            (Self::Csv, id) => id.unwrap_or_default().to_owned(),
        }
    }

    fn between(self) -> &'static str {
        match self {
            Self::Json => ",",
            Self::Csv => "; ",
        }
    }

    /// What stands around a list. A cell is quoted where a spreadsheet could take what joins ids for a separator.
    fn around(self, set: u128) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("[", "]"),
            Self::Csv if set.count_ones() > 1 => ("\"", "\""),
            Self::Csv => ("", ""),
        }
    }
}

impl OutputColumn {
    fn new(syntax: Syntax, field: Field, rulebook: &Rulebook) -> Self {
        let lead = match syntax {
            Syntax::Json => format!(",\"{}\":", field.id()),
            Syntax::Csv => String::new(),
        };
        let ids = field.ids(rulebook).iter().map(|id| syntax.id(Some(id))).collect();
        Self { field, ids, lead }
    }

    /// Writes what the field says of a product.
    fn write(&self, out: &mut Vec<u8>, syntax: Syntax, facts: &Facts, scenarios: &[Option<u8>]) {
        let Self { field, ids, lead } = self;
        let scenario = facts.scenario.map(usize::from);
        out.extend_from_slice(lead.as_bytes());
        if let Some(set) = field.set(facts) {
            let (open, close) = syntax.around(set);
            out.extend_from_slice(open.as_bytes());
            for (count, index) in members(set).enumerate() {
                out.extend_from_slice(if count > 0 { syntax.between().as_bytes() } else { b"" });
                out.extend_from_slice(ids[index].as_bytes());
            }
            out.extend_from_slice(close.as_bytes());
            return;
        }
        let value = match field {
            Field::Outcome => syntax.id(Some(facts.outcome().id())),
            Field::Fit => syntax.id(Some(facts.fit.id())),
            Field::ScenarioId => scenario.map_or_else(|| syntax.id(None), |index| ids[index].clone()),
            Field::Scenario => {
                let number = scenario.and_then(|index| scenarios[index]);
                number.map_or_else(|| syntax.id(None), |number| number.to_string())
            }
            _ => String::new(),
        };
        out.extend_from_slice(value.as_bytes());
    }
}

impl<'r> LineWriter<'r> {
    /// A writer of these fields, and of columns that are carried along.
    pub fn new(rulebook: &'r Rulebook, fields: &[Field], kept: &[String]) -> Self {
        let columns = |syntax| fields.iter().map(|field| OutputColumn::new(syntax, *field, rulebook)).collect();
        Self {
            rulebook,
            json: columns(Syntax::Json),
            csv: columns(Syntax::Csv),
            scenarios: rulebook.scenarios.iter().map(|scenario| scenario.number).collect(),
            kept: kept.to_vec(),
        }
    }

    /// The line as it stands among others.
    pub fn write(&mut self, out: &mut Vec<u8>, form: Form, line: &ProductLine) {
        match form {
            Form::Jsonl => {
                self.json(out, line);
                out.push(b'\n');
            }
            Form::Json => {
                out.extend_from_slice(BETWEEN);
                self.json(out, line);
            }
            Form::Csv => self.csv(out, None, line),
            Form::Markdown => out.extend_from_slice(markdown_row(line, self.rulebook).as_bytes()),
        }
    }

    /// The line as a JSON object.
    pub fn json(&mut self, out: &mut Vec<u8>, line: &ProductLine) {
        let start = out.len();
        match &line.result {
            Ok(facts) => {
                for column in &self.json {
                    let name = match column.field {
                        Field::Source => Some(line.source.as_str()),
                        Field::Product => line.product.as_deref(),
                        Field::Organisation => line.organisation.as_deref(),
                        _ => {
                            column.write(out, Syntax::Json, facts, &self.scenarios);
                            continue;
                        }
                    };
                    out.extend_from_slice(column.lead.as_bytes());
                    match name {
                        Some(name) => write_json(out, name),
                        None => out.extend_from_slice(b"null"),
                    }
                }
            }
            Err(_) => {
                let names = [("source", Some(&line.source)), ("product", line.product.as_ref())];
                for (key, name) in names.into_iter().chain([("organisation", line.organisation.as_ref())]) {
                    if let Some(name) = name {
                        out.extend_from_slice(format!(",\"{key}\":").as_bytes());
                        write_json(out, name);
                    }
                }
            }
        }
        for (index, (title, cell)) in self.kept.iter().zip(&line.kept).enumerate() {
            out.extend_from_slice(if index == 0 { b",\"kept\":{" } else { b"," });
            write_json(out, title);
            out.push(b':');
            write_json(out, cell);
        }
        if !self.kept.is_empty() {
            out.push(b'}');
        }
        if let Err(error) = &line.result {
            out.extend_from_slice(b",\"error\":");
            write_json(out, error);
        }
        if let Some(comma) = out.get_mut(start) {
            *comma = b'{';
        }
        out.push(b'}');
    }

    /// The line as a row of CSV, with the group that it is in in front.
    pub fn csv(&mut self, out: &mut Vec<u8>, group: Option<&str>, line: &ProductLine) {
        if let Some(group) = group {
            csv_cell(out, group);
            out.push(b',');
        }
        for column in &self.csv {
            match (column.field, &line.result) {
                (Field::Source, _) => csv_cell(out, &line.source),
                (Field::Product, _) => csv_cell(out, line.product.as_deref().unwrap_or_default()),
                (Field::Organisation, _) => csv_cell(out, line.organisation.as_deref().unwrap_or_default()),
                (_, Ok(facts)) => column.write(out, Syntax::Csv, facts, &self.scenarios),
                (Field::Outcome, Err(_)) => out.extend_from_slice(b"error"),
                (_, Err(_)) => {}
            }
            out.push(b',');
        }
        for cell in &line.kept {
            csv_cell(out, cell);
            out.push(b',');
        }
        csv_cell(out, line.result.as_ref().err().map_or("", String::as_str));
        out.push(b'\n');
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_be_shown_is_escaped_in_json_and_comes_back() {
        for text in ["", "a\"b\\c", "a\u{1}\n", "é 医 #", "\u{7f}\u{202e}\u{e0041}x", "##[error]x", "\r\n::error::x"]
        {
            let mut out = Vec::new();
            write_json(&mut out, text);
            let written = String::from_utf8(out).unwrap();
            assert!(!written.contains(crate::style::is_unsafe) && !written.contains("##["), "{written}");
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
