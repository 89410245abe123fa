//! What a person is offered once nothing is left to ask: the next sections, and what was left out of those before.

use std::collections::BTreeSet;

use super::Interview;
use crate::question::Section;

/// Something that can be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// What is left of the questions being asked, though a criterion is not met.
    GoOn,
    /// What can still change something in a section.
    Section(Section),
    /// The other questions of a section, for a full record.
    Rest(Section),
}

impl Offer {
    /// Adds it to what is asked. What was broken off stays so, unless the person goes on with it.
    pub(super) fn accept(self, interview: &mut Interview<'_>) {
        let left = |section: &Section| !interview.wanted(*section).is_empty();
        let mut broken_off: BTreeSet<Section> = interview.plan.sections.iter().copied().filter(left).collect();
        match self {
            Self::GoOn => broken_off.clear(),
            Self::Section(section) => {
                interview.plan.sections.insert(section);
            }
            Self::Rest(section) => {
                interview.plan.whole.insert(section);
            }
        }
        interview.broken_off = broken_off;
    }
}

/// What can be gone on with: what is left where the person is, sections not chosen yet, then what was left out of those
/// that were.
pub(super) fn offered(interview: &Interview<'_>) -> Vec<Offer> {
    let plan = &interview.plan;
    if !plan.offers {
        return Vec::new();
    }
    let fresh = Section::ALL
        .into_iter()
        .filter(|section| !plan.sections.contains(section) && !interview.wanted(*section).is_empty());
    let rest = plan.sections.iter().filter(|section| {
        !plan.whole.contains(section) && interview.wanted(**section).is_empty() && !interview.rest(**section).is_empty()
    });
    let left = plan.sections.iter().any(|section| !interview.wanted(*section).is_empty());
    let go_on = left.then_some(Offer::GoOn);
    go_on.into_iter().chain(fresh.map(Offer::Section)).chain(rest.map(|section| Offer::Rest(*section))).collect()
}
