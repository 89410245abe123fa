//! `rules test`: runs the cases beside the rules, and measures what they cover.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use crate::commands::{INVALID, Session};
use crate::files;
use crate::problem::{Code, Problem};
use crate::prove::{self, Case, CaseResult, Coverage};
use crate::publish::template;
use crate::rulebook::Rulebook;
use crate::style::clean;
use crate::wording::counted;

pub(super) fn run(min_coverage: u8, session: &mut Session<'_>) -> Result<u8> {
    let files = session.rule_files()?;
    let rulebook = session.rulebook_in(&files)?;
    session.warn_if_unsound(&rulebook);
    let cases = prove::cases(&files, &rulebook);
    let results = ran(&rulebook, &cases.all);
    let mut problems = cases.problems;
    problems.extend(prove::failures(&results));
    session.report_problems(&problems, &files.folder);
    let Ok(coverage) = prove::coverage(&rulebook, &cases.all) else {
        return Ok(cannot_measure(&files.folder, session));
    };
    let failed = results.iter().filter(|result| !result.failed.is_empty()).count();
    let unread = match cases.unread {
        0 => String::new(),
        unread => format!(", {unread} cannot be run"),
    };
    let mut text = format!("Cases: {} passed, {failed} failed{unread}.\n", cases.all.len() - failed);
    text.push_str(&covered(&coverage));
    session.print(&text)?;
    let enough = coverage.percent() >= usize::from(min_coverage);
    if !enough {
        session.say(&format!("error: coverage is under {min_coverage} %"));
    }
    Ok(if problems.is_empty() && enough { 0 } else { INVALID })
}

/// Writes cases for the parts of the rules that no case covers yet.
pub(super) fn generate(output: Option<&Path>, session: &mut Session<'_>) -> Result<u8> {
    let files = session.rule_files()?;
    let rulebook = session.rulebook_in(&files)?;
    let mut cases = prove::cases(&files, &rulebook);
    // Missing cases are the very reason to generate some.
    cases.problems.retain(|problem| problem.code != Code::NoCases);
    session.report_problems(&cases.problems, &files.folder);
    let coverage = prove::coverage(&rulebook, &cases.all);
    let Ok(found) = coverage.and_then(|coverage| prove::missing_cases(&rulebook, coverage)) else {
        return Ok(cannot_measure(&files.folder, session));
    };
    let text = template::cases(&rulebook, &found);
    session.protect(None::<&Path>, output.as_slice())?;
    match output {
        Some(path) if files::exists(path) => {
            let message = format!("`{}` is already there", path.display());
            return Err(session.usage_error(&message, "name a new file beside it"));
        }
        Some(_) if found.is_empty() => {
            session.say("Every part of the rules is already shown by a case: nothing is written.");
        }
        Some(path) => {
            files::write_report(path, text.as_bytes(), &session.protected)?;
            session.say(&format!("{} written to {}", counted(found.len(), "case"), clean(&files::display_name(path))));
        }
        None => session.print(&text)?,
    }
    Ok(if cases.problems.is_empty() { 0 } else { INVALID })
}

/// Rewrites the expectations that fail, after printing them.
pub(super) fn accept(session: &mut Session<'_>) -> Result<u8> {
    let files = session.rule_files()?;
    let rulebook = session.rulebook_in(&files)?;
    let cases = prove::cases(&files, &rulebook);
    session.report_problems(&cases.problems, &files.folder);
    if !cases.problems.is_empty() {
        return Ok(INVALID);
    }
    let results = ran(&rulebook, &cases.all);
    let accepted = match prove::accept(&files, &rulebook, &results) {
        Ok(accepted) => accepted,
        Err(names) => {
            let message = format!("the layout of {} keeps expectations from being rewritten", names.join(", "));
            return Err(session.usage_error(&message, "mend the cases in it by hand"));
        }
    };
    let changes: Vec<&String> = accepted.iter().flat_map(|file| &file.changes).collect();
    let lines: Vec<String> = changes.iter().map(|change| format!("{}\n", clean(change))).collect();
    session.print(&lines.concat())?;
    for file in &accepted {
        let path = Path::new(&files.folder).join(&file.file);
        files::write_report(&path, file.text.as_bytes(), &files::Protected::default())?;
    }
    let count = counted(changes.len(), "expectation");
    let open = results.iter().flat_map(|result| &result.failed).filter(|failed| !failed.unanswered.is_empty()).count();
    if open > 0 {
        let message = format!("warning: what {open} of them expect now is left open because the cases lack an answer");
        session.say(&format!("{message}: they test less than before. Answer it in the cases instead."));
    }
    session.print(&format!("{count} rewritten. Read them before you keep them.\n"))?;
    Ok(0)
}

fn ran<'c>(rulebook: &'c Rulebook, cases: &'c [Case]) -> Vec<CaseResult<'c>> {
    cases.iter().map(|case| prove::run_case(case, rulebook)).collect()
}

fn cannot_measure(folder: &str, session: &mut Session<'_>) -> u8 {
    let message = "the coverage needs more steps than can be worked out exactly";
    session.report_problems(&[Problem::anywhere(Code::TooIntricate, message)], folder);
    INVALID
}

fn covered(coverage: &Coverage) -> String {
    let mut text = format!(
        "Coverage: {} %, {} of {} shown by a case.\n",
        coverage.percent(),
        coverage.covered(),
        coverage.items.len()
    );
    for item in coverage.items.iter().filter(|item| !item.covered) {
        let place = item.place.as_ref().map_or_else(String::new, |place| format!(" ({place})"));
        let _ = writeln!(text, "  not shown: {}", clean(&format!("{}{place}", item.name)));
    }
    text
}
