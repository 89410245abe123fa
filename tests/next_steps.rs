//! Nobody is told to do what is done, or what is not for them: the next steps of each example.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

mod support;

use std::process::Command;

const CALL: [&str; 2] = ["read_the_standard", "prepare_for_the_call"];
const CALL_TOO: [&str; 2] = ["read_the_standard_too", "prepare_for_the_call_too"];

fn check(args: &[&str], format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"))
        .args(["check", "--full", "--format", format])
        .args(args)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn steps(args: &[&str]) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&check(args, "json")).unwrap();
    let steps = report["next_steps"].as_array().unwrap().iter();
    steps.map(|step| step["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_example_is_told_what_is_left_to_do() {
    let (contract, contract_too) = (["contract_before_go_live"], ["contract_before_go_live_too"]);
    let discussed = ["who_stands_behind", "apply_and_explain"];
    let table: [(&str, Vec<&str>); 11] = [
        // All topics are prepared and the contract is there.
        ("ready_for_everything.yaml", vec!["apply_online"]),
        ("live_and_commissioned.yaml", [&["apply_online"][..], &CALL, &contract].concat()),
        ("in_development_with_sponsor.yaml", [&["apply_online"][..], &CALL, &contract].concat()),
        // Something about the fit is open.
        ("im1_in_progress.yaml", [&["check_the_fit", "apply_online"][..], &CALL, &contract].concat()),
        // It has a contract to show.
        ("care_home_contract.json", [&["check_the_fit", "apply_online"][..], &CALL].concat()),
        // NHS login does not fit, so there is nothing to apply for.
        ("one_off_gp_credentials.yaml", vec!["check_the_fit", "contract_before_go_live"]),
        ("no_sponsor.yaml", [&discussed[..], &CALL_TOO, &contract_too].concat()),
        // There is a contract, so nobody has to stand behind it: what is open is the login.
        ("live_password_only.yaml", [&["apply_and_explain"][..], &CALL_TOO, &contract_too].concat()),
        ("subscription.yaml", vec!["look_at_the_failed_criteria", "ask_before_you_apply"]),
        // Whether NHS login fits is not known, and may have to be settled too.
        (
            "staff_only.yaml",
            vec!["staff_sign_in", "look_at_the_failed_criteria", "check_the_fit_as_well", "ask_before_you_apply"],
        ),
        ("incomplete.yaml", vec!["answer_what_is_missing", "check_the_fit_before_you_apply"]),
    ];
    for (file, expected) in table {
        assert_eq!(steps(&[file]), expected, "{file}");
    }
}

/// Whatever else is in the way, a product that NHS login does not fit has to settle that too.
#[test]
fn a_blocker_is_a_next_step_whatever_the_outcome() {
    for (file, expected) in [
        ("live_and_commissioned.yaml", "check_the_fit"),
        ("no_sponsor.yaml", "check_the_fit_too"),
        ("subscription.yaml", "check_the_fit_as_well"),
        ("incomplete.yaml", "check_the_fit_before_you_apply"),
    ] {
        let steps = steps(&[file, "--set", "login_use=one_off_gp_credentials"]);
        assert!(steps.iter().any(|step| step == expected), "{file}: {steps:?}");
    }
}

/// Who is sent to a page finds it: in the short report below the step, and in the others behind its words.
#[test]
fn a_step_leads_to_the_page_that_it_names() {
    let portal = "https://digital.nhs.uk/developer/guides-and-documentation/digital-onboarding";
    let how = "https://digital.nhs.uk/services/nhs-login/nhs-login-for-partners-and-developers/how-nhs-login-works";
    let standard = "https://standards.nhs.uk/published-standards/";
    for (file, step, url) in [
        ("framework_only.yaml", "2\u{a0}Apply through the Digital Onboarding Service, and say what is open", portal),
        ("ready_for_everything.yaml", "Next: Apply through the Digital Onboarding Service", portal),
        ("one_off_gp_credentials.yaml", "1\u{a0}Settle the fit first", how),
        ("incomplete.yaml", "2\u{a0}Settle the fit before you apply", how),
    ] {
        let said = support::run(&["check", &format!("examples/{file}")], "").out;
        assert!(said.contains(&format!("{step}\n{url}\n")), "{file}: {step}\n{said}");
    }
    for (format, lead) in [("markdown", "]("), ("html", "<a href=\"")] {
        let said = check(&["framework_only.yaml"], format);
        let mut steps = said.split_once("Next steps").unwrap().1;
        for (step, url) in [("Apply through the Digital Onboarding Service", portal), ("Read DCB3051", standard)] {
            steps = steps.split_once(step).unwrap().1;
            let (_, link) = steps.split_once(lead).unwrap();
            assert!(link.starts_with(url), "{format}, {step}: {steps}");
        }
    }
    let full = check(&["framework_only.yaml"], "text");
    assert!(full.contains(portal) && full.contains(standard), "{full}");
    let json: serde_json::Value = serde_json::from_str(&check(&["framework_only.yaml"], "json")).unwrap();
    assert_eq!(json["next_steps"][1]["go_to"]["url"], portal);
    assert_eq!(json["next_steps"][1]["source"]["page"], "Apply for NHS login");
}

/// A subcontractor and an organisation that builds for itself cannot show the contract that the page asks for.
#[test]
fn who_cannot_have_the_contract_is_told_to_ask() {
    for commission in ["own_organisation", "under_another_supplier"] {
        let commission = format!("commission={commission}");
        let args = ["live_and_commissioned.yaml", "--set", &commission, "--set", "commission_evidence=none"];
        let report: serde_json::Value = serde_json::from_str(&check(&args, "json")).unwrap();
        let steps = report["next_steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["id"] == "contract_before_go_live_too").unwrap();
        let owed = &report["go_live"][0];
        for said in [step, owed] {
            let said = said.to_string();
            assert!(
                said.contains("your own organisation's product, or your contract is with another supplier"),
                "{said}"
            );
        }
    }
}

#[test]
fn facts_are_told_of_those_they_are_for() {
    for (fact, told, not_told) in [
        ("More on commissioning", "framework_only.yaml", "live_password_only.yaml"),
        ("What happens to your form", "no_sponsor.yaml", "staff_only.yaml"),
        ("What applying takes", "incomplete.yaml", "no_sponsor.yaml"),
    ] {
        assert!(check(&[told], "text").contains(fact), "{told}: {fact}");
        assert!(!check(&[not_told], "text").contains(fact), "{not_told}: {fact}");
    }
}
