//! Facts about a rulebook that hold for every combination of answers, or answers that show they do not.
//!
//! Nothing here samples. Every statement is read from diagrams, which stand for all combinations at once.

use std::borrow::Cow;

use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, TooIntricate, Truth};
use crate::question::{Answer, Question, Takes};
use crate::rulebook::{Decided, Rule, Rulebook, Status, status, when};

mod cases;
mod comparison;
mod coverage;
mod difference;
mod expected;
mod failures;
mod gates;
mod hidden_questions;
mod patterns;
mod rewording;
mod soundness;

pub use cases::{Case, CaseResult, Cases, Failed, MAX_CASES, cases, run_case};
pub use coverage::{Coverage, CoverageItem, chooses, coverage, missing_cases};
pub use difference::{Difference, Effect, Named, Pattern, difference};
pub use expected::{Expected, ExpectedKey, KeyShape, found, keys};
pub use failures::{Accepted, accept, failures};
pub use gates::Need;
pub use patterns::When;
pub use rewording::{Edited, KeyChange, RuleChange, rewording};
pub use soundness::{Proof, prove};

pub(crate) struct Site<'r> {
    rulebook: &'r Rulebook,
    pub(crate) rule: Rule<'r>,
    /// The key of the rule under which it stands.
    key: Cow<'static, str>,
    pub(crate) condition: &'r Condition,
}

impl Site<'_> {
    /// What the condition belongs to, for messages.
    pub(crate) fn owner(&self) -> String {
        if self.key == "ask_when" { format!("ask_when of {}", name(self.rule)) } else { name(self.rule) }
    }

    /// What the rule says when its condition is this one: a status, which for a condition by itself is met where it
    /// holds. For all sure answers, or, where results are tested, for all answers.
    pub(crate) fn rule_with(
        &self,
        diagrams: &mut Diagrams,
        condition: &Condition,
    ) -> Result<Decision<Status>, TooIntricate> {
        if let Rule::Note(..) | Rule::NextStep(_) | Rule::Fact(_) = self.rule
            && !self.condition.tests_answers_only()
        {
            let told = when(self.rulebook, diagrams, condition)?;
            return diagrams.map(told, |truth| match truth {
                Truth::Yes => Status::Met,
                Truth::Open => Status::ToDiscuss,
                Truth::No => Status::NotMet,
            });
        }
        let holds = diagrams.condition(condition)?;
        let decided = if let Rule::Criterion(criterion) = self.rule { Some(&criterion.decided) } else { None };
        let (met, discuss, otherwise) = match (decided, &*self.key) {
            (Some(Decided::ByConditions { discuss_when, otherwise, .. }), "met_when") => {
                (holds, diagrams.condition(discuss_when.as_ref().unwrap_or(&NEVER))?, *otherwise)
            }
            (Some(Decided::ByConditions { met_when, otherwise, .. }), _) => {
                (diagrams.condition(met_when)?, holds, *otherwise)
            }
            _ => (holds, Diagrams::constant(false), Status::NotMet),
        };
        let said = status(diagrams, met, discuss, otherwise)?;
        diagrams.over_answers(said)
    }
}

/// Every condition of a rulebook, in the order of its files.
pub(crate) fn sites(rulebook: &Rulebook) -> Vec<Site<'_>> {
    let rules = rulebook.rules().into_iter();
    let sites = rules.flat_map(|rule| {
        rule.conditions().into_iter().map(move |(key, condition)| Site { rulebook, rule, key, condition })
    });
    sites.collect()
}

/// What a rule is called in messages.
fn name(rule: Rule<'_>) -> String {
    match rule {
        Rule::Note(owner, index, _) => format!("note {} of {owner}", index + 1),
        _ => rule.id().into_owned(),
    }
}

pub(crate) const ALWAYS: Condition = Condition::All(Vec::new());
pub(crate) const NEVER: Condition = Condition::Any(Vec::new());

/// An answer that is sure, to a question that nothing else is wanted of.
pub(crate) fn some_answer(question: &Question) -> Answer {
    let first = question.sure().trailing_zeros() as usize;
    match question.kind.takes() {
        Takes::Own => Answer::Text("known".to_owned()),
        Takes::One => Answer::One(first),
        Takes::Several => choosing(question, first),
    }
}

/// The answer that chooses this option.
pub(crate) fn choosing(question: &Question, option: usize) -> Answer {
    match question.kind.takes() {
        Takes::Several => Answer::Many(if question.none() == Some(option) { 0 } else { 1 << option }),
        Takes::One | Takes::Own => Answer::One(option),
    }
}
