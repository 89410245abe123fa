//! `check`: assesses answers files and reports on each, in as many formats as are asked for.

use std::path::Path;

use anyhow::{Error, Result};

use self::verify::Verified;
use super::Session;
use super::answers_files::{ANSWERS, Caller, answers_files, rejection};
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

const CALLER: Caller = Caller { command: "check", suggests_triage: true };

pub(super) fn run(args: &CheckArgs, session: &mut Session<'_>) -> Result<u8> {
    if args.answers.is_empty() && args.set.given.is_empty() {
        let here = ANSWERS.iter().find(|name| files::exists(Path::new(name)));
        let hint = here.map_or_else(
            || "name an answers file, or - for standard input; `interview` asks you the questions instead".to_owned(),
            |name| format!("name the file: {NAME} check {name}"),
        );
        return Err(session.usage_error("there is nothing to check", &hint));
    }
    let levels = session.lint_levels(&args.lints)?;
    let format = session.output_format(args.written.format, args.written.output.as_deref(), Format::is_for_one)?;
    let rules = session.rules();
    let written: Vec<&Path> =
        args.reports.iter().map(|(_, path)| path).chain(&args.written.output).map(AsRef::as_ref).collect();
    let named = answers_files(&args.answers, CALLER, args.links.follow_links, session);
    session.protect(named.iter().flatten(), &written)?;
    let rulebook = match rules {
        Ok((Some(rulebook), _)) => rulebook,
        // Rules that cannot be used are reported in every format, as a file would be.
        unusable => {
            let record = match unusable {
                Ok((_, problems)) => Checked::invalid(session.rules_input(), problems),
                Err(error) => unreadable(session.rules_input(), &error, session),
            };
            let mut reports = Reports::new(args, format, None, session);
            reports.add(&record);
            return reports.finish(session);
        }
    };
    let rulebook = &*rulebook;
    let mut reports = Reports::new(args, format, Some(rulebook), session);
    session.require_gate(args.gate, rulebook)?;
    let set = session.set_answers(&args.set.given, rulebook)?;
    let judging = Judging { rulebook, levels, gate: args.gate, set, fail_on: args.fail_on.clone() };
    if args.answers.is_empty() {
        let name = "Answers from the command line";
        let input = Input { name: name.to_owned(), set: args.set.given.clone(), ..Input::default() };
        let record = judging.check_answers(input, Answers::blank(rulebook, name), Vec::new());
        session.report_problems(&record.problems, &record.input.name);
        reports.add(&record);
    }
    reports.several |= named.len() > 1;
    for named in named {
        let record = match named {
            Ok(path) => file(&path, args, &judging, session),
            Err(unmatched) => {
                let input = Input { path: Some(unmatched.name.clone()), name: unmatched.name, ..Input::default() };
                Checked { exit_code: unmatched.exit_code, ..unreadable(input, &unmatched.reason, session) }
            }
        };
        session.report_problems(&record.problems, &record.input.name);
        reports.add(&record);
    }
    reports.finish(session)
}

/// Reports why an input cannot be read, and returns the record of that.
fn unreadable<'r>(input: Input, error: &Error, session: &mut Session<'_>) -> Checked<'r> {
    session.report_error(error);
    Checked::unreadable(input, format!("{error:#}"))
}

/// Reads and assesses one file.
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
            match rejection(path, &bytes, CALLER) {
                Some(problem) => Checked::invalid(input, vec![problem]),
                None => judging.check_document(input, 1, &bytes),
            }
        }
        Err(error) => unreadable(input, &error, session),
    }
}

/// The documents of a run, one for each format asked for.
struct Reports<'a> {
    args: &'a CheckArgs,
    documents: Vec<(Document<'a>, Option<&'a Path>)>,
    /// The reports to compare with a stored one, if `--verify` asks for that.
    verified: Option<Verified>,
    exit_codes: Vec<u8>,
    /// Whether there is more than one file.
    several: bool,
}

impl<'a> Reports<'a> {
    fn new(args: &'a CheckArgs, format: Format, rulebook: Option<&'a Rulebook>, session: &Session<'_>) -> Self {
        let document = |format: Format, path: Option<&'a Path>| {
            let style = if path.is_some() { Style::PLAIN } else { session.out };
            (Document::new(format, Extent::of_flag(args.written.full), rulebook, style, FILES), path)
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

    /// Writes all documents. One that cannot be written is reported, and does not stop the others.
    fn finish(self, session: &mut Session<'_>) -> Result<u8> {
        let files_code = worst(self.exit_codes);
        if let (Some(verified), Some(path)) = (self.verified, &self.args.verify) {
            return verified.compare(path, files_code, session);
        }
        let mut code = files_code;
        let summary = self.documents.first().map(|(document, _)| document.summary());
        for (document, path) in self.documents {
            let text = document.finish(files_code);
            let written = match path {
                Some(path) => files::write_report(path, text.as_bytes(), &session.protected),
                None => session.print(&text),
            };
            if let Err(error) = written {
                code = worst([code, session.report_error(&error)]);
            }
        }
        // The report on one file needs no summary.
        if let Some(summary) = summary.filter(|_| self.several || !self.args.reports.is_empty()) {
            session.say(&format!("{summary}."));
        }
        Ok(code)
    }
}
