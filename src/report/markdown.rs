//! GitHub-flavoured Markdown, one document over all files, for pull requests and job pages.

use std::fmt::Write as _;

use super::checks::{Check, Standing, checks};
use super::{Checked, Report, Totals, Verdict};
use crate::problem::{Place, Problem, Severity};
use crate::question::{Question, Section};
use crate::rulebook::Rulebook;
use crate::style::markdown as escape;

pub(super) struct Pages<'a> {
    rulebook: Option<&'a Rulebook>,
    /// A row for each file, shown where there are several.
    rows: Vec<String>,
    out: String,
}

impl<'a> Pages<'a> {
    pub(super) fn new(rulebook: Option<&'a Rulebook>) -> Self {
        Self { rulebook, rows: Vec::new(), out: String::new() }
    }
}

impl super::Pages for Pages<'_> {
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

impl Pages<'_> {
    /// A paragraph, a heading or the like, with an empty line behind it.
    fn block(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}\n");
    }

    fn file(&mut self, file: &Checked<'_>) {
        self.block(&format!("## {}", escape(name(file))));
        self.block(&format!("**{}**", escape(&result(file))));
        match &file.verdict {
            Verdict::Assessed(report) => self.report(report, file.exit_code == 0),
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

    fn report(&mut self, report: &Report<'_>, tolerated: bool) {
        let Report { rulebook, assessment, judgement, .. } = report;
        self.block(&escape(&rulebook.outcome_text(assessment.outcome).meaning));
        let checks = checks(report, tolerated);
        for section in Section::ALL {
            let shown = |check: &&Check<'_>| {
                let passing = matches!(check.standing, Standing::Passes | Standing::Unasked);
                check.section == section && !(section == Section::Fit && passing)
            };
            self.section(rulebook, section, &checks.iter().filter(shown).collect::<Vec<_>>());
        }
        self.questions("Still to answer", &assessment.missing);
        let steps = &rulebook.outcome_text(assessment.outcome).next_steps;
        if !steps.is_empty() {
            self.block("### Next steps");
            for (index, step) in steps.iter().enumerate() {
                let title = step.title.trim_end_matches('.');
                let _ = writeln!(self.out, "{}. **{}**. {}", index + 1, escape(title), escape(&step.says));
            }
            self.out.push('\n');
        }
        if !judgement.lacking.is_empty() {
            let ids: Vec<String> = judgement.lacking.iter().map(|(id, _)| escape(id)).collect();
            let left_out = if tolerated { ", which is left out by `--fail-on`" } else { "" };
            self.block(&format!("Gate {}: not passed{left_out}. In the way: {}.", judgement.gate.id(), ids.join(", ")));
        }
    }

    fn section(&mut self, rulebook: &Rulebook, section: Section, checks: &[&Check<'_>]) {
        if checks.is_empty() {
            return;
        }
        self.block(&format!("### {}", escape(&rulebook.section(section).title)));
        let _ = writeln!(self.out, "| | Result | Why |\n| --- | --- | --- |");
        for check in checks {
            let why: Vec<String> = check.details().iter().map(|line| escape(line)).collect();
            let line = check
                .place()
                .map_or_else(String::new, |place| format!(" {}.", escape(&format!("Line {}", place.line()))));
            let words = match check.standing {
                Standing::Passes => check.words.to_owned(),
                Standing::Noted | Standing::Unasked | Standing::Tolerated | Standing::Lacking(_) => {
                    format!("**{}**", check.words)
                }
            };
            let _ = writeln!(self.out, "| {} | {words} | {}{line} |", escape(&check.heading()), why.join(" "));
        }
        self.out.push('\n');
    }

    fn questions(&mut self, heading: &str, questions: &[&Question]) {
        if questions.is_empty() {
            return;
        }
        self.block(&format!("### {heading}"));
        for question in questions {
            let _ = writeln!(self.out, "- `{}`: {}", question.id, escape(&question.prompt));
        }
        self.out.push('\n');
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

/// The name of the product, or of the file if there is none to be had.
fn name<'a>(file: &'a Checked<'_>) -> &'a str {
    match &file.verdict {
        Verdict::Assessed(report) => &report.answers.product,
        Verdict::Invalid | Verdict::Unreadable(_) => &file.input.name,
    }
}

/// What came of a file, in a few words.
fn result(file: &Checked<'_>) -> String {
    match &file.verdict {
        Verdict::Assessed(report) => super::headline(report, file.exit_code),
        Verdict::Invalid => {
            let errors = file.problems.iter().filter(|problem| problem.severity() == Severity::Error).count();
            format!("Not valid: {errors} {}", if errors == 1 { "problem" } else { "problems" })
        }
        Verdict::Unreadable(_) => "Could not be read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_text_is_markup() {
        for (text, escaped) in [
            ("a | b", "a \\| b"),
            ("`x` *y* __z__", "\\`x\\` \\*y\\* \\_\\_z\\_\\_"),
            ("<script>", "&lt;script\\>"),
            ("one\ntwo", "one two"),
            ("[click](https://example.org)", "\\[click\\](https\\://example.org)"),
            ("www.example.org &amp;", "www\\.example.org &amp;amp;"),
            ("- item", "\\- item"),
            ("12. item", "12\\. item"),
            ("# heading @someone &#1 a@b", "\\# heading \\@<!-- -->someone &amp;\\#<!-- -->1 a\\@<!-- -->b"),
        ] {
            assert_eq!(escape(text), escaped);
        }
    }
}
