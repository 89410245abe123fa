//! Everything beside the criteria: findings, topics, obligations, outcomes, facts and words.

use super::{Checker, number};
use crate::diagram::{Diagrams, Truth};
use crate::problem::{Code, suggestion};
use crate::rulebook::{
    Contradiction, Fact, Finding, FindingKind, Obligation, Outcome, OutcomeText, Status, Step, Term, Topic,
};
use crate::yaml::Node;

impl Checker {
    pub(super) fn findings(&mut self, file: Node<'_>) -> Option<Vec<Finding>> {
        self.each(file, "findings", |this, rule| {
            let (id, title) = (this.id(rule), this.text(rule.part("title")));
            let says = this.prose(rule.part("says"));
            let not_sure = rule.given("not_sure").map(|text| this.prose(text));
            let grounds = this.grounds(rule);
            let kind = this.named(rule.part("kind"), &FindingKind::ALL, FindingKind::id);
            let when = this.condition(rule.part("when"));
            if not_sure.is_none() && kind.is_some_and(|kind| kind != FindingKind::Note) {
                let message = format!("`{id}` says nothing when a \"not sure\" leaves it open");
                this.report(Code::MessageMissing, rule.part("id"), message, "add `not_sure: …`");
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
                place: rule.part("id").place(),
            })
        })
    }

    pub(super) fn topics(&mut self, file: Node<'_>) -> Option<Vec<Topic>> {
        self.numbers(file, "topics");
        self.each(file, "topics", |this, rule| {
            let id = this.id(rule);
            if rule.list("questions").next().is_none() {
                let message = format!("the topic `{id}` has no questions, so nothing could prepare it");
                this.report(Code::Blank, rule.part("id"), message, "name at least one question");
            }
            let questions = this.each(rule, "questions", Self::question);
            let prepared_when = this.optional_condition(rule.get("prepared_when"));
            Some(Topic {
                id,
                number: number(rule),
                title: this.text(rule.part("title")),
                prepare: this.prose(rule.part("prepare")),
                questions: questions?,
                prepared_when: prepared_when?,
                fine: Diagrams::constant(Truth::Yes),
                grounds: this.grounds(rule),
                place: rule.part("id").place(),
            })
        })
    }

    /// The index of a question named in a list.
    fn question(&mut self, name: Node<'_>) -> Option<usize> {
        let id = name.text().unwrap_or_default();
        let found = self.questions.iter().position(|question| question.id == id);
        if found.is_none() && !self.has_questions_alike() && !self.unclear.contains(id) {
            let hint = suggestion(id, self.questions.iter().map(|question| question.id.as_str()));
            self.report(Code::UnknownId, name, format!("there is no question `{id}`"), hint);
        }
        found
    }

    pub(super) fn obligations(&mut self, file: Node<'_>) -> Option<Vec<Obligation>> {
        self.each(file, "obligations", |this, rule| {
            let (id, title) = (this.id(rule), this.text(rule.part("title")));
            let (says, notes) = (this.says(rule), this.notes(rule));
            let grounds = this.grounds(rule);
            let otherwise = this.named(rule.part("otherwise"), &[Status::ToDiscuss, Status::NotMet], Status::id);
            let met_when = this.condition(rule.part("met_when"));
            if says.for_status(Status::Unknown).is_none() {
                let message = format!("`{id}` says nothing while it is unknown");
                this.report(Code::MessageMissing, rule.part("id"), message, "add `unknown: …` under `says`");
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
                place: rule.part("id").place(),
            })
        })
    }

    pub(super) fn contradictions(&mut self, file: Node<'_>) -> Option<Vec<Contradiction>> {
        self.each(file, "contradictions", |this, rule| {
            let (id, says) = (this.id(rule), this.prose(rule.part("says")));
            let grounds = this.grounds(rule);
            let when = this.condition(rule.part("when"))?;
            let holds = Diagrams::constant(false);
            Some(Contradiction { id, when, holds, says, grounds, place: rule.part("id").place() })
        })
    }

    pub(super) fn outcomes(&mut self, file: Node<'_>) -> [OutcomeText; 4] {
        Outcome::ALL.map(|outcome| {
            let rule = file.part("outcomes").part(outcome.id());
            OutcomeText {
                title: self.text(rule.part("title")),
                meaning: self.prose(rule.part("meaning")),
                next_steps: rule.list("next_steps").map(|step| self.step(step)).collect(),
                place: rule.part("title").place(),
            }
        })
    }

    fn step(&mut self, rule: Node<'_>) -> Step {
        Step {
            id: self.id(rule),
            title: self.text(rule.part("title")),
            says: self.prose(rule.part("says")),
            when: rule.get("when").and_then(|when| self.when(when)),
            shown: Diagrams::constant(true),
            grounds: self.grounds(rule),
            place: rule.part("id").place(),
        }
    }

    pub(super) fn fact(&mut self, rule: Node<'_>) -> Fact {
        Fact {
            id: self.id(rule),
            title: self.text(rule.part("title")),
            says: self.prose(rule.part("says")),
            when: rule.get("when").and_then(|when| self.when(when)),
            shown: Diagrams::constant(true),
            outcomes: (rule.list("outcomes")).filter_map(|word| self.named(word, &Outcome::ALL, Outcome::id)).collect(),
            grounds: self.grounds(rule),
            place: rule.part("id").place(),
        }
    }

    pub(super) fn term(&mut self, rule: Node<'_>) -> Term {
        Term {
            id: self.id(rule),
            term: self.text(rule.part("term")),
            also: rule.list("also").map(|word| self.text(word)).collect(),
            meaning: self.prose(rule.part("meaning")),
            grounds: self.grounds(rule),
            place: rule.part("id").place(),
        }
    }
}
