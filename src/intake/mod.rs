//! One road for a record, however it comes: it is read, judged with lints and gate, and handed on as one type. `check` is
//! `triage` of few, in full.

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
    /// What it is called in messages.
    pub name: String,
    /// Its path as it was given, if it is a file.
    pub path: Option<String>,
    /// SHA-256 of its bytes, if they could be read.
    pub digest: Option<String>,
    /// What was answered on the command line over what the file says.
    pub set: Vec<(String, String)>,
    /// Where it stands, if it is one record of a file that holds many.
    pub place: Option<Place>,
    /// Whether it is JSON, whatever its name says.
    pub json: bool,
    /// Columns of a table that are carried along, each with what stands in it.
    pub kept: Vec<(String, String)>,
}

/// A record and what became of it.
#[derive(Debug)]
pub struct Checked<'r> {
    /// Where the answers came from.
    pub input: Input,
    /// What is wrong with the record, or worth knowing about it.
    pub problems: Vec<Problem>,
    /// What came of it.
    pub verdict: Verdict<'r>,
    /// The exit code it calls for.
    pub exit_code: u8,
    /// What is known of a record that is not valid: the product and who makes it.
    pub named: Option<(String, Option<String>)>,
}

/// A record that could not be read.
#[derive(Debug)]
pub struct Unread {
    pub(crate) problems: Vec<Problem>,
    /// What is known of it: the product and who makes it.
    named: Option<(String, Option<String>)>,
}

/// What came of a record.
#[derive(Debug)]
pub enum Verdict<'r> {
    /// The product was assessed.
    Assessed(Box<Report<'r>>),
    /// The record is not valid; its problems say why.
    Invalid,
    /// It could not be read, for this reason.
    Unreadable(String),
}

/// Everything that is known about one product.
#[derive(Debug)]
pub struct Report<'r> {
    pub rulebook: &'r Rulebook,
    pub answers: Answers,
    /// What the rules say about it.
    pub assessment: Assessment<'r>,
    /// What the gate says about it.
    pub judgement: Judgement,
}

impl<'r> Checked<'r> {
    /// What cannot be read.
    pub fn unreadable(input: Input, reason: String) -> Self {
        Self {
            input,
            problems: Vec::new(),
            verdict: Verdict::Unreadable(reason),
            exit_code: COULD_NOT_RUN,
            named: None,
        }
    }

    /// What is not valid, for these reasons.
    pub fn invalid(input: Input, problems: Vec<Problem>) -> Self {
        Self { input, problems, verdict: Verdict::Invalid, exit_code: INVALID, named: None }
    }

    /// The product, if it was assessed.
    pub fn report(&self) -> Option<&Report<'r>> {
        match &self.verdict {
            Verdict::Assessed(report) => Some(report),
            Verdict::Invalid | Verdict::Unreadable(_) => None,
        }
    }

    /// The name of the product, if it is known.
    pub fn product(&self) -> Option<&str> {
        let report = self.report().map(|report| report.answers.product.as_str());
        report
            .or_else(|| self.named.as_ref().map(|(product, _)| product.as_str()).filter(|product| !product.is_empty()))
    }

    /// Who makes it, if that is known.
    pub fn organisation(&self) -> Option<&str> {
        let named = || self.named.as_ref().and_then(|(_, organisation)| organisation.as_deref());
        self.report().map_or_else(named, |report| report.answers.organisation.as_deref())
    }

    /// Where something is shown: in its own place, or in that of the record it was found in.
    pub(crate) fn at<'p>(&'p self, place: Option<&'p Place>) -> Option<&'p Place> {
        place.or(self.input.place.as_ref())
    }
}

impl Report<'_> {
    /// Whether something stands in the product's way, or is owed later.
    pub fn has_open_points(&self) -> bool {
        !self.judgement.lacking.is_empty()
            || self.assessment.fit.outcome != FitOutcome::Fits
            || self.assessment.go_live.iter().any(|owed| owed.status != Status::Met)
    }
}

/// What every record of a run is judged by.
#[derive(Clone, Debug)]
pub struct Judging<'r> {
    pub rulebook: &'r Rulebook,
    /// How much what is not wrong weighs.
    pub levels: Levels,
    /// How far a product must have got.
    pub gate: Gate,
    /// Answers that take the place of those in the records.
    pub set: Vec<set::SetAnswer>,
    /// The outcomes that fail, if not all do.
    pub fail_on: Option<Vec<Outcome>>,
}

impl<'r> Judging<'r> {
    /// Judging by these rules, with every option left at its default.
    pub fn new(rulebook: &'r Rulebook) -> Self {
        Self { rulebook, levels: Levels::default(), gate: Gate::Eligibility, set: Vec::new(), fail_on: None }
    }

    /// Reads a record that begins with this line of its file, and judges it.
    pub fn document(&self, input: Input, first_line: usize, bytes: &[u8]) -> Checked<'r> {
        let read = self.read(&input.name, input.json, first_line, bytes);
        self.judge(input, read)
    }

    /// The answers of a record that begins with this line of a file, and what else is to be said of it.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn read(
        &self,
        name: &str,
        is_json: bool,
        first_line: usize,
        bytes: &[u8],
    ) -> Result<(Answers, Vec<Problem>), Unread> {
        let is_json = is_json || json::is_named_so(name);
        if let Some(problem) = is_json.then(|| json::fault(name, first_line, bytes)).flatten() {
            return Err(Unread { problems: vec![problem], named: None });
        }
        let bytes = if is_json { json::readable(bytes) } else { bytes.into() };
        let read = answers::parse_tolerating(&self.levels.tolerated(), name, first_line, &bytes, self.rulebook);
        read.map_err(|mut problems| {
            if problems.iter().any(|problem| problem.code == Code::UnknownKey) {
                problems = kind::of_ours(&bytes).map_or(problems, |problem| vec![problem]);
            }
            Unread { problems, named: answers::names(&bytes) }
        })
    }

    /// Judges a record that was read, or tells why it could not be.
    pub fn judge(&self, input: Input, read: Result<(Answers, Vec<Problem>), Unread>) -> Checked<'r> {
        match read {
            Ok((answers, warnings)) => self.answers(input, answers, warnings),
            Err(Unread { mut problems, named }) => {
                self.levels.apply(&mut problems);
                Checked { named, ..Checked::invalid(input, problems) }
            }
        }
    }

    /// Judges the answers of a row, unless something is wrong with it.
    pub fn row(&self, input: Input, answers: Answers, problems: Vec<Problem>) -> Checked<'r> {
        if problems.is_empty() {
            return self.answers(input, answers, problems);
        }
        Checked { named: Some((answers.product, answers.organisation)), ..Checked::invalid(input, problems) }
    }

    /// Judges answers that could be read, unless a lint says no.
    pub fn answers(&self, input: Input, mut answers: Answers, read: Vec<Problem>) -> Checked<'r> {
        set::apply(&self.set, &mut answers);
        let problems = lint(self.rulebook, &answers, &self.levels, read);
        if Problem::any_error(&problems) {
            let named = Some((answers.product, answers.organisation));
            return Checked { named, ..Checked::invalid(input, problems) };
        }
        self.assessed(input, answers, problems)
    }

    /// Judges answers of which no more than this is to be said.
    pub(crate) fn assessed(&self, input: Input, answers: Answers, mut problems: Vec<Problem>) -> Checked<'r> {
        let assessment = assess(self.rulebook, &answers);
        problems.extend(assessment.warning());
        let judgement = judge(self.gate, &assessment);
        let exit_code = judgement.exit_code(self.fail_on.as_deref());
        let report = Report { rulebook: self.rulebook, answers, assessment, judgement };
        Checked { input, problems, verdict: Verdict::Assessed(Box::new(report)), exit_code, named: None }
    }

    /// Whether a record of which values alone are known is judged as one that was read whole, as long as no lint that
    /// looks at values has anything to say of it.
    pub fn needs_values_only(&self) -> bool {
        let silent = |code| self.levels.get(code) == Some(Level::Allow);
        self.set.is_empty() && self.gate == Gate::Eligibility && silent(Code::NoEvidence) && silent(Code::RulesNotNamed)
    }
}
