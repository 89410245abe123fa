//! A short letter to an applicant in Markdown: the result, what is missing or to discuss, what to bring, what to do next.
//!
//! The rules supply all texts about themselves, the sender and how to answer. Columns that staff keep for themselves are left
//! out, and so is the folder of their file.

use std::path::Path;

use askama::Template;

use super::checks::{Check, GivenAnswer, Standing, given_answer};
use super::content::{Content, content};
use super::templates::as_markdown;
use super::{Checked, Report};
use crate::assessment::FitOutcome;
use crate::gate::Passage;
use crate::lint::contradictions;
use crate::problem::Code;
use crate::question::{Question, Section};
use crate::rulebook::Outcome;
use crate::style::Tone;
use crate::wording::{Text, sentence};

#[derive(Template)]
#[template(path = "letter.md", config = "templates/askama.toml")]
struct Letter<'a> {
    /// The name of the file without its folder, and the place in it.
    reference: &'a str,
    content: &'a Content<'a>,
    /// Answers that contradict each other, with the text about that.
    contradictions: Vec<(Vec<GivenAnswer<'a>>, &'a Text)>,
    asked: Vec<&'a Question>,
    /// Questions whose answers lack evidence, with what it could be.
    evidence: Vec<(&'a Question, &'a str)>,
    /// The topics that are not prepared.
    topics: Vec<&'a Check<'a>>,
    obligations: Vec<&'a Check<'a>>,
}

/// Whether a file is a letter of an earlier run, which ends in these lines.
pub(crate) fn is_letter(file: &[u8]) -> bool {
    [b"\nRules: ".as_slice(), b"\nOur reference: "].iter().all(|line| memchr::memmem::find(file, line).is_some())
}

/// The letter about a record, ending in a line break. `None` if it was not assessed or needs no letter.
pub(crate) fn letter(record: &Checked<'_>) -> Option<String> {
    let contradicts = record.problems.iter().any(|problem| problem.code == Code::Contradiction);
    let report = record.report().filter(|report| contradicts || report.has_open_points())?;
    let content = &content(report, record.exit_code);
    let fit = content.fit.as_ref();
    let mut asked: Vec<&Question> = content.missing.iter().map(|missing| missing.question).collect();
    let fails = content.outcome == Outcome::DoesNotMeet;
    // The fit does not matter to a product that fails a criterion.
    asked.extend(fit.filter(|_| !fails).iter().flat_map(|fit| &fit.missing));
    asked.sort_by_key(|question| question.index);
    asked.dedup_by_key(|question| question.index);
    // Only a product that does not fail is asked to prepare for the review call.
    let prepares = !fails && fit.is_none_or(|fit| fit.outcome != FitOutcome::DoesNotFit);
    let name = &record.input.name;
    Some(as_markdown(&Letter {
        reference: Path::new(name).file_name().and_then(|name| name.to_str()).unwrap_or(name),
        content,
        contradictions: if contradicts { contradictory(report) } else { Vec::new() },
        asked,
        evidence: if prepares { evidence(report) } else { Vec::new() },
        topics: if prepares { open(&content.topics) } else { Vec::new() },
        obligations: if prepares { open(&content.obligations) } else { Vec::new() },
    }))
}

fn open<'a>(checks: &'a [Check<'a>]) -> Vec<&'a Check<'a>> {
    checks.iter().filter(|check| check.standing != Standing::Passes).collect()
}

impl Letter<'_> {
    /// The criteria with this result.
    fn criteria(&self, passage: Passage) -> Vec<&Check<'_>> {
        self.content.criteria.iter().filter(|check| check.standing == Standing::Lacking(passage)).collect()
    }
}

fn contradictory<'a>(report: &'a Report<'a>) -> Vec<(Vec<GivenAnswer<'a>>, &'a Text)> {
    let given = report.answers.assignment(report.rulebook);
    let answers = |index: usize| given_answer(report, index);
    let found = contradictions(report.rulebook, &given);
    found.map(|found| (found.when.questions().into_iter().filter_map(answers).collect(), &found.says)).collect()
}

/// Questions that are certainly asked and answered without the evidence that is needed. Obligations have their own part.
fn evidence<'a>(report: &'a Report<'a>) -> Vec<(&'a Question, &'a str)> {
    let Report { rulebook, answers, .. } = report;
    let given = answers.assignment(rulebook);
    let is_asked = |question: &Question| {
        let asked = rulebook.ask_when[question.index].as_ref();
        asked.is_none_or(|(_, asked)| rulebook.diagrams.settled(*asked, &given) == Some(true))
    };
    let lacking = |question: &'a Question| {
        let entry = answers.get(question.index).filter(|entry| entry.evidence.is_none())?;
        Some((question, question.evidence_for(&entry.answer)?))
    };
    let wanted = rulebook.questions.iter().filter(|question| question.section != Section::GoLive).filter_map(lacking);
    wanted.filter(|(question, _)| is_asked(question)).collect()
}
