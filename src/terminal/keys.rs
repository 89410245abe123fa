//! Decodes the bytes of a terminal into keys.

/// What a person pressed, or pasted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Enter,
    Escape,
    Tab,
    Up,
    Down,
    Left,
    Right,
    WordLeft,
    WordRight,
    /// To the beginning of a list or line.
    Home,
    End,
    Backspace,
    Delete,
    /// Cuts the word before the cursor.
    CutWord,
    /// Cuts everything before the cursor.
    CutBefore,
    /// Cuts everything after the cursor.
    CutAfter,
    /// Pasted text, in one piece.
    Paste(String),
    /// A key without a meaning here.
    Other,
}

const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";
/// The longest escape sequence of a key.
const LONGEST: usize = 32;
/// How much of a paste is kept. No text field takes as much, so a paste that was cut is always refused.
const MAX_PASTE: usize = 128 * 1024;

/// Bytes that are not decoded yet.
#[derive(Debug, Default)]
pub(super) struct Keys {
    bytes: Vec<u8>,
}

impl Keys {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        // The end of a paste may itself come in pieces.
        let end = self.bytes.len().saturating_sub(PASTE_ENDS.len());
        if self.bytes.starts_with(PASTE_BEGINS) && end > MAX_PASTE {
            self.bytes.drain(MAX_PASTE..end);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next key, or `None` until more bytes come.
    pub(super) fn next(&mut self) -> Option<Key> {
        let (key, length) = decode(&self.bytes)?;
        self.bytes.drain(..length);
        Some(key)
    }

    /// Whether the bytes may be the beginning of a longer key: Esc alone is a key, and also begins others.
    pub(super) fn is_incomplete(&self) -> bool {
        !self.is_empty() && !self.bytes.starts_with(PASTE_BEGINS)
    }

    /// The key that the bytes stand for if no more come.
    pub(super) fn take_incomplete(&mut self) -> Key {
        let alone = self.bytes == b"\x1b";
        self.bytes.clear();
        if alone { Key::Escape } else { Key::Other }
    }
}

/// The first key, and how many bytes it takes.
fn decode(bytes: &[u8]) -> Option<(Key, usize)> {
    match bytes {
        [] | [0x1b] => None,
        _ if bytes.starts_with(PASTE_BEGINS) => {
            let text = &bytes[PASTE_BEGINS.len()..];
            let end = text.windows(PASTE_ENDS.len()).position(|window| window == PASTE_ENDS)?;
            let pasted = String::from_utf8_lossy(&text[..end]).into_owned();
            Some((Key::Paste(pasted), PASTE_BEGINS.len() + end + PASTE_ENDS.len()))
        }
        [0x1b, b'[', rest @ ..] => sequence(rest),
        [0x1b, b'O', byte, ..] => Some((moved(*byte, false), 3)),
        [0x1b, b'O'] => None,
        [0x1b, 0x1b, ..] => Some((Key::Escape, 1)),
        [0x1b, 0x7f | 0x08, ..] => Some((Key::CutWord, 2)),
        [0x1b, b'b', ..] => Some((Key::WordLeft, 2)),
        [0x1b, b'f', ..] => Some((Key::WordRight, 2)),
        [0x1b, rest @ ..] => decode(rest).map(|(_, length)| (Key::Other, 1 + length)),
        [byte, ..] if byte.is_ascii() => Some((control(*byte), 1)),
        _ => character(bytes),
    }
}

/// What follows `ESC [`: numbers, then the byte that says which key it is.
fn sequence(rest: &[u8]) -> Option<(Key, usize)> {
    let introducer = 2;
    let Some(end) = rest.iter().position(|byte| !(0x20..0x40).contains(byte)) else {
        return (rest.len() > LONGEST).then_some((Key::Other, introducer + rest.len()));
    };
    let numbers: Vec<&[u8]> = rest[..end].split(|byte| *byte == b';').collect();
    let held = numbers.get(1).is_some_and(|held| *held != b"1");
    let key = match (rest[end], numbers[0]) {
        (b'~', b"1" | b"7" | b"5") => Key::Home,
        (b'~', b"4" | b"8" | b"6") => Key::End,
        (b'~', b"3") => Key::Delete,
        // Function keys of the Linux console have one byte more.
        (b'[', _) => return rest.get(end + 1).map(|_| (Key::Other, introducer + end + 2)),
        (byte @ 0x40..=0x7e, _) => moved(byte, held),
        // Not a sequence after all: the byte that ends it is read as a key of its own.
        _ => return Some((Key::Other, introducer + end)),
    };
    Some((key, introducer + end + 1))
}

/// The movement key that ends in this byte. `held`: with Ctrl, Alt or Shift.
fn moved(byte: u8, held: bool) -> Key {
    match (byte, held) {
        (b'A', _) => Key::Up,
        (b'B', _) => Key::Down,
        (b'C', false) => Key::Right,
        (b'C', true) => Key::WordRight,
        (b'D', false) => Key::Left,
        (b'D', true) => Key::WordLeft,
        (b'H', _) => Key::Home,
        (b'F', _) => Key::End,
        (b'M', _) => Key::Enter,
        _ => Key::Other,
    }
}

fn control(byte: u8) -> Key {
    match byte {
        b'\r' | b'\n' => Key::Enter,
        b'\t' => Key::Tab,
        0x08 | 0x7f => Key::Backspace,
        0x01 => Key::Home,
        0x02 => Key::Left,
        0x04 => Key::Delete,
        0x05 => Key::End,
        0x06 => Key::Right,
        0x0b => Key::CutAfter,
        0x0e => Key::Down,
        0x10 => Key::Up,
        0x15 => Key::CutBefore,
        0x17 => Key::CutWord,
        0..0x20 => Key::Other,
        byte => Key::Char(char::from(byte)),
    }
}

/// A multi-byte character.
fn character(bytes: &[u8]) -> Option<(Key, usize)> {
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    match std::str::from_utf8(bytes.get(..length).unwrap_or(bytes)) {
        Ok(text) => text.chars().next().map(|c| (Key::Char(c), length)),
        // More of it may come.
        Err(error) if error.error_len().is_none() => None,
        Err(_) => Some((Key::Other, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<Key> {
        let mut keys = Keys::default();
        keys.push(bytes);
        std::iter::from_fn(|| keys.next()).collect()
    }

    #[test]
    fn bytes_are_keys_text_or_neither() {
        use Key::{Char, Delete, Down, Enter, Other, Paste, Up, WordLeft};
        for (bytes, expected) in [
            ("aé医🙂".as_bytes(), ['a', 'é', '医', '🙂'].map(Char).as_slice()),
            (b"\x1b[A\x1bOB\x1b[1;5D\x1b[3~\r", &[Up, Down, WordLeft, Delete, Enter]),
            // What is no key leaves no characters behind.
            (b"\x1b[[A\x1b[38;5;1mx\x1bq\xff\x1b[1\r", &[Other, Other, Char('x'), Other, Other, Other, Enter]),
            (&[b"\x1b[".as_slice(), &[b'1'; 100]].concat(), &[Other]),
            (b"\x1b[200~a\r\x1b[Ab\x1b[201~c", &[Paste("a\r\u{1b}[Ab".to_owned()), Char('c')]),
        ] {
            assert_eq!(keys(bytes), expected);
        }
    }

    #[test]
    fn a_key_may_come_in_pieces_and_esc_is_one_only_if_nothing_follows() {
        let mut keys = Keys::default();
        for byte in "\u{1b}[1;5C医".bytes() {
            keys.push(&[byte]);
            assert_eq!(keys.next().is_some(), byte == b'C' || byte == "医".as_bytes()[2], "{byte:x}");
        }
        keys.push(b"\x1b");
        assert_eq!((keys.next(), keys.is_incomplete()), (None, true));
        assert_eq!(keys.take_incomplete(), Key::Escape);
        keys.push(b"\x1b[200~half");
        assert_eq!((keys.next(), keys.is_incomplete()), (None, false), "the rest of a paste comes, however late");
    }

    #[test]
    fn a_paste_without_end_takes_no_room_without_end() {
        let mut keys = Keys::default();
        keys.push(PASTE_BEGINS);
        for _ in 0..100 {
            keys.push(&[b'x'; 10_000]);
            assert!(keys.bytes.len() <= MAX_PASTE + 10);
        }
        keys.push(b"\r\x1b[20");
        keys.push(b"1~");
        assert!(matches!(keys.next(), Some(Key::Paste(text)) if text.len() > 100_000));
        assert!(keys.is_empty());
    }
}
