//! The decision as one SELECT, for an engine that exists. Exact for missing and unsure answers too.
//!
//! Each variable becomes a small number, with one more for NULL, and a decision is looked up in a text that holds one
//! code for each combination of numbers: flat, short, and the same in every dialect, where nested cases outgrow what
//! some engines can compile. Where there are too many combinations for one text, the diagram is walked one variable after
//! another: each text says which node comes next, so that all of them together are no longer than the diagram. A set of
//! statuses is a number: 1 for met, 2 for to discuss, 4 for not met, added up. Sets of criteria that share no question are
//! looked up apart, since together they would have many times as many combinations.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use crate::diagram::{Decision, Diagrams, InScenario, Leaf, Of, Ref, TooIntricate, Var};
use crate::outcome::FitOutcome;
use crate::question::{Kind, Question};
use crate::rulebook::{Outcome, Rulebook, Status};
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

    /// The text with each place that matches a pattern replaced.
    fn replace_each(self, text: &str, pattern: &str, with: &str) -> String {
        let all = match self {
            Self::Duckdb | Self::Postgres => ", 'g'",
            Self::Spark => "",
        };
        format!("REGEXP_REPLACE({text}, {}, {}{all})", literal(pattern), literal(with))
    }

    fn text_type(self) -> &'static str {
        match self {
            Self::Duckdb => "VARCHAR",
            Self::Postgres => "TEXT",
            Self::Spark => "STRING",
        }
    }
}

/// The most combinations that one text holds.
const MAX_TEXT: usize = 1024;
/// The most characters of all texts.
const MAX_CHARACTERS: usize = 1 << 20;
/// The SELECT, ending in a line break.
///
/// # Errors
/// If it would be too long.
pub fn select(rulebook: &Rulebook, dialect: Dialect, table: &str) -> Result<String, TooIntricate> {
    let mut diagrams = rulebook.diagrams.clone();
    let mut decisions = Vec::new();
    let sets = rulebook.independent_criteria();
    for (number, set) in sets.iter().enumerate() {
        let mut worst = Diagrams::constant(Status::Met);
        for criterion in set {
            worst = diagrams.combine(worst, rulebook.criteria[*criterion].status, std::cmp::Ord::max)?;
        }
        let statuses = diagrams.map(worst, Statuses::only)?;
        let statuses = diagrams.with_missing(statuses, |a, b| Statuses(a.0 | b.0))?;
        decisions.push(Column::of(&diagrams, format!("part_{number}"), statuses, |statuses| statuses.0.to_string()));
    }
    for criterion in &rulebook.criteria {
        let name = |status: Option<Status>| literal(status.unwrap_or(Status::Unknown).id());
        decisions.push(Column::settled(&mut diagrams, criterion.id.clone(), criterion.status, name)?);
    }
    if let Some(scenario) = rulebook.scenario {
        let name = |scenario| match scenario {
            Some(InScenario::In(index)) => rulebook.scenarios.get(usize::from(index)),
            Some(InScenario::Nowhere | InScenario::Open) | None => None,
        };
        let name = |scenario| name(scenario).map_or("NULL".to_owned(), |found| literal(&found.id));
        decisions.push(Column::settled(&mut diagrams, "scenario".to_owned(), scenario, name)?);
    }
    let name = |fit: Option<FitOutcome>| literal(fit.unwrap_or(FitOutcome::Unknown).id());
    decisions.push(Column::settled(&mut diagrams, "fit".to_owned(), rulebook.fit, name)?);

    let vars: BTreeSet<Var> = decisions.iter().flat_map(|column| diagrams.support(column.root)).collect();
    let tested = diagrams.variables().questions(vars.iter().copied());
    let writer = Writer { rulebook, diagrams: &diagrams, dialect };
    let mut out = String::new();
    let _ = writeln!(out, "-- {}, version {}", one_line(&rulebook.title), one_line(&rulebook.version));
    let _ = writeln!(out, "-- {}", one_line(&rulebook.disclaimer));
    let given: Vec<String> = tested.iter().map(|index| writer.given(&rulebook.questions[*index])).collect();
    let once = dialect.once();
    let _ = writeln!(out, "WITH given AS {once}(\n  SELECT\n    product,\n    {}", given.join(",\n    "));
    let _ = writeln!(out, "  FROM {}\n),\nnumbered AS {once}(\n  SELECT\n    product,", dialect.quoted(table));
    let invalid: Vec<String> = tested.iter().map(|index| writer.invalid(*index)).collect();
    let numbers: Vec<String> = vars.iter().map(|var| writer.number(*var)).collect();
    let _ = writeln!(out, "    {} AS invalid,\n    {}", concatenated(&invalid), numbers.join(",\n    "));
    let _ = writeln!(out, "  FROM given\n),\ndecided AS {once}(\n  SELECT\n    product,\n    invalid,");
    let mut budget = MAX_CHARACTERS;
    let mut columns = Vec::new();
    for column in &decisions {
        let decision = writer.decision(column, &mut budget)?;
        columns.push(format!("    {decision} AS {}", dialect.quoted(&column.name)));
    }
    let _ = writeln!(out, "{}\n  FROM numbered\n)", columns.join(",\n"));
    out.push_str(&writer.last(&sets));
    Ok(out)
}

/// The statuses that are still possible: 1 for met, 2 for to discuss, 4 for not met, added up.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Statuses(u8);

impl Statuses {
    fn only(status: Status) -> Self {
        Self(1 << status.to_index())
    }
}

impl Leaf for Statuses {
    fn to_index(self) -> usize {
        usize::from(self.0)
    }

    fn from_index(index: usize) -> Option<Self> {
        u8::try_from(index).ok().map(Self)
    }
}

/// A column of the result: what is decided, for missing answers too.
struct Column {
    name: String,
    root: Ref,
    /// What each value is in SQL.
    values: Vec<(Ref, String)>,
}

impl Column {
    fn of<T: Leaf>(diagrams: &Diagrams, name: String, decision: Decision<T>, words: impl Fn(T) -> String) -> Self {
        let ends = diagrams.ends(decision.root()).into_iter();
        let values = ends.filter_map(|end| Some((end, words(Diagrams::value(Decision::at(end))?)))).collect();
        Self { name, root: decision.root(), values }
    }

    /// A value only where all ways to fill in what is missing agree on it.
    fn settled<T: Leaf>(
        diagrams: &mut Diagrams,
        name: String,
        decision: Decision<T>,
        words: impl Fn(Option<T>) -> String,
    ) -> Result<Self, TooIntricate> {
        let known = diagrams.map(decision, Some)?;
        let settled = diagrams.with_missing(known, |a, b| if a == b { a } else { None })?;
        Ok(Self::of(diagrams, name, settled, words))
    }

    /// The number of a value, as many digits as the largest has.
    fn code(&self, end: Ref) -> String {
        let number = self.values.iter().position(|(value, _)| *value == end).unwrap_or_default();
        format!("{number:0width$}", width = self.width())
    }

    fn width(&self) -> usize {
        self.values.len().saturating_sub(1).to_string().len()
    }
}

struct Writer<'r> {
    rulebook: &'r Rulebook,
    diagrams: &'r Diagrams,
    dialect: Dialect,
}

impl Writer<'_> {
    /// The answer to a question as answers files have it; of several values, each between two semicolons of its own.
    fn given(&self, question: &Question) -> String {
        let name = self.dialect.quoted(&question.id);
        let text = format!("NULLIF(TRIM(CAST({name} AS {})), '')", self.dialect.text_type());
        let not_sure = format!("WHEN LOWER({text}) IN ('not_sure', 'not sure') THEN 'not_sure'");
        let other = match question.kind {
            Kind::YesNo => format!(
                "WHEN LOWER({text}) IN ('yes', 'true') THEN 'yes' WHEN LOWER({text}) IN ('no', 'false') THEN 'no' ELSE {text}"
            ),
            Kind::Choices => {
                let apart = self.dialect.replace_each(&format!("CONCAT(';', {text}, ';')"), "[ ;]*;[ ;]*", ";;");
                format!("WHEN {text} IS NOT NULL THEN {apart}")
            }
            Kind::Choice | Kind::Text => format!("ELSE {text}"),
        };
        format!("CASE {not_sure} {other} END AS {name}")
    }

    /// The id of a question if its value is no answer, otherwise nothing.
    fn invalid(&self, index: usize) -> String {
        let question = &self.rulebook.questions[index];
        let name = self.dialect.quoted(&question.id);
        let wrong = match question.kind {
            Kind::Choices => {
                // As long as the values that are there would be if each stood once and there were no others.
                let length = |value: &str| {
                    let value = format!(";{value};");
                    format!("CASE WHEN {} > 0 THEN {} ELSE 0 END", position(&value, &name), value.chars().count())
                };
                let lengths: Vec<String> = question.values().map(length).collect();
                let lengths = lengths.join(" + ");
                let empty = match question.none() {
                    Some(none) => {
                        let value = format!(";{};", question.options[none].value);
                        let alone = literal(&format!(";{value};"));
                        format!("({} > 0 AND {name} <> {alone})", position(&value, &name))
                    }
                    None => format!("{lengths} = 0"),
                };
                format!("(LENGTH({name}) <> 2 + {lengths} OR {empty})")
            }
            Kind::YesNo | Kind::Choice | Kind::Text => {
                format!("{name} NOT IN ({})", question.values().map(literal).collect::<Vec<_>>().join(", "))
            }
        };
        let unless = if question.takes_not_sure() { format!("{name} <> 'not_sure' AND ") } else { String::new() };
        format!("CASE WHEN {unless}{wrong} THEN {} ELSE '' END", literal(&format!("{} ", question.id)))
    }

    /// The number of a variable: that of its letter, one more where the answer is missing.
    fn number(&self, var: Var) -> String {
        let mut out = "CASE".to_owned();
        for (letter, when) in self.whens(var).into_iter().enumerate() {
            let _ = write!(out, " WHEN {when} THEN {letter}");
        }
        format!("{out} END AS {}", self.column(var))
    }

    /// When a variable has each of its letters, the missing answer last.
    fn whens(&self, var: Var) -> Vec<String> {
        let of = self.diagrams.variables().all()[var].of;
        let Some(index) = self.diagrams.variables().all()[var].question() else { return Vec::new() };
        let question = &self.rulebook.questions[index];
        let name = self.dialect.quoted(&question.id);
        let unsure = format!("{name} = 'not_sure'");
        let missing = format!("{name} IS NULL");
        let mut whens = match of {
            Of::Question(_) => {
                let mut whens: Vec<String> =
                    question.values().map(|value| format!("{name} = {}", literal(value))).collect();
                whens.extend(question.takes_not_sure().then_some(unsure));
                whens
            }
            Of::Known(_) => vec![format!("{name} <> 'not_sure'"), unsure],
            Of::Chosen(_, option) => {
                let place = position(&format!(";{};", question.options[option].value), &name);
                vec![format!("{place} = 0"), format!("{place} > 0")]
            }
            Of::Prepared(_) => Vec::new(),
        };
        whens.push(missing);
        whens
    }

    /// The column that holds the number of a variable. No id has a blank in it.
    fn column(&self, var: Var) -> String {
        let questions = &self.rulebook.questions;
        self.dialect.quoted(&match self.diagrams.variables().all()[var].of {
            Of::Question(question) => questions[question].id.clone(),
            Of::Known(question) => format!("{} known", questions[question].id),
            Of::Chosen(question, option) => {
                format!("{} has {}", questions[question].id, questions[question].options[option].value)
            }
            Of::Prepared(topic) => format!("topic {topic}"),
        })
    }

    /// What a column says, in words.
    fn decision(&self, column: &Column, budget: &mut usize) -> Result<String, TooIntricate> {
        let code = self.look_up(column, budget)?;
        let known = |(end, words): &(Ref, String)| format!(" WHEN '{}' THEN {words}", column.code(*end));
        Ok(format!("CASE {code}{} END", column.values.iter().map(known).collect::<String>()))
    }

    /// The code of the value that a column has for the numbers of a row.
    fn look_up(&self, column: &Column, budget: &mut usize) -> Result<String, TooIntricate> {
        let vars: Vec<Var> = self.diagrams.support(column.root).into_iter().collect();
        let size = vars.iter().try_fold(1usize, |size, var| size.checked_mul(self.letters(*var)));
        let Some(size) = size.filter(|size| *size <= MAX_TEXT) else { return self.walk(column, &vars, budget) };
        let width = column.width();
        *budget = budget.checked_sub(size * width).ok_or(TooIntricate)?;
        let mut place = "1".to_owned();
        let mut stride = width;
        for var in &vars {
            let name = self.column(*var);
            let _ = if stride == 1 { write!(place, " + {name}") } else { write!(place, " + {stride} * {name}") };
            stride *= self.letters(*var);
        }
        let text: String = (0..size).map(|number| column.code(self.at(column.root, &vars, number))).collect();
        Ok(format!("SUBSTRING('{text}', {place}, {width})"))
    }

    /// The same, one variable after another: from the number of a node to that of the next, and to the code of a value
    /// in the end.
    fn walk(&self, column: &Column, vars: &[Var], budget: &mut usize) -> Result<String, TooIntricate> {
        let mut nodes = vec![column.root];
        let mut place = String::new();
        for (index, var) in vars.iter().enumerate() {
            let mut next: Vec<Ref> = Vec::new();
            let mut numbers: HashMap<Ref, usize> = HashMap::new();
            let mut steps = Vec::new();
            for node in &nodes {
                for letter in 0..self.letters(*var) {
                    let to = match self.diagrams.branch(*node) {
                        Some((at, children)) if at == *var => children[letter],
                        _ => *node,
                    };
                    steps.push((
                        to,
                        *numbers.entry(to).or_insert_with(|| {
                            next.push(to);
                            next.len() - 1
                        }),
                    ));
                }
            }
            let last = index + 1 == vars.len();
            let width = if last { column.width() } else { (next.len() - 1).to_string().len() };
            *budget = budget.checked_sub(steps.len() * width).ok_or(TooIntricate)?;
            let text: String = steps
                .iter()
                .map(|(to, number)| if last { column.code(*to) } else { format!("{number:0width$}") })
                .collect();
            let name = self.column(*var);
            let from = if index == 0 { name } else { format!("({} * {place} + {name})", self.letters(*var)) };
            place = format!("SUBSTRING('{text}', 1 + {width} * {from}, {width})");
            if !last {
                place = format!("CAST({place} AS INTEGER)");
            }
            nodes = next;
        }
        Ok(place)
    }

    /// How many letters a variable has, the missing answer included.
    fn letters(&self, var: Var) -> usize {
        usize::from(self.diagrams.variables().all()[var].letters) + 1
    }

    /// The end of a diagram for the combination of letters with this number.
    fn at(&self, mut diagram: Ref, vars: &[Var], number: usize) -> Ref {
        let mut given = vec![0; self.diagrams.variables().all().len()];
        let mut rest = number;
        for var in vars {
            given[*var] = rest % self.letters(*var);
            rest /= self.letters(*var);
        }
        while let Some((var, children)) = self.diagrams.branch(diagram) {
            diagram = children[given[var]];
        }
        diagram
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
            (
                "outcome".to_owned(),
                format!(
                    "CASE WHEN {meets} THEN CASE WHEN ({discuss}) OR {fails} THEN {open} ELSE {yes} END\n      \
                     WHEN {discuss} THEN CASE WHEN {fails} THEN {open} ELSE {talk} END ELSE {no} END"
                ),
            ),
            ("possible_outcomes".to_owned(), format!("TRIM({})", concatenated(&possible))),
        ];
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

/// Where a word stands in a text, nought if it does not.
fn position(word: &str, text: &str) -> String {
    format!("POSITION({} IN {text})", literal(word))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Text that stays in its comment.
fn one_line(text: &str) -> String {
    clean(text.trim()).into_owned()
}
