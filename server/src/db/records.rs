//! The log of accepted changes, and where each record's log ends.

use crate::db::{Conn, Result, on_conn};
use diesel::prelude::*;
use schema::binary::{Actor, Hash};
use schema::id::{DeviceId, JobId};
use schema::rows::records::{ActorRow, ChangeRow, PushJobRow, PushRow, RecordRow};
use schema::tables::{actors, changes, push_jobs, pushes, records};

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

pub fn list_records(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<RecordRow>> {
    Ok(records::table.filter(records::job_id.eq_any(jobs)).select(RecordRow::as_select()).load(conn)?)
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

/// Moves the end of a record's log, if it still is where the writer saw it. The row stays locked until the commit.
pub fn advance_record(conn: &mut Conn, seen: i64, row: &RecordRow) -> Result<bool> {
    let target = records::table.find(row.job_id).filter(records::length.eq(seen));
    let rows = if row.snapshot.is_empty() {
        diesel::update(target).set((records::length.eq(row.length), records::heads.eq(&row.heads))).execute(conn)?
    } else {
        diesel::update(target)
            .set((
                records::length.eq(row.length),
                records::heads.eq(&row.heads),
                records::snapshot.eq(&row.snapshot),
                records::snapshot_length.eq(row.snapshot_length),
            ))
            .execute(conn)?
    };
    Ok(rows == 1)
}

pub fn insert_changes(conn: &mut Conn, rows: &[ChangeRow]) -> Result<()> {
    // Ten columns a row: PostgreSQL takes 65,535 values a statement, SQLite 32,766.
    for rows in rows.chunks(1_000) {
        on_conn!(conn, |conn| diesel::insert_into(changes::table).values(rows).execute(conn))?;
    }
    Ok(())
}

/// Changes of a job from place `from` up to, without, `to`.
pub fn list_changes(conn: &mut Conn, job: JobId, from: i64, to: i64) -> Result<Vec<ChangeRow>> {
    Ok(changes::table
        .filter(changes::job_id.eq(job).and(changes::pos.ge(from)).and(changes::pos.lt(to)))
        .order(changes::pos)
        .select(ChangeRow::as_select())
        .load(conn)?)
}

/// The same, bytes only.
pub fn list_bytes(conn: &mut Conn, job: JobId, from: i64, to: i64) -> Result<Vec<Vec<u8>>> {
    Ok(changes::table
        .filter(changes::job_id.eq(job).and(changes::pos.ge(from)).and(changes::pos.lt(to)))
        .order(changes::pos)
        .select(changes::bytes)
        .load(conn)?)
}

/// A push, with what it brought of each job: without the latter no evidence bundle could show what the device signed.
pub fn insert_push(conn: &mut Conn, row: &PushRow, jobs: &[PushJobRow]) -> Result<()> {
    diesel::insert_into(pushes::table).values(row).execute(conn)?;
    on_conn!(conn, |conn| diesel::insert_into(push_jobs::table).values(jobs).execute(conn))?;
    Ok(())
}

pub fn list_actors(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, Actor, DeviceId)>> {
    Ok(actors::table
        .filter(actors::job_id.eq_any(jobs))
        .select((actors::job_id, actors::actor, actors::device_id))
        .load(conn)?)
}

/// Those of `actors` that somebody writes with already.
pub fn list_taken(conn: &mut Conn, candidates: &[Actor]) -> Result<Vec<Actor>> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    Ok(actors::table.filter(actors::actor.eq_any(candidates)).select(actors::actor).load(conn)?)
}

pub fn insert_actors(conn: &mut Conn, rows: &[ActorRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    on_conn!(conn, |conn| diesel::insert_into(actors::table).values(rows).execute(conn))?;
    Ok(())
}

/// Sorted hashes as the column holds them.
pub fn heads_to_bytes(heads: &[Hash]) -> Vec<u8> {
    heads.iter().flat_map(|hash| hash.0).collect()
}

pub fn heads_from_bytes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks(32).filter_map(Hash::from_slice).collect()
}
