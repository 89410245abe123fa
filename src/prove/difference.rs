//! What changes, in effect and in words, between two versions of the rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::assessment::FitOutcome;
use crate::diagram::{Alphabet, Diagrams, Leaf, Ref, TooIntricate};
use crate::problem::Witness;
use crate::question::{Grounds, Kind, OptionSet, Question};
use crate::rulebook::{Note, Outcome, Rulebook, SCENARIO_OPEN, Says, Status};

/// What one version says of an answer that it does not offer.
const NOT_OFFERED: Leaf = 59;
/// The most boxes looked at when patterns are sought. Past it the patterns are true, but may be more than needed.
const MAX_BOXES: usize = 2_000;

/// Everything that differs between two rulebooks.
#[derive(Debug)]
pub struct Difference {
    /// What answers lead to, where that changed.
    pub effects: Vec<Effect>,
    /// Rules that are new, gone, or say the same in other words.
    pub rules: Vec<Reworded>,
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

/// What became of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something in other words, or rests on another source.
    Reworded,
}

/// A rule that is new, gone or reworded.
#[derive(Debug, PartialEq, Eq)]
pub struct Reworded {
    /// The kind of rule.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What became of it.
    pub change: Change,
}

/// What differs between two rulebooks.
///
/// # Errors
/// If it would take more steps than the limit.
pub fn difference(old: &Rulebook, new: &Rulebook) -> Result<Difference, TooIntricate> {
    let mut both = Both::new(old, new)?;
    let mut effects = Vec::new();
    for (name, was, is, names) in both.pairs(old, new)? {
        effects.extend(both.effect(name, was, is, &names)?);
    }
    Ok(Difference { effects, rules: reworded(old, new) })
}

/// A question of either version, or of both.
struct Merged {
    id: String,
    kind: Kind,
    values: Vec<String>,
}

/// Both versions over one set of questions.
struct Both {
    questions: Vec<Merged>,
    diagrams: Diagrams,
}

/// A name, the function before and after, and the names of its leaves.
type Pair = (String, Ref, Ref, Vec<String>);

impl Both {
    fn new(old: &Rulebook, new: &Rulebook) -> Result<Self, TooIntricate> {
        let mut questions: Vec<Merged> = Vec::new();
        for question in new.questions.iter().chain(&old.questions) {
            match questions.iter_mut().find(|known| known.is(question)) {
                Some(known) => {
                    for value in question.values() {
                        if !known.values.iter().any(|known| known == value) {
                            known.values.push(value.to_owned());
                        }
                    }
                }
                None => questions.push(Merged {
                    id: question.id.clone(),
                    kind: question.kind,
                    values: question.values().map(str::to_owned).collect(),
                }),
            }
        }
        let mut alphabets = Vec::new();
        for merged in &questions {
            alphabets.push(merged.alphabet(old, new)?);
        }
        Ok(Self { questions, diagrams: Diagrams::new(alphabets) })
    }

    /// Everything that answers lead to in both versions.
    fn pairs(&mut self, old: &Rulebook, new: &Rulebook) -> Result<Vec<Pair>, TooIntricate> {
        let mut known = [HashMap::new(), HashMap::new()];
        let [in_old, in_new] = &mut known;
        let names = |all: &[&'static str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let outcomes = names(&Outcome::ALL.map(Outcome::id));
        let statuses = names(&Status::ALL.map(Status::id));
        let mut pairs = Vec::new();
        for criterion in &new.criteria {
            let Some(before) = old.criteria.iter().find(|before| before.id == criterion.id) else { continue };
            let was = self.translate(old, before.status, in_old)?;
            let is = self.translate(new, criterion.status, in_new)?;
            pairs.push((format!("criterion {}", criterion.id), was, is, statuses.clone()));
        }
        if let (Some(was), Some(is)) = (old.scenario, new.scenario) {
            pairs.push(self.scenarios(old, new, was, is, &mut known)?);
        }
        let [in_old, in_new] = &mut known;
        let was = self.translate(old, old.outcome, in_old)?;
        let is = self.translate(new, new.outcome, in_new)?;
        pairs.push(("outcome".to_owned(), was, is, outcomes));
        let was = self.translate(old, old.fit, in_old)?;
        let is = self.translate(new, new.fit, in_new)?;
        pairs.push(("fit".to_owned(), was, is, names(&FitOutcome::ALL.map(FitOutcome::id))));
        for obligation in &new.obligations {
            let Some(before) = old.obligations.iter().find(|before| before.id == obligation.id) else { continue };
            let was = self.translate(old, before.status, in_old)?;
            let is = self.translate(new, obligation.status, in_new)?;
            pairs.push((format!("obligation {}", obligation.id), was, is, statuses.clone()));
        }
        Ok(pairs)
    }

    /// Scenarios are told apart by their ids, wherever they stand in their files.
    fn scenarios(
        &mut self,
        old: &Rulebook,
        new: &Rulebook,
        was: Ref,
        is: Ref,
        [in_old, in_new]: &mut [HashMap<Ref, Ref>; 2],
    ) -> Result<Pair, TooIntricate> {
        let mut ids: Vec<String> = new.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
        for scenario in &old.scenarios {
            if !ids.contains(&scenario.id) {
                ids.push(scenario.id.clone());
            }
        }
        let was = self.translate(old, was, in_old)?;
        let was = self.diagrams.relabel(was, &|leaf| {
            let scenario = old.scenarios.get(usize::from(leaf));
            let index = scenario.and_then(|scenario| ids.iter().position(|id| *id == scenario.id));
            index.and_then(|index| Leaf::try_from(index).ok()).unwrap_or(leaf)
        })?;
        let is = self.translate(new, is, in_new)?;
        Ok(("scenario".to_owned(), was, is, ids))
    }

    /// A diagram of one version over the questions of both.
    fn translate(
        &mut self,
        rulebook: &Rulebook,
        diagram: Ref,
        known: &mut HashMap<Ref, Ref>,
    ) -> Result<Ref, TooIntricate> {
        let Some((question, children)) = rulebook.diagrams.branch(diagram) else { return Ok(diagram) };
        if let Some(done) = known.get(&diagram) {
            return Ok(*done);
        }
        let asked = &rulebook.questions[question];
        let merged = self.questions.iter().position(|merged| merged.is(asked)).ok_or(TooIntricate)?;
        let alphabet = &rulebook.diagrams.alphabets()[question];
        let letters = self.diagrams.alphabets()[merged].letters().to_vec();
        let mut parts = Vec::with_capacity(letters.len() + 1);
        for letter in letters {
            let own = self.questions[merged].own_options(asked, letter).and_then(|options| alphabet.letter(options));
            parts.push(match own {
                Some(own) => self.translate(rulebook, children[usize::from(own)], known)?,
                None => Diagrams::constant(NOT_OFFERED),
            });
        }
        parts.push(self.translate(rulebook, children[usize::from(alphabet.not_sure())], known)?);
        let done = self.diagrams.select(merged, &parts)?;
        known.insert(diagram, done);
        Ok(done)
    }

    /// What changed of one thing, if anything did.
    fn effect(&mut self, name: String, was: Ref, is: Ref, names: &[String]) -> Result<Option<Effect>, TooIntricate> {
        if was == is {
            return Ok(None);
        }
        let depends: BTreeSet<usize> =
            self.diagrams.questions(was).into_iter().chain(self.diagrams.questions(is)).collect();
        let depends: Vec<usize> = depends.into_iter().collect();
        let differs = self.diagrams.combine(was, is, &|was, is| Leaf::from(was != is))?;
        let leaves = |this: &Self, diagram| {
            let reachable = this.diagrams.reachable_surely(diagram);
            (0..64).filter(move |leaf| reachable & (1 << leaf) != 0).collect::<Vec<Leaf>>()
        };
        let mut patterns = Vec::new();
        for from in leaves(self, was) {
            for to in leaves(self, is) {
                let changed =
                    self.diagrams.combine(was, is, &|was, is| Leaf::from(was != is && was == from && is == to))?;
                for (when, witness) in self.boxes(changed, &depends)? {
                    let (from, to) = (leaf_name(names, from), leaf_name(names, to));
                    patterns.push(Pattern { from, to, when, witness });
                }
            }
        }
        let changed = self.diagrams.count(differs, 1, &depends);
        let of = changed + self.diagrams.count(differs, 0, &depends);
        let only_unsure = (changed == 0).then(|| self.written(&self.diagrams.shortest(differs, 1).unwrap_or_default()));
        Ok(Some(Effect { name, changed, of, patterns, only_unsure }))
    }

    /// Few boxes that together are exactly the sure answers for which a diagram is 1, each with answers inside it.
    fn boxes(&mut self, diagram: Ref, depends: &[usize]) -> Result<Vec<(When, Witness)>, TooIntricate> {
        let mut paths = Vec::new();
        self.paths(diagram, &mut BTreeMap::new(), &mut paths);
        let mut widest: Vec<(LetterBox, Ref)> = Vec::new();
        for path in paths {
            let path = self.widened(path, diagram);
            if !widest.iter().any(|(known, _)| *known == path) {
                let inside = self.inside(&path)?;
                widest.push((path, inside));
            }
        }
        let mut chosen = Vec::new();
        let mut left = diagram;
        // The box that covers most of what is left, until nothing is.
        while !widest.is_empty() {
            let mut best = (0, 0, Diagrams::constant(0));
            for (index, (_, inside)) in widest.iter().enumerate() {
                let covered = self.diagrams.combine(left, *inside, &|left, inside| left & inside)?;
                let count = self.diagrams.count(covered, 1, depends);
                if count > best.1 {
                    best = (index, count, *inside);
                }
            }
            if best.1 == 0 {
                break;
            }
            let (path, inside) = widest.remove(best.0);
            left = self.diagrams.combine(left, inside, &|left, inside| left & (1 - inside))?;
            chosen.push(self.shown(&path));
        }
        Ok(chosen)
    }

    /// The ways through a diagram to 1, letters that lead the same way taken together.
    fn paths(&self, diagram: Ref, taken: &mut LetterBox, found: &mut Vec<LetterBox>) {
        if found.len() >= MAX_BOXES {
            return;
        }
        let Some((question, children)) = self.diagrams.sure_parts(diagram) else {
            if Diagrams::leaf(diagram) == Some(1) {
                found.push(taken.clone());
            }
            return;
        };
        let mut ways: Vec<(Ref, BTreeSet<u16>)> = Vec::new();
        for (letter, child) in (0..).zip(children) {
            match ways.iter_mut().find(|(known, _)| known == child) {
                Some((_, letters)) => {
                    letters.insert(letter);
                }
                None => ways.push((*child, BTreeSet::from([letter]))),
            }
        }
        for (child, letters) in ways {
            taken.insert(question, letters);
            self.paths(child, taken, found);
            taken.remove(&question);
        }
    }

    /// The box made as wide as it can be without leaving the diagram.
    fn widened(&self, mut path: LetterBox, diagram: Ref) -> LetterBox {
        for question in path.keys().copied().collect::<Vec<_>>() {
            let narrow = path.remove(&question).unwrap_or_default();
            if self.holds_in(diagram, &path) {
                continue;
            }
            let mut letters = narrow;
            for letter in 0..self.diagrams.alphabets()[question].not_sure() {
                let added = letters.insert(letter);
                path.insert(question, letters.clone());
                if added && !self.holds_in(diagram, &path) {
                    letters.remove(&letter);
                }
            }
            path.insert(question, letters);
        }
        path
    }

    /// Whether a diagram is 1 for all sure answers in a box.
    fn holds_in(&self, diagram: Ref, path: &LetterBox) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![diagram];
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            match self.diagrams.sure_parts(next) {
                None if Diagrams::leaf(next) == Some(1) => {}
                None => return false,
                Some((question, children)) => match path.get(&question) {
                    None => open.extend(children),
                    Some(letters) => open.extend(letters.iter().map(|letter| children[usize::from(*letter)])),
                },
            }
        }
        true
    }

    /// 1 inside a box.
    fn inside(&mut self, path: &LetterBox) -> Result<Ref, TooIntricate> {
        let mut inside = Diagrams::constant(1);
        for (question, letters) in path {
            let all = 0..=self.diagrams.alphabets()[*question].not_sure();
            let parts: Vec<Ref> = all.map(|letter| Diagrams::constant(Leaf::from(letters.contains(&letter)))).collect();
            let here = self.diagrams.select(*question, &parts)?;
            inside = self.diagrams.combine(inside, here, &|a, b| a & b)?;
        }
        Ok(inside)
    }

    /// A box in words, and answers inside it.
    fn shown(&self, path: &LetterBox) -> (When, Witness) {
        let when = path.iter().map(|(question, letters)| {
            let values = letters.iter().map(|letter| self.value(*question, *letter)).collect();
            (self.questions[*question].id.clone(), values)
        });
        let first: Vec<(usize, u16)> =
            path.iter().filter_map(|(question, letters)| Some((*question, *letters.first()?))).collect();
        (when.collect(), self.written(&first))
    }

    /// Answers as they stand in an answers file.
    fn written(&self, letters: &[(usize, u16)]) -> Witness {
        let written =
            |(question, letter): &(usize, u16)| (self.questions[*question].id.clone(), self.value(*question, *letter));
        letters.iter().map(written).collect()
    }

    /// A letter as it stands in an answers file.
    fn value(&self, question: usize, letter: u16) -> String {
        let merged = &self.questions[question];
        let Some(options) = self.diagrams.alphabets()[question].letters().get(usize::from(letter)) else {
            return "not_sure".to_owned();
        };
        let chosen = merged.values.iter().enumerate().filter(|(index, _)| options & (1 << index) != 0);
        let values: Vec<&str> = chosen.map(|(_, value)| value.as_str()).collect();
        if merged.kind == Kind::Choices { format!("[{}]", values.join(", ")) } else { values.join("") }
    }
}

/// Question ids with the values that belong to a pattern.
pub type When = Vec<(String, Vec<String>)>;

/// For some questions, the letters they may have.
type LetterBox = BTreeMap<usize, BTreeSet<u16>>;

fn leaf_name(names: &[String], leaf: Leaf) -> String {
    match leaf {
        NOT_OFFERED => "not an answer".to_owned(),
        SCENARIO_OPEN => "undecided".to_owned(),
        leaf => names.get(usize::from(leaf)).cloned().unwrap_or_else(|| "none".to_owned()),
    }
}

impl Merged {
    /// Whether it stands for this question. One answer of several and several at once are different questions.
    fn is(&self, question: &Question) -> bool {
        let shape = |kind: Kind| match kind {
            Kind::YesNo | Kind::Choice => 0,
            Kind::Choices => 1,
            Kind::Text => 2,
        };
        self.id == question.id && shape(self.kind) == shape(question.kind)
    }

    fn alphabet(&self, old: &Rulebook, new: &Rulebook) -> Result<Alphabet, TooIntricate> {
        match self.kind {
            Kind::Text => return Ok(Alphabet::one_of(1)),
            Kind::YesNo | Kind::Choice => return Ok(Alphabet::one_of(self.values.len())),
            Kind::Choices => {}
        }
        let mut told_apart = 0;
        let mut alone = 0;
        for rulebook in [old, new] {
            for (question, alphabet) in rulebook.questions.iter().zip(rulebook.diagrams.alphabets()) {
                if self.is(question) {
                    for (index, option) in question.options.iter().enumerate() {
                        let bit = self.bit(&option.value);
                        told_apart |= if alphabet.told_apart() & (1 << index) != 0 { bit } else { 0 };
                        alone |= if option.none { bit } else { 0 };
                    }
                }
            }
        }
        Alphabet::any_of(told_apart, |chosen| chosen.count_ones() > 1 && chosen & alone != 0)
    }

    fn bit(&self, value: &str) -> OptionSet {
        self.values.iter().position(|known| known == value).map_or(0, |index| 1 << index)
    }

    /// The same options as one version counts them, if it offers them all.
    fn own_options(&self, question: &Question, options: OptionSet) -> Option<OptionSet> {
        let mut own = 0;
        for (index, value) in self.values.iter().enumerate().filter(|(index, _)| options & (1 << index) != 0) {
            debug_assert!(index < 64);
            own |= 1 << question.values().position(|known| known == value)?;
        }
        Some(own)
    }
}

/// Rules that are new, gone or reworded, in the order of the new rules, those gone last.
fn reworded(old: &Rulebook, new: &Rulebook) -> Vec<Reworded> {
    let (before, after) = (wordings(old), wordings(new));
    let mut all = Vec::new();
    for (kind, id, words) in &after {
        let was = before.iter().find(|(k, i, _)| k == kind && i == id);
        let change = match was {
            None => Change::Added,
            Some((_, _, was)) if was != words => Change::Reworded,
            Some(_) => continue,
        };
        all.push(Reworded { kind, id: id.clone(), change });
    }
    for (kind, id, _) in before {
        if !after.iter().any(|(k, i, _)| *k == kind && *i == id) {
            all.push(Reworded { kind, id, change: Change::Removed });
        }
    }
    all
}

/// Every rule with its kind, id and all its words.
fn wordings(rulebook: &Rulebook) -> Vec<(&'static str, String, Vec<String>)> {
    let mut all = Vec::new();
    let mut add = |kind, id: &str, texts: Vec<Option<&str>>, grounds: &Grounds| {
        let mut words: Vec<String> = texts.into_iter().map(|text| text.unwrap_or_default().to_owned()).collect();
        words.push(format!("{} {} {}", grounds.source, grounds.basis.id(), grounds.reasoning.as_deref().unwrap_or("")));
        all.push((kind, id.to_owned(), words));
    };
    let says = |says: &Says| Status::ALL.map(|status| says.for_status(status).map(str::to_owned));
    for question in &rulebook.questions {
        let mut texts = vec![Some(question.prompt.as_str()), question.hint.as_deref(), question.more.as_deref()];
        for option in &question.options {
            texts.extend([Some(option.label.as_str()), option.hint.as_deref(), option.action.as_deref()]);
        }
        add("question", &question.id, texts, &question.grounds);
    }
    for criterion in &rulebook.criteria {
        let says = says(&criterion.says);
        let texts = std::iter::once(Some(criterion.title.as_str())).chain(says.iter().map(Option::as_deref));
        add("criterion", &criterion.id, texts.chain(noted(&criterion.notes)).collect(), &criterion.grounds);
    }
    for scenario in &rulebook.scenarios {
        let texts = [Some(scenario.title.as_str()), Some(&scenario.says), scenario.departs_because.as_deref()];
        let texts = texts.into_iter().chain(noted(&scenario.notes)).collect();
        add("scenario", &scenario.id, texts, &scenario.grounds);
    }
    for finding in &rulebook.findings {
        let texts = vec![Some(finding.title.as_str()), Some(&finding.says), finding.not_sure.as_deref()];
        add("finding", &finding.id, texts, &finding.grounds);
    }
    for topic in &rulebook.topics {
        add("topic", &topic.id, vec![Some(&topic.title), Some(&topic.prepare)], &topic.grounds);
    }
    for obligation in &rulebook.obligations {
        let says = says(&obligation.says);
        let texts = std::iter::once(Some(obligation.title.as_str())).chain(says.iter().map(Option::as_deref));
        add("obligation", &obligation.id, texts.chain(noted(&obligation.notes)).collect(), &obligation.grounds);
    }
    for step in rulebook.outcomes.iter().flat_map(|outcome| &outcome.next_steps) {
        add("next step", &step.id, vec![Some(&step.title), Some(&step.says)], &step.grounds);
    }
    for fact in &rulebook.facts {
        add("fact", &fact.id, vec![Some(&fact.title), Some(&fact.says)], &fact.grounds);
    }
    for term in &rulebook.terms {
        add("term", &term.id, vec![Some(&term.term), Some(&term.meaning)], &term.grounds);
    }
    all
}

fn noted(notes: &[Note]) -> impl Iterator<Item = Option<&str>> {
    notes.iter().map(|note| Some(note.says.as_str()))
}
