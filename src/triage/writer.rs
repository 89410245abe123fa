//! The line of a product, in JSON and in CSV. Pieces of lines are made once, so that a record is little more than copying.

use super::csv_cell::{csv_cell, csv_row};
use super::facts::{Facts, members};
use super::fields::{Field, FieldValue};
use super::label::{Label, RecordName, RecordSource, kept_title};
use super::line::ProductLine;
use super::table::{markdown_head, markdown_row};
use crate::rulebook::Rulebook;
use crate::style::{escaped_json, is_itself_in_json, is_plain_json};

/// How records are written one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Jsonl,
    /// An element of a JSON array, with what separates it from the one before in front.
    Json,
    Csv,
    Markdown,
}

/// Separates the elements of a JSON array; it must not precede the first.
pub const BETWEEN: &[u8] = b",\n";

/// The fields that are columns of a table: the usual ones as far as the rules have them, others if they are asked for.
fn columns(fields: &[Field], rulebook: &Rulebook) -> Vec<Field> {
    let usual = fields.starts_with(&Field::USUAL);
    fields.iter().copied().filter(|field| !usual || field.exists(rulebook)).collect()
}

#[derive(Debug)]
pub struct LineWriter<'r> {
    rulebook: &'r Rulebook,
    json: Columns,
    csv: Columns,
    scenarios: Vec<Option<u8>>,
    /// The headers of the carried columns.
    pub kept: Vec<String>,
}

#[derive(Debug)]
struct Columns {
    columns: Vec<OutputColumn>,
    /// The file of the record before, and its name as written: most records are in the same file.
    file: (String, Vec<u8>),
}

#[derive(Debug)]
struct OutputColumn {
    field: Field,
    /// The ids of all that it can list.
    ids: Vec<String>,
    /// What precedes it.
    lead: String,
    /// The values written so far, by their numbers.
    pieces: Vec<Option<Box<[u8]>>>,
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

    /// What encloses a list. A cell is quoted if a spreadsheet could take the separator of the ids for one of columns.
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
        Self { field, ids: field.ids(rulebook), lead, pieces: Vec::new() }
    }

    fn write(&mut self, out: &mut Vec<u8>, syntax: Syntax, facts: &Facts, scenarios: &[Option<u8>]) {
        let Self { field, ids, lead, pieces } = self;
        let listed = |set: u128| {
            let ids = members(set).map(|index| match syntax {
                Syntax::Json => syntax.id(Some(&ids[index])),
                Syntax::Csv => ids[index].clone(),
            });
            ids.collect::<Vec<_>>().join(syntax.between())
        };
        match field.value(facts) {
            FieldValue::Own => {}
            FieldValue::Few(number) => out.extend_from_slice(piece(pieces, number.into(), || {
                let scenario = facts.scenario.map(usize::from);
                let value = match field {
                    Field::Outcome => syntax.id(Some(facts.outcome().id())),
                    Field::Fit => syntax.id(Some(facts.fit.id())),
                    Field::ScenarioId => syntax.id(scenario.map(|index| ids[index].as_str())),
                    Field::Scenario => {
                        let number = scenario.and_then(|index| scenarios[index]);
                        number.map_or_else(|| syntax.id(None), |number| number.to_string())
                    }
                    _ => {
                        let set = u128::from(number);
                        let (open, close) = syntax.around(set);
                        format!("{open}{}{close}", listed(set))
                    }
                };
                format!("{lead}{value}")
            })),
            FieldValue::Many(set) => {
                let (open, close) = syntax.around(set);
                out.extend_from_slice(lead.as_bytes());
                out.extend_from_slice(open.as_bytes());
                let mut between = "";
                // Eight neighbours of what can be listed are a piece.
                for (index, eight) in set.to_le_bytes().into_iter().enumerate().filter(|(_, eight)| *eight != 0) {
                    out.extend_from_slice(between.as_bytes());
                    between = syntax.between();
                    let number = (index + 1) << 8 | usize::from(eight);
                    out.extend_from_slice(piece(pieces, number, || listed(u128::from(eight) << (8 * index))));
                }
                out.extend_from_slice(close.as_bytes());
            }
        }
    }
}

/// The piece with this number, which is made the first time.
#[inline]
fn piece(pieces: &mut Vec<Option<Box<[u8]>>>, number: usize, make: impl FnOnce() -> String) -> &[u8] {
    if number >= pieces.len() {
        pieces.resize((number + 1).next_multiple_of(1 << 8), None);
    }
    pieces[number].get_or_insert_with(|| make().into_bytes().into())
}

impl Columns {
    fn new(syntax: Syntax, fields: &[Field], rulebook: &Rulebook) -> Self {
        let columns = fields.iter().map(|field| OutputColumn::new(syntax, *field, rulebook)).collect();
        Self { columns, file: (String::new(), Vec::new()) }
    }
}

impl<'r> LineWriter<'r> {
    pub fn new(rulebook: &'r Rulebook, fields: &[Field], kept: &[String]) -> Self {
        Self {
            rulebook,
            json: Columns::new(Syntax::Json, fields, rulebook),
            csv: Columns::new(Syntax::Csv, &columns(fields, rulebook), rulebook),
            scenarios: rulebook.scenarios.iter().map(|scenario| scenario.number).collect(),
            kept: kept.to_vec(),
        }
    }

    /// What precedes the lines.
    pub fn head(&self, form: Form, grouped: bool) -> Vec<u8> {
        let mut out = Vec::new();
        match form {
            Form::Csv => {
                let fields = self.csv.columns.iter().map(|column| column.field.id());
                let ours: Vec<&str> = grouped.then_some("group").into_iter().chain(fields).collect();
                let kept = self.kept.iter().map(|title| kept_title(title, ours.iter().chain(&["error"])));
                let kept: Vec<String> = kept.collect();
                csv_row(&mut out, ours.iter().copied().chain(kept.iter().map(String::as_str)).chain(["error"]));
            }
            Form::Json => out.push(b'['),
            Form::Markdown => out.extend(markdown_head(self.rulebook).into_bytes()),
            Form::Jsonl => {}
        }
        out
    }

    /// Adds a line that was kept, with the group that it is in, if the form has a place for it.
    pub fn line(&mut self, out: &mut Vec<u8>, form: Form, group: Option<&str>, line: &ProductLine) {
        self.write(out, form, group, line.label(), line.result.as_ref().map_err(String::as_str));
    }

    /// Adds a product, or what could not be read.
    #[inline]
    pub(super) fn write(
        &mut self,
        out: &mut Vec<u8>,
        form: Form,
        group: Option<&str>,
        label: Label<'_>,
        result: Result<&Facts, &str>,
    ) {
        match form {
            Form::Jsonl => {
                self.json(out, group, label, result);
                out.push(b'\n');
            }
            Form::Json => {
                out.extend_from_slice(BETWEEN);
                self.json(out, None, label, result);
            }
            Form::Csv => self.csv(out, group, label, result),
            Form::Markdown => {
                let line = ProductLine::new(label, self.kept.len(), result);
                out.extend_from_slice(markdown_row(&line, self.rulebook).as_bytes());
            }
        }
    }

    fn json(&mut self, out: &mut Vec<u8>, group: Option<&str>, label: Label<'_>, result: Result<&Facts, &str>) {
        let start = out.len();
        if let Some(group) = group {
            out.extend_from_slice(b",\"group\":");
            write_json(out, group);
        }
        let Columns { columns, file } = &mut self.json;
        match result {
            Ok(facts) => {
                for column in columns {
                    if !matches!(column.field, Field::Source | Field::Product | Field::Organisation) {
                        column.write(out, Syntax::Json, facts, &self.scenarios);
                        continue;
                    }
                    out.extend_from_slice(column.lead.as_bytes());
                    match column.field {
                        Field::Source => json_source(out, file, label.source),
                        Field::Product => json_name(out, label.product),
                        _ => json_name(out, label.organisation),
                    }
                }
            }
            Err(_) => {
                out.extend_from_slice(b",\"source\":");
                json_source(out, file, label.source);
                for (key, name) in [("product", label.product), ("organisation", label.organisation)] {
                    if name.is_some() {
                        out.extend_from_slice(format!(",\"{key}\":").as_bytes());
                        json_name(out, name);
                    }
                }
            }
        }
        for (index, title) in self.kept.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b",\"kept\":{" } else { b"," });
            write_json(out, title);
            out.push(b':');
            write_json(out, &label.kept.get(index));
        }
        if !self.kept.is_empty() {
            out.push(b'}');
        }
        if let Err(error) = result {
            out.extend_from_slice(b",\"error\":");
            write_json(out, error);
        }
        if let Some(comma) = out.get_mut(start) {
            *comma = b'{';
        }
        out.push(b'}');
    }

    fn csv(&mut self, out: &mut Vec<u8>, group: Option<&str>, label: Label<'_>, result: Result<&Facts, &str>) {
        if let Some(group) = group {
            csv_cell(out, group);
            out.push(b',');
        }
        let Columns { columns, file } = &mut self.csv;
        for column in columns {
            match (column.field, result) {
                (Field::Source, _) => csv_source(out, file, label.source),
                (Field::Product, _) => csv_name(out, label.product),
                (Field::Organisation, _) => csv_name(out, label.organisation),
                (_, Ok(facts)) => column.write(out, Syntax::Csv, facts, &self.scenarios),
                (Field::Outcome, Err(_)) => out.extend_from_slice(b"error"),
                (_, Err(_)) => {}
            }
            out.push(b',');
        }
        for index in 0..self.kept.len() {
            csv_cell(out, &label.kept.get(index));
            out.push(b',');
        }
        csv_cell(out, result.err().unwrap_or_default());
        out.push(b'\n');
    }
}

/// The name of a file as `write` writes it, which runs only if the file is not the one before.
#[inline]
fn file_name<'f>(
    (known, written): &'f mut (String, Vec<u8>),
    name: &str,
    write: impl FnOnce(&mut Vec<u8>),
) -> &'f [u8] {
    if known != name || written.is_empty() {
        name.clone_into(known);
        written.clear();
        write(written);
    }
    written
}

fn json_source(out: &mut Vec<u8>, file: &mut (String, Vec<u8>), source: RecordSource<'_>) {
    let name = file_name(file, source.name, |written| {
        write_json(written, source.name);
        written.pop();
    });
    out.extend_from_slice(name);
    if let Some(line) = source.line {
        out.push(b':');
        out.extend_from_slice(itoa::Buffer::new().format(line).as_bytes());
    }
    out.push(b'"');
}

fn json_name(out: &mut Vec<u8>, name: Option<RecordName<'_>>) {
    match name {
        None => out.extend_from_slice(b"null"),
        Some(RecordName::Json(raw)) => {
            out.push(b'"');
            if is_plain_json(raw) {
                out.extend_from_slice(raw);
            } else {
                out.extend_from_slice(escaped_json(&String::from_utf8_lossy(raw)).as_bytes());
            }
            out.push(b'"');
        }
        Some(RecordName::Plain(name)) => write_json(out, name),
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

fn csv_source(out: &mut Vec<u8>, file: &mut (String, Vec<u8>), source: RecordSource<'_>) {
    let Some(line) = source.line else { return csv_cell(out, source.name) };
    let name = file_name(file, source.name, |written| csv_cell(written, &format!("{}:", source.name)));
    // What follows the colon changes nothing before it.
    let (name, mark) = name.strip_suffix(b"\"").map_or((name, None), |name| (name, Some(b'"')));
    out.extend_from_slice(name);
    out.extend_from_slice(itoa::Buffer::new().format(line).as_bytes());
    out.extend(mark);
}

fn csv_name(out: &mut Vec<u8>, name: Option<RecordName<'_>>) {
    csv_cell(out, &name.map(RecordName::text).unwrap_or_default());
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

    #[test]
    fn a_place_in_a_file_is_a_cell_like_any_other() {
        let mut file = (String::new(), Vec::new());
        for name in ["a.csv", "a b, c.xlsx", "=1+1", "\"q\"", " a", "a:", "a;=b", "\u{1b}[1m", "::error", "##[x"] {
            for line in [1, 20] {
                let (mut found, mut expected) = (Vec::new(), Vec::new());
                csv_source(&mut found, &mut file, RecordSource { name, line: Some(line) });
                csv_cell(&mut expected, &format!("{name}:{line}"));
                assert_eq!(String::from_utf8(found), String::from_utf8(expected), "{name}");
            }
        }
    }
}
