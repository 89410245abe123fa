//! Asking with keys on a terminal that can move its cursor. What is asked is drawn anew after every key, and whenever
//! the window changes, so nothing stale is left. The cursor is never hidden: it stands where the person is.

use std::fmt::Write as _;

use console::Term;

use super::control::{Control, Pressed};
use super::field::Field;
use super::keyboard::{Event, Keyboard};
use super::keys::Key;
use super::menu::Menu;
use super::page::{Body, Drawn, Page, Window};
use super::signals::Signals;
use super::{head, lines_of, painted, shown};
use crate::prompter::{Input, Prompt, Prompter, Reply, Stop, Words};
use crate::style::{Style, Tone, clean};

/// Asks with menus on standard error.
pub struct Menus {
    term: Term,
    colour: bool,
    max_width: usize,
    keyboard: Keyboard,
    /// What is on the screen and will be taken away again.
    drawn: Option<Drawn>,
    /// How many rows were written since the person last pressed a key.
    unread: usize,
}

/// What the person has seen of a prompt.
#[derive(Debug, Default)]
struct Seen {
    /// The window it was seen in.
    window: Option<Window>,
    /// Whether what stands above the answer was written to stay, because the window is too small for all of it.
    printed: bool,
}

impl Menus {
    /// Asks on standard error, which must be a terminal, as standard input must be.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn new(style: Style, max_width: usize, signals: Signals) -> std::io::Result<Self> {
        let keyboard = Keyboard::begin(signals)?;
        Ok(Self { term: Term::stderr(), colour: style.colour, max_width, keyboard, drawn: None, unread: 0 })
    }

    fn window(&self) -> Window {
        let (rows, columns) = self.term.size();
        Window { rows: rows.into(), columns: columns.into() }
    }

    /// Colour, and the width the terminal has at this moment. The last column stays free: terminals differ in what they
    /// do behind it.
    #[must_use]
    pub fn style(&self) -> Style {
        let width = self.window().columns.saturating_sub(1);
        Style { colour: self.colour, width: width.clamp(20, self.max_width), links: false }
    }

    fn write(&self, text: &str) {
        // A terminal that has gone away is found out by the next read.
        let _ = self.term.write_str(text);
    }

    /// Takes away what was drawn, and draws this in its place.
    fn draw(&mut self, drawn: Drawn) {
        let text = self.cleared() + &drawn.show(self.window());
        self.write(&text);
        self.drawn = Some(drawn);
    }

    /// What takes away what was drawn.
    fn cleared(&mut self) -> String {
        self.drawn.take().map(|drawn| drawn.clear(self.window())).unwrap_or_default()
    }

    /// Writes lines that stay, one window at a time.
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

    /// Waits for a key if so many more rows would push out of the window what has not been read yet.
    fn make_room(&mut self, rows: usize) -> Result<(), Stop> {
        while self.unread > 0 && self.unread + rows > self.window().rows {
            let more = self.style().paint(Tone::Quiet, "(Press any key for more.)");
            let body = Body { lines: vec![more], focus: 0..1, cursor: (0, 0) };
            let page = Page { body, ..Page::default() };
            self.draw(page.part(self.window()));
            if self.event()?.is_some() {
                self.unread = 0;
            }
            let cleared = self.cleared();
            self.write(&cleared);
        }
        Ok(())
    }

    /// The next key, or `None` if what is asked has to be drawn anew.
    fn event(&mut self) -> Result<Option<Key>, Stop> {
        let event = self.keyboard.next().inspect_err(|_| self.leave())?;
        Ok(match event {
            Event::Key(key) => Some(key),
            Event::Resized => None,
            Event::Suspend => {
                let cleared = self.cleared();
                self.write(&cleared);
                self.keyboard.suspend();
                None
            }
            Event::Resumed => {
                // The cursor may be anywhere in it.
                self.drawn = None;
                self.write("\r\x1b[J");
                None
            }
        })
    }

    /// Leaves what is asked where it is, for whoever writes next.
    fn leave(&mut self) {
        if let Some(drawn) = self.drawn.take() {
            let text = drawn.leave(self.window());
            self.write(&text);
        }
    }

    /// Shows a page: whole, or all that stands above the answer first, to be read before the rest.
    fn show(&mut self, page: &Page, seen: &mut Seen) -> Result<(), Stop> {
        let window = self.window();
        if !seen.printed
            && let Some(drawn) = page.whole(window)
        {
            self.make_room(drawn.rows(window))?;
            self.draw(drawn);
        } else {
            if seen.window.is_none_or(|seen| seen.rows > window.rows || seen.columns > window.columns) {
                self.print(&page.head)?;
                seen.printed = true;
            }
            let drawn = page.part(window);
            self.make_room(drawn.rows(window))?;
            self.draw(drawn);
        }
        seen.window = Some(window);
        Ok(())
    }

    /// Waits for a reply. Draws anew after every key.
    fn reply(&mut self, prompt: &Prompt<'_>, control: &mut dyn Control) -> Result<Reply, Stop> {
        let mut seen = Seen::default();
        loop {
            let page = page(prompt, control, self.style());
            self.show(&page, &mut seen)?;
            let Some(key) = self.event()? else { continue };
            self.unread = 0;
            let text = !matches!(prompt.input, Input::One | Input::Many);
            let pressed = match key {
                Key::Escape => Pressed::Back,
                Key::Tab if prompt.moves.review => return Ok(Reply::Review),
                // Lines pasted into a terminal that does not mark pastes.
                Key::Enter if text && self.keyboard.more() => control.press(&Key::Char(' ')),
                key => control.press(&key),
            };
            match pressed {
                Pressed::Reply(reply) => return Ok(reply),
                Pressed::Back if prompt.moves.back => return Ok(Reply::Back),
                Pressed::Back if prompt.input == Input::OptionalText => return Ok(Reply::Skip),
                Pressed::Explain if prompt.moves.explain => return Ok(Reply::Explain),
                Pressed::Back | Pressed::Explain | Pressed::Nothing => {}
            }
        }
    }
}

impl Prompter for Menus {
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        let reply = match prompt.input {
            Input::One | Input::Many => self.reply(prompt, &mut Menu::new(prompt))?,
            Input::Text | Input::OptionalText => self.reply(prompt, &mut Field::new(prompt))?,
        };
        let said = match &reply {
            Reply::Answer(answer) => Some(shown(prompt, answer)),
            Reply::Skip => Some("Left for now".to_owned()),
            Reply::Quit | Reply::Back | Reply::Explain | Reply::Review => None,
        };
        let style = self.style();
        let mut record = self.cleared();
        if let Some(said) = said.filter(|_| !prompt.navigates) {
            let title = painted(style, Tone::Strong, &style.wrap("", &clean(&prompt.title)));
            let _ = write!(record, "\n{title}{}\n", style.wrap("> ", &clean(&said)));
        }
        self.write(&record);
        self.unread = 0;
        Ok(reply)
    }

    fn tell(&mut self, words: &Words) {
        let text = lines_of(words, self.style());
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        // Whatever keeps it from being told keeps the next question from being asked.
        let _ = self.print(&lines);
    }
}

/// What is shown for a prompt.
fn page(prompt: &Prompt<'_>, control: &dyn Control, style: Style) -> Page {
    let lines = |text: String| text.lines().map(str::to_owned).collect();
    let mut keys = control.keys();
    let moves = prompt.moves;
    for (there, does) in [
        (moves.back, "Esc: back."),
        (moves.explain && control.explains(), "?: why we ask."),
        (moves.review, "Tab: check your answers or stop."),
    ] {
        if there {
            keys.push(does);
        }
    }
    Page {
        head: lines(head(prompt, style)),
        title: lines(painted(style, Tone::Strong, &style.wrap("", &clean(&prompt.title)))),
        body: control.body(style),
        foot: lines(painted(style, Tone::Quiet, &style.wrap("", &keys.join(" ")))),
    }
}
