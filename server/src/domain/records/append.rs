//! The end of every write: log, projections, grants and feeds, in one transaction.

use crate::db::feed::FeedEnd;
use crate::db::{self, Conn};
use crate::domain::records::project::{holder, project};
use crate::feed::{self, Notice};
use schema::binary::Hash;
use schema::id::{DeviceId, JobId, PersonId, PushId};
use schema::problem::Problem;
use schema::record::{JobRecord, RawChange};
use schema::rows::records::{ChangeRow, FeedKind, FeedRow, GrantRow, RecordRow};
use schema::status::{Status, status};
use schema::time::Timestamp;
use schema::wire::{GoneReason, job_digest};
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

/// Appends the changes and everything that follows from them. None: somebody else appended meanwhile; load again.
pub fn append(conn: &mut Conn, new: Append) -> Result<Option<Appended>, Problem> {
    let before = db::records::heads_from_bytes(&new.seen.heads);
    let row = advanced(&new);
    if !db::records::advance_record(conn, new.seen.length, &row)? {
        return Ok(None);
    }
    db::records::insert_changes(conn, &change_rows(&new)?)?;
    let view = new.record.read().map_err(Problem::internal)?;
    project(conn, &view, new.record.conflicts().len())?;
    let heads = new.record.heads();
    let told = News { job: row.job_id, before: &before, heads: &heads, from: new.seen.length, to: row.length };
    deliver(conn, &told, &view, new.author, new.now)?;
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

/// What phones are to hear of one append.
struct News<'a> {
    job: JobId,
    before: &'a [Hash],
    heads: &'a [Hash],
    from: i64,
    to: i64,
}

/// Gives the job to whoever is to carry it, takes it from whoever is not, and tells them all what is new.
fn deliver(conn: &mut Conn, news: &News<'_>, view: &JobRecord, author: Author, now: Timestamp) -> Result<(), Problem> {
    let wanted = holder(view);
    let mut people = db::feed::list_holders(conn, news.job)?;
    let had: Vec<PersonId> = people.clone();
    people.extend(wanted.filter(|person| !had.contains(person)));
    // Always in the same order, so that two writers can't wait for each other.
    people.sort_unstable();
    for person in people {
        let (is_held, is_wanted) = (had.contains(&person), wanted == Some(person));
        let end = db::feed::lock_end(conn, person)?;
        let mut digest = end.digest;
        if is_held {
            digest = digest.xor(job_digest(news.job, news.before));
        }
        if is_wanted {
            digest = digest.xor(job_digest(news.job, news.heads));
        }
        let end = FeedEnd { seq: end.seq + 1, digest };
        db::feed::set_end(conn, person, end)?;
        let event = event(person, end.seq, news, author.source);
        let event = match (is_held, is_wanted) {
            (false, _) => {
                let grant = GrantRow { person_id: person, job_id: news.job, granted_at: now };
                db::feed::insert_grant(conn, &grant)?;
                FeedRow { kind: FeedKind::Grant, device_id: None, ..event }
            }
            (true, true) => event,
            (true, false) => {
                db::feed::delete_grant(conn, person, news.job)?;
                FeedRow { kind: FeedKind::Revoke, device_id: None, reason: Some(gone_reason(view)), ..event }
            }
        };
        db::feed::insert_events(conn, &[event])?;
        feed::post(Notice::Person(person, end.seq));
    }
    Ok(())
}

fn event(person: PersonId, seq: i64, news: &News<'_>, source: Source) -> FeedRow {
    let (kind, device) = match source {
        Source::Office => (FeedKind::Change, None),
        Source::Push { device, .. } => (FeedKind::Change, Some(device)),
        Source::Salvage { device } => (FeedKind::Reset, Some(device)),
    };
    FeedRow {
        person_id: person,
        seq,
        kind,
        job_id: news.job,
        pos_from: news.from,
        pos_to: news.to,
        reason: None,
        device_id: device,
    }
}

fn gone_reason(view: &JobRecord) -> GoneReason {
    match status(view) {
        Status::Cancelled => GoneReason::Cancelled,
        Status::Closed | Status::SolvedRemotely => GoneReason::Closed,
        _ => GoneReason::Reassigned,
    }
}
