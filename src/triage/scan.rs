//! One line of JSON straight into the values of variables, without a tree.
//!
//! Knows only the plain ways to write a record and gives up on anything else: a key it does not know or has seen, a
//! value that is not an answer, an unusual escape. Whoever calls it then reads the line as any answers file is read,
//! so that the meaning and the messages are the same. What it does accept means exactly what that reading says.

use std::mem::replace;

use super::cursor::Cursor;
use super::facts::{Assignment, missing_values};
use super::literal::{Literal, WordTable};
use crate::answers::MAX_NAME;
use crate::diagram::{QuestionSet, Value, Var, VarKind};
use crate::question::{Answer, Kind, OptionSet, Question, Takes};
use crate::rulebook::Rulebook;

/// Reads lines against one set of rules. Remembers in which order the questions stood, since the next line is likely to
/// have the same.
#[derive(Debug)]
pub(super) struct Scanner<'r> {
    rulebook: &'r Rulebook,
    questions: Vec<QuestionScanner>,
    /// For each question, the one that came after it in the line before; the last is the one that came first.
    after: Vec<usize>,
    missing: Vec<Value>,
}

/// A question as the scanner needs it.
#[derive(Debug)]
struct QuestionScanner {
    id: Box<[u8]>,
    /// The id as the key of a compact line, behind another answer: a comma, the id between quotation marks, a colon.
    key: Literal,
    kind: Kind,
    values: WordTable,
    not_sure: bool,
    /// The option that is the empty list.
    none: Option<usize>,
    /// The variables that its answer sets.
    vars: Vec<(Var, VarKind)>,
    /// The value of "not sure", of a question with one answer.
    unsure: Value,
}

/// What a line says about one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScannedAnswer {
    /// Nothing that a rule could test.
    Nothing,
    NotSure,
    One(Value),
    Many(OptionSet),
}

impl ScannedAnswer {
    /// The same from an answer.
    pub(super) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::NotSure => Self::NotSure,
            Answer::One(option) => Value::try_from(*option).map_or(Self::Nothing, Self::One),
            Answer::Many(chosen) => Self::Many(*chosen),
            Answer::Text(_) => Self::Nothing,
        }
    }
}

/// The name of a product and of who makes it, as they stand between their quotation marks.
type ScannedNames<'l> = (&'l [u8], Option<&'l [u8]>);

impl<'r> Scanner<'r> {
    pub(super) fn new(rulebook: &'r Rulebook) -> Self {
        let variables = rulebook.diagrams.variables();
        let asked = |(index, question): (usize, &Question)| QuestionScanner {
            id: question.id.as_bytes().into(),
            key: Literal::new(format!(",\"{}\":", question.id).into_bytes()),
            kind: question.kind,
            values: WordTable::new(question.values()),
            not_sure: question.takes_not_sure(),
            none: question.none(),
            vars: variables.of_question(index).iter().map(|var| (*var, variables.all()[*var].kind)).collect(),
            unsure: Value::try_from(question.options.len()).unwrap_or(Value::MAX),
        };
        let questions: Vec<QuestionScanner> = rulebook.questions.iter().enumerate().map(asked).collect();
        let after = (1..=questions.len()).chain([0]).map(|next| next % questions.len().max(1)).collect();
        Self { rulebook, questions, after, missing: missing_values(rulebook) }
    }

    /// As if every answer were missing.
    #[inline]
    pub(super) fn clear(&self, values: &mut Assignment) {
        values.copy_from_slice(&self.missing);
    }

    /// Fills the values in and gives who the line is about. `None` if it is not as plain as can be.
    pub(super) fn scan<'l>(&mut self, line: &'l [u8], values: &mut Assignment) -> Option<ScannedNames<'l>> {
        self.clear(values);
        let mut at = Cursor { line, at: 0 };
        let (mut product, mut organisation, mut rules, mut answers) = (None, None, false, false);
        at.spaces();
        at.object(|at, key| match key {
            b"product" if product.is_none() => {
                let name = at.string()?;
                product = Some(name.raw);
                (name.says_something() && name.raw.len() <= MAX_NAME).then_some(())
            }
            b"organisation" if organisation.is_none() => {
                let start = at.at;
                // Nothing is no name, and stands once all the same.
                organisation = Some(at.text_or_null()?.then(|| &line[start + 1..at.at - 1]));
                // With its quotation marks it may have been short enough: whoever reads it slowly will say.
                (at.at - start <= MAX_NAME).then_some(())
            }
            b"rules" if !replace(&mut rules, true) => self.same_rules(at),
            b"answers" if !replace(&mut answers, true) => self.answers(at, values),
            _ => None,
        })?;
        at.spaces();
        if at.at < line.len() || !answers { None } else { Some((product?, organisation.flatten())) }
    }

    /// Whether a question takes words of one's own, which no rule tests.
    #[inline]
    pub(super) fn takes_own(&self, question: usize) -> bool {
        self.questions[question].kind.takes() == Takes::Own
    }

    /// What one word by itself says, if it is one of those that a question has.
    pub(super) fn word(&self, question: usize, word: &[u8]) -> Option<ScannedAnswer> {
        self.questions[question].word(word)
    }

    /// Writes down what is said about a question.
    #[inline]
    pub(super) fn put(&self, question: usize, answer: ScannedAnswer, values: &mut Assignment) {
        self.questions[question].put(answer, values);
    }

    fn answers(&mut self, at: &mut Cursor<'_>, values: &mut Assignment) -> Option<()> {
        at.expect(b'{')?;
        at.spaces();
        if at.peek() == Some(b'}') {
            at.at += 1;
            return Some(());
        }
        let mut answered: QuestionSet = 0;
        let first = self.questions.len();
        let mut question = first;
        loop {
            // What came next in the line before comes next in almost any line, and without spaces.
            let next = self.after[question];
            if question != first && at.take(&self.questions[next].key) {
                question = next;
            } else {
                if question != first && !at.goes_on()? {
                    return Some(());
                }
                at.spaces();
                let key = at.key()?;
                let found = self.questions.iter().position(|asked| *asked.id == *key)?;
                self.after[question] = found;
                question = found;
            }
            if answered & 1 << question != 0 {
                return None;
            }
            answered |= 1 << question;
            let asked = &self.questions[question];
            let answer = if at.peek() == Some(b'{') { asked.with_evidence(at)? } else { asked.value(at)? };
            asked.put(answer, values);
        }
    }

    /// Goes on only if the line was answered against the rules in use: otherwise there is something to say.
    fn same_rules(&self, at: &mut Cursor<'_>) -> Option<()> {
        let (mut id, mut version, mut digest) = (false, false, false);
        at.object(|at, key| {
            let (seen, own) = match key {
                b"id" => (&mut id, &self.rulebook.id),
                b"version" => (&mut version, &self.rulebook.version),
                b"digest" => (&mut digest, &self.rulebook.digest),
                _ => return None,
            };
            (!replace(seen, true) && at.string()?.raw == own.as_bytes()).then_some(())
        })?;
        (id && version).then_some(())
    }
}

impl QuestionScanner {
    /// Sets the variables of the question. A missing answer leaves them as they are: missing.
    #[inline]
    fn put(&self, answer: ScannedAnswer, values: &mut Assignment) {
        // A question with one answer has one variable, if any rule tests it.
        if let ScannedAnswer::One(value) = answer {
            if let Some((var, _)) = self.vars.first() {
                values[*var] = value;
            }
            return;
        }
        for (var, of) in &self.vars {
            let value = match (of, answer) {
                (VarKind::Question(_), ScannedAnswer::NotSure) => self.unsure,
                (VarKind::Known(_), ScannedAnswer::Many(_)) => 0,
                (VarKind::Known(_), ScannedAnswer::NotSure) => 1,
                (VarKind::Chosen(_, option), ScannedAnswer::Many(chosen)) => Value::from(chosen & (1 << option) != 0),
                _ => continue,
            };
            values[*var] = value;
        }
    }

    /// A bare value. No rule tests text, so that it counts like a missing answer.
    #[inline]
    fn value(&self, at: &mut Cursor<'_>) -> Option<ScannedAnswer> {
        if self.kind != Kind::Choices
            && at.peek() == Some(b'"')
            && let Some(option) = at.one_of(&self.values)
        {
            return Value::try_from(option).ok().map(ScannedAnswer::One);
        }
        match (at.peek()?, self.kind) {
            (b'"', Kind::Text) => at.string()?.says_something().then_some(ScannedAnswer::Nothing),
            (b'"', _) => self.word(at.string()?.plain()?),
            (b't', Kind::YesNo) => at.word(b"true").map(|()| ScannedAnswer::One(0)),
            (b'f', Kind::YesNo) => at.word(b"false").map(|()| ScannedAnswer::One(1)),
            (b'[', Kind::Choices) => self.list(at),
            (b'n', _) => at.word(b"null").map(|()| ScannedAnswer::Nothing),
            _ => None,
        }
    }

    #[inline]
    fn word(&self, word: &[u8]) -> Option<ScannedAnswer> {
        if self.kind != Kind::Choices
            && let Some(option) = self.values.find(word)
        {
            return Value::try_from(option).ok().map(ScannedAnswer::One);
        }
        if self.not_sure && (word.eq_ignore_ascii_case(b"not_sure") || word.eq_ignore_ascii_case(b"not sure")) {
            return Some(ScannedAnswer::NotSure);
        }
        if self.kind == Kind::YesNo {
            let any_case = |words: [&[u8]; 2]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
            return match (any_case([b"yes", b"true"]), any_case([b"no", b"false"])) {
                (true, _) => Some(ScannedAnswer::One(0)),
                (_, true) => Some(ScannedAnswer::One(1)),
                _ => None,
            };
        }
        None
    }

    /// A list of values. What is no answer is left to whoever tells what is wrong with it.
    fn list(&self, at: &mut Cursor<'_>) -> Option<ScannedAnswer> {
        at.expect(b'[')?;
        at.spaces();
        let mut chosen: OptionSet = 0;
        if at.peek() == Some(b']') {
            at.at += 1;
            return self.none.map(|_| ScannedAnswer::Many(chosen));
        }
        loop {
            at.spaces();
            let known = if at.peek() == Some(b'"') { at.one_of(&self.values) } else { None };
            let option = match known {
                Some(option) => option,
                None => self.values.find(at.string()?.plain()?)?,
            };
            if chosen & 1 << option != 0 {
                return None;
            }
            chosen |= 1 << option;
            at.spaces();
            let none = self.none.map_or(0, |none| 1 << none);
            match at.next()? {
                b',' => {}
                b']' if chosen & none == 0 => return Some(ScannedAnswer::Many(chosen)),
                b']' if chosen == none => return Some(ScannedAnswer::Many(0)),
                _ => return None,
            }
        }
    }

    /// A value with its evidence and note.
    fn with_evidence(&self, at: &mut Cursor<'_>) -> Option<ScannedAnswer> {
        let (mut answer, mut answered, mut evidence, mut note, mut backed) = (None, false, false, false, false);
        at.object(|at, key| {
            match key {
                b"answer" if answer.is_none() => {
                    answered = at.peek() != Some(b'n');
                    answer = Some(self.value(at)?);
                }
                b"evidence" if !replace(&mut evidence, true) => backed |= at.text_or_null()?,
                b"note" if !replace(&mut note, true) => backed |= at.text_or_null()?,
                _ => return None,
            }
            Some(())
        })?;
        answer.filter(|_| answered || !backed)
    }
}
