//! `docs/page-map.md` says where each sentence of the page is told, and how each claim of ours is marked. It is held
//! against the rules, so that it stays true.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_yaml::Value;

/// What is made stands below this line.
const MARK: &str = "<!-- made by tests/page_map.rs -->\n";

fn path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A rule: what stands under one `source`.
struct Rule {
    id: String,
    page: String,
    published: bool,
    /// Our readings in it: the key of the text, and the text.
    readings: Vec<(String, String)>,
    /// The texts that people are told, for a rule that is ours altogether.
    texts: Vec<(String, String)>,
}

/// The rule files in the order in which people meet them.
const FILES: [&str; 10] = [
    "manifest",
    "questions",
    "criteria",
    "scenarios",
    "contradictions",
    "fit",
    "application",
    "go_live",
    "outcomes",
    "glossary",
];

fn rules() -> (Vec<Rule>, BTreeSet<String>) {
    let (mut rules, mut ids) = (Vec::new(), BTreeSet::new());
    for file in FILES {
        let text = std::fs::read_to_string(path(&format!("rules/{file}.yaml"))).unwrap();
        walk(&serde_yaml::from_str(&text).unwrap(), file, &mut rules, &mut ids);
    }
    (rules, ids)
}

fn walk(value: &Value, key: &str, rules: &mut Vec<Rule>, ids: &mut BTreeSet<String>) {
    for item in value.as_sequence().into_iter().flatten() {
        walk(item, key, rules, ids);
    }
    let Value::Mapping(entries) = value else { return };
    let id = value.get("id").map_or(key, |id| id.as_str().unwrap());
    ids.insert(id.to_owned());
    // A rule has its source beside it. The manifest and what is under an outcome have none, and may have readings.
    let source = value.get("source").and_then(|source| source.get("page")).and_then(Value::as_str);
    let own = |key: &Value| !matches!(key.as_str(), Some("next_steps" | "facts" | "sources"));
    let bare = key == "manifest" || value.get("next_steps").is_some();
    if source.is_some() || bare {
        let mut rule = Rule {
            id: id.to_owned(),
            page: source.unwrap_or("apply").to_owned(),
            published: bare || value.get("basis").and_then(Value::as_str) == Some("published"),
            readings: Vec::new(),
            texts: Vec::new(),
        };
        for (key, entry) in entries.iter().filter(|(key, _)| own(key)) {
            texts(entry, key.as_str().unwrap(), &mut rule);
        }
        if !bare {
            rules.push(rule);
            return;
        }
        if !rule.readings.is_empty() {
            rules.push(rule);
        }
    }
    for (key, entry) in entries {
        walk(entry, key.as_str().unwrap_or_default(), rules, ids);
    }
}

/// Our readings under a key, and what people are told under it. An option or a status names what is under it.
fn texts(value: &Value, key: &str, rule: &mut Rule) {
    match value {
        Value::Mapping(entries) => {
            let named = value.get("value").and_then(Value::as_str);
            let key = named.map_or_else(|| key.to_owned(), |value| format!("{key} {value}"));
            for (inner, entry) in entries {
                match inner.as_str().unwrap_or_default() {
                    "reading" => rule.readings.push((key.clone(), entry.as_str().unwrap().to_owned())),
                    "reasoning" | "source" => {}
                    inner @ ("hint" | "more" | "met" | "to_discuss" | "not_met" | "unknown") => {
                        texts(entry, &format!("{key} {inner}"), rule);
                    }
                    _ => texts(entry, &key, rule),
                }
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| texts(item, key, rule)),
        Value::String(text) if ["says", "meaning"].contains(&key) => rule.texts.push((key.to_owned(), text.clone())),
        _ => {}
    }
}

/// The ids in backticks of a text.
fn named(text: &str) -> Vec<&str> {
    let ids = text.split('`').skip(1).step_by(2);
    ids.filter(|id| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')).collect()
}

/// The table of what is ours.
fn made() -> String {
    let mut table = "\n| rule | text | our claim | how it is marked |\n|---|---|---|---|\n".to_owned();
    let titles = sources();
    let mut row = |rule: &Rule, text: &str, claim: &str, mark: &str| {
        let claim = claim.replace('|', "\\|");
        writeln!(table, "| `{}` | {text} | {claim} | {mark} |", rule.id).unwrap();
    };
    for rule in rules().0 {
        for (text, claim) in &rule.readings {
            row(&rule, text, claim, "\"Our reading\"");
        }
        let title = &titles[rule.page.as_str()];
        for (text, claim) in rule.texts.iter().filter(|_| !rule.published) {
            row(&rule, text, claim, &format!("our interpretation of \"{title}\""));
        }
        for (text, claim) in rule.texts.iter().filter(|_| rule.published && rule.page != "apply") {
            row(&rule, text, claim, &format!("cites \"{title}\""));
        }
    }
    table
}

/// The titles of the sources by id.
fn sources() -> BTreeMap<String, String> {
    let manifest: Value = serde_yaml::from_str(&std::fs::read_to_string(path("rules/manifest.yaml")).unwrap()).unwrap();
    let word = |source: &Value, key: &str| source[key].as_str().unwrap().to_owned();
    let sources = manifest["sources"].as_sequence().unwrap();
    sources.iter().map(|source| (word(source, "id"), word(source, "title"))).collect()
}

#[test]
fn the_table_of_what_is_ours_is_made_from_the_rules() {
    let page = std::fs::read_to_string(path("docs/page-map.md")).unwrap();
    let (kept, found) = page.split_once(MARK).unwrap();
    let made = made();
    if std::env::var_os("PAGE_MAP").is_some_and(|word| word == "write") {
        std::fs::write(path("docs/page-map.md"), format!("{kept}{MARK}{made}")).unwrap();
        return;
    }
    let row = found.lines().zip(made.lines()).find(|(found, made)| found != made);
    assert!(found == made, "the first row that differs: {row:?}\nrun PAGE_MAP=write cargo test --test page_map");
}

#[test]
fn every_id_on_the_page_map_exists() {
    let page = std::fs::read_to_string(path("docs/page-map.md")).unwrap();
    let ids = rules().1;
    let table = page.split(MARK).next().unwrap();
    let keys = ["reading", "interpretation", "explain"];
    for id in named(table) {
        assert!(ids.contains(id) || keys.contains(&id), "`{id}` is no rule");
    }
    assert!(table.lines().filter(|line| line.starts_with("| ")).count() > 50, "the page has more sentences");
}

#[test]
fn every_rule_that_cites_the_page_is_on_the_page_map() {
    let page = std::fs::read_to_string(path("docs/page-map.md")).unwrap();
    let named: BTreeSet<&str> = named(page.split(MARK).next().unwrap()).into_iter().collect();
    let rules = rules().0;
    let citing = rules.iter().filter(|rule| rule.page == "apply");
    let absent: Vec<&str> = citing.map(|rule| rule.id.as_str()).filter(|id| !named.contains(id)).collect();
    assert_eq!(absent, [] as [&str; 0]);
}
