//! What moved by which transaction, for servers that were not told (decision 0014). PostgreSQL only: SQLite has one server, which tells all
//! of it itself.
//!
//! A number counted up by each transaction would be handed out before its commit, and a reader who remembers the highest one passes over
//! what is committed late. So the number is the transaction's own, and what a reader remembers is the oldest that was still under way
//! when it looked: all that it could not see has that number, or a later one.

use crate::db::{Conn, Result};
use crate::feed::Notice;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary};
use schema::id::{JobId, OutletId};
use std::collections::BTreeSet;

/// For so long they are kept: a server looks far more often, and one whose line was away for longer begins anew.
const KEPT_US: i64 = schema::time::HOUR;
/// Moves that one look reads; more are told as "look at everything".
pub const LOOK_ROWS: usize = 20_000;

const INSERT: &str = "INSERT INTO moves (xid, subject_id, outlet_id, moved_at) \
    SELECT txid_current(), subject, outlet, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint \
    FROM unnest($1, $2) AS moved (subject, outlet) RETURNING xid";
const SINCE: &str = "SELECT xid, subject_id, outlet_id FROM moves WHERE xid >= $1 ORDER BY xid, subject_id LIMIT $2";
const HORIZON: &str = "SELECT txid_snapshot_xmin(txid_current_snapshot()) AS xid";
const FORGET: &str = "DELETE FROM moves \
    WHERE moved_at < (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - $1";

#[derive(QueryableByName)]
struct Xid {
    #[diesel(sql_type = BigInt)]
    xid: i64,
}

/// Something that moved.
#[derive(QueryableByName)]
pub struct Move {
    #[diesel(sql_type = BigInt)]
    pub xid: i64,
    #[diesel(sql_type = Binary)]
    subject_id: JobId,
    #[diesel(sql_type = Binary)]
    outlet_id: OutletId,
}

impl Move {
    /// The job that changed; or the outlet's desk, which bears the outlet's id.
    pub fn notice(&self) -> Notice {
        if self.subject_id.0 == self.outlet_id.0 {
            Notice::Desk(self.outlet_id)
        } else {
            Notice::Job(self.outlet_id, self.subject_id)
        }
    }
}

/// Writes down what this transaction moves, as its last deed; answers its number. None where it moves nothing that boards show.
pub fn insert_moves(conn: &mut Conn, notices: &[Notice]) -> Result<Option<i64>> {
    let Conn::Pg(conn) = conn else { return Ok(None) };
    let moved: BTreeSet<(JobId, OutletId)> = notices.iter().filter_map(subject).collect();
    if moved.is_empty() {
        return Ok(None);
    }
    let (subjects, outlets): (Vec<JobId>, Vec<OutletId>) = moved.into_iter().unzip();
    let insert = diesel::sql_query(INSERT).bind::<Array<Binary>, _>(subjects).bind::<Array<Binary>, _>(outlets);
    Ok(insert.load::<Xid>(conn)?.first().map(|row| row.xid))
}

fn subject(notice: &Notice) -> Option<(JobId, OutletId)> {
    match notice {
        Notice::Job(outlet, job) => Some((*job, *outlet)),
        Notice::Desk(outlet) => Some((JobId(outlet.0), *outlet)),
        _ => None,
    }
}

/// The oldest transaction that is under way; all before it are seen, or came to nothing.
pub fn horizon(conn: &mut PgConnection) -> Result<i64> {
    Ok(diesel::sql_query(HORIZON).get_result::<Xid>(conn)?.xid)
}

/// What is seen to have moved by this transaction and later ones.
pub fn list_moves(conn: &mut PgConnection, from: i64) -> Result<Vec<Move>> {
    let limit = i64::try_from(LOOK_ROWS).unwrap_or(i64::MAX);
    Ok(diesel::sql_query(SINCE).bind::<BigInt, _>(from).bind::<BigInt, _>(limit).load(conn)?)
}

/// Forgets what every server has looked at.
pub fn delete_moves(conn: &mut Conn) -> Result<usize> {
    let Conn::Pg(conn) = conn else { return Ok(0) };
    Ok(diesel::sql_query(FORGET).bind::<BigInt, _>(KEPT_US).execute(conn)?)
}
