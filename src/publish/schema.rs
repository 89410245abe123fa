//! JSON Schemas of all files that people and programs read and write, for editors and validators.

use std::collections::BTreeSet;

use schemars::Schema;
use serde_json::{Map, Value, json};

use crate::intake::table::mapping::KEYS;
use crate::intake::table::text::Encoding;
use crate::prove::{self, KeyShape};
use crate::question::{Kind, Question, QuestionOption};
use crate::report;
use crate::rulebook::{self, Rulebook};
use crate::style::escaped_json;
use crate::yaml::shape::Key;

/// The dialect that editors support best.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";
/// A text that says no more than "not sure".
const SAYS_NOT_SURE: &str = r"^\s*[Nn][Oo][Tt][-_ ][Ss][Uu][Rr][Ee]\s*$";

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum SchemaOf {
    /// Answers files, with the questions and values of the rules in use
    Answers,
    /// Rule files
    Rules,
    /// Cases beside the rules, with the questions and everything else of the rules in use
    Cases,
    /// What `check --format json` prints for each file
    Report,
    /// Mapping files, with the questions and values of the rules in use
    Mapping,
}

/// The schema, as indented JSON that ends in a line break.
pub(crate) fn render(subject: SchemaOf, rulebook: &Rulebook) -> String {
    let schema = match subject {
        SchemaOf::Answers => answers(rulebook),
        SchemaOf::Rules => rulebook::schema(rulebook),
        SchemaOf::Cases => cases(rulebook),
        SchemaOf::Report => Schema::to_value(report::schema()),
        SchemaOf::Mapping => mapping(rulebook),
    };
    escaped_json(&format!("{schema:#}\n")).into_owned()
}

/// Editors complete from it and show its titles and descriptions, so it says as much as a blank answers file.
fn answers(rulebook: &Rulebook) -> Value {
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
                "properties": by_question(rulebook, question),
            },
        },
    })
}

/// Mapping files.
fn mapping(rulebook: &Rulebook) -> Value {
    let beside = |question: &Question| ["", ".evidence", ".note"].map(|part| format!("{}{part}", question.id));
    let ids = rulebook.questions.iter().flat_map(beside);
    // A set, as a question can be called `product`, too.
    let targets: BTreeSet<String> = ["product", "organisation"].map(str::to_owned).into_iter().chain(ids).collect();
    let texts = json!({"type": ["array", "null"], "uniqueItems": true, "items": {"type": "string"}});
    let cells = |question: &Question| {
        let cell = match question.kind {
            Kind::Text => json!({"type": "null"}),
            // A cell that means one of several choices needs no list.
            Kind::Choices => {
                json!({"anyOf": question.options.iter().map(option).chain(bare(question)).collect::<Vec<_>>()})
            }
            Kind::YesNo | Kind::Choice => json!({"anyOf": bare(question)}),
        };
        json!({"type": ["object", "null"], "title": question.prompt, "additionalProperties": cell})
    };
    let row = json!({"type": "integer", "minimum": 1});
    let shape = |key: &str| match key {
        "columns" => json!({"type": ["object", "null"], "additionalProperties": {"enum": targets}}),
        "values" => {
            json!({"type": ["object", "null"], "additionalProperties": false, "properties": by_question(rulebook, cells)})
        }
        "ignore_others" => json!({"type": "boolean"}),
        "header_row" => row.clone(),
        "skip_rows" => json!({"type": "array", "items": row}),
        "sheet" => json!({"type": "string"}),
        "separator" => json!({"enum": [",", ";", "|", "tab"]}),
        "encoding" => json!({"enum": Encoding::ALL.map(Encoding::id)}),
        _ => texts.clone(),
    };
    let described = |key: &Key| {
        let mut shape = shape(key.name);
        shape["description"] = json!(key.about);
        (key.name.to_owned(), shape)
    };
    let properties: Map<String, Value> = KEYS.all().map(described).collect();
    json!({
        "$schema": DIALECT,
        "title": format!("Mapping files for: {}", rulebook.title),
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// The cases beside the rules.
fn cases(rulebook: &Rulebook) -> Value {
    let expected: Map<String, Value> =
        prove::keys(rulebook).iter().map(|key| (key.name.to_owned(), expectation(rulebook, key))).collect();
    json!({
        "$schema": DIALECT,
        "title": format!("Cases for: {}", rulebook.title),
        "type": "object",
        "additionalProperties": false,
        "required": ["cases"],
        "properties": {"cases": {"type": "array", "minItems": 1, "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "expect"],
            "properties": {
                "name": {"description": "Unique in the folder.", "type": "string", "pattern": "\\S"},
                "based_on": {
                    "description": "The name of another case whose answers are taken first.",
                    "type": ["string", "null"],
                },
                "given": {
                    "description": "The answers. An empty value takes an answer away.",
                    "type": ["object", "null"],
                    "additionalProperties": false,
                    "properties": by_question(rulebook, question),
                },
                "expect": {
                    "description": "What must come out.",
                    "type": "object",
                    "additionalProperties": false,
                    "minProperties": 1,
                    "properties": expected,
                },
            },
        }}},
    })
}

/// The values of a key of `expect`.
fn expectation(rulebook: &Rulebook, key: &prove::ExpectedKey<'_>) -> Value {
    let list = |items: Value| json!({"type": "array", "uniqueItems": true, "items": items});
    // An empty `enum` is not allowed.
    let one_of = |words: &[&str]| if words.is_empty() { json!({"not": {}}) } else { json!({"enum": words}) };
    let mut schema = match &key.shape {
        KeyShape::Word(words) => one_of(words),
        KeyShape::Maybe(words) => json!({"anyOf": [one_of(words), {"type": "null", "title": "Not decided"}]}),
        KeyShape::List(words) => list(one_of(&words.iter().map(String::as_str).collect::<Vec<_>>())),
        KeyShape::Each(ids, words) => {
            let each: Map<String, Value> = ids.iter().map(|id| ((*id).to_owned(), one_of(words))).collect();
            // The names of gates are accepted with hyphens, too.
            let dashed = ids.iter().filter(|id| key.name == "gates" && id.contains('_'));
            let dashed = dashed.map(|id| (id.replace('_', "-"), one_of(words)));
            let each: Map<String, Value> = each.into_iter().chain(dashed).collect();
            json!({"type": "object", "additionalProperties": false, "properties": each})
        }
        KeyShape::Moves => {
            let moves = by_question(rulebook, |question| json!({"anyOf": bare(question)}));
            list(json!({"type": "object", "additionalProperties": false, "minProperties": 1, "properties": moves}))
        }
    };
    schema["description"] = json!(key.about);
    schema
}

/// Something for each question, under its id.
fn by_question(rulebook: &Rulebook, of: impl Fn(&Question) -> Value) -> Map<String, Value> {
    rulebook.questions.iter().map(|question| (question.id.clone(), of(question))).collect()
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
                "description": "A link or reference that backs the answer.",
                "type": ["string", "null"],
            },
            "note": {"description": "Anything you want to add.", "type": ["string", "null"]},
        },
    }));
    let mut schema = json!({"title": question.prompt, "anyOf": forms});
    if let Some(hint) = &question.hint {
        schema["description"] = json!(hint.as_str());
    }
    schema
}

fn option(offer: &QuestionOption) -> Value {
    let mut schema = json!({"const": offer.value, "title": offer.label});
    if let Some(hint) = &offer.hint {
        schema["description"] = json!(hint.as_str());
    }
    schema
}

/// The ways to write a bare answer.
fn bare(question: &Question) -> Vec<Value> {
    let mut forms: Vec<Value> = match question.kind {
        Kind::YesNo | Kind::Choice => question.options.iter().map(option).collect(),
        Kind::Choices => {
            let (none, some): (Vec<_>, Vec<_>) = question.options.iter().partition(|option| option.none);
            let some: Vec<Value> = some.into_iter().map(option).collect();
            // The option that excludes the others is the empty list.
            let least = usize::from(none.is_empty());
            let any = json!({"title": "Any of these", "type": "array", "uniqueItems": true, "minItems": least, "items": {"anyOf": some}});
            let alone = |none| json!({"title": "None of these", "type": "array", "maxItems": 1, "items": {"anyOf": [option(none)]}});
            std::iter::once(any).chain(none.into_iter().map(alone)).collect()
        }
        Kind::Text => vec![json!({"type": "string", "pattern": "\\S", "not": {"pattern": SAYS_NOT_SURE}})],
    };
    if question.kind == Kind::YesNo {
        // YAML 1.1 reads yes and no as booleans, and any case is accepted.
        forms.push(json!({"type": "boolean"}));
        forms.push(
            json!({"type": "string", "pattern": "^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}),
        );
    }
    if question.takes_not_sure() {
        forms.push(json!({"const": "not_sure", "title": "Not sure"}));
        forms.push(json!({"type": "string", "pattern": SAYS_NOT_SURE}));
    }
    forms.push(json!({"type": "null"}));
    forms
}
