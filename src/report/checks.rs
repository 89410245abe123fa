//! The result as a list of checks that pass or fail, as test results, annotations and code scanning need it.
//!
//! Some check is lacking if and only if the product does not pass its gate, so every format agrees with the exit code.

use std::borrow::Cow;

use super::Report;
use crate::answers::Entry;
use crate::assessment::{
    CriterionResult, FindingResult, FindingState, ObligationResult, Preparation, Reason, Reasons, TopicResult,
};
use crate::gate::{Gate, Passage};
use crate::problem::Place;
use crate::question::{Answer, Grounds, Question, Section};
use crate::rulebook::{FindingKind, Page, Scenario, Status, numbered};
use crate::style::Tone;
use crate::wording::Text;

pub(super) struct Check<'a> {
    /// The id of the criterion, finding, topic or obligation.
    pub(super) id: &'a str,
    pub(super) section: Section,
    pub(super) number: Option<u8>,
    pub(super) title: &'a str,
    pub(super) standing: Standing,
    /// The result in a few words, such as "To discuss".
    pub(super) status: &'static str,
    pub(super) tone: Tone,
    /// The short text of the rules for this result.
    pub(super) short: Option<&'a str>,
    /// The texts of the rules for this result, with notes on these answers.
    pub(super) says: Vec<Cow<'a, str>>,
    /// The answers with several readings that leave it open.
    pub(super) open: Vec<GivenAnswer<'a>>,
    /// The first of its reasons.
    pub(super) because: Vec<GivenAnswer<'a>>,
    pub(super) other_reasons: Vec<Vec<GivenAnswer<'a>>>,
    /// The answers it depends on, for a check without reasons.
    pub(super) answered: Vec<GivenAnswer<'a>>,
    pub(super) missing: Vec<&'a Question>,
    /// The place in the file where missing answers belong.
    pub(super) answers: Option<&'a Place>,
    pub(super) grounds: &'a Grounds,
    pub(super) page: Option<&'a Page>,
    /// The finding, if it is a check of one.
    pub(super) finding: Option<&'a FindingResult<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Passes,
    /// Passes, but there is something to know.
    Noted,
    /// Not known yet, and not required by the gate.
    NotRequired,
    /// Fails, but `--fail-on` does not name this outcome.
    Tolerated,
    Lacking(Passage),
}

/// An answer with its question.
#[derive(Clone, Copy)]
pub(super) struct GivenAnswer<'a> {
    pub(super) question: &'a Question,
    pub(super) entry: &'a Entry,
}

impl<'a> GivenAnswer<'a> {
    pub(super) fn label(&self) -> String {
        self.question.label(&self.entry.answer)
    }

    /// The answer, with its question if it is too short to say what it answers: `"No" to "Is it open to all?"`.
    pub(super) fn said(&self) -> String {
        let label = self.label();
        match label.split_whitespace().nth(2) {
            Some(_) => format!("\"{label}\""),
            None => format!("\"{label}\" to \"{}\"", self.question.prompt),
        }
    }

    /// Whether this answer alone can leave a result open or make it worse: it has several readings, or there is a better one.
    fn counts_against(&self) -> bool {
        match self.entry.answer {
            Answer::NotSure => true,
            Answer::One(option) => !self.question.options[option].is_sure() || (self.question.best_first && option > 0),
            Answer::Many(_) | Answer::Text(_) => false,
        }
    }

    /// Its place in the file, unless it came from the command line.
    pub(super) fn place(&self) -> Option<&'a Place> {
        self.entry.place.as_ref()
    }

    /// `"No" to open_to_all`
    pub(super) fn quoted(&self) -> String {
        format!("\"{}\" to {}", self.label(), self.question.id)
    }
}

impl<'a> Check<'a> {
    /// The title, marked if it is not certain. For places that do not show the status.
    pub(super) fn marked_title(&self) -> Cow<'a, str> {
        let is_open = self.finding.is_some_and(|result| result.state == FindingState::Open);
        if is_open { format!("not sure: {}", self.title).into() } else { self.title.into() }
    }

    pub(super) fn is_blocker(&self) -> bool {
        self.finding.is_some_and(|result| result.finding.kind == FindingKind::Blocker)
    }

    /// A check that passes, with nothing to say yet.
    fn new(report: &'a Report<'a>, section: Section, id: &'a str, title: &'a str, grounds: &'a Grounds) -> Self {
        Self {
            id,
            section,
            number: None,
            title,
            standing: Standing::Passes,
            status: "",
            tone: Tone::Quiet,
            short: None,
            says: Vec::new(),
            open: Vec::new(),
            because: Vec::new(),
            other_reasons: Vec::new(),
            answered: Vec::new(),
            missing: Vec::new(),
            answers: report.answers.place.as_ref(),
            grounds,
            page: report.rulebook.page(&grounds.source.id),
            finding: None,
        }
    }

    fn with_reasons(mut self, report: &'a Report<'a>, reasons: &Reasons<'a>) -> Self {
        let mut all = reasons.known().iter().map(|reason| reason_answers(report, reason));
        self.because = all.next().unwrap_or_default();
        self.other_reasons = all.collect();
        self
    }

    /// "2. Is free to use"
    pub(super) fn heading(&self) -> String {
        numbered(self.number, self.title)
    }

    /// The answers to show for it: those that leave it open or count against it, or else all that it depends on.
    pub(super) fn deciding(&self) -> Vec<GivenAnswer<'a>> {
        let all = if self.because.is_empty() { &self.answered } else { &self.because };
        let mut deciding = self.open.clone();
        let is_new =
            |given: &&GivenAnswer<'a>| !self.open.iter().any(|known| std::ptr::eq(known.question, given.question));
        deciding.extend(all.iter().filter(|given| given.counts_against()).filter(is_new));
        if deciding.is_empty() { all.clone() } else { deciding }
    }

    /// The place of the first answer that decides it, or the place where a missing one belongs.
    pub(super) fn place(&self) -> Option<&'a Place> {
        if self.because.is_empty() && !self.missing.is_empty() {
            return self.answers;
        }
        self.deciding().iter().find_map(GivenAnswer::place)
    }

    /// "Is free to use: Not met"
    pub(super) fn headline(&self) -> String {
        format!("{}: {}", self.heading(), self.status)
    }

    /// All sentences below the headline, with the source.
    pub(super) fn details(&self) -> Vec<String> {
        let mut details = self.sentences();
        let mark = self.grounds.mark().map(|mark| format!(" {mark}")).unwrap_or_default();
        details.push(format!("Source: {}.{mark}", self.grounds.source));
        details
    }

    /// All sentences below the headline, without the source.
    pub(super) fn sentences(&self) -> Vec<String> {
        let mut details: Vec<String> = self.says.iter().map(|says| says.clone().into_owned()).collect();
        if !self.because.is_empty() {
            let given: Vec<String> = self.because.iter().map(GivenAnswer::quoted).collect();
            details.push(format!("Because you answered {}.", given.join(" and ")));
        }
        if !self.missing.is_empty() {
            let ids: Vec<&str> = self.missing.iter().map(|question| question.id.as_str()).collect();
            details.push(format!("Still to answer: {}.", ids.join(", ")));
        }
        details
    }
}

pub(super) fn passing(checks: &[Check<'_>]) -> usize {
    checks.iter().filter(|check| check.standing == Standing::Passes).count()
}

/// The checks that the gate asks for, and the findings. If the result is `tolerated`, none of them is lacking.
pub(super) fn checks<'a>(report: &'a Report<'a>, tolerated: bool) -> Vec<Check<'a>> {
    let mut checks = criteria(report);
    checks.extend(findings(report));
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

pub(super) fn criteria<'a>(report: &'a Report<'a>) -> Vec<Check<'a>> {
    report.assessment.criteria.iter().map(|result| criterion(report, result)).collect()
}

fn criterion<'a>(report: &'a Report<'a>, result: &'a CriterionResult<'a>) -> Check<'a> {
    let it = result.criterion;
    let (standing, tone) = match result.status {
        Status::Met => (Standing::Passes, Tone::Good),
        Status::ToDiscuss => (Standing::Lacking(Passage::NeedsDiscussion), Tone::Caution),
        Status::NotMet => (Standing::Lacking(Passage::Fails), Tone::Bad),
        Status::Unknown => (Standing::Lacking(Passage::Incomplete), Tone::Caution),
    };
    let open = result.open.iter().filter_map(|offer| offer.says.as_ref());
    let several = Some(&result.scenarios).filter(|scenarios| scenarios.len() > 1);
    let scenarios = several.map(|scenarios| format!("It can come under {}.", possible(scenarios)));
    let says = result.says.iter().copied().map(|says| says.as_str().into());
    let all = (0..report.rulebook.questions.len()).filter_map(|index| given_answer(report, index));
    let leaves_open = |given: &GivenAnswer<'_>| match given.entry.answer {
        Answer::One(option) => {
            result.open.iter().any(|offer| std::ptr::eq(*offer, &raw const given.question.options[option]))
        }
        _ => false,
    };
    Check {
        number: it.number,
        standing,
        status: criterion_words(result.status),
        tone,
        short: result.short.or(result.says.map(first_sentence)),
        open: all.filter(leaves_open).collect(),
        says: says
            .chain(scenarios.map(Cow::from))
            .chain(open.map(|says| says.as_str().into()))
            .chain(result.notes.iter().copied().map(Cow::from))
            .collect(),
        missing: if result.status == Status::Unknown { result.missing.clone() } else { Vec::new() },
        ..Check::new(report, Section::Eligibility, &it.id, &it.title, result.grounds)
    }
    .with_reasons(report, &result.because)
}

/// The findings, without notes that do not hold.
pub(super) fn findings<'a>(report: &'a Report<'a>) -> Vec<Check<'a>> {
    report.assessment.fit.findings.iter().filter_map(|result| finding(report, result)).collect()
}

fn finding<'a>(report: &'a Report<'a>, result: &'a FindingResult<'a>) -> Option<Check<'a>> {
    let it = result.finding;
    let asked = || report.judgement.lacking.contains(&("fit".to_owned(), Passage::Incomplete));
    let lacking = |otherwise| if asked() { Standing::Lacking(Passage::Incomplete) } else { otherwise };
    let (standing, status, tone) = match (result.state, it.kind) {
        (FindingState::Holds, FindingKind::Blocker) => (Standing::Lacking(Passage::Fails), "Blocker", Tone::Bad),
        (FindingState::Holds, FindingKind::Condition) => (Standing::Noted, "Condition", Tone::Caution),
        (FindingState::Holds, FindingKind::Note) => (Standing::Noted, "Note", Tone::Quiet),
        // An open finding of any kind is treated as a condition.
        (FindingState::Open, FindingKind::Blocker) => (lacking(Standing::Noted), "Condition, not sure", Tone::Caution),
        (FindingState::Open, FindingKind::Condition) => (Standing::Noted, "Condition, not sure", Tone::Caution),
        (FindingState::DoesNotHold, FindingKind::Blocker | FindingKind::Condition) => {
            (Standing::Passes, "Does not apply", Tone::Good)
        }
        (FindingState::Unknown, FindingKind::Blocker | FindingKind::Condition) => {
            (lacking(Standing::NotRequired), "Not known yet", Tone::Caution)
        }
        (FindingState::DoesNotHold | FindingState::Open | FindingState::Unknown, FindingKind::Note) => return None,
    };
    let says = it.text_for(result.state);
    let unknown = result.state == FindingState::Unknown;
    let missing = || {
        let questions = report.rulebook.diagrams.questions(it.state.root());
        report.assessment.fit.missing.iter().copied().filter(|it| questions.contains(&it.index)).collect()
    };
    let check = Check {
        standing,
        status,
        tone,
        short: says.map(first_sentence),
        says: says.into_iter().map(|says| says.as_str().into()).collect(),
        missing: if unknown { missing() } else { Vec::new() },
        finding: Some(result),
        ..Check::new(report, Section::Fit, &it.id, &it.title, &it.grounds)
    };
    Some(check.with_reasons(report, &result.because))
}

pub(super) fn topics<'a>(report: &'a Report<'a>) -> Vec<Check<'a>> {
    report.assessment.application.iter().map(|result| topic(report, result)).collect()
}

fn topic<'a>(report: &'a Report<'a>, result: &'a TopicResult<'a>) -> Check<'a> {
    let it = result.topic;
    let (standing, status, tone) = match result.preparation {
        Preparation::Prepared => (Standing::Passes, "Prepared", Tone::Good),
        Preparation::Lacking => (Standing::Lacking(Passage::Incomplete), "Not prepared", Tone::Caution),
        Preparation::Absent => (Standing::Lacking(Passage::Fails), "Not prepared", Tone::Bad),
    };
    Check {
        number: it.number,
        standing,
        status,
        tone,
        short: (!result.prepared()).then(|| first_sentence(&it.prepare)),
        says: vec![it.prepare.as_str().into()],
        answered: match (result.preparation, &it.prepared_when) {
            (Preparation::Absent, Some(condition)) => given_answers(report, condition.questions()),
            _ => given_answers(report, it.questions.iter().copied()),
        },
        missing: result.lacking.clone(),
        ..Check::new(report, Section::Application, &it.id, &it.title, &it.grounds)
    }
}

pub(super) fn obligations<'a>(report: &'a Report<'a>) -> Vec<Check<'a>> {
    report.assessment.go_live.iter().map(|result| obligation(report, result)).collect()
}

fn obligation<'a>(report: &'a Report<'a>, result: &'a ObligationResult<'a>) -> Check<'a> {
    let it = result.obligation;
    let (standing, tone) = match result.status {
        Status::Met => (Standing::Passes, Tone::Good),
        Status::NotMet => (Standing::Lacking(Passage::Fails), Tone::Caution),
        Status::ToDiscuss | Status::Unknown => (Standing::Lacking(Passage::Incomplete), Tone::Caution),
    };
    let says = it.says.text(result.status);
    Check {
        standing,
        status: obligation_words(result.status),
        tone,
        short: it.says.short(result.status).or(says.map(first_sentence)),
        says: (says.into_iter().map(Text::as_str)).chain(result.notes.iter().copied()).map(Cow::from).collect(),
        answered: given_answers(report, it.met_when.questions()),
        missing: result.missing.clone(),
        ..Check::new(report, Section::GoLive, &it.id, &it.title, &it.grounds)
    }
}

pub(crate) fn criterion_words(status: Status) -> &'static str {
    match status {
        Status::Met => "Met",
        Status::ToDiscuss => "To discuss",
        Status::NotMet => "Not met",
        Status::Unknown => "Not known yet",
    }
}

pub(crate) fn obligation_words(status: Status) -> &'static str {
    match status {
        Status::Met => "Met",
        Status::ToDiscuss => "Not sure",
        Status::NotMet => "Not there yet",
        Status::Unknown => "Not answered yet",
    }
}

pub(super) fn reason_answers<'a>(report: &'a Report<'a>, reason: &Reason<'a>) -> Vec<GivenAnswer<'a>> {
    given_answers(report, reason.iter().map(|question| question.index))
}

fn given_answers<'a>(report: &'a Report<'a>, questions: impl IntoIterator<Item = usize>) -> Vec<GivenAnswer<'a>> {
    questions.into_iter().filter_map(|index| given_answer(report, index)).collect()
}

pub(super) fn given_answer<'a>(report: &'a Report<'a>, index: usize) -> Option<GivenAnswer<'a>> {
    report.answers.get(index).map(|entry| GivenAnswer { question: &report.rulebook.questions[index], entry })
}

/// The first sentence of a text, which stands in for a missing short text.
fn first_sentence(text: &Text) -> &str {
    let says = if text.says.is_empty() { text.reading.as_deref().unwrap_or_default() } else { &text.says };
    says.find(". ").map_or(says, |end| &says[..=end])
}

/// "scenario 1 or 3", "scenario 4 or none of the published ones", or the titles if none has a number.
pub(super) fn possible(scenarios: &[&Scenario]) -> String {
    let numbers = scenarios.iter().filter_map(|it| it.number);
    let mut names: Vec<String> = numbers.map(|number| number.to_string()).collect();
    if names.is_empty() {
        names = scenarios.iter().map(|it| format!("\"{}\"", it.title)).collect();
    } else if names.len() < scenarios.len() {
        names.push("none of the published ones".to_owned());
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { format!("scenario {last}") } else { format!("scenario {} or {last}", names.join(", ")) }
}
