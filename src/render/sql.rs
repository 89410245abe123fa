//! The decision as one SELECT, for an engine that exists. Exact for missing and unsure answers too.
//!
//! Each diagram gets one letter more for each question, for NULL, and is then written as nested CASE expressions. A set
//! of statuses is a number: 1 for met, 2 for to discuss, 4 for not met, added up. Sets of criteria that share no question
//! are written apart, since together they would be many times as long.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::assessment::FitOutcome;
use crate::diagram::{Diagrams, Leaf, Ref, TooIntricate};
use crate::question::{Kind, Question};
use crate::rulebook::{Outcome, Rulebook, SCENARIO_OPEN, Status};
use crate::style::clean;

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `DuckDB`
    Duckdb,
    /// `PostgreSQL`
    Postgres,
    /// Apache Spark
    Spark,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Duckdb, Self::Postgres, Self::Spark];

    fn quoted(self, name: &str) -> String {
        match self {
            Self::Duckdb | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Spark => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// What keeps a named part from being put in wherever it is used, where that would be many times over.
    fn once(self) -> &'static str {
        match self {
            Self::Postgres => "MATERIALIZED ",
            Self::Duckdb | Self::Spark => "",
        }
    }

    fn text_type(self) -> &'static str {
        match self {
            Self::Duckdb => "VARCHAR",
            Self::Postgres => "TEXT",
            Self::Spark => "STRING",
        }
    }
}

/// Missing answers leave it open.
const OPEN: Leaf = 60;
/// The most branches that are written.
const MAX_BRANCHES: usize = 20_000;

/// The SELECT, ending in a line break.
///
/// # Errors
/// If it would be too long.
pub fn select(rulebook: &Rulebook, dialect: Dialect, table: &str) -> Result<String, TooIntricate> {
    let mut diagrams = rulebook.diagrams.clone();
    let mut decisions = Vec::new();
    let sets = rulebook.independent_criteria();
    let mask = |diagrams: &mut Diagrams, diagram| -> Result<Ref, TooIntricate> {
        let mask = diagrams.relabel(diagram, &|status| 1 << status)?;
        diagrams.extended(mask, &|a, b| a | b)
    };
    for (number, set) in sets.iter().enumerate() {
        let mut worst = Diagrams::constant(Status::Met as Leaf);
        for criterion in set {
            worst = diagrams.combine(worst, rulebook.criteria[*criterion].status, &std::cmp::Ord::max)?;
        }
        decisions.push((format!("part_{number}"), mask(&mut diagrams, worst)?, Names::Numbers));
    }
    let settled = |diagrams: &mut Diagrams, diagram| diagrams.extended(diagram, &|a, b| if a == b { a } else { OPEN });
    for criterion in &rulebook.criteria {
        decisions.push((criterion.id.clone(), settled(&mut diagrams, criterion.status)?, Names::Statuses));
    }
    if let Some(scenario) = rulebook.scenario {
        decisions.push(("scenario".to_owned(), settled(&mut diagrams, scenario)?, Names::Scenarios));
    }
    decisions.push(("fit".to_owned(), settled(&mut diagrams, rulebook.fit)?, Names::Fits));

    let tested: BTreeSet<usize> = decisions.iter().flat_map(|(_, diagram, _)| diagrams.questions(*diagram)).collect();
    let writer = Writer { rulebook, diagrams: &diagrams, dialect };
    let mut out = String::new();
    let _ = writeln!(out, "-- {}, version {}", one_line(&rulebook.title), one_line(&rulebook.version));
    let _ = writeln!(out, "-- {}", one_line(&rulebook.disclaimer));
    let given: Vec<String> = tested.iter().map(|index| writer.given(&rulebook.questions[*index])).collect();
    let once = dialect.once();
    let _ = writeln!(out, "WITH given AS {once}(\n  SELECT\n    product,\n    {}", given.join(",\n    "));
    let _ = writeln!(out, "  FROM {}\n),\ndecided AS {once}(\n  SELECT\n    product,", dialect.quoted(table));
    let invalid: Vec<String> = tested.iter().map(|index| writer.invalid(*index)).collect();
    let _ = writeln!(out, "    {} AS invalid,", concatenated(&invalid));
    let mut budget = MAX_BRANCHES;
    let mut columns = Vec::new();
    for (name, diagram, names) in &decisions {
        let case = writer.case(*diagram, *names, 2, &mut budget)?;
        columns.push(format!("    {case} AS {}", dialect.quoted(name)));
    }
    let _ = writeln!(out, "{}\n  FROM given\n)", columns.join(",\n"));
    out.push_str(&writer.last(&sets));
    Ok(out)
}

/// What the leaves of a diagram are called.
#[derive(Clone, Copy)]
enum Names {
    Numbers,
    Statuses,
    Scenarios,
    Fits,
}

struct Writer<'r> {
    rulebook: &'r Rulebook,
    diagrams: &'r Diagrams,
    dialect: Dialect,
}

impl Writer<'_> {
    /// The answer to a question as answers files have it.
    fn given(&self, question: &Question) -> String {
        let name = self.dialect.quoted(&question.id);
        let text = format!("NULLIF(TRIM(CAST({name} AS {})), '')", self.dialect.text_type());
        let yes_no = match question.kind {
            Kind::YesNo => format!(
                " WHEN LOWER({text}) IN ('yes', 'true') THEN 'yes' WHEN LOWER({text}) IN ('no', 'false') THEN 'no'"
            ),
            Kind::Choice | Kind::Choices | Kind::Text => String::new(),
        };
        let not_sure = format!("WHEN LOWER({text}) IN ('not_sure', 'not sure') THEN 'not_sure'");
        format!("CASE {not_sure}{yes_no} ELSE {text} END AS {name}")
    }

    /// The id of a question if its value is no answer, otherwise nothing.
    fn invalid(&self, index: usize) -> String {
        let question = &self.rulebook.questions[index];
        let name = self.dialect.quoted(&question.id);
        let values: Vec<String> = question.values().map(literal).collect();
        let rest = match question.kind {
            // What is left of several values once every one that is known is taken away, one after another.
            Kind::Choices => {
                let all = format!("CONCAT(';', REPLACE({name}, ' ', ''), ';')");
                let rest = values.iter().fold(all, |rest, value| {
                    let value = value.trim_matches('\'');
                    format!("REPLACE({rest}, ';{value};', ';;')")
                });
                format!("REPLACE({rest}, ';', '') <> ''")
            }
            Kind::YesNo | Kind::Choice | Kind::Text => format!("{name} NOT IN ({})", values.join(", ")),
        };
        format!("CASE WHEN {name} <> 'not_sure' AND {rest} THEN {} ELSE '' END", literal(&format!("{} ", question.id)))
    }

    /// A diagram as nested cases.
    fn case(&self, diagram: Ref, names: Names, depth: usize, budget: &mut usize) -> Result<String, TooIntricate> {
        *budget = budget.checked_sub(1).ok_or(TooIntricate)?;
        let Some((question, children)) = self.diagrams.branch(diagram) else {
            return Ok(self.leaf(Diagrams::leaf(diagram).unwrap_or(OPEN), names));
        };
        let mut ways: Vec<(Ref, Vec<usize>)> = Vec::new();
        for (letter, child) in children.iter().enumerate() {
            match ways.iter_mut().find(|(known, _)| known == child) {
                Some((_, letters)) => letters.push(letter),
                None => ways.push((*child, vec![letter])),
            }
        }
        let mut out = "CASE".to_owned();
        let indent = "  ".repeat(depth + 1);
        for (child, letters) in ways {
            let when = self.when(question, &letters);
            let then = self.case(child, names, depth + 1, budget)?;
            let _ = write!(out, "\n{indent}WHEN {when} THEN {then}");
        }
        let _ = write!(out, "\n{}END", "  ".repeat(depth));
        Ok(out)
    }

    /// Whether a question has one of these letters.
    fn when(&self, index: usize, letters: &[usize]) -> String {
        let question = &self.rulebook.questions[index];
        let alphabet = &self.diagrams.alphabets()[index];
        let name = self.dialect.quoted(&question.id);
        let not_sure = usize::from(alphabet.not_sure());
        let mut tests = Vec::new();
        let mut words = Vec::new();
        for letter in letters {
            match alphabet.letters().get(*letter) {
                None if *letter == not_sure => words.push("'not_sure'".to_owned()),
                None => tests.push(format!("{name} IS NULL")),
                Some(options) if question.kind == Kind::Choices => {
                    let all = format!("CONCAT(';', REPLACE({name}, ' ', ''), ';')");
                    let told = question.chosen(alphabet.told_apart()).map(|(option, offer)| {
                        let sign = if options & (1 << option) == 0 { "=" } else { ">" };
                        format!("POSITION({} IN {all}) {sign} 0", literal(&format!(";{};", offer.value)))
                    });
                    let told: Vec<String> = told.chain([format!("{name} <> 'not_sure'")]).collect();
                    tests.push(format!("({})", told.join(" AND ")));
                }
                Some(options) => words.extend(question.chosen(*options).map(|(_, offer)| literal(&offer.value))),
            }
        }
        match words.as_slice() {
            [] => {}
            [only] => tests.insert(0, format!("{name} = {only}")),
            several => tests.insert(0, format!("{name} IN ({})", several.join(", "))),
        }
        tests.join(" OR ")
    }

    fn leaf(&self, leaf: Leaf, names: Names) -> String {
        match names {
            Names::Numbers => leaf.to_string(),
            Names::Statuses => literal(Status::ALL.get(usize::from(leaf)).unwrap_or(&Status::Unknown).id()),
            Names::Fits => literal(FitOutcome::ALL.get(usize::from(leaf)).unwrap_or(&FitOutcome::Unknown).id()),
            Names::Scenarios if leaf == SCENARIO_OPEN || leaf == OPEN => "NULL".to_owned(),
            Names::Scenarios => {
                self.rulebook.scenarios.get(usize::from(leaf)).map_or("NULL".to_owned(), |found| literal(&found.id))
            }
        }
    }

    /// The outer SELECT, which puts the parts together.
    fn last(&self, sets: &[Vec<usize>]) -> String {
        let parts: Vec<String> = (0..sets.len()).map(|number| self.dialect.quoted(&format!("part_{number}"))).collect();
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
            .map(|(test, name)| format!("CASE WHEN {test} THEN CONCAT({name}, ' ') ELSE '' END"))
            .to_vec();
        let mut columns = vec![
            ("possible_outcomes".to_owned(), format!("TRIM({})", concatenated(&possible))),
            (
                "outcome".to_owned(),
                format!(
                    "CASE WHEN {meets} THEN CASE WHEN ({discuss}) OR {fails} THEN {open} ELSE {yes} END\n      \
                     WHEN {discuss} THEN CASE WHEN {fails} THEN {open} ELSE {talk} END ELSE {no} END"
                ),
            ),
        ];
        columns.reverse();
        if self.rulebook.scenario.is_some() {
            let scenario = self.dialect.quoted("scenario");
            let mut numbers = String::new();
            for found in &self.rulebook.scenarios {
                if let Some(number) = found.number {
                    let _ = write!(numbers, " WHEN {} THEN {number}", literal(&found.id));
                }
            }
            let number = if numbers.is_empty() { "NULL".to_owned() } else { format!("CASE {scenario}{numbers} END") };
            columns.push(("scenario".to_owned(), number));
            columns.push(("scenario_id".to_owned(), scenario));
        }
        columns.push(("fit".to_owned(), self.dialect.quoted("fit")));
        columns.extend(self.rulebook.criteria.iter().map(|found| (found.id.clone(), self.dialect.quoted(&found.id))));
        let columns: Vec<String> = columns
            .iter()
            .map(|(name, what)| format!("CASE WHEN invalid = '' THEN {what} END AS {}", self.dialect.quoted(name)))
            .collect();
        format!("SELECT\n  product,\n  {},\n  TRIM(invalid) AS invalid\nFROM decided\n", columns.join(",\n  "))
    }
}

/// Texts one after another.
fn concatenated(texts: &[String]) -> String {
    match texts {
        [] => "''".to_owned(),
        texts => format!("CONCAT({})", texts.join(", ")),
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Text that stays in its comment.
fn one_line(text: &str) -> String {
    clean(text.trim()).into_owned()
}
