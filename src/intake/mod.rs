//! The one road that every record takes, wherever it comes from: it is read, checked with lints and gate, and handed on as
//! a [`Checked`]. `check` is `triage` of few products, in full.

use crate::answers::{self, Answers};
use crate::assess::assess;
use crate::assessment::Assessment;
use crate::gate::{Gate, Judgement, judge};
use crate::lint::{Level, Levels, lint};
use crate::outcome::{FitOutcome, Outcome, Status};
use crate::problem::{Code, Place, Problem};
use crate::rulebook::Rulebook;

pub mod json;
pub mod kind;
pub mod set;
pub mod table;
pub mod tally;

/// Exit code: could not run.
pub const COULD_NOT_RUN: u8 = 1;
/// Exit code: wrong usage, or a file that is not valid.
pub const INVALID: u8 = 2;

/// Where answers came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// The name used in messages.
    pub name: String,
    /// The path as the user typed it, if it is a file.
    pub path: Option<String>,
    /// SHA-256 of the bytes, if they could be read.
    pub digest: Option<String>,
    /// Answers of `--set`, which override those of the file.
    pub set: Vec<(String, String)>,
    /// The place of the record, if its file holds many.
    pub place: Option<Place>,
    /// Whether it is JSON, whatever its name says.
    pub json: bool,
    /// The columns of a table to carry into the result, each with its cell.
    pub kept: Vec<(String, String)>,
}

/// A record and what became of it.
#[derive(Debug)]
pub struct Checked<'r> {
    pub input: Input,
    /// What is wrong with the record, or worth knowing about it.
    pub problems: Vec<Problem>,
    pub verdict: Verdict<'r>,
    pub exit_code: u8,
    /// The product and organisation of a record that is not valid, if they are known.
    pub named: Option<(String, Option<String>)>,
}

#[derive(Debug)]
pub struct ReadError {
    pub(crate) problems: Vec<Problem>,
    /// The product and organisation, if they are known.
    pub(crate) named: Option<(String, Option<String>)>,
}

#[derive(Debug)]
pub enum Verdict<'r> {
    Assessed(Box<Report<'r>>),
    /// The record is not valid; its problems say why.
    Invalid,
    /// The file could not be read, for this reason.
    Unreadable(String),
}

/// Everything that is known about one product.
#[derive(Debug)]
pub struct Report<'r> {
    pub rulebook: &'r Rulebook,
    pub answers: Answers,
    pub assessment: Assessment<'r>,
    pub judgement: Judgement,
    /// What `--set` gave over the file, in words.
    pub set: Option<String>,
}

impl<'r> Checked<'r> {
    pub fn unreadable(input: Input, reason: String) -> Self {
        Self {
            input,
            problems: Vec::new(),
            verdict: Verdict::Unreadable(reason),
            exit_code: COULD_NOT_RUN,
            named: None,
        }
    }

    pub fn invalid(input: Input, problems: Vec<Problem>) -> Self {
        Self { input, problems, verdict: Verdict::Invalid, exit_code: INVALID, named: None }
    }

    pub fn report(&self) -> Option<&Report<'r>> {
        match &self.verdict {
            Verdict::Assessed(report) => Some(report),
            Verdict::Invalid | Verdict::Unreadable(_) => None,
        }
    }

    pub fn product(&self) -> Option<&str> {
        let report = self.report().map(|report| report.answers.product.as_str());
        report
            .or_else(|| self.named.as_ref().map(|(product, _)| product.as_str()).filter(|product| !product.is_empty()))
    }

    pub fn organisation(&self) -> Option<&str> {
        let named = || self.named.as_ref().and_then(|(_, organisation)| organisation.as_deref());
        self.report().map_or_else(named, |report| report.answers.organisation.as_deref())
    }

    /// The place to show for a finding of a report: its own or, if it has none, that of the record.
    pub(crate) fn at<'p>(&'p self, place: Option<&'p Place>) -> Option<&'p Place> {
        place.or(self.input.place.as_ref())
    }
}

impl Report<'_> {
    /// Whether the product has anything left to do, now or later.
    pub fn has_open_points(&self) -> bool {
        !self.judgement.lacking.is_empty()
            || self.assessment.fit.outcome != FitOutcome::Fits
            || self.assessment.go_live.iter().any(|owed| owed.status != Status::Met)
    }
}

/// How the records of one run are judged.
#[derive(Clone, Debug)]
pub struct Judging<'r> {
    pub rulebook: &'r Rulebook,
    pub levels: Levels,
    pub gate: Gate,
    /// Answers that override those in the records.
    pub set: Vec<set::SetAnswer>,
    /// With `--fail-on`, the only outcomes that fail.
    pub fail_on: Option<Vec<Outcome>>,
}

impl<'r> Judging<'r> {
    /// With these rules, and every option at its default.
    pub fn new(rulebook: &'r Rulebook) -> Self {
        Self { rulebook, levels: Levels::default(), gate: Gate::Eligibility, set: Vec::new(), fail_on: None }
    }

    /// Reads a record that begins on this line of its file, and judges it.
    pub fn check_document(&self, input: Input, first_line: usize, bytes: &[u8]) -> Checked<'r> {
        let read = self.read(&input.name, input.json, first_line, bytes);
        self.check_read(input, read)
    }

    /// Reads the answers of a record that begins on this line of its file, with warnings.
    pub fn read(
        &self,
        name: &str,
        is_json: bool,
        first_line: usize,
        bytes: &[u8],
    ) -> Result<(Answers, Vec<Problem>), ReadError> {
        let is_json = is_json || json::has_json_name(name);
        if let Some(problem) = is_json.then(|| json::syntax_error(name, first_line, bytes)).flatten() {
            return Err(ReadError { problems: vec![problem], named: None });
        }
        let bytes = if is_json { json::escaped_for_yaml(bytes) } else { bytes.into() };
        let read = answers::parse_tolerating(&self.levels.tolerated(), name, first_line, &bytes, self.rulebook);
        read.map_err(|mut problems| {
            if problems.iter().any(|problem| problem.code == Code::UnknownKey) {
                problems = kind::own_file_problem(&bytes).map_or(problems, |problem| vec![problem]);
            }
            ReadError { problems, named: answers::names(&bytes) }
        })
    }

    /// Judges a record, unless it could not be read.
    pub fn check_read(&self, input: Input, read: Result<(Answers, Vec<Problem>), ReadError>) -> Checked<'r> {
        match read {
            Ok((answers, warnings)) => self.check_answers(input, answers, warnings),
            Err(ReadError { mut problems, named }) => {
                self.levels.apply(&mut problems);
                Checked { named, ..Checked::invalid(input, problems) }
            }
        }
    }

    /// Lints answers that were read with these warnings, and judges them unless a problem is an error.
    pub fn check_answers(&self, input: Input, mut answers: Answers, warnings: Vec<Problem>) -> Checked<'r> {
        set::apply(&self.set, &mut answers);
        let problems = lint(self.rulebook, &answers, &self.levels, warnings);
        if Problem::any_error(&problems) {
            let named = Some((answers.product, answers.organisation));
            return Checked { named, ..Checked::invalid(input, problems) };
        }
        self.assess(input, answers, problems)
    }

    /// Assesses and judges answers that were linted already.
    pub(crate) fn assess(&self, input: Input, answers: Answers, mut problems: Vec<Problem>) -> Checked<'r> {
        let assessment = assess(self.rulebook, &answers);
        problems.extend(assessment.warning());
        let judgement = judge(self.gate, &assessment);
        let exit_code = judgement.exit_code(self.fail_on.as_deref());
        let set = answers.place.as_ref().and_then(|_| set::words(&self.set, self.rulebook));
        let report = Report { rulebook: self.rulebook, answers, assessment, judgement, set };
        Checked { input, problems, verdict: Verdict::Assessed(Box::new(report)), exit_code, named: None }
    }

    /// Whether nothing but the values of its answers affects how a record is judged. (Lints that look at values may still
    /// have something to say.)
    pub fn needs_values_only(&self) -> bool {
        let is_off = |code| self.levels.get(code) == Some(Level::Allow);
        self.set.is_empty() && self.gate == Gate::Eligibility && is_off(Code::NoEvidence) && is_off(Code::RulesNotNamed)
    }
}
