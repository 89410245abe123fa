//! Rules of other services: what the program prints of them holds no word of the rules that are built in.

mod support;

use std::fs;

use eligibility::report::Format;
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
const WORDS: [&str; 22] = [
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
    "published criteria",
    "in an application",
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
        let commands: [&[&str]; 29] = [
            &["rules", "check"],
            &["rules", "test"],
            &["rules", "show"],
            &["rules", "graph"],
            &["rules", "graph", "--format", "dot", "--answers", &file],
            &["rules", "diff", "tests/packs/bike_check", &rules, "--answers", &file],
            &["rules", "export", "--to", "sql"],
            &["rules", "export", "--to", "html"],
            &["schema", "answers"],
            &["schema", "report"],
            &["schema", "mapping"],
            &["schema", "rules"],
            &["schema", "cases"],
            &["check", &file],
            &["check", "--full", &file],
            &["check", "--gate", "go-live", &file, &file],
            &["triage", "--follow-up", &letters, &file],
            &["interview", "--plain", &file],
            &["init", &draft],
            &["rules", "export", "--to", "html", "--output", &page],
            &["triage", &file, "--output", &book],
            &["explain"],
            &["explain", "outcome"],
            &["schema", "answers"],
            &["schema", "report"],
            &["schema", "mapping"],
            &["--help"],
            &["check", "--help"],
            &["triage", "--help"],
        ];
        let format = |command, format: Format| vec![command, "--format", format.id(), &file];
        let books = [vec!["rules", "show", "--format", "html"], vec!["rules", "show", "--format", "markdown"]];
        let checks = Format::supported(Format::is_for_one).map(|it| format("check", it));
        let triages = Format::supported(Format::is_for_many).filter(|it| *it != Format::Xlsx);
        let written = checks.chain(triages.map(|it| format("triage", it))).chain(books);
        let commands = commands.map(<[&str]>::to_vec).into_iter().chain(written);
        for command in commands {
            // A comparison names its rules itself, and the schema of reports is that of any rules.
            let takes_none = ["diff", "report"].iter().any(|none| command.contains(none));
            let own: &[&str] = if takes_none { &[] } else { &["--rules", &rules] };
            let ran = run(&[&command[..], own].concat(), "");
            let said = [ran.out, ran.err].concat().replace(&file, "answers.yaml").replace(&draft, "blank.yaml");
            wrong.extend(
                word_in(&said).map(|(word, line)| format!("{pack}, {}: `{word}` in: {line}", command.join(" "))),
            );
        }
        let letters = fs::read_dir(&letters).expect("letters").map(|letter| letter.expect("a letter").path());
        for path in letters.chain([draft.into(), page.into()]) {
            let text = fs::read_to_string(&path).expect("a text");
            wrong.extend(word_in(&text).map(|(word, line)| format!("{pack}, {}: `{word}` in: {line}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The bicycles have criteria and nothing else.
#[test]
fn what_rules_do_not_have_is_not_shown_and_is_no_column_and_no_gate() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("answers.yaml").display().to_string();
    fs::write(&file, "product: Of ours\nanswers:\n  wheels: three\n").expect("the answers");
    let on_bicycles = |args: &[&str]| run(&[args, &["--rules", "tests/packs/bike_check"]].concat(), "");
    let words = ["scenario", "fit:", ",fit", "| fit", ">fit", "finding", "topic", "obligation"];
    let checks = Format::supported(Format::is_for_one).map(|format| ("check", format));
    let triages = Format::supported(Format::is_for_many).map(|format| ("triage", format));
    // A report as JSON always has the same keys.
    for (command, format) in checks.chain(triages).filter(|(_, format)| !matches!(format, Format::Json | Format::Jsonl))
    {
        if format == Format::Xlsx {
            continue;
        }
        let ran = on_bicycles(&[command, &file, &file, "--format", format.id()]);
        let said = ran.out.to_lowercase();
        for word in words {
            let lines: Vec<&str> = said.lines().filter(|line| line.contains(word)).collect();
            assert!(lines.is_empty(), "{command} --format {}: `{word}` in {lines:#?}", format.id());
        }
    }
    for gate in ["application", "go-live"] {
        for command in ["check", "triage", "interview"] {
            let ran = on_bicycles(&[command, &file, "--gate", gate]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command}");
            let words =
                format!("error: these rules have nothing for the gate {gate}\n help: their gates: eligibility\n");
            assert_eq!(ran.err, words, "{command}");
        }
    }
    for by in ["scenario", "finding", "topic", "obligation"] {
        let ran = on_bicycles(&["triage", &file, "--group-by", by]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{by}");
        assert!(ran.err.contains("--group-by asks for something that these rules do not have\n"), "{}", ran.err);
    }
    // A script may ask for the same fields whatever the rules are.
    let named = on_bicycles(&["triage", &file, "--format", "csv", "--fields", "product,fit"]);
    assert_eq!((named.code, named.out.as_str()), (3, "product,fit,error\nOf ours,fits,\n"));
}

#[test]
fn what_has_no_name_yet_is_called_as_the_rules_call_it() {
    let of_bikes = ["--rules", "tests/packs/bike_check"];
    let blank = run(&[&["init", "-"], &of_bikes[..]].concat(), "");
    assert!(blank.out.contains("product: \"My bicycle\""), "{}", blank.out);
    for (args, given) in [
        (&["check", "-"][..], "product: \"\"\nanswers: {}\n"),
        (&["triage", "-", "--input-format", "csv"], "product,wheels\n,two\n"),
    ] {
        let ran = run(&[args, &of_bikes[..]].concat(), given);
        assert!(ran.err.contains("the bicycle has no name"), "{args:?}: {}", ran.err);
    }
}
