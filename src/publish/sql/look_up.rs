//! What the numbers of a row come to: looked up in a text, or walked through a diagram.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::answers::Writer;
use super::column::Column;
use crate::diagram::{Ref, TooIntricate, Var};

/// The most combinations that one text holds.
const MAX_TEXT: usize = 1024;

impl Writer<'_> {
    /// What a column says, in words.
    pub(super) fn decision(&self, column: &Column, budget: &mut usize) -> Result<String, TooIntricate> {
        let code = self.look_up(column, budget)?;
        let known = |(end, words): &(Ref, String)| format!(" WHEN '{}' THEN {words}", column.code(*end));
        Ok(format!("CASE {code}{} END", column.results.iter().map(known).collect::<String>()))
    }

    /// The code of the result that a column has for the numbers of a row.
    fn look_up(&self, column: &Column, budget: &mut usize) -> Result<String, TooIntricate> {
        let vars: Vec<Var> = self.diagrams.support(column.root).into_iter().collect();
        let size = vars.iter().try_fold(1usize, |size, var| size.checked_mul(self.values(*var)));
        let Some(size) = size.filter(|size| *size <= MAX_TEXT) else { return self.walk(column, &vars, budget) };
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

    /// The same, one variable after another: from the number of a node to that of the next, and to the code of a result
    /// in the end.
    fn walk(&self, column: &Column, vars: &[Var], budget: &mut usize) -> Result<String, TooIntricate> {
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

    /// How many values a variable has, the missing answer included.
    fn values(&self, var: Var) -> usize {
        usize::from(self.diagrams.variables().all()[var].values) + 1
    }

    /// The end of a diagram for the combination of values with this number.
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
