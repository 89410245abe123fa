//! What needs somebody's attention, one by one: the form that annotations, code scanning and code quality have in common.

use std::collections::BTreeMap;

use super::checks::{AnswerGiven, Standing, checks};
use super::{Checked, Verdict};
use crate::digest::sha256;
use crate::gate::Passage;
use crate::problem::{Code, Place, Severity};

/// How much it weighs, the heaviest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AlertLevel {
    Error,
    Warning,
    Note,
}

impl AlertLevel {
    /// `None` for what nobody has to read.
    fn of(standing: Standing) -> Option<Self> {
        match standing {
            Standing::Passes | Standing::Unasked => None,
            Standing::Noted | Standing::Tolerated => Some(Self::Note),
            Standing::Lacking(Passage::Fails) => Some(Self::Error),
            Standing::Lacking(Passage::NeedsDiscussion | Passage::Incomplete | Passage::Passes) => Some(Self::Warning),
        }
    }
}

/// One thing to attend to.
pub(super) struct Alert<'a> {
    /// The id of the criterion, finding, topic or obligation, or the code of the problem.
    pub(super) id: &'a str,
    pub(super) code: Option<Code>,
    pub(super) level: AlertLevel,
    pub(super) title: String,
    pub(super) lines: Vec<String>,
    /// Where it stands, if it stands anywhere.
    pub(super) place: Option<&'a Place>,
    /// Where else to look, and for what.
    pub(super) others: Vec<(&'a Place, Option<&'a str>)>,
}

impl Alert<'_> {
    /// All of it in one line.
    pub(super) fn sentence(&self) -> String {
        match self.code {
            Some(_) => self.lines.join(": "),
            None => format!("{}. {}", self.title, self.lines.join(" ")),
        }
    }
}

/// Everything about a record that needs attention, except that it could not be read.
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
                    .filter_map(AnswerGiven::place)
                    .filter(|other| Some(*other) != place)
                    .map(|place| (place, None))
                    .collect(),
            })
        }));
    }
    alerts
}

/// The path of the file in which something stands. Code scanning and code quality pass over what has none, or refuse all: what
/// came from no file has its name.
pub(super) fn path_of<'a>(file: &'a Checked<'_>, place: Option<&'a Place>) -> &'a str {
    place.map(|place| &place.source.name).or(file.input.path.as_ref()).unwrap_or(&file.input.name)
}

/// The path of a file as the readers of reports compare it: `./x` is `x`.
pub(super) fn address(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    format!("{}{}", if path.starts_with('/') { "/" } else { "" }, parts.join("/"))
}

/// Gives each alert of a document a fingerprint of its own, and the same one in the next document, even if its line has
/// moved.
#[derive(Default)]
pub(super) struct Fingerprints(BTreeMap<String, usize>);

impl Fingerprints {
    /// The fingerprint of the next thing of this kind about a record.
    pub(super) fn next(&mut self, file: &Checked<'_>, id: &str, words: &str) -> String {
        let path = file.input.path.as_deref().map(address).unwrap_or_default();
        let product = file.report().map_or("", |report| &report.answers.product);
        let what = sha256([path.as_bytes(), b"\0", product.as_bytes(), b"\0", id.as_bytes(), b"\0", words.as_bytes()]);
        let count = self.0.entry(what.clone()).or_default();
        *count += 1;
        if *count == 1 { what } else { sha256([what.as_bytes(), count.to_string().as_bytes()]) }
    }

    /// The fingerprint of an alert.
    pub(super) fn of(&mut self, file: &Checked<'_>, alert: &Alert<'_>) -> String {
        self.next(file, alert.id, if alert.code.is_some() { &alert.lines[0] } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn one_file_has_one_address() {
        for (path, wanted) in
            [("./x", "x"), ("x", "x"), ("a//b/./c", "a/b/c"), ("/a/b", "/a/b"), ("../x", "../x"), (".x/y", ".x/y")]
        {
            assert_eq!(address(path), wanted);
        }
    }
}
