//! Who may know of a job: the office of its outlet, those who see all outlets, and the technician who has it in hand.

use crate::auth::Caller;
use crate::db::{self, Conn};
use schema::id::JobId;
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::rows::jobs::JobRow;

/// The job's row. Not found where the caller may not know of it.
pub fn job(conn: &mut Conn, caller: &Caller, id: JobId) -> Result<JobRow, Problem> {
    let not_found = || Problem::new(Kind::NotFound);
    let row = db::jobs::find_job(conn, id)?.ok_or_else(not_found)?;
    caller.require_outlet(row.outlet_id)?;
    let in_hand = row.technician_id == Some(caller.person);
    if in_hand || caller.role.may(Permission::ReadJobs) { Ok(row) } else { Err(not_found()) }
}
