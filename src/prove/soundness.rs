//! What must be true of rules that people rely on, proved over every combination of answers.

use super::{ALWAYS, NEVER, Part, Site, first_place, parts, sites};
use crate::condition::Condition;
use crate::diagram::{Diagrams, Leaf, Ref, TooIntricate};
use crate::problem::{Code, Place, Problem, suggestion};
use crate::question::{Basis, Grounds, Kind};
use crate::rulebook::{Decision, FINDING_HOLDS, Outcome, Rulebook, Status};

/// What was proved.
#[derive(Debug)]
pub struct Proof {
    /// How many combinations of sure answers it covers: those that conditions can tell apart.
    pub combinations: u128,
    /// What does not hold.
    pub problems: Vec<Problem>,
}

/// Proves a rulebook sound, or shows where it is not. Whether scenarios overlap or leave a gap is found when the rules
/// are read.
///
/// # Errors
/// If the proof would need more steps than the limit. Then nothing is proved.
pub fn prove(rulebook: &Rulebook) -> Result<Proof, TooIntricate> {
    let mut prover = Prover { rulebook, diagrams: rulebook.diagrams.afresh(), problems: Vec::new() };
    prover.statuses();
    prover.conditions()?;
    prover.questions();
    prover.hidden_questions()?;
    prover.order()?;
    prover.departures()?;
    prover.sources();
    prover.references();
    let mut problems = prover.problems;
    Problem::sort(&mut problems);
    Ok(Proof { combinations: combinations(rulebook), problems })
}

/// How many combinations of sure answers conditions can tell apart.
fn combinations(rulebook: &Rulebook) -> u128 {
    let questions = rulebook.questions.iter().zip(rulebook.diagrams.alphabets());
    questions
        .filter(|(question, _)| question.kind != Kind::Text)
        .fold(1, |product: u128, (_, alphabet)| product.saturating_mul(alphabet.letters().len() as u128))
}

struct Prover<'r> {
    rulebook: &'r Rulebook,
    diagrams: Diagrams,
    problems: Vec<Problem>,
}

impl Prover<'_> {
    fn report(&mut self, code: Code, place: &Place, message: String) -> &mut Problem {
        self.problems.push(Problem::at(code, place.clone(), message));
        self.problems.last_mut().expect("one was just added")
    }

    /// The leaves that sure answers reach.
    fn sure_leaves(&mut self, diagram: Ref) -> u64 {
        self.diagrams.reachable_surely(diagram)
    }

    /// Every criterion can be met and unmet, every scenario and finding can come up, every outcome can be reached.
    fn statuses(&mut self) {
        let rulebook = self.rulebook;
        let never = "so it decides nothing";
        let met = 1 << Status::Met as Leaf;
        let criteria = rulebook.criteria.iter().map(|c| (&c.id, c.status, &c.place));
        for (id, status, place) in criteria.chain(rulebook.obligations.iter().map(|o| (&o.id, o.status, &o.place))) {
            let leaves = self.sure_leaves(status);
            if leaves & met == 0 {
                self.report(Code::NeverSo, place, format!("`{id}` can never be met, {never}"));
            } else if leaves == met {
                self.report(Code::NeverSo, place, format!("`{id}` is met whatever the answers are, {never}"));
            }
        }
        if let Some(scenario) = rulebook.scenario {
            let leaves = self.sure_leaves(scenario);
            for (index, scenario) in rulebook.scenarios.iter().enumerate() {
                if leaves & (1 << index) == 0 {
                    self.report(Code::NeverSo, &scenario.place, format!("no product can be in `{}`", scenario.id));
                }
            }
        }
        for finding in &rulebook.findings {
            let leaves = self.sure_leaves(finding.state);
            if leaves & (1 << FINDING_HOLDS) == 0 {
                self.report(Code::NeverSo, &finding.place, format!("`{}` can never hold", finding.id));
            } else if leaves == 1 << FINDING_HOLDS {
                self.report(Code::NeverSo, &finding.place, format!("`{}` always holds", finding.id));
            }
        }
        let leaves = self.sure_leaves(rulebook.outcome);
        if let (false, Some(first)) = (leaves & (1 << Outcome::MeetsCriteria as Leaf) != 0, rulebook.criteria.first()) {
            let message = "no product can meet all the criteria at once".to_owned();
            self.report(Code::NeverSo, &first.place, message);
        }
    }

    /// No part of a condition, and no value in a test, is there for nothing.
    fn conditions(&mut self) -> Result<(), TooIntricate> {
        for site in sites(self.rulebook) {
            let whole = site.rule_with(&mut self.diagrams, site.condition)?;
            let mut dead: Vec<Part<'_>> = Vec::new();
            for part in parts(site.condition) {
                if dead.iter().any(|outer| part.inside(outer)) {
                    continue;
                }
                if self.is_dead(&site, &part, whole)? {
                    dead.push(part);
                } else {
                    self.values(&site, &part, whole)?;
                }
            }
            // A condition without effect has parts without effect, so the widest part is the one to name.
            for part in dead {
                let place = first_place(part.part).unwrap_or(site.place).clone();
                let message = format!("this part of the condition of `{}` makes no difference", site.owner);
                self.report(Code::DeadCondition, &place, message).hint =
                    Some("delete it, or change it so that it decides something".to_owned());
            }
        }
        Ok(())
    }

    fn is_dead(&mut self, site: &Site<'_>, part: &Part<'_>, whole: Ref) -> Result<bool, TooIntricate> {
        for constant in [ALWAYS, NEVER] {
            let without = part.replaced(site.condition, &constant);
            if site.rule_with(&mut self.diagrams, &without)? == whole {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The values of a test that could be left out.
    fn values(&mut self, site: &Site<'_>, part: &Part<'_>, whole: Ref) -> Result<(), TooIntricate> {
        let Condition::Is { question, options, place } = part.part else { return Ok(()) };
        if options.count_ones() < 2 {
            return Ok(());
        }
        let asked = &self.rulebook.questions[*question];
        for (index, option) in asked.chosen(*options) {
            let narrowed =
                Condition::Is { question: *question, options: options & !(1 << index), place: place.clone() };
            let without = part.replaced(site.condition, &narrowed);
            if site.rule_with(&mut self.diagrams, &without)? == whole {
                let message = format!("the value `{}` makes no difference to `{}`", option.value, site.owner);
                self.report(Code::DeadCondition, place, message).hint = Some("delete it from the list".to_owned());
            }
        }
        Ok(())
    }

    /// Every question is asked for something: a condition tests it, or a topic needs it.
    fn questions(&mut self) {
        let rulebook = self.rulebook;
        let mut used = vec![false; rulebook.questions.len()];
        for site in sites(rulebook) {
            site.condition.tests(&mut |question, _| used[question] = true);
        }
        for question in rulebook.topics.iter().flat_map(|topic| &topic.questions) {
            used[*question] = true;
        }
        for (question, used) in rulebook.questions.iter().zip(used) {
            if !used {
                let message = format!("nothing depends on `{}`, so it is asked for nothing", question.id);
                self.report(Code::DeadQuestion, &question.place, message).hint =
                    Some("delete the question, or use it in a condition or a topic".to_owned());
            }
        }
    }

    /// A question that is not asked cannot matter.
    fn hidden_questions(&mut self) -> Result<(), TooIntricate> {
        let rulebook = self.rulebook;
        for (index, (question, asked)) in rulebook.questions.iter().zip(&rulebook.ask_when).enumerate() {
            let Some((_, asked)) = asked else { continue };
            for (name, function) in effects(rulebook) {
                // Where the question is asked, what is said counts as one and the same thing.
                let hidden = self.diagrams.combine(function, *asked, &|leaf, asked| {
                    if asked == 0 { leaf } else { ASKED }
                })?;
                if !self.diagrams.questions(hidden).contains(&index) {
                    continue;
                }
                let witness = self.differing(hidden, index)?;
                let message = format!("`{}` can decide the {name} even where it is not asked", question.id);
                let problem = self.report(Code::HiddenQuestion, &question.place, message);
                problem.hint = Some("widen its `ask_when`".to_owned());
                problem.witness = Some(witness);
            }
        }
        Ok(())
    }

    /// Answers under which a question matters.
    fn differing(&mut self, diagram: Ref, question: usize) -> Result<Vec<(String, String)>, TooIntricate> {
        let width = self.diagrams.alphabets()[question].not_sure();
        let first = self.diagrams.with(diagram, question, 0)?;
        let mut differ = Diagrams::constant(0);
        let mut letters = (0, 0);
        for letter in 1..width {
            let other = self.diagrams.with(diagram, question, letter)?;
            differ = self.diagrams.combine(first, other, &|a, b| Leaf::from(a != b && a != ASKED && b != ASKED))?;
            if self.diagrams.shortest(differ, 1).is_some() {
                letters = (0, letter);
                break;
            }
        }
        let mut path = self.diagrams.shortest(differ, 1).unwrap_or_default();
        path.push((question, letters.1));
        path.sort_unstable();
        Ok(self.rulebook.written(&path))
    }

    /// Where answers are ordered, a better one never makes anything worse.
    fn order(&mut self) -> Result<(), TooIntricate> {
        let rulebook = self.rulebook;
        for (index, question) in rulebook.questions.iter().enumerate().filter(|(_, question)| question.best_first) {
            let width = rulebook.diagrams.alphabets()[index].not_sure();
            for (name, function) in effects(rulebook) {
                for letter in 1..width {
                    let better = self.diagrams.with(function, index, letter - 1)?;
                    let worse = self.diagrams.with(function, index, letter)?;
                    let wrong = self.diagrams.combine(better, worse, &|better, worse| Leaf::from(better > worse))?;
                    let Some(mut path) = self.diagrams.shortest(wrong, 1) else { continue };
                    path.push((index, letter - 1));
                    path.sort_unstable();
                    let values =
                        [letter - 1, letter].map(|letter| question.options[usize::from(letter)].value.as_str());
                    let message = format!(
                        "`{}: {}` can make the {name} worse than `{}`, though it stands before it",
                        question.id, values[0], values[1]
                    );
                    let witness = self.rulebook.written(&path);
                    let problem = self.report(Code::OutOfOrder, &question.place, message);
                    problem.hint = Some("mend the conditions, or the order of the options".to_owned());
                    problem.witness = Some(witness);
                }
            }
        }
        Ok(())
    }

    /// A published scenario says what the words of its criterion say, or why it does not.
    fn departures(&mut self) -> Result<(), TooIntricate> {
        let rulebook = self.rulebook;
        for criterion in &rulebook.criteria {
            let Decision::Scenarios { words_met_when: Some(words) } = &criterion.decision else { continue };
            let words = self.diagrams.condition(words)?;
            for scenario in &rulebook.scenarios {
                if scenario.grounds.basis == Basis::Interpretation || scenario.departs_because.is_some() {
                    continue;
                }
                let when = self.diagrams.condition(&scenario.when)?;
                let met = Leaf::from(scenario.criterion == Status::Met);
                let apart = self.diagrams.combine(when, words, &|when, words| Leaf::from(when == 1 && words != met))?;
                if self.diagrams.shortest(apart, 1).is_some() {
                    let message = format!(
                        "`{}` makes `{}` {}, against the criterion's own words",
                        scenario.id,
                        criterion.id,
                        scenario.criterion.id().replace('_', " ")
                    );
                    let witness = rulebook.witness(&self.diagrams, apart, 1);
                    let problem = self.report(Code::Departs, &scenario.place, message);
                    problem.hint = Some("mend one of them, or say why under `departs_because`".to_owned());
                    problem.witness = Some(witness);
                    problem.related.push((criterion.place.clone(), "the criterion".to_owned()));
                }
            }
        }
        Ok(())
    }

    /// Every rule says on which item of its page it rests.
    fn sources(&mut self) {
        let rulebook = self.rulebook;
        let all = (rulebook.questions.iter().map(|q| (&q.id, &q.grounds, &q.place)))
            .chain(rulebook.criteria.iter().map(|c| (&c.id, &c.grounds, &c.place)))
            .chain(rulebook.scenarios.iter().map(|s| (&s.id, &s.grounds, &s.place)))
            .chain(rulebook.findings.iter().map(|f| (&f.id, &f.grounds, &f.place)))
            .chain(rulebook.topics.iter().map(|t| (&t.id, &t.grounds, &t.place)))
            .chain(rulebook.obligations.iter().map(|o| (&o.id, &o.grounds, &o.place)));
        let incomplete: Vec<(&String, &Place, &str)> =
            all.filter_map(|(id, grounds, place)| lacking(grounds).map(|what| (id, place, what))).collect();
        for (id, place, what) in incomplete {
            self.report(Code::SourceIncomplete, place, format!("the source of `{id}` is not complete: {what}"));
        }
    }

    /// Every id that a text puts between backticks is the id of something.
    fn references(&mut self) {
        let rulebook = self.rulebook;
        let known: Vec<&str> = rulebook.ids();
        let unknown: Vec<(String, Place)> = rulebook
            .texts()
            .into_iter()
            .flat_map(|(text, place)| backticked(text).map(move |id| (id, place)))
            .filter(|(id, _)| !known.contains(id))
            .map(|(id, place)| (id.to_owned(), place.clone()))
            .collect();
        for (id, place) in unknown {
            let hint = suggestion(&id, known.iter().copied());
            let message = format!("a text here names `{id}`, which is nothing in these rules");
            let problem = self.report(Code::UnknownReference, &place, message);
            problem.hint = hint.starts_with("did").then_some(hint);
        }
    }
}

/// Stands for all that is said where a question is asked.
const ASKED: Leaf = 60;

/// What answers lead to, by name: all that a question could matter for.
fn effects(rulebook: &Rulebook) -> Vec<(&str, Ref)> {
    let mut effects = vec![("outcome", rulebook.outcome), ("fit", rulebook.fit)];
    effects.extend(rulebook.criteria.iter().map(|criterion| (criterion.id.as_str(), criterion.status)));
    effects.extend(rulebook.obligations.iter().map(|obligation| (obligation.id.as_str(), obligation.status)));
    effects
}

/// What a source lacks.
fn lacking(grounds: &Grounds) -> Option<&'static str> {
    match grounds {
        Grounds { source, .. } if source.item.as_ref().is_none_or(|item| item.trim().is_empty()) => {
            Some("add `item: …`, such as a bullet or a paragraph")
        }
        Grounds { basis: Basis::Interpretation, reasoning: None, .. } => Some("an interpretation needs `reasoning: …`"),
        _ => None,
    }
}

/// The words between single backticks.
fn backticked(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}
