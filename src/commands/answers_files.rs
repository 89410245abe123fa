//! Which answers files a command line means, and which files are none.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, anyhow};

use super::{COULD_NOT_RUN, INVALID};
use crate::files;
use crate::intake::{json, kind};
use crate::problem::{Code, Problem};
use crate::triage::Shape;

/// What takes files of one product each.
#[derive(Clone, Copy)]
pub(super) struct Taker {
    pub(super) command: &'static str,
    /// Whether `triage` does the same for many products.
    pub(super) many: bool,
}

impl Taker {
    fn takes_one(self, path: &Path) -> String {
        let typed = if path == Path::new(files::STANDARD_INPUT) { " --input-format json" } else { "" };
        let instead = if self.many { format!(": say `triage {}{typed}`", path.display()) } else { String::new() };
        format!("`{}` takes one a file{instead}", self.command)
    }
}

/// What keeps a file from being answers about one product, whatever it is called.
pub(super) fn unfit(path: &Path, bytes: &[u8], taker: Taker) -> Option<Problem> {
    if json::is_array(bytes) {
        let problem = Problem::anywhere(Code::WrongKind, "this is an array, which holds many products");
        return Some(problem.hint(taker.takes_one(path)));
    }
    kind::no_answers(bytes)
}

/// What folders are searched for.
const ANSWERS: [&str; 3] = ["answers.yaml", "answers.yml", "answers.json"];

/// A path that stands for no file to check.
pub(super) struct Nothing {
    pub(super) name: String,
    pub(super) reason: anyhow::Error,
    pub(super) exit_code: u8,
}

/// The files to check, each once, in the order in which they are named; and each path that stands for none.
pub(super) fn named(
    paths: &[PathBuf],
    taker: Taker,
    follow_links: bool,
    passed_over: &mut Vec<PathBuf>,
) -> Vec<Result<PathBuf, Nothing>> {
    let mut found = Vec::new();
    for matched in matching(paths, follow_links) {
        match matched {
            Ok(path) => add_files(&path, taker, follow_links, passed_over, &mut found),
            Err(nothing) => found.push(Err(nothing)),
        }
    }
    // `./x` and `x` are one file.
    let plain = |path: &Path| path.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>();
    let mut seen = BTreeSet::new();
    found.retain(|found| found.as_ref().map_or(true, |path| seen.insert(plain(path))));
    found
}

/// What the paths and patterns mean, in the order in which they are named; and each that means nothing.
pub(super) fn matching(paths: &[PathBuf], follow_links: bool) -> impl Iterator<Item = Result<PathBuf, Nothing>> {
    paths.iter().flat_map(move |path| match files::matching(path, follow_links) {
        Ok(found) if found.is_empty() => {
            vec![Err(nothing(path, anyhow!("no file matches `{}`", path.display()), INVALID))]
        }
        Ok(found) => found.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(nothing(path, error, COULD_NOT_RUN))],
    })
}

fn nothing(path: &Path, reason: anyhow::Error, exit_code: u8) -> Nothing {
    Nothing { name: path.display().to_string(), reason, exit_code }
}

/// Adds a file, or the answers files in a folder.
fn add_files(
    path: &Path,
    taker: Taker,
    follow_links: bool,
    passed_over: &mut Vec<PathBuf>,
    found: &mut Vec<Result<PathBuf, Nothing>>,
) {
    let shown = path.display();
    if files::is_folder(path) {
        let is_answers = |path: &Path| ANSWERS.iter().any(|name| path.file_name().is_some_and(|is| is == *name));
        let mut inside = files::inside(path, &is_answers, follow_links);
        if inside.found.is_empty() {
            let names = "there is no answers.yaml, answers.yml or answers.json";
            found.push(Err(nothing(path, anyhow!("{names} in `{shown}`: name the files in it"), INVALID)));
        }
        passed_over.append(&mut inside.passed_over);
        found.extend(inside.found.into_iter().map(|(path, refused)| match refused {
            Some(reason) => Err(nothing(&path, reason, COULD_NOT_RUN)),
            None => Ok(path),
        }));
    } else if matches!(Shape::named(path), Some(Shape::Lines | Shape::Rows)) {
        let reason = anyhow!("`{shown}` holds many products, and {}", taker.takes_one(path));
        found.push(Err(nothing(path, reason, INVALID)));
    } else {
        found.push(Ok(path.to_owned()));
    }
}
