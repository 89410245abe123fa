//! Cells as people write them → answers: by value, by label, or by what a mapping says that they mean.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::mapping::{CellMeaning, Mapping, option_values};
use crate::problem::Code;
use crate::question::likeness::asks_something_else;
use crate::question::{Answer, Kind, Question, Refusal, Takes, folded, folded_header, is_unsure};
use crate::rulebook::Rulebook;

/// What the headers and cells of tables mean, for every question.
#[derive(Debug)]
pub struct CellWords {
    questions: Vec<QuestionWords>,
    /// The questions by their ids and their prompts, folded.
    headers: FxHashMap<String, Vec<usize>>,
}

#[derive(Debug, Default)]
struct QuestionWords {
    /// The meanings of a text by the rules, folded.
    words: FxHashMap<String, Vec<CellMeaning>>,
    /// The meaning of a cell by the mapping, folded. It goes before the rules, and before parts of the cell.
    mapped: FxHashMap<String, CellMeaning>,
    /// The most separators in one known text.
    max_separators: usize,
}

/// What can separate two values in one cell. Labels contain commas too, and some contain semicolons.
const SEPARATORS: [char; 4] = [';', ',', '\n', '\r'];

/// The most bytes of a text that says no more than "not sure".
const MAX_UNSURE: usize = 64;

impl CellWords {
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
            for (cell, meaning) in mapping.mapped_cells(index) {
                known.max_separators = known.max_separators.max(cell.matches(SEPARATORS).count());
                known.mapped.insert(folded(cell), meaning.clone());
            }
            known
        });
        Self { questions: questions.collect(), headers }
    }

    /// The questions that have this id or prompt, folded.
    pub fn questions_headed(&self, as_folded: &str) -> &[usize] {
        self.headers.get(as_folded).map_or(&[], Vec::as_slice)
    }

    /// The question whose id or prompt a misspelt header probably means.
    pub fn nearest_question(&self, as_folded: &str) -> Option<usize> {
        const MIN_LIKENESS: f64 = 0.8;
        let likeness = |(text, questions): (&String, &Vec<usize>)| {
            // It takes long to compare long texts, and is in vain if their lengths are very different.
            let (short, long) = (text.len().min(as_folded.len()), text.len().max(as_folded.len()));
            let far = short * 2 < long || long > 500 || asks_something_else(as_folded, text);
            let likeness = if far { 0.0 } else { strsim::normalized_damerau_levenshtein(text, as_folded) };
            (likeness, questions[0])
        };
        let near = self.headers.iter().map(likeness).filter(|(likeness, _)| *likeness >= MIN_LIKENESS);
        near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, question)| question)
    }

    pub fn read(&self, question: &Question, cell: &str) -> Result<Option<Answer>, Vec<Refusal>> {
        let cell = cell.trim();
        if cell.is_empty() {
            return Ok(None);
        }
        let known = &self.questions[question.index];
        if question.kind.takes() == Takes::Own {
            return if self.is_text(question.index, cell) { question.answer(cell).map(Some) } else { Ok(None) };
        }
        let is_many = question.kind == Kind::Choices;
        match known.meaning(cell, question)? {
            Some(CellMeaning::Missing) => Ok(None),
            Some(CellMeaning::NotSure) => Ok(Some(Answer::NotSure)),
            Some(CellMeaning::Options(options)) if !is_many => Ok(options.first().map(|option| Answer::One(*option))),
            // Also the words that any answers file may use, such as `true`.
            None if !is_many => {
                question.option(cell).map(|option| Some(Answer::One(option))).map_err(|refusal| vec![refusal])
            }
            Some(CellMeaning::Options(_)) | None => {
                let options = match known.mapped.get(&folded(cell)) {
                    Some(CellMeaning::Options(options)) => options.clone(),
                    _ => known.split(&json_list_to_lines(cell), question)?,
                };
                question.option_set(option_values(question, &options)).map(|set| Some(Answer::Many(set)))
            }
        }
    }

    /// Whether a cell of a question that takes text has one: "not sure" is none, nor is what the mapping says is no answer.
    #[inline]
    pub fn is_text(&self, question: usize, cell: &str) -> bool {
        let mapped = &self.questions[question].mapped;
        if mapped.is_empty() && cell.len() > MAX_UNSURE {
            return true;
        }
        let as_folded = folded(cell);
        !is_unsure(&as_folded) && mapped.get(&as_folded) != Some(&CellMeaning::Missing)
    }
}

impl QuestionWords {
    fn add(&mut self, text: String, meaning: CellMeaning) {
        self.max_separators = self.max_separators.max(text.matches(SEPARATORS).count());
        let known = self.words.entry(text).or_default();
        if !known.contains(&meaning) {
            known.push(meaning);
        }
    }

    /// What a text means as a whole, if that is known.
    fn meaning(&self, text: &str, question: &Question) -> Result<Option<CellMeaning>, Vec<Refusal>> {
        let as_folded = folded(text);
        if let Some(meaning) = self.mapped.get(&as_folded) {
            return Ok(Some(meaning.clone()));
        }
        // A full stop at the end changes nothing. A question mark does.
        let without_stop = as_folded.trim_end_matches(['.', ' ']);
        match self.words.get(&as_folded).or_else(|| self.words.get(without_stop)).map(Vec::as_slice) {
            Some([meaning]) => Ok(Some(meaning.clone())),
            Some(several) => Err(vec![ambiguous(text, question, several)]),
            None if question.takes_not_sure() && is_unsure(without_stop) => Ok(Some(CellMeaning::NotSure)),
            None => Ok(None),
        }
    }

    /// The options that a cell with several values means. A text between separators may itself be part of a longer known
    /// text, of which the longest is taken.
    fn split(&self, cell: &str, question: &Question) -> Result<Vec<usize>, Vec<Refusal>> {
        let ends: Vec<(usize, usize)> = cell
            .match_indices(SEPARATORS)
            .map(|(at, separator)| (at, at + separator.len()))
            .chain([(cell.len(), cell.len())])
            .collect();
        // From the end backwards: for each start, the ways to read the rest, each as the number of texts that its first value
        // consists of, in descending order.
        let mut ways: Vec<Vec<usize>> = vec![Vec::new(); ends.len() + 1];
        ways[ends.len()].push(0);
        let join = |from: usize, texts: usize| {
            let start = from.checked_sub(1).map_or(0, |before| ends[before].1);
            cell[start..ends[from + texts - 1].0].trim()
        };
        for from in (0..ends.len()).rev() {
            for texts in (1..=(self.max_separators + 1).min(ends.len() - from)).rev() {
                let text = join(from, texts);
                // An empty text between two separators is a value of its own, namely none, and not part of a longer one.
                let padded = texts > 1 && [from, from + texts - 1].iter().any(|at| join(*at, 1).is_empty());
                let fits =
                    if text.is_empty() { texts == 1 } else { !padded && self.meaning(text, question)?.is_some() };
                if fits && !ways[from + texts].is_empty() {
                    ways[from].push(texts);
                }
            }
        }
        if ways[0].is_empty() {
            return Err(self.unknown_values(cell, question));
        }
        let mut found = Vec::new();
        let mut at = 0;
        while at < ends.len() {
            let texts = ways[at][0];
            // If the longest text can be read as several values too, it is ambiguous.
            if let Some(fewer) = ways[at].get(1).filter(|_| texts > 1) {
                let (whole, first) = (join(at, texts), join(at, *fewer));
                let message = format!("`{whole}` in `{cell}` can be read as one answer, or as `{first}` and more");
                let hint = format!("write the values: {}", quoted_values(question));
                return Err(vec![Refusal { code: Code::UnknownValue, message, hint }]);
            }
            match self.meaning(join(at, texts), question)? {
                Some(CellMeaning::Options(options)) => found.extend(options),
                Some(CellMeaning::NotSure) => {
                    let message = "`not_sure` cannot be combined with other values".to_owned();
                    let hint = "keep only `not_sure`, or delete it".to_owned();
                    return Err(vec![Refusal { code: Code::ConflictingValues, message, hint }]);
                }
                Some(CellMeaning::Missing) | None => {}
            }
            at += texts;
        }
        Ok(found)
    }

    /// What is wrong with a cell of several values: each that is unknown.
    fn unknown_values(&self, cell: &str, question: &Question) -> Vec<Refusal> {
        let strong = [';', '\n', '\r'];
        let separators: &[char] = if cell.contains(strong) { &strong } else { &SEPARATORS };
        let parts = cell.split(separators).map(str::trim).filter(|part| !part.is_empty());
        let unknown = parts.filter(|part| !matches!(self.meaning(part, question), Ok(Some(_))));
        unknown.filter_map(|part| question.option(part).err()).collect()
    }
}

/// Turns a JSON list of texts, as Microsoft 365 exports it, into lines; leaves any other cell as it is.
pub(super) fn json_list_to_lines(cell: &str) -> Cow<'_, str> {
    let texts = if cell.trim_start().starts_with('[') { serde_json::from_str(cell).ok() } else { None };
    texts.map_or(Cow::Borrowed(cell), |texts: Vec<String>| Cow::Owned(texts.join("\n")))
}

fn ambiguous(text: &str, question: &Question, meanings: &[CellMeaning]) -> Refusal {
    let names: Vec<String> = (meanings.iter())
        .map(|meaning| match meaning {
            CellMeaning::Options(options) => format!("`{}`", option_values(question, options).join("; ")),
            CellMeaning::NotSure => "`not_sure`".to_owned(),
            CellMeaning::Missing => "no answer".to_owned(),
        })
        .collect();
    let message = format!("`{text}` can be read as {}", names.join(" or "));
    let hint = "write the value you mean, or map it in a mapping file".to_owned();
    Refusal { code: Code::UnknownValue, message, hint }
}

fn quoted_values(question: &Question) -> String {
    question.values().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}
