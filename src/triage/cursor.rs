//! A line of JSON, read by the byte: strings, words and spaces, as fast as they can be told apart.

use super::literal::{HIGH, LOW, Literal, WordTable};

/// The most spaces between a key and its colon.
const MAX_SPACES: usize = 64;

/// A string as it stands between its quotation marks.
pub(super) struct Quoted<'l> {
    pub(super) raw: &'l [u8],
    escaped: bool,
}

impl<'l> Quoted<'l> {
    /// The string, if it is as it stands.
    pub(super) fn plain(self) -> Option<&'l [u8]> {
        (!self.escaped).then_some(self.raw)
    }

    /// Whether there is certainly something but white space in it.
    pub(super) fn says_something(&self) -> bool {
        if !self.escaped {
            return self.raw.iter().any(u8::is_ascii_graphic);
        }
        let mut bytes = self.raw.iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' if matches!(bytes.next(), Some(b'"' | b'\\')) => return true,
                b'\\' => {}
                byte if byte.is_ascii_graphic() => return true,
                _ => {}
            }
        }
        false
    }
}

/// Where the reading of a line has got to.
pub(super) struct Cursor<'l> {
    pub(super) line: &'l [u8],
    pub(super) at: usize,
}

/// Marks, among eight bytes, the first that ends a string or needs a look. Bytes after it may be marked wrongly.
#[inline]
const fn special(bytes: u64) -> u64 {
    let control = bytes.wrapping_sub(LOW * 0x20);
    let quote = (bytes ^ (LOW * b'"' as u64)).wrapping_sub(LOW);
    let backslash = (bytes ^ (LOW * b'\\' as u64)).wrapping_sub(LOW);
    // Delete is the last before those that are not ASCII, which have the high bit themselves.
    (control | quote | backslash | bytes.wrapping_add(LOW) | bytes) & HIGH
}

impl<'l> Cursor<'l> {
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// Goes past this text, if it is what comes next.
    #[inline]
    pub(super) fn take(&mut self, known: &Literal) -> bool {
        let found = known.begins(&self.line[self.at.min(self.line.len())..]);
        if found {
            self.at += known.len();
        }
        found
    }

    /// Goes past one of these words and the quotation marks around it, if one comes next: which.
    #[inline]
    pub(super) fn one_of(&mut self, words: &WordTable) -> Option<usize> {
        let (found, length) = words.quoted(self.line.get(self.at + 1..)?)?;
        self.at += 1 + length;
        Some(found)
    }

    #[inline]
    pub(super) fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    pub(super) fn word(&mut self, word: &[u8]) -> Option<()> {
        self.line[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    /// A key and what stands between it and its value.
    #[inline]
    pub(super) fn key(&mut self) -> Option<&'l [u8]> {
        let key = self.string()?.plain()?;
        let end = self.at;
        self.spaces();
        // Whoever reads it slowly gives up on a key that is too far from its colon.
        if self.at - end > MAX_SPACES {
            return None;
        }
        self.expect(b':')?;
        self.spaces();
        Some(key)
    }

    /// What stands after a value: whether another follows.
    #[inline]
    pub(super) fn goes_on(&mut self) -> Option<bool> {
        self.spaces();
        match self.next()? {
            b',' => Some(true),
            b'}' => Some(false),
            _ => None,
        }
    }

    /// Goes through an object that is not empty: `member` is handed each key, and goes past its value.
    #[inline]
    pub(super) fn object(&mut self, mut member: impl FnMut(&mut Self, &'l [u8]) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        loop {
            self.spaces();
            let key = self.key()?;
            member(self, key)?;
            if !self.goes_on()? {
                return Some(());
            }
        }
    }

    /// Text, or `null`: whether there is text.
    pub(super) fn text_or_null(&mut self) -> Option<bool> {
        if self.peek()? == b'"' { self.string().map(|_| true) } else { self.word(b"null").map(|()| false) }
    }

    #[inline]
    pub(super) fn string(&mut self) -> Option<Quoted<'l>> {
        self.expect(b'"')?;
        let start = self.at;
        let (mut escaped, mut foreign) = (false, false);
        loop {
            while let Some(eight) = self.line.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
                let found = special(u64::from_le_bytes(*eight));
                if found != 0 {
                    self.at += (found.trailing_zeros() / 8) as usize;
                    break;
                }
                self.at += 8;
            }
            match self.next()? {
                b'"' => break,
                // These mean the same in JSON and in YAML, and are written out again as they are.
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'n' | b't' | b'r' | b'b' | b'f' => escaped = true,
                    _ => return None,
                },
                0x80.. => foreign = true,
                0..0x20 | 0x7f => return None,
                _ => {}
            }
        }
        let raw = &self.line[start..self.at - 1];
        (!foreign || is_readable(raw)).then_some(Quoted { raw, escaped })
    }
}

/// Whether this is UTF-8 without characters that YAML gives a meaning of their own or does not allow.
#[cold]
fn is_readable(raw: &[u8]) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    std::str::from_utf8(raw).is_ok_and(|text| !text.chars().any(odd))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_among_eight_is_found_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let expected = matches!(byte, 0..0x20 | b'"' | b'\\' | 0x7f..);
            for place in 0..8 {
                for around in [b'a', b'!', b' ', b'~', b'#', b'[', b']'] {
                    let mut bytes = [around; 8];
                    bytes[place] = byte;
                    let found = special(u64::from_le_bytes(bytes));
                    assert_eq!(found != 0, expected, "{byte:#x} at {place}");
                    assert!(!expected || found.trailing_zeros() as usize / 8 == place, "{byte:#x} at {place}");
                }
            }
        }
    }
}
