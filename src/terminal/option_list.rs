//! A list to choose one or several options from, without a terminal.

use dialoguer::theme::{SimpleTheme, Theme};

use super::keys::Key;
use super::page::{Body, Control};
use crate::prompter::{Prompt, Reply, ReplyKind};
use crate::question::Answer;
use crate::style::{Style, Tone, clean};

/// A list, and the row that the person is on.
pub(super) struct OptionList<'p> {
    prompt: &'p Prompt<'p>,
    rows: Vec<ListRow<'p>>,
    at: usize,
    /// The characters typed in a row, and the row at the time. One character moves to an option. A word was meant for
    /// something else, such as a product's name, and must not answer.
    typed: String,
    typed_from: usize,
    /// A message about the last key.
    notice: Option<&'static str>,
}

struct ListRow<'p> {
    label: &'p str,
    hint: Option<&'p str>,
    /// The reply of choosing it.
    reply: Reply,
    /// Whether it excludes all others.
    exclusive: bool,
    /// Whether it is chosen, where several can be.
    chosen: bool,
}

const TYPING: &str = "Typing does nothing here. Choose with up and down, then press Enter.";

impl<'p> OptionList<'p> {
    /// Starts from the draft, or else from the previous answer.
    pub(super) fn new(prompt: &'p Prompt<'p>, draft: Option<&Answer>) -> Self {
        let several = prompt.input == ReplyKind::Many;
        let standing = draft.filter(|_| several).or(prompt.previous.as_ref());
        let row = |label, reply| ListRow { label, hint: None, reply, exclusive: true, chosen: false };
        let items = prompt.items.iter().enumerate().map(|(at, item)| ListRow {
            hint: item.hint.as_deref(),
            exclusive: item.exclusive,
            chosen: standing.is_some_and(|standing| prompt.chooses(standing, at)),
            ..row(&*item.label, Reply::Answer(prompt.choosing(at)))
        });
        let unsure =
            ListRow { chosen: standing == Some(&Answer::NotSure), ..row("Not sure", Reply::Answer(Answer::NotSure)) };
        // A question needs no such row: from it the review can be reached, which has one.
        let quit = prompt.navigates.then(|| row("Save and stop", Reply::Quit));
        let rows: Vec<_> = items.chain(prompt.not_sure.then_some(unsure)).chain(quit).collect();
        let is_at = |row: &ListRow| draft.is_some_and(|draft| row.reply == Reply::Answer(draft.clone()));
        let at = rows.iter().position(is_at).or(rows.iter().position(|row| row.chosen)).unwrap_or(0);
        Self { prompt, rows, at, typed: String::new(), typed_from: at, notice: None }
    }

    fn several(&self) -> bool {
        self.prompt.input == ReplyKind::Many
    }

    fn is_word(&self) -> bool {
        let mut characters = self.typed.chars().flat_map(char::to_lowercase);
        let first = characters.next();
        characters.any(|character| Some(character) != first)
    }

    /// Moves to the next row that begins with the typed character, as a list on a web page does.
    fn seek(&mut self) {
        self.at = self.typed_from;
        if self.is_word() {
            self.notice = Some(TYPING);
            return;
        }
        for character in self.typed.chars() {
            let begins = |at: &usize| {
                let first = self.rows[*at].label.chars().find(|c| c.is_alphanumeric());
                first.is_some_and(|first| first.to_lowercase().eq(character.to_lowercase()))
            };
            let count = self.rows.len();
            self.at = (1..=count).map(|step| (self.at + step) % count).find(begins).unwrap_or(self.at);
        }
    }

    fn toggle(&mut self) {
        let ListRow { exclusive, chosen, .. } = self.rows[self.at];
        if !chosen {
            self.rows.iter_mut().for_each(|row| row.chosen &= !(exclusive || row.exclusive));
        }
        self.rows[self.at].chosen = !chosen;
    }

    /// The chosen options, where several can be.
    fn chosen(&self) -> Option<Answer> {
        let chosen = self.rows.iter().filter(|row| row.chosen).filter_map(|row| match &row.reply {
            Reply::Answer(answer) => Some(answer.clone()),
            _ => None,
        });
        chosen.reduce(|all, next| match (all, next) {
            (Answer::Many(all), Answer::Many(next)) => Answer::Many(all | next),
            (_, next) => next,
        })
    }

    fn enter(&mut self) -> Option<Reply> {
        if !self.several() {
            return Some(self.rows[self.at].reply.clone());
        }
        let chosen = self.chosen();
        if chosen.is_none() {
            self.notice = Some("Nothing is chosen yet. Choose with Space, then press Enter.");
        }
        chosen.map(Reply::Answer)
    }
}

impl Control for OptionList<'_> {
    fn press(&mut self, key: &Key) -> Option<Reply> {
        self.notice = None;
        let (word, count) = (self.is_word(), self.rows.len());
        match key {
            Key::Char(character) if word || !(character.is_whitespace() || *character == '?') => {
                if self.typed.is_empty() {
                    self.typed_from = self.at;
                }
                self.typed.push(*character);
                self.seek();
                return None;
            }
            Key::Backspace if word => {
                self.typed.pop();
                self.seek();
                return None;
            }
            _ => self.typed.clear(),
        }
        match key {
            Key::Enter if word => self.notice = Some(TYPING),
            Key::Enter => return self.enter(),
            Key::Char('?') => return Some(Reply::Explain),
            Key::Left | Key::Backspace => return Some(Reply::Back),
            Key::Up => self.at = (self.at + count - 1) % count,
            Key::Down => self.at = (self.at + 1) % count,
            Key::Home => self.at = 0,
            Key::End => self.at = count - 1,
            Key::Char(' ') if self.several() => self.toggle(),
            _ => {}
        }
        None
    }

    fn body(&self, style: Style) -> Body {
        let mut body = Body::default();
        for (at, row) in self.rows.iter().enumerate() {
            let (mut lead, active) = (String::new(), at == self.at);
            // The marks are dialoguer's, which people know; its menus themselves wait inside a read, where no other key, no
            // change of the window and no signal can reach them. A string takes whatever is written to it.
            let _ = if self.several() {
                SimpleTheme.format_multi_select_prompt_item(&mut lead, "", row.chosen, active)
            } else {
                SimpleTheme.format_select_prompt_item(&mut lead, "", active)
            };
            let start = body.lines.len();
            let label = style.wrap(&lead, &clean(row.label));
            let strong = |line: &str| if active { style.paint(Tone::Strong, line) } else { line.to_owned() };
            body.lines.extend(label.lines().map(strong));
            if let Some(hint) = row.hint {
                let indent = " ".repeat(lead.len() + 2);
                body.lines.extend(style.wrap(&indent, &clean(hint)).lines().map(str::to_owned));
            }
            if active {
                body.cursor = (start, 0);
                body.focus = start..body.lines.len();
            }
        }
        body
    }

    fn keys(&self) -> Vec<&'static str> {
        let usual = if self.several() { "Up, down, Space to choose, Enter when done." } else { "Up, down, Enter." };
        vec![self.notice.unwrap_or(usual)]
    }

    fn explains(&self) -> bool {
        true
    }

    fn draft(&self) -> Option<Answer> {
        match &self.rows[self.at].reply {
            Reply::Answer(answer) if !self.several() => Some(answer.clone()),
            _ => self.chosen().filter(|chosen| self.several() && self.prompt.previous.as_ref() != Some(chosen)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompter::Item;

    fn prompt(input: ReplyKind, labels: &[&'static str]) -> Prompt<'static> {
        let item = |label: &&'static str| Item { exclusive: *label == "Nothing", ..Item::new(*label, *label) };
        Prompt { items: labels.iter().map(item).collect(), not_sure: true, ..Prompt::new("id", "Title", input) }
    }

    /// The answer after these keys; ↑ and ↓ are the arrow keys, ← is Backspace and ⏎ Enter.
    fn answer(prompt: &Prompt<'_>, keys: &str) -> Option<Answer> {
        let mut list = OptionList::new(prompt, None);
        let reply = keys.chars().find_map(|key| {
            list.press(&match key {
                '↑' => Key::Up,
                '↓' => Key::Down,
                '←' => Key::Backspace,
                '⏎' => Key::Enter,
                key => Key::Char(key),
            })
        });
        match reply {
            Some(Reply::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    #[test]
    fn one_is_chosen_by_moving_to_it_or_by_its_first_character_and_never_by_a_word() {
        let prompt = prompt(ReplyKind::One, &["Yes", "No"]);
        for (keys, chosen) in [
            ("n⏎", Some(Answer::One(1))),
            ("nn⏎", Some(Answer::NotSure)),
            ("nnN⏎", Some(Answer::One(1))),
            ("h⏎", Some(Answer::One(0))),
            ("↑⏎", Some(Answer::NotSure)),
            ("Nobody's app?⏎", None),
            ("Cinder Lane ←⏎", None),
            // After a word the list is where it was.
            ("net⏎⏎", Some(Answer::One(0))),
            ("nx←⏎", Some(Answer::One(1))),
        ] {
            assert_eq!(answer(&prompt, keys), chosen, "{keys}");
        }
    }

    #[test]
    fn several_are_chosen_and_given_up_and_what_excludes_the_others_stands_alone() {
        let prompt = prompt(ReplyKind::Many, &["Seeds", "Tools", "Nothing"]);
        for (keys, chosen) in [
            ("⏎", None),
            ("↓ ⏎", Some(Answer::Many(0b10))),
            (" ↓ ⏎", Some(Answer::Many(0b11))),
            ("  ⏎", None),
            (" nn ⏎", Some(Answer::NotSure)),
            (" n ⏎", Some(Answer::Many(0))),
            ("n ↑ ⏎", Some(Answer::Many(0b10))),
            ("Nobody's app?⏎", None),
        ] {
            assert_eq!(answer(&prompt, keys), chosen, "{keys}");
        }
    }

    #[test]
    fn a_list_begins_with_the_answer_that_stands() {
        for (input, previous) in [
            (ReplyKind::One, Answer::One(1)),
            (ReplyKind::One, Answer::NotSure),
            (ReplyKind::Many, Answer::Many(0b10)),
            (ReplyKind::Many, Answer::Many(0)),
            (ReplyKind::Many, Answer::NotSure),
        ] {
            let prompt = Prompt { previous: Some(previous.clone()), ..prompt(input, &["Seeds", "Tools", "Nothing"]) };
            assert_eq!(answer(&prompt, "⏎"), Some(previous));
        }
    }
}
