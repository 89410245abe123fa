//! The commands of the documents run, and print what the documents say they print.
//!
//! In a `console` block, a line that begins with `$ ` is a command, and what follows is its output, standard error
//! included. A line of three dots stands for any lines. With `INSTA_UPDATE=always`, outputs without such a line are written
//! anew.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

use std::path::Path;
use std::process::Command;

const BUILT: &str = "cargo run --release --locked --";

/// Commands that would run this test again.
const NOT_RUN: [&str; 1] = ["cargo test --locked"];

fn console_blocks(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for line in block.lines() {
            match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => found.push((command.to_owned(), String::new())),
                (None, Some((_, output))) => {
                    output.push_str(line);
                    output.push('\n');
                }
                (None, None) => panic!("a block begins with `{line}`, which is no command"),
            }
        }
    }
    found
}

fn run(command: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"));
    let name = binary.file_name().unwrap().to_str().unwrap();
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("exec 2>&1; {}", command.replace(BUILT, name)))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("PATH", path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Whether lines are as expected, where `...` stands for any lines.
fn matches(expected: &[&str], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((&"...", rest)) => (0..=found.len()).any(|skipped| matches(rest, &found[skipped..])),
        Some((line, rest)) => found.first() == Some(line) && matches(rest, &found[1..]),
    }
}

fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let blocks = console_blocks(text);
    assert!(!blocks.is_empty(), "{name} has no commands");
    for (command, expected) in blocks {
        if NOT_RUN.contains(&command.as_str()) {
            continue;
        }
        let found = run(&command);
        let (expected, lines): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
        if !matches(&expected, &lines) && !expected.contains(&"...") && anew() {
            let before = std::fs::read_to_string(&path).unwrap();
            let block = |lines: &[&str]| {
                let lines: Vec<&str> = lines.iter().flat_map(|line| [*line, "\n"]).collect();
                format!("$ {command}\n{}", lines.concat())
            };
            std::fs::write(&path, before.replacen(&block(&expected), &block(&lines), 1)).unwrap();
            continue;
        }
        assert!(matches(&expected, &lines), "{name}: `{command}` now prints\n{found}");
    }
}

fn anew() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always")
}

#[test]
fn the_readme_is_true() {
    check("README.md", include_str!("../README.md"));
}
