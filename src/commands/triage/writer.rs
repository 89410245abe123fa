//! Writes the results of batches as they come, and shows the progress.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::formatter::{self, Formatter};
use super::letters::Letters;
use super::output::{Output, OutputMode};
use crate::commands::INVALID;
use crate::intake::table::TableFormat;
use crate::intake::table::header::TO_LEAVE_OUT;
use crate::intake::tally::Tally;
use crate::style::clean;
use crate::triage::{BatchResult, Fault, MAX_REPORTED, NOTICES, ProductLine};
use crate::wording::counted;

/// The most entries of each list at the end.
const MAX_LISTED: usize = 50;
/// The most tables named that lack a column.
const MAX_TABLES: usize = 3;

pub(super) struct Writer<'a> {
    formatter: Formatter<'a>,
    outputs: Vec<Output<'a>>,
    err: &'a mut (dyn Write + Send),
    /// The lines of all products, if an output needs them at the end.
    lines: Option<Vec<ProductLine>>,
    /// How many records had warnings, and how many had errors. Each count has its own limit, so that many warnings do not
    /// hide an error.
    faults: [usize; 2],
    /// How many lines on faults were left out.
    omitted: usize,
    /// What is listed at the end, under each of its headings.
    notices: [Vec<String>; NOTICES.len()],
    /// The tables, by the form that each was read as.
    tables: Vec<Vec<String>>,
    table_formats: &'a [TableFormat],
    /// Headers that the user names, with the tables that lack them and a similar header of the last such table.
    absent: BTreeMap<(String, String), (Vec<String>, Option<String>)>,
    bar: Option<ProgressBar>,
    letters: Option<Letters<'a>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        formatter: Formatter<'a>,
        outputs: Vec<Output<'a>>,
        letters: Option<Letters<'a>>,
        table_formats: &'a [TableFormat],
        bar: bool,
        err: &'a mut (dyn Write + Send),
    ) -> Self {
        let collects = outputs.iter().any(|output| matches!(output.mode, OutputMode::Collected));
        Self {
            formatter,
            outputs,
            err,
            lines: collects.then(Vec::new),
            faults: [0; 2],
            omitted: 0,
            notices: Default::default(),
            tables: vec![Vec::new(); table_formats.len()],
            table_formats,
            absent: BTreeMap::new(),
            bar: bar.then(progress_bar),
            letters,
        }
    }

    /// Writes what precedes the lines. Files that are left out are listed at the end.
    pub(super) fn begin(&mut self, left_out: &[PathBuf]) {
        self.notices[0] = left_out.iter().map(|path| format!("`{}`", path.display())).collect();
        for output in self.outputs.iter_mut().filter(|output| output.is_streamed()) {
            if let Some(form) = formatter::form_of_line(output.format) {
                output.write(&self.formatter.head(form));
            }
        }
    }

    pub(super) fn take(&mut self, done: &mut BatchResult<'_>) -> ControlFlow<()> {
        if let Some(bar) = &self.bar {
            advance(bar, done.products);
        }
        for fault in &done.faults {
            self.fault(fault);
        }
        self.omitted += done.omitted;
        if let Some(table) = done.table.take() {
            let name = format!("`{}`", table.name);
            for (header, named_for, near) in table.absent {
                let (tables, meant) = self.absent.entry((header, named_for)).or_default();
                tables.push(name.clone());
                *meant = near.or(meant.take());
            }
            self.tables[table.format].push(name);
            for (notices, new) in self.notices.iter_mut().zip(table.notices) {
                for notice in new {
                    if !notices.contains(&notice) {
                        notices.push(notice);
                    }
                }
            }
        }
        if let [only] = self.outputs.as_mut_slice() {
            only.bytes(&done.bytes);
        }
        for line in &done.lines {
            self.outputs.iter_mut().for_each(|output| output.line(line, &mut self.formatter));
        }
        if let Some(lines) = &mut self.lines {
            lines.append(&mut done.lines);
        }
        for record in done.records.drain(..) {
            if let Some(letters) = &mut self.letters {
                letters.write(&record);
            }
            self.outputs.iter_mut().for_each(|output| output.product(&record.checked));
        }
        // As long as one output can be written, it has to have all products, even if the others have lost their readers.
        let over = self.letters.is_none() && self.outputs.iter().all(|output| output.failed.is_some());
        if over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn fault(&mut self, fault: &Fault) {
        let count = &mut self.faults[usize::from(fault.is_error)];
        *count += 1;
        if *count <= MAX_REPORTED {
            self.say(&fault.text);
        } else {
            self.omitted += fault.text.lines().count();
        }
    }

    fn say(&mut self, line: &str) {
        let mut write = || {
            let _ = writeln!(self.err, "{line}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Reports columns that the user names and a table lacks; those to leave out only if all do. Returns the exit code for it.
    pub(super) fn report_absent(&mut self) -> u8 {
        let mut code = 0;
        let all = self.tables.iter().flatten().count();
        for ((header, named_for), (tables, near)) in std::mem::take(&mut self.absent) {
            let (is_needed, everywhere) = (named_for != TO_LEAVE_OUT, tables.len() == all);
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = match (is_needed, everywhere) {
                (true, true) => {
                    code = INVALID;
                    format!("error: no table has a column `{header}` {named_for}{near}")
                }
                (true, false) => {
                    let tables = listed(&tables, MAX_TABLES);
                    format!("note: there is no column `{header}` {named_for} in {tables}")
                }
                (false, true) => format!("note: no table has a column `{header}` {named_for}{near}"),
                (false, false) => continue,
            };
            self.say(&clean(&message));
        }
        code
    }

    /// Finishes the outputs and lists what there is to know. Returns the errors that kept something from being written.
    pub(super) fn finish(mut self, tally: &Tally, exit_code: u8) -> Vec<anyhow::Error> {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if self.omitted > 0 {
            let more = counted(self.omitted, "more line");
            self.say(&format!("… and {more} like these: all stand in --report html=FILE"));
        }
        if let [_, _, ..] = self.table_formats {
            for (format, tables) in self.table_formats.iter().zip(std::mem::take(&mut self.tables)) {
                let name = format.name.as_deref().unwrap_or_default();
                let tables = if tables.is_empty() { "no table".to_owned() } else { listed(&tables, MAX_LISTED) };
                self.say(&clean(&format!("Read with `{name}`: {tables}.")));
            }
        }
        for (heading, notices) in NOTICES.iter().zip(std::mem::take(&mut self.notices)) {
            if !notices.is_empty() {
                self.say(&clean(&format!("{heading}: {}.", listed(&notices, MAX_LISTED))));
            }
        }
        if let Some(summary) = self.letters.as_ref().map(Letters::summary) {
            self.say(&summary);
        }
        let mut lines = self.lines.unwrap_or_default();
        self.formatter.sort(&mut lines);
        let end = (lines.as_slice(), tally, exit_code);
        let written = self.outputs.into_iter().filter_map(|output| output.finish(end, &mut self.formatter).err());
        self.letters.and_then(|letters| letters.failed).into_iter().chain(written).collect()
    }
}

/// The first of these, and how many more there are.
fn listed(all: &[String], most: usize) -> String {
    let (named, rest) = all.split_at(all.len().min(most));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    named.join(", ") + &more
}

/// A hidden bar, which appears if the run takes more than a second.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} products in {elapsed}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style)
}

fn advance(bar: &ProgressBar, products: u64) {
    if bar.is_hidden() && bar.elapsed() >= Duration::from_secs(1) {
        bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
    }
    bar.inc(products);
}
