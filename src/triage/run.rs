//! Batches over threads, handed over in the order of the input.
//!
//! Each thread takes the next batch, works on it, and waits for its turn to hand over what came of it. So no more than
//! one batch for each thread is in memory, and the result is the same for any number of threads.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::desk::{Desk, Written};
use super::facts::missing_values;
use super::fields::{Source, Writer};
use super::input::Feeder;
use super::job::{Done, Job, Sink};
use super::load::{Batch, Load, Reading, Spent};
use super::lookup::Lookup;
use super::read::{Kept, Reader, lines};
use crate::diagram::Value;
use crate::intake::tally::Tally;
use crate::lint::Level;
use crate::problem::Code;

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
    /// The values of the product in hand.
    slots: Vec<Value>,
    desk: Desk<'a>,
    done: Done<'a>,
    tally: Tally,
}

impl<'a> Worker<'a> {
    fn new(job: &'a Job<'a>) -> Self {
        let rulebook = job.compiled.rulebook;
        Self {
            reader: Reader::new(rulebook, job.words),
            slots: missing_values(rulebook),
            desk: Desk {
                job,
                lookup: Lookup::new(job.compiled),
                writer: Writer::new(job.compiled, &job.options.fields, &job.mapping.keep),
                values: !job.options.records
                    && !job.options.whole
                    && job.judging.needs_values_only()
                    && job.compiled.is_exact(),
                levels: [Code::UnneededAnswer, Code::Contradiction]
                    .map(|code| job.judging.levels.get(code).unwrap_or(Level::Warn)),
                told: 0,
                only: job.options.only.as_deref(),
            },
            done: Done::default(),
            tally: Tally::new(rulebook),
        }
    }

    /// Works on one batch and gives its buffers back.
    fn work(&mut self, batch: Batch) -> Spent {
        let Self { reader, slots, desk, done, tally } = self;
        desk.told += done.faults.len();
        done.clear();
        done.progress.bytes = batch.bytes;
        let (inputs, judging) = (desk.job.inputs, desk.job.judging);
        let name = inputs[batch.input].name.as_str();
        match batch.load {
            Load::Lines { bytes, first } => {
                for (number, line) in lines(&bytes) {
                    let source = Source { name, line: Some(first + number) };
                    let who = reader.line(line, slots);
                    if !who.is_some_and(|who| desk.values(source, who, slots, done, tally)) {
                        desk.written(Written { source, json: true, bytes: line, digest: None }, slots, done, tally);
                    }
                }
                return Spent { bytes, ..Spent::default() };
            }
            Load::Elements { bytes, found } => {
                for (range, line) in found {
                    let source = Source { name, line: Some(line) };
                    let element = &bytes[range];
                    let who = reader.line(element, slots);
                    if !who.is_some_and(|who| desk.values(source, who, slots, done, tally)) {
                        desk.written(Written { source, json: true, bytes: element, digest: None }, slots, done, tally);
                    }
                }
            }
            Load::Table(table) => done.unused.extend(table.unused(name)),
            Load::Rows { table, records, count } => {
                let (name, header) = (table.name(name), &table.header);
                for record in &records[..count] {
                    let source = Source { name: &name, line: Some(record.line) };
                    let who = reader.row(record, header, slots);
                    if who.is_some_and(|who| desk.values(source, who, slots, done, tally)) {
                        continue;
                    }
                    let mut input = source.input();
                    let kept = Kept::Cells(record, &header.kept);
                    input.kept = (desk.job.mapping.keep.iter().enumerate())
                        .map(|(index, title)| (title.clone(), kept.get(index).into_owned()))
                        .collect();
                    let (answers, problems) = reader.row_whole(record, header);
                    desk.record(source, judging.row(input, answers, problems), done, tally);
                }
                return Spent { records, ..Spent::default() };
            }
            Load::Files(indexes) => inputs[indexes].iter().for_each(|input| desk.file(input, slots, done, tally)),
            Load::Trouble(trouble) => desk.trouble(Source { name, line: trouble.line }, trouble, done, tally),
        }
        Spent::default()
    }
}
