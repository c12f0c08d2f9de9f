//! What is new for each person: grants and the feed. A number is handed out under the lock of the person's row, held until the commit:
//! nobody sees a later number before an earlier one.

use crate::db::{Conn, Result, on_conn};
use diesel::prelude::*;
use schema::binary::Hash;
use schema::id::{JobId, PersonId};
use schema::rows::records::{FeedRow, GrantRow};
use schema::tables::{feed, grants, jobs, people, records};

/// Where one person's feed ends, and the digest of the jobs in their hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedEnd {
    pub seq: i64,
    pub digest: Hash,
}

pub fn find_end(conn: &mut Conn, person: PersonId) -> Result<Option<FeedEnd>> {
    let row: Option<(i64, Hash)> =
        people::table.find(person).select((people::feed_seq, people::feed_digest)).first(conn).optional()?;
    Ok(row.map(|(seq, digest)| FeedEnd { seq, digest }))
}

/// The same, with the row locked until the commit.
pub fn lock_end(conn: &mut Conn, person: PersonId) -> Result<FeedEnd> {
    let query = people::table.find(person).select((people::feed_seq, people::feed_digest));
    let (seq, digest): (i64, Hash) = match conn {
        Conn::Pg(conn) => query.for_update().first(conn)?,
        // The one writer holds the whole database.
        Conn::Sqlite(conn) => query.first(conn)?,
    };
    Ok(FeedEnd { seq, digest })
}

pub fn set_end(conn: &mut Conn, person: PersonId, end: FeedEnd) -> Result<()> {
    diesel::update(people::table.find(person))
        .set((people::feed_seq.eq(end.seq), people::feed_digest.eq(end.digest)))
        .execute(conn)?;
    Ok(())
}

pub fn insert_events(conn: &mut Conn, rows: &[FeedRow]) -> Result<()> {
    for rows in rows.chunks(1_000) {
        on_conn!(conn, |conn| diesel::insert_into(feed::table).values(rows).execute(conn))?;
    }
    Ok(())
}

/// Events of one person after `seq`, in order.
pub fn list_events(conn: &mut Conn, person: PersonId, seq: i64, limit: i64) -> Result<Vec<FeedRow>> {
    Ok(feed::table
        .filter(feed::person_id.eq(person).and(feed::seq.gt(seq)))
        .order(feed::seq)
        .limit(limit)
        .select(FeedRow::as_select())
        .load(conn)?)
}

/// Who carries the job, in a fixed order (the order in which their rows are locked).
pub fn list_holders(conn: &mut Conn, job: JobId) -> Result<Vec<PersonId>> {
    Ok(grants::table.filter(grants::job_id.eq(job)).order(grants::person_id).select(grants::person_id).load(conn)?)
}

/// The jobs that a person carries.
pub fn list_granted(conn: &mut Conn, person: PersonId) -> Result<Vec<JobId>> {
    Ok(grants::table.filter(grants::person_id.eq(person)).order(grants::job_id).select(grants::job_id).load(conn)?)
}

/// The jobs that a person carries with their records' heads; those with the earliest window first.
pub fn list_entitled(conn: &mut Conn, person: PersonId) -> Result<Vec<(JobId, Vec<u8>)>> {
    Ok(grants::table
        .inner_join(jobs::table.on(jobs::id.eq(grants::job_id)))
        .inner_join(records::table.on(records::job_id.eq(grants::job_id)))
        .filter(grants::person_id.eq(person))
        .order((jobs::window_from.is_null(), jobs::window_from, grants::job_id))
        .select((grants::job_id, records::heads))
        .load(conn)?)
}

pub fn insert_grant(conn: &mut Conn, row: &GrantRow) -> Result<()> {
    diesel::insert_into(grants::table).values(row).execute(conn)?;
    Ok(())
}

pub fn delete_grant(conn: &mut Conn, person: PersonId, job: JobId) -> Result<()> {
    diesel::delete(grants::table.find((person, job))).execute(conn)?;
    Ok(())
}
