//! What triage should write of a record, from what `check` is made from. The fuzz targets use it too.

use eligibility::assess::assess;
use eligibility::assessment::FindingState;
use eligibility::intake::{Input, Judging};
use eligibility::rulebook::{Rulebook, Status};
use serde_json::{Value, json};

fn ids<'a>(found: &mut dyn Iterator<Item = &'a str>) -> Vec<&'a str> {
    found.collect()
}

/// Every field but the source, or nothing if `check` refuses the record.
pub(crate) fn by_check(rulebook: &Rulebook, record: &[u8]) -> Option<Value> {
    let checked = Judging::new(rulebook).check_document(Input { json: true, ..Input::default() }, 1, record);
    let answers = &checked.report()?.answers;
    let assessment = assess(rulebook, answers);
    let with = |status| {
        let criteria = assessment.criteria.iter().filter(move |result| result.status == status);
        criteria.map(|result| result.criterion.id.as_str()).collect::<Vec<_>>()
    };
    Some(json!({
        "product": answers.product,
        "organisation": answers.organisation,
        "outcome": assessment.outcome.id(),
        "possible_outcomes": assessment.possible_outcomes.iter().map(|outcome| outcome.id()).collect::<Vec<_>>(),
        "scenario": assessment.scenario.as_ref().and_then(|result| result.scenario.number),
        "scenario_id": assessment.scenario.as_ref().map(|result| result.scenario.id.as_str()),
        "met": with(Status::Met),
        "not_met": with(Status::NotMet),
        "to_discuss": with(Status::ToDiscuss),
        "missing": assessment.missing.iter().map(|question| question.id.as_str()).collect::<Vec<_>>(),
        "fit": assessment.fit.outcome.id(),
        "findings": ids(&mut assessment.fit.findings.iter().filter(|result| result.state == FindingState::Holds)
            .map(|result| result.finding.id.as_str())),
        "possible_scenarios": ids(&mut assessment.possible_scenarios.iter().map(|scenario| scenario.id.as_str())),
        "also_missing": ids(&mut assessment.also_missing.iter().map(|question| question.id.as_str())),
        "contradictions": ids(&mut rulebook.contradictions.iter()
            .filter(|found| checked.problems.iter().any(|problem| problem.hint.as_deref() == Some(found.says.as_str())))
            .map(|found| found.id.as_str())),
        "topics": ids(&mut assessment.application.iter().filter(|result| result.prepared())
            .map(|result| result.topic.id.as_str())),
        "obligations": ids(&mut assessment.go_live.iter().filter(|result| result.status == Status::Met)
            .map(|result| result.obligation.id.as_str())),
        "lacking": ids(&mut checked.report()?.judgement.lacking.iter().map(|(id, _)| id.as_str())),
    }))
}
