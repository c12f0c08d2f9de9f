//! Calls that are due to customers, and calls that were made.

use crate::db::kept::{load_kept, padded};
use crate::db::order::{falling, rising};
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
    /// Those to be made, or those that ended.
    pub is_open: bool,
    /// Only those that stand so.
    pub state: Option<FollowUpState>,
    /// Only those that may be called by this moment.
    pub due_by: Option<Timestamp>,
}

/// A page that begins after this row: of those that ended the last first; of those to be made what is due by some moment with the most urgent first,
/// all of them by when they may be called.
pub fn list_follow_ups(
    conn: &mut Conn,
    filter: FollowUpFilter,
    after: Option<&FollowUpRow>,
    limit: i64,
) -> Result<Vec<FollowUpRow>> {
    let mut query = follow_ups::table.limit(limit).select(FollowUpRow::as_select()).into_boxed();
    if let Some(outlet) = filter.outlet {
        query = query.filter(follow_ups::outlet_id.eq(outlet));
    }
    if let Some(state) = filter.state {
        query = query.filter(follow_ups::state.eq(state));
    }
    if let Some(moment) = filter.due_by {
        query = query.filter(follow_ups::not_before.le(moment));
    }
    let (not_before, closed_at, id) = (follow_ups::not_before, follow_ups::closed_at, follow_ups::id);
    if !filter.is_open {
        // What did not end yet would come before all that did.
        let after = after.and_then(|row| row.closed_at.zip(Some(row.id)));
        let ended = query.filter(closed_at.is_not_null());
        return Ok(falling!(ended, (closed_at.assume_not_null(), id), after).load(conn)?);
    }
    let mut query = query.filter(follow_ups::state.eq(FollowUpState::Open));
    if filter.due_by.is_none() {
        return Ok(rising!(query, (not_before, id), after.map(|row| (row.not_before, row.id))).load(conn)?);
    }
    let rank = follow_ups::rank;
    if let Some(row) = after {
        let same = not_before.eq(row.not_before).and(id.gt(row.id));
        let behind = rank.eq(row.rank).and(not_before.gt(row.not_before).or(same));
        query = query.filter(rank.gt(row.rank).or(behind));
    }
    Ok(query.order((rank, not_before, id)).load(conn)?)
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
