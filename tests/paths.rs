//! Which files `check` and `triage` take for a folder and for a pattern, under any shell.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const GOOD: &str = "product: P\nanswers: {health_or_care_benefit: yes}\n";

/// A repository with folders inside folders, hidden ones and names that read as something else.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [
        "products/one/answers.yaml",
        "products/two/deep/answers.yml",
        "products/two/deep/er/answers.json",
        "products/two/notes.yaml",
        "products/[x]/answers.yaml",
        "products/-h/answers.yaml",
        "products/a b/answers.yaml",
        "products/.hidden/answers.yaml",
        "products/one/.answers.yaml",
        "answers.yaml",
        "what?.yaml",
        "whatx.yaml",
        "list[1].yaml",
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        let json = r#"{"product": "P", "answers": {"health_or_care_benefit": "yes"}}"#;
        fs::write(path, if name.ends_with("json") { json } else { GOOD }).expect("a file");
    }
    fs::create_dir_all(folder.path().join("empty/inside")).expect("a folder");
    fs::write(folder.path().join("empty/README.md"), "No answers").expect("a file");
    folder
}

/// The exit code, the files reported on, and what was said.
fn check(folder: &Path, args: &[&str]) -> (Option<i32>, Vec<String>, String) {
    let program = env!("CARGO_BIN_EXE_nhs-login-eligibility");
    let ran = Command::new(program).args(["check", "--format", "json", "--"]).args(args).current_dir(folder).output();
    let ran = ran.expect("the program runs");
    let reports = serde_json::Deserializer::from_slice(&ran.stdout).into_iter::<Value>();
    let file = |report: Value| report["input"]["file"].as_str().unwrap_or("-").replace('\\', "/");
    let files = reports.map(|report| file(report.expect("JSON"))).collect();
    (ran.status.code(), files, String::from_utf8_lossy(&ran.stderr).into_owned())
}

#[test]
fn a_folder_and_a_pattern_mean_the_same_files_under_every_shell() {
    let folder = repository();
    let all = [
        "products/-h/answers.yaml",
        "products/[x]/answers.yaml",
        "products/a b/answers.yaml",
        "products/one/answers.yaml",
        "products/two/deep/answers.yml",
        "products/two/deep/er/answers.json",
    ];
    let yaml: Vec<&str> = all.into_iter().filter(|name| name.ends_with("yaml")).collect();
    for (named, wanted) in [
        (&["products"][..], &all[..]),
        (&["products/"], &all),
        (&["products/**/answers.*"], &all),
        (&["products/*", "products/*"], &all),
        (&["products/**/answers.yaml"], &yaml),
        (&["products/*/answers.yaml"], &yaml),
        (&["prod*/**/ans?ers.[yz]aml"], &yaml),
        // A file of that very name comes first.
        (&["what?.yaml", "list[1].yaml"], &["what?.yaml", "list[1].yaml"]),
        (&["products/[x]/answers.yaml"], &["products/[x]/answers.yaml"]),
        (&["**/[[]x]/answers.yaml"], &["products/[x]/answers.yaml"]),
        (&["wh*.yaml"], &["what?.yaml", "whatx.yaml"]),
        // What is hidden has to be named.
        (&["products/.hidden"], &["products/.hidden/answers.yaml"]),
        (&["products/.h*/answers.yaml"], &["products/.hidden/answers.yaml"]),
        // Each file once, whatever names it.
        (&["./answers.yaml", "answers.yaml", "a*.yaml"], &["./answers.yaml"]),
        (&["products/two/deep/er", "products/two"], &[all[5], all[4]]),
        (&["**/notes.yaml", "./*/two/**/er/*"], &["products/two/notes.yaml", "./products/two/deep/er/answers.json"]),
        (&["products/two/**"], &[all[4], all[5], "products/two/notes.yaml"]),
    ] {
        let (code, files, said) = check(folder.path(), named);
        let wanted: Vec<&str> = wanted.iter().map(|name| name.trim_start_matches("./")).collect();
        let found: Vec<&str> = files.iter().map(|name| name.trim_start_matches("./")).collect();
        assert_eq!((code, found), (Some(5), wanted), "{named:?} {said}");
    }
}

#[test]
fn a_folder_or_a_pattern_without_answers_is_an_error_and_stops_nothing_else() {
    let folder = repository();
    fs::write(folder.path().join("export.csv"), "product\nP\n").expect("a file");
    for (named, code, wanted) in [
        ("empty", 2, "there is no answers.yaml, answers.yml or answers.json in `empty`: name the files in it"),
        ("emp*", 2, "there is no answers.yaml, answers.yml or answers.json in `empty`: name the files in it"),
        ("empty/**/answers.yaml", 2, "no file matches `empty/**/answers.yaml`"),
        ("products/*.yaml", 2, "no file matches `products/*.yaml`"),
        ("nowhere/*/answers.yaml", 2, "no file matches `nowhere/*/answers.yaml`"),
        ("export.csv", 2, "`export.csv` holds many products, and `check` takes one a file: use `triage export.csv`"),
        ("nothing.yaml", 1, "cannot read `nothing.yaml`: "),
    ] {
        let (alone, _, said) = check(folder.path(), &[named]);
        assert!(alone == Some(code) && said.starts_with(&format!("error: {wanted}")), "{named} {alone:?} {said}");
        let (beside, files, said) = check(folder.path(), &[named, "answers.yaml"]);
        assert_eq!((beside, files.len()), (Some(code), 2), "{said}");
        assert!(said.contains(wanted) && said.contains("1 of 2 files"), "{said}");
    }
}

#[test]
fn triage_takes_the_same_patterns() {
    let folder = repository();
    let program = env!("CARGO_BIN_EXE_nhs-login-eligibility");
    let run = |path: &str| {
        let args = ["triage", "--format", "csv", "--fields", "product", "--no-summary", path];
        let ran = Command::new(program).args(args).current_dir(folder.path()).output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        (ran.status.code(), text(ran.stdout), text(ran.stderr))
    };
    let (code, out, _) = run("products/*/answers.yaml");
    assert_eq!((code, out.lines().count()), (Some(5), 5), "{out}");
    let (code, _, said) = run("products/*.csv");
    assert_eq!((code, said.as_str()), (Some(2), "error: no file matches `products/*.csv`\n"));
}

#[cfg(unix)]
#[test]
fn circular_links_and_names_that_are_not_utf8_lose_nothing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let folder = repository();
    let odd = folder.path().join("odd");
    fs::create_dir_all(odd.join(OsStr::from_bytes(b"\xff"))).expect("a folder");
    fs::write(odd.join(OsStr::from_bytes(b"\xff")).join("answers.yaml"), GOOD).expect("a file");
    symlink("..", odd.join("round")).expect("a link");
    // Nothing can lie in these.
    symlink("itself", odd.join("itself")).expect("a link");
    symlink("nothing", odd.join("nowhere")).expect("a link");
    fs::write(odd.join("answers.yaml"), GOOD).expect("a file");
    for named in ["odd/*/answers.yaml", "odd/**/answers.yaml"] {
        let (code, files, said) = check(folder.path(), &[named]);
        assert_eq!(code, Some(5), "{said}");
        assert!(files.iter().any(|file| file.contains('\u{fffd}')), "{files:?}");
    }
}
