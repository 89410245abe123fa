//! What is proved of rules, against trying every combination of answers on invented ones.

mod support;

use std::collections::BTreeSet;

use eligibility::answers::{Answers, Entry};
use eligibility::assess::assess;
use eligibility::problem::{Code, Problem};
use eligibility::prove::{Effect, difference, prove};
use eligibility::question::Kind;
use eligibility::rulebook::{self, Rulebook};
use proptest::prelude::*;
use support::brute::{Brute, Letters};
use support::invent::{self, Tape};

/// Every combination of sure answers.
fn combinations(brute: &Brute<'_>, rulebook: &Rulebook) -> Vec<Letters> {
    let mut all = vec![brute.nothing()];
    for (question, asked) in rulebook.questions.iter().enumerate() {
        if asked.kind != Kind::Text {
            all = all
                .into_iter()
                .flat_map(|letters| {
                    (0..brute.not_sure(question)).map(move |letter| {
                        let mut letters = letters.clone();
                        letters[question] = letter;
                        letters
                    })
                })
                .collect();
        }
    }
    all
}

fn with_code(problems: &[Problem], code: Code) -> Vec<&Problem> {
    problems.iter().filter(|problem| problem.code == code).collect()
}

/// Whether a combination has the answers of a witness.
fn agrees(answers: &Answers, witness: &[(String, String)], rulebook: &Rulebook) -> bool {
    witness.iter().all(|(id, value)| {
        let (index, question) = rulebook.question(id).expect("a witness names questions");
        let wanted = question.answer(&value.trim_matches(['[', ']']).replace(',', ";")).expect("a witness has answers");
        let given = answers.get(index).map(|entry: &Entry| &entry.answer);
        // Of several options a witness names those that conditions test.
        match (given, wanted) {
            (Some(eligibility::question::Answer::Many(given)), eligibility::question::Answer::Many(wanted)) => {
                given & rulebook.diagrams.alphabets()[index].told_apart() == wanted
            }
            (given, wanted) => given == Some(&wanted),
        }
    })
}

proptest! {
    #![proptest_config(support::draws(200))]

    #[test]
    fn overlaps_and_gaps_are_found_exactly(numbers in prop::collection::vec(any::<u32>(), 200..400)) {
        let files = invent::loose_rules(&mut Tape::new(&numbers));
        let (rulebook, problems) = rulebook::read(&files);
        let rulebook = rulebook.expect("rules that read");
        let brute = Brute::of_conditions(&rulebook);
        let all = combinations(&brute, &rulebook);
        let mut overlaps = BTreeSet::new();
        let mut gap = false;
        for letters in &all {
            let scenarios = rulebook.scenarios.iter().enumerate();
            let matching: Vec<usize> =
                scenarios.filter(|(_, s)| brute.holds(&s.when, letters)).map(|(index, _)| index).collect();
            gap |= matching.is_empty();
            overlaps.extend(matching.iter().flat_map(|a| matching.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b));
        }
        let found = with_code(&problems, Code::Overlap);
        prop_assert_eq!(found.len(), overlaps.len());
        prop_assert_eq!(with_code(&problems, Code::Gap).len(), usize::from(gap));
        // Every product with the answers of a witness shows the problem.
        for problem in found.into_iter().chain(with_code(&problems, Code::Gap)) {
            let witness = problem.witness.as_ref().expect("answers that show it");
            let mut shown = 0;
            for letters in &all {
                if agrees(&brute.answers(letters), witness, &rulebook) {
                    let matching = rulebook.scenarios.iter().filter(|s| brute.holds(&s.when, letters)).count();
                    let wrong = if problem.code == Code::Gap { matching > 0 } else { matching < 2 };
                    prop_assert!(!wrong, "a product with the answers of the witness is fine");
                    shown += 1;
                }
            }
            prop_assert!(shown > 0, "no product has the answers {witness:?}");
        }
    }

    #[test]
    fn differences_are_counted_exactly_and_their_patterns_are_what_changed(
        numbers in prop::collection::vec(any::<u32>(), 300..500),
    ) {
        let [old, new] = invent::versions(&mut Tape::new(&numbers)).map(|files| support::sound(&files));
        let found = difference(&old, &new).expect("small rules");
        let brute = Brute::of_conditions(&new);
        let all = combinations(&brute, &new);
        for (name, result) in results(&old, &new) {
            let changed: Vec<&Letters> = all
                .iter()
                .filter(|letters| {
                    let answers = brute.answers(letters);
                    result(&old, &answers) != result(&new, &answers)
                })
                .collect();
            let effect = found.effects.iter().find(|effect| effect.name == name);
            let (count, of) = effect.map_or((0, 1), |effect| (effect.changed, effect.of));
            // The count is over the questions that matter, so the shares are what must be equal.
            prop_assert_eq!(count * all.len() as u128, changed.len() as u128 * of, "{}", name);
            for letters in &all {
                let inside = effect.is_some_and(|effect| in_a_pattern(effect, &brute.answers(letters), &new, &old, &result));
                prop_assert_eq!(inside, changed.contains(&letters), "{}", &name);
            }
        }
    }
}

type Result<'r> = Box<dyn Fn(&Rulebook, &Answers) -> String + 'r>;

/// Everything that answers lead to in both versions, by the name a difference gives it.
fn results<'r>(old: &'r Rulebook, new: &'r Rulebook) -> Vec<(String, Result<'r>)> {
    let mut all: Vec<(String, Result<'r>)> = vec![
        ("outcome".to_owned(), Box::new(|rules, answers| assess(rules, answers).outcome.id().to_owned())),
        ("fit".to_owned(), Box::new(|rules, answers| assess(rules, answers).fit.outcome.id().to_owned())),
    ];
    let shared = |id: &str| old.criteria.iter().any(|criterion| criterion.id == id);
    for criterion in new.criteria.iter().filter(|criterion| shared(&criterion.id)) {
        let status = |rules: &Rulebook, answers: &Answers| {
            let results = assess(rules, answers).criteria;
            let result = results.iter().find(|result| result.criterion.id == criterion.id).expect("it is in both");
            result.status.id().to_owned()
        };
        all.push((format!("criterion {}", criterion.id), Box::new(status)));
    }
    all
}

/// Whether some pattern holds these answers and says truly what they led to and lead to.
fn in_a_pattern(effect: &Effect, answers: &Answers, new: &Rulebook, old: &Rulebook, result: &Result<'_>) -> bool {
    let words = |id: &str| {
        let (index, question) = new.question(id).expect("both versions have the same questions");
        question.words(&answers.get(index).expect("a whole combination").answer)
    };
    effect.patterns.iter().any(|pattern| {
        let inside = pattern.when.iter().all(|(id, values)| values.contains(&words(id)));
        inside && pattern.from == result(old, answers) && pattern.to == result(new, answers)
    })
}

/// What is wrong with the allotment once one thing in a file is another.
fn proved(file: &str, find: &str, replace: &str) -> Vec<String> {
    let mut files = support::folder("tests/packs/allotment");
    let text = String::from_utf8(files.files[file].to_vec()).expect("text");
    assert!(text.contains(find), "{file} has no {find}");
    files.files.insert(file.to_owned(), text.replacen(find, replace, 1).into_bytes().into());
    let (rulebook, found) = rulebook::read(&files);
    let rulebook = rulebook.unwrap_or_else(|| panic!("{}", support::listed(&found)));
    assert_eq!(found, []);
    let problems = prove(&rulebook).expect("small rules").problems;
    let line = |problem: &Problem| {
        let column = problem.place.as_ref().map_or(0, |place| place.start().1);
        format!("{column} {}: {}", problem.code, problem.message)
    };
    problems.iter().map(line).collect()
}

/// The widest part that makes no difference is named, each of several, and none of those inside it.
#[test]
fn each_part_of_a_condition_that_makes_no_difference_is_named_once() {
    let dead = |condition: &str| {
        proved("criteria.yaml", "met_when: {open_to_neighbours: yes}", &format!("met_when: {condition}"))
    };
    let part =
        |column: usize| format!("{column} R017: this part of the condition of `open_garden` makes no difference");
    let value =
        |column: usize, value: &str| format!("{column} R017: the value `{value}` makes no difference to `open_garden`");
    for (condition, said) in [
        ("{open_to_neighbours: yes}", vec![]),
        ("{any: [{open_to_neighbours: yes, pesticides: nothing}, {open_to_neighbours: yes}]}", vec![part(23)]),
        (
            "{any: [{open_to_neighbours: yes, pesticides: nothing}, {all: [{open_to_neighbours: yes}, {any: [{water_tested: yes}, {water_tested: no}]}]}]}",
            vec![part(23), part(112)],
        ),
        (
            "{any: [{open_to_neighbours: yes, pesticides: [nothing, soap_only]}, {pesticides: soap_only}]}",
            vec![value(48, "soap_only")],
        ),
        ("{open_to_neighbours: yes, not: {open_to_neighbours: no}}", vec![part(16), part(47)]),
        (
            "{open_to_neighbours: yes, any: [{pesticides: [nothing, soap_only]}, {pesticides: soap_only}]}",
            vec![value(48, "soap_only"), part(84)],
        ),
        (
            "{open_to_neighbours: yes, any: [{pesticides: [nothing, soap_only]}, {pesticides: soap_only, water_tested: yes}]}",
            vec![part(84)],
        ),
    ] {
        let said: Vec<String> = said;
        assert_eq!(dead(condition), said, "{condition}");
    }
}
