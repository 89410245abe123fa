//! Test Anything Protocol 13: one document over all files.

use std::fmt::Write as _;

use super::checks::{Check, Standing, checks};
use super::{Checked, Totals, Verdict};
use crate::answers::quoted;
use crate::problem::{Place, Problem, Severity};
use crate::style::clean;

#[derive(Default)]
pub(super) struct TapWriter {
    tests: usize,
    out: String,
}

impl super::FormatWriter for TapWriter {
    fn add(&mut self, file: &Checked<'_>) {
        match &file.verdict {
            Verdict::Assessed(report) => {
                let _ = writeln!(self.out, "# {}", clean(&report.answers.product));
                for check in checks(report, file.exit_code == 0) {
                    self.check(&report.answers.product, &check, file.at(check.place()));
                }
            }
            Verdict::Invalid => {
                let _ = writeln!(self.out, "# {}", clean(&file.input.name));
            }
            Verdict::Unreadable(reason) => {
                self.test(false, &format!("{}: can be read", file.input.name), "");
                self.diagnostics(&[("message", reason.clone())]);
            }
        }
        file.problems.iter().for_each(|problem| self.problem(file, problem));
    }

    fn finish(self: Box<Self>, totals: &Totals<'_>) -> String {
        let remarks = totals.remarks().map(|remark| format!("# {}\n", clean(&remark)));
        format!("TAP version 13\n1..{}\n{}# {}\n", self.tests, self.out, totals.summary) + &remarks.collect::<String>()
    }
}

impl TapWriter {
    fn check(&mut self, product: &str, check: &Check<'_>, place: Option<&Place>) {
        let name = format!("{product}: {}", check.headline());
        let (passes, directive) = match check.standing {
            Standing::Passes | Standing::Noted => (true, ""),
            Standing::NotRequired => (true, " # SKIP not known yet"),
            // A failing TODO test does not make the run fail.
            Standing::Tolerated => (false, " # TODO let through by --fail-on"),
            Standing::Lacking(_) => (false, ""),
        };
        self.test(passes, &name, directive);
        if check.standing != Standing::Passes && check.standing != Standing::NotRequired {
            let mut entries = vec![("id", check.id.to_owned()), ("message", check.details().join(" "))];
            entries.extend(place.map(|place| ("at", place.to_string())));
            self.diagnostics(&entries);
        }
    }

    /// A problem. A warning is a test that succeeds and has something to say.
    fn problem(&mut self, file: &Checked<'_>, problem: &Problem) {
        self.test(problem.severity == Severity::Warning, &format!("{}: {}", file.input.name, problem.message), "");
        let mut entries = vec![("id", problem.code.to_string())];
        entries.extend(problem.hint.iter().map(|hint| ("message", hint.clone())));
        entries.extend(file.at(problem.place.as_ref()).map(|place| ("at", place.to_string())));
        self.diagnostics(&entries);
    }

    /// Writes one test line. `#` and `\` in the name are escaped, as they would begin a directive or an escape.
    fn test(&mut self, passes: bool, name: &str, directive: &str) {
        self.tests += 1;
        let status = if passes { "ok" } else { "not ok" };
        let name = clean(name).replace('\\', "\\\\").replace('#', "\\#");
        let _ = writeln!(self.out, "{status} {} - {name}{directive}", self.tests);
    }

    /// Writes a YAML block below a test line. Values are quoted, so that all are strings.
    fn diagnostics(&mut self, entries: &[(&str, String)]) {
        self.out.push_str("  ---\n");
        for (key, value) in entries {
            let _ = writeln!(self.out, "  {key}: {}", quoted(&clean(value)));
        }
        self.out.push_str("  ...\n");
    }
}
