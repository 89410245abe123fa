//! The plain data of a result. Says what is so, not how it looks.

use crate::named::named;
pub use crate::outcome::{FindingState, FitOutcome, Preparation};
use crate::problem::{Code, Problem};
use crate::question::{Answer, Grounds, OptionSet, Question, QuestionOption};
use crate::rulebook::{Contradiction, Criterion, Fact, Finding, Obligation, Outcome, Scenario, Status, Step, Topic};
use crate::wording::Text;

/// Given answers, by question, that together force something.
pub type Reason<'r> = Vec<&'r Question>;

/// All of a kind of thing that is searched for, or none of them: a part is never taken for the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    All(Vec<T>),
    /// There are more than can be worked out.
    TooMany,
}

impl<T> Found<T> {
    /// All there are, if they could be worked out.
    pub fn all(&self) -> Option<&[T]> {
        match self {
            Self::All(all) => Some(all),
            Self::TooMany => None,
        }
    }

    /// All there are; none where they could not be worked out.
    pub fn known(&self) -> &[T] {
        self.all().unwrap_or_default()
    }

    /// The first, if they could be worked out and there is one.
    pub fn first(&self) -> Option<&T> {
        self.known().first()
    }
}

/// The smallest sets of answers that alone force something.
pub type Reasons<'r> = Found<Reason<'r>>;

/// Everything that the rules say about one product's answers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Assessment<'r> {
    /// What the criteria come to.
    pub outcome: Outcome,
    /// The outcomes still reachable, from best to worst; one only, unless it is incomplete.
    pub possible_outcomes: Vec<Outcome>,
    /// The smallest sets of answers that alone force the outcome. Empty while it is incomplete.
    pub because: Reasons<'r>,
    /// Each criterion, in the order of the rules.
    pub criteria: Vec<CriterionResult<'r>>,
    /// The scenario, once decided.
    pub scenario: Option<ScenarioResult<'r>>,
    /// The scenarios still possible: the one, once it is decided.
    pub possible_scenarios: Vec<&'r Scenario>,
    /// Whether the service fits.
    pub fit: FitResult<'r>,
    /// Each topic of the application.
    pub application: Vec<TopicResult<'r>>,
    /// Each obligation before going live.
    pub go_live: Vec<ObligationResult<'r>>,
    /// The missing answers that can still change the outcome, in the order of the questions.
    pub missing: Vec<&'r Question>,
    /// The missing answers to questions about eligibility that cannot change the outcome, but the status of a criterion,
    /// the scenario, or a note of either.
    pub also_missing: Vec<&'r Question>,
    /// Contradictions between the answers.
    pub contradictions: Vec<&'r Contradiction>,
    /// What to do next.
    pub next_steps: Vec<&'r Step>,
    /// What an applicant wants to know.
    pub facts: Vec<&'r Fact>,
    /// What each of the missing answers could still do, in the same order.
    pub prospects: Vec<Prospect<'r>>,
    /// The missing answer that settles most, if any is missing: the one whose answers leave the fewest outcomes.
    pub ask_first: Option<&'r Question>,
    /// The smallest sets of moves that lead to meeting the criteria. Empty if the criteria are met, or if no move gets
    /// there.
    pub changes: Found<ChangeSet<'r>>,
}

impl<'r> Assessment<'r> {
    /// What to know if some reasons or changes are too many to be worked out.
    pub fn warning(&self) -> Option<Problem> {
        let message =
            "there are more reasons, or more ways to change, than can be worked out exactly: they are left out";
        let problem = Problem::anywhere(Code::TooIntricate, message).warning();
        self.is_cut_short().then_some(problem)
    }

    /// Whether some reasons or changes are too many to be worked out. The rest is exact.
    pub fn is_cut_short(&self) -> bool {
        let reasons = self.criteria.iter().map(|result| &result.because);
        let reasons = reasons.chain(self.scenario.iter().map(|result| &result.because));
        let mut reasons = reasons.chain(self.fit.findings.iter().map(|result| &result.because)).chain([&self.because]);
        let changes = [&self.changes, &self.fit.changes];
        reasons.any(|found| found.all().is_none()) || changes.into_iter().any(|found| found.all().is_none())
    }

    /// The answers that the outcome rests on: for a product that does not meet the criteria, the cause of each that is
    /// not met and nothing else; otherwise the smallest set that alone forces the outcome.
    pub fn causes(&self) -> Vec<&'r Question> {
        let failing = self.criteria.iter().filter(|result| result.status == Status::NotMet);
        let reasons: Vec<Option<&Reason<'r>>> = match self.outcome {
            Outcome::DoesNotMeet => failing.map(|result| result.because.first()).collect(),
            Outcome::MeetsCriteria | Outcome::NeedsDiscussion | Outcome::Incomplete => vec![self.because.first()],
        };
        let mut causes: Vec<&Question> = Vec::new();
        for question in reasons.into_iter().flatten().flatten() {
            if !causes.iter().any(|known| known.id == question.id) {
                causes.push(question);
            }
        }
        causes
    }
}

/// What a missing answer could still do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prospect<'r> {
    pub question: &'r Question,
    /// For each answer, "not sure" last, the outcomes that are then still reachable, from best to worst. Of several
    /// answers each option that some condition tests, whatever is chosen beside it.
    pub answers: Vec<(Answer, Vec<Outcome>)>,
}

/// What became of a criterion.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CriterionResult<'r> {
    pub criterion: &'r Criterion,
    pub status: Status,
    /// What the rules say about that: the scenario's words, where it decides the criterion.
    pub says: Option<&'r Text>,
    /// Where these words come from.
    pub grounds: &'r Grounds,
    /// The same in a few words, of whatever says it most closely: the answer that leaves it open, the scenario, or the
    /// criterion itself.
    pub short: Option<&'r str>,
    /// The answers that can be read in several ways, and leave it or its scenario open.
    pub open: Vec<&'r QuestionOption>,
    /// The scenarios that can still decide it, where it is one of them that does and none is certain.
    pub scenarios: Vec<&'r Scenario>,
    /// The smallest sets of answers that alone force it. Empty while it is unknown.
    pub because: Reasons<'r>,
    /// The missing answers that can still change it.
    pub missing: Vec<&'r Question>,
    /// What is added for these answers.
    pub notes: Vec<&'r str>,
}

/// The scenario a product is in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScenarioResult<'r> {
    pub scenario: &'r Scenario,
    /// The smallest sets of answers that alone put the product there.
    pub because: Reasons<'r>,
    /// What is added for these answers.
    pub notes: Vec<&'r str>,
}

/// What the findings come to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FitResult<'r> {
    pub outcome: FitOutcome,
    /// Every finding, in the order of the rules.
    pub findings: Vec<FindingResult<'r>>,
    /// The missing answers that can still change the fit.
    pub missing: Vec<&'r Question>,
    /// The smallest sets of moves that make it fit, as for the outcome.
    pub changes: Found<ChangeSet<'r>>,
}

/// What became of a finding.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FindingResult<'r> {
    pub finding: &'r Finding,
    pub state: FindingState,
    /// The smallest sets of answers that alone force its state.
    pub because: Reasons<'r>,
}

/// What became of a topic.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TopicResult<'r> {
    pub topic: &'r Topic,
    /// Whether it is prepared.
    pub preparation: Preparation,
    /// Its questions that are not answered, or answered "not sure".
    pub lacking: Vec<&'r Question>,
}

impl TopicResult<'_> {
    /// Whether every question of the topic has an answer that is sure, and none speaks against it.
    pub fn prepared(&self) -> bool {
        self.preparation == Preparation::Prepared
    }
}

/// What became of an obligation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ObligationResult<'r> {
    pub obligation: &'r Obligation,
    pub status: Status,
    /// The missing answers that can still change it.
    pub missing: Vec<&'r Question>,
    /// What is added for these answers.
    pub notes: Vec<&'r str>,
}

/// Moves that together lead somewhere.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChangeSet<'r> {
    /// The moves, in the order of the questions.
    pub changes: Vec<Change<'r>>,
    /// The scenario the product is then in, if that is decided.
    pub scenario: Option<&'r Scenario>,
}

/// What becomes of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change<'r> {
    pub question: &'r Question,
    /// The answer as given, `None` if it is missing.
    pub from: Option<Answer>,
    /// The answer it would have to be.
    pub to: Answer,
    /// For a question with several answers: the options to add, and those to give up. The other options make no
    /// difference.
    pub options: (OptionSet, OptionSet),
    /// Whether it is found out or changed.
    pub kind: ChangeKind,
}

named! {
    /// Whether an answer is changed or found out.
    pub enum ChangeKind {
        /// The answer becomes another.
        Change = "change",
        /// What is missing, not sure or can be read in several ways turns out to be this.
        FindOut = "find_out",
    }
}
