//! GitHub workflow commands, which show as annotations on the lines of answers files.

use std::fmt::Write as _;

use super::alerts::{AlertLevel, alerts, normal_path};
use super::{Checked, Totals, Verdict};
use crate::problem::Place;
use crate::style::clean;

/// GitHub shows this many annotations for each step.
const SHOWN: usize = 10;

/// The annotations. The most severe come first, as GitHub cuts off the rest.
#[derive(Default)]
pub(super) struct GithubWriter(Vec<(AlertLevel, String)>);

impl super::FormatWriter for GithubWriter {
    fn add(&mut self, file: &Checked<'_>) {
        let (path, record) = (file.input.path.as_deref(), file.input.place.as_ref());
        for alert in alerts(file) {
            self.0.push(command(alert.level, path, alert.place, &alert.title, &alert.lines));
        }
        match &file.verdict {
            Verdict::Assessed(report) => {
                let headline = super::headline(report, file.exit_code);
                self.0.push(command(AlertLevel::Note, path, record, &report.answers.product, &[headline]));
            }
            Verdict::Invalid => {}
            Verdict::Unreadable(reason) => {
                self.0.push(command(AlertLevel::Error, path, record, &file.input.name, &[reason]));
            }
        }
    }

    fn finish(mut self: Box<Self>, totals: &Totals<'_>) -> String {
        self.0.sort_by_key(|(level, _)| *level);
        let errors = self.0.iter().filter(|(level, _)| *level == AlertLevel::Error).count();
        let summary: Vec<String> = std::iter::once(totals.summary.to_string()).chain(totals.remarks()).collect();
        let summary = command(AlertLevel::Note, None, None, "Summary", &summary);
        self.0.insert(errors.min(SHOWN - 1), summary);
        self.0.into_iter().map(|(_, command)| command).collect()
    }
}

/// A workflow command with a message of several lines.
fn command(
    level: AlertLevel,
    path: Option<&str>,
    place: Option<&Place>,
    title: &str,
    lines: &[impl AsRef<str>],
) -> (AlertLevel, String) {
    let name = match level {
        AlertLevel::Error => "error",
        AlertLevel::Warning => "warning",
        AlertLevel::Note => "notice",
    };
    let mut out = format!("::{name} ");
    // The place of a problem in the rules is in another file than the input.
    if let Some(path) = place.map(|place| place.source.name.as_str()).filter(|_| path.is_some()).or(path) {
        let _ = write!(out, "file={},", property(&normal_path(path)));
        if let Some(place) = place {
            let ((line, column), (end_line, end_column)) = (place.start(), place.end());
            let _ = write!(out, "line={line},endLine={end_line},");
            // GitHub refuses columns for a range of several lines.
            if line == end_line {
                let _ = write!(out, "col={column},endColumn={},", end_column.max(column + 1) - 1);
            }
        }
    }
    let lines: Vec<String> = lines.iter().map(|line| data(&clean(line.as_ref()))).collect();
    let _ = writeln!(out, "title={}::{}", property(title), lines.join("%0A"));
    (level, out)
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command, which a colon or a comma would end.
fn property(text: &str) -> String {
    data(&clean(text)).replace(':', "%3A").replace(',', "%2C")
}
