//! A table for a terminal, fitted to its width.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, presets};

use super::facts::{CriterionSet, Facts, members};
use super::run::Line;
use super::summary::sentence;
use crate::rulebook::Rulebook;
use crate::style::{Style, clean};

/// The table, ending in a line break, or nothing where there are no lines.
#[must_use]
pub fn table(lines: &[&Line], rulebook: &Rulebook, style: Style) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(style.width.max(40)).unwrap_or(u16::MAX));
    table.set_header(["Product", "Outcome", "Scenario", "What stands in the way", "Fit"]);
    for line in lines {
        let product = clean(&line.product).into_owned();
        table.add_row(match &line.result {
            Ok(facts) => [
                product,
                sentence(facts.outcome().id()),
                scenario(facts, rulebook),
                in_the_way(facts, rulebook).iter().map(|part| clean(part)).collect::<Vec<_>>().join("\n"),
                sentence(facts.fit.id()),
            ],
            Err(error) => {
                let source = clean(&line.source).into_owned();
                [source, "Could not be read".to_owned(), String::new(), clean(error).into_owned(), String::new()]
            }
        });
    }
    let mut text = String::new();
    for line in table.lines() {
        // A long word is broken to fit, and what then begins a line has been cleaned as the middle of one.
        let _ = writeln!(text, "{}", clean(line.trim_end()));
    }
    text
}

/// The number of the scenario, or why it has none.
pub(super) fn scenario(facts: &Facts, rulebook: &Rulebook) -> String {
    match facts.scenario.and_then(|index| rulebook.scenarios.get(usize::from(index))) {
        None => "Open".to_owned(),
        Some(scenario) => scenario.number.map_or_else(|| "None".to_owned(), |number| number.to_string()),
    }
}

/// What is not met, to be discussed or missing.
pub(super) fn in_the_way(facts: &Facts, rulebook: &Rulebook) -> Vec<String> {
    let criteria = |set: CriterionSet| {
        let title = |index: usize| {
            let criterion = &rulebook.criteria[index];
            criterion.number.map_or_else(|| criterion.title.clone(), |number| format!("{number}. {}", criterion.title))
        };
        members(set).map(title).collect::<Vec<_>>().join("; ")
    };
    let missing: Vec<&str> = members(facts.missing).map(|index| rulebook.questions[index].id.as_str()).collect();
    let parts = [
        ("Not met: ", criteria(facts.not_met)),
        ("To discuss: ", criteria(facts.to_discuss)),
        ("Missing: ", missing.join(", ")),
    ];
    parts.iter().filter(|(_, what)| !what.is_empty()).map(|(lead, what)| format!("{lead}{what}")).collect()
}
