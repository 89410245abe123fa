//! A checker for published eligibility criteria: rules and answers in, an assessment with its reasons out.
//!
//! What a program needs is at the top of the crate. It reads no files, no clock and no environment.
//!
//! ```
//! use eligibility::{Gate, Outcome, Passage, Rulebook, assess, judge};
//!
//! # fn main() -> Result<(), eligibility::Problems> {
//! let rules = Rulebook::builtin()?;
//! let file = b"product: Example\nanswers:\n  stage: live\n";
//! let (answers, warnings) = rules.read_answers("answers.yaml", file)?;
//! assert_eq!(warnings.iter().count(), 0);
//!
//! let assessment = assess(&rules, &answers);
//! assert_eq!(assessment.outcome, Outcome::Incomplete);
//! let missing: Vec<&str> = assessment.missing.iter().map(|question| question.prompt.as_str()).collect();
//! assert!(!missing.is_empty());
//!
//! let gate: Gate = "go-live".parse().expect("a gate has this name");
//! assert_eq!(judge(gate, &assessment).passage, Passage::Incomplete);
//! # Ok(())
//! # }
//! ```
//!
//! What is wrong with a file is told at once, each problem with its place:
//!
//! ```
//! # let rules = eligibility::Rulebook::builtin().expect("sound rules");
//! let problems = rules.read_answers("answers.yaml", b"product: Example\nanswers:\n  stagee: live\n").unwrap_err();
//! assert_eq!(problems.to_string(), "answers.yaml:3:3: error[A001]: unknown question `stagee` (did you mean `stage`?)");
//! ```
//!
//! All else that is public serves the program of this package and its tests, and changes without notice. `docs/design.md`
//! is a map of it. The modules stand in its order, from the lowest floor up.

use std::fmt;

mod named;

mod digest;
#[doc(hidden)]
pub mod problem;
#[doc(hidden)]
pub mod style;
mod wording;

#[doc(hidden)]
pub mod yaml;

#[doc(hidden)]
pub mod outcome;
#[doc(hidden)]
pub mod question;

#[doc(hidden)]
pub mod condition;
#[doc(hidden)]
pub mod diagram;

#[doc(hidden)]
pub mod rulebook;

#[doc(hidden)]
pub mod answers;

#[doc(hidden)]
pub mod assessment;
#[doc(hidden)]
pub mod prompter;

#[doc(hidden)]
pub mod assess;
#[doc(hidden)]
pub mod gate;

#[doc(hidden)]
pub mod interview;
#[doc(hidden)]
pub mod lint;
#[doc(hidden)]
pub mod prove;

#[doc(hidden)]
pub mod intake;

#[doc(hidden)]
pub mod files;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod terminal;
#[doc(hidden)]
pub mod triage;

#[doc(hidden)]
pub mod publish;

#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod commands;

pub use answers::{AnsweredAgainst, Answers, Entry};
pub use assess::assess;
pub use assessment::{
    Assessment, Change, ChangeKind, ChangeSet, CriterionResult, FindingResult, FitResult, Found, ObligationResult,
    Prospect, Reason, Reasons, ScenarioResult, TopicResult,
};
pub use gate::{Gate, Judgement, Passage, judge};
pub use named::UnknownName;
pub use outcome::{FindingKind, FindingState, FitOutcome, Outcome, Preparation, Status};
pub use problem::{Code, Place, Problem, Severity, Source};
pub use question::{Answer, Kind, Question, QuestionOption, Section};
pub use rulebook::{
    Contradiction, Criterion, Fact, Finding, Obligation, RuleFiles, Rulebook, Scenario, Step, Term, Topic,
};
pub use wording::Text;

impl Rulebook {
    /// The rules that come with this crate.
    ///
    /// # Errors
    /// Never, as long as its tests pass.
    pub fn builtin() -> Result<Self, Problems> {
        Self::from_files(&rulebook::builtin())
    }

    /// The rules in these files. What is only worth knowing about them is not told.
    ///
    /// # Errors
    /// If something is wrong with them.
    pub fn from_files(files: &RuleFiles) -> Result<Self, Problems> {
        let (rulebook, problems) = rulebook::read(files);
        match rulebook {
            Some(rulebook) if !Problem::any_error(&problems) => Ok(rulebook),
            _ => Err(Problems(problems)),
        }
    }

    /// The answers in a file of this name, and what is worth knowing about it.
    ///
    /// # Errors
    /// If something is wrong with it.
    pub fn read_answers(&self, name: &str, file: &[u8]) -> Result<(Answers, Problems), Problems> {
        answers::parse(name, file, self).map(|(answers, warnings)| (answers, Problems(warnings))).map_err(Problems)
    }
}

/// All that is wrong with a file, or worth knowing about it. Shown, each has a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// One after another, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p Problem;
    type IntoIter = std::slice::Iter<'p, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.iter().enumerate() {
            write!(f, "{}{problem}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
