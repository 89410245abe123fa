//! What is proved of rules, against trying every combination of answers on invented ones.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use eligibility::answers::{Answers, Entry};
use eligibility::assess::assess;
use eligibility::problem::{Code, Problem};
use eligibility::prove::{Effect, difference, prove};
use eligibility::question::Kind;
use eligibility::rulebook::{self, RuleFiles, Rulebook};
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
    support::replace(&mut files, file, find, replace);
    let (rulebook, found) = rulebook::read(&files);
    let rulebook = rulebook.unwrap_or_else(|| panic!("{}", support::listed(&found)));
    assert_eq!(found, []);
    let problems = prove(&rulebook).expect("small rules").problems;
    let line = |problem: &Problem| {
        let column = problem.place.as_ref().map_or(0, |place| place.start().1);
        let witness: Vec<String> =
            problem.witness.iter().flatten().map(|(id, value)| format!(" {id}={value}")).collect();
        format!("{column} {}: {}{}", problem.code, problem.message, witness.concat())
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
        (
            "{any: [{open_to_neighbours: yes, shared_things: [seeds, tools, produce]}, {shared_things: seeds}]}",
            vec![value(48, "seeds")],
        ),
    ] {
        let said: Vec<String> = said;
        assert_eq!(dead(condition), said, "{condition}");
    }
}

/// What changes in effect and in words, once some things in the allotment's files are others: for each thing how many
/// combinations of how many, and the groups of answers with what they led to, what they lead to, and an example.
fn changed(edits: &[(&str, &str, &str)]) -> String {
    told(&support::folder("tests/packs/allotment"), edits)
}

/// The same, from other rules.
fn told(old: &RuleFiles, edits: &[(&str, &str, &str)]) -> String {
    let mut new = support::folder("tests/packs/allotment");
    for (file, find, replace) in edits {
        support::replace(&mut new, file, find, replace);
    }
    let found = difference(&support::sound(old), &support::sound(&new)).expect("small rules");
    let mut said = String::new();
    for effect in &found.effects {
        let _ = writeln!(said, "{}: {} of {}", effect.name, effect.changed, effect.of);
        for pattern in &effect.patterns {
            let when: Vec<String> =
                pattern.when.iter().map(|(id, values)| format!("{id} {}", values.join("|"))).collect();
            let example: Vec<String> = pattern.witness.iter().map(|(id, value)| format!("{id} {value}")).collect();
            let _ = writeln!(said, "  {} -> {}: {}; {}", pattern.from, pattern.to, when.join(", "), example.join(", "));
        }
        if let Some(unsure) = &effect.only_unsure {
            let _ = writeln!(said, "  only {unsure:?}");
        }
    }
    for rule in &found.rules {
        let _ = writeln!(said, "{} {}: {}", rule.kind, rule.id, rule.change);
        for key in &rule.keys {
            let [old, new] = [&key.old, &key.new].map(|words| words.as_deref().unwrap_or("-"));
            let _ = writeln!(said, "  {}: {old} -> {new}", key.key);
        }
    }
    said
}

#[test]
fn a_difference_is_told_in_few_groups_of_answers() {
    let mut said = String::new();
    for edits in [
        &[][..],
        &[
            ("criteria.yaml", "met_when: {pesticides: nothing}", "met_when: {pesticides: [nothing, soap_only]}"),
            ("criteria.yaml", "    discuss_when: {pesticides: soap_only}\n", ""),
        ],
        &[(
            "fit.yaml",
            "when: {shared_things: nothing_shared}",
            "when: {any: [{shared_things: nothing_shared}, {shared_things: produce}]}",
        )],
        &[("fit.yaml", "      number_of_plots: more_than_ten\n", "")],
        &[("scenarios.yaml", "id: land_is_borrowed", "id: land_is_lent")],
        &[("go_live.yaml", "met_when: {water_tested: yes}", "met_when: {water_tested: no}")],
        &[(
            "questions.yaml",
            "      - value: garden_chemicals",
            "      - value: compost_tea\n        label: Compost tea\n      - value: garden_chemicals",
        )],
        &[
            ("criteria.yaml", "title: Is open to neighbours", "title: Is open to all"),
            ("fit.yaml", "id: big_tool_store", "id: tool_store"),
        ],
    ] {
        for (file, find, replace) in edits {
            let _ = writeln!(said, "# {file}: {find:?} becomes {replace:?}");
        }
        let _ = writeln!(said, "{}", changed(edits));
    }
    insta::assert_snapshot!("differences", said);
}

/// What is added for some answers is a rule of its own.
#[test]
fn a_note_that_is_new_or_says_something_else_is_told() {
    let lease = "Somebody lets you use the land. Ask them for a lease.\n";
    let tested = "    met_when: {water_tested: yes}\n";
    let note = "    notes: [{when: {pesticides: nothing}, says: Well done.}]\n";
    for (file, find, replace, said) in [
        (
            "criteria.yaml",
            "does not mention soap",
            "is silent about soap",
            "note clean_soil.notes.1: changed\n  \
             says: The guide does not mention soap. -> The guide is silent about soap.\n",
        ),
        (
            "scenarios.yaml",
            lease,
            &format!("{lease}{note}"),
            "note land_is_borrowed.notes.1: added\n  when: - -> pesticides is nothing\n  says: - -> Well done.\n",
        ),
        (
            "go_live.yaml",
            tested,
            &format!("{tested}{note}"),
            "note safe_water.notes.1: added\n  when: - -> pesticides is nothing\n  says: - -> Well done.\n",
        ),
    ] {
        assert_eq!(changed(&[(file, find, replace)]), said);
    }
}

/// Open and tested, or unsprayed and not tested: that open and unsprayed is enough goes without saying.
#[test]
fn a_group_that_the_others_cover_is_left_out() {
    let mut old = support::folder("tests/packs/allotment");
    let never = "met_when: {water_tested: yes, not: {water_tested: yes}}";
    support::replace(&mut old, "go_live.yaml", "met_when: {water_tested: yes}", never);
    let now =
        "met_when: {any: [{open_to_neighbours: yes, water_tested: yes}, {pesticides: nothing, water_tested: no}]}";
    assert_eq!(
        told(&old, &[("go_live.yaml", "met_when: {water_tested: yes}", now)]),
        "obligation safe_water: 5 of 12\n  \
         not_met -> met: open_to_neighbours yes, water_tested yes; open_to_neighbours yes, water_tested yes\n  \
         not_met -> met: pesticides nothing, water_tested no; pesticides nothing, water_tested no\n\
         obligation safe_water: changed\n  \
         met_when: water_tested is yes and not (water_tested is yes) -> (open_to_neighbours is yes and water_tested is \
         yes) or (pesticides is nothing and water_tested is no)\n"
    );
}

#[test]
fn what_rules_do_not_hold_is_said_with_answers_that_show_it() {
    assert_eq!(
        proved(
            "fit.yaml",
            "when: {shared_things: nothing_shared}",
            "when: {any: [{water_tested: yes}, {water_tested: no}]}"
        ),
        [
            "9 R016: `sharing_nothing` always holds",
            "19 R017: this part of the condition of `sharing_nothing` makes no difference",
        ]
    );
    assert_eq!(
        proved("questions.yaml", "ask_when: {land_held_by: leased}", "ask_when: {land_held_by: borrowed}"),
        [
            "9 R019: `long_lease` can decide the outcome even where it is not asked open_to_neighbours=yes pesticides=nothing land_held_by=leased long_lease=no",
            "9 R019: `long_lease` can decide the secure_land even where it is not asked land_held_by=leased long_lease=no",
        ]
    );
    let better = "    best_first: true\n    prompt: What?";
    let spray = "    prompt: What do gardeners spray on their plots?";
    assert_eq!(proved("questions.yaml", spray, better), [] as [String; 0], "they stand in order");
    let mut files = support::folder("tests/packs/allotment");
    let swapped =
        ("criteria.yaml", "discuss_when: {pesticides: soap_only}", "discuss_when: {pesticides: garden_chemicals}");
    for (file, find, replace) in [("questions.yaml", spray, better), swapped] {
        support::replace(&mut files, file, find, replace);
    }
    let problems = prove(&support::sound(&files)).expect("small rules").problems;
    let [_, second] = problems.as_slice() else { panic!("{}", support::listed(&problems)) };
    let message =
        "`pesticides: soap_only` can make the clean_soil worse than `garden_chemicals`, though it stands before it";
    assert_eq!(second.message, message);
    assert_eq!(second.witness, Some(vec![("pesticides".to_owned(), "soap_only".to_owned())]));
    // No combination is left out, and what is only told apart by words is none.
    let rulebook = support::sound(&support::folder("tests/packs/allotment"));
    assert_eq!(prove(&rulebook).expect("small rules").combinations, 2 * 3 * 3 * 2 * 3 * 2 * 2);
}
