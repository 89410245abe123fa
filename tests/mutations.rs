//! Defects planted in copies of the built-in rules, each of which must be caught with its code, at its place and, where
//! answers can show it, with a witness that runs.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

mod support;

use eligibility::answers;
use eligibility::problem::Problem;
use eligibility::prove::{cases, prove, run_case};
use eligibility::publish::template;
use eligibility::rulebook::{self, RuleFiles, Rulebook};

/// One planted defect.
struct Mutation {
    name: &'static str,
    file: &'static str,
    find: &'static str,
    replace: &'static str,
    code: &'static str,
    /// Text of the line that the problem points at.
    line: &'static str,
    witness: bool,
}

const fn mutation(
    name: &'static str,
    file: &'static str,
    [find, replace]: [&'static str; 2],
    code: &'static str,
    line: &'static str,
) -> Mutation {
    Mutation { name, file, find, replace, code, line, witness: false }
}

const fn shown(mut mutation: Mutation) -> Mutation {
    mutation.witness = true;
    mutation
}

const MUTATIONS: &[Mutation] = &[
    shown(mutation(
        "two scenarios overlap",
        "scenarios.yaml",
        [
            "commission: [other_body, framework_only, none]",
            "commission: [other_body, framework_only, none, nhs_or_local_authority]",
        ],
        "R012",
        "id: live_not_commissioned",
    )),
    shown(mutation(
        "the scenarios leave a gap",
        "scenarios.yaml",
        ["commission: [other_body, framework_only, none]", "commission: [other_body, framework_only]"],
        "R013",
        "id: live_commissioned",
    )),
    mutation(
        "a scenario no product can be in",
        "scenarios.yaml",
        [
            "      stage: in_development\n      sponsor: nhs_or_local_authority",
            "      stage: in_development\n      not: {stage: in_development}",
        ],
        "R016",
        "id: in_development_sponsored",
    ),
    mutation(
        "a criterion that is always met",
        "criteria.yaml",
        ["met_when: {patient_facing: patients}", "met_when: {patient_facing: [patients, staff_only]}"],
        "R016",
        "id: patient_facing_product",
    ),
    mutation(
        "a criterion that can never be met",
        "criteria.yaml",
        [
            "met_when: {health_or_care_benefit: yes}",
            "met_when: {health_or_care_benefit: yes, not: {health_or_care_benefit: yes}}",
        ],
        "R016",
        "id: benefit_to_health_or_care",
    ),
    mutation(
        "criteria that contradict each other",
        "criteria.yaml",
        ["met_when: {health_or_care_benefit: yes}", "met_when: {patient_facing: staff_only}"],
        "R016",
        "id: patients_in_england",
    ),
    mutation(
        "blockers of which one always holds",
        "fit.yaml",
        ["when: {login_use: other}", "when: {not: {login_use: one_off_gp_credentials}}"],
        "R016",
        "id: one_off_credentials",
    ),
    mutation(
        "a finding that never holds",
        "fit.yaml",
        ["when: {login_use: other}", "when: {login_use: other, not: {login_use: other}}"],
        "R016",
        "id: other_use",
    ),
    mutation(
        "a part of a condition that makes no difference",
        "criteria.yaml",
        [
            "met_when: {patient_facing: patients}",
            "met_when: {patient_facing: patients, any: [{stage: live}, {stage: in_development}]}",
        ],
        "R017",
        "met_when: {patient_facing: patients, any",
    ),
    mutation(
        "a value that makes no difference",
        "criteria.yaml",
        [
            "met_when: {patient_charges: [free, nhs_charges_only]}",
            "met_when: {patient_charges: [free, nhs_charges_only]}\n    discuss_when: {patient_charges: [free, supplier_charges]}",
        ],
        "R017",
        "discuss_when: {patient_charges",
    ),
    mutation(
        "a question that nothing depends on",
        "application.yaml",
        ["questions: [timescale_to_live]", "questions: [product_overview]"],
        "R018",
        "id: timescale_to_live",
    ),
    shown(mutation(
        "ask_when hides a question that is needed",
        "questions.yaml",
        ["ask_when: {stage: in_development}", "ask_when: {stage: live}"],
        "R019",
        "id: sponsor",
    )),
    shown(mutation(
        "ask_when depends on something else than the rules do",
        "questions.yaml",
        ["ask_when: {scopes: gp_integration_credentials}", "ask_when: {scopes: gp_registration_details}"],
        "R019",
        "id: im1_status",
    )),
    shown(mutation(
        "a better answer worsens the outcome",
        "criteria.yaml",
        ["patient_charges: [free, nhs_charges_only]", "patient_charges: [nhs_charges_only, supplier_charges]"],
        "R020",
        "id: patient_charges",
    )),
    shown(mutation(
        "a better answer worsens the fit",
        "fit.yaml",
        ["when: {login_use: other}", "when: {login_use: repeat_sign_in}"],
        "R020",
        "id: login_use",
    )),
    shown(mutation(
        "a published scenario against the words of its criterion",
        "scenarios.yaml",
        [
            "      sponsor: nhs_or_local_authority\n    criterion: met",
            "      sponsor: nhs_or_local_authority\n    criterion: to_discuss",
        ],
        "R021",
        "id: in_development_sponsored",
    )),
    shown(mutation(
        "a departure that is not explained",
        "scenarios.yaml",
        [
            "    departs_because:\n      reading: >-\n        With a contract and no sponsor, bullet 4 is met by its words. Scenario 4 calls for a discussion.\n        We follow the scenario. It says more about the case, and promises less.\n",
            "",
        ],
        "R021",
        "id: in_development_not_sponsored",
    )),
    mutation("two criteria with one number", "criteria.yaml", ["number: 2", "number: 1"], "R030", "number: 1"),
    mutation(
        "an interpretation without its reasoning",
        "scenarios.yaml",
        [
            "    basis: interpretation\n    reasoning: >-\n      Bullet 4 looks met",
            "    basis: interpretation\n    departs_because: >-\n      Bullet 4 looks met",
        ],
        "R022",
        "id: live_not_native_commissioned",
    ),
    mutation(
        "a source that does not exist",
        "criteria.yaml",
        [
            "{page: apply, section: Check if you are eligible, item: bullet 3}",
            "{page: aply, section: Check if you are eligible, item: bullet 3}",
        ],
        "R005",
        "page: aply",
    ),
    mutation(
        "a text that names an id that is nothing",
        "criteria.yaml",
        [
            "whether your product counts as patient facing. Ask the NHS login team.",
            "whether your product counts as patient facing. See `care_identities`.",
        ],
        "R023",
        "id: patient_facing_product",
    ),
    mutation(
        "a condition on a question that does not exist",
        "scenarios.yaml",
        [
            "      native_verification: yes\n      commission: nhs",
            "      native_verfication: yes\n      commission: nhs",
        ],
        "R005",
        "native_verfication",
    ),
    mutation(
        "a condition on a value that does not exist",
        "criteria.yaml",
        ["patient_charges: [free, nhs_charges_only]", "patient_charges: [free, nhs_charge_only]"],
        "R006",
        "nhs_charge_only",
    ),
    mutation(
        "a condition on a value that is read as others",
        "criteria.yaml",
        ["patient_charges: [free, nhs_charges_only]", "patient_charges: [free, optional_extras]"],
        "R006",
        "optional_extras",
    ),
    mutation(
        "a criterion that rests on a result",
        "criteria.yaml",
        ["met_when: {patient_facing: patients}", "met_when: {fit: fits}"],
        "R007",
        "met_when: {fit: fits}",
    ),
    mutation(
        "a missing source",
        "criteria.yaml",
        ["    source: {page: apply, section: Check if you are eligible, item: bullet 5}\n", ""],
        "F012",
        "id: free_to_patients",
    ),
    mutation("an id that stands twice", "criteria.yaml", ["id: free_to_patients", "id: stage"], "R003", "id: stage"),
    mutation(
        "a status without words",
        "criteria.yaml",
        ["      not_met: Your product does not benefit people's health or social care. It must.\n", ""],
        "R011",
        "id: benefit_to_health_or_care",
    ),
    mutation(
        "questions out of the order of their sections",
        "questions.yaml",
        [
            "section: fit\n    kind: choice\n    best_first: true\n    prompt: How",
            "section: go_live\n    kind: choice\n    best_first: true\n    prompt: How",
        ],
        "R015",
        "section: fit",
    ),
    mutation(
        "two outcomes with one title",
        "outcomes.yaml",
        ["title: Does not meet the published criteria", "title: meets the published criteria"],
        "R031",
        "title: meets the published criteria",
    ),
    mutation(
        "two findings with one title",
        "fit.yaml",
        ["title: No use in England", "title: NHS login used for something else"],
        "R031",
        "id: not_for_england",
    ),
    mutation(
        "two criteria decided by the scenarios",
        "criteria.yaml",
        ["    met_when: {patient_facing: patients}\n    otherwise: not_met", "    decided_by: scenarios"],
        "R010",
        "id: commissioned_or_sponsored",
    ),
];

fn problems(files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
    let (rulebook, mut problems) = rulebook::read(files);
    if let Some(rulebook) = &rulebook {
        problems.extend(prove(rulebook).expect("small rules").problems);
    }
    (rulebook, problems)
}

fn mutated(mutation: &Mutation) -> RuleFiles {
    let mut files = rulebook::builtin();
    support::replace(&mut files, mutation.file, mutation.find, mutation.replace);
    files
}

/// The line a problem points at.
fn line(problem: &Problem) -> String {
    let place = problem.place.as_ref().expect("every problem of a rule has a place");
    place.source.text.lines().nth(place.line() - 1).unwrap_or_default().to_owned()
}

#[test]
fn every_planted_defect_is_caught_with_its_code_place_and_witness() {
    assert!(MUTATIONS.len() >= 20);
    for mutation in MUTATIONS {
        let (rulebook, problems) = problems(&mutated(mutation));
        let all: Vec<String> = problems.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect();
        let caught = problems
            .iter()
            .find(|problem| problem.code.as_str() == mutation.code && line(problem).contains(mutation.line))
            .unwrap_or_else(|| panic!("{}: not caught, only {all:#?}", mutation.name));
        if !mutation.witness {
            continue;
        }
        let rulebook = rulebook.expect("rules that read are there to be shown wrong");
        assert!(caught.witness.is_some(), "{}: no witness", mutation.name);
        let text = template::witness(&rulebook, caught);
        let read = answers::parse("witness.yaml", text.as_bytes(), &rulebook);
        assert!(read.is_ok(), "{}: the witness does not run: {read:?}\n{text}", mutation.name);
    }
}

#[test]
fn the_rules_as_they_are_have_no_problem_and_their_cases_pass() {
    let files = rulebook::builtin();
    let (rulebook, problems) = problems(&files);
    assert_eq!(problems, []);
    let rulebook = rulebook.expect("no problems");
    let cases = cases(&files, &rulebook);
    assert_eq!(cases.problems, []);
    assert!(cases.all.len() >= 24);
    for case in &cases.all {
        assert!(run_case(case, &rulebook).failed.is_empty());
    }
    let coverage = eligibility::prove::coverage(&rulebook, &cases.all).expect("small rules");
    assert_eq!(coverage.percent(), 100);
}

#[test]
fn a_planted_overlap_turns_a_check_red() {
    let overlap = &MUTATIONS[0];
    let (_, problems) = rulebook::read(&mutated(overlap));
    assert!(Problem::any_error(&problems), "rules that overlap must not be used");
}

/// The files built in are those in the folder, no more and no fewer.
#[test]
fn every_rule_file_is_built_in() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut on_disk = Vec::new();
    for folder in ["", "tests/"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let entry = entry.unwrap();
            // The schemas that editors read are hidden.
            if entry.path().is_file() && !entry.file_name().as_encoded_bytes().starts_with(b".") {
                on_disk.push(format!("{folder}{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    on_disk.sort();
    let built_in: Vec<String> = rulebook::builtin().files.into_keys().collect();
    assert_eq!(built_in, on_disk);
}
