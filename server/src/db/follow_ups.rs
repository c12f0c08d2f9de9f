//! Calls that are due to customers, and calls that were made.

use crate::db::kept::{load_kept, padded};
use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::call::FollowUpState;
use schema::id::{FollowUpId, JobId, OutletId};
use schema::rows::follow_ups::{CallRow, FollowUpRow};
use schema::tables::{calls, follow_ups};
use schema::time::Timestamp;

pub fn find_follow_up(conn: &mut Conn, id: FollowUpId) -> Result<Option<FollowUpRow>> {
    Ok(follow_ups::table.find(id).select(FollowUpRow::as_select()).first(conn).optional()?)
}

/// In the order in which they fall due.
pub fn list_of_jobs(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<FollowUpRow>> {
    Ok(load_kept!(
        conn,
        follow_ups::table
            .filter(follow_ups::job_id.eq_any(padded(jobs)))
            .order((follow_ups::not_before, follow_ups::rank, follow_ups::id))
            .select(FollowUpRow::as_select())
    ))
}

/// What narrows a list of calls.
#[derive(Debug, Clone, Copy)]
pub struct FollowUpFilter {
    pub outlet: Option<OutletId>,
    pub state: FollowUpState,
    /// Some: those that may be called by this moment, the most urgent first. None: all, by when they may be called.
    pub due_by: Option<Timestamp>,
}

/// A page that begins after this row.
pub fn list_follow_ups(
    conn: &mut Conn,
    filter: FollowUpFilter,
    after: Option<&FollowUpRow>,
    limit: i64,
) -> Result<Vec<FollowUpRow>> {
    let mut query = follow_ups::table
        .filter(follow_ups::state.eq(filter.state))
        .limit(limit)
        .select(FollowUpRow::as_select())
        .into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(follow_ups::outlet_id.eq(outlet));
    }
    let later = |row: &FollowUpRow| {
        let same = follow_ups::not_before.eq(row.not_before);
        follow_ups::not_before.gt(row.not_before).or(same.and(follow_ups::id.gt(row.id)))
    };
    match (filter.due_by, after) {
        (Some(now), None) => query = query.filter(follow_ups::not_before.le(now)),
        (Some(now), Some(row)) => {
            let behind = follow_ups::rank.gt(row.rank).or(follow_ups::rank.eq(row.rank).and(later(row)));
            query = query.filter(follow_ups::not_before.le(now).and(behind));
        }
        (None, Some(row)) => query = query.filter(later(row)),
        (None, None) => {}
    }
    Ok(match filter.due_by {
        Some(_) => query.order((follow_ups::rank, follow_ups::not_before, follow_ups::id)).load(conn)?,
        None => query.order((follow_ups::not_before, follow_ups::id)).load(conn)?,
    })
}

pub fn insert_follow_up(conn: &mut Conn, row: &FollowUpRow) -> Result<()> {
    diesel::insert_into(follow_ups::table).values(row).execute(conn)?;
    Ok(())
}

pub fn delete_follow_up(conn: &mut Conn, id: FollowUpId) -> Result<()> {
    diesel::delete(follow_ups::table.find(id)).execute(conn)?;
    Ok(())
}

pub fn close_follow_up(conn: &mut Conn, id: FollowUpId, state: FollowUpState, now: Timestamp) -> Result<()> {
    diesel::update(follow_ups::table.find(id))
        .set((follow_ups::state.eq(state), follow_ups::closed_at.eq(Some(now))))
        .execute(conn)?;
    Ok(())
}

pub fn postpone_follow_up(conn: &mut Conn, id: FollowUpId, due_at: Timestamp, rank: i64) -> Result<()> {
    diesel::update(follow_ups::table.find(id))
        .set((follow_ups::due_at.eq(due_at), follow_ups::rank.eq(rank)))
        .execute(conn)?;
    Ok(())
}

pub fn insert_call(conn: &mut Conn, row: &CallRow) -> Result<()> {
    diesel::insert_into(calls::table).values(row).execute(conn)?;
    Ok(())
}

/// The calls of these, oldest first.
pub fn list_calls(conn: &mut Conn, follow_ups: &[FollowUpId]) -> Result<Vec<CallRow>> {
    Ok(calls::table
        .filter(calls::follow_up_id.eq_any(follow_ups))
        .order((calls::made_at, calls::id))
        .select(CallRow::as_select())
        .load(conn)?)
}

/// When the customers of these jobs were reached.
pub fn list_reached(conn: &mut Conn, jobs: &[JobId]) -> Result<Vec<(JobId, Timestamp)>> {
    Ok(load_kept!(
        conn,
        calls::table
            .inner_join(follow_ups::table)
            .filter(follow_ups::job_id.eq_any(padded(jobs)).and(calls::reached.eq(true)))
            .order(calls::made_at)
            .select((follow_ups::job_id, calls::made_at))
    ))
}
