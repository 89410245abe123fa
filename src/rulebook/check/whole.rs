//! What can be told only of all rules together, once their decisions are worked out.

use crate::condition::Condition;
use crate::diagram::{Diagrams, QuestionSet};
use crate::problem::{Code, Problem, Severity};
use crate::question::{Question, Takes};
use crate::rulebook::{Decided, FindingKind, Rulebook, compile};
use crate::yaml::MAX_BYTES;

/// The most bytes that reports on one product may have to repeat.
const MAX_REPEATED: usize = 8 << 20;

/// Facts about the compiled rules that every rulebook must have: scenarios that cover each product exactly once, and
/// something to say for every status that can happen.
pub(super) fn check(rulebook: &mut Rulebook, problems: &mut Vec<Problem>) {
    if !rulebook.scenarios.is_empty() {
        let matches = compile::whens(rulebook)
            .and_then(|whens| Ok((compile::overlaps(rulebook, &whens)?, compile::gap(rulebook, &whens)?)));
        let Ok((overlaps, gap)) = matches else {
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

/// What is said of a rule repeats the questions that decide it and the answers to them. So a report on one product can be
/// as long as the number of rules times that of questions.
pub(super) fn repeated(rulebook: &Rulebook) -> Option<Problem> {
    let Rulebook { questions, criteria, scenarios, findings, topics, obligations, .. } = rulebook;
    let sum = |set: QuestionSet, size: fn(&Question) -> usize| -> usize {
        questions.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, question)| size(question)).sum()
    };
    let of_scenarios = tested(scenarios.iter().map(|scenario| &scenario.when));
    let titles: usize = scenarios.iter().map(|scenario| scenario.title.len()).sum();
    let by_criteria = criteria.iter().map(|criterion| match &criterion.decided {
        Decided::ByConditions { met_when, discuss_when, .. } => {
            sum(tested([met_when].into_iter().chain(discuss_when)), Question::most_told)
        }
        Decided::ByScenarios { .. } => titles + sum(of_scenarios, Question::most_told),
    });
    // As long as the fit is not known, each finding that counts for it names all that is missing.
    let weighty = || findings.iter().filter(|finding| finding.kind != FindingKind::Note);
    let of_fit = sum(tested(weighty().map(|finding| &finding.when)), |question| question.prompt.len());
    let by_findings = findings.iter().map(|finding| sum(tested([&finding.when]), Question::most_told));
    let by_topics = topics.iter().map(|topic| {
        sum(topic.questions.iter().fold(tested(&topic.prepared_when), |set, at| set | (1 << at)), Question::most_told)
    });
    let by_obligations = obligations.iter().map(|obligation| sum(tested([&obligation.met_when]), Question::most_told));
    // All texts of a file together are no longer than the file, and are told with each topic that asks for them.
    let texts = (0..questions.len()).filter(|index| questions[*index].kind.takes() == Takes::Own);
    let told = texts.map(|index| topics.iter().filter(|topic| topic.questions.contains(&index)).count());
    let of_texts = told.max().unwrap_or(0) * (MAX_BYTES / 4);
    let all = by_criteria.chain(by_findings).chain(by_topics).chain(by_obligations);
    let size = all.fold(of_texts + weighty().count() * of_fit, usize::saturating_add);
    (size > MAX_REPEATED).then(|| {
        let message = format!(
            "what a report on one product repeats of questions and answers can fill {size} bytes, and there is room for \
             {MAX_REPEATED}"
        );
        let hint = "shorten prompts and labels, or let fewer rules depend on the same questions";
        Problem::at(Code::TooLong, rulebook.place.clone(), message).hint(hint)
    })
}

/// The questions that some conditions test.
fn tested<'c>(conditions: impl IntoIterator<Item = &'c Condition>) -> QuestionSet {
    let mut set = 0;
    conditions.into_iter().for_each(|condition| condition.tests(&mut |at, _| set |= 1 << at));
    set
}
