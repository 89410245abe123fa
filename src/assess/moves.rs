//! What an applicant can do about an answer: find out which reading holds, or change it.

use crate::answers::Answers;
use crate::assessment::{Change, ChangeKind, ChangeSet};
use crate::diagram::{Move, Moves, Value, ValueSet, Var, VarKind};
use crate::question::{Answer, OptionSet, Question};
use crate::rulebook::Rulebook;

/// The allowed moves of each variable. Finding out is always allowed. A change leads from an answer to a sure one,
/// unless the rules say that the answer is not changeable.
pub(super) fn allowed(rulebook: &Rulebook, answers: &Answers) -> Moves {
    let variables = rulebook.diagrams.variables().all().iter();
    variables
        .map(|variable| {
            let Some(index) = variable.question() else { return 0 };
            let question = &rulebook.questions[index];
            let answer = answers.get(index).map(|entry| &entry.answer);
            match (variable.kind, answer) {
                (VarKind::Question(_), None | Some(Answer::NotSure)) => variable.sure(),
                (VarKind::Question(_), Some(Answer::One(option))) => {
                    let value = Value::try_from(*option).unwrap_or(Value::MAX);
                    let found_out = variable.readings(value);
                    let changed = if may_change(question, *option) { variable.sure() } else { 0 };
                    (found_out | changed) & !(1 << value)
                }
                (VarKind::Known(_), None | Some(Answer::NotSure)) => 0b01,
                (VarKind::Chosen(..), None | Some(Answer::NotSure)) => 0b11,
                (VarKind::Chosen(_, option), Some(Answer::Many(chosen))) if may_change(question, option) => {
                    let fixed = question.none().filter(|none| *chosen == 0 && !may_change(question, *none));
                    if fixed.is_some() {
                        0
                    } else if chosen & (1 << option) == 0 {
                        0b10
                    } else {
                        0b01
                    }
                }
                _ => 0,
            }
        })
        .collect::<Vec<ValueSet>>()
}

fn may_change(question: &Question, option: usize) -> bool {
    question.changeable && question.options[option].changeable
}

/// The moves of a set, grouped by question.
pub(super) fn changes<'r>(rulebook: &'r Rulebook, answers: &Answers, set: &[Move]) -> Vec<Change<'r>> {
    let variables = rulebook.diagrams.variables();
    let change = |index: usize| {
        let question = &rulebook.questions[index];
        let from = answers.get(index).map(|entry| entry.answer.clone());
        let moved = set.iter().filter(|moved| variables.all()[moved.var].question() == Some(index));
        let values: Vec<(Var, Value)> = moved.map(|moved| (moved.var, moved.value)).collect();
        let (mut added, mut removed): (OptionSet, OptionSet) = (0, 0);
        for (var, value) in &values {
            match variables.all()[*var].kind {
                VarKind::Chosen(_, option) if *value == 1 => added |= 1 << option,
                VarKind::Chosen(_, option) => removed |= 1 << option,
                VarKind::Question(_) | VarKind::Known(_) | VarKind::Prepared(_) => {}
            }
        }
        let to = match &from {
            Some(Answer::Many(chosen)) => {
                let left = (chosen | added) & !removed;
                Answer::Many(if left == 0 { variables.choice_without(index, removed) } else { left })
            }
            _ => variables.answers(&values).pop().map_or(Answer::NotSure, |(_, answer)| answer),
        };
        Change { question, kind: kind(question, from.as_ref(), &to), from, to, options: (added, removed) }
    };
    variables.questions(set.iter().map(|moved| moved.var)).into_iter().map(change).collect()
}

fn kind(question: &Question, from: Option<&Answer>, to: &Answer) -> ChangeKind {
    let found_out = match (from, to) {
        (None | Some(Answer::NotSure), _) => true,
        (Some(Answer::One(from)), Answer::One(to)) => question.options[*from].reads_as & (1 << to) != 0,
        _ => false,
    };
    if found_out { ChangeKind::FindOut } else { ChangeKind::Change }
}

/// The order of sets: by the number of changes, then of findings out, then by questions, then by values.
pub(super) fn rank(rulebook: &Rulebook, set: &ChangeSet<'_>) -> (usize, usize, Vec<usize>, Vec<(u64, OptionSet)>) {
    let count = |kind| set.changes.iter().filter(|change| change.kind == kind).count();
    let position = |change: &Change<'_>| {
        rulebook.questions.iter().position(|question| std::ptr::eq(question, change.question)).unwrap_or_default()
    };
    let value = |change: &Change<'_>| match change.to {
        Answer::One(option) => (1 << option, 0),
        _ => change.options,
    };
    (
        count(ChangeKind::Change),
        count(ChangeKind::FindOut),
        set.changes.iter().map(position).collect(),
        set.changes.iter().map(value).collect(),
    )
}
