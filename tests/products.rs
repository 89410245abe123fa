//! Invented products of real kinds, each told as its supplier would tell it, with what an onboarding officer would expect
//! of the program. `products.yaml` was written from the page before the rules were, and explains its keys itself.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

use std::collections::BTreeMap;
use std::process::{Command, Output};
use std::sync::LazyLock;

use regex::RegexBuilder;
use serde::Deserialize;
use serde_json::Value;

/// An idea, in other ways to put it: one of them must be there.
type Idea = Vec<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Product {
    product: String,
    organisation: String,
    story: String,
    answers: serde_yaml::Mapping,
    #[serde(default)]
    question_must_say: BTreeMap<String, Vec<Idea>>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    outcome: String,
    scenario: Option<u8>,
    possible_scenarios: Vec<String>,
    criteria: BTreeMap<u8, String>,
    fit: Option<String>,
    exit_code: ExitCodes,
    must_say: Vec<Idea>,
    must_not_say: Vec<String>,
    moves: Option<Vec<Vec<Move>>>,
    #[serde(default)]
    more_moves: usize,
    missing: Option<Vec<String>>,
    also_missing: Option<Vec<String>>,
    #[serde(default)]
    warnings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExitCodes {
    check: i32,
    gate_go_live: Option<i32>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Move {
    question: String,
    to: String,
    kind: String,
}

static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("products.yaml")).expect("the products are as the test knows them")
});

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility")).args(args).output().unwrap()
}

/// `check` of a product's answers, written as a file.
fn check(product: &Product, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answers.json");
    let Product { product: name, organisation, answers, .. } = product;
    let file = serde_json::json!({"product": name, "organisation": organisation, "answers": answers});
    std::fs::write(&path, file.to_string()).unwrap();
    run(&[&["check", path.to_str().unwrap()], args].concat())
}

fn report(product: &Product) -> Value {
    let output = check(product, &["--format", "json"]);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}: {}", product.product, String::from_utf8_lossy(&output.stderr)))
}

/// Both streams, with line breaks and blanks as one blank.
fn said(output: &Output) -> String {
    let both = [&*output.stdout, b" ", &*output.stderr].concat();
    String::from_utf8(both).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(said: &str, idea: &Idea) -> bool {
    let said = said.to_lowercase();
    idea.iter().any(|way| said.contains(&way.to_lowercase()))
}

fn strings(value: &Value) -> Vec<&str> {
    let ids = value.as_array().into_iter().flatten();
    ids.map(|item| item.as_str().or_else(|| item["id"].as_str()).unwrap_or("?")).collect()
}

/// Compares something of every product, and lists all that is wrong in one go.
fn each(compare: impl Fn(&Product, &mut dyn FnMut(String))) {
    let mut wrong = Vec::new();
    for product in &*PRODUCTS {
        compare(product, &mut |what| wrong.push(format!("{}: {what}", product.product)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_product_has_a_story_and_a_name_of_its_own() {
    assert_eq!(PRODUCTS.len(), 22);
    for product in &*PRODUCTS {
        assert!(product.story.len() > 100 && product.organisation.contains("invented"), "{}", product.product);
        let others = PRODUCTS.iter().filter(|other| other.product == product.product);
        assert_eq!(others.count(), 1, "{}", product.product);
    }
}

#[test]
fn the_result_is_what_an_officer_expects() {
    each(|product, wrong| {
        let (report, expect) = (report(product), &product.expect);
        let mut same = |what: &str, found: Value, expected: Value| {
            if found != expected {
                wrong(format!("{what} is {found}, not {expected}"));
            }
        };
        same("outcome", report["outcome"].clone(), expect.outcome.clone().into());
        same("scenario", report["scenario"]["number"].clone(), expect.scenario.into());
        // While the scenario is certain it need not be listed as possible as well.
        let certain = report["scenario"]["id"].as_str();
        let possible = certain.map_or_else(|| strings(&report["possible_scenarios"]), |id| vec![id]);
        same("possible_scenarios", possible.into(), expect.possible_scenarios.clone().into());
        for criterion in report["criteria"].as_array().unwrap() {
            let number = u8::try_from(criterion["number"].as_u64().unwrap()).unwrap();
            same(&format!("criterion {number}"), criterion["status"].clone(), expect.criteria[&number].clone().into());
        }
        if let Some(fit) = &expect.fit {
            same("fit", report["fit"]["outcome"].clone(), fit.clone().into());
        }
        if let Some(missing) = &expect.missing {
            same("missing", strings(&report["missing"]).into(), missing.clone().into());
        }
        if let Some(missing) = &expect.also_missing {
            same("also_missing", strings(&report["also_missing"]).into(), missing.clone().into());
        }
        let codes: Vec<&Value> =
            report["problems"].as_array().unwrap().iter().map(|problem| &problem["code"]).collect();
        for code in &expect.warnings {
            if !codes.contains(&&Value::from(code.clone())) {
                wrong(format!("no warning {code}"));
            }
        }
    });
}

#[test]
fn the_exit_code_is_what_an_officer_expects() {
    each(|product, wrong| {
        let codes = &product.expect.exit_code;
        for (args, expected) in [(&[][..], Some(codes.check)), (&["--gate", "go-live"][..], codes.gate_go_live)] {
            let found = check(product, args).status.code();
            if expected.is_some() && found != expected {
                wrong(format!("check {args:?} exits with {found:?}, not {expected:?}"));
            }
        }
    });
}

#[test]
fn what_would_change_it_is_what_an_officer_expects() {
    each(|product, wrong| {
        let Some(moves) = &product.expect.moves else { return };
        let report = report(product);
        let sets = report["changes"].as_array().cloned().unwrap_or_default();
        let word = |step: &Value, key: &str| step[key].as_str().unwrap_or("?").to_owned();
        let found: Vec<Vec<Move>> = sets
            .iter()
            .map(|set| {
                let steps = set.as_array().into_iter().flatten();
                let step = |step: &Value| Move {
                    question: word(step, "question"),
                    to: word(step, "to"),
                    kind: word(step, "kind"),
                };
                steps.map(step).collect()
            })
            .collect();
        if !found.starts_with(moves) || found.len() != moves.len() + product.expect.more_moves {
            wrong(format!("the moves are {found:?}, not {moves:?} and {} more", product.expect.more_moves));
        }
    });
}

#[test]
fn what_is_printed_says_what_it_must() {
    each(|product, wrong| {
        let said = said(&check(product, &[]));
        for idea in product.expect.must_say.iter().filter(|idea| !holds(&said, idea)) {
            wrong(format!("does not say any of {idea:?} in\n{said}"));
        }
    });
}

#[test]
fn what_is_printed_says_nothing_absurd() {
    each(|product, wrong| {
        let said = said(&check(product, &[]));
        for pattern in &product.expect.must_not_say {
            let pattern = RegexBuilder::new(pattern).case_insensitive(true).build().unwrap();
            if let Some(found) = pattern.find(&said) {
                wrong(format!("says `{}`, which matches {pattern}", found.as_str()));
            }
        }
    });
}

#[test]
fn the_questions_say_what_a_supplier_needs_to_answer_them() {
    each(|product, wrong| {
        for (question, ideas) in &product.question_must_say {
            let said = said(&run(&["explain", question]));
            for idea in ideas.iter().filter(|idea| !holds(&said, idea)) {
                wrong(format!("`explain {question}` does not say any of {idea:?}"));
            }
        }
    });
}
