//! What triage should write of a record, from what `check` is made from. The fuzz targets use it too.

use eligibility::answers;
use eligibility::assess::assess;
use eligibility::rulebook::{Rulebook, Status};
use serde_json::{Value, json};

/// Every field but the source, or nothing if `check` refuses the record.
pub(crate) fn by_check(rulebook: &Rulebook, record: &[u8]) -> Option<Value> {
    let (answers, _) = answers::parse("", record, rulebook).ok()?;
    let assessment = assess(rulebook, &answers);
    let with = |status| {
        let criteria = assessment.criteria.iter().filter(move |result| result.status == status);
        criteria.map(|result| result.criterion.id.as_str()).collect::<Vec<_>>()
    };
    Some(json!({
        "product": answers.product,
        "outcome": assessment.outcome.id(),
        "possible_outcomes": assessment.possible_outcomes.iter().map(|outcome| outcome.id()).collect::<Vec<_>>(),
        "scenario": assessment.scenario.as_ref().and_then(|result| result.scenario.number),
        "scenario_id": assessment.scenario.as_ref().map(|result| result.scenario.id.as_str()),
        "met": with(Status::Met),
        "not_met": with(Status::NotMet),
        "to_discuss": with(Status::ToDiscuss),
        "missing": assessment.missing.iter().map(|question| question.id.as_str()).collect::<Vec<_>>(),
        "fit": assessment.fit.outcome.id(),
    }))
}
