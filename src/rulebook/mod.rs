//! Rule files → a checked [`Rulebook`], every problem found in one pass.
//!
//! `raw` is the shape of the files, `check` their meaning, `compile` turns conditions into diagrams, `builtin` holds
//! the rules that come with the program.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::condition::Condition;
use crate::diagram::{Diagrams, Leaf, Ref};
use crate::digest::sha256;
use crate::problem::{Place, Problem, Witness};
use crate::question::{Answer, Citation, Grounds, Kind, Question, Section};
use crate::wording::Text;

mod builtin;
mod check;
mod compile;
mod raw;
mod schema;

pub use builtin::builtin;
pub use compile::{FINDING_HOLDS, FINDING_OPEN, SCENARIO_OPEN, status};
pub use schema::schema;

pub use crate::outcome::{FindingKind, Outcome, Status};

/// The files of a rules folder, in the order a person would read them.
pub const FILES: [&str; 10] = [
    "manifest.yaml",
    "questions.yaml",
    "criteria.yaml",
    "scenarios.yaml",
    "fit.yaml",
    "application.yaml",
    "go_live.yaml",
    CONTRADICTIONS,
    "outcomes.yaml",
    "glossary.yaml",
];
/// The file that a rules folder may do without.
const CONTRADICTIONS: &str = "contradictions.yaml";

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
#[derive(Debug)]
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
}

impl Page {
    /// Where it is, if that is a web address that can be made a link as it stands.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        let web = self.url.starts_with("https://") || self.url.starts_with("http://");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
        (web && self.url.chars().all(plain)).then_some(self.url.as_str())
    }
}

/// What introduces a section of the interview.
#[derive(Debug)]
pub struct SectionText {
    /// Its heading.
    pub title: String,
    /// What it is about.
    pub intro: Text,
}

/// What is said for each status that can happen.
#[derive(Debug, Default)]
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
#[derive(Debug)]
pub struct Note {
    /// When.
    pub when: Condition,
    /// The condition, worked out.
    pub holds: Ref,
    /// What is said.
    pub says: Text,
}

/// What decides a criterion.
#[derive(Debug)]
pub enum Decision {
    /// Its own conditions.
    Conditions {
        /// Met when this holds.
        met_when: Condition,
        /// Otherwise to be discussed when this holds.
        discuss_when: Option<Condition>,
        /// Otherwise this.
        otherwise: Status,
    },
    /// The scenario the product is in.
    Scenarios {
        /// When the criterion's own words are met. The scenarios may say otherwise, but not without a reason.
        words_met_when: Option<Condition>,
    },
}

/// One criterion.
#[derive(Debug)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// Its number in the source, in reading order.
    pub number: Option<u8>,
    /// Its heading.
    pub title: String,
    /// What decides it.
    pub decision: Decision,
    /// Its status for all answers.
    pub status: Ref,
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
#[derive(Debug)]
pub struct Scenario {
    /// Its id.
    pub id: String,
    /// Its number in the source; an interpretation has none.
    pub number: Option<u8>,
    /// Its heading.
    pub title: String,
    /// Which products it covers.
    pub when: Condition,
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
#[derive(Debug)]
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
    pub state: Ref,
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
#[derive(Debug)]
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
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// Something owed before going live.
#[derive(Debug)]
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
    pub status: Ref,
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
#[derive(Debug)]
pub struct Contradiction {
    /// Its id.
    pub id: String,
    /// When answers contradict each other.
    pub when: Condition,
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
#[derive(Debug)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What to do.
    pub says: Text,
    /// For whom it is, if not for everybody.
    pub when: Option<Condition>,
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// What is said about an outcome.
#[derive(Debug)]
pub struct OutcomeText {
    /// Its heading.
    pub title: String,
    /// What it means.
    pub meaning: Text,
    /// What to do next, in order.
    pub next_steps: Vec<Step>,
}

/// Something an applicant wants to know.
#[derive(Debug)]
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
    /// What vouches for it.
    pub grounds: Grounds,
    /// Where it stands in the rule files.
    pub place: Place,
}

/// A word explained.
#[derive(Debug)]
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
#[derive(Debug)]
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
    /// SHA-256 of its files.
    pub digest: String,
    /// The pages its rules cite.
    pub pages: Vec<Page>,
    /// What introduces each section, in the order of [`Section::ALL`].
    pub sections: [SectionText; 4],
    /// Every question, in the order of asking.
    pub questions: Vec<Question>,
    /// When each question is asked, if not always.
    pub ask_when: Vec<Option<(Condition, Ref)>>,
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
    /// The outcome, for all answers: leaf 0 to 2 is [`Outcome::ALL`].
    pub outcome: Ref,
    /// The index of the scenario, for all answers, or [`SCENARIO_OPEN`].
    pub scenario: Option<Ref>,
    /// The fit, for all answers.
    pub fit: Ref,
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
        let mut sets: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for (index, criterion) in self.criteria.iter().enumerate() {
            let mut set = (self.diagrams.questions(criterion.status), vec![index]);
            let (shared, apart): (Vec<_>, Vec<_>) =
                sets.into_iter().partition(|(questions, _)| questions.iter().any(|question| set.0.contains(question)));
            sets = apart;
            for (questions, criteria) in shared {
                set.0.extend(questions);
                set.1.extend(criteria);
            }
            set.1.sort_unstable();
            sets.push(set);
        }
        sets.into_iter().map(|(_, criteria)| criteria).collect()
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
        self.pages.iter().find(|page| page.title == citation.page)
    }

    /// Everything that answers decide, down to the last note.
    #[must_use]
    pub fn functions(&self) -> Vec<Ref> {
        let noted = (self.criteria.iter().map(|criterion| &criterion.notes))
            .chain(self.scenarios.iter().map(|scenario| &scenario.notes))
            .chain(self.obligations.iter().map(|obligation| &obligation.notes));
        let notes: Vec<Ref> = noted.flatten().map(|note| note.holds).collect();
        let mut all = vec![self.outcome, self.fit];
        all.extend(self.scenario);
        all.extend(self.criteria.iter().map(|criterion| criterion.status));
        all.extend(self.findings.iter().map(|finding| finding.state));
        all.extend(self.obligations.iter().map(|obligation| obligation.status));
        all.extend(notes);
        all
    }

    /// Answers as they stand in an answers file, each with the id of its question.
    #[must_use]
    pub fn written(&self, letters: &[(usize, u16)]) -> Witness {
        letters
            .iter()
            .map(|(question, letter)| {
                let asked = &self.questions[*question];
                let value = match self.diagrams.alphabets()[*question].letters().get(usize::from(*letter)) {
                    None => asked.words(&Answer::NotSure),
                    Some(options) => {
                        let values: Vec<&str> =
                            asked.chosen(*options).map(|(_, option)| option.value.as_str()).collect();
                        if asked.kind == Kind::Choices { format!("[{}]", values.join(", ")) } else { values.join("") }
                    }
                };
                (asked.id.clone(), value)
            })
            .collect()
    }

    /// Few answers that alone give a diagram a leaf, as they stand in an answers file.
    #[must_use]
    pub fn witness(&self, diagrams: &Diagrams, diagram: Ref, leaf: Leaf) -> Witness {
        diagrams.shortest(diagram, leaf).map(|letters| self.written(&letters)).unwrap_or_default()
    }

    /// Every id, in the order of the rules.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        let steps = self.outcomes.iter().flat_map(|outcome| &outcome.next_steps);
        let ids = (self.questions.iter().map(|question| &question.id))
            .chain(self.criteria.iter().map(|criterion| &criterion.id))
            .chain(self.scenarios.iter().map(|scenario| &scenario.id))
            .chain(self.findings.iter().map(|finding| &finding.id))
            .chain(self.topics.iter().map(|topic| &topic.id))
            .chain(self.obligations.iter().map(|obligation| &obligation.id))
            .chain(steps.map(|step| &step.id))
            .chain(self.facts.iter().map(|fact| &fact.id))
            .chain(self.terms.iter().map(|term| &term.id))
            .chain(self.pages.iter().map(|page| &page.id));
        ids.map(String::as_str).collect()
    }

    /// Every text a person reads, with the place of what it belongs to.
    #[must_use]
    pub fn texts<'r>(&'r self) -> Vec<(&'r str, &'r Place)> {
        fn says(says: &Says) -> [Option<&str>; 4] {
            Status::ALL.map(|status| says.for_status(status))
        }
        let mut texts: Vec<(&str, &Place)> = Vec::new();
        let mut add = |text: Option<&'r str>, place: &'r Place| texts.extend(text.map(|text| (text, place)));
        for question in &self.questions {
            add(Some(&question.prompt), &question.place);
            add(question.hint.as_deref(), &question.place);
            add(question.grounds.reasoning.as_deref(), &question.place);
            for option in &question.options {
                add(option.hint.as_deref(), &question.place);
                add(option.action.as_deref(), &question.place);
            }
        }
        for criterion in &self.criteria {
            for text in says(&criterion.says) {
                add(text, &criterion.place);
            }
            criterion.notes.iter().for_each(|note| add(Some(&note.says), &criterion.place));
            add(criterion.grounds.reasoning.as_deref(), &criterion.place);
        }
        for scenario in &self.scenarios {
            add(Some(&scenario.says), &scenario.place);
            scenario.notes.iter().for_each(|note| add(Some(&note.says), &scenario.place));
            add(scenario.departs_because.as_deref(), &scenario.place);
            add(scenario.grounds.reasoning.as_deref(), &scenario.place);
        }
        for finding in &self.findings {
            add(Some(&finding.says), &finding.place);
            add(finding.not_sure.as_deref(), &finding.place);
            add(finding.grounds.reasoning.as_deref(), &finding.place);
        }
        for topic in &self.topics {
            add(Some(&topic.prepare), &topic.place);
        }
        for obligation in &self.obligations {
            for text in says(&obligation.says) {
                add(text, &obligation.place);
            }
            obligation.notes.iter().for_each(|note| add(Some(&note.says), &obligation.place));
            add(obligation.grounds.reasoning.as_deref(), &obligation.place);
        }
        for step in self.outcomes.iter().flat_map(|outcome| &outcome.next_steps) {
            add(Some(&step.says), &step.place);
        }
        self.facts.iter().for_each(|fact| add(Some(&fact.says), &fact.place));
        self.terms.iter().for_each(|term| add(Some(&term.meaning), &term.place));
        texts
    }
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
