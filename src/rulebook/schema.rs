//! The shape of the rule files as a JSON Schema, from the types they are read into, with the ids and values of the rules
//! at hand: editors complete them, and say where one is wrong.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::raw;
use super::{Preparation, Rulebook, Status};
use crate::outcome::FitOutcome;
use crate::question::{Kind, Question, Takes};

/// A schema that any of the rule files satisfies. Cases have a schema of their own.
#[must_use]
pub fn schema(rulebook: &Rulebook) -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    let files = [
        generator.root_schema_for::<raw::Manifest>(),
        generator.root_schema_for::<raw::Questions>(),
        generator.root_schema_for::<raw::Criteria>(),
        generator.root_schema_for::<raw::Scenarios>(),
        generator.root_schema_for::<raw::Fit>(),
        generator.root_schema_for::<raw::Application>(),
        generator.root_schema_for::<raw::GoLive>(),
        generator.root_schema_for::<raw::Contradictions>(),
        generator.root_schema_for::<raw::Outcomes>(),
        generator.root_schema_for::<raw::Glossary>(),
    ];
    // No two files have a key in common, so that the keys tell which file it is. Editors say what is wrong inside a key
    // where it stands among the properties, and not where it stands in one of several schemas.
    let (mut keys, mut definitions, mut one_of) = (Map::new(), Map::new(), Vec::new());
    for file in files.map(Schema::to_value) {
        let inner = |key: &str| file[key].as_object().cloned().unwrap_or_default();
        definitions.extend(inner("definitions"));
        let of_file = inner("properties");
        let known: Map<String, Value> = of_file.keys().map(|key| (key.clone(), json!(true))).collect();
        one_of.push(json!({
            "type": "object", "properties": known, "required": file["required"], "additionalProperties": false,
        }));
        keys.extend(of_file);
    }
    definitions.insert("Condition".to_owned(), condition_over(tests_of_answers(rulebook), "Condition"));
    let mut tests = tests_of_answers(rulebook);
    tests.extend(tests_of_results(rulebook));
    definitions.insert("When".to_owned(), condition_over(tests, "When"));
    let ids = |ids: Vec<&str>| json!({"type": "string", "enum": ids});
    let questions = rulebook.questions.iter().map(|question| question.id.as_str()).collect();
    definitions.insert("QuestionId".to_owned(), ids(questions));
    definitions.insert("PageId".to_owned(), ids(rulebook.pages.iter().map(|page| page.id.as_str()).collect()));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": format!("A rule file of: {}", rulebook.title),
        "type": "object",
        "properties": keys,
        "additionalProperties": false,
        "oneOf": one_of,
        "definitions": definitions,
    })
}

/// A condition whose lines may be these, each with what can stand behind it.
fn condition_over(mut lines: Map<String, Value>, name: &str) -> Value {
    let condition = json!({"$ref": format!("#/definitions/{name}")});
    let list = |about: &str| json!({"description": about, "type": "array", "items": condition, "minItems": 1});
    lines.insert("all".to_owned(), list("All conditions of this list hold."));
    lines.insert("any".to_owned(), list("At least one condition of this list holds."));
    lines.insert("not".to_owned(), json!({"description": "This condition does not hold.", "allOf": [condition]}));
    json!({
        "description": "A condition: all its lines hold. Each is a question with its value or values, or `all`, `any` or `not`. \
            Leave \"not sure\" out: what it comes to is worked out.",
        "type": "object",
        "minProperties": 1,
        "properties": lines,
        "additionalProperties": false,
    })
}

/// For each question, the values that a condition can test.
fn tests_of_answers(rulebook: &Rulebook) -> Map<String, Value> {
    let tested = rulebook.questions.iter().filter(|question| question.kind.takes() != Takes::Own);
    tested.map(|question| (question.id.clone(), test_of(question))).collect()
}

fn test_of(question: &Question) -> Value {
    let sure = question.options.iter().filter(|option| option.is_sure());
    let mut values: Vec<Value> =
        sure.map(|option| json!({"const": option.value, "title": option.label, "description": option.label})).collect();
    if question.kind == Kind::YesNo {
        values.push(json!({"type": "boolean"}));
    }
    let holds = match question.kind.takes() {
        Takes::Several => "one of those chosen is this, or one of these",
        Takes::One | Takes::Own => "the answer is this, or one of these",
    };
    let about = format!("{} ({holds})", question.prompt);
    one_or_several(&about, &json!({"anyOf": values}))
}

/// A value, or a list of values.
fn one_or_several(about: &str, value: &Value) -> Value {
    json!({"description": about, "anyOf": [value, {"type": "array", "items": value, "minItems": 1}]})
}

/// For each result, the values that a condition over results can test.
fn tests_of_results(rulebook: &Rulebook) -> Map<String, Value> {
    let mut tests = Map::new();
    let mut test = |key: String, about: &str, values: &[&str]| {
        tests.insert(key, one_or_several(about, &json!({"enum": values})));
    };
    let statuses = [Status::Met, Status::ToDiscuss, Status::NotMet].map(Status::id);
    for criterion in &rulebook.criteria {
        test(format!("criterion.{}", criterion.id), &criterion.title, &statuses);
    }
    for topic in &rulebook.topics {
        test(format!("topic.{}", topic.id), &topic.title, &[Preparation::Prepared.id()]);
    }
    for owed in &rulebook.obligations {
        test(format!("obligation.{}", owed.id), &owed.title, &statuses);
    }
    if !rulebook.scenarios.is_empty() {
        let ids: Vec<&str> = rulebook.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
        test("scenario".to_owned(), "The scenario.", &ids);
    }
    let fits = [FitOutcome::Fits, FitOutcome::FitsWithConditions, FitOutcome::DoesNotFit].map(FitOutcome::id);
    test("fit".to_owned(), "What the findings come to.", &fits);
    tests
}
