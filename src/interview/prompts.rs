//! The prompts of an interview: a question of the rules, and those of its own.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Interview;
use super::offer::{Offer, offered};
use super::phrases::{self, outcome, questions};
use crate::assess::assess;
use crate::assessment::FitOutcome;
use crate::prompter::{Input, Item, Menu, Moves, Prompt};
use crate::question::{Answer, Takes};
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
        input: match question.kind.takes() {
            Takes::One => Input::One,
            Takes::Several => Input::Many,
            Takes::Own => Input::OptionalText,
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

/// What to go on with; nothing is the review.
pub(super) fn offers(interview: &Interview<'_>, back: bool) -> Menu<'static, Option<Offer>> {
    // First, and so what Enter alone takes.
    let mut items = vec![(item("check", "Check your answers, then see the report", None), None)];
    items.extend(offered(interview).into_iter().map(|offer| (self::offer(interview, offer), Some(offer))));
    let mut menu = Menu::new("next", "What do you want to do next?", items);
    menu.prompt.hint = Some(so_far(interview).into());
    menu.prompt.moves.back = back;
    menu
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
pub(super) enum Reviewed {
    Report,
    Change,
    More,
}

pub(super) fn review(interview: &Interview<'_>, back: bool) -> Menu<'static, Reviewed> {
    let mut items = vec![
        (item("report", "These are right: see the report", None), Reviewed::Report),
        (item("change", "Change an answer", None), Reviewed::Change),
    ];
    if interview.next().is_some() || !interview.left_out.is_empty() || !offered(interview).is_empty() {
        items.push((item("more", "Answer more questions", None), Reviewed::More));
    }
    let mut menu = Menu::new("review", "Are these answers right?", items);
    menu.prompt.moves.back = back;
    menu
}

/// Which answer to change: a question, or the product's name.
pub(super) fn change(interview: &Interview<'_>) -> Menu<'static, Option<usize>> {
    // The answers themselves stand in the list above it.
    let mut items = vec![(item("product", sentence(&interview.rulebook.subject.one), None), None)];
    items.extend(interview.answered().into_iter().map(|index| {
        let question = &interview.rulebook.questions[index];
        (item(&question.id, question.prompt.clone(), None), Some(index))
    }));
    let mut menu = Menu::new("change", "Which answer do you want to change?", items);
    menu.prompt.moves.back = true;
    menu
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
