//! Drafts a mapping file from a table, for a person to check and change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::header::{find_columns, given_columns, header_meanings};
use super::mapping::{ColumnMeaning, Mapping};
use super::words::{CellWords, json_list_to_lines};
use crate::answers::quoted;
use crate::question::likeness::{ALIKE, asks_something_else, likely_option, stems};
use crate::question::{Answer, Kind, Question, Takes, folded, folded_header};
use crate::rulebook::Rulebook;
use crate::style::clean;

/// The most different cells of a column that are looked at.
const MAX_CELLS: usize = 200;
/// Headers that form tools add by themselves, folded.
const FORM_HEADERS: [&str; 14] = [
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
/// Words in the likely headers of the columns with names.
const NAMES: [(&str, ColumnMeaning); 2] =
    [("product", ColumnMeaning::Product), ("organisation", ColumnMeaning::Organisation)];
/// The most texts between commas that are looked at in one cell.
const MAX_TEXTS: usize = 30;
/// What the second header row of a form has above the answers to a question of the first, folded.
const SECOND_HEADER: [&str; 2] = ["response", "open ended response"];
const GUESS_MARK: &str = " # a guess";

#[derive(Debug, Default)]
pub struct Sample {
    names: Vec<String>,
    /// For each column, its different cells, in the order of the rows.
    cells: Vec<Vec<String>>,
    /// The row below the header, if it belongs to the header.
    second_header: Option<u64>,
}

impl Sample {
    /// A table with this header, and no rows yet.
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

    fn cells_of(&self, column: usize) -> &[String] {
        self.cells.get(column).map_or(&[], Vec::as_slice)
    }
}

/// The mapping file. Everything that `given` says is kept.
pub fn suggested_mapping(sample: &Sample, given: &Mapping, words: &CellWords, rulebook: &Rulebook) -> String {
    let columns = |headers: &[String]| headers.iter().flat_map(|header| find_columns(header, &sample.names)).collect();
    let (kept, ignored) = (columns(&given.keep), columns(&given.ignore));
    let mut suggester = Suggester { sample, given, words, rulebook, kept, ignored, meanings: BTreeMap::new() };
    suggester.take_given();
    suggester.take_by_header();
    suggester.take_by_likeness();
    suggester.take_choices();
    suggester.render()
}

struct Suggester<'a> {
    sample: &'a Sample,
    given: &'a Mapping,
    words: &'a CellWords,
    rulebook: &'a Rulebook,
    /// The columns that the user keeps, and those that they ignore.
    kept: Vec<usize>,
    ignored: Vec<usize>,
    /// What each column probably means, and whether that is a guess.
    meanings: BTreeMap<usize, (ColumnMeaning, bool)>,
}

impl Suggester<'_> {
    fn means(&self, wanted: ColumnMeaning) -> bool {
        self.meanings.values().any(|(meaning, _)| *meaning == wanted)
    }

    fn is_settled(&self, column: usize) -> bool {
        self.kept.contains(&column) || self.ignored.contains(&column)
    }

    /// Gives a meaning to a column, unless the column has one or the meaning has a column.
    fn take(&mut self, column: usize, meaning: ColumnMeaning, is_guess: bool) {
        if !self.means(meaning) {
            self.meanings.entry(column).or_insert((meaning, is_guess));
        }
    }

    /// Takes over what the user says, even if several columns get one meaning.
    fn take_given(&mut self) {
        for (header, meaning) in given_columns(self.given, &self.sample.names) {
            for column in find_columns(header, &self.sample.names) {
                self.meanings.entry(column).or_insert((*meaning, false));
            }
        }
    }

    fn take_by_header(&mut self) {
        let only_meaning = |name: &String| match header_meanings(name, self.words)[..] {
            [meaning] => Some(meaning),
            _ => None,
        };
        let meanings: Vec<Option<ColumnMeaning>> = self.sample.names.iter().map(only_meaning).collect();
        for (column, meaning) in meanings.iter().enumerate() {
            if let Some(meaning) = meaning.filter(|_| !self.ignored.contains(&column)) {
                // Of several columns with one meaning the first may be the wrong one.
                let is_guess = meanings.iter().filter(|other| **other == Some(meaning)).count() > 1;
                self.take(column, meaning, is_guess);
            }
        }
    }

    /// Matches the other columns with questions and names, the likeliest pairs first.
    fn take_by_likeness(&mut self) {
        let mut pairs: Vec<(f64, usize, ColumnMeaning)> = Vec::new();
        for (column, name) in self.sample.names.iter().enumerate() {
            let header = folded_header(name);
            if self.meanings.contains_key(&column)
                || self.is_settled(column)
                || header.is_empty()
                || FORM_HEADERS.contains(&header.as_str())
            {
                continue;
            }
            // As plain `triage` would ask whether it is meant.
            let near = self.words.nearest_question(&header);
            pairs.extend(near.map(|question| (1.0, column, ColumnMeaning::Question(question))));
            for question in &self.rulebook.questions {
                let likeness = self.likeness(&header, question, self.sample.cells_of(column));
                if likeness >= ALIKE {
                    pairs.push((likeness, column, ColumnMeaning::Question(question.index)));
                }
            }
            let is_name = ["name", "called", "title"].iter().any(|word| header.contains(word));
            let named = NAMES.iter().filter(|(word, _)| is_name && header.split(' ').any(|part| part == *word));
            pairs.extend(named.map(|(_, meaning)| (0.9, column, *meaning)));
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, column, meaning) in pairs {
            self.take(column, meaning, true);
        }
    }

    /// Gives unnamed columns the meaning of a question with several choices to their left, if their cells are choices of it.
    fn take_choices(&mut self) {
        let is_unnamed = |column: usize| self.sample.names[column].trim().is_empty();
        for column in (0..self.sample.names.len()).filter(|column| is_unnamed(*column)) {
            if self.is_settled(column) {
                continue;
            }
            let left = (0..column).rfind(|left| self.meanings.contains_key(left) || !is_unnamed(*left));
            let left = left.and_then(|left| self.meanings.get(&left).copied());
            let Some((meaning @ ColumnMeaning::Question(index), _)) = left else { continue };
            let question = &self.rulebook.questions[index];
            let is_choice = |cell: &String| self.words.read(question, cell).is_ok_and(|answer| answer.is_some());
            if question.kind == Kind::Choices && self.sample.cells_of(column).iter().any(is_choice) {
                self.meanings.entry(column).or_insert((meaning, true));
            }
        }
    }

    /// How likely it is that a column answers a question: by the words of its header, and by how many of its cells are
    /// answers.
    fn likeness(&self, header: &str, question: &Question, cells: &[String]) -> f64 {
        let prompt = folded_header(&question.prompt);
        if asks_something_else(header, &prompt) {
            return 0.0;
        }
        let (prompt_words, header_words) = (stems(&prompt), stems(header));
        let shared = prompt_words.iter().filter(|word| header_words.contains(word)).count();
        let fewer = prompt_words.len().min(header_words.len()).max(1);
        #[allow(clippy::cast_precision_loss, reason = "there are few words and cells")]
        let ratio = |some: usize, all: usize| some as f64 / all.max(1) as f64;
        let by_words = 0.5 * ratio(shared, fewer) + 0.5 * ratio(2 * shared, prompt_words.len() + header_words.len());
        if question.kind.takes() == Takes::Own {
            // Any cell is an answer to it, so a single shared word is not enough.
            return if shared < 2 { 0.0 } else { 0.75 * by_words };
        }
        let is_answer = |cell: &&String| self.words.read(question, cell).is_ok();
        let answers = cells.iter().filter(is_answer).count();
        let likely = cells.iter().filter(|cell| is_answer(cell) || likely_option(question, cell).is_some()).count();
        // Any yes or no answers every yes/no question, so for these the words count more.
        let by_cells = 0.15 * ratio(answers, cells.len()) + 0.85 * ratio(likely, cells.len());
        if question.kind == Kind::YesNo { 0.75 * by_words + 0.25 * by_cells } else { 0.65 * by_words + 0.35 * by_cells }
    }

    fn render(&self) -> String {
        let (sample, given) = (self.sample, self.given);
        let mut out = String::from(
            "# What the columns and cells of a table mean. Check every line marked as a guess.\ncolumns:\n",
        );
        let keep = self.write_columns(&mut out);
        let values = self.values();
        if !values.is_empty() {
            let _ = write!(
                out,
                "# Cells that are not answers by themselves. Nothing after the colon means no answer.\nvalues:\n{values}"
            );
        }
        let heading = "# Copied into the result as they are. If you do not need one, move it to `ignore`.\nkeep:\n";
        write_list(&mut out, heading, &keep, &sample.names);
        write_list(&mut out, "ignore:\n", &given.ignore, &sample.names);
        if !self.means(ColumnMeaning::Product) {
            out.push_str("# No column names the product: write `product` after its header under `columns`.\n");
        }
        let questions = self.rulebook.questions.iter();
        let unanswered = questions.filter(|question| !self.means(ColumnMeaning::Question(question.index)));
        let unanswered: Vec<&str> = unanswered.map(|question| question.id.as_str()).collect();
        if !unanswered.is_empty() {
            let _ = writeln!(out, "# No column answers: {}.", unanswered.join(", "));
        }
        write_settings(&mut out, given, sample.second_header);
        out
    }

    /// Writes the columns that have a meaning, and returns those to keep.
    fn write_columns(&self, out: &mut String) -> Vec<String> {
        let (names, given) = (&self.sample.names, self.given);
        let mut keep = given.keep.clone();
        let as_folded: Vec<String> = names.iter().map(|name| folded_header(name)).collect();
        for (column, name) in names.iter().map(|name| name.trim()).enumerate() {
            let is_unique = as_folded.iter().filter(|other| **other == as_folded[column]).count() == 1;
            let by_name = is_unique && !name.is_empty() && !name.starts_with('#');
            let key = if by_name { name.to_owned() } else { format!("#{}", column + 1) };
            match self.meanings.get(&column) {
                Some((meaning, is_guess)) => {
                    let mark = if *is_guess { GUESS_MARK } else { "" };
                    let _ = writeln!(out, "  {}: {}{mark}", quoted(&key), meaning.id(self.rulebook));
                }
                None if given.ignore_others || self.is_settled(column) => {}
                None if self.sample.cells_of(column).is_empty() && name.is_empty() => {}
                None => keep.push(key),
            }
        }
        for (header, meaning) in
            given_columns(given, names).filter(|(header, _)| find_columns(header, names).is_empty())
        {
            let id = meaning.id(self.rulebook);
            let _ = writeln!(out, "  # There is no such column: {}: {id}", quoted(header));
        }
        keep
    }

    /// For each question, what its cells mean: in the order of the columns, then questions that no column answers.
    fn values(&self) -> String {
        let mut out = String::new();
        let mut questions: Vec<&Question> = self.rulebook.questions.iter().collect();
        questions.sort_by_key(|question| self.columns_of(question).next().unwrap_or(usize::MAX));
        for question in questions.into_iter().filter(|question| question.kind.takes() != Takes::Own) {
            let lines = self.values_of(question);
            if !lines.is_empty() {
                let (prompt, values) = (clean(&question.prompt), question.values().collect::<Vec<_>>().join(", "));
                let _ = write!(out, "  # {prompt}\n  # {values}\n  {}:\n{lines}", question.id);
            }
        }
        out
    }

    fn columns_of(&self, question: &Question) -> impl Iterator<Item = usize> {
        let meaning = ColumnMeaning::Question(question.index);
        self.meanings.iter().filter(move |(_, (known, _))| *known == meaning).map(|(column, _)| *column)
    }

    /// The cells that the user gave a meaning, and those that are not answers, each with the answer it probably means.
    fn values_of(&self, question: &Question) -> String {
        let mut lines = String::new();
        let mut seen = Vec::new();
        for (cell, meaning) in self.given.mapped_cells(question.index) {
            seen.push(folded(cell));
            let _ = writeln!(lines, "    {}:{}", quoted(cell), meaning.to_yaml(question));
        }
        let cells = self.columns_of(question).flat_map(|column| self.sample.cells_of(column));
        let unknown = cells.filter(|cell| self.words.read(question, cell).is_err());
        for part in unknown.flat_map(|cell| self.unknown_parts(cell, question)) {
            let as_folded = folded(&part);
            if seen.contains(&as_folded) {
                continue;
            }
            seen.push(as_folded);
            let key = quoted(&part);
            let _ = match likely_option(question, &part) {
                Some(option) => writeln!(lines, "    {key}: {}{GUESS_MARK}", question.options[option].value),
                // Commented out, because nothing after the colon would mean that there is no answer.
                None => writeln!(
                    lines,
                    "    # Not known: delete the # before it, and write a value after the colon.\n    # {key}:"
                ),
            };
        }
        if self.columns_of(question).any(|column| self.sample.cells_of(column).len() == MAX_CELLS) {
            let _ = writeln!(lines, "    # Only the first {MAX_CELLS} different cells were read.");
        }
        lines
    }

    /// What is not known of a cell: all of it, or some of several values. Values are separated by commas and may contain
    /// some, so each is the longest text that can be read, or probably means an option.
    fn unknown_parts(&self, cell: &str, question: &Question) -> Vec<String> {
        if question.kind != Kind::Choices {
            return vec![cell.trim().to_owned()];
        }
        let cell = &*json_list_to_lines(cell);
        let read = |text: &str| self.words.read(question, text).ok().flatten();
        let is_answer = |text: &str| read(text).is_some();
        let is_one = |text: &str| read(text).is_some_and(|it| !matches!(it, Answer::Many(set) if set.count_ones() > 1));
        let is_known = |text: &str| is_one(text) || likely_option(question, text).is_some();
        let parts = cell.split([';', '\n', '\r']).map(str::trim).filter(|part| !part.is_empty());
        let mut unknown = Vec::new();
        for part in parts.filter(|part| !is_answer(part)) {
            let texts = part.split(',').map(str::trim).filter(|text| !text.is_empty());
            let texts: Vec<&str> = texts.take(MAX_TEXTS).collect();
            let mut start = 0;
            while start < texts.len() {
                let join = |end: usize| texts[start..end].join(", ");
                let longest = (start + 1..=texts.len()).rev().find(|end| is_known(&join(*end)));
                let mut end = longest.unwrap_or(start + 1);
                // A text that begins in lower case, and is not known by itself, continues the one before.
                while texts.get(end).is_some_and(|next| next.starts_with(char::is_lowercase) && !is_known(next)) {
                    end += 1;
                }
                unknown.extend(Some(join(end)).filter(|text| !is_answer(text)));
                start = end;
            }
        }
        unknown
    }
}

/// A list of headers, if there are any. What a column is called that is named by its number stands beside it.
fn write_list(out: &mut String, heading: &str, headers: &[String], names: &[String]) {
    if !headers.is_empty() {
        out.push_str(heading);
    }
    for header in headers {
        let numbered = find_columns(header, names).into_iter().find(|_| header.starts_with('#'));
        let called = numbered.map(|column| format!(" # {}", quoted(&names[column]))).unwrap_or_default();
        let _ = writeln!(out, "  - {}{called}", quoted(header));
    }
}

fn write_settings(out: &mut String, given: &Mapping, second_header: Option<u64>) {
    let rows: Vec<u64> = given.skip_rows.iter().copied().chain(second_header).collect();
    let mark = second_header.map_or("", |_| GUESS_MARK);
    let separator = |byte| if byte == b'\t' { "tab".to_owned() } else { format!("\"{}\"", char::from(byte)) };
    let settings = [
        given.ignore_others.then(|| "ignore_others: true".to_owned()),
        given.header_row.map(|row| format!("header_row: {row}")),
        (!rows.is_empty()).then(|| format!("skip_rows: {rows:?}{mark}")),
        given.sheet.as_ref().map(|sheet| format!("sheet: {}", quoted(sheet))),
        given.separator.map(|byte| format!("separator: {}", separator(byte))),
        given.encoding.map(|encoding| format!("encoding: {encoding}")),
    ];
    for setting in settings.into_iter().flatten() {
        let _ = writeln!(out, "{setting}");
    }
}
