//! How many products came to what, and a summary of it in text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::facts::{Facts, members};
use crate::assessment::FitOutcome;
use crate::rulebook::{Outcome, Rulebook, numbered};
use crate::style::{Style, Tone, clean};
use crate::wording::sentence;

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

impl Tally {
    pub(super) fn new(rulebook: &Rulebook) -> Self {
        let scenarios = vec![0; rulebook.scenarios.len() + 1];
        Self { scenarios, missing: vec![0; rulebook.questions.len()], ..Self::default() }
    }

    pub(super) fn count(&mut self, facts: &Facts, exit_code: u8) {
        self.outcomes[facts.outcome() as usize] += 1;
        self.exit_codes.insert(exit_code);
        self.fits[facts.fit as usize] += 1;
        let open = self.scenarios.len() - 1;
        self.scenarios[facts.scenario.map_or(open, usize::from)] += 1;
        for question in members(facts.missing) {
            self.missing[question] += 1;
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
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
    #[must_use]
    pub fn products(&self) -> u64 {
        self.outcomes.iter().sum()
    }
}

/// The most missing answers listed.
const MOST_MISSING: usize = 10;
/// How long the longest bar is, if there is room.
const BAR: usize = 30;
/// How long it is if there is none.
const SHORT_BAR: usize = 10;

/// The summary as text, ending in a line break.
#[must_use]
pub fn summary(tally: &Tally, rulebook: &Rulebook, style: Style) -> String {
    let mut out = String::new();
    let all = tally.products();
    let subject = &rulebook.subject;
    let mut head = format!("{all} {}", clean(if all == 1 { &subject.one } else { &subject.many }));
    for (count, what) in [(tally.invalid, "not valid"), (tally.unreadable, "that could not be read")] {
        if count > 0 {
            let _ = write!(head, ", {count} {what}");
        }
    }
    let _ = writeln!(out, "{}", style.paint(Tone::Strong, &head));
    if all == 0 {
        return out;
    }
    let named = |outcome: Outcome| rulebook.outcome_text(outcome).title.clone();
    chart(&mut out, style, "By outcome", Outcome::ALL.iter().map(|o| (named(*o), tally.outcomes[*o as usize])));
    let scenarios = rulebook.scenarios.iter().map(|scenario| numbered(scenario.number, &scenario.title));
    let scenarios = scenarios.chain(["Not decided".to_owned()]).zip(tally.scenarios.iter().copied());
    if !rulebook.scenarios.is_empty() {
        chart(&mut out, style, "By scenario", scenarios);
    }
    let fits = FitOutcome::ALL.iter().map(|fit| (fit_words(*fit), tally.fits[*fit as usize]));
    if !rulebook.findings.is_empty() {
        chart(&mut out, style, "By fit", fits);
    }
    let mut missing: Vec<(String, u64)> =
        rulebook.questions.iter().map(|q| q.id.clone()).zip(tally.missing.clone()).collect();
    missing.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    chart(&mut out, style, "Missing most", missing.into_iter().take(MOST_MISSING));
    out
}

/// Whether the service fits, in as few words as can be.
pub(super) fn fit_words(fit: FitOutcome) -> String {
    sentence(&fit.id().replace('_', " "))
}

/// Bars of text; those of nothing are left out.
fn chart(out: &mut String, style: Style, title: &str, bars: impl Iterator<Item = (String, u64)>) {
    let bars: Vec<(String, u64)> = bars.filter(|(_, count)| *count > 0).collect();
    let Some(most) = bars.iter().map(|(_, count)| *count).max() else { return };
    let digits = most.to_string().len();
    let rest = style.width.saturating_sub(digits + 6);
    let room = rest.saturating_sub(SHORT_BAR).max(12);
    let labels: Vec<String> = bars.iter().map(|(label, _)| shortened(&clean(label), room)).collect();
    let width = labels.iter().map(|label| console::measure_text_width(label)).max().unwrap_or(0);
    let bar = u64::try_from(rest.saturating_sub(width).clamp(SHORT_BAR, BAR)).unwrap_or(1);
    let _ = writeln!(out, "\n{}", style.paint(Tone::Strong, title));
    for (label, (_, count)) in labels.iter().zip(&bars) {
        // Whatever there is shows as at least one mark.
        let length = (u128::from(*count) * u128::from(bar)).div_ceil(u128::from(most));
        let marks = "#".repeat(usize::try_from(length).unwrap_or(1));
        let gap = " ".repeat(width - console::measure_text_width(label));
        let _ = writeln!(out, "  {label}{gap}  {count:>digits$}  {marks}");
    }
}

/// Text no wider than there is room for.
fn shortened(text: &str, room: usize) -> String {
    console::truncate_str(text, room, "…").into_owned()
}
