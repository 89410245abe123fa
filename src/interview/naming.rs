//! How an interview names what it speaks of: questions with their answers, outcomes, numbers of questions.

use super::Interview;
use crate::assessment::{Assessment, FitOutcome};
use crate::question::{Answer, Question};
use crate::rulebook::{Outcome, Rulebook, Status};

pub(super) fn questions(number: usize) -> String {
    if number == 1 { "1 question".to_owned() } else { format!("{number} questions") }
}

/// A question and its answer.
pub(super) fn with_answer(interview: &Interview<'_>, index: usize) -> String {
    let (question, answer) = pair(interview, index);
    format!("{question} {answer}")
}

/// A question, and its answer apart.
pub(super) fn pair(interview: &Interview<'_>, index: usize) -> (String, String) {
    let question = &interview.rulebook.questions[index];
    let Some(entry) = interview.answers.get(index) else { return (question.prompt.clone(), String::new()) };
    let evidence = entry.evidence.as_ref().map_or_else(String::new, |evidence| format!(", with evidence {evidence}"));
    (question.prompt.clone(), shown(question, &entry.answer) + &evidence)
}

/// An answer as it is shown after its question.
fn shown(question: &Question, answer: &Answer) -> String {
    let label = question.label(answer);
    let mut chars = label.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// An outcome inside a sentence.
pub(super) fn title(rulebook: &Rulebook, outcome: Outcome) -> String {
    let title = rulebook.outcome_text(outcome).title.trim_end_matches('.');
    let mut chars = title.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// What the outcome is, as far as that is decided.
pub(super) fn outcome(rulebook: &Rulebook, assessment: &Assessment<'_>) -> String {
    match assessment.possible_outcomes.as_slice() {
        [only] => title(rulebook, *only),
        _ => title(rulebook, Outcome::Incomplete),
    }
}

/// Whether it fits, inside a sentence.
pub(super) fn fit(outcome: FitOutcome) -> &'static str {
    match outcome {
        FitOutcome::Fits => "fits",
        FitOutcome::FitsWithConditions => "fits, with conditions",
        FitOutcome::DoesNotFit => "does not fit",
        FitOutcome::Unknown => "still open",
    }
}

/// What a criterion is, inside a sentence.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "met",
        Status::ToDiscuss => "to be discussed",
        Status::NotMet => "not met",
        Status::Unknown => "still open",
    }
}
