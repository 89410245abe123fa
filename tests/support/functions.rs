//! Functions of a few variables, drawn at random, and what trying every combination of values shows of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use eligibility::condition::Condition;
use eligibility::diagram::{Decision, Diagrams, Leaf, Move, Value, Var, Variables, values};
use eligibility::outcome::Status;
use eligibility::problem::{Place, Source};
use eligibility::question::{Basis, Citation, Grounds, Kind, Question, QuestionOption, Section};

use super::invent::Tape;

/// A function of a few variables, as a person would draw it.
#[derive(Debug)]
pub(crate) enum Tree {
    Leaf(Status),
    Ask(Var, Vec<Tree>),
}

/// The results that functions have.
pub(crate) const RESULTS: [Status; 3] = [Status::Met, Status::ToDiscuss, Status::NotMet];

/// A value for each variable, or none.
pub(crate) type PartialAssignment = Vec<Option<Value>>;

/// A function and its diagram.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) questions: usize,
    pub(crate) tree: Tree,
    pub(crate) diagrams: Diagrams,
    pub(crate) decision: Decision<Status>,
}

pub(crate) fn place() -> Place {
    let source = Source { name: "test".into(), first_line: 1, text: "".into() };
    Place::new(&Arc::new(source), 0..0)
}

pub(crate) fn question(at: usize, kind: Kind, options: Vec<QuestionOption>) -> Question {
    Question {
        index: at,
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

pub(crate) fn offer(reads_as: u64, none: bool) -> QuestionOption {
    QuestionOption { none, reads_as, ..QuestionOption::plain("", "", &place()) }
}

/// Up to four questions, one of which may take several answers.
pub(crate) fn questions(tape: &mut Tape<'_>) -> Vec<Question> {
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
    pub(crate) fn new(tape: &mut Tape<'_>) -> Self {
        let questions = questions(tape);
        // Only options that a condition tests are variables.
        let tested = (0..questions.len()).map(|question| Condition::Is { question, options: 0b11, place: place() });
        let tested = Condition::Any(tested.collect());
        let variables = Variables::new(&questions, &[&tested]);
        let widths: Vec<Value> = variables.all().iter().map(|variable| variable.values).collect();
        let tree = grow(tape, &widths, 0);
        let mut diagrams = Diagrams::new(variables);
        let decision = build(&mut diagrams, &tree);
        Self { questions: questions.len(), tree, diagrams, decision }
    }

    pub(crate) fn widths(&self) -> Vec<Value> {
        self.diagrams.variables().all().iter().map(|variable| variable.values).collect()
    }

    pub(crate) fn question(&self, var: Var) -> usize {
        self.diagrams.variables().all()[var].question().expect("there are no topics here")
    }

    /// Every way of giving the variables without a value one of these.
    pub(crate) fn ways(given: &[Option<Value>], open: impl Fn(Var) -> Vec<Value>) -> Vec<Vec<Value>> {
        given.iter().enumerate().fold(vec![Vec::new()], |all, (var, value)| {
            let values = value.map_or_else(|| open(var), |value| vec![value]);
            let with = |start: &Vec<Value>| -> Vec<Vec<Value>> {
                values.iter().map(|value| [start.as_slice(), &[*value]].concat()).collect()
            };
            all.iter().flat_map(with).collect()
        })
    }

    pub(crate) fn fillings(&self, given: &[Option<Value>]) -> Vec<Vec<Value>> {
        let widths = self.widths();
        Self::ways(given, |var| (0..widths[var]).collect())
    }

    /// The results that some way of filling in what is missing reaches.
    pub(crate) fn results(&self, given: &[Option<Value>]) -> BTreeSet<usize> {
        self.fillings(given).iter().map(|values| result(&self.tree, values) as usize).collect()
    }

    pub(crate) fn forces(&self, given: &[Option<Value>], wanted: Status) -> bool {
        self.results(given) == BTreeSet::from([wanted as usize])
    }

    /// The variables without a value that can still change the result.
    pub(crate) fn relevant_vars(&self, given: &[Option<Value>]) -> BTreeSet<Var> {
        let widths = self.widths();
        let matters = |var: &Var| {
            given[*var].is_none()
                && self.fillings(given).iter().any(|values| {
                    let with = |value| {
                        let mut values = values.clone();
                        values[*var] = value;
                        result(&self.tree, &values)
                    };
                    (1..widths[*var]).any(|value| with(value) != with(0))
                })
        };
        (0..given.len()).filter(matters).collect()
    }

    pub(crate) fn relevant(&self, given: &[Option<Value>]) -> Vec<usize> {
        let questions: BTreeSet<usize> = self.relevant_vars(given).into_iter().map(|var| self.question(var)).collect();
        questions.into_iter().collect()
    }

    /// The most questions until the result is settled, asking in order those that matter.
    pub(crate) fn most_questions(&self, given: &[Option<Value>]) -> usize {
        let Some(question) = self.relevant(given).first().copied() else { return 0 };
        let vars = self.diagrams.variables().of_question(question).to_vec();
        let widths = self.widths();
        let own: PartialAssignment =
            (0..given.len()).map(|var| if vars.contains(&var) { None } else { Some(0) }).collect();
        let answers = Self::ways(&own, |var| (0..widths[var]).collect());
        let rest = answers.into_iter().map(|answer| {
            let with = |var: usize| if vars.contains(&var) { Some(answer[var]) } else { given[var] };
            self.most_questions(&(0..given.len()).map(with).collect::<PartialAssignment>())
        });
        1 + rest.max().unwrap_or(0)
    }

    /// The shortest way to a result through the variables that matter, with as few unsure values as can be, and the first
    /// values of those equally short.
    pub(crate) fn shortest(&self, given: &[Option<Value>], wanted: Status) -> Option<Vec<(Var, Value)>> {
        let Some(var) = self.relevant_vars(given).first().copied() else {
            return self.results(given).contains(&(wanted as usize)).then(Vec::new);
        };
        let variables = self.diagrams.variables().all();
        let unsure = |path: &Vec<(Var, Value)>| {
            path.iter().filter(|(var, value)| variables[*var].sure() & (1 << value) == 0).count()
        };
        let ways = (0..variables[var].values).filter_map(|value| {
            let rest = self.shortest(&answered(given, var, value), wanted)?;
            Some([vec![(var, value)], rest].concat())
        });
        ways.min_by_key(|path| (unsure(path), path.len()))
    }

    /// The smallest sets of questions whose values alone force a result.
    pub(crate) fn reasons(&self, given: &[Option<Value>], wanted: Status) -> Vec<BTreeSet<usize>> {
        let known: BTreeSet<usize> =
            (0..given.len()).filter(|var| given[*var].is_some()).map(|var| self.question(var)).collect();
        let only = |set: &BTreeSet<usize>| {
            let kept = |var: usize| given[var].filter(|_| set.contains(&self.question(var)));
            self.forces(&(0..given.len()).map(kept).collect::<PartialAssignment>(), wanted)
        };
        let known: Vec<usize> = known.into_iter().collect();
        let sets = subsets(&known).into_iter().filter(only).collect::<Vec<_>>();
        let smallest = |set: &&BTreeSet<usize>| !sets.iter().any(|other| other != *set && other.is_subset(set));
        let mut smallest: Vec<BTreeSet<usize>> = sets.iter().filter(smallest).cloned().collect();
        smallest.sort_by_key(|set| (set.len(), set.iter().copied().collect::<Vec<_>>()));
        smallest
    }

    /// The smallest sets of moves after which a result is reached whatever is still missing.
    pub(crate) fn moves(&self, given: &[Option<Value>], wanted: Status, allowed: &[u128]) -> BTreeSet<Vec<Move>> {
        let movable: Vec<Var> = (0..given.len()).filter(|var| allowed[*var] != 0).collect();
        let mut sets = Vec::new();
        for set in subsets(&movable) {
            let mut ways = vec![(given.to_vec(), Vec::new())];
            for var in set {
                ways = (ways.into_iter())
                    .flat_map(|(given, moves)| {
                        values(allowed[var]).map(move |value| {
                            let moved = [moves.clone(), vec![Move { var, value }]].concat();
                            (answered(&given, var, value), moved)
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

pub(crate) fn answered(given: &[Option<Value>], var: Var, value: Value) -> PartialAssignment {
    let mut given = given.to_vec();
    given[var] = Some(value);
    given
}

pub(crate) fn subsets(of: &[usize]) -> Vec<BTreeSet<usize>> {
    (0..1_usize << of.len())
        .map(|set| of.iter().enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, member)| *member).collect())
        .collect()
}

pub(crate) fn grow(tape: &mut Tape<'_>, widths: &[Value], var: Var) -> Tree {
    if var == widths.len() || (var > 0 && tape.once_in(4)) {
        return Tree::Leaf(RESULTS[tape.pick(RESULTS.len())]);
    }
    if tape.once_in(4) {
        return grow(tape, widths, var + 1);
    }
    Tree::Ask(var, (0..widths[var]).map(|_| grow(tape, widths, var + 1)).collect())
}

/// The decision that goes on with the part of a variable's value.
pub(crate) fn select<T: Leaf>(diagrams: &mut Diagrams, var: Var, parts: &[Decision<T>]) -> Decision<T> {
    let always = Diagrams::constant(true);
    (0..).zip(parts).skip(1).fold(parts[0], |others, (value, part)| {
        let here = diagrams.narrowed(always, var, 1 << value).expect("a small function");
        let here = diagrams.combine(here, *part, bool::then_some).expect("a small function");
        diagrams.combine(here, others, Option::unwrap_or).expect("a small function")
    })
}

pub(crate) fn build(diagrams: &mut Diagrams, tree: &Tree) -> Decision<Status> {
    match tree {
        Tree::Leaf(result) => Diagrams::constant(*result),
        Tree::Ask(var, parts) => {
            let parts: Vec<Decision<Status>> = parts.iter().map(|part| build(diagrams, part)).collect();
            select(diagrams, *var, &parts)
        }
    }
}

pub(crate) fn result(tree: &Tree, values: &[Value]) -> Status {
    match tree {
        Tree::Leaf(result) => *result,
        Tree::Ask(var, parts) => result(&parts[usize::from(values[*var])], values),
    }
}

/// Some answers, with more or less missing. Of several options all are given or none.
pub(crate) fn answers(tape: &mut Tape<'_>, function: &Function) -> PartialAssignment {
    let missing_in = [2, 3, 100][tape.pick(3)];
    let missing: Vec<bool> = (0..function.questions).map(|_| tape.once_in(missing_in)).collect();
    let widths = function.widths();
    let value = |(var, width): (Var, &Value)| {
        let value = Value::try_from(tape.pick(usize::from(*width))).expect("a value");
        (!missing[function.question(var)]).then_some(value)
    };
    widths.iter().enumerate().map(value).collect()
}

/// Questions of two options each, in the order of asking.
pub(crate) fn plain(count: usize) -> Diagrams {
    let options = || vec![offer(0, false), offer(0, false)];
    let questions: Vec<Question> = (0..count).map(|at| question(at, Kind::Choice, options())).collect();
    Diagrams::new(Variables::new(&questions, &[]))
}
