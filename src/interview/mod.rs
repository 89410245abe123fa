//! Which question comes next, and how many can still come: a pure state machine over the rules and the answers.
//!
//! A question comes only if its answer can still change something in the sections chosen. What it can change is read
//! from the same diagrams that the assessment reads, so the two cannot disagree.

use std::collections::BTreeSet;

use crate::answers::{Answers, Entry};
use crate::assess::{about_eligibility, is_hidden};
use crate::diagram::Ref;
use crate::question::{Answer, OptionSet, Section, Takes};
use crate::rulebook::{Criterion, Rulebook, Status};

mod conversation;
mod explanation;
mod messages;
mod outdated;
mod prompts;

pub use conversation::{End, Halt, hold};
pub use messages::{before_you_start, how_to_answer, name_too_long, standing};

/// What is to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The sections whose questions come.
    pub sections: BTreeSet<Section>,
    /// The sections whose questions come even if they change nothing.
    pub whole: BTreeSet<Section>,
    /// Whether the other sections are offered.
    pub offers: bool,
}

impl Plan {
    /// The first section that has something to ask; the others are offered.
    pub fn first() -> Self {
        Self { sections: BTreeSet::from([Section::Eligibility]), whole: BTreeSet::new(), offers: true }
    }

    /// These sections and no other.
    pub fn only(sections: impl IntoIterator<Item = Section>) -> Self {
        Self { sections: sections.into_iter().collect(), whole: BTreeSet::new(), offers: false }
    }

    /// The same sections, with every question that applies.
    #[must_use]
    pub fn in_full(self) -> Self {
        Self { whole: self.sections.clone(), ..self }
    }
}

/// An interview: the answers so far and what is to be asked.
#[derive(Clone, Debug)]
pub struct Interview<'r> {
    pub rulebook: &'r Rulebook,
    /// The answers so far.
    pub answers: Answers,
    /// What is to be asked.
    pub plan: Plan,
    /// Answers given beforehand, which are taken as if they had been given to a question.
    pub given: Vec<(usize, Answer)>,
    /// Answered questions to be asked again, in order, with the reason.
    pub(crate) again: Vec<(usize, String)>,
    /// Questions left unanswered for now.
    left_out: BTreeSet<usize>,
    /// Sections that were broken off, and are not asked from for now.
    broken_off: BTreeSet<Section>,
}

impl<'r> Interview<'r> {
    /// An interview that goes on from these answers, in each section that was begun.
    pub fn new(rulebook: &'r Rulebook, answers: Answers, mut plan: Plan) -> Self {
        if plan.offers {
            let answered = rulebook.questions.iter().filter(|question| answers.get(question.index).is_some());
            plan.sections.extend(answered.map(|question| question.section));
        }
        Self {
            rulebook,
            answers,
            plan,
            given: Vec::new(),
            again: Vec::new(),
            left_out: BTreeSet::new(),
            broken_off: BTreeSet::new(),
        }
    }

    /// The question to ask next, or `None` if no question can change anything in the sections chosen.
    pub fn next(&self) -> Option<usize> {
        let again = self.again.first().map(|(index, _)| *index);
        again.or_else(|| self.asked().iter().find_map(|section| self.in_order(*section).first().copied()))
    }

    /// The sections that questions come from now.
    pub fn asked(&self) -> BTreeSet<Section> {
        &self.plan.sections - &self.broken_off
    }

    /// Gives an answer. What is noted beside an earlier one stays.
    pub fn answer(&mut self, question: usize, answer: Answer) {
        let entry = self.answers.entries[question].take();
        let entry = Entry { place: None, answer: answer.clone(), ..entry.unwrap_or_else(|| Entry::bare(answer)) };
        self.answers.entries[question] = Some(entry);
        self.again.retain(|(index, _)| *index != question);
        self.left_out.remove(&question);
    }

    /// Leaves a question unanswered for now.
    pub fn leave_out(&mut self, question: usize) {
        self.left_out.insert(question);
        self.again.retain(|(index, _)| *index != question);
    }

    /// Leaves what is left of the sections being asked for later.
    fn break_off(&mut self) {
        let is_left = |section: &Section| !self.wanted(*section).is_empty();
        self.broken_off = self.plan.sections.iter().copied().filter(is_left).collect();
    }

    /// The unanswered questions of a section that are to be asked, in the order of asking: those that prepare a topic
    /// stand with their topic.
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

    /// Whether a criterion is certainly not met, whatever is answered to the other questions.
    pub fn fails(&self) -> bool {
        let given = self.answers.given(self.rulebook);
        let status = |criterion: &Criterion| self.rulebook.diagrams.settled(criterion.status, &given);
        self.rulebook.criteria.iter().any(|criterion| status(criterion) == Some(Status::NotMet))
    }

    /// The unanswered questions of a section that are to be asked.
    pub fn wanted(&self, section: Section) -> BTreeSet<usize> {
        let given = self.answers.given(self.rulebook);
        let relevant = |decision: Ref| self.rulebook.diagrams.relevant(decision, &given);
        let mut wanted: BTreeSet<usize> = self.decisions(section).into_iter().flat_map(relevant).collect();
        if section == Section::Eligibility {
            // What cannot change the outcome any more may still change what is said of a criterion.
            let also = self.about_eligibility().into_iter().flat_map(relevant);
            wanted.extend(also.filter(|index| self.rulebook.questions[*index].section == section));
        }
        wanted.extend(self.listed(section));
        wanted.retain(|index| self.is_open(*index));
        wanted
    }

    /// What is asked about beside the outcome. Where no scenario is certain, the person still learns which are possible.
    fn about_eligibility(&self) -> Vec<Ref> {
        let scenarios = self.rulebook.scenarios.iter().map(|scenario| scenario.within.root());
        about_eligibility(self.rulebook).into_iter().chain(scenarios).collect()
    }

    /// The unanswered questions that apply, wanted or not.
    pub fn rest(&self, section: Section) -> BTreeSet<usize> {
        self.of_section(section).filter(|index| self.is_open(*index) && !self.is_hidden(*index)).collect()
    }

    /// The most questions that can still come in these sections, whatever the answers are.
    ///
    /// Two bounds, each of which holds. No more questions come than the longest way through the decisions has; and no
    /// question comes twice, nor one that matters to none of the sections.
    pub fn at_most(&self, sections: &BTreeSet<Section>) -> usize {
        let given = self.answers.given(self.rulebook);
        let (mut decisions, mut listed, mut all) = (Vec::new(), 0, BTreeSet::new());
        for section in sections {
            decisions.extend(self.decisions(*section));
            if *section == Section::Eligibility {
                decisions.extend(self.about_eligibility());
            }
            listed += self.listed(*section).filter(|index| self.is_open(*index)).count();
            all.extend(self.wanted(*section));
        }
        all.extend(self.again.iter().map(|(index, _)| *index));
        let longest = self.rulebook.diagrams.most_questions(&decisions, &given);
        all.len().min(longest + listed + self.again.len())
    }

    /// The most questions that can come after this one, whatever is answered to it.
    pub fn at_most_after(&self, question: usize) -> usize {
        let mut then = self.clone();
        let sections = self.asked();
        let asked = &self.rulebook.questions[question];
        let answers: Vec<Answer> = match asked.kind.takes() {
            Takes::Own => vec![Answer::Text(String::new())],
            Takes::One => (0..asked.options.len()).map(Answer::One).collect(),
            Takes::Several => some_choices(self.rulebook.diagrams.variables().tested(question)),
        };
        let unsure = asked.takes_not_sure().then_some(Answer::NotSure);
        answers
            .into_iter()
            .chain(unsure)
            .map(|answer| {
                then.answer(question, answer);
                then.at_most(&sections)
            })
            .max()
            .unwrap_or(0)
    }

    /// The answers that no longer apply. They stay in the file and count again if they apply again.
    pub fn set_aside(&self) -> BTreeSet<usize> {
        self.with_answer().filter(|index| self.is_hidden(*index)).collect()
    }

    /// The questions that have an answer that applies, in the order of asking.
    pub fn answered(&self) -> Vec<usize> {
        let mut answered: Vec<usize> = self.with_answer().filter(|index| !self.is_hidden(*index)).collect();
        answered.sort_by_key(|index| (self.rulebook.questions[*index].section, *index));
        answered
    }

    fn with_answer(&self) -> impl Iterator<Item = usize> {
        (0..self.answers.entries.len()).filter(|index| self.answers.get(*index).is_some())
    }

    /// Whether a question is certainly not to be asked.
    pub fn is_hidden(&self, question: usize) -> bool {
        is_hidden(self.rulebook, &self.answers.given(self.rulebook), question)
    }

    fn is_open(&self, question: usize) -> bool {
        self.answers.get(question).is_none() && !self.left_out.contains(&question)
    }

    fn of_section(&self, section: Section) -> impl Iterator<Item = usize> {
        let questions = self.rulebook.questions.iter().enumerate();
        questions.filter(move |(_, question)| question.section == section).map(|(index, _)| index)
    }

    /// What the answers of a section decide.
    fn decisions(&self, section: Section) -> Vec<Ref> {
        match section {
            Section::Eligibility => vec![self.rulebook.outcome.root()],
            Section::Fit => vec![self.rulebook.fit.root()],
            Section::Application => Vec::new(),
            Section::GoLive => self.rulebook.obligations.iter().map(|owed| owed.status.root()).collect(),
        }
    }

    /// The questions of a section that are asked for their own sake, unless they certainly do not apply: those that
    /// prepare a topic, and all of a section that is wanted whole.
    fn listed(&self, section: Section) -> impl Iterator<Item = usize> {
        let topics = if section == Section::Application { self.rulebook.topics.as_slice() } else { &[] };
        let mut listed: BTreeSet<usize> = topics.iter().flat_map(|topic| topic.questions.iter().copied()).collect();
        if self.plan.whole.contains(&section) {
            listed.extend(self.of_section(section));
        }
        listed.retain(|index| !self.is_hidden(*index));
        listed.into_iter()
    }
}

/// Every choice among a few options; among many, each by itself, all, and none.
fn some_choices(tested: OptionSet) -> Vec<Answer> {
    const FEW: u32 = 6;
    let mut choices = vec![0, tested];
    if tested.count_ones() > FEW {
        choices.extend((0..OptionSet::BITS).map(|option| tested & (1 << option)));
    } else {
        // Each subset from the next smaller one.
        let smaller = |subset: &OptionSet| subset.checked_sub(1).map(|less| less & tested);
        choices = std::iter::successors(Some(tested), smaller).collect();
    }
    choices.into_iter().map(Answer::Many).collect()
}
