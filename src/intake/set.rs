//! `--set`: answers that are given on the command line.

use crate::answers::{Answers, Entry};
use crate::problem::{nearest, suggestion};
use crate::question::{Answer, Question};
use crate::rulebook::Rulebook;

/// A new answer for the question with this index, or `None` to take its answer away.
pub type SetAnswer = (usize, Option<Answer>);

/// A message about a mistake in what was typed, with a hint.
pub type Mistake = (String, String);

pub fn read(given: &[(String, String)], rulebook: &Rulebook) -> Result<Vec<SetAnswer>, Vec<Mistake>> {
    let (mut answers, mut mistakes) = (Vec::new(), Vec::new());
    for (id, value) in given {
        let Some((index, question)) = rulebook.question(id) else {
            let ids = rulebook.questions.iter().map(|question| question.id.as_str());
            let hint = match nearest(id, ids.clone()) {
                Some(_) => suggestion(id, ids),
                None => "`init -` lists every question".to_owned(),
            };
            mistakes.push((format!("--set {id}=…: unknown question `{id}`"), hint));
            continue;
        };
        match question.answer(value) {
            _ if value.trim().is_empty() => answers.push((index, None)),
            Ok(answer) => answers.push((index, Some(answer))),
            Err(refusals) => {
                let refusals = refusals.into_iter();
                mistakes.extend(refusals.map(|refusal| (format!("--set {id}=…: {}", refusal.message), refusal.hint)));
            }
        }
    }
    if mistakes.is_empty() { Ok(answers) } else { Err(mistakes) }
}

/// What `--set` gives over the answers of files, in words. `None` if it is nothing.
pub fn words(set: &[SetAnswer], rulebook: &Rulebook) -> Option<String> {
    let of = |question: &Question| {
        let (_, answer) = set.iter().rfind(|(index, _)| *index == question.index)?;
        let words = answer.as_ref().map_or_else(|| " (no answer)".to_owned(), |answer| question.words(answer));
        Some(format!("{}={words}", question.id))
    };
    rulebook.questions.iter().filter_map(of).reduce(|all, next| all + ", " + &next)
}

pub fn apply(set: &[SetAnswer], answers: &mut Answers) {
    for (index, answer) in set {
        answers.entries[*index] = answer.clone().map(Entry::bare);
    }
}
