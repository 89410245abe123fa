//! The keys of the rule files, each with its shape and purpose: files are checked against them, and schemas and
//! `docs/rules.md` are generated from them.

use crate::outcome::{FindingKind, Outcome, Status};
use crate::question::{Basis, Kind, Section};
use crate::yaml::shape::Shape::{
    Flag, Id, IdOf, List, Number, OneOf, OnlyTrue, OptionValue, Other, Short, Text, TextByOption, TextOr,
};
use crate::yaml::shape::{Key, Keys, Shape, needed, optional};

/// The most characters of a text that fits into a row of a report.
pub(super) const MAX_SHORT: usize = 75;

/// A condition over answers.
const CONDITION: Shape = Other("Condition");
/// A condition that may test results.
const WHEN: Shape = Other("When");
const PROSE: Shape = TextOr(&TEXT);
const SAYS: Shape = Shape::Keys(&BY_STATUS);
const SHORTS: Shape = Shape::Keys(&SHORT_BY_STATUS);
const NOTES: Shape = List(&Shape::Keys(&NOTE));
/// The statuses of whatever is not met.
const UNMET: Shape = OneOf(|| [Status::ToDiscuss, Status::NotMet].map(Status::id).to_vec());

const DECIDED_STATUS: Shape = OneOf(|| Status::DECIDED.iter().map(|status| status.id()).collect());
const SECTION_ID: Shape = OneOf(|| Section::ALL.map(Section::id).to_vec());
const QUESTION_KIND: Shape = OneOf(|| Kind::ALL.map(Kind::id).to_vec());

const UNIQUE: &str = "Its id, unique over the folder.";
const SAME_SHORT: &str = "The same in at most 75 characters.";
const EXTRA: &str = "Extra sentences, each shown where its condition certainly holds.";
const UNCHANGEABLE: &str = "`false` if no report may propose to change this answer.";

/// The keys of every rule with its own source.
const CITED: &[Key] = &[
    needed("source", Shape::Keys(&CITATION), "Where the rule comes from."),
    needed(
        "basis",
        OneOf(|| Basis::ALL.map(Basis::id).to_vec()),
        "`published` if the source says it; `interpretation` if it is our reading, which needs a `reasoning`.",
    ),
    optional("reasoning", Text, "Why the source is read so."),
];

/// The keys of each rule file, in the order of [`FILES`](super::FILES).
pub(super) static OF_FILES: [&Keys; 10] =
    [&MANIFEST, &QUESTIONS, &CRITERIA, &SCENARIOS, &FIT, &APPLICATION, &GO_LIVE, &CONTRADICTIONS, &OUTCOMES, &GLOSSARY];

const fn keys(name: &'static str, about: &'static str) -> Keys {
    Keys { name, about, own: &[], shared: &[] }
}

const fn cited(name: &'static str, about: &'static str) -> Keys {
    Keys { name, about, own: &[], shared: CITED }
}

static TEXT: Keys = keys("Text", "").of(&[
    optional("says", Text, "What the source vouches for."),
    optional("reading", Text, "What we read into it, which every report marks as ours."),
    optional("reasoning", Text, "Why we read it so."),
]);

static CITATION: Keys = keys("Citation", "Where a rule comes from.").of(&[
    needed("page", IdOf("PageId"), "The id of a source in `manifest.yaml`."),
    needed("section", Text, "The heading on the page."),
    optional("item", Text, "The item under the heading, such as `bullet 2`."),
]);

static BY_STATUS: Keys =
    keys("Says", "What is said to the applicant for each status. Leave out a status that can never be.").of(&[
        optional("met", PROSE, "What is said when it is met."),
        optional("to_discuss", PROSE, "What is said when it has to be talked through."),
        optional("not_met", PROSE, "What is said when it is not met."),
        optional("unknown", PROSE, "What is said while answers are missing."),
    ]);

static SHORT_BY_STATUS: Keys =
    keys("Short", "The same in at most 75 characters, for a row of a report; without it, the first sentence.").of(&[
        optional("met", Short, "When it is met."),
        optional("to_discuss", Short, "When it has to be talked through."),
        optional("not_met", Short, "When it is not met."),
        optional("unknown", Short, "While answers are missing."),
    ]);

static NOTE: Keys = keys("Note", "An extra sentence, shown where its condition certainly holds.")
    .of(&[needed("when", WHEN, "When it is shown. It may test results."), needed("says", PROSE, "The sentence.")]);

static MANIFEST: Keys = Keys::new(&[
    needed("format", Number(255), "The version of the file format: 1."),
    needed("id", Id, "The id of the rules."),
    needed("title", Text, "What the rules are called."),
    needed("version", Text, "The version of the rules. Change it whenever what answers lead to changes."),
    needed("summary", Text, "One sentence: what the rules decide."),
    needed("disclaimer", Text, "What every report says once."),
    optional("short", Short, SAME_SHORT),
    needed("sources", List(&Shape::Keys(&PAGE)), "The pages that rules cite."),
    needed("sections", Shape::Keys(&SECTIONS), "What introduces each section: exactly these four."),
    optional("subject", Shape::Keys(&SUBJECT), "What is assessed, in words; without it, product and products."),
    optional("service", Text, "What it is to fit, in words such as \"… does not fit\"; without it, \"it\"."),
    optional("letter", Shape::Keys(&LETTER), "What letters to applicants say beside the result."),
]);

static LETTER: Keys = keys("Letter", "What letters to applicants say beside the result.").of(&[
    needed("opening", Text, "The first words: who writes, and what about."),
    needed("reply", Text, "How to answer."),
]);

static SUBJECT: Keys = keys("Subject", "What is assessed, in words.")
    .of(&[needed("one", Text, "One of them."), needed("many", Text, "Several.")]);

static PAGE: Keys = keys("Page", "A page that rules cite.").of(&[
    needed("id", Id, "Its id, which rules cite it by."),
    needed("title", Text, "Its title."),
    optional("publisher", Text, "Who publishes it."),
    needed("url", Text, "Its web address."),
    optional("last_edited", Text, "When it was last changed, as the page says it."),
]);

static SECTIONS: Keys = keys("Sections", "").of(&[
    needed("eligibility", Shape::Keys(&SECTION), "What the criteria ask."),
    needed("fit", Shape::Keys(&SECTION), "Whether the service suits what is assessed."),
    needed("application", Shape::Keys(&SECTION), "What the application is talked through with."),
    needed("go_live", Shape::Keys(&SECTION), "What is needed before going live."),
]);

static SECTION: Keys = keys("SectionText", "").of(&[
    needed("title", Text, "Its heading."),
    needed("intro", PROSE, "One or two sentences, shown when the interview reaches it."),
]);

static QUESTIONS: Keys = Keys::new(&[needed(
    "questions",
    List(&Shape::Keys(&QUESTION)),
    "The questions, in the order they are asked; sections in their order.",
)]);

static QUESTION: Keys = cited("Question", "What is asked.").of(&[
    needed("id", Id, "The key in answers files, unique over the folder."),
    needed("section", SECTION_ID, "The part of the interview and of the report that it belongs to."),
    needed("kind", QUESTION_KIND, "The answer it takes: yes or no, one of the options, any of the options, or text."),
    needed("prompt", Text, "The question as asked, addressed to \"you\"."),
    optional("hint", PROSE, "What a person may need to know to answer it."),
    optional("more", PROSE, "The rarer cases, for whoever asks."),
    optional(
        "options",
        List(&Shape::Keys(&OPTION)),
        "What it offers. For `yes_no` only to add something to `yes` or `no`.",
    ),
    optional(
        "ask_when",
        CONDITION,
        "When it is asked; without it, always. No rule may depend on it where it is not asked.",
    ),
    optional("changeable", Flag, UNCHANGEABLE),
    optional("best_first", Flag, "`true` if the options stand in order, from the one that serves the applicant best."),
    optional("not_sure", Flag, "`false` if \"not sure\" is no answer to it."),
    optional("changed", Shape::Keys(&CHANGED), "Since when, and why, an answer given before is asked for again."),
]);

static CHANGED: Keys = keys("Changed", "When an answer given before has to be looked at again.").of(&[
    needed("version", Text, "The first version of the rules that asks it in this way."),
    needed("why", Text, "What has changed."),
]);

static OPTION: Keys = keys("Option", "What a question offers.").of(&[
    needed("value", OptionValue, "What stands in an answers file."),
    optional("label", Text, "What a person reads. Only `yes` and `no` do without."),
    optional("hint", PROSE, "More about it."),
    optional("action", Text, "What to do to be able to give this answer, as in: make it free to all."),
    optional("evidence", Text, "What link or reference to note beside this answer."),
    optional("none", Flag, "`true` for one option of `choices`: it is the empty list, and excludes the others."),
    optional("changeable", Flag, UNCHANGEABLE),
    optional(
        "reads_as",
        List(&Text),
        "For `choice`: the options as one of which it counts, where the source does not say which.",
    ),
    optional("turns_out", TextByOption, "What it is worth to find out, for each of those options."),
    optional("says", PROSE, "What the source leaves open, and what to do. Needed beside `reads_as`."),
    optional("short", Short, SAME_SHORT),
]);

static CRITERIA: Keys =
    Keys::new(&[needed("criteria", List(&Shape::Keys(&CRITERION)), "The criteria, in the order of the source.")]);

static CRITERION: Keys = cited("Criterion", "A criterion. Its own conditions decide it, or the scenarios do.").of(&[
        needed("id", Id, UNIQUE),
        optional("number", Number(255), "Its number in the source. No two criteria have the same."),
        needed("title", Text, "Its heading, short enough for a row."),
        optional("met_when", CONDITION, "It is met when this holds."),
        optional("discuss_when", CONDITION, "It is to be discussed when this holds and `met_when` does not."),
        optional("otherwise", UNMET, "What it is when neither holds: `to_discuss` or `not_met`."),
        optional(
            "decided_by",
            OneOf(|| vec!["scenarios"]),
            "`scenarios`, in place of `met_when`, `discuss_when` and `otherwise`. At most one criterion says so.",
        ),
        optional(
            "words_met_when",
            CONDITION,
            "Beside `decided_by`: when the criterion's own words are met. A published scenario that says otherwise says why.",
        ),
        needed("says", SAYS, "What is said to the applicant for each status."),
        optional("short", SHORTS, "The same in a few words."),
        optional("notes", NOTES, EXTRA),
    ]);

static SCENARIOS: Keys = Keys::new(&[needed(
    "scenarios",
    List(&Shape::Keys(&SCENARIO)),
    "The scenarios. Together they cover every case, and no case matches two.",
)]);

static SCENARIO: Keys = cited("Scenario", "A scenario.").of(&[
    needed("id", Id, UNIQUE),
    optional("number", Number(255), "Its number in the source; an interpretation has none."),
    needed("title", Text, "Its heading."),
    optional("when", CONDITION, "What it covers."),
    optional(
        "otherwise",
        OnlyTrue,
        "`true` for the last scenario, in place of `when`: it covers all that those before it leave.",
    ),
    needed("criterion", DECIDED_STATUS, "What it makes of the criterion that the scenarios decide."),
    needed("says", PROSE, "What is said to the applicant."),
    optional("short", Short, SAME_SHORT),
    optional("notes", NOTES, EXTRA),
    optional("departs_because", PROSE, "Why a published scenario says something else than the words of its criterion."),
]);

static FIT: Keys = Keys::new(&[needed("findings", List(&Shape::Keys(&FINDING)), "The findings.")]);

static FINDING: Keys = cited("Finding", "A finding.").of(&[
    needed("id", Id, UNIQUE),
    needed(
        "kind",
        OneOf(|| FindingKind::ALL.map(FindingKind::id).to_vec()),
        "How much it weighs: a `blocker` means that it does not fit, a `condition` that something has to be done, a \
             `note` never changes the fit.",
    ),
    needed("title", Text, "Its heading."),
    needed("when", CONDITION, "When it holds."),
    needed("says", PROSE, "What is said when it holds."),
    optional("not_sure", PROSE, "What is said when a \"not sure\" leaves it open. Only a note does without."),
]);

static APPLICATION: Keys = Keys::new(&[needed("topics", List(&Shape::Keys(&TOPIC)), "The topics.")]);

static TOPIC: Keys = cited("Topic", "A topic.").of(&[
    needed("id", Id, UNIQUE),
    optional("number", Number(255), "Its number in the source. No two topics have the same."),
    needed("title", Text, "Its heading."),
    needed("prepare", PROSE, "What to have ready, in one to three sentences."),
    needed(
        "questions",
        List(&IdOf("QuestionId")),
        "The questions that prepare it: all of them answered, and none with \"not sure\".",
    ),
    optional("prepared_when", CONDITION, "What their answers have to be, if not any will do."),
]);

static GO_LIVE: Keys = Keys::new(&[needed("obligations", List(&Shape::Keys(&OBLIGATION)), "The obligations.")]);

static OBLIGATION: Keys = cited("Obligation", "An obligation.").of(&[
    needed("id", Id, UNIQUE),
    needed("title", Text, "Its heading."),
    needed("met_when", CONDITION, "It is met when this holds."),
    needed("otherwise", UNMET, "What it is when that does not hold: `to_discuss` or `not_met`."),
    needed("says", SAYS, "What is said for each status, `unknown` among them."),
    optional("short", SHORTS, "The same in a few words."),
    optional("notes", NOTES, EXTRA),
]);

static CONTRADICTIONS: Keys = Keys::new(&[needed(
    "contradictions",
    List(&Shape::Keys(&CONTRADICTION)),
    "The contradictions. Where one certainly holds there is a warning; the outcome stands.",
)]);

static CONTRADICTION: Keys = cited("Contradiction", "Answers that cannot all be true.").of(&[
    needed("id", Id, UNIQUE),
    needed("when", CONDITION, "When answers contradict each other."),
    needed("says", PROSE, "What is wrong, and how to mend it."),
]);

static OUTCOMES: Keys = Keys::new(&[
    needed("outcomes", Shape::Keys(&BY_OUTCOME), "The outcomes: exactly these four."),
    optional("facts", List(&Shape::Keys(&FACT)), "What an applicant wants to know."),
]);

static BY_OUTCOME: Keys = keys("ByOutcome", "").of(&[
    needed("meets_criteria", Shape::Keys(&OUTCOME), "Every criterion is met."),
    needed("needs_discussion", Shape::Keys(&OUTCOME), "None is unmet, but at least one has to be talked through."),
    needed("does_not_meet", Shape::Keys(&OUTCOME), "At least one is not met."),
    needed("incomplete", Shape::Keys(&OUTCOME), "Missing answers can still change it."),
]);

static OUTCOME: Keys = keys("OutcomeText", "What is said about an outcome.").of(&[
    needed("title", Text, "A short heading."),
    needed("meaning", PROSE, "One or two sentences."),
    needed("next_steps", List(&Shape::Keys(&STEP)), "What to do next, in the order to do it."),
]);

static STEP: Keys = cited("Step", "Something to do next.").of(&[
    needed("id", Id, UNIQUE),
    needed("title", Text, "Its heading."),
    needed("says", PROSE, "What to do."),
    optional("go_to", IdOf("PageId"), "The source it sends people to, if not the one it comes from."),
    optional("when", WHEN, "For whom it is: left out where this certainly does not hold. It may test results."),
]);

static FACT: Keys = cited("Fact", "Something an applicant wants to know.").of(&[
    needed("id", Id, UNIQUE),
    needed("title", Text, "Its heading."),
    needed("says", PROSE, "The fact."),
    optional("when", WHEN, "For whom it is: shown only where this certainly holds. It may test results."),
    needed("outcomes", List(&OneOf(|| Outcome::ALL.map(Outcome::id).to_vec())), "The outcomes it is shown with."),
]);

static GLOSSARY: Keys = Keys::new(&[needed("terms", List(&Shape::Keys(&TERM)), "The words.")]);

static TERM: Keys = cited("Term", "A word explained.").of(&[
    needed("id", Id, UNIQUE),
    needed("term", Text, "The word."),
    optional("also", List(&Text), "What else people call it; `explain` knows it by these, too."),
    needed("meaning", PROSE, "What it means, in plain English."),
]);
