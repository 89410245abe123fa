//! Finds the answers files that a command line names, and rejects files that are something else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Error, Result, anyhow};

use super::{COULD_NOT_RUN, INVALID, Session};
use crate::answers::{self, Answers};
use crate::files;
use crate::intake::{json, kind};
use crate::problem::{Code, Problem};
use crate::rulebook::Rulebook;
use crate::triage::InputShape;

/// A command that takes files of one product each.
#[derive(Clone, Copy)]
pub(super) struct Caller {
    pub(super) command: &'static str,
    /// Whether `triage` does the same for many products.
    pub(super) suggests_triage: bool,
}

impl Caller {
    fn one_per_file(self, path: &Path) -> String {
        let option = if path == Path::new(files::STANDARD_INPUT) { " --input-format json" } else { "" };
        let instead =
            if self.suggests_triage { format!(": use `triage {}{option}`", path.display()) } else { String::new() };
        format!("`{}` takes one a file{instead}", self.command)
    }
}

/// Why the content of a file cannot be the answers about one product, whatever its name.
pub(super) fn rejection(path: &Path, bytes: &[u8], caller: Caller) -> Option<Problem> {
    if json::starts_array(bytes) {
        let problem = Problem::anywhere(Code::WrongKind, "this is an array, which holds many products");
        return Some(problem.hint(caller.one_per_file(path)));
    }
    kind::not_answers_problem(bytes)
}

/// The answers in a file about one product, with its warnings. Errors in it are reported, and end the command.
pub(super) fn read(
    path: &Path,
    bytes: &[u8],
    caller: Caller,
    rulebook: &Rulebook,
    session: &mut Session<'_>,
) -> Result<(Answers, Vec<Problem>)> {
    let name = files::display_name(path);
    let read = match rejection(path, bytes, caller) {
        Some(problem) => Err(vec![problem]),
        None => answers::parse(&name, bytes, rulebook),
    };
    session.valid(read, &name)
}

/// The names of answers files in folders.
pub(super) const ANSWERS: [&str; 3] = ["answers.yaml", "answers.yml", "answers.json"];
/// A name with no more wrong characters than this is mentioned as a likely slip. Case does not count.
const MAX_SLIPS: usize = 2;

/// A path that names no file to check.
pub(super) struct Unmatched {
    pub(super) name: String,
    pub(super) reason: Error,
    pub(super) exit_code: u8,
}

impl Unmatched {
    fn new(path: &Path, reason: Error, exit_code: u8) -> Self {
        Self { name: path.display().to_string(), reason, exit_code }
    }
}

/// The files to check, each once, in the order of the command line; an error for each path that names none.
pub(super) fn answers_files(
    paths: &[PathBuf],
    caller: Caller,
    follow_links: bool,
    session: &mut Session<'_>,
) -> Vec<Result<PathBuf, Unmatched>> {
    let (mut found, mut skipped_links, mut misnamed) = (Vec::new(), Vec::new(), Vec::new());
    for path in expand(paths, follow_links, &mut skipped_links) {
        match path {
            Ok(path) if files::is_folder(&path) => {
                let is_answers = |path: &Path| {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    let is_answers = ANSWERS.contains(&&*name);
                    // A product must not go unchecked without a word because of a slip in the name of its file.
                    let slips = |meant: &&str| strsim::osa_distance(&name.to_lowercase(), meant) <= MAX_SLIPS;
                    if !is_answers && ANSWERS.iter().any(slips) {
                        misnamed.push(path.to_owned());
                    }
                    is_answers
                };
                let mut inside = files::find_inside(&path, is_answers, follow_links);
                if inside.files.is_empty() {
                    let names = "there is no answers.yaml, answers.yml or answers.json";
                    let reason = anyhow!("{names} in `{}`: name the files in it", path.display());
                    found.push(Err(Unmatched::new(&path, reason, INVALID)));
                }
                skipped_links.append(&mut inside.skipped_links);
                found.extend(inside.files.into_iter().map(readable));
            }
            Ok(path) if matches!(InputShape::named(&path), Some(InputShape::Lines | InputShape::Rows)) => {
                let reason = anyhow!("`{}` holds many products, and {}", path.display(), caller.one_per_file(&path));
                found.push(Err(Unmatched::new(&path, reason, INVALID)));
            }
            path => found.push(path),
        }
    }
    session.note_skipped_links(&skipped_links);
    session.note_skipped(&misnamed, "in a folder, only answers.yaml, answers.yml and answers.json are read");
    each_once(&mut found, |found| found.as_deref().ok(), session);
    found
}

/// Keeps the first that names a file, by whatever path.
pub(super) fn each_once<T>(named: &mut Vec<T>, path: impl Fn(&T) -> Option<&Path>, session: &mut Session<'_>) {
    let (mut seen, mut again) = (BTreeSet::new(), Vec::new());
    named.retain(|named| {
        let repeated = path(named).filter(|path| !seen.insert(files::identity(path)));
        again.extend(repeated.map(Path::to_owned));
        repeated.is_none()
    });
    session.note_skipped(&again, "it names a file that is read already");
}

/// The paths that paths and patterns stand for, in order; an error for each that matches nothing.
pub(super) fn expand(
    paths: &[PathBuf],
    follow_links: bool,
    skipped_links: &mut Vec<PathBuf>,
) -> Vec<Result<PathBuf, Unmatched>> {
    let mut found = Vec::new();
    for path in paths {
        match files::expand(path, follow_links) {
            Ok(mut matched) => {
                skipped_links.append(&mut matched.skipped_links);
                if matched.files.is_empty() {
                    let reason = anyhow!("no file matches `{}`", path.display());
                    found.push(Err(Unmatched::new(path, reason, INVALID)));
                }
                found.extend(matched.files.into_iter().map(readable));
            }
            Err(error) => found.push(Err(Unmatched::new(path, error, COULD_NOT_RUN))),
        }
    }
    found
}

fn readable((path, refusal): (PathBuf, Option<Error>)) -> Result<PathBuf, Unmatched> {
    match refusal {
        Some(reason) => Err(Unmatched::new(&path, reason, COULD_NOT_RUN)),
        None => Ok(path),
    }
}
