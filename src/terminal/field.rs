//! A line of text that can be edited, shown on as many lines as it takes. Pure: knows no terminal.

use std::ops::Range;

use textwrap::core::display_width;

use super::control::{Control, Pressed};
use super::keys::Key;
use super::page::Body;
use crate::prompter::{Input, Prompt, Reply};
use crate::question::Answer;
use crate::style::{Style, clean, is_unsafe};

/// The longest text. A person does not type more.
const MAX: usize = 64 * 1024;
const LEAD: &str = "> ";

/// A text and where the person is in it.
pub(super) struct Field<'p> {
    prompt: &'p Prompt<'p>,
    /// The answer that stands, as it is shown.
    earlier: String,
    text: String,
    /// Where the cursor is, between two characters as a person sees them.
    at: usize,
    notice: Option<&'static str>,
}

impl<'p> Field<'p> {
    pub(super) fn new(prompt: &'p Prompt<'p>) -> Self {
        let earlier = match &prompt.previous {
            Some(Answer::Text(text)) => clean(text).into_owned(),
            _ => String::new(),
        };
        Self { prompt, text: earlier.clone(), at: earlier.len(), earlier, notice: None }
    }

    fn insert(&mut self, text: &str) {
        let mut taken = String::new();
        for c in text.chars() {
            match c {
                c if c.is_whitespace() => taken.push(' '),
                // These join what stands beside them into one sign. Other invisible characters come with a paste and
                // mean nothing here.
                '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => taken.push(c),
                c if is_unsafe(c) => {}
                c => taken.push(c),
            }
        }
        if self.text.len() + taken.len() > MAX {
            self.notice = Some("This is too long to take in.");
            return;
        }
        self.text.insert_str(self.at, &taken);
        self.at += taken.len();
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.at = from;
    }

    /// Where the character before the cursor begins, with all that is joined to it.
    fn before(&self) -> usize {
        signs(&self.text[..self.at]).last().map_or(0, |sign| self.at - sign.len())
    }

    fn behind(&self) -> usize {
        self.at + signs(&self.text[self.at..]).next().map_or(0, str::len)
    }

    fn word_before(&self) -> usize {
        let words = self.text[..self.at].trim_end();
        words.rfind(char::is_whitespace).map_or(0, |space| space + 1)
    }

    fn word_behind(&self) -> usize {
        let rest = &self.text[self.at..];
        let word = rest.len() - rest.trim_start().len();
        rest[word..].find(char::is_whitespace).map_or(self.text.len(), |space| self.at + word + space)
    }

    fn enter(&mut self) -> Pressed {
        let text = self.text.trim();
        Pressed::Reply(match (text, self.prompt.input) {
            ("", Input::OptionalText) => Reply::Skip,
            ("", _) => {
                self.notice = Some("Type an answer.");
                return Pressed::Nothing;
            }
            ("?", _) => return Pressed::Explain,
            // Left as it was: the text as saved, not as it was shown.
            (same, _) if same == self.earlier.trim() => self.prompt.previous.clone().map_or(Reply::Skip, Reply::Answer),
            (text, _) => Reply::Answer(Answer::Text(text.to_owned())),
        })
    }
}

impl Control for Field<'_> {
    fn press(&mut self, key: &Key) -> Pressed {
        self.notice = None;
        match key {
            Key::Char('?') if self.explains() => return Pressed::Explain,
            Key::Char(c) => self.insert(&c.to_string()),
            Key::Paste(text) => self.insert(text.trim()),
            Key::Left => self.at = self.before(),
            Key::Right => self.at = self.behind(),
            Key::WordLeft => self.at = self.word_before(),
            Key::WordRight => self.at = self.word_behind(),
            Key::Home => self.at = 0,
            Key::End => self.at = self.text.len(),
            Key::Backspace => self.cut(self.before(), self.at),
            Key::Delete => self.cut(self.at, self.behind()),
            Key::CutWord => self.cut(self.word_before(), self.at),
            Key::CutBefore => self.cut(0, self.at),
            Key::CutBehind => self.cut(self.at, self.text.len()),
            Key::Enter => return self.enter(),
            Key::Up | Key::Down | Key::Tab | Key::Escape | Key::Other => {}
        }
        Pressed::Nothing
    }

    fn body(&self, style: Style) -> Body {
        let rows = rows(&self.text, style.width.saturating_sub(LEAD.len()).max(2));
        let row = rows.iter().rposition(|row| row.start <= self.at).unwrap_or(0);
        let column = LEAD.len() + display_width(&self.text[rows[row].start..self.at]);
        let leads = std::iter::once(LEAD.to_owned()).chain(std::iter::repeat(" ".repeat(LEAD.len())));
        let lines = rows.into_iter().zip(leads).map(|(row, lead)| lead + &self.text[row]).collect();
        Body { lines, focus: row..row + 1, cursor: (row, column) }
    }

    fn keys(&self) -> Vec<&'static str> {
        if let Some(notice) = self.notice {
            return vec![notice];
        }
        let mut keys = vec!["Enter when done."];
        if self.prompt.input == Input::OptionalText && self.text.is_empty() {
            keys.push("Enter alone leaves it for now.");
        }
        keys
    }

    fn explains(&self) -> bool {
        self.prompt.moves.explain && self.text.is_empty()
    }
}

/// The parts of a text that stand on a line each: broken between words, or inside one that is too long. Behind the last
/// there is room for the cursor.
fn rows(text: &str, room: usize) -> Vec<Range<usize>> {
    let (mut rows, mut start, mut end, mut word) = (Vec::new(), 0, 0, 0);
    for sign in signs(text).chain([" "]) {
        if display_width(&text[start..end]) + display_width(sign) > room {
            let cut = if word > start { word } else { end };
            rows.push(start..cut);
            start = cut;
        }
        end += sign.len();
        if sign == " " {
            word = end;
        }
    }
    rows.push(start..text.len());
    rows
}

/// The characters of a text as a person sees them: each with the marks that stand on it and what is joined to it.
fn signs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut joined = false;
        let mut chars = rest.char_indices();
        chars.next()?;
        let end = chars
            .find(|(at, c)| {
                let stands_on = joined || display_width(&rest[*at..*at + c.len_utf8()]) == 0;
                joined = *c == '\u{200d}';
                !stands_on
            })
            .map_or(rest.len(), |(at, _)| at);
        let (sign, behind) = rest.split_at(end);
        rest = behind;
        Some(sign)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompter::Moves;

    fn prompt(previous: Option<&str>) -> Prompt<'static> {
        Prompt {
            id: "id".to_owned(),
            progress: None,
            title: "Title".into(),
            hint: None,
            input: Input::OptionalText,
            items: Vec::new(),
            not_sure: false,
            previous: previous.map(|text| Answer::Text(text.to_owned())),
            moves: Moves { back: true, explain: true, review: true },
            navigates: false,
        }
    }

    fn typed(text: &str) -> Vec<Key> {
        text.chars().map(Key::Char).collect()
    }

    fn after(keys: &[Key]) -> String {
        let prompt = prompt(None);
        let mut field = Field::new(&prompt);
        for key in keys {
            field.press(key);
        }
        let (before, behind) = field.text.split_at(field.at);
        format!("{before}|{behind}")
    }

    #[test]
    fn signs_of_several_characters_are_one_to_the_person() {
        let all: Vec<&str> = signs("e\u{301}医👨\u{200d}👩\u{200d}👧❤\u{fe0f}x").collect();
        assert_eq!(all, ["e\u{301}", "医", "👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "x"]);
    }

    #[test]
    fn a_text_is_edited_where_the_cursor_is() {
        let keys = [typed("ae\u{301}医b"), vec![Key::Left, Key::Backspace, Key::Backspace], typed("-")].concat();
        assert_eq!(after(&keys), "a-|b");
        assert_eq!(after(&[typed("one two"), vec![Key::WordLeft, Key::Delete]].concat()), "one |wo");
        assert_eq!(after(&[typed("one two"), vec![Key::CutWord]].concat()), "one |");
        assert_eq!(after(&[typed("one two"), vec![Key::Home, Key::WordRight, Key::CutBefore]].concat()), "| two");
        assert_eq!(after(&[typed("one"), vec![Key::Home, Key::Backspace, Key::Right, Key::CutBehind]].concat()), "o|");
    }

    #[test]
    fn a_paste_becomes_one_line_without_what_cannot_be_seen() {
        let paste = Key::Paste("one\r\ntwo\u{1b}[31m\u{202e}\u{feff}three\n".to_owned());
        assert_eq!(after(&[paste]), "one  two[31mthree|");
    }

    #[test]
    fn a_question_mark_asks_why_only_where_nothing_is_typed() {
        let prompt = prompt(None);
        let mut field = Field::new(&prompt);
        assert_eq!(field.press(&Key::Char('?')), Pressed::Explain);
        field.press(&Key::Char('w'));
        assert_eq!(field.press(&Key::Char('?')), Pressed::Nothing);
        assert_eq!(field.text, "w?");
    }

    #[test]
    fn a_text_left_as_it_was_is_answered_as_it_was_saved() {
        let saved = "an odd\u{200b}one";
        let prompt = prompt(Some(saved));
        let reply = Field::new(&prompt).press(&Key::Enter);
        assert_eq!(reply, Pressed::Reply(Reply::Answer(Answer::Text(saved.to_owned()))));
    }

    #[test]
    fn a_long_text_is_broken_between_words() {
        let text =
            |rows: Vec<Range<usize>>, text: &str| rows.into_iter().map(|row| text[row].to_owned()).collect::<Vec<_>>();
        let words = "one two three";
        assert_eq!(text(rows(words, 8), words), ["one two ", "three"]);
        assert_eq!(text(rows("abcdefgh", 4), "abcdefgh"), ["abcd", "efgh", ""], "the cursor has a line of its own");
        assert_eq!(text(rows("", 4), ""), [""]);
    }

    #[test]
    fn wide_signs_are_never_cut_and_the_cursor_is_where_the_next_one_comes() {
        let prompt = prompt(Some("医院医院医院"));
        let style = Style { width: 7, ..Style::PLAIN };
        let mut field = Field::new(&prompt);
        let body = field.body(style);
        assert_eq!(body.lines, ["> 医院", "  医院", "  医院"]);
        assert_eq!(body.cursor, (2, 6));
        field.press(&Key::Left);
        field.press(&Key::Left);
        field.press(&Key::Left);
        assert_eq!(field.body(style).cursor, (1, 4));
    }
}
