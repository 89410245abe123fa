//! Mapping files: what columns and cells of a table mean if they do not say it themselves.

use rustc_hash::FxHashMap;

use super::text::Encoding;
use crate::problem::{Code, Problem, suggestion};
use crate::question::{Kind, Question, Takes, folded};
use crate::rulebook::Rulebook;
use crate::yaml::shape::{self, Keys, Shape, optional};
use crate::yaml::{self, Content, Node};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnMeaning {
    Product,
    Organisation,
    /// The answers to the question with this index.
    Question(usize),
    Evidence(usize),
    Note(usize),
}

type OfQuestion = fn(usize) -> ColumnMeaning;

/// What can follow the id of a question and a dot, to name a column that belongs to its answers.
pub(super) const SUFFIXES: [(&str, OfQuestion); 2] =
    [("evidence", ColumnMeaning::Evidence), ("note", ColumnMeaning::Note)];
pub(super) const PRODUCT: &str = "product";
pub(super) const ORGANISATION: &str = "organisation";

impl ColumnMeaning {
    /// Reads the name of a meaning in a mapping file or on the command line.
    /// The error is a hint as to what may be meant.
    pub fn named(word: &str, rulebook: &Rulebook) -> Result<Self, String> {
        let with_suffix = word.rsplit_once('.').and_then(|(id, suffix)| {
            let (_, meaning) = SUFFIXES.iter().find(|(known, _)| *known == suffix)?;
            Some(meaning(rulebook.question(id)?.0))
        });
        match word {
            PRODUCT => Ok(Self::Product),
            ORGANISATION => Ok(Self::Organisation),
            _ => {
                let question = || rulebook.question(word).map(|(index, _)| Self::Question(index));
                let ids = rulebook.questions.iter().map(|question| question.id.as_str());
                with_suffix.or_else(question).ok_or_else(|| suggestion(word, ids.chain([PRODUCT, ORGANISATION])))
            }
        }
    }

    /// Its name in a mapping file.
    pub fn id(self, rulebook: &Rulebook) -> String {
        let id = |index: usize| &rulebook.questions[index].id;
        match self {
            Self::Product => PRODUCT.to_owned(),
            Self::Organisation => ORGANISATION.to_owned(),
            Self::Question(index) => id(index).clone(),
            Self::Evidence(index) => format!("{}.evidence", id(index)),
            Self::Note(index) => format!("{}.note", id(index)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellMeaning {
    Options(Vec<usize>),
    NotSure,
    /// No answer.
    Missing,
}

/// How to read a table, by the command line and a mapping file. `KEYS` describes the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    pub columns: Vec<(String, ColumnMeaning)>,
    /// Those of the command line, which go before those of the file.
    pub typed_columns: Vec<(String, ColumnMeaning)>,
    /// Cells with the index of their question and their meaning.
    values: Vec<(usize, String, CellMeaning)>,
    pub keep: Vec<String>,
    pub ignore: Vec<String>,
    pub ignore_others: bool,
    pub header_row: Option<u64>,
    pub skip_rows: Vec<u64>,
    pub sheet: Option<String>,
    pub separator: Option<u8>,
    pub encoding: Option<Encoding>,
    /// Whether several tables are read. Then not every one needs all the columns to keep, and those of the command line.
    pub several_tables: bool,
}

const TEXTS: Shape = Shape::List(&Shape::Text);
const ROW: Shape = Shape::Number(u64::MAX);

/// The keys of a mapping file, with the descriptions that editors show.
pub(crate) static KEYS: Keys = Keys::new(&[
    optional(
        "columns",
        Shape::Other("columns"),
        "What each column holds, by its header: the id of a question, `product`, `organisation`, or an id with `.evidence` or `.note`. `#7` is the seventh column. Several columns can hold the choices of one question.",
    ),
    optional(
        "values",
        Shape::Other("values"),
        "For each question, what its cells mean. Nothing after the colon means no answer.",
    ),
    optional("keep", TEXTS, "Headers of columns to copy into the result as they are."),
    optional("ignore", TEXTS, "Headers of columns to leave out."),
    optional("ignore_others", Shape::Flag, "Whether to leave out all other columns."),
    optional(
        "header_row",
        ROW,
        "The row with the headers, counted from 1, if it is not the first with anything in it.",
    ),
    optional("skip_rows", Shape::List(&ROW), "The numbers of rows below the headers that are not products."),
    optional("sheet", Shape::Text, "The sheet of a workbook to read, if it is not the first visible one."),
    optional(
        "separator",
        Shape::Text,
        "What separates the columns in a text file: a comma, a semicolon, a vertical bar, or `tab`.",
    ),
    optional("encoding", Shape::Text, "How a text file is encoded, if it is not UTF-8."),
]);

impl Mapping {
    /// The cells of a question to which a meaning is given.
    pub(super) fn mapped_cells(&self, question: usize) -> impl Iterator<Item = (&str, &CellMeaning)> {
        let cells = self.values.iter().filter(move |(index, ..)| *index == question);
        cells.map(|(_, cell, meaning)| (cell.as_str(), meaning))
    }

    /// Whether a file has keys of a mapping file, and no others.
    pub fn is_mapping_file(root: Node<'_>) -> bool {
        let mut keys = root.entries().map(|(key, _)| key).peekable();
        keys.peek().is_some() && keys.all(|key| KEYS.all().any(|known| known.name == key))
    }

    pub fn read(name: &str, bytes: &[u8], rulebook: &Rulebook) -> Result<Self, Vec<Problem>> {
        let (document, mut problems) = yaml::parse(name, bytes);
        let Some(document) = document else { return Err(problems) };
        let (root, mut mapping) = (document.root(), Self::default());
        let mistakes = shape::mistakes(&document, &KEYS);
        if mistakes.is_empty() {
            mapping.read_plain(root);
        }
        problems.extend(mistakes);
        for (header, node) in entries(root.get("columns"), &mut problems) {
            match column_meaning(header, node, rulebook) {
                Ok(meaning) => mapping.columns.push((header.to_owned(), meaning)),
                Err(problem) => problems.push(problem),
            }
        }
        mapping.read_values(root, rulebook, &mut problems);
        mapping.read_words(root, &mut problems);
        Problem::sort_and_bound(&mut problems);
        if Problem::any_error(&problems) { Err(problems) } else { Ok(mapping) }
    }

    /// The keys whose values cannot be wrong once they have the right shape.
    fn read_plain(&mut self, root: Node<'_>) {
        let texts = |key: &str| root.list(key).filter_map(Node::text).map(str::to_owned).collect();
        self.keep = texts("keep");
        self.ignore = texts("ignore");
        self.ignore_others = root.get("ignore_others").and_then(Node::flag) == Some(true);
        self.header_row = root.get("header_row").and_then(Node::number);
        self.skip_rows = root.list("skip_rows").filter_map(Node::number).collect();
        self.sheet = root.get("sheet").and_then(Node::text).map(str::to_owned);
    }

    fn read_values(&mut self, root: Node<'_>, rulebook: &Rulebook, problems: &mut Vec<Problem>) {
        let mut known: FxHashMap<(usize, String), (&str, CellMeaning)> = FxHashMap::default();
        for (id, node) in entries(root.get("values"), problems) {
            let Some((index, question)) = rulebook.question(id) else {
                let ids = rulebook.questions.iter().map(|question| question.id.as_str());
                let problem = Problem::at(Code::UnknownQuestion, node.key_place(), format!("unknown question `{id}`"));
                problems.push(problem.hint(suggestion(id, ids)));
                continue;
            };
            for (cell, node) in entries(Some(node), problems) {
                let meaning = match cell_meaning(question, node) {
                    Ok(meaning) => meaning,
                    Err(problem) => {
                        problems.push(problem);
                        continue;
                    }
                };
                let (first, first_meaning) =
                    known.entry((index, folded(cell))).or_insert_with(|| (cell, meaning.clone()));
                if *first_meaning != meaning {
                    let message = format!("`{cell}` reads the same as `{first}`, but means something else");
                    let hint = "delete one of them: capitals, spaces and punctuation at the end make no difference";
                    problems.push(Problem::at(Code::DuplicateKey, node.key_place(), message).hint(hint));
                }
                self.values.push((index, cell.to_owned(), meaning));
            }
        }
    }

    /// The keys that take one of a few words, or the numbers of rows.
    fn read_words(&mut self, root: Node<'_>, problems: &mut Vec<Problem>) {
        let text = |key: &str| root.get(key)?.text();
        let mut refuse = |key: &str, text: &str, hint: String| {
            let place = root.get(key).unwrap_or(root).place();
            problems.push(Problem::at(Code::UnknownWord, place, format!("`{text}` is not known here")).hint(hint));
        };
        if let Some(text) = text("separator") {
            self.separator = parse_separator(text).map_err(|hint| refuse("separator", text, hint)).ok();
        }
        if let Some(text) = text("encoding") {
            self.encoding = Encoding::named(text);
            if self.encoding.is_none() {
                refuse("encoding", text, suggestion(text, Encoding::ALL.map(Encoding::id)));
            }
        }
        for (key, wrong) in [("header_row", self.header_row == Some(0)), ("skip_rows", self.skip_rows.contains(&0))] {
            if wrong {
                refuse(key, "0", "rows are counted from 1".to_owned());
            }
        }
    }
}

/// The entries of a YAML mapping, if there is one.
fn entries<'d>(node: Option<Node<'d>>, problems: &mut Vec<Problem>) -> Vec<(&'d str, Node<'d>)> {
    let Some(node) = node else { return Vec::new() };
    match node.content() {
        Content::Null => Vec::new(),
        Content::Mapping(_) => node.entries().collect(),
        _ => {
            let message = format!("there is {} here, but a mapping is needed", node.kind());
            problems.push(Problem::at(Code::WrongKind, node.place(), message));
            Vec::new()
        }
    }
}

fn column_meaning(header: &str, node: Node<'_>, rulebook: &Rulebook) -> Result<ColumnMeaning, Problem> {
    let Content::Text(word) = node.content() else {
        let hint = "write the id of a question, `product` or `organisation`; or move the column to `ignore`";
        return Err(
            Problem::at(Code::WrongKind, node.place(), format!("the meaning of `{header}` is missing")).hint(hint)
        );
    };
    ColumnMeaning::named(word, rulebook).map_err(|hint| {
        Problem::at(Code::UnknownQuestion, node.place(), format!("unknown question `{word}`")).hint(hint)
    })
}

/// Reads the separator of columns as users write it.
/// The error is a hint as to what they can write.
pub fn parse_separator(text: &str) -> Result<u8, String> {
    match text {
        "," | ";" | "|" | "\t" => Ok(text.as_bytes()[0]),
        "tab" | "\\t" => Ok(b'\t'),
        _ => Err("write `,`, `;`, `|` or `tab`".to_owned()),
    }
}

fn cell_meaning(question: &Question, node: Node<'_>) -> Result<CellMeaning, Problem> {
    let wrong_kind =
        |message: String, hint: &str| Err(Problem::at(Code::WrongKind, node.place(), message).hint(hint.to_owned()));
    let words: Vec<&str> = match node.content() {
        Content::Null => return Ok(CellMeaning::Missing),
        Content::Text(text) if question.is_not_sure(text) => return Ok(CellMeaning::NotSure),
        Content::Text(text) => vec![text],
        Content::Bool(truth) if question.kind == Kind::YesNo => {
            return Ok(CellMeaning::Options(vec![usize::from(!*truth)]));
        }
        Content::List(_) if question.kind == Kind::Choices => {
            let Some(words) = node.items().map(Node::text).collect() else {
                let message = format!("this list holds something other than values of `{}`", question.id);
                return wrong_kind(message, "put values that are numbers, true or false in quotation marks");
            };
            words
        }
        _ => {
            let message = format!("there is {} here, but a value of `{}` is needed", node.kind(), question.id);
            return wrong_kind(message, "write a value, or nothing for no answer");
        }
    };
    if question.kind.takes() == Takes::Own {
        let message = format!("`{}` takes any text, so a cell of it cannot mean something else", question.id);
        return wrong_kind(message, "to say that a cell is no answer, write nothing after the colon");
    }
    let options: Result<Vec<usize>, _> = words.iter().map(|word| question.option(word.trim())).collect();
    options.map(CellMeaning::Options).map_err(|refusal| refusal.at(node.place()))
}

impl CellMeaning {
    /// The YAML after the colon in a mapping file.
    pub(super) fn to_yaml(&self, question: &Question) -> String {
        match self {
            Self::Missing => String::new(),
            Self::NotSure => " not_sure".to_owned(),
            Self::Options(options) => {
                let values = option_values(question, options);
                if let [only] = values.as_slice() { format!(" {only}") } else { format!(" [{}]", values.join(", ")) }
            }
        }
    }
}

pub(super) fn option_values<'q>(question: &'q Question, options: &[usize]) -> Vec<&'q str> {
    options.iter().map(|option| question.options[*option].value.as_str()).collect()
}
