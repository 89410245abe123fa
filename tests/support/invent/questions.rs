//! Invented questions.

use std::fmt::Write as _;

use super::rules::{Asked, conditions};
use super::{GROUNDS, Tape};

/// The values of options, enough for twelve of them.
const VALUES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

/// A question.
#[derive(Clone)]
pub(super) struct Spec {
    id: String,
    kind: &'static str,
    options: Vec<Offer>,
    /// How many of its options, from the first on, conditions may test.
    tested: usize,
    not_sure: bool,
    changeable: bool,
}

#[derive(Clone)]
struct Offer {
    value: &'static str,
    none: bool,
    reads_as: Vec<&'static str>,
    changeable: bool,
}

impl Offer {
    fn plain(tape: &mut Tape<'_>, value: &'static str) -> Self {
        Self { value, none: false, reads_as: Vec::new(), changeable: !tape.once_in(6) }
    }
}

impl Spec {
    /// What conditions need to know of it.
    pub(super) fn asked(&self) -> Asked {
        let sure = self.options.iter().take(self.tested).filter(|option| option.reads_as.is_empty());
        Asked {
            id: self.id.clone(),
            values: sure.map(|option| option.value).collect(),
            several: self.kind == "choices",
        }
    }

    /// How many answers conditions can tell apart, a missing one among them.
    fn values(&self) -> usize {
        let unsure = 1 + usize::from(self.not_sure);
        let none = self.options.iter().take(self.tested).any(|option| option.none);
        match self.kind {
            "choices" if none => (1 << (self.options.len() - 1)) + unsure,
            "choices" => (1 << self.tested) + unsure,
            _ => self.options.len() + unsure,
        }
    }
}

/// Questions with so many combinations of answers at the most, so that trying all of them stays quick.
pub(super) fn specs(tape: &mut Tape<'_>, most: usize) -> Vec<Spec> {
    let mut all: Vec<Spec> = Vec::new();
    let mut combinations = 1;
    for at in 0..=tape.pick(6) {
        let spec = spec(tape, format!("q{at}"));
        if combinations * spec.values() <= most {
            combinations *= spec.values();
            all.push(spec);
        }
    }
    all
}

fn spec(tape: &mut Tape<'_>, id: String) -> Spec {
    let kind = ["yes_no", "choice", "choices"][tape.pick(3)];
    let count = 2 + tape.pick(3);
    let mut options: Vec<Offer> = match kind {
        "yes_no" => ["yes", "no"].into_iter().map(|value| Offer::plain(tape, value)).collect(),
        // Some have many options, of which few are tested.
        "choices" if tape.once_in(4) => VALUES.into_iter().map(|value| Offer::plain(tape, value)).collect(),
        _ => VALUES[..count].iter().map(|value| Offer::plain(tape, value)).collect(),
    };
    let mut tested = options.len();
    match kind {
        "choice" if tape.once_in(2) => add_reading(tape, &mut options),
        "choices" if options.len() > 4 => {
            tested = 1 + tape.pick(3);
            let last = options.len() - 1;
            options[last].none = tape.once_in(2);
        }
        "choices" => {
            let none = tape.pick(2 * options.len());
            if let Some(option) = options.get_mut(none) {
                option.none = true;
            }
        }
        _ => {}
    }
    tested = if kind == "choices" { tested } else { options.len() };
    Spec { id, kind, options, tested, not_sure: !tape.once_in(5), changeable: !tape.once_in(4) }
}

/// One more option, that counts as one or another of two.
fn add_reading(tape: &mut Tape<'_>, options: &mut Vec<Offer>) {
    let sure: Vec<&'static str> =
        options.iter().filter(|option| option.reads_as.is_empty()).map(|option| option.value).collect();
    let first = tape.pick(sure.len());
    let second = (first + 1 + tape.pick(sure.len() - 1)) % sure.len();
    let value = if options.iter().any(|option| option.value == "k") { "l" } else { "k" };
    let reading = Offer { reads_as: vec![sure[first], sure[second]], ..Offer::plain(tape, value) };
    options.insert(tape.pick(options.len() + 1), reading);
}

/// The same questions in another version: some gone, some with other options, or read in another way.
pub(super) fn changed(tape: &mut Tape<'_>, old: &[Spec]) -> Vec<Spec> {
    let mut new: Vec<Spec> = Vec::new();
    for spec in old {
        let mut spec = spec.clone();
        match tape.pick(8) {
            1 if old.len() > 1 => continue,
            2 => spec.not_sure = !spec.not_sure,
            3 if spec.kind == "choice" => {
                spec.options.retain(|option| option.reads_as.is_empty());
                add_reading(tape, &mut spec.options);
                spec.tested = spec.options.len();
            }
            4 if spec.kind != "yes_no" => {
                let fresh = Offer::plain(tape, "j");
                if !spec.options.iter().any(|option| option.value == fresh.value) {
                    spec.options.insert(0, fresh);
                    spec.tested += 1;
                }
            }
            5 if spec.kind == "choices" && spec.options.len() > 2 => {
                let gone = tape.pick(spec.options.len());
                spec.options.remove(gone);
                spec.tested = spec.tested.saturating_sub(usize::from(gone < spec.tested)).max(1);
            }
            6 if spec.kind == "choices" && spec.options.len() < 5 => {
                let had = spec.options.iter().any(|option| option.none);
                spec.options.iter_mut().for_each(|option| option.none = false);
                spec.options[0].none = !had;
            }
            _ => {}
        }
        new.push(spec);
    }
    if new.is_empty() { old.to_vec() } else { new }
}

/// The file of questions.
pub(super) fn written(tape: &mut Tape<'_>, specs: &[Spec], asked: &[Asked]) -> String {
    let mut text = "questions:\n".to_owned();
    for (at, spec) in specs.iter().enumerate() {
        let Spec { id, kind, .. } = spec;
        let _ = write!(
            text,
            "  - {{id: {id}, section: eligibility, kind: {kind}, prompt: \"{id}?\", {GROUNDS}, options: ["
        );
        for option in &spec.options {
            let Offer { value, .. } = option;
            let _ = write!(text, "{{value: {value}, label: {value}");
            text.push_str(if option.none { ", none: true" } else { "" });
            text.push_str(if option.changeable { "" } else { ", changeable: false" });
            if !option.reads_as.is_empty() {
                let _ = write!(text, ", reads_as: [{}], says: Open.", option.reads_as.join(", "));
            }
            text.push_str("}, ");
        }
        text.push(']');
        text.push_str(if spec.changeable { "" } else { ", changeable: false" });
        text.push_str(if spec.not_sure { "" } else { ", not_sure: false" });
        if at > 0 && tape.once_in(3) {
            let _ = write!(text, ", ask_when: {}", conditions(tape, &asked[..at], 1));
        }
        text.push_str("}\n");
    }
    let _ = writeln!(text, "  - {{id: words, section: application, kind: text, prompt: Words?, {GROUNDS}}}");
    text
}
