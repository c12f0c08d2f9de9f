//! Who is told that something is new. A notice carries nothing but whose feed moved: losing one loses nothing, the next sync or
//! query finds it all. Where several servers share a database, what is posted on one is told on all of them (`db::notices`).

use crate::db::Conn;
use crate::db::moves::insert_moves;
use schema::id::{JobId, OutletId, PersonId};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::{Notify, broadcast};

/// What moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// This person's cursor moved.
    Person(PersonId, i64),
    /// Something about this job changed; for the boards of this outlet.
    Job(OutletId, JobId),
    /// Something of this outlet's desk moved that no record holds: a report, a question, a promise.
    Desk(OutletId),
    /// All that this transaction moved was told before this. For other servers, which need not look for it then.
    Told(i64),
    /// A background job was enqueued. Not told to streams.
    Work,
    /// A log-in of this person ended, or what they may do is another: their streams ask whether they are still let in.
    Access(PersonId),
    /// Notices may have been lost: everybody looks at what concerns them.
    Look,
    /// The server is going down: streams end, so that clients come back elsewhere. Told to nobody else.
    Stop,
}

/// Those who listen in this process.
#[derive(Clone)]
pub struct Here {
    streams: broadcast::Sender<Notice>,
    work: Arc<Notify>,
}

impl Here {
    fn new() -> Self {
        Self { streams: broadcast::channel(4096).0, work: Arc::default() }
    }

    pub fn notify(&self, notice: Notice) {
        match notice {
            Notice::Work => self.work.notify_one(),
            Notice::Told(_) => {}
            // Nobody listening is fine.
            Notice::Person(..)
            | Notice::Job(..)
            | Notice::Desk(..)
            | Notice::Access(_)
            | Notice::Look
            | Notice::Stop => {
                drop(self.streams.send(notice));
            }
        }
    }
}

/// The way to the other servers.
#[derive(Clone)]
struct Others {
    queue: SyncSender<Notice>,
    /// More was to be told than the queue holds.
    overflowed: Arc<AtomicBool>,
}

/// What is to be told to the other servers.
pub struct Outgoing {
    pub queue: Receiver<Notice>,
    overflowed: Arc<AtomicBool>,
}

impl Outgoing {
    /// Whether notices were dropped since this was asked last.
    pub fn has_overflowed(&self) -> bool {
        self.overflowed.swap(false, Ordering::AcqRel)
    }
}

/// Notices that wait for the way to the other servers.
const OUTGOING: usize = 16_384;

#[derive(Clone)]
pub struct Feed {
    here: Here,
    others: Option<Others>,
}

impl Feed {
    /// For a server that is alone on its database.
    pub fn new() -> Self {
        Self { here: Here::new(), others: None }
    }

    /// For one of several: whoever has the other end of [`Outgoing`] passes it on, and tells [`Here`] what others say.
    pub fn shared() -> (Self, Here, Outgoing) {
        let (queue, waiting) = sync_channel(OUTGOING);
        let overflowed = Arc::new(AtomicBool::new(false));
        let here = Here::new();
        let others = Some(Others { queue, overflowed: Arc::clone(&overflowed) });
        (Self { here: here.clone(), others }, here, Outgoing { queue: waiting, overflowed })
    }

    /// Only after the commit.
    pub fn notify(&self, notice: Notice) {
        self.here.notify(notice);
        if let Some(others) = self.others.as_ref().filter(|_| notice != Notice::Stop)
            && others.queue.try_send(notice).is_err()
        {
            others.overflowed.store(true, Ordering::Release);
        }
    }

    pub fn listen(&self) -> broadcast::Receiver<Notice> {
        self.here.streams.subscribe()
    }

    /// Wakes one of those who do background jobs for each that was enqueued.
    pub fn work(&self) -> Arc<Notify> {
        Arc::clone(&self.here.work)
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self::new()
    }
}

thread_local! {
    /// Notices of the transactions that this writer thread has not committed yet.
    static POSTED: RefCell<Vec<Notice>> = const { RefCell::new(Vec::new()) };
}

/// Tells it once the transaction that runs on this thread is committed. The writer does so ([`Posted`]).
pub fn post(notice: Notice) {
    POSTED.with_borrow_mut(|posted| posted.push(notice));
}

/// What was posted on this thread since a savepoint began.
pub(crate) struct Posted(usize);

impl Posted {
    pub(crate) fn mark() -> Self {
        Self(POSTED.with_borrow(Vec::len))
    }

    /// The savepoint was rolled back: nothing of it is told.
    pub(crate) fn forget(&self) {
        POSTED.with_borrow_mut(|posted| posted.truncate(self.0));
    }

    /// Writes down what was posted on this thread and moves boards, where other servers could miss it; the commit comes next.
    pub(crate) fn settle(conn: &mut Conn) -> crate::db::Result<()> {
        let posted = POSTED.with_borrow(Vec::clone);
        if let Some(transaction) = insert_moves(conn, &posted)? {
            post(Notice::Told(transaction));
        }
        Ok(())
    }

    /// Everything posted on this thread; the commit is done.
    pub(crate) fn take() -> Vec<Notice> {
        POSTED.with_borrow_mut(std::mem::take)
    }
}
