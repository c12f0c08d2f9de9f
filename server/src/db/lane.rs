//! Lanes: requests of one kind that wait at the same time are answered together, in as many statements as one of them would need
//! alone. Nobody is made to wait for company: a lane takes what has gathered while it was busy.
//!
//! [`ReadLane`] has a thread of its own; what waits in a [`WriteLane`] is one command of the writer's next group.

use crate::db::Many;
use crate::db::connect::{Conn, ReadPool, read_transaction};
use crate::db::writer::{Command, Writer, in_savepoint};
use schema::problem::{Kind, Problem};
use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

type Outcome<T> = Result<T, Problem>;

struct Waiting<I, O> {
    item: I,
    reply: oneshot::Sender<Outcome<O>>,
}

/// Answers each; the request may have gone away meanwhile.
fn reply<O>(replies: Vec<oneshot::Sender<Outcome<O>>>, outcomes: Many<O>) {
    match outcomes {
        Ok(outcomes) => replies.into_iter().zip(outcomes).for_each(|(reply, outcome)| drop(reply.send(outcome))),
        Err(problem) => replies.into_iter().for_each(|reply| drop(reply.send(Err(problem.clone())))),
    }
}

/// Reads that are answered from one view of the database.
pub struct ReadLane<I, O> {
    queue: SyncSender<Waiting<I, O>>,
}

impl<I: Send + 'static, O: Send + 'static> ReadLane<I, O> {
    /// `handle` runs in a read transaction on the lane's thread. It ends when the lane is dropped.
    pub(super) fn start(
        readers: ReadPool,
        (queue, most): (usize, usize),
        handle: impl Fn(&mut Conn, &[I]) -> Many<O> + Send + 'static,
    ) -> io::Result<Self> {
        let (queue, waiting) = sync_channel(queue);
        let run = move || {
            while let Some((items, replies)) = next_items(&waiting, most) {
                reply(replies, read(&readers, |conn| handle(conn, &items)));
            }
        };
        std::thread::Builder::new().name("reader".to_owned()).spawn(run)?;
        Ok(Self { queue })
    }

    pub async fn ask(&self, item: I) -> Outcome<O> {
        let (reply, answer) = oneshot::channel();
        self.queue.try_send(Waiting { item, reply }).map_err(|_| Problem::busy(1))?;
        answer.await.unwrap_or_else(|_| Err(Problem::internal("the reader went away")))
    }
}

fn read<O>(readers: &ReadPool, handle: impl FnOnce(&mut Conn) -> Many<O>) -> Many<O> {
    let read = || {
        let mut conn = readers.get().map_err(|_| Problem::busy(1))?;
        read_transaction(&mut conn, handle)
    };
    // The pool throws away a connection whose transaction was left open.
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Problem::internal("a reader panicked")))
}

type Items<I, O> = (Vec<I>, Vec<oneshot::Sender<Outcome<O>>>);

/// Waits for an item, and takes what else has gathered. None: everybody who could send one is gone.
fn next_items<I, O>(waiting: &Receiver<Waiting<I, O>>, most: usize) -> Option<Items<I, O>> {
    let first = waiting.recv().ok()?;
    let rest = waiting.try_iter().take(most.saturating_sub(1));
    Some(std::iter::once(first).chain(rest).map(|Waiting { item, reply }| (item, reply)).unzip())
}

/// Commands of one kind that are committed together.
pub struct WriteLane<I, O> {
    lane: Arc<Lane<I, O>>,
    writer: Arc<Writer>,
}

type Handler<I, O> = dyn Fn(&mut Conn, &[I]) -> Many<O> + Send + Sync;

struct Lane<I, O> {
    waiting: Mutex<VecDeque<Waiting<I, O>>>,
    most: usize,
    handle: Box<Handler<I, O>>,
}

impl<I, O> Lane<I, O> {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting<I, O>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I: Send + 'static, O: Send + 'static> WriteLane<I, O> {
    pub(super) fn new(
        writer: Arc<Writer>,
        most: usize,
        handle: impl Fn(&mut Conn, &[I]) -> Many<O> + Send + Sync + 'static,
    ) -> Self {
        let waiting = Mutex::new(VecDeque::new());
        Self { lane: Arc::new(Lane { waiting, most, handle: Box::new(handle) }), writer }
    }

    /// Answered only once the commit is durable. Where `handle` fails as a whole, each item is tried again by itself, as after a
    /// deadlock; so it must not consume what it is given.
    pub async fn ask(&self, item: I) -> Outcome<O> {
        let (reply, answer) = oneshot::channel();
        {
            // Each item has a ticket in the writer's queue, so that none is left behind. The first ticket takes all that waits.
            let mut waiting = self.lane.waiting();
            let lane = Arc::clone(&self.lane);
            self.writer.enqueue(Box::new(Ticket { lane, items: Vec::new(), replies: Vec::new(), outcomes: None }))?;
            waiting.push_back(Waiting { item, reply });
        }
        answer.await.unwrap_or_else(|_| Err(Problem::internal("the writer went away")))
    }
}

/// A lane's place in the writer's queue, and what was taken when it came to it.
struct Ticket<I, O> {
    lane: Arc<Lane<I, O>>,
    items: Vec<I>,
    replies: Vec<oneshot::Sender<Outcome<O>>>,
    outcomes: Option<Many<O>>,
}

impl<I: Send + 'static, O: Send + 'static> Command for Ticket<I, O> {
    fn is_moot(&self) -> bool {
        self.items.is_empty() && self.lane.waiting().is_empty()
    }

    fn run(&mut self, conn: &mut Conn) -> u32 {
        if self.items.is_empty() {
            let mut waiting = self.lane.waiting();
            let count = self.lane.most.min(waiting.len());
            (self.items, self.replies) = waiting.drain(..count).map(|Waiting { item, reply }| (item, reply)).unzip();
        }
        if self.items.is_empty() {
            return 0;
        }
        let outcomes = in_savepoint(conn, |conn| (self.lane.handle)(conn, &self.items));
        let stand = outcomes.as_ref().map_or(0, |outcomes| outcomes.iter().filter(|outcome| outcome.is_ok()).count());
        self.outcomes = Some(outcomes);
        u32::try_from(stand).unwrap_or(u32::MAX)
    }

    fn wants_retry(&self) -> bool {
        // Which of them was in the way shows when each runs by itself.
        matches!(&self.outcomes, Some(Err(problem)) if self.items.len() > 1 || problem.kind == Kind::Busy)
    }

    fn split(self: Box<Self>) -> Vec<Box<dyn Command>> {
        let Self { lane, items, replies, .. } = *self;
        let alone = |(item, reply)| -> Box<dyn Command> {
            Box::new(Self { lane: Arc::clone(&lane), items: vec![item], replies: vec![reply], outcomes: None })
        };
        items.into_iter().zip(replies).map(alone).collect()
    }

    fn answer(self: Box<Self>, failed: Option<Problem>) {
        let outcomes = match (self.outcomes, failed) {
            // What was refused stays refused; what succeeded was not committed.
            (Some(Ok(outcomes)), Some(problem)) => {
                Ok(outcomes.into_iter().map(|outcome| outcome.and(Err(problem.clone()))).collect())
            }
            (Some(outcomes), _) => outcomes,
            (None, problem) => Err(problem.unwrap_or_else(|| Problem::busy(1))),
        };
        reply(self.replies, outcomes);
    }
}
