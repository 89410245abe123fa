//! Asking line by line: numbered options, one line read, no escape codes, nothing drawn twice. For a screen reader, a
//! terminal that can do no more, a pipe.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};

use super::{Signals, answer_of, head, lines_of, shown, with_hint};
use crate::problem::nearest;
use crate::prompter::{Item, Prompt, Prompter, Reply, ReplyKind, Stop, Words};
use crate::question::{Answer, NOT_SURE};
use crate::style::{Style, clean};

/// How much is read at once: at least what the buffer of standard input holds, so that nothing waits in it unseen.
const CHUNK: usize = 64 * 1024;
/// The longest line that is read. A person does not type more.
const MAX_LINE: usize = 64 * 1024;
/// The most replies in a row that are no answer. What goes on after that is no person, and may never end.
const MAX_REFUSED: usize = 100;

/// Asks on one stream and reads lines from another.
pub struct Lines<'a> {
    input: &'a mut dyn Read,
    output: &'a mut dyn Write,
    style: Style,
    signals: Signals,
    /// Whether the input is the standard input of the program, which can be waited for.
    standard: bool,
    read: Vec<u8>,
}

impl<'a> Lines<'a> {
    /// Asks on `output` and reads from `input`, which is `standard` input or stands in for it.
    pub fn new(
        input: &'a mut dyn Read,
        output: &'a mut dyn Write,
        style: Style,
        signals: Signals,
        standard: bool,
    ) -> Self {
        let style = Style { colour: false, ..style };
        Self { input, output, style, signals, standard, read: Vec::new() }
    }

    fn write(&mut self, text: &str) {
        // There is nobody to tell if this fails; the reading ends as well then.
        let _ = self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush());
    }

    /// The next line, without its end.
    fn line(&mut self) -> Result<String, Stop> {
        loop {
            let end = self.read.iter().position(|byte| *byte == b'\n');
            if end.unwrap_or(self.read.len()) > MAX_LINE {
                return Err(Stop::Lost(std::io::Error::new(ErrorKind::InvalidData, "a line is too long")));
            }
            if let Some(end) = end {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim().to_owned());
            }
            if self.standard {
                self.wait()?;
            }
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

    /// Waits until standard input has something to read. A read by itself would go on waiting after a signal.
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
        let mut out = String::new();
        let mut option = |number: usize, text: &str| {
            let _ = writeln!(out, "{}", self.style.wrap(&format!("{number:>3}. "), &clean(text)));
        };
        for (at, item) in prompt.items.iter().enumerate() {
            let text = match &item.hint {
                Some(hint) => with_hint(&item.label, hint),
                None => item.label.to_string(),
            };
            option(at + 1, &text);
        }
        if prompt.not_sure {
            option(prompt.items.len() + 1, "Not sure");
        }
        out
    }

    /// What can be typed, in one line.
    fn how(prompt: &Prompt<'_>) -> String {
        let mut how = match (prompt.input, &prompt.previous) {
            (ReplyKind::One, None) if is_yes_no(prompt) => "Type y, n or a number.".to_owned(),
            (ReplyKind::One, Some(_)) if is_yes_no(prompt) => {
                "Type y, n or a number, or nothing to keep your answer.".to_owned()
            }
            (ReplyKind::One, None) => "Type a number.".to_owned(),
            (ReplyKind::One, Some(_)) => "Type a number, or nothing to keep your answer.".to_owned(),
            (ReplyKind::Many, None) => "Type one or more numbers, such as 1,3.".to_owned(),
            (ReplyKind::Many, Some(_)) => {
                "Type one or more numbers, such as 1,3; or nothing to keep your answer.".to_owned()
            }
            (ReplyKind::Text, None) => "Type your answer.".to_owned(),
            (ReplyKind::OptionalText, None) => "Type your answer, or nothing to leave it for now.".to_owned(),
            (ReplyKind::Text | ReplyKind::OptionalText, Some(_)) => {
                "Type your answer, or nothing to keep it as it is.".to_owned()
            }
        };
        let moves = prompt.moves;
        let mut words = Vec::new();
        for (can, word) in [(moves.back, "back"), (moves.explain, "?"), (moves.review, "review"), (true, "quit")] {
            if can {
                words.push(word);
            }
        }
        let _ = write!(how, " Or: {}.", words.join(", "));
        how
    }
}

impl Prompter for Lines<'_> {
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        let mut page = head(prompt, self.style);
        page += &self.options(prompt);
        if let Some(previous) = &prompt.previous {
            let answer = shown(prompt, previous);
            page += &(self.style.wrap("", &format!("Your answer now: {}", clean(&answer))) + "\n");
        }
        page += &(self.style.wrap("", &Self::how(prompt)) + "\n");
        self.write(&page);
        for _ in 0..MAX_REFUSED {
            self.write("> ");
            let line = self.line()?;
            match read(prompt, &line) {
                Ok(reply) => return Ok(reply),
                Err(refusal) => {
                    let refusal = self.style.wrap("", &clean(&refusal));
                    self.write(&format!("{refusal}\n"));
                }
            }
        }
        let message = format!("the last {MAX_REFUSED} replies were no answer");
        Err(Stop::Lost(std::io::Error::new(ErrorKind::InvalidData, message)))
    }

    fn tell(&mut self, words: &Words) {
        let text = lines_of(words, self.style);
        self.write(&text);
    }
}

/// What a line says to a prompt.
fn read(prompt: &Prompt<'_>, line: &str) -> Result<Reply, String> {
    let moves = prompt.moves;
    // Only what is offered is a command, so that a text may be one of these words where it is none.
    match line.to_lowercase().trim_start_matches(':') {
        "back" if moves.back => return Ok(Reply::Back),
        "?" if moves.explain => return Ok(Reply::Explain),
        "review" if moves.review => return Ok(Reply::Review),
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
    match prompt.input {
        ReplyKind::Text | ReplyKind::OptionalText => Ok(Reply::Answer(Answer::Text(line.to_owned()))),
        ReplyKind::One => match chosen(prompt, line)? {
            Choice::NotSure => Ok(Reply::Answer(Answer::NotSure)),
            Choice::Item(at) => Ok(Reply::Answer(Answer::One(at))),
        },
        ReplyKind::Many => many(prompt, line).map(Reply::Answer),
    }
}

/// Whether it is answered with yes or no.
fn is_yes_no(prompt: &Prompt<'_>) -> bool {
    prompt.items.iter().map(|item| item.name.as_ref()).eq(["yes", "no"])
}

enum Choice {
    Item(usize),
    NotSure,
}

fn chosen(prompt: &Prompt<'_>, word: &str) -> Result<Choice, String> {
    let not_sure = prompt.items.len() + 1;
    let last = if prompt.not_sure { not_sure } else { prompt.items.len() };
    if let Ok(number) = word.parse::<usize>() {
        return match number {
            0 => Err(format!("Type a number from 1 to {last}.")),
            number if prompt.not_sure && number == not_sure => Ok(Choice::NotSure),
            number if number <= prompt.items.len() => Ok(Choice::Item(number - 1)),
            _ => Err(format!("Type a number from 1 to {last}.")),
        };
    }
    if prompt.not_sure && NOT_SURE.iter().any(|known| known.eq_ignore_ascii_case(word)) {
        return Ok(Choice::NotSure);
    }
    let same = |text: &str| text.eq_ignore_ascii_case(word);
    let initial = |item: &Item<'_>| is_yes_no(prompt) && item.name.get(..1).is_some_and(same);
    let found = prompt.items.iter().position(|item| same(&item.name) || same(&item.label) || initial(item));
    let names = prompt.items.iter().map(|item| item.name.as_ref());
    found.map(Choice::Item).ok_or_else(|| match nearest(word, names) {
        Some(near) => {
            format!("\"{word}\" is not one of the answers. Did you mean {near}? Type a number from 1 to {last}.")
        }
        None => format!("\"{word}\" is not one of the answers. Type a number from 1 to {last}."),
    })
}

fn many(prompt: &Prompt<'_>, line: &str) -> Result<Answer, String> {
    let mut set = 0;
    let separators = |c: char| c == ',' || c == ';';
    let words: Vec<&str> = if line.contains(separators) {
        line.split(separators).map(str::trim).filter(|word| !word.is_empty()).collect()
    } else if line.split_whitespace().all(|word| word.parse::<usize>().is_ok()) {
        line.split_whitespace().collect()
    } else {
        vec![line]
    };
    for word in &words {
        match chosen(prompt, word)? {
            Choice::NotSure if words.len() == 1 => return Ok(Answer::NotSure),
            Choice::NotSure => return Err("\"Not sure\" cannot stand beside other answers.".to_owned()),
            Choice::Item(at) => set |= 1 << at,
        }
    }
    if words.is_empty() {
        return Err("Type the numbers of your answers.".to_owned());
    }
    let alone = prompt.items.iter().enumerate().find(|(at, item)| item.exclusive && set & (1 << at) != 0);
    match alone {
        Some((_, item)) if words.len() > 1 => Err(format!("\"{}\" cannot stand beside other answers.", item.label)),
        _ => Ok(answer_of(&prompt.items, set)),
    }
}
