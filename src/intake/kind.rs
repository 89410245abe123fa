//! Recognises what kind of file something is by its first bytes, whatever its name.

use super::table::Mapping;
use super::table::text::Encoding;
use crate::outcome::Outcome;
use crate::problem::{Code, Problem};
use crate::yaml::{self, Content, Node};

/// How many bytes of a file are looked at.
pub const HEAD: usize = 64 << 10;
/// The most bytes in which zeros are counted to recognise UTF-16.
const UTF16_SAMPLE: usize = 4096;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Text in this encoding, as far as that is certain. Windows-1252 passes for UTF-8.
    Text(Encoding),
    /// A ZIP archive, which may be a workbook.
    Archive,
    /// A kind of file that is not read, with what to do instead.
    Unsupported(&'static str, &'static str),
}

pub const SAVE_AS_XLSX: &str = "open it in a spreadsheet and save it as XLSX or CSV";
const NAME_ANOTHER: &str = "name the file that holds the answers";
const SAVE_AGAIN: &str = "save answers as plain text in UTF-8, and a table as XLSX or CSV";
const COPY: &str = "copy the answers into a plain text file, such as `init` writes, or a table into a spreadsheet";
const AS_UTF_8: &str = "save it again as UTF-8";
/// A Word document, and what to do with it.
pub const WORD_DOCUMENT: (&str, &str) = ("a Word document", SAVE_AGAIN);

/// The signatures of files that are not text, each with its kind and what to do.
const SIGNATURES: [(&[u8], &str, &str); 13] = [
    (b"%PDF", "a PDF", COPY),
    (b"{\\rtf", "a Rich Text document", SAVE_AGAIN),
    (b"\xff\xfe\0\0", "UTF-32", AS_UTF_8),
    (b"\0\0\xfe\xff", "UTF-32", AS_UTF_8),
    (b"\x1f\x8b", "a compressed file (gzip)", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x89PNG", "a picture (PNG)", NAME_ANOTHER),
    (b"\xff\xd8\xff", "a picture (JPEG)", NAME_ANOTHER),
    (b"GIF8", "a picture (GIF)", NAME_ANOTHER),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
    (b"\x7fELF", "a program", NAME_ANOTHER),
    (b"PAR1", "a Parquet file", "export the table as CSV"),
];

/// What web pages and copies from them begin with.
const WEB_PAGES: [&str; 9] = ["<!doctype html", "<!--", "<html", "<head", "<meta", "<body", "<table", "<div", "<p>"];

pub fn file_kind(head: &[u8]) -> FileKind {
    let contains = |text: &[u8]| memchr::memmem::find(head, text).is_some();
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return if contains(b"word/") {
            FileKind::Unsupported(WORD_DOCUMENT.0, WORD_DOCUMENT.1)
        } else if contains(b"opendocument.text") {
            FileKind::Unsupported("an OpenDocument text", SAVE_AGAIN)
        } else {
            FileKind::Archive
        };
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        // Whether it has a part of this name in its directory of parts.
        let has = |part: &str| contains(&part.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
        return if has("EncryptedPackage") {
            FileKind::Unsupported("a workbook protected by a password", "remove the password, or save it as CSV")
        } else if has("WordDocument") {
            FileKind::Unsupported(WORD_DOCUMENT.0, WORD_DOCUMENT.1)
        } else {
            FileKind::Unsupported("a file of an old Office program, such as a workbook (.xls)", SAVE_AS_XLSX)
        };
    }
    if let Some((_, what, hint)) = SIGNATURES.iter().find(|(signature, ..)| head.starts_with(signature)) {
        return FileKind::Unsupported(what, hint);
    }
    let start = head.trim_ascii_start();
    let begins_with =
        |tag: &&str| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
    if WEB_PAGES.iter().any(begins_with) {
        return FileKind::Unsupported("a web page (HTML)", SAVE_AGAIN);
    }
    if begins_with(&"<?xml") {
        let is_sheet = contains(b"urn:schemas-microsoft-com:office:spreadsheet") || contains(b"opendocument");
        return FileKind::Unsupported(if is_sheet { "a spreadsheet in XML" } else { "XML" }, SAVE_AS_XLSX);
    }
    encoding(head)
        .map_or(FileKind::Unsupported("neither text nor a kind of file that can be read", SAVE_AGAIN), FileKind::Text)
}

/// Why a file cannot hold the answers about one product, if its kind rules that out.
pub fn not_answers_problem(bytes: &[u8]) -> Option<Problem> {
    let (what, hint) = match file_kind(bytes) {
        FileKind::Text(Encoding::Utf16Le | Encoding::Utf16Be) => ("UTF-16", AS_UTF_8),
        FileKind::Text(_) => return None,
        FileKind::Archive => {
            ("an archive or a workbook", "if it is a workbook, give it a name that ends in .xlsx, and use `triage`")
        }
        FileKind::Unsupported(what, hint) => (what, hint),
    };
    Some(unsupported(what, hint))
}

/// The problem with a record that turns out to be another file of this program: a mapping file, or a result.
pub fn own_file_problem(bytes: &[u8]) -> Option<Problem> {
    let (document, _) = yaml::parse("", bytes);
    let root = document.as_ref()?.root();
    if Mapping::is_mapping_file(root) {
        let hint = "give it with --mapping, and keep other mapping files out of the folder";
        return Some(unsupported("a mapping file, which holds no answers", hint));
    }
    let has = |keys: [&str; 2]| keys.iter().all(|key| root.get(key).is_some());
    let has_answers = root.get("answers").is_some_and(|answers| matches!(answers.content(), Content::Mapping(_)));
    let has_outcome = root.get("outcome").and_then(Node::text).and_then(Outcome::named).is_some();
    (!has_answers && (has_outcome || has(["source", "error"]) || has(["group", "products"]))).then(result_problem)
}

pub fn result_problem() -> Problem {
    unsupported("a result of `check` or `triage`", "keep results in another folder than answers")
}

pub fn unsupported(what: &str, hint: &str) -> Problem {
    Problem::anywhere(Code::Unsupported, format!("this is {what}")).hint(hint)
}

/// The encoding of a text with this beginning. `None` if it is not text.
fn encoding(head: &[u8]) -> Option<Encoding> {
    if head.starts_with(b"\xff\xfe") {
        return Some(Encoding::Utf16Le);
    }
    if head.starts_with(b"\xfe\xff") {
        return Some(Encoding::Utf16Be);
    }
    // In UTF-16, most characters of our texts have a high byte of zero.
    let sample = &head[..head.len().min(UTF16_SAMPLE) & !1];
    let zeros = |first: usize| sample.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, 0) if memchr::memchr(0, head).is_none() => Some(Encoding::Utf8),
        (0, odd) if odd > sample.len() / 4 => Some(Encoding::Utf16Le),
        (even, 0) if even > sample.len() / 4 => Some(Encoding::Utf16Be),
        _ => None,
    }
}
