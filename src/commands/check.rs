//! `check`: answers files in, a report for each out.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use super::{COULD_NOT_RUN, INVALID, Session};
use crate::answers::{self, Answers, Entry};
use crate::assess::assess;
use crate::cli::{Check, Set};
use crate::files;
use crate::gate::{Gate, Passage, judge};
use crate::problem::{nearest, suggestion};
use crate::render::Report;
use crate::rulebook::Rulebook;

/// Exit codes from worst to best.
const WORST_FIRST: [u8; 6] = [1, 2, 4, 3, 5, 0];

pub(super) fn run(args: &Check, session: &mut Session<'_>) -> Result<u8> {
    if args.answers.is_empty() && args.set.given.is_empty() {
        let hint = "name an answers file, or - for standard input; `interview` asks you the questions instead";
        return Ok(session.wrong_usage("there is nothing to check", hint));
    }
    let Some(rulebook) = session.rulebook()? else { return Ok(INVALID) };
    if let Err(code) = checked_set(&args.set, &rulebook, session) {
        return Ok(code);
    }
    let mut reports = String::new();
    let mut worst = 0;
    let paths: Vec<Option<&Path>> = match args.answers.as_slice() {
        [] => vec![None],
        paths => paths.iter().map(|path| Some(path.as_path())).collect(),
    };
    for path in paths {
        let code = match answers_from(path, &rulebook, session) {
            Ok(mut answers) => {
                apply(&args.set, &mut answers, &rulebook);
                let (report, passage) = report(&rulebook, &answers, args, session);
                if !reports.is_empty() && args.format == crate::render::Format::Text {
                    let _ = write!(reports, "\n{}\n\n", "=".repeat(session.out.width.min(80)));
                }
                reports.push_str(&report);
                fail_on(args, passage)
            }
            Err(code) => code,
        };
        worst = worse(worst, code);
    }
    match &args.output {
        Some(path) => files::write_whole(path, reports.as_bytes())?,
        None => session.result(&reports)?,
    }
    Ok(worst)
}

/// Reads one file; without one, starts from no answers. What is wrong has been said when a code comes back.
fn answers_from(path: Option<&Path>, rulebook: &Rulebook, session: &mut Session<'_>) -> Result<Answers, u8> {
    let Some(path) = path else { return Ok(Answers::blank(rulebook, "Answers from the command line")) };
    let name = files::display_name(path);
    let bytes = session.read(path).map_err(|error| session.could_not_run(&error))?;
    let (answers, problems) = match answers::parse(&name, &bytes, rulebook) {
        Ok((answers, warnings)) => (Ok(answers), warnings),
        Err(problems) => (Err(INVALID), problems),
    };
    session.problems(&problems, &name);
    answers
}

/// Every mistake in `--set`, or none.
fn checked_set(set: &Set, rulebook: &Rulebook, session: &mut Session<'_>) -> Result<(), u8> {
    let mut result = Ok(());
    for (id, value) in &set.given {
        let Some((_, question)) = rulebook.question(id) else {
            let ids = rulebook.questions.iter().map(|question| question.id.as_str());
            let hint = match nearest(id, ids.clone()) {
                Some(_) => suggestion(id, ids),
                None => "`init -` lists every question".to_owned(),
            };
            result = Err(session.wrong_usage(&format!("--set {id}=…: unknown question `{id}`"), &hint));
            continue;
        };
        if let (false, Err(refusals)) = (value.trim().is_empty(), question.answer(value)) {
            for refusal in refusals {
                result = Err(session.wrong_usage(&format!("--set {id}=…: {}", refusal.message), &refusal.hint));
            }
        }
    }
    result
}

fn apply(set: &Set, answers: &mut Answers, rulebook: &Rulebook) {
    for (id, value) in &set.given {
        if let Some((index, question)) = rulebook.question(id) {
            answers.entries[index] = match question.answer(value) {
                Ok(answer) if !value.trim().is_empty() => Some(Entry::bare(answer)),
                _ => None,
            };
        }
    }
}

fn report(rulebook: &Rulebook, answers: &Answers, args: &Check, session: &Session<'_>) -> (String, Passage) {
    let assessment = assess(rulebook, answers);
    let judgement = judge(Gate::from(args.gate), &assessment);
    let report = Report { rulebook, answers, assessment: &assessment, judgement: &judgement };
    let style = match args.output {
        Some(_) => crate::style::Style::PLAIN,
        None => session.out,
    };
    (args.format.render(&report, style), judgement.passage)
}

/// The exit code, unless `--fail-on` leaves this result out.
fn fail_on(args: &Check, passage: Passage) -> u8 {
    match &args.fail_on {
        Some(outcomes) if !outcomes.iter().any(|fail| fail.outcome() == passage.outcome()) => 0,
        _ => passage.exit_code(),
    }
}

/// The worse of two exit codes.
fn worse(a: u8, b: u8) -> u8 {
    WORST_FIRST.into_iter().find(|code| *code == a || *code == b).unwrap_or(COULD_NOT_RUN)
}
