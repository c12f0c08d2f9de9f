//! Lanes: requests of one kind that wait at the same time are answered together, in as many statements as one of them would need
//! alone. Nobody is made to wait for company: a lane takes what has gathered while it was busy.
//!
//! [`ReadLane`] has a thread of its own; what waits in a [`WriteLane`] is one command of the writer's next group.

use crate::db::Many;
use crate::db::connect::{Conn, ReadPool, read_transaction};
use crate::db::writer::{Command, Writer, isolated};
use schema::problem::{Kind, Problem};
use std::collections::BTreeMap;
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
    room: Mutex<Room<I, O>>,
    most: usize,
    handle: Box<Handler<I, O>>,
}

/// Who waits in a lane, by the number of their ticket.
struct Room<I, O> {
    waiting: BTreeMap<u64, Waiting<I, O>>,
    next: u64,
}

impl<I, O> Lane<I, O> {
    fn room(&self) -> MutexGuard<'_, Room<I, O>> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I: Send + 'static, O: Send + 'static> WriteLane<I, O> {
    pub(super) fn new(
        writer: Arc<Writer>,
        most: usize,
        handle: impl Fn(&mut Conn, &[I]) -> Many<O> + Send + Sync + 'static,
    ) -> Self {
        let room = Mutex::new(Room { waiting: BTreeMap::new(), next: 0 });
        Self { lane: Arc::new(Lane { room, most, handle: Box::new(handle) }), writer }
    }

    /// Answered only once the commit is durable. Where `handle` fails as a whole, each item is tried again by itself, as after a
    /// deadlock; so it must not consume what it is given.
    pub async fn ask(&self, item: I) -> Outcome<O> {
        let (reply, answer) = oneshot::channel();
        {
            // Each item has a ticket in the writer's queue, so that none is left behind. The first ticket takes all that waits.
            let mut room = self.lane.room();
            let (lane, number) = (Arc::clone(&self.lane), room.next);
            self.writer.enqueue(Box::new(Ticket {
                lane,
                number,
                items: Vec::new(),
                replies: Vec::new(),
                outcomes: None,
            }))?;
            room.waiting.insert(number, Waiting { item, reply });
            room.next += 1;
        }
        answer.await.unwrap_or_else(|_| Err(Problem::internal("the writer went away")))
    }
}

/// An item's place in the writer's queue, and what was taken when it came to it: the item and all that waits beside it. Nothing, where it
/// went with another's. So a lane runs once in a group, and what comes while it does is of the next.
struct Ticket<I, O> {
    lane: Arc<Lane<I, O>>,
    number: u64,
    items: Vec<I>,
    replies: Vec<oneshot::Sender<Outcome<O>>>,
    outcomes: Option<Many<O>>,
}

impl<I, O> Ticket<I, O> {
    /// Its own item, and others up to so many in all, the oldest first; nothing where its own is gone.
    fn take(&mut self, most: usize) {
        let mut room = self.lane.room();
        let Some(own) = room.waiting.remove(&self.number) else { return };
        let others = std::iter::from_fn(|| room.waiting.pop_first()).map(|(_, other)| other);
        let taken = std::iter::once(own).chain(others.take(most.saturating_sub(1)));
        (self.items, self.replies) = taken.map(|Waiting { item, reply }| (item, reply)).unzip();
    }
}

impl<I: Send + 'static, O: Send + 'static> Command for Ticket<I, O> {
    fn is_moot(&self) -> bool {
        self.items.is_empty() && !self.lane.room().waiting.contains_key(&self.number)
    }

    fn run(&mut self, conn: &mut Conn, is_alone: bool) -> u32 {
        if self.items.is_empty() {
            self.take(self.lane.most);
        }
        if self.items.is_empty() {
            return 0;
        }
        let outcomes = isolated(conn, is_alone, |conn| (self.lane.handle)(conn, &self.items));
        let stand = outcomes.as_ref().map_or(0, |outcomes| outcomes.iter().filter(|outcome| outcome.is_ok()).count());
        self.outcomes = Some(outcomes);
        u32::try_from(stand).unwrap_or(u32::MAX)
    }

    fn wants_retry(&self) -> bool {
        // Which of them was in the way shows when each runs by itself.
        matches!(&self.outcomes, Some(Err(problem)) if self.items.len() > 1 || problem.kind == Kind::Busy)
    }

    fn split(mut self: Box<Self>) -> Vec<Box<dyn Command>> {
        if self.items.is_empty() {
            self.take(1);
        }
        let Self { lane, number, items, replies, .. } = *self;
        let alone = |(item, reply)| -> Box<dyn Command> {
            let (lane, items, replies) = (Arc::clone(&lane), vec![item], vec![reply]);
            Box::new(Self { lane, number, items, replies, outcomes: None })
        };
        items.into_iter().zip(replies).map(alone).collect()
    }

    fn answer(mut self: Box<Self>, failed: Option<Problem>) {
        // Where the group came to nothing before its turn, it answers for its own.
        if self.items.is_empty() && failed.is_some() {
            self.take(1);
        }
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
