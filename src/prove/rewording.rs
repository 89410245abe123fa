//! How the wording of two versions of the rules differs, key by key, whether or not it has an effect.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::named::named;
use crate::rulebook::{Part, PartValue, Rule, RuleKind, Rulebook};

named! {
    /// What became of a rule.
    pub enum Edited {
        /// It is new.
        Added = "added",
        /// It is gone.
        Removed = "removed",
        /// It says something else.
        Changed = "changed",
    }
}

#[derive(Debug, PartialEq, Eq)]
pub struct RuleChange {
    pub kind: RuleKind,
    pub id: String,
    pub change: Edited,
    /// The keys that differ: all of them if the rule was added or removed.
    pub keys: Vec<KeyChange>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// The path of the key in the rule.
    pub key: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// Every rule that differs, in the order of the new rules, removed ones last.
pub fn rewording(old: &Rulebook, new: &Rulebook) -> Vec<RuleChange> {
    let (before, after) = (by_id(old), by_id(new));
    let mut all = Vec::new();
    for rule in new.rules() {
        let (change, keys) = match before.get(&(rule.kind(), rule.id())) {
            None => (Edited::Added, differing(&[], &key_texts(new, rule, None))),
            Some(was) => {
                let old_texts = key_texts(old, *was, Some(&rule.parts()));
                (Edited::Changed, differing(&old_texts, &key_texts(new, rule, Some(&was.parts()))))
            }
        };
        if change == Edited::Added || !keys.is_empty() {
            all.push(RuleChange { kind: rule.kind(), id: rule.id().into_owned(), change, keys });
        }
    }
    for rule in old.rules().into_iter().filter(|rule| !after.contains_key(&(rule.kind(), rule.id()))) {
        let keys = differing(&key_texts(old, rule, None), &[]);
        all.push(RuleChange { kind: rule.kind(), id: rule.id().into_owned(), change: Edited::Removed, keys });
    }
    all
}

/// Rules by kind and id, which make them the same rule in two versions.
fn by_id(rulebook: &Rulebook) -> BTreeMap<(RuleKind, Cow<'_, str>), Rule<'_>> {
    rulebook.rules().into_iter().map(|rule| ((rule.kind(), rule.id()), rule)).collect()
}

/// A key and its value as text.
type KeyText = (String, String);

/// The keys of a rule to compare with the other version; without one, all keys that are not at their defaults.
fn key_texts(rulebook: &Rulebook, rule: Rule<'_>, other: Option<&[Part<'_>]>) -> Vec<KeyText> {
    let mut all = Vec::new();
    for part in rule.parts().iter().filter(|part| other.is_some() || !part.is_default()) {
        let key = part.key.as_ref();
        match &part.value {
            // Apart, so that nobody takes our reading for the source's words.
            PartValue::Text(text) => {
                let parts = [
                    ("", Some(&text.says)),
                    (".reading", text.reading.as_ref()),
                    (".reasoning", text.reasoning.as_ref()),
                ];
                let texts =
                    parts.into_iter().filter_map(|(of, text)| Some((of, text.filter(|text| !text.is_empty())?)));
                all.extend(texts.map(|(of, text)| (format!("{key}{of}"), text.clone())));
            }
            // Rules that only one version has are listed by themselves, so only the order of the others counts.
            PartValue::Members(ids) => {
                let others = other.map_or(&[][..], |other| members(other, key));
                let shared: Vec<&str> = ids.iter().copied().filter(|id| others.contains(id)).collect();
                all.extend((shared.len() > 1).then(|| (key.to_owned(), shared.join(", "))));
            }
            value => all.push((key.to_owned(), value.in_words(rulebook))),
        }
    }
    all
}

/// The ids of the rules under a key.
fn members<'p, 'r>(parts: &'p [Part<'r>], key: &str) -> &'p [&'r str] {
    let found = parts.iter().find_map(|part| match &part.value {
        PartValue::Members(ids) if part.key == key => Some(ids.as_slice()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn differing(before: &[KeyText], after: &[KeyText]) -> Vec<KeyChange> {
    let value = |all: &[KeyText], key: &str| all.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    let gone = before.iter().filter(|(key, _)| value(after, key).is_none());
    (after.iter().chain(gone))
        .map(|(key, _)| KeyChange { key: key.clone(), old: value(before, key), new: value(after, key) })
        .filter(|change| change.old != change.new)
        .collect()
}
