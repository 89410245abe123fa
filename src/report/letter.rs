//! A short letter to the people behind a product, in Markdown: what came of it, what is missing, what is to be discussed,
//! what to bring, and what to do next.
//!
//! Everything about the rules is said in their own words, and so is who writes and how to answer. Nothing that staff carry
//! along for themselves is in it, and of their file no more than its name.

use std::path::Path;

use askama::Template;

use super::checks::{AnswerGiven, Check, Standing, given_at};
use super::content::{Content, content};
use super::templates::as_markdown;
use super::{Checked, Report};
use crate::assessment::FitOutcome;
use crate::gate::Passage;
use crate::lint::{contradictions, tested};
use crate::problem::Code;
use crate::question::{Question, Section};
use crate::rulebook::Outcome;
use crate::style::Tone;
use crate::wording::{Text, sentence};

#[derive(Template)]
#[template(path = "letter.md", config = "templates/askama.toml")]
struct Letter<'a> {
    /// The name of the file, and the place in it, without any folder.
    reference: &'a str,
    content: &'a Content<'a>,
    /// Answers that cannot all be true, with what is said of them.
    contradictions: Vec<(Vec<AnswerGiven<'a>>, &'a Text)>,
    asked: Vec<&'a Question>,
    /// Answers that need evidence, with what it could be.
    evidence: Vec<(&'a Question, &'a str)>,
    /// The topics that are not prepared, and what is owed later.
    topics: Vec<&'a Check<'a>>,
    obligations: Vec<&'a Check<'a>>,
}

/// The letter about a record, ending in a line break; none about one that was not assessed, or in whose way nothing stands.
pub(crate) fn letter(record: &Checked<'_>) -> Option<String> {
    let told = record.problems.iter().any(|problem| problem.code == Code::Contradiction);
    let report = record.report().filter(|report| told || report.has_open_points())?;
    let content = &content(report, record.exit_code);
    let fit = content.fit.as_ref();
    let mut asked: Vec<&Question> = content.missing.iter().map(|missing| missing.question).collect();
    let fails = content.outcome == Outcome::DoesNotMeet;
    // Whether it fits is of no use to a product that fails a criterion.
    asked.extend(fit.filter(|_| !fails).iter().flat_map(|fit| &fit.missing));
    asked.sort_by_key(|question| question.index);
    asked.dedup_by_key(|question| question.index);
    // A product that fails does not come to a talk, and has nothing to bring.
    let comes = !fails && fit.is_none_or(|fit| fit.outcome != FitOutcome::DoesNotFit);
    let name = &record.input.name;
    Some(as_markdown(&Letter {
        reference: Path::new(name).file_name().and_then(|name| name.to_str()).unwrap_or(name),
        content,
        contradictions: if told { contradictory(report) } else { Vec::new() },
        asked,
        evidence: if comes { evidence(report) } else { Vec::new() },
        topics: if comes { open(&content.topics) } else { Vec::new() },
        obligations: if comes { open(&content.obligations) } else { Vec::new() },
    }))
}

fn open<'a>(checks: &'a [Check<'a>]) -> Vec<&'a Check<'a>> {
    checks.iter().filter(|check| check.standing != Standing::Passes).collect()
}

impl Letter<'_> {
    /// The criteria of which the gate makes this.
    fn criteria(&self, passage: Passage) -> Vec<&Check<'_>> {
        self.content.criteria.iter().filter(|check| check.standing == Standing::Lacking(passage)).collect()
    }
}

fn contradictory<'a>(report: &'a Report<'a>) -> Vec<(Vec<AnswerGiven<'a>>, &'a Text)> {
    let given = report.answers.assignment(report.rulebook);
    let answers = |index: usize| given_at(report, index);
    let found = contradictions(report.rulebook, &given);
    found.map(|found| (tested(found).into_iter().filter_map(answers).collect(), &found.says)).collect()
}

/// Answers without the evidence they need, to questions that are certainly asked; what is owed later is told as such.
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
