//! Every output of the program with hostile text in it, made from what the program says it can do: a command, a format or
//! a shell that is new is looked at here without being named, or the test fails for want of a line that uses it.
//!
//! Mistakes in what is typed are looked at in `tests/usage.rs`, and what each format makes of a text in
//! `tests/injection.rs`.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use clap::Parser;
use eligibility::cli::Cli;
use support::forms::assert_well_formed;
use support::hostile::{HARMLESS, PAYLOADS, World, assert_harmless, in_json, without_colour};
use support::program::{Leaf, leaves};
use support::{COLOURS, Ran, run, run_on, shown};

/// A command line, with what its output is if that is not what `--format` says.
struct Line {
    args: Vec<String>,
    form: Option<&'static str>,
}

fn line(words: &[&str], form: Option<&'static str>) -> Line {
    Line { args: words.iter().map(|&word| word.to_owned()).collect(), form }
}

/// Command lines of a command that print something of rules or answers. The first is tried with all that it can be given.
fn lines(leaf: &Leaf, world: &World, payload: &str) -> Vec<Line> {
    let at = |name: &str| world.at(name);
    let (rules, broken, unsound) = (at("rules"), at("broken"), at("unsound"));
    let (answers, named) = (at("answers.yaml"), world.named());
    fs::copy(&answers, at("sitting.yaml")).unwrap();
    world.write("stored.json", &format!("{{\"product\": {0}, {0}: {0}}}\n", in_json(payload)));
    let words: Vec<&str> = leaf.words.iter().map(String::as_str).collect();
    let with = |more: &[&str], form| line(&[&words[..], more].concat(), form);
    match leaf.name().as_str() {
        "check" => vec![
            with(
                &["--rules", &rules, "--gate", "go-live", &answers, &at("invalid.yaml"), &at("raw.yaml"), &named],
                None,
            ),
            with(&["--rules", &rules, &answers, "--verify", &at("stored.json")], Some("text")),
            with(&["--rules", &broken, &answers], Some("text")),
            with(&["--rules", &unsound, &answers], Some("text")),
            with(&["--rules", &named, &answers], Some("text")),
        ],
        "triage" => vec![
            with(
                &[
                    "--rules",
                    &rules,
                    &answers,
                    &at("invalid.yaml"),
                    &at("records.jsonl"),
                    &at("odd.jsonl"),
                    &at("rows.csv"),
                    &at("odd.csv"),
                    &at("header.csv"),
                    &named,
                ],
                None,
            ),
            with(&["--rules", &rules, &answers, "--follow-up", &at("written")], Some("text")),
            with(&["--rules", &broken, &answers], Some("text")),
        ],
        "interview" => vec![
            with(&["--plain", "--rules", &rules, &at("sitting.yaml")], None),
            with(&["--plain", "--rules", &rules, &at("new.yaml")], Some("text")),
            with(&["--no-input", "--rules", &rules, &answers], Some("text")),
        ],
        "init" => vec![
            with(&["-", "--rules", &rules, "--product", payload], Some("yaml")),
            with(&[&at("written/new.yaml"), "--rules", &rules, "--product", payload], Some("text")),
        ],
        "explain" => {
            let rulebook = eligibility::rulebook::read(&support::folder(&rules)).0.unwrap();
            let ids = rulebook
                .ids()
                .into_iter()
                .map(std::borrow::Cow::into_owned)
                .chain([payload.to_owned(), "A001".to_owned()]);
            ids.map(|id| with(&["--rules", &rules, "--", &id], Some("text"))).collect()
        }
        "rules check" => vec![
            with(&["--rules", &unsound, "--witness", &at("written")], Some("text")),
            with(&["--rules", &rules], Some("text")),
            with(&["--rules", &broken], Some("text")),
        ],
        "rules test" => vec![
            with(&["--rules", &rules], Some("text")),
            with(&["--rules", &rules, "--generate-missing"], Some("yaml")),
        ],
        "rules diff" => {
            let allotment = support::crate_path("tests/packs/allotment");
            let allotment = allotment.to_str().unwrap();
            vec![
                with(&[allotment, &rules, "--answers", &answers, &named], Some("text")),
                with(&[&broken, &rules], Some("text")),
            ]
        }
        "rules graph" => vec![with(&["--rules", &rules, "--answers", &answers], None)],
        "rules export" => vec![
            with(&["--rules", &rules, "--to", "sql"], Some("sql")),
            with(&["--rules", &rules, "--to", "html"], Some("page")),
        ],
        "rules show" => vec![with(&["--rules", &rules], None)],
        "schema" => vec![with(&["--rules", &rules], Some("json"))],
        "completions" => vec![with(&["--rules", &rules], Some("script"))],
        "man" => {
            let pages =
                leaves().into_iter().map(|leaf| leaf.words.clone()).chain([Vec::new(), vec![payload.to_owned()]]);
            pages.map(|page| Line { args: [&leaf.words[..], &page].concat(), form: Some("script") }).collect()
        }
        other => panic!("no line here uses `{other}`"),
    }
}

/// The first line with each value of each choice, a file in each format it can be written in, and text for all that takes
/// any.
fn variations(leaf: &Leaf, first: &Line, world: &World, number: usize) -> Vec<Line> {
    let payload = PAYLOADS[number];
    // Each format with each text, and of all else each with some texts, in turns: time is short.
    let turn = |index: usize| (index + number).is_multiple_of(4);
    let with = |more: &[String]| Line { args: [&first.args[..], more].concat(), form: first.form };
    let mut found: Vec<Line> = Vec::new();
    for (id, typed) in leaf.choices() {
        for (index, choice) in typed.iter().enumerate() {
            if id != "format" && choice.starts_with("--") && !turn(index) {
                continue;
            }
            found.push(with(std::slice::from_ref(choice)));
            if id == "format" && leaf.takers().any(|arg| arg.get_id() == "reports") {
                let format = choice.trim_start_matches("--format=");
                found.push(with(&[
                    "--report".to_owned(),
                    format!("{format}={}", world.at(&format!("written/report.{format}"))),
                ]));
            }
        }
    }
    for (index, arg) in leaf.takers().filter(|arg| arg.get_possible_values().is_empty()).enumerate() {
        let Some(long) = arg.get_long().filter(|_| turn(index)) else { continue };
        for value in
            [payload.to_owned(), format!("{payload}=x"), format!("pesticides={payload}"), format!("json={payload}")]
        {
            let line = with(&[format!("--{long}={value}")]);
            let typed = std::iter::once("x").chain(line.args.iter().map(String::as_str));
            // What is not accepted is a usage error.
            if Cli::try_parse_from(typed).is_ok() {
                found.push(line);
            }
        }
    }
    found
}

/// What a line prints, by its format. A line without one of its own says it with `--format`, or is what comes without.
fn form<'l>(leaf: &Leaf, line: &'l Line) -> &'l str {
    let told = line.args.iter().rev().find_map(|arg| arg.strip_prefix("--format="));
    let usual = || match leaf.name().as_str() {
        "rules graph" => "mermaid",
        _ => "text",
    };
    line.form.or(told).unwrap_or_else(usual)
}

/// Looks at all that was written in the folder and below it, and takes it away.
fn look_at_files(folder: &Path, form: &dyn Fn(&Path) -> String, payload: &str) -> usize {
    let mut looked = 0;
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            looked += look_at_files(&path, form, payload);
            fs::remove_dir(&path).unwrap();
            continue;
        }
        assert_well_formed(&form(&path), payload, &shown(fs::read(&path).unwrap()));
        fs::remove_file(&path).unwrap();
        looked += 1;
    }
    looked
}

/// What a file holds, by its ending.
fn by_ending(path: &Path) -> String {
    let ending = path.extension().unwrap().to_str().unwrap();
    if ending == "md" { "markdown".to_owned() } else { ending.to_owned() }
}

fn look_at(payload: &str, ran: &Ran, form: &str, args: &[String]) {
    let printed = without_colour(&ran.out);
    match form {
        // Where nothing could be made, there may be nothing or a usage error.
        _ if printed.is_empty() => {}
        form => assert_well_formed(form, payload, &printed),
    }
    assert_harmless(&format!("{args:?}"), &without_colour(&ran.err));
    assert!(ran.code != 1 || !ran.err.contains("internal error"), "{args:?} {}", ran.err);
}

#[test]
fn every_output_of_every_command_is_harmless() {
    // Whatever is written under the name of a payload is written here.
    let here = tempfile::tempdir().unwrap();
    std::env::set_current_dir(here.path()).unwrap();
    let mut table: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for (number, payload) in PAYLOADS.into_iter().enumerate() {
        let world = World::new(payload);
        let written = world.folder.path().join("written");
        for leaf in leaves() {
            let mut all = lines(&leaf, &world, payload);
            all.extend(variations(&leaf, &all[0], &world, number));
            let counts = table.entry(leaf.name()).or_default();
            for line in all {
                fs::create_dir_all(&written).unwrap();
                let args: Vec<&str> = line.args.iter().map(String::as_str).collect();
                let ran = run_on(COLOURS, &args, &format!("{payload}\n1\n{payload}\n2\nback\n?\n"));
                let form = form(&leaf, &line);
                look_at(payload, &ran, form, &line.args);
                let here = look_at_files(here.path(), &|_| form.to_owned(), payload);
                counts[0] += 1;
                counts[1] += here + look_at_files(&written, &by_ending, payload);
            }
        }
    }
    let mut told = String::from("command: lines, files\n");
    for (name, [lines, files]) in &table {
        let _ = writeln!(told, "{name}: {lines}, {files}");
        assert!(*lines >= PAYLOADS.len(), "{name}");
    }
    let _ = std::io::stdout().write_all(told.as_bytes());
}

#[test]
fn no_label_stands_in_a_script_for_a_shell() {
    let script = |shell: &str, payload: &str| {
        let world = World::new(payload);
        run(&["completions", shell, "--rules", &world.at("rules")], "").out
    };
    for leaf in leaves().into_iter().filter(|leaf| leaf.name() == "completions") {
        let (_, shells) = leaf.choices().swap_remove(0);
        assert!(shells.len() >= 5, "{shells:?}");
        for shell in &shells {
            let plain = script(shell, HARMLESS);
            for payload in PAYLOADS {
                assert!(script(shell, payload) == plain && plain.len() > 1000, "{shell} {payload:?}");
            }
        }
    }
}
