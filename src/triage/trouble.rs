//! What keeps files from being read.

use std::io::{self, Read};

use crate::problem::{Code, Problem};

/// Something wrong that is not an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// The line, if it is that of one record or of a header.
    pub(super) line: Option<u64>,
    /// What is wrong with the file, or why the world does not let it be read.
    pub(super) why: Result<Vec<Problem>, String>,
}

impl Trouble {
    pub(super) fn file(code: Code, message: impl Into<String>) -> Self {
        Problem::anywhere(code, message).into()
    }

    pub(super) fn record(code: Code, line: u64, message: impl Into<String>) -> Self {
        Self::of(Some(line), vec![Problem::anywhere(code, message)])
    }

    pub(super) fn of(line: Option<u64>, problems: Vec<Problem>) -> Self {
        Self { line, why: Ok(problems) }
    }

    pub(super) fn world(message: impl Into<String>) -> Self {
        Self { line: None, why: Err(message.into()) }
    }

    /// What a reader says: the world, or text that is not what it was taken for.
    pub(super) fn io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::file(Code::NotUtf8, error.to_string()),
            _ => Self::world(error.to_string()),
        }
    }
}

/// Something wrong with a whole file.
impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::of(None, vec![problem])
    }
}

/// Reads so many bytes more, or to the end.
pub(super) fn read(from: &mut impl Read, limit: usize, into: &mut Vec<u8>) -> Result<(), Trouble> {
    from.take(limit as u64).read_to_end(into).map(drop).map_err(|error| Trouble::io(&error))
}
