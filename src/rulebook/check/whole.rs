//! What can be told only of all rules together, once their decisions are worked out.

use crate::diagram::Diagrams;
use crate::problem::{Code, Problem, Severity};
use crate::rulebook::{Rulebook, compile};

/// Facts about the compiled rules that every rulebook must have: scenarios that cover each product exactly once, and
/// something to say for every status that can happen.
pub(super) fn check(rulebook: &mut Rulebook, problems: &mut Vec<Problem>) {
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
                format!("`{}` and `{}` match the same answers", a.id, b.id),
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
            let problem = Problem::at(Code::Gap, place, "some answers match no scenario");
            problems.push(
                problem
                    .hint("widen a condition, add a scenario, or let the last say `otherwise: true`")
                    .witness(rulebook.witness(&rulebook.diagrams, gap, true)),
            );
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

pub(super) fn too_intricate() -> Problem {
    let message = "there are too many ways to answer to work all of them out exactly";
    let hint = "each can be assessed by itself; to have the rules proved, simplify their conditions";
    let problem = Problem::anywhere(Code::TooIntricate, message).hint(hint);
    Problem { severity: Severity::Warning, ..problem }
}
