//! The line of a product in CSV.

use std::io::Write as _;

use super::facts::Facts;
use super::fields::{Column, Field, File, Said, Source, Value, Writer};
use super::read::{Name, Who};
use crate::style::clean;

/// What stands between several values in a cell.
const BETWEEN: &str = "; ";

/// The header.
pub(super) fn header(out: &mut Vec<u8>, fields: &[Field], kept: &[String], grouped: bool) {
    let group = grouped.then_some("group");
    let fields = fields.iter().map(|field| field.id());
    row(out, group.into_iter().chain(fields).chain(kept.iter().map(String::as_str)).chain(["error"]));
}

/// One row for a product, or for what could not be read.
pub(super) fn record(
    out: &mut Vec<u8>,
    writer: &mut Writer,
    group: Option<&str>,
    source: Source<'_>,
    who: Who<'_>,
    result: Result<&Facts, &str>,
) {
    if let Some(group) = group {
        cell(out, group);
        out.push(b',');
    }
    for Column { field, ids, csv, .. } in &mut writer.columns {
        match (*field, result) {
            (Field::Source, _) => write_source(out, &mut writer.csv_file, source),
            (Field::Product, _) => write_name(out, who.product),
            (Field::Organisation, _) => write_name(out, who.organisation),
            (field, Ok(facts)) => match field.said(facts) {
                Said::Own => {}
                Said::Few(number) => out.extend_from_slice(csv.few(number, || {
                    match Value::of(field, ids, &writer.numbers, facts) {
                        Value::Id(id) => id.unwrap_or_default().to_owned(),
                        Value::Number(number) => number.map(|number| number.to_string()).unwrap_or_default(),
                        // Quoted where a spreadsheet could take what joins them for a separator.
                        Value::Ids(ids) if ids.len() > 1 => format!("\"{}\"", ids.join(BETWEEN)),
                        Value::Ids(ids) => ids.concat(),
                    }
                })),
                Said::Many(set) => {
                    let mark: &[u8] = if set.count_ones() > 1 { b"\"" } else { b"" };
                    out.extend_from_slice(mark);
                    let id = |index: usize| ids[index].as_str();
                    let ids =
                        |members: &mut dyn Iterator<Item = usize>| members.map(id).collect::<Vec<_>>().join(BETWEEN);
                    csv.many(set, ids, |piece, is_first| {
                        out.extend_from_slice(if is_first { b"" } else { BETWEEN.as_bytes() });
                        out.extend_from_slice(piece);
                    });
                    out.extend_from_slice(mark);
                }
            },
            (Field::Outcome, Err(_)) => out.extend_from_slice(b"error"),
            (_, Err(_)) => {}
        }
        out.push(b',');
    }
    for index in 0..writer.kept.len() {
        cell(out, &who.kept.get(index));
        out.push(b',');
    }
    cell(out, result.err().unwrap_or_default());
    out.push(b'\n');
}

fn write_name(out: &mut Vec<u8>, name: Option<Name<'_>>) {
    cell(out, &name.map(Name::text).unwrap_or_default());
}

fn write_source(out: &mut Vec<u8>, file: &mut File, source: Source<'_>) {
    let Some(line) = source.line else { return cell(out, source.name) };
    let name = file.written(source.name, |written| cell(written, &format!("{}:", source.name)));
    // What comes behind the colon changes nothing before it.
    let (name, mark) = name.strip_suffix(b"\"").map_or((name, None), |name| (name, Some(b'"')));
    out.extend_from_slice(name);
    out.extend_from_slice(itoa::Buffer::new().format(line).as_bytes());
    out.extend(mark);
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
    fn a_place_in_a_file_is_a_cell_like_any_other() {
        let mut file = File::default();
        for name in ["a.csv", "a b, c.xlsx", "=1+1", "\"q\"", " a", "a:", "a;=b", "\u{1b}[1m", "::error", "##[x"] {
            for line in [1, 20] {
                let (mut found, mut expected) = (Vec::new(), Vec::new());
                write_source(&mut found, &mut file, Source { name, line: Some(line) });
                cell(&mut expected, &format!("{name}:{line}"));
                assert_eq!(String::from_utf8(found), String::from_utf8(expected), "{name}");
            }
        }
    }
}
