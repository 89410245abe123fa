//! The decision as one SELECT, exact for missing and unsure answers too.
//!
//! Each variable becomes a small number, with one more for NULL, and a decision is looked up in a string literal with one
//! code for each combination of numbers. That is flat, short and the same in every dialect, while nested cases are more than
//! some engines can compile. If one literal would be too long, the diagram is walked variable by variable: each literal then
//! holds the next node, and together they are no longer than the diagram. A set of statuses is a sum: 1 for met, 2 for to
//! discuss, 4 for not met. Sets of criteria that share no question are looked up separately, as together they would have many
//! times as many combinations.
//!
//! All names of our own begin with an underscore. No id does, so they cannot clash with the ids of rules.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use askama::Template;

use crate::condition::Condition;
use crate::diagram::{Diagrams, InScenario, TooIntricate, Truth, Var};
use crate::outcome::{FindingState, FitOutcome, Preparation};
use crate::report::as_it_is;
use crate::rulebook::{Outcome, Reach, RuleKind, Rulebook, Status};
use answers::SqlWriter;
use columns::{ResultColumn, Statuses};
use dialect::{comment, concatenated, literal};

mod answers;
mod columns;
mod dialect;

pub use dialect::Dialect;

/// The most characters of all literals.
const MAX_CHARACTERS: usize = 1 << 20;
/// The most bytes of all columns.
const MAX_LENGTH: usize = 4 << 20;

/// The SELECT, ending in a line break.
///
/// # Errors
/// If it would be too long, or the rules are too intricate to be decided for every product.
pub fn select(rulebook: &Rulebook, dialect: Dialect, table: &str) -> Result<String, TooIntricate> {
    if rulebook.reach != Reach::Everyone {
        return Err(TooIntricate);
    }
    let mut diagrams = rulebook.diagrams.clone();
    let mut decisions = Vec::new();
    let sets = rulebook.independent_criteria();
    for (number, set) in sets.iter().enumerate() {
        let mut worst = Diagrams::constant(Status::Met);
        for criterion in set {
            worst = diagrams.combine(worst, rulebook.criteria[*criterion].status, std::cmp::Ord::max)?;
        }
        let statuses = diagrams.map(worst, Statuses::only)?;
        let statuses = diagrams.with_missing(statuses, |a, b| Statuses(a.0 | b.0))?;
        decisions
            .push(ResultColumn::of(&diagrams, format!("_part_{number}"), statuses, |statuses| statuses.0.to_string()));
    }
    statuses(rulebook, dialect, &mut diagrams, &mut decisions)?;
    let vars: BTreeSet<Var> = decisions.iter().flat_map(|column| diagrams.support(column.root)).collect();
    let writer = SqlWriter { rulebook, diagrams: &diagrams, dialect };
    let asked = asked(rulebook);
    let topics = rulebook.topics.iter();
    let mut select = Select {
        rulebook,
        dialect,
        table,
        given: asked.iter().map(|index| writer.given(&rulebook.questions[*index])).collect(),
        invalid: asked.iter().filter_map(|index| writer.invalid(*index)).collect(),
        numbers: vars.iter().map(|var| writer.number(*var)).chain(topics.map(|it| writer.lacking(it))).collect(),
        decided: Vec::new(),
        results: results(rulebook, dialect, sets.len()),
    };
    let taken = [&select.given, &select.invalid, &select.numbers].into_iter().flatten().map(String::len).sum();
    let mut budget = MAX_CHARACTERS;
    let mut room = MAX_LENGTH.checked_sub(taken).ok_or(TooIntricate)?;
    for column in &decisions {
        let decision = format!("{} AS {}", writer.decision(column, &mut budget)?, dialect.quoted(&column.name));
        room = room.checked_sub(decision.len()).ok_or(TooIntricate)?;
        select.decided.push(decision);
    }
    let text = as_it_is(&select);
    if text.len() > 2 * MAX_LENGTH { Err(TooIntricate) } else { Ok(text) }
}

#[derive(Template)]
#[template(path = "select.sql", escape = "none")]
struct Select<'r> {
    rulebook: &'r Rulebook,
    dialect: Dialect,
    table: &'r str,
    /// The answers, as text.
    given: Vec<String>,
    /// The ids of what is not valid.
    invalid: Vec<String>,
    /// The answers as numbers of values, and what topics lack.
    numbers: Vec<String>,
    /// The decisions, each with its column.
    decided: Vec<String>,
    results: Vec<(String, String)>,
}

/// The questions that some rule tests or asks for. The table has a column for each.
fn asked(rulebook: &Rulebook) -> BTreeSet<usize> {
    let of_topics = rulebook.topics.iter().flat_map(|topic| topic.questions.iter().copied());
    of_topics.chain(rulebook.conditions().into_iter().flat_map(Condition::questions)).collect()
}

/// Adds the columns of single rules, of the scenario and of the fit.
fn statuses(
    rulebook: &Rulebook,
    dialect: Dialect,
    diagrams: &mut Diagrams,
    columns: &mut Vec<ResultColumn>,
) -> Result<(), TooIntricate> {
    let status = |status: Option<Status>| literal(status.unwrap_or(Status::Unknown).id());
    let criteria = rulebook.criteria.iter().map(|it| (&it.id, it.status));
    for (id, decision) in criteria.chain(rulebook.obligations.iter().map(|it| (&it.id, it.status))) {
        columns.push(ResultColumn::settled(diagrams, id.clone(), decision, status)?);
    }
    if let Some(scenario) = rulebook.scenario {
        let name = |scenario| match scenario {
            Some(InScenario::In(index)) => rulebook.scenarios.get(usize::from(index)),
            Some(InScenario::Nowhere | InScenario::Open) | None => None,
        };
        let name = |scenario| name(scenario).map_or("NULL".to_owned(), |found| literal(&found.id));
        columns.push(ResultColumn::settled(diagrams, "_scenario".to_owned(), scenario, name)?);
    }
    let fit = |fit: Option<FitOutcome>| literal(fit.unwrap_or(FitOutcome::Unknown).id());
    columns.push(ResultColumn::settled(diagrams, "_fit".to_owned(), rulebook.fit, fit)?);
    for finding in &rulebook.findings {
        let state = |truth: Option<Truth>| match truth {
            None => literal(FindingState::Unknown.id()),
            Some(Truth::Yes) => literal(FindingState::Holds.id()),
            Some(Truth::Open) => literal(FindingState::Open.id()),
            Some(Truth::No) => literal(FindingState::DoesNotHold.id()),
        };
        columns.push(ResultColumn::settled(diagrams, finding.id.clone(), finding.state, state)?);
    }
    for topic in &rulebook.topics {
        let [prepared, lacking] = [Preparation::Prepared, Preparation::Lacking].map(|state| literal(state.id()));
        let lacks = dialect.quoted(&answers::lacks(topic));
        let answered = format!("CASE {lacks} WHEN 0 THEN {prepared} ELSE {lacking} END");
        let state = |truth: Option<Truth>| match truth {
            Some(Truth::No) => literal(Preparation::Absent.id()),
            Some(Truth::Yes) => answered.clone(),
            Some(Truth::Open) | None => lacking.clone(),
        };
        columns.push(ResultColumn::settled(diagrams, topic.id.clone(), topic.satisfied, state)?);
    }
    Ok(())
}

/// The kinds of rule that have a column.
const COLUMNS: [RuleKind; 4] = [RuleKind::Criterion, RuleKind::Finding, RuleKind::Topic, RuleKind::Obligation];

/// The columns of the result, with their expressions, which combine the parts.
fn results(rulebook: &Rulebook, dialect: Dialect, parts: usize) -> Vec<(String, String)> {
    let parts: Vec<String> = (0..parts).map(|number| dialect.quoted(&format!("_part_{number}"))).collect();
    let each = |test: &str, between: &str| {
        let tests: Vec<String> = parts.iter().map(|part| test.replace('?', part)).collect();
        if tests.is_empty() { "FALSE".to_owned() } else { format!("({})", tests.join(between)) }
    };
    // All parts can be met; one can be to discuss while none must be worse; one can be not met.
    let meets = if parts.is_empty() { "TRUE".to_owned() } else { each("? IN (1, 3, 5, 7)", " AND ") };
    let discuss = format!("{} AND {}", each("? IN (2, 3, 6, 7)", " OR "), each("? <> 4", " AND "));
    let fails = each("? >= 4", " OR ");
    let [yes, talk, no, open] = Outcome::ALL.map(|outcome| literal(outcome.id()));
    let possible: Vec<String> = [(&meets, &yes), (&discuss, &talk), (&fails, &no)]
        .map(|(test, name)| format!("CASE WHEN {test} THEN CONCAT({name}, '; ') ELSE '' END"))
        .to_vec();
    let mut columns = vec![
        (
            "_outcome".to_owned(),
            format!(
                "CASE WHEN {meets} THEN CASE WHEN ({discuss}) OR {fails} THEN {open} ELSE {yes} END\n      \
                 WHEN {discuss} THEN CASE WHEN {fails} THEN {open} ELSE {talk} END ELSE {no} END"
            ),
        ),
        ("_possible_outcomes".to_owned(), format!("TRIM(BOTH '; ' FROM {})", concatenated(&possible))),
    ];
    if rulebook.scenario.is_some() {
        let scenario = dialect.quoted("_scenario");
        let mut numbers = String::new();
        for found in &rulebook.scenarios {
            if let Some(number) = found.number {
                let _ = write!(numbers, " WHEN {} THEN {number}", literal(&found.id));
            }
        }
        let number = if numbers.is_empty() { "NULL".to_owned() } else { format!("CASE {scenario}{numbers} END") };
        columns.push(("_scenario".to_owned(), number));
        columns.push(("_scenario_id".to_owned(), scenario));
    }
    if !rulebook.findings.is_empty() {
        columns.push(("_fit".to_owned(), dialect.quoted("_fit")));
    }
    let rules = rulebook.rules().into_iter().filter(|rule| COLUMNS.contains(&rule.kind()));
    columns.extend(rules.map(|rule| (rule.id().into_owned(), dialect.quoted(&rule.id()))));
    columns
}
