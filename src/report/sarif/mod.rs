//! SARIF 2.1.0: one document over all files, for code scanning and editors.
//!
//! Only what needs attention is a result, because readers of the format show every result as an alert.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::alerts::{Alert, AlertLevel, Fingerprints, alerts, normal_path, path_of};
use super::{Checked, Totals, Verdict};
use crate::problem::{Code, Place};
use crate::rulebook::{Page, PartValue, RuleKind, Rulebook};
use crate::style::{clean, escaped_json};

mod shape;
use shape::{
    ArtifactLocation, Location, Log, Message, PartialFingerprints, PhysicalLocation, Region, SarifResult, SarifRun,
};

#[derive(Default)]
pub(super) struct SarifWriter {
    /// What results refer to: the rules that are checked, and the codes of the problems found.
    rules: Vec<Value>,
    results: Vec<SarifResult>,
    fingerprints: Fingerprints,
    artifacts: Vec<Value>,
    notifications: Vec<Value>,
}

impl SarifWriter {
    pub(super) fn new(rulebook: Option<&Rulebook>) -> Self {
        Self { rules: rulebook.map(rules_of).unwrap_or_default(), ..Self::default() }
    }

    /// The index of a rule, if there is one with this id.
    fn rule(&self, id: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule["id"] == id)
    }
}

impl super::FormatWriter for SarifWriter {
    fn add(&mut self, file: &Checked<'_>) {
        for alert in alerts(file) {
            let known = self.rule(alert.id);
            let index = known.or_else(|| {
                self.rules.push(rule_of(alert.code?));
                Some(self.rules.len() - 1)
            });
            let fingerprint = self.fingerprints.of(file, &alert);
            self.results.push(result(file, &alert, index, fingerprint));
        }
        if let Verdict::Unreadable(reason) = &file.verdict {
            let location = location(file, file.input.place.as_ref());
            self.notifications.push(json!({"level": "error", "message": message(reason), "locations": [location]}));
        }
        self.artifacts.extend(artifact(file));
    }

    fn finish(self: Box<Self>, totals: &Totals<'_>) -> String {
        let property = |get: fn(&Rulebook) -> &str| totals.rulebook.map(|rulebook| clean(get(rulebook)));
        // With these codes a product is missing that was not assessed, so that no alert of it can be taken for mended.
        let unassessed = matches!(totals.exit_code, 1 | 2);
        let log = Log {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [SarifRun {
                invocations: json!([{
                    "executionSuccessful": !unassessed,
                    "exitCode": totals.exit_code,
                    "toolExecutionNotifications": self.notifications,
                }]),
                artifacts: self.artifacts,
                results: self.results,
                column_kind: "unicodeCodePoints",
                properties: json!({
                    "summary": totals.summary.to_string(),
                    "disclaimer": property(|rulebook| &rulebook.disclaimer),
                    "set": totals.set().as_deref().map(clean),
                    "rulesId": property(|rulebook| &rulebook.id),
                    "rulesVersion": property(|rulebook| &rulebook.version),
                    "rulesDigest": property(|rulebook| &rulebook.digest),
                }),
                tool: json!({"driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": self.rules,
                }}),
            }],
        };
        let mut text = escaped_json(&serde_json::to_string_pretty(&log).expect("a log is plain data")).into_owned();
        text.push('\n');
        text
    }
}

/// A problem code as a SARIF rule.
fn rule_of(code: Code) -> Value {
    let (explanation, wrong, right) = (code.explanation(), code.wrong(), code.right());
    json!({
        "id": code.as_str(),
        "shortDescription": message(code.title()),
        "fullDescription": message(explanation),
        "help": {
            "text": format!("{explanation}\n\nWrong:\n{wrong}\n\nRight:\n{right}"),
            "markdown": format!("{explanation}\n\nWrong:\n\n```yaml\n{wrong}\n```\n\nRight:\n\n```yaml\n{right}\n```"),
        },
        "defaultConfiguration": {"level": code.severity().id()},
    })
}

/// The kinds of rule that results refer to.
const CHECKED: [RuleKind; 4] = [RuleKind::Criterion, RuleKind::Finding, RuleKind::Topic, RuleKind::Obligation];

/// The checked rules as SARIF rules.
fn rules_of(rulebook: &Rulebook) -> Vec<Value> {
    let checked = rulebook.rules().into_iter().filter(|rule| CHECKED.contains(&rule.kind()));
    checked
        .map(|rule| {
            let (id, title) = (rule.id().into_owned(), rule.title().unwrap_or_default());
            let parts = rule.parts();
            let says = parts.iter().filter_map(|part| match part.value {
                PartValue::Text(text) => Some(text.as_str()),
                _ => None,
            });
            let says: Vec<&str> = says.collect();
            let source = rule.grounds().map(|grounds| format!("Source: {}.", grounds.source));
            let reasoning = rule.grounds().and_then(|grounds| grounds.reasoning.as_deref());
            let help = says.iter().copied().chain(reasoning).chain(source.as_deref());
            let page = rule.grounds().and_then(|grounds| rulebook.page(&grounds.source.id));
            let mut rule = json!({
                "id": id,
                "shortDescription": message(title),
                "fullDescription": message(says.first().copied().unwrap_or(title)),
                "help": {"text": help.map(text).collect::<Vec<_>>().join("\n\n")},
                "defaultConfiguration": {"level": "warning"},
            });
            if let Some(link) = page.and_then(Page::link) {
                rule["helpUri"] = link.into();
            }
            rule
        })
        .collect()
}

fn result(file: &Checked<'_>, alert: &Alert<'_>, index: Option<usize>, fingerprint: String) -> SarifResult {
    let other =
        |(place, what): &(&Place, Option<&str>)| Location { message: what.map(message), ..location(file, Some(place)) };
    SarifResult {
        rule_id: alert.id.to_owned(),
        rule_index: index,
        level: match alert.level {
            AlertLevel::Error => "error",
            AlertLevel::Warning => "warning",
            AlertLevel::Note => "note",
        },
        message: message(&alert.sentence()),
        locations: [location(file, alert.place)],
        related_locations: alert.others.iter().map(other).collect(),
        partial_fingerprints: PartialFingerprints { primary_location_line_hash: fingerprint },
    }
}

/// A place in a file, or the whole file.
fn location(file: &Checked<'_>, place: Option<&Place>) -> Location {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(path_of(file, place)) },
            region: place.map(|place| {
                let ((start_line, start_column), (end_line, end_column)) = (place.start(), place.end());
                Region { start_line, start_column, end_line, end_column }
            }),
        },
        message: None,
    }
}

/// The file with its digest. A path that is not Unicode cannot be written down, so such a file is left out.
fn artifact(file: &Checked<'_>) -> Option<Value> {
    let path = file.input.path.as_ref().filter(|path| !path.contains(char::REPLACEMENT_CHARACTER))?;
    Some(json!({"location": {"uri": uri(path)}, "hashes": {"sha-256": file.input.digest.as_ref()?}}))
}

fn message(words: &str) -> Message {
    Message { text: text(words) }
}

/// Cleaned text in which nothing is a link to readers of SARIF.
fn text(words: &str) -> String {
    clean(words.trim()).replace("](", "] (")
}

/// A path as a relative reference, or as a `file` URI if it is absolute.
fn uri(path: &str) -> String {
    let path = normal_path(path);
    let mut encoded = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    match path.as_bytes() {
        [b'/', ..] => format!("file://{encoded}"),
        [drive, b':', b'/', ..] if drive.is_ascii_alphabetic() && cfg!(windows) => format!("file:///{encoded}"),
        _ => encoded,
    }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_encoded_and_cannot_be_taken_for_a_scheme() {
        assert_eq!(uri("./products/a b.yaml"), "products/a%20b.yaml");
        assert_eq!(uri("javascript:alert.yaml"), "javascript%3Aalert.yaml");
        assert_eq!(uri("/tmp/é.yaml"), "file:///tmp/%C3%A9.yaml");
    }
}
