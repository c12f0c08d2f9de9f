//! The end of every write: log, projections, grants and feeds, in one transaction. Whatever of it can be worked out beforehand is in
//! the [`Append`], which is made outside of any transaction; so the writer, which everybody waits for, does little but write. Many
//! jobs' appends are written in about as many statements as one.

use crate::db::{self, Conn};
use crate::domain::records::Stored;
use crate::domain::records::deliver::{Delivery, News};
use crate::domain::records::memory::Known;
use crate::domain::records::project::{Projected, project};
use crate::domain::reports;
use crate::feed::{self, Notice};
use schema::binary::Hash;
use schema::evidence::{ChangeClock, Estimate, TimeFlag};
use schema::id::{DeviceId, JobId, PersonId, PushId};
use schema::problem::Problem;
use schema::record::{JobRecord, RawChange};
use schema::rows::records::{ChangeRow, RecordEnd, RecordRow};
use schema::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use sync::record::{ChangeInfo, Record};

/// A snapshot is written once so many changes of phones lie behind the last one: reading a record costs at most that many more. Where the
/// office writes there is always one: phones build on that, many at once in the evening, and each first push would apply it again.
const SNAPSHOT_EVERY: i64 = 32;

/// New changes of one job, on their way into its log.
pub struct Append {
    /// The length of the log that they continue.
    seen: i64,
    /// Where the log ends then; its snapshot is empty where none is due.
    row: RecordRow,
    changes: Vec<ChangeRow>,
    view: Arc<JobRecord>,
    /// What awaits the supervisor.
    matters: usize,
    known: Arc<Known>,
    news: Vec<News>,
    now: Timestamp,
}

/// Changes by one hand, and the record with them.
pub struct Part {
    pub record: Record,
    pub changes: Vec<RawChange>,
    pub author: Author,
    /// When a phone's changes were made; nothing for what the server writes.
    pub times: Times,
}

/// By change.
pub type Times = BTreeMap<Hash, Timed>;

/// When a change was made, as far as all evidence tells.
pub struct Timed {
    pub estimate: Estimate,
    /// What it claims, and what the phone's clocks said.
    pub said: Said,
}

/// Kept beside a change.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Said {
    pub claimed_at: Timestamp,
    #[serde(flatten)]
    pub clock: ChangeClock,
}

/// Whose hand wrote, as far as we know it ourselves.
#[derive(Debug, Clone, Copy)]
pub struct Author {
    pub person: Option<PersonId>,
    pub source: Source,
}

#[derive(Debug, Clone, Copy)]
pub enum Source {
    Office,
    Push {
        device: DeviceId,
        push: PushId,
    },
    /// What was saved of a refused push: the device must take this copy and write under a new actor.
    Salvage {
        device: DeviceId,
    },
}

impl Append {
    /// `parts` follow one another; there is one at least, and none is empty. `conflicts` is how many there were before, if it is known.
    pub fn new(
        seen: &RecordEnd,
        conflicts: Option<usize>,
        mut parts: Vec<Part>,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let (mut changes, mut news) = (Vec::new(), Vec::new());
        let (mut length, mut before) = (seen.length, db::records::heads_from_bytes(&seen.heads));
        let mut follows = true;
        for part in &parts {
            let infos = infos(part)?;
            let rows = change_rows((seen.job_id, length), part, &infos, now)?;
            follows = follows && continues(&before, &infos);
            let (from, heads) = (length, part.record.heads());
            length += i64::try_from(rows.len()).map_err(Problem::internal)?;
            changes.extend(rows);
            news.push(News { before, heads: heads.clone(), from, to: length, source: part.author.source });
            before = heads;
        }
        let Part { record, .. } = parts.pop().ok_or_else(|| Problem::internal("an append of nothing"))?;
        // What was written with sight of everything can't differ from anything.
        let conflicts = match conflicts {
            Some(0) if follows => 0,
            _ => record.conflicts().len(),
        };
        let view = record.view().map_err(Problem::internal)?;
        let (row, matters) = (advanced(seen, length, &record, by_office(&news)), record.matters(&view).len());
        let known = Arc::new(Known { record, conflicts });
        Ok(Self { seen: seen.length, row, changes, view, matters, known, news, now })
    }

    pub fn job(&self) -> JobId {
        self.row.job_id
    }

    /// The length of the log then.
    pub fn length(&self) -> i64 {
        self.row.length
    }

    /// Whether the record names photos then.
    pub fn names_photos(&self) -> bool {
        !self.view.photos.is_empty()
    }

    /// The record then; for the memory, once it is written.
    pub fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known)
    }

    /// The record as it reads then, and as it lies in the database once it is written.
    pub fn into_stored(self) -> (JobRecord, Stored) {
        let RecordRow { job_id, outlet_id, length, heads, snapshot_length, .. } = self.row;
        let end = RecordEnd { job_id, outlet_id, length, heads, snapshot_length };
        let record = Arc::try_unwrap(self.known).map_or_else(|known| known.record.clone(), |known| known.record);
        (Arc::unwrap_or_clone(self.view), Stored { end, record })
    }

    pub(super) fn view(&self) -> &JobRecord {
        &self.view
    }

    pub(super) fn news(&self) -> &[News] {
        &self.news
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }
}

/// Locks the jobs' rows until the commit, and tells which of the appends still continue their logs. Where two are for one job, the
/// first.
pub fn lock(conn: &mut Conn, appends: &[&Append]) -> Result<Vec<bool>, Problem> {
    let jobs: Vec<JobId> = appends.iter().map(|new| new.job()).collect();
    let mut lengths: BTreeMap<JobId, i64> = db::records::lock_lengths(conn, &jobs)?.into_iter().collect();
    Ok(appends.iter().map(|new| lengths.remove(&new.job()) == Some(new.seen)).collect())
}

/// Appends the changes and everything that follows from them, to logs that were locked ([`lock`]); what phones are to hear of it is
/// left for the caller to deliver, once everything of the transaction is appended.
pub fn append(conn: &mut Conn, appends: &[&Append], delivery: &mut Delivery) -> Result<(), Problem> {
    let rows: Vec<&RecordRow> = appends.iter().map(|new| &new.row).collect();
    db::records::advance_records(conn, &rows)?;
    let changes: Vec<&ChangeRow> = appends.iter().flat_map(|new| &new.changes).collect();
    db::records::insert_changes(conn, &changes)?;
    let projected = appends.iter().map(|new| Projected {
        record: &new.known.record,
        view: &new.view,
        conflicts: new.known.conflicts,
        matters: new.matters,
    });
    project(conn, &projected.collect::<Vec<_>>())?;
    // Of what was told a phone writes nothing but corrections.
    for new in appends.iter().filter(|new| by_office(&new.news) || !new.view.corrections.is_empty()) {
        reports::record::project(conn, &new.view)?;
    }
    delivery.add(conn, appends)?;
    appends.iter().for_each(|new| feed::post(Notice::Job(new.row.outlet_id, new.row.job_id)));
    Ok(())
}

fn by_office(news: &[News]) -> bool {
    news.iter().any(|news| matches!(news.source, Source::Office))
}

fn advanced(seen: &RecordEnd, length: i64, record: &Record, by_office: bool) -> RecordRow {
    let is_due = by_office || length - seen.snapshot_length >= SNAPSHOT_EVERY;
    RecordRow {
        job_id: seen.job_id,
        outlet_id: seen.outlet_id,
        length,
        heads: db::records::heads_to_bytes(&record.heads()),
        snapshot: if is_due { record.save() } else { Vec::new() },
        snapshot_length: if is_due { length } else { seen.snapshot_length },
    }
}

/// What the record knows of a part's changes.
fn infos(part: &Part) -> Result<Vec<ChangeInfo>, Problem> {
    let info = |change: &RawChange| part.record.change_info(change.hash);
    part.changes.iter().map(|change| info(change).ok_or_else(|| Problem::internal("a new change is missing"))).collect()
}

/// Whether each of the changes builds on all that was there before it.
fn continues(before: &[Hash], infos: &[ChangeInfo]) -> bool {
    let mut heads = before;
    infos.iter().all(|ChangeInfo { hash, deps, .. }| {
        let builds_on_all = deps.len() == heads.len() && deps.iter().all(|dep| heads.contains(dep));
        heads = std::slice::from_ref(hash);
        builds_on_all
    })
}

fn words(flags: &[TimeFlag]) -> Option<String> {
    let words: Vec<&str> = flags.iter().map(|flag| flag.as_str()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn change_rows(
    (job, from): (JobId, i64),
    part: &Part,
    infos: &[ChangeInfo],
    now: Timestamp,
) -> Result<Vec<ChangeRow>, Problem> {
    let (device, push) = match part.author.source {
        Source::Push { device, push } => (Some(device), Some(push)),
        Source::Office | Source::Salvage { .. } => (None, None),
    };
    let row = |(place, (change, info)): (i64, (&RawChange, &ChangeInfo))| {
        let timed = part.times.get(&change.hash);
        Ok(ChangeRow {
            job_id: job,
            pos: place,
            hash: change.hash,
            actor: info.actor,
            seq: i64::try_from(info.seq).map_err(Problem::internal)?,
            bytes: change.bytes.0.clone(),
            person_id: part.author.person,
            device_id: device,
            push_id: push,
            received_at: now,
            clock: timed.map(|timed| serde_json::to_string(&timed.said)).transpose().map_err(Problem::internal)?,
            retimed_at: timed.and_then(|timed| timed.estimate.retimes(timed.said.claimed_at)),
            error_us: timed.map(|timed| timed.estimate.error_us),
            time_flags: timed.and_then(|timed| words(&timed.estimate.flags)),
        })
    };
    (from..).zip(part.changes.iter().zip(infos)).map(row).collect()
}
