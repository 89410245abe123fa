//! Scenarios as a decision table: a row for each way into a scenario, a column for each question that is tested.

use std::collections::{BTreeMap, BTreeSet};

use crate::condition::Condition;
use crate::publish::phrases::basis;
use crate::question::{Kind, OptionSet};
use crate::rulebook::{Decided, Rulebook, as_asked};
use crate::wording::sentence;

/// The most rows for one scenario. One with more ways is described in a sentence.
const MAX_WAYS: usize = 8;

/// A decision table in words.
pub(in crate::publish) struct DecisionTable {
    pub(in crate::publish) questions: Vec<String>,
    pub(in crate::publish) decides: (Option<u8>, String),
    pub(in crate::publish) rows: Vec<ScenarioRow>,
}

/// One way into a scenario.
pub(in crate::publish) struct ScenarioRow {
    pub(in crate::publish) scenario: (Option<u8>, String),
    pub(in crate::publish) when: When,
    pub(in crate::publish) result: String,
    pub(in crate::publish) basis: &'static str,
}

/// The condition of a row.
pub(in crate::publish) enum When {
    /// For each question the accepted answers, or none if any answer is accepted.
    Answers(Vec<Vec<String>>),
    /// A condition that cells cannot express.
    Words(String),
}

/// The accepted options of each question that is tested.
type AnswerSets = BTreeMap<usize, OptionSet>;

/// The table, if there are scenarios.
pub(super) fn table(rulebook: &Rulebook) -> Option<DecisionTable> {
    let decided = rulebook.criteria.iter().find(|it| matches!(it.decided, Decided::ByScenarios { .. }))?;
    let conditions = rulebook.scenarios.iter().filter(|scenario| !scenario.otherwise).map(|scenario| &scenario.when);
    let asked: BTreeSet<usize> = conditions.flat_map(Condition::questions).collect();
    let mut rows = Vec::new();
    for scenario in &rulebook.scenarios {
        let mut row = |when| {
            rows.push(ScenarioRow {
                scenario: (scenario.number, scenario.title.clone()),
                when,
                result: sentence(&scenario.criterion.id().replace('_', " ")),
                basis: basis(scenario.grounds.basis),
            });
        };
        match ways(rulebook, &scenario.when) {
            _ if scenario.otherwise => row(When::Words("All that the rows above leave".to_owned())),
            Some(ways) => {
                for way in ways {
                    row(When::Answers(asked.iter().map(|question| answers(rulebook, *question, &way)).collect()));
                }
            }
            None => row(When::Words(as_asked(rulebook, &scenario.when))),
        }
    }
    Some(DecisionTable {
        questions: asked.iter().map(|question| rulebook.questions[*question].prompt.clone()).collect(),
        decides: (decided.number, decided.title.clone()),
        rows,
    })
}

/// The ways to meet a condition. `None` if there are too many, or if sets of options cannot express them.
fn ways(rulebook: &Rulebook, condition: &Condition) -> Option<Vec<AnswerSets>> {
    let one = |question: usize, options: OptionSet| vec![AnswerSets::from([(question, options)])];
    let ways = match condition {
        Condition::Is { question, options, .. } => one(*question, *options),
        Condition::Not(part) => match part.as_ref() {
            Condition::Is { question, options, .. } if rulebook.questions[*question].kind != Kind::Choices => {
                one(*question, rulebook.questions[*question].sure() & !options)
            }
            _ => return None,
        },
        Condition::Any(parts) => {
            let ways: Option<Vec<Vec<AnswerSets>>> = parts.iter().map(|part| ways(rulebook, part)).collect();
            ways?.concat()
        }
        Condition::All(parts) => {
            let mut all = vec![AnswerSets::new()];
            for part in parts {
                let more = ways(rulebook, part)?;
                let pairs = all.iter().flat_map(|way| more.iter().map(move |more| both(rulebook, way, more)));
                all = pairs.collect::<Option<_>>()?;
                // Contradictory tests are no way.
                all.retain(|way| way.values().all(|options| *options != 0));
            }
            all
        }
        Condition::Result { .. } => return None,
    };
    (ways.len() <= MAX_WAYS).then_some(ways)
}

/// The way that meets both. `None` if both test a question with several answers: that is not one test of the shared options.
fn both(rulebook: &Rulebook, one: &AnswerSets, other: &AnswerSets) -> Option<AnswerSets> {
    let mut both = one.clone();
    for (question, options) in other {
        match both.get_mut(question) {
            None => drop(both.insert(*question, *options)),
            Some(_) if rulebook.questions[*question].kind == Kind::Choices => return None,
            Some(known) => *known &= options,
        }
    }
    Some(both)
}

/// The labels of the accepted answers to a question; none if any answer is accepted.
fn answers(rulebook: &Rulebook, question: usize, way: &AnswerSets) -> Vec<String> {
    let asked = &rulebook.questions[question];
    let options = way.get(&question).copied().filter(|options| *options != asked.sure());
    asked.chosen(options.unwrap_or(0)).map(|(_, option)| option.label.clone()).collect()
}
