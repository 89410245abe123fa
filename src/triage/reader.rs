//! Plain records → values; other rows of tables → answers.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::facts::Assignment;
use super::label::{KeptCells, Label, RecordName, RecordSource};
use super::rows::InputRow;
use super::scan::{ScannedAnswer, Scanner};
use super::tables::NOT_UTF8;
use crate::answers::{self, Answers, Entry, MAX_NAME};
use crate::diagram::QuestionSet;
use crate::intake::ReadError;
use crate::intake::table::header::choices_to_the_left;
use crate::intake::table::{CellWords, Column, ColumnMeaning, Header};
use crate::problem::{Code, Problem};
use crate::question::{Answer, Question, Refusal};
use crate::rulebook::Rulebook;
use crate::wording::counted;
use crate::yaml::MAX_BYTES;

pub(super) struct RecordReader<'r> {
    rulebook: &'r Rulebook,
    words: &'r CellWords,
    scanner: Scanner<'r>,
    /// The meanings of cells seen before, by question.
    remembered: Vec<FxHashMap<Box<str>, ScannedAnswer>>,
}

/// The most cells remembered of one question.
const REMEMBERED: usize = 256;

impl<'r> RecordReader<'r> {
    pub(super) fn new(rulebook: &'r Rulebook, words: &'r CellWords) -> Self {
        let remembered = rulebook.questions.iter().map(|_| FxHashMap::default()).collect();
        Self { rulebook, words, scanner: Scanner::new(rulebook), remembered }
    }

    /// Fills the values in from a line of JSON, if it is plain.
    #[inline]
    pub(super) fn plain_line<'s>(
        &mut self,
        source: RecordSource<'s>,
        line: &'s [u8],
        values: &mut Assignment,
    ) -> Option<Label<'s>> {
        if line.len() > MAX_BYTES {
            return None;
        }
        let (product, organisation) = self.scanner.scan(line, values)?;
        let organisation = organisation.map(RecordName::Json);
        Some(Label { source, product: Some(RecordName::Json(product)), organisation, kept: KeptCells::Texts(&[]) })
    }

    /// Fills the values in from a row, if it is plain: nothing is wrong with it, and no question has two cells.
    #[inline]
    pub(super) fn plain_row<'s>(
        &mut self,
        source: RecordSource<'s>,
        row: &'s InputRow,
        header: &'s Header,
        values: &mut Assignment,
    ) -> Option<Label<'s>> {
        self.scanner.clear(values);
        let (wanted, found) = (header.columns.len(), row.len());
        if row.quote_fault.is_some()
            || !row.formula_faults.is_empty()
            || found > wanted
            || found < wanted && !row.of_workbook
        {
            return None;
        }
        let kept = KeptCells::Cells(row, &header.kept);
        let mut label = Label { source, product: None, organisation: None, kept };
        let (mut answered, mut backed): (QuestionSet, QuestionSet) = (0, 0);
        for (cell, column) in row.texts()?.zip(&header.columns) {
            if *column == Column::Ignored {
                continue;
            }
            let cell = cell?.trim();
            if cell.is_empty() {
                continue;
            }
            match *column {
                Column::Is(ColumnMeaning::Question(number)) => {
                    if answered & 1 << number != 0 {
                        return None;
                    }
                    answered |= 1 << number;
                    if self.scanner.takes_text(number) && self.words.is_text(number, cell) {
                        continue;
                    }
                    let answer = self.answer(number, cell)?;
                    self.scanner.put(number, answer, values);
                }
                Column::Is(ColumnMeaning::Product) => label.product = Some(RecordName::Plain(cell)),
                Column::Is(ColumnMeaning::Organisation) => label.organisation = Some(RecordName::Plain(cell)),
                Column::Is(ColumnMeaning::Evidence(number) | ColumnMeaning::Note(number)) => backed |= 1 << number,
                Column::Unnamed => return None,
                Column::Ignored => {}
            }
        }
        let is_short = |name: RecordName<'_>| matches!(name, RecordName::Plain(name) if name.len() <= MAX_NAME);
        let is_named = label.product.is_some_and(is_short) && label.organisation.is_none_or(is_short);
        // Evidence without an answer is reported.
        (is_named && backed & !answered == 0).then_some(label)
    }

    fn answer(&mut self, number: usize, cell: &str) -> Option<ScannedAnswer> {
        if let Some(answer) = self.remembered[number].get(cell) {
            return Some(*answer);
        }
        // A word that says that there is no answer is not plain.
        let answer = ScannedAnswer::of(&self.words.read(&self.rulebook.questions[number], cell).ok()??);
        if self.remembered[number].len() < REMEMBERED {
            self.remembered[number].insert(cell.into(), answer);
        }
        Some(answer)
    }

    /// The answers in any row.
    #[cold]
    pub(super) fn row(&self, row: &InputRow, header: &Header) -> Result<(Answers, Vec<Problem>), ReadError> {
        let mut answers = Answers::blank(self.rulebook, "");
        if let Some(fault) = row.quote_fault {
            return Err(ReadError { problems: vec![fault.problem()], named: None });
        }
        let mut problems = Vec::new();
        let (wanted, found) = (header.columns.len(), row.len());
        // In a workbook empty cells at the end of a row are left out.
        if found < wanted && !row.of_workbook || row.cells().skip(wanted).any(|cell| !cell.trim_ascii().is_empty()) {
            let message = format!("the header has {}, and this row {found}", counted(wanted, "column"));
            problems.push(Problem::anywhere(Code::Syntax, message));
        }
        let mut backing = Vec::new();
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
                Column::Is(ColumnMeaning::Question(number)) => {
                    let question = &self.rulebook.questions[number];
                    let before = answers.entries[number].take().map(|entry| entry.answer);
                    let read = self.words.read(question, cell);
                    match read.and_then(|answer| united(question, before, answer)) {
                        Ok(answer) => answers.entries[number] = answer.map(Entry::bare),
                        Err(refusals) => problems.extend(refusals.into_iter().map(|refusal| {
                            let message =
                                format!("{}: {}", header.column_name(index + 1, row.of_workbook), refusal.message);
                            Problem::anywhere(refusal.code, message).hint(refusal.hint)
                        })),
                    }
                }
                Column::Is(ColumnMeaning::Evidence(number)) => backing.push((number, true, cell)),
                Column::Is(ColumnMeaning::Note(number)) => backing.push((number, false, cell)),
                Column::Unnamed => problems.push(unnamed(row, header, index, self.rulebook)),
                Column::Ignored => {}
            }
        }
        for (number, is_evidence, text) in backing {
            problems.extend(self.back(&mut answers, number, is_evidence, text));
        }
        if answers.product.is_empty() && names_are_read {
            let message = format!("the {} has no name", self.rulebook.subject.one);
            problems.push(Problem::anywhere(Code::EmptyText, message).hint("write its name"));
        }
        for name in std::iter::once(&answers.product).chain(&answers.organisation) {
            if let Some(message) = answers::too_long(name) {
                problems.push(Problem::anywhere(Code::NameTooLong, message).hint(answers::SHORTER));
            }
        }
        if problems.is_empty() {
            return Ok((answers, problems));
        }
        Err(ReadError { problems, named: Some((answers.product, answers.organisation)) })
    }

    /// Adds evidence or a note to its answer.
    fn back(&self, answers: &mut Answers, index: usize, is_evidence: bool, text: &str) -> Option<Problem> {
        let Some(entry) = &mut answers.entries[index] else {
            let what = if is_evidence { "evidence" } else { "a note" };
            let message = format!("{what} for `{}` without an answer", self.rulebook.questions[index].id);
            let hint = "write the answer it belongs to, or leave the cell empty";
            return Some(Problem::anywhere(Code::MissingKey, message).hint(hint));
        };
        *(if is_evidence { &mut entry.evidence } else { &mut entry.note }) = Some(text.to_owned());
        None
    }
}

/// The text of a cell, empty if its column is ignored.
fn text<'c>(row: &InputRow, header: &Header, index: usize, cell: &'c [u8]) -> Result<&'c str, Problem> {
    let is_ignored = header.columns[index] == Column::Ignored;
    let called = || header.column_name(index + 1, row.of_workbook);
    // An error in a column that is only kept is kept.
    if row.formula_faults.contains(&index) && (!is_ignored || cell.is_empty() && header.is_used(index)) {
        return Err(formula_fault(&called(), &String::from_utf8_lossy(cell)));
    }
    if is_ignored {
        return Ok("");
    }
    let text = str::from_utf8(cell).map(str::trim);
    text.map_err(|_| Problem::anywhere(Code::NotUtf8, format!("{}: this is not UTF-8", called())).hint(NOT_UTF8))
}

/// There is something in a column without a header.
fn unnamed(row: &InputRow, header: &Header, index: usize, rulebook: &Rulebook) -> Problem {
    let number = index + 1;
    let message =
        format!("{} has no header, and there is something in it", header.column_name(number, row.of_workbook));
    let before = &header.columns[..index];
    let column = match choices_to_the_left(before, rulebook) {
        Some(Question { id, .. }) => {
            let first = before.iter().rposition(|column| *column != Column::Unnamed).unwrap_or_default() + 1;
            format!("--column {id}=\"#{first}\" --column {id}=\"#{number}\" if it holds one of its choices")
        }
        None => format!("--column QUESTION=\"#{number}\""),
    };
    let hint = format!("give it one, or use {column}, --keep \"#{number}\" or --ignore-column \"#{number}\"");
    Problem::anywhere(Code::UnknownQuestion, message).hint(hint)
}

/// A spreadsheet could not work out this cell.
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
fn united(question: &Question, one: Option<Answer>, other: Option<Answer>) -> Result<Option<Answer>, Vec<Refusal>> {
    match (one, other) {
        // No choice at all is an answer of its own.
        (Some(Answer::Many(one)), Some(Answer::Many(other))) if one != 0 && other != 0 => {
            Ok(Some(Answer::Many(one | other)))
        }
        (Some(one), Some(other)) if one != other => {
            let message = format!("`{}` cannot be combined with `{}`", question.words(&other), question.words(&one));
            let hint = "empty one of the two cells".to_owned();
            Err(vec![Refusal { code: Code::ConflictingValues, message, hint }])
        }
        (one, other) => Ok(one.or(other)),
    }
}

/// The lines that are not blank, without their line breaks, each with its distance from the first.
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
