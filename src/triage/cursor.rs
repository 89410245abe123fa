//! The tokens of a line of JSON: strings, literals and spaces.

use super::literal::{HIGH, LOW, Literal, WordTable};

/// The most spaces between a key and its colon. The YAML reader refuses more.
const MAX_SPACES: usize = 64;

/// A string in JSON.
pub(super) struct Quoted<'l> {
    /// The text between the quotation marks.
    pub(super) raw: &'l [u8],
    has_escapes: bool,
}

impl<'l> Quoted<'l> {
    /// The string, if it has no escapes.
    pub(super) fn plain(self) -> Option<&'l [u8]> {
        (!self.has_escapes).then_some(self.raw)
    }

    /// Whether it certainly has more letters, digits and punctuation than this.
    pub(super) fn has_more_signs_than(&self, count: usize) -> bool {
        if !self.has_escapes {
            return self.raw.iter().filter(|byte| byte.is_ascii_graphic()).nth(count).is_some();
        }
        let (mut bytes, mut found) = (self.raw.iter(), 0);
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' => match bytes.next() {
                    Some(b'"' | b'\\') => found += 1,
                    // What it stands for may be a blank.
                    Some(b'u') => return false,
                    _ => {}
                },
                byte => found += usize::from(byte.is_ascii_graphic()),
            }
            if found > count {
                return true;
            }
        }
        false
    }
}

pub(super) struct Cursor<'l> {
    pub(super) line: &'l [u8],
    pub(super) at: usize,
}

/// Sets the high bit of the first of eight bytes that is no ordinary character of a string. The bits of later bytes may be
/// wrong.
#[inline]
const fn special(bytes: u64) -> u64 {
    let control = bytes.wrapping_sub(LOW * 0x20);
    let quote = (bytes ^ (LOW * b'"' as u64)).wrapping_sub(LOW);
    let backslash = (bytes ^ (LOW * b'\\' as u64)).wrapping_sub(LOW);
    // DEL is the last byte of ASCII; all others have the high bit already.
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

    /// Skips this text, if it comes next.
    #[inline]
    pub(super) fn skip(&mut self, expected: &Literal) -> bool {
        let comes_next = expected.begins(&self.line[self.at.min(self.line.len())..]);
        if comes_next {
            self.at += expected.len();
        }
        comes_next
    }

    /// The index of the quoted word that comes next, if it is in this table.
    #[inline]
    pub(super) fn word_of(&mut self, words: &WordTable) -> Option<usize> {
        let (index, length) = words.quoted(self.line.get(self.at + 1..)?)?;
        self.at += 1 + length;
        Some(index)
    }

    #[inline]
    pub(super) fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// A literal such as `null`.
    pub(super) fn expect_literal(&mut self, literal: &[u8]) -> Option<()> {
        self.line[self.at..].starts_with(literal).then(|| self.at += literal.len())
    }

    /// A key, up to its value.
    #[inline]
    pub(super) fn key(&mut self) -> Option<&'l [u8]> {
        let key = self.string()?.plain()?;
        let end = self.at;
        self.skip_spaces();
        if self.at - end > MAX_SPACES {
            return None;
        }
        self.expect(b':')?;
        self.skip_spaces();
        Some(key)
    }

    /// What follows a member of an object. Returns whether it is another member.
    #[inline]
    pub(super) fn has_more(&mut self) -> Option<bool> {
        self.skip_spaces();
        match self.next()? {
            b',' => Some(true),
            b'}' => Some(false),
            _ => None,
        }
    }

    /// An object that is not empty. `member` gets each key, and reads its value.
    #[inline]
    pub(super) fn object(&mut self, mut member: impl FnMut(&mut Self, &'l [u8]) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        loop {
            self.skip_spaces();
            let key = self.key()?;
            member(self, key)?;
            if !self.has_more()? {
                return Some(());
            }
        }
    }

    /// Skips a string or `null`. Returns whether it is a string.
    pub(super) fn string_or_null(&mut self) -> Option<bool> {
        if self.peek()? == b'"' { self.string().map(|_| true) } else { self.expect_literal(b"null").map(|()| false) }
    }

    #[inline]
    pub(super) fn string(&mut self) -> Option<Quoted<'l>> {
        self.expect(b'"')?;
        let start = self.at;
        let (mut has_escapes, mut has_unicode) = (false, false);
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
                // These mean the same in JSON and YAML, and are written out again unchanged.
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'n' | b't' | b'r' | b'b' | b'f' => has_escapes = true,
                    _ => return None,
                },
                0x80.. => has_unicode = true,
                0..0x20 | 0x7f => return None,
                _ => {}
            }
        }
        let raw = &self.line[start..self.at - 1];
        (!has_unicode || means_the_same_in_yaml(raw)).then_some(Quoted { raw, has_escapes })
    }
}

/// Whether this is UTF-8 without characters that YAML takes for line breaks or does not allow.
#[cold]
fn means_the_same_in_yaml(raw: &[u8]) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    std::str::from_utf8(raw).is_ok_and(|text| !text.chars().any(odd))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_of_eight_is_found_in_every_place() {
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
