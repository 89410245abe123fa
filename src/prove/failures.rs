//! Failed cases: reported once for each cause, or rewritten to the actual results in the text of their files, which is
//! otherwise left as it is.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::{CaseResult, MAX_PLACES, cases, run_case};
use super::expected::{describe_keys, describe_value};
use crate::answers::replaced;
use crate::problem::{Code, Problem};
use crate::rulebook::{RuleFiles, Rulebook};
use crate::wording::counted;
use crate::yaml::{self, Node};

/// One problem for each cause: the same missing answers or, where none are, the same difference.
pub fn failures(results: &[CaseResult<'_>]) -> Vec<Problem> {
    let mut causes: Vec<(Vec<&str>, String, Vec<&CaseResult<'_>>)> = Vec::new();
    for result in results.iter().filter(|result| !result.failed.is_empty()) {
        let (open, difference) = (unanswered(result), difference(result));
        let is_same = |known: &[&str], other: &str| known == open && (!open.is_empty() || other == difference);
        match causes.iter_mut().find(|(known, other, _)| is_same(known, other)) {
            Some((.., cases)) => cases.push(result),
            None => causes.push((open, difference, vec![result])),
        }
    }
    causes.into_iter().map(|(open, _, cases)| problem(&open, cases)).collect()
}

/// Whether the rules no longer settle what they did, or a question is new and a case needs an answer to it, only a
/// person knows.
fn problem(open: &[&str], mut cases: Vec<&CaseResult<'_>>) -> Problem {
    // An answer in a case that is based on no other is usually one in all.
    if !open.is_empty() {
        cases.sort_by_key(|result| result.case.is_based);
    }
    let (first, count) = (difference(cases[0]), counted(cases.len(), "case"));
    let whose = match cases.as_slice() {
        [only] => format!("case \"{}\"", only.case.name),
        [_, others @ ..] if others.iter().all(|other| difference(other) == first) => count,
        _ => format!("{count}, of which this is the first"),
    };
    let ids: Vec<String> = open.iter().map(|id| format!("`{id}`")).collect();
    let (open, hint) = if open.is_empty() {
        let hint = "mend the rules or the cases; if what comes out now is right, run `rules test --accept`";
        (String::new(), hint.to_owned())
    } else {
        let hint = format!("mend the rules; if they are right, write an answer under `given`{}", in_which(&cases));
        (format!(", with no answer to {}", ids.join(", ")), hint)
    };
    let place = cases[0].failed[0].expected.place.clone();
    let mut problem = Problem::at(Code::CaseFails, place, format!("{whose}: {first}{open}")).hint(hint);
    for other in cases.iter().skip(1).take(MAX_PLACES - 1) {
        problem = problem.related(other.failed[0].expected.place.clone(), format!("case \"{}\"", other.case.name));
    }
    if cases.len() > MAX_PLACES {
        problem.message = format!("{}; {MAX_PLACES} of them are shown", problem.message);
    }
    problem
}

/// In which of these cases, those that are based on no other first, to write an answer.
fn in_which(cases: &[&CaseResult<'_>]) -> String {
    match (cases.iter().filter(|result| !result.case.is_based).count(), cases.len()) {
        (0, _) => " in the case that they are based on, or in each of them".to_owned(),
        (1, 1) => String::new(),
        (1, _) => " in the first, which is based on no other case".to_owned(),
        (roots, all) if roots < all => format!(" in the first {roots}, which are based on no other case"),
        _ => " in each of these cases".to_owned(),
    }
}

/// The questions without an answer that leave open what a case expects to be settled.
fn unanswered<'r>(result: &CaseResult<'r>) -> Vec<&'r str> {
    let mut seen = BTreeSet::new();
    let ids = result.failed.iter().flat_map(|failed| &failed.unanswered).copied();
    ids.filter(|id| seen.insert(*id)).collect()
}

/// What a case expects, and what comes out.
fn difference(result: &CaseResult<'_>) -> String {
    let differences = result.failed.iter().map(|failed| {
        let [expected, actual] = [&failed.expected.value, &failed.actual].map(|value| describe_value(value));
        format!("{} should be {expected}, but is {actual}", describe_keys(&failed.expected.keys))
    });
    differences.collect::<Vec<_>>().join("; ")
}

/// A rewritten file of cases.
#[derive(Debug)]
pub struct Accepted {
    /// The name of the file inside the rules folder.
    pub file: String,
    pub text: String,
    /// A line for each changed expectation.
    pub changes: Vec<String>,
}

/// Rewrites the files with failed expectations.
///
/// # Errors
/// The names of files whose layout keeps that from being exact.
pub fn accept(
    files: &RuleFiles,
    rulebook: &Rulebook,
    results: &[CaseResult<'_>],
) -> Result<Vec<Accepted>, Vec<String>> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut edits: BTreeMap<&str, Vec<(usize, &CaseResult<'_>)>> = BTreeMap::new();
    for result in results {
        let source = result.case.place.source.name.as_str();
        let number = numbers.entry(source).or_default();
        if !result.failed.is_empty() {
            edits.entry(source).or_default().push((*number, result));
        }
        *number += 1;
    }
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    for name in files.files.keys() {
        let Some(failed) = edits.get(files.display_name(name).as_str()) else { continue };
        match rewritten(files, name, failed) {
            Some(file) if passes(files, rulebook, &file, results) => accepted.push(file),
            _ => refused.push(files.display_name(name)),
        }
    }
    if refused.is_empty() { Ok(accepted) } else { Err(refused) }
}

fn rewritten(files: &RuleFiles, name: &str, failed: &[(usize, &CaseResult<'_>)]) -> Option<Accepted> {
    let (document, _) = yaml::parse(name, &files.files[name]);
    let document = document?;
    let list = document.root().get("cases")?;
    let mut places: Vec<(Node<'_>, &str)> = Vec::new();
    let mut changes = Vec::new();
    for (number, result) in failed {
        let expect = list.items().nth(*number)?.get("expect")?;
        for failed in &result.failed {
            let mut node = expect;
            for key in &failed.expected.keys {
                node = node.get(key).or_else(|| node.get(&key.replace('_', "-")))?;
            }
            let [was, is] = [&failed.expected.value, &failed.actual].map(|value| describe_value(value));
            let what = describe_keys(&failed.expected.keys);
            changes.push(format!("{}: case \"{}\": {what}: {was} → {is}", failed.expected.place, result.case.name));
            places.push((node, &failed.actual));
        }
    }
    // From the end, so that earlier places stay valid.
    places.sort_by_key(|(node, _)| std::cmp::Reverse(node.key_place().span.start));
    let mut text = document.source().text.to_string();
    for (node, value) in places {
        text = replaced(&text, node, value);
    }
    Some(Accepted { file: name.to_owned(), text, changes })
}

/// Whether a rewritten file has the same cases as before, and all pass now.
fn passes(files: &RuleFiles, rulebook: &Rulebook, file: &Accepted, results: &[CaseResult<'_>]) -> bool {
    let mut after = files.clone();
    after.files.insert(file.file.clone(), file.text.clone().into_bytes().into());
    let read = cases(&after, rulebook);
    let here = files.display_name(&file.file);
    let keys = |expected: &[super::Expected]| expected.iter().map(|it| it.keys.clone()).collect::<Vec<_>>();
    read.problems.is_empty()
        && read.all.len() == results.len()
        && read.all.iter().zip(results).all(|(case, before)| {
            case.name == before.case.name
                && keys(&case.expected) == keys(&before.case.expected)
                && (case.place.source.name != here || run_case(case, rulebook).failed.is_empty())
        })
}
