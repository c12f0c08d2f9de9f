//! How often a log-in has failed, per name and per address.

use crate::db::{Conn, Result, on_conn};
use diesel::prelude::*;
use diesel::sql_types::Text;
use schema::tables::throttles;
use schema::time::Timestamp;

/// Any number that only these locks have.
const LOCKS: i32 = 0x7468;

/// (failures, not before) of `key`. Nobody else counts it until the transaction ends: of two who count at once, on whatever server, one
/// would be lost.
pub fn lock_throttle(conn: &mut Conn, key: &str) -> Result<Option<(i64, Timestamp)>> {
    if let Conn::Pg(conn) = conn {
        // There may be no row to lock.
        diesel::sql_query(format!("SELECT pg_advisory_xact_lock({LOCKS}, hashtext($1))"))
            .bind::<Text, _>(key)
            .execute(conn)?;
    }
    Ok(throttles::table.find(key).select((throttles::failures, throttles::until)).first(conn).optional()?)
}

pub fn set_throttle(conn: &mut Conn, key: &str, failures: i64, until: Timestamp) -> Result<()> {
    on_conn!(conn, |conn| diesel::insert_into(throttles::table)
        .values((throttles::key.eq(key), throttles::failures.eq(failures), throttles::until.eq(until)))
        .on_conflict(throttles::key)
        .do_update()
        .set((throttles::failures.eq(failures), throttles::until.eq(until)))
        .execute(conn))?;
    Ok(())
}

pub fn delete_throttle(conn: &mut Conn, key: &str) -> Result<()> {
    diesel::delete(throttles::table.find(key)).execute(conn)?;
    Ok(())
}

/// Forgets what has been quiet since `before`. Says how many.
pub fn delete_throttles(conn: &mut Conn, before: Timestamp) -> Result<usize> {
    Ok(diesel::delete(throttles::table.filter(throttles::until.lt(before))).execute(conn)?)
}
