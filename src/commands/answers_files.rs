//! Which answers files a command line means, and which files are none.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

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
pub(super) struct Reader {
    pub(super) command: &'static str,
    /// Whether `triage` does the same for many products.
    pub(super) triage_does: bool,
}

impl Reader {
    fn takes_one(self, path: &Path) -> String {
        let typed = if path == Path::new(files::STANDARD_INPUT) { " --input-format json" } else { "" };
        let instead =
            if self.triage_does { format!(": say `triage {}{typed}`", path.display()) } else { String::new() };
        format!("`{}` takes one a file{instead}", self.command)
    }
}

/// What keeps a file from being answers about one product, whatever it is called.
pub(super) fn unfit(path: &Path, bytes: &[u8], reader: Reader) -> Option<Problem> {
    if json::is_array(bytes) {
        let problem = Problem::anywhere(Code::WrongKind, "this is an array, which holds many products");
        return Some(problem.hint(reader.takes_one(path)));
    }
    kind::no_answers(bytes)
}

/// The answers in a file about one product, with its warnings.
pub(super) fn read(
    path: &Path,
    bytes: &[u8],
    reader: Reader,
    rulebook: &Rulebook,
) -> Result<(Answers, Vec<Problem>), Vec<Problem>> {
    match unfit(path, bytes, reader) {
        Some(problem) => Err(vec![problem]),
        None => answers::parse(&files::display_name(path), bytes, rulebook),
    }
}

/// What folders are searched for.
pub(super) const ANSWERS: [&str; 3] = ["answers.yaml", "answers.yml", "answers.json"];
/// How many characters of a name may be wrong for it to be mentioned, beside large and small ones.
const MAX_SLIPS: usize = 2;

/// A path that stands for no file to check.
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

/// The files to check, each once, in the order in which they are named; and each path that stands for none.
pub(super) fn answers_files(
    paths: &[PathBuf],
    reader: Reader,
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
                    // A slip in its name must not keep a product from being checked without a word.
                    let slips = |meant: &&str| strsim::osa_distance(&name.to_lowercase(), meant) <= MAX_SLIPS;
                    if !is_answers && ANSWERS.iter().any(slips) {
                        misnamed.push(path.to_owned());
                    }
                    is_answers
                };
                let mut inside = files::inside(&path, is_answers, follow_links);
                if inside.files.is_empty() {
                    let names = "there is no answers.yaml, answers.yml or answers.json";
                    let reason = anyhow!("{names} in `{}`: name the files in it", path.display());
                    found.push(Err(Unmatched::new(&path, reason, INVALID)));
                }
                skipped_links.append(&mut inside.skipped_links);
                found.extend(inside.files.into_iter().map(or_refused));
            }
            Ok(path) if matches!(InputShape::named(&path), Some(InputShape::Lines | InputShape::Rows)) => {
                let reason = anyhow!("`{}` holds many products, and {}", path.display(), reader.takes_one(&path));
                found.push(Err(Unmatched::new(&path, reason, INVALID)));
            }
            path => found.push(path),
        }
    }
    session.skipped_links(&skipped_links);
    session.skipped(&misnamed, "in a folder, only answers.yaml, answers.yml and answers.json are read");
    // `./x` and `x` are one file.
    let plain = |path: &Path| path.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>();
    let mut seen = BTreeSet::new();
    found.retain(|found| found.as_ref().map_or(true, |path| seen.insert(plain(path))));
    found
}

/// What the paths and patterns mean, in the order in which they are named; and each that means nothing.
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
                found.extend(matched.files.into_iter().map(or_refused));
            }
            Err(error) => found.push(Err(Unmatched::new(path, error, COULD_NOT_RUN))),
        }
    }
    found
}

fn or_refused((path, refusal): (PathBuf, Option<Error>)) -> Result<PathBuf, Unmatched> {
    match refusal {
        Some(reason) => Err(Unmatched::new(&path, reason, COULD_NOT_RUN)),
        None => Ok(path),
    }
}
