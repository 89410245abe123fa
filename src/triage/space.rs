//! Combinations of values, numbered.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagram::{Diagrams, Var, VarKind};

/// The most combinations of values for which a table is an array.
const MAX_DENSE: usize = 1 << 17;

/// Every combination of values of some variables, missing answers included, numbered.
#[derive(Debug)]
pub(super) struct Space {
    /// Each variable with its stride: the number of a combination is the sum of each value times its stride.
    pub(super) strides: Vec<(Var, usize)>,
    /// How many numbers there are, or `None` if they do not fit into a `usize`.
    pub(super) size: Option<usize>,
}

impl Space {
    pub(super) fn new(diagrams: &Diagrams, vars: &BTreeSet<Var>) -> Self {
        let variables = diagrams.variables().all();
        let mut space = Self { strides: Vec::new(), size: Some(1) };
        let mut several: BTreeMap<usize, Vec<Var>> = BTreeMap::new();
        for var in vars.iter().copied() {
            match variables[var].kind {
                VarKind::Known(question) | VarKind::Chosen(question, _) => {
                    several.entry(question).or_default().push(var);
                }
                VarKind::Question(_) | VarKind::Prepared(_) => {
                    space.push(var, Some(1));
                    space.grow(Some(usize::from(variables[var].values) + 1));
                }
            }
        }
        // Of a question with several answers all options are missing or none is. As digits of a binary number, `n` of
        // them come to less than 2^n, or to 2^(n+1) - 2 where they are missing, to which "not sure" adds 1 and no answer
        // at all 2.
        for own in several.into_values() {
            let mut options = 0;
            for var in own {
                let is_option = matches!(variables[var].kind, VarKind::Chosen(..));
                space.push(var, if is_option { 1usize.checked_shl(options) } else { Some(1) });
                options += u32::from(is_option);
            }
            space.grow(2usize.checked_pow(options + 1).map(|size| size + 1));
        }
        // Without numbers there are no strides.
        if space.size.is_none() {
            space.strides.clear();
        }
        space
    }

    /// Adds a variable with this stride among the variables added since the space last grew.
    fn push(&mut self, var: Var, stride: Option<usize>) {
        self.strides.push((var, self.size.and_then(|size| size.checked_mul(stride?)).unwrap_or(0)));
    }

    /// Grows by the variables added, which have this many combinations.
    fn grow(&mut self, times: Option<usize>) {
        self.size = self.size.and_then(|size| size.checked_mul(times?));
    }

    pub(super) fn is_dense(&self) -> bool {
        self.size.is_some_and(|size| size <= MAX_DENSE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::{Answer, Takes};

    #[test]
    fn every_combination_of_values_has_a_number_of_its_own() {
        let rulebook = crate::rulebook::read_builtin().0.expect("sound rules");
        let diagrams = &rulebook.diagrams;
        let variables = diagrams.variables();
        for question in 0..rulebook.questions.len() {
            let vars: BTreeSet<Var> = variables.of_question(question).iter().copied().collect();
            let space = Space::new(diagrams, &vars);
            let mut values: BTreeSet<Vec<Option<u16>>> = BTreeSet::new();
            let mut numbers = BTreeSet::new();
            let options = rulebook.questions[question].options.len();
            let one = (0..options).map(Answer::One);
            let many = (0..1 << options).map(Answer::Many);
            let all: Vec<_> = match rulebook.questions[question].kind.takes() {
                Takes::Own => Vec::new(),
                Takes::One => one.collect(),
                Takes::Several => many.collect(),
            };
            let all = all.iter().map(Some).chain([Some(&Answer::NotSure), None]);
            for answer in all {
                let mut given = vec![None; variables.all().len()];
                variables.assign(&mut given, question, answer);
                let number = |(var, stride): &(Var, usize)| {
                    usize::from(given[*var].unwrap_or(variables.all()[*var].values)) * stride
                };
                let number: usize = space.strides.iter().map(number).sum();
                assert!(number < space.size.expect("few"));
                numbers.insert(number);
                values.insert(given);
            }
            assert_eq!(numbers.len(), values.len(), "{}", rulebook.questions[question].id);
        }
    }
}
