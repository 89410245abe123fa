//! People type the words they know. Each word of the glossary is explained, and none leads astray.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use eligibility::publish::explain;
use serde_yaml::Value;

/// What `explain` says of a word, first line first.
fn explained(word: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility")).args(["explain", word]).output().unwrap();
    assert!(output.status.success(), "{word}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Every term with the words that people type for it.
fn terms() -> Vec<(String, Vec<String>)> {
    let glossary: Value = serde_yaml::from_str(include_str!("../rules/glossary.yaml")).unwrap();
    let terms = glossary["terms"].as_sequence().unwrap().iter();
    terms
        .map(|term| {
            let also = term.get("also").and_then(Value::as_sequence).into_iter().flatten();
            let words = also.map(|word| word.as_str().unwrap().to_owned()).collect();
            (term["term"].as_str().unwrap().to_owned(), words)
        })
        .collect()
}

#[test]
fn no_word_stands_for_two_terms() {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (term, words) in terms() {
        for word in words.iter().chain([&term]) {
            let other = known.insert(word.to_lowercase(), term.clone());
            assert_eq!(other, None, "`{word}` stands for {term} too");
        }
    }
}

/// A question may have the name of a term. Then it comes first, since it is the rules' own word.
#[test]
fn every_word_leads_to_its_term() {
    for (term, words) in terms() {
        for word in words.iter().chain([&term]) {
            let said = explained(word);
            let first = said.lines().next().unwrap();
            let question = ["commission", "sponsor"].contains(&word.as_str()) && first.starts_with("Question: ");
            assert!(first == format!("Term: {term}") || question, "`{word}` is explained as {first}");
        }
    }
}

#[test]
fn an_option_names_its_question() {
    for (word, question) in [("free", "patient_charges"), ("none", "im1_status"), ("Scotland", "deployment_area")] {
        let said = explained(word).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("An answer to: ") && said.contains(&format!("({question})")), "{word}: {said}");
    }
}

#[test]
fn what_suppliers_ask_about_is_explained() {
    for (word, idea) in [
        ("NHS organisation", "trusts"),
        ("trust", "NHS organisation"),
        ("hospice", "Ask the NHS login team about"),
        ("pharmacies", "Ask the NHS login team about"),
        ("dentist", "Ask the NHS login team about"),
        ("carer", "does not say whether one for parents or carers is"),
        ("parent", "does not say whether one for parents or carers is"),
        ("framework", "commission"),
        ("call-off", "contract"),
        ("ICB", "NHS organisation"),
        ("P0", "email"),
        ("P5", "NHS record"),
        ("P9", "photo ID"),
        ("pilot", "does not say"),
        ("own organisation", "ask"),
        ("grant", "contract"),
        ("research sponsor", "not by itself a sponsor"),
        ("What is an ICB?", "NHS organisation"),
        ("What does patient facing mean?", "by patients themselves"),
        ("the framework", "commission"),
        ("own login", "Appendix D"),
        ("eligible", "Board"),
    ] {
        let said = explained(word).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(idea), "`explain {word}` does not say \"{idea}\":\n{said}");
    }
}

/// A word that is no name of anything is looked for in what is said.
#[test]
fn words_of_the_program_itself_are_explained() {
    for (word, said) in [
        ("not_sure", "It stands for every answer"),
        ("What is a gate?", "  go-live: Everything needed before going live is there"),
        ("exit codes", "  5  incomplete: answers that matter are missing"),
        ("glossary", "  NHS organisation"),
        ("words", "  NHS organisation"),
        ("What are the terms?", "  NHS organisation"),
    ] {
        assert!(explained(word).contains(said), "{word}: {}", explained(word));
    }
}

#[test]
fn a_word_without_an_explanation_of_its_own_leads_to_what_speaks_of_it() {
    for (word, id) in [
        ("price", "patient_charges"),
        ("fees", "patient_charges"),
        ("subscription", "patient_charges"),
        ("password", "native_verification"),
        ("CIS2", "staff_sign_in"),
        ("Slack", "ask_the_team"),
        ("proof of concept", "sandpit_first"),
        ("House of Commons", "nhs_charges"),
    ] {
        let ran = support::run(&["explain", word], "");
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.err.contains("these speak of it: ") && ran.err.contains(id), "{word}: {}", ran.err);
    }
}

/// The first that is named has the words side by side, and none is named that has them far apart.
#[test]
fn what_speaks_of_a_phrase_has_all_its_words_together() {
    for (phrase, first) in [("delivery for free", "patient_charges"), ("Microsoft Teams", "preparation_call_term")] {
        let found = explain::mentions(&support::builtin(), phrase);
        assert_eq!(found.first().map(String::as_str), Some(first), "{phrase}: {found:?}");
    }
    for apart in ["password pharmacy", "pilot dentist", "wigs gift"] {
        assert_eq!(explain::mentions(&support::builtin(), apart), Vec::<String>::new(), "{apart}");
    }
}
