//! The gate's own threads. They have a large stack, because Automerge recurses, and a bounded queue before them, so that a flood of
//! pushes is turned away at once ([`Busy`]) instead of piling up in memory.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

/// Bytes of a thread's stack. Only addresses: pages that are never touched cost nothing.
const STACK_BYTES: usize = 64 << 20;

type Work = Box<dyn FnOnce() + Send>;

/// The queue is full: try again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the gate is busy")]
pub struct Busy;

/// Threads that run what must not harm the rest.
pub struct Pool {
    /// None once the pool is being dropped.
    queue: Option<SyncSender<Work>>,
    threads: Vec<JoinHandle<()>>,
}

impl Pool {
    /// `waiting_max` pieces of work wait at the most. An error where the system gives no thread.
    pub fn new(threads: usize, waiting_max: usize) -> std::io::Result<Self> {
        let (queue, work) = sync_channel(waiting_max);
        let work = Arc::new(Mutex::new(work));
        let start = |number: usize| {
            let work = Arc::clone(&work);
            Builder::new().name(format!("gate-{number}")).stack_size(STACK_BYTES).spawn(move || run(&work))
        };
        let threads = (0..threads.max(1)).map(start).collect::<Result<_, _>>()?;
        Ok(Self { queue: Some(queue), threads })
    }

    /// Runs `work` on a thread of the pool and hands its result to `done` there: a channel's or a oneshot's sending half. `done` is
    /// dropped uncalled where the work panics, which its receiving half notices.
    pub fn submit<T>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        done: impl FnOnce(T) + Send + 'static,
    ) -> Result<(), Busy> {
        let queue = self.queue.as_ref().ok_or(Busy)?;
        queue.try_send(Box::new(move || done(work()))).map_err(|_| Busy)
    }
}

fn run(work: &Mutex<Receiver<Work>>) {
    loop {
        // The lock is held while waiting, by one thread at a time; it is free again before the work begins.
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(work) = next else { return };
        // A panic was reported by its hook; the thread lives on.
        drop(catch_unwind(AssertUnwindSafe(work)));
    }
}

impl Drop for Pool {
    /// Finishes what waits, then ends the threads.
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            drop(thread.join());
        }
    }
}
