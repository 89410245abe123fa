//! A self-contained page that asks the questions and shows the result.
//!
//! The page contains the decisions as `data`; `assess.js` evaluates them, and `page.js` shows the screens. Texts of the rules
//! cannot become markup: the template escapes them, and the data has no `<`. No other script can run, because the content
//! security policy names the hash of this one.

use askama::Template;
use sha2::{Digest, Sha256};

use crate::diagram::TooIntricate;
use crate::publish::rule_book::{Chapter, When, book};
use crate::report::{PROGRAM, as_html};
use crate::rulebook::{self, Reach, Rulebook, numbered};
use crate::style::embedded_json;
use crate::wording::NAME;

mod data;

const SCRIPT: &str = concat!(include_str!("assess.js"), include_str!("page.js"));
const STYLE: &str = include_str!("page.css");

#[derive(Template)]
#[template(path = "page.html")]
struct InterviewPage<'r> {
    rulebook: &'r Rulebook,
    check: String,
    built_in: bool,
    script_hash: String,
    style_hash: String,
    data: String,
    chapters: Vec<Chapter<'r>>,
}

/// # Errors
/// If the rules are too intricate for their decisions to be written down.
pub fn render(rulebook: &Rulebook) -> Result<String, TooIntricate> {
    if rulebook.reach != Reach::Everyone {
        return Err(TooIntricate);
    }
    let built_in = rulebook.digest == rulebook::builtin().digest();
    // It checks the file that the page saves, by the same rules.
    let folder = if built_in { "" } else { "--rules FOLDER " };
    let check = format!("{NAME} check {folder}answers.yaml");
    let mut chapters = book(rulebook);
    for rule in chapters.iter_mut().flat_map(|chapter| &mut chapter.rules) {
        for rule in rule.inner.iter_mut().map(|inner| &mut inner.says).chain([&mut rule.says]) {
            rule.retain(|phrase| !phrase.is_internal);
        }
    }
    let page = InterviewPage {
        rulebook,
        built_in,
        script_hash: base64(&Sha256::digest(SCRIPT)),
        style_hash: base64(&Sha256::digest(STYLE)),
        data: embedded_json(&data::data(rulebook, &check).to_string()),
        chapters,
        check,
    };
    Ok(as_html(&page))
}

/// Base64, as policies write hashes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0, |number, at| number << 8 | usize::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = DIGITS[number >> (18 - 6 * at) & 63];
            text.push(if at > group.len() { '=' } else { char::from(digit) });
        }
    }
    text
}
