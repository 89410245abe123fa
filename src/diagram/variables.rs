//! The variables of diagrams: one for each question with a single answer, and one for each tested option of a question
//! with several, so that a rule over many options stays small.

use rustc_hash::FxHashMap;

use super::order::order;
use crate::condition::{Condition, ResultTest};
use crate::question::{Kind, OptionSet, Question, Takes};

/// The index of a variable, and its position in all diagrams.
pub type Var = usize;
pub type Value = u16;
/// A set of values: bit `i` is value `i`. A question has at most 64 options and "not sure".
pub type ValueSet = u128;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VarKind {
    /// The answer to a question: the index of the option, and one more for "not sure".
    Question(usize),
    /// Whether a question with several answers is answered (0), or "not sure" (1).
    Known(usize),
    /// Whether an option of a question with several answers is chosen (1) or not (0).
    Chosen(usize, usize),
    /// Whether a topic is prepared (1) or not (0), which is always known.
    Prepared(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub kind: VarKind,
    pub values: Value,
    /// The unsure values, each with its readings.
    pub unsure: Vec<(Value, ValueSet)>,
}

impl Variable {
    fn binary(kind: VarKind) -> Self {
        Self { kind, values: 2, unsure: Vec::new() }
    }

    /// The question that it belongs to.
    pub fn question(&self) -> Option<usize> {
        match self.kind {
            VarKind::Question(question) | VarKind::Known(question) | VarKind::Chosen(question, _) => Some(question),
            VarKind::Prepared(_) => None,
        }
    }

    /// The sure values.
    pub fn sure(&self) -> ValueSet {
        let all = (1 << self.values) - 1;
        match self.kind {
            VarKind::Known(_) => 1,
            _ => self.unsure.iter().fold(all, |sure, (value, _)| sure & !(1 << value)),
        }
    }

    /// The readings of a value: itself, unless it is unsure.
    pub fn readings(&self, value: Value) -> ValueSet {
        self.unsure.iter().find(|(unsure, _)| *unsure == value).map_or(1 << value, |(_, readings)| *readings)
    }
}

/// The given value of a variable, or all values.
pub(super) fn given_or_all(given: &PartialAssignment) -> impl Fn(Var, usize) -> ValueSet {
    move |var, count| given[var].map_or((1 << count) - 1, |value| 1 << value)
}

pub fn values(mut set: ValueSet) -> impl Iterator<Item = Value> {
    std::iter::from_fn(move || {
        let next = set.trailing_zeros();
        (set != 0).then(|| {
            set &= set - 1;
            Value::try_from(next).unwrap_or(Value::MAX)
        })
    })
}

/// A value for each variable; `None` where the answer is missing.
pub type PartialAssignment = Vec<Option<Value>>;

/// The variables over the questions of a rulebook.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    all: Vec<Variable>,
    of_question: Vec<Vec<Var>>,
    /// The topics that some condition tests, with their variables.
    of_topic: Vec<(usize, Var)>,
    pub(super) asked: Vec<Asked>,
}

/// Which answers a question takes.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) options: usize,
    /// The options that can be chosen beside others. Where two versions are compared, the other may offer more.
    pub(super) own: OptionSet,
    pub(super) none: Option<usize>,
    pub(super) not_sure: bool,
}

impl Asked {
    fn of(question: &Question) -> Self {
        Self {
            kind: question.kind,
            options: question.options.len(),
            own: question
                .chosen(OptionSet::MAX)
                .filter(|(_, offer)| !offer.none)
                .fold(0, |own, (index, _)| own | 1 << index),
            none: question.none(),
            not_sure: question.takes_not_sure(),
        }
    }
}

impl Variables {
    /// The variables that these conditions need, in a good order.
    pub fn new(questions: &[Question], conditions: &[&Condition]) -> Self {
        let asked: Vec<Asked> = questions.iter().map(Asked::of).collect();
        let (tested, topics) = tested(&asked, conditions);
        let mut units = Vec::new();
        for (index, question) in questions.iter().enumerate() {
            match question.kind.takes() {
                Takes::Own => {}
                Takes::One => units.push(one_of(index, question)),
                Takes::Several => {
                    let chosen = question.chosen(tested[index]);
                    units.extend(chosen.map(|(option, _)| Variable::binary(VarKind::Chosen(index, option))));
                }
            }
        }
        let mut together = Vec::new();
        let numbers: FxHashMap<VarKind, usize> = units.iter().map(|unit| unit.kind).zip(0..).collect();
        let number = |kind: VarKind| numbers.get(&kind).copied();
        for condition in conditions {
            occur_together(condition, &asked, &number, &mut together);
        }
        let mut all: Vec<Variable> = Vec::new();
        let mut begun = vec![false; questions.len()];
        for unit in order(units.len(), &together) {
            let variable = &units[unit];
            // "Not sure" answers the question as a whole, so it comes before the first of its options.
            if let VarKind::Chosen(question, _) = variable.kind
                && !std::mem::replace(&mut begun[question], true)
            {
                all.push(Variable::binary(VarKind::Known(question)));
            }
            all.push(variable.clone());
        }
        all.extend(topics.iter().map(|topic| Variable::binary(VarKind::Prepared(*topic))));
        Self::numbered(all, asked)
    }

    fn numbered(all: Vec<Variable>, asked: Vec<Asked>) -> Self {
        let mut of_question = vec![Vec::new(); asked.len()];
        let mut of_topic = Vec::new();
        for (var, variable) in all.iter().enumerate() {
            match variable.kind {
                VarKind::Prepared(topic) => of_topic.push((topic, var)),
                VarKind::Question(question) | VarKind::Known(question) | VarKind::Chosen(question, _) => {
                    of_question[question].push(var);
                }
            }
        }
        Self { all, of_question, of_topic, asked }
    }

    /// The same variables with the readings of another version of the rules, which offers these options of each
    /// question.
    #[must_use]
    pub fn with_readings(&self, questions: &[Question], offered: &[OptionSet]) -> Self {
        let mut all = self.all.clone();
        for variable in &mut all {
            if let VarKind::Question(question) = variable.kind {
                variable.unsure = unsure(&questions[question]);
                for (_, readings) in &mut variable.unsure {
                    *readings &= ValueSet::from(offered[question]);
                }
            }
        }
        let asked = |(question, offered): (&Question, &OptionSet)| {
            let asked = Asked::of(question);
            Asked { own: asked.own & offered, ..asked }
        };
        Self { all, asked: questions.iter().zip(offered).map(asked).collect(), ..self.clone() }
    }

    pub fn all(&self) -> &[Variable] {
        &self.all
    }

    pub fn of_question(&self, question: usize) -> &[Var] {
        &self.of_question[question]
    }

    /// The variable of a topic, if some condition tests it.
    pub fn of_topic(&self, topic: usize) -> Option<Var> {
        self.of_topic.iter().find(|(known, _)| *known == topic).map(|(_, var)| *var)
    }

    /// The questions of these variables, in the order of asking.
    pub fn questions(&self, vars: impl IntoIterator<Item = Var>) -> Vec<usize> {
        let mut questions: Vec<usize> = vars.into_iter().filter_map(|var| self.all[var].question()).collect();
        questions.sort_unstable();
        questions.dedup();
        questions
    }

    /// The options of a question with several answers that some condition tests.
    pub fn tested(&self, question: usize) -> OptionSet {
        self.of_question[question].iter().fold(0, |set, var| match self.all[*var].kind {
            VarKind::Chosen(_, option) => set | 1 << option,
            _ => set,
        })
    }

    /// The variables of all options of a question, of which at least one must be chosen; `None` if it allows none, or
    /// if some have no variable.
    pub fn at_least_one(&self, question: usize) -> Option<Vec<Var>> {
        let asked = &self.asked[question];
        let all = asked.kind == Kind::Choices && asked.none.is_none() && asked.own & !self.tested(question) == 0;
        all.then(|| self.chosen(question))
    }

    pub fn any_at_least_one(&self) -> bool {
        (0..self.asked.len()).any(|question| self.at_least_one(question).is_some())
    }

    /// The variables of the options of a question with several answers. The empty list has none.
    pub fn chosen(&self, question: usize) -> Vec<Var> {
        let vars = self.of_question[question].iter().copied();
        let own = self.asked[question].own;
        vars.filter(|var| matches!(self.all[*var].kind, VarKind::Chosen(_, option) if own & (1 << option) != 0))
            .collect()
    }

    /// The option of a question that is the empty list.
    pub fn none_option(&self, question: usize) -> Option<usize> {
        self.asked[question].none
    }

    pub fn takes_not_sure(&self, question: usize) -> bool {
        self.asked[question].not_sure
    }

    pub fn unassigned(&self) -> PartialAssignment {
        vec![None; self.all.len()]
    }
}

fn unsure(question: &Question) -> Vec<(Value, ValueSet)> {
    let options = question.options.iter().zip(0..);
    let mut unsure: Vec<(Value, ValueSet)> = options
        .filter(|(option, _)| !option.is_sure())
        .map(|(option, value)| (value, ValueSet::from(option.reads_as)))
        .collect();
    if question.takes_not_sure() {
        let value = Value::try_from(question.options.len()).unwrap_or(Value::MAX);
        unsure.push((value, ValueSet::from(question.sure())));
    }
    unsure
}

fn one_of(index: usize, question: &Question) -> Variable {
    let options = Value::try_from(question.options.len()).unwrap_or(Value::MAX);
    let values = options + Value::from(question.takes_not_sure());
    Variable { kind: VarKind::Question(index), values, unsure: unsure(question) }
}

/// The options of each question and the topics that conditions test. A test of the empty list is a test of every other
/// option.
fn tested(asked: &[Asked], conditions: &[&Condition]) -> (Vec<OptionSet>, Vec<usize>) {
    let mut tested: Vec<OptionSet> = vec![0; asked.len()];
    let mut topics = Vec::new();
    for condition in conditions {
        condition.tests(&mut |question, options| tested[question] |= options);
        for test in condition.result_tests() {
            if let ResultTest::Prepared(topic) = test
                && !topics.contains(topic)
            {
                topics.push(*topic);
            }
        }
    }
    for (tested, asked) in tested.iter_mut().zip(asked) {
        if let Some(none) = asked.none
            && *tested & (1 << none) != 0
        {
            *tested = (0..asked.options).filter(|option| *option != none).fold(0, |set, option| set | 1 << option);
        }
    }
    (tested, topics)
}

/// Collects the sets of variables that occur together in a part of a condition.
fn occur_together(
    condition: &Condition,
    asked: &[Asked],
    number: &impl Fn(VarKind) -> Option<usize>,
    together: &mut Vec<Vec<usize>>,
) -> Vec<usize> {
    let mut here: Vec<usize> = match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().flat_map(|part| occur_together(part, asked, number, together)).collect()
        }
        Condition::Not(part) => return occur_together(part, asked, number, together),
        Condition::Result { .. } => Vec::new(),
        Condition::Is { question, options, .. } => match asked[*question].kind {
            Kind::Choices => {
                let none = asked[*question].none.is_some_and(|none| options & (1 << none) != 0);
                let tested = (0..asked[*question].options).filter(|option| none || options & (1 << option) != 0);
                tested.filter_map(|option| number(VarKind::Chosen(*question, option))).collect()
            }
            _ => number(VarKind::Question(*question)).into_iter().collect(),
        },
    };
    here.sort_unstable();
    here.dedup();
    if here.len() > 1 && together.last() != Some(&here) {
        together.push(here.clone());
    }
    here
}
