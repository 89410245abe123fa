//! The meaning of the rule files: ids, references, conditions, completeness. Everything wrong is found in one pass:
//! whatever cannot be read is replaced by something harmless, since rules with an error are not used.

use std::array;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::named::same;
use crate::problem::{Code, Place, Problem, Severity, did_you_mean, nearest, suggestion};
use crate::question::{Basis, Citation, Grounds, Section};
use crate::yaml::shape::{self, Keys};
use crate::yaml::{self, Document, Node};

use super::keys::OF_FILES;
use super::{
    CASES_FOLDER, FILES, LetterTexts, Page, Reach, RuleFiles, Rulebook, SectionText, Subject, builtin, compile,
    files::NEEDED,
};

mod conditions;
mod questions;
mod rules;
mod texts;
mod whole;

/// Words of conditions, which cannot be ids.
const RESERVED: [&str; 3] = ["all", "any", "not"];
/// Results that conditions test, which cannot be ids of questions.
const RESULTS: [&str; 2] = ["scenario", "fit"];
const FORMAT: u64 = 1;

pub(super) fn check(files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
    if !files.files.keys().any(|name| FILES.contains(&name.as_str())) {
        let message = format!("`{}` is no rules folder: it has none of the files of one", files.folder);
        let needed = NEEDED.map(|name| format!("`{name}`")).join(", ");
        let problem = Problem::anywhere(Code::FileMissing, message).hint(format!("a rules folder needs {needed}"));
        return (None, vec![problem]);
    }
    let mut checker = Checker { problems: unknown_files(files), ..Checker::default() };
    let read: [Option<Document>; FILES.len()] =
        array::from_fn(|index| checker.file(files, FILES[index], OF_FILES[index]));
    let [manifest, questions, criteria, scenarios, fit, application, go_live, contradictions, outcomes, glossary] =
        read.each_ref().map(|document| document.as_ref().map(Document::root));
    // Without these two every reference would look wrong, so the other files are checked for their shape alone.
    if let (Some(manifest), Some(questions)) = (manifest, questions) {
        checker.results = [
            ("criterion", criteria, "criteria"),
            ("scenario", scenarios, "scenarios"),
            ("finding", fit, "findings"),
            ("topic", application, "topics"),
            ("obligation", go_live, "obligations"),
        ]
        .map(|(kind, file, list)| (kind, file.map(|file| ids(file, list))));
        checker.manifest(manifest);
        checker.questions(questions);
        let checks: [fn(&mut Checker, Node<'_>); 8] = [
            Checker::criteria,
            Checker::scenarios,
            Checker::findings,
            Checker::topics,
            Checker::obligations,
            Checker::contradictions,
            Checker::outcomes,
            Checker::terms,
        ];
        let files = [criteria, scenarios, fit, application, go_live, contradictions, outcomes, glossary];
        for (file, check) in files.into_iter().zip(checks) {
            if let Some(file) = file {
                check(&mut checker, file);
            }
        }
        if criteria.is_some() && scenarios.is_some() {
            checker.scenarios_and_criterion();
        }
    }
    let Checker { mut problems, mut rulebook, .. } = checker;
    // Texts that read badly do not keep the rules from being proved.
    let stops = |problem: &Problem| {
        problem.severity == Severity::Error && !matches!(problem.code, Code::TooLong | Code::SameWords)
    };
    if problems.iter().any(stops) {
        return (None, problems);
    }
    rulebook.digest = builtin::digest(files).map_or_else(|| files.digest(), str::to_owned);
    if let Some(problem) = whole::too_much_repetition(&rulebook) {
        problems.push(problem);
        return (None, problems);
    }
    if compile::compile(&mut rulebook).is_err() {
        rulebook.reach = Reach::TooIntricate;
        problems.push(whole::too_intricate());
        return (Some(rulebook), problems);
    }
    whole::check(&mut rulebook, &mut problems);
    if let (Some(manifest), Some(questions)) = (manifest, questions) {
        problems.extend(whole::versions(manifest, questions));
    }
    (Some(rulebook), problems)
}

fn ids(file: Node<'_>, list: &str) -> Vec<String> {
    file.list(list).filter_map(|rule| rule.required("id").text()).map(str::to_owned).collect()
}

/// Files that are not read, though they are probably meant to be.
fn unknown_files(files: &RuleFiles) -> Vec<Problem> {
    let unknown = |name: &str, message: &str, hint: String| {
        let message = format!("`{}` {message}", files.display_name(name));
        Problem::anywhere(Code::FileUnknown, message).hint(hint)
    };
    let others = files.files.keys().filter(|name| !FILES.contains(&name.as_str()) && !name.starts_with(CASES_FOLDER));
    let near = |name: &str| nearest(name, FILES).map(|near| did_you_mean(name, near));
    let elsewhere = || "move it out of the folder".to_owned();
    let others = others.map(|name| unknown(name, "is not a rule file", near(name).unwrap_or_else(elsewhere)));
    // Other files are somebody's notes, unless their names are like that of a missing file.
    let missing = |name: &str| {
        let lower = name.to_lowercase();
        let is_similar = |file: &&str| lower.contains(*file) || lower.starts_with(file.trim_end_matches("yaml"));
        FILES.into_iter().find(is_similar).filter(|file| !files.files.contains_key(*file))
    };
    let unread = files.unread.iter().filter_map(|name| match name.strip_prefix(CASES_FOLDER) {
        Some(case) if case.to_lowercase().contains(".yaml") || case.to_lowercase().contains(".yml") => {
            let in_folder = case.trim_start_matches('/').contains('/');
            let to_tests = format!("move it into `{CASES_FOLDER}` itself: folders inside it are not read");
            let hint = if in_folder { to_tests } else { "end its name in `.yaml`".to_owned() };
            Some(unknown(name, "is not read, so the cases in it test nothing", hint))
        }
        Some(_) => None,
        None => missing(name).map(|file| unknown(name, "is not read", format!("call it `{file}`, or something else"))),
    });
    others.chain(unread).collect()
}

/// A test that stands twice in a condition is no copy: to delete either would change the rule.
fn mend_of_test(problem: &mut Problem, node: Node<'_>) {
    let Some(place) = problem.place.as_ref().filter(|_| problem.code == Code::DuplicateKey) else { return };
    let at = place.span.start;
    if node.entries().any(|(key, value)| key.ends_with("when") && value.span().contains(&at)) {
        let hint = "if both must hold, put each under `all:`, behind `- `; if one is enough, write one list of both";
        problem.hint = Some(hint.to_owned());
    } else if let Some(part) = node.parts().find(|part| part.span().contains(&at)) {
        mend_of_test(problem, part);
    }
}

#[derive(Default)]
struct Checker {
    problems: Vec<Problem>,
    ids: BTreeMap<String, Place>,
    /// Questions whose options could not be read, so that tests of them cannot be checked.
    unclear: BTreeSet<String>,
    /// The ids of each kind of result, in order; `None` if their file could not be read.
    results: [(&'static str, Option<Vec<String>>); 5],
    /// Whether the current condition may test results.
    may_test_results: bool,
    rulebook: Rulebook,
}

impl Checker {
    /// Reads one file with these keys; `None` if anything is wrong. An optional file that is missing has no rules.
    fn file(&mut self, files: &RuleFiles, name: &str, keys: &Keys) -> Option<Document> {
        let shown = files.display_name(name);
        let Some(bytes) = files.files.get(name) else {
            if !NEEDED.contains(&name) {
                return yaml::parse(&shown, b"{}").0;
            }
            let near = files.files.keys().map(String::as_str).filter(|file| !FILES.contains(file));
            let hint = nearest(name, near).map(|near| format!("is `{near}` meant to be it?"));
            let hint = hint.unwrap_or_else(|| "write it: every rules folder needs it".to_owned());
            self.problems.push(Problem::anywhere(Code::FileMissing, format!("`{shown}` is missing")).hint(hint));
            return None;
        };
        let (document, mut found) = match builtin::document(files, name, bytes) {
            Some(document) => (Some(document), Vec::new()),
            None => yaml::parse(&shown, bytes),
        };
        // With a duplicate key the meaning would be a guess, and so would everything that follows from it.
        let ambiguous = found.iter().any(|problem| problem.code == Code::DuplicateKey);
        if let Some(document) = &document {
            for problem in &mut found {
                mend_of_test(problem, document.root());
            }
        }
        let mistakes = document.as_ref().map_or_else(Vec::new, |document| shape::mistakes(document, keys));
        let sound = !ambiguous && mistakes.is_empty();
        found.extend(mistakes);
        self.problems.extend(found);
        let document = document.filter(|_| sound)?;
        self.repeats(document.root());
        Some(document)
    }

    /// Each word that stands in a list a second time: probably another was meant.
    fn repeats(&mut self, node: Node<'_>) {
        node.parts().filter(|part| part.text().is_none()).for_each(|part| self.repeats(part));
        let mut words = BTreeSet::new();
        for item in node.items() {
            let Some(word) = item.text() else { continue };
            // Few words need to be written in another way to be compared.
            let compared = if word.contains('-') { word.replace('-', "_").into() } else { Cow::Borrowed(word) };
            if !words.insert(compared) {
                let message = format!("`{word}` stands in this list already, so it makes no difference here");
                self.report(Code::DeadCondition, item, message, "delete it, or write what was meant in its place");
            }
        }
    }

    fn report(
        &mut self,
        code: Code,
        node: Node<'_>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> &mut Problem {
        self.report_at(code, node.place(), message, hint)
    }

    fn report_at(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> &mut Problem {
        self.problems.push_mut(Problem::at(code, place, message).hint(hint))
    }

    /// The value with this name.
    fn named<T: Copy>(&mut self, node: Node<'_>, all: &[T], id: fn(T) -> &'static str) -> Option<T> {
        let word = node.text().unwrap_or_default();
        let found = all.iter().copied().find(|value| same(id(*value), word));
        if found.is_none() {
            let hint = suggestion(word, all.iter().map(|value| id(*value)));
            self.report(Code::UnknownWord, node, format!("`{word}` is not known here"), hint);
        }
        found
    }

    /// The id of a page, and its title.
    fn page(&mut self, name: Node<'_>) -> (String, String) {
        let id = name.text().unwrap_or_default();
        let pages = &self.rulebook.pages;
        let stands_twice = |page: &Page| pages.iter().filter(|other| other.id == page.id).count() > 1;
        let title = match pages.iter().find(|page| page.id == id) {
            Some(page) => page.title.clone(),
            // Where two sources have one id, one of them may have been meant to have this one.
            None if pages.iter().any(stands_twice) => String::new(),
            None => {
                let hint = suggestion(id, pages.iter().map(|page| page.id.as_str()));
                self.report(Code::UnknownId, name, format!("the manifest has no source `{id}`"), hint);
                String::new()
            }
        };
        (id.to_owned(), title)
    }

    fn grounds(&mut self, rule: Node<'_>) -> Grounds {
        let source = rule.required("source");
        let (id, page) = self.page(source.required("page"));
        Grounds {
            source: Citation {
                id,
                page,
                section: self.text(source.required("section")),
                item: source.non_null("item").map(|item| self.text(item)),
            },
            basis: self.named(rule.required("basis"), &Basis::ALL, Basis::id).unwrap_or(Basis::Interpretation),
            reasoning: rule.non_null("reasoning").map(|text| self.text(text)),
        }
    }

    fn manifest(&mut self, file: Node<'_>) {
        let format = file.required("format");
        if let Some(other) = format.number().filter(|format| *format != FORMAT) {
            let message = format!("these rules are written in format {other}, this program reads {FORMAT}");
            let hint = format!("write `format: {FORMAT}`, or use the program that these rules are written for");
            self.report(Code::UnknownWord, format, message, hint);
        }
        let page = |page: Node<'_>| Page {
            id: self.id(page),
            title: self.text(page.required("title")),
            publisher: page.non_null("publisher").map(|text| self.text(text)),
            url: self.address(page.required("url")),
            last_edited: page.non_null("last_edited").map(|text| self.text(text)),
            place: page.required("id").place(),
        };
        let pages = file.list("sources").map(page).collect();
        let id = file.required("id");
        self.check_id_form(id);
        self.rulebook = Rulebook {
            id: id.text().unwrap_or_default().to_owned(),
            title: self.text(file.required("title")),
            version: self.filled(file.required("version")),
            summary: self.text(file.required("summary")),
            disclaimer: self.text(file.required("disclaimer")),
            short: file.non_null("short").map(|text| self.short(text)),
            subject: file.non_null("subject").map_or_else(Subject::default, |subject| Subject {
                one: self.text(subject.required("one")),
                many: self.text(subject.required("many")),
            }),
            service: file.non_null("service").map(|text| self.text(text)),
            letter: file.non_null("letter").map(|letter| LetterTexts {
                opening: self.text(letter.required("opening")),
                reply: self.text(letter.required("reply")),
            }),
            place: id.place(),
            pages,
            sections: Section::ALL.map(|section| {
                let rule = file.required("sections").required(section.id());
                SectionText {
                    title: self.text(rule.required("title")),
                    intro: self.prose(rule.required("intro")),
                    place: rule.required("title").place(),
                }
            }),
            ..Rulebook::default()
        };
    }
}
