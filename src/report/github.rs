//! Workflow commands that GitHub shows as annotations on the lines of the answers files.

use std::fmt::Write as _;

use super::checks::{Check, Standing, checks};
use super::{Checked, Totals, Verdict};
use crate::gate::Passage;
use crate::problem::{Place, Problem};
use crate::style::clean;

#[derive(Default)]
pub(super) struct Pages(String);

impl super::Pages for Pages {
    fn add(&mut self, file: &Checked<'_>) {
        annotate(&mut self.0, file);
    }

    fn finish(mut self: Box<Self>, totals: &Totals) -> String {
        command(&mut self.0, "notice", None, None, "Summary", &[totals.summary.to_string()]);
        self.0
    }
}

fn annotate(out: &mut String, file: &Checked<'_>) {
    let (path, record) = (file.input.path.as_deref(), file.input.place.as_ref());
    for problem in &file.problems {
        self::problem(out, path, problem, file.at(problem.place.as_ref()));
    }
    match &file.verdict {
        Verdict::Assessed(report) => {
            command(out, "notice", path, record, &report.answers.product, &[super::headline(report, file.exit_code)]);
            for check in checks(report, file.exit_code == 0) {
                self::check(out, path, &check, file.at(check.place()));
            }
        }
        Verdict::Invalid => {}
        Verdict::Unreadable(reason) => command(out, "error", path, record, &file.input.name, &[reason]),
    }
}

fn check(out: &mut String, path: Option<&str>, check: &Check<'_>, place: Option<&Place>) {
    let level = match check.standing {
        Standing::Passes | Standing::Unasked => return,
        Standing::Noted | Standing::Tolerated => "notice",
        Standing::Lacking(Passage::Fails) => "error",
        Standing::Lacking(Passage::NeedsDiscussion | Passage::Incomplete | Passage::Passes) => "warning",
    };
    command(out, level, path, place, &check.headline(), &check.details());
}

fn problem(out: &mut String, path: Option<&str>, problem: &Problem, place: Option<&Place>) {
    let title = format!("{} {}", problem.code, problem.code.title());
    let lines: Vec<&str> = std::iter::once(problem.message.as_str()).chain(problem.hint.as_deref()).collect();
    command(out, problem.severity().id(), path, place, &title, &lines);
}

/// One workflow command with a message of several lines.
fn command(
    out: &mut String,
    level: &str,
    path: Option<&str>,
    place: Option<&Place>,
    title: &str,
    lines: &[impl AsRef<str>],
) {
    let _ = write!(out, "::{level} ");
    // Rules have places in files of their own, answers only ever in the file at hand.
    if let Some(path) = place.map(|place| place.source.name.as_str()).filter(|_| path.is_some()).or(path) {
        let _ = write!(out, "file={},", property(path));
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
        let mut out = String::new();
        command(&mut out, "error", Some("a,line=9:b.yaml"), None, "50%, x::y", &["one\n::stop-commands::x\r", "two"]);
        assert_eq!(
            out,
            "::error file=a%2Cline=9%3Ab.yaml,title=50%25%2C x%3A%3Ay::one \\u{3a}:stop-commands::x\\u{d}%0Atwo\n"
        );
    }
}
