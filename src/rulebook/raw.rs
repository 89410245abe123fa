//! The shape of the rule files, before anything in them is known to make sense.
//!
//! Everything here is as a policy owner wrote it. Ids carry their place, and conditions are left where they stand, so
//! that [`check`](super::check) can point at them.

use deserr::{Deserr, IntoValue, ValuePointerRef};
use schemars::JsonSchema;

use super::schema::texts_by_value;
use super::{FindingKind, Outcome};
use crate::question::{Basis, Kind, Section};
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

/// A text, or a mapping that keeps what the source says apart from our reading of it. Read where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Said(pub(super) At);

impl Deserr<Mistakes> for Said {
    fn deserialize_from_value<V: IntoValue>(
        value: deserr::Value<V>,
        location: ValuePointerRef<'_>,
    ) -> Result<Self, Mistakes> {
        At::deserialize_from_value(value, location).map(Self)
    }
}

/// Shapes of rule files, and of what stands in them: a key that is none of theirs is refused. What is cited also says
/// where it comes from.
macro_rules! shapes {
    () => {};
    ($(#[$meta:meta])* struct $name:ident { $($fields:tt)* } $($rest:tt)*) => {
        $(#[$meta])*
        #[derive(Debug, Deserr, JsonSchema)]
        #[deserr(error = Mistakes, deny_unknown_fields)]
        #[schemars(deny_unknown_fields)]
        pub(super) struct $name { $($fields)* }
        shapes! { $($rest)* }
    };
    ($(#[$meta:meta])* cited struct $name:ident { $($fields:tt)* } $($rest:tt)*) => {
        shapes! {
            $(#[$meta])*
            struct $name {
                $($fields)*
                pub(super) source: Citation,
                #[schemars(extend("enum" = Basis::ALL.map(Basis::id)))]
                pub(super) basis: Word,
                #[deserr(default)]
                pub(super) reasoning: Option<Word>,
            }
            $($rest)*
        }
    };
}

shapes! {
    /// `manifest.yaml`
    struct Manifest {
        pub(super) format: u8,
        pub(super) id: Word,
        pub(super) title: Word,
        pub(super) version: Word,
        pub(super) summary: Word,
        pub(super) disclaimer: Word,
        pub(super) sources: Vec<Page>,
        pub(super) sections: Sections,
        #[deserr(default)]
        pub(super) subject: Option<Subject>,
    }

    /// What is assessed, in words.
    struct Subject {
        pub(super) one: Word,
        pub(super) many: Word,
    }

    /// A page that rules cite.
    struct Page {
        pub(super) id: Word,
        pub(super) title: Word,
        #[deserr(default)]
        pub(super) publisher: Option<String>,
        pub(super) url: Word,
        #[deserr(default)]
        pub(super) last_edited: Option<String>,
    }

    struct Sections {
        pub(super) eligibility: SectionText,
        pub(super) fit: SectionText,
        pub(super) application: SectionText,
        pub(super) go_live: SectionText,
    }

    struct SectionText {
        pub(super) title: Word,
        pub(super) intro: Said,
    }

    /// Where a rule comes from.
    struct Citation {
        pub(super) page: Word,
        pub(super) section: Word,
        #[deserr(default)]
        pub(super) item: Option<String>,
    }

    /// `questions.yaml`
    struct Questions {
        pub(super) questions: Vec<Question>,
    }

    cited struct Question {
        pub(super) id: Word,
        #[schemars(extend("enum" = Section::ALL.map(Section::id)))]
        pub(super) section: Word,
        #[schemars(extend("enum" = Kind::ALL.map(Kind::id)))]
        pub(super) kind: Word,
        pub(super) prompt: Word,
        #[deserr(default)]
        pub(super) hint: Option<Said>,
        #[deserr(default)]
        pub(super) more: Option<Said>,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) options: Vec<Offer>,
        #[deserr(default, from(At) = Some)]
        pub(super) ask_when: Option<At>,
        #[deserr(default)]
        pub(super) changeable: Option<bool>,
        #[deserr(default)]
        pub(super) best_first: Option<bool>,
        #[deserr(default)]
        pub(super) not_sure: Option<bool>,
        #[deserr(default)]
        pub(super) changed: Option<Changed>,
    }

    /// When an answer given before would have to be looked at again.
    struct Changed {
        pub(super) version: Word,
        pub(super) why: Word,
    }

    struct Offer {
        // Readers of YAML 1.1 take `yes` and `no` for truth values, and those of YAML 1.2 for text.
        #[schemars(extend("type" = ["string", "boolean"]))]
        pub(super) value: Word,
        #[deserr(default)]
        pub(super) label: Option<Word>,
        #[deserr(default)]
        pub(super) hint: Option<Said>,
        #[deserr(default)]
        pub(super) action: Option<Word>,
        #[deserr(default)]
        pub(super) evidence: Option<Word>,
        #[deserr(default)]
        pub(super) none: Option<bool>,
        #[deserr(default)]
        pub(super) changeable: Option<bool>,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) reads_as: Vec<Word>,
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "texts_by_value")]
        pub(super) turns_out: Option<At>,
        #[deserr(default)]
        pub(super) says: Option<Said>,
        #[deserr(default)]
        pub(super) short: Option<Word>,
    }

    /// `criteria.yaml`
    struct Criteria {
        pub(super) criteria: Vec<Criterion>,
    }

    cited struct Criterion {
        pub(super) id: Word,
        #[deserr(default)]
        pub(super) number: Option<u8>,
        pub(super) title: Word,
        #[deserr(default, from(At) = Some)]
        pub(super) met_when: Option<At>,
        #[deserr(default, from(At) = Some)]
        pub(super) discuss_when: Option<At>,
        #[deserr(default)]
        pub(super) otherwise: Option<Word>,
        #[deserr(default)]
        pub(super) decided_by: Option<Word>,
        #[deserr(default)]
        pub(super) words_met_when: Option<At>,
        pub(super) says: Says,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) short: Short,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) notes: Vec<Note>,
    }

    /// What is said for each status.
    struct Says {
        #[deserr(default)]
        pub(super) met: Option<Said>,
        #[deserr(default)]
        pub(super) to_discuss: Option<Said>,
        #[deserr(default)]
        pub(super) not_met: Option<Said>,
        #[deserr(default)]
        pub(super) unknown: Option<Said>,
    }

    /// The same in a few words.
    #[derive(Default)]
    struct Short {
        #[deserr(default)]
        pub(super) met: Option<Word>,
        #[deserr(default)]
        pub(super) to_discuss: Option<Word>,
        #[deserr(default)]
        pub(super) not_met: Option<Word>,
        #[deserr(default)]
        pub(super) unknown: Option<Word>,
    }

    struct Note {
        pub(super) when: At,
        pub(super) says: Said,
    }

    /// `scenarios.yaml`
    struct Scenarios {
        pub(super) scenarios: Vec<Scenario>,
    }

    cited struct Scenario {
        pub(super) id: Word,
        #[deserr(default)]
        pub(super) number: Option<u8>,
        pub(super) title: Word,
        pub(super) when: At,
        pub(super) criterion: Word,
        pub(super) says: Said,
        #[deserr(default)]
        pub(super) short: Option<Word>,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) notes: Vec<Note>,
        #[deserr(default)]
        pub(super) departs_because: Option<Said>,
    }

    /// `fit.yaml`
    struct Fit {
        pub(super) findings: Vec<Finding>,
    }

    cited struct Finding {
        pub(super) id: Word,
        #[schemars(extend("enum" = FindingKind::ALL.map(FindingKind::id)))]
        pub(super) kind: Word,
        pub(super) title: Word,
        pub(super) when: At,
        pub(super) says: Said,
        #[deserr(default)]
        pub(super) not_sure: Option<Said>,
    }

    /// `application.yaml`
    struct Application {
        pub(super) topics: Vec<Topic>,
    }

    cited struct Topic {
        pub(super) id: Word,
        #[deserr(default)]
        pub(super) number: Option<u8>,
        pub(super) title: Word,
        pub(super) prepare: Said,
        pub(super) questions: Vec<Word>,
        #[deserr(default, from(At) = Some)]
        pub(super) prepared_when: Option<At>,
    }

    /// `go_live.yaml`
    struct GoLive {
        pub(super) obligations: Vec<Obligation>,
    }

    cited struct Obligation {
        pub(super) id: Word,
        pub(super) title: Word,
        pub(super) met_when: At,
        pub(super) otherwise: Word,
        pub(super) says: Says,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) short: Short,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) notes: Vec<Note>,
    }

    /// `contradictions.yaml`
    struct Contradictions {
        pub(super) contradictions: Vec<Contradiction>,
    }

    cited struct Contradiction {
        pub(super) id: Word,
        pub(super) when: At,
        pub(super) says: Said,
    }

    /// `outcomes.yaml`
    struct Outcomes {
        pub(super) outcomes: ByOutcome,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) facts: Vec<Fact>,
    }

    struct ByOutcome {
        pub(super) meets_criteria: OutcomeText,
        pub(super) needs_discussion: OutcomeText,
        pub(super) does_not_meet: OutcomeText,
        pub(super) incomplete: OutcomeText,
    }

    struct OutcomeText {
        pub(super) title: Word,
        pub(super) meaning: Said,
        pub(super) next_steps: Vec<Step>,
    }

    cited struct Step {
        pub(super) id: Word,
        pub(super) title: Word,
        pub(super) says: Said,
        #[deserr(default, from(At) = Some)]
        pub(super) when: Option<At>,
    }

    cited struct Fact {
        pub(super) id: Word,
        pub(super) title: Word,
        pub(super) says: Said,
        #[deserr(default, from(At) = Some)]
        pub(super) when: Option<At>,
        #[schemars(extend("items" = serde_json::json!({"enum": Outcome::ALL.map(Outcome::id)})))]
        pub(super) outcomes: Vec<Word>,
    }

    /// `glossary.yaml`
    struct Glossary {
        pub(super) terms: Vec<Term>,
    }

    cited struct Term {
        pub(super) id: Word,
        pub(super) term: Word,
        #[deserr(default)]
        #[schemars(default)]
        pub(super) also: Vec<Word>,
        pub(super) meaning: Said,
    }
}
