//! The writer: commands queue up, and what has queued while one commit ran is committed together, each in a savepoint of its own. One
//! fsync then serves many requests (decision 0003). PostgreSQL may have several writers, SQLite has one.

use crate::db::Sizes;
use crate::db::connect::{Conn, DatabaseUrl, begin_write, commit, open, rollback};
use crate::db::error::{DbError, Result};
use diesel::Connection;
use schema::problem::{Kind, Problem};
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
        let ran = conn.transaction(|conn| {
            let outcome = (self.command)(conn);
            let succeeded = outcome.is_ok();
            self.outcome = Some(outcome);
            if succeeded { Ok(()) } else { Err(RolledBack) }
        });
        if ran.is_err() && matches!(self.outcome, Some(Ok(_)) | None) {
            self.outcome = Some(Err(Problem::internal("the savepoint could not be released")));
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
    pub(super) fn start(url: &DatabaseUrl, sizes: Sizes) -> Result<Self> {
        let (queue, requests) = sync_channel(sizes.queue);
        let requests = Arc::new(Mutex::new(requests));
        let writers = if matches!(url, DatabaseUrl::Sqlite(_)) { 1 } else { sizes.writers.max(1) };
        for number in 0..writers {
            let (url, requests, group) = (url.clone(), Arc::clone(&requests), sizes.group.max(1));
            let conn = open(&url)?;
            std::thread::Builder::new()
                .name(format!("writer-{number}"))
                .spawn(move || run(&url, conn, &requests, group))
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

/// Ends when the last sender is dropped and the queue is empty.
fn run(url: &DatabaseUrl, mut conn: Conn, requests: &Mutex<Receiver<Box<dyn Command>>>, group: usize) {
    while let Some(mut waiting) = next_group(requests, group) {
        let done = commit_group(&mut conn, &mut waiting);
        let mut again = Vec::new();
        for request in waiting {
            match &done {
                Ok(()) if request.wants_retry() => again.push(request),
                Ok(()) => request.answer(None),
                Err(error) => request.answer(Some(Problem { cause: Some(error.to_string()), ..Problem::busy(1) })),
            }
        }
        for request in again {
            let mut alone = vec![request];
            let done = commit_group(&mut conn, &mut alone);
            let failed = done.err().map(|error| Problem { cause: Some(error.to_string()), ..Problem::busy(1) });
            alone.into_iter().for_each(|request| request.answer(failed.clone()));
        }
        reconnect_if_broken(url, &mut conn);
    }
}

/// Waits for a request, and takes what else has queued meanwhile. None: everybody who could send one is gone.
fn next_group(requests: &Mutex<Receiver<Box<dyn Command>>>, group: usize) -> Option<Vec<Box<dyn Command>>> {
    let requests = requests.lock().unwrap_or_else(PoisonError::into_inner);
    let mut waiting = vec![requests.recv().ok()?];
    waiting.extend(requests.try_iter().take(group - 1));
    Some(waiting)
}

fn commit_group(conn: &mut Conn, waiting: &mut [Box<dyn Command>]) -> Result<()> {
    begin_write(conn)?;
    let succeeded = waiting.iter_mut().fold(0usize, |count, request| count + usize::from(request.run(conn)));
    metrics::histogram!("db_commit_group_requests").record(f64::from(u32::try_from(waiting.len()).unwrap_or(u32::MAX)));
    if succeeded == 0 {
        return rollback(conn);
    }
    commit(conn).inspect_err(|_| drop(rollback(conn)))
}

/// A PostgreSQL that was restarted is met with a new connection, not with errors for ever.
fn reconnect_if_broken(url: &DatabaseUrl, conn: &mut Conn) {
    use diesel::r2d2::R2D2Connection;
    if !conn.is_broken() {
        return;
    }
    match open(url) {
        Ok(fresh) => *conn = fresh,
        Err(error) => tracing::error!(%error, "the writer could not connect again"),
    }
}
