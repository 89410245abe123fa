//! A function of answers, worked out for every combination of them, and what can be read from it by trying.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::plain::{Plain, Values, each_filling};

/// The questions that a function can depend on, in order, and of several options those that it can tell apart. Those
/// behind the last question are topics.
pub(crate) type Domain = BTreeMap<usize, u64>;

/// All that two functions can tell apart.
pub(crate) fn together<'d>(domains: impl IntoIterator<Item = &'d Domain>) -> Domain {
    let mut all = Domain::new();
    for (question, options) in domains.into_iter().flatten() {
        *all.entry(*question).or_default() |= options;
    }
    all
}

/// How many combinations a function of these can have.
pub(crate) fn combinations(plain: &Plain<'_>, domain: &Domain) -> usize {
    domain.iter().map(|(question, options)| Digits::new(plain, *question, *options, 1).values.len()).product()
}

/// The values of one question, put together where the function cannot tell them apart.
struct Digits {
    /// The digit of each value, "missing" last.
    of_value: Vec<usize>,
    /// The first value with each digit.
    values: Vec<usize>,
    /// How far apart combinations stand that differ by one here.
    stride: usize,
}

impl Digits {
    fn new(plain: &Plain<'_>, question: usize, options: u64, stride: usize) -> Self {
        let mut digits = Self { of_value: Vec::new(), values: Vec::new(), stride };
        let mut classes = Vec::new();
        for value in 0..plain.radix(question) {
            let asked = question < plain.questions();
            let chosen = if asked { plain.chosen(question, value) } else { None };
            let class = chosen.map_or(Err(value), |chosen| Ok(chosen & options));
            let digit = classes.iter().position(|known| *known == class).unwrap_or_else(|| {
                classes.push(class);
                digits.values.push(value);
                classes.len() - 1
            });
            digits.of_value.push(digit);
        }
        digits
    }
}

/// A function of the answers, worked out for every combination, also of those with answers missing.
pub(crate) struct Table {
    pub(crate) domain: Domain,
    pub(crate) questions: Vec<usize>,
    digits: Vec<Digits>,
    /// For each combination the results that are still possible, one bit each.
    reach: Vec<u128>,
    /// For each question and each combination without it whether it can still change the result.
    matters: Vec<OnceLock<Vec<bool>>>,
}

impl Table {
    pub(crate) fn new(domain: Domain, plain: &Plain<'_>, result: impl Fn(&Values) -> usize) -> Self {
        let mut stride = 1;
        let mut digits = Vec::new();
        for (question, options) in &domain {
            digits.push(Digits::new(plain, *question, *options, stride));
            stride *= digits.last().map_or(1, |digits| digits.values.len());
        }
        let questions: Vec<usize> = domain.keys().copied().collect();
        let matters = questions.iter().map(|_| OnceLock::new()).collect();
        let mut table = Self { domain, questions, digits, reach: Vec::new(), matters };
        let mut values = plain.unassigned();
        for index in 0..stride {
            for (question, digits) in table.questions.iter().zip(&table.digits) {
                values[*question] = digits.values[index / digits.stride % digits.values.len()];
            }
            let missing = table.questions.iter().position(|question| plain.is_missing(&values, *question));
            let reach = match missing.map(|at| &table.digits[at]) {
                None => 1 << result(&values),
                // A missing answer can be any other: all of them stand before it in the table.
                Some(digits) => {
                    (1..digits.values.len()).fold(0, |all, back| all | table.reach[index - back * digits.stride])
                }
            };
            table.reach.push(reach);
        }
        table
    }

    /// A function of sure answers, extended to unsure ones: what every way of reading them agrees on, and `differ` where
    /// they do not agree. `sure` is given how the answers are read, and the answers themselves.
    pub(crate) fn agreeing(
        domain: Domain,
        plain: &Plain<'_>,
        differ: usize,
        sure: impl Fn(&Values, &Values) -> usize,
    ) -> Self {
        let asked: Vec<usize> = domain.keys().copied().filter(|question| *question < plain.questions()).collect();
        let options = domain.clone();
        Self::new(domain, plain, |values| {
            let mut results = BTreeSet::new();
            let ways = |question: usize| {
                let mut told_apart = BTreeSet::new();
                let mut read = plain.readings(question, values[question]);
                read.retain(|value| match plain.chosen(question, *value) {
                    Some(chosen) => told_apart.insert(chosen & options[&question]),
                    None => true,
                });
                read
            };
            each_filling(values, &asked, &ways, &mut |readings| {
                results.insert(sure(readings, values));
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
    pub(crate) fn index(&self, values: &Values) -> usize {
        let digits = self.questions.iter().zip(&self.digits);
        digits.map(|(question, digits)| digits.of_value[values[*question]] * digits.stride).sum()
    }

    /// How much a value adds to where a combination stands.
    pub(crate) fn place(&self, question: usize, value: usize) -> usize {
        let at = self.questions.iter().position(|known| *known == question).expect("a question of the function");
        self.digits[at].of_value[value] * self.digits[at].stride
    }

    /// The results that are still possible where a combination stands.
    pub(crate) fn at(&self, index: usize) -> u128 {
        self.reach[index]
    }

    /// The results that are still possible.
    pub(crate) fn reach(&self, values: &Values) -> u128 {
        self.reach[self.index(values)]
    }

    /// The result, if it is the same for every way of filling in what is missing.
    pub(crate) fn settled(&self, values: &Values) -> Option<usize> {
        let reach = self.reach(values);
        reach.is_power_of_two().then(|| reach.trailing_zeros() as usize)
    }

    /// The missing answers that can still change the result: with all others filled in somehow, this one decides.
    pub(crate) fn still_matters(&self, plain: &Plain<'_>, values: &Values) -> Vec<usize> {
        let missing = self.questions.iter().enumerate().filter(|(_, question)| plain.is_missing(values, **question));
        let index = self.index(values);
        missing.filter(|(at, _)| self.deciding(plain, *at)[index]).map(|(_, question)| *question).collect()
    }

    /// Where a question is missing and decides for some way of filling in the others.
    fn deciding(&self, plain: &Plain<'_>, asked: usize) -> &[bool] {
        self.matters[asked].get_or_init(|| {
            let mut matters = vec![false; self.reach.len()];
            let is_missing = |index: usize, at: usize| {
                let digits = &self.digits[at];
                let last = index / digits.stride % digits.values.len() + 1 == digits.values.len();
                last && self.questions[at] < plain.questions()
            };
            for index in (0..matters.len()).filter(|index| is_missing(*index, asked)) {
                let other = (0..self.digits.len()).find(|at| *at != asked && is_missing(index, *at));
                matters[index] = match other.map(|at| &self.digits[at]) {
                    None => !self.reach[index].is_power_of_two(),
                    Some(digits) => (1..digits.values.len()).any(|back| matters[index - back * digits.stride]),
                };
            }
            matters
        })
    }

    /// Every smallest set of given answers that alone forces the result.
    pub(crate) fn because(&self, plain: &Plain<'_>, values: &Values) -> Vec<Vec<usize>> {
        let Some(result) = self.settled(values) else {
            return Vec::new();
        };
        let given: Vec<usize> = self.questions.iter().copied().filter(|q| !plain.is_missing(values, *q)).collect();
        let members = |set: usize| given.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, q)| *q);
        let mut alone = plain.unassigned();
        let forced: Vec<bool> = (0..1 << given.len())
            .map(|set| {
                for question in &given {
                    alone[*question] = plain.missing(*question);
                }
                members(set).for_each(|question| alone[question] = values[question]);
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
