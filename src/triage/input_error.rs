//! Why a file, or a part of it, cannot be read.

use std::io::{self, Read};

use crate::problem::{Code, Problem};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InputError {
    /// The line of the record or header, if it is not about the whole file.
    pub(super) line: Option<u64>,
    pub(super) cause: ErrorCause,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ErrorCause {
    /// Mistakes in the file.
    Problems(Vec<Problem>),
    /// It could not be opened or read.
    Io(String),
}

impl InputError {
    pub(super) fn file(code: Code, message: impl Into<String>) -> Self {
        Problem::anywhere(code, message).into()
    }

    pub(super) fn record(code: Code, line: u64, message: impl Into<String>) -> Self {
        Self::of(Some(line), vec![Problem::anywhere(code, message)])
    }

    pub(super) fn of(line: Option<u64>, problems: Vec<Problem>) -> Self {
        Self { line, cause: ErrorCause::Problems(problems) }
    }

    /// How many columns a table lacks to be of the form in question, if that is what it tells of.
    pub(super) fn lacking_columns(&self) -> Option<usize> {
        let ErrorCause::Problems(problems) = &self.cause else { return None };
        let about_columns = [Code::MissingKey, Code::UnknownQuestion, Code::DuplicateKey];
        let is_about_columns = problems.iter().all(|problem| about_columns.contains(&problem.code));
        is_about_columns.then(|| problems.iter().filter(|problem| problem.code == Code::MissingKey).count())
    }

    pub(super) fn io(message: impl Into<String>) -> Self {
        Self { line: None, cause: ErrorCause::Io(message.into()) }
    }
}

/// A problem of the whole file.
impl From<Problem> for InputError {
    fn from(problem: Problem) -> Self {
        Self::of(None, vec![problem])
    }
}

impl From<io::Error> for InputError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // The decoder says this of text in another encoding.
            io::ErrorKind::InvalidData => Self::file(Code::NotUtf8, error.to_string()),
            _ => Self::io(error.to_string()),
        }
    }
}

/// Reads this many more bytes, or to the end.
pub(super) fn read(from: &mut impl Read, limit: usize, into: &mut Vec<u8>) -> Result<(), InputError> {
    from.take(limit as u64).read_to_end(into)?;
    Ok(())
}
