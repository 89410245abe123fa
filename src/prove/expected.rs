//! What a case can say must come out, and what does come out, each as it stands in a file of cases.

use crate::assessment::{Assessment, ChangeSet};
use crate::gate::{Gate, Passage, judge};
use crate::outcome::{FindingState, FitOutcome, Outcome, Preparation, Status};
use crate::problem::Place;
use crate::rulebook::{Rule, Rulebook};

/// One thing that must come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub place: Place,
    /// The keys that lead to it: `outcome`, or `criteria` and the id of one.
    pub keys: Vec<String>,
    /// What must come out, in the one way it can be written.
    pub wanted: String,
}

/// What can stand under a key of `expect`.
pub enum KeyShape<'r> {
    /// One of these words.
    Word(Vec<&'r str>),
    /// One of these words, or nothing while it is not decided.
    Maybe(Vec<&'r str>),
    /// A list of these, whole and in their order.
    List(Vec<String>),
    /// For any of these ids, one of these words.
    Each(Vec<&'r str>, Vec<&'r str>),
    /// A list of mappings, each from questions to the answers that they would have.
    Moves,
}

pub struct ExpectedKey<'r> {
    pub name: &'static str,
    pub about: &'static str,
    pub shape: KeyShape<'r>,
}

/// Every key that cases of these rules can have under `expect`.
pub fn keys(rulebook: &Rulebook) -> Vec<ExpectedKey<'_>> {
    fn ids<'r, T>(rules: &'r [T], id: fn(&'r T) -> &'r String) -> Vec<&'r str> {
        rules.iter().map(|rule| id(rule).as_str()).collect()
    }
    let owned = |ids: Vec<&str>| KeyShape::List(ids.into_iter().map(str::to_owned).collect());
    let statuses = || Status::ALL.map(Status::id).to_vec();
    let questions = || owned(ids(&rulebook.questions, |question| &question.id));
    let notes = rulebook.rules().into_iter().filter(|rule| matches!(rule, Rule::Note(..)));
    let key = |name, about, shape| ExpectedKey { name, about, shape };
    vec![
        key("outcome", "What the criteria come to.", KeyShape::Word(Outcome::ALL.map(Outcome::id).to_vec())),
        key(
            "possible_outcomes",
            "Exactly the outcomes still possible, from best to worst.",
            owned(Outcome::DECIDED.iter().map(|outcome| outcome.id()).collect()),
        ),
        key(
            "scenario",
            "The scenario, or nothing while none is decided.",
            KeyShape::Maybe(ids(&rulebook.scenarios, |it| &it.id)),
        ),
        key("criteria", "The status of a criterion.", KeyShape::Each(ids(&rulebook.criteria, |it| &it.id), statuses())),
        key("fit", "What the findings come to.", KeyShape::Word(FitOutcome::ALL.map(FitOutcome::id).to_vec())),
        key(
            "findings",
            "Whether a finding holds.",
            KeyShape::Each(ids(&rulebook.findings, |it| &it.id), FindingState::ALL.map(FindingState::id).to_vec()),
        ),
        key(
            "topics",
            "Whether a topic is prepared; absent if its answers say that it is not so.",
            KeyShape::Each(ids(&rulebook.topics, |it| &it.id), Preparation::ALL.map(Preparation::id).to_vec()),
        ),
        key(
            "go_live",
            "The status of an obligation.",
            KeyShape::Each(ids(&rulebook.obligations, |it| &it.id), statuses()),
        ),
        key(
            "gates",
            "What a gate makes of the answers.",
            KeyShape::Each(
                Gate::ALL.into_iter().filter(|gate| gate.is_there(rulebook)).map(gate_key).collect(),
                Passage::ALL.map(Passage::id).to_vec(),
            ),
        ),
        key("missing", "Exactly the missing answers that can still change the outcome, in order.", questions()),
        key("also_missing", "Exactly the missing answers that can change something else of eligibility.", questions()),
        key(
            "notes",
            "Exactly the notes that are told.",
            KeyShape::List(notes.map(|rule| rule.id().into_owned()).collect()),
        ),
        key(
            "contradictions",
            "Exactly the contradictions between the answers.",
            owned(ids(&rulebook.contradictions, |it| &it.id)),
        ),
        key(
            "next_steps",
            "Exactly what to do next, in order.",
            owned(rulebook.steps().map(|step| step.id.as_str()).collect()),
        ),
        key("facts", "Exactly the facts that are shown, in order.", owned(ids(&rulebook.facts, |it| &it.id))),
        key("moves", "Exactly the sets of moves that lead to meeting the criteria, in order.", KeyShape::Moves),
    ]
}

fn gate_key(gate: Gate) -> &'static str {
    match gate {
        Gate::GoLive => "go_live",
        Gate::Eligibility | Gate::Application => gate.id(),
    }
}

/// What comes out under these keys, as it would stand in a file of cases.
///
/// # Panics
/// If the keys are not those of an expectation that was read for the same rules.
pub fn found(keys: &[String], rulebook: &Rulebook, found: &Assessment<'_>) -> String {
    let id = keys.get(1).map_or("", String::as_str);
    let known = "every id was checked when the case was read";
    match keys[0].as_str() {
        "outcome" => found.outcome.to_string(),
        "possible_outcomes" => list(found.possible_outcomes.iter().map(|outcome| outcome.id())),
        "scenario" => found.scenario.as_ref().map_or("null", |result| &result.scenario.id).to_owned(),
        "fit" => found.fit.outcome.to_string(),
        "criteria" => found.criteria.iter().find(|it| it.criterion.id == id).expect(known).status.to_string(),
        "findings" => found.fit.findings.iter().find(|it| it.finding.id == id).expect(known).state.to_string(),
        "topics" => found.application.iter().find(|it| it.topic.id == id).expect(known).preparation.to_string(),
        "go_live" => found.go_live.iter().find(|it| it.obligation.id == id).expect(known).status.to_string(),
        "gates" => judge(Gate::named(id).expect(known), found).passage.to_string(),
        "missing" => list(found.missing.iter().map(|question| question.id.as_str())),
        "also_missing" => list(found.also_missing.iter().map(|question| question.id.as_str())),
        "notes" => list(notes(rulebook, found).iter().map(String::as_str)),
        "contradictions" => list(found.contradictions.iter().map(|it| it.id.as_str())),
        "next_steps" => list(found.next_steps.iter().map(|step| step.id.as_str())),
        "facts" => list(found.facts.iter().map(|fact| fact.id.as_str())),
        _ => found.changes.all().map_or_else(
            || "null".to_owned(),
            |sets| list(sets.iter().map(moves).collect::<Vec<_>>().iter().map(String::as_str)),
        ),
    }
}

fn notes(rulebook: &Rulebook, found: &Assessment<'_>) -> Vec<String> {
    let told = found.criteria.iter().flat_map(|it| &it.notes);
    let told = told.chain(found.scenario.iter().flat_map(|it| &it.notes));
    let told: Vec<&str> = told.chain(found.go_live.iter().flat_map(|it| &it.notes)).copied().collect();
    let is_told = |rule: &Rule<'_>| match rule {
        Rule::Note(_, _, note) => told.iter().any(|told| std::ptr::eq(*told, note.says.as_str())),
        _ => false,
    };
    rulebook.rules().into_iter().filter(is_told).map(|rule| rule.id().into_owned()).collect()
}

fn moves(set: &ChangeSet<'_>) -> String {
    let moves =
        set.changes.iter().map(|change| format!("{}: {}", change.question.id, change.question.written(&change.to)));
    format!("{{{}}}", moves.collect::<Vec<_>>().join(", "))
}

pub(super) fn list<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", ids.collect::<Vec<_>>().join(", "))
}

/// What these keys are about, in words.
pub(super) fn in_words(keys: &[String]) -> String {
    match (keys[0].as_str(), keys.get(1)) {
        ("gates", Some(gate)) => format!("gate {gate}"),
        (_, Some(id)) => format!("`{id}`"),
        ("possible_outcomes", _) => "what is still possible".to_owned(),
        ("missing", _) => "what is missing".to_owned(),
        ("also_missing", _) => "what is missing besides".to_owned(),
        ("next_steps", _) => "what to do next".to_owned(),
        (what, _) => format!("the {what}"),
    }
}

/// What must come out or does, in words.
pub(super) fn value_in_words(value: &str) -> String {
    match value {
        "null" => "undecided".to_owned(),
        "[]" => "nothing".to_owned(),
        list if list.starts_with('[') && list.ends_with(']') => list[1..list.len() - 1].to_owned(),
        word => word.to_owned(),
    }
}

/// The questions without an answer for which something is left open that the case expects to be settled.
pub(super) fn lacks<'r>(keys: &[String], wanted: &str, found: &str, assessment: &Assessment<'r>) -> Vec<&'r str> {
    let id = keys.get(1).map_or("", String::as_str);
    let open = ["incomplete", "unknown", "null"];
    let missing = match keys[0].as_str() {
        "missing" => {
            let expected = |id: &str| wanted.trim_matches(['[', ']']).split(", ").any(|known| known == id);
            return assessment.missing.iter().map(|question| question.id.as_str()).filter(|id| !expected(id)).collect();
        }
        _ if open.contains(&wanted) || !open.contains(&found) => return Vec::new(),
        "criteria" => assessment.criteria.iter().find(|it| it.criterion.id == id).map(|it| &it.missing),
        "go_live" => assessment.go_live.iter().find(|it| it.obligation.id == id).map(|it| &it.missing),
        "fit" | "findings" => Some(&assessment.fit.missing),
        _ => Some(&assessment.missing),
    };
    missing.into_iter().flatten().map(|question| question.id.as_str()).collect()
}
