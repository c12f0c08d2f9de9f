//! The projection of the records: one row a job, and its clocks.

use crate::db::{Conn, Result, on_conn};
use diesel::prelude::*;
use schema::id::JobId;
use schema::rows::jobs::{JobClockRow, JobRow};
use schema::tables::{job_clocks, jobs};

pub fn find_job(conn: &mut Conn, id: JobId) -> Result<Option<JobRow>> {
    Ok(jobs::table.find(id).select(JobRow::as_select()).first(conn).optional()?)
}

/// Puts a job's row in place of what was there.
pub fn upsert_job(conn: &mut Conn, row: &JobRow) -> Result<()> {
    on_conn!(conn, |conn| diesel::insert_into(jobs::table)
        .values(row)
        .on_conflict(jobs::id)
        .do_update()
        .set(row)
        .execute(conn))?;
    Ok(())
}

/// Empties the projections, before they are made again.
pub fn delete_all(conn: &mut Conn) -> Result<()> {
    diesel::delete(job_clocks::table).execute(conn)?;
    diesel::delete(jobs::table).execute(conn)?;
    Ok(())
}

pub fn list_clocks(conn: &mut Conn, job: JobId) -> Result<Vec<JobClockRow>> {
    Ok(job_clocks::table
        .filter(job_clocks::job_id.eq(job))
        .order(job_clocks::due_at)
        .select(JobClockRow::as_select())
        .load(conn)?)
}

/// Puts a job's clocks in place of those that were there.
pub fn replace_clocks(conn: &mut Conn, job: JobId, rows: &[JobClockRow]) -> Result<()> {
    diesel::delete(job_clocks::table.filter(job_clocks::job_id.eq(job))).execute(conn)?;
    if !rows.is_empty() {
        on_conn!(conn, |conn| diesel::insert_into(job_clocks::table).values(rows).execute(conn))?;
    }
    Ok(())
}
