//! JSON Schema of everything people and programs write and read, for editors and validators.

use schemars::Schema;
use serde_json::{Map, Value, json};

use super::json;
use crate::question::{Kind, Question};
use crate::rulebook::{self, Rulebook};

/// The dialect that editors know best.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Subject {
    /// Answers files, with the questions and values of the rules in use
    Answers,
    /// Rule files
    Rules,
    /// What `check --format json` prints for each file
    Report,
}

/// The schema, as indented JSON that ends in a line break.
#[must_use]
pub fn render(subject: Subject, rulebook: &Rulebook) -> String {
    let schema = match subject {
        Subject::Answers => answers(rulebook),
        Subject::Rules => Schema::to_value(rulebook::schema()),
        Subject::Report => Schema::to_value(json::schema()),
    };
    json::escaped(&format!("{schema:#}\n"))
}

/// Editors complete from it and show its titles and descriptions, so it says all that `init` says.
fn answers(rulebook: &Rulebook) -> Value {
    let questions: Map<String, Value> =
        rulebook.questions.iter().map(|question| (question.id.clone(), self::question(question))).collect();
    json!({
        "$schema": DIALECT,
        "title": format!("Answers for: {}", rulebook.title),
        "description": rulebook.summary,
        "type": "object",
        "additionalProperties": false,
        "required": ["product", "answers"],
        "properties": {
            "product": {"description": "The name of the product.", "type": "string", "pattern": "\\S"},
            "organisation": {"description": "Who makes it.", "type": ["string", "null"]},
            "rules": {
                "description": "Which rules it was answered against.",
                "type": ["object", "null"],
                "additionalProperties": false,
                "required": ["id", "version"],
                "properties": {
                    "id": {"type": "string", "examples": [rulebook.id]},
                    "version": {"type": "string", "examples": [rulebook.version]},
                    "digest": {"type": ["string", "null"], "examples": [rulebook.digest]},
                },
            },
            "answers": {
                "description": "One answer a line. What is not answered yet is left empty or left out.",
                "type": "object",
                "additionalProperties": false,
                "properties": questions,
            },
        },
    })
}

/// One answer: a bare value, a value with its evidence, or nothing yet.
fn question(question: &Question) -> Value {
    let mut forms = bare(question);
    let answer = json!({"anyOf": forms});
    forms.push(json!({
        "title": "The answer with its evidence",
        "type": "object",
        "additionalProperties": false,
        "required": ["answer"],
        "properties": {
            "answer": answer,
            "evidence": {
                "description": question.evidence.as_deref().unwrap_or("A link or reference that backs the answer."),
                "type": ["string", "null"],
            },
            "note": {"description": "Anything you want to add.", "type": ["string", "null"]},
        },
    }));
    let mut schema = json!({"title": question.prompt, "anyOf": forms});
    if let Some(hint) = &question.hint {
        schema["description"] = json!(hint);
    }
    schema
}

/// Each way to write the answer by itself.
fn bare(question: &Question) -> Vec<Value> {
    let option = |offer: &crate::question::Offer| {
        let mut schema = json!({"const": offer.value, "title": offer.label});
        if let Some(hint) = &offer.hint {
            schema["description"] = json!(hint);
        }
        schema
    };
    let mut forms: Vec<Value> = match question.kind {
        Kind::YesNo | Kind::Choice => question.options.iter().map(option).collect(),
        Kind::Choices => vec![json!({
            "title": "Any of these",
            "type": "array",
            "uniqueItems": true,
            "items": {"anyOf": question.options.iter().map(option).collect::<Vec<_>>()},
        })],
        Kind::Text => vec![json!({"type": "string", "pattern": "\\S"})],
    };
    if question.kind == Kind::YesNo {
        // What YAML 1.1 makes of yes and no, and any case of them.
        forms.push(json!({"type": "boolean"}));
        forms.push(
            json!({"type": "string", "pattern": "^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}),
        );
    }
    if question.takes_not_sure() {
        forms.push(json!({"const": "not_sure", "title": "Not sure"}));
        forms.push(json!({"type": "string", "pattern": "^[Nn][Oo][Tt][_ ][Ss][Uu][Rr][Ee]$"}));
    }
    forms.push(json!({"type": "null"}));
    forms
}
