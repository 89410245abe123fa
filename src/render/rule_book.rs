//! The rule book as Markdown, for a policy owner to read and to keep.

use std::fmt::Write as _;

use super::explain::in_words;
use crate::question::{Basis, Grounds, Kind, Question, Section};
use crate::rulebook::{self, Decision, Note, Outcome, Rulebook, Says, Status};
use crate::style::markdown as escape;

/// The whole rule book.
#[must_use]
pub fn render(rulebook: &Rulebook) -> String {
    let mut book = Book { rulebook, out: String::new() };
    book.front();
    book.criteria();
    book.scenarios();
    book.findings();
    book.topics();
    book.obligations();
    book.questions();
    book.outcomes();
    book.glossary();
    book.sources();
    book.out
}

struct Book<'r> {
    rulebook: &'r Rulebook,
    out: String,
}

impl Book<'_> {
    fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}\n", escaped(text));
    }

    fn heading(&mut self, level: usize, text: &str) {
        let _ = writeln!(self.out, "{} {}\n", "#".repeat(level), escaped(text));
    }

    fn item(&mut self, lead: &str, text: &str) {
        let _ = writeln!(self.out, "- **{}**: {}", escaped(lead), escaped(text));
    }

    fn end_of_list(&mut self) {
        self.out.push('\n');
    }

    fn numbered(&mut self, number: Option<u8>, title: &str, id: &str) {
        let _ = writeln!(self.out, "### {}\n\n`{id}`\n", rulebook::numbered(number, &escaped(title)));
    }

    fn grounds(&mut self, grounds: &Grounds) {
        let basis = match grounds.basis {
            Basis::Published => "published",
            Basis::Interpretation => "our interpretation",
        };
        self.paragraph(&format!("Source: {} ({basis}).", grounds.source));
        if let Some(reasoning) = &grounds.reasoning {
            self.paragraph(&format!("Reasoning: {reasoning}"));
        }
    }

    fn says(&mut self, says: &Says) {
        for status in Status::ALL {
            if let Some(text) = says.for_status(status) {
                self.item(&status.id().replace('_', " "), text);
            }
        }
        self.end_of_list();
    }

    fn notes(&mut self, notes: &[Note]) {
        for note in notes {
            self.item(&format!("if {}", in_words(self.rulebook, &note.when)), &note.says);
        }
        if !notes.is_empty() {
            self.end_of_list();
        }
    }

    fn front(&mut self) {
        let rulebook = self.rulebook;
        self.heading(1, &rulebook.title);
        self.paragraph(&format!("Version {}. {}", rulebook.version, rulebook.summary));
        self.paragraph(&rulebook.disclaimer);
    }

    fn criteria(&mut self) {
        self.heading(2, "Criteria");
        for criterion in &self.rulebook.criteria {
            self.numbered(criterion.number, &criterion.title, &criterion.id);
            match &criterion.decision {
                Decision::Scenarios { .. } => self.paragraph("Decided by the scenario the product is in."),
                Decision::Conditions { met_when, discuss_when, otherwise } => {
                    self.paragraph(&format!("Met when {}.", in_words(self.rulebook, met_when)));
                    if let Some(discuss_when) = discuss_when {
                        let words = in_words(self.rulebook, discuss_when);
                        self.paragraph(&format!("Otherwise to discuss when {words}."));
                    }
                    self.paragraph(&format!("Otherwise {}.", otherwise.id().replace('_', " ")));
                }
            }
            self.says(&criterion.says);
            self.notes(&criterion.notes);
            self.grounds(&criterion.grounds);
        }
    }

    fn scenarios(&mut self) {
        if self.rulebook.scenarios.is_empty() {
            return;
        }
        self.heading(2, "Scenarios");
        for scenario in &self.rulebook.scenarios {
            self.numbered(scenario.number, &scenario.title, &scenario.id);
            self.paragraph(&format!("When {}.", in_words(self.rulebook, &scenario.when)));
            self.paragraph(&format!("Makes the criterion: {}.", scenario.criterion.id().replace('_', " ")));
            self.paragraph(&scenario.says);
            self.notes(&scenario.notes);
            if let Some(because) = &scenario.departs_because {
                self.paragraph(&format!("Departs from the words of the criterion: {because}"));
            }
            self.grounds(&scenario.grounds);
        }
    }

    fn findings(&mut self) {
        self.heading(2, &self.rulebook.section(Section::Fit).title);
        for finding in &self.rulebook.findings {
            self.numbered(None, &finding.title, &finding.id);
            let when = in_words(self.rulebook, &finding.when);
            self.paragraph(&format!("A {} when {when}.", finding.kind.id()));
            self.paragraph(&finding.says);
            if let Some(not_sure) = &finding.not_sure {
                self.paragraph(&format!("When not sure: {not_sure}"));
            }
            self.grounds(&finding.grounds);
        }
    }

    fn topics(&mut self) {
        self.heading(2, &self.rulebook.section(Section::Application).title);
        for topic in &self.rulebook.topics {
            self.numbered(topic.number, &topic.title, &topic.id);
            self.paragraph(&topic.prepare);
            let ids: Vec<String> = topic.questions.iter().map(|q| self.rulebook.questions[*q].id.clone()).collect();
            self.paragraph(&format!("Prepared by answering {}.", ids.join(" and ")));
            self.grounds(&topic.grounds);
        }
    }

    fn obligations(&mut self) {
        self.heading(2, &self.rulebook.section(Section::GoLive).title);
        for obligation in &self.rulebook.obligations {
            self.numbered(None, &obligation.title, &obligation.id);
            self.paragraph(&format!("Met when {}.", in_words(self.rulebook, &obligation.met_when)));
            self.says(&obligation.says);
            self.notes(&obligation.notes);
            self.grounds(&obligation.grounds);
        }
    }

    fn questions(&mut self) {
        self.heading(2, "Questions");
        let questions: Vec<(&Question, Option<String>)> = self
            .rulebook
            .questions
            .iter()
            .zip(&self.rulebook.ask_when)
            .map(|(question, asked)| {
                (question, asked.as_ref().map(|(condition, _)| in_words(self.rulebook, condition)))
            })
            .collect();
        for (question, asked) in questions {
            self.numbered(None, &question.prompt, &question.id);
            if let Some(hint) = &question.hint {
                self.paragraph(hint);
            }
            for option in &question.options {
                let hint = option.hint.as_ref().map_or_else(String::new, |hint| format!(". {hint}"));
                let _ = writeln!(self.out, "- `{}`: {}", option.value, escaped(&format!("{}{hint}", option.label)));
            }
            match question.kind {
                Kind::Text => self.out.push_str("Answer: text.\n\n"),
                Kind::YesNo | Kind::Choice => self.end_of_list(),
                Kind::Choices => self.out.push_str("\nAny of these can be chosen.\n\n"),
            }
            if let Some(words) = asked {
                self.paragraph(&format!("Asked when {words}."));
            }
            if !question.changeable {
                self.paragraph("A fact about the product: no report proposes to change it.");
            }
            self.grounds(&question.grounds);
        }
    }

    fn outcomes(&mut self) {
        self.heading(2, "Outcomes");
        for outcome in Outcome::ALL {
            let text = self.rulebook.outcome_text(outcome);
            self.numbered(None, &text.title, outcome.id());
            self.paragraph(&text.meaning);
            for (index, step) in text.next_steps.iter().enumerate() {
                let _ = writeln!(self.out, "{}. **{}**: {}", index + 1, escaped(&step.title), escaped(&step.says));
            }
            self.end_of_list();
        }
        for fact in &self.rulebook.facts {
            self.item(&fact.title, &format!("{} ({})", fact.says, fact.grounds.source));
        }
        if !self.rulebook.facts.is_empty() {
            self.end_of_list();
        }
    }

    fn glossary(&mut self) {
        if self.rulebook.terms.is_empty() {
            return;
        }
        self.heading(2, "Words");
        for term in &self.rulebook.terms {
            self.item(&term.term, &term.meaning);
        }
        self.end_of_list();
    }

    fn sources(&mut self) {
        self.heading(2, "Sources");
        for page in &self.rulebook.pages {
            let publisher = page.publisher.as_ref().map_or_else(String::new, |publisher| format!("{publisher}, "));
            let edited = page.last_edited.as_ref().map_or_else(String::new, |date| format!(" Last edited: {date}."));
            let url = page.link().map_or_else(|| escaped(&page.url), |link| format!("<{link}>"));
            let _ = writeln!(self.out, "- {}{}: {url}.{}", escaped(&publisher), escaped(&page.title), escaped(&edited));
        }
    }
}

/// Text as text. Underscores inside words are no markup, and ids are easier to read without a backslash.
fn escaped(text: &str) -> String {
    let escaped = escape(text);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut readable = String::with_capacity(escaped.len());
    for (at, part) in escaped.split("\\_").enumerate() {
        if at > 0 {
            let inside = word(readable.chars().next_back()) && word(part.chars().next());
            readable.push_str(if inside { "_" } else { "\\_" });
        }
        readable.push_str(part);
    }
    readable
}
