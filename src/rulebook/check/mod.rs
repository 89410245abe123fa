//! The meaning of the rule files: ids, references, conditions, completeness. Finds everything wrong in one pass.

use std::collections::BTreeMap;

use crate::diagram::{Diagrams, InScenario, Variables};
use crate::outcome::FitOutcome;
use crate::problem::{Code, Place, Problem, Severity, nearest, suggestion};
use crate::question::{Basis, Citation, Grounds, Question};
use crate::wording::Text;
use crate::yaml::{self, Content, Document, Node, decode};

use super::raw::{self, Said, Word};
use super::{
    CASES_FOLDER, CONTRADICTIONS, FILES, Outcome, Page, Reach, RuleFiles, Rulebook, SectionText, Subject, builtin,
    compile,
};

mod conditions;
mod criteria;
mod parts;
mod questions;

/// Words that conditions use, so that no id may.
const RESERVED: [&str; 3] = ["all", "any", "not"];
/// Words with which the ids of what has none of its own begin.
const TAKEN: [&str; 3] = ["manifest", "section", "outcome"];
/// Results that conditions test by these words, so that no question may be called so.
const RESULTS: [&str; 2] = ["scenario", "fit"];
/// Words that mean something else in an answers file.
const NOT_TEXT: [&str; 4] = ["null", "true", "false", "not_sure"];
/// The keys of a text that is a mapping.
const PARTS_OF_TEXT: [&str; 3] = ["says", "reading", "reasoning"];
/// The most characters of a text that has a row of a report to itself.
const MAX_SHORT: usize = 75;
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
        .map(|(manifest, questions)| (checker.manifest(&manifest), checker.questions(&questions), manifest));
    let meant = first.is_some();
    let criteria = shaped::<raw::Criteria>(files, FILES[2], &mut checker.problems);
    let scenarios = shaped::<raw::Scenarios>(files, FILES[3], &mut checker.problems);
    let fit = shaped::<raw::Fit>(files, FILES[4], &mut checker.problems);
    let application = shaped::<raw::Application>(files, FILES[5], &mut checker.problems);
    let go_live = shaped::<raw::GoLive>(files, FILES[6], &mut checker.problems);
    let contradictions = if files.files.contains_key(CONTRADICTIONS) {
        shaped::<raw::Contradictions>(files, CONTRADICTIONS, &mut checker.problems).map(Some)
    } else {
        Some(None)
    };
    let outcomes = shaped::<raw::Outcomes>(files, FILES[8], &mut checker.problems);
    let glossary = shaped::<raw::Glossary>(files, FILES[9], &mut checker.problems);
    checker.results = Results {
        criteria: ids(criteria.as_ref(), |shape| &shape.criteria, |raw| &raw.id),
        scenarios: ids(scenarios.as_ref(), |shape| &shape.scenarios, |raw| &raw.id),
        topics: ids(application.as_ref(), |shape| &shape.topics, |raw| &raw.id),
        obligations: ids(go_live.as_ref(), |shape| &shape.obligations, |raw| &raw.id),
    };
    let criteria = checker.part(criteria, meant, Checker::criteria);
    let scenarios = checker.part(scenarios, meant, Checker::scenarios);
    let findings = checker.part(fit, meant, Checker::findings);
    let topics = checker.part(application, meant, Checker::topics);
    let obligations = checker.part(go_live, meant, Checker::obligations);
    let contradictions = contradictions.and_then(|file| match file {
        Some(file) => checker.part(Some(file), meant, Checker::contradictions),
        None => Some(Vec::new()),
    });
    let outcomes = checker.part(outcomes, meant, Checker::outcomes);
    let terms = checker.part(glossary, meant, Checker::terms);
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
        subject: shape.subject.map_or_else(
            || Subject { one: "product".to_owned(), many: "products".to_owned() },
            |subject| Subject { one: subject.one.text, many: subject.many.text },
        ),
        place,
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
    if compile::compile(&mut rulebook).is_err() {
        rulebook.reach = Reach::TooIntricate;
        problems.push(too_intricate());
        return (Some(rulebook), problems);
    }
    whole(&mut rulebook, &mut problems);
    (Some(rulebook), problems)
}

fn too_intricate() -> Problem {
    let message = "there are too many ways to answer to work all of them out exactly";
    let hint = "each product can be assessed by itself; to have the rules proved, simplify their conditions";
    let problem = Problem::anywhere(Code::TooIntricate, message).hint(hint);
    Problem { severity: Severity::Warning, ..problem }
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
                    .witness(rulebook.witness(&rulebook.diagrams, both, true)),
            );
        }
        if gap != Diagrams::constant(false) {
            let place = rulebook.scenarios[0].place.clone();
            let problem = Problem::at(Code::Gap, place, "some products match no scenario");
            problems.push(problem.hint("widen a condition or add a scenario").witness(rulebook.witness(
                &rulebook.diagrams,
                gap,
                true,
            )));
        }
    }
    let nothing = rulebook.diagrams.variables().nothing();
    let criteria = rulebook.criteria.iter().map(|c| (&c.id, c.status, &c.says, &c.place));
    let obligations = rulebook.obligations.iter().map(|o| (&o.id, o.status, &o.says, &o.place));
    for (id, diagram, says, place) in criteria.chain(obligations) {
        for status in rulebook.diagrams.possible(diagram, &nothing) {
            if says.for_status(status).is_none() {
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
    pages: Vec<Page>,
    results: Results,
    /// Whether the condition in hand may test results.
    tests_results: bool,
}

/// The ids of what answers come to, in the order of the rules.
#[derive(Default)]
struct Results {
    criteria: Vec<String>,
    scenarios: Vec<String>,
    topics: Vec<String>,
    obligations: Vec<String>,
}

fn ids<S, T>(file: Option<&Shaped<S>>, list: fn(&S) -> &Vec<T>, id: fn(&T) -> &Word) -> Vec<String> {
    file.map(|file| list(&file.shape).iter().map(|raw| id(raw).text.clone()).collect()).unwrap_or_default()
}

impl Checker {
    fn new(problems: Vec<Problem>) -> Self {
        Self {
            problems,
            ids: BTreeMap::new(),
            questions: Vec::new(),
            pages: Vec::new(),
            results: Results::default(),
            tests_results: false,
        }
    }

    /// The meaning of one file, if what it refers to is known.
    fn part<S, T>(
        &mut self,
        file: Option<Shaped<S>>,
        meant: bool,
        meaning: impl FnOnce(&mut Self, &Shaped<S>) -> T,
    ) -> Option<T> {
        file.filter(|_| meant).map(|file| meaning(self, &file))
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

    /// A text that has a row of a report to itself.
    fn short(&mut self, word: Option<&Word>, document: &Document) -> Option<String> {
        let text = self.maybe_text(word, document)?;
        let length = text.chars().count();
        if length > MAX_SHORT {
            let message = format!("this text has {length} characters, and there is room for {MAX_SHORT}");
            self.report(Code::TooLong, word?, document, message, "say it in fewer words");
        }
        Some(text)
    }

    /// A text that may keep what the source says apart from our reading of it.
    fn said(&mut self, said: &Said, document: &Document) -> Text {
        let node = said.0.node(document);
        match node.content() {
            Content::Mapping(parts) => {
                let [says, reading, reasoning] = PARTS_OF_TEXT.map(|part| self.plain(node.get(part)?));
                for (key, part) in parts.iter().filter(|(key, _)| !PARTS_OF_TEXT.contains(&key.as_str())) {
                    let place = node.inside(part).key_place();
                    let problem = Problem::at(Code::UnknownKey, place, format!("unknown key `{key}`"));
                    self.problems.push(problem.hint(suggestion(key, PARTS_OF_TEXT)));
                }
                if node.get("says").is_none() && node.get("reading").is_none() {
                    let problem = Problem::at(Code::MissingKey, node.place(), "this text says nothing");
                    self.problems.push(problem.hint("add `says: …`, or `reading: …` for what is ours"));
                }
                Text::new(says.unwrap_or_default(), reading, reasoning)
            }
            _ => Text::new(self.plain(node).unwrap_or_default(), None, None),
        }
    }

    fn maybe_said(&mut self, said: Option<&Said>, document: &Document) -> Option<Text> {
        said.map(|said| self.said(said, document))
    }

    /// The text that stands here, which may not be blank.
    fn plain(&mut self, node: Node<'_>) -> Option<String> {
        match node.content() {
            Content::Text(text) => {
                if text.trim().is_empty() {
                    let problem = Problem::at(Code::Blank, node.place(), "this text is blank");
                    self.problems.push(problem.hint("write something"));
                }
                Some(text.trim_end().to_owned())
            }
            _ => {
                let message = format!("{} stands where text is needed", node.kind());
                self.problems
                    .push(Problem::at(Code::WrongKind, node.place(), message).hint("put text in quotation marks"));
                None
            }
        }
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
        if TAKEN.contains(&id.as_str()) {
            let message = format!("`{id}` already stands for something in every rules folder");
            self.report(Code::BadId, word, document, message, "choose another id");
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
        for word in
            [&shape.id, &shape.title, &shape.version, &shape.summary, &shape.disclaimer].into_iter().chain(subject)
        {
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
            intro: self.said(&section.intro, document),
            place: section.title.at.node(document).place(),
        })
    }
}
