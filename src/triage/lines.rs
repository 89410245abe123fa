//! Files of lines cut into batches. No line may be longer than a file of its own could be ([`MAX_BYTES`]).

use std::io::{self, BufRead, BufReader, Read};

use super::batch::{BATCH, BatchContent};
use super::input_error::InputError;
use crate::problem::Code;
use crate::yaml::MAX_BYTES;

/// How many bytes of a line that is too long are skipped to find its end. A device of zeros has none.
const MAX_PASSED: u64 = 64 << 20;

pub(super) struct LineReader<'a> {
    reader: BufReader<Box<dyn Read + Send + 'a>>,
    /// The number of the next line.
    line: u64,
    /// Whether a line that is too long comes next, of which only the end has not been read.
    is_long: bool,
    /// The error that keeps the rest from being read.
    failed: Option<InputError>,
    ended: bool,
    /// Whether there was anything in the file.
    found: bool,
}

impl<'a> LineReader<'a> {
    pub(super) fn new(reader: Box<dyn Read + Send + 'a>) -> Self {
        Self { reader: BufReader::new(reader), line: 1, is_long: false, failed: None, ended: false, found: false }
    }

    /// The next batch. It reuses the buffer of an earlier one.
    pub(super) fn next(&mut self, mut bytes: Vec<u8>) -> Option<BatchContent> {
        loop {
            if std::mem::take(&mut self.is_long) {
                let message = format!("a line longer than {} MiB", MAX_BYTES >> 20);
                let error = InputError::record(Code::TooLarge, self.line, message);
                self.pass_over();
                return Some(BatchContent::Error(error));
            }
            if let Some(error) = self.failed.take() {
                (self.ended, self.found) = (true, true);
                return Some(BatchContent::Error(error));
            }
            if self.ended {
                return None;
            }
            bytes.clear();
            if let Err(error) = self.read(&mut bytes) {
                self.failed = Some(error.into());
                bytes.truncate(end_of_last(&bytes));
            }
            let first = self.line;
            self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
            self.found |= self.is_long;
            if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
                self.found = true;
                return Some(BatchContent::Lines { bytes, first });
            }
            if self.ended && !self.found {
                self.failed = Some(InputError::file(Code::Empty, "there is nothing in this file"));
            }
        }
    }

    /// Reads about as many bytes as a batch has, to the end of a line.
    fn read(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        self.ended = (&mut self.reader).take(BATCH as u64).read_to_end(bytes)? < BATCH;
        if !self.ended && !bytes.ends_with(b"\n") {
            let whole = end_of_last(bytes);
            let more = (&mut self.reader).take(MAX_BYTES as u64).read_until(b'\n', bytes)?;
            if more == MAX_BYTES && !bytes.ends_with(b"\n") {
                self.is_long = true;
                bytes.truncate(whole);
            }
        }
        Ok(())
    }

    /// Skips the rest of a line that is too long.
    fn pass_over(&mut self) {
        match (&mut self.reader).take(MAX_PASSED).skip_until(b'\n') {
            Err(error) => self.failed = Some(error.into()),
            Ok(passed) if passed as u64 == MAX_PASSED => {
                let message = format!("still no end of this line after {} MiB: the rest is not read", MAX_PASSED >> 20);
                self.failed = Some(InputError::record(Code::TooLarge, self.line, message));
            }
            Ok(_) => {}
        }
        self.line += 1;
    }
}

/// The end of the last whole line.
fn end_of_last(bytes: &[u8]) -> usize {
    memchr::memrchr(b'\n', bytes).map_or(0, |newline| newline + 1)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    // What is too long, or nothing: tests/limits.rs, tests/triage.rs.
    fn lines_longer_than_a_batch_come_whole_and_numbers_go_on() {
        let long = "x".repeat(3 * BATCH);
        let text = format!("\n\n{long}\nb\n\nc");
        let mut found = Vec::new();
        let mut lines = LineReader::new(Box::new(Cursor::new(text.into_bytes())));
        while let Some(content) = lines.next(Vec::new()) {
            let BatchContent::Lines { bytes, first } = content else { panic!("{content:?}") };
            for (line, text) in (first..).zip(bytes.split(|byte| *byte == b'\n')) {
                if !text.is_empty() {
                    found.push((line, text.len()));
                }
            }
        }
        assert_eq!(found, [(3, 3 * BATCH), (4, 1), (6, 1)]);
    }
}
