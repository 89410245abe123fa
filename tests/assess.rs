//! The engine against a second evaluator that tries every way of filling in what is missing or not sure.

mod support;

use std::sync::LazyLock;

use eligibility::answers::{Answers, Entry};
use eligibility::assess::{assess, makes_no_difference};
use eligibility::assessment::Assessment;
use eligibility::question::{Answer, Kind};
use eligibility::rulebook::Rulebook;
use proptest::prelude::*;
use support::brute::Brute;
use support::invent::{self, Tape};

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(support::builtin);
static BRUTE: LazyLock<Brute<'static>> = LazyLock::new(|| Brute::new(&RULEBOOK));

proptest! {
    #![proptest_config(support::draws(400))]

    #[test]
    fn invented_rules_mean_what_trying_everything_shows(
        rules in prop::collection::vec(any::<u32>(), 200..400),
        products in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..24), 1..12),
    ) {
        let files = invent::rules(&mut Tape::new(&rules));
        let rulebook = support::sound(&files);
        let brute = Brute::new(&rulebook);
        for (at, product) in products.iter().enumerate() {
            // From all answers given to half of them.
            let answers = invent::answers(&mut Tape::new(product), &rulebook, [2, 4, 100][at % 3]);
            if let Err(difference) = brute.compare(&answers) {
                let shown = ["questions.yaml", "criteria.yaml", "scenarios.yaml", "fit.yaml", "go_live.yaml"]
                    .map(|name| String::from_utf8_lossy(&files.files[name]).into_owned());
                prop_assert!(false, "{}\n{difference}", shown.concat());
            }
        }
    }
}

proptest! {
    #![proptest_config(support::draws(2000))]

    #[test]
    fn the_built_in_rules_mean_what_trying_everything_shows(
        product in prop::collection::vec(any::<u32>(), 0..60),
        missing_in in prop::sample::select(vec![2, 4, 100]),
    ) {
        let answers = invent::answers(&mut Tape::new(&product), &RULEBOOK, missing_in);
        if let Err(difference) = BRUTE.compare(&answers) {
            prop_assert!(false, "{difference}");
        }
    }
}

/// The question whose answers leave the fewest outcomes on average, the first of those with equally few.
fn settles_most<'r>(found: &Assessment<'r>) -> Option<&'r str> {
    let mut best: Option<(&str, usize, usize)> = None;
    for prospect in &found.prospects {
        let (left, of) = (prospect.answers.iter().map(|(_, left)| left.len()).sum::<usize>(), prospect.answers.len());
        if best.is_none_or(|(_, best_left, best_of)| left * best_of < best_left * of) {
            best = Some((&prospect.question.id, left, of));
        }
    }
    best.map(|(id, ..)| id)
}

#[test]
fn what_is_asked_first_need_not_stand_first() {
    let mut later = 0;
    for draw in 1..400_u32 {
        let numbers: Vec<u32> =
            (0..60).map(|at| draw.wrapping_mul(60).wrapping_add(at).wrapping_mul(0x9e37_79b9) >> 8).collect();
        let answers = invent::answers(&mut Tape::new(&numbers), &RULEBOOK, 2);
        let found = assess(&RULEBOOK, &answers);
        let first = found.ask_first.map(|question| question.id.as_str());
        assert_eq!(first, settles_most(&found));
        later += usize::from(first != found.missing.first().map(|question| question.id.as_str()));
    }
    assert!(later > 10, "{later}");
}

/// A proposed answer keeps what no rule looks at, unless it cannot stand beside the rest.
#[test]
fn a_change_keeps_what_can_stand_beside_it() {
    for (wanted, blocked_by, given, proposed) in [
        ("tools", "nothing_shared", "seeds", "seeds; tools"),
        ("nothing_shared", "nothing_shared", "seeds", "nothing_shared"),
        ("seeds", "produce", "nothing_shared", "seeds"),
    ] {
        let mut files = support::folder("tests/packs/allotment");
        for (name, find, replace) in [
            ("criteria.yaml", "{open_to_neighbours: yes}", format!("{{shared_things: {wanted}}}")),
            ("fit.yaml", "{shared_things: nothing_shared}", format!("{{shared_things: {blocked_by}}}")),
        ] {
            support::replace(&mut files, name, find, &replace);
        }
        let rulebook = support::sound(&files);
        let text =
            format!("product: x\nanswers: {{pesticides: nothing, land_held_by: owned, shared_things: [{given}]}}\n");
        let (answers, _) = eligibility::answers::parse("a.yaml", text.as_bytes(), &rulebook).expect("a valid file");
        let found = assess(&rulebook, &answers);
        let changes = found.changes.iter().map(|set| set.changes.iter().map(|c| c.question.words(&c.to)).collect());
        assert_eq!(changes.collect::<Vec<Vec<String>>>(), [[proposed]], "{wanted}");
    }
}

/// What a product is told, but for the reasons.
fn told(rulebook: &Rulebook, answers: &Answers) -> String {
    let found = assess(rulebook, answers);
    let criteria: Vec<_> = found.criteria.iter().map(|result| (result.status, &result.notes)).collect();
    let owed: Vec<_> = found.go_live.iter().map(|result| (result.status, &result.notes)).collect();
    let findings: Vec<_> = found.fit.findings.iter().map(|result| result.state).collect();
    let scenario = found.scenario.as_ref().map(|result| (&result.scenario.id, &result.notes));
    let prepared: Vec<bool> = found.application.iter().map(eligibility::assessment::TopicResult::prepared).collect();
    let (outcomes, fit) = (&found.possible_outcomes, found.fit.outcome);
    format!("{outcomes:?} {criteria:?} {owed:?} {fit:?} {findings:?} {scenario:?} {prepared:?}")
}

proptest! {
    #![proptest_config(support::draws(300))]

    #[test]
    fn what_is_asked_first_settles_most_and_what_makes_no_difference_changes_nothing(
        rules in prop::collection::vec(any::<u32>(), 200..400),
        product in prop::collection::vec(any::<u32>(), 0..24),
        missing_in in prop::sample::select(vec![2, 4, 100]),
    ) {
        let rulebook = support::sound(&invent::rules(&mut Tape::new(&rules)));
        let answers = invent::answers(&mut Tape::new(&product), &rulebook, missing_in);
        let found = assess(&rulebook, &answers);
        prop_assert_eq!(found.ask_first.map(|question| question.id.as_str()), settles_most(&found));
        for (index, question) in rulebook.questions.iter().enumerate() {
            let options = question.options.len();
            let mut all: Vec<Option<Answer>> = match question.kind {
                Kind::Text => vec![Some(Answer::Text("Words.".to_owned()))],
                Kind::YesNo | Kind::Choice => (0..options).map(|option| Some(Answer::One(option))).collect(),
                Kind::Choices => (0..1 << options)
                    .filter(|chosen: &u64| {
                        chosen.count_ones() < 2 || !question.chosen(*chosen).any(|(_, option)| option.exclusive)
                    })
                    .map(|chosen| Some(Answer::Many(chosen)))
                    .collect(),
            };
            if question.takes_not_sure() {
                all.push(Some(Answer::NotSure));
            }
            let mut others = answers.clone();
            let (mut said, mut decided) = (Vec::new(), Vec::new());
            for answer in all {
                others.entries[index] = answer.map(Entry::bare);
                let letters = others.letters(&rulebook);
                let settled = |function| rulebook.diagrams.settled(function, &letters);
                said.push(told(&rulebook, &others));
                decided.push(rulebook.functions().into_iter().map(settled).collect::<Vec<_>>());
            }
            said.dedup();
            decided.dedup();
            let same = makes_no_difference(&rulebook, &answers, index);
            let missing = (0..answers.entries.len()).any(|other| other != index && answers.get(other).is_none());
            let prepares = rulebook.topics.iter().any(|topic| topic.questions.contains(&index));
            prop_assert!(!same || said.len() == 1, "{} does make a difference: {said:?}", question.id);
            prop_assert!(!same || !prepares, "{} prepares for a topic", question.id);
            prop_assert!(same || missing || prepares || decided.len() > 1, "{} makes no difference", question.id);
        }
    }
}

/// Every combination of values and "not sure" for what the outcome depends on, and each of some hundreds of them, spread
/// over all, with its whole result. The other answers stay missing, which also tries the fit with nothing known.
#[test]
fn every_complete_set_of_answers_to_the_built_in_rules_means_what_trying_everything_shows() {
    const WHOLE_RESULT_EVERY: usize = 97;
    let mut tried = 0;
    each_complete(&mut |answers| {
        BRUTE.compare_settled(answers);
        if tried % WHOLE_RESULT_EVERY == 0
            && let Err(difference) = BRUTE.compare(answers)
        {
            panic!("{difference}");
        }
        tried += 1;
    });
    assert_eq!(tried, 54_675, "seven questions of three answers, two of five");
}

fn each_complete(visit: &mut impl FnMut(&Answers)) {
    let questions = BRUTE.outcome_questions();
    let mut letters = BRUTE.nothing();
    for question in questions {
        letters[*question] = 0;
    }
    loop {
        visit(&BRUTE.answers(&letters));
        let Some(next) = questions.iter().position(|question| letters[*question] < BRUTE.not_sure(*question)) else {
            return;
        };
        letters[questions[next]] += 1;
        for question in &questions[..next] {
            letters[*question] = 0;
        }
    }
}
