//! Answers as plain numbers, and conditions worked out on them one answer at a time.

use std::collections::BTreeSet;

use eligibility::answers::{Answers, Entry};
use eligibility::condition::{Condition, ResultTest};
use eligibility::question::{Answer, Kind, Question};
use eligibility::rulebook::{Decided, Rulebook};

/// A number for each question: an answer, or one more than the last for "missing". Behind the questions stands, for each
/// topic, whether it is prepared (1) or not (0).
pub(crate) type Values = Vec<usize>;

/// What can be answered.
pub(crate) struct Plain<'r> {
    pub(crate) rulebook: &'r Rulebook,
    /// The answers to each question, "not sure" last; of those that no condition can tell apart only one.
    pub(crate) answers: Vec<Vec<Answer>>,
    /// The options of each question with several answers that conditions can tell apart.
    pub(crate) tested: Vec<u64>,
    /// Those that conditions name, the empty list among them.
    pub(crate) named: Vec<u64>,
}

impl<'r> Plain<'r> {
    pub(crate) fn new(rulebook: &'r Rulebook) -> Self {
        let named = named(rulebook);
        let tested = rulebook.questions.iter().zip(&named).map(|(question, named)| told_apart(question, *named));
        let tested: Vec<u64> = tested.collect();
        let answers = rulebook.questions.iter().zip(&tested).map(|(question, tested)| answers(question, *tested));
        Self { rulebook, answers: answers.collect(), tested, named }
    }

    pub(crate) fn questions(&self) -> usize {
        self.answers.len()
    }

    /// The value of a missing answer.
    pub(crate) fn missing(&self, question: usize) -> usize {
        self.answers[question].len()
    }

    pub(crate) fn is_missing(&self, values: &Values, question: usize) -> bool {
        question < self.questions() && values[question] == self.missing(question)
    }

    /// How many values there are, "missing" included. That a topic is prepared is never missing.
    pub(crate) fn radix(&self, question: usize) -> usize {
        if question < self.questions() { self.missing(question) + 1 } else { 2 }
    }

    /// The values of no answers at all.
    pub(crate) fn unassigned(&self) -> Values {
        let missing = (0..self.questions()).map(|question| self.missing(question));
        missing.chain(self.rulebook.topics.iter().map(|_| 0)).collect()
    }

    /// The answers that stand for themselves, as values.
    pub(crate) fn sure(&self, question: usize) -> Vec<usize> {
        let options = &self.rulebook.questions[question].options;
        let sure = |answer: &Answer| match answer {
            Answer::One(option) => options[*option].reads_as == 0,
            Answer::Many(_) => true,
            Answer::NotSure | Answer::Text(_) => false,
        };
        (0..self.missing(question)).filter(|value| sure(&self.answers[question][*value])).collect()
    }

    /// The sure answers that an answer stands for.
    pub(crate) fn readings(&self, question: usize, value: usize) -> Vec<usize> {
        match &self.answers[question][value] {
            Answer::NotSure => self.sure(question),
            Answer::One(option) if self.rulebook.questions[question].options[*option].reads_as != 0 => {
                let read = self.rulebook.questions[question].options[*option].reads_as;
                let is_read = |value: &usize| matches!(self.answers[question][*value], Answer::One(option) if read >> option & 1 == 1);
                (0..self.missing(question)).filter(is_read).collect()
            }
            _ => vec![value],
        }
    }

    /// What who asks for some options can tell apart.
    pub(crate) fn told_apart(&self, question: usize, options: u64) -> u64 {
        told_apart(&self.rulebook.questions[question], options)
    }

    /// The options that a value chooses.
    pub(crate) fn chosen(&self, question: usize, value: usize) -> Option<u64> {
        match self.answers[question].get(value) {
            Some(Answer::Many(chosen)) => Some(*chosen),
            _ => None,
        }
    }

    /// The value of an answer.
    pub(crate) fn value(&self, question: usize, answer: &Answer) -> usize {
        let same = |known: &Answer| match (known, answer) {
            (Answer::Many(known), Answer::Many(chosen)) => (known ^ chosen) & self.tested[question] == 0,
            _ => known == answer,
        };
        match answer {
            Answer::Text(_) => self.missing(question),
            _ => self.answers[question].iter().position(same).expect("an answer that the question takes"),
        }
    }

    /// The values of answers; whether topics are prepared is left open.
    pub(crate) fn values(&self, answers: &Answers) -> Values {
        let mut values = self.unassigned();
        for (question, entry) in answers.entries.iter().enumerate() {
            if let Some(entry) = entry {
                values[question] = self.value(question, &entry.answer);
            }
        }
        values
    }

    /// Answers with these values.
    pub(crate) fn written(&self, values: &Values) -> Answers {
        let mut answers = Answers::blank(self.rulebook, "Example");
        for (question, entry) in answers.entries.iter_mut().enumerate() {
            *entry = self.answers[question].get(values[question]).cloned().map(Entry::bare);
        }
        answers
    }

    /// Whether a condition holds for sure answers. Of the results it may test, `result` knows which hold.
    pub(crate) fn holds(&self, condition: &Condition, values: &Values, result: &dyn Fn(&ResultTest) -> bool) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds(part, values, result)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part, values, result)),
            Condition::Not(part) => !self.holds(part, values, result),
            Condition::Result { test, .. } => result(test),
            Condition::Is { question, options, .. } => match &self.answers[*question][values[*question]] {
                Answer::One(option) => options >> option & 1 == 1,
                Answer::Many(0) => none(&self.rulebook.questions[*question]) & options != 0,
                Answer::Many(chosen) => chosen & options != 0,
                Answer::NotSure | Answer::Text(_) => unreachable!("only sure answers are tried"),
            },
        }
    }

    /// Whether a condition over answers alone holds for sure answers.
    pub(crate) fn is_so(&self, condition: &Condition, values: &Values) -> bool {
        self.holds(condition, values, &|_| unreachable!("it tests answers alone"))
    }

    /// Every combination of sure answers to these questions, the others missing.
    pub(crate) fn combinations(&self, questions: &BTreeSet<usize>) -> Vec<Values> {
        let mut all = Vec::new();
        let open: Vec<usize> = questions.iter().copied().collect();
        each_filling(&self.unassigned(), &open, &|question| self.sure(question), &mut |values| {
            all.push(values.clone());
            true
        });
        all
    }

    /// Every question that takes other answers than a text.
    pub(crate) fn asked(&self) -> BTreeSet<usize> {
        (0..self.questions()).filter(|question| !self.answers[*question].is_empty()).collect()
    }
}

/// Tries every way of giving these questions one of their values, until `visit` has seen enough and says `false`.
pub(crate) fn each_filling(
    values: &Values,
    open: &[usize],
    ways: &dyn Fn(usize) -> Vec<usize>,
    visit: &mut dyn FnMut(&Values) -> bool,
) {
    let ways: Vec<Vec<usize>> = open.iter().map(|question| ways(*question)).collect();
    let mut at = vec![0; open.len()];
    let mut filled = values.clone();
    for (question, ways) in open.iter().zip(&ways) {
        filled[*question] = ways[0];
    }
    while visit(&filled) {
        let Some(next) = (0..open.len()).find(|i| at[*i] + 1 < ways[*i].len()) else {
            return;
        };
        at[next] += 1;
        at[..next].fill(0);
        for i in 0..=next {
            filled[open[i]] = ways[i][at[i]];
        }
    }
}

/// The option that is the empty list, as a set.
pub(crate) fn none(question: &Question) -> u64 {
    question.options.iter().enumerate().filter(|(_, option)| option.none).fold(0, |set, (index, _)| set | 1 << index)
}

/// What who asks for some options can tell apart: who asks for the empty list asks for all.
fn told_apart(question: &Question, options: u64) -> u64 {
    match none(question) & options {
        0 => options,
        empty => ((1 << question.options.len()) - 1) & !empty,
    }
}

/// Whether a set of options is an answer. The empty list is what an option marked `none` says, and nothing otherwise.
pub(crate) fn may_be_chosen(question: &Question, chosen: u64) -> bool {
    match none(question) {
        0 => chosen != 0,
        none => chosen & none == 0,
    }
}

/// The answers to a question, of those that no condition can tell apart only one.
fn answers(question: &Question, tested: u64) -> Vec<Answer> {
    let mut answers: Vec<Answer> = match question.kind {
        Kind::Text => return Vec::new(),
        Kind::YesNo | Kind::Choice => (0..question.options.len()).map(Answer::One).collect(),
        Kind::Choices => {
            let mut told_apart = BTreeSet::new();
            let all = (0..1_u64 << question.options.len()).filter(|chosen| may_be_chosen(question, *chosen));
            all.filter(|chosen| told_apart.insert(chosen & tested)).map(Answer::Many).collect()
        }
    };
    answers.extend(question.not_sure.then_some(Answer::NotSure));
    answers
}

/// Every test of a condition.
pub(crate) fn walk<'c>(condition: &'c Condition, visit: &mut dyn FnMut(&'c Condition)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| walk(part, visit)),
        Condition::Not(part) => walk(part, visit),
        Condition::Is { .. } | Condition::Result { .. } => visit(condition),
    }
}

/// The options of each question that any condition names.
fn named(rulebook: &Rulebook) -> Vec<u64> {
    let mut named = vec![0; rulebook.questions.len()];
    for condition in conditions(rulebook) {
        walk(condition, &mut |test| {
            if let Condition::Is { question, options, .. } = test {
                named[*question] |= options;
            }
        });
    }
    named
}

/// Every condition of the rules.
fn conditions(rulebook: &Rulebook) -> Vec<&Condition> {
    let mut all: Vec<&Condition> = rulebook.ask_when.iter().flatten().map(|(when, _)| when).collect();
    for criterion in &rulebook.criteria {
        match &criterion.decided {
            Decided::ByConditions { met_when, discuss_when, .. } => {
                all.push(met_when);
                all.extend(discuss_when);
            }
            Decided::ByScenarios { words_met_when } => all.extend(words_met_when),
        }
        all.extend(criterion.notes.iter().map(|note| &note.when));
    }
    for scenario in &rulebook.scenarios {
        all.push(&scenario.when);
        all.extend(scenario.notes.iter().map(|note| &note.when));
    }
    for obligation in &rulebook.obligations {
        all.push(&obligation.met_when);
        all.extend(obligation.notes.iter().map(|note| &note.when));
    }
    all.extend(rulebook.findings.iter().map(|finding| &finding.when));
    all.extend(rulebook.topics.iter().filter_map(|topic| topic.prepared_when.as_ref()));
    all.extend(rulebook.contradictions.iter().map(|contradiction| &contradiction.when));
    for outcome in &rulebook.outcomes {
        all.extend(outcome.next_steps.iter().filter_map(|step| step.when.as_ref()));
    }
    all.extend(rulebook.facts.iter().filter_map(|fact| fact.when.as_ref()));
    all
}
