//! What triage tells of a product, worked out from tables that are filled from the diagrams as they are needed.
//!
//! The outcome is the worst status of all criteria, and criteria that share no question are independent of each other.
//! So the criteria fall into blocks, each with few combinations of letters, and the outcome, the outcomes still
//! reachable and the missing answers that matter follow exactly from what is known of each block. Each entry of a table
//! comes from the same diagrams that `assess` reads.

use std::collections::{BTreeSet, HashMap};

use crate::answers::Answers;
use crate::assessment::Assessment;
use crate::diagram::{Decision, Diagrams, Given, InScenario, Leaf, Letter, QuestionSet, TooIntricate, Var, Variables};
use crate::outcome::FitOutcome;
use crate::question::{Kind, Question};
use crate::rulebook::{Finding, FindingKind, Outcome, Rulebook, Status, independent, weight};

/// A set of criteria: bit `i` is criterion `i` of the rules.
pub type CriterionSet = u128;
/// The most criteria a set of them can hold.
const MAX_CRITERIA: usize = 128;
/// The most combinations of letters that a table has room for from the start.
const MAX_DENSE: u128 = 1 << 16;
/// The most entries of a table that grows. It is emptied when it is full.
const MAX_SPARSE: usize = 4096;

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
        let set = |members: &mut dyn Iterator<Item = usize>| members.fold(0, |set: u128, member| set | 1 << member);
        let with = |status: Status| {
            let criteria = assessment.criteria.iter().enumerate();
            set(&mut criteria.filter(|(_, result)| result.status == status).map(|(index, _)| index))
        };
        let index = |question: &&Question| rulebook.questions.iter().position(|own| std::ptr::eq(own, *question));
        let scenario = assessment.scenario.as_ref();
        let scenario =
            scenario.and_then(|found| rulebook.scenarios.iter().position(|own| std::ptr::eq(own, found.scenario)));
        Self {
            possible: values(assessment.possible_outcomes.clone()),
            scenario: scenario.and_then(|index| u16::try_from(index).ok()),
            met: with(Status::Met),
            not_met: with(Status::NotMet),
            to_discuss: with(Status::ToDiscuss),
            missing: set(&mut assessment.missing.iter().filter_map(index)),
            fit: assessment.fit.outcome,
        }
    }
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
    diagrams: Diagrams,
    blocks: Vec<Block>,
    scenario: Option<(Decision<InScenario>, Space)>,
    fit: Vec<(Decision<FitOutcome>, Space)>,
    /// Where a lint that looks at answers alone has something to say: of an answer that is not asked for, whose first
    /// variable stands beside, and of answers that contradict each other.
    hidden: Vec<(Var, Decision<bool>, Space)>,
    contradictory: Vec<(Decision<bool>, Space)>,
    /// Whether a text can be answered that is not asked for, which letters do not tell.
    hides_text: bool,
}

/// Criteria that no other criteria share a question with.
#[derive(Debug)]
struct Block {
    space: Space,
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
        let weighty = rulebook.findings.iter().filter(|finding| finding.kind != FindingKind::Note);
        let weighty: Vec<&Finding> = weighty.collect();
        let asked = weighty.iter().map(|finding| diagrams.questions(finding.state.root())).collect();
        let mut fit = Vec::new();
        for together in independent(asked) {
            let mut worst = Diagrams::constant(FitOutcome::Fits);
            for index in together {
                let kind = weighty[index].kind;
                worst = diagrams.combine(worst, weighty[index].state, |worst, state| worst.max(weight(kind, state)))?;
            }
            let vars = diagrams.support(worst.root());
            fit.push((worst, Space::new(&diagrams, vars)));
        }
        let asked = rulebook.ask_when.iter().enumerate();
        let asked: Vec<(usize, Decision<bool>)> =
            asked.filter_map(|(index, asked)| Some((index, asked.as_ref()?.1))).collect();
        let hides_text = asked.iter().any(|(index, _)| rulebook.questions[*index].kind == Kind::Text);
        let hidden = asked.into_iter().filter_map(|(index, asked)| {
            let var = diagrams.variables().of_question(index).first()?;
            Some((*var, asked, Space::new(&diagrams, diagrams.support(asked.root()))))
        });
        let hidden = hidden.collect();
        let contradictory = rulebook
            .contradictions
            .iter()
            .map(|found| (found.holds, Space::new(&diagrams, diagrams.support(found.holds.root()))));
        let contradictory = contradictory.collect();
        Ok(Self { rulebook, diagrams, blocks, scenario, fit, hidden, contradictory, hides_text })
    }

    /// Rules that are too intricate to be made ready: every record is worked out by itself.
    #[must_use]
    pub fn one_by_one(rulebook: &'r Rulebook) -> Self {
        let diagrams = Diagrams::new(Variables::new(&[], &[]));
        let (blocks, fit, hidden, contradictory) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { rulebook, diagrams, blocks, scenario: None, fit, hidden, contradictory, hides_text: true }
    }

    /// Whether letters alone tell everything that a line and the lints need.
    pub(super) fn is_exact(&self) -> bool {
        !self.hides_text
    }

    fn block(&self, block: &Block, slots: &Slots) -> Entry {
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

    /// The values that are possible for these letters. Where none is missing, that is one, at the end of one way down.
    fn possible<T: Leaf>(&self, decision: Decision<T>, slots: &Slots) -> Vec<T> {
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

/// A set of values: bit `i` is value `i` of its type.
fn values<T: Leaf>(possible: Vec<T>) -> u8 {
    possible.into_iter().fold(0, |set, value| set | 1u8.wrapping_shl(u32::try_from(value.to_index()).unwrap_or(0)))
}

fn given(slots: &Slots, diagrams: &Diagrams) -> Given {
    let variables = diagrams.variables().all().iter();
    slots.iter().zip(variables).map(|(letter, variable)| (*letter < variable.letters).then_some(*letter)).collect()
}

/// Every combination of letters of some variables, missing answers included, numbered.
#[derive(Debug)]
struct Space {
    /// Each variable with what one letter more adds to the number.
    strides: Vec<(Var, u128)>,
    /// How many combinations there are; `None` if that is more than can be numbered.
    size: Option<u128>,
}

impl Space {
    fn new(diagrams: &Diagrams, vars: BTreeSet<Var>) -> Self {
        let mut size = Some(1u128);
        let mut strides = Vec::new();
        for var in vars {
            strides.push((var, size.unwrap_or(0)));
            let letters = u128::from(diagrams.variables().all()[var].letters) + 1;
            size = size.and_then(|size| size.checked_mul(letters));
        }
        Self { strides, size }
    }

    fn dense(&self) -> bool {
        self.size.is_some_and(|size| size <= MAX_DENSE)
    }
}

/// What is known about one combination of letters of a block.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// What the worst status can still be.
    statuses: u8,
    /// The missing answers that matter while the rest of the outcome is at least met, to discuss, or not met.
    missing: [QuestionSet; 3],
    met: CriterionSet,
    not_met: CriterionSet,
    to_discuss: CriterionSet,
}

/// What was worked out so far for the combinations of one space.
#[derive(Debug)]
struct Known<T> {
    /// For each combination, the position of its entry counted from 1, or 0 if it is not worked out yet.
    dense: Vec<u32>,
    /// The strides again, narrow, since this is where the time goes.
    strides: Vec<(Var, usize)>,
    entries: Vec<T>,
    sparse: HashMap<u128, T>,
}

impl<T: Copy> Known<T> {
    fn new(space: &Space) -> Self {
        let narrow = |number: u128| usize::try_from(number).unwrap_or(0);
        let dense = space.dense();
        Self {
            dense: if dense { vec![0; narrow(space.size.unwrap_or(0))] } else { Vec::new() },
            strides: if dense {
                space.strides.iter().map(|(q, stride)| (*q, narrow(*stride))).collect()
            } else {
                vec![]
            },
            entries: Vec::new(),
            sparse: HashMap::new(),
        }
    }

    #[inline]
    fn get(&mut self, space: &Space, slots: &Slots, work_out: impl FnOnce() -> T) -> T {
        if self.dense.is_empty() {
            return self.get_sparse(space, slots, work_out);
        }
        let number: usize = self.strides.iter().map(|(question, stride)| usize::from(slots[*question]) * stride).sum();
        let place = self.dense[number] as usize;
        if place > 0 {
            return self.entries[place - 1];
        }
        let entry = work_out();
        self.entries.push(entry);
        self.dense[number] = u32::try_from(self.entries.len()).unwrap_or(0);
        entry
    }

    fn get_sparse(&mut self, space: &Space, slots: &Slots, work_out: impl FnOnce() -> T) -> T {
        if space.size.is_none() {
            return work_out();
        }
        let number = space.strides.iter().map(|(question, stride)| u128::from(slots[*question]) * stride).sum();
        if let Some(entry) = self.sparse.get(&number) {
            return *entry;
        }
        if self.sparse.len() >= MAX_SPARSE {
            self.sparse.clear();
        }
        let entry = work_out();
        self.sparse.insert(number, entry);
        entry
    }
}

/// One thread's way to look facts up.
#[derive(Debug)]
pub struct Lookup<'c, 'r> {
    compiled: &'c Compiled<'r>,
    blocks: Vec<Known<Entry>>,
    scenario: Option<Known<Option<u16>>>,
    fit: Vec<Known<u8>>,
    hidden: Vec<Known<bool>>,
    contradictory: Vec<Known<bool>>,
    /// What is known of each block of the product in hand.
    entries: Vec<Entry>,
}

impl<'c, 'r> Lookup<'c, 'r> {
    /// Nothing looked up yet.
    #[must_use]
    pub fn new(compiled: &'c Compiled<'r>) -> Self {
        Self {
            compiled,
            blocks: compiled.blocks.iter().map(|block| Known::new(&block.space)).collect(),
            scenario: compiled.scenario.as_ref().map(|(_, space)| Known::new(space)),
            fit: compiled.fit.iter().map(|(_, space)| Known::new(space)).collect(),
            hidden: compiled.hidden.iter().map(|(_, _, space)| Known::new(space)).collect(),
            contradictory: compiled.contradictory.iter().map(|(_, space)| Known::new(space)).collect(),
            entries: Vec::with_capacity(compiled.blocks.len()),
        }
    }

    /// Whether no answer stands where it is not asked for, and none contradicts another.
    #[must_use]
    pub fn is_quiet(&mut self, slots: &Slots) -> bool {
        let compiled = self.compiled;
        let variables = compiled.rulebook.diagrams.variables().all();
        let hidden = compiled.hidden.iter().zip(&mut self.hidden).any(|((var, asked, space), known)| {
            slots[*var] < variables[*var].letters
                && known.get(space, slots, || compiled.possible(*asked, slots) == [false])
        });
        let contradictory = |((holds, space), known): (&(Decision<bool>, Space), &mut Known<bool>)| {
            known.get(space, slots, || compiled.possible(*holds, slots) == [true])
        };
        !hidden && !compiled.contradictory.iter().zip(&mut self.contradictory).any(contradictory)
    }

    /// What the rules say about these letters.
    #[must_use]
    pub fn facts(&mut self, slots: &Slots) -> Facts {
        let compiled = self.compiled;
        self.entries.clear();
        let (mut possible, mut met, mut not_met, mut to_discuss) = (0b001, 0, 0, 0);
        // What a block can be at best hides whatever is better in the other blocks. So of these bests only the two worst
        // are needed: the worst for every block but the one that has it, and the second for that one.
        let (mut worst, mut second) = (0, 0);
        for (block, known) in compiled.blocks.iter().zip(&mut self.blocks) {
            let entry = known.get(&block.space, slots, || compiled.block(block, slots));
            possible = worst_of(possible, entry.statuses);
            met |= entry.met;
            not_met |= entry.not_met;
            to_discuss |= entry.to_discuss;
            let best = entry.statuses.trailing_zeros();
            second = second.max(best.min(worst));
            worst = worst.max(best);
            self.entries.push(entry);
        }
        let mut missing = 0;
        for entry in &self.entries {
            let elsewhere = if entry.statuses.trailing_zeros() == worst { second } else { worst };
            missing |= entry.missing[elsewhere as usize & 3];
        }
        let scenario = match (&compiled.scenario, &mut self.scenario) {
            (Some((decision, space)), Some(known)) => {
                known.get(space, slots, || match compiled.possible(*decision, slots).as_slice() {
                    [InScenario::In(index)] => Some(*index),
                    _ => None,
                })
            }
            _ => None,
        };
        let mut fits = 0b001;
        for ((decision, space), known) in compiled.fit.iter().zip(&mut self.fit) {
            fits = worst_of(fits, known.get(space, slots, || values(compiled.possible(*decision, slots))));
        }
        let fit = if fits.is_power_of_two() {
            FitOutcome::DECIDED[fits.trailing_zeros() as usize]
        } else {
            FitOutcome::Unknown
        };
        Facts { possible, scenario, met, not_met, to_discuss, missing, fit }
    }
}

/// The statuses that the worse of two can be, when each can be any of its own: bit `i` is status `i`.
fn worst_of(a: u8, b: u8) -> u8 {
    // A status is the worst if one side has it and the other has it or a better one.
    let from = |set: u8| {
        let best = set & set.wrapping_neg();
        0u8.wrapping_sub(best) & 0b111
    };
    (a & from(b)) | (b & from(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_two_sets_of_statuses_is_as_trying_all_pairs_has_it() {
        for a in 1..8u8 {
            for b in 1..8u8 {
                let mut expected = 0;
                for (x, y) in (0..3).flat_map(|x| (0..3).map(move |y| (x, y))) {
                    if a & (1 << x) != 0 && b & (1 << y) != 0 {
                        expected |= 1 << x.max(y);
                    }
                }
                assert_eq!(worst_of(a, b), expected, "{a:03b} {b:03b}");
            }
        }
    }
}
