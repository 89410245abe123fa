//! What triage tells of a product, worked out from tables that are filled from the diagrams as they are needed.
//!
//! The outcome is the worst status of all criteria, and criteria that share no question are independent of each other.
//! So the criteria fall into blocks, each with few combinations of letters, and the outcome, the outcomes still
//! reachable and the missing answers that matter follow exactly from what is known of each block. Each entry of a table
//! comes from the same diagrams that `assess` reads.

use std::collections::BTreeSet;

pub use super::space::CriterionSet;
use super::space::{Entry, Space};
use crate::answers::Answers;
use crate::assessment::{Assessment, FindingState, TopicResult};
use crate::diagram::{
    AnyValue, Decision, Diagrams, Given, InScenario, Leaf, Letter, QuestionSet, Ref, TooIntricate, Truth, Var,
    Variables,
};
use crate::outcome::FitOutcome;
use crate::question::{Question, Takes};
use crate::rulebook::{Finding, FindingKind, Outcome, Rulebook, Status, independent, weight};

/// The most criteria a set of them can hold.
const MAX_CRITERIA: usize = 128;

/// What triage tells of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The outcomes still reachable: bit `i` is [`Outcome::DECIDED`]`[i]`.
    pub possible: u8,
    /// The index of the scenario, once decided.
    pub scenario: Option<u16>,
    /// The criteria that are met.
    pub met: CriterionSet,
    /// The criteria that are not met.
    pub not_met: CriterionSet,
    /// The criteria to be discussed.
    pub to_discuss: CriterionSet,
    /// The missing answers that can still change the outcome.
    pub missing: QuestionSet,
    /// Whether the service fits.
    pub fit: FitOutcome,
    /// The findings that hold: bit `i` is finding `i` of the rules.
    pub findings: u128,
    /// What only a record that was judged whole tells.
    pub whole: Whole,
}

/// What only a record that was judged whole tells: sets of scenarios, questions, topics and obligations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// The scenarios still possible.
    pub possible_scenarios: u128,
    /// The missing answers that can still change something else of eligibility.
    pub also_missing: QuestionSet,
    /// The topics that are prepared.
    pub topics: u128,
    /// The obligations that are met.
    pub obligations: u128,
}

impl Facts {
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.possible.is_power_of_two() {
            Outcome::DECIDED[self.possible.trailing_zeros() as usize]
        } else {
            Outcome::Incomplete
        }
    }

    /// The outcomes still reachable, from best to worst.
    pub fn possible_outcomes(&self) -> impl Iterator<Item = Outcome> + use<> {
        let possible = self.possible;
        Outcome::DECIDED.iter().copied().filter(move |outcome| possible & (1 << outcome.to_index()) != 0)
    }

    /// The same from an assessment.
    #[must_use]
    pub fn of(assessment: &Assessment<'_>, rulebook: &Rulebook) -> Self {
        let with = |status: Status| set(assessment.criteria.iter().map(|result| result.status == status));
        let questions = |found: &[&Question]| {
            set(rulebook.questions.iter().map(|own| found.iter().any(|question| std::ptr::eq(own, *question))))
        };
        let scenario = assessment.scenario.as_ref();
        let scenario =
            scenario.and_then(|found| rulebook.scenarios.iter().position(|own| std::ptr::eq(own, found.scenario)));
        let possible = &assessment.possible_scenarios;
        let possible = rulebook.scenarios.iter().map(|own| possible.iter().any(|found| std::ptr::eq(own, *found)));
        Self {
            possible: values(assessment.possible_outcomes.clone()),
            scenario: scenario.and_then(|index| u16::try_from(index).ok()),
            met: with(Status::Met),
            not_met: with(Status::NotMet),
            to_discuss: with(Status::ToDiscuss),
            missing: questions(&assessment.missing),
            fit: assessment.fit.outcome,
            findings: set(assessment.fit.findings.iter().map(|result| result.state == FindingState::Holds)),
            whole: Whole {
                possible_scenarios: set(possible),
                also_missing: questions(&assessment.also_missing),
                topics: set(assessment.application.iter().map(TopicResult::prepared)),
                obligations: set(assessment.go_live.iter().map(|result| result.status == Status::Met)),
            },
        }
    }
}

/// A set: bit `i` is set where member `i` is in it.
fn set(members: impl Iterator<Item = bool>) -> u128 {
    members.enumerate().fold(0, |set, (index, is_in)| set | u128::from(is_in) << index)
}

/// The members of a set of questions or criteria.
pub fn members(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = set.trailing_zeros() as usize;
        (set != 0).then(|| {
            set &= set - 1;
            next
        })
    })
}

/// The letters of one product, one for each variable. A missing answer has the letter after the last.
pub type Slots = [Letter];

/// The letter that stands for a missing answer, for each variable.
#[must_use]
pub fn missing_letters(rulebook: &Rulebook) -> Vec<Letter> {
    rulebook.diagrams.variables().all().iter().map(|variable| variable.letters).collect()
}

pub fn fill(slots: &mut Slots, answers: &Answers, rulebook: &Rulebook) {
    let given = answers.given(rulebook);
    for ((slot, letter), variable) in slots.iter_mut().zip(given).zip(rulebook.diagrams.variables().all()) {
        *slot = letter.unwrap_or(variable.letters);
    }
}

/// The rules, made ready for many products: compiled once, shared by all threads.
#[derive(Debug)]
pub struct Compiled<'r> {
    pub rulebook: &'r Rulebook,
    pub(super) diagrams: Diagrams,
    pub(super) blocks: Vec<Block>,
    pub(super) scenario: Option<(Decision<InScenario>, Space)>,
    pub(super) fit: Vec<(Findings, Space)>,
    /// The findings that say nothing about whether it fits.
    pub(super) notes: Vec<(Findings, Space)>,
    /// What the lints that look at answers alone have something to say of: answers that are not asked for, and answers
    /// that contradict each other.
    pub(super) hidden: Vec<Hidden>,
    pub(super) contradictory: Vec<(Decision<bool>, Space)>,
    /// Whether a text can be answered that is not asked for, which letters do not tell.
    hides_text: bool,
}

/// Findings that no other findings share a question with.
#[derive(Debug)]
pub(super) struct Findings {
    /// The worst that they make of the fit.
    worst: Decision<FitOutcome>,
    findings: Vec<usize>,
}

/// A question that is not always asked.
#[derive(Debug)]
pub(super) struct Hidden {
    pub(super) question: usize,
    /// Its first variable.
    pub(super) var: Var,
    pub(super) asked: Decision<bool>,
    /// What an answer to it can change even where it is not asked.
    pub(super) changes: Vec<Ref>,
    /// All that says whether its answer is not needed.
    pub(super) space: Space,
}

/// Criteria that no other criteria share a question with.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) space: Space,
    criteria: Vec<usize>,
    /// The worst of their statuses; then the same with every better status raised to "to discuss", and to "not met":
    /// beside a block that is at best that, nothing better shows.
    worst: [Decision<Status>; 3],
}

impl<'r> Compiled<'r> {
    /// Makes rules ready.
    ///
    /// # Errors
    /// If there are too many criteria, or they are too intricate.
    pub fn new(rulebook: &'r Rulebook) -> Result<Self, TooIntricate> {
        if rulebook.criteria.len() > MAX_CRITERIA {
            return Err(TooIntricate);
        }
        let mut diagrams = rulebook.diagrams.clone();
        let mut blocks = Vec::new();
        for criteria in rulebook.independent_criteria() {
            let mut worst = Diagrams::constant(Status::Met);
            for criterion in &criteria {
                worst = diagrams.combine(worst, rulebook.criteria[*criterion].status, std::cmp::Ord::max)?;
            }
            let floor =
                |diagrams: &mut Diagrams, floor: Status| diagrams.map(worst, |status: Status| status.max(floor));
            let floors = [floor(&mut diagrams, Status::ToDiscuss)?, floor(&mut diagrams, Status::NotMet)?];
            let vars = criteria.iter().flat_map(|index| diagrams.support(rulebook.criteria[*index].status.root()));
            let space = Space::new(&diagrams, vars.collect());
            blocks.push(Block { space, criteria, worst: [worst, floors[0], floors[1]] });
        }
        let scenario =
            rulebook.scenario.map(|decision| (decision, Space::new(&diagrams, diagrams.support(decision.root()))));
        let fit = findings(rulebook, &mut diagrams, false)?;
        let notes = findings(rulebook, &mut diagrams, true)?;
        let sometimes = rulebook.ask_when.iter().enumerate();
        let sometimes: Vec<(usize, Decision<bool>)> =
            sometimes.filter_map(|(index, asked)| Some((index, asked.as_ref()?.1))).collect();
        let hides_text = sometimes.iter().any(|(index, _)| rulebook.questions[*index].kind.takes() == Takes::Own);
        let mut hidden = Vec::new();
        for (question, asked) in sometimes {
            // An answer that prepares a topic is never for nothing.
            if !rulebook.topics.iter().any(|topic| topic.questions.contains(&question)) {
                hidden.extend(Hidden::new(rulebook, &mut diagrams, question, asked)?);
            }
        }
        let contradictory = rulebook
            .contradictions
            .iter()
            .map(|found| (found.holds, Space::new(&diagrams, diagrams.support(found.holds.root()))));
        let contradictory = contradictory.collect();
        Ok(Self { rulebook, diagrams, blocks, scenario, fit, notes, hidden, contradictory, hides_text })
    }

    /// Rules that are too intricate to be made ready: every record is worked out by itself.
    #[must_use]
    pub fn one_by_one(rulebook: &'r Rulebook) -> Self {
        let diagrams = Diagrams::new(Variables::new(&[], &[]));
        let (blocks, fit, notes) = (Vec::new(), Vec::new(), Vec::new());
        let (hidden, contradictory) = (Vec::new(), Vec::new());
        Self { rulebook, diagrams, blocks, scenario: None, fit, notes, hidden, contradictory, hides_text: true }
    }

    /// Whether letters alone tell everything that a line needs, and how much the lints find.
    pub(super) fn is_exact(&self) -> bool {
        !self.hides_text
    }

    pub(super) fn block(&self, block: &Block, slots: &Slots) -> Entry {
        let given = given(slots, &self.diagrams);
        let set = |members: Vec<usize>| members.into_iter().fold(0, |set: u128, member| set | 1 << member);
        let with = |wanted: Status| {
            let status = |index: usize| self.diagrams.settled(self.rulebook.criteria[index].status, &given);
            set(block.criteria.iter().copied().filter(|index| status(*index) == Some(wanted)).collect())
        };
        Entry {
            statuses: values(self.diagrams.possible(block.worst[0], &given)),
            missing: block.worst.map(|decision| set(self.diagrams.relevant(decision.root(), &given))),
            met: with(Status::Met),
            not_met: with(Status::NotMet),
            to_discuss: with(Status::ToDiscuss),
        }
    }

    /// What findings make of the fit, and which of them hold.
    pub(super) fn findings(&self, together: &Findings, slots: &Slots) -> (u8, u128) {
        let holds = |index: &&usize| self.possible(self.rulebook.findings[**index].state, slots) == [Truth::Yes];
        let held = together.findings.iter().filter(holds).fold(0, |set, index| set | 1 << index);
        (values(self.possible(together.worst, slots)), held)
    }

    /// The values that are possible for these letters. Where none is missing, that is one, at the end of one way down.
    pub(super) fn possible<T: Leaf>(&self, decision: Decision<T>, slots: &Slots) -> Vec<T> {
        let mut diagram = decision.root();
        while let Some((var, children)) = self.diagrams.branch(diagram) {
            match children.get(usize::from(slots[var])) {
                Some(child) => diagram = *child,
                None => return self.diagrams.possible(decision, &given(slots, &self.diagrams)),
            }
        }
        Diagrams::value(Decision::at(diagram)).into_iter().collect()
    }
}

/// Findings, put together where they share a question: those that are notes, or those that are not.
fn findings(rulebook: &Rulebook, diagrams: &mut Diagrams, notes: bool) -> Result<Vec<(Findings, Space)>, TooIntricate> {
    let wanted = rulebook.findings.iter().enumerate();
    let wanted: Vec<(usize, &Finding)> =
        wanted.filter(|(_, finding)| (finding.kind == FindingKind::Note) == notes).collect();
    let asked = wanted.iter().map(|(_, finding)| diagrams.questions(finding.state.root())).collect();
    let mut found = Vec::new();
    for together in independent(asked) {
        let mut worst = Diagrams::constant(FitOutcome::Fits);
        let mut vars = BTreeSet::new();
        for index in &together {
            let finding = wanted[*index].1;
            vars.extend(diagrams.support(finding.state.root()));
            worst = diagrams.combine(worst, finding.state, |worst, state| worst.max(weight(finding.kind, state)))?;
        }
        let findings = together.into_iter().map(|index| wanted[index].0).collect();
        found.push((Findings { worst, findings }, Space::new(diagrams, vars)));
    }
    Ok(found)
}

impl Hidden {
    /// The question, unless nothing tests it.
    fn new(
        rulebook: &Rulebook,
        diagrams: &mut Diagrams,
        question: usize,
        asked: Decision<bool>,
    ) -> Result<Option<Self>, TooIntricate> {
        let own = diagrams.variables().of_question(question).to_vec();
        let Some(var) = own.first().copied() else { return Ok(None) };
        let tests = |diagrams: &Diagrams, root| own.iter().any(|var| diagrams.support(root).contains(var));
        let mut changes = Vec::new();
        for decided in rulebook.decisions() {
            if tests(diagrams, decided) {
                let decided = Decision::<AnyValue>::at(decided);
                let hidden = diagrams.combine(decided, asked, |value, asked| (!asked).then_some(value))?;
                if tests(diagrams, hidden.root()) {
                    changes.push(decided.root());
                }
            }
        }
        let vars = changes.iter().chain([&asked.root()]).flat_map(|root| diagrams.support(*root)).collect();
        Ok(Some(Self { question, var, asked, changes, space: Space::new(diagrams, vars) }))
    }
}

/// A set of values: bit `i` is value `i` of its type.
pub(super) fn values<T: Leaf>(possible: Vec<T>) -> u8 {
    possible.into_iter().fold(0, |set, value| set | 1u8.wrapping_shl(u32::try_from(value.to_index()).unwrap_or(0)))
}

pub(super) fn given(slots: &Slots, diagrams: &Diagrams) -> Given {
    let variables = diagrams.variables().all().iter();
    slots.iter().zip(variables).map(|(letter, variable)| (*letter < variable.letters).then_some(*letter)).collect()
}
