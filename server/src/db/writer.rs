//! The writer: commands queue up, and what has queued while one commit ran is committed together, each in a savepoint of its own. One
//! fsync then serves many requests (decision 0003). PostgreSQL may have several writers, SQLite has one.

use crate::db::Sizes;
use crate::db::connect::{Conn, DatabaseUrl, begin_write, commit, open, rollback};
use crate::db::error::{DbError, Result};
use crate::feed::{Feed, Posted};
use diesel::Connection;
use schema::problem::{Kind, Problem};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

type Outcome<T> = std::result::Result<T, Problem>;

pub(super) struct Writer {
    queue: SyncSender<Box<dyn Command>>,
}

/// One queued request: runs, keeps its result, and answers once the group is committed.
trait Command: Send {
    /// Runs in its own savepoint. False: it wants to be rolled back.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Whether it failed only because another writer was in the way.
    fn wants_retry(&self) -> bool;
    /// Tells the waiting request. `failed` says that the commit did not happen.
    fn answer(self: Box<Self>, failed: Option<Problem>);
}

struct Request<T, F> {
    command: F,
    outcome: Option<Outcome<T>>,
    reply: oneshot::Sender<Outcome<T>>,
}

/// Rolls a savepoint back; the reason is kept in the request.
struct RolledBack;

impl From<diesel::result::Error> for RolledBack {
    fn from(_: diesel::result::Error) -> Self {
        Self
    }
}

impl<T, F> Command for Request<T, F>
where
    T: Send + 'static,
    F: FnMut(&mut Conn) -> Outcome<T> + Send + 'static,
{
    fn run(&mut self, conn: &mut Conn) -> bool {
        let posted = Posted::mark();
        let ran = conn.transaction(|conn| {
            let outcome = (self.command)(conn);
            let succeeded = outcome.is_ok();
            self.outcome = Some(outcome);
            if succeeded { Ok(()) } else { Err(RolledBack) }
        });
        if ran.is_err() && matches!(self.outcome, Some(Ok(_)) | None) {
            self.outcome = Some(Err(Problem::internal("the savepoint could not be released")));
        }
        if ran.is_err() {
            posted.forget();
        }
        ran.is_ok()
    }

    fn wants_retry(&self) -> bool {
        matches!(&self.outcome, Some(Err(problem)) if problem.kind == Kind::Busy)
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
        let requests = Arc::new(Mutex::new(requests));
        let writers = if matches!(url, DatabaseUrl::Sqlite(_)) { 1 } else { sizes.writers.max(1) };
        for number in 0..writers {
            let requests = Arc::clone(&requests);
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
        let request = Request { command, outcome: None, reply };
        self.queue.try_send(Box::new(request)).map_err(|_| Problem::busy(1))?;
        answer.await.unwrap_or_else(|_| Err(Problem::internal("the writer went away")))
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
    fn run(&mut self, requests: &Mutex<Receiver<Box<dyn Command>>>) {
        while let Some(mut waiting) = next_group(requests, self.group) {
            let committed = self.commit_group(&mut waiting);
            let is_alone = waiting.len() == 1;
            for request in waiting {
                match &committed {
                    Committed::Yes if !request.wants_retry() => request.answer(None),
                    // Which of them panicked shows when each runs by itself.
                    Committed::Panicked if is_alone => request.answer(Some(panicked())),
                    Committed::Yes | Committed::Panicked => self.run_alone(request),
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
        let succeeded = waiting.iter_mut().fold(0, |count, request| count + u32::from(request.run(&mut self.conn)));
        metrics::histogram!("db_commit_group_requests").record(f64::from(succeeded));
        if succeeded == 0 {
            return rollback(&mut self.conn);
        }
        commit(&mut self.conn).inspect_err(|_| drop(rollback(&mut self.conn)))
    }
}

/// Waits for a request, and takes what else has queued meanwhile. None: everybody who could send one is gone.
fn next_group(requests: &Mutex<Receiver<Box<dyn Command>>>, group: usize) -> Option<Vec<Box<dyn Command>>> {
    let requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
    let mut waiting = vec![requests.recv().ok()?];
    waiting.extend(requests.try_iter().take(group - 1));
    Some(waiting)
}
