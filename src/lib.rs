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
//! for result in &assessment.criteria {
//!     println!("{}: {}", result.criterion.title, result.status);
//!     for question in result.because.first().into_iter().flatten() {
//!         let given = answers.get(question.index).expect("reasons are given answers");
//!         println!("  because you said {}", question.label(&given.answer));
//!     }
//! }
//! for change in assessment.changes.first().into_iter().flat_map(|set| &set.changes) {
//!     println!("{} {} to {}", change.kind, change.question.id, change.question.words(&change.to));
//! }
//!
//! let gate: Gate = "go-live".parse().expect("a gate has this name");
//! assert_eq!(judge(gate, &assessment).passage, Passage::Incomplete);
//!
//! // The report that `check --format json` writes. `schema report` describes it.
//! let report = rules.report_as_json(&answers, &warnings, gate);
//! assert!(report.contains(r#""outcome": "incomplete""#));
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
//! for problem in &problems {
//!     let line = problem.place.as_ref().map(|place| place.line());
//!     assert_eq!((line, problem.code.as_str()), (Some(3), "A001"));
//! }
//! ```
//!
//! An interview asks what still matters, and nothing else:
//!
//! ```
//! use eligibility::{Answers, Entry, Rulebook, assess};
//!
//! # let rules = Rulebook::builtin().expect("sound rules");
//! let mut answers = Answers::blank(&rules, "Example");
//! while let Some(question) = assess(&rules, &answers).ask_first {
//!     println!("{}", question.prompt);
//!     for option in &question.options {
//!         println!("  {}: {}", option.value, option.label);
//!     }
//!     let typed = question.options[0].value.as_str(); // What the person types.
//!     match question.answer(typed) {
//!         Ok(answer) => answers.entries[question.index] = Some(Entry::bare(answer)),
//!         Err(refusals) => refusals.iter().for_each(|refusal| println!("{refusal}")),
//!     }
//! }
//! assert!(assess(&rules, &answers).missing.is_empty());
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
pub use problem::{Code, Place, Problem, Severity, Source, Witness};
pub use question::{
    Answer, Basis, Citation, Grounds, Kind, OptionSet, Question, QuestionChange, QuestionOption, Refusal, Section,
};
pub use rulebook::{
    Contradiction, Criterion, Fact, Finding, LetterTexts, Note, Obligation, OutcomeText, Page, RuleFiles, Rulebook,
    Scenario, SectionText, StatusTexts, Step, Subject, Term, Topic,
};
pub use wording::Text;

use intake::{Input, Judging};
use lint::{Levels, lint};
use report::{Extent, Format};
use style::Style;

impl Rulebook {
    /// The rules that come with this crate.
    ///
    /// # Errors
    /// Never, as long as its tests pass.
    pub fn builtin() -> Result<Self, Problems> {
        Self::from_files(&rulebook::builtin()).map(|(rules, _)| rules)
    }

    /// The rules in these files, and what is worth knowing about them. That they are sound as well is for the command
    /// `rules check` to prove.
    ///
    /// ```
    /// use eligibility::{RuleFiles, Rulebook};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut files = RuleFiles { folder: "rules".to_owned(), ..RuleFiles::default() };
    /// for entry in std::fs::read_dir("rules")? {
    ///     let path = entry?.path();
    ///     if let (Some(name), Some("yaml")) = (path.file_name(), path.extension().and_then(|ending| ending.to_str())) {
    ///         files.files.insert(name.to_string_lossy().into_owned(), std::fs::read(&path)?.into());
    ///     }
    /// }
    /// let (rules, warnings) = Rulebook::from_files(&files)?;
    /// assert_eq!(warnings.iter().count(), 0);
    /// for question in &rules.questions {
    ///     println!("{} ({}): {}", question.id, question.kind, question.prompt);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If something is wrong with them.
    pub fn from_files(files: &RuleFiles) -> Result<(Self, Problems), Problems> {
        let (rulebook, problems) = rulebook::read(files);
        match rulebook {
            Some(rulebook) if !Problem::any_error(&problems) => Ok((rulebook, Problems(problems))),
            _ => Err(Problems(problems)),
        }
    }

    /// The answers in a file of this name, and what is worth knowing about it: what `check` says of it. It is read as
    /// YAML, unless its name ends in `.json`.
    ///
    /// ```
    /// # let rules = eligibility::Rulebook::builtin().expect("sound rules");
    /// let yaml = b"product: Example\nanswers: {stage: in_development, native_verification: yes}\n";
    /// let (_, warnings) = rules.read_answers("answers.yaml", yaml).expect("YAML");
    /// let [unneeded] = Vec::from_iter(&warnings)[..] else { panic!("{warnings}") };
    /// assert_eq!(unneeded.code.as_str(), "A008");
    ///
    /// let problems = rules.read_answers("answers.json", yaml).expect_err("no JSON");
    /// assert_eq!(problems.iter().next().map(|problem| problem.code.as_str()), Some("F004"));
    /// ```
    ///
    /// # Errors
    /// If something is wrong with it.
    pub fn read_answers(&self, name: &str, file: &[u8]) -> Result<(Answers, Problems), Problems> {
        let read = Judging::new(self).read(name, false, 1, file);
        let (answers, found) = read.map_err(|unread| Problems(unread.problems))?;
        let warnings = lint(self, &answers, &Levels::default(), found);
        Ok((answers, Problems(warnings)))
    }

    /// The report on answers, of which this is worth knowing, as `check --format json` writes it.
    pub fn report_as_json(&self, answers: &Answers, warnings: &Problems, gate: Gate) -> String {
        let judging = Judging { gate, ..Judging::new(self) };
        let checked = judging.assess(Input::default(), answers.clone(), warnings.0.clone());
        Format::Json.render(Extent::Full, &checked, Style::PLAIN)
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

/// The example of the README, which runs with those above.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
