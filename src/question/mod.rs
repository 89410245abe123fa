//! Questions, answers, and the sources of rules.

mod fold;
pub(crate) mod likeness;
mod read;

pub use fold::{folded, folded_header, is_unsure};
pub use read::Refusal;

use crate::named::named;
use crate::problem::Place;
use crate::wording::Text;

/// The spellings of "not sure", in any case, in every file and at line prompts.
pub(crate) const NOT_SURE: [&str; 3] = ["not_sure", "not-sure", "not sure"];

/// Whether a text says that the person is not sure, and nothing else.
pub(crate) fn says_not_sure(text: &str) -> bool {
    NOT_SURE.iter().any(|known| known.eq_ignore_ascii_case(text.trim()))
}

named! {
    /// A part of the interview and of the report, in this order.
    pub enum Section {
        /// What the criteria ask.
        Eligibility = "eligibility",
        /// Whether the service fits the product.
        Fit = "fit",
        /// What you talk about when you apply.
        Application = "application",
        /// What is needed before going live.
        GoLive = "go_live",
    }
}

named! {
    /// The kind of answer a question takes.
    pub enum Kind {
        /// Yes or no.
        YesNo = "yes_no",
        /// One of the options.
        Choice = "choice",
        /// Any number of the options.
        Choices = "choices",
        /// Free text. Never tested by a condition, never `not_sure`.
        Text = "text",
    }
}

/// What an answer consists of: all that most of the program has to know of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// One of the options.
    One,
    /// Any number of the options.
    Several,
    /// The person's own words, which no condition tests.
    Own,
}

impl Kind {
    pub fn takes(self) -> Takes {
        match self {
            Self::YesNo | Self::Choice => Takes::One,
            Self::Choices => Takes::Several,
            Self::Text => Takes::Own,
        }
    }
}

/// A set of options of one question: bit `i` is option `i`.
pub type OptionSet = u64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionOption {
    /// Its id in answers files.
    pub value: String,
    /// Its text for people.
    pub label: String,
    pub hint: Option<Text>,
    /// What to do to be able to give this answer, in the imperative.
    pub action: Option<String>,
    /// What evidence to note with it.
    pub evidence: Option<String>,
    /// Whether it is the empty list of a `choices` question.
    pub none: bool,
    /// Whether reports may propose to change this answer.
    pub changeable: bool,
    /// Its readings, where the source does not say which one counts; none for a sure answer.
    pub reads_as: OptionSet,
    /// The texts for readings that it may turn out to have.
    pub turns_out: Vec<(usize, String)>,
    /// What the source leaves open about it, and what to do.
    pub says: Option<Text>,
    pub short: Option<String>,
    /// Its place in the rule files, or that of its question if it is implicit.
    pub place: Place,
}

impl QuestionOption {
    /// An option with nothing but a label.
    #[doc(hidden)]
    pub fn plain(value: &str, label: &str, place: &Place) -> Self {
        Self {
            value: value.to_owned(),
            label: label.to_owned(),
            hint: None,
            action: None,
            evidence: None,
            none: false,
            changeable: true,
            reads_as: 0,
            turns_out: Vec::new(),
            says: None,
            short: None,
            place: place.clone(),
        }
    }

    /// Whether it has no readings but itself.
    pub fn is_sure(&self) -> bool {
        self.reads_as == 0
    }
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The id of the page in the rule files.
    pub id: String,
    pub page: String,
    /// The heading on the page.
    pub section: String,
    /// The item under the heading, such as `bullet 2`.
    pub item: Option<String>,
}

impl std::fmt::Display for Citation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.page, self.at())
    }
}

impl Citation {
    /// The heading and the item on the page.
    pub fn at(&self) -> String {
        let item = self.item.as_ref().map_or_else(String::new, |item| format!(", {item}"));
        format!("{}{item}", self.section)
    }
}

named! {
    /// Whether the source says it, or we read it so.
    pub enum Basis {
        /// The source says it.
        Published = "published",
        /// The source is silent or unclear, and this is our reading.
        Interpretation = "interpretation",
    }
}

/// The grounds of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    pub source: Citation,
    pub basis: Basis,
    pub reasoning: Option<String>,
}

impl Grounds {
    /// The remark after the source of an interpretation.
    pub(crate) fn mark(&self) -> Option<&'static str> {
        (self.basis == Basis::Interpretation).then_some("Our interpretation.")
    }
}

/// A change of a question that may invalidate earlier answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionChange {
    /// The first version of the rules with this change.
    pub version: String,
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its index among the questions of its rulebook.
    pub index: usize,
    /// The key in answers files.
    pub id: String,
    pub section: Section,
    pub kind: Kind,
    pub prompt: String,
    pub hint: Option<Text>,
    /// The rarer cases, on request.
    pub more: Option<Text>,
    /// `yes` and `no` for [`Kind::YesNo`], none for [`Kind::Text`].
    pub options: Vec<QuestionOption>,
    /// Whether reports may propose to change the answer.
    pub changeable: bool,
    /// Whether its options are ordered, from the best answer for the applicant to the worst.
    pub best_first: bool,
    /// Whether its rules allow "not sure". [`Question::takes_not_sure`] considers its kind as well.
    pub not_sure: bool,
    pub changed: Option<QuestionChange>,
    pub grounds: Grounds,
    pub place: Place,
}

/// An answer. A missing answer is none of these.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The person does not know.
    NotSure,
    /// The option with this index.
    One(usize),
    /// These options of a [`Kind::Choices`] question. The empty set is its option marked `none`.
    Many(OptionSet),
    Text(String),
}

impl Question {
    pub fn values(&self) -> impl Iterator<Item = &str> + Clone {
        self.options.iter().map(|option| option.value.as_str())
    }

    /// Whether "not sure" is an answer to it.
    pub fn takes_not_sure(&self) -> bool {
        self.not_sure && self.kind.takes() != Takes::Own
    }

    pub fn none(&self) -> Option<usize> {
        self.options.iter().position(|option| option.none)
    }

    /// The sure options.
    pub fn sure(&self) -> OptionSet {
        let sure = self.options.iter().enumerate().filter(|(_, option)| option.is_sure());
        sure.fold(0, |set, (index, _)| set | 1 << index)
    }

    /// The evidence that the first chosen option with evidence asks for.
    pub fn evidence_for(&self, answer: &Answer) -> Option<&str> {
        let chosen = match answer {
            Answer::One(index) => 1 << index,
            Answer::Many(0) => self.none().map_or(0, |none| 1 << none),
            Answer::Many(set) => *set,
            Answer::NotSure | Answer::Text(_) => 0,
        };
        self.chosen(chosen).find_map(|(_, option)| option.evidence.as_deref())
    }

    /// The options in a set, with their indexes.
    pub fn chosen(&self, set: OptionSet) -> impl Iterator<Item = (usize, &QuestionOption)> {
        self.options.iter().enumerate().filter(move |(index, _)| set & (1 << index) != 0)
    }

    /// The values of an answer, joined by `; `.
    pub fn words(&self, answer: &Answer) -> String {
        self.show(answer, |option| &option.value, "; ")
    }

    /// The answer as an answers file has it.
    pub fn written(&self, answer: &Answer) -> String {
        let words = self.show(answer, |option| &option.value, ", ");
        if let Answer::Many(_) = answer { format!("[{words}]") } else { words }
    }

    /// The answer for people.
    pub fn label(&self, answer: &Answer) -> String {
        match answer {
            Answer::NotSure => "not sure".to_owned(),
            Answer::Many(0) if self.none().is_none() => "none of these".to_owned(),
            Answer::One(_) | Answer::Many(_) | Answer::Text(_) => self.show(answer, |option| &option.label, "; "),
        }
    }

    /// The most bytes of its id, its prompt and an answer, texts aside.
    #[doc(hidden)]
    pub fn max_bytes(&self) -> usize {
        let labels = self.options.iter().map(|option| option.label.len());
        let answer = match self.kind {
            Kind::YesNo | Kind::Choice => labels.max().unwrap_or_default(),
            Kind::Choices => labels.sum(),
            Kind::Text => 0,
        };
        self.id.len() + self.prompt.len() + answer
    }

    fn show<'q>(
        &'q self,
        answer: &'q Answer,
        name: impl Fn(&'q QuestionOption) -> &'q String,
        between: &str,
    ) -> String {
        match answer {
            Answer::NotSure => NOT_SURE[0].to_owned(),
            Answer::One(index) => name(&self.options[*index]).clone(),
            Answer::Many(0) => self.none().map_or_else(String::new, |none| name(&self.options[none]).clone()),
            Answer::Many(set) => {
                let names: Vec<&str> = self.chosen(*set).map(|(_, option)| name(option).as_str()).collect();
                names.join(between)
            }
            Answer::Text(text) => text.clone(),
        }
    }
}
