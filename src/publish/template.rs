//! A blank answers file with every question explained, ready to be filled in by hand.

use std::fmt::Write as _;

use crate::answers::Answers;
use crate::assess::assess;
use crate::assessment::Assessment;
use crate::condition::Condition;
use crate::problem::Problem;
use crate::prove;
use crate::question::{Kind, Question, QuestionOption, Section};
use crate::rulebook::{Rulebook, in_words};
use crate::style::{Style, WrappedLines, begins_command, clean, is_unsafe};

/// The file, beside an answers file, that editors complete it from. Hidden, so that nobody takes it for answers.
pub const SCHEMA_FILE: &str = ".answers.schema.json";

const EMPTY: &str = "Write each answer after its colon. Leave it empty if there is no answer yet.";
const NOT_SURE: &str = "Write not_sure where you do not know.";
const EVIDENCE: &str = "Evidence goes beside an answer, as in {answer: yes, evidence: \"a link\"}.";

/// The line that tells editors where the schema lies, for files that have one beside them.
pub(crate) fn schema_line() -> String {
    format!("# yaml-language-server: $schema={SCHEMA_FILE}\n")
}

/// The text of a blank answers file for a product.
pub fn render(rulebook: &Rulebook, product: &str) -> String {
    let mut lines = WrappedLines::new(Style::PLAIN);
    let options = rulebook.questions.iter().flat_map(|question| &question.options);
    let evidence = options.filter(|option| option.evidence.is_some()).map(|_| EVIDENCE).next();
    for text in [format!("Answers for: {}.", rulebook.title).as_str(), EMPTY, NOT_SURE].into_iter().chain(evidence) {
        lines.text_with("# ", "# ", text);
    }
    let _ = writeln!(lines.out, "product: {}", quoted(product));
    let _ = writeln!(lines.out, "rules: {{id: {}, version: {}}}", rulebook.id, quoted(&rulebook.version));
    lines.out.push_str("answers:\n");
    for section in Section::ALL {
        let text = rulebook.section(section);
        let mut questions = rulebook.questions.iter().filter(|question| question.section == section).peekable();
        if questions.peek().is_some() {
            let _ = writeln!(lines.out, "\n  # {}", "-".repeat(74));
            comment(&mut lines, &text.title);
            comment(&mut lines, &text.intro);
        }
        for question in questions {
            lines.blank();
            comment(&mut lines, &question.prompt);
            for text in explanation(rulebook, question) {
                comment(&mut lines, &text);
            }
            for option in question.options.iter().filter(|option| question.kind != Kind::YesNo || is_explained(option))
            {
                let hint = option.hint.as_ref().map_or_else(String::new, |hint| format!(". {hint}"));
                lines.text_with("  # - ", "  #   ", &format!("{}: {}{hint}", option.value, option.label));
                if let Some(evidence) = &option.evidence {
                    lines.text_with("  #   ", "  #   ", &format!("Evidence: {}.", evidence.trim_end_matches('.')));
                }
            }
            comment(&mut lines, &how_to_answer(question));
            let _ = writeln!(lines.out, "  {}:", question.id);
        }
    }
    lines.out
}

/// A comment beside a question.
fn comment(lines: &mut WrappedLines, text: &str) {
    lines.text_with("  # ", "  # ", text);
}

/// Text in quotation marks for YAML alone, which has an escape for every character.
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

/// What is told of a question below its prompt: its hint, the rarer cases, when it is asked.
fn explanation(rulebook: &Rulebook, question: &Question) -> Vec<String> {
    let texts = [&question.hint, &question.more].into_iter().flatten().map(ToString::to_string);
    let asked = rulebook.ask_when[question.index]
        .as_ref()
        .map(|(when, _)| format!("Leave it empty unless {}.", in_words(rulebook, &widened(rulebook, when))));
    texts.chain(asked).collect()
}

/// A condition that also holds for the answers that may count as what it asks for.
fn widened(rulebook: &Rulebook, when: &Condition) -> Condition {
    let all = |parts: &[Condition]| parts.iter().map(|part| widened(rulebook, part)).collect();
    match when {
        Condition::All(parts) => Condition::All(all(parts)),
        Condition::Any(parts) => Condition::Any(all(parts)),
        Condition::Is { question, options, place } => {
            let offers = rulebook.questions[*question].options.iter().enumerate();
            let may_count = offers.filter(|(_, offer)| offer.reads_as & options != 0);
            let options = may_count.fold(*options, |options, (index, _)| options | 1 << index);
            Condition::Is { question: *question, options, place: place.clone() }
        }
        Condition::Not(_) | Condition::Result { .. } => when.clone(),
    }
}

/// Whether there is more to say of an option than its value.
fn is_explained(option: &QuestionOption) -> bool {
    option.hint.is_some() || option.evidence.is_some()
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

/// An answers file that shows a problem of the rules.
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

/// Answers under a key, one a line.
fn given<'w>(key: &str, indent: &str, witness: impl Iterator<Item = &'w (String, String)>) -> String {
    let lines: Vec<String> = witness.map(|(id, value)| format!("{indent}{id}: {value}\n")).collect();
    if lines.is_empty() { format!("{key} {{}}\n") } else { format!("{key}\n{}", lines.concat()) }
}

/// Cases with what the rules now say about them, for a person to check.
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

/// What comes out under one key, if it is worth saying.
fn expected(rulebook: &Rulebook, key: &prove::ExpectedKey<'_>, assessment: &Assessment<'_>) -> String {
    let found = |keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        prove::found(&keys, rulebook, assessment)
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
