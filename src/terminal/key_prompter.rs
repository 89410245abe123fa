//! Prompts on a terminal, answered by single keys. A prompt is redrawn after every key and whenever the window changes,
//! so nothing stale is left. The cursor is never hidden: screen readers follow it.

use std::collections::{BTreeMap, VecDeque};

use console::Term;

use super::keyboard::{Keyboard, KeyboardEvent};
use super::keys::Key;
use super::option_list::OptionList;
use super::page::{Body, Control, Drawn, PromptPage, Window};
use super::signals::Signals;
use super::text_field::TextField;
use super::{answer_text, head, lines_of, painted, title};
use crate::prompter::{Message, Prompt, Prompter, Reply, ReplyKind, Stop};
use crate::question::Answer;
use crate::style::{Style, Tone, clean};

/// Prompts on standard error.
pub struct KeyPrompter {
    term: Term,
    colour: bool,
    max_width: usize,
    keyboard: Keyboard,
    /// The prompt on the screen, to be erased.
    drawn: Option<Drawn>,
    /// The rows written since the last key.
    unread: usize,
    /// Keys typed ahead, for the next prompt.
    ahead: VecDeque<Key>,
    /// Unfinished answers of prompts that the person left, by prompt id.
    drafts: BTreeMap<String, Answer>,
}

impl KeyPrompter {
    /// Standard input and standard error must be terminals.
    pub fn new(style: Style, max_width: usize, signals: Signals) -> std::io::Result<Self> {
        let keyboard = Keyboard::begin(signals)?;
        Ok(Self {
            term: Term::stderr(),
            colour: style.colour,
            max_width,
            keyboard,
            drawn: None,
            unread: 0,
            ahead: VecDeque::new(),
            drafts: BTreeMap::new(),
        })
    }

    fn window(&self) -> Window {
        let (rows, columns) = self.term.size();
        Window { rows: rows.into(), columns: columns.into() }
    }

    /// The style for the current width. The last column stays free, because terminals differ in when they wrap.
    pub fn style(&self) -> Style {
        let width = self.window().columns.saturating_sub(1);
        Style { colour: self.colour, width: width.clamp(20, self.max_width), links: false }
    }

    fn write(&self, text: &str) {
        // A terminal that has gone away is found out by the next read.
        let _ = self.term.write_str(text);
    }

    /// Replaces what was drawn.
    fn draw(&mut self, drawn: Drawn) {
        let text = self.cleared() + &drawn.show(self.window());
        self.write(&text);
        self.drawn = Some(drawn);
    }

    /// The escape codes that erase what was drawn.
    fn cleared(&mut self) -> String {
        self.drawn.take().map(|drawn| drawn.clear(self.window())).unwrap_or_default()
    }

    /// Writes lines that stay, pausing after each windowful.
    fn print(&mut self, lines: &[String]) -> Result<(), Stop> {
        let cleared = self.cleared();
        self.write(&cleared);
        for line in lines {
            let window = self.window();
            let rows = window.rows_of([line]);
            self.make_room(rows + 1)?;
            self.write(&format!("{line}\r\n"));
            self.unread += rows;
        }
        Ok(())
    }

    /// Waits for a key if that many rows would scroll unread ones out of the window.
    fn make_room(&mut self, rows: usize) -> Result<(), Stop> {
        while self.unread > 0 && self.unread + rows > self.window().rows {
            let more = self.style().paint(Tone::Quiet, "(Press Enter for more.)");
            let body = Body { lines: vec![more], focus: 0..1, cursor: (0, 0) };
            let page = PromptPage { body, ..PromptPage::default() };
            self.draw(page.part(self.window()));
            let event = self.event();
            let cleared = self.cleared();
            self.write(&cleared);
            if let Some(key) = event? {
                self.unread = 0;
                // A character is meant for the question, not for this page.
                if matches!(&key, Key::Char(c) if *c != ' ') || matches!(key, Key::Paste(_)) {
                    self.ahead.push_back(key);
                }
            }
        }
        Ok(())
    }

    /// The next key, or `None` if the prompt has to be redrawn.
    fn event(&mut self) -> Result<Option<Key>, Stop> {
        Ok(match self.keyboard.next()? {
            KeyboardEvent::Key(key) => Some(key),
            KeyboardEvent::Resized => None,
            KeyboardEvent::Suspend => {
                let cleared = self.cleared();
                self.write(&cleared);
                self.keyboard.suspend();
                None
            }
            KeyboardEvent::Resumed => {
                // The cursor may be anywhere in it.
                self.drawn = None;
                self.write("\r\x1b[J");
                None
            }
        })
    }

    /// Leaves the prompt on the screen and moves below it.
    fn leave(&mut self) {
        if let Some(drawn) = self.drawn.take() {
            let text = drawn.leave(self.window());
            self.write(&text);
        }
    }

    /// Waits for a reply, and redraws after every key: the whole page, or, if it does not fit, the head once, to stay, so
    /// that it can be read before the rest.
    fn reply(&mut self, prompt: &Prompt<'_>, control: &mut dyn Control) -> Result<Reply, Stop> {
        let (mut before, mut printed) = (None::<Window>, false);
        loop {
            let (page, window) = (page(prompt, control, self.style()), self.window());
            let whole = if printed { None } else { page.whole(window) };
            let is_smaller = |before: Window| before.rows > window.rows || before.columns > window.columns;
            if whole.is_none() && before.is_none_or(is_smaller) {
                self.print(&page.head)?;
                printed = true;
            }
            let drawn = whole.unwrap_or_else(|| page.part(window));
            self.make_room(drawn.rows(window))?;
            self.draw(drawn);
            before = Some(window);
            let key = match self.ahead.pop_front() {
                None => self.event().inspect_err(|_| self.leave())?,
                ahead => ahead,
            };
            let Some(key) = key else { continue };
            self.unread = 0;
            let text = !matches!(prompt.input, ReplyKind::One | ReplyKind::Many);
            let reply = match key {
                Key::Escape => Some(Reply::Back),
                Key::Tab => Some(Reply::Review),
                // Lines pasted into a terminal that does not mark pastes.
                Key::Enter if text && self.keyboard.has_more() => control.press(&Key::Char(' ')),
                key => control.press(&key),
            };
            match reply {
                Some(Reply::Back) if !prompt.navigation.back && prompt.input == ReplyKind::OptionalText => {
                    return Ok(Reply::Skip);
                }
                Some(Reply::Back) if !prompt.navigation.back => {}
                Some(Reply::Explain) if !prompt.navigation.explain => {}
                Some(Reply::Review) if !prompt.navigation.review => {}
                Some(reply) => return Ok(reply),
                None => {}
            }
        }
    }
}

impl Prompter for KeyPrompter {
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        let draft = self.drafts.remove(&prompt.id);
        let mut control: Box<dyn Control> = match prompt.input {
            ReplyKind::One | ReplyKind::Many => Box::new(OptionList::new(prompt, draft.as_ref())),
            ReplyKind::Text | ReplyKind::OptionalText => Box::new(TextField::new(prompt, draft.as_ref())),
        };
        let reply = self.reply(prompt, &mut *control)?;
        let said = match &reply {
            Reply::Answer(answer) => Some(answer_text(prompt, answer)),
            Reply::Skip if prompt.previous.is_some() => Some("Removed".to_owned()),
            Reply::Skip => Some("Left for now".to_owned()),
            Reply::Quit | Reply::Back | Reply::Explain | Reply::Review => None,
        };
        let draft = control.draft().filter(|_| match reply {
            // It comes again at once.
            Reply::Explain => true,
            Reply::Quit | Reply::Back | Reply::Review => prompt.input != ReplyKind::One,
            Reply::Answer(_) | Reply::Skip => false,
        });
        let style = self.style();
        let record = said.filter(|_| !prompt.navigates).map_or_else(String::new, |said| {
            format!("\n{}{}\n", title(prompt, style), style.wrap("> ", &clean(&said)))
        });
        let cleared = self.cleared();
        self.write(&(cleared + &record));
        self.unread = 0;
        if let Some(draft) = draft {
            self.drafts.insert(prompt.id.clone(), draft);
            if reply != Reply::Explain {
                let kept = "Your unfinished answer is not saved. It will be here when you come back.";
                self.tell(&Message::Plain(format!("{} {kept}", prompt.title)));
            }
        }
        Ok(reply)
    }

    fn tell(&mut self, message: &Message) {
        let text = lines_of(message, self.style());
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        // If this fails, so will the next question, which reports it.
        let _ = self.print(&lines);
    }
}

/// What is shown for a prompt.
fn page(prompt: &Prompt<'_>, control: &dyn Control, style: Style) -> PromptPage {
    let lines = |text: String| text.lines().map(str::to_owned).collect();
    let mut keys = control.keys();
    let navigation = prompt.navigation;
    for (there, does) in [
        (navigation.back, "Esc: back."),
        (navigation.explain && control.explains(), "?: why we ask."),
        (navigation.review, "Tab: check your answers or stop."),
    ] {
        if there {
            keys.push(does);
        }
    }
    PromptPage {
        head: lines(head(prompt, style)),
        title: lines(title(prompt, style)),
        body: control.body(style),
        foot: lines(painted(style, Tone::Quiet, &style.wrap("", &keys.join(" ")))),
    }
}
