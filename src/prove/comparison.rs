//! Two versions of the rules over one set of questions, so that their decisions can be compared answer by answer.

use std::sync::Arc;

use crate::condition::Condition;
use crate::diagram::{Decision, Diagrams, InScenario, Leaf, TooIntricate, Value, ValueSet, Var, VarKind, Variables};
use crate::question::{OptionSet, Question, QuestionOption};
use crate::rulebook::{Rulebook, decide};

/// Both versions, compiled into the same diagrams.
pub(super) struct Comparison {
    /// The questions of either version, with the options of both.
    pub(super) questions: Vec<Question>,
    pub(super) diagrams: Diagrams,
    pub(super) old: Version,
    pub(super) new: Version,
}

/// One version over the questions of both.
pub(super) struct Version {
    pub(super) rulebook: Rulebook,
    /// The variables with its readings.
    variables: Arc<Variables>,
    /// What it offers of each question, if it has it.
    offered: Vec<Option<Offered>>,
}

#[derive(Clone, Copy)]
struct Offered {
    options: OptionSet,
    not_sure: bool,
    empty: bool,
}

impl Comparison {
    pub(super) fn new(old: &Rulebook, new: &Rulebook) -> Result<Self, TooIntricate> {
        let questions = merged(old, new);
        let [old, new] = [old, new].map(|rulebook| Version::over(rulebook, &questions));
        let empty = [&old, &new].map(|version| version.empty_lists(&questions));
        let conditions = old.rulebook.conditions().into_iter().chain(new.rulebook.conditions());
        let base = Variables::new(&questions, &conditions.chain(empty.iter().flatten()).collect::<Vec<_>>());
        let mut compared = Self { diagrams: Diagrams::new(base.clone()), questions, old, new };
        for version in [&mut compared.old, &mut compared.new] {
            let options = version.offered.iter().map(|offered| offered.map_or(OptionSet::MAX, |it| it.options));
            let read_as = base.with_readings(&version.rulebook.questions, &options.collect::<Vec<_>>());
            version.variables = Arc::new(read_as);
            std::mem::swap(&mut version.rulebook.diagrams, &mut compared.diagrams);
            version.rulebook.diagrams.set_variables(Arc::clone(&version.variables));
            decide(&mut version.rulebook)?;
            std::mem::swap(&mut version.rulebook.diagrams, &mut compared.diagrams);
        }
        compared.diagrams.set_variables(base);
        Ok(compared)
    }

    /// A decision of one version, without a result for answers that it does not accept.
    pub(super) fn among_accepted<T: Leaf>(
        &mut self,
        version: fn(&Self) -> &Version,
        decision: Decision<T>,
    ) -> Result<Decision<Option<T>>, TooIntricate> {
        let variables = self.diagrams.variables().clone();
        // Values that it does not accept make no difference to it.
        let mut own = decision;
        for var in self.diagrams.support(decision.root()) {
            own = self.diagrams.ignoring_other_values(own, var, self.accepted(version(self), var))?;
        }
        let mut accepted = Diagrams::constant(true);
        for question in self.diagrams.questions(own.root()) {
            let Some(offered) = version(self).offered[question] else { continue };
            for var in variables.of_question(question).iter().rev() {
                accepted = self.diagrams.narrowed(accepted, *var, self.accepted(version(self), *var))?;
            }
            let tested = variables.tested(question);
            let none = version(self).variables.none_option(question);
            let is_none = |var: &&usize| matches!(variables.all()[**var].kind, VarKind::Chosen(_, option) if Some(option) == none);
            if let Some(var) = variables.of_question(question).iter().find(is_none) {
                // The other version allows this option beside others; here it is the empty list.
                let out = self.diagrams.narrowed(Diagrams::constant(true), *var, 0b01)?;
                let alone = self.diagrams.none_chosen(&version(self).variables.chosen(question))?;
                let allowed = self.diagrams.combine(out, alone, |out, alone| out || alone)?;
                accepted = self.diagrams.combine(accepted, allowed, |accepted, allowed| accepted && allowed)?;
            }
            if !offered.empty && offered.options & !tested == 0 && tested != 0 {
                let empty = self.diagrams.none_chosen(&variables.chosen(question))?;
                accepted = self.diagrams.combine(accepted, empty, |accepted, empty| accepted && !empty)?;
            }
        }
        self.diagrams.combine(own, accepted, |result, accepted| accepted.then_some(result))
    }

    /// The values of a variable that a version accepts.
    fn accepted(&self, version: &Version, var: Var) -> ValueSet {
        let of = self.diagrams.variables().all()[var].kind;
        let Some(question) = self.diagrams.variables().all()[var].question() else { return ValueSet::MAX };
        let Some(offered) = version.offered[question] else { return ValueSet::MAX };
        match of {
            VarKind::Question(_) => {
                let not_sure = ValueSet::from(offered.not_sure) << self.questions[question].options.len();
                ValueSet::from(offered.options) | not_sure
            }
            VarKind::Known(_) => 0b01 | (ValueSet::from(offered.not_sure) << 1),
            VarKind::Chosen(_, option) if offered.options & (1 << option) == 0 => 0b01,
            VarKind::Chosen(..) | VarKind::Prepared(_) => 0b11,
        }
    }

    /// When each version asks a question, if both have it.
    pub(super) fn asked_when(&self, question: usize) -> Option<[Decision<bool>; 2]> {
        let versions = [&self.old, &self.new];
        versions.iter().all(|version| version.offered[question].is_some()).then(|| {
            let always = Diagrams::constant(true);
            versions.map(|version| version.rulebook.ask_when[question].as_ref().map_or(always, |(_, asked)| *asked))
        })
    }

    /// The scenario as an index into these ids.
    pub(super) fn scenarios(
        &mut self,
        rulebook: &Rulebook,
        decision: Decision<InScenario>,
        ids: &[String],
    ) -> Result<Decision<InScenario>, TooIntricate> {
        self.diagrams.map(decision, |scenario| match scenario {
            InScenario::In(index) => rulebook
                .scenarios
                .get(usize::from(index))
                .and_then(|scenario| ids.iter().position(|id| *id == scenario.id))
                .and_then(|index| Value::try_from(index).ok())
                .map_or(InScenario::Nowhere, InScenario::In),
            other => other,
        })
    }
}

/// The questions of either version, with the options of both. An option that is the empty list in only one of them is
/// an ordinary option.
fn merged(old: &Rulebook, new: &Rulebook) -> Vec<Question> {
    let mut questions: Vec<Question> = new.questions.clone();
    for question in &old.questions {
        let Some(known) = questions.iter_mut().find(|known| is_same(known, question)) else {
            questions.push(question.clone());
            continue;
        };
        known.not_sure |= question.not_sure;
        let is_none =
            |value: &str| question.options.iter().find(|option| option.value == value).map(|option| option.none);
        for option in &mut known.options {
            option.none &= is_none(&option.value).unwrap_or(true);
        }
        for option in &question.options {
            if option_in(known, option).is_none() {
                known.options.push(option.clone());
            }
        }
    }
    questions
}

/// Whether two questions are the same. A question with one answer is not the same as one with several.
fn is_same(one: &Question, other: &Question) -> bool {
    one.id == other.id && one.kind.takes() == other.kind.takes()
}

/// The option of a question with the same value, else the one that is the empty list too.
fn option_in(question: &Question, option: &QuestionOption) -> Option<usize> {
    let same = |known: &QuestionOption| known.value == option.value;
    let options = &question.options;
    options.iter().position(same).or_else(|| options.iter().position(|known| known.none && option.none))
}

impl Version {
    /// A version with its conditions translated to the questions of both.
    fn over(rulebook: &Rulebook, questions: &[Question]) -> Self {
        let mut translated = rulebook.clone();
        let own = |question: &Question| rulebook.questions.iter().find(|own| is_same(own, question));
        // With the options of both, as this version reads them.
        let read = |(index, question): (usize, &Question)| {
            let Some(own) = own(question) else { return Question { index, ..question.clone() } };
            let options = question.options.iter().map(|option| {
                let mine = option_in(own, option).map(|index| &own.options[index]);
                QuestionOption {
                    reads_as: mine.map_or(0, |mine| translate(mine.reads_as, own, question)),
                    none: mine.is_some_and(|mine| mine.none),
                    ..option.clone()
                }
            });
            Question { index, not_sure: own.not_sure, options: options.collect(), ..question.clone() }
        };
        translated.questions = questions.iter().enumerate().map(read).collect();
        let number = |own| questions.iter().position(|question| is_same(question, own)).unwrap_or(0);
        let numbers: Vec<usize> = rulebook.questions.iter().map(number).collect();
        translated.ask_when = vec![None; questions.len()];
        for (number, asked) in numbers.iter().zip(&rulebook.ask_when) {
            translated.ask_when[*number].clone_from(asked);
        }
        for condition in translated.conditions_mut() {
            renumber(condition, &|question, options| {
                let number = numbers[question];
                (number, translate(options, &rulebook.questions[question], &questions[number]))
            });
        }
        let offered = |question: &Question| {
            let own = own(question)?;
            let options = translate(OptionSet::MAX, own, question);
            Some(Offered { options, not_sure: own.takes_not_sure(), empty: own.none().is_some() })
        };
        let offered = questions.iter().map(offered).collect();
        Self { rulebook: translated, variables: Arc::default(), offered }
    }

    /// For each test of an empty list that is an ordinary option of the other version, a test of every other option,
    /// which is equivalent.
    fn empty_lists(&self, questions: &[Question]) -> Vec<Condition> {
        let mut tests = Vec::new();
        for condition in self.rulebook.conditions() {
            condition.tests(&mut |question, options| {
                let asked = &self.rulebook.questions[question];
                let none = asked.none().filter(|none| options & (1 << none) != 0);
                if let (Some(none), Some(offered)) = (none, self.offered[question])
                    && !questions[question].options[none].none
                {
                    let options = offered.options & !(1 << none);
                    tests.push(Condition::Is { question, options, place: asked.place.clone() });
                }
            });
        }
        tests
    }
}

/// The same options of another question, which has them all.
fn translate(options: OptionSet, from: &Question, to: &Question) -> OptionSet {
    from.chosen(options).filter_map(|(_, option)| option_in(to, option)).fold(0, |set, index| set | 1 << index)
}

fn renumber(condition: &mut Condition, number: &impl Fn(usize, OptionSet) -> (usize, OptionSet)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().for_each(|part| renumber(part, number)),
        Condition::Not(part) => renumber(part, number),
        Condition::Is { question, options, .. } => (*question, *options) = number(*question, *options),
        Condition::Result { .. } => {}
    }
}
