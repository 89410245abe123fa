//! Invented rules and answers, made from a tape of random numbers. A shorter tape and smaller numbers make simpler
//! rules, so that a failing one shrinks.

use std::borrow::Cow;
use std::fmt::Write as _;

use eligibility::answers::{Answers, Entry};
use eligibility::question::{Answer, Kind};
use eligibility::rulebook::{RuleFiles, Rulebook};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};

mod questions;
mod rules;

use questions::{Spec, changed, specs, written};
use rules::{Asked, Shape, conditions};

/// Where every test gets its chance from: random numbers, then zeros.
pub(crate) struct Tape<'n>(Box<dyn Iterator<Item = u32> + 'n>);

impl<'n> Tape<'n> {
    pub(crate) fn new(numbers: &'n [u32]) -> Self {
        Self(Box::new(numbers.iter().copied()))
    }

    /// Numbers without end, the same on every run.
    pub(crate) fn endless(seed: u8) -> Self {
        let mut numbers = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        Self(Box::new(std::iter::repeat_with(move || numbers.next_u32())))
    }

    /// A number below `ways`.
    pub(crate) fn pick(&mut self, ways: usize) -> usize {
        self.0.next().map_or(0, |number| number as usize % ways)
    }

    /// Whether something that happens once in so many times happens now.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.pick(times) == times - 1
    }

    pub(crate) fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.pick(words.len())]
    }
}

/// What every rule carries.
const GROUNDS: &str = "source: {page: guide, section: One}, basis: published";

/// Rules that have nothing wrong.
pub(crate) fn rules(tape: &mut Tape<'_>) -> RuleFiles {
    let specs = specs(tape, 6000);
    files(tape, &specs, rules::scenarios)
}

/// Rules whose scenarios may overlap and leave gaps.
pub(crate) fn loose_rules(tape: &mut Tape<'_>) -> RuleFiles {
    let specs = specs(tape, 6000);
    files(tape, &specs, |tape, asked| (0..=tape.pick(4)).map(|_| vec![conditions(tape, asked, 2)]).collect())
}

/// Two versions of rules, whose questions may offer other options and read them in other ways.
pub(crate) fn versions(tape: &mut Tape<'_>) -> [RuleFiles; 2] {
    let old = specs(tape, 1500);
    let new = changed(tape, &old);
    [old, new].map(|specs| files(tape, &specs, rules::scenarios))
}

/// All files, given the questions and what makes the scenarios.
fn files(
    tape: &mut Tape<'_>,
    specs: &[Spec],
    scenarios: impl Fn(&mut Tape<'_>, &[Asked]) -> Vec<Vec<String>>,
) -> RuleFiles {
    let asked: Vec<Asked> = specs.iter().map(Spec::asked).collect();
    let questions = written(tape, specs, &asked);
    let whens = scenarios(tape, &asked);
    let shape = Shape { asked, criteria: 1 + tape.pick(4), scenarios: whens.len() };
    let mut files = RuleFiles { folder: "invented".to_owned(), ..RuleFiles::default() };
    for (name, text) in [
        ("manifest.yaml", MANIFEST.to_owned()),
        ("questions.yaml", questions),
        ("criteria.yaml", shape.criteria(tape)),
        ("scenarios.yaml", shape.scenarios(tape, &whens)),
        ("fit.yaml", shape.findings(tape)),
        ("application.yaml", shape.topics(tape)),
        ("go_live.yaml", shape.obligations(tape)),
        ("contradictions.yaml", shape.contradictions(tape)),
        ("outcomes.yaml", shape.outcomes(tape)),
        ("glossary.yaml", "terms: []\n".to_owned()),
    ] {
        files.files.insert(name.to_owned(), Cow::Owned(text.into_bytes()));
    }
    files
}

const MANIFEST: &str = "
format: 1
id: invented
title: Invented rules
version: 1.0.0
summary: Nothing.
disclaimer: Nobody decides.
sources: [{id: guide, title: Guide, url: \"https://example.org\"}]
sections:
  eligibility: {title: One, intro: One.}
  fit: {title: Two, intro: Two.}
  application: {title: Three, intro: Three.}
  go_live: {title: Four, intro: Four.}
";

/// Answers that the questions take: missing, not sure, or a value. Of so many questions about one is left missing.
pub(crate) fn answers(tape: &mut Tape<'_>, rulebook: &Rulebook, missing_in: usize) -> Answers {
    let mut answers = Answers::blank(rulebook, "Example");
    for (at, question) in rulebook.questions.iter().enumerate() {
        if tape.once_in(missing_in) {
            continue;
        }
        let options = question.options.len();
        let answer = match question.kind {
            Kind::Text => Answer::Text("Words.".to_owned()),
            _ if question.not_sure && tape.once_in(5) => Answer::NotSure,
            Kind::YesNo | Kind::Choice => Answer::One(tape.pick(options)),
            Kind::Choices => {
                let none = question.options.iter().position(|option| option.none);
                let chosen = tape.pick(1 << options) as u64 & !none.map_or(0, |none| 1 << none);
                Answer::Many(if chosen == 0 && none.is_none() { 1 << tape.pick(options) } else { chosen })
            }
        };
        answers.entries[at] = Some(Entry::bare(answer));
    }
    answers
}

/// The rules as text, for a message.
pub(crate) fn shown(files: &RuleFiles) -> String {
    let mut text = String::new();
    for (name, bytes) in
        files.files.iter().filter(|(name, _)| !["manifest.yaml", "glossary.yaml"].contains(&name.as_str()))
    {
        let _ = writeln!(text, "# {name}\n{}", String::from_utf8_lossy(bytes));
    }
    text
}
