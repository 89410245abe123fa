//! `assess(&Rulebook, &Answers) -> Assessment`: total and pure.

use std::collections::BTreeSet;

use crate::answers::Answers;
use crate::assessment::{
    Assessment, ChangeSet, CriterionResult, FindingResult, FindingState, FitOutcome, FitResult, Found,
    ObligationResult, Prospect, Reason, Reasons, ScenarioResult, TopicResult,
};
use crate::diagram::{Budget, Decision, Given, InScenario, Leaf, Of, QuestionSet, Ref, Truth};
use crate::question::{Answer, Question, Section};
use crate::rulebook::{Note, Outcome, Rulebook, Scenario, Scope, Status};

mod moves;

/// What the rules say about these answers.
#[must_use]
pub fn assess<'r>(rulebook: &'r Rulebook, answers: &Answers) -> Assessment<'r> {
    let view = View { rulebook, answers, given: answers.given(rulebook), budget: Budget::default() };
    let possible_outcomes = view.possible(rulebook.outcome);
    let outcome = match possible_outcomes.as_slice() {
        [only] => *only,
        _ => Outcome::Incomplete,
    };
    let meets = Outcome::MeetsCriteria;
    let changes = if outcome == meets { Found::All(Vec::new()) } else { view.changes(rulebook.outcome, meets) };
    let prospects = view.prospects();
    let missing = view.relevant([rulebook.outcome.root()]);
    Assessment {
        outcome,
        possible_outcomes,
        because: view.reasons(rulebook.outcome),
        criteria: rulebook.criteria.iter().map(|criterion| view.criterion(criterion)).collect(),
        scenario: view.scenario(),
        possible_scenarios: view.possible_scenarios(),
        fit: view.fit(),
        application: rulebook.topics.iter().map(|topic| view.topic(topic)).collect(),
        go_live: rulebook.obligations.iter().map(|obligation| view.obligation(obligation)).collect(),
        also_missing: view.questions(view.also_missing(&missing)),
        missing: view.questions(missing),
        contradictions: rulebook.contradictions.iter().filter(|found| view.is(found.holds, true)).collect(),
        next_steps: (rulebook.outcome_text(outcome).next_steps.iter())
            .filter(|step| !view.is(step.shown, false))
            .collect(),
        facts: (rulebook.facts.iter())
            .filter(|fact| fact.outcomes.contains(&outcome) && view.is(fact.shown, true))
            .collect(),
        ask_first: settles_most(&prospects),
        prospects,
        changes,
    }
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
pub fn is_hidden(rulebook: &Rulebook, given: &Given, question: usize) -> bool {
    rulebook.ask_when[question]
        .as_ref()
        .is_some_and(|(_, asked)| rulebook.diagrams.settled(*asked, given) == Some(false))
}

/// Whether an answer changes nothing that is said about this product, given the other answers.
#[must_use]
pub fn makes_no_difference(rulebook: &Rulebook, given: &Given, question: usize) -> bool {
    let mut others = given.clone();
    rulebook.diagrams.variables().give(&mut others, question, None);
    let matters = |decision: Ref| rulebook.diagrams.relevant(decision, &others).contains(&question);
    let prepares = rulebook.topics.iter().any(|topic| topic.questions.contains(&question));
    !prepares && !rulebook.decisions().into_iter().any(matters)
}

/// The decisions about eligibility that a missing answer can change: the status of each criterion, the scenario, and the
/// notes of both.
#[must_use]
pub fn about_eligibility(rulebook: &Rulebook) -> Vec<Ref> {
    let statuses = rulebook.criteria.iter().map(|criterion| criterion.status.root());
    let notes = rulebook.criteria.iter().flat_map(|criterion| &criterion.notes);
    let notes = notes.chain(rulebook.scenarios.iter().flat_map(|scenario| &scenario.notes));
    statuses.chain(rulebook.scenario.map(Decision::root)).chain(notes.map(|note| note.told.root())).collect()
}

/// A rulebook seen through one product's answers.
struct View<'r, 'a> {
    rulebook: &'r Rulebook,
    answers: &'a Answers,
    given: Given,
    budget: Budget,
}

impl<'r> View<'r, '_> {
    fn settled<T: Leaf>(&self, decision: Decision<T>) -> Option<T> {
        self.rulebook.diagrams.settled(decision, &self.given)
    }

    fn is<T: Leaf>(&self, decision: Decision<T>, value: T) -> bool {
        self.settled(decision) == Some(value)
    }

    fn possible<T: Leaf>(&self, decision: Decision<T>) -> Vec<T> {
        self.rulebook.diagrams.possible(decision, &self.given)
    }

    /// The missing answers that can still change one of these, as indexes in the order of the questions.
    fn relevant(&self, decisions: impl IntoIterator<Item = Ref>) -> Vec<usize> {
        let relevant = decisions.into_iter().flat_map(|root| self.rulebook.diagrams.relevant(root, &self.given));
        relevant.collect::<BTreeSet<usize>>().into_iter().collect()
    }

    fn also_missing(&self, missing: &[usize]) -> Vec<usize> {
        let mut also = self.relevant(about_eligibility(self.rulebook));
        also.retain(|index| {
            !missing.contains(index) && self.rulebook.questions[*index].section == Section::Eligibility
        });
        also
    }

    fn prospects(&self) -> Vec<Prospect<'r>> {
        let rulebook = self.rulebook;
        let variables = rulebook.diagrams.variables();
        let prospect = |index: usize| {
            let question = &rulebook.questions[index];
            let mut answers = Vec::new();
            for var in variables.of_question(index) {
                let variable = &variables.all()[*var];
                for letter in 0..variable.letters {
                    let mut given = self.given.clone();
                    given[*var] = Some(letter);
                    let answer = match (variable.of, letter) {
                        (Of::Question(_), letter) if usize::from(letter) < question.options.len() => {
                            Answer::One(usize::from(letter))
                        }
                        (Of::Chosen(_, option), 1) => Answer::Many(1 << option),
                        (Of::Question(_), _) | (Of::Known(_), 1) => Answer::NotSure,
                        _ => continue,
                    };
                    answers.push((answer, rulebook.diagrams.possible(rulebook.outcome, &given)));
                }
            }
            // "Not sure" of several answers stands first in the diagrams, and last for people.
            answers.sort_by_key(|(answer, _)| *answer == Answer::NotSure);
            Prospect { question, answers }
        };
        self.relevant([rulebook.outcome.root()]).into_iter().map(prospect).collect()
    }

    fn questions(&self, set: impl IntoIterator<Item = usize>) -> Vec<&'r Question> {
        set.into_iter().map(|index| &self.rulebook.questions[index]).collect()
    }

    fn missing(&self, root: Ref) -> Vec<&'r Question> {
        self.questions(self.relevant([root]))
    }

    /// Why a decision is settled. That cannot be told of rules that are worked out for one product alone.
    fn reasons<T: Leaf>(&self, decision: Decision<T>) -> Reasons<'r> {
        let Some(value) = self.settled(decision) else { return Found::All(Vec::new()) };
        if self.rulebook.scope == Scope::OneProduct {
            return Found::TooMany;
        }
        let sets = self.rulebook.diagrams.reasons(decision, &self.given, value, &self.budget);
        let members = |set: QuestionSet| (0..self.rulebook.questions.len()).filter(move |index| set & (1 << index) != 0);
        sets.map_or(Found::TooMany, |sets| {
            Found::All(sets.into_iter().map(|set| self.questions(members(set))).collect::<Vec<Reason<'r>>>())
        })
    }

    fn notes(&self, notes: &'r [Note]) -> Vec<&'r str> {
        notes.iter().filter(|note| self.is(note.told, true)).map(|note| note.says.as_str()).collect()
    }

    fn criterion(&self, criterion: &'r crate::rulebook::Criterion) -> CriterionResult<'r> {
        CriterionResult {
            criterion,
            status: self.settled(criterion.status).unwrap_or(Status::Unknown),
            because: self.reasons(criterion.status),
            missing: self.missing(criterion.status.root()),
            notes: self.notes(&criterion.notes),
        }
    }

    fn in_scenario(&self, scenario: InScenario) -> Option<&'r Scenario> {
        match scenario {
            InScenario::In(index) => self.rulebook.scenarios.get(usize::from(index)),
            InScenario::Nowhere | InScenario::Open => None,
        }
    }

    fn scenario(&self) -> Option<ScenarioResult<'r>> {
        let decision = self.rulebook.scenario?;
        let scenario = self.in_scenario(self.settled(decision)?)?;
        Some(ScenarioResult { scenario, because: self.reasons(decision), notes: self.notes(&scenario.notes) })
    }

    /// The scenarios that filling in missing answers and reading unsure ones can lead to.
    fn possible_scenarios(&self) -> Vec<&'r Scenario> {
        let possible = self.rulebook.diagrams.possible_readings(self.rulebook.picked, &self.given);
        possible.into_iter().filter_map(|scenario| self.in_scenario(scenario)).collect()
    }

    fn fit(&self) -> FitResult<'r> {
        let fit = self.rulebook.fit;
        let outcome = self.settled(fit).unwrap_or(FitOutcome::Unknown);
        let finding = |finding: &'r crate::rulebook::Finding| FindingResult {
            finding,
            state: match self.settled(finding.state) {
                None => FindingState::Unknown,
                Some(Truth::Yes) => FindingState::Holds,
                Some(Truth::Open) => FindingState::Open,
                Some(Truth::No) => FindingState::DoesNotHold,
            },
            because: self.reasons(finding.state),
        };
        FitResult {
            outcome,
            findings: self.rulebook.findings.iter().map(finding).collect(),
            missing: self.missing(fit.root()),
            changes: match outcome {
                FitOutcome::Fits => Found::All(Vec::new()),
                _ => self.changes(fit, FitOutcome::Fits),
            },
        }
    }

    fn topic(&self, topic: &'r crate::rulebook::Topic) -> TopicResult<'r> {
        TopicResult {
            topic,
            preparation: self.answers.preparation(self.rulebook, topic, &self.given),
            lacking: self.questions(self.answers.lacking(topic)),
        }
    }

    fn obligation(&self, obligation: &'r crate::rulebook::Obligation) -> ObligationResult<'r> {
        ObligationResult {
            obligation,
            status: self.settled(obligation.status).unwrap_or(Status::Unknown),
            missing: self.missing(obligation.status.root()),
            notes: self.notes(&obligation.notes),
        }
    }

    fn changes<T: Leaf>(&self, decision: Decision<T>, value: T) -> Found<ChangeSet<'r>> {
        if self.rulebook.scope == Scope::OneProduct {
            return Found::TooMany;
        }
        let allowed = moves::allowed(self.rulebook, self.answers);
        let sets = self.rulebook.diagrams.moves(decision, &self.given, value, &allowed, &self.budget);
        let Ok(sets) = sets else { return Found::TooMany };
        let mut sets: Vec<ChangeSet<'r>> = sets.iter().map(|set| self.change_set(set)).collect();
        sets.sort_by_cached_key(|set| moves::rank(self.rulebook, set));
        Found::All(sets)
    }

    fn change_set(&self, set: &[crate::diagram::Move]) -> ChangeSet<'r> {
        let mut given = self.given.clone();
        for moved in set {
            given[moved.var] = Some(moved.letter);
        }
        let scenario = self.rulebook.scenario.and_then(|decision| self.rulebook.diagrams.settled(decision, &given));
        ChangeSet {
            changes: moves::changes(self.rulebook, self.answers, set),
            scenario: scenario.and_then(|scenario| self.in_scenario(scenario)),
        }
    }
}
