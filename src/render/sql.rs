//! The decision as one SELECT, for an engine that exists. Exact for missing and unsure answers too.
//!
//! Each answer becomes a small number, with one more for NULL, and a decision is looked up in a text that holds one
//! character for each combination of numbers: flat, short, and the same in every dialect, where nested cases outgrow what
//! some engines can compile. Where there are too many combinations for one text, the diagram is walked one question after
//! another: each text says which node comes next, so that all of them together are no longer than the diagram. A set of
//! statuses is a number: 1 for met, 2 for to discuss, 4 for not met, added up. Sets of criteria that share no question are
//! looked up apart, since together they would have many times as many combinations.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use crate::assessment::FitOutcome;
use crate::diagram::{Diagrams, LEAVES, Leaf, Ref, TooIntricate};
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

/// Missing answers leave it open.
const OPEN: Leaf = 63;
/// The most combinations that one text holds.
const MAX_TEXT: usize = 1024;
/// The most characters of all texts.
const MAX_CHARACTERS: usize = 1 << 20;
/// The character of each leaf.
const CHARACTERS: &[u8; LEAVES] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-";

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
    let _ = writeln!(out, "  FROM {}\n),\nnumbered AS {once}(\n  SELECT\n    product,", dialect.quoted(table));
    let invalid: Vec<String> = tested.iter().map(|index| writer.invalid(*index)).collect();
    let numbers: Vec<String> = tested.iter().map(|index| writer.number(*index)).collect();
    let _ = writeln!(out, "    {} AS invalid,\n    {}", concatenated(&invalid), numbers.join(",\n    "));
    let _ = writeln!(out, "  FROM given\n),\ndecided AS {once}(\n  SELECT\n    product,\n    invalid,");
    let mut budget = MAX_CHARACTERS;
    let mut columns = Vec::new();
    for (name, diagram, names) in &decisions {
        let decision = writer.decision(*diagram, *names, &mut budget)?;
        columns.push(format!("    {decision} AS {}", dialect.quoted(name)));
    }
    let _ = writeln!(out, "{}\n  FROM numbered\n)", columns.join(",\n"));
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
                let alone = question.options.iter().filter(|option| option.none).map(|option| {
                    let value = format!(";{};", option.value);
                    format!(" OR ({} > 0 AND {name} <> {})", position(&value, &name), literal(&format!(";{value};")))
                });
                format!("(LENGTH({name}) <> 2 + {}{})", lengths.join(" + "), alone.collect::<String>())
            }
            Kind::YesNo | Kind::Choice | Kind::Text => {
                format!("{name} NOT IN ({})", question.values().map(literal).collect::<Vec<_>>().join(", "))
            }
        };
        format!("CASE WHEN {name} <> 'not_sure' AND {wrong} THEN {} ELSE '' END", literal(&format!("{} ", question.id)))
    }

    /// The number of the answer to a question: that of its letter.
    fn number(&self, index: usize) -> String {
        let mut out = "CASE".to_owned();
        for letter in 0..self.letters(index) {
            let _ = write!(out, " WHEN {} THEN {letter}", self.when(index, letter));
        }
        format!("{out} END AS {}", self.dialect.quoted(&self.rulebook.questions[index].id))
    }

    /// What a diagram says, in words.
    fn decision(&self, diagram: Ref, names: Names, budget: &mut usize) -> Result<String, TooIntricate> {
        let leaf = self.look_up(diagram, budget)?;
        let mut leaves = BTreeSet::new();
        self.leaves(diagram, &mut leaves, &mut BTreeSet::new());
        let known = |leaf: &Leaf| format!(" WHEN '{}' THEN {}", character(*leaf), self.leaf(*leaf, names));
        Ok(format!("CASE {leaf}{} END", leaves.iter().map(known).collect::<Vec<_>>().concat()))
    }

    fn leaves(&self, diagram: Ref, found: &mut BTreeSet<Leaf>, seen: &mut BTreeSet<Ref>) {
        match self.diagrams.branch(diagram) {
            None => found.extend(Diagrams::leaf(diagram)),
            Some(_) if !seen.insert(diagram) => {}
            Some((_, children)) => children.iter().for_each(|child| self.leaves(*child, found, seen)),
        }
    }

    /// The character of the leaf that a diagram has for the numbers of a row.
    fn look_up(&self, diagram: Ref, budget: &mut usize) -> Result<String, TooIntricate> {
        let questions = self.diagrams.questions(diagram);
        let size = questions.iter().try_fold(1usize, |size, question| size.checked_mul(self.letters(*question)));
        if let Some(size) = size.filter(|size| *size <= MAX_TEXT) {
            *budget = budget.checked_sub(size).ok_or(TooIntricate)?;
            let mut place = "1".to_owned();
            let mut stride = 1;
            for question in &questions {
                let name = self.dialect.quoted(&self.rulebook.questions[*question].id);
                let _ = if stride == 1 { write!(place, " + {name}") } else { write!(place, " + {stride} * {name}") };
                stride *= self.letters(*question);
            }
            let text: String = (0..size).map(|number| character(self.at(diagram, &questions, number))).collect();
            return Ok(format!("SUBSTRING('{text}', {place}, 1)"));
        }
        self.walk(diagram, &questions, budget)
    }

    /// The same, one question after another: from the number of a node to that of the next, and to the character of a
    /// leaf in the end.
    fn walk(&self, diagram: Ref, questions: &[usize], budget: &mut usize) -> Result<String, TooIntricate> {
        let mut nodes = vec![diagram];
        let mut place = String::new();
        for (index, question) in questions.iter().enumerate() {
            let mut next: Vec<Ref> = Vec::new();
            let mut numbers: HashMap<Ref, usize> = HashMap::new();
            let mut steps = Vec::new();
            for node in &nodes {
                for letter in 0..self.letters(*question) {
                    let to = match self.diagrams.branch(*node) {
                        Some((asked, children)) if asked == *question => children[letter],
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
            let last = index + 1 == questions.len();
            let width = if last { 1 } else { (next.len() - 1).to_string().len() };
            *budget = budget.checked_sub(steps.len() * width).ok_or(TooIntricate)?;
            let text: String = steps
                .iter()
                .map(|(to, number)| match Diagrams::leaf(*to) {
                    Some(leaf) if last => character(leaf).to_string(),
                    _ => format!("{number:0width$}"),
                })
                .collect();
            let name = self.dialect.quoted(&self.rulebook.questions[*question].id);
            let from = if index == 0 { name } else { format!("({} * {place} + {name})", self.letters(*question)) };
            place = format!("SUBSTRING('{text}', 1 + {width} * {from}, {width})");
            if !last {
                place = format!("CAST({place} AS INTEGER)");
            }
            nodes = next;
        }
        Ok(place)
    }

    /// How many letters a question has, "not sure" and missing included.
    fn letters(&self, question: usize) -> usize {
        usize::from(self.diagrams.alphabets()[question].not_sure()) + 2
    }

    /// The leaf that a diagram has for the combination of letters with this number.
    fn at(&self, mut diagram: Ref, questions: &[usize], number: usize) -> Leaf {
        let mut given = vec![0; self.rulebook.questions.len()];
        let mut rest = number;
        for question in questions {
            given[*question] = rest % self.letters(*question);
            rest /= self.letters(*question);
        }
        while let Some((question, children)) = self.diagrams.branch(diagram) {
            diagram = children[given[question]];
        }
        Diagrams::leaf(diagram).unwrap_or(OPEN)
    }

    /// Whether the answer to a question has this letter.
    fn when(&self, index: usize, letter: usize) -> String {
        let question = &self.rulebook.questions[index];
        let alphabet = &self.diagrams.alphabets()[index];
        let name = self.dialect.quoted(&question.id);
        let not_sure = usize::from(alphabet.not_sure());
        match alphabet.letters().get(letter) {
            None if letter == not_sure => format!("{name} = 'not_sure'"),
            None => format!("{name} IS NULL"),
            Some(options) if question.kind == Kind::Choices => {
                let told = question.chosen(alphabet.told_apart()).map(|(option, offer)| {
                    let sign = if options & (1 << option) == 0 { "=" } else { ">" };
                    format!("{} {sign} 0", position(&format!(";{};", offer.value), &name))
                });
                let told: Vec<String> = told.chain([format!("{name} <> 'not_sure'")]).collect();
                told.join(" AND ")
            }
            Some(options) => {
                let words: Vec<String> = question.chosen(*options).map(|(_, offer)| literal(&offer.value)).collect();
                match words.as_slice() {
                    [word] => format!("{name} = {word}"),
                    words => format!("{name} IN ({})", words.join(", ")),
                }
            }
        }
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

fn character(leaf: Leaf) -> char {
    char::from(CHARACTERS[usize::from(leaf) % LEAVES])
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
