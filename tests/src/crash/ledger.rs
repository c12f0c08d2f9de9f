//! What was promised, noted outside of phones and servers.

use super::Tally;
use schema::binary::Hash;
use schema::id::ReportId;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use tokio::sync::watch;

/// Acknowledged, and not looked for in the database yet.
#[derive(Debug, Default)]
pub(super) struct Promised {
    pub changes: Vec<Hash>,
    pub reports: Vec<ReportId>,
}

#[derive(Default)]
pub(super) struct Ledger {
    promised: Mutex<Promised>,
    is_closed: AtomicBool,
    /// Requests that phones began; and those that were answered.
    begun: watch::Sender<u64>,
    answered: watch::Sender<u64>,
    pub cut: AtomicU64,
    pub busy: AtomicU64,
    pub restarts: AtomicU64,
    pub written: AtomicU64,
    pub checked: AtomicU64,
    pub reports: AtomicU64,
    /// What must not happen whatever is killed: a refusal, a server error.
    wrong: Mutex<Vec<String>>,
}

pub(super) fn one_more(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

impl Ledger {
    fn promised(&self) -> MutexGuard<'_, Promised> {
        self.promised.lock().unwrap()
    }

    pub fn begin(&self) {
        self.begun.send_modify(|count| *count += 1);
    }

    pub fn acknowledge(&self, changes: impl IntoIterator<Item = Hash>) {
        self.promised().changes.extend(changes);
    }

    pub fn answer(&self) {
        self.answered.send_modify(|count| *count += 1);
    }

    pub fn report(&self, report: ReportId) {
        one_more(&self.reports);
        self.promised().reports.push(report);
    }

    /// What was promised since this was asked last.
    pub fn take_promised(&self) -> Promised {
        std::mem::take(&mut *self.promised())
    }

    pub fn complain(&self, what: String) {
        self.wrong.lock().unwrap().push(what);
    }

    pub fn complaints(&self) -> Vec<String> {
        self.wrong.lock().unwrap().clone()
    }

    /// No more is written; what is written is brought in.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
    }

    pub fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Waits until so many more requests have begun.
    pub async fn after_begun(&self, more: u64) {
        wait_for(&self.begun, more).await;
    }

    /// Waits until so many more requests were answered.
    pub async fn after_answered(&self, more: u64) {
        wait_for(&self.answered, more).await;
    }

    pub fn tally(&self) -> Tally {
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Tally {
            requests: *self.begun.borrow(),
            cut: count(&self.cut),
            busy: count(&self.busy),
            restarts: count(&self.restarts),
            written: count(&self.written),
            checked: count(&self.checked),
            reports: count(&self.reports),
            ..Tally::default()
        }
    }
}

async fn wait_for(count: &watch::Sender<u64>, more: u64) {
    let mut counted = count.subscribe();
    let enough = *counted.borrow() + more;
    counted.wait_for(|count| *count >= enough).await.unwrap();
}
