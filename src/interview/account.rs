//! What an interview tells about the answers as a whole: where they stand, all of them, which do not go together.

use std::collections::BTreeSet;

use super::phrases::{pair, questions};
use super::{Interview, Since};
use crate::assess::assess;
use crate::prompter::Words;
use crate::question::{Answer, Takes};
use crate::wording::sentence;

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
    let mut given = vec![(sentence(&interview.rulebook.subject.one), interview.answers.product.clone())];
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

/// The answers that cannot all be true, but for those of which that was so before, and how to mend it.
pub(super) fn contradictions(before: Option<&Interview<'_>>, after: &Interview<'_>) -> Vec<Words> {
    let of = |interview: &Interview<'_>| assess(after.rulebook, &interview.answers).contradictions;
    let known = before.map(of).unwrap_or_default();
    let new = of(after).into_iter().filter(|found| !known.iter().any(|known| known.id == found.id));
    let told = new.flat_map(|found| {
        let mut tested = BTreeSet::new();
        found.when.tests(&mut |question, _| {
            tested.insert(question);
        });
        let given = tested.into_iter().filter(|index| after.answers.get(*index).is_some());
        let pairs = given.map(|index| pair(after, index)).collect();
        [Words::Pairs("These answers cannot all be true:".to_owned(), pairs), Words::Plain(found.says.to_string())]
    });
    told.collect()
}

/// The missing answers of an interview, each with its values: for somebody who cannot be asked.
#[must_use]
pub fn how_to_answer(interview: &Interview<'_>) -> Words {
    let rulebook = interview.rulebook;
    let missing = interview.plan.sections.iter().flat_map(|section| interview.in_order(*section));
    let lines = missing.map(|index| {
        let question = &rulebook.questions[index];
        let values: Vec<&str> = question.values().collect();
        let unsure = question.takes_not_sure();
        match question.kind.takes() {
            Takes::Own => format!("{}: text", question.id),
            Takes::One => {
                format!("{}: {}{}", question.id, values.join(", "), if unsure { ", not_sure" } else { "" })
            }
            Takes::Several => {
                format!("{}: any of {}{}", question.id, values.join(", "), if unsure { ", or not_sure" } else { "" })
            }
        }
    });
    Words::List("These answers are missing:".to_owned(), lines.collect())
}
