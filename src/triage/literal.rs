//! Texts that are known before a line is read: keys and values, found in it in a few steps.

/// Eight bytes at once: the lowest and the highest bit of each.
pub(super) const LOW: u64 = 0x0101_0101_0101_0101;
pub(super) const HIGH: u64 = 0x8080_8080_8080_8080;
/// How many bytes of a text are compared in one step.
const AT_ONCE: usize = 32;

/// Text that is looked for as a whole: what stands in a line is most often known. Comparing takes as long whatever its
/// length, without a way out that nothing could foresee.
#[derive(Debug)]
pub(super) struct Literal {
    text: Box<[u8]>,
    /// Its first bytes by eight, and which bits of those count.
    wanted: [u64; AT_ONCE / 8],
    mask: [u64; AT_ONCE / 8],
}

impl Literal {
    pub(super) fn new(text: String) -> Self {
        let (mut wanted, mut mask) = ([0; AT_ONCE], [0; AT_ONCE]);
        for (at, byte) in text.bytes().enumerate().take(AT_ONCE) {
            (wanted[at], mask[at]) = (byte, u8::MAX);
        }
        Self { text: text.into_bytes().into(), wanted: by_eight(&wanted), mask: by_eight(&mask) }
    }

    /// How many bytes it has.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether these bytes begin with it.
    #[inline]
    pub(super) fn begins(&self, bytes: &[u8]) -> bool {
        let Some(many) = bytes.first_chunk().filter(|_| self.text.len() <= AT_ONCE) else {
            return bytes.starts_with(&self.text);
        };
        let parts = by_eight(many).into_iter().zip(self.mask).zip(self.wanted);
        parts.fold(0, |other, ((part, mask), wanted)| other | (part & mask) ^ wanted) == 0
    }
}

#[inline]
fn by_eight(bytes: &[u8; AT_ONCE]) -> [u64; AT_ONCE / 8] {
    let eights = bytes.as_chunks::<8>().0;
    std::array::from_fn(|index| u64::from_le_bytes(eights[index]))
}

/// Words of which most often one comes next, told by its first eight bytes in one step, however many there are.
#[derive(Debug)]
pub(super) struct Words {
    all: Vec<Word>,
    /// For each hash of eight bytes the first word that has it. No two words have the same hash and other bytes.
    slots: Box<[Slot]>,
    seed: u64,
    shift: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// One more than the word; nought for none.
    word: u8,
    /// How many bytes it has with the quotation mark that closes it, so that reading goes on behind it while it is
    /// compared.
    length: usize,
}

#[derive(Debug)]
struct Word {
    /// The word, and the quotation mark that closes it.
    closed: Literal,
    /// Its first eight bytes, or all with noughts behind them.
    first: u64,
    /// The next word that begins with the same.
    next: Option<usize>,
}

impl Word {
    fn text(&self) -> &[u8] {
        &self.closed.text[..self.closed.text.len() - 1]
    }
}

impl Words {
    /// Fewer than 256 words, none of them twice.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let word =
            |text: &str| Word { closed: Literal::new(format!("{text}\"")), first: first(text.as_bytes()), next: None };
        let mut all: Vec<Word> = words.map(word).collect();
        for index in 1..all.len() {
            if let Some(before) = all[..index].iter().rposition(|word| word.first == all[index].first) {
                all[before].next = Some(index);
            }
        }
        // With so many slots a few seeds are enough, and there are two at least.
        let slots = (8 * all.len()).max(2).next_power_of_two();
        let mut tried =
            Self { slots: vec![Slot::default(); slots].into(), all, seed: 1, shift: 64 - slots.trailing_zeros() };
        while !tried.place() {
            // Any odd numbers will do, and those of a fair generator soon do.
            tried.seed = tried.seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(2);
        }
        tried
    }

    /// Gives each word its slot. Fails if two with other beginnings have the same.
    fn place(&mut self) -> bool {
        self.slots.fill(Slot::default());
        for (index, word) in self.all.iter().enumerate().rev() {
            let slot = self.slot(word.first);
            let taken = usize::from(self.slots[slot].word).checked_sub(1);
            if taken.is_some_and(|taken| self.all[taken].first != word.first) {
                return false;
            }
            self.slots[slot] = Slot { word: u8::try_from(index + 1).unwrap_or(u8::MAX), length: word.closed.len() };
        }
        true
    }

    #[inline]
    fn slot(&self, first: u64) -> usize {
        // As many of the upper bits as count the slots: every bit of the eight bytes has a say in those.
        usize::try_from(first.wrapping_mul(self.seed) >> self.shift).unwrap_or(0)
    }

    /// The word that begins so and is the one, and how many bytes it has with the quotation mark that closes it.
    #[inline]
    fn beginning(&self, first: u64, is_it: impl Fn(&Word) -> bool) -> Option<(usize, usize)> {
        let slot = self.slots[self.slot(first)];
        let (mut index, mut length) = (usize::from(slot.word).checked_sub(1)?, slot.length);
        loop {
            let word = &self.all[index];
            if is_it(word) {
                return Some((index, length));
            }
            index = word.next?;
            length = self.all[index].closed.len();
        }
    }

    /// The word that stands before the quotation mark that comes next, and how many bytes it has with that. Gives up on a
    /// few bytes at the end of a line.
    #[inline]
    pub(super) fn quoted(&self, bytes: &[u8]) -> Option<(usize, usize)> {
        let eight = u64::from_le_bytes(*bytes.first_chunk()?);
        let marks = eight ^ (LOW * u64::from(b'"'));
        let mark = marks.wrapping_sub(LOW) & !marks & HIGH;
        // What stands behind the first mark does not count. Where there is none, all does.
        let first = eight & ((mark & mark.wrapping_neg()) >> 7).wrapping_sub(1);
        self.beginning(first, |word| word.closed.begins(bytes))
    }

    /// This word.
    #[inline]
    pub(super) fn find(&self, word: &[u8]) -> Option<usize> {
        self.beginning(first(word), |known| known.text() == word).map(|(found, _)| found)
    }
}

/// The first eight bytes, with noughts behind them if there are fewer.
#[inline]
fn first(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => bytes.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_only_where_all_of_it_stands() {
        let all =
            ["yes", "no", "n", "live", "live_direct", "live_direction", "seven77", "eight888", "nine99999", "x_y"];
        for count in 0..=all.len() {
            let words = Words::new(all[..count].iter().copied());
            for (index, word) in all.iter().enumerate() {
                let expected = (index < count).then_some(index);
                assert_eq!(words.find(word.as_bytes()), expected, "{word} of {count}");
                let line = format!("\"{word}\",\"more of it\"");
                let found = words.quoted(&line.as_bytes()[1..]);
                assert_eq!(found, expected.map(|index| (index, word.len() + 1)), "{word} of {count}");
                for other in [format!("{word}x"), format!("{word}\0"), word[1..].to_owned(), format!("x{word}")] {
                    let known = all[..count].iter().position(|known| *known == other);
                    assert_eq!(words.find(other.as_bytes()), known, "{other:?}");
                    let line = format!("\"{other}\",\"more of it\"");
                    let found = words.quoted(&line.as_bytes()[1..]).map(|(index, _)| index);
                    assert_eq!(found, known, "{other:?}");
                }
            }
        }
        let many: Vec<String> = (0..64).map(|number| format!("value_{number}_{number}")).collect();
        let words = Words::new(many.iter().map(String::as_str));
        assert!(many.iter().enumerate().all(|(index, word)| words.find(word.as_bytes()) == Some(index)));
    }

    #[test]
    fn known_text_is_found_only_where_all_of_it_stands() {
        for text in [
            "\"a\"",
            "\"seven5\"",
            "\"seven56\"",
            "\"a_longer_one\"",
            &"x".repeat(31),
            &"x".repeat(32),
            &"x".repeat(40),
        ] {
            let known = Literal::new(text.to_owned());
            for behind in 0..40 {
                let line = [text.as_bytes(), &b" ".repeat(behind)].concat();
                assert!(known.begins(&line), "{text} {behind}");
                for at in 0..text.len() {
                    let mut other = line.clone();
                    other[at] = b'#';
                    assert!(!known.begins(&other) && !known.begins(&line[..at]), "{text} {behind} {at}");
                }
            }
        }
    }
}
