//! How many products came to what, as bars.

use crate::intake::tally::Tally;
use crate::report::content::fit_words;
use crate::report::{Checked, Verdict};
use crate::rulebook::Rulebook;
use crate::wording::sentence;

/// Bars under a heading.
pub(super) struct Chart {
    pub(super) title: &'static str,
    pub(super) bars: Vec<Bar>,
}

pub(super) struct Bar {
    pub(super) label: String,
    pub(super) count: u64,
    /// Its length, of a hundred.
    pub(super) length: u64,
}

pub(super) fn count(tally: &mut Tally, file: &Checked<'_>) {
    let report = match &file.verdict {
        Verdict::Assessed(report) => report,
        Verdict::Invalid => return tally.invalid += 1,
        Verdict::Unreadable(_) => return tally.unreadable += 1,
    };
    let (rulebook, assessment) = (report.rulebook, &report.assessment);
    let is_decided = |id: &str| rulebook.scenarios.iter().position(|scenario| scenario.id == id);
    let scenario = assessment.scenario.as_ref().and_then(|result| is_decided(&result.scenario.id));
    let missing = assessment.missing.iter().map(|question| question.index);
    tally.count(assessment.outcome, assessment.fit.outcome, scenario, missing, file.exit_code);
}

/// The charts that have a bar.
pub(super) fn charts(tally: &Tally, rulebook: &Rulebook) -> Vec<Chart> {
    let fit = |outcome| sentence(&fit_words(rulebook, outcome));
    let mut charts = tally.charts(rulebook, fit, |question| &question.prompt);
    let unread = [("Not valid".to_owned(), tally.invalid), ("Could not be read".to_owned(), tally.unreadable)];
    charts[0].1.extend(unread);
    charts.into_iter().map(|(title, bars)| chart(title, bars)).filter(|chart| !chart.bars.is_empty()).collect()
}

/// Bars as long as what they stand for; those of nothing are left out.
fn chart(title: &'static str, bars: Vec<(String, u64)>) -> Chart {
    let most = bars.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let bars = bars.into_iter().filter(|(_, count)| *count > 0);
    let bar = |(label, count): (String, u64)| Bar { label, count, length: (count * 100).div_ceil(most) };
    Chart { title, bars: bars.map(bar).collect() }
}
