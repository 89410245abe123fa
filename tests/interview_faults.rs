//! What can go wrong around an interview: killed at any moment, no room on the disk, a folder that cannot be written to,
//! a file changed by somebody else, an input that ends. At most the answer being given is lost.
#![cfg(unix)]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};

use eligibility::answers;
use eligibility::rulebook::Rulebook;
use tempfile::TempDir;

/// A whole interview about the invented garden, one line for each prompt, to the report.
const WHOLE: [&str; 17] = [
    "Cinder Lane",
    "",
    "y",
    "1",
    "2",
    "Y",
    "Lease of 2 February",
    "2",
    "1,2",
    "1",
    "2",
    "A railway yard",
    "2",
    "1",
    "tested",
    "check",
    "report",
];

fn rules() -> String {
    support::crate_path("tests/packs/allotment").display().to_string()
}

fn rulebook() -> Rulebook {
    support::sound(&support::folder("tests/packs/allotment"))
}

fn interview(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"));
    command.args(["interview", "answers.yaml", "--plain", "--rules", &rules()]).current_dir(folder).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running interview that is spoken to line by line.
struct Talk {
    child: Child,
    stdin: ChildStdin,
    stderr: ChildStderr,
    heard: String,
}

impl Talk {
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let (stdin, stderr) = (child.stdin.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
        Self { child, stdin, stderr, heard: String::new() }
    }

    /// Reads until the program waits for a line.
    fn hear(&mut self) {
        let from = self.heard.len();
        while !self.heard[from..].ends_with("\n> ") {
            let mut chunk = [0; 4096];
            let length = self.stderr.read(&mut chunk).expect("a readable pipe");
            assert!(length > 0, "ended after:\n{}", self.heard);
            self.heard.push_str(&String::from_utf8_lossy(&chunk[..length]));
        }
    }

    fn say(&mut self, line: &str) {
        self.stdin.write_all(format!("{line}\n").as_bytes()).expect("it listens");
    }

    /// Hears the program out and gives its exit code.
    fn end(mut self) -> (Option<i32>, String) {
        drop(self.stdin);
        self.stderr.read_to_string(&mut self.heard).expect("text");
        (self.child.wait().expect("an end").code(), self.heard)
    }
}

/// How many answers the file holds; it must be valid.
fn answered(folder: &Path) -> usize {
    let bytes = fs::read(folder.join("answers.yaml")).expect("an answers file");
    let (answers, _) = answers::parse("answers.yaml", &bytes, &rulebook())
        .unwrap_or_else(|problems| panic!("{}", support::listed(&problems)));
    answers.entries.iter().flatten().count()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A file without answers. It names the organisation, which is not asked then.
const NAMED: &str = "product: Cinder Lane\norganisation: Cinder Lane Gardeners\nanswers: {}\n";

fn begun() -> TempDir {
    let folder = folder();
    fs::write(folder.path().join("answers.yaml"), NAMED).expect("a file");
    folder
}

#[test]
fn a_whole_interview_through_a_pipe_gives_the_report_of_check() {
    let folder = folder();
    let mut talk = Talk::start(interview(folder.path()));
    for line in WHOLE {
        talk.hear();
        talk.say(line);
    }
    let mut report = String::new();
    talk.child.stdout.take().expect("a pipe").read_to_string(&mut report).expect("text");
    assert_eq!(talk.end().0, Some(0));
    let check = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"))
        .args(["check", "answers.yaml", "--rules", &rules()])
        .current_dir(folder.path())
        .env_clear()
        .output()
        .expect("check runs");
    assert_eq!(report, String::from_utf8(check.stdout).expect("text"));
    let saved = fs::read_to_string(folder.path().join("answers.yaml")).expect("the answers");
    assert!(saved.contains("Lease of 2 February"), "{saved}");
    assert_eq!(names(folder.path()), ["answers.yaml"]);
}

/// Killed before and right after every line, so that the kill falls before, into and behind every write.
#[test]
fn killed_at_any_moment_it_leaves_a_file_to_go_on_from() {
    for point in 1..WHOLE.len() {
        for moments in [0, 500, 8_000] {
            let folder = folder();
            let mut talk = Talk::start(interview(folder.path()));
            for line in &WHOLE[..point] {
                talk.hear();
                talk.say(line);
            }
            // Not a sleep: some work of varying length, so that the kill comes at varying moments.
            (0..moments).for_each(|moment| {
                std::hint::black_box(fs::exists(folder.path().join(format!("{moment}")))).ok();
            });
            talk.child.kill().expect("it is killed");
            talk.child.wait().expect("an end");
            if !folder.path().join("answers.yaml").exists() {
                assert_eq!(point, 1, "the file is there after the first answer");
                continue;
            }
            let before = answered(folder.path());
            let mut again = Talk::start(interview(folder.path()));
            again.hear();
            assert!(again.heard.contains("Going on from answers.yaml"), "{}", again.heard);
            again.say("quit");
            again.end();
            assert_eq!(answered(folder.path()), before);
        }
    }
}

/// Says one answer to an interview that cannot save it, and expects the file as it was and nothing beside it.
fn cannot_save(folder: &Path, mut talk: Talk, expected: &[&str]) {
    let before = fs::read(folder.join("answers.yaml")).expect("a file");
    talk.say("1");
    let (code, heard) = talk.end();
    assert_eq!(code, Some(1), "{heard}");
    for words in expected {
        assert!(heard.contains(words), "{heard}");
    }
    assert_eq!(fs::read(folder.join("answers.yaml")).expect("a file"), before);
    assert_eq!(names(folder), ["answers.yaml"]);
}

/// A limit on the size of files refuses each write, as a full disk does, and needs no disk to be filled.
#[test]
fn without_room_on_the_disk_the_file_stays_whole() {
    let folder = begun();
    let inner = interview(folder.path());
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]);
    command.arg(inner.get_program()).args(inner.get_args()).current_dir(folder.path()).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut talk = Talk::start(command);
    talk.hear();
    cannot_save(folder.path(), talk, &["cannot write `answers.yaml`", "open_to_neighbours: yes"]);
}

#[test]
fn in_a_read_only_folder_it_says_so_before_it_asks() {
    let outer = folder();
    let folder = outer.path().join("inner");
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("answers.yaml"), NAMED).expect("a file");
    // A file that may be written is written over in place, so neither it nor its folder may be.
    fs::set_permissions(folder.join("answers.yaml"), fs::Permissions::from_mode(0o444)).expect("permissions");
    // Root may write anywhere, so it becomes somebody else; who needs a program and rules they can read.
    let program = outer.path().join("program");
    support::copy_program(env!("CARGO_BIN_EXE_nhs-login-eligibility"), &program);
    let pack = outer.path().join("rules");
    fs::create_dir(&pack).expect("a folder");
    for (name, bytes) in support::folder("tests/packs/allotment").files {
        fs::write(pack.join(name), bytes).expect("a copy");
    }
    fs::set_permissions(outer.path(), fs::Permissions::from_mode(0o755)).expect("readable");
    let permit = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).expect("permissions");
    let begin = || {
        let mut command = Command::new(&program);
        command.args(["interview", "answers.yaml", "--plain", "--rules"]).arg(&pack).current_dir(&folder).env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if fs::metadata(&folder).expect("a folder").uid() == 0 {
            command.uid(65_534).gid(65_534);
        }
        Talk::start(command)
    };
    permit(0o777);
    let mut talk = begin();
    talk.hear();
    permit(0o555);
    cannot_save(&folder, talk, &["cannot write `answers.yaml`", "open_to_neighbours: yes"]);
    let (code, heard) = begin().end();
    permit(0o755);
    assert_eq!(code, Some(1), "{heard}");
    assert_eq!(heard.lines().count(), 1, "{heard}");
    assert!(heard.contains("cannot save answers: cannot write `answers.yaml`: Permission denied"), "{heard}");
}

#[test]
fn a_file_that_somebody_else_changed_is_not_written_over() {
    let folder = begun();
    let file = folder.path().join("answers.yaml");
    let mut talk = Talk::start(interview(folder.path()));
    talk.hear();
    fs::write(&file, "product: Somebody else\nanswers: {}\n").expect("a change");
    talk.say("1");
    let (code, heard) = talk.end();
    assert_eq!(code, Some(1), "{heard}");
    assert!(heard.contains("was changed by somebody else") && heard.contains("open_to_neighbours: yes"), "{heard}");
    assert_eq!(fs::read_to_string(&file).expect("a file"), "product: Somebody else\nanswers: {}\n");
}

#[test]
fn a_file_that_another_product_cannot_have_is_asked_for_again() {
    let folder = begun();
    let mut command = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"));
    command.args(["interview", "--plain", "--rules", &rules()]).current_dir(folder.path());
    command.env_clear().env("HOME", folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut talk = Talk::start(command);
    for line in ["2", "Another garden", "~/nowhere/x.yaml", "~", "answers.yaml", "~/x.yaml"] {
        talk.hear();
        talk.say(line);
    }
    talk.hear();
    assert_eq!(talk.heard.matches("Name another file.").count(), 3, "{}", talk.heard);
    assert_eq!(names(folder.path()), ["answers.yaml", "x.yaml"], "{}", talk.heard);
}

#[test]
fn an_input_that_ends_takes_no_default_and_lists_what_is_missing() {
    for (lines, saved) in [("", 0), ("Cinder Lane\n", 0), ("Cinder Lane\n\n1\n", 1), ("Cinder Lane\n\n1\n1", 1)] {
        let folder = folder();
        let mut talk = Talk::start(interview(folder.path()));
        talk.stdin.write_all(lines.as_bytes()).expect("it listens");
        let (code, heard) = talk.end();
        assert_eq!(code, Some(2), "{heard}");
        assert!(heard.contains("pesticides: nothing, soap_only, garden_chemicals, not_sure"), "{heard}");
        assert!(heard.contains("--set"), "{heard}");
        if lines.is_empty() {
            assert_eq!(names(folder.path()), Vec::<String>::new());
        } else {
            assert_eq!(answered(folder.path()), saved);
        }
    }
}

/// A file that the interview made, resumed after the rules were edited: without a version, then with one.
#[test]
fn a_file_of_its_own_tells_what_became_of_the_rules_since() {
    let folder = folder();
    let pack = folder.path().join("rules");
    fs::create_dir(&pack).expect("a folder");
    for (name, bytes) in support::folder("tests/packs/allotment").files {
        fs::write(pack.join(name), bytes).expect("a copy");
    }
    let edit = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(pack.join(name)).expect("a file");
        assert!(text.contains(from));
        fs::write(pack.join(name), text.replacen(from, to, 1)).expect("an edit");
    };
    let go_on = |lines: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"));
        command
            .args(["interview", "answers.yaml", "--plain", "--rules", "rules"])
            .current_dir(folder.path())
            .env_clear();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut talk = Talk::start(command);
        for line in lines {
            talk.hear();
            talk.say(line);
        }
        talk.end().1
    };
    go_on(&["Cinder Lane", "", "yes", "nothing", "quit"]);
    assert!(!go_on(&["quit"]).contains("edited"));
    edit("questions.yaml", "What do gardeners spray", "What do people spray");
    assert!(go_on(&["quit"]).contains("The rules were edited after you answered"));
    edit("manifest.yaml", "version: 0.1.0", "version: 0.2.0");
    let changed =
        "    prompt: What do people spray on their plots?\n    changed: {version: 0.2.0, why: Slugs count.}\n";
    edit("questions.yaml", "    prompt: What do people spray on their plots?\n", changed);
    let told =
        |heard: String| heard.split_whitespace().collect::<Vec<_>>().join(" ").contains("asked all of them again");
    assert!(told(go_on(&["quit"])) && told(go_on(&[])), "stopped before the last of them");
    let heard = go_on(&["", "quit"]);
    assert!(!told(heard.clone()));
    assert!(heard.contains("from version 0.1.0 to 0.2.0") && heard.contains("Asked again: Slugs count."), "{heard}");
    // Now the file names the rules in use, to the letter.
    let heard = go_on(&["quit"]);
    assert!(!heard.contains("changed since") && !heard.contains("edited"), "{heard}");
}

#[test]
fn answers_given_beforehand_are_saved_and_not_asked() {
    let folder = begun();
    let mut command = interview(folder.path());
    command.args(["--set", "open_to_neighbours=yes", "--set", "pesticides=nothing"]);
    let mut talk = Talk::start(command);
    talk.hear();
    assert!(talk.heard.contains("How do you hold the land?"), "{}", talk.heard);
    talk.say("quit");
    talk.end();
    assert_eq!(answered(folder.path()), 2);
    for (set, wrong) in
        [("open_to_neighbors=yes", "did you mean"), ("pesticides=soap", "pesticides"), ("pesticides=", "no answer")]
    {
        let mut command = interview(folder.path());
        command.args(["--set", set]);
        let (code, heard) = Talk::start(command).end();
        assert_eq!(code, Some(2), "{heard}");
        assert!(heard.contains(wrong), "{heard}");
    }
}

#[test]
fn with_no_input_answers_given_beforehand_are_saved_where_there_is_a_file_and_listed_as_missing_where_there_is_none() {
    for (there, missing) in [(false, true), (true, false)] {
        let folder = folder();
        if there {
            fs::write(folder.path().join("answers.yaml"), "product: X\nanswers: {}\n").expect("written");
        }
        let mut command = interview(folder.path());
        command.args(["--no-input", "--set", "open_to_neighbours=yes"]);
        let (code, heard) = Talk::start(command).end();
        assert_eq!(code, Some(2), "{heard}");
        assert_eq!(heard.contains("- open_to_neighbours: yes"), missing, "{heard}");
        let text = fs::read_to_string(folder.path().join("answers.yaml"));
        assert_eq!(text.is_ok_and(|text| text.contains("open_to_neighbours: yes")), there);
    }
}

#[test]
fn with_no_input_evidence_that_goes_is_told() {
    let folder = folder();
    let answers = "product: X\nanswers:\n  long_lease: {answer: yes, evidence: Lease of 2 February}\n";
    fs::write(folder.path().join("answers.yaml"), answers).expect("written");
    let mut command = interview(folder.path());
    command.args(["--no-input", "--set", "long_lease=no"]);
    let (_, heard) = Talk::start(command).end();
    let heard = heard.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(heard.contains("no longer in the file: Lease of 2 February"), "{heard}");
    let text = fs::read_to_string(folder.path().join("answers.yaml")).expect("the file");
    assert!(!text.contains("Lease of 2 February"), "{text}");
}

#[test]
fn with_no_input_nothing_is_asked_and_nothing_is_written() {
    let folder = folder();
    let mut command = interview(folder.path());
    command.arg("--no-input");
    let (code, heard) = Talk::start(command).end();
    assert_eq!(code, Some(2), "{heard}");
    assert!(heard.contains("open_to_neighbours: yes, no, not_sure") && !heard.contains("> "), "{heard}");
    assert_eq!(names(folder.path()), Vec::<String>::new());
}
