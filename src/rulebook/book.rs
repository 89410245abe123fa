//! A set of rules, with everything that answers decide by them.

use super::model::{
    Contradiction, Criterion, Fact, Finding, LetterTexts, Obligation, OutcomeText, Page, Scenario, SectionText,
    Subject, Term, Topic,
};
use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, InScenario};
use crate::outcome::{FitOutcome, Outcome};
use crate::problem::Place;
use crate::question::{Citation, Question, Section};

/// A set of rules that makes sense.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Rulebook {
    pub id: String,
    pub title: String,
    pub version: String,
    pub summary: String,
    /// What every report says once.
    pub disclaimer: String,
    pub short: Option<String>,
    pub subject: Subject,
    /// What the product is to fit.
    pub service: Option<String>,
    pub letter: Option<LetterTexts>,
    /// Where its id stands in the rule files.
    pub place: Place,
    /// SHA-256 of its files.
    pub digest: String,
    pub pages: Vec<Page>,
    /// What introduces each section, in the order of [`Section::ALL`].
    pub sections: [SectionText; 4],
    /// Every question, in the order of asking.
    pub questions: Vec<Question>,
    /// When each question is asked, if not always: unless the condition certainly does not hold.
    #[doc(hidden)]
    pub ask_when: Vec<Option<(Condition, Decision<bool>)>>,
    pub criteria: Vec<Criterion>,
    pub scenarios: Vec<Scenario>,
    pub findings: Vec<Finding>,
    pub topics: Vec<Topic>,
    pub obligations: Vec<Obligation>,
    pub contradictions: Vec<Contradiction>,
    /// What is said about each outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [OutcomeText; 4],
    pub facts: Vec<Fact>,
    pub terms: Vec<Term>,
    /// Everything that depends on answers.
    #[doc(hidden)]
    pub diagrams: Diagrams,
    #[doc(hidden)]
    pub outcome: Decision<Outcome>,
    /// The scenario, for all answers, if there are any.
    #[doc(hidden)]
    pub scenario: Option<Decision<InScenario>>,
    /// The scenario, for all sure answers.
    #[doc(hidden)]
    pub picked: Decision<InScenario>,
    #[doc(hidden)]
    pub fit: Decision<FitOutcome>,
    #[doc(hidden)]
    pub reach: Reach,
}

/// For whom the decisions of a rulebook are worked out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    #[default]
    Everyone,
    /// For none: there are too many ways to answer to work all of them out.
    TooIntricate,
    /// For one product, whose sure answers are fixed.
    OneProduct,
}

impl Rulebook {
    pub fn question(&self, id: &str) -> Option<(usize, &Question)> {
        self.questions.iter().enumerate().find(|(_, question)| question.id == id)
    }

    /// The criteria, as indexes, put together where they share a question. What one such set comes to is independent of
    /// all others.
    #[doc(hidden)]
    pub fn independent_criteria(&self) -> Vec<Vec<usize>> {
        independent(self.criteria.iter().map(|criterion| self.diagrams.questions(criterion.status.root())).collect())
    }

    pub fn section(&self, section: Section) -> &SectionText {
        &self.sections[section as usize]
    }

    pub fn outcome_text(&self, outcome: Outcome) -> &OutcomeText {
        &self.outcomes[outcome as usize]
    }

    pub fn page(&self, citation: &Citation) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == citation.id)
    }
}

/// Things that depend on questions, as indexes, put together where they share one.
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
