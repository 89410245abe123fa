//! A list of everything that needs attention, as annotations, code scanning and code quality need it.

use std::collections::BTreeMap;

use super::checks::{GivenAnswer, Standing, checks};
use super::{Checked, Verdict};
use crate::digest::sha256;
use crate::gate::Passage;
use crate::problem::{Code, Place, Severity};

/// The severity, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AlertLevel {
    Error,
    Warning,
    Note,
}

impl AlertLevel {
    /// `None` for a check that needs no attention.
    fn of(standing: Standing) -> Option<Self> {
        match standing {
            Standing::Passes | Standing::NotRequired => None,
            Standing::Noted | Standing::Tolerated => Some(Self::Note),
            Standing::Lacking(Passage::Fails) => Some(Self::Error),
            Standing::Lacking(Passage::NeedsDiscussion | Passage::Incomplete | Passage::Passes) => Some(Self::Warning),
        }
    }
}

/// One thing that needs attention.
pub(super) struct Alert<'a> {
    /// The id of the criterion, finding, topic or obligation, or the code of the problem.
    pub(super) id: &'a str,
    pub(super) code: Option<Code>,
    pub(super) level: AlertLevel,
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    pub(super) place: Option<&'a Place>,
    /// Further places, with what is there.
    pub(super) others: Vec<(&'a Place, Option<&'a str>)>,
}

impl Alert<'_> {
    /// The whole alert in one line.
    pub(super) fn sentence(&self) -> String {
        match self.code {
            Some(_) => self.lines.join(": "),
            None => format!("{}. {}", self.title, self.lines.join(" ")),
        }
    }
}

/// The alerts of a record, except that it could not be read.
pub(super) fn alerts<'a>(file: &'a Checked<'_>) -> Vec<Alert<'a>> {
    let problems = file.problems.iter().map(|problem| Alert {
        id: problem.code.as_str(),
        code: Some(problem.code),
        level: match problem.severity {
            Severity::Error => AlertLevel::Error,
            Severity::Warning => AlertLevel::Warning,
        },
        title: format!("{} {}", problem.code, problem.code.title()),
        lines: std::iter::once(&problem.message).chain(&problem.hint).cloned().collect(),
        place: file.at(problem.place.as_ref()),
        others: problem.related.iter().map(|(place, what)| (place, Some(what.as_str()))).collect(),
    });
    let mut alerts: Vec<Alert<'_>> = problems.collect();
    if let Verdict::Assessed(report) = &file.verdict {
        let checks = checks(report, file.exit_code == 0).into_iter();
        alerts.extend(checks.filter_map(|check| {
            let place = check.place();
            Some(Alert {
                id: check.id,
                code: None,
                level: AlertLevel::of(check.standing)?,
                title: check.headline(),
                lines: check.details(),
                place: file.at(place),
                others: check
                    .because
                    .iter()
                    .filter_map(GivenAnswer::place)
                    .filter(|other| Some(*other) != place)
                    .map(|place| (place, None))
                    .collect(),
            })
        }));
    }
    alerts
}

/// The path of the file that a place is in. Code scanning and code quality demand one, so input without a file has its name
/// as path.
pub(super) fn path_of<'a>(file: &'a Checked<'_>, place: Option<&'a Place>) -> &'a str {
    place.map(|place| &place.source.name).or(file.input.path.as_ref()).unwrap_or(&file.input.name)
}

/// The path of a file in the form that the readers of reports compare: `./x` is `x`.
pub(super) fn normal_path(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    format!("{}{}", if path.starts_with('/') { "/" } else { "" }, parts.join("/"))
}

/// Gives each alert a unique fingerprint that stays the same in later documents, even if its line has moved.
#[derive(Default)]
pub(super) struct Fingerprints(BTreeMap<String, usize>);

impl Fingerprints {
    /// The fingerprint of the next alert with this id and text.
    pub(super) fn next(&mut self, file: &Checked<'_>, id: &str, words: &str) -> String {
        let path = file.input.path.as_deref().map(normal_path).unwrap_or_default();
        let product = file.report().map_or("", |report| &report.answers.product);
        let what = sha256([path.as_bytes(), b"\0", product.as_bytes(), b"\0", id.as_bytes(), b"\0", words.as_bytes()]);
        let count = self.0.entry(what.clone()).or_default();
        *count += 1;
        if *count == 1 { what } else { sha256([what.as_bytes(), count.to_string().as_bytes()]) }
    }

    pub(super) fn of(&mut self, file: &Checked<'_>, alert: &Alert<'_>) -> String {
        self.next(file, alert.id, if alert.code.is_some() { &alert.lines[0] } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::normal_path;

    #[test]
    fn one_file_has_one_address() {
        for (path, wanted) in
            [("./x", "x"), ("x", "x"), ("a//b/./c", "a/b/c"), ("/a/b", "/a/b"), ("../x", "../x"), (".x/y", ".x/y")]
        {
            assert_eq!(normal_path(path), wanted);
        }
    }
}
