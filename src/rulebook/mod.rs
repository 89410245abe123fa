//! Rule files → a checked [`Rulebook`], every problem found in one pass.
//!
//! `files` lists the files, `keys` is their shape, `check` their meaning; `model` and `book` are the result. `compile`
//! turns conditions into diagrams, `rules` is the one list of all rules with their `parts`, `builtin` has the built-in
//! rules.

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
pub use compile::{decide, fit_of_finding, status, when};
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

/// Reads and checks a rules folder. There may be a rulebook beside errors, so that it can be proved; it may be used
/// only if there are none.
pub fn read(files: &RuleFiles) -> (Option<Rulebook>, Vec<Problem>) {
    let (rulebook, mut problems) = check::check(files);
    Problem::sort_and_bound(&mut problems);
    (rulebook, problems)
}

/// The same for the built-in rules, which are read once and never dropped, because that takes a while too.
pub fn read_builtin() -> (Option<Arc<Rulebook>>, Vec<Problem>) {
    static READ: OnceLock<(Option<Arc<Rulebook>>, Vec<Problem>)> = OnceLock::new();
    let read = || {
        let (rulebook, problems) = read(&builtin());
        (rulebook.map(Arc::new), problems)
    };
    READ.get_or_init(read).clone()
}
