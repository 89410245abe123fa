//! Asking a person: with keys on a terminal, and line by line anywhere else. Nothing outside this module names keys or
//! dialoguer.

use crate::prompter::{Item, Prompt, Words};
use crate::question::Answer;
use crate::style::{Style, Tone, clean};

mod control;
mod field;
#[cfg_attr(not(unix), allow(dead_code, reason = "only Unix tells of signals and of the size of the window"))]
mod keyboard;
#[cfg_attr(not(unix), allow(dead_code, reason = "elsewhere the library reads the keys"))]
mod keys;
mod lines;
mod menu;
mod menus;
mod page;
mod signals;

pub use lines::Lines;
pub use menus::Menus;
pub use signals::Signals;

/// Words as lines of text, ending in a line break.
fn lines_of(words: &Words, style: Style) -> String {
    let wrapped = |lead: &str, text: &str| style.wrap(lead, &clean(text)) + "\n";
    match words {
        Words::Heading(title, intro) => {
            let heading = painted(style, Tone::Strong, &wrapped("", title));
            if intro.is_empty() { format!("\n{heading}") } else { format!("\n{heading}{}", wrapped("", intro)) }
        }
        Words::Plain(text) => format!("\n{}", wrapped("", text)),
        Words::List(lead, points) => {
            let lead = if lead.is_empty() { String::new() } else { wrapped("", lead) };
            let points: String = points.iter().map(|point| wrapped("- ", point)).collect();
            format!("\n{lead}{points}")
        }
        Words::Pairs(lead, pairs) => {
            let lead = if lead.is_empty() { String::new() } else { wrapped("", lead) };
            let pairs: String = pairs.iter().map(|(what, answer)| wrapped("", what) + &wrapped("  ", answer)).collect();
            format!("\n{lead}{pairs}")
        }
    }
}

/// Lines in one tone, each painted by itself so that no colour runs past its line.
fn painted(style: Style, tone: Tone, lines: &str) -> String {
    lines.lines().map(|line| style.paint(tone, line) + "\n").collect()
}

/// What stands above the answer: where the person is, the question, its hint.
fn head(prompt: &Prompt<'_>, style: Style) -> String {
    let mut head = String::from("\n");
    if let Some(progress) = &prompt.progress {
        head += &painted(style, Tone::Quiet, &style.wrap("", &clean(progress)));
    }
    head += &painted(style, Tone::Strong, &style.wrap("", &clean(&prompt.title)));
    if let Some(hint) = &prompt.hint {
        head += &(style.wrap("", &clean(hint)) + "\n");
    }
    head
}

/// A label and its hint in one line, as two sentences.
fn with_hint(label: &str, hint: &str) -> String {
    let ended = label.ends_with(['?', '.', '!']);
    format!("{label}{} {hint}", if ended { "" } else { "." })
}

/// An answer as it is shown back.
fn shown(prompt: &Prompt<'_>, answer: &Answer) -> String {
    let label = |item: &Item<'_>| item.label.to_string();
    match answer {
        Answer::NotSure => "Not sure".to_owned(),
        Answer::One(chosen) => prompt.items.get(*chosen).map(label).unwrap_or_default(),
        Answer::Many(_) => {
            let (items, chosen) = (prompt.items.iter().enumerate(), items_of(&prompt.items, answer));
            items.filter(|(at, _)| chosen & (1 << at) != 0).map(|(_, item)| label(item)).collect::<Vec<_>>().join(", ")
        }
        Answer::Text(text) => text.clone(),
    }
}

/// The item that excludes all others: choosing it is to choose none.
fn exclusive(items: &[Item<'_>]) -> u64 {
    items.iter().enumerate().filter(|(_, item)| item.exclusive).map(|(at, _)| 1 << at).sum()
}

/// The items that an answer of several chooses.
fn items_of(items: &[Item<'_>], answer: &Answer) -> u64 {
    match answer {
        Answer::Many(0) => exclusive(items),
        Answer::Many(chosen) => *chosen,
        Answer::NotSure | Answer::One(_) | Answer::Text(_) => 0,
    }
}

/// The answer that chooses these items.
fn answer_of(items: &[Item<'_>], chosen: u64) -> Answer {
    Answer::Many(chosen & !exclusive(items))
}

/// The items chosen when one more is chosen or given up: an item that excludes the others leaves no other beside it.
fn toggled(items: &[Item<'_>], chosen: u64, at: usize) -> u64 {
    let bit = 1 << at;
    if chosen & bit != 0 {
        return chosen & !bit;
    }
    if items[at].exclusive {
        return bit;
    }
    (chosen & !exclusive(items)) | bit
}
