//! A short letter to the people behind a product, in Markdown: what is missing, what is to be discussed, what to bring.
//!
//! Everything about the rules is said in their own words.

use std::fmt::Write as _;

use super::Report;
use crate::assessment::{FindingState, FitOutcome, Reasons};
use crate::question::{Question, Section};
use crate::rulebook::{FindingKind, Outcome, Status};
use crate::style::markdown as escape;
use crate::wording::Text;

/// The letter, ending in a line break.
#[must_use]
pub fn letter(report: &Report<'_>) -> String {
    let mut page = Page { report, out: String::new() };
    page.opening();
    page.missing();
    page.criteria("What is not met", Status::NotMet);
    page.criteria("What is to be discussed", Status::ToDiscuss);
    page.fit();
    page.bring();
    page.closing();
    page.out
}

struct Page<'a> {
    report: &'a Report<'a>,
    out: String,
}

impl Page<'_> {
    /// A paragraph or a heading, with an empty line behind it.
    fn block(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}\n");
    }

    fn list(&mut self, heading: &str, items: &[String]) {
        if !items.is_empty() {
            self.block(&format!("## {heading}"));
            for item in items {
                let _ = writeln!(self.out, "- {item}");
            }
            self.out.push('\n');
        }
    }

    fn opening(&mut self) {
        let Report { rulebook, answers, assessment, .. } = self.report;
        self.block(&format!("# {}", escape(&answers.product)));
        let text = rulebook.outcome_text(assessment.outcome);
        self.block("Thank you for your answers. We compared them with the published criteria.");
        self.block(&format!("**{}.** {}", escape(text.title.trim_end_matches('.')), escape(&text.meaning)));
    }

    fn missing(&mut self) {
        let assessment = &self.report.assessment;
        let mut asked = assessment.missing.clone();
        // Whether it fits is of no use to a product that fails a criterion.
        if assessment.fit.outcome == FitOutcome::Unknown && assessment.outcome != Outcome::DoesNotMeet {
            asked.extend(&assessment.fit.missing);
        }
        asked.sort_by_key(|question| self.report.rulebook.question(&question.id).map(|(index, _)| index));
        asked.dedup_by_key(|question| &question.id);
        let items: Vec<String> = asked.into_iter().map(question).collect();
        self.list("What is missing: answer these questions", &items);
    }

    fn criteria(&mut self, heading: &str, status: Status) {
        let assessment = &self.report.assessment;
        let mut items = Vec::new();
        for result in assessment.criteria.iter().filter(|result| result.status == status) {
            let open = result.open.iter().filter_map(|offer| offer.says.as_ref());
            let words = result.says.iter().copied().chain(open).map(Text::as_str).chain(result.notes.iter().copied());
            let words: Vec<String> = words.map(escape).chain(self.because(&result.because)).collect();
            items.push(format!("**{}.** {}", escape(result.criterion.title.trim_end_matches('.')), words.join(" ")));
        }
        self.list(heading, &items);
    }

    /// The answers that something follows from, in the words they were chosen from.
    fn because(&self, reasons: &Reasons<'_>) -> Option<String> {
        let Report { rulebook, answers, .. } = self.report;
        let given = |question: &&Question| {
            let (index, _) = rulebook.question(&question.id)?;
            let label = question.label(&answers.get(index)?.answer);
            Some(format!("“{}” to “{}”", escape(&label), escape(&question.prompt)))
        };
        let given: Vec<String> = reasons.first()?.iter().filter_map(given).collect();
        (!given.is_empty()).then(|| format!("You answered {}.", given.join(" and ")))
    }

    fn fit(&mut self) {
        let Report { rulebook, assessment, .. } = self.report;
        let mut items = Vec::new();
        for result in assessment.fit.findings.iter().filter(|result| result.finding.kind != FindingKind::Note) {
            let finding = result.finding;
            let says = match result.state {
                FindingState::Holds => Some(&finding.says),
                FindingState::Open => Some(finding.not_sure.as_ref().unwrap_or(&finding.says)),
                FindingState::DoesNotHold | FindingState::Unknown => None,
            };
            if let Some(says) = says {
                items.push(format!("**{}.** {}", escape(finding.title.trim_end_matches('.')), escape(says)));
            }
        }
        let heading = escape(&rulebook.section(Section::Fit).title);
        self.list(&heading, &items);
    }

    /// Evidence for answers that need it, what is owed later, and the topics that are not prepared. There is nothing to
    /// bring to a talk that a product that fails a criterion does not come to.
    fn bring(&mut self) {
        let Report { rulebook, answers, assessment, .. } = self.report;
        if assessment.outcome == Outcome::DoesNotMeet || assessment.fit.outcome == FitOutcome::DoesNotFit {
            return;
        }
        let mut items = Vec::new();
        let given = answers.given(rulebook);
        for (index, question) in rulebook.questions.iter().enumerate() {
            let Some(entry) = answers.get(index) else { continue };
            let Some(evidence) = question.evidence_for(&entry.answer) else { continue };
            let certainly_asked = rulebook.ask_when[index]
                .as_ref()
                .is_none_or(|(_, asked)| rulebook.diagrams.settled(*asked, &given) == Some(true));
            if entry.evidence.is_none() && certainly_asked && question.section != Section::GoLive {
                items.push(format!("For “{}”: {}.", escape(&question.prompt), escape(evidence.trim_end_matches('.'))));
            }
        }
        for owed in assessment.go_live.iter().filter(|owed| owed.status != Status::Met) {
            let says = owed.obligation.says.for_status(owed.status).unwrap_or_default();
            items.push(format!("**{}.** {}", escape(owed.obligation.title.trim_end_matches('.')), escape(says)));
        }
        for topic in assessment.application.iter().filter(|topic| !topic.prepared()) {
            let title = topic.topic.title.trim_end_matches('.');
            items.push(format!("**{}.** {}", escape(title), escape(&topic.topic.prepare)));
        }
        self.list("What to bring", &items);
    }

    fn closing(&mut self) {
        let rulebook = self.report.rulebook;
        self.out.push_str(&escape(&rulebook.disclaimer));
        let _ = write!(self.out, "\n\nRules: {}, version {}.\n", escape(&rulebook.title), escape(&rulebook.version));
    }
}

/// A question with what helps to answer it, and the word it goes by in an answers file.
fn question(question: &Question) -> String {
    let hint = question.hint.as_deref().map_or_else(String::new, |hint| format!(" {}", escape(hint)));
    format!("**{}** (`{}`){hint}", escape(&question.prompt), question.id)
}
