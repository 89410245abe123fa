//! The header of a table → what each column holds: a question by its id, by its prompt or by what a mapping says.

use std::borrow::Cow;

use console::truncate_str;

use super::mapping::{BESIDE, ColumnMeaning, Mapping, ORGANISATION, PRODUCT};
use super::words::CellWords;
use crate::problem::{Code, MAX_PROBLEMS, Problem, nearest, suggestion};
use crate::question::{Kind, Question, folded_header};
use crate::rulebook::Rulebook;

/// How many columns have to be unknown for a mapping file to be less work than options.
const MANY: usize = 3;
/// The most of a header that is told beside the letters of its column.
const MAX_NAME: usize = 40;

/// What became of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// It is read.
    Is(ColumnMeaning),
    /// It is left out, as somebody asked for, or carried along and nothing else.
    Ignored,
    /// It has no header, so nothing may stand in it.
    Unnamed,
}

/// The columns of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// What each column is.
    pub columns: Vec<Column>,
    /// What each is called, as it stands in the file.
    pub names: Vec<String>,
    /// The columns that are carried into the result, in the order in which they were asked for; nothing for one that only
    /// other tables have.
    pub kept: Vec<Option<usize>>,
    /// The headers to keep or to leave out that are not in this table, each with the one that may be meant.
    pub absent: Vec<(String, Option<String>)>,
}

/// What a header says by itself, folded: one of these, or several questions that it could be.
pub(super) fn of_header(name: &str, words: &CellWords) -> Vec<ColumnMeaning> {
    let as_folded = folded_header(name);
    match as_folded.as_str() {
        PRODUCT => return vec![ColumnMeaning::Product],
        ORGANISATION => return vec![ColumnMeaning::Organisation],
        _ => {}
    }
    let beside = name.trim().rsplit_once('.').and_then(|(id, part)| {
        let (_, target) = BESIDE.iter().find(|(name, _)| *name == folded_header(part))?;
        let [index] = words.header(&folded_header(id)) else { return None };
        Some(target(*index))
    });
    match beside {
        Some(beside) => vec![beside],
        None => words.header(&as_folded).iter().map(|index| ColumnMeaning::Question(*index)).collect(),
    }
}

/// How many cells of a row say what they stand above, as those of a header do, or are said to by a mapping.
pub(crate) fn known(cells: &[String], mapping: &Mapping, words: &CellWords) -> usize {
    // A number means a column of any row.
    let mapped = mapping.columns.iter().filter(|(header, _)| !header.trim().starts_with('#'));
    let mapped: Vec<usize> = mapped.flat_map(|(header, _)| columns_called(header, cells)).collect();
    let is_known = |(index, cell): &(usize, &String)| mapped.contains(index) || !of_header(cell, words).is_empty();
    cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).filter(is_known).count()
}

/// The columns that somebody means by a header, or by `#` and a number.
pub(super) fn columns_called(text: &str, names: &[String]) -> Vec<usize> {
    if let Some(number) = text.trim().strip_prefix('#').and_then(|number| number.parse::<usize>().ok()) {
        return (1..=names.len()).contains(&number).then(|| number - 1).into_iter().collect();
    }
    let with = |same: &dyn Fn(&str) -> bool| (0..names.len()).filter(|index| same(&names[*index])).collect::<Vec<_>>();
    let exact = with(&|name| name.trim() == text.trim());
    let as_folded = folded_header(text);
    if exact.is_empty() && !as_folded.is_empty() { with(&|name| folded_header(name) == as_folded) } else { exact }
}

/// The question that asks for several choices, if the column to the left holds its answers, or does so but for columns
/// without a header. A form may give each choice a column, of which only the first has a header.
pub(crate) fn of_choices<'r>(before: &[Column], rulebook: &'r Rulebook) -> Option<&'r Question> {
    let named = before.iter().rfind(|column| **column != Column::Unnamed)?;
    let Column::Is(ColumnMeaning::Question(index)) = named else { return None };
    Some(&rulebook.questions[*index]).filter(|question| question.kind == Kind::Choices)
}

impl Header {
    /// The columns of a table with these headers.
    ///
    /// # Errors
    /// Everything that is wrong with the header.
    pub fn new(
        names: Vec<String>,
        mapping: &Mapping,
        words: &CellWords,
        rulebook: &Rulebook,
    ) -> Result<Self, Vec<Problem>> {
        let mut reader = HeaderReader { names: &names, mapping, words, rulebook, problems: Vec::new() };
        let mut absent = Vec::new();
        // What somebody says of each column.
        let mut settled: Vec<Option<Column>> = vec![None; names.len()];
        for (text, meaning) in &mapping.columns {
            if let Some(index) = reader.only_column(text, &format!("to stand for `{}`", meaning.id(rulebook))) {
                settled[index] = Some(Column::Is(*meaning));
            }
        }
        for text in &mapping.ignore {
            let columns = columns_called(text, &names);
            if columns.is_empty() {
                absent.push(reader.absent(text));
            }
            for index in columns {
                if let Column::Is(meaning) = *settled[index].get_or_insert(Column::Ignored) {
                    let message = format!("`{text}` is to be left out, and to stand for `{}`", meaning.id(rulebook));
                    reader.problem(Code::DuplicateKey, message, "say only one of them".to_owned());
                }
            }
        }
        let mut kept = Vec::new();
        for text in &mapping.keep {
            if mapping.several_tables && columns_called(text, &names).is_empty() {
                kept.push(None);
                absent.push(reader.absent(text));
                continue;
            }
            let Some(index) = reader.only_column(text, "to keep") else { continue };
            // What its header says counts too, unless another column is said to stand for that.
            match of_header(&names[index], words).as_slice() {
                [meaning] if !mapping.columns.iter().any(|(_, known)| known == meaning) => {}
                _ => settled[index] = settled[index].or(Some(Column::Ignored)),
            }
            kept.push(Some(index));
        }
        let mut seen: Vec<(ColumnMeaning, usize)> = Vec::new();
        let mut columns = Vec::new();
        for (index, own) in settled.iter().enumerate() {
            if reader.problems.len() > MAX_PROBLEMS {
                break;
            }
            let column = own.unwrap_or_else(|| reader.by_itself(index, &columns));
            if let Column::Is(meaning) = column {
                let may_be_several = matches!(meaning, ColumnMeaning::Question(question)
                    if rulebook.questions[question].kind == Kind::Choices);
                match seen.iter().find(|(known, _)| *known == meaning) {
                    // Each holds some of the choices, as somebody says of all of them.
                    Some((_, first)) if may_be_several && own.is_some() && settled[*first].is_some() => {}
                    Some((_, first)) => {
                        let (id, first, this) = (meaning.id(rulebook), first + 1, index + 1);
                        let message = format!("`{id}` stands over columns {first} and {this}");
                        // The one that somebody settled is not the one to leave out.
                        let other = if own.is_some() { first } else { this };
                        let mut hint = format!("leave one out, for example with --ignore-column \"#{other}\"");
                        if may_be_several {
                            let each = format!("--column {id}=\"#{first}\" --column {id}=\"#{this}\"");
                            hint = format!("{hint}; or, where each holds some of the choices, say {each}");
                        }
                        reader.problem(Code::DuplicateKey, message, hint);
                    }
                    None => seen.push((meaning, index)),
                }
            }
            columns.push(column);
        }
        let unknown = reader.problems.iter_mut().filter(|problem| problem.code == Code::UnknownQuestion);
        if let Some(last) = unknown.skip(MANY - 1).last().and_then(|problem| problem.hint.as_mut()) {
            last.push_str(
                "; --suggest-mapping writes a file that says all of this, to be looked at and given with --mapping",
            );
        }
        if !seen.iter().any(|(meaning, _)| *meaning == ColumnMeaning::Product) {
            let message = "there is no column `product`".to_owned();
            let hint = "say --column product=\"HEADER\"; if the headers stand in another row, or on another sheet, say \
                        --header-row or --sheet";
            reader.problem(Code::MissingKey, message, hint.to_owned());
        }
        let problems = reader.problems;
        if problems.is_empty() { Ok(Self { columns, names, kept, absent }) } else { Err(problems) }
    }

    /// Whether what stands in a column makes a difference to the answers, or is carried along.
    pub(crate) fn reads(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|it| *it != Column::Ignored) || self.kept.contains(&Some(column))
    }

    /// What the column with this number is called where something is wrong in it: a workbook shows letters over it.
    pub(crate) fn called(&self, number: usize, of_workbook: bool) -> String {
        if !of_workbook {
            return format!("column {number}");
        }
        let column = number - 1;
        let name = self.names.get(column).map_or("", |name| name.trim());
        let name =
            if name.is_empty() { String::new() } else { format!(" (`{}`)", truncate_str(name, MAX_NAME, "…")) };
        format!("column {}{name}", letters(column))
    }

    /// The columns that nothing was read from, by what they are called, or by their numbers where they have no name.
    pub fn unused(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let ignored = self.columns.iter().enumerate().filter(|(_, column)| **column == Column::Ignored);
        let unused = ignored.filter(|(index, _)| !self.kept.contains(&Some(*index)));
        unused.map(|(index, _)| match self.names[index].trim() {
            "" => format!("#{}", index + 1).into(),
            name => name.into(),
        })
    }
}

/// The letters over a column.
fn letters(column: usize) -> String {
    let last = ('A'..='Z').nth(column % 26).unwrap_or('?');
    let before = (column / 26).checked_sub(1).map(letters).unwrap_or_default();
    format!("{before}{last}")
}

struct HeaderReader<'a> {
    names: &'a [String],
    mapping: &'a Mapping,
    words: &'a CellWords,
    rulebook: &'a Rulebook,
    problems: Vec<Problem>,
}

impl HeaderReader<'_> {
    fn problem(&mut self, code: Code, message: String, hint: String) {
        self.problems.push(Problem::anywhere(code, message).hint(hint));
    }

    fn absent(&self, text: &str) -> (String, Option<String>) {
        let names = self.names.iter().map(|name| name.trim());
        (text.to_owned(), nearest(text, names).map(str::to_owned))
    }

    /// The one column that somebody means.
    fn only_column(&mut self, text: &str, what_for: &str) -> Option<usize> {
        match columns_called(text, self.names).as_slice() {
            [] => {
                let names = self.names.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
                let hint = suggestion(text, names.collect::<Vec<_>>());
                self.problem(Code::MissingKey, format!("there is no column `{text}` {what_for}"), hint);
                None
            }
            [index] => Some(*index),
            [first, second, ..] => {
                let message = format!("`{text}` stands over columns {} and {}", first + 1, second + 1);
                let hint = format!("say \"#{}\" or \"#{}\" instead", first + 1, second + 1);
                self.problem(Code::DuplicateKey, message, hint);
                None
            }
        }
    }

    /// What a column is of which nobody says anything.
    fn by_itself(&mut self, index: usize, before: &[Column]) -> Column {
        let (number, name) = (index + 1, self.names[index].trim());
        let ignore_others = self.mapping.ignore_others;
        let (message, hint) = match of_header(name, self.words).as_slice() {
            [meaning] => return Column::Is(*meaning),
            // What may be a choice that somebody ticked is not left out unless that is said of it.
            [] if name.is_empty() && ignore_others && of_choices(before, self.rulebook).is_none() => {
                return Column::Ignored;
            }
            [] if name.is_empty() => return Column::Unnamed,
            [] => {
                let typed = self.typed(index);
                let hint = match self.words.near(&folded_header(name)).map(|near| &self.rulebook.questions[near].id) {
                    Some(near) => format!(
                        "did you mean `{near}`? Then say --column {near}=\"{typed}\", otherwise --ignore-column \"{typed}\""
                    ),
                    None if ignore_others => return Column::Ignored,
                    None => {
                        format!("say --column QUESTION=\"{typed}\", --keep \"{typed}\" or --ignore-column \"{typed}\"")
                    }
                };
                (format!("unknown column `{name}`"), hint)
            }
            several => {
                let ids: Vec<String> = several.iter().map(|one| format!("`{}`", one.id(self.rulebook))).collect();
                let message = format!("column {number}, `{name}`, can be read as {}", ids.join(" or "));
                (message, format!("say --column QUESTION=\"#{number}\""))
            }
        };
        self.problem(Code::UnknownQuestion, message, hint);
        Column::Ignored
    }

    /// What a person can type in a shell to mean a column and no other: its header, or its number.
    fn typed(&self, index: usize) -> String {
        let name = self.names[index].trim();
        let typeable = name.chars().all(|c| c == ' ' || c.is_ascii_graphic() && !"\"`$\\!".contains(c));
        if typeable && !name.starts_with('#') && columns_called(name, self.names) == [index] {
            name.to_owned()
        } else {
            format!("#{}", index + 1)
        }
    }
}
