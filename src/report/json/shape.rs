//! The keys of the report. `schema report` prints the comment on each as its description.

use schemars::JsonSchema;
use serde::Serialize;

use crate::assessment::{ChangeKind, FindingState, FitOutcome};
use crate::gate;
use crate::question::Basis;
use crate::rulebook::{FindingKind, Outcome, Preparation, Status};

#[derive(Serialize, JsonSchema)]
pub(super) struct Assessed<'a> {
    /// The version of this schema: a key of it that changes its meaning or goes away raises it.
    pub(super) schema_version: u8,
    /// The program that wrote this.
    pub(super) tool: Tool,
    /// The rules that were applied.
    pub(super) rules: Rules<'a>,
    /// What it was made from.
    pub(super) input: AnswersFile<'a>,
    /// What is wrong with the answers, or worth knowing about them.
    pub(super) problems: Vec<ProblemJson<'a>>,
    /// The name of what was assessed.
    pub(super) product: &'a str,
    /// Who makes it.
    pub(super) organisation: Option<&'a str>,
    /// What the criteria come to.
    pub(super) outcome: Outcome,
    /// The outcomes still reachable, from best to worst; one only, unless it is incomplete.
    pub(super) possible_outcomes: &'a [Outcome],
    /// The answers that the outcome rests on.
    pub(super) because: Vec<Given<'a>>,
    /// Every smallest set of answers that alone decides it; `null` where there are too many to work out.
    pub(super) all_reasons: Option<Vec<Vec<Given<'a>>>>,
    /// Each criterion, in the order of the rules.
    pub(super) criteria: Vec<Criterion<'a>>,
    /// The scenario; `null` while it is undecided.
    pub(super) scenario: Option<ScenarioJson<'a>>,
    /// The ids of the scenarios still possible.
    pub(super) possible_scenarios: Vec<&'a str>,
    /// Whether the service fits. It does not change the outcome.
    pub(super) fit: Fit<'a>,
    /// Each topic of the application, in its order.
    pub(super) application: Vec<Topic<'a>>,
    /// What is needed before going live.
    pub(super) go_live: Vec<Obligation<'a>>,
    /// The ids of the missing answers that can still change the outcome, in the order of the questions.
    pub(super) missing: Vec<&'a str>,
    /// Missing answers that cannot change the outcome, but what is said of a criterion or the scenario.
    pub(super) also_missing: Vec<&'a str>,
    /// What each of the missing answers could still do.
    pub(super) prospects: Vec<Prospect<'a>>,
    /// The id of the missing answer that settles most.
    pub(super) ask_first: Option<&'a str>,
    /// The smallest sets of moves that lead to meeting the criteria; `null` where there are too many to work out.
    pub(super) changes: Option<Vec<Vec<ChangeJson<'a>>>>,
    /// What the gate says.
    pub(super) gate: Gate,
    /// Every answer, in the order of the questions.
    pub(super) answers: Vec<AnswerJson<'a>>,
    /// What to do next, in order.
    pub(super) next_steps: Vec<Step<'a>>,
    /// What an applicant wants to know.
    pub(super) facts: Vec<Step<'a>>,
    /// The pages that what is told comes from.
    pub(super) sources: Vec<PageJson<'a>>,
    /// What every report says once.
    pub(super) disclaimer: &'a str,
}

/// A page that rules cite.
#[derive(Serialize, JsonSchema)]
pub(super) struct PageJson<'a> {
    /// Its title.
    pub(super) title: &'a str,
    /// Its address.
    pub(super) url: &'a str,
    /// When it was last changed, as it says itself.
    pub(super) last_edited: Option<&'a str>,
}

/// One object of the report.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum File<'a> {
    Assessed(Box<Assessed<'a>>),
    NotAssessed(NotAssessed<'a>),
}

/// What is said of a file that could not be assessed. There is no outcome, not even an incomplete one.
#[derive(Serialize, JsonSchema)]
pub(super) struct NotAssessed<'a> {
    /// The version of this schema.
    pub(super) schema_version: u8,
    /// The program that wrote this.
    pub(super) tool: Tool,
    /// What was to be assessed.
    pub(super) input: AnswersFile<'a>,
    /// What is wrong with it.
    pub(super) problems: Vec<ProblemJson<'a>>,
    /// Why there is no result.
    pub(super) error: &'a str,
    /// The exit code it calls for.
    pub(super) exit_code: u8,
}

/// What the report was made from, so that it can be made again.
#[derive(Serialize, JsonSchema)]
pub(super) struct AnswersFile<'a> {
    /// The path as it was given; of an absolute path only the name.
    pub(super) file: Option<&'a str>,
    /// SHA-256 of its bytes.
    pub(super) digest: Option<&'a str>,
    /// What was answered on the command line over what the file says.
    pub(super) set: Vec<SetJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct SetJson<'a> {
    /// The id of the question.
    pub(super) question: &'a str,
    /// The answer, as it was typed.
    pub(super) answer: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ProblemJson<'a> {
    /// Its code, which `explain` explains.
    pub(super) code: &'static str,
    /// Whether it keeps the product from being assessed.
    #[schemars(extend("enum" = ["error", "warning"]))]
    pub(super) severity: &'static str,
    /// What is wrong.
    pub(super) message: &'a str,
    /// What to do.
    pub(super) hint: Option<&'a str>,
    /// The line it stands in.
    pub(super) line: Option<usize>,
    /// The column it begins at.
    pub(super) column: Option<usize>,
    /// Where else it stands, as of two answers that contradict each other.
    pub(super) also_at: Vec<PlaceJson>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct PlaceJson {
    /// The line.
    pub(super) line: usize,
    /// The column.
    pub(super) column: usize,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Tool {
    /// Its name.
    pub(super) name: &'static str,
    /// Its version.
    pub(super) version: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Rules<'a> {
    /// Their id.
    pub(super) id: &'a str,
    /// Their version.
    pub(super) version: &'a str,
    /// SHA-256 of their files, which ties a result to them.
    pub(super) digest: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Given<'a> {
    /// The id of the question.
    pub(super) question: &'a str,
    /// The answer.
    pub(super) answer: Value,
    /// The line it stands in, unless it stands in no file.
    pub(super) line: Option<usize>,
}

/// An answer as it stands in an answers file.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Value {
    One(String),
    Many(Vec<String>),
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Criterion<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its number in the source.
    pub(super) number: Option<u8>,
    /// Its heading.
    pub(super) title: &'a str,
    /// How it stands.
    pub(super) status: Status,
    /// What the rules say about that.
    pub(super) says: Option<&'a str>,
    /// What is left open by answers that can be read in several ways.
    pub(super) open: Vec<&'a str>,
    /// What they add for these answers.
    pub(super) notes: &'a [&'a str],
    /// The first of `all_reasons`.
    pub(super) because: Option<Vec<Given<'a>>>,
    /// Every smallest set of answers that alone decides it; `null` where there are too many to work out.
    pub(super) all_reasons: Option<Vec<Vec<Given<'a>>>>,
    /// The ids of the missing answers that can still change it.
    pub(super) missing: Vec<&'a str>,
    /// Where it comes from.
    pub(super) source: Source<'a>,
    /// Whether the source says it, or it is a reading of it.
    pub(super) basis: Basis,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Source<'a> {
    /// The title of the page.
    pub(super) page: &'a str,
    /// The heading on the page.
    pub(super) section: &'a str,
    /// The item under the heading.
    pub(super) item: Option<&'a str>,
    /// The address of the page.
    pub(super) url: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ScenarioJson<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its number in the source; a reading of it has none.
    pub(super) number: Option<u8>,
    /// Whether the source says it, or it is a reading of it.
    pub(super) basis: Basis,
    /// Its heading.
    pub(super) title: &'a str,
    /// The first of `all_reasons`.
    pub(super) because: Option<Vec<Given<'a>>>,
    /// Every smallest set of answers that alone puts the product there; `null` where there are too many to work out.
    pub(super) all_reasons: Option<Vec<Vec<Given<'a>>>>,
    /// What the rules say about it.
    pub(super) says: &'a str,
    /// What they add for these answers.
    pub(super) notes: &'a [&'a str],
    /// Where it comes from.
    pub(super) source: Source<'a>,
}

/// An answer with what stands beside it.
#[derive(Serialize, JsonSchema)]
pub(super) struct AnswerJson<'a> {
    /// The id of the question.
    pub(super) question: &'a str,
    /// The answer.
    pub(super) answer: Value,
    /// A link or reference that backs it.
    pub(super) evidence: Option<&'a str>,
    /// What was added to it.
    pub(super) note: Option<&'a str>,
    /// The line it stands in, unless it stands in no file.
    pub(super) line: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Fit<'a> {
    /// What the findings come to.
    pub(super) outcome: FitOutcome,
    /// Every finding, whether it holds or not.
    pub(super) findings: Vec<Finding<'a>>,
    /// The ids of the missing answers that can still change it.
    pub(super) missing: Vec<&'a str>,
    /// The smallest sets of moves that make it fit; `null` where there are too many to work out.
    pub(super) changes: Option<Vec<Vec<ChangeJson<'a>>>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Finding<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// How much it weighs.
    pub(super) kind: FindingKind,
    /// Whether it holds.
    pub(super) state: FindingState,
    /// Its heading.
    pub(super) title: &'a str,
    /// The first of `all_reasons`.
    pub(super) because: Option<Vec<Given<'a>>>,
    /// Every smallest set of answers that alone decides it; `null` where there are too many to work out.
    pub(super) all_reasons: Option<Vec<Vec<Given<'a>>>>,
    /// Where it comes from.
    pub(super) source: Source<'a>,
    /// Whether the source says it, or it is a reading of it.
    pub(super) basis: Basis,
    /// What is said of it, if it holds or is left open.
    pub(super) says: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Topic<'a> {
    /// Its id.
    pub(super) topic: &'a str,
    /// Its number in the source.
    pub(super) number: Option<u8>,
    /// Its heading.
    pub(super) title: &'a str,
    /// Whether all its questions are answered, and nothing speaks against the answers.
    pub(super) prepared: bool,
    /// The same, `absent` where the answers say that it is not so.
    pub(super) preparation: Preparation,
    /// The ids of its questions that are not answered, or answered `not_sure`.
    pub(super) missing: Vec<&'a str>,
    /// Where it comes from.
    pub(super) source: Source<'a>,
    /// What to have ready for it.
    pub(super) prepare: &'a str,
    /// What was answered to its questions.
    pub(super) answers: Vec<AnswerJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Obligation<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its heading.
    pub(super) title: &'a str,
    /// How it stands.
    pub(super) status: Status,
    /// What the rules say about that.
    pub(super) says: Option<&'a str>,
    /// The ids of the missing answers that can still change it.
    pub(super) missing: Vec<&'a str>,
    /// Where it comes from.
    pub(super) source: Source<'a>,
    /// What the rules add for these answers.
    pub(super) notes: &'a [&'a str],
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ChangeJson<'a> {
    /// The id of the question.
    pub(super) question: &'a str,
    /// The answer as given; `null` if it is missing.
    pub(super) from: Option<Value>,
    /// The answer it would have to be.
    pub(super) to: Value,
    /// Whether it is changed, or turns out to be this.
    pub(super) kind: ChangeKind,
}

/// What a missing answer could still do.
#[derive(Serialize, JsonSchema)]
pub(super) struct Prospect<'a> {
    /// The id of the question.
    pub(super) question: &'a str,
    /// What each answer would leave.
    pub(super) answers: Vec<ProspectAnswer<'a>>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ProspectAnswer<'a> {
    /// An answer.
    pub(super) answer: Value,
    /// The outcomes that are then still reachable, from best to worst.
    pub(super) possible_outcomes: &'a [Outcome],
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Gate {
    /// How far the product must have got.
    pub(super) name: gate::Gate,
    /// Whether it has.
    pub(super) passes: bool,
    /// The exit code it calls for, before any `--fail-on`.
    pub(super) exit_code: u8,
    /// What is in the way: `outcome`, `fit`, or the ids of topics and obligations.
    pub(super) lacking: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Step<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its heading.
    pub(super) title: &'a str,
    /// What to do.
    pub(super) says: &'a str,
    /// The page that it sends people to, if that is not the one it comes from.
    pub(super) go_to: Option<PageJson<'a>>,
    /// Where it comes from.
    pub(super) source: Source<'a>,
}
