//! The quotation marks of a table: where the reader is between them, and where one is never closed.

use std::fmt;

/// A quotation mark that holds more than was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Torn {
    /// It is not closed, so that the rest of the file is in its cell.
    Open,
    /// There is more in its cell behind the mark that closes it, in this line.
    More(u64),
}

impl fmt::Display for Torn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("the quotation mark opened here is not closed: all that follows is in one cell"),
            Self::More(line) => write!(
                f,
                "the quotation mark opened here is closed in line {line}, and there is more behind it in the same cell"
            ),
        }
    }
}

impl Torn {
    /// What to do about it.
    pub(super) const HINT: &str = "close it, or write two where the cell itself has one";
}

/// Where in a table the reader is.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) separator: u8,
    /// The number of this line. Lines end as editors have it: with LF, CRLF or CR.
    pub(super) line: u64,
    pub(super) after_cr: bool,
    pub(super) at: At,
    /// The first quotation mark of the row that is torn.
    pub(super) torn: Option<(u64, Torn)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// At the beginning of a cell.
    Start,
    /// In a cell that has no quotation mark around it.
    Plain,
    /// Behind a quotation mark that stands in this line.
    Quoted(u64),
    /// Behind one that closes that.
    Closed(u64),
    /// Behind blanks behind that.
    Blank(u64),
}

impl Place {
    /// Goes on over some bytes of one row.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let Some((last, inner)) = bytes.split_last() else { return };
        let breaks = self.after_cr || memchr::memchr2(b'\r', b'\n', inner).is_some();
        let mut passed = 0;
        for mark in memchr::memchr_iter(b'"', bytes) {
            let before = &bytes[passed..mark];
            self.unmarked(before);
            if breaks {
                self.count(&bytes[passed..=mark]);
            }
            self.at = match self.at {
                At::Start => At::Quoted(self.line),
                At::Quoted(line) => At::Closed(line),
                At::Closed(line) => At::Quoted(line),
                At::Blank(line) => self.tear(line),
                At::Plain => At::Plain,
            };
            passed = mark + 1;
        }
        self.unmarked(&bytes[passed..]);
        self.count(if breaks { &bytes[passed..] } else { std::slice::from_ref(last) });
    }

    fn ends_cell(&self, byte: u8) -> bool {
        byte == self.separator || matches!(byte, b'\r' | b'\n')
    }

    /// Counts the lines that end.
    pub(super) fn count(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.line += u64::from(byte == b'\r' || (byte == b'\n' && !self.after_cr));
            self.after_cr = byte == b'\r';
        }
    }

    /// Goes on over bytes without a quotation mark.
    fn unmarked(&mut self, bytes: &[u8]) {
        let Some(&last) = bytes.last() else { return };
        self.at = match self.at {
            At::Quoted(_) => return,
            At::Closed(line) | At::Blank(line) => {
                match bytes.iter().find(|byte| self.ends_cell(**byte) || !matches!(byte, b' ' | b'\t')) {
                    None => At::Blank(line),
                    Some(byte) if !self.ends_cell(*byte) => self.tear(line),
                    Some(_) => At::Plain,
                }
            }
            At::Start | At::Plain => At::Plain,
        };
        if self.ends_cell(last) {
            self.at = At::Start;
        }
    }

    fn tear(&mut self, line: u64) -> At {
        self.torn.get_or_insert((line, Torn::More(self.line)));
        At::Plain
    }
}
