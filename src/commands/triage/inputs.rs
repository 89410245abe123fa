//! Finds the inputs of `triage`: files, folders, patterns and standard input.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow};
use serde::de::IgnoredAny;

use crate::cli::Triage;
use crate::commands::answers_files::{each_once, expand};
use crate::commands::{INVALID, Session};
use crate::files;
use crate::gate::worst;
use crate::intake::json;
use crate::intake::kind::{FileKind, HEAD, file_kind};
use crate::intake::table::text::Encoding;
use crate::triage::{InputFile, InputShape};

/// The inputs that the command line names.
#[derive(Default)]
pub(super) struct Inputs {
    pub(super) inputs: Vec<InputFile>,
    /// Inputs that turned out to be unreadable before they are opened, with the reasons.
    pub(super) refused: BTreeMap<PathBuf, String>,
    /// Files in folders that are not inputs.
    pub(super) left_out: Vec<PathBuf>,
    /// The beginning of standard input, if it was needed to guess the format.
    pub(super) head: Vec<u8>,
    /// The exit code for inputs that do not exist.
    pub(super) code: u8,
}

/// The files to read, in the order they were named.
pub(super) fn inputs(args: &Triage, session: &mut Session<'_>) -> Result<Inputs> {
    let mut all = Inputs::default();
    let input = |path: PathBuf, shape| InputFile { name: files::display_name(&path), path, shape };
    let follow_links = args.links.follow_links;
    let mut skipped_links = Vec::new();
    let named = expand(&args.paths, follow_links, &mut skipped_links);
    // In one folder without links no file is found twice, and thousands need not be looked up.
    let may_repeat = follow_links || named.len() > 1;
    for path in named {
        let path = match path {
            Ok(path) => path,
            Err(unmatched) => {
                session.report_error(&unmatched.reason);
                all.code = worst([all.code, unmatched.exit_code]);
                continue;
            }
        };
        if files::is_folder(&path) {
            let wanted = |path: &Path| {
                let known = InputShape::named(path).is_some() && !is_lock(path);
                if !known {
                    all.left_out.push(path.to_owned());
                }
                // The mapping file and the rules may lie in the same folder.
                known && !session.protected.contains(path)
            };
            let inside = files::find_inside(&path, wanted, follow_links);
            skipped_links.extend(inside.skipped_links);
            // Of one input alone the run says so itself.
            if inside.files.is_empty() && args.paths.len() > 1 {
                session.report_error(&anyhow!("there are no answers in `{}`", path.display()));
                all.code = worst([all.code, INVALID]);
            }
            for (path, reason) in inside.files {
                all.refused.extend(reason.map(|reason| (path.clone(), format!("{reason:#}"))));
                let shape = InputShape::named(&path).unwrap_or(InputShape::Document);
                all.inputs.push(input(path, shape));
            }
            continue;
        }
        let shape = match InputShape::named(&path).or(args.input_format) {
            Some(shape) => Ok(Some(shape)),
            None => sniff(&path, &mut all.head, session),
        };
        match shape {
            Ok(Some(shape)) => all.inputs.push(input(path, shape)),
            Ok(None) => {
                let message = if path == Path::new(files::STANDARD_INPUT) {
                    "it is not known what standard input holds".to_owned()
                } else {
                    format!("the name of `{}` does not say what it is", path.display())
                };
                return Err(session.usage_error(&message, "use --input-format yaml, json, jsonl or csv"));
            }
            Err(error) => all.code = worst([all.code, session.report_error(&error)]),
        }
    }
    session.note_skipped_links(&skipped_links);
    if may_repeat {
        each_once(&mut all.inputs, |input| Some(&input.path), session);
    }
    Ok(all)
}

/// Whether a file that is left out may be an enquiry.
pub(super) fn may_be_enquiry(path: &Path) -> bool {
    const ENDINGS: [&str; 12] = ["zip", "7z", "rar", "gz", "pdf", "doc", "docx", "odt", "rtf", "msg", "eml", "html"];
    let ending = path.extension().unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) && !is_lock(path)
}

/// Whether a file is the lock that a spreadsheet program keeps beside an open workbook.
fn is_lock(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"~$"))
}

/// Guesses the shape of a file from its first bytes. Does not wait for input at a terminal.
fn sniff(path: &Path, head: &mut Vec<u8>, session: &mut Session<'_>) -> Result<Option<InputShape>> {
    if path == Path::new(files::STANDARD_INPUT) {
        if head.is_empty() && !session.io.terminal.stdin {
            session.io.stdin.take(HEAD as u64).read_to_end(head).context("cannot read standard input")?;
        }
        return Ok(shape_of(head));
    }
    if files::refuse_special_file(path).is_err() {
        return Ok(None);
    }
    let mut head = Vec::new();
    let read = files::open(path)?.take(HEAD as u64).read_to_end(&mut head);
    read.with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(shape_of(&head))
}

/// The shape of a file that begins with these bytes, if that is certain. YAML and CSV cannot be told apart.
fn shape_of(head: &[u8]) -> Option<InputShape> {
    match file_kind(head) {
        FileKind::Text(Encoding::Utf8) => {}
        FileKind::Text(_) => return None,
        // Either a workbook, or an error that the reader of workbooks describes best.
        FileKind::Archive | FileKind::Unsupported(..) => return Some(InputShape::Rows),
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if json::starts_array(text) && text[1..].trim_ascii_start().starts_with(b"{") {
        return Some(InputShape::Lines);
    }
    let first = text.split(|byte| *byte == b'\n').next().filter(|line| line.starts_with(b"{"))?;
    match serde_json::from_slice::<IgnoredAny>(first) {
        Ok(_) => Some(InputShape::Lines),
        Err(error) => error.is_eof().then_some(InputShape::Json),
    }
}

/// Opens a file. Standard input can be opened once.
pub(super) fn open<'a, R: Read + Send + 'a>(
    path: &Path,
    stdin: &Mutex<Option<R>>,
) -> Result<Box<dyn Read + Send + 'a>, String> {
    if path == Path::new(files::STANDARD_INPUT) {
        let stdin = stdin.lock().unwrap_or_else(PoisonError::into_inner).take();
        return Ok(Box::new(stdin.ok_or("standard input was read already")?));
    }
    Ok(Box::new(files::open(path).map_err(|error| format!("{error:#}"))?))
}
