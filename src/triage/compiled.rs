//! Rules made ready for many products: blocks that share no question, each with its combinations of letters numbered.

use std::collections::BTreeSet;

use super::facts::{CriterionSet, Slots, set, set_of, values};
use crate::assess::about_eligibility;
use crate::diagram::{
    AnyValue, Decision, Diagrams, Given, InScenario, Leaf, QuestionSet, Ref, TooIntricate, Truth, Var, Variables,
};
use crate::outcome::FitOutcome;
use crate::question::{Section, Takes};
use crate::rulebook::{Finding, FindingKind, Rulebook, Status, independent, weight};

/// The most combinations of letters that a table has room for from the start.
const MAX_DENSE: u64 = (1 << 16) - 1;

/// The rules, made ready for many products: compiled once, shared by all threads.
#[derive(Debug)]
pub struct Compiled<'r> {
    pub rulebook: &'r Rulebook,
    pub(super) diagrams: Diagrams,
    pub(super) blocks: Vec<Block>,
    pub(super) scenario: Option<(Decision<InScenario>, Space)>,
    /// All that a missing answer about eligibility can change beside the outcome, together where it shares a question.
    pub(super) about: Vec<(Vec<Ref>, Space)>,
    /// The questions about eligibility.
    pub(super) eligibility: QuestionSet,
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
    /// The worst of their statuses; then the same, no better than each status, because whatever is better makes no
    /// difference beside such a status elsewhere.
    worst: [Decision<Status>; 3],
}

impl<'r> Compiled<'r> {
    /// Makes rules ready.
    ///
    /// # Errors
    /// If they are too intricate.
    pub fn new(rulebook: &'r Rulebook) -> Result<Self, TooIntricate> {
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
        let scenario = rulebook.scenario.map(|decision| {
            let vars = diagrams.support(decision.root()).into_iter().chain(diagrams.support(rulebook.picked.root()));
            (decision, Space::new(&diagrams, vars.collect()))
        });
        let about = about(rulebook, &diagrams);
        let eligibility = rulebook.questions.iter().map(|question| question.section == Section::Eligibility);
        let eligibility = set(eligibility);
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
        Ok(Self {
            rulebook,
            diagrams,
            blocks,
            scenario,
            about,
            eligibility,
            fit,
            notes,
            hidden,
            contradictory,
            hides_text,
        })
    }

    /// Rules that are too intricate to be made ready: every record is worked out by itself.
    #[must_use]
    pub fn one_by_one(rulebook: &'r Rulebook) -> Self {
        let diagrams = Diagrams::new(Variables::new(&[], &[]));
        let (blocks, about, fit, notes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (hidden, contradictory) = (Vec::new(), Vec::new());
        Self {
            rulebook,
            diagrams,
            blocks,
            scenario: None,
            about,
            eligibility: 0,
            fit,
            notes,
            hidden,
            contradictory,
            hides_text: true,
        }
    }

    /// Whether letters alone tell everything that a line needs, and how much the lints find.
    pub(super) fn is_exact(&self) -> bool {
        !self.hides_text
    }

    pub(super) fn block(&self, block: &Block, slots: &Slots) -> Entry {
        let given = given(slots, &self.diagrams);
        let with = |wanted: Status| {
            let status = |index: usize| self.diagrams.settled(self.rulebook.criteria[index].status, &given);
            set_of(block.criteria.iter().copied().filter(|index| status(*index) == Some(wanted)))
        };
        Entry {
            statuses: values(self.diagrams.possible(block.worst[0], &given)),
            missing: block.worst.map(|decision| set_of(self.diagrams.relevant(decision.root(), &given))),
            met: with(Status::Met),
            not_met: with(Status::NotMet),
            to_discuss: with(Status::ToDiscuss),
        }
    }

    /// The scenario, and those still possible.
    pub(super) fn scenarios(&self, decided: Decision<InScenario>, slots: &Slots) -> (Option<u16>, u128) {
        let scenario = match self.possible(decided, slots).as_slice() {
            [InScenario::In(index)] => Some(*index),
            _ => None,
        };
        let possible = self.diagrams.possible_readings(self.rulebook.picked, &given(slots, &self.diagrams));
        let possible = possible.into_iter().filter_map(|scenario| match scenario {
            InScenario::In(index) => Some(usize::from(index)),
            InScenario::Nowhere | InScenario::Open => None,
        });
        (scenario, set_of(possible))
    }

    /// The missing answers that can still change any of these.
    pub(super) fn relevant(&self, decided: &[Ref], slots: &Slots) -> QuestionSet {
        let given = given(slots, &self.diagrams);
        set_of(decided.iter().flat_map(|root| self.diagrams.relevant(*root, &given)))
    }

    /// What findings make of the fit, and which of them hold.
    pub(super) fn findings(&self, together: &Findings, slots: &Slots) -> (u8, u128) {
        let holds = |index: &&usize| self.possible(self.rulebook.findings[**index].state, slots) == [Truth::Yes];
        let held = together.findings.iter().filter(holds).copied();
        (values(self.possible(together.worst, slots)), set_of(held))
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

/// All that a missing answer about eligibility can change beside the outcome, together where it shares a question.
fn about(rulebook: &Rulebook, diagrams: &Diagrams) -> Vec<(Vec<Ref>, Space)> {
    let all = about_eligibility(rulebook);
    let asked = all.iter().map(|root| diagrams.questions(*root)).collect();
    let together = independent(asked).into_iter().map(|indexes| {
        let roots: Vec<Ref> = indexes.into_iter().map(|index| all[index]).collect();
        let space = Space::new(diagrams, roots.iter().flat_map(|root| diagrams.support(*root)).collect());
        (roots, space)
    });
    together.collect()
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

pub(super) fn given(slots: &Slots, diagrams: &Diagrams) -> Given {
    let variables = diagrams.variables().all().iter();
    slots.iter().zip(variables).map(|(letter, variable)| (*letter < variable.letters).then_some(*letter)).collect()
}

/// Every combination of letters of some variables, missing answers included, numbered.
#[derive(Debug)]
pub(super) struct Space {
    /// Each variable with what one letter more adds to the number.
    pub(super) strides: Vec<(Var, u64)>,
    /// How many combinations there are; `None` if that is more than can be numbered.
    pub(super) size: Option<u64>,
}

impl Space {
    pub(super) fn new(diagrams: &Diagrams, vars: BTreeSet<Var>) -> Self {
        let mut size = Some(1u64);
        let mut strides = Vec::new();
        for var in vars {
            strides.push((var, size.unwrap_or(0)));
            let letters = u64::from(diagrams.variables().all()[var].letters) + 1;
            size = size.and_then(|size| size.checked_mul(letters));
        }
        Self { strides, size }
    }

    /// Whether any of the answers is missing.
    #[inline]
    pub(super) fn lacks_any(&self, slots: &Slots, missing: &Slots) -> bool {
        self.strides.iter().any(|(var, _)| slots[*var] == missing[*var])
    }

    pub(super) fn dense(&self) -> bool {
        self.size.is_some_and(|size| size <= MAX_DENSE)
    }
}

/// What is known about one combination of letters of a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// What the worst status can still be.
    pub(super) statuses: u8,
    /// The missing answers that matter while the rest of the outcome is at least met, to discuss, or not met.
    pub(super) missing: [QuestionSet; 3],
    pub(super) met: CriterionSet,
    pub(super) not_met: CriterionSet,
    pub(super) to_discuss: CriterionSet,
}
