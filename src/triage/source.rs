//! Where a record was found.

use std::sync::Arc;

use crate::intake::Input;
use crate::problem::{self, Place, STANDARD_INPUT};

#[derive(Clone, Copy, Debug)]
pub(super) struct RecordSource<'s> {
    /// What the file is called.
    pub(super) name: &'s str,
    /// The line, if the file holds more than one product.
    pub(super) line: Option<u64>,
}

impl RecordSource<'_> {
    /// The same for a report on the record.
    pub(super) fn input(self) -> Input {
        let first_line = self.line.and_then(|line| usize::try_from(line).ok());
        let place = first_line.map(|first_line| {
            let file = problem::Source { name: self.name.to_owned(), first_line, text: "".into() };
            Place::new(&Arc::new(file), 0..0)
        });
        let path = (self.name != STANDARD_INPUT).then(|| self.name.to_owned());
        Input { name: self.text(), path, place, ..Input::default() }
    }

    pub(super) fn text(self) -> String {
        self.line.map_or_else(|| self.name.to_owned(), |line| format!("{}:{line}", self.name))
    }
}
