//! Checks of all rules together, once they are compiled.

use crate::condition::Condition;
use crate::diagram::{Diagrams, QuestionSet, TooIntricate};
use crate::problem::{Code, Problem};
use crate::question::{Question, Takes};
use crate::rulebook::{Criterion, Decided, FindingKind, Rule, Rulebook, version_numbers};
use crate::yaml::{MAX_BYTES, Node};

const RAISE: &str = "raise `version` in the manifest, or nobody is asked again";
/// The most bytes that a report on one product may spend on repetition.
const MAX_REPEATED: usize = 8 << 20;

/// Scenarios must cover each product exactly once, and there must be a text for every status that can occur.
pub(super) fn check(rulebook: &mut Rulebook, problems: &mut Vec<Problem>) {
    match scenarios(rulebook) {
        Ok(found) => problems.extend(found),
        Err(TooIntricate) => return problems.push(too_intricate()),
    }
    let nothing = rulebook.diagrams.variables().unassigned();
    for (id, diagram, says, place) in rulebook.statuses() {
        for status in rulebook.diagrams.possible(diagram, &nothing) {
            if says.text(status).is_none() {
                let message = format!("`{id}` can be {}, but says nothing then", status.id());
                let problem = Problem::at(Code::MessageMissing, place.clone(), message);
                problems.push(problem.hint(format!("add `{}: …` under `says`", status.id())));
            }
        }
    }
}

/// Versions that cannot be compared, and changes of questions that are still to come.
pub(super) fn versions(manifest: Node<'_>, questions: Node<'_>) -> Vec<Problem> {
    let changed = questions.list("questions").filter_map(|it| it.non_null("changed"));
    let all: Vec<_> = [manifest].into_iter().chain(changed).map(|it| it.required("version")).collect();
    let numbers = |node: Node<'_>| version_numbers(node.text().unwrap_or_default());
    let told = |version: &Node<'_>| {
        let (message, hint) = match (numbers(*version), numbers(all[0])) {
            (None, _) => ("this version cannot be compared", "write numbers with points between them, such as 1.2.0"),
            (Some(since), Some(now)) if since > now => ("this version is still to come", RAISE),
            _ => return None,
        };
        let problem = Problem::at(Code::Order, version.place(), message).hint(hint);
        // Where no question has changed, nothing compares it.
        Some(if all.len() > 1 { problem } else { problem.warning() })
    };
    all.iter().filter_map(told).collect()
}

/// Answers that match two scenarios, and answers that match none.
fn scenarios(rulebook: &mut Rulebook) -> Result<Vec<Problem>, TooIntricate> {
    let (mut problems, mut whens) = (Vec::new(), Vec::new());
    let mut left = Diagrams::constant(!rulebook.scenarios.is_empty());
    for index in 0..rulebook.scenarios.len() {
        let when = rulebook.diagrams.condition(&rulebook.scenarios[index].when)?;
        let when = rulebook.diagrams.over_answers(when)?;
        for (other, before) in whens.iter().enumerate() {
            let both = rulebook.diagrams.combine(*before, when, |a, b| a && b)?;
            if both != Diagrams::constant(false) {
                let [first, second] = [other, index].map(|index| &rulebook.scenarios[index]);
                let message = format!("`{}` and `{}` match the same answers", first.id, second.id);
                let problem = Problem::at(Code::Overlap, second.place.clone(), message)
                    .related(first.place.clone(), "the other one")
                    .hint("narrow one of the two conditions")
                    .witness(rulebook.witness(&rulebook.diagrams, both, true));
                problems.push(problem);
            }
        }
        left = rulebook.diagrams.combine(left, when, |left, when| left && !when)?;
        whens.push(when);
    }
    if left != Diagrams::constant(false) {
        let place = rulebook.scenarios[0].place.clone();
        let problem = Problem::at(Code::Gap, place, "some answers match no scenario")
            .hint(
                "widen a condition or add a scenario; let the last say `otherwise: true` only if its words are true of \
                 these answers",
            )
            .witness(rulebook.witness(&rulebook.diagrams, left, true));
        problems.push(problem);
    }
    Ok(problems)
}

pub(super) fn too_intricate() -> Problem {
    let message = "there are too many ways to answer to work all of them out exactly";
    let hint = "each can be assessed by itself; to have the rules proved, simplify their conditions";
    Problem::anywhere(Code::TooIntricate, message).hint(hint).warning()
}

/// A report repeats for each rule the questions that decide it and their answers, so its length can grow with the
/// number of rules times the number of questions.
pub(super) fn too_much_repetition(rulebook: &Rulebook) -> Option<Problem> {
    let Rulebook { questions, scenarios, findings, topics, .. } = rulebook;
    let sum = |set: QuestionSet, size: fn(&Question) -> usize| -> usize {
        questions.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, question)| size(question)).sum()
    };
    let titles: usize = scenarios.iter().map(|scenario| scenario.title.len()).sum();
    let by_scenarios = titles + sum(tested(scenarios.iter().map(|scenario| &scenario.when)), Question::max_bytes);
    let by_rule = rulebook.rules().into_iter().map(|rule| match rule {
        Rule::Criterion(Criterion { decided: Decided::ByScenarios { .. }, .. }) => by_scenarios,
        Rule::Criterion(_) | Rule::Finding(_) | Rule::Topic(..) | Rule::Obligation(_) => {
            let needed: &[usize] = if let Rule::Topic(topic, _) = rule { &topic.questions } else { &[] };
            let set = tested(rule.conditions().into_iter().map(|(_, condition)| condition));
            sum(needed.iter().fold(set, |set, at| set | (1 << at)), Question::max_bytes)
        }
        _ => 0,
    });
    // While the fit is unknown, each finding that counts towards it names everything that is missing.
    let relevant = || findings.iter().filter(|finding| finding.kind != FindingKind::Note);
    let of_fit = sum(tested(relevant().map(|finding| &finding.when)), |question| question.prompt.len());
    // All texts of a file together are no longer than the file, and appear with each topic that asks for them.
    let texts = (0..questions.len()).filter(|index| questions[*index].kind.takes() == Takes::Own);
    let uses = texts.map(|index| topics.iter().filter(|topic| topic.questions.contains(&index)).count());
    let of_texts = uses.max().unwrap_or(0) * (MAX_BYTES / 4);
    let size = by_rule.fold(of_texts + relevant().count() * of_fit, usize::saturating_add);
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
    conditions.into_iter().flat_map(Condition::questions).fold(0, |set, at| set | 1 << at)
}
