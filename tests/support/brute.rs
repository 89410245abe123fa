//! A second evaluator, written from the meaning of a result and from nothing else: it works out
//! conditions on plain answers and tries every way of filling the rest in. Slow and simple, so that it can be believed.

use std::collections::BTreeSet;

use eligibility::answers::{Answers, Entry};
use eligibility::assess::{assess, is_hidden};
use eligibility::assessment::{Assessment, FindingState, FitOutcome, Reason};
use eligibility::condition::Condition;
use eligibility::question::{Answer, Kind, Question};
use eligibility::rulebook::{Criterion, Decision, FindingKind, Note, Outcome, Rulebook, SCENARIO_OPEN, Status};

/// The answer to each question, as an index: of a value, then one more for "not sure", then one more for "missing".
pub(crate) type Letters = Vec<usize>;

const NO: u8 = 0;
const YES: u8 = 1;
const OPEN: u8 = 2;
const NO_SINGLE_SCENARIO: u8 = 60;

/// A function of the answers, worked out for every combination, also of those with answers missing.
struct Table {
    /// The questions it can depend on, in order.
    questions: Vec<usize>,
    /// How many letters each of them has, "missing" included.
    radix: Vec<usize>,
    /// For each combination the results that are still possible, one bit each.
    reach: Vec<u64>,
}

impl Table {
    fn new(questions: impl IntoIterator<Item = usize>, brute: &Brute<'_>, result: impl Fn(&Letters) -> u8) -> Self {
        let questions: BTreeSet<usize> = questions.into_iter().collect();
        let questions: Vec<usize> = questions.into_iter().collect();
        let radix: Vec<usize> = questions.iter().map(|question| brute.missing(*question) + 1).collect();
        let mut table = Self { questions, radix, reach: Vec::new() };
        let mut letters = brute.nothing();
        for index in 0..table.radix.iter().product() {
            let (mut rest, mut stride) = (index, 1);
            let mut missing = None;
            for (question, radix) in table.questions.iter().zip(&table.radix) {
                letters[*question] = rest % radix;
                if rest % radix == radix - 1 {
                    missing = Some((stride, radix - 1));
                }
                rest /= radix;
                stride *= radix;
            }
            let reach = match missing {
                None => 1 << result(&letters),
                // A missing answer can be any value, and "not sure": all of them stand before it in the table.
                Some((stride, ways)) => (1..=ways).fold(0, |all, back| all | table.reach[index - back * stride]),
            };
            table.reach.push(reach);
        }
        table
    }

    fn index(&self, letters: &Letters) -> usize {
        let digits = self.questions.iter().zip(&self.radix).rev();
        digits.fold(0, |index, (question, radix)| index * radix + letters[*question])
    }

    fn reach(&self, letters: &Letters) -> u64 {
        self.reach[self.index(letters)]
    }

    /// The result, if it is the same for every way of filling in what is missing.
    fn settled(&self, letters: &Letters) -> Option<u8> {
        let reach = self.reach(letters);
        reach.is_power_of_two().then(|| u8::try_from(reach.trailing_zeros()).expect("below 64"))
    }
}

/// A rulebook with every function of its answers worked out.
pub(crate) struct Brute<'r> {
    rulebook: &'r Rulebook,
    /// The answers to each question that some condition can tell apart.
    values: Vec<Vec<Answer>>,
    tested: Vec<u64>,
    criteria: Vec<Table>,
    outcome: Table,
    scenario: Table,
    findings: Vec<Table>,
    fit: Table,
    obligations: Vec<Table>,
    criteria_notes: Vec<Vec<Table>>,
    scenario_notes: Vec<Vec<Table>>,
    obligation_notes: Vec<Vec<Table>>,
    asked: Vec<Option<Table>>,
}

impl<'r> Brute<'r> {
    /// One that can tell whether conditions hold, also for rules that are not sound.
    pub(crate) fn of_conditions(rulebook: &'r Rulebook) -> Self {
        let tested = tested(rulebook);
        let values =
            rulebook.questions.iter().zip(&tested).map(|(question, tested)| values(question, *tested)).collect();
        let empty = || Table { questions: Vec::new(), radix: Vec::new(), reach: vec![1] };
        Self {
            rulebook,
            values,
            tested,
            criteria: Vec::new(),
            outcome: empty(),
            scenario: empty(),
            findings: Vec::new(),
            fit: empty(),
            obligations: Vec::new(),
            criteria_notes: Vec::new(),
            scenario_notes: Vec::new(),
            obligation_notes: Vec::new(),
            asked: Vec::new(),
        }
    }

    pub(crate) fn new(rulebook: &'r Rulebook) -> Self {
        let mut brute = Self::of_conditions(rulebook);
        let scenarios = || questions(rulebook.scenarios.iter().map(|scenario| &scenario.when));
        brute.scenario = brute.agreeing(&scenarios(), NO_SINGLE_SCENARIO, |letters| brute.scenario_of(letters));
        brute.criteria = rulebook
            .criteria
            .iter()
            .map(|criterion| {
                let asked = match &criterion.decision {
                    Decision::Scenarios { .. } => scenarios(),
                    Decision::Conditions { met_when, discuss_when, .. } => {
                        questions([met_when].into_iter().chain(discuss_when))
                    }
                };
                brute.agreeing(&asked, Status::ToDiscuss as u8, |letters| brute.status(criterion, letters))
            })
            .collect();
        let all: Vec<usize> = brute.criteria.iter().flat_map(|table| table.questions.clone()).collect();
        // One that is not met outweighs everything, one to discuss outweighs those that are met.
        brute.outcome = Table::new(all, &brute, |letters| {
            let of_each = brute.criteria.iter().map(|table| table.settled(letters).expect("no answer is missing"));
            of_each.max().expect("there are criteria")
        });
        brute.findings = rulebook.findings.iter().map(|finding| brute.whether(&finding.when)).collect();
        brute.fit = brute.fit_table();
        brute.obligations = rulebook
            .obligations
            .iter()
            .map(|obligation| {
                brute.agreeing(&questions([&obligation.met_when]), Status::ToDiscuss as u8, |letters| {
                    let met = brute.holds(&obligation.met_when, letters);
                    (if met { Status::Met } else { obligation.otherwise }) as u8
                })
            })
            .collect();
        let notes = |notes: &[Note]| notes.iter().map(|note| brute.whether(&note.when)).collect::<Vec<_>>();
        let criteria_notes = rulebook.criteria.iter().map(|criterion| notes(&criterion.notes)).collect();
        let scenario_notes = rulebook.scenarios.iter().map(|scenario| notes(&scenario.notes)).collect();
        let obligation_notes = rulebook.obligations.iter().map(|obligation| notes(&obligation.notes)).collect();
        let asked = rulebook.ask_when.iter().map(|when| when.as_ref().map(|(when, _)| brute.whether(when))).collect();
        Self { criteria_notes, scenario_notes, obligation_notes, asked, ..brute }
    }

    /// The letter of "not sure".
    pub(crate) fn not_sure(&self, question: usize) -> usize {
        self.values[question].len()
    }

    /// The letter of a missing answer.
    pub(crate) fn missing(&self, question: usize) -> usize {
        self.values[question].len() + 1
    }

    /// The letters of no answers at all.
    pub(crate) fn nothing(&self) -> Letters {
        (0..self.values.len()).map(|question| self.missing(question)).collect()
    }

    /// The questions the outcome can depend on.
    pub(crate) fn outcome_questions(&self) -> &[usize] {
        &self.outcome.questions
    }

    /// Answers with these letters.
    pub(crate) fn answers(&self, letters: &Letters) -> Answers {
        let mut answers = Answers::blank(self.rulebook, "Example");
        for (question, letter) in letters.iter().enumerate() {
            let answer = if *letter == self.not_sure(question) {
                Some(Answer::NotSure)
            } else {
                self.values[question].get(*letter).cloned()
            };
            answers.entries[question] = answer.map(Entry::bare);
        }
        answers
    }

    fn letter(&self, question: usize, answer: &Answer) -> usize {
        let same = |value: &Answer| match (value, answer) {
            (Answer::Many(value), Answer::Many(chosen)) => *value == chosen & self.tested[question],
            _ => value == answer,
        };
        match answer {
            Answer::Text(_) => self.missing(question),
            Answer::NotSure => self.not_sure(question),
            Answer::One(_) | Answer::Many(_) => {
                self.values[question].iter().position(same).expect("an answer that the question offers")
            }
        }
    }

    fn letters(&self, answers: &Answers) -> Letters {
        let entries = answers.entries.iter().enumerate();
        entries
            .map(|(question, entry)| {
                entry.as_ref().map_or_else(|| self.missing(question), |entry| self.letter(question, &entry.answer))
            })
            .collect()
    }

    /// Whether a condition holds for answers without any "not sure".
    pub(crate) fn holds(&self, condition: &Condition, letters: &Letters) -> bool {
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.holds(part, letters)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part, letters)),
            Condition::Not(part) => !self.holds(part, letters),
            Condition::Is { question, options, .. } => match &self.values[*question][letters[*question]] {
                Answer::One(option) => options >> option & 1 == 1,
                Answer::Many(chosen) => chosen & options != 0,
                Answer::NotSure | Answer::Text(_) => unreachable!("only values are tried"),
            },
            Condition::Result { .. } => unreachable!("x"),
        }
    }

    /// The only scenario that matches. That there is exactly one is a law.
    fn scenario_of(&self, letters: &Letters) -> u8 {
        let scenarios = self.rulebook.scenarios.iter().enumerate();
        let matching: Vec<usize> =
            scenarios.filter(|(_, scenario)| self.holds(&scenario.when, letters)).map(|(index, _)| index).collect();
        match matching.as_slice() {
            [only] => u8::try_from(*only).expect("few scenarios"),
            [] if self.rulebook.scenarios.is_empty() => NO_SINGLE_SCENARIO,
            other => panic!("{letters:?} is matched by the scenarios {other:?}"),
        }
    }

    fn status(&self, criterion: &Criterion, letters: &Letters) -> u8 {
        let status = match &criterion.decision {
            Decision::Scenarios { .. } => self.rulebook.scenarios[usize::from(self.scenario_of(letters))].criterion,
            Decision::Conditions { met_when, .. } if self.holds(met_when, letters) => Status::Met,
            Decision::Conditions { discuss_when: Some(when), .. } if self.holds(when, letters) => Status::ToDiscuss,
            Decision::Conditions { otherwise, .. } => *otherwise,
        };
        status as u8
    }

    /// A function of sure answers, extended to "not sure": what every way of filling the unsure answers in agrees on,
    /// and `differ` where they do not agree.
    fn agreeing(&self, questions: &BTreeSet<usize>, differ: u8, sure: impl Fn(&Letters) -> u8) -> Table {
        Table::new(questions.iter().copied(), self, |letters| {
            let unsure: Vec<usize> = questions.iter().copied().filter(|q| letters[*q] == self.not_sure(*q)).collect();
            let ways = |question: usize| (0..self.values[question].len()).collect();
            let mut results = BTreeSet::new();
            each_filling(letters, &unsure, &ways, &mut |filled| {
                results.insert(sure(filled));
                true
            });
            match results.len() {
                1 => *results.first().expect("there is one"),
                _ => differ,
            }
        })
    }

    /// Whether a condition holds.
    fn whether(&self, when: &Condition) -> Table {
        self.agreeing(&questions([when]), OPEN, |letters| u8::from(self.holds(when, letters)))
    }

    fn fit_table(&self) -> Table {
        let weighty = || self.rulebook.findings.iter().zip(&self.findings).filter(|(f, _)| f.kind != FindingKind::Note);
        let questions: Vec<usize> = weighty().flat_map(|(_, table)| table.questions.clone()).collect();
        Table::new(questions, self, |letters| {
            let weigh = |(finding, table): (&eligibility::rulebook::Finding, &Table)| match (
                finding.kind,
                table.settled(letters),
            ) {
                (FindingKind::Blocker, Some(YES)) => FitOutcome::DoesNotFit,
                (_, Some(YES | OPEN)) => FitOutcome::FitsWithConditions,
                _ => FitOutcome::Fits,
            };
            weighty().map(weigh).max().unwrap_or(FitOutcome::Fits) as u8
        })
    }

    /// The missing answers that can still change the result: with all others filled in somehow, this one decides.
    fn still_matters(&self, table: &Table, letters: &Letters) -> Vec<usize> {
        if table.settled(letters).is_some() {
            return Vec::new();
        }
        let missing: Vec<usize> = table.questions.iter().copied().filter(|q| letters[*q] == self.missing(*q)).collect();
        let ways = |question: usize| (0..self.missing(question)).collect();
        missing
            .iter()
            .copied()
            .filter(|question| {
                let others: Vec<usize> = missing.iter().copied().filter(|other| other != question).collect();
                let mut decides = false;
                each_filling(letters, &others, &ways, &mut |filled| {
                    decides = table.settled(filled).is_none();
                    !decides
                });
                decides
            })
            .collect()
    }

    /// Every smallest set of given answers that alone forces the result.
    fn because(&self, table: &Table, letters: &Letters) -> Vec<Vec<usize>> {
        let Some(result) = table.settled(letters) else {
            return Vec::new();
        };
        let given: Vec<usize> = table.questions.iter().copied().filter(|q| letters[*q] != self.missing(*q)).collect();
        let members = |set: usize| given.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, q)| *q);
        let mut alone = self.nothing();
        let forced: Vec<bool> = (0..1 << given.len())
            .map(|set| {
                for question in &given {
                    alone[*question] = self.missing(*question);
                }
                members(set).for_each(|question| alone[question] = letters[question]);
                table.settled(&alone) == Some(result)
            })
            .collect();
        // One answer more never undoes a force, so a set is smallest if it forces and no set with one answer less does.
        let smallest =
            |set: &usize| forced[*set] && (0..given.len()).all(|at| set >> at & 1 == 0 || !forced[set & !(1 << at)]);
        let mut sets: Vec<Vec<usize>> = (0..forced.len()).filter(smallest).map(|set| members(set).collect()).collect();
        sets.sort_by_key(|set| (set.len(), set.clone()));
        sets
    }

    /// Every smallest set of changes, as question and letter, that reaches a result.
    fn changes(&self, table: &Table, letters: &Letters, result: u8) -> Vec<Vec<(usize, usize)>> {
        if table.settled(letters) == Some(result) {
            return Vec::new();
        }
        let questions = table.questions.iter().copied();
        let changeable: Vec<usize> = questions.filter(|q| self.rulebook.questions[*q].changeable).collect();
        let mut sets: Vec<Vec<(usize, usize)>> = Vec::new();
        // Every value in place of the answer, and the answer as it is. Nothing is ever changed to "not sure".
        let ways = |question: usize| {
            let kept = letters[question];
            let others = (0..self.not_sure(question)).filter(move |letter| *letter != kept);
            std::iter::once(kept).chain(others).collect()
        };
        each_filling(letters, &changeable, &ways, &mut |changed| {
            if table.settled(changed) == Some(result) {
                let differs = changeable.iter().filter(|question| changed[**question] != letters[**question]);
                sets.push(differs.map(|question| (*question, changed[*question])).collect());
            }
            true
        });
        sets.sort_by_cached_key(|set| {
            let (questions, letters): (Vec<usize>, Vec<usize>) = set.iter().copied().unzip();
            (set.len(), questions, letters)
        });
        let mut kept: Vec<Vec<(usize, usize)>> = Vec::new();
        for set in sets {
            if !kept.iter().any(|small| small.iter().all(|change| set.contains(change))) {
                kept.push(set);
            }
        }
        // Of several options none is added or taken away that could stay as it is.
        let turned = |(question, letter): (usize, usize)| -> BTreeSet<usize> {
            let chosen = |letter: usize| match self.values[question].get(letter) {
                Some(Answer::Many(options)) => (0..64).filter(|option| options & (1 << option) != 0).collect(),
                _ => BTreeSet::new(),
            };
            match &self.values[question][letter] {
                Answer::Many(_) => &chosen(letters[question]) ^ &chosen(letter),
                _ => BTreeSet::from([letter]),
            }
        };
        let goes_further = |set: &Vec<(usize, usize)>, other: &Vec<(usize, usize)>| {
            let pairs = || set.iter().zip(other);
            set.len() == other.len()
                && pairs().all(|(a, b)| a.0 == b.0 && turned(*a).is_superset(&turned(*b)))
                && pairs().any(|(a, b)| turned(*a) != turned(*b))
        };
        kept.iter().filter(|set| !kept.iter().any(|other| goes_further(set, other))).cloned().collect()
    }

    fn shown(tables: &[Table], notes: &[Note], letters: &Letters) -> Vec<String> {
        let shown = tables.iter().zip(notes).filter(|(table, _)| table.settled(letters) == Some(YES));
        shown.map(|(_, note)| note.says.to_string()).collect()
    }

    /// What should come out.
    fn expected(&self, answers: &Answers) -> Summary {
        let letters = &self.letters(answers);
        let rulebook = self.rulebook;
        let status = |table: &Table| table.settled(letters).map_or(Status::Unknown, |s| Status::ALL[usize::from(s)]);
        let outcome = self.outcome.settled(letters).map_or(Outcome::Incomplete, |o| Outcome::ALL[usize::from(o)]);
        let scenario = self.scenario.settled(letters).filter(|scenario| *scenario != NO_SINGLE_SCENARIO);
        let unsure_is_open = letters.iter().enumerate().map(|(q, letter)| match *letter {
            letter if letter == self.not_sure(q) => self.missing(q),
            letter => letter,
        });
        let possible = self.scenario.reach(&unsure_is_open.collect());
        let fit = self.fit.settled(letters).map_or(FitOutcome::Unknown, |fit| FitOutcome::ALL[usize::from(fit)]);
        let is_sure =
            |question: &usize| !matches!(answers.get(*question), None | Some(Entry { answer: Answer::NotSure, .. }));
        Summary {
            outcome,
            possible_outcomes: (0..3)
                .filter(|o| self.outcome.reach(letters) >> o & 1 == 1)
                .map(|o| Outcome::ALL[o])
                .collect(),
            because: self.because(&self.outcome, letters),
            missing: self.still_matters(&self.outcome, letters),
            changes: self.changes(&self.outcome, letters, Outcome::MeetsCriteria as u8),
            criteria: (0..rulebook.criteria.len())
                .map(|at| CriterionSummary {
                    status: status(&self.criteria[at]),
                    because: self.because(&self.criteria[at], letters),
                    missing: self.still_matters(&self.criteria[at], letters),
                    notes: Self::shown(&self.criteria_notes[at], &rulebook.criteria[at].notes, letters),
                })
                .collect(),
            scenario: scenario.map(|scenario| {
                let at = usize::from(scenario);
                let notes = Self::shown(&self.scenario_notes[at], &rulebook.scenarios[at].notes, letters);
                (rulebook.scenarios[at].id.clone(), self.because(&self.scenario, letters), notes)
            }),
            possible_scenarios: (0..rulebook.scenarios.len())
                .filter(|at| scenario.is_none() && possible >> at & 1 == 1)
                .map(|at| rulebook.scenarios[at].id.clone())
                .collect(),
            fit,
            fit_missing: self.still_matters(&self.fit, letters),
            fit_changes: self.changes(&self.fit, letters, FitOutcome::Fits as u8),
            findings: self
                .findings
                .iter()
                .map(|table| {
                    let state = match table.settled(letters) {
                        Some(NO) => FindingState::DoesNotHold,
                        Some(YES) => FindingState::Holds,
                        Some(_) => FindingState::Open,
                        None => FindingState::Unknown,
                    };
                    (state, self.because(table, letters))
                })
                .collect(),
            unprepared: rulebook
                .topics
                .iter()
                .map(|topic| topic.questions.iter().copied().filter(|question| !is_sure(question)).collect())
                .collect(),
            go_live: (0..rulebook.obligations.len())
                .map(|at| {
                    let notes = Self::shown(&self.obligation_notes[at], &rulebook.obligations[at].notes, letters);
                    (status(&self.obligations[at]), self.still_matters(&self.obligations[at], letters), notes)
                })
                .collect(),
            hidden: (0..rulebook.questions.len())
                .filter(|q| self.asked[*q].as_ref().is_some_and(|table| table.settled(letters) == Some(NO)))
                .collect(),
        }
    }

    /// What did come out, in the same terms.
    fn found(&self, assessment: &Assessment<'_>, answers: &Answers) -> Summary {
        let index = |question: &Question| {
            self.rulebook
                .questions
                .iter()
                .position(|known| std::ptr::eq(known, question))
                .expect("a question of the rules")
        };
        let all = |questions: &[&Question]| questions.iter().map(|question| index(question)).collect::<Vec<_>>();
        let reasons = |reasons: &[Reason<'_>]| reasons.iter().map(|reason| all(reason)).collect::<Vec<_>>();
        let texts = |notes: &[&str]| notes.iter().map(|note| (*note).to_owned()).collect::<Vec<_>>();
        let changes = |sets: &[eligibility::assessment::ChangeSet<'_>]| {
            sets.iter()
                .map(|set| {
                    set.changes
                        .iter()
                        .map(|change| {
                            let question = index(change.question);
                            assert_eq!(change.from.as_ref(), answers.get(question).map(|entry| &entry.answer));
                            self.can_be_written(question, change.from.as_ref(), &change.to);
                            (question, self.letter(question, &change.to))
                        })
                        .collect()
                })
                .collect()
        };
        Summary {
            outcome: assessment.outcome,
            possible_outcomes: assessment.possible_outcomes.clone(),
            because: reasons(&assessment.because),
            missing: all(&assessment.missing),
            changes: changes(&assessment.changes),
            criteria: assessment
                .criteria
                .iter()
                .map(|criterion| CriterionSummary {
                    status: criterion.status,
                    because: reasons(&criterion.because),
                    missing: all(&criterion.missing),
                    notes: texts(&criterion.notes),
                })
                .collect(),
            scenario: assessment
                .scenario
                .as_ref()
                .map(|found| (found.scenario.id.clone(), reasons(&found.because), texts(&found.notes))),
            possible_scenarios: assessment.possible_scenarios.iter().map(|scenario| scenario.id.clone()).collect(),
            fit: assessment.fit.outcome,
            fit_missing: all(&assessment.fit.missing),
            fit_changes: changes(&assessment.fit.changes),
            findings: assessment.fit.findings.iter().map(|found| (found.state, reasons(&found.because))).collect(),
            unprepared: assessment.application.iter().map(|topic| all(&topic.lacking)).collect(),
            go_live: assessment
                .go_live
                .iter()
                .map(|found| (found.status, all(&found.missing), texts(&found.notes)))
                .collect(),
            hidden: (0..answers.entries.len())
                .filter(|question| is_hidden(self.rulebook, answers, *question))
                .collect(),
        }
    }

    /// A proposed answer is one that the question takes, and keeps what no rule looks at where it can stand beside it.
    fn can_be_written(&self, question: usize, from: Option<&Answer>, to: &Answer) {
        let asked = &self.rulebook.questions[question];
        match to {
            Answer::One(option) => assert!(*option < asked.options.len()),
            Answer::Many(chosen) => {
                assert!(may_be_chosen(asked, *chosen), "{} {chosen:b}", asked.id);
                if let Some(Answer::Many(before)) = from {
                    let kept = before & !self.tested[question];
                    assert!(
                        chosen & kept == kept || !may_be_chosen(asked, chosen | kept),
                        "{} loses {kept:b}",
                        asked.id
                    );
                }
            }
            Answer::NotSure | Answer::Text(_) => panic!("a change to {to:?}"),
        }
    }

    /// Compares outcome, criteria and scenario alone, straight from the diagrams: far quicker than a whole result.
    pub(crate) fn compare_settled(&self, answers: &Answers) {
        let (letters, given) = (self.letters(answers), answers.letters(self.rulebook));
        let settled = |diagram| self.rulebook.diagrams.settled(diagram, &given);
        assert_eq!(settled(self.rulebook.outcome), self.outcome.settled(&letters), "{letters:?}");
        for (criterion, table) in self.rulebook.criteria.iter().zip(&self.criteria) {
            assert_eq!(settled(criterion.status), table.settled(&letters), "{} {letters:?}", criterion.id);
        }
        let scenario = self.rulebook.scenario.and_then(settled).filter(|leaf| *leaf != SCENARIO_OPEN);
        let expected = self.scenario.settled(&letters).filter(|scenario| *scenario != NO_SINGLE_SCENARIO);
        assert_eq!(scenario, expected, "{letters:?}");
    }

    /// Compares the engine's whole result with what should come out.
    pub(crate) fn compare(&self, answers: &Answers) -> Result<(), String> {
        let found = self.found(&assess(self.rulebook, answers), answers);
        let expected = self.expected(answers);
        if found == expected {
            return Ok(());
        }
        let given: Vec<String> = answers
            .entries
            .iter()
            .zip(&self.rulebook.questions)
            .filter_map(|(entry, question)| {
                Some(format!("{}: {}", question.id, question.words(&entry.as_ref()?.answer)))
            })
            .collect();
        Err(format!("given {given:?}\nfound {found:#?}\nexpected {expected:#?}"))
    }
}

/// A result in numbers and ids, so that two of them can be compared.
#[derive(Debug, PartialEq)]
struct Summary {
    outcome: Outcome,
    possible_outcomes: Vec<Outcome>,
    because: Vec<Vec<usize>>,
    missing: Vec<usize>,
    changes: Vec<Vec<(usize, usize)>>,
    criteria: Vec<CriterionSummary>,
    scenario: Option<(String, Vec<Vec<usize>>, Vec<String>)>,
    possible_scenarios: Vec<String>,
    fit: FitOutcome,
    fit_missing: Vec<usize>,
    fit_changes: Vec<Vec<(usize, usize)>>,
    findings: Vec<(FindingState, Vec<Vec<usize>>)>,
    unprepared: Vec<Vec<usize>>,
    go_live: Vec<(Status, Vec<usize>, Vec<String>)>,
    hidden: Vec<usize>,
}

#[derive(Debug, PartialEq)]
struct CriterionSummary {
    status: Status,
    because: Vec<Vec<usize>>,
    missing: Vec<usize>,
    notes: Vec<String>,
}

/// Tries every way of giving these questions one of their letters, until `visit` has seen enough and says `false`.
fn each_filling(
    letters: &Letters,
    open: &[usize],
    ways: &dyn Fn(usize) -> Vec<usize>,
    visit: &mut dyn FnMut(&Letters) -> bool,
) {
    let ways: Vec<Vec<usize>> = open.iter().map(|question| ways(*question)).collect();
    let mut at = vec![0; open.len()];
    let mut filled = letters.clone();
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

/// The questions that conditions test.
fn questions<'c>(conditions: impl IntoIterator<Item = &'c Condition>) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for condition in conditions {
        walk(condition, &mut |question, _| {
            found.insert(question);
        });
    }
    found
}

/// The options of each question that any condition of the rules tests.
fn tested(rulebook: &Rulebook) -> Vec<u64> {
    let mut tested = vec![0; rulebook.questions.len()];
    let mut note = |condition: &Condition| walk(condition, &mut |question, options| tested[question] |= options);
    for criterion in &rulebook.criteria {
        if let Decision::Conditions { met_when, discuss_when, .. } = &criterion.decision {
            note(met_when);
            discuss_when.iter().for_each(&mut note);
        }
        criterion.notes.iter().for_each(|text| note(&text.when));
    }
    for scenario in &rulebook.scenarios {
        note(&scenario.when);
        scenario.notes.iter().for_each(|text| note(&text.when));
    }
    for obligation in &rulebook.obligations {
        note(&obligation.met_when);
        obligation.notes.iter().for_each(|text| note(&text.when));
    }
    rulebook.findings.iter().for_each(|finding| note(&finding.when));
    rulebook.ask_when.iter().flatten().for_each(|(when, _)| note(when));
    tested
}

fn walk(condition: &Condition, visit: &mut dyn FnMut(usize, u64)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| walk(part, visit)),
        Condition::Not(part) => walk(part, visit),
        Condition::Is { question, options, .. } => visit(*question, *options),
        Condition::Result { .. } => {}
    }
}

/// The answers to a question, of those that no condition can tell apart only one.
fn values(question: &Question, tested: u64) -> Vec<Answer> {
    match question.kind {
        Kind::Text => Vec::new(),
        Kind::YesNo | Kind::Choice => (0..question.options.len()).map(Answer::One).collect(),
        Kind::Choices => {
            let all = 0..1_u64 << question.options.len();
            let told_apart: BTreeSet<u64> =
                all.filter(|chosen| may_be_chosen(question, *chosen)).map(|chosen| chosen & tested).collect();
            told_apart.into_iter().map(Answer::Many).collect()
        }
    }
}

fn may_be_chosen(question: &Question, chosen: u64) -> bool {
    let exclusive = question.options.iter().enumerate().filter(|(_, option)| option.none);
    chosen.count_ones() < 2 || exclusive.into_iter().all(|(at, _)| chosen >> at & 1 == 0)
}
