//! Statements about a rulebook for every combination of answers, each with a counterexample where it does not hold.
//!
//! Nothing is sampled: diagrams stand for all combinations at once.

use std::borrow::Cow;

use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, TooIntricate, Truth};
use crate::problem::Code;
use crate::question::{Answer, Question, Takes};
use crate::rulebook::{Decided, Rule, Rulebook, Status, status, when};

mod cases;
mod comparison;
mod conditions;
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
pub use difference::{Difference, Effect, Pattern, RulesVersion, difference};
pub use expected::{Expected, ExpectedKey, KeyShape, actual, keys};
pub use failures::{Accepted, accept, failures};
pub use gates::Need;
pub use patterns::When;
pub use rewording::{Edited, KeyChange, RuleChange, rewording};
pub use soundness::{Proof, prove};

/// What rules that can be used may be warned of.
pub const WARNINGS: [Code; 8] = [
    Code::CommentInText,
    Code::BadQuestion,
    Code::DeadCondition,
    Code::ReadingUnmarked,
    Code::SameWords,
    Code::NeverTold,
    Code::NoAddress,
    Code::SameCondition,
];

/// A condition and where it is used.
pub(crate) struct Site<'r> {
    rulebook: &'r Rulebook,
    pub(crate) rule: Rule<'r>,
    /// The key of the rule that holds it.
    key: Cow<'static, str>,
    pub(crate) condition: &'r Condition,
}

impl Site<'_> {
    /// The owner of the condition, for messages.
    pub(crate) fn owner(&self) -> String {
        if self.key == "ask_when" { format!("ask_when of {}", name(self.rule)) } else { name(self.rule) }
    }

    /// The status that the rule would have with another condition; for other rules than criteria, `Met` where it holds.
    /// For sure answers, or for all answers where results are tested.
    pub(crate) fn rule_with(
        &self,
        diagrams: &mut Diagrams,
        condition: &Condition,
    ) -> Result<Decision<Status>, TooIntricate> {
        if let Rule::Note(..) | Rule::NextStep(_) | Rule::Fact(_) = self.rule
            && !self.condition.tests_answers_only()
        {
            let holds = when(self.rulebook, diagrams, condition)?;
            return diagrams.map(holds, |truth| match truth {
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
        let status = status(diagrams, met, discuss, otherwise)?;
        diagrams.over_answers(status)
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

/// The name of a rule in messages.
fn name(rule: Rule<'_>) -> String {
    match rule {
        Rule::Note(owner, index, _) => format!("note {} of {owner}", index + 1),
        _ => rule.id().into_owned(),
    }
}

pub(crate) const ALWAYS: Condition = Condition::All(Vec::new());
pub(crate) const NEVER: Condition = Condition::Any(Vec::new());

/// Any sure answer.
pub(crate) fn some_answer(question: &Question) -> Answer {
    let first = question.sure().trailing_zeros() as usize;
    match question.kind.takes() {
        Takes::Own => Answer::Text("known".to_owned()),
        Takes::One => Answer::One(first),
        Takes::Several => choosing(question, first),
    }
}

/// The answer that chooses just this option.
pub(crate) fn choosing(question: &Question, option: usize) -> Answer {
    match question.kind.takes() {
        Takes::Several => Answer::Many(if question.none() == Some(option) { 0 } else { 1 << option }),
        Takes::One | Takes::Own => Answer::One(option),
    }
}
