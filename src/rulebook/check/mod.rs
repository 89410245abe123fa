//! The meaning of the rule files: ids, references, conditions, completeness. Finds everything wrong in one pass.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::diagram::{Diagrams, InScenario, Variables};
use crate::named::same;
use crate::outcome::FitOutcome;
use crate::problem::{Code, Place, Problem, nearest, suggestion};
use crate::question::{Basis, Citation, Grounds, Question};
use crate::yaml::{self, Document, Node, decode};

use super::raw::{self, Word};
use super::{
    CASES_FOLDER, FILES, Outcome, Page, Reach, RuleFiles, Rulebook, SectionText, Subject, Writing, builtin, compile,
    files::NEEDED,
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
const FORMAT: u8 = 1;

/// One rule file, read: its places and its shape.
struct Shaped<T> {
    document: Arc<Document>,
    shape: T,
}

/// What became of one rule file.
enum File<S> {
    Read(Shaped<S>),
    /// The folder does without it.
    Absent,
    /// It cannot be relied on; why has been told.
    Bad,
}

impl<S> File<S> {
    /// The ids of the rules in it, unless it cannot be relied on.
    fn ids<T>(&self, list: fn(&S) -> &Vec<T>, id: fn(&T) -> &Word) -> Option<Vec<String>> {
        match self {
            Self::Read(Shaped { shape, .. }) => Some(list(shape).iter().map(|raw| id(raw).text.clone()).collect()),
            Self::Absent => Some(Vec::new()),
            Self::Bad => None,
        }
    }

    fn read(self) -> Option<Shaped<S>> {
        if let Self::Read(shaped) = self { Some(shaped) } else { None }
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
    let manifest = checker.shaped::<raw::Manifest>(files, FILES[0]);
    let questions = checker.shaped::<raw::Questions>(files, FILES[1]);
    // Without these two, every reference in the other files would look wrong, so only their shape is.
    let first = manifest
        .read()
        .zip(questions.read())
        .map(|(manifest, questions)| (checker.manifest(&manifest), checker.questions(&questions), manifest));
    let meant = first.is_some();
    let criteria = checker.shaped::<raw::Criteria>(files, FILES[2]);
    let scenarios = checker.shaped::<raw::Scenarios>(files, FILES[3]);
    let fit = checker.shaped::<raw::Fit>(files, FILES[4]);
    let application = checker.shaped::<raw::Application>(files, FILES[5]);
    let go_live = checker.shaped::<raw::GoLive>(files, FILES[6]);
    let contradictions = checker.shaped::<raw::Contradictions>(files, FILES[7]);
    let outcomes = checker.shaped::<raw::Outcomes>(files, FILES[8]);
    let glossary = checker.shaped::<raw::Glossary>(files, FILES[9]);
    checker.results = Results {
        criteria: criteria.ids(|shape| &shape.criteria, |raw| &raw.id),
        scenarios: scenarios.ids(|shape| &shape.scenarios, |raw| &raw.id),
        findings: fit.ids(|shape| &shape.findings, |raw| &raw.id),
        topics: application.ids(|shape| &shape.topics, |raw| &raw.id),
        obligations: go_live.ids(|shape| &shape.obligations, |raw| &raw.id),
    };
    let criteria = checker.part(criteria, meant, Checker::criteria);
    let scenarios = checker.part(scenarios, meant, Checker::scenarios);
    let findings = checker.part(fit, meant, Checker::findings);
    let topics = checker.part(application, meant, Checker::topics);
    let obligations = checker.part(go_live, meant, Checker::obligations);
    let contradictions = checker.part(contradictions, meant, Checker::contradictions);
    let outcomes = outcomes.read().filter(|_| meant).map(|file| checker.outcomes(&file));
    let terms = checker.part(glossary, meant, |checker, file| Some(checker.terms(file)));
    if let (Some(criteria), Some(scenarios)) = (&criteria, &scenarios) {
        checker.decisions(criteria, scenarios);
    }

    let Checker { mut problems, questions: asked_questions, pages, .. } = checker;
    let parts = (first, criteria, scenarios, findings, topics, obligations, contradictions, outcomes, terms);
    let (
        Some((sections, asked, Shaped { document, shape })),
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
    let place = shape.id.at.node(&document).place();
    let mut rulebook = Rulebook {
        id: shape.id.text,
        title: shape.title.text,
        version: shape.version.text,
        summary: shape.summary.text,
        disclaimer: shape.disclaimer.text,
        short: shape.short.map(|short| short.text),
        subject: shape.subject.map_or_else(
            || Subject { one: "product".to_owned(), many: "products".to_owned() },
            |subject| Subject { one: subject.one.text, many: subject.many.text },
        ),
        service: shape.service.map(|service| service.text),
        letter: shape.letter.map(|letter| Writing { opening: letter.opening.text, reply: letter.reply.text }),
        place,
        digest: builtin::digest(files).map_or_else(|| files.digest(), str::to_owned),
        pages,
        sections,
        questions: asked_questions,
        ask_when: asked,
        criteria,
        scenarios,
        findings,
        topics,
        obligations,
        contradictions,
        outcomes,
        facts,
        terms,
        diagrams: Diagrams::new(Variables::new(&[], &[])),
        outcome: Diagrams::constant(Outcome::Incomplete),
        scenario: None,
        picked: Diagrams::constant(InScenario::Nowhere),
        fit: Diagrams::constant(FitOutcome::Unknown),
        reach: Reach::Everyone,
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

    /// Reads one file and its shape.
    fn shaped<T: deserr::Deserr<yaml::Mistakes>>(&mut self, files: &RuleFiles, name: &str) -> File<T> {
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
            None => {
                let (document, found) = yaml::parse(&files.display_name(name), bytes);
                (document.map(Arc::new), found)
            }
        };
        // What a key that stands twice means is a guess, and so would be everything that follows from it.
        let guessed = found.iter().any(|problem| problem.code == Code::DuplicateKey);
        self.problems.extend(found);
        let Some(document) = document else { return File::Bad };
        match decode(&document) {
            Ok(shape) if !guessed => File::Read(Shaped { document, shape }),
            Ok(_) => File::Bad,
            Err(found) => {
                self.problems.extend(found);
                File::Bad
            }
        }
    }

    /// The meaning of one file, if what it refers to is known and each rule in it could be read. A file that is left out
    /// has no rules.
    fn part<S, T: Default>(
        &mut self,
        file: File<S>,
        meant: bool,
        meaning: impl FnOnce(&mut Self, &Shaped<S>) -> Option<T>,
    ) -> Option<T> {
        match file {
            File::Read(file) if meant => meaning(self, &file),
            File::Absent => Some(T::default()),
            File::Read(_) | File::Bad => None,
        }
    }

    fn report(&mut self, code: Code, word: &Word, document: &Document, message: String, hint: impl Into<String>) {
        let place = word.at.node(document).place();
        self.problems.push(Problem::at(code, place, message).hint(hint));
    }

    /// The value that a word names in a fixed list.
    fn named<T: Copy>(&mut self, word: &Word, document: &Document, all: &[T], id: fn(T) -> &'static str) -> Option<T> {
        let found = all.iter().copied().find(|value| same(id(*value), &word.text));
        if found.is_none() {
            let hint = suggestion(&word.text, all.iter().map(|value| id(*value)));
            self.report(Code::UnknownWord, word, document, format!("`{}` is not known here", word.text), hint);
        }
        found
    }

    fn grounds(
        &mut self,
        source: &raw::Citation,
        basis: &Word,
        reasoning: Option<&Word>,
        document: &Document,
    ) -> Grounds {
        let page = match self.pages.iter().find(|page| page.id == source.page.text) {
            Some(page) => page.title.clone(),
            None => {
                let hint = suggestion(&source.page.text, self.pages.iter().map(|page| page.id.as_str()));
                let message = format!("the manifest has no source `{}`", source.page.text);
                self.report(Code::UnknownId, &source.page, document, message, hint);
                String::new()
            }
        };
        Grounds {
            source: Citation {
                id: source.page.text.clone(),
                page,
                section: self.text(&source.section, document),
                item: source.item.clone(),
            },
            basis: self.named(basis, document, &Basis::ALL, Basis::id).unwrap_or(Basis::Interpretation),
            reasoning: self.maybe_text(reasoning, document),
        }
    }

    fn manifest(&mut self, file: &Shaped<raw::Manifest>) -> [SectionText; 4] {
        let Shaped { document, shape } = file;
        for page in &shape.sources {
            self.pages.push(Page {
                id: page.id.text.clone(),
                title: page.title.text.clone(),
                publisher: page.publisher.clone(),
                url: page.url.text.clone(),
                last_edited: page.last_edited.clone(),
                place: page.id.at.node(document).place(),
            });
        }
        if shape.format != FORMAT {
            let place = document.root().get("format").map_or_else(|| document.root().place(), Node::place);
            let message = format!("these rules are written in format {}, this program reads {FORMAT}", shape.format);
            let hint = format!("write `format: {FORMAT}`, or use the program that these rules are written for");
            self.problems.push(Problem::at(Code::UnknownWord, place, message).hint(hint));
        }
        let subject = shape.subject.iter().flat_map(|subject| [&subject.one, &subject.many]);
        let letter = shape.letter.iter().flat_map(|letter| [&letter.opening, &letter.reply]);
        let words = [&shape.title, &shape.summary, &shape.disclaimer].into_iter().chain(subject);
        for word in words.chain(&shape.service).chain(letter) {
            self.text(word, document);
        }
        self.short(shape.short.as_ref(), document);
        self.filled(&shape.version, document);
        self.well_formed(&shape.id, document);
        for page in &shape.sources {
            self.id(&page.id, document);
            self.text(&page.title, document);
            self.filled(&page.url, document);
        }
        let sections = &shape.sections;
        [&sections.eligibility, &sections.fit, &sections.application, &sections.go_live].map(|section| SectionText {
            title: self.text(&section.title, document),
            intro: self.said(&section.intro, document),
            place: section.title.at.node(document).place(),
        })
    }
}
