//! Diagrams against trying every combination of values, on functions drawn at random.

mod support;

use std::collections::BTreeSet;

use eligibility::diagram::{Budget, Diagrams, Move, QuestionSet, Value, VarKind, values};
use eligibility::outcome::Status;
use proptest::prelude::*;
use support::functions::{Function, PartialAssignment, RESULTS, answered, answers, build, grow, plain, result, select};
use support::invent::Tape;

proptest! {
    #![proptest_config(support::draws(600))]

    #[test]
    fn what_is_read_from_a_diagram_is_what_trying_everything_shows(
        numbers in prop::collection::vec(any::<u32>(), 40..400),
        more in prop::collection::vec(any::<u32>(), 24),
    ) {
        let function = Function::new(&mut Tape::new(&numbers));
        let (diagrams, decision) = (&function.diagrams, function.decision);
        let variables = diagrams.variables().all();
        let nothing = diagrams.variables().unassigned();
        let mut tape = Tape::new(&more);
        let given = answers(&mut tape, &function);
        let indexes = |values: Vec<Status>| values.into_iter().map(|result| result as usize).collect::<BTreeSet<_>>();
        let possible = function.results(&given);
        prop_assert_eq!(indexes(diagrams.possible(decision, &given)), possible.clone());
        let only = possible.first().map(|result| RESULTS[*result]).filter(|_| possible.len() == 1);
        prop_assert_eq!(diagrams.settled(decision, &given), only);
        prop_assert_eq!(diagrams.relevant(decision.root(), &given), function.relevant(&given));
        prop_assert_eq!(diagrams.questions(decision.root()), function.relevant(&nothing));
        prop_assert_eq!(diagrams.most_questions(&[decision.root()], &given, &BTreeSet::new()), function.most_questions(&given));
        let of = |ways: Vec<Vec<Value>>| ways.iter().map(|way| result(&function.tree, way) as usize).collect::<BTreeSet<_>>();
        let sure = Function::ways(&nothing, |var| values(variables[var].sure()).collect());
        prop_assert_eq!(indexes(diagrams.possible_surely(decision)), of(sure));
        let said = Function::ways(&nothing, |var| values(diagrams.answers_of(var)).collect());
        prop_assert_eq!(indexes(diagrams.possible_answered(decision)), of(said.clone()));
        let read = Function::ways(&vec![None; given.len()], |var| match given[var] {
            Some(value) => values(variables[var].readings(value)).collect(),
            None => (0..variables[var].values).collect(),
        });
        prop_assert_eq!(indexes(diagrams.possible_readings(decision, &given)), of(read));
        let questions: Vec<usize> = (0..function.questions).collect();
        let allowed: Vec<u128> = (0..given.len())
            .map(|var| {
                let kept = given[var].map_or(0, |value| 1 << value);
                u128::from(more[var % more.len()]) & ((1 << variables[var].values) - 1) & !kept
            })
            .collect();
        for wanted in RESULTS {
            let count = said.iter().filter(|values| result(&function.tree, values) == wanted).count();
            prop_assert_eq!(diagrams.count(decision, wanted, &questions), count as u128);
            prop_assert_eq!(diagrams.shortest_path(decision, wanted), function.shortest(&nothing, wanted));
            let forced = diagrams.clone().forces(decision, &given, wanted).expect("a small function");
            prop_assert_eq!(forced, only == Some(wanted));
            let budget = Budget::default();
            let reasons = diagrams.reasons(decision, &given, wanted, &budget).expect("a small function");
            let members = |set: &QuestionSet| questions.iter().copied().filter(|q| set & (1 << q) != 0).collect::<BTreeSet<_>>();
            prop_assert_eq!(reasons.iter().map(members).collect::<Vec<_>>(), function.reasons(&given, wanted));
            let moves = diagrams.moves(decision, &given, wanted, &allowed, &budget).expect("a small function");
            let found: BTreeSet<Vec<Move>> = moves.iter().cloned().collect();
            prop_assert_eq!(found.len(), moves.len());
            prop_assert_eq!(found, function.moves(&given, wanted, &allowed));
        }
    }

    #[test]
    fn what_is_made_of_diagrams_means_what_it_says(numbers in prop::collection::vec(any::<u32>(), 60..600)) {
        let mut tape = Tape::new(&numbers);
        let mut function = Function::new(&mut tape);
        let widths = function.widths();
        let other = grow(&mut tape, &widths, 0);
        let (var, one) = (tape.pick(widths.len()), function.decision);
        let value = Value::try_from(tape.pick(usize::from(widths[var]))).expect("a value");
        let nothing = function.diagrams.variables().unassigned();
        let given = answered(&nothing, var, value);
        let diagrams = &mut function.diagrams;
        let other_decision = build(diagrams, &other);
        let same = diagrams.combine(one, other_decision, |a, b| a == b).expect("a small function");
        let turned = |result: Status| RESULTS[2 - result as usize];
        let renamed = diagrams.map(one, turned).expect("a small function");
        let with = diagrams.restrict(one, &given).expect("a small function");
        let again = build(&mut diagrams.with_fresh_budget(), &function.tree);
        prop_assert_eq!(again, one, "the same function is the same diagram");
        let equal = function.fillings(&nothing).iter().all(|values| result(&function.tree, values) == result(&other, values));
        prop_assert_eq!(one == other_decision, equal);
        for values in function.fillings(&nothing) {
            let given: PartialAssignment = values.iter().copied().map(Some).collect();
            let (a, b) = (result(&function.tree, &values), result(&other, &values));
            prop_assert_eq!(function.diagrams.settled(same, &given), Some(a == b));
            prop_assert_eq!(function.diagrams.settled(renamed, &given), Some(turned(a)));
            let mut fixed = values.clone();
            fixed[var] = value;
            prop_assert_eq!(function.diagrams.settled(with, &given), Some(result(&function.tree, &fixed)));
        }
        // Each part is counted once, with all its branches.
        let (mut seen, mut open, mut size) = (BTreeSet::new(), vec![one.root()], 0);
        while let Some(next) = open.pop() {
            if let Some((_, parts)) = function.diagrams.branch(next)
                && seen.insert(next)
            {
                size += parts.len();
                open.extend(parts);
            }
        }
        prop_assert_eq!(function.diagrams.size(one.root()), size);
    }
}

/// Whether an odd number of answers is yes depends on all of them, along two to the power of a hundred ways.
#[test]
fn a_diagram_with_more_ways_through_it_than_could_be_gone_is_read_soon() {
    const QUESTIONS: u32 = 100;
    let mut diagrams = plain(QUESTIONS as usize);
    let [even, odd, other] = [Status::Met, Status::ToDiscuss, Status::NotMet];
    let mut decision = Diagrams::constant(even);
    for var in (0..QUESTIONS as usize).rev() {
        assert_eq!(diagrams.variables().all()[var].kind, VarKind::Question(var));
        let yes = select(&mut diagrams, var, &[odd, even, other].map(Diagrams::constant));
        let sum = |a, b| match (a, b) {
            (Status::NotMet, _) | (_, Status::NotMet) => other,
            (a, b) if a == b => even,
            _ => odd,
        };
        decision = diagrams.combine(decision, yes, sum).expect("a small function");
    }
    let nothing = diagrams.variables().unassigned();
    let questions: Vec<usize> = (0..QUESTIONS as usize).collect();
    assert_eq!(diagrams.possible(decision, &nothing), [even, odd, other]);
    assert_eq!(diagrams.possible_surely(decision), [even, odd]);
    assert_eq!(diagrams.relevant(decision.root(), &nothing), questions);
    assert_eq!(diagrams.questions(decision.root()), questions);
    assert_eq!(diagrams.most_questions(&[decision.root()], &nothing, &BTreeSet::new()), questions.len());
    assert_eq!(diagrams.size(decision.root()), 3 + 2 * 3 * (questions.len() - 1));
    assert_eq!(diagrams.count(decision, odd, &questions), 1 << (QUESTIONS - 1));
    assert_eq!(diagrams.shortest_path(decision, odd).expect("it is reached").len(), questions.len());
    // All answers are the second option, so that none is odd; a hundred is even.
    let given: PartialAssignment = vec![Some(1); questions.len()];
    let result = diagrams.settled(decision, &given).expect("no answer is missing");
    let reasons = diagrams.reasons(decision, &given, result, &Budget::default()).expect("one reason");
    assert_eq!(reasons, [(1 << QUESTIONS) - 1]);
    let wanted = if result == even { odd } else { even };
    let allowed = vec![0b01; questions.len()];
    let moves = diagrams.moves(decision, &given, wanted, &allowed, &Budget::default()).expect("one move, each of them");
    assert_eq!(moves.len(), questions.len());
}

/// Two answers are missing, and what is left of the function then stands at different variables.
#[test]
fn a_given_answer_stays_given_while_others_are_missing() {
    let mut diagrams = plain(3);
    let [no, yes, other] = [Status::Met, Status::ToDiscuss, Status::NotMet].map(Diagrams::constant);
    let a = select(&mut diagrams, 2, &[yes, no, no]);
    let b = select(&mut diagrams, 2, &[yes, other, no]);
    let first = select(&mut diagrams, 1, &[a, b, a]);
    let decision = select(&mut diagrams, 0, &[first, a, a]);
    let given = vec![None, None, Some(0)];
    let allowed = vec![0b11, 0b11, 0b10];
    let moves = diagrams.moves(decision, &given, Status::ToDiscuss, &allowed, &Budget::default());
    assert_eq!(moves.expect("a small function"), [vec![]], "it is reached as it is");
}
