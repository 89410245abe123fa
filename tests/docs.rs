//! The page about rules names every key that a rule file can have.

use std::collections::BTreeSet;
use std::process::Command;

/// Every property named anywhere in a schema.
fn properties(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                if let ("properties", Some(properties)) = (key.as_str(), value.as_object()) {
                    found.extend(properties.keys().cloned());
                }
                properties(value, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| properties(item, found)),
        _ => {}
    }
}

#[test]
fn the_page_about_rules_names_every_key() {
    let output = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"))
        .args(["schema", "rules"])
        .output()
        .expect("the program runs");
    let schema = serde_json::from_slice(&output.stdout).expect("a schema is JSON");
    let mut keys = BTreeSet::new();
    properties(&schema, &mut keys);
    assert!(keys.contains("met_when"), "the schema names the keys of rules");
    let page = include_str!("../docs/rules.md");
    let named = |key: &&String| !page.contains(&format!("{key}:")) && !page.contains(&format!("`{key}`"));
    let unnamed: Vec<&String> = keys.iter().filter(named).collect();
    assert_eq!(unnamed, [] as [&String; 0]);
}
