//! The shape of the rule files, before anything in them is known to make sense.
//!
//! Everything here is as a policy owner wrote it. Ids carry their place, and conditions are left where they stand, so
//! that [`check`](super::check) can point at them.

use std::collections::BTreeMap;

use deserr::{Deserr, IntoValue, ValuePointerRef};

use crate::yaml::{At, Mistakes};

/// A word with its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: At,
}

impl Deserr<Mistakes> for Word {
    fn deserialize_from_value<V: IntoValue>(
        value: deserr::Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Mistakes> {
        let at = At::deserialize_from_value::<V>(deserr::Value::Null, location)?;
        let text = String::deserialize_from_value(value, location)?;
        Ok(Self { text, at })
    }
}

/// Declares the shape of one part of a rule file: unknown keys are refused, optional keys have `Option` or a default.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Deserr)]
            #[deserr(error = Mistakes, deny_unknown_fields)]
            pub(super) struct $name { $($(#[$fdoc])* pub(super) $field: $ty,)* }
        )*
    };
}

shapes! {
    /// `manifest.yaml`
    Manifest {
        format: u8,
        id: Word,
        title: Word,
        version: Word,
        summary: Word,
        disclaimer: Word,
        sources: Vec<Page>,
        sections: Sections,
    }
    /// A page that rules cite.
    Page {
        id: Word,
        title: Word,
        publisher: Option<String>,
        url: Word,
        last_edited: Option<String>,
    }
    Sections {
        eligibility: SectionText,
        fit: SectionText,
        application: SectionText,
        go_live: SectionText,
    }
    SectionText {
        title: Word,
        intro: Word,
    }
    /// Where a rule comes from.
    Citation {
        page: Word,
        section: Word,
        item: Option<String>,
    }
    /// `questions.yaml`
    Questions {
        questions: Vec<Question>,
    }
    Question {
        id: Word,
        section: Word,
        kind: Word,
        prompt: Word,
        hint: Option<Word>,
        #[deserr(default)]
        options: Vec<Offer>,
        ask_when: Option<At>,
        changeable: Option<bool>,
        evidence: Option<Word>,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    Offer {
        value: Word,
        label: Option<Word>,
        hint: Option<Word>,
        action: Option<Word>,
        exclusive: Option<bool>,
    }
    /// `criteria.yaml`
    Criteria {
        criteria: Vec<Criterion>,
    }
    Criterion {
        id: Word,
        number: Option<u8>,
        title: Word,
        met_when: Option<At>,
        discuss_when: Option<At>,
        otherwise: Option<Word>,
        decided_by: Option<Word>,
        says: Says,
        #[deserr(default)]
        notes: Vec<Note>,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    /// What is said for each status.
    Says {
        met: Option<Word>,
        to_discuss: Option<Word>,
        not_met: Option<Word>,
        unknown: Option<Word>,
    }
    Note {
        when: At,
        says: Word,
    }
    /// `scenarios.yaml`
    Scenarios {
        scenarios: Vec<Scenario>,
    }
    Scenario {
        id: Word,
        number: Option<u8>,
        title: Word,
        when: At,
        criterion: Word,
        says: Word,
        #[deserr(default)]
        notes: Vec<Note>,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    /// `fit.yaml`
    Fit {
        findings: Vec<Finding>,
    }
    Finding {
        id: Word,
        kind: Word,
        title: Word,
        when: At,
        says: Word,
        not_sure: Option<Word>,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    /// `application.yaml`
    Application {
        topics: Vec<Topic>,
    }
    Topic {
        id: Word,
        number: Option<u8>,
        title: Word,
        prepare: Word,
        questions: Vec<Word>,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    /// `go_live.yaml`
    GoLive {
        obligations: Vec<Obligation>,
    }
    Obligation {
        id: Word,
        title: Word,
        met_when: At,
        otherwise: Word,
        says: Says,
        #[deserr(default)]
        notes: Vec<Note>,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    /// `outcomes.yaml`
    Outcomes {
        outcomes: ByOutcome,
        #[deserr(default)]
        facts: Vec<Fact>,
    }
    ByOutcome {
        meets_criteria: OutcomeText,
        needs_discussion: OutcomeText,
        does_not_meet: OutcomeText,
        incomplete: OutcomeText,
    }
    OutcomeText {
        title: Word,
        meaning: Word,
        next_steps: Vec<Step>,
    }
    Step {
        id: Word,
        title: Word,
        says: Word,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    Fact {
        id: Word,
        title: Word,
        says: Word,
        outcomes: Vec<Word>,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    /// `glossary.yaml`
    Glossary {
        terms: Vec<Term>,
    }
    Term {
        id: Word,
        term: Word,
        meaning: Word,
        source: Citation,
        basis: Word,
        reasoning: Option<Word>,
    }
    /// `tests/*.yaml`
    Cases {
        cases: Vec<Case>,
    }
    Case {
        name: Word,
        based_on: Option<Word>,
        given: Option<At>,
        expect: Expect,
    }
    /// What a case asserts.
    Expect {
        outcome: Option<Word>,
        possible_outcomes: Option<Vec<Word>>,
        /// Outer: whether it stands there at all. A scenario that is undecided is written `null`.
        scenario: Option<At>,
        criteria: Option<BTreeMap<String, Word>>,
        fit: Option<Word>,
        findings: Option<BTreeMap<String, Word>>,
        go_live: Option<BTreeMap<String, Word>>,
        missing: Option<Vec<Word>>,
    }
}
