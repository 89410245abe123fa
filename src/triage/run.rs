//! Batches over threads, handed over in the order of the input.
//!
//! Each thread takes the next batch, works on it, and waits for its turn to hand over what came of it. So no more than
//! one batch for each thread is in memory, and the result is the same for any number of threads.

use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::facts::{Compiled, Facts, Slots, missing_letters};
use super::fields::{self, Field, JsonLines, Source};
use super::input::{Batch, Feeder, Input, Load, Open, Reading, Shape, Spent, Trouble, array, foreign};
use super::lookup::Lookup;
use super::markdown;
use super::read::{Kept, Name, Reader, Who, lines};
use super::summary::Tally;
use crate::diagram::Letter;
use crate::digest::sha256;
use crate::gate;
use crate::intake::kind::{Kind, kind};
use crate::intake::table::text::Encoding;
use crate::intake::table::{Mapping, Words};
use crate::intake::{Checked, Judging, Verdict, json};
use crate::problem::{Code, Problem, Severity};
use crate::rulebook::Outcome;
use crate::style::clean;
use crate::yaml::{MAX_BYTES, bounded};

/// What is made of each product on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line of JSON.
    Jsonl,
    /// An element of a JSON array, with what separates it from the one before in front.
    Json,
    /// A row of CSV.
    Csv,
    /// A row of a table in Markdown.
    Markdown,
    /// Nothing yet: the products are kept.
    Keep,
}

/// How to go about it.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many threads work.
    pub threads: usize,
    /// What is made of each product.
    pub form: Form,
    /// What is told of each product.
    pub fields: Vec<Field>,
    /// The outcomes that are shown, `None` for all. What cannot be read is shown if all are.
    pub only: Option<Vec<Outcome>>,
    /// Whether the end of each line is noted, so that the output can be cut after some.
    pub ends: bool,
    /// Whether records are handed over, for what tells more of them than a line.
    pub records: bool,
    /// The finding that has to hold of what is shown, if one is chosen.
    pub finding: Option<usize>,
    /// Whether something is told that only a record that is judged whole tells.
    pub whole: bool,
}

/// What to work on.
pub struct Job<'a> {
    /// The rules.
    pub compiled: &'a Compiled<'a>,
    /// What every record is judged by.
    pub judging: &'a Judging<'a>,
    /// The files.
    pub inputs: &'a [Input],
    /// How they are opened.
    pub open: &'a Open<'a>,
    /// What is said of tables.
    pub mapping: &'a Mapping,
    /// What cells stand for.
    pub words: &'a Words,
    /// How to go about it.
    pub options: &'a Options,
}

/// One product, or what could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file, and the line in it.
    pub source: String,
    /// The name of the product, if it is known.
    pub product: Option<String>,
    /// Who makes it.
    pub organisation: Option<String>,
    /// The cells that are carried along.
    pub kept: Vec<String>,
    /// What is told of it, or why it could not be read.
    pub result: Result<Facts, String>,
}

impl Line {
    fn who(&self) -> Who<'_> {
        let organisation = self.organisation.as_deref().map(Name::Plain);
        Who { product: self.product.as_deref().map(Name::Plain), organisation, kept: Kept::Texts(&self.kept) }
    }

    /// What it is called where there is room for one text: the product, who makes it, and what is carried along.
    #[must_use]
    pub fn title(&self) -> String {
        let mut title = self.product.clone().unwrap_or_default();
        if let Some(organisation) = self.organisation.as_deref().filter(|text| !text.is_empty()) {
            title = format!("{title} ({organisation})");
        }
        self.kept.iter().filter(|text| !text.is_empty()).fold(title, |title, kept| format!("{title}; {kept}"))
    }

    /// What it is called that could not be read, and why not: its place stands with one or the other.
    pub(super) fn name_and_why(&self, error: &str) -> (String, String) {
        match self.title() {
            title if title.is_empty() => (self.source.clone(), error.to_owned()),
            title => (title, format!("{}: {error}", self.source)),
        }
    }

    /// The line in JSON, without a line break.
    #[must_use]
    pub fn json(&self, writer: &Writer) -> Vec<u8> {
        let mut out = Vec::new();
        let source = Source { name: &self.source, line: None };
        match &self.result {
            Ok(facts) => writer.json.record(&mut out, source, self.who(), facts),
            Err(error) => writer.json.error(&mut out, source, self.who(), error),
        }
        out
    }

    /// The line as a row of CSV, with a group in front if it is in one.
    #[must_use]
    pub fn csv(&self, writer: &Writer, compiled: &Compiled<'_>, group: Option<&str>) -> Vec<u8> {
        let mut out = Vec::new();
        let source = Source { name: &self.source, line: None };
        let result = self.result.as_ref().map_err(String::as_str);
        fields::csv_record(&mut out, writer.columns(), group, source, self.who(), result, compiled.rulebook);
        out
    }
}

/// Writes lines in one form after another.
#[derive(Debug)]
pub struct Writer {
    json: JsonLines,
    fields: Vec<Field>,
    kept: usize,
}

impl Writer {
    /// A writer of these fields, and of columns that are carried along.
    #[must_use]
    pub fn new(compiled: &Compiled<'_>, fields: &[Field], kept: &[String]) -> Self {
        Self { json: JsonLines::new(compiled.rulebook, fields, kept), fields: fields.to_vec(), kept: kept.len() }
    }

    fn columns(&self) -> (&[Field], usize) {
        (&self.fields, self.kept)
    }
}

/// What stands in front of the lines.
#[must_use]
pub fn head(form: Form, fields: &[Field], kept: &[String], grouped: bool) -> Vec<u8> {
    let mut out = Vec::new();
    match form {
        Form::Csv => fields::csv_header(&mut out, fields, kept, grouped),
        Form::Markdown => out.extend_from_slice(markdown::HEAD.as_bytes()),
        Form::Json => out.push(b'['),
        Form::Jsonl | Form::Keep => {}
    }
    out
}

/// A record that was judged whole.
#[derive(Debug)]
pub struct Record<'r> {
    /// What became of it.
    pub checked: Checked<'r>,
    /// Whether it is among those that are shown.
    pub shown: bool,
}

/// What came of one batch.
#[derive(Debug, Default)]
pub struct Done<'r> {
    /// The lines, in the form asked for.
    pub bytes: Vec<u8>,
    /// Where each line ends, if that was asked for.
    pub ends: Vec<usize>,
    /// The products, if they are kept.
    pub lines: Vec<Line>,
    /// What is wrong, one text for each record, with a line for each fault.
    pub faults: Vec<String>,
    /// What nothing was read from.
    pub unused: Vec<String>,
    /// The records, if they are handed over.
    pub records: Vec<Record<'r>>,
    /// How many products there were, and how many bytes were read for them.
    pub progress: Progress,
}

impl Done<'_> {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.lines.clear();
        self.faults.clear();
        self.unused.clear();
        self.records.clear();
        self.progress = Progress::default();
    }
}

/// How far the work has got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Products.
    pub products: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Takes what came of each batch, in the order of the input, and says whether to go on.
pub type Sink<'a, 'r> = dyn FnMut(&mut Done<'r>) -> ControlFlow<()> + Send + 'a;

/// Works through all inputs and counts what came of them.
pub fn run<'a>(job: &'a Job<'a>, sink: &mut Sink<'_, 'a>) -> Tally {
    let reading = Reading { mapping: job.mapping, words: job.words, rulebook: job.compiled.rulebook };
    let feeder = Feeder::new(job.inputs, job.open, reading);
    let mut total = Tally::new(job.compiled.rulebook);
    if job.options.threads <= 1 {
        let mut feeder = feeder;
        let mut worker = Worker::new(job);
        let mut spent = Spent::default();
        while let Some(batch) = feeder.next(spent) {
            spent = worker.work(batch);
            if sink(&mut worker.done).is_break() {
                break;
            }
        }
        return worker.tally;
    }
    let line = Queue { feeder: Mutex::new((feeder, 0)), turn: Mutex::new((0, sink)), next: Condvar::new() };
    thread::scope(|threads| {
        let working: Vec<_> = (0..job.options.threads).map(|_| threads.spawn(|| line.worker(job))).collect();
        for thread in working {
            match thread.join() {
                Ok(tally) => total.add(&tally),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    total
}

/// The turn that no batch has: everybody stops.
const STOPPED: u64 = u64::MAX;

struct Queue<'a, 's, 'k> {
    feeder: Mutex<(Feeder<'a>, u64)>,
    turn: Mutex<(u64, &'s mut Sink<'k, 'a>)>,
    next: Condvar,
}

impl<'a> Queue<'a, '_, '_> {
    fn worker(&self, job: &'a Job<'a>) -> Tally {
        // A thread that panics must not leave the others waiting for its turn.
        let _alarm = Alarm(self);
        let mut worker = Worker::new(job);
        let mut spent = Spent::default();
        loop {
            let (batch, number) = {
                let mut feeder = lock(&self.feeder);
                if lock(&self.turn).0 == STOPPED {
                    return worker.tally;
                }
                let Some(batch) = feeder.0.next(spent) else { return worker.tally };
                let number = feeder.1;
                feeder.1 += 1;
                (batch, number)
            };
            spent = worker.work(batch);
            let mut turn = lock(&self.turn);
            while turn.0 != number {
                if turn.0 == STOPPED {
                    return worker.tally;
                }
                turn = self.next.wait(turn).unwrap_or_else(PoisonError::into_inner);
            }
            let stop = (turn.1)(&mut worker.done).is_break();
            turn.0 = if stop { STOPPED } else { number + 1 };
            drop(turn);
            self.next.notify_all();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Alarm<'q, 'a, 's, 'k>(&'q Queue<'a, 's, 'k>);

impl Drop for Alarm<'_, '_, '_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.turn).0 = STOPPED;
            self.0.next.notify_all();
        }
    }
}

/// What one thread needs, used again for every batch.
struct Worker<'a> {
    reader: Reader<'a>,
    /// The letters of the product in hand.
    slots: Vec<Letter>,
    desk: Desk<'a>,
    done: Done<'a>,
    tally: Tally,
}

/// What turns products into lines.
struct Desk<'a> {
    job: &'a Job<'a>,
    lookup: Lookup<'a, 'a>,
    writer: Writer,
    /// Whether letters alone are enough to judge a record by.
    letters: bool,
    /// The outcomes that are shown, `None` for all.
    only: Option<&'a [Outcome]>,
}

impl<'a> Worker<'a> {
    fn new(job: &'a Job<'a>) -> Self {
        let rulebook = job.compiled.rulebook;
        Self {
            reader: Reader::new(rulebook, job.words),
            slots: missing_letters(rulebook),
            desk: Desk {
                job,
                lookup: Lookup::new(job.compiled),
                writer: Writer::new(job.compiled, &job.options.fields, &job.mapping.keep),
                letters: !job.options.records
                    && !job.options.whole
                    && job.judging.needs_letters_only()
                    && job.compiled.is_exact(),
                only: job.options.only.as_deref(),
            },
            done: Done::default(),
            tally: Tally::new(rulebook),
        }
    }

    /// Works on one batch and gives its buffers back.
    fn work(&mut self, batch: Batch) -> Spent {
        let Self { reader, slots, desk, done, tally } = self;
        done.clear();
        done.progress.bytes = batch.bytes;
        let (inputs, judging) = (desk.job.inputs, desk.job.judging);
        let name = inputs[batch.input].name.as_str();
        match batch.load {
            Load::Lines { bytes, first } => {
                for (number, line) in lines(&bytes) {
                    let source = Source { name, line: Some(first + number) };
                    match reader.line(line, slots).filter(|_| desk.is_enough(slots)) {
                        Some(who) => desk.letters(source, who, slots, done, tally),
                        None => desk.record(source, document(judging, source, true, line), done, tally),
                    }
                }
                return Spent { bytes, ..Spent::default() };
            }
            Load::Elements { bytes, found } => {
                for (range, line) in found {
                    let source = Source { name, line: Some(line) };
                    let element = &bytes[range];
                    match reader.line(element, slots).filter(|_| desk.is_enough(slots)) {
                        Some(who) => desk.letters(source, who, slots, done, tally),
                        None => desk.record(source, document(judging, source, true, element), done, tally),
                    }
                }
            }
            Load::Table(table) => done.unused.extend(table.unused(name)),
            Load::Rows { table, records, count } => {
                let (name, header) = (table.name(name), &table.header);
                for record in &records[..count] {
                    let source = Source { name: &name, line: Some(record.line) };
                    match reader.row(record, header, slots).filter(|_| desk.is_enough(slots)) {
                        Some(who) => desk.letters(source, who, slots, done, tally),
                        None => {
                            let mut input = source.input();
                            let kept = Kept::Cells(record, &header.kept);
                            input.kept = (desk.job.mapping.keep.iter().enumerate())
                                .map(|(index, title)| (title.clone(), kept.get(index).into_owned()))
                                .collect();
                            let (answers, problems) = reader.row_whole(record, header);
                            desk.record(source, judging.row(input, answers, problems), done, tally);
                        }
                    }
                }
                return Spent { records, ..Spent::default() };
            }
            Load::Files(indexes) => inputs[indexes].iter().for_each(|input| desk.file(input, done, tally)),
            Load::Trouble(trouble) => desk.trouble(Source { name, line: trouble.line }, trouble, done, tally),
        }
        Spent::default()
    }
}

/// Reads one answers file, or one line as if it were a file, and judges it.
#[cold]
fn document<'r>(judging: &Judging<'r>, source: Source<'_>, json: bool, bytes: &[u8]) -> Checked<'r> {
    let first_line = source.line.and_then(|line| usize::try_from(line).ok()).unwrap_or(1);
    let mut input = source.input();
    input.json = json;
    // Problems name the file; the record is named where they have no place.
    let name = std::mem::replace(&mut input.name, source.name.to_owned());
    let mut checked = judging.document(input, first_line, bytes);
    checked.input.name = name;
    let what = if source.line.is_some() { "a line longer" } else { "larger" };
    for problem in checked.problems.iter_mut().filter(|problem| problem.code == Code::TooLarge) {
        problem.message = format!("{what} than {} MiB", MAX_BYTES >> 20);
    }
    checked
}

impl<'a> Desk<'a> {
    /// Whether these letters say all that there is to say of a record.
    #[inline]
    fn is_enough(&mut self, slots: &Slots) -> bool {
        self.letters && self.lookup.is_quiet(slots)
    }

    /// A product of which letters are all that is needed.
    #[inline]
    fn letters(&mut self, source: Source<'_>, who: Who<'_>, slots: &Slots, done: &mut Done<'a>, tally: &mut Tally) {
        let facts = self.lookup.facts(slots);
        let fail_on = self.job.judging.fail_on.as_deref();
        done.progress.products += 1;
        tally.count(&facts, gate::exit_code(facts.outcome(), facts.fit, fail_on));
        if self.is_shown(&facts) {
            self.line(source, who, &facts, done);
        }
    }

    /// A file that is read whole.
    #[cold]
    fn file(&mut self, input: &Input, done: &mut Done<'a>, tally: &mut Tally) {
        let source = Source { name: &input.name, line: None };
        let read = (self.job.open)(&input.path).and_then(|from| bounded(from).map_err(|error| error.to_string()));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => return self.trouble(source, Trouble::world(error), done, tally),
        };
        done.progress.bytes += bytes.len() as u64;
        let trouble = match kind(&bytes) {
            Kind::Foreign(what, hint) => Some(foreign(what, hint)),
            Kind::Archive => {
                Some(foreign("an archive or a workbook", "give its name the ending of what it is, such as .xlsx"))
            }
            Kind::Text(Encoding::Utf16Le | Encoding::Utf16Be) => Some(foreign("UTF-16", "save it again as UTF-8")),
            Kind::Text(_) => None,
        };
        if let Some(trouble) = trouble {
            return self.trouble(source, trouble, done, tally);
        }
        let digest = self.job.options.records.then(|| sha256([bytes.as_slice()]));
        if input.shape == Shape::Document || !json::is_array(&bytes) {
            let mut checked = document(self.job.judging, source, input.shape == Shape::Json, &bytes);
            checked.input.digest = digest;
            return self.record(source, checked, done, tally);
        }
        match array(&input.name, &bytes) {
            Ok(elements) => {
                for (range, line) in elements {
                    let source = Source { line: Some(line), ..source };
                    let mut checked = document(self.job.judging, source, true, &bytes[range]);
                    checked.input.digest.clone_from(&digest);
                    self.record(source, checked, done, tally);
                }
            }
            Err(trouble) => self.trouble(source, trouble, done, tally),
        }
    }

    /// A record that was judged whole.
    #[cold]
    fn record(&mut self, source: Source<'_>, checked: Checked<'a>, done: &mut Done<'a>, tally: &mut Tally) {
        done.progress.products += 1;
        let faults: Vec<String> = checked.problems.iter().map(|problem| told(source, problem)).collect();
        if !faults.is_empty() {
            done.faults.push(faults.join("\n"));
        }
        let kept: Vec<String> = checked.input.kept.iter().map(|(_, cell)| cell.clone()).collect();
        let product = checked.product();
        let organisation = checked.organisation();
        let who = Who {
            product: product.map(Name::Plain),
            organisation: organisation.map(Name::Plain),
            kept: Kept::Texts(&kept),
        };
        let everything = self.only.is_none() && self.job.options.finding.is_none();
        let shown = match &checked.verdict {
            Verdict::Assessed(report) => {
                let facts = Facts::of(&report.assessment, report.rulebook);
                tally.count(&facts, checked.exit_code);
                let shown = self.is_shown(&facts);
                if shown {
                    self.line(source, who, &facts, done);
                }
                shown
            }
            Verdict::Invalid => {
                tally.invalid += 1;
                let errors = checked.problems.iter().filter(|problem| problem.severity() == Severity::Error);
                let errors: Vec<String> =
                    errors.map(|problem| format!("{}: {}", problem.code, problem.in_a_line())).collect();
                self.error(source, who, errors.join("; "), done);
                everything
            }
            Verdict::Unreadable(reason) => {
                tally.unreadable += 1;
                done.faults.push(clean(&format!("error: {reason}")).into_owned());
                self.error(source, who, reason.clone(), done);
                everything
            }
        };
        if self.job.options.records {
            done.records.push(Record { checked, shown });
        }
    }

    #[inline]
    fn is_shown(&self, facts: &Facts) -> bool {
        self.only.is_none_or(|only| only.contains(&facts.outcome()))
            && self.job.options.finding.is_none_or(|finding| facts.findings & 1 << finding != 0)
    }

    /// The line of a product.
    fn line(&mut self, source: Source<'_>, who: Who<'_>, facts: &Facts, done: &mut Done<'a>) {
        match self.job.options.form {
            Form::Jsonl => {
                self.writer.json.record(&mut done.bytes, source, who, facts);
                done.bytes.push(b'\n');
            }
            Form::Json => {
                done.bytes.extend_from_slice(BETWEEN);
                self.writer.json.record(&mut done.bytes, source, who, facts);
            }
            Form::Csv => self.csv(source, who, Ok(facts), done),
            Form::Markdown | Form::Keep => self.keep(source, who, Ok(*facts), done),
        }
        self.ended(done);
    }

    /// What keeps a file, or a part of it, from being read.
    #[cold]
    fn trouble(&mut self, source: Source<'_>, trouble: Trouble, done: &mut Done<'a>, tally: &mut Tally) {
        let input = source.input();
        let checked = match trouble.why {
            Err(reason) => Checked::unreadable(input, reason),
            Ok(problems) => Checked::invalid(input, problems),
        };
        self.record(source, checked, done, tally);
        // It is no product.
        done.progress.products -= 1;
    }

    /// A line for what could not be read.
    #[cold]
    fn error(&self, source: Source<'_>, who: Who<'_>, error: String, done: &mut Done<'a>) {
        if self.only.is_some() || self.job.options.finding.is_some() {
            return;
        }
        match self.job.options.form {
            Form::Jsonl => {
                self.writer.json.error(&mut done.bytes, source, who, &error);
                done.bytes.push(b'\n');
            }
            Form::Json => {
                done.bytes.extend_from_slice(BETWEEN);
                self.writer.json.error(&mut done.bytes, source, who, &error);
            }
            Form::Csv => self.csv(source, who, Err(&error), done),
            Form::Markdown | Form::Keep => self.keep(source, who, Err(error), done),
        }
        self.ended(done);
    }

    fn csv(&self, source: Source<'_>, who: Who<'_>, result: Result<&Facts, &str>, done: &mut Done<'a>) {
        let rulebook = self.job.compiled.rulebook;
        fields::csv_record(&mut done.bytes, self.writer.columns(), None, source, who, result, rulebook);
    }

    fn keep(&self, source: Source<'_>, who: Who<'_>, result: Result<Facts, String>, done: &mut Done<'a>) {
        let text = |name: Option<Name<'_>>| name.map(|name| name.text().into_owned());
        let line = Line {
            source: source.text(),
            product: text(who.product),
            organisation: text(who.organisation),
            kept: (0..self.writer.kept).map(|index| who.kept.get(index).into_owned()).collect(),
            result,
        };
        if self.job.options.form == Form::Keep {
            done.lines.push(line);
        } else {
            done.bytes.extend_from_slice(markdown::row(&line, self.job.compiled.rulebook).as_bytes());
        }
    }

    #[inline]
    fn ended(&self, done: &mut Done<'a>) {
        if self.job.options.ends {
            done.ends.push(done.bytes.len());
        }
    }
}

/// What stands between two elements of a JSON array, and must not stand before the first.
pub const BETWEEN: &[u8] = b",\n";

/// One line about what is wrong with a record, as a compiler would put it.
#[cold]
fn told(source: Source<'_>, problem: &Problem) -> String {
    let place = if problem.place.is_none() { source.text() + ": " } else { String::new() };
    clean(&format!("{place}{problem}")).into_owned()
}
