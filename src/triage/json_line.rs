//! The line of a product in JSON.

use serde_json::json;

use super::facts::Facts;
use super::fields::{Column, Field, File, Said, Source, Value, Writer};
use super::read::{Kept, Name, Who};
use crate::style::{escaped_json, is_itself_in_json, is_plain_json};

/// One object, without a line break.
pub(super) fn record(
    out: &mut Vec<u8>,
    writer: &mut Writer,
    source: Source<'_>,
    who: Who<'_>,
    result: Result<&Facts, &str>,
) {
    let facts = match result {
        Ok(facts) => facts,
        Err(error) => return unread(out, writer, source, who, error),
    };
    let start = out.len();
    for Column { field, ids, key, json, .. } in &mut writer.columns {
        match (field.said(facts), *field) {
            (Said::Few(number), field) => out.extend_from_slice(json.few(number, || {
                let value = match Value::of(field, ids, &writer.numbers, facts) {
                    Value::Id(id) => json!(id),
                    Value::Number(number) => json!(number),
                    Value::Ids(ids) => json!(ids),
                };
                format!("{key}{value}")
            })),
            (Said::Many(set), _) => {
                out.extend_from_slice(key.as_bytes());
                out.push(b'[');
                let quoted = |index: usize| format!("\"{}\"", ids[index]);
                let ids = |members: &mut dyn Iterator<Item = usize>| members.map(quoted).collect::<Vec<_>>().join(",");
                json.many(set, ids, |piece, is_first| {
                    if !is_first {
                        out.push(b',');
                    }
                    out.extend_from_slice(piece);
                });
                out.push(b']');
            }
            (Said::Own, field) => {
                out.extend_from_slice(key.as_bytes());
                match field {
                    Field::Source => write_source(out, &mut writer.json_file, source),
                    Field::Product => write_name(out, who.product),
                    _ => write_name(out, who.organisation),
                }
            }
        }
    }
    kept(out, &writer.kept, who.kept);
    if let Some(comma) = out.get_mut(start) {
        *comma = b'{';
    }
    out.push(b'}');
}

/// An object for a record that cannot be read.
fn unread(out: &mut Vec<u8>, writer: &mut Writer, source: Source<'_>, who: Who<'_>, error: &str) {
    out.extend_from_slice(b"{\"source\":");
    write_source(out, &mut writer.json_file, source);
    let known: [(&[u8], _); 2] = [(b",\"product\":", who.product), (b",\"organisation\":", who.organisation)];
    for (key, name) in known.into_iter().filter(|(_, name)| name.is_some()) {
        out.extend_from_slice(key);
        write_name(out, name);
    }
    kept(out, &writer.kept, who.kept);
    out.extend_from_slice(b",\"error\":");
    write_json(out, error);
    out.push(b'}');
}

/// The cells that are carried along, in an object of their own.
fn kept(out: &mut Vec<u8>, titles: &[String], kept: Kept<'_>) {
    for (index, title) in titles.iter().enumerate() {
        out.extend_from_slice(if index == 0 { b",\"kept\":{" } else { b"," });
        write_json(out, title);
        out.push(b':');
        write_json(out, &kept.get(index));
    }
    if !titles.is_empty() {
        out.push(b'}');
    }
}

fn write_name(out: &mut Vec<u8>, name: Option<Name<'_>>) {
    match name {
        None => out.extend_from_slice(b"null"),
        Some(Name::Json(raw)) => {
            out.push(b'"');
            if is_plain_json(raw) {
                out.extend_from_slice(raw);
            } else {
                out.extend_from_slice(escaped_json(&String::from_utf8_lossy(raw)).as_bytes());
            }
            out.push(b'"');
        }
        Some(Name::Plain(name)) => write_json(out, name),
    }
}

fn write_source(out: &mut Vec<u8>, file: &mut File, source: Source<'_>) {
    let name = file.written(source.name, |written| {
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
