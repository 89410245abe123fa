//! What the cases of a rulebook cover, and small cases that would cover the rest.

use std::collections::BTreeSet;

use super::{ALWAYS, Case, NEVER, choosing, sites, some_answer};
use crate::answers::{Answers, Entry};
use crate::assess::assess;
use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, InScenario, Leaf, TooIntricate, Truth, Value, Var};
use crate::outcome::Preparation;
use crate::problem::Place;
use crate::question::Answer;
use crate::rulebook::{Outcome, Rule, Rulebook, Status};

/// Something that a case should cover.
#[derive(Debug)]
pub struct CoverageItem {
    pub name: String,
    /// Its place in the rule files, if it belongs to one rule.
    pub place: Option<Place>,
    pub covered: bool,
    target: Target,
}

/// The answers that cover an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// Answers that force this.
    Decision(Decision<bool>),
    Incomplete,
    /// The choice of an option of a question.
    Chosen(usize, usize),
    /// A topic in this state.
    Topic(usize, Preparation),
}

#[derive(Debug)]
pub struct Coverage {
    /// In the order of the rules.
    pub items: Vec<CoverageItem>,
    diagrams: Diagrams,
    /// The names of cases, which are unique.
    names: BTreeSet<String>,
}

impl Coverage {
    pub fn covered(&self) -> usize {
        self.items.iter().filter(|item| item.covered).count()
    }

    /// Rounded down, so that 100 means all of them.
    pub fn percent(&self) -> usize {
        self.covered() * 100 / self.items.len().max(1)
    }

    /// Marks the items that these answers cover, and returns the new ones.
    fn mark(&mut self, rulebook: &Rulebook, answers: &Answers) -> Result<Vec<usize>, TooIntricate> {
        let given = answers.assignment(rulebook);
        let assessment = assess(rulebook, answers);
        let mut new = Vec::new();
        for (index, item) in self.items.iter_mut().enumerate().filter(|(_, item)| !item.covered) {
            item.covered = match item.target {
                Target::Decision(shown) => self.diagrams.forces(shown, &given, true)?,
                Target::Incomplete => assessment.outcome == Outcome::Incomplete,
                Target::Chosen(question, option) => chooses(rulebook, answers, question, option),
                Target::Topic(topic, preparation) => assessment.application[topic].preparation == preparation,
            };
            if item.covered {
                new.push(index);
            }
        }
        Ok(new)
    }

    /// A new name for a case that is the first to cover these items.
    fn name(&mut self, items: &[usize]) -> String {
        let names: Vec<&str> = items.iter().map(|index| self.items[*index].name.as_str()).collect();
        let whole = match names.as_slice() {
            [] => "nothing new".to_owned(),
            [only] => (*only).to_owned(),
            [first, second] => format!("{first}, {second}"),
            [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
        };
        let mut name = whole.clone();
        for count in 2.. {
            if self.names.insert(name.clone()) {
                break;
            }
            name = format!("{whole} ({count})");
        }
        name
    }
}

pub fn chooses(rulebook: &Rulebook, answers: &Answers, question: usize, option: usize) -> bool {
    match answers.get(question).map(|entry| &entry.answer) {
        Some(Answer::One(chosen)) => *chosen == option,
        Some(Answer::Many(0)) => rulebook.questions[question].none() == Some(option),
        Some(Answer::Many(chosen)) => chosen & (1 << option) != 0,
        Some(Answer::NotSure | Answer::Text(_)) | None => false,
    }
}

/// The coverage of each outcome, each criterion and obligation met and not, each scenario, each finding holding and
/// not, each topic prepared and not, each note and contradiction, each option, and each part of each condition deciding
/// its rule both ways.
pub fn coverage(rulebook: &Rulebook, cases: &[Case]) -> Result<Coverage, TooIntricate> {
    let mut diagrams = rulebook.diagrams.with_fresh_budget();
    let items = items(rulebook, &mut diagrams)?;
    let names = cases.iter().map(|case| case.name.clone()).collect();
    let mut coverage = Coverage { items, diagrams, names };
    for case in cases {
        coverage.mark(rulebook, &case.answers)?;
    }
    Ok(coverage)
}

fn items(rulebook: &Rulebook, diagrams: &mut Diagrams) -> Result<Vec<CoverageItem>, TooIntricate> {
    let mut items = Items { all: Vec::new(), diagrams };
    for outcome in Outcome::DECIDED {
        items.add_decision(format!("outcome {outcome}"), None, rulebook.outcome, |found| found == *outcome)?;
    }
    items.add("outcome incomplete".to_owned(), None, Target::Incomplete);
    for (id, status, _, place) in rulebook.statuses() {
        items.add_decision(format!("{id} met"), Some(place), status, |found| found == Status::Met)?;
        let otherwise = items.diagrams.possible_surely(status).into_iter().filter(|status| *status != Status::Met);
        let words = if otherwise.eq([Status::ToDiscuss]) { "to discuss" } else { "not met" };
        items.add_decision(format!("{id} {words}"), Some(place), status, |found| found != Status::Met)?;
    }
    for (index, scenario) in (0..).zip(&rulebook.scenarios) {
        if let Some(decision) = rulebook.scenario {
            let name = format!("scenario {}", scenario.id);
            items.add_decision(name, Some(&scenario.place), decision, |found| found == InScenario::In(index))?;
        }
    }
    for finding in &rulebook.findings {
        for (wanted, words) in [(Truth::Yes, "holds"), (Truth::No, "does not hold")] {
            let name = format!("{} {words}", finding.id);
            items.add_decision(name, Some(&finding.place), finding.state, |found| found == wanted)?;
        }
    }
    for (index, topic) in rulebook.topics.iter().enumerate() {
        let absent = items.diagrams.possible_surely(topic.satisfied).contains(&Truth::No);
        let states = Preparation::ALL.into_iter().filter(|state| *state != Preparation::Absent || absent);
        for state in states {
            let name = format!("{} {}", topic.id, state.id().replace('_', " "));
            items.add(name, Some(&topic.place), Target::Topic(index, state));
        }
    }
    for rule in rulebook.rules() {
        match rule {
            Rule::Note(owner, index, note) => {
                let name = format!("note {} of {owner} told", index + 1);
                items.add_decision(name, Some(&note.place), note.shown, |shown| shown)?;
            }
            Rule::Contradiction(it) => {
                items.add_decision(format!("contradiction {}", it.id), Some(&it.place), it.holds, |holds| holds)?;
            }
            _ => {}
        }
    }
    for (index, question) in rulebook.questions.iter().enumerate() {
        for (number, option) in question.options.iter().enumerate() {
            let kind = if option.is_sure() { "answer" } else { "reading" };
            let name = format!("{kind} {} of {}", option.value, question.id);
            items.add(name, Some(&option.place), Target::Chosen(index, number));
        }
    }
    for site in sites(rulebook) {
        for part in site.condition.parts() {
            let Condition::Is { question, place, .. } = part else { continue };
            let with = site.rule_with(items.diagrams, &site.condition.with(part, &ALWAYS))?;
            let without = site.rule_with(items.diagrams, &site.condition.with(part, &NEVER))?;
            let decisive = items.diagrams.combine(with, without, |with, without| with != without)?;
            let holds = items.diagrams.condition(part)?;
            for (wanted, word) in [(true, "holding"), (false, "not holding")] {
                let shown = items.diagrams.combine(decisive, holds, |decisive, holds| decisive && holds == wanted)?;
                // A "not sure" covers no single part.
                let shown = items.diagrams.truth(shown)?;
                let name = format!("{} decided by {} {word}", site.owner(), rulebook.questions[*question].id);
                items.add_decision(name, Some(place), shown, |shown| shown == Truth::Yes)?;
            }
        }
    }
    // Whatever can never occur is a fault of the rules, not of the cases.
    items.all.retain(|item| item.target != Target::Decision(Diagrams::constant(false)));
    Ok(items.all)
}

struct Items<'d> {
    all: Vec<CoverageItem>,
    diagrams: &'d mut Diagrams,
}

impl Items<'_> {
    fn add_decision<T: Leaf>(
        &mut self,
        name: String,
        place: Option<&Place>,
        decision: Decision<T>,
        wanted: impl Fn(T) -> bool,
    ) -> Result<(), TooIntricate> {
        let decision = self.diagrams.map(decision, wanted)?;
        self.add(name, place, Target::Decision(decision));
        Ok(())
    }

    fn add(&mut self, name: String, place: Option<&Place>, target: Target) {
        self.all.push(CoverageItem { name, place: place.cloned(), covered: false, target });
    }
}

/// A few cases for the items that are not covered yet, each named after the items that it adds.
pub fn missing_cases(rulebook: &Rulebook, mut coverage: Coverage) -> Result<Vec<Answers>, TooIntricate> {
    let mut found = Vec::new();
    while let Some(item) = coverage.items.iter().position(|item| !item.covered) {
        let answers = example(rulebook, &coverage, coverage.items[item].target);
        // The item counts as covered even if no answers can cover it.
        let mut new = match &answers {
            Some(answers) => coverage.mark(rulebook, answers)?,
            None => Vec::new(),
        };
        let marked = std::mem::replace(&mut coverage.items[item].covered, true);
        if let Some(mut answers) = answers {
            if !marked {
                new.insert(0, item);
            }
            // The item that it was made for comes first.
            new.sort_by_key(|index| *index != item);
            answers.product = coverage.name(&new);
            found.push(answers);
        }
    }
    Ok(found)
}

/// Answers that cover a target, if any can.
fn example(rulebook: &Rulebook, coverage: &Coverage, target: Target) -> Option<Answers> {
    match target {
        Target::Incomplete => Some(Answers::blank(rulebook, "")),
        Target::Decision(decision) => Some(answers_of(rulebook, &coverage.diagrams.shortest_path(decision, true)?)),
        Target::Chosen(question, option) => {
            let mut answers = Answers::blank(rulebook, "");
            answers.entries[question] = Some(Entry::bare(choosing(&rulebook.questions[question], option)));
            Some(answers)
        }
        Target::Topic(topic, preparation) => topic_example(rulebook, &coverage.diagrams, topic, preparation),
    }
}

fn topic_example(rulebook: &Rulebook, diagrams: &Diagrams, topic: usize, preparation: Preparation) -> Option<Answers> {
    let topic = &rulebook.topics[topic];
    let wanted = match preparation {
        Preparation::Lacking => return Some(Answers::blank(rulebook, "")),
        Preparation::Prepared => Truth::Yes,
        Preparation::Absent => Truth::No,
    };
    let mut answers = answers_of(rulebook, &diagrams.shortest_path(topic.satisfied, wanted)?);
    for asked in topic.questions.iter().filter(|_| preparation == Preparation::Prepared) {
        answers.entries[*asked].get_or_insert_with(|| Entry::bare(some_answer(&rulebook.questions[*asked])));
    }
    Some(answers)
}

fn answers_of(rulebook: &Rulebook, values: &[(Var, Value)]) -> Answers {
    let mut answers = Answers::blank(rulebook, "");
    for (question, answer) in rulebook.diagrams.variables().answers(values) {
        answers.entries[question] = Some(Entry::bare(answer));
    }
    answers
}
