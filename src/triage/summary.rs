//! The summary of a run, as text.

use std::fmt::Write as _;

use crate::assessment::FitOutcome;
use crate::intake::tally::{Chart, Tally};
use crate::rulebook::Rulebook;
use crate::style::{Style, Tone, clean};
use crate::wording::sentence;

/// The length of the longest bar, if there is room.
const BAR: usize = 30;
/// Its length if there is none.
const SHORT_BAR: usize = 10;

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
    for shown in tally.charts(rulebook, fit_words, |question| &question.id) {
        chart(&mut out, style, shown);
    }
    out
}

/// The fit, in as few words as possible.
pub(super) fn fit_words(fit: FitOutcome) -> String {
    match fit {
        FitOutcome::FitsWithConditions => "With conditions".to_owned(),
        other => sentence(&other.id().replace('_', " ")),
    }
}

/// A bar chart in text, without counts of 0.
fn chart(out: &mut String, style: Style, (title, bars): Chart) {
    let bars: Vec<_> = bars.into_iter().filter(|(_, count)| *count > 0).collect();
    let Some(most) = bars.iter().map(|(_, count)| *count).max() else { return };
    let digits = most.to_string().len();
    let rest = style.width.saturating_sub(digits + 6);
    let room = rest.saturating_sub(SHORT_BAR).max(12);
    let labels: Vec<String> =
        bars.iter().map(|(label, _)| console::truncate_str(&clean(label), room, "…").into_owned()).collect();
    let width = labels.iter().map(|label| console::measure_text_width(label)).max().unwrap_or(0);
    let bar = u64::try_from(rest.saturating_sub(width).clamp(SHORT_BAR, BAR)).unwrap_or(1);
    let _ = writeln!(out, "\n{}", style.paint(Tone::Strong, title));
    for (label, (_, count)) in labels.iter().zip(&bars) {
        // Even the smallest count has a mark.
        let length = (u128::from(*count) * u128::from(bar)).div_ceil(u128::from(most));
        let marks = "#".repeat(usize::try_from(length).unwrap_or(1));
        let label = console::pad_str(label, width, console::Alignment::Left, None);
        let _ = writeln!(out, "  {label}  {count:>digits$}  {marks}");
    }
}
