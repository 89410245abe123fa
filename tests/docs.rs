//! The page about rules says of every key what the schema says of it, and shows rules that are sound.

mod support;

use std::fmt::Write as _;
use std::fs;

use eligibility::rulebook::FILES;
use serde_json::{Map, Value};
use support::run;

/// What the schema says of the keys of rule files, as tables: those of each file, and then of what several have.
fn keys(schema: &Value) -> String {
    let mut page = Page { schema, out: String::new(), told: Vec::new() };
    let files = FILES.iter().zip(schema["oneOf"].as_array().expect("a shape for each file"));
    for (file, shape) in files {
        let _ = write!(page.out, "### {file}\n\n");
        let properties = shape["properties"].as_object().expect("the keys of the file");
        let own: Map<String, Value> =
            properties.keys().map(|key| (key.clone(), schema["properties"][key].clone())).collect();
        page.table(&own, &shape["required"]);
    }
    page.out.push_str("### In several files\n\n");
    for name in ["Citation", "Says", "Short", "Note", "Text"] {
        page.definition(name);
    }
    page.out.trim_end().to_owned()
}

struct Page<'s> {
    schema: &'s Value,
    out: String,
    /// The definitions that have been told, or are told in the end.
    told: Vec<String>,
}

impl Page<'_> {
    /// A table of keys, and then one for each kind of thing that they hold.
    fn table(&mut self, properties: &Map<String, Value>, required: &Value) {
        self.out.push_str("| key | | |\n|---|---|---|\n");
        let mut inner = Vec::new();
        for (key, value) in properties {
            let needed = required.as_array().is_some_and(|keys| keys.iter().any(|known| known == key));
            let about = value["description"].as_str().unwrap_or_default().replace('\n', " ");
            let words = value["enum"].as_array().or_else(|| value["items"]["enum"].as_array());
            let words: Vec<String> = words
                .into_iter()
                .flatten()
                .map(|word| format!("`{}`", word.as_str().map_or_else(|| word.to_string(), str::to_owned)))
                .collect();
            // Some say their words themselves.
            let listed = words.is_empty() || words.iter().all(|word| about.contains(word.as_str()));
            let words = if listed { String::new() } else { format!(" One of {}.", words.join(", ")) };
            let _ = writeln!(self.out, "| `{key}` | {} | {about}{words} |", if needed { "needed" } else { "" });
            inner.extend(references(value));
        }
        self.out.push('\n');
        for name in inner {
            let common = ["Citation", "Says", "Short", "Note", "Text", "Condition", "When", "PageId", "QuestionId"];
            if !common.contains(&name.as_str()) && !self.told.contains(&name) {
                self.definition(&name);
            }
        }
    }

    fn definition(&mut self, name: &str) {
        self.told.push(name.to_owned());
        let found = &self.schema["definitions"][name];
        let about =
            found["description"].as_str().map_or_else(String::new, |about| format!(": {}", about.replace('\n', " ")));
        let _ = write!(self.out, "**{name}**{about}\n\n");
        // A text is a string, or a mapping.
        let shape = found["anyOf"].as_array().and_then(|forms| forms.iter().find(|form| form["type"] == "object"));
        let shape = shape.unwrap_or(found);
        self.table(shape["properties"].as_object().expect("keys"), &shape["required"]);
    }
}

/// The definitions that a value refers to.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(entries) => {
            let own = entries.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
            let inner = entries.values().flat_map(references);
            own.map(str::to_owned).into_iter().chain(inner).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// What the schema says of a case.
fn cases(schema: &Value) -> String {
    let case = &schema["properties"]["cases"]["items"];
    let mut out = String::from("| key | | |\n|---|---|---|\n");
    for (key, value) in case["properties"].as_object().expect("the keys of a case") {
        let needed = case["required"].as_array().is_some_and(|keys| keys.iter().any(|known| known == key));
        let about = value["description"].as_str().unwrap_or_default();
        let _ = writeln!(out, "| `{key}` | {} | {about} |", if needed { "needed" } else { "" });
    }
    out.push_str("\n**expect**\n\n| key | |\n|---|---|\n");
    for (key, value) in case["properties"]["expect"]["properties"].as_object().expect("what can be expected") {
        let about = value["description"].as_str().unwrap_or_default();
        let _ = writeln!(out, "| `{key}` | {about} |");
    }
    out.trim_end().to_owned()
}

fn example() -> String {
    let file = |name: &str| {
        let path = support::crate_path("tests/packs/bike_check").join(name);
        format!("```yaml\n{}```", fs::read_to_string(path).expect("a rule file"))
    };
    ["manifest.yaml", "questions.yaml", "criteria.yaml", "outcomes.yaml"].map(file).join("\n\n")
}

fn schema(subject: &str) -> Value {
    serde_json::from_str(&run(&["schema", subject], "").out).expect("a schema is JSON")
}

/// Puts a part of the page between its marks.
fn with(page: &str, mark: &str, part: &str) -> String {
    let (open, close) = (format!("<!-- {mark} -->\n"), format!("<!-- end of {mark} -->"));
    let (before, rest) = page.split_once(&open).expect("the mark");
    let (_, after) = rest.split_once(&close).expect("the mark");
    format!("{before}{open}\n{part}\n\n{close}{after}")
}

/// With `INSTA_UPDATE=always`, as for any other snapshot, the page is written again.
#[test]
fn the_page_about_rules_says_of_every_key_what_the_schema_says() {
    let path = support::crate_path("docs/rules.md");
    let page = fs::read_to_string(&path).expect("the page");
    let parts = [("example", example()), ("keys", keys(&schema("rules"))), ("cases", cases(&schema("cases")))];
    let wanted = parts.iter().fold(page.clone(), |page, (mark, part)| with(&page, mark, part));
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, &wanted).expect("the page is written");
        return;
    }
    assert_eq!(page, wanted, "run this test once with INSTA_UPDATE=always");
}

#[test]
fn every_key_of_the_schema_says_what_it_is_for() {
    fn silent(schema: &Value, at: &str, found: &mut Vec<String>) {
        let Value::Object(entries) = schema else { return };
        for (key, value) in entries {
            if key == "properties" {
                for (name, property) in value.as_object().into_iter().flatten() {
                    let told = property["description"].as_str().is_some_and(|about| !about.is_empty());
                    if !told && *property != Value::Bool(true) {
                        found.push(format!("{at}.{name}"));
                    }
                }
            }
            // What only narrows the others has been told with them.
            if !["if", "then", "oneOf", "anyOf", "not"].contains(&key.as_str()) {
                silent(value, key, found);
            }
        }
    }
    let mut found = Vec::new();
    silent(&schema("rules"), "", &mut found);
    assert_eq!(found, [] as [String; 0]);
}
