//! The plain data of a result. Says what is so, not how it looks.

pub use crate::outcome::{FindingState, FitOutcome};
use crate::question::{Answer, Question};
use crate::rulebook::{Criterion, Finding, Obligation, Outcome, Scenario, Status, Topic};

/// Given answers, by question, that together force something.
pub type Reason<'r> = Vec<&'r Question>;

/// Everything that the rules say about one product's answers.
#[derive(Debug)]
pub struct Assessment<'r> {
    /// What the criteria come to.
    pub outcome: Outcome,
    /// There are more reasons or changes than can be worked out. What comes to a status or an outcome is exact all the
    /// same, but reasons and changes may be missing.
    pub cut_short: bool,
    /// The outcomes still reachable, from best to worst; one only, unless it is incomplete.
    pub possible_outcomes: Vec<Outcome>,
    /// The smallest sets of answers that alone force the outcome. Empty while it is incomplete.
    pub because: Vec<Reason<'r>>,
    /// Each criterion, in the order of the rules.
    pub criteria: Vec<CriterionResult<'r>>,
    /// The scenario, once decided.
    pub scenario: Option<ScenarioResult<'r>>,
    /// The scenarios still possible, if it is not decided.
    pub possible_scenarios: Vec<&'r Scenario>,
    /// Whether the service fits.
    pub fit: FitResult<'r>,
    /// Each topic of the application.
    pub application: Vec<TopicResult<'r>>,
    /// Each obligation before going live.
    pub go_live: Vec<ObligationResult<'r>>,
    /// The missing answers that can still change the outcome, in the order of the questions.
    pub missing: Vec<&'r Question>,
    /// What each of the missing answers could still do, in the same order.
    pub prospects: Vec<Prospect<'r>>,
    /// The missing answer that settles most, if any is missing: the one whose answers leave the fewest outcomes.
    pub ask_first: Option<&'r Question>,
    /// The smallest sets of changes that lead to meeting the criteria. Empty if the criteria are met, or if no change
    /// that may be proposed gets there.
    pub changes: Vec<ChangeSet<'r>>,
}

impl<'r> Assessment<'r> {
    /// Takes away what cannot be worked out exactly where the search was cut short: reasons and changes. The rest is
    /// exact. Nobody is to take a part of them for the whole.
    pub fn leave_reasons_out(&mut self) {
        self.because.clear();
        self.changes.clear();
        self.criteria.iter_mut().for_each(|result| result.because.clear());
        self.scenario.iter_mut().for_each(|result| result.because.clear());
        self.fit.findings.iter_mut().for_each(|result| result.because.clear());
        self.fit.changes.clear();
    }

    /// The answers that the outcome rests on: for a product that does not meet the criteria, the cause of each that is
    /// not met and nothing else; otherwise the smallest set that alone forces the outcome.
    #[must_use]
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
#[derive(Debug)]
pub struct Prospect<'r> {
    /// The question.
    pub question: &'r Question,
    /// For each answer, "not sure" last, the outcomes that are then still reachable, from best to worst.
    pub answers: Vec<(Answer, Vec<Outcome>)>,
}

/// What became of a criterion.
#[derive(Debug)]
pub struct CriterionResult<'r> {
    /// The criterion.
    pub criterion: &'r Criterion,
    /// Its status.
    pub status: Status,
    /// The smallest sets of answers that alone force it. Empty while it is unknown.
    pub because: Vec<Reason<'r>>,
    /// The missing answers that can still change it.
    pub missing: Vec<&'r Question>,
    /// What is added for these answers.
    pub notes: Vec<&'r str>,
}

/// The scenario a product is in.
#[derive(Debug)]
pub struct ScenarioResult<'r> {
    /// The scenario.
    pub scenario: &'r Scenario,
    /// The smallest sets of answers that alone put the product there.
    pub because: Vec<Reason<'r>>,
    /// What is added for these answers.
    pub notes: Vec<&'r str>,
}

/// What the findings come to.
#[derive(Debug)]
pub struct FitResult<'r> {
    /// Whether it fits.
    pub outcome: FitOutcome,
    /// Every finding, in the order of the rules.
    pub findings: Vec<FindingResult<'r>>,
    /// The missing answers that can still change the fit.
    pub missing: Vec<&'r Question>,
    /// The smallest sets of changes that make it fit, as for the outcome.
    pub changes: Vec<ChangeSet<'r>>,
}

/// What became of a finding.
#[derive(Debug)]
pub struct FindingResult<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// Whether it holds.
    pub state: FindingState,
    /// The smallest sets of answers that alone force its state.
    pub because: Vec<Reason<'r>>,
}

/// Whether a topic is prepared.
#[derive(Debug)]
pub struct TopicResult<'r> {
    /// The topic.
    pub topic: &'r Topic,
    /// Its questions that are not answered, or answered "not sure".
    pub lacking: Vec<&'r Question>,
}

impl TopicResult<'_> {
    /// Whether every question of the topic has an answer that is sure.
    #[must_use]
    pub fn prepared(&self) -> bool {
        self.lacking.is_empty()
    }
}

/// What became of an obligation.
#[derive(Debug)]
pub struct ObligationResult<'r> {
    /// The obligation.
    pub obligation: &'r Obligation,
    /// Its status.
    pub status: Status,
    /// The missing answers that can still change it.
    pub missing: Vec<&'r Question>,
    /// What is added for these answers.
    pub notes: Vec<&'r str>,
}

/// Changes of answers that together lead somewhere.
#[derive(Debug)]
pub struct ChangeSet<'r> {
    /// The changes, in the order of the questions.
    pub changes: Vec<Change<'r>>,
    /// The scenario the product is then in, if that is decided.
    pub scenario: Option<&'r Scenario>,
}

/// A change of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'r> {
    /// The question.
    pub question: &'r Question,
    /// The answer as given, `None` if it is missing.
    pub from: Option<Answer>,
    /// The answer it would have to be.
    pub to: Answer,
}
