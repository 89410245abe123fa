//! The criteria and the scenarios, and what decides which.

use super::{Checker, Shaped};
use crate::condition::Condition;
use crate::diagram::{Diagrams, MAX_SCENARIOS, Truth};
use crate::problem::{Code, Place, Problem};
use crate::rulebook::{Criterion, Decided, Says, Scenario, Status, raw};
use crate::yaml::{Content, Document};

impl Checker {
    pub(super) fn criteria(&mut self, file: &Shaped<raw::Criteria>) -> Option<Vec<Criterion>> {
        let Shaped { document, shape } = file;
        self.numbers(document, "criteria");
        if shape.criteria.is_empty() {
            let problem =
                Problem::at(Code::Blank, document.root().place(), "there are no criteria, so nothing is decided");
            self.problems.push(problem.hint("write at least one"));
        }
        let checked: Vec<Option<Criterion>> = shape
            .criteria
            .iter()
            .map(|raw| {
                let (id, title) = (self.id(&raw.id, document), self.text(&raw.title, document));
                let (says, notes) = (self.says(&raw.says, &raw.short, document), self.notes(&raw.notes, document));
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                Some(Criterion {
                    id,
                    number: raw.number,
                    title,
                    decided: self.decided(raw, document)?,
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

    fn decided(&mut self, raw: &raw::Criterion, document: &Document) -> Option<Decided> {
        match (&raw.decided_by, &raw.met_when, &raw.otherwise) {
            (Some(by), None, None) if raw.discuss_when.is_none() => {
                self.named(by, document, &["scenarios"], |by| by)?;
                let words_met_when = match &raw.words_met_when {
                    Some(at) => Some(self.condition(*at, document)?),
                    None => None,
                };
                Some(Decided::ByScenarios { words_met_when })
            }
            (None, Some(met_when), Some(otherwise)) if raw.words_met_when.is_none() => {
                let met_when = self.condition(*met_when, document);
                let discuss_when = raw.discuss_when.map(|at| self.condition(at, document));
                let otherwise = self.named(otherwise, document, &[Status::ToDiscuss, Status::NotMet], Status::id);
                Some(Decided::ByConditions {
                    met_when: met_when?,
                    discuss_when: match discuss_when {
                        Some(condition) => Some(condition?),
                        None => None,
                    },
                    otherwise: otherwise?,
                })
            }
            _ => {
                let message = format!("it is not clear what decides `{}`", raw.id.text);
                let hint = "give it `met_when` and `otherwise`, or `decided_by: scenarios`";
                self.report(Code::Decides, &raw.id, document, message, hint);
                None
            }
        }
    }

    /// At most one criterion is decided by the scenarios, and neither goes without the other.
    pub(super) fn decisions(&mut self, criteria: &[Criterion], scenarios: &[Scenario]) {
        let mut decided = criteria.iter().filter(|c| matches!(c.decided, Decided::ByScenarios { .. }));
        let problem = match (decided.next(), decided.next(), scenarios.first()) {
            (Some(first), Some(second), _) => {
                let message =
                    format!("the scenarios already decide `{}`, so they cannot decide `{}`", first.id, second.id);
                Problem::at(Code::Decides, second.place.clone(), message)
                    .related(first.place.clone(), "decided by the scenarios, too")
                    .hint("give one of them `met_when` and `otherwise` instead")
            }
            (Some(first), None, None) => {
                Problem::at(Code::Decides, first.place.clone(), "there are no scenarios to decide this criterion")
                    .hint("write them into `scenarios.yaml`, or give it `met_when` and `otherwise`")
            }
            (None, None, Some(scenario)) => {
                Problem::at(Code::Decides, scenario.place.clone(), "no criterion is decided by the scenarios")
                    .hint("give one criterion `decided_by: scenarios`")
            }
            _ => return,
        };
        self.problems.push(problem);
    }

    pub(super) fn scenarios(&mut self, file: &Shaped<raw::Scenarios>) -> Option<Vec<Scenario>> {
        let Shaped { document, shape } = file;
        self.numbers(document, "scenarios");
        if shape.scenarios.len() > MAX_SCENARIOS {
            let message = format!("there are more than {MAX_SCENARIOS} scenarios");
            let problem = Problem::at(Code::TooIntricate, document.root().place(), message);
            self.problems.push(problem.hint("join some that say the same"));
        }
        let mut whens = Vec::new();
        let checked: Vec<Option<Scenario>> = shape
            .scenarios
            .iter()
            .map(|raw| {
                let (id, title) = (self.id(&raw.id, document), self.text(&raw.title, document));
                let (says, notes) = (self.said(&raw.says, document), self.notes(&raw.notes, document));
                let short = self.short(raw.short.as_ref(), document);
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                let all = [Status::Met, Status::ToDiscuss, Status::NotMet];
                let criterion = self.named(&raw.criterion, document, &all, Status::id);
                let departs_because = self.maybe_said(raw.departs_because.as_ref(), document);
                let when = self.scenario_when(raw, &whens, &shape.scenarios, document);
                whens.extend(when.clone());
                Some(Scenario {
                    id,
                    number: raw.number,
                    title,
                    when: when?,
                    within: Diagrams::constant(Truth::No),
                    otherwise: raw.otherwise == Some(true),
                    criterion: criterion?,
                    says,
                    short,
                    notes: notes?,
                    departs_because,
                    grounds,
                    place: raw.id.at.node(document).place(),
                })
            })
            .collect();
        checked.into_iter().collect()
    }

    /// Which products a scenario covers. The last may cover all that those before it leave.
    fn scenario_when(
        &mut self,
        raw: &raw::Scenario,
        before: &[Condition],
        all: &[raw::Scenario],
        document: &Document,
    ) -> Option<Condition> {
        let last = all.last().is_some_and(|last| std::ptr::eq(last, raw));
        match (&raw.when, raw.otherwise) {
            (Some(when), None) => self.condition(*when, document),
            // A condition that could not be read has been reported already.
            (None, Some(true)) if last && all.len() > 1 => {
                (before.len() + 1 == all.len()).then(|| Condition::Not(Box::new(Condition::Any(before.to_vec()))))
            }
            (when, _) => {
                let message = match when {
                    None => format!("it is not clear what `{}` covers", raw.id.text),
                    Some(_) => format!("`{}` has both `when` and `otherwise`", raw.id.text),
                };
                let hint = "give it `when`; only the last of several scenarios can have `otherwise: true` instead";
                self.report(Code::BadCondition, &raw.id, document, message, hint);
                None
            }
        }
    }

    /// No two rules of a list have the same number.
    pub(super) fn numbers(&mut self, document: &Document, list: &str) {
        let Some(list) = document.root().get(list) else { return };
        let mut seen: Vec<(u64, Place)> = Vec::new();
        for number in (0..).map_while(|index| list.item(index)).filter_map(|rule| rule.get("number")) {
            let Content::Number(Some(value)) = number.content() else { continue };
            match seen.iter().find(|(known, _)| known == value) {
                Some((_, first)) => {
                    let message = format!("the number {value} stands here a second time");
                    let problem = Problem::at(Code::SameNumber, number.place(), message)
                        .related(first.clone(), "first here")
                        .hint("give each the number that it has in its source, or none");
                    self.problems.push(problem);
                }
                None => seen.push((*value, number.place())),
            }
        }
    }

    pub(super) fn says(&mut self, says: &raw::Says, short: &raw::Short, document: &Document) -> Says {
        let texts = [&says.met, &says.to_discuss, &says.not_met, &says.unknown];
        let short = [&short.met, &short.to_discuss, &short.not_met, &short.unknown];
        Says {
            texts: texts.map(|text| self.maybe_said(text.as_ref(), document)),
            short: short.map(|text| self.short(text.as_ref(), document)),
        }
    }
}
