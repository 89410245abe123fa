//! The interview on a real terminal, seen as a person sees it: screens of 80 and of 40 columns under snapshot, with
//! menus and line by line; the cursor after Ctrl-C and other signals.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test stops where the terminal is not as it must be")]

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// Far longer than any screen takes, so that a slow machine fails no test.
const PATIENCE: Duration = Duration::from_secs(30);

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";
const ENTER: &str = "\r";
const ESC: &str = "\x1b";
const CTRL_C: &str = "\x03";

/// What the terminal shows, and whether the program has closed it.
#[derive(Default)]
struct Shown {
    parser: Option<vt100::Parser>,
    bytes: Vec<u8>,
    closed: bool,
}

struct Session {
    shown: Arc<(Mutex<Shown>, Condvar)>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// How much had been shown when the last keys were sent.
    sent_at: usize,
}

impl Session {
    fn start(folder: &Path, (columns, rows): (u16, u16), args: &[&str], environment: &[(&str, &str)]) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let child = pty.slave.spawn_command(command(folder, args, environment)).expect("the program starts");
        drop(pty.slave);
        let mut output = pty.master.try_clone_reader().expect("a reader");
        let input = pty.master.take_writer().expect("a writer");
        let shown = Arc::new((Mutex::new(Shown::default()), Condvar::new()));
        shown.0.lock().unwrap().parser = Some(vt100::Parser::new(nonzero(rows), nonzero(columns), 1000));
        let sink = Arc::clone(&shown);
        thread::spawn(move || {
            let mut chunk = [0; 4096];
            loop {
                let length = output.read(&mut chunk).unwrap_or(0);
                let mut shown = sink.0.lock().unwrap();
                if length == 0 {
                    shown.closed = true;
                } else {
                    shown.bytes.extend_from_slice(&chunk[..length]);
                    shown.parser.as_mut().unwrap().process(&chunk[..length]);
                }
                sink.1.notify_all();
                if length == 0 {
                    return;
                }
            }
        });
        Self { shown, input, child, master: pty.master, sent_at: 0 }
    }

    /// Waits until the screen is as it should be, then gives its text.
    fn until(&self, what: &str, ready: impl Fn(&str, &vt100::Screen) -> bool) -> String {
        let start = Instant::now();
        let mut shown = self.shown.0.lock().unwrap();
        loop {
            let screen = shown.parser.as_ref().unwrap().screen();
            let text = text(screen);
            if ready(&text, screen) {
                return text;
            }
            assert!(!shown.closed, "closed while waiting for {what}:\n{text}");
            assert!(start.elapsed() < PATIENCE, "waited too long for {what}:\n{text}");
            shown = self.shown.1.wait_timeout(shown, Duration::from_secs(1)).unwrap().0;
        }
    }

    /// Waits for words that are new since the last keys, then for the last line of a menu.
    fn menu(&self, words: &str) -> String {
        self.said(words);
        self.until(words, |text, screen| {
            let last = text.lines().last().unwrap_or_default();
            let ends = ["or stop", "Save and stop"].iter().any(|end| last.ends_with(end));
            ends && screen.hide_cursor()
        })
    }

    /// Waits for words that are new since the last keys, then for a line to type on.
    fn line(&self, words: &str) -> String {
        self.said(words);
        self.until(words, |text, screen| text.lines().last() == Some(">") && !screen.hide_cursor())
    }

    /// Waits until the mark of a menu stands on a line, and the menu is whole.
    fn marked(&self, line: &str) -> String {
        let marked = format!("> {line}");
        self.until(line, |text, screen| {
            let last = text.lines().last().unwrap_or_default();
            let whole = ["or stop", "Save and stop"].iter().any(|end| last.ends_with(end));
            whole && screen.hide_cursor() && text.lines().any(|line| line.starts_with(&marked))
        })
    }

    fn said(&self, words: &str) {
        let start = Instant::now();
        let mut shown = self.shown.0.lock().unwrap();
        loop {
            let new = joined(&without_escapes(&String::from_utf8_lossy(&shown.bytes[self.sent_at..])));
            if new.contains(words) {
                return;
            }
            assert!(!shown.closed && start.elapsed() < PATIENCE, "waited for \"{words}\" after:\n{new}");
            shown = self.shown.1.wait_timeout(shown, Duration::from_secs(1)).unwrap().0;
        }
    }

    fn send(&mut self, keys: &str) {
        self.sent_at = self.shown.0.lock().unwrap().bytes.len();
        self.input.write_all(keys.as_bytes()).and_then(|()| self.input.flush()).expect("the terminal takes keys");
    }

    /// Waits for the end, and gives the exit code, the last screen and whether the cursor is shown.
    fn end(mut self) -> (u32, String, bool) {
        let start = Instant::now();
        let mut shown = self.shown.0.lock().unwrap();
        while !shown.closed {
            assert!(start.elapsed() < PATIENCE, "does not end");
            shown = self.shown.1.wait_timeout(shown, Duration::from_secs(1)).unwrap().0;
        }
        let screen = shown.parser.as_ref().unwrap().screen();
        let (text, cursor) = (text(screen), !screen.hide_cursor());
        drop(shown);
        (ended(&mut *self.child), text, cursor)
    }

    fn bytes(&self) -> Vec<u8> {
        self.shown.0.lock().unwrap().bytes.clone()
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("a process").to_string();
        let sent = std::process::Command::new("kill").args([format!("-{name}"), id]).status();
        assert!(sent.is_ok_and(|status| status.success()));
    }
}

fn command(folder: &Path, args: &[&str], environment: &[(&str, &str)]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"));
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.env("NO_COLOR", "1");
    for (name, value) in environment {
        command.env(name, value);
    }
    command.cwd(folder);
    command.arg("interview");
    command.args(args);
    command
}

/// Waits for the end of a program, and ends it if that takes too long.
fn ended(child: &mut (dyn Child + Send + Sync)) -> u32 {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a status") {
            return status.exit_code();
        }
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("does not end");
        }
        thread::yield_now();
    }
}

/// The screen as lines, without what is blank at their ends and below.
fn text(screen: &vt100::Screen) -> String {
    let lines: Vec<String> = screen.contents().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n").trim_end().to_owned()
}

/// What was written, without the moves of the cursor.
fn without_escapes(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).get(1..).unwrap_or_default()
    })
}

/// The text in one line, so that words are found however they are wrapped.
fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn nonzero(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("a size")
}

const WIDE: (u16, u16) = (80, 24);
const NARROW: (u16, u16) = (40, 12);

/// A folder with the invented garden rules, so that changes of the real ones change no screen.
fn folder() -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/packs/allotment").to_owned();
    (folder, rules)
}

fn saved(folder: &TempDir) -> String {
    let text = std::fs::read_to_string(folder.path().join("answers.yaml")).expect("an answers file");
    let given = |line: &&str| !line.trim_start().starts_with('#') && !line.trim().is_empty() && !line.ends_with(':');
    text.lines().filter(given).map(|line| line.trim().to_owned() + "\n").collect()
}

/// From nothing to the report, with every widget, back, why, and the review; each screen is looked at.
fn whole_interview(size: (u16, u16), name: &str) {
    let (folder, rules) = folder();
    let mut session = Session::start(folder.path(), size, &["--rules", &rules], &[]);
    let mut screens = Vec::new();
    let mut look = |title: &str, screen: String| screens.push(format!("=== {title}\n{screen}\n"));

    look("the name of the product", session.line("What is your product called?"));
    session.send("Cinder Lane 医院");
    session.send(ENTER);
    look("the first question", session.menu("Question 1, at most 3 left"));
    session.send(ENTER);
    session.menu("Question 2, at most 2 left");
    session.send(DOWN);
    look("moved down", session.marked("Soap and water"));
    session.send(UP);
    session.marked("Nothing");
    session.send(ENTER);
    session.menu("Question 3, at most 1 left");
    session.send(ESC);
    look("back, with the answer chosen before", session.menu("Question 2, at most 2 left"));
    session.send(ENTER);
    session.menu("Question 3, at most 1 left");
    // Down to the line that explains.
    session.send(&DOWN.repeat(5));
    session.marked("? Why we ask this");
    session.send(ENTER);
    look("why this is asked", session.menu("Question 3, at most 1 left"));
    session.send(DOWN);
    session.marked("The garden rents it");
    session.send(ENTER);
    session.menu("Question 4, the last one");
    session.send(ENTER);
    look("evidence", session.line("Is there something that shows this?"));
    session.send("Lease of 2 February");
    session.send(ENTER);
    look("what to do next", session.menu("What do you want to do next?"));
    session.send(ENTER);
    look("several can be chosen", session.menu("Question 5, at most 1 left"));
    session.send(ENTER);
    session.marked("[x] Seeds");
    session.send(DOWN);
    session.marked("[ ] Tools");
    session.send(ENTER);
    look("two are chosen", session.marked("[x] Tools"));
    session.send(&DOWN.repeat(3));
    session.marked("Done, 2 chosen");
    session.send(ENTER);
    session.menu("Question 6, the last one");
    session.send(ENTER);
    session.menu("What do you want to do next?");
    session.send(ENTER);
    look("a text", session.line("How did the garden start?"));
    session.send("?");
    session.send(ENTER);
    look("why a text is asked", session.line("How did the garden start?"));
    session.send("We cleared a railway yard");
    session.send(ENTER);
    session.menu("What do you want to do next?");
    session.send(UP);
    session.marked("x Save and stop");
    session.send(UP);
    session.marked("< Back");
    session.send(UP);
    session.marked("Check your answers");
    session.send(ENTER);
    look("the review", session.menu("Are these answers right?"));
    session.send(DOWN);
    session.marked("Change an answer");
    session.send(ENTER);
    look(
        "which answer to change",
        session.until("the answers", |text, screen| {
            // The last line of the menu, or of its first page on a narrow screen.
            let last = text.lines().last().unwrap_or_default();
            let whole = ["Save and stop", "other gardens?"].iter().any(|end| last.ends_with(end));
            whole && text.contains("> Product") && screen.hide_cursor()
        }),
    );
    session.send(ESC);
    session.menu("Are these answers right?");
    session.send(ENTER);
    session.line("Save the report as…");
    session.send("report.txt");
    session.send(ENTER);
    let (code, screen, cursor) = session.end();
    look("the end", screen);
    assert!(cursor, "the cursor is shown");
    assert_eq!(code, 0);
    insta::assert_snapshot!(name, screens.join("\n"));
    insta::assert_snapshot!("saved_by_a_whole_interview", saved(&folder));

    let checked = check(folder.path(), &rules);
    let report = std::fs::read_to_string(folder.path().join("report.txt")).expect("a report");
    assert_eq!(report, checked, "the same report as `check`");
}

/// What `check` prints about the answers file.
fn check(folder: &Path, rules: &str) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"))
        .args(["check", "answers.yaml", "--rules", rules])
        .current_dir(folder)
        .output()
        .expect("check runs");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_whole_interview_at_80_columns() {
    whole_interview(WIDE, "menus_80");
}

#[test]
fn a_whole_interview_at_40_columns() {
    whole_interview(NARROW, "menus_40");
}

/// The same without menus: nothing on the screen is ever taken back.
fn line_by_line(size: (u16, u16), name: &str, environment: &[(&str, &str)], args: &[&str]) {
    let (folder, rules) = folder();
    let args: Vec<&str> = ["--rules", &rules].into_iter().chain(args.iter().copied()).collect();
    let mut session = Session::start(folder.path(), size, &args, environment);
    let mut screens = Vec::new();
    let mut look = |title: &str, screen: String| screens.push(format!("=== {title}\n{screen}\n"));

    look("the name of the product", session.line("What is your product called?"));
    session.send("Cinder Lane\r");
    look("the first question", session.line("Question 1, at most 3 left"));
    session.send("perhaps\r");
    look("no answer", session.line("\"perhaps\" is not one of the answers."));
    session.send("yes\r");
    session.line("Question 2, at most 2 left");
    session.send("back\r");
    look("back", session.line("Question 1, at most 3 left"));
    session.send("\r");
    session.line("Question 2, at most 2 left");
    session.send("?\r");
    look("why this is asked", session.line("Question 2, at most 2 left"));
    session.send("1\r");
    session.line("Question 3, at most 1 left");
    session.send("review\r");
    look("the review", session.line("Are these answers right?"));
    session.send("back\r");
    session.line("Question 3, at most 1 left");
    session.send("quit\r");
    let bytes = session.bytes();
    let (code, screen, cursor) = session.end();
    look("the end", screen);
    assert!(cursor);
    assert_eq!(code, 5, "as `check` would say");
    assert!(!bytes.contains(&0x1b), "no escape codes");
    insta::assert_snapshot!(name, screens.join("\n"));
}

#[test]
fn line_by_line_at_80_columns() {
    line_by_line(WIDE, "lines_80", &[], &["--plain"]);
}

#[test]
fn line_by_line_at_40_columns() {
    line_by_line(NARROW, "lines_40", &[("ACCESSIBLE", "1")], &[]);
}

#[test]
fn going_on_says_where_the_person_is() {
    let (folder, rules) = folder();
    for _ in 0..2 {
        let mut session = Session::start(folder.path(), WIDE, &["--rules", &rules], &[]);
        if !folder.path().join("answers.yaml").exists() {
            session.line("What is your product called?");
            session.send("Cinder Lane\r");
            session.menu("Question 1, at most 3 left");
            session.send(ENTER);
            session.menu("Question 2, at most 2 left");
            session.send(CTRL_C);
            assert_eq!(session.end().0, 130);
            continue;
        }
        insta::assert_snapshot!("going_on", session.menu("Question 2, at most 2 left"));
        session.send(ESC);
        session.menu("Question 1, at most 3 left");
        session.send(CTRL_C);
        assert_eq!(session.end().0, 130);
    }
}

/// Interrupts an interview in a menu or on a line, and looks at what is left behind.
fn interrupted(at_a_menu: bool, args: &[&str], stop: impl Fn(&mut Session)) -> String {
    let (folder, rules) = folder();
    let args: Vec<&str> = ["--rules", &rules].into_iter().chain(args.iter().copied()).collect();
    let mut session = Session::start(folder.path(), WIDE, &args, &[]);
    session.line("What is your product called?");
    if at_a_menu {
        session.send("Cinder Lane\r");
        session.menu("Question 1, at most 3 left");
    } else if args.contains(&"--plain") {
        session.send("Cinder Lane\r");
        session.line("Question 1, at most 3 left");
    }
    stop(&mut session);
    let (code, screen, cursor) = session.end();
    assert_eq!(code, 130, "{screen}");
    assert!(cursor, "the cursor is shown again");
    if at_a_menu {
        assert_eq!(saved(&folder), "product: \"Cinder Lane\"\nrules: {id: green_plots, version: \"0.1.0\"}\n");
    }
    screen.lines().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" ")
}

#[test]
fn ctrl_c_and_signals_show_the_cursor_again_and_say_how_to_go_on() {
    let go_on = "Your answers are in answers.yaml. To go on:";
    assert!(interrupted(true, &[], |session| session.send(CTRL_C)).contains(go_on));
    assert!(interrupted(true, &[], |session| session.signal("TERM")).contains(go_on));
    assert!(interrupted(true, &[], |session| session.signal("HUP")).contains(go_on));
    assert!(interrupted(false, &["--plain"], |session| session.send(CTRL_C)).contains(go_on));
    assert!(interrupted(false, &["--plain"], |session| session.signal("TERM")).contains(go_on));
    assert!(interrupted(false, &[], |session| session.send(CTRL_C)).contains("Nothing has been saved yet."));
}

/// The system itself says that the terminal is gone once nothing holds its other side any more.
#[test]
fn a_closed_terminal_ends_the_program_with_the_file_whole() {
    let (folder, rules) = folder();
    let file = folder.path().join("answers.yaml");
    std::fs::write(&file, "product: Cinder Lane\nanswers: {}\n").expect("an answers file");
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pty = native_pty_system().openpty(size).expect("a pseudo-terminal");
    let mut child = pty.slave.spawn_command(command(folder.path(), &["--rules", &rules], &[])).expect("it starts");
    drop(pty.slave);
    let mut output = pty.master.try_clone_reader().expect("a reader");
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("Why we ask this") {
        let mut chunk = [0; 4096];
        let length = output.read(&mut chunk).expect("a question");
        seen.extend_from_slice(&chunk[..length]);
    }
    drop((output, pty.master));
    assert_eq!(ended(&mut *child), 130);
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), "product: Cinder Lane\nanswers: {}\n");
}

#[test]
fn a_window_made_narrower_leaves_no_stale_lines() {
    let (folder, rules) = folder();
    let mut session = Session::start(folder.path(), WIDE, &["--rules", &rules], &[]);
    session.line("What is your product called?");
    session.send("Cinder Lane\r");
    session.menu("Question 1, at most 3 left");
    let size = PtySize { rows: 24, cols: 50, pixel_width: 0, pixel_height: 0 };
    session.master.resize(size).expect("a new size");
    session.shown.0.lock().unwrap().parser.as_mut().unwrap().screen_mut().set_size(nonzero(24), nonzero(50));
    session.send(DOWN);
    let screen = session.marked("No");
    assert_eq!(screen.matches("Not sure").count(), 1, "{screen}");
    session.send(CTRL_C);
    assert_eq!(session.end().0, 130);
}

#[test]
fn pasted_lines_become_one_answer_and_answer_nothing_else() {
    let (folder, rules) = folder();
    let mut session = Session::start(folder.path(), WIDE, &["--rules", &rules], &[]);
    session.line("What is your product called?");
    session.send("Cinder\nLane\nGarden");
    session.until("the whole paste", |text, _| text.ends_with("> Cinder Lane Garden"));
    session.send(ENTER);
    session.until("the text standing still", |text, _| text.ends_with("> Cinder Lane Garden"));
    session.send(ENTER);
    session.menu("Question 1, at most 3 left");
    session.send(CTRL_C);
    assert_eq!(session.end().0, 130);
    assert!(saved(&folder).contains("product: \"Cinder Lane Garden\""), "{}", saved(&folder));
}
