//! A record of triage as what `check` would make of it, for the formats that tell everything of a product.

use std::path::Path;
use std::sync::Arc;

use super::super::{COULD_NOT_RUN, INVALID};
use crate::assess::assess;
use crate::cli::{FailOn, Triage};
use crate::files;
use crate::gate::{Gate, judge};
use crate::problem::{Place, Source};
use crate::render::{Checked, Input, Report, Verdict};
use crate::rulebook::Rulebook;
use crate::triage::{Read, Record};

/// Assesses a record and hands over what came of it. Gives what is worth knowing about that, if there is anything.
pub(super) fn checked(
    record: Record,
    rulebook: &Rulebook,
    args: &Triage,
    then: &mut dyn FnMut(&Checked<'_>),
) -> Option<String> {
    let place = record.line.and_then(|line| usize::try_from(line).ok()).map(|first_line| {
        Place::new(&Arc::new(Source { name: record.file.clone(), first_line, text: String::new() }), 0..0)
    });
    let name = record.line.map_or_else(|| record.file.clone(), |line| format!("{}:{line}", record.file));
    let is_file = record.file != files::display_name(Path::new(files::STANDARD_INPUT));
    let input = Input { name, path: is_file.then_some(record.file), place, ..Input::default() };
    let mut problems = record.problems;
    let mut said = None;
    match record.read {
        Read::Product(answers, _) => {
            let assessment = assess(rulebook, &answers);
            let judgement = judge(Gate::Eligibility, &assessment);
            if let Some(problem) = assessment.warning() {
                said = Some(format!("{}: warning[{}]: {}", input.name, problem.code, problem.message));
                problems.push(problem);
            }
            let exit_code = FailOn::exit_code(args.fail_on.as_deref(), judgement.passage);
            let (answers, assessment, judgement) = (&*answers, &assessment, &judgement);
            let report = Report { rulebook, answers, assessment, judgement, all_reasons: false };
            then(&Checked { input, problems: &problems, verdict: Verdict::Assessed(report), exit_code });
        }
        Read::Invalid => {
            then(&Checked { input, problems: &problems, verdict: Verdict::Invalid, exit_code: INVALID });
        }
        Read::Unreadable(reason) => {
            let verdict = Verdict::Unreadable(reason);
            then(&Checked { input, problems: &problems, verdict, exit_code: COULD_NOT_RUN });
        }
    }
    said
}
