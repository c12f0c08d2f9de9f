//! Calls back to customers: due from what happened on the job, made by the desk, until the customer is satisfied.

use crate::auth::Caller;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::jobs::{self, By};
use crate::domain::records::Practised;
use crate::domain::{delays, outlets, records, templates};
use schema::binary::Hash;
use schema::call::{Call, CreateCall, FollowUp, FollowUpState};
use schema::edit::Edit;
use schema::followup::{FollowUpDue, follow_ups};
use schema::id::{CallId, FollowUpId, JobId, NoteId};
use schema::page::{Page, rows};
use schema::problem::{Kind, Problem};
use schema::record::{Decision, DecisionKind, JobRecord};
use schema::rows::customers::CustomerRow;
use schema::rows::follow_ups::{CallRow, FollowUpRow};
use schema::rows::job_notes::JobNoteRow;
use schema::status::{Status, status};
use schema::time::{MINUTE, Timestamp};
use std::collections::BTreeMap;

/// Brings jobs' rows to what follows from their records. What somebody called about stays as it is.
pub fn project(conn: &mut Conn, jobs: &[Practised<'_>]) -> Result<(), Problem> {
    let ids: Vec<JobId> = jobs.iter().map(|(view, _)| view.meta.job).collect();
    let mut known: BTreeMap<JobId, Vec<FollowUpRow>> = BTreeMap::new();
    for row in db::follow_ups::list_of_jobs(conn, &ids)? {
        known.entry(row.job_id).or_default().push(row);
    }
    jobs.iter().try_for_each(|job| project_one(conn, *job, &known.remove(&job.0.meta.job).unwrap_or_default()))
}

fn project_one(conn: &mut Conn, (view, practice): Practised<'_>, known: &[FollowUpRow]) -> Result<(), Problem> {
    let due = follow_ups(view, &*templates::of_job(conn, view)?, &practice.follow_ups);
    let same = |row: &FollowUpRow, due: &FollowUpDue| row.reason == due.reason && row.not_before == due.not_before;
    let gone = known.iter().filter(|row| row.state == FollowUpState::Open && !due.iter().any(|due| same(row, due)));
    let gone: Vec<FollowUpId> = gone.map(|row| row.id).collect();
    if !gone.is_empty() {
        let called = db::follow_ups::list_calls(conn, &gone)?;
        for row in known.iter().filter(|row| gone.contains(&row.id)) {
            match called.iter().filter(|call| call.follow_up_id == row.id).map(|call| call.made_at).max() {
                None => db::follow_ups::delete_follow_up(conn, row.id)?,
                // About a time that is over there is nothing left to say.
                Some(last) if row.reason.is_about_time() => {
                    db::follow_ups::close_follow_up(conn, row.id, FollowUpState::Unreached, last)?;
                }
                Some(_) => {}
            }
        }
    }
    for (row, due) in known.iter().filter_map(|row| Some((row, due.iter().find(|due| same(row, due))?))) {
        let (due_at, rank) = (due.deadline, i64::from(due.urgency));
        let mut is_called = || Ok::<_, Problem>(!db::follow_ups::list_calls(conn, &[row.id])?.is_empty());
        if row.state == FollowUpState::Open && (row.due_at, row.rank) != (due_at, rank) && !is_called()? {
            db::follow_ups::postpone_follow_up(conn, row.id, due_at, rank)?;
        }
    }
    for due in due.iter().filter(|due| !known.iter().any(|row| same(row, due))) {
        let row = new_row(conn, view, due)?;
        db::follow_ups::insert_follow_up(conn, &row)?;
    }
    Ok(())
}

/// Named by what it is, so that a rebuilt projection comes out the same.
fn new_row(conn: &mut Conn, view: &JobRecord, due: &FollowUpDue) -> Result<FollowUpRow, Problem> {
    let (job, micros) = (view.meta.job, due.not_before.micros().to_be_bytes());
    let name = Hash::of_all([job.as_bytes().as_slice(), due.reason.as_str().as_bytes(), &micros]);
    let mut random = [0; 10];
    random.iter_mut().zip(name.0).for_each(|(to, from)| *to = from);
    let customer = view.meta.customer.map(|id| db::customers::find_customer(conn, id)).transpose()?.flatten();
    // Who wants no calls afterwards is told all the same that somebody comes later.
    let refused = !due.reason.is_about_time() && customer.is_some_and(|customer| customer.refuses_calls);
    Ok(FollowUpRow {
        id: FollowUpId::new(due.not_before, random),
        outlet_id: view.meta.outlet,
        job_id: job,
        reason: due.reason,
        not_before: due.not_before,
        due_at: due.deadline,
        rank: i64::from(due.urgency),
        state: if refused { FollowUpState::Refused } else { FollowUpState::Open },
        closed_at: refused.then_some(due.not_before),
    })
}

/// All of one job.
pub fn of_job(conn: &mut Conn, job: JobId, now: Timestamp) -> Result<Vec<FollowUp>, Problem> {
    let rows = db::follow_ups::list_of_jobs(conn, &[job])?;
    rows.into_iter().map(|row| show(conn, row, now)).collect()
}

/// What a list of calls is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// Those to be made, or those that ended.
    pub is_open: bool,
    /// Only those that stand so.
    pub state: Option<FollowUpState>,
    /// Only those that may be called now.
    pub due_now: bool,
    pub after: Option<FollowUpId>,
    pub limit: Option<i64>,
}

pub fn list(conn: &mut Conn, caller: &Caller, now: Timestamp, search: Search) -> Result<Page<FollowUp>, Problem> {
    let limit = rows(search.limit);
    let after = match search.after {
        Some(id) => Some(load(conn, caller, id)?),
        None => None,
    };
    let filter = db::follow_ups::FollowUpFilter {
        outlet: caller.outlet_filter(),
        is_open: search.is_open,
        state: search.state,
        due_by: search.due_now.then_some(now),
    };
    let found = db::follow_ups::list_follow_ups(conn, filter, after.as_ref(), limit.saturating_add(1))?;
    let Page { items, next } = Page::cut(found, limit, |row| row.id.to_string());
    let items = items.into_iter().map(|row| show(conn, row, now)).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

fn load(conn: &mut Conn, caller: &Caller, id: FollowUpId) -> Result<FollowUpRow, Problem> {
    let row = db::follow_ups::find_follow_up(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    caller.require_outlet(row.outlet_id)?;
    Ok(row)
}

fn show(conn: &mut Conn, row: FollowUpRow, now: Timestamp) -> Result<FollowUp, Problem> {
    let job = db::jobs::find_job(conn, row.job_id)?;
    let mut calls = Vec::new();
    for call in db::follow_ups::list_calls(conn, &[row.id])? {
        calls.push(Call {
            id: call.id,
            by: jobs::name_of(conn, call.made_by)?,
            at: call.made_at,
            reached: call.reached,
            satisfied: call.satisfied,
            remarks: call.remarks,
        });
    }
    let is_open = row.state == FollowUpState::Open;
    let (number, name) = job.map(|job| (job.number, job.name)).unwrap_or_default();
    Ok(FollowUp {
        id: row.id,
        outlet: row.outlet_id,
        job: row.job_id,
        number,
        name,
        reason: row.reason,
        state: row.state,
        not_before: row.not_before,
        due_at: row.due_at,
        rank: row.rank,
        is_due: is_open && row.not_before <= now,
        is_late: is_open && row.due_at < now,
        calls,
        closed_at: row.closed_at,
    })
}

/// Records a call, and what follows from it.
pub fn call(conn: &mut Conn, by: &By, id: FollowUpId, input: &CreateCall) -> Result<FollowUp, Problem> {
    let row = load(conn, &by.caller, id)?;
    let mut form = Form::default();
    let remarks = form.optional_note("/remarks", input.remarks.as_deref());
    if input.reached && input.satisfied.is_none() && !input.refuses_calls {
        form.wrong("/satisfied", "请填写客户是否满意", "say whether the customer is satisfied");
    }
    if !input.reached && (input.satisfied.is_some() || input.refuses_calls || input.complaint) {
        form.wrong("/reached", "没有联系到客户，不能填写客户意见", "nobody was reached who could have said so");
    }
    if input.satisfied == Some(false) && remarks.is_none() {
        form.wrong("/remarks", "客户不满意时请写明原因", "say what the customer is not satisfied with");
    }
    if input.complaint && input.satisfied != Some(false) {
        form.wrong("/complaint", "只有客户不满意时才能转投诉", "only who is not satisfied complains");
    }
    let is_about_time = row.reason.is_about_time();
    if is_about_time && (input.complaint || input.refuses_calls) {
        let (zh, en) = ("上门前的告知电话不登记投诉和拒访", "this call is about the time of a visit");
        form.wrong(if input.complaint { "/complaint" } else { "/refuses_calls" }, zh, en);
    }
    form.finish()?;
    let earlier = db::follow_ups::list_calls(conn, &[id])?;
    let settings = outlets::load(conn, row.outlet_id)?.settings;
    // The visit does not wait for another hour.
    let apart_minutes = if is_about_time { 0 } else { settings.call_tries_apart_minutes };
    may_call(&row, &earlier, by.now, apart_minutes)?;
    let made = CallRow {
        id: CallId::new(by.now, by.random),
        follow_up_id: id,
        made_by: by.caller.person,
        made_at: by.now,
        reached: input.reached,
        satisfied: input.satisfied,
        remarks: remarks.clone(),
    };
    db::follow_ups::insert_call(conn, &made)?;
    if let Some(state) = outcome(input, earlier.len() + 1, settings.call_tries) {
        db::follow_ups::close_follow_up(conn, id, state, by.now)?;
    }
    if input.refuses_calls {
        refuse_calls(conn, &row)?;
    }
    if let (true, Some(agrees)) = (is_about_time, input.satisfied) {
        delays::note_call(conn, by, row.job_id, agrees, remarks)?;
    } else if input.satisfied == Some(false) {
        let reason = remarks.unwrap_or_default();
        dissatisfied(conn, by, row.job_id, reason, input.complaint)?;
    }
    records::project_again(conn, row.job_id)?;
    let row = load(conn, &by.caller, id)?;
    show(conn, row, by.now)
}

/// Tries are made at different hours.
fn may_call(row: &FollowUpRow, earlier: &[CallRow], now: Timestamp, apart_minutes: i64) -> Result<(), Problem> {
    if row.state != FollowUpState::Open {
        return Err(Problem::because(Kind::Conflict, "该回访已结束", "This follow-up is over"));
    }
    if now < row.not_before {
        return Err(Problem::because(Kind::Conflict, "还没到回访时间", "It is too early for this call"));
    }
    if earlier.iter().any(|call| now.since(call.made_at) < apart_minutes.saturating_mul(MINUTE)) {
        let zh = format!("{apart_minutes} 分钟内已经打过，请换个时间再试");
        let en = format!("It was tried within {apart_minutes} minutes; try again at another time");
        return Err(Problem::because(Kind::Conflict, zh, en));
    }
    Ok(())
}

/// How the follow-up ends with this call, if it does.
fn outcome(input: &CreateCall, tries: usize, tries_max: i64) -> Option<FollowUpState> {
    match input.satisfied {
        Some(true) => Some(FollowUpState::Satisfied),
        Some(false) => Some(FollowUpState::Unsatisfied),
        None if input.refuses_calls => Some(FollowUpState::Refused),
        None => (i64::try_from(tries).unwrap_or(i64::MAX) >= tries_max).then_some(FollowUpState::Unreached),
    }
}

fn refuse_calls(conn: &mut Conn, row: &FollowUpRow) -> Result<(), Problem> {
    let job = db::jobs::find_job(conn, row.job_id)?;
    let customer = job.and_then(|job| job.customer_id);
    if let Some(customer) = customer.map(|id| db::customers::find_customer(conn, id)).transpose()?.flatten() {
        db::customers::update_customer(conn, &CustomerRow { refuses_calls: true, ..customer })?;
    }
    Ok(())
}

/// It goes on until the customer is satisfied: the job opens again, or the complaint is noted where the desk sees it.
fn dissatisfied(conn: &mut Conn, by: &By, job: JobId, reason: String, complaint: bool) -> Result<(), Problem> {
    if complaint {
        let id = NoteId::new(by.now, by.random);
        let text = format!("客户投诉（回访）：{reason}");
        let note =
            JobNoteRow { id, job_id: job, text, written_by: by.caller.person, written_at: by.now, corrects: None };
        return Ok(db::job_notes::insert_job_note(conn, &note)?);
    }
    let stored = records::load_to_write(conn, job)?;
    // A job that is still under way needs no opening.
    let over = matches!(
        status(&stored.view()?),
        Status::Closed | Status::SolvedRemotely | Status::Signed | Status::AwaitingProof | Status::Cancelled
    );
    if over {
        let reason = Some(format!("回访不满意：{reason}"));
        let decision = Decision { kind: DecisionKind::Reopened, by: by.caller.person, at: by.now, reason };
        let edit = Edit::Decide { id: by.entry(), decision };
        records::write_stored(conn, by.office(), stored, None, &[edit])?;
    }
    Ok(())
}
