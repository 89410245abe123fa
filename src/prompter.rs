//! What can be asked of a person, and what can come back. The conversation knows nothing else of the terminal, so that
//! a test can hold it with a script.

use std::borrow::Cow;

use crate::question::Answer;

/// One thing to ask.
#[derive(Clone, Debug)]
pub struct Prompt<'a> {
    /// What it asks for: the id of a question, or a name of the conversation's own.
    pub id: String,
    /// Where the person is.
    pub progress: Option<String>,
    pub title: Cow<'a, str>,
    /// What a person may need to know to answer.
    pub hint: Option<Cow<'a, str>>,
    /// How it is answered.
    pub input: ReplyKind,
    /// What is offered; nothing for text.
    pub items: Vec<Item<'a>>,
    /// Whether "not sure" can be said.
    pub not_sure: bool,
    /// The answer that stands now, to start from.
    pub previous: Option<Answer>,
    /// What can be done instead of answering.
    pub moves: Navigation,
    /// Whether it asks where to go on, and not for an answer to keep.
    pub navigates: bool,
}

/// A prompt each item of which stands for something.
#[derive(Clone, Debug)]
pub struct Menu<'a, C> {
    pub prompt: Prompt<'a>,
    /// What each item stands for.
    choices: Vec<C>,
}

impl<'a, C: Copy> Menu<'a, C> {
    /// A question of where to go on, with what can be gone on with.
    #[must_use]
    pub fn new(id: &str, title: impl Into<Cow<'a, str>>, items: Vec<(Item<'a>, C)>) -> Self {
        let (items, choices) = items.into_iter().unzip();
        let prompt = Prompt {
            id: id.to_owned(),
            progress: None,
            title: title.into(),
            hint: None,
            input: ReplyKind::One,
            items,
            not_sure: false,
            previous: None,
            moves: Navigation::default(),
            navigates: true,
        };
        Self { prompt, choices }
    }

    /// What an answer chooses.
    #[must_use]
    pub fn chosen(&self, answer: &Answer) -> Option<C> {
        match answer {
            Answer::One(item) => self.choices.get(*item).copied(),
            Answer::Many(_) | Answer::Text(_) | Answer::NotSure => None,
        }
    }
}

/// How a prompt is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyKind {
    One,
    /// With any number of items.
    Many,
    Text,
    /// With text, or with nothing to leave it for now.
    OptionalText,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The word that can be typed for it.
    pub name: Cow<'a, str>,
    /// What a person reads.
    pub label: Cow<'a, str>,
    pub hint: Option<Cow<'a, str>>,
    /// Whether it excludes all others.
    pub exclusive: bool,
}

/// What can be done instead of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Navigation {
    /// Go back to the question before.
    pub back: bool,
    /// Be told why this is asked.
    pub explain: bool,
    pub review: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer that fits the prompt.
    Answer(Answer),
    /// Nothing for now. Only where [`ReplyKind::OptionalText`] is asked for.
    Skip,
    Back,
    /// Why is this asked?
    Explain,
    Review,
    Quit,
}

/// Why nothing came back.
#[derive(Debug)]
pub enum Stop {
    /// The person, or the system, interrupted the program.
    Interrupted,
    /// There is nothing more to read.
    EndOfInput,
    /// Reading or writing failed.
    Lost(std::io::Error),
}

pub trait Prompter {
    /// Asks one thing and waits for what comes back.
    ///
    /// # Errors
    /// If nothing can come back any more.
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop>;

    fn tell(&mut self, words: &Words);
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// A heading, and what introduces what follows.
    Heading(String, String),
    Plain(String),
    /// Points under one line that leads them.
    List(String, Vec<String>),
    /// Questions with their answers, under one line that leads them.
    Pairs(String, Vec<(String, String)>),
}
