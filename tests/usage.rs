//! Names of a stranger's files among what is typed: none is taken for an option, and what is repeated of them in an error
//! is text, on a terminal with colours too.

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;
use eligibility::cli::Cli;
use eligibility::lint::{LINTS, Level};
use support::hostile::{PAYLOADS, assert_harmless, without_colour};
use support::program::{Leaf, leaves};
use support::{COLOURS, run, run_on};

/// What each command needs beside its options, in a folder with an answers file, and what an option needs beside it.
const NEEDED: [(&str, &str); 8] = [
    ("check", "answers.yaml"),
    ("interview", "answers.yaml"),
    ("triage", "answers.yaml"),
    ("init", "new.yaml"),
    ("rules diff", "built-in built-in"),
    ("rules export", "--to sql"),
    ("schema", "answers"),
    ("completions", "bash"),
];
const BESIDE: [(&str, &str); 3] = [
    ("rules test --output", "--generate-missing"),
    ("rules test --accept", "--rules rules"),
    ("rules diff --follow-links", "--answers answers.yaml"),
];
/// What is typed for an option that takes more than a few values.
const VALUES: [(&str, &str); 25] = [
    ("rules", "rules"),
    ("set", "stage=live"),
    ("output", "written.md"),
    ("report", "json=written.json"),
    ("verify", "report.json"),
    ("deny", "A008"),
    ("warn", "A008"),
    ("allow", "A008"),
    ("product", "Example"),
    ("witness", "witnesses"),
    ("min-coverage", "50"),
    ("answers", "answers.yaml"),
    ("table", "forms"),
    ("only-finding", "im1"),
    ("limit", "1"),
    ("follow-up", "letters"),
    ("threads", "2"),
    ("width", "60"),
    ("sheet", "Answers"),
    ("header-row", "1"),
    ("mapping", "mapping.yaml"),
    ("column", "stage=#1"),
    ("keep", "Email"),
    ("separator", "tab"),
    ("ignore-column", "Email"),
];

fn of<'a>(table: &[(&str, &'a str)], name: &str) -> &'a str {
    table.iter().find(|(known, _)| *known == name).map_or("", |(_, words)| words)
}

/// Whatever the help of a command lists can be said to it.
#[test]
fn no_option_in_help_is_refused() {
    let mut tried = 0;
    for leaf in leaves() {
        for arg in leaf.command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            let Some(long) = arg.get_long().filter(|long| !["help", "version"].contains(long)) else { continue };
            let folder = tempfile::tempdir().expect("a folder");
            for (from, to) in [("examples/staff_only.yaml", "answers.yaml"), ("rules", "rules")] {
                copy(&support::crate_path(from), &folder.path().join(to));
            }
            let stored = in_folder(folder.path(), &["check", "answers.yaml", "--format", "json"]).1;
            fs::write(folder.path().join("report.json"), stored).expect("a report");
            let choice = arg.get_possible_values().first().map(|value| value.get_name().to_owned());
            let value = choice.unwrap_or_else(|| match (leaf.name().as_str(), long) {
                ("rules check", "deny") => "warnings".to_owned(),
                _ => of(&VALUES, long).to_owned(),
            });
            let takes_one = arg.get_action().takes_values();
            let typed = if takes_one { format!("--{long}={value}") } else { format!("--{long}") };
            let name = leaf.name();
            let beside = of(&BESIDE, &format!("{name} --{long}"));
            let needed = if long == "to" { "" } else { of(&NEEDED, &name) };
            let line = format!("{name} {typed} {needed} {beside}");
            let words: Vec<&str> = line.split_whitespace().collect();
            let (code, _, err) = in_folder(folder.path(), &words);
            let refused = ["leave out --", "unexpected argument", "cannot be used", "required"];
            assert!(code.is_some() && !refused.iter().any(|words| err.contains(words)), "{line}: {err}");
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let path = entry.expect("an entry").path();
            copy(&path, &to.join(path.file_name().expect("a name")));
        }
    } else {
        fs::copy(from, to).expect("a file");
    }
}

/// What would change nothing is refused, so that nobody believes it did.
#[test]
fn an_option_that_would_do_nothing_is_refused() {
    for line in [
        "rules diff built-in built-in --rules rules",
        "--rules rules rules diff built-in built-in",
        "rules diff built-in built-in --follow-links",
        "rules test --generate-missing --min-coverage 50",
        "rules test --rules rules --accept --min-coverage 50",
        "check examples/staff_only.yaml --verify report.json --full",
    ] {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(run(&words, "").code, 2, "{line}");
    }
    assert!(!run(&["rules", "diff", "--help"], "").out.contains("--rules"));
}

/// A command line with text in the place of the value of each argument, and where there is no place for it.
fn mistaken(leaf: &Leaf, text: &str) -> Vec<Vec<String>> {
    let with = |more: &[&str]| leaf.words.iter().cloned().chain(more.iter().map(|&word| word.to_owned())).collect();
    let mut lines: Vec<Vec<String>> = vec![
        with(&[&format!("--{text}")]),
        with(&[&format!("--{text}.yaml")]),
        with(&[&format!("-{text}")]),
        with(&["a", "b", "c", text]),
    ];
    for arg in leaf.takers() {
        if let Some(long) = arg.get_long() {
            lines.push(with(&[&format!("--{long}={text}")]));
            lines.push(with(&[&format!("--{long}"), text]));
            lines.push(with(&[&format!("--{long}={text}=x")]));
            lines.push(with(&[&format!("--{long}=x={text}")]));
        }
        if let Some(short) = arg.get_short() {
            lines.push(with(&[&format!("-{short}{text}")]));
        }
    }
    lines
}

#[test]
fn a_mistake_of_any_argument_of_any_command_is_told_without_an_escape_that_was_typed() {
    let mut told = 0;
    for leaf in leaves() {
        for payload in PAYLOADS {
            let text = payload.replace('\0', "");
            for line in mistaken(&leaf, &text) {
                // A usage error comes before anything is read. What is none is looked at elsewhere.
                if eligibility_accepts(&line) {
                    continue;
                }
                let line: Vec<&str> = line.iter().map(String::as_str).collect();
                let (coloured, plain) = (run_on(COLOURS, &line, ""), run(&line, ""));
                // `-h` and `-V` may stand in front of anything.
                assert!(coloured.code == plain.code && (plain.code == 2 || plain.err.is_empty()), "{line:?}");
                assert_eq!(without_colour(&(coloured.out + &coloured.err)), plain.out.clone() + &plain.err, "{line:?}");
                assert_harmless(&format!("{line:?}"), &(plain.out + &plain.err));
                told += 1;
            }
        }
    }
    let _ = writeln!(std::io::stdout(), "{told} usage errors");
    assert!(told > 5_000, "{told}");
}

fn eligibility_accepts(line: &[String]) -> bool {
    use clap::Parser;
    eligibility::cli::Cli::try_parse_from(std::iter::once("eligibility").chain(line.iter().map(String::as_str))).is_ok()
}

/// The exit code, what was printed and what was said, in this folder.
fn in_folder(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let program = env!("CARGO_BIN_EXE_nhs-login-eligibility");
    let ran = Command::new(program).args(args).current_dir(folder).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (ran.status.code(), text(ran.stdout), text(ran.stderr))
}

#[test]
fn examples_and_exit_codes_fit_a_terminal_of_80_columns() {
    let commands = leaves().into_iter().map(|leaf| leaf.command).chain([Cli::command()]);
    for command in commands {
        for help in [|command: &mut clap::Command| command.render_help(), clap::Command::render_long_help] {
            let [narrow, wide] = [80, 100].map(|width| help(&mut command.clone().term_width(width)).to_string());
            assert!(narrow.lines().all(|line| line.len() <= 80), "{narrow}");
            let indented = |help: &str| {
                let (_, after) = help.split_once("Examples:").expect("every command has examples");
                after.lines().filter(|line| line.starts_with("  ")).map(str::to_owned).collect::<Vec<_>>()
            };
            assert_eq!(indented(&narrow), indented(&wide), "what is cut cannot be copied");
        }
    }
}

#[test]
fn the_name_of_a_file_is_never_an_option() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::write(folder.join("bad.yaml"), "product: x\nanswers: {stage: nonsense}\n").expect("a file");
    let names =
        ["-h/answers.yaml", "--help", "--output=other/answers.yaml", "-ofile.yaml", "-V", "--fail-on=incomplete"];
    for name in names {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, "product: x\nanswers: {}\n").expect("a file");
    }
    fs::create_dir_all(folder.join("other")).expect("a folder");
    fs::write(folder.join("other/answers.yaml"), "kept").expect("a file");
    for leaf in leaves() {
        for name in names.iter().chain(&["-h", "--output=other"]) {
            let mut args: Vec<&str> = leaf.words.iter().map(String::as_str).collect();
            args.extend([name, "bad.yaml"]);
            let (code, out, err) = in_folder(folder, &args);
            assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?} {err}");
            assert!(err.contains(&format!("write ./{name}, or put -- before all files")), "{args:?} {err}");
        }
    }
    assert_eq!(fs::read_to_string(folder.join("other/answers.yaml")).expect("text"), "kept");
    // Named in either of the ways that are told, each is a file like any other.
    for name in names {
        let plain = format!("./{name}");
        for args in [&["check", &plain, "bad.yaml"][..], &["check", "--", name, "bad.yaml"]] {
            let (code, out, err) = in_folder(folder, args);
            assert_eq!(code, Some(2), "{args:?} {err}");
            assert!(out.contains("Not enough") && err.contains("bad.yaml"), "{args:?} {out} {err}");
        }
    }
    // Where `--` says which are files, no file in the folder is in the way of an option.
    assert_eq!(in_folder(folder, &["check", "-V", "--", "./-V"]).0, Some(0));
    assert_eq!(in_folder(folder, &["check", "--fail-on=incomplete", "--", "./-V"]).0, Some(5));
    // An option that no file is called like is still one, and so is standard input.
    assert_eq!(in_folder(folder, &["check", "--no-input", "./-V"]).0, Some(5));
    assert_eq!(in_folder(folder, &["check", "-"]).0, Some(2));
}

#[test]
fn what_to_do_is_a_whole_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::copy("examples/ready_for_everything.yaml", folder.join("answers.yaml")).expect("a copy");
    for args in [&["check"][..], &["interview", "--no-input"]] {
        let (code, _, err) = in_folder(folder, args);
        let words = err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(code == Some(2) && words.ends_with("nhs-login-eligibility check answers.yaml"), "{args:?} {err}");
    }
}

#[test]
fn a_file_in_the_place_of_the_command_is_told_with_the_command_that_reads_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::create_dir(folder.join("my products")).expect("a folder");
    fs::write(folder.join("answers"), "").expect("a file");
    for (file, help) in [
        ("answers.yaml", "check answers.yaml"),
        ("enquiries.csv", "triage enquiries.csv"),
        ("answers", "check answers"),
        ("my products", "check \"my products\""),
    ] {
        let (code, out, err) = in_folder(folder, &[file]);
        let told = format!("error: `{file}` is no command\n help: write nhs-login-eligibility {help}\n");
        assert_eq!((code, out.as_str(), err), (Some(2), "", told));
    }
    for args in [&["chek"][..], &["rules", "answers.yaml"]] {
        let (code, _, err) = in_folder(folder, args);
        assert!(code == Some(2) && err.contains("unrecognized subcommand"), "{err}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_several_paths_name_is_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::write(folder.join("a.yaml"), "product: Once\nanswers: {}\n").expect("a file");
    std::os::unix::fs::symlink("a.yaml", folder.join("link.yaml")).expect("a link");
    let whole = folder.join("a.yaml").display().to_string();
    for again in ["a.yaml", "./a.yaml", "link.yaml", &whole] {
        let note = format!("note: `{again}` was not read: it names a file that is read already\n");
        for command in ["check", "triage"] {
            let (code, out, err) = in_folder(folder, &[command, "a.yaml", again, "--format", "json"]);
            assert!(code == Some(5) && out.matches("\"Once\"").count() == 1 && err.contains(&note), "{out} {err}");
        }
    }
}

/// What a person may take for an answers file is named for what it is, whoever reads it.
#[test]
fn a_file_of_another_kind_is_called_what_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let utf16_of = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let utf32 = [0xfeff_u32].into_iter().chain("product: P\n".chars().map(u32::from));
    let utf32 = utf32.flat_map(u32::to_le_bytes).collect::<Vec<u8>>();
    let old_word = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), utf16_of("WordDocument")].concat();
    let as_text = "save answers as plain text in UTF-8";
    let files: [(&str, &[u8], &str, &str); 11] = [
        ("a.docx", b"PK\x03\x04\x14\0word/document.xml", "this is a Word document", as_text),
        ("a.doc", &old_word, "this is a Word document", as_text),
        (
            "a.odt",
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text",
            "this is an OpenDocument text",
            as_text,
        ),
        ("a.bin", b"\x01\0\0\x02", "this is neither text nor a kind of file that can be read", as_text),
        ("a.rtf", b"{\\rtf1 hi}", "this is a Rich Text document", as_text),
        ("a.html", b"<!-- saved --><p>product: P</p>", "this is a web page (HTML)", as_text),
        ("b.yaml", b"<div>product: P</div>", "this is a web page (HTML)", as_text),
        ("a.pdf", b"%PDF-1.7", "this is a PDF", "copy the answers into a plain text file"),
        ("a.yaml", &utf16_of("product: P\n"), "this is UTF-16", "save it again as UTF-8"),
        ("c.yaml", &utf32, "this is UTF-32", "save it again as UTF-8"),
        ("a.json", b"[]", "this is an array, which holds many products", ""),
    ];
    for (name, bytes, said, help) in files {
        fs::write(folder.join(name), bytes).expect("a file");
        for command in [
            &["check"][..],
            &["interview", "--no-input"],
            &["rules", "graph", "--answers"],
            &["rules", "diff", "built-in", "built-in", "--answers"],
        ] {
            let (code, _, err) = in_folder(folder, &[command, &[name]].concat());
            assert!(code == Some(2) && err.contains(said) && err.contains(help), "{command:?} {name} {err}");
        }
    }
}

#[test]
fn the_schema_of_reports_takes_no_rules() {
    let ran = run(&["schema", "report", "--rules", "rules"], "");
    assert!(ran.code == 2 && ran.err.contains("leave out --rules"), "{}", ran.err);
    assert_eq!(run(&["schema", "mapping", "--rules", "rules"], "").code, 0);
}

#[test]
fn a_result_is_never_written_to_a_file_that_is_called_like_a_stream() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::write(folder.join("a.yaml"), "product: x\nanswers: {}\n").expect("a file");
    for args in [&["check", "a.yaml"][..], &["triage", "a.yaml"], &["schema", "answers"], &["rules", "show"]] {
        let (code, out, err) = in_folder(folder, &[args, &["--output", "-"]].concat());
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?} {err}");
        assert!(err.contains("leave out --output"), "{args:?} {err}");
    }
    assert!(!folder.join("-").exists());
}

#[test]
fn the_hook_and_its_example_end_options_before_files() {
    let hook = include_str!("../.pre-commit-hooks.yaml");
    assert!(hook.contains("\n  args: [--]\n"), "{hook}");
    let page = include_str!("../docs/ci.md");
    let args: Vec<&str> = page.lines().filter(|line| line.trim_start().starts_with("args: [")).collect();
    assert!(!args.is_empty() && args.iter().all(|line| line.ends_with(", --]") || line.contains(", --, ")), "{args:?}");
}

#[test]
fn the_page_about_ci_has_every_warning_that_can_be_chosen() {
    let page = include_str!("../docs/ci.md");
    for (code, level) in LINTS {
        let words = match level {
            Level::Allow => "nothing is said",
            Level::Warn => "warning",
            Level::Deny => "error",
        };
        let row = page.lines().find(|line| line.starts_with(&format!("| {} |", code.as_str())));
        assert!(row.is_some_and(|row| row.ends_with(&format!("| {words} |"))), "{code:?} {row:?}");
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_reach_a_terminal_as_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = "--\u{1b}]52;c;ZXZpbA\u{7}.yaml";
    fs::write(folder.path().join(name), "product: x\n").expect("a file");
    let value = "--format=\u{1b}]52;c;ZXZpbA\u{7}.yaml";
    for (args, coloured) in [(["check", name], false), (["check", value], true), (["triage", value], true)] {
        let shown = on_a_terminal(folder.path(), &args);
        assert!(shown.contains("\\u{1b}]52;c;ZXZpbA\\u{7}.yaml"), "{shown:?}");
        assert!(!shown.contains("\u{1b}]") && !shown.contains('\u{7}'), "{shown:?}");
        // The colours that are ours are there all the same.
        assert!(!coloured || shown.contains("\u{1b}["), "{shown:?}");
    }
}

/// Asked for alone it is said at once, and otherwise by whoever reads the command line.
#[test]
fn the_version_is_the_same_however_it_is_asked_for() {
    let all = [&["--version"][..], &["-V"], &["--version", "--color", "never"], &["--color=never", "-V"]];
    let said = all.map(|args| run(args, ""));
    assert_eq!(said[0].out, format!("nhs-login-eligibility {}\n", env!("CARGO_PKG_VERSION")));
    assert!(said.iter().all(|ran| (ran.code, &ran.out, ran.err.as_str()) == (0, &said[0].out, "")));
}

/// Readers of manual pages take what stands third for the date, and the version for it where there is none.
#[test]
fn a_manual_page_has_its_version_in_its_place() {
    let page = run(&["man"], "").out;
    let heading = format!(".TH nhs-login-eligibility 1 \" \" \"nhs-login-eligibility {}\"", env!("CARGO_PKG_VERSION"));
    assert!(page.lines().any(|line| line.trim_end() == heading), "{page:.300}");
}

/// What the program writes to a terminal that is all its streams.
#[cfg(unix)]
fn on_a_terminal(folder: &Path, args: &[&str]) -> String {
    use std::io::Read;
    let pty = portable_pty::native_pty_system().openpty(portable_pty::PtySize::default()).expect("a pseudo-terminal");
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_nhs-login-eligibility"));
    command.cwd(folder);
    command.env_clear();
    command.env("TERM", "xterm-256color");
    command.args(args);
    let mut child = pty.slave.spawn_command(command).expect("the program starts");
    drop(pty.slave);
    let mut output = pty.master.try_clone_reader().expect("a reader");
    let mut shown = Vec::new();
    // A terminal nobody writes to any more ends with an error on Linux.
    let _ = output.read_to_end(&mut shown);
    child.wait().expect("the program ends");
    String::from_utf8(shown).expect("text")
}

#[test]
fn not_sure_is_typed_as_it_is_spelt_in_files() {
    for words in ["not_sure", "not-sure", "Not Sure"] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("answers.yaml");
        run(&["interview", "--plain", &file.display().to_string()], &format!("P\n\n{words}\n"));
        let text = fs::read_to_string(&file).expect("an answers file");
        assert!(text.contains("  stage: not_sure\n"), "{words}\n{text}");
    }
}

#[test]
fn a_blank_file_is_asked_for_its_names_and_a_text_can_be_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("answers.yaml").display().to_string();
    let interview = |typed: &str| run(&["interview", "--plain", &file], typed).err;
    let saved = || fs::read_to_string(&file).expect("an answers file");
    run(&["init", &file], "");
    let told = interview("Pill Post\n");
    assert!(told.contains("Before you start") && told.contains("Which organisation makes your product?"), "{told}");
    assert!(saved().contains("product: \"Pill Post\"\n"), "{}", saved());
    // It stopped before the organisation, which is asked again, and the name is not.
    let told = interview("Post Ltd\nlive\nquit\n");
    assert!(!told.contains("What is your product called?"), "{told}");
    assert!(saved().contains("organisation: \"Post Ltd\"\n"), "{}", saved());
    let told = interview("review\nchange\norganisation\nremove\nquit\n");
    assert!(told.contains("Your current answer: Post Ltd\nType your answer, or press Enter to keep"), "{told}");
    assert!(told.contains("Or: back, remove, quit."), "{told}");
    assert!(!saved().contains("Post Ltd"), "{}", saved());
    assert!(!interview("quit\n").contains("organisation"), "it was asked");
}

#[test]
fn a_review_shows_what_people_wrote_as_they_wrote_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("answers.yaml").display().to_string();
    let answers = "product: iSend\nanswers:\n  stage: {answer: live, evidence: a link, note: eMail of 3 May}\n  \
                   why_nhs_login: iPlato-style reminders.\n";
    fs::write(&file, answers).expect("a file");
    let told = run(&["interview", "--plain", &file], "review\nquit\n").err;
    for words in ["iSend", "Live, people use it now, with evidence a link, with note eMail of 3 May", "iPlato-style"] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}

#[test]
fn whose_rules_a_command_takes_is_said_where_it_could_be_mistaken() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    assert_eq!(in_folder(folder, &["rules", "export", "--to", "yaml", "--output", "."]).0, Some(0));
    let note = "note: these are the built-in rules; --rules . takes those in this folder\n";
    assert!(in_folder(folder, &["rules", "check"]).2.starts_with(note));
    assert_eq!(in_folder(folder, &["rules", "check", "--rules", "."]).2, "");
    let (code, _, err) = in_folder(folder, &["rules", "diff", "built-in", ".", "--rules", "."]);
    assert_eq!(code, Some(2));
    assert!(err.contains("leave out --rules"), "{err}");
    let fit = fs::read_to_string(folder.join("fit.yaml")).expect("text");
    fs::write(folder.join("fit.yaml.txt"), fit).expect("a file");
    fs::remove_file(folder.join("fit.yaml")).expect("a file");
    let (code, _, err) = in_folder(folder, &["rules", "check", "--rules", "."]);
    assert!(code == Some(2) && err.contains("`./fit.yaml.txt` is not read"), "{err}");
}
