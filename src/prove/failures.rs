//! What did not come out as cases expect, told once for each cause.

use super::cases::{CaseResult, MAX_PLACES};
use super::expected::{in_words, value_in_words};
use crate::problem::{Code, Problem};

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
