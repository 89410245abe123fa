//! The words and texts that rule files are made of, and how editors are told of them.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;

use crate::yaml::{At, Mistakes};

/// The most characters of a text that has a row of a report to itself.
pub(in crate::rulebook) const MAX_SHORT: usize = 75;

/// A word with its place.
#[derive(Clone, Debug, Default)]
pub(in crate::rulebook) struct Word {
    pub(in crate::rulebook) text: String,
    pub(in crate::rulebook) at: At,
}

impl Deserr<Mistakes> for Word {
    fn deserialize_from_value<V: IntoValue>(
        value: deserr::Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Mistakes> {
        let at = At::deserialize_from_value::<V>(deserr::Value::Null, location)?;
        let text = String::deserialize_from_value(value, location)?;
        Ok(Self { text, at })
    }
}

/// A text, or a mapping that keeps what the source says apart from our reading of it. Read where it stands.
#[derive(Clone, Debug, Default)]
pub(in crate::rulebook) struct Said(pub(in crate::rulebook) At);

impl Deserr<Mistakes> for Said {
    fn deserialize_from_value<V: IntoValue>(
        value: deserr::Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Mistakes> {
        At::deserialize_from_value(value, location).map(Self)
    }
}

fn reference(name: &str) -> Schema {
    json_schema!({"$ref": format!("#/definitions/{name}")})
}

/// A condition over answers.
pub(super) fn condition(_: &mut SchemaGenerator) -> Schema {
    reference("Condition")
}

/// A condition that may test results.
pub(super) fn when(_: &mut SchemaGenerator) -> Schema {
    reference("When")
}

/// The id of a source.
pub(super) fn page_id(_: &mut SchemaGenerator) -> Schema {
    reference("PageId")
}

/// Ids of questions.
pub(super) fn question_ids(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "array", "items": {"$ref": "#/definitions/QuestionId"}, "minItems": 1})
}

/// The id of what it stands in.
pub(super) fn id(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})
}

/// A text for each of some values.
pub(super) fn texts_by_value(generator: &mut SchemaGenerator) -> Schema {
    let word = generator.subschema_for::<Word>();
    json_schema!({"type": "object", "additionalProperties": word})
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
        let part = |about: &str| {
            let mut part = word.clone();
            part.insert("description".to_owned(), about.into());
            part
        };
        let [says, reading, reasoning] = [
            "What the source vouches for.",
            "What we read into it, which every report marks as ours.",
            "Why we read it so.",
        ]
        .map(part);
        let needs = |key: &str| json!({"type": "object", "properties": {key: true}, "required": [key]});
        json_schema!({
            "anyOf": [
                word,
                {
                    "type": "object",
                    "properties": {"says": says, "reading": reading, "reasoning": reasoning},
                    "additionalProperties": false,
                    "anyOf": [needs("says"), needs("reading")],
                },
            ],
        })
    }
}

/// What is left where it stands has a schema of its own wherever it is used.
impl JsonSchema for At {
    fn schema_name() -> Cow<'static, str> {
        "Anything".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}
