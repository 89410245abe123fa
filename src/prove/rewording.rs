//! What two versions of the rules say differently, key by key, whether or not it changes what answers lead to.

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

/// A rule that is new, gone or changed.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleChange {
    pub kind: RuleKind,
    pub id: String,
    pub change: Edited,
    /// The keys that differ, with all of a rule that is new or gone.
    pub keys: Vec<KeyChange>,
}

/// A key of a rule with what it said and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// The key as it stands in the rule files, with those around it.
    pub key: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// Every rule that differs, in the order of the new rules, those gone last.
pub fn rewording(old: &Rulebook, new: &Rulebook) -> Vec<RuleChange> {
    let (before, after) = (listed(old), listed(new));
    let mut all = Vec::new();
    for rule in new.rules() {
        let (change, keys) = match before.get(&(rule.kind(), rule.id())) {
            None => (Edited::Added, differing(&[], &worded(new, rule, None))),
            Some(was) => {
                let said = worded(old, *was, Some(&rule.parts()));
                (Edited::Changed, differing(&said, &worded(new, rule, Some(&was.parts()))))
            }
        };
        if change == Edited::Added || !keys.is_empty() {
            all.push(RuleChange { kind: rule.kind(), id: rule.id().into_owned(), change, keys });
        }
    }
    for rule in old.rules().into_iter().filter(|rule| !after.contains_key(&(rule.kind(), rule.id()))) {
        let keys = differing(&worded(old, rule, None), &[]);
        all.push(RuleChange { kind: rule.kind(), id: rule.id().into_owned(), change: Edited::Removed, keys });
    }
    all
}

/// Rules by what makes them the same rule in two versions.
fn listed(rulebook: &Rulebook) -> BTreeMap<(RuleKind, Cow<'_, str>), Rule<'_>> {
    rulebook.rules().into_iter().map(|rule| ((rule.kind(), rule.id()), rule)).collect()
}

type Worded = (String, String);

/// The keys of a rule that have to be compared with those of the other version; of a rule which that version does not
/// have, all but what goes without saying.
fn worded(rulebook: &Rulebook, rule: Rule<'_>, other: Option<&[Part<'_>]>) -> Vec<Worded> {
    let mut all = Vec::new();
    for part in rule.parts().iter().filter(|part| other.is_some() || !part.is_default()) {
        let key = part.key.as_ref();
        match &part.value {
            // Taken apart, so that nobody takes our reading for what the source says.
            PartValue::Text(text) => {
                let parts = [
                    ("", Some(&text.says)),
                    (".reading", text.reading.as_ref()),
                    (".reasoning", text.reasoning.as_ref()),
                ];
                let said = parts.into_iter().filter_map(|(of, said)| Some((of, said.filter(|said| !said.is_empty())?)));
                all.extend(said.map(|(of, said)| (format!("{key}{of}"), said.clone())));
            }
            // Rules that only one version has are told by themselves, so that only the order of the others is left.
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

/// The ids of the rules that stand under a key.
fn members<'p, 'r>(parts: &'p [Part<'r>], key: &str) -> &'p [&'r str] {
    let found = parts.iter().find_map(|part| match &part.value {
        PartValue::Members(ids) if part.key == key => Some(ids.as_slice()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn differing(before: &[Worded], after: &[Worded]) -> Vec<KeyChange> {
    let value = |all: &[Worded], key: &str| all.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    let gone = before.iter().filter(|(key, _)| value(after, key).is_none());
    (after.iter().chain(gone))
        .map(|(key, _)| KeyChange { key: key.clone(), old: value(before, key), new: value(after, key) })
        .filter(|change| change.old != change.new)
        .collect()
}
