//! Records that were used lately, so that a tap need not load one from its snapshot. A record is right for one length of its log only,
//! which the caller reads from the database: another server may have appended meanwhile.

use lru::LruCache;
use schema::id::JobId;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use sync::record::Record;

pub struct Memory {
    records: Mutex<LruCache<JobId, (i64, Arc<Known>)>>,
}

/// A record, and what it takes a walk through all of it to find out.
pub struct Known {
    pub record: Record,
    /// Places with more than one value.
    pub conflicts: usize,
}

impl Memory {
    /// Each record takes 25 to 75 kB.
    pub fn new(records_max: NonZeroUsize) -> Self {
        Self { records: Mutex::new(LruCache::new(records_max)) }
    }

    /// The record as it is when its log has this length.
    pub fn find(&self, job: JobId, length: i64) -> Option<Arc<Known>> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.get(&job).filter(|(kept, _)| *kept == length).map(|(_, known)| Arc::clone(known))
    }

    /// Keeps a record; only once what it holds is committed.
    pub fn keep(&self, job: JobId, length: i64, known: Arc<Known>) {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).put(job, (length, known));
    }
}
