//! `--set`: answers given on the command line.

use crate::answers::{Answers, Entry};
use crate::problem::{nearest, suggestion};
use crate::question::Answer;
use crate::rulebook::Rulebook;

/// An answer for the question with this index, or that it has none.
pub type SetAnswer = (usize, Option<Answer>);

/// A mistake in what was typed, with what to do.
pub type Misuse = (String, String);

/// What `--set` gives, in the order of the command line.
///
/// # Errors
/// Every mistake in it.
pub fn read(given: &[(String, String)], rulebook: &Rulebook) -> Result<Vec<SetAnswer>, Vec<Misuse>> {
    let (mut read, mut wrong) = (Vec::new(), Vec::new());
    for (id, value) in given {
        let Some((index, question)) = rulebook.question(id) else {
            let ids = rulebook.questions.iter().map(|question| question.id.as_str());
            let hint = match nearest(id, ids.clone()) {
                Some(_) => suggestion(id, ids),
                None => "`init -` lists every question".to_owned(),
            };
            wrong.push((format!("--set {id}=…: unknown question `{id}`"), hint));
            continue;
        };
        match question.answer(value) {
            _ if value.trim().is_empty() => read.push((index, None)),
            Ok(answer) => read.push((index, Some(answer))),
            Err(refusals) => {
                let refusals = refusals.into_iter();
                wrong.extend(refusals.map(|refusal| (format!("--set {id}=…: {}", refusal.message), refusal.hint)));
            }
        }
    }
    if wrong.is_empty() { Ok(read) } else { Err(wrong) }
}

/// Puts these answers in the place of those there are.
pub fn apply(given: &[SetAnswer], answers: &mut Answers) {
    for (index, answer) in given {
        answers.entries[*index] = answer.clone().map(Entry::bare);
    }
}
