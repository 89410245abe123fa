//! What a text as people write it is likely to mean. A guess has to account for every word of it.

use super::{Question, folded};

/// The most bytes of a text that may mean an option.
const MAX_TEXT: usize = 500;
/// How alike two texts are that may mean the same, from 0 to 1, by their words.
pub(crate) const ALIKE: f64 = 0.55;
/// How alike two words are that differ by a slip of the pen, from 0 to 1, by their letters.
const SPELT_ALIKE: f64 = 0.75;

/// Words without which a text says the same.
const FILLERS: [&str; 21] = [
    "a", "an", "and", "are", "at", "by", "for", "in", "is", "it", "its", "of", "on", "or", "our", "the", "there",
    "they", "this", "you", "your",
];
/// Words that stand in any question. In an answer they say something: "will be live".
const ASKING: [&str; 21] = [
    "any", "be", "can", "do", "does", "from", "have", "how", "product", "to", "use", "what", "when", "where", "which",
    "who", "why", "will", "with", "would", "products",
];
/// Words after which a text says what is not so.
const DENIALS: [&str; 18] = [
    "no", "not", "non", "none", "never", "nobody", "nothing", "neither", "without", "outside", "except", "cannot",
    "cant", "isnt", "arent", "dont", "doesnt", "wont",
];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !FILLERS.contains(word))
}

/// The words of a header or a prompt without those that stand in any question, each in its shortest form.
pub(crate) fn meaningful(text: &str) -> Vec<String> {
    let words = words(text).filter(|word| !ASKING.contains(word));
    words.map(|word| word.strip_suffix('s').unwrap_or(word).chars().take(6).collect()).collect()
}

/// Whether a header denies something that a prompt does not, or asks who and not what.
pub(crate) fn asks_something_else(header: &str, prompt: &str) -> bool {
    let denies = |text: &str| words(text).any(|word| DENIALS.contains(&word));
    let asks_for = |text: &str| {
        words(text).find_map(|word| match word {
            "who" | "when" | "where" | "why" => Some(word.to_owned()),
            "what" | "which" | "how" => Some("what".to_owned()),
            _ => None,
        })
    };
    let asked = asks_for(header).zip(asks_for(prompt));
    denies(header) && !denies(prompt) || asked.is_some_and(|(theirs, ours)| theirs != ours)
}

/// The words of an answer, each with whether it is said not to be so: "not" holds for what follows it, to the next comma.
fn said(as_folded: &str) -> Vec<(&str, bool)> {
    let clauses = as_folded.split([',', ';', ':', '.', '(', ')', '\n']);
    let of_clause = |clause| {
        words(clause).scan(false, |denied, word| {
            *denied |= DENIALS.contains(&word);
            Some((word, *denied))
        })
    };
    clauses.flat_map(of_clause).collect()
}

/// Whether two words are the same but for a plural or a slip of the pen. A beginning such as "un" is no slip.
fn is_same(a: &str, b: &str) -> bool {
    let singular = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    singular(a) == singular(b)
        || a.chars().next() == b.chars().next() && strsim::normalized_damerau_levenshtein(a, b) >= SPELT_ALIKE
}

/// The option that a text is likely to mean: the only one that says all that the text says. Whatever is guessed of an
/// answer is guessed here. None is meant by a text that asks, or by one that leaves out the beginning or most of what the option
/// says: "Ireland" is not Northern Ireland.
pub(crate) fn likely_option(question: &Question, text: &str) -> Option<usize> {
    let as_folded = folded(text);
    let theirs = said(&as_folded);
    if text.len() > MAX_TEXT || text.contains('?') || theirs.is_empty() {
        return None;
    }
    let known: Vec<(usize, String)> = question.known_words().collect();
    let joined = |text: &str| text.replace(' ', "");
    if let Some((option, _)) = known.iter().find(|(_, ours)| joined(ours) == joined(&as_folded)) {
        return Some(*option);
    }
    let same = |a: &(&str, bool), b: &(&str, bool)| a.1 == b.1 && is_same(a.0, b.0);
    let says_all = |ours: &[(&str, bool)]| theirs.iter().all(|word| ours.iter().any(|our| same(word, our)));
    let phrases = |option: usize| known.iter().filter(move |(index, _)| *index == option).map(|(_, ours)| said(ours));
    let says_all_of = |option: &usize| says_all(&phrases(*option).flatten().collect::<Vec<_>>());
    let mut options = (0..question.options.len()).filter(says_all_of);
    let option = options.next().filter(|_| options.next().is_none())?;
    #[allow(clippy::cast_precision_loss, reason = "there are few words")]
    let is_like = |ours: Vec<(&str, bool)>| {
        let shared = theirs.iter().filter(|word| ours.iter().any(|our| same(word, our))).count();
        let denies_more = ours.iter().any(|word| word.1) && !theirs.iter().any(|word| word.1);
        let begins = ours.first().is_some_and(|our| same(&theirs[0], our));
        begins && !denies_more && 2.0 * shared as f64 / (theirs.len() + ours.len()) as f64 >= ALIKE
    };
    phrases(option).any(is_like).then_some(option)
}
