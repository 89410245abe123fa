//! How alike two texts are that may mean the same.

use crate::question::{Question, folded};

/// The most bytes of a cell that may mean an option.
const MAX_CELL: usize = 500;
/// How alike two texts are that may mean the same, from 0 to 1, by their words.
pub(super) const ALIKE: f64 = 0.55;
/// The same by their letters: a text with slips of the pen.
const SPELT_ALIKE: f64 = 0.7;
/// Words that limit what a text says, or put it off.
const LIMITS: [&str; 14] = [
    "only", "but", "partly", "mostly", "mainly", "some", "soon", "pre", "pending", "intent", "intend", "intended",
    "plan", "planned",
];

/// Words after which a text says what is not so.
const DENIALS: [&str; 18] = [
    "no", "not", "non", "none", "never", "nobody", "nothing", "neither", "without", "outside", "except", "cannot",
    "cant", "isnt", "arent", "dont", "doesnt", "wont",
];

/// The words of a text without those that stand in any question, each in its shortest form.
pub(super) fn meaningful(text: &str) -> Vec<String> {
    const EVERYWHERE: [&str; 40] = [
        "a", "an", "and", "any", "are", "at", "be", "by", "can", "do", "does", "for", "from", "have", "how", "in",
        "is", "it", "its", "of", "on", "or", "our", "the", "there", "they", "this", "to", "use", "what", "when",
        "where", "which", "who", "why", "will", "with", "would", "you", "your",
    ];
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let parts = parts.filter(|part| !EVERYWHERE.contains(part) && !["product", "products"].contains(part));
    parts.map(|part| part.strip_suffix('s').unwrap_or(part).chars().take(6).collect()).collect()
}

/// The option that a text is likely to mean, and nothing else: whatever is guessed is guessed here.
pub(super) fn likely_option(question: &Question, text: &str) -> Option<usize> {
    let text = text.trim_end().trim_end_matches('.');
    let (likeness, option, by_words) = likeliest(question, text)?;
    let enough = if by_words { ALIKE } else { SPELT_ALIKE };
    (likeness >= enough && !says_more(question, option, text)).then_some(option)
}

/// Whether a text has a word that denies or limits what an option does not, or all the words of another option as well.
fn says_more(question: &Question, option: usize, text: &str) -> bool {
    let says_less = |word: &String| LIMITS.contains(&word.as_str()) || DENIALS.contains(&word.as_str());
    let plain = |text: &str| -> Vec<String> {
        let words = split(text).into_iter().filter(|word| !says_less(word));
        words.flat_map(|word| meaningful(&word)).collect()
    };
    let (own, others): (Vec<_>, Vec<_>) = question.known_words().partition(|(index, _)| *index == option);
    let own = own.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ");
    let (theirs, own_words) = (folded(text), split(&own));
    let (all, own) = (plain(&theirs), plain(&own));
    let is_said = |(_, other): &(usize, String)| {
        let other = plain(other);
        other.iter().all(|word| all.contains(word)) && other.iter().any(|word| !own.contains(word))
    };
    split(&theirs).iter().any(|word| says_less(word) && !own_words.contains(word)) || others.iter().any(is_said)
}

fn split(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a text without those that stand in any question, each in its shortest form and with whether it is said
/// not to be so: "not" holds for what follows it, to the next comma.
fn asserted(text: &str) -> Vec<(String, bool)> {
    let mut words = Vec::new();
    for clause in text.split([',', ';', ':', '.', '(', ')', '\n']) {
        let mut denied = false;
        for word in clause.split(|c: char| !c.is_alphanumeric()) {
            denied |= DENIALS.contains(&word);
            words.extend(meaningful(word).into_iter().filter(|_| !DENIALS.contains(&word)).map(|word| (word, denied)));
        }
    }
    words
}

/// The option whose label or value is most like a text, how alike they are, from 0 to 1, and whether that is by their
/// words. None is meant by a text that is far longer than any label, or that denies what a label says.
pub(super) fn likeliest(question: &Question, text: &str) -> Option<(f64, usize, bool)> {
    if text.len() > MAX_CELL {
        return None;
    }
    let as_folded = folded(text);
    let theirs = asserted(&as_folded);
    let denies = |words: &[(String, bool)]| words.iter().any(|(_, denied)| *denied);
    let likeness = |(option, ours): (usize, String)| {
        let words = asserted(&ours);
        let agrees =
            |(word, denied): &(String, bool)| theirs.iter().find(|(it, _)| it == word).map(|(_, it)| it == denied);
        let shared: Vec<bool> = words.iter().filter_map(agrees).collect();
        #[allow(clippy::cast_precision_loss, reason = "there are few words")]
        let by_words = 2.0 * shared.len() as f64 / (words.len() + theirs.len()).max(1) as f64;
        // What one says is so and the other says is not is not alike, however many words they share.
        let alike = if shared.contains(&false) {
            0.0
        } else if by_words >= ALIKE || denies(&words) != denies(&theirs) {
            by_words
        } else {
            by_words.max(strsim::normalized_damerau_levenshtein(&ours, &as_folded))
        };
        // Words that both have say more than letters that both have.
        ((by_words >= ALIKE, alike), option)
    };
    let order = |a: &((bool, f64), usize), b: &((bool, f64), usize)| {
        a.0.0.cmp(&b.0.0).then(a.0.1.total_cmp(&b.0.1)).then(b.1.cmp(&a.1))
    };
    question.known_words().map(likeness).max_by(order).map(|((by_words, alike), option)| (alike, option, by_words))
}
