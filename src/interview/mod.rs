//! Which question comes next, and how many can still come: a pure state machine over the rules and the answers.
//!
//! A question is asked only if its answer can still change something in the chosen sections. That is read from the
//! diagrams that the assessment reads, so the two cannot disagree.

use std::collections::BTreeSet;

use crate::answers::{Answers, Edit, Entry};
use crate::assess::{about_eligibility, is_hidden};
use crate::diagram::Ref;
use crate::prompter::Message;
use crate::question::{Answer, Section};
use crate::rulebook::{Criterion, Rulebook, Status};

mod conversation;
mod explanation;
mod messages;
mod outdated;
mod prompts;

pub use conversation::{End, Halt, hold};
pub use messages::{asked_all_again, before_you_start, how_to_answer, name_too_long, standing};

/// Which questions to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The sections to ask about.
    pub sections: BTreeSet<Section>,
    /// The sections whose questions are asked even if they change nothing.
    pub whole: BTreeSet<Section>,
    /// Whether to offer the other sections.
    pub offers: bool,
}

impl Plan {
    /// The eligibility section; the others are offered.
    pub fn first() -> Self {
        Self { sections: BTreeSet::from([Section::Eligibility]), whole: BTreeSet::new(), offers: true }
    }

    /// Only these sections.
    pub fn only(sections: impl IntoIterator<Item = Section>) -> Self {
        Self { sections: sections.into_iter().collect(), whole: BTreeSet::new(), offers: false }
    }

    /// The same sections, with all their questions that apply.
    #[must_use]
    pub fn in_full(self) -> Self {
        Self { whole: self.sections.clone(), ..self }
    }
}

/// An interview: the answers so far and what is to be asked.
#[derive(Clone, Debug)]
pub struct Interview<'r> {
    pub rulebook: &'r Rulebook,
    pub answers: Answers,
    pub plan: Plan,
    /// Answers given before the interview, to be saved as if each had been asked for.
    pub preset: Vec<(usize, Answer)>,
    /// Answered questions to ask again, before all others.
    to_reask: BTreeSet<usize>,
    /// If the answers were given against other rules, what to tell of it, and whether it is known which are affected.
    outdated: Option<(Message, bool)>,
    /// Questions that the person left for later.
    skipped: BTreeSet<usize>,
    /// Sections that the person left for later.
    paused: BTreeSet<Section>,
}

impl<'r> Interview<'r> {
    /// Resumes from these answers, in each section that has any.
    pub fn new(rulebook: &'r Rulebook, answers: Answers, mut plan: Plan) -> Self {
        if plan.offers {
            let answered = rulebook.questions.iter().filter(|question| answers.get(question.index).is_some());
            plan.sections.extend(answered.map(|question| question.section));
        }
        let mut interview = Self {
            rulebook,
            answers,
            plan,
            preset: Vec::new(),
            to_reask: BTreeSet::new(),
            outdated: None,
            skipped: BTreeSet::new(),
            paused: BTreeSet::new(),
        };
        interview.outdated = interview.reask_outdated();
        interview
    }

    /// The next question, or `None` if none can change anything in the chosen sections.
    pub fn next(&self) -> Option<usize> {
        let other = || self.asked().iter().find_map(|section| self.in_order(*section).first().copied());
        self.to_reask.first().copied().or_else(other)
    }

    /// The sections being asked about. What was left because a criterion is not met comes back once that is not so.
    pub fn asked(&self) -> BTreeSet<Section> {
        if self.has_failed() { &self.plan.sections - &self.paused } else { self.plan.sections.clone() }
    }

    /// Saves and sets an answer. Returns what to tell of it: that the evidence of an earlier one is gone.
    /// If `save` fails, the answer is as it was.
    pub fn save_answer<E>(
        &mut self,
        question: usize,
        answer: &Answer,
        save: &mut dyn FnMut(Edit<'_>) -> Result<(), E>,
    ) -> Result<Option<String>, E> {
        if self.answers.get(question).is_none_or(|entry| entry.answer != *answer) {
            save(Edit::Answer(question, Some(answer)))?;
        }
        let stale = self.stale_evidence(question, answer).map(str::to_owned);
        if stale.is_some() {
            save(Edit::Evidence(question, None))?;
        }
        self.answer(question, answer.clone());
        Ok(stale.map(|stale| format!("The evidence for your earlier answer is no longer in the file: {stale}")))
    }

    /// The evidence of another answer, if none is asked for with this one: a contract does not show that there is none.
    fn stale_evidence(&self, question: usize, answer: &Answer) -> Option<&str> {
        let entry = self.answers.get(question)?;
        let another = matches!(entry.answer, Answer::One(_)) && entry.answer != *answer;
        let is_stale = another && self.rulebook.questions[question].evidence_for(answer).is_none();
        entry.evidence.as_deref().filter(|_| is_stale)
    }

    /// Sets an answer. The note of an earlier one stays, and its evidence unless that is stale.
    pub fn answer(&mut self, question: usize, answer: Answer) {
        if self.stale_evidence(question, &answer).is_some() {
            self.note_evidence(question, None);
        }
        let entry = self.answers.entries[question].take();
        let entry = Entry { place: None, answer: answer.clone(), ..entry.unwrap_or_else(|| Entry::bare(answer)) };
        self.answers.entries[question] = Some(entry);
        self.to_reask.remove(&question);
        self.skipped.remove(&question);
    }

    fn note_evidence(&mut self, question: usize, evidence: Option<String>) {
        if let Some(entry) = &mut self.answers.entries[question] {
            entry.evidence = evidence;
        }
    }

    /// Leaves a question for later.
    pub fn skip(&mut self, question: usize) {
        self.skipped.insert(question);
        self.to_reask.remove(&question);
    }

    /// Leaves the rest of the current sections for later.
    fn pause(&mut self) {
        let is_left = |section: &Section| !self.wanted(*section).is_empty();
        self.paused = self.plan.sections.iter().copied().filter(is_left).collect();
    }

    /// The questions of [`Self::wanted`] in the order of asking: those that prepare a topic are grouped by topic.
    pub fn in_order(&self, section: Section) -> Vec<usize> {
        let mut wanted: Vec<usize> = self.wanted(section).into_iter().collect();
        if section == Section::Application {
            let topics = &self.rulebook.topics;
            let topic = |index: &usize| topics.iter().position(|topic| topic.questions.contains(index));
            let place = |index: &usize| topic(index).map(|at| topics[at].questions.iter().position(|q| q == index));
            wanted.sort_by_key(|index| (topic(index).unwrap_or(topics.len()), place(index)));
        }
        wanted
    }

    /// Whether some criterion is not met, whatever the other answers are.
    pub fn has_failed(&self) -> bool {
        let given = self.answers.assignment(self.rulebook);
        let status = |criterion: &Criterion| self.rulebook.diagrams.settled(criterion.status, &given);
        self.rulebook.criteria.iter().any(|criterion| status(criterion) == Some(Status::NotMet))
    }

    /// Whether the result is known, so that nothing more is asked unless the person wants it.
    fn is_enough(&self) -> bool {
        self.to_reask.is_empty() && self.has_failed()
    }

    /// The questions of a section still to be asked.
    pub fn wanted(&self, section: Section) -> BTreeSet<usize> {
        let given = self.answers.assignment(self.rulebook);
        let relevant = |decision: Ref| self.rulebook.diagrams.relevant(decision, &given);
        let mut wanted: BTreeSet<usize> = self.decisions(section).into_iter().flat_map(relevant).collect();
        if section == Section::Eligibility {
            // What cannot change the outcome any more may still change what is said of a criterion.
            let also = self.about_eligibility().into_iter().flat_map(relevant);
            wanted.extend(also.filter(|index| self.rulebook.questions[*index].section == section));
        }
        wanted.extend(self.asked_anyway(section));
        wanted.retain(|index| self.is_open(*index));
        wanted
    }

    /// What questions are asked for besides the outcome. Scenarios are among them, because the report lists the possible
    /// ones where none is certain.
    fn about_eligibility(&self) -> Vec<Ref> {
        let scenarios = self.rulebook.scenarios.iter().map(|scenario| scenario.applies.root());
        about_eligibility(self.rulebook).into_iter().chain(scenarios).collect()
    }

    /// All unanswered questions that apply, whether or not they change anything.
    pub fn unanswered(&self, section: Section) -> BTreeSet<usize> {
        self.of_section(section).filter(|index| self.is_open(*index) && !self.is_hidden(*index)).collect()
    }

    /// An upper bound on the questions still to come in these sections, whatever the answers are.
    ///
    /// It is the smaller of two: the longest path through the decisions, and the number of questions that matter at all,
    /// none of which is asked twice. What is asked again may be answered anyhow, as if it were missing, and always counts.
    pub fn at_most(&self, sections: &BTreeSet<Section>) -> usize {
        let (again, mut open) = (&self.to_reask, self.clone());
        for index in again {
            open.answers.entries[*index] = None;
        }
        open.skipped.extend(again);
        let given = open.answers.assignment(self.rulebook);
        let (mut decisions, mut listed, mut all) = (Vec::new(), 0, again.clone());
        for section in sections {
            decisions.extend(self.decisions(*section));
            if *section == Section::Eligibility {
                decisions.extend(self.about_eligibility());
            }
            listed += open.asked_anyway(*section).filter(|index| open.is_open(*index)).count();
            all.extend(open.wanted(*section));
        }
        let longest = self.rulebook.diagrams.most_questions(&decisions, &given, again);
        all.len().min(longest + listed + again.len())
    }

    /// An upper bound on the questions after this one, whatever its answer is.
    pub fn at_most_after(&self, question: usize) -> usize {
        let mut then = self.clone();
        then.answers.entries[question] = None;
        then.to_reask.insert(question);
        then.at_most(&then.asked()) - 1
    }

    /// The answered questions that do not apply at present. Their answers stay in the file, and count if they apply again.
    pub fn not_applicable(&self) -> BTreeSet<usize> {
        self.with_answer().filter(|index| self.is_hidden(*index)).collect()
    }

    /// The answered questions that apply, in the order of asking.
    pub fn answered(&self) -> Vec<usize> {
        self.with_answer().filter(|index| !self.is_hidden(*index)).collect()
    }

    /// Those of them that need not be asked again.
    fn confirmed(&self) -> impl Iterator<Item = usize> {
        self.answered().into_iter().filter(|index| !self.to_reask.contains(index))
    }

    fn with_answer(&self) -> impl Iterator<Item = usize> {
        (0..self.answers.entries.len()).filter(|index| self.answers.get(*index).is_some())
    }

    /// Whether a question certainly does not apply.
    pub fn is_hidden(&self, question: usize) -> bool {
        is_hidden(self.rulebook, &self.answers.assignment(self.rulebook), question)
    }

    fn is_open(&self, question: usize) -> bool {
        self.answers.get(question).is_none() && !self.skipped.contains(&question)
    }

    fn of_section(&self, section: Section) -> impl Iterator<Item = usize> {
        self.rulebook
            .questions
            .iter()
            .filter(move |question| question.section == section)
            .map(|question| question.index)
    }

    /// The decisions that a section is about.
    fn decisions(&self, section: Section) -> Vec<Ref> {
        match section {
            Section::Eligibility => vec![self.rulebook.outcome.root()],
            Section::Fit => vec![self.rulebook.fit.root()],
            Section::Application => Vec::new(),
            Section::GoLive => self.rulebook.obligations.iter().map(|owed| owed.status.root()).collect(),
        }
    }

    /// The questions of a section that are asked even if they change no result: those that prepare a topic, and all of a
    /// section that is wanted whole. Not those that certainly do not apply.
    fn asked_anyway(&self, section: Section) -> impl Iterator<Item = usize> {
        let topics = if section == Section::Application { self.rulebook.topics.as_slice() } else { &[] };
        let mut listed: BTreeSet<usize> = topics.iter().flat_map(|topic| topic.questions.iter().copied()).collect();
        if self.plan.whole.contains(&section) {
            listed.extend(self.of_section(section));
        }
        listed.retain(|index| !self.is_hidden(*index));
        listed.into_iter()
    }
}
