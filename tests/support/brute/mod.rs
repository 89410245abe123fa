//! A second evaluator, written from the meaning of a result and from nothing else: it works out
//! conditions on plain answers and tries every way of filling the rest in. Slow and simple, so that it can be believed.

use std::collections::BTreeSet;

use eligibility::answers::Answers;
use eligibility::assessment::FitOutcome;
use eligibility::condition::{Condition, ResultTest};
use eligibility::question::Answer;
use eligibility::rulebook::{Criterion, Decided, FindingKind, Note, Rulebook, Status};

pub(crate) mod dead;
pub(crate) mod found;
pub(crate) mod moves;
pub(crate) mod plain;
pub(crate) mod summary;
pub(crate) mod table;

use plain::{Plain, Values, walk};
use table::{Domain, Table, combinations, together};

/// Whether something holds.
pub(crate) const NO: usize = 0;
pub(crate) const YES: usize = 1;
pub(crate) const OPEN: usize = 2;
/// The scenario: none, one or another, or the first of the rules, the second and so on.
const NOWHERE: usize = 0;
const SEVERAL: usize = 1;
pub(crate) const FIRST: usize = 2;

/// A rulebook with every function of its answers worked out.
pub(crate) struct Brute<'r> {
    pub(crate) plain: Plain<'r>,
    pub(crate) criteria: Vec<Table>,
    pub(crate) outcome: Table,
    pub(crate) scenario: Table,
    /// Whether each scenario is the one.
    within: Vec<Table>,
    pub(crate) findings: Vec<Table>,
    pub(crate) fit: Table,
    pub(crate) obligations: Vec<Table>,
    /// Whether questions are asked, topics speak for themselves, and answers contradict each other.
    asked: Vec<Option<Table>>,
    fine: Vec<Option<Table>>,
    pub(crate) contradictions: Vec<Table>,
    /// Whether notes, steps and facts hold.
    criteria_notes: Vec<Vec<Table>>,
    scenario_notes: Vec<Vec<Table>>,
    obligation_notes: Vec<Vec<Table>>,
    steps: Vec<Vec<Option<Table>>>,
    facts: Vec<Option<Table>>,
    /// Steps and facts whose conditions depend on more than can be tried.
    untried: BTreeSet<String>,
}

/// The most combinations that are tried for one condition.
const MOST: usize = 4_000_000;

impl<'r> Brute<'r> {
    pub(crate) fn new(rulebook: &'r Rulebook) -> Self {
        let nothing = || Table::new(Domain::new(), &Plain::new(rulebook), |_| 0);
        let mut brute = Self {
            plain: Plain::new(rulebook),
            criteria: Vec::new(),
            outcome: nothing(),
            scenario: nothing(),
            within: Vec::new(),
            findings: Vec::new(),
            fit: nothing(),
            obligations: Vec::new(),
            asked: Vec::new(),
            fine: Vec::new(),
            contradictions: Vec::new(),
            criteria_notes: Vec::new(),
            scenario_notes: Vec::new(),
            obligation_notes: Vec::new(),
            steps: Vec::new(),
            facts: Vec::new(),
            untried: BTreeSet::new(),
        };
        brute.results(rulebook);
        brute.told(rulebook)
    }

    fn rulebook(&self) -> &'r Rulebook {
        self.plain.rulebook
    }

    fn results(&mut self, rulebook: &Rulebook) {
        let scenarios = tested(&self.plain, rulebook.scenarios.iter().map(|scenario| &scenario.when));
        self.scenario = Table::agreeing(scenarios.clone(), &self.plain, SEVERAL, |sure, _| self.scenario_of(sure));
        let within = (FIRST..).take(rulebook.scenarios.len()).map(|scenario| {
            let is = |sure: &Values| usize::from(self.scenario_of(sure) == scenario);
            Table::agreeing(scenarios.clone(), &self.plain, OPEN, |sure, _| is(sure))
        });
        self.within = within.collect();
        for criterion in &rulebook.criteria {
            let asked = match &criterion.decided {
                Decided::ByScenarios { .. } => scenarios.clone(),
                Decided::ByConditions { met_when, discuss_when, .. } => {
                    tested(&self.plain, [met_when].into_iter().chain(discuss_when))
                }
            };
            let discuss = Status::ToDiscuss as usize;
            let table = Table::agreeing(asked, &self.plain, discuss, |sure, _| self.status(criterion, sure) as usize);
            self.criteria.push(table);
        }
        let all = together(self.criteria.iter().map(|table| &table.domain));
        // One that is not met outweighs everything, one to discuss outweighs those that are met.
        self.outcome = Table::new(all, &self.plain, |values| {
            let of_each = self.criteria.iter().map(|table| table.settled(values).expect("no answer is missing"));
            of_each.max().expect("there are criteria")
        });
        self.findings = rulebook.findings.iter().map(|finding| self.whether(&finding.when)).collect();
        self.fit = self.fit_table();
        for owed in &rulebook.obligations {
            let (asked, discuss) = (tested(&self.plain, [&owed.met_when]), Status::ToDiscuss as usize);
            let table = Table::agreeing(asked, &self.plain, discuss, |sure, _| {
                (if self.plain.is_so(&owed.met_when, sure) { Status::Met } else { owed.otherwise }) as usize
            });
            self.obligations.push(table);
        }
    }

    fn told(self, rulebook: &'r Rulebook) -> Self {
        let certainly = |when: &Condition| self.whether(when).renamed(|truth| usize::from(truth == YES));
        let perhaps = |when: &Condition| self.whether(when).renamed(|truth| usize::from(truth != NO));
        let notes = |notes: &[Note]| notes.iter().map(|note| certainly(&note.when)).collect::<Vec<_>>();
        let of_scenarios = rulebook.scenarios.iter().enumerate();
        let inside = |index: usize, table: Table| {
            let both = together([&table.domain, &self.scenario.domain]);
            Table::new(both, &self.plain, |values| match self.scenario.settled(values) {
                Some(scenario) if scenario == FIRST + index => table.settled(values).expect("no answer is missing"),
                _ => NO,
            })
        };
        let told = |(index, scenario): (usize, &eligibility::rulebook::Scenario)| {
            notes(&scenario.notes).into_iter().map(|table| inside(index, table)).collect()
        };
        let steps = rulebook.outcomes.iter().map(|outcome| &outcome.next_steps);
        let too_many = |when: &&Condition| combinations(&self.plain, &self.depends(when)) > MOST;
        let untried = |when: &&Condition| too_many(when) && self.by_results(when, &self.plain.unassigned()).is_none();
        let tried = |when: Option<&'r Condition>| when.filter(|when| !too_many(when));
        let conditions = steps.clone().flatten().map(|step| (&step.id, step.when.as_ref()));
        let conditions = conditions.chain(rulebook.facts.iter().map(|fact| (&fact.id, fact.when.as_ref())));
        let left_out = conditions.filter(|(_, when)| when.as_ref().is_some_and(untried)).map(|(id, _)| id.clone());
        Self {
            untried: left_out.collect(),
            asked: rulebook.ask_when.iter().map(|when| when.as_ref().map(|(when, _)| self.whether(when))).collect(),
            fine: (rulebook.topics.iter())
                .map(|topic| topic.prepared_when.as_ref().map(|when| self.whether(when)))
                .collect(),
            contradictions: rulebook.contradictions.iter().map(|both| certainly(&both.when)).collect(),
            criteria_notes: rulebook.criteria.iter().map(|criterion| notes(&criterion.notes)).collect(),
            scenario_notes: of_scenarios.map(told).collect(),
            obligation_notes: rulebook.obligations.iter().map(|obligation| notes(&obligation.notes)).collect(),
            steps: steps
                .map(|steps| steps.iter().map(|step| tried(step.when.as_ref()).map(perhaps)).collect())
                .collect(),
            facts: rulebook.facts.iter().map(|fact| tried(fact.when.as_ref()).map(certainly)).collect(),
            ..self
        }
    }

    /// The first scenario that matches.
    fn scenario_of(&self, sure: &Values) -> usize {
        let mut scenarios = self.rulebook().scenarios.iter();
        scenarios.position(|scenario| self.plain.is_so(&scenario.when, sure)).map_or(NOWHERE, |index| FIRST + index)
    }

    fn status(&self, criterion: &Criterion, sure: &Values) -> Status {
        match &criterion.decided {
            Decided::ByScenarios { .. } => match self.scenario_of(sure) {
                NOWHERE => Status::ToDiscuss,
                scenario => self.rulebook().scenarios[scenario - FIRST].criterion,
            },
            Decided::ByConditions { met_when, .. } if self.plain.is_so(met_when, sure) => Status::Met,
            Decided::ByConditions { discuss_when: Some(when), .. } if self.plain.is_so(when, sure) => Status::ToDiscuss,
            Decided::ByConditions { otherwise, .. } => *otherwise,
        }
    }

    /// Whether a condition holds, which may test results: it holds if it does however the answers are read. A result is
    /// what is told of the answers as they stand, but for the scenario, which is one for each way of reading them.
    pub(crate) fn whether(&self, when: &Condition) -> Table {
        Table::agreeing(self.depends(when), &self.plain, OPEN, |sure, values| {
            usize::from(self.plain.holds(when, sure, &|test| self.result(test, sure, values)))
        })
    }

    fn result(&self, test: &ResultTest, sure: &Values, values: &Values) -> bool {
        match test {
            ResultTest::Scenario(all) => all.iter().any(|index| self.scenario_of(sure) == FIRST + index),
            test => self.result_of(test, values, &|table| table.settled(values).expect("no answer is missing")),
        }
    }

    /// Whether a condition can hold, and whether it can fail, that tests nothing but results, no two of which depend on
    /// one question: each of them comes out as it will, whatever the others do. `None` for any other condition.
    pub(crate) fn by_results(&self, when: &Condition, values: &Values) -> Option<BTreeSet<usize>> {
        let (mut tables, mut others): (Vec<&Table>, bool) = (Vec::new(), false);
        walk(when, &mut |test| match test {
            Condition::Result { test, .. } => match test {
                ResultTest::Prepared(_) => {}
                ResultTest::Scenario(_) => others = true,
                test => {
                    let table = self.table_of(test);
                    if !tables.iter().any(|known| std::ptr::eq(*known, table)) {
                        tables.push(table);
                    }
                }
            },
            _ => others = true,
        });
        let apart = together(tables.iter().map(|table| &table.domain)).len();
        if others || apart != tables.iter().map(|table| table.questions.len()).sum::<usize>() {
            return None;
        }
        // Which result each table comes to, for every way they can come to one.
        let mut ways: Vec<Vec<usize>> = vec![Vec::new()];
        for table in &tables {
            let possible: Vec<usize> = (0..128).filter(|bit| table.reach(values) >> bit & 1 == 1).collect();
            ways = ways.iter().flat_map(|way| possible.iter().map(|one| [way.as_slice(), &[*one]].concat())).collect();
        }
        let holds = |way: Vec<usize>| {
            self.plain.holds(when, values, &|test| {
                let settled = |table: &Table| {
                    way[tables.iter().position(|known| std::ptr::eq(*known, table)).expect("a table of the condition")]
                };
                self.result_of(test, values, &settled)
            })
        };
        Some(ways.into_iter().map(|way| usize::from(holds(way))).collect())
    }

    fn table_of(&self, test: &ResultTest) -> &Table {
        match test {
            ResultTest::Criterion(index, _) => &self.criteria[*index],
            ResultTest::Obligation(index, _) => &self.obligations[*index],
            ResultTest::Fit(_) => &self.fit,
            ResultTest::Scenario(_) | ResultTest::Prepared(_) => &self.scenario,
        }
    }

    /// Whether a test of a result holds, but for the scenario, given what each table comes to.
    fn result_of(&self, test: &ResultTest, values: &Values, settled: &dyn Fn(&Table) -> usize) -> bool {
        let of = || settled(self.table_of(test));
        match test {
            ResultTest::Criterion(_, all) | ResultTest::Obligation(_, all) => all.contains(&Status::ALL[of()]),
            ResultTest::Fit(all) => all.contains(&FitOutcome::ALL[of()]),
            ResultTest::Prepared(topic) => values[self.plain.questions() + topic] == 1,
            ResultTest::Scenario(_) => unreachable!("it is read in several ways"),
        }
    }

    /// What a condition depends on, through the results it tests too.
    fn depends(&self, when: &Condition) -> Domain {
        let mut all = tested(&self.plain, [when]);
        walk(when, &mut |test| {
            if let Condition::Result { test, .. } = test {
                let through = match test {
                    ResultTest::Criterion(index, _) => self.criteria[*index].domain.clone(),
                    ResultTest::Obligation(index, _) => self.obligations[*index].domain.clone(),
                    ResultTest::Fit(_) => self.fit.domain.clone(),
                    ResultTest::Scenario(_) => self.scenario.domain.clone(),
                    ResultTest::Prepared(topic) => Domain::from([(self.plain.questions() + topic, 0)]),
                };
                all = together([&all, &through]);
            }
        });
        all
    }

    fn fit_table(&self) -> Table {
        let weighty = || {
            let findings = self.rulebook().findings.iter().zip(&self.findings);
            findings.filter(|(finding, _)| finding.kind != FindingKind::Note)
        };
        let domain = together(weighty().map(|(_, table)| &table.domain));
        Table::new(domain, &self.plain, |values| {
            let weigh = |(finding, table): (&eligibility::rulebook::Finding, &Table)| match (
                finding.kind,
                table.settled(values),
            ) {
                (FindingKind::Blocker, Some(YES)) => FitOutcome::DoesNotFit,
                (_, Some(YES | OPEN)) => FitOutcome::FitsWithConditions,
                _ => FitOutcome::Fits,
            };
            weighty().map(weigh).max().unwrap_or(FitOutcome::Fits) as usize
        })
    }

    /// The values of answers, and of the topics they prepare.
    pub(crate) fn values(&self, answers: &Answers) -> Values {
        let mut values = self.plain.values(answers);
        self.prepare(&mut values, &|question| is_sure(answers, question));
        values
    }

    /// Notes which topics are prepared, given which questions have an answer that is more than "not sure".
    pub(crate) fn prepare(&self, values: &mut Values, sure: &dyn Fn(usize) -> bool) {
        for (index, topic) in self.rulebook().topics.iter().enumerate() {
            let speaks = self.fine[index].as_ref().map_or(Some(YES), |table| table.settled(values));
            let prepared = speaks == Some(YES) && topic.questions.iter().all(|question| sure(*question));
            values[self.plain.questions() + index] = usize::from(prepared);
        }
    }

    /// The questions that a function depends on, those that prepare the topics it depends on among them.
    pub(crate) fn through_topics(&self, table: &Table) -> BTreeSet<usize> {
        let (questions, topics): (Vec<usize>, Vec<usize>) =
            table.questions.iter().partition(|question| **question < self.plain.questions());
        let mut all: BTreeSet<usize> = questions.into_iter().collect();
        for topic in topics.into_iter().map(|topic| topic - self.plain.questions()) {
            all.extend(&self.rulebook().topics[topic].questions);
            all.extend(self.fine[topic].iter().flat_map(|table| &table.questions));
        }
        // A text is answered or not, and nothing else.
        all.into_iter().filter(|question| !self.plain.answers[*question].is_empty()).collect()
    }

    /// Whether a value is more than "not sure". A text is.
    pub(crate) fn is_sure_value(&self, values: &Values, question: usize) -> bool {
        match self.plain.answers[question].get(values[question]) {
            Some(answer) => *answer != Answer::NotSure,
            None => self.plain.answers[question].is_empty(),
        }
    }

    /// Everything that a question could matter for, by the name that a proof gives it, in the order of the rules. What
    /// nothing is asked for is left out.
    pub(crate) fn named(&self) -> Vec<(String, &Table)> {
        let rulebook = self.rulebook();
        let mut all: Vec<(String, &Table)> = Vec::new();
        let notes = |id: &str, notes: &'_ [Table]| -> Vec<String> {
            (1..=notes.len()).map(|number| format!("`note {number} of {id}`")).collect()
        };
        for (index, criterion) in rulebook.criteria.iter().enumerate() {
            all.push((format!("`{}`", criterion.id), &self.criteria[index]));
            all.extend(notes(&criterion.id, &self.criteria_notes[index]).into_iter().zip(&self.criteria_notes[index]));
        }
        for (index, scenario) in rulebook.scenarios.iter().enumerate() {
            all.extend(notes(&scenario.id, &self.scenario_notes[index]).into_iter().zip(&self.scenario_notes[index]));
        }
        let ids = rulebook.findings.iter().map(|finding| format!("`{}`", finding.id));
        all.extend(ids.zip(&self.findings));
        let topics = rulebook.topics.iter().zip(&self.fine);
        all.extend(topics.filter_map(|(topic, fine)| Some((format!("`{}`", topic.id), fine.as_ref()?))));
        for (index, owed) in rulebook.obligations.iter().enumerate() {
            all.push((format!("`{}`", owed.id), &self.obligations[index]));
            all.extend(notes(&owed.id, &self.obligation_notes[index]).into_iter().zip(&self.obligation_notes[index]));
        }
        for (outcome, steps) in rulebook.outcomes.iter().zip(&self.steps) {
            let steps = outcome.next_steps.iter().zip(steps);
            all.extend(steps.filter_map(|(step, table)| Some((format!("`{}`", step.id), table.as_ref()?))));
        }
        let facts = rulebook.facts.iter().zip(&self.facts);
        all.extend(facts.filter_map(|(fact, table)| Some((format!("`{}`", fact.id), table.as_ref()?))));
        all.extend(self.within.iter().map(|table| ("the scenario".to_owned(), table)));
        all
    }

    /// Whether each question is asked, if not always.
    pub(crate) fn asked(&self, question: usize) -> Option<&Table> {
        self.asked[question].as_ref()
    }
}

/// What conditions test.
pub(crate) fn tested<'c>(plain: &Plain<'_>, conditions: impl IntoIterator<Item = &'c Condition>) -> Domain {
    let mut found = Domain::new();
    for condition in conditions {
        walk(condition, &mut |test| {
            if let Condition::Is { question, options, .. } = test {
                *found.entry(*question).or_default() |= plain.told_apart(*question, *options);
            }
        });
    }
    found
}

/// Whether there is an answer, and one that is more than "not sure".
pub(crate) fn is_sure(answers: &Answers, question: usize) -> bool {
    !matches!(answers.get(question), None | Some(eligibility::answers::Entry { answer: Answer::NotSure, .. }))
}
