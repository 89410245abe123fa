//! What can be told of a product.

use std::sync::Arc;

use super::compiled::Compiled;
use super::facts::Facts;
use crate::intake::Input;
use crate::named::named;
use crate::problem::{self, Place, STANDARD_INPUT};
use crate::rulebook::{Outcome, Rulebook};

named! {
    /// What can be told of a product: the key in JSON and the header in CSV.
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
        /// The topics that are prepared
        Topics = "topics",
        /// The obligations that are met
        Obligations = "obligations",
    }
}

impl Field {
    /// Those written if none are chosen.
    pub const USUAL: [Self; 14] = [
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
    ];

    /// Whether only a record that was judged whole tells it.
    #[must_use]
    pub fn needs_whole(self) -> bool {
        matches!(self, Self::Topics | Self::Obligations)
    }

    /// What it lists; nothing, if it is no list.
    pub(super) fn set(self, facts: &Facts) -> u128 {
        match self {
            Self::PossibleOutcomes => u128::from(facts.possible),
            Self::PossibleScenarios => facts.possible_scenarios,
            Self::Met => facts.met,
            Self::NotMet => facts.not_met,
            Self::ToDiscuss => facts.to_discuss,
            Self::Missing => facts.missing,
            Self::AlsoMissing => facts.also_missing,
            Self::Findings => facts.findings,
            Self::Topics => facts.whole.topics,
            Self::Obligations => facts.whole.obligations,
            Self::Source
            | Self::Product
            | Self::Organisation
            | Self::Outcome
            | Self::Scenario
            | Self::ScenarioId
            | Self::Fit => 0,
        }
    }

    /// The ids of all it can list.
    fn ids(self, rulebook: &Rulebook) -> Vec<String> {
        fn of<T>(rules: &[T], id: impl Fn(&T) -> &String) -> Vec<String> {
            rules.iter().map(|rule| id(rule).clone()).collect()
        }
        match self {
            Self::PossibleOutcomes => Outcome::DECIDED.iter().map(|outcome| outcome.id().to_owned()).collect(),
            Self::PossibleScenarios | Self::ScenarioId => of(&rulebook.scenarios, |scenario| &scenario.id),
            Self::Met | Self::NotMet | Self::ToDiscuss => of(&rulebook.criteria, |criterion| &criterion.id),
            Self::Missing | Self::AlsoMissing => of(&rulebook.questions, |question| &question.id),
            Self::Findings => of(&rulebook.findings, |finding| &finding.id),
            Self::Topics => of(&rulebook.topics, |topic| &topic.id),
            Self::Obligations => of(&rulebook.obligations, |obligation| &obligation.id),
            Self::Source | Self::Product | Self::Organisation | Self::Outcome | Self::Scenario | Self::Fit => vec![],
        }
    }
}

/// A field that is told, with all that it can list.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) field: Field,
    pub(super) ids: Vec<String>,
}

impl Column {
    pub(super) fn new(field: Field, rulebook: &Rulebook) -> Self {
        Self { field, ids: field.ids(rulebook) }
    }
}

/// What lines are written with.
#[derive(Debug)]
pub struct Writer {
    pub(super) columns: Vec<Column>,
    /// The numbers of the scenarios.
    pub(super) numbers: Vec<Option<u8>>,
    /// The columns that are carried along.
    pub(super) kept: Vec<String>,
}

impl Writer {
    /// A writer of these fields, and of columns that are carried along.
    #[must_use]
    pub fn new(compiled: &Compiled<'_>, fields: &[Field], kept: &[String]) -> Self {
        let rulebook = compiled.rulebook;
        Self {
            columns: fields.iter().map(|field| Column::new(*field, rulebook)).collect(),
            numbers: rulebook.scenarios.iter().map(|scenario| scenario.number).collect(),
            kept: kept.to_vec(),
        }
    }
}

/// Where a product was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
    /// The line, if the file holds more than one product.
    pub(super) line: Option<u64>,
}

impl Source<'_> {
    /// Where the record came from, for what tells everything of it.
    pub(super) fn input(self) -> Input {
        let first_line = self.line.and_then(|line| usize::try_from(line).ok());
        let place = first_line.map(|first_line| {
            let file = problem::Source { name: self.name.to_owned(), first_line, text: "".into() };
            Place::new(&Arc::new(file), 0..0)
        });
        let path = (self.name != STANDARD_INPUT).then(|| self.name.to_owned());
        Input { name: self.text(), path, place, ..Input::default() }
    }

    pub(super) fn text(self) -> String {
        self.line.map_or_else(|| self.name.to_owned(), |line| format!("{}:{line}", self.name))
    }
}
