//! What changing an earlier answer has done.

use super::Interview;
use super::naming::{fit, outcome, status, with_answer};
use crate::assess::assess;
use crate::assessment::{Assessment, FitOutcome};
use crate::prompter::Words;
use crate::question::Section;
use crate::rulebook::{Rulebook, numbered};

/// What changing an earlier answer has done.
pub(super) fn consequences(before: &Interview<'_>, after: &Interview<'_>) -> Vec<Words> {
    let rulebook = after.rulebook;
    let (was, is) = (assess(rulebook, &before.answers), assess(rulebook, &after.answers));
    let mut points = results(rulebook, &was, &is);
    let (aside_before, aside_after) = (before.set_aside(), after.set_aside());
    for index in aside_after.difference(&aside_before) {
        points.push(format!("No longer applies, and stays in the file: {}", with_answer(after, *index)));
    }
    for index in aside_before.difference(&aside_after) {
        points.push(format!("Applies again: {}", with_answer(after, *index)));
    }
    if !points.is_empty() {
        return vec![Words::List("You changed an answer:".to_owned(), points)];
    }
    let asked = |interview: &Interview<'_>| Section::ALL.map(|section| interview.wanted(section));
    let else_changes = match (asked(before) == asked(after), said(&was) == said(&is)) {
        (true, true) => "Nothing else changes.",
        // What is left to answer now is asked next, which shows it best.
        (false, _) => "It changes what is still to be asked.",
        (true, false) => "The results stay as they are. The report says other things about them.",
    };
    vec![Words::Plain(format!("You changed an answer. {else_changes}"))]
}

/// What has become of the results.
fn results(rulebook: &Rulebook, was: &Assessment<'_>, is: &Assessment<'_>) -> Vec<String> {
    let mut points = Vec::new();
    let (was_outcome, is_outcome) = (outcome(rulebook, was), outcome(rulebook, is));
    if was_outcome != is_outcome {
        points.push(format!("The outcome was: {was_outcome}. It is now: {is_outcome}."));
    }
    for (was, is) in was.criteria.iter().zip(&is.criteria).filter(|(was, is)| was.status != is.status) {
        let title = numbered(is.criterion.number, &is.criterion.title);
        points.push(format!("{title}: was {}, is now {}.", status(was.status), status(is.status)));
    }
    if was.fit.outcome != is.fit.outcome && is.fit.outcome != FitOutcome::Unknown {
        points.push(format!("Fit was: {}. It is now: {}.", fit(was.fit.outcome), fit(is.fit.outcome)));
    }
    points
}

/// All else that a report says because of the answers.
fn said(assessment: &Assessment<'_>) -> Vec<String> {
    let criteria = assessment.criteria.iter().flat_map(|result| result.notes.iter().map(|note| (*note).to_owned()));
    let scenarios = assessment.possible_scenarios.iter().map(|scenario| scenario.id.clone());
    let findings = assessment.fit.findings.iter().map(|result| result.state.id().to_owned());
    let topics = assessment.application.iter().map(|result| result.preparation.id().to_owned());
    let owed = assessment.go_live.iter().map(|result| result.status.id().to_owned());
    criteria.chain(scenarios).chain(findings).chain(topics).chain(owed).collect()
}
