//! A mapping file: what the columns and cells of a table stand for, where they do not say it.

use deserr::Deserr;
use rustc_hash::FxHashMap;

use super::text::Encoding;
use crate::problem::{Code, Problem, suggestion};
use crate::question::{Kind, Question, Takes, folded};
use crate::rulebook::Rulebook;
use crate::yaml::{self, At, Content, Document, Mistakes, Node, decode};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnMeaning {
    /// The name of the product.
    Product,
    Organisation,
    /// The answers to the question with this index.
    Question(usize),
    Evidence(usize),
    /// What people wanted to add to them.
    Note(usize),
}

/// A column that belongs to a question.
type Beside = fn(usize) -> ColumnMeaning;

/// What stands behind the id of a question in the name of a column that holds no answers but what belongs to them.
pub(super) const BESIDE: [(&str, Beside); 2] = [("evidence", ColumnMeaning::Evidence), ("note", ColumnMeaning::Note)];
pub(super) const PRODUCT: &str = "product";
pub(super) const ORGANISATION: &str = "organisation";

impl ColumnMeaning {
    /// What a word in a mapping or on the command line names.
    ///
    /// # Errors
    /// What may have been meant.
    pub fn named(word: &str, rulebook: &Rulebook) -> Result<Self, String> {
        let beside = word.rsplit_once('.').and_then(|(id, part)| {
            let (_, target) = BESIDE.iter().find(|(name, _)| *name == part)?;
            Some(target(rulebook.question(id)?.0))
        });
        match word {
            PRODUCT => Ok(Self::Product),
            ORGANISATION => Ok(Self::Organisation),
            _ => beside.or_else(|| rulebook.question(word).map(|(index, _)| Self::Question(index))).ok_or_else(|| {
                let ids = rulebook.questions.iter().map(|question| question.id.as_str());
                suggestion(word, ids.chain([PRODUCT, ORGANISATION]))
            }),
        }
    }

    /// How it is named in a mapping.
    #[must_use]
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

/// What one text stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    Options(Vec<usize>),
    NotSure,
    Missing,
}

/// What is said of a table from outside, on the command line or in a mapping file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Headers, or `#7` for the seventh column, with what stands under each.
    pub columns: Vec<(String, ColumnMeaning)>,
    /// Headers of columns that are carried into the result as they are.
    pub keep: Vec<String>,
    /// Headers of columns to leave out.
    pub ignore: Vec<String>,
    /// Whether every column that is nothing else is left out.
    pub ignore_others: bool,
    /// The row of the header, if it is not the first.
    pub header_row: Option<u64>,
    /// Rows that are no products.
    pub skip_rows: Vec<u64>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// What stands between columns.
    pub separator: Option<u8>,
    /// How text is encoded.
    pub encoding: Option<Encoding>,
    /// For each question, cells with what they stand for.
    values: Vec<(usize, String, Meaning)>,
}

/// The keys of a mapping file, with what editors show of each.
pub const KEYS: [(&str, &str); 10] = [
    (
        "columns",
        "What stands under each header: a question's id, `product`, `organisation`, or an id with `.evidence` or `.note`. `#7` is the seventh column.",
    ),
    ("values", "For each question, what its cells stand for. Nothing after the colon: no answer."),
    ("keep", "Headers of columns that are carried into the result as they are."),
    ("ignore", "Headers of columns to leave out."),
    ("ignore_others", "Whether every column that is nothing else is left out."),
    ("header_row", "The row that holds the header, counted from 1, if it is not the first that has anything in it."),
    ("skip_rows", "The numbers of rows below the header that are no products."),
    ("sheet", "The sheet of a workbook to read, if it is not the first that can be seen."),
    ("separator", "What stands between columns in a file of text: a comma, a semicolon, a bar, or `tab`."),
    ("encoding", "How a file of text is encoded, if it is not UTF-8."),
];

#[derive(Deserr)]
#[deserr(error = Mistakes, deny_unknown_fields)]
struct Raw {
    #[allow(dead_code, reason = "read where it stands")]
    #[deserr(default)]
    columns: Option<At>,
    #[allow(dead_code, reason = "read where it stands")]
    #[deserr(default)]
    values: Option<At>,
    #[deserr(default)]
    keep: Vec<String>,
    #[deserr(default)]
    ignore: Vec<String>,
    #[deserr(default)]
    ignore_others: bool,
    #[deserr(default)]
    header_row: Option<u64>,
    #[deserr(default)]
    skip_rows: Vec<u64>,
    #[deserr(default)]
    sheet: Option<String>,
    #[allow(dead_code, reason = "one of a few words, read where it stands")]
    #[deserr(default)]
    separator: Option<String>,
    #[allow(dead_code, reason = "one of a few words, read where it stands")]
    #[deserr(default)]
    encoding: Option<String>,
}

impl Mapping {
    /// The cells of a question that are mapped.
    pub(super) fn values_of(&self, question: usize) -> impl Iterator<Item = (&str, &Meaning)> {
        self.values.iter().filter(move |(of, ..)| *of == question).map(|(_, cell, meaning)| (cell.as_str(), meaning))
    }

    /// Reads a mapping file.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn read(name: &str, bytes: &[u8], rulebook: &Rulebook) -> Result<Self, Vec<Problem>> {
        let (document, mut problems) = yaml::parse(name, bytes);
        let Some(document) = document else { return Err(problems) };
        let mut mapping = Self::default();
        match decode::<Raw>(&document) {
            Ok(Raw { keep, ignore, ignore_others, header_row, skip_rows, sheet, .. }) => {
                mapping = Self { keep, ignore, ignore_others, header_row, skip_rows, sheet, ..mapping };
            }
            Err(found) => problems.extend(found),
        }
        mapping.few(&document, &mut problems);
        let entries = |node: Option<Node<'_>>, take: &mut dyn FnMut(&str, Node<'_>) -> Result<(), Problem>| {
            let Some(node) = node else { return Vec::new() };
            match node.content() {
                Content::Null => Vec::new(),
                Content::Mapping(entries) => {
                    entries.iter().filter_map(|(key, value)| take(key, node.inside(value)).err()).collect()
                }
                _ => vec![Problem::at(
                    Code::WrongKind,
                    node.place(),
                    format!("{} stands where a mapping is needed", node.kind()),
                )],
            }
        };
        problems.extend(entries(document.root().get("columns"), &mut |header, node| {
            let Content::Text(word) = node.content() else {
                let hint = "write the id of a question, `product` or `organisation`; or take the column to `ignore`";
                return Err(
                    Problem::at(Code::WrongKind, node.place(), format!("nothing says what `{header}` is")).hint(hint)
                );
            };
            let target = ColumnMeaning::named(word, rulebook);
            let target = target
                .map_err(|hint| unknown(Code::UnknownQuestion, node, &format!("unknown question `{word}`"), hint))?;
            mapping.columns.push((header.to_owned(), target));
            Ok(())
        }));
        let mut inner = Vec::new();
        let mut said: FxHashMap<(usize, String), (String, Meaning)> = FxHashMap::default();
        problems.extend(entries(document.root().get("values"), &mut |id, node| {
            let Some((index, question)) = rulebook.question(id) else {
                let ids = rulebook.questions.iter().map(|question| question.id.as_str());
                let message = format!("unknown question `{id}`");
                return Err(Problem::at(Code::UnknownQuestion, node.key_place(), message).hint(suggestion(id, ids)));
            };
            inner.extend(entries(Some(node), &mut |cell, node| {
                let meaning = meaning(question, node)?;
                let (known, is) =
                    said.entry((index, folded(cell))).or_insert_with(|| (cell.to_owned(), meaning.clone()));
                if *is != meaning {
                    let message = format!("`{cell}` reads the same as `{known}`, and stands for something else");
                    let hint = "take one of them away: capitals, spaces and signs at the end make no difference";
                    return Err(Problem::at(Code::DuplicateKey, node.key_place(), message).hint(hint));
                }
                mapping.values.push((index, cell.to_owned(), meaning));
                Ok(())
            }));
            Ok(())
        }));
        problems.extend(inner);
        Problem::sort_and_bound(&mut problems);
        if Problem::any_error(&problems) { Err(problems) } else { Ok(mapping) }
    }

    /// Words that are one of a few, and numbers of rows.
    fn few(&mut self, document: &Document, problems: &mut Vec<Problem>) {
        let text = |key: &str| match document.root().get(key)?.content() {
            Content::Text(text) => Some(text.as_ref()),
            _ => None,
        };
        let mut refuse = |key: &str, text: &str, hint: String| {
            let node = document.root().get(key).unwrap_or_else(|| document.root());
            problems.push(unknown(Code::UnknownWord, node, &format!("`{text}` is not known here"), hint));
        };
        if let Some(text) = text("separator") {
            self.separator = separator(text).map_err(|hint| refuse("separator", text, hint)).ok();
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

fn unknown(code: Code, node: Node<'_>, message: &str, hint: String) -> Problem {
    Problem::at(code, node.place(), message).hint(hint)
}

/// What stands between columns, as it is typed.
///
/// # Errors
/// What can be typed.
pub fn separator(text: &str) -> Result<u8, String> {
    match text {
        "," | ";" | "|" | "\t" => Ok(text.as_bytes()[0]),
        "tab" | "\\t" => Ok(b'\t'),
        _ => Err("write `,`, `;`, `|` or `tab`".to_owned()),
    }
}

/// What a cell stands for: values of the question, or nothing at all.
fn meaning(question: &Question, node: Node<'_>) -> Result<Meaning, Problem> {
    let refused = |node: Node<'_>, refusal: crate::question::Refusal| {
        Problem::at(refusal.code, node.place(), refusal.message).hint(refusal.hint)
    };
    let words: Vec<&str> = match node.content() {
        Content::Null => return Ok(Meaning::Missing),
        Content::Text(text) if question.is_not_sure(text) => return Ok(Meaning::NotSure),
        Content::Text(text) => vec![text],
        Content::Bool(truth) if question.kind == Kind::YesNo => {
            return Ok(Meaning::Options(vec![usize::from(!*truth)]));
        }
        Content::List(items) if question.kind == Kind::Choices => items
            .iter()
            .filter_map(
                |item| if let Content::Text(text) = node.inside(item).content() { Some(text.as_ref()) } else { None },
            )
            .collect(),
        _ => {
            let message = format!("{} stands where a value of `{}` is needed", node.kind(), question.id);
            return Err(
                Problem::at(Code::WrongKind, node.place(), message).hint("write a value, or nothing for no answer")
            );
        }
    };
    if question.kind.takes() == Takes::Own {
        let message = format!("`{}` takes any text, so no cell stands for another", question.id);
        return Err(
            Problem::at(Code::WrongKind, node.place(), message).hint("write nothing after the colon for no answer")
        );
    }
    let options: Result<Vec<usize>, _> = words.iter().map(|word| question.option(word.trim())).collect();
    options.map(Meaning::Options).map_err(|refusal| refused(node, refusal))
}

impl Meaning {
    /// How it stands behind the colon of a mapping file.
    pub(super) fn written(&self, question: &Question) -> String {
        match self {
            Self::Missing => String::new(),
            Self::NotSure => " not_sure".to_owned(),
            Self::Options(options) => {
                let values: Vec<&str> = options.iter().map(|option| question.options[*option].value.as_str()).collect();
                if let [only] = values.as_slice() { format!(" {only}") } else { format!(" [{}]", values.join(", ")) }
            }
        }
    }
}
