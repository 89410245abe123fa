//! Cases beside the rules: what is wrong with them is said, what they cover is measured, and what they lack is written.

use std::borrow::Cow;
use std::path::Path;

use eligibility::files;
use eligibility::problem::Problem;
use eligibility::prove::{cases, coverage, missing_cases, run};
use eligibility::render::template;
use eligibility::rulebook::{self, RuleFiles};

/// The second rule pack with these cases and no others.
fn garden(text: Option<&str>) -> RuleFiles {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs/allotment");
    let mut files = files::read_rules(&folder).expect("the pack is there");
    "g".clone_into(&mut files.folder);
    files.files.retain(|name, _| !name.contains('/'));
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
    let failed = cases.all.iter().flat_map(|case| run(case, &rulebook).problems);
    let line = |problem: &Problem| {
        let place = problem.place.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        format!("{place} {}: {}", problem.code, problem.message)
    };
    cases.problems.iter().cloned().chain(failed).map(|problem| line(&problem)).collect()
}

#[test]
fn what_is_wrong_with_a_case_is_said() {
    let table: &[(&str, &[&str])] = &[
        (
            "cases:\n  - name: a\n    given: {}\n    expect: {outcome: meets_criteria}\n",
            &["g/tests/cases.yaml:4:23 R024: case \"a\": the outcome should be meets_criteria, but is incomplete"],
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
    ];
    for (text, said) in table {
        assert_eq!(problems(&garden(Some(text))), *said, "{text}");
    }
    assert_eq!(problems(&garden(None)), ["- R026: `g/tests` has no cases"]);
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
        let mut nothing = coverage(&rulebook, &[]).expect("small rules");
        assert_eq!(nothing.covered(), 0, "{name}");
        let total = nothing.items.len();
        let written = missing_cases(&rulebook, &mut nothing);
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
