//! Everything beside the criteria: findings, topics, obligations, outcomes, facts and words.

use super::{Checker, Shaped};
use crate::diagram::{Diagrams, Truth};
use crate::problem::{Code, suggestion};
use crate::rulebook::raw::Word;
use crate::rulebook::{
    Contradiction, Fact, Finding, FindingKind, Obligation, Outcome, OutcomeText, Status, Step, Term, Topic, raw,
};
use crate::yaml::Document;

impl Checker {
    pub(super) fn findings(&mut self, file: &Shaped<raw::Fit>) -> Option<Vec<Finding>> {
        let Shaped { document, shape } = file;
        let checked: Vec<Option<Finding>> = shape
            .findings
            .iter()
            .map(|raw| {
                let (id, title) = (self.id(&raw.id, document), self.text(&raw.title, document));
                let says = self.said(&raw.says, document);
                let not_sure = self.maybe_said(raw.not_sure.as_ref(), document);
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                let kind = self.named(&raw.kind, document, &FindingKind::ALL, FindingKind::id);
                let when = self.condition(raw.when, document);
                if not_sure.is_none() && kind.is_some_and(|kind| kind != FindingKind::Note) {
                    let message = format!("`{id}` says nothing when a \"not sure\" leaves it open");
                    let hint = "add `not_sure: …`";
                    self.report(Code::MessageMissing, &raw.id, document, message, hint);
                }
                Some(Finding {
                    id,
                    kind: kind?,
                    title,
                    when: when?,
                    state: Diagrams::constant(Truth::No),
                    says,
                    not_sure,
                    grounds,
                    place: raw.id.at.node(document).place(),
                })
            })
            .collect();
        checked.into_iter().collect()
    }

    pub(super) fn topics(&mut self, file: &Shaped<raw::Application>) -> Option<Vec<Topic>> {
        let Shaped { document, shape } = file;
        self.numbers(document, "topics");
        let checked: Vec<Option<Topic>> = shape
            .topics
            .iter()
            .map(|raw| {
                let id = self.id(&raw.id, document);
                if raw.questions.is_empty() {
                    let message = format!("the topic `{id}` has no questions, so nothing could prepare it");
                    self.report(Code::Blank, &raw.id, document, message, "name at least one question");
                }
                let questions: Vec<Option<usize>> =
                    raw.questions.iter().map(|word| self.question(word, document)).collect();
                let when = raw.prepared_when.map(|when| self.condition(when, document));
                Some(Topic {
                    id,
                    number: raw.number,
                    title: self.text(&raw.title, document),
                    prepare: self.said(&raw.prepare, document),
                    questions: questions.into_iter().collect::<Option<_>>()?,
                    prepared_when: match when {
                        Some(when) => Some(when?),
                        None => None,
                    },
                    fine: Diagrams::constant(Truth::Yes),
                    grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                    place: raw.id.at.node(document).place(),
                })
            })
            .collect();
        checked.into_iter().collect()
    }

    /// The index of a question named in a list.
    fn question(&mut self, word: &Word, document: &Document) -> Option<usize> {
        let found = self.questions.iter().position(|question| question.id == word.text);
        if found.is_none() && !self.has_questions_alike() && !self.unclear.contains(&word.text) {
            let hint = suggestion(&word.text, self.questions.iter().map(|question| question.id.as_str()));
            let message = format!("there is no question `{}`", word.text);
            self.report(Code::UnknownId, word, document, message, hint);
        }
        found
    }

    pub(super) fn obligations(&mut self, file: &Shaped<raw::GoLive>) -> Option<Vec<Obligation>> {
        let Shaped { document, shape } = file;
        let checked: Vec<Option<Obligation>> = shape
            .obligations
            .iter()
            .map(|raw| {
                let (id, title) = (self.id(&raw.id, document), self.text(&raw.title, document));
                let (says, notes) = (self.says(&raw.says, &raw.short, document), self.notes(&raw.notes, document));
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                let otherwise = self.named(&raw.otherwise, document, &[Status::ToDiscuss, Status::NotMet], Status::id);
                let met_when = self.condition(raw.met_when, document);
                if says.for_status(Status::Unknown).is_none() {
                    let message = format!("`{id}` says nothing while it is unknown");
                    let hint = "add `unknown: …` under `says`";
                    self.report(Code::MessageMissing, &raw.id, document, message, hint);
                }
                Some(Obligation {
                    id,
                    title,
                    met_when: met_when?,
                    otherwise: otherwise?,
                    status: Diagrams::constant(Status::Unknown),
                    says,
                    notes: notes?,
                    grounds,
                    place: raw.id.at.node(document).place(),
                })
            })
            .collect();
        checked.into_iter().collect()
    }

    pub(super) fn contradictions(&mut self, file: &Shaped<raw::Contradictions>) -> Option<Vec<Contradiction>> {
        let Shaped { document, shape } = file;
        let checked: Vec<Option<Contradiction>> = shape
            .contradictions
            .iter()
            .map(|raw| {
                let (id, says) = (self.id(&raw.id, document), self.said(&raw.says, document));
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                let when = self.condition(raw.when, document)?;
                let holds = Diagrams::constant(false);
                Some(Contradiction { id, when, holds, says, grounds, place: raw.id.at.node(document).place() })
            })
            .collect();
        checked.into_iter().collect()
    }

    pub(super) fn outcomes(&mut self, file: &Shaped<raw::Outcomes>) -> ([OutcomeText; 4], Vec<Fact>) {
        let Shaped { document, shape } = file;
        let by = &shape.outcomes;
        let all = [&by.meets_criteria, &by.needs_discussion, &by.does_not_meet, &by.incomplete];
        let texts = all.map(|raw| OutcomeText {
            title: self.text(&raw.title, document),
            meaning: self.said(&raw.meaning, document),
            next_steps: raw
                .next_steps
                .iter()
                .map(|step| Step {
                    id: self.id(&step.id, document),
                    title: self.text(&step.title, document),
                    says: self.said(&step.says, document),
                    when: step.when.and_then(|when| self.when(when, document)),
                    shown: Diagrams::constant(true),
                    grounds: self.grounds(&step.source, &step.basis, step.reasoning.as_ref(), document),
                    place: step.id.at.node(document).place(),
                })
                .collect(),
            place: raw.title.at.node(document).place(),
        });
        let facts = shape
            .facts
            .iter()
            .map(|raw| Fact {
                id: self.id(&raw.id, document),
                title: self.text(&raw.title, document),
                says: self.said(&raw.says, document),
                when: raw.when.and_then(|when| self.when(when, document)),
                shown: Diagrams::constant(true),
                outcomes: raw
                    .outcomes
                    .iter()
                    .filter_map(|word| self.named(word, document, &Outcome::ALL, Outcome::id))
                    .collect(),
                grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                place: raw.id.at.node(document).place(),
            })
            .collect();
        (texts, facts)
    }

    pub(super) fn terms(&mut self, file: &Shaped<raw::Glossary>) -> Vec<Term> {
        let Shaped { document, shape } = file;
        shape
            .terms
            .iter()
            .map(|raw| Term {
                id: self.id(&raw.id, document),
                term: self.text(&raw.term, document),
                also: raw.also.iter().map(|word| self.text(word, document)).collect(),
                meaning: self.said(&raw.meaning, document),
                grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                place: raw.id.at.node(document).place(),
            })
            .collect()
    }
}
