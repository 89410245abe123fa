//! The header of a table → what each column holds: a question by its id, by its prompt or by what a mapping says.

use std::borrow::Cow;

use super::mapping::{BESIDE, ColumnMeaning, Mapping, ORGANISATION, PRODUCT};
use super::words::CellWords;
use crate::problem::{Code, MAX_PROBLEMS, Problem, suggestion};
use crate::question::folded;
use crate::rulebook::Rulebook;

/// How many columns have to be unknown for a mapping file to be less work than options.
const MANY: usize = 3;

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
    /// The columns that are carried into the result, in the order in which they were asked for.
    pub kept: Vec<usize>,
}

/// What a header says by itself, folded: one of these, or several questions that it could be.
pub(super) fn of_header(name: &str, words: &CellWords) -> Vec<ColumnMeaning> {
    let as_folded = folded(name);
    match as_folded.as_str() {
        PRODUCT => return vec![ColumnMeaning::Product],
        ORGANISATION => return vec![ColumnMeaning::Organisation],
        _ => {}
    }
    let beside = name.trim().rsplit_once('.').and_then(|(id, part)| {
        let (_, target) = BESIDE.iter().find(|(name, _)| *name == folded(part))?;
        let [index] = words.header(&folded(id)) else { return None };
        Some(target(*index))
    });
    match beside {
        Some(beside) => vec![beside],
        None => words.header(&as_folded).iter().map(|index| ColumnMeaning::Question(*index)).collect(),
    }
}

/// The columns that somebody means by a header, or by `#` and a number.
pub(super) fn meant(text: &str, names: &[String]) -> Vec<usize> {
    if let Some(number) = text.trim().strip_prefix('#').and_then(|number| number.parse::<usize>().ok()) {
        return (1..=names.len()).contains(&number).then(|| number - 1).into_iter().collect();
    }
    let with = |same: &dyn Fn(&str) -> bool| (0..names.len()).filter(|index| same(&names[*index])).collect::<Vec<_>>();
    let exact = with(&|name| name.trim() == text.trim());
    let as_folded = folded(text);
    if exact.is_empty() && !as_folded.is_empty() { with(&|name| folded(name) == as_folded) } else { exact }
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
        let mut reading = Reading { names: &names, problems: Vec::new() };
        let mut said: Vec<Option<Option<ColumnMeaning>>> = vec![None; names.len()];
        for (text, target) in &mapping.columns {
            if let Some(index) = reading.one(text, &format!("to stand for `{}`", target.id(rulebook))) {
                said[index] = Some(Some(*target));
            }
        }
        for text in &mapping.ignore {
            for index in meant(text, &names) {
                if let Some(target) = *said[index].get_or_insert(None) {
                    let message = format!("`{text}` is to be left out, and to stand for `{}`", target.id(rulebook));
                    reading.problem(Code::DuplicateKey, message, "say only one of them".to_owned());
                }
            }
        }
        let mut kept = Vec::new();
        for text in &mapping.keep {
            let Some(index) = reading.one(text, "to keep") else { continue };
            // What its header says counts too, unless another column is said to stand for that.
            match of_header(&names[index], words).as_slice() {
                [target] if !mapping.columns.iter().any(|(_, said)| said == target) => {}
                _ => drop(said[index].get_or_insert(None)),
            }
            kept.push(index);
        }
        let mut seen: Vec<(ColumnMeaning, usize)> = Vec::new();
        let mut columns = Vec::new();
        for (index, name) in names.iter().enumerate() {
            if reading.problems.len() > MAX_PROBLEMS {
                break;
            }
            let column = match said[index] {
                Some(Some(target)) => Column::Is(target),
                Some(None) => Column::Ignored,
                None => reading.by_itself(index, name, mapping, words, rulebook),
            };
            if let Column::Is(target) = column {
                match seen.iter().find(|(known, _)| *known == target) {
                    Some((_, first)) => {
                        let message =
                            format!("`{}` stands over columns {} and {}", target.id(rulebook), first + 1, index + 1);
                        // What somebody said is not taken back by what somebody says.
                        let other = if said[index].is_some() { *first } else { index };
                        let hint = format!("leave one out, for example with --ignore-column \"#{}\"", other + 1);
                        reading.problem(Code::DuplicateKey, message, hint);
                    }
                    None => seen.push((target, index)),
                }
            }
            columns.push(column);
        }
        let unknown = reading.problems.iter_mut().filter(|problem| problem.code == Code::UnknownQuestion);
        if let Some(last) = unknown.skip(MANY - 1).last().and_then(|problem| problem.hint.as_mut()) {
            last.push_str(
                "; --suggest-mapping writes a file that says all of this, to be looked at and given with --mapping",
            );
        }
        if !seen.iter().any(|(target, _)| *target == ColumnMeaning::Product) {
            let message = "there is no column `product`".to_owned();
            let hint = "say --column product=\"HEADER\"; if the headers stand in another row, or on another sheet, say \
                        `header_row: NUMBER` in a mapping file, or --sheet";
            reading.problem(Code::MissingKey, message, hint.to_owned());
        }
        let problems = reading.problems;
        if problems.is_empty() { Ok(Self { columns, names, kept }) } else { Err(problems) }
    }

    /// The columns that nothing was read from, by what they are called, or by their numbers where they have no name.
    pub fn unused(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let ignored = self.columns.iter().enumerate().filter(|(_, column)| **column == Column::Ignored);
        let unused = ignored.filter(|(index, _)| !self.kept.contains(index));
        unused.map(|(index, _)| match self.names[index].trim() {
            "" => format!("#{}", index + 1).into(),
            name => name.into(),
        })
    }
}

struct Reading<'n> {
    names: &'n [String],
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn problem(&mut self, code: Code, message: String, hint: String) {
        self.problems.push(Problem::anywhere(code, message).hint(hint));
    }

    /// The one column that somebody means.
    fn one(&mut self, text: &str, what_for: &str) -> Option<usize> {
        match meant(text, self.names).as_slice() {
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

    /// What a column is, of which nobody says anything.
    fn by_itself(
        &mut self,
        index: usize,
        name: &str,
        mapping: &Mapping,
        words: &CellWords,
        rulebook: &Rulebook,
    ) -> Column {
        let number = index + 1;
        match of_header(name, words).as_slice() {
            [target] => return Column::Is(*target),
            [] => {}
            several => {
                let ids: Vec<String> = several.iter().map(|target| format!("`{}`", target.id(rulebook))).collect();
                let message = format!("column {number}, `{name}`, can be read as {}", ids.join(" or "));
                self.problem(Code::UnknownQuestion, message, format!("say --column QUESTION=\"#{number}\""));
                return Column::Ignored;
            }
        }
        if name.trim().is_empty() {
            return if mapping.ignore_others { Column::Ignored } else { Column::Unnamed };
        }
        // What a person can type again in a shell, and means no other column; anything else goes by its number.
        let plain = name.trim();
        let typeable = plain.chars().all(|c| c == ' ' || c.is_ascii_graphic() && !"\"`$\\!".contains(c));
        let typed = if typeable && !plain.starts_with('#') && meant(plain, self.names) == [index] {
            plain.to_owned()
        } else {
            format!("#{number}")
        };
        match words.near(&folded(name)).map(|near| &rulebook.questions[near].id) {
            Some(near) => {
                let message = format!("unknown column `{}`", name.trim());
                let hint = format!(
                    "did you mean `{near}`? Then say --column {near}=\"{typed}\", otherwise --ignore-column \"{typed}\""
                );
                self.problem(Code::UnknownQuestion, message, hint);
                Column::Ignored
            }
            None if mapping.ignore_others => Column::Ignored,
            None => {
                let message = format!("unknown column `{}`", name.trim());
                let hint =
                    format!("say --column QUESTION=\"{typed}\", --keep \"{typed}\" or --ignore-column \"{typed}\"");
                self.problem(Code::UnknownQuestion, message, hint);
                Column::Ignored
            }
        }
    }
}
