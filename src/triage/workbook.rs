//! A workbook: totals with a chart, the products as a table that can be filtered, and what is left to do for each.
//!
//! Texts are written as texts, so that none becomes a formula, and no time of writing is noted, so that the same products
//! give the same bytes.

use std::collections::BTreeSet;
use std::error::Error;
use std::ops::Range;

use rust_xlsxwriter::{
    Chart, ChartLegendPosition, ChartType, Color, DocProperties, ExcelDateTime, Format, FormatAlign, Table,
    TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use super::batch::SHEETS;
use super::csv_cell::is_number;
use super::facts::{lacking, members, named, tone};
use super::fields::Field;
use super::label::kept_title;
use super::line::ProductLine;
use super::summary::fit_words;
use super::table::{scenario, title};
use crate::intake::tally::Tally;
use crate::rulebook::{Finding, Rulebook};
use crate::style::{Tone, clean};
use crate::wording::sentence;

/// The most characters of a cell.
const MAX_TEXT: usize = 32_767;
/// The most rows of a sheet, its header left out.
const MAX_ROWS: usize = 1_048_575;
/// The most characters of a number that spreadsheets show in full.
const MAX_DIGITS: usize = 11;
/// The most lines of a row, and the height of a line.
const MAX_LINES: u32 = 27;
const LINE: u32 = 15;
/// The greatest width of a column of a table, and the width of the labels of totals.
const WIDEST: usize = 36;
const TITLES: u8 = 60;
const A4: u8 = 9;
const TOTALS: &str = SHEETS[0];
const PRODUCTS: &str = SHEETS[1];
const TO_DO: &str = SHEETS[2];
/// What is shown of each product beside its names, as far as the rules have it.
const FOUND: [(&str, Field); 7] = [
    ("Outcome", Field::Outcome),
    ("Scenario", Field::Scenario),
    ("Fit", Field::Fit),
    ("Not met", Field::NotMet),
    ("To discuss", Field::ToDiscuss),
    ("Missing", Field::Missing),
    ("Findings", Field::Findings),
];

/// The cells of a row, and the outcome that colours one of them.
type SheetRow = (Vec<String>, Option<Tone>);

/// The workbook, with products under headings if they have any, and totals of all that were read.
pub fn workbook(
    groups: &[(Option<&str>, &[&ProductLine])],
    tally: &Tally,
    set: Option<&str>,
    kept: &[String],
    rulebook: &Rulebook,
) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let mut book = Workbook::new();
    // Any fixed day will do.
    let day = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(clean(&rulebook.title)).set_creation_datetime(&day));
    // One that is in several groups is still one.
    let mut seen = BTreeSet::new();
    let all = groups.iter().flat_map(|(_, lines)| lines.iter().copied());
    let once: Vec<&ProductLine> = all.filter(|line| seen.insert(line.source.as_str())).collect();
    totals(book.add_worksheet(), tally, set, once.len(), rulebook)?;
    let grouped = groups.iter().any(|(title, _)| title.is_some());
    let mut names = if grouped { vec!["Group"] } else { Vec::new() };
    let one = sentence(&rulebook.subject.one);
    names.extend([one.as_str(), "Organisation"]);
    let found = FOUND.iter().filter(|(_, field)| field.exists(rulebook)).map(|(name, _)| *name);
    let found: Vec<&str> = found.chain(["Source", "Error"]).collect();
    let kept: Vec<String> = kept.iter().map(|title| kept_title(title, names.iter().chain(&found))).collect();
    let carried = names.len()..names.len() + kept.len();
    names.extend(kept.iter().map(String::as_str));
    names.extend(&found);
    let rows = groups.iter().flat_map(|(title, lines)| lines.iter().map(|line| (*title, *line)));
    let rows: Vec<SheetRow> = rows.map(|(title, line)| product(title.filter(|_| grouped), line, rulebook)).collect();
    table(book.add_worksheet(), PRODUCTS, &names, &rows, carried)?;
    let rows: Vec<SheetRow> = once.iter().flat_map(|line| to_do(line, rulebook)).collect();
    table(book.add_worksheet(), TO_DO, &[one.as_str(), "Organisation", "What", "Words", "Id", "Source"], &rows, 0..0)?;
    Ok(book.save_to_buffer()?)
}

/// The counts of products, as numbers and as bars, and how many of the products are on the other sheets.
fn totals(
    sheet: &mut Worksheet,
    tally: &Tally,
    set: Option<&str>,
    shown: usize,
    rulebook: &Rulebook,
) -> Result<(), XlsxError> {
    printed(sheet.set_name(TOTALS)?.set_column_width(0, TITLES)?, 1);
    let strong = Format::new().set_bold();
    sheet.write_string_with_format(0, 0, cell(&rulebook.title), &strong)?;
    sheet.write_string(1, 0, cell(&format!("Rules: version {}", rulebook.version)))?;
    let plain = plain();
    let wrapped = |sheet: &mut Worksheet, row, text: &str| {
        sheet
            .set_row_height(row, height(text, usize::from(TITLES)))?
            .write_string_with_format(row, 0, cell(text), &plain)
            .map(drop)
    };
    wrapped(sheet, 2, &rulebook.disclaimer)?;
    let unread = tally.invalid + tally.unreadable;
    let all = tally.products() + unread;
    if all != shown as u64 {
        sheet.write_string(3, 0, cell(&format!("The other sheets show {shown} of {all}.")))?;
    }
    let mut row = 5;
    if let Some(set) = set {
        wrapped(sheet, 4, set)?;
        row += 1;
    }
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
            wrapped(sheet, row, name)?;
            let count = u32::try_from(*count).unwrap_or(u32::MAX);
            sheet.write_number_with_format(row, 1, count, &plain)?;
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

fn product(group: Option<&str>, line: &ProductLine, rulebook: &Rulebook) -> SheetRow {
    let mut cells: Vec<String> = group.map(str::to_owned).into_iter().collect();
    cells.push(line.product.clone().unwrap_or_default());
    cells.push(line.organisation.clone().unwrap_or_default());
    cells.extend(line.kept.iter().cloned());
    match &line.result {
        Ok(facts) => {
            let finding = |found: &Finding| format!("{}: {}", sentence(found.kind.id()), found.title);
            let found = [
                rulebook.outcome_text(facts.outcome()).title.clone(),
                scenario(facts, rulebook),
                fit_words(facts.fit),
                named(facts.not_met, &rulebook.criteria, title, "; "),
                named(facts.to_discuss, &rulebook.criteria, title, "; "),
                named(facts.missing, &rulebook.questions, |question| question.id.clone(), "; "),
                named(facts.findings, &rulebook.findings, finding, "; "),
            ];
            let shown = found.into_iter().zip(FOUND).filter(|(_, (_, field))| field.exists(rulebook));
            cells.extend(shown.map(|(cell, _)| cell).chain([line.source.clone(), String::new()]));
            (cells, Some(tone(facts, rulebook)))
        }
        Err(error) => {
            cells.push("Could not be read".to_owned());
            let others = FOUND[1..].iter().filter(|(_, field)| field.exists(rulebook));
            cells.extend(others.map(|_| String::new()));
            cells.extend([line.source.clone(), error.clone()]);
            (cells, None)
        }
    }
}

/// What is missing and what is to be discussed, in the words of the rules.
fn to_do(line: &ProductLine, rulebook: &Rulebook) -> Vec<SheetRow> {
    let mut rows = Vec::new();
    let mut add = |what: &str, words: String, id: &str| {
        let [product, organisation] = [&line.product, &line.organisation].map(|name| name.clone().unwrap_or_default());
        rows.push((vec![product, organisation, what.to_owned(), words, id.to_owned(), line.source.clone()], None));
    };
    let facts = match &line.result {
        Ok(facts) => facts,
        Err(error) => {
            add("Could not be read", error.clone(), "");
            return rows;
        }
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
        add(&sentence(finding.kind.id()), finding.title.clone(), &finding.id);
    }
    for (id, name) in lacking(facts, rulebook) {
        add("Lacking for the gate", sentence(name), id);
    }
    rows
}

/// A sheet that is one table, with a header that stays in view. The column after the carried ones is coloured by the
/// outcome.
fn table(
    sheet: &mut Worksheet,
    name: &str,
    names: &[&str],
    rows: &[SheetRow],
    carried: Range<usize>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    if rows.len() > MAX_ROWS {
        return Err(format!("more than {MAX_ROWS} rows do not fit into a workbook").into());
    }
    printed(sheet.set_name(name)?.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?, 0);
    let headers = unique_headers(names);
    let columns: Vec<TableColumn> = headers.iter().map(|header| TableColumn::new().set_header(header)).collect();
    let look = Table::new().set_columns(&columns).set_style(TableStyle::Light1);
    let last = u32::try_from(rows.len().max(1)).unwrap_or(u32::MAX);
    let count = u16::try_from(names.len()).unwrap_or(u16::MAX);
    sheet.add_table(0, 0, last, count - 1, &look)?;
    let width = |(column, header): (usize, &String)| {
        let lengths = rows.iter().take(500).filter_map(|(cells, _)| cells.get(column)).map(|text| text.chars().count());
        lengths.chain([header.chars().count() + 3]).max().unwrap_or(0).clamp(8, WIDEST) + 1
    };
    let widths: Vec<usize> = headers.iter().enumerate().map(width).collect();
    for (column, width) in (0..).zip(&widths) {
        sheet.set_column_width(column, u32::try_from(*width).unwrap_or(u32::MAX))?;
    }
    for (row, (cells, tone)) in (1..).zip(rows) {
        let heights = cells.iter().zip(&widths).map(|(text, width)| height(text, *width));
        sheet.set_row_height(row, heights.max().unwrap_or(0))?;
        for (index, (column, text)) in (0..).zip(cells).enumerate() {
            let colour = tone.filter(|_| index == carried.end).map(colour);
            let format = colour.map_or_else(plain, |colour| plain().set_background_color(colour));
            let number = Some(text).filter(|_| carried.contains(&index)).and_then(|text| number(text));
            if let Some((number, look)) = number {
                sheet.write_number_with_format(row, column, number, &format.set_num_format(look))?;
            } else if !text.is_empty() {
                let lines: Vec<String> = text.lines().map(cell).collect();
                sheet.write_string_with_format(row, column, lines.join("\n"), &format)?;
            }
        }
    }
    Ok(())
}

/// Headers as cells, each with a number if it is blank or another has it already: those of a table must differ.
fn unique_headers(names: &[&str]) -> Vec<String> {
    let mut headers: Vec<String> = Vec::new();
    for name in names {
        let plain = cell(name);
        let mut header = plain.clone();
        let mut number = 1;
        while header.is_empty() || headers.iter().any(|known| known.to_lowercase() == header.to_lowercase()) {
            number += 1;
            header = format!("{plain} {number}");
        }
        headers.push(header);
    }
    headers
}

/// A carried cell as a number or a day, with its format, if a spreadsheet then shows just its text. It would not for
/// `0012` or a long number.
fn number(text: &str) -> Option<(f64, &'static str)> {
    if is_number(text) {
        let number = text.parse::<f64>().ok()?;
        return (text.len() <= MAX_DIGITS && number.to_string() == text).then_some((number, "General"));
    }
    let look = match (text.as_bytes().get(4), text.len()) {
        (Some(b'-'), 10) => "yyyy-mm-dd",
        (Some(b'-'), 19) => "yyyy-mm-dd hh:mm:ss",
        _ => return None,
    };
    Some((ExcelDateTime::parse_from_str(text).ok()?.to_excel(), look))
}

fn plain() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// The height of a row for a text in a column of this width. Not every spreadsheet computes it when it opens a workbook.
/// Letters differ in width, so some room is left.
fn height(text: &str, width: usize) -> u32 {
    let lines = text.lines().map(|line| textwrap::wrap(line, width - width / 8).len());
    u32::try_from(lines.sum::<usize>()).unwrap_or(u32::MAX).clamp(1, MAX_LINES) * LINE
}

/// Sets a sheet up for printing in landscape, one page wide, on this many pages, or for 0 on as many as it takes.
fn printed(sheet: &mut Worksheet, pages: u16) {
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, pages);
}

/// The background of an outcome, which says the same as its text.
fn colour(tone: Tone) -> Color {
    Color::RGB(match tone {
        Tone::Good => 0x00D5_E8D4,
        Tone::Bad => 0x00F8_CECC,
        _ => 0x00FF_F2CC,
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
