//! Who is told that something is new. A notice carries nothing but whose feed moved: losing one loses nothing, the next sync or
//! query finds it all.

use schema::id::{JobId, OutletId, PersonId};
use std::cell::RefCell;
use std::sync::Arc;
use tokio::sync::{Notify, broadcast};

/// What moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// This person's cursor moved.
    Person(PersonId, i64),
    /// Something about this job changed; for the boards of this outlet.
    Job(OutletId, JobId),
    /// A background job was enqueued. Not told to streams.
    Work,
    /// The server is going down: streams end, so that clients come back elsewhere.
    Stop,
}

#[derive(Clone)]
pub struct Feed {
    sender: broadcast::Sender<Notice>,
    work: Arc<Notify>,
}

impl Feed {
    pub fn new() -> Self {
        Self { sender: broadcast::channel(4096).0, work: Arc::default() }
    }

    /// Only after the commit.
    pub fn notify(&self, notice: Notice) {
        match notice {
            Notice::Work => self.work.notify_one(),
            // Nobody listening is fine.
            Notice::Person(..) | Notice::Job(..) | Notice::Stop => drop(self.sender.send(notice)),
        }
    }

    /// Wakes one of those who do background jobs for each that was enqueued.
    pub fn work(&self) -> Arc<Notify> {
        Arc::clone(&self.work)
    }

    pub fn listen(&self) -> broadcast::Receiver<Notice> {
        self.sender.subscribe()
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

    /// Everything posted on this thread; the commit is done.
    pub(crate) fn take() -> Vec<Notice> {
        POSTED.with_borrow_mut(std::mem::take)
    }
}
