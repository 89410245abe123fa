//! The prompts of an interview: a question of the rules, and those of its own.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Interview;
use super::offer::{Offer, offered};
use super::phrases::{self, outcome, questions};
use crate::assess::assess;
use crate::assessment::FitOutcome;
use crate::prompter::{Input, Item, Moves, Prompt};
use crate::question::{Answer, Kind};
use crate::rulebook::{Status, numbered};
use crate::wording::sentence;

/// Every move.
const MOVES: Moves = Moves { back: true, explain: true, review: true };

pub(super) fn product(interview: &Interview<'_>) -> Prompt<'static> {
    let product = &interview.answers.product;
    let subject = &interview.rulebook.subject.one;
    let hint = if product.is_empty() {
        "Write the name that others know it by.".to_owned()
    } else {
        format!("Change the name only if it is the same {subject}. Another {subject} needs a file of its own.")
    };
    Prompt {
        id: "product".to_owned(),
        progress: None,
        title: format!("What is your {subject} called?").into(),
        hint: Some(hint.into()),
        input: Input::Text,
        items: Vec::new(),
        not_sure: false,
        previous: (!product.is_empty()).then(|| Answer::Text(product.clone())),
        moves: Moves::default(),
        navigates: false,
    }
}

pub(super) fn question(interview: &Interview<'_>, index: usize, number: Option<usize>) -> Prompt<'static> {
    let question = &interview.rulebook.questions[index];
    let progress = number.map(|number| match interview.at_most_after(index) {
        0 => format!("Question {number}, the last one"),
        left => format!("Question {number}, at most {left} left"),
    });
    Prompt {
        id: question.id.clone(),
        progress: Some(progress.unwrap_or_else(|| "Change your answer".to_owned())),
        title: question.prompt.clone().into(),
        hint: question.hint.clone().map(Cow::from),
        input: match question.kind {
            Kind::YesNo | Kind::Choice => Input::One,
            Kind::Choices => Input::Many,
            Kind::Text => Input::OptionalText,
        },
        items: question
            .options
            .iter()
            .map(|option| Item {
                name: option.value.clone().into(),
                label: option.label.clone().into(),
                hint: option.hint.clone().map(Cow::from),
                exclusive: option.none,
            })
            .collect(),
        not_sure: question.takes_not_sure(),
        previous: interview.answers.get(index).map(|entry| entry.answer.clone()),
        moves: MOVES,
        navigates: false,
    }
}

pub(super) fn evidence(interview: &Interview<'_>, index: usize) -> Prompt<'static> {
    let question = &interview.rulebook.questions[index];
    let entry = interview.answers.get(index);
    let wanted = entry.and_then(|entry| question.evidence_for(&entry.answer)).unwrap_or("a link or a reference");
    let noted = entry.and_then(|entry| entry.evidence.clone());
    Prompt {
        id: format!("{}.evidence", question.id),
        progress: None,
        title: "Is there something that shows this?".into(),
        hint: Some(format!("You can note {}. It is printed in the report.", wanted.trim_end_matches('.')).into()),
        input: Input::OptionalText,
        items: Vec::new(),
        not_sure: false,
        previous: noted.map(Answer::Text),
        moves: Moves { explain: false, ..MOVES },
        navigates: false,
    }
}

pub(super) fn offers(interview: &Interview<'_>, back: bool) -> Prompt<'static> {
    // First, and so what Enter alone takes.
    let mut items = vec![item("check", "Check your answers, then see the report", None)];
    items.extend(offered(interview).into_iter().map(|offer| self::offer(interview, offer)));
    Prompt {
        id: "next".to_owned(),
        progress: None,
        title: "What do you want to do next?".into(),
        hint: Some(so_far(interview).into()),
        input: Input::One,
        items,
        not_sure: false,
        previous: None,
        moves: Moves { back, explain: false, review: false },
        navigates: true,
    }
}

/// The offer that an item of the prompt stands for; none stands for the review.
pub(super) fn chosen_offer(interview: &Interview<'_>, item: usize) -> Option<Offer> {
    offered(interview).get(item.checked_sub(1)?).copied()
}

fn offer(interview: &Interview<'_>, offer: Offer) -> Item<'static> {
    let title = |section| interview.rulebook.section(section).title.clone();
    match offer {
        Offer::GoOn => {
            let most = interview.at_most(&interview.plan.sections);
            let hint = format!("At most {}. Your answers cannot change the outcome.", questions(most));
            item("go_on", "Answer the other questions too", Some(hint))
        }
        Offer::Section(section) => {
            let most = interview.at_most(&BTreeSet::from([section]));
            item(section.id(), title(section), Some(format!("At most {}.", questions(most))))
        }
        Offer::Rest(section) => {
            let most = interview.rest(section).len();
            let hint = format!("At most {}. Your answers cannot change the result.", questions(most));
            item(&format!("rest_of_{}", section.id()), format!("The rest of: {}", title(section)), Some(hint))
        }
    }
}

/// What the review leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReviewChoice {
    Report,
    Change,
    More,
}

pub(super) fn review_choices(interview: &Interview<'_>) -> Vec<ReviewChoice> {
    let mut choices = vec![ReviewChoice::Report, ReviewChoice::Change];
    if interview.next().is_some() || !interview.left_out.is_empty() || !offered(interview).is_empty() {
        choices.push(ReviewChoice::More);
    }
    choices
}

pub(super) fn review(interview: &Interview<'_>, back: bool) -> Prompt<'static> {
    let items = review_choices(interview).into_iter().map(|choice| match choice {
        ReviewChoice::Report => item("report", "These are right: see the report", None),
        ReviewChoice::Change => item("change", "Change an answer", None),
        ReviewChoice::More => item("more", "Answer more questions", None),
    });
    Prompt {
        id: "review".to_owned(),
        progress: None,
        title: "Are these answers right?".into(),
        hint: None,
        input: Input::One,
        items: items.collect(),
        not_sure: false,
        previous: None,
        moves: Moves { back, ..Moves::default() },
        navigates: true,
    }
}

pub(super) fn change(interview: &Interview<'_>) -> Prompt<'static> {
    // The answers themselves stand in the list above it.
    let mut items = vec![item("product", sentence(&interview.rulebook.subject.one), None)];
    items.extend(interview.answered().into_iter().map(|index| {
        let question = &interview.rulebook.questions[index];
        item(&question.id, question.prompt.clone(), None)
    }));
    Prompt {
        id: "change".to_owned(),
        progress: None,
        title: "Which answer do you want to change?".into(),
        hint: None,
        input: Input::One,
        items,
        not_sure: false,
        previous: None,
        moves: Moves { back: true, ..Moves::default() },
        navigates: true,
    }
}

/// Where the criteria stand, in a few sentences.
fn so_far(interview: &Interview<'_>) -> String {
    let assessment = assess(interview.rulebook, &interview.answers);
    let failed = assessment.criteria.iter().filter(|result| result.status == Status::NotMet);
    let failed: Vec<String> = failed
        .map(|result| format!(" Not met: {}.", numbered(result.criterion.number, &result.criterion.title)))
        .collect();
    let failed = failed.concat();
    let fit = match assessment.fit.outcome {
        FitOutcome::Unknown => String::new(),
        fit => format!(" Fit: {}.", phrases::fit(fit)),
    };
    format!("So far: {}.{failed}{fit}", outcome(interview.rulebook, &assessment))
}

fn item(name: &str, label: impl Into<Cow<'static, str>>, hint: Option<String>) -> Item<'static> {
    Item { name: name.to_owned().into(), label: label.into(), hint: hint.map(Cow::from), exclusive: false }
}
