//! The meaning of the rule files: ids, references, conditions, completeness. Finds everything wrong in one pass.

use std::collections::BTreeMap;

use crate::diagram::{Diagrams, Leaf, MAX_LETTERS};
use crate::problem::{Code, Place, Problem, nearest, suggestion};
use crate::question::{Basis, Citation, Grounds, OptionSet, Question};
use crate::yaml::{self, Document, Node, decode};

use super::raw::{self, Word};
use super::{CASES_FOLDER, FILES, Outcome, Page, RuleFiles, Rulebook, SectionText, Status, builtin, compile};

mod conditions;
mod criteria;
mod parts;
mod questions;

/// Words that conditions use, so that no id may.
const RESERVED: [&str; 3] = ["all", "any", "not"];
/// Words that mean something else in an answers file.
const NOT_TEXT: [&str; 4] = ["null", "true", "false", "not_sure"];
/// The version of the file format.
const FORMAT: u8 = 1;

/// One rule file, read: its places and its shape.
struct Shaped<T> {
    document: Document,
    shape: T,
}

pub(super) fn check(files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
    let mut problems = unknown_files(files);
    let manifest = shaped::<raw::Manifest>(files, FILES[0], &mut problems);
    let questions = shaped::<raw::Questions>(files, FILES[1], &mut problems);
    let mut checker = Checker::new(problems);
    // Without these two, every reference in the other files would look wrong, so only their shape is.
    let first = manifest
        .zip(questions)
        .map(|(manifest, questions)| (checker.manifest(&manifest), checker.questions(&questions), manifest.shape));
    let meant = first.is_some();
    let criteria = checker.part(files, FILES[2], meant, Checker::criteria);
    let scenarios = checker.part(files, FILES[3], meant, Checker::scenarios);
    let findings = checker.part(files, FILES[4], meant, Checker::findings);
    let topics = checker.part(files, FILES[5], meant, Checker::topics);
    let obligations = checker.part(files, FILES[6], meant, Checker::obligations);
    let outcomes = checker.part(files, FILES[7], meant, Checker::outcomes);
    let terms = checker.part(files, FILES[8], meant, Checker::terms);
    if let (Some(criteria), Some(scenarios)) = (&criteria, &scenarios) {
        checker.decisions(criteria, scenarios);
    }

    let Checker { mut problems, questions: asked_questions, tested, pages, .. } = checker;
    let alphabets = compile::alphabets(&asked_questions, &tested).map_err(|question| {
        let message = format!("conditions tell too many options of `{}` apart", question.id);
        let hint = format!("test at most {} of its options", MAX_LETTERS.ilog2());
        problems.push(Problem::at(Code::TooIntricate, question.place.clone(), message).hint(hint));
    });
    let parts = (first, criteria, scenarios, findings, topics, obligations, outcomes, terms, alphabets);
    let (
        Some((sections, asked, shape)),
        Some(criteria),
        Some(scenarios),
        Some(findings),
        Some(topics),
        Some(obligations),
        Some((outcomes, facts)),
        Some(terms),
        Ok(alphabets),
    ) = parts
    else {
        return (None, problems);
    };
    if Problem::any_error(&problems) {
        return (None, problems);
    }
    let mut rulebook = Rulebook {
        id: shape.id.text,
        title: shape.title.text,
        version: shape.version.text,
        summary: shape.summary.text,
        disclaimer: shape.disclaimer.text,
        digest: files.digest(),
        pages,
        sections,
        questions: asked_questions,
        ask_when: asked,
        criteria,
        scenarios,
        findings,
        topics,
        obligations,
        outcomes,
        facts,
        terms,
        diagrams: Diagrams::new(alphabets),
        outcome: Diagrams::constant(0),
        scenario: None,
        fit: Diagrams::constant(0),
    };
    if compile::compile(&mut rulebook).is_err() {
        problems.push(too_intricate());
        return (None, problems);
    }
    whole(&mut rulebook, &mut problems);
    (Some(rulebook), problems)
}

fn too_intricate() -> Problem {
    Problem::anywhere(Code::TooIntricate, "the rules need more steps than can be worked out exactly")
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

/// Reads one file and its shape.
fn shaped<T: deserr::Deserr<yaml::Mistakes>>(
    files: &RuleFiles,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<Shaped<T>> {
    let Some(bytes) = files.files.get(name) else {
        let message = format!("`{}` is missing", files.display_name(name));
        let near = files.files.keys().map(String::as_str).filter(|file| !FILES.contains(file));
        let hint = nearest(name, near).map(|near| format!("is `{near}` meant to be it?"));
        problems.push(Problem::anywhere(Code::FileMissing, message).maybe_hint(hint));
        return None;
    };
    let (document, found) = yaml::parse_scanned(&files.display_name(name), bytes, builtin::scanned(bytes));
    problems.extend(found);
    let document = document?;
    let shape = decode(&document).map_err(|found| problems.extend(found)).ok()?;
    Some(Shaped { document, shape })
}

/// Facts about the compiled rules that every rulebook must have: scenarios that cover each product exactly once, and
/// something to say for every status that can happen.
fn whole(rulebook: &mut Rulebook, problems: &mut Vec<Problem>) {
    if !rulebook.scenarios.is_empty() {
        let (Ok(overlaps), Ok(gap)) = (compile::overlaps(rulebook), compile::gap(rulebook)) else {
            problems.push(too_intricate());
            return;
        };
        for (first, second, both) in overlaps {
            let (a, b) = (&rulebook.scenarios[first], &rulebook.scenarios[second]);
            let problem = Problem::at(
                Code::Overlap,
                b.place.clone(),
                format!("`{}` and `{}` match the same product", a.id, b.id),
            );
            problems.push(
                problem
                    .related(a.place.clone(), "the other one")
                    .hint("narrow one of the two conditions")
                    .witness(rulebook.witness(&rulebook.diagrams, both, 1)),
            );
        }
        if gap != Diagrams::constant(0) {
            let place = rulebook.scenarios[0].place.clone();
            let problem = Problem::at(Code::Gap, place, "some products match no scenario");
            problems.push(problem.hint("widen a condition or add a scenario").witness(rulebook.witness(
                &rulebook.diagrams,
                gap,
                1,
            )));
        }
    }
    let nothing = vec![None; rulebook.questions.len()];
    let criteria = rulebook.criteria.iter().map(|c| (&c.id, c.status, &c.says, &c.place));
    let obligations = rulebook.obligations.iter().map(|o| (&o.id, o.status, &o.says, &o.place));
    for (id, diagram, says, place) in criteria.chain(obligations) {
        let reachable = rulebook.diagrams.reachable(diagram, &nothing);
        for status in [Status::Met, Status::ToDiscuss, Status::NotMet] {
            if reachable & (1 << status as u64) != 0 && says.for_status(status).is_none() {
                let message = format!("`{id}` can be {}, but says nothing then", status.id());
                let problem = Problem::at(Code::MessageMissing, place.clone(), message);
                problems.push(problem.hint(format!("add `{}: …` under `says`", status.id())));
            }
        }
    }
}

struct Checker {
    problems: Vec<Problem>,
    ids: BTreeMap<String, Place>,
    questions: Vec<Question>,
    /// The options of each question that some condition tests.
    tested: Vec<OptionSet>,
    pages: Vec<Page>,
}

impl Checker {
    fn new(problems: Vec<Problem>) -> Self {
        Self { problems, ids: BTreeMap::new(), questions: Vec::new(), tested: Vec::new(), pages: Vec::new() }
    }

    /// Reads one file and, if what it refers to is known, its meaning. The file is let go before the next is read.
    fn part<S: deserr::Deserr<yaml::Mistakes>, T>(
        &mut self,
        files: &RuleFiles,
        name: &str,
        meant: bool,
        meaning: impl FnOnce(&mut Self, &Shaped<S>) -> T,
    ) -> Option<T> {
        let file = shaped::<S>(files, name, &mut self.problems)?;
        meant.then(|| meaning(self, &file))
    }

    fn report(&mut self, code: Code, word: &Word, document: &Document, message: String, hint: impl Into<String>) {
        let place = word.at.node(document).place();
        self.problems.push(Problem::at(code, place, message).hint(hint));
    }

    /// The text, which may not be blank.
    fn text(&mut self, word: &Word, document: &Document) -> String {
        if word.text.trim().is_empty() {
            self.report(Code::Blank, word, document, "this text is blank".into(), "write something");
        }
        word.text.trim_end().to_owned()
    }

    fn maybe_text(&mut self, word: Option<&Word>, document: &Document) -> Option<String> {
        word.map(|word| self.text(word, document))
    }

    /// What people write into answers files must be one plain word, which needs no quotation marks anywhere.
    fn well_formed(&mut self, word: &Word, document: &Document) {
        let id = &word.text;
        let formed = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !formed || NOT_TEXT.contains(&id.as_str()) {
            let hint = "use lower case letters, digits and underscores, and begin with a letter";
            self.report(Code::BadId, word, document, format!("`{id}` cannot be an id"), hint);
        }
    }

    /// Registers an id, which must be well formed and new.
    fn id(&mut self, word: &Word, document: &Document) -> String {
        let id = &word.text;
        if RESERVED.contains(&id.as_str()) {
            self.report(Code::BadId, word, document, format!("`{id}` is a word of conditions"), "choose another id");
        }
        self.well_formed(word, document);
        let place = word.at.node(document).place();
        match self.ids.get(id) {
            Some(first) => {
                let problem = Problem::at(Code::DuplicateId, place, format!("`{id}` is already the id of something"))
                    .related(first.clone(), "first here")
                    .hint("give one of them another id");
                self.problems.push(problem);
            }
            None => {
                self.ids.insert(id.clone(), place);
            }
        }
        id.clone()
    }

    /// The value that a word names in a fixed list.
    fn named<T: Copy>(&mut self, word: &Word, document: &Document, all: &[T], id: fn(T) -> &'static str) -> Option<T> {
        let found = all.iter().copied().find(|value| id(*value) == word.text);
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
            source: Citation { page, section: self.text(&source.section, document), item: source.item.clone() },
            basis: self
                .named(basis, document, &[Basis::Published, Basis::Interpretation], Basis::id)
                .unwrap_or(Basis::Interpretation),
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
            });
        }
        if shape.format != FORMAT {
            let place = document.root().get("format").map_or_else(|| document.root().place(), Node::place);
            let message = format!("these rules are written in format {}, this program reads {FORMAT}", shape.format);
            let hint = format!("write `format: {FORMAT}`, or use the program that these rules are written for");
            self.problems.push(Problem::at(Code::UnknownWord, place, message).hint(hint));
        }
        for word in [&shape.id, &shape.title, &shape.version, &shape.summary, &shape.disclaimer] {
            self.text(word, document);
        }
        self.well_formed(&shape.id, document);
        for page in &shape.sources {
            self.id(&page.id, document);
            self.text(&page.title, document);
            self.text(&page.url, document);
        }
        let sections = &shape.sections;
        [&sections.eligibility, &sections.fit, &sections.application, &sections.go_live].map(|section| SectionText {
            title: self.text(&section.title, document),
            intro: self.text(&section.intro, document),
        })
    }
}

// Statuses are the leaves of a criterion's diagram.
const _: () = assert!(Status::NotMet as Leaf == 2 && Outcome::DoesNotMeet as Leaf == 2);
