//! Records → values: the plain ones in the short way, all others as any answers file is read.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::facts::Assignment;
use super::label::{KeptCells, Label, RecordName, RecordSource};
use super::rows::{InputRow, QuoteFault};
use super::scan::{ScannedAnswer, Scanner};
use super::tables::NOT_UTF8;
use crate::answers::{self, Answers, Entry, MAX_NAME};
use crate::diagram::QuestionSet;
use crate::intake::table::header::choices_to_the_left;
use crate::intake::table::{CellWords, Column, ColumnMeaning, Header};
use crate::problem::{Code, Problem};
use crate::question::{Answer, Question, Refusal};
use crate::rulebook::Rulebook;
use crate::wording::counted;
use crate::yaml::MAX_BYTES;

/// Reads records one after another into values, as long as they are as plain as can be.
pub(super) struct RecordReader<'r> {
    rulebook: &'r Rulebook,
    words: &'r CellWords,
    scanner: Scanner<'r>,
    /// What cells were found to say, by question: most say the same again.
    remembered: Vec<FxHashMap<Box<str>, ScannedAnswer>>,
}

/// The most cells remembered of one question.
const REMEMBERED: usize = 256;

impl<'r> RecordReader<'r> {
    pub(super) fn new(rulebook: &'r Rulebook, words: &'r CellWords) -> Self {
        let remembered = rulebook.questions.iter().map(|_| FxHashMap::default()).collect();
        Self { rulebook, words, scanner: Scanner::new(rulebook), remembered }
    }

    /// The values of a line of JSON that is as plain as can be, and who it is about.
    #[inline]
    pub(super) fn line<'s>(
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

    /// The values of a row of a table, if nothing is wrong with it, and who it is about.
    #[inline]
    pub(super) fn row<'s>(
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
                    // Several columns of one question are put together in the long way.
                    if answered & 1 << number != 0 {
                        return None;
                    }
                    answered |= 1 << number;
                    let maps = self.words.has_mapped_cells(number);
                    if !maps && self.scanner.takes_own(number) {
                        continue;
                    }
                    let answer = match self.scanner.word(number, cell.as_bytes()).filter(|_| !maps) {
                        Some(answer) => answer,
                        None => self.answer(number, cell)?,
                    };
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
        let named = label.product.is_some_and(is_short) && label.organisation.is_none_or(is_short);
        // What backs no answer is told.
        (named && backed & !answered == 0).then_some(label)
    }

    /// What a cell says that is not one of the words of every file.
    fn answer(&mut self, number: usize, cell: &str) -> Option<ScannedAnswer> {
        if let Some(answer) = self.remembered[number].get(cell) {
            return Some(*answer);
        }
        // An answer that is said to be missing is told apart from one that is not there.
        let answer = ScannedAnswer::of(&self.words.read(&self.rulebook.questions[number], cell).ok()??);
        if self.remembered[number].len() < REMEMBERED {
            self.remembered[number].insert(cell.into(), answer);
        }
        Some(answer)
    }

    /// The answers of a row of a table. What could be read of it comes back beside what is wrong.
    #[cold]
    pub(super) fn row_whole(&self, row: &InputRow, header: &Header) -> (Answers, Vec<Problem>) {
        let mut answers = Answers::blank(self.rulebook, "");
        let mut problems = Vec::new();
        if let Some(fault) = row.quote_fault {
            problems.push(Problem::anywhere(Code::Syntax, fault.to_string()).hint(QuoteFault::HINT));
            return (answers, problems);
        }
        let (wanted, found) = (header.columns.len(), row.len());
        // In a workbook empty cells at the end of a row are left out.
        if found < wanted && !row.of_workbook || row.cells().skip(wanted).any(|cell| !cell.trim_ascii().is_empty()) {
            let message = format!("the header has {}, and this row {found}", counted(wanted, "column"));
            problems.push(Problem::anywhere(Code::Syntax, message));
        }
        let mut beside: Vec<(usize, bool, String)> = Vec::new();
        let called = |number: usize| header.column_name(number, row.of_workbook);
        let mut names_are_read = true;
        for (index, (cell, column)) in row.cells().zip(&header.columns).enumerate() {
            let number = index + 1;
            // An error in a column that is only carried along is carried along.
            if row.formula_faults.contains(&index)
                && (*column != Column::Ignored || cell.is_empty() && header.is_used(index))
            {
                problems.push(formula_fault(&called(number), &String::from_utf8_lossy(cell)));
                names_are_read &= *column != Column::Is(ColumnMeaning::Product);
                continue;
            }
            if *column == Column::Ignored {
                continue;
            }
            let Ok(cell) = std::str::from_utf8(cell).map(str::trim) else {
                let message = format!("{}: this is not UTF-8", called(number));
                problems.push(Problem::anywhere(Code::NotUtf8, message).hint(NOT_UTF8));
                names_are_read &= *column != Column::Is(ColumnMeaning::Product);
                continue;
            };
            if cell.is_empty() {
                continue;
            }
            match *column {
                Column::Is(ColumnMeaning::Product) => cell.clone_into(&mut answers.product),
                Column::Is(ColumnMeaning::Organisation) => answers.organisation = Some(cell.to_owned()),
                Column::Is(ColumnMeaning::Question(index)) => {
                    let question = &self.rulebook.questions[index];
                    let read = self.words.read(question, cell);
                    let before = answers.entries[index].take().map(|entry| entry.answer);
                    match read.and_then(|answer| together(question, before, answer)) {
                        Ok(answer) => answers.entries[index] = answer.map(Entry::bare),
                        Err(refusals) => problems.extend(refusals.into_iter().map(|refusal| {
                            let message = format!("{}: {}", called(number), refusal.message);
                            Problem::anywhere(refusal.code, message).hint(refusal.hint)
                        })),
                    }
                }
                Column::Is(ColumnMeaning::Evidence(index)) => beside.push((index, true, cell.to_owned())),
                Column::Is(ColumnMeaning::Note(index)) => beside.push((index, false, cell.to_owned())),
                Column::Unnamed => {
                    let message = format!("{} has no header, and there is something in it", called(number));
                    let column = match choices_to_the_left(&header.columns[..index], self.rulebook) {
                        Some(Question { id, .. }) => {
                            let first = header.columns[..index].iter().rposition(|column| *column != Column::Unnamed);
                            let first = first.unwrap_or_default() + 1;
                            format!(
                                "--column {id}=\"#{first}\" --column {id}=\"#{number}\" if it holds one of its choices"
                            )
                        }
                        None => format!("--column QUESTION=\"#{number}\""),
                    };
                    let hint =
                        format!("give it one, or use {column}, --keep \"#{number}\" or --ignore-column \"#{number}\"");
                    problems.push(Problem::anywhere(Code::UnknownQuestion, message).hint(hint));
                }
                Column::Ignored => {}
            }
        }
        for (index, is_evidence, text) in beside {
            match &mut answers.entries[index] {
                Some(entry) if is_evidence => entry.evidence = Some(text),
                Some(entry) => entry.note = Some(text),
                None => {
                    let id = &self.rulebook.questions[index].id;
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
