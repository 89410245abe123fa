//! Words as people have them: what forms and spreadsheets add to a text or change in it makes it no other text.

use super::Question;

/// What people say who do not know, as [`folded`] leaves it.
const UNSURE: [&str; 8] =
    ["not sure", "notsure", "unsure", "dont know", "do not know", "i dont know", "im not sure", "i am not sure"];
/// How many digits the number of a question has at most.
const NUMBER: usize = 3;

/// A text without what makes no difference between two texts that read the same: case, kinds of blanks, hyphens and
/// underscores between words, apostrophes and quotation marks, `:` and `*` at its end, and a number in front of it. A `?` in an answer is a doubt.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // Almost all letters are these, and need no table.
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
            // Nobody can see these.
            '\u{ad}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'
            | '\u{feff}'
            | '\''
            | '`'
            | '´'
            | 'ʼ'
            | '‘'
            | '’'
            | '"'
            | '“'
            | '”' => {}
            '_' | '-' | '‐'..='―' => blank(&mut folded),
            c if c.is_whitespace() || c.is_control() => blank(&mut folded),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded.truncate(folded.trim_end_matches([':', '*', ' ']).len());
    match number(&folded) {
        0 => folded,
        number => folded.split_off(number),
    }
}

/// The same for what stands over an answer: a `?` at its end makes no difference either.
pub fn folded_header(text: &str) -> String {
    let mut folded = folded(text);
    folded.truncate(folded.trim_end_matches(['?', ':', '*', ' ']).len());
    folded
}

fn blank(folded: &mut String) {
    if !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// How long the number is that stands before a text, such as `12. ` or `Q3: `.
fn number(text: &str) -> usize {
    let rest = text.strip_prefix('q').unwrap_or(text);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let Some(behind) = rest[digits..].strip_prefix(['.', ')', ':']).filter(|_| (1..=NUMBER).contains(&digits)) else {
        return 0;
    };
    // Half of a number with a point is no number of a question.
    let behind = behind.trim_start();
    if behind.is_empty() || behind.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { text.len() - behind.len() }
}

/// Whether a folded text says that somebody does not know.
pub fn is_unsure(folded: &str) -> bool {
    UNSURE.contains(&folded.trim_end_matches(['.', '?', ':', '*', ' ']))
}

impl Question {
    /// What each option is known by in tables, folded: its value and its label.
    #[doc(hidden)]
    pub fn known_words(&self) -> impl Iterator<Item = (usize, String)> {
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
    fn what_reads_the_same_is_the_same() {
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
