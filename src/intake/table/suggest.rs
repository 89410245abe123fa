//! A mapping file written from a table at hand, ready to be looked at and changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::header::{columns_called, of_header};
use super::mapping::{ColumnMeaning, Mapping};
use super::words::{CellWords, in_lines};
use crate::answers::quoted;
use crate::question::likeness::{ALIKE, asks_something_else, likely_option, stems};
use crate::question::{Answer, Kind, Question, Takes, folded, folded_header};
use crate::rulebook::Rulebook;
use crate::style::clean;

/// The most different cells of a column that are listed.
const MAX_CELLS: usize = 200;
/// Headers that forms and spreadsheets write for themselves, folded.
const THEIR_OWN: [&str; 14] = [
    "id",
    "start time",
    "completion time",
    "email",
    "email address",
    "name",
    "last modified time",
    "timestamp",
    "score",
    "language",
    "username",
    "total points",
    "quiz feedback",
    "respondent",
];
/// Words of headers under which the name of a product, and of who makes it, is likely to stand.
const NAMES: [(&str, ColumnMeaning); 2] =
    [("product", ColumnMeaning::Product), ("organisation", ColumnMeaning::Organisation)];
/// The most texts between commas that are looked at in one cell.
const MAX_TEXTS: usize = 30;
const MARK: &str = " # a guess";

/// A table as it is, row by row.
#[derive(Debug, Default)]
pub struct Sample {
    pub names: Vec<String>,
    /// For each column, its cells that are different from each other, in the order in which they come.
    pub cells: Vec<Vec<String>>,
    /// The number of the row below the header, if it is a part of that: there a form says what each column is for.
    second_header: Option<u64>,
}

/// What the second header of a form has over a column with answers to the question above, folded.
const SECOND_HEADER: [&str; 2] = ["response", "open ended response"];

impl Sample {
    /// A table with these headers, and no rows yet.
    pub fn new(names: Vec<String>) -> Self {
        Self { names, ..Self::default() }
    }

    /// Adds the row with this number.
    pub fn add(&mut self, number: u64, cells: Vec<String>) {
        let is_first = self.cells.is_empty();
        self.cells.resize(self.names.len(), Vec::new());
        if is_first && cells.iter().any(|cell| SECOND_HEADER.contains(&folded(cell).as_str())) {
            self.second_header = Some(number);
            return;
        }
        for (index, cell) in cells.into_iter().enumerate().take(self.names.len()) {
            let known = &mut self.cells[index];
            if !cell.trim().is_empty() && known.len() < MAX_CELLS && !known.contains(&cell) {
                known.push(cell);
            }
        }
    }

    fn of(&self, column: usize) -> &[String] {
        self.cells.get(column).map_or(&[], Vec::as_slice)
    }
}

/// What each column is taken for, and whether that is a guess.
type Meanings = BTreeMap<usize, (ColumnMeaning, bool)>;

/// The mapping file. What is given already is kept.
pub fn suggestion(sample: &Sample, given: &Mapping, words: &CellWords, rulebook: &Rulebook) -> String {
    let called = |headers: &[String]| -> Vec<usize> {
        headers.iter().flat_map(|header| columns_called(header, &sample.names)).collect()
    };
    let (kept, ignored) = (called(&given.keep), called(&given.ignore));
    let meanings = meanings(sample, given, (&kept, &ignored), words, rulebook);
    let mut out = String::from(
        "# What the columns and cells of a table stand for. Look at every line marked as a guess.\ncolumns:\n",
    );
    let mut keep = given.keep.clone();
    let as_folded: Vec<String> = sample.names.iter().map(|name| folded_header(name)).collect();
    for (index, name) in sample.names.iter().enumerate() {
        let is_single = as_folded.iter().filter(|other| **other == as_folded[index]).count() == 1;
        let by_name = is_single && !name.trim().is_empty() && !name.trim().starts_with('#');
        let key = if by_name { name.trim().to_owned() } else { format!("#{}", index + 1) };
        match meanings.get(&index) {
            Some((meaning, guess)) => {
                let mark = if *guess { MARK } else { "" };
                let _ = writeln!(out, "  {}: {}{mark}", quoted(&key), meaning.id(rulebook));
            }
            None if given.ignore_others || kept.contains(&index) || ignored.contains(&index) => {}
            None if sample.of(index).is_empty() && name.trim().is_empty() => {}
            None => keep.push(key),
        }
    }
    for (header, meaning) in given.columns.iter().filter(|(header, _)| columns_called(header, &sample.names).is_empty())
    {
        let _ = writeln!(out, "  # There is no such column: {}: {}", quoted(header), meaning.id(rulebook));
    }
    let values = values(sample, given, &meanings, words, rulebook);
    if !values.is_empty() {
        let _ = write!(
            out,
            "# Cells that are no answer by themselves. Nothing after the colon: no answer.\nvalues:\n{values}"
        );
    }
    list(&mut out, "# Carried into the result as they are. Move what is of no use to `ignore`.\nkeep:\n", &keep);
    list(&mut out, "ignore:\n", &given.ignore);
    let means = |wanted| meanings.values().any(|(meaning, _)| *meaning == wanted);
    if !means(ColumnMeaning::Product) {
        out.push_str("# No column names the product: write `product` behind its header under `columns`.\n");
    }
    let questions = rulebook.questions.iter().enumerate();
    let unasked = questions.filter(|(index, _)| !means(ColumnMeaning::Question(*index)));
    let unasked: Vec<&str> = unasked.map(|(_, question)| question.id.as_str()).collect();
    if !unasked.is_empty() {
        let _ = writeln!(out, "# No column answers: {}.", unasked.join(", "));
    }
    settings(&mut out, given, sample.second_header);
    out
}

/// A list of headers, if there are any.
fn list(out: &mut String, above: &str, names: &[String]) {
    if !names.is_empty() {
        out.push_str(above);
    }
    for name in names {
        let _ = writeln!(out, "  - {}", quoted(name));
    }
}

fn settings(out: &mut String, given: &Mapping, second_header: Option<u64>) {
    if given.ignore_others {
        out.push_str("ignore_others: true\n");
    }
    if let Some(row) = given.header_row {
        let _ = writeln!(out, "header_row: {row}");
    }
    let rows: Vec<u64> = given.skip_rows.iter().copied().chain(second_header).collect();
    if !rows.is_empty() {
        let mark = second_header.map_or("", |_| MARK);
        let _ = writeln!(out, "skip_rows: {rows:?}{mark}");
    }
    if let Some(sheet) = &given.sheet {
        let _ = writeln!(out, "sheet: {}", quoted(sheet));
    }
    if let Some(separator) = given.separator {
        let sign = char::from(separator);
        let _ = writeln!(out, "separator: {}", if sign == '\t' { "tab".to_owned() } else { format!("\"{sign}\"") });
    }
    if let Some(encoding) = given.encoding {
        let _ = writeln!(out, "encoding: {encoding}");
    }
}

fn meanings(
    sample: &Sample,
    given: &Mapping,
    (kept, ignored): (&[usize], &[usize]),
    words: &CellWords,
    rulebook: &Rulebook,
) -> Meanings {
    let mut found = Meanings::new();
    // Each question has one column unless somebody says more, and each column one meaning: the first that is found.
    let take = |found: &mut Meanings, index: usize, meaning: ColumnMeaning, guess: bool| {
        if !found.values().any(|(known, _)| *known == meaning) {
            found.entry(index).or_insert((meaning, guess));
        }
    };
    for (header, meaning) in &given.columns {
        for index in columns_called(header, &sample.names) {
            found.entry(index).or_insert((*meaning, false));
        }
    }
    let by_header = |name: &String| of_header(name, words).try_into().ok().map(|[meaning]: [ColumnMeaning; 1]| meaning);
    let by_headers: Vec<Option<ColumnMeaning>> = sample.names.iter().map(by_header).collect();
    for (index, meaning) in by_headers.iter().enumerate().filter(|(index, _)| !ignored.contains(index)) {
        if let Some(meaning) = *meaning {
            // Of several columns with one meaning the first may be the wrong one.
            let is_single = by_headers.iter().filter(|other| **other == Some(meaning)).count() == 1;
            take(&mut found, index, meaning, !is_single);
        }
    }
    // The likeliest pairs come first. What somebody settled stays.
    let mut pairs: Vec<(f64, usize, ColumnMeaning)> = Vec::new();
    for (index, name) in sample.names.iter().enumerate() {
        let as_folded = folded_header(name);
        if found.contains_key(&index)
            || kept.contains(&index)
            || ignored.contains(&index)
            || as_folded.is_empty()
            || THEIR_OWN.contains(&as_folded.as_str())
        {
            continue;
        }
        for (number, question) in rulebook.questions.iter().enumerate() {
            let likeness = likeness(&as_folded, question, sample.of(index), words, number);
            if likeness >= ALIKE {
                pairs.push((likeness, index, ColumnMeaning::Question(number)));
            }
        }
        let is_name = ["name", "called", "title"].iter().any(|word| as_folded.contains(word));
        let named = NAMES.iter().filter(|(word, _)| is_name && as_folded.split(' ').any(|part| part == *word));
        pairs.extend(named.map(|(_, meaning)| (0.9, index, *meaning)));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, index, meaning) in pairs {
        take(&mut found, index, meaning, true);
    }
    // A form may give each choice a column, of which only the first has a header.
    let is_nameless = |index: usize| sample.names[index].trim().is_empty();
    for index in (0..sample.names.len()).filter(|index| is_nameless(*index)) {
        if kept.contains(&index) || ignored.contains(&index) {
            continue;
        }
        let left = (0..index).rfind(|left| found.contains_key(left) || !is_nameless(*left));
        let left = left.and_then(|left| found.get(&left).copied());
        let Some((meaning @ ColumnMeaning::Question(number), _)) = left else { continue };
        let question = &rulebook.questions[number];
        let is_choice = |cell: &String| words.read(number, question, cell).is_ok_and(|answer| answer.is_some());
        if question.kind == Kind::Choices && sample.of(index).iter().any(is_choice) {
            found.entry(index).or_insert((meaning, true));
        }
    }
    found
}

/// How likely it is that a column answers a question: by the words of its header, and by how many of its cells are answers.
fn likeness(header: &str, question: &Question, cells: &[String], words: &CellWords, number: usize) -> f64 {
    let prompt = folded_header(&question.prompt);
    if asks_something_else(header, &prompt) {
        return 0.0;
    }
    let (ours, theirs) = (stems(&prompt), stems(header));
    let shared = ours.iter().filter(|word| theirs.contains(word)).count();
    let smaller = ours.len().min(theirs.len()).max(1);
    #[allow(clippy::cast_precision_loss, reason = "there are few words and cells")]
    let part = |some: usize, all: usize| some as f64 / all.max(1) as f64;
    let by_words = 0.5 * part(shared, smaller) + 0.5 * part(2 * shared, ours.len() + theirs.len());
    if question.kind.takes() == Takes::Own {
        // Any cell is an answer to it, so one word that both have says nothing.
        return if shared < 2 { 0.0 } else { 0.75 * by_words };
    }
    let fits = |cell: &&String| words.read(number, question, cell).is_ok();
    let fitting = cells.iter().filter(fits).count();
    let alike = cells.iter().filter(|cell| fits(cell) || likely_option(question, cell).is_some()).count();
    // What is an answer says more than what may mean one. Every yes or no fits every such question, so the words of the
    // header count most.
    let by_cells = 0.15 * part(fitting, cells.len()) + 0.85 * part(alike, cells.len());
    if question.kind == Kind::YesNo { 0.75 * by_words + 0.25 * by_cells } else { 0.65 * by_words + 0.35 * by_cells }
}

/// Cells that are no answers, each with the answer that they are likeliest to mean.
fn values(sample: &Sample, given: &Mapping, meanings: &Meanings, words: &CellWords, rulebook: &Rulebook) -> String {
    let mut out = String::new();
    // In the order of the columns; then the questions that none answers, of which something may be given.
    let columns = |number| {
        let of = meanings.iter().filter(move |(_, (meaning, _))| *meaning == ColumnMeaning::Question(number));
        of.map(|(index, _)| *index)
    };
    let mut questions: Vec<_> = rulebook.questions.iter().enumerate().collect();
    questions.sort_by_key(|(number, _)| columns(*number).next().unwrap_or(usize::MAX));
    for (number, question) in questions.into_iter().filter(|(_, question)| question.kind.takes() != Takes::Own) {
        let cells: Vec<&String> = columns(number).flat_map(|index| sample.of(index)).collect();
        let mut lines = String::new();
        let mut seen = Vec::new();
        for (cell, meaning) in given.values_of(number) {
            seen.push(folded(cell));
            let _ = writeln!(lines, "    {}:{}", quoted(cell), meaning.written(question));
        }
        let unknown = cells.iter().filter(|cell| words.read(number, question, cell).is_err());
        for part in unknown.flat_map(|cell| parts(cell, number, question, words)) {
            let key = folded(&part);
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let key = quoted(&part);
            let _ = match likely_option(question, &part) {
                Some(option) => writeln!(lines, "    {key}: {}{MARK}", question.options[option].value),
                // Nothing behind the colon would be no answer, which nobody has said.
                None => writeln!(
                    lines,
                    "    # Not known: take the # in front away, and write a value behind the colon.\n    # {key}:"
                ),
            };
        }
        if columns(number).any(|index| sample.of(index).len() == MAX_CELLS) {
            let _ = writeln!(lines, "    # Only the first {MAX_CELLS} different cells were looked at.");
        }
        if !lines.is_empty() {
            let all: Vec<&str> = question.values().collect();
            let _ = write!(out, "  # {}\n  # {}\n  {}:\n{lines}", clean(&question.prompt), all.join(", "), question.id);
        }
    }
    out
}

/// What is not known of a cell: all of it, or some of several values. Commas stand between them and in them: the longest
/// text that can be read, or is likely to mean an option, is one.
fn parts(cell: &str, number: usize, question: &Question, words: &CellWords) -> Vec<String> {
    if question.kind != Kind::Choices {
        return vec![cell.trim().to_owned()];
    }
    let cell = &*in_lines(cell);
    let read = |text: &str| words.read(number, question, text).ok().flatten();
    let fits = |text: &str| read(text).is_some();
    let is_one = |text: &str| read(text).is_some_and(|it| !matches!(it, Answer::Many(set) if set.count_ones() > 1));
    let strong = cell.split([';', '\n', '\r']).map(str::trim).filter(|part| !part.is_empty());
    let mut unknown = Vec::new();
    for part in strong.filter(|part| !fits(part)) {
        let texts: Vec<&str> = part.split(',').map(str::trim).filter(|text| !text.is_empty()).take(MAX_TEXTS).collect();
        let mut at = 0;
        while at < texts.len() {
            let join = |end: usize| texts[at..end].join(", ");
            let is_known = |text: &str| is_one(text) || likely_option(question, text).is_some();
            let mut end = (at + 1..=texts.len()).rev().find(|end| is_known(&join(*end))).unwrap_or(at + 1);
            // What goes on in small letters, and is nothing by itself, belongs to what is before it.
            while texts.get(end).is_some_and(|next| next.starts_with(char::is_lowercase) && !is_known(next)) {
                end += 1;
            }
            unknown.extend(Some(join(end)).filter(|text| !fits(text)));
            at = end;
        }
    }
    unknown
}
