//! What a policy owner does to rules, and what the tools say of it: the slips and changes that people made in a trial, and
//! some more, each made alone in a copy of the market's rules. What is said is kept, to be read as they would read it.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use support::run;

/// The rules that are edited.
const MARKET: &str = "tests/packs/market_stall";

/// An edit: what is done, in which file, what stood there, and what stands there now.
type Edit = (&'static str, &'static str, &'static str, &'static str);

/// Slips that keep a file from being read as it was meant.
const SLIPS: &[Edit] = &[
    ("a colon inside a text", "questions.yaml", "prompt: Is the stall insured?", "prompt: Insurance: is there any?"),
    (
        "a colon inside a text, further down",
        "questions.yaml",
        "prompt: Is the stall insured?",
        "prompt: Is the stall insured for\n      what it sells: food or goods?",
    ),
    (
        "a colon behind the word that a text goes on with",
        "questions.yaml",
        "prompt: Is the stall insured?",
        "prompt: Is the stall insured for\n      goods: yes or no?",
    ),
    (
        "no-break spaces instead of blanks",
        "questions.yaml",
        "    prompt: Is the stall insured?",
        "\u{a0}\u{a0}\u{a0}\u{a0}prompt: Is the stall insured?",
    ),
    (
        "a no-break space among blanks",
        "questions.yaml",
        "    prompt: Is the stall insured?",
        "  \u{a0} prompt: Is the stall insured?",
    ),
    (
        "a tab instead of blanks",
        "questions.yaml",
        "    prompt: Is the stall insured?",
        "\tprompt: Is the stall insured?",
    ),
    (
        "a key one column too far to the right",
        "scenarios.yaml",
        "    title: Somebody from nearby",
        "     title: Somebody from nearby",
    ),
    (
        "a key one column too far to the left",
        "scenarios.yaml",
        "    title: Somebody from nearby",
        "   title: Somebody from nearby",
    ),
    (
        "an apostrophe inside quotation marks",
        "questions.yaml",
        "prompt: Is the stall insured?",
        "prompt: 'Who's insured?'",
    ),
    (
        "a quotation mark that is never closed",
        "questions.yaml",
        "prompt: Is the stall insured?",
        "prompt: \"Is the stall insured?",
    ),
    ("a hash inside a text", "criteria.yaml", "title: Has a day", "title: Has # a day"),
    ("a hyphen without a blank", "outcomes.yaml", "  - id: how_long", "  -id: how_long"),
    ("a hyphen that is missing", "criteria.yaml", "  - id: day_free", "    id: day_free"),
    ("a key twice", "criteria.yaml", "    otherwise: not_met", "    otherwise: not_met\n    otherwise: to_discuss"),
    ("a merge key", "criteria.yaml", "    otherwise: not_met", "    <<: *base"),
    ("an anchor", "criteria.yaml", "title: Has a day", "title: &day Has a day"),
    (
        "a comma inside braces",
        "questions.yaml",
        "{value: fruit, label: Fruit}",
        "{value: fruit, label: Apples, pears and plums}",
    ),
    (
        "a number and a comma inside braces",
        "questions.yaml",
        "{value: fruit, label: Fruit}",
        "{value: fruit, label: 16, 17 or 18}",
    ),
    (
        "a bracket that is never closed",
        "scenarios.yaml",
        "{weekday: [friday, saturday], lives_nearby: yes}",
        "{weekday: [friday, saturday, lives_nearby: yes}",
    ),
    ("no blank behind a colon", "questions.yaml", "prompt: Is the stall insured?", "prompt:Is the stall insured?"),
    ("a text that begins with a sign", "questions.yaml", "prompt: Is the stall insured?", "prompt: @insured?"),
];

/// What cannot be, or is not what it seems.
const MISTAKES: &[Edit] = &[
    ("a needed key without its value", "criteria.yaml", "title: Has a day", "title:"),
    ("keys taken over from elsewhere", "criteria.yaml", "    decided_by", "    <<: *day\n    decided_by"),
    (
        "a value that is not meant",
        "criteria.yaml",
        "discuss_when: {not: {goods: fireworks}}",
        "discuss_when: {goods: \"!= fireworks\"}",
    ),
    (
        "a list of conditions",
        "criteria.yaml",
        "discuss_when: {not: {goods: fireworks}}",
        "discuss_when: [{goods: bread}, {goods: eggs}]",
    ),
    ("`or` in a condition", "criteria.yaml", "{not: {goods: fireworks}}", "{or: [{goods: bread}, {goods: eggs}]}"),
    ("`none` in a condition", "criteria.yaml", "{not: {goods: fireworks}}", "{none: [{goods: fireworks}]}"),
    ("`not_sure` in a condition", "scenarios.yaml", "{weekday: sunday}", "{weekday: not_sure}"),
    (
        "an answer that counts as one of several in a condition",
        "scenarios.yaml",
        "{weekday: sunday}",
        "{weekday: either}",
    ),
    ("a kind that there is not", "questions.yaml", "kind: choice\n", "kind: number\n"),
    (
        "`at_least` with a mapping",
        "criteria.yaml",
        "{not: {goods: fireworks}}",
        "{at_least: {2: [{goods: bread}, {goods: eggs}]}}",
    ),
    (
        "`at_least` with `of`",
        "criteria.yaml",
        "{not: {goods: fireworks}}",
        "{at_least: 2, of: [{goods: bread}, {goods: eggs}]}",
    ),
    ("a criterion in a condition", "fit.yaml", "{needs_power: yes}", "{needs_power: yes, goods_allowed: met}"),
    (
        "a guard forgotten",
        "questions.yaml",
        "    ask_when: {weekday: [friday, saturday]}",
        "    ask_when: {weekday: friday}",
    ),
    (
        "a second criterion that the scenarios decide",
        "criteria.yaml",
        "    met_when: {not: {goods: [fireworks, live_animals]}}\n    discuss_when: {not: {goods: fireworks}}\n    otherwise: not_met\n",
        "    decided_by: scenarios\n",
    ),
    ("an id given twice", "questions.yaml", "  - id: needs_power", "  - id: weekday"),
    (
        "a part of a condition that another implies",
        "fit.yaml",
        "{needs_power: yes}",
        "{any: [{needs_power: yes}, {needs_power: yes, extras: storage}]}",
    ),
    (
        "a part of the words of a criterion that another implies",
        "criteria.yaml",
        "    decided_by: scenarios\n",
        "    decided_by: scenarios\n    words_met_when: {any: [{weekday: [friday, saturday], lives_nearby: yes}, {weekday: [friday, saturday], lives_nearby: yes, needs_power: no}]}\n",
    ),
    ("a status that there is not", "criteria.yaml", "otherwise: not_met", "otherwise: nope"),
    ("a status that no scenario can give", "scenarios.yaml", "criterion: met", "criterion: nope"),
    ("a source without its item", "fit.yaml", "section: The square, item: paragraph 3}", "section: The square}"),
    ("two criteria with one number", "criteria.yaml", "number: 2", "number: 1"),
    ("two scenarios with one number", "scenarios.yaml", "number: 3", "number: 2"),
    ("two topics with one number", "application.yaml", "number: 2", "number: 1"),
    (
        "a question asked of fewer than it decides",
        "questions.yaml",
        "    ask_when: {weekday: [friday, saturday]}",
        "    ask_when: {weekday: friday, needs_power: yes}",
    ),
    ("`otherwise` that is not last", "scenarios.yaml", "    when: {weekday: sunday}", "    otherwise: true"),
    ("a scenario without anything", "scenarios.yaml", "    otherwise: true\n", ""),
    ("an interpretation without its reasoning", "fit.yaml", "basis: published", "basis: interpretation"),
    ("an id between backticks that is nothing", "fit.yaml", "Bring a battery", "See `batteries`. Bring a battery"),
];

/// Changes of rules that stay sound.
const CHANGES: &[Edit] = &[
    (
        "a question moved from one topic to another",
        "application.yaml",
        "[about_the_stall, where_from]§[first_day]",
        "[about_the_stall]§[first_day, where_from]",
    ),
    ("a question replaced in a topic", "application.yaml", "[first_day]", "[about_the_stall]"),
    (
        "a second obligation",
        "go_live.yaml",
        "obligations:\n",
        "obligations:\n  - id: has_power\n    title: Has power\n    met_when: {needs_power: no}\n    otherwise: not_met\n    says: {met: None is needed., to_discuss: Find out., not_met: Bring a battery., unknown: Say so first.}\n    source: {page: pitches, section: The first day}\n    basis: published\n",
    ),
    ("the disclaimer", "manifest.yaml", "The market office decides.", "It decides."),
    ("the title of an outcome", "outcomes.yaml", "title: Can have a pitch", "title: Approved"),
    ("what an outcome means", "outcomes.yaml", "meaning: The stall meets both rules.", "meaning: Come along."),
    ("the heading of a section", "manifest.yaml", "title: Can the stall have a pitch?", "title: Part one"),
    ("what introduces a section", "manifest.yaml", "intro: Two rules decide this.", "intro: The office decides this."),
    (
        "another page for a finding",
        "manifest.yaml§fit.yaml",
        "sources:\n§page: pitches, section: The square, item: paragraph 4",
        "sources:\n  - {id: stalls, title: Stalls, url: \"https://example.org/stalls\"}\n§page: stalls, section: The square, item: paragraph 4",
    ),
    (
        "a fact taken away",
        "outcomes.yaml",
        "facts:\n  - id: how_long\n    title: How long it takes\n    says: The office answers within two weeks.\n    outcomes: [meets_criteria, needs_discussion]\n    source: {page: pitches, section: The call}\n    basis: published\n",
        "facts: []\n",
    ),
    ("the address of a source", "manifest.yaml", "https://example.org/market", "https://example.org/markets"),
    ("the version", "manifest.yaml", "version: 1.0.0", "version: 1.0.1"),
    (
        "the outcomes that a fact is shown with",
        "outcomes.yaml",
        "outcomes: [meets_criteria, needs_discussion]",
        "outcomes: [meets_criteria]",
    ),
    ("an answer that may now be changed", "questions.yaml", "    changeable: false\n", ""),
    ("the empty list that is none any more", "questions.yaml", ", none: true", ""),
    ("an option taken away", "questions.yaml", "      - {value: pottery, label: Pottery}\n", ""),
    (
        "an option added",
        "questions.yaml",
        "      - {value: pottery, label: Pottery}\n",
        "      - {value: pottery, label: Pottery}\n      - {value: candles, label: Candles}\n",
    ),
    (
        "an option added that decides something",
        "questions.yaml",
        "      - {value: sunday, label: Sunday}\n",
        "      - {value: sunday, label: Sunday}\n      - {value: monday, label: Monday}\n",
    ),
    ("a note that is told of another answer", "fit.yaml", "when: {extras: storage}", "when: {extras: awning}"),
    (
        "a note of a scenario that is told of another answer",
        "scenarios.yaml",
        "{when: {weekday: friday}",
        "{when: {weekday: saturday}",
    ),
    ("a question that everybody is asked", "questions.yaml", "    ask_when: {weekday: [friday, saturday]}\n", ""),
    (
        "the section of a source",
        "fit.yaml",
        "section: The square, item: paragraph 4",
        "section: The green, item: paragraph 4",
    ),
    ("the page of a source", "manifest.yaml", "title: Pitches at the market", "title: Pitches and prices"),
    (
        "a condition that takes in more, and the version stays",
        "criteria.yaml",
        "discuss_when: {not: {goods: fireworks}}",
        "discuss_when: {goods: live_animals}",
    ),
    ("another name for the rules", "manifest.yaml", "id: market_pitch", "id: fair_pitch"),
];

/// A copy of the market's rules with one edit.
fn edited((what, file, from, to): &Edit, folder: &Path) {
    for entry in ["", "tests"] {
        fs::create_dir_all(folder.join(entry)).expect("a folder");
        for file in fs::read_dir(support::crate_path(MARKET).join(entry)).expect("the market's rules") {
            let path = file.expect("a file").path();
            if path.is_file() {
                fs::copy(&path, folder.join(entry).join(path.file_name().expect("a name"))).expect("a copy");
            }
        }
    }
    // Several places one after another, in one file or in one each.
    let files = file.split('§').chain(std::iter::repeat(*file));
    for (file, (from, to)) in files.zip(from.split('§').zip(to.split('§'))) {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).expect("a rule file");
        assert!(text.contains(from), "{what}: {file} does not hold {from}");
        fs::write(path, text.replacen(from, to, 1)).expect("the edit");
    }
}

/// What a command says, with the folder called by a name of its own.
fn said(args: &[&str], folder: &str) -> String {
    let ran = run(args, "");
    let text = [ran.err.as_str(), ran.out.as_str()].concat().replace(folder, "new").replace(MARKET, "old");
    let text = text.lines().map(|line| line.trim_end().to_owned() + "\n").collect::<String>();
    format!("{text}(exit {})\n", ran.code)
}

/// What the tools say of each edit.
fn told(edits: &[Edit], tools: &[&str]) -> String {
    let mut all = String::new();
    for edit in edits {
        let folder = tempfile::tempdir().expect("a folder");
        edited(edit, folder.path());
        let path = folder.path().to_str().expect("UTF-8");
        let _ = writeln!(all, "## {}", edit.0);
        for tool in tools {
            let args: Vec<&str> = match *tool {
                "diff" => vec!["rules", "diff", MARKET, path],
                tool => vec!["rules", tool, "--rules", path],
            };
            let _ = write!(all, "--- {tool}\n{}", said(&args, path));
        }
        all.push('\n');
    }
    all
}

#[test]
fn each_slip_has_a_message_of_its_own_at_its_own_place() {
    let all = told(SLIPS, &["check"]);
    // One cause, one error.
    for said in all.split("## ").skip(1) {
        let count = said.matches("error[").count() + said.matches("warning[").count();
        assert_eq!(count, 1, "{said}");
    }
    insta::assert_snapshot!("slips", all);
}

#[test]
fn each_mistake_is_told_once_with_what_to_do() {
    let all = told(MISTAKES, &["check"]);
    for said in all.split("## ").skip(1) {
        let messages = said.matches("error[").count() + said.matches("warning[").count();
        assert!(messages <= 1 && messages == said.matches("= help:").count(), "{said}");
    }
    insta::assert_snapshot!("mistakes", all);
}

#[test]
fn each_change_is_told_by_what_it_does_and_by_what_it_says() {
    let all = told(CHANGES, &["check", "test", "diff"]);
    for said in all.split("## ").skip(1) {
        let diff = said.split("--- diff\n").nth(1).expect("a comparison");
        assert!(diff.contains("(exit 3)"), "{said}");
    }
    insta::assert_snapshot!("changes", all);
}

/// Each product that moves is named with what moves, and what is worst decides, in whatever order the files come.
#[test]
fn what_becomes_of_answers_files_is_told_in_any_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("an answers file");
        path.to_str().expect("UTF-8").to_owned()
    };
    let whole = "goods: [pottery], weekday: friday, lives_nearby: yes, needs_power: no, extras: [], about_the_stall: B., \
                 where_from: O., first_day: May, insurance: yes";
    let stays = file("stays.yaml", &format!("product: Stays\nanswers: {{{whole}}}\n").replace("pottery", "bread"));
    let moves = file(
        "moves.yaml",
        &format!("product: Moves\nanswers: {{{whole}}}\n").replace("pottery", "fireworks, live_animals"),
    );
    let gone = file("gone.yaml", &format!("product: Gone\nanswers: {{{whole}}}\n"));
    let bad = file("bad.yaml", "product: Bad\nanswers: {goods: [stones]}\n");
    let rules = folder.path().join("rules");
    edited(
        &(
            "fireworks beside animals, and no pottery",
            "criteria.yaml",
            "discuss_when: {not: {goods: fireworks}}",
            "discuss_when: {goods: live_animals}",
        ),
        &rules,
    );
    let questions = rules.join("questions.yaml");
    let text = fs::read_to_string(&questions)
        .expect("the questions")
        .replace("      - {value: pottery, label: Pottery}\n", "");
    fs::write(questions, text).expect("the questions");
    let rules = rules.to_str().expect("UTF-8");
    let compared = |files: &[&str]| {
        let ran = run(&[&["rules", "diff", MARKET, rules, "--answers"], files].concat(), "");
        let told: Vec<String> = ran.out.lines().skip_while(|line| !line.contains(".yaml")).map(str::to_owned).collect();
        (ran.code, told.join(" ").replace(folder.path().to_str().expect("UTF-8"), "."))
    };
    let (code, told) = compared(&[&stays, &moves, &gone]);
    assert_eq!(code, 3);
    assert_eq!(
        told,
        "./moves.yaml (Moves): outcome does_not_meet → needs_discussion; gate eligibility fails → needs_discussion; gate \
         application fails → needs_discussion; gate go-live fails → needs_discussion ./gone.yaml: the file valid → not \
         valid Of 3 answers files: 1 changed, 1 valid under one version only."
    );
    // Folders and patterns mean what they mean to `check`, and what is no file of one product is told.
    let inside = folder.path().join("in/a");
    fs::create_dir_all(&inside).expect("a folder");
    fs::copy(&moves, inside.join("answers.yaml")).expect("a copy");
    let (code, told) = compared(&[inside.parent().and_then(Path::to_str).expect("UTF-8")]);
    assert_eq!(code, 3);
    assert!(told.starts_with("./in/a/answers.yaml (Moves): outcome") && told.ends_with("1 changed."), "{told}");
    let (code, told) = compared(&[&format!("{}/m[ao]ves.y*", folder.path().display())]);
    assert!(code == 3 && told.ends_with("Of 1 answers file: 1 changed."), "{told}");
    let array = file("array.json", "[]");
    for (path, code) in
        [(array.as_str(), 2), ("nowhere.yaml", 1), ("nowhere/*.yaml", 2), ("tests/findings/csv/sep.csv", 2)]
    {
        let (worst, told) = compared(&[path, &moves]);
        assert!(worst == code && told.contains("./moves.yaml (Moves)"), "{path} {worst} {told}");
    }
    for files in [[&bad, &moves], [&moves, &bad]] {
        let (code, told) = compared(&files.map(String::as_str));
        assert_eq!(code, 2);
        assert!(told.ends_with("Of 2 answers files: 1 changed, 1 valid under neither."), "{told}");
        assert!(!told.contains("not valid"), "{told}");
    }
}

#[test]
fn an_empty_folder_is_one_mistake() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8");
    let tools: [&[&str]; 4] = [
        &["rules", "check", "--rules", path],
        &["rules", "test", "--rules", path],
        &["rules", "diff", MARKET, path],
        &["schema", "rules", "--rules", path],
    ];
    let all: Vec<String> =
        tools.iter().map(|args| format!("--- {}\n{}\n", args[..2].join(" "), said(args, path))).collect();
    let all = all.concat();
    assert_eq!(all.matches("error[").count(), tools.len(), "{all}");
    insta::assert_snapshot!("empty_folder", all);
}

/// From a copy of the rules to one criterion more with every case green: an edit of two files, and three commands.
#[test]
fn a_sixth_criterion_is_green_in_five_steps() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8");
    let rules = support::crate_path("rules");
    fs::create_dir(folder.path().join("tests")).expect("a folder");
    for (from, to) in [(rules.clone(), folder.path().to_owned()), (rules.join("tests"), folder.path().join("tests"))] {
        for file in fs::read_dir(from).expect("the rules").map(|file| file.expect("a file").path()) {
            if file.extension().is_some_and(|ending| ending == "yaml") {
                fs::copy(&file, to.join(file.file_name().expect("a name"))).expect("a copy");
            }
        }
    }
    // 1. The question and the criterion.
    let grounds =
        "    source: {page: apply, section: Check if you are eligible, item: bullet 6}\n    basis: published\n";
    let question = format!(
        "  - id: clinical_safety\n    section: eligibility\n    kind: yes_no\n    prompt: Is there a clinical safety case?\n{grounds}"
    );
    let criterion = format!(
        "  - id: clinically_safe\n    number: 6\n    title: Is clinically safe\n    met_when: {{clinical_safety: yes}}\n    \
         otherwise: not_met\n    says: {{met: There is one., to_discuss: Find out., not_met: Write one., unknown: Say so.}}\n{grounds}"
    );
    let questions = folder.path().join("questions.yaml");
    let text = fs::read_to_string(&questions).expect("the questions");
    let before = "  - id: native_verification\n";
    fs::write(&questions, text.replace(before, &format!("{question}{before}"))).expect("the question");
    let criteria = folder.path().join("criteria.yaml");
    let text = fs::read_to_string(&criteria).expect("the criteria");
    fs::write(&criteria, format!("{}\n{criterion}", text.trim_end())).expect("the criterion");
    // 2. Sound as they are.
    let check = run(&["rules", "check", "--rules", path], "");
    assert_eq!((check.code, check.err.as_str()), (0, ""), "{}", check.out);
    // 3. What fails has one cause, and is told once.
    let test = run(&["rules", "test", "--rules", path], "");
    assert_eq!(test.code, 2);
    assert_eq!(test.err.matches("error[").count(), 1, "{}", test.err);
    assert!(test.err.contains("with no answer to `clinical_safety`"), "{}", test.err);
    assert!(test.err.lines().count() < 30, "{}", test.err);
    // 4. What comes out now is what is expected.
    let accept = run(&["rules", "test", "--rules", path, "--accept"], "");
    assert_eq!(accept.code, 0, "{}", accept.err);
    // 5. What no case shows yet.
    let more = folder.path().join("tests/more.yaml").display().to_string();
    let generate = run(&["rules", "test", "--rules", path, "--generate-missing", "--output", &more], "");
    assert_eq!(generate.code, 0, "{}", generate.err);
    let green = run(&["rules", "test", "--rules", path, "--min-coverage", "100"], "");
    assert_eq!(green.code, 0, "{}{}", green.err, green.out);
    assert!(green.out.contains(" 0 failed") && green.out.contains("Coverage: 100 %"), "{}", green.out);
}
