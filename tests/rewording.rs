//! Every key that a rule file can have, by the schema of rule files, is changed, taken away and put back in a copy of a
//! pack that has them all, and a difference has a line for it with what it said and what it says.

mod support;

use std::collections::BTreeSet;

use eligibility::prove::{Edited, KeyChange, RuleChange, difference, rewording};
use eligibility::rulebook::{self, FILES, RuleFiles, Rulebook};
use serde_json::{Map, Value, json};
use support::{run, sound};

const PACK: &str = "tests/packs/every_key";

/// What no change of one key alone can show, with the reason why not.
const NOT_TRIED: [(&str, &str, &str); 5] = [
    ("Manifest.format", "changed", "it tells how the files are written, and there is one format"),
    ("Criterion.decided_by", "changed", "`scenarios` is the only word it takes"),
    ("Scenario.otherwise", "changed", "`true` is the only value it takes"),
    ("Scenario.otherwise", "taken away", "a scenario has this or `when`"),
    ("Scenario.when", "taken away", "a scenario has this or `otherwise`"),
];

/// Keys that only go together.
const TOGETHER: [(&str, &[&str]); 2] =
    [("Option.reads_as", &["turns_out", "says", "short"]), ("Option.says", &["reads_as", "turns_out", "short"])];

/// What decides a criterion: one has it from the scenarios, so that two criteria change places.
const DECIDES: [&str; 5] = ["met_when", "discuss_when", "otherwise", "decided_by", "words_met_when"];

/// Rule files as data, each under its name.
type Pack = Map<String, Value>;

fn pack() -> Pack {
    let files = support::folder(PACK);
    let parsed = |bytes: &[u8]| serde_yaml::from_slice(bytes).expect("YAML");
    files.files.iter().map(|(name, bytes)| (name.clone(), parsed(bytes))).collect()
}

fn read(pack: &Pack) -> Option<Rulebook> {
    let files = pack.iter().map(|(name, value)| (name.clone(), value.to_string().into_bytes().into()));
    rulebook::read(&RuleFiles { folder: PACK.to_owned(), files: files.collect(), ..RuleFiles::default() }).0
}

/// A key that a rule file can have.
#[derive(Clone, Debug)]
struct Key {
    /// What it belongs to and what it is called: `Criterion.met_when`.
    name: String,
    /// What it takes.
    schema: Value,
    optional: bool,
}

impl Key {
    fn own_name(&self) -> &str {
        self.name.split_once('.').expect("a name of two parts").1
    }
}

/// A key where it stands: its file, and the steps to what holds it.
#[derive(Clone, Debug)]
struct Spot {
    key: Key,
    file: String,
    holder: String,
}

impl Spot {
    /// What a difference calls it: of a text that is taken apart, what the source says stands under the key of the text.
    fn said_as(&self) -> &str {
        match self.key.name.as_str() {
            "Text.says" => self.holder.rsplit('/').next().unwrap_or_default(),
            _ => self.key.own_name(),
        }
    }

    fn holder<'p>(&self, pack: &'p mut Pack) -> &'p mut Map<String, Value> {
        let holder = pack[&self.file].pointer_mut(&self.holder).and_then(Value::as_object_mut);
        holder.expect("what was found there")
    }

    fn value<'p>(&self, pack: &'p Pack) -> &'p Value {
        &pack[&self.file].pointer(&self.holder).expect("what was found there")[self.key.own_name()]
    }
}

struct Schema {
    whole: Value,
}

impl Schema {
    /// What a schema says itself, behind references and beside null.
    fn resolved<'s>(&'s self, schema: &'s Value) -> (&'s str, &'s Value) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/definitions/")) {
            return (name, &self.whole["definitions"][name]);
        }
        // A reference with words of its own stands by itself in a list.
        if let Some(form) = schema["allOf"].as_array().and_then(|forms| forms.first()) {
            return self.resolved(form);
        }
        match schema["anyOf"].as_array().and_then(|forms| forms.iter().find(|form| form.get("$ref").is_some())) {
            Some(form) => self.resolved(form),
            None => ("", schema),
        }
    }

    /// The keys of what has a name in the schema. Those of a condition are not keys of a rule, but its value.
    fn keys(&self, name: &str) -> Vec<Key> {
        let schema = &self.whole["definitions"][name];
        let object = match schema["anyOf"].as_array() {
            Some(forms) => forms.iter().find(|form| form.get("properties").is_some()).unwrap_or(schema),
            None => schema,
        };
        let Some(properties) = object["properties"].as_object().filter(|_| !["Condition", "When"].contains(&name))
        else {
            return Vec::new();
        };
        let needed = |key: &String| object["required"].as_array().is_some_and(|all| all.contains(&json!(key)));
        let key = |(key, schema): (&String, &Value)| Key {
            name: format!("{name}.{key}"),
            schema: schema.clone(),
            optional: !needed(key),
        };
        properties.iter().map(key).collect()
    }

    fn all_keys(&self) -> Vec<Key> {
        let names = self.whole["definitions"].as_object().expect("definitions").keys();
        names.flat_map(|name| self.keys(name)).collect()
    }

    /// Every key that stands in a value.
    fn spots(&self, file: &str, schema: &Value, value: &Value, at: &str, found: &mut Vec<Spot>) {
        let (name, schema) = self.resolved(schema);
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.spots(file, &schema["items"], item, &format!("{at}/{index}"), found);
                }
            }
            Value::Object(entries) => {
                for key in self.keys(name) {
                    if let Some(value) = entries.get(key.own_name()) {
                        self.spots(file, &key.schema, value, &format!("{at}/{}", key.own_name()), found);
                        found.push(Spot { key, file: file.to_owned(), holder: at.to_owned() });
                    }
                }
            }
            _ => {}
        }
    }
}

/// Other values to try for one key, of which the rules will take some.
fn other_values(value: &Value, key: &Key) -> Vec<Value> {
    let listed = key.schema["enum"].as_array().cloned().unwrap_or_default();
    let others = match value {
        Value::String(word) if listed.is_empty() => {
            vec![json!(format!("{word}x")), json!("letter"), json!("met"), json!("to_discuss")]
        }
        Value::String(_) => listed,
        Value::Bool(flag) => vec![json!(!flag)],
        Value::Number(number) => vec![json!(number.as_u64().expect("a small number") + 1)],
        // Yes stands before no, however they are written.
        Value::Array(items) if id_of(&items[0]).is_some_and(|id| id == "yes") => Vec::new(),
        // Rules in another order, and words more or fewer.
        Value::Array(items) if items.iter().all(|item| id_of(item).is_some()) => {
            let moved = (1..items.len()).map(|index| {
                let mut moved = items.clone();
                moved.swap(index - 1, index);
                json!(moved)
            });
            moved.collect()
        }
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let more = [items.as_slice(), &[json!("garden_chemicals")]].concat();
            let fewer = items[..items.len() - 1].to_vec();
            [more, fewer].into_iter().filter(|list| !list.is_empty()).map(Value::from).collect()
        }
        Value::Object(entries) if is_condition(key) => {
            vec![json!({"not": entries}), json!({"any": [entries, {"open_to_neighbours": "yes"}]})]
        }
        Value::Array(_) | Value::Object(_) | Value::Null => Vec::new(),
    };
    others.into_iter().filter(|other| other != value).collect()
}

fn is_condition(key: &Key) -> bool {
    key.own_name() == "when" || key.own_name().ends_with("_when")
}

/// Every other version of the rules in which a key, where it stands, has another value.
fn changed(pack: &Pack, spot: &Spot) -> Vec<(Pack, Value)> {
    let value = spot.value(pack);
    let others = other_values(value, &spot.key).into_iter().map(|other| {
        let mut new = pack.clone();
        if let ("id" | "value", Some(old), Some(id)) = (spot.key.own_name(), value.as_str(), other.as_str()) {
            // What is called something else is called so wherever it is named.
            new = pack.iter().map(|(file, value)| (file.clone(), renamed(value, old, id))).collect();
        } else {
            spot.holder(&mut new).insert(spot.key.own_name().to_owned(), other.clone());
        }
        (new, other)
    });
    others.collect()
}

fn renamed(value: &Value, old: &str, new: &str) -> Value {
    let id = |word: &str| if word == old { new.to_owned() } else { word.to_owned() };
    match value {
        Value::String(word) => json!(id(word)),
        Value::Array(items) => items.iter().map(|item| renamed(item, old, new)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (id(key), renamed(value, old, new))).collect::<Map<_, _>>().into()
        }
        _ => value.clone(),
    }
}

/// The rules without a key, and without what only goes with it.
fn without(pack: &Pack, spot: &Spot) -> Pack {
    let mut new = pack.clone();
    let key = spot.key.own_name();
    if spot.key.name.starts_with("Criterion.") && ["met_when", "otherwise", "decided_by"].contains(&key) {
        let criteria = new["criteria.yaml"]["criteria"].as_array_mut().expect("criteria");
        let [first, .., last] = criteria.as_mut_slice() else { panic!("several criteria") };
        let decides = [first, last].map(|criterion| {
            let criterion = criterion.as_object_mut().expect("a criterion");
            let taken = DECIDES.iter().filter_map(|key| criterion.remove_entry(*key)).collect::<Vec<_>>();
            (criterion, taken)
        });
        let [(first, of_first), (last, of_last)] = decides;
        first.extend(of_last);
        last.extend(of_first);
    } else {
        let holder = spot.holder(&mut new);
        holder.remove(key);
        let together = TOGETHER.iter().find(|(name, _)| *name == spot.key.name);
        for key in together.map_or(&[][..], |(_, keys)| *keys) {
            holder.remove(*key);
        }
    }
    new
}

/// What a difference has to say of a value, each with the key it stands under: the words that a person reads, or nothing
/// where a condition says something.
fn words(key: &str, value: &Value) -> Vec<(String, Option<String>)> {
    let one = |words: String| vec![(key.to_owned(), Some(words))];
    match value {
        Value::String(word) => one(word.trim_end().to_owned()),
        Value::Bool(flag) => one(flag.to_string()),
        Value::Number(number) => one(number.to_string()),
        Value::Null => Vec::new(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            one(items.iter().map(|item| item.as_str().expect("a word")).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => items.iter().flat_map(|item| words(key, item)).collect(),
        Value::Object(_) if key == "when" || key.ends_with("_when") => vec![(key.to_owned(), None)],
        Value::Object(entries) => {
            let taken_apart = entries.keys().all(|key| ["says", "reading", "reasoning"].contains(&key.as_str()));
            let inner = entries.iter().filter(|(key, _)| !["id", "value"].contains(&key.as_str()));
            inner
                .flat_map(|(inner, value)| words(if taken_apart && inner == "says" { key } else { inner }, value))
                .collect()
        }
    }
}

fn is_under(change: &KeyChange, key: &str) -> bool {
    change.key.split('.').any(|part| part == key)
}

fn all_keys(found: &[RuleChange]) -> Vec<&KeyChange> {
    found.iter().flat_map(|rule| &rule.keys).collect()
}

/// What a difference lacks where a key had one value and has another.
fn lacks_changed(found: &[RuleChange], spot: &Spot, old: &Value, new: &Value) -> Option<String> {
    let key = spot.said_as();
    if let ("id" | "value", Some(was), Some(is)) = (key, old.as_str(), new.as_str()) {
        let is_called = |rule: &RuleChange, change, id: &str| {
            rule.change == change && (rule.id == id || rule.id.ends_with(&format!(".{id}")))
        };
        let told = found.iter().any(|rule| is_called(rule, Edited::Removed, was))
            && found.iter().any(|rule| is_called(rule, Edited::Added, is));
        if told {
            return None;
        }
    }
    let ids = |value: &Value| value.as_array()?.iter().map(id_of).collect::<Option<Vec<_>>>();
    let said = |value: &Value| ids(value).map(|ids| ids.join(", ")).or_else(|| words(key, value).pop()?.1);
    let told = all_keys(found).into_iter().any(|change| {
        is_under(change, key)
            && change.old.is_some()
            && change.new.is_some()
            && said(old).is_none_or(|old| change.old == Some(old))
            && said(new).is_none_or(|new| change.new == Some(new))
    });
    (!told).then(|| format!("{} from {old} to {new}: {found:?}", spot.key.name))
}

fn id_of(item: &Value) -> Option<String> {
    [item.get("id"), item.get("value")].into_iter().flatten().find_map(|id| id.as_str().map(str::to_owned))
}

/// What a difference lacks where a value is gone or, the other way round, new.
fn lacks_gone(found: &[RuleChange], spot: &Spot, value: &Value, is_new: bool) -> Option<String> {
    let (keys, name) = (all_keys(found), &spot.key.name);
    let lacking = words(spot.said_as(), value).into_iter().find(|(key, words)| {
        !keys.iter().any(|change| {
            let (with, without) = if is_new { (&change.new, &change.old) } else { (&change.old, &change.new) };
            let said = words.as_ref().is_none_or(|words| with.as_ref() == Some(words));
            is_under(change, key) && with.is_some() && said && with != without
        })
    });
    lacking.map(|lacking| format!("{name}: {lacking:?} is not in {found:?}"))
}

/// The schema with what each file holds under a name of its own.
fn by_file(mut schema: Value) -> Value {
    let files: Vec<Value> = schema["oneOf"].as_array().expect("a shape for each file").clone();
    let mut all = Vec::new();
    for (file, mut shape) in FILES.iter().zip(files) {
        let keys: Vec<String> = shape["properties"].as_object().expect("keys").keys().cloned().collect();
        for key in keys {
            shape["properties"][&key] = schema["properties"][&key].clone();
        }
        let name = match file.split('.').next().unwrap_or_default() {
            "manifest" => "Manifest".to_owned(),
            other => format!("File {other}"),
        };
        schema["definitions"][&name] = shape;
        all.push(json!({"$ref": format!("#/definitions/{name}")}));
    }
    schema["anyOf"] = all.into();
    schema
}

#[test]
fn a_difference_has_a_line_for_every_key_that_is_changed_taken_away_or_added() {
    let pack = pack();
    let old = read(&pack).expect("the pack can be read");
    let schema = Schema { whole: by_file(rulebook::schema(&old)) };
    let mut spots = Vec::new();
    for (file, schema_of) in FILES.iter().zip(schema.whole["anyOf"].as_array().expect("a schema for each file")) {
        schema.spots(file, schema_of, &pack[*file], "", &mut spots);
    }
    let mut wrong: Vec<String> = Vec::new();
    let mut used = BTreeSet::new();
    let mut lacks = |key: &Key, what: &str| {
        let excused = NOT_TRIED.iter().find(|(name, how, _)| *name == key.name && *how == what);
        used.extend(excused.map(|excuse| excuse.0));
        excused.is_none()
    };
    for key in schema.all_keys() {
        let here: Vec<&Spot> = spots.iter().filter(|spot| spot.key.name == key.name).collect();
        let (mut changes, mut removals) = (0, 0);
        for spot in &here {
            let new = changed(&pack, spot).into_iter().find_map(|(new, value)| Some((read(&new)?, value)));
            if let Some((new, value)) = new {
                changes += 1;
                wrong.extend(lacks_changed(&rewording(&old, &new), spot, spot.value(&pack), &value));
            }
            let Some(new) = Some(without(&pack, spot)).filter(|_| key.optional).and_then(|new| read(&new)) else {
                continue;
            };
            removals += 1;
            wrong.extend(lacks_gone(&rewording(&old, &new), spot, spot.value(&pack), false));
            wrong.extend(lacks_gone(&rewording(&new, &old), spot, spot.value(&pack), true));
        }
        // What holds other keys is changed by changing those.
        let holds_keys = here.first().is_some_and(|spot| match spot.value(&pack) {
            Value::Object(_) => !is_condition(&key),
            Value::Array(items) => items[0].is_object() && id_of(&items[0]).is_none(),
            _ => false,
        });
        if changes == 0 && !holds_keys && lacks(&key, "changed") {
            wrong.push(format!("{} is never changed", key.name));
        }
        if removals == 0 && key.optional && lacks(&key, "taken away") {
            wrong.push(format!("{} is never taken away", key.name));
        }
    }
    let unused: Vec<&str> = NOT_TRIED.iter().map(|(name, ..)| *name).filter(|name| !used.contains(name)).collect();
    assert!(wrong.is_empty(), "{} lack:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(unused, [] as [&str; 0], "these can be tried");
}

/// A pack in which each of so many options of one question has a scenario of its own.
fn scenarios(count: usize, prefix: &str) -> Rulebook {
    let mut pack = pack();
    let source = json!({"page": "guide", "section": "Who can join", "item": "rule 3"});
    let each = |one: &dyn Fn(usize) -> Value| (0..count).map(one).collect::<Value>();
    let questions = pack["questions.yaml"]["questions"].as_array_mut().expect("questions");
    let land = questions.iter_mut().find(|question| question["id"] == "land_held_by").expect("the question");
    land["options"] = each(&|index| json!({"value": format!("way_{index}"), "label": format!("Way {index}")}));
    for question in questions {
        question.as_object_mut().expect("a question").remove("ask_when");
    }
    pack["criteria.yaml"]["criteria"][2].as_object_mut().expect("a criterion").remove("words_met_when");
    pack["contradictions.yaml"]["contradictions"] = json!([]);
    pack["outcomes.yaml"]["facts"] = json!([]);
    pack["scenarios.yaml"]["scenarios"] = each(&|index| {
        json!({
            "id": format!("{prefix}_{index}"), "title": format!("Way {index}"), "when": {"land_held_by": format!("way_{index}")},
            "criterion": "met", "says": "It is held.", "source": source, "basis": "published",
        })
    });
    read(&pack).expect("rules that can be read")
}

#[test]
fn sixty_one_scenarios_that_all_have_other_names_are_all_told() {
    let found = rewording(&scenarios(61, "case"), &scenarios(61, "way_of_life"));
    let named = |change, prefix: &str| -> Vec<(Edited, String)> {
        (0..61).map(|index| (change, format!("{prefix}_{index}"))).collect()
    };
    let told: Vec<(Edited, String)> = found.into_iter().map(|rule| (rule.change, rule.id)).collect();
    assert_eq!(told, [named(Edited::Added, "way_of_life"), named(Edited::Removed, "case")].concat());
}

#[test]
fn only_where_nothing_differs_nothing_changes() {
    let files = support::folder(PACK);
    let [old, new] = [sound(&files), sound(&files)];
    assert!(difference(&old, &new).is_empty());
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in &files.files {
        let text =
            std::str::from_utf8(bytes).expect("text").replace("version: 0.1.0\nsummary", "version: 0.2.0\nsummary");
        std::fs::write(folder.path().join(name), text).expect("a file is written");
    }
    let same = run(&["rules", "diff", PACK, PACK], "");
    let told = compared("0.1.0", PACK, "Nothing changes.\n");
    assert_eq!((same.code, said(&same.out)), (0, said(&told)));
    let other = folder.path().to_str().expect("UTF-8");
    let ran = run(&["rules", "diff", PACK, other], "");
    let told = "The same answers lead to the same results.\n\nWhat the rules say\nmanifest: 1 changed.\n\
                manifest: changed\n  - version: 0.1.0 → 0.2.0\n";
    assert_eq!((ran.code, said(&ran.out)), (3, said(&compared("0.2.0", other, told))));
}

/// What a comparison of the pack with another version says.
fn compared(version: &str, folder: &str, told: &str) -> String {
    format!("Compared: green_plots 0.1.0 ({PACK}) with green_plots {version} ({folder}).\n{told}")
}

/// Words, however they are laid out in lines.
fn said(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text that became our reading, and a reason that now stands beside another text, are one change each; every key that
/// differs still has its line.
#[test]
fn what_only_moved_is_one_change_and_no_key_is_left_out() {
    let (old, problems) = rulebook::read(&support::folder("tests/packs/nhs_login_1"));
    let (old, new) = (old.unwrap_or_else(|| panic!("{}", support::listed(&problems))), support::builtin());
    let difference = difference(&old, &new);
    let told = run(&["rules", "diff", "tests/packs/nhs_login_1", "rules"], "").out;
    assert!(said(&told).contains("- hint → hint.reading: Known as P0. "), "{told}");
    for rule in difference.rules.iter().filter(|rule| rule.change == Edited::Changed) {
        // There is one manifest, which needs no name.
        let head = format!("{} {}: changed", rule.kind.words(), rule.id).replace("manifest manifest", "manifest");
        let lines = told.lines().skip_while(|line| *line != head).skip(1).take_while(|line| line.starts_with("  "));
        let block = lines.collect::<Vec<_>>().join(" ");
        assert!(!block.is_empty(), "{head}");
        for KeyChange { key, .. } in &rule.keys {
            let ways = [format!("- {key}:"), format!("- {key}, "), format!("- {key} → "), format!(" → {key}: ")];
            assert!(ways.iter().any(|way| said(&block).contains(way.trim_end())), "{head} has no line for {key}");
        }
    }
}
