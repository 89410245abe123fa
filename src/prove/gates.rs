//! What two versions of the rules require at each gate.

use std::slice::from_ref;

use super::comparison::Comparison;
use crate::diagram::{Decision, Diagrams, Leaf, TooIntricate, Truth, ValueSet, VarKind};
use crate::gate::{Gate, Passage, at_eligibility, of_obligation};
use crate::outcome::FindingKind;
use crate::rulebook::{Reach, Rulebook, Topic};

impl Leaf for Passage {
    fn to_index(self) -> usize {
        Self::ALL.iter().position(|known| *known == self).unwrap_or_default()
    }

    fn from_index(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }
}

/// How the answers that the outcome, a topic or a gate asks for have changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Need {
    /// The outcome, the topic or the gate.
    pub name: String,
    /// Questions that it asks for now.
    pub more: Vec<String>,
    /// Questions that it no longer asks for.
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

/// The passage at a gate of a product without missing answers.
pub(super) fn passage(
    compared: &mut Comparison,
    version: fn(&Comparison) -> &Rulebook,
    own: &Rulebook,
    gate: Gate,
) -> Result<Decision<Passage>, TooIntricate> {
    let rulebook = version(compared);
    let findings: Vec<_> = rulebook.findings.iter().map(|found| (found.kind, found.state)).collect();
    let satisfied: Vec<_> = rulebook.topics.iter().map(|topic| topic.satisfied).collect();
    let owed: Vec<_> = rulebook.obligations.iter().map(|owed| owed.status).collect();
    let (outcome, fit) = (rulebook.outcome, rulebook.fit);
    let mut passage = compared.diagrams.combine(outcome, fit, at_eligibility)?;
    if gate >= Gate::Application {
        for (_, state) in findings.into_iter().filter(|(kind, _)| *kind == FindingKind::Blocker) {
            let open = |state| if state == Truth::Open { Passage::Incomplete } else { Passage::Passes };
            passage = compared.diagrams.combine(passage, state, |passage, state| passage.max(open(state)))?;
        }
        for (topic, satisfied) in own.topics.iter().zip(satisfied) {
            let unsure = any_not_sure(compared, own, topic)?;
            let prepared = compared.diagrams.combine(satisfied, unsure, |satisfied, unsure| match satisfied {
                Truth::No => Passage::Fails,
                Truth::Yes if !unsure => Passage::Passes,
                Truth::Yes | Truth::Open => Passage::Incomplete,
            })?;
            passage = compared.diagrams.combine(passage, prepared, std::cmp::Ord::max)?;
        }
    }
    if gate >= Gate::GoLive {
        for status in owed {
            passage =
                compared.diagrams.combine(passage, status, |passage, status| passage.max(of_obligation(status)))?;
        }
    }
    Ok(passage)
}

/// Where an answer that a topic asks for is "not sure".
fn any_not_sure(compared: &mut Comparison, own: &Rulebook, topic: &Topic) -> Result<Decision<bool>, TooIntricate> {
    let mut unsure = Diagrams::constant(false);
    for asked in &topic.questions {
        let id = &own.questions[*asked].id;
        let Some(question) = compared.questions.iter().position(|question| question.id == *id) else { continue };
        for var in compared.diagrams.variables().of_question(question).to_vec() {
            let value: ValueSet = match compared.diagrams.variables().all()[var].kind {
                VarKind::Question(_) => 1 << compared.questions[question].options.len(),
                VarKind::Known(_) => 0b10,
                VarKind::Chosen(..) | VarKind::Prepared(_) => continue,
            };
            let here = compared.diagrams.narrowed(Diagrams::constant(true), var, value)?;
            unsure = compared.diagrams.combine(unsure, here, |a, b| a || b)?;
        }
    }
    Ok(unsure)
}

/// The changed needs of the outcome, of the topics that both versions have, and of the gate that asks for all topics.
pub(super) fn needs(old: &Rulebook, new: &Rulebook) -> Vec<Need> {
    fn deciding(rulebook: &Rulebook) -> Vec<&str> {
        let questions = rulebook.diagrams.questions(rulebook.outcome.root()).into_iter();
        questions.map(|index| rulebook.questions[index].id.as_str()).collect()
    }
    fn asked<'r>(rulebook: &'r Rulebook, topics: &[Topic]) -> Vec<&'r str> {
        topics.iter().flat_map(|topic| &topic.questions).map(|index| rulebook.questions[*index].id.as_str()).collect()
    }
    let is_compiled = [old, new].iter().all(|rulebook| rulebook.reach == Reach::Everyone);
    let of_outcome = is_compiled.then(|| Need::new("outcome".to_owned(), &deciding(old), &deciding(new))).flatten();
    let of_topic = |topic: &Topic| {
        let before = old.topics.iter().find(|before| before.id == topic.id)?;
        Need::new(format!("topic {}", topic.id), &asked(old, from_ref(before)), &asked(new, from_ref(topic)))
    };
    let of_all = Need::new(format!("gate {}", Gate::Application), &asked(old, &old.topics), &asked(new, &new.topics));
    of_outcome.into_iter().chain(new.topics.iter().filter_map(of_topic)).chain(of_all).collect()
}
