//! What is proved of invented rules, against trying every combination of answers.

mod support;

use std::collections::BTreeSet;

use eligibility::answers::{self, Answers};
use eligibility::assess::is_hidden;
use eligibility::problem::{Code, Problem};
use eligibility::prove::{Proof, prove};
use eligibility::publish::template;
use eligibility::rulebook::{self, Rulebook, Status};
use proptest::prelude::*;
use support::brute::Brute;
use support::brute::dead::dead;
use support::brute::plain::{Letters, Plain, each_filling};
use support::brute::table::Table;
use support::invent::{self, Tape};

fn with_code(problems: &[Problem], code: Code) -> Vec<&Problem> {
    problems.iter().filter(|problem| problem.code == code).collect()
}

/// Whether a combination has the answers of a witness.
fn agrees(plain: &Plain<'_>, letters: &Letters, witness: &[(String, String)]) -> bool {
    witness.iter().all(|(id, value)| {
        let (index, question) = plain.rulebook.question(id).expect("a witness names questions");
        let wanted = question.answer(&value.trim_matches(['[', ']']).replace(',', ";")).expect("a witness has answers");
        letters[index] == plain.letter(index, &wanted)
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
        let matching = |letters: &Letters| -> Vec<usize> {
            let scenarios = rulebook.scenarios.iter().enumerate();
            scenarios.filter(|(_, s)| plain.is_so(&s.when, letters)).map(|(index, _)| index).collect()
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
            let shown: Vec<&Letters> = all.iter().filter(|letters| agrees(&plain, letters, witness)).collect();
            prop_assert!(!shown.is_empty(), "no product has the answers {witness:?}");
            for letters in shown {
                let count = matching(letters).len();
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
        let mut found: Vec<String> = with_code(&proof(&rulebook).problems, Code::DeadCondition).iter().map(told).collect();
        let mut expected = dead(&brute);
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
            let given = shown.given(&rulebook);
            prop_assert!(is_hidden(&rulebook, &given, *index), "the question is asked: {:?}", problem.witness);
            let named = brute.named();
            // A topic that only needs the question has nothing else to show.
            if let Some((name, table)) = named.iter().find(|(name, _)| Some(name) == decided.first()) {
                let witness = &problem.witness;
                prop_assert!(decides(&brute, table, &shown, *index), "{witness:?}: {name}\n{}", invent::shown(&files));
            }
        }
    }
}

/// Every result of a table for sure answers.
fn surely(brute: &Brute<'_>, table: &Table) -> BTreeSet<usize> {
    let mut results = BTreeSet::new();
    each_filling(&brute.plain.nothing(), &table.questions, &|question| brute.plain.sure(question), &mut |sure| {
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
    if !surely(brute, &brute.outcome).contains(&0) {
        all.push("nothing can meet all the criteria at once".to_owned());
    }
    all
}

/// What a question can decide although it is certainly not asked, by name, where everything else is answered; and the
/// topics that need it all the same.
fn hidden(brute: &Brute<'_>, index: usize) -> [Vec<String>; 2] {
    let Some(asked) = brute.asked(index) else { return Default::default() };
    let plain = &brute.plain;
    let is_hidden = |letters: &Letters| asked.settled(letters) == Some(support::brute::NO);
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
        each_filling(&plain.nothing(), &others, &ways, &mut |letters| {
            let mut letters = letters.clone();
            let of_each = (0..plain.missing(index)).map(|letter| {
                letters[index] = letter;
                let sure = letters.clone();
                brute.prepare(&mut letters, &|question| brute.is_sure_letter(&sure, question));
                is_hidden(&letters).then(|| table.settled(&letters))
            });
            matters = of_each.flatten().collect::<BTreeSet<_>>().len() > 1;
            !matters
        });
        if matters {
            all.push(name);
        }
    }
    let mut ever = false;
    each_filling(&plain.nothing(), &asked.questions, &ways, &mut |letters| {
        ever |= is_hidden(letters);
        !ever
    });
    let topics = plain.rulebook.topics.iter().filter(|topic| ever && topic.questions.contains(&index));
    [all, topics.map(|topic| format!("`{}`", topic.id)).collect()]
}

/// Whether another answer to a question makes a difference, whatever is answered to what a witness leaves open.
fn decides(brute: &Brute<'_>, table: &Table, shown: &Answers, question: usize) -> bool {
    let (plain, letters) = (&brute.plain, brute.plain.letters(shown));
    let depends = brute.through_topics(table);
    let open: Vec<usize> = depends.into_iter().filter(|other| plain.is_missing(&letters, *other)).collect();
    let ways = |question: usize| (0..plain.missing(question)).collect();
    let told = |letters: &Letters| {
        let mut letters = letters.clone();
        // Of texts those count that the witness has.
        let text = |question: usize| plain.answers[question].is_empty() && shown.get(question).is_none();
        let sure = letters.clone();
        brute.prepare(&mut letters, &|question| brute.is_sure_letter(&sure, question) && !text(question));
        table.settled(&letters)
    };
    (0..plain.missing(question)).filter(|other| *other != letters[question]).any(|other| {
        let mut always = true;
        each_filling(&letters, &open, &ways, &mut |letters| {
            let mut changed = letters.clone();
            changed[question] = other;
            always &= told(letters) != told(&changed);
            always
        });
        always
    })
}
