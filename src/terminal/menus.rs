//! Asking with menus on a terminal that can move its cursor.

use std::fmt;
use std::io::ErrorKind;

use console::Term;
use dialoguer::theme::Theme;
use dialoguer::{Input as TextInput, Select};

use super::quiet::Quiet;
use super::{Interrupt, head, lines_of, shown, toggled, with_hint};
use crate::prompter::{Input, Prompt, Prompter, Reply, Stop, Words};
use crate::question::Answer;
use crate::style::{Style, Tone, clean};

/// What stands before an item.
const MARK: usize = 2;
/// The lines of a menu that are not items: how to use it, and the one the cursor waits on.
const AROUND: usize = 2;

/// Asks with menus on standard error.
pub struct Menus {
    term: Term,
    colour: bool,
    max_width: usize,
    interrupt: Interrupt,
    quiet: Quiet,
}

/// A line of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Item(usize),
    NotSure,
    /// The items chosen so far are the answer.
    Done,
    Back,
    Explain,
    Review,
    Quit,
}

impl Menus {
    /// Asks on standard error, which must be a terminal.
    #[must_use]
    pub fn new(style: Style, max_width: usize, interrupt: Interrupt) -> Self {
        Self { term: Term::stderr(), colour: style.colour, max_width, interrupt, quiet: Quiet::begin() }
    }

    /// Colour, and the width the terminal has at this moment.
    fn style(&self) -> Style {
        let width = usize::from(self.term.size().1);
        Style { colour: self.colour, width: width.clamp(20, self.max_width) }
    }

    fn write(&self, text: &str) {
        // A terminal that has gone away is found out by the next read.
        let _ = self.term.write_str(text);
    }

    /// What a failed prompt means. The library leaves the cursor hidden.
    fn stop(&self, error: dialoguer::Error) -> Stop {
        let dialoguer::Error::IO(error) = error;
        let _ = self.term.show_cursor();
        let kind = error.kind();
        if kind == ErrorKind::Interrupted || self.interrupt.raised() {
            Stop::Interrupted
        } else if kind == ErrorKind::UnexpectedEof {
            Stop::EndOfInput
        } else {
            Stop::Lost(error)
        }
    }

    /// Whether the hints of the items stand in the menu; where there is no room, they stand above it.
    fn hints_fit(&self, prompt: &Prompt<'_>) -> bool {
        let lines = lines(prompt, Some(1));
        let style = self.style();
        let texts = lines.iter().map(|line| text(prompt, *line, 0, true, style));
        texts.map(|text| text.lines().count()).sum::<usize>() + AROUND <= usize::from(self.term.size().0)
    }

    /// The hints of the items, to stand above the menu.
    fn hints(&self, prompt: &Prompt<'_>) -> String {
        let hinted = prompt.items.iter().filter_map(|item| Some((item, item.hint.as_ref()?)));
        hinted.fold(String::new(), |hints, (item, hint)| {
            hints + &self.style().wrap("- ", &clean(&with_hint(&item.label, hint))) + "\n"
        })
    }

    /// Lets the person pick one line. `None` is Esc.
    fn pick(&self, prompt: &Prompt<'_>, lines: &[Line], chosen: u64, at: usize) -> Result<Option<usize>, Stop> {
        let style = self.style();
        let rows = usize::from(self.term.size().0);
        let hints = self.hints_fit(prompt);
        let texts: Vec<String> = lines.iter().map(|line| text(prompt, *line, chosen, hints, style)).collect();
        let heights: Vec<usize> = texts.iter().map(|text| text.lines().count()).collect();
        let fits = heights.iter().sum::<usize>() + AROUND <= rows;
        let help = match (fits, prompt.moves.back) {
            (true, true) => "Up, down, Enter. Esc goes back.",
            (true, false) => "Up, down, Enter.",
            // The library adds the number of the page.
            (false, true) => "Up, down, Enter, Esc.",
            (false, false) => "Up, down.",
        };
        let theme = Marked { style };
        let mut select = Select::with_theme(&theme).with_prompt(help).items(&texts).default(at).report(false);
        if !fits {
            let room = rows.saturating_sub(AROUND);
            // The library counts items to a page, not lines.
            select = select.max_length(items_to_a_page(&heights, room));
        }
        select.interact_on_opt(&self.term).map_err(|error| self.stop(error))
    }

    fn one(&self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        let lines = lines(prompt, None);
        let at = match &prompt.previous {
            Some(Answer::One(at)) => lines.iter().position(|line| *line == Line::Item(*at)),
            Some(Answer::NotSure) => lines.iter().position(|line| *line == Line::NotSure),
            Some(Answer::Many(_) | Answer::Text(_)) | None => None,
        };
        loop {
            match self.pick(prompt, &lines, 0, at.unwrap_or(0))?.map(|at| lines[at]) {
                Some(Line::Item(at)) => return Ok(Reply::Answer(Answer::One(at))),
                line => {
                    if let Some(reply) = moved(prompt, line) {
                        return Ok(reply);
                    }
                }
            }
        }
    }

    fn many(&self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        let mut chosen = match &prompt.previous {
            Some(Answer::Many(chosen)) => *chosen,
            Some(Answer::NotSure | Answer::One(_) | Answer::Text(_)) | None => 0,
        };
        let mut current = match &prompt.previous {
            Some(Answer::NotSure) => Line::NotSure,
            Some(Answer::Many(_)) => Line::Done,
            Some(Answer::One(_) | Answer::Text(_)) | None => Line::Item(0),
        };
        loop {
            let lines = lines(prompt, Some(chosen));
            let at = lines.iter().position(|line| *line == current).unwrap_or(0);
            match self.pick(prompt, &lines, chosen, at)?.map(|at| lines[at]) {
                Some(Line::Item(at)) => {
                    chosen = toggled(&prompt.items, chosen, at);
                    current = Line::Item(at);
                }
                Some(Line::Done) => return Ok(Reply::Answer(Answer::Many(chosen))),
                line => {
                    if let Some(reply) = moved(prompt, line) {
                        return Ok(reply);
                    }
                }
            }
        }
    }

    fn text(&self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        let style = self.style();
        let mut how = vec!["Enter when done."];
        if prompt.input == Input::OptionalText && prompt.previous.is_none() {
            how.push("Nothing leaves it for now.");
        }
        how.push(match (prompt.moves.back, prompt.moves.explain) {
            (true, true) => "Or type :back, ?, :review or :quit.",
            (true, false) => "Or type :back, :review or :quit.",
            _ => "Or type :quit.",
        });
        let how = super::painted(style, Tone::Quiet, &style.wrap("", &how.join(" ")));
        self.write(&how);
        let earlier = match &prompt.previous {
            Some(Answer::Text(text)) => clean(text).into_owned(),
            _ => String::new(),
        };
        let theme = Marked { style };
        loop {
            let typed = self.typed(&theme, &earlier)?;
            let reply = match typed.trim() {
                ":back" if prompt.moves.back => Reply::Back,
                "?" if prompt.moves.explain => Reply::Explain,
                ":review" if prompt.moves.review => Reply::Review,
                ":quit" => Reply::Quit,
                "" if prompt.input == Input::OptionalText => Reply::Skip,
                "" => continue,
                // Left as it was: the text as saved, not as it was shown.
                same if same == earlier.trim() => prompt.previous.clone().map_or(Reply::Skip, Reply::Answer),
                text => Reply::Answer(Answer::Text(text.to_owned())),
            };
            return Ok(reply);
        }
    }
}

impl Menus {
    /// Takes away what the library leaves of a text that was longer than one line: it clears only the last.
    fn clear_above(&self, typed: &str) {
        let columns = usize::from(self.term.size().1).max(1);
        let filled = MARK + console::measure_text_width(typed);
        let _ = self.term.clear_last_lines(filled.saturating_sub(1) / columns);
    }

    /// A line of text. Lines that are pasted together become one, and are left for the person to look at.
    fn typed(&self, theme: &Marked, earlier: &str) -> Result<String, Stop> {
        let (mut text, mut pasted) = (earlier.to_owned(), false);
        loop {
            let typed: String = TextInput::with_theme(theme)
                .with_initial_text(&text)
                .allow_empty(true)
                .report(false)
                .interact_text_on(&self.term)
                .map_err(|error| self.stop(error))?;
            self.clear_above(&typed);
            let more = self.quiet.more();
            // The last line of a paste may end or not, so only a text that stands still is taken.
            if !more && (!pasted || typed.trim() == text.trim()) {
                return Ok(typed);
            }
            if !pasted {
                let style = self.style();
                let how = style.wrap("", "Several lines became one. Look at it, then Enter.");
                self.write(&super::painted(style, Tone::Quiet, &how));
            }
            pasted = true;
            text = format!("{} ", typed.trim());
        }
    }
}

impl Prompter for Menus {
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        if self.interrupt.raised() {
            return Err(Stop::Interrupted);
        }
        self.write(&head(prompt, self.style()));
        if !self.hints_fit(prompt) {
            self.write(&self.hints(prompt));
        }
        let reply = match prompt.input {
            Input::One => self.one(prompt)?,
            Input::Many => self.many(prompt)?,
            Input::Text | Input::OptionalText => self.text(prompt)?,
        };
        if self.interrupt.raised() {
            return Err(Stop::Interrupted);
        }
        let said = match &reply {
            Reply::Answer(answer) => shown(prompt, answer),
            Reply::Skip => "Left for now".to_owned(),
            Reply::Back => "Back".to_owned(),
            Reply::Explain => "Why we ask this".to_owned(),
            Reply::Review => "Check your answers".to_owned(),
            Reply::Quit => "Save and stop".to_owned(),
        };
        self.write(&(self.style().wrap("> ", &clean(&said)) + "\n"));
        Ok(reply)
    }

    fn tell(&mut self, words: &Words) {
        self.write(&lines_of(words, self.style()));
    }
}

/// The most items to a page so that no page is taller than the room there is.
fn items_to_a_page(heights: &[usize], room: usize) -> usize {
    let fits = |items: &usize| heights.chunks(*items).all(|page| page.iter().sum::<usize>() <= room);
    (1..=heights.len()).rev().find(fits).unwrap_or(1)
}

/// The lines of a menu. `chosen` is what is chosen so far, where several can be.
fn lines(prompt: &Prompt<'_>, chosen: Option<u64>) -> Vec<Line> {
    let mut lines: Vec<Line> = (0..prompt.items.len()).map(Line::Item).collect();
    // With an item that says "none" in its own words, choosing nothing says nothing.
    let has_none = prompt.items.iter().any(|item| item.exclusive);
    if chosen.is_some_and(|chosen| chosen != 0 || !has_none) {
        lines.push(Line::Done);
    }
    let moves = prompt.moves;
    for (there, line) in [
        (prompt.not_sure, Line::NotSure),
        (moves.back, Line::Back),
        (moves.explain, Line::Explain),
        (moves.review, Line::Review),
        (!moves.review, Line::Quit),
    ] {
        if there {
            lines.push(line);
        }
    }
    lines
}

/// What a line that is not an answer of its own kind means. `None` is Esc where there is no way back.
fn moved(prompt: &Prompt<'_>, line: Option<Line>) -> Option<Reply> {
    Some(match line {
        Some(Line::NotSure) => Reply::Answer(Answer::NotSure),
        Some(Line::Back) => Reply::Back,
        Some(Line::Explain) => Reply::Explain,
        Some(Line::Review) => Reply::Review,
        Some(Line::Quit) => Reply::Quit,
        None if prompt.moves.back => Reply::Back,
        None | Some(Line::Item(_) | Line::Done) => return None,
    })
}

/// What stands on a line, wrapped so that the terminal never has to: the library would lose count of its lines.
fn text(prompt: &Prompt<'_>, line: Line, chosen: u64, hints: bool, style: Style) -> String {
    let several = prompt.input == Input::Many;
    let style = Style { width: style.width.saturating_sub(MARK + 2), ..style };
    match line {
        Line::Item(at) => {
            let item = &prompt.items[at];
            let lead = match (several, chosen & (1 << at) != 0) {
                (false, _) => "",
                (true, true) => "[x] ",
                (true, false) => "[ ] ",
            };
            let mut text = style.wrap(lead, &clean(&item.label));
            if let (true, Some(hint)) = (hints, &item.hint) {
                let indent = " ".repeat(lead.len() + 2);
                text += "\n";
                text += &style.wrap(&indent, &clean(hint));
            }
            text
        }
        Line::NotSure => "Not sure".to_owned(),
        Line::Done if chosen == 0 => "None of these".to_owned(),
        Line::Done => format!("Done, {} chosen", chosen.count_ones()),
        Line::Back => "< Back".to_owned(),
        Line::Explain => "? Why we ask this".to_owned(),
        Line::Review => style.wrap("= ", "Check your answers, or stop"),
        Line::Quit => "x Save and stop".to_owned(),
    }
}

/// How menus look: a mark before the line the person is on, colour only beside it.
struct Marked {
    style: Style,
}

impl Theme for Marked {
    fn format_select_prompt(&self, f: &mut dyn fmt::Write, prompt: &str) -> fmt::Result {
        write!(f, "{}", self.style.paint(Tone::Quiet, prompt))
    }

    fn format_select_prompt_item(&self, f: &mut dyn fmt::Write, text: &str, active: bool) -> fmt::Result {
        for (at, line) in text.lines().enumerate() {
            let lead = match (at, active) {
                (0, true) => "> ",
                (0, false) => "  ",
                _ => "\n  ",
            };
            let line = if active { self.style.paint(Tone::Strong, line) } else { line.to_owned() };
            write!(f, "{lead}{line}")?;
        }
        Ok(())
    }

    fn format_input_prompt(&self, f: &mut dyn fmt::Write, _: &str, _: Option<&str>) -> fmt::Result {
        write!(f, "> ")
    }
}
