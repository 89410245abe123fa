//! Prompts and replies. They are all that the conversation knows of a terminal, so that tests can script one.

use std::borrow::Cow;

use crate::question::Answer;

/// One thing to ask.
#[derive(Clone, Debug)]
pub struct Prompt<'a> {
    /// The id of a question, or a name for any other prompt.
    pub id: String,
    /// How far the person has got.
    pub progress: Option<String>,
    pub title: Cow<'a, str>,
    pub hint: Option<Cow<'a, str>>,
    /// How it is answered.
    pub input: ReplyKind,
    /// The options; none for text.
    pub items: Vec<Item<'a>>,
    /// Whether "not sure" can be said.
    pub not_sure: bool,
    /// The present answer, to start from.
    pub previous: Option<Answer>,
    /// What can be done instead of answering.
    pub navigation: Navigation,
    /// Whether it is a menu, whose answer is not kept.
    pub navigates: bool,
}

impl<'a> Prompt<'a> {
    /// A prompt with a title only.
    pub fn new(id: &str, title: impl Into<Cow<'a, str>>, input: ReplyKind) -> Self {
        Self {
            id: id.to_owned(),
            progress: None,
            title: title.into(),
            hint: None,
            input,
            items: Vec::new(),
            not_sure: false,
            previous: None,
            navigation: Navigation::default(),
            navigates: false,
        }
    }

    /// A menu.
    pub fn menu(id: &str, title: impl Into<Cow<'a, str>>, items: Vec<Item<'a>>) -> Self {
        Self { items, navigates: true, ..Self::new(id, title, ReplyKind::One) }
    }

    /// Whether an answer includes an item. The exclusive item is the empty choice.
    pub fn chooses(&self, answer: &Answer, item: usize) -> bool {
        match answer {
            Answer::One(chosen) => *chosen == item,
            Answer::Many(0) => self.items[item].exclusive,
            Answer::Many(chosen) => chosen & (1 << item) != 0,
            Answer::Text(_) | Answer::NotSure => false,
        }
    }

    /// The answer that chooses only this item.
    pub fn choosing(&self, item: usize) -> Answer {
        match self.input {
            ReplyKind::Many if self.items[item].exclusive => Answer::Many(0),
            ReplyKind::Many => Answer::Many(1 << item),
            ReplyKind::One | ReplyKind::Text | ReplyKind::OptionalText => Answer::One(item),
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
    /// With text, or with nothing: to leave it for now, or to take the previous answer away.
    OptionalText,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The word that can be typed for it.
    pub name: Cow<'a, str>,
    pub label: Cow<'a, str>,
    pub hint: Option<Cow<'a, str>>,
    /// Whether it excludes all others.
    pub exclusive: bool,
}

impl<'a> Item<'a> {
    pub fn new(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), label: label.into(), hint: None, exclusive: false }
    }
}

/// What can be done instead of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Navigation {
    /// Go back to the previous question.
    pub back: bool,
    /// Ask why this is asked.
    pub explain: bool,
    pub review: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer that fits the prompt.
    Answer(Answer),
    /// Nothing; only to [`ReplyKind::OptionalText`].
    Skip,
    Back,
    Explain,
    Review,
    Quit,
}

/// Why no reply came.
#[derive(Debug)]
pub enum Stop {
    /// A person or the system interrupted the program.
    Interrupted,
    /// There is nothing more to read.
    EndOfInput,
    /// Reading or writing failed.
    Lost(std::io::Error),
}

pub trait Prompter {
    /// Asks one thing and waits for the reply.
    fn ask(&mut self, prompt: &Prompt<'_>) -> Result<Reply, Stop>;

    fn tell(&mut self, message: &Message);
}

/// Something to tell a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A heading and its introduction.
    Heading(String, String),
    Plain(String),
    /// A lead and its points.
    List(String, Vec<String>),
    /// A lead, and questions with their answers.
    Pairs(String, Vec<(String, String)>),
}
