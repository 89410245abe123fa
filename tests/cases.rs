//! Cases beside the rules: what is wrong with them is said, what they cover is measured, and what they lack is written.

mod support;

use std::borrow::Cow;

use eligibility::problem::Problem;
use eligibility::prove::{self, cases, coverage, failures, missing_cases, run_case};
use eligibility::publish::template;
use eligibility::rulebook::{self, RuleFiles};
use regex::Regex;

/// The second rule pack with these cases and no others.
fn garden(text: Option<&str>) -> RuleFiles {
    let mut files = support::folder("tests/packs/allotment");
    "g".clone_into(&mut files.folder);
    if let Some(text) = text {
        files.files.insert("tests/cases.yaml".to_owned(), Cow::Owned(text.as_bytes().to_vec()));
    }
    files
}

/// Everything wrong with the cases, and with what comes of them.
fn problems(files: &RuleFiles) -> Vec<String> {
    let (rulebook, found) = rulebook::read(files);
    assert_eq!(found, []);
    let rulebook = rulebook.expect("no problems");
    let cases = cases(files, &rulebook);
    let results: Vec<_> = cases.all.iter().map(|case| run_case(case, &rulebook)).collect();
    let failed = failures(&results);
    let line = |problem: &Problem| {
        let place = problem.place.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        format!("{place} {}: {}", problem.code, problem.message)
    };
    cases.problems.iter().cloned().chain(failed).map(|problem| line(&problem)).collect()
}

/// Outcomes, sections, gates, statuses and the keys of both kinds of file.
#[test]
fn names_are_taken_with_either_sign_between_their_words() {
    let names = r"\b(go_live|needs_discussion|does_not_meet|meets_criteria|does_not_fit|to_discuss|not_met|met_when)\b";
    let names = Regex::new(names).expect("a pattern");
    let mut files = rulebook::builtin();
    let mut changed = 0;
    for bytes in files.files.values_mut() {
        let text = std::str::from_utf8(bytes).expect("text");
        changed += names.find_iter(text).count();
        let text = names.replace_all(text, |found: &regex::Captures<'_>| found[0].replace('_', "-")).into_owned();
        *bytes = Cow::Owned(text.into_bytes());
    }
    assert!(changed > 300, "{changed}");
    assert_eq!(problems(&files), [""; 0]);
    let other = support::sound(&files);
    let difference = prove::difference(&support::builtin(), &other);
    assert!(difference.effects.is_empty() && difference.rules.is_empty(), "{difference:?}");
    // What no name is, is told as it is written, and what is there twice is not taken for the other.
    let mut files = garden(None);
    support::replace(&mut files, "manifest.yaml", "  go_live:", "  go-lives: {title: x}\n  go_live:");
    support::replace(&mut files, "manifest.yaml", "  go_live:", "  go-live: {title: x}\n  go_live:");
    let told: Vec<String> = rulebook::read(&files).1.iter().map(support::line).collect();
    let expected = ["28:3 F010: unknown key `go-lives`", "29:3 F010: unknown key `go-live`"];
    assert_eq!(told, expected.map(|line| format!("g/manifest.yaml:{line} (did you mean `go_live`?)")));
}

#[test]
fn what_is_wrong_with_a_case_is_said() {
    let table: &[(&str, &[&str])] = &[
        (
            "cases:\n  - name: a\n    given: {}\n    expect: {outcome: meets_criteria}\n",
            &[
                "g/tests/cases.yaml:4:23 R024: case \"a\": the outcome should be meets_criteria, but is incomplete, with no answer to `open_to_neighbours`, `pesticides`, `land_held_by`, `long_lease`",
            ],
        ),
        (
            "cases:\n  - name: a\n    given: {pesticides: nothing, land_held_by: owned}\n    expect: {outcome: meets_criteria}\n  - name: b\n    based_on: a\n    expect: {outcome: does_not_meet}\n",
            &[
                "g/tests/cases.yaml:4:23 R024: 2 cases, of which this is the first: the outcome should be meets_criteria, but is incomplete, with no answer to `open_to_neighbours`",
            ],
        ),
        (
            "cases:\n  - name: a\n    given: {}\n    expect: {}\n",
            &["g/tests/cases.yaml:2:11 R025: case \"a\" asserts nothing"],
        ),
        ("cases: []\n", &["- R026: `g/tests` has no cases"]),
        (
            "cases:\n  - name: a\n    given: {pesticide: nothing}\n    expect: {outcom: incomplete, missing: [nobody]}\n",
            &[
                "g/tests/cases.yaml:3:13 A001: unknown question `pesticide`",
                "g/tests/cases.yaml:4:14 F010: unknown key `outcom`",
                "g/tests/cases.yaml:4:44 R005: there is no `nobody` here",
            ],
        ),
        (
            "cases:\n  - name: a\n    based_on: b\n    expect: {outcome: incomplete}\n  - name: b\n    based_on: a\n    expect: {outcome: incomplete}\n  - name: c\n    based_on: nobody\n    expect: {outcome: incomplete}\n  - name: c\n    expect: {outcome: incomplete}\n",
            &[
                "g/tests/cases.yaml:9:15 R005: there is no case \"nobody\"",
                "g/tests/cases.yaml:11:11 R003: there is already a case \"c\"",
            ],
        ),
        (
            "cases:\n  - name: a\n    based_on: a\n    expect: {outcome: incomplete}\n",
            &["g/tests/cases.yaml:3:15 R005: case \"a\" is based on itself"],
        ),
        (
            "cases:\n  - name: a\n    given:\n    expect: [meets_criteria]\n  - name: b\n    expect: {outcome: [incomplete], missing: all, criteria: clean_soil}\n  - name: c\n    expect: {criteria: {clean_sol: met, open_garden: often}}\n",
            &[
                "g/tests/cases.yaml:4:13 F011: there is a list here, but expectations are needed",
                "g/tests/cases.yaml:6:23 F011: there is a list here, but an id is needed",
                "g/tests/cases.yaml:6:46 F011: there is text here, but a list is needed",
                "g/tests/cases.yaml:6:61 F011: there is text here, but a mapping is needed",
                "g/tests/cases.yaml:8:25 R005: there is no `clean_sol` here",
                "g/tests/cases.yaml:8:54 R005: there is no `often` here",
            ],
        ),
        ("cases:\n  name: a\n", &["g/tests/cases.yaml:2:3 F011: there is a mapping here, but a list is needed"]),
    ];
    for (text, said) in table {
        assert_eq!(problems(&garden(Some(text))), *said, "{text}");
    }
    assert_eq!(problems(&garden(None)), ["- R026: `g/tests` has no cases"]);
}

#[test]
fn a_rule_that_was_renamed_is_told_once_and_not_for_each_case() {
    let case = |number: usize| format!("  - name: case {number}\n    expect: {{criteria: {{open_gate: unknown}}}}\n");
    let text = format!("cases:\n{}", (0..18).map(case).collect::<String>());
    let told = "g/tests/cases.yaml:3:25 R005: there is no `open_gate` here, in 18 places; 4 of them are shown";
    assert_eq!(problems(&garden(Some(&text))), [told]);
}

#[test]
fn what_cases_should_show_of_a_criterion_is_what_it_can_be() {
    let rulebook = rulebook::read(&garden(None)).0.expect("sound rules");
    let all = coverage(&rulebook, &[]).expect("small rules").items;
    let is_there = |name: &str| all.iter().any(|item| item.name == name);
    assert!(is_there("secure_land to discuss") && !is_there("secure_land not met"));
    assert!(is_there("open_garden not met") && !is_there("open_garden to discuss"));
}

#[test]
fn a_case_takes_the_answers_of_the_one_it_is_based_on_and_can_take_them_away() {
    let text = "cases:\n  - name: last\n    based_on: first\n    given: {pesticides:}\n    expect: {outcome: incomplete}\n  - name: first\n    given: {open_to_neighbours: no, pesticides: nothing}\n    expect: {outcome: does_not_meet}\n";
    let files = garden(Some(text));
    let rulebook = rulebook::read(&files).0.expect("a sound pack");
    let cases = cases(&files, &rulebook);
    let answered = |case: usize| cases.all[case].answers.entries.iter().flatten().count();
    assert_eq!((answered(0), answered(1)), (1, 2));
}

/// From no cases at all, the cases written are valid, pass, and cover everything.
#[test]
fn the_missing_cases_close_the_gap_and_pass() {
    for (name, mut files) in [("garden", garden(None)), ("built in", rulebook::builtin())] {
        files.files.retain(|name, _| !name.contains('/'));
        let rulebook = rulebook::read(&files).0.expect("sound rules");
        let nothing = coverage(&rulebook, &[]).expect("small rules");
        assert_eq!(nothing.covered(), 0, "{name}");
        let total = nothing.items.len();
        let written = missing_cases(&rulebook, nothing).expect("small rules");
        let text = template::cases(&rulebook, &written);
        files.files.insert("tests/all.yaml".to_owned(), Cow::Owned(text.clone().into_bytes()));
        assert_eq!(problems(&files), [] as [String; 0], "{name}");
        let cases = cases(&files, &rulebook);
        let after = coverage(&rulebook, &cases.all).expect("small rules");
        let left: Vec<&str> = after.items.iter().filter(|item| !item.covered).map(|item| item.name.as_str()).collect();
        assert_eq!(left, [] as [&str; 0], "{name}\n{text}");
        assert!(cases.all.len() < total, "{name}: a case should show more than one thing");
    }
}

/// Whatever a case expects is compared, and nothing is said of what comes out so.
#[test]
fn each_expectation_that_does_not_come_out_is_told() {
    let given = "{open_to_neighbours: yes, pesticides: soap_only, land_held_by: owned, shared_things: [tools], \
                 number_of_plots: not_sure, water_tested: no}";
    for (expect, is, wrong, what) in [
        ("outcome: ", "needs_discussion", "meets_criteria", "the outcome"),
        ("possible_outcomes: ", "[needs_discussion]", "[meets_criteria, needs_discussion]", "what is still possible"),
        ("scenario: ", "land_is_safe", "lease_is_short", "the scenario"),
        ("criteria: {open_garden: met, clean_soil: ", "to_discuss}", "met}", "`clean_soil`"),
        ("fit: ", "fits_with_conditions", "fits", "the fit"),
        ("findings: {sharing_nothing: does_not_hold, big_tool_store: ", "open}", "holds}", "`big_tool_store`"),
        ("go_live: {safe_water: ", "not_met}", "met}", "`safe_water`"),
        ("missing: ", "[]", "[long_lease]", "what is missing"),
    ] {
        let said = |value: &str| {
            problems(&garden(Some(&format!(
                "cases:\n  - name: a\n    given: {given}\n    expect: {{{expect}{value}}}\n"
            ))))
        };
        assert_eq!(said(is), [] as [String; 0], "{expect}{is}");
        let plain = |value: &str| match value.trim_matches(['[', ']', '}']) {
            "" => "nothing".to_owned(),
            value => value.to_owned(),
        };
        let told = said(wrong);
        assert_eq!(told.len(), 1, "{expect}{wrong}: {told:?}");
        let message = format!("R024: case \"a\": {what} should be {}, but is {}", plain(wrong), plain(is));
        assert!(told[0].ends_with(&message), "{told:?}");
    }
    let undecided = garden(Some("cases:\n  - name: a\n    expect: {scenario: }\n"));
    assert_eq!(problems(&undecided), [] as [String; 0]);
}

/// What one case shows is what comes of it, and each part of a condition that alone decides it.
#[test]
fn a_case_covers_what_it_shows_and_nothing_else() {
    let shown = |given: &str| {
        let mut files =
            garden(Some(&format!("cases:\n  - name: a\n    given: {given}\n    expect: {{fit: unknown}}\n")));
        // Two tests that decide one criterion.
        let both = "{open_to_neighbours: yes, water_tested: yes}";
        support::replace(&mut files, "criteria.yaml", "{open_to_neighbours: yes}", both);
        let rulebook = rulebook::read(&files).0.expect("sound rules");
        let cases = cases(&files, &rulebook);
        let coverage = coverage(&rulebook, &cases.all).expect("small rules");
        // Answers, topics and notes are shown by themselves, whatever the conditions are.
        let by_itself = ["answer ", "reading ", "topic_", "note 1 of clean_soil told"];
        let decided = |name: &String| !by_itself.iter().any(|begin| name.starts_with(begin));
        let covered = coverage.items.iter().filter(|item| item.covered).map(|item| item.name.clone());
        covered.filter(decided).collect::<Vec<String>>()
    };
    let table: &[(&str, &[&str])] = &[
        (
            "{open_to_neighbours: yes, water_tested: yes}",
            &[
                "outcome incomplete",
                "open_garden met",
                "safe_water met",
                "open_garden decided by open_to_neighbours holding",
                "open_garden decided by water_tested holding",
                "safe_water decided by water_tested holding",
            ],
        ),
        (
            "{open_to_neighbours: yes, water_tested: no}",
            &[
                "outcome does_not_meet",
                "open_garden not met",
                "safe_water not met",
                "open_garden decided by water_tested not holding",
                "safe_water decided by water_tested not holding",
            ],
        ),
        // Neither test decides alone, and what is not sure shows nothing of a single part.
        (
            "{open_to_neighbours: no, water_tested: no}",
            &[
                "outcome does_not_meet",
                "open_garden not met",
                "safe_water not met",
                "safe_water decided by water_tested not holding",
            ],
        ),
        (
            "{open_to_neighbours: not_sure, water_tested: no}",
            &[
                "outcome does_not_meet",
                "open_garden not met",
                "safe_water not met",
                "safe_water decided by water_tested not holding",
            ],
        ),
        (
            "{pesticides: soap_only}",
            &[
                "outcome incomplete",
                "clean_soil not met",
                "clean_soil decided by pesticides not holding",
                "clean_soil decided by pesticides holding",
                "note 1 of clean_soil decided by pesticides holding",
            ],
        ),
        (
            "{pesticides: garden_chemicals}",
            &[
                "outcome does_not_meet",
                "clean_soil not met",
                "clean_soil decided by pesticides not holding",
                "clean_soil decided by pesticides not holding",
                "note 1 of clean_soil decided by pesticides not holding",
            ],
        ),
        (
            "{land_held_by: owned}",
            &[
                "outcome incomplete",
                "secure_land met",
                "scenario land_is_safe",
                "ask_when of long_lease decided by land_held_by not holding",
                "land_is_safe decided by land_held_by holding",
                "land_is_borrowed decided by land_held_by not holding",
            ],
        ),
        (
            "{shared_things: [nothing_shared]}",
            &[
                "outcome incomplete",
                "sharing_nothing holds",
                "big_tool_store does not hold",
                "sharing_nothing decided by shared_things holding",
            ],
        ),
        (
            "{shared_things: [tools], number_of_plots: more_than_ten}",
            &[
                "outcome incomplete",
                "sharing_nothing does not hold",
                "big_tool_store holds",
                "sharing_nothing decided by shared_things not holding",
                "big_tool_store decided by shared_things holding",
                "big_tool_store decided by number_of_plots holding",
            ],
        ),
    ];
    for (given, items) in table {
        assert_eq!(shown(given), *items, "{given}");
    }
}
