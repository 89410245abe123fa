//! The questions: their kinds, options, order, and when they are asked.

use super::{Checker, Shaped};
use crate::condition::Condition;
use crate::diagram::{Diagrams, MAX_QUESTIONS, Ref};
use crate::problem::{Code, Problem};
use crate::question::{Changed, Kind, Offer, Question, Section};
use crate::rulebook::raw;
use crate::yaml::Document;

impl Checker {
    pub(super) fn questions(&mut self, file: &Shaped<raw::Questions>) -> Vec<Option<(Condition, Ref)>> {
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
            let kinds = [Kind::YesNo, Kind::Choice, Kind::Choices, Kind::Text];
            let kind = self.named(&raw.kind, document, &kinds, Kind::id).unwrap_or(Kind::Text);
            let question = Question {
                id: self.id(&raw.id, document),
                section,
                kind,
                prompt: self.text(&raw.prompt, document),
                hint: self.maybe_text(raw.hint.as_ref(), document),
                options: self.offers(raw, kind, document),
                changeable: raw.changeable.unwrap_or(true),
                best_first: raw.best_first.unwrap_or(false),
                evidence: self.maybe_text(raw.evidence.as_ref(), document),
                changed: raw.changed.as_ref().map(|changed| Changed {
                    version: self.text(&changed.version, document),
                    why: self.text(&changed.why, document),
                }),
                grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                place: raw.id.at.node(document).place(),
            };
            self.questions.push(question);
            self.tested.push(0);
        }
        if self.questions.is_empty() || self.questions.len() > MAX_QUESTIONS {
            let message = format!("rules have between 1 and {MAX_QUESTIONS} questions, not {}", self.questions.len());
            self.problems.push(Problem::at(Code::Blank, document.root().place(), message));
        }
        shape
            .questions
            .iter()
            .map(|raw| raw.ask_when.as_ref().and_then(|at| self.condition(at, document)))
            .map(|condition| condition.map(|condition| (condition, Diagrams::constant(1))))
            .collect()
    }

    fn offers(&mut self, raw: &raw::Question, kind: Kind, document: &Document) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        for option in &raw.options {
            let value = self.text(&option.value, document);
            self.well_formed(&option.value, document);
            if offers.iter().any(|known| known.value == value) {
                let message = format!("the option `{value}` stands twice");
                self.report(Code::BadQuestion, &option.value, document, message, "take one of them away");
            }
            if option.label.is_none() && kind != Kind::YesNo {
                let message = format!("`{value}` has no label");
                self.report(Code::BadQuestion, &option.value, document, message, "add `label: …`");
            }
            if option.exclusive == Some(true) && kind != Kind::Choices {
                let message = "only an option of a `choices` question can be exclusive".to_owned();
                self.report(Code::BadQuestion, &option.value, document, message, "take `exclusive` away");
            }
            let label = self.maybe_text(option.label.as_ref(), document).unwrap_or_else(|| value.clone());
            offers.push(Offer {
                label,
                hint: self.maybe_text(option.hint.as_ref(), document),
                action: self.maybe_text(option.action.as_ref(), document),
                exclusive: option.exclusive.unwrap_or(false),
                value,
            });
        }
        match kind {
            Kind::YesNo => {
                if let Some(other) = raw.options.iter().find(|o| !["yes", "no"].contains(&o.value.text.as_str())) {
                    let message = format!("a yes_no question has no option `{}`", other.value.text);
                    let hint = "write `yes` or `no`, or make the kind `choice`";
                    self.report(Code::BadQuestion, &other.value, document, message, hint);
                }
                yes_and_no(&offers)
            }
            Kind::Choice | Kind::Choices if !(2..=64).contains(&offers.len()) => {
                let message = format!("a {} question has between 2 and 64 options, not {}", kind.id(), offers.len());
                self.report(Code::BadQuestion, &raw.kind, document, message, "add or join options, or change the kind");
                Vec::new()
            }
            Kind::Text if !offers.is_empty() => {
                let message = "a text question has no options".to_owned();
                self.report(Code::BadQuestion, &raw.kind, document, message, "take them away, or change the kind");
                Vec::new()
            }
            Kind::Choice | Kind::Choices | Kind::Text => offers,
        }
    }
}

/// Both options of a yes-or-no question, with what the rules add to them.
fn yes_and_no(offers: &[Offer]) -> Vec<Offer> {
    ["yes", "no"]
        .into_iter()
        .map(|value| {
            let given = offers.iter().find(|offer| offer.value == value);
            let label = if value == "yes" { "Yes" } else { "No" };
            match given {
                Some(offer) if offer.label != offer.value => offer.clone(),
                _ => Offer {
                    value: value.to_owned(),
                    label: label.to_owned(),
                    hint: given.and_then(|offer| offer.hint.clone()),
                    action: given.and_then(|offer| offer.action.clone()),
                    exclusive: false,
                },
            }
        })
        .collect()
}
