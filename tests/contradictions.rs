//! Two answers that cannot both be true are told, and no two that can.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

use std::process::Command;

const CONTRACTS: [&str; 6] =
    ["nhs_or_local_authority", "under_another_supplier", "own_organisation", "other_body", "framework_only", "none"];
const EVIDENCE: [&str; 3] = ["nhs_or_local_authority_contract", "social_care_contract", "none"];

/// Whether the answers go together. Under another supplier, or of one's own organisation, who knows what can be shown.
fn can_both_be_true(contract: &str, evidence: &str) -> bool {
    match contract {
        "none" | "framework_only" => evidence == "none",
        "other_body" => evidence != "nhs_or_local_authority_contract",
        _ => true,
    }
}

/// `check` with these answers: the exit code, and whether a contradiction is told.
fn check(answers: &[(&str, &str)]) -> (i32, bool) {
    let set = answers.iter().flat_map(|(question, answer)| ["--set".to_owned(), format!("{question}={answer}")]);
    let output = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"))
        .args(["check", "examples/incomplete.yaml", "--format", "json", "--set", "patient_charges=free"])
        .args(set)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = report["problems"].as_array().unwrap().iter().any(|problem| problem["code"] == "A012");
    (output.status.code().unwrap(), told)
}

#[test]
fn a_contract_that_is_denied_and_shown_is_told_and_changes_nothing() {
    for contract in CONTRACTS {
        let (alone, told) = check(&[("commission", contract)]);
        assert!(!told, "{contract}: there is nothing to contradict");
        for evidence in EVIDENCE {
            let (code, told) = check(&[("commission", contract), ("commission_evidence", evidence)]);
            assert_eq!(told, !can_both_be_true(contract, evidence), "{contract}, {evidence}");
            assert_eq!(code, alone, "{contract}, {evidence}: the outcome stands");
        }
    }
}

#[test]
fn what_may_be_true_is_no_contradiction() {
    for answers in [
        [("commission", "not_sure"), ("commission_evidence", "nhs_or_local_authority_contract")],
        [("commission", "none"), ("commission_evidence", "not_sure")],
    ] {
        assert!(!check(&answers).1, "{answers:?}");
    }
}
