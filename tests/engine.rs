//! Diagrams against trying every combination of letters, on functions drawn at random.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use eligibility::condition::Condition;
use eligibility::diagram::{Budget, Decision, Diagrams, Leaf, Letter, Move, Of, QuestionSet, Var, Variables, letters};
use eligibility::outcome::Status;
use eligibility::problem::{Place, Source};
use eligibility::question::{Basis, Citation, Grounds, Kind, Offer, Question, Section};
use proptest::prelude::*;
use support::invent::Tape;

/// A function of a few variables, as a person would draw it.
#[derive(Debug)]
enum Tree {
    Leaf(Status),
    Ask(Var, Vec<Tree>),
}

/// The values that functions have.
const VALUES: [Status; 3] = [Status::Met, Status::ToDiscuss, Status::NotMet];

/// A letter for each variable, or none.
type Given = Vec<Option<Letter>>;

/// A function and its diagram.
#[derive(Debug)]
struct Function {
    questions: usize,
    tree: Tree,
    diagrams: Diagrams,
    decision: Decision<Status>,
}

fn place() -> Place {
    let source = Source { name: "test".into(), first_line: 1, text: String::new() };
    Place::new(&Arc::new(source), 0..0)
}

fn question(at: usize, kind: Kind, options: Vec<Offer>) -> Question {
    Question {
        id: format!("q{at}"),
        section: Section::Eligibility,
        kind,
        prompt: String::new(),
        hint: None,
        more: None,
        options,
        changeable: true,
        best_first: false,
        not_sure: true,
        changed: None,
        grounds: Grounds {
            source: Citation { id: String::new(), page: String::new(), section: String::new(), item: None },
            basis: Basis::Published,
            reasoning: None,
        },
        place: place(),
    }
}

fn offer(reads_as: u64, none: bool) -> Offer {
    Offer {
        value: String::new(),
        label: String::new(),
        hint: None,
        action: None,
        evidence: None,
        none,
        changeable: true,
        reads_as,
        turns_out: Vec::new(),
        says: None,
        short: None,
        place: place(),
    }
}

/// Up to four questions, one of which may take several answers.
fn questions(tape: &mut Tape<'_>) -> Vec<Question> {
    let several = tape.pick(6);
    let one = |at: usize, tape: &mut Tape<'_>| {
        let mut options = vec![offer(0, false), offer(0, false)];
        if tape.once_in(3) {
            options.push(offer(0b11, false));
        }
        question(at, Kind::Choice, options)
    };
    let any = |at: usize| question(at, Kind::Choices, vec![offer(0, false), offer(0, false), offer(0, true)]);
    (0..=tape.pick(4)).map(|at| if at == several { any(at) } else { one(at, tape) }).collect()
}

impl Function {
    fn new(tape: &mut Tape<'_>) -> Self {
        let questions = questions(tape);
        // Only options that a condition tests are variables.
        let tested = (0..questions.len()).map(|question| Condition::Is { question, options: 0b11, place: place() });
        let tested = Condition::Any(tested.collect());
        let variables = Variables::new(&questions, &[&tested]);
        let widths: Vec<Letter> = variables.all().iter().map(|variable| variable.letters).collect();
        let tree = grow(tape, &widths, 0);
        let mut diagrams = Diagrams::new(variables);
        let decision = build(&mut diagrams, &tree);
        Self { questions: questions.len(), tree, diagrams, decision }
    }

    fn widths(&self) -> Vec<Letter> {
        self.diagrams.variables().all().iter().map(|variable| variable.letters).collect()
    }

    fn question(&self, var: Var) -> usize {
        self.diagrams.variables().all()[var].question().expect("there are no topics here")
    }

    /// Every way of giving the variables without a letter one of these.
    fn ways(given: &[Option<Letter>], open: impl Fn(Var) -> Vec<Letter>) -> Vec<Vec<Letter>> {
        given.iter().enumerate().fold(vec![Vec::new()], |all, (var, letter)| {
            let letters = letter.map_or_else(|| open(var), |letter| vec![letter]);
            let with = |start: &Vec<Letter>| -> Vec<Vec<Letter>> {
                letters.iter().map(|letter| [start.as_slice(), &[*letter]].concat()).collect()
            };
            all.iter().flat_map(with).collect()
        })
    }

    fn fillings(&self, given: &[Option<Letter>]) -> Vec<Vec<Letter>> {
        let widths = self.widths();
        Self::ways(given, |var| (0..widths[var]).collect())
    }

    /// The values that some way of filling in what is missing reaches.
    fn values(&self, given: &[Option<Letter>]) -> BTreeSet<usize> {
        self.fillings(given).iter().map(|letters| value(&self.tree, letters) as usize).collect()
    }

    fn forces(&self, given: &[Option<Letter>], wanted: Status) -> bool {
        self.values(given) == BTreeSet::from([wanted as usize])
    }

    /// The variables without a letter that can still change the value.
    fn relevant_vars(&self, given: &[Option<Letter>]) -> BTreeSet<Var> {
        let widths = self.widths();
        let matters = |var: &Var| {
            given[*var].is_none()
                && self.fillings(given).iter().any(|letters| {
                    let with = |letter| {
                        let mut letters = letters.clone();
                        letters[*var] = letter;
                        value(&self.tree, &letters)
                    };
                    (1..widths[*var]).any(|letter| with(letter) != with(0))
                })
        };
        (0..given.len()).filter(matters).collect()
    }

    fn relevant(&self, given: &[Option<Letter>]) -> Vec<usize> {
        let questions: BTreeSet<usize> = self.relevant_vars(given).into_iter().map(|var| self.question(var)).collect();
        questions.into_iter().collect()
    }

    /// The most questions until the value is settled, asking in order those that matter.
    fn longest(&self, given: &[Option<Letter>]) -> usize {
        let Some(question) = self.relevant(given).first().copied() else { return 0 };
        let vars = self.diagrams.variables().of_question(question).to_vec();
        let widths = self.widths();
        let own: Given = (0..given.len()).map(|var| if vars.contains(&var) { None } else { Some(0) }).collect();
        let answers = Self::ways(&own, |var| (0..widths[var]).collect());
        let rest = answers.into_iter().map(|answer| {
            let with = |var: usize| if vars.contains(&var) { Some(answer[var]) } else { given[var] };
            self.longest(&(0..given.len()).map(with).collect::<Given>())
        });
        1 + rest.max().unwrap_or(0)
    }

    /// The shortest way to a value through the variables that matter, with as few unsure letters as can be, and the first
    /// letters of those equally short.
    fn shortest(&self, given: &[Option<Letter>], wanted: Status) -> Option<Vec<(Var, Letter)>> {
        let Some(var) = self.relevant_vars(given).first().copied() else {
            return self.values(given).contains(&(wanted as usize)).then(Vec::new);
        };
        let variables = self.diagrams.variables().all();
        let unsure = |path: &Vec<(Var, Letter)>| {
            path.iter().filter(|(var, letter)| variables[*var].sure() & (1 << letter) == 0).count()
        };
        let ways = (0..variables[var].letters).filter_map(|letter| {
            let rest = self.shortest(&answered(given, var, letter), wanted)?;
            Some([vec![(var, letter)], rest].concat())
        });
        ways.min_by_key(|path| (unsure(path), path.len()))
    }

    /// The smallest sets of questions whose letters alone force a value.
    fn reasons(&self, given: &[Option<Letter>], wanted: Status) -> Vec<BTreeSet<usize>> {
        let known: BTreeSet<usize> =
            (0..given.len()).filter(|var| given[*var].is_some()).map(|var| self.question(var)).collect();
        let only = |set: &BTreeSet<usize>| {
            let kept = |var: usize| given[var].filter(|_| set.contains(&self.question(var)));
            self.forces(&(0..given.len()).map(kept).collect::<Given>(), wanted)
        };
        let known: Vec<usize> = known.into_iter().collect();
        let sets = subsets(&known).into_iter().filter(only).collect::<Vec<_>>();
        let smallest = |set: &&BTreeSet<usize>| !sets.iter().any(|other| other != *set && other.is_subset(set));
        let mut smallest: Vec<BTreeSet<usize>> = sets.iter().filter(smallest).cloned().collect();
        smallest.sort_by_key(|set| (set.len(), set.iter().copied().collect::<Vec<_>>()));
        smallest
    }

    /// The smallest sets of moves after which a value is reached whatever is still missing.
    fn moves(&self, given: &[Option<Letter>], wanted: Status, allowed: &[u128]) -> BTreeSet<Vec<Move>> {
        let movable: Vec<Var> = (0..given.len()).filter(|var| allowed[*var] != 0).collect();
        let mut sets = Vec::new();
        for set in subsets(&movable) {
            let mut ways = vec![(given.to_vec(), Vec::new())];
            for var in set {
                ways = (ways.into_iter())
                    .flat_map(|(given, moves)| {
                        letters(allowed[var]).map(move |letter| {
                            let moved = [moves.clone(), vec![Move { var, letter }]].concat();
                            (answered(&given, var, letter), moved)
                        })
                    })
                    .collect();
            }
            let reached = ways.into_iter().filter(|(given, _)| self.forces(given, wanted));
            sets.extend(reached.map(|(_, moves)| moves));
        }
        let less = |one: &[Move], other: &[Move]| one.len() < other.len() && one.iter().all(|one| other.contains(one));
        sets.iter().filter(|set| !sets.iter().any(|other| less(other, set))).cloned().collect()
    }
}

fn answered(given: &[Option<Letter>], var: Var, letter: Letter) -> Given {
    let mut given = given.to_vec();
    given[var] = Some(letter);
    given
}

fn subsets(of: &[usize]) -> Vec<BTreeSet<usize>> {
    (0..1_usize << of.len())
        .map(|set| of.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, member)| *member).collect())
        .collect()
}

fn grow(tape: &mut Tape<'_>, widths: &[Letter], var: Var) -> Tree {
    if var == widths.len() || (var > 0 && tape.once_in(4)) {
        return Tree::Leaf(VALUES[tape.pick(VALUES.len())]);
    }
    if tape.once_in(4) {
        return grow(tape, widths, var + 1);
    }
    Tree::Ask(var, (0..widths[var]).map(|_| grow(tape, widths, var + 1)).collect())
}

/// The decision that goes on with the part of a variable's letter.
fn select<T: Leaf>(diagrams: &mut Diagrams, var: Var, parts: &[Decision<T>]) -> Decision<T> {
    let always = Diagrams::constant(true);
    (0..).zip(parts).skip(1).fold(parts[0], |others, (letter, part)| {
        let here = diagrams.narrowed(always, var, 1 << letter).expect("a small function");
        let here = diagrams.combine(here, *part, bool::then_some).expect("a small function");
        diagrams.combine(here, others, Option::unwrap_or).expect("a small function")
    })
}

fn build(diagrams: &mut Diagrams, tree: &Tree) -> Decision<Status> {
    match tree {
        Tree::Leaf(value) => Diagrams::constant(*value),
        Tree::Ask(var, parts) => {
            let parts: Vec<Decision<Status>> = parts.iter().map(|part| build(diagrams, part)).collect();
            select(diagrams, *var, &parts)
        }
    }
}

fn value(tree: &Tree, letters: &[Letter]) -> Status {
    match tree {
        Tree::Leaf(value) => *value,
        Tree::Ask(var, parts) => value(&parts[usize::from(letters[*var])], letters),
    }
}

/// Some answers, with more or less missing. Of several options all are given or none.
fn answers(tape: &mut Tape<'_>, function: &Function) -> Given {
    let missing_in = [2, 3, 100][tape.pick(3)];
    let missing: Vec<bool> = (0..function.questions).map(|_| tape.once_in(missing_in)).collect();
    let widths = function.widths();
    let letter = |(var, width): (Var, &Letter)| {
        let letter = Letter::try_from(tape.pick(usize::from(*width))).expect("a letter");
        (!missing[function.question(var)]).then_some(letter)
    };
    widths.iter().enumerate().map(letter).collect()
}

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
        let nothing = diagrams.variables().nothing();
        let mut tape = Tape::new(&more);
        let given = answers(&mut tape, &function);
        let indexes = |values: Vec<Status>| values.into_iter().map(|value| value as usize).collect::<BTreeSet<_>>();
        let possible = function.values(&given);
        prop_assert_eq!(indexes(diagrams.possible(decision, &given)), possible.clone());
        let only = possible.first().map(|value| VALUES[*value]).filter(|_| possible.len() == 1);
        prop_assert_eq!(diagrams.settled(decision, &given), only);
        prop_assert_eq!(diagrams.relevant(decision.root(), &given), function.relevant(&given));
        prop_assert_eq!(diagrams.questions(decision.root()), function.relevant(&nothing));
        prop_assert_eq!(diagrams.longest(&[decision.root()], &given), function.longest(&given));
        let of = |ways: Vec<Vec<Letter>>| ways.iter().map(|way| value(&function.tree, way) as usize).collect::<BTreeSet<_>>();
        let sure = Function::ways(&nothing, |var| letters(variables[var].sure()).collect());
        prop_assert_eq!(indexes(diagrams.possible_surely(decision)), of(sure));
        let said = Function::ways(&nothing, |var| letters(diagrams.answers_of(var)).collect());
        prop_assert_eq!(indexes(diagrams.possible_answered(decision)), of(said.clone()));
        let read = Function::ways(&vec![None; given.len()], |var| match given[var] {
            Some(letter) => letters(variables[var].readings(letter)).collect(),
            None => (0..variables[var].letters).collect(),
        });
        prop_assert_eq!(indexes(diagrams.possible_readings(decision, &given)), of(read));
        let questions: Vec<usize> = (0..function.questions).collect();
        let allowed: Vec<u128> = (0..given.len())
            .map(|var| {
                let kept = given[var].map_or(0, |letter| 1 << letter);
                u128::from(more[var % more.len()]) & ((1 << variables[var].letters) - 1) & !kept
            })
            .collect();
        for wanted in VALUES {
            let count = said.iter().filter(|letters| value(&function.tree, letters) == wanted).count();
            prop_assert_eq!(diagrams.count(decision, wanted, &questions), count as u128);
            prop_assert_eq!(diagrams.shortest(decision, wanted), function.shortest(&nothing, wanted));
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
        let letter = Letter::try_from(tape.pick(usize::from(widths[var]))).expect("a letter");
        let nothing = function.diagrams.variables().nothing();
        let given = answered(&nothing, var, letter);
        let diagrams = &mut function.diagrams;
        let other_decision = build(diagrams, &other);
        let same = diagrams.combine(one, other_decision, |a, b| a == b).expect("a small function");
        let turned = |value: Status| VALUES[2 - value as usize];
        let renamed = diagrams.map(one, turned).expect("a small function");
        let with = diagrams.with(one, &given).expect("a small function");
        let again = build(&mut diagrams.afresh(), &function.tree);
        prop_assert_eq!(again, one, "the same function is the same diagram");
        let equal = function.fillings(&nothing).iter().all(|letters| value(&function.tree, letters) == value(&other, letters));
        prop_assert_eq!(one == other_decision, equal);
        for letters in function.fillings(&nothing) {
            let given: Given = letters.iter().copied().map(Some).collect();
            let (a, b) = (value(&function.tree, &letters), value(&other, &letters));
            prop_assert_eq!(function.diagrams.settled(same, &given), Some(a == b));
            prop_assert_eq!(function.diagrams.settled(renamed, &given), Some(turned(a)));
            let mut fixed = letters.clone();
            fixed[var] = letter;
            prop_assert_eq!(function.diagrams.settled(with, &given), Some(value(&function.tree, &fixed)));
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

/// Questions of two options each, in the order of asking.
fn plain(count: usize) -> Diagrams {
    let options = || vec![offer(0, false), offer(0, false)];
    let questions: Vec<Question> = (0..count).map(|at| question(at, Kind::Choice, options())).collect();
    Diagrams::new(Variables::new(&questions, &[]))
}

/// Whether an odd number of answers is yes depends on all of them, along two to the power of a hundred ways.
#[test]
fn a_diagram_with_more_ways_through_it_than_could_be_gone_is_read_soon() {
    const QUESTIONS: u32 = 100;
    let mut diagrams = plain(QUESTIONS as usize);
    let [even, odd, other] = [Status::Met, Status::ToDiscuss, Status::NotMet];
    let mut decision = Diagrams::constant(even);
    for var in (0..QUESTIONS as usize).rev() {
        assert_eq!(diagrams.variables().all()[var].of, Of::Question(var));
        let yes = select(&mut diagrams, var, &[odd, even, other].map(Diagrams::constant));
        let sum = |a, b| match (a, b) {
            (Status::NotMet, _) | (_, Status::NotMet) => other,
            (a, b) if a == b => even,
            _ => odd,
        };
        decision = diagrams.combine(decision, yes, sum).expect("a small function");
    }
    let nothing = diagrams.variables().nothing();
    let questions: Vec<usize> = (0..QUESTIONS as usize).collect();
    assert_eq!(diagrams.possible(decision, &nothing), [even, odd, other]);
    assert_eq!(diagrams.possible_surely(decision), [even, odd]);
    assert_eq!(diagrams.relevant(decision.root(), &nothing), questions);
    assert_eq!(diagrams.questions(decision.root()), questions);
    assert_eq!(diagrams.longest(&[decision.root()], &nothing), questions.len());
    assert_eq!(diagrams.size(decision.root()), 3 + 2 * 3 * (questions.len() - 1));
    assert_eq!(diagrams.count(decision, odd, &questions), 1 << (QUESTIONS - 1));
    assert_eq!(diagrams.shortest(decision, odd).expect("it is reached").len(), questions.len());
    // All answers are the second option, so that none is odd; a hundred is even.
    let given: Given = vec![Some(1); questions.len()];
    let value = diagrams.settled(decision, &given).expect("no answer is missing");
    let reasons = diagrams.reasons(decision, &given, value, &Budget::default()).expect("one reason");
    assert_eq!(reasons, [(1 << QUESTIONS) - 1]);
    let wanted = if value == even { odd } else { even };
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
