//! Answers given against earlier rules: which of them have to be given again, and why.
//!
//! The rules say it themselves: a question names the version since which an answer to it, as it was, may no longer
//! hold. Nothing else can be known without the earlier rules, and what cannot be known is said.

use super::Interview;
use crate::answers::AnsweredAgainst;
use crate::rulebook::Rulebook;

/// What has become of the rules since the answers were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// They are the same, or the file does not name any.
    Same,
    /// They are later ones of the same rules. What is affected is asked again.
    Later {
        /// The version the answers were given against.
        from: String,
        /// How many of them are affected.
        affected: usize,
    },
    /// They were edited without a new version, so there is no telling what is affected.
    Edited,
    /// They are other rules, or an earlier version, so there is no telling what is affected.
    Unknown {
        /// The rules the answers were given against.
        from: String,
    },
}

impl Interview<'_> {
    /// Compares the rules the answers were given against with those in use, and asks again what is affected.
    pub fn catch_up(&mut self) -> Since {
        let Some(named) = self.answers.rules.clone() else { return Since::Same };
        if is_same(&named, self.rulebook) {
            return Since::Same;
        }
        if named.id == self.rulebook.id && named.version == self.rulebook.version {
            return Since::Edited;
        }
        let versions = (numbers(&named.version), numbers(&self.rulebook.version));
        let (Some(then), Some(now)) = versions else { return unknown(&named) };
        if named.id != self.rulebook.id || then >= now {
            return unknown(&named);
        }
        for index in self.answered() {
            if let Some(changed) = &self.rulebook.questions[index].changed
                && numbers(&changed.version).is_none_or(|since| since > then)
            {
                self.again.push((index, changed.why.clone()));
            }
        }
        Since::Later { from: named.version, affected: self.again.len() }
    }
}

fn is_same(named: &AnsweredAgainst, rulebook: &Rulebook) -> bool {
    named.id == rulebook.id
        && named.version == rulebook.version
        && named.digest.as_ref().is_none_or(|digest| *digest == rulebook.digest)
}

fn unknown(named: &AnsweredAgainst) -> Since {
    Since::Unknown { from: format!("{} {}", named.id, named.version) }
}

/// A version such as 1.2.0 as numbers, which can be compared.
fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_compare_as_numbers_and_not_as_text() {
        assert!(numbers("1.10.0") > numbers("1.9.9"));
        assert_eq!(numbers("2024-b"), None);
    }
}
