//! What must be true of all rules, proved over every combination of answers.

use std::collections::{BTreeMap, BTreeSet};

use super::{Site, name, sites};
use crate::condition::Condition;
use crate::diagram::{AnyResult, Decision, Diagrams, InScenario, TooIntricate, Truth, Value, values};
use crate::outcome::FitOutcome;
use crate::problem::{Code, Place, Problem, suggestion};
use crate::question::{Basis, Takes};
use crate::rulebook::{Criterion, Decided, Finding, FindingKind, Outcome, Reach, Rule, Rulebook, Status, numbered};

#[derive(Debug)]
pub struct Proof {
    /// How many combinations of sure answers it covers, as far as conditions can tell them apart.
    pub combinations: u128,
    pub problems: Vec<Problem>,
}

/// Proves a rulebook sound, or shows where it is not. That scenarios overlap or leave a gap is found when rules are
/// read.
pub fn prove(rulebook: &Rulebook) -> Result<Proof, TooIntricate> {
    if rulebook.reach != Reach::Everyone {
        return Err(TooIntricate);
    }
    let mut prover = Prover { rulebook, diagrams: rulebook.diagrams.with_fresh_budget(), problems: Vec::new() };
    prover.statuses();
    prover.scenarios();
    prover.findings();
    prover.contradictions();
    prover.outcome();
    prover.copies();
    prover.titles();
    let sites = sites(rulebook);
    prover.conditions(&sites)?;
    prover.questions(&sites);
    prover.hidden_questions()?;
    prover.order()?;
    prover.departures()?;
    prover.sources();
    prover.references();
    let mut problems = prover.problems;
    Problem::sort(&mut problems);
    let questions: Vec<usize> = (0..rulebook.questions.len()).collect();
    let mut diagrams = rulebook.diagrams.with_fresh_budget();
    let possible = diagrams.possible_answers(&questions)?;
    Ok(Proof { combinations: diagrams.count(possible, true, &questions), problems })
}

pub(super) struct Prover<'r> {
    pub(super) rulebook: &'r Rulebook,
    pub(super) diagrams: Diagrams,
    pub(super) problems: Vec<Problem>,
}

impl Prover<'_> {
    pub(super) fn report(
        &mut self,
        code: Code,
        place: &Place,
        message: String,
        hint: impl Into<String>,
    ) -> &mut Problem {
        self.problems.push_mut(Problem::at(code, place.clone(), message).hint(hint))
    }

    /// Every criterion and obligation can be met and unmet, and has no text for an impossible status.
    fn statuses(&mut self) {
        let rulebook = self.rulebook;
        let never = "so it decides nothing";
        let nothing = self.diagrams.variables().unassigned();
        for (id, status, says, place) in rulebook.statuses() {
            let possible = self.diagrams.possible_surely(status);
            if !possible.contains(&Status::Met) {
                let hint = "widen the condition under which it is met, or delete it";
                self.report(Code::NeverSo, place, format!("`{id}` can never be met, {never}"), hint);
                continue;
            }
            if possible.len() == 1 {
                let hint = "narrow the condition under which it is met, or delete it";
                let message = format!("`{id}` is met whatever the answers are, {never}");
                self.report(Code::NeverSo, place, message, hint);
                continue;
            }
            let possible = self.diagrams.possible(status, &nothing);
            for never in Status::DECIDED.iter().filter(|status| !possible.contains(status)) {
                if says.text(*never).is_some() || says.short(*never).is_some() {
                    let message = format!("`{id}` can never be {never}, so what it says then can never be told");
                    let hint = format!("delete `{never}: …` under `says` and `short`, or mend the condition");
                    self.report(Code::NeverTold, place, message, hint);
                }
            }
        }
    }

    /// Every scenario can occur.
    fn scenarios(&mut self) {
        let rulebook = self.rulebook;
        let possible = self.diagrams.possible_surely(rulebook.sure_scenario);
        for (index, scenario) in (0..).zip(&rulebook.scenarios) {
            // A scenario that matches only together with others is reported as an overlap.
            if !possible.contains(&InScenario::In(index))
                && !self.possible(&scenario.when).is_ok_and(|when| when != Diagrams::constant(false))
            {
                let hint = if scenario.otherwise {
                    "the scenarios before it leave nothing: delete it, or narrow one of them"
                } else {
                    "widen its `when`, or delete it"
                };
                let message = format!("nothing can be in `{}`", scenario.id);
                self.report(Code::NeverSo, &scenario.place, message, hint);
            }
        }
    }

    /// Every finding can hold, and none always does.
    fn findings(&mut self) {
        for finding in &self.rulebook.findings {
            let possible = self.diagrams.possible_surely(finding.state);
            if !possible.contains(&Truth::Yes) {
                let message = format!("`{}` can never hold", finding.id);
                self.report(Code::NeverSo, &finding.place, message, "widen its `when`, or delete it");
            } else if possible.len() == 1 {
                let hint = "narrow its `when`, or tell it as a fact in `outcomes.yaml`";
                let message = format!("`{}` always holds", finding.id);
                self.report(Code::NeverSo, &finding.place, message, hint);
            }
        }
    }

    /// Every contradiction can hold, and is between several answers.
    fn contradictions(&mut self) {
        for contradiction in &self.rulebook.contradictions {
            let questions = self.diagrams.questions(contradiction.holds.root());
            let is_one_answer = match questions.as_slice() {
                [question] => self.rulebook.questions[*question].kind.takes() != Takes::Several,
                questions => questions.is_empty(),
            };
            if contradiction.holds == Diagrams::constant(false) {
                let message = format!("`{}` can never hold", contradiction.id);
                self.report(Code::NeverSo, &contradiction.place, message, "widen its `when`, or delete it");
            } else if is_one_answer {
                let message = format!("`{}` rests on one answer, and one answer contradicts nothing", contradiction.id);
                let hint = "test the other answer as well, or delete it";
                self.report(Code::NeverSo, &contradiction.place, message, hint);
            }
        }
    }

    /// All criteria can be met at once, and something can fit.
    fn outcome(&mut self) {
        let rulebook = self.rulebook;
        let meets = self.diagrams.possible_surely(rulebook.outcome).contains(&Outcome::MeetsCriteria);
        // A criterion that can never be met has been reported, and would be the reason.
        let can_be_met = |criterion: &Criterion| self.diagrams.possible_surely(criterion.status).contains(&Status::Met);
        if !meets
            && rulebook.criteria.iter().all(can_be_met)
            && let Some(first) = rulebook.criteria.first()
        {
            let message = "nothing can meet all the criteria at once".to_owned();
            let hint = "look for criteria whose conditions exclude each other";
            self.report(Code::NeverSo, &first.place, message, hint);
        }
        let never_fits = self.diagrams.possible_surely(rulebook.fit).iter().all(|fit| *fit == FitOutcome::DoesNotFit);
        let mut blockers = rulebook.findings.iter().filter(|finding| finding.kind == FindingKind::Blocker);
        // So has a blocker that always holds.
        let can_be_absent = |blocker: &Finding| self.diagrams.possible_surely(blocker.state).contains(&Truth::No);
        if never_fits
            && blockers.clone().all(can_be_absent)
            && let Some(first) = blockers.next()
        {
            let message = "nothing can fit: whatever the answers are, a blocker holds".to_owned();
            let hint = "look for blockers whose conditions together leave no answers out";
            self.report(Code::NeverSo, &first.place, message, hint);
        }
    }

    /// No two rules of a kind always come out the same: one of them was probably copied, and its condition forgotten.
    /// Steps and facts may share a condition, and so may notes of different rules.
    fn copies(&mut self) {
        let rulebook = self.rulebook;
        let mut known: Vec<Rule<'_>> = Vec::new();
        for rule in rulebook.rules() {
            let decided = match rule {
                Rule::NextStep(_) | Rule::Fact(_) => None,
                _ => rule.decision(),
            };
            // What never changes is reported by itself. Most topics hold as soon as their questions are answered.
            let changes = |decided: Decision<AnyResult>| self.diagrams.branch(decided.root()).is_some();
            if !matches!(rule, Rule::Topic(..)) && !decided.is_some_and(changes) {
                continue;
            }
            let is_same = |other: &&Rule<'_>| match (rule, other) {
                (Rule::Note(owner, ..), Rule::Note(other_owner, ..)) if owner != *other_owner => false,
                (Rule::Topic(one, _), Rule::Topic(other, _)) if one.questions != other.questions => false,
                _ => other.kind() == rule.kind() && other.decision() == decided,
            };
            if let Some(first) = known.iter().find(is_same) {
                let [this, other] = [rule, *first].map(name);
                let message = format!("`{this}` comes out as `{other}` does, whatever the answers are");
                let hint = "mend the condition that was copied, or join the two";
                let problem = self.report(Code::SameCondition, rule.place(), message, hint);
                problem.related.push((first.place().clone(), "the other".to_owned()));
            }
            known.push(rule);
        }
    }

    /// No two rules of a kind that reports list by their titles, or head groups with, have the same.
    fn titles(&mut self) {
        let listed = |rule: &Rule<'_>| {
            matches!(rule, Rule::Section(..) | Rule::Criterion(_) | Rule::Scenario(_) | Rule::Finding(_))
                || matches!(rule, Rule::Topic(..) | Rule::Obligation(_) | Rule::Outcome(..))
        };
        let mut known: BTreeMap<(&str, String), Rule<'_>> = BTreeMap::new();
        for rule in self.rulebook.rules().into_iter().filter(listed) {
            let title = numbered(rule.number(), rule.title().unwrap_or_default()).to_lowercase();
            if let Some(other) = known.insert((rule.kind().id(), title), rule) {
                let message = format!("the title of `{}` reads the same as that of `{}`", rule.id(), other.id());
                let hint = "say it in other words: in reports the two could not be told apart";
                let problem = self.report(Code::SameWords, rule.place(), message, hint);
                problem.related.push((other.place().clone(), "the other".to_owned()));
            }
        }
    }

    /// Where a condition holds, among possible answers.
    fn possible(&mut self, condition: &Condition) -> Result<Decision<bool>, TooIntricate> {
        let when = self.diagrams.condition(condition)?;
        self.diagrams.over_answers(when)
    }

    /// Every question has a use: a condition tests it, or a topic needs it.
    fn questions(&mut self, sites: &[Site<'_>]) {
        let rulebook = self.rulebook;
        let mut used: BTreeSet<usize> = sites.iter().flat_map(|site| site.condition.questions()).collect();
        used.extend(rulebook.topics.iter().flat_map(|topic| &topic.questions));
        for (index, question) in rulebook.questions.iter().enumerate() {
            if !used.contains(&index) {
                let message = format!("nothing depends on `{}`, so it is asked for nothing", question.id);
                let hint = "delete the question, or use it in a condition or a topic";
                self.report(Code::DeadQuestion, &question.place, message, hint);
            }
        }
    }

    /// Where answers are ordered, a better one never makes anything worse.
    fn order(&mut self) -> Result<(), TooIntricate> {
        let rulebook = self.rulebook;
        for (index, question) in rulebook.questions.iter().enumerate().filter(|(_, question)| question.best_first) {
            let Some(var) = self.diagrams.variables().of_question(index).first().copied() else { continue };
            let answers: Vec<Value> = values(self.diagrams.answers_of(var)).collect();
            for (name, decision) in effects(rulebook) {
                for pair in answers.windows(2) {
                    let [better, worse] = [pair[0], pair[1]].map(|value| self.diagrams.cofactor(decision, var, value));
                    let wrong = self.diagrams.combine(better?, worse?, |better, worse| better > worse)?;
                    let Some(mut path) = self.diagrams.shortest_path(wrong, true) else { continue };
                    path.push((var, pair[0]));
                    let values = [pair[0], pair[1]].map(|value| question.options[usize::from(value)].value.as_str());
                    let message = format!(
                        "`{}: {}` can make {name} worse than `{}`, though it stands before it",
                        question.id, values[0], values[1]
                    );
                    let witness = rulebook.written(&path);
                    let hint = "mend the conditions, or the order of the options";
                    self.report(Code::OutOfOrder, &question.place, message, hint).witness = Some(witness);
                }
            }
        }
        Ok(())
    }

    /// A published scenario agrees with the words of its criterion, or says why not.
    fn departures(&mut self) -> Result<(), TooIntricate> {
        let rulebook = self.rulebook;
        for criterion in &rulebook.criteria {
            let Decided::ByScenarios { words_met_when: Some(words) } = &criterion.decided else { continue };
            let words = self.possible(words)?;
            for scenario in &rulebook.scenarios {
                if scenario.grounds.basis == Basis::Interpretation || scenario.departs_because.is_some() {
                    continue;
                }
                let when = self.possible(&scenario.when)?;
                let met = scenario.criterion == Status::Met;
                let apart = self.diagrams.combine(when, words, |when, words| when && words != met)?;
                if self.diagrams.shortest_path(apart, true).is_some() {
                    let message = format!(
                        "`{}` makes `{}` {}, against the criterion's own words",
                        scenario.id,
                        criterion.id,
                        scenario.criterion.id().replace('_', " ")
                    );
                    let witness = rulebook.witness(&self.diagrams, apart, true);
                    let hint = "mend one of them, or say why under `departs_because`";
                    let problem = self.report(Code::Departs, &scenario.place, message, hint);
                    problem.witness = Some(witness);
                    problem.related.push((criterion.place.clone(), "the criterion".to_owned()));
                }
            }
        }
        Ok(())
    }

    /// Every interpretation has a reasoning, and no published rule has one.
    fn sources(&mut self) {
        let rulebook = self.rulebook;
        for rule in rulebook.rules() {
            let Some(grounds) = rule.grounds() else { continue };
            if grounds.basis == Basis::Interpretation && grounds.reasoning.is_none() {
                let message = format!("`{}` is an interpretation, and does not say why", rule.id());
                let hint = "add `reasoning: …`, or write `basis: published` if the source says so";
                self.report(Code::SourceIncomplete, rule.place(), message, hint);
            }
            if grounds.basis == Basis::Published && grounds.reasoning.is_some() {
                let message = format!("the source says what `{}` says, yet it has a reasoning of ours", rule.id());
                let hint = "put what is ours into `{says: …, reading: …, reasoning: …}` in the text it belongs to";
                self.report(Code::ReadingUnmarked, rule.place(), message, hint);
            }
        }
    }

    /// Every id between backticks in a text exists.
    fn references(&mut self) {
        let rulebook = self.rulebook;
        let known = rulebook.ids();
        let texts = rulebook.texts().into_iter();
        let references = texts.flat_map(|(text, place)| text.split('`').skip(1).step_by(2).map(move |id| (id, place)));
        for (id, place) in references.filter(|(id, _)| !known.iter().any(|known| known == id)) {
            let hint = suggestion(id, known.iter().map(AsRef::as_ref));
            let message = format!("a text here names `{id}`, which is nothing in these rules");
            let otherwise = "write the id of something between backticks, or delete the backticks";
            let hint = if hint.starts_with("did") { hint } else { otherwise.to_owned() };
            self.report(Code::UnknownReference, place, message, hint);
        }
    }
}

/// The ordered results, by name.
fn effects(rulebook: &Rulebook) -> Vec<(String, Decision<AnyResult>)> {
    let mut effects =
        vec![("the outcome".to_owned(), rulebook.outcome.any()), ("the fit".to_owned(), rulebook.fit.any())];
    effects.extend(rulebook.criteria.iter().map(|criterion| (format!("`{}`", criterion.id), criterion.status.any())));
    effects.extend(rulebook.obligations.iter().map(|owed| (format!("`{}`", owed.id), owed.status.any())));
    effects
}
