//! The conversation: asks the next question, goes back, reviews, and has each answer saved before it asks again.

use std::collections::BTreeSet;
use std::mem;
use std::ops::ControlFlow::{self, Break, Continue};

use super::explanation::explanation;
use super::prompts::{self, Destination, Turn, offered};
use super::{Interview, messages};
use crate::answers::{Edit, MAX_NAME};
use crate::prompter::{Message, Prompter, Reply, Stop};
use crate::question::{Answer, Section};

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person wants the report.
    Finished,
    Quit,
}

/// Why a conversation ended early. Every earlier answer has been saved.
#[derive(Debug)]
pub enum Halt<E> {
    /// Nothing more can be asked.
    Stopped(Stop),
    /// An answer could not be saved.
    NotSaved(E),
}

/// Holds a conversation until the person wants the report or quits. Asks for the product's name first, if it has none.
pub fn hold<E>(
    interview: &mut Interview<'_>,
    prompter: &mut dyn Prompter,
    save: &mut dyn FnMut(Edit<'_>) -> Result<(), E>,
) -> Result<End, Halt<E>> {
    let outdated = interview.outdated.take();
    let affected_is_known = outdated.as_ref().is_some_and(|(_, known)| *known);
    let passed = interview.confirmed().map(Turn::Question).collect();
    let mut conversation = Conversation {
        trail: Trail { passed, ..Trail::default() },
        interview,
        prompter,
        save,
        corrects: None,
        introduced: None,
        continues_after_failure: false,
        outdated: outdated.is_some(),
    };
    if let Some((message, _)) = outdated {
        conversation.prompter.tell(&message);
        // The file names one version for all its answers.
        if conversation.interview.to_reask.len() > 1 {
            let once = "Go through all of them before you stop. If you stop earlier, the answers that you changed are \
                        saved, but you will be asked all of these questions again.";
            conversation.prompter.tell(&Message::Plain(once.to_owned()));
        }
    }
    let mut turn =
        if conversation.interview.answers.product.is_empty() { Turn::Product } else { conversation.begin()? };
    loop {
        if affected_is_known {
            conversation.record_rules()?;
        }
        match conversation.ask(turn)? {
            Continue(next) => turn = next,
            Break(end) => return Ok(end),
        }
    }
}

/// The turns that "back" retraces.
#[derive(Default)]
struct Trail {
    passed: Vec<Turn>,
    /// The turns that the person went back over, the nearest last.
    ahead: Vec<Turn>,
}

struct Conversation<'s, 'r, E> {
    interview: &'s mut Interview<'r>,
    prompter: &'s mut dyn Prompter,
    save: &'s mut dyn FnMut(Edit<'_>) -> Result<(), E>,
    trail: Trail,
    /// The turn being corrected from the review, and the trail to restore afterwards.
    corrects: Option<(Turn, Trail)>,
    introduced: Option<Section>,
    /// Whether the person carries on although a criterion is not met.
    continues_after_failure: bool,
    /// Whether the file still names rules other than those in use.
    outdated: bool,
}

impl<E> Conversation<'_, '_, E> {
    /// Takes one turn and returns the next.
    fn ask(&mut self, turn: Turn) -> Result<ControlFlow<End, Turn>, Halt<E>> {
        match turn {
            Turn::Question(index) => self.introduce(index),
            Turn::Review => self.begin_review(),
            _ => {}
        }
        let back = !self.trail.passed.is_empty();
        let (prompt, destinations) = match turn {
            Turn::Product => (prompts::product(self.interview, self.corrects.is_some()), Vec::new()),
            Turn::Organisation => (prompts::organisation(self.interview), Vec::new()),
            Turn::Question(index) => (prompts::question(self.interview, index, self.number(index)), Vec::new()),
            Turn::Evidence(index) => (prompts::evidence(self.interview, index), Vec::new()),
            Turn::Offers => prompts::offers(self.interview, back),
            Turn::Review => prompts::review(self.interview, back),
            Turn::Change => prompts::change(self.interview),
        };
        let reply = self.prompter.ask(&prompt).map_err(Halt::Stopped)?;
        Ok(Continue(match (turn, reply) {
            (_, Reply::Quit) => return Ok(Break(End::Quit)),
            (Turn::Change, Reply::Back) => Turn::Review,
            (_, Reply::Back) => self.back(turn),
            (_, Reply::Review) => {
                self.pass(turn);
                Turn::Review
            }
            (Turn::Question(index), Reply::Explain) => {
                self.tell(explanation(self.interview, index));
                turn
            }
            (Turn::Question(index), Reply::Skip) => {
                if self.interview.answers.get(index).is_some() {
                    self.save(Edit::Answer(index, None))?;
                    self.interview.answers.entries[index] = None;
                }
                self.interview.skip(index);
                self.pass(turn);
                self.next()
            }
            (Turn::Organisation, Reply::Skip) => self.save_name(turn, None)?,
            (Turn::Evidence(index), Reply::Skip) => self.save_evidence(index, None)?,
            (_, Reply::Skip) => self.next(),
            (Turn::Product | Turn::Organisation, Reply::Answer(Answer::Text(name))) => {
                self.save_name(turn, Some(name))?
            }
            (Turn::Question(index), Reply::Answer(answer)) => self.question_answered(index, &answer)?,
            (Turn::Evidence(index), Reply::Answer(Answer::Text(evidence))) => {
                self.save_evidence(index, Some(evidence))?
            }
            (_, Reply::Answer(Answer::One(item))) if item < destinations.len() => {
                return self.go_to(destinations[item]);
            }
            // A prompter that replies what was not asked is asked again.
            (_, Reply::Answer(_) | Reply::Explain) => turn,
        }))
    }

    fn go_to(&mut self, destination: Destination) -> Result<ControlFlow<End, Turn>, Halt<E>> {
        match destination {
            Destination::Turn(turn) => return Ok(Continue(turn)),
            Destination::Report => {
                self.interview.to_reask.clear();
                self.record_rules()?;
                return Ok(Break(End::Finished));
            }
            Destination::Correct(turn) => {
                self.corrects = Some((turn, mem::take(&mut self.trail)));
                return Ok(Continue(turn));
            }
            Destination::More => {
                self.continues_after_failure = true;
                self.interview.paused.clear();
                self.interview.skipped.clear();
                return Ok(Continue(self.interview.next().map_or(Turn::Offers, Turn::Question)));
            }
            Destination::GoOn => self.interview.paused.clear(),
            // What was broken off stays so, unless the person goes on with it.
            Destination::Section(section) => {
                self.interview.pause();
                self.interview.plan.sections.insert(section);
            }
            Destination::Rest(section) => {
                self.interview.pause();
                self.interview.plan.whole.insert(section);
            }
        }
        self.introduced = None;
        self.continues_after_failure = true;
        Ok(Continue(self.next()))
    }

    /// Ends a correction, and shows all answers.
    fn begin_review(&mut self) {
        if let Some((_, before)) = self.corrects.take() {
            let corrected = mem::replace(&mut self.trail, before).passed;
            corrected
                .into_iter()
                .filter(|turn| !matches!(turn, Turn::Product | Turn::Organisation))
                .for_each(|turn| self.pass(turn));
        }
        self.tell(messages::all_answers(self.interview));
    }

    /// The question's number in the conversation, or `None` while its answer is being corrected.
    fn number(&self, index: usize) -> Option<usize> {
        let mut passed: BTreeSet<Turn> = self.trail.passed.iter().copied().collect();
        if let Some((corrected, _)) = self.corrects {
            if corrected == Turn::Question(index) {
                return None;
            }
            // Those passed before the review count, too.
            passed.extend(self.interview.confirmed().map(Turn::Question));
        }
        passed.remove(&Turn::Question(index));
        Some(passed.iter().filter(|turn| matches!(turn, Turn::Question(_))).count() + 1)
    }

    fn introduce(&mut self, index: usize) {
        let wanted_by = |section: &&Section| self.interview.wanted(**section).contains(&index);
        let section = self.interview.plan.sections.iter().find(wanted_by).copied();
        let is_new = |section: &Section| self.corrects.is_none() && self.introduced != Some(*section);
        if let Some(section) = section.filter(is_new) {
            let text = self.interview.rulebook.section(section);
            self.prompter.tell(&Message::Heading(text.title.clone(), text.intro.to_string()));
            self.introduced = Some(section);
        }
        if self.interview.to_reask.contains(&index) {
            self.prompter.tell(&Message::Plain(format!("Asked again: {}", self.interview.why_again(index))));
        }
    }

    /// The turn after an answer, or at the start: a question, else an offer, else the review. Once a criterion is not met,
    /// the result is known, and the person is asked no more unless they choose to carry on.
    fn next(&mut self) -> Turn {
        let corrects = self.corrects.is_some();
        let enough = self.interview.is_enough();
        self.continues_after_failure &= enough;
        match self.interview.next() {
            Some(_) if enough && corrects => Turn::Review,
            Some(_) if enough && self.interview.plan.offers && !self.continues_after_failure => Turn::Offers,
            Some(index) => Turn::Question(index),
            None if !corrects && !offered(self.interview).is_empty() => Turn::Offers,
            None => Turn::Review,
        }
    }

    /// The turn before this one.
    fn back(&mut self, turn: Turn) -> Turn {
        let Some(before) = self.trail.passed.pop() else {
            return if self.corrects.is_some() { Turn::Review } else { Turn::Product };
        };
        // What has no answer that stands comes again by itself.
        if let Turn::Question(index) = turn
            && self.interview.confirmed().any(|confirmed| confirmed == index)
        {
            self.trail.ahead.push(turn);
        }
        before
    }

    /// Records a turn as passed, and again those that the person went back over, as far as they still apply.
    fn pass(&mut self, turn: Turn) {
        let Trail { passed, ahead } = &mut self.trail;
        if !passed.contains(&turn) {
            passed.push(turn);
        }
        while let Some(turn) = ahead.pop() {
            let applies = matches!(turn, Turn::Question(index) if !self.interview.is_hidden(index));
            if applies && !passed.contains(&turn) {
                passed.push(turn);
            }
        }
    }

    /// Saves the answers given with `--set`, now that there is a file for them.
    fn take_preset(&mut self) -> Result<(), Halt<E>> {
        let given = mem::take(&mut self.interview.preset);
        for (index, answer) in &given {
            self.set_answer(*index, answer)?;
            self.pass(Turn::Question(*index));
        }
        if !given.is_empty() {
            self.prompter.tell(&messages::beforehand(self.interview, &given));
        }
        Ok(())
    }

    fn tell(&mut self, messages: Vec<Message>) {
        for message in messages {
            self.prompter.tell(&message);
        }
    }

    /// The turn once the product has a name: the organisation, if it is not known, comes before the first answer.
    fn begin(&mut self) -> Result<Turn, Halt<E>> {
        let asks = self.interview.answers.organisation.is_none() && self.interview.answered().is_empty();
        self.take_preset()?;
        self.tell(messages::contradictions(None, self.interview));
        Ok(if asks { Turn::Organisation } else { self.next() })
    }

    /// Saves the name of the product or the organisation. Of an organisation, it can be taken away.
    fn save_name(&mut self, turn: Turn, name: Option<String>) -> Result<Turn, Halt<E>> {
        if name.as_ref().is_some_and(|name| name.chars().count() > MAX_NAME) {
            self.prompter.tell(&messages::name_too_long());
            return Ok(turn);
        }
        match (turn, name) {
            (Turn::Product, Some(name)) => {
                self.save(Edit::Product(&name))?;
                self.interview.answers.product = name;
            }
            (_, name) if name == self.interview.answers.organisation => {}
            (_, name) => {
                self.save(Edit::Organisation(name.as_deref()))?;
                self.interview.answers.organisation = name;
            }
        }
        if self.corrects.is_some() {
            return Ok(Turn::Review);
        }
        self.pass(turn);
        if turn == Turn::Product { self.begin() } else { Ok(self.next()) }
    }

    fn save_evidence(&mut self, index: usize, evidence: Option<String>) -> Result<Turn, Halt<E>> {
        let noted = self.interview.answers.get(index).and_then(|entry| entry.evidence.clone());
        if noted != evidence {
            self.save(Edit::Evidence(index, evidence.as_deref()))?;
            self.interview.note_evidence(index, evidence);
        }
        Ok(self.next())
    }

    fn question_answered(&mut self, index: usize, answer: &Answer) -> Result<Turn, Halt<E>> {
        let earlier = self.interview.answers.get(index).map(|entry| entry.answer.clone());
        let changed = earlier.as_ref().is_some_and(|earlier| earlier != answer);
        let before = self.interview.clone();
        self.set_answer(index, answer)?;
        if changed {
            self.tell(messages::consequences(&before, self.interview));
        }
        self.tell(messages::contradictions(Some(&before), self.interview));
        self.pass(Turn::Question(index));
        Ok(if self.interview.rulebook.questions[index].evidence_for(answer).is_some() {
            Turn::Evidence(index)
        } else {
            self.next()
        })
    }

    fn set_answer(&mut self, index: usize, answer: &Answer) -> Result<(), Halt<E>> {
        let gone = self.interview.save_answer(index, answer, self.save).map_err(Halt::NotSaved)?;
        if let Some(gone) = gone {
            self.prompter.tell(&Message::Plain(gone));
        }
        Ok(())
    }

    /// Writes the rules in use into the file, once no affected question is left to ask again.
    fn record_rules(&mut self) -> Result<(), Halt<E>> {
        if self.outdated && self.interview.to_reask.is_empty() {
            self.save(Edit::Rules)?;
            self.outdated = false;
        }
        Ok(())
    }

    fn save(&mut self, edit: Edit<'_>) -> Result<(), Halt<E>> {
        (self.save)(edit).map_err(Halt::NotSaved)
    }
}
