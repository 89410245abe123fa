//! What several tests share. Each test is a crate of its own and uses only a part.
#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod brute;
pub(crate) mod forms;
pub(crate) mod functions;
pub(crate) mod hostile;
pub(crate) mod invent;
pub(crate) mod program;
pub(crate) mod record;

use std::borrow::Cow;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use eligibility::answers::AnsweredAgainst;
use eligibility::commands::{self, Io, Terminal};
use eligibility::problem::Problem;
use eligibility::question::QuestionChange;
use eligibility::rulebook::{self, RuleFiles, Rulebook};
use proptest::test_runner::Config as ProptestConfig;

/// A path inside the crate.
pub(crate) fn crate_path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// How often a test draws new numbers: so often, or as `PROPTEST_CASES` says, which `.ci/mutants` lowers. A failure is
/// printed whole, so no file of past failures is kept.
pub(crate) fn draws(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// The rules that come with the program.
pub(crate) fn builtin() -> Rulebook {
    sound(&rulebook::builtin())
}

/// The rules of a folder.
pub(crate) fn folder(path: &str) -> RuleFiles {
    let mut files = RuleFiles { folder: path.to_owned(), ..RuleFiles::default() };
    for entry in std::fs::read_dir(crate_path(path)).expect("a rules folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_file() {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            files.files.insert(name, Cow::Owned(std::fs::read(path).expect("a readable rule file")));
        }
    }
    files
}

/// Puts something else in the place of what stands in a rule file, which must be there.
pub(crate) fn replace(files: &mut RuleFiles, file: &str, from: &str, to: &str) {
    let text = std::str::from_utf8(&files.files[file]).expect("text");
    assert!(text.contains(from), "{file} does not hold {from}");
    let text = text.replacen(from, to, 1);
    files.files.insert(file.to_owned(), text.into_bytes().into());
}

/// The rulebook of rules that have nothing wrong.
pub(crate) fn sound(files: &RuleFiles) -> Rulebook {
    let (rulebook, problems) = rulebook::read(files);
    assert!(problems.is_empty(), "{}", listed(&problems));
    rulebook.expect("rules without problems make a rulebook")
}

/// Problems as a person would list them.
pub(crate) fn listed(problems: &[Problem]) -> String {
    problems.iter().map(|problem| line(problem) + "\n").collect()
}

/// One problem in one line: place, code, message and hint.
pub(crate) fn line(problem: &Problem) -> String {
    let place = problem.place.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let hint = problem.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})"));
    format!("{place} {}: {}{hint}", problem.code, problem.message)
}

/// For as long as it lives, the test must go on: past its time the whole test program is ended, because a call that
/// never returns can be ended in no other way.
pub(crate) struct Within(#[allow(dead_code, reason = "closed when this is dropped")] mpsc::Sender<()>);

/// Far longer than anything takes without optimisation on a busy machine, far shorter than "without end".
pub(crate) fn soon() -> Within {
    within(Duration::from_mins(5))
}

pub(crate) fn within(limit: Duration) -> Within {
    let (alive, watched) = mpsc::channel();
    std::thread::spawn(move || {
        if watched.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            let _ = writeln!(std::io::stderr(), "not done within {limit:?}");
            std::process::abort();
        }
    });
    Within(alive)
}

/// What one command line came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// No terminal anywhere.
pub(crate) const PIPES: Terminal =
    Terminal { stdin: false, stdout: None, stderr: None, no_colour: true, links: false, plain: true };
/// Results and messages go to a terminal with colours.
pub(crate) const COLOURS: Terminal =
    Terminal { stdin: false, stdout: Some(80), stderr: Some(80), no_colour: false, links: false, plain: true };

/// Runs a command line in this process, without a terminal.
pub(crate) fn run(args: &[&str], stdin: &str) -> Ran {
    run_on(PIPES, args, stdin)
}

/// Runs a command line in this process, on this terminal.
pub(crate) fn run_on(terminal: Terminal, args: &[&str], stdin: &str) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = std::iter::once("eligibility").chain(args.iter().copied()).map(Into::into);
    let io = Io { stdin: &mut stdin.as_bytes(), stdout: &mut out, stderr: &mut err, terminal };
    let code = commands::run(args, io);
    Ran { code, out: shown(out), err: shown(err) }
}

/// Copies a program that is then run. Another program does it: a file that this one has open for writing, if only for a
/// moment, is open for writing in whatever a test beside it starts in that moment, and cannot be run ("text file busy").
#[cfg(unix)]
pub(crate) fn copy_program(from: &str, to: &Path) {
    let copied = std::process::Command::new("cp").arg(from).arg(to).status();
    assert!(copied.is_ok_and(|status| status.success()), "{from} is copied");
}

/// An output as text; of a workbook what stands in it.
pub(crate) fn shown(bytes: Vec<u8>) -> String {
    if bytes.starts_with(b"PK") { in_workbook(&bytes) } else { String::from_utf8(bytes).expect("output is text") }
}

/// The sheets and texts of a workbook, as they stand in it.
fn in_workbook(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut text = String::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        if name.contains("worksheets/sheet") || name.contains("sharedStrings") || name.contains("tables/") {
            text.push_str(&name);
            text.push('\n');
            std::io::Read::read_to_string(&mut part, &mut text).expect("XML");
            text.push('\n');
        }
    }
    text
}

/// The rules after a change of some questions, to which earlier answers may no longer hold.
pub(crate) fn change_questions(rulebook: &mut Rulebook, changed: &[bool]) {
    let change = QuestionChange { version: rulebook.version.clone(), why: "It is new.".to_owned() };
    for (question, _) in rulebook.questions.iter_mut().zip(changed).filter(|(_, changed)| **changed) {
        question.changed = Some(change.clone());
    }
}

/// The rules before every version there is.
pub(crate) fn earlier(rulebook: &Rulebook) -> AnsweredAgainst {
    AnsweredAgainst { id: rulebook.id.clone(), version: "0.0.1".to_owned(), digest: None }
}
