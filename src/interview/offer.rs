//! What a person is offered once nothing is left to ask: the next sections, and what was left out of those before.

use super::{Interview, Plan};
use crate::question::Section;

/// Something that can be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// What can still change something in a section.
    Section(Section),
    /// The other questions of a section, for a full record.
    Rest(Section),
}

impl Offer {
    /// Adds it to what is asked.
    pub(super) fn accept(self, plan: &mut Plan) {
        match self {
            Self::Section(section) => plan.sections.insert(section),
            Self::Rest(section) => plan.whole.insert(section),
        };
    }
}

/// What can be gone on with: sections not chosen yet, then what was left out of those that were.
pub(super) fn offered(interview: &Interview<'_>) -> Vec<Offer> {
    let plan = &interview.plan;
    if !plan.offers {
        return Vec::new();
    }
    let fresh = Section::ALL
        .into_iter()
        .filter(|section| !plan.sections.contains(section) && !interview.wanted(*section).is_empty());
    let rest =
        plan.sections.iter().filter(|section| !plan.whole.contains(section) && !interview.rest(**section).is_empty());
    fresh.map(Offer::Section).chain(rest.map(|section| Offer::Rest(*section))).collect()
}
