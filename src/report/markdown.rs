//! GitHub-flavoured Markdown, one document over all files, for pull requests and job pages.

use std::fmt::Write as _;

use super::checks::{Check, Standing, checks};
use super::content::{Advice, content, judged, result};
use super::moves::Suggestions;
use super::{Checked, Report, Totals, Verdict};
use crate::problem::{Place, Problem};
use crate::question::{Basis, Grounds, Section};
use crate::rulebook::{Outcome, Page, Rulebook};
use crate::style::markdown as escape;

pub(super) struct MarkdownWriter<'a> {
    rulebook: Option<&'a Rulebook>,
    /// A row for each file, shown where there are several.
    rows: Vec<String>,
    out: String,
}

impl<'a> MarkdownWriter<'a> {
    pub(super) fn new(rulebook: Option<&'a Rulebook>) -> Self {
        Self { rulebook, rows: Vec::new(), out: String::new() }
    }
}

impl super::FormatWriter for MarkdownWriter<'_> {
    fn add(&mut self, file: &Checked<'_>) {
        self.rows.push(format!("| {} | {} |\n", escape(name(file)), escape(&result(file))));
        self.file(file);
    }

    fn finish(mut self: Box<Self>, totals: &Totals) -> String {
        self.footer(totals);
        if self.rows.len() > 1 {
            return format!("| Product | Result |\n| --- | --- |\n{}\n{}", self.rows.concat(), self.out);
        }
        self.out
    }
}

impl MarkdownWriter<'_> {
    /// A paragraph, a heading or the like, with an empty line behind it.
    fn block(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}\n");
    }

    fn file(&mut self, file: &Checked<'_>) {
        self.block(&format!("## {}", escape(name(file))));
        self.block(&format!("**{}**", escape(&result(file))));
        match &file.verdict {
            Verdict::Assessed(report) => self.report(report, file.exit_code),
            Verdict::Invalid => {}
            Verdict::Unreadable(reason) => self.block(&escape(reason)),
        }
        if !file.problems.is_empty() {
            let _ = writeln!(self.out, "| Line | Code | Problem | What to do |\n| --- | --- | --- | --- |");
            for problem in &file.problems {
                self.problem(problem, file.at(problem.place.as_ref()));
            }
            self.out.push('\n');
        }
    }

    fn report(&mut self, report: &Report<'_>, exit_code: u8) {
        let (rulebook, content) = (report.rulebook, content(report, exit_code));
        self.block(&escape(content.meaning));
        if let Some(scenario) = &content.scenario {
            let words = [scenario.words()].into_iter().chain(scenario.notes.iter().map(|note| (*note).to_owned()));
            self.block(&words.map(|words| escape(&words)).collect::<Vec<_>>().join(" "));
        }
        let checks = checks(report, exit_code == 0);
        for section in Section::ALL {
            let shown = |check: &&Check<'_>| {
                let passing = matches!(check.standing, Standing::Passes | Standing::Unasked);
                check.section == section && !(section == Section::Fit && passing)
            };
            self.section(rulebook, section, &checks.iter().filter(shown).collect::<Vec<_>>());
        }
        let missing = content.missing.iter().map(|it| it.question);
        let missing = missing.map(|question| format!("- `{}`: {}", question.id, escape(&question.prompt)));
        self.list("Still to answer", &missing.collect::<Vec<_>>());
        let title = &rulebook.outcome_text(Outcome::MeetsCriteria).title;
        self.list(&format!("What would lead to “{}”", escape(title)), &suggestions(&content.suggestions));
        if let Some(fit) = &content.fit {
            self.list("What would make it fit", &suggestions(&fit.suggestions));
        }
        let steps = (1..).zip(&content.steps).map(|(number, step)| format!("{number}. {}", step_words(step)));
        self.list("Next steps", &steps.collect::<Vec<_>>());
        if let Some(gate) = content.gate.or_else(|| (!report.judgement.lacking.is_empty()).then(|| judged(report))) {
            let left_out = if exit_code == 0 { ", which is left out by `--fail-on`" } else { "" };
            let titles = gate.in_the_way.iter().map(|title| format!("- {}", escape(title))).collect::<Vec<_>>();
            self.block(&match titles.as_slice() {
                [] => format!("Gate {}: passed.", gate.gate.id()),
                _ => format!("Gate {}: not passed{left_out}. In the way:\n\n{}", gate.gate.id(), titles.join("\n")),
            });
        }
    }

    fn section(&mut self, rulebook: &Rulebook, section: Section, checks: &[&Check<'_>]) {
        if checks.is_empty() {
            return;
        }
        self.block(&format!("### {}", escape(&rulebook.section(section).title)));
        let _ = writeln!(self.out, "| | Result | Why |\n| --- | --- | --- |");
        for check in checks {
            let mut why: Vec<String> = check.sentences().iter().map(|line| escape(line)).collect();
            let Grounds { source, basis, .. } = check.grounds;
            let page = check.page.map_or_else(|| escape(&source.page), page);
            why.push(format!("Source: {page}, {}.", escape(&source.at())));
            if *basis == Basis::Interpretation {
                why.push("Our interpretation.".to_owned());
            }
            why.extend(check.place().map(|place| escape(&format!("Line {}.", place.line()))));
            let words = match check.standing {
                Standing::Passes => check.words.to_owned(),
                Standing::Noted | Standing::Unasked | Standing::Tolerated | Standing::Lacking(_) => {
                    format!("**{}**", check.words)
                }
            };
            let _ = writeln!(self.out, "| {} | {words} | {} |", escape(&check.heading()), why.join(" "));
        }
        self.out.push('\n');
    }

    /// Items under a heading, if there are any.
    fn list(&mut self, heading: &str, items: &[String]) {
        if !items.is_empty() {
            self.block(&format!("### {heading}"));
            self.block(&items.join("\n"));
        }
    }

    fn problem(&mut self, problem: &Problem, place: Option<&Place>) {
        let place = place.map_or_else(String::new, |place| place.line().to_string());
        let hint = problem.hint.as_deref().unwrap_or_default();
        let _ = writeln!(self.out, "| {place} | {} | {} | {} |", problem.code, escape(&problem.message), escape(hint));
    }

    fn footer(&mut self, totals: &Totals) {
        self.block(&format!("{}.", totals.summary));
        if let Some(rulebook) = self.rulebook {
            let _ = writeln!(self.out, "{}\n", escape(&rulebook.disclaimer));
            let _ = writeln!(self.out, "Rules: {}, version {}.", escape(&rulebook.title), escape(&rulebook.version));
        } else {
            // A document ends in one line break.
            self.out.pop();
        }
    }
}

/// A page, with a link if it has an address.
fn page(page: &Page) -> String {
    let title = escape(&page.title);
    let link = page.link().map(|link| link.replace('(', "%28").replace(')', "%29"));
    link.map_or_else(|| title.clone(), |link| format!("[{title}]({link})"))
}

/// A step with the page it comes from.
pub(super) fn step_words(step: &Advice<'_>) -> String {
    let page = step.page.map_or_else(String::new, |it| format!(" {}", page(it)));
    format!("**{}.** {}{page}", escape(step.title.trim_end_matches('.')), escape(step.says))
}

fn suggestions(suggestions: &Suggestions) -> Vec<String> {
    let shown = suggestions.shown.iter().map(|(lead, what)| format!("- {lead}: {}", escape(what)));
    shown.chain(suggestions.others().map(|others| format!("- {others}"))).collect()
}

/// The name of the product, or of the file if there is none to be had.
fn name<'a>(file: &'a Checked<'_>) -> &'a str {
    match &file.verdict {
        Verdict::Assessed(report) => &report.answers.product,
        Verdict::Invalid | Verdict::Unreadable(_) => &file.input.name,
    }
}
