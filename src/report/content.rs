//! What there is to tell of a product, in the order it is told: every text with the answers it rests on, and no id that
//! a format would have to look up. A format says only how it looks.

use super::Report;
use super::checks::{self, Check, Given, Standing};
use super::moves::{self, Ways};
use crate::answers::Answers;
use crate::assessment::{FitOutcome, Prospect};
use crate::gate::{Gate, Passage};
use crate::question::{Basis, Grounds, Question, Section};
use crate::rulebook::{self, Outcome, Page, Rulebook};
use crate::style::Tone;
use crate::wording::Text;

/// Everything that is told of one product.
pub(super) struct Content<'a> {
    pub(super) rulebook: &'a Rulebook,
    pub(super) answers: &'a Answers,
    /// What came of it, with what keeps it from passing where the outcome does not say so.
    pub(super) headline: String,
    pub(super) tone: Tone,
    pub(super) outcome: Outcome,
    /// What the outcome means.
    pub(super) meaning: &'a Text,
    /// The titles of the outcomes still possible, where more than one is.
    pub(super) still_possible: Vec<&'a str>,
    /// The scenario, or that none is decided.
    pub(super) scenario: Option<Scenario<'a>>,
    pub(super) criteria: Vec<Check<'a>>,
    pub(super) fit: Option<Fit<'a>>,
    pub(super) topics: Vec<Check<'a>>,
    pub(super) obligations: Vec<Check<'a>>,
    /// The missing answers that can still change the outcome, with what each can still do.
    pub(super) missing: Vec<Missing<'a>>,
    /// The one that settles most, of several.
    pub(super) ask_first: Option<&'a Question>,
    /// What would lead to meeting the criteria.
    pub(super) ways: Ways,
    /// Whether there are more reasons or ways than can be worked out.
    pub(super) cut_short: bool,
    pub(super) steps: Vec<Told<'a>>,
    pub(super) facts: Vec<Told<'a>>,
    /// What the gate says, where it says more than the outcome: whether the product passes, and what keeps it from that.
    pub(super) gate: Option<GateResult<'a>>,
    /// What was answered, by section.
    pub(super) said: Vec<(&'a str, Vec<Given<'a>>)>,
    /// The pages that are cited.
    pub(super) sources: Vec<&'a Page>,
}

/// The scenario a product is in, or those that are possible.
pub(super) struct Scenario<'a> {
    /// "Scenario 2", or what stands in the place of a number.
    pub(super) lead: String,
    pub(super) number: Option<u8>,
    /// Its title, if it is decided.
    pub(super) title: Option<&'a str>,
    /// The titles of those that are possible, with their numbers, if none is decided.
    pub(super) possible: Vec<(Option<u8>, &'a str)>,
    pub(super) notes: Vec<&'a str>,
    /// What it follows from.
    pub(super) because: Vec<Given<'a>>,
    /// Where it comes from, if it is decided.
    pub(super) source: Option<(&'a Grounds, Option<&'a Page>)>,
}

/// Whether the service fits.
pub(super) struct Fit<'a> {
    pub(super) outcome: FitOutcome,
    /// The same in words: "The club does not fit".
    pub(super) words: String,
    pub(super) tone: Tone,
    /// The findings that have something to say.
    pub(super) findings: Vec<Check<'a>>,
    pub(super) missing: Vec<&'a Question>,
    /// What would make it fit.
    pub(super) ways: Ways,
}

pub(super) struct Missing<'a> {
    pub(super) question: &'a Question,
    /// Answers that do the same, with what the criteria can then still come to.
    pub(super) answers: Vec<(Vec<String>, &'a str)>,
}

/// A step to take, or a fact.
pub(super) struct Told<'a> {
    pub(super) title: &'a str,
    pub(super) says: &'a Text,
    pub(super) page: Option<&'a Page>,
}

/// What a gate says.
pub(super) struct GateResult<'a> {
    pub(super) gate: Gate,
    pub(super) passes: bool,
    /// The titles of what is in the way.
    pub(super) in_the_way: Vec<&'a str>,
}

/// Everything there is to tell, to somebody who gets this exit code.
pub(super) fn content<'a>(report: &'a Report<'a>, exit_code: u8) -> Content<'a> {
    let Report { rulebook, answers, assessment, .. } = report;
    let text = rulebook.outcome_text(assessment.outcome);
    let several = assessment.outcome == Outcome::Incomplete;
    let told = |title: &'a str, says: &'a Text, source| Told { title, says, page: rulebook.page(source) };
    Content {
        rulebook,
        answers,
        headline: headline(report, exit_code),
        tone: match assessment.outcome {
            Outcome::MeetsCriteria if deciding(report, exit_code).is_empty() => Tone::Good,
            Outcome::DoesNotMeet => Tone::Bad,
            Outcome::MeetsCriteria | Outcome::NeedsDiscussion | Outcome::Incomplete => Tone::Caution,
        },
        outcome: assessment.outcome,
        meaning: &text.meaning,
        still_possible: (assessment.possible_outcomes.iter().filter(|_| several))
            .map(|outcome| rulebook.outcome_text(*outcome).title.as_str())
            .collect(),
        scenario: scenario(report),
        criteria: checks::criteria(report),
        fit: fit(report),
        topics: checks::topics(report),
        obligations: checks::obligations(report),
        missing: assessment.prospects.iter().map(|prospect| missing(rulebook, prospect)).collect(),
        ask_first: assessment.ask_first.filter(|_| assessment.missing.len() > 1),
        ways: if several { Ways::default() } else { moves::ways(report, &assessment.changes) },
        cut_short: assessment.is_cut_short(),
        steps: assessment.next_steps.iter().map(|it| told(&it.title, &it.says, &it.grounds.source)).collect(),
        facts: assessment.facts.iter().map(|it| told(&it.title, &it.says, &it.grounds.source)).collect(),
        gate: gate(report),
        said: said(report),
        sources: sources(report),
    }
}

/// "Meets the criteria, but it does not fit": what came of a product, with what the exit code says beyond the outcome.
#[must_use]
pub fn headline(report: &Report<'_>, exit_code: u8) -> String {
    let Report { rulebook, assessment, judgement, .. } = report;
    let title = rulebook.outcome_text(assessment.outcome).title.trim_end_matches('.');
    let deciding = deciding(report, exit_code);
    if deciding.iter().any(|check| check.section == Section::Fit && check.standing == Standing::Lacking(Passage::Fails))
    {
        return format!("{title}, but {}", fit_words(rulebook, assessment.fit.outcome));
    }
    let in_section = |section| deciding.iter().filter(|check| check.section == section).count();
    let topics = in_section(Section::Application);
    let first = match deciding.first() {
        None => return title.to_owned(),
        Some(check) if check.section == Section::Fit => "an answer on fit".to_owned(),
        Some(check) if check.section == Section::Application => {
            format!("{topics} of {} topics", assessment.application.len())
        }
        Some(check) => check.title.to_owned(),
    };
    let told = match deciding[0].section {
        Section::Application => topics,
        section => in_section(section).min(if section == Section::Fit { usize::MAX } else { 1 }),
    };
    let more = match deciding.len() - told {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("{title}, but gate {} lacks: {first}{more}", judgement.gate.id())
}

/// What decides the exit code, where the outcome does not: a blocker, or what the gate asks for.
pub(super) fn deciding<'a>(report: &'a Report<'a>, exit_code: u8) -> Vec<Check<'a>> {
    let judgement = &report.judgement;
    let of_outcome = crate::gate::at_eligibility(report.assessment.outcome, FitOutcome::Fits);
    if exit_code == 0 || of_outcome.exit_code() == exit_code {
        return Vec::new();
    }
    let decides =
        |id: &str| judgement.lacking.iter().any(|(known, passage)| known == id && passage.exit_code() == exit_code);
    let lacking = |check: &Check<'_>| matches!(check.standing, Standing::Lacking(_));
    let fit = checks::findings(report).into_iter().filter(|check| decides("fit") && lacking(check));
    // A condition keeps nobody from passing.
    let fit =
        fit.filter(|check| {
            report.assessment.fit.findings.iter().any(|result| {
                result.finding.id == check.id && result.finding.kind == crate::rulebook::FindingKind::Blocker
            })
        });
    let topics = checks::topics(report).into_iter().filter(|check| decides(check.id));
    let owed = checks::obligations(report).into_iter().filter(|check| decides(check.id));
    fit.chain(topics).chain(owed).collect()
}

/// "The club does not fit".
pub(crate) fn fit_words(rulebook: &Rulebook, outcome: FitOutcome) -> String {
    let service = rulebook.service.as_deref().unwrap_or("it");
    match outcome {
        FitOutcome::Fits => format!("{service} fits"),
        FitOutcome::FitsWithConditions => format!("{service} fits, with conditions"),
        FitOutcome::DoesNotFit => format!("{service} does not fit"),
        FitOutcome::Unknown => format!("it is not known yet whether {service} fits"),
    }
}

fn fit<'a>(report: &'a Report<'a>) -> Option<Fit<'a>> {
    let Report { rulebook, assessment, .. } = report;
    let fit = &assessment.fit;
    let shown = |check: &Check<'_>| matches!(check.standing, Standing::Noted | Standing::Lacking(_));
    let told = |check: &Check<'_>| shown(check) && !check.says.is_empty();
    (!fit.findings.is_empty()).then(|| Fit {
        outcome: fit.outcome,
        words: fit_words(rulebook, fit.outcome),
        tone: match fit.outcome {
            FitOutcome::Fits => Tone::Good,
            FitOutcome::FitsWithConditions | FitOutcome::Unknown => Tone::Caution,
            FitOutcome::DoesNotFit => Tone::Bad,
        },
        findings: checks::findings(report).into_iter().filter(told).collect(),
        missing: fit.missing.clone(),
        ways: match fit.outcome {
            FitOutcome::DoesNotFit | FitOutcome::FitsWithConditions => moves::ways(report, &fit.changes),
            FitOutcome::Fits | FitOutcome::Unknown => Ways::default(),
        },
    })
}

/// "Scenario 2", or what stands in the place of a number.
pub(crate) fn scenario_lead(scenario: &rulebook::Scenario) -> String {
    match (scenario.number, scenario.grounds.basis) {
        (Some(number), _) => format!("Scenario {number}"),
        (None, Basis::Published) => "Scenario".to_owned(),
        (None, Basis::Interpretation) => "No published scenario".to_owned(),
    }
}

fn scenario<'a>(report: &'a Report<'a>) -> Option<Scenario<'a>> {
    let Report { rulebook, assessment, .. } = report;
    if let Some(result) = &assessment.scenario {
        let it = result.scenario;
        let because = result.because.first().map(|reason| checks::given(report, reason));
        return Some(Scenario {
            lead: scenario_lead(it),
            number: it.number,
            title: Some(&it.title),
            possible: Vec::new(),
            notes: result.notes.clone(),
            because: because.unwrap_or_default(),
            source: Some((&it.grounds, rulebook.page(&it.grounds.source))),
        });
    }
    let possible = assessment.possible_scenarios.iter().map(|it| (it.number, it.title.as_str()));
    (!assessment.possible_scenarios.is_empty()).then(|| Scenario {
        lead: "Scenario".to_owned(),
        number: None,
        title: None,
        possible: possible.collect(),
        notes: Vec::new(),
        because: Vec::new(),
        source: None,
    })
}

/// What each answer to a question would do, answers that do the same taken together.
fn missing<'a>(rulebook: &'a Rulebook, prospect: &Prospect<'a>) -> Missing<'a> {
    let question = prospect.question;
    let mut answers: Vec<(Vec<String>, &[Outcome])> = Vec::new();
    for (answer, outcomes) in &prospect.answers {
        let label = question.label(answer);
        match answers.iter_mut().find(|(_, known)| known == outcomes) {
            Some((alike, _)) => alike.push(label),
            None => answers.push((vec![label], outcomes)),
        }
    }
    let title = |outcome: Outcome| rulebook.outcome_text(outcome).title.as_str();
    let words = |outcomes: &[Outcome]| match outcomes {
        [only] => title(*only),
        [Outcome::MeetsCriteria, ..] => "still open",
        [best, ..] => title(*best),
        [] => "",
    };
    Missing { question, answers: answers.into_iter().map(|(alike, outcomes)| (alike, words(outcomes))).collect() }
}

fn gate<'a>(report: &'a Report<'a>) -> Option<GateResult<'a>> {
    let judgement = &report.judgement;
    let is_outcome = judgement.gate == Gate::Eligibility && judgement.lacking.iter().all(|(id, _)| id == "outcome");
    (!is_outcome).then(|| judged(report))
}

/// What the gate says, be it no more than the outcome.
pub(super) fn judged<'a>(report: &'a Report<'a>) -> GateResult<'a> {
    let Report { rulebook, judgement, .. } = report;
    let all = checks::topics(report).into_iter().chain(checks::obligations(report));
    let titles: Vec<(&str, &'a str)> = all.map(|check| (check.id, check.title)).collect();
    let title = |id: &str| match id {
        "outcome" => rulebook.section(Section::Eligibility).title.as_str(),
        "fit" => rulebook.section(Section::Fit).title.as_str(),
        id => titles.iter().find(|(known, _)| *known == id).map_or("", |(_, title)| title),
    };
    let in_the_way = judgement.lacking.iter().map(|(id, _)| title(id)).collect();
    GateResult { gate: judgement.gate, passes: judgement.lacking.is_empty(), in_the_way }
}

/// Every answer, by section.
fn said<'a>(report: &'a Report<'a>) -> Vec<(&'a str, Vec<Given<'a>>)> {
    let all = || (0..report.rulebook.questions.len()).filter_map(|index| checks::given_at(report, index));
    let of = |section: Section| all().filter(|given| given.question.section == section).collect::<Vec<_>>();
    let sections =
        Section::ALL.into_iter().map(|section| (report.rulebook.section(section).title.as_str(), of(section)));
    sections.filter(|(_, given)| !given.is_empty()).collect()
}

/// Every page that something told of this product comes from, in the order of the rules.
pub(super) fn sources<'a>(report: &'a Report<'a>) -> Vec<&'a Page> {
    let Report { rulebook, assessment, .. } = report;
    let all = [checks::criteria(report), checks::findings(report), checks::topics(report), checks::obligations(report)];
    let checks = all.iter().flatten().filter_map(|check| check.page);
    let steps = assessment.next_steps.iter().map(|it| &it.grounds);
    let told = steps.chain(assessment.facts.iter().map(|it| &it.grounds));
    let cited: Vec<&str> =
        checks.chain(told.filter_map(|it| rulebook.page(&it.source))).map(|page| page.id.as_str()).collect();
    rulebook.pages.iter().filter(|page| cited.contains(&page.id.as_str())).collect()
}

impl Scenario<'_> {
    /// "Scenario 2: Open on Sundays.", or those that are still possible.
    pub(super) fn words(&self) -> String {
        let possible = || self.possible.iter().map(|(number, title)| rulebook::numbered(*number, title));
        let told = match self.title {
            Some(title) => format!("{}: {title}", self.lead),
            None => format!("{}, still possible: {}", self.lead, possible().collect::<Vec<_>>().join("; ")),
        };
        format!("{}.", told.trim_end_matches('.'))
    }
}

impl Content<'_> {
    /// The product, with who makes it.
    pub(super) fn product(&self) -> String {
        match &self.answers.organisation {
            Some(organisation) => format!("{} ({organisation})", self.answers.product),
            None => self.answers.product.clone(),
        }
    }
}
