//! Where a phone keeps what it must not lose: a log of [`Entry`]s that is only ever added to, and the photos beside it.
//!
//! What `append` returned `Ok` for survives `kill -9` and loss of power at any moment, and a batch is there whole or not at all.
//! Every call can fail, and a failure leaves what was there before. The log's format stands in [`log`]; the disk beneath it is a
//! [`Medium`], so that a simulation can put a failing one under the same code ([`memory`]).

pub mod entry;
pub mod file;
pub mod log;
pub mod medium;
pub mod memory;

pub use entry::Entry;
pub use file::FileStore;
pub use log::LogStore;
pub use medium::Medium;
pub use memory::{MemoryDisk, MemoryStore};

use schema::binary::Hash;
use std::io;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the folder is in use by another process")]
    InUse,
    #[error("this is not a phone's log, or a newer version wrote it")]
    Foreign,
    /// Bytes were harmed within the log: sound entries follow, so this is no write that was cut short. Nothing was changed.
    #[error("the log is damaged at byte {at}, though it goes on after that; nothing was changed")]
    Damaged { at: u64 },
    /// The frame is whole, but what it holds does not read.
    #[error("an entry at byte {at} does not read: {why}")]
    Unreadable { at: u64, why: String },
    #[error("an entry of {bytes} bytes is too large")]
    TooLarge { bytes: usize },
    #[error("the disk: {0}")]
    Disk(#[from] io::Error),
}

/// A phone's memory.
pub trait Store {
    /// Everything that was appended and not compacted away, in order.
    fn load(&mut self) -> Result<Vec<Entry>, StoreError>;
    /// Adds the entries, all or none; durable on return.
    fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError>;
    /// Puts `entries` in the place of everything that was there, all or nothing.
    fn compact(&mut self, entries: &[Entry]) -> Result<(), StoreError>;
    /// Bytes of the log.
    fn bytes(&self) -> u64;
    /// Keeps a photo under its hash; durable on return.
    fn put_blob(&mut self, sha256: Hash, bytes: &[u8]) -> Result<(), StoreError>;
    fn find_blob(&mut self, sha256: Hash) -> Result<Option<Vec<u8>>, StoreError>;
    fn delete_blob(&mut self, sha256: Hash) -> Result<(), StoreError>;
}
