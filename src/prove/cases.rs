//! Cases beside the rules: answers, and what the rules must say about them.

use std::collections::BTreeMap;

use super::expected::{Expected, KeyShape, found, keys, lacks, list};
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
    /// Whether its answers are those of another case, with some of its own.
    pub is_based: bool,
    pub answers: Answers,
    pub expected: Vec<Expected>,
}

/// All cases of a rules folder.
#[derive(Debug, Default)]
pub struct Cases {
    pub all: Vec<Case>,
    /// How many more there are that cannot be run.
    pub unread: usize,
    pub problems: Vec<Problem>,
}

/// What became of a case.
#[derive(Debug)]
pub struct CaseResult<'c> {
    pub case: &'c Case,
    pub failed: Vec<Failed<'c>>,
}

/// What did not come out as expected.
#[derive(Debug)]
pub struct Failed<'c> {
    pub expected: &'c Expected,
    /// What came out, as it would stand in the case.
    pub found: String,
    /// The questions without an answer for which this is left open, though the case expects it to be settled.
    pub lacks: Vec<&'c str>,
}

pub const MAX_CASES: usize = 10_000;
/// The most places shown for one cause.
pub(super) const MAX_PLACES: usize = 4;

/// Reads the cases beside the rules. Having none is a problem.
pub fn cases(files: &RuleFiles, rulebook: &Rulebook) -> Cases {
    let mut reader = Reader { rulebook, problems: Vec::new(), named: BTreeMap::new(), drafts: Vec::new() };
    for (name, bytes) in files.files.iter().filter(|(name, _)| name.starts_with(CASES_FOLDER)) {
        let (document, found) = yaml::parse(&files.display_name(name), bytes);
        reader.problems.extend(found);
        if let Some(document) = document {
            reader.file(&document);
        }
    }
    reader.fill_in();
    let (broken, whole): (Vec<Draft>, Vec<Draft>) = reader.drafts.into_iter().partition(|draft| draft.broken);
    let all = whole.into_iter().map(|draft| draft.case).collect();
    let mut cases = Cases { all, unread: broken.len(), problems: reader.problems };
    if cases.all.is_empty() && cases.problems.is_empty() {
        let message = format!("`{}` has no cases", files.display_name(CASES_FOLDER));
        cases.problems.push(Problem::anywhere(Code::NoCases, message).hint("`explain R026` tells how to add some"));
    }
    Problem::sort(&mut cases.problems);
    cases.problems = told_once(cases.problems);
    cases
}

/// Problems in order, of which those that name the same unknown thing are one: who renames a rule has to mend all its cases.
fn told_once(problems: Vec<Problem>) -> Vec<Problem> {
    let mut told: Vec<(Problem, usize)> = Vec::new();
    for problem in problems {
        let unknown = [Code::UnknownId, Code::UnknownKey, Code::UnknownQuestion, Code::UnknownValue];
        let is_same = |known: &Problem| unknown.contains(&known.code) && known.message == problem.message;
        match told.iter_mut().find(|(known, _)| is_same(known)) {
            Some((known, count)) => {
                *count += 1;
                if let Some(place) = problem.place.filter(|_| *count < MAX_PLACES) {
                    known.related.push((place, "here, too".to_owned()));
                }
            }
            None => told.push((problem, 1)),
        }
    }
    for (problem, count) in &mut told {
        let shown = if *count > MAX_PLACES { format!("; {MAX_PLACES} of them are shown") } else { String::new() };
        if *count > 1 {
            problem.message = format!("{}, in {count} places{shown}", problem.message);
        }
    }
    told.into_iter().map(|(problem, _)| problem).collect()
}

/// What became of a case, tried with these rules.
pub fn run_case<'c>(case: &'c Case, rulebook: &'c Rulebook) -> CaseResult<'c> {
    let assessment = assess(rulebook, &case.answers);
    let failed = case.expected.iter().filter_map(|expected| {
        let found = found(&expected.keys, rulebook, &assessment);
        let lacks = lacks(&expected.keys, &expected.wanted, &found, &assessment);
        (expected.wanted != found).then_some(Failed { expected, found, lacks })
    });
    CaseResult { case, failed: failed.collect() }
}

struct Reader<'r> {
    rulebook: &'r Rulebook,
    problems: Vec<Problem>,
    named: BTreeMap<String, usize>,
    drafts: Vec<Draft>,
}

/// A case whose answers may still lack those of the one it is based on.
struct Draft {
    case: Case,
    /// The name of that one, with the place that says so.
    base: Option<(String, Place)>,
    /// The answers the case gives itself; those it takes away are named with `None`.
    given: BTreeMap<usize, Option<Entry>>,
    /// Whether something is wrong with it or with one that it is based on.
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
        self.problems.push(Problem::at(code, place, message));
        self.problems.last_mut().expect("one was just added")
    }

    fn case(&mut self, case: Node<'_>) {
        let before = self.problems.len();
        let (named, expect) = (case.required("name"), case.required("expect"));
        let (name, name_place) = (named.text().unwrap_or_default(), named.place());
        let base = case.non_null("based_on");
        let base = base.and_then(|base| Some((base.text()?.to_owned(), base.place())));
        let given = case.get("given").map(|given| self.given(given)).unwrap_or_default();
        let expected = self.expected(expect);
        if matches!(expect.content(), Content::Mapping(entries) if entries.is_empty()) {
            let message = format!("case \"{name}\" asserts nothing");
            self.problem(Code::CaseEmpty, name_place.clone(), message).hint =
                Some("say under `expect` what should come out".to_owned());
        }
        match self.named.get(name) {
            Some(first) => {
                let first = self.drafts[*first].case.place.clone();
                let message = format!("there is already a case \"{name}\"");
                self.problem(Code::DuplicateId, name_place.clone(), message).related = vec![(first, "here".to_owned())];
            }
            None => {
                self.named.insert(name.to_owned(), self.drafts.len());
            }
        }
        let answers = Answers::blank(self.rulebook, name);
        let is_based = base.is_some();
        let case = Case { name: name.to_owned(), place: name_place, is_based, answers, expected };
        self.drafts.push(Draft { case, base, given, broken: self.problems.len() > before });
    }

    /// The answers a case gives itself. An empty value takes away what the case is based on.
    fn given(&mut self, node: Node<'_>) -> BTreeMap<usize, Option<Entry>> {
        if matches!(node.content(), Content::Null) {
            return BTreeMap::new();
        }
        let entries = answers::entries(node, self.rulebook, &mut self.problems);
        let named = |index: &usize| node.get(&self.rulebook.questions[*index].id).is_some();
        entries.into_iter().enumerate().filter(|(index, _)| named(index)).collect()
    }

    /// Fills in the answers of every case, those it is based on first, in whatever file and order they stand.
    fn fill_in(&mut self) {
        for index in 0..self.drafts.len() {
            let mut line = vec![index];
            let mut at = index;
            while let Some((base, place)) = self.drafts[at].base.clone() {
                match self.named.get(&base) {
                    Some(next) if !line.contains(next) => at = *next,
                    found => {
                        let message = match found {
                            Some(_) => format!("case \"{base}\" is based on itself"),
                            None => format!("there is no case \"{base}\""),
                        };
                        // Said once, at the case that names it, and not again by those based on that one.
                        if at == index {
                            let hint = suggestion(&base, self.named.keys().map(String::as_str));
                            let hint = hint.starts_with("did").then_some(hint);
                            self.problem(Code::UnknownId, place, message).hint = hint;
                        }
                        self.drafts[index].broken = true;
                        break;
                    }
                }
                line.push(at);
            }
            self.drafts[index].broken |= line.iter().any(|case| self.drafts[*case].broken);
            for other in line.into_iter().rev() {
                for (question, entry) in self.drafts[other].given.clone() {
                    self.drafts[index].case.answers.entries[question] = entry;
                }
            }
        }
    }

    fn expected(&mut self, node: Node<'_>) -> Vec<Expected> {
        let Content::Mapping(_) = node.content() else {
            let message = format!("{} stands where expectations are needed", node.kind());
            self.problem(Code::WrongKind, node.place(), message);
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
            let mut expect = |node: Node<'_>, keys: &[&str], wanted: Option<String>| {
                let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
                expected.extend(wanted.map(|wanted| Expected { place: node.place(), keys, wanted }));
            };
            match &found.shape {
                KeyShape::Maybe(_) if matches!(node.content(), Content::Null) => {
                    expect(node, &[key], Some("null".to_owned()));
                }
                KeyShape::Word(words) | KeyShape::Maybe(words) => expect(node, &[key], self.id(node, words)),
                KeyShape::List(words) => {
                    let words: Vec<&str> = words.iter().map(String::as_str).collect();
                    let all = self.each(node, |this, item| this.id(item, &words));
                    expect(node, &[key], all.map(|all| list(all.iter().map(String::as_str))));
                }
                KeyShape::Each(ids, words) => {
                    for (node, id) in self.keys(node, ids) {
                        let word = self.id(node, words);
                        expect(node, &[key, &id], word);
                    }
                }
                KeyShape::Moves => {
                    let all = self.each(node, Self::moves);
                    expect(node, &[key], all.map(|all| list(all.iter().map(String::as_str))));
                }
            }
        }
        expected
    }

    /// One set of moves, in the order of the questions.
    fn moves(&mut self, node: Node<'_>) -> Option<String> {
        let before = self.problems.len();
        let entries = answers::entries(node, self.rulebook, &mut self.problems);
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

    /// Every item of a list, read; nothing if one of them cannot be.
    fn each<T>(&mut self, node: Node<'_>, read: impl Fn(&mut Self, Node<'_>) -> Option<T>) -> Option<Vec<T>> {
        if let Content::List(_) = node.content() {
            let read: Vec<Option<T>> = node.items().map(|item| read(self, item)).collect();
            return read.into_iter().collect();
        }
        self.problem(Code::WrongKind, node.place(), format!("{} stands where a list is needed", node.kind()));
        None
    }

    /// The entries of a mapping whose keys are ids.
    fn keys<'d>(&mut self, node: Node<'d>, ids: &[&str]) -> Vec<(Node<'d>, String)> {
        let Content::Mapping(_) = node.content() else {
            self.problem(Code::WrongKind, node.place(), format!("{} stands where a mapping is needed", node.kind()));
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

    fn id(&mut self, node: Node<'_>, ids: &[&str]) -> Option<String> {
        match node.content() {
            Content::Text(id) => {
                if let Some(known) = ids.iter().find(|known| same(known, id)) {
                    return Some((*known).to_owned());
                }
                let hint = suggestion(id, ids.iter().copied());
                self.problem(Code::UnknownId, node.place(), format!("there is no `{id}` here")).hint = Some(hint);
                None
            }
            _ => {
                self.problem(Code::WrongKind, node.place(), format!("{} stands where an id is needed", node.kind()));
                None
            }
        }
    }
}
