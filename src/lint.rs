//! What is not wrong with a valid answers file, but may be worth a person's attention. How much, the person decides.

use crate::answers::{Answers, Entry};
use crate::assess::{is_hidden, makes_no_difference};
use crate::diagram::PartialAssignment;
use crate::problem::{Code, Problem, Severity};
use crate::rulebook::{Contradiction, Rulebook};

/// What becomes of a finding of a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Allow,
    /// It is a warning.
    Warn,
    /// It is an error, and the file is not assessed.
    Deny,
}

/// The codes whose level can be chosen, with the level they have otherwise.
pub const LINTS: [(Code, Level); 6] = [
    (Code::OtherRules, Level::Warn),
    (Code::UnneededAnswer, Level::Warn),
    (Code::Contradiction, Level::Warn),
    (Code::NoEvidence, Level::Allow),
    (Code::RulesNotNamed, Level::Allow),
    (Code::UnknownDetail, Level::Deny),
];

#[derive(Clone, Debug)]
pub struct Levels([(Code, Level); LINTS.len()]);

impl Default for Levels {
    fn default() -> Self {
        Self(LINTS)
    }
}

impl Levels {
    /// Chooses the level of a lint. Other codes have none to choose.
    pub fn set(&mut self, code: Code, level: Level) {
        for (lint, chosen) in &mut self.0 {
            if *lint == code {
                *chosen = level;
            }
        }
    }

    /// The codes that are not to keep a file from being read.
    pub(crate) fn tolerated(&self) -> Vec<Code> {
        self.0.iter().filter(|(_, level)| *level != Level::Deny).map(|(code, _)| *code).collect()
    }

    /// Gives each problem the severity that was chosen for it, and takes away those that nothing is to be said of.
    pub fn apply(&self, problems: &mut Vec<Problem>) {
        problems.retain_mut(|problem| {
            match self.get(problem.code) {
                Some(Level::Allow) => return false,
                Some(Level::Warn) => problem.severity = Severity::Warning,
                Some(Level::Deny) => problem.severity = Severity::Error,
                None => {}
            }
            true
        });
    }

    /// The level of a code that is a lint.
    pub(crate) fn get(&self, code: Code) -> Option<Level> {
        self.0.iter().find(|(lint, _)| *lint == code).map(|(_, level)| *level)
    }
}

/// What was found in reading the answers and what the lints find, each with the severity that was chosen for it.
pub(crate) fn lint(rulebook: &Rulebook, answers: &Answers, levels: &Levels, read: Vec<Problem>) -> Vec<Problem> {
    let mut problems = read;
    let given = answers.assignment(rulebook);
    problems.extend(unneeded(rulebook, answers, &given));
    problems.extend(contradictory(rulebook, answers, &given));
    problems.extend(without_evidence(rulebook, answers));
    problems.extend(rules_not_named(rulebook, answers));
    levels.apply(&mut problems);
    Problem::sort(&mut problems);
    problems
}

/// Answers to questions that are certainly not asked of this product, where they make no difference.
fn unneeded(rulebook: &Rulebook, answers: &Answers, given: &PartialAssignment) -> Vec<Problem> {
    let answered = rulebook.questions.iter().zip(&answers.entries).enumerate();
    answered
        .filter_map(|(index, (question, entry))| {
            let unneeded = || is_hidden(rulebook, given, index) && makes_no_difference(rulebook, given, index);
            let entry = entry.as_ref().filter(|_| unneeded())?;
            let message = format!("`{}` is answered, but not asked of this product", question.id);
            let hint = format!("delete it, or look again at what it depends on: `explain {}`", question.id);
            Some(Problem::maybe_at(Code::UnneededAnswer, entry.place.clone(), message).hint(hint))
        })
        .collect()
}

/// Answers that cannot all be true, at the first of them, with the places of the others.
fn contradictory(rulebook: &Rulebook, answers: &Answers, given: &PartialAssignment) -> Vec<Problem> {
    contradictions(rulebook, given)
        .map(|contradiction| {
            let tested = tested(contradiction).into_iter();
            let mut given = tested.filter_map(|question| Some((question, answers.get(question)?)));
            let words = |(question, entry): (usize, &Entry)| {
                let asked = &rulebook.questions[question];
                (format!("`{}: {}`", asked.id, asked.words(&entry.answer)), entry.place.clone())
            };
            let (first, place) = given.next().map(words).unwrap_or_default();
            let others: Vec<_> = given.map(words).collect();
            let names: Vec<&str> = others.iter().map(|(name, _)| name.as_str()).collect();
            let message = format!("{first} and {} cannot both be true", names.join(" and "));
            let mut problem = Problem::maybe_at(Code::Contradiction, place, message).hint(contradiction.says.as_str());
            let places = others.into_iter().filter_map(|(name, place)| Some((place?, name)));
            problem.related.extend(places);
            problem
        })
        .collect()
}

/// The contradictions that certainly hold.
pub(crate) fn contradictions<'r>(
    rulebook: &'r Rulebook,
    given: &PartialAssignment,
) -> impl Iterator<Item = &'r Contradiction> {
    let holds = |found: &&Contradiction| rulebook.diagrams.settled(found.holds, given) == Some(true);
    rulebook.contradictions.iter().filter(holds)
}

/// The questions whose answers contradict each other, by their indexes.
pub(crate) fn tested(contradiction: &Contradiction) -> Vec<usize> {
    let mut tested = Vec::new();
    contradiction.when.tests(&mut |question, _| tested.push(question));
    tested.sort_unstable();
    tested.dedup();
    tested
}

/// Answers that stand without the evidence the rules ask for.
fn without_evidence(rulebook: &Rulebook, answers: &Answers) -> Vec<Problem> {
    let given = rulebook.questions.iter().zip(&answers.entries);
    given
        .filter_map(|(question, entry)| {
            let entry = entry.as_ref().filter(|entry| entry.evidence.is_none())?;
            let wanted = question.evidence_for(&entry.answer)?;
            let message = format!("`{}` is answered without evidence", question.id);
            let hint = format!("note it beside the answer: {wanted}");
            Some(Problem::maybe_at(Code::NoEvidence, entry.place.clone(), message).hint(hint))
        })
        .collect()
}

fn rules_not_named(rulebook: &Rulebook, answers: &Answers) -> Option<Problem> {
    let hint = format!("add `rules: {{id: {}, version: {}}}`", rulebook.id, rulebook.version);
    let message = "the file does not say which rules it was answered against";
    answers.rules.is_none().then(|| Problem::anywhere(Code::RulesNotNamed, message).hint(hint))
}
