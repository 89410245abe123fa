//! `JUnit` XML: one document over all files, a suite for each file, a case for each check. Cases have unique names, because
//! readers drop a second case with the same class and name.

use std::collections::BTreeSet;

use quick_junit::{NonSuccessKind, Property, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::alerts::normal_path;
use super::checks::{Check, Standing, checks};
use super::{Checked, Report, Totals, Verdict};
use crate::problem::{Place, Problem, Severity};
use crate::rulebook::Rulebook;
use crate::style::clean;

pub(super) struct JunitWriter<'a> {
    rulebook: Option<&'a Rulebook>,
    document: Document,
}

impl<'a> JunitWriter<'a> {
    pub(super) fn new(rulebook: Option<&'a Rulebook>) -> Self {
        Self { rulebook, document: Document::new(env!("CARGO_PKG_NAME")) }
    }
}

impl super::FormatWriter for JunitWriter<'_> {
    fn add(&mut self, file: &Checked<'_>) {
        self.document.add_test_suite(suite(self.rulebook, file));
    }

    fn finish(mut self: Box<Self>, totals: &Totals<'_>) -> String {
        let (set, disclaimer) = (totals.set(), self.rulebook.map(|rulebook| clean(&rulebook.disclaimer)));
        let mut names = BTreeSet::new();
        for suite in &mut self.document.test_suites {
            for case in &mut suite.test_cases {
                let first = case.name.as_str().to_owned();
                let mut count = 1;
                while !names.insert((case.classname.clone(), case.name.clone())) {
                    count += 1;
                    case.name = format!("{first} ({count})").into();
                }
            }
            suite.add_property(Property::new("summary", totals.summary.to_string()));
            suite.add_properties(set.iter().map(|set| Property::new("set", &*clean(set))));
            suite.add_properties(disclaimer.iter().map(|words| Property::new("disclaimer", &**words)));
        }
        // Writing to a string cannot fail.
        self.document.to_string().expect("a report can be written to memory")
    }
}

fn suite(rulebook: Option<&Rulebook>, file: &Checked<'_>) -> TestSuite {
    let name = file.report().map_or(&file.input.name, |report| &report.answers.product);
    let mut suite = TestSuite::new(&*clean(name));
    if let Some(rulebook) = rulebook {
        suite.add_property(Property::new("rules.id", &*clean(&rulebook.id)));
        suite.add_property(Property::new("rules.version", &*clean(&rulebook.version)));
        suite.add_property(Property::new("rules.digest", &*rulebook.digest));
    }
    match &file.verdict {
        Verdict::Assessed(report) => assessed(&mut suite, report, file),
        Verdict::Invalid => {}
        Verdict::Unreadable(reason) => {
            suite.add_test_case(unreadable(file, reason));
        }
    }
    suite.add_test_cases(file.problems.iter().map(|problem| found(file, problem)));
    suite
}

fn assessed(suite: &mut TestSuite, report: &Report<'_>, file: &Checked<'_>) {
    suite.add_property(Property::new("outcome", report.assessment.outcome.id()));
    if !report.rulebook.findings.is_empty() {
        suite.add_property(Property::new("fit", report.assessment.fit.outcome.id()));
    }
    suite.add_property(Property::new("gate", report.judgement.gate.id()));
    suite.add_test_cases(checks(report, file.exit_code == 0).iter().map(|check| case(file, check)));
}

fn case(file: &Checked<'_>, check: &Check<'_>) -> TestCase {
    let details = check.details().iter().map(|line| clean(line).into_owned()).collect::<Vec<_>>().join("\n");
    let skipped = |message: &str| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(message).set_description(&*details);
        status
    };
    let status = match check.standing {
        Standing::Passes | Standing::Noted => TestCaseStatus::success(),
        Standing::NotRequired => skipped("not known yet, and the gate does not ask for it"),
        Standing::Tolerated => skipped(&format!("let through by --fail-on: {}", check.status)),
        Standing::Lacking(passage) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(passage.outcome().id()).set_message(check.status).set_description(&*details);
            status
        }
    };
    let mut case = TestCase::new(&*clean(&check.heading()), status);
    case.set_classname(format!("{}.{}", check.section.id(), check.id));
    if check.standing == Standing::Noted {
        case.set_system_out(format!("{}\n{details}", check.status));
    }
    placed(case, file, file.at(check.place()))
}

/// A problem. A warning is a test that succeeds and has something to say.
fn found(file: &Checked<'_>, problem: &Problem) -> TestCase {
    let (message, hint) = (clean(&problem.message), clean(problem.hint.as_deref().unwrap_or_default()));
    let mut status = TestCaseStatus::success();
    if problem.severity == Severity::Error {
        status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type(problem.code.as_str()).set_message(&*message).set_description(&*hint);
    }
    let mut case = TestCase::new(format!("{} {}", problem.code, problem.code.title()), status);
    case.set_classname("problems");
    if problem.severity == Severity::Warning {
        case.set_system_out(format!("{message}\n{hint}"));
    }
    placed(case, file, file.at(problem.place.as_ref()))
}

fn unreadable(file: &Checked<'_>, reason: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(&*clean(reason));
    let mut case = TestCase::new("can be read", status);
    case.set_classname("problems");
    placed(case, file, file.input.place.as_ref())
}

/// Adds the file and line to the name and to the attributes that GitLab and others read.
fn placed(mut case: TestCase, file: &Checked<'_>, place: Option<&Place>) -> TestCase {
    let name = place.map(|place| place.source.name.as_str()).or(file.input.path.as_deref());
    let name = name.map(|name| clean(&normal_path(name)).into_owned());
    let record = file.input.place.as_ref().map_or_else(String::new, |place| format!(":{}", place.line()));
    let whose = name.as_deref().map_or_else(|| clean(&file.input.name), Into::into);
    case.name = format!("{} [{whose}{record}]", case.name.as_str()).into();
    if let Some(name) = name {
        case.extra.insert("file".into(), name.as_str().into());
    }
    if let Some(place) = place {
        case.extra.insert("line".into(), place.line().to_string().into());
    }
    case
}
