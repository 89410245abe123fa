//! Lints: what may need attention in a valid answers file. The user chooses how much each of them matters.

use crate::answers::{Answers, Entry};
use crate::assess::{is_hidden, makes_no_difference};
use crate::diagram::PartialAssignment;
use crate::problem::{Code, Problem, Severity};
use crate::rulebook::{Contradiction, Rulebook};
use crate::yaml::{in_json, is_in_braces};

/// How severe a lint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Allow,
    Warn,
    /// An error: the file is not assessed.
    Deny,
}

/// The lints with their default levels.
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
    /// Sets the level of a lint. Other codes are ignored.
    pub fn set(&mut self, code: Code, level: Level) {
        for (lint, chosen) in &mut self.0 {
            if *lint == code {
                *chosen = level;
            }
        }
    }

    /// The lints that do not make a file invalid.
    pub(crate) fn tolerated(&self) -> Vec<Code> {
        self.0.iter().filter(|(_, level)| *level != Level::Deny).map(|(code, _)| *code).collect()
    }

    /// Sets the severity of each problem, and removes allowed ones.
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

/// The problems that were found on reading and those that lints find, with their chosen severities.
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

/// Answers to questions that are certainly not asked of this product and that make no difference.
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

/// Answers that contradict each other, at the place of the first, with the places of the others.
fn contradictory(rulebook: &Rulebook, answers: &Answers, given: &PartialAssignment) -> Vec<Problem> {
    contradictions(rulebook, given)
        .map(|contradiction| {
            let tested = contradiction.when.questions().into_iter();
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

/// Answers that lack the evidence the rules ask for.
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
    let in_braces = answers.place.as_ref().is_some_and(|place| is_in_braces(place.source.text.as_bytes()));
    let hint = if in_braces { in_json(&hint) } else { hint };
    let message = "the file does not say which rules it was answered against";
    answers.rules.is_none().then(|| Problem::anywhere(Code::RulesNotNamed, message).hint(hint))
}
