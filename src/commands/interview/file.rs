//! The answers file of an interview: read once, then saved after every answer.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use super::super::Session;
use crate::answers::{self, Edit};
use crate::cli::NAME;
use crate::files;
use crate::publish::schema::{self, SchemaOf};
use crate::publish::template::{self, SCHEMA_FILE};
use crate::rulebook::Rulebook;
use crate::style::{clean, typed};

pub(super) struct AnswersFile {
    path: PathBuf,
    pub(super) name: String,
    /// What was last read or written. `None` if there is no file.
    pub(super) text: Option<String>,
}

impl AnswersFile {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), name: files::display_name(path), text: None }
    }

    pub(super) fn read(&self, session: &mut Session<'_>) -> Result<Option<Vec<u8>>> {
        files::refuse_special_file(&self.path)?;
        if files::exists(&self.path) { session.read(&self.path).map(Some) } else { Ok(None) }
    }

    pub(super) fn save(&mut self, rulebook: &Rulebook, edit: Edit<'_>) -> Result<()> {
        let new = match (&self.text, edit) {
            (None, Edit::Product(product)) => self.fresh(rulebook, product)?,
            (None, _) => bail!("there is no file to save to yet"),
            (Some(text), edit) => answers::set(text, rulebook, edit).map_err(|_| {
                anyhow!(
                    "cannot write this answer into `{}` without changing the text around it; write it by hand: {}",
                    self.name,
                    by_hand(rulebook, edit)
                )
            })?,
        };
        let old = self.text.as_deref().map(str::as_bytes);
        let ours = files::replace(&self.path, old, new.as_bytes())
            .with_context(|| format!("this answer was not saved: {}", by_hand(rulebook, edit)))?;
        if !ours {
            bail!(
                "`{}` was changed by somebody else, so this answer was not saved: {}; check the file, then run the \
                 interview again",
                self.name,
                by_hand(rulebook, edit)
            );
        }
        self.text = Some(new);
        Ok(())
    }

    /// A new file: a template with every question explained, or a minimal one in JSON. It names the rules and their digest,
    /// so that an edit of the rules is noticed, and the schema for editors if that lies beside it.
    fn fresh(&self, rulebook: &Rulebook, product: &str) -> Result<String> {
        let blank = if self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            format!(
                "{{\n  \"product\": {},\n  \"rules\": {{\"id\": \"\", \"version\": \"\"}},\n  \"answers\": {{}}\n}}\n",
                answers::quoted(product)
            )
        } else {
            let schema = files::read(&self.path.with_file_name(SCHEMA_FILE), &mut std::io::empty());
            let known = schema.is_ok_and(|there| there == schema::render(SchemaOf::Answers, rulebook).as_bytes());
            let line = if known { template::schema_line() } else { String::new() };
            line + &template::render(rulebook, product)
        };
        answers::set(&blank, rulebook, Edit::Rules).map_err(|_| anyhow!("the blank answers file cannot be edited"))
    }

    /// Where the answers are, and the command that resumes, if anything was saved.
    pub(super) fn how_to_go_on(&self, rulebook: &Rulebook) -> (String, Option<String>) {
        if self.text.is_none() {
            return ("Nothing has been saved yet.".to_owned(), None);
        }
        let command = format!("{NAME} interview {}{}", typed(&self.name), rulebook.as_typed());
        (format!("Your answers are in {}. To carry on:", clean(&self.name)), Some(command))
    }
}

/// The edit as a person would type it.
fn by_hand(rulebook: &Rulebook, edit: Edit<'_>) -> String {
    let id = |index: usize| &rulebook.questions[index].id;
    match edit {
        Edit::Product(name) => format!("product: {name}"),
        Edit::Organisation(name) => format!("organisation: {}", name.unwrap_or_default()),
        Edit::Answer(index, answer) => {
            let words = answer.map(|answer| rulebook.questions[index].words(answer));
            format!("{}: {}", id(index), words.unwrap_or_default())
        }
        Edit::Evidence(index, evidence) => format!("{}: evidence: {}", id(index), evidence.unwrap_or_default()),
        Edit::Rules => format!("rules: {{id: {}, version: {}}}", rulebook.id, rulebook.version),
    }
}
