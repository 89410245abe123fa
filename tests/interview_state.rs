//! The interview as a pure state machine: every way through it ends, with the outcome that the assessment gives, and
//! never takes longer than it said.

#![allow(clippy::unwrap_used, reason = "a test stops where the project is not as it must be")]

mod support;

use std::collections::BTreeSet;

use eligibility::answers::{Answers, Entry};
use eligibility::assess::{assess, is_hidden};
use eligibility::assessment::{FitOutcome, TopicResult};
use eligibility::interview::{Interview, Plan};
use eligibility::question::{Answer, Kind, Question, Section};
use eligibility::rulebook::{Outcome, Rulebook, Status};
use proptest::prelude::*;

/// The rules every property is tried on.
fn rulebooks() -> [Rulebook; 2] {
    [support::builtin(), support::sound(&support::folder("tests/packs/allotment"))]
}

/// An answer to a question, chosen by a number.
fn answer(question: &Question, number: u64) -> Answer {
    let options = question.options.len() as u64;
    match question.kind {
        Kind::Text => Answer::Text(format!("text {number}")),
        Kind::YesNo | Kind::Choice if !question.takes_not_sure() => {
            Answer::One(usize::try_from(number % options).unwrap())
        }
        Kind::YesNo | Kind::Choice if number % (options + 1) == options => Answer::NotSure,
        Kind::YesNo | Kind::Choice => Answer::One(usize::try_from(number % (options + 1)).unwrap()),
        Kind::Choices if number.is_multiple_of(7) => Answer::NotSure,
        Kind::Choices => match question.none() {
            Some(_) if number.is_multiple_of(5) => Answer::Many(0),
            Some(none) => Answer::Many(number & ((1 << options) - 1) & !(1 << none)),
            // None of them is no answer where no option says so.
            None => Answer::Many(1.max(number & ((1 << options) - 1))),
        },
    }
}

/// Answers to some of the questions: those whose number is below a half.
fn partial(rulebook: &Rulebook, numbers: &[u64]) -> Answers {
    let mut answers = Answers::blank(rulebook, "Any product");
    for (index, question) in rulebook.questions.iter().enumerate() {
        let number = numbers[index % numbers.len()];
        if number.is_multiple_of(2) {
            answers.entries[index] = Some(Entry::bare(answer(question, number / 2)));
        }
    }
    answers
}

fn plans() -> Vec<Plan> {
    let mut plans = vec![Plan::first(), Plan::only(Section::ALL), Plan::only(Section::ALL).in_full()];
    plans.extend(Section::ALL.map(|section| Plan::only([section])));
    plans.push(Plan::only([Section::Fit, Section::Application]));
    plans.push(Plan::only([Section::Eligibility]).in_full());
    plans
}

/// Whether nothing that the sections decide is left open.
fn settled(rulebook: &Rulebook, answers: &Answers, plan: &Plan) -> bool {
    let assessment = assess(rulebook, answers);
    plan.sections.iter().all(|section| match section {
        Section::Eligibility => assessment.outcome != Outcome::Incomplete,
        Section::Fit => assessment.fit.outcome != FitOutcome::Unknown,
        // "Not sure" leaves a topic unprepared, but is an answer.
        Section::Application => assessment.application.iter().all(|result| {
            TopicResult::prepared(result)
                || result.topic.questions.iter().all(|index| {
                    answers.get(*index).is_some() || is_hidden(rulebook, &answers.assignment(rulebook), *index)
                })
        }),
        Section::GoLive => assessment.go_live.iter().all(|owed| owed.status != Status::Unknown),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_way_through_ends_settled_and_within_its_bound(
        numbers in prop::collection::vec(any::<u64>(), 32),
        replies in prop::collection::vec(any::<u64>(), 64),
        changed in prop::collection::vec(any::<bool>(), 24),
        outdated in any::<bool>(),
        plan in 0_usize..9,
    ) {
        for mut rulebook in rulebooks() {
            support::change_questions(&mut rulebook, &changed);
            let plan = plans()[plan].clone();
            let rules = outdated.then(|| support::earlier(&rulebook));
            let answers = Answers { rules, ..partial(&rulebook, &numbers) };
            let mut interview = Interview::new(&rulebook, answers, plan);
            let plan = interview.plan.clone();
            let mut left = interview.at_most(&plan.sections);
            let mut asked = BTreeSet::new();
            for reply in &replies {
                let Some(question) = interview.next() else { break };
                prop_assert!(asked.insert(question), "asked twice");
                prop_assert!(left > 0, "a question beyond the bound");
                let after = interview.at_most_after(question);
                prop_assert!(after < left, "{after} after {left}");
                interview.answer(question, answer(&rulebook.questions[question], *reply));
                left = interview.at_most(&plan.sections);
                prop_assert!(left <= after, "{left} after at most {after}");
            }
            prop_assert_eq!(interview.next(), None);
            prop_assert_eq!(left, 0);
            prop_assert!(settled(&rulebook, &interview.answers, &plan));
        }
    }

    #[test]
    fn a_question_comes_only_if_its_answer_can_still_change_something(
        numbers in prop::collection::vec(any::<u64>(), 32),
    ) {
        for rulebook in rulebooks() {
            let interview = Interview::new(&rulebook, partial(&rulebook, &numbers), Plan::first());
            let assessment = assess(&rulebook, &interview.answers);
            let missing = assessment.missing.iter().chain(&assessment.also_missing);
            let missing: BTreeSet<&str> = missing.map(|question| question.id.as_str()).collect();
            let wanted = interview.wanted(Section::Eligibility);
            let wanted: BTreeSet<&str> = wanted.iter().map(|index| rulebook.questions[*index].id.as_str()).collect();
            // What narrows the scenarios that are possible comes too; tests/assess.rs has it exactly.
            prop_assert!(wanted.is_superset(&missing), "{wanted:?} {missing:?}");
        }
    }

    /// Otherwise the interview would ask what the rules say not to ask.
    #[test]
    fn what_is_certainly_not_to_be_asked_never_matters(numbers in prop::collection::vec(any::<u64>(), 32)) {
        for rulebook in rulebooks() {
            for plan in [Plan::first(), Plan::only(Section::ALL).in_full()] {
                let interview = Interview::new(&rulebook, partial(&rulebook, &numbers), plan);
                for section in Section::ALL {
                    for question in interview.wanted(section) {
                        prop_assert!(!interview.is_hidden(question), "{}", rulebook.questions[question].id);
                    }
                }
            }
        }
    }

    #[test]
    fn a_bound_is_never_larger_than_what_is_missing(numbers in prop::collection::vec(any::<u64>(), 32)) {
        for rulebook in rulebooks() {
            let interview = Interview::new(&rulebook, partial(&rulebook, &numbers), Plan::only(Section::ALL));
            let wanted: BTreeSet<usize> = Section::ALL.iter().flat_map(|section| interview.wanted(*section)).collect();
            prop_assert!(interview.at_most(&interview.plan.sections) <= wanted.len());
        }
    }
}

/// Where one diagram decides, the bound is not only true but reached by some way through.
#[test]
fn from_the_start_the_bound_is_reached() {
    fn longest(interview: &Interview<'_>) -> usize {
        let Some(question) = interview.next() else { return 0 };
        let asked = &interview.rulebook.questions[question];
        let answers = (0..asked.options.len()).map(Answer::One).chain([Answer::NotSure]);
        let after = answers.map(|answer| {
            let mut then = interview.clone();
            then.answer(question, answer);
            longest(&then)
        });
        1 + after.max().unwrap_or(0)
    }
    for rulebook in rulebooks() {
        let interview = Interview::new(&rulebook, Answers::blank(&rulebook, "Any product"), Plan::first());
        assert_eq!(interview.at_most(&interview.plan.sections), longest(&interview));
    }
}

#[test]
fn answers_that_no_longer_apply_are_kept_and_do_not_count() {
    let rulebook = support::builtin();
    let mut answers = Answers::blank(&rulebook, "Any product");
    let index = |id: &str| rulebook.question(id).expect("a known question").0;
    let value = |id: &str, value: &str| rulebook.questions[index(id)].option(value).expect("a known value");
    answers.entries[index("stage")] = Some(Entry::bare(Answer::One(0)));
    answers.entries[index("native_verification")] = Some(Entry::bare(Answer::One(0)));
    let mut interview = Interview::new(&rulebook, answers, Plan::first());
    assert_eq!(interview.not_applicable(), BTreeSet::new());
    interview.answer(index("stage"), Answer::One(value("stage", "in_development")));
    assert_eq!(interview.not_applicable(), BTreeSet::from([index("native_verification")]));
    assert!(interview.answers.get(index("native_verification")).is_some());
    interview.answer(index("stage"), Answer::One(value("stage", "pilot")));
    assert_eq!(interview.not_applicable(), BTreeSet::new(), "it may count as live");
    interview.answer(index("stage"), Answer::NotSure);
    assert_eq!(interview.not_applicable(), BTreeSet::new());
}

#[test]
fn an_interview_goes_on_in_the_section_in_which_it_stopped() {
    let rules = Rulebook::builtin().expect("sound rules");
    let next = |file: String| {
        let (answers, _) = rules.read_answers("answers.yaml", file.as_bytes()).expect("an answers file");
        let next = Interview::new(&rules, answers, Plan::first()).next();
        next.map(|index| rules.questions[index].section)
    };
    let eligible = include_str!("../examples/framework_only.yaml");
    let eligible = &eligible[..eligible.find("  login_use").expect("the first question about the fit")];
    assert_eq!(next(eligible.to_owned()), None, "the other sections are offered");
    assert_eq!(next(format!("{eligible}  login_use: repeat_sign_in\n")), Some(Section::Fit));
}
