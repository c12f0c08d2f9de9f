//! What phones are told of the jobs in their hands beside the records: the limits that run, and whether the customer wants to be called.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::clocks;
use schema::id::{CustomerId, JobId};
use schema::in_hand::{JobInHand, Limit};
use schema::problem::Problem;
use schema::rows::jobs::JobClockRow;
use std::collections::{BTreeMap, BTreeSet};

/// Of every job in the caller's hands.
pub fn list(conn: &mut Conn, caller: &Caller) -> Result<Vec<JobInHand>, Problem> {
    let granted = db::feed::list_granted(conn, caller.person)?;
    let mut jobs = db::jobs::list_by_id(conn, &granted)?;
    jobs.retain(|job| caller.require_outlet(job.outlet_id).is_ok());
    let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
    let mut limits: BTreeMap<JobId, Vec<Limit>> = BTreeMap::new();
    for row in db::jobs::list_clocks(conn, &ids)?.into_iter().filter(runs) {
        let known = clocks::shipped()?.iter().find(|rule| rule.id == row.rule);
        if let Some(rule) = known {
            let JobClockRow { job_id, rule: id, warn_at, due_at, .. } = row;
            limits.entry(job_id).or_default().push(Limit { rule: id, name: rule.name.clone(), warn_at, due_at });
        }
    }
    let customers: BTreeSet<CustomerId> = jobs.iter().filter_map(|job| job.customer_id).collect();
    let customers = db::customers::list_by_id(conn, &Vec::from_iter(customers))?;
    let refusing: BTreeSet<CustomerId> =
        customers.into_iter().filter(|customer| customer.refuses_calls).map(|customer| customer.id).collect();
    let told = jobs.into_iter().map(|job| {
        let mut limits = limits.remove(&job.id).unwrap_or_default();
        limits.sort_by_key(|limit| limit.due_at);
        JobInHand { job: job.id, limits, refuses_calls: job.customer_id.is_some_and(|id| refusing.contains(&id)) }
    });
    Ok(told.collect())
}

fn runs(row: &JobClockRow) -> bool {
    row.stopped_at.is_none() && !row.is_paused
}
