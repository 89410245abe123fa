//! The two prompters: by single keys on a terminal, line by line elsewhere. No other module names keys or dialoguer.

use crate::prompter::{Message, Prompt};
use crate::question::Answer;
use crate::style::{Style, Tone, clean};

mod key_prompter;
#[cfg_attr(not(unix), allow(dead_code, reason = "only Unix tells of signals and of the size of the window"))]
mod keyboard;
#[cfg_attr(not(unix), allow(dead_code, reason = "elsewhere the library reads the keys"))]
mod keys;
mod line_prompter;
mod option_list;
mod page;
mod signals;
mod text_field;

pub use key_prompter::KeyPrompter;
pub use line_prompter::LinePrompter;
pub use signals::Signals;

/// A message as wrapped text, ending in a line break.
fn lines_of(message: &Message, style: Style) -> String {
    let wrapped = |lead: &str, text: &str| style.wrap(lead, &clean(text)) + "\n";
    let unless_empty = |text: &str| if text.is_empty() { String::new() } else { wrapped("", text) };
    let lines = match message {
        Message::Heading(title, intro) => painted(style, Tone::Strong, &wrapped("", title)) + &unless_empty(intro),
        Message::Plain(text) => wrapped("", text),
        Message::List(lead, points) => {
            points.iter().fold(unless_empty(lead), |lines, point| lines + &wrapped("- ", point))
        }
        Message::Pairs(lead, pairs) => pairs
            .iter()
            .fold(unless_empty(lead), |lines, (what, answer)| lines + &wrapped("", what) + &wrapped("  ", answer)),
    };
    format!("\n{lines}")
}

/// Paints each line by itself, so that no colour runs past the end of a line.
fn painted(style: Style, tone: Tone, lines: &str) -> String {
    lines.lines().map(|line| style.paint(tone, line) + "\n").collect()
}

fn title(prompt: &Prompt<'_>, style: Style) -> String {
    painted(style, Tone::Strong, &style.wrap("", &clean(&prompt.title)))
}

/// What stands above the answer: progress, title and hint.
fn head(prompt: &Prompt<'_>, style: Style) -> String {
    let mut head = String::from("\n");
    if let Some(progress) = &prompt.progress {
        head += &painted(style, Tone::Quiet, &style.wrap("", &clean(progress)));
    }
    head += &title(prompt, style);
    if let Some(hint) = &prompt.hint {
        head += &(style.wrap("", &clean(hint)) + "\n");
    }
    head
}

/// An answer as text.
fn answer_text(prompt: &Prompt<'_>, answer: &Answer) -> String {
    match answer {
        Answer::NotSure => "Not sure".to_owned(),
        Answer::Text(text) => text.clone(),
        Answer::One(_) | Answer::Many(_) => {
            let items = prompt.items.iter().enumerate();
            let chosen = items.filter(|(at, _)| prompt.chooses(answer, *at)).map(|(_, item)| item.label.as_ref());
            chosen.collect::<Vec<_>>().join(", ")
        }
    }
}
