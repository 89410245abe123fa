//! The questions: their kinds, options, order, and when they are asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, RESULTS};
use crate::diagram::{Decision, MAX_QUESTIONS};
use crate::problem::{Code, Place, Problem, Severity, suggestion};
use crate::question::{Kind, OptionSet, Question, QuestionChange, QuestionOption, Section, folded_header, is_unsure};
use crate::yaml::Node;

impl Checker {
    pub(super) fn questions(&mut self, file: Node<'_>) {
        let mut reached = Section::Eligibility;
        for rule in file.list("questions") {
            let section = self.named(rule.required("section"), &Section::ALL, Section::id).unwrap_or(reached);
            if section < reached {
                let message = format!("a question of `{}` stands after one of `{}`", section.id(), reached.id());
                let hint = "questions are asked in the order of the sections: move one of the two, or mend its section";
                self.report(Code::Order, rule.required("section"), message, hint);
            }
            // If the section of the one before is wrong, all that come now are where they belong.
            reached = section;
            let kind = self.named(rule.required("kind"), &Kind::ALL, Kind::id);
            let id = rule.required("id").text().unwrap_or_default();
            if RESULTS.contains(&id) {
                let message = format!("`{id}` is a result that conditions test, so no question can be called so");
                self.report(Code::BadId, rule.required("id"), message, "choose another id");
            }
            let options = kind.and_then(|kind| self.options(rule, kind));
            let (Some(kind), Some(options)) = (kind, options) else {
                self.id(rule);
                self.unclear.insert(id.to_owned());
                continue;
            };
            let question = Question {
                index: self.rulebook.questions.len(),
                id: self.id(rule),
                section,
                kind,
                prompt: self.text(rule.required("prompt")),
                hint: rule.non_null("hint").map(|text| self.prose(text)),
                more: rule.non_null("more").map(|text| self.prose(text)),
                options,
                changeable: flag(rule, "changeable", true),
                best_first: flag(rule, "best_first", false),
                not_sure: flag(rule, "not_sure", true),
                changed: rule.non_null("changed").map(|changed| QuestionChange {
                    version: self.text(changed.required("version")),
                    why: self.text(changed.required("why")),
                }),
                grounds: self.grounds(rule),
                place: rule.required("id").place(),
            };
            self.rulebook.questions.push(question);
        }
        self.indistinguishable_words();
        let count = self.rulebook.questions.len();
        if file.list("questions").next().is_none() || count > MAX_QUESTIONS {
            let message = format!("rules have between 1 and {MAX_QUESTIONS} questions, not {count}");
            self.problems.push(Problem::at(Code::Blank, file.place(), message));
        }
        let asked = |rule: Node<'_>| Some((self.condition(rule.get("ask_when")?), Decision::default()));
        self.rulebook.ask_when = file.list("questions").map(asked).collect();
    }

    /// Questions and options that tables, which name them by prompts and labels, cannot tell apart.
    fn indistinguishable_words(&mut self) {
        let (mut found, mut numbered) = (Vec::new(), Vec::new());
        let mut report = |name: &str, place: &Place, other: &Place| {
            let message = format!("{name} reads the same as another");
            let problem = Problem::at(Code::SameWords, place.clone(), message).related(other.clone(), "the other");
            found.push(problem.hint("say it in other words: in tables the two could not be told apart"));
        };
        let mut prompts: BTreeMap<String, &Question> = BTreeMap::new();
        for question in &self.rulebook.questions {
            // Equal ids are reported elsewhere.
            let (id, prompt) = (folded_header(&question.id), folded_header(&question.prompt));
            let prompt = Some(prompt).filter(|prompt| *prompt != id);
            for text in [id].into_iter().chain(prompt) {
                match prompts.get(&text).filter(|other| other.id != question.id) {
                    Some(other) => {
                        report(&format!("the prompt or id of `{}`", question.id), &question.place, &other.place);
                    }
                    None => drop(prompts.insert(text, question)),
                }
            }
            let numbers = 1..=question.options.len() + usize::from(question.takes_not_sure());
            for (number, option) in (1..).zip(&question.options) {
                let is_another = |read: usize| numbers.contains(&read) && read != number;
                if option.label.parse().is_ok_and(is_another) {
                    let message =
                        format!("the label `{}` is the number of another option where they are numbered", option.label);
                    let problem = Problem::at(Code::SameWords, option.place.clone(), message).warning();
                    numbered.push(problem.hint("add a word to it, or a person who types the one chooses the other"));
                }
            }
            let mut words: BTreeMap<String, usize> = BTreeMap::new();
            for (index, text) in question.option_names() {
                let (option, unsure) = (&question.options[index], question.takes_not_sure() && is_unsure(&text));
                let other = words.get(&text).filter(|other| **other != index);
                let other = other.map(|other| &question.options[*other]).filter(|other| other.value != option.value);
                let name = || format!("the label or value of `{}`", option.value);
                match other {
                    Some(other) => report(&name(), &option.place, &other.place),
                    None if unsure => {
                        report(&format!("{}, which says \"not sure\",", name()), &option.place, &question.place);
                    }
                    None => drop(words.insert(text, index)),
                }
            }
        }
        self.problems.extend(found.into_iter().chain(numbered));
    }

    /// Whether two questions have the same id.
    pub(super) fn has_duplicate_questions(&self) -> bool {
        let ids: BTreeSet<&str> = self.rulebook.questions.iter().map(|question| question.id.as_str()).collect();
        ids.len() < self.rulebook.questions.len()
    }

    /// The options of a question; `None` if it is not clear what they are.
    fn options(&mut self, rule: Node<'_>, kind: Kind) -> Option<Vec<QuestionOption>> {
        let mut options: Vec<QuestionOption> = Vec::new();
        for option in rule.list("options") {
            let node = option.required("value");
            let value = self.filled(node);
            self.check_id_form(node);
            if options.iter().any(|known| known.value == value) {
                let message = format!("the option `{value}` stands twice");
                self.report(Code::BadQuestion, node, message, "delete one of them");
            }
            let label = option.non_null("label").map(|label| self.text(label));
            if label.is_none() && kind != Kind::YesNo {
                self.report(Code::BadQuestion, node, format!("`{value}` has no label"), "add `label: …`");
            }
            let none = flag(option, "none", false);
            if !none && kind == Kind::Choices && value == "none" {
                let message = "`none` can be chosen beside other options here";
                let hint = "add `none: true` to it, or call it something else";
                self.report(Code::BadQuestion, node, message, hint).severity = Severity::Warning;
            }
            if none && (kind != Kind::Choices || options.iter().any(|known| known.none)) {
                let message = "only one option can be the empty list, and only of a `choices` question";
                self.report(Code::BadQuestion, node, message, "delete `none`");
            }
            options.push(QuestionOption {
                label: label.unwrap_or_else(|| value.clone()),
                hint: option.non_null("hint").map(|text| self.prose(text)),
                action: option.non_null("action").map(|text| self.text(text)),
                evidence: option.non_null("evidence").map(|text| self.text(text)),
                none,
                changeable: flag(option, "changeable", true),
                reads_as: 0,
                turns_out: Vec::new(),
                says: option.non_null("says").map(|text| self.prose(text)),
                short: option.non_null("short").map(|text| self.short(text)),
                place: node.place(),
                value,
            });
        }
        self.readings(rule, kind, &mut options);
        Some(match kind {
            Kind::YesNo => {
                let mut values = rule.list("options").map(|option| option.required("value"));
                if let Some(other) = values.find(|value| !["yes", "no"].contains(&value.text().unwrap_or_default())) {
                    let message = format!("a yes_no question has no option `{}`", other.text().unwrap_or_default());
                    self.report(Code::BadQuestion, other, message, "write `yes` or `no`, or make the kind `choice`");
                }
                yes_and_no(&options, &rule.required("id").place())
            }
            Kind::Choice | Kind::Choices if !(2..=64).contains(&options.len()) => {
                let message = format!("a {} question has between 2 and 64 options, not {}", kind.id(), options.len());
                let hint = "add or join options, or change the kind";
                self.report(Code::BadQuestion, rule.required("kind"), message, hint);
                return None;
            }
            Kind::Text if !options.is_empty() => {
                let message = "a text question has no options";
                self.report(Code::BadQuestion, rule.required("kind"), message, "delete them, or change the kind");
                return None;
            }
            Kind::Choice | Kind::Choices | Kind::Text => options,
        })
    }

    /// The readings of each option, which must be sure themselves.
    fn readings(&mut self, rule: Node<'_>, kind: Kind, options: &mut [QuestionOption]) {
        let values: Vec<String> = options.iter().map(|option| option.value.clone()).collect();
        let unsure: Vec<bool> = rule.list("options").map(|option| option.list("reads_as").next().is_some()).collect();
        for (node, option) in rule.list("options").zip(options.iter_mut()) {
            for word in node.list("reads_as") {
                let name = word.text().unwrap_or_default();
                let found = values.iter().position(|value| value == name);
                match found {
                    Some(index) if !unsure[index] => option.reads_as |= 1 << index,
                    _ => {
                        let sure =
                            values.iter().zip(&unsure).filter(|(_, unsure)| !**unsure).map(|(value, _)| value.as_str());
                        let hint = suggestion(name, sure.collect::<Vec<_>>());
                        let message = match found {
                            Some(_) => format!("`{name}` is read as other options itself"),
                            None => format!("there is no option `{name}` here"),
                        };
                        self.report(Code::UnknownOption, word, message, hint);
                    }
                }
            }
            let (readings, turns_out) = (node.list("reads_as").count(), node.get("turns_out"));
            let bad = match (readings, kind) {
                (0, _) if option.says.is_some() || option.short.is_some() || turns_out.is_some() => {
                    Some("`says`, `short` and `turns_out` belong to an option with `reads_as`")
                }
                (0, _) => None,
                (_, Kind::YesNo | Kind::Choices | Kind::Text) => {
                    Some("only an option of a `choice` question can be read as others")
                }
                (1, Kind::Choice) => Some("an option that is read as one other option is that option"),
                (_, Kind::Choice) if option.says.is_none() => Some("`says` has to tell what the source leaves open"),
                (_, Kind::Choice) => None,
            };
            if let Some(message) = bad {
                let hint = if readings == 0 {
                    "delete them if it is settled how this option counts, or add `reads_as`"
                } else {
                    "look at `reads_as`, `says`, `short` and `turns_out` of this option"
                };
                self.report(Code::BadQuestion, node.required("value"), message, hint);
            }
            // Without readings, `turns_out` has been reported already.
            if let Some(turns_out) = turns_out.filter(|_| readings > 0) {
                option.turns_out = self.turns_out(turns_out, option.reads_as, &values);
            }
        }
    }

    /// The texts for what an option may turn out to be.
    fn turns_out(&mut self, node: Node<'_>, reads_as: OptionSet, values: &[String]) -> Vec<(usize, String)> {
        let mut texts = Vec::new();
        for (value, text) in node.entries() {
            match values.iter().position(|known| known == value) {
                Some(index) if reads_as & (1 << index) != 0 => texts.push((index, self.text(text))),
                _ => {
                    let read = values.iter().enumerate().filter(|(index, _)| reads_as & (1 << index) != 0);
                    let hint = suggestion(value, read.map(|(_, value)| value.as_str()).collect::<Vec<_>>());
                    let message = format!("it cannot turn out to be `{value}`");
                    self.report_at(Code::UnknownOption, text.key_place(), message, hint);
                }
            }
        }
        texts
    }
}

fn flag(rule: Node<'_>, key: &str, default: bool) -> bool {
    rule.non_null(key).and_then(Node::flag).unwrap_or(default)
}

/// The options of a yes-or-no question, with whatever the rules say of them.
fn yes_and_no(options: &[QuestionOption], place: &Place) -> Vec<QuestionOption> {
    ["yes", "no"]
        .into_iter()
        .map(|value| {
            let given = options.iter().find(|option| option.value == value);
            let label = if value == "yes" { "Yes" } else { "No" };
            match given {
                Some(option) if option.label != option.value => option.clone(),
                Some(option) => QuestionOption { label: label.to_owned(), ..option.clone() },
                None => QuestionOption::plain(value, label, place),
            }
        })
        .collect()
}
