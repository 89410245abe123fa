//! What triage tells of a product, worked out from tables that are filled from the diagrams as they are needed.
//!
//! The outcome is the worst status of all criteria, and criteria that share no question are independent of each other.
//! So the decisions fall into tables, each with few combinations of values, and the outcome, the outcomes still
//! reachable and the missing answers that matter follow exactly from what is known of each table. Each entry of a table
//! comes from the same diagrams that `assess` reads.

use rustc_hash::FxHashMap;

use super::compiled::{Compiled, Entry, worst_of};
use super::facts::{Facts, Slots, Whole};
use super::space::Space;
use crate::diagram::Var;
use crate::outcome::FitOutcome;

/// The most different entries of a table, and the most combinations of one that grows. It is emptied when it is full.
const MAX_ENTRIES: usize = 4096;
const MAX_SPARSE: usize = 1 << 14;

/// What was worked out so far of one table.
#[derive(Debug)]
struct Known {
    /// For each combination one more than the place of its entry. Nought for one that is not worked out yet.
    dense: Vec<u16>,
    /// The same where there is no room for all.
    sparse: FxHashMap<usize, u16>,
    /// The strides again, since this is where the time goes.
    strides: Vec<(Var, usize)>,
    entries: Vec<Entry>,
    places: FxHashMap<Entry, u16>,
}

impl Known {
    fn new(space: &Space) -> Self {
        Self {
            dense: if space.is_dense() { vec![0; space.size.unwrap_or(0)] } else { Vec::new() },
            sparse: FxHashMap::default(),
            strides: space.strides.clone(),
            entries: Vec::new(),
            places: FxHashMap::default(),
        }
    }

    #[inline]
    fn get(&mut self, space: &Space, slots: &Slots, work_out: impl FnOnce() -> Entry) -> &Entry {
        let number: usize = self.strides.iter().map(|(question, stride)| usize::from(slots[*question]) * stride).sum();
        let place = match self.dense.get(number) {
            Some(place) => *place,
            None => self.sparse.get(&number).copied().unwrap_or(0),
        };
        if place > 0 { &self.entries[usize::from(place) - 1] } else { self.learn(space, number, work_out()) }
    }

    #[cold]
    fn learn(&mut self, space: &Space, number: usize, entry: Entry) -> &Entry {
        if self.entries.len() >= MAX_ENTRIES || self.sparse.len() >= MAX_SPARSE {
            self.dense.fill(0);
            self.sparse.clear();
            self.entries.clear();
            self.places.clear();
        }
        let place = *self.places.entry(entry).or_insert_with(|| {
            self.entries.push(entry);
            u16::try_from(self.entries.len()).unwrap_or(0)
        });
        if let Some(known) = self.dense.get_mut(number) {
            *known = place;
        } else if space.size.is_some() {
            // What cannot be numbered is worked out each time.
            self.sparse.insert(number, place);
        }
        &self.entries[usize::from(place) - 1]
    }
}

/// One thread's way to look facts up.
#[derive(Debug)]
pub struct Lookup<'c, 'r> {
    compiled: &'c Compiled<'r>,
    tables: Vec<Known>,
}

impl<'c, 'r> Lookup<'c, 'r> {
    /// Nothing looked up yet.
    #[must_use]
    pub fn new(compiled: &'c Compiled<'r>) -> Self {
        Self { compiled, tables: compiled.tables.iter().map(|table| Known::new(&table.space)).collect() }
    }

    /// What the rules say about these values; how many answers are not needed, and how many contradictions there are.
    #[must_use]
    pub fn facts(&mut self, slots: &Slots) -> (Facts, [usize; 2]) {
        let compiled = self.compiled;
        let mut all = Entry::NOTHING;
        // The best status that each table can still have, of which the two worst count: beside any other table it is the
        // worst, and beside the table that has it the second.
        let (mut worst, mut second) = (0, 0);
        for (table, known) in compiled.tables.iter().zip(&mut self.tables) {
            let entry = known.get(&table.space, slots, || compiled.entry(table, slots));
            all.statuses = worst_of(all.statuses, entry.statuses);
            all.met |= entry.met;
            all.not_met |= entry.not_met;
            all.to_discuss |= entry.to_discuss;
            all.scenario = all.scenario.or(entry.scenario);
            all.possible_scenarios |= entry.possible_scenarios;
            all.also_missing |= entry.also_missing;
            all.fits = worst_of(all.fits, entry.fits);
            all.findings |= entry.findings;
            all.noted = [all.noted[0] + entry.noted[0], all.noted[1] + entry.noted[1]];
            let best = entry.statuses.trailing_zeros();
            second = second.max(best.min(worst));
            worst = worst.max(best);
        }
        let mut missing = 0;
        // Nothing can change what is decided.
        if !all.statuses.is_power_of_two() {
            for (table, known) in compiled.tables.iter().zip(&mut self.tables) {
                let entry = known.get(&table.space, slots, || compiled.entry(table, slots));
                let elsewhere = if entry.statuses.trailing_zeros() == worst { second } else { worst };
                missing |= entry.missing[elsewhere as usize & 3];
            }
        }
        let fit = if all.fits.is_power_of_two() {
            FitOutcome::DECIDED[all.fits.trailing_zeros() as usize]
        } else {
            FitOutcome::Unknown
        };
        let facts = Facts {
            possible: all.statuses,
            scenario: all.scenario,
            met: all.met,
            not_met: all.not_met,
            to_discuss: all.to_discuss,
            missing,
            fit,
            findings: all.findings,
            possible_scenarios: all.possible_scenarios,
            also_missing: all.also_missing & compiled.eligibility & !missing,
            whole: Whole::default(),
        };
        (facts, all.noted)
    }
}
