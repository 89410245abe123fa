//! Keys and values that are known before a line is read, compared in a few steps.

/// Eight bytes at once: the lowest and the highest bit of each.
pub(super) const LOW: u64 = 0x0101_0101_0101_0101;
pub(super) const HIGH: u64 = 0x8080_8080_8080_8080;
/// The number of bytes compared in one step.
const AT_ONCE: usize = 32;

/// A text to compare with as a whole. The comparison takes the same steps whatever the text, so there is no branch that
/// the processor could mispredict.
#[derive(Debug)]
pub(super) struct Literal {
    text: Box<[u8]>,
    /// Its first bytes in groups of eight, and the bits of those that count.
    wanted: [u64; AT_ONCE / 8],
    mask: [u64; AT_ONCE / 8],
}

impl Literal {
    pub(super) fn new(text: Vec<u8>) -> Self {
        let (mut wanted, mut mask) = ([0; AT_ONCE], [0; AT_ONCE]);
        for (at, byte) in text.iter().enumerate().take(AT_ONCE) {
            (wanted[at], mask[at]) = (*byte, u8::MAX);
        }
        Self { text: text.into(), wanted: by_eight(&wanted), mask: by_eight(&mask) }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

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

/// A table of words, which finds one by its first eight bytes in one step, however many there are.
#[derive(Debug)]
pub(super) struct WordTable {
    all: Vec<Box<[u8]>>,
    /// Each word at the hash of its first eight bytes, except words whose first bytes another has already.
    slots: Box<[Option<Slot>]>,
    seed: u64,
    shift: u32,
}

#[derive(Debug)]
struct Slot {
    index: usize,
    /// The word, with the closing quotation mark.
    closed: Literal,
}

impl WordTable {
    /// A table of these words, all different.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let all: Vec<Box<[u8]>> = words.map(|word| word.as_bytes().into()).collect();
        // With this many slots a few seeds are enough. There are at least two slots.
        let count = (8 * all.len()).max(2).next_power_of_two();
        let mut table = Self { all, slots: Box::default(), seed: 1, shift: 64 - count.trailing_zeros() };
        while !table.place(count) {
            // Any odd seed will do; this generator soon gives one that works.
            table.seed = table.seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(2);
        }
        table
    }

    /// Gives each word its slot. Returns false if two words with different first bytes have the same slot.
    fn place(&mut self, count: usize) -> bool {
        let mut slots: Box<[Option<Slot>]> = (0..count).map(|_| None).collect();
        for (index, word) in self.all.iter().enumerate() {
            if self.all[..index].iter().any(|before| first(before) == first(word)) {
                continue;
            }
            let slot = &mut slots[self.slot(first(word))];
            if slot.is_some() {
                return false;
            }
            let closed = Literal::new([word, b"\"".as_slice()].concat());
            *slot = Some(Slot { index, closed });
        }
        self.slots = slots;
        true
    }

    #[inline]
    fn slot(&self, first: u64) -> usize {
        // The highest bits, as many as it takes to count the slots: they depend on every bit of the eight bytes.
        usize::try_from(first.wrapping_mul(self.seed) >> self.shift).unwrap_or(0)
    }

    /// The index of the word before the next quotation mark, and its length with that mark. Gives up on the last few bytes
    /// of a line, and on a word whose first bytes another has too.
    #[inline]
    pub(super) fn quoted(&self, bytes: &[u8]) -> Option<(usize, usize)> {
        let eight = u64::from_le_bytes(*bytes.first_chunk()?);
        let marks = eight ^ (LOW * u64::from(b'"'));
        let mark = marks.wrapping_sub(LOW) & !marks & HIGH;
        // Only the bytes before the first mark count, or all of them if there is none.
        let first = eight & ((mark & mark.wrapping_neg()) >> 7).wrapping_sub(1);
        let slot = self.slots[self.slot(first)].as_ref()?;
        slot.closed.begins(bytes).then_some((slot.index, slot.closed.len()))
    }

    #[inline]
    pub(super) fn find(&self, word: &[u8]) -> Option<usize> {
        let slot = self.slots[self.slot(first(word))].as_ref()?;
        if *self.all[slot.index] == *word {
            return Some(slot.index);
        }
        self.all.iter().position(|known| **known == *word)
    }
}

/// The first eight bytes, padded with zeros.
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
            let words = WordTable::new(all[..count].iter().copied());
            for (index, word) in all.iter().enumerate() {
                let expected = (index < count).then_some(index);
                assert_eq!(words.find(word.as_bytes()), expected, "{word} of {count}");
                let line = format!("\"{word}\",\"more of it\"");
                let found = words.quoted(&line.as_bytes()[1..]);
                // The second word that begins with "live_dir" is found as a whole only.
                let quick = expected.filter(|_| *word != "live_direction");
                assert_eq!(found, quick.map(|index| (index, word.len() + 1)), "{word} of {count}");
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
        let words = WordTable::new(many.iter().map(String::as_str));
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
            let known = Literal::new(text.as_bytes().to_vec());
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
