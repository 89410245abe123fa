//! The report for programs. Its keys are a contract: see `schema report`.

use serde::Serialize;

use super::Report;
use crate::answers::Answers;
use crate::assessment::{Change, Reason};
use crate::question::{Answer, Citation, Kind, Question};
use crate::rulebook::Scenario;

/// Raised when a key changes its meaning or goes away.
const SCHEMA_VERSION: u8 = 1;

#[derive(Serialize)]
struct Json<'a> {
    schema_version: u8,
    tool: Tool,
    rules: Rules<'a>,
    product: &'a str,
    organisation: Option<&'a str>,
    outcome: &'static str,
    possible_outcomes: Vec<&'static str>,
    because: Vec<Given<'a>>,
    criteria: Vec<Criterion<'a>>,
    scenario: Option<ScenarioJson<'a>>,
    possible_scenarios: Vec<ScenarioJson<'a>>,
    fit: Fit<'a>,
    application: Vec<Topic<'a>>,
    go_live: Vec<Obligation<'a>>,
    missing: Vec<&'a str>,
    prospects: Vec<Prospect<'a>>,
    ask_first: Option<&'a str>,
    changes: Vec<Vec<ChangeJson<'a>>>,
    gate: Gate,
    next_steps: Vec<Step<'a>>,
    disclaimer: &'a str,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Rules<'a> {
    id: &'a str,
    version: &'a str,
    digest: &'a str,
}

#[derive(Serialize)]
struct Given<'a> {
    question: &'a str,
    answer: Value,
    line: Option<usize>,
}

/// An answer as it stands in an answers file.
#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    One(String),
    Many(Vec<String>),
}

#[derive(Serialize)]
struct Criterion<'a> {
    id: &'a str,
    number: Option<u8>,
    title: &'a str,
    status: &'static str,
    says: Option<&'a str>,
    notes: &'a [&'a str],
    because: Vec<Given<'a>>,
    missing: Vec<&'a str>,
    source: Source<'a>,
    basis: &'static str,
}

#[derive(Serialize)]
struct Source<'a> {
    page: &'a str,
    section: &'a str,
    item: Option<&'a str>,
}

#[derive(Serialize)]
struct ScenarioJson<'a> {
    id: &'a str,
    number: Option<u8>,
    basis: &'static str,
    title: &'a str,
}

#[derive(Serialize)]
struct Fit<'a> {
    outcome: &'static str,
    findings: Vec<Finding<'a>>,
    missing: Vec<&'a str>,
    changes: Vec<Vec<ChangeJson<'a>>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    id: &'a str,
    kind: &'static str,
    state: &'static str,
    title: &'a str,
    because: Vec<Given<'a>>,
    source: Source<'a>,
    basis: &'static str,
}

#[derive(Serialize)]
struct Topic<'a> {
    topic: &'a str,
    number: Option<u8>,
    title: &'a str,
    prepared: bool,
    missing: Vec<&'a str>,
    source: Source<'a>,
}

#[derive(Serialize)]
struct Obligation<'a> {
    id: &'a str,
    title: &'a str,
    status: &'static str,
    says: Option<&'a str>,
    missing: Vec<&'a str>,
    source: Source<'a>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    question: &'a str,
    from: Option<Value>,
    to: Value,
}

/// What a missing answer could still do.
#[derive(Serialize)]
struct Prospect<'a> {
    question: &'a str,
    answers: Vec<ProspectAnswer>,
}

#[derive(Serialize)]
struct ProspectAnswer {
    answer: Value,
    possible_outcomes: Vec<&'static str>,
}

#[derive(Serialize)]
struct Gate {
    name: &'static str,
    passes: bool,
    exit_code: u8,
    lacking: Vec<String>,
}

#[derive(Serialize)]
struct Step<'a> {
    id: &'a str,
    title: &'a str,
    says: &'a str,
    source: Source<'a>,
}

pub(super) fn render(report: &Report<'_>) -> String {
    let Report { rulebook, answers, assessment, judgement } = report;
    let json = Json {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        rules: Rules { id: &rulebook.id, version: &rulebook.version, digest: &rulebook.digest },
        product: &answers.product,
        organisation: answers.organisation.as_deref(),
        outcome: assessment.outcome.id(),
        possible_outcomes: assessment.possible_outcomes.iter().map(|outcome| outcome.id()).collect(),
        because: because(report, &assessment.because),
        criteria: assessment
            .criteria
            .iter()
            .map(|result| Criterion {
                id: &result.criterion.id,
                number: result.criterion.number,
                title: &result.criterion.title,
                status: result.status.id(),
                says: result.criterion.says.for_status(result.status),
                notes: &result.notes,
                because: because(report, &result.because),
                missing: ids(&result.missing),
                source: source(&result.criterion.grounds.source),
                basis: result.criterion.grounds.basis.id(),
            })
            .collect(),
        scenario: assessment.scenario.as_ref().map(|result| scenario(result.scenario)),
        possible_scenarios: assessment.possible_scenarios.iter().map(|possible| scenario(possible)).collect(),
        fit: Fit {
            outcome: assessment.fit.outcome.id(),
            findings: assessment
                .fit
                .findings
                .iter()
                .map(|result| Finding {
                    id: &result.finding.id,
                    kind: result.finding.kind.id(),
                    state: result.state.id(),
                    title: &result.finding.title,
                    because: because(report, &result.because),
                    source: source(&result.finding.grounds.source),
                    basis: result.finding.grounds.basis.id(),
                })
                .collect(),
            missing: ids(&assessment.fit.missing),
            changes: changes(&assessment.fit.changes),
        },
        application: assessment
            .application
            .iter()
            .map(|result| Topic {
                topic: &result.topic.id,
                number: result.topic.number,
                title: &result.topic.title,
                prepared: result.prepared(),
                missing: ids(&result.lacking),
                source: source(&result.topic.grounds.source),
            })
            .collect(),
        go_live: assessment
            .go_live
            .iter()
            .map(|result| Obligation {
                id: &result.obligation.id,
                title: &result.obligation.title,
                status: result.status.id(),
                says: result.obligation.says.for_status(result.status),
                missing: ids(&result.missing),
                source: source(&result.obligation.grounds.source),
            })
            .collect(),
        missing: ids(&assessment.missing),
        prospects: assessment
            .prospects
            .iter()
            .map(|prospect| Prospect {
                question: &prospect.question.id,
                answers: prospect
                    .answers
                    .iter()
                    .map(|(answer, outcomes)| ProspectAnswer {
                        answer: value(prospect.question, answer),
                        possible_outcomes: outcomes.iter().map(|outcome| outcome.id()).collect(),
                    })
                    .collect(),
            })
            .collect(),
        ask_first: assessment.ask_first.map(|question| question.id.as_str()),
        changes: changes(&assessment.changes),
        gate: Gate {
            name: judgement.gate.id(),
            passes: judgement.lacking.is_empty(),
            exit_code: judgement.passage.exit_code(),
            lacking: judgement.lacking.iter().map(|(id, _)| id.clone()).collect(),
        },
        next_steps: rulebook
            .outcome_text(assessment.outcome)
            .next_steps
            .iter()
            .map(|step| Step {
                id: &step.id,
                title: &step.title,
                says: &step.says,
                source: source(&step.grounds.source),
            })
            .collect(),
        disclaimer: &rulebook.disclaimer,
    };
    // Plain data with text keys: there is nothing in it that could fail to be written.
    let mut text = serde_json::to_string_pretty(&json).expect("a report is plain data");
    text.push('\n');
    text
}

fn ids<'a>(questions: &[&'a Question]) -> Vec<&'a str> {
    questions.iter().map(|question| question.id.as_str()).collect()
}

/// The smallest reason, with the lines it stands at.
fn because<'a>(report: &Report<'a>, reasons: &[Reason<'a>]) -> Vec<Given<'a>> {
    let smallest = reasons.first().into_iter().flatten();
    smallest
        .filter_map(|question| {
            let (index, _) = report.rulebook.question(&question.id)?;
            let Answers { entries, .. } = report.answers;
            let entry = entries[index].as_ref()?;
            Some(Given {
                question: &question.id,
                answer: value(question, &entry.answer),
                line: entry.place.as_ref().map(crate::problem::Place::line),
            })
        })
        .collect()
}

fn value(question: &Question, answer: &Answer) -> Value {
    match (question.kind, answer) {
        (Kind::Choices, Answer::Many(options)) => {
            Value::Many(question.chosen(*options).map(|(_, option)| option.value.clone()).collect())
        }
        _ => Value::One(question.words(answer)),
    }
}

fn changes<'a>(sets: &[Vec<Change<'a>>]) -> Vec<Vec<ChangeJson<'a>>> {
    let change = |change: &Change<'a>| ChangeJson {
        question: &change.question.id,
        from: change.from.as_ref().map(|answer| value(change.question, answer)),
        to: value(change.question, &change.to),
    };
    sets.iter().map(|set| set.iter().map(change).collect()).collect()
}

fn source(citation: &Citation) -> Source<'_> {
    Source { page: &citation.page, section: &citation.section, item: citation.item.as_deref() }
}

fn scenario(scenario: &Scenario) -> ScenarioJson<'_> {
    ScenarioJson {
        id: &scenario.id,
        number: scenario.number,
        basis: scenario.grounds.basis.id(),
        title: &scenario.title,
    }
}
