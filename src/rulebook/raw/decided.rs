//! What answers decide: criteria, scenarios, findings, topics, obligations and contradictions.

use deserr::Deserr;
use schemars::JsonSchema;

use super::word::{MAX_SHORT, condition, id, question_ids};
use super::{Citation, Note, Said, Says, Short, Word};
use crate::outcome::{FindingKind, Status};
use crate::question::Basis;
use crate::yaml::{At, Mistakes};

/// What becomes of a criterion or an obligation that is not met.
const UNMET: [&str; 2] = [Status::ToDiscuss.id(), Status::NotMet.id()];
/// What a scenario makes of the criterion that the scenarios decide.
const DECIDED: [&str; 3] = [Status::Met.id(), Status::ToDiscuss.id(), Status::NotMet.id()];

shapes! {
    /// What the outcome is made of.
    struct Criteria {
        /// The criteria, in the order of the source.
        pub(in crate::rulebook) criteria: Vec<Criterion>,
    }

    /// A criterion. Its own conditions decide it, or the scenarios do.
    #[schemars(extend("oneOf" = serde_json::json!([
        {"type": "object", "properties": {"met_when": true, "otherwise": true}, "required": ["met_when", "otherwise"],
         "not": {"type": "object", "properties": {"decided_by": true}, "required": ["decided_by"]}},
        {"type": "object", "properties": {"decided_by": true}, "required": ["decided_by"],
         "not": {"type": "object", "properties": {"met_when": true}, "required": ["met_when"]}},
    ])))]
    cited struct Criterion {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// Its number in the source. No two criteria have the same.
        #[deserr(default)]
        pub(in crate::rulebook) number: Option<u8>,
        /// Its heading, short enough for a row.
        pub(in crate::rulebook) title: Word,
        /// It is met when this holds.
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "condition")]
        pub(in crate::rulebook) met_when: Option<At>,
        /// It is to be discussed when this holds and `met_when` does not.
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "condition")]
        pub(in crate::rulebook) discuss_when: Option<At>,
        /// What it is when neither holds: `to_discuss` or `not_met`.
        #[deserr(default)]
        #[schemars(extend("enum" = UNMET))]
        pub(in crate::rulebook) otherwise: Option<Word>,
        /// `scenarios`, in place of `met_when`, `discuss_when` and `otherwise`. At most one criterion says so.
        #[deserr(default)]
        #[schemars(extend("enum" = ["scenarios"]))]
        pub(in crate::rulebook) decided_by: Option<Word>,
        /// Beside `decided_by`: when the criterion's own words are met. A published scenario that says otherwise says why.
        #[deserr(default)]
        #[schemars(default, schema_with = "condition")]
        pub(in crate::rulebook) words_met_when: Option<At>,
        /// What is said to the applicant for each status.
        pub(in crate::rulebook) says: Says,
        /// The same in a few words.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) short: Short,
        /// Extra sentences, each shown where its condition certainly holds.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) notes: Vec<Note>,
    }

    /// What decides one of the criteria.
    struct Scenarios {
        /// The scenarios. Together they cover every case, and no case matches two.
        pub(in crate::rulebook) scenarios: Vec<Scenario>,
    }

    /// A scenario.
    #[schemars(extend("oneOf" = serde_json::json!([
        {"type": "object", "properties": {"when": true}, "required": ["when"]},
        {"type": "object", "properties": {"otherwise": true}, "required": ["otherwise"]},
    ])))]
    cited struct Scenario {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// Its number in the source; an interpretation has none.
        #[deserr(default)]
        pub(in crate::rulebook) number: Option<u8>,
        /// Its heading.
        pub(in crate::rulebook) title: Word,
        /// What it covers.
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "condition")]
        pub(in crate::rulebook) when: Option<At>,
        /// `true` for the last scenario, in place of `when`: it covers all that those before it leave.
        #[deserr(default)]
        #[schemars(extend("enum" = [true]))]
        pub(in crate::rulebook) otherwise: Option<bool>,
        /// What it makes of the criterion that the scenarios decide.
        #[schemars(extend("enum" = DECIDED))]
        pub(in crate::rulebook) criterion: Word,
        /// What is said to the applicant.
        pub(in crate::rulebook) says: Said,
        /// The same in at most 75 characters.
        #[deserr(default)]
        #[schemars(extend("maxLength" = MAX_SHORT))]
        pub(in crate::rulebook) short: Option<Word>,
        /// Extra sentences, each shown where its condition certainly holds.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) notes: Vec<Note>,
        /// Why a published scenario says something else than the words of its criterion.
        #[deserr(default)]
        pub(in crate::rulebook) departs_because: Option<Said>,
    }

    /// Whether the service suits what is assessed.
    struct Fit {
        /// The findings.
        pub(in crate::rulebook) findings: Vec<Finding>,
    }

    /// A finding.
    cited struct Finding {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// How much it weighs: a `blocker` means that it does not fit, a `condition` that something has to be done, a
        /// `note` never changes the fit.
        #[schemars(extend("enum" = FindingKind::ALL.map(FindingKind::id)))]
        pub(in crate::rulebook) kind: Word,
        /// Its heading.
        pub(in crate::rulebook) title: Word,
        /// When it holds.
        #[schemars(schema_with = "condition")]
        pub(in crate::rulebook) when: At,
        /// What is said when it holds.
        pub(in crate::rulebook) says: Said,
        /// What is said when a "not sure" leaves it open. Only a note does without.
        #[deserr(default)]
        pub(in crate::rulebook) not_sure: Option<Said>,
    }

    /// What the application is talked through with.
    struct Application {
        /// The topics.
        pub(in crate::rulebook) topics: Vec<Topic>,
    }

    /// A topic.
    cited struct Topic {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// Its number in the source. No two topics have the same.
        #[deserr(default)]
        pub(in crate::rulebook) number: Option<u8>,
        /// Its heading.
        pub(in crate::rulebook) title: Word,
        /// What to have ready, in one to three sentences.
        pub(in crate::rulebook) prepare: Said,
        /// The questions that prepare it: all of them answered, and none with "not sure".
        #[schemars(schema_with = "question_ids")]
        pub(in crate::rulebook) questions: Vec<Word>,
        /// What their answers have to be, if not any will do.
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "condition")]
        pub(in crate::rulebook) prepared_when: Option<At>,
    }

    /// What is owed before going live.
    struct GoLive {
        /// The obligations.
        pub(in crate::rulebook) obligations: Vec<Obligation>,
    }

    /// An obligation.
    cited struct Obligation {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// Its heading.
        pub(in crate::rulebook) title: Word,
        /// It is met when this holds.
        #[schemars(schema_with = "condition")]
        pub(in crate::rulebook) met_when: At,
        /// What it is when that does not hold: `to_discuss` or `not_met`.
        #[schemars(extend("enum" = UNMET))]
        pub(in crate::rulebook) otherwise: Word,
        /// What is said for each status, `unknown` among them.
        pub(in crate::rulebook) says: Says,
        /// The same in a few words.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) short: Short,
        /// Extra sentences, each shown where its condition certainly holds.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) notes: Vec<Note>,
    }

    /// Answers that cannot all be true.
    struct Contradictions {
        /// The contradictions. Where one certainly holds there is a warning; the outcome stands.
        pub(in crate::rulebook) contradictions: Vec<Contradiction>,
    }

    /// Answers that cannot all be true.
    cited struct Contradiction {
        /// Its id, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// When answers contradict each other.
        #[schemars(schema_with = "condition")]
        pub(in crate::rulebook) when: At,
        /// What is wrong, and how to mend it.
        pub(in crate::rulebook) says: Said,
    }
}
