//! The decision as one SELECT, for an engine that exists. Exact for missing and unsure answers too.
//!
//! Each variable becomes a small number, with one more for NULL, and a decision is looked up in a text that holds one
//! code for each combination of numbers: flat, short, and the same in every dialect, where nested cases outgrow what
//! some engines can compile. Where there are too many combinations for one text, the diagram is walked one variable after
//! another: each text says which node comes next, so that all of them together are no longer than the diagram. A set of
//! statuses is a number: 1 for met, 2 for to discuss, 4 for not met, added up. Sets of criteria that share no question are
//! looked up apart, since together they would have many times as many combinations.

//!
//! Every name of ours begins with an underscore, with which no id begins, so that none can meet the id of anything in
//! the rules.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::diagram::{Diagrams, InScenario, TooIntricate, Truth, Var};
use crate::outcome::{FindingState, FitOutcome, Preparation};
use crate::rulebook::{Reach, Rulebook, Status};
use answers::Writer;
use column::{Column, Statuses};
use dialect::{concatenated, literal};

mod answers;
mod column;
mod dialect;
mod last;
mod look_up;

pub use dialect::Dialect;

/// The most characters of all texts.
const MAX_CHARACTERS: usize = 1 << 20;
/// The most bytes of all columns.
const MAX_LENGTH: usize = 4 << 20;

/// The SELECT, ending in a line break.
///
/// # Errors
/// If it would be too long, or the rules are too intricate to be worked out for every product.
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
        decisions.push(Column::of(&diagrams, format!("_part_{number}"), statuses, |statuses| statuses.0.to_string()));
    }
    statuses(rulebook, dialect, &mut diagrams, &mut decisions)?;
    let vars: BTreeSet<Var> = decisions.iter().flat_map(|column| diagrams.support(column.root)).collect();
    let writer = Writer { rulebook, diagrams: &diagrams, dialect };
    let mut out = String::new();
    let _ = writeln!(out, "{}", dialect::comment(&format!("{}, version {}", rulebook.title, rulebook.version)));
    let _ = writeln!(out, "{}", dialect::comment(&rulebook.disclaimer));
    let asked = asked(rulebook);
    let given: Vec<String> = asked.iter().map(|index| writer.given(&rulebook.questions[*index])).collect();
    let once = dialect.once();
    // What is called so otherwise is the name of the product.
    let product = if rulebook.question("product").is_some() { "_product" } else { "product" };
    let _ = writeln!(out, "WITH _blanks AS (\n  SELECT {} AS _all\n),", dialect.blanks());
    let _ = writeln!(out, "_given AS {once}(\n  SELECT\n    {product} AS _product,\n    {}", given.join(",\n    "));
    let table = dialect.quoted(table);
    let _ = writeln!(out, "  FROM {table} CROSS JOIN _blanks\n),\n_numbered AS {once}(\n  SELECT\n    _product,");
    let invalid: Vec<String> = asked.iter().filter_map(|index| writer.invalid(*index)).collect();
    let lacking = rulebook.topics.iter().map(|topic| writer.lacking(topic));
    let numbers: Vec<String> = vars.iter().map(|var| writer.number(*var)).chain(lacking).collect();
    let _ = writeln!(out, "    {} AS _invalid,\n    {}", concatenated(&invalid), numbers.join(",\n    "));
    let _ = writeln!(out, "  FROM _given\n),\n_decided AS {once}(\n  SELECT\n    _product,\n    _invalid,");
    let mut budget = MAX_CHARACTERS;
    let mut columns = Vec::new();
    let mut room = MAX_LENGTH.checked_sub(out.len()).ok_or(TooIntricate)?;
    for column in &decisions {
        let decision = format!("    {} AS {}", writer.decision(column, &mut budget)?, dialect.quoted(&column.name));
        room = room.checked_sub(decision.len()).ok_or(TooIntricate)?;
        columns.push(decision);
    }
    let _ = writeln!(out, "{}\n  FROM _numbered\n)", columns.join(",\n"));
    out.push_str(&writer.last(&sets));
    if out.len() > 2 * MAX_LENGTH { Err(TooIntricate) } else { Ok(out) }
}

/// The questions that some rule tests or asks for, in the order of asking: the table has a column for each.
fn asked(rulebook: &Rulebook) -> BTreeSet<usize> {
    let mut asked: BTreeSet<usize> = rulebook.topics.iter().flat_map(|topic| topic.questions.iter().copied()).collect();
    for condition in rulebook.conditions() {
        condition.tests(&mut |question, _| {
            asked.insert(question);
        });
    }
    asked
}

/// What each rule comes to that has a column of its own.
fn statuses(
    rulebook: &Rulebook,
    dialect: Dialect,
    diagrams: &mut Diagrams,
    columns: &mut Vec<Column>,
) -> Result<(), TooIntricate> {
    let status = |status: Option<Status>| literal(status.unwrap_or(Status::Unknown).id());
    let criteria = rulebook.criteria.iter().map(|it| (&it.id, it.status));
    for (id, decision) in criteria.chain(rulebook.obligations.iter().map(|it| (&it.id, it.status))) {
        columns.push(Column::settled(diagrams, id.clone(), decision, status)?);
    }
    if let Some(scenario) = rulebook.scenario {
        let name = |scenario| match scenario {
            Some(InScenario::In(index)) => rulebook.scenarios.get(usize::from(index)),
            Some(InScenario::Nowhere | InScenario::Open) | None => None,
        };
        let name = |scenario| name(scenario).map_or("NULL".to_owned(), |found| literal(&found.id));
        columns.push(Column::settled(diagrams, "_scenario".to_owned(), scenario, name)?);
    }
    let fit = |fit: Option<FitOutcome>| literal(fit.unwrap_or(FitOutcome::Unknown).id());
    columns.push(Column::settled(diagrams, "_fit".to_owned(), rulebook.fit, fit)?);
    for finding in &rulebook.findings {
        let state = |truth: Option<Truth>| match truth {
            None => literal(FindingState::Unknown.id()),
            Some(Truth::Yes) => literal(FindingState::Holds.id()),
            Some(Truth::Open) => literal(FindingState::Open.id()),
            Some(Truth::No) => literal(FindingState::DoesNotHold.id()),
        };
        columns.push(Column::settled(diagrams, finding.id.clone(), finding.state, state)?);
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
        columns.push(Column::settled(diagrams, topic.id.clone(), topic.fine, state)?);
    }
    Ok(())
}
