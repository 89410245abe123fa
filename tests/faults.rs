//! A world that does not do what it should: full disks, missing permissions, files that are no files. Every case ends
//! with the right exit code and one clear line, leaves nothing half written, and keeps what was there.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod support;

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_nhs-login-eligibility");

/// One fault: what a shell does in a folder with `answers.yaml` (exit code 3 if nothing goes wrong), `old.json` and the
/// rules `pack`, with the program as `$BIN`; the exit code; and what the only line of standard error says.
struct Case {
    name: &'static str,
    script: &'static str,
    code: i32,
    says: &'static str,
}

const fn case(name: &'static str, script: &'static str, code: i32, says: &'static str) -> Case {
    Case { name, script, code, says }
}

const CASES: &[Case] = &[
    // No room.
    case(
        "stdout is full",
        "$BIN check answers.yaml > /dev/full",
        1,
        "error: cannot write to standard output: No space",
    ),
    case(
        "stdout is full, json",
        "$BIN check answers.yaml --format json > /dev/full",
        1,
        "cannot write to standard output",
    ),
    case("rules show, full", "$BIN rules show > /dev/full", 1, "cannot write to standard output"),
    case("init -, full", "$BIN init - > /dev/full", 1, "cannot write to standard output"),
    case(
        "output is full",
        "$BIN check answers.yaml --output /dev/full",
        1,
        "error: cannot write `/dev/full`: No space",
    ),
    case(
        "no room for a report",
        "$LIMIT $BIN check answers.yaml --format json --output old.json",
        1,
        "cannot write `old.json`",
    ),
    case("no room for a schema", "$LIMIT $BIN schema rules --output old.json", 1, "cannot write `old.json`"),
    case(
        "no room for a template",
        "$LIMIT $BIN init new.yaml; code=$?; test ! -e new.yaml && exit $code",
        1,
        "cannot write `new.yaml`",
    ),
    case(
        "no room for a witness",
        "said=$($LIMIT $BIN rules check --rules pack --witness w 2>&1); code=$?; echo \"$said\" | grep '^error: ' >&2; exit $code",
        1,
        "cannot write `w/",
    ),
    // Read-only, and no permission. Root does as nobody does.
    case(
        "unreadable file",
        "chmod 0 answers.yaml; $AS $BIN check answers.yaml",
        1,
        "error: cannot read `answers.yaml`: Permission denied",
    ),
    case(
        "a folder that a pattern matches and nobody may enter",
        "mkdir -p p/x p/y; cp answers.yaml p/x; cp answers.yaml p/y; chmod 0 p/x; said=$($AS $BIN check 'p/*/answers.yaml' 2>&1 >/dev/null); code=$?; echo \"$said\" | grep '^error: ' >&2; exit $code",
        1,
        "error: cannot read `p/x/answers.yaml`: Permission denied",
    ),
    case(
        "a folder before a pattern that nobody may enter",
        "mkdir -p p/x/y; cp answers.yaml p/x/y; chmod 0 p/x; $AS $BIN check 'p/x/y/*.yaml'",
        1,
        "error: cannot read `p/x/y`: Permission denied",
    ),
    case(
        "unreadable folder",
        "chmod 0 pack; $AS $BIN check answers.yaml --rules pack",
        1,
        "error: cannot read the folder `pack`: Permission denied",
    ),
    case(
        "unreadable rule file",
        "chmod 0 pack/fit.yaml; $AS $BIN rules test --rules pack",
        1,
        "cannot read `pack/fit.yaml`: Permission denied",
    ),
    case(
        "read-only folder",
        "chmod 555 .; $AS $BIN check answers.yaml --output new.json; code=$?; chmod 755 .; exit $code",
        1,
        "cannot write `new.json`",
    ),
    case(
        "read-only folder, old file",
        "chmod 444 old.json; chmod 555 .; $AS $BIN check answers.yaml --output old.json; code=$?; chmod 755 .; exit $code",
        1,
        "cannot write `old.json`",
    ),
    case(
        "folder that cannot be made",
        "chmod 555 .; $AS $BIN check answers.yaml --output a/b.json; code=$?; chmod 755 .; exit $code",
        1,
        "cannot create the folder `a`",
    ),
    case(
        "nowhere to write",
        "$BIN check answers.yaml --output /proc/nowhere/a.json",
        1,
        "cannot create the folder `/proc/nowhere`",
    ),
    // Something else stands there.
    case(
        "a folder as answers",
        "$BIN check pack",
        2,
        "error: there is no answers.yaml, answers.yml or answers.json in `pack`: name the files in it",
    ),
    case(
        "a folder as output",
        "$BIN check answers.yaml --output pack",
        1,
        "error: cannot write `pack`: it is a folder",
    ),
    case(
        "a file as rules",
        "$BIN check answers.yaml --rules answers.yaml",
        1,
        "error: cannot read the folder `answers.yaml`: Not a directory",
    ),
    case("a file as a folder", "$BIN check answers.yaml --output old.json/a", 1, "cannot create the folder `old.json`"),
    case("a folder to interview", "$BIN interview --plain pack < /dev/null", 1, "`pack`"),
    case(
        "a file that is there",
        "$BIN init answers.yaml",
        1,
        "error: `answers.yaml` already exists; name another file, or delete it first",
    ),
    case("nothing there", "$BIN check nothing.yaml", 1, "error: cannot read `nothing.yaml`: No such file or directory"),
    case(
        "a pipe among the rules",
        "rm pack/fit.yaml; mkfifo pack/fit.yaml; $BIN rules test --rules pack",
        1,
        "error: cannot read `pack/fit.yaml`: it is not a file",
    ),
    case(
        "a device among the rules",
        "ln -sf /dev/zero pack/fit.yaml; $BIN rules test --rules pack",
        1,
        "error: cannot read `pack/fit.yaml`: it is not a file",
    ),
    case("a pipe with a writer", "mkfifo pipe; cat answers.yaml > pipe & $BIN check pipe > /dev/null", 3, ""),
    case(
        "a pipe with a reader",
        "mkfifo pipe; cat pipe > got & $BIN check answers.yaml --output pipe; code=$?; wait; grep -q Pebble got && exit $code",
        3,
        "",
    ),
    case(
        "an endless device",
        "$BIN check /dev/zero 2>err; code=$?; grep -c 'error.F007.: this is neither text' err >&2; exit $code",
        2,
        "1",
    ),
    // Links.
    case(
        "a link in a circle",
        "ln -s a b; ln -s b a; $BIN check a",
        1,
        "error: cannot read `a`: Too many levels of symbolic links",
    ),
    case(
        "a link in a circle as output",
        "ln -s a b; ln -s b a; $BIN check answers.yaml --output a; code=$?; test -L a && exit $code",
        1,
        "error: cannot write `a`: its links lead back to themselves",
    ),
    case("a link to nothing", "ln -s nothing a; $BIN check a", 1, "error: cannot read `a`: No such file or directory"),
    case(
        "a link to nothing as output",
        "mkdir d; ln -s d/new a; $BIN check answers.yaml --output a; code=$?; test -L a && grep -q Pebble d/new && exit $code",
        3,
        "",
    ),
    // Streams.
    case(
        "closed stdout",
        "$BIN check answers.yaml --report json=new.json >&-; code=$?; grep -q '^}' new.json && exit $code",
        3,
        "of 1 files",
    ),
    case("closed stdin", "$BIN check - <&- 2>err; code=$?; grep -c 'nothing in this file' err >&2; exit $code", 2, "1"),
    case("a reader that has gone", "($BIN check answers.yaml; echo $? > code) | true; exit $(cat code)", 3, ""),
    case("all streams closed", "$BIN check answers.yaml <&- >&- 2>&-", 3, ""),
    // Many products, letters about them, and reports beside the result. What is not an error is left out.
    case(
        "triage, full",
        "$BIN triage answers.yaml --no-summary > /dev/full",
        1,
        "error: cannot write the result: No space",
    ),
    case(
        "triage, no room",
        "$LIMIT $BIN triage answers.yaml --no-summary --format csv --output old.json",
        1,
        "error: cannot write `old.json`: File too large",
    ),
    case(
        "triage, full, many",
        "mkdir d; for n in 1 2 3 4 5 6 7 8 9; do cp answers.yaml d/$n.yaml; done; $BIN triage d --no-summary --format jsonl > /dev/full",
        1,
        "error: cannot write the result: No space",
    ),
    case(
        "triage, unreadable",
        "chmod 0 answers.yaml; $AS $BIN triage answers.yaml --no-summary > got; code=$?; grep -q answers.yaml got && exit $code",
        1,
        "error: cannot read `answers.yaml`: Permission denied",
    ),
    case(
        "triage, unreadable folder",
        "chmod 0 pack; $AS $BIN triage pack --no-summary",
        1,
        "error: cannot read the folder `pack`: Permission denied",
    ),
    case(
        "triage, read-only folder",
        "chmod 555 .; $AS $BIN triage answers.yaml --no-summary --output new.json; code=$?; chmod 755 .; exit $code",
        1,
        "error: cannot write `new.json`: Permission denied (os error 13)\n",
    ),
    case(
        "triage, a folder as output",
        "$BIN triage answers.yaml --output pack",
        1,
        "error: cannot write `pack`: it is a folder",
    ),
    case(
        "triage, a pipe in a folder",
        "mkdir d; cp answers.yaml d; mkfifo d/p.yaml; $BIN triage d --no-summary --format csv > got; code=$?; test $(wc -l < got) = 3 && exit $code",
        1,
        "error: cannot read `d/p.yaml`: it is not a file",
    ),
    case(
        "check, a pipe in a folder",
        "mkdir -p d/x; cp answers.yaml d; mkfifo d/x/answers.yaml; $BIN check d > got 2> err; code=$?; grep -v assessed err >&2; grep -q 'Needs further' got && exit $code",
        1,
        "error: cannot read `d/x/answers.yaml`: it is not a file",
    ),
    case(
        "check, a pipe that a pattern matches",
        "mkdir d; mkfifo d/p.yaml; $BIN check 'd/*.yaml'",
        1,
        "error: cannot read `d/p.yaml`: it is not a file",
    ),
    case(
        "triage, a pipe by name",
        "mkfifo p.yaml; cat answers.yaml > p.yaml & $BIN triage p.yaml --no-summary > /dev/null",
        3,
        "",
    ),
    case(
        "triage, an endless device",
        "$BIN triage /dev/zero --input-format yaml --no-summary > /dev/null",
        2,
        "error[F007]: this is neither text nor a kind of file that can be read",
    ),
    case(
        "triage, an endless row",
        "yes a | tr -d '\\n' | $BIN triage - --input-format csv --no-summary > /dev/null",
        2,
        "error[F002]: a row longer than 4 MiB",
    ),
    case(
        "triage, an endless line",
        "yes a | tr -d '\\n' | $BIN triage - --input-format jsonl --no-summary > /dev/null 2> err; code=$?; grep -v 'longer than 4 MiB' err >&2; exit $code",
        2,
        "standard input:1: error[F002]: still no end of this line after 64 MiB: the rest is not read",
    ),
    case(
        "triage, a link in a circle",
        "ln -s a.yaml b.yaml; ln -s b.yaml a.yaml; $BIN triage a.yaml --no-summary > /dev/null",
        1,
        "error: cannot read `a.yaml`: Too many levels of symbolic links",
    ),
    case(
        "triage, a folder that leads to itself",
        "mkdir -p d/e; cp answers.yaml d; ln -s . d/d; ln -s .. d/e/up; $BIN triage d --follow-links --no-summary --format csv > got; code=$?; test $(grep -c d/answers.yaml got) = 1 && exit $code",
        3,
        "",
    ),
    case(
        "triage, links to folders",
        "mkdir -p d out; cp answers.yaml d; cp answers.yaml out; ln -s ../out d/a; ln -s / d/b; $BIN triage d --no-summary --format csv > got; code=$?; test $(wc -l < got) = 2 && exit $code",
        3,
        "note: `d/a`, and 1 more was not read: it is a link to a folder; use --follow-links to read it",
    ),
    case(
        "triage, links to folders that are followed",
        "mkdir -p d out; cp answers.yaml d; cp answers.yaml out; ln -s ../out d/a; $BIN triage d --follow-links --no-summary --format csv > got; code=$?; test $(wc -l < got) = 3 && exit $code",
        3,
        "",
    ),
    case(
        "triage, a link out of the folder",
        "mkdir d; echo secret > secret; ln -s ../secret d/a.yaml; mkdir d/.kept; cp answers.yaml d; cp answers.yaml d/.kept/b; ln -s .kept/b d/b.yaml; $BIN triage d --no-summary --format jsonl > got; code=$?; test $(wc -l < got) = 3 && ! grep -q secret got && exit $code",
        1,
        "error: cannot read `d/a.yaml`: it is a link that leads out of the folder",
    ),
    case(
        "check, a name that is nearly the right one",
        "mkdir -p d/a d/b d/c; cp answers.yaml d/a; cp answers.yaml d/b/Answers.YAML; cp answers.yaml d/c/answer.yml; cp answers.yaml d/c/rules.yaml; $BIN check d > /dev/null",
        3,
        "note: `d/b/Answers.YAML`, and 1 more was not read: in a folder, only answers.yaml, answers.yml and answers.json are read",
    ),
    case(
        "check, a pattern meets links as a folder does",
        "mkdir -p d/a d/b out; echo secret > out/answers.yaml; cp answers.yaml d/a; ln -s ../out d/ext; ln -s ../../out/answers.yaml d/b; for named in d 'd/*/answers.yaml' 'd/**/answers.yaml'; do $BIN check \"$named\" 2> err > got; test $? = 1 && ! grep secret err got && grep -q '`d/ext` was not read' err && grep -q 'leads out of the folder' err || exit 99; done; $BIN check 'd/*/answers.yaml' --follow-links > /dev/null 2> err; code=$?; grep -m1 secret err >&2; exit $code",
        2,
        "secret",
    ),
    case(
        "triage, a folder inside that cannot be read",
        "mkdir -p d/e; cp answers.yaml d/a.yaml; cp answers.yaml d/z.yaml; cp answers.yaml d/e; chown 65534 d d/* 2> /dev/null; chmod 0 d/e; $AS $BIN triage d --no-summary --format jsonl > got; code=$?; test $(wc -l < got) = 3 && grep -q '\"file\":\"d/e\"' got && exit $code",
        1,
        "error: cannot read the folder `d/e`: Permission denied",
    ),
    case(
        "triage, nothing there",
        "$BIN triage nothing.yaml --no-summary > /dev/null",
        1,
        "error: cannot read `nothing.yaml`: No such file",
    ),
    case("triage, closed stdout", "$BIN triage answers.yaml --no-summary >&-", 3, ""),
    case(
        "triage, closed stdin",
        "$BIN triage - --input-format jsonl --no-summary <&- > /dev/null",
        2,
        "standard input: error[F003]: there is nothing in this file",
    ),
    case(
        "triage, a reader that has gone",
        "($BIN triage answers.yaml --no-summary; echo $? > code) | true; exit $(cat code)",
        3,
        "",
    ),
    case("triage, all streams closed", "$BIN triage answers.yaml <&- >&- 2>&-", 3, ""),
    case(
        "letters, no room",
        "said=$($LIMIT $BIN triage answers.yaml --no-summary --follow-up d 2>&1 > /dev/null); code=$?; echo \"$said\" | grep ^error >&2; test -z \"$(ls -A d)\" && exit $code",
        1,
        "error: cannot write `d/pebble-sleep-coach-pebble-and-daughters-invented.md`: File too large",
    ),
    case(
        "letters, read-only folder",
        "mkdir d; chmod 555 d; $AS $BIN triage answers.yaml --no-summary --follow-up d 2> err > /dev/null; code=$?; grep ^error err >&2; exit $code",
        1,
        "error: cannot write `d/pebble-sleep-coach-pebble-and-daughters-invented.md`: Permission denied",
    ),
    case(
        "letters, a pipe of that name",
        "mkdir d; mkfifo d/pebble-sleep-coach-pebble-and-daughters-invented.md; $BIN triage answers.yaml --no-summary --follow-up d 2> err > /dev/null; code=$?; grep ^error err >&2; exit $code",
        1,
        "error: cannot write `d/pebble-sleep-coach-pebble-and-daughters-invented.md`: it is not a file",
    ),
    case(
        "letters, a device of that name",
        "mkdir d; ln -s /dev/zero d/pebble-sleep-coach-pebble-and-daughters-invented.md; $BIN triage answers.yaml --no-summary --follow-up d 2> err > /dev/null; code=$?; grep ^error err >&2; exit $code",
        1,
        "error: cannot write `d/pebble-sleep-coach-pebble-and-daughters-invented.md`: it is not a file",
    ),
    case(
        "letters into a file",
        "$BIN triage answers.yaml --no-summary --follow-up old.json 2> err > /dev/null; code=$?; grep ^error err >&2; exit $code",
        1,
        "error: cannot create the folder `old.json`: File exists",
    ),
    case(
        "a report, no room",
        "said=$($LIMIT $BIN check answers.yaml --report json=old.json 2>&1 > /dev/null); code=$?; echo \"$said\" | grep ^error >&2; exit $code",
        1,
        "error: cannot write `old.json`: File too large",
    ),
    case(
        "a report, full",
        "$BIN check answers.yaml --report json=/dev/full 2> err > got; code=$?; grep ^error err >&2; grep -q Pebble got && exit $code",
        1,
        "error: cannot write `/dev/full`: No space",
    ),
    case(
        "a report, a folder",
        "$BIN check answers.yaml --report json=pack 2> err > got; code=$?; grep ^error err >&2; grep -q Pebble got && exit $code",
        1,
        "error: cannot write `pack`: it is a folder",
    ),
    // The interview. It says what was not saved, and the file that was there is whole.
    case(
        "interview, no room",
        "said=$(printf 'Name\n1\n' | ($LIMIT $BIN interview --plain new.yaml) 2>&1); code=$?; echo \"$said\" | grep -o 'error: .*' >&2; test ! -e new.yaml && exit $code",
        1,
        "cannot write `new.yaml`: File too large",
    ),
    case(
        "interview, read-only folder",
        "cp answers.yaml a.yaml; chmod 444 a.yaml; chmod 555 .; said=$(printf '2\n2\n2\n' | $AS $BIN interview --plain a.yaml 2>&1); code=$?; chmod 755 .; echo \"$said\" | grep -o 'error: .*' >&2; cmp a.yaml answers.yaml && exit $code",
        1,
        "cannot write `a.yaml`: Permission denied",
    ),
    // It is said before anything is asked: the first line is the last.
    case(
        "interview, no such folder",
        "$BIN interview --plain nowhere/new.yaml < /dev/null",
        1,
        "error: cannot save answers: cannot write `nowhere/new.yaml`: No such file",
    ),
    case(
        "interview, a new file in a read-only folder",
        "chmod 555 .; $AS $BIN interview --plain new.yaml < /dev/null; code=$?; chmod 755 .; exit $code",
        1,
        "error: cannot save answers: cannot write `new.yaml`: Permission denied",
    ),
    case(
        "interview, a link in a circle",
        "ln -s a b; ln -s b a; $BIN interview --plain a < /dev/null",
        1,
        "error: cannot read `a`: Too many levels of symbolic links",
    ),
    case(
        "interview, an endless device",
        "$BIN interview --plain /dev/zero < /dev/null",
        1,
        "error: cannot read `/dev/zero`: it is not a file",
    ),
    case(
        "interview, a pipe",
        "mkfifo p; $BIN interview --plain p < /dev/null",
        1,
        "error: cannot read `p`: it is not a file",
    ),
    case(
        "no room on stdout",
        "$LIMIT $BIN check answers.yaml > got 2> /dev/full; code=$?; test ! -s got && exit $code",
        1,
        "",
    ),
];

/// A folder that everybody may enter, with the program and what the cases need.
fn place() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(crate_root.join("examples/no_sponsor.yaml"), at("answers.yaml")).unwrap();
    fs::write(at("old.json"), "old").unwrap();
    fs::create_dir(at("pack")).unwrap();
    for entry in fs::read_dir(crate_root.join("tests/packs/allotment")).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            // Two scenarios match the same garden, so that there is something to witness.
            let text =
                fs::read_to_string(entry.path()).unwrap().replace("not: {long_lease: yes}", "long_lease: [yes, no]");
            fs::write(at("pack").join(entry.file_name()), text).unwrap();
        }
    }
    if is_root(&folder) {
        // Whom root becomes owns the place, so that only what a case takes away is missing.
        for path in [folder.path().to_owned(), at("answers.yaml"), at("old.json"), at("pack")] {
            std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).unwrap();
        }
        for entry in fs::read_dir(at("pack")).unwrap().map(Result::unwrap) {
            std::os::unix::fs::chown(entry.path(), Some(65_534), Some(65_534)).unwrap();
        }
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn is_root(folder: &TempDir) -> bool {
    fs::metadata(folder.path()).unwrap().uid() == 0 || fs::metadata("/proc/self").unwrap().uid() == 0
}

/// The script in the folder, with the least environment.
fn shell(folder: &TempDir, program: &Path, script: &str) -> Command {
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = Command::new("sh");
    command
        .args(["-c", script])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("BIN", program);
    command.env("AS", if root { "setpriv --reuid=65534 --regid=65534 --clear-groups" } else { "" });
    command.stdin(Stdio::null());
    command
}

/// Runs to the end, which must come soon.
fn finish(mut command: Command, name: &str) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("{name}: it does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    child.wait_with_output().unwrap()
}

/// The program, where anybody may run it.
fn program() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    // A link would not do: the folders above the program may be closed to others.
    support::copy_program(PROGRAM, &program);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    (folder, program)
}

#[test]
fn each_fault_ends_with_its_code_and_one_line() {
    let (_kept, program) = program();
    for Case { name, script, code, says } in CASES {
        let folder = place();
        // A limit on the size of files refuses each write, as a full disk does, and needs no disk to be filled. The
        // signal that comes with it is not to end the program.
        let script = script.replace("$LIMIT", "ulimit -f 0;");
        let output = finish(shell(&folder, &program, &script), name);
        let err = String::from_utf8(output.stderr).expect("standard error is text");
        assert_eq!(output.status.code(), Some(*code), "{name}: {err}");
        assert!(err.contains(says), "{name}: {err}");
        assert_eq!(err.lines().count(), usize::from(!says.is_empty()), "{name}: {err}");
        // The file that was there is there, and nothing half written is.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("old.json")).unwrap(), "old", "{name}");
        for entry in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let left = entry.file_name().to_string_lossy().into_owned();
            assert!(!left.ends_with(".partial"), "{name}: {left}");
            assert!(!["new.json", "new.yaml"].contains(&left.as_str()) || *code == 3, "{name}: {left}");
        }
    }
}

#[test]
#[ignore = "needs root, to mount a disk: .ci/kills runs it"]
fn a_full_disk_and_a_read_only_one_keep_the_old_file() {
    let (_kept, program) = program();
    let folder = place();
    let script = "mkdir disk && mount -t tmpfs -o size=16k none disk || exit 77
        printf old > disk/old.json; head -c 12288 /dev/zero > disk/fill; head -c 12288 /dev/zero >> disk/fill
        $BIN check answers.yaml --format json --output disk/old.json; full=$?
        test \"$(ls -A disk)\" = \"$(printf 'fill\\nold.json')\" || exit 78
        test \"$(cat disk/old.json)\" = old || exit 79
        mount -o remount,ro disk
        $BIN check answers.yaml --format json --output disk/old.json; read_only=$?
        test \"$(cat disk/old.json)\" = old || exit 80
        echo one > one.json
        for name in one disk/old; do
            mount --bind one.json $name.json; echo one > one.json
            $BIN check answers.yaml --output $name.json; test $? = 3 && grep -q needs_discussion one.json || exit 81
        done
        exit $full$read_only";
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", script]).current_dir(folder.path()).env_clear();
    command.env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin").env("BIN", &program).stdin(Stdio::null());
    let output = finish(command, "full disk");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(11), "{err}");
    let lines: Vec<&str> = err.lines().filter(|line| !line.starts_with("head:")).collect();
    assert_eq!(lines.len(), 2, "{err}");
    assert!(lines[0].starts_with("error: cannot write `disk/old.json`: No space left on device"), "{err}");
    assert!(lines[1].starts_with("error: cannot write `disk/old.json`: Read-only file system"), "{err}");
}

/// Waiting for somebody to write is what a pipe is for; it ends with the program, and writes nothing.
#[test]
fn a_pipe_is_read_to_its_end_and_waited_for_until_interrupted() {
    let folder = place();
    let mut command = shell(&folder, Path::new(PROGRAM), "mkfifo pipe; exec $BIN check pipe --output new.json");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    // Without waiting, a pipe can be written to only once somebody reads it.
    let mut pipe = loop {
        let mut options = fs::OpenOptions::new();
        match options.write(true).custom_flags(nix::libc::O_NONBLOCK).open(folder.path().join("pipe")) {
            Ok(pipe) => break pipe,
            Err(_) => assert!(start.elapsed() < Duration::from_secs(20), "nobody reads the pipe"),
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    pipe.write_all(b"product: Half of it\n").unwrap();
    assert!(child.try_wait().unwrap().is_none(), "it waits for the rest");
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(nix::libc::SIGINT), "the writer is still there, so nothing else ends it");
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    assert!(!folder.path().join("new.json").exists());
}

#[test]
fn nothing_depends_on_the_home_the_locale_or_the_name_of_the_file() {
    let folder = place();
    let run = |env: &[(&str, &str)], args: &[&OsStr]| {
        let mut command = Command::new(PROGRAM);
        command.current_dir(folder.path()).env_clear().envs(env.iter().copied()).args(args).stdin(Stdio::null());
        command.output().unwrap()
    };
    let check = ["check", "answers.yaml"].map(OsStr::new);
    let plain = run(&[], &check);
    assert_eq!(plain.status.code(), Some(3));
    for env in [
        &[("LC_ALL", "C")][..],
        &[("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")],
        &[("LANG", "no such \u{1b}[31m locale"), ("HOME", "/nowhere"), ("TMPDIR", "/nowhere")],
        &[("COLUMNS", "-1"), ("LINES", "0"), ("TERM", "\u{1b}[31m"), ("TZ", "Nowhere/At_all")],
    ] {
        assert_eq!(run(env, &check), plain, "{env:?}");
    }
    // In Turkish, an upper case `i` is another letter; yes and no are read alike all the same.
    let set = ["check", "answers.yaml", "--set", "sponsor=NOT_SURE"].map(OsStr::new);
    assert_eq!(run(&[("LC_ALL", "tr_TR.UTF-8")], &set), run(&[], &set));

    let odd = OsStr::from_bytes(b"\xff\xfe odd\n.yaml");
    fs::copy(folder.path().join("answers.yaml"), folder.path().join(odd)).unwrap();
    let report = OsStr::from_bytes(b"\x80.json");
    let args = [OsStr::new("check"), odd, OsStr::new("--format"), OsStr::new("json"), OsStr::new("--output"), report];
    let output = run(&[], &args);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let written = fs::read(folder.path().join(report)).expect("the report has the name it was given");
    assert!(String::from_utf8(written).expect("a report is UTF-8").contains("\"outcome\": \"needs_discussion\""));
    // GitHub refuses a file in which a result has no place, so it has the name as far as that is text. What has the digest of
    // a file is that file.
    let sarif = run(&[], &[OsStr::new("check"), odd, OsStr::new("--format"), OsStr::new("sarif")]);
    let sarif = String::from_utf8(sarif.stdout).expect("SARIF is UTF-8");
    assert!(sarif.contains("\"uri\": \"%EF%BF%BD%EF%BF%BD%20odd%0A.yaml\""), "{sarif}");
    assert!(sarif.contains("\"artifacts\": []"), "{sarif}");
    let missing = run(&[], &[OsStr::new("check"), OsStr::from_bytes(b"not \xff there")]);
    assert_eq!(missing.status.code(), Some(1));
    let err = String::from_utf8(missing.stderr).expect("standard error is text");
    assert_eq!(err, "error: cannot read `not \u{fffd} there`: No such file or directory (os error 2)\n");
}

/// Two versions are written over each other without pause. Every reading is of one of them, or says what happened.
#[test]
fn a_file_that_changes_while_it_is_read_is_never_a_mixture() {
    let folder = place();
    let file = folder.path().join("answers.yaml");
    let long = fs::read_to_string(&file).unwrap();
    // Each is valid by itself, and so is any part of the longer one that ends with a line.
    let texts = [format!("{long}\n{}", "# padding\n".repeat(20_000)), "product: Short\nanswers: {}\n".to_owned()];
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                for text in &texts {
                    fs::write(&file, text).unwrap();
                }
            }
        });
        for _ in 0..40 {
            let output = Command::new(PROGRAM)
                .args(["check", "answers.yaml"])
                .current_dir(folder.path())
                .env_clear()
                .output()
                .unwrap();
            let err = String::from_utf8(output.stderr).unwrap();
            match output.status.code() {
                Some(1) => assert_eq!(err, "error: cannot read `answers.yaml`: it changed while it was being read\n"),
                // Empty for a moment, between being cut off and being written.
                Some(2) => assert!(err.contains("there is nothing in this file"), "{err}"),
                Some(3 | 5) => assert_eq!(err, ""),
                other => panic!("{other:?}: {err}"),
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

/// As many as like read a file, and write it with a line of their own. Nothing is lost, and no write is said to have been
/// made that was not.
#[test]
fn concurrent_writers_of_a_file_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answers.yaml");
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let file = &file;
            scope.spawn(move || {
                for line in 0..25 {
                    loop {
                        let old = fs::read(file).ok();
                        let mut new = old.clone().unwrap_or_default();
                        new.extend(format!("{writer} {line}\n").bytes());
                        if eligibility::files::replace(file, old.as_deref(), &new).unwrap() {
                            break;
                        }
                    }
                }
            });
        }
    });
    let text = fs::read_to_string(&file).unwrap();
    let lines: std::collections::BTreeSet<&str> = text.lines().collect();
    assert_eq!((lines.len(), text.lines().count()), (100, 100), "{text}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A file that takes the place of another has its permissions, and its owner where that can be given. For this it is
/// never open to more people than the other.
#[test]
fn a_replacement_keeps_the_owner_and_permissions() {
    let folder = place();
    let old = folder.path().join("old.json");
    fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).unwrap();
    let owner = |found: fs::Metadata| (found.uid(), found.gid(), found.mode() & 0o7777);
    if is_root(&folder) {
        std::os::unix::fs::chown(&old, Some(1234), Some(1235)).unwrap();
    }
    let before = owner(fs::metadata(&old).unwrap());
    let done =
        finish(shell(&folder, Path::new(PROGRAM), "umask 0; $BIN check answers.yaml --output old.json"), "owner");
    assert_eq!(done.status.code(), Some(3));
    assert_ne!(fs::read_to_string(&old).unwrap(), "old");
    assert_eq!(owner(fs::metadata(&old).unwrap()), before);
}

/// What a program has open, by any of its names, is written on: what stood there before stays, and what comes after follows.
#[test]
fn a_stream_to_a_file_is_appended_to() {
    let folder = place();
    let tap = "check answers.yaml --format tap --output";
    let alone = finish(shell(&folder, Path::new(PROGRAM), &format!("$BIN {tap} report; cat report")), "alone").stdout;
    let wanted = [b"before\n", &alone[..], b"after\n"].concat();
    for name in ["/dev/stdout", "/dev/stderr", "/dev/fd/1", "/dev/fd/2", "/proc/self/fd/1", "link", "round/link"] {
        let script = format!(
            "ln -s /dev/stdout link; ln -s . round; {{ echo before; $BIN {tap} {name}; echo $? >&3; echo after; }} > log 2>&1 3> code; cat code"
        );
        let done = finish(shell(&folder, Path::new(PROGRAM), &script), name);
        assert_eq!(String::from_utf8(done.stdout).unwrap(), "3\n", "{name}");
        let log = fs::read(folder.path().join("log")).unwrap();
        assert_eq!(String::from_utf8_lossy(&log), String::from_utf8_lossy(&wanted), "{name}");
    }
    for (name, script) in [
        ("a pipe", format!("{{ echo before; $BIN {tap} /dev/stdout; echo after; }} | cat")),
        (
            "a stream with a number",
            format!("exec 7> log; echo before >&7; $BIN {tap} /dev/fd/7; echo after >> log; cat log"),
        ),
        (
            "a named pipe",
            format!("mkfifo pipe; echo before; cat pipe & $BIN {tap} pipe; wait; test -p pipe && echo after"),
        ),
        (
            "reports",
            "echo before; $BIN check answers.yaml --report tap=/dev/fd/1 --output r.json 2> log; echo after".to_owned(),
        ),
    ] {
        let done = finish(shell(&folder, Path::new(PROGRAM), &script), name);
        assert_eq!(String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&wanted), "{name}");
    }
    let left = "$BIN check answers.yaml --full --format html --output /dev/stdout 2> err; echo $? >> err; cat err >&2";
    let done =
        finish(shell(&folder, Path::new(PROGRAM), &format!("{{ {left}; }} | head -c 1")), "a reader that leaves");
    assert_eq!(String::from_utf8_lossy(&done.stderr), "3\n");
}

/// A folder that takes no new file is no reason to leave the file in it as it was; the file is the one that it was.
#[test]
fn a_file_that_cannot_be_replaced_is_written_over() {
    let (_kept, program) = program();
    let folder = place();
    let script = "$BIN check answers.yaml --format json --output new.json
        mkdir closed; cp new.json closed; yes | head -n 9999 > closed/long.json; cp answers.yaml closed; chmod 777 closed/*; chmod 555 closed
        ls -i closed
        for name in new long; do
            $AS $BIN check answers.yaml --output closed/$name.json; echo $?
            $AS $BIN triage answers.yaml --format jsonl --report json=closed/$name.json > rows; echo $?
            $AS $BIN check answers.yaml --output closed/$name.json; cmp closed/$name.json new.json; echo $?
        done
        echo sponsor=nhs_or_local_authority | $AS $BIN interview closed/answers.yaml --plain > said; echo $?
        ls -i closed; chmod 755 closed";
    let done = finish(shell(&folder, &program, script), "closed");
    let out = String::from_utf8(done.stdout).unwrap();
    let (before, after) = out.split_at(out.find("3\n3\n0\n3\n3\n0\n").unwrap_or_default());
    assert!(!before.is_empty() && after.ends_with(before), "{out}{}", String::from_utf8_lossy(&done.stderr));
}

/// What a run that was killed has left is taken away by the next; what a run that goes on is writing is not.
#[test]
fn abandoned_drafts_are_deleted() {
    let folder = place();
    let draft = |number: &str| folder.path().join(format!(".old.json{number}.partial"));
    fs::write(draft(""), "half").unwrap();
    fs::write(draft(".2"), "half").unwrap();
    let written = fs::File::open(draft(".2")).unwrap();
    written.lock().unwrap();
    for _ in 0..2 {
        let script = "$BIN check answers.yaml --output old.json";
        assert_eq!(finish(shell(&folder, Path::new(PROGRAM), script), "drafts").status.code(), Some(3));
    }
    assert!(fs::read_to_string(folder.path().join("old.json")).unwrap().contains("\"outcome\""));
    assert!(!draft("").exists() && draft(".2").exists());
}
