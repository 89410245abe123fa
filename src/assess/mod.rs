//! `assess(&Rulebook, &Answers) -> Assessment`: total and pure.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::answers::Answers;
use crate::assessment::{
    Assessment, ChangeSet, CriterionResult, FindingResult, FindingState, FitOutcome, FitResult, Found,
    ObligationResult, Prospect, Reason, Reasons, ScenarioResult, TopicResult,
};
use crate::diagram::{Budget, Decision, InScenario, Leaf, PartialAssignment, QuestionSet, Ref, Truth, VarKind};
use crate::question::{Answer, Kind, Question, QuestionOption, Section};
use crate::rulebook::{
    Criterion, Decided, Finding, Note, Obligation, Outcome, Reach, Rulebook, Scenario, Status, Topic,
};

mod moves;

/// Assesses these answers.
///
/// # Panics
/// Possibly, if the answers belong to another rulebook.
pub fn assess<'r>(rulebook: &'r Rulebook, answers: &Answers) -> Assessment<'r> {
    let given = answers.assignment(rulebook);
    // If even one product is too intricate, the decisions stay as they are for everyone.
    let own = rulebook.for_product(&given).unwrap_or(Cow::Borrowed(rulebook));
    let view =
        View { rulebook, decided: &own, answers, given, budget: Budget::default(), room: Budget::of(MAX_REASON_BYTES) };
    view.assessment()
}

/// The first question whose answers leave the fewest outcomes open.
fn settles_most<'r>(prospects: &[Prospect<'r>]) -> Option<&'r Question> {
    let open = |prospect: &&Prospect<'_>| {
        let left: usize = prospect.answers.iter().map(|(_, outcomes)| outcomes.len()).sum();
        // The mean, because questions have different numbers of answers, in thousandths.
        left * 1000 / prospect.answers.len().max(1)
    };
    prospects.iter().min_by_key(open).map(|prospect| prospect.question)
}

/// Whether a question is certainly not asked, given the answers so far.
pub fn is_hidden(rulebook: &Rulebook, given: &PartialAssignment, question: usize) -> bool {
    rulebook.ask_when[question]
        .as_ref()
        .is_some_and(|(_, asked)| rulebook.diagrams.settled(*asked, given) == Some(false))
}

/// Whether the answer to a question cannot change any result, given the other answers.
pub fn makes_no_difference(rulebook: &Rulebook, given: &PartialAssignment, question: usize) -> bool {
    let mut others = given.clone();
    rulebook.diagrams.variables().assign(&mut others, question, None);
    let matters = |decision: Ref| rulebook.diagrams.relevant(decision, &others).contains(&question);
    let prepares = rulebook.topics.iter().any(|topic| topic.questions.contains(&question));
    !prepares && !rulebook.decisions().into_iter().any(matters)
}

/// The decisions about eligibility: the status of each criterion, the scenario, and the notes of both.
pub fn about_eligibility(rulebook: &Rulebook) -> Vec<Ref> {
    let statuses = rulebook.criteria.iter().map(|criterion| criterion.status.root());
    let notes = rulebook.criteria.iter().flat_map(|criterion| &criterion.notes);
    let notes = notes.chain(rulebook.scenarios.iter().flat_map(|scenario| &scenario.notes));
    statuses.chain(rulebook.scenario.map(Decision::root)).chain(notes.map(|note| note.shown.root())).collect()
}

/// A rulebook seen through one product's answers.
struct View<'r, 'a> {
    rulebook: &'r Rulebook,
    /// The same rules, compiled for this product alone if they are too intricate.
    decided: &'a Rulebook,
    answers: &'a Answers,
    given: PartialAssignment,
    budget: Budget,
    /// How many more bytes reasons and changes may fill.
    room: Budget,
}

/// The most bytes of ids and labels in the reasons and changes of one product.
const MAX_REASON_BYTES: usize = 8 << 20;

impl<'r> View<'r, '_> {
    fn assessment(&self) -> Assessment<'r> {
        let Self { rulebook, decided, .. } = *self;
        let mut possible_outcomes = self.possible(decided.outcome);
        if possible_outcomes.is_empty() {
            possible_outcomes = Outcome::DECIDED.to_vec();
        }
        let outcome = match possible_outcomes.as_slice() {
            [only] => *only,
            _ => Outcome::Incomplete,
        };
        let missing = self.relevant([decided.outcome.root()]);
        let prospects: Vec<Prospect<'r>> = missing.iter().map(|index| self.prospect(*index)).collect();
        let text = outcome as usize;
        let steps = rulebook.outcomes[text].next_steps.iter().zip(&decided.outcomes[text].next_steps);
        let contradictions = rulebook.contradictions.iter().zip(&decided.contradictions);
        let facts = rulebook.facts.iter().zip(&decided.facts).filter(|(fact, _)| fact.outcomes.contains(&outcome));
        Assessment {
            outcome,
            possible_outcomes,
            because: self.reasons(decided.outcome),
            criteria: (rulebook.criteria.iter().zip(&decided.criteria))
                .map(|(own, it)| self.criterion(own, it))
                .collect(),
            scenario: self.scenario(),
            possible_scenarios: self.possible_scenarios(),
            // All spend from one budget: reasons before changes, which may be far more, and the outcome before the fit.
            changes: match outcome {
                Outcome::MeetsCriteria => Found::All(Vec::new()),
                _ => self.changes(decided.outcome, Outcome::MeetsCriteria),
            },
            fit: self.fit(),
            application: rulebook.topics.iter().zip(&decided.topics).map(|(own, it)| self.topic(own, it)).collect(),
            go_live: (rulebook.obligations.iter().zip(&decided.obligations))
                .map(|(own, it)| self.obligation(own, it))
                .collect(),
            also_missing: self.questions(self.also_missing(&missing)),
            missing: self.questions(missing),
            contradictions: contradictions.filter(|(_, it)| self.is(it.holds, true)).map(|(own, _)| own).collect(),
            next_steps: steps.filter(|(_, it)| !self.is(it.shown, false)).map(|(own, _)| own).collect(),
            facts: facts.filter(|(_, it)| self.is(it.shown, true)).map(|(own, _)| own).collect(),
            ask_first: settles_most(&prospects),
            prospects,
        }
    }

    fn settled<T: Leaf>(&self, decision: Decision<T>) -> Option<T> {
        self.decided.diagrams.settled(decision, &self.given)
    }

    fn is<T: Leaf>(&self, decision: Decision<T>, result: T) -> bool {
        self.settled(decision) == Some(result)
    }

    fn possible<T: Leaf>(&self, decision: Decision<T>) -> Vec<T> {
        self.decided.diagrams.possible(decision, &self.given)
    }

    /// The missing answers that can still change one of these decisions, as indexes in order.
    fn relevant(&self, decisions: impl IntoIterator<Item = Ref>) -> Vec<usize> {
        if self.decided.reach == Reach::TooIntricate {
            // Too much is missing to tell which answers still matter.
            let tested = |index: &usize| !self.decided.diagrams.variables().of_question(*index).is_empty();
            let missing = |index: &usize| self.answers.get(*index).is_none() && tested(index);
            return (0..self.rulebook.questions.len()).filter(missing).collect();
        }
        let relevant = decisions.into_iter().flat_map(|root| self.decided.diagrams.relevant(root, &self.given));
        relevant.collect::<BTreeSet<usize>>().into_iter().collect()
    }

    fn also_missing(&self, missing: &[usize]) -> Vec<usize> {
        let mut also = self.relevant(about_eligibility(self.decided));
        also.retain(|index| {
            !missing.contains(index) && self.rulebook.questions[*index].section == Section::Eligibility
        });
        also
    }

    fn prospect(&self, index: usize) -> Prospect<'r> {
        let (question, diagrams) = (&self.rulebook.questions[index], &self.decided.diagrams);
        let variables = diagrams.variables();
        let singly = question.chosen(variables.tested(index)).map(|(option, _)| Answer::Many(1 << option));
        let answers: Vec<Answer> = match question.kind {
            Kind::Choices => singly.collect(),
            _ => (0..question.options.len()).map(Answer::One).collect(),
        };
        let possible = |answer: Answer| {
            let mut given = self.given.clone();
            variables.assign(&mut given, index, Some(&answer));
            if let Answer::Many(option) = answer {
                // Other options may be chosen as well.
                let others = variables.of_question(index).iter().copied();
                let other = |var: &usize| matches!(variables.all()[*var].kind, VarKind::Chosen(_, other) if option != 1 << other);
                others.filter(other).for_each(|var| given[var] = None);
            }
            (answer, diagrams.possible(self.decided.outcome, &given))
        };
        let unsure = question.takes_not_sure().then_some(Answer::NotSure);
        Prospect { question, answers: answers.into_iter().chain(unsure).map(possible).collect() }
    }

    fn questions(&self, set: impl IntoIterator<Item = usize>) -> Vec<&'r Question> {
        set.into_iter().map(|index| &self.rulebook.questions[index]).collect()
    }

    fn missing(&self, root: Ref) -> Vec<&'r Question> {
        self.questions(self.relevant([root]))
    }

    /// Why a decision is settled. Rules compiled for one product alone do not show that.
    fn reasons<T: Leaf>(&self, decision: Decision<T>) -> Reasons<'r> {
        let Some(result) = self.settled(decision) else { return Found::All(Vec::new()) };
        if self.decided.reach != Reach::Everyone {
            return Found::TooMany;
        }
        let sets = self.decided.diagrams.reasons(decision, &self.given, result, &self.budget);
        let members =
            |set: QuestionSet| (0..self.rulebook.questions.len()).filter(move |index| set & (1 << index) != 0);
        let reasons = |sets: Vec<QuestionSet>| sets.into_iter().map(|set| self.questions(members(set))).collect();
        self.with_room(sets.map_or(Found::TooMany, |sets| Found::All(reasons(sets))), |reason: &Reason<'r>| {
            reason.iter().map(|question| question.max_bytes()).sum()
        })
    }

    /// The items found, if there is room for all of them.
    fn with_room<T>(&self, found: Found<T>, size: impl Fn(&T) -> usize) -> Found<T> {
        let size = found.known().iter().map(size).sum();
        self.room.spend(size).map_or(Found::TooMany, |()| found)
    }

    fn notes(&self, own: &'r [Note], decided: &[Note]) -> Vec<&'r str> {
        let shown = own.iter().zip(decided).filter(|(_, note)| self.is(note.shown, true));
        shown.map(|(own, _)| own.says.as_str()).collect()
    }

    fn criterion(&self, criterion: &'r Criterion, decided: &Criterion) -> CriterionResult<'r> {
        let status = self.settled(decided.status).unwrap_or(Status::Unknown);
        let mut open = self.left_open_by(decided.status);
        let (mut says, mut short) = (criterion.says.text(status), criterion.says.short(status));
        let mut grounds = &criterion.grounds;
        let mut scenarios = Vec::new();
        if let (Decided::ByScenarios { .. }, Some(decision)) = (&criterion.decided, self.decided.scenario) {
            match self.settled(decision).and_then(|scenario| self.in_scenario(scenario)) {
                Some(index) => {
                    let scenario = &self.rulebook.scenarios[index];
                    (says, short) = (Some(&scenario.says), scenario.short.as_deref());
                    grounds = &scenario.grounds;
                }
                None => {
                    let also = self.left_open_by(decision);
                    for option in also {
                        if !open.iter().any(|known| std::ptr::eq(*known, option)) {
                            open.push(option);
                        }
                    }
                    scenarios = self.possible_scenarios();
                }
            }
        }
        CriterionResult {
            criterion,
            status,
            says,
            grounds,
            short: open.iter().find_map(|offer| offer.short.as_deref()).or(short),
            open,
            scenarios,
            because: self.reasons(decided.status),
            missing: self.missing(decided.status.root()),
            notes: self.notes(&criterion.notes, &decided.notes),
        }
    }

    /// The given options whose readings leave a decision open.
    fn left_open_by<T: Leaf>(&self, decision: Decision<T>) -> Vec<&'r QuestionOption> {
        let questions = self.decided.diagrams.left_open_by(decision.root(), &self.given).into_iter();
        let option = |index: usize| match self.answers.get(index)?.answer {
            Answer::One(option) => Some(&self.rulebook.questions[index].options[option]),
            _ => None,
        };
        questions.filter_map(option).collect()
    }

    fn in_scenario(&self, scenario: InScenario) -> Option<usize> {
        match scenario {
            InScenario::In(index) => Some(usize::from(index)).filter(|index| *index < self.rulebook.scenarios.len()),
            InScenario::Nowhere | InScenario::Open => None,
        }
    }

    fn scenario(&self) -> Option<ScenarioResult<'r>> {
        let decision = self.decided.scenario?;
        let index = self.in_scenario(self.settled(decision)?)?;
        let scenario = &self.rulebook.scenarios[index];
        let notes = self.notes(&scenario.notes, &self.decided.scenarios[index].notes);
        Some(ScenarioResult { scenario, because: self.reasons(decision), notes })
    }

    /// The scenarios that are possible however missing answers are filled in and unsure ones read.
    fn possible_scenarios(&self) -> Vec<&'r Scenario> {
        let possible = self.decided.diagrams.possible_readings(self.decided.sure_scenario, &self.given);
        let possible = possible.into_iter().filter_map(|scenario| self.in_scenario(scenario));
        possible.map(|index| &self.rulebook.scenarios[index]).collect()
    }

    fn fit(&self) -> FitResult<'r> {
        let fit = self.decided.fit;
        let outcome = self.settled(fit).unwrap_or(FitOutcome::Unknown);
        let finding = |(finding, decided): (&'r Finding, &Finding)| FindingResult {
            finding,
            state: match self.settled(decided.state) {
                None => FindingState::Unknown,
                Some(Truth::Yes) => FindingState::Holds,
                Some(Truth::Open) => FindingState::Open,
                Some(Truth::No) => FindingState::DoesNotHold,
            },
            because: self.reasons(decided.state),
        };
        FitResult {
            outcome,
            findings: self.rulebook.findings.iter().zip(&self.decided.findings).map(finding).collect(),
            missing: self.missing(fit.root()),
            changes: match outcome {
                FitOutcome::Fits => Found::All(Vec::new()),
                _ => self.changes(fit, FitOutcome::Fits),
            },
        }
    }

    fn topic(&self, topic: &'r Topic, decided: &Topic) -> TopicResult<'r> {
        TopicResult {
            topic,
            preparation: self.answers.preparation(self.decided, decided, &self.given),
            lacking: self.questions(self.answers.unprepared(topic)),
        }
    }

    fn obligation(&self, obligation: &'r Obligation, decided: &Obligation) -> ObligationResult<'r> {
        ObligationResult {
            obligation,
            status: self.settled(decided.status).unwrap_or(Status::Unknown),
            missing: self.missing(decided.status.root()),
            notes: self.notes(&obligation.notes, &decided.notes),
        }
    }

    fn changes<T: Leaf>(&self, decision: Decision<T>, result: T) -> Found<ChangeSet<'r>> {
        if self.decided.reach != Reach::Everyone {
            return Found::TooMany;
        }
        let allowed = moves::allowed(self.rulebook, self.answers);
        let sets = self.decided.diagrams.moves(decision, &self.given, result, &allowed, &self.budget);
        let Ok(sets) = sets else { return Found::TooMany };
        let mut sets: Vec<ChangeSet<'r>> = sets.iter().map(|set| self.change_set(set)).collect();
        sets.sort_by_cached_key(|set| moves::rank(self.rulebook, set));
        let size = |set: &ChangeSet<'_>| set.changes.iter().map(|change| 2 * change.question.max_bytes()).sum();
        self.with_room(Found::All(sets), size)
    }

    fn change_set(&self, set: &[crate::diagram::Move]) -> ChangeSet<'r> {
        let mut given = self.given.clone();
        for moved in set {
            given[moved.var] = Some(moved.value);
        }
        let scenario = self.decided.scenario.and_then(|decision| self.decided.diagrams.settled_among(decision, &given));
        ChangeSet {
            changes: moves::changes(self.rulebook, self.answers, set),
            scenario: (scenario.and_then(|scenario| self.in_scenario(scenario)))
                .map(|index| &self.rulebook.scenarios[index]),
        }
    }
}
