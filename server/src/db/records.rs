//! The log of accepted changes, and where each record's log ends.

use crate::db::kept::{ByColumns, Kept, load_kept, padded, run_kept};
use crate::db::{Conn, Result, insert_rows};
use diesel::prelude::*;
use schema::binary::{Actor, Hash};
use schema::id::{DeviceId, JobId};
use schema::rows::records::{ActorRow, ChangeRow, PushJobRow, PushRow, RecordEnd, RecordRow, RetimedRow};
use schema::tables::{actors, changes, jobs, push_jobs, pushes, records};
use schema::time::Timestamp;

pub fn find_record(conn: &mut Conn, job: JobId) -> Result<Option<RecordRow>> {
    Ok(records::table.find(job).select(RecordRow::as_select()).first(conn).optional()?)
}

/// Holds the job's row until the commit. SQLite's one writer holds everything anyway.
pub fn lock_record(conn: &mut Conn, job: JobId) -> Result<()> {
    if let Conn::Pg(conn) = conn {
        records::table.find(job).select(records::job_id).for_update().first::<JobId>(conn).optional()?;
    }
    Ok(())
}

pub fn list_ends(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<RecordEnd>> {
    Ok(load_kept!(conn, records::table.filter(records::job_id.eq_any(padded(jobs))).select(RecordEnd::as_select())))
}

/// How long these jobs' logs are; their rows stay locked until the commit, in the order of the jobs.
pub fn lock_lengths(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, i64)>> {
    let query = records::table
        .filter(records::job_id.eq_any(padded(jobs)))
        .order(records::job_id)
        .select((records::job_id, records::length));
    Ok(match conn {
        Conn::Pg(conn) => query.for_update().load(conn)?,
        Conn::Sqlite(conn) => Kept(query).load(conn)?,
    })
}

/// Every record's id after `after`, in their order: for walks over all of them.
pub fn list_ids(conn: &mut Conn, after: Option<JobId>, limit: i64) -> Result<Vec<JobId>> {
    let mut query = records::table.select(records::job_id).order(records::job_id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(records::job_id.gt(after));
    }
    Ok(query.load(conn)?)
}

pub fn insert_record(conn: &mut Conn, row: &RecordRow) -> Result<()> {
    diesel::insert_into(records::table).values(row).execute(conn)?;
    Ok(())
}

/// Moves the ends of records' logs, whose rows are locked ([`lock_lengths`]). A snapshot that is empty leaves the one that stands.
pub fn advance_records(conn: &mut Conn, rows: &[&RecordRow]) -> Result<()> {
    let (plain, saved): (Vec<&RecordRow>, Vec<&RecordRow>) =
        rows.iter().copied().partition(|row| row.snapshot.is_empty());
    for row in saved {
        let end = (
            records::length.eq(row.length),
            records::heads.eq(&row.heads),
            records::snapshot.eq(&row.snapshot),
            records::snapshot_length.eq(row.snapshot_length),
        );
        let update = diesel::update(records::table.find(row.job_id)).set(end);
        match conn {
            Conn::Pg(conn) => drop(Kept(update.returning(records::job_id)).load::<JobId>(conn)?),
            Conn::Sqlite(conn) => run_kept(conn, update)?,
        }
    }
    match conn {
        Conn::Pg(conn) => advance_at_once(conn, &plain)?,
        // Without a way over the network a statement that stays prepared costs less than a long one.
        Conn::Sqlite(conn) => {
            for row in plain {
                let end = (records::length.eq(row.length), records::heads.eq(&row.heads));
                run_kept(conn, diesel::update(records::table.find(row.job_id)).set(end))?;
            }
        }
    }
    Ok(())
}

fn advance_at_once(conn: &mut PgConnection, rows: &[&RecordRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let update = ByColumns {
        before: "UPDATE records SET length = ends.length, heads = ends.heads FROM unnest(",
        keys: rows.iter().map(|row| row.job_id).collect::<Vec<JobId>>(),
        numbers: rows.iter().map(|row| row.length).collect(),
        values: rows.iter().map(|row| row.heads.as_slice()).collect::<Vec<&[u8]>>(),
        after: ") AS ends (job_id, length, heads) WHERE records.job_id = ends.job_id",
    };
    update.execute(conn)?;
    Ok(())
}

pub fn insert_changes(conn: &mut Conn, rows: &[&ChangeRow]) -> Result<()> {
    insert_rows!(conn, changes::table, rows);
    Ok(())
}

/// The bytes of what was appended to these jobs' logs since their snapshots, in order.
pub fn list_since_snapshots(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, Vec<u8>)>> {
    Ok(load_kept!(
        conn,
        changes::table
            .inner_join(records::table.on(records::job_id.eq(changes::job_id)))
            .filter(changes::job_id.eq_any(padded(jobs)).and(changes::pos.ge(records::snapshot_length)))
            .order((changes::job_id, changes::pos))
            .select((changes::job_id, changes::bytes))
    ))
}

/// A record's snapshot, and how many places had more than one value when its log ended where it ends now: to count them again takes a
/// walk through all of it.
pub type Snapshot = (JobId, Vec<u8>, Option<i64>);

pub fn list_snapshots(conn: &mut Conn, ids: &[JobId]) -> Result<Vec<Snapshot>> {
    Ok(load_kept!(
        conn,
        records::table
            .left_join(jobs::table.on(jobs::id.eq(records::job_id)))
            .filter(records::job_id.eq_any(padded(ids)))
            .select((records::job_id, records::snapshot, jobs::conflicts.nullable()))
    ))
}

/// Of these changes, whose phone wrote them and when they came.
pub fn list_origins(conn: &mut Conn, job: JobId, hashes: &[Hash]) -> Result<Vec<(Hash, Option<DeviceId>, Timestamp)>> {
    Ok(changes::table
        .filter(changes::job_id.eq(job).and(changes::hash.eq_any(hashes)))
        .select((changes::hash, changes::device_id, changes::received_at))
        .load(conn)?)
}

/// Changes of a job from place `from` up to, without, `to`.
pub fn list_changes(conn: &mut Conn, job: JobId, from: i64, to: i64) -> Result<Vec<ChangeRow>> {
    Ok(changes::table
        .filter(changes::job_id.eq(job).and(changes::pos.ge(from)).and(changes::pos.lt(to)))
        .order(changes::pos)
        .select(ChangeRow::as_select())
        .load(conn)?)
}

/// Of these jobs' changes those whose time is known better than they claim, or is doubtful.
pub fn list_retimed(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<RetimedRow>> {
    Ok(load_kept!(
        conn,
        changes::table
            .filter(changes::job_id.eq_any(padded(jobs)).and(changes::retimed_at.is_not_null()))
            .order((changes::job_id, changes::pos))
            .select(RetimedRow::as_select())
    ))
}

/// How far the times of a job's changes may be off, where phones wrote them.
pub fn list_errors(conn: &mut Conn, job: JobId) -> Result<Vec<(Hash, i64)>> {
    let known = changes::table.filter(changes::job_id.eq(job).and(changes::error_us.is_not_null()));
    Ok(known.select((changes::hash, changes::error_us.assume_not_null())).load(conn)?)
}

/// Of a job's whole log.
pub fn list_hashes(conn: &mut Conn, job: JobId) -> Result<Vec<Hash>> {
    Ok(changes::table.filter(changes::job_id.eq(job)).select(changes::hash).load(conn)?)
}

/// The same, bytes only.
pub fn list_bytes(conn: &mut Conn, job: JobId, from: i64, to: i64) -> Result<Vec<Vec<u8>>> {
    Ok(changes::table
        .filter(changes::job_id.eq(job).and(changes::pos.ge(from)).and(changes::pos.lt(to)))
        .order(changes::pos)
        .select(changes::bytes)
        .load(conn)?)
}

/// Pushes, with what each brought of each job: without the latter no evidence bundle could show what the device signed.
pub fn insert_pushes(conn: &mut Conn, rows: &[&PushRow], jobs: &[&PushJobRow]) -> Result<()> {
    insert_rows!(conn, pushes::table, rows);
    insert_rows!(conn, push_jobs::table, jobs);
    Ok(())
}

pub fn list_actors(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, Actor, DeviceId)>> {
    Ok(load_kept!(
        conn,
        actors::table.filter(actors::job_id.eq_any(padded(jobs))).select((
            actors::job_id,
            actors::actor,
            actors::device_id,
        ))
    ))
}

/// Those of `actors` that somebody writes with already.
pub fn list_taken(conn: &mut Conn, candidates: &[Actor]) -> Result<Vec<Actor>> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    Ok(load_kept!(conn, actors::table.filter(actors::actor.eq_any(padded(candidates))).select(actors::actor)))
}

pub fn insert_actors(conn: &mut Conn, rows: &[&ActorRow]) -> Result<()> {
    insert_rows!(conn, actors::table, rows);
    Ok(())
}

/// Sorted hashes as the column holds them.
pub fn heads_to_bytes(heads: &[Hash]) -> Vec<u8> {
    heads.iter().flat_map(|hash| hash.0).collect()
}

pub fn heads_from_bytes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks(32).filter_map(Hash::from_slice).collect()
}
