//! Promises.

use crate::db::order::{falling, rising};
use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::id::{JobId, OutletId, PersonId, PromiseId, ReportId};
use schema::rows::promises::PromiseRow;
use schema::tables::promises;
use schema::time::Timestamp;

pub fn find_promise(conn: &mut Conn, id: PromiseId) -> Result<Option<PromiseRow>> {
    Ok(promises::table.find(id).select(PromiseRow::as_select()).first(conn).optional()?)
}

/// What narrows a list of promises.
#[derive(Debug, Clone, Copy, Default)]
pub struct PromiseFilter {
    pub outlet: Option<OutletId>,
    pub owner: Option<PersonId>,
    pub report: Option<ReportId>,
    pub job: Option<JobId>,
    /// Kept, or not.
    pub is_open: Option<bool>,
    /// Broken or not, seen from this moment: not kept in time.
    pub is_broken: Option<(bool, Timestamp)>,
}

/// A page that begins after this row: where only kept ones are asked for the last kept first, where only broken ones, kept or not, the last due
/// first, else the first due first.
pub fn list_promises(
    conn: &mut Conn,
    filter: PromiseFilter,
    after: Option<&PromiseRow>,
    limit: i64,
) -> Result<Vec<PromiseRow>> {
    let mut query = promises::table.limit(limit).select(PromiseRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(promises::outlet_id.eq(outlet));
    }
    if let Some(owner) = filter.owner {
        query = query.filter(promises::owner_id.eq(owner));
    }
    if let Some(report) = filter.report {
        query = query.filter(promises::report_id.eq(report));
    }
    if let Some(job) = filter.job {
        query = query.filter(promises::job_id.eq(job));
    }
    match filter.is_open {
        Some(true) => query = query.filter(promises::kept_at.is_null()),
        Some(false) => query = query.filter(promises::kept_at.is_not_null()),
        None => {}
    }
    let (is_null, late) = (promises::kept_at.is_null(), promises::kept_at.assume_not_null().gt(promises::due_at));
    let in_time = promises::kept_at.assume_not_null().le(promises::due_at);
    match filter.is_broken {
        Some((true, now)) => query = query.filter(is_null.and(promises::due_at.lt(now)).or(late)),
        Some((false, now)) => query = query.filter(is_null.and(promises::due_at.ge(now)).or(in_time)),
        None => {}
    }
    let (kept_at, due_at, id) = (promises::kept_at.assume_not_null(), promises::due_at, promises::id);
    let due = after.map(|row| (row.due_at, row.id));
    // What is not kept would come before all that is.
    let kept = after.and_then(|row| row.kept_at.zip(Some(row.id)));
    Ok(match (filter.is_open, filter.is_broken) {
        (Some(false), _) => falling!(query, (kept_at, id), kept).load(conn)?,
        (None, Some((true, _))) => falling!(query, (due_at, id), due).load(conn)?,
        _ => rising!(query, (due_at, id), due).load(conn)?,
    })
}

pub fn insert_promise(conn: &mut Conn, row: &PromiseRow) -> Result<()> {
    diesel::insert_into(promises::table).values(row).execute(conn)?;
    Ok(())
}

/// Unless it was kept before: the first keeping stands.
pub fn update_kept(conn: &mut Conn, id: PromiseId, by: PersonId, at: Timestamp) -> Result<()> {
    diesel::update(promises::table.filter(promises::id.eq(id).and(promises::kept_at.is_null())))
        .set((promises::kept_by.eq(by), promises::kept_at.eq(at)))
        .execute(conn)?;
    Ok(())
}
