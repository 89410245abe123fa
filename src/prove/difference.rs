//! What differs between two versions of the rules, in effect and in wording.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::comparison::Comparison;
use super::gates::{Need, needs, passage};
use super::patterns::When;
use super::rewording::{RuleChange, rewording};
use crate::diagram::{AnyResult, Decision, InScenario, Leaf, TooIntricate, Truth};
use crate::gate::Gate;
use crate::outcome::{FitOutcome, Outcome, Status};
use crate::problem::Witness;
use crate::question::Question;
use crate::rulebook::{Rule, RuleKind, Rulebook, written};

#[derive(Debug)]
pub struct Difference {
    pub old: RulesVersion,
    pub new: RulesVersion,
    /// Changed results.
    pub effects: Vec<Effect>,
    /// Changed gates.
    pub gates: Vec<Effect>,
    /// Changes of what the outcome, topics and gates ask for.
    pub needs: Vec<Need>,
    /// Questions that have another id and are otherwise the same: the old id and the new one.
    pub renamed: Vec<(String, String)>,
    pub rules: Vec<RuleChange>,
    /// Whether the rules are too intricate to compare all results, so that others can have changed as well.
    pub too_intricate: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesVersion {
    pub id: String,
    pub version: String,
}

impl Difference {
    pub fn is_empty(&self) -> bool {
        !self.has_effect() && self.renamed.is_empty() && self.rules.is_empty()
    }

    /// Whether the same answers can have another result.
    pub fn has_effect(&self) -> bool {
        !(self.effects.is_empty() && self.gates.is_empty() && self.needs.is_empty())
    }

    /// Adds every changed result, up to where the rules are too intricate.
    fn compare(&mut self, old: &Rulebook, new: &Rulebook) -> Result<(), TooIntricate> {
        let mut compared = Comparison::new(old, new)?;
        let effects = &mut self.effects;
        compared.each(RuleKind::Criterion, effects)?;
        compared.scenario(old, new, effects)?;
        let (was, is) = (compared.old.rulebook.outcome, compared.new.rulebook.outcome);
        effects.extend(compared.effect("outcome".to_owned(), was, is, &|it: Outcome| it.to_string(), true)?);
        let (was, is) = (compared.old.rulebook.fit, compared.new.rulebook.fit);
        effects.extend(compared.effect("fit".to_owned(), was, is, &|it: FitOutcome| it.to_string(), true)?);
        for kind in [
            RuleKind::Obligation,
            RuleKind::Finding,
            RuleKind::Topic,
            RuleKind::Contradiction,
            RuleKind::Note,
            RuleKind::NextStep,
            RuleKind::Fact,
        ] {
            compared.each(kind, effects)?;
        }
        compared.asked(effects)?;
        for gate in Gate::ALL.into_iter().filter(|gate| gate.exists(old) || gate.exists(new)) {
            let was = passage(&mut compared, |compared| &compared.old.rulebook, old, gate)?;
            let is = passage(&mut compared, |compared| &compared.new.rulebook, new, gate)?;
            self.gates.extend(compared.effect(format!("gate {gate}"), was, is, &|it| it.to_string(), false)?);
        }
        Ok(())
    }

    /// Whether there is an effect although the version is the same.
    pub fn is_unmarked(&self) -> bool {
        self.has_effect() && self.old == self.new
    }
}

/// A changed result, such as the outcome.
#[derive(Debug)]
pub struct Effect {
    pub name: String,
    /// How many combinations of sure answers have another result.
    pub changed: u128,
    pub of: u128,
    /// Those combinations in a few groups: first those that both versions accept, then the largest.
    pub patterns: Vec<Pattern>,
    /// If no combination of sure answers changed, answers with a "not sure" that show a change.
    pub only_unsure: Option<Witness>,
}

/// A group of answers whose result changed in the same way.
#[derive(Debug)]
pub struct Pattern {
    /// The old result; `None` if the old rules do not accept the answers.
    pub from: Option<String>,
    /// The new result; `None` if the new rules do not accept the answers.
    pub to: Option<String>,
    /// The answers in the group, or `None` where so many questions matter that nobody would read it.
    pub when: Option<When>,
    /// How many of the changed combinations are in it and in no earlier group.
    pub count: u128,
    pub witness: Witness,
}

pub fn difference(old: &Rulebook, new: &Rulebook) -> Difference {
    let mut old = old.clone();
    let mut renamed = Vec::new();
    for question in &mut old.questions {
        if let Some(id) = new_id(question, new) {
            renamed.push((std::mem::replace(&mut question.id, id.clone()), id));
        }
    }
    let version = |rules: &Rulebook| RulesVersion { id: rules.id.clone(), version: rules.version.clone() };
    let mut difference = Difference {
        old: version(&old),
        new: version(new),
        effects: Vec::new(),
        gates: Vec::new(),
        needs: needs(&old, new),
        renamed,
        rules: rewording(&old, new),
        too_intricate: false,
    };
    difference.too_intricate = difference.compare(&old, new).is_err();
    difference
}

/// The id of a question in other rules, if it has another there. Prompts are unique.
fn new_id(question: &Question, new: &Rulebook) -> Option<String> {
    let found = new.questions.iter().find(|other| other.prompt == question.prompt)?;
    let is_same = found.kind == question.kind && found.values().eq(question.values());
    (is_same && new.question(&question.id).is_none()).then(|| found.id.clone())
}

/// The result of a rule of this kind, in words.
fn words(kind: RuleKind, result: AnyResult) -> String {
    let index = result.to_index();
    let either = |yes, no| bool::from_index(index).map(|is| if is { yes } else { no });
    let truth = |yes, no| {
        Truth::from_index(index).map(|truth| match truth {
            Truth::Yes => yes,
            Truth::No => no,
            Truth::Open => "open",
        })
    };
    let words = match kind {
        RuleKind::Criterion | RuleKind::Obligation => Status::from_index(index).map(Status::id),
        RuleKind::Topic => truth("prepared once answered", "not prepared"),
        RuleKind::Finding => truth("holds", "does not hold"),
        RuleKind::Note | RuleKind::NextStep | RuleKind::Fact => either("told", "not told"),
        _ => either("holds", "does not hold"),
    };
    words.unwrap_or_default().to_owned()
}

impl Comparison {
    /// The effects on each rule of a kind that both versions have.
    fn each(&mut self, kind: RuleKind, effects: &mut Vec<Effect>) -> Result<(), TooIntricate> {
        let decided = |rulebook: &Rulebook| -> Vec<(String, Decision<AnyResult>)> {
            let rules = rulebook.rules().into_iter().filter(|rule| rule.kind() == kind);
            rules.filter_map(|rule: Rule<'_>| Some((rule.id().into_owned(), rule.decision()?))).collect()
        };
        let (before, after) = (decided(&self.old.rulebook), decided(&self.new.rulebook));
        for (id, is) in after {
            let Some((_, was)) = before.iter().find(|(known, _)| *known == id) else { continue };
            let name = format!("{} {id}", kind.words());
            let is_text = matches!(kind, RuleKind::Note | RuleKind::NextStep | RuleKind::Fact);
            let effect = self.effect(name, *was, is, &|result| words(kind, result), !is_text)?;
            // Where only one version accepts the answers, its texts do not matter.
            let counts = |pattern: &Pattern| !is_text || (pattern.from.is_some() && pattern.to.is_some());
            effects.extend(effect.filter(|effect| !is_text || effect.patterns.iter().any(counts)));
        }
        Ok(())
    }

    fn scenario(&mut self, old: &Rulebook, new: &Rulebook, effects: &mut Vec<Effect>) -> Result<(), TooIntricate> {
        let (Some(was), Some(is)) = (self.old.rulebook.scenario, self.new.rulebook.scenario) else { return Ok(()) };
        let mut ids: Vec<String> = new.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
        let gone = old.scenarios.iter().filter(|scenario| !ids.contains(&scenario.id)).map(|s| s.id.clone());
        ids.extend(gone.collect::<Vec<_>>());
        let (was, is) = (self.scenarios(old, was, &ids)?, self.scenarios(new, is, &ids)?);
        let words = |scenario| match scenario {
            InScenario::In(index) => ids[usize::from(index)].clone(),
            InScenario::Nowhere => "none".to_owned(),
            InScenario::Open => "undecided".to_owned(),
        };
        effects.extend(self.effect("scenario".to_owned(), was, is, &words, true)?);
        Ok(())
    }

    /// When each question that both versions have is asked.
    fn asked(&mut self, effects: &mut Vec<Effect>) -> Result<(), TooIntricate> {
        for question in 0..self.questions.len() {
            let Some([was, is]) = self.asked_when(question) else { continue };
            let name = format!("question {}", self.questions[question].id);
            let words = |asked: bool| if asked { "asked" } else { "not asked" }.to_owned();
            effects.extend(self.effect(name, was, is, &words, true)?);
        }
        Ok(())
    }

    /// The effect on one result, if it changed; `grouped` says whether to group the changed answers.
    fn effect<T: Leaf>(
        &mut self,
        name: String,
        was: Decision<T>,
        is: Decision<T>,
        words: &dyn Fn(T) -> String,
        grouped: bool,
    ) -> Result<Option<Effect>, TooIntricate> {
        let was = self.among_accepted(|compared| &compared.old, was)?;
        let is = self.among_accepted(|compared| &compared.new, is)?;
        if was == is {
            return Ok(None);
        }
        let depends: BTreeSet<usize> =
            [was.root(), is.root()].into_iter().flat_map(|root| self.diagrams.questions(root)).collect();
        let depends: Vec<usize> = depends.into_iter().collect();
        let possible = self.diagrams.possible_answers(&depends)?;
        let differs = self.diagrams.combine(was, is, |was, is| was != is)?;
        let surely = self.diagrams.combine(differs, possible, |differs, possible| differs && possible)?;
        let mut patterns = Vec::new();
        for from in self.diagrams.possible_answered(was) {
            for to in self.diagrams.possible_answered(is) {
                let changed = self.diagrams.combine(was, is, |was, is| was != is && was == from && is == to)?;
                let changed = self.diagrams.combine(changed, possible, |changed, possible| changed && possible)?;
                let (from, to) = (from.map(words), to.map(words));
                let groups = if grouped {
                    self.boxes(changed, possible, &depends)?
                } else {
                    match self.diagrams.count(changed, true, &depends) {
                        0 => Vec::new(),
                        n => vec![(None, self.witness(changed), n)],
                    }
                };
                let pattern =
                    |(when, witness, count)| Pattern { from: from.clone(), to: to.clone(), when, count, witness };
                patterns.extend(groups.into_iter().map(pattern));
            }
        }
        patterns.sort_by_key(|it| (it.from.is_none() || it.to.is_none(), Reverse(it.count)));
        let changed = self.diagrams.count(surely, true, &depends);
        let of = self.diagrams.count(possible, true, &depends);
        let only_unsure = (changed == 0).then(|| self.witness(surely));
        // A difference that only impossible answers have is none.
        if changed == 0 && only_unsure.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        Ok(Some(Effect { name, changed, of, patterns, only_unsure }))
    }

    /// A few answers for which a decision holds, as an answers file has them.
    pub(super) fn witness(&self, holds: Decision<bool>) -> Witness {
        let values = self.diagrams.shortest_path(holds, true).unwrap_or_default();
        written(&self.questions, self.diagrams.variables().answers(&values))
    }
}
