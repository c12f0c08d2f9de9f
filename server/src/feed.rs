//! Who is told that something is new. A notice carries nothing but whose feed moved: losing one loses nothing, the next sync or
//! query finds it all.

use schema::id::{JobId, OutletId, PersonId};
use tokio::sync::broadcast;

/// What moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// This person's cursor moved.
    Person(PersonId, i64),
    /// Something about this job changed; for the boards of this outlet.
    Job(OutletId, JobId),
    /// The server is going down: streams end, so that clients come back elsewhere.
    Stop,
}

#[derive(Clone)]
pub struct Feed {
    sender: broadcast::Sender<Notice>,
}

impl Feed {
    pub fn new() -> Self {
        Self { sender: broadcast::channel(4096).0 }
    }

    /// Only after the commit.
    pub fn notify(&self, notice: Notice) {
        // Nobody listening is fine.
        drop(self.sender.send(notice));
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
