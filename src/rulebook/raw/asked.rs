//! `manifest.yaml` and `questions.yaml`.

use deserr::Deserr;
use schemars::JsonSchema;

use super::word::{MAX_SHORT, condition, id, texts_by_value};
use super::{Citation, Said, Word};
use crate::question::{Basis, Kind, Section};
use crate::yaml::{At, Mistakes};

shapes! {
    /// What the rules are called, and what every report says.
    struct Manifest {
        /// The version of the file format: 1.
        #[schemars(extend("const" = 1))]
        pub(in crate::rulebook) format: u8,
        /// The id of the rules.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// What the rules are called.
        pub(in crate::rulebook) title: Word,
        /// The version of the rules. Change it whenever what answers lead to changes.
        pub(in crate::rulebook) version: Word,
        /// One sentence: what the rules decide.
        pub(in crate::rulebook) summary: Word,
        /// What every report says once.
        pub(in crate::rulebook) disclaimer: Word,
        /// The same in at most 75 characters.
        #[deserr(default)]
        #[schemars(extend("maxLength" = MAX_SHORT))]
        pub(in crate::rulebook) short: Option<Word>,
        /// The pages that rules cite.
        pub(in crate::rulebook) sources: Vec<Page>,
        /// What introduces each section: exactly these four.
        pub(in crate::rulebook) sections: Sections,
        /// What is assessed, in words; without it, product and products.
        #[deserr(default)]
        pub(in crate::rulebook) subject: Option<Subject>,
        /// What it is to fit, in words such as "… does not fit"; without it, "it".
        #[deserr(default)]
        pub(in crate::rulebook) service: Option<Word>,
        /// What letters to applicants say beside the result.
        #[deserr(default)]
        pub(in crate::rulebook) letter: Option<Letter>,
    }

    /// What letters to applicants say beside the result.
    struct Letter {
        /// The first words: who writes, and what about.
        pub(in crate::rulebook) opening: Word,
        /// How to answer.
        pub(in crate::rulebook) reply: Word,
    }

    /// What is assessed, in words.
    struct Subject {
        /// One of them.
        pub(in crate::rulebook) one: Word,
        /// Several.
        pub(in crate::rulebook) many: Word,
    }

    /// A page that rules cite.
    struct Page {
        /// Its id, which rules cite it by.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// Its title.
        pub(in crate::rulebook) title: Word,
        /// Who publishes it.
        #[deserr(default)]
        pub(in crate::rulebook) publisher: Option<String>,
        /// Its web address.
        pub(in crate::rulebook) url: Word,
        /// When it was last changed, as the page says it.
        #[deserr(default)]
        pub(in crate::rulebook) last_edited: Option<String>,
    }

    struct Sections {
        /// What the criteria ask.
        pub(in crate::rulebook) eligibility: SectionText,
        /// Whether the service suits what is assessed.
        pub(in crate::rulebook) fit: SectionText,
        /// What the application is talked through with.
        pub(in crate::rulebook) application: SectionText,
        /// What is owed before going live.
        pub(in crate::rulebook) go_live: SectionText,
    }

    struct SectionText {
        /// Its heading.
        pub(in crate::rulebook) title: Word,
        /// One or two sentences, shown when the interview reaches it.
        pub(in crate::rulebook) intro: Said,
    }

    /// Every question, in the order of asking.
    struct Questions {
        /// The questions, in the order they are asked; sections in their order.
        pub(in crate::rulebook) questions: Vec<Question>,
    }

    /// What is asked.
    #[schemars(extend("if" = serde_json::json!({
        "type": "object", "properties": {"kind": {"enum": [Kind::Choice.id(), Kind::Choices.id()]}}, "required": ["kind"],
    }), "then" = serde_json::json!({
        "type": "object", "properties": {"options": {"type": "array", "minItems": 2, "maxItems": 64}}, "required": ["options"],
    })))]
    cited struct Question {
        /// The key in answers files, unique over the folder.
        #[schemars(schema_with = "id")]
        pub(in crate::rulebook) id: Word,
        /// The part of the interview and of the report that it belongs to.
        #[schemars(extend("enum" = Section::ALL.map(Section::id)))]
        pub(in crate::rulebook) section: Word,
        /// The answer it takes: yes or no, one of the options, any of the options, or text.
        #[schemars(extend("enum" = Kind::ALL.map(Kind::id)))]
        pub(in crate::rulebook) kind: Word,
        /// The question as asked, addressed to "you".
        pub(in crate::rulebook) prompt: Word,
        /// What a person may need to know to answer it.
        #[deserr(default)]
        pub(in crate::rulebook) hint: Option<Said>,
        /// The rarer cases, for whoever asks.
        #[deserr(default)]
        pub(in crate::rulebook) more: Option<Said>,
        /// What it offers. For `yes_no` only to add something to `yes` or `no`.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) options: Vec<Offer>,
        /// When it is asked; without it, always. No rule may depend on it where it is not asked.
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "condition")]
        pub(in crate::rulebook) ask_when: Option<At>,
        /// `false` if no report may propose to change this answer.
        #[deserr(default)]
        pub(in crate::rulebook) changeable: Option<bool>,
        /// `true` if the options stand in order, from the one that serves the applicant best.
        #[deserr(default)]
        pub(in crate::rulebook) best_first: Option<bool>,
        /// `false` if "not sure" is no answer to it.
        #[deserr(default)]
        pub(in crate::rulebook) not_sure: Option<bool>,
        /// Since when, and why, an answer given before is asked for again.
        #[deserr(default)]
        pub(in crate::rulebook) changed: Option<Changed>,
    }

    /// When an answer given before has to be looked at again.
    struct Changed {
        /// The first version of the rules that asks it in this way.
        pub(in crate::rulebook) version: Word,
        /// What has changed.
        pub(in crate::rulebook) why: Word,
    }

    /// What a question offers.
    struct Offer {
        /// What stands in an answers file.
        // Readers of YAML 1.1 take `yes` and `no` for truth values, and those of YAML 1.2 for text.
        #[schemars(extend("type" = ["string", "boolean"]))]
        pub(in crate::rulebook) value: Word,
        /// What a person reads. Only `yes` and `no` do without.
        #[deserr(default)]
        pub(in crate::rulebook) label: Option<Word>,
        /// More about it.
        #[deserr(default)]
        pub(in crate::rulebook) hint: Option<Said>,
        /// What to do to be able to give this answer, as in: make it free to all.
        #[deserr(default)]
        pub(in crate::rulebook) action: Option<Word>,
        /// What link or reference to note beside this answer.
        #[deserr(default)]
        pub(in crate::rulebook) evidence: Option<Word>,
        /// `true` for one option of `choices`: it is the empty list, and excludes the others.
        #[deserr(default)]
        pub(in crate::rulebook) none: Option<bool>,
        /// `false` if no report may propose to change this answer.
        #[deserr(default)]
        pub(in crate::rulebook) changeable: Option<bool>,
        /// For `choice`: the options as one of which it counts, where the source does not say which.
        #[deserr(default)]
        #[schemars(default)]
        pub(in crate::rulebook) reads_as: Vec<Word>,
        /// What it is worth to find out, for each of those options.
        #[deserr(default, from(At) = Some)]
        #[schemars(default, schema_with = "texts_by_value")]
        pub(in crate::rulebook) turns_out: Option<At>,
        /// What the source leaves open, and what to do. Needed beside `reads_as`.
        #[deserr(default)]
        pub(in crate::rulebook) says: Option<Said>,
        /// The same in at most 75 characters.
        #[deserr(default)]
        #[schemars(extend("maxLength" = MAX_SHORT))]
        pub(in crate::rulebook) short: Option<Word>,
    }
}
