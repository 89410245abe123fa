//! The facts about a product, looked up in tables that are filled from the diagrams on demand.
//!
//! The outcome is the worst status of all criteria, and criteria that share no question are independent of each other.
//! So the decisions fall into tables, each with few combinations of values, and the outcome, the outcomes still
//! reachable and the missing answers that matter follow exactly from one entry of each table. The entries come from the
//! same diagrams that `assess` reads.

use rustc_hash::FxHashMap;

use super::compiled::{Compiled, TableEntry, worst_of};
use super::facts::{Assignment, Facts};
use super::space::Space;
use crate::diagram::Var;
use crate::outcome::FitOutcome;

/// The most different entries of a table, and the most combinations of a sparse one. A full table is emptied.
const MAX_ENTRIES: usize = 4096;
const MAX_SPARSE: usize = 1 << 14;

/// The entries of one table that have been needed so far.
#[derive(Debug)]
struct Cache {
    /// For each combination, one more than the index of its entry, or 0 if it has none yet.
    dense: Vec<u16>,
    /// The same for a table with too many combinations for an array.
    sparse: FxHashMap<usize, u16>,
    /// A copy of the strides of the table, near at hand, since most time is spent here.
    strides: Vec<(Var, usize)>,
    entries: Vec<TableEntry>,
    places: FxHashMap<TableEntry, u16>,
}

impl Cache {
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
    fn get(&mut self, space: &Space, values: &Assignment, work_out: impl FnOnce() -> TableEntry) -> &TableEntry {
        let number: usize = self.strides.iter().map(|(question, stride)| usize::from(values[*question]) * stride).sum();
        let place = match self.dense.get(number) {
            Some(place) => *place,
            None => self.sparse.get(&number).copied().unwrap_or(0),
        };
        if place > 0 { &self.entries[usize::from(place) - 1] } else { self.learn(space, number, work_out()) }
    }

    #[cold]
    fn learn(&mut self, space: &Space, number: usize, entry: TableEntry) -> &TableEntry {
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
            // Combinations without numbers are computed each time.
            self.sparse.insert(number, place);
        }
        &self.entries[usize::from(place) - 1]
    }
}

/// The tables of one thread.
#[derive(Debug)]
pub struct Lookup<'c, 'r> {
    compiled: &'c Compiled<'r>,
    caches: Vec<Cache>,
}

impl<'c, 'r> Lookup<'c, 'r> {
    pub fn new(compiled: &'c Compiled<'r>) -> Self {
        Self { compiled, caches: compiled.tables.iter().map(|table| Cache::new(&table.space)).collect() }
    }

    /// The facts for these values, and the numbers of unneeded answers and of contradictions.
    pub fn facts(&mut self, values: &Assignment) -> (Facts, [usize; 2]) {
        let compiled = self.compiled;
        let mut all = TableEntry::NOTHING;
        // The best status that each table can still have, of which the two worst count: beside any other table it is the
        // worst, and beside the table that has it the second.
        let (mut worst, mut second) = (0, 0);
        for (table, cache) in compiled.tables.iter().zip(&mut self.caches) {
            let entry = cache.get(&table.space, values, || compiled.entry(table, values));
            let (facts, own) = (&mut all.facts, &entry.facts);
            facts.possible = worst_of(facts.possible, own.possible);
            facts.met |= own.met;
            facts.not_met |= own.not_met;
            facts.to_discuss |= own.to_discuss;
            facts.scenario = facts.scenario.or(own.scenario);
            facts.possible_scenarios |= own.possible_scenarios;
            facts.also_missing |= own.also_missing;
            facts.findings |= own.findings;
            all.fits = worst_of(all.fits, entry.fits);
            facts.contradictions |= own.contradictions;
            all.unneeded += entry.unneeded;
            let best = own.possible.trailing_zeros();
            second = second.max(best.min(worst));
            worst = worst.max(best);
        }
        let mut facts = all.facts;
        // Nothing can change what is decided.
        if !facts.possible.is_power_of_two() {
            for (table, cache) in compiled.tables.iter().zip(&mut self.caches) {
                let entry = cache.get(&table.space, values, || compiled.entry(table, values));
                let elsewhere = if entry.facts.possible.trailing_zeros() == worst { second } else { worst };
                facts.missing |= entry.missing[elsewhere as usize & 3];
            }
        }
        if all.fits.is_power_of_two() {
            facts.fit = FitOutcome::DECIDED[all.fits.trailing_zeros() as usize];
        } else {
            facts.fit = FitOutcome::Unknown;
        }
        facts.also_missing &= compiled.eligibility & !facts.missing;
        (facts, [all.unneeded, facts.contradictions.count_ones() as usize])
    }
}
