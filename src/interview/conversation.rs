//! The conversation: asks what comes next, goes back, reviews, and hands every answer out to be saved before the next
//! question is asked.

use std::collections::BTreeSet;

use super::consequences::consequences;
use super::explanation::explanation;
use super::prompts::{self, Reviewed};
use super::steps::{End, Halt, Step, Trail, Way};
use super::what_next::offered;
use super::{Interview, Since, overview};
use crate::answers::{Edit, MAX_NAME};
use crate::prompter::{Prompter, Reply, Words};
use crate::question::{Answer, Section};

/// What is said to somebody who gives a product a name that is too long.
#[must_use]
pub fn name_too_long() -> Words {
    Words::Plain(format!("That name is too long. Write one of at most {MAX_NAME} characters."))
}

/// Holds a conversation until the person wants the report or has had enough. Without a product, asks its name first.
///
/// # Errors
/// If nothing more can be asked, or an answer could not be saved.
pub fn hold<E>(
    interview: &mut Interview<'_>,
    prompter: &mut dyn Prompter,
    save: &mut dyn FnMut(Edit<'_>) -> Result<(), E>,
) -> Result<End, Halt<E>> {
    let since = interview.catch_up();
    for words in overview::since(interview, &since) {
        prompter.tell(&words);
    }
    let passed = interview.answered().into_iter().map(Step::Question).collect();
    let mut conversation = Conversation {
        trail: Trail { passed, ..Trail::default() },
        interview,
        prompter,
        save,
        introduced: None,
        past_failure: false,
        outdated: since != Since::Same,
    };
    if matches!(since, Since::Later { .. }) {
        conversation.caught_up()?;
    }
    conversation.hold()
}

struct Conversation<'s, 'r, E> {
    interview: &'s mut Interview<'r>,
    prompter: &'s mut dyn Prompter,
    save: &'s mut dyn FnMut(Edit<'_>) -> Result<(), E>,
    trail: Trail,
    introduced: Option<Section>,
    /// Whether the person goes on answering although a criterion is not met.
    past_failure: bool,
    /// Whether the file still names other rules than those in use.
    outdated: bool,
}

impl<E> Conversation<'_, '_, E> {
    fn hold(&mut self) -> Result<End, Halt<E>> {
        let mut way = if self.interview.answers.product.is_empty() {
            Way::On(Step::Product)
        } else {
            self.take_given()?;
            self.tell_contradictions(None);
            self.next()
        };
        loop {
            way = match way {
                Way::On(step) => self.step(step)?,
                Way::ToReview => self.review()?,
                Way::Out(end) => return Ok(end),
            };
        }
    }

    fn step(&mut self, step: Step) -> Result<Way, Halt<E>> {
        if let Step::Question(index) = step {
            self.introduce(index);
        }
        let offers = match step {
            Step::Offers => Some(prompts::offers(self.interview, !self.trail.passed.is_empty())),
            _ => None,
        };
        let prompt = match (step, &offers) {
            (_, Some(menu)) => menu.prompt.clone(),
            (Step::Question(index), _) => prompts::question(self.interview, index, self.number(index)),
            (Step::Evidence(index), _) => prompts::evidence(self.interview, index),
            (Step::Product | Step::Offers, _) => prompts::product(self.interview),
        };
        let reply = self.prompter.ask(&prompt).map_err(Halt::Stopped)?;
        Ok(match reply {
            Reply::Quit => Way::Out(End::Quit),
            Reply::Back => self.back(Some(step)),
            Reply::Review => {
                self.pass(step);
                Way::ToReview
            }
            Reply::Explain => {
                if let Step::Question(index) = step {
                    for words in explanation(self.interview, index) {
                        self.prompter.tell(&words);
                    }
                }
                Way::On(step)
            }
            Reply::Skip => self.skipped(step),
            Reply::Answer(answer) => match (step, answer) {
                (Step::Product, Answer::Text(name)) => self.product_named(name)?,
                (Step::Question(index), answer) => self.question_answered(index, &answer)?,
                (Step::Evidence(index), Answer::Text(evidence)) => {
                    self.save(Edit::Evidence(index, &evidence))?;
                    if let Some(entry) = &mut self.interview.answers.entries[index] {
                        entry.evidence = Some(evidence);
                    }
                    self.next()
                }
                (step, answer) => match offers.and_then(|menu| menu.chosen(&answer)) {
                    Some(Some(offer)) => {
                        offer.accept(self.interview);
                        self.introduced = None;
                        self.past_failure = true;
                        self.next()
                    }
                    Some(None) => Way::ToReview,
                    // A prompter that answers what was not asked is asked again.
                    None => Way::On(step),
                },
            },
        })
    }

    /// Goes over the answers until they are right.
    fn review(&mut self) -> Result<Way, Halt<E>> {
        loop {
            for words in overview::all_answers(self.interview) {
                self.prompter.tell(&words);
            }
            let menu = prompts::review(self.interview, !self.trail.passed.is_empty());
            let chosen = match self.prompter.ask(&menu.prompt).map_err(Halt::Stopped)? {
                Reply::Quit => return Ok(Way::Out(End::Quit)),
                Reply::Back => return Ok(self.back(None)),
                Reply::Answer(answer) => menu.chosen(&answer),
                Reply::Review | Reply::Explain | Reply::Skip => None,
            };
            match chosen {
                Some(Reviewed::Report) => {
                    self.interview.again.clear();
                    self.caught_up()?;
                    return Ok(Way::Out(End::Finished));
                }
                Some(Reviewed::Change) => {
                    if let Some(end) = self.change()? {
                        return Ok(Way::Out(end));
                    }
                }
                Some(Reviewed::More) => {
                    self.past_failure = true;
                    self.interview.broken_off.clear();
                    self.interview.left_out.clear();
                    return Ok(Way::On(self.interview.next().map_or(Step::Offers, Step::Question)));
                }
                None => {}
            }
        }
    }

    /// Puts one answer right, and asks what it brings up. Gives how the conversation ended, if it did.
    fn change(&mut self) -> Result<Option<End>, Halt<E>> {
        let menu = prompts::change(self.interview);
        let answer = match self.prompter.ask(&menu.prompt).map_err(Halt::Stopped)? {
            Reply::Quit => return Ok(Some(End::Quit)),
            Reply::Answer(answer) => answer,
            Reply::Back | Reply::Review | Reply::Explain | Reply::Skip => return Ok(None),
        };
        let Some(chosen) = menu.chosen(&answer) else { return Ok(None) };
        let first = chosen.map_or(Step::Product, Step::Question);
        let before = std::mem::replace(&mut self.trail, Trail { corrects: Some(first), ..Trail::default() });
        let mut way = Way::On(first);
        let ended = loop {
            way = match way {
                Way::On(step) => self.step(step)?,
                Way::ToReview => break None,
                Way::Out(end) => break Some(end),
            };
        };
        let Trail { passed, .. } = std::mem::replace(&mut self.trail, before);
        passed.into_iter().filter(|step| *step != Step::Product).for_each(|step| self.pass(step));
        Ok(ended)
    }

    /// The number of this question in the conversation, or `None` if its answer is put right.
    fn number(&self, index: usize) -> Option<usize> {
        let this = Step::Question(index);
        if self.trail.corrects == Some(this) {
            return None;
        }
        // Those passed before the review count, too.
        let answered = self.interview.answered().into_iter().map(Step::Question);
        let passed: BTreeSet<Step> = match self.trail.corrects {
            Some(_) => answered.chain(self.trail.passed.iter().copied()).collect(),
            None => self.trail.passed.iter().copied().collect(),
        };
        let before = passed.iter().filter(|step| matches!(step, Step::Question(_)) && **step != this);
        Some(before.count() + 1)
    }

    fn introduce(&mut self, index: usize) {
        let wanted_by = |section: &&Section| self.interview.wanted(**section).contains(&index);
        let section = self.interview.plan.sections.iter().find(wanted_by).copied();
        let is_new = |section: &Section| self.trail.corrects.is_none() && self.introduced != Some(*section);
        if let Some(section) = section.filter(is_new) {
            let text = self.interview.rulebook.section(section);
            self.prompter.tell(&Words::Heading(text.title.clone(), text.intro.to_string()));
            self.introduced = Some(section);
        }
        if let Some((_, why)) = self.interview.again.iter().find(|(again, _)| *again == index) {
            self.prompter.tell(&Words::Plain(format!("Asked again: {why}")));
        }
    }

    /// The way after an answer or the start: to a question, else an offer, else the review. Once a criterion is not met,
    /// the person has what they came for, and is asked no more unless they want to.
    fn next(&mut self) -> Way {
        let corrects = self.trail.corrects.is_some();
        let offers = self.interview.plan.offers;
        let enough = self.interview.again.is_empty() && self.interview.fails();
        self.past_failure &= enough;
        if !enough {
            self.interview.broken_off.clear();
        }
        match self.interview.next() {
            Some(_) if enough && corrects => Way::ToReview,
            Some(_) if enough && offers && !self.past_failure => Way::On(Step::Offers),
            Some(index) => Way::On(Step::Question(index)),
            None if !corrects && !offered(self.interview).is_empty() => Way::On(Step::Offers),
            None => Way::ToReview,
        }
    }

    /// The step before this one, or before the review.
    fn back(&mut self, step: Option<Step>) -> Way {
        let Some(before) = self.trail.passed.pop() else {
            return if self.trail.corrects.is_some() { Way::ToReview } else { Way::On(Step::Product) };
        };
        // What has not been answered comes again by itself.
        if let Some(Step::Question(index)) = step
            && self.interview.answers.get(index).is_some()
        {
            self.trail.ahead.push(Step::Question(index));
        }
        Way::On(before)
    }

    /// Puts a step behind the person, and what they went back over behind it, as far as it still applies.
    fn pass(&mut self, step: Step) {
        let Trail { passed, ahead, .. } = &mut self.trail;
        if !passed.contains(&step) {
            passed.push(step);
        }
        while let Some(step) = ahead.pop() {
            let applies = matches!(step, Step::Question(index) if !self.interview.is_hidden(index));
            if applies && !passed.contains(&step) {
                passed.push(step);
            }
        }
    }

    fn skipped(&mut self, step: Step) -> Way {
        if let Step::Question(index) = step {
            // An answer given before stays.
            if self.interview.answers.get(index).is_none() {
                self.interview.leave_out(index);
            }
            self.pass(step);
        }
        self.next()
    }

    /// Takes the answers given beforehand, now that there is a file for them.
    fn take_given(&mut self) -> Result<(), Halt<E>> {
        let given = std::mem::take(&mut self.interview.given);
        for (index, answer) in &given {
            if self.interview.answers.get(*index).is_none_or(|entry| entry.answer != *answer) {
                self.save(Edit::Answer(*index, Some(answer)))?;
            }
            self.interview.answer(*index, answer.clone());
            self.pass(Step::Question(*index));
        }
        if !given.is_empty() {
            self.prompter.tell(&overview::beforehand(self.interview, &given));
        }
        Ok(())
    }

    /// Says which answers cannot all be true, but for what was so before.
    fn tell_contradictions(&mut self, before: Option<&Interview<'_>>) {
        for words in overview::contradictions(before, self.interview) {
            self.prompter.tell(&words);
        }
    }

    fn product_named(&mut self, name: String) -> Result<Way, Halt<E>> {
        if name.chars().count() > MAX_NAME {
            self.prompter.tell(&name_too_long());
            return Ok(Way::On(Step::Product));
        }
        self.save(Edit::Product(&name))?;
        self.interview.answers.product = name;
        if self.trail.corrects.is_some() {
            return Ok(Way::ToReview);
        }
        self.pass(Step::Product);
        self.take_given()?;
        self.tell_contradictions(None);
        Ok(self.next())
    }

    fn question_answered(&mut self, index: usize, answer: &Answer) -> Result<Way, Halt<E>> {
        let earlier = self.interview.answers.get(index).map(|entry| entry.answer.clone());
        let changed = earlier.as_ref().is_some_and(|earlier| earlier != answer);
        let before = self.interview.clone();
        if earlier.as_ref() != Some(answer) {
            self.save(Edit::Answer(index, Some(answer)))?;
        }
        let asked_again = !self.interview.again.is_empty();
        self.interview.answer(index, answer.clone());
        if asked_again {
            self.caught_up()?;
        }
        if changed {
            for words in consequences(&before, self.interview) {
                self.prompter.tell(&words);
            }
        }
        self.tell_contradictions(Some(&before));
        self.pass(Step::Question(index));
        Ok(if self.interview.rulebook.questions[index].evidence_for(answer).is_some() {
            Way::On(Step::Evidence(index))
        } else {
            self.next()
        })
    }

    /// Notes the rules in use, once nothing that they affect is left to ask again.
    fn caught_up(&mut self) -> Result<(), Halt<E>> {
        if self.outdated && self.interview.again.is_empty() {
            self.save(Edit::Rules)?;
            self.outdated = false;
        }
        Ok(())
    }

    fn save(&mut self, edit: Edit<'_>) -> Result<(), Halt<E>> {
        (self.save)(edit).map_err(Halt::NotSaved)
    }
}
