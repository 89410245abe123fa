//! What an interview says: its prompts, why a question is asked, what an answer would do, what a change has done.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::sitting::Offer;
use super::{Interview, Since};
use crate::assess::assess;
use crate::assessment::{Assessment, FitOutcome, TopicResult};
use crate::prompter::{Input, Item, Moves, Prompt, Words};
use crate::question::{Answer, Kind, Question, Section};
use crate::rulebook::{Outcome, Rulebook, Status};

/// Every move.
const MOVES: Moves = Moves { back: true, explain: true, review: true };

pub(super) fn product(interview: &Interview<'_>) -> Prompt<'static> {
    let product = &interview.answers.product;
    Prompt {
        id: "product".to_owned(),
        progress: None,
        title: "What is your product called?".into(),
        hint: Some("Write its name as you would in an application.".into()),
        input: Input::Text,
        items: Vec::new(),
        not_sure: false,
        previous: (!product.is_empty()).then(|| Answer::Text(product.clone())),
        moves: Moves::default(),
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
                exclusive: option.exclusive,
            })
            .collect(),
        not_sure: question.takes_not_sure(),
        previous: interview.answers.get(index).map(|entry| entry.answer.clone()),
        moves: MOVES,
    }
}

/// Whether something to back an answer is asked for: where the rules ask for it, and the answer is one that helps. Those
/// are the answers the rules say how to get to; where they say it of none, every sure answer.
pub(super) fn wants_evidence(question: &Question, answer: &Answer) -> bool {
    let guided = question.options.iter().any(|option| option.action.is_some());
    question.evidence.is_some()
        && match answer {
            Answer::NotSure => false,
            Answer::One(option) => !guided || question.options[*option].action.is_some(),
            Answer::Many(options) => *options != 0,
            Answer::Text(_) => true,
        }
}

pub(super) fn evidence(interview: &Interview<'_>, index: usize) -> Prompt<'static> {
    let question = &interview.rulebook.questions[index];
    let wanted = question.evidence.as_deref().unwrap_or("a link or a reference");
    let noted = interview.answers.get(index).and_then(|entry| entry.evidence.clone());
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
    }
}

fn item(name: &str, label: impl Into<Cow<'static, str>>, hint: Option<String>) -> Item<'static> {
    Item { name: name.to_owned().into(), label: label.into(), hint: hint.map(Cow::from), exclusive: false }
}

/// What can be gone on with: sections not chosen yet, then what was left out of those that were.
pub(super) fn offered(interview: &Interview<'_>) -> Vec<Offer> {
    let plan = &interview.plan;
    if !plan.offers {
        return Vec::new();
    }
    let fresh = Section::ALL
        .into_iter()
        .filter(|section| !plan.sections.contains(section) && !interview.wanted(*section).is_empty());
    let rest =
        plan.sections.iter().filter(|section| !plan.whole.contains(section) && !interview.rest(**section).is_empty());
    fresh.map(Offer::Section).chain(rest.map(|section| Offer::Rest(*section))).collect()
}

pub(super) fn offers(interview: &Interview<'_>, back: bool) -> Prompt<'static> {
    let mut items = Vec::new();
    for offer in offered(interview) {
        let section = offer.section();
        let title = interview.rulebook.section(section).title.clone();
        items.push(match offer {
            Offer::Section(_) => {
                let most = interview.at_most(&BTreeSet::from([section]));
                item(section.id(), title, Some(format!("At most {}.", questions(most))))
            }
            Offer::Rest(_) => {
                let most = interview.rest(section).len();
                let hint = format!("At most {}. Your answers cannot change the result.", questions(most));
                item(&format!("rest_of_{}", section.id()), format!("The rest of: {title}"), Some(hint))
            }
        });
    }
    items.push(item("check", "Check your answers, then see the report", None));
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
    }
}

fn questions(number: usize) -> String {
    if number == 1 { "1 question".to_owned() } else { format!("{number} questions") }
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
    }
}

/// The whole list, with what no longer applies and what is still open.
pub(super) fn all_answers(interview: &Interview<'_>) -> Vec<Words> {
    let rulebook = interview.rulebook;
    let mut all = vec![Words::Heading("Check your answers".to_owned(), String::new())];
    let mut lines = vec![format!("Product: {}", interview.answers.product)];
    lines.extend(interview.answered().into_iter().map(|index| with_answer(interview, index)));
    all.push(Words::List(String::new(), lines));
    let aside: Vec<String> = interview.set_aside().into_iter().map(|index| with_answer(interview, index)).collect();
    if !aside.is_empty() {
        all.push(Words::List("These do not apply at the moment. They stay in the file:".to_owned(), aside));
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

fn with_answer(interview: &Interview<'_>, index: usize) -> String {
    let question = &interview.rulebook.questions[index];
    let answer = interview.answers.get(index).map(|entry| shown(question, &entry.answer)).unwrap_or_default();
    format!("{} {answer}", question.prompt)
}

/// An answer as it is shown after its question.
fn shown(question: &Question, answer: &Answer) -> String {
    let label = question.label(answer);
    let mut chars = label.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

pub(super) fn change(interview: &Interview<'_>) -> Prompt<'static> {
    // The answers themselves stand in the list above it.
    let mut items = vec![item("product", "Product", None)];
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
    }
}

/// Where the criteria stand, in one sentence.
fn so_far(interview: &Interview<'_>) -> String {
    let assessment = assess(interview.rulebook, &interview.answers);
    format!("So far: {}.", outcome(interview.rulebook, &assessment))
}

fn title(rulebook: &Rulebook, outcome: Outcome) -> String {
    let title = rulebook.outcome_text(outcome).title.trim_end_matches('.');
    let mut chars = title.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn outcome(rulebook: &Rulebook, assessment: &Assessment<'_>) -> String {
    match assessment.possible_outcomes.as_slice() {
        [only] => title(rulebook, *only),
        _ => title(rulebook, Outcome::Incomplete),
    }
}

/// What somebody who comes back is told: how much is answered and how much may be left.
#[must_use]
pub fn standing(interview: &Interview<'_>) -> String {
    let answered = interview.answered().len();
    let left = match interview.at_most(&interview.plan.sections) {
        0 => "nothing is left to ask in the part you are in".to_owned(),
        left => format!("at most {left} left in the part you are in"),
    };
    format!("{}: {} answered, {left}.", interview.answers.product, questions(answered))
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
        Since::Unknown { from } => vec![Words::Plain(format!(
            "You answered against {from}. These rules are {} {}. There is no telling which answers are affected, so \
             none is asked again. Look at all of them before you see the report.",
            rulebook.id, rulebook.version
        ))],
    }
}

/// Why a question is asked, and what each of its answers would do.
pub(super) fn explanation(interview: &Interview<'_>, index: usize) -> Vec<Words> {
    let rulebook = interview.rulebook;
    let question = &rulebook.questions[index];
    let mut words = vec![Words::List("We ask this because it counts for:".to_owned(), counts_for(rulebook, index))];
    let mut effects: Vec<String> = Vec::new();
    let mut effect = |answer: Answer, label: String| {
        let mut then = interview.clone();
        then.answer(index, answer);
        effects.push(format!("{label}: {}.", effect_of(interview, &then, index)));
    };
    match question.kind {
        Kind::Text => {}
        Kind::YesNo | Kind::Choice => {
            for (option, offer) in question.options.iter().enumerate() {
                effect(Answer::One(option), offer.label.clone());
            }
        }
        Kind::Choices => {
            for (option, offer) in question.options.iter().enumerate() {
                effect(Answer::Many(1 << option), offer.label.clone());
            }
        }
    }
    if question.takes_not_sure() {
        effect(Answer::NotSure, "Not sure".to_owned());
        words.push(Words::List("What each answer would do:".to_owned(), effects));
    }
    let grounds = &question.grounds;
    words.push(Words::Plain(format!("Source: {}.", grounds.source)));
    if let Some(reasoning) = &grounds.reasoning {
        words.push(Words::Plain(format!("How we read it: {reasoning}")));
    }
    words
}

/// What a question has a part in: criteria, findings, topics, obligations.
fn counts_for(rulebook: &Rulebook, index: usize) -> Vec<String> {
    let has = |diagram| rulebook.diagrams.questions(diagram).contains(&index);
    let criteria = rulebook.criteria.iter().filter(|criterion| has(criterion.status)).map(|criterion| {
        let number = criterion.number.map_or_else(String::new, |number| format!(" {number}"));
        format!("criterion{number}, {}", criterion.title)
    });
    let findings = rulebook.findings.iter().filter(|finding| has(finding.state));
    let topics = rulebook.topics.iter().filter(|topic| topic.questions.contains(&index)).map(|topic| {
        let number = topic.number.map_or_else(String::new, |number| format!(" {number}"));
        format!("topic{number}, {}", topic.title)
    });
    let owed = rulebook.obligations.iter().filter(|owed| has(owed.status)).map(|owed| owed.title.clone());
    let mut all: Vec<String> =
        criteria.chain(findings.map(|finding| finding.title.clone())).chain(topics).chain(owed).collect();
    if all.is_empty() {
        all.push("a full record; it changes no result".to_owned());
    }
    all
}

/// What an answer would do to what the question counts for.
fn effect_of(now: &Interview<'_>, then: &Interview<'_>, index: usize) -> String {
    let rulebook = now.rulebook;
    let after = assess(rulebook, &then.answers);
    let mut effects = Vec::new();
    let has = |diagram| rulebook.diagrams.questions(diagram).contains(&index);
    if has(rulebook.outcome) {
        for result in after.criteria.iter().filter(|result| has(result.criterion.status)) {
            let number = result.criterion.number.map_or_else(String::new, |number| format!(" {number}"));
            effects.push(format!("criterion{number} {}", status(result.status)));
        }
        effects.push(match after.possible_outcomes.as_slice() {
            [only] => format!("outcome decided, {}", title(rulebook, *only)),
            possible if possible.contains(&Outcome::MeetsCriteria) => "all criteria can still be met".to_owned(),
            _ => "not all criteria can be met any more".to_owned(),
        });
    }
    if has(rulebook.fit) {
        effects.push(match after.fit.outcome {
            FitOutcome::Fits => "fits".to_owned(),
            FitOutcome::FitsWithConditions => "fits, with conditions".to_owned(),
            FitOutcome::DoesNotFit => "does not fit".to_owned(),
            FitOutcome::Unknown => "fit not decided yet".to_owned(),
        });
    }
    for owed in after.go_live.iter().filter(|owed| has(owed.obligation.status)) {
        effects.push(match owed.status {
            Status::Met => "nothing more is owed".to_owned(),
            Status::ToDiscuss | Status::NotMet | Status::Unknown => "still owed".to_owned(),
        });
    }
    for topic in after.application.iter().filter(|result| result.topic.questions.contains(&index)) {
        let prepared = if TopicResult::prepared(topic) { "prepared" } else { "not prepared" };
        let number = topic.topic.number.map_or_else(String::new, |number| format!(" {number}"));
        effects.push(format!("topic{number} {prepared}"));
    }
    match then.at_most(&then.plan.sections) {
        0 => {}
        left => effects.push(format!("at most {left} left")),
    }
    if effects.is_empty() { "changes no result".to_owned() } else { effects.join("; ") }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "met",
        Status::ToDiscuss => "to discuss",
        Status::NotMet => "not met",
        Status::Unknown => "not decided yet",
    }
}

/// What changing an earlier answer has done.
pub(super) fn consequences(before: &Interview<'_>, after: &Interview<'_>) -> Vec<Words> {
    let rulebook = after.rulebook;
    let mut points = Vec::new();
    let (was, is) = (assess(rulebook, &before.answers), assess(rulebook, &after.answers));
    let (was_outcome, is_outcome) = (outcome(rulebook, &was), outcome(rulebook, &is));
    if was_outcome != is_outcome {
        points.push(format!("So far, the outcome was: {was_outcome}. Now: {is_outcome}."));
    }
    if was.fit.outcome != is.fit.outcome && is.fit.outcome != FitOutcome::Unknown {
        points.push("Whether it fits has changed as well.".to_owned());
    }
    let (aside_before, aside_after) = (before.set_aside(), after.set_aside());
    for index in aside_after.difference(&aside_before) {
        points.push(format!("No longer applies, and stays in the file: {}", with_answer(after, *index)));
    }
    for index in aside_before.difference(&aside_after) {
        points.push(format!("Applies again: {}", with_answer(after, *index)));
    }
    match after.at_most(&after.plan.sections) {
        0 => {}
        left => points.push(format!("{} to answer, at most.", questions(left))),
    }
    if points.is_empty() {
        points.push("Nothing else changes.".to_owned());
    }
    vec![Words::List("You changed an answer.".to_owned(), points)]
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
