//! The rules are written for people in a hurry: their texts have the reading age of a child of eleven or less, and the
//! ones that must be short are.
//!
//! What is counted is the Flesch-Kincaid grade of each kind of text in total, since the formula means little for one
//! short sentence. `cargo test --test readability -- --nocapture` prints the hardest texts of each kind.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test prints, and stops where the rules are not as they must be"
)]

use std::collections::BTreeMap;
use std::path::Path;

use serde_yaml::Value;

/// School years that a kind of text may ask for.
const HIGHEST_GRADE: f64 = 6.0;

/// A hint may have so many words.
const HINT_WORDS: usize = 30;

/// A short text may have so many characters.
const SHORT_CHARACTERS: usize = 75;

/// The kinds of text that people read, by the key under which they stand.
const KINDS: [&str; 14] = [
    "prompt",
    "label",
    "hint",
    "more",
    "says",
    "short",
    "turns_out",
    "action",
    "intro",
    "meaning",
    "prepare",
    "not_sure",
    "departs_because",
    "title",
];

/// Names of things, which everybody reads in one go however long they are. Each counts as one word of one syllable.
const NAMES: [&str; 17] = [
    "Data Security and Protection Toolkit",
    "NHS CIS2 Care Identity Authentication",
    "Digital Onboarding Service",
    "Partner Integration Board",
    "Application Review Call",
    "Product Demonstration Call",
    "Organisation Data Service",
    "Personal Demographics Service",
    "NHS Business Services Authority",
    "Patient Facing Services",
    "GP surgery information",
    "GP registration details",
    "clinical authorisation",
    "NHS organisation",
    "NHS England",
    "NHS login",
    "PDS FHIR",
];

/// A text of the rules: where it stands, and its words.
struct Text {
    place: String,
    words: String,
}

/// Every text of the rules by kind. Under a kind, `says` and `reading` are of that kind, and so is what is said for a
/// status or a value.
fn texts() -> BTreeMap<&'static str, Vec<Text>> {
    let mut found = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let value: Value = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            collect(&value, None, path.file_stem().unwrap().to_str().unwrap(), &mut found);
        }
    }
    found
}

fn collect(value: &Value, kind: Option<&'static str>, place: &str, found: &mut BTreeMap<&'static str, Vec<Text>>) {
    match value {
        Value::Mapping(entries) => {
            let named = ["id", "value"].iter().find_map(|key| value.get(key)?.as_str());
            let place = named.map_or_else(|| place.to_owned(), |name| format!("{place}/{name}"));
            for (key, entry) in entries {
                let key = key.as_str().unwrap_or_default();
                let kind = match (key, kind) {
                    // Why we read something so is for those who ask.
                    ("reasoning", _) => continue,
                    (_, Some(kind)) => Some(kind),
                    (key, None) => KINDS.into_iter().find(|kind| *kind == key),
                };
                collect(entry, kind, &place, found);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, kind, place, found)),
        Value::String(words) => {
            if let Some(kind) = kind {
                found.entry(kind).or_default().push(Text { place: place.to_owned(), words: words.clone() });
            }
        }
        _ => {}
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    sentences: u32,
    words: u32,
    syllables: u32,
}

impl Count {
    fn of(text: &str) -> Self {
        let text = NAMES.iter().fold(text.to_owned(), |text, name| text.replace(name, "term"));
        let mut count = Self::default();
        let mut open = false;
        for word in text.split(|c: char| c.is_whitespace() || "/–".contains(c)) {
            if word.contains(char::is_alphanumeric) {
                count.words += 1;
                count.syllables += syllables(word);
                open = true;
            }
            if open && word.trim_end_matches(['"', ')']).ends_with(['.', '?', '!', ':', ';']) {
                count.sentences += 1;
                open = false;
            }
        }
        count.sentences += u32::from(open);
        count
    }

    fn grade(self) -> f64 {
        let [sentences, words, syllables] = [self.sentences, self.words, self.syllables].map(f64::from);
        0.39 * words / sentences + 11.8 * syllables / words - 15.59
    }

    fn add(self, other: Self) -> Self {
        Self {
            sentences: self.sentences + other.sentences,
            words: self.words + other.words,
            syllables: self.syllables + other.syllables,
        }
    }
}

/// The syllables of a word, by its groups of vowels. Endings that are written and not said do not count. An address, and
/// what has a digit in it, is read as one thing.
fn syllables(word: &str) -> u32 {
    if word.contains(|c: char| c.is_ascii_digit() || c == '@') {
        return 1;
    }
    let word: String = word.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let vowel = |c: char| "aeiouy".contains(c);
    let mut count = 0;
    let mut after_vowel = false;
    for c in word.chars() {
        count += u32::from(vowel(c) && !after_vowel);
        after_vowel = vowel(c);
    }
    let hissing = ["ses", "xes", "zes", "ches", "shes", "ces", "ges"];
    let silent = (word.ends_with('e') && !word.ends_with("le"))
        || (word.ends_with("es") && !word.ends_with("les") && !hissing.iter().any(|ending| word.ends_with(ending)))
        || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded"));
    (count - u32::from(silent && count > 1)).max(1)
}

#[test]
fn syllables_are_counted_as_they_are_said() {
    for (word, expected) in [
        ("the", 1),
        ("people", 2),
        ("care", 1),
        ("patients", 2),
        ("organisation", 5),
        ("signed", 1),
        ("wanted", 2),
        ("charges", 2),
        ("types", 1),
        ("eligibility", 6),
        ("use", 1),
        ("DCB3051", 1),
        ("contract.", 2),
        ("a", 1),
    ] {
        assert_eq!(syllables(word), expected, "{word}");
    }
}

#[test]
fn a_text_is_taken_apart_into_sentences_and_words() {
    let count = |sentences, words, syllables| Count { sentences, words, syllables };
    assert_eq!(Count::of("NHS login is for care. Is it?"), count(2, 6, 6));
    assert_eq!(Count::of("\"It is.\" No full stop"), count(2, 5, 5));
}

#[test]
fn every_kind_of_text_can_be_read_by_a_child_of_eleven() {
    let mut hard = Vec::new();
    for (kind, mut texts) in texts() {
        let total = texts.iter().map(|text| Count::of(&text.words)).fold(Count::default(), Count::add);
        println!("{kind}: {} texts, grade {:.1}", texts.len(), total.grade());
        texts.sort_by(|a, b| Count::of(&b.words).grade().total_cmp(&Count::of(&a.words).grade()));
        for text in texts.iter().take(5) {
            println!("    {:.1} {}: {}", Count::of(&text.words).grade(), text.place, text.words);
        }
        if total.grade() > HIGHEST_GRADE {
            hard.push(format!("{kind}: {:.1}", total.grade()));
        }
    }
    assert!(hard.is_empty(), "too hard to read: {hard:?}");
}

#[test]
fn hints_and_short_texts_are_short() {
    let texts = texts();
    // What the source says and our reading of it are shown one after the other.
    let mut hints: BTreeMap<&str, (usize, u32)> = BTreeMap::new();
    for text in &texts["hint"] {
        let (words, sentences) = hints.entry(&text.place).or_default();
        *words += text.words.split_whitespace().count();
        *sentences += Count::of(&text.words).sentences;
    }
    for (place, (words, sentences)) in hints {
        assert!(words <= HINT_WORDS && sentences <= 2, "{place} has a hint of {sentences} sentences, {words} words");
    }
    for text in &texts["short"] {
        let characters = text.words.chars().count();
        assert!(characters <= SHORT_CHARACTERS, "{} has a short text of {characters} characters", text.place);
    }
}

/// Words that GOV.UK would not use, or that promise what only the Board can.
#[test]
fn no_text_uses_a_word_that_it_must_not() {
    let banned = [
        "please",
        "e.g.",
        "i.e.",
        "etc.",
        "needs a talk",
        "left out of account",
        "this is a must",
        "speaks for you",
        "owe",
        "stands against",
        "native login",
        "leverage",
        "utilise",
        "whilst",
        "in order to",
        "prior to",
        "all five",
        "e-mail",
        "you are eligible",
        "is eligible",
        "will be approved",
    ];
    for (kind, texts) in texts() {
        for text in texts {
            let words = format!(" {} ", text.words.to_lowercase());
            for word in banned {
                let found = words.match_indices(word).any(|(at, _)| !words[..at].ends_with(char::is_alphanumeric));
                let whole = words
                    .match_indices(word)
                    .any(|(at, _)| !words[at + word.len()..].starts_with(char::is_alphanumeric));
                assert!(!(found && whole), "{} ({kind}) says \"{word}\"", text.place);
            }
        }
    }
}
