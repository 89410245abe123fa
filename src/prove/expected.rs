//! What cases can expect, and the actual values, both as written in a file of cases.

use crate::assessment::{Assessment, ChangeSet};
use crate::gate::{Gate, Passage, judge};
use crate::outcome::{FindingState, FitOutcome, Outcome, Preparation, Status};
use crate::problem::Place;
use crate::rulebook::{Rule, Rulebook};

/// One expected value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub place: Place,
    /// The keys that lead to it: `outcome`, or `criteria` and the id of one.
    pub keys: Vec<String>,
    /// The value, in its canonical form.
    pub value: String,
}

/// What a key of `expect` takes.
pub enum KeyShape<'r> {
    /// One of these words.
    Word(Vec<&'r str>),
    /// One of these words, or null while undecided.
    Maybe(Vec<&'r str>),
    /// The complete list, of these words, in order.
    List(Vec<String>),
    /// A mapping from these ids to these words.
    Each(Vec<&'r str>, Vec<&'r str>),
    /// A list of mappings from questions to answers.
    Moves,
}

pub struct ExpectedKey<'r> {
    pub name: &'static str,
    pub about: &'static str,
    pub shape: KeyShape<'r>,
}

/// Every key of `expect`, for these rules.
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
                Gate::ALL.into_iter().filter(|gate| gate.exists(rulebook)).map(gate_key).collect(),
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

/// The actual value under these keys, as written in a file of cases.
///
/// # Panics
/// If the keys are not those of an expectation of the same rules.
pub fn actual(keys: &[String], rulebook: &Rulebook, found: &Assessment<'_>) -> String {
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
        "missing" => list(found.missing.iter().map(|question| &question.id)),
        "also_missing" => list(found.also_missing.iter().map(|question| &question.id)),
        "notes" => list(shown_notes(rulebook, found)),
        "contradictions" => list(found.contradictions.iter().map(|it| &it.id)),
        "next_steps" => list(found.next_steps.iter().map(|step| &step.id)),
        "facts" => list(found.facts.iter().map(|fact| &fact.id)),
        _ => found.changes.all().map_or_else(|| "null".to_owned(), |sets| list(sets.iter().map(moves))),
    }
}

fn shown_notes(rulebook: &Rulebook, found: &Assessment<'_>) -> Vec<String> {
    let notes = found.criteria.iter().flat_map(|it| &it.notes);
    let notes = notes.chain(found.scenario.iter().flat_map(|it| &it.notes));
    let notes: Vec<&str> = notes.chain(found.go_live.iter().flat_map(|it| &it.notes)).copied().collect();
    let is_shown = |rule: &Rule<'_>| match rule {
        Rule::Note(_, _, note) => notes.iter().any(|text| std::ptr::eq(*text, note.says.as_str())),
        _ => false,
    };
    rulebook.rules().into_iter().filter(is_shown).map(|rule| rule.id().into_owned()).collect()
}

fn moves(set: &ChangeSet<'_>) -> String {
    let moves =
        set.changes.iter().map(|change| format!("{}: {}", change.question.id, change.question.written(&change.to)));
    format!("{{{}}}", moves.collect::<Vec<_>>().join(", "))
}

pub(super) fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items: Vec<S> = items.into_iter().collect();
    format!("[{}]", items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "))
}

/// The subject of an expectation, for messages.
pub(super) fn describe_keys(keys: &[String]) -> String {
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

/// An expected or actual value, for messages.
pub(super) fn describe_value(value: &str) -> String {
    match value {
        "null" => "undecided".to_owned(),
        "[]" => "nothing".to_owned(),
        list if list.starts_with('[') && list.ends_with(']') => list[1..list.len() - 1].to_owned(),
        word => word.to_owned(),
    }
}

/// The unanswered questions that leave something open, though the case expects it to be settled.
pub(super) fn unanswered<'r>(
    keys: &[String],
    expected: &str,
    actual: &str,
    assessment: &Assessment<'r>,
) -> Vec<&'r str> {
    let id = keys.get(1).map_or("", String::as_str);
    let open = ["incomplete", "unknown", "null"];
    let missing = match keys[0].as_str() {
        "missing" => {
            let is_expected = |id: &str| expected.trim_matches(['[', ']']).split(", ").any(|known| known == id);
            return assessment
                .missing
                .iter()
                .map(|question| question.id.as_str())
                .filter(|id| !is_expected(id))
                .collect();
        }
        _ if open.contains(&expected) || !open.contains(&actual) => return Vec::new(),
        "criteria" => assessment.criteria.iter().find(|it| it.criterion.id == id).map(|it| &it.missing),
        "go_live" => assessment.go_live.iter().find(|it| it.obligation.id == id).map(|it| &it.missing),
        "fit" | "findings" => Some(&assessment.fit.missing),
        _ => Some(&assessment.missing),
    };
    missing.into_iter().flatten().map(|question| question.id.as_str()).collect()
}
