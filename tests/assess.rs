//! The engine against a second evaluator that tries every way of filling in what is missing or not sure.

mod support;

use std::sync::LazyLock;

use eligibility::answers::Answers;
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
