//! `check`: answers files in, a report for each out, in as many formats as are asked for.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::set::{self, Given};
use super::{COULD_NOT_RUN, INVALID, Session};
use crate::answers::{self, Answers};
use crate::assess::assess;
use crate::assessment::Assessment;
use crate::cli::{Check, FailOn, Lints};
use crate::digest::sha256;
use crate::files;
use crate::gate::{Judgement, judge, worst};
use crate::lint::{Level, Levels, lint};
use crate::problem::{Code, Problem};
use crate::render::{Checked, Input, Report, Run, Summary, Verdict};
use crate::rulebook::Rulebook;
use crate::style::Style;

mod verify;

pub(super) fn run(args: &Check, session: &mut Session<'_>) -> Result<u8> {
    if args.answers.is_empty() && args.set.given.is_empty() {
        let hint = "name an answers file, or - for standard input; `interview` asks you the questions instead";
        return Ok(session.wrong_usage("there is nothing to check", hint));
    }
    let written: Vec<&PathBuf> = args.reports.iter().map(|(_, path)| path).chain(args.output.iter()).collect();
    if let Some(clash) = files::clash(args.answers.iter(), &written) {
        return Ok(session.wrong_usage(&clash, "give every file a name of its own"));
    }
    let levels = match levels(&args.lints) {
        Ok(levels) => levels,
        Err(message) => return Ok(session.wrong_usage(&message, "name each code once")),
    };
    let rules = session.rules();
    let rulebook = match &rules {
        Ok((Some(rulebook), _)) => rulebook,
        // Rules that cannot be used are reported in every format, like a file that cannot.
        Ok((None, problems)) => {
            let file =
                Checked { input: session.rules_input(), problems, verdict: Verdict::Invalid, exit_code: INVALID };
            return write(args, &Run { rulebook: None, files: vec![file] }, session);
        }
        Err(error) => {
            let exit_code = session.could_not_run(error);
            let verdict = Verdict::Unreadable(format!("{error:#}"));
            let file = Checked { input: session.rules_input(), problems: &[], verdict, exit_code };
            return write(args, &Run { rulebook: None, files: vec![file] }, session);
        }
    };
    let given = match set::read(&args.set.given, rulebook, session) {
        Ok(given) => given,
        Err(code) => return Ok(code),
    };
    let checking = Checking { args, rulebook, levels, given };
    let files: Vec<File<'_>> = match args.answers.as_slice() {
        [] => vec![checking.the_command_line(session)],
        paths => paths.iter().map(|path| checking.file(path, session)).collect(),
    };
    let files = files.iter().map(|file| file.checked(rulebook, args)).collect();
    write(args, &Run { rulebook: Some(rulebook), files }, session)
}

/// One answers file and what came of it.
struct File<'r> {
    input: Input,
    problems: Vec<Problem>,
    found: Found<'r>,
}

struct Product<'r> {
    answers: Answers,
    assessment: Assessment<'r>,
    judgement: Judgement,
}

enum Found<'r> {
    Product(Box<Product<'r>>),
    Invalid,
    Unreadable(String),
}

impl File<'_> {
    fn checked<'a>(&'a self, rulebook: &'a Rulebook, args: &Check) -> Checked<'a> {
        let (verdict, exit_code) = match &self.found {
            Found::Product(product) => {
                let Product { answers, assessment, judgement } = &**product;
                let report = Report { rulebook, answers, assessment, judgement, all_reasons: args.all_reasons };
                (Verdict::Assessed(report), FailOn::exit_code(args.fail_on.as_deref(), judgement.passage))
            }
            Found::Invalid => (Verdict::Invalid, INVALID),
            Found::Unreadable(reason) => (Verdict::Unreadable(reason.clone()), COULD_NOT_RUN),
        };
        Checked { input: self.input.clone(), problems: &self.problems, verdict, exit_code }
    }
}

/// The level of each lint. A code with two levels would be a guess.
fn levels(args: &Lints) -> Result<Levels, String> {
    let mut levels = Levels::default();
    if args.locked {
        levels.set(Code::OtherRules, Level::Deny);
        levels.set(Code::RulesNotNamed, Level::Deny);
    }
    let mut named = if args.locked { vec![Code::OtherRules, Code::RulesNotNamed] } else { Vec::new() };
    for (codes, level) in [(&args.deny, Level::Deny), (&args.warn, Level::Warn), (&args.allow, Level::Allow)] {
        for code in codes {
            if named.contains(code) && levels.get(*code) != Some(level) {
                return Err(format!("{code} is given two levels"));
            }
            named.push(*code);
            levels.set(*code, level);
        }
    }
    Ok(levels)
}

/// What every file is checked with.
struct Checking<'a> {
    args: &'a Check,
    rulebook: &'a Rulebook,
    levels: Levels,
    given: Vec<Given>,
}

impl<'a> Checking<'a> {
    fn the_command_line(&self, session: &mut Session<'_>) -> File<'a> {
        let name = "Answers from the command line";
        let input = Input { name: name.to_owned(), set: self.args.set.given.clone(), ..Input::default() };
        self.answers(input, Answers::blank(self.rulebook, name), Vec::new(), session)
    }

    /// Reads one file and says what is wrong with it.
    fn file(&self, path: &Path, session: &mut Session<'_>) -> File<'a> {
        let name = files::display_name(path);
        let mut input = Input {
            path: (path != Path::new(files::STANDARD_INPUT)).then(|| name.clone()),
            name,
            set: self.args.set.given.clone(),
            ..Input::default()
        };
        let bytes = match session.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                session.could_not_run(&error);
                return File { input, problems: Vec::new(), found: Found::Unreadable(format!("{error:#}")) };
            }
        };
        input.digest = Some(sha256([bytes.as_slice()]));
        match answers::parse_tolerating(&self.levels.tolerated(), &input.name, &bytes, self.rulebook) {
            Ok((answers, warnings)) => self.answers(input, answers, warnings, session),
            Err(mut problems) => {
                self.levels.apply(&mut problems);
                session.problems(&problems, &input.name);
                File { input, problems, found: Found::Invalid }
            }
        }
    }

    /// Answers that could be read, assessed unless a lint says no.
    fn answers(&self, input: Input, mut answers: Answers, read: Vec<Problem>, session: &mut Session<'_>) -> File<'a> {
        set::apply(&self.given, &mut answers);
        let mut problems = lint(self.rulebook, &answers, &self.levels, read);
        session.problems(&problems, &input.name);
        if Problem::any_error(&problems) {
            return File { input, problems, found: Found::Invalid };
        }
        let assessment = assess(self.rulebook, &answers);
        if let Some(intricate) = assessment.warning() {
            session.problems(std::slice::from_ref(&intricate), &input.name);
            problems.push(intricate);
        }
        let judgement = judge(self.args.gate, &assessment);
        File { input, problems, found: Found::Product(Box::new(Product { answers, assessment, judgement })) }
    }
}

/// Writes the run in every format asked for. What cannot be written is said, and does not keep the rest from being
/// written.
fn write(args: &Check, run: &Run<'_>, session: &mut Session<'_>) -> Result<u8> {
    if let Some(path) = &args.verify {
        return verify::verify(path, run, session);
    }
    let mut code = run.exit_code();
    let output = args.output.iter().map(|path| (args.format, path));
    for (format, path) in output.chain(args.reports.iter().map(|(format, path)| (*format, path))) {
        if let Err(error) = files::write_report(path, format.run(run, Style::PLAIN).as_bytes()) {
            code = worst([code, session.could_not_run(&error)]);
        }
    }
    if args.output.is_none() {
        session.result(&args.format.run(run, session.out))?;
    }
    // What is said about one file speaks for itself.
    if args.answers.len() > 1 || !args.reports.is_empty() {
        session.say(&format!("{}.", Summary::of(run)));
    }
    Ok(code)
}
