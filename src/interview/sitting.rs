//! One sitting: asks what comes next, goes back, reviews, and hands every answer out to be saved before the next
//! question is asked.

use super::consequences::consequences;
use super::explanation::explanation;
use super::offer::offered;
use super::prompts::{self, ReviewChoice};
use super::{Interview, Since, account};
use crate::answers::MAX_NAME;
use crate::prompter::{Prompt, Prompter, Reply, Stop, Words};
use crate::question::{Answer, Section};

/// Something to save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// The product's name.
    Product(String),
    /// The answer to the question with this index.
    Answer(usize, Answer),
    /// What backs the answer to the question with this index.
    Evidence(usize, String),
    /// Every answer has been looked at with the rules in use.
    Rules,
}

/// How a sitting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person wants the report.
    Finished,
    /// Enough for now.
    Quit,
}

/// Why a sitting broke off. Everything answered before has been saved.
#[derive(Debug)]
pub enum Halt<E> {
    /// Nothing more can be asked.
    Stopped(Stop),
    /// An answer could not be saved.
    NotSaved(E),
}

/// Where the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Product,
    Question(usize),
    Evidence(usize),
    /// What to go on with.
    Offers,
    Review,
    /// Which answer to change.
    Change,
}

/// What is said to somebody who gives a product a name that is too long.
#[must_use]
pub fn name_too_long() -> Words {
    Words::Plain(format!("That name is too long. Write one of at most {MAX_NAME} characters."))
}

/// Holds a sitting until the person wants the report or has had enough. Without a product, asks its name first.
///
/// # Errors
/// If nothing more can be asked, or an answer could not be saved.
pub fn hold<E>(
    interview: &mut Interview<'_>,
    prompter: &mut dyn Prompter,
    save: &mut dyn FnMut(&Saved) -> Result<(), E>,
) -> Result<End, Halt<E>> {
    let since = interview.catch_up();
    for words in account::since(interview, &since) {
        prompter.tell(&words);
    }
    let history = interview.answered().into_iter().map(Step::Question).collect();
    let outdated = since != Since::Same;
    let mut sitting = Sitting {
        interview,
        prompter,
        save,
        history,
        ahead: Vec::new(),
        introduced: None,
        reviewing: false,
        past_failure: false,
        outdated,
    };
    if matches!(since, Since::Later { .. }) {
        sitting.caught_up()?;
    }
    sitting.hold()
}

struct Sitting<'s, 'r, E> {
    interview: &'s mut Interview<'r>,
    prompter: &'s mut dyn Prompter,
    save: &'s mut dyn FnMut(&Saved) -> Result<(), E>,
    /// The steps that "back" goes through.
    history: Vec<Step>,
    /// The steps gone back over, nearest last.
    ahead: Vec<Step>,
    introduced: Option<Section>,
    /// Whether the person is changing answers, and goes back to the review rather than on to an offer.
    reviewing: bool,
    /// Whether the person goes on answering although a criterion is not met.
    past_failure: bool,
    /// Whether the file still names other rules than those in use.
    outdated: bool,
}

impl<E> Sitting<'_, '_, E> {
    fn hold(&mut self) -> Result<End, Halt<E>> {
        let mut step = if self.interview.answers.product.is_empty() {
            Step::Product
        } else {
            self.take_given()?;
            self.tell_contradictions(None);
            self.next()
        };
        loop {
            self.introduce(step);
            let prompt = self.prompt(step);
            let reply = self.prompter.ask(&prompt).map_err(Halt::Stopped)?;
            step = match reply {
                Reply::Quit => return Ok(End::Quit),
                Reply::Back => self.back(step),
                Reply::Review => {
                    self.pass(step);
                    Step::Review
                }
                Reply::Explain => {
                    if let Step::Question(index) = step {
                        for words in explanation(self.interview, index) {
                            self.prompter.tell(&words);
                        }
                    }
                    step
                }
                Reply::Skip => self.skipped(step),
                Reply::Answer(answer) => match self.answered(step, answer)? {
                    Some(step) => step,
                    None => return Ok(End::Finished),
                },
            };
        }
    }

    fn prompt(&self, step: Step) -> Prompt<'static> {
        let back = !self.history.is_empty();
        match step {
            Step::Product => prompts::product(self.interview),
            Step::Question(index) => {
                let number = self.number(index);
                prompts::question(self.interview, index, number)
            }
            Step::Evidence(index) => prompts::evidence(self.interview, index),
            Step::Offers => prompts::offers(self.interview, back),
            Step::Review => prompts::review(self.interview, back),
            Step::Change => prompts::change(self.interview),
        }
    }

    /// The how-manieth question this is, or `None` if it is asked again from the review.
    fn number(&self, index: usize) -> Option<usize> {
        if self.history.contains(&Step::Review) {
            return None;
        }
        let before = self.history.iter().filter(|step| matches!(step, Step::Question(passed) if *passed != index));
        Some(before.count() + 1)
    }

    fn introduce(&mut self, step: Step) {
        match step {
            Step::Question(index) => {
                let wanted_by = |section: &&Section| self.interview.wanted(**section).contains(&index);
                let section = self.interview.plan.sections.iter().find(wanted_by).copied();
                if let Some(section) = section.filter(|section| !self.reviewing && self.introduced != Some(*section)) {
                    let text = self.interview.rulebook.section(section);
                    self.prompter.tell(&Words::Heading(text.title.clone(), text.intro.to_string()));
                    self.introduced = Some(section);
                }
                if let Some((_, why)) = self.interview.again.iter().find(|(again, _)| *again == index) {
                    self.prompter.tell(&Words::Plain(format!("Asked again: {why}")));
                }
            }
            Step::Review => {
                for words in account::all_answers(self.interview) {
                    self.prompter.tell(&words);
                }
            }
            Step::Product | Step::Evidence(_) | Step::Offers | Step::Change => {}
        }
    }

    /// The step after an answer or the start: a question, else an offer, else the review. Once a criterion is not met,
    /// the person has what they came for, and is asked no more unless they want to.
    fn next(&mut self) -> Step {
        let offers = self.interview.plan.offers;
        let enough = self.interview.again.is_empty() && self.interview.fails();
        self.past_failure &= enough;
        if !enough {
            self.interview.broken_off.clear();
        }
        match self.interview.next() {
            Some(_) if enough && self.reviewing => Step::Review,
            Some(_) if enough && offers && !self.past_failure => Step::Offers,
            Some(index) => Step::Question(index),
            None if !self.reviewing && !offered(self.interview).is_empty() => Step::Offers,
            None => Step::Review,
        }
    }

    fn back(&mut self, step: Step) -> Step {
        let Some(before) = self.history.pop() else {
            return if step == Step::Product { step } else { Step::Product };
        };
        // What has not been answered comes again by itself.
        if let Step::Question(index) = step
            && self.interview.answers.get(index).is_some()
        {
            self.ahead.push(step);
        }
        before
    }

    /// Puts a step behind the person, and what they went back over behind it, as far as it still applies.
    fn pass(&mut self, step: Step) {
        if !self.history.contains(&step) {
            self.history.push(step);
        }
        while let Some(step) = self.ahead.pop() {
            let applies = matches!(step, Step::Question(index) if !self.interview.is_hidden(index));
            if applies && !self.history.contains(&step) {
                self.history.push(step);
            }
        }
    }

    fn skipped(&mut self, step: Step) -> Step {
        if let Step::Question(index) = step {
            // An answer given before stays.
            if self.interview.answers.get(index).is_none() {
                self.interview.leave_out(index);
            }
            self.pass(step);
        }
        self.next()
    }

    /// Takes an answer. `None` means that the report is wanted.
    fn answered(&mut self, step: Step, answer: Answer) -> Result<Option<Step>, Halt<E>> {
        Ok(Some(match (step, answer) {
            (Step::Product, Answer::Text(name)) if name.chars().count() > MAX_NAME => {
                self.prompter.tell(&name_too_long());
                Step::Product
            }
            (Step::Product, Answer::Text(name)) => {
                self.save(&Saved::Product(name.clone()))?;
                self.interview.answers.product = name;
                self.pass_product()?
            }
            (Step::Question(index), answer) => self.question_answered(index, &answer)?,
            (Step::Evidence(index), Answer::Text(evidence)) => {
                self.save(&Saved::Evidence(index, evidence.clone()))?;
                if let Some(entry) = &mut self.interview.answers.entries[index] {
                    entry.evidence = Some(evidence);
                }
                self.next()
            }
            (Step::Offers, Answer::One(chosen)) => match prompts::chosen_offer(self.interview, chosen) {
                Some(offer) => {
                    offer.accept(self.interview);
                    self.introduced = None;
                    self.past_failure = true;
                    self.next()
                }
                None => Step::Review,
            },
            (Step::Review, Answer::One(chosen)) => match prompts::review_choices(self.interview).get(chosen) {
                Some(ReviewChoice::Change) => {
                    self.pass(Step::Review);
                    self.reviewing = true;
                    Step::Change
                }
                Some(ReviewChoice::More) => {
                    self.reviewing = false;
                    self.past_failure = true;
                    self.interview.broken_off.clear();
                    self.interview.left_out.clear();
                    self.interview.next().map_or(Step::Offers, Step::Question)
                }
                Some(ReviewChoice::Report) | None => {
                    self.interview.again.clear();
                    self.caught_up()?;
                    return Ok(None);
                }
            },
            (Step::Change, Answer::One(chosen)) => match self.interview.answered().get(chosen.wrapping_sub(1)) {
                Some(index) => Step::Question(*index),
                None => Step::Product,
            },
            // A prompter that answers what was not asked is asked again.
            (step, _) => step,
        }))
    }

    /// Takes the answers given beforehand, now that there is a file for them.
    fn take_given(&mut self) -> Result<(), Halt<E>> {
        let given = std::mem::take(&mut self.interview.given);
        for (index, answer) in &given {
            if self.interview.answers.get(*index).is_none_or(|entry| entry.answer != *answer) {
                self.save(&Saved::Answer(*index, answer.clone()))?;
            }
            self.interview.answer(*index, answer.clone());
            self.pass(Step::Question(*index));
        }
        if !given.is_empty() {
            self.prompter.tell(&account::beforehand(self.interview, &given));
        }
        Ok(())
    }

    /// Says which answers cannot all be true, but for what was so before.
    fn tell_contradictions(&mut self, before: Option<&Interview<'_>>) {
        for words in account::contradictions(before, self.interview) {
            self.prompter.tell(&words);
        }
    }

    fn pass_product(&mut self) -> Result<Step, Halt<E>> {
        if self.history.last() == Some(&Step::Review) {
            self.history.pop();
            return Ok(Step::Review);
        }
        self.pass(Step::Product);
        self.take_given()?;
        self.tell_contradictions(None);
        Ok(self.next())
    }

    fn question_answered(&mut self, index: usize, answer: &Answer) -> Result<Step, Halt<E>> {
        let earlier = self.interview.answers.get(index).map(|entry| entry.answer.clone());
        let from_review = self.history.last() == Some(&Step::Review);
        let changed = earlier.as_ref().is_some_and(|earlier| earlier != answer);
        let before = self.interview.clone();
        if earlier.as_ref() != Some(answer) {
            self.save(&Saved::Answer(index, answer.clone()))?;
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
        if from_review {
            self.history.pop();
        }
        self.pass(Step::Question(index));
        Ok(if self.interview.rulebook.questions[index].evidence_for(answer).is_some() {
            Step::Evidence(index)
        } else {
            self.next()
        })
    }

    /// Notes the rules in use, once nothing that they affect is left to ask again.
    fn caught_up(&mut self) -> Result<(), Halt<E>> {
        if self.outdated && self.interview.again.is_empty() {
            self.save(&Saved::Rules)?;
            self.outdated = false;
        }
        Ok(())
    }

    fn save(&mut self, saved: &Saved) -> Result<(), Halt<E>> {
        (self.save)(saved).map_err(Halt::NotSaved)
    }
}
