//! One thing of the rules, or one problem code, explained.

use std::fmt::Write as _;

use crate::condition::{Condition, ResultTest};
use crate::problem::Code;
use crate::question::{Basis, Grounds, Kind, Question};
use crate::rulebook::{Decision, Note, Rulebook, Says, Status};
use crate::style::{Style, Tone, clean};

/// What there is to know about an id or a code, or `None` if there is no such thing.
#[must_use]
pub fn render(rulebook: &Rulebook, id: &str, style: Style) -> Option<String> {
    let mut entry = Entry { rulebook, style, out: String::new() };
    if let Some(code) = Code::named(id) {
        entry.code(code);
        return Some(entry.out);
    }
    let found = entry.find(id);
    found.then_some(entry.out)
}

struct Entry<'r> {
    rulebook: &'r Rulebook,
    style: Style,
    out: String,
}

impl Entry<'_> {
    fn heading(&mut self, kind: &str, title: &str) {
        let wrapped = self.style.wrap("", &clean(&format!("{kind}: {title}")));
        for line in wrapped.lines() {
            self.out.push_str(&self.style.paint(Tone::Strong, line));
            self.out.push('\n');
        }
    }

    fn paragraph(&mut self, text: &str) {
        let wrapped = self.style.wrap("", &clean(text));
        self.out.push_str(&wrapped);
        self.out.push('\n');
    }

    fn bullet(&mut self, text: &str) {
        let wrapped = self.style.wrap("  - ", &clean(text));
        self.out.push_str(&wrapped);
        self.out.push('\n');
    }

    fn block(&mut self, title: &str, text: &str) {
        let _ = write!(self.out, "\n{title}\n");
        for line in text.lines() {
            let _ = writeln!(self.out, "    {}", clean(line));
        }
    }

    fn code(&mut self, code: Code) {
        self.heading(code.as_str(), code.title());
        self.paragraph(code.explanation());
        self.block("Wrong", code.wrong());
        self.block("Right", code.right());
    }

    fn grounds(&mut self, grounds: &Grounds) {
        let basis = match grounds.basis {
            Basis::Published => "published: the source says so",
            Basis::Interpretation => "interpretation: our reading, because the source is silent or unclear",
        };
        self.out.push('\n');
        self.paragraph(&format!("Source: {}", grounds.source));
        if let Some(page) = self.rulebook.page(&grounds.source) {
            let edited = page.last_edited.as_ref().map_or_else(String::new, |date| format!(" (last edited: {date})"));
            self.paragraph(&format!("{}{edited}", page.url));
        }
        self.paragraph(&format!("Basis: {basis}."));
        if let Some(reasoning) = &grounds.reasoning {
            self.paragraph(&format!("Reasoning: {reasoning}"));
        }
    }

    fn notes(&mut self, notes: &[Note]) {
        for note in notes {
            self.bullet(&format!("If {}: {}", self.condition(&note.when), note.says));
        }
    }

    fn says(&mut self, says: &Says) {
        for status in Status::ALL {
            if let Some(text) = says.for_status(status) {
                self.bullet(&format!("{}: {text}", status.id()));
            }
        }
    }

    /// A condition in words.
    fn condition(&self, condition: &Condition) -> String {
        in_words(self.rulebook, condition)
    }

    fn find(&mut self, id: &str) -> bool {
        let rulebook = self.rulebook;
        if let Some((index, question)) = rulebook.question(id) {
            self.question(index, question);
        } else if let Some(criterion) = rulebook.criteria.iter().find(|criterion| criterion.id == id) {
            let number = criterion.number.map_or_else(String::new, |number| format!(" {number}"));
            self.heading(&format!("Criterion{number}"), &criterion.title);
            match &criterion.decision {
                Decision::Scenarios { .. } => self.paragraph("Decided by the scenario the product is in."),
                Decision::Conditions { met_when, discuss_when, otherwise } => {
                    self.paragraph(&format!("Met when {}.", self.condition(met_when)));
                    if let Some(discuss_when) = discuss_when {
                        self.paragraph(&format!("Otherwise to discuss when {}.", self.condition(discuss_when)));
                    }
                    self.paragraph(&format!("Otherwise {}.", otherwise.id().replace('_', " ")));
                }
            }
            self.says(&criterion.says);
            self.notes(&criterion.notes);
            self.grounds(&criterion.grounds);
        } else if let Some(scenario) = rulebook.scenarios.iter().find(|scenario| scenario.id == id) {
            let number = scenario.number.map_or_else(String::new, |number| format!(" {number}"));
            self.heading(&format!("Scenario{number}"), &scenario.title);
            self.paragraph(&scenario.says);
            self.paragraph(&format!("Covers products where {}.", self.condition(&scenario.when)));
            let made = scenario.criterion.id().replace('_', " ");
            self.paragraph(&format!("Makes the criterion that scenarios decide: {made}."));
            self.notes(&scenario.notes);
            self.grounds(&scenario.grounds);
        } else if let Some(finding) = rulebook.findings.iter().find(|finding| finding.id == id) {
            self.heading(&format!("Finding ({})", finding.kind.id()), &finding.title);
            self.paragraph(&finding.says);
            self.paragraph(&format!("Holds when {}.", self.condition(&finding.when)));
            self.grounds(&finding.grounds);
        } else if let Some(topic) = rulebook.topics.iter().find(|topic| topic.id == id) {
            let number = topic.number.map_or_else(String::new, |number| format!(" {number}"));
            self.heading(&format!("Topic{number}"), &topic.title);
            self.paragraph(&topic.prepare);
            let questions: Vec<&str> = topic.questions.iter().map(|q| rulebook.questions[*q].id.as_str()).collect();
            self.paragraph(&format!("Prepared by answering: {}.", questions.join(", ")));
            self.grounds(&topic.grounds);
        } else if let Some(obligation) = rulebook.obligations.iter().find(|obligation| obligation.id == id) {
            self.heading("Obligation", &obligation.title);
            self.paragraph(&format!("Met when {}.", self.condition(&obligation.met_when)));
            self.says(&obligation.says);
            self.notes(&obligation.notes);
            self.grounds(&obligation.grounds);
        } else {
            return self.find_text(id);
        }
        true
    }

    /// What has a title, a text and grounds, and nothing else.
    fn find_text(&mut self, id: &str) -> bool {
        let rulebook = self.rulebook;
        let steps = rulebook.outcomes.iter().flat_map(|outcome| &outcome.next_steps);
        let texts = (steps.map(|step| ("Next step", &step.id, &step.title, &step.says, &step.grounds)))
            .chain(rulebook.facts.iter().map(|fact| ("Fact", &fact.id, &fact.title, &fact.says, &fact.grounds)))
            .chain(rulebook.terms.iter().map(|term| ("Term", &term.id, &term.term, &term.meaning, &term.grounds)));
        for (kind, known, title, says, grounds) in texts {
            if known == id || (kind == "Term" && title.eq_ignore_ascii_case(id)) {
                self.heading(kind, title);
                self.paragraph(says);
                self.grounds(grounds);
                return true;
            }
        }
        let Some(page) = rulebook.pages.iter().find(|page| page.id == id) else { return false };
        self.heading("Source", &page.title);
        if let Some(publisher) = &page.publisher {
            self.paragraph(&format!("Published by {publisher}."));
        }
        self.paragraph(&page.url);
        if let Some(date) = &page.last_edited {
            self.paragraph(&format!("Last edited: {date}."));
        }
        true
    }

    fn question(&mut self, index: usize, question: &Question) {
        self.heading("Question", &question.prompt);
        if let Some(hint) = &question.hint {
            self.paragraph(hint);
        }
        self.out.push('\n');
        match question.kind {
            Kind::Text => self.paragraph("Answer: text."),
            Kind::Choices => self.paragraph("Answer: any of these, as in [one, another], or not_sure."),
            Kind::YesNo | Kind::Choice => self.paragraph("Answer: one of these, or not_sure."),
        }
        for option in &question.options {
            let hint = option.hint.as_ref().map_or_else(String::new, |hint| format!(". {hint}"));
            self.bullet(&format!("{}: {}{hint}", option.value, option.label.trim_end_matches('.')));
        }
        if let Some((condition, _)) = &self.rulebook.ask_when[index] {
            self.paragraph(&format!("Asked when {}.", self.condition(condition)));
        }
        for option in &question.options {
            if let Some(evidence) = &option.evidence {
                self.paragraph(&format!("Evidence to note with `{}`: {evidence}.", option.value));
            }
        }
        if !question.changeable {
            self.paragraph("A fact about the product: no report proposes to change it.");
        }
        let used = self.used_by(index);
        if !used.is_empty() {
            self.paragraph(&format!("Used by: {}.", used.join(", ")));
        }
        self.grounds(&question.grounds);
    }

    /// The ids of what depends on a question.
    fn used_by(&self, question: usize) -> Vec<&str> {
        let rulebook = self.rulebook;
        let tests = |condition: &Condition| {
            let mut found = false;
            condition.tests(&mut |tested, _| found |= tested == question);
            found
        };
        let criteria = rulebook.criteria.iter().filter(|criterion| match &criterion.decision {
            Decision::Scenarios { .. } => rulebook.scenarios.iter().any(|scenario| tests(&scenario.when)),
            Decision::Conditions { met_when, discuss_when, .. } => {
                tests(met_when) || discuss_when.as_ref().is_some_and(tests)
            }
        });
        (criteria.map(|criterion| criterion.id.as_str()))
            .chain(rulebook.findings.iter().filter(|f| tests(&f.when)).map(|f| f.id.as_str()))
            .chain(rulebook.topics.iter().filter(|t| t.questions.contains(&question)).map(|t| t.id.as_str()))
            .chain(rulebook.obligations.iter().filter(|o| tests(&o.met_when)).map(|o| o.id.as_str()))
            .collect()
    }
}

/// A test of a result in words: `criterion.open_to_all is met or to_discuss`.
fn result_in_words(rulebook: &Rulebook, test: &ResultTest) -> String {
    let any = |words: Vec<&str>| words.join(" or ");
    let statuses = |all: &[Status]| any(all.iter().map(|status| status.id()).collect());
    match test {
        ResultTest::Criterion(index, all) => format!("criterion.{} is {}", rulebook.criteria[*index].id, statuses(all)),
        ResultTest::Scenario(all) => {
            format!("scenario is {}", any(all.iter().map(|index| rulebook.scenarios[*index].id.as_str()).collect()))
        }
        ResultTest::Fit(all) => format!("fit is {}", any(all.iter().map(|fit| fit.id()).collect())),
        ResultTest::Prepared(index) => format!("topic.{} is prepared", rulebook.topics[*index].id),
        ResultTest::Obligation(index, all) => {
            format!("obligation.{} is {}", rulebook.obligations[*index].id, statuses(all))
        }
    }
}

/// A condition in words: `season is summer and (garden is yes or not shed is none)`.
#[must_use]
pub fn in_words(rulebook: &Rulebook, condition: &Condition) -> String {
    let joined = |parts: &[Condition], between: &str| {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => {
                    format!("({})", in_words(rulebook, part))
                }
                _ => in_words(rulebook, part),
            })
            .collect();
        parts.join(between)
    };
    match condition {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(part) => format!("not ({})", in_words(rulebook, part)),
        Condition::Is { question, options, .. } => {
            let question = &rulebook.questions[*question];
            let values: Vec<&str> = question.chosen(*options).map(|(_, option)| option.value.as_str()).collect();
            let verb = if question.kind == Kind::Choices { "includes" } else { "is" };
            format!("{} {verb} {}", question.id, values.join(" or "))
        }
        Condition::Result { test, .. } => result_in_words(rulebook, test),
    }
}
