//! The JSON Schema of the rule files, generated from their keys and from the ids and values of the current rules, so
//! that editors complete them and mark wrong ones.

use serde_json::{Map, Value, json};

use super::keys::{MAX_SHORT, OF_FILES};
use super::{Preparation, Rulebook, Status};
use crate::outcome::FitOutcome;
use crate::question::{Kind, Question, Takes};
use crate::yaml::shape::{Key, Keys, Shape};

/// A schema for all rule files. Cases have a schema of their own.
pub fn schema(rulebook: &Rulebook) -> Value {
    // No two files have a key in common, so the keys tell which file it is. Editors show mistakes inside a key only if
    // it is among the properties, not in one of several schemas.
    let (mut keys, mut definitions, mut one_of) = (Map::new(), Map::new(), Vec::new());
    for file in OF_FILES {
        let known: Map<String, Value> = file.all().map(|key| (key.name.to_owned(), json!(true))).collect();
        one_of.push(json!({
            "type": "object", "properties": known, "required": required(file), "additionalProperties": false,
        }));
        keys.extend(properties(file, &mut definitions));
    }
    keys["format"]["const"] = json!(1);
    relate_keys(&mut definitions);
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

fn required(keys: &Keys) -> Vec<&str> {
    keys.all().filter(|key| key.needed).map(|key| key.name).collect()
}

fn properties(keys: &Keys, definitions: &mut Map<String, Value>) -> Map<String, Value> {
    keys.all().map(|key| (key.name.to_owned(), property(key, definitions))).collect()
}

/// The schema of a key. An optional one may be null, unless a later check refuses that.
fn property(key: &Key, definitions: &mut Map<String, Value>) -> Value {
    let mut schema = shape(&key.shape, definitions);
    match &key.shape {
        Shape::Keys(_) | Shape::TextOr(_) if !key.needed => schema = json!({"anyOf": [schema, {"type": "null"}]}),
        Shape::Keys(_) | Shape::TextOr(_) | Shape::Other(_) | Shape::IdOf(_) => schema = json!({"allOf": [schema]}),
        Shape::List(_) | Shape::TextByOption => {}
        _ if !key.needed => schema["type"] = json!([schema["type"], "null"]),
        _ => {}
    }
    schema["description"] = json!(key.about);
    schema
}

/// The schema of a value. Mappings become definitions.
fn shape(of: &Shape, definitions: &mut Map<String, Value>) -> Value {
    let text = || json!({"type": "string", "pattern": "\\S"});
    let defined = |name: &str| json!({"$ref": format!("#/definitions/{name}")});
    match of {
        Shape::Text => text(),
        Shape::Short => json!({"type": "string", "pattern": "\\S", "maxLength": MAX_SHORT}),
        Shape::Id => json!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}),
        // Strict validators refuse a union of types.
        Shape::OptionValue => json!({"anyOf": [text(), {"type": "boolean"}]}),
        Shape::OneOf(words) => json!({"type": "string", "enum": words()}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::OnlyTrue => json!({"type": "boolean", "enum": [true]}),
        Shape::Number(most) => json!({"type": "integer", "minimum": 0, "maximum": most}),
        Shape::List(of @ Shape::IdOf(_)) => json!({"type": "array", "items": shape(of, definitions), "minItems": 1}),
        Shape::List(of) => json!({"type": "array", "items": shape(of, definitions)}),
        Shape::TextByOption => json!({"type": "object", "additionalProperties": text()}),
        Shape::IdOf(name) | Shape::Other(name) => defined(name),
        Shape::Keys(keys) => {
            if !definitions.contains_key(keys.name) {
                let mut schema = mapping(keys, definitions);
                if !keys.about.is_empty() {
                    schema["description"] = json!(keys.about);
                }
                definitions.insert(keys.name.to_owned(), schema);
            }
            defined(keys.name)
        }
        Shape::TextOr(keys) => {
            let mut both = mapping(keys, definitions);
            both["anyOf"] = json!([has_keys(&["says"]), has_keys(&["reading"])]);
            definitions.insert(keys.name.to_owned(), json!({"anyOf": [text(), both]}));
            defined(keys.name)
        }
    }
}

fn mapping(keys: &Keys, definitions: &mut Map<String, Value>) -> Value {
    json!({
        "type": "object",
        "properties": properties(keys, definitions),
        "required": required(keys),
        "additionalProperties": false,
    })
}

/// A mapping that has these keys.
fn has_keys(keys: &[&str]) -> Value {
    let any: Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), json!(true))).collect();
    json!({"type": "object", "properties": any, "required": keys})
}

/// How the keys of a rule depend on each other.
fn relate_keys(definitions: &mut Map<String, Value>) {
    let choices = json!({"enum": [Kind::Choice.id(), Kind::Choices.id()]});
    let options = json!({"type": "array", "minItems": 2, "maxItems": 64});
    let question = &mut definitions["Question"];
    question["if"] = json!({"type": "object", "properties": {"kind": choices}, "required": ["kind"]});
    question["then"] = json!({"type": "object", "properties": {"options": options}, "required": ["options"]});
    let (mut own, mut by_scenarios) = (has_keys(&["met_when", "otherwise"]), has_keys(&["decided_by"]));
    own["not"] = has_keys(&["decided_by"]);
    by_scenarios["not"] = has_keys(&["met_when"]);
    definitions["Criterion"]["oneOf"] = json!([own, by_scenarios]);
    definitions["Scenario"]["oneOf"] = json!([has_keys(&["when"]), has_keys(&["otherwise"])]);
}

/// A condition with these tests.
fn condition_over(mut tests: Map<String, Value>, name: &str) -> Value {
    let condition = json!({"$ref": format!("#/definitions/{name}")});
    let list = |about: &str| json!({"description": about, "type": "array", "items": condition, "minItems": 1});
    tests.insert("all".to_owned(), list("All conditions of this list hold."));
    tests.insert("any".to_owned(), list("At least one condition of this list holds."));
    tests.insert("not".to_owned(), json!({"description": "This condition does not hold.", "allOf": [condition]}));
    json!({
        "description": "A condition: all its lines hold. Each is a question with its value or values, or `all`, `any` or `not`. \
            Leave \"not sure\" out: what it comes to is worked out.",
        "type": "object",
        "minProperties": 1,
        "properties": tests,
        "additionalProperties": false,
    })
}

/// The values of each question that a condition can test.
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

/// The values of each result that a condition can test.
fn tests_of_results(rulebook: &Rulebook) -> Map<String, Value> {
    let mut tests = Map::new();
    let mut test = |key: String, about: &str, values: &[&str]| {
        tests.insert(key, one_or_several(about, &json!({"enum": values})));
    };
    let statuses: Vec<&str> = Status::DECIDED.iter().map(|status| status.id()).collect();
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
    let fits: Vec<&str> = FitOutcome::DECIDED.iter().map(|fit| fit.id()).collect();
    test("fit".to_owned(), "What the findings come to.", &fits);
    tests
}
