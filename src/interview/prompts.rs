//! The prompts of an interview: questions of the rules, and menus.

use std::collections::BTreeSet;

use super::Interview;
use super::messages::{fit, outcome};
use crate::assess::assess;
use crate::assessment::FitOutcome;
use crate::prompter::{Item, Navigation, Prompt, ReplyKind};
use crate::question::{Answer, Section, Takes};
use crate::rulebook::{Status, numbered};
use crate::wording::{counted, sentence};

/// A turn of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    Product,
    /// Who makes the product.
    Organisation,
    Question(usize),
    Evidence(usize),
    /// Which section to continue with.
    Offers,
    /// Whether the answers are right.
    Review,
    /// Which answer to correct.
    Change,
}

/// Where an item of a menu leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Turn(Turn),
    Report,
    /// Corrects the answer of a turn.
    Correct(Turn),
    /// All questions left for later.
    More,
    /// The rest of the current sections, though a criterion is not met.
    GoOn,
    /// The questions of a section that can still change something.
    Section(Section),
    /// The other questions of a section, for a full record.
    Rest(Section),
}

const NAVIGATION: Navigation = Navigation { back: true, explain: true, review: true };

pub(super) fn product(interview: &Interview<'_>, back: bool) -> Prompt<'static> {
    let product = &interview.answers.product;
    let subject = &interview.rulebook.subject.one;
    let hint = if product.is_empty() {
        "Write the name that others know it by.".to_owned()
    } else {
        format!("Change the name only if it is the same {subject}. Another {subject} needs its own file.")
    };
    Prompt {
        hint: Some(hint.into()),
        previous: (!product.is_empty()).then(|| Answer::Text(product.clone())),
        navigation: Navigation { back, ..Navigation::default() },
        ..Prompt::new("product", format!("What is your {subject} called?"), ReplyKind::Text)
    }
}

pub(super) fn organisation(interview: &Interview<'_>) -> Prompt<'static> {
    let title = format!("Which organisation makes your {}?", interview.rulebook.subject.one);
    Prompt {
        hint: Some("Reports and letters show it beside the name.".into()),
        previous: interview.answers.organisation.clone().map(Answer::Text),
        navigation: Navigation { back: true, ..Navigation::default() },
        ..Prompt::new("organisation", title, ReplyKind::OptionalText)
    }
}

pub(super) fn question(interview: &Interview<'_>, index: usize, number: Option<usize>) -> Prompt<'static> {
    let question = &interview.rulebook.questions[index];
    let progress = number.map(|number| match interview.at_most_after(index) {
        0 => format!("Question {number}, the last one"),
        left => format!("Question {number}, at most {left} left"),
    });
    let input = match question.kind.takes() {
        Takes::One => ReplyKind::One,
        Takes::Several => ReplyKind::Many,
        Takes::Own => ReplyKind::OptionalText,
    };
    let items = question.options.iter().map(|option| Item {
        hint: option.hint.as_ref().map(|hint| hint.to_string().into()),
        exclusive: option.none,
        ..Item::new(option.value.clone(), option.label.clone())
    });
    Prompt {
        progress: Some(progress.unwrap_or_else(|| "Change your answer".to_owned())),
        hint: question.hint.as_ref().map(|hint| hint.to_string().into()),
        items: items.collect(),
        not_sure: question.takes_not_sure(),
        previous: interview.answers.get(index).map(|entry| entry.answer.clone()),
        navigation: NAVIGATION,
        ..Prompt::new(&question.id, question.prompt.clone(), input)
    }
}

pub(super) fn evidence(interview: &Interview<'_>, index: usize) -> Prompt<'static> {
    let question = &interview.rulebook.questions[index];
    let entry = interview.answers.get(index);
    let wanted = entry.and_then(|entry| question.evidence_for(&entry.answer)).unwrap_or("a link or a reference");
    let hint = format!("You can give {}. The report shows it.", wanted.trim_end_matches('.'));
    let id = format!("{}.evidence", question.id);
    Prompt {
        hint: Some(hint.into()),
        previous: entry.and_then(|entry| entry.evidence.clone()).map(Answer::Text),
        navigation: Navigation { explain: false, ..NAVIGATION },
        ..Prompt::new(&id, "Is there something that shows this?", ReplyKind::OptionalText)
    }
}

/// A menu, and where each item leads.
fn menu(
    id: &str,
    title: &'static str,
    back: bool,
    items: Vec<(Item<'static>, Destination)>,
) -> (Prompt<'static>, Vec<Destination>) {
    let (items, destinations) = items.into_iter().unzip();
    let mut prompt = Prompt::menu(id, title, items);
    prompt.navigation.back = back;
    (prompt, destinations)
}

pub(super) fn offers(interview: &Interview<'_>, back: bool) -> (Prompt<'static>, Vec<Destination>) {
    // First, so that Enter alone takes it.
    let mut items =
        vec![(Item::new("check", "Check your answers, then see the report"), Destination::Turn(Turn::Review))];
    items.extend(offered(interview).into_iter().map(|offer| (item(interview, offer), offer)));
    let (prompt, destinations) = menu("next", "What do you want to do next?", back, items);
    (Prompt { hint: Some(so_far(interview).into()), ..prompt }, destinations)
}

/// What the person can continue with: the current sections, then sections not chosen yet, then questions without effect
/// in those that were.
pub(super) fn offered(interview: &Interview<'_>) -> Vec<Destination> {
    let plan = &interview.plan;
    if !plan.offers {
        return Vec::new();
    }
    let is_left = |section: &&Section| !interview.wanted(**section).is_empty();
    let go_on = plan.sections.iter().any(|section| is_left(&section)).then_some(Destination::GoOn);
    let fresh = Section::ALL.iter().filter(|section| !plan.sections.contains(section)).filter(is_left);
    let rest = plan.sections.iter().filter(|section| {
        !plan.whole.contains(section) && !is_left(section) && !interview.unanswered(**section).is_empty()
    });
    let (fresh, rest) = (fresh.copied().map(Destination::Section), rest.copied().map(Destination::Rest));
    go_on.into_iter().chain(fresh).chain(rest).collect()
}

fn item(interview: &Interview<'_>, offer: Destination) -> Item<'static> {
    let title = |section| interview.rulebook.section(section).title.clone();
    let (name, label, most, no_effect) = match offer {
        Destination::Section(section) => {
            (section.id().to_owned(), title(section), interview.at_most(&BTreeSet::from([section])), "")
        }
        Destination::Rest(section) => (
            format!("rest_of_{}", section.id()),
            format!("The rest of: {}", title(section)),
            interview.unanswered(section).len(),
            " Your answers cannot change the result.",
        ),
        _ => (
            "go_on".to_owned(),
            "Answer the other questions too".to_owned(),
            interview.at_most(&interview.plan.sections),
            " Your answers cannot change the outcome.",
        ),
    };
    let hint = format!("At most {}.{no_effect}", counted(most, "question"));
    Item { hint: Some(hint.into()), ..Item::new(name, label) }
}

pub(super) fn review(interview: &Interview<'_>, back: bool) -> (Prompt<'static>, Vec<Destination>) {
    let mut items = vec![
        (Item::new("report", "Yes, show me the report"), Destination::Report),
        (Item::new("change", "Change an answer"), Destination::Turn(Turn::Change)),
    ];
    if interview.next().is_some() || !interview.skipped.is_empty() || !offered(interview).is_empty() {
        items.push((Item::new("more", "Answer more questions"), Destination::More));
    }
    menu("review", "Are these answers right?", back, items)
}

/// Asks which answer to change. The answers themselves are listed above it.
pub(super) fn change(interview: &Interview<'_>) -> (Prompt<'static>, Vec<Destination>) {
    let names = [
        (Item::new("product", sentence(&interview.rulebook.subject.one)), Destination::Correct(Turn::Product)),
        (Item::new("organisation", "Organisation"), Destination::Correct(Turn::Organisation)),
    ];
    let questions = interview.answered().into_iter().map(|index| {
        let question = &interview.rulebook.questions[index];
        (Item::new(question.id.clone(), question.prompt.clone()), Destination::Correct(Turn::Question(index)))
    });
    menu("change", "Which answer do you want to change?", true, names.into_iter().chain(questions).collect())
}

/// The results so far, in a few sentences.
fn so_far(interview: &Interview<'_>) -> String {
    let assessment = assess(interview.rulebook, &interview.answers);
    let outcome = format!("So far: {}.", outcome(interview.rulebook, &assessment));
    let failed = assessment
        .criteria
        .iter()
        .filter(|result| result.status == Status::NotMet)
        .map(|result| format!("Not met: {}.", numbered(result.criterion.number, &result.criterion.title)));
    let fit = Some(assessment.fit.outcome).filter(|outcome| *outcome != FitOutcome::Unknown).map(fit);
    let fit = fit.map(|fit| format!("Fit: {fit}."));
    std::iter::once(outcome).chain(failed).chain(fit).collect::<Vec<_>>().join(" ")
}
