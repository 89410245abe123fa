//! How alike two texts are that may mean the same.

use crate::question::{Question, folded};

/// The most bytes of a cell that may mean an option.
const MAX_CELL: usize = 500;
/// How alike two texts are that may mean the same, from 0 to 1.
pub(super) const ALIKE: f64 = 0.55;

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

/// The option that a text is likely to mean.
pub(super) fn likely_option(question: &Question, text: &str) -> Option<usize> {
    likeliest(question, text).filter(|(likeness, _)| *likeness >= ALIKE).map(|(_, option)| option)
}

/// The words of a text without those that stand in any question, each in its shortest form and with whether it is said
/// not to be so: "not" holds for what follows it, to the next comma.
fn asserted(text: &str) -> Vec<(String, bool)> {
    const NO: [&str; 16] = [
        "no", "not", "non", "none", "never", "nobody", "nothing", "neither", "without", "cannot", "cant", "isnt",
        "arent", "dont", "doesnt", "wont",
    ];
    let mut words = Vec::new();
    for clause in text.split([',', ';', ':', '.', '(', ')', '\n']) {
        let mut denied = false;
        for word in clause.split(|c: char| !c.is_alphanumeric()) {
            denied |= NO.contains(&word);
            words.extend(meaningful(word).into_iter().filter(|_| !NO.contains(&word)).map(|word| (word, denied)));
        }
    }
    words
}

/// The option whose label or value is most like a text, and how alike they are, from 0 to 1. None is meant by a text that
/// is far longer than any label, or that denies what a label says.
pub(super) fn likeliest(question: &Question, text: &str) -> Option<(f64, usize)> {
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
    question.known_words().map(likeness).max_by(order).map(|((_, alike), option)| (alike, option))
}
