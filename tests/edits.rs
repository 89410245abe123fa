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
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("a rule file");
    // Several places in one file, one after another.
    let text = from.split('§').zip(to.split('§')).fold(text, |text, (from, to)| {
        assert!(text.contains(from), "{what}: {file} does not hold {from}");
        text.replacen(from, to, 1)
    });
    fs::write(path, text).expect("the edit");
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
        assert!(diff.contains("(exit 3)") || said.starts_with("the empty list"), "{said}");
    }
    insta::assert_snapshot!("changes", all);
}
