//! Invented rules over invented questions.

use std::fmt::Write as _;

use super::{GROUNDS, Tape};

const SAYS: &str = "says: {met: Met., to_discuss: Discuss., not_met: Not met., unknown: Unknown.}";
const STATUSES: [&str; 3] = ["met", "to_discuss", "not_met"];

/// A question, as far as conditions need to know it.
pub(super) struct Asked {
    pub(super) id: String,
    pub(super) values: Vec<&'static str>,
    pub(super) several: bool,
}

/// What there is in the rules, as far as other rules need to know it.
pub(super) struct Shape {
    pub(super) asked: Vec<Asked>,
    pub(super) criteria: usize,
    pub(super) scenarios: usize,
}

/// A condition over answers on one line.
pub(super) fn conditions(tape: &mut Tape<'_>, asked: &[Asked], depth: usize) -> String {
    condition(tape, depth, &|tape| {
        let one = tape.pick(asked.len());
        test(tape, &asked[one])
    })
}

/// A condition on one line, made of such tests.
fn condition(tape: &mut Tape<'_>, depth: usize, test: &dyn Fn(&mut Tape<'_>) -> String) -> String {
    let ways = if depth == 0 { 1 } else { 5 };
    // `any` with one part would be told.
    let list = |tape: &mut Tape<'_>, least: usize| {
        let parts: Vec<String> = (0..least + tape.pick(3)).map(|_| condition(tape, depth - 1, test)).collect();
        parts.join(", ")
    };
    match tape.pick(ways) {
        0 => format!("{{{}}}", test(tape)),
        1 => format!("{{all: [{}]}}", list(tape, 1)),
        2 => format!("{{any: [{}]}}", list(tape, 2)),
        3 => format!("{{not: {}}}", condition(tape, depth - 1, test)),
        _ => {
            let more = format!("any: [{}]", list(tape, 2));
            format!("{{{}, {more}}}", test(tape))
        }
    }
}

/// One word or a list of two. A word that stands in a list twice would be told.
fn either(one: &str, other: &str) -> String {
    if one == other { one.to_owned() } else { format!("[{one}, {other}]") }
}

/// A test of one question, for one value or several.
fn test(tape: &mut Tape<'_>, asked: &Asked) -> String {
    let value = asked.values[tape.pick(asked.values.len())];
    if tape.once_in(3) {
        let other = asked.values[tape.pick(asked.values.len())];
        format!("{}: {}", asked.id, either(value, other))
    } else {
        format!("{}: {value}", asked.id)
    }
}

/// Scenarios that cover every product once, each with all of its conditions.
pub(super) fn scenarios(tape: &mut Tape<'_>, asked: &[Asked]) -> Vec<Vec<String>> {
    match tape.pick(3) {
        0 => Vec::new(),
        1 => decision_list(tape, asked),
        _ => decision_tree(tape, &asked.iter().collect::<Vec<_>>(), 3),
    }
}

/// Each entry holds where its own condition does and those before it do not; the last takes the rest.
fn decision_list(tape: &mut Tape<'_>, asked: &[Asked]) -> Vec<Vec<String>> {
    let own: Vec<String> = (0..=tape.pick(3)).map(|_| conditions(tape, asked, 1)).collect();
    (0..=own.len())
        .map(|at| {
            let before = own[..at].iter().map(|condition| format!("{{not: {condition}}}"));
            before.chain(own.get(at).cloned()).collect()
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
    let without = if split.several || others.is_empty() {
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

/// A list under a key, `[]` where there is nothing in it.
fn file(key: &str, entries: &[String]) -> String {
    let lines: String = entries.iter().fold(String::new(), |lines, entry| lines + "\n  - " + entry);
    if entries.is_empty() { format!("{key}: []\n") } else { format!("{key}:{lines}\n") }
}

impl Shape {
    fn condition(&self, tape: &mut Tape<'_>, depth: usize) -> String {
        conditions(tape, &self.asked, depth)
    }

    /// A condition that may test results.
    fn over_results(&self, tape: &mut Tape<'_>) -> String {
        condition(tape, 2, &|tape| {
            let status = STATUSES[tape.pick(3)];
            match tape.pick(8) {
                0 => format!("criterion.c{}: {status}", tape.pick(self.criteria)),
                1 => format!("criterion.c{}: {}", tape.pick(self.criteria), either(status, "met")),
                2 => format!("fit: {}", ["fits", "fits_with_conditions", "does_not_fit"][tape.pick(3)]),
                3 if self.scenarios > 0 => format!("scenario: s{}", tape.pick(self.scenarios)),
                4 if self.scenarios > 0 => {
                    let [one, other] = [(); 2].map(|()| format!("s{}", tape.pick(self.scenarios)));
                    format!("scenario: {}", either(&one, &other))
                }
                5 => "topic.t0: prepared".to_owned(),
                6 => format!("obligation.o0: {status}"),
                _ => {
                    let one = tape.pick(self.asked.len());
                    test(tape, &self.asked[one])
                }
            }
        })
    }

    fn notes(&self, tape: &mut Tape<'_>) -> String {
        if !tape.once_in(4) {
            return String::new();
        }
        let notes: Vec<String> =
            (0..=tape.pick(2)).map(|at| format!("{{when: {}, says: Noted {at}.}}", self.over_results(tape))).collect();
        format!(", notes: [{}]", notes.join(", "))
    }

    pub(super) fn scenarios(&self, tape: &mut Tape<'_>, whens: &[Vec<String>]) -> String {
        let entry = |(at, when): (usize, &Vec<String>)| {
            // Where nothing splits the products, all of them are in one scenario.
            let when = if when.is_empty() { vec![self.always()] } else { when.clone() };
            let (criterion, notes) = (STATUSES[tape.pick(3)], self.notes(tape));
            let when = when.join(", ");
            format!(
                "{{id: s{at}, title: S, when: {{all: [{when}]}}, criterion: {criterion}, says: S.{notes}, {GROUNDS}}}"
            )
        };
        file("scenarios", &whens.iter().enumerate().map(entry).collect::<Vec<_>>())
    }

    fn always(&self) -> String {
        let Asked { id, values, .. } = &self.asked[0];
        format!("{{any: [{{{id}: {}}}, {{not: {{{id}: {}}}}}]}}", values[0], values[0])
    }

    pub(super) fn criteria(&self, tape: &mut Tape<'_>) -> String {
        let entry = |at| {
            let decision = if self.scenarios > 0 && at == 0 {
                "decided_by: scenarios".to_owned()
            } else {
                let otherwise = ["not_met", "to_discuss"][tape.pick(2)];
                let met = self.condition(tape, 2);
                let discuss = tape.once_in(3).then(|| format!(", discuss_when: {}", self.condition(tape, 2)));
                format!("met_when: {met}{}, otherwise: {otherwise}", discuss.unwrap_or_default())
            };
            let notes = self.notes(tape);
            format!("{{id: c{at}, title: C, {decision}, {SAYS}{notes}, {GROUNDS}}}")
        };
        file("criteria", &(0..self.criteria).map(entry).collect::<Vec<_>>())
    }

    pub(super) fn findings(&self, tape: &mut Tape<'_>) -> String {
        let count = tape.pick(5);
        let entry = |at| {
            let kind = ["blocker", "condition", "note"][tape.pick(3)];
            let when = self.condition(tape, 2);
            format!("{{id: f{at}, kind: {kind}, title: F, when: {when}, says: F., not_sure: Find out., {GROUNDS}}}")
        };
        file("findings", &(0..count).map(entry).collect::<Vec<_>>())
    }

    pub(super) fn topics(&self, tape: &mut Tape<'_>) -> String {
        let id = &self.asked[tape.pick(self.asked.len())].id;
        let words = if tape.once_in(2) { "words, " } else { "" };
        let when = tape.once_in(2).then(|| format!(", prepared_when: {}", self.condition(tape, 1)));
        let when = when.unwrap_or_default();
        let one = format!("{{id: t0, title: T, prepare: Prepare., questions: [{words}{id}]{when}, {GROUNDS}}}");
        file("topics", &[one])
    }

    pub(super) fn obligations(&self, tape: &mut Tape<'_>) -> String {
        let otherwise = ["not_met", "to_discuss"][tape.pick(2)];
        let (when, notes) = (self.condition(tape, 2), self.notes(tape));
        let one = format!("{{id: o0, title: O, met_when: {when}, otherwise: {otherwise}, {SAYS}{notes}, {GROUNDS}}}");
        file("obligations", &[one])
    }

    pub(super) fn contradictions(&self, tape: &mut Tape<'_>) -> String {
        let count = tape.pick(3);
        let entry = |at| format!("{{id: x{at}, when: {}, says: X., {GROUNDS}}}", self.condition(tape, 2));
        file("contradictions", &(0..count).map(entry).collect::<Vec<_>>())
    }

    pub(super) fn outcomes(&self, tape: &mut Tape<'_>) -> String {
        let mut text = "outcomes:\n".to_owned();
        let when = |tape: &mut Tape<'_>| {
            let when = tape.once_in(2).then(|| format!(", when: {}", self.over_results(tape)));
            when.unwrap_or_default()
        };
        for (at, outcome) in ["meets_criteria", "needs_discussion", "does_not_meet", "incomplete"].iter().enumerate() {
            let count = tape.pick(3);
            let step = |step| format!("{{id: n{at}_{step}, title: N, says: N.{}, {GROUNDS}}}", when(tape));
            let steps: Vec<String> = (0..count).map(step).collect();
            let _ = writeln!(text, "  {outcome}: {{title: O, meaning: O., next_steps: [{}]}}", steps.join(", "));
        }
        let count = tape.pick(3);
        let fact = |at| {
            let outcomes = "outcomes: [meets_criteria, needs_discussion, does_not_meet, incomplete]";
            format!("{{id: k{at}, title: K, says: K., {outcomes}{}, {GROUNDS}}}", when(tape))
        };
        text + &file("facts", &(0..count).map(fact).collect::<Vec<_>>())
    }
}
