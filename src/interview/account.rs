//! What an interview tells about the answers as a whole: where they stand, all of them, what a change has done.

use std::collections::BTreeSet;

use super::phrases::{fit, outcome, pair, questions, with_answer};
use super::{Interview, Since};
use crate::assess::assess;
use crate::assessment::FitOutcome;
use crate::prompter::Words;
use crate::question::{Answer, Kind};

/// What somebody who comes back is told: how much is answered and how much may be left.
#[must_use]
pub fn standing(interview: &Interview<'_>) -> String {
    let answered = interview.answered().len();
    let left = match interview.at_most(&interview.plan.sections) {
        0 => "Nothing is left to ask in this part.".to_owned(),
        left => format!("At most {} left in this part.", questions(left)),
    };
    format!("{}: {} answered. {left}", interview.answers.product, questions(answered))
}

/// What somebody is told who gave answers before the interview began.
pub(super) fn beforehand(interview: &Interview<'_>, given: &[(usize, Answer)]) -> Words {
    let pairs = given.iter().map(|(index, _)| pair(interview, *index));
    Words::Pairs("You gave these answers beforehand:".to_owned(), pairs.collect())
}

/// What somebody is told whose answers were given against other rules.
pub(super) fn since(interview: &Interview<'_>, since: &Since) -> Vec<Words> {
    let rulebook = interview.rulebook;
    match since {
        Since::Same => Vec::new(),
        Since::Later { from, affected: 0 } => vec![Words::Plain(format!(
            "The rules have changed since you answered, from version {from} to {}. None of your answers is affected.",
            rulebook.version
        ))],
        Since::Later { from, .. } => {
            let lead = format!(
                "The rules have changed since you answered, from version {from} to {}. You will be asked again:",
                rulebook.version
            );
            let points = interview.again.iter().map(|(index, why)| {
                let prompt = &rulebook.questions[*index].prompt;
                format!("{prompt} {why}")
            });
            vec![Words::List(lead, points.collect())]
        }
        Since::Edited => vec![Words::Plain(
            "The rules were edited after you answered, and their version is the same. There is no telling which \
             answers are affected, so none is asked again. Look at all of them before you see the report."
                .to_owned(),
        )],
        Since::Unknown { from } => vec![Words::Plain(format!(
            "You answered against {from}. These rules are {} {}. There is no telling which answers are affected, so \
             none is asked again. Look at all of them before you see the report.",
            rulebook.id, rulebook.version
        ))],
    }
}

/// The whole list, with what no longer applies and what is still open.
pub(super) fn all_answers(interview: &Interview<'_>) -> Vec<Words> {
    let rulebook = interview.rulebook;
    let mut all = vec![Words::Heading("Check your answers".to_owned(), String::new())];
    let mut given = vec![("Product".to_owned(), interview.answers.product.clone())];
    given.extend(interview.answered().into_iter().map(|index| pair(interview, index)));
    all.push(Words::Pairs(String::new(), given));
    let aside: Vec<_> = interview.set_aside().into_iter().map(|index| pair(interview, index)).collect();
    if !aside.is_empty() {
        all.push(Words::Pairs("These do not apply at the moment. They stay in the file:".to_owned(), aside));
    }
    let open: BTreeSet<usize> = interview.plan.sections.iter().flat_map(|section| interview.wanted(*section)).collect();
    let left_out = interview.left_out.iter().copied().filter(|index| interview.answers.get(*index).is_none());
    let open: BTreeSet<usize> = open.into_iter().chain(left_out).collect();
    if !open.is_empty() {
        let open = open.into_iter().map(|index| rulebook.questions[index].prompt.clone()).collect();
        all.push(Words::List("Not answered yet:".to_owned(), open));
    }
    all
}

/// What changing an earlier answer has done.
pub(super) fn consequences(before: &Interview<'_>, after: &Interview<'_>) -> Vec<Words> {
    let rulebook = after.rulebook;
    let mut points = Vec::new();
    let (was, is) = (assess(rulebook, &before.answers), assess(rulebook, &after.answers));
    let (was_outcome, is_outcome) = (outcome(rulebook, &was), outcome(rulebook, &is));
    if was_outcome != is_outcome {
        points.push(format!("The outcome was: {was_outcome}. It is now: {is_outcome}."));
    }
    if was.fit.outcome != is.fit.outcome && is.fit.outcome != FitOutcome::Unknown {
        points.push(format!("Fit was: {}. It is now: {}.", fit(was.fit.outcome), fit(is.fit.outcome)));
    }
    let (aside_before, aside_after) = (before.set_aside(), after.set_aside());
    for index in aside_after.difference(&aside_before) {
        points.push(format!("No longer applies, and stays in the file: {}", with_answer(after, *index)));
    }
    for index in aside_before.difference(&aside_after) {
        points.push(format!("Applies again: {}", with_answer(after, *index)));
    }
    // What is left to answer now is asked next, which shows it best.
    if points.is_empty() {
        return vec![Words::Plain("You changed an answer. Nothing else changes.".to_owned())];
    }
    vec![Words::List("You changed an answer:".to_owned(), points)]
}

/// The missing answers of an interview, each with its values: for somebody who cannot be asked.
#[must_use]
pub fn how_to_answer(interview: &Interview<'_>) -> Words {
    let rulebook = interview.rulebook;
    let missing = interview.plan.sections.iter().flat_map(|section| interview.wanted(*section));
    let lines = missing.map(|index| {
        let question = &rulebook.questions[index];
        let values: Vec<&str> = question.values().collect();
        match question.kind {
            Kind::Text => format!("{}: text", question.id),
            Kind::YesNo | Kind::Choice => format!("{}: {}, not_sure", question.id, values.join(", ")),
            Kind::Choices => format!("{}: any of {}, or not_sure", question.id, values.join(", ")),
        }
    });
    Words::List("These answers are missing:".to_owned(), lines.collect())
}
