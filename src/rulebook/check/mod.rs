//! The meaning of the rule files: ids, references, conditions, completeness. Finds everything wrong in one pass.

use std::array;
use std::collections::{BTreeSet, HashMap};

use crate::diagram::{Diagrams, InScenario, Variables};
use crate::named::same;
use crate::outcome::FitOutcome;
use crate::problem::{Code, Place, Problem, nearest, suggestion};
use crate::question::{Basis, Citation, Grounds, Question, Section};
use crate::wording::Text;
use crate::yaml::shape::{self, Keys};
use crate::yaml::{self, Document, Node};

use super::keys::OF_FILES;
use super::{
    CASES_FOLDER, FILES, LetterTexts, Outcome, OutcomeText, Page, Reach, RuleFiles, Rulebook, SectionText, Subject,
    builtin, compile, files::NEEDED,
};

mod conditions;
mod criteria;
mod parts;
mod questions;
mod texts;
mod whole;

/// Words that conditions use, so that no id may.
const RESERVED: [&str; 3] = ["all", "any", "not"];
/// Results that conditions test by these words, so that no question may be called so.
const RESULTS: [&str; 2] = ["scenario", "fit"];
/// The version of the file format.
const FORMAT: u64 = 1;

/// What became of one rule file.
enum File {
    Read(Document),
    /// The folder does without it.
    Absent,
    /// It cannot be relied on; why has been told.
    Bad,
}

impl File {
    fn root(&self) -> Option<Node<'_>> {
        if let Self::Read(document) = self { Some(document.root()) } else { None }
    }

    /// The ids of the rules in it, unless it cannot be relied on.
    fn ids(&self, list: &str) -> Option<Vec<String>> {
        match self {
            Self::Read(document) => {
                let ids = document.root().list(list).filter_map(|rule| rule.part("id").text());
                Some(ids.map(str::to_owned).collect())
            }
            Self::Absent => Some(Vec::new()),
            Self::Bad => None,
        }
    }
}

pub(super) fn check(files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
    if !files.files.keys().any(|name| FILES.contains(&name.as_str())) {
        let message = format!("`{}` is no rules folder: it has none of the files of one", files.folder);
        let needed = NEEDED.map(|name| format!("`{name}`")).join(", ");
        return (
            None,
            vec![Problem::anywhere(Code::FileMissing, message).hint(format!("a rules folder needs {needed}"))],
        );
    }
    let mut checker = Checker::new(unknown_files(files));
    let read: [File; FILES.len()] = array::from_fn(|index| checker.file(files, FILES[index], OF_FILES[index]));
    let [manifest, questions, criteria, scenarios, fit, application, go_live, contradictions, outcomes, glossary] =
        &read;
    // Without these two, every reference in the other files would look wrong, so only their shape is.
    let first = manifest.root().zip(questions.root());
    let first = first.map(|(manifest, questions)| (checker.manifest(manifest), checker.questions(questions)));
    let meant = first.is_some();
    checker.results = Results {
        criteria: criteria.ids("criteria"),
        scenarios: scenarios.ids("scenarios"),
        findings: fit.ids("findings"),
        topics: application.ids("topics"),
        obligations: go_live.ids("obligations"),
    };
    let criteria = checker.part(criteria, meant, Checker::criteria);
    let scenarios = checker.part(scenarios, meant, Checker::scenarios);
    let findings = checker.part(fit, meant, Checker::findings);
    let topics = checker.part(application, meant, Checker::topics);
    let obligations = checker.part(go_live, meant, Checker::obligations);
    let contradictions = checker.part(contradictions, meant, Checker::contradictions);
    let outcomes = outcomes.root().filter(|_| meant).map(|file| {
        let facts = |checker: &mut Checker| file.list("facts").map(|rule| checker.fact(rule)).collect();
        (checker.outcomes(file), facts(&mut checker))
    });
    let terms = checker
        .part(glossary, meant, |checker, file| Some(file.list("terms").map(|rule| checker.term(rule)).collect()));
    if let (Some(criteria), Some(scenarios)) = (&criteria, &scenarios) {
        checker.decisions(criteria, scenarios);
    }

    let Checker { mut problems, questions, pages, .. } = checker;
    let parts = (first, criteria, scenarios, findings, topics, obligations, contradictions, outcomes, terms);
    let (
        Some((rulebook, ask_when)),
        Some(criteria),
        Some(scenarios),
        Some(findings),
        Some(topics),
        Some(obligations),
        Some(contradictions),
        Some((outcomes, facts)),
        Some(terms),
    ) = parts
    else {
        return (None, problems);
    };
    if Problem::any_error(&problems) {
        return (None, problems);
    }
    let digest = builtin::digest(files).map_or_else(|| files.digest(), str::to_owned);
    let mut rulebook = Rulebook {
        digest,
        pages,
        questions,
        ask_when,
        criteria,
        scenarios,
        findings,
        topics,
        obligations,
        contradictions,
        outcomes,
        facts,
        terms,
        ..rulebook
    };
    if let Some(problem) = whole::repeated(&rulebook) {
        problems.push(problem);
        return (None, problems);
    }
    if compile::compile(&mut rulebook).is_err() {
        rulebook.reach = Reach::TooIntricate;
        problems.push(whole::too_intricate());
        return (Some(rulebook), problems);
    }
    whole::check(&mut rulebook, &mut problems);
    (Some(rulebook), problems)
}

/// Files in the folder that nothing would read.
fn unknown_files(files: &RuleFiles) -> Vec<Problem> {
    files
        .files
        .keys()
        .filter(|name| !FILES.contains(&name.as_str()) && !name.starts_with(CASES_FOLDER))
        .map(|name| {
            let message = format!("`{}` is not a rule file", files.display_name(name));
            Problem::anywhere(Code::FileUnknown, message).hint(suggestion(name, FILES))
        })
        .collect()
}

struct Checker {
    problems: Vec<Problem>,
    ids: HashMap<String, Place>,
    questions: Vec<Question>,
    /// The questions of which it is not clear what they offer, so that no test of them can be judged.
    unclear: BTreeSet<String>,
    pages: Vec<Page>,
    results: Results,
    /// Whether the condition in hand may test results.
    tests_results: bool,
}

/// The ids of what answers come to, in the order of the rules.
#[derive(Default)]
struct Results {
    criteria: Option<Vec<String>>,
    scenarios: Option<Vec<String>>,
    findings: Option<Vec<String>>,
    topics: Option<Vec<String>>,
    obligations: Option<Vec<String>>,
}

impl Checker {
    fn new(problems: Vec<Problem>) -> Self {
        Self {
            problems,
            ids: HashMap::new(),
            questions: Vec::new(),
            unclear: BTreeSet::new(),
            pages: Vec::new(),
            results: Results::default(),
            tests_results: false,
        }
    }

    /// Reads one file, which must have these keys.
    fn file(&mut self, files: &RuleFiles, name: &str, keys: &Keys) -> File {
        let Some(bytes) = files.files.get(name) else {
            if NEEDED.contains(&name) {
                let message = format!("`{}` is missing", files.display_name(name));
                let near = files.files.keys().map(String::as_str).filter(|file| !FILES.contains(file));
                let hint = nearest(name, near).map(|near| format!("is `{near}` meant to be it?"));
                let hint = hint.unwrap_or_else(|| "write it: every rules folder needs it".to_owned());
                self.problems.push(Problem::anywhere(Code::FileMissing, message).hint(hint));
                return File::Bad;
            }
            return File::Absent;
        };
        let (document, found) = match builtin::document(files, name, bytes) {
            Some(document) => (Some(document), Vec::new()),
            None => yaml::parse(&files.display_name(name), bytes),
        };
        // What a key that stands twice means is a guess, and so would be everything that follows from it.
        let guessed = found.iter().any(|problem| problem.code == Code::DuplicateKey);
        self.problems.extend(found);
        let Some(document) = document else { return File::Bad };
        let mistakes = shape::mistakes(&document, keys);
        let bad = guessed || !mistakes.is_empty();
        self.problems.extend(mistakes);
        if bad { File::Bad } else { File::Read(document) }
    }

    /// The meaning of one file, if what it refers to is known and each rule in it could be read. A file that is left out
    /// has no rules.
    fn part<T: Default>(
        &mut self,
        file: &File,
        meant: bool,
        meaning: impl FnOnce(&mut Self, Node<'_>) -> Option<T>,
    ) -> Option<T> {
        match file {
            File::Read(document) if meant => meaning(self, document.root()),
            File::Absent => Some(T::default()),
            File::Read(_) | File::Bad => None,
        }
    }

    /// The meaning of each rule of a list, if all could be read.
    fn each<'d, T>(
        &mut self,
        around: Node<'d>,
        list: &str,
        mut meaning: impl FnMut(&mut Self, Node<'d>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = around.list(list).map(|rule| meaning(self, rule)).collect();
        read.into_iter().collect()
    }

    fn report(&mut self, code: Code, node: Node<'_>, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::at(code, node.place(), message).hint(hint));
    }

    /// The value that a word names in a fixed list.
    fn named<T: Copy>(&mut self, node: Node<'_>, all: &[T], id: fn(T) -> &'static str) -> Option<T> {
        let word = node.text().unwrap_or_default();
        let found = all.iter().copied().find(|value| same(id(*value), word));
        if found.is_none() {
            let hint = suggestion(word, all.iter().map(|value| id(*value)));
            self.report(Code::UnknownWord, node, format!("`{word}` is not known here"), hint);
        }
        found
    }

    /// What vouches for a rule.
    fn grounds(&mut self, rule: Node<'_>) -> Grounds {
        let source = rule.part("source");
        let id = source.part("page").text().unwrap_or_default();
        let page = match self.pages.iter().find(|page| page.id == id) {
            Some(page) => page.title.clone(),
            None => {
                let hint = suggestion(id, self.pages.iter().map(|page| page.id.as_str()));
                self.report(Code::UnknownId, source.part("page"), format!("the manifest has no source `{id}`"), hint);
                String::new()
            }
        };
        Grounds {
            source: Citation {
                id: id.to_owned(),
                page,
                section: self.text(source.part("section")),
                item: source.given("item").map(|item| self.text(item)),
            },
            basis: self.named(rule.part("basis"), &Basis::ALL, Basis::id).unwrap_or(Basis::Interpretation),
            reasoning: rule.given("reasoning").map(|text| self.text(text)),
        }
    }

    /// A rulebook with what the manifest says, and no rules yet.
    fn manifest(&mut self, file: Node<'_>) -> Rulebook {
        let format = file.part("format");
        if let Some(other) = format.number().filter(|format| *format != FORMAT) {
            let message = format!("these rules are written in format {other}, this program reads {FORMAT}");
            let hint = format!("write `format: {FORMAT}`, or use the program that these rules are written for");
            self.report(Code::UnknownWord, format, message, hint);
        }
        for page in file.list("sources") {
            let page = Page {
                id: self.id(page),
                title: self.text(page.part("title")),
                publisher: page.given("publisher").map(|text| self.text(text)),
                url: self.filled(page.part("url")),
                last_edited: page.given("last_edited").map(|text| self.text(text)),
                place: page.part("id").place(),
            };
            self.pages.push(page);
        }
        let id = file.part("id");
        self.well_formed(id);
        let subject = match file.given("subject") {
            Some(subject) => Subject { one: self.text(subject.part("one")), many: self.text(subject.part("many")) },
            None => Subject { one: "product".to_owned(), many: "products".to_owned() },
        };
        Rulebook {
            id: id.text().unwrap_or_default().to_owned(),
            title: self.text(file.part("title")),
            version: self.filled(file.part("version")),
            summary: self.text(file.part("summary")),
            disclaimer: self.text(file.part("disclaimer")),
            short: file.given("short").map(|text| self.short(text)),
            subject,
            service: file.given("service").map(|text| self.text(text)),
            letter: file.given("letter").map(|letter| LetterTexts {
                opening: self.text(letter.part("opening")),
                reply: self.text(letter.part("reply")),
            }),
            place: id.place(),
            digest: String::new(),
            pages: Vec::new(),
            sections: Section::ALL.map(|section| {
                let rule = file.part("sections").part(section.id());
                SectionText {
                    title: self.text(rule.part("title")),
                    intro: self.prose(rule.part("intro")),
                    place: rule.part("title").place(),
                }
            }),
            questions: Vec::new(),
            ask_when: Vec::new(),
            criteria: Vec::new(),
            scenarios: Vec::new(),
            findings: Vec::new(),
            topics: Vec::new(),
            obligations: Vec::new(),
            contradictions: Vec::new(),
            outcomes: Outcome::ALL.map(|_| OutcomeText {
                title: String::new(),
                meaning: Text::default(),
                next_steps: Vec::new(),
                place: id.place(),
            }),
            facts: Vec::new(),
            terms: Vec::new(),
            diagrams: Diagrams::new(Variables::new(&[], &[])),
            outcome: Diagrams::constant(Outcome::Incomplete),
            scenario: None,
            picked: Diagrams::constant(InScenario::Nowhere),
            fit: Diagrams::constant(FitOutcome::Unknown),
            reach: Reach::Everyone,
        }
    }
}

/// The number that a rule has in its source.
fn number(rule: Node<'_>) -> Option<u8> {
    rule.given("number").and_then(Node::number).and_then(|number| u8::try_from(number).ok())
}
