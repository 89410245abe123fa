//! A table for a terminal, fitted to its width. What stands in the way of a product is beside the rest where there is
//! room, and under it where there is none, so that a product takes two lines or three and not ten.

use std::fmt::Write as _;

use super::facts::{Facts, blockers, lacking, members, named, tone};
use super::fields::Field;
use super::line::ProductLine;
use super::summary::fit_words;
use crate::rulebook::{Criterion, Rulebook, numbered};
use crate::style::{Style, Tone, clean, markdown};
use crate::wording::{counted, sentence};

const HEADINGS: [&str; 4] = ["Product", "Outcome", "Scenario", "Fit"];
/// The greatest width of an outcome. A longer one takes more lines.
const OUTCOMES: usize = 24;
const WAY: &str = "In the way";
/// The space between two columns.
const GAP: usize = 2;
/// The least width of what stands in the way, beside the rest.
const BESIDE: usize = 36;
/// The least and the greatest width of names of products beside other columns.
const NAMES: std::ops::RangeInclusive<usize> = 24..=40;
/// The most missing answers named.
const NAMED: usize = 3;
/// The most lines of any one cell. Standard error tells all of why a record could not be read.
const MAX_LINES: usize = 3;
/// The most lines of the names of a product and its organisation, so that its outcome stays near.
const NAME_LINES: usize = 2;

/// What the product is called, what it came to, and what stands in its way.
struct TableRow {
    cells: [String; 4],
    way: String,
    tone: Tone,
}

/// The table, ending in a line break, or nothing where there are no lines.
pub fn table(lines: &[&ProductLine], rulebook: &Rulebook, style: Style) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let rows: Vec<TableRow> = lines.iter().map(|line| row(line, rulebook)).collect();
    let layout = Layout::new(&rows, rulebook, style);
    let mut out = String::new();
    layout.head(&mut out);
    for row in &rows {
        layout.row(&mut out, row);
    }
    out
}

/// What stands under a table: what its numbers stand for, and that none of it is a decision.
pub fn key(lines: &[&ProductLine], rulebook: &Rulebook, style: Style) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let shown = lines.iter().filter_map(|line| line.result.as_ref().ok());
    let shown = shown.fold(0, |set, facts| set | facts.not_met | facts.to_discuss);
    let numbered = members(shown).filter(|index| rulebook.criteria[*index].number.is_some());
    let titles: Vec<String> = numbered.map(|index| clean(&title(&rulebook.criteria[index])).into_owned()).collect();
    let criteria = style.wrap_with("Criteria: ", "  ", &format!("{}.", titles.join("; ")));
    let criteria = criteria.lines().filter(|_| !titles.is_empty());
    let disclaimer = style.wrap_with("", "", &clean(rulebook.short_disclaimer()));
    criteria.chain(disclaimer.lines()).fold("\n".to_owned(), |out, line| out + &style.paint(Tone::Quiet, line) + "\n")
}

pub(super) fn markdown_head(rulebook: &Rulebook) -> String {
    let one = markdown(&sentence(&rulebook.subject.one));
    let headings = [&one, "Outcome", "Scenario", "What stands in the way", "Fit"];
    [headings, ["---"; 5]].map(|cells| markdown_line(&cells.map(str::to_owned), rulebook)).concat()
}

pub(super) fn markdown_row(line: &ProductLine, rulebook: &Rulebook) -> String {
    let cells = match &line.result {
        Ok(facts) => [
            markdown(&line.title()),
            markdown(&rulebook.outcome_text(facts.outcome()).title),
            scenario(facts, rulebook),
            in_the_way(facts, rulebook, false).iter().map(|part| markdown(part)).collect::<Vec<_>>().join("<br>"),
            fit_words(facts.fit),
        ],
        Err(error) => {
            let (name, why) = line.title_and_error(error);
            [markdown(&name), "Could not be read".to_owned(), String::new(), markdown(&why), String::new()]
        }
    };
    markdown_line(&cells, rulebook)
}

/// A line of the table in Markdown, without the columns that the rules have nothing for.
fn markdown_line(cells: &[String; 5], rulebook: &Rulebook) -> String {
    let columns = [Field::Product, Field::Outcome, Field::Scenario, Field::Missing, Field::Fit];
    let shown = cells.iter().zip(columns).filter(|(_, column)| column.exists(rulebook));
    shown.fold("|".to_owned(), |line, (cell, _)| line + " " + cell + " |") + "\n"
}

fn row(line: &ProductLine, rulebook: &Rulebook) -> TableRow {
    let (cells, way, tone) = match &line.result {
        Ok(facts) => {
            let outcome = rulebook.outcome_text(facts.outcome()).title.clone();
            let shown = |field: Field, text: String| if field.exists(rulebook) { text } else { String::new() };
            let (scenario, fit) = (scenario(facts, rulebook), fit_words(facts.fit));
            let way: Vec<String> = in_the_way(facts, rulebook, true).iter().map(|part| format!("{part}.")).collect();
            let cells = [line.title(), outcome, shown(Field::Scenario, scenario), shown(Field::Fit, fit)];
            (cells, way.join(" "), tone(facts, rulebook))
        }
        Err(error) => {
            let (name, why) = line.title_and_error(error);
            ([name, "Not read".to_owned(), String::new(), String::new()], why, Tone::Bad)
        }
    };
    TableRow { cells: cells.map(|cell| clean(&cell).into_owned()), way: clean(&way).into_owned(), tone }
}

struct Layout {
    style: Style,
    /// What stands above the columns; nothing above one that the rules have nothing for.
    headings: [String; 4],
    /// The widths of the columns, none if the table is too narrow for columns.
    columns: Option<[usize; 4]>,
    /// Whether what stands in the way is beside the columns.
    beside: bool,
}

impl Layout {
    fn new(rows: &[TableRow], rulebook: &Rulebook, style: Style) -> Self {
        let style = Style { width: style.width.max(20), ..style };
        let mut headings = HEADINGS.map(str::to_owned);
        headings[0] = sentence(&clean(&rulebook.subject.one));
        for (column, field) in [(2, Field::Scenario), (3, Field::Fit)] {
            if !field.exists(rulebook) {
                headings[column].clear();
            }
        }
        let mut widths = [0; 4];
        for (width, heading) in widths.iter_mut().zip(&headings) {
            *width = console::measure_text_width(heading);
        }
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(&row.cells) {
                *width = (*width).max(console::measure_text_width(cell));
            }
        }
        widths[1] = widths[1].min(OUTCOMES);
        let rest: usize = widths[1..].iter().filter(|width| **width > 0).map(|width| GAP + width).sum();
        let wanted = widths[0].min(*NAMES.end());
        // Rather beside and a name in two lines than under it.
        let left = style.width.saturating_sub(rest + GAP + BESIDE);
        let beside = left >= wanted.min(*NAMES.start());
        widths[0] = wanted.min(if beside { left } else { style.width.saturating_sub(rest) });
        let columns = (widths[0] >= wanted.min(*NAMES.start())).then_some(widths);
        Self { style, headings, columns, beside: beside && columns.is_some() }
    }

    fn head(&self, out: &mut String) {
        let headings = match self.columns {
            None => {
                let named = self.headings.iter().filter(|heading| !heading.is_empty());
                let mut named = named.map(|heading| heading.to_lowercase()).collect::<Vec<_>>().join(", ");
                named.replace_range(..self.headings[0].len(), &self.headings[0]);
                named
            }
            Some(widths) => {
                let shown = self.headings.iter().zip(widths).filter(|(_, width)| *width > 0);
                let line: String = shown.map(|(heading, width)| padded(heading, width)).collect();
                if self.beside { line + WAY } else { line.trim_end().to_owned() }
            }
        };
        let _ = writeln!(out, "{}", self.style.paint(Tone::Strong, &headings));
        let _ = writeln!(out, "{}", "─".repeat(self.style.width));
    }

    fn row(&self, out: &mut String, row: &TableRow) {
        let Some(widths) = self.columns else { return self.stacked(out, row) };
        let used: usize = widths.iter().filter(|width| **width > 0).map(|width| width + GAP).sum();
        let (names, outcomes) = (within(&row.cells[0], widths[0], NAME_LINES), wrapped(&row.cells[1], widths[1]));
        let ways = if self.beside { wrapped(&row.way, self.style.width - used) } else { Vec::new() };
        for line in 0..names.len().max(outcomes.len()).max(ways.len()).max(1) {
            let mut text = padded(names.get(line).map_or("", String::as_str), widths[0]);
            for (column, width) in widths.iter().enumerate().skip(1).filter(|(_, width)| **width > 0) {
                let cell = match (column, line) {
                    (1, line) => outcomes.get(line).map_or("", String::as_str),
                    (_, 0) => row.cells[column].as_str(),
                    _ => "",
                };
                if column == 1 && !cell.is_empty() {
                    text += &padded(&self.style.paint(row.tone, cell), *width);
                } else {
                    text += &padded(cell, *width);
                }
            }
            text.push_str(ways.get(line).map_or("", String::as_str));
            let _ = writeln!(out, "{}", text.trim_end());
        }
        if !self.beside {
            self.under(out, row);
        }
    }

    /// A row without columns.
    fn stacked(&self, out: &mut String, row: &TableRow) {
        for line in within(&row.cells[0], self.style.width, NAME_LINES) {
            let _ = writeln!(out, "{line}");
        }
        let scenario =
            Some(&row.cells[2]).filter(|text| !text.is_empty()).map(|text| format!("scenario {}", text.to_lowercase()));
        let fit = Some(&row.cells[3]).filter(|text| !text.is_empty()).map(|text| text.to_lowercase());
        let told: Vec<String> = [Some(row.cells[1].clone()), scenario, fit].into_iter().flatten().collect();
        for (index, line) in wrapped(&told.join(", "), self.style.width - GAP).iter().enumerate() {
            let painted = match line.strip_prefix(row.cells[1].as_str()) {
                Some(rest) if index == 0 => format!("{}{rest}", self.style.paint(row.tone, &row.cells[1])),
                _ => line.clone(),
            };
            let _ = writeln!(out, "{:GAP$}{painted}", "");
        }
        self.under(out, row);
    }

    /// What stands in the way, under the rest.
    fn under(&self, out: &mut String, row: &TableRow) {
        for line in wrapped(&row.way, self.style.width - GAP) {
            let _ = writeln!(out, "{:GAP$}{line}", "");
        }
    }
}

/// A cell of a column, with the gap behind it.
fn padded(cell: &str, width: usize) -> String {
    console::pad_str(cell, width + GAP, console::Alignment::Left, None).into_owned()
}

/// Cleaned text in lines no wider than this; what a cut brings to the front of a line is cleaned once more.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    within(text, width, MAX_LINES)
}

/// The same in no more than so many lines.
fn within(text: &str, width: usize, most: usize) -> Vec<String> {
    let text = console::truncate_str(text, width * most, "…");
    let options = textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(&text, options).into_iter().filter(|line| !line.is_empty());
    let mut lines: Vec<String> = lines.map(|line| clean(&line).into_owned()).collect();
    if lines.len() > most {
        let left = lines.split_off(most - 1).join(" ");
        let cut = console::truncate_str(&left, width, "…").into_owned();
        lines.push(clean(&cut).into_owned());
    }
    lines
}

/// The number of the scenario, or why it has none.
pub(super) fn scenario(facts: &Facts, rulebook: &Rulebook) -> String {
    match facts.scenario.and_then(|index| rulebook.scenarios.get(usize::from(index))) {
        None => "Open".to_owned(),
        Some(scenario) => scenario.number.map_or_else(|| "None".to_owned(), |number| number.to_string()),
    }
}

/// Each kind of thing that stands in the way, behind its name; in short, criteria by number and few missing answers.
fn in_the_way(facts: &Facts, rulebook: &Rulebook, in_short: bool) -> Vec<String> {
    let (name, between): (fn(&Criterion) -> String, _) = if in_short { (number, ", ") } else { (title, "; ") };
    let criteria = |set| named(set, &rulebook.criteria, name, between);
    let missing: Vec<&str> = members(facts.missing).map(|index| rulebook.questions[index].id.as_str()).collect();
    let (shown, more) = missing.split_at(if in_short { missing.len().min(NAMED) } else { missing.len() });
    let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
    let blockers: Vec<&str> = blockers(facts, rulebook).map(|blocker| blocker.title.as_str()).collect();
    let parts = [
        ("Not met", criteria(facts.not_met)),
        ("Does not fit", blockers.join("; ")),
        ("To discuss", criteria(facts.to_discuss)),
        ("Contradictory", named(facts.contradictions, &rulebook.contradictions, |it| it.id.clone(), ", ")),
        ("Missing", shown.join(", ") + &more),
        ("Lacking for the gate", gate(facts, rulebook)),
    ];
    parts.into_iter().filter(|(_, part)| !part.is_empty()).map(|(lead, part)| format!("{lead}: {part}")).collect()
}

/// What the gate asks for and a product lacks, topics by their number.
fn gate(facts: &Facts, rulebook: &Rulebook) -> String {
    let all = &rulebook.topics;
    let is_topic = |(id, _): &(&str, &str)| all.iter().any(|topic| topic.id == *id);
    let (topics, others): (Vec<_>, Vec<_>) = lacking(facts, rulebook).partition(is_topic);
    let topics = (!topics.is_empty()).then(|| format!("{} of {}", topics.len(), counted(all.len(), "topic")));
    topics.into_iter().chain(others.into_iter().map(|(_, name)| name.to_owned())).collect::<Vec<_>>().join(", ")
}

fn number(criterion: &Criterion) -> String {
    criterion.number.map_or_else(|| criterion.id.clone(), |number| number.to_string())
}

pub(super) fn title(criterion: &Criterion) -> String {
    numbered(criterion.number, &criterion.title)
}
