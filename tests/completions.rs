//! Labels of a stranger's rules in completions, as real shells show them: each is shown as it is, and nothing in it is run.
//!
//! A shell that is not installed is left out, unless `ALL_SHELLS` is set, as `.ci/completions` does once it has installed
//! them. No label stands in the scripts for the other shells: `tests/injection.rs` compares those.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use support::{crate_path, run};
use tempfile::TempDir;

/// What would leave a file behind if any of it was run, in each way that a shell quotes, and what only has to be shown.
const LABELS: [&str; 37] = [
    "Costs \"more\" than $5",
    "x\" ; touch RAN_1 ; echo \"y",
    "x\" ) ; touch RAN_2 ; ws=( \"y",
    "'; touch RAN_3; '",
    "'\"; touch RAN_4; \"'",
    "\"'; touch RAN_5; '\"",
    "$(touch RAN_6)",
    "`touch RAN_7`",
    "\"$(touch RAN_8)\"",
    "'$(touch RAN_9)'",
    "\\'; touch RAN_10; \\'",
    "\\\"; touch RAN_11; \\\"",
    "\\\\'; touch RAN_12; \\\\'",
    "\\\\\"; touch RAN_13; \\\\\"",
    "\\$(touch RAN_14)",
    "\\\\$(touch RAN_15)",
    "\\`touch RAN_16\\`",
    "(touch RAN_17)",
    "\"(touch RAN_18)\"",
    "); touch RAN_19; (",
    ")); touch RAN_20; ((",
    "; touch RAN_21;",
    "& touch RAN_22 &",
    "| touch RAN_23 |",
    "${(e):-$(touch RAN_24)}",
    "$(( $(touch RAN_25) ))",
    "=(touch RAN_26) <(touch RAN_27)",
    "\" \"(touch RAN_28)\" \"",
    "{a,b} * ? ~ [x] [] !! !$ ^a^b",
    "a:b \\: \\\\: c::d \\",
    "50 % %s %d %B%F{red} %(?.a.b)",
    "# -- --x -x @file &amp; <b>",
    "'",
    "\"",
    "\\",
    "$",
    "`",
];

/// A folder with rules that have these labels, in which a shell is started. A file called `RAN…` shows that one was run.
struct World {
    folder: TempDir,
}

impl World {
    fn new(labels: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rules = folder.path().join("rules");
        fs::create_dir(&rules).unwrap();
        for entry in fs::read_dir(crate_path("tests/packs/allotment")).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_file() {
                fs::copy(&entry, rules.join(entry.file_name().unwrap())).unwrap();
            }
        }
        let mut questions = fs::read_to_string(rules.join("questions.yaml")).unwrap();
        questions
            .push_str("\n  - id: labels\n    section: go_live\n    kind: choice\n    prompt: Which?\n    options:\n");
        for (number, label) in labels.iter().enumerate() {
            let label = serde_json::to_string(label).unwrap();
            let _ = writeln!(questions, "      - value: v{number}\n        label: {label}");
        }
        questions
            .push_str("    source: {page: guide, section: Opening day, item: paragraph 2}\n    basis: published\n");
        fs::write(rules.join("questions.yaml"), questions).unwrap();
        Self { folder }
    }

    /// The script for a shell, written where that can read it.
    fn script(&self, shell: &str) -> String {
        let rules = self.folder.path().join("rules");
        let ran = run(&["completions", shell, "--rules", rules.to_str().unwrap()], "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        let script = self.folder.path().join(shell);
        fs::write(&script, ran.out).unwrap();
        script.to_str().unwrap().to_owned()
    }

    fn assert_nothing_ran(&self) {
        let names = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let ran: Vec<_> = names.filter(|name| name.to_string_lossy().contains("RAN")).collect();
        assert!(ran.is_empty(), "{ran:?}");
    }

    /// What a shell prints that is given a script of its own language.
    fn printed(&self, program: &[&str], typed: &str) -> String {
        let mut child = Command::new(program[0])
            .args(&program[1..])
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
    }
}

/// Whether there is such a shell to ask.
fn is_installed(shell: &str) -> bool {
    let found =
        Command::new(shell).arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    assert!(found || std::env::var_os("ALL_SHELLS").is_none(), "{shell} is not installed");
    found
}

#[test]
fn fish_shows_labels_as_they_are_and_runs_none() {
    if !is_installed("fish") {
        return;
    }
    let world = World::new(&LABELS);
    let script = world.script("fish");
    let typed = format!("source {script}; complete -C 'nhs-login-eligibility check --set labels='\n");
    let shown = world.printed(&["fish", "--no-config"], &typed);
    world.assert_nothing_ran();
    let mut lines: Vec<&str> = shown.lines().collect();
    lines.sort_unstable();
    let mut expected: Vec<String> =
        LABELS.iter().enumerate().map(|(number, label)| format!("labels=v{number}\t{label}")).collect();
    expected.push("labels=not_sure\tNot sure".to_owned());
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

#[test]
fn bash_offers_values_and_runs_no_label() {
    if !is_installed("bash") {
        return;
    }
    let world = World::new(&LABELS);
    let script = world.script("bash");
    let typed = format!(
        "source {script}\nCOMP_WORDS=(nhs-login-eligibility check --set labels = v1)\nCOMP_CWORD=5\n\
         $(complete -p nhs-login-eligibility | sed 's/.* -F \\([^ ]*\\) .*/\\1/') nhs-login-eligibility v1 =\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
    );
    let shown = world.printed(&["bash", "--norc"], &typed);
    world.assert_nothing_ran();
    let expected: Vec<String> = std::iter::once(1).chain(10..20).map(|number| format!("v{number}")).collect();
    assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn zsh_shows_labels_as_they_are_and_runs_none() {
    if !is_installed("zsh") {
        return;
    }
    let world = World::new(&LABELS);
    let script = world.script("zsh");
    let start = format!(
        "PS1='> '; unsetopt zle_bracketed_paste list_ambiguous; LISTMAX=1000; autoload -U compinit; compinit -D -u; \
         nhs-login-eligibility() {{ :; }}; source {script}; compdef _nhs-login-eligibility nhs-login-eligibility; clear; echo LOA''DED\r"
    );
    let last = format!("labels=v{}", LABELS.len() - 1);
    let shown = typed_into_zsh(
        world.folder.path(),
        &[(&start, "LOADED"), ("nhs-login-eligibility check --set labels=\t", &last)],
    );
    world.assert_nothing_ran();
    for (number, label) in LABELS.iter().enumerate() {
        let value = format!("labels=v{number} ");
        let line = shown
            .lines()
            .find(|line| line.trim_start().starts_with(&value))
            .unwrap_or_else(|| panic!("{value}\n{shown}"));
        let (_, told) = line.split_once(" -- ").unwrap_or_else(|| panic!("{line}"));
        assert_eq!(told.trim_end(), label.trim_end(), "{line}");
    }
}

/// Types into a real zsh, each text once what the one before is followed by has been shown, and gives the last screen.
fn typed_into_zsh(folder: &Path, texts: &[(&str, &str)]) -> String {
    const PATIENCE: Duration = Duration::from_secs(30);
    let size = portable_pty::PtySize { rows: 90, cols: 300, pixel_width: 0, pixel_height: 0 };
    let pty = portable_pty::native_pty_system().openpty(size).expect("a pseudo-terminal");
    let mut command = portable_pty::CommandBuilder::new("zsh");
    command.args(["-f", "-i"]);
    command.cwd(folder);
    command.env("HOME", folder);
    command.env("TERM", "xterm");
    let mut child = pty.slave.spawn_command(command).expect("zsh starts");
    let mut output = pty.master.try_clone_reader().unwrap();
    let mut input = pty.master.take_writer().unwrap();
    let (sender, shown) = mpsc::channel();
    std::thread::spawn(move || {
        let mut chunk = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut chunk) {
            if sender.send(chunk[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    let mut screen = vt100::Parser::new(NonZero::new(90).unwrap(), NonZero::new(300).unwrap(), 0);
    for (text, followed) in texts {
        input.write_all(text.as_bytes()).unwrap();
        let start = Instant::now();
        // Until it has been shown, and nothing has come for a while.
        loop {
            match shown.recv_timeout(Duration::from_millis(300)) {
                Ok(bytes) => screen.process(&bytes),
                Err(_) if screen.screen().contents().contains(followed) => break,
                Err(_) => assert!(start.elapsed() < PATIENCE, "no {followed}:\n{}", screen.screen().contents()),
            }
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    screen.screen().contents()
}
