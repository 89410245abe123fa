//! The outer SELECT, which puts the parts together.

use std::fmt::Write as _;

use super::answers::Writer;
use super::dialect::{concatenated, literal};
use crate::rulebook::{Outcome, RuleKind};

/// The rules that each have a column, named by their id.
const COLUMNS: [RuleKind; 4] = [RuleKind::Criterion, RuleKind::Finding, RuleKind::Topic, RuleKind::Obligation];

impl Writer<'_> {
    /// The outer SELECT, which puts the parts together.
    pub(super) fn last(&self, sets: &[Vec<usize>]) -> String {
        let parts: Vec<String> =
            (0..sets.len()).map(|number| self.dialect.quoted(&format!("_part_{number}"))).collect();
        let each = |test: &str, between: &str| {
            let tests: Vec<String> = parts.iter().map(|part| test.replace('?', part)).collect();
            if tests.is_empty() { "FALSE".to_owned() } else { format!("({})", tests.join(between)) }
        };
        // Every part can be met; one can be to discuss while none has to be worse; one can be not met.
        let meets = if parts.is_empty() { "TRUE".to_owned() } else { each("? IN (1, 3, 5, 7)", " AND ") };
        let discuss = format!("{} AND {}", each("? IN (2, 3, 6, 7)", " OR "), each("? <> 4", " AND "));
        let fails = each("? >= 4", " OR ");
        let [yes, talk, no, open] = Outcome::ALL.map(|outcome| literal(outcome.id()));
        let possible: Vec<String> = [(&meets, &yes), (&discuss, &talk), (&fails, &no)]
            .map(|(test, name)| format!("CASE WHEN {test} THEN CONCAT({name}, '; ') ELSE '' END"))
            .to_vec();
        let mut columns = vec![
            (
                "_outcome".to_owned(),
                format!(
                    "CASE WHEN {meets} THEN CASE WHEN ({discuss}) OR {fails} THEN {open} ELSE {yes} END\n      \
                     WHEN {discuss} THEN CASE WHEN {fails} THEN {open} ELSE {talk} END ELSE {no} END"
                ),
            ),
            ("_possible_outcomes".to_owned(), format!("TRIM(BOTH '; ' FROM {})", concatenated(&possible))),
        ];
        if self.rulebook.scenario.is_some() {
            let scenario = self.dialect.quoted("_scenario");
            let mut numbers = String::new();
            for found in &self.rulebook.scenarios {
                if let Some(number) = found.number {
                    let _ = write!(numbers, " WHEN {} THEN {number}", literal(&found.id));
                }
            }
            let number = if numbers.is_empty() { "NULL".to_owned() } else { format!("CASE {scenario}{numbers} END") };
            columns.push(("_scenario".to_owned(), number));
            columns.push(("_scenario_id".to_owned(), scenario));
        }
        if !self.rulebook.findings.is_empty() {
            columns.push(("_fit".to_owned(), self.dialect.quoted("_fit")));
        }
        let rules = self.rulebook.rules().into_iter().filter(|rule| COLUMNS.contains(&rule.kind()));
        columns.extend(rules.map(|rule| (rule.id().into_owned(), self.dialect.quoted(&rule.id()))));
        let columns: Vec<String> = columns
            .iter()
            .map(|(name, what)| format!("CASE WHEN _invalid = '' THEN {what} END AS {}", self.dialect.quoted(name)))
            .collect();
        format!("SELECT\n  _product,\n  {},\n  TRIM(_invalid) AS _invalid\nFROM _decided\n", columns.join(",\n  "))
    }
}
