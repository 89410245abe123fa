//! Tables as forms and people write them, made from the prompts and labels of the rules at hand.

use eligibility::answers::{Answers, Entry};
use eligibility::question::{Answer, Kind, Question};
use eligibility::rulebook::Rulebook;
use rust_xlsxwriter::Workbook;

/// One product that somebody filled a form in for.
pub(crate) struct Product {
    pub(crate) name: String,
    pub(crate) answers: Answers,
}

/// Products with answers of every kind, always the same ones.
pub(crate) fn products(rulebook: &Rulebook, count: usize) -> Vec<Product> {
    let mut state = 7u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    let mut answer = |question: &Question| match question.kind {
        _ if draw(12) == 0 => None,
        Kind::Text => Some(Answer::Text("It helps people, and more".to_owned())),
        _ if question.takes_not_sure() && draw(10) == 0 => Some(Answer::NotSure),
        Kind::YesNo | Kind::Choice => Some(Answer::One(draw(question.options.len()))),
        Kind::Choices => {
            let set = (draw((1 << question.options.len()) - 1) + 1) as u64;
            let none = question.none().map_or(0, |none| 1 << none);
            Some(Answer::Many(if set & none == 0 { set } else { 0 }))
        }
    };
    (0..count)
        .map(|number| {
            let name = format!("Product {number}, \"quoted\"");
            let mut answers = Answers::blank(rulebook, &name);
            for (index, question) in rulebook.questions.iter().enumerate() {
                answers.entries[index] = answer(question).map(Entry::bare);
            }
            Product { name, answers }
        })
        .collect()
}

/// How a kind of table is written.
struct Way {
    /// The columns that stand before the answers, and the header of the name.
    before: &'static [&'static str],
    name: &'static str,
    /// A header made from the prompt of a question, which has this number.
    header: fn(&str, usize) -> String,
    /// What a form calls an answer.
    word: fn(&Question, usize) -> String,
    not_sure: &'static str,
    /// What stands between several answers, and behind the last.
    between: &'static str,
    last: &'static str,
    /// Whether the columns stand in another order.
    reversed: bool,
}

fn label(question: &Question, option: usize) -> String {
    question.options[option].label.clone()
}

fn curly(text: &str) -> String {
    text.replace('\'', "’")
}

const MICROSOFT: Way = Way {
    before: &["ID", "Start time", "Completion time", "Email", "Name"],
    name: "What is your product called?",
    header: |prompt, _| prompt.replace(' ', "\u{a0}"),
    word: label,
    not_sure: "Not sure",
    between: ";",
    last: ";",
    reversed: false,
};
const GOOGLE: Way = Way {
    before: &["Timestamp", "Email Address"],
    name: "Product name",
    header: |prompt, number| format!("{number}. {}", curly(prompt)),
    word: |question, option| curly(&label(question, option)),
    not_sure: "Don’t know",
    between: ";",
    last: "",
    reversed: false,
};
const SHEETS: Way = Way { between: ", ", header: |prompt, _| format!("{prompt} *"), ..GOOGLE };
const BY_HAND: Way = Way {
    before: &["Our ref"],
    name: "PRODUCT",
    header: |prompt, _| prompt.to_uppercase(),
    word: |question, option| question.options[option].value.replace('_', " ").to_uppercase(),
    not_sure: "unsure",
    between: "\n",
    last: "",
    reversed: true,
};

fn cell(way: &Way, question: &Question, answer: Option<&Answer>) -> String {
    match answer {
        None => String::new(),
        Some(Answer::NotSure) => way.not_sure.to_owned(),
        Some(Answer::Text(text)) => text.clone(),
        Some(Answer::One(option)) => (way.word)(question, *option),
        Some(Answer::Many(0)) => question.none().map(|none| (way.word)(question, none)).unwrap_or_default(),
        Some(Answer::Many(set)) => {
            let words: Vec<String> = question.chosen(*set).map(|(index, _)| (way.word)(question, index)).collect();
            words.join(way.between) + way.last
        }
    }
}

fn rows(way: &Way, rulebook: &Rulebook, products: &[Product]) -> Vec<Vec<String>> {
    let headers =
        rulebook.questions.iter().enumerate().map(|(index, question)| (way.header)(&question.prompt, index + 1));
    let before = way.before.iter().map(|text| (*text).to_owned());
    let mut all = vec![before.chain([way.name.to_owned()]).chain(headers).collect::<Vec<String>>()];
    for (number, product) in products.iter().enumerate() {
        let before = way.before.iter().map(|_| format!("x{number}"));
        let questions = rulebook.questions.iter().zip(&product.answers.entries);
        let cells = questions.map(|(question, entry)| cell(way, question, entry.as_ref().map(|entry| &entry.answer)));
        all.push(before.chain([product.name.clone()]).chain(cells).collect());
    }
    if way.reversed {
        for row in &mut all {
            row.reverse();
        }
    }
    all
}

/// As `SurveyMonkey` writes it: each choice has a column of its own, of which only the first has a header, and a second
/// header says which.
fn survey(rulebook: &Rulebook, products: &[Product]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = (0..products.len() + 2).map(|_| Vec::new()).collect();
    let mut column = |cells: Vec<String>| all.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell));
    let names = products.iter().map(|product| product.name.clone());
    column(
        ["What is your product called?", "Open-Ended Response"].map(str::to_owned).into_iter().chain(names).collect(),
    );
    for (index, question) in rulebook.questions.iter().enumerate() {
        let answers = products.iter().map(|product| product.answers.get(index).map(|entry| &entry.answer));
        if question.kind != Kind::Choices {
            let head = [question.prompt.clone(), "Response".to_owned()];
            column(head.into_iter().chain(answers.map(|answer| cell(&GOOGLE, question, answer))).collect());
            continue;
        }
        let labels = (0..question.options.len()).map(|option| label(question, option)).chain(["Not sure".to_owned()]);
        for (option, label) in labels.enumerate() {
            let is_ticked = |answer: Option<&Answer>| match answer {
                Some(Answer::NotSure) => option == question.options.len(),
                Some(Answer::Many(0)) => question.none() == Some(option),
                Some(Answer::Many(set)) => set >> option & 1 == 1,
                _ => false,
            };
            let head = [if option == 0 { question.prompt.clone() } else { String::new() }, label.clone()];
            let ticks = answers.clone().map(|answer| if is_ticked(answer) { label.clone() } else { String::new() });
            column(head.into_iter().chain(ticks).collect());
        }
    }
    all
}

fn csv(rows: &[Vec<String>], separator: u8, mark: &str) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(mark.as_bytes().to_vec());
    for row in rows {
        writer.write_record(row).expect("in memory");
    }
    writer.into_inner().expect("in memory")
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    book.save_to_buffer().expect("in memory")
}

/// Each kind of table, by the name of its file.
pub(crate) fn all(rulebook: &Rulebook, products: &[Product]) -> Vec<(String, Vec<u8>)> {
    let rows = |way| rows(way, rulebook, products);
    vec![
        ("microsoft.xlsx".to_owned(), xlsx(&rows(&MICROSOFT))),
        ("microsoft.csv".to_owned(), csv(&rows(&MICROSOFT), b',', "\u{feff}")),
        ("google.csv".to_owned(), csv(&rows(&GOOGLE), b',', "")),
        ("sheets.tsv".to_owned(), csv(&rows(&SHEETS), b'\t', "")),
        ("sheets.xlsx".to_owned(), xlsx(&rows(&SHEETS))),
        ("survey.csv".to_owned(), csv(&survey(rulebook, products), b',', "\u{feff}")),
        ("survey.xlsx".to_owned(), xlsx(&survey(rulebook, products))),
        ("by_hand.csv".to_owned(), csv(&rows(&BY_HAND), b';', "sep=;\r\n")),
        ("by_hand.xlsx".to_owned(), xlsx(&rows(&BY_HAND))),
    ]
}
