//! The criteria and the scenarios, and what decides which.

use super::{Checker, number};
use crate::condition::Condition;
use crate::diagram::{Diagrams, MAX_SCENARIOS, Truth};
use crate::problem::{Code, Place, Problem};
use crate::rulebook::{Criterion, Decided, Scenario, Status, StatusTexts};
use crate::yaml::Node;

impl Checker {
    pub(super) fn criteria(&mut self, file: Node<'_>) -> Option<Vec<Criterion>> {
        self.numbers(file, "criteria");
        if file.list("criteria").next().is_none() {
            self.report(Code::Blank, file, "there are no criteria, so nothing is decided", "write at least one");
        }
        self.each(file, "criteria", |this, rule| {
            let (id, title) = (this.id(rule), this.text(rule.part("title")));
            let (says, notes) = (this.says(rule), this.notes(rule));
            let grounds = this.grounds(rule);
            Some(Criterion {
                id,
                number: number(rule),
                title,
                decided: this.decided(rule)?,
                status: Diagrams::constant(Status::Unknown),
                says,
                notes: notes?,
                grounds,
                place: rule.part("id").place(),
            })
        })
    }

    fn decided(&mut self, rule: Node<'_>) -> Option<Decided> {
        let (words_met_when, discuss_when) = (rule.get("words_met_when"), rule.get("discuss_when"));
        match (rule.given("decided_by"), rule.get("met_when"), rule.given("otherwise")) {
            (Some(by), None, None) if discuss_when.is_none() => {
                self.named(by, &["scenarios"], |by| by)?;
                Some(Decided::ByScenarios { words_met_when: self.optional_condition(words_met_when)? })
            }
            (None, Some(met_when), Some(otherwise)) if words_met_when.is_none() => {
                let met_when = self.condition(met_when);
                let discuss_when = self.optional_condition(discuss_when);
                let otherwise = self.named(otherwise, &[Status::ToDiscuss, Status::NotMet], Status::id);
                Some(Decided::ByConditions { met_when: met_when?, discuss_when: discuss_when?, otherwise: otherwise? })
            }
            _ => {
                let id = rule.part("id");
                let message = format!("it is not clear what decides `{}`", id.text().unwrap_or_default());
                let hint = "give it `met_when` and `otherwise`, or `decided_by: scenarios`";
                self.report(Code::Decides, id, message, hint);
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

    pub(super) fn scenarios(&mut self, file: Node<'_>) -> Option<Vec<Scenario>> {
        self.numbers(file, "scenarios");
        let count = file.list("scenarios").count();
        if count > MAX_SCENARIOS {
            let message = format!("there are more than {MAX_SCENARIOS} scenarios");
            self.report(Code::TooIntricate, file, message, "join some that say the same");
        }
        let (mut read, mut whens) = (0, Vec::new());
        self.each(file, "scenarios", |this, rule| {
            let (id, title) = (this.id(rule), this.text(rule.part("title")));
            let (says, notes) = (this.prose(rule.part("says")), this.notes(rule));
            let short = rule.given("short").map(|short| this.short(short));
            let grounds = this.grounds(rule);
            let all = [Status::Met, Status::ToDiscuss, Status::NotMet];
            let criterion = this.named(rule.part("criterion"), &all, Status::id);
            let departs_because = rule.given("departs_because").map(|text| this.prose(text));
            read += 1;
            let when = this.scenario_when(rule, &whens, read, count);
            whens.extend(when.clone());
            Some(Scenario {
                id,
                number: number(rule),
                title,
                when: when?,
                within: Diagrams::constant(Truth::No),
                otherwise: rule.given("otherwise").and_then(Node::flag) == Some(true),
                criterion: criterion?,
                says,
                short,
                notes: notes?,
                departs_because,
                grounds,
                place: rule.part("id").place(),
            })
        })
    }

    /// Which products a scenario covers, the `number`th of `count`. The last may cover all that those before it leave.
    fn scenario_when(
        &mut self,
        rule: Node<'_>,
        before: &[Condition],
        number: usize,
        count: usize,
    ) -> Option<Condition> {
        match (rule.get("when"), rule.given("otherwise").and_then(Node::flag)) {
            (Some(when), None) => self.condition(when),
            // A condition that could not be read has been reported already.
            (None, Some(true)) if number == count && count > 1 => {
                (before.len() + 1 == count).then(|| Condition::Not(Box::new(Condition::Any(before.to_vec()))))
            }
            (when, _) => {
                let id = rule.part("id");
                let called = id.text().unwrap_or_default();
                let message = match when {
                    None => format!("it is not clear what `{called}` covers"),
                    Some(_) => format!("`{called}` has both `when` and `otherwise`"),
                };
                let hint = "give it `when`; only the last of several scenarios can have `otherwise: true` instead";
                self.report(Code::BadCondition, id, message, hint);
                None
            }
        }
    }

    /// No two rules of a list have the same number.
    pub(super) fn numbers(&mut self, file: Node<'_>, list: &str) {
        let mut seen: Vec<(u64, Place)> = Vec::new();
        for number in file.list(list).filter_map(|rule| rule.get("number")) {
            let Some(value) = number.number() else { continue };
            match seen.iter().find(|(known, _)| *known == value) {
                Some((_, first)) => {
                    let message = format!("the number {value} stands here a second time");
                    let problem = Problem::at(Code::SameNumber, number.place(), message)
                        .related(first.clone(), "first here")
                        .hint("give each the number that it has in its source, or none");
                    self.problems.push(problem);
                }
                None => seen.push((value, number.place())),
            }
        }
    }

    /// What a rule says for each status, at length and in short.
    pub(super) fn says(&mut self, rule: Node<'_>) -> StatusTexts {
        let given = |key: &str| Status::ALL.map(|status| rule.get(key).and_then(|texts| texts.given(status.id())));
        StatusTexts {
            texts: given("says").map(|text| text.map(|text| self.prose(text))),
            short: given("short").map(|short| short.map(|short| self.short(short))),
        }
    }
}
