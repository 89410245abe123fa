//! `rules test`: the cases beside the rules, and what they cover.

use std::fmt::Write as _;

use anyhow::Result;

use crate::commands::{INVALID, Session};
use crate::problem::{Code, Problem};
use crate::prove::{self, Coverage};
use crate::render::template;
use crate::style::clean;

pub(super) fn run(min_coverage: u8, generate_missing: bool, session: &mut Session<'_>) -> Result<u8> {
    let files = session.rule_files()?;
    let Some(rulebook) = session.checked(&files) else { return Ok(INVALID) };
    let cases = prove::cases(&files, &rulebook);
    let mut problems = cases.problems;
    let mut failed = 0;
    for case in &cases.all {
        let result = prove::run(case, &rulebook);
        failed += usize::from(!result.problems.is_empty());
        problems.extend(result.problems);
    }
    session.problems(&problems, &files.folder);
    let Ok(mut coverage) = prove::coverage(&rulebook, &cases.all) else {
        return Ok(cannot_measure(&files.folder, session));
    };
    if generate_missing {
        let Ok(found) = prove::missing_cases(&rulebook, &mut coverage) else {
            return Ok(cannot_measure(&files.folder, session));
        };
        session.result(&template::cases(&rulebook, &found))?;
        return Ok(if problems.is_empty() { 0 } else { INVALID });
    }
    let mut text = format!("Cases: {} passed, {failed} failed.\n", cases.all.len() - failed);
    text.push_str(&covered(&coverage));
    session.result(&text)?;
    let enough = coverage.percent() >= usize::from(min_coverage);
    if !enough {
        session.say(&format!("error: coverage is under {min_coverage} %"));
    }
    Ok(if problems.is_empty() && enough { 0 } else { INVALID })
}

fn cannot_measure(folder: &str, session: &mut Session<'_>) -> u8 {
    let message = "the coverage needs more steps than can be worked out exactly";
    session.problems(&[Problem::anywhere(Code::TooIntricate, message)], folder);
    INVALID
}

/// How much is covered, and what is not.
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
