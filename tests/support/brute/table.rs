//! A function of answers, worked out for every combination of them, and what can be read from it by trying.

use std::collections::BTreeSet;

use super::plain::{Letters, Plain, each_filling};

/// A function of the answers, worked out for every combination, also of those with answers missing.
pub(crate) struct Table {
    /// The questions it can depend on, in order. Those behind the last question are topics.
    pub(crate) questions: Vec<usize>,
    /// How many letters each of them has, "missing" included.
    radix: Vec<usize>,
    /// For each combination the results that are still possible, one bit each.
    reach: Vec<u128>,
}

impl Table {
    pub(crate) fn new(
        questions: impl IntoIterator<Item = usize>,
        plain: &Plain<'_>,
        result: impl Fn(&Letters) -> usize,
    ) -> Self {
        let questions: BTreeSet<usize> = questions.into_iter().collect();
        let questions: Vec<usize> = questions.into_iter().collect();
        let radix: Vec<usize> = questions.iter().map(|question| plain.radix(*question)).collect();
        let mut table = Self { questions, radix, reach: Vec::new() };
        let mut letters = plain.nothing();
        for index in 0..table.radix.iter().product() {
            let (mut rest, mut stride) = (index, 1);
            let mut missing = None;
            for (question, radix) in table.questions.iter().zip(&table.radix) {
                letters[*question] = rest % radix;
                if plain.is_missing(&letters, *question) {
                    missing = Some((stride, radix - 1));
                }
                rest /= radix;
                stride *= radix;
            }
            let reach = match missing {
                None => 1 << result(&letters),
                // A missing answer can be any other: all of them stand before it in the table.
                Some((stride, ways)) => (1..=ways).fold(0, |all, back| all | table.reach[index - back * stride]),
            };
            table.reach.push(reach);
        }
        table
    }

    /// A function of sure answers, extended to unsure ones: what every way of reading them agrees on, and `differ` where
    /// they do not agree. `sure` is given how the answers are read, and the answers themselves.
    pub(crate) fn agreeing(
        questions: impl IntoIterator<Item = usize>,
        plain: &Plain<'_>,
        differ: usize,
        sure: impl Fn(&Letters, &Letters) -> usize,
    ) -> Self {
        let questions: BTreeSet<usize> = questions.into_iter().collect();
        let read: Vec<usize> = questions.iter().copied().filter(|question| *question < plain.questions()).collect();
        Self::new(questions, plain, |letters| {
            let mut results = BTreeSet::new();
            let ways = |question: usize| plain.readings(question, letters[question]);
            each_filling(letters, &read, &ways, &mut |readings| {
                results.insert(sure(readings, letters));
                results.len() < 2
            });
            match results.len() {
                1 => *results.first().expect("there is one"),
                _ => differ,
            }
        })
    }

    /// The same function with other results in place of its own.
    pub(crate) fn renamed(mut self, name: impl Fn(usize) -> usize) -> Self {
        for reach in &mut self.reach {
            let bits = (0..128).filter(|bit| *reach >> bit & 1 == 1);
            *reach = bits.fold(0, |all, bit| all | 1 << name(bit));
        }
        self
    }

    /// Where a combination stands.
    pub(crate) fn index(&self, letters: &Letters) -> usize {
        let digits = self.questions.iter().zip(&self.radix).rev();
        digits.fold(0, |index, (question, radix)| index * radix + letters[*question])
    }

    /// How far apart two combinations stand that differ in one answer by one.
    pub(crate) fn stride(&self, question: usize) -> usize {
        let before = self.questions.iter().zip(&self.radix).take_while(|(known, _)| **known != question);
        before.map(|(_, radix)| radix).product()
    }

    /// The results that are still possible where a combination stands.
    pub(crate) fn at(&self, index: usize) -> u128 {
        self.reach[index]
    }

    /// The results that are still possible.
    pub(crate) fn reach(&self, letters: &Letters) -> u128 {
        self.reach[self.index(letters)]
    }

    /// The result, if it is the same for every way of filling in what is missing.
    pub(crate) fn settled(&self, letters: &Letters) -> Option<usize> {
        let reach = self.reach(letters);
        reach.is_power_of_two().then(|| reach.trailing_zeros() as usize)
    }

    /// The missing answers that can still change the result: with all others filled in somehow, this one decides.
    pub(crate) fn still_matters(&self, plain: &Plain<'_>, letters: &Letters) -> Vec<usize> {
        if self.settled(letters).is_some() {
            return Vec::new();
        }
        let missing: Vec<usize> = self.questions.iter().copied().filter(|q| plain.is_missing(letters, *q)).collect();
        let ways = |question: usize| (0..plain.missing(question)).collect();
        let decides = |question: &usize| {
            let others: Vec<usize> = missing.iter().copied().filter(|other| other != question).collect();
            let mut decides = false;
            each_filling(letters, &others, &ways, &mut |filled| {
                decides = self.settled(filled).is_none();
                !decides
            });
            decides
        };
        missing.iter().copied().filter(decides).collect()
    }

    /// Every smallest set of given answers that alone forces the result.
    pub(crate) fn because(&self, plain: &Plain<'_>, letters: &Letters) -> Vec<Vec<usize>> {
        let Some(result) = self.settled(letters) else {
            return Vec::new();
        };
        let given: Vec<usize> = self.questions.iter().copied().filter(|q| !plain.is_missing(letters, *q)).collect();
        let members = |set: usize| given.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, q)| *q);
        let mut alone = plain.nothing();
        let forced: Vec<bool> = (0..1 << given.len())
            .map(|set| {
                for question in &given {
                    alone[*question] = plain.missing(*question);
                }
                members(set).for_each(|question| alone[question] = letters[question]);
                self.settled(&alone) == Some(result)
            })
            .collect();
        // One answer more never undoes a force, so a set is smallest if it forces and no set with one answer less does.
        let smallest =
            |set: &usize| forced[*set] && (0..given.len()).all(|at| set >> at & 1 == 0 || !forced[set & !(1 << at)]);
        let mut sets: Vec<Vec<usize>> = (0..forced.len()).filter(smallest).map(|set| members(set).collect()).collect();
        sets.sort_by_key(|set| (set.len(), set.clone()));
        sets
    }
}
