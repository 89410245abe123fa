//! Folding of texts, so that differences that forms and spreadsheets introduce do not count.

use super::Question;

/// Folded texts that mean "not sure".
const UNSURE: [&str; 8] =
    ["not sure", "notsure", "unsure", "dont know", "do not know", "i dont know", "im not sure", "i am not sure"];
/// Invisible characters and quotation marks.
const IGNORED: &str = "\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}'`´ʼ‘’\"“”";
/// The most digits of a question number.
const MAX_DIGITS: usize = 3;

/// A text without case, kinds of whitespace, hyphens and underscores between words, apostrophes and quotation marks,
/// `:` and `*` at its end, and a number in front. A `?` stays, because in an answer it is a doubt.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // A fast path: almost all letters are ASCII.
    let plain = |c: char| c.is_ascii_alphabetic();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let letters = rest.find(|c| !plain(c)).unwrap_or(rest.len());
        if letters > 0 {
            let start = folded.len();
            folded.push_str(&rest[..letters]);
            folded[start..].make_ascii_lowercase();
            rest = &rest[letters..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            ' ' | '_' | '-' | '‐'..='―' => push_space(&mut folded),
            c if IGNORED.contains(c) => {}
            c if c.is_whitespace() || c.is_control() => push_space(&mut folded),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded.truncate(folded.trim_end_matches([':', '*', ' ']).len());
    match number_length(&folded) {
        0 => folded,
        length => folded.split_off(length),
    }
}

/// The same for a header or prompt: a `?` at its end does not count either.
pub fn folded_header(text: &str) -> String {
    let mut folded = folded(text);
    folded.truncate(folded.trim_end_matches(['?', ':', '*', ' ']).len());
    folded
}

fn push_space(folded: &mut String) {
    if !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// The length of a question number such as `12. ` or `Q3: ` in front of a text.
fn number_length(text: &str) -> usize {
    let rest = text.strip_prefix('q').unwrap_or(text);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let Some(behind) = rest[digits..].strip_prefix(['.', ')', ':']).filter(|_| (1..=MAX_DIGITS).contains(&digits))
    else {
        return 0;
    };
    // A decimal number is not a question number.
    let behind = behind.trim_start();
    if behind.is_empty() || behind.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { text.len() - behind.len() }
}

/// Whether a folded text means "not sure".
pub fn is_unsure(folded: &str) -> bool {
    UNSURE.contains(&folded.trim_end_matches(['.', '?', ':', '*', ' ']))
}

impl Question {
    /// The folded names of each option in tables: its value and its label.
    #[doc(hidden)]
    pub fn option_names(&self) -> impl Iterator<Item = (usize, String)> {
        let words = |(index, option): (usize, &super::QuestionOption)| {
            let (value, label) = (folded(&option.value), folded(&option.label));
            let label = Some(label).filter(|label| *label != value && !label.is_empty());
            [Some((index, value)), label.map(|label| (index, label))].into_iter().flatten()
        };
        self.options.iter().enumerate().flat_map(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_read_the_same_are_folded_alike() {
        for (text, as_folded) in [
            ("  Who   pays?\u{a0}* ", "who pays"),
            ("12. Who\u{a0}pays for it?:", "who pays for it"),
            ("Q3) Who pays", "who pays"),
            ("members’ “own” Club\u{200b}", "members own club"),
            ("Not_Met", "not met"),
            ("sign‑in", "sign in"),
            ("1.5 hours", "1.5 hours"),
            ("16 or 17", "16 or 17"),
            ("2026. A year", "2026. a year"),
            ("3.", "3."),
            ("ÉTÉ", "été"),
            (" ?* ", ""),
        ] {
            assert_eq!(folded_header(text), as_folded, "{text:?}");
            assert_eq!(folded_header(as_folded), as_folded, "{text:?}");
        }
        assert_eq!(folded("Live?"), "live?");
        assert!(
            ["Not sure", "not-sure", "NOT_SURE", "Don’t know", "unsure*"].iter().all(|words| is_unsure(&folded(words)))
        );
        assert!(!is_unsure(&folded("Not yet")));
    }
}
