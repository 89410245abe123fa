//! What changes between two versions of the rules, as a person reads it.

use crate::problem::Witness;
use crate::prove::{Change, Difference, Effect, KeyChange, When};
use crate::style::{Style, Tone, clean};

/// The most patterns shown for one effect.
const MAX_PATTERNS: usize = 12;

/// The whole difference, or that there is none.
#[must_use]
pub fn render(difference: &Difference, style: Style) -> String {
    let mut out = String::new();
    let mut line = |lead: &str, text: &str| {
        out.push_str(&style.wrap(lead, &clean(text)));
        out.push('\n');
    };
    if difference.is_empty() {
        line("", "Nothing changes.");
    }
    for effect in &difference.effects {
        line("", &heading(effect));
        for pattern in effect.patterns.iter().take(MAX_PATTERNS) {
            line("  - ", &format!("{} → {} where {}", pattern.from, pattern.to, place(&pattern.when)));
            let shown: Vec<String> = pattern.witness.iter().map(|(id, value)| format!("{id}: {value}")).collect();
            line(
                "    ",
                &format!("shown by {}", if shown.is_empty() { "any answers".into() } else { shown.join(", ") }),
            );
        }
        if let Some(witness) = &effect.only_unsure {
            line("    ", &format!("only where an answer is not sure, shown by {}", shown(witness)));
        }
        if effect.patterns.len() > MAX_PATTERNS {
            line("    ", &format!("and {} more groups", effect.patterns.len() - MAX_PATTERNS));
        }
    }
    for rule in &difference.rules {
        let change = match rule.change {
            Change::Added => "new",
            Change::Removed => "gone",
            Change::Changed => "changed",
        };
        line("", &format!("{} {}: {change}", rule.kind.words(), rule.id));
        for key in &rule.keys {
            line("  - ", &said(key));
        }
    }
    out
}

fn heading(effect: &Effect) -> String {
    format!("{}: {} of {} combinations of answers change", effect.name, effect.changed, effect.of)
}

/// A key with what it said and what it says.
fn said(change: &KeyChange) -> String {
    let key = &change.key;
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{key}: {old} → {new}"),
        (None, Some(new)) => format!("{key}, new: {new}"),
        (Some(old), None) => format!("{key}, gone: {old}"),
        (None, None) => key.clone(),
    }
}

fn place(when: &When) -> String {
    let parts: Vec<String> = when.iter().map(|(id, values)| format!("{id} is {}", values.join(" or "))).collect();
    if parts.is_empty() { "anything".to_owned() } else { parts.join(" and ") }
}

fn shown(witness: &Witness) -> String {
    let answers: Vec<String> = witness.iter().map(|(id, value)| format!("{id}: {value}")).collect();
    if answers.is_empty() { "any answers".to_owned() } else { answers.join(", ") }
}

/// What becomes of one answers file.
#[must_use]
pub fn file(name: &str, was: &str, is: &str, style: Style) -> String {
    let name = clean(name).into_owned();
    format!("{name}: {was} → {}\n", style.paint(Tone::Strong, is))
}
