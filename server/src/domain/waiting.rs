//! How much waits for somebody at the desk, of what their role may see.

use crate::auth::Caller;
use crate::db::waiting::{self, Of};
use crate::db::{Conn, DbError};
use crate::domain::escalations;
use schema::people::Permission;
use schema::problem::Problem;
use schema::time::{MINUTE, Timestamp};
use schema::waiting::{Waiting, Waits};

/// A promise is somebody's concern before it is broken.
const AHEAD_US: i64 = 30 * MINUTE;

pub fn count(conn: &mut Conn, caller: &Caller, now: Timestamp) -> Result<Waiting, Problem> {
    let of = Of { outlet: caller.outlet_filter(), now };
    let may = |permission| caller.role.may(permission);
    let of_inbox =
        |conn: &mut Conn, count: Counting| may(Permission::ReadQuarantine).then(|| count(conn, of)).transpose();
    let refused = of_inbox(conn, waiting::count_refused)?;
    let differing = of_inbox(conn, waiting::count_differing)?;
    let follow_ups = may(Permission::FollowUp).then(|| waiting::count_follow_ups(conn, of)).transpose()?;
    let escalations = may(Permission::TakeEscalations).then(|| escalations::count(conn, caller)).transpose()?;
    Ok(Waiting {
        refused,
        differing,
        prices: Some(waiting::count_prices(conn, of)?),
        questions: Some(waiting::count_questions(conn, of)?),
        promises: Some(waiting::count_promises(conn, of, now.plus(AHEAD_US))?),
        follow_ups,
        escalations,
    })
}

type Counting = fn(&mut Conn, Of) -> Result<Waits, DbError>;
