//! Cases beside the rules: answers, and what the rules must say about them.

use std::collections::BTreeMap;

use deserr::Deserr;

use crate::answers::{self, Answers, Entry};
use crate::assess::assess;
use crate::assessment::{Assessment, FindingState, FitOutcome};
use crate::problem::{Code, Place, Problem, suggestion};
use crate::rulebook::{CASES_FOLDER, Outcome, RuleFiles, Rulebook, Status};
use crate::yaml::{self, At, Content, Document, Mistakes, Node, decode};

#[derive(Deserr)]
#[deserr(error = Mistakes, deny_unknown_fields)]
struct RawCases {
    cases: Vec<RawCase>,
}

#[derive(Deserr)]
#[deserr(error = Mistakes, deny_unknown_fields)]
struct RawCase {
    name: String,
    #[deserr(default)]
    based_on: Option<String>,
    #[deserr(default)]
    #[allow(dead_code, reason = "the answers are read with their places")]
    given: At,
    expect: At,
}

/// One case.
#[derive(Debug)]
pub struct Case {
    /// Its name, unique among the cases.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What was answered.
    pub answers: Answers,
    /// What must come out, each with its place.
    pub expected: Vec<(Place, Expected)>,
}

/// One thing that must come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The outcome.
    Outcome(Outcome),
    /// Exactly these outcomes still possible.
    PossibleOutcomes(Vec<Outcome>),
    /// The id of the scenario, or none while undecided.
    Scenario(Option<String>),
    /// The status of the criterion with this id.
    Criterion(String, Status),
    /// The fit.
    Fit(FitOutcome),
    /// The state of the finding with this id.
    Finding(String, FindingState),
    /// The status of the obligation with this id.
    Obligation(String, Status),
    /// Exactly these answers missing, in the order of the questions.
    Missing(Vec<String>),
}

/// All cases of a rules folder.
#[derive(Debug, Default)]
pub struct Cases {
    /// The cases, in the order of the files.
    pub all: Vec<Case>,
    /// What is wrong with the files.
    pub problems: Vec<Problem>,
}

/// What became of a case.
#[derive(Debug)]
pub struct CaseResult<'c> {
    /// The case.
    pub case: &'c Case,
    /// What did not come out as expected.
    pub problems: Vec<Problem>,
}

/// The most cases of a rules folder.
pub const MAX_CASES: usize = 10_000;

/// Reads the cases beside the rules. Having none is a problem.
#[must_use]
pub fn cases(files: &RuleFiles, rulebook: &Rulebook) -> Cases {
    let mut reader =
        Reader { rulebook, cases: Cases::default(), named: BTreeMap::new(), bases: Vec::new(), given: Vec::new() };
    let in_folder = |name: &&String| name.starts_with(CASES_FOLDER);
    for name in files.files.keys().filter(in_folder) {
        let (document, found) = yaml::parse(&files.display_name(name), &files.files[name]);
        reader.cases.problems.extend(found);
        if let Some(document) = document {
            reader.file(&document);
        }
    }
    reader.fill_in();
    let mut cases = reader.cases;
    if cases.all.is_empty() && cases.problems.is_empty() {
        let message = format!("`{}` has no cases", files.display_name(CASES_FOLDER));
        cases.problems.push(Problem::anywhere(Code::NoCases, message).hint("`explain R026` tells how to add some"));
    }
    Problem::sort(&mut cases.problems);
    cases
}

/// Runs one case.
#[must_use]
pub fn run<'c>(case: &'c Case, rulebook: &Rulebook) -> CaseResult<'c> {
    let assessment = assess(rulebook, &case.answers);
    let problems = case
        .expected
        .iter()
        .filter_map(|(place, expected)| {
            let (what, wanted, found) = compare(expected, &assessment);
            (wanted != found).then(|| {
                let message = format!("case \"{}\": {what} should be {wanted}, but is {found}", case.name);
                Problem::at(Code::CaseFails, place.clone(), message)
            })
        })
        .collect();
    CaseResult { case, problems }
}

/// What is compared, what it should be and what it is, in words.
fn compare(expected: &Expected, found: &Assessment<'_>) -> (String, String, String) {
    let list = |ids: &[&str]| if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") };
    let outcomes = |all: &[Outcome]| list(&all.iter().map(|outcome| outcome.id()).collect::<Vec<_>>());
    let known = "every id was checked when the case was read";
    match expected {
        Expected::Outcome(outcome) => ("the outcome".into(), outcome.id().into(), found.outcome.id().into()),
        Expected::PossibleOutcomes(all) => {
            ("what is still possible".into(), outcomes(all), outcomes(&found.possible_outcomes))
        }
        Expected::Scenario(id) => {
            let name = |id: Option<&str>| id.unwrap_or("undecided").to_owned();
            let is = found.scenario.as_ref().map(|result| result.scenario.id.as_str());
            ("the scenario".into(), name(id.as_deref()), name(is))
        }
        Expected::Criterion(id, status) => {
            let is = found.criteria.iter().find(|result| result.criterion.id == *id).expect(known).status;
            (format!("`{id}`"), status.id().into(), is.id().into())
        }
        Expected::Fit(fit) => ("the fit".into(), fit.id().into(), found.fit.outcome.id().into()),
        Expected::Finding(id, state) => {
            let is = found.fit.findings.iter().find(|result| result.finding.id == *id).expect(known).state;
            (format!("`{id}`"), state.id().into(), is.id().into())
        }
        Expected::Obligation(id, status) => {
            let is = found.go_live.iter().find(|result| result.obligation.id == *id).expect(known).status;
            (format!("`{id}`"), status.id().into(), is.id().into())
        }
        Expected::Missing(ids) => {
            let is: Vec<&str> = found.missing.iter().map(|question| question.id.as_str()).collect();
            ("what is missing".into(), list(&ids.iter().map(String::as_str).collect::<Vec<_>>()), list(&is))
        }
    }
}

struct Reader<'r> {
    rulebook: &'r Rulebook,
    cases: Cases,
    /// The index of each case by name.
    named: BTreeMap<String, usize>,
    /// For each case, the one it is based on, with the place that says so.
    bases: Vec<Option<(String, Place)>>,
    /// For each case, the answers it gives itself; those it takes away are named with `None`.
    given: Vec<BTreeMap<usize, Option<Entry>>>,
}

impl Reader<'_> {
    fn file(&mut self, document: &Document) {
        match decode::<RawCases>(document) {
            Err(found) => self.cases.problems.extend(found),
            Ok(raw) => {
                for (index, case) in raw.cases.into_iter().enumerate() {
                    let node = document.root().get("cases").and_then(|list| list.item(index));
                    let node = node.unwrap_or_else(|| document.root());
                    if self.cases.all.len() == MAX_CASES {
                        let message = format!("more than {MAX_CASES} cases: this one and the rest are not run");
                        self.problem(Code::TooIntricate, node.place(), message);
                        break;
                    }
                    self.case(case, document, node);
                }
            }
        }
    }

    fn problem(&mut self, code: Code, place: Place, message: String) -> &mut Problem {
        self.cases.problems.push(Problem::at(code, place, message));
        self.cases.problems.last_mut().expect("one was just added")
    }

    fn case(&mut self, raw: RawCase, document: &Document, node: Node<'_>) {
        let name_place = node.get("name").map_or_else(|| node.place(), Node::place);
        let base_place = node.get("based_on").map_or_else(|| node.place(), Node::place);
        self.bases.push(raw.based_on.map(|base| (base, base_place)));
        let given = node.get("given").map(|given| self.given(given)).unwrap_or_default();
        self.given.push(given);
        let expect = raw.expect.node(document);
        let expected = self.expected(expect);
        if matches!(expect.content(), Content::Mapping(entries) if entries.is_empty()) {
            let message = format!("case \"{}\" asserts nothing", raw.name);
            self.problem(Code::CaseEmpty, name_place.clone(), message).hint =
                Some("say under `expect` what should come out".to_owned());
        }
        match self.named.get(&raw.name) {
            Some(first) => {
                let first = self.cases.all[*first].place.clone();
                let message = format!("there is already a case \"{}\"", raw.name);
                self.problem(Code::DuplicateId, name_place.clone(), message).related = vec![(first, "here".to_owned())];
            }
            None => {
                self.named.insert(raw.name.clone(), self.cases.all.len());
            }
        }
        let answers = Answers::blank(self.rulebook, &raw.name);
        self.cases.all.push(Case { name: raw.name, place: name_place, answers, expected });
    }

    /// The answers a case gives itself. An empty value takes away what the case is based on.
    fn given(&mut self, node: Node<'_>) -> BTreeMap<usize, Option<Entry>> {
        if matches!(node.content(), Content::Null) {
            return BTreeMap::new();
        }
        let entries = answers::entries(node, self.rulebook, &mut self.cases.problems);
        let named = |index: &usize| node.get(&self.rulebook.questions[*index].id).is_some();
        entries.into_iter().enumerate().filter(|(index, _)| named(index)).collect()
    }

    /// Fills in the answers of every case, those it is based on first, in whatever file and order they stand.
    fn fill_in(&mut self) {
        for index in 0..self.cases.all.len() {
            let mut line = vec![index];
            let mut at = index;
            while let Some((base, place)) = self.bases[at].clone() {
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
                        break;
                    }
                }
                line.push(at);
            }
            for given in line.into_iter().rev() {
                for (question, entry) in &self.given[given] {
                    self.cases.all[index].answers.entries[*question].clone_from(entry);
                }
            }
        }
    }

    fn expected(&mut self, node: Node<'_>) -> Vec<(Place, Expected)> {
        const KEYS: [&str; 8] =
            ["outcome", "possible_outcomes", "scenario", "criteria", "fit", "findings", "go_live", "missing"];
        let Content::Mapping(entries) = node.content() else {
            let message = format!("{} stands where expectations are needed", node.kind());
            self.problem(Code::WrongKind, node.place(), message);
            return Vec::new();
        };
        let rulebook = self.rulebook;
        let mut expected = Vec::new();
        for (key, value) in entries {
            let node = node.inside(value);
            match key.as_str() {
                "outcome" => {
                    let outcome = self.word(node, &Outcome::ALL, Outcome::id);
                    expected.extend(outcome.map(|outcome| (node.place(), Expected::Outcome(outcome))));
                }
                "possible_outcomes" => {
                    let all = self.each(node, |this, item| this.word(item, &Outcome::ALL, Outcome::id));
                    expected.extend(all.map(|all| (node.place(), Expected::PossibleOutcomes(all))));
                }
                "scenario" if matches!(node.content(), Content::Null) => {
                    expected.push((node.place(), Expected::Scenario(None)));
                }
                "scenario" => {
                    let ids: Vec<&str> = rulebook.scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
                    let id = self.id(node, &ids);
                    expected.extend(id.map(|id| (node.place(), Expected::Scenario(Some(id)))));
                }
                "fit" => {
                    let fit = self.word(node, &FitOutcome::ALL, FitOutcome::id);
                    expected.extend(fit.map(|fit| (node.place(), Expected::Fit(fit))));
                }
                "criteria" => {
                    let ids: Vec<&str> = rulebook.criteria.iter().map(|criterion| criterion.id.as_str()).collect();
                    for (node, id) in self.keys(node, &ids) {
                        let status = self.word(node, &Status::ALL, Status::id);
                        expected.extend(status.map(|status| (node.place(), Expected::Criterion(id, status))));
                    }
                }
                "findings" => {
                    let ids: Vec<&str> = rulebook.findings.iter().map(|finding| finding.id.as_str()).collect();
                    for (node, id) in self.keys(node, &ids) {
                        let state = self.word(node, &FindingState::ALL, FindingState::id);
                        expected.extend(state.map(|state| (node.place(), Expected::Finding(id, state))));
                    }
                }
                "go_live" => {
                    let ids: Vec<&str> = rulebook.obligations.iter().map(|owed| owed.id.as_str()).collect();
                    for (node, id) in self.keys(node, &ids) {
                        let status = self.word(node, &Status::ALL, Status::id);
                        expected.extend(status.map(|status| (node.place(), Expected::Obligation(id, status))));
                    }
                }
                "missing" => {
                    let ids: Vec<&str> = rulebook.questions.iter().map(|question| question.id.as_str()).collect();
                    let all = self.each(node, |this, item| this.id(item, &ids));
                    expected.extend(all.map(|all| (node.place(), Expected::Missing(all))));
                }
                unknown => {
                    let hint = suggestion(unknown, KEYS);
                    let message = format!("unknown key `{unknown}`");
                    self.problem(Code::UnknownKey, node.key_place(), message).hint = Some(hint);
                }
            }
        }
        expected
    }

    /// Every item of a list, read; nothing if one of them cannot be.
    fn each<T>(&mut self, node: Node<'_>, read: impl Fn(&mut Self, Node<'_>) -> Option<T>) -> Option<Vec<T>> {
        if let Content::List(items) = node.content() {
            let read: Vec<Option<T>> = items.iter().map(|item| read(self, node.inside(item))).collect();
            return read.into_iter().collect();
        }
        self.problem(Code::WrongKind, node.place(), format!("{} stands where a list is needed", node.kind()));
        None
    }

    /// The entries of a mapping whose keys are ids.
    fn keys<'d>(&mut self, node: Node<'d>, ids: &[&str]) -> Vec<(Node<'d>, String)> {
        let Content::Mapping(entries) = node.content() else {
            self.problem(Code::WrongKind, node.place(), format!("{} stands where a mapping is needed", node.kind()));
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, value) in entries {
            let node = node.inside(value);
            if ids.contains(&key.as_str()) {
                found.push((node, key.clone()));
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
            Content::Text(id) if ids.contains(&id.as_str()) => Some(id.clone()),
            Content::Text(id) => {
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

    fn word<T: Copy>(&mut self, node: Node<'_>, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        let names: Vec<&str> = all.iter().map(|value| name(*value)).collect();
        let id = self.id(node, &names)?;
        all.iter().copied().find(|value| name(*value) == id)
    }
}
