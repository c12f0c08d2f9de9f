//! A replica and its store as one: an input counts once its entries are durable, and where they could not be made so, the replica
//! is made anew from what the store holds.

use crate::replica::{Input, Now, Output, Replica, ReplicaError};
use crate::store::{Store, StoreError};

/// The input did not count.
#[derive(Debug, thiserror::Error)]
pub enum HandsetError {
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Bytes of log below which compacting is not worth the write.
const COMPACT_BYTES_MIN: u64 = 4 << 20;

/// One phone: what it knows, and where it keeps it.
#[derive(Debug)]
pub struct Handset<S> {
    replica: Replica,
    store: S,
    /// The store failed and the replica may be ahead of it.
    stale: bool,
    /// Length of the log when it was last compacted, or opened.
    compacted_bytes: u64,
}

impl<S: Store> Handset<S> {
    pub fn open(mut store: S) -> Result<Self, HandsetError> {
        let replica = Replica::open(&store.load()?)?;
        let compacted_bytes = store.bytes();
        Ok(Self { replica, store, stale: false, compacted_bytes })
    }

    pub fn replica(&self) -> &Replica {
        &self.replica
    }

    pub fn store(&mut self) -> &mut S {
        &mut self.store
    }

    /// Takes an input and makes durable what follows from it. The outputs left are for the caller.
    pub fn handle(&mut self, now: Now, random: [u8; 16], input: Input) -> Result<Vec<Output>, HandsetError> {
        self.refresh()?;
        let mut left = Vec::new();
        for output in self.replica.handle(now, random, input)? {
            match output {
                Output::Append(entries) => {
                    if let Err(error) = self.store.append(&entries) {
                        self.stale = true;
                        // The caller hears of the store's failure; should this fail too, the next input tries again.
                        let _ = self.refresh();
                        return Err(error.into());
                    }
                }
                other => left.push(other),
            }
        }
        Ok(left)
    }

    fn refresh(&mut self) -> Result<(), HandsetError> {
        if self.stale {
            self.replica = Replica::open(&self.store.load()?)?;
            self.stale = false;
        }
        Ok(())
    }

    /// Rewrites the log where it has doubled since the last time and is worth it.
    pub fn compact_if_worth(&mut self) -> Result<bool, HandsetError> {
        let worth = self.store.bytes() > COMPACT_BYTES_MIN.max(self.compacted_bytes.saturating_mul(2));
        if worth {
            self.compact()?;
        }
        Ok(worth)
    }

    pub fn compact(&mut self) -> Result<(), HandsetError> {
        self.refresh()?;
        let entries = self.replica.compacted();
        self.store.compact(&entries)?;
        self.replica = Replica::open(&entries)?;
        self.compacted_bytes = self.store.bytes();
        Ok(())
    }
}
