//! The line of a product in JSON.

use super::facts::{Facts, members};
use super::fields::{Column, Field, Source, Writer};
use super::read::{Kept, Name, Who};
use crate::style::{escaped_json, is_itself_in_json, is_plain_json};

/// One object, without a line break.
pub(super) fn record(out: &mut Vec<u8>, writer: &Writer, source: Source<'_>, who: Who<'_>, facts: &Facts) {
    for (index, column) in writer.columns.iter().enumerate() {
        out.push(if index == 0 { b'{' } else { b',' });
        word(out, column.field.id());
        out.push(b':');
        value(out, writer, column, source, who, facts);
    }
    kept(out, writer, who.kept);
    out.push(b'}');
}

fn value(out: &mut Vec<u8>, writer: &Writer, column: &Column, source: Source<'_>, who: Who<'_>, facts: &Facts) {
    let scenario = facts.scenario.map(usize::from);
    match column.field {
        Field::Source => write_source(out, source),
        Field::Product => write_name(out, who.product),
        Field::Organisation => write_name(out, who.organisation),
        Field::Outcome => word(out, facts.outcome().id()),
        Field::Fit => word(out, facts.fit.id()),
        Field::Scenario => match scenario.and_then(|index| writer.numbers[index]) {
            Some(number) => out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
            None => out.extend_from_slice(b"null"),
        },
        Field::ScenarioId => match scenario.and_then(|index| column.ids.get(index)) {
            Some(id) => word(out, id),
            None => out.extend_from_slice(b"null"),
        },
        field => {
            out.push(b'[');
            for (index, member) in members(field.set(facts)).enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                word(out, &column.ids[member]);
            }
            out.push(b']');
        }
    }
}

/// An object for a record that cannot be read.
pub(super) fn error(out: &mut Vec<u8>, writer: &Writer, source: Source<'_>, who: Who<'_>, error: &str) {
    out.extend_from_slice(b"{\"source\":");
    write_source(out, source);
    let known = [("product", who.product), ("organisation", who.organisation)];
    for (key, name) in known.into_iter().filter(|(_, name)| name.is_some()) {
        out.extend_from_slice(format!(",\"{key}\":").as_bytes());
        write_name(out, name);
    }
    kept(out, writer, who.kept);
    out.extend_from_slice(b",\"error\":");
    write_json(out, error);
    out.push(b'}');
}

/// The cells that are carried along, in an object of their own.
fn kept(out: &mut Vec<u8>, writer: &Writer, kept: Kept<'_>) {
    for (index, title) in writer.kept.iter().enumerate() {
        out.extend_from_slice(if index == 0 { b",\"kept\":{" } else { b"," });
        write_json(out, title);
        out.push(b':');
        write_json(out, &kept.get(index));
    }
    if !writer.kept.is_empty() {
        out.push(b'}');
    }
}

/// An id, which stands for itself in JSON.
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

fn write_source(out: &mut Vec<u8>, source: Source<'_>) {
    write_json(out, source.name);
    if let Some(line) = source.line {
        out.pop();
        out.push(b':');
        out.extend_from_slice(itoa::Buffer::new().format(line).as_bytes());
        out.push(b'"');
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

    fn json(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        write_json(&mut out, text);
        out
    }

    #[test]
    fn text_is_written_as_the_library_writes_it() {
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
