//! Invented rules and answers, made from a tape of random numbers. A shorter tape and smaller numbers make simpler
//! rules, so that a failing one shrinks.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use eligibility::answers::{Answers, Entry};
use eligibility::question::{Answer, Kind};
use eligibility::rulebook::{RuleFiles, Rulebook};

/// Random numbers, then zeros.
pub(crate) struct Tape<'n>(std::slice::Iter<'n, u32>);

impl<'n> Tape<'n> {
    pub(crate) fn new(numbers: &'n [u32]) -> Self {
        Self(numbers.iter())
    }

    /// A number below `ways`.
    pub(crate) fn pick(&mut self, ways: usize) -> usize {
        self.0.next().map_or(0, |number| *number as usize % ways)
    }

    /// Whether something that happens once in so many times happens now.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.pick(times) == times - 1
    }
}

/// What every rule carries.
const GROUNDS: &str = "source: {page: guide, section: One}, basis: published";
/// The most combinations of answers, missing ones included, so that trying all of them stays quick.
const MOST_COMBINATIONS: usize = 6000;

/// A question, as far as conditions need to know it.
struct Asked {
    id: String,
    values: Vec<&'static str>,
    several: bool,
}

/// Rules that have nothing wrong.
pub(crate) fn rules(tape: &mut Tape<'_>) -> RuleFiles {
    let (questions, asked) = questions(tape, &["yes_no", "choice", "choices"]);
    let scenarios = scenarios(tape, &asked);
    files(tape, &questions, &asked, scenarios)
}

/// Rules whose scenarios may overlap and leave gaps.
pub(crate) fn loose_rules(tape: &mut Tape<'_>) -> RuleFiles {
    let (questions, asked) = questions(tape, &["yes_no", "choice", "choices"]);
    let whens: Vec<Vec<String>> = (0..=tape.pick(4)).map(|_| vec![condition(tape, &asked, 2)]).collect();
    let scenarios = (scenario_list(tape, &asked, &whens), true);
    files(tape, &questions, &asked, scenarios)
}

/// Two versions of rules over the same questions, each of which takes one answer.
pub(crate) fn versions(tape: &mut Tape<'_>) -> [RuleFiles; 2] {
    let (questions, asked) = questions(tape, &["yes_no", "choice"]);
    [(); 2].map(|()| {
        let scenarios = scenarios(tape, &asked);
        files(tape, &questions, &asked, scenarios)
    })
}

/// The file of questions, and what conditions need to know of them.
fn questions(tape: &mut Tape<'_>, kinds: &[&str]) -> (String, Vec<Asked>) {
    let mut asked: Vec<Asked> = Vec::new();
    let mut questions = "questions:\n".to_owned();
    let mut combinations = 1;
    for at in 0..=tape.pick(6) {
        let id = format!("q{at}");
        let kind = kinds[tape.pick(kinds.len())];
        let options = 2 + tape.pick(3);
        let letters = 2 + match kind {
            "yes_no" => 2,
            "choice" => options,
            _ => 1 << options,
        };
        if combinations * letters > MOST_COMBINATIONS {
            continue;
        }
        combinations *= letters;
        let values = if kind == "yes_no" { vec!["yes", "no"] } else { ["a", "b", "c", "d"][..options].to_vec() };
        let _ = write!(questions, "  - {{id: {id}, section: eligibility, kind: {kind}, prompt: \"{id}?\", {GROUNDS}");
        if kind != "yes_no" {
            let exclusive = (kind == "choices" && tape.once_in(2)).then(|| tape.pick(options));
            questions.push_str(", options: [");
            for (at, value) in values.iter().enumerate() {
                let mark = if exclusive == Some(at) { ", none: true" } else { "" };
                let _ = write!(questions, "{{value: {value}, label: {value}{mark}}}, ");
            }
            questions.push(']');
        }
        if tape.once_in(4) {
            questions.push_str(", changeable: false");
        }
        if at > 0 && tape.once_in(3) {
            let _ = write!(questions, ", ask_when: {}", condition(tape, &asked, 1));
        }
        questions.push_str("}\n");
        asked.push(Asked { id, values, several: kind == "choices" });
    }
    let _ = writeln!(questions, "  - {{id: words, section: application, kind: text, prompt: Words?, {GROUNDS}}}");
    (questions, asked)
}

/// All files, given the questions and the scenarios.
fn files(tape: &mut Tape<'_>, questions: &str, asked: &[Asked], (scenarios, decided): (String, bool)) -> RuleFiles {
    let mut files = RuleFiles { folder: "invented".to_owned(), files: BTreeMap::new() };
    for (name, text) in [
        ("manifest.yaml", MANIFEST.to_owned()),
        ("questions.yaml", questions.to_owned()),
        ("criteria.yaml", criteria(tape, asked, decided)),
        ("scenarios.yaml", scenarios),
        ("fit.yaml", findings(tape, asked)),
        ("application.yaml", topics(tape, asked)),
        ("go_live.yaml", obligations(tape, asked)),
        ("outcomes.yaml", OUTCOMES.to_owned()),
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

const OUTCOMES: &str = "
outcomes:
  meets_criteria: {title: Meets, meaning: It meets., next_steps: []}
  needs_discussion: {title: Discuss, meaning: Discuss it., next_steps: []}
  does_not_meet: {title: Does not, meaning: It does not., next_steps: []}
  incomplete: {title: Incomplete, meaning: More., next_steps: []}
";

const SAYS: &str = "says: {met: Met., to_discuss: Discuss., not_met: Not met., unknown: Unknown.}";

/// A condition on one line.
fn condition(tape: &mut Tape<'_>, asked: &[Asked], depth: usize) -> String {
    let ways = if depth == 0 { 1 } else { 5 };
    let list = |tape: &mut Tape<'_>| {
        let parts: Vec<String> = (0..=tape.pick(3)).map(|_| condition(tape, asked, depth - 1)).collect();
        parts.join(", ")
    };
    match tape.pick(ways) {
        0 => {
            let one = tape.pick(asked.len());
            format!("{{{}}}", test(tape, &asked[one]))
        }
        1 => format!("{{all: [{}]}}", list(tape)),
        2 => format!("{{any: [{}]}}", list(tape)),
        3 => format!("{{not: {}}}", condition(tape, asked, depth - 1)),
        _ => {
            let one = tape.pick(asked.len());
            let more = format!("any: [{}]", list(tape));
            format!("{{{}, {more}}}", test(tape, &asked[one]))
        }
    }
}

/// A test of one question, for one value or several.
fn test(tape: &mut Tape<'_>, asked: &Asked) -> String {
    let value = asked.values[tape.pick(asked.values.len())];
    if tape.once_in(3) {
        let other = asked.values[tape.pick(asked.values.len())];
        format!("{}: [{value}, {other}]", asked.id)
    } else {
        format!("{}: {value}", asked.id)
    }
}

fn notes(tape: &mut Tape<'_>, asked: &[Asked]) -> String {
    if !tape.once_in(4) {
        return String::new();
    }
    format!(", notes: [{{when: {}, says: Noted.}}]", condition(tape, asked, 1))
}

/// Scenarios that cover every product once, and whether a criterion is to be decided by them.
fn scenarios(tape: &mut Tape<'_>, asked: &[Asked]) -> (String, bool) {
    let whens = match tape.pick(3) {
        0 => return ("scenarios: []\n".to_owned(), false),
        1 => decision_list(tape, asked),
        _ => decision_tree(tape, &asked.iter().collect::<Vec<_>>(), 3),
    };
    (scenario_list(tape, asked, &whens), true)
}

/// The file of scenarios, each with all of its conditions.
fn scenario_list(tape: &mut Tape<'_>, asked: &[Asked], whens: &[Vec<String>]) -> String {
    let mut text = "scenarios:\n".to_owned();
    for (at, when) in whens.iter().enumerate() {
        let criterion = ["met", "to_discuss", "not_met"][tape.pick(3)];
        let notes = notes(tape, asked);
        let _ = writeln!(
            text,
            "  - {{id: s{at}, title: S, when: {{all: [{}]}}, criterion: {criterion}, says: S.{notes}, {GROUNDS}}}",
            when.join(", ")
        );
    }
    text
}

/// Each entry holds where its own condition does and those before it do not; the last takes the rest.
fn decision_list(tape: &mut Tape<'_>, asked: &[Asked]) -> Vec<Vec<String>> {
    let conditions: Vec<String> = (0..=tape.pick(3)).map(|_| condition(tape, asked, 1)).collect();
    (0..=conditions.len())
        .map(|at| {
            let before = conditions[..at].iter().map(|condition| format!("{{not: {condition}}}"));
            before.chain(conditions.get(at).cloned()).collect()
        })
        .collect()
}

/// Each question splits the products in two, each part of which may be split again.
fn decision_tree(tape: &mut Tape<'_>, asked: &[&Asked], depth: usize) -> Vec<Vec<String>> {
    let Some(question) = (depth > 0 && !asked.is_empty()).then(|| tape.pick(asked.len())) else {
        return vec![Vec::new()];
    };
    let split = asked[question];
    let rest: Vec<&Asked> = asked.iter().copied().filter(|other| other.id != split.id).collect();
    let value = split.values[tape.pick(split.values.len())];
    let others: Vec<&str> = split.values.iter().copied().filter(|other| *other != value).collect();
    let without = if split.several {
        format!("{{not: {{{}: {value}}}}}", split.id)
    } else {
        format!("{{{}: [{}]}}", split.id, others.join(", "))
    };
    let mut leaves = Vec::new();
    for side in [format!("{{{}: {value}}}", split.id), without] {
        let further = if tape.once_in(2) { decision_tree(tape, &rest, depth - 1) } else { vec![Vec::new()] };
        for leaf in further {
            leaves.push(std::iter::once(side.clone()).chain(leaf).collect());
        }
    }
    leaves
}

fn criteria(tape: &mut Tape<'_>, asked: &[Asked], decided: bool) -> String {
    let mut text = "criteria:\n".to_owned();
    for at in 0..=tape.pick(4) {
        let decision = if decided && at == 0 {
            "decided_by: scenarios".to_owned()
        } else {
            let otherwise = ["not_met", "to_discuss"][tape.pick(2)];
            let met = condition(tape, asked, 2);
            let discuss = tape.once_in(3).then(|| format!(", discuss_when: {}", condition(tape, asked, 2)));
            format!("met_when: {met}{}, otherwise: {otherwise}", discuss.unwrap_or_default())
        };
        let notes = notes(tape, asked);
        let _ = writeln!(text, "  - {{id: c{at}, title: C, {decision}, {SAYS}{notes}, {GROUNDS}}}");
    }
    text
}

fn findings(tape: &mut Tape<'_>, asked: &[Asked]) -> String {
    let mut text = "findings:\n".to_owned();
    let count = tape.pick(5);
    for at in 0..count {
        let kind = ["blocker", "condition", "note"][tape.pick(3)];
        let when = condition(tape, asked, 2);
        let _ = writeln!(
            text,
            "  - {{id: f{at}, kind: {kind}, title: F, when: {when}, says: F., not_sure: Find out., {GROUNDS}}}"
        );
    }
    if count == 0 { "findings: []\n".to_owned() } else { text }
}

fn topics(tape: &mut Tape<'_>, asked: &[Asked]) -> String {
    let id = &asked[tape.pick(asked.len())].id;
    format!("topics:\n  - {{id: t0, title: T, prepare: Prepare., questions: [words, {id}], {GROUNDS}}}\n")
}

fn obligations(tape: &mut Tape<'_>, asked: &[Asked]) -> String {
    let otherwise = ["not_met", "to_discuss"][tape.pick(2)];
    let (when, notes) = (condition(tape, asked, 2), notes(tape, asked));
    format!(
        "obligations:\n  - {{id: o0, title: O, met_when: {when}, otherwise: {otherwise}, {SAYS}{notes}, {GROUNDS}}}\n"
    )
}

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
            _ if tape.once_in(5) => Answer::NotSure,
            Kind::YesNo | Kind::Choice => Answer::One(tape.pick(options)),
            Kind::Choices => {
                let chosen = tape.pick(1 << options) as u64;
                let alone = question.chosen(chosen).find(|(_, option)| option.none);
                Answer::Many(alone.map_or(chosen, |(only, _)| 1 << only))
            }
        };
        answers.entries[at] = Some(Entry::bare(answer));
    }
    answers
}
