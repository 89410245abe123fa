//! Cells as people have them → answers: by value, by label, or by what a mapping says they stand for.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::mapping::{CellMeaning, Mapping};
use crate::problem::Code;
use crate::question::likeness::asks_something_else;
use crate::question::{Answer, Kind, Question, Refusal, Takes, folded, folded_header, is_unsure};
use crate::rulebook::Rulebook;

/// What the cells of every question stand for.
#[derive(Debug)]
pub struct CellWords {
    questions: Vec<QuestionWords>,
    /// Each question by its id and its prompt, folded.
    headers: FxHashMap<String, Vec<usize>>,
}

#[derive(Debug, Default)]
struct QuestionWords {
    words: FxHashMap<String, Vec<CellMeaning>>,
    /// What a person says that a cell stands for. It comes before what the rules say, and before any parts of the cell.
    mapped: FxHashMap<String, CellMeaning>,
    /// The most marks between values that stand in one text.
    marks: usize,
}

/// What may stand between two values in one cell. Labels hold commas, and some hold a semicolon.
const BETWEEN: [char; 4] = [';', ',', '\n', '\r'];

impl CellWords {
    /// The words of these rules, with those of a mapping.
    pub fn new(rulebook: &Rulebook, mapping: &Mapping) -> Self {
        let mut headers: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, question) in rulebook.questions.iter().enumerate() {
            for text in [folded_header(&question.id), folded_header(&question.prompt)] {
                let known = headers.entry(text).or_default();
                if !known.contains(&index) {
                    known.push(index);
                }
            }
        }
        let questions = rulebook.questions.iter().enumerate().map(|(index, question)| {
            let mut known = QuestionWords::default();
            for (option, text) in question.option_names() {
                known.add(text, CellMeaning::Options(vec![option]));
            }
            for (cell, meaning) in mapping.values_of(index) {
                known.marks = known.marks.max(cell.matches(BETWEEN).count());
                known.mapped.insert(folded(cell), meaning.clone());
            }
            known
        });
        Self { questions: questions.collect(), headers }
    }

    /// The questions whose id or prompt reads so, folded.
    pub fn header(&self, as_folded: &str) -> &[usize] {
        self.headers.get(as_folded).map_or(&[], Vec::as_slice)
    }

    /// The id or prompt that a header is so near to that it is likely to be meant, with its question.
    pub fn near(&self, as_folded: &str) -> Option<usize> {
        const NEAR: f64 = 0.8;
        let likeness = |(text, questions): (&String, &Vec<usize>)| {
            // Texts of very different lengths are not near, and long to compare; what denies is not near to what does not.
            let (short, long) = (text.len().min(as_folded.len()), text.len().max(as_folded.len()));
            let far = short * 2 < long || long > 500 || asks_something_else(as_folded, text);
            let likeness = if far { 0.0 } else { strsim::normalized_damerau_levenshtein(text, as_folded) };
            (likeness, questions[0])
        };
        let near = self.headers.iter().map(likeness).filter(|(likeness, _)| *likeness >= NEAR);
        near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, question)| question)
    }

    /// The answer in a cell, or `None` where there is none.
    ///
    /// # Errors
    /// What keeps it from being an answer.
    pub fn read(&self, index: usize, question: &Question, cell: &str) -> Result<Option<Answer>, Vec<Refusal>> {
        let cell = cell.trim();
        if cell.is_empty() {
            return Ok(None);
        }
        let known = &self.questions[index];
        if question.kind.takes() == Takes::Own {
            let missing = !known.mapped.is_empty() && known.mapped.get(&folded(cell)) == Some(&CellMeaning::Missing);
            return if missing { Ok(None) } else { question.answer(cell).map(Some) };
        }
        let is_many = question.kind == Kind::Choices;
        match known.meaning(cell, question)? {
            Some(CellMeaning::Missing) => Ok(None),
            Some(CellMeaning::NotSure) => Ok(Some(Answer::NotSure)),
            Some(CellMeaning::Options(options)) if !is_many => Ok(options.first().map(|option| Answer::One(*option))),
            // The words that every file may have, such as `true`.
            None if !is_many => {
                question.option(cell).map(|option| Some(Answer::One(option))).map_err(|refusal| vec![refusal])
            }
            Some(CellMeaning::Options(_)) | None => {
                let parts = match known.mapped.get(&folded(cell)) {
                    Some(CellMeaning::Options(options)) => options.clone(),
                    _ => known.parts(&in_lines(cell), question)?,
                };
                let values = parts.iter().map(|option| question.options[*option].value.as_str());
                question.option_set(values).map(|set| Some(Answer::Many(set)))
            }
        }
    }

    /// Whether a mapping says what some cells of a question stand for.
    #[inline]
    pub fn maps(&self, question: usize) -> bool {
        !self.questions[question].mapped.is_empty()
    }
}

impl QuestionWords {
    fn add(&mut self, text: String, meaning: CellMeaning) {
        self.marks = self.marks.max(text.matches(BETWEEN).count());
        let known = self.words.entry(text).or_default();
        if !known.contains(&meaning) {
            known.push(meaning);
        }
    }

    /// What a whole text stands for, if that is known.
    fn meaning(&self, text: &str, question: &Question) -> Result<Option<CellMeaning>, Vec<Refusal>> {
        let as_folded = folded(text);
        if let Some(meaning) = self.mapped.get(&as_folded) {
            return Ok(Some(meaning.clone()));
        }
        // A full stop at the end makes it no other answer. A question mark does.
        let plain = as_folded.trim_end_matches(['.', ' ']);
        match self.words.get(&as_folded).or_else(|| self.words.get(plain)).map(Vec::as_slice) {
            Some([meaning]) => Ok(Some(meaning.clone())),
            Some(several) => Err(vec![ambiguous(text, question, several)]),
            None if question.takes_not_sure() && is_unsure(plain) => Ok(Some(CellMeaning::NotSure)),
            None => Ok(None),
        }
    }

    /// The options that several values in one cell stand for: the longest text that is known comes first.
    fn parts(&self, cell: &str, question: &Question) -> Result<Vec<usize>, Vec<Refusal>> {
        let ends: Vec<(usize, usize)> = cell
            .match_indices(BETWEEN)
            .map(|(at, mark)| (at, at + mark.len()))
            .chain([(cell.len(), cell.len())])
            .collect();
        // From behind: for each beginning, the ways to read what follows, as the number of texts in the first part, of which
        // the longest is the first.
        let mut ways: Vec<Vec<usize>> = vec![Vec::new(); ends.len() + 1];
        ways[ends.len()].push(0);
        let part = |from: usize, texts: usize| {
            let start = from.checked_sub(1).map_or(0, |before| ends[before].1);
            cell[start..ends[from + texts - 1].0].trim()
        };
        for from in (0..ends.len()).rev() {
            for texts in (1..=(self.marks + 1).min(ends.len() - from)).rev() {
                let text = part(from, texts);
                // What is between two marks alone is nothing, and no part of what stands beside it.
                let bare = texts > 1 && [from, from + texts - 1].iter().any(|at| part(*at, 1).is_empty());
                let fits = if text.is_empty() { texts == 1 } else { !bare && self.meaning(text, question)?.is_some() };
                if fits && !ways[from + texts].is_empty() {
                    ways[from].push(texts);
                }
            }
        }
        if ways[0].is_empty() {
            return Err(self.unknown(cell, question));
        }
        let mut found = Vec::new();
        let mut at = 0;
        while at < ends.len() {
            let texts = ways[at][0];
            // Where parts of the longest text are known too, it could be either.
            if let Some(fewer) = ways[at].get(1).filter(|_| texts > 1) {
                let (whole, first) = (part(at, texts), part(at, *fewer));
                let message = format!("`{whole}` in `{cell}` can be read as one answer, or as `{first}` and more");
                let hint = format!("write the values: {}", values(question));
                return Err(vec![Refusal { code: Code::UnknownValue, message, hint }]);
            }
            match self.meaning(part(at, texts), question)? {
                Some(CellMeaning::Options(options)) => found.extend(options),
                Some(CellMeaning::NotSure) => {
                    let message = "`not_sure` cannot stand beside other values".to_owned();
                    let hint = "keep it alone, or delete it".to_owned();
                    return Err(vec![Refusal { code: Code::ConflictingValues, message, hint }]);
                }
                Some(CellMeaning::Missing) | None => {}
            }
            at += texts;
        }
        Ok(found)
    }

    /// What is no answer among several values.
    fn unknown(&self, cell: &str, question: &Question) -> Vec<Refusal> {
        let strong = [';', '\n', '\r'];
        let marks: &[char] = if cell.contains(strong) { &strong } else { &BETWEEN };
        let parts = cell.split(marks).map(str::trim).filter(|part| !part.is_empty());
        let unknown = parts.filter(|part| !matches!(self.meaning(part, question), Ok(Some(_))));
        unknown.filter_map(|part| question.option(part).err()).collect()
    }
}

/// The texts of a list in JSON, as lists of Microsoft 365 are exported, in lines; any other cell as it is.
pub(super) fn in_lines(cell: &str) -> Cow<'_, str> {
    let texts = if cell.trim_start().starts_with('[') { serde_json::from_str(cell).ok() } else { None };
    texts.map_or(Cow::Borrowed(cell), |texts: Vec<String>| Cow::Owned(texts.join("\n")))
}

fn ambiguous(text: &str, question: &Question, meanings: &[CellMeaning]) -> Refusal {
    let names: Vec<String> = (meanings.iter())
        .map(|meaning| match meaning {
            CellMeaning::Options(options) => {
                let values: Vec<&str> = options.iter().map(|option| question.options[*option].value.as_str()).collect();
                format!("`{}`", values.join("; "))
            }
            CellMeaning::NotSure => "`not_sure`".to_owned(),
            CellMeaning::Missing => "no answer".to_owned(),
        })
        .collect();
    let message = format!("`{text}` can be read as {}", names.join(" or "));
    let hint = "write the value that is meant, or map it in a mapping file".to_owned();
    Refusal { code: Code::UnknownValue, message, hint }
}

fn values(question: &Question) -> String {
    question.values().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}
