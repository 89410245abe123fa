//! The conversation, held with a script that checks what it is asked: back, review, explanations, evidence, what is
//! left for now, what is saved and when.

mod support;

use std::collections::VecDeque;

use eligibility::answers::{AnsweredAgainst, Answers, Edit, Entry};
use eligibility::interview::{End, Halt, Interview, Plan, before_you_start, hold};
use eligibility::prompter::{Message, Prompt, Prompter, Reply, ReplyKind, Stop};
use eligibility::question::{Answer, Kind, Section};
use eligibility::rulebook::Rulebook;
use proptest::prelude::*;
use support::invent::Tape;

/// Replies in order, each meant for one prompt; keeps what it was told and shown.
struct Script {
    replies: VecDeque<(&'static str, Reply)>,
    told: Vec<String>,
    asked: Vec<String>,
}

impl Script {
    fn new(replies: impl IntoIterator<Item = (&'static str, Reply)>) -> Self {
        Self { replies: replies.into_iter().collect(), told: Vec::new(), asked: Vec::new() }
    }

    fn was_told(&self, words: &str) -> bool {
        self.told.iter().any(|told| told.contains(words))
    }
}

impl Prompter for Script {
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        let previous = prompt.previous.as_ref().map_or_else(String::new, |previous| format!(" {previous:?}"));
        let progress = prompt.progress.as_deref().map_or_else(String::new, |progress| format!(" ({progress})"));
        self.asked.push(format!("{}{progress}{previous}", prompt.id));
        let Some((id, reply)) = self.replies.pop_front() else { return Err(Stop::EndOfInput) };
        assert_eq!(id, prompt.id, "asked so far: {:#?}", self.asked);
        if let Reply::Answer(Answer::One(item)) = &reply {
            let offered = prompt.items.len();
            assert!(*item < offered, "{id} has only {offered} items");
        }
        Ok(reply)
    }

    fn tell(&mut self, message: &Message) {
        self.told.push(match message {
            Message::Heading(title, intro) => format!("{title}\n{intro}"),
            Message::Plain(text) => text.clone(),
            Message::List(lead, points) => format!("{lead}\n{}", points.join("\n")),
            Message::Pairs(lead, pairs) => {
                pairs.iter().fold(lead.clone(), |told, (what, answer)| format!("{told}\n{what} {answer}"))
            }
        });
    }
}

/// A conversation with the invented garden rules.
struct Talk {
    rulebook: Rulebook,
}

struct Held {
    script: Script,
    saved: Vec<String>,
    answers: Answers,
    end: Result<End, String>,
}

impl Talk {
    fn new() -> Self {
        Self { rulebook: support::sound(&support::folder("tests/packs/allotment")) }
    }

    fn hold(&self, answers: Answers, plan: Plan, replies: Vec<(&'static str, Reply)>) -> Held {
        let mut interview = Interview::new(&self.rulebook, answers, plan);
        let mut script = Script::new(replies);
        let mut saved = Vec::new();
        let end = hold(&mut interview, &mut script, &mut |save| {
            saved.push(match save {
                Edit::Product(name) => format!("product = {name}"),
                Edit::Organisation(name) => format!("organisation = {}", name.unwrap_or("nothing")),
                Edit::Answer(index, answer) => {
                    let question = &self.rulebook.questions[index];
                    format!("{} = {}", question.id, answer.map_or("nothing".into(), |answer| question.words(answer)))
                }
                Edit::Rules => "rules".to_owned(),
                Edit::Evidence(index, evidence) => {
                    format!("{} by {}", self.rulebook.questions[index].id, evidence.unwrap_or("nothing"))
                }
            });
            Ok::<(), String>(())
        });
        let end = end.map_err(|halt| match halt {
            Halt::Stopped(stop) => format!("{stop:?}"),
            Halt::NotSaved(error) => error,
        });
        Held { script, saved, answers: interview.answers, end }
    }

    fn blank(&self) -> Answers {
        Answers::blank(&self.rulebook, "")
    }

    fn with(&self, given: &[(&str, Answer)]) -> Answers {
        let mut answers = Answers::blank(&self.rulebook, "Cinder Lane");
        answers.organisation = Some("Cinder Lane Gardeners".to_owned());
        for (id, answer) in given {
            answers.entries[self.rulebook.question(id).expect("a known question").0] =
                Some(Entry::bare(answer.clone()));
        }
        answers
    }
}

fn one(item: usize) -> Reply {
    Reply::Answer(Answer::One(item))
}

fn text(words: &str) -> Reply {
    Reply::Answer(Answer::Text(words.to_owned()))
}

const YES: usize = 0;
const NO: usize = 1;

/// Answers about a garden on leased land.
fn leased() -> [(&'static str, Answer); 4] {
    [
        ("open_to_neighbours", Answer::One(YES)),
        ("pesticides", Answer::One(0)),
        ("land_held_by", Answer::One(1)),
        ("long_lease", Answer::One(YES)),
    ]
}

#[test]
fn a_whole_conversation_saves_each_answer_and_offers_each_section() {
    let talk = Talk::new();
    let held = talk.hold(
        talk.blank(),
        Plan::first(),
        vec![
            ("product", text("Cinder Lane")),
            ("organisation", text("Cinder Lane Gardeners")),
            ("open_to_neighbours", one(YES)),
            ("pesticides", one(0)),
            ("land_held_by", one(1)),
            ("long_lease", one(YES)),
            ("long_lease.evidence", text("Lease of 2 February")),
            ("next", one(1)),
            ("shared_things", Reply::Answer(Answer::Many(0b11))),
            ("number_of_plots", one(0)),
            ("next", one(1)),
            ("garden_story", Reply::Skip),
            ("next", one(1)),
            ("water_tested", one(YES)),
            ("water_tested.evidence", Reply::Skip),
            ("review", one(2)),
            ("garden_story", Reply::Skip),
            ("review", one(0)),
        ],
    );
    assert_eq!(held.end, Ok(End::Finished), "{:#?}", held.script.asked);
    assert!(held.script.replies.is_empty());
    assert_eq!(
        held.saved,
        [
            "product = Cinder Lane",
            "organisation = Cinder Lane Gardeners",
            "open_to_neighbours = yes",
            "pesticides = nothing",
            "land_held_by = leased",
            "long_lease = yes",
            "long_lease by Lease of 2 February",
            "shared_things = seeds; tools",
            "number_of_plots = up_to_ten",
            "water_tested = yes",
        ]
    );
    assert!(held.script.was_told("Not answered yet:\nHow did the garden start?"), "{:#?}", held.script.told);
}

#[test]
fn the_organisation_is_asked_until_something_is_answered() {
    let talk = Talk::new();
    let named = || Answers { organisation: None, ..talk.with(&[]) };
    let held = talk.hold(named(), Plan::first(), vec![("organisation", Reply::Quit)]);
    assert_eq!(held.end, Ok(End::Quit), "{:#?}", held.script.asked);
    let file = b"product: Cinder Lane\nanswers: {}\n";
    let (file, _) = eligibility::answers::parse("answers.yaml", file, &talk.rulebook).expect("a file");
    let held =
        talk.hold(file, Plan::first(), vec![("organisation", text("Gardeners")), ("open_to_neighbours", Reply::Quit)]);
    assert_eq!(held.saved, ["organisation = Gardeners"], "{:#?}", held.script.asked);
    let answered = Answers { organisation: None, ..talk.with(&[("open_to_neighbours", Answer::One(YES))]) };
    let held = talk.hold(answered, Plan::first(), vec![("pesticides", Reply::Quit)]);
    assert!(held.end.is_ok() && held.saved.is_empty(), "{:#?}", held.script.asked);
}

#[test]
fn every_text_can_be_taken_away_in_the_review() {
    let talk = Talk::new();
    let mut answers = talk.with(&leased());
    let story = talk.rulebook.question("garden_story").expect("a known question").0;
    answers.entries[story] = Some(Entry::bare(Answer::Text("A railway yard".to_owned())));
    let lease = talk.rulebook.question("long_lease").expect("a known question").0;
    answers.entries[lease].as_mut().expect("an answer").evidence = Some("Lease of 2 February".to_owned());
    let held = talk.hold(
        answers,
        Plan::only([Section::Eligibility]),
        vec![
            ("review", one(1)),
            ("change", one(1)),
            ("organisation", Reply::Skip),
            ("review", one(1)),
            ("change", one(5)),
            ("long_lease", one(YES)),
            ("long_lease.evidence", Reply::Skip),
            ("review", one(1)),
            ("change", one(6)),
            ("garden_story", Reply::Skip),
            ("review", one(0)),
        ],
    );
    assert_eq!(held.end, Ok(End::Finished), "{:#?}", held.script.asked);
    assert_eq!(held.saved, ["organisation = nothing", "long_lease by nothing", "garden_story = nothing"]);
    assert!(
        held.answers.organisation.is_none()
            && held.answers.entries[lease].as_ref().expect("an answer").evidence.is_none()
    );
}

#[test]
fn back_goes_through_every_step_and_later_answers_are_kept() {
    let talk = Talk::new();
    let held = talk.hold(
        talk.blank(),
        Plan::first(),
        vec![
            ("product", text("Cinder Lane")),
            ("organisation", Reply::Skip),
            ("open_to_neighbours", one(YES)),
            ("pesticides", one(0)),
            ("land_held_by", Reply::Back),
            ("pesticides", Reply::Back),
            ("open_to_neighbours", Reply::Back),
            ("organisation", Reply::Back),
            ("product", text("Cinder Lane Garden")),
            // Both answers stood, so the first question without one comes next, and back still finds them.
            ("land_held_by", Reply::Back),
            ("pesticides", one(0)),
            ("land_held_by", one(0)),
            ("next", Reply::Back),
            ("land_held_by", Reply::Quit),
        ],
    );
    assert_eq!(held.end, Ok(End::Quit), "{:#?}", held.script.asked);
    assert_eq!(held.answers.product, "Cinder Lane Garden");
    assert_eq!(
        held.script.asked,
        [
            "product",
            "organisation",
            "open_to_neighbours (Question 1, at most 3 left)",
            "pesticides (Question 2, at most 2 left)",
            "land_held_by (Question 3, at most 1 left)",
            "pesticides (Question 2, at most 2 left) One(0)",
            "open_to_neighbours (Question 1, at most 2 left) One(0)",
            "organisation",
            "product Text(\"Cinder Lane\")",
            "land_held_by (Question 3, at most 1 left)",
            "pesticides (Question 2, at most 2 left) One(0)",
            "land_held_by (Question 3, at most 1 left)",
            "next",
            "land_held_by (Question 3, at most 1 left) One(0)",
        ]
    );
}

#[test]
fn a_change_says_what_it_does_and_deletes_nothing() {
    let talk = Talk::new();
    let answers = talk.with(&leased());
    let held = talk.hold(
        answers,
        Plan::only([Section::Eligibility]),
        vec![
            ("review", one(1)),
            ("change", one(4)),
            ("land_held_by", one(2)),
            ("review", one(1)),
            ("change", Reply::Back),
            ("review", one(0)),
        ],
    );
    assert_eq!(held.end, Ok(End::Finished), "{:#?}", held.script.asked);
    assert_eq!(held.saved, ["land_held_by = borrowed"]);
    assert!(held.script.was_told("The outcome was:"), "{:#?}", held.script.told);
    assert!(
        held.script
            .was_told("No longer applies, but stays in the file: Does the lease run for five years or more? Yes"),
        "{:#?}",
        held.script.told
    );
    assert!(held.script.was_told("These do not apply at the moment, but stay in the file:"));
    assert!(held.answers.entries.iter().flatten().count() == 4);
}

#[test]
fn the_evidence_for_an_answer_goes_with_it() {
    let talk = Talk::new();
    let mut answers = talk.with(&leased());
    let lease = talk.rulebook.question("long_lease").expect("a known question").0;
    let entry = answers.entries[lease].as_mut().expect("an answer");
    (entry.evidence, entry.note) = (Some("Lease of 2 February".to_owned()), Some("Ask Ann".to_owned()));
    let replies = vec![("review", one(1)), ("change", one(5)), ("long_lease", one(NO)), ("review", one(0))];
    let held = talk.hold(answers, Plan::only([Section::Eligibility]), replies);
    assert_eq!(held.end, Ok(End::Finished), "{:#?}", held.script.asked);
    assert_eq!(held.saved, ["long_lease = no", "long_lease by nothing"]);
    assert!(held.script.was_told("no longer in the file: Lease of 2 February"), "{:#?}", held.script.told);
    let entry = held.answers.entries[lease].as_ref().expect("an answer");
    assert_eq!((entry.evidence.as_deref(), entry.note.as_deref()), (None, Some("Ask Ann")));
}

#[test]
fn asking_why_explains_and_asks_again() {
    let talk = Talk::new();
    let held = talk.hold(
        talk.with(&[]),
        Plan::first(),
        vec![("open_to_neighbours", Reply::Explain), ("open_to_neighbours", Reply::Quit)],
    );
    assert_eq!(held.end, Ok(End::Quit));
    assert!(held.script.was_told("We ask this because it counts towards:\ncriterion"), "{:#?}", held.script.told);
    assert!(
        held.script.was_told("\n\"Yes\": criterion 1 is met; any outcome is still possible; at most 3 questions left.")
    );
    assert!(held.script.was_told("Source: "));
}

#[test]
fn a_review_can_be_seen_at_any_time_and_left_again() {
    let talk = Talk::new();
    let held = talk.hold(
        talk.with(&[("open_to_neighbours", Answer::One(YES))]),
        Plan::first(),
        vec![("pesticides", Reply::Review), ("review", Reply::Back), ("pesticides", Reply::Quit)],
    );
    assert_eq!(held.end, Ok(End::Quit), "{:#?}", held.script.asked);
    assert!(held.script.was_told("Check your answers"));
}

#[test]
fn an_answer_that_decides_ends_the_section_and_the_rest_is_offered() {
    let talk = Talk::new();
    let held = talk.hold(
        talk.with(&[]),
        Plan::first(),
        vec![("open_to_neighbours", one(NO)), ("next", one(1)), ("pesticides", one(0)), ("land_held_by", Reply::Quit)],
    );
    assert_eq!(held.end, Ok(End::Quit), "{:#?}", held.script.asked);
}

#[test]
fn once_a_criterion_is_not_met_the_report_comes_first_and_nothing_is_asked_unless_it_is_wanted() {
    let talk = Talk::new();
    let first = |name: &'static str| (name, one(0));
    let fails = ("open_to_neighbours", one(NO));
    let held = talk.hold(talk.with(&[]), Plan::first(), vec![fails.clone(), first("next"), first("review")]);
    assert_eq!(held.end, Ok(End::Finished), "{:#?}", held.script.asked);
    // Another section is asked from by itself, and what was broken off is offered again.
    let held = talk.hold(
        talk.with(&[]),
        Plan::first(),
        vec![
            fails,
            ("next", one(2)),
            ("shared_things", Reply::Answer(Answer::Many(0))),
            ("next", one(1)),
            first("pesticides"),
            first("land_held_by"),
            ("next", Reply::Quit),
        ],
    );
    assert_eq!(held.end, Ok(End::Quit), "{:#?}", held.script.asked);
    assert_eq!(held.saved[1], "shared_things = nothing_shared");
}

#[test]
fn a_change_in_the_review_after_which_a_criterion_is_not_met_leads_back_to_the_review() {
    let talk = Talk::new();
    let answers = talk.with(&[
        ("open_to_neighbours", Answer::One(YES)),
        ("pesticides", Answer::One(0)),
        ("land_held_by", Answer::One(0)),
    ]);
    let held = talk.hold(
        answers,
        Plan::first(),
        vec![
            ("next", one(0)),
            ("review", one(1)),
            ("change", one(3)),
            ("pesticides", one(2)),
            ("review", one(1)),
            ("change", one(4)),
            // A lease would have to be asked about, if it could still matter.
            ("land_held_by", one(1)),
            ("review", one(0)),
        ],
    );
    assert_eq!(held.end, Ok(End::Finished), "{:#?}", held.script.asked);
    assert!(held.script.was_told("was met, is now not met."), "{:#?}", held.script.told);
    assert!(held.script.was_told("was met, is now still open."), "{:#?}", held.script.told);
}

#[test]
fn a_change_that_changes_the_next_question_is_not_said_to_change_nothing() {
    let talk = Talk { rulebook: support::builtin() };
    let given = [("stage", Answer::One(0))];
    let held = talk.hold(
        talk.with(&given),
        Plan::first(),
        vec![("gp_registered_patients", Reply::Back), ("stage", one(1)), ("gp_registered_patients", Reply::Quit)],
    );
    assert_eq!(held.end, Ok(End::Quit), "{:#?}", held.script.asked);
    assert!(held.script.was_told("Your change affects which questions come next."), "{:#?}", held.script.told);
    assert!(!held.script.was_told("Your change makes no difference to the results."), "{:#?}", held.script.told);
}

#[test]
fn answers_that_cannot_all_be_true_are_told_when_they_are_given() {
    let mut files = support::folder("tests/packs/allotment");
    let text = "contradictions:\n  - id: soap_and_chemicals\n    when: {pesticides: nothing, land_held_by: borrowed}\n    \
                says: Look at both again.\n    source: {page: guide, section: Who can join}\n    basis: interpretation\n    \
                reasoning: For the test.\n";
    files.files.insert("contradictions.yaml".to_owned(), text.as_bytes().into());
    let talk = Talk { rulebook: support::sound(&files) };
    let told = "These answers cannot all be true:\nWhat do gardeners spray on their plots? Nothing\n\
                How do you hold the land? Somebody lets us use it";
    let given = [("open_to_neighbours", Answer::One(YES)), ("pesticides", Answer::One(0))];
    let replies =
        vec![("land_held_by", one(2)), ("next", Reply::Back), ("land_held_by", one(2)), ("next", Reply::Quit)];
    let held = talk.hold(talk.with(&given), Plan::first(), replies);
    assert!(held.script.was_told(told) && held.script.was_told("Look at both again."), "{:#?}", held.script.told);
    assert_eq!(held.script.told.iter().filter(|words| words.contains("cannot all")).count(), 1, "told once");
    let answers = talk.with(&[given[1].clone(), ("land_held_by", Answer::One(2))]);
    let held = talk.hold(answers, Plan::first(), vec![("open_to_neighbours", Reply::Quit)]);
    assert!(held.script.was_told(told), "{:#?}", held.script.told);
}

#[test]
fn what_several_answers_would_do_alike_is_told_once() {
    let talk = Talk::new();
    let given =
        [("open_to_neighbours", Answer::One(YES)), ("pesticides", Answer::One(0)), ("land_held_by", Answer::One(0))];
    let held = talk.hold(
        talk.with(&given),
        Plan::only([Section::Fit]),
        vec![("shared_things", Reply::Explain), ("shared_things", Reply::Quit)],
    );
    let told = held.script.told.iter().find(|words| words.starts_with("What each answer would do:")).expect("effects");
    for label in ["Seeds", "Tools", "Fruit and vegetables", "Nothing", "Not sure"] {
        assert!(told.matches(label).count() == 1, "{label}: {told}");
    }
    let effects: Vec<&str> = told.lines().filter_map(|line| line.split_once(": ")).map(|(_, effect)| effect).collect();
    assert!(effects.iter().all(|effect| effects.iter().filter(|other| other == &effect).count() == 1), "{told}");
}

#[test]
fn the_questions_of_the_call_come_in_the_order_of_its_topics() {
    let rulebook = support::builtin();
    let interview = Interview::new(&rulebook, Answers::blank(&rulebook, "Any"), Plan::only([Section::Application]));
    let asked = interview.in_order(Section::Application);
    let topics: Vec<usize> = rulebook.topics.iter().flat_map(|topic| topic.questions.iter().copied()).collect();
    assert_eq!(asked, topics);
    assert_eq!(interview.next(), topics.first().copied());
}

#[test]
fn what_to_know_comes_before_the_first_question() {
    let talk = Talk::new();
    let interview = Interview::new(&talk.rulebook, talk.blank(), Plan::first());
    let Message::List(_, points) = before_you_start(&interview, "garden.yaml") else { panic!("a list") };
    for words in ["about 2 minutes", "a copy of the lease", "Nothing leaves your machine", "garden.yaml"] {
        assert!(points.iter().any(|point| point.contains(words)), "{words}: {points:#?}");
    }
}

#[test]
fn what_cannot_be_saved_stops_the_conversation() {
    let talk = Talk::new();
    let mut interview = Interview::new(&talk.rulebook, talk.with(&[]), Plan::first());
    let mut script = Script::new([("open_to_neighbours", one(YES))]);
    let end = hold(&mut interview, &mut script, &mut |_| Err("the disk is full"));
    assert!(matches!(end, Err(Halt::NotSaved("the disk is full"))));
    assert!(interview.answers.get(0).is_none(), "an answer that was not saved must not be taken");
}

/// The garden rules at a later version, in which one question has changed.
fn later(version: &str) -> Rulebook {
    let mut files = support::folder("tests/packs/allotment");
    let mut change = |file: &str, from: &str, to: &str| support::replace(&mut files, file, from, to);
    change("manifest.yaml", "version: 0.1.0", &format!("version: {version}"));
    change(
        "questions.yaml",
        "    prompt: What do gardeners spray on their plots?\n",
        "    prompt: What do gardeners spray on their plots?\n    changed: {version: 0.2.0, why: Slug pellets count now.}\n",
    );
    support::sound(&files)
}

fn answered_against(version: &str, given: &[(&str, Answer)]) -> Answers {
    let named = AnsweredAgainst { id: "green_plots".to_owned(), version: version.to_owned(), digest: None };
    Answers { rules: Some(named), ..Talk::new().with(given) }
}

#[test]
fn after_a_change_of_the_rules_only_what_is_affected_is_asked_again() {
    let talk = Talk { rulebook: later("0.2.0") };
    let given = [("open_to_neighbours", Answer::One(YES)), ("pesticides", Answer::One(0))];
    let held = talk.hold(
        answered_against("0.1.0", &given),
        Plan::first(),
        vec![("pesticides", one(0)), ("land_held_by", Reply::Quit)],
    );
    assert_eq!(held.end, Ok(End::Quit), "{:#?}", held.script.asked);
    assert!(
        held.script.was_told(
            "The rules have changed since you answered, from version 0.1.0 to 0.2.0. You will be asked again:\n\
             What do gardeners spray on their plots? Slug pellets count now."
        ),
        "{:#?}",
        held.script.told
    );
    assert!(held.script.was_told("Asked again: Slug pellets count now."));
    assert!(held.script.asked[0].ends_with("One(0)"), "with the earlier answer: {:?}", held.script.asked);
    assert_eq!(held.saved, ["rules"], "the answer is the same, so only the version changes");
}

#[test]
fn questions_asked_again_count_from_those_that_need_not_be_and_can_be_gone_back_to() {
    let mut talk = Talk::new();
    support::change_questions(&mut talk.rulebook, &[false, true, true]);
    let held = talk.hold(
        Answers { rules: Some(support::earlier(&talk.rulebook)), ..talk.with(&leased()) },
        Plan::only([Section::Eligibility]),
        vec![
            ("pesticides", one(0)),
            ("land_held_by", Reply::Back),
            ("pesticides", Reply::Back),
            ("long_lease", Reply::Back),
            ("open_to_neighbours", one(YES)),
            ("land_held_by", one(1)),
            ("review", Reply::Quit),
        ],
    );
    assert_eq!(held.end, Ok(End::Quit), "{:#?}", held.script.asked);
    let numbers = held.script.asked.iter().filter_map(|asked| asked.split(['(', ',']).nth(1));
    let expected = ["3", "4", "3", "2", "1", "4"].map(|number| format!("Question {number}"));
    assert_eq!(numbers.collect::<Vec<_>>(), expected, "{:#?}", held.script.asked);
    assert_eq!(held.saved, ["rules"], "all were confirmed");
    assert!(held.script.was_told("Go through all of them before you stop."), "{:#?}", held.script.told);
}

#[test]
fn a_text_that_is_asked_again_and_left_out_is_done_with() {
    let mut talk = Talk::new();
    let (index, _) = talk.rulebook.question("garden_story").expect("a question");
    let mut changed = vec![false; index];
    changed.push(true);
    support::change_questions(&mut talk.rulebook, &changed);
    let given = talk.with(&[("garden_story", Answer::Text("Long ago.".to_owned()))]);
    let held = talk.hold(
        Answers { rules: Some(support::earlier(&talk.rulebook)), ..given },
        Plan::only([Section::Eligibility]),
        vec![("garden_story", Reply::Skip), ("open_to_neighbours", Reply::Quit)],
    );
    assert_eq!(held.saved, ["garden_story = nothing", "rules"], "{:#?}", held.script.asked);
}

#[test]
fn a_change_of_the_rules_that_affects_nothing_is_said_and_noted() {
    let talk = Talk { rulebook: later("0.2.0") };
    let given = [("open_to_neighbours", Answer::One(YES))];
    let held = talk.hold(answered_against("0.1.0", &given), Plan::first(), vec![("pesticides", Reply::Quit)]);
    assert!(held.script.was_told("None of your answers is affected."));
    assert_eq!(held.saved, ["rules"]);
}

#[test]
fn an_edit_of_the_rules_without_a_version_is_noticed_by_their_digest() {
    let talk = Talk::new();
    let given = [("open_to_neighbours", Answer::One(YES))];
    let with = |digest: &str| {
        let mut answers = answered_against("0.1.0", &given);
        answers.rules.as_mut().expect("rules").digest = Some(digest.to_owned());
        talk.hold(answers, Plan::first(), vec![("pesticides", Reply::Quit)])
    };
    let words = "The rules were edited after you answered";
    assert!(with("00").script.was_told(words));
    assert!(!with(&talk.rulebook.digest).script.was_told(words));
}

#[test]
fn answers_given_beforehand_are_saved_told_and_not_asked() {
    let talk = Talk::new();
    let mut interview = Interview::new(&talk.rulebook, talk.blank(), Plan::first());
    interview.preset = vec![(0, Answer::One(YES)), (1, Answer::One(0))];
    let mut script = Script::new([
        ("product", text("Cinder Lane")),
        ("organisation", Reply::Skip),
        ("land_held_by", Reply::Back),
        ("organisation", Reply::Back),
        ("pesticides", Reply::Back),
        ("open_to_neighbours", Reply::Quit),
    ]);
    let mut saved = 0;
    let end = hold(&mut interview, &mut script, &mut |_| {
        saved += 1;
        Ok::<(), ()>(())
    });
    assert!(matches!(end, Ok(End::Quit)), "{:#?}", script.asked);
    assert_eq!(saved, 3, "the product and both answers");
    assert!(
        script.was_told("You gave these answers in advance:\nCan anybody from the neighbourhood ask for a plot? Yes")
    );
}

#[test]
fn rules_that_cannot_be_compared_are_named_and_noted_only_after_the_review() {
    let talk = Talk { rulebook: later("0.2.0") };
    let given = [("open_to_neighbours", Answer::One(NO))];
    for version in ["0.3.0", "a draft"] {
        let replies = vec![("next", one(0)), ("review", one(0))];
        let held = talk.hold(answered_against(version, &given), Plan::first(), replies);
        assert!(held.script.was_told("It is not known which answers are affected"), "{:#?}", held.script.told);
        assert_eq!(held.saved, ["rules"]);
        assert_eq!(held.end, Ok(End::Finished));
    }
}

/// Replies by chance, and straight on once there are no more numbers.
struct Rambler<'n> {
    tape: Tape<'n>,
    asked: usize,
}

impl Prompter for Rambler<'_> {
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop> {
        self.asked += 1;
        let navigation = prompt.navigation;
        Ok(match (self.tape.pick(8), prompt.input) {
            (1, _) if navigation.back => Reply::Back,
            (2, _) if navigation.explain => Reply::Explain,
            (3, _) if navigation.review => Reply::Review,
            (4, ReplyKind::OptionalText) => Reply::Skip,
            (4, _) if prompt.not_sure => Reply::Answer(Answer::NotSure),
            // Onwards is the first of what is offered, there and in the review.
            (_, ReplyKind::One) => one(self.tape.pick(prompt.items.len())),
            (_, ReplyKind::Many) => {
                let item = self.tape.pick(prompt.items.len());
                Reply::Answer(Answer::Many(if prompt.items[item].exclusive { 0 } else { 1 << item }))
            }
            (_, ReplyKind::Text | ReplyKind::OptionalText) => text(&format!("text {}", self.tape.pick(100))),
        })
    }

    fn tell(&mut self, _: &Message) {}
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Back, why, the review and changes in any order: it ends, and what was saved is what was answered.
    #[test]
    fn every_conversation_ends_with_what_it_saved(
        numbers in prop::collection::vec(any::<u32>(), 0..240),
        before in prop::collection::vec(any::<u32>(), 100),
    ) {
        for rulebook in [support::builtin(), Talk::new().rulebook] {
            let mut answers = Answers::blank(&rulebook, "");
            let mut tape = Tape::new(&before);
            for (index, question) in rulebook.questions.iter().enumerate() {
                let options = question.options.len();
                if tape.once_in(3) && options > 0 && question.kind != Kind::Choices {
                    answers.entries[index] = Some(Entry::bare(Answer::One(tape.pick(options))));
                }
            }
            let mut file = answers.clone();
            let mut interview = Interview::new(&rulebook, answers, Plan::first());
            let mut rambler = Rambler { tape: Tape::new(&numbers), asked: 0 };
            let end = hold(&mut interview, &mut rambler, &mut |saved| {
                match saved {
                    Edit::Product(name) => name.clone_into(&mut file.product),
                    Edit::Organisation(name) => file.organisation = name.map(str::to_owned),
                    Edit::Answer(index, answer) => {
                        let entry = file.entries[index].take();
                        file.entries[index] = answer.map(|answer| {
                            let entry = entry.unwrap_or_else(|| Entry::bare(answer.clone()));
                            Entry { answer: answer.clone(), ..entry }
                        });
                    }
                    Edit::Evidence(index, evidence) => {
                        file.entries[index].as_mut().expect("an answer").evidence = evidence.map(str::to_owned);
                    }
                    Edit::Rules => {}
                }
                Ok::<(), ()>(())
            });
            prop_assert!(matches!(end, Ok(End::Finished)), "{:?}", end);
            prop_assert!(rambler.asked <= numbers.len() + 3 * rulebook.questions.len() + 3, "{}", rambler.asked);
            prop_assert_eq!(&interview.answers, &file);
        }
    }
}
