//! The engine against a second evaluator that tries every way of filling in what is missing or not sure.

mod support;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use eligibility::answers::Answers;
use eligibility::assess::{assess, makes_no_difference};
use eligibility::assessment::Assessment;
use eligibility::diagram::{Value, Var};
use eligibility::interview::{Interview, Plan};
use eligibility::question::Section;
use eligibility::rulebook::Rulebook;
use proptest::prelude::*;
use support::brute::Brute;
use support::brute::plain::{Values, each_filling};
use support::invent::{self, Tape};

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(support::builtin);
static BRUTE: LazyLock<Brute<'static>> = LazyLock::new(|| Brute::new(&RULEBOOK));

proptest! {
    #![proptest_config(support::draws(1200))]

    #[test]
    fn invented_rules_mean_what_trying_everything_shows(
        rules in prop::collection::vec(any::<u32>(), 200..400),
        products in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..24), 12..24),
    ) {
        let files = invent::rules(&mut Tape::new(&rules));
        let rulebook = support::sound(&files);
        let brute = Brute::new(&rulebook);
        for (at, product) in products.iter().enumerate() {
            // From all answers given to half of them.
            let answers = invent::answers(&mut Tape::new(product), &rulebook, [2, 4, 100][at % 3]);
            if let Err(difference) = brute.compare(&answers) {
                prop_assert!(false, "{}\n{difference}", invent::shown(&files));
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

/// A proposed answer keeps what no rule looks at, unless it cannot be combined with the rest.
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
        let changes =
            found.changes.known().iter().map(|set| set.changes.iter().map(|c| c.question.words(&c.to)).collect());
        assert_eq!(changes.collect::<Vec<Vec<String>>>(), [[proposed]], "{wanted}");
    }
}

proptest! {
    #![proptest_config(support::draws(300))]

    #[test]
    fn what_is_asked_first_settles_most_and_what_makes_no_difference_changes_nothing(
        rules in prop::collection::vec(any::<u32>(), 200..400),
        product in prop::collection::vec(any::<u32>(), 0..24),
        missing_in in prop::sample::select(vec![2, 4, 100]),
    ) {
        let files = invent::rules(&mut Tape::new(&rules));
        let rulebook = support::sound(&files);
        let brute = Brute::new(&rulebook);
        let answers = invent::answers(&mut Tape::new(&product), &rulebook, missing_in);
        prop_assert_eq!(assess(&rulebook, &answers).ask_first.map(|question| question.id.as_str()), settles_most(&assess(&rulebook, &answers)));
        let given = answers.assignment(&rulebook);
        for (index, question) in rulebook.questions.iter().enumerate() {
            let prepares = rulebook.topics.iter().any(|topic| topic.questions.contains(&index));
            let mut values = brute.values(&answers);
            values[index] = brute.plain.missing(index);
            let tables = brute.named().into_iter().map(|(_, table)| table).chain([&brute.outcome, &brute.fit]);
            let tables = tables.chain(&brute.contradictions);
            let matters = prepares || tables.into_iter().any(|table| table.still_matters(&brute.plain, &values).contains(&index));
            prop_assert_eq!(makes_no_difference(&rulebook, &given, index), !matters, "{} {}", question.id, invent::shown(&files));
        }
    }
}

/// Every combination of values and "not sure" for what the outcome depends on, and each of some hundreds of them, spread
/// over all, with its whole result.
#[test]
fn every_complete_set_of_answers_to_the_built_in_rules_means_what_trying_everything_shows() {
    const WHOLE_RESULT_EVERY: usize = 997;
    let (questions, plain) = (&BRUTE.outcome.questions, &BRUTE.plain);
    let answer = |question: usize, value: usize| {
        let mut values = plain.unassigned();
        values[question] = value;
        let var = RULEBOOK.diagrams.variables().of_question(question)[0];
        (var, plain.written(&values).assignment(&RULEBOOK)[var])
    };
    let answers: Vec<Vec<(Var, Option<Value>)>> = (0..plain.questions())
        .map(|question| {
            let values = if questions.contains(&question) { plain.missing(question) } else { 0 };
            (0..values).map(|value| answer(question, value)).collect()
        })
        .collect();
    let mut given = RULEBOOK.diagrams.variables().unassigned();
    let mut tried = 0;
    let all = |question: usize| (0..plain.missing(question)).collect();
    each_filling(&plain.unassigned(), questions, &all, &mut |values| {
        for question in questions {
            let (var, value) = answers[*question][values[*question]];
            given[var] = value;
        }
        let settled = RULEBOOK.diagrams.settled(RULEBOOK.outcome, &given).map(|outcome| outcome as usize);
        assert_eq!(settled, BRUTE.outcome.settled(values), "{values:?}");
        if tried % WHOLE_RESULT_EVERY == 0 {
            let mut whole = values.clone();
            for question in plain.asked().into_iter().filter(|question| !questions.contains(question)) {
                whole[question] = tried / WHOLE_RESULT_EVERY % plain.missing(question);
            }
            BRUTE.compare(&plain.written(&whole)).unwrap_or_else(|difference| panic!("{difference}"));
        }
        tried += 1;
        true
    });
    assert_eq!(tried, 254_016, "four questions of three answers, three of four, two of seven");
}

/// The most questions that come, asking in order what can still change the outcome or what is told of the criteria.
fn longest(brute: &Brute<'_>, values: &Values) -> usize {
    let Some(question) = brute.wanted(values).first().copied() else { return 0 };
    let answered = (0..brute.plain.missing(question)).map(|value| {
        let mut values = values.clone();
        values[question] = value;
        longest(brute, &values)
    });
    1 + answered.max().unwrap_or(0)
}

/// Every way to answer these questions, or not to be sure.
fn each_answer(brute: &Brute<'_>, values: &Values, questions: &[usize], tried: &mut dyn FnMut(&Values)) {
    let Some((question, others)) = questions.split_first() else { return tried(values) };
    // A text has no values, but one of them is given.
    for value in 0..brute.plain.missing(*question).max(1) {
        let mut values = values.clone();
        values[*question] = value;
        each_answer(brute, &values, others, tried);
    }
}

proptest! {
    #![proptest_config(support::draws(150))]

    #[test]
    fn no_more_questions_come_than_the_interview_says(
        rules in prop::collection::vec(any::<u32>(), 100..300),
        product in prop::collection::vec(any::<u32>(), 0..24),
        missing_in in prop::sample::select(vec![2, 4]),
        changed in prop::collection::vec(any::<bool>(), 24),
    ) {
        let files = invent::rules(&mut Tape::new(&rules));
        let mut rulebook = support::sound(&files);
        support::change_questions(&mut rulebook, &changed);
        let brute = Brute::new(&rulebook);
        let answers = invent::answers(&mut Tape::new(&product), &rulebook, missing_in);
        let sections = BTreeSet::from([Section::Eligibility]);
        let interview = Interview::new(&rulebook, answers.clone(), Plan::only(sections.clone()));
        let values = brute.values(&answers);
        let wanted: Vec<usize> = interview.wanted(Section::Eligibility).into_iter().collect();
        prop_assert_eq!(wanted, brute.wanted(&values));
        // Every question here is about eligibility, so that the bound is the number itself.
        prop_assert_eq!(interview.at_most(&sections), longest(&brute, &values), "{}", invent::shown(&files));
        // Those to be asked again come first, each with any answer.
        let outdated = Answers { rules: Some(support::earlier(&rulebook)), ..answers };
        let interview = Interview::new(&rulebook, outdated, Plan::only(sections.clone()));
        let again: Vec<usize> = interview.answered().into_iter().filter(|index| changed[index % changed.len()]).collect();
        // A topic that one of them prepares counts as one that is not prepared.
        let mut values = values;
        for (topic, asked) in rulebook.topics.iter().enumerate() {
            if asked.questions.iter().any(|index| again.contains(index)) {
                values[brute.plain.questions() + topic] = 0;
            }
        }
        let mut most = 0;
        each_answer(&brute, &values, &again, &mut |values| most = most.max(longest(&brute, values)));
        prop_assert_eq!(interview.at_most(&sections), again.len() + most, "{:?} {}", again, invent::shown(&files));
    }
}
