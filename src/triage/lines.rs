//! Files of lines cut into batches. No line may be longer than a file of its own could be ([`MAX_BYTES`]).

use std::io::{self, BufRead, BufReader, Read};

use super::batch::{BATCH, Content, Trouble};
use crate::problem::Code;
use crate::yaml::MAX_BYTES;

/// How much of a line that is too long is passed over to find its end, which a device of zeros does not have.
const MAX_PASSED: u64 = 64 << 20;

/// A file of lines.
pub(super) struct Lines<'a> {
    reader: BufReader<Box<dyn Read + Send + 'a>>,
    /// The number of the next line.
    line: u64,
    /// Whether a line that is too long comes next, of which only the end has not been read.
    is_long: bool,
    /// What keeps the rest from being read.
    failed: Option<Trouble>,
    ended: bool,
    /// Whether there was anything in the file.
    found: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(reader: Box<dyn Read + Send + 'a>) -> Self {
        Self { reader: BufReader::new(reader), line: 1, is_long: false, failed: None, ended: false, found: false }
    }

    /// The next batch, in the bytes of one that is no longer needed.
    pub(super) fn next(&mut self, mut bytes: Vec<u8>) -> Option<Content> {
        loop {
            if std::mem::take(&mut self.is_long) {
                let message = format!("a line longer than {} MiB", MAX_BYTES >> 20);
                let trouble = Trouble::record(Code::TooLarge, self.line, message);
                self.pass_over();
                return Some(Content::Trouble(trouble));
            }
            if let Some(trouble) = self.failed.take() {
                (self.ended, self.found) = (true, true);
                return Some(Content::Trouble(trouble));
            }
            if self.ended {
                return None;
            }
            bytes.clear();
            if let Err(error) = self.read(&mut bytes) {
                self.failed = Some(Trouble::io(&error));
                bytes.truncate(end_of_last(&bytes));
            }
            let first = self.line;
            self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
            self.found |= self.is_long;
            if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
                self.found = true;
                return Some(Content::Lines { bytes, first });
            }
            if self.ended && !self.found {
                self.failed = Some(Trouble::file(Code::Empty, "there is nothing in this file"));
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

    /// Passes over what is left of a line that is too long.
    fn pass_over(&mut self) {
        match (&mut self.reader).take(MAX_PASSED).skip_until(b'\n') {
            Err(error) => self.failed = Some(Trouble::io(&error)),
            Ok(passed) if passed as u64 == MAX_PASSED => {
                let message = format!("still no end of this line after {} MiB: the rest is not read", MAX_PASSED >> 20);
                self.failed = Some(Trouble::record(Code::TooLarge, self.line, message));
            }
            Ok(_) => {}
        }
        self.line += 1;
    }
}

/// Where the last line ends that is whole.
fn end_of_last(bytes: &[u8]) -> usize {
    memchr::memrchr(b'\n', bytes).map_or(0, |newline| newline + 1)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn all(text: &[u8]) -> Vec<Content> {
        let mut lines = Lines::new(Box::new(Cursor::new(text.to_vec())));
        std::iter::from_fn(|| lines.next(Vec::new())).collect()
    }

    #[test]
    fn lines_longer_than_a_batch_come_whole_and_numbers_go_on() {
        let long = "x".repeat(3 * BATCH);
        let text = format!("\n\n{long}\nb\n\nc");
        let mut found = Vec::new();
        for content in all(text.as_bytes()) {
            let Content::Lines { bytes, first } = content else { panic!("{content:?}") };
            for (line, text) in (first..).zip(bytes.split(|byte| *byte == b'\n')) {
                if !text.is_empty() {
                    found.push((line, text.len()));
                }
            }
        }
        assert_eq!(found, [(3, 3 * BATCH), (4, 1), (6, 1)]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_the_next_is_read() {
        for end in ["\nb\n", ""] {
            let all = all(format!("a\n{}{end}", "x".repeat(3 * MAX_BYTES)).as_bytes());
            assert!(matches!(&all[0], Content::Lines { bytes, first: 1 } if bytes == b"a\n"), "{:?}", all[0]);
            assert!(matches!(&all[1], Content::Trouble(t) if t.line == Some(2)), "{:?}", all[1]);
            assert!(end.is_empty() || matches!(&all[2], Content::Lines { bytes, first: 3 } if bytes == b"b\n"));
            assert_eq!(all.len(), if end.is_empty() { 2 } else { 3 });
        }
    }

    #[test]
    fn nothing_but_blank_lines_is_an_error() {
        for text in ["", "\n\n", "  \r\n"] {
            let all = all(text.as_bytes());
            assert!(matches!(all.as_slice(), [Content::Trouble(_)]), "{text:?} {all:?}");
        }
    }
}
