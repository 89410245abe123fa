//! What only whoever publishes can know stands in one place, and everything that says it says the same.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A value of `packaging/published.toml`.
fn published(key: &str) -> String {
    let text = include_str!("../packaging/published.toml");
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key} = \""))).expect(key);
    line.trim_end_matches('"').to_owned()
}

/// Every file under version control that is text, and its text.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(args).current_dir(root).output().expect("git lists the files");
    let names = String::from_utf8(listed.stdout).expect("names in UTF-8");
    let texts = names.split('\0').filter(|name| !name.is_empty());
    let texts: Vec<_> =
        texts.filter_map(|name| Some((name.to_owned(), fs::read_to_string(root.join(name)).ok()?))).collect();
    assert!(texts.len() > 200, "{} files", texts.len());
    texts
}

/// The placeholder that is nobody's address, put together here so that this file is none of those with one.
fn nobodys() -> String {
    ["example", "invalid"].join(".")
}

#[test]
fn no_placeholder_stands_anywhere_else() {
    let known = [published("address"), published("image"), published("maintainer")];
    let mut wrong = Vec::new();
    for (name, text) in files() {
        for (number, line) in (1..).zip(text.lines()) {
            let mut rest = line.to_owned();
            for known in &known {
                rest = rest.replace(known.as_str(), "");
            }
            // Of the placeholder itself people are told, and `docs/release.md` shows how to fill it in.
            let told =
                ["README.md", "docs/release.md"].contains(&name.as_str()) && rest.contains(&format!("`{}`", nobodys()));
            if (rest.contains(&nobodys()) && !told)
                || rest.contains(&["OWN", "ER"].concat())
                || rest.contains(&["TODO", "("].concat())
            {
                wrong.push(format!("{name}:{number}: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_is_published_is_said_the_same_everywhere() {
    let (address, version) = (published("address"), env!("CARGO_PKG_VERSION"));
    assert_eq!(env!("CARGO_PKG_REPOSITORY"), address);
    let (_, repository) = address.trim_start_matches("https://").split_once('/').expect("an owner and a name");
    let (readme, ci) = (include_str!("../README.md"), include_str!("../docs/ci.md"));
    assert!(ci.contains(&format!("uses: {repository}@v{version}\n")), "{repository}");
    assert!(ci.contains(&format!("repo: {address}\n    rev: v{version}\n")), "{address}");
    assert!(readme.contains(&format!("{}:{version} ", published("image"))));
    assert!(readme.contains(&format!("{address}/releases")));
    assert!(include_str!("../docs/release.md").contains(&format!("--repo {repository}`.")));
    let release = include_str!("../.github/workflows/release.yml");
    assert!(release.contains(&format!("environment: {}\n", published("keys"))));
    // No recipe pins another version.
    let pins: Vec<&str> = ci.split("nhs-login-eligibility==").skip(1).map(|rest| &rest[..version.len()]).collect();
    assert!(pins.len() >= 4 && pins.iter().all(|pin| *pin == version), "{pins:?}");
    assert!(readme.contains(&format!("nhs-login-eligibility_{version}_")));
}

#[test]
fn every_action_that_publishes_is_pinned_by_the_digest_of_its_commit() {
    let release = include_str!("../.github/workflows/release.yml");
    let uses: Vec<&str> = release.lines().filter_map(|line| line.split_once("uses: ")).map(|(_, used)| used).collect();
    assert!(uses.len() >= 5, "{uses:?}");
    for used in uses {
        let (pin, version) = used.split_once('@').and_then(|(_, pin)| pin.split_once(" # v")).expect(used);
        assert!(pin.len() == 40 && pin.bytes().all(|byte| byte.is_ascii_hexdigit()) && !version.is_empty(), "{used}");
    }
}

/// A step that fails on what was built well would keep every version from being published.
#[test]
fn the_step_that_tries_what_was_built_passes() {
    let release = include_str!("../.github/workflows/release.yml");
    let (_, step) = release.split_once("- name: The program runs\n        run: |\n").expect("the step");
    let lines = step.lines().take_while(|line| line.starts_with("          "));
    let lines: Vec<&str> = lines.map(str::trim).filter(|line| !line.starts_with("program=")).collect();
    assert!(lines.len() >= 2, "{lines:?}");
    let script = format!("program='{}'\n{}", env!("CARGO_BIN_EXE_nhs-login-eligibility"), lines.join("\n"));
    let ran = Command::new("sh").args(["-ec", &script]).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let ran = ran.expect("a shell");
    assert!(ran.status.success(), "{script}\n{}", String::from_utf8_lossy(&ran.stderr));
}
