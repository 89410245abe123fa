//! Batches over threads, handed over in the order of the input.
//!
//! Each thread takes the next batch, works on it, and waits for its turn to hand over the result. So no more than one
//! batch for each thread is in memory, and the result is the same for any number of threads.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::feeder::Feeder;
use super::job::{Job, Sink};
use super::worker::Worker;
use crate::intake::tally::Tally;

pub fn run<'a>(job: &'a Job<'a>, sink: &mut Sink<'_, 'a>) -> Tally {
    let queue = Queue { feeder: Mutex::new((Feeder::new(job), 0)), turn: Mutex::new((0, sink)), next: Condvar::new() };
    thread::scope(|threads| {
        let others: Vec<_> = (1..job.threads).map(|_| threads.spawn(|| queue.work(job))).collect();
        let mut total = queue.work(job);
        for thread in others {
            match thread.join() {
                Ok(tally) => total.add(&tally),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        total
    })
}

/// The turn of no batch: all threads stop.
const STOPPED: u64 = u64::MAX;

struct Queue<'a, 's, 'k> {
    /// Cuts batches, with the number of the next one.
    feeder: Mutex<(Feeder<'a>, u64)>,
    /// The number of the batch to be handed over next, and the sink that takes it.
    turn: Mutex<(u64, &'s mut Sink<'k, 'a>)>,
    next: Condvar,
}

impl<'a> Queue<'a, '_, '_> {
    fn work(&self, job: &'a Job<'a>) -> Tally {
        // A thread that panics must not leave the others waiting for its turn.
        let _alarm = Alarm(self);
        let mut worker = Worker::new(job);
        let mut spent = None;
        loop {
            let (batch, number) = {
                let mut feeder = lock(&self.feeder);
                if lock(&self.turn).0 == STOPPED {
                    return worker.tally;
                }
                let Some(batch) = feeder.0.next(spent) else { return worker.tally };
                feeder.1 += 1;
                (batch, feeder.1 - 1)
            };
            worker.work(&batch);
            spent = Some(batch.content);
            let is_early = |turn: &mut (u64, _)| turn.0 != number && turn.0 != STOPPED;
            let turn = self.next.wait_while(lock(&self.turn), is_early);
            let mut turn = turn.unwrap_or_else(PoisonError::into_inner);
            if turn.0 == STOPPED {
                return worker.tally;
            }
            let stop = (turn.1)(&mut worker.result).is_break();
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
