//! The questions: their kinds, options, order, and when they are asked.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checker, RESULTS, Shaped};
use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, MAX_QUESTIONS};
use crate::problem::{Code, Place, Problem, suggestion};
use crate::question::{Changed, Kind, Offer, OptionSet, Question, Section, folded, is_unsure};
use crate::rulebook::raw;
use crate::yaml::{At, Content, Document};

impl Checker {
    pub(super) fn questions(&mut self, file: &Shaped<raw::Questions>) -> Vec<Option<(Condition, Decision<bool>)>> {
        let Shaped { document, shape } = file;
        let mut reached = Section::Eligibility;
        for raw in &shape.questions {
            let section = self.named(&raw.section, document, &Section::ALL, Section::id).unwrap_or(reached);
            if section < reached {
                let message = format!("a question of `{}` stands after one of `{}`", section.id(), reached.id());
                let hint = "questions are asked in the order of the sections";
                self.report(Code::Order, &raw.section, document, message, hint);
            }
            reached = reached.max(section);
            let kind = self.named(&raw.kind, document, &Kind::ALL, Kind::id);
            if RESULTS.contains(&raw.id.text.as_str()) {
                let message =
                    format!("`{}` is a result that conditions test, so no question can be called so", raw.id.text);
                self.report(Code::BadId, &raw.id, document, message, "choose another id");
            }
            let options = kind.and_then(|kind| self.offers(raw, kind, document));
            let (Some(kind), Some(options)) = (kind, options) else {
                self.id(&raw.id, document);
                self.unclear.insert(raw.id.text.clone());
                continue;
            };
            let question = Question {
                index: self.questions.len(),
                id: self.id(&raw.id, document),
                section,
                kind,
                prompt: self.text(&raw.prompt, document),
                hint: self.maybe_said(raw.hint.as_ref(), document),
                more: self.maybe_said(raw.more.as_ref(), document),
                options,
                changeable: raw.changeable.unwrap_or(true),
                best_first: raw.best_first.unwrap_or(false),
                not_sure: raw.not_sure.unwrap_or(true),
                changed: raw.changed.as_ref().map(|changed| Changed {
                    version: self.text(&changed.version, document),
                    why: self.text(&changed.why, document),
                }),
                grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                place: raw.id.at.node(document).place(),
            };
            self.questions.push(question);
        }
        self.same_words();
        if shape.questions.is_empty() || self.questions.len() > MAX_QUESTIONS {
            let message = format!("rules have between 1 and {MAX_QUESTIONS} questions, not {}", self.questions.len());
            self.problems.push(Problem::at(Code::Blank, document.root().place(), message));
        }
        shape
            .questions
            .iter()
            .map(|raw| raw.ask_when.and_then(|at| self.condition(at, document)))
            .map(|condition| condition.map(|condition| (condition, Diagrams::constant(true))))
            .collect()
    }

    /// Questions and options that cannot be told apart in a table, where their prompts and labels name them.
    fn same_words(&mut self) {
        let mut found = Vec::new();
        let mut report = |what: &str, place: &Place, other: &Place| {
            let message = format!("{what} reads the same as another");
            let problem = Problem::at(Code::SameWords, place.clone(), message).related(other.clone(), "the other");
            found.push(problem.hint("say it in other words: in tables the two could not be told apart"));
        };
        let mut prompts: BTreeMap<String, &Question> = BTreeMap::new();
        for question in &self.questions {
            // That two ids are the same is told by itself.
            let (id, prompt) = (folded(&question.id), folded(&question.prompt));
            let prompt = Some(prompt).filter(|prompt| *prompt != id);
            for text in [id].into_iter().chain(prompt) {
                match prompts.get(&text).filter(|other| other.id != question.id) {
                    Some(other) => {
                        report(&format!("the prompt or id of `{}`", question.id), &question.place, &other.place);
                    }
                    None => drop(prompts.insert(text, question)),
                }
            }
            let mut words: BTreeMap<String, usize> = BTreeMap::new();
            for (index, text) in question.known_words() {
                let (option, unsure) = (&question.options[index], question.takes_not_sure() && is_unsure(&text));
                let other = words.get(&text).filter(|other| **other != index);
                let other = other.map(|other| &question.options[*other]).filter(|other| other.value != option.value);
                let what = || format!("the label or value of `{}`", option.value);
                match other {
                    Some(other) => report(&what(), &option.place, &other.place),
                    None if unsure => {
                        report(&format!("{}, which says \"not sure\",", what()), &option.place, &question.place);
                    }
                    None => drop(words.insert(text, index)),
                }
            }
        }
        self.problems.extend(found);
    }

    /// Whether two questions have the same id.
    pub(super) fn has_questions_alike(&self) -> bool {
        let ids: BTreeSet<&str> = self.questions.iter().map(|question| question.id.as_str()).collect();
        ids.len() < self.questions.len()
    }

    /// The options of a question, unless it is not clear what it offers.
    fn offers(&mut self, raw: &raw::Question, kind: Kind, document: &Document) -> Option<Vec<Offer>> {
        let mut offers: Vec<Offer> = Vec::new();
        for option in &raw.options {
            let value = self.filled(&option.value, document);
            self.well_formed(&option.value, document);
            if offers.iter().any(|known| known.value == value) {
                let message = format!("the option `{value}` stands twice");
                self.report(Code::BadQuestion, &option.value, document, message, "take one of them away");
            }
            if option.label.is_none() && kind != Kind::YesNo {
                let message = format!("`{value}` has no label");
                self.report(Code::BadQuestion, &option.value, document, message, "add `label: …`");
            }
            if option.none == Some(true) && (kind != Kind::Choices || offers.iter().any(|known| known.none)) {
                let message = "only one option can be the empty list, and only of a `choices` question".to_owned();
                self.report(Code::BadQuestion, &option.value, document, message, "take `none` away");
            }
            let label = self.maybe_text(option.label.as_ref(), document).unwrap_or_else(|| value.clone());
            offers.push(Offer {
                label,
                hint: self.maybe_said(option.hint.as_ref(), document),
                action: self.maybe_text(option.action.as_ref(), document),
                evidence: self.maybe_text(option.evidence.as_ref(), document),
                none: option.none.unwrap_or(false),
                changeable: option.changeable.unwrap_or(true),
                reads_as: 0,
                turns_out: Vec::new(),
                says: self.maybe_said(option.says.as_ref(), document),
                short: self.short(option.short.as_ref(), document),
                place: option.value.at.node(document).place(),
                value,
            });
        }
        self.readings(raw, kind, &mut offers, document);
        Some(match kind {
            Kind::YesNo => {
                if let Some(other) = raw.options.iter().find(|o| !["yes", "no"].contains(&o.value.text.as_str())) {
                    let message = format!("a yes_no question has no option `{}`", other.value.text);
                    let hint = "write `yes` or `no`, or make the kind `choice`";
                    self.report(Code::BadQuestion, &other.value, document, message, hint);
                }
                yes_and_no(&offers, &raw.id.at.node(document).place())
            }
            Kind::Choice | Kind::Choices if !(2..=64).contains(&offers.len()) => {
                let message = format!("a {} question has between 2 and 64 options, not {}", kind.id(), offers.len());
                self.report(Code::BadQuestion, &raw.kind, document, message, "add or join options, or change the kind");
                return None;
            }
            Kind::Text if !offers.is_empty() => {
                let message = "a text question has no options".to_owned();
                self.report(Code::BadQuestion, &raw.kind, document, message, "take them away, or change the kind");
                return None;
            }
            Kind::Choice | Kind::Choices | Kind::Text => offers,
        })
    }
}

impl Checker {
    /// What each option may count as. That has to be sure itself, or nobody could ever find it out.
    fn readings(&mut self, raw: &raw::Question, kind: Kind, offers: &mut [Offer], document: &Document) {
        let values: Vec<String> = offers.iter().map(|offer| offer.value.clone()).collect();
        let unsure: Vec<bool> = raw.options.iter().map(|option| !option.reads_as.is_empty()).collect();
        for (option, offer) in raw.options.iter().zip(offers.iter_mut()) {
            for word in &option.reads_as {
                let found = values.iter().position(|value| *value == word.text);
                match found {
                    Some(index) if !unsure[index] => offer.reads_as |= 1 << index,
                    _ => {
                        let sure =
                            values.iter().zip(&unsure).filter(|(_, unsure)| !**unsure).map(|(value, _)| value.as_str());
                        let hint = suggestion(&word.text, sure.collect::<Vec<_>>());
                        let message = match found {
                            Some(_) => format!("`{}` is read as other options itself", word.text),
                            None => format!("there is no option `{}` here", word.text),
                        };
                        self.report(Code::UnknownOption, word, document, message, hint);
                    }
                }
            }
            let bad = match (option.reads_as.len(), kind) {
                (0, _) if option.says.is_some() || option.short.is_some() || option.turns_out.is_some() => {
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
                let hint = "look at `reads_as`, `says`, `short` and `turns_out` of this option";
                self.report(Code::BadQuestion, &option.value, document, message.to_owned(), hint);
            }
            if let Some(at) = &option.turns_out {
                offer.turns_out = self.turns_out(*at, offer.reads_as, &values, document);
            }
        }
    }

    /// What is told of each option that another may turn out to count as.
    fn turns_out(
        &mut self,
        at: At,
        reads_as: OptionSet,
        values: &[String],
        document: &Document,
    ) -> Vec<(usize, String)> {
        let node = at.node(document);
        let Content::Mapping(entries) = node.content() else {
            let message = format!("{} stands where a mapping is needed", node.kind());
            self.problems.push(Problem::at(Code::WrongKind, node.place(), message).hint("write `value: text` a line"));
            return Vec::new();
        };
        let mut told = Vec::new();
        for (value, text) in entries {
            let node = node.inside(text);
            match values.iter().position(|known| known == value) {
                Some(index) if reads_as & (1 << index) != 0 => told.extend(self.plain(node).map(|text| (index, text))),
                _ => {
                    let read = values.iter().enumerate().filter(|(index, _)| reads_as & (1 << index) != 0);
                    let hint = suggestion(value, read.map(|(_, value)| value.as_str()).collect::<Vec<_>>());
                    let message = format!("it cannot turn out to be `{value}`");
                    self.problems.push(Problem::at(Code::UnknownOption, node.key_place(), message).hint(hint));
                }
            }
        }
        told
    }
}

/// Both options of a yes-or-no question, with what the rules add to them.
fn yes_and_no(offers: &[Offer], place: &Place) -> Vec<Offer> {
    ["yes", "no"]
        .into_iter()
        .map(|value| {
            let given = offers.iter().find(|offer| offer.value == value);
            let label = if value == "yes" { "Yes" } else { "No" };
            match given {
                Some(offer) if offer.label != offer.value => offer.clone(),
                Some(offer) => Offer { label: label.to_owned(), ..offer.clone() },
                None => Offer::plain(value, label, place),
            }
        })
        .collect()
}
