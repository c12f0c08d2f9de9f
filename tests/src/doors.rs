//! The service's own doors with one of them exchanged: a push is committed in a test's way.

use schema::problem::Problem;
use schema::time::Timestamp;
use server::db::Conn;
use server::domain::records::Memory;
use server::domain::sync::{Ask, Committed, Doors, Found, Verdict};
use server::state::State;
use std::sync::Arc;
use sync::seal::ServerKey;

/// How a push is committed.
pub trait CommitDoor {
    fn commit(&self, state: &State, verdict: Arc<Verdict>) -> impl Future<Output = Result<Committed, Problem>>;
}

pub struct OtherCommit<C> {
    pub state: State,
    pub door: C,
}

impl<C: CommitDoor> Doors for OtherCommit<C> {
    fn now(&self) -> Timestamp {
        self.state.now()
    }

    fn random(&self) -> [u8; 10] {
        server::state::random()
    }

    fn records(&self) -> Arc<Memory> {
        Arc::clone(&self.state.records)
    }

    fn receipt_key(&self) -> Arc<ServerKey> {
        Arc::clone(&self.state.keys.receipt)
    }

    async fn read<T, F>(&self, query: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        self.state.db.read(query).await
    }

    async fn write<T, F>(&self, command: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Problem> + Send + 'static,
    {
        self.state.db.write(command).await
    }

    async fn judge<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        Doors::judge(self.state.get_ref(), work).await
    }

    async fn load(&self, ask: Ask) -> Result<Found, Problem> {
        Doors::load(self.state.get_ref(), ask).await
    }

    async fn commit(&self, verdict: Arc<Verdict>) -> Result<Committed, Problem> {
        self.door.commit(&self.state, verdict).await
    }
}
