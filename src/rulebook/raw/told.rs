//! What is told beside the results: outcomes, next steps, facts and words.

use deserr::Deserr;
use schemars::JsonSchema;

use super::word::{id, when};
use super::{Citation, Said, Word};
use crate::outcome::Outcome;
use crate::question::Basis;
use crate::yaml::{At, Mistakes};

shapes! {
    /// What each outcome means, and what an applicant wants to know.
    struct Outcomes {
        /// The outcomes: exactly these four.
        pub(in crate::rulebook) outcomes: ByOutcome,
        /// What an applicant wants to know.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) facts: Vec<Fact>,
    }

    struct ByOutcome {
        /// Every criterion is met.
        pub(in crate::rulebook) meets_criteria: OutcomeText,
        /// None is unmet, but at least one has to be talked through.
        pub(in crate::rulebook) needs_discussion: OutcomeText,
        /// At least one is not met.
        pub(in crate::rulebook) does_not_meet: OutcomeText,
        /// Missing answers can still change it.
        pub(in crate::rulebook) incomplete: OutcomeText,
    }

    /// What is said about an outcome.
    struct OutcomeText {
        /// A short heading.
        pub(in crate::rulebook) title: Word,
        /// One or two sentences.
        pub(in crate::rulebook) meaning: Said,
        /// What to do next, in the order to do it.
        pub(in crate::rulebook) next_steps: Vec<Step>,
    }

    /// Something to do next.
    cited struct Step {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// Its heading.
        pub(in crate::rulebook) title: Word,
        /// What to do.
        pub(in crate::rulebook) says: Said,
        /// For whom it is: left out where this certainly does not hold. It may test results.
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "when")]
        pub(in crate::rulebook) when: Option<At>,
    }

    /// Something an applicant wants to know.
    cited struct Fact {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// Its heading.
        pub(in crate::rulebook) title: Word,
        /// The fact.
        pub(in crate::rulebook) says: Said,
        /// For whom it is: shown only where this certainly holds. It may test results.
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "when")]
        pub(in crate::rulebook) when: Option<At>,
        /// The outcomes it is shown with.
        #[schemars(extend("items" = serde_json::json!({"enum": Outcome::ALL.map(Outcome::id)})))]
        pub(in crate::rulebook) outcomes: Vec<Word>,
    }

    /// Words explained.
    struct Glossary {
        /// The words.
        pub(in crate::rulebook) terms: Vec<Term>,
    }

    /// A word explained.
    cited struct Term {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// The word.
        pub(in crate::rulebook) term: Word,
        /// What else people call it; `explain` knows it by these, too.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) also: Vec<Word>,
        /// What it means, in plain English.
        pub(in crate::rulebook) meaning: Said,
    }
}
