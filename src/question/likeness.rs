//! Guesses at the meaning of a text. A guess has to account for every word of it.

use super::{Question, folded};

/// The most bytes of a text to guess at.
const MAX_TEXT: usize = 500;
/// The least similarity, by words, of texts that may mean the same.
pub(crate) const ALIKE: f64 = 0.55;
/// The least similarity, by letters, of words that differ by a typing mistake.
const SPELT_ALIKE: f64 = 0.75;

/// Words that do not matter.
const FILLERS: [&str; 21] = [
    "a", "an", "and", "are", "at", "by", "for", "in", "is", "it", "its", "of", "on", "or", "our", "the", "there",
    "they", "this", "you", "your",
];
/// Words that do not matter in a question. In an answer they may: "will be live".
const ASKING: [&str; 21] = [
    "any", "be", "can", "do", "does", "from", "have", "how", "product", "to", "use", "what", "when", "where", "which",
    "who", "why", "will", "with", "would", "products",
];
/// Words that negate what follows.
const NEGATIONS: [&str; 18] = [
    "no", "not", "non", "none", "never", "nobody", "nothing", "neither", "without", "outside", "except", "cannot",
    "cant", "isnt", "arent", "dont", "doesnt", "wont",
];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !FILLERS.contains(word))
}

/// The stems of the words of a header or a prompt that matter.
pub(crate) fn stems(text: &str) -> Vec<String> {
    let words = words(text).filter(|word| !ASKING.contains(word));
    words.map(|word| word.strip_suffix('s').unwrap_or(word).chars().take(6).collect()).collect()
}

/// Whether a header has a negation that a prompt does not have, or another question word.
pub(crate) fn asks_something_else(header: &str, prompt: &str) -> bool {
    let negates = |text: &str| words(text).any(|word| NEGATIONS.contains(&word));
    let asks_for = |text: &str| {
        words(text).find_map(|word| match word {
            "who" | "when" | "where" | "why" => Some(word.to_owned()),
            "what" | "which" | "how" => Some("what".to_owned()),
            _ => None,
        })
    };
    let asked = asks_for(header).zip(asks_for(prompt));
    negates(header) && !negates(prompt) || asked.is_some_and(|(theirs, ours)| theirs != ours)
}

/// The words of an answer, each with whether it is negated: "not" extends to the next comma.
fn signed_words(as_folded: &str) -> Vec<(&str, bool)> {
    let clauses = as_folded.split([',', ';', ':', '.', '(', ')', '\n']);
    let of_clause = |clause| {
        words(clause).scan(false, |negated, word| {
            *negated |= NEGATIONS.contains(&word);
            Some((word, *negated))
        })
    };
    clauses.flat_map(of_clause).collect()
}

/// Whether two words are the same but for a plural or a typing mistake. A prefix such as "un" is no typing mistake.
fn is_same(a: &str, b: &str) -> bool {
    let singular = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    singular(a) == singular(b)
        || a.chars().next() == b.chars().next() && strsim::normalized_damerau_levenshtein(a, b) >= SPELT_ALIKE
}

/// The option that a text probably means: the only one with all the words of the text. All guesses at answers are made
/// here. A text with a `?` means none, nor does one without the beginning or most of an option: "Ireland" is not
/// Northern Ireland.
pub(crate) fn likely_option(question: &Question, text: &str) -> Option<usize> {
    let as_folded = folded(text);
    let theirs = signed_words(&as_folded);
    if text.len() > MAX_TEXT || text.contains('?') || theirs.is_empty() {
        return None;
    }
    let known: Vec<(usize, String)> = question.option_names().collect();
    let joined = |text: &str| text.replace(' ', "");
    if let Some((option, _)) =
        known.iter().find(|(_, ours)| joined(ours) == joined(&as_folded).trim_end_matches([',', ';', '.', ']', '}']))
    {
        return Some(*option);
    }
    let same = |a: &(&str, bool), b: &(&str, bool)| a.1 == b.1 && is_same(a.0, b.0);
    let has_all = |ours: &[(&str, bool)]| theirs.iter().all(|word| ours.iter().any(|our| same(word, our)));
    let phrases =
        |option: usize| known.iter().filter(move |(index, _)| *index == option).map(|(_, ours)| signed_words(ours));
    let option_has_all = |option: &usize| has_all(&phrases(*option).flatten().collect::<Vec<_>>());
    let mut options = (0..question.options.len()).filter(option_has_all);
    let option = options.next().filter(|_| options.next().is_none())?;
    #[allow(clippy::cast_precision_loss, reason = "there are few words")]
    let is_like = |ours: Vec<(&str, bool)>| {
        let shared = theirs.iter().filter(|word| ours.iter().any(|our| same(word, our))).count();
        let is_negated = ours.iter().any(|word| word.1) && !theirs.iter().any(|word| word.1);
        let begins = ours.first().is_some_and(|our| same(&theirs[0], our));
        begins && !is_negated && 2.0 * shared as f64 / (theirs.len() + ours.len()) as f64 >= ALIKE
    };
    phrases(option).any(is_like).then_some(option)
}
