//! `check`: answers files in, a report for each out, in as many formats as are asked for.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;

use self::verify::Verified;
use super::Session;
use super::answers_files::{ANSWERS, Reader, answers_files, unfit};
use crate::answers::Answers;
use crate::cli::{CheckArgs, NAME};
use crate::digest::sha256;
use crate::files;
use crate::gate::worst;
use crate::intake::{Checked, Input, Judging};
use crate::report::{Document, Extent, FILES, Format};
use crate::rulebook::Rulebook;
use crate::style::Style;

mod verify;

const READER: Reader = Reader { command: "check", triage_does: true };

pub(super) fn run(args: &CheckArgs, session: &mut Session<'_>) -> Result<u8> {
    if args.answers.is_empty() && args.set.given.is_empty() {
        let here = ANSWERS.iter().find(|name| files::exists(Path::new(name)));
        let hint = here.map_or_else(
            || "name an answers file, or - for standard input; `interview` asks you the questions instead".to_owned(),
            |name| format!("name the file: {NAME} check {name}"),
        );
        return Err(session.refused("there is nothing to check", &hint));
    }
    let levels = session.levels(&args.lints)?;
    let format = session.format(args.written.format, args.written.output.as_deref(), Format::is_of_one)?;
    let rules = session.rules();
    let written: Vec<&Path> =
        args.reports.iter().map(|(_, path)| path).chain(&args.written.output).map(AsRef::as_ref).collect();
    let named = answers_files(&args.answers, READER, args.links.follow_links, session);
    session.protect(named.iter().flatten(), &written)?;
    // Rules that cannot be used are reported in every format, like a file that cannot.
    let broken = match &rules {
        Ok((Some(_), _)) => None,
        Ok((None, problems)) => Some(Checked::invalid(session.rules_input(), problems.clone())),
        Err(error) => {
            session.could_not_run(error);
            Some(Checked::unreadable(session.rules_input(), format!("{error:#}")))
        }
    };
    let rulebook = rules.as_ref().ok().and_then(|(rulebook, _)| rulebook.as_ref());
    let mut reports = Reports::new(args, format, rulebook.map(Arc::as_ref), session);
    let Some(rulebook) = rulebook else {
        if let Some(record) = &broken {
            reports.add(record);
        }
        return reports.finish(session);
    };
    let set = session.set(&args.set.given, rulebook)?;
    let judging = Judging { rulebook, levels, gate: args.gate, set, fail_on: args.fail_on.clone() };
    if args.answers.is_empty() {
        let name = "Answers from the command line";
        let input = Input { name: name.to_owned(), set: args.set.given.clone(), ..Input::default() };
        let record = judging.answers(input, Answers::blank(rulebook, name), Vec::new());
        session.problems(&record.problems, &record.input.name);
        reports.add(&record);
    }
    reports.several |= named.len() > 1;
    for named in named {
        let record = match named {
            Ok(path) => file(&path, args, &judging, session),
            Err(unmatched) => {
                session.could_not_run(&unmatched.reason);
                let reason = format!("{:#}", unmatched.reason);
                let input = Input { path: Some(unmatched.name.clone()), name: unmatched.name, ..Input::default() };
                Checked { exit_code: unmatched.exit_code, ..Checked::unreadable(input, reason) }
            }
        };
        session.problems(&record.problems, &record.input.name);
        reports.add(&record);
    }
    reports.finish(session)
}

/// Reads one file and judges it.
fn file<'r>(path: &Path, args: &CheckArgs, judging: &Judging<'r>, session: &mut Session<'_>) -> Checked<'r> {
    let name = files::display_name(path);
    let mut input = Input {
        path: (path != Path::new(files::STANDARD_INPUT)).then(|| name.clone()),
        name,
        set: args.set.given.clone(),
        ..Input::default()
    };
    match session.read(path) {
        Ok(bytes) => {
            input.digest = Some(sha256([bytes.as_slice()]));
            match unfit(path, &bytes, READER) {
                Some(problem) => Checked::invalid(input, vec![problem]),
                None => judging.document(input, 1, &bytes),
            }
        }
        Err(error) => {
            session.could_not_run(&error);
            Checked::unreadable(input, format!("{error:#}"))
        }
    }
}

/// The run in every format asked for, made file by file.
struct Reports<'a> {
    args: &'a CheckArgs,
    documents: Vec<(Document<'a>, Option<&'a Path>)>,
    /// The reports as values, if a stored one is to be compared with them.
    verified: Option<Verified>,
    exit_codes: Vec<u8>,
    /// Whether there is more than one file.
    several: bool,
}

impl<'a> Reports<'a> {
    fn new(args: &'a CheckArgs, format: Format, rulebook: Option<&'a Rulebook>, session: &Session<'_>) -> Self {
        let document = |format: Format, path: Option<&'a Path>| {
            let style = if path.is_some() { Style::PLAIN } else { session.out };
            (Document::new(format, Extent::asked(args.written.full), rulebook, style, FILES), path)
        };
        let others = args.reports.iter().map(|(format, path)| document(*format, Some(path)));
        let documents = std::iter::once(document(format, args.written.output.as_deref())).chain(others).collect();
        let verified = args.verify.as_ref().map(|_| Verified::default());
        Self { args, documents, verified, exit_codes: Vec::new(), several: args.answers.len() > 1 }
    }

    fn add(&mut self, record: &Checked<'_>) {
        self.exit_codes.push(record.exit_code);
        match &mut self.verified {
            Some(verified) => verified.add(record),
            None => self.documents.iter_mut().for_each(|(document, _)| document.add(record)),
        }
    }

    /// Writes them all. What cannot be written is said, and does not keep the rest from being written.
    fn finish(self, session: &mut Session<'_>) -> Result<u8> {
        let of_files = worst(self.exit_codes);
        if let (Some(verified), Some(path)) = (self.verified, &self.args.verify) {
            return verified.compare(path, of_files, session);
        }
        let mut code = of_files;
        let summary = self.documents.first().map(|(document, _)| document.summary());
        for (document, path) in self.documents {
            let text = document.finish(of_files);
            let written = match path {
                Some(path) => files::write_report(path, text.as_bytes(), &session.protected),
                None => session.result(&text),
            };
            if let Err(error) = written {
                code = worst([code, session.could_not_run(&error)]);
            }
        }
        // What is said about one file speaks for itself.
        if let Some(summary) = summary.filter(|_| self.several || !self.args.reports.is_empty()) {
            session.say(&format!("{summary}."));
        }
        Ok(code)
    }
}
