//! What there is to triage: files, folders, patterns and standard input.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Result;

use crate::cli::{InputFormat, Triage};
use crate::commands::Session;
use crate::commands::answers_files::matching;
use crate::files;
use crate::gate::worst;
use crate::triage::{InputFile, Shape};

/// What the command line names.
#[derive(Default)]
pub(super) struct Found {
    pub(super) inputs: Vec<InputFile>,
    /// What cannot be read, found out before it is opened, with the reason.
    pub(super) refused: BTreeMap<PathBuf, String>,
    /// Files in folders that are no answers files.
    pub(super) left_out: Vec<PathBuf>,
    pub(super) code: u8,
}

/// The files to read, in the order they were named, and an exit code for those that are not there.
pub(super) fn inputs(args: &Triage, session: &mut Session<'_>) -> Result<Found> {
    let typed = args.input_format.map(|format| match format {
        InputFormat::Yaml => Shape::Document,
        InputFormat::Json => Shape::Json,
        InputFormat::Jsonl => Shape::Lines,
        InputFormat::Csv => Shape::Rows,
    });
    let mut all = Found::default();
    let left_out = RefCell::new(Vec::new());
    let wanted = |path: &Path| {
        let known = Shape::named(path).is_some();
        if !known {
            left_out.borrow_mut().push(path.to_owned());
        }
        known
    };
    let input = |path: PathBuf, shape| InputFile { name: files::display_name(&path), path, shape };
    let mut paths = Vec::new();
    for matched in matching(&args.paths, args.links.follow_links) {
        match matched {
            Ok(path) => paths.push(path),
            Err(nothing) => {
                session.could_not_run(&nothing.reason);
                all.code = worst([all.code, nothing.exit_code]);
            }
        }
    }
    for path in &paths {
        if path == Path::new(files::STANDARD_INPUT) {
            let Some(shape) = typed else {
                let hint = "say --input-format yaml, json, jsonl or csv";
                return Err(session.refused("nothing says what standard input is", hint));
            };
            all.inputs.push(input(path.clone(), shape));
        } else if files::is_folder(path) {
            let inside = files::inside(path, &wanted, args.links.follow_links);
            session.passed_over(&inside.passed_over);
            for (path, reason) in inside.found {
                all.refused.extend(reason.map(|reason| (path.clone(), format!("{reason:#}"))));
                let shape = Shape::named(&path).unwrap_or(Shape::Document);
                all.inputs.push(input(path, shape));
            }
        } else {
            let Some(shape) = Shape::named(path).or(typed) else {
                // That there is no such file comes before what its name says.
                if let Err(error) = files::open(path, true) {
                    all.code = worst([all.code, session.could_not_run(&error)]);
                    continue;
                }
                let message = format!("the name of `{}` does not say what it is", path.display());
                return Err(session.refused(&message, "say --input-format yaml, json, jsonl or csv"));
            };
            all.inputs.push(input(path.clone(), shape));
        }
    }
    all.left_out = left_out.into_inner();
    Ok(all)
}

/// Opens a file, or standard input once.
pub(super) fn open<'a>(
    path: &Path,
    named: bool,
    stdin: &Mutex<Option<&'a mut (dyn Read + Send)>>,
) -> Result<Box<dyn Read + Send + 'a>, String> {
    if path == Path::new(files::STANDARD_INPUT) {
        let stdin = stdin.lock().unwrap_or_else(PoisonError::into_inner).take();
        return match stdin {
            Some(stdin) => Ok(Box::new(stdin)),
            None => Err("standard input was read already".to_owned()),
        };
    }
    match files::open(path, named) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(format!("{error:#}")),
    }
}
