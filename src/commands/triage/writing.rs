//! What comes of each batch, written as it comes; and how far the work has got.

use std::io::Write;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::letters::Letters;
use super::output::{Output, Way};
use super::show::{self, Show};
use crate::style::clean;
use crate::triage::{BatchResult, Line, MAX_TOLD};

/// The most unused columns and files that are named.
const MAX_UNUSED: usize = 50;
/// Writes what comes of each batch.
pub(super) struct Writing<'a> {
    pub(super) show: Show<'a>,
    pub(super) outputs: Vec<Output<'a>>,
    pub(super) err: &'a mut (dyn Write + Send),
    /// The lines of all products, if anything is made of all of them.
    pub(super) lines: Option<Vec<Line>>,
    /// How many records something was told of, and how many lines were not told of the rest.
    pub(super) faults: usize,
    pub(super) untold: usize,
    /// What nothing was read from.
    pub(super) unused: Vec<String>,
    pub(super) bar: Option<Bar>,
    pub(super) letters: Option<Letters<'a>>,
}

impl Writing<'_> {
    /// Writes what stands in front of the lines.
    pub(super) fn begin(&mut self) {
        for output in self.outputs.iter_mut().filter(|output| matches!(output.way, Way::Lines { .. })) {
            if let Some(form) = show::stream(output.format) {
                output.write(&self.show.head(form));
            }
        }
    }

    pub(super) fn take(&mut self, done: &mut BatchResult<'_>) -> ControlFlow<()> {
        if let Some(bar) = &mut self.bar {
            bar.add(done.products);
        }
        for fault in &done.faults {
            self.fault(fault);
        }
        self.untold += done.untold;
        for unused in done.unused.drain(..) {
            if !self.unused.contains(&unused) {
                self.unused.push(unused);
            }
        }
        if let [only] = self.outputs.as_mut_slice() {
            only.bytes(&done.bytes, &done.ends);
        }
        for line in &done.lines {
            self.outputs.iter_mut().for_each(|output| output.line(line, &mut self.show));
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
        let over = self.letters.is_none() && self.outputs.iter().all(Output::is_over);
        if over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn fault(&mut self, fault: &str) {
        self.faults += 1;
        if self.faults <= MAX_TOLD {
            self.say(fault);
        } else {
            self.untold += fault.lines().count();
        }
    }

    fn say(&mut self, line: &str) {
        match &self.bar {
            Some(bar) => bar.bar.suspend(|| {
                let _ = writeln!(self.err, "{line}");
            }),
            None => {
                let _ = writeln!(self.err, "{line}");
            }
        }
    }

    /// Ends the work, and gives what kept anything from being written.
    pub(super) fn finish(mut self, exit_code: u8) -> Vec<anyhow::Error> {
        if let Some(bar) = self.bar.take() {
            bar.bar.finish_and_clear();
        }
        if self.untold > 0 {
            let more = self.untold;
            let lines = if more == 1 { "line" } else { "lines" };
            self.say(&format!("… and {more} more {lines} about what is wrong"));
        }
        if let Some(unused) = unused(&self.unused) {
            self.say(&unused);
        }
        if let Some(told) = self.letters.as_ref().map(Letters::told) {
            self.say(&told);
        }
        let mut lines = self.lines.unwrap_or_default();
        self.show.sort(&mut lines);
        let (show, lines) = (&mut self.show, &lines);
        let written = self.outputs.into_iter().filter_map(|output| output.finish(lines, show, exit_code).err());
        self.letters.and_then(|letters| letters.failed).into_iter().chain(written).collect()
    }
}

/// The line that says what nothing was read from, if there is such a thing.
fn unused(all: &[String]) -> Option<String> {
    let (told, rest) = all.split_at(all.len().min(MAX_UNUSED));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    (!told.is_empty()).then(|| clean(&format!("Not used: {}{more}.", told.join(", "))).into_owned())
}

/// How far the work has got, shown once it has taken a second.
pub(super) struct Bar {
    bar: ProgressBar,
    began: Instant,
    products: u64,
}

impl Bar {
    pub(super) fn new() -> Self {
        let style = ProgressStyle::with_template("{spinner} {human_pos} products in {elapsed}");
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Self { bar, began: Instant::now(), products: 0 }
    }

    fn add(&mut self, products: u64) {
        self.products += products;
        if self.bar.is_hidden() && self.began.elapsed() >= Duration::from_secs(1) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
        self.bar.set_position(self.products);
    }
}
