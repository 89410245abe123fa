//! The pages behind a report.

use super::{Report, checks};
use crate::rulebook::Page;

/// The pages that the report cites or sends people to, in the order of the rules.
pub(super) fn sources<'a>(report: &'a Report<'a>) -> Vec<&'a Page> {
    let Report { rulebook, assessment, .. } = report;
    let all = [checks::criteria(report), checks::findings(report), checks::topics(report), checks::obligations(report)];
    let checks = all.iter().flatten().map(|check| &check.grounds.source.id);
    let steps = assessment.next_steps.iter().flat_map(|it| it.go_to.iter().chain([&it.grounds.source.id]));
    let cited: Vec<_> = checks.chain(steps).chain(assessment.facts.iter().map(|it| &it.grounds.source.id)).collect();
    rulebook.pages.iter().filter(|page| cited.contains(&&page.id)).collect()
}
