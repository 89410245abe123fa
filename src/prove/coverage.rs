//! What the cases of a rulebook show, and the smallest cases that would show the rest.

use super::{ALWAYS, Case, NEVER, first_place, parts, sites};
use crate::answers::{Answers, Entry};
use crate::assess::assess;
use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, InScenario, Leaf, Letter, TooIntricate, Truth, Var};
use crate::problem::Place;
use crate::rulebook::{Outcome, Rulebook, Status};

/// One thing that cases should show.
#[derive(Debug)]
pub struct Item {
    /// What it is, in words.
    pub name: String,
    /// Where it stands in the rule files, if it is one rule's.
    pub place: Option<Place>,
    /// Whether some case shows it.
    pub covered: bool,
    /// The answers that show it; `None` for an outcome that is still open.
    shown: Option<Decision<bool>>,
}

/// What the cases show.
#[derive(Debug)]
pub struct Coverage {
    /// Everything they should show, in the order of the rules.
    pub items: Vec<Item>,
    diagrams: Diagrams,
}

impl Coverage {
    /// How many things are shown.
    #[must_use]
    pub fn covered(&self) -> usize {
        self.items.iter().filter(|item| item.covered).count()
    }

    /// How many of a hundred things are shown, rounded down, so that 100 means all of them.
    #[must_use]
    pub fn percent(&self) -> usize {
        self.covered() * 100 / self.items.len().max(1)
    }

    /// Marks what these answers show.
    fn mark(&mut self, rulebook: &Rulebook, answers: &Answers) -> Result<(), TooIntricate> {
        let given = answers.given(rulebook);
        let incomplete = assess(rulebook, answers).outcome == Outcome::Incomplete;
        for item in self.items.iter_mut().filter(|item| !item.covered) {
            item.covered = match item.shown {
                Some(shown) => self.diagrams.forces(shown, &given, true)?,
                None => incomplete,
            };
        }
        Ok(())
    }
}

/// What the cases show of: each outcome, each criterion and obligation met and not, each scenario, each finding holding
/// and not, and each part of each condition deciding its rule both ways.
///
/// # Errors
/// If it would take more steps than the limit.
pub fn coverage(rulebook: &Rulebook, cases: &[Case]) -> Result<Coverage, TooIntricate> {
    let mut diagrams = rulebook.diagrams.afresh();
    let items = items(rulebook, &mut diagrams)?;
    let mut coverage = Coverage { items, diagrams };
    for case in cases {
        coverage.mark(rulebook, &case.answers)?;
    }
    Ok(coverage)
}

fn items(rulebook: &Rulebook, diagrams: &mut Diagrams) -> Result<Vec<Item>, TooIntricate> {
    let mut items = Items { all: Vec::new(), diagrams };
    for outcome in Outcome::DECIDED {
        items.add(format!("outcome {outcome}"), None, rulebook.outcome, |found| found == *outcome)?;
    }
    items.all.push(Item { name: "outcome incomplete".to_owned(), place: None, covered: false, shown: None });
    let criteria = rulebook.criteria.iter().map(|c| (&c.id, c.status, &c.place));
    for (id, status, place) in criteria.chain(rulebook.obligations.iter().map(|o| (&o.id, o.status, &o.place))) {
        items.add(format!("{id} met"), Some(place), status, |found| found == Status::Met)?;
        items.add(format!("{id} not met"), Some(place), status, |found| found != Status::Met)?;
    }
    for (index, scenario) in (0..).zip(&rulebook.scenarios) {
        if let Some(decision) = rulebook.scenario {
            let name = format!("scenario {}", scenario.id);
            items.add(name, Some(&scenario.place), decision, |found| found == InScenario::In(index))?;
        }
    }
    for finding in &rulebook.findings {
        let place = Some(&finding.place);
        items.add(format!("{} holds", finding.id), place, finding.state, |found| found == Truth::Yes)?;
        items.add(format!("{} does not hold", finding.id), place, finding.state, |found| found == Truth::No)?;
    }
    for site in sites(rulebook) {
        for part in parts(site.condition) {
            let Condition::Is { question, .. } = part.part else { continue };
            let with = site.rule_with(items.diagrams, &part.replaced(site.condition, &ALWAYS))?;
            let without = site.rule_with(items.diagrams, &part.replaced(site.condition, &NEVER))?;
            let decisive = items.diagrams.combine(with, without, |with, without| with != without)?;
            let holds = items.diagrams.condition(part.part)?;
            for (wanted, word) in [(true, "holding"), (false, "not holding")] {
                let shown = items.diagrams.combine(decisive, holds, |decisive, holds| decisive && holds == wanted)?;
                // A "not sure" shows nothing of a single part.
                let shown = items.diagrams.map(shown, |shown| if shown { Truth::Yes } else { Truth::No })?;
                let shown = items.diagrams.unsure(shown, Truth::Open)?;
                let name = format!("{} decided by {} {word}", site.owner, rulebook.questions[*question].id);
                let place = first_place(part.part).unwrap_or(site.place);
                items.add(name, Some(place), shown, |shown| shown == Truth::Yes)?;
            }
        }
    }
    // What can never come up is a defect of the rules, not of the cases.
    items.all.retain(|item| item.shown != Some(Diagrams::constant(false)));
    Ok(items.all)
}

/// A list of what cases should show.
struct Items<'d> {
    all: Vec<Item>,
    diagrams: &'d mut Diagrams,
}

impl Items<'_> {
    fn add<T: Leaf>(
        &mut self,
        name: String,
        place: Option<&Place>,
        decision: Decision<T>,
        wanted: impl Fn(T) -> bool,
    ) -> Result<(), TooIntricate> {
        let shown = self.diagrams.map(decision, wanted)?;
        self.all.push(Item { name, place: place.cloned(), covered: false, shown: Some(shown) });
        Ok(())
    }
}

/// Few answers for cases that show what is not shown yet; each shows as much as it can.
///
/// # Errors
/// If it would take more steps than the limit.
pub fn missing_cases(rulebook: &Rulebook, coverage: &mut Coverage) -> Result<Vec<Answers>, TooIntricate> {
    let mut found = Vec::new();
    while let Some(item) = coverage.items.iter().position(|item| !item.covered) {
        let answers = match coverage.items[item].shown {
            None => Answers::blank(rulebook, "incomplete"),
            Some(shown) => match coverage.diagrams.shortest(shown, true) {
                Some(letters) => answers_of(rulebook, &coverage.items[item].name, &letters),
                None => {
                    coverage.items[item].covered = true;
                    continue;
                }
            },
        };
        coverage.mark(rulebook, &answers)?;
        // Whatever the case shows besides, it shows this.
        coverage.items[item].covered = true;
        found.push(answers);
    }
    Ok(found)
}

/// Answers with these letters.
fn answers_of(rulebook: &Rulebook, name: &str, letters: &[(Var, Letter)]) -> Answers {
    let mut answers = Answers::blank(rulebook, name);
    for (question, answer) in rulebook.diagrams.variables().answers(letters) {
        answers.entries[question] = Some(Entry::bare(answer));
    }
    answers
}
