//! Everything but the questions: criteria, scenarios, findings, topics, obligations, contradictions, outcomes, facts
//! and terms.

use super::Checker;
use crate::condition::Condition;
use crate::diagram::{Decision, MAX_SCENARIOS};
use crate::problem::{Code, Place, Problem, suggestion};
use crate::rulebook::{
    Contradiction, Criterion, Decided, Fact, Finding, FindingKind, Obligation, Outcome, OutcomeText, Scenario, Status,
    StatusTexts, Step, Term, Topic,
};
use crate::yaml::Node;

/// The statuses of whatever is not met.
const UNMET: [Status; 2] = [Status::ToDiscuss, Status::NotMet];

impl Checker {
    pub(super) fn criteria(&mut self, file: Node<'_>) {
        self.numbers(file, "criteria");
        if file.list("criteria").next().is_none() {
            self.report(Code::Blank, file, "there are no criteria, so nothing is decided", "write at least one");
        }
        let criterion = |rule: Node<'_>| Criterion {
            id: self.id(rule),
            number: number(rule),
            title: self.text(rule.required("title")),
            decided: self.decided(rule),
            status: Decision::default(),
            says: self.status_texts(rule),
            notes: self.notes(rule),
            grounds: self.grounds(rule),
            place: rule.required("id").place(),
        };
        self.rulebook.criteria = file.list("criteria").map(criterion).collect();
    }

    fn decided(&mut self, rule: Node<'_>) -> Decided {
        let (words_met_when, discuss_when) = (rule.get("words_met_when"), rule.get("discuss_when"));
        match (rule.non_null("decided_by"), rule.get("met_when"), rule.non_null("otherwise")) {
            (Some(by), None, None) if discuss_when.is_none() => {
                self.named(by, &["scenarios"], |by| by);
                Decided::ByScenarios { words_met_when: words_met_when.map(|words| self.condition(words)) }
            }
            (None, Some(met_when), Some(otherwise)) if words_met_when.is_none() => Decided::ByConditions {
                met_when: self.condition(met_when),
                discuss_when: discuss_when.map(|when| self.condition(when)),
                otherwise: self.named(otherwise, &UNMET, Status::id).unwrap_or(Status::NotMet),
            },
            _ => {
                let id = rule.required("id");
                let message = format!("it is not clear what decides `{}`", id.text().unwrap_or_default());
                let hint = "give it `met_when` and `otherwise`, or `decided_by: scenarios`";
                self.report(Code::Decides, id, message, hint);
                Decided::ByScenarios { words_met_when: None }
            }
        }
    }

    /// Exactly one criterion is decided by the scenarios, if there are any.
    pub(super) fn scenarios_and_criterion(&mut self) {
        if self.problems.iter().any(|problem| problem.code == Code::Decides) {
            return;
        }
        let (criteria, scenarios) = (&self.rulebook.criteria, &self.rulebook.scenarios);
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

    pub(super) fn scenarios(&mut self, file: Node<'_>) {
        self.numbers(file, "scenarios");
        let count = file.list("scenarios").count();
        if count > MAX_SCENARIOS {
            let message = format!("there are more than {MAX_SCENARIOS} scenarios");
            self.report(Code::TooIntricate, file, message, "join some that say the same");
        }
        for rule in file.list("scenarios") {
            let scenario = Scenario {
                id: self.id(rule),
                number: number(rule),
                title: self.text(rule.required("title")),
                when: self.scenario_when(rule, count),
                applies: Decision::default(),
                otherwise: rule.non_null("otherwise").and_then(Node::flag) == Some(true),
                criterion: self
                    .named(rule.required("criterion"), Status::DECIDED, Status::id)
                    .unwrap_or(Status::NotMet),
                says: self.prose(rule.required("says")),
                short: rule.non_null("short").map(|short| self.short(short)),
                notes: self.notes(rule),
                departs_because: rule.non_null("departs_because").map(|text| self.prose(text)),
                grounds: self.grounds(rule),
                place: rule.required("id").place(),
            };
            self.rulebook.scenarios.push(scenario);
        }
    }

    /// When the next of `count` scenarios applies. The last may take all that the others leave.
    fn scenario_when(&mut self, rule: Node<'_>, count: usize) -> Condition {
        match (rule.get("when"), rule.non_null("otherwise").and_then(Node::flag)) {
            (Some(when), None) => return self.condition(when),
            (None, Some(true)) if self.rulebook.scenarios.len() + 1 == count && count > 1 => {}
            (when, _) => {
                let id = rule.required("id");
                let name = id.text().unwrap_or_default();
                let message = match when {
                    None => format!("it is not clear what `{name}` covers"),
                    Some(_) => format!("`{name}` has both `when` and `otherwise`"),
                };
                let hint = "give it `when`; only the last of several scenarios can have `otherwise: true` instead";
                self.report(Code::BadCondition, id, message, hint);
            }
        }
        let before = self.rulebook.scenarios.iter().map(|scenario| scenario.when.clone());
        Condition::Not(Box::new(Condition::Any(before.collect())))
    }

    /// No two rules of a list have the same number.
    fn numbers(&mut self, file: Node<'_>, list: &str) {
        let mut seen: Vec<(u64, Place)> = Vec::new();
        for number in file.list(list).filter_map(|rule| rule.get("number")) {
            let Some(value) = number.number() else { continue };
            match seen.iter().find(|(known, _)| *known == value) {
                Some((_, first)) => {
                    let message = format!("the number {value} stands here a second time");
                    let hint = "give each the number that it has in its source, or none";
                    let problem = self.report(Code::SameNumber, number, message, hint);
                    problem.related.push((first.clone(), "first here".to_owned()));
                }
                None => seen.push((value, number.place())),
            }
        }
    }

    /// The texts of a rule for each status, long and short.
    fn status_texts(&mut self, rule: Node<'_>) -> StatusTexts {
        let given = |key: &str| Status::ALL.map(|status| rule.get(key).and_then(|texts| texts.non_null(status.id())));
        StatusTexts {
            texts: given("says").map(|text| text.map(|text| self.prose(text))),
            short: given("short").map(|short| short.map(|short| self.short(short))),
        }
    }

    pub(super) fn findings(&mut self, file: Node<'_>) {
        let finding = |rule: Node<'_>| {
            let finding = Finding {
                id: self.id(rule),
                kind: self
                    .named(rule.required("kind"), &FindingKind::ALL, FindingKind::id)
                    .unwrap_or(FindingKind::Note),
                title: self.text(rule.required("title")),
                when: self.condition(rule.required("when")),
                state: Decision::default(),
                says: self.prose(rule.required("says")),
                not_sure: rule.non_null("not_sure").map(|text| self.prose(text)),
                grounds: self.grounds(rule),
                place: rule.required("id").place(),
            };
            if finding.not_sure.is_none() && finding.kind != FindingKind::Note {
                let message = format!("`{}` says nothing when a \"not sure\" leaves it open", finding.id);
                self.report(Code::MessageMissing, rule.required("id"), message, "add `not_sure: …`");
            }
            finding
        };
        self.rulebook.findings = file.list("findings").map(finding).collect();
    }

    pub(super) fn topics(&mut self, file: Node<'_>) {
        self.numbers(file, "topics");
        let topic = |rule: Node<'_>| {
            let id = self.id(rule);
            if rule.list("questions").next().is_none() {
                let message = format!("the topic `{id}` has no questions, so nothing could prepare it");
                self.report(Code::Blank, rule.required("id"), message, "name at least one question");
            }
            Topic {
                id,
                number: number(rule),
                title: self.text(rule.required("title")),
                prepare: self.prose(rule.required("prepare")),
                questions: rule.list("questions").filter_map(|name| self.question(name)).collect(),
                prepared_when: rule.get("prepared_when").map(|when| self.condition(when)),
                satisfied: Decision::default(),
                grounds: self.grounds(rule),
                place: rule.required("id").place(),
            }
        };
        self.rulebook.topics = file.list("topics").map(topic).collect();
    }

    /// The index of the question with this id.
    fn question(&mut self, name: Node<'_>) -> Option<usize> {
        let id = name.text().unwrap_or_default();
        let found = self.rulebook.question(id).map(|(index, _)| index);
        if found.is_none() && !self.has_duplicate_questions() && !self.unclear.contains(id) {
            let hint = suggestion(id, self.rulebook.questions.iter().map(|question| question.id.as_str()));
            self.report(Code::UnknownId, name, format!("there is no question `{id}`"), hint);
        }
        found
    }

    pub(super) fn obligations(&mut self, file: Node<'_>) {
        let obligation = |rule: Node<'_>| {
            let obligation = Obligation {
                id: self.id(rule),
                title: self.text(rule.required("title")),
                met_when: self.condition(rule.required("met_when")),
                otherwise: self.named(rule.required("otherwise"), &UNMET, Status::id).unwrap_or(Status::NotMet),
                status: Decision::default(),
                says: self.status_texts(rule),
                notes: self.notes(rule),
                grounds: self.grounds(rule),
                place: rule.required("id").place(),
            };
            if obligation.says.text(Status::Unknown).is_none() {
                let message = format!("`{}` says nothing while it is unknown", obligation.id);
                self.report(Code::MessageMissing, rule.required("id"), message, "add `unknown: …` under `says`");
            }
            obligation
        };
        self.rulebook.obligations = file.list("obligations").map(obligation).collect();
    }

    pub(super) fn contradictions(&mut self, file: Node<'_>) {
        let contradiction = |rule: Node<'_>| Contradiction {
            id: self.id(rule),
            when: self.condition(rule.required("when")),
            holds: Decision::default(),
            says: self.prose(rule.required("says")),
            grounds: self.grounds(rule),
            place: rule.required("id").place(),
        };
        self.rulebook.contradictions = file.list("contradictions").map(contradiction).collect();
    }

    pub(super) fn outcomes(&mut self, file: Node<'_>) {
        self.rulebook.outcomes = Outcome::ALL.map(|outcome| {
            let rule = file.required("outcomes").required(outcome.id());
            OutcomeText {
                title: self.text(rule.required("title")),
                meaning: self.prose(rule.required("meaning")),
                next_steps: rule.list("next_steps").map(|step| self.step(step)).collect(),
                place: rule.required("title").place(),
            }
        });
        let fact = |rule: Node<'_>| Fact {
            id: self.id(rule),
            title: self.text(rule.required("title")),
            says: self.prose(rule.required("says")),
            when: rule.get("when").map(|when| self.when(when)),
            shown: Decision::default(),
            outcomes: (rule.list("outcomes")).filter_map(|word| self.named(word, &Outcome::ALL, Outcome::id)).collect(),
            grounds: self.grounds(rule),
            place: rule.required("id").place(),
        };
        self.rulebook.facts = file.list("facts").map(fact).collect();
    }

    fn step(&mut self, rule: Node<'_>) -> Step {
        Step {
            id: self.id(rule),
            title: self.text(rule.required("title")),
            says: self.prose(rule.required("says")),
            go_to: rule.non_null("go_to").map(|page| self.page(page).0),
            when: rule.get("when").map(|when| self.when(when)),
            shown: Decision::default(),
            grounds: self.grounds(rule),
            place: rule.required("id").place(),
        }
    }

    pub(super) fn terms(&mut self, file: Node<'_>) {
        let term = |rule: Node<'_>| Term {
            id: self.id(rule),
            term: self.text(rule.required("term")),
            also: rule.list("also").map(|word| self.text(word)).collect(),
            meaning: self.prose(rule.required("meaning")),
            grounds: self.grounds(rule),
            place: rule.required("id").place(),
        };
        self.rulebook.terms = file.list("terms").map(term).collect();
    }
}

fn number(rule: Node<'_>) -> Option<u8> {
    rule.non_null("number").and_then(Node::number).and_then(|number| u8::try_from(number).ok())
}
