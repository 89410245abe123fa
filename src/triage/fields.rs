//! What can be told of a product.

use std::sync::Arc;

use super::compiled::Compiled;
use super::facts::{Facts, MAX_RULES, members};
use crate::diagram::Leaf;
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

    /// What it says of a product.
    pub(super) fn said(self, facts: &Facts) -> Said {
        let set = match self {
            Self::Source | Self::Product | Self::Organisation => return Said::Own,
            Self::Outcome => return Said::Few(facts.possible),
            Self::Scenario | Self::ScenarioId => {
                return Said::Few(facts.scenario.and_then(|index| u8::try_from(index).ok()).unwrap_or(NO_SCENARIO));
            }
            Self::Fit => return Said::Few(u8::try_from(facts.fit.to_index()).unwrap_or_default()),
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
        };
        u8::try_from(set).map_or(Said::Many(set), Said::Few)
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

/// The index that stands for no scenario.
const NO_SCENARIO: u8 = u8::MAX;
const _: () = assert!(MAX_RULES <= NO_SCENARIO as usize, "no scenario has it");

/// What a field says of a product.
#[derive(Clone, Copy)]
pub(super) enum Said {
    /// What stands in the record itself.
    Own,
    /// One of few values, or a set of the first of what it can list, by a number that each has to itself.
    Few(u8),
    /// A set of what it can list.
    Many(u128),
}

/// A field that is told, with all that it can list.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) field: Field,
    pub(super) ids: Vec<String>,
    /// What stands in front of it in JSON.
    pub(super) key: String,
    /// What was written before.
    pub(super) json: Pieces,
    pub(super) csv: Pieces,
}

impl Column {
    fn new(field: Field, rulebook: &Rulebook) -> Self {
        let key = format!(",\"{}\":", field.id());
        Self { field, ids: field.ids(rulebook), key, json: Pieces::default(), csv: Pieces::default() }
    }
}

/// What a field says of a product, for whoever writes it.
pub(super) enum Value<'w> {
    Id(Option<&'w str>),
    Number(Option<u8>),
    Ids(Vec<&'w str>),
}

impl<'w> Value<'w> {
    pub(super) fn of(field: Field, ids: &'w [String], numbers: &[Option<u8>], facts: &Facts) -> Self {
        let scenario = facts.scenario.map(usize::from);
        match field {
            Field::Outcome => Self::Id(Some(facts.outcome().id())),
            Field::Fit => Self::Id(Some(facts.fit.id())),
            Field::Scenario => Self::Number(scenario.and_then(|index| numbers[index])),
            Field::ScenarioId => Self::Id(scenario.and_then(|index| ids.get(index)).map(String::as_str)),
            field => {
                let set = match field.said(facts) {
                    Said::Own => 0,
                    Said::Few(set) => u128::from(set),
                    Said::Many(set) => set,
                };
                Self::Ids(members(set).map(|member| ids[member].as_str()).collect())
            }
        }
    }
}

/// How many neighbours of what can be listed are written at once.
const AT_ONCE: usize = 8;

/// What was written before: few values, and behind them those members of larger sets that are neighbours. Each is made
/// once, so that a record is little more than copying.
#[derive(Debug, Default)]
pub(super) struct Pieces(Vec<Option<Box<[u8]>>>);

impl Pieces {
    /// One of few values.
    #[inline]
    pub(super) fn few(&mut self, number: u8, make: impl FnOnce() -> String) -> &[u8] {
        self.get(usize::from(number), make)
    }

    /// The pieces that tell the members of a set, each handed on with whether it is the first.
    #[inline]
    pub(super) fn many(
        &mut self,
        set: u128,
        make: impl Fn(&mut dyn Iterator<Item = usize>) -> String,
        mut write: impl FnMut(&[u8], bool),
    ) {
        let mut is_first = true;
        for (index, eight) in set.to_le_bytes().into_iter().enumerate().filter(|(_, eight)| *eight != 0) {
            let piece = || make(&mut members(eight.into()).map(|member| index * AT_ONCE + member));
            write(self.get(((index + 1) << AT_ONCE) + usize::from(eight), piece), is_first);
            is_first = false;
        }
    }

    #[inline]
    fn get(&mut self, number: usize, make: impl FnOnce() -> String) -> &[u8] {
        if number >= self.0.len() {
            self.0.resize((number + 1).next_multiple_of(1 << AT_ONCE), None);
        }
        self.0[number].get_or_insert_with(|| make().into_bytes().into())
    }
}

/// A file, and how its name was written. Most records stand in the file of the one before.
#[derive(Debug, Default)]
pub(super) struct File {
    name: String,
    written: Vec<u8>,
}

impl File {
    /// How the name is written, by `write` if it is another than before.
    #[inline]
    pub(super) fn written(&mut self, name: &str, write: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        if self.name != name || self.written.is_empty() {
            name.clone_into(&mut self.name);
            self.written.clear();
            write(&mut self.written);
        }
        &self.written
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
    /// The files of the lines before, in JSON and in CSV.
    pub(super) json_file: File,
    pub(super) csv_file: File,
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
            json_file: File::default(),
            csv_file: File::default(),
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
