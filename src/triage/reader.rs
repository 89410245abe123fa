//! Rows of tables → answers.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::rows::{InputRow, QuoteFault};
use super::tables::NOT_UTF8;
use crate::answers::{self, Answers, Entry};
use crate::intake::table::header::of_choices;
use crate::intake::table::{CellWords, Column, ColumnMeaning, Header};
use crate::problem::{Code, Problem};
use crate::question::{Answer, Question, Refusal, Takes};
use crate::rulebook::Rulebook;

/// The most cells remembered of one question.
const REMEMBERED: usize = 256;

/// Reads the rows of tables.
pub(super) struct RowReader<'r> {
    rulebook: &'r Rulebook,
    words: &'r CellWords,
    /// What cells were found to say, by question: most say the same again.
    remembered: Vec<FxHashMap<Box<str>, Option<Answer>>>,
}

impl<'r> RowReader<'r> {
    pub(super) fn new(rulebook: &'r Rulebook, words: &'r CellWords) -> Self {
        Self { rulebook, words, remembered: vec![FxHashMap::default(); rulebook.questions.len()] }
    }

    /// The answers in a row. What could be read of it comes back beside what is wrong.
    pub(super) fn read(&mut self, row: &InputRow, header: &Header) -> (Answers, Vec<Problem>) {
        let mut answers = Answers::blank(self.rulebook, "");
        let mut problems = Vec::new();
        if let Some(fault) = row.quote_fault {
            problems.push(Problem::anywhere(Code::Syntax, fault.to_string()).hint(QuoteFault::HINT));
            return (answers, problems);
        }
        let (wanted, found) = (header.columns.len(), row.len());
        // In a workbook empty cells at the end of a row are left out.
        if found < wanted && !row.of_workbook || row.cells().skip(wanted).any(|cell| !cell.trim_ascii().is_empty()) {
            let message = format!("the header has {wanted} columns, and this row {found}");
            problems.push(Problem::anywhere(Code::Syntax, message));
        }
        let mut beside: Vec<(usize, bool, &str)> = Vec::new();
        let mut names_are_read = true;
        for (index, (cell, column)) in row.cells().zip(&header.columns).enumerate() {
            let cell = match text(row, header, index, cell) {
                Ok("") => continue,
                Ok(cell) => cell,
                Err(problem) => {
                    problems.push(problem);
                    names_are_read &= *column != Column::Is(ColumnMeaning::Product);
                    continue;
                }
            };
            match *column {
                Column::Is(ColumnMeaning::Product) => cell.clone_into(&mut answers.product),
                Column::Is(ColumnMeaning::Organisation) => answers.organisation = Some(cell.to_owned()),
                Column::Is(ColumnMeaning::Question(question)) => {
                    let before = answers.entries[question].take().map(|entry| entry.answer);
                    let read = self.answer(question, cell);
                    match read.and_then(|answer| together(&self.rulebook.questions[question], before, answer)) {
                        Ok(answer) => answers.entries[question] = answer.map(Entry::bare),
                        Err(refusals) => problems.extend(refusals.into_iter().map(|refusal| {
                            let message = format!("{}: {}", header.called(index + 1, row.of_workbook), refusal.message);
                            Problem::anywhere(refusal.code, message).hint(refusal.hint)
                        })),
                    }
                }
                Column::Is(ColumnMeaning::Evidence(question)) => beside.push((question, true, cell)),
                Column::Is(ColumnMeaning::Note(question)) => beside.push((question, false, cell)),
                Column::Unnamed => problems.push(unnamed(row, header, index, self.rulebook)),
                Column::Ignored => {}
            }
        }
        for (question, is_evidence, text) in beside {
            match &mut answers.entries[question] {
                Some(entry) if is_evidence => entry.evidence = Some(text.to_owned()),
                Some(entry) => entry.note = Some(text.to_owned()),
                None => {
                    let id = &self.rulebook.questions[question].id;
                    let what = if is_evidence { "evidence" } else { "a note" };
                    let message = format!("{what} for `{id}` without an answer");
                    let problem = Problem::anywhere(Code::MissingKey, message);
                    problems.push(problem.hint("write the answer it belongs to, or leave the cell empty"));
                }
            }
        }
        if answers.product.is_empty() && names_are_read {
            problems.push(Problem::anywhere(Code::EmptyText, "the product has no name").hint("write its name"));
        }
        for name in std::iter::once(&answers.product).chain(&answers.organisation) {
            if let Some(said) = answers::too_long(name) {
                problems.push(Problem::anywhere(Code::NameTooLong, said).hint(answers::SHORTER));
            }
        }
        (answers, problems)
    }

    /// The answer in a cell, or `None` where it says that there is none.
    fn answer(&mut self, index: usize, cell: &str) -> Result<Option<Answer>, Vec<Refusal>> {
        let question = &self.rulebook.questions[index];
        let known = &mut self.remembered[index];
        if let Some(answer) = known.get(cell) {
            return Ok(answer.clone());
        }
        let answer = self.words.read(index, question, cell)?;
        if question.kind.takes() != Takes::Own && known.len() < REMEMBERED {
            known.insert(cell.into(), answer.clone());
        }
        Ok(answer)
    }
}

/// The cells of a row that are carried into the result.
pub(super) fn kept(row: &InputRow, header: &Header) -> Vec<String> {
    let cell = |column: &Option<usize>| column.and_then(|column| row.cells().nth(column)).unwrap_or_default();
    header.kept.iter().map(|column| String::from_utf8_lossy(cell(column)).trim().to_owned()).collect()
}

/// What a cell says, or nothing if its column is not read.
fn text<'c>(row: &InputRow, header: &Header, index: usize, cell: &'c [u8]) -> Result<&'c str, Problem> {
    let is_ignored = header.columns[index] == Column::Ignored;
    let called = || header.called(index + 1, row.of_workbook);
    // An error in a column that is only carried along is carried along.
    if row.formula_faults.contains(&index) && (!is_ignored || cell.is_empty() && header.reads(index)) {
        return Err(formula_fault(&called(), &String::from_utf8_lossy(cell)));
    }
    if is_ignored {
        return Ok("");
    }
    let text = str::from_utf8(cell).map(str::trim);
    text.map_err(|_| Problem::anywhere(Code::NotUtf8, format!("{}: this is not UTF-8", called())).hint(NOT_UTF8))
}

/// What to do about a cell below no header.
fn unnamed(row: &InputRow, header: &Header, index: usize, rulebook: &Rulebook) -> Problem {
    let number = index + 1;
    let message = format!("{} has no header, and there is something in it", header.called(number, row.of_workbook));
    let before = &header.columns[..index];
    let column = match of_choices(before, rulebook) {
        Some(Question { id, .. }) => {
            let first = before.iter().rposition(|column| *column != Column::Unnamed).unwrap_or_default() + 1;
            format!("--column {id}=\"#{first}\" --column {id}=\"#{number}\" if it holds one of its choices")
        }
        None => format!("--column QUESTION=\"#{number}\""),
    };
    let hint = format!("give it one, or say {column}, --keep \"#{number}\" or --ignore-column \"#{number}\"");
    Problem::anywhere(Code::UnknownQuestion, message).hint(hint)
}

/// What a spreadsheet could not work out, which is no answer.
fn formula_fault(column: &str, cell: &str) -> Problem {
    let (what, hint) = if cell.is_empty() {
        let hint = "open the workbook in a spreadsheet and save it again, or empty the cell";
        ("the formula has no result in the file".to_owned(), hint)
    } else {
        (format!("`{cell}` is an error of the spreadsheet"), "mend the formula, or empty the cell")
    };
    Problem::anywhere(Code::Unsupported, format!("{column}: {what}")).hint(hint)
}

/// The answers in two columns of one question as one.
fn together(question: &Question, one: Option<Answer>, other: Option<Answer>) -> Result<Option<Answer>, Vec<Refusal>> {
    match (one, other) {
        // No choice at all is an answer of its own.
        (Some(Answer::Many(one)), Some(Answer::Many(other))) if one != 0 && other != 0 => {
            Ok(Some(Answer::Many(one | other)))
        }
        (Some(one), Some(other)) if one != other => {
            let message = format!("`{}` cannot stand beside `{}`", question.words(&other), question.words(&one));
            let hint = "empty one of the two cells".to_owned();
            Err(vec![Refusal { code: Code::ConflictingValues, message, hint }])
        }
        (one, other) => Ok(one.or(other)),
    }
}

/// The lines of some bytes, each with how far it is from the first, without what breaks them, blank ones left out.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut at: Range<usize> = 0..0;
    let mut number = 0;
    std::iter::from_fn(move || {
        loop {
            if at.start >= bytes.len() {
                return None;
            }
            at.end = memchr::memchr(b'\n', &bytes[at.start..]).map_or(bytes.len(), |length| at.start + length);
            let line = &bytes[at.clone()];
            at.start = at.end + 1;
            number += 1;
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.first() == Some(&b'{') || !line.trim_ascii().is_empty() {
                return Some((number - 1, line));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_and_blank_ones_are_left_out() {
        let long = "x".repeat(200);
        let text = format!("a\r\n\n{long}\n \t\nb");
        let found: Vec<(u64, usize)> = lines(text.as_bytes()).map(|(number, line)| (number, line.len())).collect();
        assert_eq!(found, [(0, 1), (2, 200), (4, 1)]);
    }
}
