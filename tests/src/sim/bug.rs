//! Bugs planted on purpose, between the parts and never in them: a simulation that can't find these would find nothing.

use diesel::connection::SimpleConnection as _;
use schema::binary::Bytes;
use schema::id::JobId;
use schema::template::Template;
use schema::wire::{News, SyncResponse};
use server::db::Conn;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The server acknowledges what it did not make durable.
    AckLost,
    /// The cursor moves on past an event that was not told.
    CursorSkips,
    /// What was sent once, and whose answer was lost, is written again.
    AppliedTwice,
    /// What is refused is not kept.
    QuarantineDropped,
    /// A phone is given a record as it was.
    SnapshotStale,
    /// Clocks go by what phones claim.
    ClaimsBelieved,
    /// A phone is given the newest steps under the name of every version: it judges each job by them.
    NewestJudges,
}

impl Bug {
    pub const ALL: [Self; 7] = [
        Self::AckLost,
        Self::CursorSkips,
        Self::AppliedTwice,
        Self::QuarantineDropped,
        Self::SnapshotStale,
        Self::ClaimsBelieved,
        Self::NewestJudges,
    ];

    /// What is said where it shows; anything else found something else.
    pub const fn complaints(self) -> &'static [&'static str] {
        match self {
            Self::AckLost => &["is acknowledged and not in the log", "is lost"],
            Self::CursorSkips => &["drifted from the server", "never come to rest", "it lacks job", "its heads of job"],
            Self::AppliedTwice => &["stands there twice"],
            Self::QuarantineDropped => &["is not in quarantine", "does not hold its bytes", "is lost"],
            Self::SnapshotStale => {
                &["drifted from the server", "never come to rest", "it lacks job", "its heads of job"]
            }
            Self::ClaimsBelieved => &["a clock ran otherwise than it says", "clocks ran, and really"],
            Self::NewestJudges => &["by another checklist than it began with"],
        }
    }

    /// In the transaction that commits a push.
    pub fn after_commit(self, conn: &mut Conn) {
        if let (Self::QuarantineDropped, Conn::Sqlite(conn)) = (self, conn) {
            conn.batch_execute("DELETE FROM quarantine").unwrap();
        }
    }

    /// With the checklists on their way to the phone.
    pub fn in_checklists(self, templates: &mut [Template]) {
        if self != Self::NewestJudges {
            return;
        }
        for place in 0..templates.len() {
            let (id, version) = (templates[place].id.clone(), templates[place].version);
            let newest = templates.iter().filter(|one| one.id == id).max_by_key(|one| one.version).cloned();
            templates[place] = newest.map(|newest| Template { version, ..newest }).unwrap();
        }
    }

    /// On the way from the server to the phone.
    pub fn in_answer(self, answer: &mut SyncResponse, earlier: &mut BTreeMap<JobId, Bytes>) {
        match self {
            Self::CursorSkips if !answer.jobs.is_empty() => drop(answer.jobs.pop()),
            Self::SnapshotStale => {
                for update in &mut answer.jobs {
                    let News::Snapshot { document, .. } = &mut update.news else { continue };
                    *document = earlier.entry(update.job).or_insert_with(|| document.clone()).clone();
                }
            }
            _ => {}
        }
    }
}
