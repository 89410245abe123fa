//! A report as a list of checks, each of which passes or does not: the form that test results, annotations and code
//! scanning have in common.
//!
//! At least one check is lacking exactly if the product does not pass its gate, so no format can pass what the exit
//! code fails.

use super::Report;
use crate::answers::Entry;
use crate::assessment::{FindingResult, FindingState, FitOutcome, Reason};
use crate::gate::{Gate, Passage};
use crate::problem::Place;
use crate::question::{Grounds, Question, Section};
use crate::rulebook::{FindingKind, Status, numbered};
use crate::wording::Text;

/// One thing that was checked.
pub(super) struct Check<'a> {
    /// The id of the criterion, finding, topic or obligation.
    pub(super) id: &'a str,
    /// The part of the rules it belongs to.
    pub(super) section: Section,
    pub(super) title: String,
    pub(super) standing: Standing,
    /// How it stands, in words.
    pub(super) words: &'static str,
    /// What the rules say about that, and what they add for these answers.
    pub(super) says: Vec<&'a str>,
    /// The smallest set of answers that forces it.
    pub(super) because: Vec<Given<'a>>,
    /// The answers that are missing.
    pub(super) missing: Vec<&'a Question>,
    /// Where answers that are missing belong.
    pub(super) answers: Option<&'a Place>,
    /// What vouches for it.
    pub(super) grounds: &'a Grounds,
}

/// How a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Passes,
    /// It passes, but a person should know something.
    Noted,
    /// It is not known yet, and the gate does not ask for it.
    Unasked,
    /// It keeps the product from passing, but `--fail-on` leaves that out.
    Tolerated,
    /// It keeps the product from passing.
    Lacking(Passage),
}

/// An answer that counts for a check.
pub(super) struct Given<'a> {
    question: &'a Question,
    entry: &'a Entry,
}

impl<'a> Given<'a> {
    /// Where the answer stands, unless it came from the command line.
    pub(super) fn place(&self) -> Option<&'a Place> {
        self.entry.place.as_ref()
    }

    /// `"No" to open_to_all`
    pub(super) fn words(&self) -> String {
        format!("\"{}\" to {}", self.question.label(&self.entry.answer), self.question.id)
    }
}

impl<'a> Check<'a> {
    /// Where the first answer that counts for it stands, or where one that is missing belongs.
    pub(super) fn place(&self) -> Option<&'a Place> {
        self.because.iter().find_map(Given::place).or(self.answers.filter(|_| !self.missing.is_empty()))
    }

    /// "Is free to use: Not met"
    pub(super) fn headline(&self) -> String {
        format!("{}: {}", self.title, self.words)
    }

    /// Everything there is to say below the headline, as sentences.
    pub(super) fn details(&self) -> Vec<String> {
        let mut details: Vec<String> = self.says.iter().map(|says| (*says).to_owned()).collect();
        if !self.because.is_empty() {
            let given: Vec<String> = self.because.iter().map(Given::words).collect();
            details.push(format!("Because you answered {}.", given.join(" and ")));
        }
        if !self.missing.is_empty() {
            let ids: Vec<&str> = self.missing.iter().map(|question| question.id.as_str()).collect();
            details.push(format!("Still to answer: {}.", ids.join(", ")));
        }
        details.push(format!("Source: {}.", self.grounds.source));
        details
    }
}

/// "Meets the criteria. Fit: Fits": the outcome, which is never read without the fit beside it.
pub(super) fn result(report: &Report<'_>) -> String {
    let outcome = &report.rulebook.outcome_text(report.assessment.outcome).title;
    format!("{}. Fit: {}", outcome.trim_end_matches('.'), fit_words(report.assessment.fit.outcome))
}

/// Everything the gate asks for, with the findings. With `tolerated`, whatever is lacking does not count.
pub(super) fn checks<'a>(report: &'a Report<'a>, tolerated: bool) -> Vec<Check<'a>> {
    let mut checks = criteria(report);
    checks.extend(report.assessment.fit.findings.iter().filter_map(|result| finding(report, result)));
    if report.judgement.gate >= Gate::Application {
        checks.extend(topics(report));
    }
    if report.judgement.gate >= Gate::GoLive {
        checks.extend(obligations(report));
    }
    for check in &mut checks {
        if let (true, Standing::Lacking(_)) = (tolerated, check.standing) {
            check.standing = Standing::Tolerated;
        }
    }
    checks
}

fn criteria<'a>(report: &'a Report<'a>) -> Vec<Check<'a>> {
    let results = report.assessment.criteria.iter();
    let check = |result: &'a crate::assessment::CriterionResult<'a>| Check {
        id: &result.criterion.id,
        section: Section::Eligibility,
        title: numbered(result.criterion.number, &result.criterion.title),
        standing: match result.status {
            Status::Met => Standing::Passes,
            Status::ToDiscuss => Standing::Lacking(Passage::NeedsDiscussion),
            Status::NotMet => Standing::Lacking(Passage::Fails),
            Status::Unknown => Standing::Lacking(Passage::Incomplete),
        },
        words: criterion_words(result.status),
        says: (result.says.iter().copied())
            .chain(result.open.iter().filter_map(|offer| offer.says.as_ref()))
            .map(Text::as_str)
            .chain(result.notes.iter().copied())
            .collect(),
        because: given(report, result.because.first()),
        missing: if result.status == Status::Unknown { result.missing.clone() } else { Vec::new() },
        answers: report.answers.place.as_ref(),
        grounds: &result.criterion.grounds,
    };
    results.map(check).collect()
}

/// A note that does not hold is nothing anybody needs to read.
fn finding<'a>(report: &'a Report<'a>, result: &'a FindingResult<'a>) -> Option<Check<'a>> {
    let finding = result.finding;
    let (standing, words) = match (result.state, finding.kind) {
        (FindingState::Holds, FindingKind::Blocker) => (Standing::Lacking(Passage::Fails), "Blocker"),
        (FindingState::Holds, FindingKind::Condition) => (Standing::Noted, "Condition"),
        (FindingState::Holds, FindingKind::Note) => (Standing::Noted, "Note"),
        (FindingState::Open, FindingKind::Blocker | FindingKind::Condition) => (Standing::Noted, "Condition, not sure"),
        (FindingState::DoesNotHold, FindingKind::Blocker | FindingKind::Condition) => {
            (Standing::Passes, "Does not apply")
        }
        (FindingState::Unknown, FindingKind::Blocker | FindingKind::Condition) => {
            let asked = report.judgement.lacking.contains(&("fit".to_owned(), Passage::Incomplete));
            (if asked { Standing::Lacking(Passage::Incomplete) } else { Standing::Unasked }, "Not known yet")
        }
        (FindingState::DoesNotHold | FindingState::Open | FindingState::Unknown, FindingKind::Note) => return None,
    };
    let says = match result.state {
        FindingState::Holds => Some(finding.says.as_str()),
        FindingState::Open => Some(finding.not_sure.as_deref().unwrap_or(&finding.says)),
        FindingState::DoesNotHold | FindingState::Unknown => None,
    };
    let unknown = result.state == FindingState::Unknown;
    Some(Check {
        id: &finding.id,
        section: Section::Fit,
        title: finding.title.clone(),
        standing,
        words,
        says: says.into_iter().collect(),
        because: given(report, result.because.first()),
        missing: if unknown { report.assessment.fit.missing.clone() } else { Vec::new() },
        answers: report.answers.place.as_ref(),
        grounds: &finding.grounds,
    })
}

fn topics<'a>(report: &'a Report<'a>) -> Vec<Check<'a>> {
    let results = report.assessment.application.iter();
    let check = |result: &'a crate::assessment::TopicResult<'a>| Check {
        id: &result.topic.id,
        section: Section::Application,
        title: numbered(result.topic.number, &result.topic.title),
        standing: if result.prepared() { Standing::Passes } else { Standing::Lacking(Passage::Incomplete) },
        words: if result.prepared() { "Prepared" } else { "Not prepared" },
        says: if result.prepared() { Vec::new() } else { vec![&result.topic.prepare] },
        because: Vec::new(),
        missing: result.lacking.clone(),
        answers: report.answers.place.as_ref(),
        grounds: &result.topic.grounds,
    };
    results.map(check).collect()
}

fn obligations<'a>(report: &'a Report<'a>) -> Vec<Check<'a>> {
    let results = report.assessment.go_live.iter();
    let check = |result: &'a crate::assessment::ObligationResult<'a>| Check {
        id: &result.obligation.id,
        section: Section::GoLive,
        title: result.obligation.title.clone(),
        standing: match result.status {
            Status::Met => Standing::Passes,
            Status::NotMet => Standing::Lacking(Passage::Fails),
            Status::ToDiscuss | Status::Unknown => Standing::Lacking(Passage::Incomplete),
        },
        words: obligation_words(result.status),
        says: (result.obligation.says.for_status(result.status).into_iter())
            .chain(result.notes.iter().copied())
            .collect(),
        because: Vec::new(),
        missing: result.missing.clone(),
        answers: report.answers.place.as_ref(),
        grounds: &result.obligation.grounds,
    };
    results.map(check).collect()
}

/// The status of a criterion, in words.
pub(crate) fn criterion_words(status: Status) -> &'static str {
    match status {
        Status::Met => "Met",
        Status::ToDiscuss => "To discuss",
        Status::NotMet => "Not met",
        Status::Unknown => "Not known yet",
    }
}

/// The status of an obligation, in words.
pub(crate) fn obligation_words(status: Status) -> &'static str {
    match status {
        Status::Met => "Met",
        Status::ToDiscuss => "Not sure",
        Status::NotMet => "Not there yet",
        Status::Unknown => "Not answered yet",
    }
}

/// Whether the service fits, in words.
pub(crate) fn fit_words(outcome: FitOutcome) -> &'static str {
    match outcome {
        FitOutcome::Fits => "Fits",
        FitOutcome::FitsWithConditions => "Fits, with conditions",
        FitOutcome::DoesNotFit => "Does not fit",
        FitOutcome::Unknown => "Not known yet",
    }
}

fn given<'a>(report: &'a Report<'a>, reason: Option<&Reason<'a>>) -> Vec<Given<'a>> {
    let answered = |question: &&'a Question| {
        let (index, _) = report.rulebook.question(&question.id)?;
        report.answers.get(index).map(|entry| Given { question, entry })
    };
    reason.into_iter().flatten().filter_map(answered).collect()
}
