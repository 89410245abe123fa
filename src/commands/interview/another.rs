//! A second product in one folder: asked for, so that the answers of two never end up in one file.

use std::path::Path;

use super::file::AnswersFile;
use crate::answers::{Answers, Edit, MAX_NAME};
use crate::commands::file_name::file_name;
use crate::files;
use crate::interview::{Halt, Interview, name_too_long};
use crate::prompter::{Item, Message, Prompt, Prompter, Reply, ReplyKind};
use crate::question::Answer;
use crate::style::clean;

/// Which product is answered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The one that the file is about.
    This,
    /// Another, which has a file of its own now.
    Another,
}

/// Asks whether the file that is there is about the product at hand. If not, the interview begins anew with a file for
/// the other one. `None` if the person has had enough.
pub(super) fn ask(
    interview: &mut Interview<'_>,
    prompter: &mut dyn Prompter,
    file: &mut AnswersFile,
    report: Option<&Path>,
) -> Result<Option<Which>, Halt<anyhow::Error>> {
    let subject = &interview.rulebook.subject.one;
    let product = clean(&interview.answers.product).into_owned();
    let items = vec![
        Item::new("this", format!("Yes, go on with {product}")),
        Item::new("another", format!("No, begin with another {subject}")),
    ];
    let title = format!("{} is about {product}. Do you want to go on with it?", clean(&file.name));
    match prompter.ask(&Prompt::menu("which", title, items)).map_err(Halt::Stopped)? {
        Reply::Answer(Answer::One(0)) => return Ok(Some(Which::This)),
        Reply::Answer(_) => {}
        _ => return Ok(None),
    }
    let name = loop {
        let Some(name) = text(prompter, &format!("What is the other {subject} called?"), None)? else {
            return Ok(None);
        };
        if name.chars().count() <= MAX_NAME {
            break name;
        }
        prompter.tell(&name_too_long());
    };
    let Some(new) = new_file(prompter, &name, report)? else { return Ok(None) };
    *file = new;
    file.save(interview.rulebook, Edit::Product(&name)).map_err(Halt::NotSaved)?;
    interview.answers = Answers::blank(interview.rulebook, &name);
    Ok(Some(Which::Another))
}

/// A file that is not there yet, nor will be the report.
fn new_file(
    prompter: &mut dyn Prompter,
    product: &str,
    report: Option<&Path>,
) -> Result<Option<AnswersFile>, Halt<anyhow::Error>> {
    let offered = format!("{}.yaml", file_name(product));
    loop {
        let title = "What file do you want to save its answers to?";
        let Some(name) = text(prompter, title, Some(&offered))? else { return Ok(None) };
        let path = Path::new(&name);
        if !files::exists(path) && report != Some(path) {
            return Ok(Some(AnswersFile::new(path)));
        }
        prompter.tell(&Message::Plain(format!("{} is taken already. Name another file.", clean(&name))));
    }
}

/// A text from the person. `None` if they have had enough.
fn text(
    prompter: &mut dyn Prompter,
    title: &str,
    offered: Option<&str>,
) -> Result<Option<String>, Halt<anyhow::Error>> {
    let previous = offered.map(|offered| Answer::Text(offered.to_owned()));
    let prompt = Prompt { previous, ..Prompt::new("text", title, ReplyKind::Text) };
    match prompter.ask(&prompt).map_err(Halt::Stopped)? {
        Reply::Answer(Answer::Text(text)) => Ok(Some(text)),
        _ => Ok(None),
    }
}
