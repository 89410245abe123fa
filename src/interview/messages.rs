//! The messages of an interview: the introduction, the progress, the review, the effects of a change.

use std::collections::BTreeSet;

use super::Interview;
use crate::answers::MAX_NAME;
use crate::assess::assess;
use crate::assessment::{Assessment, FitOutcome};
use crate::prompter::Message;
use crate::question::{Answer, Section, Takes};
use crate::rulebook::{Outcome, Rulebook, Status, numbered};
use crate::wording::{counted, sentence};

/// Seconds that a question takes, roughly: to choose an answer, and to write one.
const TO_CHOOSE: usize = 30;
const TO_WRITE: usize = 120;

/// The introduction. `file` is the name that answers are saved under.
pub fn before_you_start(interview: &Interview<'_>, file: &str) -> Message {
    let rulebook = interview.rulebook;
    let sections = &interview.plan.sections;
    let wanted = sections.iter().flat_map(|section| interview.in_order(*section));
    let wanted: Vec<_> = wanted.map(|index| &rulebook.questions[index]).collect();
    let written = wanted.iter().filter(|question| question.kind.takes() == Takes::Own).count();
    let chosen = interview.at_most(sections).saturating_sub(written);
    let minutes = (chosen * TO_CHOOSE + written * TO_WRITE).div_ceil(60);
    let mut points = vec![format!("It takes about {}.", counted(minutes, "minute"))];
    let mut evidence: Vec<&str> = Vec::new();
    for question in wanted {
        // The options that serve best stand first, and one word for each question is enough here.
        let helps = question.options.iter().find_map(|option| option.evidence.as_deref());
        evidence.extend(helps.map(|helps| helps.trim_end_matches('.')).filter(|helps| !evidence.contains(helps)));
    }
    if !evidence.is_empty() {
        points.push(format!("If you have it, get this ready: {}.", evidence.join("; ")));
    }
    points.push(
        "If you do not know something, answer that you are not sure. You can change any answer later.".to_owned(),
    );
    points.push(format!("Nothing leaves your machine. Each answer is saved to {file} as you give it."));
    points.push("You can stop at any time with Ctrl-C. You are then told how to carry on.".to_owned());
    Message::List("Before you start".to_owned(), points)
}

pub fn name_too_long() -> Message {
    Message::Plain(format!("That name is too long. Write one of at most {MAX_NAME} characters."))
}

/// The progress, for a person who resumes.
pub fn standing(interview: &Interview<'_>) -> String {
    let answered = interview.answered().len();
    let left = match interview.at_most(&interview.plan.sections) {
        0 => "You have answered everything that matters in this part.".to_owned(),
        left => format!("At most {} left in this part.", counted(left, "question")),
    };
    let name = Some(interview.answers.product.as_str()).filter(|name| !name.is_empty());
    let lead = name.map_or_else(String::new, |name| format!("{name}: "));
    format!("{lead}{} answered. {left}", counted(answered, "question"))
}

/// What a person who stops while questions are asked again has to expect, because the file cannot say which were.
pub fn asked_all_again(interview: &Interview<'_>) -> Option<&'static str> {
    let some_left = interview.outdated.is_none() && !interview.to_reask.is_empty();
    some_left.then_some(
        "The answers that you changed are saved. You did not get through all the questions that the new rules affect, so \
         next time you will be asked all of them again.",
    )
}

/// The answers given with `--set`.
pub(super) fn beforehand(interview: &Interview<'_>, given: &[(usize, Answer)]) -> Message {
    let pairs = given.iter().map(|(index, _)| pair(interview, *index));
    Message::Pairs("You gave these answers in advance:".to_owned(), pairs.collect())
}

/// The review: all answers, those that no longer apply, and the open questions.
pub(super) fn all_answers(interview: &Interview<'_>) -> Vec<Message> {
    let rulebook = interview.rulebook;
    let mut all = vec![Message::Heading("Check your answers".to_owned(), String::new())];
    let mut given = vec![(sentence(&interview.rulebook.subject.one), interview.answers.product.clone())];
    given.extend(interview.answers.organisation.clone().map(|name| ("Organisation".to_owned(), name)));
    given.extend(interview.answered().into_iter().map(|index| pair(interview, index)));
    all.push(Message::Pairs(String::new(), given));
    let aside: Vec<_> = interview.not_applicable().into_iter().map(|index| pair(interview, index)).collect();
    if !aside.is_empty() {
        all.push(Message::Pairs("These do not apply at the moment, but stay in the file:".to_owned(), aside));
    }
    let open: BTreeSet<usize> = interview.plan.sections.iter().flat_map(|section| interview.wanted(*section)).collect();
    let skipped = interview.skipped.iter().copied().filter(|index| interview.answers.get(*index).is_none());
    let open: BTreeSet<usize> = open.into_iter().chain(skipped).collect();
    if !open.is_empty() {
        let open = open.into_iter().map(|index| rulebook.questions[index].prompt.clone()).collect();
        all.push(Message::List("Not answered yet:".to_owned(), open));
    }
    all
}

/// Contradictions that were not there before, and how to resolve them.
pub(super) fn contradictions(before: Option<&Interview<'_>>, after: &Interview<'_>) -> Vec<Message> {
    let of = |interview: &Interview<'_>| assess(after.rulebook, &interview.answers).contradictions;
    let known = before.map(of).unwrap_or_default();
    let new = of(after).into_iter().filter(|found| !known.iter().any(|known| known.id == found.id));
    let told = new.flat_map(|found| {
        let given = found.when.questions().into_iter().filter(|index| after.answers.get(*index).is_some());
        let pairs = given.map(|index| pair(after, index)).collect();
        [Message::Pairs("These answers cannot all be true:".to_owned(), pairs), Message::Plain(found.says.to_string())]
    });
    told.collect()
}

/// The missing answers with their possible values, where no one can be asked.
pub fn how_to_answer(interview: &Interview<'_>) -> Vec<String> {
    let missing = interview.plan.sections.iter().flat_map(|section| interview.in_order(*section));
    let lines = missing.map(|index| {
        let question = &interview.rulebook.questions[index];
        let values = question.values().collect::<Vec<_>>().join(", ");
        let (any_of, or) = match question.kind.takes() {
            Takes::Own => return format!("{}: text", question.id),
            Takes::One => ("", ", not_sure"),
            Takes::Several => ("any of ", ", or not_sure"),
        };
        format!("{}: {any_of}{values}{}", question.id, if question.takes_not_sure() { or } else { "" })
    });
    lines.collect()
}

/// The effects of changing an earlier answer.
pub(super) fn consequences(before: &Interview<'_>, after: &Interview<'_>) -> Vec<Message> {
    let rulebook = after.rulebook;
    let (was, is) = (assess(rulebook, &before.answers), assess(rulebook, &after.answers));
    let mut points = results(rulebook, &was, &is);
    let (aside_before, aside_after) = (before.not_applicable(), after.not_applicable());
    for (lead, aside) in [
        ("No longer applies, but stays in the file", &aside_after - &aside_before),
        ("Applies again", &aside_before - &aside_after),
    ] {
        points.extend(aside.into_iter().map(|index| {
            let (question, answer) = pair(after, index);
            format!("{lead}: {question} {answer}")
        }));
    }
    if !points.is_empty() {
        return vec![Message::List("Your change has these effects:".to_owned(), points)];
    }
    let asked = |interview: &Interview<'_>| Section::ALL.map(|section| interview.wanted(section));
    let effect = if asked(before) == asked(after) {
        "Your change makes no difference to the results."
    } else {
        // The next questions show best which.
        "Your change affects which questions come next."
    };
    vec![Message::Plain(effect.to_owned())]
}

/// The results that differ.
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

/// A question's prompt and its answer.
fn pair(interview: &Interview<'_>, index: usize) -> (String, String) {
    let question = &interview.rulebook.questions[index];
    let Some(entry) = interview.answers.get(index) else { return (question.prompt.clone(), String::new()) };
    let label = question.label(&entry.answer);
    // What people wrote themselves stays as it is.
    let answer = if question.kind.takes() == Takes::Own { label } else { sentence(&label) };
    let beside = [("evidence", &entry.evidence), ("note", &entry.note)];
    let beside = beside.into_iter().filter_map(|(what, words)| Some(format!(", with {what} {}", words.as_ref()?)));
    (question.prompt.clone(), answer + &beside.collect::<String>())
}

/// An outcome's title, to stand inside a sentence.
pub(super) fn title(rulebook: &Rulebook, outcome: Outcome) -> String {
    let title = rulebook.outcome_text(outcome).title.trim_end_matches('.');
    let mut chars = title.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// The outcome so far, to stand inside a sentence.
pub(super) fn outcome(rulebook: &Rulebook, assessment: &Assessment<'_>) -> String {
    match assessment.possible_outcomes.as_slice() {
        [only] => title(rulebook, *only),
        _ => title(rulebook, Outcome::Incomplete),
    }
}

/// A fit, to stand inside a sentence.
pub(super) fn fit(outcome: FitOutcome) -> String {
    outcome.id().replace('_', " ")
}

/// A status, to stand inside a sentence.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "met",
        Status::ToDiscuss => "to be discussed",
        Status::NotMet => "not met",
        Status::Unknown => "still open",
    }
}
