//! The interview killed at every single write, and refused every single one, as `strace` can; and on a disk that is
//! really full. It takes a while and needs tools, so `.ci/kills` runs it.
#![cfg(target_os = "linux")]

mod support;

use std::fmt::Display;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use eligibility::answers;
use tempfile::TempDir;

/// A whole interview about the invented garden, in which every line but the last is an answer that is saved.
const ANSWERS: [&str; 13] = [
    "Cinder Lane",
    "Cinder Lane Gardeners",
    "yes",
    "nothing",
    "leased",
    "yes",
    "Lease of 2 February",
    "seeds, tools",
    "up_to_ten",
    "A railway yard",
    "yes",
    "tested",
    "report",
];

const PROGRAM: &str = env!("CARGO_BIN_EXE_nhs-login-eligibility");

/// What came of an interview that was told these lines.
struct Told {
    code: Option<i32>,
    heard: String,
}

fn told(mut command: Command, folder: &Path, lines: &[&str]) -> Told {
    let input = folder.join(".lines");
    fs::write(&input, lines.join("\n") + "\n").expect("a file of lines");
    let rules = support::crate_path("tests/packs/allotment");
    command.args([PROGRAM, "interview", "answers.yaml", "--plain", "--all", "--rules"]).arg(rules);
    let output = command
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(fs::File::open(&input).expect("the lines"))
        .stdout(Stdio::null())
        .output()
        .expect("`strace` and `env` are installed; `.ci/kills` sees to it");
    fs::remove_file(&input).expect("the lines");
    Told { code: output.status.code(), heard: String::from_utf8_lossy(&output.stderr).into_owned() }
}

fn simply() -> Command {
    Command::new("env")
}

/// Something happens at the so-many-th call of these.
fn at(calls: &str, what: &str, number: impl Display) -> Command {
    let mut command = Command::new("strace");
    command.args(["--quiet=all", "--output=/dev/null", "--follow-forks", "-e"]);
    command.arg(format!("inject=/^({calls})$:{what}:when={number}"));
    command
}

/// The file as it stands after each answer; the first is none.
fn states() -> Vec<Option<String>> {
    (0..=ANSWERS.len())
        .map(|count| {
            let folder = folder();
            told(simply(), folder.path(), &ANSWERS[..count]);
            saved(folder.path())
        })
        .collect()
}

fn saved(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join("answers.yaml")).ok()
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// The file is that of the answers given before, or has the one being given as well; and the interview goes on from it.
fn nothing_lost(folder: &Path, heard: &str, states: &[Option<String>], point: usize) {
    let asked = heard.matches("\n> ").count();
    let found = saved(folder);
    let possible = [asked.saturating_sub(1), asked].map(|count| &states[count.min(states.len() - 1)]);
    assert!(possible.contains(&&found), "at {point}, after question {asked}: {found:?}\n{heard}");
    let Some(text) = found else { return };
    let rulebook = support::sound(&support::folder("tests/packs/allotment"));
    answers::parse("answers.yaml", text.as_bytes(), &rulebook)
        .unwrap_or_else(|problems| panic!("at {point}: {}", support::listed(&problems)));
    let again = told(simply(), folder, &["quit"]);
    assert!(again.heard.contains("Going on from answers.yaml"), "at {point}: {}", again.heard);
    assert_eq!(saved(folder).as_ref(), Some(&text), "at {point}");
}

/// Does something at each call in turn, until an interview comes through it as if nothing had been done.
fn at_every(calls: &str, what: &str, mut look: impl FnMut(&Path, &Told, usize)) -> usize {
    let undisturbed = told(simply(), folder().path(), &ANSWERS);
    assert_eq!(undisturbed.code, Some(0), "{}", undisturbed.heard);
    (1..10_000)
        .find(|point| {
            let folder = folder();
            let told = told(at(calls, what, *point), folder.path(), &ANSWERS);
            look(folder.path(), &told, *point);
            told.heard == undisturbed.heard && told.code == undisturbed.code
        })
        .expect("an end")
}

#[test]
#[ignore = "needs strace, and takes a while: .ci/kills runs it"]
fn killed_at_every_write_it_loses_at_most_the_answer_being_given() {
    let states = states();
    // Each of these is counted by itself. An answer is a new file, its text, its way to the disk and into its place;
    // and every question is written as well.
    for (calls, least) in [("write", 3), ("fsync|fdatasync", 1), ("linkat", 1), ("openat", 1), ("fchmod", 1)] {
        let points = at_every(calls, "signal=KILL", |folder, told, point| {
            nothing_lost(folder, &told.heard, &states, point);
        });
        assert!(points >= (ANSWERS.len() - 1) * least, "only {points} calls of {calls} were found");
    }
}

#[test]
#[ignore = "needs strace, and takes a while: .ci/kills runs it"]
fn refused_any_write_it_says_so_and_leaves_the_file_as_it_was() {
    let states = states();
    let saves = ANSWERS.len() - 1;
    // Permissions are taken over from the file that is there, which the first time is none. A new file gets its name at
    // once, one that takes the place of another has a name of its own before.
    for (calls, error, expected) in [
        ("write", "ENOSPC", saves),
        ("fsync|fdatasync", "EIO", saves),
        ("rename.*", "EIO", saves - 1),
        ("linkat", "EACCES", 2 * saves - 1),
        ("fchmod", "EPERM", saves - 1),
    ] {
        let mut refused = 0;
        let points = at_every(calls, &format!("error={error}"), |folder, told, point| {
            // What cannot be shown ends nothing; what cannot be saved does, and so does a report that nobody gets.
            if told.code == Some(1) && !told.heard.contains("cannot write to standard output") {
                refused += 1;
                assert!(told.heard.contains("cannot write `answers.yaml`"), "{error} at {point}: {}", told.heard);
                assert!(told.heard.contains("this answer was not saved"), "{error} at {point}: {}", told.heard);
                assert!(names(folder).iter().all(|name| name == "answers.yaml"), "{:?}", names(folder));
                nothing_lost(folder, &told.heard, &states, point);
            }
        });
        assert_eq!(refused, expected, "{error}: of {points} calls");
    }
}

#[test]
#[ignore = "needs strace: .ci/kills runs it"]
fn a_file_whose_place_no_other_may_take_is_written_over() {
    let folder = folder();
    let told = told(at("rename.*", "error=EACCES", "1+"), folder.path(), &ANSWERS);
    assert_eq!(told.code, Some(0), "{}", told.heard);
    assert_eq!(Some(&saved(folder.path())), states().last());
    assert_eq!(names(folder.path()), ["answers.yaml"]);
}

/// A small disk of its own, mounted for as long as this is there.
struct Disk(TempDir);

impl Disk {
    fn new(size: &str) -> Self {
        let folder = folder();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .status()
            .expect("`mount` runs");
        assert!(mounted.success(), "a disk to fill can be mounted only as root");
        Self(folder)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
#[ignore = "needs root, to mount a disk: .ci/kills runs it"]
fn on_a_full_disk_it_says_so_and_goes_on_once_there_is_room() {
    let disk = Disk::new("64k");
    let folder = disk.0.path();
    told(simply(), folder, &ANSWERS[..5]);
    let before = saved(folder).expect("a file");
    // The lines for the interview lie on the same disk, and have to be there before it is full.
    fs::write(folder.join(".lines"), vec![b'-'; 4096]).expect("room");
    let ballast = folder.join(".ballast");
    let full = fs::write(&ballast, vec![b'-'; 1024 * 1024]);
    assert!(full.is_err(), "the disk has room for all of it");
    let refused = told(simply(), folder, &ANSWERS[5..]);
    assert_eq!(refused.code, Some(1), "{}", refused.heard);
    assert!(refused.heard.contains("this answer was not saved: long_lease: yes"), "{}", refused.heard);
    assert!(refused.heard.contains("No space left"), "{}", refused.heard);
    assert_eq!(saved(folder), Some(before));
    fs::remove_file(&ballast).expect("removed");
    assert!(names(folder).iter().all(|name| name == "answers.yaml"), "{:?}", names(folder));
    let went_on = told(simply(), folder, &ANSWERS[5..]);
    assert_eq!(went_on.code, Some(0), "{}", went_on.heard);
}

/// A signal that can be caught leaves no draft behind, at whatever call it comes, where files may be nameless for a while
/// and where they may not.
#[test]
#[ignore = "needs strace, and takes a while: .ci/kills runs it"]
fn a_signal_that_can_be_caught_leaves_no_draft() {
    for command in ["check", "triage"] {
        let traced = |at: Vec<String>| {
            let folder = folder();
            let answers = fs::read(support::crate_path("examples/no_sponsor.yaml")).expect("an example");
            fs::write(folder.path().join("answers.yaml"), answers).expect("written");
            fs::write(folder.path().join("old.json"), "old").expect("written");
            // What runs in the background of a script is deaf to some signals.
            let mut traced = Command::new("env");
            traced.args(["--default-signal=INT,TERM,HUP", "strace", "--quiet=all"]);
            traced.args(["--follow-forks", "--output=.trace"]).args(at);
            traced.args([PROGRAM, command, "answers.yaml", "--format", "json", "--output", "old.json"]);
            let code = traced.current_dir(folder.path()).stderr(Stdio::null()).status().expect("`strace` runs").code();
            let trace = fs::read_to_string(folder.path().join(".trace")).expect("a trace");
            fs::remove_file(folder.path().join(".trace")).expect("a trace");
            (folder, code, trace)
        };
        // Calls are counted for each thread by itself.
        let (_, _, trace) = traced(Vec::new());
        let first = trace.split(' ').next().expect("the number of a thread");
        let mut opened = trace.lines().filter(|line| line.starts_with(first) && line.contains("openat("));
        let nameless = opened.position(|line| line.contains("O_TMPFILE")).expect("a nameless file") + 1;
        let named = format!("inject=openat:error=EOPNOTSUPP:when={nameless}");
        for way in [None, Some(named)] {
            for signal in ["INT", "TERM", "HUP"] {
                let (mut ended, mut through) = (0, false);
                for point in 1..1000 {
                    let calls = if way.is_some() { "" } else { "openat|" };
                    let at = format!(
                        "inject=/^({calls}linkat|rename|write|fsync|fchmod|flock|f?stat.*|unlink|munmap)$:signal={signal}:when={point}"
                    );
                    let way = way.iter().flat_map(|way| ["-e".to_owned(), way.clone()]);
                    let (folder, code, _) = traced(["-e".to_owned(), at].into_iter().chain(way).collect());
                    let mut left = names(folder.path());
                    left.sort();
                    assert_eq!(left, ["answers.yaml", "old.json"], "{command}, {signal} at {point}");
                    let text = fs::read_to_string(folder.path().join("old.json")).expect("there");
                    assert!(text == "old" || text.ends_with("}\n") || text.ends_with("]\n"), "{text}");
                    ended += usize::from(code != Some(3));
                    through = code == Some(3);
                    if through {
                        break;
                    }
                }
                assert!(through && ended > 10, "{command}, {signal}: ended {ended} times");
            }
        }
    }
}
