//! Conditions as they stand in rule files → conditions over questions.

use super::{Checker, RESERVED};
use crate::condition::Condition;
use crate::diagram::Diagrams;
use crate::problem::{Code, Problem, suggestion};
use crate::question::{Kind, OptionSet};
use crate::rulebook::{Note, raw};
use crate::yaml::{At, Content, Document, Node};

/// What a condition looks like.
const A_CONDITION: &str = "write it as a mapping, for example `{question_id: value}`";

impl Checker {
    /// The condition that stands at a place.
    pub(super) fn condition(&mut self, at: &At, document: &Document) -> Option<Condition> {
        self.condition_at(at.node(document))
    }

    fn condition_at(&mut self, node: Node<'_>) -> Option<Condition> {
        let Content::Mapping(entries) = node.content() else {
            return self.bad_condition(
                node,
                format!("{} stands where a condition is needed", node.kind()),
                A_CONDITION,
            );
        };
        if entries.is_empty() {
            return self.bad_condition(node, "this condition is empty".to_owned(), A_CONDITION);
        }
        let parts: Vec<Option<Condition>> = entries
            .iter()
            .map(|(key, value)| (key.as_str(), node.inside(value)))
            .map(|(key, value)| match key {
                "all" => self.conditions(value).map(Condition::All),
                "any" => self.conditions(value).map(Condition::Any),
                "not" => self.condition_at(value).map(|part| Condition::Not(Box::new(part))),
                id => self.test(id, value),
            })
            .collect();
        let mut parts: Vec<Condition> = parts.into_iter().collect::<Option<_>>()?;
        if parts.len() == 1 { parts.pop() } else { Some(Condition::All(parts)) }
    }

    fn conditions(&mut self, node: Node<'_>) -> Option<Vec<Condition>> {
        match node.content() {
            Content::List(items) if !items.is_empty() => {
                let parts: Vec<Option<Condition>> =
                    items.iter().map(|item| self.condition_at(node.inside(item))).collect();
                parts.into_iter().collect()
            }
            _ => {
                let message = "`all` and `any` need a list of conditions".to_owned();
                self.bad_condition(node, message, "write at least one, each behind `- `")
            }
        }
    }

    /// A test of one question: its value, or a list of values.
    fn test(&mut self, id: &str, node: Node<'_>) -> Option<Condition> {
        let Some(question) = self.questions.iter().position(|question| question.id == id) else {
            let ids = self.questions.iter().map(|question| question.id.as_str()).chain(RESERVED);
            let problem = Problem::at(Code::UnknownId, node.key_place(), format!("there is no question `{id}`"))
                .hint(suggestion(id, ids));
            self.problems.push(problem);
            return None;
        };
        if self.questions[question].kind == Kind::Text {
            return self.bad_condition(
                node,
                format!("`{id}` is a text, which no condition can test"),
                "test a question of another kind",
            );
        }
        let values = match node.content() {
            Content::List(items) => items.iter().map(|item| node.inside(item)).collect(),
            _ => vec![node],
        };
        if values.is_empty() {
            let hint = suggestion("", self.questions[question].values());
            return self.bad_condition(node, "this list has no values".to_owned(), &hint);
        }
        let mut options = 0;
        for value in values {
            options |= self.tested_option(question, value)?;
        }
        self.tested[question] |= options;
        Some(Condition::Is { question, options, place: node.key_place() })
    }

    fn tested_option(&mut self, question: usize, node: Node<'_>) -> Option<OptionSet> {
        let asked = &self.questions[question];
        let word = match node.content() {
            Content::Text(word) => word.as_str(),
            Content::Bool(true) if asked.kind == Kind::YesNo => "yes",
            Content::Bool(false) if asked.kind == Kind::YesNo => "no",
            _ => {
                let hint = suggestion("", asked.values());
                return self.bad_condition(node, format!("{} stands where a value is needed", node.kind()), &hint);
            }
        };
        match asked.option(word) {
            Ok(option) => Some(1 << option),
            Err(_) => {
                let message = format!("`{}` does not offer `{word}`", asked.id);
                let hint = suggestion(word, asked.values());
                self.problems.push(Problem::at(Code::UnknownOption, node.place(), message).hint(hint));
                None
            }
        }
    }

    fn bad_condition<T>(&mut self, node: Node<'_>, message: String, hint: &str) -> Option<T> {
        self.problems.push(Problem::at(Code::BadCondition, node.place(), message).hint(hint));
        None
    }

    pub(super) fn notes(&mut self, notes: &[raw::Note], document: &Document) -> Vec<Note> {
        notes
            .iter()
            .filter_map(|note| {
                let says = self.text(&note.says, document);
                let when = self.condition(&note.when, document)?;
                Some(Note { when, holds: Diagrams::constant(0), says })
            })
            .collect()
    }
}
