//! What triage tells of a product, worked out from tables that are filled from the diagrams as they are needed.
//!
//! The outcome is the worst status of all criteria, and criteria that share no question are independent of each other.
//! So the criteria fall into blocks, each with few combinations of letters, and the outcome, the outcomes still
//! reachable and the missing answers that matter follow exactly from what is known of each block. Each entry of a table
//! comes from the same diagrams that `assess` reads.

use rustc_hash::FxHashMap;

use super::compiled::{Compiled, Entry, Space, given};
use super::facts::{Facts, Slots, Whole, missing_letters};
use crate::diagram::{Letter, QuestionSet, Ref, Var};
use crate::outcome::FitOutcome;

/// The most entries of a table that grows. It is emptied when it is full.
const MAX_SPARSE: usize = 4096;

/// What was worked out so far for the combinations of one space.
#[derive(Debug)]
struct Known<T> {
    /// For each combination, how many entries there were once it was worked out: its own is the last of them. Nought
    /// for one that is not worked out yet.
    dense: Vec<u16>,
    /// The strides again, narrow, since this is where the time goes.
    strides: Vec<(Var, usize)>,
    entries: Vec<T>,
    sparse: FxHashMap<u64, T>,
}

impl<T> Known<T> {
    fn new(space: &Space) -> Self {
        let narrow = |number: u64| usize::try_from(number).unwrap_or(0);
        let dense = space.dense();
        Self {
            dense: if dense { vec![0; narrow(space.size.unwrap_or(0))] } else { Vec::new() },
            strides: if dense {
                space.strides.iter().map(|(q, stride)| (*q, narrow(*stride))).collect()
            } else {
                vec![]
            },
            entries: Vec::new(),
            sparse: FxHashMap::default(),
        }
    }

    #[inline]
    fn get(&mut self, space: &Space, slots: &Slots, work_out: impl FnOnce() -> T) -> &T {
        if self.dense.is_empty() {
            return self.get_sparse(space, slots, work_out);
        }
        let number: usize = self.strides.iter().map(|(question, stride)| usize::from(slots[*question]) * stride).sum();
        let place = usize::from(self.dense[number]);
        if place > 0 {
            return &self.entries[place - 1];
        }
        self.dense[number] = u16::try_from(self.entries.len() + 1).unwrap_or(0);
        self.entries.push_mut(work_out())
    }

    fn get_sparse(&mut self, space: &Space, slots: &Slots, work_out: impl FnOnce() -> T) -> &T {
        let number = || space.strides.iter().map(|(question, stride)| u64::from(slots[*question]) * stride).sum();
        // What cannot be numbered is worked out each time.
        let number = space.size.map(|_| number());
        let is_full = || self.sparse.len() >= MAX_SPARSE && number.is_some_and(|it| !self.sparse.contains_key(&it));
        if number.is_none() || is_full() {
            self.sparse.clear();
        }
        self.sparse.entry(number.unwrap_or(0)).or_insert_with(work_out)
    }
}

/// One thread's way to look facts up.
#[derive(Debug)]
pub struct Lookup<'c, 'r> {
    compiled: &'c Compiled<'r>,
    blocks: Vec<Known<Entry>>,
    scenario: Option<Known<(Option<u16>, u128)>>,
    about: Vec<Known<QuestionSet>>,
    fit: Vec<Known<(u8, u128)>>,
    notes: Vec<Known<(u8, u128)>>,
    hidden: Vec<Known<bool>>,
    contradictory: Vec<Known<bool>>,
    missing: Vec<Letter>,
}

impl<'c, 'r> Lookup<'c, 'r> {
    /// Nothing looked up yet.
    #[must_use]
    pub fn new(compiled: &'c Compiled<'r>) -> Self {
        Self {
            compiled,
            blocks: compiled.blocks.iter().map(|block| Known::new(&block.space)).collect(),
            scenario: compiled.scenario.as_ref().map(|(_, space)| Known::new(space)),
            about: compiled.about.iter().map(|(_, space)| Known::new(space)).collect(),
            fit: compiled.fit.iter().map(|(_, space)| Known::new(space)).collect(),
            notes: compiled.notes.iter().map(|(_, space)| Known::new(space)).collect(),
            hidden: compiled.hidden.iter().map(|hidden| Known::new(&hidden.space)).collect(),
            contradictory: compiled.contradictory.iter().map(|(_, space)| Known::new(space)).collect(),
            missing: missing_letters(compiled.rulebook),
        }
    }

    /// How many answers are not needed, and how many contradictions there are.
    #[must_use]
    pub fn noted(&mut self, slots: &Slots) -> [usize; 2] {
        let compiled = self.compiled;
        let rulebook = compiled.rulebook;
        let variables = rulebook.diagrams.variables();
        let (mut unneeded, mut contradictions) = (0, 0);
        for (hidden, known) in compiled.hidden.iter().zip(&mut self.hidden) {
            let is_unneeded = || {
                compiled.possible(hidden.asked, slots) == [false] && {
                    let mut others = given(slots, &rulebook.diagrams);
                    variables.give(&mut others, hidden.question, None);
                    let matters = |root: &Ref| rulebook.diagrams.relevant(*root, &others).contains(&hidden.question);
                    !hidden.changes.iter().any(matters)
                }
            };
            let answered = slots[hidden.var] < variables.all()[hidden.var].letters;
            unneeded += usize::from(answered && *known.get(&hidden.space, slots, is_unneeded));
        }
        for ((holds, space), known) in compiled.contradictory.iter().zip(&mut self.contradictory) {
            contradictions += usize::from(*known.get(space, slots, || compiled.possible(*holds, slots) == [true]));
        }
        [unneeded, contradictions]
    }

    /// What the rules say about these letters.
    #[must_use]
    pub fn facts(&mut self, slots: &Slots) -> Facts {
        let compiled = self.compiled;
        let (mut possible, mut met, mut not_met, mut to_discuss) = (0b001, 0, 0, 0);
        // The best status that each block can still have, of which the two worst count: beside any other block it is the
        // worst, and beside the block that has it the second.
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
        }
        let mut missing = 0;
        // Nothing can change what is decided.
        if !possible.is_power_of_two() {
            for (block, known) in compiled.blocks.iter().zip(&mut self.blocks) {
                let entry = known.get(&block.space, slots, || compiled.block(block, slots));
                let elsewhere = if entry.statuses.trailing_zeros() == worst { second } else { worst };
                missing |= entry.missing[elsewhere as usize & 3];
            }
        }
        let (scenario, possible_scenarios) = match (&compiled.scenario, &mut self.scenario) {
            (Some((decided, space)), Some(known)) => *known.get(space, slots, || compiled.scenarios(*decided, slots)),
            _ => (None, 0),
        };
        let mut also_missing = 0;
        for ((decided, space), known) in compiled.about.iter().zip(&mut self.about) {
            if space.lacks_any(slots, &self.missing) {
                also_missing |= known.get(space, slots, || compiled.relevant(decided, slots));
            }
        }
        also_missing &= compiled.eligibility & !missing;
        let (mut fits, mut findings) = (0b001, 0);
        for ((together, space), known) in compiled.fit.iter().zip(&mut self.fit) {
            let (worst, held) = *known.get(space, slots, || compiled.findings(together, slots));
            fits = worst_of(fits, worst);
            findings |= held;
        }
        for ((together, space), known) in compiled.notes.iter().zip(&mut self.notes) {
            findings |= known.get(space, slots, || compiled.findings(together, slots)).1;
        }
        let fit = if fits.is_power_of_two() {
            FitOutcome::DECIDED[fits.trailing_zeros() as usize]
        } else {
            FitOutcome::Unknown
        };
        let whole = Whole::default();
        Facts {
            possible,
            scenario,
            met,
            not_met,
            to_discuss,
            missing,
            fit,
            findings,
            possible_scenarios,
            also_missing,
            whole,
        }
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
