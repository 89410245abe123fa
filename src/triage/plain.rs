//! A line of JSON straight into the values of variables.
//!
//! Takes only the plain ways to write a record, and gives up on anything else: an escape, a key it does not know, a value
//! that is not an answer. The caller then reads the line as an answers file, so that mistakes are reported as usual. What
//! is taken here means the same there.

use std::fmt;

use memchr::memmem;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::answers::MAX_NAME;
use crate::diagram::{PartialAssignment, QuestionSet};
use crate::question::{Answer, Kind, Question};
use crate::rulebook::Rulebook;
use crate::yaml::MAX_BYTES;

/// Reads plain lines of JSON against one set of rules.
pub(super) struct PlainReader<'r> {
    rulebook: &'r Rulebook,
    questions: FxHashMap<&'r str, usize>,
}

/// Whom a record is about.
pub(super) struct PlainRecord<'l> {
    pub(super) product: &'l str,
    pub(super) organisation: Option<&'l str>,
}

/// JSON without numbers and escapes, borrowed from its line.
enum Plain<'l> {
    Null,
    Bool(bool),
    Text(&'l str),
    List(Vec<Plain<'l>>),
    Object(Vec<(&'l str, Plain<'l>)>),
}

/// The line has to be read as an answers file.
pub(super) struct NotPlain;

impl<'r> PlainReader<'r> {
    pub(super) fn new(rulebook: &'r Rulebook) -> Self {
        let ids = rulebook.questions.iter().map(|question| question.id.as_str());
        Self { rulebook, questions: ids.zip(0..).collect() }
    }

    /// Fills the values in, if the line is plain.
    pub(super) fn read<'l>(&self, line: &'l [u8], values: &mut PartialAssignment) -> Result<PlainRecord<'l>, NotPlain> {
        let line = same_in_yaml(line).ok_or(NotPlain)?;
        let root: Plain<'l> = serde_json::from_str(line).map_err(|_| NotPlain)?;
        let [product, organisation, rules, answers] = root.members(["product", "organisation", "rules", "answers"])?;
        let (product, organisation) = (text(product)?.unwrap_or_default(), text(organisation)?);
        if product.trim().is_empty() || product.len().max(organisation.map_or(0, str::len)) > MAX_NAME {
            return Err(NotPlain);
        }
        if rules.is_some_and(|rules| !self.are_in_use(rules)) {
            return Err(NotPlain);
        }
        let Some(Plain::Object(answers)) = answers else { return Err(NotPlain) };
        values.fill(None);
        let mut answered: QuestionSet = 0;
        for (id, answer) in answers {
            let question = *self.questions.get(id).ok_or(NotPlain)?;
            if answered & 1 << question != 0 {
                return Err(NotPlain);
            }
            answered |= 1 << question;
            let answer = answer.read(&self.rulebook.questions[question])?;
            self.rulebook.diagrams.variables().assign(values, question, answer.as_ref());
        }
        Ok(PlainRecord { product, organisation })
    }

    fn are_in_use(&self, rules: &Plain<'_>) -> bool {
        let Ok([id, version, digest]) = rules.members(["id", "version", "digest"]) else { return false };
        let is = |member, own: &String| matches!(text(member), Ok(Some(text)) if text == own);
        let is_same_text = digest.is_none() || is(digest, &self.rulebook.digest);
        is(id, &self.rulebook.id) && is(version, &self.rulebook.version) && is_same_text
    }
}

/// The line as text, unless the YAML reader could take it for something else than JSON does: it allows fewer characters,
/// breaks lines at more of them, and wants a key near its colon.
fn same_in_yaml(line: &[u8]) -> Option<&str> {
    let text = str::from_utf8(line).ok().filter(|text| text.len() <= MAX_BYTES)?;
    let is_odd =
        |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    let is_plain = line.iter().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(is_odd);
    (is_plain && memmem::find(line, b" :").is_none()).then_some(text)
}

/// A text that may be left out.
fn text<'l>(member: Option<&Plain<'l>>) -> Result<Option<&'l str>, NotPlain> {
    match member {
        None | Some(Plain::Null) => Ok(None),
        Some(Plain::Text(text)) => Ok(Some(text)),
        Some(_) => Err(NotPlain),
    }
}

impl Plain<'_> {
    /// The members of an object with these keys, unless it has others, or one twice.
    fn members<const N: usize>(&self, keys: [&str; N]) -> Result<[Option<&Self>; N], NotPlain> {
        let Self::Object(members) = self else { return Err(NotPlain) };
        let mut found = [None; N];
        for (key, value) in members {
            let index = keys.iter().position(|known| known == key).ok_or(NotPlain)?;
            if found[index].replace(value).is_some() {
                return Err(NotPlain);
            }
        }
        Ok(found)
    }

    /// The answer that a value is, `None` if it is missing or no rule can test it.
    fn read(&self, question: &Question) -> Result<Option<Answer>, NotPlain> {
        let answer = match (self, question.kind) {
            (Self::Null, _) => return Ok(None),
            (Self::Text(words), _) if question.is_not_sure(words) => Answer::NotSure,
            (Self::Text(words), Kind::Text) if !words.trim().is_empty() => return Ok(None),
            (Self::Text(word), Kind::YesNo | Kind::Choice) => Answer::One(question.option(word).map_err(|_| NotPlain)?),
            (Self::Bool(truth), Kind::YesNo) => Answer::One(usize::from(!truth)),
            (Self::List(items), Kind::Choices) => {
                let word = |item| text(Some(item))?.ok_or(NotPlain);
                let words: Vec<&str> = items.iter().map(word).collect::<Result<_, _>>()?;
                Answer::Many(question.option_set(words).map_err(|_| NotPlain)?)
            }
            (Self::Object(_), _) => {
                let [answer, evidence, note] = self.members(["answer", "evidence", "note"])?;
                let is_backed = text(evidence)?.or(text(note)?).is_some();
                return match answer {
                    Some(Self::Null) if is_backed => Err(NotPlain),
                    Some(Self::Object(_)) | None => Err(NotPlain),
                    Some(answer) => answer.read(question),
                };
            }
            _ => return Err(NotPlain),
        };
        Ok(Some(answer))
    }
}

impl<'l> Deserialize<'l> for Plain<'l> {
    fn deserialize<D: Deserializer<'l>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'l> Visitor<'l> for PlainVisitor {
    type Value = Plain<'l>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Plain<'l>, E> {
        Ok(Plain::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Plain<'l>, E> {
        Ok(Plain::Bool(truth))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'l str) -> Result<Plain<'l>, E> {
        Ok(Plain::Text(text))
    }

    fn visit_seq<A: SeqAccess<'l>>(self, mut list: A) -> Result<Plain<'l>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Plain::List(items))
    }

    fn visit_map<A: MapAccess<'l>>(self, mut object: A) -> Result<Plain<'l>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = object.next_entry()? {
            members.push(member);
        }
        Ok(Plain::Object(members))
    }
}
