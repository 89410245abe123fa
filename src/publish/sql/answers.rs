//! Converts the answers in a table to the numbers of their values.

use std::fmt::Write as _;

use super::dialect::{Dialect, literal, position, trimmed};
use crate::diagram::{Diagrams, Var, VarKind};
use crate::question::{Kind, NOT_SURE, Question};
use crate::rulebook::{Rulebook, Topic};

pub(super) struct SqlWriter<'r> {
    pub(super) rulebook: &'r Rulebook,
    pub(super) diagrams: &'r Diagrams,
    pub(super) dialect: Dialect,
}

/// The column that says whether a topic lacks an answer.
pub(super) fn lacks(topic: &Topic) -> String {
    format!("_{} lacks", topic.id)
}

/// The condition that a text says "not sure".
fn says_not_sure(text: &str) -> String {
    format!("LOWER({text}) IN ({})", NOT_SURE.map(literal).join(", "))
}

impl SqlWriter<'_> {
    /// The answer to a question, normalised as in answers files. Several values are each put between semicolons.
    pub(super) fn given(&self, question: &Question) -> String {
        let name = self.dialect.quoted(&question.id);
        let text = trimmed(&format!("CAST({name} AS {})", self.dialect.text_type()));
        let text = format!("NULLIF({text}, '')");
        let not_sure = if question.takes_not_sure() {
            format!("WHEN {} THEN 'not_sure' ", says_not_sure(&text))
        } else {
            String::new()
        };
        let other = match question.kind {
            Kind::YesNo => format!(
                "WHEN LOWER({text}) IN ('yes', 'true') THEN 'yes' WHEN LOWER({text}) IN ('no', 'false') THEN 'no' ELSE {text}"
            ),
            Kind::Choices => {
                let separated = self.dialect.separated(&format!("CONCAT(';', {text}, ';')"));
                format!("WHEN {text} IS NOT NULL THEN {separated}")
            }
            Kind::Choice => format!("ELSE {text}"),
            Kind::Text => return format!("CASE WHEN {} THEN NULL ELSE {text} END AS {name}", says_not_sure(&text)),
        };
        if not_sure.is_empty() && question.kind == Kind::Choice {
            format!("{text} AS {name}")
        } else {
            format!("CASE {not_sure}{other} END AS {name}")
        }
    }

    /// The expression for the id of a question whose value is not valid. Any text is valid for a question that
    /// takes text.
    pub(super) fn invalid(&self, index: usize) -> Option<String> {
        let question = &self.rulebook.questions[index];
        let name = self.dialect.quoted(&question.id);
        let wrong = match question.kind {
            Kind::Choices => {
                // The length that the cell has if it holds each of its values once and nothing else.
                let length = |value: &str| {
                    let value = format!(";{value};");
                    format!("CASE WHEN {} > 0 THEN {} ELSE 0 END", position(&value, &name), value.chars().count())
                };
                let lengths: Vec<String> = question.values().map(length).collect();
                let lengths = lengths.join(" + ");
                let empty = match question.none() {
                    Some(none) => {
                        let value = format!(";{};", question.options[none].value);
                        let alone = literal(&format!(";{value};"));
                        format!("({} > 0 AND {name} <> {alone})", position(&value, &name))
                    }
                    None => format!("{lengths} = 0"),
                };
                format!("(LENGTH({name}) <> 2 + {lengths} OR {empty})")
            }
            Kind::Text => return None,
            Kind::YesNo | Kind::Choice => {
                format!("{name} NOT IN ({})", question.values().map(literal).collect::<Vec<_>>().join(", "))
            }
        };
        let unless = if question.takes_not_sure() { format!("{name} <> 'not_sure' AND ") } else { String::new() };
        Some(format!("CASE WHEN {unless}{wrong} THEN {} ELSE '' END", literal(&format!("{} ", question.id))))
    }

    /// The expression that is 1 if an answer for a topic is missing or not sure, and 0 otherwise.
    pub(super) fn lacking(&self, topic: &Topic) -> String {
        let lacks = topic.questions.iter().map(|index| {
            let question = &self.rulebook.questions[*index];
            let name = self.dialect.quoted(&question.id);
            let unsure = if question.takes_not_sure() { format!(" OR {name} = 'not_sure'") } else { String::new() };
            format!("{name} IS NULL{unsure}")
        });
        let lacks: Vec<String> = lacks.collect();
        format!("CASE WHEN {} THEN 1 ELSE 0 END AS {}", lacks.join(" OR "), self.dialect.quoted(&self::lacks(topic)))
    }

    /// The expression for the number of a value. The missing answer has the highest.
    pub(super) fn number(&self, var: Var) -> String {
        let mut out = "CASE".to_owned();
        for (value, when) in self.whens(var).into_iter().enumerate() {
            let _ = write!(out, " WHEN {when} THEN {value}");
        }
        format!("{out} END AS {}", self.column(var))
    }

    /// The condition for each value of a variable, with the missing answer last.
    fn whens(&self, var: Var) -> Vec<String> {
        let of = self.diagrams.variables().all()[var].kind;
        let Some(index) = self.diagrams.variables().all()[var].question() else { return Vec::new() };
        let question = &self.rulebook.questions[index];
        let name = self.dialect.quoted(&question.id);
        let unsure = format!("{name} = 'not_sure'");
        let missing = format!("{name} IS NULL");
        let mut whens = match of {
            VarKind::Question(_) => {
                let mut whens: Vec<String> =
                    question.values().map(|value| format!("{name} = {}", literal(value))).collect();
                whens.extend(question.takes_not_sure().then_some(unsure));
                whens
            }
            VarKind::Known(_) => vec![format!("{name} <> 'not_sure'"), unsure],
            VarKind::Chosen(_, option) => {
                let place = position(&format!(";{};", question.options[option].value), &name);
                vec![format!("{place} = 0"), format!("{place} > 0")]
            }
            VarKind::Prepared(_) => Vec::new(),
        };
        whens.push(missing);
        whens
    }

    /// The column that holds the number of a variable.
    pub(super) fn column(&self, var: Var) -> String {
        let questions = &self.rulebook.questions;
        self.dialect.quoted(&match self.diagrams.variables().all()[var].kind {
            VarKind::Question(question) => format!("_{} is", questions[question].id),
            VarKind::Known(question) => format!("_{} known", questions[question].id),
            VarKind::Chosen(question, option) => {
                format!("_{} has {}", questions[question].id, questions[question].options[option].value)
            }
            VarKind::Prepared(topic) => format!("_topic {topic}"),
        })
    }
}
