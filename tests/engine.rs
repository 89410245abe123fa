//! Diagrams against trying every combination of letters, on functions drawn at random.

mod support;

use std::collections::BTreeSet;

use eligibility::diagram::{Alphabet, Budget, Change, Diagrams, Leaf, Ref};
use proptest::prelude::*;
use support::invent::Tape;

/// A function of a few questions, as a person would draw it.
#[derive(Debug)]
enum Tree {
    Leaf(Leaf),
    Ask(usize, Vec<Tree>),
}

/// How many leaves the functions have.
const LEAVES: Leaf = 3;

/// A function and its diagram. Question `i` has `widths[i]` letters, and one more for "not sure".
#[derive(Debug)]
struct Function {
    widths: Vec<u16>,
    tree: Tree,
    diagrams: Diagrams,
    diagram: Ref,
}

impl Function {
    fn new(tape: &mut Tape<'_>) -> Self {
        let widths: Vec<u16> = (0..=tape.pick(4)).map(|_| if tape.once_in(3) { 3 } else { 2 }).collect();
        let tree = grow(tape, &widths, 0);
        let alphabets: Vec<Alphabet> = widths.iter().map(|width| Alphabet::one_of(usize::from(*width))).collect();
        let mut diagrams = Diagrams::new(alphabets);
        let diagram = build(&mut diagrams, &tree);
        Self { widths, tree, diagrams, diagram }
    }

    /// Every way of filling in what is missing, "not sure" among them.
    fn fillings(&self, given: &[Option<u16>]) -> Vec<Vec<u16>> {
        let mut all = vec![Vec::new()];
        for (width, letter) in self.widths.iter().zip(given) {
            let letters = letter.map_or(0..*width + 1, |letter| letter..letter + 1);
            all = (all.iter())
                .flat_map(|start: &Vec<u16>| letters.clone().map(|letter| [start.as_slice(), &[letter]].concat()))
                .collect();
        }
        all
    }

    /// The leaves that some way of filling in what is missing reaches.
    fn leaves(&self, given: &[Option<u16>]) -> BTreeSet<Leaf> {
        self.fillings(given).iter().map(|letters| leaf(&self.tree, letters)).collect()
    }

    /// The missing answers that can still change the leaf.
    fn relevant(&self, given: &[Option<u16>]) -> Vec<usize> {
        let matters = |question: &usize| {
            given[*question].is_none()
                && self.fillings(given).iter().any(|letters| {
                    let with = |letter| {
                        let mut letters = letters.clone();
                        letters[*question] = letter;
                        leaf(&self.tree, &letters)
                    };
                    (1..=self.widths[*question]).any(|letter| with(letter) != with(0))
                })
        };
        (0..self.widths.len()).filter(matters).collect()
    }

    /// The most questions until the leaf is settled, asking in order those that matter.
    fn longest(&self, given: &[Option<u16>]) -> usize {
        let Some(question) = self.relevant(given).first().copied() else { return 0 };
        let rest = (0..=self.widths[question]).map(|letter| self.longest(&answered(given, question, Some(letter))));
        1 + rest.max().unwrap_or(0)
    }

    /// The shortest way to a leaf, asking in order those that matter: "not sure" only where nothing else leads there,
    /// and the first letters of those that lead there as soon.
    fn shortest(&self, given: &[Option<u16>], wanted: Leaf) -> Option<Vec<(usize, u16)>> {
        let Some(question) = self.relevant(given).first().copied() else {
            return self.leaves(given).contains(&wanted).then(Vec::new);
        };
        let way = |letter: u16| {
            let rest = self.shortest(&answered(given, question, Some(letter)), wanted)?;
            Some([vec![(question, letter)], rest].concat())
        };
        let not_sure = self.widths[question];
        let sure = (0..not_sure).filter_map(way).min_by_key(Vec::len);
        sure.or_else(|| way(not_sure))
    }

    /// The smallest sets of given answers that alone force a leaf.
    fn reasons(&self, given: &[Option<u16>], wanted: Leaf) -> Vec<BTreeSet<usize>> {
        let known: Vec<usize> = (0..given.len()).filter(|question| given[*question].is_some()).collect();
        let only = |set: &BTreeSet<usize>| {
            let kept: Vec<_> = (0..given.len()).map(|q| given[q].filter(|_| set.contains(&q))).collect();
            self.leaves(&kept) == BTreeSet::from([wanted])
        };
        let sets = subsets(&known).into_iter().filter(only).collect::<Vec<_>>();
        let smallest = |set: &&BTreeSet<usize>| !sets.iter().any(|other| other != *set && other.is_subset(set));
        let mut smallest: Vec<BTreeSet<usize>> = sets.iter().filter(smallest).cloned().collect();
        smallest.sort_by_key(|set| (set.len(), set.iter().copied().collect::<Vec<_>>()));
        smallest
    }

    /// The smallest sets of changes after which a leaf is reached whatever is still missing.
    fn changes(&self, given: &[Option<u16>], wanted: Leaf, changeable: u128) -> Vec<Vec<Change>> {
        let questions: Vec<usize> = (0..given.len()).filter(|question| changeable & (1 << question) != 0).collect();
        let mut sets = Vec::new();
        for set in subsets(&questions) {
            let mut ways = vec![(given.to_vec(), Vec::new())];
            for question in set {
                let letters = || (0..self.widths[question]).filter(|letter| Some(*letter) != given[question]);
                ways = (ways.into_iter())
                    .flat_map(|(given, changes)| {
                        letters().map(move |letter| {
                            let change = Change { question, letter };
                            (answered(&given, question, Some(letter)), [changes.clone(), vec![change]].concat())
                        })
                    })
                    .collect();
            }
            let reached = ways.into_iter().filter(|(given, _)| self.leaves(given) == BTreeSet::from([wanted]));
            sets.extend(reached.map(|(_, changes)| changes));
        }
        let less = |one: &[Change], other: &[Change]| one.len() < other.len() && one.iter().all(|c| other.contains(c));
        let smallest = |set: &&Vec<Change>| !sets.iter().any(|other| less(other, set));
        let mut smallest: Vec<Vec<Change>> = sets.iter().filter(smallest).cloned().collect();
        smallest.sort_by_key(|set| {
            let (questions, letters): (Vec<_>, Vec<_>) = set.iter().map(|c| (c.question, c.letter)).unzip();
            (set.len(), questions, letters)
        });
        smallest
    }
}

fn answered(given: &[Option<u16>], question: usize, letter: Option<u16>) -> Vec<Option<u16>> {
    let mut given = given.to_vec();
    given[question] = letter;
    given
}

fn subsets(of: &[usize]) -> Vec<BTreeSet<usize>> {
    (0..1_usize << of.len())
        .map(|set| of.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, member)| *member).collect())
        .collect()
}

fn grow(tape: &mut Tape<'_>, widths: &[u16], question: usize) -> Tree {
    if question == widths.len() || (question > 0 && tape.once_in(4)) {
        return Tree::Leaf(u8::try_from(tape.pick(usize::from(LEAVES))).expect("a few"));
    }
    if tape.once_in(4) {
        return grow(tape, widths, question + 1);
    }
    Tree::Ask(question, (0..=widths[question]).map(|_| grow(tape, widths, question + 1)).collect())
}

fn build(diagrams: &mut Diagrams, tree: &Tree) -> Ref {
    match tree {
        Tree::Leaf(leaf) => Diagrams::constant(*leaf),
        Tree::Ask(question, parts) => {
            let parts: Vec<Ref> = parts.iter().map(|part| build(diagrams, part)).collect();
            diagrams.select(*question, &parts).expect("a small function")
        }
    }
}

fn leaf(tree: &Tree, letters: &[u16]) -> Leaf {
    match tree {
        Tree::Leaf(leaf) => *leaf,
        Tree::Ask(question, parts) => leaf(&parts[usize::from(letters[*question])], letters),
    }
}

/// Some answers to a function's questions, with more or less missing.
fn answers(tape: &mut Tape<'_>, function: &Function) -> Vec<Option<u16>> {
    let missing_in = [2, 3, 100][tape.pick(3)];
    let letter = |width: &u16| u16::try_from(tape.pick(usize::from(*width) + 1)).expect("a letter");
    let letters: Vec<u16> = function.widths.iter().map(letter).collect();
    letters.into_iter().map(|letter| (!tape.once_in(missing_in)).then_some(letter)).collect()
}

proptest! {
    #![proptest_config(support::draws(600))]

    #[test]
    fn what_is_read_from_a_diagram_is_what_trying_everything_shows(
        numbers in prop::collection::vec(any::<u32>(), 40..400),
        more in prop::collection::vec(any::<u32>(), 24),
    ) {
        let function = Function::new(&mut Tape::new(&numbers));
        let (diagrams, diagram) = (&function.diagrams, function.diagram);
        let nothing = vec![None; function.widths.len()];
        let mut tape = Tape::new(&more);
        let given = answers(&mut tape, &function);
        let leaves = function.leaves(&given);
        prop_assert_eq!(diagrams.reachable(diagram, &given), leaves.iter().fold(0, |set, leaf| set | 1 << leaf));
        let only = leaves.first().copied().filter(|_| leaves.len() == 1);
        prop_assert_eq!(diagrams.settled(diagram, &given), only);
        prop_assert_eq!(diagrams.relevant(diagram, &given), function.relevant(&given));
        prop_assert_eq!(diagrams.questions(diagram), function.relevant(&nothing));
        prop_assert_eq!(diagrams.longest(diagram, &given), function.longest(&given));
        let sure: Vec<Vec<u16>> = function
            .fillings(&nothing)
            .into_iter()
            .filter(|letters| letters.iter().zip(&function.widths).all(|(letter, width)| letter < width))
            .collect();
        let surely: BTreeSet<Leaf> = sure.iter().map(|letters| leaf(&function.tree, letters)).collect();
        prop_assert_eq!(diagrams.reachable_surely(diagram), surely.iter().fold(0, |set, leaf| set | 1 << leaf));
        let questions: Vec<usize> = (0..function.widths.len()).collect();
        let changeable = more.iter().fold(0, |set, number| set ^ u128::from(*number));
        for wanted in 0..LEAVES {
            let count = sure.iter().filter(|letters| leaf(&function.tree, letters) == wanted).count();
            prop_assert_eq!(diagrams.count(diagram, wanted, &questions), count as u128);
            prop_assert_eq!(diagrams.shortest(diagram, wanted), function.shortest(&nothing, wanted));
            let forced = diagrams.clone().forces(diagram, &given, wanted).expect("a small function");
            prop_assert_eq!(forced, only == Some(wanted));
            let budget = Budget::default();
            let reasons = diagrams.reasons(diagram, &given, wanted, &budget).expect("a small function");
            let members = |set: &u128| questions.iter().copied().filter(|q| set & (1 << q) != 0).collect::<BTreeSet<_>>();
            prop_assert_eq!(reasons.iter().map(members).collect::<Vec<_>>(), function.reasons(&given, wanted));
            let changes = diagrams.changes(diagram, &given, wanted, changeable, &budget).expect("a small function");
            prop_assert_eq!(changes, function.changes(&given, wanted, changeable));
            prop_assert!(!budget.is_used_up());
        }
    }

    #[test]
    fn what_is_made_of_diagrams_means_what_it_says(numbers in prop::collection::vec(any::<u32>(), 60..600)) {
        let mut tape = Tape::new(&numbers);
        let mut function = Function::new(&mut tape);
        let other = grow(&mut tape, &function.widths, 0);
        let (question, one) = (tape.pick(function.widths.len()), function.diagram);
        let letter = u16::try_from(tape.pick(usize::from(function.widths[question]) + 1)).expect("a letter");
        let nothing = vec![None; function.widths.len()];
        let diagrams = &mut function.diagrams;
        let other_diagram = build(diagrams, &other);
        let sum = diagrams.combine(one, other_diagram, &|a, b| 3 * a + b).expect("a small function");
        let renamed = diagrams.relabel(one, &|leaf| 7 - leaf).expect("a small function");
        let with = diagrams.with(one, question, letter).expect("a small function");
        let again = build(&mut diagrams.afresh(), &function.tree);
        prop_assert_eq!(again, one, "the same function is the same diagram");
        let equal = function.fillings(&nothing).iter().all(|letters| leaf(&function.tree, letters) == leaf(&other, letters));
        prop_assert_eq!(one == other_diagram, equal);
        for letters in function.fillings(&nothing) {
            let given: Vec<Option<u16>> = letters.iter().copied().map(Some).collect();
            let (a, b) = (leaf(&function.tree, &letters), leaf(&other, &letters));
            let settled = |diagram| function.diagrams.settled(diagram, &given);
            prop_assert_eq!(settled(sum), Some(3 * a + b));
            prop_assert_eq!(settled(renamed), Some(7 - a));
            let mut fixed = letters.clone();
            fixed[question] = letter;
            prop_assert_eq!(settled(with), Some(leaf(&function.tree, &fixed)));
        }
        // Each part is counted once, with all its branches.
        let (mut seen, mut open, mut size) = (BTreeSet::new(), vec![one], 0);
        while let Some(next) = open.pop() {
            if let Some((_, parts)) = function.diagrams.branch(next)
                && seen.insert(next)
            {
                size += parts.len();
                open.extend(parts);
            }
        }
        prop_assert_eq!(function.diagrams.size(one), size);
    }
}

/// Whether an odd number of answers is yes depends on all of them, along two to the power of a hundred ways.
#[test]
fn a_diagram_with_more_ways_through_it_than_could_be_gone_is_read_soon() {
    const QUESTIONS: u32 = 100;
    let mut diagrams = Diagrams::new(vec![Alphabet::one_of(2); QUESTIONS as usize]);
    let mut odd = Diagrams::constant(0);
    for question in (0..QUESTIONS as usize).rev() {
        let yes = [1, 0, 2].map(Diagrams::constant);
        let yes = diagrams.select(question, &yes).expect("a small function");
        odd = diagrams.combine(odd, yes, &|a, b| if a == 2 || b == 2 { 2 } else { a ^ b }).expect("a small function");
    }
    let nothing = vec![None; QUESTIONS as usize];
    let questions: Vec<usize> = (0..QUESTIONS as usize).collect();
    assert_eq!(diagrams.reachable(odd, &nothing), 0b111);
    assert_eq!(diagrams.reachable_surely(odd), 0b11);
    assert_eq!(diagrams.relevant(odd, &nothing), questions);
    assert_eq!(diagrams.questions(odd), questions);
    assert_eq!(diagrams.longest(odd, &nothing), questions.len());
    assert_eq!(diagrams.size(odd), 3 + 2 * 3 * (questions.len() - 1));
    assert_eq!(diagrams.count(odd, 1, &questions), 1 << (QUESTIONS - 1));
    assert_eq!(diagrams.shortest(odd, 1).expect("it is reached").len(), questions.len());
    let given: Vec<Option<u16>> = vec![Some(0); questions.len()];
    let reasons = diagrams.reasons(odd, &given, 0, &Budget::default()).expect("one reason");
    assert_eq!(reasons, [(1 << QUESTIONS) - 1]);
    let changes = diagrams.changes(odd, &given, 1, u128::MAX, &Budget::default()).expect("one change, each of them");
    assert_eq!(changes.len(), questions.len());
}

/// Two answers are missing, and what is left of the function then stands at different questions.
#[test]
fn a_given_answer_stays_given_while_others_are_missing() {
    let mut diagrams = Diagrams::new(vec![Alphabet::one_of(2); 3]);
    let [no, yes, other] = [0, 1, 2].map(Diagrams::constant);
    let mut select = |question, parts: [Ref; 3]| diagrams.select(question, &parts).expect("a small function");
    let (a, b) = (select(2, [yes, no, no]), select(2, [yes, other, no]));
    let first = select(1, [a, b, a]);
    let function = select(0, [first, a, a]);
    let given = [None, None, Some(0)];
    let changes = diagrams.changes(function, &given, 1, u128::MAX, &Budget::default()).expect("a small function");
    assert_eq!(changes, [vec![]], "it is reached as it is");
}
