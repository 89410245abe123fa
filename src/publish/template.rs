//! Writes YAML for people to fill in or check: the blank answers file, witnesses and cases.

use std::fmt::Write as _;

use askama::Template;

use crate::answers::{Answers, Entry};
use crate::assess::assess;
use crate::assessment::Assessment;
use crate::problem::Problem;
use crate::prove::{self, KeyShape};
use crate::question::{Kind, Question, QuestionOption, Section};
use crate::report::{as_it_is, as_text};
use crate::rulebook::{Rulebook, in_words, widened};
use crate::style::{Style, begins_command, clean, is_unsafe};

/// The schema file for editors, beside an answers file. It is hidden so that nobody takes it for answers.
pub const SCHEMA_FILE: &str = ".answers.schema.json";

/// The name of a product in a blank file, until somebody writes it.
pub const NO_NAME: &str = "My product";

/// The same in the words of the rules.
pub(crate) fn no_name(rulebook: &Rulebook) -> String {
    format!("My {}", rulebook.subject.one)
}

/// The line that tells editors where the schema is.
pub(crate) fn schema_line() -> String {
    format!("# yaml-language-server: $schema={SCHEMA_FILE}\n")
}

/// The text of a blank answers file for a product.
pub fn render(rulebook: &Rulebook, product: &str) -> String {
    as_text(&BlankFile { rulebook, product: quoted(product) }, Style::PLAIN)
}

#[derive(Template)]
#[template(path = "answers.txt", config = "templates/askama.toml")]
struct BlankFile<'r> {
    rulebook: &'r Rulebook,
    product: String,
}

impl<'r> BlankFile<'r> {
    fn asks_for_evidence(&self) -> bool {
        self.rulebook.questions.iter().flat_map(|question| &question.options).any(|option| option.evidence.is_some())
    }

    fn questions(&self, section: &Section) -> impl Iterator<Item = &'r Question> {
        self.rulebook.questions.iter().filter(move |question| question.section == *section)
    }

    /// The explanations below a prompt: the hint, rarer cases, when it is asked.
    fn explanation(&self, question: &Question) -> Vec<String> {
        let texts = [&question.hint, &question.more].into_iter().flatten().map(ToString::to_string);
        let asked = self.rulebook.ask_when[question.index].as_ref().map(|(when, _)| {
            format!("Leave it empty unless {}.", in_words(self.rulebook, &widened(self.rulebook, when)))
        });
        texts.chain(asked).collect()
    }
}

/// The options worth listing: "yes" and "no" only if they have a text.
fn explained(question: &Question) -> impl Iterator<Item = &QuestionOption> {
    let is_explained = |option: &QuestionOption| option.hint.is_some() || option.evidence.is_some();
    question.options.iter().filter(move |option| question.kind != Kind::YesNo || is_explained(option))
}

/// Quotes text for YAML, with escapes for unsafe characters.
fn quoted(text: &str) -> String {
    let mut escaped = String::new();
    let quoted = crate::answers::quoted(text);
    for (at, c) in quoted.char_indices() {
        if is_unsafe(c) || begins_command('"', &quoted[at..]) {
            let _ = write!(escaped, "\\U{:08X}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn how_to_answer(question: &Question) -> String {
    let unsure = question.takes_not_sure();
    match question.kind {
        Kind::YesNo if unsure => "Answer: yes, no or not_sure.".to_owned(),
        Kind::YesNo => "Answer: yes or no.".to_owned(),
        Kind::Choice => format!("Answer: one of these{}.", if unsure { ", or not_sure" } else { "" }),
        Kind::Choices => {
            format!("Answer: any of these, as in [one, another]{}.", if unsure { ", or not_sure" } else { "" })
        }
        Kind::Text => "Answer: text, in quotation marks.".to_owned(),
    }
}

/// An answers file that demonstrates a problem of the rules.
pub fn witness(rulebook: &Rulebook, problem: &Problem) -> String {
    as_it_is(&WitnessFile { rulebook, problem })
}

#[derive(Template)]
#[template(path = "witness.yaml", escape = "none")]
struct WitnessFile<'r> {
    rulebook: &'r Rulebook,
    problem: &'r Problem,
}

/// Cases that expect what the rules now say, for a person to check.
pub fn cases(rulebook: &Rulebook, all: &[Answers]) -> String {
    as_it_is(&CasesFile { rulebook, all })
}

#[derive(Template)]
#[template(path = "cases.yaml", escape = "none")]
struct CasesFile<'r> {
    rulebook: &'r Rulebook,
    all: &'r [Answers],
}

impl CasesFile<'_> {
    /// The answers of a case, as they are written.
    fn given(&self, answers: &Answers) -> Vec<String> {
        let entries = self.rulebook.questions.iter().zip(&answers.entries);
        let written =
            |question: &Question, entry: &Entry| format!("{}: {}", question.id, question.written(&entry.answer));
        entries.filter_map(|(question, entry)| Some(written(question, entry.as_ref()?))).collect()
    }

    /// The lines under `expect`.
    fn expected(&self, answers: &Answers) -> Vec<String> {
        let assessment = assess(self.rulebook, answers);
        prove::keys(self.rulebook).iter().flat_map(|key| expected(self.rulebook, key, &assessment)).collect()
    }
}

/// The lines for one expected key, if it is worth writing.
fn expected(rulebook: &Rulebook, key: &prove::ExpectedKey<'_>, assessment: &Assessment<'_>) -> Vec<String> {
    let found = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        prove::actual(&keys, rulebook, assessment)
    };
    let name = key.name;
    let written = match &key.shape {
        KeyShape::Word(_) => true,
        KeyShape::Maybe(words) => !words.is_empty(),
        KeyShape::List(_) => ["notes", "contradictions"].contains(&name) && found(&[name]) != "[]",
        KeyShape::Each(ids, _) if name != "gates" && !ids.is_empty() => {
            let each = ids.iter().map(|id| format!("  {id}: {}", found(&[name, id])));
            return std::iter::once(format!("{name}:")).chain(each).collect();
        }
        KeyShape::Each(..) | KeyShape::Moves => false,
    };
    if written { vec![format!("{name}: {}", found(&[name]))] } else { Vec::new() }
}
