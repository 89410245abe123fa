//! Text as a cell of CSV.

use std::io::Write as _;

use crate::style::clean;

pub(super) fn csv_row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = &'a str>) {
    for (index, text) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        csv_cell(out, text);
    }
    out.push(b'\n');
}

/// Whether a text is certainly a cell as it is.
fn is_plain_cell(text: &str) -> bool {
    let plain =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'.' | b'/' | b'-' | b'(' | b')');
    let bytes = text.as_bytes();
    bytes.iter().all(plain)
        && bytes.first().is_none_or(|first| first.is_ascii_alphanumeric() || matches!(first, b'/' | b'.' | b'_'))
        && bytes.last() != Some(&b' ')
}

/// Whether a text is a number in digits, with or without a minus.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && digits.parse::<f64>().is_ok()
}

/// One cell, cleaned as for a terminal, where people look at CSV too. Text that a spreadsheet would take for a formula
/// gets an apostrophe in front.
pub(super) fn csv_cell(out: &mut Vec<u8>, text: &str) {
    if is_plain_cell(text) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let text = &*clean(text);
    let quote = text.contains(['"', ',', ';', '\n', '\r', '\t']) || text.trim() != text;
    // Where one country's spreadsheet cuts at commas another's cuts at semicolons, whatever quotation marks say. Some
    // take full-width signs for the others.
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let formula = |part: &str| part.trim_start().starts_with(signs) && !is_number(part.trim());
    let parts = text.split(';').map(|part| format!("{}{part}", if formula(part) { "'" } else { "" }));
    let text = parts.collect::<Vec<_>>().join(";");
    // Writing to memory does not fail.
    let _ = if quote { write!(out, "\"{}\"", text.replace('"', "\"\"")) } else { write!(out, "{text}") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cleaned_and_guarded_against_formulas_and_all_come_back() {
        let texts = [
            "plain",
            "A b_c.d/e-f (g)",
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
            "a ",
            "é;医",
            "＝1+1",
            "a; =1+1;b",
            "../x",
            "-5",
            "-0.25",
            "-5+1",
            "--5",
            "-",
        ];
        let mut out = Vec::new();
        csv_row(&mut out, texts);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
        let read = reader.records().next().unwrap().unwrap();
        for (text, cell) in texts.iter().zip(&read) {
            let text = clean(text);
            let guarded = text.trim_start().starts_with(['=', '+', '-', '@', '＝']) && text.parse::<f64>().is_err();
            let text = text.replace("; =", ";' =");
            assert_eq!(cell, if guarded { format!("'{text}") } else { text });
        }
        assert_eq!(read.len(), texts.len());
    }
}
