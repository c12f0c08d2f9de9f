//! A replica and its store as one: an input counts once its entries are durable, and where they could not be made so, the replica
//! is made anew from what the store holds.

use crate::replica::{Input, Now, Output, Replica, ReplicaError};
use crate::seal;
use crate::store::{Entry, Store, StoreError};
use schema::binary::Hash;
use schema::photo::PhotoReceipt;

/// The input did not count.
#[derive(Debug, thiserror::Error)]
pub enum HandsetError {
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{changes} changes and {photos} photos are not with the server")]
    Unsent { changes: usize, photos: usize },
}

/// How much of the unsent work was put elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Saved {
    pub changes: usize,
    pub photos: usize,
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

    /// Lets go of a photo's bytes, behind the server's word that it holds them. False where that word is not one for this photo.
    pub fn let_go(&mut self, now: Now, random: [u8; 16], receipt: &PhotoReceipt) -> Result<bool, HandsetError> {
        self.refresh()?;
        let (sha256, job) = (receipt.sha256, receipt.job);
        let is_ours = self.replica.photos_owed().any(|(owed, of, _)| (owed, of) == (sha256, job));
        if !is_ours || !seal::verify(receipt.key, &receipt.message(), receipt.signature) {
            return Ok(false);
        }
        // The bytes first: cut off here, the photo counts as owed and the receipt is asked for once more.
        self.store.delete_blob(sha256)?;
        self.handle(now, random, Input::Remember(vec![Entry::PhotoSent { sha256 }]))?;
        Ok(true)
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

    /// Lets go of everything but the phone's key and who it belonged to, so that the same person gets the same phone again.
    /// Refused while more is unsent than was saved elsewhere.
    pub fn log_out(&mut self, saved: Saved) -> Result<(), HandsetError> {
        self.refresh()?;
        let summary = self.replica.summary();
        let photos: Vec<Hash> = self.replica.photos_owed().map(|(sha256, ..)| sha256).collect();
        let refused: Vec<Hash> = self.replica.photos_refused().map(|photo| photo.sha256).collect();
        if summary.unsent > saved.changes || photos.len() > saved.photos {
            return Err(HandsetError::Unsent { changes: summary.unsent, photos: photos.len() });
        }
        let kept = self.replica.compacted().into_iter().filter(|e| matches!(e, Entry::Key(_) | Entry::Identity(_)));
        let kept: Vec<Entry> = kept.collect();
        self.store.compact(&kept)?;
        self.replica = Replica::open(&kept)?;
        photos.into_iter().chain(refused).try_for_each(|sha256| self.store.delete_blob(sha256))?;
        Ok(())
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
