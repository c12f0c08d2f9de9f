//! A disk in memory that fails on demand: it fills up, tears a write, refuses a sync, loses power. Cloning it shares it, so that
//! a test keeps a hand on the disk of a store that it gave away and can open it again as after a crash.

use super::{LogStore, Medium, StoreError};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub type MemoryStore = LogStore<MemoryDisk>;

impl MemoryStore {
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::open(MemoryDisk::default())
    }
}

/// What goes wrong next. Each is forgotten once it has happened, but for the full disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faults {
    /// The next append or replacement writes so many bytes and fails.
    pub tear_after_bytes: Option<usize>,
    /// The next sync fails; what it should have made durable may or may not be.
    pub fail_sync: bool,
    /// The next cut fails.
    pub fail_truncate: bool,
    /// The disk holds so many bytes and no more.
    pub capacity_bytes: Option<usize>,
}

#[derive(Debug, Clone, Default)]
struct Contents {
    files: BTreeMap<String, Held>,
    faults: Faults,
}

#[derive(Debug, Clone, Default)]
struct Held {
    bytes: Vec<u8>,
    /// So many of them survive a loss of power for sure.
    durable: usize,
}

#[derive(Debug, Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<Contents>>);

impl MemoryDisk {
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what goes wrong next.
    pub fn plan(&self, faults: Faults) {
        self.contents().faults = faults;
    }

    /// The power goes: of what was not yet durable `kept` bytes stay in each file.
    pub fn lose_power(&self, kept: usize) {
        let mut contents = self.contents();
        for held in contents.files.values_mut() {
            let left = held.durable.saturating_add(kept).min(held.bytes.len());
            held.bytes.truncate(left);
            held.durable = left;
        }
    }

    /// A disk of its own with what this one holds now.
    pub fn copy(&self) -> Self {
        Self(Arc::new(Mutex::new(self.contents().clone())))
    }

    /// Changes a file behind everybody's back.
    pub fn harm(&self, name: &str, harm: impl FnOnce(&mut Vec<u8>)) {
        let mut contents = self.contents();
        let held = contents.files.entry(name.to_owned()).or_default();
        harm(&mut held.bytes);
        held.durable = held.bytes.len();
    }
}

fn full() -> io::Error {
    io::Error::new(io::ErrorKind::StorageFull, "no space left")
}

impl Contents {
    /// How many of `wanted` bytes can be written, where not all can.
    fn shortage(&mut self, wanted: usize) -> Option<(usize, io::Error)> {
        if let Some(after) = self.faults.tear_after_bytes.take() {
            return Some((after.min(wanted), io::Error::other("the write was torn")));
        }
        let used: usize = self.files.values().map(|held| held.bytes.len()).sum();
        let free = self.faults.capacity_bytes?.saturating_sub(used);
        (free < wanted).then(|| (free, full()))
    }
}

impl Medium for MemoryDisk {
    fn read(&mut self, name: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.contents().files.get(name).map(|held| held.bytes.clone()))
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut contents = self.contents();
        let shortage = contents.shortage(bytes.len());
        let held = contents.files.entry(name.to_owned()).or_default();
        match shortage {
            None => held.bytes.extend_from_slice(bytes),
            Some((kept, error)) => {
                held.bytes.extend(bytes.iter().take(kept));
                return Err(error);
            }
        }
        Ok(())
    }

    fn sync(&mut self, name: &str) -> io::Result<()> {
        let mut contents = self.contents();
        if std::mem::take(&mut contents.faults.fail_sync) {
            return Err(io::Error::other("the sync failed"));
        }
        if let Some(held) = contents.files.get_mut(name) {
            held.durable = held.bytes.len();
        }
        Ok(())
    }

    fn truncate(&mut self, name: &str, bytes: u64) -> io::Result<()> {
        let mut contents = self.contents();
        if std::mem::take(&mut contents.faults.fail_truncate) {
            return Err(io::Error::other("the cut failed"));
        }
        let held = contents.files.entry(name.to_owned()).or_default();
        held.bytes.truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        held.durable = held.bytes.len();
        Ok(())
    }

    fn replace(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut contents = self.contents();
        if let Some((_, error)) = contents.shortage(bytes.len()) {
            return Err(error);
        }
        contents.files.insert(name.to_owned(), Held { bytes: bytes.to_vec(), durable: bytes.len() });
        Ok(())
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        self.contents().files.remove(name);
        Ok(())
    }
}
