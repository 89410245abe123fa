//! Everything that is told of answers, in numbers and ids, so that what the engine says can be compared with what trying
//! everything shows.

use std::collections::BTreeSet;

use eligibility::answers::Answers;
use eligibility::assessment::{FindingState, FitOutcome, Preparation};
use eligibility::condition::Condition;
use eligibility::question::{Answer, Section};
use eligibility::rulebook::{Criterion, Decided, Outcome, Status};

use super::moves::{Move, To, moves};
use super::plain::{Values, each_filling};
use super::table::Table;
use super::{Brute, FIRST, NO, YES, is_sure};

/// Smallest sets of answers, as questions.
pub(super) type Sets = Vec<Vec<usize>>;
/// Sets of moves, each with the scenario it leads to.
pub(super) type Ways = Vec<(Vec<Move>, Option<String>)>;

/// A result in numbers and ids, so that two of them can be compared.
#[derive(Debug, PartialEq)]
pub(super) struct Summary {
    pub(super) outcome: Outcome,
    pub(super) possible_outcomes: Vec<Outcome>,
    pub(super) because: Sets,
    pub(super) missing: Vec<usize>,
    pub(super) also_missing: Vec<usize>,
    pub(super) changes: Ways,
    pub(super) criteria: Vec<CriterionSummary>,
    pub(super) scenario: Option<(String, Sets, Vec<String>)>,
    pub(super) possible_scenarios: Vec<String>,
    pub(super) fit: FitOutcome,
    pub(super) fit_missing: Vec<usize>,
    pub(super) fit_changes: Ways,
    pub(super) findings: Vec<(FindingState, Sets)>,
    pub(super) topics: Vec<(Preparation, Vec<usize>)>,
    pub(super) go_live: Vec<(Status, Vec<usize>, Vec<String>)>,
    pub(super) told: Told,
    pub(super) hidden: Vec<usize>,
    /// For each missing answer what can still come of each way to give it.
    pub(super) prospects: Vec<(usize, Prospects)>,
    pub(super) ask_first: Option<usize>,
}

/// Each way to give a missing answer, and the outcomes that it leaves.
type Prospects = Vec<(Answer, Vec<Outcome>)>;

#[derive(Debug, PartialEq)]
pub(super) struct CriterionSummary {
    pub(super) status: Status,
    pub(super) because: Sets,
    pub(super) missing: Vec<usize>,
    pub(super) notes: Vec<String>,
    /// The questions whose answers, read in several ways, leave it open.
    pub(super) open: BTreeSet<usize>,
}

/// What is told besides, by id.
#[derive(Debug, PartialEq)]
pub(super) struct Told {
    pub(super) contradictions: Vec<String>,
    pub(super) next_steps: Vec<String>,
    pub(super) facts: Vec<String>,
}

fn outcomes(reach: u128) -> Vec<Outcome> {
    (0..3).filter(|outcome| reach >> outcome & 1 == 1).map(|outcome| Outcome::ALL[outcome]).collect()
}

/// The texts of the notes that are told.
fn noted(tables: &[Table], notes: &[eligibility::rulebook::Note], values: &Values) -> Vec<String> {
    let told = tables.iter().zip(notes).filter(|(table, _)| table.settled(values) == Some(YES));
    told.map(|(_, note)| note.says.to_string()).collect()
}

/// What should come out.
impl Brute<'_> {
    pub(super) fn expected(&self, answers: &Answers) -> Summary {
        let (plain, rulebook) = (&self.plain, self.rulebook());
        let values = &self.values(answers);
        let because = |table: &Table| table.because(plain, values);
        let missing = |table: &Table| table.still_matters(plain, values);
        let status = |table: &Table| table.settled(values).map_or(Status::Unknown, |status| Status::ALL[status]);
        let outcome = self.outcome.settled(values).map_or(Outcome::Incomplete, |outcome| Outcome::ALL[outcome]);
        let deciding = missing(&self.outcome);
        let prospects: Vec<_> = deciding.iter().map(|question| (*question, self.prospect(values, *question))).collect();
        // The mean, without rounding: the fewest outcomes left for each answer, the first of those with equally few.
        let left = |answers: &Vec<(Answer, Vec<Outcome>)>| {
            answers.iter().map(|(_, left)| left.len()).sum::<usize>() * 1000 / answers.len()
        };
        Summary {
            outcome,
            possible_outcomes: outcomes(self.outcome.reach(values)),
            because: because(&self.outcome),
            also_missing: self.also_missing(values, &deciding),
            missing: deciding,
            changes: self.moves(&self.outcome, answers, values, Outcome::MeetsCriteria as usize),
            criteria: (self.criteria.iter().zip(&rulebook.criteria).zip(&self.criteria_notes))
                .map(|((table, criterion), notes)| CriterionSummary {
                    status: status(table),
                    because: because(table),
                    missing: missing(table),
                    notes: noted(notes, &criterion.notes, values),
                    open: self.open(table, criterion, values),
                })
                .collect(),
            scenario: Self::scenario_at(self.scenario.settled(values)).map(|at| {
                let scenario = &rulebook.scenarios[at];
                let notes = noted(&self.scenario_notes[at], &scenario.notes, values);
                (scenario.id.clone(), because(&self.scenario), notes)
            }),
            possible_scenarios: self.possible_scenarios(values),
            fit: self.fit.settled(values).map_or(FitOutcome::Unknown, |fit| FitOutcome::ALL[fit]),
            fit_missing: missing(&self.fit),
            fit_changes: self.moves(&self.fit, answers, values, FitOutcome::Fits as usize),
            findings: (self.findings.iter())
                .map(|table| {
                    let state = match table.settled(values) {
                        Some(NO) => FindingState::DoesNotHold,
                        Some(YES) => FindingState::Holds,
                        Some(_) => FindingState::Open,
                        None => FindingState::Unknown,
                    };
                    (state, because(table))
                })
                .collect(),
            topics: (0..rulebook.topics.len()).map(|index| self.topic(answers, values, index)).collect(),
            go_live: (self.obligations.iter().zip(&rulebook.obligations).zip(&self.obligation_notes))
                .map(|((table, owed), notes)| (status(table), missing(table), noted(notes, &owed.notes, values)))
                .collect(),
            told: self.besides(values, outcome),
            hidden: (0..rulebook.questions.len())
                .filter(|question| self.asked(*question).is_some_and(|table| table.settled(values) == Some(NO)))
                .collect(),
            ask_first: prospects.iter().min_by_key(|(_, answers)| left(answers)).map(|(question, _)| *question),
            prospects,
        }
    }

    /// The missing answers about eligibility that can change what is told of criteria and scenario, and nothing more.
    fn also_missing(&self, values: &Values, deciding: &[usize]) -> Vec<usize> {
        let notes = self.criteria_notes.iter().chain(&self.scenario_notes).flatten();
        let all = self.criteria.iter().chain([&self.scenario]).chain(notes);
        let also: BTreeSet<usize> = all.flat_map(|table| table.still_matters(&self.plain, values)).collect();
        let of_eligibility = |question: &usize| self.rulebook().questions[*question].section == Section::Eligibility;
        also.into_iter().filter(of_eligibility).filter(|question| !deciding.contains(question)).collect()
    }

    /// The missing answers that an interview about eligibility asks for.
    pub(crate) fn wanted(&self, values: &Values) -> Vec<usize> {
        let deciding = self.outcome.still_matters(&self.plain, values);
        let also = self.also_missing(values, &deciding);
        let scenarios = self.within.iter().flat_map(|table| table.still_matters(&self.plain, values));
        deciding.into_iter().chain(also).chain(scenarios).collect::<BTreeSet<usize>>().into_iter().collect()
    }

    fn scenario_at(scenario: Option<usize>) -> Option<usize> {
        scenario.and_then(|scenario| scenario.checked_sub(FIRST))
    }

    /// The scenarios that some way of filling in the answers and reading them leads to.
    fn possible_scenarios(&self, values: &Values) -> Vec<String> {
        let mut all = BTreeSet::new();
        each_filling(values, &self.scenario.questions, &|question| self.sure(values, question), &mut |sure| {
            all.extend(Self::scenario_at(self.scenario.settled(sure)));
            true
        });
        all.into_iter().map(|at| self.rulebook().scenarios[at].id.clone()).collect()
    }

    /// Every sure answer that what is said of a question can be filled in with or read as.
    fn sure(&self, values: &Values, question: usize) -> Vec<usize> {
        if self.plain.is_missing(values, question) {
            self.plain.sure(question)
        } else {
            self.plain.readings(question, values[question])
        }
    }

    /// The questions answered with an option that can be read in several ways, where how it is read decides for some
    /// way of filling in and reading the others: the status, or the scenario that the status comes from.
    fn open(&self, status: &Table, criterion: &Criterion, values: &Values) -> BTreeSet<usize> {
        let by_scenarios = matches!(criterion.decided, Decided::ByScenarios { .. });
        let undecided = Self::scenario_at(self.scenario.settled(values)).is_none();
        let tables = [status].into_iter().chain((by_scenarios && undecided).then_some(&self.scenario));
        let options = |question: usize| &self.rulebook().questions[question].options;
        let read = |question: &usize| match self.plain.answers[*question].get(values[*question]) {
            Some(Answer::One(option)) => options(*question)[*option].reads_as != 0,
            _ => false,
        };
        let decides = |table: &Table, question: usize| {
            let others: Vec<usize> = table.questions.iter().copied().filter(|other| *other != question).collect();
            let mut differs = false;
            each_filling(values, &others, &|question| self.sure(values, question), &mut |sure| {
                let mut sure = sure.clone();
                let results = self.sure(values, question).into_iter().map(|value| {
                    sure[question] = value;
                    table.settled(&sure)
                });
                differs = results.collect::<BTreeSet<_>>().len() > 1;
                !differs
            });
            differs
        };
        tables.flat_map(|table| table.questions.iter().filter(|it| read(it) && decides(table, **it))).copied().collect()
    }

    fn moves(&self, table: &Table, answers: &Answers, values: &Values, result: usize) -> Ways {
        let scenario = |set: &[Move]| {
            let open: Vec<usize> = set.iter().map(|one| one.question).collect();
            let ways = |question: usize| {
                let one = set.iter().find(|one| one.question == question).expect("one of the set");
                let mut sure = self.plain.sure(question);
                sure.retain(|value| self.leads_to(one, values, *value));
                sure
            };
            let mut all = BTreeSet::new();
            each_filling(values, &open, &ways, &mut |moved| {
                all.insert(self.scenario.reach(moved));
                true
            });
            let reach = all.iter().fold(0, |all, reach| all | reach);
            let only = reach.is_power_of_two().then(|| reach.trailing_zeros() as usize);
            Self::scenario_at(only).map(|at| self.rulebook().scenarios[at].id.clone())
        };
        let sets = moves(table, &self.plain, answers, values, result);
        sets.into_iter().map(|set| (set.clone(), scenario(&set))).collect()
    }

    /// Whether a move can lead to a value.
    fn leads_to(&self, one: &Move, values: &Values, to: usize) -> bool {
        match (&one.to, &self.plain.answers[one.question][to]) {
            (To::One(option), Answer::One(other)) => option == other,
            (To::Some { comes_in, goes_out }, Answer::Many(chosen)) => {
                match self.plain.chosen(one.question, values[one.question]) {
                    Some(before) => (before ^ chosen) & self.plain.tested[one.question] == comes_in | goes_out,
                    None => chosen & comes_in == *comes_in && chosen & goes_out == 0,
                }
            }
            _ => false,
        }
    }

    fn topic(&self, answers: &Answers, values: &Values, index: usize) -> (Preparation, Vec<usize>) {
        let questions = self.rulebook().topics[index].questions.iter().copied();
        let lacking: Vec<usize> = questions.filter(|question| !is_sure(answers, *question)).collect();
        let speaks = self.fine[index].as_ref().map_or(Some(YES), |table| table.settled(values));
        let preparation = match speaks {
            Some(NO) => Preparation::Absent,
            Some(YES) if lacking.is_empty() => Preparation::Prepared,
            _ => Preparation::Lacking,
        };
        (preparation, lacking)
    }

    fn besides(&self, values: &Values, outcome: Outcome) -> Told {
        let rulebook = self.rulebook();
        let is = |table: &Table, result: usize| table.settled(values) == Some(result);
        // What too many answers decide to try them all is worked out from what they come to.
        let by_results = |when: &Option<Condition>| self.by_results(when.as_ref()?, values);
        let never = BTreeSet::from([NO]);
        let contradictions = rulebook.contradictions.iter().zip(&self.contradictions);
        let steps = rulebook.outcomes[outcome as usize].next_steps.iter().zip(&self.steps[outcome as usize]);
        let facts = rulebook.facts.iter().zip(&self.facts).filter(|(fact, _)| fact.outcomes.contains(&outcome));
        Told {
            contradictions: contradictions.filter(|(_, table)| is(table, YES)).map(|(it, _)| it.id.clone()).collect(),
            next_steps: steps
                .filter(|(step, table)| match table {
                    Some(table) => !is(table, NO),
                    None => by_results(&step.when).is_none_or(|possible| possible != never),
                })
                .map(|(step, _)| step.id.clone())
                .filter(|id| !self.untried.contains(id))
                .collect(),
            facts: facts
                .filter(|(fact, table)| match table {
                    Some(table) => is(table, YES),
                    None => by_results(&fact.when).is_none_or(|possible| !possible.contains(&NO)),
                })
                .map(|(fact, _)| fact.id.clone())
                .filter(|id| !self.untried.contains(id))
                .collect(),
        }
    }

    /// What can still come of each answer; where several options can be chosen, of each that conditions can tell apart.
    fn prospect(&self, values: &Values, question: usize) -> Vec<(Answer, Vec<Outcome>)> {
        let reach = |value: usize| {
            let mut values = values.clone();
            values[question] = value;
            self.outcome.reach(&values)
        };
        let answers = &self.plain.answers[question];
        let each = (0..answers.len()).filter(|value| self.plain.chosen(question, *value).is_none());
        let mut all: Vec<(Answer, Vec<Outcome>)> = Vec::new();
        for option in (0..64).filter(|option| self.plain.tested[question] >> option & 1 == 1) {
            let chosen = |value: &usize| self.plain.chosen(question, *value).is_some_and(|set| set >> option & 1 == 1);
            let some: Vec<usize> = (0..answers.len()).filter(chosen).collect();
            if !some.is_empty() {
                all.push((
                    Answer::Many(1 << option),
                    outcomes(some.into_iter().fold(0, |all, value| all | reach(value))),
                ));
            }
        }
        all.extend(each.map(|value| (answers[value].clone(), outcomes(reach(value)))));
        all
    }
}
