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
const CTRL_D: &str = "\u{4}";
const CTRL_C: &str = "\x03";

/// What the terminal shows, and whether the program has closed it.
#[derive(Default)]
struct Shown {
    parser: Option<vt100::Parser>,
    bytes: Vec<u8>,
    closed: bool,
}

impl Shown {
    fn screen(&self) -> &vt100::Screen {
        self.parser.as_ref().unwrap().screen()
    }

    /// Whether these words are among what was shown behind the first so many bytes.
    fn said_since(&self, bytes: usize, words: &str) -> bool {
        joined(&without_escapes(&String::from_utf8_lossy(&self.bytes[bytes..]))).contains(words)
    }
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
        Self::run(command(folder, args, environment), (columns, rows))
    }

    fn run(command: CommandBuilder, (columns, rows): (u16, u16)) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let child = pty.slave.spawn_command(command).expect("the program starts");
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
    fn until(&self, what: &str, ready: impl Fn(&str, &Shown) -> bool) -> String {
        let start = Instant::now();
        let mut shown = self.shown.0.lock().unwrap();
        loop {
            let text = text(shown.screen());
            if ready(&text, &shown) {
                return text;
            }
            assert!(!shown.closed, "closed while waiting for {what}:\n{text}");
            assert!(start.elapsed() < PATIENCE, "waited too long for {what}:\n{text}");
            shown = self.shown.1.wait_timeout(shown, Duration::from_secs(1)).unwrap().0;
        }
    }

    /// Waits for words that are new since the last keys, then until the program waits for keys. Goes on where it stops
    /// because there is more to read than the window holds. Gives every screen there was to see.
    fn asked(&mut self, words: &str) -> String {
        let from = self.sent_at;
        self.read_on(words, |text, shown| shown.said_since(from, words) && waits(text, shown.screen()))
    }

    fn read_on(&mut self, what: &str, ready: impl Fn(&str, &Shown) -> bool) -> String {
        let mut seen = String::new();
        loop {
            let screen = self.until(what, |text, shown| text.ends_with(MORE) || ready(text, shown));
            if !screen.ends_with(MORE) {
                return seen + &screen;
            }
            seen = seen + &screen + "\n---\n";
            self.input.write_all(b" ").and_then(|()| self.input.flush()).expect("the terminal takes keys");
            self.until("the rest", |text, _| text != screen);
        }
    }

    /// Waits for words that are new since the last keys, then for a line to type on without keys of its own.
    fn line(&self, words: &str) -> String {
        self.said(words);
        self.until(words, |text, _| text.lines().last() == Some(">"))
    }

    /// Waits until the mark of a menu stands on a line, and the cursor with it.
    fn marked(&self, line: &str) -> String {
        let marked = format!("> {line}");
        self.until(line, |text, shown| waits(text, shown.screen()) && on_line(shown.screen()).starts_with(&marked))
    }

    fn said(&self, words: &str) {
        self.until(words, |_, shown| shown.said_since(self.sent_at, words));
    }

    fn send(&mut self, keys: &str) {
        self.sent_at = self.shown.0.lock().unwrap().bytes.len();
        self.input.write_all(keys.as_bytes()).and_then(|()| self.input.flush()).expect("the terminal takes keys");
    }

    fn resize(&mut self, columns: u16, rows: u16) {
        let mut shown = self.shown.0.lock().unwrap();
        shown.parser.as_mut().unwrap().screen_mut().set_size(nonzero(rows), nonzero(columns));
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).expect("a new size");
    }

    fn bracketed_paste(&self) -> bool {
        self.shown.0.lock().unwrap().screen().bracketed_paste()
    }

    /// What is shown from now on counts as new.
    fn send_at_now(&mut self) {
        self.sent_at = self.shown.0.lock().unwrap().bytes.len();
    }

    /// Waits until the system says that the program is stopped.
    fn stands_still(&self) {
        let id = self.child.process_id().expect("a process");
        let start = Instant::now();
        loop {
            let status = std::process::Command::new("ps").args(["-o", "state=", "-p", &id.to_string()]).output();
            if status.is_ok_and(|output| output.stdout.starts_with(b"T")) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "is not stopped");
            thread::yield_now();
        }
    }

    /// Waits for the end, and gives the exit code, the last screen and whether the cursor is shown.
    fn end(mut self) -> (u32, String, bool) {
        let start = Instant::now();
        let mut shown = self.shown.0.lock().unwrap();
        while !shown.closed {
            assert!(start.elapsed() < PATIENCE, "does not end");
            shown = self.shown.1.wait_timeout(shown, Duration::from_secs(1)).unwrap().0;
        }
        let (text, cursor) = (text(shown.screen()), !shown.screen().hide_cursor());
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

/// What stands below a text that is longer than the window.
const MORE: &str = "(Press Enter for more.)";

/// Whether the program waits for keys: the cursor is on a line with a mark, and below it stands what the keys do.
fn waits(text: &str, screen: &vt100::Screen) -> bool {
    let keys = ["stop.", "back.", "done.", "Enter.", "now."];
    let last = text.lines().last().unwrap_or_default();
    on_line(screen).starts_with('>') && keys.iter().any(|end| last.ends_with(end)) && !screen.hide_cursor()
}

/// The line the cursor is on.
fn on_line(screen: &vt100::Screen) -> String {
    let (row, _) = screen.cursor_position();
    screen.rows(0, screen.size().1.get()).nth(row.into()).unwrap_or_default().trim_end().to_owned()
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
    // By a name that is the same on every machine, as it is in commands that are shown.
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/packs/allotment");
    std::os::unix::fs::symlink(pack, folder.path().join("rules")).expect("a link to the rules");
    (folder, "rules".to_owned())
}

fn saved(folder: &TempDir) -> String {
    let text = std::fs::read_to_string(folder.path().join("answers.yaml")).expect("an answers file");
    let given = |line: &&str| !line.trim_start().starts_with('#') && !line.trim().is_empty() && !line.ends_with(':');
    let text: String = text.lines().filter(given).map(|line| line.trim().to_owned() + "\n").collect();
    // It follows every edit of the rules.
    let digest = text.split('"').find(|word| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit()));
    let digest = digest.expect("the digest of the rules").to_owned();
    text.replace(&digest, "…")
}

/// From nothing to the report, with every widget, back, why, and the review; each screen is looked at.
fn whole_interview(size: (u16, u16), name: &str) {
    let (folder, rules) = folder();
    // No shell is there to say where `~` is.
    let home = folder.path().join("home");
    std::fs::create_dir(&home).expect("a folder");
    let environment = [("HOME", home.to_str().expect("UTF-8"))];
    let mut session = Session::start(folder.path(), size, &["--rules", &rules], &environment);
    let mut screens = Vec::new();
    let mut look = |title: &str, screen: String| screens.push(format!("=== {title}\n{screen}\n"));

    look("the name of the product", session.asked("What is your product called?"));
    session.send("Cinder Lane 医院");
    session.send(ENTER);
    look("the organisation", session.asked("Which organisation makes your product?"));
    session.send("Cinder Lane Gardeners\r");
    look("the first question", session.asked("Question 1, at most 3 left"));
    session.send(ENTER);
    session.asked("Question 2, at most 2 left");
    session.send(DOWN);
    look("moved down", session.marked("Soap and water"));
    session.send(UP);
    session.marked("Nothing");
    session.send(ENTER);
    session.asked("Question 3, at most 1 left");
    session.send(ESC);
    look("back, with the answer chosen before", session.asked("Question 2, at most 2 left"));
    session.send(ENTER);
    session.asked("Question 3, at most 1 left");
    session.send("?");
    look("why this is asked", session.asked("Source:"));
    session.send(DOWN);
    session.marked("The garden rents it");
    session.send(ENTER);
    session.asked("Question 4, the last one");
    session.send(ENTER);
    look("evidence", session.asked("Is there something that shows this?"));
    session.send("Lease of 2 February");
    session.send(ENTER);
    look("what to do next", session.asked("What do you want to do next?"));
    session.send(DOWN);
    session.marked("Does the network suit the garden?");
    session.send(ENTER);
    look("several can be chosen", session.asked("Question 5, at most 1 left"));
    session.send(ENTER);
    look("nothing is chosen", session.until("what to do", |text, _| text.contains("Nothing is chosen yet.")));
    session.send(" ");
    session.marked("[x] Seeds");
    session.send(DOWN);
    session.marked("[ ] Tools");
    session.send(" ");
    look("two are chosen", session.marked("[x] Tools"));
    session.send(ENTER);
    session.asked("Question 6, the last one");
    session.send(ENTER);
    session.asked("What do you want to do next?");
    session.send(DOWN);
    session.marked("Are you ready for the visit?");
    session.send(ENTER);
    look("a text", session.asked("How did the garden start?"));
    session.send("?");
    look("why a text is asked", session.asked("Source:"));
    session.send("We cleared a railway yard");
    session.marked("We cleared a railway yard");
    session.send(ENTER);
    session.asked("What do you want to do next?");
    session.send(UP);
    session.marked("Save and stop");
    session.send(DOWN);
    session.marked("Check your answers");
    session.send(ENTER);
    look("the review", session.asked("Are these answers right?"));
    session.send(DOWN);
    session.marked("Change an answer");
    session.send(ENTER);
    look("which answer to change", session.asked("Which answer do you want to change?"));
    session.send(ESC);
    session.asked("Are these answers right?");
    session.send(ENTER);
    session.asked("Save the report as");
    session.send("~/report.txt");
    session.send(ENTER);
    let (code, screen, cursor) = session.end();
    look("the end", screen);
    assert!(cursor, "the cursor is shown");
    assert_eq!(code, 0);
    insta::assert_snapshot!(name, screens.join("\n"));
    insta::assert_snapshot!("saved_by_a_whole_interview", saved(&folder));

    let checked = check(folder.path(), &rules);
    let report = std::fs::read_to_string(home.join("report.txt")).expect("a report");
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
    look("the organisation", session.line("Which organisation makes your product?"));
    session.send("\r");
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
            session.asked("What is your product called?");
            session.send("Cinder Lane\r");
            session.asked("Which organisation makes your product?");
            session.send(ENTER);
            session.asked("Question 1, at most 3 left");
            session.send(ENTER);
            session.asked("Question 2, at most 2 left");
            session.send(CTRL_C);
            assert_eq!(session.end().0, 130);
            continue;
        }
        insta::assert_snapshot!("whose_file", session.asked("Do you want to carry on with it?"));
        session.send(ENTER);
        insta::assert_snapshot!("going_on", session.asked("Question 2, at most 2 left"));
        session.send(ESC);
        session.asked("Question 1, at most 3 left");
        session.send(CTRL_C);
        assert_eq!(session.end().0, 130);
    }
}

/// Interrupts an interview in a menu or on a line, and looks at what is left behind.
fn interrupted(at_a_menu: bool, args: &[&str], stop: impl Fn(&mut Session)) -> String {
    let (folder, rules) = folder();
    let args: Vec<&str> = ["--rules", &rules].into_iter().chain(args.iter().copied()).collect();
    let mut session = Session::start(folder.path(), WIDE, &args, &[]);
    if !args.contains(&"--plain") {
        session.asked("What is your product called?");
    }
    if at_a_menu {
        session.send("Cinder Lane\r");
        session.asked("Which organisation makes your product?");
        session.send(ENTER);
        session.asked("Question 1, at most 3 left");
    } else if args.contains(&"--plain") {
        session.line("What is your product called?");
        session.send("Cinder Lane\r");
        session.line("Which organisation makes your product?");
        session.send("\r");
        session.line("Question 1, at most 3 left");
    }
    stop(&mut session);
    let (code, screen, cursor) = session.end();
    assert_eq!(code, 130, "{screen}");
    assert!(cursor, "the cursor is shown again");
    if at_a_menu {
        assert_eq!(
            saved(&folder),
            "product: \"Cinder Lane\"\nrules: {id: \"green_plots\", version: \"0.1.0\", digest: \"…\"}\n"
        );
    }
    screen.lines().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" ")
}

#[test]
fn ctrl_c_and_signals_show_the_cursor_again_and_say_how_to_go_on() {
    let go_on = "Your answers are in answers.yaml. To carry on:";
    let says = |said: String, wanted: &str| assert!(said.contains(wanted), "{said:?}");
    says(interrupted(true, &[], |session| session.send(CTRL_C)), go_on);
    says(interrupted(true, &[], |session| session.signal("TERM")), go_on);
    says(interrupted(true, &[], |session| session.signal("HUP")), go_on);
    says(interrupted(false, &["--plain"], |session| session.send(CTRL_C)), go_on);
    says(interrupted(false, &["--plain"], |session| session.send(CTRL_D)), go_on);
    says(interrupted(false, &["--plain"], |session| session.signal("TERM")), go_on);
    says(interrupted(false, &[], |session| session.send(CTRL_C)), "Nothing has been saved yet.");
}

/// The system itself says that the terminal is gone once nothing holds its other side any more.
#[test]
fn a_closed_terminal_ends_the_program_with_the_file_whole() {
    let (folder, rules) = folder();
    let file = folder.path().join("answers.yaml");
    let named = "product: Cinder Lane\norganisation: Cinder Lane Gardeners\nanswers: {}\n";
    std::fs::write(&file, named).expect("an answers file");
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pty = native_pty_system().openpty(size).expect("a pseudo-terminal");
    let mut child =
        pty.slave.spawn_command(command(folder.path(), &["answers.yaml", "--rules", &rules], &[])).expect("it starts");
    drop(pty.slave);
    let mut output = pty.master.try_clone_reader().expect("a reader");
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains("why we ask") {
        let mut chunk = [0; 4096];
        let length = output.read(&mut chunk).expect("a question");
        seen.extend_from_slice(&chunk[..length]);
    }
    drop((output, pty.master));
    assert_eq!(ended(&mut *child), 130);
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), named);
}

/// One entry of an empty interview, at its first text or its first menu.
fn begun(size: (u16, u16), at_a_menu: bool) -> (TempDir, Session) {
    let (folder, rules) = folder();
    let mut session = Session::start(folder.path(), size, &["--rules", &rules], &[]);
    session.asked("What is your product called?");
    if at_a_menu {
        session.send("Cinder Lane\r");
        session.asked("Which organisation makes your product?");
        session.send(ENTER);
        session.asked("Question 1, at most 3 left");
    }
    (folder, session)
}

/// Ends an interview and gives what it has saved.
fn stopped(folder: &TempDir, mut session: Session) -> String {
    session.send(CTRL_C);
    assert_eq!(session.end().0, 130);
    saved(folder)
}

#[test]
fn a_window_of_another_size_shows_the_question_once_and_whole() {
    let (folder, mut session) = begun(WIDE, true);
    for (columns, rows) in [(50, 24), (40, 12), (24, 24), (30, 9), (100, 30), (80, 24)] {
        session.send_at_now();
        session.resize(columns, rows);
        session.asked("Yes");
        session.send(DOWN);
        session.marked("No");
        session.send(UP);
        let screen = session.marked("Yes");
        for words in ["> Yes", "  No\n", "  Not sure"] {
            assert_eq!(screen.matches(words).count(), 1, "{columns} x {rows}, {words}:\n{screen}");
        }
        // Where the window is too small for all of it, it stands above the question as well, to be read first.
        let question = "Can anybody from the neighbourhood ask for a plot?";
        assert!(joined(&screen).contains(question), "{columns} x {rows}:\n{screen}");
    }
    // The smallest window has room for the answers, though not for the keys.
    session.resize(40, 4);
    session.read_on("the answers", |text, shown| {
        text.ends_with("> Yes\n  No\n  Not sure") && on_line(shown.screen()) == "> Yes"
    });
    stopped(&folder, session);
}

#[test]
fn a_window_made_narrower_while_a_text_is_typed_breaks_it_anew() {
    let (folder, mut session) = begun(WIDE, false);
    session.send("A garden whose name is far too long to stand on one line of forty columns");
    session.until("the text", |text, _| text.contains("forty columns"));
    session.resize(40, 12);
    let lines = "> A garden whose name is far too long\n  to stand on one line of forty\n  columns\n";
    let screen = session.until("the text on two lines", |text, _| text.contains(lines));
    assert_eq!(screen.matches("A garden whose").count(), 1, "{screen}");
    session.send(ENTER);
    session.asked("Which organisation makes your product?");
    session.send(CTRL_C);
    let (code, screen, _) = session.end();
    assert_eq!(code, 130);
    // What is said at the end is broken between words, in the window as it is by then; a command is not broken.
    let closing: Vec<&str> = screen[screen.find("Stopped.").expect("how to go on")..].trim_end().lines().collect();
    let (command, closing) = closing.split_last().expect("the command");
    assert!(closing.len() > 1 && closing.iter().all(|line| line.chars().count() < 40), "{screen}");
    assert_eq!(*command, "  nhs-login-eligibility interview answers.yaml --rules rules");
    assert!(saved(&folder).contains("far too long to stand on one line of forty columns\""));
}

/// Wide, joined and combining characters, typed, gone back into and taken away, on a line and over several.
#[test]
fn any_script_can_be_typed_and_edited() {
    for size in [WIDE, NARROW] {
        let (folder, mut session) = begun(size, false);
        session.send("医院の庭 cafe\u{301} 👍 ");
        session.send("and then some more words so that it takes two lines");
        session.until("all of it", |text, _| text.contains("lines"));
        session.send("\x1b[H");
        // Behind the second sign: one is taken away, one put in.
        session.send("\x1b[C\x1b[C\x7f師");
        session.until("the change", |text, _| text.contains("> 医師の庭 cafe\u{301} 👍 and"));
        // Back from the end: the sign with its accent goes as one.
        session.send("\x1b[1;5C\x1b[1;5C\x7f");
        session.until("the accent gone", |text, _| text.contains("> 医師の庭 caf 👍 and"));
        session.send("\x0b");
        session.until("the rest cut", |text, _| text.contains("> 医師の庭 caf\n") && !text.contains("lines"));
        session.send(ENTER);
        session.asked("Which organisation makes your product?");
        assert!(stopped(&folder, session).contains("product: \"医師の庭 caf\""));
    }
}

#[test]
fn pasted_lines_become_one_answer_and_answer_nothing_else() {
    // As terminals paste that mark it, and as those do that do not.
    for (paste, name) in [
        ("\x1b[200~Cinder\rLane\nGarden\r\x1b[201~", "Cinder Lane Garden"),
        ("Cinder\rLane\rGarden", "Cinder Lane Garden"),
    ] {
        let (folder, mut session) = begun(WIDE, false);
        session.send(paste);
        session.marked(name);
        session.send(ENTER);
        session.asked("Which organisation makes your product?");
        assert!(stopped(&folder, session).contains(&format!("product: \"{name}\"")));
    }
    // In a menu a paste does nothing.
    let (folder, mut session) = begun(WIDE, true);
    session.send("\x1b[200~no\r\r\x1b[201~");
    session.send("?");
    session.asked("Source:");
    assert!(!stopped(&folder, session).contains("open_to_neighbours"));
}

/// A shell with job control in the same terminal, which runs the interview.
fn under_a_shell(size: (u16, u16)) -> (TempDir, Session) {
    let (folder, rules) = folder();
    let mut shell = CommandBuilder::new("sh");
    shell.arg("-i");
    shell.env_clear();
    for (name, value) in [("TERM", "xterm-256color"), ("NO_COLOR", "1"), ("PS1", "$ "), ("PATH", "/usr/bin:/bin")] {
        shell.env(name, value);
    }
    shell.env("PROGRAM", env!("CARGO_BIN_EXE_nhs-login-eligibility"));
    shell.env("RULES", rules);
    shell.cwd(folder.path());
    let mut session = Session::run(shell, size);
    session.until("the shell", |text, _| text.ends_with('$'));
    session.send("\"$PROGRAM\" interview --rules \"$RULES\"\r");
    session.asked("What is your product called?");
    (folder, session)
}

/// What `stty` says of the terminal, asked for by its name from outside.
fn modes(session: &Session) -> String {
    let name = session.master.tty_name().expect("a terminal with a name");
    let output = std::process::Command::new("stty").arg("-a").arg("-F").arg(name).output().expect("stty runs");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_asks_again() {
    let (folder, mut session) = under_a_shell(WIDE);
    session.send("Cinder L");
    session.marked("Cinder L");
    assert!(modes(&session).contains("-icanon") && modes(&session).contains("-echo "));
    session.send("\x1a");
    let screen = session.until("the shell", |text, shown| text.ends_with('$') && !shown.screen().hide_cursor());
    assert!(!screen.contains("> Cinder L"), "what was asked is put away:\n{screen}");
    let while_suspended = modes(&session);
    assert!(!while_suspended.contains("-icanon") && !while_suspended.contains("-echo "), "{while_suspended}");
    assert!(!session.until("", |_, _| true).is_empty());
    assert!(!session.bracketed_paste());
    session.send("fg\r");
    session.marked("Cinder L");
    assert!(session.bracketed_paste());
    session.send("ane\r");
    session.asked("Which organisation makes your product?");
    session.send(ENTER);
    session.asked("Question 1, at most 3 left");
    // The same at a menu, twice.
    for _ in 0..2 {
        session.send("\x1a");
        session.until("the shell", |text, _| text.ends_with('$'));
        session.send("fg\r");
        session.asked("Question 1, at most 3 left");
    }
    session.send(DOWN);
    session.marked("No");
    session.send(CTRL_C);
    session.until("the shell", |text, _| text.ends_with('$') && text.contains("To carry on:"));
    let modes = modes(&session);
    assert!(!modes.contains("-icanon") && !modes.contains("-echo "), "{modes}");
    assert!(saved(&folder).contains("Cinder Lane"));
}

#[test]
fn stopped_and_continued_from_outside_it_asks_again() {
    let (folder, mut session) = begun(WIDE, true);
    session.signal("STOP");
    session.stands_still();
    // Somebody else writes to the terminal and changes it meanwhile.
    let name = session.master.tty_name().expect("a terminal with a name");
    let sane = std::process::Command::new("stty").arg("-F").arg(&name).arg("sane").status();
    assert!(sane.is_ok_and(|status| status.success()));
    session.send_at_now();
    session.signal("CONT");
    session.asked("Question 1, at most 3 left");
    session.send(DOWN);
    session.marked("No");
    assert!(modes(&session).contains("-icanon"));
    session.send(ENTER);
    session.asked("What do you want to do next?");
    assert!(stopped(&folder, session).contains("open_to_neighbours: no"));
}

/// Without a shell nobody could let it go on again.
#[test]
fn without_a_shell_ctrl_z_does_nothing() {
    let (folder, mut session) = begun(WIDE, true);
    session.send("\x1a");
    session.send(DOWN);
    session.marked("No");
    stopped(&folder, session);
}

#[test]
fn a_text_that_was_begun_is_there_when_the_person_comes_back() {
    let (folder, rules) = folder();
    let mut session = Session::start(folder.path(), WIDE, &["--rules", &rules, "--section", "application"], &[]);
    session.asked("What is your product called?");
    session.send("Cinder Lane\r");
    session.asked("Which organisation makes your product?");
    session.send(ENTER);
    session.asked("How did the garden start?");
    session.send("We cleared");
    session.marked("We cleared");
    session.send("\t");
    session.asked("How did the garden start? Your unfinished answer is not saved. It will be here when you come back.");
    session.send(DOWN);
    session.marked("Change an answer");
    session.send(DOWN);
    session.marked("Answer more questions");
    session.send(ENTER);
    session.asked("How did the garden start?");
    session.send(" a yard");
    session.marked("We cleared a yard");
    session.send(ENTER);
    session.asked("How many plots are there?");
    assert!(stopped(&folder, session).contains("\"We cleared a yard\""));
}

#[test]
fn what_was_chosen_of_several_is_there_when_the_person_comes_back() {
    let (folder, rules) = folder();
    let mut session = Session::start(folder.path(), WIDE, &["--rules", &rules, "--section", "fit"], &[]);
    session.asked("What is your product called?");
    session.send("Cinder Lane\r");
    session.asked("Which organisation makes your product?");
    session.send(ENTER);
    session.asked("[ ] Seeds");
    session.send(" ");
    session.marked("[x] Seeds");
    // Neither to ask why nor to look at the answers takes it away.
    session.send("?");
    session.asked("Source:");
    session.marked("[x] Seeds");
    session.send("\t");
    session.asked("Your unfinished answer is not saved.");
    session.send(ESC);
    session.asked("[x] Seeds");
    session.send(ENTER);
    session.asked("Are these answers right?");
    assert!(stopped(&folder, session).contains("shared_things: [seeds]"));
}

#[test]
fn a_page_that_waits_is_gone_once_it_is_interrupted() {
    let (folder, rules) = folder();
    let mut session = Session::start(folder.path(), NARROW, &["--rules", &rules], &[]);
    session.until("more to read", |text, _| text.ends_with(MORE));
    session.send(CTRL_C);
    let (code, screen, _) = session.end();
    assert_eq!(code, 130);
    assert!(!screen.contains(MORE) && screen.contains("Nothing has been saved yet."), "{screen}");
}

/// Whoever reads the help and presses Enter must not answer something else.
#[test]
fn after_the_help_the_person_is_where_they_were() {
    let (folder, mut session) = begun(WIDE, true);
    session.send(DOWN);
    session.marked("No");
    session.send("?");
    session.asked("Source:");
    session.marked("No");
    stopped(&folder, session);
}

/// In a narrow window the first question comes below the fold.
#[test]
fn what_is_typed_before_all_was_read_is_not_lost() {
    let (folder, rules) = folder();
    let mut session = Session::start(folder.path(), NARROW, &["--rules", &rules], &[]);
    session.until("more to read", |text, _| text.ends_with(MORE));
    session.send("Cinder Lane");
    session.marked("Cinder Lane");
    session.send(ENTER);
    session.asked("Which organisation makes your product?");
    assert!(stopped(&folder, session).contains("product: \"Cinder Lane\""));
}

#[test]
fn a_name_typed_into_a_menu_answers_nothing() {
    let (folder, mut session) = begun(WIDE, true);
    session.send("Nobody's garden\r");
    session.until("what to do", |text, _| text.contains("Typing does nothing here."));
    session.send(DOWN);
    session.marked("No");
    assert!(!stopped(&folder, session).contains("open_to_neighbours"));
}

#[test]
fn a_second_product_in_a_folder_gets_a_file_of_its_own() {
    let (folder, session) = begun(WIDE, true);
    let first = stopped(&folder, session);
    let (_, rules) = self::folder();
    let mut session = Session::start(folder.path(), WIDE, &["--rules", &rules], &[]);
    session.asked("answers.yaml is about Cinder Lane. Do you want to carry on with it?");
    session.send(DOWN);
    session.marked("No, begin with another");
    session.send(ENTER);
    session.asked("called?");
    session.send("Cinder Lane, the \"other\" end\r");
    session.asked("Which file do you want to save its answers to?");
    session.send(ENTER);
    session.asked("Which organisation makes your product?");
    session.send("Cinder Lane End\r");
    session.asked("Question 1, at most 3 left");
    session.send(CTRL_C);
    let (code, screen, _) = session.end();
    assert_eq!(code, 130);
    assert!(joined(&screen).ends_with("interview cinder-lane-the-other-end.yaml --rules rules"), "{screen}");
    assert_eq!(saved(&folder), first);
    let text = std::fs::read_to_string(folder.path().join("cinder-lane-the-other-end.yaml")).expect("a second file");
    let names = "product: \"Cinder Lane, the \\\"other\\\" end\"\norganisation: \"Cinder Lane End\"\n";
    assert!(text.contains(names), "{text}");
}

#[test]
fn killed_outright_it_leaves_the_cursor_and_the_file() {
    let (folder, session) = begun(WIDE, true);
    session.signal("KILL");
    let (_, _, cursor) = session.end();
    assert!(cursor);
    assert!(saved(&folder).contains("product: \"Cinder Lane\""));
}

/// `packaging/picture` draws it anew, from the same keys.
#[test]
fn the_picture_of_the_interview_shows_what_a_terminal_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(folder.path(), WIDE, &[], &[]);
    session.asked("What is your product called?");
    session.send("Willowbrook Repeat Medicines\r");
    session.asked("Which organisation makes your product?");
    session.send("Willowbrook Digital\r");
    session.asked("Is your product live");
    session.send(ENTER);
    let screen = session.asked("registered with a GP");
    let drawn = include_str!("../docs/interview.svg").lines().filter_map(|line| line.strip_suffix("</text>"));
    let drawn: Vec<&str> = drawn.filter_map(|line| line.rsplit_once('>')).map(|(_, words)| words).collect();
    let escapes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
    let drawn = escapes.iter().fold(drawn.join(" "), |text, (escape, sign)| text.replace(escape, sign));
    assert_eq!(joined(&drawn), joined(&screen), "packaging/picture draws docs/interview.svg anew");
}
