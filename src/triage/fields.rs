//! The fields of a product in the result.

use super::facts::{Facts, MAX_RULES, gated};
use crate::diagram::Leaf;
use crate::named::named;
use crate::rulebook::{Outcome, Rulebook};

named! {
    /// A field of a product: its key in JSON and its header in CSV.
    pub enum Field {
        /// The file, and the line in it
        Source = "source",
        /// The name of the product
        Product = "product",
        /// Who makes it
        Organisation = "organisation",
        /// The outcome
        Outcome = "outcome",
        /// The outcomes that missing answers still allow
        PossibleOutcomes = "possible_outcomes",
        /// The number of the scenario
        Scenario = "scenario",
        /// The id of the scenario, which every scenario has
        ScenarioId = "scenario_id",
        /// The ids of the scenarios that are still possible
        PossibleScenarios = "possible_scenarios",
        /// The criteria that are met. Those that no field names are not decided
        Met = "met",
        /// The criteria that are not met
        NotMet = "not_met",
        /// The criteria to be discussed
        ToDiscuss = "to_discuss",
        /// The missing answers that can still change the outcome
        Missing = "missing",
        /// The missing answers that can still change something else of eligibility
        AlsoMissing = "also_missing",
        /// Whether the service fits
        Fit = "fit",
        /// The findings that hold
        Findings = "findings",
        /// Answers that contradict each other, by the ids of what says so
        Contradictions = "contradictions",
        /// What the gate asks for and it lacks: `outcome`, `fit`, and the ids of topics and obligations
        Lacking = "lacking",
        /// The topics that are prepared
        Topics = "topics",
        /// The obligations that are met
        Obligations = "obligations",
    }
}

impl Field {
    /// Those written if none are chosen, and `lacking` where a gate asks for more than the outcome.
    pub const USUAL: [Self; 15] = [
        Self::Source,
        Self::Product,
        Self::Organisation,
        Self::Outcome,
        Self::PossibleOutcomes,
        Self::Scenario,
        Self::ScenarioId,
        Self::PossibleScenarios,
        Self::NotMet,
        Self::ToDiscuss,
        Self::Missing,
        Self::AlsoMissing,
        Self::Fit,
        Self::Findings,
        Self::Contradictions,
    ];

    /// Whether the rules have anything that it tells of.
    pub fn exists(self, rulebook: &Rulebook) -> bool {
        match self {
            Self::Scenario | Self::ScenarioId | Self::PossibleScenarios => !rulebook.scenarios.is_empty(),
            Self::Fit | Self::Findings => !rulebook.findings.is_empty(),
            Self::Contradictions => !rulebook.contradictions.is_empty(),
            Self::Topics => !rulebook.topics.is_empty(),
            Self::Obligations => !rulebook.obligations.is_empty(),
            _ => true,
        }
    }

    /// Whether only a record that was assessed in full has it.
    pub fn needs_whole(self) -> bool {
        matches!(self, Self::Lacking | Self::Topics | Self::Obligations)
    }

    pub(super) fn value(self, facts: &Facts) -> FieldValue {
        let set = match self {
            Self::Source | Self::Product | Self::Organisation => return FieldValue::Own,
            Self::Outcome => return FieldValue::Few(facts.possible),
            Self::Scenario | Self::ScenarioId => {
                return FieldValue::Few(
                    facts.scenario.and_then(|index| u8::try_from(index).ok()).unwrap_or(NO_SCENARIO),
                );
            }
            Self::Fit => return FieldValue::Few(u8::try_from(facts.fit.to_index()).unwrap_or_default()),
            Self::PossibleOutcomes => u128::from(facts.possible),
            Self::PossibleScenarios => facts.possible_scenarios,
            Self::Met => facts.met,
            Self::NotMet => facts.not_met,
            Self::ToDiscuss => facts.to_discuss,
            Self::Missing => facts.missing,
            Self::AlsoMissing => facts.also_missing,
            Self::Findings => facts.findings,
            Self::Contradictions => facts.contradictions,
            Self::Lacking => facts.lacking,
            Self::Topics => facts.topics,
            Self::Obligations => facts.obligations,
        };
        u8::try_from(set).map_or(FieldValue::Many(set), FieldValue::Few)
    }

    /// The ids of everything it can list.
    pub(super) fn ids(self, rulebook: &Rulebook) -> Vec<String> {
        fn of<T>(rules: &[T], id: impl Fn(&T) -> &String) -> Vec<String> {
            rules.iter().map(|rule| id(rule).clone()).collect()
        }
        match self {
            Self::PossibleOutcomes => Outcome::DECIDED.iter().map(|outcome| outcome.id().to_owned()).collect(),
            Self::PossibleScenarios | Self::ScenarioId => of(&rulebook.scenarios, |scenario| &scenario.id),
            Self::Met | Self::NotMet | Self::ToDiscuss => of(&rulebook.criteria, |criterion| &criterion.id),
            Self::Missing | Self::AlsoMissing => of(&rulebook.questions, |question| &question.id),
            Self::Findings => of(&rulebook.findings, |finding| &finding.id),
            Self::Contradictions => of(&rulebook.contradictions, |contradiction| &contradiction.id),
            Self::Lacking => gated(rulebook).map(|(id, _)| id.to_owned()).collect(),
            Self::Topics => of(&rulebook.topics, |topic| &topic.id),
            Self::Obligations => of(&rulebook.obligations, |obligation| &obligation.id),
            Self::Source | Self::Product | Self::Organisation | Self::Outcome | Self::Scenario | Self::Fit => vec![],
        }
    }
}

/// Stands for no scenario.
const NO_SCENARIO: u8 = u8::MAX;
const _: () = assert!(MAX_RULES <= NO_SCENARIO as usize, "no scenario has it");

#[derive(Clone, Copy)]
pub(super) enum FieldValue {
    /// It is in the record itself.
    Own,
    /// One of few values, or a set of the first eight of what it can list. Each has a number of its own.
    Few(u8),
    /// A set of what it can list.
    Many(u128),
}
