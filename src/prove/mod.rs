//! Facts about a rulebook that hold for every combination of answers, or answers that show they do not.
//!
//! Nothing here samples. Every statement is read from diagrams, which stand for all combinations at once.

use crate::condition::Condition;
use crate::diagram::{Diagrams, Ref, TooIntricate};
use crate::problem::Place;
use crate::rulebook::{Criterion, Decision, Note, Rulebook, status};

mod cases;
mod coverage;
mod difference;
mod soundness;

pub use cases::{Case, CaseResult, Cases, MAX_CASES, cases, run};
pub use coverage::{Coverage, Item, coverage, missing_cases};
pub use difference::{Change, Difference, Effect, Pattern, Reworded, When, difference};
pub use soundness::{Proof, prove};

/// One condition of a rulebook, with what becomes of its rule when the condition is changed.
pub(crate) struct Site<'r> {
    /// What the condition belongs to, for messages.
    pub(crate) owner: String,
    /// Where the rule stands.
    pub(crate) place: &'r Place,
    /// The condition.
    pub(crate) condition: &'r Condition,
    /// What the rule says for all answers, given the diagram of its condition.
    rule: Rule<'r>,
}

enum Rule<'r> {
    /// The condition itself.
    Plain,
    /// The status of a criterion whose `met_when` this is.
    MetWhen(&'r Criterion),
    /// The status of a criterion whose `discuss_when` this is.
    DiscussWhen(&'r Criterion),
}

impl Site<'_> {
    /// What the rule says for all sure answers when its condition is this one.
    pub(crate) fn rule_with(&self, diagrams: &mut Diagrams, condition: &Condition) -> Result<Ref, TooIntricate> {
        let holds = diagrams.condition(condition)?;
        let (met, discuss, otherwise) = match &self.rule {
            Rule::Plain => return Ok(holds),
            Rule::MetWhen(criterion) => match &criterion.decision {
                Decision::Conditions { discuss_when: Some(discuss), otherwise, .. } => {
                    (holds, diagrams.condition(discuss)?, *otherwise)
                }
                Decision::Conditions { otherwise, .. } => (holds, Diagrams::constant(0), *otherwise),
                Decision::Scenarios { .. } => return Ok(holds),
            },
            Rule::DiscussWhen(criterion) => match &criterion.decision {
                Decision::Conditions { met_when, otherwise, .. } => (diagrams.condition(met_when)?, holds, *otherwise),
                Decision::Scenarios { .. } => return Ok(holds),
            },
        };
        status(diagrams, met, discuss, otherwise)
    }
}

/// Every condition of a rulebook, in the order of its files.
pub(crate) fn sites(rulebook: &Rulebook) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    let mut plain = |owner: String, place, condition| {
        sites.push(Site { owner, place, condition, rule: Rule::Plain });
    };
    for (question, asked) in rulebook.questions.iter().zip(&rulebook.ask_when) {
        if let Some((condition, _)) = asked {
            plain(format!("ask_when of {}", question.id), &question.place, condition);
        }
    }
    let mut noted: Vec<(&str, &Place, &[Note])> = Vec::new();
    for scenario in &rulebook.scenarios {
        plain(scenario.id.clone(), &scenario.place, &scenario.when);
        noted.push((&scenario.id, &scenario.place, &scenario.notes));
    }
    for finding in &rulebook.findings {
        plain(finding.id.clone(), &finding.place, &finding.when);
    }
    for obligation in &rulebook.obligations {
        plain(obligation.id.clone(), &obligation.place, &obligation.met_when);
        noted.push((&obligation.id, &obligation.place, &obligation.notes));
    }
    noted.extend(rulebook.criteria.iter().map(|c| (c.id.as_str(), &c.place, c.notes.as_slice())));
    for (id, place, notes) in noted {
        for (index, note) in notes.iter().enumerate() {
            plain(format!("note {} of {id}", index + 1), place, &note.when);
        }
    }
    for criterion in &rulebook.criteria {
        if let Decision::Conditions { met_when, discuss_when, .. } = &criterion.decision {
            let site = |condition, rule| Site { owner: criterion.id.clone(), place: &criterion.place, condition, rule };
            sites.push(site(met_when, Rule::MetWhen(criterion)));
            if let Some(discuss_when) = discuss_when {
                sites.push(site(discuss_when, Rule::DiscussWhen(criterion)));
            }
        }
    }
    sites
}

/// One part of a condition, and the condition with that part always or never holding.
pub(crate) struct Part<'c> {
    /// The part.
    pub(crate) part: &'c Condition,
    /// The steps that lead to it from the whole.
    path: Vec<usize>,
}

impl Part<'_> {
    /// The whole condition with this part replaced by another.
    pub(crate) fn replaced(&self, whole: &Condition, by: &Condition) -> Condition {
        replace(whole, &self.path, by)
    }

    /// Whether this part lies inside another.
    pub(crate) fn inside(&self, other: &Part<'_>) -> bool {
        self.path.len() > other.path.len() && self.path.starts_with(&other.path)
    }
}

/// Always holds.
pub(crate) const ALWAYS: Condition = Condition::All(Vec::new());
/// Never holds.
pub(crate) const NEVER: Condition = Condition::Any(Vec::new());

/// Every part of a condition, itself first, in reading order.
pub(crate) fn parts(condition: &Condition) -> Vec<Part<'_>> {
    fn collect<'c>(part: &'c Condition, path: &mut Vec<usize>, all: &mut Vec<Part<'c>>) {
        all.push(Part { part, path: path.clone() });
        let inner = match part {
            Condition::All(parts) | Condition::Any(parts) => parts.as_slice(),
            Condition::Not(part) => std::slice::from_ref(part.as_ref()),
            Condition::Is { .. } | Condition::Result { .. } => &[],
        };
        for (index, part) in inner.iter().enumerate() {
            path.push(index);
            collect(part, path, all);
            path.pop();
        }
    }
    let mut all = Vec::new();
    collect(condition, &mut Vec::new(), &mut all);
    all
}

fn replace(whole: &Condition, path: &[usize], by: &Condition) -> Condition {
    let Some((step, rest)) = path.split_first() else { return by.clone() };
    let inner = |parts: &[Condition]| {
        let replaced = |(index, part): (usize, &Condition)| {
            if index == *step { replace(part, rest, by) } else { part.clone() }
        };
        parts.iter().enumerate().map(replaced).collect()
    };
    match whole {
        Condition::All(parts) => Condition::All(inner(parts)),
        Condition::Any(parts) => Condition::Any(inner(parts)),
        Condition::Not(part) => Condition::Not(Box::new(replace(part, rest, by))),
        Condition::Is { .. } | Condition::Result { .. } => whole.clone(),
    }
}

/// The place of the first test in a condition, if it has one.
pub(crate) fn first_place(condition: &Condition) -> Option<&Place> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().find_map(first_place),
        Condition::Not(part) => first_place(part),
        Condition::Is { place, .. } | Condition::Result { place, .. } => Some(place),
    }
}
