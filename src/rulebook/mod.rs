//! Rule files → a checked [`Rulebook`], every problem found in one pass.
//!
//! `files` says which files there are, `keys` is their shape, `check` their meaning, `model` and `book` what is made of
//! them, `compile` turns conditions into diagrams, `rules` is the one list of all rules with their `parts`, `builtin`
//! holds the rules that come with the program.

use std::sync::{Arc, OnceLock};

use crate::problem::Problem;

mod book;
mod builtin;
mod check;
mod compile;
mod files;
mod keys;
mod model;
mod parts;
mod rules;
mod schema;
mod walk;
mod words;

pub use book::{Reach, Rulebook, independent};
pub(crate) use builtin::FOLDER as BUILTIN_FOLDER;
pub use builtin::builtin;
pub use compile::{decide, status, weight, when};
pub use files::{CASES_FOLDER, FILES, RuleFiles};
pub use model::{
    Contradiction, Criterion, Decided, Fact, Finding, LetterTexts, Note, Obligation, OutcomeText, Page, Scenario,
    SectionText, StatusTexts, Step, Subject, Term, Topic,
};
pub use parts::{Part, PartValue, is_title};
pub use rules::{Rule, RuleKind};
pub use schema::schema;
pub use words::{as_asked, in_words, labels, numbered, version_numbers, widened, written};

pub use crate::outcome::{FindingKind, Outcome, Preparation, Status};

/// Reads and checks a rules folder.
///
/// A rulebook comes back whenever one could be built, even beside errors, so that proofs can be run on it; it may be
/// relied on only if none of the problems is an error.
pub fn read(files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
    let (rulebook, mut problems) = check::check(files);
    Problem::sort_and_bound(&mut problems);
    (rulebook, problems)
}

/// The same of the rules that are built in, which are read once and kept to the end: to take them apart takes a while too.
pub fn read_builtin() -> (Option<Arc<Rulebook>>, Vec<Problem>) {
    static READ: OnceLock<(Option<Arc<Rulebook>>, Vec<Problem>)> = OnceLock::new();
    let read = || {
        let (rulebook, problems) = read(&builtin());
        (rulebook.map(Arc::new), problems)
    };
    READ.get_or_init(read).clone()
}
