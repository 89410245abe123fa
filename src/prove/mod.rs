//! Facts about a rulebook that hold for every combination of answers, or answers that show they do not.
//!
//! Nothing here samples. Every statement is read from diagrams, which stand for all combinations at once.

use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, TooIntricate, Truth};
use crate::problem::Place;
use crate::rulebook::{Criterion, Decided, Rule, Rulebook, Status, status, when};

mod accept;
mod both;
mod cases;
mod coverage;
mod difference;
mod expected;
mod failures;
mod gates;
mod hidden;
mod patterns;
mod rewording;
mod soundness;

pub use accept::{Accepted, accept};
pub use cases::{Case, CaseResult, Cases, Failed, MAX_CASES, cases, run};
pub use coverage::{Coverage, CoverageItem, chooses, coverage, missing_cases};
pub use difference::{Difference, Effect, Named, Pattern, difference};
pub use expected::{Expected, Key, KeyShape, found, keys, written};
pub use failures::failures;
pub use gates::Need;
pub use patterns::When;
pub use rewording::{Edited, KeyChange, RuleChange, rewording};
pub use soundness::{Proof, prove};

/// One condition of a rulebook, with what becomes of its rule when the condition is changed.
pub(crate) struct Site<'r> {
    /// What the condition belongs to, for messages.
    pub(crate) owner: String,
    /// Where the rule stands.
    pub(crate) place: &'r Place,
    pub(crate) condition: &'r Condition,
    /// What the rule says for all answers, given the diagram of its condition.
    decides: Decides<'r>,
}

enum Decides<'r> {
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
        if let Decides::Told(rulebook) = self.decides
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
        let (met, discuss, otherwise) = match &self.decides {
            Decides::MetWhen(Criterion { decided: Decided::ByConditions { discuss_when, otherwise, .. }, .. }) => {
                let discuss = match discuss_when {
                    Some(discuss) => diagrams.condition(discuss)?,
                    None => never,
                };
                (holds, discuss, *otherwise)
            }
            Decides::DiscussWhen(Criterion { decided: Decided::ByConditions { met_when, otherwise, .. }, .. }) => {
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
    rulebook.rules().into_iter().flat_map(|rule| sites_of(rulebook, rule)).collect()
}

fn sites_of<'r>(rulebook: &'r Rulebook, rule: Rule<'r>) -> Vec<Site<'r>> {
    let mut sites = Vec::new();
    for (key, condition) in rule.conditions() {
        let owner = if key == "ask_when" { format!("ask_when of {}", name(rule)) } else { name(rule) };
        let decides = match (rule, &*key) {
            (Rule::Criterion(criterion), "met_when") => Decides::MetWhen(criterion),
            (Rule::Criterion(criterion), "discuss_when") => Decides::DiscussWhen(criterion),
            (Rule::Note(..) | Rule::NextStep(_) | Rule::Fact(_), _) => Decides::Told(rulebook),
            _ => Decides::Plain,
        };
        sites.push(Site { owner, place: rule.place(), condition, decides });
    }
    sites
}

/// What a rule is called in messages.
fn name(rule: Rule<'_>) -> String {
    match rule {
        Rule::Note(owner, index, _) => format!("note {} of {owner}", index + 1),
        _ => rule.id().into_owned(),
    }
}

/// One part of a condition, and the condition with that part always or never holding.
pub(crate) struct Part<'c> {
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

pub(crate) const ALWAYS: Condition = Condition::All(Vec::new());
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
