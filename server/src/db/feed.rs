//! What is new for each person: grants and the feed. A number is handed out under the lock of the person's row, held until the commit:
//! nobody sees a later number before an earlier one.

use crate::db::kept::{ByColumns, Kept, load_kept, padded, run_kept};
use crate::db::{Conn, Result, insert_rows};
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

/// Where these people's feeds end; their rows stay locked until the commit, in the order of the people.
pub fn lock_ends(conn: &mut Conn, persons: &[PersonId]) -> Result<Vec<(PersonId, FeedEnd)>> {
    let query = people::table.filter(people::id.eq_any(padded(persons))).order(people::id).select((
        people::id,
        people::feed_seq,
        people::feed_digest,
    ));
    let rows: Vec<(PersonId, i64, Hash)> = match conn {
        Conn::Pg(conn) => query.for_no_key_update().load(conn)?,
        // The one writer holds the whole database.
        Conn::Sqlite(conn) => Kept(query).load(conn)?,
    };
    Ok(rows.into_iter().map(|(person, seq, digest)| (person, FeedEnd { seq, digest })).collect())
}

pub fn set_ends(conn: &mut Conn, ends: &[(PersonId, FeedEnd)]) -> Result<()> {
    match conn {
        Conn::Pg(conn) => set_at_once(conn, ends),
        // Without a way over the network a statement that stays prepared costs less than a long one.
        Conn::Sqlite(conn) => {
            for (person, end) in ends {
                let end = (people::feed_seq.eq(end.seq), people::feed_digest.eq(end.digest));
                run_kept(conn, diesel::update(people::table.find(*person)).set(end))?;
            }
            Ok(())
        }
    }
}

fn set_at_once(conn: &mut PgConnection, ends: &[(PersonId, FeedEnd)]) -> Result<()> {
    let update = ByColumns {
        before: "UPDATE people SET feed_seq = ends.seq, feed_digest = ends.digest FROM unnest(",
        keys: ends.iter().map(|(person, _)| *person).collect::<Vec<PersonId>>(),
        numbers: ends.iter().map(|(_, end)| end.seq).collect(),
        values: ends.iter().map(|(_, end)| end.digest).collect::<Vec<Hash>>(),
        after: ") AS ends (person, seq, digest) WHERE people.id = ends.person",
    };
    update.execute(conn)?;
    Ok(())
}

pub fn insert_events(conn: &mut Conn, rows: &[FeedRow]) -> Result<()> {
    insert_rows!(conn, feed::table, rows.iter().collect::<Vec<_>>());
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

/// Who carries these jobs.
pub fn list_holders(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, PersonId)>> {
    Ok(load_kept!(
        conn,
        grants::table.filter(grants::job_id.eq_any(padded(jobs))).select((grants::job_id, grants::person_id))
    ))
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
