//! How many products came to what.

use std::collections::BTreeSet;

use crate::outcome::{FitOutcome, Outcome};
use crate::question::Question;
use crate::rulebook::{Rulebook, numbered};

/// The most missing answers that are listed.
const MOST_MISSING: usize = 10;

/// How many products came to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; 4],
    /// The exit codes that products call for.
    pub exit_codes: BTreeSet<u8>,
    /// By fit, in the order of [`FitOutcome::ALL`].
    pub fits: [u64; 4],
    /// By scenario, in the order of the rules; the last is for those where it is open.
    pub scenarios: Vec<u64>,
    /// For each question, how many products miss it.
    pub missing: Vec<u64>,
    /// Records and files that are not valid.
    pub invalid: u64,
    /// Files that could not be read.
    pub unreadable: u64,
}

/// Counts under a heading, each with what was counted.
pub type Chart = (&'static str, Vec<(String, u64)>);

impl Tally {
    pub fn new(rulebook: &Rulebook) -> Self {
        let scenarios = vec![0; rulebook.scenarios.len() + 1];
        Self { scenarios, missing: vec![0; rulebook.questions.len()], ..Self::default() }
    }

    /// Counts a product: its scenario, if it is decided, and the questions it misses, as indexes.
    pub fn count(
        &mut self,
        outcome: Outcome,
        fit: FitOutcome,
        scenario: Option<usize>,
        missing: impl IntoIterator<Item = usize>,
        exit_code: u8,
    ) {
        self.outcomes[outcome as usize] += 1;
        self.exit_codes.insert(exit_code);
        self.fits[fit as usize] += 1;
        let open = self.scenarios.len() - 1;
        self.scenarios[scenario.unwrap_or(open)] += 1;
        for question in missing {
            self.missing[question] += 1;
        }
    }

    /// Counts what another has counted too.
    pub fn add(&mut self, other: &Self) {
        fn add(to: &mut [u64], from: &[u64]) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        }
        add(&mut self.outcomes, &other.outcomes);
        self.exit_codes.extend(&other.exit_codes);
        add(&mut self.fits, &other.fits);
        add(&mut self.scenarios, &other.scenarios);
        add(&mut self.missing, &other.missing);
        self.invalid += other.invalid;
        self.unreadable += other.unreadable;
    }

    /// How many products were assessed.
    pub fn products(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// The charts, with these words for a fit and for a question. What the rules do not have has none.
    pub fn charts(
        &self,
        rulebook: &Rulebook,
        fit: impl Fn(FitOutcome) -> String,
        asked: impl Fn(&Question) -> &str,
    ) -> Vec<Chart> {
        let title = |outcome: Outcome| rulebook.outcome_text(outcome).title.clone();
        let outcomes = Outcome::ALL.map(|outcome| (title(outcome), self.outcomes[outcome as usize]));
        let scenarios = rulebook.scenarios.iter().map(|scenario| numbered(scenario.number, &scenario.title));
        let scenarios = scenarios.chain(["Not decided".to_owned()]).zip(self.scenarios.iter().copied());
        let fits = FitOutcome::ALL.map(|outcome| (fit(outcome), self.fits[outcome as usize]));
        let questions = rulebook.questions.iter().map(|question| asked(question).to_owned());
        let mut missing: Vec<_> = questions.zip(self.missing.iter().copied()).collect();
        missing.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        missing.truncate(MOST_MISSING);
        let mut charts = vec![("By outcome", outcomes.to_vec())];
        if !rulebook.scenarios.is_empty() {
            charts.push(("By scenario", scenarios.collect()));
        }
        if !rulebook.findings.is_empty() {
            charts.push(("By fit", fits.to_vec()));
        }
        charts.push(("Missing most", missing));
        charts
    }
}
