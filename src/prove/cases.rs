//! Test cases beside the rules: answers, and the expected results.

use std::collections::BTreeMap;

use super::expected::{Expected, KeyShape, actual, keys, list, unanswered};
use crate::answers::{self, Answers, Entry};
use crate::assess::assess;
use crate::named::same;
use crate::problem::{Code, Place, Problem, suggestion};
use crate::rulebook::{CASES_FOLDER, RuleFiles, Rulebook};
use crate::yaml::shape::{self, Keys, Shape, needed, optional};
use crate::yaml::{self, Content, Document, Node};

static KEYS: Keys = Keys::new(&[needed("cases", Shape::List(&Shape::Keys(&KEYS_OF_CASE)), "")]);
static KEYS_OF_CASE: Keys = Keys::new(&[
    needed("name", Shape::Text, ""),
    optional("based_on", Shape::Text, ""),
    optional("given", Shape::Other("answers"), ""),
    needed("expect", Shape::Other("expectations"), ""),
]);

#[derive(Debug)]
pub struct Case {
    /// Its name, unique among the cases.
    pub name: String,
    pub place: Place,
    /// Whether it is based on another case.
    pub is_based: bool,
    pub answers: Answers,
    pub expected: Vec<Expected>,
}

/// All cases of a rules folder.
#[derive(Debug, Default)]
pub struct Cases {
    pub all: Vec<Case>,
    /// How many others cannot be run.
    pub unread: usize,
    pub problems: Vec<Problem>,
}

#[derive(Debug)]
pub struct CaseResult<'c> {
    pub case: &'c Case,
    pub failed: Vec<Failed<'c>>,
}

/// An expectation that failed.
#[derive(Debug)]
pub struct Failed<'c> {
    pub expected: &'c Expected,
    /// The actual value, as the case would have it.
    pub actual: String,
    /// The unanswered questions that leave this open, though the case expects it to be settled.
    pub unanswered: Vec<&'c str>,
}

pub const MAX_CASES: usize = 10_000;
/// The most places shown for one problem.
pub(super) const MAX_PLACES: usize = 4;

/// Reads the cases beside the rules. To have none is a problem.
pub fn cases(files: &RuleFiles, rulebook: &Rulebook) -> Cases {
    let mut reader = Reader { rulebook, problems: Vec::new(), by_name: BTreeMap::new(), drafts: Vec::new() };
    for (name, bytes) in files.files.iter().filter(|(name, _)| name.starts_with(CASES_FOLDER)) {
        let (document, found) = yaml::parse(&files.display_name(name), bytes);
        reader.problems.extend(found);
        if let Some(document) = document {
            reader.file(&document);
        }
    }
    reader.resolve_bases();
    let (broken, whole): (Vec<Draft>, Vec<Draft>) = reader.drafts.into_iter().partition(|draft| draft.broken);
    let all = whole.into_iter().map(|draft| draft.case).collect();
    let mut cases = Cases { all, unread: broken.len(), problems: reader.problems };
    if cases.all.is_empty() && cases.problems.is_empty() {
        let message = format!("`{}` has no cases", files.display_name(CASES_FOLDER));
        cases.problems.push(Problem::anywhere(Code::NoCases, message).hint("`explain R026` tells how to add some"));
    }
    Problem::sort(&mut cases.problems);
    cases.problems = merge_repeats(cases.problems);
    cases
}

/// Merges problems about the same unknown id, because renaming a rule breaks all its cases.
fn merge_repeats(problems: Vec<Problem>) -> Vec<Problem> {
    let mut merged: Vec<(Problem, usize)> = Vec::new();
    for problem in problems {
        let unknown = [Code::UnknownId, Code::UnknownKey, Code::UnknownQuestion, Code::UnknownValue];
        let is_same = |known: &Problem| unknown.contains(&known.code) && known.message == problem.message;
        match merged.iter_mut().find(|(known, _)| is_same(known)) {
            Some((known, count)) => {
                *count += 1;
                if let Some(place) = problem.place.filter(|_| *count < MAX_PLACES) {
                    known.related.push((place, "here, too".to_owned()));
                }
            }
            None => merged.push((problem, 1)),
        }
    }
    for (problem, count) in &mut merged {
        let shown = if *count > MAX_PLACES { format!("; {MAX_PLACES} of them are shown") } else { String::new() };
        if *count > 1 {
            problem.message = format!("{}, in {count} places{shown}", problem.message);
        }
    }
    merged.into_iter().map(|(problem, _)| problem).collect()
}

pub fn run_case<'c>(case: &'c Case, rulebook: &'c Rulebook) -> CaseResult<'c> {
    let assessment = assess(rulebook, &case.answers);
    let failed = case.expected.iter().filter_map(|expected| {
        let actual = actual(&expected.keys, rulebook, &assessment);
        let unanswered = unanswered(&expected.keys, &expected.value, &actual, &assessment);
        (expected.value != actual).then_some(Failed { expected, actual, unanswered })
    });
    CaseResult { case, failed: failed.collect() }
}

struct Reader<'r> {
    rulebook: &'r Rulebook,
    problems: Vec<Problem>,
    by_name: BTreeMap<String, usize>,
    drafts: Vec<Draft>,
}

/// A case before the answers of its base are filled in.
struct Draft {
    case: Case,
    /// The name of the case that it is based on, with its place.
    base: Option<(String, Place)>,
    /// Its own answers; `None` where it removes one of its base.
    own: BTreeMap<usize, Option<Entry>>,
    /// Whether anything is wrong with it or its base.
    broken: bool,
}

impl Reader<'_> {
    fn file(&mut self, document: &Document) {
        let mistakes = shape::mistakes(document, &KEYS);
        if !mistakes.is_empty() {
            self.problems.extend(mistakes);
            return;
        }
        for case in document.root().list("cases") {
            if self.drafts.len() == MAX_CASES {
                let message = format!("more than {MAX_CASES} cases: this one and the rest are not run");
                self.problem(Code::TooIntricate, case.place(), message);
                break;
            }
            self.case(case);
        }
    }

    fn problem(&mut self, code: Code, place: Place, message: String) -> &mut Problem {
        self.problems.push_mut(Problem::at(code, place, message))
    }

    fn case(&mut self, case: Node<'_>) {
        let before = self.problems.len();
        let (name, expect) = (case.required("name"), case.required("expect"));
        let (name, name_place) = (name.text().unwrap_or_default(), name.place());
        let base = case.non_null("based_on");
        let base = base.and_then(|base| Some((base.text()?.to_owned(), base.place())));
        let own = case.get("given").map(|given| self.own_answers(given)).unwrap_or_default();
        let expected = self.expected(expect);
        if matches!(expect.content(), Content::Mapping(entries) if entries.is_empty()) {
            let message = format!("case \"{name}\" asserts nothing");
            self.problem(Code::CaseEmpty, name_place.clone(), message).hint =
                Some("write under `expect` what should come out".to_owned());
        }
        match self.by_name.get(name) {
            Some(first) => {
                let first = self.drafts[*first].case.place.clone();
                let message = format!("there is already a case \"{name}\"");
                self.problem(Code::DuplicateId, name_place.clone(), message).related = vec![(first, "here".to_owned())];
            }
            None => drop(self.by_name.insert(name.to_owned(), self.drafts.len())),
        }
        let answers = Answers::blank(self.rulebook, name);
        let is_based = base.is_some();
        let case = Case { name: name.to_owned(), place: name_place, is_based, answers, expected };
        self.drafts.push(Draft { case, base, own, broken: self.problems.len() > before });
    }

    /// The answers under `given`. An empty value removes the answer of the base.
    fn own_answers(&mut self, node: Node<'_>) -> BTreeMap<usize, Option<Entry>> {
        if matches!(node.content(), Content::Null) {
            return BTreeMap::new();
        }
        let entries = answers::read_entries(node, self.rulebook, &mut self.problems);
        let named = |index: &usize| node.get(&self.rulebook.questions[*index].id).is_some();
        entries.into_iter().enumerate().filter(|(index, _)| named(index)).collect()
    }

    /// Fills in the answers of every case from its base, wherever that is.
    fn resolve_bases(&mut self) {
        for index in 0..self.drafts.len() {
            let mut chain = vec![index];
            let mut at = index;
            while let Some((base, place)) = self.drafts[at].base.clone() {
                match self.by_name.get(&base) {
                    Some(next) if !chain.contains(next) => at = *next,
                    found => {
                        let message = match found {
                            Some(_) => format!("case \"{base}\" is based on itself"),
                            None => format!("there is no case \"{base}\""),
                        };
                        // Reported once, at the case that names it, and not for the cases based on that one.
                        if at == index {
                            let hint = suggestion(&base, self.by_name.keys().map(String::as_str));
                            let hint = hint.starts_with("did").then_some(hint);
                            self.problem(Code::UnknownId, place, message).hint = hint;
                        }
                        self.drafts[index].broken = true;
                        break;
                    }
                }
                chain.push(at);
            }
            self.drafts[index].broken |= chain.iter().any(|case| self.drafts[*case].broken);
            for other in chain.into_iter().rev() {
                for (question, entry) in self.drafts[other].own.clone() {
                    self.drafts[index].case.answers.entries[question] = entry;
                }
            }
        }
    }

    fn expected(&mut self, node: Node<'_>) -> Vec<Expected> {
        let Content::Mapping(_) = node.content() else {
            self.wrong_kind(node, "expectations are");
            return Vec::new();
        };
        let known = keys(self.rulebook);
        let mut expected = Vec::new();
        for (key, node) in node.entries() {
            let Some(found) = known.iter().find(|known| same(known.name, key)) else {
                let hint = suggestion(key, known.iter().map(|key| key.name));
                self.problem(Code::UnknownKey, node.key_place(), format!("unknown key `{key}`")).hint = Some(hint);
                continue;
            };
            let key = found.name;
            let mut expect = |node: Node<'_>, keys: &[&str], value: Option<String>| {
                let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
                expected.extend(value.map(|value| Expected { place: node.place(), keys, value }));
            };
            match &found.shape {
                KeyShape::Maybe(_) if matches!(node.content(), Content::Null) => {
                    expect(node, &[key], Some("null".to_owned()));
                }
                KeyShape::Word(words) | KeyShape::Maybe(words) => expect(node, &[key], self.id(node, words)),
                KeyShape::List(words) => {
                    let items = self.each_item(node, |this, item| this.id(item, words));
                    expect(node, &[key], items.map(list));
                }
                KeyShape::Each(ids, words) => {
                    for (node, id) in self.entries_by_id(node, ids) {
                        let word = self.id(node, words);
                        expect(node, &[key, &id], word);
                    }
                }
                KeyShape::Moves => {
                    let sets = self.each_item(node, Self::moves);
                    expect(node, &[key], sets.map(list));
                }
            }
        }
        expected
    }

    /// One set of moves, in the order of the questions.
    fn moves(&mut self, node: Node<'_>) -> Option<String> {
        let before = self.problems.len();
        let entries = answers::read_entries(node, self.rulebook, &mut self.problems);
        let answered = self.rulebook.questions.iter().zip(&entries);
        let moves: Vec<String> = answered
            .filter_map(|(question, entry)| {
                Some(format!("{}: {}", question.id, question.written(&entry.as_ref()?.answer)))
            })
            .collect();
        if moves.len() < node.entries().count() && self.problems.len() == before {
            self.problem(Code::WrongKind, node.place(), "a move here leads to no answer".to_owned());
        }
        if self.problems.len() > before {
            return None;
        }
        Some(format!("{{{}}}", moves.join(", ")))
    }

    fn wrong_kind(&mut self, node: Node<'_>, needed: &str) {
        self.problem(Code::WrongKind, node.place(), format!("there is {} here, but {needed} needed", node.kind()));
    }

    /// The items of a list; `None` if any of them is wrong.
    fn each_item<T>(&mut self, node: Node<'_>, read: impl Fn(&mut Self, Node<'_>) -> Option<T>) -> Option<Vec<T>> {
        if let Content::List(_) = node.content() {
            let items: Vec<Option<T>> = node.items().map(|item| read(self, item)).collect();
            return items.into_iter().collect();
        }
        self.wrong_kind(node, "a list is");
        None
    }

    /// The entries of a mapping whose keys are ids.
    fn entries_by_id<'d>(&mut self, node: Node<'d>, ids: &[&str]) -> Vec<(Node<'d>, String)> {
        let Content::Mapping(_) = node.content() else {
            self.wrong_kind(node, "a mapping is");
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, node) in node.entries() {
            if let Some(id) = ids.iter().find(|id| same(id, key)) {
                found.push((node, (*id).to_owned()));
            } else {
                let hint = suggestion(key, ids.iter().copied());
                let message = format!("there is no `{key}` here");
                self.problem(Code::UnknownId, node.key_place(), message).hint = Some(hint);
            }
        }
        found
    }

    fn id(&mut self, node: Node<'_>, ids: &[impl AsRef<str>]) -> Option<String> {
        let Content::Text(id) = node.content() else {
            self.wrong_kind(node, "an id is");
            return None;
        };
        let known = ids.iter().map(AsRef::as_ref);
        let found = known.clone().find(|known| same(known, id));
        if found.is_none() {
            let hint = suggestion(id, known);
            self.problem(Code::UnknownId, node.place(), format!("there is no `{id}` here")).hint = Some(hint);
        }
        found.map(str::to_owned)
    }
}
