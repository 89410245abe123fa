//! `--set`: answers given on the command line.

use super::Session;
use crate::problem::{nearest, suggestion};
use crate::rulebook::Rulebook;

/// Says every mistake in `--set`. Fails with the exit code if there is any.
pub(super) fn checked(given: &[(String, String)], rulebook: &Rulebook, session: &mut Session<'_>) -> Result<(), u8> {
    let mut result = Ok(());
    for (id, value) in given {
        let Some((_, question)) = rulebook.question(id) else {
            let ids = rulebook.questions.iter().map(|question| question.id.as_str());
            let hint = match nearest(id, ids.clone()) {
                Some(_) => suggestion(id, ids),
                None => "`init -` lists every question".to_owned(),
            };
            result = Err(session.wrong_usage(&format!("--set {id}=…: unknown question `{id}`"), &hint));
            continue;
        };
        if let (false, Err(refusals)) = (value.trim().is_empty(), question.answer(value)) {
            for refusal in refusals {
                result = Err(session.wrong_usage(&format!("--set {id}=…: {}", refusal.message), &refusal.hint));
            }
        }
    }
    result
}
