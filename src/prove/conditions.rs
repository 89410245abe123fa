//! Proves that everything in a condition makes a difference.

use super::soundness::Prover;
use super::{ALWAYS, NEVER, Site, name};
use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, TooIntricate};
use crate::problem::{Code, Problem};
use crate::rulebook::{Outcome, Rule, Status};

impl Prover<'_> {
    /// Every part of a condition, and every value in a test, makes a difference.
    pub(super) fn conditions(&mut self, sites: &[Site<'_>]) -> Result<(), TooIntricate> {
        for site in sites {
            let whole = site.rule_with(&mut self.diagrams, site.condition)?;
            if let Some(always) = self.constant_for(site, site.condition, whole)? {
                self.dead_condition(site, always);
                continue;
            }
            let mut dead: Vec<&Condition> = Vec::new();
            for part in site.condition.parts() {
                // The parts of a dead condition are dead, too: only the largest is reported.
                if dead.iter().flat_map(|outer| outer.parts()).any(|inner| std::ptr::eq(inner, part)) {
                    continue;
                }
                if self.constant_for(site, part, whole)?.is_some() {
                    dead.push(part);
                } else {
                    self.values(site, part, whole)?;
                }
            }
            self.never_told(site)?;
            // That a result never changes is reported by itself.
            let never_so = self.problems.iter().any(|problem| problem.code == Code::NeverSo);
            for part in dead.into_iter().filter(|part| !never_so || part.tests_answers_only()) {
                let place = part.place().unwrap_or(site.rule.place());
                let message = format!("this part of the condition of `{}` makes no difference", site.owner());
                let hint = "delete it, or change it so that it decides something";
                self.report(Code::DeadCondition, place, message, hint);
            }
        }
        Ok(())
    }

    /// Reports a condition that makes no difference as a whole. To delete it may need something else in its place.
    fn dead_condition(&mut self, site: &Site<'_>, always: bool) {
        let (rule, key) = (site.rule, &*site.key);
        let of_result = |it: &Problem| it.place.as_ref() == Some(rule.place()) || !site.condition.tests_answers_only();
        if self.problems.iter().any(|problem| problem.code == Code::NeverSo && of_result(problem)) {
            return;
        }
        let needed = key == "met_when" || matches!(rule, Rule::Note(..) | Rule::Scenario(_) | Rule::Contradiction(_));
        let hint = match (key, always) {
            ("discuss_when", true) => "delete `discuss_when`, and let `otherwise` be `to_discuss`".to_owned(),
            ("discuss_when", false) => "delete it, or widen it".to_owned(),
            (_, true) if needed => "narrow it".to_owned(),
            (_, true) => "delete it, or narrow it".to_owned(),
            (_, false) => format!("widen it, or delete `{}`", name(rule)),
        };
        let hold = if always { "always hold" } else { "never hold" };
        let message = format!("the condition of `{}` could as well {hold}", site.owner());
        self.report(Code::DeadCondition, site.condition.place().unwrap_or(rule.place()), message, hint);
    }

    /// Every text with a condition can be shown.
    fn never_told(&mut self, site: &Site<'_>) -> Result<(), TooIntricate> {
        let outcomes = &self.rulebook.outcomes;
        let (shown, wanted): (_, Vec<Outcome>) = match site.rule {
            Rule::Note(_, _, note) => (note.shown, Vec::new()),
            Rule::Contradiction(it) => (it.holds, Vec::new()),
            Rule::Fact(fact) => (fact.shown, fact.outcomes.clone()),
            Rule::NextStep(step) => {
                let has = |outcome: &Outcome| outcomes[*outcome as usize].next_steps.iter().any(|it| it.id == step.id);
                (step.shown, Outcome::ALL.into_iter().filter(has).collect())
            }
            _ => return Ok(()),
        };
        // A text that is shown while the outcome is open can be shown for any answers.
        let any = wanted.is_empty() || wanted.contains(&Outcome::Incomplete);
        let outcome = self.rulebook.outcome;
        let shown = self.diagrams.combine(shown, outcome, |shown, it| shown && (any || wanted.contains(&it)))?;
        if shown == Diagrams::constant(false) {
            // That an outcome cannot be reached is reported by itself.
            let reached = self.diagrams.possible_surely(self.rulebook.outcome);
            if !any && !wanted.iter().any(|outcome| reached.contains(outcome)) {
                return Ok(());
            }
            let message = format!("`{}` can never be told", site.owner());
            let hint = "its condition never holds where it would be told: mend it, or delete the text";
            self.report(Code::NeverTold, site.rule.place(), message, hint);
        }
        Ok(())
    }

    /// The constant that could stand in the place of a part: `true` if it could as well always hold.
    fn constant_for(
        &mut self,
        site: &Site<'_>,
        part: &Condition,
        whole: Decision<Status>,
    ) -> Result<Option<bool>, TooIntricate> {
        for (constant, always) in [(ALWAYS, true), (NEVER, false)] {
            let without = site.condition.with(part, &constant);
            if site.rule_with(&mut self.diagrams, &without)? == whole {
                return Ok(Some(always));
            }
        }
        Ok(None)
    }

    fn values(&mut self, site: &Site<'_>, part: &Condition, whole: Decision<Status>) -> Result<(), TooIntricate> {
        let Condition::Is { question, options, place } = part else { return Ok(()) };
        if options.count_ones() < 2 {
            return Ok(());
        }
        let asked = &self.rulebook.questions[*question];
        for (index, option) in asked.chosen(*options) {
            let narrowed =
                Condition::Is { question: *question, options: options & !(1 << index), place: place.clone() };
            let without = site.condition.with(part, &narrowed);
            if site.rule_with(&mut self.diagrams, &without)? == whole {
                let message = format!("the value `{}` makes no difference to `{}`", option.value, site.owner());
                self.report(Code::DeadCondition, place, message, "delete it from the list");
            }
        }
        Ok(())
    }
}
