//! Rules of other services: what the program prints of them holds no word of the rules that are built in.

mod support;

use std::fs;

use support::run;

/// The packs of other services, each with answers to all its questions that come to something.
const PACKS: [(&str, &str); 4] = [
    (
        "market_stall",
        "goods: [bread, live_animals]\n  weekday: either\n  lives_nearby: no\n  needs_power: not_sure\n  extras: [storage]\n  insurance: yes",
    ),
    ("bike_check", "wheels: three"),
    ("odd_names", "product: invalid\n  answers: [where]\n  numbered: no\n  decided: no\n  order: not_sure"),
    ("allotment", "open_to_neighbours: yes\n  pesticides: soap_only\n  land_held_by: leased\n  long_lease: not_sure"),
];

/// Words of the rules that are built in. The name of the program is none of them.
const WORDS: [&str; 20] = [
    "nhs",
    "login",
    "patient",
    "patients",
    "sponsor",
    "sponsored",
    "commission",
    "commissioned",
    "commissioning",
    "clinical",
    "surgery",
    "gp",
    "im1",
    "dcb3051",
    "scopes",
    "prescription",
    "england",
    "wales",
    "council",
    "integration board",
];

/// The text without the name of the program.
fn without_names(text: &str) -> String {
    let names = ["nhs-login-eligibility", "nhs_login_eligibility"];
    names.iter().fold(text.to_lowercase(), |text, name| text.replace(&name.to_lowercase(), " "))
}

fn word_in(text: &str) -> Option<(&'static str, String)> {
    let text = without_names(text);
    let found = |line: &str, word: &str| {
        line.match_indices(word).any(|(at, _)| {
            let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !letter(line[..at].chars().next_back()) && !letter(line[at + word.len()..].chars().next())
        })
    };
    WORDS.iter().find_map(|word| Some((*word, text.lines().find(|line| found(line, word))?.to_owned())))
}

#[test]
fn no_word_of_the_built_in_rules_is_printed_of_other_rules() {
    let mut wrong = Vec::new();
    for (pack, answers) in PACKS {
        let rules = format!("tests/packs/{pack}");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("answers.yaml").display().to_string();
        fs::write(&file, format!("product: Of ours\nanswers:\n  {answers}\n")).expect("the answers");
        let draft = folder.path().join("blank.yaml").display().to_string();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let (page, letters, book) = (at("page.html"), at("letters"), at("book.xlsx"));
        let commands: [&[&str]; 26] = [
            &["rules", "check"],
            &["rules", "test"],
            &["rules", "show"],
            &["rules", "graph"],
            &["rules", "graph", "--format", "dot", "--answers", &file],
            &["rules", "diff", "tests/packs/bike_check", &rules, "--answers", &file],
            &["rules", "export", "--to", "sql"],
            &["schema", "rules"],
            &["schema", "cases"],
            &["check", &file],
            &["check", "--full", &file],
            &["triage", &file],
            &["init", &draft],
            &["rules", "show", "--format", "html"],
            &["rules", "export", "--to", "html", "--output", &page],
            &["triage", &file, "--output", &book, "--follow-up", &letters],
            &["triage", &file, "--format", "html"],
            &["check", "--format", "html", &file],
            &["explain"],
            &["explain", "outcome"],
            &["schema", "answers"],
            &["schema", "report"],
            &["schema", "mapping"],
            &["--help"],
            &["check", "--help"],
            &["triage", "--help"],
        ];
        for command in commands {
            // A comparison names its rules itself.
            let own: &[&str] = if command.contains(&"diff") { &[] } else { &["--rules", &rules] };
            let ran = run(&[command, own].concat(), "");
            let said = [ran.out, ran.err].concat().replace(&file, "answers.yaml").replace(&draft, "blank.yaml");
            wrong.extend(
                word_in(&said).map(|(word, line)| format!("{pack}, {}: `{word}` in: {line}", command.join(" "))),
            );
        }
        let letter = fs::read_dir(&letters).expect("letters").next().expect("a letter").expect("a letter").path();
        for path in [draft.as_ref(), page.as_ref(), letter.as_path()] {
            let text = fs::read_to_string(path).expect("what was written");
            wrong.extend(word_in(&text).map(|(word, line)| format!("{pack}, {}: `{word}` in: {line}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
