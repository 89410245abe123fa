//! A second product in a folder: it gets a file of its own, so that the answers of two never mix.

use std::path::Path;

use super::file::AnswersFile;
use crate::answers::{Answers, Edit, MAX_NAME};
use crate::commands::file_name::{file_name, typed_path};
use crate::files;
use crate::interview::{Halt, Interview, Plan, name_too_long};
use crate::prompter::{Item, Message, Prompt, Prompter, Reply, ReplyKind};
use crate::question::Answer;
use crate::style::clean;

/// Asks whether the person wants to answer for another product than that of the existing file. If so, starts afresh with
/// a new file. `None` if they quit.
pub(super) fn is_another(
    interview: &mut Interview<'_>,
    plan: &Plan,
    prompter: &mut dyn Prompter,
    file: &mut AnswersFile,
    report: Option<&Path>,
) -> Result<Option<bool>, Halt<anyhow::Error>> {
    let subject = &interview.rulebook.subject.one;
    let product = clean(&interview.answers.product).into_owned();
    let items = vec![
        Item::new("this", format!("Yes, carry on with {product}")),
        Item::new("another", format!("No, begin with another {subject}")),
    ];
    let title = format!("{} is about {product}. Do you want to carry on with it?", clean(&file.name));
    match prompter.ask(&Prompt::menu("which", title, items)).map_err(Halt::Stopped)? {
        Reply::Answer(Answer::One(0)) => return Ok(Some(false)),
        Reply::Answer(_) => {}
        _ => return Ok(None),
    }
    let title = format!("What is the other {subject} called?");
    let refused = |name: &str| (name.chars().count() > MAX_NAME).then(name_too_long);
    let Some(name) = text(prompter, &title, None, refused)? else { return Ok(None) };
    let offered = Answer::Text(format!("{}.yaml", file_name(&name)));
    // The new file must not exist yet, nor be the one of the report, and it must be possible to write it.
    let refused = |name: &str| {
        let path = typed_path(name);
        let why = match files::Draft::for_file(&path) {
            _ if files::exists(&path) || report == Some(&path) => format!("{name} is already in use"),
            Err(error) => format!("{error:#}"),
            Ok(_) => return None,
        };
        Some(Message::Plain(format!("{}. Name another file.", clean(&why))))
    };
    let title = "Which file do you want to save its answers to?";
    let Some(path) = text(prompter, title, Some(offered), refused)? else { return Ok(None) };
    *file = AnswersFile::new(&typed_path(&path));
    file.save(interview.rulebook, Edit::Product(&name)).map_err(Halt::NotSaved)?;
    let preset = std::mem::take(&mut interview.preset);
    *interview = Interview::new(interview.rulebook, Answers::blank(interview.rulebook, &name), plan.clone());
    interview.preset = preset;
    Ok(Some(true))
}

/// A text from the person that is not refused. `None` if they quit.
fn text(
    prompter: &mut dyn Prompter,
    title: &str,
    previous: Option<Answer>,
    refused: impl Fn(&str) -> Option<Message>,
) -> Result<Option<String>, Halt<anyhow::Error>> {
    let prompt = Prompt { previous, ..Prompt::new("text", title, ReplyKind::Text) };
    loop {
        let Reply::Answer(Answer::Text(text)) = prompter.ask(&prompt).map_err(Halt::Stopped)? else {
            return Ok(None);
        };
        match refused(&text) {
            Some(message) => prompter.tell(&message),
            None => return Ok(Some(text)),
        }
    }
}
