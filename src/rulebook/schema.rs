//! The shape of the rule files as a JSON Schema, from the types they are read into.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::raw::{self, Said, Word};
use crate::yaml::At;

/// A schema that any of the rule files satisfies. Cases have a schema of their own.
#[must_use]
pub fn schema() -> Schema {
    let mut generator = SchemaSettings::draft07().into_generator();
    let files = [
        generator.subschema_for::<raw::Manifest>(),
        generator.subschema_for::<raw::Questions>(),
        generator.subschema_for::<raw::Criteria>(),
        generator.subschema_for::<raw::Scenarios>(),
        generator.subschema_for::<raw::Fit>(),
        generator.subschema_for::<raw::Application>(),
        generator.subschema_for::<raw::GoLive>(),
        generator.subschema_for::<raw::Contradictions>(),
        generator.subschema_for::<raw::Outcomes>(),
        generator.subschema_for::<raw::Glossary>(),
    ];
    let definitions = generator.take_definitions(true);
    json_schema!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A rule file",
        "anyOf": files,
        "definitions": definitions,
    })
}

impl JsonSchema for Word {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Word".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "\\S"})
    }
}

impl JsonSchema for Said {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let word = generator.subschema_for::<Word>();
        json_schema!({
            "description": "A text. As a mapping, `says` is what the source vouches for and `reading` is ours.",
            "anyOf": [
                word,
                {
                    "type": "object",
                    "properties": {"says": word, "reading": word, "reasoning": word},
                    "additionalProperties": false,
                    "anyOf": [{"required": ["says"]}, {"required": ["reading"]}],
                },
            ],
        })
    }
}

/// A text for each of some values.
pub(super) fn texts_by_value(generator: &mut SchemaGenerator) -> Schema {
    let word = generator.subschema_for::<Word>();
    json_schema!({"type": "object", "additionalProperties": word})
}

/// What is left where it stands is otherwise always a condition.
impl JsonSchema for At {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let condition = generator.subschema_for::<Self>();
        json_schema!({
            "description": "Each line is a question with its value or values, or `all`, `any` or `not`.",
            "type": "object",
            "minProperties": 1,
            "properties": {
                "all": {"type": "array", "items": condition, "minItems": 1},
                "any": {"type": "array", "items": condition, "minItems": 1},
                "not": condition,
            },
            "additionalProperties": {
                "anyOf": [
                    {"type": ["string", "boolean"]},
                    {"type": "array", "items": {"type": ["string", "boolean"]}, "minItems": 1},
                ],
            },
        })
    }
}
