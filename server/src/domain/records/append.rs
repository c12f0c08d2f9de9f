//! The end of every write: log, projections, grants and feeds, in one transaction.

use crate::db::{self, Conn};
use crate::domain::records::deliver::{Delivery, News};
use crate::domain::records::project::project;
use crate::domain::reports;
use crate::feed::{self, Notice};
use schema::id::{DeviceId, PersonId, PushId};
use schema::problem::Problem;
use schema::record::{JobRecord, RawChange};
use schema::rows::records::{ChangeRow, RecordRow};
use schema::time::Timestamp;
use sync::record::Record;

/// A snapshot is written once so many changes lie behind the last one: reading a record costs at most that many more.
const SNAPSHOT_EVERY: i64 = 32;

/// New changes of one job, on their way into its log.
pub struct Append {
    /// The row as it was when the record was loaded.
    pub seen: RecordRow,
    /// The record with the changes applied.
    pub record: Record,
    pub changes: Vec<RawChange>,
    pub author: Author,
    pub now: Timestamp,
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

/// What stands after an append.
pub struct Appended {
    /// Where the log ends now; its snapshot is empty where none was made.
    pub row: RecordRow,
    pub view: JobRecord,
}

/// Appends the changes and everything that follows from them; what phones are to hear of it is left for the caller to deliver, once
/// all jobs of the transaction are appended. None: somebody else appended meanwhile; load again.
pub fn append(conn: &mut Conn, new: Append, delivery: &mut Delivery) -> Result<Option<Appended>, Problem> {
    let before = db::records::heads_from_bytes(&new.seen.heads);
    let row = advanced(&new);
    if !db::records::advance_record(conn, new.seen.length, &row)? {
        return Ok(None);
    }
    db::records::insert_changes(conn, &change_rows(&new)?)?;
    let view = new.record.read().map_err(Problem::internal)?;
    project(conn, &view, new.record.conflicts().len())?;
    // Of what was told a phone writes nothing but corrections.
    if matches!(new.author.source, Source::Office) || !view.corrections.is_empty() {
        reports::record::project(conn, &view)?;
    }
    let heads = new.record.heads();
    let (from, to, source) = (new.seen.length, row.length, new.author.source);
    let news = News { job: row.job_id, before: &before, heads: &heads, from, to, source, now: new.now };
    delivery.add(conn, &news, &view)?;
    feed::post(Notice::Job(row.outlet_id, row.job_id));
    Ok(Some(Appended { row, view }))
}

fn advanced(new: &Append) -> RecordRow {
    let length = new.seen.length + i64::try_from(new.changes.len()).unwrap_or(0);
    let is_due = new.seen.length == 0 || length - new.seen.snapshot_length >= SNAPSHOT_EVERY;
    RecordRow {
        job_id: new.seen.job_id,
        outlet_id: new.seen.outlet_id,
        length,
        heads: db::records::heads_to_bytes(&new.record.heads()),
        snapshot: if is_due { new.record.save() } else { Vec::new() },
        snapshot_length: if is_due { length } else { new.seen.snapshot_length },
    }
}

fn change_rows(new: &Append) -> Result<Vec<ChangeRow>, Problem> {
    let (device, push) = match new.author.source {
        Source::Push { device, push } => (Some(device), Some(push)),
        Source::Office | Source::Salvage { .. } => (None, None),
    };
    let row = |(place, change): (i64, &RawChange)| {
        let info = new.record.change_info(change.hash).ok_or_else(|| Problem::internal("a new change is missing"))?;
        Ok(ChangeRow {
            job_id: new.seen.job_id,
            pos: place,
            hash: change.hash,
            actor: info.actor,
            seq: i64::try_from(info.seq).map_err(Problem::internal)?,
            bytes: change.bytes.0.clone(),
            person_id: new.author.person,
            device_id: device,
            push_id: push,
            received_at: new.now,
        })
    };
    (new.seen.length..).zip(&new.changes).map(row).collect()
}
