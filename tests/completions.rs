//! Completions in real shells. A shell that is not installed is left out, unless `ALL_SHELLS` is set, as `.ci/completions`
//! does once it has installed them; that presses Tab in all of them, too. That no label of a stranger's rules stands in any
//! script, where it could be run, is shown in `tests/outputs.rs`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use support::run;

/// What a shell prints once it has read the completions for it and then this, or nothing if there is no such shell.
fn printed(program: &[&str], typed: &str) -> Option<String> {
    let shell = program[0];
    let found = Command::new(shell).arg("--version").stdout(Stdio::null()).status().is_ok_and(|found| found.success());
    assert!(found || std::env::var_os("ALL_SHELLS").is_none(), "{shell} is not installed");
    if !found {
        return None;
    }
    let script = run(&["completions", shell, "--rules", "tests/packs/allotment"], "");
    assert_eq!(script.code, 0, "{}", script.err);
    let mut child =
        Command::new(shell).args(&program[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all((script.out + "\n" + typed).as_bytes()).unwrap();
    Some(String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap())
}

#[test]
fn bash_offers_the_values_of_a_question_behind_the_sign_at_which_it_cuts_words() {
    let typed = "COMP_WORDS=(nhs-login-eligibility check --set open_to_neighbours = n)\nCOMP_CWORD=5\n\
                 $(complete -p nhs-login-eligibility | sed 's/.* -F \\([^ ]*\\) .*/\\1/') nhs-login-eligibility n =\n\
                 printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    if let Some(shown) = printed(&["bash", "--norc"], typed) {
        assert_eq!(shown, "no\nnot_sure\n");
    }
}

#[test]
fn bash_completes_the_value_of_an_option_behind_the_sign_too() {
    for (words, at, wanted) in [
        ("triage --format = sar", 4, "sarif\n"),
        ("check --gate =", 3, "eligibility\napplication\ngo-live\n"),
        ("check --set = open_to_neighbours = n", 6, "no\nnot_sure\n"),
        ("check --gate = go-live --format = ju", 7, "junit\n"),
    ] {
        let typed = format!(
            "COMP_WORDS=(nhs-login-eligibility {words})\nCOMP_CWORD={at}\n_eligibility_pairs nhs-login-eligibility x =\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\"\n"
        );
        if let Some(shown) = printed(&["bash", "--norc"], &typed) {
            assert_eq!(shown, wanted, "{words}");
        }
    }
}

/// `man` fills its lines with what follows each other, unless it is told where one ends.
#[test]
fn a_manual_page_keeps_exit_codes_apart_and_names_pages_that_can_be_had() {
    let page = run(&["man", "check"], "").out;
    assert!(page.contains(".PP\nExit codes:\n.TP 5\n0\nmeets the criteria") && page.contains("\n.TP 5\n5\n"), "{page}");
    for words in [&["man"][..], &["man", "rules"]] {
        let page = run(words, "").out;
        for named in page.lines().filter_map(|line| line.replace("\\-", "-").strip_suffix("(1)").map(str::to_owned)) {
            let words = named.strip_prefix("nhs-login-eligibility-").unwrap().split('-');
            let asked: Vec<&str> = std::iter::once("man").chain(words).collect();
            assert!(run(&asked, "").code == 0, "{named}");
            assert!(!named.ends_with("-help"), "{named} says no more than --help");
        }
    }
}

#[test]
fn fish_offers_the_values_of_a_question_and_the_words_of_a_command() {
    let typed = "complete -C 'nhs-login-eligibility check --set open_to_neighbours='\n\
                 complete -C 'nhs-login-eligibility schema ca'\n";
    if let Some(shown) = printed(&["fish", "--no-config"], typed) {
        for value in ["yes", "no", "not_sure"] {
            assert!(shown.contains(&format!("open_to_neighbours={value}\n")), "{shown}");
        }
        assert!(shown.contains("\ncases"), "{shown}");
    }
}
