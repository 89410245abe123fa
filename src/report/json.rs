//! The report for programs. Its keys are a contract: see `schema report`.

use std::path::Path;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{Checked, Input, Report, Totals, Verdict};
use crate::assessment::{Change, ChangeKind, ChangeSet, FindingState, FitOutcome, Found, Reasons, ScenarioResult};
use crate::gate;
use crate::problem::Problem;
use crate::question::{Answer, Basis, Citation, Kind, Question};
use crate::rulebook::{FindingKind, Outcome, Rulebook, Status};
use crate::style::escaped_json;
use crate::wording::Text;

/// Raised when a key changes its meaning or goes away.
const SCHEMA_VERSION: u8 = 2;

#[derive(Serialize, JsonSchema)]
struct Assessed<'a> {
    schema_version: u8,
    tool: Tool,
    rules: Rules<'a>,
    input: AnswersFile<'a>,
    problems: Vec<ProblemJson<'a>>,
    product: &'a str,
    organisation: Option<&'a str>,
    #[schemars(extend("enum" = Outcome::ALL.map(Outcome::id)))]
    outcome: &'static str,
    #[schemars(extend("items" = serde_json::json!({"enum": Outcome::ALL.map(Outcome::id)})))]
    possible_outcomes: Vec<&'static str>,
    because: Vec<Given<'a>>,
    /// Every smallest set of answers that alone decides it; `null` where there are too many to work out.
    all_reasons: Option<Vec<Vec<Given<'a>>>>,
    criteria: Vec<Criterion<'a>>,
    scenario: Option<ScenarioJson<'a>>,
    possible_scenarios: Vec<&'a str>,
    fit: Fit<'a>,
    application: Vec<Topic<'a>>,
    go_live: Vec<Obligation<'a>>,
    missing: Vec<&'a str>,
    /// Missing answers that cannot change the outcome, but what is said of a criterion or the scenario.
    also_missing: Vec<&'a str>,
    prospects: Vec<Prospect<'a>>,
    ask_first: Option<&'a str>,
    /// The smallest sets of moves that lead to meeting the criteria; `null` where there are too many to work out.
    changes: Option<Vec<Vec<ChangeJson<'a>>>>,
    gate: Gate,
    answers: Vec<AnswerJson<'a>>,
    next_steps: Vec<Step<'a>>,
    disclaimer: &'a str,
}

/// One object of the report.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum File<'a> {
    Assessed(Box<Assessed<'a>>),
    NotAssessed(NotAssessed<'a>),
}

/// The schema of one object of the report.
#[must_use]
pub fn schema() -> Schema {
    SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<File<'static>>()
}

/// What is said of a file that could not be assessed. There is no outcome, not even an incomplete one.
#[derive(Serialize, JsonSchema)]
struct NotAssessed<'a> {
    schema_version: u8,
    tool: Tool,
    input: AnswersFile<'a>,
    problems: Vec<ProblemJson<'a>>,
    error: &'a str,
    exit_code: u8,
}

/// What the report was made from, so that it can be made again.
#[derive(Serialize, JsonSchema)]
struct AnswersFile<'a> {
    /// The path as it was given; of an absolute path only the name.
    file: Option<&'a str>,
    digest: Option<&'a str>,
    set: Vec<SetJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct SetJson<'a> {
    question: &'a str,
    answer: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct ProblemJson<'a> {
    code: &'static str,
    #[schemars(extend("enum" = ["error", "warning"]))]
    severity: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Rules<'a> {
    id: &'a str,
    version: &'a str,
    digest: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Given<'a> {
    question: &'a str,
    answer: Value,
    line: Option<usize>,
}

/// An answer as it stands in an answers file.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Value {
    One(String),
    Many(Vec<String>),
}

#[derive(Serialize, JsonSchema)]
struct Criterion<'a> {
    id: &'a str,
    number: Option<u8>,
    title: &'a str,
    #[schemars(extend("enum" = Status::ALL.map(Status::id)))]
    status: &'static str,
    says: Option<&'a str>,
    /// What is left open by answers that can be read in several ways.
    open: Vec<&'a str>,
    notes: &'a [&'a str],
    /// The first of `all_reasons`.
    because: Option<Vec<Given<'a>>>,
    /// Every smallest set of answers that alone decides it; `null` where there are too many to work out.
    all_reasons: Option<Vec<Vec<Given<'a>>>>,
    missing: Vec<&'a str>,
    source: Source<'a>,
    #[schemars(extend("enum" = Basis::ALL.map(Basis::id)))]
    basis: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Source<'a> {
    page: &'a str,
    section: &'a str,
    item: Option<&'a str>,
    url: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct ScenarioJson<'a> {
    id: &'a str,
    number: Option<u8>,
    #[schemars(extend("enum" = Basis::ALL.map(Basis::id)))]
    basis: &'static str,
    title: &'a str,
    because: Option<Vec<Given<'a>>>,
    all_reasons: Option<Vec<Vec<Given<'a>>>>,
}

/// An answer with what stands beside it.
#[derive(Serialize, JsonSchema)]
struct AnswerJson<'a> {
    question: &'a str,
    answer: Value,
    evidence: Option<&'a str>,
    note: Option<&'a str>,
    line: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct Fit<'a> {
    #[schemars(extend("enum" = FitOutcome::ALL.map(FitOutcome::id)))]
    outcome: &'static str,
    findings: Vec<Finding<'a>>,
    missing: Vec<&'a str>,
    changes: Option<Vec<Vec<ChangeJson<'a>>>>,
}

#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    id: &'a str,
    #[schemars(extend("enum" = FindingKind::ALL.map(FindingKind::id)))]
    kind: &'static str,
    #[schemars(extend("enum" = FindingState::ALL.map(FindingState::id)))]
    state: &'static str,
    title: &'a str,
    /// The first of `all_reasons`.
    because: Option<Vec<Given<'a>>>,
    /// Every smallest set of answers that alone decides it; `null` where there are too many to work out.
    all_reasons: Option<Vec<Vec<Given<'a>>>>,
    source: Source<'a>,
    #[schemars(extend("enum" = Basis::ALL.map(Basis::id)))]
    basis: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Topic<'a> {
    topic: &'a str,
    number: Option<u8>,
    title: &'a str,
    prepared: bool,
    missing: Vec<&'a str>,
    source: Source<'a>,
}

#[derive(Serialize, JsonSchema)]
struct Obligation<'a> {
    id: &'a str,
    title: &'a str,
    #[schemars(extend("enum" = Status::ALL.map(Status::id)))]
    status: &'static str,
    says: Option<&'a str>,
    missing: Vec<&'a str>,
    source: Source<'a>,
}

#[derive(Serialize, JsonSchema)]
struct ChangeJson<'a> {
    question: &'a str,
    from: Option<Value>,
    to: Value,
    #[schemars(extend("enum" = ChangeKind::ALL.map(ChangeKind::id)))]
    kind: &'static str,
}

/// What a missing answer could still do.
#[derive(Serialize, JsonSchema)]
struct Prospect<'a> {
    question: &'a str,
    answers: Vec<ProspectAnswer>,
}

#[derive(Serialize, JsonSchema)]
struct ProspectAnswer {
    answer: Value,
    possible_outcomes: Vec<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct Gate {
    #[schemars(extend("enum" = gate::Gate::ALL.map(gate::Gate::id)))]
    name: &'static str,
    passes: bool,
    exit_code: u8,
    lacking: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Step<'a> {
    id: &'a str,
    title: &'a str,
    says: &'a str,
    source: Source<'a>,
}

/// One object for each file, one after another.
#[derive(Default)]
pub(super) struct Pages(String);

impl super::Pages for Pages {
    fn add(&mut self, file: &Checked<'_>) {
        self.0.push_str(&self::file(file));
    }

    fn finish(self: Box<Self>, _: &Totals) -> String {
        self.0
    }
}

/// The object for one record, as a value.
/// A report as a value, for comparing.
#[must_use]
pub fn value(record: &Checked<'_>) -> serde_json::Value {
    serde_json::to_value(object(record)).unwrap_or_default()
}

fn object<'a>(file: &'a Checked<'_>) -> File<'a> {
    match &file.verdict {
        Verdict::Assessed(report) => File::Assessed(Box::new(assessed(file, report))),
        Verdict::Invalid => File::NotAssessed(not_assessed(file, "the file is not valid")),
        Verdict::Unreadable(reason) => File::NotAssessed(not_assessed(file, reason)),
    }
}

/// The object for one record, as text.
fn file(file: &Checked<'_>) -> String {
    let written = serde_json::to_string_pretty(&object(file));
    // Plain data with text keys: there is nothing in it that could fail to be written.
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

fn answers_file(input: &Input) -> AnswersFile<'_> {
    let name = |path: &'_ str| -> Option<usize> {
        Path::new(path).is_absolute().then(|| path.rfind(std::path::is_separator).map_or(0, |at| at + 1))
    };
    AnswersFile {
        file: input.path.as_deref().map(|path| &path[name(path).unwrap_or(0)..]),
        digest: input.digest.as_deref(),
        set: input.set.iter().map(|(question, answer)| SetJson { question, answer }).collect(),
    }
}

fn problems(problems: &[Problem]) -> Vec<ProblemJson<'_>> {
    let problem = |problem: &'_ Problem| -> (Option<usize>, Option<usize>) {
        problem.place.as_ref().map(crate::problem::Place::start).unzip()
    };
    problems
        .iter()
        .map(|found| {
            let (line, column) = problem(found);
            ProblemJson {
                code: found.code.as_str(),
                severity: found.severity().id(),
                message: &found.message,
                hint: found.hint.as_deref(),
                line,
                column,
            }
        })
        .collect()
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
        outcome: assessment.outcome.id(),
        possible_outcomes: assessment.possible_outcomes.iter().map(|outcome| outcome.id()).collect(),
        because: given(report, &assessment.causes()),
        all_reasons: all_reasons(report, &assessment.because),
        criteria: assessment
            .criteria
            .iter()
            .map(|result| Criterion {
                id: &result.criterion.id,
                number: result.criterion.number,
                title: &result.criterion.title,
                status: result.status.id(),
                says: result.says.map(Text::as_str),
                open: result.open.iter().filter_map(|offer| offer.says.as_deref()).collect(),
                notes: &result.notes,
                because: because(report, &result.because),
                all_reasons: all_reasons(report, &result.because),
                missing: ids(&result.missing),
                source: source(rulebook, &result.criterion.grounds.source),
                basis: result.criterion.grounds.basis.id(),
            })
            .collect(),
        scenario: assessment.scenario.as_ref().map(|result| scenario(report, result)),
        possible_scenarios: assessment.possible_scenarios.iter().map(|possible| possible.id.as_str()).collect(),
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
                    all_reasons: all_reasons(report, &result.because),
                    source: source(rulebook, &result.finding.grounds.source),
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
                source: source(rulebook, &result.topic.grounds.source),
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
                source: source(rulebook, &result.obligation.grounds.source),
            })
            .collect(),
        missing: ids(&assessment.missing),
        also_missing: ids(&assessment.also_missing),
        prospects: assessment
            .prospects
            .iter()
            .map(|prospect| Prospect {
                question: &prospect.question.id,
                answers: prospect
                    .answers
                    .iter()
                    .map(|(answer, outcomes)| ProspectAnswer {
                        answer: answer_value(prospect.question, answer),
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
        answers: answered(report),
        next_steps: assessment
            .next_steps
            .iter()
            .map(|step| Step {
                id: &step.id,
                title: &step.title,
                says: &step.says,
                source: source(rulebook, &step.grounds.source),
            })
            .collect(),
        disclaimer: &rulebook.disclaimer,
    }
}

fn ids<'a>(questions: &[&'a Question]) -> Vec<&'a str> {
    questions.iter().map(|question| question.id.as_str()).collect()
}

/// The smallest reason.
fn because<'a>(report: &'a Report<'a>, reasons: &Reasons<'a>) -> Option<Vec<Given<'a>>> {
    let all = reasons.all()?;
    Some(all.first().map(|reason| given(report, reason)).unwrap_or_default())
}

/// Every reason, if that was asked for.
fn all_reasons<'a>(report: &'a Report<'a>, reasons: &Reasons<'a>) -> Option<Vec<Vec<Given<'a>>>> {
    Some(reasons.all()?.iter().map(|reason| given(report, reason)).collect())
}

/// The answers to some questions, with the lines they stand at.
fn given<'a>(report: &'a Report<'a>, questions: &[&'a Question]) -> Vec<Given<'a>> {
    questions
        .iter()
        .filter_map(|question| {
            let (index, _) = report.rulebook.question(&question.id)?;
            let entry = report.answers.get(index)?;
            Some(Given {
                question: &question.id,
                answer: answer_value(question, &entry.answer),
                line: entry.place.as_ref().map(crate::problem::Place::line),
            })
        })
        .collect()
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
        kind: change.kind.id(),
    };
    Some(sets.all()?.iter().map(|set| set.changes.iter().map(change).collect()).collect())
}

fn source<'a>(rulebook: &'a Rulebook, citation: &'a Citation) -> Source<'a> {
    Source {
        page: &citation.page,
        section: &citation.section,
        item: citation.item.as_deref(),
        url: rulebook.page(citation).map(|page| page.url.as_str()),
    }
}

fn scenario<'a>(report: &'a Report<'a>, result: &ScenarioResult<'a>) -> ScenarioJson<'a> {
    let scenario = result.scenario;
    ScenarioJson {
        id: &scenario.id,
        number: scenario.number,
        basis: scenario.grounds.basis.id(),
        title: &scenario.title,
        because: because(report, &result.because),
        all_reasons: all_reasons(report, &result.because),
    }
}

/// Every answer, in the order of the questions.
fn answered<'a>(report: &'a Report<'a>) -> Vec<AnswerJson<'a>> {
    let answered = report.rulebook.questions.iter().zip(&report.answers.entries);
    answered
        .filter_map(|(question, entry)| {
            let entry = entry.as_ref()?;
            Some(AnswerJson {
                question: &question.id,
                answer: answer_value(question, &entry.answer),
                evidence: entry.evidence.as_deref(),
                note: entry.note.as_deref(),
                line: entry.place.as_ref().map(crate::problem::Place::line),
            })
        })
        .collect()
}
