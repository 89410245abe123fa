//! Prompts with numbered options, answered by a line of text, without escape codes: for screen readers, simple terminals
//! and pipes.

use std::io::{ErrorKind, Read, Write};

use super::{Signals, answer_text, head, lines_of};
use crate::problem::nearest;
use crate::prompter::{Item, Message, Prompt, Prompter, Reply, ReplyKind, Stop};
use crate::question::{Answer, says_not_sure};
use crate::style::{Style, clean};

/// At least the size of standard input's own buffer, because `poll` does not see what is in that.
const CHUNK: usize = 64 * 1024;
/// The longest line that is accepted, in bytes.
const MAX_LINE: usize = 64 * 1024;
/// The most invalid replies in a row: more come from a program, and may never end.
const MAX_REFUSED: usize = 100;

/// Prompts on one stream, and reads replies from another.
pub struct LinePrompter<'a> {
    input: &'a mut dyn Read,
    output: &'a mut dyn Write,
    style: Style,
    signals: Signals,
    read: Vec<u8>,
}

impl<'a> LinePrompter<'a> {
    /// `input` is standard input or stands in for it.
    pub fn new(input: &'a mut dyn Read, output: &'a mut dyn Write, style: Style, signals: Signals) -> Self {
        Self { input, output, style: Style { colour: false, ..style }, signals, read: Vec::new() }
    }

    fn write(&mut self, text: &str) {
        // If this fails there is nobody to tell, and the next read ends the interview.
        let _ = self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush());
    }

    /// The next line, trimmed.
    fn read_line(&mut self) -> Result<String, Stop> {
        loop {
            let end = self.read.iter().position(|byte| *byte == b'\n');
            if end.unwrap_or(self.read.len()) > MAX_LINE {
                return Err(Stop::Lost(std::io::Error::new(ErrorKind::InvalidData, "a line is too long")));
            }
            if let Some(end) = end {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim().to_owned());
            }
            self.wait()?;
            let mut chunk = vec![0; CHUNK];
            match self.input.read(&mut chunk) {
                // A last line without an end may be half an answer.
                Ok(0) => return Err(Stop::EndOfInput),
                Ok(length) => self.read.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Lost(error)),
            }
            if self.signals.ended() {
                return Err(Stop::Interrupted);
            }
        }
    }

    /// Waits for input. A plain read would not be ended by a signal.
    fn wait(&self) -> Result<(), Stop> {
        loop {
            if self.signals.ended() {
                return Err(Stop::Interrupted);
            }
            #[cfg(unix)]
            if !self.signals.wait(None) {
                continue;
            }
            return Ok(());
        }
    }

    fn options(&self, prompt: &Prompt<'_>) -> String {
        let items = prompt.items.iter().map(|item| match &item.hint {
            // As two sentences.
            Some(hint) if item.label.ends_with(['?', '.', '!']) => format!("{} {hint}", item.label),
            Some(hint) => format!("{}. {hint}", item.label),
            None => item.label.to_string(),
        });
        let not_sure = prompt.not_sure.then(|| "Not sure".to_owned());
        let numbered = items.chain(not_sure).zip(1..);
        numbered.map(|(text, number)| self.style.wrap(&format!("{number:>3}. "), &clean(&text)) + "\n").collect()
    }

    /// What can be typed, in one line.
    fn instructions(prompt: &Prompt<'_>) -> String {
        let answer = match prompt.input {
            ReplyKind::One if is_yes_no(prompt) => "y, n or a number",
            ReplyKind::One => "a number",
            ReplyKind::Many => "one or more numbers, such as 1,3",
            ReplyKind::Text | ReplyKind::OptionalText => "your answer",
        };
        let nothing = match (prompt.input, &prompt.previous) {
            (_, Some(_)) => ", or press Enter to keep your answer",
            (ReplyKind::OptionalText, None) => ", or press Enter to leave it for now",
            (ReplyKind::One | ReplyKind::Many | ReplyKind::Text, None) => "",
        };
        let navigation = prompt.navigation;
        let words = [
            (navigation.back, "back"),
            (navigation.explain, "?"),
            (navigation.review, "review"),
            (can_remove(prompt), "remove"),
            (true, "quit"),
        ];
        let words: Vec<&str> = words.into_iter().filter_map(|(can, word)| can.then_some(word)).collect();
        format!("Type {answer}{nothing}. Or: {}.", words.join(", "))
    }
}

impl Prompter for LinePrompter<'_> {
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        let mut page = head(prompt, self.style);
        page += &self.options(prompt);
        if let Some(previous) = &prompt.previous {
            let answer = answer_text(prompt, previous);
            page += &(self.style.wrap("", &format!("Your current answer: {}", clean(&answer))) + "\n");
        }
        page += &(self.style.wrap("", &Self::instructions(prompt)) + "\n");
        self.write(&page);
        for _ in 0..MAX_REFUSED {
            self.write("> ");
            let line = self.read_line()?;
            match parse_reply(prompt, &line) {
                Ok(reply) => return Ok(reply),
                Err(refusal) => {
                    let refusal = self.style.wrap("", &clean(&refusal));
                    self.write(&format!("{refusal}\n"));
                }
            }
        }
        let message = format!("none of the last {MAX_REFUSED} replies were answers");
        Err(Stop::Lost(std::io::Error::new(ErrorKind::InvalidData, message)))
    }

    fn tell(&mut self, message: &Message) {
        let text = lines_of(message, self.style);
        self.write(&text);
    }
}

/// The reply in a line, or why there is none.
fn parse_reply(prompt: &Prompt<'_>, line: &str) -> Result<Reply, String> {
    let navigation = prompt.navigation;
    // Only what is offered is a command, so that a text may be one of these words where it is none.
    match line.to_lowercase().trim_start_matches(':') {
        "back" if navigation.back => return Ok(Reply::Back),
        "?" if navigation.explain => return Ok(Reply::Explain),
        "review" if navigation.review => return Ok(Reply::Review),
        "remove" if can_remove(prompt) => return Ok(Reply::Skip),
        "quit" => return Ok(Reply::Quit),
        "back" => return Err("There is nothing to go back to.".to_owned()),
        "?" => return Err("There is nothing more to say about this.".to_owned()),
        _ => {}
    }
    if line.is_empty() {
        return match (&prompt.previous, prompt.input) {
            (Some(previous), _) => Ok(Reply::Answer(previous.clone())),
            (None, ReplyKind::OptionalText) => Ok(Reply::Skip),
            (None, ReplyKind::Text) => Err("Type an answer.".to_owned()),
            (None, ReplyKind::One | ReplyKind::Many) => Err("Type the number of your answer.".to_owned()),
        };
    }
    Ok(Reply::Answer(match prompt.input {
        ReplyKind::OptionalText if says_not_sure(line) => {
            let leave = if can_remove(prompt) { "type remove" } else { "press Enter" };
            return Err(format!("Write what you can, or {leave} to leave it for now."));
        }
        ReplyKind::Text | ReplyKind::OptionalText => Answer::Text(line.to_owned()),
        ReplyKind::One => parse_choice(prompt, line)?,
        ReplyKind::Many => parse_choices(prompt, line)?,
    }))
}

/// Whether there is an answer that can be taken away.
fn can_remove(prompt: &Prompt<'_>) -> bool {
    prompt.input == ReplyKind::OptionalText && prompt.previous.is_some()
}

/// Whether the options are yes and no.
fn is_yes_no(prompt: &Prompt<'_>) -> bool {
    prompt.items.iter().map(|item| item.name.as_ref()).eq(["yes", "no"])
}

/// The answer for an option's name, label or number.
fn parse_choice(prompt: &Prompt<'_>, word: &str) -> Result<Answer, String> {
    let count = prompt.items.len();
    let last = count + usize::from(prompt.not_sure);
    if let Ok(number) = word.parse::<usize>() {
        return match number {
            number if (1..=count).contains(&number) => Ok(prompt.choosing(number - 1)),
            number if (1..=last).contains(&number) => Ok(Answer::NotSure),
            _ => Err(format!("Type a number from 1 to {last}.")),
        };
    }
    if prompt.not_sure && says_not_sure(word) {
        return Ok(Answer::NotSure);
    }
    let same = |text: &str| text.eq_ignore_ascii_case(word);
    let initial = |item: &Item<'_>| is_yes_no(prompt) && item.name.get(..1).is_some_and(same);
    let found = prompt.items.iter().position(|item| same(&item.name) || same(&item.label) || initial(item));
    found.map(|item| prompt.choosing(item)).ok_or_else(|| {
        let near = nearest(word, prompt.items.iter().map(|item| item.name.as_ref()));
        let near = near.map_or_else(String::new, |near| format!(" Did you mean {near}?"));
        format!("\"{word}\" is not one of the answers.{near} Type a number from 1 to {last}.")
    })
}

fn parse_choices(prompt: &Prompt<'_>, line: &str) -> Result<Answer, String> {
    let separators = |c: char| c == ',' || c == ';';
    let words: Vec<&str> = if line.contains(separators) {
        line.split(separators).map(str::trim).filter(|word| !word.is_empty()).collect()
    } else if line.split_whitespace().all(|word| word.parse::<usize>().is_ok()) {
        line.split_whitespace().collect()
    } else {
        vec![line]
    };
    if words.is_empty() {
        return Err("Type the numbers of your answers.".to_owned());
    }
    let mut all = 0;
    for word in &words {
        match parse_choice(prompt, word)? {
            Answer::Many(item @ 1..) => all |= item,
            alone if words.len() == 1 => return Ok(alone),
            alone => return Err(format!("\"{}\" cannot be combined with other answers.", answer_text(prompt, &alone))),
        }
    }
    Ok(Answer::Many(all))
}
