//! The content of a report on one product, in the order of the report, with all texts resolved. A format only lays it out.

use super::checks::{self, Check, GivenAnswer, Standing};
use super::moves::{self, Suggestions};
use super::{Checked, Report, Verdict};
use crate::answers::Answers;
use crate::assessment::{FitOutcome, Prospect};
use crate::gate::{self, Gate, Passage};
use crate::problem::{Problem, Severity};
use crate::question::{Basis, Grounds, Question, Section};
use crate::rulebook::{self, Outcome, Page, Rulebook, Scenario};
use crate::style::Tone;
use crate::wording::{MARK, Text, counted, sentence};

pub(super) struct Content<'a> {
    pub(super) rulebook: &'a Rulebook,
    pub(super) answers: &'a Answers,
    /// The outcome, with what makes the gate fail if that is something else.
    pub(super) headline: String,
    pub(super) tone: Tone,
    pub(super) outcome: Outcome,
    pub(super) meaning: &'a Text,
    /// The titles of the outcomes still possible, if there are several.
    pub(super) still_possible: Vec<&'a str>,
    pub(super) scenario: Option<ScenarioContent<'a>>,
    pub(super) criteria: Vec<Check<'a>>,
    /// The checks that decide the exit code, if the outcome does not.
    pub(super) deciding: Vec<Check<'a>>,
    /// What else the gate asks for and the product lacks, in words.
    pub(super) also_lacking: Option<String>,
    pub(super) fit: Option<FitContent<'a>>,
    pub(super) topics: Vec<Check<'a>>,
    pub(super) obligations: Vec<Check<'a>>,
    /// The missing answers that can still change the outcome.
    pub(super) missing: Vec<MissingAnswer<'a>>,
    /// The question to ask first, if several are missing.
    pub(super) ask_first: Option<&'a Question>,
    /// Ways to meet the criteria.
    pub(super) suggestions: Suggestions,
    /// Whether there are too many reasons or ways to compute.
    pub(super) cut_short: bool,
    pub(super) steps: Vec<Advice<'a>>,
    pub(super) facts: Vec<Advice<'a>>,
    pub(super) gate: GateResult,
    /// All answers, by section.
    pub(super) answered: Vec<(&'a str, Vec<GivenAnswer<'a>>)>,
    /// What `--set` gave over the file, or took away.
    pub(super) set: Option<&'a str>,
    pub(super) sources: Vec<&'a Page>,
}

/// The scenario of a product, or those that are possible.
pub(super) struct ScenarioContent<'a> {
    /// "Scenario 2"
    pub(super) lead: String,
    pub(super) decided: Option<&'a Scenario>,
    /// The possible ones, if none is decided.
    pub(super) possible: &'a [&'a Scenario],
    pub(super) notes: &'a [&'a str],
    pub(super) because: Vec<GivenAnswer<'a>>,
}

pub(super) struct FitContent<'a> {
    pub(super) outcome: FitOutcome,
    /// "The club fits"
    pub(super) words: String,
    pub(super) tone: Tone,
    /// The findings that have a text to show.
    pub(super) findings: Vec<Check<'a>>,
    pub(super) missing: Vec<&'a Question>,
    /// Ways to make it fit.
    pub(super) suggestions: Suggestions,
}

pub(super) struct MissingAnswer<'a> {
    pub(super) question: &'a Question,
    /// The possible answers, grouped by the effect they would have on the outcome.
    pub(super) answers: Vec<(Vec<String>, &'a str)>,
}

/// A next step or a fact.
pub(super) struct Advice<'a> {
    pub(super) title: &'a str,
    pub(super) says: &'a Text,
    /// The page it sends people to, or else the one it comes from.
    pub(super) page: Option<&'a Page>,
    pub(super) goes_to: bool,
}

pub(super) struct GateResult {
    /// "go-live (everything is there)"
    pub(super) name: String,
    pub(super) passes: bool,
    /// Each check that does not pass, with its status.
    pub(super) in_the_way: Vec<String>,
    /// Whether it says the same as the outcome.
    pub(super) is_outcome: bool,
}

/// The content of the report on a product for which the program ends with this exit code.
pub(super) fn content<'a>(report: &'a Report<'a>, exit_code: u8) -> Content<'a> {
    let Report { rulebook, answers, assessment, .. } = report;
    let text = rulebook.outcome_text(assessment.outcome);
    let is_open = assessment.outcome == Outcome::Incomplete;
    let advice = |title: &'a str, says: &'a Text, grounds: &'a Grounds, go_to: Option<&'a String>| {
        let page = rulebook.page(go_to.unwrap_or(&grounds.source.id));
        Advice { title, says, page, goes_to: go_to.is_some() }
    };
    let deciding = deciding(report, exit_code);
    Content {
        rulebook,
        answers,
        headline: headline(report, exit_code),
        tone: match assessment.outcome {
            Outcome::MeetsCriteria if deciding.is_empty() => Tone::Good,
            Outcome::DoesNotMeet => Tone::Bad,
            Outcome::MeetsCriteria | Outcome::NeedsDiscussion | Outcome::Incomplete => Tone::Caution,
        },
        outcome: assessment.outcome,
        meaning: &text.meaning,
        still_possible: (assessment.possible_outcomes.iter().filter(|_| is_open))
            .map(|outcome| rulebook.outcome_text(*outcome).title.as_str())
            .collect(),
        scenario: scenario(report),
        criteria: checks::criteria(report),
        also_lacking: also_lacking(report, &deciding),
        deciding,
        fit: fit(report),
        topics: checks::topics(report),
        obligations: checks::obligations(report),
        missing: assessment.prospects.iter().map(|prospect| missing(rulebook, prospect)).collect(),
        ask_first: assessment.ask_first.filter(|_| assessment.missing.len() > 1),
        suggestions: if is_open { Suggestions::default() } else { moves::suggestions(report, &assessment.changes) },
        cut_short: assessment.is_cut_short(),
        steps: (assessment.next_steps.iter())
            .map(|it| advice(&it.title, &it.says, &it.grounds, it.go_to.as_ref()))
            .collect(),
        facts: assessment.facts.iter().map(|it| advice(&it.title, &it.says, &it.grounds, None)).collect(),
        gate: gate(report),
        answered: answered(report),
        set: report.set.as_deref(),
        sources: super::sources::sources(report),
    }
}

/// The result of a record in a few words.
pub(super) fn headline_or_error(file: &Checked<'_>) -> String {
    match &file.verdict {
        Verdict::Assessed(report) => headline(report, file.exit_code),
        Verdict::Invalid => {
            let errors = file.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
            format!("Not valid: {}", counted(errors, "problem"))
        }
        Verdict::Unreadable(_) => "Could not be read".to_owned(),
    }
}

/// Why a file could not be read.
pub(super) fn read_error<'a>(file: &'a Checked<'_>) -> Option<&'a str> {
    match &file.verdict {
        Verdict::Unreadable(reason) => Some(reason),
        Verdict::Assessed(_) | Verdict::Invalid => None,
    }
}

/// The problems of a record, each with the lines of all its places, such as "16 and 24".
pub(super) fn problems<'a>(file: &'a Checked<'_>) -> Vec<(String, &'a Problem)> {
    let lines = |problem: &'a Problem| {
        let places = file.at(problem.place.as_ref()).into_iter().chain(problem.related.iter().map(|(place, _)| place));
        let mut lines: Vec<String> = places.map(|place| place.line().to_string()).collect();
        lines.dedup();
        lines.join(" and ")
    };
    file.problems.iter().map(|problem| (lines(problem), problem)).collect()
}

/// The outcome, with what the exit code says beyond it.
pub(crate) fn headline(report: &Report<'_>, exit_code: u8) -> String {
    let Report { rulebook, assessment, judgement, .. } = report;
    let title = rulebook.outcome_text(assessment.outcome).title.trim_end_matches('.');
    let deciding = deciding(report, exit_code);
    let Some(first) = deciding.first() else { return title.to_owned() };
    if first.section == Section::Fit && first.standing == Standing::Lacking(Passage::Fails) {
        return unfit_headline(rulebook, assessment.outcome);
    }
    // Of obligations the first is named; findings and topics are counted.
    let named = match first.section {
        Section::GoLive => 1,
        section => deciding.iter().filter(|check| check.section == section).count(),
    };
    let more = match deciding.len() - named {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    format!("{title}, but gate {} lacks: {}{more}", judgement.gate.id(), lacking_words(report, &deciding)[0])
}

/// "Meets the criteria, but it does not fit"
pub(crate) fn unfit_headline(rulebook: &Rulebook, outcome: Outcome) -> String {
    let title = rulebook.outcome_text(outcome).title.trim_end_matches('.');
    format!("{title}, but {}", fit_words(rulebook, FitOutcome::DoesNotFit))
}

/// What a product lacks at its gate: "3 of 8 topics", "A contract".
fn lacking_words(report: &Report<'_>, lacking: &[Check<'_>]) -> Vec<String> {
    let of = |section| lacking.iter().filter(move |check| check.section == section);
    let fit = of(Section::Fit).next().map(|_| "an answer on fit".to_owned());
    let all = report.assessment.application.len();
    let topics = Some(of(Section::Application).count()).filter(|count| *count > 0);
    let topics = topics.map(|count| format!("{count} of {}", counted(all, "topic")));
    fit.into_iter().chain(topics).chain(of(Section::GoLive).map(|check| check.title.to_owned())).collect()
}

/// The checks that decide the exit code, if the outcome does not.
fn deciding<'a>(report: &'a Report<'a>, exit_code: u8) -> Vec<Check<'a>> {
    let of_outcome = gate::at_eligibility(report.assessment.outcome, FitOutcome::Fits);
    if exit_code == 0 || of_outcome.exit_code() == exit_code {
        return Vec::new();
    }
    asked_by_gate(report).filter(|(_, passage)| passage.exit_code() == exit_code).map(|(check, _)| check).collect()
}

/// What the product lacks besides. A blocker is left out, because the report says that the product does not fit.
fn also_lacking(report: &Report<'_>, deciding: &[Check<'_>]) -> Option<String> {
    let is_new = |check: &Check<'_>| !deciding.iter().any(|known| known.id == check.id);
    let blocks =
        |check: &Check<'_>| check.standing == Standing::Lacking(Passage::Fails) && check.section == Section::Fit;
    let asked = asked_by_gate(report).map(|(check, _)| check);
    let lacking = lacking_words(report, &asked.filter(|check| is_new(check) && !blocks(check)).collect::<Vec<_>>());
    let also = if deciding.is_empty() { "" } else { "also " };
    (!lacking.is_empty()).then(|| format!("Gate {} {also}lacks: {}", report.judgement.gate.id(), lacking.join(", ")))
}

/// The checks other than criteria that keep the product from passing its gate, with their results.
fn asked_by_gate<'a>(report: &'a Report<'a>) -> impl Iterator<Item = (Check<'a>, Passage)> {
    let passage =
        |id: &str| report.judgement.lacking.iter().find(|(known, _)| known == id).map(|(_, passage)| *passage);
    // Conditions never make a gate fail.
    let blocks = |check: &Check<'_>| check.is_blocker() && matches!(check.standing, Standing::Lacking(_));
    let blockers = checks::findings(report).into_iter().filter(blocks).map(move |check| (passage("fit"), check));
    let others = checks::topics(report).into_iter().chain(checks::obligations(report));
    let others = others.map(move |check| (passage(check.id), check));
    blockers.chain(others).filter_map(|(passage, check)| Some((check, passage?)))
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

fn fit<'a>(report: &'a Report<'a>) -> Option<FitContent<'a>> {
    let Report { rulebook, assessment, .. } = report;
    let fit = &assessment.fit;
    let shown = |check: &Check<'_>| matches!(check.standing, Standing::Noted | Standing::Lacking(_));
    let has_words = |check: &Check<'_>| shown(check) && !check.says.is_empty();
    (!fit.findings.is_empty()).then(|| FitContent {
        outcome: fit.outcome,
        words: sentence(&fit_words(rulebook, fit.outcome)),
        tone: match fit.outcome {
            FitOutcome::Fits => Tone::Good,
            FitOutcome::FitsWithConditions | FitOutcome::Unknown => Tone::Caution,
            FitOutcome::DoesNotFit => Tone::Bad,
        },
        findings: checks::findings(report).into_iter().filter(has_words).collect(),
        missing: fit.missing.clone(),
        suggestions: match fit.outcome {
            FitOutcome::DoesNotFit | FitOutcome::FitsWithConditions => moves::suggestions(report, &fit.changes),
            FitOutcome::Fits | FitOutcome::Unknown => Suggestions::default(),
        },
    })
}

/// "Scenario 2", or the words used for a scenario without a number.
pub(crate) fn scenario_lead(scenario: &Scenario) -> String {
    match (scenario.number, scenario.grounds.basis) {
        (Some(number), _) => format!("Scenario {number}"),
        (None, Basis::Published) => "Scenario".to_owned(),
        (None, Basis::Interpretation) => "No published scenario".to_owned(),
    }
}

fn scenario<'a>(report: &'a Report<'a>) -> Option<ScenarioContent<'a>> {
    let (possible, result) = (&report.assessment.possible_scenarios, report.assessment.scenario.as_ref());
    let because = result.and_then(|result| result.because.first()).map(|reason| checks::reason_answers(report, reason));
    (!possible.is_empty()).then(|| ScenarioContent {
        lead: result.map_or_else(|| "Scenario".to_owned(), |result| scenario_lead(result.scenario)),
        decided: result.map(|result| result.scenario),
        possible: if result.is_none() { possible } else { &[] },
        notes: result.map_or(&[], |result| &result.notes),
        because: because.unwrap_or_default(),
    })
}

/// The effect of each possible answer to a missing question, with answers of the same effect grouped.
fn missing<'a>(rulebook: &'a Rulebook, prospect: &Prospect<'a>) -> MissingAnswer<'a> {
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
    MissingAnswer { question, answers: answers.into_iter().map(|(alike, outcomes)| (alike, words(outcomes))).collect() }
}

fn gate(report: &Report<'_>) -> GateResult {
    let judgement = &report.judgement;
    let (first, rest) = judgement.gate.about().split_at(1);
    let criteria = checks::criteria(report).into_iter().filter(|check| check.standing != Standing::Passes);
    let others = asked_by_gate(report).map(|(check, _)| check);
    GateResult {
        name: format!("{} ({}{rest})", judgement.gate.id(), first.to_lowercase()),
        passes: judgement.lacking.is_empty(),
        in_the_way: criteria.chain(others).map(|check| format!("{}: {}", check.title, check.status)).collect(),
        is_outcome: judgement.gate == Gate::Eligibility && judgement.lacking.iter().all(|(id, _)| id == "outcome"),
    }
}

/// All answers, by section.
fn answered<'a>(report: &'a Report<'a>) -> Vec<(&'a str, Vec<GivenAnswer<'a>>)> {
    let all = || (0..report.rulebook.questions.len()).filter_map(|index| checks::given_answer(report, index));
    let of = |section: Section| all().filter(|given| given.question.section == section).collect::<Vec<_>>();
    let sections =
        Section::ALL.into_iter().map(|section| (report.rulebook.section(section).title.as_str(), of(section)));
    sections.filter(|(_, given)| !given.is_empty()).collect()
}

impl FitContent<'_> {
    /// "The club does not fit: Used once"
    pub(super) fn with_blockers(&self) -> String {
        let blockers: Vec<&str> = self.findings.iter().filter(|it| it.tone == Tone::Bad).map(|it| it.title).collect();
        if blockers.is_empty() { self.words.clone() } else { format!("{}: {}", self.words, blockers.join("; ")) }
    }
}

impl ScenarioContent<'_> {
    /// "Scenario 2: Open on Sundays"
    pub(super) fn heading(&self) -> String {
        format!("{}: {}", self.lead, self.decided.map_or("not decided", |scenario| &scenario.title))
    }

    /// The scenario, or the possible ones, as a sentence.
    pub(super) fn words(&self) -> String {
        let possible = self.possible.iter().map(|it| rulebook::numbered(it.number, &it.title));
        let words = match self.decided {
            Some(_) => self.heading(),
            None => format!("{}, still possible: {}", self.lead, possible.collect::<Vec<_>>().join("; ")),
        };
        format!("{}.", words.trim_end_matches('.'))
    }
}

impl Content<'_> {
    /// Explains the mark of our readings and interpretations, if the report has any.
    pub(super) fn legend(&self) -> Option<String> {
        let findings = self.fit.iter().flat_map(|fit| &fit.findings);
        let mut checks = self.criteria.iter().chain(findings).chain(&self.topics).chain(&self.obligations);
        let is_ours = |check: &Check<'_>| {
            check.grounds.basis == Basis::Interpretation || check.says.iter().any(|says| says.contains(MARK))
        };
        let mut others = self.steps.iter().chain(&self.facts).map(|it| it.says).chain([self.meaning]);
        let publisher = self.criteria.iter().find_map(|check| check.page?.publisher.as_deref());
        (checks.any(is_ours) || others.any(|says| says.reading.is_some())).then(|| {
            let publisher = publisher.unwrap_or("the publisher of the page");
            format!(
                "What is marked as our reading or our interpretation comes from the authors of these rules, and not from \
                 {publisher}."
            )
        })
    }

    /// The number of prepared topics.
    pub(super) fn prepared(&self) -> usize {
        checks::passing(&self.topics)
    }

    /// The product with its organisation.
    pub(super) fn product(&self) -> String {
        match &self.answers.organisation {
            Some(organisation) => format!("{} ({organisation})", self.answers.product),
            None => self.answers.product.clone(),
        }
    }
}
