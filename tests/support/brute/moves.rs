//! Which moves reach a result: every set of them is tried, and those that hold a smaller one are thrown away.

use std::collections::BTreeSet;

use eligibility::answers::Answers;
use eligibility::assessment::ChangeKind;
use eligibility::question::Answer;

use super::plain::{Plain, Values, none};
use super::table::Table;

/// What becomes of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) question: usize,
    pub(crate) kind: ChangeKind,
    pub(crate) to: To,
}

/// Where a move leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    /// This option.
    One(usize),
    /// These options come in, and these go out. What is found out of several options may leave the others open.
    Some { comes_in: u64, goes_out: u64 },
}

impl To {
    /// Whether another one goes at least as far.
    fn is_inside(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Some { comes_in, goes_out }, Self::Some { comes_in: more_in, goes_out: more_out }) => {
                comes_in & !more_in == 0 && goes_out & !more_out == 0
            }
            _ => self == other,
        }
    }

    fn value(&self) -> (u64, u64) {
        match self {
            Self::One(option) => (1 << option, 0),
            Self::Some { comes_in, goes_out } => (*comes_in, *goes_out),
        }
    }
}

/// A move and the values that it can lead to.
type Way = (Move, Vec<usize>);

/// For a question what its value adds to where the answers stand, and what each way it can move adds instead.
type Moving = (usize, Vec<(Move, Vec<usize>)>);

/// Every smallest set of moves that reaches a result, in order.
pub(crate) fn moves(
    table: &Table,
    plain: &Plain<'_>,
    answers: &Answers,
    values: &Values,
    result: usize,
) -> Vec<Vec<Move>> {
    if table.settled(values) == Some(result) {
        return Vec::new();
    }
    let asked = table.questions.iter().copied().filter(|question| *question < plain.questions());
    let ways = asked.map(|question| {
        let answer = answers.get(question).map(|entry| &entry.answer);
        let places = |(one, values): Way| {
            let places: BTreeSet<usize> = values.iter().map(|value| table.place(question, *value)).collect();
            (one, places.into_iter().collect())
        };
        let ways = ways(plain, values, question, table.domain[&question], answer);
        (table.place(question, values[question]), ways.into_iter().map(places).collect())
    });
    let mut all = Vec::new();
    let mut found = |moved: &[Move]| all.push(moved.to_vec());
    further(table, 1 << result, &ways.collect::<Vec<_>>(), &[table.index(values)], &mut Vec::new(), &mut found);
    all.sort_by_cached_key(|set| {
        let count = |kind| set.iter().filter(|one| one.kind == kind).count();
        let questions: Vec<usize> = set.iter().map(|one| one.question).collect();
        let values: Vec<(u64, u64)> = set.iter().map(|one| one.to.value()).collect();
        (count(ChangeKind::Change), count(ChangeKind::FindOut), questions, values)
    });
    let holds = |set: &[Move], small: &[Move]| {
        let inside = |one: &Move| set.iter().any(|other| other.question == one.question && one.to.is_inside(&other.to));
        set != small && small.iter().all(inside)
    };
    all.iter().filter(|set| !all.iter().any(|small| holds(set, small))).cloned().collect()
}

fn further(
    table: &Table,
    wanted: u128,
    ways: &[Moving],
    reached: &[usize],
    moved: &mut Vec<Move>,
    found: &mut dyn FnMut(&[Move]),
) {
    if reached.iter().all(|index| table.at(*index) == wanted) {
        // Whatever is moved besides, there is this set inside it.
        found(moved);
        return;
    }
    for (at, (place, moves)) in ways.iter().enumerate() {
        for (one, places) in moves {
            let to = |index: usize| places.iter().map(move |to| index + to - place);
            let there: Vec<usize> = reached.iter().copied().flat_map(to).collect();
            moved.push(one.clone());
            further(table, wanted, &ways[at + 1..], &there, moved, found);
            moved.pop();
        }
    }
}

/// Everything that may become of an answer. To find out is always allowed; a change only of a sure answer, or of one that
/// can be read in several ways, and only where the rules do not say that it is a fact.
fn ways(plain: &Plain<'_>, values: &Values, question: usize, tested: u64, answer: Option<&Answer>) -> Vec<Way> {
    let asked = &plain.rulebook.questions[question];
    let may_change = |option: usize| asked.changeable && asked.options[option].changeable;
    let one = |kind, value: usize| match &plain.answers[question][value] {
        Answer::One(option) => (Move { question, kind, to: To::One(*option) }, vec![value]),
        other => unreachable!("{other:?} is not one option"),
    };
    // Options that the function does not test count where the list cannot be empty.
    let all = (0..asked.options.len()).fold(0, |all, option| all | 1 << option);
    let others = if none(asked) == 0 && plain.tested[question] == all { all & !tested } else { 0 };
    match answer {
        None | Some(Answer::NotSure) if plain.chosen(question, 0).is_some() => {
            let open = subsets(tested).flat_map(|comes_in| subsets(tested & !comes_in).map(move |out| (comes_in, out)));
            // That none of the others is chosen tells something where one has to be.
            let none_of_the_others = subsets(tested).filter(|_| others != 0).map(|out| (0, out | others));
            let found_out = open.chain(none_of_the_others).filter_map(|(comes_in, goes_out)| {
                let fits = |value: &usize| {
                    let chosen = plain.chosen(question, *value).expect("a set of options");
                    chosen & comes_in == comes_in && chosen & goes_out == 0
                };
                let to: Vec<usize> = plain.sure(question).into_iter().filter(fits).collect();
                let found = Move { question, kind: ChangeKind::FindOut, to: To::Some { comes_in, goes_out } };
                (!to.is_empty()).then_some((found, to))
            });
            found_out.collect()
        }
        None | Some(Answer::NotSure) => {
            plain.sure(question).into_iter().map(|value| one(ChangeKind::FindOut, value)).collect()
        }
        Some(Answer::One(option)) => {
            let read = plain.readings(question, values[question]);
            let others = plain.sure(question).into_iter().filter(|value| *value != values[question]);
            let moves = others.filter_map(|value| {
                if read.contains(&value) {
                    Some(one(ChangeKind::FindOut, value))
                } else {
                    may_change(*option).then(|| one(ChangeKind::Change, value))
                }
            });
            moves.collect()
        }
        Some(Answer::Many(chosen)) => {
            let nothing_changes = *chosen == 0 && asked.options.iter().any(|option| option.none && !option.changeable);
            let from = chosen & (tested | others);
            // Where a list would become empty and cannot be, one of the others comes in.
            let singly = (0..asked.options.len()).map(|option| others & (1 << option));
            let singly = singly.filter(|option| *option != 0 && from & others == 0);
            let kept = subsets(tested).map(|to| to | from & others);
            let changes = kept.chain(singly).filter_map(|to| {
                let value = plain.sure(question).into_iter().find(|value| {
                    plain
                        .chosen(question, *value)
                        .is_some_and(|chosen| (chosen ^ to) & plain.tested[question] & (tested | others) == 0)
                })?;
                let allowed =
                    (0..asked.options.len()).all(|option| (from ^ to) >> option & 1 == 0 || may_change(option));
                let moved = To::Some { comes_in: to & !from, goes_out: from & !to };
                (from != to && allowed && !nothing_changes)
                    .then(|| (Move { question, kind: ChangeKind::Change, to: moved }, vec![value]))
            });
            changes.collect()
        }
        Some(Answer::Text(_)) => Vec::new(),
    }
}

/// Every set inside a set.
fn subsets(of: u64) -> impl Iterator<Item = u64> {
    let mut next: Option<u64> = Some(0);
    std::iter::from_fn(move || {
        let now = next?;
        let after = now.wrapping_sub(of) & of;
        next = (after != 0).then_some(after);
        Some(now)
    })
}
