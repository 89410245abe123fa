//! A set of rules, with the decisions compiled from them.

use super::model::{
    Contradiction, Criterion, Fact, Finding, LetterTexts, Obligation, OutcomeText, Page, Scenario, SectionText,
    Subject, Term, Topic,
};
use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, InScenario};
use crate::outcome::{FitOutcome, Outcome};
use crate::problem::Place;
use crate::question::{Question, Section};
use crate::style::typed;

#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Rulebook {
    pub id: String,
    pub title: String,
    pub version: String,
    pub summary: String,
    pub disclaimer: String,
    pub short: Option<String>,
    pub subject: Subject,
    /// The name of the service that the product is to fit.
    pub service: Option<String>,
    pub letter: Option<LetterTexts>,
    /// The folder that the user named for them, unless they are built in.
    pub folder: Option<String>,
    /// Where its id is in the rule files.
    pub place: Place,
    /// SHA-256 of its files.
    pub digest: String,
    pub pages: Vec<Page>,
    /// In the order of [`Section::ALL`].
    pub sections: [SectionText; 4],
    /// In the order of asking.
    pub questions: Vec<Question>,
    /// When each question is asked, if not always: wherever the condition may hold.
    #[doc(hidden)]
    pub ask_when: Vec<Option<(Condition, Decision<bool>)>>,
    pub criteria: Vec<Criterion>,
    pub scenarios: Vec<Scenario>,
    pub findings: Vec<Finding>,
    pub topics: Vec<Topic>,
    pub obligations: Vec<Obligation>,
    pub contradictions: Vec<Contradiction>,
    /// In the order of [`Outcome::ALL`].
    pub outcomes: [OutcomeText; 4],
    pub facts: Vec<Fact>,
    pub terms: Vec<Term>,
    #[doc(hidden)]
    pub diagrams: Diagrams,
    #[doc(hidden)]
    pub outcome: Decision<Outcome>,
    /// The scenario, if there are any.
    pub(crate) scenario: Option<Decision<InScenario>>,
    /// The scenario, for all sure answers.
    pub(crate) sure_scenario: Decision<InScenario>,
    pub(crate) fit: Decision<FitOutcome>,
    #[doc(hidden)]
    pub reach: Reach,
}

/// For which products the decisions of a rulebook are compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    #[default]
    Everyone,
    /// For none: there are too many combinations of answers.
    TooIntricate,
    /// For one product, whose sure answers are built in.
    OneProduct,
}

impl Rulebook {
    /// How to name these rules behind a command: ` --rules FOLDER`, or nothing if they are built in.
    pub(crate) fn as_typed(&self) -> String {
        self.folder.as_ref().map_or_else(String::new, |folder| format!(" --rules {}", typed(folder)))
    }

    /// The disclaimer where there is a row for it only.
    pub(crate) fn short_disclaimer(&self) -> &str {
        self.short.as_ref().unwrap_or(&self.disclaimer)
    }

    pub fn question(&self, id: &str) -> Option<(usize, &Question)> {
        self.questions.iter().enumerate().find(|(_, question)| question.id == id)
    }

    /// The indexes of the criteria, grouped where they share a question. The results of different groups are
    /// independent.
    pub(crate) fn independent_criteria(&self) -> Vec<Vec<usize>> {
        independent(self.criteria.iter().map(|criterion| self.diagrams.questions(criterion.status.root())).collect())
    }

    pub fn section(&self, section: Section) -> &SectionText {
        &self.sections[section as usize]
    }

    pub fn outcome_text(&self, outcome: Outcome) -> &OutcomeText {
        &self.outcomes[outcome as usize]
    }

    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }
}

/// Groups things, by index, that have a question in common.
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
