//! Everything that is told of answers, in numbers and ids, so that what the engine says can be compared with what trying
//! everything shows.

use std::collections::BTreeSet;

use eligibility::answers::Answers;
use eligibility::assess::{assess, is_hidden};
use eligibility::assessment::FitOutcome;
use eligibility::assessment::{Assessment, ChangeSet, FindingState, Found, Preparation, Reasons};
use eligibility::question::{Answer, Question, Section};
use eligibility::rulebook::{Outcome, Status};

use super::moves::{Move, To, moves};
use super::plain::{Letters, each_filling, may_be_chosen};
use super::table::Table;
use super::{Brute, FIRST, NO, YES, is_sure};

/// Smallest sets of answers, as questions.
type Sets = Vec<Vec<usize>>;
/// Sets of moves, each with the scenario it leads to.
type Ways = Vec<(Vec<Move>, Option<String>)>;

/// A result in numbers and ids, so that two of them can be compared.
#[derive(Debug, PartialEq)]
pub(crate) struct Summary {
    outcome: Outcome,
    possible_outcomes: Vec<Outcome>,
    because: Sets,
    missing: Vec<usize>,
    also_missing: Vec<usize>,
    changes: Ways,
    criteria: Vec<CriterionSummary>,
    scenario: Option<(String, Sets, Vec<String>)>,
    possible_scenarios: Vec<String>,
    fit: FitOutcome,
    fit_missing: Vec<usize>,
    fit_changes: Ways,
    findings: Vec<(FindingState, Sets)>,
    topics: Vec<(Preparation, Vec<usize>)>,
    go_live: Vec<(Status, Vec<usize>, Vec<String>)>,
    told: Told,
    hidden: Vec<usize>,
    /// For each missing answer what can still come of each way to give it.
    prospects: Vec<(usize, Prospects)>,
    ask_first: Option<usize>,
}

/// Each way to give a missing answer, and the outcomes that it leaves.
type Prospects = Vec<(Answer, Vec<Outcome>)>;

#[derive(Debug, PartialEq)]
struct CriterionSummary {
    status: Status,
    because: Sets,
    missing: Vec<usize>,
    notes: Vec<String>,
}

/// What is told besides, by id.
#[derive(Debug, PartialEq)]
struct Told {
    contradictions: Vec<String>,
    next_steps: Vec<String>,
    facts: Vec<String>,
}

fn outcomes(reach: u128) -> Vec<Outcome> {
    (0..3).filter(|outcome| reach >> outcome & 1 == 1).map(|outcome| Outcome::ALL[outcome]).collect()
}

/// The texts of the notes that are told.
fn noted(tables: &[Table], notes: &[eligibility::rulebook::Note], letters: &Letters) -> Vec<String> {
    let told = tables.iter().zip(notes).filter(|(table, _)| table.settled(letters) == Some(YES));
    told.map(|(_, note)| note.says.to_string()).collect()
}

/// What should come out.
impl Brute<'_> {
    fn expected(&self, answers: &Answers) -> Summary {
        let (plain, rulebook) = (&self.plain, self.rulebook());
        let letters = &self.letters(answers);
        let because = |table: &Table| table.because(plain, letters);
        let missing = |table: &Table| table.still_matters(plain, letters);
        let status = |table: &Table| table.settled(letters).map_or(Status::Unknown, |status| Status::ALL[status]);
        let outcome = self.outcome.settled(letters).map_or(Outcome::Incomplete, |outcome| Outcome::ALL[outcome]);
        let deciding = missing(&self.outcome);
        let prospects: Vec<_> =
            deciding.iter().map(|question| (*question, self.prospect(letters, *question))).collect();
        // The mean, without rounding: the fewest outcomes left for each answer, the first of those with equally few.
        let left = |answers: &Vec<(Answer, Vec<Outcome>)>| {
            answers.iter().map(|(_, left)| left.len()).sum::<usize>() * 1000 / answers.len()
        };
        Summary {
            outcome,
            possible_outcomes: outcomes(self.outcome.reach(letters)),
            because: because(&self.outcome),
            also_missing: self.also_missing(letters, &deciding),
            missing: deciding,
            changes: self.moves(&self.outcome, answers, letters, Outcome::MeetsCriteria as usize),
            criteria: (self.criteria.iter().zip(&rulebook.criteria).zip(&self.criteria_notes))
                .map(|((table, criterion), notes)| CriterionSummary {
                    status: status(table),
                    because: because(table),
                    missing: missing(table),
                    notes: noted(notes, &criterion.notes, letters),
                })
                .collect(),
            scenario: Self::scenario_at(self.scenario.settled(letters)).map(|at| {
                let scenario = &rulebook.scenarios[at];
                let notes = noted(&self.scenario_notes[at], &scenario.notes, letters);
                (scenario.id.clone(), because(&self.scenario), notes)
            }),
            possible_scenarios: self.possible_scenarios(letters),
            fit: self.fit.settled(letters).map_or(FitOutcome::Unknown, |fit| FitOutcome::ALL[fit]),
            fit_missing: missing(&self.fit),
            fit_changes: self.moves(&self.fit, answers, letters, FitOutcome::Fits as usize),
            findings: (self.findings.iter())
                .map(|table| {
                    let state = match table.settled(letters) {
                        Some(NO) => FindingState::DoesNotHold,
                        Some(YES) => FindingState::Holds,
                        Some(_) => FindingState::Open,
                        None => FindingState::Unknown,
                    };
                    (state, because(table))
                })
                .collect(),
            topics: (0..rulebook.topics.len()).map(|index| self.topic(answers, letters, index)).collect(),
            go_live: (self.obligations.iter().zip(&rulebook.obligations).zip(&self.obligation_notes))
                .map(|((table, owed), notes)| (status(table), missing(table), noted(notes, &owed.notes, letters)))
                .collect(),
            told: self.besides(letters, outcome),
            hidden: (0..rulebook.questions.len())
                .filter(|question| self.asked(*question).is_some_and(|table| table.settled(letters) == Some(NO)))
                .collect(),
            ask_first: prospects.iter().min_by_key(|(_, answers)| left(answers)).map(|(question, _)| *question),
            prospects,
        }
    }

    /// The missing answers about eligibility that can change what is told of criteria and scenario, and nothing more.
    fn also_missing(&self, letters: &Letters, deciding: &[usize]) -> Vec<usize> {
        let notes = self.criteria_notes.iter().chain(&self.scenario_notes).flatten();
        let all = self.criteria.iter().chain([&self.scenario]).chain(notes);
        let also: BTreeSet<usize> = all.flat_map(|table| table.still_matters(&self.plain, letters)).collect();
        let of_eligibility = |question: &usize| self.rulebook().questions[*question].section == Section::Eligibility;
        also.into_iter().filter(of_eligibility).filter(|question| !deciding.contains(question)).collect()
    }

    /// The missing answers that an interview about eligibility asks for.
    pub(crate) fn wanted(&self, letters: &Letters) -> Vec<usize> {
        let deciding = self.outcome.still_matters(&self.plain, letters);
        let also = self.also_missing(letters, &deciding);
        deciding.into_iter().chain(also).collect::<BTreeSet<usize>>().into_iter().collect()
    }

    fn scenario_at(scenario: Option<usize>) -> Option<usize> {
        scenario.and_then(|scenario| scenario.checked_sub(FIRST))
    }

    /// The scenarios that some way of filling in the answers and reading them leads to.
    fn possible_scenarios(&self, letters: &Letters) -> Vec<String> {
        let ways = |question: usize| {
            if self.plain.is_missing(letters, question) {
                self.plain.sure(question)
            } else {
                self.plain.readings(question, letters[question])
            }
        };
        let mut all = BTreeSet::new();
        each_filling(letters, &self.scenario.questions, &ways, &mut |sure| {
            all.extend(Self::scenario_at(self.scenario.settled(sure)));
            true
        });
        all.into_iter().map(|at| self.rulebook().scenarios[at].id.clone()).collect()
    }

    fn moves(&self, table: &Table, answers: &Answers, letters: &Letters, result: usize) -> Ways {
        let scenario = |set: &[Move]| {
            let open: Vec<usize> = set.iter().map(|one| one.question).collect();
            let ways = |question: usize| {
                let one = set.iter().find(|one| one.question == question).expect("one of the set");
                let mut sure = self.plain.sure(question);
                sure.retain(|letter| self.leads_to(one, letters, *letter));
                sure
            };
            let mut all = BTreeSet::new();
            each_filling(letters, &open, &ways, &mut |moved| {
                all.insert(self.scenario.reach(moved));
                true
            });
            let reach = all.iter().fold(0, |all, reach| all | reach);
            let only = reach.is_power_of_two().then(|| reach.trailing_zeros() as usize);
            Self::scenario_at(only).map(|at| self.rulebook().scenarios[at].id.clone())
        };
        let sets = moves(table, &self.plain, answers, letters, result);
        sets.into_iter().map(|set| (set.clone(), scenario(&set))).collect()
    }

    /// Whether a move can lead to a letter.
    fn leads_to(&self, one: &Move, letters: &Letters, to: usize) -> bool {
        match (&one.to, &self.plain.answers[one.question][to]) {
            (To::One(option), Answer::One(other)) => option == other,
            (To::Some { comes_in, goes_out }, Answer::Many(chosen)) => {
                match self.plain.chosen(one.question, letters[one.question]) {
                    Some(before) => (before ^ chosen) & self.plain.tested[one.question] == comes_in | goes_out,
                    None => chosen & comes_in == *comes_in && chosen & goes_out == 0,
                }
            }
            _ => false,
        }
    }

    fn topic(&self, answers: &Answers, letters: &Letters, index: usize) -> (Preparation, Vec<usize>) {
        let questions = self.rulebook().topics[index].questions.iter().copied();
        let lacking: Vec<usize> = questions.filter(|question| !is_sure(answers, *question)).collect();
        let speaks = self.fine[index].as_ref().map_or(Some(YES), |table| table.settled(letters));
        let preparation = match speaks {
            Some(NO) => Preparation::Absent,
            Some(YES) if lacking.is_empty() => Preparation::Prepared,
            _ => Preparation::Lacking,
        };
        (preparation, lacking)
    }

    fn besides(&self, letters: &Letters, outcome: Outcome) -> Told {
        let rulebook = self.rulebook();
        let is = |table: &Table, value: usize| table.settled(letters) == Some(value);
        let contradictions = rulebook.contradictions.iter().zip(&self.contradictions);
        let steps = rulebook.outcomes[outcome as usize].next_steps.iter().zip(&self.steps[outcome as usize]);
        let facts = rulebook.facts.iter().zip(&self.facts).filter(|(fact, _)| fact.outcomes.contains(&outcome));
        Told {
            contradictions: contradictions.filter(|(_, table)| is(table, YES)).map(|(it, _)| it.id.clone()).collect(),
            next_steps: steps
                .filter(|(_, table)| table.as_ref().is_none_or(|table| !is(table, NO)))
                .map(|(step, _)| step.id.clone())
                .filter(|id| !self.untried.contains(id))
                .collect(),
            facts: facts
                .filter(|(_, table)| table.as_ref().is_none_or(|table| is(table, YES)))
                .map(|(fact, _)| fact.id.clone())
                .filter(|id| !self.untried.contains(id))
                .collect(),
        }
    }

    /// What can still come of each answer; where several options can be chosen, of each that conditions can tell apart.
    fn prospect(&self, letters: &Letters, question: usize) -> Vec<(Answer, Vec<Outcome>)> {
        let reach = |letter: usize| {
            let mut letters = letters.clone();
            letters[question] = letter;
            self.outcome.reach(&letters)
        };
        let answers = &self.plain.answers[question];
        let each = (0..answers.len()).filter(|letter| self.plain.chosen(question, *letter).is_none());
        let mut all: Vec<(Answer, Vec<Outcome>)> = Vec::new();
        for option in (0..64).filter(|option| self.plain.tested[question] >> option & 1 == 1) {
            let chosen =
                |letter: &usize| self.plain.chosen(question, *letter).is_some_and(|set| set >> option & 1 == 1);
            let some: Vec<usize> = (0..answers.len()).filter(chosen).collect();
            if !some.is_empty() {
                all.push((
                    Answer::Many(1 << option),
                    outcomes(some.into_iter().fold(0, |all, letter| all | reach(letter))),
                ));
            }
        }
        all.extend(each.map(|letter| (answers[letter].clone(), outcomes(reach(letter)))));
        all
    }
}

/// What did come out, in the same terms.
impl Brute<'_> {
    fn found(&self, assessment: &Assessment<'_>, answers: &Answers) -> Summary {
        let known = &self.rulebook().questions;
        let index = |question: &Question| {
            known.iter().position(|known| std::ptr::eq(known, question)).expect("a question of the rules")
        };
        let all = |questions: &[&Question]| questions.iter().map(|question| index(question)).collect::<Vec<_>>();
        let sets = |reasons: &Reasons<'_>| found_all(reasons).iter().map(|reason| all(reason)).collect::<Vec<_>>();
        let texts = |notes: &[&str]| notes.iter().map(|note| (*note).to_owned()).collect::<Vec<_>>();
        let ways = |found: &Found<ChangeSet<'_>>| found_all(found).iter().map(|set| self.way(set, answers)).collect();
        let tried = |ids: Vec<&String>| ids.into_iter().filter(|id| !self.untried.contains(*id)).cloned().collect();
        let given = answers.given(self.rulebook());
        Summary {
            outcome: assessment.outcome,
            possible_outcomes: assessment.possible_outcomes.clone(),
            because: sets(&assessment.because),
            missing: all(&assessment.missing),
            also_missing: all(&assessment.also_missing),
            changes: ways(&assessment.changes),
            criteria: (assessment.criteria.iter())
                .map(|criterion| CriterionSummary {
                    status: criterion.status,
                    because: sets(&criterion.because),
                    missing: all(&criterion.missing),
                    notes: texts(&criterion.notes),
                })
                .collect(),
            scenario: (assessment.scenario.as_ref())
                .map(|found| (found.scenario.id.clone(), sets(&found.because), texts(&found.notes))),
            possible_scenarios: assessment.possible_scenarios.iter().map(|scenario| scenario.id.clone()).collect(),
            fit: assessment.fit.outcome,
            fit_missing: all(&assessment.fit.missing),
            fit_changes: ways(&assessment.fit.changes),
            findings: assessment.fit.findings.iter().map(|found| (found.state, sets(&found.because))).collect(),
            topics: assessment.application.iter().map(|topic| (topic.preparation, all(&topic.lacking))).collect(),
            go_live: (assessment.go_live.iter())
                .map(|found| (found.status, all(&found.missing), texts(&found.notes)))
                .collect(),
            told: Told {
                contradictions: assessment.contradictions.iter().map(|it| it.id.clone()).collect(),
                next_steps: tried(assessment.next_steps.iter().map(|step| &step.id).collect()),
                facts: tried(assessment.facts.iter().map(|fact| &fact.id).collect()),
            },
            hidden: (0..known.len()).filter(|question| is_hidden(self.rulebook(), &given, *question)).collect(),
            prospects: (assessment.prospects.iter())
                .map(|prospect| (index(prospect.question), prospect.answers.clone()))
                .collect(),
            ask_first: assessment.ask_first.map(index),
        }
    }

    fn way(&self, set: &ChangeSet<'_>, answers: &Answers) -> (Vec<Move>, Option<String>) {
        let known = &self.rulebook().questions;
        let changes = set.changes.iter().map(|change| {
            let question = known.iter().position(|known| std::ptr::eq(known, change.question)).expect("of the rules");
            assert_eq!(change.from.as_ref(), answers.get(question).map(|entry| &entry.answer));
            let to = match change.to {
                Answer::One(option) => To::One(option),
                Answer::Many(chosen) => {
                    self.can_be_written(question, change.from.as_ref(), chosen);
                    let (comes_in, goes_out) = change.options;
                    assert!(chosen & comes_in == comes_in && chosen & goes_out == 0, "{chosen:b} {:?}", change.options);
                    To::Some { comes_in, goes_out }
                }
                Answer::NotSure | Answer::Text(_) => panic!("a change to {:?}", change.to),
            };
            Move { question, kind: change.kind, to }
        });
        (changes.collect(), set.scenario.map(|scenario| scenario.id.clone()))
    }

    /// A proposed answer is one that the question takes, and keeps what no rule looks at.
    fn can_be_written(&self, question: usize, from: Option<&Answer>, chosen: u64) {
        let asked = &self.rulebook().questions[question];
        assert!(may_be_chosen(asked, chosen), "{} {chosen:b}", asked.id);
        if let Some(Answer::Many(before)) = from {
            let kept = before & !self.plain.tested[question];
            assert_eq!(chosen & kept, kept, "{} loses {kept:b}", asked.id);
        }
    }

    /// Compares the engine's whole result with what should come out.
    pub(crate) fn compare(&self, answers: &Answers) -> Result<(), String> {
        let found = self.found(&assess(self.rulebook(), answers), answers);
        let expected = self.expected(answers);
        if found == expected {
            return Ok(());
        }
        let entries = answers.entries.iter().zip(&self.rulebook().questions);
        let given: Vec<String> = entries
            .filter_map(|(entry, question)| {
                Some(format!("{}: {}", question.id, question.words(&entry.as_ref()?.answer)))
            })
            .collect();
        let differing = found.parts().into_iter().zip(expected.parts()).filter(|(found, expected)| found != expected);
        let told = differing
            .map(|((part, found), (_, expected))| format!("{part}\n  found    {found}\n  expected {expected}\n"));
        Err(format!("given {given:?}\n{}", told.collect::<String>()))
    }
}

impl Summary {
    /// Each part with its name, so that a difference can be told in few lines.
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("outcome", format!("{:?}", self.outcome)),
            ("possible outcomes", format!("{:?}", self.possible_outcomes)),
            ("because", format!("{:?}", self.because)),
            ("missing", format!("{:?}", self.missing)),
            ("also missing", format!("{:?}", self.also_missing)),
            ("changes", format!("{:?}", self.changes)),
            ("criteria", format!("{:?}", self.criteria)),
            ("scenario", format!("{:?}", self.scenario)),
            ("possible scenarios", format!("{:?}", self.possible_scenarios)),
            ("fit", format!("{:?}", self.fit)),
            ("fit missing", format!("{:?}", self.fit_missing)),
            ("fit changes", format!("{:?}", self.fit_changes)),
            ("findings", format!("{:?}", self.findings)),
            ("topics", format!("{:?}", self.topics)),
            ("go live", format!("{:?}", self.go_live)),
            ("told", format!("{:?}", self.told)),
            ("hidden", format!("{:?}", self.hidden)),
            ("prospects", format!("{:?}", self.prospects)),
            ("ask first", format!("{:?}", self.ask_first)),
        ]
    }
}

fn found_all<T>(found: &Found<T>) -> &[T] {
    found.all().expect("small rules")
}
