//! Files of lines cut into batches. No line may be longer than a file of its own could be ([`MAX_BYTES`]).

use std::io::{self, Read};

use super::load::{BATCH, Load, Trouble};
use crate::problem::Code;
use crate::yaml::MAX_BYTES;

/// How much of a line that is too long is passed over to find its end, which a device of zeros does not have.
const MAX_PASSED: usize = 64 << 20;

/// A file of lines.
pub(super) struct Lines<'a> {
    reader: Box<dyn Read + Send + 'a>,
    /// The beginning of a line whose end has not been read yet.
    rest: Vec<u8>,
    /// The number of the next line.
    line: u64,
    /// How much of a line that is too long has been passed over.
    passing: Option<usize>,
    ended: bool,
    begun: bool,
    /// Whether there was anything in the file.
    found: bool,
}

impl<'a> Lines<'a> {
    pub(super) fn new(reader: Box<dyn Read + Send + 'a>) -> Self {
        Self { reader, rest: Vec::new(), line: 1, passing: None, ended: false, begun: false, found: false }
    }

    pub(super) fn next(&mut self, mut bytes: Vec<u8>) -> Option<(Load, u64)> {
        let mut count = 0;
        loop {
            bytes.clear();
            bytes.append(&mut self.rest);
            let mut wanted = BATCH;
            // As many bytes as a batch has, and more only while not even one line is whole.
            let end = loop {
                if let Err(error) = self.read(&mut bytes, wanted, &mut count) {
                    self.ended = true;
                    self.found = true;
                    return Some((Load::Trouble(Trouble::io(&error)), count));
                }
                match memchr::memrchr(b'\n', &bytes) {
                    _ if self.ended => break Some(bytes.len()),
                    Some(newline) => break Some(newline + 1),
                    None if bytes.len() > MAX_BYTES => break None,
                    None => wanted = bytes.len() + BATCH,
                }
            };
            if let Some(passed) = self.passing.take() {
                // What is left of a line that is too long ends with the first line break.
                match memchr::memchr(b'\n', &bytes) {
                    Some(newline) => {
                        self.rest.extend_from_slice(&bytes[newline + 1..]);
                        self.line += 1;
                    }
                    None if self.ended => {}
                    None if passed > MAX_PASSED => {
                        self.ended = true;
                        let message =
                            format!("still no end of this line after {} MiB: the rest is not read", MAX_PASSED >> 20);
                        return Some((Load::Trouble(Trouble::record(Code::TooLarge, self.line, message)), count));
                    }
                    None => self.passing = Some(passed + bytes.len()),
                }
                if self.ended && self.rest.is_empty() {
                    return None;
                }
                continue;
            }
            let Some(end) = end else {
                self.passing = Some(bytes.len());
                self.found = true;
                let message = format!("a line longer than {} MiB", MAX_BYTES >> 20);
                return Some((Load::Trouble(Trouble::record(Code::TooLarge, self.line, message)), count));
            };
            self.rest.extend_from_slice(&bytes[end..]);
            bytes.truncate(end);
            if bytes.iter().all(u8::is_ascii_whitespace) {
                self.line += breaks(&bytes);
                if !self.ended {
                    continue;
                }
                if self.found {
                    return None;
                }
                self.found = true;
                return Some((Load::Trouble(Trouble::file(Code::Empty, "there is nothing in this file")), count));
            }
            self.found = true;
            let first = self.line;
            self.line += breaks(&bytes);
            return Some((Load::Lines { bytes, first }, count));
        }
    }

    fn read(&mut self, bytes: &mut Vec<u8>, wanted: usize, count: &mut u64) -> io::Result<()> {
        while bytes.len() < wanted && !self.ended {
            let limit = u64::try_from(wanted - bytes.len()).unwrap_or(u64::MAX);
            let read = (&mut self.reader).take(limit).read_to_end(bytes)?;
            *count += read as u64;
            self.ended = read == 0;
        }
        if !self.begun && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        self.begun = true;
        Ok(())
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn all(text: &[u8]) -> Vec<Load> {
        let mut lines = Lines::new(Box::new(Cursor::new(text.to_vec())));
        std::iter::from_fn(|| lines.next(Vec::new()).map(|(load, _)| load)).collect()
    }

    #[test]
    fn lines_longer_than_a_batch_come_whole_and_numbers_go_on() {
        let long = "x".repeat(3 * BATCH);
        let text = format!("\u{feff}\n\n{long}\nb\n\nc");
        let mut found = Vec::new();
        for load in all(text.as_bytes()) {
            let Load::Lines { bytes, first } = load else { panic!("{load:?}") };
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
        let text = format!("a\n{}\nb\n", "x".repeat(3 * MAX_BYTES));
        let loads = all(text.as_bytes());
        assert!(matches!(&loads[0], Load::Lines { bytes, first: 1 } if bytes == b"a\n"), "{:?}", loads[0]);
        assert!(matches!(&loads[1], Load::Trouble(t) if t.line == Some(2)), "{:?}", loads[1]);
        assert!(matches!(&loads[2], Load::Lines { bytes, first: 3 } if bytes == b"b\n"));
        assert_eq!(loads.len(), 3);
    }

    #[test]
    fn nothing_but_blank_lines_is_an_error() {
        for text in ["", "\n\n", "\u{feff}", "  \r\n"] {
            let loads = all(text.as_bytes());
            assert!(matches!(loads.as_slice(), [Load::Trouble(_)]), "{text:?} {loads:?}");
        }
    }
}
