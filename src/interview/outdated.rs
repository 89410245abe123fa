//! Answers given against earlier rules: which have to be given again, and why.
//!
//! A question's `changed` names the version from which earlier answers to it may no longer hold. Without the earlier rules
//! nothing more can be known, and where even that cannot, the person is told so.

use super::Interview;
use crate::prompter::Message;
use crate::rulebook::version_numbers;

impl Interview<'_> {
    /// Queues the answers that later rules affect to be asked again. If the answers were given against other rules, returns
    /// a message about it, and whether it is known which answers are affected.
    pub(super) fn reask_outdated(&mut self) -> Option<(Message, bool)> {
        let (named, rulebook) = (self.answers.rules.clone()?, self.rulebook);
        if named.are(rulebook) {
            return None;
        }
        let unknown = |how: String| {
            let none = "It is not known which answers are affected, so you are not asked any again.";
            Some((Message::Plain(format!("{how} {none} Check them all before you see the report.")), false))
        };
        if named.id == rulebook.id && named.version == rulebook.version {
            return unknown("The rules were edited after you answered, but their version is the same.".to_owned());
        }
        let [then, now] = [&named.version, &rulebook.version].map(|version| version_numbers(version));
        if named.id != rulebook.id || then.is_none() || then >= now {
            let (id, version) = (&rulebook.id, &rulebook.version);
            let how = format!("You answered against {} {}. These rules are {id} {version}.", named.id, named.version);
            return unknown(how);
        }
        for index in self.answered() {
            let changed = rulebook.questions[index].changed.as_ref().filter(|it| version_numbers(&it.version) > then);
            self.to_reask.extend(changed.map(|_| index));
        }
        let changed = format!(
            "The rules have changed since you answered, from version {} to {}.",
            named.version, rulebook.version
        );
        let why = |index: &usize| format!("{} {}", rulebook.questions[*index].prompt, self.why_again(*index));
        let points = self.to_reask.iter().map(why);
        let message = if self.to_reask.is_empty() {
            Message::Plain(format!("{changed} None of your answers is affected."))
        } else {
            Message::List(format!("{changed} You will be asked again:"), points.collect())
        };
        Some((message, true))
    }

    /// What changed about a question, so that it is asked again.
    pub(super) fn why_again(&self, question: usize) -> &str {
        self.rulebook.questions[question].changed.as_ref().map_or("", |changed| &changed.why)
    }
}
