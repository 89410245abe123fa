//! Conditions in rule files → conditions over questions.

use super::{Checker, RESERVED};
use crate::condition::{Condition, ResultTest};
use crate::diagram::Decision;
use crate::named::same;
use crate::outcome::{FitOutcome, Preparation, Status};
use crate::problem::{Code, Place, suggestion};
use crate::question::{Kind, OptionSet, Takes};
use crate::rulebook::Note;
use crate::yaml::{Content, Node};

/// Words of other rule languages, with what to write instead.
const FOREIGN_WORDS: &[(&[&str], &str)] = &[
    (
        &["or", "either", "any_of", "one_of", "anyof", "oneof"],
        "write `any` with a list of conditions, each behind `- `",
    ),
    (&["and", "both", "all_of", "allof"], "write the tests one below the other, or `all` with a list of conditions"),
    (
        &["none", "none_of", "neither", "nor", "noneof"],
        "write `not` with one condition in it, such as `not: {any: […]}`",
    ),
    (&["except", "unless", "is_not"], "write `not` with the condition that must not hold"),
    (
        &["at_least", "at_most", "exactly", "of", "count"],
        "a condition does not count: write `any` with each combination that is enough, as `all`",
    ),
];

const A_CONDITION: &str = "write it as a mapping, for example `{question_id: value}`";

impl Checker {
    pub(super) fn condition(&mut self, node: Node<'_>) -> Condition {
        self.may_test_results = false;
        self.condition_at(node).unwrap_or(Condition::Any(Vec::new()))
    }

    /// A condition that may test results as well. No result depends on it, so there can be no cycle.
    pub(super) fn when(&mut self, node: Node<'_>) -> Condition {
        self.may_test_results = true;
        self.condition_at(node).unwrap_or(Condition::Any(Vec::new()))
    }

    fn condition_at(&mut self, node: Node<'_>) -> Option<Condition> {
        match node.content() {
            Content::Mapping(entries) if entries.is_empty() => {
                return self.bad_condition(node, "this condition is empty".to_owned(), A_CONDITION);
            }
            Content::Mapping(_) => {}
            _ => {
                let message = format!("there is {} here, but a condition is needed", node.kind());
                let is_list = matches!(node.content(), Content::List(_));
                let hint = "write `any:` above it if one of the list is enough, or `all:` if all of it must hold";
                return self.bad_condition(node, message, if is_list { hint } else { A_CONDITION });
            }
        }
        let counts = node.get("at_least").or(node.get("at_most")).or(node.get("exactly")).is_some();
        let parts: Vec<Option<Condition>> = node
            .entries()
            // `of` belongs to the foreign word before it, which is reported.
            .filter(|(key, _)| !(counts && *key == "of"))
            .map(|(key, value)| match key {
                "all" => self.conditions(value).map(Condition::All),
                "any" => {
                    self.warn_of_missing_hyphens(value);
                    self.conditions(value).map(Condition::Any)
                }
                "not" => self.condition_at(value).map(|part| Condition::Not(Box::new(part))),
                "scenario" | "fit" => self.result(key, "", value),
                id => match id.split_once('.') {
                    Some((result @ ("criterion" | "topic" | "obligation"), of)) => self.result(result, of, value),
                    _ => self.test(id, value),
                },
            })
            .collect();
        let mut parts: Vec<Condition> = parts.into_iter().collect::<Option<_>>()?;
        if parts.len() == 1 { parts.pop() } else { Some(Condition::All(parts)) }
    }

    /// Where a hyphen was forgotten, all tests must hold instead of any of them.
    fn warn_of_missing_hyphens(&mut self, any: Node<'_>) {
        if any.items().count() == 1
            && let Some(second) = any.items().flat_map(Node::entries).nth(1)
        {
            let message = "`any` has one part here, so all of its tests must hold";
            let hint = "put `- ` in front of each that is enough by itself; if all must hold, delete `any`";
            self.report_at(Code::DeadCondition, second.1.key_place(), message, hint);
        }
    }

    fn conditions(&mut self, node: Node<'_>) -> Option<Vec<Condition>> {
        match node.content() {
            Content::List(items) if !items.is_empty() => {
                let parts: Vec<Option<Condition>> = node.items().map(|item| self.condition_at(item)).collect();
                parts.into_iter().collect()
            }
            _ => {
                let message = "`all` and `any` need a list of conditions".to_owned();
                self.bad_condition(node, message, "write at least one, each behind `- `")
            }
        }
    }

    /// A test of a result: its value, or a list of values.
    fn result(&mut self, result: &str, of: &str, node: Node<'_>) -> Option<Condition> {
        if !self.may_test_results {
            let message = format!("`{result}` is a result, and a condition here tests answers alone");
            let hint = "only the `when` of next steps, facts and notes can test results";
            return self.bad_condition_at(node.key_place(), message, hint);
        }
        let place = node.key_place();
        let statuses: Vec<_> = Status::DECIDED.iter().map(|status| (status.id().to_owned(), *status)).collect();
        let test = match result {
            "criterion" => ResultTest::Criterion(self.result_named(result, of, node)?, self.values(node, &statuses)?),
            "obligation" => ResultTest::Obligation(self.result_named(result, of, node)?, self.values(node, &statuses)?),
            "topic" => {
                let index = self.result_named(result, of, node)?;
                self.values(node, &[(Preparation::Prepared.id().to_owned(), ())])?;
                ResultTest::Prepared(index)
            }
            "fit" => {
                let known: Vec<_> = FitOutcome::DECIDED.iter().map(|fit| (fit.id().to_owned(), *fit)).collect();
                ResultTest::Fit(self.values(node, &known)?)
            }
            _ => {
                let ids: Vec<_> = self.ids_of(result)?.iter().cloned().zip(0..).collect();
                ResultTest::Scenario(self.values(node, &ids)?)
            }
        };
        Some(Condition::Result { test, place })
    }

    /// The ids of the results of a kind, unless their file could not be read.
    fn ids_of(&self, kind: &str) -> Option<&Vec<String>> {
        self.results.iter().find(|(known, _)| *known == kind)?.1.as_ref()
    }

    /// The index of the result of a kind with this id.
    fn result_named(&mut self, kind: &str, id: &str, node: Node<'_>) -> Option<usize> {
        let ids = self.ids_of(kind)?;
        let found = ids.iter().position(|known| known == id);
        if found.is_none() {
            let hint = suggestion(id, ids.iter().map(String::as_str));
            self.report_at(Code::UnknownId, node.key_place(), format!("there is no {kind} `{id}`"), hint);
        }
        found
    }

    /// The values of a test of a result.
    fn values<T: Copy>(&mut self, node: Node<'_>, known: &[(String, T)]) -> Option<Vec<T>> {
        let items = match node.content() {
            Content::List(items) if !items.is_empty() => node.items().collect(),
            _ => vec![node],
        };
        let names = known.iter().map(|(name, _)| name.as_str());
        let mut values = Vec::new();
        for item in items {
            let word = item.text().unwrap_or_default();
            match known.iter().find(|(name, _)| same(name, word)) {
                Some((_, value)) => values.push(*value),
                None => {
                    let message = format!("{} is not a result that can be tested here", item.kind());
                    let message = if word.is_empty() { message } else { format!("the result is never `{word}`") };
                    self.report(Code::UnknownOption, item, message, suggested(word, names.clone()));
                }
            }
        }
        (!values.is_empty()).then_some(values)
    }

    /// A test of one question: its value, or a list of values.
    fn test(&mut self, id: &str, node: Node<'_>) -> Option<Condition> {
        if self.unclear.contains(id) {
            return None;
        }
        let Some((question, asked)) = self.rulebook.question(id) else {
            return self.no_question(id, node);
        };
        if asked.kind.takes() == Takes::Own {
            let message = format!("`{id}` is a text, which no condition can test");
            return self.bad_condition(node, message, "test a question of another kind");
        }
        let values = match node.content() {
            Content::List(_) => node.items().collect(),
            _ => vec![node],
        };
        if values.is_empty() {
            let hint = suggestion("", asked.values());
            return self.bad_condition(node, "this list has no values".to_owned(), &hint);
        }
        let mut options = 0;
        for value in values {
            options |= self.tested_option(question, value)?;
        }
        Some(Condition::Is { question, options, place: node.key_place() })
    }

    /// Reports a key that is no question: a foreign word, the id of another rule, or unknown.
    fn no_question(&mut self, id: &str, node: Node<'_>) -> Option<Condition> {
        let foreign = FOREIGN_WORDS.iter().find(|(words, _)| words.contains(&id));
        if let Some((_, hint)) = foreign {
            // Without the word, whatever is below it makes no sense, so nothing else is reported there.
            let span = node.span();
            let file = node.place().source.name.clone();
            let below = |place: &Place| place.source.name == file && span.contains(&place.span.start);
            self.problems.retain(|problem| !problem.place.as_ref().is_some_and(below));
            let message = format!("a condition has no `{id}`, only `all`, `any` and `not`");
            return self.bad_condition_at(node.key_place(), message, hint);
        }
        let written = id;
        // The word before the point may be a wrong one, such as `criteria`.
        let id = id.rsplit_once('.').map_or(id, |(_, id)| id);
        let mut kinds = self.results.iter();
        let kind = kinds.find(|(_, ids)| ids.iter().flatten().any(|known| known == id)).map(|(kind, _)| *kind);
        // Where two questions have one id, one of them may have been meant to have this one.
        if kind.is_none() && self.has_duplicate_questions() {
            return None;
        }
        let Some(kind) = kind else {
            let questions = &self.rulebook.questions;
            let offering = questions.iter().find(|question| node.is_null() && question.option(id).is_ok());
            let hint = match offering.map(|question| &question.id) {
                Some(of) => {
                    format!("it is a value of `{of}`: write several in square brackets, as in `{of}: […, {id}]`")
                }
                None => suggestion(written, questions.iter().map(|question| question.id.as_str()).chain(RESERVED)),
            };
            self.report_at(Code::UnknownId, node.key_place(), format!("there is no question `{written}`"), hint);
            return None;
        };
        let message = format!("`{id}` is a {kind}, and a condition tests the answers to questions");
        let hint = match kind {
            "scenario" if self.may_test_results => format!("write `scenario: {id}`"),
            "finding" => "write the condition that it stands under".to_owned(),
            _ if self.may_test_results => format!("write `{kind}.{id}: …`"),
            _ => format!("test the questions that decide `{id}`"),
        };
        self.bad_condition_at(node.key_place(), message, &hint)
    }

    fn tested_option(&mut self, question: usize, node: Node<'_>) -> Option<OptionSet> {
        let asked = &self.rulebook.questions[question];
        let word = match node.content() {
            Content::Text(word) => word.as_ref(),
            Content::Bool(true) if asked.kind == Kind::YesNo => "yes",
            Content::Bool(false) if asked.kind == Kind::YesNo => "no",
            _ => {
                let hint = suggestion("", asked.values());
                return self.bad_condition(
                    node,
                    format!("there is {} here, but a value is needed", node.kind()),
                    &hint,
                );
            }
        };
        match asked.option(word) {
            Ok(option) if !asked.options[option].is_sure() => {
                let read = asked.chosen(asked.options[option].reads_as).map(|(_, option)| option.value.as_str());
                let read: Vec<String> = read.map(|value| format!("`{value}`")).collect();
                let message = format!("`{word}` is read as {}, so that no condition can test it", read.join(" or "));
                let hint = "test what it is read as, and tell what is open in its `says`; if it is settled how it counts, \
                            delete its `reads_as`, `turns_out`, `says` and `short`";
                self.report(Code::UnknownOption, node, message, hint);
                None
            }
            Ok(option) => Some(1 << option),
            Err(_) if asked.is_not_sure(&word.replace('-', "_")) => {
                let message = format!("no condition tests `{word}`");
                let hint = "leave it out: what an answer that is not sure comes to is worked out for you";
                self.bad_condition(node, message, hint)
            }
            Err(_) => {
                let message = format!("`{}` does not offer `{word}`", asked.id);
                let other = word.strip_prefix('!').or(word.strip_prefix("not "));
                let other = other.map(|other| other.trim_start_matches(['=', ' ']));
                let hint = match other.filter(|other| asked.option(other).is_ok()) {
                    Some(other) => format!("write `not: {{{}: {other}}}`", asked.id),
                    None => suggested(word, asked.values()),
                };
                self.report(Code::UnknownOption, node, message, hint);
                None
            }
        }
    }

    fn bad_condition<T>(&mut self, node: Node<'_>, message: String, hint: &str) -> Option<T> {
        self.bad_condition_at(node.place(), message, hint)
    }

    fn bad_condition_at<T>(&mut self, place: Place, message: String, hint: &str) -> Option<T> {
        self.report_at(Code::BadCondition, place, message, hint);
        None
    }

    pub(super) fn notes(&mut self, rule: Node<'_>) -> Vec<Note> {
        let note = |note: Node<'_>| Note {
            when: self.when(note.required("when")),
            shown: Decision::default(),
            says: self.prose(note.required("says")),
            place: note.required("says").place(),
        };
        rule.list("notes").map(note).collect()
    }
}

/// Several known values in one word as a list, or else what is nearest.
fn suggested<'w>(word: &str, known: impl IntoIterator<Item = &'w str> + Clone) -> String {
    let words = word.split(|c: char| !c.is_alphanumeric() && !"_-".contains(c));
    let words: Vec<&str> = words.filter(|word| !["", "and", "or"].contains(word)).collect();
    let is_known = |word: &&str| known.clone().into_iter().any(|known| same(known, word));
    if words.len() > 1 && words.iter().all(is_known) {
        return format!("write `[{}]`, of which one is enough", words.join(", "));
    }
    suggestion(word, known)
}
