//! How much waits at the desks of an outlet, or of all.

use crate::db::{Conn, Result};
use diesel::prelude::*;
use schema::call::FollowUpState;
use schema::id::OutletId;
use schema::status::Status;
use schema::tables::{follow_ups, jobs, price_requests, promises, quarantine, questions};
use schema::time::Timestamp;
use schema::waiting::Waits;

/// Of whom, and as of when.
#[derive(Debug, Clone, Copy)]
pub struct Of {
    pub outlet: Option<OutletId>,
    pub now: Timestamp,
}

macro_rules! count {
    ($conn:expr, $table:ident, $outlet:expr, $filter:expr) => {{
        let mut query = $table::table.filter($filter).count().into_boxed();
        if let Some(outlet) = $outlet {
            query = query.filter($table::outlet_id.eq(outlet));
        }
        query.get_result::<i64>($conn)?
    }};
}

/// Entries of the inbox with something left to decide.
pub fn count_refused(conn: &mut Conn, Of { outlet, .. }: Of) -> Result<Waits> {
    Ok(Waits { count: count!(conn, quarantine, outlet, quarantine::decided_at.is_null()), late: 0 })
}

/// Jobs under way with places where two values stand.
pub fn count_differing(conn: &mut Conn, Of { outlet, .. }: Of) -> Result<Waits> {
    let over = [Status::Signed, Status::Closed, Status::SolvedRemotely, Status::Cancelled];
    let differing = jobs::conflicts.gt(0).and(jobs::status.ne_all(over));
    Ok(Waits { count: count!(conn, jobs, outlet, differing), late: 0 })
}

pub fn count_prices(conn: &mut Conn, Of { outlet, now }: Of) -> Result<Waits> {
    let open = price_requests::answered_at.is_null();
    let count = count!(conn, price_requests, outlet, open);
    Ok(Waits { count, late: count!(conn, price_requests, outlet, open.and(price_requests::due_at.lt(now))) })
}

pub fn count_questions(conn: &mut Conn, Of { outlet, now }: Of) -> Result<Waits> {
    let open = questions::told_at.is_null();
    let count = count!(conn, questions, outlet, open);
    Ok(Waits { count, late: count!(conn, questions, outlet, open.and(questions::due_at.lt(now))) })
}

/// Those that are due by `soon`.
pub fn count_promises(conn: &mut Conn, Of { outlet, now }: Of, soon: Timestamp) -> Result<Waits> {
    let open = promises::kept_at.is_null();
    let count = count!(conn, promises, outlet, open.and(promises::due_at.le(soon)));
    Ok(Waits { count, late: count!(conn, promises, outlet, open.and(promises::due_at.lt(now))) })
}

/// Calls that may be made by now.
pub fn count_follow_ups(conn: &mut Conn, Of { outlet, now }: Of) -> Result<Waits> {
    let open = follow_ups::state.eq(FollowUpState::Open).and(follow_ups::not_before.le(now));
    let count = count!(conn, follow_ups, outlet, open);
    Ok(Waits { count, late: count!(conn, follow_ups, outlet, open.and(follow_ups::due_at.lt(now))) })
}
