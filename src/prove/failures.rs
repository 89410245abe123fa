//! Failed cases: reported once for each cause, or rewritten to the actual results in the text of their files, which is
//! otherwise left as it is.

use std::collections::BTreeMap;

use super::cases::{CaseResult, MAX_PLACES, cases, run_case};
use super::expected::{describe_keys, describe_value};
use crate::answers::replaced;
use crate::problem::{Code, Problem};
use crate::rulebook::{RuleFiles, Rulebook};
use crate::wording::counted;
use crate::yaml::{self, Node};

/// One problem for each cause: the same difference, or the same missing answers.
pub fn failures(results: &[CaseResult<'_>]) -> Vec<Problem> {
    let mut causes: Vec<(Cause<'_>, Vec<&CaseResult<'_>>)> = Vec::new();
    for result in results.iter().filter(|result| !result.failed.is_empty()) {
        let cause = cause(result);
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, cases)) => cases.push(result),
            None => causes.push((cause, vec![result])),
        }
    }
    causes.into_iter().map(|(cause, cases)| problem(&cause, cases)).collect()
}

/// Why a case fails.
#[derive(PartialEq)]
enum Cause<'r> {
    /// Questions without an answer leave open what it expects to be settled. Either they are new, and the case needs an
    /// answer, or the rules no longer settle what they did: only a person knows which.
    Unanswered(Vec<&'r str>),
    /// What is expected and what comes out, in the same words for all cases with the same difference.
    Differs(String),
}

fn problem(cause: &Cause<'_>, mut cases: Vec<&CaseResult<'_>>) -> Problem {
    // An answer in a case that is based on no other is usually one in all.
    if let Cause::Unanswered(_) = cause {
        cases.sort_by_key(|result| result.case.is_based);
    }
    let (first, count) = (difference(cases[0]), counted(cases.len(), "case"));
    let whose = match cases.as_slice() {
        [only] => format!("case \"{}\"", only.case.name),
        [_, others @ ..] if others.iter().all(|other| difference(other) == first) => count,
        _ => format!("{count}, of which this is the first"),
    };
    let (open, hint) = match cause {
        Cause::Unanswered(questions) => {
            let ids: Vec<String> = questions.iter().map(|id| format!("`{id}`")).collect();
            let answer = format!("mend the rules; if they are right, {}", where_to_answer(&cases));
            (format!(", with no answer to {}", ids.join(", ")), answer)
        }
        Cause::Differs(_) => {
            let hint = "mend the rules or the cases; if what comes out now is right, run `rules test --accept`";
            (String::new(), hint.to_owned())
        }
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
fn where_to_answer(cases: &[&CaseResult<'_>]) -> String {
    let answer = "write an answer under `given`";
    match (cases.iter().filter(|result| !result.case.is_based).count(), cases.len()) {
        (0, _) => format!("{answer} in the case that they are based on, or in each of them"),
        (1, 1) => answer.to_owned(),
        (1, _) => format!("{answer} in the first, which is based on no other case"),
        (roots, all) if roots < all => format!("{answer} in the first {roots}, which are based on no other case"),
        _ => format!("{answer} in each of these cases"),
    }
}

fn cause<'r>(result: &CaseResult<'r>) -> Cause<'r> {
    let mut lacking: Vec<&str> = Vec::new();
    for failed in &result.failed {
        for id in &failed.unanswered {
            if !lacking.contains(id) {
                lacking.push(id);
            }
        }
    }
    if lacking.is_empty() { Cause::Differs(difference(result)) } else { Cause::Unanswered(lacking) }
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
