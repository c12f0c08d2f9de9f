//! Internal notes on jobs.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::JobId;
use schema::rows::job_notes::JobNoteRow;
use schema::tables::job_notes;

/// Oldest first.
pub fn list_job_notes(conn: &mut Conn, job: JobId) -> Result<Vec<JobNoteRow>> {
    Ok(job_notes::table
        .filter(job_notes::job_id.eq(job))
        .order((job_notes::written_at, job_notes::id))
        .select(JobNoteRow::as_select())
        .load(conn)?)
}

pub fn insert_job_note(conn: &mut Conn, row: &JobNoteRow) -> Result<()> {
    diesel::insert_into(job_notes::table).values(row).execute(conn)?;
    Ok(())
}
