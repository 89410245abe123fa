//! What a file is, told by its first bytes before its name.

use super::table::Mapping;
use super::table::text::Encoding;
use crate::outcome::Outcome;
use crate::problem::{Code, Problem};
use crate::yaml::{self, Content, Node};

/// How much of a file is looked at.
pub const HEAD: usize = 64 << 10;
/// The most bytes in which zeros tell the high byte of a character from the low one.
const LETTERS: usize = 4096;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Text, with how it is encoded, as far as that is certain.
    Text(Encoding),
    /// An archive: a workbook, or something else that is made so.
    Archive,
    /// Something that is not read, with what to do about it.
    Foreign(&'static str, &'static str),
}

const SAVE: &str = "open it in a spreadsheet and save it as XLSX or CSV";
const OTHER: &str = "name the file that holds the answers";

/// How files begin that are no text.
const BEGINNINGS: [(&[u8], &str, &str); 11] = [
    (b"%PDF", "a PDF", OTHER),
    (b"{\\rtf", "a Rich Text document", OTHER),
    (b"\x1f\x8b", "a compressed file (gzip)", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x89PNG", "a picture (PNG)", OTHER),
    (b"\xff\xd8\xff", "a picture (JPEG)", OTHER),
    (b"GIF8", "a picture (GIF)", OTHER),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"\x7fELF", "a program", OTHER),
    (b"PAR1", "a Parquet file", "export the table as CSV"),
];

/// What a file is that begins so.
pub fn kind(head: &[u8]) -> FileKind {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let is_word = memchr::memmem::find(head, b"word/").is_some();
        return if is_word { FileKind::Foreign("a Word document", OTHER) } else { FileKind::Archive };
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // The name of the part that holds an encrypted workbook, as it stands in the list of parts.
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        return if memchr::memmem::find(head, &name).is_some() {
            FileKind::Foreign("a workbook protected by a password", "take the password off, or save it as CSV")
        } else {
            FileKind::Foreign("a file of an old Office program, such as a workbook (.xls)", SAVE)
        };
    }
    if let Some((_, what, hint)) = BEGINNINGS.iter().find(|(beginning, ..)| head.starts_with(beginning)) {
        return FileKind::Foreign(what, hint);
    }
    let start = head.trim_ascii_start();
    let begins = |words: &[u8]| start.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
    let named = |words: &[u8]| memchr::memmem::find(head, words).is_some();
    if [b"<!doctype html".as_slice(), b"<html", b"<table", b"<head", b"<meta"].iter().any(|words| begins(words)) {
        return FileKind::Foreign("a web page (HTML)", SAVE);
    }
    if begins(b"<?xml") {
        let sheet = named(b"urn:schemas-microsoft-com:office:spreadsheet") || named(b"opendocument");
        return FileKind::Foreign(if sheet { "a spreadsheet in XML" } else { "XML" }, SAVE);
    }
    encoding(head).map_or(FileKind::Foreign("no text, and nothing that is known here", OTHER), FileKind::Text)
}

/// What keeps a file from being answers about one product, if it is no text that is read so.
pub fn no_answers(bytes: &[u8]) -> Option<Problem> {
    let (what, hint) = match kind(bytes) {
        FileKind::Text(Encoding::Utf16Le | Encoding::Utf16Be) => ("UTF-16", "save it again as UTF-8"),
        FileKind::Text(_) => return None,
        FileKind::Archive => {
            ("an archive or a workbook", "give its name the ending of what it is, such as .xlsx, and say `triage`")
        }
        FileKind::Foreign(what, hint) => (what, hint),
    };
    Some(foreign(what, hint))
}

/// What a record without answers is that this program wrote, or reads as something else.
pub fn of_ours(bytes: &[u8]) -> Option<Problem> {
    let (document, _) = yaml::parse("", bytes);
    let root = document.as_ref()?.root();
    if Mapping::is_one(root) {
        let hint = "give it with --mapping; in a folder that is triaged, any other mapping file is in the way";
        return Some(foreign("a mapping file, and holds no answers", hint));
    }
    let has = |keys: [&str; 2]| keys.iter().all(|key| root.get(key).is_some());
    let has_answers = root.get("answers").is_some_and(|answers| matches!(answers.content(), Content::Mapping(_)));
    let has_outcome = root.get("outcome").and_then(Node::text).and_then(Outcome::named).is_some();
    (!has_answers && (has_outcome || has(["source", "error"]) || has(["group", "products"]))).then(result)
}

/// A file that this program wrote.
pub fn result() -> Problem {
    foreign("a result of `check` or `triage`", "keep results in another folder than answers")
}

/// A file that is something else.
pub fn foreign(what: &str, hint: &str) -> Problem {
    Problem::anywhere(Code::Unsupported, format!("this is {what}")).hint(hint)
}

/// How a text is encoded that begins so. `None` if it is no text.
fn encoding(head: &[u8]) -> Option<Encoding> {
    match head {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let some = &head[..head.len().min(LETTERS) & !1];
    let zeros = |side: usize| some.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match (even, odd) {
        (0, 0) if memchr::memchr(0, head).is_none() => Some(Encoding::Utf8),
        (0, odd) if odd > some.len() / 4 => Some(Encoding::Utf16Le),
        (even, 0) if even > some.len() / 4 => Some(Encoding::Utf16Be),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_bytes() {
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
            assert_eq!(encoding(&head), expected, "{head:?}");
        }
        for (head, what) in [("<!DOCTYPE HTML><p>", "HTML"), (" \n<table><tr>", "HTML"), ("%PDF-1.7", "PDF")] {
            assert!(matches!(kind(head.as_bytes()), FileKind::Foreign(found, _) if found.contains(what)), "{head}");
        }
        assert_eq!(kind(b"<script> is a product,x"), FileKind::Text(Encoding::Utf8));
    }
}
