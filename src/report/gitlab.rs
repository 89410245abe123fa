//! Code Quality for GitLab: a JSON array over all files.

use serde::Serialize;

use super::alerts::{AlertLevel, Fingerprints, alerts, normal_path, path_of};
use super::{Checked, Totals, Verdict};
use crate::problem::Place;
use crate::style::{clean, escaped_json};

#[derive(Default)]
pub(super) struct GitlabWriter {
    fingerprints: Fingerprints,
    issues: Vec<CodeQualityIssue>,
}

/// The keys that GitLab needs. It silently ignores an issue that lacks one of them.
#[derive(Serialize)]
struct CodeQualityIssue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

impl super::FormatWriter for GitlabWriter {
    fn add(&mut self, file: &Checked<'_>) {
        for alert in alerts(file) {
            self.issues.push(CodeQualityIssue {
                description: clean(&alert.sentence()).into_owned(),
                check_name: alert.id.to_owned(),
                fingerprint: self.fingerprints.of(file, &alert),
                severity: match alert.level {
                    AlertLevel::Error => "major",
                    AlertLevel::Warning => "minor",
                    AlertLevel::Note => "info",
                },
                location: location(file, alert.place),
            });
        }
        if let Verdict::Unreadable(reason) = &file.verdict {
            self.issues.push(CodeQualityIssue {
                description: clean(reason).into_owned(),
                check_name: "can_be_read".to_owned(),
                fingerprint: self.fingerprints.next(file, "can_be_read", ""),
                severity: "blocker",
                location: location(file, file.input.place.as_ref()),
            });
        }
    }

    fn finish(mut self: Box<Self>, totals: &Totals<'_>) -> String {
        // There is no place for what is said once of all files.
        if let Some(set) = totals.set() {
            self.issues.iter_mut().for_each(|issue| issue.description.extend([" ", &clean(&set)]));
        }
        let text = serde_json::to_string_pretty(&self.issues).expect("issues are plain data");
        format!("{}\n", escaped_json(&text))
    }
}

/// The location of an issue. GitLab needs a line for every issue.
fn location(file: &Checked<'_>, place: Option<&Place>) -> Location {
    Location {
        path: clean(&normal_path(path_of(file, place))).into_owned(),
        lines: Lines { begin: place.map_or(1, Place::line) },
    }
}
