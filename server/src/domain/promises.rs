//! Promises to customers: each has an owner and a due time, and shows when it is broken.

use crate::auth::Caller;
use crate::db::promises::PromiseFilter;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::{access, reports};
use crate::feed::{self, Notice};
use schema::id::{JobId, PersonId, PromiseId, ReportId};
use schema::page::{Page, rows};
use schema::people::{Permission, PersonName};
use schema::problem::{Kind, Problem};
use schema::promise::{CreatePromise, Promise, is_broken};
use schema::rows::people::PersonRow;
use schema::rows::promises::PromiseRow;
use schema::time::Timestamp;

/// What a list of promises is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search {
    pub owner: Option<PersonId>,
    pub report: Option<ReportId>,
    pub job: Option<JobId>,
    pub is_open: Option<bool>,
    pub is_broken: Option<bool>,
    pub after: Option<PromiseId>,
    pub limit: Option<i64>,
}

pub fn create(
    conn: &mut Conn,
    caller: &Caller,
    id: PromiseId,
    now: Timestamp,
    input: &CreatePromise,
) -> Result<Promise, Problem> {
    let mut form = Form::default();
    let text = form.note("/text", &input.text);
    if input.due_at <= now {
        form.wrong("/due_at", "承诺时间应晚于现在", "a promise is due in the future");
    }
    form.finish()?;
    // A promise belongs where the matter does, which a role that sees all outlets may follow elsewhere.
    let mut outlet = caller.outlet;
    if let Some(report) = input.report {
        outlet = reports::load(conn, caller, report)?.outlet_id;
    }
    if let Some(job) = input.job {
        outlet = access::job(conn, caller, job)?.outlet_id;
    }
    let owner = input.owner.unwrap_or(caller.person);
    let name = staff(conn, caller, owner, "/owner")?.name;
    let row = PromiseRow {
        id,
        outlet_id: outlet,
        report_id: input.report,
        job_id: input.job,
        owner_id: owner,
        text,
        due_at: input.due_at,
        made_by: caller.person,
        made_at: now,
        kept_by: None,
        kept_at: None,
    };
    db::promises::insert_promise(conn, &row)?;
    feed::post(Notice::Desk(row.outlet_id));
    show(conn, row, name, now)
}

/// A member of the staff who can be given something to do, named in the field `at`.
pub fn staff(conn: &mut Conn, caller: &Caller, id: PersonId, at: &str) -> Result<PersonRow, Problem> {
    let person = db::people::find_person(conn, id)?.filter(|person| person.disabled_at.is_none());
    let known = person.filter(|person| caller.require_outlet(person.outlet_id).is_ok());
    known.ok_or_else(|| Problem::field(at, "没有这位在职员工", "nobody of this id works here"))
}

/// Marks a promise as kept. The first keeping stands: asking again answers the same.
pub fn keep(conn: &mut Conn, caller: &Caller, now: Timestamp, id: PromiseId) -> Result<Promise, Problem> {
    let row = load(conn, caller, id)?;
    if !concerns(caller, &row) {
        caller.require(Permission::AmendJobs)?;
    }
    db::promises::update_kept(conn, id, caller.person, now)?;
    let row = load(conn, caller, id)?;
    feed::post(Notice::Desk(row.outlet_id));
    let names = db::people::list_names(conn, &[row.owner_id])?;
    let name = names.get(&row.owner_id).cloned().unwrap_or_default();
    show(conn, row, name, now)
}

pub fn list(conn: &mut Conn, caller: &Caller, now: Timestamp, search: Search) -> Result<Page<Promise>, Problem> {
    let limit = rows(search.limit);
    // A technician sees their own; the office sees the outlet's.
    let owner = if caller.role.may(Permission::ReadJobs) { search.owner } else { Some(caller.person) };
    let filter = PromiseFilter {
        outlet: caller.outlet_filter(),
        owner,
        report: search.report,
        job: search.job,
        is_open: search.is_open,
        is_broken: search.is_broken.map(|broken| (broken, now)),
    };
    let after = match search.after {
        Some(id) => Some(load(conn, caller, id)?),
        None => None,
    };
    let found = db::promises::list_promises(conn, filter, after.as_ref(), limit.saturating_add(1))?;
    let page = Page::cut(found, limit, |row| row.id.to_string());
    let owners: Vec<PersonId> = page.items.iter().map(|row| row.owner_id).collect();
    let names = db::people::list_names(conn, &owners)?;
    let mut items = Vec::new();
    for row in page.items {
        let name = names.get(&row.owner_id).cloned().unwrap_or_default();
        items.push(show(conn, row, name, now)?);
    }
    Ok(Page { items, next: page.next })
}

fn load(conn: &mut Conn, caller: &Caller, id: PromiseId) -> Result<PromiseRow, Problem> {
    let not_found = || Problem::new(Kind::NotFound);
    let row = db::promises::find_promise(conn, id)?.ok_or_else(not_found)?;
    caller.require_outlet(row.outlet_id)?;
    if concerns(caller, &row) || caller.role.may(Permission::ReadJobs) { Ok(row) } else { Err(not_found()) }
}

fn concerns(caller: &Caller, row: &PromiseRow) -> bool {
    row.owner_id == caller.person || row.made_by == caller.person
}

fn show(conn: &mut Conn, row: PromiseRow, owner_name: String, now: Timestamp) -> Result<Promise, Problem> {
    let number = match (row.job_id, row.report_id) {
        (Some(job), _) => db::jobs::find_job(conn, job)?.map(|job| job.number),
        (None, Some(report)) => db::reports::find_report(conn, report)?.map(|report| report.number),
        (None, None) => None,
    };
    Ok(Promise {
        id: row.id,
        outlet: row.outlet_id,
        report: row.report_id,
        job: row.job_id,
        number,
        owner: PersonName { id: row.owner_id, name: owner_name },
        text: row.text,
        is_broken: is_broken(row.due_at, row.kept_at, now),
        due_at: row.due_at,
        made_by: row.made_by,
        made_at: row.made_at,
        kept_by: row.kept_by,
        kept_at: row.kept_at,
    })
}
