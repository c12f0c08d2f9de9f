//! One call is enough: a second report of the same fault by the same customer is found when it is taken. The agent decides whether
//! it is the same fault or a new one; the same is counted against the first.

mod changed;

use super::told::Told;
use super::{Desk, load_to_act, show};
use crate::db::{self, Conn};
use crate::domain::records;
use schema::contact::matching_key;
use schema::edit::Edit;
use schema::id::{JobId, PersonId, ReportId};
use schema::outlet::Outlet;
use schema::people::Permission;
use schema::problem::{Kind, Problem};
use schema::record::{Decision, DecisionKind, Rework};
use schema::report::{CustomerReport, DecideRepeat, Likeness, RepeatVerdict, ReportClass, ReportState, Suspect};
use schema::rows::jobs::JobRow;
use schema::rows::reports::ReportRow;
use schema::status::Status;
use schema::time::{DAY, Timestamp};
use std::collections::HashMap;

/// Earlier reports that this one may repeat, newest first: same customer, number or address, and same product or class of fault;
/// still open, or taken or closed within the outlet's window.
pub(super) fn suspects(
    conn: &mut Conn,
    row: &ReportRow,
    outlet: &Outlet,
    now: Timestamp,
) -> Result<Vec<Suspect>, Problem> {
    let alike = db::reports::list_alike(conn, row)?;
    let repairs = alike.into_iter().filter(|earlier| {
        let is_repair = earlier.class == ReportClass::Repair || earlier.job_id.is_some();
        is_repair && earlier.state != ReportState::Void
    });
    let repairs: Vec<(ReportRow, Vec<Likeness>)> =
        repairs.filter_map(|earlier| likeness(&earlier, row).map(|same| (earlier, same))).collect();
    let jobs: Vec<JobId> = repairs.iter().filter_map(|(earlier, _)| earlier.job_id).collect();
    let ends: HashMap<JobId, Option<Timestamp>> = db::reports::list_job_ends(conn, &jobs)?.into_iter().collect();
    let since = now.plus(-outlet.settings.repeat_window_days.saturating_mul(DAY));
    let suspect = |(earlier, same): (ReportRow, Vec<Likeness>)| {
        let closed_at = match earlier.job_id {
            Some(job) => ends.get(&job).copied().flatten(),
            None => earlier.closed_at,
        };
        let is_recent = earlier.taken_at >= since || closed_at.is_none_or(|closed| closed >= since);
        is_recent.then_some(Suspect {
            report: earlier.id,
            number: earlier.number,
            job: earlier.job_id,
            state: earlier.state,
            fault: earlier.fault,
            fault_class: earlier.fault_class,
            product: earlier.product,
            taken_at: earlier.taken_at,
            closed_at,
            same,
        })
    };
    Ok(repairs.into_iter().filter_map(suspect).collect())
}

/// What two reports have in common; None where it is not enough.
fn likeness(a: &ReportRow, b: &ReportRow) -> Option<Vec<Likeness>> {
    let same = |a: &str, b: &str| !a.is_empty() && a == b;
    let product = |row: &ReportRow| matching_key(row.product.as_deref().unwrap_or(""));
    let who = [
        (Likeness::Customer, a.customer_id.is_some() && a.customer_id == b.customer_id),
        (Likeness::Phone, same(&a.phone_digits, &b.phone_digits)),
        (Likeness::Address, same(&a.address_key, &b.address_key)),
    ];
    let what = [
        (Likeness::Product, same(&product(a), &product(b))),
        (Likeness::FaultClass, a.fault_class.is_some() && a.fault_class == b.fault_class),
    ];
    if !who.iter().any(|(_, is)| *is) || !what.iter().any(|(_, is)| *is) {
        return None;
    }
    Some(who.into_iter().chain(what).filter(|(_, is)| *is).map(|(likeness, _)| likeness).collect())
}

/// The earlier report that is named at this place: of the same outlet, and taken before.
pub(super) fn earlier(conn: &mut Conn, row: &ReportRow, (at, id): (&str, ReportId)) -> Result<ReportRow, Problem> {
    let earlier = db::reports::find_report(conn, id)?;
    let earlier = earlier.filter(|earlier| earlier.outlet_id == row.outlet_id && earlier.id < row.id);
    earlier.ok_or_else(|| Problem::field(at, "没有这条更早的报修", "there is no such earlier report"))
}

pub(super) fn mark(row: &mut ReportRow, by: PersonId, repeat: &DecideRepeat) {
    row.repeat_of = Some(repeat.of);
    row.repeat_verdict = Some(repeat.verdict);
    row.repeat_decided_by = Some(by);
}

/// The job of a report.
pub(super) fn job_of(conn: &mut Conn, row: &ReportRow) -> Result<Option<JobRow>, Problem> {
    let Some(job) = row.job_id else { return Ok(None) };
    Ok(db::jobs::find_job(conn, job)?)
}

/// The job of the earlier report that this one was found to repeat, where that job is over.
pub(super) fn first_job(conn: &mut Conn, row: &ReportRow) -> Result<Option<JobId>, Problem> {
    let Some((of, RepeatVerdict::Same)) = row.repeat_of.zip(row.repeat_verdict) else { return Ok(None) };
    let first = earlier(conn, row, ("/of", of))?;
    Ok(job_of(conn, &first)?.filter(|job| job.closed_at.is_some()).map(|job| job.id))
}

/// Records the agent's verdict. Where it is the same fault and the first job is still open, nobody is sent a second time: this
/// report joins that job, and its own is cancelled, of which its technician's phone hears; once they have set out, they are rung up first.
/// Where the first is over, this one's job is rework, also if it was opened before that was known, and even after it was carried out: what
/// it cost is then settled with the customer. Another verdict takes an earlier one back, which stays on record.
pub fn decide(conn: &mut Conn, desk: Desk<'_>, id: ReportId, input: &DecideRepeat) -> Result<CustomerReport, Problem> {
    let mut row = load_to_act(conn, desk.caller, id, Permission::AmendJobs)?;
    let decided = row.repeat_of.zip(row.repeat_verdict);
    if decided == Some((input.of, input.verdict)) {
        return show(conn, desk.caller, desk.now, &row);
    }
    let first = earlier(conn, &row, ("/of", input.of))?;
    if decided.is_some() {
        changed::take_back(conn, desk, &mut row, input)?;
    }
    mark(&mut row, desk.caller.person, input);
    match (input.verdict, job_of(conn, &first)?) {
        (RepeatVerdict::Same, Some(job)) if job.closed_at.is_none() => join(conn, desk, &mut row, &first, job.id)?,
        (RepeatVerdict::Same, Some(job)) => rework(conn, desk, &row, job)?,
        (RepeatVerdict::Same, None) => {}
        (RepeatVerdict::New, _) if decided.is_some() => changed::part(conn, desk, &mut row, input)?,
        (RepeatVerdict::New, _) => {}
    }
    db::reports::update_report(conn, &row)?;
    show(conn, desk.caller, desk.now, &row)
}

/// The report is one more word on the first one's job; what it lacks was told then.
pub(super) fn adopt(row: &mut ReportRow, first: &ReportRow, job: JobId) {
    let (mut told, earlier) = (Told::from_row(row), Told::from_row(first).report);
    told.report.name = told.report.name.or(earlier.name);
    told.report.phone = told.report.phone.or(earlier.phone);
    told.report.address = told.report.address.or(earlier.address);
    told.report.fault = told.report.fault.or(earlier.fault);
    told.write_to(row);
    (row.job_id, row.state, row.closed_at) = (Some(job), ReportState::Job, None);
}

/// Puts on record that the report's own job is rework of the first.
fn rework(conn: &mut Conn, desk: Desk<'_>, row: &ReportRow, first: JobRow) -> Result<(), Problem> {
    let Some(own) = row.job_id.filter(|own| *own != first.id) else { return Ok(()) };
    let stored = records::load_to_write(conn, own)?;
    let view = stored.view()?;
    // A report that was joined to another's job does not speak for that job.
    if view.meta.report != row.id || view.rework_of().is_some() {
        return Ok(());
    }
    let rework = Rework { of: first.id, number: first.number, by: desk.caller.person, at: desk.now };
    records::write_stored(conn, desk.office(), stored, None, &[Edit::Rework { rework }])?;
    Ok(())
}

fn join(conn: &mut Conn, desk: Desk<'_>, row: &mut ReportRow, first: &ReportRow, job: JobId) -> Result<(), Problem> {
    if let Some(own) = job_of(conn, row)?.filter(|own| own.id != job) {
        match own.status {
            Status::Reported
            | Status::Ready
            | Status::Reopened
            | Status::Assigned
            | Status::Accepted
            | Status::Appointed => cancel(conn, desk, own.id, &first.number)?,
            Status::Cancelled => {}
            // It was carried out, or cured by phone: what was done for this report stays its own.
            Status::Closed | Status::SolvedRemotely => return Ok(()),
            _ => return Err(has_begun(&own)),
        }
    }
    adopt(row, first, job);
    Ok(())
}

/// Ends the second job, and with it the links that show it.
fn cancel(conn: &mut Conn, desk: Desk<'_>, own: JobId, first: &str) -> Result<(), Problem> {
    let decision = Decision {
        kind: DecisionKind::Cancelled,
        by: desk.caller.person,
        at: desk.now,
        reason: Some(format!("重复报修，并入 {first}")),
    };
    records::write(conn, desk.office(), own, &[Edit::Decide { id: desk.entry_id(), decision }])?;
    Ok(db::links::revoke_links_of(conn, own, desk.caller.person, desk.now)?)
}

fn has_begun(own: &JobRow) -> Problem {
    let (number, name) = (&own.number, own.technician_name.as_deref().unwrap_or_default());
    let zh = format!(
        "{number} 的工程师{name}已出发或已开工，不能直接并单。请先联系工程师：不用再去的，取消 {number} 后再判定；要继续的，判定为新故障"
    );
    let en = format!(
        "{name} has set out for {number}, or begun there. Call them first: if nobody needs to go, cancel {number} and then decide; if they go on, it is a new fault"
    );
    Problem::because(Kind::Conflict, zh, en)
}
