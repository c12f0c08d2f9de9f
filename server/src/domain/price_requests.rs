//! Prices of what is not on the list: the engineering supervisor says within 15 minutes whether it can be done, and for how much.

use crate::auth::Caller;
use crate::db::price_requests::PriceRequestFilter;
use crate::db::{self, Conn};
use crate::domain::form::Form;
use crate::domain::records;
use crate::domain::{access, outlets, price_lists};
use schema::id::{JobId, PersonId, PriceRequestId};
use schema::limits::PRICE_MINOR_MAX;
use schema::page::{Page, rows};
use schema::people::{Permission, PersonName};
use schema::price_request::{AnswerPriceRequest, CreatePriceRequest, PriceAnswer, PriceRequest};
use schema::problem::{Kind, Problem};
use schema::rows::jobs::JobRow;
use schema::rows::price_requests::PriceRequestRow;
use schema::time::{MINUTE, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a list of price requests is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Search {
    pub is_open: Option<bool>,
    pub after: Option<PriceRequestId>,
    pub limit: Option<i64>,
}

pub fn create(
    conn: &mut Conn,
    caller: &Caller,
    new: (PriceRequestId, Timestamp),
    job: JobId,
    input: &CreatePriceRequest,
) -> Result<PriceRequest, Problem> {
    let (id, now) = new;
    let job = access::job(conn, caller, job)?;
    // While a price is awaited the clocks of the repair stand still: only who has the job in hand, or quotes, may bring that about.
    if job.technician_id != Some(caller.person) {
        caller.require(Permission::QuoteJobs)?;
    }
    if job.closed_at.is_some() {
        return Err(Problem::new(Kind::JobClosed));
    }
    let mut form = Form::default();
    let text = form.note("/text", &input.text);
    form.finish()?;
    let minutes = outlets::practice(conn, job.outlet_id, job.reported_at)?.price_request_minutes;
    let row = PriceRequestRow {
        id,
        outlet_id: job.outlet_id,
        job_id: job.id,
        text,
        asked_by: caller.person,
        asked_at: now,
        due_at: now.plus(minutes.saturating_mul(MINUTE)),
        answered_by: None,
        answered_at: None,
        feasible: None,
        unit: None,
        price_minor: None,
        currency: None,
        remark: None,
        destroys_data: false,
    };
    db::price_requests::insert_price_request(conn, &row)?;
    records::project_again(conn, row.job_id)?;
    show(conn, row, now)
}

/// Answers a request, once. The price is in the currency of the job.
pub fn answer(
    conn: &mut Conn,
    caller: &Caller,
    now: Timestamp,
    id: PriceRequestId,
    input: &AnswerPriceRequest,
) -> Result<PriceRequest, Problem> {
    let row = db::price_requests::find_price_request(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    caller.require_outlet(row.outlet_id)?;
    let checked = check(input)?;
    let job = db::jobs::find_job(conn, row.job_id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let answered = PriceRequestRow {
        answered_by: Some(caller.person),
        answered_at: Some(now),
        feasible: Some(checked.feasible),
        currency: checked.price_minor.map(|_| job.currency),
        unit: checked.unit,
        price_minor: checked.price_minor,
        remark: checked.remark,
        destroys_data: checked.destroys_data,
        ..row
    };
    if db::price_requests::update_answer(conn, &answered)? {
        records::project_again(conn, answered.job_id)?;
        return show(conn, answered, now);
    }
    // A repeated answer that says the same is the same answer.
    let standing = db::price_requests::find_price_request(conn, id)?.ok_or_else(|| Problem::new(Kind::NotFound))?;
    let same = PriceRequestRow { answered_at: standing.answered_at, ..answered };
    if same == standing {
        return show(conn, standing, now);
    }
    Err(Problem::because(Kind::Conflict, "已经答复过", "It has been answered already"))
}

fn check(input: &AnswerPriceRequest) -> Result<AnswerPriceRequest, Problem> {
    let mut form = Form::default();
    let unit = form.optional_field("/unit", input.unit.as_deref());
    let remark = form.optional_note("/remark", input.remark.as_deref());
    let price_minor = input.price_minor;
    if input.feasible {
        if unit.is_none() {
            form.wrong("/unit", "可以做的项目须填单位", "what is feasible needs a unit");
        }
        if !price_minor.is_some_and(|price| (0..=PRICE_MINOR_MAX).contains(&price)) {
            let zh = format!("可以做的项目须填价格，0 至 {PRICE_MINOR_MAX} 分");
            form.wrong(
                "/price_minor",
                zh,
                format!("what is feasible needs a price, 0 to {PRICE_MINOR_MAX} minor units"),
            );
        }
    } else {
        if remark.is_none() {
            form.wrong("/remark", "不能做须说明原因", "what is not feasible needs a reason");
        }
        if price_minor.is_some() {
            form.wrong("/price_minor", "不能做的项目没有价格", "what is not feasible has no price");
        }
        if input.destroys_data {
            form.wrong("/destroys_data", "不能做的项目不会丢数据", "what is not feasible destroys nothing");
        }
    }
    form.finish()?;
    Ok(AnswerPriceRequest { feasible: input.feasible, unit, price_minor, remark, destroys_data: input.destroys_data })
}

/// Those of the outlet.
pub fn list(conn: &mut Conn, caller: &Caller, now: Timestamp, search: Search) -> Result<Page<PriceRequest>, Problem> {
    let filter = PriceRequestFilter { outlet: caller.outlet_filter(), job: None, is_open: search.is_open };
    page(conn, now, filter, search)
}

/// Those of one job.
pub fn list_of_job(
    conn: &mut Conn,
    caller: &Caller,
    now: Timestamp,
    job: JobId,
    search: Search,
) -> Result<Page<PriceRequest>, Problem> {
    let job = access::job(conn, caller, job)?.id;
    page(conn, now, PriceRequestFilter { outlet: None, job: Some(job), is_open: search.is_open }, search)
}

fn page(
    conn: &mut Conn,
    now: Timestamp,
    filter: PriceRequestFilter,
    search: Search,
) -> Result<Page<PriceRequest>, Problem> {
    let limit = rows(search.limit);
    let is_theirs = |row: &PriceRequestRow| {
        filter.outlet.is_none_or(|outlet| outlet == row.outlet_id) && filter.job.is_none_or(|job| job == row.job_id)
    };
    let after = match search.after {
        Some(id) => {
            let row = db::price_requests::find_price_request(conn, id)?.filter(is_theirs);
            Some(row.ok_or_else(|| Problem::new(Kind::NotFound))?)
        }
        None => None,
    };
    let found = db::price_requests::list_price_requests(conn, filter, after.as_ref(), limit.saturating_add(1))?;
    let page = Page::cut(found, limit, |row| row.id.to_string());
    Ok(Page { items: show_all(conn, page.items, now)?, next: page.next })
}

fn show(conn: &mut Conn, row: PriceRequestRow, now: Timestamp) -> Result<PriceRequest, Problem> {
    show_all(conn, vec![row], now)?.pop().ok_or_else(|| Problem::internal("a price request that is not shown"))
}

/// However many there are, the people and the jobs are looked up once.
fn show_all(conn: &mut Conn, rows: Vec<PriceRequestRow>, now: Timestamp) -> Result<Vec<PriceRequest>, Problem> {
    let people: BTreeSet<PersonId> =
        rows.iter().flat_map(|row| [Some(row.asked_by), row.answered_by]).flatten().collect();
    let jobs: BTreeSet<JobId> = rows.iter().map(|row| row.job_id).collect();
    let names = db::people::list_names(conn, &Vec::from_iter(people))?;
    let jobs = db::jobs::list_by_id(conn, &Vec::from_iter(jobs))?;
    let jobs: BTreeMap<JobId, &JobRow> = jobs.iter().map(|job| (job.id, job)).collect();
    let shown = |row: PriceRequestRow| {
        let job = jobs.get(&row.job_id).ok_or_else(|| Problem::internal("a price request without its job"))?;
        shown(row, job, &names, now)
    };
    rows.into_iter().map(shown).collect()
}

fn shown(
    row: PriceRequestRow,
    job: &JobRow,
    names: &HashMap<PersonId, String>,
    now: Timestamp,
) -> Result<PriceRequest, Problem> {
    let named = |id: PersonId| PersonName { id, name: names.get(&id).cloned().unwrap_or_default() };
    let currency = row.currency.as_deref().map(price_lists::currency).transpose()?;
    let answer = match (row.answered_by, row.answered_at, row.feasible) {
        (Some(by), Some(at), Some(feasible)) => Some(PriceAnswer {
            feasible,
            unit: row.unit,
            price_minor: row.price_minor,
            currency,
            remark: row.remark,
            destroys_data: row.destroys_data,
            by: named(by),
            at,
        }),
        _ => None,
    };
    Ok(PriceRequest {
        id: row.id,
        outlet: row.outlet_id,
        job: row.job_id,
        number: job.number.clone(),
        currency: price_lists::currency(&job.currency)?,
        text: row.text,
        asked_by: named(row.asked_by),
        asked_at: row.asked_at,
        due_at: row.due_at,
        is_late: row.answered_at.unwrap_or(now) > row.due_at,
        answer,
    })
}
