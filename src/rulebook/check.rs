//! The meaning of the rule files: ids, references, conditions, completeness. Finds everything wrong in one pass.

use std::collections::BTreeMap;

use crate::condition::Condition;
use crate::diagram::{Diagrams, Leaf, MAX_QUESTIONS, Ref};
use crate::problem::{Code, Place, Problem, nearest, suggestion};
use crate::question::{Basis, Changed, Citation, Grounds, Kind, Offer, OptionSet, Question, Section};
use crate::yaml::{self, At, Content, Document, Node, decode};

use super::raw::{self, Word};
use super::{
    CASES_FOLDER, Criterion, Decision, FILES, Fact, Finding, FindingKind, Note, Obligation, Outcome, OutcomeText, Page,
    RuleFiles, Rulebook, Says, Scenario, SectionText, Status, Step, Term, Topic, compile,
};

/// Words that conditions use, so that no id may.
const RESERVED: [&str; 3] = ["all", "any", "not"];
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
    let criteria = shaped::<raw::Criteria>(files, FILES[2], &mut problems);
    let scenarios = shaped::<raw::Scenarios>(files, FILES[3], &mut problems);
    let fit = shaped::<raw::Fit>(files, FILES[4], &mut problems);
    let application = shaped::<raw::Application>(files, FILES[5], &mut problems);
    let go_live = shaped::<raw::GoLive>(files, FILES[6], &mut problems);
    let outcomes = shaped::<raw::Outcomes>(files, FILES[7], &mut problems);
    let glossary = shaped::<raw::Glossary>(files, FILES[8], &mut problems);
    // Without these two, every reference in the other files would look wrong.
    let (Some(manifest), Some(questions)) = (manifest, questions) else {
        return (None, problems);
    };

    let mut checker = Checker::new(problems, &manifest);
    let sections = checker.manifest(&manifest);
    let asked = checker.questions(&questions);
    let criteria = criteria.map(|file| checker.criteria(&file));
    let scenarios = scenarios.map(|file| checker.scenarios(&file));
    let findings = fit.map(|file| checker.findings(&file));
    let topics = application.map(|file| checker.topics(&file));
    let obligations = go_live.map(|file| checker.obligations(&file));
    let outcomes = outcomes.map(|file| checker.outcomes(&file));
    let terms = glossary.map(|file| checker.terms(&file));
    if let (Some(criteria), Some(scenarios)) = (&criteria, &scenarios) {
        checker.decisions(criteria, scenarios);
    }

    let Checker { mut problems, questions: asked_questions, tested, pages, .. } = checker;
    let alphabets = compile::alphabets(&asked_questions, &tested);
    let parts = (criteria, scenarios, findings, topics, obligations, outcomes, terms, alphabets);
    let (
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
        if let (.., Err(_)) = parts {
            problems.push(too_intricate());
        }
        return (None, problems);
    };
    if Problem::any_error(&problems) {
        return (None, problems);
    }
    let shape = manifest.shape;
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
    let (document, found) = yaml::parse(&files.display_name(name), bytes);
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
    page_ids: Vec<String>,
    pages: Vec<Page>,
}

impl Checker {
    fn new(problems: Vec<Problem>, manifest: &Shaped<raw::Manifest>) -> Self {
        let sources = &manifest.shape.sources;
        Self {
            problems,
            ids: BTreeMap::new(),
            questions: Vec::new(),
            tested: Vec::new(),
            page_ids: sources.iter().map(|page| page.id.text.clone()).collect(),
            pages: sources
                .iter()
                .map(|page| Page {
                    id: page.id.text.clone(),
                    title: page.title.text.clone(),
                    publisher: page.publisher.clone(),
                    url: page.url.text.clone(),
                    last_edited: page.last_edited.clone(),
                })
                .collect(),
        }
    }

    fn report(&mut self, code: Code, word: &Word, document: &Document, message: String, hint: Option<String>) {
        let place = word.at.node(document).place();
        self.problems.push(Problem::at(code, place, message).maybe_hint(hint));
    }

    /// The text, which may not be blank.
    fn text(&mut self, word: &Word, document: &Document) -> String {
        if word.text.trim().is_empty() {
            self.report(Code::Blank, word, document, "this text is blank".into(), Some("write something".into()));
        }
        word.text.trim_end().to_owned()
    }

    fn maybe_text(&mut self, word: Option<&Word>, document: &Document) -> Option<String> {
        word.map(|word| self.text(word, document))
    }

    /// Registers an id, which must be well formed and new.
    fn id(&mut self, word: &Word, document: &Document) -> String {
        let id = &word.text;
        let formed = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && !RESERVED.contains(&id.as_str());
        if !formed {
            let hint = "use lower case letters, digits and underscores, and begin with a letter".to_owned();
            self.report(Code::BadId, word, document, format!("`{id}` cannot be an id"), Some(hint));
        }
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
            self.report(Code::UnknownWord, word, document, format!("`{}` is not known here", word.text), Some(hint));
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
        let page = match self.page_ids.iter().position(|id| *id == source.page.text) {
            Some(index) => self.pages[index].title.clone(),
            None => {
                let hint = suggestion(&source.page.text, self.page_ids.iter().map(String::as_str));
                let message = format!("the manifest has no source `{}`", source.page.text);
                self.report(Code::UnknownId, &source.page, document, message, Some(hint));
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
        if shape.format != FORMAT {
            let place = document.root().get("format").map_or_else(|| document.root().place(), Node::place);
            let message = format!("these rules are written in format {}, this program reads {FORMAT}", shape.format);
            self.problems.push(Problem::at(Code::UnknownWord, place, message));
        }
        for word in [&shape.id, &shape.title, &shape.version, &shape.summary, &shape.disclaimer] {
            self.text(word, document);
        }
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

    fn questions(&mut self, file: &Shaped<raw::Questions>) -> Vec<Option<(Condition, Ref)>> {
        let Shaped { document, shape } = file;
        let mut reached = Section::Eligibility;
        for raw in &shape.questions {
            let section = self.named(&raw.section, document, &Section::ALL, Section::id).unwrap_or(reached);
            if section < reached {
                let message = format!("a question of `{}` stands after one of `{}`", section.id(), reached.id());
                let hint = "questions are asked in the order of the sections".to_owned();
                self.report(Code::Order, &raw.section, document, message, Some(hint));
            }
            reached = reached.max(section);
            let kinds = [Kind::YesNo, Kind::Choice, Kind::Choices, Kind::Text];
            let kind = self.named(&raw.kind, document, &kinds, Kind::id).unwrap_or(Kind::Text);
            let question = Question {
                id: self.id(&raw.id, document),
                section,
                kind,
                prompt: self.text(&raw.prompt, document),
                hint: self.maybe_text(raw.hint.as_ref(), document),
                options: self.offers(raw, kind, document),
                changeable: raw.changeable.unwrap_or(true),
                best_first: raw.best_first.unwrap_or(false),
                evidence: self.maybe_text(raw.evidence.as_ref(), document),
                changed: raw.changed.as_ref().map(|changed| Changed {
                    version: self.text(&changed.version, document),
                    why: self.text(&changed.why, document),
                }),
                grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                place: raw.id.at.node(document).place(),
            };
            self.questions.push(question);
            self.tested.push(0);
        }
        if self.questions.is_empty() || self.questions.len() > MAX_QUESTIONS {
            let message = format!("rules have between 1 and {MAX_QUESTIONS} questions, not {}", self.questions.len());
            self.problems.push(Problem::at(Code::Blank, document.root().place(), message));
        }
        shape
            .questions
            .iter()
            .map(|raw| raw.ask_when.as_ref().and_then(|at| self.condition(at, document)))
            .map(|condition| condition.map(|condition| (condition, Diagrams::constant(1))))
            .collect()
    }

    fn offers(&mut self, raw: &raw::Question, kind: Kind, document: &Document) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        for option in &raw.options {
            let value = self.text(&option.value, document);
            if offers.iter().any(|known| known.value == value) {
                let message = format!("the option `{value}` stands twice");
                self.report(Code::BadQuestion, &option.value, document, message, None);
            }
            if option.label.is_none() && kind != Kind::YesNo {
                let hint = Some("add `label: …`".to_owned());
                self.report(Code::BadQuestion, &option.value, document, format!("`{value}` has no label"), hint);
            }
            if option.exclusive == Some(true) && kind != Kind::Choices {
                let message = "only an option of a `choices` question can be exclusive".to_owned();
                self.report(Code::BadQuestion, &option.value, document, message, None);
            }
            let label = self.maybe_text(option.label.as_ref(), document).unwrap_or_else(|| value.clone());
            offers.push(Offer {
                label,
                hint: self.maybe_text(option.hint.as_ref(), document),
                action: self.maybe_text(option.action.as_ref(), document),
                exclusive: option.exclusive.unwrap_or(false),
                value,
            });
        }
        match kind {
            Kind::YesNo => {
                if let Some(other) = raw.options.iter().find(|o| !["yes", "no"].contains(&o.value.text.as_str())) {
                    let message = format!("a yes_no question has no option `{}`", other.value.text);
                    let hint = Some("write `yes` or `no`, or make the kind `choice`".to_owned());
                    self.report(Code::BadQuestion, &other.value, document, message, hint);
                }
                yes_and_no(&offers)
            }
            Kind::Choice | Kind::Choices if !(2..=64).contains(&offers.len()) => {
                let message = format!("a {} question has between 2 and 64 options, not {}", kind.id(), offers.len());
                self.report(Code::BadQuestion, &raw.kind, document, message, None);
                Vec::new()
            }
            Kind::Text if !offers.is_empty() => {
                let message = "a text question has no options".to_owned();
                self.report(Code::BadQuestion, &raw.kind, document, message, None);
                Vec::new()
            }
            Kind::Choice | Kind::Choices | Kind::Text => offers,
        }
    }

    /// The condition that stands at a place.
    fn condition(&mut self, at: &At, document: &Document) -> Option<Condition> {
        self.condition_at(at.node(document))
    }

    fn condition_at(&mut self, node: Node<'_>) -> Option<Condition> {
        let Content::Mapping(entries) = node.content() else {
            return self.bad_condition(node, format!("{} stands where a condition is needed", node.kind()));
        };
        if entries.is_empty() {
            return self.bad_condition(node, "this condition has no lines".to_owned());
        }
        let parts: Vec<Option<Condition>> = entries
            .iter()
            .map(|(key, value)| (key.as_str(), node.inside(value)))
            .map(|(key, value)| match key {
                "all" => self.conditions(value).map(Condition::All),
                "any" => self.conditions(value).map(Condition::Any),
                "not" => self.condition_at(value).map(|part| Condition::Not(Box::new(part))),
                id => self.test(id, value),
            })
            .collect();
        let mut parts: Vec<Condition> = parts.into_iter().collect::<Option<_>>()?;
        if parts.len() == 1 { parts.pop() } else { Some(Condition::All(parts)) }
    }

    fn conditions(&mut self, node: Node<'_>) -> Option<Vec<Condition>> {
        match node.content() {
            Content::List(items) if !items.is_empty() => {
                let parts: Vec<Option<Condition>> =
                    items.iter().map(|item| self.condition_at(node.inside(item))).collect();
                parts.into_iter().collect()
            }
            _ => self.bad_condition(node, "`all` and `any` need a list of conditions".to_owned()),
        }
    }

    /// A test of one question: its value, or a list of values.
    fn test(&mut self, id: &str, node: Node<'_>) -> Option<Condition> {
        let Some(question) = self.questions.iter().position(|question| question.id == id) else {
            let ids = self.questions.iter().map(|question| question.id.as_str()).chain(RESERVED);
            let problem = Problem::at(Code::UnknownId, node.key_place(), format!("there is no question `{id}`"))
                .hint(suggestion(id, ids));
            self.problems.push(problem);
            return None;
        };
        if self.questions[question].kind == Kind::Text {
            return self.bad_condition(node, format!("`{id}` is a text, which no condition can test"));
        }
        let values = match node.content() {
            Content::List(items) => items.iter().map(|item| node.inside(item)).collect(),
            Content::Text(_) | Content::Bool(_) => vec![node],
            Content::Null | Content::Number(_) | Content::Mapping(_) => {
                return self.bad_condition(node, format!("{} stands where a value is needed", node.kind()));
            }
        };
        if values.is_empty() {
            return self.bad_condition(node, "this list has no values".to_owned());
        }
        let mut options = 0;
        for value in values {
            options |= self.tested_option(question, value)?;
        }
        self.tested[question] |= options;
        Some(Condition::Is { question, options, place: node.key_place() })
    }

    fn tested_option(&mut self, question: usize, node: Node<'_>) -> Option<OptionSet> {
        let asked = &self.questions[question];
        let word = match node.content() {
            Content::Text(word) => word.as_str(),
            Content::Bool(true) if asked.kind == Kind::YesNo => "yes",
            Content::Bool(false) if asked.kind == Kind::YesNo => "no",
            _ => {
                return self.bad_condition(node, format!("{} stands where a value is needed", node.kind()));
            }
        };
        match asked.option(word) {
            Ok(option) => Some(1 << option),
            Err(_) => {
                let message = format!("`{}` does not offer `{word}`", asked.id);
                let hint = suggestion(word, asked.values());
                self.problems.push(Problem::at(Code::UnknownOption, node.place(), message).hint(hint));
                None
            }
        }
    }

    fn bad_condition<T>(&mut self, node: Node<'_>, message: String) -> Option<T> {
        let problem = Problem::at(Code::BadCondition, node.place(), message);
        self.problems.push(problem.hint("write it as a mapping, for example `{question_id: value}`"));
        None
    }

    fn notes(&mut self, notes: &[raw::Note], document: &Document) -> Vec<Note> {
        notes
            .iter()
            .filter_map(|note| {
                let says = self.text(&note.says, document);
                let when = self.condition(&note.when, document)?;
                Some(Note { when, holds: Diagrams::constant(0), says })
            })
            .collect()
    }

    fn says(&mut self, says: &raw::Says, document: &Document) -> Says {
        let texts = [&says.met, &says.to_discuss, &says.not_met, &says.unknown];
        Says { texts: texts.map(|text| self.maybe_text(text.as_ref(), document)) }
    }

    fn criteria(&mut self, file: &Shaped<raw::Criteria>) -> Vec<Criterion> {
        let Shaped { document, shape } = file;
        if shape.criteria.is_empty() {
            let problem =
                Problem::at(Code::Blank, document.root().place(), "there are no criteria, so nothing is decided");
            self.problems.push(problem);
        }
        let checked: Vec<Option<Criterion>> = shape
            .criteria
            .iter()
            .map(|raw| {
                let (id, title) = (self.id(&raw.id, document), self.text(&raw.title, document));
                let (says, notes) = (self.says(&raw.says, document), self.notes(&raw.notes, document));
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                Some(Criterion {
                    id,
                    number: raw.number,
                    title,
                    decision: self.decision(raw, document)?,
                    status: Diagrams::constant(0),
                    says,
                    notes,
                    grounds,
                    place: raw.id.at.node(document).place(),
                })
            })
            .collect();
        checked.into_iter().flatten().collect()
    }

    fn decision(&mut self, raw: &raw::Criterion, document: &Document) -> Option<Decision> {
        match (&raw.decided_by, &raw.met_when, &raw.otherwise) {
            (Some(by), None, None) if raw.discuss_when.is_none() => {
                self.named(by, document, &["scenarios"], |by| by)?;
                let words_met_when = match &raw.words_met_when {
                    Some(at) => Some(self.condition(at, document)?),
                    None => None,
                };
                Some(Decision::Scenarios { words_met_when })
            }
            (None, Some(met_when), Some(otherwise)) if raw.words_met_when.is_none() => {
                let met_when = self.condition(met_when, document);
                let discuss_when = raw.discuss_when.as_ref().map(|at| self.condition(at, document));
                let otherwise = self.named(otherwise, document, &[Status::ToDiscuss, Status::NotMet], Status::id);
                Some(Decision::Conditions {
                    met_when: met_when?,
                    discuss_when: match discuss_when {
                        Some(condition) => Some(condition?),
                        None => None,
                    },
                    otherwise: otherwise?,
                })
            }
            _ => {
                let message = format!("it is not clear what decides `{}`", raw.id.text);
                let hint = "give it `met_when` and `otherwise`, or `decided_by: scenarios`".to_owned();
                self.report(Code::Decides, &raw.id, document, message, Some(hint));
                None
            }
        }
    }

    /// At most one criterion is decided by the scenarios, and neither goes without the other.
    fn decisions(&mut self, criteria: &[Criterion], scenarios: &[Scenario]) {
        let mut decided = criteria.iter().filter(|c| matches!(c.decision, Decision::Scenarios { .. }));
        let problem = match (decided.next(), decided.next(), scenarios.first()) {
            (_, Some(second), _) => {
                Problem::at(Code::Decides, second.place.clone(), "the scenarios already decide another criterion")
            }
            (Some(first), None, None) => {
                Problem::at(Code::Decides, first.place.clone(), "there are no scenarios to decide this criterion")
            }
            (None, None, Some(scenario)) => {
                Problem::at(Code::Decides, scenario.place.clone(), "no criterion is decided by the scenarios")
                    .hint("give one criterion `decided_by: scenarios`")
            }
            (_, None, _) => return,
        };
        self.problems.push(problem);
    }

    fn scenarios(&mut self, file: &Shaped<raw::Scenarios>) -> Vec<Scenario> {
        let Shaped { document, shape } = file;
        if shape.scenarios.len() > compile::MAX_SCENARIOS {
            let message = format!("there are more than {} scenarios", compile::MAX_SCENARIOS);
            self.problems.push(Problem::at(Code::TooIntricate, document.root().place(), message));
        }
        let checked: Vec<Option<Scenario>> = shape
            .scenarios
            .iter()
            .map(|raw| {
                let (id, title) = (self.id(&raw.id, document), self.text(&raw.title, document));
                let (says, notes) = (self.text(&raw.says, document), self.notes(&raw.notes, document));
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                let all = [Status::Met, Status::ToDiscuss, Status::NotMet];
                let criterion = self.named(&raw.criterion, document, &all, Status::id);
                let departs_because = self.maybe_text(raw.departs_because.as_ref(), document);
                let when = self.condition(&raw.when, document);
                Some(Scenario {
                    id,
                    number: raw.number,
                    title,
                    when: when?,
                    criterion: criterion?,
                    says,
                    notes,
                    departs_because,
                    grounds,
                    place: raw.id.at.node(document).place(),
                })
            })
            .collect();
        checked.into_iter().flatten().collect()
    }

    fn findings(&mut self, file: &Shaped<raw::Fit>) -> Vec<Finding> {
        let Shaped { document, shape } = file;
        let checked: Vec<Option<Finding>> = shape
            .findings
            .iter()
            .map(|raw| {
                let (id, title) = (self.id(&raw.id, document), self.text(&raw.title, document));
                let says = self.text(&raw.says, document);
                let not_sure = self.maybe_text(raw.not_sure.as_ref(), document);
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                let all = [FindingKind::Blocker, FindingKind::Condition, FindingKind::Note];
                let kind = self.named(&raw.kind, document, &all, FindingKind::id);
                let when = self.condition(&raw.when, document);
                if not_sure.is_none() && kind.is_some_and(|kind| kind != FindingKind::Note) {
                    let message = format!("`{id}` says nothing when a \"not sure\" leaves it open");
                    let hint = Some("add `not_sure: …`".to_owned());
                    self.report(Code::MessageMissing, &raw.id, document, message, hint);
                }
                Some(Finding {
                    id,
                    kind: kind?,
                    title,
                    when: when?,
                    state: Diagrams::constant(0),
                    says,
                    not_sure,
                    grounds,
                    place: raw.id.at.node(document).place(),
                })
            })
            .collect();
        checked.into_iter().flatten().collect()
    }

    fn topics(&mut self, file: &Shaped<raw::Application>) -> Vec<Topic> {
        let Shaped { document, shape } = file;
        shape
            .topics
            .iter()
            .map(|raw| {
                let id = self.id(&raw.id, document);
                if raw.questions.is_empty() {
                    let message = format!("the topic `{id}` has no questions, so nothing could prepare it");
                    self.report(Code::Blank, &raw.id, document, message, None);
                }
                Topic {
                    id,
                    number: raw.number,
                    title: self.text(&raw.title, document),
                    prepare: self.text(&raw.prepare, document),
                    questions: raw.questions.iter().filter_map(|word| self.question(word, document)).collect(),
                    grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                    place: raw.id.at.node(document).place(),
                }
            })
            .collect()
    }

    /// The index of a question named in a list.
    fn question(&mut self, word: &Word, document: &Document) -> Option<usize> {
        let found = self.questions.iter().position(|question| question.id == word.text);
        if found.is_none() {
            let hint = suggestion(&word.text, self.questions.iter().map(|question| question.id.as_str()));
            let message = format!("there is no question `{}`", word.text);
            self.report(Code::UnknownId, word, document, message, Some(hint));
        }
        found
    }

    fn obligations(&mut self, file: &Shaped<raw::GoLive>) -> Vec<Obligation> {
        let Shaped { document, shape } = file;
        let checked: Vec<Option<Obligation>> = shape
            .obligations
            .iter()
            .map(|raw| {
                let (id, title) = (self.id(&raw.id, document), self.text(&raw.title, document));
                let (says, notes) = (self.says(&raw.says, document), self.notes(&raw.notes, document));
                let grounds = self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document);
                let otherwise = self.named(&raw.otherwise, document, &[Status::ToDiscuss, Status::NotMet], Status::id);
                let met_when = self.condition(&raw.met_when, document);
                if says.for_status(Status::Unknown).is_none() {
                    let message = format!("`{id}` says nothing while it is unknown");
                    let hint = Some("add `unknown: …` under `says`".to_owned());
                    self.report(Code::MessageMissing, &raw.id, document, message, hint);
                }
                Some(Obligation {
                    id,
                    title,
                    met_when: met_when?,
                    otherwise: otherwise?,
                    status: Diagrams::constant(0),
                    says,
                    notes,
                    grounds,
                    place: raw.id.at.node(document).place(),
                })
            })
            .collect();
        checked.into_iter().flatten().collect()
    }

    fn outcomes(&mut self, file: &Shaped<raw::Outcomes>) -> ([OutcomeText; 4], Vec<Fact>) {
        let Shaped { document, shape } = file;
        let by = &shape.outcomes;
        let all = [&by.meets_criteria, &by.needs_discussion, &by.does_not_meet, &by.incomplete];
        let texts = all.map(|raw| OutcomeText {
            title: self.text(&raw.title, document),
            meaning: self.text(&raw.meaning, document),
            next_steps: raw
                .next_steps
                .iter()
                .map(|step| Step {
                    id: self.id(&step.id, document),
                    title: self.text(&step.title, document),
                    says: self.text(&step.says, document),
                    grounds: self.grounds(&step.source, &step.basis, step.reasoning.as_ref(), document),
                    place: step.id.at.node(document).place(),
                })
                .collect(),
        });
        let facts = shape
            .facts
            .iter()
            .map(|raw| Fact {
                id: self.id(&raw.id, document),
                title: self.text(&raw.title, document),
                says: self.text(&raw.says, document),
                outcomes: raw
                    .outcomes
                    .iter()
                    .filter_map(|word| self.named(word, document, &Outcome::ALL, Outcome::id))
                    .collect(),
                grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                place: raw.id.at.node(document).place(),
            })
            .collect();
        (texts, facts)
    }

    fn terms(&mut self, file: &Shaped<raw::Glossary>) -> Vec<Term> {
        let Shaped { document, shape } = file;
        shape
            .terms
            .iter()
            .map(|raw| Term {
                id: self.id(&raw.id, document),
                term: self.text(&raw.term, document),
                meaning: self.text(&raw.meaning, document),
                grounds: self.grounds(&raw.source, &raw.basis, raw.reasoning.as_ref(), document),
                place: raw.id.at.node(document).place(),
            })
            .collect()
    }
}

/// Both options of a yes-or-no question, with what the rules add to them.
fn yes_and_no(offers: &[Offer]) -> Vec<Offer> {
    ["yes", "no"]
        .into_iter()
        .map(|value| {
            let given = offers.iter().find(|offer| offer.value == value);
            let label = if value == "yes" { "Yes" } else { "No" };
            match given {
                Some(offer) if offer.label != offer.value => offer.clone(),
                _ => Offer {
                    value: value.to_owned(),
                    label: label.to_owned(),
                    hint: given.and_then(|offer| offer.hint.clone()),
                    action: given.and_then(|offer| offer.action.clone()),
                    exclusive: false,
                },
            }
        })
        .collect()
}

// Statuses are the leaves of a criterion's diagram.
const _: () = assert!(Status::NotMet as Leaf == 2 && Outcome::DoesNotMeet as Leaf == 2);
