//! The shape of the rule files, before anything in them is known to make sense.
//!
//! Everything here is as a policy owner wrote it. Ids carry their place, and conditions are left where they stand, so
//! that [`check`](super::check) can point at them. What stands above each key is what editors show of it, and what
//! `docs/rules.md` says of it.

use deserr::Deserr;
use schemars::JsonSchema;

use crate::yaml::{At, Mistakes};

/// Shapes of rule files, and of what stands in them: a key that is none of theirs is refused. What is cited also says
/// where it comes from.
macro_rules! shapes {
    () => {};
    ($(#[$meta:meta])* struct $name:ident { $($fields:tt)* } $($rest:tt)*) => {
        #[derive(Debug, Deserr, JsonSchema)]
        #[deserr(error = Mistakes, deny_unknown_fields)]
        #[schemars(deny_unknown_fields)]
        $(#[$meta])*
        pub(in crate::rulebook) struct $name { $($fields)* }
        shapes! { $($rest)* }
    };
    ($(#[$meta:meta])* cited struct $name:ident { $($fields:tt)* } $($rest:tt)*) => {
        shapes! {
            $(#[$meta])*
            struct $name {
                $($fields)*
                /// Where the rule comes from.
                pub(in crate::rulebook) source: Citation,
                /// `published` if the source says it; `interpretation` if it is our reading, which needs a `reasoning`.
                #[schemars(extend("enum" = Basis::ALL.map(Basis::id)))]
                pub(in crate::rulebook) basis: Word,
                /// Why the source is read so.
                #[deserr(default)]
                pub(in crate::rulebook) reasoning: Option<Word>,
            }
            $($rest)*
        }
    };
}

mod asked;
mod decided;
mod told;
mod word;

pub(super) use asked::*;
pub(super) use decided::*;
pub(super) use told::*;
pub(super) use word::{MAX_SHORT, Said, Word};
use word::{page_id, when};

shapes! {
    /// Where a rule comes from.
    struct Citation {
        /// The id of a source in `manifest.yaml`.
        #[schemars(schema_with = "page_id")]
        pub(in crate::rulebook) page: Word,
        /// The heading on the page.
        pub(in crate::rulebook) section: Word,
        /// The item under the heading, such as `bullet 2`.
        #[deserr(default)]
        pub(in crate::rulebook) item: Option<String>,
    }

    /// What is said to the applicant for each status. Leave out a status that can never be.
    struct Says {
        /// What is said when it is met.
        #[deserr(default)]
        pub(in crate::rulebook) met: Option<Said>,
        /// What is said when it has to be talked through.
        #[deserr(default)]
        pub(in crate::rulebook) to_discuss: Option<Said>,
        /// What is said when it is not met.
        #[deserr(default)]
        pub(in crate::rulebook) not_met: Option<Said>,
        /// What is said while answers are missing.
        #[deserr(default)]
        pub(in crate::rulebook) unknown: Option<Said>,
    }

    /// The same in at most 75 characters, for a row of a report; without it, the first sentence.
    #[derive(Default)]
    struct Short {
        /// When it is met.
        #[deserr(default)]
        #[schemars(extend("maxLength" = MAX_SHORT))]
        pub(in crate::rulebook) met: Option<Word>,
        /// When it has to be talked through.
        #[deserr(default)]
        #[schemars(extend("maxLength" = MAX_SHORT))]
        pub(in crate::rulebook) to_discuss: Option<Word>,
        /// When it is not met.
        #[deserr(default)]
        #[schemars(extend("maxLength" = MAX_SHORT))]
        pub(in crate::rulebook) not_met: Option<Word>,
        /// While answers are missing.
        #[deserr(default)]
        #[schemars(extend("maxLength" = MAX_SHORT))]
        pub(in crate::rulebook) unknown: Option<Word>,
    }

    /// An extra sentence, shown where its condition certainly holds.
    struct Note {
        /// When it is shown. It may test results.
        #[schemars(schema_with = "when")]
        pub(in crate::rulebook) when: At,
        /// The sentence.
        pub(in crate::rulebook) says: Said,
    }
}
