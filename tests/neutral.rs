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

/// Words of the rules' world that are too short to be told from others, or that no id holds.
const OF_THE_RULES: [&str; 12] =
    ["nhs", "gp", "im1", "icb", "pds", "pfs", "uk", "dcb3051", "dapb3051", "scope", "commission", "sponsor"];

/// Words that are parts of ids but belong to everybody.
const ORDINARY: &str = "
    another answer application apply applying area basic before behind beside beyond body call change changing channel
    check client code consider contract criteria data detail digital direct discussion docs does email environment
    evidence explain extended extra failed first form free going high identity include information keep level linked
    live local location long look manager medium metadata missing more need needed none number only open optional
    organisation other outside overview page part party phone plan point preparation prepare product profile project
    purpose read repeat review second service settle shown sign site some specification stand standard status step
    strong support term third topic twice under user wait what where while with work works";

#[test]
fn no_word_of_the_rules_stands_in_the_sources() {
    let forbidden = Forbidden::new(&support::builtin());
    let mut wrong = Vec::new();
    sources(&support::crate_path("src"), &mut |name, text| wrong.extend(forbidden.found_in(name, text)));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_search_finds_words_ids_and_plurals_in_any_case() {
    let forbidden = Forbidden::new(&support::builtin());
    for text in [
        "// asks the patients",
        "struct PatientView;",
        "let nhs_number = 1;",
        "\"IM1 is not live\"",
        "const SPONSOR: &str = \"x\";",
        "fn wants_scopes() {}",
        "// a surgery",
        "\"how_long\"",
        "\"in_development\"",
    ] {
        assert_eq!(forbidden.found_in("x.rs", &format!("\n{text}")).len(), 1, "{text}");
    }
    for text in ["// go-live", "stated, staging, scoped_thread", "eligibility::assess", "env!(\"CARGO_PKG_NAME\")"] {
        assert_eq!(forbidden.found_in("x.rs", text), Vec::<String>::new(), "{text}");
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

/// What the sources may not hold.
struct Forbidden {
    words: BTreeSet<String>,
    ids: BTreeSet<String>,
}

impl Forbidden {
    fn new(rulebook: &Rulebook) -> Self {
        let all = ids(rulebook);
        let ordinary: BTreeSet<String> = ORDINARY.split_whitespace().map(singular).collect();
        let parts = all.iter().flat_map(|id| id.split('_')).filter(|part| part.len() > 3).map(singular);
        let words = parts.filter(|word| !ordinary.contains(word)).chain(OF_THE_RULES.map(singular)).collect();
        Self { words, ids: all.into_iter().filter(|id| id.contains('_')).collect() }
    }

    /// Each line that holds such a word or id, once.
    fn found_in(&self, name: &str, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (number, line) in text.lines().enumerate() {
            // The name that the standard library has for threads that end together.
            let line = line.replace("thread::scope(", "");
            let identifiers = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let hit = identifiers
                .clone()
                .find(|identifier| self.ids.contains(*identifier))
                .map(str::to_owned)
                .or_else(|| identifiers.flat_map(words).find(|word| self.words.contains(word)));
            found.extend(hit.map(|hit| format!("src/{name}:{}: `{hit}`: {}", number + 1, line.trim())));
        }
        found
    }
}

/// Every id and value of the rules, but for those that the engine gives a meaning.
fn ids(rulebook: &Rulebook) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for question in &rulebook.questions {
        ids.insert(question.id.clone());
        ids.extend(question.values().map(str::to_owned));
    }
    ids.extend(rulebook.criteria.iter().map(|criterion| criterion.id.clone()));
    ids.extend(rulebook.scenarios.iter().map(|scenario| scenario.id.clone()));
    ids.extend(rulebook.findings.iter().map(|finding| finding.id.clone()));
    ids.extend(rulebook.topics.iter().map(|topic| topic.id.clone()));
    ids.extend(rulebook.obligations.iter().map(|obligation| obligation.id.clone()));
    ids.extend(rulebook.outcomes.iter().flat_map(|text| &text.next_steps).map(|step| step.id.clone()));
    ids.extend(rulebook.facts.iter().map(|fact| fact.id.clone()));
    ids.extend(rulebook.terms.iter().map(|term| term.id.clone()));
    ids.extend(rulebook.pages.iter().map(|page| page.id.clone()));
    ids
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
