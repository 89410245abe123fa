//! What changes, in effect and in words, between two versions of the rules.

use std::collections::{BTreeMap, BTreeSet};

use super::both::Both;
use super::rewording::{RuleChange, rewording};
use crate::diagram::{Decision, Diagrams, InScenario, Leaf, Letter, LetterSet, Of, Ref, TooIntricate, Var, letters};
use crate::problem::Witness;
use crate::rulebook::{Rulebook, written};

/// The most boxes looked at when patterns are sought. Past it the patterns are true, but may be more than needed.
const MAX_BOXES: usize = 2_000;

/// Everything that differs between two rulebooks.
#[derive(Debug)]
pub struct Difference {
    /// What answers lead to, where that changed.
    pub effects: Vec<Effect>,
    /// Rules that are new, gone, or say something else.
    pub rules: Vec<RuleChange>,
}

impl Difference {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.effects.is_empty() && self.rules.is_empty()
    }
}

/// One thing that answers lead to, such as the outcome.
#[derive(Debug)]
pub struct Effect {
    /// What it is.
    pub name: String,
    /// How many combinations of sure answers now lead to something else.
    pub changed: u128,
    /// Of how many.
    pub of: u128,
    /// The combinations that changed, in few groups.
    pub patterns: Vec<Pattern>,
    /// Answers that show a change which only a "not sure" brings about, if no combination of sure answers changed.
    pub only_unsure: Option<Witness>,
}

/// Answers whose result changed in the same way.
#[derive(Debug)]
pub struct Pattern {
    /// What it was.
    pub from: String,
    /// What it is.
    pub to: String,
    /// Question ids with the values that belong to the pattern. Questions that are not named can be anything.
    pub when: When,
    /// Answers that show it.
    pub witness: Witness,
}

/// What differs between two rulebooks.
///
/// # Errors
/// If it would take more steps than the limit.
pub fn difference(old: &Rulebook, new: &Rulebook) -> Result<Difference, TooIntricate> {
    let mut both = Both::new(old, new)?;
    let mut effects = Vec::new();
    for criterion in &new.criteria {
        if let Some(before) = both.old.rulebook.criteria.iter().find(|before| before.id == criterion.id) {
            let was = before.status;
            let is = both.new.rulebook.criteria.iter().find(|after| after.id == criterion.id).map_or(was, |c| c.status);
            effects.extend(both.effect(format!("criterion {}", criterion.id), was, is, &|status| status.to_string())?);
        }
    }
    if let (Some(was), Some(is)) = (both.old.rulebook.scenario, both.new.rulebook.scenario) {
        let mut ids: Vec<String> = new.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
        let gone = old.scenarios.iter().filter(|scenario| !ids.contains(&scenario.id)).map(|s| s.id.clone());
        ids.extend(gone.collect::<Vec<_>>());
        let (was, is) = (both.scenarios(old, was, &ids)?, both.scenarios(new, is, &ids)?);
        effects.extend(both.effect("scenario".to_owned(), was, is, &|scenario| match scenario {
            InScenario::In(index) => ids[usize::from(index)].clone(),
            InScenario::Nowhere => "none".to_owned(),
            InScenario::Open => "undecided".to_owned(),
        })?);
    }
    let (was, is) = (both.old.rulebook.outcome, both.new.rulebook.outcome);
    effects.extend(both.effect("outcome".to_owned(), was, is, &|outcome| outcome.to_string())?);
    let (was, is) = (both.old.rulebook.fit, both.new.rulebook.fit);
    effects.extend(both.effect("fit".to_owned(), was, is, &|fit| fit.to_string())?);
    for obligation in &new.obligations {
        if let Some(before) = both.old.rulebook.obligations.iter().find(|before| before.id == obligation.id) {
            let was = before.status;
            let after = both.new.rulebook.obligations.iter().find(|after| after.id == obligation.id);
            let is = after.map_or(was, |owed| owed.status);
            effects
                .extend(both.effect(format!("obligation {}", obligation.id), was, is, &|status| status.to_string())?);
        }
    }
    Ok(Difference { effects, rules: rewording(old, new) })
}

impl Both {
    /// What changed of one thing, if anything did.
    fn effect<T: Leaf>(
        &mut self,
        name: String,
        was: Decision<T>,
        is: Decision<T>,
        words: &dyn Fn(T) -> String,
    ) -> Result<Option<Effect>, TooIntricate> {
        let was = self.offered(|both| &both.old, was)?;
        let is = self.offered(|both| &both.new, is)?;
        if was == is {
            return Ok(None);
        }
        let words = |value: Option<T>| value.map_or_else(|| "not an answer".to_owned(), words);
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
                for (when, witness) in self.boxes(changed, &depends)? {
                    patterns.push(Pattern { from: words(from), to: words(to), when, witness });
                }
            }
        }
        let changed = self.diagrams.count(surely, true, &depends);
        let of = self.diagrams.count(possible, true, &depends);
        let unsure = || self.written(&self.diagrams.shortest(differs, true).unwrap_or_default());
        let only_unsure = (changed == 0).then(unsure);
        // What only answers that nobody can give would change is no change.
        if changed == 0 && only_unsure.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        Ok(Some(Effect { name, changed, of, patterns, only_unsure }))
    }

    /// Few boxes that together are exactly the answers for which a decision holds, each with answers inside it.
    fn boxes(&mut self, decision: Decision<bool>, depends: &[usize]) -> Result<Vec<(When, Witness)>, TooIntricate> {
        let mut paths = Vec::new();
        self.paths(decision.root(), &mut BTreeMap::new(), &mut paths);
        let mut widest: Vec<(LetterBox, Decision<bool>)> = Vec::new();
        for path in paths {
            let path = self.widened(path, decision);
            if !widest.iter().any(|(known, _)| *known == path) {
                let inside = self.inside(&path)?;
                widest.push((path, inside));
            }
        }
        let mut chosen = Vec::new();
        let mut left = decision;
        // The box that covers most of what is left, until nothing is.
        while !widest.is_empty() {
            let mut best = (0, 0, Diagrams::constant(false));
            for (index, (_, inside)) in widest.iter().enumerate() {
                let covered = self.diagrams.combine(left, *inside, |left, inside| left && inside)?;
                let count = self.diagrams.count(covered, true, depends);
                if count > best.1 {
                    best = (index, count, *inside);
                }
            }
            if best.1 == 0 {
                break;
            }
            let (path, inside) = widest.remove(best.0);
            left = self.diagrams.combine(left, inside, |left, inside| left && !inside)?;
            chosen.push(self.shown(&path));
        }
        Ok(chosen)
    }

    /// The ways through a diagram to where it holds, letters that lead the same way taken together.
    fn paths(&self, diagram: Ref, taken: &mut LetterBox, found: &mut Vec<LetterBox>) {
        if found.len() >= MAX_BOXES {
            return;
        }
        let Some((var, children)) = self.diagrams.branch(diagram) else {
            if Diagrams::value(Decision::<bool>::at(diagram)) == Some(true) {
                found.push(taken.clone());
            }
            return;
        };
        let mut ways: Vec<(Ref, LetterSet)> = Vec::new();
        for letter in letters(self.diagrams.answers_of(var)) {
            let child = children[usize::from(letter)];
            match ways.iter_mut().find(|(known, _)| *known == child) {
                Some((_, letters)) => *letters |= 1 << letter,
                None => ways.push((child, 1 << letter)),
            }
        }
        for (child, letters) in ways {
            taken.insert(var, letters);
            self.paths(child, taken, found);
            taken.remove(&var);
        }
    }

    /// The box made as wide as it can be without leaving the decision.
    fn widened(&self, mut path: LetterBox, decision: Decision<bool>) -> LetterBox {
        for var in path.keys().copied().collect::<Vec<_>>() {
            let narrow = path.remove(&var).unwrap_or_default();
            if self.holds_in(decision, &path) {
                continue;
            }
            let mut wide = narrow;
            for letter in letters(self.diagrams.answers_of(var) & !narrow) {
                path.insert(var, wide | 1 << letter);
                if self.holds_in(decision, &path) {
                    wide |= 1 << letter;
                }
            }
            path.insert(var, wide);
        }
        path
    }

    /// Whether a decision holds for all answers in a box.
    fn holds_in(&self, decision: Decision<bool>, path: &LetterBox) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![decision.root()];
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            match self.diagrams.branch(next) {
                None if Diagrams::value(Decision::at(next)) == Some(true) => {}
                None => return false,
                Some((var, children)) => {
                    let ways = path.get(&var).copied().unwrap_or_else(|| self.diagrams.answers_of(var));
                    open.extend(letters(ways).map(|letter| children[usize::from(letter)]));
                }
            }
        }
        true
    }

    /// Where answers lie inside a box.
    fn inside(&mut self, path: &LetterBox) -> Result<Decision<bool>, TooIntricate> {
        path.iter()
            .rev()
            .try_fold(Diagrams::constant(true), |inside, (var, letters)| self.diagrams.narrowed(inside, *var, *letters))
    }

    /// A box in words, and answers inside it.
    fn shown(&self, path: &LetterBox) -> (When, Witness) {
        let mut when: Vec<(usize, Vec<String>)> = Vec::new();
        for (var, set) in path {
            let (question, values) = match self.diagrams.variables().all()[*var].of {
                Of::Question(question) => {
                    let options =
                        letters(*set).filter_map(|letter| self.questions[question].options.get(usize::from(letter)));
                    (question, options.map(|option| option.value.clone()).collect())
                }
                Of::Chosen(question, option) => {
                    let value = &self.questions[question].options[option].value;
                    let with = if *set == 0b10 { "with" } else { "without" };
                    (question, vec![format!("{with} {value}")])
                }
                Of::Known(_) | Of::Prepared(_) => continue,
            };
            when.push((question, values));
        }
        when.sort_by_key(|(question, _)| *question);
        let when = when.into_iter().map(|(question, values)| (self.questions[question].id.clone(), values)).collect();
        let first: Vec<(Var, Letter)> =
            path.iter().filter_map(|(var, set)| Some((*var, letters(*set).next()?))).collect();
        (when, self.written(&first))
    }

    /// Answers as they stand in an answers file.
    fn written(&self, letters: &[(Var, Letter)]) -> Witness {
        written(&self.questions, self.diagrams.variables().answers(letters))
    }
}

/// Question ids with the values that belong to a pattern.
pub type When = Vec<(String, Vec<String>)>;

/// For some variables, the letters they may have.
type LetterBox = BTreeMap<Var, LetterSet>;
