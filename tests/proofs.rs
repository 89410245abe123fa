//! What is proved of invented rules, against trying every combination of answers.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use eligibility::answers::{self, Answers};
use eligibility::assess::is_hidden;
use eligibility::outcome::FitOutcome;
use eligibility::problem::{Code, Problem};
use eligibility::prove::{Proof, prove};
use eligibility::publish::template;
use eligibility::question::{Basis, Kind, Takes};
use eligibility::rulebook::{self, Decided, FindingKind, Rulebook, Scenario, Status};
use proptest::prelude::*;
use support::brute::Brute;
use support::brute::dead::dead;
use support::brute::plain::{Plain, Values, each_filling};
use support::brute::table::Table;
use support::invent::{self, Tape};

fn with_code(problems: &[Problem], code: Code) -> Vec<&Problem> {
    problems.iter().filter(|problem| problem.code == code).collect()
}

/// Whether a combination has the answers of a witness.
fn agrees(plain: &Plain<'_>, values: &Values, witness: &[(String, String)]) -> bool {
    witness.iter().all(|(id, value)| {
        let (index, question) = plain.rulebook.question(id).expect("a witness names questions");
        let wanted = question.answer(&value.trim_matches(['[', ']']).replace(',', ";")).expect("a witness has answers");
        values[index] == plain.value(index, &wanted)
    })
}

/// The answers of a witness, read as the answers file that it is shown as.
fn read(brute: &Brute<'_>, problem: &Problem) -> Answers {
    let text = template::witness(brute.plain.rulebook, problem);
    let (answers, _) = answers::parse("witness.yaml", text.as_bytes(), brute.plain.rulebook).expect("it can be read");
    answers
}

fn proof(rulebook: &Rulebook) -> Proof {
    prove(rulebook).expect("small rules")
}

proptest! {
    #![proptest_config(support::draws(300))]

    #[test]
    fn overlaps_and_gaps_are_found_exactly(numbers in prop::collection::vec(any::<u32>(), 200..400)) {
        let files = invent::loose_rules(&mut Tape::new(&numbers));
        let (rulebook, problems) = rulebook::read(&files);
        let rulebook = rulebook.expect("rules that read");
        let plain = Plain::new(&rulebook);
        let all = plain.combinations(&plain.asked());
        let matching = |values: &Values| -> Vec<usize> {
            let scenarios = rulebook.scenarios.iter().enumerate();
            scenarios.filter(|(_, s)| plain.is_so(&s.when, values)).map(|(index, _)| index).collect()
        };
        let mut overlaps = BTreeSet::new();
        let mut gap = false;
        for matching in all.iter().map(matching) {
            gap |= matching.is_empty();
            overlaps.extend(matching.iter().flat_map(|a| matching.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b));
        }
        let found = with_code(&problems, Code::Overlap);
        prop_assert_eq!(found.len(), overlaps.len());
        prop_assert_eq!(with_code(&problems, Code::Gap).len(), usize::from(gap));
        // Every product with the answers of a witness shows the problem.
        for problem in found.into_iter().chain(with_code(&problems, Code::Gap)) {
            let witness = problem.witness.as_ref().expect("answers that show it");
            let shown: Vec<&Values> = all.iter().filter(|values| agrees(&plain, values, witness)).collect();
            prop_assert!(!shown.is_empty(), "no product has the answers {witness:?}");
            for values in shown {
                let count = matching(values).len();
                prop_assert!(if problem.code == Code::Gap { count == 0 } else { count > 1 }, "{witness:?} is fine");
            }
        }
    }

    #[test]
    fn what_can_never_come_up_is_found_exactly(numbers in prop::collection::vec(any::<u32>(), 200..400)) {
        let files = invent::rules(&mut Tape::new(&numbers));
        let rulebook = support::sound(&files);
        let brute = Brute::new(&rulebook);
        let proof = proof(&rulebook);
        let mut found: Vec<String> = with_code(&proof.problems, Code::NeverSo).iter().map(|p| p.message.clone()).collect();
        let mut expected = never_so(&brute);
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected, "{}", invent::shown(&files));
        let combinations: usize = (0..rulebook.questions.len())
            .map(|question| brute.plain.missing(question) - usize::from(rulebook.questions[question].takes_not_sure()))
            .filter(|answers| *answers > 0)
            .product();
        prop_assert_eq!(proof.combinations, combinations as u128);
    }

    #[test]
    fn parts_of_conditions_that_make_no_difference_are_found_exactly(
        numbers in prop::collection::vec(any::<u32>(), 100..300),
    ) {
        let files = invent::rules(&mut Tape::new(&numbers));
        let rulebook = support::sound(&files);
        let brute = Brute::new(&rulebook);
        let told = |problem: &&Problem| {
            let place = problem.place.as_ref().expect("a place");
            format!("{place} {}", problem.message)
        };
        let problems = proof(&rulebook).problems;
        let mut found: Vec<String> = with_code(&problems, Code::DeadCondition).iter().map(told).collect();
        let mut expected = dead(&brute, &with_code(&problems, Code::NeverSo));
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected, "{}", invent::shown(&files));
    }

    #[test]
    fn what_a_hidden_question_decides_is_found_exactly_and_every_witness_shows_it(
        numbers in prop::collection::vec(any::<u32>(), 200..400),
    ) {
        let files = invent::rules(&mut Tape::new(&numbers));
        let rulebook = support::sound(&files);
        let brute = Brute::new(&rulebook);
        let problems = proof(&rulebook).problems;
        let found = with_code(&problems, Code::HiddenQuestion);
        let all = (0..rulebook.questions.len()).map(|index| (index, hidden(&brute, index)));
        let expected: Vec<(usize, [Vec<String>; 2])> = all.filter(|(_, matters)| !matters.concat().is_empty()).collect();
        let message = |(index, matters): &(usize, [Vec<String>; 2])| {
            let id = &rulebook.questions[*index].id;
            let all = matters.concat();
            let listed = match all.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
                _ => all.concat(),
            };
            format!("`{id}` can decide {listed} even where it is not asked")
        };
        let said: Vec<String> = found.iter().map(|problem| problem.message.clone()).collect();
        prop_assert_eq!(said, expected.iter().map(message).collect::<Vec<_>>(), "{}", invent::shown(&files));
        for (problem, (index, [decided, _])) in found.iter().zip(&expected) {
            let shown = read(&brute, problem);
            let given = shown.assignment(&rulebook);
            prop_assert!(is_hidden(&rulebook, &given, *index), "the question is asked: {:?}", problem.witness);
            let named = brute.named();
            // A topic that only needs the question has nothing else to show.
            let mut tables = named.iter().filter(|(name, _)| Some(name) == decided.first()).peekable();
            if let Some((name, _)) = tables.peek().copied() {
                let (witness, mut tables) = (&problem.witness, tables);
                let decides = tables.any(|(_, table)| decides(&brute, table, &shown, *index));
                prop_assert!(decides, "{witness:?}: {name}\n{}", invent::shown(&files));
            }
        }
    }

    #[test]
    fn answers_out_of_order_and_scenarios_against_the_words_are_found_exactly_and_every_witness_shows_it(
        numbers in prop::collection::vec(any::<u32>(), 200..400),
        more in prop::collection::vec(any::<u32>(), 40),
    ) {
        let files = invent::rules(&mut Tape::new(&numbers));
        let mut rulebook = support::sound(&files);
        order_and_words(&mut Tape::new(&more), &mut rulebook);
        let brute = Brute::new(&rulebook);
        let problems = proof(&rulebook).problems;
        let shown = || format!("{more:?}\n{}", invent::shown(&files));
        let said = |code| -> BTreeSet<&str> { with_code(&problems, code).iter().map(|problem| &*problem.message).collect() };
        let (out_of_order, against) = (out_of_order(&brute), against_the_words(&brute));
        prop_assert_eq!(said(Code::OutOfOrder), out_of_order.keys().map(String::as_str).collect(), "{}", shown());
        prop_assert_eq!(said(Code::Departs), against.keys().map(String::as_str).collect(), "{}", shown());
        for problem in with_code(&problems, Code::OutOfOrder) {
            let (table, question, worse) = &out_of_order[&problem.message];
            let better = brute.plain.values(&read(&brute, problem));
            prop_assert!(better[*question] + 1 == *worse, "{:?}\n{}", problem.witness, shown());
            let open: Vec<usize> =
                table.questions.iter().copied().filter(|question| brute.plain.is_missing(&better, *question)).collect();
            let mut always = true;
            each_filling(&better, &open, &|question| (0..brute.plain.missing(question)).collect(), &mut |values| {
                let mut changed = values.clone();
                changed[*question] = *worse;
                always &= table.settled(values) > table.settled(&changed);
                always
            });
            prop_assert!(always, "{:?}\n{}", problem.witness, shown());
        }
        for problem in with_code(&problems, Code::Departs) {
            let witness = problem.witness.as_ref().expect("answers that show it");
            let products = &against[&problem.message];
            let all = brute.plain.combinations(&brute.plain.asked());
            let shown_by: Vec<&Values> = all.iter().filter(|values| agrees(&brute.plain, values, witness)).collect();
            prop_assert!(!shown_by.is_empty() && shown_by.iter().all(|values| products.contains(*values)), "{witness:?}");
        }
    }
}

/// Orders the answers to some questions, and gives the criterion that the scenarios decide words of its own.
fn order_and_words(tape: &mut Tape<'_>, rulebook: &mut Rulebook) {
    for question in &mut rulebook.questions {
        question.best_first = tape.once_in(2);
    }
    let words = rulebook.criteria.iter().find_map(|criterion| match &criterion.decided {
        Decided::ByConditions { met_when, .. } => Some(met_when.clone()),
        Decided::ByScenarios { .. } => None,
    });
    for criterion in &mut rulebook.criteria {
        if let Decided::ByScenarios { words_met_when } = &mut criterion.decided {
            words_met_when.clone_from(&words);
        }
    }
    for scenario in &mut rulebook.scenarios {
        scenario.departs_because = tape.once_in(4).then(|| scenario.says.clone());
        scenario.grounds.basis = if tape.once_in(4) { Basis::Interpretation } else { Basis::Published };
    }
}

/// What a better answer makes worse, in the words of the proof, with the question and the number of the worse answer.
fn out_of_order<'b>(brute: &'b Brute<'_>) -> BTreeMap<String, (&'b Table, usize, usize)> {
    let (plain, rulebook) = (&brute.plain, brute.plain.rulebook);
    let named = |ids: Vec<&String>| ids.into_iter().map(|id| format!("`{id}`")).collect::<Vec<_>>();
    let mut effects = vec![("the outcome".to_owned(), &brute.outcome), ("the fit".to_owned(), &brute.fit)];
    effects.extend(named(rulebook.criteria.iter().map(|it| &it.id).collect()).into_iter().zip(&brute.criteria));
    effects.extend(named(rulebook.obligations.iter().map(|it| &it.id).collect()).into_iter().zip(&brute.obligations));
    let mut all = BTreeMap::new();
    for (index, question) in rulebook.questions.iter().enumerate().filter(|(_, question)| question.best_first) {
        if matches!(question.kind, Kind::Text | Kind::Choices) {
            continue;
        }
        for (name, table) in effects.iter().filter(|(_, table)| table.questions.contains(&index)) {
            let others: Vec<usize> = table.questions.iter().copied().filter(|other| *other != index).collect();
            for worse in 1..question.options.len() {
                let mut wrong = false;
                each_filling(
                    &plain.unassigned(),
                    &others,
                    &|other| (0..plain.missing(other)).collect(),
                    &mut |values| {
                        let [better, worse] = [worse - 1, worse].map(|value| {
                            let mut values = values.clone();
                            values[index] = value;
                            table.settled(&values)
                        });
                        wrong = better > worse;
                        !wrong
                    },
                );
                if wrong {
                    let [better, after] = [worse - 1, worse].map(|option| &question.options[option].value);
                    let message = format!(
                        "`{}: {better}` can make {name} worse than `{after}`, though it stands before it",
                        question.id
                    );
                    all.insert(message, (*table, index, worse));
                }
            }
        }
    }
    all
}

/// The published scenarios that say something else than the words of their criterion, and nothing of why, in the words of
/// the proof, with the products that show it.
fn against_the_words(brute: &Brute<'_>) -> BTreeMap<String, Vec<Values>> {
    let (plain, rulebook) = (&brute.plain, brute.plain.rulebook);
    let products = plain.combinations(&plain.asked());
    let mut all = BTreeMap::new();
    for criterion in &rulebook.criteria {
        let Decided::ByScenarios { words_met_when: Some(words) } = &criterion.decided else { continue };
        let bound =
            |scenario: &&Scenario| scenario.grounds.basis == Basis::Published && scenario.departs_because.is_none();
        for scenario in rulebook.scenarios.iter().filter(bound) {
            let (met, status) = match scenario.criterion {
                Status::Met => (true, "met"),
                Status::ToDiscuss => (false, "to discuss"),
                Status::NotMet => (false, "not met"),
                Status::Unknown => (false, "unknown"),
            };
            let apart = |values: &&Values| plain.is_so(&scenario.when, values) && plain.is_so(words, values) != met;
            let shown: Vec<Values> = products.iter().filter(apart).cloned().collect();
            if !shown.is_empty() {
                let (id, of) = (&scenario.id, &criterion.id);
                all.insert(format!("`{id}` makes `{of}` {status}, against the criterion's own words"), shown);
            }
        }
    }
    all
}

/// Every result of a table for sure answers.
fn surely(brute: &Brute<'_>, table: &Table) -> BTreeSet<usize> {
    let mut results = BTreeSet::new();
    each_filling(&brute.plain.unassigned(), &table.questions, &|question| brute.plain.sure(question), &mut |sure| {
        results.insert(table.settled(sure).expect("no answer is missing"));
        true
    });
    results
}

/// What never comes up, or always, in the words of the proof.
fn never_so(brute: &Brute<'_>) -> Vec<String> {
    let rulebook = brute.plain.rulebook;
    let mut all = Vec::new();
    let criteria = rulebook.criteria.iter().map(|it| &it.id).zip(&brute.criteria);
    for (id, table) in criteria.chain(rulebook.obligations.iter().map(|it| &it.id).zip(&brute.obligations)) {
        let possible = surely(brute, table);
        if !possible.contains(&(Status::Met as usize)) {
            all.push(format!("`{id}` can never be met, so it decides nothing"));
        } else if possible.len() == 1 {
            all.push(format!("`{id}` is met whatever the answers are, so it decides nothing"));
        }
    }
    let products = brute.plain.combinations(&brute.scenario.questions.iter().copied().collect());
    for scenario in &rulebook.scenarios {
        if !products.iter().any(|product| brute.plain.is_so(&scenario.when, product)) {
            all.push(format!("nothing can be in `{}`", scenario.id));
        }
    }
    for (finding, table) in rulebook.findings.iter().zip(&brute.findings) {
        let possible = surely(brute, table);
        if !possible.contains(&support::brute::YES) {
            all.push(format!("`{}` can never hold", finding.id));
        } else if possible.len() == 1 {
            all.push(format!("`{}` always holds", finding.id));
        }
    }
    for (contradiction, table) in rulebook.contradictions.iter().zip(&brute.contradictions) {
        let matter = table.still_matters(&brute.plain, &brute.plain.unassigned());
        let many = |question: &usize| rulebook.questions[*question].kind.takes() == Takes::Several;
        if !surely(brute, table).contains(&support::brute::YES) {
            all.push(format!("`{}` can never hold", contradiction.id));
        } else if matter.len() < 2 && !matter.iter().any(many) {
            all.push(format!("`{}` rests on one answer, and one answer contradicts nothing", contradiction.id));
        }
    }
    let can_be_met = |table: &Table| surely(brute, table).contains(&(Status::Met as usize));
    if !surely(brute, &brute.outcome).contains(&0) && brute.criteria.iter().all(can_be_met) {
        all.push("nothing can meet all the criteria at once".to_owned());
    }
    let blockers = rulebook.findings.iter().zip(&brute.findings).filter(|(it, _)| it.kind == FindingKind::Blocker);
    let can_be_absent = |(_, table): (_, &Table)| surely(brute, table).contains(&support::brute::NO);
    if surely(brute, &brute.fit).iter().all(|fit| *fit == FitOutcome::DoesNotFit as usize)
        && blockers.clone().all(can_be_absent)
    {
        all.push("nothing can fit: whatever the answers are, a blocker holds".to_owned());
    }
    all
}

/// What a question can decide although it is certainly not asked, by name, where everything else is answered; and the
/// topics that need it all the same.
fn hidden(brute: &Brute<'_>, index: usize) -> [Vec<String>; 2] {
    let Some(asked) = brute.asked(index) else { return Default::default() };
    let plain = &brute.plain;
    let is_hidden = |values: &Values| asked.settled(values) == Some(support::brute::NO);
    let ways = |question: usize| (0..plain.missing(question)).collect();
    let mut all = Vec::new();
    for (name, table) in brute.named() {
        let depends = brute.through_topics(table);
        // Of a list that no condition tests nothing matters but that it is answered: that is told of its topic.
        let untested_list = plain.named[index] == 0 && plain.chosen(index, 0).is_some();
        if !depends.contains(&index) || untested_list {
            continue;
        }
        let others = depends.iter().chain(&asked.questions).copied().filter(|other| *other != index);
        let others: Vec<usize> = others.collect::<BTreeSet<_>>().into_iter().collect();
        let mut matters = false;
        each_filling(&plain.unassigned(), &others, &ways, &mut |values| {
            let mut values = values.clone();
            let of_each = (0..plain.missing(index)).map(|value| {
                values[index] = value;
                let sure = values.clone();
                brute.prepare(&mut values, &|question| brute.is_sure_value(&sure, question));
                is_hidden(&values).then(|| table.settled(&values))
            });
            matters = of_each.flatten().collect::<BTreeSet<_>>().len() > 1;
            !matters
        });
        if matters && !all.contains(&name) {
            all.push(name);
        }
    }
    let mut ever = false;
    each_filling(&plain.unassigned(), &asked.questions, &ways, &mut |values| {
        ever |= is_hidden(values);
        !ever
    });
    let topics = plain.rulebook.topics.iter().filter(|topic| ever && topic.questions.contains(&index));
    [all, topics.map(|topic| format!("`{}`", topic.id)).collect()]
}

/// Whether another answer to a question makes a difference, whatever is answered to what a witness leaves open.
fn decides(brute: &Brute<'_>, table: &Table, shown: &Answers, question: usize) -> bool {
    let (plain, values) = (&brute.plain, brute.plain.values(shown));
    let depends = brute.through_topics(table);
    let open: Vec<usize> = depends.into_iter().filter(|other| plain.is_missing(&values, *other)).collect();
    let ways = |question: usize| (0..plain.missing(question)).collect();
    let told = |values: &Values| {
        let mut values = values.clone();
        // Of texts those count that the witness has.
        let text = |question: usize| plain.answers[question].is_empty() && shown.get(question).is_none();
        let sure = values.clone();
        brute.prepare(&mut values, &|question| brute.is_sure_value(&sure, question) && !text(question));
        table.settled(&values)
    };
    (0..plain.missing(question)).filter(|other| *other != values[question]).any(|other| {
        let mut always = true;
        each_filling(&values, &open, &ways, &mut |values| {
            let mut changed = values.clone();
            changed[question] = other;
            always &= told(values) != told(&changed);
            always
        });
        always
    })
}
