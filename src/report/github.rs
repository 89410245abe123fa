//! Workflow commands that GitHub shows as annotations on the lines of the answers files.

use std::fmt::Write as _;

use super::alerts::{Level, address, alerts};
use super::{Checked, Totals, Verdict};
use crate::problem::Place;
use crate::style::clean;

/// GitHub shows no more annotations of one step.
const SHOWN: usize = 10;

/// The annotations, the heaviest first, so that what is not shown weighs least.
#[derive(Default)]
pub(super) struct Pages(Vec<(Level, String)>);

impl super::Pages for Pages {
    fn add(&mut self, file: &Checked<'_>) {
        let (path, record) = (file.input.path.as_deref(), file.input.place.as_ref());
        for alert in alerts(file) {
            self.command(alert.level, path, alert.place, &alert.title, &alert.lines);
        }
        match &file.verdict {
            Verdict::Assessed(report) => {
                self.command(
                    Level::Note,
                    path,
                    record,
                    &report.answers.product,
                    &[super::headline(report, file.exit_code)],
                );
            }
            Verdict::Invalid => {}
            Verdict::Unreadable(reason) => self.command(Level::Error, path, record, &file.input.name, &[reason]),
        }
    }

    fn finish(mut self: Box<Self>, totals: &Totals) -> String {
        self.0.sort_by_key(|(level, _)| *level);
        let errors = self.0.iter().filter(|(level, _)| *level == Level::Error).count();
        let summary = command(Level::Note, None, None, "Summary", &[totals.summary.to_string()]);
        self.0.insert(errors.min(SHOWN - 1), (Level::Note, summary));
        self.0.into_iter().map(|(_, command)| command).collect()
    }
}

impl Pages {
    fn command(
        &mut self,
        level: Level,
        path: Option<&str>,
        place: Option<&Place>,
        title: &str,
        lines: &[impl AsRef<str>],
    ) {
        self.0.push((level, command(level, path, place, title, lines)));
    }
}

/// One workflow command with a message of several lines.
fn command(level: Level, path: Option<&str>, place: Option<&Place>, title: &str, lines: &[impl AsRef<str>]) -> String {
    let level = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut out = format!("::{level} ");
    // Rules have places in files of their own, answers only ever in the file at hand.
    if let Some(path) = place.map(|place| place.source.name.as_str()).filter(|_| path.is_some()).or(path) {
        let _ = write!(out, "file={},", property(&address(path)));
        if let Some(place) = place {
            let ((line, column), (end_line, end_column)) = (place.start(), place.end());
            let _ = write!(out, "line={line},endLine={end_line},");
            // Columns on several lines are refused.
            if line == end_line {
                let _ = write!(out, "col={column},endColumn={},", end_column.max(column + 1) - 1);
            }
        }
    }
    let lines: Vec<String> = lines.iter().map(|line| data(&clean(line.as_ref()))).collect();
    let _ = writeln!(out, "title={}::{}", property(title), lines.join("%0A"));
    out
}

/// Escaped as the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escaped as a property of a command, where a colon or a comma would end it.
fn property(text: &str) -> String {
    data(&clean(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_begin_a_command_or_a_property() {
        let lines = ["one\n::stop-commands::x\r", "two"];
        let out = command(Level::Error, Some("a,line=9:b.yaml"), None, "50%, x::y", &lines);
        assert_eq!(
            out,
            "::error file=a%2Cline=9%3Ab.yaml,title=50%25%2C x%3A%3Ay::one \\u{3a}:stop-commands::x\\u{d}%0Atwo\n"
        );
    }
}
