//! What the cases of a rulebook show, and the smallest cases that would show the rest.

use super::{ALWAYS, Case, NEVER, first_place, parts, sites};
use crate::answers::{Answers, Entry};
use crate::assess::assess;
use crate::condition::Condition;
use crate::diagram::{Diagrams, Leaf, Ref, TooIntricate};
use crate::problem::Place;
use crate::rulebook::{FINDING_HOLDS, Outcome, Rulebook, Status};

/// One thing that cases should show.
#[derive(Debug)]
pub struct Item {
    /// What it is, in words.
    pub name: String,
    /// Where it stands in the rule files, if it is one rule's.
    pub place: Option<Place>,
    /// Whether some case shows it.
    pub covered: bool,
    /// 1 for the answers that show it; `None` for an outcome that is still open.
    shown: Option<Ref>,
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
        let given = answers.letters(rulebook);
        let incomplete = assess(rulebook, answers).outcome == Outcome::Incomplete;
        for item in self.items.iter_mut().filter(|item| !item.covered) {
            item.covered = match item.shown {
                Some(shown) => self.diagrams.forces(shown, &given, 1)?,
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
    let mut items = Vec::new();
    let mut add = |diagrams: &mut Diagrams,
                   name: String,
                   place: Option<&Place>,
                   diagram: Ref,
                   wanted: &dyn Fn(Leaf) -> bool|
     -> Result<(), TooIntricate> {
        let shown = diagrams.relabel(diagram, &|leaf| Leaf::from(wanted(leaf)))?;
        items.push(Item { name, place: place.cloned(), covered: false, shown: Some(shown) });
        Ok(())
    };
    for outcome in &Outcome::ALL[..3] {
        let name = format!("outcome {}", outcome.id());
        add(diagrams, name, None, rulebook.outcome, &|leaf| leaf == *outcome as Leaf)?;
    }
    let met = Status::Met as Leaf;
    let criteria = rulebook.criteria.iter().map(|c| (&c.id, c.status, &c.place));
    for (id, status, place) in criteria.chain(rulebook.obligations.iter().map(|o| (&o.id, o.status, &o.place))) {
        add(diagrams, format!("{id} met"), Some(place), status, &|leaf| leaf == met)?;
        add(diagrams, format!("{id} not met"), Some(place), status, &|leaf| leaf != met)?;
    }
    for (index, scenario) in rulebook.scenarios.iter().enumerate() {
        if let Some(diagram) = rulebook.scenario {
            let name = format!("scenario {}", scenario.id);
            add(diagrams, name, Some(&scenario.place), diagram, &|leaf| usize::from(leaf) == index)?;
        }
    }
    for finding in &rulebook.findings {
        let place = Some(&finding.place);
        add(diagrams, format!("{} holds", finding.id), place, finding.state, &|leaf| leaf == FINDING_HOLDS)?;
        add(diagrams, format!("{} does not hold", finding.id), place, finding.state, &|leaf| leaf == 0)?;
    }
    for site in sites(rulebook) {
        for part in parts(site.condition) {
            let Condition::Is { question, .. } = part.part else { continue };
            let with = site.rule_with(diagrams, &part.replaced(site.condition, &ALWAYS))?;
            let without = site.rule_with(diagrams, &part.replaced(site.condition, &NEVER))?;
            let decisive = diagrams.combine(with, without, &|with, without| Leaf::from(with != without))?;
            let holds = diagrams.condition(part.part)?;
            for (wanted, word) in [(1, "holding"), (0, "not holding")] {
                let shown =
                    diagrams.combine(decisive, holds, &|decisive, holds| decisive & Leaf::from(holds == wanted))?;
                // What can never decide anything is a defect of the rules, not of the cases.
                if shown == Diagrams::constant(0) {
                    continue;
                }
                // A "not sure" shows nothing of a single part.
                let shown = diagrams.unsure(shown, 2)?;
                let name = format!("{} decided by {} {word}", site.owner, rulebook.questions[*question].id);
                let place = first_place(part.part).unwrap_or(site.place);
                add(diagrams, name, Some(place), shown, &|leaf| leaf == 1)?;
            }
        }
    }
    items.insert(3, Item { name: "outcome incomplete".to_owned(), place: None, covered: false, shown: None });
    Ok(items)
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
            Some(shown) => match coverage.diagrams.shortest(shown, 1) {
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
fn answers_of(rulebook: &Rulebook, name: &str, letters: &[(usize, u16)]) -> Answers {
    let mut answers = Answers::blank(rulebook, name);
    for (question, letter) in letters {
        let options = rulebook.diagrams.alphabets()[*question].letters().get(usize::from(*letter));
        let answer = rulebook.questions[*question].answer_with(options.copied());
        answers.entries[*question] = Some(Entry::bare(answer));
    }
    answers
}
