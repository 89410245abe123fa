//! SARIF 2.1.0, one document over all files, for code scanning and editors.
//!
//! Only what needs somebody's attention is a result: readers of the format show every result as an alert.

use std::fmt::Write as _;

use super::checks::{Check, Given, Standing, checks};
use super::{Checked, Run, Summary, Verdict};
use crate::gate::Passage;
use crate::problem::{Code, Place, Problem, Severity};
use crate::question::Grounds;
use crate::rulebook::Rulebook;
use crate::style::clean;

mod shape;
use shape::{
    Artifact, ArtifactLocation, Configuration, Driver, Hashes, Invocation, Location, Log, Message, MultiformatMessage,
    Notification, PhysicalLocation, Properties, Region, Rule, SarifResult, SarifRun, Tool,
};

pub(super) fn run(run: &Run<'_>) -> String {
    let rules = rules(run);
    let index = |id: &str| rules.iter().position(|rule| rule.id == id);
    let results = run.files.iter().flat_map(|file| results(file, &index)).collect();
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [SarifRun {
            invocations: [Invocation {
                execution_successful: !run.files.iter().any(|file| matches!(file.verdict, Verdict::Unreadable(_))),
                exit_code: run.exit_code(),
                tool_execution_notifications: run.files.iter().filter_map(notification).collect(),
            }],
            artifacts: run.files.iter().filter_map(artifact).collect(),
            results,
            column_kind: "unicodeCodePoints",
            properties: Properties {
                summary: Summary::of(run).to_string(),
                rules_id: run.rulebook.map(|rulebook| clean(&rulebook.id).into_owned()),
                rules_version: run.rulebook.map(|rulebook| clean(&rulebook.version).into_owned()),
                rules_digest: run.rulebook.map(|rulebook| rulebook.digest.clone()),
            },
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules,
                },
            },
        }],
    };
    let mut text = super::json::escaped(&serde_json::to_string_pretty(&log).expect("a log is plain data"));
    text.push('\n');
    text
}

/// Everything a result can be about: all that the rules check, and the codes of the problems found.
fn rules(run: &Run<'_>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = run.rulebook.map(rules_of).unwrap_or_default();
    let mut codes: Vec<Code> =
        run.files.iter().flat_map(|file| file.problems.iter().map(|problem| problem.code)).collect();
    codes.sort_unstable();
    codes.dedup();
    rules.extend(codes.into_iter().map(|code| Rule {
        id: code.to_string(),
        short_description: message(code.title()),
        full_description: message(code.explanation()),
        help: MultiformatMessage {
            text: format!("{}\n\nWrong:\n{}\n\nRight:\n{}", code.explanation(), code.wrong(), code.right()),
            markdown: Some(format!(
                "{}\n\nWrong:\n\n```yaml\n{}\n```\n\nRight:\n\n```yaml\n{}\n```",
                code.explanation(),
                code.wrong(),
                code.right()
            )),
        },
        help_uri: None,
        default_configuration: Configuration { level: level(code.severity()) },
    }));
    rules
}

fn rules_of(rulebook: &Rulebook) -> Vec<Rule> {
    let rule = |id: &str, title: &str, help: &[&str], grounds: &Grounds| {
        let source = format!("Source: {}.", grounds.source);
        let paragraphs = help.iter().copied().chain(grounds.reasoning.as_deref()).chain([source.as_str()]);
        Rule {
            id: id.to_owned(),
            short_description: message(title),
            full_description: message(help.first().copied().unwrap_or(title)),
            help: MultiformatMessage { text: paragraphs.map(text).collect::<Vec<_>>().join("\n\n"), markdown: None },
            help_uri: rulebook.page(&grounds.source).and_then(|page| page.link()).map(str::to_owned),
            default_configuration: Configuration { level: "warning" },
        }
    };
    let criteria = rulebook.criteria.iter().map(|criterion| {
        rule(&criterion.id, &criterion.title, &criterion.says.all().collect::<Vec<_>>(), &criterion.grounds)
    });
    let findings =
        rulebook.findings.iter().map(|finding| rule(&finding.id, &finding.title, &[&finding.says], &finding.grounds));
    let topics = rulebook.topics.iter().map(|topic| rule(&topic.id, &topic.title, &[&topic.prepare], &topic.grounds));
    let obligations = rulebook.obligations.iter().map(|obligation| {
        rule(&obligation.id, &obligation.title, &obligation.says.all().collect::<Vec<_>>(), &obligation.grounds)
    });
    criteria.chain(findings).chain(topics).chain(obligations).collect()
}

fn results(file: &Checked<'_>, index: &dyn Fn(&str) -> Option<usize>) -> Vec<SarifResult> {
    let problems = file.problems.iter().map(|problem| from_problem(file, problem, index));
    let checks = match &file.verdict {
        Verdict::Assessed(report) => checks(report, file.exit_code == 0),
        Verdict::Invalid | Verdict::Unreadable(_) => Vec::new(),
    };
    problems.chain(checks.iter().filter_map(|check| from_check(file, check, index))).collect()
}

fn from_check(file: &Checked<'_>, check: &Check<'_>, index: &dyn Fn(&str) -> Option<usize>) -> Option<SarifResult> {
    let level = match check.standing {
        Standing::Passes | Standing::Unasked => return None,
        Standing::Noted | Standing::Tolerated => "note",
        Standing::Lacking(Passage::Fails) => "error",
        Standing::Lacking(Passage::NeedsDiscussion | Passage::Incomplete | Passage::Passes) => "warning",
    };
    let mut places = check.because.iter().filter_map(Given::place);
    let first = places.next();
    Some(SarifResult {
        rule_id: check.id.to_owned(),
        rule_index: index(check.id),
        level,
        message: message(&format!("{}. {}", check.headline(), check.details().join(" "))),
        locations: location(file, first).into_iter().collect(),
        related_locations: places.filter_map(|place| location(file, Some(place))).collect(),
    })
}

fn from_problem(file: &Checked<'_>, problem: &Problem, index: &dyn Fn(&str) -> Option<usize>) -> SarifResult {
    let hint = problem.hint.as_ref().map_or_else(String::new, |hint| format!(": {hint}"));
    SarifResult {
        rule_id: problem.code.to_string(),
        rule_index: index(problem.code.as_str()),
        level: level(problem.severity()),
        message: message(&format!("{}{hint}", problem.message)),
        locations: location(file, problem.place.as_ref()).into_iter().collect(),
        related_locations: (problem.related.iter())
            .filter_map(|(place, what)| Some(Location { message: Some(message(what)), ..location(file, Some(place))? }))
            .collect(),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A place in the file, or the file as a whole. What came from no file has no location.
fn location(file: &Checked<'_>, place: Option<&Place>) -> Option<Location> {
    let path = file.input.path.as_deref()?;
    let path = place.map_or(path, |place| &place.source.name);
    Some(Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(path) },
            region: place.map(|place| {
                let ((start_line, start_column), (end_line, end_column)) = (place.start(), place.end());
                Region { start_line, start_column, end_line, end_column }
            }),
        },
        message: None,
    })
}

fn artifact(file: &Checked<'_>) -> Option<Artifact> {
    let (path, digest) = (file.input.path.as_ref()?, file.input.digest.as_ref()?);
    Some(Artifact { location: ArtifactLocation { uri: uri(path) }, hashes: Hashes { sha256: digest.clone() } })
}

fn notification(file: &Checked<'_>) -> Option<Notification> {
    match &file.verdict {
        Verdict::Unreadable(reason) => Some(Notification {
            level: "error",
            message: message(reason),
            locations: location(file, None).into_iter().collect(),
        }),
        Verdict::Assessed(_) | Verdict::Invalid => None,
    }
}

fn message(words: &str) -> Message {
    Message { text: text(words) }
}

/// Cleaned, and without anything that a reader of the format would make a link of.
fn text(words: &str) -> String {
    clean(words.trim()).replace("](", "] (")
}

/// A path as a relative reference, or as a `file` URI if it is absolute.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
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
        assert_eq!(uri("products/a b.yaml"), "products/a%20b.yaml");
        assert_eq!(uri("javascript:alert.yaml"), "javascript%3Aalert.yaml");
        assert_eq!(uri("/tmp/é.yaml"), "file:///tmp/%C3%A9.yaml");
    }
}
