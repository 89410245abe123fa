//! One line of JSON straight into letters, without a tree of values.
//!
//! Knows only the plain ways to write a record and gives up on anything else: a key it does not know or has seen, a
//! value that is not an answer, an unusual escape. Whoever calls it then reads the line as any answers file is read,
//! so that the meaning and the messages are the same. What it does accept means exactly what that reading says.

use super::facts::{Slots, missing_letters};
use crate::answers::MAX_NAME;
use crate::diagram::{Letter, Of, QuestionSet, Var};
use crate::question::{Answer, Kind, OptionSet, Question};
use crate::rulebook::Rulebook;

/// Reads lines against one set of rules. Remembers in which order the questions stood, since the next line is likely to
/// have the same.
#[derive(Debug)]
pub(super) struct Scanner<'r> {
    rulebook: &'r Rulebook,
    questions: Vec<Asked>,
    /// For each question, the one that came after it in the line before; the last is the one that came first.
    after: Vec<usize>,
    missing: Vec<Letter>,
}

/// A question as the scanner needs it.
#[derive(Debug)]
struct Asked {
    id: Box<[u8]>,
    /// The id as the key of a compact line: between quotation marks, with a colon.
    key: Known,
    kind: Kind,
    values: Vec<Value>,
    not_sure: bool,
    /// The option that is the empty list.
    none: Option<usize>,
    /// The variables that its answer sets.
    vars: Vec<(Var, Of)>,
    /// The letter of "not sure", of a question with one answer.
    unsure: Letter,
}

/// What a line says about one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing that a rule could test.
    Nothing,
    NotSure,
    One(Letter),
    Many(OptionSet),
}

impl Said {
    /// The same from an answer.
    pub(super) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::NotSure => Self::NotSure,
            Answer::One(option) => Letter::try_from(*option).map_or(Self::Nothing, Self::One),
            Answer::Many(chosen) => Self::Many(*chosen),
            Answer::Text(_) => Self::Nothing,
        }
    }
}

/// A value of a question.
#[derive(Debug)]
struct Value {
    text: Box<[u8]>,
    /// The value between quotation marks.
    quoted: Known,
    /// The letter it has by itself.
    letter: Letter,
}

/// Text that is looked for as a whole, its first eight bytes at once: what stands in a line is most often known.
#[derive(Debug)]
struct Known {
    text: Box<[u8]>,
    first: u64,
    mask: u64,
}

impl Known {
    fn new(text: String) -> Self {
        let mut eight = [0; 8];
        let length = text.len().min(8);
        eight[..length].copy_from_slice(&text.as_bytes()[..length]);
        let mask = u64::MAX >> (8 * (8 - length)).min(63);
        Self { first: u64::from_le_bytes(eight), mask, text: text.into_bytes().into() }
    }

    /// Whether these bytes begin with it. Says no of a few bytes at the end of a line.
    #[inline]
    fn begins(&self, bytes: &[u8]) -> bool {
        bytes.first_chunk::<8>().is_some_and(|eight| u64::from_le_bytes(*eight) & self.mask == self.first)
            && (self.text.len() <= 8 || bytes.get(8..self.text.len()) == self.text.get(8..))
    }
}

/// The name of a product and of who makes it, as they stand between their quotation marks.
type Scanned<'l> = (&'l [u8], Option<&'l [u8]>);

impl<'r> Scanner<'r> {
    pub(super) fn new(rulebook: &'r Rulebook) -> Self {
        let variables = rulebook.diagrams.variables();
        let asked = |(index, question): (usize, &Question)| Asked {
            id: question.id.as_bytes().into(),
            key: Known::new(format!("\"{}\":", question.id)),
            kind: question.kind,
            values: (question.values().zip(0..))
                .map(|(value, letter)| Value {
                    text: value.as_bytes().into(),
                    quoted: Known::new(format!("\"{value}\"")),
                    letter,
                })
                .collect(),
            not_sure: question.takes_not_sure(),
            none: question.none(),
            vars: variables.of_question(index).iter().map(|var| (*var, variables.all()[*var].of)).collect(),
            unsure: Letter::try_from(question.options.len()).unwrap_or(Letter::MAX),
        };
        let questions: Vec<Asked> = rulebook.questions.iter().enumerate().map(asked).collect();
        let after = (1..=questions.len()).chain([0]).map(|next| next % questions.len().max(1)).collect();
        Self { rulebook, questions, after, missing: missing_letters(rulebook) }
    }

    /// Fills the letters in and gives who the line is about. `None` if it is not as plain as can be.
    pub(super) fn scan<'l>(&mut self, line: &'l [u8], slots: &mut Slots) -> Option<Scanned<'l>> {
        slots.copy_from_slice(&self.missing);
        let mut at = Cursor { line, at: 0 };
        let (mut product, mut organisation, mut rules, mut answers) = (None, None, false, false);
        at.spaces();
        at.expect(b'{')?;
        loop {
            at.spaces();
            match at.key()? {
                b"product" if product.is_none() => {
                    let name = at.string()?;
                    if !name.says_something() || name.raw.len() > MAX_NAME {
                        return None;
                    }
                    product = Some(name.raw);
                }
                b"organisation" if organisation.is_none() => {
                    let start = at.at;
                    // Nothing is no name, and stands once all the same.
                    organisation = Some(at.text_or_null()?.then(|| &line[start + 1..at.at - 1]));
                    // With its quotation marks it may have been short enough: whoever reads it slowly will say.
                    if at.at - start > MAX_NAME {
                        return None;
                    }
                }
                b"rules" if !rules => {
                    rules = true;
                    self.same_rules(&mut at)?;
                }
                b"answers" if !answers => {
                    answers = true;
                    self.answers(&mut at, slots)?;
                }
                _ => return None,
            }
            if !at.goes_on()? {
                break;
            }
        }
        at.spaces();
        if at.at < line.len() || !answers { None } else { Some((product?, organisation.flatten())) }
    }

    /// What one word by itself says, if it is one of those that a question has.
    pub(super) fn word(&self, question: usize, word: &[u8]) -> Option<Said> {
        self.questions[question].word(word)
    }

    /// Writes down what is said about a question.
    #[inline]
    pub(super) fn put(&self, question: usize, said: Said, slots: &mut Slots) {
        self.questions[question].put(said, slots);
    }

    fn answers(&mut self, at: &mut Cursor<'_>, slots: &mut Slots) -> Option<()> {
        at.expect(b'{')?;
        at.spaces();
        if at.peek() == Some(b'}') {
            at.at += 1;
            return Some(());
        }
        let mut seen: QuestionSet = 0;
        let mut before = self.questions.len();
        loop {
            at.spaces();
            let mut question = self.after[before];
            if at.take(&self.questions[question].key) {
                at.spaces();
            } else {
                let key = at.key()?;
                question = self.questions.iter().position(|asked| *asked.id == *key)?;
                self.after[before] = question;
            }
            if seen & 1 << question != 0 {
                return None;
            }
            seen |= 1 << question;
            before = question;
            let asked = &self.questions[question];
            let said = if at.peek() == Some(b'{') { asked.with_evidence(at)? } else { asked.value(at)? };
            asked.put(said, slots);
            if !at.goes_on()? {
                return Some(());
            }
        }
    }

    /// Goes on only if the line was answered against the rules in use: otherwise there is something to say.
    fn same_rules(&self, at: &mut Cursor<'_>) -> Option<()> {
        let (mut id, mut version, mut digest) = (false, false, false);
        at.expect(b'{')?;
        loop {
            at.spaces();
            let (seen, own) = match at.key()? {
                b"id" => (&mut id, &self.rulebook.id),
                b"version" => (&mut version, &self.rulebook.version),
                b"digest" => (&mut digest, &self.rulebook.digest),
                _ => return None,
            };
            if *seen || at.string()?.raw != own.as_bytes() {
                return None;
            }
            *seen = true;
            if !at.goes_on()? {
                return (id && version).then_some(());
            }
        }
    }
}

impl Asked {
    /// Sets the variables of the question. A missing answer leaves them as they are: missing.
    #[inline]
    fn put(&self, said: Said, slots: &mut Slots) {
        for (var, of) in &self.vars {
            let letter = match (of, said) {
                (Of::Question(_), Said::One(letter)) => letter,
                (Of::Question(_), Said::NotSure) => self.unsure,
                (Of::Known(_), Said::Many(_)) => 0,
                (Of::Known(_), Said::NotSure) => 1,
                (Of::Chosen(_, option), Said::Many(chosen)) => Letter::from(chosen & (1 << option) != 0),
                _ => continue,
            };
            slots[*var] = letter;
        }
    }

    /// A bare value. No rule tests text, so that it counts like a missing answer.
    #[inline]
    fn value(&self, at: &mut Cursor<'_>) -> Option<Said> {
        if self.kind != Kind::Choices
            && let Some(value) = self.values.iter().find(|value| at.take(&value.quoted))
        {
            return Some(Said::One(value.letter));
        }
        match (at.peek()?, self.kind) {
            (b'"', Kind::Text) => at.string()?.says_something().then_some(Said::Nothing),
            (b'"', _) => self.word(at.string()?.plain()?),
            (b't', Kind::YesNo) => at.word(b"true").map(|()| Said::One(self.values[0].letter)),
            (b'f', Kind::YesNo) => at.word(b"false").map(|()| Said::One(self.values[1].letter)),
            (b'[', Kind::Choices) => self.list(at),
            (b'n', _) => at.word(b"null").map(|()| Said::Nothing),
            _ => None,
        }
    }

    #[inline]
    fn word(&self, word: &[u8]) -> Option<Said> {
        if self.kind != Kind::Choices {
            for value in &self.values {
                if *value.text == *word {
                    return Some(Said::One(value.letter));
                }
            }
        }
        if self.not_sure && (word.eq_ignore_ascii_case(b"not_sure") || word.eq_ignore_ascii_case(b"not sure")) {
            return Some(Said::NotSure);
        }
        if self.kind == Kind::YesNo {
            let any_case = |words: [&[u8]; 2]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
            return match (any_case([b"yes", b"true"]), any_case([b"no", b"false"])) {
                (true, _) => Some(Said::One(self.values[0].letter)),
                (_, true) => Some(Said::One(self.values[1].letter)),
                _ => None,
            };
        }
        None
    }

    /// A list of values. What is no answer is left to whoever tells what is wrong with it.
    fn list(&self, at: &mut Cursor<'_>) -> Option<Said> {
        at.expect(b'[')?;
        at.spaces();
        let mut chosen: OptionSet = 0;
        if at.peek() == Some(b']') {
            at.at += 1;
            return self.none.map(|_| Said::Many(chosen));
        }
        loop {
            at.spaces();
            let option = match self.values.iter().position(|value| at.take(&value.quoted)) {
                Some(option) => option,
                None => {
                    let word = at.string()?.plain()?;
                    self.values.iter().position(|value| *value.text == *word)?
                }
            };
            if chosen & 1 << option != 0 {
                return None;
            }
            chosen |= 1 << option;
            at.spaces();
            let none = self.none.map_or(0, |none| 1 << none);
            match at.next()? {
                b',' => {}
                b']' if chosen & none == 0 => return Some(Said::Many(chosen)),
                b']' if chosen == none => return Some(Said::Many(0)),
                _ => return None,
            }
        }
    }

    /// A value with its evidence and note.
    fn with_evidence(&self, at: &mut Cursor<'_>) -> Option<Said> {
        let (mut answer, mut answered, mut evidence, mut note, mut backed) = (None, false, false, false, false);
        at.expect(b'{')?;
        loop {
            at.spaces();
            match at.key()? {
                b"answer" if answer.is_none() => {
                    answered = at.peek() != Some(b'n');
                    answer = Some(self.value(at)?);
                }
                b"evidence" if !evidence => {
                    evidence = true;
                    backed |= at.text_or_null()?;
                }
                b"note" if !note => {
                    note = true;
                    backed |= at.text_or_null()?;
                }
                _ => return None,
            }
            if !at.goes_on()? {
                return answer.filter(|_| answered || !backed);
            }
        }
    }
}

/// A string as it stands between its quotation marks.
struct Quoted<'l> {
    raw: &'l [u8],
    escaped: bool,
}

impl<'l> Quoted<'l> {
    /// The string, if it is as it stands.
    fn plain(self) -> Option<&'l [u8]> {
        (!self.escaped).then_some(self.raw)
    }

    /// Whether there is certainly something but white space in it.
    fn says_something(&self) -> bool {
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

struct Cursor<'l> {
    line: &'l [u8],
    at: usize,
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Marks, among eight bytes, the first that ends a string or needs a look. Bytes after it may be marked wrongly.
#[inline]
const fn special(bytes: u64) -> u64 {
    let control = bytes.wrapping_sub(LOW * 0x20);
    let quote = (bytes ^ (LOW * b'"' as u64)).wrapping_sub(LOW);
    let backslash = (bytes ^ (LOW * b'\\' as u64)).wrapping_sub(LOW);
    // Delete is the last before those that are not ASCII, which have the high bit themselves.
    (control | quote | backslash | bytes.wrapping_add(LOW) | bytes) & HIGH
}

/// Whether none of these ends a string or needs a look.
#[inline]
fn is_plain(bytes: &[u8; 32]) -> bool {
    // Without a way out in between, so that many bytes are looked at in one step.
    let odd = |byte: u8| u8::from(!(0x20..0x7f).contains(&byte)) | u8::from(byte == b'"') | u8::from(byte == b'\\');
    bytes.iter().fold(0, |found, byte| found | odd(*byte)) == 0
}

impl<'l> Cursor<'l> {
    #[inline]
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    /// Goes past this text, if it is what comes next.
    #[inline]
    fn take(&mut self, known: &Known) -> bool {
        let found = known.begins(&self.line[self.at.min(self.line.len())..]);
        if found {
            self.at += known.text.len();
        }
        found
    }

    #[inline]
    fn spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.line[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    /// A key and what stands between it and its value.
    #[inline]
    fn key(&mut self) -> Option<&'l [u8]> {
        let key = self.string()?.plain()?;
        self.spaces();
        self.expect(b':')?;
        self.spaces();
        Some(key)
    }

    /// What stands after a value: whether another follows.
    #[inline]
    fn goes_on(&mut self) -> Option<bool> {
        self.spaces();
        match self.next()? {
            b',' => Some(true),
            b'}' => Some(false),
            _ => None,
        }
    }

    /// Text, or `null`: whether there is text.
    fn text_or_null(&mut self) -> Option<bool> {
        if self.peek()? == b'"' { self.string().map(|_| true) } else { self.word(b"null").map(|()| false) }
    }

    #[inline]
    fn string(&mut self) -> Option<Quoted<'l>> {
        self.expect(b'"')?;
        let start = self.at;
        let (mut escaped, mut foreign) = (false, false);
        loop {
            while let Some(many) = self.line.get(self.at..).and_then(<[u8]>::first_chunk::<32>)
                && is_plain(many)
            {
                self.at += 32;
            }
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
        if foreign && !readable(raw) {
            return None;
        }
        Some(Quoted { raw, escaped })
    }
}

/// Whether this is UTF-8 without characters that YAML gives a meaning of their own or does not allow.
#[cold]
fn readable(raw: &[u8]) -> bool {
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
                    let mut many = [around; 32];
                    many[place * 4] = byte;
                    assert_eq!(is_plain(&many), !expected, "{byte:#x} at {place}");
                }
            }
        }
    }

    #[test]
    fn known_text_is_found_only_where_all_of_it_stands() {
        for text in ["\"a\"", "\"seven5\"", "\"seven56\"", "\"a_longer_one\""] {
            let known = Known::new(text.to_owned());
            assert!(known.begins(format!("{text},        ").as_bytes()), "{text}");
            for at in 0..text.len() {
                let mut other = format!("{text},        ").into_bytes();
                other[at] = b'#';
                assert!(!known.begins(&other), "{text} {at}");
                assert!(!known.begins(&text.as_bytes()[..at]), "{text} {at}");
            }
        }
    }
}
