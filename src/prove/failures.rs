//! What did not come out as cases expect, told once for each cause.

use super::cases::CaseResult;
use super::expected::{in_words, value_in_words};
use crate::problem::{Code, Problem};

/// The most places shown for one cause.
const MAX_PLACES: usize = 4;

/// One problem for each cause, however many cases fail for it: answers that they lack, or the same difference.
pub fn failures(results: &[CaseResult<'_>]) -> Vec<Problem> {
    let mut causes: Vec<(String, Vec<&CaseResult<'_>>)> = Vec::new();
    for result in results.iter().filter(|result| !result.failed.is_empty()) {
        let cause = cause(result);
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, cases)) => cases.push(result),
            None => causes.push((cause, vec![result])),
        }
    }
    causes.into_iter().map(|(cause, cases)| problem(&cause, &cases)).collect()
}

fn problem(cause: &str, cases: &[&CaseResult<'_>]) -> Problem {
    let first = cases[0];
    let lacks = cause.starts_with("lack");
    let message = match cases {
        [only] if lacks => format!("case \"{}\" lacks{}", only.case.name, &cause["lack".len()..]),
        [only] => format!("case \"{}\": {cause}", only.case.name),
        all if lacks => format!("{} cases {cause}", all.len()),
        all => format!("{} cases: {cause}", all.len()),
    };
    let place = first.failed[0].expected.place.clone();
    let mut problem = Problem::at(Code::CaseFails, place, message).hint(if lacks {
        "answer it in the cases, or in those they are based on; or run `rules test --accept` to expect what comes out now"
    } else {
        "mend the rules or the cases; if what comes out now is right, run `rules test --accept`"
    });
    for other in cases.iter().skip(1).take(MAX_PLACES - 1) {
        problem = problem.related(other.failed[0].expected.place.clone(), format!("case \"{}\"", other.case.name));
    }
    if cases.len() > MAX_PLACES {
        problem.message = format!("{}; {MAX_PLACES} of them are shown", problem.message);
    }
    problem
}

/// Problems in order, of which those that name the same unknown thing are one: who renames a rule has to mend all its cases.
pub(super) fn told_once(problems: Vec<Problem>) -> Vec<Problem> {
    let mut told: Vec<(Problem, usize)> = Vec::new();
    for problem in problems {
        let unknown = [Code::UnknownId, Code::UnknownKey, Code::UnknownQuestion, Code::UnknownValue];
        let is_same = |known: &Problem| unknown.contains(&known.code) && known.message == problem.message;
        match told.iter_mut().find(|(known, _)| is_same(known)) {
            Some((known, count)) => {
                *count += 1;
                if let Some(place) = problem.place.filter(|_| *count < MAX_PLACES) {
                    known.related.push((place, "here, too".to_owned()));
                }
            }
            None => told.push((problem, 1)),
        }
    }
    for (problem, count) in &mut told {
        let shown = if *count > MAX_PLACES { format!("; {MAX_PLACES} of them are shown") } else { String::new() };
        if *count > 1 {
            problem.message = format!("{}, in {count} places{shown}", problem.message);
        }
    }
    told.into_iter().map(|(problem, _)| problem).collect()
}

/// Why a case fails, in words that are the same for all that fail so.
fn cause(result: &CaseResult<'_>) -> String {
    let mut lacking: Vec<&str> = Vec::new();
    for failed in &result.failed {
        for id in &failed.lacks {
            if !lacking.contains(id) {
                lacking.push(id);
            }
        }
    }
    if !lacking.is_empty() {
        let ids: Vec<String> = lacking.iter().map(|id| format!("`{id}`")).collect();
        return format!("lack an answer to {}", ids.join(", "));
    }
    let differences = result.failed.iter().map(|failed| {
        let [wanted, found] = [&failed.expected.wanted, &failed.found].map(|value| value_in_words(value));
        format!("{} should be {wanted}, but is {found}", in_words(&failed.expected.keys))
    });
    differences.collect::<Vec<_>>().join("; ")
}
