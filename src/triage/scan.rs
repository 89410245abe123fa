//! A line of JSON straight into the values of variables, without a tree.
//!
//! Takes only the plain ways to write a record, and gives up on anything else: a key that is unknown or stands twice, a
//! value that is not an answer, an unusual escape. The caller then reads the line as an answers file, so that mistakes are
//! reported as usual. What is taken here means the same there.

use std::mem::replace;

use super::cursor::Cursor;
use super::facts::{Assignment, missing_values};
use super::literal::{Literal, WordTable};
use crate::answers::MAX_NAME;
use crate::diagram::{QuestionSet, Value, Var, VarKind};
use crate::question::{Answer, Kind, NOT_SURE, OptionSet, Question, Takes};
use crate::rulebook::Rulebook;

/// Reads lines against one set of rules. Remembers the order of the questions in a line, since the next line is likely to
/// have the same.
#[derive(Debug)]
pub(super) struct Scanner<'r> {
    rulebook: &'r Rulebook,
    questions: Vec<QuestionScanner>,
    /// For each question, the one that followed it last time. The last entry is the question that came first.
    after: Vec<usize>,
    missing: Vec<Value>,
}

#[derive(Debug)]
struct QuestionScanner {
    id: Box<[u8]>,
    /// Its key in a line without spaces, after another answer: `,"id":`.
    key: Literal,
    kind: Kind,
    values: WordTable,
    not_sure: bool,
    /// The option that is the empty list.
    none: Option<usize>,
    vars: Vec<(Var, VarKind)>,
    /// The value of "not sure", of a question with one answer.
    unsure: Value,
}

/// The answer to a question as rules test it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScannedAnswer {
    /// Missing, or a text.
    Nothing,
    NotSure,
    One(Value),
    Many(OptionSet),
}

impl ScannedAnswer {
    pub(super) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::NotSure => Self::NotSure,
            Answer::One(option) => Value::try_from(*option).map_or(Self::Nothing, Self::One),
            Answer::Many(chosen) => Self::Many(*chosen),
            Answer::Text(_) => Self::Nothing,
        }
    }
}

/// The product and its organisation, each as it stands between its quotation marks.
type ScannedNames<'l> = (&'l [u8], Option<&'l [u8]>);

impl<'r> Scanner<'r> {
    pub(super) fn new(rulebook: &'r Rulebook) -> Self {
        let variables = rulebook.diagrams.variables();
        let scanner = |(index, question): (usize, &Question)| QuestionScanner {
            id: question.id.as_bytes().into(),
            key: Literal::new(format!(",\"{}\":", question.id).into_bytes()),
            kind: question.kind,
            values: WordTable::new(question.values()),
            not_sure: question.takes_not_sure(),
            none: question.none(),
            vars: variables.of_question(index).iter().map(|var| (*var, variables.all()[*var].kind)).collect(),
            unsure: Value::try_from(question.options.len()).unwrap_or(Value::MAX),
        };
        let questions: Vec<QuestionScanner> = rulebook.questions.iter().enumerate().map(scanner).collect();
        let after = (1..=questions.len()).chain([0]).map(|next| next % questions.len().max(1)).collect();
        Self { rulebook, questions, after, missing: missing_values(rulebook) }
    }

    /// Makes every answer missing.
    #[inline]
    pub(super) fn clear(&self, values: &mut Assignment) {
        values.copy_from_slice(&self.missing);
    }

    /// Fills the values in, if the line is plain.
    pub(super) fn scan<'l>(&mut self, line: &'l [u8], values: &mut Assignment) -> Option<ScannedNames<'l>> {
        self.clear(values);
        let mut at = Cursor { line, at: 0 };
        let (mut product, mut organisation, mut rules, mut answers) = (None, None, false, false);
        at.skip_spaces();
        at.object(|at, key| match key {
            b"product" if product.is_none() => {
                let name = at.string()?;
                product = Some(name.raw);
                (name.has_more_signs_than(0) && name.raw.len() <= MAX_NAME).then_some(())
            }
            b"organisation" if organisation.is_none() => {
                let start = at.at;
                // `null` is no name, but the key may not stand twice.
                organisation = Some(at.string_or_null()?.then(|| &line[start + 1..at.at - 1]));
                (at.at - start <= MAX_NAME).then_some(())
            }
            b"rules" if !replace(&mut rules, true) => self.are_in_use(at),
            b"answers" if !replace(&mut answers, true) => self.answers(at, values),
            _ => None,
        })?;
        at.skip_spaces();
        if at.at < line.len() || !answers { None } else { Some((product?, organisation.flatten())) }
    }

    /// Whether a question takes a text, which no rule tests.
    #[inline]
    pub(super) fn takes_text(&self, question: usize) -> bool {
        self.questions[question].kind.takes() == Takes::Own
    }

    #[inline]
    pub(super) fn put(&self, question: usize, answer: ScannedAnswer, values: &mut Assignment) {
        self.questions[question].put(answer, values);
    }

    fn answers(&mut self, at: &mut Cursor<'_>, values: &mut Assignment) -> Option<()> {
        at.expect(b'{')?;
        at.skip_spaces();
        if at.peek() == Some(b'}') {
            at.at += 1;
            return Some(());
        }
        let mut answered: QuestionSet = 0;
        let first = self.questions.len();
        let mut question = first;
        loop {
            // In almost any line the next question is the same as in the line before, and there are no spaces.
            let expected = self.after[question];
            if question != first && at.skip(&self.questions[expected].key) {
                question = expected;
            } else {
                if question != first && !at.has_more()? {
                    return Some(());
                }
                at.skip_spaces();
                let key = at.key()?;
                let found = self.questions.iter().position(|known| *known.id == *key)?;
                self.after[question] = found;
                question = found;
            }
            if answered & 1 << question != 0 {
                return None;
            }
            answered |= 1 << question;
            let scanner = &self.questions[question];
            let answer = if at.peek() == Some(b'{') { scanner.with_evidence(at)? } else { scanner.value(at)? };
            scanner.put(answer, values);
        }
    }

    /// Whether the line was answered with the rules in use. If not, there is something to report.
    fn are_in_use(&self, at: &mut Cursor<'_>) -> Option<()> {
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
        for (var, kind) in &self.vars {
            let value = match (kind, answer) {
                (VarKind::Question(_), ScannedAnswer::NotSure) => self.unsure,
                (VarKind::Known(_), ScannedAnswer::Many(_)) => 0,
                (VarKind::Known(_), ScannedAnswer::NotSure) => 1,
                (VarKind::Chosen(_, option), ScannedAnswer::Many(chosen)) => Value::from(chosen & (1 << option) != 0),
                _ => continue,
            };
            values[*var] = value;
        }
    }

    #[inline]
    fn value(&self, at: &mut Cursor<'_>) -> Option<ScannedAnswer> {
        if self.kind != Kind::Choices
            && at.peek() == Some(b'"')
            && let Some(option) = at.word_of(&self.values)
        {
            return Value::try_from(option).ok().map(ScannedAnswer::One);
        }
        match (at.peek()?, self.kind) {
            (b'"', Kind::Text) => at.string()?.has_more_signs_than(NOT_SURE[0].len()).then_some(ScannedAnswer::Nothing),
            (b'"', _) => self.word(at.string()?.plain()?),
            (b't', Kind::YesNo) => at.expect_literal(b"true").map(|()| ScannedAnswer::One(0)),
            (b'f', Kind::YesNo) => at.expect_literal(b"false").map(|()| ScannedAnswer::One(1)),
            (b'[', Kind::Choices) => self.list(at),
            (b'n', _) => at.expect_literal(b"null").map(|()| ScannedAnswer::Nothing),
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

    fn list(&self, at: &mut Cursor<'_>) -> Option<ScannedAnswer> {
        at.expect(b'[')?;
        at.skip_spaces();
        let mut chosen: OptionSet = 0;
        if at.peek() == Some(b']') {
            at.at += 1;
            return self.none.map(|_| ScannedAnswer::Many(chosen));
        }
        loop {
            at.skip_spaces();
            let known = if at.peek() == Some(b'"') { at.word_of(&self.values) } else { None };
            let option = match known {
                Some(option) => option,
                None => self.values.find(at.string()?.plain()?)?,
            };
            if chosen & 1 << option != 0 {
                return None;
            }
            chosen |= 1 << option;
            at.skip_spaces();
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
        let (mut answer, mut is_given, mut evidence, mut note, mut is_backed) = (None, false, false, false, false);
        at.object(|at, key| {
            match key {
                b"answer" if answer.is_none() => {
                    is_given = at.peek() != Some(b'n');
                    answer = Some(self.value(at)?);
                }
                b"evidence" if !replace(&mut evidence, true) => is_backed |= at.string_or_null()?,
                b"note" if !replace(&mut note, true) => is_backed |= at.string_or_null()?,
                _ => return None,
            }
            Some(())
        })?;
        answer.filter(|_| is_given || !is_backed)
    }
}
