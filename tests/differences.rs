//! What two versions of rules decide differently, against trying every combination of answers in both.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use eligibility::answers::{Answers, Entry};
use eligibility::assess::assess;
use eligibility::outcome::FitOutcome;
use eligibility::prove::{Effect, difference};
use eligibility::question::{Answer, Kind, Question};
use eligibility::rulebook::{Outcome, Rulebook, Status};
use proptest::prelude::*;
use support::brute::plain::{Values, none};
use support::brute::table::Table;
use support::brute::{Brute, FIRST};
use support::invent::{self, Tape};

/// An answer in the words of either version: one value, or several.
type Words = BTreeSet<String>;

/// A question of either version with every answer that conditions of either can tell apart.
struct Asked {
    id: String,
    several: bool,
    /// Of several options those that are told apart.
    tested: Vec<String>,
    answers: Vec<Words>,
}

/// The questions of both versions, those of the new one first.
fn asked(old: &Brute<'_>, new: &Brute<'_>) -> Vec<Asked> {
    let versions = [new, old];
    let mut ids: Vec<&String> = Vec::new();
    for question in versions.iter().flat_map(|version| &version.plain.rulebook.questions) {
        if question.kind != Kind::Text && !ids.contains(&&question.id) {
            ids.push(&question.id);
        }
    }
    ids.into_iter().map(|id| question(versions, id)).collect()
}

fn question(versions: [&Brute<'_>; 2], id: &str) -> Asked {
    let own: Vec<(&Question, u64)> = versions
        .iter()
        .filter_map(|version| {
            let (index, question) = version.plain.rulebook.question(id)?;
            Some((question, version.plain.tested[index] | version.plain.named[index]))
        })
        .collect();
    let several = own[0].0.kind == Kind::Choices;
    let values = |keep: &dyn Fn(&Question, u64, usize) -> bool| -> BTreeSet<String> {
        let all = own.iter().flat_map(|(question, tested)| {
            let options = question.options.iter().enumerate();
            options.filter(|(index, _)| keep(question, *tested, *index)).map(|(_, option)| option.value.clone())
        });
        all.collect()
    };
    let mut answers: Vec<Words> = Vec::new();
    let mut told_apart: Vec<String> = Vec::new();
    if several {
        // What is the empty list in both is no option beside others.
        let is_option = |value: &str| {
            let options = own.iter().flat_map(|(question, _)| &question.options);
            options.filter(|option| option.value == value).any(|option| !option.none)
        };
        // Who asks for a list that is empty in both asks for the options of both.
        let all = own.iter().any(|(question, tested)| {
            let none = question.options.iter().position(|option| option.none);
            none.is_some_and(|none| tested >> none & 1 == 1 && !is_option(&question.options[none].value))
        });
        let tested = values(&|question, tested, index| {
            (all || tested >> index & 1 == 1) && is_option(&question.options[index].value)
        });
        let tested: Vec<String> = tested.into_iter().collect();
        let untested = values(&|question, _, index| !tested.contains(&question.options[index].value));
        let untested: Vec<&String> = untested
            .iter()
            .filter(|value| {
                own.iter().any(|(question, _)| question.options.iter().any(|o| o.value == **value && !o.none))
            })
            .collect();
        // Where the empty list of one version is an option like others in the other, it goes by its name.
        let by_name = |question: &Question| {
            let none = question.options.iter().find(|option| option.none);
            none.is_none_or(|none| tested.contains(&none.value))
        };
        let empty = own.iter().any(|(question, _)| !by_name(question));
        for set in 0..1_usize << tested.len() {
            let chosen = tested.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            let words: Words = chosen.map(|(_, value)| value.clone()).collect();
            if !words.is_empty() || empty || !untested.is_empty() {
                answers.push(words);
            }
        }
        told_apart = tested;
    } else {
        answers.extend(values(&|_, _, _| true).into_iter().map(|value| Words::from([value])));
    }
    Asked { id: id.to_owned(), several, tested: told_apart, answers }
}

/// What a version makes of an answer: its value, `None` where it does not take it.
fn value(version: &Brute<'_>, asked: &Asked, words: &Words) -> Option<usize> {
    let (index, question) = version.plain.rulebook.question(&asked.id)?;
    let option = |value: &String| question.options.iter().position(|option| option.value == *value);
    let options: Option<Vec<usize>> = words.iter().map(option).collect();
    let options = options?;
    if !asked.several {
        return Some(version.plain.value(index, &Answer::One(options[0])));
    }
    let chosen = options.iter().fold(0_u64, |set, option| set | 1 << option);
    let chosen = match chosen & none(question) {
        0 => chosen,
        empty if chosen == empty => 0,
        _ => return None,
    };
    let is_free = |option: &eligibility::question::QuestionOption| !asked.tested.contains(&option.value);
    if words.is_empty() && none(question) == 0 && !question.options.iter().any(is_free) {
        return None;
    }
    let tested = version.plain.tested[index];
    let answers = &version.plain.answers[index];
    // An empty list of what conditions test is one that holds something else, or nothing at all.
    let same = |known: &Answer| matches!(known, Answer::Many(known) if known & tested == chosen & tested);
    answers.iter().position(same)
}

/// The name of what is compared, its function in each version, and its results in words.
type Compared<'b> = (String, [&'b Table; 2], [Vec<String>; 2]);

/// Everything compared, by the name a difference gives it: the function in each version, and its results in words.
fn results<'b>(old: &'b Brute<'_>, new: &'b Brute<'_>) -> Vec<Compared<'b>> {
    let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let statuses = || words(&Status::ALL.map(Status::id));
    let mut all: Vec<Compared<'_>> = vec![
        ("outcome".to_owned(), [&old.outcome, &new.outcome], [(); 2].map(|()| words(&Outcome::ALL.map(Outcome::id)))),
        ("fit".to_owned(), [&old.fit, &new.fit], [(); 2].map(|()| words(&FitOutcome::ALL.map(FitOutcome::id)))),
    ];
    let [before, after] = [old, new].map(|version| version.plain.rulebook);
    for (index, criterion) in after.criteria.iter().enumerate() {
        if let Some(was) = before.criteria.iter().position(|known| known.id == criterion.id) {
            let tables = [&old.criteria[was], &new.criteria[index]];
            all.push((format!("criterion {}", criterion.id), tables, [(); 2].map(|()| statuses())));
        }
    }
    for (index, owed) in after.obligations.iter().enumerate() {
        if let Some(was) = before.obligations.iter().position(|known| known.id == owed.id) {
            let tables = [&old.obligations[was], &new.obligations[index]];
            all.push((format!("obligation {}", owed.id), tables, [(); 2].map(|()| statuses())));
        }
    }
    if !before.scenarios.is_empty() && !after.scenarios.is_empty() {
        let names = [before, after].map(|rules| {
            let ids = rules.scenarios.iter().map(|scenario| scenario.id.clone());
            words(&["none", "undecided"]).into_iter().chain(ids).collect()
        });
        assert_eq!(FIRST, 2, "what stands before the scenarios");
        all.push(("scenario".to_owned(), [&old.scenario, &new.scenario], names));
    }
    all
}

/// What a version decides of a combination of answers, in words.
fn decided(
    version: &Brute<'_>,
    (table, matters): (&Table, &[usize]),
    words: &[String],
    asked: &[Asked],
    chosen: &[usize],
) -> String {
    let mut values: Values = version.plain.unassigned();
    for (question, at) in asked.iter().zip(chosen) {
        let Some((index, _)) = version.plain.rulebook.question(&question.id) else { continue };
        // What does not matter to it is not looked at either.
        if !matters.contains(&index) {
            continue;
        }
        match value(version, question, &question.answers[*at]) {
            Some(value) => values[index] = value,
            None => return "not an answer".to_owned(),
        }
    }
    words[table.settled(&values).expect("nothing that matters is missing")].clone()
}

/// Every combination, as indexes of answers.
fn combinations(asked: &[Asked]) -> Vec<Vec<usize>> {
    asked.iter().fold(vec![Vec::new()], |all, question| {
        let with = |chosen: Vec<usize>| {
            (0..question.answers.len()).map(move |at| chosen.iter().copied().chain([at]).collect::<Vec<usize>>())
        };
        all.into_iter().flat_map(with).collect()
    })
}

/// Whether some pattern holds these answers and says truly what they led to and lead to.
fn in_a_pattern(effect: &Effect, asked: &[Asked], chosen: &[usize], [was, is]: [&str; 2]) -> bool {
    effect.patterns.iter().any(|pattern| {
        let inside = pattern.when.as_ref().expect("few questions").iter().all(|(id, values)| {
            let at = asked.iter().position(|question| question.id == *id).expect("a question of either version");
            let words = &asked[at].answers[chosen[at]];
            match values[0].split_once(' ') {
                Some(("with", value)) => words.contains(value),
                Some(("without", value)) => !words.contains(value),
                _ => values.iter().any(|value| words.contains(value)),
            }
        });
        let words = |words: &Option<String>| words.clone().unwrap_or_else(|| "not an answer".to_owned());
        inside && words(&pattern.from) == was && words(&pattern.to) == is
    })
}

proptest! {
    #![proptest_config(support::draws(400))]

    #[test]
    fn differences_are_counted_exactly_and_their_patterns_are_what_changed(
        numbers in prop::collection::vec(any::<u32>(), 300..500),
    ) {
        let files = invent::versions(&mut Tape::new(&numbers));
        let shown = || format!("{}\n------\n{}", invent::shown(&files[0]), invent::shown(&files[1]));
        let [old, new] = [0, 1].map(|version: usize| support::sound(&files[version]));
        let found = difference(&old, &new);
        let [before, after] = [&old, &new].map(Brute::new);
        let asked = asked(&before, &after);
        let all = combinations(&asked);
        for (name, [was, is], [old_words, new_words]) in results(&before, &after) {
            let effect = found.effects.iter().find(|effect| effect.name == name);
            let mut changed = 0;
            let [was_asked, is_asked] = [(&before, was), (&after, is)]
                .map(|(version, table)| table.still_matters(&version.plain, &version.plain.unassigned()));
            for chosen in &all {
                let was = decided(&before, (was, &was_asked), &old_words, &asked, chosen);
                let is = decided(&after, (is, &is_asked), &new_words, &asked, chosen);
                changed += u128::from(was != is);
                let inside = effect.is_some_and(|effect| in_a_pattern(effect, &asked, chosen, [&was, &is]));
                if inside != (was != is) {
                    let mut words = String::new();
                    for (question, at) in asked.iter().zip(chosen) {
                        let _ = write!(words, "{}: {:?} ", question.id, question.answers[*at]);
                    }
                    prop_assert!(false, "{name}: {words}: {was} -> {is}, {effect:?}\n{}", shown());
                }
            }
            let (count, of) = effect.map_or((0, 1), |effect| (effect.changed, effect.of));
            // The count is over the questions that matter, so the shares are what must be equal.
            prop_assert_eq!(count * all.len() as u128, changed * of, "{} {:?} {}", name, effect, shown());
            if let Some(unsure) = effect.and_then(|effect| effect.only_unsure.as_ref()) {
                prop_assert_eq!(changed, 0);
                // Whatever is answered to what the witness leaves open, the two differ.
                for chosen in &all {
                    let was = of_witness(&before, (was, &was_asked), &old_words, unsure, &asked, chosen);
                    let is = of_witness(&after, (is, &is_asked), &new_words, unsure, &asked, chosen);
                    prop_assert_ne!(was, is, "{} {:?} {}", name, unsure, shown());
                }
            }
        }
    }
}

/// What a version decides of a witness, the rest answered in some way, in words.
fn of_witness(
    version: &Brute<'_>,
    (table, matters): (&Table, &[usize]),
    words: &[String],
    witness: &[(String, String)],
    asked: &[Asked],
    chosen: &[usize],
) -> String {
    let mut values = version.plain.unassigned();
    for (question, at) in asked.iter().zip(chosen) {
        let Some((index, own)) = version.plain.rulebook.question(&question.id) else { continue };
        if !matters.contains(&index) {
            continue;
        }
        let given = witness.iter().find(|(id, _)| *id == question.id).map(|(_, value)| value);
        let given = given.map(|value| own.answer(&value.trim_matches(['[', ']']).replace(", ", ";")).ok());
        let value = match given {
            Some(answer) => answer.map(|answer| version.plain.value(index, &answer)),
            None => value(version, question, &question.answers[*at]),
        };
        match value {
            Some(value) => values[index] = value,
            None => return "not an answer".to_owned(),
        }
    }
    words[table.settled(&values).expect("nothing that matters is missing")].clone()
}

/// Rules with so many scenarios, one for each option of a question, whose ids begin with these letters.
fn many_scenarios(count: usize, ids: &str) -> Rulebook {
    let grounds = "source: {page: guide, section: S, item: i}, basis: published";
    let mut files = support::folder("tests/packs/allotment");
    let offers: Vec<String> = (0..count).map(|at| format!("{{value: v{at}, label: l{at}}}")).collect();
    let scenarios: String = (0..count).fold(String::new(), |all, at| {
        all + &format!("  - {{id: {ids}{at}, title: t, when: {{q: v{at}}}, criterion: met, says: s, {grounds}}}\n")
    });
    for (name, text) in [
        (
            "questions.yaml",
            format!(
                "questions:\n  - {{id: q, section: eligibility, kind: choice, prompt: p, {grounds}, options: [{}]}}\n",
                offers.join(", ")
            ),
        ),
        (
            "criteria.yaml",
            format!(
                "criteria:\n  - {{id: c, title: t, decided_by: scenarios, says: {{met: m, to_discuss: d, unknown: u}}, {grounds}}}\n"
            ),
        ),
        ("scenarios.yaml", format!("scenarios:\n{scenarios}")),
        ("fit.yaml", "findings: []\n".to_owned()),
        ("application.yaml", "topics: []\n".to_owned()),
        ("go_live.yaml", "obligations: []\n".to_owned()),
    ] {
        files.files.insert(name.to_owned(), text.into_bytes().into());
    }
    support::sound(&files)
}

#[test]
fn every_one_of_61_scenarios_that_is_renamed_is_told() {
    let [old, new] = ["old", "new"].map(|ids| many_scenarios(61, ids));
    let found = difference(&old, &new);
    let [effect] = found.effects.as_slice() else { panic!("{:?}", found.effects) };
    assert_eq!((effect.name.as_str(), effect.changed, effect.of), ("scenario", 61, 61));
    let mut told: Vec<(String, String, String)> = Vec::new();
    for pattern in &effect.patterns {
        let Some([(id, values)]) = pattern.when.as_deref() else { panic!("{:?}", pattern.when) };
        let [from, to] = [&pattern.from, &pattern.to].map(|words| words.clone().expect("an answer"));
        assert_eq!(pattern.witness, [("q".to_owned(), values[0].clone())]);
        assert_eq!((id.as_str(), values.len()), ("q", 1));
        told.push((values[0].clone(), from.clone(), to.clone()));
        // The witness is what it says, in both versions.
        for (rules, scenario) in [(&old, &from), (&new, &to)] {
            let mut answers = Answers::blank(rules, "Example");
            let answer = rules.questions[0].answer(&values[0]).expect("an answer");
            answers.entries[0] = Some(Entry::bare(answer));
            let found = assess(rules, &answers).scenario.expect("a scenario");
            assert_eq!(found.scenario.id, *scenario);
        }
    }
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 61);
}
