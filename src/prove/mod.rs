//! Facts about a rulebook that hold for every combination of answers, or answers that show they do not.
//!
//! Nothing here samples. Every statement is read from diagrams, which stand for all combinations at once.

use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, TooIntricate, Truth};
use crate::problem::Place;
use crate::rulebook::{Criterion, Decided, Rulebook, Status, status, when};

mod both;
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
    /// Whether the condition holds.
    Plain,
    /// Whether the condition, which may test results, holds.
    Told(&'r Rulebook),
    /// The status of a criterion whose `met_when` this is.
    MetWhen(&'r Criterion),
    /// The status of a criterion whose `discuss_when` this is.
    DiscussWhen(&'r Criterion),
}

impl Site<'_> {
    /// What the rule says when its condition is this one: a status, which for a condition by itself is met where it
    /// holds. For all sure answers, or, where results are tested, for all answers.
    pub(crate) fn rule_with(
        &self,
        diagrams: &mut Diagrams,
        condition: &Condition,
    ) -> Result<Decision<Status>, TooIntricate> {
        if let Rule::Told(rulebook) = self.rule
            && !self.condition.tests_answers_only()
        {
            let told = when(rulebook, diagrams, condition)?;
            return diagrams.map(told, |truth| match truth {
                Truth::Yes => Status::Met,
                Truth::Open => Status::ToDiscuss,
                Truth::No => Status::NotMet,
            });
        }
        let holds = diagrams.condition(condition)?;
        let never = Diagrams::constant(false);
        let (met, discuss, otherwise) = match &self.rule {
            Rule::MetWhen(Criterion { decided: Decided::ByConditions { discuss_when, otherwise, .. }, .. }) => {
                let discuss = match discuss_when {
                    Some(discuss) => diagrams.condition(discuss)?,
                    None => never,
                };
                (holds, discuss, *otherwise)
            }
            Rule::DiscussWhen(Criterion { decided: Decided::ByConditions { met_when, otherwise, .. }, .. }) => {
                (diagrams.condition(met_when)?, holds, *otherwise)
            }
            _ => (holds, never, Status::NotMet),
        };
        let said = status(diagrams, met, discuss, otherwise)?;
        diagrams.over_answers(said)
    }
}

/// Every condition of a rulebook, in the order of its files.
pub(crate) fn sites(rulebook: &Rulebook) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    let mut site = |owner: String, place, condition, rule| sites.push(Site { owner, place, condition, rule });
    for (question, asked) in rulebook.questions.iter().zip(&rulebook.ask_when) {
        if let Some((condition, _)) = asked {
            site(format!("ask_when of {}", question.id), &question.place, condition, Rule::Plain);
        }
    }
    for scenario in &rulebook.scenarios {
        site(scenario.id.clone(), &scenario.place, &scenario.when, Rule::Plain);
    }
    for finding in &rulebook.findings {
        site(finding.id.clone(), &finding.place, &finding.when, Rule::Plain);
    }
    for topic in &rulebook.topics {
        if let Some(condition) = &topic.prepared_when {
            site(topic.id.clone(), &topic.place, condition, Rule::Plain);
        }
    }
    for obligation in &rulebook.obligations {
        site(obligation.id.clone(), &obligation.place, &obligation.met_when, Rule::Plain);
    }
    for contradiction in &rulebook.contradictions {
        site(contradiction.id.clone(), &contradiction.place, &contradiction.when, Rule::Plain);
    }
    let noted = (rulebook.scenarios.iter().map(|s| (&s.id, &s.place, &s.notes)))
        .chain(rulebook.obligations.iter().map(|o| (&o.id, &o.place, &o.notes)))
        .chain(rulebook.criteria.iter().map(|c| (&c.id, &c.place, &c.notes)));
    for (id, place, notes) in noted {
        for (index, note) in notes.iter().enumerate() {
            site(format!("note {} of {id}", index + 1), place, &note.when, Rule::Told(rulebook));
        }
    }
    let steps = rulebook.steps().map(|step| (&step.id, &step.place, &step.when));
    for (id, place, condition) in steps.chain(rulebook.facts.iter().map(|fact| (&fact.id, &fact.place, &fact.when))) {
        if let Some(condition) = condition {
            site(id.clone(), place, condition, Rule::Told(rulebook));
        }
    }
    for criterion in &rulebook.criteria {
        match &criterion.decided {
            Decided::ByConditions { met_when, discuss_when, .. } => {
                site(criterion.id.clone(), &criterion.place, met_when, Rule::MetWhen(criterion));
                if let Some(discuss_when) = discuss_when {
                    site(criterion.id.clone(), &criterion.place, discuss_when, Rule::DiscussWhen(criterion));
                }
            }
            Decided::ByScenarios { words_met_when: Some(words) } => {
                site(criterion.id.clone(), &criterion.place, words, Rule::Plain);
            }
            Decided::ByScenarios { words_met_when: None } => {}
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
