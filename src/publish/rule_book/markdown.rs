//! The rule book as Markdown.

use std::fmt::Write as _;

use super::book::{CitedSource, RuleEntry, book};
use super::table::{DecisionTable, When};
use crate::publish::phrases::Phrase;
use crate::rulebook::{RuleKind, Rulebook, numbered};
use crate::style::markdown as escape;

pub(super) fn render(rulebook: &Rulebook) -> String {
    let mut page = MarkdownBook::default();
    for chapter in book(rulebook) {
        // What the rules are called is the title of the book.
        if !chapter.is_manifest() {
            page.block(&format!("## {}", escaped(&chapter.title)));
        }
        if let Some(table) = &chapter.table {
            page.block(&decisions(table));
        }
        for rule in &chapter.rules {
            page.rule(rule, if chapter.is_manifest() { "#" } else { "###" });
        }
    }
    page.end_of_list();
    for (id, link) in rulebook.pages.iter().filter_map(|page| page.link().map(|link| (&page.id, link))) {
        let _ = writeln!(page.out, "[{id}]: <{link}>");
    }
    page.out.truncate(page.out.trim_end().len());
    page.out.push('\n');
    page.out
}

#[derive(Default)]
struct MarkdownBook {
    out: String,
    in_list: bool,
}

impl MarkdownBook {
    fn end_of_list(&mut self) {
        if std::mem::take(&mut self.in_list) {
            self.out.push('\n');
        }
    }

    /// Markdown that stands by itself.
    fn block(&mut self, text: &str) {
        self.end_of_list();
        let _ = writeln!(self.out, "{text}\n");
    }

    /// An item of Markdown.
    fn item(&mut self, indent: &str, text: &str) {
        self.in_list = true;
        let _ = writeln!(self.out, "{indent}- {text}");
    }

    fn rule(&mut self, rule: &RuleEntry, level: &str) {
        self.block(&format!("{level} {}", title(rule.number, &rule.title)));
        if let Some(id) = &rule.id {
            self.block(&format!("`{id}`"));
        }
        if let Some(address) = &rule.address {
            let words = || escaped(&address.words);
            self.block(&address.link.as_ref().map_or_else(words, |link| format!("<{link}>")));
        }
        for phrase in &rule.says {
            match phrase.lead {
                Some(_) => self.item("", &words(phrase)),
                None => self.block(&words(phrase)),
            }
        }
        for inner in &rule.inner {
            self.inner(inner);
        }
        for line in rule.source.iter().flat_map(source) {
            self.block(&line);
        }
    }

    /// A rule inside another, as an item of a list.
    fn inner(&mut self, rule: &RuleEntry) {
        let mut says = rule.says.iter().peekable();
        let title = escaped(&rule.title);
        let head = match (rule.kind, &rule.id) {
            (RuleKind::Option, Some(id)) => format!("`{id}`: {title}"),
            (_, id) => {
                let first = says.next_if(|phrase| phrase.lead.is_none());
                let first = first.map_or_else(String::new, |says| format!(": {}", words(says)));
                let id = id.as_ref().map_or_else(String::new, |id| format!(" (`{id}`)"));
                format!("**{title}**{id}{first}")
            }
        };
        self.item("", &head);
        for phrase in says {
            self.item("  ", &words(phrase));
        }
        for line in rule.source.iter().flat_map(source) {
            self.item("  ", &line);
        }
    }
}

/// What vouches for a rule.
fn source(source: &CitedSource) -> Vec<String> {
    let page = escaped(&source.page);
    let page = if source.link.is_some() { format!("[{page}][{}]", source.id) } else { page };
    let reasoning = source.reasoning.as_ref().map(|reasoning| format!("Reasoning: {}", escaped(reasoning)));
    let told = format!("Source: {page}, {} ({}).", escaped(&source.at), source.basis);
    std::iter::once(told).chain(reasoning).collect()
}

/// A phrase as Markdown.
fn words(phrase: &Phrase) -> String {
    let text = escaped(&phrase.whole());
    phrase.lead.as_ref().map_or_else(|| text.clone(), |lead| format!("**{}**: {text}", escaped(lead)))
}

/// The decision table; what has no cells takes the first.
fn decisions(table: &DecisionTable) -> String {
    let questions: Vec<String> = table.questions.iter().map(|question| escaped(question)).collect();
    let decides = title(table.decides.0, &table.decides.1);
    let mut out = format!("| Scenario | {} | {decides} | Basis |\n", questions.join(" | "));
    out.push_str(&"| --- ".repeat(questions.len() + 3));
    out.push('|');
    for row in &table.rows {
        let cells: Vec<String> = match &row.when {
            When::Answers(answers) => answers.iter().map(|answers| cell(answers)).collect(),
            When::Words(words) => {
                let rest = (1..questions.len()).map(|_| String::new());
                std::iter::once(escaped(words)).chain(rest).collect()
            }
        };
        let _ = write!(
            out,
            "\n| {} | {} | {} | {} |",
            title(row.scenario.0, &row.scenario.1),
            cells.join(" | "),
            row.result,
            row.basis
        );
    }
    out
}

fn cell(answers: &[String]) -> String {
    if answers.is_empty() {
        return "any".to_owned();
    }
    answers.iter().map(|answer| escaped(answer)).collect::<Vec<_>>().join("<br>or ")
}

/// A title with its number, which begins no list where a title stands.
fn title(number: Option<u8>, title: &str) -> String {
    numbered(number, &escaped(title))
}

/// Text as text. Underscores inside words are no markup, and ids are easier to read without a backslash.
fn escaped(text: &str) -> String {
    let escaped = escape(text);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut readable = String::with_capacity(escaped.len());
    for (at, part) in escaped.split("\\_").enumerate() {
        if at > 0 {
            let inside = word(readable.chars().next_back()) && word(part.chars().next());
            readable.push_str(if inside { "_" } else { "\\_" });
        }
        readable.push_str(part);
    }
    readable
}
