//! Rule files → a checked [`Rulebook`], every problem found in one pass.
//!
//! `raw` is the shape of the files, `check` their meaning, `compile` turns conditions into diagrams, `rules` is the one
//! list of all rules with their `parts`, `builtin` holds the rules that come with the program.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, Given, InScenario, Leaf, Letter, Ref, TooIntricate, Truth, Var};
use crate::digest::sha256;
use crate::outcome::FitOutcome;
use crate::problem::{Place, Problem, Witness};
use crate::question::{Answer, Citation, Grounds, Question, Section};
use crate::wording::Text;

mod builtin;
mod check;
mod compile;
mod parts;
mod raw;
mod rules;
mod schema;
mod words;

pub use builtin::builtin;
pub use compile::{decide, status, weight, when};
pub use parts::{Part, Value};
pub use rules::{Rule, RuleKind};
pub use schema::schema;
pub use words::{as_asked, in_words, labels};

pub use crate::outcome::{FindingKind, Outcome, Preparation, Status};

/// The files of a rules folder, in the order a person would read them.
pub const FILES: [&str; 10] = [
    "manifest.yaml",
    "questions.yaml",
    "criteria.yaml",
    "scenarios.yaml",
    "fit.yaml",
    "application.yaml",
    "go_live.yaml",
    "contradictions.yaml",
    "outcomes.yaml",
    "glossary.yaml",
];
/// The files that no rules folder can do without.
const NEEDED: [&str; 4] = ["manifest.yaml", "questions.yaml", "criteria.yaml", "outcomes.yaml"];

/// The folder, inside a rules folder, that holds the cases the rules are tested with.
pub const CASES_FOLDER: &str = "tests";

/// A rules folder as read: the name of each file inside the folder, and its bytes.
#[derive(Debug, Default)]
pub struct RuleFiles {
    /// What the folder is called in messages.
    pub folder: String,
    /// `criteria.yaml`, `tests/cases.yaml` and so on, with their bytes.
    pub files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl RuleFiles {
    /// The name of a file as a person knows it.
    #[must_use]
    pub fn display_name(&self, file: &str) -> String {
        format!("{}/{file}", self.folder.trim_end_matches('/'))
    }

    /// SHA-256 of the rule files one after another in the order of their names, as `cat *.yaml | sha256sum` prints it.
    /// The cases do not count: they say nothing about a product.
    #[must_use]
    pub fn digest(&self) -> String {
        let counted = self.files.iter().filter(|(name, _)| !name.contains('/'));
        sha256(counted.map(|(_, bytes)| bytes.as_ref()))
    }
}

/// A page that rules cite.
#[derive(Clone, Debug)]
pub struct Page {
    /// The id rule files use.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Where it is.
    pub url: String,
    /// When it was last changed, as the page says it.
    pub last_edited: Option<String>,
    /// Where it stands in the rule files.
    pub place: Place,
}

impl Page {
    /// Where it is, if that is a safe address that can be made a link as it stands.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
        (self.url.starts_with("https://") && self.url.chars().all(plain)).then_some(self.url.as_str())
    }
}

/// What introduces a section of the interview.
#[derive(Clone, Debug)]
pub struct SectionText {
    /// Its heading.
    pub title: String,
    /// What it is about.
    pub intro: Text,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// What is said for each status that can happen.
#[derive(Clone, Debug, Default)]
pub struct Says {
    texts: [Option<Text>; 4],
    short: [Option<String>; 4],
}

impl Says {
    /// The text for a status.
    #[must_use]
    pub fn text(&self, status: Status) -> Option<&Text> {
        self.texts[status as usize].as_ref()
    }

    /// The text for a status as a person reads it.
    #[must_use]
    pub fn for_status(&self, status: Status) -> Option<&str> {
        self.text(status).map(Text::as_str)
    }

    /// Every text, in the order of [`Status::ALL`].
    #[must_use]
    pub fn all(&self) -> Vec<&str> {
        self.texts.iter().flatten().map(Text::as_str).collect()
    }

    /// The same in a few words, if the rules have them.
    #[must_use]
    pub fn short(&self, status: Status) -> Option<&str> {
        self.short[status as usize].as_deref()
    }
}

/// An extra sentence, shown where its condition certainly holds.
#[derive(Clone, Debug)]
pub struct Note {
    /// When.
    pub when: Condition,
    /// Whether it is certainly to be told.
    pub told: Decision<bool>,
    /// What is said.
    pub says: Text,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// What decides a criterion.
#[derive(Clone, Debug)]
pub enum Decided {
    /// Its own conditions.
    ByConditions {
        /// Met when this holds.
        met_when: Condition,
        /// Otherwise to be discussed when this holds.
        discuss_when: Option<Condition>,
        /// Otherwise this.
        otherwise: Status,
    },
    /// The scenario the product is in.
    ByScenarios {
        /// When the criterion's own words are met. The scenarios may say otherwise, but not without a reason.
        words_met_when: Option<Condition>,
    },
}

/// One criterion.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// Its number in the source, in reading order.
    pub number: Option<u8>,
    /// Its heading.
    pub title: String,
    /// What decides it.
    pub decided: Decided,
    /// Its status for all answers.
    pub status: Decision<Status>,
    /// What is said for each status.
    pub says: Says,
    /// What is added for some answers.
    pub notes: Vec<Note>,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// One scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its id.
    pub id: String,
    /// Its number in the source; an interpretation has none.
    pub number: Option<u8>,
    /// Its heading.
    pub title: String,
    /// Which products it covers.
    pub when: Condition,
    /// Whether those are all that the scenarios before it leave, so that it has no condition of its own.
    pub otherwise: bool,
    /// What it makes of the criterion that the scenarios decide.
    pub criterion: Status,
    /// What is said to the applicant.
    pub says: Text,
    /// The same in a few words.
    pub short: Option<String>,
    /// What is added for some answers.
    pub notes: Vec<Note>,
    /// Why it departs from the words of the criterion it decides, if it does so although it is published.
    pub departs_because: Option<Text>,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// Something about whether the service fits the product.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Its id.
    pub id: String,
    /// How much it weighs.
    pub kind: FindingKind,
    /// Its heading.
    pub title: String,
    /// When it holds.
    pub when: Condition,
    /// Whether it holds, for all answers.
    pub state: Decision<Truth>,
    /// What is said when it holds.
    pub says: Text,
    /// What is said when a "not sure" leaves it open.
    pub not_sure: Option<Text>,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// Something the applicant will be asked about.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its id.
    pub id: String,
    /// Its number in the source.
    pub number: Option<u8>,
    /// Its heading.
    pub title: String,
    /// What to have ready.
    pub prepare: Text,
    /// The questions that prepare it, as indexes.
    pub questions: Vec<usize>,
    /// What their answers have to be, if not any will do.
    pub prepared_when: Option<Condition>,
    /// The same, worked out.
    pub fine: Decision<Truth>,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// Something owed before going live.
#[derive(Clone, Debug)]
pub struct Obligation {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// When it is met.
    pub met_when: Condition,
    /// What it is when that does not hold.
    pub otherwise: Status,
    /// Its status, for all answers.
    pub status: Decision<Status>,
    /// What is said for each status.
    pub says: Says,
    /// What is added for some answers.
    pub notes: Vec<Note>,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// Answers that cannot all be true.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// Its id.
    pub id: String,
    /// When answers contradict each other.
    pub when: Condition,
    /// Whether they certainly do.
    pub holds: Decision<bool>,
    /// What is said of it, and how to mend it.
    pub says: Text,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// What is assessed, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// One of them.
    pub one: String,
    /// Several.
    pub many: String,
}

/// Something to do next.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What to do.
    pub says: Text,
    /// For whom it is, if not for everybody.
    pub when: Option<Condition>,
    /// Whether it may be for the applicant.
    pub shown: Decision<bool>,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// What is said about an outcome.
#[derive(Clone, Debug)]
pub struct OutcomeText {
    /// Its heading.
    pub title: String,
    /// What it means.
    pub meaning: Text,
    /// What to do next, in order.
    pub next_steps: Vec<Step>,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// Something an applicant wants to know.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The fact.
    pub says: Text,
    /// The outcomes it is shown with.
    pub outcomes: Vec<Outcome>,
    /// For whom it is, if not for everybody.
    pub when: Option<Condition>,
    /// Whether it certainly is for the applicant.
    pub shown: Decision<bool>,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// A word explained.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its id.
    pub id: String,
    /// The word.
    pub term: String,
    /// What else people call it.
    pub also: Vec<String>,
    /// What it means.
    pub meaning: Text,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// A set of rules that makes sense.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What it decides.
    pub summary: String,
    /// What every report says once.
    pub disclaimer: String,
    /// What it is about: a product, unless it says otherwise.
    pub subject: Subject,
    /// Where its id stands in the rule files.
    pub place: Place,
    /// SHA-256 of its files.
    pub digest: String,
    /// The pages its rules cite.
    pub pages: Vec<Page>,
    /// What introduces each section, in the order of [`Section::ALL`].
    pub sections: [SectionText; 4],
    /// Every question, in the order of asking.
    pub questions: Vec<Question>,
    /// When each question is asked, if not always: unless the condition certainly does not hold.
    pub ask_when: Vec<Option<(Condition, Decision<bool>)>>,
    /// The criteria.
    pub criteria: Vec<Criterion>,
    /// The scenarios.
    pub scenarios: Vec<Scenario>,
    /// The findings about fit.
    pub findings: Vec<Finding>,
    /// The topics of the application.
    pub topics: Vec<Topic>,
    /// What is owed before going live.
    pub obligations: Vec<Obligation>,
    /// Answers that cannot all be true.
    pub contradictions: Vec<Contradiction>,
    /// What is said about each outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [OutcomeText; 4],
    /// What an applicant wants to know.
    pub facts: Vec<Fact>,
    /// Words explained.
    pub terms: Vec<Term>,
    /// Everything that depends on answers.
    pub diagrams: Diagrams,
    /// The outcome, for all answers.
    pub outcome: Decision<Outcome>,
    /// The scenario, for all answers, if there are any.
    pub scenario: Option<Decision<InScenario>>,
    /// The scenario, for all sure answers.
    pub picked: Decision<InScenario>,
    /// The fit, for all answers.
    pub fit: Decision<FitOutcome>,
    /// What has been worked out.
    pub reach: Reach,
}

/// For whom the decisions of a rulebook are worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// For every product.
    Everyone,
    /// For none: there are too many ways to answer to work all of them out.
    TooIntricate,
    /// For one product, whose sure answers are fixed.
    OneProduct,
}

impl Rulebook {
    /// The question with this id, and its index.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<(usize, &Question)> {
        self.questions.iter().enumerate().find(|(_, question)| question.id == id)
    }

    /// The criteria, as indexes, put together where they share a question. What one such set comes to is independent of
    /// all others.
    #[must_use]
    pub fn independent_criteria(&self) -> Vec<Vec<usize>> {
        independent(self.criteria.iter().map(|criterion| self.diagrams.questions(criterion.status.root())).collect())
    }

    /// What introduces a section.
    #[must_use]
    pub fn section(&self, section: Section) -> &SectionText {
        &self.sections[section as usize]
    }

    /// What is said about an outcome.
    #[must_use]
    pub fn outcome_text(&self, outcome: Outcome) -> &OutcomeText {
        &self.outcomes[outcome as usize]
    }

    /// The page a citation means.
    #[must_use]
    pub fn page(&self, citation: &Citation) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == citation.id)
    }

    /// Everything that answers decide, down to the last note.
    #[must_use]
    pub fn decisions(&self) -> Vec<Ref> {
        let whole = [self.outcome.root(), self.fit.root()].into_iter().chain(self.scenario.map(Decision::root));
        whole.chain(self.rules().into_iter().filter_map(Rule::decides).map(Decision::root)).collect()
    }

    /// Every next step, in the order of the outcomes.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.outcomes.iter().flat_map(|outcome| &outcome.next_steps)
    }

    /// Every condition.
    #[must_use]
    pub fn conditions(&self) -> Vec<&Condition> {
        let conditions = self.rules().into_iter().flat_map(Rule::conditions);
        conditions.map(|(_, condition)| condition).collect()
    }

    /// Every condition, to be changed.
    pub fn conditions_mut(&mut self) -> Vec<&mut Condition> {
        let mut all: Vec<&mut Condition> = self.ask_when.iter_mut().flatten().map(|(when, _)| when).collect();
        for criterion in &mut self.criteria {
            match &mut criterion.decided {
                Decided::ByConditions { met_when, discuss_when, .. } => {
                    all.push(met_when);
                    all.extend(discuss_when);
                }
                Decided::ByScenarios { words_met_when } => all.extend(words_met_when),
            }
            all.extend(criterion.notes.iter_mut().map(|note| &mut note.when));
        }
        for scenario in &mut self.scenarios {
            all.push(&mut scenario.when);
            all.extend(scenario.notes.iter_mut().map(|note| &mut note.when));
        }
        for obligation in &mut self.obligations {
            all.push(&mut obligation.met_when);
            all.extend(obligation.notes.iter_mut().map(|note| &mut note.when));
        }
        all.extend(self.findings.iter_mut().map(|finding| &mut finding.when));
        all.extend(self.topics.iter_mut().filter_map(|topic| topic.prepared_when.as_mut()));
        all.extend(self.contradictions.iter_mut().map(|contradiction| &mut contradiction.when));
        let steps = self.outcomes.iter_mut().flat_map(|outcome| &mut outcome.next_steps);
        all.extend(steps.filter_map(|step| step.when.as_mut()));
        all.extend(self.facts.iter_mut().filter_map(|fact| fact.when.as_mut()));
        all
    }

    /// The same rules with their decisions worked out for these answers alone, if they are too intricate to be worked
    /// out for all. Reasons and changes cannot be told then, since they are about other answers.
    ///
    /// # Errors
    /// If even what is missing leaves too much open.
    pub fn for_product(&self, given: &Given) -> Result<Cow<'_, Self>, TooIntricate> {
        if self.reach != Reach::TooIntricate {
            return Ok(Cow::Borrowed(self));
        }
        let mut own = Self { reach: Reach::OneProduct, ..self.clone() };
        compile::compile_for(&mut own, given.clone())?;
        Ok(Cow::Owned(own))
    }

    /// Answers as they stand in an answers file, each with the id of its question.
    #[must_use]
    pub fn written(&self, letters: &[(Var, Letter)]) -> Witness {
        written(&self.questions, self.diagrams.variables().answers(letters))
    }

    /// Few answers that alone give a decision a value, as they stand in an answers file.
    #[must_use]
    pub fn witness<T: Leaf>(&self, diagrams: &Diagrams, decision: Decision<T>, value: T) -> Witness {
        diagrams.shortest(decision, value).map(|letters| self.written(&letters)).unwrap_or_default()
    }
}

/// Things that depend on questions, as indexes, put together where they share one.
#[must_use]
pub fn independent(asked: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut sets: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
    for (index, questions) in asked.into_iter().enumerate() {
        let mut set = (questions, vec![index]);
        let (shared, apart): (Vec<_>, Vec<_>) =
            sets.into_iter().partition(|(questions, _)| questions.iter().any(|question| set.0.contains(question)));
        sets = apart;
        for (questions, members) in shared {
            set.0.extend(questions);
            set.1.extend(members);
        }
        set.1.sort_unstable();
        sets.push(set);
    }
    sets.into_iter().map(|(_, members)| members).collect()
}

/// Answers as they stand in an answers file, each with the id of its question.
#[must_use]
pub fn written(questions: &[Question], answers: Vec<(usize, Answer)>) -> Witness {
    let written = |(question, answer): (usize, Answer)| {
        let asked = &questions[question];
        let words = asked.words(&answer);
        let listed = matches!(answer, Answer::Many(_));
        (asked.id.clone(), if listed { format!("[{}]", words.replace("; ", ", ")) } else { words })
    };
    answers.into_iter().map(written).collect()
}

/// A title with its number in the source, if it has one, as in "4. Long lease".
#[must_use]
pub fn numbered(number: Option<u8>, title: &str) -> String {
    number.map_or_else(|| title.to_owned(), |number| format!("{number}. {title}"))
}

/// Reads and checks a rules folder.
///
/// A rulebook comes back whenever one could be built, even beside errors, so that proofs can be run on it; it may be
/// relied on only if none of the problems is an error.
#[must_use]
pub fn read(files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
    let (rulebook, mut problems) = check::check(files);
    Problem::sort_and_bound(&mut problems);
    (rulebook, problems)
}
