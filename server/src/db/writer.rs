//! The writer: commands queue up, and what has queued while one commit ran is committed together, each in a savepoint of its own where
//! it has company. One fsync then serves many requests (decision 0004). PostgreSQL may have several writers, SQLite has one.

use crate::db::Sizes;
use crate::db::connect::{Conn, DatabaseUrl, begin_write, commit, open, rollback};
use crate::db::error::{DbError, Result};
use crate::feed::{Feed, Posted};
use diesel::Connection;
use schema::problem::{Kind, Problem};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

type Outcome<T> = std::result::Result<T, Problem>;

pub(super) struct Writer {
    queue: SyncSender<Box<dyn Command>>,
}

/// One queued request, or several that go together: runs, keeps its result, and answers once the group is committed.
pub(super) trait Command: Send {
    /// Whether there is nothing left for it to do.
    fn is_moot(&self) -> bool {
        false
    }
    /// Runs so that it leaves nothing behind where it fails ([`isolated`]); answers how many requests stand.
    fn run(&mut self, conn: &mut Conn, is_alone: bool) -> u32;
    /// Whether it failed only because another was in the way.
    fn wants_retry(&self) -> bool;
    /// The requests that it is made of, each for itself.
    fn split(self: Box<Self>) -> Vec<Box<dyn Command>>;
    /// Tells the waiting request. `failed` says that the commit did not happen.
    fn answer(self: Box<Self>, failed: Option<Problem>);
}

struct Request<T, F> {
    command: F,
    outcome: Option<Outcome<T>>,
    reply: oneshot::Sender<Outcome<T>>,
}

/// Why a savepoint is rolled back.
struct RolledBack(Problem);

impl From<diesel::result::Error> for RolledBack {
    fn from(error: diesel::result::Error) -> Self {
        // As where the database went away.
        Self(DbError::from(error).into())
    }
}

/// Runs `command` so that it leaves nothing behind where it fails, neither rows nor notices: in a savepoint, but where it is alone in its
/// transaction, which is rolled back then. On PostgreSQL a savepoint is two ways over the network, and on SQLite a copy of each page.
pub(super) fn isolated<T>(
    conn: &mut Conn,
    is_alone: bool,
    command: impl FnOnce(&mut Conn) -> Outcome<T>,
) -> Outcome<T> {
    let posted = Posted::mark();
    let outcome = match is_alone {
        true => command(conn),
        false => {
            let ran = conn.transaction(|conn| command(conn).map_err(RolledBack));
            ran.map_err(|RolledBack(problem)| problem)
        }
    };
    outcome.inspect_err(|_| posted.forget())
}

impl<T, F> Command for Request<T, F>
where
    T: Send + 'static,
    F: FnMut(&mut Conn) -> Outcome<T> + Send + 'static,
{
    fn run(&mut self, conn: &mut Conn, is_alone: bool) -> u32 {
        let outcome = isolated(conn, is_alone, &mut self.command);
        let stands = u32::from(outcome.is_ok());
        self.outcome = Some(outcome);
        stands
    }

    fn wants_retry(&self) -> bool {
        matches!(&self.outcome, Some(Err(problem)) if problem.kind == Kind::Busy)
    }

    fn split(self: Box<Self>) -> Vec<Box<dyn Command>> {
        vec![self]
    }

    fn answer(self: Box<Self>, failed: Option<Problem>) {
        let outcome = match (self.outcome, failed) {
            (Some(Ok(_)), Some(problem)) => Err(problem),
            (Some(outcome), _) => outcome,
            (None, problem) => Err(problem.unwrap_or_else(|| Problem::busy(1))),
        };
        // The request may have gone away meanwhile; the commit stands all the same.
        drop(self.reply.send(outcome));
    }
}

impl Writer {
    pub(super) fn start(url: &DatabaseUrl, sizes: Sizes, feed: &Feed) -> Result<Self> {
        let (queue, requests) = sync_channel(sizes.queue);
        let waiting = Arc::new(Queue::new(requests));
        let writers = if matches!(url, DatabaseUrl::Sqlite(_)) { 1 } else { sizes.writers.max(1) };
        for number in 0..writers {
            let requests = Arc::clone(&waiting);
            let mut writer = Loop { conn: open(url)?, url: url.clone(), group: sizes.group.max(1), feed: feed.clone() };
            std::thread::Builder::new()
                .name(format!("writer-{number}"))
                .spawn(move || writer.run(&requests))
                .map_err(|error| DbError::Pool(error.to_string()))?;
        }
        Ok(Self { queue })
    }

    pub(super) async fn submit<T, F>(&self, command: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Outcome<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Box::new(Request { command, outcome: None, reply }))?;
        answer.await.unwrap_or_else(|_| Err(Problem::internal("the writer went away")))
    }

    pub(super) fn enqueue(&self, command: Box<dyn Command>) -> Outcome<()> {
        self.queue.try_send(command).map_err(|_| Problem::busy(1))
    }
}

/// How long a writer leaves what is waiting to gather while another is in a group.
const PATIENCE: Duration = Duration::from_millis(25);

/// What all writers share: the queue, and how many of them are in a group just now.
struct Queue {
    requests: Mutex<Receiver<Box<dyn Command>>>,
    running: Mutex<usize>,
    ended: Condvar,
}

/// One writer's group. It ends when this is dropped.
struct Running<'a>(&'a Queue);

impl Queue {
    fn new(requests: Receiver<Box<dyn Command>>) -> Self {
        Self { requests: Mutex::new(requests), running: Mutex::new(0), ended: Condvar::new() }
    }

    /// Waits for a request, and takes what else has queued meanwhile. None: everybody who could send one is gone.
    ///
    /// A second writer would take each request as it comes, and a group of few asks the database as often as one of many. So the next
    /// group begins when the one before it has ended; the other writers are for when that takes long.
    fn next_group(&self, group: usize) -> Option<(Vec<Box<dyn Command>>, Running<'_>)> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waiting = vec![requests.recv().ok()?];
        if group > 1 {
            let wait = self.ended.wait_timeout_while(self.running(), PATIENCE, |running| *running > 0);
            drop(wait.unwrap_or_else(PoisonError::into_inner));
        }
        waiting.extend(requests.try_iter().take(group - 1));
        *self.running() += 1;
        Some((waiting, Running(self)))
    }

    fn running(&self) -> MutexGuard<'_, usize> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        *self.0.running() -= 1;
        self.0.ended.notify_all();
    }
}

/// What became of a group.
enum Committed {
    Yes,
    No(Problem),
    /// One of its commands did; the writer lives on.
    Panicked,
}

fn panicked() -> Problem {
    Problem::internal("a command panicked; nothing of it was written")
}

/// One writer's thread.
struct Loop {
    conn: Conn,
    url: DatabaseUrl,
    group: usize,
    feed: Feed,
}

impl Loop {
    /// Ends when the last sender is dropped and the queue is empty.
    fn run(&mut self, requests: &Queue) {
        while let Some((mut waiting, _running)) = requests.next_group(self.group) {
            // A lane's items may have gone with an earlier group.
            waiting.retain(|request| !request.is_moot());
            if waiting.is_empty() {
                continue;
            }
            let committed = self.commit_group(&mut waiting);
            for request in waiting {
                match &committed {
                    Committed::Yes if !request.wants_retry() => request.answer(None),
                    // Which of them panicked shows when each runs by itself.
                    Committed::Yes | Committed::Panicked => {
                        request.split().into_iter().for_each(|one| self.run_alone(one))
                    }
                    Committed::No(problem) => request.answer(Some(problem.clone())),
                }
            }
        }
    }

    fn run_alone(&mut self, request: Box<dyn Command>) {
        let mut alone = vec![request];
        let failed = match self.commit_group(&mut alone) {
            Committed::Yes => None,
            Committed::No(problem) => Some(problem),
            Committed::Panicked => Some(panicked()),
        };
        alone.into_iter().for_each(|request| request.answer(failed.clone()));
    }

    /// Runs and commits the group; then tells the feeds.
    fn commit_group(&mut self, waiting: &mut [Box<dyn Command>]) -> Committed {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.try_commit(waiting)));
        let posted = Posted::take();
        let committed = match outcome {
            Ok(Ok(())) => {
                posted.into_iter().for_each(|notice| self.feed.notify(notice));
                return Committed::Yes;
            }
            Ok(Err(error)) => Committed::No(Problem { cause: Some(error.to_string()), ..Problem::busy(1) }),
            Err(_) => Committed::Panicked,
        };
        // A transaction may be left open on it, or PostgreSQL was restarted: a new one is sure.
        match open(&self.url) {
            Ok(fresh) => self.conn = fresh,
            Err(error) => tracing::error!(%error, "the writer could not connect again"),
        }
        committed
    }

    fn try_commit(&mut self, waiting: &mut [Box<dyn Command>]) -> Result<()> {
        begin_write(&mut self.conn)?;
        let is_alone = waiting.len() == 1;
        let mut run = |request: &mut Box<dyn Command>| request.run(&mut self.conn, is_alone);
        let succeeded = waiting.iter_mut().fold(0, |count: u32, request| count.saturating_add(run(request)));
        metrics::histogram!("db_commit_group_requests").record(f64::from(succeeded));
        if succeeded == 0 {
            return rollback(&mut self.conn);
        }
        Posted::settle(&mut self.conn)?;
        commit(&mut self.conn).inspect_err(|_| drop(rollback(&mut self.conn)))
    }
}
