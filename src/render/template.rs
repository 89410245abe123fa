//! A blank answers file with every question explained, ready to be filled in by hand.

use std::fmt::Write as _;

use crate::question::{Kind, Question, Section};
use crate::rulebook::Rulebook;
use crate::style::Style;

/// The text of a blank answers file for a product.
#[must_use]
pub fn render(rulebook: &Rulebook, product: &str) -> String {
    let style = Style::PLAIN;
    let comment = |text: &str| style.wrap("# ", text).replace("\n  ", "\n# ");
    let indented = |text: &str| style.wrap_with("  # ", "  # ", text);
    let mut out = String::new();
    let _ = writeln!(out, "{}", style.wrap_with("# ", "# ", &format!("Answers for: {}.", rulebook.title)));
    let _ =
        writeln!(out, "{}", comment("Write each answer after its colon. Leave it empty if there is no answer yet."));
    let _ = writeln!(out, "{}", comment("Write not_sure where you do not know."));
    let _ = writeln!(out, "product: {}", crate::answers::quoted(product));
    let _ = writeln!(out, "rules: {{id: {}, version: {}}}", rulebook.id, crate::answers::quoted(&rulebook.version));
    let _ = writeln!(out, "answers:");
    for section in Section::ALL {
        let text = rulebook.section(section);
        let questions: Vec<&Question> = rulebook.questions.iter().filter(|q| q.section == section).collect();
        if questions.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n  # {}\n{}\n{}", "-".repeat(74), indented(&text.title), indented(&text.intro));
        for question in questions {
            let _ = writeln!(out, "\n{}", indented(&question.prompt));
            if let Some(hint) = &question.hint {
                let _ = writeln!(out, "{}", indented(hint));
            }
            for option in &question.options {
                let text = match question.kind {
                    Kind::YesNo if option.hint.is_none() => continue,
                    _ => format!("{}: {}", option.value, option.label),
                };
                let _ = writeln!(out, "{}", style.wrap_with("  # - ", "  #   ", &text));
            }
            let _ = writeln!(out, "{}", indented(&how_to_answer(question)));
            let _ = writeln!(out, "  {}:", question.id);
        }
    }
    out
}

fn how_to_answer(question: &Question) -> String {
    match question.kind {
        Kind::YesNo => "Answer: yes, no or not_sure.".to_owned(),
        Kind::Choice => "Answer: one of these, or not_sure.".to_owned(),
        Kind::Choices => "Answer: any of these, as in [one, another], or not_sure.".to_owned(),
        Kind::Text => "Answer: text, in quotation marks.".to_owned(),
    }
}
