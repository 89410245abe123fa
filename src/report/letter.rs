//! A short letter to the people behind a product, in Markdown: what came of it, what is missing, what is to be discussed,
//! what to bring, and what to do next.
//!
//! Everything about the rules is said in their own words, and so is who writes and how to answer.

use std::fmt::Write as _;

use super::checks::{AnswerGiven, Check, Standing};
use super::content::{Content, FitContent, content};
use super::markdown::step_words;
use super::{Checked, Report};
use crate::assessment::FitOutcome;
use crate::gate::Passage;
use crate::question::{Question, Section};
use crate::rulebook::Outcome;
use crate::style::{Tone, markdown as escape};
use crate::wording::sentence;

/// The letter about a record, ending in a line break; none about one that was not assessed.
pub(crate) fn letter(record: &Checked<'_>) -> Option<String> {
    let report = record.report()?;
    let mut page = LetterPage { report, content: &content(report, record.exit_code), out: String::new() };
    page.opening(record);
    page.missing();
    page.criteria("What is not met", Passage::Fails);
    page.criteria("What is to be discussed", Passage::NeedsDiscussion);
    page.fit();
    page.bring();
    page.steps();
    page.closing();
    Some(page.out)
}

struct LetterPage<'a> {
    report: &'a Report<'a>,
    content: &'a Content<'a>,
    out: String,
}

impl LetterPage<'_> {
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

    fn opening(&mut self, record: &Checked<'_>) {
        let content = self.content;
        self.block(&format!("# {}", escape(&content.product())));
        self.block(&format!("Your answers: {}", escape(&record.input.name)));
        if let Some(letter) = &content.rulebook.letter {
            self.block(&escape(&letter.opening));
        }
        self.block(&format!("**{}.** {}", escape(&content.headline), escape(content.meaning)));
        if let Some(scenario) = &content.scenario {
            self.block(&escape(&scenario.words()));
        }
    }

    fn missing(&mut self) {
        let mut asked: Vec<&Question> = self.content.missing.iter().map(|missing| missing.question).collect();
        // Whether it fits is of no use to a product that fails a criterion.
        if let Some(fit) = self.content.fit.as_ref().filter(|_| self.content.outcome != Outcome::DoesNotMeet) {
            asked.extend(&fit.missing);
        }
        asked.sort_by_key(|question| question.index);
        asked.dedup_by_key(|question| question.index);
        let items: Vec<String> = asked.into_iter().map(question).collect();
        self.list("What is missing: answer these questions", &items);
    }

    fn criteria(&mut self, heading: &str, passage: Passage) {
        let checks = self.content.criteria.iter().filter(|check| check.standing == Standing::Lacking(passage));
        let items: Vec<String> = checks.map(|check| described(check, &check.because)).collect();
        self.list(heading, &items);
    }

    fn fit(&mut self) {
        let Some(fit) = self
            .content
            .fit
            .as_ref()
            .filter(|fit| fit.outcome != FitOutcome::Unknown && fit.outcome != FitOutcome::Fits)
        else {
            return;
        };
        let heading = escape(&self.content.rulebook.section(Section::Fit).title);
        // A note keeps nobody from anything.
        let findings = fit.findings.iter().filter(|check| check.tone != Tone::Quiet);
        let words = std::iter::once(format!("**{}.**", escape(&sentence(&fit.words))));
        let items: Vec<String> = words.chain(findings.map(|check| described(check, &check.because))).collect();
        self.list(&heading, &items);
    }

    /// Whether there is something to bring: not to a talk that a product that fails does not come to.
    fn comes(&self) -> bool {
        let fails = |fit: &FitContent<'_>| fit.outcome == FitOutcome::DoesNotFit;
        self.content.outcome != Outcome::DoesNotMeet && !self.content.fit.as_ref().is_some_and(fails)
    }

    /// Evidence for answers that need it, the topics that are not prepared, and what is owed later.
    fn bring(&mut self) {
        if !self.comes() {
            return;
        }
        let mut items = Vec::new();
        let Report { rulebook, answers, .. } = self.report;
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
        let open = |checks: &[Check<'_>]| {
            checks.iter().filter(|it| it.standing != Standing::Passes).map(|it| described(it, &[])).collect::<Vec<_>>()
        };
        items.extend(open(&self.content.topics));
        self.list("What to bring", &items);
        let heading = escape(&rulebook.section(Section::GoLive).title);
        self.list(&heading, &open(&self.content.obligations));
    }

    fn steps(&mut self) {
        let steps: Vec<String> = self.content.steps.iter().map(step_words).collect();
        self.list("Next steps", &steps);
    }

    fn closing(&mut self) {
        let rulebook = self.content.rulebook;
        if let Some(letter) = &rulebook.letter {
            self.block(&escape(&letter.reply));
        }
        self.out.push_str(&escape(&rulebook.disclaimer));
        let _ = write!(self.out, "\n\nRules: {}, version {}.\n", escape(&rulebook.title), escape(&rulebook.version));
    }
}

/// What is said of a check, and the answers it follows from, in the words they were chosen from.
fn described(check: &Check<'_>, because: &[AnswerGiven<'_>]) -> String {
    let says = check.says.iter().map(|says| escape(says));
    let given =
        |given: &AnswerGiven<'_>| format!("“{}” to “{}”", escape(&given.label()), escape(&given.question.prompt));
    let given: Vec<String> = because.iter().map(given).collect();
    let because = (!given.is_empty()).then(|| format!("You answered {}.", given.join(" and ")));
    let words: Vec<String> = says.chain(because).collect();
    format!("**{}.** {}", escape(sentence(&check.named()).trim_end_matches('.')), words.join(" "))
}

/// A question with what helps to answer it, and the word it goes by in an answers file.
fn question(question: &Question) -> String {
    let hint = question.hint.as_deref().map_or_else(String::new, |hint| format!(" {}", escape(hint)));
    format!("**{}** (`{}`){hint}", escape(&question.prompt), question.id)
}
