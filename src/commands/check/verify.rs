//! `check --verify`: whether a stored report still follows from the files.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::super::{INVALID, Session};
use crate::files;
use crate::intake::Checked;
use crate::report;
use crate::style::clean;
use crate::wording::counted;

/// Keys that may differ: the version of the program, and the path that depends on the working directory.
const IGNORED: [&str; 2] = ["tool.version", "input.file"];
/// The most differences shown of one report.
const MAX_SHOWN: usize = 20;
/// Longer values are cut.
const MAX_VALUE: usize = 100;

/// The reports of a run, as values.
#[derive(Default)]
pub(super) struct Verified(Vec<Value>);

impl Verified {
    pub(super) fn add(&mut self, record: &Checked<'_>) {
        self.0.push(report::value(record));
    }

    /// Compares the reports in a file with these. The exit code is that of the run if they are the same.
    pub(super) fn compare(self, path: &Path, exit_code: u8, session: &mut Session<'_>) -> Result<u8> {
        let name = files::display_name(path);
        let stored = session.read_report(path)?;
        let stored = match reports(&stored) {
            Ok(stored) => stored,
            Err(reason) => {
                let hint = "name a file that `check --format json` wrote";
                return Err(session.usage_error(&format!("`{name}` holds no reports: {reason:#}"), hint));
            }
        };
        let differences = differences(&stored, &self.0);
        let verdict = if differences.is_empty() { "follows" } else { "does not follow" };
        let mut text = format!("`{}` {verdict} from the files and rules named\n", clean(&name));
        for difference in differences.iter().take(MAX_SHOWN) {
            let _ = writeln!(text, "- {}", clean(difference));
        }
        if differences.len() > MAX_SHOWN {
            let _ = writeln!(text, "… and {} more", differences.len() - MAX_SHOWN);
        }
        session.print(&text)?;
        Ok(if differences.is_empty() { exit_code } else { INVALID })
    }
}

/// The differences between stored reports and new ones, as sentences.
fn differences(stored: &[Value], now: &[Value]) -> Vec<String> {
    let mut differences = Vec::new();
    if stored.len() != now.len() {
        let (held, named) = (counted(stored.len(), "report"), counted(now.len(), "file"));
        differences.push(format!("it holds {held}, and the command names {named}"));
    }
    for (index, (stored, new)) in stored.iter().zip(now).enumerate() {
        let at = if now.len() == 1 { String::new() } else { format!("report {}, ", index + 1) };
        let mut found = Vec::new();
        compare("", stored, new, &mut |difference| found.push(difference));
        // Different inputs explain all other differences, so they come first.
        found.sort_by_key(|difference| !difference.starts_with("rules.") && !difference.starts_with("input."));
        differences.extend(found.into_iter().map(|difference| format!("{at}{difference}")));
    }
    differences
}

/// The JSON values of a file, which may hold several.
fn reports(bytes: &[u8]) -> Result<Vec<Value>> {
    let text = std::str::from_utf8(bytes).context("it is not UTF-8 text")?;
    let reports: Vec<Value> = serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>()?;
    // Of a duplicate key only one value would be compared, while a person might read the other.
    anyhow::ensure!(reports.iter().map(keys).sum::<usize>() == colons(text), "a key stands twice");
    anyhow::ensure!(!reports.is_empty(), "it is empty");
    Ok(reports)
}

/// The number of keys in a value and everything nested in it.
fn keys(value: &Value) -> usize {
    match value {
        Value::Object(entries) => entries.len() + entries.values().map(keys).sum::<usize>(),
        Value::Array(items) => items.iter().map(keys).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The number of keys in a JSON text: its colons outside strings.
fn colons(text: &str) -> usize {
    let (mut count, mut in_string, mut escaped) = (0, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            ':' if !in_string => count += 1,
            _ => {}
        }
    }
    count
}

fn compare(path: &str, stored: &Value, now: &Value, differs: &mut dyn FnMut(String)) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (stored, now) {
        _ if stored == now || IGNORED.contains(&path) => {}
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let null = Value::Null;
                let (stored, now) = (a.get(key), b.get(key));
                if stored.is_some() == now.is_some() {
                    compare(&below(key), stored.unwrap_or(&null), now.unwrap_or(&null), differs);
                } else {
                    let has = if stored.is_some() { "only the report" } else { "only the files" };
                    differs(format!("{}: {has} has it", below(key)));
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (stored, now)) in a.iter().zip(b).enumerate() {
                compare(&below(&index.to_string()), stored, now, differs);
            }
        }
        _ => differs(format!("{path}: the report says {}, the files say {}", shown(stored), shown(now))),
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
