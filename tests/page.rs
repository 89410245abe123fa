//! The exported page: what can be said of it without a browser. `.ci/page` runs its script, `.ci/screens` opens it.

mod support;

use std::path::Path;
use std::{env, fs};

use eligibility::problem::Problem;
use eligibility::rulebook;
use sha2::{Digest, Sha256};
use support::invent::{self, Tape};
use support::run;

/// The page of the rules that are built in.
fn page() -> String {
    let ran = run(&["rules", "export", "--to", "html"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    ran.out
}

/// What stands between two texts, of which each comes once.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    assert_eq!(text.matches(start).count(), 1, "{start}");
    let (_, after) = text.split_once(start).expect("it comes once");
    after.split_once(end).expect("it ends").0
}

#[test]
fn it_is_one_small_page_that_asks_nobody_for_anything() {
    let page = page();
    assert!(page.len() < 300_000, "{} bytes", page.len());
    let script = between(&page, "<script>", "</script>");
    for word in
        ["fetch(", "XMLHttpRequest", "import", "localStorage", "sessionStorage", "indexedDB", "cookie", "innerHTML"]
    {
        assert!(!script.contains(word), "{word}");
    }
    let style = between(&page, "<style>", "</style>");
    assert!(!page.contains(" src=") && !style.contains("url(") && !style.contains("@import"));
    for part in ["assess.js", "page.js"] {
        let script = fs::read_to_string(support::crate_path("src/publish/page").join(part)).unwrap();
        assert!(script.lines().count() <= 400, "{} lines", script.lines().count());
    }
}

/// A browser runs what has this hash and nothing else.
#[test]
fn its_policy_names_its_own_script_and_style() {
    let page = page();
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    for (directive, tag) in [("script-src", "script"), ("style-src", "style")] {
        let text = between(&page, &format!("<{tag}>"), &format!("</{tag}>"));
        let hash = between(policy, &format!("{directive} 'sha256-"), "'");
        assert_eq!(bytes(hash), Sha256::digest(text).to_vec(), "{directive}");
    }
}

/// The bytes of a hash in Base64.
fn bytes(base64: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_usize, 0);
    for digit in base64.trim_end_matches('=').chars() {
        bits = bits << 6 | DIGITS.find(digit).expect("a digit");
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).expect("a byte"));
        }
    }
    bytes
}

#[test]
fn it_names_the_rules_it_was_made_of() {
    let rulebook = support::builtin();
    let footer = page();
    let footer = between(&footer, "<footer>", "</footer>");
    assert!(footer.contains(&rulebook.digest) && footer.contains(&rulebook.version), "{footer}");
    assert!(footer.contains("it is not a decision"), "{footer}");
}

/// Both on the page and in the file that it saves. A folder with the rules that are built in is as good as they are.
#[test]
fn it_says_how_to_check_answers_by_its_own_rules() {
    for (rules, command) in [
        (vec![], "nhs-login-eligibility check answers.yaml"),
        (vec!["--rules", "rules"], "nhs-login-eligibility check answers.yaml"),
        (vec!["--rules", "tests/packs/every_key"], "nhs-login-eligibility check --rules FOLDER answers.yaml"),
    ] {
        let ran = run(&[vec!["rules", "export", "--to", "html"], rules].concat(), "");
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains(&format!("\n{command}</code>")), "{command}");
        assert!(ran.out.contains(&format!("\"check\":\"{command}\"")), "{command}");
        let is_explained = ran.out.contains("FOLDER stands for the folder with the rules that this page was made of.");
        assert_eq!(is_explained, command.contains("FOLDER"), "{command}");
    }
}

/// The rule book, whose rules stand on the page too, has the same chapters and says more.
#[test]
fn its_rules_have_a_glossary_and_nothing_for_the_program_alone() {
    let (page, book) = (page(), run(&["rules", "show", "--format", "html"], "").out);
    for text in [&page, &book] {
        assert!(text.contains("<h2 id=\"glossary\">Glossary</h2>"));
        assert!(text.contains("<a href=\"#glossary\">Glossary</a>"));
    }
    for lead in ["<b>short</b>", "in short</b>", "<b>letter", "<b>subject"] {
        assert!(book.contains(lead) && !page.contains(lead), "{lead}");
    }
}

/// What it does not open it sends on to the program, with the command for its rules.
#[test]
fn it_says_how_to_go_on_with_a_file_of_others() {
    let page = page();
    assert!(
        page.contains("opens only files that it saved itself, unchanged")
            && page.contains("\" interview \").replace(\"answers.yaml\", \"FILE\")")
    );
    assert!(page.contains("\"check\":\"nhs-login-eligibility check "));
}

#[test]
fn it_is_the_same_every_time_and_goes_to_a_file_too() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("page.html");
    let ran = run(&["rules", "export", "--to", "html", "--output", file.to_str().unwrap()], "");
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), page());
}

#[test]
fn what_only_sql_has_is_refused() {
    for option in ["--dialect=spark", "--table=t"] {
        let ran = run(&["rules", "export", "--to", "html", option], "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains("a page has no dialect and no table"), "{}", ran.err);
    }
}

/// Rules for `.ci/page`, each in a folder of its own.
#[test]
#[ignore = "writes files for .ci/page, which calls it"]
fn writes_invented_rules() {
    let place = env::var("PACKS").expect("PACKS names a folder");
    let mut state: u32 = env::var("SEED").expect("SEED is a number").parse().expect("SEED is a number");
    let mut next = || {
        // A linear congruential generator, of which the upper bits are random enough.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    for pack in 0..60 {
        let numbers: Vec<u32> = (0..200 + 40 * pack).map(|_| next()).collect();
        let files = invent::rules(&mut Tape::new(&numbers));
        let (_, problems) = rulebook::read(&files);
        assert!(!Problem::any_error(&problems), "{}", invent::shown(&files));
        let folder = Path::new(&place).join(format!("{pack}"));
        fs::create_dir_all(&folder).unwrap();
        for (name, bytes) in &files.files {
            fs::write(folder.join(name), bytes).unwrap();
        }
    }
}
