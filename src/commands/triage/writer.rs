//! What comes of each batch, written as it comes; and how far the work has got.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::formatter::{self, Formatter};
use super::letters::Letters;
use super::output::{Output, OutputMode};
use crate::commands::INVALID;
use crate::intake::table::Mapping;
use crate::intake::tally::Tally;
use crate::style::clean;
use crate::triage::{BatchResult, Fault, MAX_TOLD, ProductLine, TOLD};
use crate::wording::counted;

/// The most columns, files and the like that are named at the end.
const MAX_LISTED: usize = 50;
/// The most tables that are named which lack a column.
const MAX_TABLES: usize = 3;

/// Writes what comes of each batch.
pub(super) struct Writer<'a> {
    pub(super) formatter: Formatter<'a>,
    pub(super) outputs: Vec<Output<'a>>,
    pub(super) err: &'a mut (dyn Write + Send),
    /// The lines of all products, if anything is made of all of them.
    pub(super) lines: Option<Vec<ProductLine>>,
    /// How many records there were with something worth knowing, and with something wrong, and how many lines were not told
    /// of those past the limit of each. So what is wrong is told however many warnings come before it.
    pub(super) faults: [usize; 2],
    pub(super) untold: usize,
    /// What is told at the end, under each of its headings.
    pub(super) told: [Vec<String>; TOLD.len()],
    /// How many tables there were.
    pub(super) tables: usize,
    /// Headers to keep or to leave out, each with the tables that lack it and what may be meant in the last of them.
    pub(super) absent: BTreeMap<String, (Vec<String>, Option<String>)>,
    pub(super) bar: Option<ProgressBar>,
    pub(super) letters: Option<Letters<'a>>,
}

impl Writer<'_> {
    /// Writes what stands in front of the lines.
    pub(super) fn begin(&mut self) {
        for output in self.outputs.iter_mut().filter(|output| matches!(output.mode, OutputMode::Streamed { .. })) {
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
        self.untold += done.untold;
        if let Some(table) = done.table.take() {
            self.tables += 1;
            for (header, near) in table.absent {
                let (tables, meant) = self.absent.entry(header).or_default();
                tables.push(format!("`{}`", table.name));
                *meant = near.or(meant.take());
            }
            for (told, new) in self.told.iter_mut().zip(table.told) {
                for what in new {
                    if !told.contains(&what) {
                        told.push(what);
                    }
                }
            }
        }
        if let [only] = self.outputs.as_mut_slice() {
            only.bytes(&done.bytes, &done.ends);
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
        // What goes on to be written holds all products, whoever has stopped reading the rest.
        let over = self.letters.is_none() && self.outputs.iter().all(|output| output.failed.is_some());
        if over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn fault(&mut self, fault: &Fault) {
        let told = &mut self.faults[usize::from(fault.is_error)];
        *told += 1;
        if *told <= MAX_TOLD {
            self.say(&fault.text);
        } else {
            self.untold += fault.text.lines().count();
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

    /// Says which columns are to be kept and are not there, and which no table has, and gives the exit code for that.
    pub(super) fn tell_absent(&mut self, mapping: &Mapping) -> u8 {
        let mut code = 0;
        for (header, (tables, near)) in std::mem::take(&mut self.absent) {
            let (is_kept, everywhere) = (mapping.keep.contains(&header), tables.len() == self.tables);
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let said = match (is_kept, everywhere) {
                (true, true) => {
                    code = INVALID;
                    format!("error: no table has the column `{header}` that is to be kept{near}")
                }
                (true, false) => {
                    let tables = listed(&tables, MAX_TABLES);
                    format!("note: there is no column `{header}` to keep in {tables}")
                }
                (false, true) => format!("note: no table has the column `{header}` that is to be left out{near}"),
                (false, false) => continue,
            };
            self.say(&clean(&said));
        }
        code
    }

    /// Ends the work, and gives what kept anything from being written.
    pub(super) fn finish(mut self, tally: &Tally, exit_code: u8) -> Vec<anyhow::Error> {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if self.untold > 0 {
            let more = counted(self.untold, "more line");
            self.say(&format!("… and {more} like these: all stand in --report html=FILE"));
        }
        for (heading, told) in TOLD.iter().zip(std::mem::take(&mut self.told)) {
            if !told.is_empty() {
                self.say(&clean(&format!("{heading}: {}.", listed(&told, MAX_LISTED))));
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

/// A bar that shows how many products there were, once that has taken a second.
pub(super) fn progress_bar() -> ProgressBar {
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
