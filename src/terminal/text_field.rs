//! An editable line of text, wrapped as needed, without a terminal.

use std::ops::Range;

use textwrap::core::display_width;
use unicode_segmentation::UnicodeSegmentation;

use super::keys::Key;
use super::page::{Body, Control};
use crate::prompter::{Prompt, Reply, ReplyKind};
use crate::question::{Answer, says_not_sure};
use crate::style::{Style, clean, is_unsafe};

/// The longest text, in bytes.
const MAX: usize = 64 * 1024;
const LEAD: &str = "> ";

/// A text and the cursor in it.
pub(super) struct TextField<'p> {
    prompt: &'p Prompt<'p>,
    /// The previous answer as shown.
    earlier: String,
    text: String,
    /// The cursor's byte index, between two graphemes.
    at: usize,
    notice: Option<&'static str>,
}

impl<'p> TextField<'p> {
    /// Starts from the draft, or else from the previous answer.
    pub(super) fn new(prompt: &'p Prompt<'p>, draft: Option<&Answer>) -> Self {
        let shown = |answer: &Answer| match answer {
            Answer::Text(text) => clean(text).into_owned(),
            _ => String::new(),
        };
        let earlier = prompt.previous.as_ref().map(shown).unwrap_or_default();
        let text = draft.map_or_else(|| earlier.clone(), shown);
        Self { prompt, at: text.len(), text, earlier, notice: None }
    }

    fn insert(&mut self, text: &str) {
        // These invisible characters join their neighbours into one character. Others come with a paste and mean nothing.
        let joins = |c| matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
        let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
        let taken: String = spaced.filter(|c| joins(*c) || !is_unsafe(*c)).collect();
        if self.text.len() + taken.len() > MAX {
            self.notice = Some("This is too long.");
            return;
        }
        self.text.insert_str(self.at, &taken);
        self.at += taken.len();
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.at = from;
    }

    fn previous_boundary(&self) -> usize {
        self.text[..self.at].grapheme_indices(true).next_back().map_or(0, |(start, _)| start)
    }

    fn next_boundary(&self) -> usize {
        self.at + self.text[self.at..].graphemes(true).next().map_or(0, str::len)
    }

    fn previous_word(&self) -> usize {
        let words = self.text[..self.at].trim_end();
        words.rfind(char::is_whitespace).map_or(0, |space| space + 1)
    }

    fn next_word(&self) -> usize {
        let rest = &self.text[self.at..];
        let word = rest.len() - rest.trim_start().len();
        rest[word..].find(char::is_whitespace).map_or(self.text.len(), |space| self.at + word + space)
    }

    fn enter(&mut self) -> Option<Reply> {
        let text = self.text.trim();
        Some(match (text, self.prompt.input) {
            ("", ReplyKind::OptionalText) => Reply::Skip,
            ("", _) => {
                self.notice = Some("Type an answer.");
                return None;
            }
            ("?", _) if self.prompt.navigation.explain => Reply::Explain,
            ("?", _) => {
                self.notice = Some("There is nothing more to say about this. Type an answer.");
                return None;
            }
            (text, ReplyKind::OptionalText) if says_not_sure(text) => {
                self.notice = Some("Write what you can, or delete this and leave it for now.");
                return None;
            }
            // Unchanged: the text as it was saved, not as it was cleaned to be shown.
            (same, _) if same == self.earlier.trim() => self.prompt.previous.clone().map_or(Reply::Skip, Reply::Answer),
            (text, _) => Reply::Answer(Answer::Text(text.to_owned())),
        })
    }
}

impl Control for TextField<'_> {
    fn press(&mut self, key: &Key) -> Option<Reply> {
        self.notice = None;
        match key {
            Key::Char('?') if self.explains() => return Some(Reply::Explain),
            Key::Char(c) => self.insert(&c.to_string()),
            Key::Paste(text) => self.insert(text.trim()),
            Key::Left => self.at = self.previous_boundary(),
            Key::Right => self.at = self.next_boundary(),
            Key::WordLeft => self.at = self.previous_word(),
            Key::WordRight => self.at = self.next_word(),
            Key::Home => self.at = 0,
            Key::End => self.at = self.text.len(),
            Key::Backspace => self.cut(self.previous_boundary(), self.at),
            Key::Delete => self.cut(self.at, self.next_boundary()),
            Key::CutWord => self.cut(self.previous_word(), self.at),
            Key::CutBefore => self.cut(0, self.at),
            Key::CutAfter => self.cut(self.at, self.text.len()),
            Key::Enter => return self.enter(),
            Key::Up | Key::Down | Key::Tab | Key::Escape | Key::Other => {}
        }
        None
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
        match (self.prompt.input, &self.prompt.previous) {
            (ReplyKind::OptionalText, None) if self.text.is_empty() => {
                vec!["Enter when done.", "Enter alone leaves it for now."]
            }
            (ReplyKind::OptionalText, Some(_)) if self.text.is_empty() => vec!["Enter alone removes your answer."],
            _ => vec!["Enter when done."],
        }
    }

    fn explains(&self) -> bool {
        self.prompt.navigation.explain && self.text.is_empty()
    }

    fn draft(&self) -> Option<Answer> {
        let is_new = !self.text.trim().is_empty() && self.text.trim() != self.earlier.trim();
        is_new.then(|| Answer::Text(self.text.clone()))
    }
}

/// Wraps a text between words, or inside a word that is too long, leaving room for the cursor after the last row.
fn rows(text: &str, room: usize) -> Vec<Range<usize>> {
    let (mut rows, mut start, mut end, mut word) = (Vec::new(), 0, 0, 0);
    for character in text.graphemes(true).chain([" "]) {
        if display_width(&text[start..end]) + display_width(character) > room {
            let cut = if word > start { word } else { end };
            rows.push(start..cut);
            start = cut;
        }
        end += character.len();
        if character == " " {
            word = end;
        }
    }
    rows.push(start..text.len());
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(previous: Option<&str>) -> Prompt<'static> {
        let mut prompt = Prompt::new("id", "Title", ReplyKind::OptionalText);
        prompt.previous = previous.map(|text| Answer::Text(text.to_owned()));
        prompt
    }

    fn typed(text: &str) -> Vec<Key> {
        text.chars().map(Key::Char).collect()
    }

    fn after(keys: &[Key]) -> String {
        let prompt = prompt(None);
        let mut field = TextField::new(&prompt, None);
        for key in keys {
            field.press(key);
        }
        let (before, behind) = field.text.split_at(field.at);
        format!("{before}|{behind}")
    }

    #[test]
    fn a_text_is_edited_where_the_cursor_is() {
        let keys = [typed("ae\u{301}医👨\u{200d}👩b"), vec![Key::Left, Key::Backspace, Key::Backspace, Key::Backspace]];
        assert_eq!(after(&[keys.concat(), typed("-")].concat()), "a-|b");
        assert_eq!(after(&[typed("one two"), vec![Key::WordLeft, Key::Delete]].concat()), "one |wo");
        assert_eq!(after(&[typed("one two"), vec![Key::CutWord]].concat()), "one |");
        assert_eq!(after(&[typed("one two"), vec![Key::Home, Key::WordRight, Key::CutBefore]].concat()), "| two");
        assert_eq!(after(&[typed("one"), vec![Key::Home, Key::Backspace, Key::Right, Key::CutAfter]].concat()), "o|");
    }

    #[test]
    fn a_paste_becomes_one_line_without_what_cannot_be_seen() {
        let paste = Key::Paste("one\r\ntwo\u{1b}[31m\u{202e}\u{feff}three\n".to_owned());
        assert_eq!(after(&[paste]), "one  two[31mthree|");
    }

    #[test]
    fn a_text_left_as_it_was_is_answered_as_it_was_saved() {
        let saved = Answer::Text("an odd\u{200b}one".to_owned());
        let prompt = Prompt { previous: Some(saved.clone()), ..prompt(None) };
        assert_eq!(TextField::new(&prompt, None).press(&Key::Enter), Some(Reply::Answer(saved)));
    }

    #[test]
    fn a_long_text_is_broken_between_words_and_the_cursor_is_where_the_next_one_comes() {
        for (text, width, lines, cursor) in [
            ("one two three", 10, ["> one two ", "  three"].as_slice(), (1, 7)),
            ("abcdefgh", 6, &["> abcd", "  efgh", "  "], (2, 2)),
            ("", 6, &["> "], (0, 2)),
            ("医院医院医院", 7, &["> 医院", "  医院", "  医院"], (2, 6)),
        ] {
            let prompt = prompt(Some(text));
            let body = TextField::new(&prompt, None).body(Style { width, ..Style::PLAIN });
            assert_eq!(
                (body.lines, body.cursor),
                (lines.iter().map(|&line| line.to_owned()).collect(), cursor),
                "{text}"
            );
        }
    }
}
