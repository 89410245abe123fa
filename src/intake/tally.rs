//! Counts of products by their results.

use std::collections::BTreeSet;

use crate::outcome::{FitOutcome, Outcome};
use crate::question::Question;
use crate::rulebook::{Rulebook, numbered};

/// The most questions that are listed as missing.
const MOST_MISSING: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; 4],
    pub exit_codes: BTreeSet<u8>,
    /// By fit, in the order of [`FitOutcome::ALL`].
    pub fits: [u64; 4],
    /// By scenario, in the order of the rules; last, those whose scenario is not decided.
    pub scenarios: Vec<u64>,
    /// For each question, the products that have no answer to it.
    pub missing: Vec<u64>,
    /// Records and files that are not valid.
    pub invalid: u64,
    pub unreadable: u64,
}

/// A heading, and below it each count with its label.
pub type Chart = (&'static str, Vec<(String, u64)>);

impl Tally {
    pub fn new(rulebook: &Rulebook) -> Self {
        let scenarios = vec![0; rulebook.scenarios.len() + 1];
        Self { scenarios, missing: vec![0; rulebook.questions.len()], ..Self::default() }
    }

    /// Counts a product, with the index of its scenario, if that is decided, and those of its missing answers.
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

    /// The number of products that were assessed.
    pub fn products(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// The charts, with these labels for a fit and a question. Without scenarios or findings there is no chart of them.
    pub fn charts(
        &self,
        rulebook: &Rulebook,
        fit_label: impl Fn(FitOutcome) -> String,
        question_label: impl Fn(&Question) -> &str,
    ) -> Vec<Chart> {
        let title = |outcome: Outcome| rulebook.outcome_text(outcome).title.clone();
        let outcomes = Outcome::ALL.map(|outcome| (title(outcome), self.outcomes[outcome as usize]));
        let scenarios = rulebook.scenarios.iter().map(|scenario| numbered(scenario.number, &scenario.title));
        let scenarios = scenarios.chain(["Not decided".to_owned()]).zip(self.scenarios.iter().copied());
        let fits = FitOutcome::ALL.map(|outcome| (fit_label(outcome), self.fits[outcome as usize]));
        let questions = rulebook.questions.iter().map(|question| question_label(question).to_owned());
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
