//! The header of a table → what each column holds: a question, recognised by its id, its prompt or a mapping.

use std::borrow::Cow;

use console::truncate_str;

use super::TableFormat;
use super::mapping::{ColumnMeaning, Mapping, ORGANISATION, PRODUCT, SUFFIXES};
use super::words::CellWords;
use crate::problem::{Code, MAX_PROBLEMS, Problem, nearest, suggestion};
use crate::question::{Kind, Question, folded_header};
use crate::rulebook::Rulebook;

/// With so many unknown columns, a mapping file is less work than options.
const MANY: usize = 3;
/// The longest header that is quoted in full after the letters of its column.
const MAX_NAME: usize = 40;

/// What becomes of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Is(ColumnMeaning),
    /// It is left out on request, or only carried into the result.
    Ignored,
    /// It has no header, so its cells must be empty.
    Unnamed,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    pub columns: Vec<Column>,
    /// The header of each column, as it is in the file.
    pub names: Vec<String>,
    /// The columns to carry into the result, in the order of the request; `None` for one that only other tables have.
    pub kept: Vec<Option<usize>>,
    pub absent: Vec<AbsentColumn>,
}

/// A header that is not in a table, what the user names it for, and the one that may be meant.
pub type AbsentColumn = (String, String, Option<String>);

const TO_KEEP: &str = "to keep";
pub const TO_LEAVE_OUT: &str = "to leave out";

/// What a header means by itself. Several meanings if it is ambiguous.
pub(super) fn header_meanings(name: &str, words: &CellWords) -> Vec<ColumnMeaning> {
    let as_folded = folded_header(name);
    match as_folded.as_str() {
        PRODUCT => return vec![ColumnMeaning::Product],
        ORGANISATION => return vec![ColumnMeaning::Organisation],
        _ => {}
    }
    let with_suffix = name.trim().rsplit_once('.').and_then(|(id, suffix)| {
        let (_, meaning) = SUFFIXES.iter().find(|(known, _)| *known == folded_header(suffix))?;
        let [index] = words.questions_headed(&folded_header(id)) else { return None };
        Some(meaning(*index))
    });
    match with_suffix {
        Some(meaning) => vec![meaning],
        None => words.questions_headed(&as_folded).iter().map(|index| ColumnMeaning::Question(*index)).collect(),
    }
}

/// How many cells of a row have a meaning as headers, by themselves or by a mapping.
pub(crate) fn count_known_headers(cells: &[String], mapping: &Mapping, words: &CellWords) -> usize {
    // The number of a column fits any row.
    let mapped = given_columns(mapping, cells).filter(|(header, _)| !header.trim().starts_with('#'));
    let mapped: Vec<usize> = mapped.flat_map(|(header, _)| find_columns(header, cells)).collect();
    let is_known =
        |(index, cell): &(usize, &String)| mapped.contains(index) || !header_meanings(cell, words).is_empty();
    cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()).filter(is_known).count()
}

/// The columns that a user means by a header, or by `#` and a number.
pub(super) fn find_columns(text: &str, names: &[String]) -> Vec<usize> {
    if let Some(number) = text.trim().strip_prefix('#').and_then(|number| number.parse::<usize>().ok()) {
        return (1..=names.len()).contains(&number).then(|| number - 1).into_iter().collect();
    }
    let filter = |fits: &dyn Fn(&str) -> bool| (0..names.len()).filter(|index| fits(&names[*index])).collect();
    let exact: Vec<usize> = filter(&|name| name.trim() == text.trim());
    let as_folded = folded_header(text);
    if exact.is_empty() && !as_folded.is_empty() { filter(&|name| folded_header(name) == as_folded) } else { exact }
}

/// The columns that the user gives a meaning: as typed, else as the mapping file says. Of several tables, not every one needs
/// all that are typed.
pub(super) fn given_columns<'m>(
    mapping: &'m Mapping,
    names: &[String],
) -> impl Iterator<Item = &'m (String, ColumnMeaning)> + use<'m> {
    let applies = |header: &str| !mapping.several_tables || !find_columns(header, names).is_empty();
    let typed: Vec<_> = mapping.typed_columns.iter().filter(|(header, _)| applies(header)).collect();
    let is_typed =
        |known: &str, is: ColumnMeaning| typed.iter().any(|(header, meaning)| header == known || *meaning == is);
    let own: Vec<_> = mapping.columns.iter().filter(|(header, meaning)| !is_typed(header, *meaning)).collect();
    own.into_iter().chain(typed)
}

/// The question with several choices that an unnamed column may belong to: that of the nearest named column to the left. A
/// form may give each choice a column, of which only the first has a header.
pub(crate) fn choices_to_the_left<'r>(left: &[Column], rulebook: &'r Rulebook) -> Option<&'r Question> {
    let named = left.iter().rfind(|column| **column != Column::Unnamed)?;
    let Column::Is(ColumnMeaning::Question(index)) = named else { return None };
    Some(&rulebook.questions[*index]).filter(|question| question.kind == Kind::Choices)
}

impl Header {
    /// The columns of a table with these headers, for a result that has these columns besides its own.
    pub fn new(
        names: Vec<String>,
        carried: &[String],
        TableFormat { mapping, words, .. }: &TableFormat,
        rulebook: &Rulebook,
    ) -> Result<Self, Vec<Problem>> {
        let (given, requested) = (given_columns(mapping, &names).collect(), vec![None; names.len()]);
        let (absent, problems) = (Vec::new(), Vec::new());
        let mut reader = HeaderReader { names: &names, mapping, given, words, rulebook, requested, absent, problems };
        reader.read_given();
        reader.read_ignored();
        let kept = reader.read_kept(carried);
        let columns = reader.read_columns();
        reader.suggest_mapping_file();
        if !columns.contains(&Column::Is(ColumnMeaning::Product)) {
            let message = "there is no column `product`".to_owned();
            let hint = "use --column product=\"HEADER\"; if the headers stand in another row, or on another sheet, use \
                        --header-row or --sheet";
            reader.problem(Code::MissingKey, message, hint.to_owned());
        }
        let HeaderReader { absent, problems, .. } = reader;
        if problems.is_empty() { Ok(Self { columns, names, kept, absent }) } else { Err(problems) }
    }

    /// Whether the cells of a column have any effect on the result.
    pub(crate) fn is_used(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|it| *it != Column::Ignored) || self.kept.contains(&Some(column))
    }

    /// The name of a column in messages, by its number: a workbook shows letters above it.
    pub(crate) fn column_name(&self, number: usize, of_workbook: bool) -> String {
        if !of_workbook {
            return format!("column {number}");
        }
        let letters = letters(number - 1);
        match self.names.get(number - 1).map_or("", |name| name.trim()) {
            "" => format!("column {letters}"),
            name => format!("column {letters} (`{}`)", truncate_str(name, MAX_NAME, "…")),
        }
    }

    /// The columns that have no effect on the result, by their headers, or by their numbers if they have none.
    pub fn unused(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let unused = (0..self.columns.len()).filter(|column| !self.is_used(*column));
        unused.map(|column| match self.names[column].trim() {
            "" => format!("#{}", column + 1).into(),
            name => name.into(),
        })
    }
}

fn letters(column: usize) -> String {
    let last = ('A'..='Z').nth(column % 26).unwrap_or('?');
    let before = (column / 26).checked_sub(1).map(letters).unwrap_or_default();
    format!("{before}{last}")
}

struct HeaderReader<'a> {
    names: &'a [String],
    mapping: &'a Mapping,
    /// The columns with a meaning by the user.
    given: Vec<&'a (String, ColumnMeaning)>,
    words: &'a CellWords,
    rulebook: &'a Rulebook,
    /// What the user says of each column.
    requested: Vec<Option<Column>>,
    absent: Vec<AbsentColumn>,
    problems: Vec<Problem>,
}

impl HeaderReader<'_> {
    fn problem(&mut self, code: Code, message: String, hint: String) {
        self.problems.push(Problem::anywhere(code, message).hint(hint));
    }

    fn note_absent(&mut self, text: &str, named_for: &str) {
        let near = nearest(text, self.names.iter().map(|name| name.trim()));
        self.absent.push((text.to_owned(), named_for.to_owned(), near.map(str::to_owned)));
    }

    /// The columns with a meaning by the user.
    fn read_given(&mut self) {
        let (mapping, given) = (self.mapping, self.given.clone());
        for typed in mapping.typed_columns.iter().filter(|typed| !given.contains(typed)) {
            self.note_absent(&typed.0, &format!("for `{}`", typed.1.id(self.rulebook)));
        }
        for (text, meaning) in given {
            if let Some(index) = self.only_column(text, &format!("for `{}`", meaning.id(self.rulebook))) {
                self.requested[index] = Some(Column::Is(*meaning));
            }
        }
    }

    fn read_ignored(&mut self) {
        for text in &self.mapping.ignore {
            let columns = find_columns(text, self.names);
            if columns.is_empty() {
                self.note_absent(text, TO_LEAVE_OUT);
            }
            for index in columns {
                if let Column::Is(meaning) = *self.requested[index].get_or_insert(Column::Ignored) {
                    let id = meaning.id(self.rulebook);
                    let message = format!("`{text}` is both left out and read as `{id}`");
                    self.problem(Code::DuplicateKey, message, "use only one of them".to_owned());
                }
            }
        }
    }

    /// The columns to carry into the result. What other forms carry is no business of this one.
    fn read_kept(&mut self, carried: &[String]) -> Vec<Option<usize>> {
        let mut kept = Vec::new();
        for text in carried {
            let own = self.mapping.keep.iter().find(|own| folded_header(own) == folded_header(text));
            let absent = own.filter(|own| self.mapping.several_tables && find_columns(own, self.names).is_empty());
            if let Some(own) = absent {
                self.note_absent(own, TO_KEEP);
            }
            let Some(text) = own.filter(|_| absent.is_none()) else {
                kept.push(None);
                continue;
            };
            let Some(index) = self.only_column(text, TO_KEEP) else { continue };
            // It is read as well if its header has a meaning, unless the user gives that meaning to another column.
            match header_meanings(&self.names[index], self.words).as_slice() {
                [meaning] if !self.given.iter().any(|(_, given)| given == meaning) => {}
                _ => self.requested[index] = self.requested[index].or(Some(Column::Ignored)),
            }
            kept.push(Some(index));
        }
        kept
    }

    /// Every column: as requested, or as its header says.
    fn read_columns(&mut self) -> Vec<Column> {
        let mut columns = Vec::new();
        for index in 0..self.names.len() {
            if self.problems.len() > MAX_PROBLEMS {
                break;
            }
            let column = self.requested[index].unwrap_or_else(|| self.by_header(index, &columns));
            if let (Column::Is(meaning), Some(first)) = (column, columns.iter().position(|known| *known == column)) {
                self.check_repeated(meaning, first, index);
            }
            columns.push(column);
        }
        columns
    }

    /// Refuses two columns with one meaning, unless the user says that each holds some of the choices of one question.
    fn check_repeated(&mut self, meaning: ColumnMeaning, first: usize, second: usize) {
        let is_choices = matches!(meaning, ColumnMeaning::Question(question)
            if self.rulebook.questions[question].kind == Kind::Choices);
        let [first_requested, second_requested] = [first, second].map(|index| self.requested[index].is_some());
        if is_choices && first_requested && second_requested {
            return;
        }
        let (id, first, second) = (meaning.id(self.rulebook), first + 1, second + 1);
        let message = format!("columns {first} and {second} are both `{id}`");
        let unwanted = if second_requested { first } else { second };
        let mut hint = format!("leave one out, for example with --ignore-column \"#{unwanted}\"");
        if is_choices {
            let each = format!("--column {id}=\"#{first}\" --column {id}=\"#{second}\"");
            hint = format!("{hint}; or, where each holds some of the choices, use {each}");
        }
        self.problem(Code::DuplicateKey, message, hint);
    }

    fn suggest_mapping_file(&mut self) {
        let unknown = self.problems.iter_mut().filter(|problem| problem.code == Code::UnknownQuestion);
        if let Some(hint) = unknown.skip(MANY - 1).last().and_then(|problem| problem.hint.as_mut()) {
            hint.push_str(
                "; or let --suggest-mapping write all of this into a file, check it, and give it with --mapping",
            );
        }
    }

    /// The one column that the user means.
    fn only_column(&mut self, text: &str, named_for: &str) -> Option<usize> {
        match find_columns(text, self.names).as_slice() {
            [] => {
                let names = self.names.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
                let hint = suggestion(text, names.collect::<Vec<_>>());
                self.problem(Code::MissingKey, format!("there is no column `{text}` {named_for}"), hint);
                None
            }
            [index] => Some(*index),
            [first, second, ..] => {
                let message = format!("columns {} and {} are both called `{text}`", first + 1, second + 1);
                let hint = format!("write \"#{}\" or \"#{}\" instead", first + 1, second + 1);
                self.problem(Code::DuplicateKey, message, hint);
                None
            }
        }
    }

    /// What a column is that the user says nothing about.
    fn by_header(&mut self, index: usize, left: &[Column]) -> Column {
        let (number, name) = (index + 1, self.names[index].trim());
        let ignore_others = self.mapping.ignore_others;
        let (message, hint) = match header_meanings(name, self.words).as_slice() {
            [meaning] => return Column::Is(*meaning),
            // A column that may hold a choice is ignored only by name.
            [] if name.is_empty() && ignore_others && choices_to_the_left(left, self.rulebook).is_none() => {
                return Column::Ignored;
            }
            [] if name.is_empty() => return Column::Unnamed,
            [] => {
                let typed = self.typeable(index);
                let nearest = self.words.nearest_question(&folded_header(name));
                let hint = match nearest.map(|nearest| &self.rulebook.questions[nearest].id) {
                    Some(near) => format!(
                        "did you mean `{near}`? Then use --column {near}=\"{typed}\", otherwise --ignore-column \"{typed}\""
                    ),
                    None if ignore_others => return Column::Ignored,
                    None => {
                        format!("use --column QUESTION=\"{typed}\", --keep \"{typed}\" or --ignore-column \"{typed}\"")
                    }
                };
                (format!("unknown column `{name}`"), hint)
            }
            several => {
                let ids: Vec<String> =
                    several.iter().map(|meaning| format!("`{}`", meaning.id(self.rulebook))).collect();
                let message = format!("column {number}, `{name}`, can be read as {}", ids.join(" or "));
                (message, format!("use --column QUESTION=\"#{number}\""))
            }
        };
        self.problem(Code::UnknownQuestion, message, hint);
        Column::Ignored
    }

    /// What the user can type in a shell for exactly this column: its header or, if that does not do, its number.
    fn typeable(&self, index: usize) -> String {
        let name = self.names[index].trim();
        let typeable = name.chars().all(|c| c == ' ' || c.is_ascii_graphic() && !"\"`$\\!".contains(c));
        if typeable && !name.starts_with('#') && find_columns(name, self.names) == [index] {
            name.to_owned()
        } else {
            format!("#{}", index + 1)
        }
    }
}
