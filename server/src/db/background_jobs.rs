//! Work that waits to be done in the background.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::BackgroundJobId;
use schema::rows::background_jobs::BackgroundJobRow;
use schema::tables::background_jobs;
use schema::time::Timestamp;

pub fn insert_job(conn: &mut Conn, row: &BackgroundJobRow) -> Result<()> {
    diesel::insert_into(background_jobs::table).values(row).execute(conn)?;
    Ok(())
}

/// The job of these kinds that has been due for longest; nobody else can take it until the transaction ends. What another server
/// is taking just now is passed over, not waited for.
pub fn lock_due(conn: &mut Conn, kinds: &[&str], now: Timestamp) -> Result<Option<BackgroundJobRow>> {
    let due = background_jobs::table
        .filter(background_jobs::parked_at.is_null().and(background_jobs::run_at.le(now)))
        .filter(background_jobs::kind.eq_any(kinds))
        .order((background_jobs::run_at, background_jobs::id))
        .limit(1)
        .select(background_jobs::all_columns);
    Ok(match conn {
        Conn::Pg(conn) => due.for_update().skip_locked().first(conn).optional()?,
        // The one writer holds the whole database.
        Conn::Sqlite(conn) => due.first(conn).optional()?,
    })
}

/// One more try has begun; the job is due again at `until`.
pub fn begin_attempt(conn: &mut Conn, id: BackgroundJobId, attempts: i32, until: Timestamp) -> Result<()> {
    diesel::update(background_jobs::table.find(id))
        .set((background_jobs::attempts.eq(attempts), background_jobs::run_at.eq(until)))
        .execute(conn)?;
    Ok(())
}

/// It is done. False where it was taken away meanwhile.
pub fn delete_job(conn: &mut Conn, id: BackgroundJobId, attempt: i32) -> Result<bool> {
    let tried = background_jobs::table.find(id).filter(background_jobs::attempts.eq(attempt));
    Ok(diesel::delete(tried).execute(conn)? > 0)
}

/// How a try ended: when to try again, or that it is parked, and why. False where the job was taken away meanwhile.
pub fn end_attempt(conn: &mut Conn, (id, attempt): (BackgroundJobId, i32), end: &AttemptEnd) -> Result<bool> {
    let tried = background_jobs::table.find(id).filter(background_jobs::attempts.eq(attempt));
    let ended = diesel::update(tried)
        .set((
            background_jobs::run_at.eq(end.run_at),
            background_jobs::attempts.eq(end.attempts),
            background_jobs::last_error.eq(end.error.as_deref()),
            background_jobs::parked_at.eq(end.parked_at),
        ))
        .execute(conn)?;
    Ok(ended > 0)
}

/// What a try that did not succeed leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptEnd {
    pub run_at: Timestamp,
    pub attempts: i32,
    pub error: Option<String>,
    pub parked_at: Option<Timestamp>,
}

pub fn find_job(conn: &mut Conn, id: BackgroundJobId) -> Result<Option<BackgroundJobRow>> {
    Ok(background_jobs::table.find(id).select(BackgroundJobRow::as_select()).first(conn).optional()?)
}

/// (waiting or under way, parked).
pub fn count_jobs(conn: &mut Conn) -> Result<(i64, i64)> {
    let waiting = background_jobs::table.filter(background_jobs::parked_at.is_null()).count().get_result(conn)?;
    let parked = background_jobs::table.filter(background_jobs::parked_at.is_not_null()).count().get_result(conn)?;
    Ok((waiting, parked))
}
