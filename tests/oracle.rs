//! Every set of answers to the questions on eligibility, 2,048,000 with missing and "not sure" included, against an oracle.
//!
//! The oracle is written from the published page and from what a result means, in tables and plain loops. It knows the
//! names of questions and values, and nothing of how the program works: no rule file, no diagram, no condition.

use std::sync::LazyLock;

use eligibility::answers::{Answers, Entry};
use eligibility::assess::assess;
use eligibility::diagram::{self, PartialAssignment, Var};
use eligibility::question::Answer;
use eligibility::rulebook::{self, Rulebook};

// ---------------------------------------------------------------------------
// The oracle
// ---------------------------------------------------------------------------

/// A value, and the values that it may count as: itself where the page leaves no doubt.
type Value = (&'static str, &'static [&'static str]);

const YES_NO: &[Value] = &[("yes", &["yes"]), ("no", &["no"])];

/// The questions on eligibility in the order they are asked. After its values each has "not sure", which may count as
/// any value that the page leaves no doubt about, and "missing".
const QUESTIONS: [(&str, &[Value]); 9] = [
    ("stage", &[("live", &["live"]), ("pilot", &["live", "in_development"]), ("in_development", &["in_development"])]),
    ("gp_registered_patients", YES_NO),
    ("nhs_services_in_england", YES_NO),
    (
        "patient_facing",
        &[("patients", &["patients"]), ("carers_only", &["patients", "staff_only"]), ("staff_only", &["staff_only"])],
    ),
    ("health_or_care_benefit", YES_NO),
    (
        "patient_charges",
        &[
            ("free", &["free"]),
            ("nhs_charges_only", &["nhs_charges_only"]),
            ("free_to_nhs_patients", &["nhs_charges_only", "supplier_charges"]),
            ("optional_extras", &["nhs_charges_only", "supplier_charges"]),
            ("council_charges", &["nhs_charges_only", "supplier_charges"]),
            ("supplier_charges", &["supplier_charges"]),
        ],
    ),
    ("native_verification", YES_NO),
    (
        "sponsor",
        &[
            ("nhs_or_local_authority", &["nhs_or_local_authority"]),
            ("own_organisation", &["nhs_or_local_authority", "none"]),
            ("none", &["none"]),
        ],
    ),
    (
        "commission",
        &[
            ("nhs_or_local_authority", &["nhs_or_local_authority"]),
            ("under_another_supplier", &["nhs_or_local_authority", "none"]),
            ("own_organisation", &["nhs_or_local_authority", "none"]),
            ("other_body", &["other_body"]),
            ("framework_only", &["framework_only"]),
            ("none", &["none"]),
        ],
    ),
];

/// How many sets of answers there are.
const SETS: usize = 2_048_000;

/// The criteria by the page's number, each with the questions it asks. No two ask the same.
const CRITERIA: [(u8, &[usize]); 5] = [(1, &[1, 2]), (2, &[3]), (3, &[4]), (4, &[0, 6, 7, 8]), (5, &[5])];

/// From best to worst: the worst of its criteria decides a product.
const MET: u8 = 0;
const TO_DISCUSS: u8 = 1;
const NOT_MET: u8 = 2;

const SCENARIOS: [&str; 6] = [
    "live_commissioned",
    "live_not_commissioned",
    "in_development_sponsored",
    "in_development_not_sponsored",
    "live_not_native_commissioned",
    "live_not_native_not_commissioned",
];

/// What is picked for each question: a value, then "not sure", then "missing".
type Picks = [usize; 9];

fn not_sure(question: usize) -> usize {
    QUESTIONS[question].1.len()
}

fn missing(question: usize) -> usize {
    not_sure(question) + 1
}

/// What an answer may count as.
fn readings(question: usize, pick: usize) -> Vec<&'static str> {
    let values = QUESTIONS[question].1;
    match values.get(pick) {
        Some((_, readings)) => readings.to_vec(),
        None => values.iter().filter(|(value, readings)| readings == &[*value]).map(|(value, _)| *value).collect(),
    }
}

/// What the page makes of sure answers, in the order in which `CRITERIA` has the questions: the status of the
/// criterion, and the scenario of the fourth.
fn ruling(number: u8, answers: &[&str]) -> (u8, Option<usize>) {
    let must = |met: bool| (if met { MET } else { NOT_MET }, None);
    match (number, answers) {
        // Patients with a GP in England and/or NHS services there.
        (1, [gp, nhs]) => must(*gp == "yes" || *nhs == "yes"),
        (2, [users]) => must(*users == "patients"),
        (3, [benefit]) => must(*benefit == "yes"),
        // Free, but for charges that the NHS levies.
        (5, [charges]) => must(*charges != "supplier_charges"),
        (4, ["in_development", _, "nhs_or_local_authority", _]) => (MET, Some(2)),
        (4, ["in_development", ..]) => (TO_DISCUSS, Some(3)),
        (4, ["live", "yes", _, "nhs_or_local_authority"]) => (MET, Some(0)),
        (4, ["live", "yes", ..]) => (TO_DISCUSS, Some(1)),
        (4, ["live", "no", _, "nhs_or_local_authority"]) => (TO_DISCUSS, Some(4)),
        (4, ["live", "no", ..]) => (TO_DISCUSS, Some(5)),
        other => unreachable!("{other:?}"),
    }
}

/// What is told of a criterion to somebody who has answered everything.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    status: u8,
    /// The scenarios that some reading leads to.
    scenarios: Vec<usize>,
    /// A sentence is added for a framework place, for a contract with somebody else, and for a contract that a product
    /// in development has already.
    note: Option<&'static str>,
}

impl Told {
    fn of(number: u8, questions: &[usize], picks: &[usize]) -> Self {
        let ways = questions.iter().zip(picks).map(|(question, pick)| readings(*question, *pick));
        let mut readings: Vec<Vec<&str>> = vec![Vec::new()];
        for way in ways {
            let longer =
                |head: &Vec<&'static str>| way.iter().map(|last| [head.as_slice(), &[*last]].concat()).collect();
            readings = readings.iter().flat_map(|head| -> Vec<Vec<&str>> { longer(head) }).collect();
        }
        let rulings: Vec<(u8, Option<usize>)> = readings.iter().map(|reading| ruling(number, reading)).collect();
        let status = rulings[0].0;
        let status = if rulings.iter().all(|(other, _)| *other == status) { status } else { TO_DISCUSS };
        let mut scenarios: Vec<usize> = rulings.iter().filter_map(|(_, scenario)| *scenario).collect();
        scenarios.sort_unstable();
        scenarios.dedup();
        let contract = (number == 4).then(|| QUESTIONS[8].1.get(picks[3])).flatten().map(|(value, _)| *value);
        let note = contract.filter(|value| match *value {
            "framework_only" | "other_body" => true,
            "nhs_or_local_authority" => scenarios == [2] || scenarios == [3],
            _ => false,
        });
        Self { status, scenarios, note }
    }

    /// What a person sees of it: of several scenarios that are possible, none.
    fn seen(&self) -> (u8, Option<usize>, Option<&'static str>) {
        let scenario = if self.scenarios.len() == 1 { self.scenarios.first().copied() } else { None };
        (self.status, scenario, self.note)
    }
}

/// What one criterion comes to for answers some of which may be missing.
#[derive(Clone, Debug, Default)]
struct Cell {
    /// The statuses that some way of filling in leads to, one bit each.
    statuses: u8,
    /// The scenarios that some way leads to.
    scenarios: Vec<usize>,
    /// The scenario, if every way leads to it.
    scenario: Option<usize>,
    /// For each question the sets of statuses, one bit for each set, that its answers lead to with the rest filled in
    /// in one way. Nothing for a question that is answered.
    choices: Vec<u8>,
    /// For each question whether its answers make a difference to what is told.
    tells: Vec<bool>,
}

/// A criterion, worked out for every set of answers to its questions.
struct Table {
    questions: &'static [usize],
    cells: Vec<Cell>,
}

impl Table {
    fn new(number: u8, questions: &'static [usize]) -> Self {
        let size = questions.iter().map(|question| missing(*question) + 1).product();
        let cells = (0..size).map(|index| cell(number, questions, &digits(questions, index))).collect();
        Self { questions, cells }
    }

    fn cell(&self, picks: &Picks) -> &Cell {
        let places = self.questions.iter().rev();
        &self.cells[places.fold(0, |index, question| index * (missing(*question) + 1) + picks[*question])]
    }
}

/// The picks of the set with this number, the first question changing fastest.
fn digits(questions: &[usize], mut index: usize) -> Vec<usize> {
    let mut picks = Vec::new();
    for question in questions {
        picks.push(index % (missing(*question) + 1));
        index /= missing(*question) + 1;
    }
    picks
}

/// Every way of filling in what is missing.
fn fills(questions: &[usize], picks: &[usize]) -> Vec<Vec<usize>> {
    let mut ways: Vec<Vec<usize>> = vec![Vec::new()];
    for (question, pick) in questions.iter().zip(picks) {
        let range = if *pick == missing(*question) { 0..*pick } else { *pick..*pick + 1 };
        let longer = |head: &Vec<usize>| -> Vec<Vec<usize>> {
            range.clone().map(|last| [head.as_slice(), &[last]].concat()).collect()
        };
        ways = ways.iter().flat_map(longer).collect();
    }
    ways
}

fn cell(number: u8, questions: &[usize], picks: &[usize]) -> Cell {
    let all: Vec<Told> = fills(questions, picks).iter().map(|fill| Told::of(number, questions, fill)).collect();
    let mut cell = Cell { statuses: all.iter().fold(0, |set, told| set | 1 << told.status), ..Cell::default() };
    cell.scenarios = all.iter().flat_map(|told| told.scenarios.clone()).collect();
    cell.scenarios.sort_unstable();
    cell.scenarios.dedup();
    let seen = all[0].seen().1;
    cell.scenario = seen.filter(|_| all.iter().all(|told| told.seen().1 == seen));
    for (at, question) in questions.iter().enumerate() {
        let (mut choices, mut tells) = (0, false);
        if picks[at] == missing(*question) {
            // Fill in the rest, then look at what each answer here would do.
            let mut rest = picks.to_vec();
            rest[at] = 0;
            for mut fill in fills(questions, &rest) {
                let of_each = (0..missing(*question)).map(|pick| {
                    fill[at] = pick;
                    Told::of(number, questions, &fill)
                });
                let of_each: Vec<Told> = of_each.collect();
                choices |= 1 << of_each.iter().fold(0, |set: u8, told| set | 1 << told.status);
                tells |= of_each.iter().any(|told| told.seen() != of_each[0].seen());
            }
        }
        cell.choices.push(choices);
        cell.tells.push(tells);
    }
    cell
}

/// Every worst status of two things, of each of which some statuses are possible.
fn worse(a: u8, b: u8) -> u8 {
    static WORSE: LazyLock<[[u8; 8]; 8]> = LazyLock::new(|| {
        let statuses = |set: usize| (0..3).filter(move |status| set & (1 << status) != 0);
        let worst = |a, b| statuses(a).flat_map(|a| statuses(b).map(move |b| a.max(b))).fold(0, |set, s| set | 1 << s);
        std::array::from_fn(|a| std::array::from_fn(|b| worst(a, b)))
    });
    WORSE[usize::from(a)][usize::from(b)]
}

struct Oracle {
    tables: Vec<Table>,
}

static ORACLE: LazyLock<Oracle> = LazyLock::new(|| Oracle {
    tables: CRITERIA.into_iter().map(|(number, questions)| Table::new(number, questions)).collect(),
});

impl Oracle {
    /// The outcomes that some way of filling in leads to, one bit each.
    fn outcomes(&self, picks: &Picks) -> u8 {
        self.tables.iter().fold(1, |worst, table| worse(worst, table.cell(picks).statuses))
    }

    /// The missing answers that can change the outcome, and the others that can change what is told.
    fn missing(&self, picks: &Picks) -> (Vec<usize>, Vec<usize>) {
        let (mut deciding, mut telling) = (Vec::new(), Vec::new());
        for (at, table) in self.tables.iter().enumerate() {
            let others = self.tables.iter().enumerate().filter(|(other, _)| *other != at);
            let rest = others.fold(1, |worst, (_, table)| worse(worst, table.cell(picks).statuses));
            let cell = table.cell(picks);
            for (place, question) in table.questions.iter().enumerate() {
                let differs = |choice: u8, rest: u8| {
                    (0..3).any(|status| rest & (1 << status) != 0 && worse(choice, 1 << status).count_ones() > 1)
                };
                let decides = (0..8).any(|choice| cell.choices[place] & (1 << choice) != 0 && differs(choice, rest));
                if decides {
                    deciding.push(*question);
                } else if cell.tells[place] {
                    telling.push(*question);
                }
            }
        }
        deciding.sort_unstable();
        telling.sort_unstable();
        (deciding, telling)
    }
}

/// What the oracle says, in the words of the contract.
fn oracle(picks: &Picks) -> String {
    let name = |set: u8, names: [&'static str; 3], open: &'static str| match set {
        0b001 => names[0],
        0b010 => names[1],
        0b100 => names[2],
        _ => open,
    };
    let outcomes = ORACLE.outcomes(picks);
    let outcome = name(outcomes, ["meets_criteria", "needs_discussion", "does_not_meet"], "incomplete");
    let cells = || ORACLE.tables.iter().map(|table| table.cell(picks));
    let statuses: Vec<&str> =
        cells().map(|cell| name(cell.statuses, ["met", "to_discuss", "not_met"], "unknown")).collect();
    let scenario = cells().find_map(|cell| cell.scenario).map(|scenario| SCENARIOS[scenario]);
    let ids = |questions: Vec<usize>| questions.into_iter().map(|question| QUESTIONS[question].0).collect::<Vec<_>>();
    let (deciding, telling) = ORACLE.missing(picks);
    format!("{outcome} {outcomes:03b} {statuses:?} {scenario:?} {:?} {:?}", ids(deciding), ids(telling))
}

/// The picks of the set with this number.
fn picks(index: usize) -> Picks {
    digits(&[0, 1, 2, 3, 4, 5, 6, 7, 8], index).try_into().expect("nine questions")
}

// ---------------------------------------------------------------------------
// The program
// ---------------------------------------------------------------------------

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| {
    let (rulebook, problems) = rulebook::read(&rulebook::builtin());
    assert_eq!(problems, []);
    rulebook.expect("rules without problems make a rulebook")
});

/// The places of the questions on eligibility among all.
static PLACES: LazyLock<[usize; 9]> =
    LazyLock::new(|| QUESTIONS.map(|(id, _)| RULEBOOK.question(id).expect("the rules ask it").0));

fn answers(picks: &Picks) -> Answers {
    let mut answers = Answers::blank(&RULEBOOK, "Example");
    for (question, pick) in picks.iter().enumerate() {
        let (_, values) = QUESTIONS[question];
        let place = PLACES[question];
        let option = |value: &str| {
            let options = &RULEBOOK.questions[place].options;
            options.iter().position(|option| option.value == value).expect("the question offers it")
        };
        let answer = match values.get(*pick) {
            Some((value, _)) => Some(Answer::One(option(value))),
            None if *pick == not_sure(question) => Some(Answer::NotSure),
            None => None,
        };
        answers.entries[place] = answer.map(Entry::bare);
    }
    answers
}

/// What the program says, in the words of the contract.
fn program(picks: &Picks) -> String {
    let answers = answers(picks);
    let found = assess(&RULEBOOK, &answers);
    let outcomes = found.possible_outcomes.iter().fold(0, |set: u8, outcome| set | 1 << *outcome as u8);
    let statuses: Vec<&str> = found.criteria.iter().map(|result| result.status.id()).collect();
    let scenario = found.scenario.as_ref().map(|result| result.scenario.id.as_str());
    let ids = |questions: &[&eligibility::question::Question]| {
        questions.iter().map(|question| question.id.clone()).collect::<Vec<_>>()
    };
    let (deciding, telling) = (ids(&found.missing), ids(&found.also_missing));
    format!("{} {outcomes:03b} {statuses:?} {scenario:?} {deciding:?} {telling:?}", found.outcome.id())
}

/// The outcomes that the program finds possible, one bit each, for every set of answers in turn. Only what the answers
/// decide is worked out, so that all of them can be tried.
struct Quick {
    given: PartialAssignment,
    /// For each question and pick, what stands where.
    places: Vec<(Var, Vec<Option<diagram::Value>>)>,
}

impl Quick {
    fn new() -> Self {
        let nothing: Picks = std::array::from_fn(missing);
        let given = answers(&nothing).assignment(&RULEBOOK);
        let places = (0..9).map(|question| {
            let var = RULEBOOK.diagrams.variables().of_question(PLACES[question])[0];
            let pick = |pick: usize| {
                let mut one = nothing;
                one[question] = pick;
                answers(&one).assignment(&RULEBOOK)[var]
            };
            (var, (0..=missing(question)).map(pick).collect())
        });
        Self { given, places: places.collect() }
    }

    fn outcomes(&mut self, picks: &Picks) -> u8 {
        for ((var, of_pick), pick) in self.places.iter().zip(picks) {
            self.given[*var] = of_pick[*pick];
        }
        let possible = RULEBOOK.diagrams.possible(RULEBOOK.outcome, &self.given);
        possible.into_iter().fold(0, |set, outcome| set | 1 << outcome as u8)
    }
}

// ---------------------------------------------------------------------------
// The two compared
// ---------------------------------------------------------------------------

/// The next set with the same answer to the last question, until there is none.
fn next(picks: &mut Picks) -> bool {
    for (question, pick) in picks[..8].iter_mut().enumerate() {
        *pick += 1;
        if *pick <= missing(question) {
            return true;
        }
        *pick = 0;
    }
    false
}

#[test]
fn every_set_of_answers_has_the_outcome_that_the_oracle_says() {
    let half = |first: usize| {
        let (mut quick, mut tried) = (Quick::new(), 0);
        for last in (first..=missing(8)).step_by(2) {
            let mut picks: Picks = [0; 9];
            picks[8] = last;
            loop {
                assert_eq!(quick.outcomes(&picks), ORACLE.outcomes(&picks), "{}", written(&picks));
                tried += 1;
                if !next(&mut picks) {
                    break;
                }
            }
        }
        tried
    };
    let tried: usize = std::thread::scope(|scope| {
        let halves = [0, 1].map(|first| scope.spawn(move || half(first)));
        halves.into_iter().map(|half| half.join().expect("the two agree")).sum()
    });
    assert_eq!(tried, SETS);
}

/// The whole result, of sets spread over all of them. The step is prime, so that no answer is left out.
#[test]
fn what_is_told_and_what_is_missing_is_what_the_oracle_says() {
    for index in (0..SETS).step_by(1009) {
        let picks = picks(index);
        assert_eq!(program(&picks), oracle(&picks), "{}", written(&picks));
    }
}

/// The whole result, for all answers to the questions of each criterion where the others are met.
#[test]
fn each_criterion_is_what_the_oracle_says() {
    let met: Picks = [0; 9];
    for (_, questions) in CRITERIA {
        for index in 0..questions.iter().map(|question| missing(*question) + 1).product() {
            let mut picks = met;
            for (question, pick) in questions.iter().zip(digits(questions, index)) {
                picks[*question] = pick;
            }
            assert_eq!(program(&picks), oracle(&picks), "{}", written(&picks));
        }
    }
}

/// A set of answers as a person would write it.
fn written(picks: &Picks) -> String {
    let answer = |(question, pick): (usize, &usize)| {
        let (id, values) = QUESTIONS[question];
        let other = if *pick == not_sure(question) { "not_sure" } else { "" };
        format!("{id}: {}", values.get(*pick).map_or(other, |(value, _)| value))
    };
    picks.iter().enumerate().map(answer).collect::<Vec<_>>().join(", ")
}

/// The oracle against people: what was expected of each invented product before there were rules.
#[test]
fn the_oracle_says_what_an_officer_expects() {
    let products: Vec<serde_yaml::Value> =
        serde_yaml::from_str(include_str!("products.yaml")).expect("the products are YAML");
    for product in products {
        let picks: Picks = std::array::from_fn(|question| {
            let (id, values) = QUESTIONS[question];
            match product["answers"].get(id).and_then(serde_yaml::Value::as_str) {
                None => missing(question),
                Some("not_sure") => not_sure(question),
                Some(given) => values.iter().position(|(value, _)| *value == given).expect("a value of the question"),
            }
        });
        let (expected, name) = (&product["expect"], &product["product"]);
        let word = |word: &str| format!("{word:?}").replace('"', "");
        let said = oracle(&picks);
        assert_eq!(said.split(' ').next().map(word).as_deref(), expected["outcome"].as_str(), "{name:?}");
        let table = |number: usize| ORACLE.tables[number - 1].cell(&picks);
        let possible: Vec<&str> = table(4).scenarios.iter().map(|scenario| SCENARIOS[*scenario]).collect();
        let in_order = expected["possible_scenarios"].as_sequence().expect("a list");
        assert_eq!(possible, in_order.iter().filter_map(|id| id.as_str()).collect::<Vec<_>>(), "{name:?}");
        for (number, status) in expected["criteria"].as_mapping().expect("a status each") {
            let number = usize::try_from(number.as_u64().expect("a number")).expect("a small number");
            let found = match table(number).statuses {
                0b001 => "met",
                0b010 => "to_discuss",
                0b100 => "not_met",
                _ => "unknown",
            };
            assert_eq!(Some(found), status.as_str(), "{name:?} {number}");
        }
    }
}
