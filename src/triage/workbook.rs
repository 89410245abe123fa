//! A workbook: totals with a chart, the products as a table that can be filtered, and what is left to do for each.
//!
//! Texts are written as texts, so that none becomes a formula, and no time of writing is noted, so that the same products
//! give the same bytes.

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    Chart, ChartLegendPosition, ChartType, Color, DocProperties, ExcelDateTime, Format, FormatAlign, Table,
    TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use super::batch::SHEETS;
use super::facts::{lacking, members};
use super::line::ProductLine;
use super::summary::fit_words;
use super::table::{criteria, scenario, title};
use super::writer::kept_title;
use crate::intake::tally::Tally;
use crate::rulebook::{Outcome, Rulebook};
use crate::style::clean;
use crate::wording::sentence;

/// The most characters of a cell.
const MAX_TEXT: usize = 32_767;
/// The most rows of a sheet, its header left out.
const MAX_ROWS: usize = 1_048_575;
const TOTALS: &str = SHEETS[0];
const PRODUCTS: &str = SHEETS[1];
const TO_DO: &str = SHEETS[2];

/// The cells of a row, and the outcome that colours one of them.
type SheetRow = (Vec<String>, Option<Outcome>);

/// The workbook, with products under headings if they have any, and totals of all that were read.
///
/// # Errors
/// Why it cannot be made.
pub fn workbook(
    groups: &[(Option<&str>, &[&ProductLine])],
    tally: &Tally,
    kept: &[String],
    rulebook: &Rulebook,
) -> Result<Vec<u8>, String> {
    made(groups, tally, kept, rulebook).map_err(|error| match error {
        XlsxError::RowColumnLimitError => format!("more than {MAX_ROWS} rows do not fit into a workbook"),
        error => error.to_string(),
    })
}

fn made(
    groups: &[(Option<&str>, &[&ProductLine])],
    tally: &Tally,
    kept: &[String],
    rulebook: &Rulebook,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Any fixed day will do.
    let day = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(clean(&rulebook.title)).set_creation_datetime(&day));
    // One that is in several groups is still one.
    let mut seen = BTreeSet::new();
    let all = groups.iter().flat_map(|(_, lines)| lines.iter().copied());
    let once: Vec<&ProductLine> = all.filter(|line| seen.insert(line.source.as_str())).collect();
    totals(book.add_worksheet(), tally, once.len(), rulebook)?;
    let grouped = groups.iter().any(|(title, _)| title.is_some());
    let mut names = if grouped { vec!["Group"] } else { Vec::new() };
    let one = sentence(&rulebook.subject.one);
    names.extend([one.as_str(), "Organisation"]);
    let found = ["Outcome", "Scenario", "Fit", "Not met", "To discuss", "Missing", "Findings", "Source", "Error"];
    let kept: Vec<String> = kept.iter().map(|title| kept_title(title, names.iter().chain(&found))).collect();
    names.extend(kept.iter().map(String::as_str));
    let outcome = names.len();
    names.extend(found);
    let rows = groups.iter().flat_map(|(title, lines)| lines.iter().map(|line| (*title, *line)));
    let rows: Vec<SheetRow> = rows.map(|(title, line)| product(title.filter(|_| grouped), line, rulebook)).collect();
    table(book.add_worksheet(), PRODUCTS, &names, &rows, Some(outcome))?;
    let rows: Vec<SheetRow> = once.iter().flat_map(|line| to_do(line, rulebook)).collect();
    table(book.add_worksheet(), TO_DO, &[one.as_str(), "Organisation", "What", "Words", "Id", "Source"], &rows, None)?;
    book.save_to_buffer()
}

/// How many products came to what, as numbers and as bars, and how many of them the other sheets show.
fn totals(sheet: &mut Worksheet, tally: &Tally, shown: usize, rulebook: &Rulebook) -> Result<(), XlsxError> {
    sheet.set_name(TOTALS)?.set_column_width(0, 44)?;
    let strong = Format::new().set_bold();
    sheet.write_string_with_format(0, 0, cell(&rulebook.title), &strong)?;
    sheet.write_string(1, 0, cell(&format!("Rules: version {}", rulebook.version)))?;
    sheet.write_string(2, 0, cell(&rulebook.disclaimer))?;
    let unread = tally.invalid + tally.unreadable;
    let all = tally.products() + unread;
    if all != shown as u64 {
        sheet.write_string(3, 0, cell(&format!("The other sheets show {shown} of {all}.")))?;
    }
    let mut row = 5;
    for (index, (title, mut counts)) in
        tally.charts(rulebook, fit_words, |question| &question.prompt).into_iter().enumerate()
    {
        if index == 0 {
            counts.push(("Could not be read".to_owned(), unread));
        }
        sheet.write_string_with_format(row, 0, title, &strong)?;
        sheet.write_string_with_format(row, 1, cell(&sentence(&rulebook.subject.many)), &strong)?;
        let first = row + 1;
        for (name, count) in &counts {
            row += 1;
            sheet.write_string(row, 0, cell(name))?;
            sheet.write_number(row, 1, f64::from(u32::try_from(*count).unwrap_or(u32::MAX)))?;
        }
        if index == 0 {
            let mut chart = Chart::new(ChartType::Bar);
            chart.add_series().set_categories((TOTALS, first, 0, row, 0)).set_values((TOTALS, first, 1, row, 1));
            chart.title().set_name(title);
            chart.legend().set_position(ChartLegendPosition::Bottom).set_hidden();
            chart.y_axis().set_reverse();
            sheet.insert_chart(5, 3, &chart)?;
        }
        row += 2;
    }
    Ok(())
}

/// What is told of one product.
fn product(group: Option<&str>, line: &ProductLine, rulebook: &Rulebook) -> SheetRow {
    let mut cells: Vec<String> = group.map(str::to_owned).into_iter().collect();
    cells.push(line.product.clone().unwrap_or_default());
    cells.push(line.organisation.clone().unwrap_or_default());
    cells.extend(line.kept.iter().cloned());
    let list = |set: u128, name: &dyn Fn(usize) -> String| members(set).map(name).collect::<Vec<_>>().join("; ");
    match &line.result {
        Ok(facts) => {
            let outcome = facts.outcome();
            cells.extend([
                rulebook.outcome_text(outcome).title.clone(),
                scenario(facts, rulebook),
                fit_words(facts.fit),
                criteria(facts.not_met, rulebook, &title, "; "),
                criteria(facts.to_discuss, rulebook, &title, "; "),
                list(facts.missing, &|index| rulebook.questions[index].id.clone()),
                list(facts.findings, &|index| rulebook.findings[index].title.clone()),
                line.source.clone(),
                String::new(),
            ]);
            (cells, Some(outcome))
        }
        Err(error) => {
            cells.push("Could not be read".to_owned());
            cells.extend(std::iter::repeat_n(String::new(), 6));
            cells.extend([line.source.clone(), error.clone()]);
            (cells, None)
        }
    }
}

/// What is missing and what is to be talked about, in the words of the rules.
fn to_do(line: &ProductLine, rulebook: &Rulebook) -> Vec<SheetRow> {
    let Ok(facts) = &line.result else { return Vec::new() };
    let mut rows = Vec::new();
    let mut add = |what: &str, words: String, id: &str| {
        let [product, organisation] = [&line.product, &line.organisation].map(|name| name.clone().unwrap_or_default());
        rows.push((vec![product, organisation, what.to_owned(), words, id.to_owned(), line.source.clone()], None));
    };
    for (what, set) in [("Not met", facts.not_met), ("To discuss", facts.to_discuss)] {
        members(set).map(|index| &rulebook.criteria[index]).for_each(|found| add(what, title(found), &found.id));
    }
    for found in members(facts.contradictions).map(|index| &rulebook.contradictions[index]) {
        add("Contradiction", found.says.to_string(), &found.id);
    }
    for question in members(facts.missing).map(|index| &rulebook.questions[index]) {
        add("Missing answer", question.prompt.clone(), &question.id);
    }
    for finding in members(facts.findings).map(|index| &rulebook.findings[index]) {
        add("Finding", finding.title.clone(), &finding.id);
    }
    for (id, name) in lacking(facts, rulebook) {
        add("Lacking for the gate", sentence(name), id);
    }
    rows
}

/// A sheet that is one table with a header that stays in view.
fn table(
    sheet: &mut Worksheet,
    name: &str,
    names: &[&str],
    rows: &[SheetRow],
    coloured: Option<usize>,
) -> Result<(), XlsxError> {
    if rows.len() > MAX_ROWS {
        return Err(XlsxError::RowColumnLimitError);
    }
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    let mut headers: Vec<String> = Vec::new();
    for name in names {
        // No two columns of a table may have the same name.
        let plain = cell(name);
        let mut header = plain.clone();
        let mut number = 1;
        while header.is_empty() || headers.iter().any(|known| known.to_lowercase() == header.to_lowercase()) {
            number += 1;
            header = format!("{plain} {number}");
        }
        headers.push(header);
    }
    let columns: Vec<TableColumn> = headers.iter().map(|header| TableColumn::new().set_header(header)).collect();
    let look = Table::new().set_columns(&columns).set_style(TableStyle::Light1);
    let last = u32::try_from(rows.len().max(1)).unwrap_or(u32::MAX);
    let width = u16::try_from(names.len()).unwrap_or(u16::MAX);
    sheet.add_table(0, 0, last, width - 1, &look)?;
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, (cells, outcome)) in (1..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            let colour = outcome.filter(|_| coloured == Some(usize::from(column))).map(colour);
            let format = colour.map_or_else(|| plain.clone(), |colour| plain.clone().set_background_color(colour));
            if !text.is_empty() {
                let lines: Vec<String> = text.lines().map(cell).collect();
                sheet.write_string_with_format(row, column, lines.join("\n"), &format)?;
            }
        }
    }
    for (column, header) in (0..).zip(&headers) {
        let lengths = rows.iter().take(500).filter_map(|(cells, _)| cells.get(usize::from(column)));
        let longest = lengths.map(|text| text.chars().count()).chain([header.chars().count() + 3]).max();
        let width = u32::try_from(longest.unwrap_or(0)).unwrap_or(0).clamp(8, 48);
        sheet.set_column_width(column, f64::from(width) + 1.0)?;
    }
    Ok(())
}

/// A colour that says the same as the word it stands behind.
fn colour(outcome: Outcome) -> Color {
    Color::RGB(match outcome {
        Outcome::MeetsCriteria => 0x00D5_E8D4,
        Outcome::NeedsDiscussion | Outcome::Incomplete => 0x00FF_F2CC,
        Outcome::DoesNotMeet => 0x00F8_CECC,
    })
}

/// Text as a cell may hold it.
fn cell(text: &str) -> String {
    let text = clean(text);
    if text.chars().count() < MAX_TEXT {
        text.into_owned()
    } else {
        text.chars().take(MAX_TEXT - 1).chain(['…']).collect()
    }
}
