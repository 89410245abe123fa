//! What two versions of the rules ask for at each gate.

use super::both::Both;
use crate::diagram::{Decision, Diagrams, Leaf, Of, TooIntricate, Truth, ValueSet};
use crate::gate::{Gate, Passage, at_eligibility};
use crate::outcome::{FindingKind, Status};
use crate::rulebook::{Rulebook, Topic};

impl Leaf for Passage {
    fn to_index(self) -> usize {
        Self::ALL.iter().position(|known| *known == self).unwrap_or_default()
    }

    fn from_index(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }
}

/// What a topic or a gate asks for that it did not, or asks for no longer.
#[derive(Debug, PartialEq, Eq)]
pub struct Need {
    /// The topic or the gate.
    pub name: String,
    /// The questions whose answers it asks for now.
    pub more: Vec<String>,
    /// The questions whose answers it no longer asks for.
    pub less: Vec<String>,
}

impl Need {
    fn new(name: String, old: &[&str], new: &[&str]) -> Option<Self> {
        let without = |all: &[&str], known: &[&str]| -> Vec<String> {
            all.iter().filter(|id| !known.contains(id)).map(|id| (*id).to_owned()).collect()
        };
        let (more, less) = (without(new, old), without(old, new));
        (!(more.is_empty() && less.is_empty())).then_some(Self { name, more, less })
    }
}

/// What becomes of a product at a gate that has answered all the questions that have a say.
pub(super) fn passage(
    both: &mut Both,
    version: fn(&Both) -> &Rulebook,
    own: &Rulebook,
    gate: Gate,
) -> Result<Decision<Passage>, TooIntricate> {
    let rulebook = version(both);
    let findings: Vec<_> = rulebook.findings.iter().map(|found| (found.kind, found.state)).collect();
    let fine: Vec<_> = rulebook.topics.iter().map(|topic| topic.fine).collect();
    let owed: Vec<_> = rulebook.obligations.iter().map(|owed| owed.status).collect();
    let (outcome, fit) = (rulebook.outcome, rulebook.fit);
    let mut passage = both.diagrams.combine(outcome, fit, at_eligibility)?;
    if gate >= Gate::Application {
        for (_, state) in findings.into_iter().filter(|(kind, _)| *kind == FindingKind::Blocker) {
            let open = |state| if state == Truth::Open { Passage::Incomplete } else { Passage::Passes };
            passage = both.diagrams.combine(passage, state, |passage, state| passage.max(open(state)))?;
        }
        for (topic, fine) in own.topics.iter().zip(fine) {
            let unsure = lacking(both, own, topic)?;
            let prepared = both.diagrams.combine(fine, unsure, |fine, unsure| match fine {
                Truth::No => Passage::Fails,
                Truth::Yes if !unsure => Passage::Passes,
                Truth::Yes | Truth::Open => Passage::Incomplete,
            })?;
            passage = both.diagrams.combine(passage, prepared, std::cmp::Ord::max)?;
        }
    }
    if gate >= Gate::GoLive {
        for status in owed {
            let there = |status| match status {
                Status::Met => Passage::Passes,
                Status::NotMet => Passage::Fails,
                Status::ToDiscuss | Status::Unknown => Passage::Incomplete,
            };
            passage = both.diagrams.combine(passage, status, |passage, status| passage.max(there(status)))?;
        }
    }
    Ok(passage)
}

/// Where some answer that a topic asks for is "not sure".
fn lacking(both: &mut Both, own: &Rulebook, topic: &Topic) -> Result<Decision<bool>, TooIntricate> {
    let mut unsure = Diagrams::constant(false);
    for asked in &topic.questions {
        let id = &own.questions[*asked].id;
        let Some(question) = both.questions.iter().position(|question| question.id == *id) else { continue };
        for var in both.diagrams.variables().of_question(question).to_vec() {
            let value: ValueSet = match both.diagrams.variables().all()[var].of {
                Of::Question(_) => 1 << both.questions[question].options.len(),
                Of::Known(_) => 0b10,
                Of::Chosen(..) | Of::Prepared(_) => continue,
            };
            let here = both.diagrams.narrowed(Diagrams::constant(true), var, value)?;
            unsure = both.diagrams.combine(unsure, here, |a, b| a || b)?;
        }
    }
    Ok(unsure)
}

/// What the topics that both versions have ask for, and what the gate asks for that asks for all of them.
pub(super) fn topic_needs(old: &Rulebook, new: &Rulebook) -> Vec<Need> {
    let asked = |rulebook: &'_ Rulebook, topic: &Topic| -> Vec<String> {
        topic.questions.iter().map(|index| rulebook.questions[*index].id.clone()).collect()
    };
    let all = |rulebook: &Rulebook| -> Vec<String> {
        rulebook.topics.iter().flat_map(|topic| asked(rulebook, topic)).collect()
    };
    let need = |name: String, before: Vec<String>, after: Vec<String>| {
        let [before, after] = [&before, &after].map(|ids| ids.iter().map(String::as_str).collect::<Vec<_>>());
        Need::new(name, &before, &after)
    };
    let mut needs: Vec<Need> = Vec::new();
    for topic in &new.topics {
        if let Some(before) = old.topics.iter().find(|before| before.id == topic.id) {
            needs.extend(need(format!("topic {}", topic.id), asked(old, before), asked(new, topic)));
        }
    }
    needs.extend(need(format!("gate {}", Gate::Application), all(old), all(new)));
    needs
}
