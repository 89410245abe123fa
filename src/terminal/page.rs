//! Lays out a prompt so that it fits the window, without a terminal.

use std::ops::Range;

use console::measure_text_width;

use super::keys::Key;
use crate::prompter::Reply;
use crate::question::Answer;
use crate::style::Style;

/// The part of a page that takes keys.
pub(super) trait Control {
    /// The reply to a key, if it completes one. The caller discards replies that the prompt does not allow.
    fn press(&mut self, key: &Key) -> Option<Reply>;

    fn body(&self, style: Style) -> Body;

    /// What the keys do at present.
    fn keys(&self) -> Vec<&'static str>;

    /// Whether "?" asks for the explanation at present.
    fn explains(&self) -> bool;

    /// The unfinished answer that would be lost if the person left now; for a single choice, the row they are on.
    fn draft(&self) -> Option<Answer>;
}

/// One prompt, wrapped into lines.
#[derive(Clone, Debug, Default)]
pub(super) struct PromptPage {
    /// All lines above the answer, with the title.
    pub(super) head: Vec<String>,
    /// The part of the head that is always shown.
    pub(super) title: Vec<String>,
    pub(super) body: Body,
    /// What the keys do.
    pub(super) foot: Vec<String>,
}

/// A control as lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    pub(super) lines: Vec<String>,
    /// The lines of the current row.
    pub(super) focus: Range<usize>,
    /// The cursor's line and column.
    pub(super) cursor: (usize, usize),
}

/// A window's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// Lines as drawn, and the cursor's line and column in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Drawn {
    lines: Vec<String>,
    cursor: (usize, usize),
}

impl Window {
    /// How many rows the lines take, counting those that the terminal wraps.
    pub(super) fn rows_of<'l>(self, lines: impl IntoIterator<Item = &'l String>) -> usize {
        lines.into_iter().map(|line| measure_text_width(line).div_ceil(self.columns.max(1)).max(1)).sum()
    }
}

impl PromptPage {
    /// The whole page, if it fits: with blank lines between its parts, or without.
    pub(super) fn whole(&self, window: Window) -> Option<Drawn> {
        let gap = [String::new()];
        [gap.as_slice(), &[]].into_iter().find_map(|gap| {
            let parts = [&self.head, gap, &self.body.lines, gap, &self.foot];
            let lines: Vec<String> = parts.into_iter().flatten().cloned().collect();
            let (row, column) = self.body.cursor;
            let cursor = (self.head.len() + gap.len() + row, column);
            (window.rows_of(&lines) <= window.rows).then_some(Drawn { lines, cursor })
        })
    }

    /// As much of the page as fits: the title, and the lines around the focus. The foot goes first, then the title.
    pub(super) fn part(&self, window: Window) -> Drawn {
        const LEAST: usize = 4;
        let (title, foot) = (window.rows_of(&self.title), window.rows_of(&self.foot));
        let room = |taken: usize| window.rows.saturating_sub(taken);
        let (title, foot, room): (&[String], &[String], usize) = if room(title + foot) >= LEAST {
            (&self.title, &self.foot, room(title + foot))
        } else if room(title) >= LEAST {
            (&self.title, &[], room(title))
        } else {
            (&[], &[], window.rows)
        };
        let shown = self.body.around_focus(window, room);
        let body = &self.body.lines[shown.clone()];
        // An empty line in front, if there is room.
        let spare = room > window.rows_of(body) && shown.len() == self.body.lines.len() && !title.is_empty();
        let mut lines: Vec<String> = if spare { vec![String::new()] } else { Vec::new() };
        lines.extend_from_slice(title);
        if shown.start > 0 {
            lines.push("  (more above)".to_owned());
        }
        let above = lines.len();
        lines.extend_from_slice(body);
        if shown.end < self.body.lines.len() {
            lines.push("  (more below)".to_owned());
        }
        lines.extend_from_slice(foot);
        let (row, column) = self.body.cursor;
        Drawn { lines, cursor: (above + row.saturating_sub(shown.start), column) }
    }
}

impl Body {
    /// The lines that fit: the focus, and about as many below it as above.
    fn around_focus(&self, window: Window, room: usize) -> Range<usize> {
        let fits = |shown: &Range<usize>| {
            let marks = usize::from(shown.start > 0) + usize::from(shown.end < self.lines.len());
            window.rows_of(&self.lines[shown.clone()]) + marks <= room
        };
        let (mut shown, all) = (self.focus.start..self.focus.start, 0..self.lines.len());
        // The focus itself comes first, and is cut at its end if it must be.
        while shown.end < self.focus.end && fits(&(shown.start..shown.end + 1)) {
            shown.end += 1;
        }
        loop {
            let (below, above) = (shown.start..shown.end + 1, shown.start.wrapping_sub(1)..shown.end);
            let can_below = shown.end < all.end && fits(&below);
            let can_above = shown.start > 0 && fits(&above);
            let more_below = shown.end - self.focus.end.min(shown.end) <= self.focus.start - shown.start;
            match (can_below, can_above) {
                (true, false) => shown = below,
                (false, true) => shown = above,
                (true, true) => shown = if more_below { below } else { above },
                // The last lines may fit together where one of them with a mark does not.
                (false, false) => return if fits(&all) { all } else { shown },
            }
        }
    }
}

impl Drawn {
    pub(super) fn rows(&self, window: Window) -> usize {
        window.rows_of(&self.lines)
    }

    /// The rows below the one with the cursor.
    fn below(&self, window: Window) -> usize {
        self.lines.get(self.cursor.0..).map_or(0, |lines| window.rows_of(lines).saturating_sub(1))
    }

    /// The output that draws it, from an empty line.
    pub(super) fn show(&self, window: Window) -> String {
        format!("{}\r{}{}", self.lines.join("\r\n"), moved(self.below(window), 'A'), moved(self.cursor.1, 'C'))
    }

    /// The output that erases it and moves the cursor to its start. The window may be narrower by now, so that the terminal
    /// has wrapped the lines again.
    pub(super) fn clear(&self, window: Window) -> String {
        let (row, column) = self.cursor;
        let above = window.rows_of(&self.lines[..row.min(self.lines.len())]) + column / window.columns.max(1);
        format!("\r{}\x1b[J", moved(above, 'A'))
    }

    /// The output that moves to an empty line below it.
    pub(super) fn leave(&self, window: Window) -> String {
        format!("{}\r\n", moved(self.below(window), 'B'))
    }
}

/// The output that moves the cursor up (`A`), down (`B`) or to the right (`C`).
fn moved(by: usize, direction: char) -> String {
    if by > 0 { format!("\x1b[{by}{direction}") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn page(focus: Range<usize>) -> PromptPage {
        PromptPage {
            head: lines(&["", "progress", "title", "hint"]),
            title: lines(&["title"]),
            body: Body { lines: lines(&["a", "b", "c", "d", "e", "f", "g", "h"]), cursor: (focus.start, 0), focus },
            foot: lines(&["keys"]),
        }
    }

    #[test]
    fn a_page_is_shown_whole_where_it_fits() {
        let window = |rows| Window { rows, columns: 40 };
        assert_eq!(page(0..1).whole(window(12)), None);
        let drawn = page(0..1).whole(window(13)).expect("room");
        assert_eq!((drawn.rows(window(13)), drawn.cursor), (13, (4, 0)));
        let drawn = page(0..1).whole(window(15)).expect("room");
        assert_eq!((drawn.rows(window(15)), drawn.cursor), (15, (5, 0)), "with its parts set apart");
    }

    #[test]
    fn a_part_has_the_title_the_focus_and_says_that_there_is_more() {
        let window = Window { rows: 8, columns: 40 };
        for focus in 0..8 {
            let drawn = page(focus..focus + 1).part(window);
            assert!(drawn.rows(window) <= window.rows, "{drawn:?}");
            assert_eq!(drawn.lines[0], "title");
            assert_eq!(drawn.lines[drawn.cursor.0], page(0..1).body.lines[focus], "{drawn:?}");
            let (first, last) =
                (drawn.lines.iter().any(|line| line == "a"), drawn.lines.iter().any(|line| line == "h"));
            assert_ne!(first, drawn.lines.contains(&"  (more above)".to_owned()), "{drawn:?}");
            assert_ne!(last, drawn.lines.contains(&"  (more below)".to_owned()), "{drawn:?}");
        }
    }

    #[test]
    fn the_smallest_window_still_shows_the_focus() {
        for (rows, columns) in [(1, 1), (2, 5), (3, 3), (5, 40)] {
            let window = Window { rows, columns };
            let drawn = page(3..4).part(window);
            assert!(rows < 3 || drawn.lines.contains(&"d".to_owned()), "{rows}: {drawn:?}");
        }
    }

    #[test]
    fn a_narrower_window_breaks_the_lines_that_have_to_be_taken_away() {
        let drawn = Drawn { lines: lines(&["0123456789", "x", "0123456789"]), cursor: (2, 6) };
        assert_eq!(drawn.clear(Window { rows: 9, columns: 80 }), "\r\x1b[2A\x1b[J");
        assert_eq!(drawn.clear(Window { rows: 9, columns: 5 }), "\r\x1b[4A\x1b[J");
    }
}
