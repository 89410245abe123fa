//! `assess(&Rulebook, &Answers) -> Assessment`: total and pure.

use crate::answers::Answers;
use crate::assessment::{
    Assessment, Change, ChangeSet, CriterionResult, FindingResult, FindingState, FitOutcome, FitResult,
    ObligationResult, Prospect, Reason, ScenarioResult, TopicResult,
};
use crate::diagram::{self, Budget, Leaf, QuestionSet, Ref};
use crate::question::{Answer, Kind, OptionSet, Question};
use crate::rulebook::{FINDING_HOLDS, FINDING_OPEN, Note, Outcome, Rulebook, SCENARIO_OPEN, Status};

/// What the rules say about these answers.
#[must_use]
pub fn assess<'r>(rulebook: &'r Rulebook, answers: &Answers) -> Assessment<'r> {
    let view = View { rulebook, answers, given: answers.letters(rulebook), budget: Budget::default() };
    let possible_outcomes = view.outcomes(&view.given);
    let outcome = match possible_outcomes.as_slice() {
        [only] => *only,
        _ => Outcome::Incomplete,
    };
    let meets = Outcome::MeetsCriteria as Leaf;
    let changes = if outcome == Outcome::MeetsCriteria { Vec::new() } else { view.changes(rulebook.outcome, meets) };
    let prospects = view.prospects();
    let mut assessment = Assessment {
        outcome,
        cut_short: false,
        possible_outcomes,
        because: view.reasons(rulebook.outcome, (outcome != Outcome::Incomplete).then_some(outcome as Leaf)),
        criteria: rulebook.criteria.iter().map(|criterion| view.criterion(criterion)).collect(),
        scenario: view.scenario(),
        possible_scenarios: view.possible_scenarios(),
        fit: view.fit(),
        application: rulebook.topics.iter().map(|topic| view.topic(topic)).collect(),
        go_live: rulebook.obligations.iter().map(|obligation| view.obligation(obligation)).collect(),
        missing: view.missing(rulebook.outcome),
        ask_first: settles_most(&prospects),
        prospects,
        changes,
    };
    assessment.cut_short = view.budget.is_used_up();
    assessment
}

/// The question whose answers leave the fewest outcomes open, the first of those that do equally well.
fn settles_most<'r>(prospects: &[Prospect<'r>]) -> Option<&'r Question> {
    let open = |prospect: &&Prospect<'_>| {
        let left: usize = prospect.answers.iter().map(|(_, outcomes)| outcomes.len()).sum();
        // Questions have different numbers of answers, so the mean counts, in thousandths.
        left * 1000 / prospect.answers.len().max(1)
    };
    prospects.iter().min_by_key(open).map(|prospect| prospect.question)
}

/// Whether a question is certainly not to be asked, given the answers so far.
#[must_use]
pub fn is_hidden(rulebook: &Rulebook, answers: &Answers, question: usize) -> bool {
    rulebook.ask_when[question]
        .as_ref()
        .is_some_and(|(_, holds)| rulebook.diagrams.settled(*holds, &answers.letters(rulebook)) == Some(0))
}

/// Whether an answer changes nothing that is said about this product, given the other answers.
#[must_use]
pub fn makes_no_difference(rulebook: &Rulebook, answers: &Answers, question: usize) -> bool {
    let mut others = answers.letters(rulebook);
    others[question] = None;
    let matters = |function: Ref| rulebook.diagrams.relevant(function, &others).contains(&question);
    let prepares = rulebook.topics.iter().any(|topic| topic.questions.contains(&question));
    !prepares && !rulebook.functions().into_iter().any(matters)
}

/// A rulebook seen through one product's answers.
struct View<'r, 'a> {
    rulebook: &'r Rulebook,
    answers: &'a Answers,
    given: Vec<Option<u16>>,
    budget: Budget,
}

impl<'r> View<'r, '_> {
    fn settled(&self, diagram: Ref) -> Option<Leaf> {
        self.rulebook.diagrams.settled(diagram, &self.given)
    }

    /// The outcomes that these answers leave reachable, from best to worst.
    fn outcomes(&self, given: &[Option<u16>]) -> Vec<Outcome> {
        let reachable = self.rulebook.diagrams.reachable(self.rulebook.outcome, given);
        Outcome::ALL.into_iter().take(3).filter(|outcome| reachable & (1 << *outcome as Leaf) != 0).collect()
    }

    fn prospects(&self) -> Vec<Prospect<'r>> {
        let rulebook = self.rulebook;
        let mut given = self.given.clone();
        let missing = rulebook.diagrams.relevant(rulebook.outcome, &self.given);
        let prospect = |index: usize| {
            let (question, alphabet) = (&rulebook.questions[index], &rulebook.diagrams.alphabets()[index]);
            let answers = (0..=alphabet.not_sure()).map(|letter| {
                given[index] = Some(letter);
                let outcomes = self.outcomes(&given);
                given[index] = None;
                (question.answer_with(alphabet.letters().get(usize::from(letter)).copied()), outcomes)
            });
            Prospect { question, answers: answers.collect() }
        };
        missing.into_iter().map(prospect).collect()
    }

    fn questions(&self, set: impl IntoIterator<Item = usize>) -> Vec<&'r Question> {
        set.into_iter().map(|index| &self.rulebook.questions[index]).collect()
    }

    fn missing(&self, diagram: Ref) -> Vec<&'r Question> {
        self.questions(self.rulebook.diagrams.relevant(diagram, &self.given))
    }

    fn reasons(&self, diagram: Ref, settled: Option<Leaf>) -> Vec<Reason<'r>> {
        let Some(leaf) = settled else {
            return Vec::new();
        };
        let sets = self.rulebook.diagrams.reasons(diagram, &self.given, leaf, &self.budget).unwrap_or_default();
        let members = |set: QuestionSet| (0..self.given.len()).filter(move |index| set & (1 << index) != 0);
        sets.into_iter().map(|set| self.questions(members(set))).collect()
    }

    fn notes(&self, notes: &'r [Note]) -> Vec<&'r str> {
        notes
            .iter()
            .filter(|note| self.settled(note.holds) == Some(FINDING_HOLDS))
            .map(|note| note.says.as_str())
            .collect()
    }

    fn status(&self, diagram: Ref) -> Status {
        self.settled(diagram).map_or(Status::Unknown, |leaf| Status::ALL[usize::from(leaf)])
    }

    fn criterion(&self, criterion: &'r crate::rulebook::Criterion) -> CriterionResult<'r> {
        CriterionResult {
            criterion,
            status: self.status(criterion.status),
            because: self.reasons(criterion.status, self.settled(criterion.status)),
            missing: self.missing(criterion.status),
            notes: self.notes(&criterion.notes),
        }
    }

    fn scenario(&self) -> Option<ScenarioResult<'r>> {
        let diagram = self.rulebook.scenario?;
        let leaf = self.settled(diagram)?;
        let scenario = self.rulebook.scenarios.get(usize::from(leaf))?;
        Some(ScenarioResult {
            scenario,
            because: self.reasons(diagram, Some(leaf)),
            notes: self.notes(&scenario.notes),
        })
    }

    /// The scenarios that filling in missing and unsure answers can lead to, while none is decided.
    fn possible_scenarios(&self) -> Vec<&'r crate::rulebook::Scenario> {
        let Some(diagram) = self.rulebook.scenario else {
            return Vec::new();
        };
        if self.settled(diagram).is_some_and(|leaf| leaf != SCENARIO_OPEN) {
            return Vec::new();
        }
        let alphabets = self.rulebook.diagrams.alphabets();
        // An unsure answer can turn out to be anything, just as a missing one can.
        let open: Vec<Option<u16>> = self
            .given
            .iter()
            .zip(alphabets)
            .map(|(letter, alphabet)| letter.filter(|letter| *letter != alphabet.not_sure()))
            .collect();
        let reachable = self.rulebook.diagrams.reachable(diagram, &open);
        let scenarios = self.rulebook.scenarios.iter().enumerate();
        scenarios.filter(|(index, _)| reachable & (1 << index) != 0).map(|(_, scenario)| scenario).collect()
    }

    fn fit(&self) -> FitResult<'r> {
        let fit = self.rulebook.fit;
        let outcome = self.settled(fit).map_or(FitOutcome::Unknown, |leaf| FitOutcome::ALL[usize::from(leaf)]);
        FitResult {
            outcome,
            findings: self
                .rulebook
                .findings
                .iter()
                .map(|finding| {
                    let settled = self.settled(finding.state);
                    FindingResult {
                        finding,
                        state: match settled {
                            None => FindingState::Unknown,
                            Some(FINDING_HOLDS) => FindingState::Holds,
                            Some(FINDING_OPEN) => FindingState::Open,
                            Some(_) => FindingState::DoesNotHold,
                        },
                        because: self.reasons(finding.state, settled),
                    }
                })
                .collect(),
            missing: self.missing(fit),
            changes: if outcome == FitOutcome::Fits { Vec::new() } else { self.changes(fit, FitOutcome::Fits as Leaf) },
        }
    }

    fn topic(&self, topic: &'r crate::rulebook::Topic) -> TopicResult<'r> {
        let answered = |index: &usize| self.answers.get(*index).is_some_and(|entry| entry.answer != Answer::NotSure);
        TopicResult { topic, lacking: self.questions(topic.questions.iter().copied().filter(|index| !answered(index))) }
    }

    fn obligation(&self, obligation: &'r crate::rulebook::Obligation) -> ObligationResult<'r> {
        ObligationResult {
            obligation,
            status: self.status(obligation.status),
            missing: self.missing(obligation.status),
            notes: self.notes(&obligation.notes),
        }
    }

    fn changes(&self, diagram: Ref, leaf: Leaf) -> Vec<ChangeSet<'r>> {
        let changeable = self.rulebook.questions.iter().enumerate();
        let changeable = changeable
            .filter(|(_, question)| question.changeable)
            .fold(0, |set: QuestionSet, (index, _)| set | 1 << index);
        let sets = self.rulebook.diagrams.changes(diagram, &self.given, leaf, changeable, &self.budget);
        let sets = sets.unwrap_or_default();
        let needless = |set: &[diagram::Change]| sets.iter().any(|other| self.changes_less(other, set));
        sets.iter().filter(|set| !needless(set)).map(|set| self.change_set(set)).collect()
    }

    /// Whether one set changes the same answers as another, but fewer of the options chosen in some of them.
    fn changes_less(&self, one: &[diagram::Change], other: &[diagram::Change]) -> bool {
        let less = |(one, other): (&diagram::Change, &diagram::Change)| {
            let (one_changed, other_changed) = (self.options_changed(*one), self.options_changed(*other));
            one.question == other.question && one_changed & other_changed == one_changed
        };
        one != other && one.len() == other.len() && one.iter().zip(other).all(less)
    }

    /// The options that a change adds or takes away. Of a question with one answer only the new one counts.
    fn options_changed(&self, change: diagram::Change) -> OptionSet {
        let alphabet = &self.rulebook.diagrams.alphabets()[change.question];
        let to = alphabet.letters()[usize::from(change.letter)];
        match self.answers.get(change.question).map(|entry| &entry.answer) {
            Some(Answer::Many(from)) => (from & alphabet.told_apart()) ^ to,
            _ => to,
        }
    }

    fn change_set(&self, set: &[diagram::Change]) -> ChangeSet<'r> {
        let mut given = self.given.clone();
        for change in set {
            given[change.question] = Some(change.letter);
        }
        let leaf = self.rulebook.scenario.and_then(|diagram| self.rulebook.diagrams.settled(diagram, &given));
        ChangeSet {
            changes: set.iter().map(|change| self.change(*change)).collect(),
            scenario: leaf.and_then(|leaf| self.rulebook.scenarios.get(usize::from(leaf))),
        }
    }

    fn change(&self, change: diagram::Change) -> Change<'r> {
        let question = &self.rulebook.questions[change.question];
        let alphabet = &self.rulebook.diagrams.alphabets()[change.question];
        let from = self.answers.get(change.question).map(|entry| entry.answer.clone());
        let letter = alphabet.letters()[usize::from(change.letter)];
        let to = match question.kind {
            Kind::Choices => {
                // What no condition tests stays as it was, unless it cannot stand beside the rest.
                let kept = match from {
                    Some(Answer::Many(options)) => options & !alphabet.told_apart(),
                    _ => 0,
                };
                let alone = question.chosen(letter | kept).any(|(_, option)| option.none);
                Answer::Many(if alone { letter } else { letter | kept })
            }
            Kind::YesNo | Kind::Choice | Kind::Text => Answer::One(letter.trailing_zeros() as usize),
        };
        Change { question, from, to }
    }
}
