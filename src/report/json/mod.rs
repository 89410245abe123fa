//! The report for programs as JSON. Its keys are a contract: see `schema report`.

use std::path::{Path, is_separator};

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;

use self::shape::{
    AnswerJson, AnswersFile, Assessed, ChangeJson, Criterion, File, Finding, Fit, Gate, Given, NotAssessed, Obligation,
    PageJson, PlaceJson, ProblemJson, Prospect, ProspectAnswer, Rules, ScenarioJson, SetJson, Source, Step, Tool,
    Topic, Value,
};
use super::moves::distinct;
use super::{Checked, Input, Report, Totals, Verdict};
use crate::assessment::{Change, ChangeSet, Found, Reasons};
use crate::problem::{Place, Problem};
use crate::question::{Answer, Citation, Kind, Question};
use crate::rulebook::{Page, Rulebook};
use crate::style::escaped_json;
use crate::wording::Text;

mod shape;

/// Raised when a key changes its meaning or is removed.
const SCHEMA_VERSION: u8 = 2;

/// The schema of the report on one file.
pub(crate) fn schema() -> Schema {
    // Strict validators refuse formats of numbers that are not in the standard.
    let without_formats = RecursiveTransform(|schema: &mut Schema| drop(schema.remove("format")));
    let settings = SchemaSettings::draft07().for_serialize().with_transform(without_formats);
    settings.into_generator().into_root_schema_for::<File<'static>>()
}

/// One object for each file, one after another.
#[derive(Default)]
pub(super) struct JsonWriter(String);

impl super::FormatWriter for JsonWriter {
    fn add(&mut self, file: &Checked<'_>) {
        self.0.push_str(&self::file(file));
    }

    fn finish(self: Box<Self>, _: &Totals<'_>) -> String {
        self.0
    }
}

/// A report as a value, for comparison.
pub(crate) fn value(record: &Checked<'_>) -> serde_json::Value {
    serde_json::to_value(object(record)).unwrap_or_default()
}

fn object<'a>(file: &'a Checked<'_>) -> File<'a> {
    match &file.verdict {
        Verdict::Assessed(report) => File::Assessed(Box::new(assessed(file, report))),
        Verdict::Invalid => File::NotAssessed(not_assessed(file, "the file is not valid")),
        Verdict::Unreadable(reason) => File::NotAssessed(not_assessed(file, reason)),
    }
}

/// The report on one record, as text.
fn file(file: &Checked<'_>) -> String {
    let written = serde_json::to_string_pretty(&object(file));
    let mut text = escaped_json(&written.expect("a report is plain data")).into_owned();
    text.push('\n');
    text
}

fn not_assessed<'a>(file: &'a Checked<'_>, error: &'a str) -> NotAssessed<'a> {
    NotAssessed {
        schema_version: SCHEMA_VERSION,
        tool: tool(),
        input: answers_file(&file.input),
        problems: problems(&file.problems),
        error,
        exit_code: file.exit_code,
    }
}

fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
}

fn answers_file<'a>(input: &'a Input) -> AnswersFile<'a> {
    // An absolute path would reveal the user's folders.
    let shown = |path: &'a str| {
        if Path::new(path).is_absolute() { path.rsplit(is_separator).next().unwrap_or(path) } else { path }
    };
    AnswersFile {
        file: input.path.as_deref().map(shown),
        digest: input.digest.as_deref(),
        set: input.set.iter().map(|(question, answer)| SetJson { question, answer }).collect(),
    }
}

fn problems(problems: &[Problem]) -> Vec<ProblemJson<'_>> {
    fn described(problem: &Problem) -> ProblemJson<'_> {
        let (line, column) = problem.place.as_ref().map(Place::start).unzip();
        ProblemJson {
            code: problem.code.as_str(),
            severity: problem.severity.id(),
            message: &problem.message,
            hint: problem.hint.as_deref(),
            line,
            column,
            also_at: problem
                .related
                .iter()
                .map(|(place, _)| {
                    let (line, column) = place.start();
                    PlaceJson { line, column }
                })
                .collect(),
        }
    }
    problems.iter().map(described).collect()
}

fn assessed<'a>(file: &'a Checked<'_>, report: &'a Report<'_>) -> Assessed<'a> {
    let Report { rulebook, answers, assessment, judgement, .. } = report;
    Assessed {
        schema_version: SCHEMA_VERSION,
        tool: tool(),
        rules: Rules { id: &rulebook.id, version: &rulebook.version, digest: &rulebook.digest },
        input: answers_file(&file.input),
        problems: problems(&file.problems),
        product: &answers.product,
        organisation: answers.organisation.as_deref(),
        outcome: assessment.outcome,
        possible_outcomes: &assessment.possible_outcomes,
        because: given(report, &assessment.causes()),
        all_reasons: all_reasons(report, &assessment.because),
        criteria: each(&assessment.criteria, |result| Criterion {
            id: &result.criterion.id,
            number: result.criterion.number,
            title: &result.criterion.title,
            status: result.status,
            says: result.says.map(Text::as_str),
            open: result.open.iter().filter_map(|offer| offer.says.as_deref()).collect(),
            notes: &result.notes,
            because: because(report, &result.because),
            all_reasons: all_reasons(report, &result.because),
            missing: ids(&result.missing),
            source: source(rulebook, &result.grounds.source),
            basis: result.grounds.basis,
        }),
        scenario: assessment.scenario.as_ref().map(|result| ScenarioJson {
            id: &result.scenario.id,
            number: result.scenario.number,
            basis: result.scenario.grounds.basis,
            title: &result.scenario.title,
            because: because(report, &result.because),
            all_reasons: all_reasons(report, &result.because),
            says: &result.scenario.says,
            notes: &result.notes,
            source: source(rulebook, &result.scenario.grounds.source),
        }),
        possible_scenarios: each(&assessment.possible_scenarios, |possible| possible.id.as_str()),
        fit: Fit {
            outcome: assessment.fit.outcome,
            findings: each(&assessment.fit.findings, |result| Finding {
                id: &result.finding.id,
                kind: result.finding.kind,
                state: result.state,
                title: &result.finding.title,
                says: result.finding.text_for(result.state).map(Text::as_str),
                because: because(report, &result.because),
                all_reasons: all_reasons(report, &result.because),
                source: source(rulebook, &result.finding.grounds.source),
                basis: result.finding.grounds.basis,
            }),
            missing: ids(&assessment.fit.missing),
            changes: changes(&assessment.fit.changes),
        },
        application: each(&assessment.application, |result| Topic {
            topic: &result.topic.id,
            number: result.topic.number,
            title: &result.topic.title,
            prepared: result.prepared(),
            preparation: result.preparation,
            missing: ids(&result.lacking),
            source: source(rulebook, &result.topic.grounds.source),
            prepare: &result.topic.prepare,
            answers: result.topic.questions.iter().filter_map(|index| answer(report, *index)).collect(),
        }),
        go_live: each(&assessment.go_live, |result| Obligation {
            id: &result.obligation.id,
            title: &result.obligation.title,
            status: result.status,
            says: result.obligation.says.text(result.status).map(Text::as_str),
            missing: ids(&result.missing),
            source: source(rulebook, &result.obligation.grounds.source),
            notes: &result.notes,
        }),
        missing: ids(&assessment.missing),
        also_missing: ids(&assessment.also_missing),
        prospects: each(&assessment.prospects, |prospect| Prospect {
            question: &prospect.question.id,
            answers: each(&prospect.answers, |(answer, outcomes)| ProspectAnswer {
                answer: answer_value(prospect.question, answer),
                possible_outcomes: outcomes,
            }),
        }),
        ask_first: assessment.ask_first.map(|question| question.id.as_str()),
        changes: changes(&assessment.changes),
        gate: Gate {
            name: judgement.gate,
            passes: judgement.lacking.is_empty(),
            exit_code: judgement.passage.exit_code(),
            lacking: each(&judgement.lacking, |(id, _)| id.clone()),
        },
        answers: (0..rulebook.questions.len()).filter_map(|index| answer(report, index)).collect(),
        next_steps: each(&assessment.next_steps, |it| Step {
            go_to: it.go_to.as_ref().and_then(|id| rulebook.page(id)).map(page),
            ..step(rulebook, &it.id, &it.title, &it.says, &it.grounds.source)
        }),
        facts: each(&assessment.facts, |it| step(rulebook, &it.id, &it.title, &it.says, &it.grounds.source)),
        sources: super::sources::sources(report).into_iter().map(page).collect(),
        disclaimer: &rulebook.disclaimer,
    }
}

fn each<'a, T, U>(items: &'a [T], as_json: impl FnMut(&'a T) -> U) -> Vec<U> {
    items.iter().map(as_json).collect()
}

fn ids<'a>(questions: &[&'a Question]) -> Vec<&'a str> {
    questions.iter().map(|question| question.id.as_str()).collect()
}

fn because<'a>(report: &'a Report<'a>, reasons: &Reasons<'a>) -> Option<Vec<Given<'a>>> {
    let all = reasons.all()?;
    Some(all.first().map(|reason| given(report, reason)).unwrap_or_default())
}

fn all_reasons<'a>(report: &'a Report<'a>, reasons: &Reasons<'a>) -> Option<Vec<Vec<Given<'a>>>> {
    Some(reasons.all()?.iter().map(|reason| given(report, reason)).collect())
}

/// The answers to these questions, with their lines.
fn given<'a>(report: &'a Report<'a>, questions: &[&'a Question]) -> Vec<Given<'a>> {
    let given = |question: &&'a Question| {
        let entry = report.answers.get(question.index)?;
        let line = entry.place.as_ref().map(Place::line);
        Some(Given { question: &question.id, answer: answer_value(question, &entry.answer), line })
    };
    questions.iter().filter_map(given).collect()
}

fn answer_value(question: &Question, answer: &Answer) -> Value {
    match (question.kind, answer) {
        (Kind::Choices, Answer::Many(0)) if question.none().is_some() => Value::Many(vec![question.words(answer)]),
        (Kind::Choices, Answer::Many(options)) => {
            Value::Many(question.chosen(*options).map(|(_, option)| option.value.clone()).collect())
        }
        _ => Value::One(question.words(answer)),
    }
}

fn changes<'a>(sets: &Found<ChangeSet<'a>>) -> Option<Vec<Vec<ChangeJson<'a>>>> {
    let change = |change: &Change<'a>| ChangeJson {
        question: &change.question.id,
        from: change.from.as_ref().map(|answer| answer_value(change.question, answer)),
        to: answer_value(change.question, &change.to),
        kind: change.kind,
    };
    Some(distinct(sets.all()?).into_iter().map(|set| set.changes.iter().map(change).collect()).collect())
}

fn source<'a>(rulebook: &'a Rulebook, citation: &'a Citation) -> Source<'a> {
    Source {
        page: &citation.page,
        section: &citation.section,
        item: citation.item.as_deref(),
        url: rulebook.page(&citation.id).map(|page| page.url.as_str()),
    }
}

fn step<'a>(rulebook: &'a Rulebook, id: &'a str, title: &'a str, says: &'a str, citation: &'a Citation) -> Step<'a> {
    Step { id, title, says, go_to: None, source: source(rulebook, citation) }
}

fn page(page: &Page) -> PageJson<'_> {
    PageJson { title: &page.title, url: &page.url, last_edited: page.last_edited.as_deref() }
}

fn answer<'a>(report: &'a Report<'a>, index: usize) -> Option<AnswerJson<'a>> {
    let (question, entry) = (&report.rulebook.questions[index], report.answers.get(index)?);
    Some(AnswerJson {
        question: &question.id,
        answer: answer_value(question, &entry.answer),
        evidence: entry.evidence.as_deref(),
        note: entry.note.as_deref(),
        line: entry.place.as_ref().map(Place::line),
    })
}
