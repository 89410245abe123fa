//! The engine knows nothing of what the rules are about: none of their words stand in the sources, and rules from
//! another world run through the same engine.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use eligibility::answers;
use eligibility::assess::assess;
use eligibility::assessment::FitOutcome;
use eligibility::rulebook::{Outcome, Rulebook, Status};

/// Names and phrases of the rules' world that nothing else is called.
const OF_THE_RULES: [&str; 16] = [
    "nhs",
    "gp",
    "im1",
    "icb",
    "pds",
    "pfs",
    "dcb3051",
    "dapb3051",
    "england",
    "wales",
    "scotland",
    "patient",
    "surgery",
    "social care",
    "integration board",
    "care board",
];

#[test]
fn no_name_of_the_rules_stands_in_the_sources() {
    let ids = ids(&support::builtin());
    let mut wrong = Vec::new();
    sources(&support::crate_path("src"), &mut |name, text| wrong.extend(found_in(&ids, name, text)));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_rules_hold_every_name_that_is_looked_for() {
    let rules = support::folder("rules");
    let text: String = rules.files.values().map(|bytes| String::from_utf8_lossy(bytes).to_lowercase()).collect();
    for name in OF_THE_RULES {
        assert!(text.contains(name), "{name}");
    }
}

#[test]
fn the_search_finds_names_phrases_and_ids_that_are_written_out() {
    let ids = ids(&support::builtin());
    for text in [
        "// asks the patients",
        "struct PatientView;",
        "let nhs_number = 1;",
        "\"IM1 is not live\"",
        "// the Partner Integration Board",
        "fn social_care() {}",
        "question(\"gp_registered_patients\")",
        "question(\"login_use\")",
    ] {
        assert_eq!(found_in(&ids, "x.rs", &format!("\n{text}")).len(), 1, "{text}");
    }
    for text in ["// go-live", "let record_access = login_use;", "\"stage\"", "env!(\"CARGO_PKG_NAME\")"] {
        assert_eq!(found_in(&ids, "x.rs", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn rules_from_another_world_run_through_the_same_engine() {
    let rulebook = support::sound(&support::folder("tests/packs/allotment"));
    let file = support::crate_path("tests/packs/allotment_answers.yaml");
    let bytes = fs::read(file).expect("the answers of the garden");
    let (answers, warnings) = answers::parse("allotment_answers.yaml", &bytes, &rulebook).expect("valid answers");
    assert!(warnings.is_empty(), "{}", support::listed(&warnings));
    let assessment = assess(&rulebook, &answers);
    assert_eq!(assessment.outcome, Outcome::MeetsCriteria);
    assert_eq!(assessment.scenario.expect("all is answered").scenario.id, "land_is_safe");
    assert_eq!(assessment.fit.outcome, FitOutcome::Fits);
    assert_eq!(assessment.go_live[0].status, Status::Met);
    assert!(assessment.application.iter().all(eligibility::assessment::TopicResult::prepared));
}

/// Each line that holds such a name, or writes an id of the rules out, once.
fn found_in(ids: &BTreeSet<String>, name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let words = as_words(line);
        let called = OF_THE_RULES.iter().find(|name| words.contains(&as_words(name))).copied();
        let id = || line.split('"').skip(1).step_by(2).find(|literal| ids.contains(*literal));
        if let Some(hit) = called.or_else(id) {
            found.push(format!("src/{name}:{}: `{hit}`: {}", number + 1, line.trim()));
        }
    }
    found
}

/// The words of a text with spaces around them, so that a phrase is found only whole.
fn as_words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).flat_map(words);
    words.fold(" ".to_owned(), |all, word| all + &word + " ")
}

/// What questions and criteria are called. An id of one word may be anybody's.
fn ids(rulebook: &Rulebook) -> BTreeSet<String> {
    let questions = rulebook.questions.iter().map(|question| question.id.clone());
    let criteria = rulebook.criteria.iter().map(|criterion| criterion.id.clone());
    questions.chain(criteria).filter(|id| id.contains('_')).collect()
}

/// The words of an identifier, in lower case and without a plural: `PatientView` and `patient_views` hold the same.
fn words(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in identifier.chars() {
        if c == '_' || (c.is_uppercase() && after_small) {
            words.push(String::new());
        }
        if c != '_' {
            words.last_mut().expect("there is always one").extend(c.to_lowercase());
        }
        after_small = c.is_lowercase();
    }
    words.iter().map(|word| singular(word)).collect()
}

fn singular(word: &str) -> String {
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// Hands every source file to a function, with its name.
fn sources(folder: &Path, visit: &mut impl FnMut(&str, &str)) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, visit);
        } else {
            let name = path.strip_prefix(support::crate_path("src")).expect("a file of ours").to_string_lossy();
            visit(&name, &fs::read_to_string(&path).expect("a readable source"));
        }
    }
}
