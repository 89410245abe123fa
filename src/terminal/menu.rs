//! Choosing from a list with keys: one item, or several. Pure: knows no terminal.

use dialoguer::theme::{SimpleTheme, Theme};

use super::control::{Control, Pressed};
use super::keys::Key;
use super::page::Body;
use super::{answer_of, items_of, toggled};
use crate::prompter::{Prompt, Reply, ReplyKind};
use crate::question::Answer;
use crate::style::{Style, Tone, clean};

/// A list and where the person is in it.
pub(super) struct Menu<'p> {
    prompt: &'p Prompt<'p>,
    lines: Vec<Line>,
    at: usize,
    /// The lines chosen so far, where several can be.
    chosen: Chosen,
    typed: Typed,
    /// What has to be said about the last key.
    notice: Option<&'static str>,
}

/// Characters typed one after another, and where the person was before. One character goes to a line. A word is meant
/// for something else, such as the name of a product, and must answer nothing.
#[derive(Debug, Default)]
struct Typed {
    text: String,
    from: usize,
}

impl Typed {
    fn is_word(&self) -> bool {
        let mut characters = self.text.chars().flat_map(char::to_lowercase);
        let first = characters.next();
        characters.any(|character| Some(character) != first)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Item(usize),
    NotSure,
    Quit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chosen {
    Items(u64),
    NotSure,
}

const NOTHING: Chosen = Chosen::Items(0);
const TYPING: &str = "Typing answers nothing here. Choose with up and down, then press Enter.";

impl<'p> Menu<'p> {
    pub(super) fn new(prompt: &'p Prompt<'p>) -> Self {
        let mut lines: Vec<Line> = (0..prompt.items.len()).map(Line::Item).collect();
        lines.extend(prompt.not_sure.then_some(Line::NotSure));
        // A question needs none: from it the list of all answers can be reached, which is such a prompt.
        lines.extend(prompt.navigates.then_some(Line::Quit));
        let (first, chosen) = match &prompt.previous {
            Some(Answer::One(at)) => (Line::Item(*at), NOTHING),
            Some(Answer::NotSure) => (Line::NotSure, Chosen::NotSure),
            Some(answer @ Answer::Many(_)) => {
                let items = items_of(&prompt.items, answer);
                (Line::Item(items.trailing_zeros() as usize), Chosen::Items(items))
            }
            Some(Answer::Text(_)) | None => (Line::Item(0), NOTHING),
        };
        let at = lines.iter().position(|line| *line == first).unwrap_or(0);
        Self { prompt, lines, at, chosen, typed: Typed::default(), notice: None }
    }

    fn several(&self) -> bool {
        self.prompt.input == ReplyKind::Many
    }

    fn step(&mut self, down: bool) {
        let count = self.lines.len();
        self.at = (self.at + if down { 1 } else { count - 1 }) % count;
    }

    fn add_typed(&mut self, character: char) {
        if self.typed.text.is_empty() {
            self.typed.from = self.at;
        }
        self.typed.text.push(character);
        self.show_typed(character);
    }

    fn remove_typed(&mut self) {
        self.typed.text.pop();
        if let Some(character) = self.typed.text.chars().last() {
            self.show_typed(character);
        }
    }

    fn show_typed(&mut self, character: char) {
        if self.typed.is_word() {
            self.at = self.typed.from;
            self.notice = Some(TYPING);
        } else {
            self.seek(character);
        }
    }

    /// Goes to the next line that begins with this character, as a list on a web page does.
    fn seek(&mut self, character: char) {
        let begins = |line: &Line| {
            let first = self.label(*line).chars().find(|c| c.is_alphanumeric());
            first.is_some_and(|first| first.to_lowercase().eq(character.to_lowercase()))
        };
        let count = self.lines.len();
        let found = (1..=count).map(|step| (self.at + step) % count).find(|at| begins(&self.lines[*at]));
        self.at = found.unwrap_or(self.at);
    }

    fn toggle(&mut self) {
        self.chosen = match (self.lines[self.at], self.chosen) {
            (Line::Quit, chosen) => chosen,
            (Line::Item(at), Chosen::Items(items)) => Chosen::Items(toggled(&self.prompt.items, items, at)),
            (Line::Item(at), Chosen::NotSure) => Chosen::Items(toggled(&self.prompt.items, 0, at)),
            (Line::NotSure, Chosen::NotSure) => NOTHING,
            (Line::NotSure, Chosen::Items(_)) => Chosen::NotSure,
        };
    }

    fn enter(&mut self) -> Pressed {
        let answer = match (self.lines[self.at], self.chosen) {
            (Line::Quit, _) => return Pressed::Reply(Reply::Quit),
            (Line::Item(at), _) if !self.several() => Answer::One(at),
            (Line::NotSure, _) if !self.several() => Answer::NotSure,
            (_, Chosen::NotSure) => Answer::NotSure,
            (_, NOTHING) => {
                self.notice = Some("Nothing is chosen yet. Choose with Space, then press Enter.");
                return Pressed::Nothing;
            }
            (_, Chosen::Items(items)) => answer_of(&self.prompt.items, items),
        };
        Pressed::Reply(Reply::Answer(answer))
    }

    fn is_chosen(&self, line: Line) -> bool {
        match (line, self.chosen) {
            (Line::Item(at), Chosen::Items(items)) => items & (1 << at) != 0,
            (Line::NotSure, Chosen::NotSure) => true,
            _ => false,
        }
    }

    /// What stands in front of a label. The marks are dialoguer's, which people know; its menus themselves wait inside a
    /// read, where no other key, no change of the window and no signal can reach them.
    fn lead(&self, at: usize, line: Line) -> String {
        let (mut lead, active) = (String::new(), at == self.at);
        // A string takes everything.
        let _ = match (self.several(), line) {
            (false, _) | (_, Line::Quit) => SimpleTheme.format_select_prompt_item(&mut lead, "", active),
            _ => SimpleTheme.format_multi_select_prompt_item(&mut lead, "", self.is_chosen(line), active),
        };
        lead
    }

    fn label(&self, line: Line) -> &str {
        match line {
            Line::Item(at) => &self.prompt.items[at].label,
            Line::NotSure => "Not sure",
            Line::Quit => "Save and stop",
        }
    }
}

impl Control for Menu<'_> {
    fn press(&mut self, key: &Key) -> Pressed {
        self.notice = None;
        let word = self.typed.is_word();
        match key {
            Key::Enter if word => self.notice = Some(TYPING),
            Key::Backspace if word => {
                self.remove_typed();
                return Pressed::Nothing;
            }
            Key::Char(character) if word || !(character.is_whitespace() || *character == '?') => {
                self.add_typed(*character);
                return Pressed::Nothing;
            }
            Key::Up => self.step(false),
            Key::Down => self.step(true),
            Key::Home => self.at = 0,
            Key::End => self.at = self.lines.len() - 1,
            Key::Char(' ') if self.several() => self.toggle(),
            Key::Char('?') => return Pressed::Explain,
            Key::Left | Key::Backspace => return Pressed::Back,
            Key::Enter => return self.enter(),
            _ => {}
        }
        // Any other key ends what was typed.
        self.typed.text.clear();
        Pressed::Nothing
    }

    fn body(&self, style: Style) -> Body {
        let mut body = Body::default();
        for (at, line) in self.lines.iter().enumerate() {
            let lead = self.lead(at, *line);
            let start = body.lines.len();
            let label = style.wrap(&lead, &clean(self.label(*line)));
            let strong = |line: &str| if at == self.at { style.paint(Tone::Strong, line) } else { line.to_owned() };
            body.lines.extend(label.lines().map(strong));
            if let Line::Item(item) = line
                && let Some(hint) = &self.prompt.items[*item].hint
            {
                let indent = " ".repeat(lead.len() + 2);
                body.lines.extend(style.wrap(&indent, &clean(hint)).lines().map(str::to_owned));
            }
            if at == self.at {
                body.cursor = (start, 0);
                body.focus = start..body.lines.len();
            }
        }
        body
    }

    fn keys(&self) -> Vec<&'static str> {
        if let Some(notice) = self.notice {
            return vec![notice];
        }
        if self.several() { vec!["Up, down, Space to choose, Enter when done."] } else { vec!["Up, down, Enter."] }
    }

    fn explains(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompter::{Item, Navigation};

    fn prompt(input: ReplyKind, labels: &[&'static str]) -> Prompt<'static> {
        let item = |label: &&'static str| Item {
            name: (*label).into(),
            label: (*label).into(),
            hint: None,
            exclusive: *label == "Nothing",
        };
        Prompt {
            id: "id".to_owned(),
            progress: None,
            title: "Title".into(),
            hint: None,
            input,
            items: labels.iter().map(item).collect(),
            not_sure: true,
            previous: None,
            moves: Navigation { back: true, explain: true, review: true },
            navigates: false,
        }
    }

    /// What comes back after these keys.
    fn pressed(prompt: &Prompt<'_>, keys: &[Key]) -> Option<Reply> {
        let mut menu = Menu::new(prompt);
        keys.iter().find_map(|key| match menu.press(key) {
            Pressed::Reply(reply) => Some(reply),
            _ => None,
        })
    }

    fn answer(prompt: &Prompt<'_>, keys: &[Key]) -> Option<Answer> {
        match pressed(prompt, keys) {
            Some(Reply::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    #[test]
    fn characters_go_to_the_line_that_begins_with_them_and_do_nothing_else() {
        let prompt = prompt(ReplyKind::One, &["Yes", "No"]);
        let after = |characters: &str| {
            let mut keys: Vec<Key> = characters.chars().map(Key::Char).collect();
            keys.push(Key::Enter);
            answer(&prompt, &keys)
        };
        assert_eq!(after("n"), Some(Answer::One(1)));
        assert_eq!(after("nn"), Some(Answer::NotSure));
        assert_eq!(after("nnN"), Some(Answer::One(1)));
        assert_eq!(after("h"), Some(Answer::One(0)));
    }

    #[test]
    fn a_word_that_is_typed_answers_nothing() {
        let characters = |text: &str| text.chars().map(Key::Char).collect::<Vec<Key>>();
        for (input, name) in [(ReplyKind::One, "Nobody's app?"), (ReplyKind::Many, "Cinder Lane ")] {
            let prompt = prompt(input, &["Yes", "No"]);
            let mut menu = Menu::new(&prompt);
            for key in [characters(name), vec![Key::Backspace, Key::Enter]].concat() {
                assert_eq!(menu.press(&key), Pressed::Nothing, "{name}: {key:?}");
            }
            assert_eq!((menu.at, menu.chosen, menu.notice), (0, NOTHING, Some(TYPING)), "{name}");
        }
        let prompt = prompt(ReplyKind::One, &["Yes", "No"]);
        let keys = [characters("net"), vec![Key::Enter, Key::Enter]].concat();
        assert_eq!(answer(&prompt, &keys), Some(Answer::One(0)), "from where the person was");
        let keys = [characters("nx"), vec![Key::Backspace, Key::Enter]].concat();
        assert_eq!(answer(&prompt, &keys), Some(Answer::One(1)));
    }

    #[test]
    fn enter_takes_only_what_was_chosen() {
        let prompt = prompt(ReplyKind::Many, &["Seeds", "Tools"]);
        let space = Key::Char(' ');
        assert_eq!(answer(&prompt, &[Key::Enter]), None);
        assert_eq!(answer(&prompt, &[Key::Down, space.clone(), Key::Enter]), Some(Answer::Many(0b10)));
        assert_eq!(answer(&prompt, &[space.clone(), space.clone(), Key::Enter]), None);
        let unsure = [space.clone(), Key::Char('n'), space.clone(), Key::Enter];
        assert_eq!(answer(&prompt, &unsure), Some(Answer::NotSure), "and the item is no longer chosen");
        assert_eq!(answer(&prompt, &[Key::End, space, Key::Enter]), Some(Answer::NotSure));
    }

    #[test]
    fn an_item_that_says_none_excludes_the_others() {
        let prompt = prompt(ReplyKind::Many, &["Seeds", "Nothing"]);
        let space = Key::Char(' ');
        let keys = [space.clone(), Key::Down, space.clone(), Key::Enter];
        assert_eq!(answer(&prompt, &keys), Some(Answer::Many(0)), "it is the empty list");
        let keys = [Key::Down, space.clone(), Key::Up, space, Key::Enter];
        assert_eq!(answer(&prompt, &keys), Some(Answer::Many(0b01)));
    }

    #[test]
    fn a_menu_begins_with_the_answer_that_stands() {
        let begins = |input, previous| {
            let prompt = Prompt { previous: Some(previous), ..prompt(input, &["Seeds", "Tools", "Nothing"]) };
            answer(&prompt, &[Key::Enter])
        };
        for previous in [Answer::One(1), Answer::NotSure] {
            assert_eq!(begins(ReplyKind::One, previous.clone()), Some(previous));
        }
        for previous in [Answer::Many(0b10), Answer::Many(0), Answer::NotSure] {
            assert_eq!(begins(ReplyKind::Many, previous.clone()), Some(previous));
        }
    }
}
