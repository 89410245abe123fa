//! `--set`: answers given on the command line.

use super::Session;
use crate::answers::{Answers, Entry};
use crate::problem::{nearest, suggestion};
use crate::question::Answer;
use crate::rulebook::Rulebook;

/// An answer for the question with this index, or that it has none.
pub(super) type Given = (usize, Option<Answer>);

/// What `--set` gives, in the order of the command line. Says every mistake in it, and fails with the exit code if there
/// is any.
pub(super) fn read(
    given: &[(String, String)],
    rulebook: &Rulebook,
    session: &mut Session<'_>,
) -> Result<Vec<Given>, u8> {
    let mut result = Ok(Vec::new());
    for (id, value) in given {
        let Some((index, question)) = rulebook.question(id) else {
            let ids = rulebook.questions.iter().map(|question| question.id.as_str());
            let hint = match nearest(id, ids.clone()) {
                Some(_) => suggestion(id, ids),
                None => "`init -` lists every question".to_owned(),
            };
            result = Err(session.wrong_usage(&format!("--set {id}=…: unknown question `{id}`"), &hint));
            continue;
        };
        let answer = if value.trim().is_empty() { Ok(None) } else { question.answer(value).map(Some) };
        match (answer, &mut result) {
            (Ok(answer), Ok(given)) => given.push((index, answer)),
            (Ok(_), Err(_)) => {}
            (Err(refusals), _) => {
                for refusal in refusals {
                    result = Err(session.wrong_usage(&format!("--set {id}=…: {}", refusal.message), &refusal.hint));
                }
            }
        }
    }
    result
}

/// Puts these answers in the place of those there are.
pub(super) fn apply(given: &[Given], answers: &mut Answers) {
    for (index, answer) in given {
        answers.entries[*index] = answer.clone().map(Entry::bare);
    }
}
