//! How many products came to what.

use crate::assessment::FitOutcome;
use crate::report::content::fit_words;
use crate::report::{Checked, Verdict};
use crate::rulebook::{Outcome, Rulebook, numbered};
use crate::wording::sentence;

/// The most missing answers listed.
const MOST_MISSING: usize = 10;

/// Bars under a heading.
pub(super) struct Chart {
    pub(super) title: &'static str,
    pub(super) bars: Vec<Bar>,
}

pub(super) struct Bar {
    pub(super) label: String,
    pub(super) count: usize,
    /// Its length, of a hundred.
    pub(super) length: usize,
}

/// Products counted.
#[derive(Default)]
pub(super) struct Counts {
    outcomes: [usize; 4],
    fits: [usize; 4],
    /// By scenario, in the order of the rules; the last is for those where it is open.
    scenarios: Vec<usize>,
    /// For each question, how many products miss it.
    missing: Vec<usize>,
    /// What was no product, by what became of it.
    invalid: usize,
    unreadable: usize,
}

impl Counts {
    pub(super) fn new(rulebook: Option<&Rulebook>) -> Self {
        let (scenarios, questions) =
            rulebook.map_or((0, 0), |rulebook| (rulebook.scenarios.len(), rulebook.questions.len()));
        Self { scenarios: vec![0; scenarios + 1], missing: vec![0; questions], ..Self::default() }
    }

    pub(super) fn count(&mut self, file: &Checked<'_>) {
        let report = match &file.verdict {
            Verdict::Assessed(report) => report,
            Verdict::Invalid => return self.invalid += 1,
            Verdict::Unreadable(_) => return self.unreadable += 1,
        };
        let (rulebook, assessment) = (report.rulebook, &report.assessment);
        self.outcomes[assessment.outcome as usize] += 1;
        self.fits[assessment.fit.outcome as usize] += 1;
        let decided = assessment
            .scenario
            .as_ref()
            .and_then(|result| rulebook.scenarios.iter().position(|scenario| scenario.id == result.scenario.id));
        self.scenarios[decided.unwrap_or(rulebook.scenarios.len())] += 1;
        for question in &assessment.missing {
            if let Some((index, _)) = rulebook.question(&question.id) {
                self.missing[index] += 1;
            }
        }
    }

    /// The charts; what the rules do not have has none.
    pub(super) fn charts(&self, rulebook: &Rulebook) -> Vec<Chart> {
        let outcomes =
            Outcome::ALL.iter().map(|it| (rulebook.outcome_text(*it).title.clone(), self.outcomes[*it as usize]));
        let unread = [("Not valid".to_owned(), self.invalid), ("Could not be read".to_owned(), self.unreadable)];
        let scenarios = rulebook.scenarios.iter().map(|scenario| numbered(scenario.number, &scenario.title));
        let scenarios = scenarios.chain(["Not decided".to_owned()]).zip(self.scenarios.iter().copied());
        let fits = FitOutcome::ALL.iter().map(|fit| (sentence(&fit_words(rulebook, *fit)), self.fits[*fit as usize]));
        let questions = rulebook.questions.iter().map(|question| question.prompt.clone());
        let mut missing: Vec<(String, usize)> = questions.zip(self.missing.iter().copied()).collect();
        missing.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        missing.truncate(MOST_MISSING);
        let charts = [
            ("By outcome", true, outcomes.chain(unread).collect()),
            ("By scenario", !rulebook.scenarios.is_empty(), scenarios.collect()),
            ("By fit", !rulebook.findings.is_empty(), fits.collect::<Vec<_>>()),
            ("Missing most", true, missing),
        ];
        let charts = charts.into_iter().filter(|(_, there, _)| *there).map(|(title, _, bars)| chart(title, bars));
        charts.filter(|chart| !chart.bars.is_empty()).collect()
    }
}

/// Bars as long as what they stand for; those of nothing are left out.
fn chart(title: &'static str, bars: Vec<(String, usize)>) -> Chart {
    let most = bars.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let bars = bars.into_iter().filter(|(_, count)| *count > 0);
    let bar = |(label, count): (String, usize)| Bar { label, count, length: (count * 100).div_ceil(most) };
    Chart { title, bars: bars.map(bar).collect() }
}
