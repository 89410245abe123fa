//! Writes YAML for people to fill in or check: the blank answers file, witnesses and cases.

use std::fmt::Write as _;

use askama::Template;

use crate::answers::Answers;
use crate::assess::assess;
use crate::assessment::Assessment;
use crate::problem::Problem;
use crate::prove;
use crate::question::{Kind, Question, QuestionOption, Section};
use crate::report::as_text;
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
    let mut out = format!("# {}: {}\n", problem.code, clean(&problem.message));
    if let Some(place) = &problem.place {
        let _ = writeln!(out, "# {}", clean(&place.to_string()));
    }
    let _ = writeln!(out, "product: {}", crate::answers::quoted(&format!("Shows {}", problem.code)));
    let _ = writeln!(out, "rules: {{id: {}, version: {}}}", rulebook.id, quoted(&rulebook.version));
    out.push_str(&given("answers:", "  ", problem.witness.iter().flatten()));
    out
}

/// Answers under a key, one on each line.
fn given<'w>(key: &str, indent: &str, witness: impl Iterator<Item = &'w (String, String)>) -> String {
    let lines: Vec<String> = witness.map(|(id, value)| format!("{indent}{id}: {value}\n")).collect();
    if lines.is_empty() { format!("{key} {{}}\n") } else { format!("{key}\n{}", lines.concat()) }
}

/// Cases that expect what the rules now say, for a person to check.
pub fn cases(rulebook: &Rulebook, all: &[Answers]) -> String {
    if all.is_empty() {
        return "# Every part of the rules is already shown by a case.\n".to_owned();
    }
    let mut out = String::from(
        "# Written by the program from what the rules say now. Check each expectation before you keep it.\ncases:\n",
    );
    for answers in all {
        let assessment = assess(rulebook, answers);
        let entries = rulebook.questions.iter().zip(&answers.entries);
        let witness: Vec<(String, String)> = entries
            .filter_map(|(question, entry)| Some((question.id.clone(), question.written(&entry.as_ref()?.answer))))
            .collect();
        let _ = writeln!(out, "  - name: {}", crate::answers::quoted(&answers.product));
        out.push_str(&given("    given:", "      ", witness.iter()));
        let _ = writeln!(out, "    expect:");
        for key in prove::keys(rulebook) {
            out.push_str(&expected(rulebook, &key, &assessment));
        }
    }
    out
}

/// The line for one expected key, if it is worth writing.
fn expected(rulebook: &Rulebook, key: &prove::ExpectedKey<'_>, assessment: &Assessment<'_>) -> String {
    let found = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        prove::actual(&keys, rulebook, assessment)
    };
    let name = key.name;
    match &key.shape {
        prove::KeyShape::Word(_) => format!("      {name}: {}\n", found(&[name])),
        prove::KeyShape::Maybe(words) if !words.is_empty() => format!("      {name}: {}\n", found(&[name])),
        prove::KeyShape::List(_) if ["notes", "contradictions"].contains(&name) => match found(&[name]).as_str() {
            "[]" => String::new(),
            list => format!("      {name}: {list}\n"),
        },
        prove::KeyShape::Each(ids, _) if name != "gates" && !ids.is_empty() => {
            let lines: Vec<String> = ids.iter().map(|id| format!("        {id}: {}\n", found(&[name, id]))).collect();
            format!("      {name}:\n{}", lines.concat())
        }
        prove::KeyShape::Maybe(_) | prove::KeyShape::List(_) | prove::KeyShape::Each(..) | prove::KeyShape::Moves => {
            String::new()
        }
    }
}
