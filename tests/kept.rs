//! Nothing is written over what was read: rules, cases, answers, stored reports, by whatever name.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test stops where the files are not as they must be")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use support::program::{Leaf, leaves};
use support::{crate_path, run};
use tempfile::TempDir;

const ANSWERS: &str = "tests/packs/allotment_answers.yaml";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let to = to.join(entry.file_name().unwrap());
        if entry.is_dir() { copy(&entry, &to) } else { fs::copy(&entry, to).map(drop).unwrap() }
    }
}

struct World(TempDir);

impl World {
    fn new() -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        copy(&crate_path("tests/packs/allotment"), &world.at("rules"));
        fs::copy(crate_path(ANSWERS), world.at("answers.yaml")).unwrap();
        fs::write(world.at("rows.csv"), "product,pesticides\nP,nothing\n").unwrap();
        fs::write(world.at("lines.jsonl"), "{\"product\":\"P\",\"answers\":{}}\n").unwrap();
        symlink(world.at("rules"), world.at("way-round")).unwrap();
        world
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.at(name).to_str().unwrap().to_owned()
    }

    /// Everything in the folder that is a file, with what is in it.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn look(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    look(&path, found);
                } else {
                    found.insert(path.clone(), fs::read(&path).unwrap_or_default());
                }
            }
        }
        let mut found = BTreeMap::new();
        look(self.0.path(), &mut found);
        found
    }

    /// The names of a file: its own, one that goes round, a symbolic link, a hard link.
    fn names(&self, name: &str) -> Vec<String> {
        let (soft, hard) = (self.at("soft.json"), self.at("hard.json"));
        let _ = (fs::remove_file(&soft), fs::remove_file(&hard));
        symlink(self.at(name), &soft).unwrap();
        fs::hard_link(self.at(name), &hard).unwrap();
        let round = self.text(&name.replace("rules/", "way-round/"));
        vec![
            self.text(name),
            self.text(&format!("rules/../{name}")),
            round,
            self.text("soft.json"),
            self.text("hard.json"),
        ]
    }

    /// What the command reads, and a command line that does.
    fn reads(&self, leaf: &Leaf) -> Option<(Vec<&'static str>, Vec<String>)> {
        const RULES: [&str; 3] = ["rules/questions.yaml", "rules/manifest.yaml", "rules/tests/cases.yaml"];
        let (rules, answers) = (self.text("rules"), self.text("answers.yaml"));
        let (more, args): (&[&str], Vec<String>) = match leaf.name().as_str() {
            "triage" => (
                &["answers.yaml", "rows.csv", "lines.jsonl"],
                vec![answers, self.text("rows.csv"), self.text("lines.jsonl")],
            ),
            "check" | "interview" => (&["answers.yaml"], vec![answers]),
            "schema" => (&[], vec!["answers".to_owned()]),
            "rules test" => (&[], vec!["--generate-missing".to_owned()]),
            "rules show" => (&[], vec![]),
            "rules export" => (&[], vec!["--to=html".to_owned()]),
            other => {
                let writes = leaf.takers().any(|arg| ["output", "reports"].contains(&arg.get_id().as_str()));
                assert!(!writes, "`{other}` writes, and there is no line here that does");
                return None;
            }
        };
        let args = leaf.words.iter().cloned().chain(args).chain(["--rules".to_owned(), rules]).collect();
        Some(([&RULES[..], more].concat(), args))
    }
}

#[test]
fn no_output_and_no_report_takes_the_place_of_what_is_read() {
    let world = World::new();
    let mut tried = 0;
    for leaf in leaves() {
        let Some((read, line)) = world.reads(&leaf) else { continue };
        for name in read.into_iter().flat_map(|read| world.names(read)) {
            for option in ["output", "report"] {
                let Some(arg) = leaf.takers().find(|arg| arg.get_long() == Some(option)) else { continue };
                let value = if arg.get_id() == "reports" { format!("json={name}") } else { name.clone() };
                let more = [format!("--{option}"), value];
                // Else the name would have to say a format.
                let stated =
                    leaf.takers().any(|arg| arg.get_long() == Some("format")).then(|| "--format=text".to_owned());
                let args: Vec<&str> = line.iter().chain(&more).chain(&stated).map(String::as_str).collect();
                let before = world.files();
                let ran = run(&args, "");
                assert_eq!(ran.code, 2, "{args:?} {}", ran.err);
                let said = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(said.contains("cannot be both read and written"), "{args:?} {said}");
                assert_eq!(world.files(), before, "{args:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 80, "{tried}");
}

#[test]
fn rules_that_cannot_be_used_are_not_written_over_either() {
    let world = World::new();
    let (rules, answers) = (world.text("rules"), world.text("answers.yaml"));
    fs::write(world.at("rules/questions.yaml"), "questions: [").unwrap();
    let report = format!("json={}", world.text("rules/fit.yaml"));
    for readable in [true, false] {
        if !readable {
            symlink("nowhere", world.at("rules/dangling.yaml")).unwrap();
        }
        let before = world.files();
        let ran = run(&["check", &answers, "--rules", &rules, "--report", &report], "");
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert_eq!(world.files(), before);
    }
}

#[test]
fn letters_witnesses_and_schemas_spare_what_is_read() {
    let world = World::new();
    let rules = world.text("rules");
    // A letter that would be called like the answers it is about.
    let text = fs::read_to_string(world.at("answers.yaml"))
        .unwrap()
        .replace("open_to_neighbours: yes", "open_to_neighbours: no");
    fs::write(world.at("answers.yaml"), &text).unwrap();
    let letters = world.text("letters");
    run(&["triage", &world.text("answers.yaml"), "--rules", &rules, "--follow-up", &letters], "");
    let name = fs::read_dir(&letters).unwrap().next().unwrap().unwrap().file_name();
    let letter = world.text(name.to_str().unwrap());
    fs::write(&letter, &text).unwrap();
    let folder = world.0.path().to_str().unwrap();
    let args = ["triage", &letter, "--input-format", "yaml", "--rules", &rules, "--follow-up", folder];
    let ran = run(&args, "");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("it is one of the files that were read"), "{}", ran.err);
    assert_eq!(fs::read_to_string(&letter).unwrap(), text);
    // A schema beside a new file, and a witness in a folder, whose place a link to a rule file has.
    symlink(world.at("rules/questions.yaml"), world.at(".answers.schema.json")).unwrap();
    let before = world.files();
    let ran = run(&["init", &world.text("new.yaml"), "--rules", &rules], "");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert_eq!(world.files(), before);
    let scenarios = fs::read_to_string(world.at("rules/scenarios.yaml")).unwrap();
    fs::write(world.at("rules/scenarios.yaml"), scenarios.replace("not: {long_lease: yes}", "long_lease: [yes, no]"))
        .unwrap();
    fs::create_dir(world.at("witnesses")).unwrap();
    symlink(world.at("rules/questions.yaml"), world.at("witnesses/01-R012.yaml")).unwrap();
    let before = world.files();
    let ran = run(&["rules", "check", "--rules", &rules, "--witness", &world.text("witnesses")], "");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(world.files(), before);
}

#[test]
fn standard_input_is_a_file_as_well() {
    let world = World::new();
    let before = world.files();
    let answers = fs::File::open(world.at("answers.yaml")).unwrap();
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"))
        .args(["check", "-", "--rules", "rules", "--output", "answers.yaml"])
        .current_dir(world.0.path())
        .stdin(answers)
        .status()
        .unwrap();
    assert_eq!((ran.code(), world.files()), (Some(2), before));
}

#[test]
fn what_is_not_read_is_written_and_devices_are_no_files() {
    let world = World::new();
    let (answers, rules) = (world.text("answers.yaml"), world.text("rules"));
    let old = world.text("old.json");
    fs::write(&old, "old").unwrap();
    let ran =
        run(&["check", &answers, "--rules", &rules, "--report", &format!("json={old}"), "--output", "/dev/null"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(fs::read_to_string(&old).unwrap().starts_with('{'));
    let twice = format!("sarif={}", world.text("rules/../old.json"));
    let ran = run(&["check", &answers, "--rules", &rules, "--report", &format!("json={old}"), "--report", &twice], "");
    assert!(ran.code == 2 && ran.err.contains("cannot be written twice"), "{}", ran.err);
    assert_eq!(run(&["check", "/dev/null", "--rules", &rules, "--output", "/dev/null"], "").code, 2);
}
