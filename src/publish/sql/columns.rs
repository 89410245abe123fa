//! Result columns: decisions that are looked up in a literal, or found by walking a diagram.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::answers::SqlWriter;
use crate::diagram::{Decision, Diagrams, Leaf, Ref, TooIntricate, Var};
use crate::rulebook::Status;

/// The most combinations in one literal.
const MAX_COMBINATIONS: usize = 1024;

/// The statuses that are still possible: the sum of 1 for met, 2 for to discuss, 4 for not met.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Statuses(pub(super) u8);

impl Statuses {
    pub(super) fn only(status: Status) -> Self {
        Self(1 << status.to_index())
    }
}

impl Leaf for Statuses {
    fn to_index(self) -> usize {
        usize::from(self.0)
    }

    fn from_index(index: usize) -> Option<Self> {
        u8::try_from(index).ok().map(Self)
    }
}

/// A decision as a column of the result.
pub(super) struct ResultColumn {
    pub(super) name: String,
    pub(super) root: Ref,
    /// The SQL expression for each result.
    pub(super) results: Vec<(Ref, String)>,
}

impl ResultColumn {
    pub(super) fn of<T: Leaf>(
        diagrams: &Diagrams,
        name: String,
        decision: Decision<T>,
        words: impl Fn(T) -> String,
    ) -> Self {
        let ends = diagrams.leaves(decision.root()).into_iter();
        let results =
            ends.filter_map(|end| Some((end, words(Diagrams::constant_result(Decision::at(end))?)))).collect();
        Self { name, root: decision.root(), results }
    }

    /// A column that has a result only if all ways to give the missing answers agree on it.
    pub(super) fn settled<T: Leaf>(
        diagrams: &mut Diagrams,
        name: String,
        decision: Decision<T>,
        words: impl Fn(Option<T>) -> String,
    ) -> Result<Self, TooIntricate> {
        let known = diagrams.map(decision, Some)?;
        let settled = diagrams.with_missing(known, |a, b| if a == b { a } else { None })?;
        Ok(Self::of(diagrams, name, settled, words))
    }

    /// The number of a result, padded to the width of the largest.
    pub(super) fn code(&self, end: Ref) -> String {
        let number = self.results.iter().position(|(result, _)| *result == end).unwrap_or_default();
        format!("{number:0width$}", width = self.width())
    }

    pub(super) fn width(&self) -> usize {
        self.results.len().saturating_sub(1).to_string().len()
    }
}

impl SqlWriter<'_> {
    /// The expression for a column.
    pub(super) fn decision(&self, column: &ResultColumn, budget: &mut usize) -> Result<String, TooIntricate> {
        let code = self.lookup(column, budget)?;
        let known = |(end, words): &(Ref, String)| format!(" WHEN '{}' THEN {words}", column.code(*end));
        Ok(format!("CASE {code}{} END", column.results.iter().map(known).collect::<String>()))
    }

    /// The expression for the code of the result.
    fn lookup(&self, column: &ResultColumn, budget: &mut usize) -> Result<String, TooIntricate> {
        let vars: Vec<Var> = self.diagrams.support(column.root).into_iter().collect();
        let size = vars.iter().try_fold(1usize, |size, var| size.checked_mul(self.values(*var)));
        let Some(size) = size.filter(|size| *size <= MAX_COMBINATIONS) else { return self.walk(column, &vars, budget) };
        let width = column.width();
        *budget = budget.checked_sub(size * width).ok_or(TooIntricate)?;
        let mut place = "1".to_owned();
        let mut stride = width;
        for var in &vars {
            let name = self.column(*var);
            let _ = if stride == 1 { write!(place, " + {name}") } else { write!(place, " + {stride} * {name}") };
            stride *= self.values(*var);
        }
        let text: String = (0..size).map(|number| column.code(self.at(column.root, &vars, number))).collect();
        Ok(format!("SUBSTRING('{text}', {place}, {width})"))
    }

    /// The same, variable by variable: each literal maps the number of a node to that of the next, the last one to the code.
    fn walk(&self, column: &ResultColumn, vars: &[Var], budget: &mut usize) -> Result<String, TooIntricate> {
        let mut nodes = vec![column.root];
        let mut place = String::new();
        for (index, var) in vars.iter().enumerate() {
            let mut next: Vec<Ref> = Vec::new();
            let mut numbers: HashMap<Ref, usize> = HashMap::new();
            let mut steps = Vec::new();
            for node in &nodes {
                for value in 0..self.values(*var) {
                    let to = match self.diagrams.branch(*node) {
                        Some((at, children)) if at == *var => children[value],
                        _ => *node,
                    };
                    steps.push((
                        to,
                        *numbers.entry(to).or_insert_with(|| {
                            next.push(to);
                            next.len() - 1
                        }),
                    ));
                }
            }
            let last = index + 1 == vars.len();
            let width = if last { column.width() } else { (next.len() - 1).to_string().len() };
            *budget = budget.checked_sub(steps.len() * width).ok_or(TooIntricate)?;
            let text: String = steps
                .iter()
                .map(|(to, number)| if last { column.code(*to) } else { format!("{number:0width$}") })
                .collect();
            let name = self.column(*var);
            let from = if index == 0 { name } else { format!("({} * {place} + {name})", self.values(*var)) };
            place = format!("SUBSTRING('{text}', 1 + {width} * {from}, {width})");
            if !last {
                place = format!("CAST({place} AS INTEGER)");
            }
            nodes = next;
        }
        Ok(place)
    }

    /// The number of values of a variable, including the missing answer.
    fn values(&self, var: Var) -> usize {
        usize::from(self.diagrams.variables().all()[var].values) + 1
    }

    /// The leaf of a diagram for the combination of values with this number.
    fn at(&self, mut diagram: Ref, vars: &[Var], number: usize) -> Ref {
        let mut given = vec![0; self.diagrams.variables().all().len()];
        let mut rest = number;
        for var in vars {
            given[*var] = rest % self.values(*var);
            rest /= self.values(*var);
        }
        while let Some((var, children)) = self.diagrams.branch(diagram) {
            diagram = children[given[var]];
        }
        diagram
    }
}
